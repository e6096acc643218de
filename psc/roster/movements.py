"""Movements: in, out, back and away; the visit they make; and what follows from their times.

A student's movements of one day, over all rooms, form one sequence in order of happening: in, then out and back any
number of times, then left; then perhaps in again, there or elsewhere. Every rule here follows from that sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, school_day, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NeedsReason, NotUnderstood, Refused
from psc.roster.keep_apart import kept_apart_in
from psc.roster.seats import give_up_seats, no_seat_twice, seat_for, seats_taken
from psc.school.rooms import room_by_id, rooms
from psc.text import clean

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from psc.database.file import File


class Kind(StrEnum):
    """What a movement is."""

    IN = "in"
    OUT = "out"
    BACK = "back"
    LEFT = "left"


class OutReason(StrEnum):
    """Why a student goes out and is expected back."""

    TOILET = "toilet"
    NURSE = "nurse"
    MEETING = "meeting"
    SAFEGUARDING = "safeguarding lead"
    EXAM = "exam"
    PARENT = "parent"
    BREAK = "break"
    LUNCH = "lunch"
    WALKED_OUT = "walked out"
    EVACUATION = "evacuation"

    @property
    def counts_as_present(self) -> bool:
        """Whether the time out counts towards a served period. Source: the domain notes, Period check."""
        return self not in (OutReason.BREAK, OutReason.LUNCH, OutReason.WALKED_OUT)


class Destination(StrEnum):
    """Where a student goes who leaves the room. "To calm down" is not among them: see the guide."""

    LESSON = "lesson"
    CLOSURE = "end of lesson"
    OTHER_ROOM = "other room"
    END_OF_DAY = "end of day"
    HOME_ILL = "home: ill"
    HOME_APPOINTMENT = "home: appointment"
    HOME_PARENT = "home: parent's choice"
    HOME_SUSPENDED = "home: suspended"
    NAMED_ADULT = "named adult"

    @property
    def is_home(self) -> bool:
        """Whether the student goes home before the day is over."""
        return self.value.startswith("home:")

    @property
    def ends_day(self) -> bool:
        """Whether the student is not expected again today."""
        return self.is_home or self is Destination.END_OF_DAY


_MAY_FOLLOW = {
    None: {Kind.IN},
    Kind.IN: {Kind.OUT, Kind.LEFT},
    Kind.OUT: {Kind.BACK, Kind.LEFT},
    Kind.BACK: {Kind.OUT, Kind.LEFT},
    Kind.LEFT: {Kind.IN},
}

MOVES = (
    "sign_in", "walk_in", "go_out", "come_back", "sign_out", "correct_movement", "close_visit",
    "remove_movement", "correct_student", "evacuate", "bring_back", "enter_paper",
)  # fmt: skip
"""The acts that add movements: each rests on those before it."""


class Movement(NamedTuple):
    """One timed fact at a room's door.

    `root` is the first movement it stands for after corrections; `to_room` where a student who left is expected;
    `told` who told it to the one who typed it.
    """

    id: int
    visit_id: int
    room_id: int
    kind: Kind
    reason: str
    happened: datetime
    recorded: datetime
    by: str
    root: int
    to_room: int | None = None
    told: str = ""

    @property
    def order(self) -> tuple[datetime, int]:
        """Movements of the same minute keep the order in which they were first typed."""
        return (self.happened, self.root)


def in_order(moves: Sequence[Movement]) -> tuple[Movement, ...]:
    """Return movements by the time they happened."""
    return tuple(sorted(moves, key=lambda one: one.order))


def is_open(moves: Sequence[Movement]) -> bool:
    """Say whether a visit with these movements, in order, has not ended."""
    return bool(moves) and moves[-1].kind is not Kind.LEFT


def on_the_way(moves: Sequence[Movement]) -> Movement | None:
    """Return the leaving of a student who is between two rooms, given all their movements of the day in order."""
    return moves[-1] if moves and moves[-1].kind is Kind.LEFT and moves[-1].to_room else None


def may_follow(before: Movement | None, one: Movement) -> bool:
    """Say whether a movement makes sense after the one before it, None for the first of the day."""
    same_visit = before is None or before.kind is Kind.LEFT or before.visit_id == one.visit_id
    return same_visit and one.kind in _MAY_FOLLOW[before.kind if before else None]


def check_sequence(moves: Sequence[Movement], where: ZoneInfo) -> None:
    """Raise `Refused` unless one student's movements of a day, over all rooms, make sense in order of happening."""
    before: Movement | None = None
    for one in in_order(moves):
        if not may_follow(before, one):
            raise Refused(
                f"At {wall(one.happened, where)} that would cross another movement: {_told(before, where)}.",
                "Check the time, or correct the other movement first.",
            )
        before = one


