"""A student's story as the rooms have it: placements, visits, what was held, home, suspensions, events, absences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.desk.facts import live
from psc.overview.cells import shown_out
from psc.overview.story import StoryEntry, StoryKind, Where
from psc.overview.story_reads import at, day_words, joined, span_words
from psc.roster.absences import Absence
from psc.roster.events import EventKind
from psc.roster.held import Holding
from psc.roster.movements import Kind, Movement, in_order, seconds_in
from psc.roster.placement_types import Line, PlacementType
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psc.overview.story_reads import Asked


def room_story(asked: Asked) -> Iterator[StoryEntry]:
    """Yield what the rooms have of a student, as far as the reader sees the roster."""
    if not asked.sees("see_roster"):
        return
    yield from _placements(asked)
    yield from _visits(asked)
    yield from _absences(asked)
    yield from _sightings(asked)
    yield from _held(asked)
    yield from _home(asked)
    yield from _events(asked)
    if asked.sees("see_suspensions"):
        yield from _suspensions(asked)


_PLACEMENTS = f"""
SELECT p.id, p.happened, p.recorded, l.actor, p.type, coalesce(nullif(c.reason, ''), p.reason), room.code, p.planned,
    min(pp.on_day), max(pp.on_day), count(*), coalesce(sender.code, ''), coalesce(c.outcome, ''),
    coalesce(decided.actor, ''), p.override, coalesce(told.who, ''),
    sum(EXISTS (SELECT 1 FROM waiver w WHERE w.placement_period_id = pp.id AND {live("waiver", "w")}))
FROM placement p
JOIN placement_period pp ON pp.placement_id = p.id AND {live("placement_period", "pp")}
JOIN room ON room.id = p.room_id JOIN ledger l ON l.seq = p.seq
LEFT JOIN told ON told.seq = p.seq LEFT JOIN staff sender ON sender.id = p.sent_by
LEFT JOIN confirmation c ON c.placement_id = p.id AND {live("confirmation", "c")}
LEFT JOIN ledger decided ON decided.seq = c.seq
WHERE p.student_id = :student AND p.day BETWEEN :first AND :last AND {live("placement", "p")}
GROUP BY p.id
"""


def _placements(asked: Asked) -> Iterator[StoryEntry]:
    for row in asked.rows(_PLACEMENTS):
        identity, happened, recorded, by, kind, reason, room, planned, first, last, periods, *rest = row
        sent_by, outcome, settled, override, told, waived = rest
        type_ = PlacementType(kind)
        words = f"{type_.words}, {room}, {span_words(first, last)}, {counted(periods, 'period')}"
        more = joined(
            "" if planned else "Not planned.",
            sent_by and f"Sent by {asked.who(sent_by)}.",
            told and f"Told by {told}.",
            outcome and f"{outcome.capitalize()} by {asked.who(settled)}.",
            waived and f"{counted(waived, 'period')} let off.",
            override and f"Over a rule, because: {override}",
            by="\n",
        )
        yield StoryEntry(
            at(happened), at(recorded), StoryKind.PLACEMENT, joined(words, reason, by=": "), more, asked.who(by),
            Where("placement", identity), ("placement", identity), line=type_.line,
            timed=wall(at(happened), asked.file.zone) != "00:00",  # history that was imported knows the day
        )  # fmt: skip


_TYPES = f"""
SELECT pp.on_day, p.room_id, p.type FROM placement p
JOIN placement_period pp ON pp.placement_id = p.id AND {live("placement_period", "pp")}
WHERE p.student_id = :student AND {live("placement", "p")} AND pp.on_day BETWEEN :first AND :last ORDER BY p.id
"""
_MOVES = f"""
SELECT v.id, v.day, room.code, v.room_id, m.id, m.kind, m.reason, m.happened, m.recorded, l.actor,
    coalesce(m.replaces, m.id), m.note, m.override
