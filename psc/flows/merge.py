"""Two records of one student made one: the facts of both stand under the record that stays, each as it was told.

Facts are never changed, so those of the other record are taken back, "merged", and added again under the one that
stays: with their own times, and on their own ledger lines, so that who typed them stays true. The other record keeps
its numbers and its ledger lines, and leads to the one that stays.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import school_day
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import Refused
from psc.flows.merge_records import (
    fill_in,
    returning,
    stay_on_roll,
    take_over_contacts,
    take_over_imported,
    take_over_roll,
)
from psc.roster.movements import Kind, Movement, check_sequence, movements_of
from psc.school.students import Student, student_by_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from psc.database.file import File

REASON = "merged"
"""Why the facts of the record that goes are taken back."""

MOVED: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    # (table, the column that says whose it is, every column that names something that moves → what it names)
    ("referral", "student_id", {"student_id": "student"}),
    ("referral_decision", "referral_id", {"referral_id": "referral"}),
    ("placement", "student_id", {"student_id": "student", "referral_id": "referral"}),
    ("placement_period", "placement_id", {"placement_id": "placement", "carried_from": "placement_period"}),
    ("visit", "student_id", {"student_id": "student"}),
    ("movement", "visit_id", {"visit_id": "visit"}),
    ("seating", "visit_id", {"visit_id": "visit"}),
    ("welfare_check", "visit_id", {"visit_id": "visit"}),
    ("period_check", "placement_period_id", {"placement_period_id": "placement_period"}),
    ("waiver", "placement_period_id", {"placement_period_id": "placement_period"}),
    ("attendance_mark", "placement_id", {"placement_id": "placement"}),
    ("confirmation", "placement_id", {"placement_id": "placement"}),
    ("alert", "student_id", {"student_id": "student"}),
    ("sighting", "student_id", {"student_id": "student"}),
    ("suspension", "student_id", {"student_id": "student", "visit_id": "visit"}),
    ("held_item", "student_id", {"student_id": "student"}),
    ("held_end", "held_id", {"held_id": "held_item"}),
    ("lunch", "student_id", {"student_id": "student"}),
    ("lunch_taken", "student_id", {"student_id": "student"}),
    ("home_contact", "student_id", {"student_id": "student"}),
    ("evacuation_tick", "student_id", {"student_id": "student"}),
    ("student_event", "student_id", {"student_id": "student"}),
    ("barred", "student_id", {"student_id": "student"}),
    ("adjustment_mark", "placement_period_id", {"placement_period_id": "placement_period"}),
    ("waiting", "student_id", {"student_id": "student", "referral_id": "referral"}),
    ("waiting_end", "waiting_id", {"waiting_id": "waiting", "placement_id": "placement"}),
    ("programme", "placement_id", {"placement_id": "placement"}),
    ("programme_step", "programme_id", {"programme_id": "programme"}),
    ("work_lesson", "student_id", {"student_id": "student"}),
    ("work_ask", "student_id", {"student_id": "student"}),
    ("work_arrival", "student_id", {"student_id": "student"}),
    ("work_issue", "arrival_id", {"arrival_id": "work_arrival"}),
    ("work_return", "arrival_id", {"arrival_id": "work_arrival"}),
    ("work_feedback", "arrival_id", {"arrival_id": "work_arrival"}),
    ("incident_student", "student_id", {"student_id": "student"}),
    ("incident_told", "student_id", {"student_id": "student", "home_contact_id": "home_contact"}),
    ("agreed_action", "student_id", {"student_id": "student"}),
    ("agreed_action_end", "agreed_action_id", {"agreed_action_id": "agreed_action"}),
    ("restrictive", "student_id", {"student_id": "student"}),
    ("restrictive_version", "restrictive_id", {"restrictive_id": "restrictive"}),
    ("restrictive_told", "restrictive_id", {"restrictive_id": "restrictive", "home_contact_id": "home_contact"}),
    ("restrictive_review", "restrictive_id", {"restrictive_id": "restrictive"}),
    ("restrictive_addendum", "restrictive_id", {"restrictive_id": "restrictive"}),
    ("statement", "student_id", {"student_id": "student"}),
    ("statement_version", "statement_id", {"statement_id": "statement"}),
    ("statement_conflict", "statement_id", {"statement_id": "statement", "other_id": "statement"}),
    ("statement_addendum", "statement_id", {"statement_id": "statement"}),
    ("note", "student_id", {"student_id": "student"}),
    ("note_version", "note_id", {"note_id": "note"}),
    ("note_addendum", "note_id", {"note_id": "note"}),
)
"""The facts that hang on a student, in an order in which each stands behind what it names. Keep-apart pairs, which hang
on two, are moved by themselves.
"""

_COUNTED = {
    "placement": "placement",
    "visit": "visit",
    "movement": "movement",
    "period_check": "check",
    "welfare_check": "welfare check",
    "waiver": "waiver",
    "attendance_mark": "absence",
    "confirmation": "confirmation",
    "alert": "alert",
    "sighting": "sighting",
    "suspension": "suspension",
    "held_item": "thing held",
    "lunch": "lunch",
    "home_contact": "call home",
    "evacuation_tick": "evacuation tick",
    "student_event": "event",
    "referral": "referral",
    "waiting": "place on the waiting list",
    "programme": "programme",
    "work_ask": "request for work",
    "work_arrival": "piece of work",
    "incident_student": "part in an incident",
    "agreed_action": "agreed action",
    "restrictive": "restrictive record",
    "statement": "statement",
    "note": "note",
    "keep_apart": "keep-apart pair",
    "contact": "contact",
}
"""What a preview counts, and how it calls one of them."""
_PLURALS = {
    "thing held": "things held",
    "lunch": "lunches",
    "call home": "calls home",
    "part in an incident": "parts in incidents",
    "place on the waiting list": "places on the waiting list",
    "request for work": "requests for work",
    "piece of work": "pieces of work",
}


class Merge(NamedTuple):
    """What a merge comes to: who goes into whom, and how many of each kind move.

    `returns` when the one that stays had left the school, and is on the roll again.
    """

    old: Student
    into: Student
    counts: Mapping[str, int]
    returns: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """What moves, a kind a piece: `1 placement`, `2 movements`."""
        moved = tuple(
            f"{number} {_COUNTED[kind] if number == 1 else _plural(_COUNTED[kind])}"
            for kind, number in self.counts.items()
            if number
        )
        return (*moved, "and puts them back on the roll") if self.returns else moved


def _plural(noun: str) -> str:
    return _PLURALS.get(noun, f"{noun}s")


def preview_merge(file: File, old_id: int, into_id: int, now: datetime) -> Merge:
    """Return what merging one record into another comes to. Raises `Refused` for what cannot be, in a sentence."""
    today = school_day(now, file.zone)
    old, into = _both(file, old_id, into_id, today)
    _check_visits(file, old, into, today)
    counts = {table: len(_rows(file, table, owner, _owned(file, table, old.id))) for table, owner, _ in MOVED}
    counts["visit"] = int(
        file.value(
            "SELECT count(DISTINCT v.id) FROM visit v JOIN movement m ON m.visit_id = v.id"
            f" WHERE v.student_id = ? AND {live('movement', 'm')}",
            (old.id,),
        )
    )
    counts["keep_apart"] = len(_pairs(file, old.id))
    counts["contact"] = int(file.value("SELECT count(*) FROM contact WHERE student_id = ?", (old.id,)))
    return Merge(old, into, {kind: counts[kind] for kind in _COUNTED}, bool(returning(file, old.id, into.id)))


def _both(file: File, old_id: int, into_id: int, today: date) -> tuple[Student, Student]:
    """Return both students. Raises `Refused` when they cannot be one."""
    if old_id == into_id:
        raise Refused("A student cannot be merged into themselves.", "Choose two records.")
    old, into = student_by_id(file, old_id, today), student_by_id(file, into_id, today)
    for one in (old, into):
        further = file.value("SELECT merged_into FROM student WHERE id = ?", (one.id,))
        if further is not None:
            where = student_by_id(file, further, today)
            raise Refused(
                f"{one.plain_name} was merged already, into {where.words}.", "Nothing was changed; use that record."
            )
    if into.new_here and not old.new_here:
        raise Refused(
            f"{into.plain_name} is new here: the record on the school's list is the one that stays.",
            "Nothing was changed; merge the other way round.",
        )
    if any({old.id, into.id} == set(pair[1:]) for pair in _pairs(file, old.id)):
        raise Refused(
            "These two are to be kept apart from each other, so they are two students.",
            "Nothing was changed. If the pair was a slip, undo it first.",
        )
    return old, into


def _check_visits(file: File, old: Student, into: Student, today: date) -> None:
    """Raise `Refused` when both are in a room, or when their visits of a day cannot be one student's."""
    ours = {one: movements_of(file, one.id, today) for one in (old, into)}
    if all(moves and moves[-1].kind is not Kind.LEFT for moves in ours.values()):
        raise Refused(
            "Both are in a room now, so they are two students.", "Nothing was changed. If not, sign one of them out."
        )
    days = file.rows(
        "SELECT DISTINCT v.day FROM visit v JOIN visit w ON w.day = v.day AND w.student_id = ?"
        " WHERE v.student_id = ? ORDER BY v.day",
        (into.id, old.id),
    )
    for (text,) in days:
        day = date.fromisoformat(text)
        try:
            check_sequence(_together(file, old, into, day), file.zone)
        except Refused as crossing:
            raise Refused(
                f"Both have visits on {day:%a} {day.day} {day:%b} that cross: one student cannot be in two places.",
                "Nothing was changed. Correct the times first, or leave them two.",
            ) from crossing


