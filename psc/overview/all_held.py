"""Everything that is held on one student, record by record, taken back or not: what an access request asks for.

It is read table by table from `held_tables.py`, so that what a later psc keeps cannot be forgotten here. Nothing of it
may leave psc before a person has looked at the names of others in it: see `redaction.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.permissions import reached, scope_of
from psc.errors import NotAllowed
from psc.overview.held_reading import Held, Reading

if TYPE_CHECKING:
    from datetime import datetime

    from psc.database.file import File
    from psc.desk.people import Staff


class AllHeld(NamedTuple):
    """All that is held on a student, and the names of everybody else as far as they must not stand in it."""

    student_id: int
    name: str
    number: str
    records: tuple[Held, ...]
    own: frozenset[str]
    """The student's own names."""
    others: frozenset[str]
    """The names of all other students of the school."""
    staff: frozenset[tuple[str, str]]
    """Forename and surname of the staff."""

    def of(self, table: str) -> tuple[Held, ...]:
        """Return the records of a table."""
        return tuple(one for one in self.records if one.table == table)


def all_held(file: File, student_id: int, staff: Staff, now: datetime) -> AllHeld:
    """Return everything on a student. Raises `NotAllowed` for who may not export it.

    It is whole or not at all: whoever is barred from another student who stands in it may not export it either.
    """
    scope_of("export_student", staff)
    if not reached(file, "export_student", staff, school_day(now, file.zone).isoformat(), (student_id,)):
        raise NotAllowed("This student is outside what your role may export.", "Ask a colleague to do it.")
    reading = Reading(file, student_id)
    records = tuple(reading.records())
    if reading.named & staff.barred:
        raise NotAllowed(
            "A student stands in it who is not shown to you, and it can only be exported whole.",
            "Ask a colleague to do it.",
        )
    people = file.rows(
        "SELECT id, surname, forename, legal_surname, legal_forename, middle_names, admission_no FROM student"
    )
    own = frozenset(name for one in people if one[0] in reading.own for name in one[1:6] if name)
    others = frozenset(name for one in people if one[0] not in reading.own for name in one[1:6] if name)
    me = next(one for one in people if one[0] == student_id)
    known = frozenset((fore, sur) for fore, sur in file.rows("SELECT forename, surname FROM staff"))
    return AllHeld(student_id, f"{me[2]} {me[1]}".strip(), str(me[6] or ""), records, own, others, known)
