"""Who a lesson's teacher is, however the timetable names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.work.teachers import Teacher, teachers

if TYPE_CHECKING:
    from tests.school import School


def teacher(school: School, given: str) -> Teacher:
    return teachers(school.file, [given])[given]


@pytest.fixture
def staffed(school: School) -> School:
    school.file.execute(
        "INSERT INTO staff (code, title, forename, surname, email, role, active) VALUES"
        " ('LE', 'Mr', 'Tom', 'Lee', 'lee@school.example', 'teacher', 1),"
        " ('GN', 'Ms', 'Ada', 'Gone', 'gone@school.example', 'teacher', 0)"
    )
    return school


@pytest.mark.parametrize(
    ("given", "words", "known"),
    [
        ("LE", "Mr Lee", True),
        ("le", "Mr Lee", True),
        ("Mr Lee", "Mr Lee", True),
        ("Lee, Tom", "Mr Lee", True),
        ("KB", "K. Bose", True),
        ("XY", "XY (not on the staff list)", False),
        ("Harte, Maria", "Harte, Maria (not on the staff list)", False),
        ("GN", "Ms Gone (has left)", False),
        ("", "no teacher named", False),
        ("LE/KB", "Mr Lee and K. Bose", True),
        ("Mr Lee and XY", "Mr Lee and XY (not on the staff list)", False),
        ("LE, KB", "Mr Lee and K. Bose", True),
        ("LE & LE", "Mr Lee", True),
        ("[b]\x07", "[b] (not on the staff list)", False),
    ],
)
def test_whatever_stands_in_the_timetable_is_told(staffed: School, given: str, words: str, known: bool) -> None:
    one = teacher(staffed, given)
    assert (one.words, one.known) == (words, known)


def test_a_message_goes_only_to_who_is_still_there(staffed: School) -> None:
    assert teacher(staffed, "LE/GN").email == "lee@school.example"
    assert teacher(staffed, "LE/GN").name == "Mr Lee and Ms Gone"


def test_a_name_that_two_people_have_is_neither(staffed: School) -> None:
    staffed.file.execute(
        "INSERT INTO staff (code, title, forename, surname, email, role) VALUES ('L2', 'Mr', 'Ty', 'Lee', '', 'cover')"
    )
    assert teacher(staffed, "Mr Lee").words == "Mr Lee (not on the staff list)"
    assert teacher(staffed, "LE").words == "Mr Lee"
