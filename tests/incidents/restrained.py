"""A use of force, for tests: an incident in the corridor at 10:20, and a record of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from psc.incidents.incidents import Account, Adult, Part, record_incident
from psc.incidents.restriction import Hand, Restriction
from psc.incidents.restrictive import write_restrictive
from tests.school import MONDAY, at

if TYPE_CHECKING:
    from tests.school import School

REID, OKAFOR, KHAN = 1, 2, 4
JO, OLA, MAYA, RUTH, KIT = 1, 2, 3, 5, 7
"""Staff, by their ids: AS1, AS2, CO1, BL1, KB."""
FORCE = Account("Fighting", "Callum swung a chair and was held.", place="Corridor", severity=4, force=True)
HELD = Restriction(
    type="restraint",
    starts=at("10:20"),
    ends=at("10:24"),
    place="Corridor by H2",
    staff=(Hand(JO, "J. Smith", "held an arm"), Hand(None, "A. Supply", "held the other")),
    led_up="Called names in the queue.",
    deescalation="Asked to step aside, twice.",
    ended_how="He put the chair down.",
    injuries="None",
)


def incident(
    school: School,
    account: Account = FORCE,
    *,
    by: str = "AS1",
    students: tuple[Part, ...] = (Part(REID, "involved"), Part(OKAFOR, "target")),
    adults: tuple[Adult, ...] = (),
    day: date = MONDAY,
) -> int:
    """Record an incident at 10:20 of a day, with the clock at 10:30 where it stands before."""
    school.clock.moment = max(school.clock.moment, at("10:30", day))
    return school.desk(by).do(record_incident(account, students, adults, at=at("10:20", day))).value


def record(school: School, said: Restriction = HELD, *, by: str = "AS1", student: int = REID, of: int = 0) -> int:
    """Write a record, of a new incident unless one is given."""
    return school.desk(by).do(write_restrictive(of or incident(school, by=by), student, said)).value


def give_two_parents(school: School, student: int = REID) -> None:
    """Give a student a mother and a father who are both to be told, and an aunt who is not."""
    school.file.conn.executemany(
        "INSERT INTO contact (student_id, place, surname, forename, relationship, responsibility, phones, email,"
        " language, do_not_contact) VALUES (?, ?, ?, ?, ?, ?, '[\"07700 900295\"]', '', '', 0)",
        [
            (student, 1, "Jama", "Sagal", "MOT", 1),
            (student, 2, "Reid", "Liban", "FAT", 1),
            (student, 3, "Jama", "Hodan", "AUN", 0),
        ],
    )
