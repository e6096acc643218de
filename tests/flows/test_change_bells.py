"""Other bell times from a day on, and days of the calendar changed several at once."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.flows.change_bells import change_bells, coming_times, periods_typed, plan_times, times_on
from psc.flows.change_calendar import Days, calendar_between, calendar_mark, change_calendar, plan_calendar_change
from psc.flows.change_day import Wanted, change_day, changed_days, last_change
from psc.school.bells import Bell, bells_of, shape_names
from psc.school.calendar import calendar_day
from psc.school.shapes import shape_of
from tests.desk.refusals import refused
from tests.roster.stories import set_clock
from tests.school import BELLS, MONDAY, TUESDAY, School

WEDNESDAY, NEXT_MONDAY = MONDAY + timedelta(days=2), MONDAY + timedelta(days=7)
EVERY = range(7, 12)


def later(bells: tuple[Bell, ...], minutes: int) -> tuple[Bell, ...]:
    """Return the same day, its last lesson longer."""
    return tuple(one._replace(ends=time(14, 50 + minutes)) if one.period == "P5" else one for one in bells)


def normal(school: School) -> tuple[Bell, ...]:
    return bells_of(school.file, "Normal")


def end_on(school: School, day: date) -> str:
    shape = shape_of(school.file, day)
    return f"{shape.periods(9)[-1].end:%H:%M}"


def test_new_times_hold_from_a_day_on_and_the_days_before_keep_theirs(school: School) -> None:
    becomes = later(normal(school), 5)
    school.desk("AD1").do(change_bells("Normal", becomes, WEDNESDAY, normal(school)))
    days = [MONDAY - timedelta(days=7), MONDAY, TUESDAY, WEDNESDAY, NEXT_MONDAY]
    assert [end_on(school, day) for day in days] == ["14:50", "14:50", "14:50", "14:55", "14:55"]
    assert shape_names(school.file) == ("Normal",)
    assert coming_times(school.file, "Normal", MONDAY) == (WEDNESDAY,)


def test_a_second_change_for_later_stands_beside_the_first(school: School) -> None:
    admin, first = school.desk("AD1"), normal(school)
    admin.do(change_bells("Normal", later(first, 5), WEDNESDAY))
    admin.do(change_bells("normal", later(first, 9), NEXT_MONDAY))
    days = [TUESDAY, WEDNESDAY, NEXT_MONDAY - timedelta(days=3), NEXT_MONDAY]
    assert [end_on(school, day) for day in days] == ["14:50", "14:55", "14:55", "14:59"]
    assert coming_times(school.file, "Normal", MONDAY) == (WEDNESDAY, NEXT_MONDAY)


def test_a_change_from_an_earlier_day_writes_over_those_set_for_later(school: School) -> None:
    admin, first = school.desk("AD1"), normal(school)
    admin.do(change_bells("Normal", later(first, 5), WEDNESDAY))
    admin.do(change_bells("Normal", later(first, 9), NEXT_MONDAY))
    admin.do(change_bells("Normal", later(first, 2), TUESDAY))
    days = [MONDAY, TUESDAY, WEDNESDAY, NEXT_MONDAY]
    assert [end_on(school, day) for day in days] == ["14:50", "14:52", "14:52", "14:52"]
    assert coming_times(school.file, "Normal", MONDAY) == (TUESDAY,)
    assert set(times_on(school.file, "Normal", MONDAY)) == set(first)


def test_the_same_day_again_is_written_over(school: School) -> None:
    admin, first = school.desk("AD1"), normal(school)
    admin.do(change_bells("Normal", later(first, 5), TUESDAY))
    admin.do(change_bells("Normal", later(first, 9), TUESDAY))
    assert (end_on(school, MONDAY), end_on(school, TUESDAY)) == ("14:50", "14:59")


def test_a_day_given_the_shape_gets_the_times_it_has_on_that_day(school: School) -> None:
    admin, first = school.desk("AD1"), normal(school)
    admin.do(change_bells("Normal", later(first, 5), NEXT_MONDAY))
    admin.do(change_calendar(Days(TUESDAY, TUESDAY, closed=True, note="INSET")))
    admin.do(change_calendar(Days(TUESDAY, TUESDAY, "Normal")))
    assert end_on(school, TUESDAY) == "14:50"
    school.desk("CO1").do(change_day(WEDNESDAY, Wanted(closed=True, note="snow")))
    school.desk("CO1").do(change_day(WEDNESDAY, Wanted(shape="Normal", whole_day=True)))
    assert end_on(school, WEDNESDAY) == "14:50"


def test_periods_that_fall_away_are_counted_and_their_students_named(school: School) -> None:
    school.book(2, "P4 P5", days=(TUESDAY, NEXT_MONDAY))
    short = tuple(one for one in normal(school) if one.period not in ("Lunch", "P5"))
    plan = plan_times(school.file, "Normal", short, TUESDAY, school.clock.now())
    assert (plan.falling_away, plan.students) == (2, (2,))
    done = school.desk("AD1").do(change_bells("Normal", short, TUESDAY))
    assert (done.value, done.students) == (2, (2,))


def test_a_new_shape_is_made_and_days_can_take_it(school: School) -> None:
    admin = school.desk("AD1")
    exams = periods_typed("Reg 0840-0850\nP1 0850-1050\n2 1110-1310", (), EVERY)
    assert [one.period for one in exams if one.year == 7] == ["Reg", "P1", "P2"]
    admin.do(change_bells("Exams", exams, MONDAY, ()))
    assert shape_names(school.file) == ("Normal", "Exams")
    admin.do(change_calendar(Days(TUESDAY, WEDNESDAY, "exams", note="mocks")))
    assert end_on(school, WEDNESDAY) == "13:10"
    assert calendar_day(school.file, WEDNESDAY).note == "mocks"


@pytest.mark.parametrize("name", ["", "Normal until 2026-12-01", "On 2026-11-23", "x" * 41])
def test_a_shape_takes_no_name_that_psc_makes(school: School, name: str) -> None:
    refused(school.desk("AD1"), change_bells(name, normal(school), TUESDAY), kind=NotUnderstood)


def test_what_makes_no_day_and_what_changes_nothing_is_refused(school: School) -> None:
    admin, first = school.desk("AD1"), normal(school)
    overlap = (*first, Bell(9, "P6", time(14, 0), time(15, 0)))
    assert "make no day" in refused(admin, change_bells("Normal", overlap, TUESDAY), kind=Refused)
    assert "so already" in refused(admin, change_bells("Normal", first, TUESDAY), kind=Refused)
    refused(admin, change_bells("Normal", (), TUESDAY), kind=NotUnderstood)
    refused(admin, change_bells("Normal", later(first, 5), MONDAY - timedelta(days=3)), kind=Refused)
    refused(school.desk("CO1"), change_bells("Normal", later(first, 5), TUESDAY), kind=NotAllowed)


def test_a_day_under_way_keeps_its_times(school: School) -> None:
    becomes = later(normal(school), 5)
    set_clock(school, "08:45")
    assert "has begun" in refused(school.desk("AD1"), change_bells("Normal", becomes, MONDAY), kind=Refused)
    set_clock(school, "08:30")
    school.desk("AD1").do(change_bells("Normal", becomes, MONDAY))
    assert end_on(school, MONDAY) == "14:55"


def test_times_changed_meanwhile_are_not_written_over(school: School) -> None:
    admin, seen = school.desk("AD1"), normal(school)
    admin.do(change_bells("Normal", later(seen, 5), TUESDAY, seen))
    assert "AD1" in refused(admin, change_bells("Normal", later(seen, 9), TUESDAY, seen), kind=Refused)


def test_bells_are_read_as_a_school_writes_them(school: School) -> None:
    assert len(periods_typed("\n".join(f"{a} {b}-{c}" for a, b, c in BELLS), (), EVERY)) == 5 * len(BELLS)
    for wrong in ("P1", "P1 0850", "P1 2550-2600", "Reg 0840-0850 P1 0850-0950"):
        with pytest.raises(NotUnderstood):
            periods_typed(wrong, (), EVERY)


# -- the calendar ------------------------------------------------------------------------------------------------------


def test_a_half_term_is_closed_with_its_note_and_opened_again(school: School) -> None:
    admin, friday = school.desk("AD1"), NEXT_MONDAY + timedelta(days=4)
    school.book(2, "P4 P5", days=(NEXT_MONDAY,))
    done = admin.do(change_calendar(Days(NEXT_MONDAY, friday, closed=True, note="Half-term")))
    assert (done.value, done.students) == (2, (2,))
    closed = calendar_between(school.file, NEXT_MONDAY, friday)
    assert {(one.shape, one.note) for one in closed} == {("", "Half-term")}
    assert NEXT_MONDAY.isoformat() in changed_days(school.file)
    last = last_change(school.file, NEXT_MONDAY)
    assert last is not None
    assert (last.by, last.words) == ("AD1", "Normal")
    admin.do(change_calendar(Days(NEXT_MONDAY, friday, "Normal")))
    assert end_on(school, friday) == "14:50"


def test_week_letters_go_in_turn_and_leave_the_rest(school: School) -> None:
    last = NEXT_MONDAY + timedelta(days=18)
    school.desk("AD1").do(change_calendar(Days(TUESDAY, last, weeks=("B", "A"))))
    found = [calendar_day(school.file, day) for day in (TUESDAY, NEXT_MONDAY, NEXT_MONDAY + timedelta(days=7))]
    assert [one.week for one in found] == ["B", "A", "B"]
    assert {one.shape for one in found} == {"Normal"}


def test_a_new_term_is_laid_out_from_monday_to_friday(school: School) -> None:
    first = date(2027, 1, 4)
    school.desk("AD1").do(change_calendar(Days(first, first + timedelta(days=13), "Normal", weeks=("A", "B"))))
    days = calendar_between(school.file, first, first + timedelta(days=13))
    assert len(days) == 10
    assert {one.shape for one in days} == {"Normal"}


def test_today_is_changed_by_the_rules_of_today(school: School) -> None:
    admin = school.desk("AD1")
    set_clock(school, "09:00")
    admin.do(change_bells("Short", periods_typed("Reg 0840-0850, P1 0850-0950, P2 0950-1050", (), EVERY), MONDAY, ()))
    admin.do(change_calendar(Days(MONDAY, TUESDAY, "Short")))
    assert (end_on(school, MONDAY), end_on(school, TUESDAY)) == ("10:50", "10:50")


def test_days_that_are_over_or_make_no_sense_are_refused(school: School) -> None:
    admin = school.desk("AD1")
    refused(admin, change_calendar(Days(MONDAY - timedelta(days=3), MONDAY, "Normal")), kind=Refused)
    refused(admin, change_calendar(Days(TUESDAY, MONDAY, "Normal")), kind=NotUnderstood)
    refused(admin, change_calendar(Days(TUESDAY, TUESDAY, closed=True)), kind=NotUnderstood)
    refused(admin, change_calendar(Days(TUESDAY, TUESDAY, "Holiday")), kind=NotUnderstood)
    refused(admin, change_calendar(Days(TUESDAY, TUESDAY, "Normal")), kind=Refused)
    refused(admin, change_calendar(Days(TUESDAY, TUESDAY, weeks=("Alpha",))), kind=NotUnderstood)
    refused(school.desk("CO1"), change_calendar(Days(TUESDAY, TUESDAY, closed=True, note="x")), kind=NotAllowed)


def test_days_changed_meanwhile_are_not_written_over(school: School) -> None:
    mark = calendar_mark(calendar_between(school.file, TUESDAY, WEDNESDAY))
    school.desk("CO1").do(change_day(TUESDAY, Wanted(closed=True, note="snow")))
    wanted = Days(TUESDAY, WEDNESDAY, closed=True, note="INSET")
    assert "CO1" in refused(school.desk("AD1"), change_calendar(wanted, mark), kind=Refused)
    assert plan_calendar_change(school.file, wanted, school.clock.now()).falling_away == 0
