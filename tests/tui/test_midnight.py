"""Midnight and both clock changes with the app open, another machine's time zone, and a clock moved back."""

from __future__ import annotations

import os
import time as system_time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from psc.clock import at_clock, school_day, typed_moment, wall
from psc.errors import Refused
from psc.overview.read_board import read_board
from psc.roster.checks import mark_check
from psc.roster.movements import OutReason, go_out, sign_in
from psc.roster.status import Status
from psc.school.shapes import shape_of
from psc.tui.screens.day_times import DayTimes
from tests.roster.stories import play
from tests.school import BELLS, IER, MONDAY, TUESDAY, School, at
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from collections.abc import Iterator

FRIDAY = MONDAY + timedelta(days=4)
AUTUMN, SPRING = date(2026, 10, 25), date(2027, 3, 28)
"""The Sundays on which the clocks go back, and forward."""


def opened_on(school: School, *days: date) -> School:
    """Open days that the made school's calendar does not have."""
    school.file.conn.executemany(
        "INSERT INTO calendar_day VALUES (?, 1, 'A', '') ON CONFLICT (day) DO UPDATE SET shape_id = 1",
        [(day.isoformat(),) for day in days],
    )
    return school


def clock_shows(school: School, hhmm: str, day: date) -> None:
    """Let the school's own clock show a time on a day, whatever its offset."""
    school.clock.moment = at_clock(day, datetime.strptime(hhmm, "%H:%M").time(), school.file.zone)


# -- midnight ------------------------------------------------------------------------------------------------------


async def test_over_midnight_the_board_is_the_next_school_days(school: School) -> None:
    school.book(1)
    school.book(2, days=(TUESDAY,))
    school.clock.moment = at("08:48")
    school.desk("AS2", "other").do(sign_in(1, IER))
    school.clock.moment = at("23:59")
    async with driven_school(school) as desk:
        assert desk.row("Reid").minutes == 911
        await desk.type("space", "/", "reid", "enter", "@", "-5", "enter", "o")
        school.clock.forward(minutes=1)
        await desk.next_day()
        assert "Tue 24 Nov 2026" in desk.text
        assert [one.row.name for one in desk.today.state.rows] == ["Okafor, Amara"]
        assert (desk.today.prompt, desk.today.kept_time, desk.today.state.marked) == (None, None, frozenset())
        assert "! 1 open from before (O)" in desk.text
        school.clock.moment = at("08:50", TUESDAY)
        await desk.tick()
        await desk.type("i")
        assert desk.row("Okafor").status is Status.IN
    # Whoever was never signed out on the Monday was there until its last bell, not all night.
    monday = read_board(school.file, MONDAY, school.desk().staff())
    assert next(one.minutes for one in monday.at(school.clock.now()) if one.row.student_id == 1) == 362


async def test_a_filter_typed_before_midnight_hides_nobody_the_next_morning(school: School) -> None:
    school.book(1)
    school.book(2, days=(TUESDAY,))
    school.clock.moment = at("23:59")
    async with driven_school(school) as desk:
        await desk.type("/", "re", "down", "tab")
        school.clock.forward(minutes=2)
        await desk.next_day()
        assert len(desk.today.state.shown) == 1


async def test_a_weekend_goes_by_with_the_app_open(school: School) -> None:
    school.book(1, days=(FRIDAY, MONDAY + timedelta(days=7)))
    school.clock.moment = at("15:00", FRIDAY)
    async with driven_school(school) as desk:
        for day in (FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)):
            school.clock.moment = at("00:00", day)
            await desk.next_day()
            assert "no school today · next Mon 30 Nov" in desk.text
            assert "No school today. The next school day is Monday 30 November." in desk.text
        school.clock.moment = at("08:00", MONDAY + timedelta(days=7))
        await desk.next_day()
        assert "○ expected P1" in desk.text


async def test_midnight_under_a_page(school: School) -> None:
    school.clock.moment = at("23:59")
    async with driven_school(school, "CO1") as desk:
        await desk.type("T")
        assert isinstance(desk.app.screen, DayTimes)
        school.clock.forward(minutes=1)
        desk.app.screen.tick()
        await desk.next_day("CO1")
        assert "Tue 24 Nov 2026" in desk.text
        assert "Times of" not in desk.text