def _told(one: Movement | None, where: ZoneInfo) -> str:
    if one is None:
        return "the student had not come in yet"
    words = {Kind.IN: "came in", Kind.OUT: f"went out ({one.reason})", Kind.BACK: "came back", Kind.LEFT: "left"}
    return f"{words[one.kind]} at {wall(one.happened, where)}"


class Stay(NamedTuple):
    """A stretch between two movements: in the room, or out of it for a reason. `end` is None while it lasts."""

    start: datetime
    end: datetime | None
    out_for: str


def stays(moves: Sequence[Movement]) -> tuple[Stay, ...]:
    """Return the stretches that the movements of one visit make, in order."""
    made: list[Stay] = []
    for one in in_order(moves):
        if made and made[-1].end is None:
            made[-1] = made[-1]._replace(end=one.happened)
        if one.kind is not Kind.LEFT:
            made.append(Stay(one.happened, None, one.reason if one.kind is Kind.OUT else ""))
    return tuple(made)


def seconds_in(
    moves: Sequence[Movement], now: datetime, start: datetime | None = None, end: datetime | None = None
) -> float:
    """Return the seconds spent in the room between `start` and `end` (the whole visit unless given), up to `now`."""
    return sum(_overlap(stay, now, start, end) for stay in stays(moves) if not stay.out_for)


def seconds_present(moves: Sequence[Movement], now: datetime, start: datetime, end: datetime) -> float:
    """Return the seconds of a period that count towards serving it: in the room, or out for a reason that counts."""
    return sum(
        _overlap(stay, now, start, end)
        for stay in stays(moves)
        if not stay.out_for or OutReason(stay.out_for).counts_as_present
    )


def _overlap(stay: Stay, now: datetime, start: datetime | None, end: datetime | None) -> float:
    last = min(stay.end or now, end or now, now)
    first = max(stay.start, start or stay.start)
    return max(0.0, (last - first).total_seconds())


_SELECT = f"""
SELECT m.id, m.visit_id, v.room_id, m.kind, m.reason, m.happened, m.recorded, l.actor, coalesce(m.replaces, m.id),
    m.to_room_id, coalesce(told.who, '')
FROM visit v JOIN movement m ON m.visit_id = v.id JOIN ledger l ON l.seq = m.seq LEFT JOIN told ON told.seq = m.seq
WHERE {live("movement", "m")}
"""


def read_movement(row: tuple[int, int, int, str, str, str, str, str, int, int | None, str]) -> Movement:
    """Make a value of a row of the movement query."""
    identity, visit_id, room_id, kind, reason, happened, recorded, by, root, to_room, told = row
    return Movement(
        identity, visit_id, room_id, Kind(kind), reason, moment(happened), moment(recorded), by, root, to_room, told
    )


def movements_of(file: File, student_id: int, day: date) -> tuple[Movement, ...]:
    """Return a student's movements of a day that stand, over all rooms, in order."""
    found = file.rows(f"{_SELECT} AND v.student_id = ? AND v.day = ?", (student_id, day.isoformat()))
    return in_order([read_movement(row) for row in found])


def movements_since(file: File, student_id: int, first: date) -> tuple[Movement, ...]:
    """Return a student's movements from a day on that stand, over all rooms, in order."""
    found = file.rows(f"{_SELECT} AND v.student_id = ? AND v.day >= ?", (student_id, first.isoformat()))
    return in_order([read_movement(row) for row in found])


def moved_at(file: File, seq: int) -> datetime | None:
    """Return when the first movement happened that the act with ledger line `seq` added, None if it added none."""
    found = file.value("SELECT happened FROM movement WHERE seq = ? ORDER BY id LIMIT 1", (seq,))
    return moment(found) if found else None


def movements_on(file: File, day: date) -> tuple[Movement, ...]:
    """Return everybody's movements of a day that stand."""
    return tuple(read_movement(row) for row in file.rows(f"{_SELECT} AND v.day = ?", (day.isoformat(),)))


def happened(tx: Tx, at: datetime | None) -> datetime:
    """Return when an act of the door happened. Raises `Refused` for the future and for a day before today."""
    if at is None:
        return tx.now
    if at > tx.now:
        raise Refused(f"{wall(at, tx.file.zone)} has not come yet.", "Give the time it happened, or none for now.")
    if school_day(at, tx.file.zone) != tx.today:
        raise Refused("That was before today.", "A coordinator can close or correct an earlier day, with a reason.")
    return at


