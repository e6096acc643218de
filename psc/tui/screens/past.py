"""A student's day, fact by fact, to be corrected: the first entry stays in sight, with who changed it and why."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from psc.clock import at_clock, school_day, typed_moment, wall
from psc.desk.permissions import may
from psc.errors import PscError
from psc.overview.cells import Tone
from psc.overview.read_board import read_board
from psc.overview.timeline import Entry, marks
from psc.overview.within import timeline_for
from psc.roster.checks import MARKS, mark_check
from psc.roster.corrections import (
    correct_fact,
    correct_movement,
    correct_student,
    remove_fact,
    remove_movement,
)
from psc.roster.letters import LEFT_LETTERS, OUT_LETTERS
from psc.roster.movements import Destination, Kind
from psc.roster.visits import visit_of_movement
from psc.school.students import find_students
from psc.text import shown
from psc.tui.commands.leave import HOME_LETTERS
from psc.tui.prompts import Choice, Option
from psc.tui.prompts import Entry as Question
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from psc.desk.acts import Call
    from psc.tui.screens.today import Today

_MARGINS = 3
"""The list's own margins and its scroll bar."""
_LEAVE_LETTERS = {
    **LEFT_LETTERS,
    **{letter: to for letter, to in HOME_LETTERS.items() if to is not Destination.HOME_SUSPENDED},
}


