"""A booking changed after it was made: moved, cut short, made longer, cancelled; periods that were not served, carried.

What has begun is never taken back: only periods still to come fall away or go elsewhere, and what was checked stays.
Work belongs to a student, a day and a period (`psc/work`): what came for a period that moves goes along to a new one of
the same class or subject, and the rest is spare.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.desk.acts import Tx, act
from psc.desk.changes import keep_change, who_wrote
from psc.desk.facts import live
from psc.errors import NeedsReason, NotUnderstood, Refused
from psc.roster.concerns import concerns, seats_kept
from psc.roster.placement_types import PlacementType
from psc.roster.placements import carry_period, check_concerns, check_not_there, placed_periods
from psc.roster.slots import Slot, check_slots, slot_words
from psc.school.rooms import Room, room_by_id
from psc.school.shapes import Bells
from psc.school.students import Student, student_by_id
from psc.text import check_length, clean
from psc.work.sets import WorkSet, sets_between, spare_work

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psc.roster.placements import PlacedPeriod

_BUILT_ON = (
    *("book", "move_booking", "shorten_booking", "extend_booking", "cancel_booking", "carry_period", "carry_periods"),
    *("decide_referral", "book_programme", "change_programme", "step_programme"),
    *("sign_in", "walk_in", "mark_absence", "waive_period", "mark_check"),
)
"""Acts that stand in the way of undoing a change of a booking."""


class _Case(NamedTuple):
    """A booking about to be changed."""

    placement_id: int
    student: Student
    room: Room
    type: PlacementType
    periods: tuple[PlacedPeriod, ...]
    bells: Bells

    @property
    def about(self) -> str:
        """The name under which the ledger keeps its changes."""
        return f"placement:{self.placement_id}"

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Its slots, in order."""
        return self.bells.in_order((one.day, one.period) for one in self.periods)

    def begun(self, slot: Slot, now: datetime) -> bool:
        """Say whether a slot has begun; one that its day does not have any more begins with the day."""
        period = self.bells.period(*slot)
        if period is not None:
            return period.start <= now
        known = self.bells.periods(slot[0])
        return bool(known) and known[-1].end <= now

    def words(self, slots: Iterable[Slot]) -> str:
        """Say slots in words."""
        return slot_words(self.bells, slots)


def _case(tx: Tx, placement_id: int, seen: Iterable[Slot] | None = None) -> _Case:
    """Return a booking that stands, and reach its student.

    Raises `Refused` for one that was cancelled, or is not as it was `seen`: it says by whom, and when.
    """
    row = tx.file.row(
        f"SELECT student_id, room_id, type, {live('placement', 'p')} FROM placement p WHERE id = ?", (placement_id,)
    )
    if row is None:
        raise NotUnderstood("There is no such booking.", "Look at the week again.")
    student_id, room_id, type, stands = row
    tx.reach(student_id)
    if not stands:
        raise Refused(f"That booking does not stand any more: {_changed(tx, placement_id)}.", "Look at the week again.")
    student = student_by_id(tx.file, student_id, tx.today)
    case = _Case(
        placement_id,
        student,
        room_by_id(tx.file, room_id),
        PlacementType(type),
        placed_periods(tx.file, placement_id),
        Bells(tx.file, student.year),
    )
    if seen is not None and set(seen) != set(case.slots):
        raise Refused(f"Changed meanwhile: {_changed(tx, placement_id)}.", "Look at the week again; nothing was saved.")
    return case


def _changed(tx: Tx, placement_id: int) -> str:
    """Return who changed a booking last, and when: `M. Adebayo 10:42`."""
    seq = tx.file.value(
        "WITH changed (seq) AS (SELECT seq FROM placement_period WHERE placement_id = :id"
        " UNION SELECT r.seq FROM placement_period pp JOIN retraction r ON r.fact = 'placement_period'"
        " AND r.fact_id = pp.id WHERE pp.placement_id = :id UNION SELECT seq FROM retraction WHERE fact = 'placement'"
        " AND fact_id = :id) SELECT max(seq) FROM changed",
        {"id": placement_id},
    )
    return who_wrote(tx.file, int(seq or 0), tx.today)


