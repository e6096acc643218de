"""What was not served, and who is told of it; who waits for a seat, and when there is one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.errors import NotAllowed
from psc.overview.owed import Owes, owed_periods
from psc.overview.waiting import Waits, read_waiting
from psc.roster.checks import mark_check
from psc.roster.movements import sign_in
from psc.roster.placement_types import PlacementType
from psc.roster.placements import placed_periods, waive_period
from psc.roster.waiting import wait_for_seat
from tests.roster.stories import set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY, School, at

if TYPE_CHECKING:
    from collections.abc import Sequence


def owed(school: School, code: str = "CO1") -> tuple[Owes, ...]:
    """Return what waits for somebody's decision."""
    return owed_periods(school.file, school.desk(code).staff(), MONDAY, school.clock.now())


def words(found: Sequence[Owes]) -> list[str]:
    return [f"{one.name}: {one.words}" for one in found]


@pytest.fixture
def friday(school: School) -> School:
    """Two students were booked on Friday and did not come; it is Monday now."""
    school.clock.moment = at("08:30", FRIDAY_BEFORE)
    school.book(1, "P1 P2 P5", days=(FRIDAY_BEFORE,))
    school.book(2, "P3", days=(FRIDAY_BEFORE,))
    set_clock(school, "08:30")
    return school


def test_what_nobody_checked_waits_a_line_a_student(friday: School) -> None:
    found = owed(friday)
    assert words(found) == [
        "Okafor, Amara: Fri 20 Nov P3 no check",
        "Reid, Callum: Fri 20 Nov P1–P2, P5 no check",
    ]
    assert {one.after for one in found} == {TUESDAY}


def test_what_was_let_off_waits_no_more(friday: School) -> None:
    first = placed_periods(friday.file, 1)[0].id
    friday.desk("CO1").do(waive_period(first, "ill"))
    assert words(owed(friday))[1] == "Reid, Callum: Fri 20 Nov P2, P5 no check"


def test_of_today_only_what_was_checked_and_not_completed_waits(school: School) -> None:
    school.book(1, "P1 P2")
    set_clock(school, "08:50")
    school.desk().do(sign_in(1, IER))
    set_clock(school, "11:00")
    assert owed(school) == ()
    school.desk().do(mark_check(school.placed(1, "P1"), 0))
    assert words(owed(school)) == ["Reid, Callum: Mon 23 Nov P1 not completed"]


def test_support_owes_nothing(school: School) -> None:
    school.clock.moment = at("08:30", FRIDAY_BEFORE)
    school.book(1, "P1", days=(FRIDAY_BEFORE,), room=PSC, type=PlacementType.REGULATION)
    set_clock(school, "08:30")
    assert owed(school) == ()


def test_it_is_a_decision_of_whoever_carries_and_not_of_somebody_barred(friday: School) -> None:
    assert len(owed(friday, "BL1")) == 2
    with pytest.raises(NotAllowed):
        owed(friday, "AS1")
    staff = friday.desk("CO1").staff()._replace(barred=frozenset({1}))
    found = owed_periods(friday.file, staff, MONDAY, friday.clock.now())
    assert [one.name for one in found] == ["Okafor, Amara"]


def test_a_lesson_that_fell_away_waits_too(school: School) -> None:
    school.book(1, "P4 P5", days=(TUESDAY,))
    school.file.execute("INSERT INTO shape (id, name) VALUES (2, 'Early close')")
    school.file.execute("INSERT INTO bell SELECT 2, year, period, starts, ends FROM bell WHERE period <> 'P5'")
    school.file.execute("UPDATE calendar_day SET shape_id = 2 WHERE day = ?", (TUESDAY.isoformat(),))
    (one,) = owed(school)
    assert (one.words, one.after) == ("Tue 24 Nov P5 fell away", TUESDAY + timedelta(days=1))


# -- waiting -------------------------------------------------------------------------------------------------------


def waits(school: School, code: str = "CO1") -> tuple[Waits, ...]:
    return read_waiting(school.file, school.desk(code).staff(), MONDAY, school.clock.now())


def ask(school: School, student: int, asked: str) -> None:
    kind = PlacementType.INTERNAL_EXCLUSION
    school.desk("CO1").do(wait_for_seat(student, IER, kind, "Defiance", asked))


def test_each_who_waits_is_told_the_first_seats_and_whether_theirs_are_free(school: School) -> None:
    for student in (2, 3, 4, 5):
        school.book(student)
        school.book(student, "P1 P2", days=(TUESDAY,))
    ask(school, 1, "Tue 24 Nov P1")
    ask(school, 8, "Tue 24 Nov P3")
    ask(school, 9, "whenever it suits")
    found = waits(school)
    assert [(one.waiting.student.id, one.free, one.now) for one in found] == [
        (1, "Tue 24 Nov P3–P5", False),
        (8, "Tue 24 Nov P3", True),
        (9, "Tue 24 Nov P3–P5", False),
    ]


def test_a_head_of_year_sees_who_waits_of_their_own_years(school: School) -> None:
    ask(school, 1, "Tue 24 Nov P1")
    ask(school, 3, "Tue 24 Nov P1")
    assert [one.waiting.student.id for one in waits(school, "HY8")] == [3]
    assert waits(school, "AD1") == ()
