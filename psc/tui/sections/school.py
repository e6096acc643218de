"""The school itself: its name, and what cannot be changed of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.changes import last_changes
from psc.desk.school_acts import ABOUT, change_school, school_name
from psc.overview.cells import Tone
from psc.tui.dialogs.fields import Field, FieldForm, Typed
from psc.tui.sections.base import Section
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence


class SchoolSection(Section):
    """The school's name, as it stands on the top line and on paper."""

    title, act = "School", "change_school"

    def read(self) -> None:
        """Read it."""
        self._name = school_name(self.file)
        self._changed = last_changes(self.file, ("change_school",)).get(ABOUT)

    def lines(self, width: int) -> Sequence[Line]:
        """Return the name, and where the file is."""
        by = self.by(self._changed)
        return [
            Line(((f"Name       {self._name}  ", Tone.PLAIN), (by, Tone.QUIET)), "name"),
            line(f"Time zone  {self.file.zone.key}", Tone.QUIET),
            line(f"File       {self.file.path}", Tone.QUIET),
            Line((("Import     a file of the school's system  ", Tone.PLAIN), ("Enter", Tone.QUIET)), "import"),
        ]

    def open(self, key: object) -> None:
        """Open the form, or the page that imports."""
        if key == "import":
            self._import()
            return
        if why := self.why_not():
            self.page.refuse(f"School: {why}.")
            return
        seen = self._name

        def save(typed: Typed) -> str:
            name = typed.values["name"]
            self.desk.do_patiently(change_school(seen, name), id=typed.act_id, seconds=2)
            self.file.school = name
            return f"The school is called {name}. Other terminals say so once psc is opened again there."

        fields = [Field("name", "Name *", seen, "as it stands on the top line and on every sheet")]
        self.show(FieldForm("The school", fields, save, self.page.done))

    def _import(self) -> None:
        from psc.tui.screens.taking_in import ImportPage

        if why := self.why_not("import"):
            self.page.refuse(f"Import: {why}.")
        else:
            self.page.app.push_screen(ImportPage(self.page.today))