def visit_of(tx: Tx, visit_id: int) -> tuple[int, int, date]:
    """Return (student, room, day) of a visit, and reach the student."""
    found = tx.file.row("SELECT student_id, room_id, day FROM visit WHERE id = ?", (visit_id,))
    if found is None:
        raise NotUnderstood("There is no such visit.", "Look at the board again.")
    tx.reach(found[0])
    tx.reach_room(found[1])
    return found[0], found[1], date.fromisoformat(found[2])


def _move(
    tx: Tx,
    visit_id: int,
    kind: Kind,
    at: datetime | None,
    reason: str = "",
    *,
    note: str = "",
    to_room: int | None = None,
) -> int:
    """Add a movement to today's visit, if it fits behind all that stands."""
    student_id, room_id, day = visit_of(tx, visit_id)
    if day != tx.today:
        raise Refused("That visit is of an earlier day.", "It is listed for a coordinator to close.")
    when = happened(tx, at)
    before = movements_of(tx.file, student_id, day)
    if at is None and before and before[-1].happened > when:
        raise Refused(
            f"The last movement is at {wall(before[-1].happened, tx.file.zone)}, later than this machine's clock.",
            "Check the machine's time.",
        )
    new = Movement(0, visit_id, room_id, kind, reason, when, tx.now, tx.actor.code, 1 << 62)
    check_fits(tx, before, new)
    return tx.add(
        "movement", visit_id=visit_id, kind=kind.value, reason=reason, note=note, to_room_id=to_room, happened=when
    )


def check_fits(tx: Tx, before: Sequence[Movement], new: Movement) -> None:
    """Raise a sentence that fits the commonest slips before the general one."""
    last = before[-1] if before else None
    open_visit = last is not None and last.kind is not Kind.LEFT
    clock = wall(last.happened, tx.file.zone) if last else ""
    if last and new.happened >= last.happened:
        if new.kind is Kind.IN and open_visit:
            if last.kind is Kind.OUT:
                raise AlreadyIn(
                    f"Out of {room_by_id(tx.file, last.room_id).name} ({last.reason}) since {clock}.",
                    "Bring them back.",
                )
            raise AlreadyIn(
                f"Already in {room_by_id(tx.file, last.room_id).name}, since {clock}.", "Nothing was changed."
            )
        if new.kind is Kind.OUT and last.kind is Kind.OUT:
            raise Refused(f"Already out ({last.reason}) since {clock}.", "Bring them back first.")
        if new.kind is Kind.BACK and open_visit and last.kind is not Kind.OUT:
            raise Refused("They are not out: they are in the room.", "Nothing was changed.")
        if new.kind is not Kind.IN and not open_visit:
            raise Refused(f"They left at {clock}.", "Sign them in first.")
    if last is None and new.kind is not Kind.IN:
        raise Refused("They have not come in today.", "Sign them in first.")
    check_sequence([*before, new], tx.file.zone)


class AlreadyIn(Refused):
    """The student has an open visit, in this room or another."""

    code = "already_in"


@act("sign_in", resting=(*MOVES, "change_seat", "mark_check", "check_welfare"))
def sign_in(
    tx: Tx, student_id: int, room_id: int, *, at: datetime | None = None, seat: int | None = None, override: str = ""
) -> int:
    """Record that an expected student has come into the room, at `at` (now unless given); returns the visit's id.

    Raises `Refused` when the student is not placed there today, `AlreadyIn` when a visit is open in any room, and
    `NeedsReason` when the room is full or a kept-apart student is in it and `override` is empty.
    """
    tx.reach(student_id)
    if not expected_here(tx.file, student_id, room_id, tx.today):
        raise Refused("This student is not expected in that room today.", "Add them as a walk-in.")
    return enter(tx, student_id, room_id, at=at, seat=seat, override=override)


def expected_here(file: File, student_id: int, room_id: int, day: date) -> bool:
    """Say whether a student is placed in a room on a day, was sent over to it, or has been in it.

    The placement of a student who was sent over goes with them.
    """
    placed = file.value(
        "SELECT 1 FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
        f" WHERE p.student_id = ? AND p.room_id = ? AND pp.on_day = ?"
        f" AND {live('placement_period', 'pp')} AND {live('placement', 'p')}",
        (student_id, room_id, day.isoformat()),
    )
    moves = () if placed else movements_of(file, student_id, day)
    return bool(placed) or any(room_id in (one.room_id, one.to_room) for one in moves)


