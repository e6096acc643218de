"""One student, opened: who they are and what must be known beside their whole story, newest first.

Where there is room both stand side by side; else Tab goes from one to the other. Each scrolls by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, Vertical

from psc.desk.permissions import may
from psc.overview.chronology import chronology
from psc.overview.profile import read_profile
from psc.tui.screens.page import MOVES, Page, PageKey
from psc.tui.screens.story_entry import open_entry
from psc.tui.screens.student_facts import Facts
from psc.tui.screens.student_keys import student_keys
from psc.tui.screens.student_story import LONGEST, Story
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lines import Line, Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widget import Widget

    from psc.overview.profile import Profile
    from psc.school.students import Student
    from psc.tui.screens.today import Today

WIDE = 116
"""The width from which the facts stand beside the story."""
FACTS = 54
"""The width of the facts there."""
_MARGINS = 3
_LOW, _TALL = 22, 32
"""The heights from which the entry under the cursor stands beneath the story, in few lines and in more."""


class StudentPage(Page):
    """What `open_profile` made, part by part, and the story; what is not for the reader is left out."""

    def __init__(self, today: Today, profile: Profile) -> None:
        super().__init__(today)
        self._profile = profile
        self._read_of: tuple[object, ...] = self._now()
        self._story = Story((), self.desk.file.zone)
        self._story_of: tuple[object, ...] = ()
        self._facts_of: tuple[object, ...] = ()
        self._fact_lines: tuple[Line, ...] = ()
        self._at_story: bool | None = None
        """Whether the arrows move in the story; None until somebody has gone from one part to the other."""
        self._typing = False

    @property
    def student(self) -> Student:
        """Whose page it is."""
        return self._profile.student

    @property
    def at_story(self) -> bool:
        """Whether the arrows move in the story. Where only one part has room, it begins with the facts."""
        return self._wide if self._at_story is None else self._at_story

    @property
    def _wide(self) -> bool:
        return self.app.size.width >= WIDE

    def _now(self) -> tuple[object, ...]:
        return (self.today.staff, self.desk.file.written(), self.today.now.replace(second=0))

    # Reading

    def look(self) -> None:
        """Read again what has moved on: the facts with the minute, the story only when something was written."""
        read_of, student, outside = self._now(), self.student.id, self._profile.outside
        file, now = self.desk.file, self.desk.clock.now()
        if read_of != self._read_of:
            self._profile = read_profile(file, student, self.today.staff, now, outside=outside)
            self._read_of = read_of
        if read_of[:2] != self._story_of:
            entries = chronology(file, student, self.today.staff, now, outside=outside)
            self._story = self._story.with_entries(entries)
            self._story_of = read_of[:2]

    # Showing

    def title_items(self) -> Sequence[Item]:
        """Name the student."""
        one = self._profile.student
        year = "" if one.year is None else f"year {one.year}"
        shown = [Item(one.name, bold=True), Item("  ".join(part for part in (one.form, year, one.number) if part))]
        if one.new_here:
            shown.append(Item("new here", "quiet"))
        if self._profile.outside:
            shown.append(Item("outside your years", "due"))
        return shown

    def body(self) -> Widget:
        """Return the facts, and the story under its kinds."""
        told = Vertical(Bar(id="kinds"), Lines(id="story"), Lines(id="peek"), id="told")
        return Container(Lines(id="facts"), told, id="student")

    @property
    def listed(self) -> Lines:
        """The part in which the arrows move."""
        return self.query_one("#story" if self.at_story else "#facts", Lines)

    def show_body(self) -> None:
        """Draw the parts there is room for."""
        width, wide = self.app.size.width, self._wide
        self.query_one("#student").set_class(wide, "wide")
        facts, told, story = (self.query_one(f"#{name}") for name in ("facts", "told", "story"))
        facts.display, told.display = wide or not self.at_story, wide or self.at_story
        facts.styles.width = FACTS if wide else "1fr"
        if isinstance(facts, Lines) and facts.display:
            facts.show(self._facts((FACTS if wide else width) - _MARGINS))
        if isinstance(story, Lines) and told.display:
            room = (width - FACTS if wide else width) - _MARGINS
            story.light(lit=self.at_story)
            story.show(self._story.lines(room))
            self.query_one("#kinds", Bar).show(self._story.items(typing=self._typing))
            self._show_peek(story, room)
        if self.focused is not self.listed:
            self.set_focus(self.listed)

    def _facts(self, width: int) -> tuple[Line, ...]:
        """Return the facts as lines, made anew when they were read anew, or the width is another."""
        asked = (self._read_of, width)
        if self._facts_of != asked:
            self._facts_of, self._fact_lines = asked, Facts(self._profile, self.today.now, width).lines()
        return self._fact_lines

    def _show_peek(self, story: Lines, room: int) -> None:
        """Show the entry under the cursor beneath the story, where there is height for it."""
        peek, height = self.query_one("#peek", Lines), self.app.size.height
        tall = 4 if height < _TALL else 10
        peek.display = height >= _LOW
        peek.styles.height = tall
        peek.show(self._story.peek(story.current, room, tall) if peek.display else ())

    def lines(self) -> Sequence[Line]:
        """Return the story as it is in sight."""
        return self._story.lines(self.app.size.width)

    def keys(self) -> Sequence[PageKey]:
        """Return the keys of the part one is in, then what may be begun for the student."""
        other = "facts" if self.at_story else "story"
        made = [PageKey("tab", "Tab", other, self._other_part)]
        if self.at_story:
            nothing = "" if self.current is not None else "nothing is chosen"
            made = [PageKey("enter", "Enter", "open", self.enter, nothing), *made]
        made.append(PageKey("slash", "/", "find in it", self._begin_typing))
        return [*made, *student_keys(self)]

    def done(self, said: str) -> None:
        """Say what was done for the student, which `u` takes back where the role may."""
        if may("undo", self.today.staff):
            self.did(said)
        else:
            self.today.reload()
            self.say(said)

    # Keys

    def press(self, key: str, character: str | None = None) -> None:
        """Take what is typed for the filter while it is open; a digit picks a kind."""
        if not self.still_here():
            return
        if self.prompt is not None:
            super().press(key, character)
        elif self._typing:
            self._type(key, character)
        elif key in MOVES:
            self.listed.move(MOVES[key])
            self.paint()
        elif key.isdecimal() and len(key) == 1:
            self._story.turn(int(key))
            self._at_story = True
            self.paint()
        elif key == "escape" and (self._story.text or self._story.groups):
            self._story.text, self._story.groups = "", frozenset()
            self.say("")
        else:
            super().press(key, character)

    def _other_part(self) -> None:
        self._at_story = not self.at_story

    def _begin_typing(self) -> None:
        self._at_story, self._typing = True, True
        self._story.make_ready()

    def _type(self, key: str, character: str | None) -> None:
        """Narrow the story by each letter. Enter and the arrows keep what was found; Esc shows all again."""
        story = self._story
        if key == "escape":
            story.text, self._typing = "", False
        elif key in ("enter", "down", "up", "tab"):
            self._typing = False
        elif key == "backspace":
            story.text = story.text[:-1]
        elif character and character.isprintable():
            story.text = (story.text + character)[:LONGEST]
        self.paint()

    def enter(self) -> None:
        """Open the entry under the cursor."""
        if self.at_story and (entry := self._story.entry(self.current)) is not None:
            open_entry(self, self.student.name, entry)

    def on_lines_pressed(self, message: Lines.Pressed) -> None:
        """A click goes to the part that was clicked; a second one opens the entry."""
        message.prevent_default()
        self._at_story, self._typing = True, False
        super().on_lines_pressed(message)
