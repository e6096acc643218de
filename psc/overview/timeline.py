"""A student's day in the rooms, fact by fact in order of happening; what was taken back stays in sight."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import minutes_between, moment, wall
from psc.overview.cells import shown_out
from psc.roster.checks import WORDS
from psc.roster.movements import OutReason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.settings import Settings


class Entry(NamedTuple):
    """One fact of a student's day. `undone` says why it was taken back, None while it stands."""

    fact: str
    id: int
    happened: datetime
    recorded: datetime
    what: str
    detail: str
    room_id: int | None
    by: str
    told: str
    undone: str | None
    undone_by: str

    @property
    def words(self) -> str:
        """What happened, as the timeline says it in the open: no reasons, nothing found on them, not how they are."""
        detail = self.detail
        match self.what:
            case "welfare check":
                return "seen"
            case "out":
                return f"out: {detail if detail == OutReason.EVACUATION else shown_out(detail)}"
            case "left":
                return f"left: {detail}"
            case "check":
                period, _, mark = detail.rpartition(" ")
                return f"{period} check {mark} {WORDS[int(mark)]}"
            case "welfare check":
                _, _, offered = detail.partition(", ")
                return f"seen, {offered}" if offered else "seen"
            case "told" | "found" | "home" | "lunch":
                return f"{self.what}: {detail}"
            case _:
                return f"{self.what} {detail}".strip()

    @property
    def opened_words(self) -> str:
        """The same for the opened pane: how a student was when seen, too."""
        return f"seen: {self.detail}" if self.what == "welfare check" else self.words


WORK_FACTS = frozenset({"work_arrival", "work_issue", "work_return"})
"""The facts that are about work: not for everybody who sees the roster."""

# Each part gives: fact, id, what, detail, room, and the columns every fact has.
_PARTS = (
    "SELECT 'movement', f.id, f.kind, f.reason, v.room_id, f.happened, f.recorded, f.seq"
    " FROM visit v JOIN movement f ON f.visit_id = v.id WHERE v.student_id IN whose AND v.day = :day",
    "SELECT 'period_check', f.id, 'check', pp.period || ' ' || f.mark, NULL, f.happened, f.recorded, f.seq"
    " FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
    " JOIN period_check f ON f.placement_period_id = pp.id WHERE p.student_id IN whose AND pp.on_day = :day",
    "SELECT 'attendance_mark', f.id, replace(f.kind, '_', '-'), f.code, NULL, f.happened, f.recorded,"
    " f.seq FROM placement p JOIN attendance_mark f ON f.placement_id = p.id WHERE p.student_id IN whose"
    " AND f.day = :day",
    "SELECT 'sighting', f.id, iif(f.told <> '', 'told', 'found'), iif(f.told <> '', f.told, f.place), NULL,"
    " f.happened, f.recorded, f.seq FROM sighting f WHERE f.student_id IN whose AND f.day = :day",
    "SELECT 'welfare_check', f.id, 'welfare check', f.state || iif(f.offered <> '', ', offered '"
    " || f.offered, ''), v.room_id, f.happened, f.recorded, f.seq FROM visit v"
    " JOIN welfare_check f ON f.visit_id = v.id WHERE v.student_id IN whose AND v.day = :day",
    "SELECT 'held_item', f.id, iif(f.kind = 'phone', 'phone in', 'item held'), '', NULL, f.happened,"
    " f.recorded, f.seq FROM held_item f WHERE f.student_id IN whose AND f.day = :day",
    "SELECT 'held_end', f.id, iif(h.kind = 'phone', 'phone', 'item'), f.how, NULL, f.happened, f.recorded,"
    " f.seq FROM held_item h JOIN held_end f ON f.held_id = h.id WHERE h.student_id IN whose AND f.day = :day",
    "SELECT 'lunch', f.id, 'lunch', f.choice, f.room_id, f.happened, f.recorded, f.seq FROM lunch f"
    " WHERE f.student_id IN whose AND f.day = :day",
    "SELECT 'lunch_taken', f.id, iif(f.taken, 'lunch taken', 'lunch not taken'), '', NULL, f.happened,"
    " f.recorded, f.seq FROM lunch_taken f WHERE f.student_id IN whose AND f.day = :day",
    "SELECT 'adjustment_mark', f.id, 'adjustment', pp.period || iif(f.given, ' given', ' not given'), NULL, f.happened,"
    " f.recorded, f.seq FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
    " JOIN adjustment_mark f ON f.placement_period_id = pp.id WHERE p.student_id IN whose AND pp.on_day = :day",
    "SELECT 'work_arrival', f.id, 'work', iif(f.on_day = f.day, '', f.on_day || ' ') || f.period || ': '"
    " || f.kind || ' came', NULL, f.happened, f.recorded, f.seq FROM work_arrival f"
    " WHERE f.student_id IN whose AND f.day = :day",
    "SELECT 'work_issue', f.id, 'work', a.period || ': given out', NULL, f.happened, f.recorded, f.seq"
    " FROM work_arrival a JOIN work_issue f ON f.arrival_id = a.id WHERE a.student_id IN whose AND f.day = :day",
    "SELECT 'work_return', f.id, 'work', a.period || ': ' || f.share || '% handed in', NULL, f.happened, f.recorded,"
    " f.seq FROM work_arrival a JOIN work_return f ON f.arrival_id = a.id WHERE a.student_id IN whose AND f.day = :day",
    "SELECT 'home_contact', f.id, 'home', f.outcome || ' (' || f.how || ')', NULL, f.happened, f.recorded,"
    " f.seq FROM home_contact f WHERE f.student_id IN whose AND f.day = :day",
)

