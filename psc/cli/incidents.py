"""`psc incidents`, `psc actions`: what happened between two days, and what everybody owes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from psc.cli.show import local
from psc.clock import school_day, typed_day, wall
from psc.errors import NotUnderstood
from psc.overview.actions import done_lately, ended_words, owed_by_all
from psc.overview.incidents import list_incidents
from psc.school.calendar import day_words
from psc.text import counted

if TYPE_CHECKING:
    import argparse
    from zoneinfo import ZoneInfo

    from psc.cli.context import Context
    from psc.overview.due_lines import Owed
    from psc.overview.incidents import IncidentLine

LOOK_BACK = timedelta(days=13)
"""How far back the list goes where no day is given: a fortnight with today, as on the screen."""
_EVERY = 1_000_000


def incidents(context: Context, args: argparse.Namespace) -> int:
    """List the incidents that happened between two days, newest first. Raises `NotUnderstood` for days out of order."""
    with context.desk() as desk:
        zone = desk.file.zone
        today = school_day(desk.clock.now(), zone)
        last = typed_day(args.until, today) if args.until else None
        first = typed_day(args.since, today) if args.since else min(today, last or today) - LOOK_BACK
        if last is not None and last < first:
            raise NotUnderstood("The last day lies before the first.", "Give --from a day, and --to a later one.")
        found = list_incidents(desk.file, desk.staff(), today, first=first, last=last, limit=_EVERY)
    until = f" to {day_words(last, today)}" if last else ""
    none = f"No incident from {day_words(first, today)}{until} that you may see."
    context.print(
        [_incident(one, zone) for one in found], [each for one in found for each in _lines(one, zone)] or [none]
    )
    return 0


def _incident(one: IncidentLine, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": local(one.happened, zone),
        "place": one.place,
        "category": one.category,
        "severity": one.severity,
        "students": [{"student": each.number, "name": each.name, "role": each.role} for each in one.students],
        "recorded_by": one.code,
        "open": one.open,
    }


def _lines(one: IncidentLine, zone: ZoneInfo) -> list[str]:
    at = one.happened.astimezone(zone)
    marks = [
        "" if one.open else "closed",
        "entered late" if one.late else "",
        {"owed": "force: record owed", "recorded": "force: recorded", "marker": "restricted record"}.get(
            one.restrictive, ""
        ),
        counted(one.actions_open, "action") + " open" if one.actions_open else "",
    ]
    where = " ".join(part for part in (one.period, one.place) if part)
    first = [f"{one.category}, severity {one.severity}", where, *marks, f"by {one.recorded_by}"]
    who = "; ".join(f"{each.name} ({each.role})" for each in one.students)
    return [
        f"{one.id:>5}  {at.day:>2} {at:%b %Y} {wall(one.happened, zone)}  {' · '.join(part for part in first if part)}",
        f"{'':7}{who}",
    ]


def actions(context: Context, args: argparse.Namespace) -> int:
    """List what everybody owes, the reader's own first, then what is overdue; or what was done in the last 30 days."""
    if args.done and (args.mine or args.overdue):
        raise NotUnderstood("What is done is owed by nobody.", "Give --done alone.")
    with context.desk() as desk:
        zone, now = desk.file.zone, desk.clock.now()
        today = school_day(now, zone)
        found = (done_lately if args.done else owed_by_all)(desk.file, desk.staff(), now)
    wanted = [one for one in found if (one.mine or not args.mine) and (one.overdue or not args.overdue)]
    none = "Nothing was done in the last 30 days." if args.done else "Nothing is owed that you may see."
    lines = [_owed_line(one, today, zone) for one in wanted]
    context.print([_owed(one, zone) for one in wanted], lines or [none])
    return 0


def _owed(one: Owed, zone: ZoneInfo) -> dict[str, Any]:
    end = one.end
    return {
        "kind": one.kind,
        "what": one.what,
        "students": one.student,
        "owner": one.owner,
        "mine": one.mine,
        "due": one.due.isoformat(),
        "overdue": one.overdue,
        "since": local(one.since, zone),
        "incident": one.where.incident_id,
        "ended": {"outcome": end.outcome, "note": end.note, "by": end.by, "at": local(end.at, zone)} if end else None,
    }


def _owed_line(one: Owed, today: date, zone: ZoneInfo) -> str:
    due = ended_words(one, today, zone) or f"{'!' if one.overdue else ' '} {day_words(one.due, today)}"
    said = " · ".join(part for part in (one.what, one.student) if part)
    return f"{due:<14} {'you' if one.mine else one.owner:<16} {said}"