FROM visit v JOIN movement m ON m.visit_id = v.id JOIN room ON room.id = v.room_id JOIN ledger l ON l.seq = m.seq
WHERE v.student_id = :student AND v.day BETWEEN :first AND :last AND {live("movement", "m")}
"""
_CHECKS = f"""
SELECT pp.on_day, p.room_id, pp.period, c.mark FROM placement p
JOIN placement_period pp ON pp.placement_id = p.id AND {live("placement_period", "pp")}
JOIN period_check c ON c.placement_period_id = pp.id AND {live("period_check", "c")}
WHERE p.student_id = :student AND {live("placement", "p")} AND pp.on_day BETWEEN :first AND :last
ORDER BY c.happened, c.recorded, c.id
"""
_SEEN = f"""
SELECT w.visit_id, w.state FROM visit v JOIN welfare_check w ON w.visit_id = v.id
WHERE v.student_id = :student AND v.day BETWEEN :first AND :last AND {live("welfare_check", "w")} ORDER BY w.id
"""


def _visits(asked: Asked) -> Iterator[StoryEntry]:
    """Yield an entry a visit, with what happened in it."""
    lines = {(day, room): PlacementType(kind).line for day, room, kind in asked.rows(_TYPES)}
    marks: dict[tuple[str, int], dict[str, int]] = {}
    for day, room, period, mark in asked.rows(_CHECKS):
        marks.setdefault((day, room), {})[period] = mark
    seen: dict[int, list[str]] = {}
    for visit, state in asked.rows(_SEEN):
        seen.setdefault(visit, []).append(state)
    visits: dict[int, tuple[str, str, int]] = {}
    moves: dict[int, list[Movement]] = {}
    notes: dict[int, list[str]] = {}
    for visit, day, code, room, identity, kind, reason, happened, recorded, by, root, note, override in asked.rows(
        _MOVES
    ):
        visits[visit] = (day, code, room)
        one = Movement(identity, visit, room, Kind(kind), reason, at(happened), at(recorded), by, root)
        moves.setdefault(visit, []).append(one)
        notes.setdefault(visit, []).extend(text for text in (note, override) if text)
    for visit, (day, code, room) in visits.items():
        mine = in_order(moves[visit])
        checks = marks.get((day, room), {})
        more = joined(
            _swings(asked, mine),
            checks and "Checks: " + ", ".join(f"{period} {mark}" for period, mark in sorted(checks.items())),
            visit in seen and f"Seen {counted(len(seen[visit]), 'time')}: {', '.join(dict.fromkeys(seen[visit]))}",
            *dict.fromkeys(notes[visit]),
            by="\n",
        )
        yield StoryEntry(
            mine[0].happened, mine[0].recorded, StoryKind.VISIT, _visit_words(asked, mine, code, day), more,
            asked.who(mine[0].by), Where("visit", visit), ("visit", visit),
            line=lines.get((day, room), Line.NEUTRAL),
        )  # fmt: skip


def _visit_words(asked: Asked, mine: Sequence[Movement], code: str, day: str) -> str:
    zone = asked.file.zone
    last = mine[-1]
    begin = f"In {code} {wall(mine[0].happened, zone)}"
    if last.kind is not Kind.LEFT:
        return f"{begin}, {'still there' if day == asked.today.isoformat() else 'nobody recorded the leaving'}"
    minutes = int(seconds_in(mine, last.happened) // 60)
    spent = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    return f"{begin}–{wall(last.happened, zone)}, {spent}"


def _swings(asked: Asked, mine: Sequence[Movement]) -> str:
    zone = asked.file.zone
    said = []
    for one in mine[1:]:
        match one.kind:
            case Kind.OUT:
                said.append(f"{wall(one.happened, zone)} out: {shown_out(one.reason)}")
            case Kind.BACK:
                said.append(f"{wall(one.happened, zone)} back")
            case Kind.LEFT:
                # On what ground somebody was sent home is told by the suspension, to who may see it.
                home = one.reason.startswith("home")
                said.append(f"{wall(one.happened, zone)} left: {'home' if home else one.reason}")
            case Kind.IN:
                said.append(f"{wall(one.happened, zone)} in again")
    return ", ".join(said)


def _facts(
    asked: Asked, table: str, columns: str, joins: str = "", whose: str = "f.student_id"
) -> list[tuple[str, ...]]:
    """Return the facts of a table that are the student's: id, happened, recorded, actor, then the columns."""
    return asked.rows(
        f"SELECT f.id, f.happened, f.recorded, l.actor, {columns} FROM {table} f JOIN ledger l ON l.seq = f.seq {joins}"
        f" WHERE {whose} = :student AND f.day BETWEEN :first AND :last AND {live(table, 'f')}"
    )


