"""Days that are not normal, on the screen: the day's times, a student's events, the register list, a closed day."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from psc.flows.change_day import Wanted, change_day
from psc.roster.events import EventKind, events_of, plan_event
from psc.roster.movements import sign_in
from psc.roster.status import Status
from psc.roster.stranded import stranded
from psc.roster.welfare import check_welfare
from psc.school.calendar import calendar_day
from psc.tui.screens.day_preview import DayPreview
from psc.tui.screens.day_times import DayTimes
from psc.tui.screens.page import Page
from psc.tui.screens.register import RegisterPage
from tests.school import IER, MONDAY, TUESDAY, School, at
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    import pytest


def at_eleven(school: School) -> School:
    """Reid in since P1 and seen at 10:55, Khan expected in P4 and P5, and it is 11:00."""
    school.book(1)
    school.book(4, "P4 P5")
    school.clock.moment = at("08:48")
    visit = school.desk("AS2", "other").do(sign_in(1, IER)).value
    school.clock.moment = at("10:55")
    school.desk("AS2", "other").do(check_welfare(visit, "settled"))
    school.clock.moment = at("11:00")
    return school


async def settled(desk: Driver) -> None:
    """Wait for what is counted beside the event loop, and for the page's next second."""
    await desk.app.workers.wait_for_complete()
    await desk.pilot.pause()
    if isinstance(desk.app.screen, Page):
        desk.app.screen.tick()
        await desk.pilot.pause()


async def test_a_coordinator_closes_the_day_and_sees_whom_it_touches_before_saving(school: School) -> None:
    at_eleven(school)
    async with driven_school(school, "CO1", size=(80, 24)) as desk:
        await desk.type("T", "T", "c", "1130", "enter")
        assert isinstance(desk.app.screen, DayPreview)
        assert "not saved yet" in desk.text
        assert "P3 11:10–12:10 → 11:10–11:30" in desk.text
        assert "P4, P5 fall away" in desk.text
        await desk.type("enter")  # the key that asked does not save
        assert calendar_day(school.file, MONDAY).shape == "Normal"
        await desk.type("f10")
        await settled(desk)
        assert isinstance(desk.app.screen, DayTimes)
        assert "Saved. 4 periods wait for a decision below. T b puts the day back." in desk.text
        assert "4 to decide (T)" in desk.text
        assert "it was Normal" in desk.text
        await desk.type("escape")
        assert "– day changed" in desk.text
        school.clock.moment = at("11:31")
        await desk.tick()
        assert desk.row("Reid").standing.since == at("11:30")
        assert "▲ due out, k due 6" in desk.text


async def test_leaving_the_preview_changes_nothing(school: School) -> None:
    at_eleven(school)
    async with driven_school(school, "CO1") as desk:
        await desk.type("T", "T", "c", "1130", "enter", "escape", "escape")
        assert desk.app.screen is desk.today
        assert calendar_day(school.file, MONDAY).shape == "Normal"


async def test_f10_twice_saves_once_and_the_day_is_put_back_with_b(school: School) -> None:
    at_eleven(school)
    async with driven_school(school, "CO1") as desk:
        await desk.type("T", "T", "c", "1130", "enter", "f10", "f10")
        await settled(desk)
        assert school.file.value("SELECT count(*) FROM ledger WHERE act = 'change_day'") == 1
        await desk.type("T", "b")
        assert isinstance(desk.app.screen, DayPreview)
        await desk.type("f10")
        await settled(desk)
        assert calendar_day(school.file, MONDAY).shape == "Normal"
        assert "to decide" not in desk.text


