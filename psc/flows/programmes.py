"""Programmes booked and changed, each by the same judgement as any booking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.acts import Tx, act
from psc.desk.changes import check_differs, keep_change
from psc.desk.facts import live
from psc.errors import NeedsReason, NotUnderstood, Refused
from psc.flows.plan_programme import Change, Plan, Wish, plan_change_of, plan_wish
from psc.roster.concerns import in_one_sentence, seats_kept
from psc.roster.placements import book
from psc.roster.programmes import Version, check_newest, programme_by_id, programme_of
from psc.text import check_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.roster.patterns import Pattern
    from psc.roster.slots import Slot

_RESTING = (
    *("book", "book_programme", "change_programme", "step_programme"),
    *("move_booking", "shorten_booking", "extend_booking", "cancel_booking"),
    *("decide_referral", "carry_period", "carry_periods"),
    *("sign_in", "walk_in", "mark_absence", "mark_check"),
)


@act("book_programme", resting=_RESTING, afterwards=seats_kept)
def book_programme(tx: Tx, wish: Wish, *, leave_out: Sequence[Slot] = (), override: str = "") -> int:
    """Book a programme up to its end, and write down what it is for; returns the id of its first version.

    `leave_out` are clashing periods that are not booked. Raises as `plan_wish` does; `NotUnderstood` without a purpose
    or success criteria, and `NeedsReason` where something needs one and `override` is empty.
    """
    tx.reach(wish.student_id)
    purpose, success = _required(wish.purpose, "purpose"), _required(wish.success, "success criteria")
    if wish.placement_id is not None:
        _check_placement(tx, wish)
    plan = plan_wish(tx.file, wish, tx.now, tx.today, tx.actor.barred, leave_out)
    _needs_reason(plan, override)
    if wish.placement_id is None:
        placement_id = book.run(tx, wish.student_id, wish.room_id, wish.type, purpose, plan.added, override=override)
    else:
        placement_id = wish.placement_id
        _make(tx, placement_id, plan, "written down as a programme")
    return _add(tx, placement_id, plan, wish.pattern, purpose, success)


@act("change_programme", resting=_RESTING, afterwards=seats_kept)
def change_programme(
    tx: Tx, programme_id: int, change: Change, why: str, *, leave_out: Sequence[Slot] = (), override: str = ""
) -> int:
    """Change a programme from a day on, with a reason; returns the id of the version that counts from now.

    Past periods stay, and work that came stays with its student, day and period. `programme_id` is the version that was
    looked at: raises `Refused`, with who and when, where another counts by now. Raises as `plan_change_of` does, and
    `NeedsReason` without a why, and where something needs a reason and `override` is empty.
    """
    one = programme_by_id(tx.file, programme_id)
    tx.reach(one.student_id)
    check_newest(tx, one, programme_id)
    words = check_length(why, "reason")
    if not words:
        raise NeedsReason("Changing a programme needs a reason.", "Type why.")
    plan = plan_change_of(tx.file, one, change, tx.now, tx.today, tx.actor.barred, leave_out)
    stands, pattern = one.now, change.pattern or one.now.pattern
    check_differs(
        (stands.pattern, stands.review, stands.until, False),
        (pattern, plan.review, plan.until, bool(plan.added or plan.dropped)),
    )
    _needs_reason(plan, override)
    _make(tx, one.placement_id, plan, words)
    version = _add(tx, one.placement_id, plan, pattern, stands.purpose, stands.success)
    keep_change(tx, one.about, _kept(stands), {**_kept(programme_by_id(tx.file, version).now), "why": words})
    return version


def _required(words: str, what: str) -> str:
    kept = check_length(words, what)
    if not kept:
        raise NotUnderstood(f"A programme needs its {what}.", "Say it in a line.")
    return kept


def _check_placement(tx: Tx, wish: Wish) -> None:
    """Raise `Refused` for a placement that is not the student's, is another kind, or is written down already."""
    found = tx.file.row(
        f"SELECT student_id, room_id, type FROM placement p WHERE id = ? AND {live('placement', 'p')}",
        (wish.placement_id,),
    )
    if found != (wish.student_id, wish.room_id, wish.type):
        raise Refused("That placement is another one by now.", "Look at the list of programmes again.")
    if (known := programme_of(tx.file, wish.placement_id or 0)) is not None:
        words = known.now.made.words(tx.today, tx.file.zone)
        raise Refused(f"That programme is written down already: {words}.", "Nothing was changed.")


def _needs_reason(plan: Plan, override: str) -> None:
    if plan.concerns and not override.strip():
        remedy = "Give a reason, or leave out what clashes." if plan.clashing else "Give a reason."
        raise NeedsReason(in_one_sentence(plan.concern_words), remedy)


def _make(tx: Tx, placement_id: int, plan: Plan, why: str) -> None:
    """Drop and add the periods of a placement."""
    for one in plan.dropped:
        tx.retract_whole("placement_period", one.id, why)
    for day, period in plan.added:
        tx.add("placement_period", placement_id=placement_id, on_day=day.isoformat(), period=period)


def _add(tx: Tx, placement_id: int, plan: Plan, pattern: Pattern, purpose: str, success: str) -> int:
    """Add a version, which holds from the plan's first day on."""
    return tx.add(
        "programme",
        placement_id=placement_id,
        purpose=purpose,
        success=success,
        pattern=pattern.json(),
        induction_day=plan.induction.isoformat(),
        review_day=plan.review.isoformat(),
        until_day=plan.until.isoformat(),
        day=plan.first,
    )


def _kept(version: Version) -> dict[str, object]:
    """Return what the ledger keeps of a version."""
    days = {name: getattr(version, name).isoformat() for name in ("since", "review", "until")}
    return {"pattern": version.pattern.words, **days}
