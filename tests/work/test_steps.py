"""The work of a period, from the timetable to the teacher's feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.errors import NotUnderstood, Refused
from psc.overview.within import timeline_for
from psc.roster.corrections import remove_fact
from psc.work.packs import add_pack, packs_for
from psc.work.sets import Kind, State, WorkSet, sets_between
from psc.work.steps import (
    Work,
    ask_for_work,
    change_work,
    check_link,
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


def test_of_two_who_record_what_came_the_second_is_told_who_was_first(school: School) -> None:
    school.book(SCIENTIST)
    first = school.desk("AS2").do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.PAPER, "tray"))).value
    school.clock.forward(minutes=2)
    with pytest.raises(Refused, match="come already: paper, by AS2 at 08:30"):
        school.desk().do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.FILE, "sc.pdf")))
    school.desk().do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.FILE, "sc.pdf"), instead_of=first))
    arrival = _set(school).arrival
    assert arrival is not None
    assert arrival.kind is Kind.FILE
    with pytest.raises(Refused, match="changed or taken back, by AS1 at 08:32"):
        school.desk("AS2").do(issue_work(first))


def test_every_step_is_undone_in_turn(school: School) -> None:
    school.book(SCIENTIST)
    desk = school.desk()
    came = desk.do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.PAPER, "tray"))).value
    changed = desk.do(change_work(came, Work(Kind.PAPER, "tray", task="Acids"))).value
    desk.do(issue_work(changed))
    desk.do(return_work(changed, 60))
    desk.do(return_work(changed, 80))
    states = []
    for _ in range(5):
        one = _set(school)
        states.append((one.state.value, one.returned.share if one.returned else None))
        desk.do(undo())
    assert states == [("returned", 80), ("returned", 60), ("issued", None), ("received", None), ("received", None)]
    assert _set(school).state is State.NEEDED


def test_what_a_colleague_built_on_is_not_undone(school: School) -> None:
    school.book(SCIENTIST)
    came = school.desk().do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.PAPER, "tray"))).value
    school.desk("AS2", "two").do(change_work(came, Work(Kind.PAPER, "other tray")))
    with pytest.raises(Refused, match="built on"):
        school.desk().do(undo())


def test_work_given_out_by_mistake_is_put_right_later_in_the_day(school: School) -> None:
    school.book(SCIENTIST)
    came = school.desk().do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.PAPER, "tray"))).value
    school.desk().do(issue_work(came))
    school.clock.forward(minutes=30)
    staff = school.desk().staff()
    given = next(one for one in timeline_for(school.file, SCIENTIST, MONDAY, staff, MONDAY) if one.fact == "work_issue")
    assert given.words == "work P3: given out"
    school.desk().do(remove_fact("work_issue", given.id, "wrong student"))
    assert _set(school).state is State.RECEIVED


def test_who_sees_the_roster_and_no_work_is_told_of_none(school: School) -> None:
    school.file.execute("UPDATE staff SET role = 'safeguarding' WHERE code = 'KB'")
    school.book(SCIENTIST)
    school.desk().do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.PAPER, "tray")))
    staff = school.desk("KB").staff()
    assert [one.fact for one in timeline_for(school.file, SCIENTIST, MONDAY, staff, MONDAY)] == []
    assert school.board("KB").at(school.clock.now())[0].work_done == (0, 0)
    assert school.board("AS1").at(school.clock.now())[0].work_done == (0, 5)


def test_what_is_too_long_is_refused_whole(school: School) -> None:
    school.book(SCIENTIST)
    with pytest.raises(NotUnderstood, match="The task has 401 characters; 400 fit"):
        school.desk().do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.PAPER, "tray", task="x" * 401)))
    hostile = "[b]" + "\x07" + "[/ \u202e" + "y" * 390
    school.desk().do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.PAPER, "tray", task=hostile)))
    arrival = _set(school).arrival
    assert arrival is not None
    assert arrival.task == "[b][/ " + "y" * 390


@pytest.mark.parametrize(
    "typed",
    ["page 40", "", "http://", "https://x", "javascript:alert(1)", "file:///etc/passwd", "https://a b.example/x",
     "https://user:pw@vle.example/x", "ftp://vle.example/x"],
)  # fmt: skip
def test_what_is_no_link_is_refused_and_a_plain_address_is_one(typed: str) -> None:
    with pytest.raises(NotUnderstood, match="is not a link"):
        check_link(typed)
    assert check_link("vle.school.example/a?b=1#c") == "https://vle.school.example/a?b=1#c"
