"""A student's story as people wrote it: incidents and what hangs on them, notes, referrals, programmes, plans.

Each part asks for its own line of the permission table. Who reaches an incident and not its restrictive record, or a
student and not a restricted note, sees that there is one, and whom to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.clock import school_day
from psc.desk.facts import live
from psc.desk.permissions import may
from psc.incidents.actions import actions_for, actions_of_student
from psc.incidents.addenda import addenda_of
from psc.incidents.incidents import incidents_by_id
from psc.incidents.restrictive import restrictive_of_student
from psc.incidents.told import told_of
from psc.overview.incidents import list_incidents
from psc.overview.notes import notes_for
from psc.overview.restrictive import MARKER, visible
from psc.overview.statements import statement_lines_for
from psc.overview.story import StoryEntry, StoryKind, Where
from psc.overview.story_reads import among, at, day_words, joined
from psc.roster.placement_types import PlacementType
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.incidents.actions import AgreedAction
    from psc.incidents.incidents import Incident
    from psc.overview.incidents import IncidentLine
    from psc.overview.story_reads import Asked


def written_story(asked: Asked) -> Iterator[StoryEntry]:
    """Yield what people wrote of a student, as far as each part is the reader's."""
    yield from _incidents(asked)
    yield from _notes(asked)
    if asked.sees("see_referrals"):
        yield from _referrals(asked)
    if asked.sees("see_programmes"):
        yield from _programmes(asked)
    if asked.sees("see_alerts"):
        yield from _apart(asked)
        yield from _alerts(asked)
    yield from _actions(asked)


# Incidents


def _incidents(asked: Asked) -> Iterator[StoryEntry]:
    """Yield incidents with what was added to them and who was told, and what hangs on them."""
    if may("see_incidents", asked.staff):
        listed = list_incidents(asked.file, asked.staff, asked.today, student_id=asked.student_id, limit=_EVERY)
        lines = {one.id: one for one in listed}
        for one in incidents_by_id(asked.file, lines):
            yield _incident(asked, one, lines[one.id])
        yield from _added(asked, lines)
        yield from _restrictive(asked, lines)
    yield from _statements(asked)


_FLAGS = {
    "force": "force used", "prevented": "prevented from leaving", "injury": "somebody hurt", "damage": "damage",
    "searched": "searched", "police": "police",
}  # fmt: skip


def _incident(asked: Asked, one: Incident, line: IncidentLine) -> StoryEntry:
    said = one.now
    role = next((part.role for part in one.students if part.student_id == asked.student_id), "")
    others = len({part.student_id for part in one.students} - {asked.student_id})
    veiled = ("force", "prevented") if line.restrictive == "marker" else ()
    flags = [words for name, words in _FLAGS.items() if name not in veiled and getattr(said, name)]
    words = joined(
        f"{said.category} ({role})", f"severity {said.severity}", said.place,
        others and f"with {counted(others, 'other student')}", "" if one.open else "closed",
        line.restrictive == "owed" and "record of force or seclusion owed",
    )  # fmt: skip
    more = joined(
        said.antecedent and f"Before: {said.antecedent}",
        f"What happened: {said.behaviour}",
        said.consequence and f"After: {said.consequence}",
        said.deescalation and f"De-escalation: {said.deescalation}",
        flags and f"{', '.join(flags).capitalize()}.",
        one.outcome and f"Outcome: {one.outcome}",
        by="\n",
    )
    return StoryEntry(
        one.happened, one.first.recorded, StoryKind.INCIDENT, words, more, one.first.by, Where("incident", one.id),
        ("incident", one.id), late=line.late,
    )  # fmt: skip


def _added(asked: Asked, incidents: Iterable[int]) -> Iterator[StoryEntry]:
    """Yield what was added to incidents within reach: addenda, and that the safeguarding lead was told."""
    for incident, addenda in addenda_of(asked.file, "incident", incidents).items():
        for one in addenda:
            yield StoryEntry(
                one.recorded, one.recorded, StoryKind.INCIDENT, "Addendum to an incident", one.text, one.by,
                Where("incident", incident), ("incident_addendum", one.id),
            )  # fmt: skip
    for incident, told in told_of(asked.file, incidents).items():
        for number, lead in enumerate(told):
            if lead.who == "safeguarding lead" and lead.student_id in (None, asked.student_id):
                yield StoryEntry(
                    lead.happened, lead.recorded or lead.happened, StoryKind.INCIDENT,
                    joined("Safeguarding lead told", lead.name, by=": "), "", lead.by, Where("incident", incident),
                    ("incident_told", incident * 1_000 + number),
                )  # fmt: skip


