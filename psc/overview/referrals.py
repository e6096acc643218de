"""Referrals as one reader may see them: what waits for somebody, all of some time, and one opened."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, school_day, wall
from psc.desk.facts import live
from psc.desk.people import everyone, short_name
from psc.desk.permissions import may, reached, scope_of, students_for
from psc.desk.settings import settings_on
from psc.errors import NotAllowed
from psc.overview.referral_ends import DayStates, ends_of
from psc.overview.tried import placed_since, tried
from psc.roster.adjustments import sen_words
from psc.roster.confirmations import AT_THE_DOOR
from psc.roster.home import home_contacts_since
from psc.roster.placed import slots_of
from psc.roster.placements import Line, PlacementType
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
from psc.school.calendar import academic_year_start, school_days
from psc.school.shapes import Bells
from psc.school.students import Student, student_by_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.roster.home import HomeContact


class Referred(NamedTuple):
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

    to_decide: tuple[Referred, ...]
    to_confirm: tuple[Removal, ...]
    for_seat: tuple[Referred, ...]


class Opened(NamedTuple):
    """A referral with what the record says of its student."""

    item: Referred
    teacher: str
    """The teacher by name, where the staff list has them, else as it was typed."""
    tried: tuple[str, ...]
    placed: tuple[str, ...]
    """The placements of this school year, newest first."""


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
) -> tuple[Referred, ...]:
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
) -> tuple[Referred, ...]:
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
    states = {} if past is None else ends_of(file, shown, now, past)
    placed = slots_of(file, [each for one in shown for each in one.placements])
    bells = {year: Bells(file, year) for year in {one.year for one in known.values()}}

    def when(one: Referral) -> str:
        slots = [slot for each in one.placements for slot in placed.get(each, ())]
        return slot_words(bells[known[one.student_id].year], slots) if slots else wanted_words(file, one)

    return tuple(
        Referred(
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


def one_item(file: File, referral_id: int, staff: Staff, now: datetime) -> Referred:
    """Return a referral as a list has it. Raises `NotUnderstood`, and `NotAllowed` for one beyond reach."""
    scope_of("see_referrals", staff)
    items = _items(file, staff, now, (referral_by_id(file, referral_id),), past={})
    if not items:
        raise NotAllowed("That referral is outside what your role may see.", "Ask a coordinator.")
    return items[0]


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