class PastPage(Page):
    """Opens on U for the student under the cursor, today or on another day."""

    def __init__(self, today: Today, student_id: int, name: str, day: date) -> None:
        super().__init__(today)
        self._student = student_id
        self._whose = name
        self._day = day

    _entries: tuple[Entry, ...]

    def look(self) -> None:
        """Read the student's day."""
        self._entries = timeline_for(
            self.desk.file, self._student, self._day, self.today.staff, self.today.board.day.day
        )

    def title_items(self) -> Sequence[Item]:
        """Say whose day it is."""
        day = self._day
        return [Item(self._whose, bold=True), Item(f"{day:%A} {day.day} {day:%B}", "quiet"), Item("correct a line")]

    def lines(self) -> Sequence[Line]:
        """List what stands; under it, what was taken back, which cannot be chosen."""
        board = self.today.board
        made = []
        for one in self._entries:
            said = f"  {marks(one, board.settings, board.zone)}"
            clock = wall(one.happened, board.zone)
            stands = one.undone is None
            first, *rest = self._wrapped(f"{' ' if stands else '×'} {clock}  {one.words}", said)
            key = (one.fact, one.id) if stands else None
            made.append(Line(((first[0], Tone.PLAIN if stands else Tone.QUIET), (first[1], Tone.QUIET)), key))
            made += [Line(((head + tail, Tone.QUIET),)) for head, tail in rest]
        return made or [line("Nothing is recorded of this student on this day.", Tone.QUIET)]

    def _wrapped(self, head: str, said: str) -> list[tuple[str, str]]:
        """Return a line and what does not fit on it, broken between words: a why is read to its end."""
        room = max(20, self.app.size.width - _MARGINS)
        made = [(head, "")]
        for word in said.split():
            start, text = made[-1]
            gap = " " if text.strip() else "  "
            if cell_len(shown(f"{start}{text}{gap}{word}")) > room and text:
                made.append((" " * 9, word))
            else:
                made[-1] = (start, f"{text}{gap}{word}")
        return made

    def _entry(self) -> Entry | None:
        return next((one for one in self._entries if (one.fact, one.id) == self.current), None)

    def keys(self) -> Sequence[PageKey]:
        """Time, reason or mark, student, did not happen."""
        one = self._entry()
        barred = self._barred()
        nothing = barred or ("" if one else "there is nothing to correct")
        moved = one is not None and one.fact == "movement"
        reasoned = one is not None and (one.what in (Kind.OUT, Kind.LEFT) or one.fact == "period_check")
        return (
            PageKey("t", "t", "time", self._time, nothing),
            PageKey("r", "r", "reason or mark", self._reason, nothing or ("" if reasoned else "it has none")),
            PageKey("s", "s", "other student", self._other, nothing or ("" if moved else "only a visit goes over")),
            PageKey("x", "x", "did not happen", self._remove, nothing),
            PageKey("c", "c", "add a check", self._check, barred),
        )

    def _barred(self) -> str:
        """Return why the person at the desk corrects nothing on this page, "" when they may."""
        staff = self.today.staff
        if not may("correct_movement", staff):
            return f"not for the role of {staff.role.words}"
        earlier = self._day != school_day(self.desk.clock.now(), self.desk.file.zone)
        return "an earlier day is a coordinator’s" if earlier and not may("correct_before", staff) else ""

    def enter(self) -> None:
        """The time is what is wrong most often."""
        self.press("t", "t")

    def _time(self) -> None:
        one = self._entry()
        if one is None:
            return

        def typed(text: str) -> None:
            time_text, _, why = text.partition(" ")
            at = self._moment(time_text)
            if at is not None:
                self.do(lambda more: [_timed(one, why or more, at)], f"{one.words} corrected to {time_text}")

        was = wall(one.happened, self.today.board.zone)
        self.ask(Question(f"Correct “{one.words} {was}” to, and why", "0841 typed late", typed))

    def _moment(self, text: str) -> datetime | None:
        """Read a time of the day that the page shows."""
        zone = self.desk.file.zone
        end = at_clock(self._day, time(23, 59), zone)
        try:
            return typed_moment(text or "?", min(self.desk.clock.now(), end), zone)
        except PscError as error:
            self.refuse(str(error))
            return None

    def _reason(self) -> None:
        one = self._entry()
        if one is None:
            return
        if one.fact == "period_check":

            def marked(text: str) -> None:
                mark, _, why = text.partition(" ")
                if mark not in MARKS:
                    self.refuse("A mark is a digit from 0 to 4.")
                    return
                call: Callable[[str], list[Call[Any]]] = lambda more: [  # noqa: E731
                    correct_fact(one.fact, one.id, why or more, mark=int(mark))
                ]
                self.do(call, f"{one.words} corrected to {mark}")

            self.ask(Question(f"Correct “{one.words}” to, and why", "3 pressed wrong key", marked))
            return
        letters = OUT_LETTERS if one.what == Kind.OUT else _LEAVE_LETTERS
        options = tuple(
            Option(letter, value.value.removeprefix("home: "), value.value) for letter, value in letters.items()
        )

        def chosen(reason: str) -> None:
            def explained(why: str) -> None:
                self.do(lambda more: [correct_movement(one.id, why or more, reason=reason)], f"corrected to {reason}")

            self.ask(Question("Why", "a word or two", explained))

        self.ask(Choice(f"“{one.words}” was", options, chosen))

    def _other(self) -> None:
        one = self._entry()
        if one is None:
            return
        visit = visit_of_movement(self.desk.file, one.id)

        def named(text: str) -> None:
            found = find_students(self.desk.file, text, self.today.staff, self._day, limit=9)
            if not found:
                self.refuse(f"No student fits “{text}”.")
                return
            options = tuple(
                Option(str(number), f"{who.name} {who.form}", str(who.id)) for number, who in enumerate(found, 1)
            )
            self.ask(Choice("It was", options, lambda student: explain(int(student))))

        def explain(student: int) -> None:
            def explained(why: str) -> None:
                self.do(lambda more: [correct_student(visit, student, why or more)], "the whole visit went over")

            self.ask(Question("Why", "signed in the wrong student", explained))

        self.ask(Question("Whose visit was it", "part of the name", named))

    def _check(self) -> None:
        board = read_board(self.desk.file, self._day, self.today.staff, today=self.today.board.day.day)
        placed = {
            one.period.name.lower(): one for row in board.rows if row.student_id == self._student for one in row.placed
        }

        def marked(text: str) -> None:
            name, _, mark = text.rpartition(" ")
            one = placed.get(name.strip().lower())
            if one is None or mark not in MARKS:
                names = ", ".join(each.period.name for each in placed.values()) or "none"
                self.refuse(f"Type a period and a mark; placed for: {names}.")
                return
            self.do(lambda _: [mark_check(one.id, int(mark))], f"{one.period.name} check {mark}")

        self.ask(Question("Check of which period, and the mark", "P2 3", marked))

    def _remove(self) -> None:
        one = self._entry()
        if one is None:
            return

        def explained(why: str) -> None:
            if one.fact == "movement":
                self.do(lambda more: [remove_movement(one.id, why or more)], f"{one.words}: taken back")
            else:
                self.do(lambda more: [remove_fact(one.fact, one.id, why or more)], f"{one.words}: taken back")

        self.ask(Question(f"“{one.words}” did not happen, because", "pressed the wrong key", explained))


def _timed(one: Entry, why: str, at: datetime) -> Call[Any]:
    if one.fact == "movement":
        return correct_movement(one.id, why, at=at)
    return correct_fact(one.fact, one.id, why, at=at)
