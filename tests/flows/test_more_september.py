"""More of September: what a data manager and a room meet between the old list and the new one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from psc.importing.intake import import_file
from tests.flows.test_merge import MARSH, NOVAK, merge
from tests.flows.test_september import START, THIRD, UPN, ctf, moment, stands, start, take
from tests.flows.test_september import july as july
from tests.importing.files import write

if TYPE_CHECKING:
    from tests.school import School


def test_the_new_year_seven_comes_into_year_seven_after_everybody_has_gone_up(july: School) -> None:
    july.clock.moment = moment(START, "09:00")
    start(july)
    july.clock.moment = moment(date(2027, 9, 2), "09:00")
    take(july, ctf((UPN, "Ling", "Bo", 6), ("N823432119002", "Ray", "Ann", 7)), format="ctf")
    came = [one for (one,) in july.file.rows("SELECT id FROM student WHERE surname IN ('Ling', 'Ray')")]
    assert [stands(july, one, THIRD) for one in came] == [(7, ""), (7, "")]


def test_a_file_that_still_uses_the_number_of_a_merged_record_reaches_the_one_that_stays(school: School) -> None:
    merge(school, MARSH, NOVAK)
    entries = write(school.path.parent, "Adno,Date,Start,End,Kind\n1005,24/11/2026,09:00,10:00,exam\n")
    import_file(school.desk("AD1"), "events", entries, backup=False)
    assert school.file.rows("SELECT student_id FROM student_event") == [(NOVAK,)]
