"""History applied: rows become placements with what happened on their days, or bookings still to come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from psc.desk.acts import undo
from psc.errors import FileRefused
from psc.importing.intake import import_file
from psc.roster.movements import sign_in
from psc.roster.placements import PeriodState
from psc.roster.status import Status
from tests.roster.stories import play, told
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY, at

from .files import write

if TYPE_CHECKING:
    from psc.importing.report import Report
    from psc.overview.board import RowNow
    from tests.school import School

HEAD = "Student,Room,Type,Reason,Date,Period,In,Out,Checks,Staff\n"
THURSDAY = FRIDAY_BEFORE - timedelta(days=1)
WEDNESDAY = FRIDAY_BEFORE - timedelta(days=2)
SATURDAY = FRIDAY_BEFORE + timedelta(days=1)


def take(school: School, *rows: str, head: str = HEAD, **options: Any) -> Report:
    """Take in rows of history, without a backup."""
    text = head + "".join(f"{row}\n" for row in rows)
    return import_file(school.desk("AD1"), "history", write(school.path.parent, text), backup=False, **options)


def day_of(day: date, *, student: str = "1001", kind: str = "internal_exclusion", reason: str = "Defiance") -> str:
    """Return a row of a plain day: P1 and P2 in the exclusion room, come and gone, both checked."""
    return f"{student},IER,{kind},{reason},{day},P1-P2,08:48,10:50,3 3,AS1"


def placements(school: School) -> int:
    """Return how many placements there are."""
    return int(school.file.value("SELECT count(*) FROM placement"))


def shown(school: School, day: date, room: int = IER) -> list[RowNow]:
    """Return the board of a day as it ended."""
    return list(school.board("CO1", day).at(at("15:00", day), room))


def days(school: School, *asked: date, room: int = IER) -> list[tuple[int, int]]:
    """Return day n of m on each day."""
    return [one.row.days for day in asked for one in shown(school, day, room)]


# -- one day -------------------------------------------------------------------------------------------------------


def test_a_day_that_is_over_stands_on_its_board_as_it_went(school: School) -> None:
    assert take(school, day_of(FRIDAY_BEFORE)).imported == 1
    (one,) = shown(school, FRIDAY_BEFORE)
    assert (one.status, one.minutes, one.row.reason) == (Status.LEFT, 122, "Defiance")
    assert one.states(at("15:00", FRIDAY_BEFORE), school.board().settings) == {
        "P1": PeriodState.SERVED,
        "P2": PeriodState.SERVED,
    }
    assert told(school, 1, FRIDAY_BEFORE) == "08:48 in, 10:50 left lesson"


def test_facts_of_history_say_when_they_happened_and_that_they_were_recorded_now(school: School) -> None:
    take(school, day_of(FRIDAY_BEFORE))
    rows = school.file.rows("SELECT happened, recorded, note FROM movement ORDER BY id")
    assert rows == [
        ("2026-11-20T08:48:00Z", "2026-11-23T08:30:00Z", "recorded by AS1"),
        ("2026-11-20T10:50:00Z", "2026-11-23T08:30:00Z", "recorded by AS1"),
    ]


def test_who_left_at_the_last_bell_left_at_the_end_of_the_day(school: School) -> None:
    take(school, f"1001,IER,internal_exclusion,Defiance,{FRIDAY_BEFORE},P5,13:50,14:50,3,AS1")
    assert told(school, 1, FRIDAY_BEFORE).endswith("left end of day")


def test_a_period_nobody_checked_is_pending_and_a_low_check_is_not_completed(school: School) -> None:
    take(school, f"1001,IER,internal_exclusion,Defiance,{FRIDAY_BEFORE},P1-P3,08:48,12:10,3 - 1,AS1")
    (one,) = shown(school, FRIDAY_BEFORE)
    states = one.states(at("15:00", FRIDAY_BEFORE), school.board().settings)
    assert list(states.values()) == [PeriodState.SERVED, PeriodState.PENDING, PeriodState.NOT_COMPLETED]


def test_a_removal_owes_only_the_minutes_from_when_they_came(school: School) -> None:
    take(school, f"1001,IER,removal,Defiance,{FRIDAY_BEFORE},P1,09:30,09:50,3,AS1")
    (one,) = shown(school, FRIDAY_BEFORE)
    assert (one.row.planned, one.minutes) == (False, 20)
    assert one.states(at("15:00", FRIDAY_BEFORE), school.board().settings) == {"P1": PeriodState.SERVED}


def test_two_rows_of_one_room_and_day_are_one_visit(school: School) -> None:
    take(
        school,
        f"1001,IER,removal,Defiance,{FRIDAY_BEFORE},P1,09:30,09:50,3,AS1",
        f"1001,IER,removal,Phone,{FRIDAY_BEFORE},P5,14:00,14:50,3,AS1",
    )
    assert school.file.value("SELECT count(*) FROM visit") == 1
    assert told(school, 1, FRIDAY_BEFORE) == "09:30 in, 09:50 left lesson, 14:00 in, 14:50 left end of day"
    assert [one.minutes for one in shown(school, FRIDAY_BEFORE)] == [70]


# -- days that belong together -------------------------------------------------------------------------------------


def test_school_days_that_follow_each_other_are_one_placement(school: School) -> None:
    take(school, *(day_of(day) for day in (WEDNESDAY, THURSDAY, FRIDAY_BEFORE)))
    assert placements(school) == 1
    assert days(school, WEDNESDAY, THURSDAY, FRIDAY_BEFORE) == [(1, 3), (2, 3), (3, 3)]


def test_a_placement_goes_on_over_a_weekend(school: School) -> None:
    take(school, day_of(FRIDAY_BEFORE), f"1001,IER,internal_exclusion,Defiance,{MONDAY},P1-P2,,,,AS1")
    assert placements(school) == 1
    assert days(school, FRIDAY_BEFORE, MONDAY) == [(1, 2), (2, 2)]


def test_rows_in_any_order_of_the_file_come_to_the_same(school: School) -> None:
    take(school, *(day_of(day) for day in (FRIDAY_BEFORE, WEDNESDAY, THURSDAY)))
    assert days(school, WEDNESDAY, THURSDAY, FRIDAY_BEFORE) == [(1, 3), (2, 3), (3, 3)]


def test_a_school_day_between_ends_a_sanction(school: School) -> None:
    take(school, day_of(WEDNESDAY), day_of(FRIDAY_BEFORE))
    assert days(school, WEDNESDAY, FRIDAY_BEFORE) == [(1, 1), (1, 1)]


@pytest.mark.parametrize(
    "second",
    [
        day_of(FRIDAY_BEFORE, reason="Phone"),
        day_of(FRIDAY_BEFORE, kind="internal_suspension"),
        day_of(FRIDAY_BEFORE).replace("IER", "PSC", 1),
        day_of(FRIDAY_BEFORE, student="1002"),
    ],
)
def test_another_reason_type_room_or_student_is_another_placement(school: School, second: str) -> None:
    take(school, day_of(THURSDAY), second)
    assert placements(school) == 2


@pytest.mark.parametrize("kind", ["removal", "time_out", "regulation"])
def test_what_nobody_planned_is_each_its_own(school: School, kind: str) -> None:
    take(school, day_of(THURSDAY, kind=kind), day_of(FRIDAY_BEFORE, kind=kind))
    assert days(school, THURSDAY, FRIDAY_BEFORE) == [(1, 1), (1, 1)]


def _programme(day: date) -> str:
    return f"1001,PSC,psc_programme,Social skills,{day},P3,,,,CO1"


def test_a_programme_of_one_day_a_week_is_one_placement(school: School) -> None:
    weekly = [MONDAY + timedelta(days=7 * week) for week in (-2, -1, 0, 1)]
    take(school, *(_programme(day) for day in weekly))
    assert placements(school) == 1
    assert days(school, *weekly, room=PSC) == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_programme_may_skip_a_week_but_not_more(school: School) -> None:
    mondays = [MONDAY + timedelta(days=7 * week) for week in (-2, 0, 3)]
    take(school, *(_programme(day) for day in mondays))
    assert days(school, *mondays, room=PSC) == [(1, 2), (2, 2), (1, 1)]


# -- still to come -------------------------------------------------------------------------------------------------


def test_days_still_to_come_are_bookings(school: School) -> None:
    take(school, f"1001,IER,internal_exclusion,Defiance,{TUESDAY},P1-P5,,,,CO1")
    assert school.file.value("SELECT count(*) FROM visit") == 0
    (one,) = school.board("CO1", TUESDAY).at(at("08:30", TUESDAY), IER)
    assert (one.status, one.row.planned, len(one.row.placed)) == (Status.EXPECTED, True, 5)
    school.clock.moment = at("08:48", TUESDAY)
    school.desk().do(sign_in(1, IER))
    assert school.row(1).status is Status.IN


def _good(count: int = 11) -> list[str]:
    """Return good rows, so that one bad row does not cost the file."""
    students = [f"100{one}" for one in range(2, 10)]
    return [day_of(day, student=one) for day in (WEDNESDAY, FRIDAY_BEFORE) for one in students][:count]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"9999,IER,removal,Defiance,{FRIDAY_BEFORE},P1,,,,", "no student has that number"),
        (f"1001,XYZ,removal,Defiance,{FRIDAY_BEFORE},P1,,,,", "there is no room “XYZ”"),
        (f"1001,IER,removal,Defiance,{SATURDAY},P1,,,,", "2026-11-21 is not a school day"),
        (f"1001,IER,removal,Defiance,{FRIDAY_BEFORE},P1 P6,,,,", "that day has no P6"),
        (f"1001,IER,removal,Defiance,{TUESDAY},P1,08:50,09:50,3,", "its times have not come yet"),
        (f"1001,IER,removal,Defiance,{MONDAY},P1,08:31,,,", "its times have not come yet"),
        (f"1001,IER,internal_exclusion,Defiance,{TUESDAY},P1,,,3,", "its times have not come yet"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_line_and_reason(school: School, row: str, reason: str) -> None:
    report = take(school, row, *_good())
    assert [(bad.line, bad.reason) for bad in report.rejected] == [(2, reason)]
    assert school.file.value("SELECT count(*) FROM placement WHERE student_id = 1") == 0
    assert school.file.value("SELECT count(*) FROM period_check WHERE day > '2026-11-23'") == 0


def test_too_many_such_rows_refuse_the_file(school: School) -> None:
    with pytest.raises(FileRefused):
        take(school, f"9999,IER,removal,Defiance,{FRIDAY_BEFORE},P1,,,,", *_good(5))
    assert placements(school) == 0


# -- what is known already -----------------------------------------------------------------------------------------


def test_rows_that_are_known_are_unchanged(school: School) -> None:
    rows = [day_of(day) for day in (WEDNESDAY, THURSDAY, FRIDAY_BEFORE)]
    take(school, *rows)
    report = take(school, *rows)
    assert (report.imported, report.unchanged, placements(school)) == (0, 3, 1)
    assert school.file.value("SELECT count(*) FROM movement") == 6


def test_a_row_known_in_part_is_rejected(school: School) -> None:
    take(school, day_of(FRIDAY_BEFORE))
    wider = day_of(FRIDAY_BEFORE).replace("P1-P2", "P1-P3")
    report = take(school, wider, *_good())
    assert [bad.reason for bad in report.rejected] == ["some of these periods are known already and others are not"]


def test_a_booking_made_at_the_desk_is_known(school: School) -> None:
    school.book(1, "P1 P2", days=(TUESDAY,))
    assert take(school, f"1001,IER,internal_exclusion,Defiance,{TUESDAY},P1-P2,,,,").unchanged == 1


def test_a_placement_that_was_undone_may_come_again(school: School) -> None:
    school.book(1, "P1 P2", days=(TUESDAY,))
    school.desk("CO1", "office").do(undo())
    assert take(school, f"1001,IER,internal_exclusion,Defiance,{TUESDAY},P1-P2,,,,").imported == 1
    assert len(school.board("CO1", TUESDAY).rows) == 1


def test_a_row_that_would_cross_what_the_door_recorded_today_is_rejected(school: School) -> None:
    school.book(1, "P1 P2")
    play(school, 1, "08:48 in")
    school.clock.moment = at("11:00")
    crossing = f"1001,PSC,regulation,Calm,{MONDAY},P2,09:50,10:50,,AS2"
    report = take(school, crossing, *_good())
    assert [bad.line for bad in report.rejected] == [2]
    assert told(school, 1) == "08:48 in"


def test_two_rows_cannot_have_one_student_in_two_rooms_at_once(school: School) -> None:
    crossing = f"1001,PSC,regulation,Calm,{FRIDAY_BEFORE},P2,09:50,10:10,,AS2"
    report = take(school, day_of(FRIDAY_BEFORE), crossing, *_good())
    assert [bad.line for bad in report.rejected] == [3]


def test_a_student_of_history_is_known_by_upn_too(school: School) -> None:
    school.file.execute("UPDATE student SET upn = 'Z823432119001' WHERE id = 1")
    report = take(school, day_of(FRIDAY_BEFORE, student="Z823432119001"), head=HEAD.replace("Student", "UPN"))
    assert (report.imported, report.rejected) == (1, [])
