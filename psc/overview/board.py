"""The board of a day: everything the room screens show, read in a handful of queries into frozen values.

The values do not age: `line_at` says what a row shows at a moment, so that minutes, lateness and *due out* move without
reading the file again.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.overview.care import Care, dose_by
from psc.roster.absences import Absence
from psc.roster.events import Event, event_seconds
from psc.roster.home import Owed, home_owed
from psc.roster.movements import (
    Kind,
    Movement,
    in_order,
    seconds_present,
)
from psc.roster.placements import (
    Line as Side,
)
from psc.roster.placements import (
    PeriodState,
    PlacementType,
    owed_from,
    period_state,
)
from psc.roster.status import GONE, DayFacts, Standing, Status, minutes_in_room, status_at
from psc.roster.welfare import here_since, welfare_due
from psc.work.day import PeriodWork

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from psc.desk.people import Named
    from psc.desk.settings import Settings
    from psc.roster.duty import DutyMark
    from psc.roster.evacuation import Evacuation
    from psc.roster.rota import RotaEntry
    from psc.school.calendar import SchoolDay
    from psc.school.rooms import Room
    from psc.school.shapes import DayShape, Period
    from psc.school.timetable import Lesson


class Alert(NamedTuple):
    """Something the room must know of a student. `emergency` ones may be shown unasked."""

    kind: str
    text: str
    emergency: bool


NOT_SHOWN = "not shown to you"
"""What stands in place of the name of a student from whom the reader is barred."""


class Placed(NamedTuple):
    """A period of today for which a student is placed, with the check that counts."""

    id: int
    placement_id: int
    period: Period
    decided: datetime
    mark: int | None
    waived: bool
    carried: bool
    work: PeriodWork | None = PeriodWork()
    """How far its work has come; None for whom work is none of their business."""
    excused: bool = False
    """Whether it cannot fail on its check: no work came for it, or an adjustment was not given."""

    @property
    def needs_work(self) -> bool:
        """Whether there is to be work for it: it is a lesson, and neither let off nor carried to another day."""
        return self.work is not None and self.period.is_lesson and not self.waived and not self.carried

    @property
    def has_work(self) -> bool:
        """Whether there is something to do for it, as far as the reader may know."""
        return self.work is not None and self.work.state.has_work


GAP_AHEAD = timedelta(minutes=10)
"""How long before a period its missing work shows as a gap."""


class Row(NamedTuple):
    """One student in one room on the day: facts only."""

    student_id: int
    admission_no: str
    name: str
    year: int | None
    form: str
    room_id: int
    placement_id: int
    type: PlacementType
    reason: str
    planned: bool
    sent_by: str
    days: tuple[int, int]
    last_day: date
    last_period: str
    visit_id: int | None
    seat: int | None
    periods: tuple[Period, ...]
    placed: tuple[Placed, ...]
    facts: DayFacts
    alerts: tuple[Alert, ...]
    lessons: Mapping[str, Lesson]
    to_confirm: bool = False
    apart: str = ""
    """The mark of a student who has a namesake on roll; it stands at the end of `name`."""
    new_here: bool = False
    """Whether the student is provisional: no import has brought them yet."""
    care: Care = Care()
    hidden: bool = False
    """Whether the reader is barred from this student: the seat counts, and nothing else is said of them."""
    filed: str = ""
    """What it is sorted by where `name` says less: a row stays where it stood when names turn to initials."""

    @property
    def plain_name(self) -> str:
        """The name without a namesake's mark, as machines are given it."""
        return self.name.removesuffix(f" {self.apart}") if self.apart else self.name

    @property
    def key(self) -> tuple[int, int]:
        """What stays the same while everything else moves: the student, and the room."""
        return (self.student_id, self.room_id)