def _restrictive(asked: Asked, incidents: Mapping[int, IncidentLine]) -> Iterator[StoryEntry]:
    """Yield the records of force and seclusion on incidents within reach; a marker where the record is not."""
    records = [one for one in restrictive_of_student(asked.file, asked.student_id) if one.incident_id in incidents]
    seen = visible(asked.file, asked.staff, asked.today, records)
    for one in records:
        key, said = ("restrictive", one.id), one.now
        if one.id in seen:
            stands = "signed off" if one.sign_off else "reviewed" if one.review else "not reviewed"
            words = f"{said.type.capitalize()}, {counted(said.minutes, 'minute')} · {stands}"
            yield StoryEntry(
                said.starts, one.first.recorded, StoryKind.RESTRICTIVE, words, "", one.first.by, Where(*key), key
            )
        else:
            incident = incidents[one.incident_id]
            yield StoryEntry(
                incident.happened, incident.happened, StoryKind.RESTRICTIVE, MARKER, "", "",
                Where("incident", one.incident_id), key, hidden=True,
            )  # fmt: skip


def _statements(asked: Asked) -> Iterator[StoryEntry]:
    if not may("see_statements", asked.staff):
        return
    taken = asked.rows(
        f"SELECT DISTINCT s.incident_id FROM statement s WHERE s.student_id = :student AND {live('statement', 's')}"
    )
    found = statement_lines_for(asked.file, [incident for (incident,) in taken], asked.staff, asked.now)
    for one in (line for lines in found.values() for line in lines):
        if one.statement.whose.student_id != asked.student_id:
            continue
        now, key = one.statement.now, ("statement", one.id)
        words = joined(f"Statement, {one.statement.whose.role}", counted(len(now.pages), "page"), one.since)
        yield StoryEntry(
            now.starts, one.statement.first.recorded, StoryKind.STATEMENT, words, one.how(asked.file.zone),
            one.statement.first.by, Where(*key), key,
        )  # fmt: skip


# Notes


def _notes(asked: Asked) -> Iterator[StoryEntry]:
    """Yield notes; of one that is shut there is a mark."""
    if not may("see_notes", asked.staff):
        return
    for one in notes_for(asked.file, (asked.student_id,), asked.staff, asked.today):
        key = ("note", one.id)
        first, _, rest = one.words.partition("\n")
        title = "" if one.kind in ("", "pastoral") else f"{one.kind.capitalize()}: "
        since = joined(one.amended and "amended", one.added and counted(one.added, "addendum", "addenda"), by=", ")
        more = joined(one.words if rest or len(first) > _SHORT else "", since and f"Since: {since}", by="\n")
        where = None if one.shut == "ask" else Where(*key)
        yield StoryEntry(
            one.happened, one.recorded, StoryKind.NOTE, f"{title}{first[:_SHORT]}", more, one.by, where, key,
            hidden=bool(one.shut),
        )  # fmt: skip


_SHORT = 200
"""Characters of a note that stand on its line; the whole of it stands beneath."""
_EVERY = 1_000_000


# Referrals, programmes, plans


def _referrals(asked: Asked) -> Iterator[StoryEntry]:
    for identity, happened, recorded, by, kind, reason, asked_for, facts, outcome, why, decider in asked.rows(
        "SELECT r.id, r.happened, r.recorded, l.actor, r.type, r.reason, r.asked, r.facts, coalesce(d.outcome, ''),"
        " coalesce(d.why, ''), coalesce(dl.actor, '') FROM referral r JOIN ledger l ON l.seq = r.seq"
        f" LEFT JOIN referral_decision d ON d.referral_id = r.id AND {live('referral_decision', 'd')}"
        " LEFT JOIN ledger dl ON dl.seq = d.seq"
        f" WHERE r.student_id = :student AND r.day BETWEEN :first AND :last AND {live('referral', 'r')}"
    ):
        key = ("referral", identity)
        words = f"Referred for {PlacementType(kind).words}, {asked_for}: {reason} · {outcome or 'not decided yet'}"
        decided = outcome and joined(f"{outcome.capitalize()} by {asked.who(decider)}", why, by=": ")
        yield StoryEntry(
            at(happened), at(recorded), StoryKind.REFERRAL, words, joined(facts, decided, by="\n"), asked.who(by),
            Where(*key), key,
        )  # fmt: skip


