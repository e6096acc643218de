"""`psc student show`, `psc audit`: a student opened, who looked, and whether the ledger holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.cli.show import local
from psc.cli.stories import exposure_json, exposure_lines, story_json, story_lines
from psc.clock import school_day, typed_day, wall
from psc.errors import Damaged
from psc.overview.audit import verified, who_looked
from psc.overview.cells import now_cell
from psc.overview.chronology import chronology
from psc.overview.exposure import exposure_of
from psc.overview.profile import open_profile
from psc.school.students import the_student
from psc.text import counted

if TYPE_CHECKING:
    import argparse

    from psc.cli.context import Context
    from psc.overview.audit import Viewing
    from psc.overview.profile import Profile


def show(context: Context, text: str, why: str) -> int:
    """Open a student and print them: a look, noted in the ledger first."""
    with context.desk() as desk:
        today = school_day(desk.clock.now(), desk.file.zone)
        student = the_student(desk.file, text, desk.staff(), today)
        profile = open_profile(desk, student.id, "command line", why=why)
        now, staff = desk.clock.now(), desk.staff()
        told = chronology(desk.file, student.id, staff, now, outside=profile.outside)
        exposure = exposure_of(desk.file, student.id, staff, now, outside=profile.outside)
        zone = desk.file.zone
    value = {**_json(profile), "exposure": exposure_json(exposure), "chronology": story_json(told, zone)}
    context.print(value, [*_lines(profile, now), *exposure_lines(exposure), *story_lines(told, zone)])
    return 0


def _lines(profile: Profile, now: Any) -> list[str]:
    one, board = profile.student, profile.board
    year = "" if one.year is None else f"year {one.year}"
    lines = ["  ".join(part for part in (one.name, one.form, year, one.number) if part)]
    lines += [f"House: {profile.house or '–'}   Key worker: {profile.key_worker or 'none'}"]
    if profile.outside:
        lines.append("Outside your years: opened with a reason.")
    codes = {room.id: room.code for room in board.rooms}
    lines += ["", "Today"]
    lines += [f"  {codes[each.row.room_id]:<5} {now_cell(board, each, now).text}" for each in profile.rows] or [
        "  not placed in a room today"
    ]
    if profile.alerts is not None:
        lines += ["", f"Alerts: {len(profile.alerts) or 'none'}"]
        lines += [f"  {'!' if each.emergency else '◆'} {each.kind}: {each.text}" for each in profile.alerts]
    if profile.apart:
        lines += ["", "To be kept apart from"]
        lines += [f"  {each.name} until {each.until:%d/%m/%Y}: {each.reason}" for each in profile.apart]
    if profile.contacts is not None:
        lines += ["", "At home, in the order to try"]
        for number, each in enumerate(profile.contacts, 1):
            more = [each.number or each.email or "no number", each.language and f"speaks {each.language}"]
            more.append("parental responsibility" if each.responsibility else "")
            lines.append(f"  {number} {each.words}  {' · '.join(part for part in more if part)}")
        if not profile.contacts:
            lines.append("  nobody on record who may be told")
        if profile.not_contacted:
            lines.append("  × do not contact: somebody on record must not be rung. The safeguarding lead knows.")
    if profile.entries:
        lines += ["", "Recorded today"]
        lines += [
            f"  {'×' if each.undone is not None else ' '} {wall(each.happened, board.zone)}  {each.words}  {each.by}"
            for each in profile.entries
        ]
    return lines


def _json(profile: Profile) -> dict[str, Any]:
    one, board = profile.student, profile.board
    codes = {room.id: room.code for room in board.rooms}
    alerts, contacts, apart = profile.alerts, profile.contacts, profile.apart
    return {
        "student": one.number,
        "name": one.plain_name,
        "year": one.year,
        "form": one.form,
        "house": profile.house,
        "key_worker": profile.key_worker,
        "outside": profile.outside,
        "today": [
            {"room": codes[each.row.room_id], "status": each.status.value, "type": each.row.type.value}
            for each in profile.rows
        ],
        "alerts": None
        if alerts is None
        else [{"kind": each.kind, "text": each.text, "emergency": each.emergency} for each in alerts],
        "contacts": None
        if contacts is None
        else [
            {
                "name": each.name,
                "relationship": each.relationship,
                "responsibility": each.responsibility,
                "language": each.language,
                "number": each.number,
                "email": each.email,
            }
            for each in contacts
        ],
        "not_contacted": profile.not_contacted,
        "kept_apart": None
        if apart is None
        else [{"name": each.name, "reason": each.reason, "until": each.until.isoformat()} for each in apart],
        "recorded": [
            {"at": local(each.happened, board.zone), "what": each.words, "by": each.by, "undone": each.undone}
            for each in profile.entries
        ],
    }


def audit(context: Context, args: argparse.Namespace) -> int:
    """Do what `psc audit` was asked for."""
    return _verify(context) if args.what == "verify" else _who_viewed(context, args.student, args.since)


def _who_viewed(context: Context, text: str, since: str) -> int:
    with context.desk() as desk:
        today = school_day(desk.clock.now(), desk.file.zone)
        first = typed_day(since, today) if since else None
        student = the_student(desk.file, text, desk.staff(), today, act="who_viewed")
        viewed = who_looked(desk, student.id, first)
        zone = desk.file.zone
    kinds = {"looks": viewed.looks, "prints": viewed.prints, "acts": viewed.acts}
    value = {
        "student": student.number,
        "name": student.plain_name,
        **{name: [_viewing_json(one, zone) for one in lines] for name, lines in kinds.items()},
    }
    said = [f"Who looked at {student.words}, newest first"]
    for heading, lines in (("Looked", viewed.looks), ("Printed", viewed.prints), ("Changed", viewed.acts)):
        said += ["", f"{heading}: {len(lines) or 'nobody'}", *(_viewing_line(one, zone) for one in lines)]
    context.print(value, said)
    return 0


def _viewing_line(one: Viewing, zone: Any) -> str:
    why = f": {one.why}" if one.why else ""
    return f"  {one.at.astimezone(zone):%d/%m/%Y %H:%M}  {one.who:<36} {one.what}{why}"


def _viewing_json(one: Viewing, zone: Any) -> dict[str, Any]:
    return {
        "at": local(one.at, zone),
        "who": one.code,
        "name": one.name,
        "role": one.role,
        "what": one.what,
        "why": one.why,
    }


def _verify(context: Context) -> int:
    with context.desk() as desk:
        found = verified(desk.file, desk.staff())
    if not found.whole:
        raise Damaged(
            f"The ledger does not hold: line {found.bad_seq}, {found.reason}.",
            "Keep the file as it is, and tell whoever looks after psc and the head.",
        )
    value = {"holds": True, "lines": found.lines, "proven": found.proven}
    proven = "all of them" if found.proven == found.lines else f"{found.proven} of them"
    context.print(value, [f"The ledger holds: {counted(found.lines, 'line')}, {proven} proven by this machine's key."])
    return 0
