"""A day that is not normal: another shape, closed early, times typed, no school; and what was lived of it stays."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.errors import NotAllowed, PscError, Refused
from psc.flows.change_day import Wanted, base_of, change_day, last_change, plan_change
from psc.importing.intake import import_file
from psc.overview.cells import now_cell, until_words
from psc.roster.checks import mark_check
from psc.roster.events import EventKind, plan_event
from psc.roster.placements import carry_period, waive_period
from psc.roster.status import Status
from psc.roster.stranded import stranded
from psc.school.bells import bells_of, from_now_on, read_times
from psc.school.calendar import calendar_day
from psc.school.shapes import shape_of
from tests.roster.stories import play, set_clock
from tests.school import BELLS, FRIDAY_BEFORE, MONDAY, TUESDAY, School

if TYPE_CHECKING:
    from psc.overview.board import RowNow

EARLY = tuple(
    (name, f"{8 + n // 2:02}:{30 * (n % 2):02}", f"{8 + (n + 1) // 2:02}:{30 * ((n + 1) % 2):02}")
    for n, name in enumerate(("Reg", "P1", "P2", "P3", "P4", "P5"), 1)
)
"""A short day of half hours: Reg 08:30, P1 09:00, … P5 11:00–11:30."""


def with_early(school: School) -> School:
    """Give the school a second shape."""
    school.file.execute("INSERT INTO shape (id, name) VALUES (2, 'Early close')")
    school.file.conn.executemany(
        "INSERT INTO bell VALUES (2, ?, ?, ?, ?)", [(year, *bell) for year in range(7, 12) for bell in EARLY]
    )
    return school


def change(school: School, wanted: Wanted, day: date = MONDAY, code: str = "CO1") -> int:
    """Change a day as the coordinator; returns how many placed periods fall away."""
    return school.desk(code, "office").do(change_day(day, wanted)).value


def times(school: School, day: date = MONDAY, year: int = 10) -> str:
    """Return a day's times as they stand."""
    return ", ".join(f"{one.name} {one.start:%H%M}-{one.end:%H%M}" for one in shape_of(school.file, day).periods(year))


def shown(school: School, student: int) -> str:
    """Return what the board shows of a student now."""
    board = school.board("CO1", school.clock.now().date())
    one = next(row for row in board.at(school.clock.now()) if row.row.student_id == student)
    return now_cell(board, one, school.clock.now()).text


def states(one: RowNow, school: School) -> dict[str, str]:
    return {name: state.value for name, state in one.states(school.clock.now(), school.board().settings).items()}


# -- what a coordinator can make of a day --------------------------------------------------------------------------


def test_another_shape_before_the_first_bell_is_taken_as_it_is(school: School) -> None:
    with_early(school)
    set_clock(school, "07:30")
    change(school, Wanted(shape="early close"))
    assert calendar_day(school.file, MONDAY).shape == "Early close"
    assert times(school).startswith("Reg 0830-0900, P1 0900-0930")


def test_closing_from_a_time_ends_the_lesson_under_way_and_drops_the_rest(school: School) -> None:
    set_clock(school, "10:40")
    change(school, Wanted(closes=time(11, 30)))
    assert times(school) == "Reg 0840-0850, P1 0850-0950, P2 0950-1050, Break 1050-1110, P3 1110-1130"
    assert calendar_day(school.file, MONDAY).shape == "On 2026-11-23"
    assert calendar_day(school.file, MONDAY).week == "A"
    assert times(school, TUESDAY).endswith("P5 1350-1450")


def test_times_are_typed_for_all_years_or_for_some(school: School) -> None:
    set_clock(school, "07:30")
    change(school, Wanted(times="8,9: p1 0900-1000, 2 10.00-11.00; 10-11: P1 0930-1030"))
    assert times(school, year=8) == times(school, year=9) == "P1 0900-1000, P2 1000-1100"
    assert times(school, year=10) == "P1 0930-1030"
    assert times(school, year=7).endswith("P5 1350-1450")


def test_snow_tomorrow_closes_the_day_with_a_note(school: School) -> None:
    school.book(1, "P1 P2", days=(MONDAY, TUESDAY))
    assert change(school, Wanted(closed=True, note="snow"), TUESDAY) == 2
    known = calendar_day(school.file, TUESDAY)
    assert (known.is_open, known.note) == (False, "snow")
    assert [(one.name, one.day, one.period) for one in stranded(school.file, MONDAY)] == [
        ("Reid, Callum", TUESDAY, "P1"),
        ("Reid, Callum", TUESDAY, "P2"),
    ]


