"""What is still open of students who are about to leave the roll: each is a decision for somebody, never a tidy-up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from psc.desk.facts import live
from psc.roster.open_visits import open_visits_before
from psc.roster.referrals import UNDECIDED
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psc.database.file import File

_PERIODS = f"""
SELECT p.student_id, pp.on_day FROM placement_period pp JOIN placement p ON p.id = pp.placement_id
WHERE pp.on_day >= :day AND {live("placement_period", "pp")} AND {live("placement", "p")}
ORDER BY pp.on_day, pp.id
"""
_HELD = f"""
SELECT h.student_id, h.kind, h.day FROM held_item h WHERE {live("held_item", "h")} AND NOT EXISTS
    (SELECT 1 FROM held_end e WHERE e.held_id = h.id AND {live("held_end", "e")})
ORDER BY h.day, h.id
"""
# Tried and not reached: the last attempt of a day told nobody.
_CHASED = f"""
SELECT h.student_id, h.day, count(*) FROM home_contact h WHERE {live("home_contact", "h")}
GROUP BY h.student_id, h.day HAVING sum(h.outcome = 'told') = 0 ORDER BY h.day
"""
_APART = f"""
SELECT student_a, student_b FROM keep_apart k WHERE until_day >= :day AND {live("keep_apart", "k")} ORDER BY k.id
"""
_EVENTS = f"""
SELECT e.student_id, e.kind, e.on_day FROM student_event e
WHERE e.on_day >= :day AND {live("student_event", "e")} ORDER BY e.on_day, e.id
"""

_WAITS = f"""
SELECT w.student_id, room.code, w.day FROM waiting w JOIN room ON room.id = w.room_id WHERE {live("waiting", "w")}
    AND NOT EXISTS (SELECT 1 FROM waiting_end e WHERE e.waiting_id = w.id AND {live("waiting_end", "e")}) ORDER BY w.id
"""
_REFERRED = f"SELECT ref.student_id, ref.day FROM referral ref WHERE {UNDECIDED} ORDER BY ref.id"


def left_open(file: File, students: Iterable[int], day: date) -> dict[int, tuple[str, ...]]:
    """Return what is open, on or after `day`, of each of these students who has something open, in words."""
    wanted = set(students)
    made: dict[int, list[str]] = {}

    def say(student: int, words: str) -> None:
        if student in wanted:
            made.setdefault(student, []).append(words)

    ahead: dict[int, list[str]] = {}
    for student, on in file.rows(_PERIODS, {"day": day.isoformat()}):
        ahead.setdefault(student, []).append(on)
    for student, days in ahead.items():
        say(student, f"placed for {counted(len(days), 'period')} from {_day(days[0])}")
    for visit in open_visits_before(file, day + timedelta(days=1)):
        say(visit.student_id, f"a visit of {_day(visit.day.isoformat())} never signed out")
    for student, kind, on in file.rows(_HELD):
        say(student, f"{kind} held since {_day(on)}")
    for student, on, tries in file.rows(_CHASED):
        say(student, f"home not reached on {_day(on)} ({counted(tries, 'try', 'tries')})")
    for pair in file.rows(_APART, {"day": day.isoformat()}):
        for student in pair:
            say(student, "to be kept apart from somebody")
    for student, kind, on in file.rows(_EVENTS, {"day": day.isoformat()}):
        say(student, f"{kind} on {_day(on)}")
    for student, room, on in file.rows(_WAITS):
        say(student, f"waits for a seat in {room} since {_day(on)}")
    for student, on in file.rows(_REFERRED):
        say(student, f"a referral of {_day(on)} not decided")
    return {student: tuple(dict.fromkeys(words)) for student, words in made.items()}


def _day(text: str) -> str:
    on = date.fromisoformat(text)
    return f"{on:%a} {on.day} {on:%b}"
