"""Exposure: minutes, lessons and days in rooms, sanction and support apart, runs, thresholds, and who may see it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from psc.desk.settings import change_setting
from psc.overview.exposure import Exposure, Lost, exposure_of, read_exposure
from psc.overview.exposure_rules import PlacedSlot, Run, day_exposure, longest_run
from psc.overview.profile import open_profile
from psc.roster.absences import Absence, mark_absence
from psc.roster.movements import Kind, Movement, seconds_in
from psc.roster.placement_types import Line, PlacementType
from psc.school.shapes import Period
from tests.roster.stories import play, set_clock
from tests.school import BELLS, FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY, School, at

REID, OKAFOR, KHAN = 1, 2, 4
SUPPORT = PlacementType.REGULATION


def of(school: School, student: int = REID) -> Exposure:
    return read_exposure(school.file, student, school.clock.now())


def move(visit: int, kind: Kind, clock: str, reason: str = "", room: int = IER) -> Movement:
    return Movement(0, visit, room, kind, reason, at(clock), at(clock), "AS1", 0)


def slot(name: str, type: PlacementType = PlacementType.INTERNAL_EXCLUSION, room: int = IER, id: int = 1) -> PlacedSlot:
    times = {each: (starts, ends) for each, starts, ends in BELLS}[name]
    return PlacedSlot(id, room, type, Period(name, at(times[0]), at(times[1])))


# Rules


def test_time_goes_to_the_side_of_the_period_it_falls_in() -> None:
    slots = [slot("P1"), slot("P2", SUPPORT, id=2)]
    moves = [move(1, Kind.IN, "08:40"), move(1, Kind.OUT, "09:00", "toilet"), move(1, Kind.BACK, "09:10"),
             move(1, Kind.LEFT, "11:00", "lesson")]  # fmt: skip
    found = day_exposure(slots, moves, at("15:00"))
    # Before P1 and after P2 the newest placement of the room counts; the ten minutes out do not.
    assert found.seconds[Line.SANCTION] == 50 * 60
    assert found.seconds[Line.SUPPORT] == (10 + 60 + 10) * 60
    assert found.attended == (("P1", Line.SANCTION), ("P2", Line.SUPPORT))
    assert found.internal


def test_a_period_is_served_in_whatever_room_it_is_served() -> None:
    moves = [move(1, Kind.IN, "08:50"), move(1, Kind.LEFT, "09:00", "other room"),
             move(2, Kind.IN, "09:04", room=PSC), move(2, Kind.LEFT, "09:50", "lesson", room=PSC)]  # fmt: skip
    found = day_exposure([slot("P1")], moves, at("15:00"))
    assert found.seconds == {Line.SANCTION: 56 * 60, Line.SUPPORT: 0, Line.NEUTRAL: 0}


def test_who_is_placed_for_nothing_counts_on_no_side() -> None:
    moves = [move(1, Kind.IN, "08:50"), move(1, Kind.LEFT, "09:00", "lesson")]
    found = day_exposure([], moves, at("15:00"))
    assert found.seconds == {Line.SANCTION: 0, Line.SUPPORT: 0, Line.NEUTRAL: 600}
    assert not found.attended


def test_two_placements_of_one_lesson_are_one_lesson() -> None:
    moves = [move(1, Kind.IN, "08:50"), move(1, Kind.LEFT, "09:50", "lesson")]
    found = day_exposure([slot("P1"), slot("P1", SUPPORT, id=2)], moves, at("15:00"))
    assert found.placed == found.attended == (("P1", Line.SUPPORT),)
    assert found.seconds[Line.SUPPORT] == 3_600


@given(
    st.lists(st.integers(0, 420), min_size=1, max_size=9, unique=True),
    st.lists(st.sampled_from(["P1", "P2", "P3", "P4", "P5"]), unique=True),
    st.sampled_from(list(PlacementType)),
)
def test_no_second_is_lost_and_none_counts_twice(minutes: list[int], names: list[str], type: PlacementType) -> None:
    kinds = [Kind.IN, *(Kind.OUT if number % 2 else Kind.BACK for number in range(1, len(minutes)))]
    day = at("08:30")
    moves = [
        Movement(number, 1, IER, kind, "toilet" * (kind is Kind.OUT), day + timedelta(minutes=m), day, "", number)
        for number, (m, kind) in enumerate(zip(sorted(minutes), kinds, strict=True))
    ]
    until = at("15:30")
    slots = [slot(name, type, id=number) for number, name in enumerate(names)]
    found = day_exposure(slots, moves, until)
    assert sum(found.seconds.values()) == seconds_in(moves, until)
    assert {name for name, _ in found.attended} <= set(names)


def test_the_longest_run_is_of_school_days_and_the_latest_of_equals() -> None:
    calendar = [date(2026, 11, day) for day in (5, 6, 9, 10, 11, 12, 13)]
    days = {calendar[number] for number in (0, 1, 2, 4, 5, 6)}
    assert longest_run(days, calendar) == Run(3, date(2026, 11, 11), date(2026, 11, 13))
    assert longest_run(set(), calendar) == Run(0)
    assert longest_run({date(2026, 11, 7)}, calendar) == Run(0), "a Saturday is no school day"


# Read from the file


def test_sanction_and_support_are_counted_apart(school: School) -> None:
    school.book(REID, "P1 P2")
    school.book(REID, "P3", room=PSC, type=SUPPORT)
    play(school, REID, "08:50 in, 09:20 out toilet, 09:30 back, 10:50 left")
    play(school, REID, "11:15 in, 12:10 left", room=PSC)
    set_clock(school, "12:30")
    found = of(school)
    sanction, support = found.side(Line.SANCTION), found.side(Line.SUPPORT)
    assert (sanction.minutes, sanction.placed, sanction.attended, sanction.days) == (110, 2, 2, 1)
    assert (support.minutes, support.placed, support.attended, support.days) == (55, 1, 1, 1)
    assert found.internal == 1
    # Two weeks of five days of five lessons, and this Monday's first four: P4 has begun.
    assert (found.school_days, found.lessons) == (11, 54)
    assert round(found.share(Line.SANCTION), 2) == round(200 / 54, 2)


def test_who_is_still_there_is_counted_up_to_now_and_a_day_never_closed_to_its_last_bell(school: School) -> None:
    school.book(REID, days=(FRIDAY_BEFORE, MONDAY))
    play(school, REID, "13:50 in", day=FRIDAY_BEFORE)
    assert of(school).side(Line.SANCTION).minutes == 0
    set_clock(school, "08:50")
    assert of(school).side(Line.SANCTION).minutes == 60
    play(school, REID, "09:00 in")
    set_clock(school, "09:20")
    assert of(school).side(Line.SANCTION).minutes == 80


def test_what_is_ahead_cancelled_or_stayed_away_from_is_not_attended(school: School) -> None:
    school.book(REID, days=(FRIDAY_BEFORE, MONDAY, TUESDAY), override="asked for")
    placement = school.book(KHAN)
    set_clock(school, "09:00")
    school.desk().do(mark_absence(placement, Absence.CANCELLED))
    set_clock(school, "10:00")
    one = of(school).side(Line.SANCTION)
    assert (one.placed, one.attended, one.placed_days, one.days) == (7, 0, 2, 0)
    assert of(school).run == Run(0), "nobody came: no day of exclusion"
    assert of(school, KHAN).side(Line.SANCTION).placed == 0


def test_lessons_lost_stand_by_subject(school: School) -> None:
    school.book(OKAFOR, "P2")
    school.book(OKAFOR, "P3", room=PSC, type=SUPPORT)
    play(school, OKAFOR, "09:50 in, 11:05 left")
    play(school, OKAFOR, "11:10 in, 12:10 left", room=PSC)
    set_clock(school, "12:30")
    assert of(school, OKAFOR).lost == (Lost("", 1, 0, 0), Lost("Science", 0, 1, 0))


def test_runs_go_on_over_the_weekend_and_name_the_setting_they_reach(school: School) -> None:
    thursday = FRIDAY_BEFORE - timedelta(days=1)
    for day in (thursday, FRIDAY_BEFORE, MONDAY):
        set_clock(school, "08:30", day)
        school.book(REID, "P1", days=(day,), override="asked for")
        play(school, REID, "08:50 in, 09:50 left", day=day)
    set_clock(school, "12:30")
    found = of(school)
    assert found.run == Run(3, thursday, MONDAY)
    assert [one.said for one in found.crossed] == ["3 internal exclusion days on end (run warn days: 3)"]
    school.desk("AD1").do(change_setting("run_warn_days", 4))
    assert of(school).crossed == ()


def test_removals_and_the_days_of_a_term_are_warned_of(school: School) -> None:
    for number in range(5):
        day = MONDAY - timedelta(days=(0, 3, 4, 5, 6)[number])
        set_clock(school, "08:30", day)
        school.book(KHAN, "P1", days=(day,), type=PlacementType.REMOVAL, override="asked for")
        school.book(REID, "P1", days=(day,), override="asked for")
        play(school, KHAN, "08:50 in, 09:50 left", day=day)
        play(school, REID, "08:50 in, 09:50 left", day=day)
    set_clock(school, "12:30")
    assert [one.setting for one in of(school, KHAN).crossed] == ["removals warn"]
    assert [one.setting for one in of(school).crossed] == ["run warn days", "term warn days"]
    assert of(school, KHAN).removals == 5


def suspend(school: School, student: int, day: date) -> None:
    stamp = f"{day.isoformat()}T10:00:00Z"
    school.file.execute(
        "INSERT INTO suspension (student_id, decided_by, happened, recorded, day, seq) VALUES (?, 'Head', ?, ?, ?, 1)",
        (student, stamp, stamp, day.isoformat()),
    )


def test_internal_and_external_are_added_up_and_suspensions_are_not_everybodys(school: School) -> None:
    school.book(REID, "P1")
    suspend(school, REID, FRIDAY_BEFORE)
    play(school, REID, "08:50 in, 09:50 left")
    now = school.clock.now()
    found = exposure_of(school.file, REID, school.desk("CO1").staff(), now)
    assert found is not None
    assert (found.internal, found.suspended, found.together) == (1, (FRIDAY_BEFORE,), 2)
    assert found.run_together == Run(2, FRIDAY_BEFORE, MONDAY)
    seen = exposure_of(school.file, REID, school.desk("AS1").staff(), now)
    assert seen is not None
    assert (seen.internal, seen.suspended, seen.together, seen.run_together) == (1, None, None, None)
    assert "suspend" not in str(seen._replace(suspended=None)).replace("suspended=None", "")


def test_it_is_for_whom_the_profile_is(school: School) -> None:
    now = school.clock.now()
    assert exposure_of(school.file, REID, school.desk("AS1").staff(), now) is None, "not placed today"
    assert exposure_of(school.file, REID, school.desk("HY8").staff(), now) is None, "not of year 8"
    assert exposure_of(school.file, KHAN, school.desk("HY8").staff(), now) is not None
    opened = open_profile(school.desk("HY8"), REID, "sheet", why="a sibling")
    assert opened.exposure is not None


def test_days_can_be_given_and_what_is_before_does_not_count(school: School) -> None:
    school.book(REID, "P1", days=(FRIDAY_BEFORE, MONDAY))
    play(school, REID, "08:50 in, 09:50 left", day=FRIDAY_BEFORE)
    play(school, REID, "08:50 in, 09:20 left")
    now: datetime = at("15:30")
    both = read_exposure(school.file, REID, now)
    friday = read_exposure(school.file, REID, now, first=FRIDAY_BEFORE, last=FRIDAY_BEFORE)
    assert (both.side(Line.SANCTION).minutes, friday.side(Line.SANCTION).minutes) == (90, 60)
    assert (friday.lessons, friday.school_days) == (5, 1)