def test_a_saturday_can_be_opened(school: School) -> None:
    saturday = MONDAY + timedelta(days=5)
    change(school, Wanted(shape="Normal", note="open morning"), saturday)
    assert calendar_day(school.file, saturday).is_open


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(times="P1 0900-1000, P2 0950-1050"), "P2 begins at 09:50, before P1 ends at 10:00"),
        (Wanted(times="P1 1000-0900"), "P1 ends at 09:00, and begins at 10:00"),
        (Wanted(times="P2 0900-1000, P1 1000-1100"), "P1 comes after P2"),
        (Wanted(times="P1 0900-1000, P1 1000-1100"), "P1 is named twice"),
        (Wanted(times="8: P1 0900-1000, P2 0930-1030"), "Year 8: P2 begins at 09:30"),
        (Wanted(times="Px 0900-1000"), "has a period “Px”"),
        (Wanted(times="P1 at nine"), "is not a period with its times"),
        (Wanted(times="P1 2500-2600"), "“2500” is not a time"),
        (Wanted(times="13: P1 0900-1000"), "has no year 13"),
        (Wanted(times=" "), "There are no times"),
        (Wanted(shape="Exams"), "no day shape “Exams”"),
        (Wanted(closed=True), "Say why the school is closed"),
        (Wanted(closes=time(8, 0)), "Nothing has begun at 08:00"),
        (Wanted(closes=time(16, 0)), "Everything is over by 16:00"),
        (Wanted(shape="Normal"), "The day is so already"),
    ],
)
def test_what_makes_no_day_is_refused_in_a_sentence(school: School, wanted: Wanted, words: str) -> None:
    set_clock(school, "07:30")
    with pytest.raises(PscError) as refused:
        change(school, wanted)
    assert words in str(refused.value)
    assert calendar_day(school.file, MONDAY).shape == "Normal"
    assert school.file.value("SELECT count(*) FROM shape") == 1


def test_a_day_that_is_over_keeps_its_times(school: School) -> None:
    with pytest.raises(Refused, match="over"):
        change(school, Wanted(closed=True, note="snow"), FRIDAY_BEFORE)


def test_an_assistant_may_not(school: School) -> None:
    with pytest.raises(NotAllowed):
        change(school, Wanted(closes=time(11, 30)), code="AS1")


# -- what was lived stays ------------------------------------------------------------------------------------------


def test_a_change_from_now_on_keeps_the_morning_and_ends_the_lesson_under_way_by_the_new_bell(school: School) -> None:
    with_early(school)
    set_clock(school, "10:00")
    change(school, Wanted(shape="Early close"))
    assert times(school) == "Reg 0840-0850, P1 0850-0950, P2 0950-1000, P3 1000-1030, P4 1030-1100, P5 1100-1130"


def test_times_typed_in_the_middle_of_the_day_need_only_the_rest_of_it(school: School) -> None:
    set_clock(school, "11:00")
    change(school, Wanted(times="P3 1110-1140, P4 1140-1210"))
    assert times(school) == ("Reg 0840-0850, P1 0850-0950, P2 0950-1050, Break 1050-1100, P3 1110-1140, P4 1140-1210")


def test_a_lesson_that_is_over_is_not_had_again(school: School) -> None:
    set_clock(school, "11:00")
    with pytest.raises(Refused, match="P1 was over at 09:50"):
        change(school, Wanted(times="P1 1110-1140, P2 1140-1210"))


def test_periods_served_in_the_morning_stay_served_when_the_school_closes_early(school: School) -> None:
    for student in (1, 2):  # in company, so that no welfare check is due
        school.book(student)
        play(school, student, "08:50 in")
    set_clock(school, "11:00")
    school.desk().do(mark_check(school.placed(1, "P1"), 4))
    school.desk().do(mark_check(school.placed(1, "P2"), 3))
    change(school, Wanted(closes=time(11, 30)))
    set_clock(school, "11:31")
    row = school.row(1)
    assert states(row, school) == {"P1": "served", "P2": "served", "P3": "pending"}
    assert row.status is Status.DUE_OUT
    assert shown(school, 1) == "▲ due out, 1 min"
    assert until_words(school.board(), row) == "today"
    assert [one.period for one in stranded(school.file, MONDAY) if one.student_id == 1] == ["P4", "P5"]