class RowNow(NamedTuple):
    """A row at a moment."""

    row: Row
    standing: Standing
    minutes: int
    seen_by: datetime | None = None
    """When the next welfare check is due, None where none is."""
    dose_by: datetime | None = None
    """When medication that is not given yet is due, None where none is."""

    @property
    def home_owed(self) -> tuple[Owed, ...]:
        """What home has not been told yet of this day."""
        if self.row.hidden:
            return ()
        facts = self.row.facts
        return home_owed(self.row.care.removed, (*facts.moves, *facts.elsewhere), self.row.care.home)

    @property
    def status(self) -> Status:
        """Where the student stands."""
        return self.standing.status

    @property
    def inside(self) -> bool:
        """Whether the student's visit is open: they hold a seat, be they in the room or out."""
        return self.row.facts.inside

    @property
    def out(self) -> bool:
        """Whether the student has gone out of the room and is expected back."""
        return self.inside and self.row.facts.moves[-1].kind is Kind.OUT

    def states(self, now: datetime, settings: Settings) -> dict[str, PeriodState]:
        """What has become of each placed period; empty for support types, which are neither served nor failed."""
        if self.row.hidden or self.row.type.line is not Side.SANCTION:
            return {}
        # Sent over to another room, a student goes on serving the same period there.
        facts = self.row.facts
        moves = in_order((*facts.moves, *facts.elsewhere))
        # Nobody who was not in school sat an exam.
        events = () if facts.mark and facts.mark.kind is not Absence.CANCELLED else facts.events
        return {
            one.period.name: period_state(
                starts=one.period.start,
                ends=one.period.end,
                decided=one.decided,
                present_seconds=_present(moves, events, now, one),
                mark=one.mark,
                now=now,
                settings=settings,
                waived=one.waived,
                carried=one.carried,
                excused=one.excused,
            )
            for one in self.row.placed
        }

    @property
    def work_done(self) -> tuple[int, int]:
        """Of how many placed periods the work has been handed in, and how many there are."""
        owed = [one for one in self.row.placed if one.needs_work and not self.row.hidden]
        return sum(one.work is not None and one.work.state.is_back for one in owed), len(owed)

    def gap(self, now: datetime) -> Placed | None:
        """Return the period for which a student who is in the room has nothing to do: now, or in ten minutes."""
        if not self.inside or self.row.hidden:
            return None
        for one in self.row.placed:
            if one.needs_work and not one.has_work and one.period.start - GAP_AHEAD <= now < one.period.end:
                return one
        return None

    def next_lesson(self, now: datetime) -> Lesson | None:
        """Return the lesson the student would go to on leaving now: the one under way, or the next."""
        for period in self.row.periods:
            if period.is_lesson and period.end > now and period.name in self.row.lessons:
                return self.row.lessons[period.name]
        return None

    def check_due(self, now: datetime) -> Placed | None:
        """Return the placed period a check is for: the one under way, else the last that began."""
        begun = [one for one in self.row.placed if one.period.start <= now and not self.row.hidden]
        return begun[-1] if begun else None


def _present(moves: Sequence[Movement], events: Sequence[Event], now: datetime, one: Placed) -> float:
    """Return the seconds of a placed period that count: in the room, out for a reason that counts, at an event."""
    owed = owed_from(one.period.start, one.period.end, one.decided)
    there = seconds_present(moves, now, owed, one.period.end)
    return there + (event_seconds(moves, events, now, owed, one.period.end) if events else 0)


