"""Raising a referral, and withdrawing it: what whoever asks may do. Deciding is somebody else's: `flows/referrals`."""

from __future__ import annotations

from psc.desk.acts import Tx, act
from psc.desk.people import Role
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.roster.adjustments import considered
from psc.roster.confirmations import AT_THE_DOOR
from psc.roster.placements import PlacementType
from psc.roster.referrals import (
    Outcome,
    Referral,
    checked,
    decided_words,
    no_such,
    referrals,
    teacher_known,
)
from psc.roster.typed_booking import lasting
from psc.school.rooms import room_by_id
from psc.school.students import student_by_id


@act("raise_referral", resting=("decide_referral", "withdraw_referral"))
def raise_referral(
    tx: Tx,
    student_id: int,
    type: PlacementType,
    reason: str,
    asked: str,
    facts: str,
    *,
    room_id: int | None = None,
    tried: str = "",
    others: str = "",
    adjustment: str = "",
    place: str = "",
    period: str = "",
    subject: str = "",
    teacher: str = "",
) -> int:
    """Ask for a student to be placed; returns the referral's id. `asked` is when and how long, as it is typed.

    Raises `NotUnderstood` for what is missing, too long or no time that can be booked, `Refused` for a type that never
    waits, and `NeedsReason` where the adjustment considered is missing.
    """
    tx.reach(student_id)
    kind = PlacementType(type)
    if kind in AT_THE_DOOR:
        raise Refused(
            f"A {kind.words.lower()} never waits to be approved.",
            "Add the student at the door: a on the board, or psc sign-in --type.",
        )
    typed = {"tried": tried, "others": others, "place": place, "period": period, "subject": subject, "teacher": teacher}
    kept = {name: checked(name, text) for name, text in typed.items()}
    why, what, when = checked("reason", reason), checked("facts", facts), checked("asked", asked)
    if not why:
        raise NotUnderstood("Say why, in a word or two.", "Take one of the list of reasons.")
    if not what:
        raise NotUnderstood("Say what happened.", "Facts: what was seen and heard, and what was done.")
    if not when:
        raise NotUnderstood("Say when and how long.", "Type “tomorrow”, or “2 days from Tuesday”.")
    when = lasting(tx.file, when, student_by_id(tx.file, student_id, tx.today).year, tx.today, tx.now)
    if room_id is not None:
        room_by_id(tx.file, room_id)
    return tx.add(
        "referral",
        student_id=student_id,
        type=kind.value,
        reason=why,
        room_id=room_id,
        asked=when,
        facts=what,
        adjustment=considered(tx.file, student_id, checked("adjustment", adjustment)),
        tried=kept["tried"],
        others=kept["others"],
        place=kept["place"],
        period=kept["period"],
        subject=kept["subject"],
        teacher=teacher_known(tx.file, kept["teacher"]) or kept["teacher"],
    )


def open_referral(tx: Tx, referral_id: int) -> Referral:
    """Return a referral that waits to be decided, and reach its student.

    Raises `Refused` for one that was taken back, and for one that is decided: it says by whom and when;
    `NotUnderstood` for one that never was.
    """
    found = referrals(tx.file, "ref.id = :id", {"id": referral_id})
    if not found and tx.file.value("SELECT 1 FROM referral WHERE id = ?", (referral_id,)) is None:
        raise no_such(referral_id)
    if not found:
        raise Refused("That referral has been taken back.", "Look at the list again.")
    one = found[0]
    tx.reach(one.student_id)
    if one.decision is not None:
        raise Refused(decided_words(tx.file, one), "Nothing was changed.")
    return one


@act("withdraw_referral", resting=())
def withdraw_referral(tx: Tx, referral_id: int, why: str) -> int:
    """Take back what was asked for; returns the decision's id. For whoever raised it, or a coordinator.

    Raises `NotAllowed` for anybody else, `Refused` once it is decided, and `NeedsReason` without a why.
    """
    one = open_referral(tx, referral_id)
    if tx.actor.code != one.by and tx.actor.role is not Role.COORDINATOR:
        raise NotAllowed(f"{one.who} raised it.", "They withdraw it, or a coordinator does.")
    words = checked("why", why)
    if not words:
        raise NeedsReason("Withdrawing a referral needs a reason.", "Type it in a word or two.")
    return add_decision(tx, one, Outcome.WITHDRAWN, words)


def add_decision(tx: Tx, one: Referral, outcome: Outcome, why: str) -> int:
    """Add the decision of a referral as `one` says it is to be; returns its id."""
    return tx.add(
        "referral_decision",
        referral_id=one.id,
        outcome=outcome.value,
        why=why,
        type=one.type.value,
        reason=one.reason,
        room_id=one.room_id,
        asked=one.asked,
    )
