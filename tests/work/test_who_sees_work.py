"""Work as its readers may see it: their own years, their pass's rooms, nobody they are barred from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.desk.lending import bar_student
from psc.desk.passes import issue_pass
from psc.desk.secrets import hash_passphrase
from psc.errors import NotAllowed
from psc.overview.work import WorkRow, work_for
from psc.roster.absences import Absence, mark_absence
from psc.roster.movements import Destination, sign_in, sign_out
from tests.school import MONDAY, PSC, TUESDAY

if TYPE_CHECKING:
    from tests.school import School

REID, OKAFOR, KHAN, ALI = 1, 2, 4, 6


def _rows(school: School, code: str = "AS1") -> tuple[WorkRow, ...]:
    return work_for(school.file, MONDAY, TUESDAY, school.desk(code).staff(), MONDAY)


def test_a_row_says_whose_work_it_is(school: School) -> None:
    school.book(ALI, "P2 P1")
    first, second = _rows(school)
    assert (first.number, first.name, first.plain_name) == ("1006", "Ali, Mohammed ≈7B", "Ali, Mohammed")
    assert (first.year, first.form, first.room) == (7, "7B", "IER")
    assert (first.work.period, second.work.period) == ("P1", "P2")


def test_whoever_is_barred_from_a_student_sees_nothing_of_their_work(school: School) -> None:
    school.book(REID, "P1")
    school.book(KHAN, "P1")
    school.desk("AD1").do(bar_student(1, KHAN, "their own child"))
    assert [one.number for one in _rows(school)] == ["1001"]


def test_a_head_of_year_sees_their_own_years_and_safeguarding_no_work(school: School) -> None:
    school.book(REID, "P1")
    school.book(KHAN, "P1")
    assert [one.number for one in _rows(school, "HY8")] == ["1004"]
    with pytest.raises(NotAllowed):
        _rows(school, "AD1")


def test_cover_sees_the_rooms_of_the_pass_and_who_was_sent_over_to_them(school: School) -> None:
    school.book(REID, "P1 P2")
    school.book(OKAFOR, "P1", room=PSC)
    school.book(OKAFOR, "P2")
    code = school.desk("CO1").do(issue_pass("Pat Lewis", hash_passphrase("424242"), rooms=[PSC])).value
    assert [(one.number, one.work.period) for one in _rows(school, code)] == [("1002", "P1")]
    visit = school.desk().do(sign_in(REID, 1)).value
    school.desk().do(sign_out(visit, Destination.OTHER_ROOM, to_room=PSC))
    assert [(one.number, one.work.period) for one in _rows(school, code)] == [
        ("1002", "P1"),
        ("1001", "P1"),
        ("1001", "P2"),
    ]


def test_whoever_does_not_come_is_told_from_the_rest_until_they_come_after_all(school: School) -> None:
    placement = school.book(REID, "P1")
    school.desk().do(mark_absence(placement, Absence.ABSENT))
    assert _rows(school)[0].absent
    school.clock.forward(minutes=30)
    school.desk().do(sign_in(REID, 1))
    assert not _rows(school)[0].absent
