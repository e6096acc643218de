"""Investigations as one reader may see them: a list, and one opened with all it gathers and one timeline of it.

What an investigation shows of an incident is what its reader may see of that incident; one that is beyond their reach
is only counted. Opening is a look: its ledger line is written before anything is read.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.facts import live
from psc.desk.permissions import reached, scope_of
from psc.errors import NotAllowed
from psc.incidents.investigations import (
    Investigation,
    investigations_by_id,
    investigations_for,
    investigations_of,
    open_investigation_file,
)
from psc.incidents.reach import students_of
from psc.overview.incident_parts import NOT_SHOWN
from psc.overview.incidents import Named, OpenIncident, read_incident
from psc.overview.statements import EvidenceLine, StatementLine, evidence_lines_for, statement_lines_for
from psc.school.students import students_by_id
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psc.database.file import File
    from psc.desk.acts import Desk
    from psc.desk.people import Staff

RECORDED_APART = "force or seclusion: recorded apart, in a restrictive record"
"""What stands in an investigation where an incident has, or needs, such a record: its text stays where it is."""


class InvestigationLine(NamedTuple):
    """An investigation in a list: its students by name where they are shown."""

    investigation: Investigation
    students: tuple[str, ...]

    @property
    def id(self) -> int:
        """The investigation's."""
        return self.investigation.id

    @property
    def words(self) -> str:
        """What it gathers: `2 incidents · Reid, Callum; Okafor, Amara`."""
        return f"{counted(len(self.investigation.incidents), 'incident')} · {'; '.join(self.students)}"


class Gathered(NamedTuple):
    """An incident of an investigation, with its statements and its evidence."""

    opened: OpenIncident
    students: tuple[Named, ...]
    statements: tuple[StatementLine, ...]
    evidence: tuple[EvidenceLine, ...]
    restrictive: bool
    """Whether force or seclusion stands, or is to stand, in a record apart."""

    @property
    def id(self) -> int:
        """The incident's."""
        return self.opened.incident.id


class TimelineEntry(NamedTuple):
    """Something that happened, whatever it is; `where` leads to it: its kind and its id."""

    happened: datetime
    kind: str
    words: str
    source: str
    where: tuple[str, int]


class OpenInvestigation(NamedTuple):
    """An investigation opened, as its reader may see it."""

    investigation: Investigation
    incidents: tuple[Gathered, ...]
    """The earliest first."""
    not_shown: int
    """How many more it gathers that are not shown to the reader."""
    timeline: tuple[TimelineEntry, ...]
    """The earliest first."""

    @property
    def statements(self) -> tuple[StatementLine, ...]:
        """All the statements, incident by incident."""
        return tuple(one for each in self.incidents for one in each.statements)

    def statement(self, statement_id: int) -> StatementLine | None:
        """Return one of its statements."""
        return next((one for one in self.statements if one.id == statement_id), None)

    @property
    def students(self) -> tuple[int, ...]:
        """Those who stand in it by name."""
        return tuple(
            dict.fromkeys(one.student_id for each in self.incidents for one in each.students if one.student_id)
        )


def list_investigations(
    file: File, staff: Staff, today: date, *, only_open: bool = False
) -> tuple[InvestigationLine, ...]:
    """Return the investigations that `staff` may see, the newest first. Raises `NotAllowed` for who may see none."""
    scope_of("see_investigations", staff)
    condition, params = investigations_for("see_investigations", staff, today.isoformat())
    found = file.rows(
        f"SELECT investigation.id FROM investigation WHERE {condition} AND {live('investigation', 'investigation')}",
        params,
    )
    return tuple(
        InvestigationLine(one, _students(file, one, staff, today))
        for one in investigations_by_id(file, (identity for (identity,) in found))
        if one.open or not only_open
    )


def investigation_lines_for(file: File, incident_id: int, staff: Staff, today: date) -> tuple[InvestigationLine, ...]:
    """Return the investigations that gather an incident, as far as `staff` may see them.

    Raises `NotAllowed` for who may see none.
    """
    scope_of("see_investigations", staff)
    wanted = set(investigations_of(file, incident_id))
    return tuple(one for one in list_investigations(file, staff, today) if one.id in wanted) if wanted else ()


