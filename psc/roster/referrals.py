"""Referrals: somebody asks for a student to be placed; somebody else approves, changes or declines it.

A removal and a time out never wait: they are made at the door and confirmed the same day (`roster/confirmations.py`).
Source: the domain notes, section Referral.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import moment, wall
from psc.desk.facts import live
from psc.desk.people import everyone, short_name
from psc.errors import NotUnderstood, Refused
from psc.roster.placements import Line, PlacementType, placed_periods
from psc.roster.reasons import LONGEST_REASON
from psc.roster.slots import slot_words
from psc.roster.typed_booking import read_wanted
from psc.school.rooms import Room, room_by_id, rooms
from psc.school.shapes import Bells
from psc.school.students import student_by_id
from psc.text import check_length, clean, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psc.database.file import File
    from psc.roster.typed_booking import Wanted

_LINE = 300
LONGEST: Mapping[str, int] = {
    "reason": LONGEST_REASON,
    "asked": 120,
    "facts": 4_000,
    "tried": _LINE,
    "others": _LINE,
    "adjustment": _LINE,
    "place": 60,
    "period": 20,
    "subject": 60,
    "teacher": 60,
    "why": _LINE,
}
"""The longest that each field may be, in characters."""
_CALLED = {
    "asked": "time asked for",
    "facts": "account of what happened",
    "tried": "line on what was tried",
    "others": "line on who else was involved",
    "why": "reason",
}
"""How a sentence calls a field where that is not its name."""


class Outcome(StrEnum):
    """What became of the asking."""

    APPROVED = "approved"
    CHANGED = "changed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """How far a referral has come: derived, never stored."""

    REQUESTED = "requested"
    APPROVED = "approved"
    CHANGED = "approved with changes"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting for a seat"
    BOOKED = "booked"
    SERVED = "served"
    PART_SERVED = "part served"
    NOT_COMPLETED = "not completed"
    ATTENDED = "attended"
    DID_NOT_COME = "did not come"
    CANCELLED = "cancelled"


class Decision(NamedTuple):
    """What was decided of a referral. Type, reason, room and time are those approved, changed or not."""

    outcome: Outcome
    why: str
    type: PlacementType
    reason: str
    room_id: int | None
    asked: str
    by: str
    name: str
    at: datetime
    day: date


class Referral(NamedTuple):
    """What somebody asked for, and what became of it.

    `by` is the staff code of who raised it, `name` who that is, `told` who had told them, "" for nobody. `teacher` is a
    staff code where the staff list has one, else as it was typed. `asked` is when and how long, as it is to be
    read on `day`. `room_id` is None where no room was asked for.
    """

    id: int
    student_id: int
    at: datetime
    day: date
    by: str
    name: str
    told: str
    type: PlacementType
    reason: str
    room_id: int | None
    asked: str
    facts: str
    tried: str
    others: str
    adjustment: str
    place: str
    period: str
    subject: str
    teacher: str
    decision: Decision | None = None
    placements: tuple[int, ...] = ()
    """The placements booked for it that stand and have a period left."""
    waiting_id: int | None = None
    """Its line of the waiting list, while it waits."""
    ended: bool = False
    """Whether it was booked, or waited, and neither stands any more."""

    @property
    def stage(self) -> State:
        """How far it has come, as far as that needs no look at what happened in the room: see `overview/referrals`."""
        decision = self.decision
        if decision is None:
            return State.REQUESTED
        if decision.outcome in (Outcome.DECLINED, Outcome.WITHDRAWN):
            return State(decision.outcome.value)
        if self.placements:
            return State.BOOKED
        if self.waiting_id is not None:
            return State.WAITING
        if self.ended:
            return State.CANCELLED
        return State.CHANGED if decision.outcome is Outcome.CHANGED else State.APPROVED

    @property
    def stands_as(self) -> tuple[PlacementType, str, int | None, str, date]:
        """Type, reason, room and time as they stand now, and the day on which that time was typed."""
        one = self.decision
        if one is None or one.outcome in (Outcome.DECLINED, Outcome.WITHDRAWN):
            return self.type, self.reason, self.room_id, self.asked, self.day
        return one.type, one.reason, one.room_id, one.asked, self.day if one.asked == self.asked else one.day

    @property
    def who(self) -> str:
        """Who raised it, for a sentence: `J. Smith (AS1)`, with who told them."""
        who = f"{self.name} ({self.by})" if self.name else self.by
        return f"{who}, told by {self.told}" if self.told else who


# Rules


def checked(field: str, text: str) -> str:
    """Return a field's text as psc keeps it. Raises `NotUnderstood` for one that is too long: nothing is cut off."""
    return check_length(text, _CALLED.get(field, field), LONGEST[field], lines=field == "facts")


