"""Settings: what the school may change of psc, in sections. Whoever may not change a section may look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.permissions import scope_of
from psc.errors import NotAllowed
from psc.overview.cells import Tone
from psc.tui.screens.page import Page, PageKey
from psc.tui.sections.bells import Bells
from psc.tui.sections.calendar import Calendar
from psc.tui.sections.mail import Mail
from psc.tui.sections.packs import Packs
from psc.tui.sections.people import People
from psc.tui.sections.rooms import Rooms
from psc.tui.sections.rules import Rules
from psc.tui.sections.school import SchoolSection
from psc.tui.sections.words import Reasons, Texts
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lines import Line, Lines, line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from psc.tui.screens.today import Today
    from psc.tui.sections.base import Section

SECTIONS: tuple[type[Section], ...] = (
    People,
    Rooms,
    Bells,
    Calendar,
    Rules,
    Reasons,
    Texts,
    Packs,
    Mail,
    SchoolSection,
)
"""The sections in their order."""

_PRESS = "section:"


class SettingsPage(Page):
    """Left and right go from section to section, Enter opens a line, a adds one."""

    tab = "9"

    title_words = "Settings"
    shows_names = False

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self.sections: tuple[Section, ...] = tuple(one(self) for one in SECTIONS)
        self.at = 0
        self._read_of: tuple[object, ...] = ()
        self._denied = ""

    @property
    def day(self) -> date:
        """The school day of now."""
        return school_day(self.desk.clock.now(), self.desk.file.zone)

    @property
    def section(self) -> Section:
        """The section that is shown."""
        return self.sections[self.at]

    # What it shows

    def look(self) -> None:
        """Read the section again when something was written, or the day is another."""
        read_of = (self.desk.file.written(), self.day, self.at)
        if read_of == self._read_of:
            return
        self._read_of = read_of
        try:
            scope_of("see_settings", self.desk.staff())
        except NotAllowed as error:  # the role was changed while the page was open
            self._denied = str(error)
            return
        self._denied = ""
        self.section.read()

    def title_items(self) -> Sequence[Item]:
        """Name the sections; the one that is shown stands in brackets."""
        words = [f"[{one.title}]" if one is self.section else one.title for one in self.sections]
        made = [Item(self.title_words, bold=True)] if self.app.size.width >= 100 else []
        return made + [
            Item(word, "plain" if number == self.at else "quiet", press=f"{_PRESS}{number}", bold=number == self.at)
            for number, word in enumerate(words)
        ]

    def lines(self) -> Sequence[Line]:
        """Return the lines of the section."""
        if self._denied:
            return [line(self._denied, Tone.ALARM)]
        return self.section.lines(self.app.size.width - 3)

    def says_items(self) -> Sequence[Item]:
        """Say, while nothing else is said, why the section can only be looked at."""
        why = "" if self._denied else self.section.why_not()
        return super().says_items() or ([Item(f"To look at: {why}.", "quiet")] if why else [])

    def keys(self) -> Sequence[PageKey]:
        """Return the keys of the section."""
        made = [PageKey("right", "← →", "section", lambda: self.step(1))]
        if self.current is not None:
            made.append(PageKey("enter", "Enter", "open", self.enter))
        if self.section.adds:
            made.append(PageKey("a", "a", "Add", self.section.add, self.section.why_not(self.section.adds)))
        return made

    # Keys and mouse

    def press(self, key: str, character: str | None = None) -> None:
        """Left, right and Tab go to another section; the rest is as on every page."""
        if self.prompt is None and key in ("left", "shift+tab"):
            self.step(-1)
        elif self.prompt is None and key in ("right", "tab"):
            self.step(1)
        elif self.prompt is None and key.startswith(_PRESS):
            self.go_to(int(key.removeprefix(_PRESS)))
        else:
            super().press(key, character)

    def step(self, by: int) -> None:
        """Go on to the next section; after the last, the first."""
        self.go_to((self.at + by) % len(self.sections))

    def go_to(self, number: int) -> None:
        """Show a section from its top."""
        self.at, self.said = number, ("", "plain")
        self.paint()
        lines = self.query_one(Lines)
        lines.scroll_to(y=0, animate=False, force=True)
        lines.move(-10_000)
        self.paint()

    def on_bar_pressed(self, message: Bar.Pressed) -> None:
        """A click on a section shows it; what else is clicked is as on every page."""
        message.prevent_default()  # else it would count once more, as on every page
        if message.press.startswith(_PRESS):
            message.stop()
            self.press(message.press)
        else:
            super().on_bar_pressed(message)

    def enter(self) -> None:
        """Open the line under the cursor."""
        if self.current is not None and not self._denied:
            self.section.open(self.current)

    def done(self, said: str) -> None:
        """Say what a form saved, and show it."""
        self.today.reload()
        self.say(said)
