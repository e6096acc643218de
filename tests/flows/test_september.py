"""From July to September: a school year ends, another begins, and nobody's record says what was not so."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psc.clock import at_clock
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, PscError, Refused
from psc.flows.merge import merge_students
from psc.flows.new_year import Undecided, plan_year, start_new_year, start_year, typed_years, usual_start
from psc.flows.walk_in import walk_in
from psc.importing.intake import import_file
from psc.overview.possibly_same import possibly_same
from psc.roster.movements import Destination, sign_in, sign_out
from psc.roster.placements import PlacementType, book
from psc.school.provisional import add_provisional
from psc.school.students import find_students, student_by_id, the_student
from tests.desk.refusals import contents
from tests.importing.files import write
from tests.roster.stories import told
from tests.school import IER, School

if TYPE_CHECKING:
    from psc.importing.report import Report

JULY, LAST, START, THIRD = date(2027, 7, 19), date(2027, 7, 21), date(2027, 9, 1), date(2027, 9, 3)
REID, OKAFOR, LUKASZ, MARSH, ALI_B, ALI_E, PRIYANKA, NOVAK = 1, 2, 3, 5, 6, 7, 8, 10
HEADS = {"HY8": [9]}
UPN = "Z823432119001"


def moment(day: date, clock: str) -> datetime:
    return at_clock(day, time.fromisoformat(clock), _zone())


def _zone() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("Europe/London")


@pytest.fixture
def july(school: School) -> School:
    """Hillside in its last week of July 2027, the autumn's first days in the calendar."""
    days = [date(2027, 7, day) for day in (19, 20, 21)] + [date(2027, 9, day) for day in (2, 3, 6)]
    school.file.conn.executemany(
        "INSERT INTO calendar_day VALUES (?, 1, 'A', '')", [(day.isoformat(),) for day in days]
    )
    school.clock.moment = moment(JULY, "08:50")
    return school


def take(school: School, text: str, **options: Any) -> Report:
    return import_file(school.desk("AD1"), "students", write(school.path.parent, text), backup=False, **options)


def ctf(*pupils: tuple[str, str, str, int]) -> str:
    """Return a transfer file of (UPN, surname, forename, year)."""
    inside = "".join(
        f"<Pupil><UPN>{upn}</UPN><Surname>{last}</Surname><Forename>{first}</Forename><DOB>2016-01-02</DOB>"
        f"<BasicDetails><NCyearActual>{year}</NCyearActual></BasicDetails></Pupil>"
        for upn, last, first, year in pupils
    )
    header = "<Header><DateTime>2027-07-15T08:00:00</DateTime></Header>"
    return f"<CTfile>{header}<CTFpupilData>{inside}</CTFpupilData></CTfile>"


def start(school: School, **choices: Any) -> Path:
    """Start the year as the admin; returns the backup."""
    chosen = {"heads": HEADS, **choices}
    return start_new_year(school.desk("AD1"), START, **chosen)[1]


def stands(school: School, student: int, day: date) -> tuple[int | None, str]:
    one = student_by_id(school.file, student, day)
    return one.year, one.form


def on_roll(school: School, number: str) -> bool:
    return bool(school.file.value("SELECT left_on IS NULL FROM student WHERE admission_no = ?", (number,)))