def room_for(known: Sequence[Room], type: PlacementType) -> Room | None:
    """Return the room that a type of placement usually goes to: sanctions the IER, support the PSC; None for others."""
    kind = {Line.SANCTION: "IER", Line.SUPPORT: "PSC"}.get(type.line)
    return next((one for one in known if one.kind == kind), None) or (known[0] if len(known) == 1 else None)


def teacher_known(file: File, typed: str) -> str | None:
    """Return the code of the member of staff whom a code or a name stands for, None where there is none."""
    wanted = fold(typed)
    for one in everyone(file) if wanted else ():
        names = (one.code, one.short, f"{one.forename} {one.surname}", f"{one.title} {one.surname}")
        if wanted in {fold(name) for name in names}:
            return one.code
    return None


def teacher_note(file: File, typed: str) -> str:
    """Say that a teacher is not on the staff list, "" where they are: the name is kept as it was typed all the same."""
    words = clean(typed)
    if not words or teacher_known(file, words) is not None:
        return ""
    return f"No one on the staff list is called “{words}”: kept as typed."


def days_asked(wanted: Wanted) -> int:
    """Return over how many school days it goes."""
    return len({day for day, _ in wanted.slots})


# Reads

_SELECT = f"""
SELECT ref.id, ref.student_id, ref.happened, ref.day, l.actor, coalesce(s.forename, ''), coalesce(s.surname, ''),
    coalesce(told.who, ''), ref.type, ref.reason, ref.room_id, ref.asked, ref.facts, ref.tried, ref.others,
    ref.adjustment, ref.place, ref.period, ref.subject, ref.teacher,
    d.outcome, d.why, d.type, d.reason, d.room_id, d.asked, dl.actor, coalesce(ds.forename, ''),
    coalesce(ds.surname, ''), d.happened, d.day
FROM referral ref
JOIN ledger l ON l.seq = ref.seq
LEFT JOIN staff s ON s.code = l.actor
LEFT JOIN told ON told.seq = ref.seq
LEFT JOIN referral_decision d ON d.referral_id = ref.id AND {live("referral_decision", "d")}
LEFT JOIN ledger dl ON dl.seq = d.seq
LEFT JOIN staff ds ON ds.code = dl.actor
WHERE {live("referral", "ref")}
"""

UNDECIDED = (
    "NOT EXISTS (SELECT 1 FROM referral_decision d WHERE d.referral_id = ref.id"
    f" AND {live('referral_decision', 'd')}) AND {live('referral', 'ref')}"
)
"""SQL: a `referral ref` that stands and is not decided."""


def referral_by_id(file: File, referral_id: int) -> Referral:
    """Return a referral. Raises `NotUnderstood` for one that is not there, or was taken back."""
    found = referrals(file, "ref.id = :id", {"id": referral_id})
    if not found:
        raise no_such(referral_id)
    return found[0]


def no_such(referral_id: int) -> NotUnderstood:
    """Return the error for a referral that never was."""
    return NotUnderstood(f"There is no referral {referral_id}.", "Look at the list: Q, or psc approve.")