def open_the_investigation(desk: Desk, investigation_id: int) -> OpenInvestigation:
    """Open an investigation: the look is written first, and only then anything is read.

    Raises `NotUnderstood` when there is no such investigation, `NotAllowed` when the reader does not reach it.
    """
    desk.do_patiently(open_investigation_file(investigation_id), seconds=2)
    return read_investigation(desk.file, investigation_id, desk.staff(), desk.clock.now())


def read_investigation(
    file: File, investigation_id: int, staff: Staff, now: datetime, *, named_by: str = "find_student"
) -> OpenInvestigation:
    """Return an investigation that somebody has opened, as it stands now.

    Students stand by name whom the read `named_by` reaches as well: paper goes further than a screen. Raises
    `NotAllowed` when `staff` does not reach it, or it was taken back.
    """
    scope_of("see_investigations", staff)
    today = school_day(now, file.zone)
    condition, params = investigations_for("see_investigations", staff, today.isoformat())
    seen = file.value(
        f"SELECT 1 FROM investigation WHERE id = :wanted AND {condition}", {**params, "wanted": investigation_id}
    )
    found = investigations_by_id(file, (investigation_id,)) if seen else ()
    if not found:
        raise NotAllowed("This investigation is outside what your role may see.", "Ask a coordinator.")
    one = found[0]
    opened = [each for incident in one.incidents if (each := _incident(file, incident, staff, now)) is not None]
    opened.sort(key=lambda each: (each.incident.happened, each.incident.id))
    ids = [each.incident.id for each in opened]
    statements = statement_lines_for(file, ids, staff, now, named_by=named_by)
    evidence = evidence_lines_for(file, ids, staff, today)
    students = {part.student_id for each in opened for part in each.incident.students}
    named = reached(file, named_by, staff, today.isoformat(), students)
    gathered = tuple(
        Gathered(
            each,
            tuple(name if name.student_id in named else Named(None, NOT_SHOWN, name.role) for name in each.students),
            statements.get(each.incident.id, ()),
            evidence.get(each.incident.id, ()),
            bool(each.restrictive),
        )
        for each in opened
    )
    entries = sorted(_timeline(one, gathered), key=lambda entry: (entry.happened, _ORDER.index(entry.kind)))
    return OpenInvestigation(one, gathered, len(one.incidents) - len(opened), tuple(entries))


def _incident(file: File, incident_id: int, staff: Staff, now: datetime) -> OpenIncident | None:
    try:
        return read_incident(file, incident_id, staff, now)
    except NotAllowed:
        return None


_ORDER = ("event", "incident", "statement", "evidence")
"""What stands first of what happened at the same time."""


def _timeline(one: Investigation, gathered: Sequence[Gathered]) -> Iterator[TimelineEntry]:
    for event in one.events:
        yield TimelineEntry(event.happened, "event", event.what, event.source or event.by, ("event", event.id))
    for each in gathered:
        incident = each.opened.incident
        what = ", ".join(part for part in (incident.now.category, incident.now.place) if part)
        who = "; ".join(f"{name.name} ({name.role})" for name in each.students)
        where = ("incident", incident.id)
        yield TimelineEntry(incident.happened, "incident", f"{what}: {who}", incident.first.by, where)
        for said in each.statements:
            words = f"statement of {said.who}: {counted(len(said.statement.now.pages), 'page')}"
            yield TimelineEntry(
                said.statement.now.starts, "statement", words, said.statement.now.taken_by, ("statement", said.id)
            )
        for kept in each.evidence:
            thing = kept.evidence
            yield TimelineEntry(
                thing.happened, "evidence", f"{thing.kind}: {thing.what}", thing.by, ("evidence", thing.id)
            )


def _students(file: File, one: Investigation, staff: Staff, today: date) -> tuple[str, ...]:
    """Return the students of an investigation, by name where they are shown; the others are counted."""
    every = list(dict.fromkeys(student for incident in one.incidents for student in students_of(file, incident)))
    shown = reached(file, "find_student", staff, today.isoformat(), every)
    known = students_by_id(file, shown, today)
    made = [known[student].name for student in every if student in known]
    if others := len(every) - len(made):
        made.append(f"{counted(others, 'student')} {'' if not made else 'more '}not shown to you")
    return tuple(made)
