"""The work of a period, from the timetable to the teacher's feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.errors import NotUnderstood, Refused
from psc.work.packs import add_pack, packs_for
from psc.work.sets import Kind, State, WorkSet, sets_between
from psc.work.steps import (
    Work,
    ask_for_work,
    issue_work,
    receive_work,
    return_work,
    send_feedback,
)
from tests.school import MONDAY

if TYPE_CHECKING:
    from tests.school import School

SCIENTIST = 2
"""A student whose P3 on Mondays is Science with KB; the made school has no other lesson for them."""


def _set(school: School, period: str = "P3") -> WorkSet:
    return next(one for one in sets_between(school.file, MONDAY, MONDAY, [SCIENTIST]) if one.period == period)


def test_each_booked_period_needs_work_by_itself(school: School) -> None:
    school.book(SCIENTIST)
    assert [one.period for one in sets_between(school.file, MONDAY, MONDAY)] == ["P1", "P2", "P3", "P4", "P5"]
    one = _set(school)
    assert (one.state, one.subject, one.teacher) == (State.NEEDED, "Science", "KB")
    assert _set(school, "P1").no_lesson == "no lesson"


def test_work_goes_from_the_teacher_to_the_student_and_back(school: School) -> None:
    school.book(SCIENTIST)
    desk = school.desk()
    desk.do(ask_for_work(SCIENTIST, MONDAY, "P3", how="copied"))
    desk.do(ask_for_work(SCIENTIST, MONDAY, "P3"))
    assert (_set(school).state, _set(school).chased) == (State.REQUESTED, 1)
    came = desk.do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.LINK, "vle.school.example/sc1"))).value
    arrival = _set(school).arrival
    assert _set(school).state is State.RECEIVED
    assert arrival is not None
    assert arrival.place == "https://vle.school.example/sc1"
    desk.do(issue_work(came))
    assert _set(school).state is State.ISSUED
    desk.do(return_work(came, 80, effort=3, line="Stuck on question 4"))
    assert _set(school).state is State.RETURNED
    desk.do(send_feedback([came], "copied"))
    assert _set(school).state is State.SENT_BACK


def test_a_pack_is_never_given_to_one_student_twice(school: School) -> None:
    school.book(SCIENTIST)
    pack = school.desk("CO1").do(add_pack("Science", "SC-9-01", year=9)).value
    desk = school.desk()
    desk.do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.PACK), pack_id=pack))
    assert _set(school).fallback
    assert packs_for(school.file, SCIENTIST, "Science", 9) == ()
    with pytest.raises(Refused, match="had SC-9-01 before"):
        desk.do(receive_work(SCIENTIST, MONDAY, "P4", Work(Kind.PACK), pack_id=pack))


def test_what_is_no_link_is_told(school: School) -> None:
    school.book(SCIENTIST)
    with pytest.raises(NotUnderstood, match="is not a link"):
        school.desk().do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.LINK, "page 40 in the book")))
    assert _set(school).state is State.NEEDED


def test_nobody_is_asked_where_there_is_no_lesson(school: School) -> None:
    school.book(SCIENTIST)
    with pytest.raises(Refused, match="no lesson"):
        school.desk().do(ask_for_work(SCIENTIST, MONDAY, "P1"))
