"""Corrections: the first fact stays in the file, taken back with a why; another stands in its place.

Today an assistant may; before today a coordinator or the behaviour lead. Nothing is ever erased.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from psc.clock import moment, school_day, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.roster.checks import WORDS
from psc.roster.movements import (
    MOVES,
    Destination,
    Kind,
    Movement,
    OutReason,
    check_sequence,
    in_order,
    movements_of,
    other_room,
)
from psc.roster.seats import no_seat_twice
from psc.school.rooms import room_by_id
from psc.school.students import student_by_id
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def _may(tx: Tx, day: date, why: str) -> None:
    """Raise unless the actor may correct something of `day` and has said why."""
    if not clean(why):
        raise NeedsReason("A correction needs a reason.", "Type why, in a word or two.")
    if day != tx.today and not tx.may_also("correct_before"):
        raise NotAllowed("A correction of an earlier day is a coordinator's.", "Ask a coordinator.")


def _time_of(tx: Tx, at: datetime, day: date) -> datetime:
    """Return the corrected time if it can be one."""
    if at > tx.now:
        raise Refused(f"{wall(at, tx.file.zone)} has not come yet.", "Give the time it happened.")
    if school_day(at, tx.file.zone) != day:
        raise Refused("A correction stays on the day it is about.", "Give a time of that day.")
    return at


def _found(tx: Tx, movement_id: int, why: str) -> tuple[int, date, tuple[Movement, ...], Movement]:
    """Return (student, day, the student's movements of it, the movement), reach the student, check the right."""
    found = tx.file.row(
        "SELECT v.student_id, v.day FROM movement m JOIN visit v ON v.id = m.visit_id"
        f" WHERE m.id = ? AND {live('movement', 'm')}",
        (movement_id,),
    )
    if found is None:
        raise Refused("That movement has been corrected or undone already.", "Look at the board again.")
    student_id, day = found[0], date.fromisoformat(found[1])
    tx.reach(student_id)
    _may(tx, day, why)
    moves = movements_of(tx.file, student_id, day)
    return student_id, day, moves, next(one for one in moves if one.id == movement_id)


@act("correct_movement", resting=MOVES)
def correct_movement(
    tx: Tx,
    movement_id: int,
    why: str,
    *,
    at: datetime | None = None,
    reason: str | None = None,
    to_room: int | None = None,
) -> int:
    """Correct the time or the reason of a movement: it is retracted and a new one stands in its place.

    Returns the new movement's id. A movement of an earlier day needs the permission `correct_before`. Raises `Refused`
    when the new time lies in the future, on another day, or across another movement.
    """
    if at is None and reason is None:
        raise NotUnderstood("There is nothing to correct.", "Give the right time, or the right reason.")
    student_id, day, moves, old = _found(tx, movement_id, why)
    when = old.happened if at is None else _time_of(tx, at, day)
    new_reason = old.reason if reason is None else _reason_for(old, reason)
    check_sequence(
        [one._replace(happened=when, reason=new_reason) if one is old else one for one in moves], tx.file.zone
    )
    where = None
    if new_reason == Destination.OTHER_ROOM:
        where = other_room(tx, old.visit_id, to_room or old.to_room)
    came = any(one.room_id == old.to_room for one in moves[moves.index(old) :])
    if old.to_room and where != old.to_room and came and not _placed_in(tx, student_id, old.to_room, day):
        there = room_by_id(tx.file, old.to_room).code
        raise Refused(f"They came into {there} after it.", "Take that out first, or correct only the time.")
    if old.reason == Destination.HOME_SUSPENDED and (new_reason != old.reason or when != old.happened):
        _correct_suspension(tx, old, why, when if new_reason == old.reason else None)
    return tx.amend("movement", movement_id, why, happened=when, reason=new_reason, to_room_id=where, replaces=old.root)


def _reason_for(old: Movement, reason: str) -> str:
    """Return `reason` if a movement of that kind can have it. Raises `NotUnderstood`."""
    allowed: tuple[str, ...] = ()
    if old.kind is Kind.OUT:
        allowed = tuple(one for one in OutReason if one is not OutReason.EVACUATION or one == old.reason)
    elif old.kind is Kind.LEFT:
        allowed = tuple(one for one in Destination if one is not Destination.HOME_SUSPENDED or one == old.reason)
        if reason == Destination.HOME_SUSPENDED:
            raise Refused(
                "A suspension is not entered as a correction.", "Take the leaving back and sign them out again."
            )
    if reason not in allowed:
        raise NotUnderstood(f"“{reason}” does not fit here.", f"It can be: {', '.join(allowed) or 'only a time'}.")
    return reason


def _correct_suspension(tx: Tx, old: Movement, why: str, when: datetime | None) -> None:
    """Let the suspension that a leaving opened follow it: to another time, or (without `when`) away."""
    for (identity,) in tx.file.rows(
        f"SELECT id FROM suspension s WHERE visit_id = ? AND {live('suspension', 's')}", (old.visit_id,)
    ):
        if when is None:
            tx.retract("suspension", identity, why)
        else:
            tx.amend("suspension", identity, why, happened=when)


@act("remove_movement", resting=MOVES, afterwards=no_seat_twice)
def remove_movement(tx: Tx, movement_id: int, why: str) -> int:
    """Take a movement back that did not happen; an out and its back go together. Returns how many were taken back.

    Raises `Refused` when what is left makes no sense: a signing in with more behind it, say.
    """
    _, _, moves, old = _found(tx, movement_id, why)
    gone = {old.id} | _twin(moves, old)
    left = [one for one in moves if one.id not in gone]
    if old.kind is Kind.IN and any(one.visit_id == old.visit_id for one in left[moves.index(old) :]):
        raise Refused(
            "More is recorded after that signing in.", "Take that out first, or give all of it to the right student."
        )
    check_sequence(left, tx.file.zone)
    for identity in gone:
        tx.retract("movement", identity, why)
    if old.reason == Destination.HOME_SUSPENDED:
        _correct_suspension(tx, old, why, None)
    no_seat_twice(tx)
    return len(gone)


def _twin(moves: Sequence[Movement], old: Movement) -> set[int]:
    """Return the back that belongs to an out, or the out that belongs to a back."""
    place = moves.index(old)
    if old.kind is Kind.OUT and place + 1 < len(moves) and moves[place + 1].kind is Kind.BACK:
        return {moves[place + 1].id}
    if old.kind is Kind.BACK:
        return {moves[place - 1].id}
    return set()


@act(
    "correct_student",
    resting=(
        *(*MOVES, "change_seat", "mark_check", "check_welfare", "hold_item", "end_holding", "choose_lunch"),
        *("mark_lunch", "mark_absence", "carry_period", "waive_period", "settle_removal", "correct_fact"),
        "remove_fact",
    ),
)
def correct_student(tx: Tx, visit_id: int, student_id: int, why: str) -> int:
    """Give a visit to the student it was: everything recorded of it today goes over. Returns that student's visit.

    Its movements, seat, welfare checks and period checks go over, with the day's things held and lunch unless these
    are of another visit of the day. A walk-in's placement goes along, and so do visits to rooms they were sent over to.
    Raises `Refused` when the right student is not expected in that room, or where it would cross their own movements.
    """
    found = tx.file.row("SELECT student_id, room_id, day FROM visit WHERE id = ?", (visit_id,))
    if found is None:
        raise NotUnderstood("There is no such visit.", "Look at the board again.")
    wrong, room_id, day_text = found
    day = date.fromisoformat(day_text)
    if wrong == student_id:
        raise NotUnderstood("That is the same student.", "Choose the student who was in the room.")
    tx.reach(wrong)
    tx.reach(student_id)
    _may(tx, day, why)
    moves = movements_of(tx.file, wrong, day)
    along = _sent_along(tx, moves, wrong, visit_id, day)
    mine = [one for one in moves if one.visit_id in along]
    if not mine:
        raise Refused("Nothing stands of that visit.", "Look at the board again.")
    _place_right(tx, wrong, student_id, room_id, day, why)
    theirs = {one: _visit_in(tx, student_id, room, day, mine[0].happened) for one, room in along.items()}
    going = [one._replace(visit_id=theirs[one.visit_id]) for one in mine]
    check_sequence(in_order([*movements_of(tx.file, student_id, day), *going]), tx.file.zone)
    for one in mine:
        tx.amend("movement", one.id, why, visit_id=theirs[one.visit_id], replaces=one.root)
    for old, new in theirs.items():
        _take_along(tx, why, {"seating": "visit_id", "welfare_check": "visit_id"}, old, new)
        for (identity,) in tx.file.rows(
            f"SELECT id FROM suspension s WHERE visit_id = ? AND {live('suspension', 's')}", (old,)
        ):
            tx.amend("suspension", identity, why, visit_id=new, student_id=student_id)
    others = [one for one in moves if one.visit_id not in along]
    for table in ("held_item", "lunch", "lunch_taken"):
        for identity, at in tx.file.rows(
            f"SELECT id, happened FROM {table} f WHERE student_id = ? AND day = ? AND {live(table, 'f')}",
            (wrong, day_text),
        ):
            if not _during(others, moment(at)):
                tx.amend(table, identity, why, student_id=student_id)
    for room in along.values():
        _move_checks(tx, wrong, student_id, room, day_text, why)
    return theirs[visit_id]


def _placed_in(tx: Tx, student_id: int, room_id: int, day: date) -> bool:
    return bool(
        tx.file.value(
            "SELECT 1 FROM placement p JOIN placement_period pp ON pp.placement_id = p.id WHERE p.student_id = ?"
            f" AND p.room_id = ? AND pp.on_day = ? AND {live('placement', 'p')} AND {live('placement_period', 'pp')}",
            (student_id, room_id, day.isoformat()),
        )
    )


def _sent_along(tx: Tx, moves: Sequence[Movement], student_id: int, visit_id: int, day: date) -> dict[int, int]:
    """Return a visit, and the visits in other rooms that follow only from having been sent over from it, with rooms."""
    along = {one.visit_id: one.room_id for one in moves if one.visit_id == visit_id}
    for one in moves:  # in order of happening: who is sent on from there is sent along, too
        if one.to_room and one.visit_id in along and not _placed_in(tx, student_id, one.to_room, day):
            along |= {other.visit_id: other.room_id for other in moves if other.room_id == one.to_room}
    return along


def _visit_in(tx: Tx, student_id: int, room_id: int, day: date, since: datetime) -> int:
    """Return the student's visit to a room that day, made if there is none."""
    found = tx.file.value(
        "SELECT id FROM visit WHERE student_id = ? AND day = ? AND room_id = ?", (student_id, day.isoformat(), room_id)
    )
    if found is None:
        return tx.add("visit", student_id=student_id, room_id=room_id, happened=since, day=day)
    return int(found)


def _during(moves: Sequence[Movement], when: datetime) -> bool:
    """Say whether a moment lies in one of the visits that movements make."""
    before = [one for one in in_order(moves) if one.happened <= when]
    return bool(before) and before[-1].kind is not Kind.LEFT


def _take_along(tx: Tx, why: str, columns: Mapping[str, str], old: int, new: int) -> None:
    """Let the facts that name one row name another instead."""
    for table, column in columns.items():
        for (identity,) in tx.file.rows(f"SELECT id FROM {table} f WHERE {column} = ? AND {live(table, 'f')}", (old,)):
            changes: dict[str, Any] = {column: new}
            tx.amend(table, identity, why, **changes)


def _place_right(tx: Tx, wrong: int, right: int, room_id: int, day: date, why: str) -> None:
    """See that the right student is placed in the room that day: a walk-in's placement changes its student."""
    if _placed_in(tx, right, room_id, day):
        return
    walked_in = tx.file.rows(
        "SELECT DISTINCT p.id FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
        f" WHERE p.student_id = ? AND p.room_id = ? AND pp.on_day = ? AND p.planned = 0 AND {live('placement', 'p')}"
        f" AND {live('placement_period', 'pp')}",
        (wrong, room_id, day.isoformat()),
    )
    if not walked_in and not _placed_in(tx, wrong, room_id, day):
        raise Refused(
            "They came into that room from another.", "Give the visit there to the right student: this one goes along."
        )
    if not walked_in:
        raise Refused(
            f"{student_by_id(tx.file, right, tx.today).name} is not expected in that room that day.",
            "Add them as a walk-in, and take the wrong visit out.",
        )
    # Periods they are placed for in another room as well stay, as when somebody walks in from there.
    for (placement_id,) in walked_in:
        tx.amend("placement", placement_id, why, student_id=right)


def _move_checks(tx: Tx, wrong: int, right: int, room_id: int, day: str, why: str) -> None:
    """Let the period checks of the day in the room follow, to the right student's period of the same name."""
    placed = (
        "SELECT pp.period, pp.id FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
        f" WHERE p.student_id = ? AND p.room_id = ? AND pp.on_day = ? AND {live('placement', 'p')}"
        f" AND {live('placement_period', 'pp')} ORDER BY pp.id"
    )
    theirs = dict(tx.file.rows(placed, (right, room_id, day)))
    for period, identity in tx.file.rows(placed, (wrong, room_id, day)):
        if period in theirs:
            _take_along(tx, why, {"period_check": "placement_period_id"}, identity, theirs[period])


OTHER_FACTS = {
    "period_check": "SELECT p.student_id, f.day FROM period_check f JOIN placement_period pp"
    " ON pp.id = f.placement_period_id JOIN placement p ON p.id = pp.placement_id",
    "attendance_mark": "SELECT p.student_id, f.day FROM attendance_mark f JOIN placement p ON p.id = f.placement_id",
    "welfare_check": "SELECT v.student_id, f.day FROM welfare_check f JOIN visit v ON v.id = f.visit_id",
    "adjustment_mark": "SELECT p.student_id, f.day FROM adjustment_mark f JOIN placement_period pp"
    " ON pp.id = f.placement_period_id JOIN placement p ON p.id = pp.placement_id",
    "work_issue": "SELECT a.student_id, f.day FROM work_issue f JOIN work_arrival a ON a.id = f.arrival_id",
    "work_return": "SELECT a.student_id, f.day FROM work_return f JOIN work_arrival a ON a.id = f.arrival_id",
    "held_end": "SELECT h.student_id, f.day FROM held_end f JOIN held_item h ON h.id = f.held_id",
    **{
        name: f"SELECT f.student_id, f.day FROM {name} f"
        for name in ("sighting", "held_item", "lunch", "lunch_taken", "home_contact", "work_arrival")
    },
}
"""Facts that are corrected one by one: whose they are, and of which day."""


def _other(tx: Tx, fact: str, fact_id: int, why: str) -> date:
    """Reach the student of a fact, check the right to correct it, and return its day."""
    if fact not in OTHER_FACTS:
        raise NotUnderstood("That is not corrected on its own.", "It follows from another entry.")
    found = tx.file.row(f"{OTHER_FACTS[fact]} WHERE f.id = ? AND {live(fact, 'f')}", (fact_id,))
    if found is None:
        raise Refused("That has been corrected or undone already.", "Look at the day again.")
    tx.reach(found[0])
    day = date.fromisoformat(found[1])
    _may(tx, day, why)
    return day


@act("correct_fact", resting=("end_holding", "correct_fact", "remove_fact"))
def correct_fact(
    tx: Tx, fact: str, fact_id: int, why: str, *, at: datetime | None = None, mark: int | None = None
) -> int:
    """Correct the time of a fact that is no movement, or the mark of a period check; returns the new fact's id."""
    day = _other(tx, fact, fact_id, why)
    changes: dict[str, object] = {}
    if mark is not None:
        if fact != "period_check" or mark not in range(len(WORDS)):
            raise NotUnderstood(f"{mark} is not a check.", "The marks are 0 refused, 1 started, 2 some, 3 most, 4 all.")
        changes["mark"] = mark
    if at is None and not changes:
        raise NotUnderstood("There is nothing to correct.", "Give the right time, or the right mark.")
    when = None if at is None else _time_of(tx, at, day)
    return tx.amend(fact, fact_id, why, happened=when, **changes)


@act("remove_fact", resting=("hold_item",))
def remove_fact(tx: Tx, fact: str, fact_id: int, why: str) -> None:
    """Take back a fact that is no movement and did not happen, with what stands on it: a phone with its return."""
    _other(tx, fact, fact_id, why)
    tx.retract_whole(fact, fact_id, why)
