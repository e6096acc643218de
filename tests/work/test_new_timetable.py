"""A timetable imported in the middle of a placement: what is over stays what it was, what is ahead is made anew."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from psc.desk.acts import undo
from psc.importing.intake import import_file
from psc.roster.placements import PlacementType, book, carry_period
from psc.work.sets import Kind, State, WorkSet, sets_between
from psc.work.steps import Work, ask_for_work, receive_work
from tests.importing.files import write
from tests.school import MONDAY, PSC, TUESDAY, at

if TYPE_CHECKING:
    from datetime import date

    from tests.school import School

OKAFOR, NOVAK = 2, 10
"""Both in 9y/Sc1: Science with KB on Mondays at P3."""
LESSONS = "Week,Day,Period,Class,Subject,Teacher,Room\n"
NEXT_MONDAY = MONDAY + timedelta(days=7)


def take(school: School, kind: str, text: str, **options: Any) -> None:
    import_file(school.desk("AD1"), kind, write(school.path.parent, text), backup=False, **options)


def lesson(school: School, period: str = "P3", day: date = MONDAY, student: int = OKAFOR) -> str:
    one = work(school, period, day, student)
    return f"{one.subject} {one.teacher}".strip() or one.no_lesson


def work(school: School, period: str = "P3", day: date = MONDAY, student: int = OKAFOR) -> WorkSet:
    return next(one for one in sets_between(school.file, day, day, [student]) if one.period == period)


def kept(school: School) -> int:
    return int(school.file.value("SELECT count(*) FROM work_lesson"))


def test_what_has_begun_stays_and_what_is_ahead_is_made_anew(school: School) -> None:
    school.book(OKAFOR, "P2 P3 P4", days=(MONDAY, NEXT_MONDAY))
    school.clock.moment = at("11:15")
    take(school, "timetable", f"{LESSONS},Mon,P3,9y/Sc1,Biology,LE,S4\n,Mon,P4,9y/Sc1,Biology,LE,S4\n")
    assert (lesson(school, "P2"), lesson(school, "P3"), lesson(school, "P4")) == (
        "no lesson",
        "Science KB",
        "Biology LE",
    )
    assert lesson(school, "P3", NEXT_MONDAY) == "Biology LE"
    one = work(school).lesson
    assert one is not None
    assert (one.class_code, one.room) == ("9y/Sc1", "S3")


def test_a_period_that_had_no_lesson_gets_none_afterwards(school: School) -> None:
    school.book(OKAFOR, "P1")
    school.clock.moment = at("12:00")
    take(school, "timetable", f"{LESSONS},Mon,P1,9y/Sc1,Biology,LE,S4\n")
    assert lesson(school, "P1") == "no lesson"


def test_a_class_list_changes_nothing_that_is_over_either(school: School) -> None:
    school.book(OKAFOR, "P3", days=(MONDAY, NEXT_MONDAY))
    school.clock.moment = at("09:00", TUESDAY)
    take(school, "classes", "Class,Student\n9y/Sc1,1010\n")
    assert lesson(school) == "Science KB"
    assert lesson(school, day=NEXT_MONDAY) == "no lesson"


def test_a_second_import_keeps_what_the_first_one_kept(school: School) -> None:
    school.book(OKAFOR, "P3 P4", days=(MONDAY, TUESDAY))
    school.clock.moment = at("12:00")
    take(school, "timetable", f"{LESSONS},Mon,P3,9y/Sc1,Biology,LE,S4\n")
    before = kept(school)
    take(school, "timetable", f"{LESSONS},Mon,P3,9y/Sc1,Physics,MO,S5\n")
    assert (kept(school), lesson(school)) == (before, "Science KB")


def test_a_dry_run_keeps_nothing(school: School) -> None:
    school.book(OKAFOR, "P3")
    school.clock.moment = at("12:00")
    take(school, "timetable", f"{LESSONS},Mon,P3,9y/Sc1,Biology,LE,S4\n", dry_run=True)
    assert kept(school) == 0


def test_the_first_timetable_of_a_school_says_what_the_lessons_were_all_along(school: School) -> None:
    school.file.execute("DELETE FROM lesson")
    school.book(OKAFOR, "P3")
    school.clock.moment = at("12:00")
    take(school, "timetable", f"{LESSONS},Mon,P3,9y/Sc1,Science,KB,S3\n")
    assert lesson(school) == "Science KB"


def test_two_weeks_have_each_their_own_lesson_kept(school: School) -> None:
    a_week_ago = MONDAY - timedelta(days=7)
    school.file.execute("UPDATE lesson SET subject = 'Chemistry' WHERE week = 'B'")
    school.clock.moment = at("08:30", a_week_ago)
    school.book(OKAFOR, "P3", days=(a_week_ago, MONDAY))
    school.clock.moment = at("12:00")
    take(school, "timetable", f"{LESSONS},Mon,P3,9y/Sc1,Biology,LE,S4\n")
    assert (lesson(school, day=a_week_ago), lesson(school)) == ("Chemistry KB", "Science KB")


def test_what_was_taken_back_is_not_kept_and_two_placements_are_kept_once(school: School) -> None:
    school.book(OKAFOR, "P3")
    school.desk("CO1", "office").do(undo())
    school.book(NOVAK, "P3")
    school.desk("CO1", "office").do(book(NOVAK, PSC, PlacementType.REGULATION, "", [(MONDAY, "P3")], override="moved"))
    school.clock.moment = at("12:00")
    take(school, "timetable", f"{LESSONS},Mon,P3,9y/Sc1,Biology,LE,S4\n")
    assert school.file.rows("SELECT student_id, on_day, period FROM work_lesson") == [(NOVAK, "2026-11-23", "P3")]


def test_who_no_longer_has_the_lesson_is_not_waited_for_and_stays_on_record(school: School) -> None:
    school.book(OKAFOR, "P3", days=(NEXT_MONDAY,))
    desk = school.desk()
    desk.do(ask_for_work(OKAFOR, NEXT_MONDAY, "P3"))
    assert work(school, day=NEXT_MONDAY).state is State.REQUESTED
    take(school, "timetable", f"{LESSONS},Mon,P3,9y/Sc1,Science,LE,S3\n")
    one = work(school, day=NEXT_MONDAY)
    assert (one.state, one.teacher, one.chased) == (State.NEEDED, "LE", 0)
    desk.do(ask_for_work(OKAFOR, NEXT_MONDAY, "P3"))
    assert work(school, day=NEXT_MONDAY).chased == 0
    assert school.file.rows("SELECT teacher FROM work_ask") == [("KB",), ("LE",)]


def test_work_that_came_for_another_class_stays_and_says_so(school: School) -> None:
    school.book(OKAFOR, "P3", days=(NEXT_MONDAY,))
    school.desk().do(receive_work(OKAFOR, NEXT_MONDAY, "P3", Work(Kind.PAPER, "tray")))
    take(school, "timetable", f"{LESSONS},Mon,P3,9y/Ar1,Art,LE,A1\n")
    take(school, "classes", "Class,Student\n9y/Sc1,1010\n9y/Ar1,1002\n")
    one = work(school, day=NEXT_MONDAY)
    assert (one.state, one.other_lesson, one.lesson and one.lesson.subject) == (State.RECEIVED, "Science", "Art")
    assert one.teacher == "KB", "it goes back to who sent it"


def test_a_carried_period_keeps_what_it_was(school: School) -> None:
    school.book(OKAFOR, "P3")
    placed = school.placed(OKAFOR, "P3")
    school.clock.moment = at("15:00")
    school.desk("CO1").do(carry_period(placed, TUESDAY, "P3"))
    take(school, "timetable", f"{LESSONS},Mon,P3,9y/Sc1,Biology,LE,S4\n")
    assert kept(school) == 1