class Board(NamedTuple):
    """A day in the rooms a person may see."""

    school: str
    zone: ZoneInfo
    day: SchoolDay
    next_day: date | None
    shape: DayShape
    settings: Settings
    rooms: tuple[Room, ...]
    rows: tuple[Row, ...]
    used: Mapping[int, int]
    open_before: int
    evacuation: Evacuation | None = None
    stranded: int = 0
    """Placed periods that wait for a decision because their day changed: see `roster/stranded.py`."""
    referrals: int = 0
    """Referrals that wait for its reader to decide them."""
    duty: Mapping[int, tuple[DutyMark, ...]] = {}
    rota: tuple[RotaEntry, ...] = ()
    other_rooms: tuple[Room, ...] = ()
    """The rooms of the centre that its reader's cover pass is not for: where a student may be sent, no more."""
    whole: bool = True
    """Whether everybody of the day's rooms is on it, by name; its reader may reach only some of them."""

    def named(self, rooms: Sequence[Room] | None = None) -> tuple[int, ...]:
        """Return the students who stand on it by name, in all rooms unless some are given."""
        ids = {room.id for room in (self.rooms if rooms is None else rooms)}
        return tuple(sorted({row.student_id for row in self.rows if row.room_id in ids and not row.hidden}))

    def at(self, now: datetime, room_id: int | None = None) -> tuple[RowNow, ...]:
        """Return the rows of one room, or of all, as they stand at `now`, in the board's order."""
        every = _everybody(self, now)
        return every if room_id is None else tuple(one for one in every if one.row.room_id == room_id)

    def now(self, row: Row, now: datetime) -> RowNow:
        """Return one row as it stands at `now`."""
        over = school_day(now, self.zone) > self.day.day and row.periods
        return RowNow(
            row,
            status_at(row.facts, now, self.settings),
            minutes_in_room(row.facts, row.periods[-1].end if over else now),
            None if over else self._seen_by(row),
            None if over else dose_by(row.care, self.day.day, self.zone),
        )

    def _seen_by(self, row: Row) -> datetime | None:
        own = next((room.welfare_minutes for room in self.rooms if room.id == row.room_id), None)
        checked = row.care.welfare[-1].happened if row.care.welfare else None
        minutes = own or self.settings.welfare_minutes
        return welfare_due(row.type, here_since(row.facts.moves), row.care.alone, checked, minutes)

    def period(self, now: datetime) -> Period | None:
        """Return the period the top line names."""
        return self.shape.now(now)

    def on_duty(self, room_id: int, now: datetime) -> tuple[Named, ...]:
        """Return who is on duty in a room."""
        from psc.roster.duty import bells, on_duty_at  # text commands start without it

        ringing = bells(self.shape)
        return on_duty_at(self.duty.get(room_id, ()), now, ringing[1] if ringing else None)

    def planned_duty(self, room_id: int, now: datetime) -> tuple[Named, ...]:
        """Return who is planned for duty in a room, or soon will be when nobody is now."""
        from psc.roster.rota import SOON, planned_at

        here = planned_at(self.rota, room_id, now, self.zone)
        return here or planned_at(self.rota, room_id, now + SOON, self.zone)


_recent: tuple[tuple[Board, datetime, tuple[RowNow, ...]], ...] = ()


def _everybody(board: Board, now: datetime) -> tuple[RowNow, ...]:
    """Return the rows of all rooms as they stand at `now`, in the board's order.

    One screen asks the same of one board many times over (every count, every alarm), and of the whole day beside it
    where its reader sees only a part: so the last two answers are kept.
    """
    global _recent
    for known, at, rows in _recent:
        if known is board and at == now:
            return rows
    rows = tuple(sorted((board.now(row, now) for row in board.rows), key=_place))
    _recent = ((board, now, rows), *_recent[:1])
    return rows


def edge(board: Board, now: datetime) -> datetime:
    """Return the moment to show a day at: now for today, the last bell of a day past, the first of one to come."""
    every = [period for periods in board.shape.by_year.values() for period in periods]
    today = school_day(now, board.zone)
    if board.day.day == today or not every:
        return now
    past = board.day.day < today
    return max(period.end for period in every) if past else min(period.start for period in every)


_SECTIONS = {
    Status.FIND: 0,
    Status.OUT: 1,
    Status.EVACUATED: 1,
    Status.DUE_OUT: 2,
    Status.IN: 2,
    Status.LATE: 3,
    Status.EXPECTED: 3,
}


def _place(one: RowNow) -> tuple[object, ...]:
    section = _SECTIONS.get(one.status, 4)
    by_seat = (one.row.seat or 999) if section == 2 else 0
    by_time = one.standing.since.timestamp() if section in (0, 1, 3) and one.standing.since else 0
    return (section, by_seat, by_time, one.row.filed or one.row.name.casefold(), one.row.key)


def counts(shown: Sequence[RowNow]) -> dict[str, int]:
    """Return how many rows stand under each of the header's counts."""
    made = dict.fromkeys(("find", "out", "evacuated", "in", "expected", "left"), 0)
    for one in shown:
        made[count_of(one.status)] += 1
    return made


def count_of(status: Status) -> str:
    """Return the header count that a status belongs to; *due out* students are in, those known to be late expected."""
    if status in GONE:
        return "left"
    return {Status.DUE_OUT: "in", Status.LATE: "expected"}.get(status, status.value)