def referrals(file: File, condition: str = "1", params: Mapping[str, object] | None = None) -> tuple[Referral, ...]:
    """Return the referrals that stand and fit a condition on `referral ref`, oldest first."""
    found = file.rows(f"{_SELECT} AND {condition} ORDER BY ref.happened, ref.id", dict(params or {}))
    if not found:
        return ()
    made = {row[0]: _made(row) for row in found}
    marks = ", ".join("?" * len(made))
    # A seat that was waited for may be booked without naming the referral.
    placed = file.rows(
        "SELECT b.referral, p.id,"
        f" {live('placement', 'p')} AND EXISTS (SELECT 1 FROM placement_period pp WHERE pp.placement_id = p.id"
        f" AND {live('placement_period', 'pp')})"
        f" FROM (SELECT referral_id AS referral, id AS placement FROM placement WHERE referral_id IN ({marks})"
        " UNION SELECT w.referral_id, e.placement_id FROM waiting w JOIN waiting_end e ON e.waiting_id = w.id"
        f" AND {live('waiting_end', 'e')} WHERE w.referral_id IN ({marks}) AND {live('waiting', 'w')}) b"
        " JOIN placement p ON p.id = b.placement ORDER BY p.id",
        [*made, *made],
    )
    waited = file.rows(
        f"SELECT w.referral_id, w.id, e.id IS NULL FROM waiting w LEFT JOIN waiting_end e ON e.waiting_id = w.id"
        f" AND {live('waiting_end', 'e')} WHERE w.referral_id IN ({marks}) AND {live('waiting', 'w')} ORDER BY w.id",
        list(made),
    )
    for referral_id, placement_id, stands in placed:
        one = made[referral_id]
        made[referral_id] = one._replace(
            placements=(*one.placements, placement_id) if stands else one.placements, ended=True
        )
    for referral_id, waiting_id, stands in waited:
        one = made[referral_id]
        made[referral_id] = one._replace(waiting_id=waiting_id if stands else one.waiting_id, ended=True)
    return tuple(made.values())


def _made(row: Sequence[Any]) -> Referral:
    """Make a referral of a row of the query."""
    one, student, at, day, by, forename, surname, told, kind, reason, room, asked, *said = row[:20]
    facts, tried, others, adjustment, place, period, subject, teacher = said
    outcome, why, new_kind, new_reason, new_room, new_asked, decider, first, last, decided, decided_on = row[20:]
    decision = None
    if outcome is not None:
        name, on = short_name(first, last), date.fromisoformat(decided_on)
        type, result = PlacementType(new_kind), Outcome(outcome)
        decision = Decision(result, why, type, new_reason, new_room, new_asked, decider, name, moment(decided), on)
    return Referral(
        one, student, moment(at), date.fromisoformat(day), by, short_name(forename, surname), told, PlacementType(kind),
        reason, room, asked, facts, tried, others, adjustment, place, period, subject, teacher, decision,
    )  # fmt: skip


def wanted_of(file: File, one: Referral) -> Wanted:
    """Return the periods that a referral is for, read as they were meant on the day they were typed.

    Raises `NotUnderstood` and `Refused` where the calendar has changed so that they cannot be read any more.
    """
    *_, asked, typed_on = one.stands_as
    year = student_by_id(file, one.student_id, typed_on).year
    return read_wanted(file, asked, year=year, today=typed_on)


def wanted_words(file: File, one: Referral) -> str:
    """Return when a referral is for, in words, and once it is booked for when that is.

    As it was typed where it cannot be read any more.
    """
    if one.placements:
        bells = Bells(file, student_by_id(file, one.student_id, one.day).year)
        placed = [(each.day, each.period) for placement in one.placements for each in placed_periods(file, placement)]
        return slot_words(bells, placed)
    try:
        return wanted_of(file, one).words
    except (NotUnderstood, Refused):
        return one.stands_as[3]


def decided_words(file: File, one: Referral) -> str:
    """Say who decided a referral, what and when: `M. Adebayo (CO1) declined it on Mon 23 Nov at 11:50: …`."""
    done = one.decision
    if done is None:
        return "It is not decided yet."
    verb = {Outcome.CHANGED: "approved it with changes", Outcome.WITHDRAWN: "withdrew it"}
    who = f"{done.name} ({done.by})" if done.name else done.by
    words = f"{who} {verb.get(done.outcome, f'{done.outcome} it')}"
    return f"{words} on {done.day:%a} {done.day.day} {done.day:%b} at {wall(done.at, file.zone)}" + (
        f": {done.why.rstrip('.')}." if done.why else "."
    )


def room_of(file: File, one: Referral) -> Room | None:
    """Return the room that a referral is for, or the usual one for its type; None where neither is known."""
    type_, _, room_id, *_ = one.stands_as
    return room_by_id(file, room_id) if room_id is not None else room_for(rooms(file), type_)
