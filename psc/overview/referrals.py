"""Referrals as one reader may see them: what waits for somebody, one opened, and what a new one begins with."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, school_day, wall
from psc.desk.facts import live
from psc.desk.people import SYSTEM, everyone, short_name
from psc.desk.permissions import may, reached, scope_of, students_for
from psc.desk.settings import settings_on
from psc.errors import NotAllowed
from psc.overview.read_board import read_board
from psc.overview.tried import placed_since, tried
from psc.roster.adjustments import sen_words
from psc.roster.confirmations import AT_THE_DOOR
from psc.roster.home import home_contacts_since
from psc.roster.placed import slots_of
from psc.roster.placements import Line, PeriodState, PlacementType
from psc.roster.referrals import (
    UNDECIDED,
    Referral,
    State,
    referral_by_id,
    referrals,
    room_of,
    wanted_words,
)
from psc.roster.slots import slot_words
from psc.school.calendar import academic_year_start, calendar_day, school_days
from psc.school.shapes import Bells, shape_of
from psc.school.students import Student, student_by_id
from psc.school.timetable import lessons_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.roster.home import HomeContact
    from psc.school.timetable import Lesson


class Item(NamedTuple):
    """A referral in a list: whose, when in words, how many school days it has waited, what home was told since."""

    referral: Referral
    student: Student
    when: str
    room: str
    days: int
    home: tuple[HomeContact, ...]
    state: State
    not_mine: str
    """Why the reader does not decide it, "" where they may."""

    @property
    def told(self) -> bool:
        """Whether home has been told since it was raised."""
        return any(one.outcome == "told" for one in self.home)


class Removal(NamedTuple):
    """A removal, or a time out, made at the door and not confirmed yet."""

    placement_id: int
    student: Student
    type: PlacementType
    reason: str
    sender: str
    at: datetime
    days: int
    home: tuple[HomeContact, ...]
    sen: str
    """What makes the adjustment asked for: `SEN support`, "" for nothing."""


class Waits(NamedTuple):
    """What waits for somebody: referrals to decide, removals to confirm, approved ones waiting for a seat."""

    to_decide: tuple[Item, ...]
    to_confirm: tuple[Removal, ...]
    for_seat: tuple[Item, ...]


class Opened(NamedTuple):
    """A referral with what the record says of its student."""

    item: Item
    teacher: str
    """The teacher by name, where the staff list has them, else as it was typed."""
    tried: tuple[str, ...]
    placed: tuple[str, ...]
    """The placements of this school year, newest first."""


class Prefill(NamedTuple):
    """What a new referral of a student begins with: the lesson that was last under way, and what the record says."""

    period: str
    place: str
    subject: str
    teacher: str
    sen: str
    tried: tuple[str, ...]


# Lists


def to_decide(file: File, staff: Staff, today: date) -> int:
    """Return how many referrals wait for `staff` to decide them; none for whom they are no decision."""
    if not may("decide_referral", staff):
        return 0
    condition, params = students_for("decide_referral", staff, today.isoformat())
    return int(
        file.value(
            "SELECT count(*) FROM referral ref JOIN student ON student.id = ref.student_id"
            " JOIN ledger l ON l.seq = ref.seq"
            f" WHERE {UNDECIDED} AND l.actor <> :me AND {condition}",
            {"me": staff.code, **params},
        )
    )


def what_waits(file: File, staff: Staff, now: datetime) -> Waits:
    """Return what waits, oldest first, of the students whose referrals `staff` may see, and of those they raised.

    Raises `NotAllowed` for who may not see referrals.
    """
    scope_of("see_referrals", staff)
    open_ones = referrals(file, UNDECIDED)
    seat = referrals(
        file,
        "EXISTS (SELECT 1 FROM waiting w WHERE w.referral_id = ref.id"
        f" AND {live('waiting', 'w')} AND NOT EXISTS (SELECT 1 FROM waiting_end e WHERE e.waiting_id = w.id"
        f" AND {live('waiting_end', 'e')}))",
    )
    items = _items(file, staff, now, (*open_ones, *seat))
    return Waits(
        tuple(one for one in items if one.referral.decision is None),
        removals_to_confirm(file, staff, now),
        tuple(one for one in items if one.referral.decision is not None and one.state is State.WAITING),
    )


def all_since(
    file: File, staff: Staff, first: date, now: datetime, past: dict[date, DayStates] | None = None
) -> tuple[Item, ...]:
    """Return every referral raised since a day, newest first, with what became of it: see `what_waits`.

    `past` keeps what became of the periods of days that are over, for whoever asks again.
    """
    scope_of("see_referrals", staff)
    found = referrals(file, "ref.day >= :first", {"first": first.isoformat()})
    return tuple(reversed(_items(file, staff, now, found, past={} if past is None else past)))


def removals_to_confirm(file: File, staff: Staff, now: datetime) -> tuple[Removal, ...]:
    """Return the removals and times out that nobody has confirmed yet, oldest first, of those `staff` may see.

    Raises `NotAllowed` for who may not see referrals.
    """
    scope_of("see_referrals", staff)
    today = school_day(now, file.zone)
    days = settings_on(file, today).removals_days
    first = (school_days(file, academic_year_start(today), today)[-days:] or (today,))[0]
    types = ", ".join(f"'{one.value}'" for one in AT_THE_DOOR)
    found = file.rows(
        "SELECT p.id, p.student_id, p.type, p.reason, coalesce(s.forename, ''), coalesce(s.surname, ''), p.happened,"
        " p.day FROM placement p LEFT JOIN staff s ON s.id = p.sent_by"
        f" WHERE p.day >= ? AND NOT p.planned AND p.type IN ({types}) AND {live('placement', 'p')}"
        # What was typed on another day came from the school's own files: somebody decided it there.
        " AND substr(p.recorded, 1, 10) = p.day"
        " AND EXISTS (SELECT 1 FROM placement_period pp WHERE pp.placement_id = p.id"
        f" AND {live('placement_period', 'pp')})"
        " AND NOT EXISTS (SELECT 1 FROM confirmation c WHERE c.placement_id = p.id"
        f" AND {live('confirmation', 'c')}) ORDER BY p.happened, p.id",
        (first.isoformat(),),
    )
    seen = reached(file, "see_referrals", staff, today.isoformat(), (row[1] for row in found))
    home = home_contacts_since(file, sorted(seen), first) if seen else {}
    made = []
    for placement, student, kind, reason, forename, surname, at, day in found:
        if student not in seen:
            continue
        when = moment(at)
        told = tuple(one for one in home.get(student, ()) if one.happened >= when)
        made.append(
            Removal(
                placement,
                student_by_id(file, student, today),
                PlacementType(kind),
                reason,
                short_name(forename, surname),
                when,
                _waited(file, date.fromisoformat(day), today),
                told,
                sen_words(file, student) if PlacementType(kind).line is Line.SANCTION else "",
            )
        )
    return tuple(made)


def _items(
    file: File,
    staff: Staff,
    now: datetime,
    found: Sequence[Referral],
    *,
    past: dict[date, DayStates] | None = None,
) -> tuple[Item, ...]:
    """Return those that `staff` may see as lines of a list; with `past`, what became of those that are over."""
    today = school_day(now, file.zone)
    seen = visible(file, staff, today, found)
    shown = [one for one in found if one.id in seen]
    if not shown:
        return ()
    students = sorted({one.student_id for one in shown})
    first = min(one.day for one in shown)
    home = home_contacts_since(file, students, first)
    decides = reached(file, "decide_referral", staff, today.isoformat(), students)
    known = {student: student_by_id(file, student, today) for student in students}
    states = {} if past is None else _ends(file, shown, now, past)
    placed = slots_of(file, [each for one in shown for each in one.placements])
    bells = {year: Bells(file, year) for year in {one.year for one in known.values()}}

    def when(one: Referral) -> str:
        slots = [slot for each in one.placements for slot in placed.get(each, ())]
        return slot_words(bells[known[one.student_id].year], slots) if slots else wanted_words(file, one)

    return tuple(
        Item(
            one,
            known[one.student_id],
            when(one),
            room.code if (room := room_of(file, one)) else "",
            _waited(file, one.day, today),
            tuple(each for each in home.get(one.student_id, ()) if each.happened >= one.at),
            states.get(one.id, one.stage),
            _not_mine(staff, one, decides),
        )
        for one in shown
    )


def visible(file: File, staff: Staff, today: date, found: Sequence[Referral]) -> frozenset[int]:
    """Return which referrals `staff` may see: of the students whom `see_referrals` reaches, and what they raised."""
    seen = reached(file, "see_referrals", staff, today.isoformat(), (one.student_id for one in found))
    return frozenset(
        one.id
        for one in found
        if one.student_id in seen or (one.by == staff.code and one.student_id not in staff.barred)
    )


def _not_mine(staff: Staff, one: Referral, decides: frozenset[int]) -> str:
    if one.decision is not None:
        return "it is decided"
    if not may("decide_referral", staff):
        return f"it is not for the role of {staff.role.words}"
    if one.by == staff.code:
        return "you raised it: somebody else decides it"
    return "" if one.student_id in decides else "a coordinator or the behaviour lead decides it"


def _waited(file: File, since: date, today: date) -> int:
    """Return how many school days have gone by since a day."""
    return max(0, len(school_days(file, since, today)) - 1)


# What became of it


class DayStates(NamedTuple):
    """What became of the periods of a day, by their ids, and the placements whose students came."""

    states: Mapping[int, PeriodState]
    came: frozenset[int]


def _ends(file: File, found: Sequence[Referral], now: datetime, past: dict[date, DayStates]) -> dict[int, State]:
    """Return how the referrals ended whose last period is over, by referral; others are left out."""
    today = school_day(now, file.zone)
    booked = [one for one in found if one.stage is State.BOOKED]
    placed: dict[int, list[tuple[int, date]]] = {}
    for placed_id, placement, on in file.rows(
        "SELECT id, placement_id, on_day FROM placement_period pp WHERE placement_id IN"
        f" (SELECT value FROM json_each(?)) AND {live('placement_period', 'pp')}",
        (json.dumps([each for one in booked for each in one.placements]),),
    ):
        placed.setdefault(placement, []).append((placed_id, date.fromisoformat(on)))
    made = {}
    for one in booked:
        periods = [period for each in one.placements for period in placed.get(each, ())]
        if not periods or any(day > today for _, day in periods):
            continue
        days = {day: past.get(day) or _states_of(file, day, now) for day in {day for _, day in periods}}
        past.update({day: states for day, states in days.items() if day < today})
        known = [days[day].states.get(placed_id) for placed_id, day in periods]
        if PeriodState.AHEAD not in known and PeriodState.PENDING not in known:
            came = any(each in states.came for each in one.placements for states in days.values())
            made[one.id] = ended_as([each for each in known if each], came=came)
    return made


def _states_of(file: File, day: date, now: datetime) -> DayStates:
    board = read_board(file, day, SYSTEM, read="see_roll", staffed=False)
    states: dict[int, PeriodState] = {}
    came = set()
    for one in board.at(now):
        by_name = one.states(now, board.settings)
        for placed in one.row.placed:
            if one.row.visit_id is not None:
                came.add(placed.placement_id)
            if one.row.type.line is Line.SANCTION:
                states[placed.id] = by_name[placed.period.name]
            elif placed.period.end > now:
                states[placed.id] = PeriodState.AHEAD
    return DayStates(states, frozenset(came))


def ended_as(states: Sequence[PeriodState], *, came: bool) -> State:
    """Return how a placement ended whose periods are over; without states (support), whether the student came.

    A period carried on, or waived, is not owed where it stood. Source: the domain notes, Period check, and Referral.
    """
    owed = [one for one in states if one not in (PeriodState.WAIVED, PeriodState.CARRIED)]
    if not states:
        return State.ATTENDED if came else State.DID_NOT_COME
    served = sum(1 for one in owed if one is PeriodState.SERVED)
    if served == len(owed):
        return State.SERVED
    return State.PART_SERVED if served else State.NOT_COMPLETED


# One


def open_one(file: File, referral_id: int, staff: Staff, now: datetime) -> Opened:
    """Return a referral with what the record says. Raises what `one_item` does.

    Whoever shows it notes the look first: `open_row`.
    """
    scope_of("see_referrals", staff)
    one = one_item(file, referral_id, staff, now)
    today, student = school_day(now, file.zone), one.student.id
    before = tried(file, student, today, besides=referral_id)
    teacher = next((f"{each.short} ({each.code})" for each in everyone(file) if each.code == one.referral.teacher), "")
    return Opened(
        one, teacher or one.referral.teacher, before, placed_since(file, student, academic_year_start(today), today)
    )


def one_item(file: File, referral_id: int, staff: Staff, now: datetime) -> Item:
    """Return a referral as a list has it. Raises `NotUnderstood`, and `NotAllowed` for one beyond reach."""
    scope_of("see_referrals", staff)
    items = _items(file, staff, now, (referral_by_id(file, referral_id),), past={})
    if not items:
        raise NotAllowed("That referral is outside what your role may see.", "Ask a coordinator.")
    return items[0]


def prefill(file: File, student_id: int, staff: Staff, now: datetime) -> Prefill:
    """Return what a new referral of a student begins with. Raises `NotAllowed` for one whom `staff` may not refer.

    The lesson is the one under way, or the last that began today; the place is its room while it is under way.
    """
    today = school_day(now, file.zone)
    scope_of("raise_referral", staff)
    if not reached(file, "raise_referral", staff, today.isoformat(), (student_id,)):
        raise NotAllowed("You may not refer this student.", "Ask a coordinator.")
    year = student_by_id(file, student_id, today).year
    begun = [one for one in shape_of(file, today).lessons(year) if one.start <= now]
    period = begun[-1] if begun else None
    lesson = lesson_then(file, student_id, period.name, staff, now) if period else None
    return Prefill(
        period.name if period else "",
        lesson.room if lesson and period and now < period.end else "",
        lesson.subject if lesson else "",
        lesson.teacher if lesson else "",
        sen_words(file, student_id),
        tried(file, student_id, today),
    )


def lesson_then(file: File, student_id: int, period: str, staff: Staff, now: datetime) -> Lesson | None:
    """Return a student's lesson of a period of today, for whom `staff` may refer; None where there is none."""
    today = school_day(now, file.zone)
    if not reached(file, "raise_referral", staff, today.isoformat(), (student_id,)):
        return None
    lessons = lessons_on(file, today, calendar_day(file, today).week, [student_id])
    return next((one for (_, name), one in lessons.items() if name.casefold() == period.casefold()), None)


# Words


def home_said(contacts: Sequence[HomeContact], zone: ZoneInfo, today: date) -> str:
    """Say how things stand with home since it was raised: `home told 11:02 (phone) by CO1`, `home not told yet`."""
    if not contacts:
        return "home not told yet"
    told = [one for one in contacts if one.outcome == "told"]
    last = told[-1] if told else contacts[-1]
    at = last.happened.astimezone(zone)
    day = "" if at.date() == today else f"{at.day} {at:%b} "
    words = f"{day}{wall(last.happened, zone)} ({last.how}) by {last.by}"
    return f"home told {words}" if told else f"home not told yet: {last.outcome} {words}"


def waited_words(days: int) -> str:
    """Return how long it has waited: `today`, `1 day`, `3 days`."""
    return "today" if not days else f"{days} day{'s' * (days > 1)}"
