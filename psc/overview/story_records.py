"""A student's story as people wrote it: incidents and what hangs on them, notes, referrals, programmes, plans.

Each part asks for its own line of the permission table. Who reaches an incident and not its restrictive record, or a
student and not a restricted note, sees that there is one, and whom to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.desk.facts import live
from psc.desk.permissions import Scope, may, scope_of
from psc.desk.settings import settings_on
from psc.errors import NotAllowed
from psc.incidents.incidents import incidents_by_id
from psc.incidents.reach import incidents_for
from psc.overview.story import StoryEntry, StoryKind, Where
from psc.overview.story_reads import among, at, day_words, joined
from psc.roster.placement_types import PlacementType
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psc.incidents.incidents import Incident
    from psc.overview.story_reads import Asked

RESTRICTED_NOTE = "restricted note: ask the safeguarding lead"
RESTRICTED_RECORD = "force or seclusion recorded: restricted"
"""What stands where a record is not for the reader: that there is one, and nothing of it."""


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


def _within(asked: Asked, name: str) -> frozenset[int]:
    """Return the student's incidents that the read `name` reaches."""
    try:
        condition, params = incidents_for(name, asked.staff, asked.today.isoformat())
    except NotAllowed:
        return frozenset()
    found = asked.rows(
        "SELECT DISTINCT incident.id FROM incident_student s JOIN incident ON incident.id = s.incident_id"
        f" WHERE s.student_id = :student AND {live('incident_student', 's')} AND {live('incident', 'incident')}"
        f" AND {condition}",
        **params,
    )
    return frozenset(identity for (identity,) in found)


def _incidents(asked: Asked) -> Iterator[StoryEntry]:
    seen = _within(asked, "see_incidents")
    settings = settings_on(asked.file, asked.today)
    incidents = {one.id: one for one in incidents_by_id(asked.file, seen)}
    for one in incidents.values():
        if asked.first <= one.versions[-1].happened.astimezone(asked.file.zone).date().isoformat() <= asked.last:
            yield _incident(asked, one, late=one.entered_late(settings))
    yield from _hanging(asked, seen)
    yield from _restrictive(asked, seen)
    yield from _statements(asked)


def _incident(asked: Asked, one: Incident, *, late: bool) -> StoryEntry:
    said = one.now
    role = next((part.role for part in one.students if part.student_id == asked.student_id), "")
    others = len({part.student_id for part in one.students} - {asked.student_id})
    flags = ("force", "prevented", "injury", "damage", "searched", "police")
    words = joined(
        f"{said.category} ({role})", f"severity {said.severity}", said.place,
        others and f"with {counted(others, 'other student')}", "" if one.open else "closed",
    )  # fmt: skip
    more = joined(
        said.antecedent and f"Before: {said.antecedent}",
        f"What happened: {said.behaviour}",
        said.consequence and f"After: {said.consequence}",
        said.deescalation and f"De-escalation: {said.deescalation}",
        "Yes to: " + ", ".join(flag for flag in flags if getattr(said, flag)) if any(
            getattr(said, flag) for flag in flags
        ) else "",
        one.outcome and f"Outcome: {one.outcome}",
        by="\n",
    )  # fmt: skip
    return StoryEntry(
        one.happened, one.first.recorded, StoryKind.INCIDENT, words, more, one.first.by, Where("incident", one.id),
        ("incident", one.id), late=late,
    )  # fmt: skip


