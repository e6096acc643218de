"""The part of a merge that is no fact: contacts, classes, years and forms, and what the record itself says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psc.school.students import folded_name
from psc.text import fold

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.desk.acts import Tx

_NUMBERS = ("admission_no", "upn")
_NAMES = ("surname", "forename", "legal_surname", "legal_forename")
_TOLD = (
    "admission_no", "upn", "former_upn", "legal_surname", "legal_forename", "middle_names", "dob", "sex", "house",
    "sen", "pupil_premium", "fsm", "looked_after", "eal", "ethnicity", "dietary", "key_worker_id",
)  # fmt: skip
_CONTACT = (
    "surname", "forename", "relationship", "responsibility", "phones", "email", "language", "do_not_contact",
)  # fmt: skip


def note(tx: Tx, student_id: int, name: str, before: object, after: object) -> None:
    """Keep what was changed of a student's record, beside what imports changed."""
    tx.file.execute(
        "INSERT INTO import_change (seq, student_id, field, before, after) VALUES (?, ?, ?, ?, ?)",
        (tx.seq, student_id, name, "" if before is None else str(before), "" if after is None else str(after)),
    )


def fill_in(tx: Tx, old_id: int, into_id: int) -> None:
    """Give the record that stays what only the other knew. A number that moves leads to it by itself."""
    columns = ", ".join((*_TOLD, "surname", "forename", "provisional"))
    rows = [tx.file.row(f"SELECT {columns} FROM student WHERE id = ?", (one,)) for one in (old_id, into_id)]
    old, into = (dict(zip(columns.split(", "), row or (), strict=True)) for row in rows)
    told: dict[str, Any] = {
        name: old[name] for name in _TOLD if into[name] in (None, "") and old[name] not in (None, "")
    }
    if into["provisional"] and not old["provisional"]:
        told["provisional"] = 0
    moving = [name for name in _NUMBERS if name in told]
    if moving:  # a number belongs to one record only
        tx.file.execute(f"UPDATE student SET {', '.join(f'{name} = NULL' for name in moving)} WHERE id = ?", (old_id,))
    if told:
        named = {**into, **told}
        whole = {**told, "folded": folded_name(*(named[name] or "" for name in _NAMES))}
        tx.file.execute(
            f"UPDATE student SET {', '.join(f'{name} = ?' for name in whole)} WHERE id = ?", [*whole.values(), into_id]
        )
        for name, value in told.items():
            note(tx, into_id, name, into[name], value)


def stay_on_roll(tx: Tx, old_id: int, into_id: int) -> None:
    """Put the one that stays back on the roll when only the other is on it, in the year and form that one has since.

    Somebody who left comes back to the door, and nobody knows them again.
    """
    left_on = returning(tx.file, old_id, into_id)
    if not left_on:
        return
    tx.file.execute("UPDATE student SET left_on = NULL WHERE id = ?", (into_id,))
    note(tx, into_id, "left_on", left_on, "")
    tx.file.execute(
        "INSERT INTO enrolment (student_id, from_day, year, form, seq)"
        " SELECT ?, from_day, year, form, ? FROM enrolment WHERE student_id = ? AND from_day > ? ORDER BY from_day, id",
        (into_id, tx.seq, old_id, left_on),
    )


def returning(file: File, old_id: int, into_id: int) -> str:
    """Return when the one that stays left the school, "" unless only the other is on the roll."""
    return str(
        file.value(
            "SELECT i.left_on FROM student i JOIN student o ON o.id = ? AND o.left_on IS NULL WHERE i.id = ?",
            (old_id, into_id),
        )
        or ""
    )


def take_over_roll(tx: Tx, old_id: int, into_id: int) -> None:
    """Give the one that stays the other's classes, and its years and forms of the days before its own."""
    tx.file.execute(
        "INSERT OR IGNORE INTO class_member (student_id, class_id) SELECT ?, class_id FROM class_member"
        " WHERE student_id = ?",
        (into_id, old_id),
    )
    tx.file.execute("DELETE FROM class_member WHERE student_id = ?", (old_id,))
    tx.file.execute(
        "INSERT INTO enrolment (student_id, from_day, year, form, seq)"
        " SELECT ?, from_day, year, form, seq FROM enrolment WHERE student_id = ? AND from_day <"
        " coalesce((SELECT min(from_day) FROM enrolment WHERE student_id = ?), '9999-12-31') ORDER BY from_day, id",
        (into_id, old_id, into_id),
    )


def take_over_contacts(tx: Tx, old_id: int, into_id: int) -> None:
    """Put the other's contacts behind those of the one that stays, each adult once, with the telephone numbers and
    the address of both. Who must not be contacted under either must not be.
    """
    columns = ", ".join(_CONTACT)
    ours, theirs = (
        tx.file.rows(f"SELECT {columns} FROM contact WHERE student_id = ? ORDER BY place", (one,))
        for one in (into_id, old_id)
    )
    if not theirs:
        return
    barred = {_who(one) for one in (*ours, *theirs) if one[-1]}
    adults: dict[tuple[str, str], dict[str, Any]] = {}
    for one in (*ours, *theirs):
        told = dict(zip(_CONTACT, one, strict=True))
        adult = adults.setdefault(_who(one), told)
        adult["responsibility"] = max(adult["responsibility"], told["responsibility"])
        numbers = dict.fromkeys([*json.loads(adult["phones"]), *json.loads(told["phones"])])
        adult["phones"] = json.dumps(list(numbers), ensure_ascii=False)
        for name in ("relationship", "email", "language"):
            adult[name] = adult[name] or told[name]
    now = [tuple({**adult, "do_not_contact": int(who in barred)}.values()) for who, adult in adults.items()]
    tx.file.execute("DELETE FROM contact WHERE student_id IN (?, ?)", (old_id, into_id))
    tx.file.conn.executemany(
        f"INSERT INTO contact (student_id, place, {columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(into_id, place, *one) for place, one in enumerate(now, 1)],
    )
    before, after = (json.dumps(several, ensure_ascii=False) for several in (ours, now))
    note(tx, into_id, "contacts", before, after)
    note(tx, old_id, "contacts", json.dumps(theirs, ensure_ascii=False), "[]")


def _who(contact: tuple[Any, ...]) -> tuple[str, str]:
    return fold(contact[0]), fold(contact[1])


def take_over_imported(tx: Tx, old_id: int, into_id: int) -> None:
    """Put what the school's own system knows of the other under the one that stays, whose own comes first."""
    for table in ("behaviour_record", "attendance_session", "attendance_total"):
        tx.file.execute(f"UPDATE OR IGNORE {table} SET student_id = ? WHERE student_id = ?", (into_id, old_id))
        tx.file.execute(f"DELETE FROM {table} WHERE student_id = ?", (old_id,))
