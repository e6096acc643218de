"""More of September: what a data manager and a room meet between the old list and the new one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.flows.test_september import START, THIRD, UPN, ctf, moment, stands, start, take
from tests.flows.test_september import july as july

if TYPE_CHECKING:
    from tests.school import School


def test_the_new_year_seven_comes_into_year_seven_after_everybody_has_gone_up(july: School) -> None:
    july.clock.moment = moment(START, "09:00")
    start(july)
    july.clock.moment = moment(date(2027, 9, 2), "09:00")
    take(july, ctf((UPN, "Ling", "Bo", 6), ("N823432119002", "Ray", "Ann", 7)), format="ctf")
    came = [one for (one,) in july.file.rows("SELECT id FROM student WHERE surname IN ('Ling', 'Ray')")]
    assert [stands(july, one, THIRD) for one in came] == [(7, ""), (7, "")]
