"""What of a row is not everybody's: alerts, by role, and all of a student from whom the reader is barred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.facts import live
from psc.desk.permissions import Scope, may, reached, scope_of
from psc.overview.board import NOT_SHOWN, Alert
from psc.roster.held import HeldItem, Holding
from psc.roster.lunch import CHOICES, Lunch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.overview.board import Row


def hidden(row: Row) -> Row:
    """Return a row as whoever is barred from its student sees it: that a seat is taken, expected or free again.

    When they are seen to, and lunch, stay for the counts of the room. Source: the domain notes, People.
    """
    return row._replace(
        admission_no="", name=NOT_SHOWN, form="", reason="", sent_by="",
        placed=tuple(one._replace(mark=None, work=None, excused=False) for one in row.placed),
        alerts=(), lessons={},
        to_confirm=False, apart="", new_here=False, hidden=True,
        care=row.care._replace(held=_doses(row), lunch=_plain_lunch(row), home=(), removed=()),
    )  # fmt: skip


def _plain_lunch(row: Row) -> Lunch:
    """Return a row's lunch for the kitchen's counts: what is typed in words may say what somebody must not eat."""
    lunch = row.care.lunch
    return lunch if lunch.choice in CHOICES else lunch._replace(choice="other" if lunch.choice else "")


def _doses(row: Row) -> tuple[HeldItem, ...]:
    """Return the medication of a row without saying which: that somebody is due it is an alarm of the room."""
    return tuple(
        item._replace(name=NOT_SHOWN, what="", why="") for item in row.care.held if item.kind is Holding.MEDICATION
    )


def alerts_for(
    file: File, students: Sequence[int], staff: Staff, day: date, today: date
) -> dict[int, tuple[Alert, ...]]:
    """Return the alerts of the day's students that `staff` may see; of others only the emergency text, if that.

    Whoever sees those of the students placed today sees everybody's on the board of today.
    """
    every = alerts_of(file, students)
    if not every:
        return every
    on = today.isoformat()
    scopes = {name: scope_of(name, staff) for name in ("see_alerts", "see_emergency") if may(name, staff)}

    def seen(name: str) -> frozenset[int]:
        if scopes.get(name) is Scope.TODAY and day == today:
            return frozenset(every) - staff.barred
        return reached(file, name, staff, on, every)

    whole = seen("see_alerts")
    urgent = seen("see_emergency") - whole if whole != every.keys() else frozenset()
    made = {student: alerts for student, alerts in every.items() if student in whole}
    for student in urgent:
        if only := tuple(one for one in every[student] if one.emergency):
            made[student] = only
    return made


def alerts_of(file: File, students: Sequence[int]) -> dict[int, tuple[Alert, ...]]:
    """Return the alerts of several students, emergency ones first, then what their SEN status says."""
    if not students:
        return {}
    marks = ", ".join("?" * len(students))
    found = file.rows(
        "SELECT a.student_id, a.kind, a.text, a.emergency FROM alert a"
        f" WHERE a.student_id IN ({marks}) AND {live('alert', 'a')} ORDER BY a.emergency DESC, a.id",
        list(students),
    )
    found += file.rows(
        "SELECT id, 'SEN', iif(sen = 'K', 'SEN support', 'Education, health and care plan'), 0 FROM student"
        f" WHERE id IN ({marks}) AND sen IN ('K', 'E')",
        list(students),
    )
    made: dict[int, tuple[Alert, ...]] = {}
    for student, kind, text, emergency in found:
        made[student] = (*made.get(student, ()), Alert(kind, text, bool(emergency)))
    return made