def _hanging(asked: Asked, seen: frozenset[int]) -> Iterator[StoryEntry]:
    """Yield what was added to incidents within reach: addenda, and that the safeguarding lead was told."""
    ids = among(seen)
    for identity, incident, happened, recorded, by, text in asked.rows(
        "SELECT a.id, a.incident_id, a.happened, a.recorded, l.actor, a.text FROM incident_addendum a"
        " JOIN ledger l ON l.seq = a.seq WHERE a.incident_id IN (SELECT value FROM json_each(:ids))"
        f" AND a.day BETWEEN :first AND :last AND {live('incident_addendum', 'a')}",
        ids=ids,
    ):
        yield StoryEntry(
            at(happened), at(recorded), StoryKind.INCIDENT, "Addendum to an incident", text, asked.who(by),
            Where("incident", incident), ("incident_addendum", identity),
        )  # fmt: skip
    for identity, incident, happened, recorded, by, name in asked.rows(
        "SELECT t.id, t.incident_id, t.happened, t.recorded, l.actor, t.name FROM incident_told t"
        " JOIN ledger l ON l.seq = t.seq WHERE t.incident_id IN (SELECT value FROM json_each(:ids))"
        " AND t.who = 'safeguarding lead' AND (t.student_id IS NULL OR t.student_id = :student)"
        f" AND t.day BETWEEN :first AND :last AND {live('incident_told', 't')}",
        ids=ids,
    ):
        yield StoryEntry(
            at(happened), at(recorded), StoryKind.INCIDENT, joined("Safeguarding lead told", name, by=": "), "",
            asked.who(by), Where("incident", incident), ("incident_told", identity),
        )  # fmt: skip


