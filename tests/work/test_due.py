"""When work is due: the afternoon before, at once, or at the next bell."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from psc.clock import wall
from psc.flows.change_day import Wanted, change_day
from psc.flows.walk_in import walk_in
from psc.roster.placements import PlacementType, carry_period
from psc.work.sets import sets_between
from psc.work.slots import due_at
from tests.school import FRIDAY_BEFORE, IER, MONDAY, TUESDAY, at

if TYPE_CHECKING:
    from tests.school import School

REID = 1


def due(school: School, day: date = MONDAY) -> dict[str, str]:
    """Return when each period's work is due: weekday and the school's clock."""
    zone = school.file.zone
    return {
        one.period: f"{one.due.astimezone(zone):%a} {wall(one.due, zone)}"
        for one in sets_between(school.file, day, day)
    }


def remove(school: School, hhmm: str, until: str = "") -> None:
    school.clock.moment = at(hhmm)
    school.desk().do(walk_in(REID, IER, PlacementType.REMOVAL, "Defiance", until=until))


def test_what_was_booked_in_time_is_due_on_the_afternoon_of_the_school_day_before(school: School) -> None:
    school.clock.moment = at("14:59", FRIDAY_BEFORE)
    school.book(REID, "P1 P5")
    assert due(school) == {"P1": "Fri 15:00", "P5": "Fri 15:00"}


def test_what_was_booked_after_that_hour_is_due_at_once(school: School) -> None:
    school.clock.moment = at("15:20", FRIDAY_BEFORE)
    school.book(REID, "P1 P5")
    assert due(school) == {"P1": "Fri 15:20", "P5": "Fri 15:20"}
    one = sets_between(school.file, MONDAY, MONDAY)[0]
    assert one.overdue(school.clock.now())


def test_a_day_that_closes_makes_the_day_before_it_the_one_that_counts(school: School) -> None:
    school.book(REID, "P1", days=(TUESDAY,))
    assert due(school, TUESDAY) == {"P1": "Mon 15:00"}
    school.desk("CO1").do(change_day(MONDAY, Wanted(closed=True, whole_day=True, note="Snow")))
    assert due(school, TUESDAY) == {"P1": "Mon 08:30"}, "it was booked after Friday's hour: at once"


def test_a_removal_is_due_at_the_next_bell_and_the_lesson_it_comes_from_at_once(school: School) -> None:
    remove(school, "10:05", until="P4")
    assert due(school) == {"P2": "Mon 10:05", "P3": "Mon 11:10", "P4": "Mon 11:10"}


def test_a_removal_from_the_last_lesson_has_no_bell_to_wait_for(school: School) -> None:
    remove(school, "14:10")
    assert due(school) == {"P5": "Mon 14:10"}


def test_a_removal_during_break_is_due_as_the_next_lesson_begins(school: School) -> None:
    remove(school, "10:55")
    assert due(school) == {"P3": "Mon 11:10"}


def test_a_period_carried_on_is_due_like_one_booked_then(school: School) -> None:
    remove(school, "10:05")
    placed = school.placed(REID, "P2")
    school.clock.moment = at("14:00")
    school.desk("CO1").do(carry_period(placed, TUESDAY, "P1"))
    assert due(school, TUESDAY) == {"P1": "Mon 15:00"}


def test_where_the_calendar_begins_work_is_due_as_the_lesson_begins() -> None:
    starts, booked = at("08:50"), at("12:00", FRIDAY_BEFORE)
    assert due_at(starts, booked, None, came=False, next_start=None) == starts


def test_the_hour_is_the_schools_own_when_the_clocks_change(school: School) -> None:
    friday, monday = date(2026, 10, 23), date(2026, 10, 26)  # summer time ends on the Sunday between
    school.file.conn.executemany(
        "INSERT INTO calendar_day VALUES (?, 1, 'A', '')", [(friday.isoformat(),), (monday.isoformat(),)]
    )
    school.clock.moment = datetime(2026, 10, 22, 9, tzinfo=UTC)
    school.book(REID, "P1", days=(monday,))
    assert due(school, monday) == {"P1": "Fri 15:00"}
    assert sets_between(school.file, monday, monday)[0].due == datetime(2026, 10, 23, 14, tzinfo=UTC)