def _entry(asked: Asked, table: str, kind: StoryKind, row: Sequence[object], words: str, more: str = "") -> StoryEntry:
    identity, happened, recorded, by, *_ = row
    key = (table, int(str(identity)))
    return StoryEntry(at(happened), at(recorded), kind, words, more, asked.who(by), Where(*key), key)


def _absences(asked: Asked) -> Iterator[StoryEntry]:
    words = {Absence.ABSENT: "Absent from school", Absence.NO_SHOW: "Did not come", Absence.CANCELLED: "Day cancelled"}
    joins = "JOIN placement p ON p.id = f.placement_id JOIN room ON room.id = p.room_id"
    for row in _facts(asked, "attendance_mark", "f.kind, f.code, room.code", joins, "p.student_id"):
        kind, code, room = row[4:]
        said = f"{words[Absence(kind)]} ({room})"
        yield _entry(
            asked, "attendance_mark", StoryKind.ATTENDANCE, row, joined(said, code and f"code {code}", by=", ")
        )


def _sightings(asked: Asked) -> Iterator[StoryEntry]:
    for row in _facts(asked, "sighting", "f.told, f.place"):
        told, place = row[4:]
        said = f"Not known where, {told} told" if told else f"Found: {place}"
        yield _entry(asked, "sighting", StoryKind.VISIT, row, said)


def _held(asked: Asked) -> Iterator[StoryEntry]:
    """Yield things held, but phones: they are handed in each day. Which medication is for who sees alerts."""
    ends: dict[int, str] = {}
    for item, how, whom, happened in asked.rows(
        "SELECT e.held_id, e.how, e.to_whom, e.happened FROM held_item h JOIN held_end e ON e.held_id = h.id"
        f" WHERE h.student_id = :student AND {live('held_end', 'e')} ORDER BY e.id"
    ):
        ends[item] = joined(how, whom and f"to {whom}", day_words(happened[:10]), by=" ")
    medical = asked.sees("see_alerts")
    for row in _facts(asked, "held_item", "f.kind, f.what, f.why, f.searched_by, f.kept_where, f.due"):
        kind, what, why, searched_by, kept_where, due = row[4:]
        if kind == Holding.PHONE:
            continue
        named = {Holding.CONFISCATED: "Confiscated", Holding.LENT: "Lent", Holding.MEDICATION: f"Medication at {due}"}
        shown = what if kind != Holding.MEDICATION or medical else ""
        end = ends.get(int(row[0]), "")
        words = joined(joined(named[Holding(kind)], shown, by=": "), end, by=", ")
        more = joined(
            why and f"Why: {why}", searched_by and f"Searched by {searched_by}", kept_where and f"Kept in {kept_where}",
            by="\n",
        )  # fmt: skip
        yield _entry(asked, "held_item", StoryKind.HELD, row, words, more)


def _home(asked: Asked) -> Iterator[StoryEntry]:
    """Yield every word with home; whom, and what was said, is for who sees contacts."""
    whom = asked.sees("see_contacts")
    for row in _facts(asked, "home_contact", "f.contact, f.how, f.outcome, f.note"):
        contact, how, outcome, note = row[4:]
        words = f"Home {outcome if outcome == 'told' else f': {outcome}'} ({how})".replace("Home :", "Home:")
        yield _entry(
            asked, "home_contact", StoryKind.HOME, row, joined(words, whom and contact, by=": "), note if whom else ""
        )


def _events(asked: Asked) -> Iterator[StoryEntry]:
    """Yield events when they were, or are to be."""
    for row in asked.rows(
        "SELECT f.id, f.recorded, l.actor, f.on_day, f.starts, f.ends, f.kind, f.note FROM student_event f"
        " JOIN ledger l ON l.seq = f.seq WHERE f.student_id = :student AND f.on_day BETWEEN :first AND :last"
        f" AND {live('student_event', 'f')}"
    ):
        identity, recorded, by, day, starts, ends, kind, note = row
        key = ("student_event", identity)
        words = f"{EventKind(kind).shown.capitalize()} {starts}–{ends}"
        yield StoryEntry(
            asked.when(day, starts), at(recorded), StoryKind.EVENT, words, note, asked.who(by), Where(*key), key
        )


def _suspensions(asked: Asked) -> Iterator[StoryEntry]:
    for row in _facts(asked, "suspension", "f.decided_by"):
        yield _entry(asked, "suspension", StoryKind.SUSPENSION, row, f"Suspended: {row[4]} decided")