def _reason(why: str, what: str) -> str:
    """Return the reason of a change. Raises `NeedsReason` without one."""
    words = check_length(why, "reason")
    if not words:
        raise NeedsReason(f"{what} needs a reason.", "Type why.")
    return words


@act("move_booking", resting=_BUILT_ON, afterwards=seats_kept)
def move_booking(
    tx: Tx,
    placement_id: int,
    slots: Sequence[Slot],
    why: str,
    *,
    room_id: int | None = None,
    override: str = "",
    seen: Sequence[Slot] | None = None,
) -> int:
    """Give the periods of a booking that have not begun other slots, another room, or both; returns its id after that.

    `slots` is when they are to be; what has begun stays where it is, whether it is among them or not. `seen` are the
    slots that stood there when the move was planned. Raises `NeedsReason` without `why`, and for `concerns` while
    `override` is empty; `Refused` when somebody changed it since, when nothing is left to move, for a slot that has
    begun and one where the student is placed in that room, and for a move that changes nothing.
    """
    case = _case(tx, placement_id, seen)
    words = _reason(why, "Moving a booking")
    begun = [one for one in case.periods if case.begun((one.day, one.period), tx.now)]
    ahead = [one for one in case.periods if one not in begun]
    if not ahead:
        raise Refused("All of it has begun: nothing is left to move.", "Book what is to come anew.")
    stay = {(one.day, one.period) for one in begun}
    wanted = [slot for slot in slots if slot not in stay]
    _check_ahead(tx, case, wanted or slots)
    room = case.room if room_id is None else room_by_id(tx.file, room_id)
    were = [(one.day, one.period) for one in ahead]
    if room.id == case.room.id and set(wanted) == set(were):
        raise Refused("It is so already.", "Nothing was changed.")
    # Periods that have begun in another room stay this student's there: they count as anybody's other placement.
    check_not_there(tx.file, case.student, room, wanted, tx.today, besides=placement_id)
    _judge(tx, case, room, wanted, override, besides=placement_id, stays=tuple(stay))
    becomes = placement_id
    if room.id != case.room.id:
        becomes = _other_room(tx, case, room, words, override, begun=bool(begun))
        if becomes != placement_id and not begun:  # the periods went along with their placement
            ahead = list(placed_periods(tx.file, becomes))
    _lay(tx, becomes, ahead, wanted, words)
    _take_work_along(tx, case, were, wanted)
    keep_change(
        tx,
        f"placement:{becomes}",
        {"slots": case.words(case.slots), "room": case.room.code},
        {"slots": case.words([*stay, *wanted]), "room": room.code, "why": words, "override": clean(override)},
    )
    return becomes


def _other_room(tx: Tx, case: _Case, room: Room, why: str, override: str, *, begun: bool) -> int:
    """Return the placement that has the periods to come in another room.

    Where none has begun it is the same one; else a new one beside it, of the same type, reason and referral.
    """
    if not begun:
        changes: dict[str, Any] = {"override": clean(override)} if clean(override) else {}
        return tx.amend("placement", case.placement_id, why, room_id=room.id, **changes)
    row = tx.file.row("SELECT type, reason, referral_id FROM placement WHERE id = ?", (case.placement_id,))
    type, reason, referral = row or (case.type.value, "", None)
    return tx.add(
        "placement",
        student_id=case.student.id,
        room_id=room.id,
        type=type,
        reason=reason,
        planned=1,
        override=clean(override),
        referral_id=referral,
    )