# -- the clocks change ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sunday", "before", "after"), [(AUTUMN, "+0100", "+0000"), (SPRING, "+0000", "+0100")], ids=["autumn", "spring"]
)
async def test_the_night_the_clocks_change_goes_by_with_the_app_open(
    school: School, sunday: date, before: str, after: str
) -> None:
    saturday, monday = sunday - timedelta(days=1), sunday + timedelta(days=1)
    opened_on(school, saturday, sunday, monday)
    clock_shows(school, "08:30", saturday)
    school.book(1, days=(saturday, sunday, monday), override="Agreed with home")
    clock_shows(school, "23:59", saturday)
    async with driven_school(school) as desk:
        for _ in range(8):  # half an hour at a time, through the hour that comes twice or never
            school.clock.forward(minutes=30)
            if desk.today.board.day.day != sunday:
                await desk.next_day()
            await desk.tick()
            assert desk.today.board.day.day == sunday
            assert desk.row("Reid").status is Status.EXPECTED
        for day, offset in ((sunday, after), (monday, after)):
            clock_shows(school, "08:49", day)
            if desk.today.board.day.day != day:
                await desk.next_day()
            await desk.tick()
            assert f"{school.clock.now().astimezone(school.file.zone):%z}" == offset
            assert desk.today.board.day.day == day
            await desk.type("/", "reid", "enter", "i")
            assert "in since 08:49" in desk.text
            clock_shows(school, "09:50", day)
            await desk.tick()
            assert desk.row("Reid").minutes == 61
            await desk.type("o", "t")
            clock_shows(school, "10:01", day)
            await desk.tick()
            assert "! find, toilet 11" in desk.text
            await desk.type("b")
            school.desk().do(mark_check(school_placed(school, day), 3))
            await desk.tick()
            clock_shows(school, "14:51", day)
            await desk.tick()
            assert desk.row("Reid").status is Status.DUE_OUT
            assert desk.row("Reid").standing.since == school.clock.now() - timedelta(minutes=1)
            assert "▲ due out, k due" in desk.text, "alone since the morning, and not seen"
            states = desk.row("Reid").states(school.clock.now(), desk.today.board.settings)
            assert states["P1"].value == "served"
            await desk.type("s", "d")
            assert desk.row("Reid").minutes == 351
    assert f"{at_clock(saturday, datetime.min.time(), school.file.zone).astimezone(school.file.zone):%z}" == before


def school_placed(school: School, day: date) -> int:
    """Return the id of Reid's P1 of a day."""
    board = read_board(school.file, day, school.desk("CO1").staff())
    return next(one.id for row in board.rows for one in row.placed if one.period.name == "P1")


@pytest.mark.parametrize(("sunday", "minutes"), [(AUTUMN, 180), (SPRING, 60)], ids=["autumn", "spring"])
def test_a_visit_through_the_changing_hour_has_the_minutes_that_went_by(
    school: School, sunday: date, minutes: int
) -> None:
    """A room that is open from one till three at night: an hour more in autumn, an hour less in spring."""
    opened_on(school, sunday)
    school.file.conn.executemany(
        "INSERT INTO bell VALUES (1, ?, 'P9', '00:30', '03:30')", [(year,) for year in range(7, 12)]
    )
    clock_shows(school, "00:15", sunday)
    school.book(1, "P9", days=(sunday,))
    clock_shows(school, "00:59", sunday)
    start = school.clock.now() + timedelta(minutes=1)
    school.clock.moment = start
    visit = school.desk().do(sign_in(1, IER)).value
    clock_shows(school, "03:00", sunday)
    board = read_board(school.file, sunday, school.desk().staff())
    one = next(row for row in board.at(school.clock.now()) if row.row.visit_id == visit)
    assert one.minutes == (school.clock.now() - start) / timedelta(minutes=1) == minutes


@pytest.mark.parametrize("day", [AUTUMN, SPRING, AUTUMN + timedelta(days=1), SPRING + timedelta(days=1)])
def test_lessons_last_as_long_as_the_bells_say_on_the_days_of_the_change(school: School, day: date) -> None:
    opened_on(school, day)
    periods = shape_of(school.file, day).periods(9)
    assert [(one.name, wall(one.start, school.file.zone), wall(one.end, school.file.zone)) for one in periods] == [
        *BELLS
    ]
    assert all(one.end - one.start <= timedelta(hours=1) for one in periods)
    assert {school_day(one.start, school.file.zone) for one in periods} == {day}


def test_minutes_ago_typed_just_after_the_hour_came_twice_are_minutes_ago(school: School) -> None:
    now = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 01:10 for the second time
    assert typed_moment("-20", now, school.file.zone) == now - timedelta(minutes=20)


# -- the machine ---------------------------------------------------------------------------------------------------


@pytest.fixture
def machine_in_auckland() -> Iterator[None]:
    """Set the machine to another time zone."""
    was = os.environ.get("TZ")
    os.environ["TZ"] = "Pacific/Auckland"
    system_time.tzset()
    yield
    if was is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = was
    system_time.tzset()


@pytest.mark.usefixtures("machine_in_auckland")
async def test_a_machine_set_to_another_zone_shows_the_schools_time(school: School) -> None:
    school.book(1)
    school.clock.moment = at("14:00")  # three in the morning of the Tuesday in Auckland
    async with driven_school(school) as desk:
        assert "Mon 23 Nov 2026" in desk.text
        await desk.type("@", "1355", "enter", "i")
        assert "in since 13:55" in desk.text
        assert desk.row("Reid").minutes == 5
        assert desk.row("Reid").row.facts.moves[0].happened == at("13:55")


async def test_a_clock_moved_back_refuses_with_a_sentence_and_closes_what_is_private(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "10:00 in")
    school.clock.moment = at("10:05")
    async with driven_school(school, size=(132, 40)) as desk:
        await desk.type("/", "reid", "enter", "enter")
        assert "Defiance" in desk.text
        school.clock.moment = at("09:30")
        await desk.tick()
        assert "Defiance" not in desk.text
        await desk.type("o", "t")
        assert "later than this machine's clock" in desk.says
        assert len(desk.row("Reid").row.facts.moves) == 1
        await desk.type("u")
        assert "undo" in desk.says.lower()
    with pytest.raises(Refused):
        school.desk().do(go_out(visit, OutReason.TOILET))
    with pytest.raises(Refused):
        school.desk().do(sign_in(1, IER))