def _programmes(asked: Asked) -> Iterator[StoryEntry]:
    of_student = "JOIN placement p ON p.id = g.placement_id WHERE p.student_id = :student"
    stands = f"{live('programme', 'g')} AND {live('placement', 'p')}"
    known: set[int] = set()
    for identity, placement, happened, recorded, by, purpose, success, review, until in asked.rows(
        "SELECT g.id, g.placement_id, g.happened, g.recorded, l.actor, g.purpose, g.success, g.review_day, g.until_day"
        f" FROM programme g JOIN ledger l ON l.seq = g.seq {of_student} AND g.day BETWEEN :first AND :last"
        f" AND {stands} ORDER BY g.id"
    ):
        what = "Programme changed" if placement in known else "Programme agreed"
        known.add(placement)
        words = joined(what, purpose, by=": ") + f" · review {day_words(review)}, until {day_words(until)}"
        yield StoryEntry(
            at(happened), at(recorded), StoryKind.PROGRAMME, words, success and f"Success: {success}", asked.who(by),
            Where("programme", placement), ("programme", identity),
        )  # fmt: skip
    for identity, placement, happened, recorded, by, stage, outcome, note in asked.rows(
        "SELECT s.id, g.placement_id, s.happened, s.recorded, l.actor, s.stage, s.outcome, s.note"
        " FROM programme_step s JOIN ledger l ON l.seq = s.seq JOIN programme g ON g.id = s.programme_id"
        f" {of_student} AND s.day BETWEEN :first AND :last AND {stands} AND {live('programme_step', 's')}"
    ):
        yield StoryEntry(
            at(happened), at(recorded), StoryKind.PROGRAMME, f"Programme, {stage}: {outcome}", note, asked.who(by),
            Where("programme", placement), ("programme_step", identity),
        )  # fmt: skip


def _apart(asked: Asked) -> Iterator[StoryEntry]:
    found: list[Any] = asked.rows(
        "SELECT k.id, k.happened, k.recorded, l.actor, iif(k.student_a = :student, k.student_b, k.student_a), k.reason,"
        " k.until_day FROM keep_apart k JOIN ledger l ON l.seq = k.seq"
        " WHERE :student IN (k.student_a, k.student_b) AND k.day BETWEEN :first AND :last"
        f" AND {live('keep_apart', 'k')}"
    )
    names = asked.named(row[4] for row in found)
    for identity, happened, recorded, by, other, reason, until in found:
        words = f"To be kept apart from {names.get(other, 'a student not shown to you')} until {day_words(until)}"
        key = ("keep_apart", identity)
        yield StoryEntry(
            at(happened), at(recorded), StoryKind.APART, joined(words, reason, by=": "), "", asked.who(by), Where(*key),
            key, others=(other,) if other in names else (),
        )  # fmt: skip


def _alerts(asked: Asked) -> Iterator[StoryEntry]:
    """Yield alerts as they were added, and as they were ended."""
    for identity, happened, recorded, by, kind, text, ended, ended_at, why, ender in asked.rows(
        "SELECT a.id, a.happened, a.recorded, l.actor, a.kind, a.text, coalesce(r.id, 0), coalesce(r.recorded, ''),"
        " coalesce(r.reason, ''), coalesce(rl.actor, '') FROM alert a JOIN ledger l ON l.seq = a.seq"
        " LEFT JOIN retraction r ON r.fact = 'alert' AND r.fact_id = a.id LEFT JOIN ledger rl ON rl.seq = r.seq"
        " WHERE a.student_id = :student AND coalesce(rl.act, '') NOT IN ('undo', 'merge_students')"
        " AND (a.day BETWEEN :first AND :last OR r.day BETWEEN :first AND :last)"
    ):
        where = Where("alert", identity)
        yield StoryEntry(
            at(happened), at(recorded), StoryKind.ALERT, f"Alert, {kind}: {text}", "", asked.who(by), where,
            ("alert", identity),
        )  # fmt: skip
        if ended:
            yield StoryEntry(
                at(ended_at), at(ended_at), StoryKind.ALERT, f"Alert ended, {kind}: {text}", why, asked.who(ender),
                where, ("retraction", ended),
            )  # fmt: skip


def _actions(asked: Asked) -> Iterator[StoryEntry]:
    """Yield what was agreed about the student. Whoever owes or wrote it sees it whatever their role."""
    for one in actions_about(asked.file, asked.student_id, asked.staff, asked.today):
        ended = one.end
        state = (
            f"{ended.outcome} {day_words(school_day(ended.at, asked.file.zone))}"
            if ended
            else f"due {day_words(one.due)}"
        )
        more = ended and joined(f"{ended.outcome.capitalize()} by {ended.by}", ended.note, by=": ")
        yield StoryEntry(
            one.agreed, one.agreed, StoryKind.ACTION, f"Agreed: {one.what} · {one.owner}, {state}", more or "", one.by,
            Where("agreed_action", one.id), ("agreed_action", one.id),
        )  # fmt: skip


def actions_about(file: File, student_id: int, staff: Staff, today: date) -> tuple[AgreedAction, ...]:
    """Return what was agreed about a student, as far as `staff` may see it, what is due first."""
    found = actions_of_student(file, student_id)
    condition, params = actions_for(staff, today.isoformat())
    mine = file.rows(
        f"SELECT a.id FROM agreed_action a WHERE a.id IN (SELECT value FROM json_each(:wanted)) AND {condition}",
        {**params, "wanted": among(one.id for one in found)},
    )
    seen = {identity for (identity,) in mine}
    return tuple(one for one in found if one.id in seen)
