"""Start the new academic year: what becomes of everybody, the decisions it needs, and the start itself."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from psc.clock import school_day, typed_day
from psc.database.file import opened
from psc.desk.acts import Desk
from psc.errors import PscError
from psc.flows.new_year import (
    Head,
    NewYear,
    Pupil,
    check_decided,
    plan_year,
    start_new_year,
    summary,
    typed_years,
    usual_start,
)
from psc.overview.cells import Tone
from psc.text import counted
from psc.tui.prompts import Choice, Entry, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.tui.screens.today import Today

_SAID = {True: ("stays", Tone.IN), False: ("leaves", Tone.LEFT), None: ("not decided", Tone.ALARM)}


class YearPage(Page):
    """A preview with its decisions in place. Nothing is written until it is started, and that is asked once more."""

    title_words = "Start the new academic year"

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._starts: date = usual_start(school_day(self.desk.clock.now(), self.desk.file.zone))
        self._heads: dict[str, frozenset[int]] = {}
        self._stay: frozenset[int] = frozenset()
        self._leave: frozenset[int] = frozenset()
        self._top: int | None = None
        self._plan: NewYear | None = None
        self._refused = ""
        self._read_at: tuple[object, ...] = ()
        self._started: list[str] = []
        self._starting = False

    def leave(self) -> None:
        """Go back to the board; not in the middle of starting."""
        if self._starting:
            self.refuse("The year is being started: wait until it says so.")
        else:
            super().leave()

    def _read(self) -> None:
        """Work the plan out again when a choice or the file changed."""
        file = self.desk.file
        now = (*file.written(), self._starts, tuple(self._heads.items()), self._stay, self._leave, self._top)
        if now == self._read_at:
            return
        self._read_at = now
        try:
            self._plan = plan_year(file, self.desk.clock.now(), self._starts, **self._choices())
            self._refused = ""
        except PscError as error:
            self._plan, self._refused = None, str(error)

    def _choices(self) -> dict[str, Any]:
        return {"top": self._top, "heads": self._heads, "stay": self._stay, "leave": self._leave}

    def title_items(self) -> Sequence[Item]:
        """Say what is still to decide."""
        plan = self._plan
        items = [Item(self.title_words, bold=True)]
        if plan:
            missing = len(plan.undecided) + len(plan.unasked)
            words = f"{counted(missing, 'decision')} to make" if missing else "everything is decided"
            items.append(Item(words, "alarm" if missing else "in"))
        return items

    def lines(self) -> Sequence[Line]:
        """Return the preview."""
        if self._started:
            return [line(words) for words in self._started]
        if not self._starting:
            self._read()
        plan = self._plan
        if plan is None:
            return [line(self._refused, Tone.ALARM), line("Enter gives another first day.", Tone.QUIET, key=("day", 0))]
        first, *rest_of_it = summary(plan)
        made = [line(first, key=("day", 0))]
        made += [line(words, key=("top", 0) if "leaves:" in words else None) for words in rest_of_it]
        if plan.heads:
            made += [
                line(""),
                line("Heads of year: keep their years, follow the cohort, or type the years", Tone.QUIET),
            ]
            made += [_head_line(one) for one in plan.heads]
        waiting = [one for one in plan.leavers if one.open]
        if waiting:
            made += [line(""), line("Leavers with something open: Enter says whether they leave or stay", Tone.QUIET)]
            made += [_leaver_line(one) for one in waiting]
        if plan.bookings:
            made += [line(""), line("Placed for after the old year's end", Tone.QUIET)]
            made += [
                line(f"{one.name}: {counted(one.periods, 'period')} from {one.first:%d/%m/%Y}") for one in plan.bookings
            ]
        if plan.new_here:
            made += [line(""), line(f"Still new here: {'; '.join(plan.new_here)}", Tone.QUIET)]
        if plan.open_before:
            words = f"{counted(plan.open_before, 'visit')} of earlier days never signed out: a coordinator decides."
            made += [line(""), line(words, Tone.DUE)]
        rest = [one for one in plan.leavers if not one.open]
        if rest:
            made += [line(""), line("The other leavers: Enter keeps somebody on roll", Tone.QUIET)]
            made += [_leaver_line(one) for one in rest]
        return made

    def keys(self) -> Sequence[PageKey]:
        """Return the keys for the line under the cursor."""
        if self._started or self._starting or self._plan is None:
            return ()
        missing = "something is to be decided first" if self._plan.undecided or self._plan.unasked else ""
        return (
            PageKey("enter", "Enter", "decide", self.enter, "" if self._current else "nothing to decide"),
            PageKey("f10", "F10", "start", self._ask_start, missing),
        )

    @property
    def _current(self) -> tuple[str, Any] | None:
        found = self.current
        return found if isinstance(found, tuple) else None

    def enter(self) -> None:
        """Decide the line under the cursor: the day, the year that leaves, a head of year's years, a leaver."""
        if self._current is None or self._starting:
            return
        kind, key = self._current
        if kind == "day":
            self._ask_day()
        elif kind == "top":
            self._ask_top()
        elif kind == "head":
            self._ask_years(key)
        else:
            self._turn(key)

    def _turn(self, student: int) -> None:
        """Let a leaver leave, or stay, the other way than before; the first time they leave."""
        stays = next((one.stays for one in self._plan.leavers if one.id == student), None) if self._plan else None
        if stays is False:
            self._stay, self._leave = self._stay | {student}, self._leave - {student}
        else:
            self._stay, self._leave = self._stay - {student}, self._leave | {student}
        self.paint()

    def _ask_years(self, code: str) -> None:
        head = next((one for one in self._plan.heads if one.code == code), None) if self._plan else None
        if head is None:
            return

        def typed(words: str) -> None:
            try:
                self._heads = {**self._heads, head.code: typed_years(words, head.years, head.follow)}
            except PscError as error:
                self.refuse(str(error))
            self.paint()

        def chosen(answer: str) -> None:
            if answer == "type":
                self.ask(Entry(f"Years of {head.code}", "as in 9,10", typed, longest=20))
            else:
                typed(answer)

        options = (
            Option("k", f"keep {_years(head.years)}", "keep"),
            Option("f", f"follow the cohort: {_years(head.follow)}", "follow"),
            Option("t", "type the years", "type"),
        )
        self.ask(Choice(f"{head.code} {head.name}", options, chosen))

    def _ask_day(self) -> None:
        def named(text: str) -> None:
            try:
                self._starts = typed_day(text, school_day(self.desk.clock.now(), self.desk.file.zone))
            except PscError as error:
                self.refuse(str(error))
            self.paint()

        self.ask(Entry("First day of the new year", "1 Sep 2027", named, longest=20))

    def _ask_top(self) -> None:
        def named(text: str) -> None:
            if text.isdecimal():
                self._top, self._stay, self._leave = int(text), frozenset(), frozenset()
                self.paint()
            else:
                self.refuse("A year group is a number.")

        self.ask(Entry("Which year group leaves", "11 or 13", named, longest=2))

    def _ask_start(self) -> None:
        """Ask once more, on another key: it cannot be undone."""
        plan = self._plan
        if plan is None:
            return
        try:
            check_decided(plan)
        except PscError as error:
            self.refuse(str(error))
            return
        leaving = sum(1 for one in plan.leavers if not one.stays)
        title = f"{len(plan.up)} go up, {leaving} leave, from {plan.starts:%d/%m/%Y}"
        options = (Option("s", "start the year", "start"), Option("n", "not now", "no"))
        self.ask(Choice(title, options, self._answered, "a backup is made first; it cannot be undone"))

    def _answered(self, answer: str) -> None:
        if answer == "no":
            self.say("nothing was changed")
            return
        self._starting = True
        self.say("making a backup, then starting the year …")
        self.run_worker(partial(self._beside, self._starts, self._choices()), thread=True)

    def _beside(self, starts: date, choices: dict[str, Any]) -> None:
        """Back up and start, in a thread on a connection of its own: a large file takes seconds to copy."""
        desk = self.desk
        try:
            with opened(desk.file.path) as file:
                _, kept = start_new_year(Desk(file, desk.clock, desk.code, desk.terminal), starts, **choices)
        except PscError as error:
            self.app.call_from_thread(self._not_started, str(error))
        else:
            self.app.call_from_thread(self._done, kept.name)

    def _not_started(self, words: str) -> None:
        self._starting = False
        self.refuse(words)

    def _done(self, backup: str) -> None:
        """Say what was done, and what comes next."""
        plan, self._starting = self._plan, False
        if plan is None:
            return
        leaving = sum(1 for one in plan.leavers if not one.stays)
        self._started = [
            f"The academic year from {plan.starts.day} {plan.starts:%B %Y} is started.",
            f"{counted(len(plan.up), 'student')} went up, {leaving} left.",
            f"A backup was made before it: {backup}",
            "Next: import the new list as the whole roll, for the forms and whoever is new.",
        ]
        self.today.reload()
        self.say("started")


def _head_line(one: Head) -> Line:
    said = "not decided" if one.chosen is None else f"years {_years(one.chosen)}"
    tone = Tone.ALARM if one.chosen is None else Tone.IN
    pieces = ((f"{one.code:<5} {one.name:<22} now {_years(one.years):<10} ", Tone.PLAIN), (said, tone))
    return Line(pieces, ("head", one.code))


def _leaver_line(one: Pupil) -> Line:
    words, tone = _SAID[one.stays]
    pieces = ((f"{one.name} {one.form}  ", Tone.PLAIN), (words, tone), (f"  {'; '.join(one.open)}", Tone.QUIET))
    return Line(pieces, ("leaver", one.id))


def _years(years: frozenset[int]) -> str:
    return ", ".join(str(year) for year in sorted(years)) or "none"