# A compound query takes the names of its columns from its first part.
_FIRST = (
    "SELECT '' AS fact, 0 AS id, '' AS what, '' AS detail, NULL AS room_id, '' AS happened, '' AS recorded, 0 AS seq"
    " WHERE 0"
)
_SELECT = f"""
WITH whose (id) AS (SELECT value FROM json_each(:students))
SELECT t.fact, t.id, t.happened, t.recorded, t.what, t.detail, t.room_id, l.actor, coalesce(told.who, ''),
    r.reason, coalesce(taker.actor, '')
FROM ({" UNION ALL ".join((_FIRST, *_PARTS))}) t
JOIN ledger l ON l.seq = t.seq
LEFT JOIN told ON told.seq = t.seq
LEFT JOIN retraction r ON r.fact = t.fact AND r.fact_id = t.id
LEFT JOIN ledger taker ON taker.seq = r.seq
WHERE NOT (:moved AND coalesce(taker.act, '') = 'merge_students')
ORDER BY t.happened, t.recorded, t.seq, t.id
"""


def timeline(file: File, student_id: int, day: date) -> tuple[Entry, ...]:
    """Return everything recorded of a student on a day, in order of happening, with what was taken back since.

    What was taken back under a record before that was merged into this one stays in sight here too; what the merge
    moved stands here by itself.
    """
    merged = file.rows("SELECT id FROM student WHERE merged_into = ?", (student_id,))
    students = json.dumps([student_id, *(one for (one,) in merged)])
    found = file.rows(_SELECT, {"students": students, "day": day.isoformat(), "moved": bool(merged)})
    return tuple(
        Entry(fact, identity, moment(happened), moment(recorded), what, detail, room, by, told, undone, undone_by)
        for fact, identity, happened, recorded, what, detail, room, by, told, undone, undone_by in found
    )


def without_work(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries but those about work, which is not for everybody who sees the roster."""
    return tuple(one for one in entries if one.fact not in WORK_FACTS)


def marks(entry: Entry, settings: Settings, zone: ZoneInfo) -> str:
    """Return who recorded an entry and how: told by whom, entered later, taken back and why."""
    parts = [entry.by]
    if entry.told:
        parts.append(f"told by {entry.told}")
    if minutes_between(entry.happened, entry.recorded) > settings.entered_later_minutes:
        parts.append(f"entered later, {wall(entry.recorded, zone)}")
    if entry.undone is not None:
        parts.append(f"taken back by {entry.undone_by}: {entry.undone}")
    return " · ".join(parts)
