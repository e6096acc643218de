"""Lunch: what each student chose, whether it was taken, and what the kitchen was told when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NotUnderstood, Refused
from psc.roster.movements import happened
from psc.text import clean

if TYPE_CHECKING:
    from psc.database.file import File

CHOICES = ("hot", "vegetarian", "packed by the kitchen", "own from home", "none")
"""The choices offered; anything else is typed."""
NOT_COOKED = frozenset({"own from home", "none"})
"""Choices that ask nothing of the kitchen."""
KITCHEN_SHEET = "kitchen"
"""The sheet whose printing tells the kitchen: its ledger line divides the late list from the rest."""


class Lunch(NamedTuple):
    """A student's lunch of a day: the choice that counts ("" for none yet), and whether it was taken, if marked."""

    choice: str
    taken: bool | None = None


class Needs(NamedTuple):
    """What the kitchen must know of a student: never on a wall. `free` is None where the file does not say."""

    dietary: str
    free: bool | None


class Printed(NamedTuple):
    """The last kitchen sheet of a day: when it was printed, and every choice as it was known then, by student."""

    at: datetime
    choices: dict[int, str]


@act("choose_lunch", resting=())
def choose_lunch(tx: Tx, student_id: int, room_id: int, choice: str, at: datetime | None = None) -> int:
    """Record what a student of today's rooms has chosen; the latest choice counts. Returns the record's id.

    Raises `NotUnderstood` for an empty choice, `Refused` for a student who is neither placed in that room today nor
    has been in it.
    """
    tx.reach(student_id)
    tx.reach_room(room_id)
    words = clean(choice)
    if not words:
        raise NotUnderstood("Say what they chose.", f"{', '.join(CHOICES)}, or in words.")
    day = tx.today.isoformat()
    known = tx.file.value(
        "SELECT 1 FROM placement_period pp JOIN placement p ON p.id = pp.placement_id WHERE pp.on_day = :day"
        f" AND p.student_id = :student AND p.room_id = :room AND {live('placement_period', 'pp')}"
        f" AND {live('placement', 'p')}"
        " UNION ALL SELECT 1 FROM visit WHERE student_id = :student AND day = :day AND room_id = :room",
        {"day": day, "student": student_id, "room": room_id},
    )
    if not known:
        raise Refused("This student is not in that room today.", "Look at the board again.")
    return tx.add("lunch", student_id=student_id, room_id=room_id, choice=words, happened=happened(tx, at))


@act("mark_lunch", resting=())
def mark_lunch(tx: Tx, student_id: int, taken: bool, at: datetime | None = None) -> int:
    """Record whether a student had lunch today; the latest mark counts. Returns the record's id."""
    tx.reach(student_id)
    return tx.add("lunch_taken", student_id=student_id, taken=int(taken), happened=happened(tx, at))


def lunches_on(file: File, day: date) -> dict[int, Lunch]:
    """Return the lunch of each student of a day who chose or was marked, by student."""
    found = file.rows(
        "SELECT l.student_id, l.happened, l.id, l.choice, NULL FROM lunch l"
        f" WHERE l.day = :day AND {live('lunch', 'l')} UNION ALL"
        " SELECT t.student_id, t.happened, t.id, NULL, t.taken FROM lunch_taken t"
        f" WHERE t.day = :day AND {live('lunch_taken', 't')} ORDER BY 2, 3",
        {"day": day.isoformat()},
    )
    made: dict[int, Lunch] = {}
    for student, _, _, choice, taken in found:
        was = made.get(student, Lunch(""))
        made[student] = was._replace(taken=bool(taken)) if choice is None else was._replace(choice=choice)
    return made


def needs_of(file: File, students: Sequence[int]) -> dict[int, Needs]:
    """Return what the kitchen must know of some students, by student."""
    marks = ", ".join("?" * len(students))
    found = file.rows(f"SELECT id, dietary, fsm FROM student WHERE id IN ({marks})", list(students))
    return {student: Needs(dietary, None if free is None else bool(free)) for student, dietary, free in found}


def last_printed(file: File, day: date) -> Printed | None:
    """Return the last kitchen sheet printed on a day with the choices as known then, None before the first.

    What was recorded or taken back later, whenever it happened, was not on that sheet.
    """
    text = day.isoformat()
    # The ledger is walked from the day's first line on, not from the school's first.
    first = file.value(
        "SELECT min(seq) FROM (SELECT min(seq) AS seq FROM visit WHERE day = :day"
        " UNION ALL SELECT min(seq) FROM lunch WHERE day = :day)",
        {"day": text},
    )
    if first is None:
        return None
    found = file.row(
        "SELECT l.seq, l.at FROM ledger l JOIN ledger_detail d ON d.seq = l.seq WHERE l.seq > ?"
        " AND l.act = 'print_sheet' AND json_extract(d.json, '$.sheet') = ? ORDER BY l.seq DESC LIMIT 1",
        (first - 1, KITCHEN_SHEET),
    )
    if found is None:
        return None
    seq, at = found
    rows = file.rows(
        "SELECT student_id, choice FROM lunch l WHERE day = :day AND seq < :seq AND NOT EXISTS"
        " (SELECT 1 FROM retraction r WHERE r.fact = 'lunch' AND r.fact_id = l.id AND r.seq < :seq)"
        " ORDER BY happened, id",
        {"day": text, "seq": seq},
    )
    return Printed(moment(at), dict(rows))