def _together(file: File, old: Student, into: Student, day: date) -> list[Movement]:
    """Return the movements of both on a day as those of one: in the same room they are one visit."""
    theirs = movements_of(file, into.id, day)
    joined = {one.room_id: one.visit_id for one in theirs}
    return [
        *theirs,
        *(one._replace(visit_id=joined.get(one.room_id, one.visit_id)) for one in movements_of(file, old.id, day)),
    ]


@act("merge_students")
def merge_students(tx: Tx, old_id: int, into_id: int) -> int:
    """Make two records of one student one; returns the id of the one that stays. It cannot be undone.

    All that stands under the one moves to the other. Raises `Refused`, with nothing changed, when they cannot be one:
    see `preview_merge`.
    """
    plan = preview_merge(tx.file, old_id, into_id, tx.now)
    tx.reach(old_id)
    tx.reach(into_id)
    moved = _move_facts(tx, plan)
    _move_pairs(tx, old_id, into_id)
    _move_conflicts(tx, moved["statement"])
    take_over_contacts(tx, old_id, into_id)
    take_over_imported(tx, old_id, into_id)
    stay_on_roll(tx, old_id, into_id)
    take_over_roll(tx, old_id, into_id)
    fill_in(tx, old_id, into_id)
    tx.file.execute("UPDATE student SET merged_into = ? WHERE merged_into = ?", (into_id, old_id))
    tx.file.execute(
        "UPDATE student SET merged_into = ?, left_on = coalesce(left_on, ?) WHERE id = ?",
        (into_id, tx.today.isoformat(), old_id),
    )
    tx.said.update(moved={table: len(those) for table, those in moved.items() if those and table != "student"})
    return into_id