def test_a_school_goes_from_july_to_september(july: School) -> None:
    school = july
    # July: a placement of a leaver runs on into September, a visit is served, a year 8 student is in the room.
    slots = [(JULY, "P1"), (THIRD, "P1"), (THIRD, "P2")]
    school.desk("CO1").do(book(PRIYANKA, IER, PlacementType.INTERNAL_EXCLUSION, "Defiance", slots))
    school.desk("CO1").do(book(LUKASZ, IER, PlacementType.INTERNAL_EXCLUSION, "Truancy", [(JULY, "P1")]))
    for student in (PRIYANKA, LUKASZ):
        visit = school.desk().do(sign_in(student, IER)).value
        school.clock.forward(minutes=30)
        school.desk().do(sign_out(visit, Destination.LESSON))
    seen = [(row.name, row.year, row.form) for row in school.board(day=JULY).rows]
    assert seen == [("Priyanka", 11, "11E"), ("O’Brien, Łukasz", 8, "8A")]

    # August: the primary schools' file says year 6.
    school.clock.moment = moment(date(2027, 8, 20), "10:00")
    report = take(school, ctf((UPN, "Ling", "Bo", 6), ("N823432119002", "Ray", "Ann", 6)), format="ctf")
    assert report.imported == 2
    assert [odd.reason for odd in report.warnings] == [
        "2 pupils of a year below this school's first: year 7 from 1 September 2027"
    ]
    bo = int(school.file.value("SELECT id FROM student WHERE upn = ?", (UPN,)))
    assert (stands(school, bo, date(2027, 8, 31)), stands(school, bo, START)) == ((None, ""), (7, ""))

    # 1 September: the leaver with something open waits for a decision; the head of year 8 follows the cohort.
    school.clock.moment = moment(START, "09:00")
    plan = plan_year(school.file, school.clock.now(), START)
    assert plan.up_by_year() == {7: 2, 8: 3, 9: 3, 10: 1}
    assert [(one.name, one.open, one.stays) for one in plan.leavers] == [
        ("Priyanka", ("placed for 2 periods from Fri 3 Sep",), None)
    ]
    assert [(one.code, one.follow) for one in plan.heads] == [("HY8", frozenset({9}))]
    assert [(one.name, one.periods, one.first) for one in plan.bookings] == [("Priyanka", 2, THIRD)]
    assert plan.by_file == 2
    with pytest.raises(Undecided, match="1 leaver with something open"):
        start(school)
    backup = start(school, leave=[PRIYANKA])
    assert backup.exists()
    assert (on_roll(school, "1008"), on_roll(school, "1003")) == (False, True)
    assert stands(school, LUKASZ, START) == (9, "")
    assert (stands(school, bo, START), stands(school, REID, START)) == ((7, ""), (11, ""))
    assert [row.name for row in school.board(day=THIRD).rows] == [], "the leaver's periods were taken back"

    # 3 September: somebody nobody knows is at the door, before the office has sent the list.
    school.clock.moment = moment(THIRD, "08:55")
    new = school.desk().do(add_provisional("Sharma", "Dev", 9)).value
    school.desk().do(walk_in(new, IER, PlacementType.REMOVAL, "Defiance"))
    assert school.row(new).row.new_here
    assert school.row(new).row.name == "Sharma, Dev"

    # The whole roll comes, with forms, two students who share a name, and the one at the door.
    roll = (
        "Adno,UPN,Surname,Forename,Middle Names,DOB,Year,Form\n"
        "1001,,Reid,Callum,,,11,11F\n1002,,Okafor,Amara,,,10,10B\n1003,,O’Brien,Łukasz,,,9,9A\n"
        "1004,,Khan,Bilal,,,9,9A\n1005,,Marsh,Ellie,,,9,9C\n1006,,Ali,Mohammed,Karim,,8,8B\n"
        "1007,,Ali,Mohammed,,,8,8E\n1009,,[b]Bold,[/,,,10,10C\n1010,,Novak,Petra,,,10,10D\n"
        f"2001,{UPN},Ling,Bo,,02/01/2016,7,7A\n2002,N823432119002,Ray,Ann,,02/01/2016,7,7B\n"
        "2003,,Sharma,Dev,,05/05/2013,9,9B\n"
    )
    tried = take(school, roll, whole_roll=True, dry_run=True)
    assert (tried.imported, tried.left, tried.rejected) == (1, 0, [])
    report = take(school, roll, whole_roll=True)
    assert [one.reason for one in report.possibly_same] == [
        f"possibly the same as Sharma, Dev (new{new}), who is new here; if so, merge the two"
    ]
    assert (stands(school, LUKASZ, THIRD), stands(school, bo, THIRD)) == ((9, "9A"), (7, "7A"))
    alis = find_students(school.file, "ali", school.desk().staff(), THIRD)
    assert [one.name for one in alis] == ["Ali, Mohammed ≈8B K", "Ali, Mohammed ≈8E"]

    # A coordinator looks, and makes them one; the morning stands under the record the school sent.
    (pair,) = possibly_same(school.file, school.desk("CO1").staff(), THIRD)
    assert pair.into is not None
    assert (pair.old.id, pair.into.admission_no, pair.why) == (new, "2003", "same name")
    school.desk("CO1").do(merge_students(new, pair.into.id))
    assert told(school, pair.into.id, THIRD) == "07:55 in"
    row = school.row(pair.into.id).row
    assert (row.name, row.form, row.new_here) == ("Sharma, Dev", "9B", False)
    assert the_student(school.file, f"new{new}", school.desk().staff(), THIRD).id == pair.into.id

    # July is what it was; the head of year sees the cohort, not those who came up behind it.
    seen = [(row.name, row.year, row.form) for row in school.board(day=JULY).rows]
    assert seen == [("Priyanka", 11, "11E"), ("O’Brien, Łukasz", 8, "8A")]
    assert school.desk("HY8").staff().years == {9}
    assert [row.name for row in school.board("HY8", THIRD).rows] == ["Sharma, Dev"]
    assert take(school, roll, whole_roll=True).unchanged == 12


