"""`psc refer`, `psc approve`: a student referred; what waits listed, and a referral decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.cli.show import local
from psc.clock import school_day, wall
from psc.errors import NotUnderstood
from psc.flows.referrals import decide_referral
from psc.overview.referrals import home_said, one_item, waited_words, what_waits
from psc.overview.referring import lesson_then
from psc.roster.confirmations import AT_THE_DOOR
from psc.roster.placements import PlacementType
from psc.roster.raising import raise_referral
from psc.roster.referrals import Outcome, State, teacher_note
from psc.school.rooms import room_by_code
from psc.school.students import the_student
from psc.text import one_of

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from psc.cli.context import Context
    from psc.desk.acts import Desk, Done
    from psc.overview.referrals import Referred, Removal
    from psc.school.rooms import Room


def refer(context: Context, args: argparse.Namespace) -> int:
    """Raise a referral. With --period, subject and teacher are those of that lesson today unless they are given."""
    with context.desk() as desk:
        now = desk.clock.now()
        day = school_day(now, desk.file.zone)
        student = the_student(desk.file, args.student, desk.staff(), day, act="raise_referral")
        lesson = lesson_then(desk.file, student.id, args.period, desk.staff(), now) if args.period else None
        room = _room(desk, args.room)
        teacher = args.teacher or (lesson.teacher if lesson else "")
        call = raise_referral(
            student.id,
            _type(args.type),
            args.reason,
            args.when,
            args.facts,
            room_id=room.id if room else None,
            tried=args.tried,
            others=args.others,
            adjustment=args.adjustment,
            place=args.place,
            period=args.period,
            subject=args.subject or (lesson.subject if lesson else ""),
            teacher=teacher,
        )
        done = desk.do_patiently(call, id=args.act_id)
        one = one_item(desk.file, done.value, desk.staff(), desk.clock.now())
        if one.student.id != student.id:
            raise NotUnderstood("That act id belongs to another student's act.", "Give each act one of its own.")
        note = teacher_note(desk.file, teacher)
        said = [f"{one.student.name}: referral {one.referral.id}, {_asked(one)}. Somebody else decides."]
        context.print({**_act(done, one, desk), "note": note}, [*_repeated(done, said), *([note] if note else [])])
    return 0


def approve(context: Context, args: argparse.Namespace) -> int:
    """Decide a referral, or without a number list what waits."""
    changes = (args.type, args.reason, args.when, args.room)
    if args.number is None and (any(changes) or args.decline or args.change or args.override or args.wait):
        raise NotUnderstood("Which referral?", "Give its number: psc approve lists them.")
    if args.decline and (args.change or any(changes)):
        raise NotUnderstood("It is declined or changed, not both.", "Give --decline, or --change.")
    if any(changes) and not args.change:
        raise NotUnderstood("Say why it is changed.", "Give --change and a reason.")
    with context.desk() as desk:
        if args.number is None:
            return _list(context, desk)
        room = _room(desk, args.room)
        outcome = Outcome.DECLINED if args.decline else Outcome.CHANGED if args.change else Outcome.APPROVED
        call = decide_referral(
            args.number,
            outcome,
            args.decline or args.change,
            type=_type(args.type) if args.type else None,
            reason=args.reason,
            room_id=room.id if room else None,
            asked=args.when,
            override=args.override,
            wait=args.wait,
        )
        done = desk.do_patiently(call, id=args.act_id)
        one = one_item(desk.file, args.number, desk.staff(), desk.clock.now())
        context.print(_act(done, one, desk), _repeated(done, [f"{one.student.name}: {_became(one)}."]))
    return 0


def _type(text: str) -> PlacementType:
    """Return the type that was typed: its name or its words, or as much as fits one."""
    offered = {one.value: one for one in PlacementType if one not in AT_THE_DOOR}
    return offered[one_of(text, offered, "type")]


def _room(desk: Desk, code: str) -> Room | None:
    return room_by_code(desk.file, code) if code else None


def _repeated(done: Done[Any], said: list[str]) -> list[str]:
    return [f"{said[0]} (done before)", *said[1:]] if done.repeated else said


def _asked(one: Referred) -> str:
    type_, reason, *_ = one.referral.stands_as
    return f"{type_.words} ({reason}), {one.when}" + (f", {one.room}" if one.room else "")


def _became(one: Referred) -> str:
    if one.state is State.BOOKED:
        return f"booked in {one.room}, {one.when}"
    return f"waits for a seat in {one.room}: {one.when}" if one.state is State.WAITING else one.state.value


def _act(done: Done[Any], one: Referred, desk: Desk) -> dict[str, Any]:
    return {
        "act": done.act,
        "act_id": done.act_id,
        "at": local(done.at, desk.file.zone),
        **_referral(one, desk),
    }


def _referral(one: Referred, desk: Desk) -> dict[str, Any]:
    referral = one.referral
    type_, reason, *_ = referral.stands_as
    decision = referral.decision
    return {
        "referral": referral.id,
        "student": one.student.number,
        "name": one.student.plain_name,
        "form": one.student.form,
        "state": one.state.value,
        "type": type_.value,
        "reason": reason,
        "when": one.when,
        "room": one.room,
        "raised_by": referral.by,
        "raised_at": local(referral.at, desk.file.zone),
        "school_days": one.days,
        "home_told": one.told,
        "decided_by": decision.by if decision else None,
        "why": decision.why if decision else None,
    }


def _removal(one: Removal, desk: Desk) -> dict[str, Any]:
    return {
        "student": one.student.number,
        "name": one.student.plain_name,
        "form": one.student.form,
        "type": one.type.value,
        "reason": one.reason,
        "sent_by": one.sender,
        "at": local(one.at, desk.file.zone),
        "school_days": one.days,
        "home_told": any(each.outcome == "told" for each in one.home),
    }


def _list(context: Context, desk: Desk) -> int:
    now = desk.clock.now()
    waits = what_waits(desk.file, desk.staff(), now)
    today = school_day(now, desk.file.zone)
    value = [
        *({"waits": "decision", **_referral(one, desk)} for one in waits.to_decide),
        *({"waits": "confirmation", **_removal(one, desk)} for one in waits.to_confirm),
        *({"waits": "seat", **_referral(one, desk)} for one in waits.for_seat),
    ]
    lines = [f"Referrals to decide: {len(waits.to_decide) or 'none'}"]
    lines += [each for one in waits.to_decide for each in _lines(one, desk, today)]
    lines += ["", f"Removals to confirm: {len(waits.to_confirm) or 'none'}"]
    for removal in waits.to_confirm:
        at = f"{wall(removal.at, desk.file.zone)}" + (f", sent by {removal.sender}" if removal.sender else "")
        lines.append(_first("", removal.student.name, removal.student.form, removal.days))
        lines.append(f"      {removal.type.words} ({removal.reason}), {at}")
        lines.append(f"      {home_said(removal.home, desk.file.zone, today)}")
    lines += ["", f"Approved, waiting for a seat: {len(waits.for_seat) or 'none'}"]
    lines += [each for one in waits.for_seat for each in _lines(one, desk, today)]
    context.print(value, lines)
    return 0


def _lines(one: Referred, desk: Desk, today: date) -> list[str]:
    return [
        _first(str(one.referral.id), one.student.name, one.student.form, one.days),
        f"      {_asked(one)}",
        f"      {one.referral.who} · {home_said(one.home, desk.file.zone, today)}",
    ]


def _first(number: str, name: str, form: str, days: int) -> str:
    return f"{number:>4}  {name:<28} {form:<5} {waited_words(days)}"
