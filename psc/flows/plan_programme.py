"""What booking or changing a programme comes to: a weekly pattern made into periods, and what needs a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.errors import NotUnderstood, Refused
from psc.roster.concerns import Concern, concern_lines, concerns
from psc.roster.patterns import Pattern, pattern_slots
from psc.roster.placed import taken_by
from psc.roster.placement_types import PlacementType
from psc.roster.placements import PlacedPeriod, placed_periods
from psc.roster.programmes import PROGRAMME_TYPES, Programme, ahead
from psc.roster.slots import Slot, slot_words
from psc.school.calendar import calendar_day, long_day, next_school_day, school_days
from psc.school.shapes import Bells
from psc.school.students import student_by_id
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from psc.database.file import File


class Wish(NamedTuple):
    """A programme as somebody asks for it. Without an induction or a review day, psc chooses them.

    `placement_id` is a placement that stands already and is to be written down as a programme: its periods ahead are
    made as the pattern says.
    """

    student_id: int
    room_id: int
    type: PlacementType
    purpose: str
    success: str
    pattern: Pattern
    first: date
    until: date
    induction: date | None = None
    review: date | None = None
    placement_id: int | None = None


class Change(NamedTuple):
    """What is to be other about a programme; None leaves it as it is. A pattern holds from `since`, or from today."""

    pattern: Pattern | None = None
    since: date | None = None
    review: date | None = None
    until: date | None = None


class Plan(NamedTuple):
    """What a wish or a change comes to: its days, the periods it adds and those it drops, and what needs a reason.

    `said` are sentences on what was moved or left out by itself.
    """

    first: date
    induction: date
    review: date
    until: date
    added: tuple[Slot, ...]
    dropped: tuple[PlacedPeriod, ...]
    concerns: tuple[Concern, ...]
    concern_words: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def clashing(self) -> tuple[Slot, ...]:
        """The periods that need a reason by themselves: each can be left out instead."""
        wanted = {(one.day, one.period) for one in self.concerns if one.day is not None}
        return tuple(slot for slot in self.added if slot in wanted)

    @property
    def words(self) -> str:
        """Return what it comes to in periods and days: `12 periods on 6 days to Fri 18 December`."""
        days = counted(len({day for day, _ in self.added}), "day")
        made = [f"{counted(len(self.added), 'period')} on {days}"] if self.added else []
        gone = [f"{counted(len(self.dropped), 'period')} dropped"] if self.dropped else []
        return f"{', '.join([*made, *gone]) or 'the same periods'}, to {long_day(self.until)}"


# Working it out


def plan_wish(
    file: File, wish: Wish, now: datetime, today: date, barred: frozenset[int], leave_out: Collection[Slot] = ()
) -> Plan:
    """Return what a wish comes to. Dates on closed days are moved to the next open one.

    Raises `NotUnderstood` for a type that is no programme and for a pattern that does not fit the student's days,
    `Refused` for dates that are over, outside the calendar or out of order, and for a pattern without a period.
    """
    if wish.type not in PROGRAMME_TYPES:
        raise NotUnderstood(f"{PlacementType(wish.type).words} is no programme.", f"It is one of: {_types()}.")
    said: list[str] = []
    standing: tuple[PlacedPeriod, ...] = ()
    if wish.placement_id is None:
        first = _open_day(file, wish.first, "First day", said, today)
    else:
        standing = placed_periods(file, wish.placement_id)
        first = min((one.day for one in standing), default=today)
    until = _open_day(file, wish.until, "End", said, today)
    earliest = today if wish.placement_id is None else first
    induction = _open_day(file, wish.induction, "Induction", said, earliest) if wish.induction else first
    review = _open_day(file, wish.review, "Review", said, earliest) if wish.review else half_way(file, first, until)
    _in_order(first, induction, review, until)
    bells = Bells(file, student_by_id(file, wish.student_id, today).year)
    begins = max(first, today)
    made = _Made(file, wish.student_id, wish.room_id, wish.type, wish.placement_id, bells, now, today, barred)
    added, dropped = made.periods(wish.pattern, begins, until, said, leave_out)
    if not added and not standing:
        raise Refused("No period is left to book.", "Change the pattern, or its dates.")
    return made.plan(first, induction, review, until, added, dropped, said)


def plan_change_of(
    file: File,
    programme: Programme,
    change: Change,
    now: datetime,
    today: date,
    barred: frozenset[int],
    leave_out: Collection[Slot] = (),
) -> Plan:
    """Return what a change comes to: with another pattern the periods ahead are made anew from its first day on.

    With only another end, periods are dropped behind it, or added up to it, and those between stay as they are. Raises
    as `plan_wish` does.
    """
    stands, said = programme.now, list[str]()
    until = _open_day(file, change.until, "End", said, today) if change.until else stands.until
    review = _open_day(file, change.review, "Review", said, today) if change.review else stands.review
    if review > until:
        raise Refused(f"The review ({long_day(review)}) would come after the end ({long_day(until)}).", _ORDER)
    if stands.induction > review:
        raise Refused(f"The review comes after the induction ({long_day(stands.induction)}).", _ORDER)
    bells = Bells(file, student_by_id(file, programme.student_id, today).year)
    whose = (programme.student_id, programme.room_id, programme.type, programme.placement_id)
    made = _Made(file, *whose, bells, now, today, barred)
    if change.pattern is not None:
        since = _open_day(file, change.since, "New pattern", said, today) if change.since else today
        if since > until:
            raise Refused(f"The new pattern would begin after the end ({long_day(until)}).", _ORDER)
        added, dropped = made.periods(change.pattern, since, until, said, leave_out)
        if not added and all(one in dropped for one in made.ahead):
            raise Refused(
                "No period would be left.", "Change the pattern; to end the programme, record the transition."
            )
    else:
        since = today
        dropped = tuple(one for one in made.ahead if one.day > until)
        added = ()
        if until > stands.until:
            begins = next_school_day(file, max(stands.until, today)) or until
            added, _ = made.periods(stands.pattern, begins, until, said, leave_out)
    return made.plan(since, stands.induction, review, until, added, dropped, said)


class _Made(NamedTuple):
    """Whose periods are being made, and where."""

    file: File
    student_id: int
    room_id: int
    type: PlacementType
    placement_id: int | None
    bells: Bells
    now: datetime
    today: date
    barred: frozenset[int]

    @property
    def ahead(self) -> tuple[PlacedPeriod, ...]:
        """The periods of the placement that have not begun."""
        if self.placement_id is None:
            return ()
        return ahead(self.file, self.placement_id, self.now, self.bells)

    def periods(
        self, pattern: Pattern, first: date, until: date, said: list[str], leave_out: Collection[Slot]
    ) -> tuple[tuple[Slot, ...], tuple[PlacedPeriod, ...]]:
        """Return what a pattern adds from a day to a day, and which of the periods that stand it drops."""
        year = student_by_id(self.file, self.student_id, self.today).year
        asked = pattern_slots(self.file, pattern, first, until, year)
        wanted = [slot for slot in asked if slot[0] > self.today or self._is_ahead(slot)]
        standing = {(one.day, one.period): one for one in self.ahead if one.day >= first}
        dropped = tuple(one for slot, one in standing.items() if slot not in wanted)
        new = [slot for slot in wanted if slot not in standing]
        placed = taken_by(self.file, self.student_id, first, until, besides=self.placement_id)
        twice = [slot for slot in new if slot in placed and placed[slot].room_id == self.room_id]
        if twice:
            code = placed[twice[0]].room
            said.append(f"Placed in {code} already: {slot_words(self.bells, twice, today=self.today)}. Left as it is.")
        if never := never_asked(pattern, asked):
            said.append(f"No lesson there: {Pattern(never).words}.")
        return tuple(slot for slot in new if slot not in twice and slot not in leave_out), dropped

    def _is_ahead(self, slot: Slot) -> bool:
        """Say whether a slot of today has not begun."""
        period = self.bells.period(*slot)
        return period is not None and period.start > self.now

    def plan(
        self,
        first: date,
        induction: date,
        review: date,
        until: date,
        added: tuple[Slot, ...],
        dropped: tuple[PlacedPeriod, ...],
        said: Iterable[str],
    ) -> Plan:
        """Return the plan, judged as any booking is."""
        whose = (self.file, self.student_id, self.room_id, self.type)
        found = concerns(*whose, added, today=self.today, barred=self.barred, besides=self.placement_id)
        lines = concern_lines(self.bells, found, today=self.today)
        return Plan(first, induction, review, until, added, dropped, found, lines, tuple(said))


def never_asked(pattern: Pattern, slots: Iterable[Slot]) -> tuple[tuple[str, int, str], ...]:
    """Return the cells of a pattern for which no slot stands: a P9 that no day has, a week that does not come."""
    found = {(day.weekday(), period) for day, period in slots}
    days = {weekday for weekday, _ in found}
    return tuple(
        cell for cell in pattern.cells if ((cell[1], cell[2]) not in found if cell[2] else cell[1] not in days)
    )


_ORDER = "The order is: first day, review, end."


def half_way(file: File, first: date, until: date) -> date:
    """Return the school day half-way between two days: when a programme is reviewed unless somebody says otherwise."""
    days = school_days(file, first, until)
    return days[len(days) // 2] if days else first


def _open_day(file: File, day: date, what: str, said: list[str], earliest: date) -> date:
    """Return a day, or the next on which there is school, and say so. Raises `Refused` outside the calendar."""
    if day < earliest:
        raise Refused(f"{what}: {long_day(day)} {day.year} is too early.", f"Not before {long_day(earliest)}.")
    known = calendar_day(file, day)
    if known.is_open:
        return day
    after = next_school_day(file, day)
    if after is None:
        raise Refused(
            f"{what}: {long_day(day)} {day.year} is outside the school's calendar.",
            "Choose an earlier day, or have the term dates imported first.",
        )
    note = f" ({known.note})" if known.note else ""
    said.append(f"{what}: no school on {long_day(day)}{note}, so {long_day(after)}.")
    return after


def _in_order(first: date, induction: date, review: date, until: date) -> None:
    if until < first:
        raise Refused(f"The end ({long_day(until)}) comes before the first day ({long_day(first)}).", _ORDER)
    if not induction <= review <= until:
        when = f"induction {long_day(induction)}, review {long_day(review)}, end {long_day(until)}"
        raise Refused(f"These days are out of order: {when}.", "The order is: induction, review, end.")


def _types() -> str:
    return ", ".join(one.words for one in PROGRAMME_TYPES)