def enter(tx: Tx, student_id: int, room_id: int, *, at: datetime | None, seat: int | None, override: str) -> int:
    """Open or go on with the visit of today: the part that signing in and walking in share. Returns the visit's id."""
    tx.reach_room(room_id)
    day = tx.today
    when = happened(tx, at)
    before = movements_of(tx.file, student_id, day)
    visit_id = tx.file.value(
        "SELECT id FROM visit WHERE student_id = ? AND day = ? AND room_id = ?", (student_id, day.isoformat(), room_id)
    )
    new = Movement(0, visit_id or 0, room_id, Kind.IN, "", when, tx.now, tx.actor.code, 1 << 62)
    check_fits(tx, before, new)
    room = room_by_id(tx.file, room_id)
    taken = seats_taken(tx.file, room_id, day)
    why = clean(override)
    if not why:
        if len(taken) >= room.seats:
            raise NeedsReason(f"{room.name} is full: {room.seats} of {room.seats} seats.", "Give a reason to go over.")
        if names := kept_apart_in(tx.file, student_id, taken, day, tx.actor.barred):
            raise NeedsReason(f"To be kept apart from {names}, who is in the room.", "Give a reason to go on.")
    if visit_id is None:
        visit_id = tx.add("visit", student_id=student_id, room_id=room_id, happened=when, day=day)
    tx.add("movement", visit_id=visit_id, kind=Kind.IN.value, override=why, happened=when)
    chosen = seat_for(tx.file, visit_id, room.seats, taken, seat)
    if chosen:
        tx.add("seating", visit_id=visit_id, seat=chosen, happened=when)
    else:
        give_up_seats(tx, visit_id)
    return int(visit_id)


@act("go_out", resting=MOVES)
def go_out(tx: Tx, visit_id: int, reason: OutReason, *, at: datetime | None = None) -> int:
    """Record that the student has gone out and is expected back; returns the movement's id.

    Raises `NotUnderstood` for an evacuation, which takes everybody out by an act of its own.
    """
    if reason is OutReason.EVACUATION:
        raise NotUnderstood("An evacuation is for everybody.", "Start it from the roll.")
    return _move(tx, visit_id, Kind.OUT, at, OutReason(reason).value)


@act("come_back", resting=MOVES)
def come_back(tx: Tx, visit_id: int, *, at: datetime | None = None) -> int:
    """Record that the student is back in the room; returns the movement's id."""
    return _move(tx, visit_id, Kind.BACK, at)


_NEEDS_NAME = {
    Destination.HOME_SUSPENDED: ("Only the head may suspend.", "Say who decided it."),
    Destination.HOME_ILL: ("Somebody decides that a student is too ill to stay.", "Say who."),
    Destination.NAMED_ADULT: ("A named adult has a name.", "Say to whom they go."),
}
"""Ways to leave that need a name: who decided, or whom they go to. Source: the domain notes, Leaves to."""


@act("sign_out", resting=MOVES, afterwards=no_seat_twice)
def sign_out(
    tx: Tx,
    visit_id: int,
    to: Destination,
    *,
    at: datetime | None = None,
    note: str = "",
    to_room: int | None = None,
) -> int:
    """Record that the student has left for `to`; returns the movement's id.

    `note` names the adult they go to, or who decided that they go home; a suspension needs one, and is opened by this
    act. `to_room` is the other room: the only other one there is, unless given. Raises `NotUnderstood` when it is
    needed and missing, `NeedsReason` for a suspension without the head's name.
    """
    where = Destination(to)
    if where is Destination.OTHER_ROOM:
        to_room = other_room(tx, visit_id, to_room)
    elif to_room is not None:
        raise NotUnderstood("Only another room has a room to go to.", "Leave the room out.")
    said = clean(note)
    if not said and where in _NEEDS_NAME:
        raise NeedsReason(*_NEEDS_NAME[where])
    left = _move(tx, visit_id, Kind.LEFT, at, where.value, note=said, to_room=to_room)
    if where is Destination.HOME_SUSPENDED:
        student_id, _, _ = visit_of(tx, visit_id)
        tx.add("suspension", student_id=student_id, visit_id=visit_id, decided_by=said, happened=at)
    return left


def other_room(tx: Tx, visit_id: int, to_room: int | None) -> int:
    """Return the other room a student goes to: the only one there is, unless given. Raises `NotUnderstood`."""
    _, here, _ = visit_of(tx, visit_id)
    others = [room for room in rooms(tx.file) if room.id != here]
    if to_room is None and len(others) == 1:
        return others[0].id
    if to_room not in {room.id for room in others}:
        names = ", ".join(room.code for room in others) or "none"
        raise NotUnderstood("Say which room they go to.", f"The others are: {names}.")
    return int(to_room)
