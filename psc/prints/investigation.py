"""An investigation as one file: what it is, its timeline, its incidents with their statements and evidence.

Whoever may not see an incident of it does not print it; students beyond the reach of `print_investigation` stand in it
without their names, though what people wrote stays as it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day, wall
from psc.overview.investigations import RECORDED_APART, OpenInvestigation, read_investigation
from psc.prints.document import Document, Kind, Part, document_page, document_pdf
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from psc.desk.acts import Desk
    from psc.incidents.addenda import Addendum
    from psc.incidents.incidents import Account
    from psc.incidents.statements import Taken
    from psc.overview.investigations import Gathered
    from psc.overview.statements import StatementLine

SHEET = "investigation"
"""What the sheet is called: its line of the permission table is `print_investigation`."""
_LONG = (
    ("Before it", "antecedent"),
    ("What happened", "behaviour"),
    ("Consequence", "consequence"),
    ("De-escalation", "deescalation"),
)
_MARKS = (
    ("physical contact or force", "force"),
    ("prevented from leaving", "prevented"),
    ("injury", "injury"),
    ("damage", "damage"),
    ("search or confiscation", "searched"),
    ("police", "police"),
)


def read_investigation_to_print(desk: Desk, investigation_id: int) -> OpenInvestigation:
    """Return an investigation as the person at the desk may print it. Raises `NotAllowed`."""
    return read_investigation(
        desk.file, investigation_id, desk.staff(), desk.clock.now(), named_by="print_investigation"
    )


def investigation_document(found: OpenInvestigation, where: ZoneInfo, *, by: str, now: datetime) -> Document:
    """Return the document; `by` is whoever prints it, at `now`."""
    one = found.investigation
    parts = [*_head(found, where), *_timeline(found, where)]
    for each in found.incidents:
        parts += _incident(each, where)
    foot = f"Printed by {by} on {_when(now, where)}. It names students: keep it locked away, and shred it after use."
    return Document(f"Investigation: {one.title}", tuple(parts), foot)


def investigation_page(made: Document) -> str:
    """Return it as HTML."""
    return document_page(made)


def investigation_pdf(made: Document) -> tuple[bytes, frozenset[str]]:
    """Return it as PDF, and the letters that no font of this machine has."""
    return document_pdf(made)


def _when(at: datetime, where: ZoneInfo) -> str:
    day = school_day(at, where)
    return f"{day.day} {day:%b %Y}, {wall(at, where)}"


def _field(label: str, words: str) -> Iterator[Part]:
    if words:
        yield Part(Kind.FIELD, words, label)


def _head(found: OpenInvestigation, where: ZoneInfo) -> Iterator[Part]:
    one = found.investigation
    yield from _field("Opened", f"{_when(one.opened, where)} by {one.by}")
    yield from _field("Purpose", one.purpose)
    for end in one.ends:
        yield from _field(end.state.capitalize(), f"{_when(end.happened, where)} by {end.by}\n{end.outcome}")
    if one.open:
        yield from _field("State", "open")
    statements = len(found.statements)
    evidence = sum(len(each.evidence) for each in found.incidents)
    gathered = (
        counted(len(found.incidents), "incident"),
        counted(statements, "statement"),
        counted(evidence, "reference to evidence", "references to evidence"),
    )
    yield from _field("Gathered", ", ".join(gathered))
    if found.not_shown:
        words = f"{counted(found.not_shown, 'more incident')} not shown to whoever printed this"
        yield from _field("Left out", words)


def _timeline(found: OpenInvestigation, where: ZoneInfo) -> Iterator[Part]:
    yield Part(Kind.HEADING, "Timeline")
    for entry in found.timeline:
        source = f" ({entry.source})" if entry.source else ""
        yield Part(Kind.FIELD, f"{entry.words}{source}", _when(entry.happened, where))


def _incident(each: Gathered, where: ZoneInfo) -> Iterator[Part]:
    opened = each.opened
    one = opened.incident
    yield Part(Kind.HEADING, f"Incident of {_when(one.happened, where)}: {one.now.category}")
    late = ", entered late" if opened.late else ""
    yield from _field("Recorded", f"{_when(one.first.recorded, where)} by {one.first.by}{late}")
    yield from _field("Students", "\n".join(f"{name.name}, {name.role}" for name in each.students))
    yield from _field("Adults", "\n".join(opened.adults))
    yield from _account(one.now)
    if each.restrictive:
        yield Part(Kind.TEXT, f"{RECORDED_APART[0].upper()}{RECORDED_APART[1:]}.")
    yield from _field("State", "open" if one.open else f"closed: {one.outcome}" if one.outcome else "closed")
    for number, version in enumerate(opened.versions[1:], 1):
        changed = f" Changed: {'; '.join(version.changed)}." if version.changed else ""
        yield from _field("Amended", f"{_when(version.recorded, where)} by {version.by}: {version.why}.{changed}")
        before = opened.versions[number - 1]
        yield Part(Kind.SMALL, f"As it stood before, written {_when(before.recorded, where)}")
        yield Part(Kind.QUOTE, before.account.behaviour)
    yield from _addenda(opened.addenda, where)
    for said in each.statements:
        yield from _statement(said, where)
    if each.evidence:
        yield Part(Kind.SUBHEADING, "Evidence")
    for kept in each.evidence:
        thing = kept.evidence
        day = school_day(thing.happened, where)
        more = f"\n{kept.words(day)}" if kept.words(day) else ""
        yield from _field(f"{thing.kind}, {day.day} {day:%b %Y}", f"{thing.what}{more}")


def _account(now: Account) -> Iterator[Part]:
    yield from _field("Where", ", ".join(part for part in (now.place, now.period) if part))
    yield from _field("Severity", f"{now.severity} of 5")
    for label, name in _LONG:
        yield from _field(label, getattr(now, name))
    yield from _field("There was", ", ".join(words for words, name in _MARKS if getattr(now, name)))


def _addenda(addenda: tuple[Addendum, ...], where: ZoneInfo) -> Iterator[Part]:
    for one in addenda:
        yield Part(Kind.SMALL, f"Added {_when(one.recorded, where)} by {one.by}")
        yield Part(Kind.QUOTE, one.text)


def _statement(said: StatementLine, where: ZoneInfo) -> Iterator[Part]:
    one = said.statement
    yield Part(Kind.SUBHEADING, f"Statement of {said.who}")
    yield Part(Kind.TEXT, said.how(where, year=True))
    yield from _pages(one.now)
    for number, version in enumerate(one.versions[1:], 1):
        yield Part(Kind.TEXT, f"Amended {_when(version.recorded, where)} by {version.by}: {version.why}")
        before = one.versions[number - 1]
        yield Part(Kind.TEXT, f"As it stood before, written {_when(before.recorded, where)}")
        yield from _pages(before.taken)
    yield from _addenda(said.addenda, where)
    for noted in said.conflicts or ():
        other = f"the statement of {noted.other}" if noted.other else "what else is known"
        yield Part(Kind.SMALL, f"Does not agree with {other}: noted {_when(noted.recorded, where)} by {noted.by}")
        yield Part(Kind.QUOTE, noted.what)


def _pages(taken: Taken) -> Iterator[Part]:
    for number, words in enumerate(taken.pages, 1):
        yield Part(Kind.SMALL, f"Page {number} of {len(taken.pages)}")
        yield Part(Kind.QUOTE, words)
