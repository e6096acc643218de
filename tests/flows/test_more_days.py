"""More of days that are not normal: what is asked of a room on a day of snow, of exams, of two students of one name."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from psc.errors import Refused
from psc.flows.change_day import Wanted, change_day, last_change, plan_change
from psc.overview.register import register_list
from psc.roster.held import Holding, held_on, hold_item
from psc.roster.status import Status
from psc.roster.stranded import stranded
from psc.school.bells import bells_of
from psc.school.calendar import calendar_day, coming_day
from tests.desk.refusals import contents
from tests.roster.stories import play, set_clock
from tests.school import MONDAY, TUESDAY

if TYPE_CHECKING:
    from tests.school import School

ALIS = ["Ali, Mohammed ≈7B", "Ali, Mohammed ≈7E"]


def test_namesakes_are_told_apart_on_every_list_of_a_day_that_changes(school: School) -> None:
    for student in (6, 7):
        school.book(student)
    set_clock(school, "08:45")
    early = Wanted(closes=time(11, 30))
    assert [one.name for one in plan_change(school.file, MONDAY, early, school.clock.now()).affected] == ALIS
    school.desk("CO1").do(change_day(MONDAY, early))
    assert list(dict.fromkeys(one.name for one in stranded(school.file, MONDAY))) == ALIS


def test_whose_phone_is_still_held_is_told_apart_at_the_end_of_the_day(school: School) -> None:
    for student in (6, 7):
        school.book(student)
        school.desk().do(hold_item(student, Holding.PHONE))
    assert [one.name for one in held_on(school.file, MONDAY)] == ALIS


def test_who_comes_after_the_register_closed_is_no_late_mark(school: School) -> None:
    for student in (1, 2, 4):
        school.book(student)
    play(school, 1, "09:02 in")
    play(school, 2, "10:05 in")
    play(school, 4, "09:10 in")
    set_clock(school, "10:10")
    made = register_list(school.board(), school.clock.now())
    assert made is not None
    assert [(one.name, one.mark_words, one.words) for one in made.entries] == [
        ("Khan, Bilal", "L 20 min", "in since 09:10"),
        ("Okafor, Amara", "", "came 10:05, after it closed"),
        ("Reid, Callum", "L 12 min", "in since 09:02"),
    ]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("8 Jan", date(2027, 1, 8)),
        ("08 january", date(2027, 1, 8)),
        ("27 Nov", date(2026, 11, 27)),
        ("8 Jan 2026", date(2026, 1, 8)),
        ("1/9/2026", date(2026, 9, 1)),
    ],
)
def test_a_date_without_a_year_is_one_to_come(typed: str, day: date) -> None:
    assert coming_day(typed, date(2026, 12, 14)) == day


def test_times_that_overlap_themselves_make_no_day(school: School) -> None:
    before = contents(school.file)
    for typed in ("P1 0850-0940, P2 0930-1030", "8,9: P1 0850-0940, P2 0930-1030", "P2 0850-0940, P1 0940-1030"):
        with pytest.raises(Refused, match="make no day"):
            school.desk("CO1").do(change_day(TUESDAY, Wanted(times=typed)))
    assert contents(school.file) == before


def test_a_day_closed_for_snow_and_put_back_is_what_it_was(school: School) -> None:
    """Snow at 10:40: who is in is due out, the rest waits for a decision; put back, all is as before."""
    school.book(1)
    school.book(2, "P3 P4")
    play(school, 1, "08:48 in")
    set_clock(school, "10:40")
    bells = bells_of(school.file, "Normal")
    office = school.desk("CO1", "office")
    office.do(change_day(MONDAY, Wanted(closes=time(10, 40))))
    assert school.row(1).status is Status.DUE_OUT
    assert school.row(2).status is Status.CANCELLED
    assert [(one.name, one.period) for one in stranded(school.file, MONDAY)] == [
        ("Okafor, Amara", "P3"), ("Okafor, Amara", "P4"), ("Reid, Callum", "P3"), ("Reid, Callum", "P4"),
        ("Reid, Callum", "P5"),
    ]  # fmt: skip
    set_clock(school, "10:44")
    last = last_change(school.file, MONDAY)
    assert last is not None
    office.do(change_day(MONDAY, last.back))
    assert calendar_day(school.file, MONDAY).shape == "Normal"
    assert bells_of(school.file, "Normal") == bells
    assert stranded(school.file, MONDAY) == ()
    assert school.row(1).status is Status.IN