def test_a_period_in_which_somebody_was_in_the_room_cannot_be_made_nothing(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:40 left lesson")
    set_clock(school, "11:00")
    for wanted in (
        Wanted(times="P2 0950-1050, P3 1110-1210", whole_day=True),
        Wanted(closed=True, note="snow"),
        Wanted(closes=time(8, 45)),
    ):
        with pytest.raises(Refused, match="P1 was lived today"):
            change(school, wanted)


def test_the_school_is_not_closed_wholly_around_students_in_a_room(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    with pytest.raises(Refused, match="1 student is in a room"):
        change(school, Wanted(closed=True, note="boiler"))


def test_a_day_that_was_so_from_its_first_bell_moves_the_lived_periods_and_keeps_their_checks(school: School) -> None:
    with_early(school)
    school.book(1, "P1 P2")
    play(school, 1, "08:50 in")
    set_clock(school, "10:40")
    school.desk().do(mark_check(school.placed(1, "P1"), 4))
    change(school, Wanted(shape="Early close", whole_day=True))
    assert times(school).startswith("Reg 0830-0900, P1 0900-0930")
    assert states(school.row(1), school) == {"P1": "served", "P2": "pending"}


# -- the board, and the decision -----------------------------------------------------------------------------------


def test_a_row_whose_periods_all_fell_away_says_so_and_waits_for_nobody(school: School) -> None:
    school.book(1, "P4 P5")
    set_clock(school, "10:00")
    change(school, Wanted(closes=time(11, 30)))
    set_clock(school, "13:00")
    assert school.row(1).status is Status.CANCELLED
    assert shown(school, 1) == "– day changed"


def test_a_student_in_the_room_whose_only_periods_fell_away_is_due_out(school: School) -> None:
    school.book(1, "P3")
    play(school, 1, "10:52 in")
    set_clock(school, "10:55")
    change(school, Wanted(closes=time(11, 0)))
    assert school.row(1).status is Status.DUE_OUT


def test_what_fell_away_is_carried_or_waived_and_then_off_the_list(school: School) -> None:
    school.book(1, "P4 P5")
    change(school, Wanted(closes=time(11, 30)))
    first, second = stranded(school.file, MONDAY)
    desk = school.desk("CO1", "office")
    desk.do(waive_period(first.placed_id, "the school closed"))
    desk.do(carry_period(second.placed_id, TUESDAY, "P4"))
    assert stranded(school.file, MONDAY) == ()
    desk.do(undo())
    assert [one.period for one in stranded(school.file, MONDAY)] == ["P5"]


def test_whom_a_change_touches_is_known_before_it_is_saved(school: School) -> None:
    school.book(1, "P3 P4 P5")
    school.book(2, "P1")
    desk = school.desk("CO1", "office")
    desk.do(plan_event(1, MONDAY, time(11, 10), time(12, 10), EventKind.EXAM, "Hall"))
    plan = plan_change(school.file, MONDAY, Wanted(closes=time(11, 30)), school.clock.now())
    assert [(one.name, one.falls_away, one.changes, len(one.events)) for one in plan.affected] == [
        ("Reid, Callum", ("P4", "P5"), ("P3",), 1)
    ]
    assert [change.words for change in plan.changes] == [
        "P3 11:10–12:10 → 11:10–11:30",
        "P4 12:10–13:10 falls away",
        "Lunch 13:10–13:50 falls away",
        "P5 13:50–14:50 falls away",
    ]
    assert calendar_day(school.file, MONDAY).shape == "Normal"


def test_the_day_is_put_back_by_the_same_act_the_other_way_and_undo_is_not_offered(school: School) -> None:
    school.book(1, "P4 P5")
    change(school, Wanted(closes=time(11, 30)))
    with pytest.raises(Refused, match="nothing of yours to undo"):
        school.desk("BL1", "office").do(undo())
    last = last_change(school.file, MONDAY)
    assert last is not None
    assert (last.by, last.words) == ("CO1", "Normal")
    change(school, last.back)
    assert calendar_day(school.file, MONDAY).shape == "Normal"
    assert stranded(school.file, MONDAY) == ()
    assert school.row(1).status is Status.EXPECTED


def test_an_inset_day_that_was_opened_is_put_back_with_its_note(school: School) -> None:
    change(school, Wanted(closed=True, note="INSET"), TUESDAY)
    change(school, Wanted(shape="Normal"), TUESDAY)
    assert calendar_day(school.file, TUESDAY).note == ""
    last = last_change(school.file, TUESDAY)
    assert last is not None
    change(school, last.back, TUESDAY)
    assert (calendar_day(school.file, TUESDAY).is_open, calendar_day(school.file, TUESDAY).note) == (False, "INSET")


def test_two_people_changing_one_day_at_once_the_second_is_told(school: School) -> None:
    seen = base_of(calendar_day(school.file, MONDAY))
    change(school, Wanted(closes=time(11, 30)))
    with pytest.raises(Refused, match="Somebody else changed this day"):
        school.desk("BL1").do(change_day(MONDAY, Wanted(closes=time(11, 0)), seen))


def test_a_second_change_of_the_day_has_a_shape_of_its_own_and_a_retry_makes_none(school: School) -> None:
    change(school, Wanted(closes=time(13, 0)))
    desk = school.desk("CO1", "office")
    for _ in range(2):
        desk.do(change_day(MONDAY, Wanted(closes=time(12, 0))), id="same")
    assert calendar_day(school.file, MONDAY).shape == "On 2026-11-23 (2)"
    assert school.file.value("SELECT count(*) FROM shape") == 3


# -- pure, and the import's guard ----------------------------------------------------------------------------------


def test_years_not_typed_keep_their_times(school: School) -> None:
    was = bells_of(school.file, "Normal")
    made = read_times("Year 8: P1 0900-1000", was, ["Reg", "P1", "P2"], {7, 8})
    assert [one for one in made if one.year == 7] == [one for one in was if one.year == 7]
    assert [(one.period, one.words) for one in made if one.year == 8] == [("P1", "09:00–10:00")]


def test_a_change_to_the_same_times_changes_nothing(school: School) -> None:
    was = bells_of(school.file, "Normal")
    for now in (time(7, 0), time(8, 50), time(9, 15), time(12, 10), time(18, 0)):
        assert set(from_now_on(was, was, now)) == set(was)


def take_bells(school: School, rows: str) -> None:
    path = school.path.parent / "bells.csv"
    path.write_text(f"Shape,Years,Period,Start,End\n{rows}", encoding="utf-8")
    import_file(school.desk("AD1"), "bells", path, backup=False)


def test_the_years_calendar_imported_again_leaves_a_day_that_was_changed_alone(school: School) -> None:
    change(school, Wanted(closes=time(11, 30)))
    change(school, Wanted(closed=True, note="snow"), TUESDAY)
    path = school.path.parent / "calendar.csv"
    path.write_text("Date,Shape,Week,Note\n2026-11-23,Normal,A,\n2026-11-24,Normal,A,\n", encoding="utf-8")
    report = import_file(school.desk("AD1"), "calendar", path, backup=False)
    assert [one.line for one in report.warnings] == [2, 3]
    assert calendar_day(school.file, MONDAY).shape == "On 2026-11-23"
    assert calendar_day(school.file, TUESDAY).note == "snow"


def test_what_goes_on_from_now_is_saved_as_it_was_looked_at(school: School) -> None:
    set_clock(school, "11:00")
    wanted = Wanted(times="P4 1200-1230", since=time(11, 0))
    looked_at = plan_change(school.file, MONDAY, wanted, school.clock.now()).becomes
    set_clock(school, "11:05")
    change(school, wanted)
    assert bells_of(school.file, "On 2026-11-23") == looked_at


def test_an_import_of_bells_refuses_lessons_out_of_order(school: School) -> None:
    good = "".join(f"Normal,7-11,{name},{starts},{ends}\n" for name, starts, ends in BELLS)
    with pytest.raises(Refused):
        take_bells(school, "Odd,7-11,P2,09:00,10:00\nOdd,7-11,P1,10:00,11:00\n")
    take_bells(school, good)


def test_an_import_of_bells_refuses_what_overlaps_a_period_that_stays(school: School) -> None:
    with pytest.raises(Refused, match="P2 begins at 09:50, before P1 ends at 10:00"):
        take_bells(school, "Normal,7-11,P1,09:00,10:00\n")
    assert times(school).startswith("Reg 0840-0850, P1 0850-0950")