def _restrictive(asked: Asked, seen: frozenset[int]) -> Iterator[StoryEntry]:
    """Yield the records of force and seclusion on incidents within reach; a marker where the record is not."""
    opened = _within(asked, "see_restrictive")
    for identity, incident, starts, ends, recorded, by, kind in asked.rows(
        "SELECT r.id, r.incident_id, v.starts, v.ends, r.recorded, l.actor, v.type FROM restrictive r"
        " JOIN restrictive_version v ON v.id = (SELECT max(w.id) FROM restrictive_version w"
        f" WHERE w.restrictive_id = r.id AND {live('restrictive_version', 'w')}) JOIN ledger l ON l.seq = r.seq"
        " WHERE r.student_id = :student AND r.incident_id IN (SELECT value FROM json_each(:ids))"
        f" AND v.day BETWEEN :first AND :last AND {live('restrictive', 'r')}",
        ids=among(seen),
    ):
        shown = incident in opened
        minutes = int((at(ends) - at(starts)).total_seconds() // 60)
        words = f"{kind.capitalize()}, {minutes} min" if shown else RESTRICTED_RECORD
        yield StoryEntry(
            at(starts), at(recorded), StoryKind.RESTRICTIVE, words, "", asked.who(by) if shown else "",
            Where("restrictive", identity) if shown else Where("incident", incident), ("restrictive", identity),
            hidden=not shown,
        )  # fmt: skip


def _statements(asked: Asked) -> Iterator[StoryEntry]:
    for identity, starts, recorded, by, role, taken_by, pages, scribed, read_back in asked.rows(
        "SELECT s.id, v.starts, s.recorded, l.actor, s.role, v.taken_by, json_array_length(v.pages), v.scribed,"
        " v.read_back FROM statement s JOIN statement_version v ON v.id = (SELECT max(w.id) FROM statement_version w"
        f" WHERE w.statement_id = s.id AND {live('statement_version', 'w')}) JOIN ledger l ON l.seq = s.seq"
        " WHERE s.student_id = :student AND s.incident_id IN (SELECT value FROM json_each(:ids))"
        f" AND v.day BETWEEN :first AND :last AND {live('statement', 's')}",
        ids=among(_within(asked, "see_statements")),
    ):
        words = joined(
            f"Statement ({role}), {counted(pages, 'page')}", f"taken by {taken_by}", scribed and "scribed",
            "read back" if read_back else "not read back",
        )  # fmt: skip
        key = ("statement", identity)
        yield StoryEntry(at(starts), at(recorded), StoryKind.STATEMENT, words, "", asked.who(by), Where(*key), key)


# Notes


def _notes(asked: Asked) -> Iterator[StoryEntry]:
    """Yield notes. Restricted ones are markers; those for the year team are not for assistants and cover."""
    if not may("see_notes", asked.staff):
        return
    reached_ = asked.sees("see_notes")
    own_too = scope_of("see_notes", asked.staff) in (Scope.OWN, Scope.OWN_AND_TODAY)
    restricted = asked.sees("see_restricted_notes")
    addenda: dict[int, list[str]] = {}
    for note, text in asked.rows(
        "SELECT a.note_id, a.text FROM note n JOIN note_addendum a ON a.note_id = n.id WHERE n.student_id = :student"
        f" AND {live('note_addendum', 'a')} ORDER BY a.id"
    ):
        addenda.setdefault(note, []).append(text)
    for identity, happened, recorded, by, kind, visibility, text in asked.rows(
        "SELECT n.id, v.happened, n.recorded, l.actor, v.kind, v.visibility, v.text FROM note n"
        " JOIN note_version v ON v.id = (SELECT max(w.id) FROM note_version w"
        f" WHERE w.note_id = n.id AND {live('note_version', 'w')}) JOIN ledger l ON l.seq = n.seq"
        f" WHERE n.student_id = :student AND v.day BETWEEN :first AND :last AND {live('note', 'n')}"
    ):
        key = ("note", identity)
        mine = by.casefold() == asked.staff.code.casefold()
        if visibility == "restricted" and not restricted:
            if reached_:
                yield StoryEntry(
                    at(happened), at(recorded), StoryKind.NOTE, RESTRICTED_NOTE, "", "", None, key, hidden=True
                )
            continue
        if visibility != "restricted" and not (mine and own_too) and not (
            reached_ and (visibility == "room" or not own_too)
        ):  # fmt: skip
            continue
        first, _, rest = text.partition("\n")
        shown = "" if kind == "pastoral" else f"{kind.capitalize()}: "
        more = joined(
            text if rest or len(first) > _SHORT else "",
            *(f"Added: {one}" for one in addenda.get(identity, ())),
            by="\n",
        )
        yield StoryEntry(
            at(happened),
            at(recorded),
            StoryKind.NOTE,
            f"{shown}{first[:_SHORT]}",
            more,
            asked.who(by),
            Where(*key),
            key,
        )


_SHORT = 200
"""Characters of a note that stand on its line; the whole of it stands beneath."""


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
    """Yield what was agreed for the student. Whoever owes or wrote it sees it whatever their scope."""
    if not may("see_actions", asked.staff):
        return
    reached_ = asked.sees("see_actions")
    for (
        identity,
        happened,
        recorded,
        by,
        what,
        owner_id,
        owner,
        due,
        incident,
        outcome,
        note,
        done_by,
        done,
    ) in asked.rows(
        "SELECT a.id, a.happened, a.recorded, l.actor, a.what, a.owner_id, coalesce(o.code, a.owner), a.due_day,"
        " a.incident_id, coalesce(e.outcome, ''), coalesce(e.note, ''), coalesce(el.actor, ''), coalesce(e.day, '')"
        " FROM agreed_action a JOIN ledger l ON l.seq = a.seq LEFT JOIN staff o ON o.id = a.owner_id"
        f" LEFT JOIN agreed_action_end e ON e.agreed_action_id = a.id AND {live('agreed_action_end', 'e')}"
        " LEFT JOIN ledger el ON el.seq = e.seq"
        f" WHERE a.student_id = :student AND a.day BETWEEN :first AND :last AND {live('agreed_action', 'a')}"
    ):
        if not (reached_ or owner_id == asked.staff.id or by.casefold() == asked.staff.code.casefold()):
            continue
        state = f"{outcome} {day_words(done)}" if outcome else f"due {day_words(due)}"
        more = outcome and joined(f"{outcome.capitalize()} by {asked.who(done_by)}", note, by=": ")
        where = Where("incident", incident) if incident is not None else Where("agreed_action", identity)
        yield StoryEntry(
            at(happened), at(recorded), StoryKind.ACTION, f"Agreed: {what} · {asked.who(owner)}, {state}", more,
            asked.who(by), where, ("agreed_action", identity),
        )  # fmt: skip
