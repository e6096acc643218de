"""The statements and the evidence of incidents as one reader may see them, and the evidence that soon runs out."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day, wall
from psc.desk.people import short_name
from psc.desk.permissions import may, reached, scope_of
from psc.desk.settings import settings_on
from psc.errors import NotAllowed
from psc.incidents.addenda import Addendum, addenda_of
from psc.incidents.evidence import Evidence, evidence_of
from psc.incidents.reach import incidents_for
from psc.incidents.statements import Statement, conflicts_of, statements_for, statements_of, the_statement
from psc.overview.board import NOT_SHOWN
from psc.school.students import students_by_id
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.people import Staff


class ConflictLine(NamedTuple):
    """Where a statement does not agree with another, which is `other_id` where it is one the reader sees."""

    id: int
    other_id: int | None
    other: str
    """Whose statement the other one is; "" where it is with something else."""
    what: str
    recorded: datetime
    by: str


class StatementLine(NamedTuple):
    """A statement as the reader may know it."""

    statement: Statement
    whose: str
    addenda: tuple[Addendum, ...]
    conflicts: tuple[ConflictLine, ...] | None
    """None for who takes no part in an investigation: what is noted there is not theirs to see."""
    mine: bool
    """Whether the reader took it, and so may correct it until it is locked."""
    locked: bool

    @property
    def id(self) -> int:
        """The statement's."""
        return self.statement.id

    @property
    def who(self) -> str:
        """Whose it is, and what they were: `Reid, Callum 10F, involved`."""
        return f"{self.whose}, {self.statement.whose.role}"

    def how(self, where: ZoneInfo, *, year: bool = False) -> str:
        """Say how it was taken: `23 Nov 09:20–09:35 by J. Smith, PSC office · 2 pages · read back`."""
        now = self.statement.now
        at = now.starts.astimezone(where)
        day = f"{at.day} {at:%b %Y}" if year else f"{at.day} {at:%b}"
        ends = f"–{wall(now.ends, where)}" if now.ends != now.starts else ""
        said = [
            f"{day} {wall(now.starts, where)}{ends} by {now.taken_by}" + (f", {now.place}" * bool(now.place)),
            counted(len(now.pages), "page"),
            "scribed" if now.scribed else "in their own hand",
            "read back" if now.read_back else "not read back",
            f"support: {now.support}" if now.support else "nobody for support",
        ]
        return " · ".join(said)

    @property
    def since(self) -> str:
        """Say what was said of it since: `amended once · 2 addenda · 1 conflict`; "" for nothing."""
        times = len(self.statement.versions) - 1
        said = [f"amended {'once' if times == 1 else f'{times} times'}"] if times else []
        said += [counted(len(self.addenda), "addendum", "addenda")] if self.addenda else []
        said += [counted(len(self.conflicts), "conflict")] if self.conflicts else []
        return " · ".join(said)


class EvidenceLine(NamedTuple):
    """A reference to evidence, and whether it is soon no longer kept."""

    evidence: Evidence
    runs_out: bool
    over: bool
    """Whether the day until which it was kept is over."""

    @property
    def id(self) -> int:
        """The reference's."""
        return self.evidence.id

    def words(self, today: date) -> str:
        """Say where it is kept and until when, or what became of it: `Site office · kept until 21 Dec`."""
        one = self.evidence
        said = [one.kept_where] if one.kept_where else []
        if one.end is not None:
            at = one.end.happened
            said.append(f"{one.end.how} {at.day} {at:%b} by {one.end.by}" + (f": {one.end.note}" * bool(one.end.note)))
        elif one.keep_until is not None:
            year = f" {one.keep_until.year}" if one.keep_until.year != today.year else ""
            said.append(f"{'was kept' if self.over else 'kept'} until {one.keep_until.day} {one.keep_until:%b}{year}")
        return " · ".join(said)


# Statements


def statement_lines_for(
    file: File, incidents: Iterable[int], staff: Staff, now: datetime, *, named_by: str = "find_student"
) -> dict[int, tuple[StatementLine, ...]]:
    """Return the statements of some incidents that `staff` may see, by incident, in the order in which they were taken.

    Students stand by name whom the read `named_by` reaches as well. Raises `NotAllowed` for who sees no statement.
    """
    scope_of("see_statements", staff)
    found = statements_of(file, incidents)
    every = [one for those in found.values() for one in those]
    lines = {one.id: one for one in _lines(file, every, staff, now, named_by)}
    made = {incident: tuple(lines[one.id] for one in those if one.id in lines) for incident, those in found.items()}
    return {incident: those for incident, those in made.items() if those}


def read_statement(file: File, statement_id: int, staff: Staff, now: datetime) -> StatementLine:
    """Return one statement. Raises `NotUnderstood` when there is none, `NotAllowed` beyond the reader's reach."""
    scope_of("see_statements", staff)
    found = _lines(file, (the_statement(file, statement_id),), staff, now, "find_student")
    if not found:
        raise NotAllowed("This statement is outside what your role may see.", "Ask a coordinator.")
    return found[0]


