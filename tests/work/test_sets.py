"""Which work sets there are: what is placed, once, as long as something is to be done for it."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from psc.flows.change_day import Wanted, change_day
from psc.flows.merge import merge_students
from psc.overview.work import work_for
from psc.roster.absences import Absence, mark_absence
from psc.roster.placements import PlacementType, book, carry_period, waive_period
from psc.work.sets import Kind, State, WorkSet, outstanding, sets_between, spare_work
from psc.work.steps import Work, ask_for_work, issue_work, receive_work, return_work, use_spare_work
from tests.school import IER, MONDAY, PSC, TUESDAY, at

if TYPE_CHECKING:
    from datetime import date

    from tests.school import School

REID, OKAFOR = 1, 2
PAPER = Work(Kind.PAPER, "tray")


def sets(school: School, day: date = MONDAY, student: int = OKAFOR) -> dict[str, WorkSet]:
    return {one.period: one for one in sets_between(school.file, day, day, [student])}


def came(school: School, period: str, day: date = MONDAY, student: int = OKAFOR) -> int:
    return school.desk().do(receive_work(student, day, period, PAPER)).value


def test_two_placements_for_one_period_are_one_set_in_the_newer_room(school: School) -> None:
    school.book(OKAFOR, "P3 P4")
    school.desk("CO1").do(
        book(OKAFOR, PSC, PlacementType.REGULATION, "calm", [(MONDAY, "P3")], override="moved for the lesson")
    )
    rows = work_for(school.file, MONDAY, MONDAY, school.desk().staff(), MONDAY)
    assert [(one.work.period, one.room) for one in rows] == [("P3", "PSC"), ("P4", "IER")]


def test_when_the_newer_placement_is_cancelled_the_older_one_has_the_period_again(school: School) -> None:
    school.book(OKAFOR, "P3")
    newer = school.desk("CO1").do(
        book(OKAFOR, PSC, PlacementType.REGULATION, "calm", [(MONDAY, "P3")], override="moved")
    )
    school.desk().do(mark_absence(newer.value, Absence.CANCELLED))
    rows = work_for(school.file, MONDAY, MONDAY, school.desk().staff(), MONDAY)
    assert [(one.work.period, one.room) for one in rows] == [("P3", "IER")]


def test_what_is_cancelled_let_off_or_carried_needs_no_work(school: School) -> None:
    placement = school.book(OKAFOR, "P3", days=(MONDAY,))
    school.desk().do(mark_absence(placement, Absence.CANCELLED))
    assert sets(school) == {}
    school.book(REID, "P1 P2")
    first, second = school.placed(REID, "P1"), school.placed(REID, "P2")
    school.clock.moment = at("15:00")
    school.desk("CO1").do(waive_period(first, "trip"))
    school.desk("CO1").do(carry_period(second, TUESDAY, "P4"))
    assert sets(school, student=REID) == {}
    assert list(sets(school, TUESDAY, REID)) == ["P4"]


def test_what_was_given_out_is_to_come_back_whatever_became_of_the_period(school: School) -> None:
    school.book(OKAFOR, "P3")
    placed = school.placed(OKAFOR, "P3")
    given = came(school, "P3")
    school.clock.moment = at("12:30")
    school.desk().do(issue_work(given))
    school.desk("CO1").do(waive_period(placed, "trip"))
    assert sets(school)["P3"].state is State.ISSUED
    school.desk().do(return_work(given, 50))
    assert sets(school)["P3"].state is State.RETURNED


def test_work_of_a_period_that_lapsed_is_spare_and_fits_another(school: School) -> None:
    school.book(OKAFOR, "P3", days=(MONDAY, TUESDAY))
    arrival = came(school, "P3")
    placed = school.placed(OKAFOR, "P3")
    assert spare_work(school.file, OKAFOR) == ()
    school.desk("CO1").do(waive_period(placed, "trip"))
    assert [one.arrival.id for one in spare_work(school.file, OKAFOR)] == [arrival]
    school.desk().do(use_spare_work(arrival, TUESDAY, "P3"))
    one = sets(school, TUESDAY)["P3"]
    assert (one.state, one.subject, one.other_lesson) == (State.RECEIVED, "Science", "Science")
    assert spare_work(school.file, OKAFOR) == ()


def test_a_student_without_a_timetable_has_sets_that_wait_for_a_pack(school: School) -> None:
    school.desk("CO1").do(book(REID, IER, PlacementType.GUEST, "from another school", [(MONDAY, "P1")]))
    one = sets(school, student=REID)["P1"]
    assert (one.lesson, one.no_lesson, one.subject, one.teacher) == (None, "no lesson", "", "")
    assert outstanding([one]) == {}


def test_study_and_pe_are_marked_and_nobody_is_chased_for_them(school: School) -> None:
    for subject, marked in (("PE", "PE"), (" Physical Education", "PE"), ("Private Study", "study"), ("", "study")):
        school.file.execute("UPDATE lesson SET subject = ?", (subject,))
        if not sets(school):
            school.book(OKAFOR, "P3")
        one = sets(school)["P3"]
        assert one.no_lesson == marked
        assert outstanding([one]) == {}


def test_each_week_has_its_own_lesson(school: School) -> None:
    next_monday = MONDAY + timedelta(days=7)
    school.file.execute("UPDATE lesson SET teacher = 'LE' WHERE week = 'B'")
    school.book(OKAFOR, "P3", days=(MONDAY, next_monday))
    assert (sets(school)["P3"].teacher, sets(school, next_monday)["P3"].teacher) == ("KB", "LE")


def test_a_period_that_the_day_no_longer_has_needs_no_work_and_loses_none(school: School) -> None:
    school.book(OKAFOR, "P1 P3", days=(TUESDAY,))
    arrival = came(school, "P3", TUESDAY)
    school.desk("CO1").do(change_day(TUESDAY, Wanted(closes=time(11, 0), note="Snow")))
    assert list(sets(school, TUESDAY)) == ["P1"]
    school.desk("CO1").do(change_day(TUESDAY, Wanted(shape="Normal")))
    again = sets(school, TUESDAY)["P3"].arrival
    assert again is not None
    assert again.id == arrival


def test_registration_and_break_need_no_work(school: School) -> None:
    school.book(OKAFOR, "Reg P1 Break")
    assert list(sets(school)) == ["P1"]


def test_what_is_outstanding_stands_by_teacher_the_earliest_due_first(school: School) -> None:
    school.book(OKAFOR, "P3", days=(MONDAY, MONDAY + timedelta(days=7)))
    every = sets_between(school.file, MONDAY, MONDAY + timedelta(days=7))
    assert {teacher: [one.day for one in those] for teacher, those in outstanding(every).items()} == {
        "KB": [MONDAY, MONDAY + timedelta(days=7)]
    }
    came(school, "P3")
    every = sets_between(school.file, MONDAY, MONDAY + timedelta(days=7))
    assert [one.day for one in outstanding(every)["KB"]] == [MONDAY + timedelta(days=7)]


def test_a_merge_takes_the_work_along(school: School) -> None:
    school.book(OKAFOR, "P3")
    school.desk().do(ask_for_work(OKAFOR, MONDAY, "P3"))
    school.desk().do(issue_work(came(school, "P3")))
    school.desk("CO1").do(merge_students(OKAFOR, REID))
    one = sets(school, student=REID)["P3"]
    assert (one.state, len(one.asked)) == (State.ISSUED, 1)
    assert sets(school) == {}
