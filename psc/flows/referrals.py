"""A referral decided: approved as it is or with changes, and booked or put on the waiting list by the same act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.acts import Call, Tx, act
from psc.desk.people import Role, staff_by_code
from psc.desk.permissions import reached
from psc.desk.settings import settings_on
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, PscError, Refused
from psc.roster.concerns import concern_lines, concerns
from psc.roster.confirmations import AT_THE_DOOR
from psc.roster.placements import PlacementType, book
from psc.roster.raising import add_decision, open_referral
from psc.roster.referrals import (
    Outcome,
    Referral,
    checked,
    days_asked,
    referral_by_id,
    room_of,
    teacher_known,
    wanted_of,
)
from psc.roster.typed_booking import lasting
from psc.roster.waiting import wait_for_seat
from psc.school.calendar import day_words
from psc.school.shapes import Bells, shape_of
from psc.school.students import student_by_id
from psc.text import counted, fold

if TYPE_CHECKING:
    from datetime import date, datetime

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.roster.typed_booking import Wanted
    from psc.school.rooms import Room

WHO_APPROVES_LONGER = "A coordinator or the behaviour lead may approve it."


@act("decide_referral", resting=(*(book.resting or ()), "stop_waiting"))
def decide_referral(
    tx: Tx,
    referral_id: int,
    outcome: Outcome,
    why: str = "",
    *,
    type: PlacementType | None = None,
    reason: str = "",
    room_id: int | None = None,
    asked: str = "",
    override: str = "",
    wait: bool = False,
) -> int:
    """Approve a referral, approve it with changes (what is given takes the place of what was asked), or decline it.

    What is approved is booked; with `wait`, where the room is full, the student goes on the waiting list instead.
    Returns the decision's id. Raises `Refused` once it is decided, for whoever raised it, for a time that has passed
    and for changes that change nothing; `NotAllowed` for a head of year whose own approval does not reach so far; and
    `NeedsReason` without a why for a change or a decline, and where a booking needs one and `override` is empty.
    """
    one, done = open_referral(tx, referral_id), Outcome(outcome)
    if done is Outcome.WITHDRAWN:
        raise NotUnderstood("A referral is not withdrawn by a decision.", "Withdraw it instead.")
    check_decider(tx.file, tx.actor, one)
    words = checked("why", why)
    if done is Outcome.DECLINED:
        if not words:
            raise NeedsReason("Declining a referral needs a reason.", "Type it: whoever asked is shown it.")
        return add_decision(tx, one, done, words)
    becomes = changed(tx.file, one, tx.now, type=type, reason=reason, room_id=room_id, asked=asked)
    if done is Outcome.CHANGED:
        if becomes == one:
            raise Refused("Nothing is changed.", "Approve it as it is, or say what is to be different.")
        if not words:
            raise NeedsReason("Approving with changes needs a reason.", "Type it: whoever asked is shown it.")
    elif becomes != one:
        raise NotUnderstood("That changes what was asked for.", "Approve it with changes, and say why.")
    room, wanted = _booked_as(tx, becomes)
    decision = add_decision(tx, becomes._replace(room_id=room.id), done, words)
    _book(tx, becomes, room, wanted, override, wait=wait)
    return decision


def check_decider(file: File, staff: Staff, one: Referral) -> None:
    """Raise `Refused` where `staff` raised a referral, or told whoever typed it: whoever refers does not approve."""
    if fold(staff.code) == fold(one.by) or (one.told and fold(one.told) == fold(staff.short)):
        raise Refused(
            f"{one.who} raised this referral on {one.day:%a} {one.day.day} {one.day:%b}: whoever refers does not"
            " decide.",
            "Somebody else decides it; you may withdraw it.",
        )


def changed(
    file: File,
    one: Referral,
    now: datetime,
    *,
    type: PlacementType | None = None,
    reason: str = "",
    room_id: int | None = None,
    asked: str = "",
) -> Referral:
    """Return a referral with what is given in place of what was asked for; a new time is meant as of today."""
    when, today = checked("asked", asked), school_day(now, file.zone)
    if when:
        when = lasting(file, when, student_by_id(file, one.student_id, today).year, today, now)
    becomes = one._replace(
        type=PlacementType(type or one.type),
        reason=checked("reason", reason) or one.reason,
        asked=when or one.asked,
        day=today if when and when != one.asked else one.day,
    )
    usual = room_of(file, becomes) if one.room_id is None else None
    if room_id is not None and (usual is None or usual.id != room_id):  # the usual room is no change
        becomes = becomes._replace(room_id=room_id)
    return becomes


def approval_words(file: File, staff: Staff, wanted: Wanted, today: date) -> str:
    """Say why somebody may not approve for so long, "" where they may.

    A head of year approves for their own years up to a set length. Source: the domain notes, People.
    """
    most, days = settings_on(file, today).own_approval_days, days_asked(wanted)
    if staff.role is not Role.HEAD_OF_YEAR or days <= most:
        return ""
    return f"That is {counted(days, 'school day')}; a head of year approves up to {most}."


def _booked_as(tx: Tx, one: Referral) -> tuple[Room, Wanted]:
    """Return where and when an approved referral is booked. Raises what `decide_referral` says."""
    if one.type in AT_THE_DOOR:
        raise Refused(f"A {one.type.words.lower()} is made at the door.", "Approve it as another type.")
    room = room_of(tx.file, one)
    if room is None:
        raise NotUnderstood("Which room?", "No room was asked for: approve it with changes, and give one.")
    year = student_by_id(tx.file, one.student_id, tx.today).year
    wanted = wanted_of(tx.file, one)
    if gone := passed(tx.file, wanted, year, tx.now, tx.today):
        raise Refused(f"{gone} has passed.", "Approve it with changes, and give other days.")
    if words := approval_words(tx.file, tx.actor, wanted, tx.today):
        raise NotAllowed(words, WHO_APPROVES_LONGER)
    return room, wanted


def passed(file: File, wanted: Wanted, year: int | None, now: datetime, today: date) -> str:
    """Return the first of the periods that is over already, in words, "" for none."""
    for day, period in wanted.slots:
        if day < today:
            return f"{day_words(day, today)} {period}"
        if day == today and any(one.name == period and one.end <= now for one in shape_of(file, day).periods(year)):
            return f"Today {period}"
    return ""


def _book(tx: Tx, one: Referral, room: Room, wanted: Wanted, override: str, *, wait: bool) -> None:
    """Book it, or where the room is full and the decider says so, put the student on the waiting list."""
    if wait:
        found = concerns(
            tx.file, one.student_id, room.id, one.type, wanted.slots, today=tx.today, barred=tx.actor.barred
        )
        if any(each.kind == "full" for each in found):
            wait_for_seat.run(tx, one.student_id, room.id, one.type, one.reason, one.asked, referral_id=one.id)
            return
    book.run(
        tx,
        one.student_id,
        room.id,
        one.type,
        one.reason,
        wanted.slots,
        sent_by=_sender(tx.file, one),
        override=override,
        referral_id=one.id,
    )


def full_for(file: File, referral_id: int, staff: Staff, now: datetime) -> str:
    """Say for which periods of a referral the room is full, "" where it is not, or where that cannot be told.

    Nothing is said to whoever may not decide it.
    """
    today = school_day(now, file.zone)
    try:
        one = referral_by_id(file, referral_id)
        if not reached(file, "decide_referral", staff, today.isoformat(), (one.student_id,)):
            return ""
        room, wanted = room_of(file, one), wanted_of(file, one)
        if room is None:
            return ""
        found = concerns(file, one.student_id, room.id, one.type, wanted.slots, today=today, barred=staff.barred)
    except PscError:
        return ""
    year = student_by_id(file, one.student_id, today).year
    return "; ".join(concern_lines(Bells(file, year), [each for each in found if each.kind == "full"], today=today))


def book_waiting(file: File, one: Referral, *, override: str = "") -> Call[int]:
    """Return the booking of an approved referral that waits for a seat. Raises what `wanted_of` does."""
    type, reason, *_ = one.stands_as
    room = room_of(file, one)
    if room is None:
        raise NotUnderstood("Which room?", "Book it from the week, and give one.")
    return book(
        one.student_id,
        room.id,
        type,
        reason,
        wanted_of(file, one).slots,
        sent_by=_sender(file, one),
        override=override,
        referral_id=one.id,
    )


def _sender(file: File, one: Referral) -> int | None:
    """Return the staff id of the teacher who is named, where the staff list has them."""
    code = teacher_known(file, one.teacher)
    return staff_by_code(file, code).id if code else None