async def test_what_fell_away_is_decided_on_the_page(school: School) -> None:
    at_eleven(school)
    school.desk("CO1", "office").do(change_day(MONDAY, Wanted(closes=time(11, 30))))
    async with driven_school(school, "CO1") as desk:
        assert "4 to decide (T)" in desk.text
        await desk.type("T", "h")
        await settled(desk)
        assert [one.name for one in stranded(school.file, MONDAY)] == ["Reid, Callum", "Reid, Callum"]
        await desk.type("h")
        assert "waive or carry" in desk.text
        await desk.type("C", "tomorrow", "enter")
        await settled(desk)
        assert "carried to tomorrow P4, P5" in desk.text
        assert stranded(school.file, MONDAY) == ()
        school.desk("CO1", "office").do(change_day(TUESDAY, Wanted(closes=time(13, 0))))
        await desk.tick()
        await settled(desk)
        assert [(one.day, one.period) for one in stranded(school.file, MONDAY)] == [(TUESDAY, "P5")]
        await desk.type("h")
        assert "only today's can be cancelled" in desk.text
        await desk.type("W", "closed", " ", "early", "enter")
        await settled(desk)
        assert stranded(school.file, MONDAY) == ()
        assert "to decide" not in desk.text


async def test_today_in_the_middle_of_it_the_app_asks_since_when(school: School) -> None:
    at_eleven(school)
    async with driven_school(school, "CO1") as desk:
        await desk.type("T", "T", "t", "P3 1110-1140, P4 1140-1210", "enter")
        assert "Since when" in desk.text
        await desk.type("w")
        assert "were lived today" in desk.text
        await desk.type("T", "t", "P3 1110-1140, P4 1140-1210", "enter", "n", "f10")
        assert calendar_day(school.file, MONDAY).shape == "On 2026-11-23"


async def test_snow_tomorrow_is_closed_with_a_note_and_the_board_of_that_day_says_so(school: School) -> None:
    at_eleven(school)
    async with driven_school(school, "CO1") as desk:
        await desk.type("T")
        await desk.pilot.press("greater_than_sign")
        await desk.type("T", "x", "snow", "enter", "f10")
        assert not calendar_day(school.file, TUESDAY).is_open
        await desk.type("escape")
        school.clock.moment = at("08:00", TUESDAY)
        await desk.next_day("CO1")
        assert "no school today: snow · next Wed 25 Nov" in desk.text
        assert "No school today (snow). The next school day is Wednesday 25 November." in desk.text
        await desk.type("R")
        assert "there is no register" in desk.text


async def test_an_assistant_sees_the_times_and_cannot_change_them(school: School) -> None:
    async with driven_school(school, "AS1", size=(80, 24)) as desk:
        await desk.type("T")
        assert "Years 7–11" in desk.text
        assert "P3         11:10–12:10" in desk.text
        await desk.type("T")
        assert "a coordinator changes the day" in desk.text
        await desk.type("@", "thu", "enter")
        assert "Thursday 26 November" in desk.text


async def test_a_wrong_time_is_said_and_the_page_stays(school: School) -> None:
    async with driven_school(school, "CO1") as desk:
        await desk.type("T", "T", "c", "half past", "enter")
        assert "is not a time psc can read" in desk.text
        await desk.type("T", "t", "P1 0900-1000, P2 0950-1050", "enter")
        assert "P2 begins at 09:50, before P1 ends at 10:00" in desk.text


# -- events --------------------------------------------------------------------------------------------------------


async def test_an_exam_is_typed_on_one_line_and_stands_on_the_board_and_in_the_pane(school: School) -> None:
    at_eleven(school)
    async with driven_school(school, "CO1", size=(132, 40)) as desk:
        await desk.type("/", "reid", "enter", "V", "exam 1110-1210 Hall", "enter")
        assert "Reid, Callum exam today 11:10–12:10, noted" in desk.says
        assert "● in · exam 11:10" in desk.text
        assert "11:10–12:10 exam" in desk.text
        school.clock.moment = at("11:10")
        await desk.tick()
        assert desk.row("Reid").status is Status.DUE_OUT
        assert "▲ exam since 11:10" in desk.text
        await desk.type("u")
        assert events_of(school.file, 1, MONDAY) == ()