def _lay(tx: Tx, placement_id: int, ahead: Sequence[PlacedPeriod], wanted: Sequence[Slot], why: str) -> None:
    """Lay the periods to come on the slots wanted: those that are there stay, others move, then add or fall away.

    A period that moves keeps what it was carried from.
    """
    there = {(one.day, one.period): one for one in ahead if one.placement_id == placement_id}
    new = [slot for slot in wanted if slot not in there]
    loose = [one for one in ahead if (one.day, one.period) not in wanted or one.placement_id != placement_id]
    for one, (day, period) in zip(loose, new, strict=False):
        tx.amend("placement_period", one.id, why, placement_id=placement_id, on_day=day.isoformat(), period=period)
    for day, period in new[len(loose) :]:
        tx.add("placement_period", placement_id=placement_id, on_day=day.isoformat(), period=period)
    for one in loose[len(new) :]:
        tx.retract_whole("placement_period", one.id, why)


@act("shorten_booking", resting=_BUILT_ON, afterwards=seats_kept)
def shorten_booking(tx: Tx, placement_id: int, last_slot: Slot, why: str, *, seen: Sequence[Slot] | None = None) -> int:
    """Let a booking end with a slot: what comes after it falls away; returns how many periods that are.

    Raises `NeedsReason` without `why`; `Refused` when a period after it has begun, when none would be left, and when
    none comes after it.
    """
    case = _case(tx, placement_id, seen)
    words = _reason(why, "Cutting a booking short")
    order = case.bells.in_order([*case.slots, last_slot])
    late = set(order[order.index(last_slot) + 1 :])
    if not late:
        raise Refused("It ends then already.", "Nothing was changed.")
    if len(late) == len(case.periods):
        raise Refused("Nothing of it would be left.", "Cancel it instead.")
    return _drop(tx, case, late, words)


@act("extend_booking", resting=_BUILT_ON)
def extend_booking(
    tx: Tx,
    placement_id: int,
    slots: Sequence[Slot],
    why: str,
    *,
    override: str = "",
    seen: Sequence[Slot] | None = None,
) -> int:
    """Give a booking more slots; returns how many. Raises as `move_booking` does, for the new slots."""
    case = _case(tx, placement_id, seen)
    words = _reason(why, "Making a booking longer")
    _check_ahead(tx, case, slots)
    check_not_there(tx.file, case.student, case.room, slots, tx.today)
    _judge(tx, case, case.room, slots, override)
    for day, period in slots:
        tx.add("placement_period", placement_id=placement_id, on_day=day.isoformat(), period=period)
    after = {"slots": case.words([*case.slots, *slots]), "why": words, "override": clean(override)}
    keep_change(tx, case.about, {"slots": case.words(case.slots)}, after)
    return len(slots)


@act("cancel_booking", resting=_BUILT_ON, afterwards=seats_kept)
def cancel_booking(tx: Tx, placement_id: int, why: str, *, seen: Sequence[Slot] | None = None) -> int:
    """Take back all periods of a booking that have not begun; returns how many. Of one not begun nothing is left.

    Raises `NeedsReason` without `why`, `Refused` when all of it has begun.
    """
    case = _case(tx, placement_id, seen)
    words = _reason(why, "Cancelling a booking")
    ahead = {slot for slot in case.slots if not case.begun(slot, tx.now)}
    if not ahead:
        raise Refused(f"{_name(case.slots[-1], tx)} has begun: nothing is left to cancel.", "Nothing was changed.")
    if len(ahead) < len(case.periods):
        return _drop(tx, case, ahead, words)
    tx.retract_whole("placement", placement_id, words)
    keep_change(tx, case.about, {"slots": case.words(case.slots)}, {"slots": "", "why": words})
    return len(ahead)