def _lines(
    file: File, found: Iterable[Statement], staff: Staff, now: datetime, named_by: str
) -> tuple[StatementLine, ...]:
    today = school_day(now, file.zone)
    seen = _seen(file, (one.id for one in found), staff, today)
    shown = [one for one in found if one.id in seen]
    names = _whose(file, shown, staff, today, named_by)
    addenda = addenda_of(file, "statement", (one.id for one in shown))
    conflicts = _conflicts(file, shown, staff, today, named_by) if may("note_conflict", staff) else None
    settings = settings_on(file, today)
    return tuple(
        StatementLine(
            one,
            names[one.id],
            addenda.get(one.id, ()),
            None if conflicts is None else tuple(conflicts.get(one.id, ())),
            one.first.code.casefold() == staff.code.casefold(),
            one.locked(now, settings),
        )
        for one in shown
    )


def _seen(file: File, statements: Iterable[int], staff: Staff, today: date) -> frozenset[int]:
    condition, params = statements_for("see_statements", staff, today.isoformat())
    found = file.rows(
        f"SELECT statement.id FROM statement WHERE id IN (SELECT value FROM json_each(:wanted)) AND {condition}",
        {**params, "wanted": json.dumps(sorted(set(statements)))},
    )
    return frozenset(statement for (statement,) in found)


def _whose(file: File, statements: Iterable[Statement], staff: Staff, today: date, named_by: str) -> Mapping[int, str]:
    """Return whose each statement is, in words, by the statement's id."""
    students = {one.whose.student_id for one in statements if one.whose.student_id is not None}
    by_name = reached(file, "find_student", staff, today.isoformat(), students)
    by_name &= reached(file, named_by, staff, today.isoformat(), students)
    known = students_by_id(file, by_name, today)
    adults = staff_named(file, (one.whose.staff_id for one in statements if one.whose.staff_id is not None))
    made = {}
    for one in statements:
        student, member = one.whose.student_id, one.whose.staff_id
        if student is not None:
            who = known.get(student)
            words = f"a student {NOT_SHOWN}" if who is None else who.name if who.apart else f"{who.name} {who.form}"
        else:
            words = one.whose.name if member is None else adults.get(member, "?")
        made[one.id] = words.rstrip()
    return made


def staff_named(file: File, ids: Iterable[int]) -> Mapping[int, str]:
    """Return how lists name members of staff, those who have left among them, by their id."""
    found = file.rows(
        "SELECT id, forename, surname FROM staff WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(ids))),),
    )
    return {identity: short_name(forename, surname) for identity, forename, surname in found}


def _conflicts(
    file: File, shown: Iterable[Statement], staff: Staff, today: date, named_by: str
) -> dict[int, list[ConflictLine]]:
    """Return what does not agree, by the statement's id: what stands between two stands with both."""
    ids = {one.id for one in shown}
    noted = conflicts_of(file, ids)
    others = {one.other_id for one in noted} | {one.statement_id for one in noted}
    seen = _seen(file, (one for one in others if one is not None), staff, today)
    names = _whose(file, [the_statement(file, one) for one in seen], staff, today, named_by)
    made: dict[int, list[ConflictLine]] = {}
    for one in noted:
        for mine, other in ((one.statement_id, one.other_id), (one.other_id, one.statement_id)):
            if mine is None or mine not in ids:
                continue
            who = "" if other is None else names.get(other, f"a statement {NOT_SHOWN}")
            line = ConflictLine(one.id, other if other in seen else None, who, one.what, one.recorded, one.by)
            made.setdefault(mine, []).append(line)
    return made


# Evidence


def evidence_lines_for(
    file: File, incidents: Iterable[int], staff: Staff, today: date
) -> dict[int, tuple[EvidenceLine, ...]]:
    """Return the evidence of those of some incidents that `staff` may see, by incident, in the order of its keeping.

    Raises `NotAllowed` for who may not see incidents.
    """
    scope_of("see_incidents", staff)
    warn = settings_on(file, today).evidence_warn_days
    found = evidence_of(file, _incidents(file, "see_incidents", incidents, staff, today))
    return {
        incident: tuple(EvidenceLine(one, one.runs_out(file, today, warn), _over(one, today)) for one in those)
        for incident, those in found.items()
    }


def _over(one: Evidence, today: date) -> bool:
    return one.end is None and one.keep_until is not None and one.keep_until < today


def _incidents(file: File, name: str, incidents: Iterable[int], staff: Staff, today: date) -> frozenset[int]:
    condition, params = incidents_for(name, staff, today.isoformat())
    found = file.rows(
        f"SELECT incident.id FROM incident WHERE incident.id IN (SELECT value FROM json_each(:wanted)) AND {condition}",
        {**params, "wanted": json.dumps(sorted(set(incidents)))},
    )
    return frozenset(incident for (incident,) in found)
