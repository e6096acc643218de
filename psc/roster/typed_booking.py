"""When a student is to be placed, as staff type it: `three days from Tuesday`, `Tue P2-P4, Wed`, `today P3`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.errors import NotUnderstood, Refused
from psc.roster.slots import Slot, slot_words
from psc.roster.typed_slots import Day, Group, read_groups, run_of
from psc.school.calendar import calendar_day, check_open, long_day, next_school_day, school_days
from psc.school.shapes import Bells

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psc.database.file import File

HOW = "Type three days from Tuesday, Tue P2-P4, Wed or today P3."
_LONG_PAST = timedelta(days=180)
_A_YEAR = 366


class Wanted(NamedTuple):
    """The slots that were asked for, in order, and how they are said."""

    slots: tuple[Slot, ...]
    words: str


def read_wanted(file: File, text: str, *, year: int | None, today: date, now: datetime | None = None) -> Wanted:
    """Read for when a student of a year group is to be placed.

    A weekday is the next one, or the first from the day before it in the line; days without periods are all their
    lessons, and share those that follow a comma (`Mon, Wed P2`). With `now`, lessons of today that are over are left
    out. Raises `NotUnderstood` for what cannot be read and for a period that the day has not, `Refused` for a day that
    is over or closed: it says which, and the next open one.
    """
    names = [name for (name,) in file.rows("SELECT DISTINCT period FROM bell")]
    reader = _Reader(file, Bells(file, year), today, now)
    slots = reader.bells.in_order(reader.read(read_groups(text, names, HOW)))
    if not slots:
        raise NotUnderstood("That names no lesson.", HOW)
    return Wanted(slots, slot_words(reader.bells, slots))


def lasting(file: File, typed: str, year: int | None, today: date, now: datetime) -> str:
    """Return a time as it is typed in words that still mean the same days tomorrow: `Tue 24–Thu 26 Nov, all lessons`.

    Raises `NotUnderstood` and `Refused` for no time that can be booked.
    """
    wanted = read_wanted(file, typed, year=year, today=today, now=now)
    try:
        again = read_wanted(file, wanted.words, year=year, today=today)
    except (NotUnderstood, Refused):
        return typed
    return wanted.words if again.slots == wanted.slots else typed


class _Reader:
    """What was typed, read group by group: a day counts from the one before it."""

    def __init__(self, file: File, bells: Bells, today: date, now: datetime | None) -> None:
        self.bells = bells
        self._file = file
        self._today = today
        self._now = now
        self._last: date | None = None
        self._slots: list[Slot] = []

    def read(self, groups: Iterable[Group]) -> list[Slot]:
        """Return the slots of some groups."""
        bare: list[date] = []
        before: list[date] = []
        early: tuple[tuple[str, str], ...] = ()
        for one in groups:
            if one.many or one.until is not None:
                self._whole(bare)
                bare, before = [], self._counted(one) if one.many else self._until(one)
                continue
            days = [day for first, last in one.days for day in self._run(first, last)]
            periods = (*early, *one.periods) if days else one.periods
            early = () if days else early
            if days:
                bare = [*bare, *days]
                before = []
            if periods and (bare or before):
                self._take(bare or before, periods)
                bare, before = [], bare or before
            elif periods:
                early = (*early, *periods)
            if one.whole or one.closed:
                self._whole(bare)
                bare, before = [], bare or before
        self._whole(bare)
        if early:
            check_open(self._file, self._today)
            self._take([self._today], early)
        return self._slots

    def _whole(self, days: Iterable[date]) -> None:
        for day in days:
            self._slots += [(day, name) for name in self._ahead(day)]

    def _take(self, days: list[date], runs: Iterable[tuple[str, str]]) -> None:
        """Take periods of each of some days. Raises `NotUnderstood` for one that none of them has."""
        for run in runs:
            taken = False
            for day in days:
                names = run_of(run, [one.name for one in self.bells.periods(day)])
                if run[0] != run[1]:
                    names = [name for name in names if name in self.bells.lessons(day) or name in run]
                if names and day == self._today and not set(names) & set(self._ahead(day, lessons=False)):
                    raise Refused(f"{names[-1]} is over.", "Choose a period to come.")
                self._slots += [(day, name) for name in names if name in self._ahead(day, lessons=False)]
                taken = taken or bool(names)
            if not taken:
                known = [one.name for one in self.bells.periods(days[0])]
                unknown = next((name for name in run if name not in known), "")
                if not unknown:
                    raise NotUnderstood(f"{run[0]}–{run[1]} runs backwards.", HOW)
                raise NotUnderstood(f"{long_day(days[0])} has no {unknown}.", f"It has {', '.join(known)}.")

    def _ahead(self, day: date, *, lessons: bool = True) -> list[str]:
        """Return the lessons, or all periods, of a day that are not over."""
        return [
            one.name
            for one in self.bells.periods(day)
            if (one.is_lesson or not lessons) and (self._now is None or one.end > self._now)
        ]

    # Days

    def _open(self, day: date) -> date:
        """Return a school day that is not over, whose lessons count from here. Raises `Refused`."""
        if day < self._today:
            raise Refused(f"{long_day(day)} is over.", "Choose today or a day to come.")
        check_open(self._file, day)
        if day == self._today and not self._ahead(day):
            following = next_school_day(self._file, day)
            raise Refused(
                "Today's lessons are over.", f"The next school day is {long_day(following)}." if following else ""
            )
        self._last = day
        return day

    def _run(self, first: Day, last: Day) -> list[date]:
        begins = self._open(self._date(first))
        if last == first:
            return [begins]
        return self._between(begins, self._date(last))

    def _counted(self, one: Group) -> list[date]:
        """Take so many days, weeks or lessons, from a day or from now on; returns the days."""
        begins = self._first(one)
        if one.unit == "week":
            days = list(school_days(self._file, begins, begins + timedelta(days=7 * one.many - 1)))
        else:
            days = list(school_days(self._file, begins, begins + timedelta(days=_A_YEAR)))
        if one.unit == "day":
            if len(days) < one.many:
                raise self._ends(days[-1])
            days = days[: one.many]
        self._last = days[-1]
        if one.unit in ("lesson", "period"):
            return self._lessons(one, days)
        if one.periods:
            self._take(days, one.periods)
        else:
            self._whole(days)
        return days

    def _first(self, one: Group) -> date:
        """Return the day from which is counted: the one that was named, else today or the next school day."""
        if one.days:
            return self._open(self._date(one.days[0][0]))
        if calendar_day(self._file, self._today).is_open and self._ahead(self._today):
            return self._today
        following = next_school_day(self._file, self._today)
        if following is None:
            raise self._ends(self._today)
        return following

    def _lessons(self, one: Group, days: list[date]) -> list[date]:
        """Take so many lessons on end, from a period of the first day where one was named."""
        ahead = [(day, name) for day in days for name in self._ahead(day)]
        if one.periods:
            start = (days[0], one.periods[0][0])
            if start not in ahead:
                self._take(days[:1], one.periods[:1])
                raise NotUnderstood(f"{start[1]} is no lesson.", HOW)
            ahead = ahead[ahead.index(start) :]
        if len(ahead) < one.many:
            raise self._ends(days[-1])
        self._slots += ahead[: one.many]
        self._last = ahead[one.many - 1][0]
        return [self._last]

    def _until(self, one: Group) -> list[date]:
        """Take all lessons from one point to another: `until Fri`, `from Tue P3 until Thu P2`."""
        assert one.until is not None
        begins = self._first(one)
        self._last = begins
        days = self._between(begins, self._date(one.until))
        lessons = [(day, name) for day in days for name in self._ahead(day)]
        if one.periods:
            lessons = lessons[self._place(lessons, (days[0], one.periods[0][0])) :]
        if one.last_periods:
            lessons = lessons[: self._place(lessons, (days[-1], one.last_periods[-1][1])) + 1]
        self._slots += lessons
        return days

    def _between(self, begins: date, ends: date) -> list[date]:
        if ends < begins:
            raise NotUnderstood(f"{long_day(ends)} is before {long_day(begins)}.", HOW)
        if (ends - begins).days > _A_YEAR:
            raise NotUnderstood("That is more than a year.", HOW)
        return list(school_days(self._file, begins, self._open(ends)))

    def _place(self, lessons: list[Slot], slot: Slot) -> int:
        if slot not in lessons:
            raise NotUnderstood(f"{long_day(slot[0])} has no lesson {slot[1]} then.", HOW)
        return lessons.index(slot)

    def _ends(self, last: date) -> Refused:
        return Refused(f"The calendar ends on {long_day(last)}.", "Choose fewer days, or ask for the new calendar.")

    def _date(self, typed: Day) -> date:
        """Return the date that was meant. Raises `NotUnderstood` for one that is none."""
        since = self._last or self._today
        if typed.ahead is not None:
            return self._today + timedelta(days=typed.ahead)
        if not typed.number and not typed.month and typed.weekday is not None:
            first = since if self._last else since + timedelta(days=1)
            return first + timedelta(days=(typed.weekday - first.weekday()) % 7)
        if not typed.month and typed.weekday is not None:
            return self._numbered(typed, since)
        try:
            day = date(typed.year or since.year, typed.month, typed.number)
            if not typed.year and day < self._today - _LONG_PAST:
                day = date(since.year + 1, typed.month, typed.number)
        except ValueError:
            raise NotUnderstood("There is no such date.", HOW) from None
        if typed.weekday is not None and day.weekday() != typed.weekday:
            raise NotUnderstood(f"{day.day} {day:%B} {day.year} is a {day:%A}.", "Give the weekday or the date.")
        return day

    def _numbered(self, typed: Day, since: date) -> date:
        """Return the day of `Tue 24`: the next 24th that is a Tuesday."""
        for ahead in range(_A_YEAR):
            day = since + timedelta(days=ahead)
            if (day.day, day.weekday()) == (typed.number, typed.weekday):
                return day
        raise NotUnderstood(f"No {typed.number}. of a month to come is that weekday.", HOW)