def _move_facts(tx: Tx, plan: Merge) -> dict[str, dict[int, int]]:
    """Add each fact that stands again under the student who stays, and take it back under the other."""
    moved: dict[str, dict[int, int]] = {"student": {plan.old.id: plan.into.id}}
    for table, owner, names in MOVED:
        moved[table] = {}
        owners = moved[names[owner]]
        for row in _rows(tx.file, table, owner, owners):
            there = _already_there(tx.file, table, row, moved)
            if there is None:
                for column, named in names.items():
                    row[column] = moved[named].get(row[column], row[column])
                there = tx.indexed(table, _add_again(tx.file, table, row))
            moved[table][row["id"]] = there
            if table != "visit":  # a visit without movements says nothing
                tx.retract(table, row["id"], REASON)
    return moved


def _already_there(file: File, table: str, row: dict[str, Any], moved: Mapping[str, Mapping[int, int]]) -> int | None:
    """Return the fact of the student who stays that a row is the same as: a visit of that room and day, a period of it
    they are placed for, the seat of a visit they left later.
    """
    if table == "visit":
        found = file.value(
            "SELECT id FROM visit WHERE student_id = ? AND room_id = ? AND day = ?",
            (moved["student"][row["student_id"]], row["room_id"], row["day"]),
        )
    elif table == "placement_period":
        placement_id = moved["placement"][row["placement_id"]]
        found = file.value(
            "SELECT other.id FROM placement mine JOIN placement p ON p.student_id = mine.student_id"
            " AND p.room_id = mine.room_id AND p.id <> mine.id JOIN placement_period other ON other.placement_id = p.id"
            f" WHERE mine.id = ? AND other.on_day = ? AND other.period = ? AND {live('placement', 'p')}"
            f" AND {live('placement_period', 'other')} AND other.id NOT IN"
            " (SELECT value FROM json_each(?)) LIMIT 1",
            (placement_id, row["on_day"], row["period"], str(list(moved["placement_period"].values()))),
        )
    elif table == "seating":
        found = file.value(
            f"SELECT s.id FROM seating s WHERE s.visit_id = ? AND {live('seating', 's')} AND s.happened > ? LIMIT 1",
            (moved["visit"][row["visit_id"]], row["happened"]),
        )
    else:
        found = None
    return None if found is None else int(found)