def test_a_year_is_started_once(july: School) -> None:
    july.clock.moment = moment(START, "09:00")
    start(july)
    before = contents(july.file)
    with pytest.raises(Refused, match="started already: from 1 September 2027, by AD1"):
        start(july)
    with pytest.raises(Refused, match="started already"):
        start_new_year(july.desk("AD1"), date(2027, 9, 6), heads=HEADS)
    assert contents(july.file) == before
    assert stands(july, REID, START) == (11, "")


def test_nothing_is_half_started(july: School) -> None:
    july.clock.moment = moment(START, "09:00")
    before = contents(july.file)
    tries: tuple[dict[str, Any], ...] = (
        {"heads": {}},
        {"heads": {"ZZ": [7]}},
        {"stay": [REID]},
        {"stay": [8], "leave": [8]},
    )
    for choices in tries:
        with pytest.raises(PscError):
            start(july, **choices)
    july.file.execute("CREATE TRIGGER t BEFORE INSERT ON academic_year BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        july.desk("AD1").do(start_year(START, heads=HEADS))
    assert contents(july.file) == before


@pytest.mark.parametrize("code", ["AS1", "CO1", "BL1", "HY8"])
def test_only_the_admin_starts_a_year(july: School, code: str) -> None:
    july.clock.moment = moment(START, "09:00")
    with pytest.raises(NotAllowed):
        start_new_year(july.desk(code), START, heads=HEADS)


def test_a_year_is_not_started_while_the_old_one_runs_or_somebody_is_in(july: School) -> None:
    july.clock.moment = moment(date(2027, 7, 20), "09:00")
    with pytest.raises(Refused, match="2 school days of the old year are still to come"):
        start(july)
    july.clock.moment = moment(THIRD, "08:55")
    july.desk().do(walk_in(MARSH, IER, PlacementType.REMOVAL, "Defiance"))
    with pytest.raises(Refused, match="1 student is signed in now"):
        start(july)
    for day in (date(2027, 1, 4), date(2028, 9, 1)):
        with pytest.raises(PscError):
            start_new_year(july.desk("AD1"), day, heads=HEADS)


def test_a_leaver_may_stay_and_everybody_else_goes_up(july: School) -> None:
    july.clock.moment = moment(START, "09:00")
    start(july, stay=[PRIYANKA])
    assert (on_roll(july, "1008"), stands(july, PRIYANKA, START)) == (True, (11, ""))


def test_a_school_with_a_sixth_form_says_which_year_leaves(july: School) -> None:
    july.clock.moment = moment(START, "09:00")
    plan = plan_year(july.file, july.clock.now(), START, top=13)
    assert (plan.leavers, plan.up_by_year()[11]) == ((), 1)


def test_a_list_taken_in_august_is_not_moved_on_a_second_time(july: School) -> None:
    july.clock.moment = moment(date(2027, 8, 27), "10:00")
    take(july, "Adno,Surname,Forename,Year,Form\n1005,Marsh,Ellie,9,9E\n3001,Late,Comer,11,11A\n")
    july.clock.moment = moment(START, "09:00")
    start(july)
    assert stands(july, MARSH, START) == (9, "9E")
    assert on_roll(july, "3001")
    assert stands(july, LUKASZ, START) == (9, "")


def test_a_form_given_in_august_for_a_year_started_early_holds_from_september(july: School) -> None:
    july.clock.moment = moment(date(2027, 8, 20), "10:00")
    start(july)
    assert stands(july, MARSH, date(2027, 8, 20)) == (8, "8C")
    take(july, "Adno,Surname,Forename,Year,Form\n1005,Marsh,Ellie,9,9E\n")
    assert (stands(july, MARSH, date(2027, 8, 31)), stands(july, MARSH, START)) == ((8, "8C"), (9, "9E"))


def test_the_cohort_s_head_follows_it_and_the_leavers_head_takes_the_new_ones(july: School) -> None:
    july.file.execute("INSERT INTO staff_year VALUES (4, 11)")
    july.clock.moment = moment(START, "09:00")
    (head,) = plan_year(july.file, july.clock.now(), START).heads
    assert head.years == {8, 11}
    assert head.follow == {9, 7}
    assert typed_years("keep", head.years, head.follow) == {8, 11}
    assert typed_years("Follow ", head.years, head.follow) == {9, 7}
    assert typed_years("9, 10", head.years, head.follow) == {9, 10}
    for words in ("", "nine", "15"):
        with pytest.raises(NotUnderstood):
            typed_years(words, head.years, head.follow)


@pytest.mark.parametrize(
    ("today", "starts"),
    [
        (date(2027, 7, 22), START),
        (date(2027, 8, 31), START),
        (START, START),
        (date(2027, 11, 2), START),
        (date(2028, 3, 1), START),
    ],
)
def test_the_start_that_is_meant(today: date, starts: date) -> None:
    assert usual_start(today) == starts


def test_a_file_that_would_empty_a_year_group_is_refused_until_its_user_says_so(july: School) -> None:
    shifted = "Adno,Surname,Forename,Year\n1006,Ali,Mohammed,8\n1007,Ali,Mohammed,8\n"
    before = contents(july.file)
    with pytest.raises(NeedsReason, match="Nobody would be left in year 7") as why:
        take(july, shifted)
    assert "--emptying 7" in why.value.remedy
    assert contents(july.file) == before
    assert take(july, shifted, emptying=[7]).updated == 2


def test_students_without_a_year_are_no_year_group(july: School) -> None:
    extra = "".join(f"{5000 + one},Extra{one},Person,{7 + one % 5}\n" for one in range(60))
    take(july, f"Adno,Surname,Forename,Year\n{extra}6000,Guest,Gil,\n")
    roll = "".join(
        f'{number},"{last}",{first},{year}\n'
        for number, last, first, year in july.file.rows(
            "SELECT admission_no, surname, forename, year FROM student JOIN enrolment e ON e.student_id = student.id"
            " WHERE e.year IS NOT NULL"
        )
    )
    assert take(july, f"Adno,Surname,Forename,Year\n{roll}", whole_roll=True).left == 1


def test_a_leaver_of_a_whole_roll_with_something_open_is_listed(july: School) -> None:
    extra = "".join(f"{5000 + one},Extra{one},Person,{7 + one % 5}\n" for one in range(60))
    take(july, f"Adno,Surname,Forename,Year\n{extra}")
    july.desk("CO1").do(book(MARSH, IER, PlacementType.INTERNAL_EXCLUSION, "Defiance", [(LAST, "P1")]))
    roll = "".join(
        f'{number},"{last}",{first}\n'
        for number, last, first in july.file.rows("SELECT admission_no, surname, forename FROM student WHERE id <> 5")
    )
    report = take(july, f"Adno,Surname,Forename\n{roll}", whole_roll=True)
    assert (report.left, report.leavers) == (1, {8: 1})
    assert report.to_decide == ["Marsh, Ellie 8C: placed for 1 period from Wed 21 Jul"]
