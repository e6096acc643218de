"""The work of the demo's morning: what its lines say, as acts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from psc.overview.work import work_for
from psc.work.packs import packs
from psc.work.sets import Kind
from psc.work.steps import Work, ask_for_work, issue_work, receive_work, return_work, send_feedback

if TYPE_CHECKING:
    from datetime import date

    from psc.desk.acts import Call, Desk

WORK_ACTS = frozenset({"ask", "receive", "pack", "issue", "return", "feedback"})
"""The acts of the morning's table that are about work."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


def work_calls(desk: Desk, row: dict[str, str], student: int, monday: date) -> list[Call[Any]]:
    """Return the acts that a line stands for; its Room says which day it is about, Monday unless it says."""
    day = monday + timedelta(days=_DAYS.index(row["Room"] or "Mon"))
    periods, *said = row["Detail"].split("|")
    period = periods.split()[0]
    match row["Act"], said:
        case "ask", []:
            return [ask_for_work(student, day, one, how="copied") for one in periods.split()]
        case "receive", [kind, place, task, pages, minutes, adaptation, equipment, return_to]:
            long = int(minutes) if minutes else None
            work = Work(Kind(kind), place, task, pages, long, adaptation, equipment, return_to)
            return [receive_work(student, day, period, work)]
        case "pack", [code]:
            pack = next(one for one in packs(desk.file) if one.code == code)
            return [receive_work(student, day, period, Work(Kind.PACK), pack_id=pack.id)]
        case "issue", []:
            return [issue_work(_came(desk, student, day, one)) for one in periods.split()]
        case "return", [share, effort, line]:
            return [return_work(_came(desk, student, day, period), int(share), effort=int(effort), line=line)]
        case "feedback", []:
            return [send_feedback([_came(desk, student, day, one) for one in periods.split()], "copied")]
        case act, _:
            raise ValueError(f"the sample morning says of work what psc does not know: {act}")


def _came(desk: Desk, student: int, day: date, period: str) -> int:
    """Return the id of the work that came for a period."""
    every = (row.work for row in work_for(desk.file, day, day, desk.staff(), day))
    found = next(one for one in every if one.key == (student, day, period))
    if found.arrival is None:
        raise ValueError(f"the sample morning gives out work that has not come: {period}")
    return found.arrival.id
