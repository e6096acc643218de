"""Contacts at home for tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.school import School


def give_contacts(school: School, student: int = 1) -> None:
    """Give a student a mother, a father who must not be told, and a foster carer; the father is written twice."""
    people: tuple[tuple[Any, ...], ...] = (
        (1, "Jama", "Sagal", "MOT", 1, ["07700 900295", "07700 900111"], "SOM", 0),
        (2, "Reid", "Liban", "FAT", 1, ["07700 900400"], "ENG", 1),
        (3, "Ray", "Kim", "FOM", 0, [], "", 0),
        (4, "REID", "Liban", "OTH", 0, ["07700 900401"], "", 0),
    )
    school.file.conn.executemany(
        "INSERT INTO contact (student_id, place, surname, forename, relationship, responsibility, phones, email,"
        " language, do_not_contact) VALUES (?, ?, ?, ?, ?, ?, ?, 'home@example.org', ?, ?)",
        [
            (student, place, last, first, kind, pr, json.dumps(phones), language, barred)
            for place, last, first, kind, pr, phones, language, barred in people
        ],
    )