def _add_again(file: File, table: str, row: Mapping[str, Any]) -> int:
    """Add a copy of a fact as it was told: its own times, its own ledger line, its place among those of its minute."""
    values = {name: value for name, value in row.items() if name != "id"}
    if table == "movement":
        values["replaces"] = row["replaces"] or row["id"]
    cursor = file.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", list(values.values())
    )
    return int(cursor.lastrowid or 0)


def _rows(file: File, table: str, owner: str, owners: Mapping[int, int] | tuple[int, ...]) -> list[dict[str, Any]]:
    """Return the facts of a table that stand and belong to any of `owners`, oldest first."""
    names = [row[1] for row in file.rows(f"PRAGMA table_info({table})")]
    marks = ", ".join("?" * len(owners))
    found = file.rows(
        f"SELECT {', '.join(names)} FROM {table} t WHERE {owner} IN ({marks}) AND {live(table, 't')} ORDER BY id",
        list(owners),
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def _owned(file: File, table: str, student_id: int) -> tuple[int, ...]:
    """Return the ids that the owner column of a table has for what is a student's."""
    owners = {one: (owner, names[owner]) for one, owner, names in MOVED}
    named = owners[table][1]
    if named == "student":
        return (student_id,)
    above = _owned(file, named, student_id)
    return tuple(row["id"] for row in _rows(file, named, owners[named][0], above))


def _pairs(file: File, student_id: int) -> list[tuple[int, int, int]]:
    """Return (id, one, other) of a student's keep-apart pairs that stand."""
    return file.rows(
        f"SELECT id, student_a, student_b FROM keep_apart k WHERE ? IN (student_a, student_b)"
        f" AND {live('keep_apart', 'k')} ORDER BY id",
        (student_id,),
    )


def _move_pairs(tx: Tx, old_id: int, into_id: int) -> None:
    """Name the student who stays in the keep-apart pairs of the other."""
    for pair_id, one, other in _pairs(tx.file, old_id):
        row = tx.file.row(
            "SELECT reason, until_day, happened, recorded, day, seq FROM keep_apart WHERE id = ?", (pair_id,)
        )
        first, second = sorted((into_id, other if one == old_id else one))
        tx.file.execute(
            "INSERT INTO keep_apart (student_a, student_b, reason, until_day, happened, recorded, day, seq)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (first, second, *(row or ())),
        )
        tx.retract("keep_apart", pair_id, REASON)


def _move_conflicts(tx: Tx, moved: Mapping[int, int]) -> None:
    """Name the moved statements in what was noted of them with the statements of others."""
    for conflict in _rows(tx.file, "statement_conflict", "other_id", moved):
        tx.retract("statement_conflict", conflict["id"], REASON)
        _add_again(tx.file, "statement_conflict", {**conflict, "other_id": moved[conflict["other_id"]]})
