"""More of days that are not normal: what is asked of a room on a day of snow, of exams, of two students of one name."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from psc.flows.change_day import Wanted, change_day, plan_change
from psc.roster.held import Holding, held_on, hold_item
from psc.roster.stranded import stranded
from tests.roster.stories import set_clock
from tests.school import MONDAY

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