@act("carry_periods", resting=_BUILT_ON)
def carry_periods(tx: Tx, placed_ids: Sequence[int], slots: Sequence[Slot], *, override: str = "") -> int:
    """Carry unserved periods of a student to as many slots, the first to the first, in one act; returns how many.

    Raises `NotUnderstood` when there are more periods than slots, and whatever `carry_period` does.
    """
    if not placed_ids:
        raise NotUnderstood("No period is chosen.", "Choose those that are to be carried.")
    if len(set(placed_ids)) < len(placed_ids) or len(set(slots)) < len(slots):
        raise Refused("A period is named twice.", "Give each period once.")
    if len(slots) < len(placed_ids):
        raise NotUnderstood(
            f"{len(placed_ids)} periods are to be carried, and {len(slots)} are given.", "Give as many as are owed."
        )
    for placed_id, (day, period) in zip(placed_ids, sorted(slots), strict=False):
        carry_period.run(tx, placed_id, day, period, override=override)
    return len(placed_ids)


def _name(slot: Slot, tx: Tx) -> str:
    """Return a slot as a refusal says it: `P3`, and with its day where that is not today."""
    return slot[1] if slot[0] == tx.today else f"{slot[0]:%a} {slot[0].day} {slot[0]:%b} {slot[1]}"


def _check_ahead(tx: Tx, case: _Case, slots: Sequence[Slot]) -> None:
    """Raise what `check_slots` does, and `Refused` for a slot that has begun."""
    check_slots(tx.file, case.bells, slots)
    if begun := next((slot for slot in case.bells.in_order(slots) if case.begun(slot, tx.now)), None):
        raise Refused(f"{_name(begun, tx)} has begun.", "Choose periods to come.")


def _judge(
    tx: Tx,
    case: _Case,
    room: Room,
    slots: Sequence[Slot],
    override: str,
    *,
    besides: int | None = None,
    stays: Sequence[Slot] = (),
) -> None:
    """Raise `NeedsReason` for what needs one, while there is none."""
    check_length(override, "reason")
    if clean(override):
        return
    found = concerns(
        tx.file, case.student.id, room.id, case.type, slots, today=tx.today, barred=tx.actor.barred, besides=besides,
        stays=stays,
    )  # fmt: skip
    check_concerns(case.bells, found, tx.today)


def _drop(tx: Tx, case: _Case, slots: set[Slot], why: str) -> int:
    """Take periods back, which must not have begun; returns how many."""
    if begun := next((slot for slot in case.slots if slot in slots and case.begun(slot, tx.now)), None):
        raise Refused(f"{_name(begun, tx)} has begun.", "What has begun stays; choose a later end.")
    for one in case.periods:
        if (one.day, one.period) in slots:
            tx.retract_whole("placement_period", one.id, why)
    left = [slot for slot in case.slots if slot not in slots]
    keep_change(tx, case.about, {"slots": case.words(case.slots)}, {"slots": case.words(left), "why": why})
    return len(slots)


def _take_work_along(tx: Tx, case: _Case, were: Sequence[Slot], now: Sequence[Slot]) -> None:
    """Give work that came for periods that moved to new ones: of the same class, else of the same subject.

    What fits nowhere stays where it came, and is spare.
    """
    gone = set(were) - set(now)
    spare = [one for one in spare_work(tx.file, case.student.id) if (one.day, one.period) in gone]
    new = [slot for slot in now if slot not in were]
    if not spare or not new:
        return
    days = [day for day, _ in new]
    free = {
        (one.day, one.period): one
        for one in sets_between(tx.file, min(days), max(days), [case.student.id])
        if (one.day, one.period) in new and not one.state.has_work
    }
    for one in sorted(spare, key=lambda each: (each.day, each.period)):
        fits = next((slot for slot, there in free.items() if _same_class(there, one.arrival.class_code)), None)
        fits = fits or next((slot for slot, there in free.items() if _same_subject(there, one.arrival.subject)), None)
        if fits is not None:
            del free[fits]
            tx.amend("work_arrival", one.arrival.id, "its period moved", on_day=fits[0].isoformat(), period=fits[1])


def _same_class(there: WorkSet, code: str) -> bool:
    return there.lesson is not None and bool(code) and there.lesson.class_code == code


def _same_subject(there: WorkSet, subject: str) -> bool:
    return there.lesson is not None and bool(subject) and there.lesson.subject.casefold() == subject.casefold()
