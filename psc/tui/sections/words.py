"""The school's own words: the reasons it offers, and what is said to home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.changes import last_changes
from psc.desk.templates import change_template, templates
from psc.overview.cells import Tone, cut
from psc.roster.reasons import CENSUS, REASON_ACTS, Reason, add_reason, change_reason, reasons
from psc.text import clean
from psc.tui.dialogs.fields import Field, FieldForm, Typed, said_yes, whole_number, yes_or_no
from psc.tui.sections.base import Section
from psc.tui.widgets.lines import Line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psc.desk.changes import Changed

_LETTERS = f"{', '.join(CENSUS)}; or empty"


class Reasons(Section):
    """The reasons for a sanction, in the order in which they are offered."""

    title, act, adds = "Reasons", "change_reason", "add_reason"

    def read(self) -> None:
        """Read them, those switched off too."""
        self._reasons = reasons(self.file)
        self._changes: Mapping[str, Changed] = last_changes(self.file, REASON_ACTS)

    def lines(self, width: int) -> Sequence[Line]:
        """Return a reason a line."""
        made = []
        wide, letters = (50, 42) if width >= 115 else (38, 12)
        for one in self._reasons:
            census = f"{one.census}  {CENSUS.get(one.census, '') if letters > 20 else ''}" if one.census else ""
            off = "" if one.active else "not offered"
            name = (f"{one.place:>3}  {cut(one.name, wide)} ", Tone.PLAIN if one.active else Tone.QUIET)
            rest = f"{cut(off or census, letters)} {self.by(self._changes.get(one.about))}"
            made.append(Line((name, (rest, Tone.QUIET)), one.id))
        return made

    def open(self, key: object) -> None:
        """Open a reason's form."""
        if why := self.why_not():
            self.page.refuse(f"Reasons: {why}.")
            return
        seen = next(one for one in self._reasons if one.id == key)

        def save(typed: Typed) -> str:
            becomes = seen._replace(**typed.values)
            self.desk.do_patiently(change_reason(seen, becomes), id=typed.act_id, seconds=2)
            return f"{becomes.name}: saved. What was recorded before keeps its words."

        self.show(FieldForm("Reason", _reason_fields(seen), save, self.page.done))

    def add(self) -> None:
        """Open the form for a reason that is new."""

        def save(typed: Typed) -> str:
            name, census = typed.values["name"], typed.values["census"]
            self.desk.do_patiently(add_reason(name, census), id=typed.act_id, seconds=2)
            return f"{name} added at the end of the list."

        self.show(FieldForm("A new reason", _reason_fields(Reason(0, 0, "", "", True))[:2], save, self.page.done))


def _reason_fields(one: Reason) -> list[Field]:
    return [
        Field("name", "Reason *", one.name, "in two or three words, as it stands on the board"),
        Field("census", "Census", one.census, _LETTERS),
        Field("place", "Place *", str(one.place), "its place in the list, from 1", whole_number),
        Field("active", "Offered *", said_yes(one.active), "no: it is offered no more", yes_or_no),
    ]


class Texts(Section):
    """What is said to home, from the form that tells home (t on the board), and written to teachers (3, Work)."""

    title, act = "Texts", "change_template"

    def read(self) -> None:
        """Read them."""
        self._texts = templates(self.file)

    def lines(self, width: int) -> Sequence[Line]:
        """Return each text under its name."""
        made: list[Line] = []
        for one in self._texts:
            by = self.by(one.changed, else_="psc’s own words")
            name = one.name.capitalize().replace("Home ", "Home: ")
            made.append(Line(((f"{cut(name, 28)} ", Tone.PLAIN), (by, Tone.QUIET)), one.name))
            made += self.wrapped(one.text, min(100, width), "  ")
        return made

    def open(self, key: object) -> None:
        """Open a text."""
        if why := self.why_not():
            self.page.refuse(f"Texts: {why}.")
            return
        seen = next(one for one in self._texts if one.name == key)

        def save(typed: Typed) -> str:
            call = change_template(seen.text, seen.name, typed.values["text"])
            self.desk.do_patiently(call, id=typed.act_id, seconds=2)
            return f"{seen.name.capitalize()}: saved. It counts from now on."

        hint = "In braces: " + ", ".join(seen.fields)
        field = Field("text", "Text *", seen.text, hint, lambda text: clean(text, lines=True), lines=8)
        self.show(FieldForm(seen.name.capitalize().replace("Home ", "Home: "), [field], save, self.page.done))