async def test_events_are_listed_and_one_is_cancelled_by_its_number(school: School) -> None:
    at_eleven(school)
    office = school.desk("CO1", "office")
    office.do(plan_event(1, TUESDAY, time(9), time(10), EventKind.MEDICAL, "dentist"))
    async with driven_school(school, "CO1") as desk:
        await desk.type("/", "reid", "enter", "V")
        assert "1 appointment tomorrow 09:00–10:00" in desk.says
        assert "dentist" not in desk.text
        await desk.type("1", "moved", "enter")
        assert events_of(school.file, 1, MONDAY) == ()


async def test_an_event_is_noted_for_all_who_are_marked(school: School) -> None:
    at_eleven(school)
    async with driven_school(school, "CO1") as desk:
        await desk.type("space", "space", "V", "trip 0900-1500, Thu", "enter")
        assert {one for one in (1, 4) if events_of(school.file, one, MONDAY)} == {1, 4}


async def test_an_assistant_reads_the_events_of_a_student(school: School) -> None:
    at_eleven(school)
    school.desk("CO1", "office").do(plan_event(1, MONDAY, time(12, 10), time(13, 10), EventKind.EXAM, "Hall"))
    async with driven_school(school, "AS1") as desk:
        await desk.type("/", "reid", "enter", "V")
        assert "Reid, Callum: exam today 12:10–13:10" in desk.says
        await desk.type("/", "khan", "enter", "V")
        assert "no event noted" in desk.says


async def test_what_is_no_event_is_said(school: School) -> None:
    at_eleven(school)
    async with driven_school(school, "CO1") as desk:
        await desk.type("V", "exam tomorrow", "enter")
        assert "is not an event psc can read" in desk.says


# -- the register --------------------------------------------------------------------------------------------------


async def test_the_board_says_once_that_the_register_closed_and_r_lists_it(school: School) -> None:
    school.book(1)
    school.book(4)
    school.clock.moment = at("08:48")
    school.desk("AS2", "other").do(sign_in(1, IER))
    school.clock.moment = at("09:09")
    async with driven_school(school, size=(80, 24)) as desk:
        assert "Register" not in desk.says
        await desk.type("/", "reid", "enter", "o")  # while something is asked it waits
        school.clock.moment = at("09:10")
        await desk.tick()
        assert "out for" in desk.says
        await desk.type("escape")
        await desk.tick()
        assert "Register closed: R lists 1 not known, 1 present." in desk.says
        await desk.type("escape")
        await desk.tick()
        assert "Register" not in desk.says
        await desk.type("R")
        assert isinstance(desk.app.screen, RegisterPage)
        assert "Not known: being looked for (1)" in desk.text
        assert "in since 08:48" in desk.text


async def test_the_register_list_is_written_to_a_private_folder_and_noted(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_eleven(school)
    monkeypatch.setenv("XDG_DATA_HOME", str(school.path.parent / "data"))
    async with driven_school(school) as desk:
        await desk.type("R", "p")
        assert "The sheet is written" in desk.text
    sheet = next((school.path.parent / "data").rglob("register-morning-2026-11-23.html"))
    assert sheet.stat().st_mode & 0o777 == 0o600
    assert "Reid, Callum" in sheet.read_text(encoding="utf-8")
    # The paper log of the morning may have written itself meanwhile.
    printed = "SELECT count(*) FROM ledger l JOIN ledger_detail d ON d.seq = l.seq WHERE act = 'print_sheet'"
    assert school.file.value(f"{printed} AND json LIKE '%register%'") == 1


async def test_a_head_of_year_sees_the_register_of_their_own_years(school: School) -> None:
    school.book(1)
    school.book(4)
    school.clock.moment = at("09:00")
    async with driven_school(school, "HY8") as desk:
        await desk.type("R")
        assert "Khan, Bilal" in desk.text
        assert "Reid" not in desk.text
