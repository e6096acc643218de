"""The day's end in one pass: nobody is signed out silently, and the day closes when nobody is left."""

from __future__ import annotations

from psc.errors import Refused
from psc.flows.close_day import close_day, day_closed
from psc.flows.walk_in import walk_in
from psc.roster.held import Holding, hold_item
from psc.roster.placements import PlacementType
from psc.roster.status import Status
from tests.desk.refusals import refused
from tests.roster.stories import play, set_clock
from tests.school import IER, MONDAY, TUESDAY, School
from tests.tui.app import driven_school


async def test_an_assistant_goes_through_what_is_left_and_closes_the_day(school: School) -> None:
    school.book(1, days=(MONDAY, TUESDAY))
    play(school, 1, "08:50 in")
    set_clock(school, "08:51")
    school.desk().do(hold_item(1, Holding.PHONE))
    set_clock(school, "14:52")
    async with driven_school(school, size=(80, 40)) as driver:
        await driver.type("e")
        assert "Still here, or to be found: 1" in driver.text
        assert "Held: 1" in driver.text
        assert "Expected on Tuesday 24 November: 1" in driver.text
        await driver.type("e")
        assert "Not everybody has left: Reid, Callum" in driver.text
        await driver.type("s", "r", "r")
        assert "Held: nothing" in driver.text
        await driver.type("c", "3")
        await driver.type("enter")
        assert "P1 check 3" in driver.text
        await driver.type("e")
        assert "closed 14:52 by AS1" in driver.text
    found = day_closed(school.file, MONDAY)
    assert found is not None
    assert found.by == "AS1"


async def test_a_home_not_told_is_one_key_from_being_told(school: School) -> None:
    set_clock(school, "09:00")
    school.desk().do(walk_in(1, IER, PlacementType.REMOVAL, "Defiance"))
    async with driven_school(school, size=(80, 40)) as driver:
        await driver.type("e")
        assert "Homes to tell: 1" in driver.text
        assert "Removals to confirm: 1" in driver.text


async def test_a_coordinator_carries_an_unserved_period_to_the_next_day(school: School) -> None:
    school.book(1, "P1", days=(MONDAY,))
    play(school, 1, "08:50 in, 09:50 left lesson")
    set_clock(school, "14:52")
    async with driven_school(school, "CO1", size=(80, 40)) as driver:
        await driver.type("e")
        assert "P1 pending" in driver.text
        await driver.type("C", "enter")
        assert "carried to Tue P1" in driver.text
        assert "Periods not served: none" in driver.text
    assert [row.student_id for row in school.board("CO1", TUESDAY).rows] == [1]


async def test_an_assistant_is_told_who_carries(school: School) -> None:
    school.book(1, "P1")
    play(school, 1, "08:50 in, 09:50 left lesson")
    set_clock(school, "14:52")
    async with driven_school(school, size=(80, 40)) as driver:
        await driver.type("e", "C")
        assert "a coordinator does" in driver.text


async def test_who_is_to_be_found_is_reached_from_the_list(school: School) -> None:
    school.book(1)
    set_clock(school, "14:52")
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("e", "enter", "o")
        assert driver.row("Reid").status is Status.LATE


def test_a_day_is_closed_once_and_not_while_somebody_is_in(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    assert "Not everybody has left" in refused(school.desk(), close_day(), kind=Refused)
    play(school, 1, "14:50 left end_of_day".replace("end_of_day", "end of day"))
    school.desk().do(close_day())
    assert "AS1 closed the day at 14:50" in refused(school.desk("AS2", "two"), close_day(), kind=Refused)


def test_closing_signs_nobody_out_and_leaves_pending_pending(school: School) -> None:
    school.book(1, "P1")
    play(school, 1, "08:50 in, 09:50 left lesson")
    set_clock(school, "15:00")
    school.desk().do(close_day())
    states = school.row(1).states(school.clock.now(), school.board().settings)
    assert {state.value for state in states.values()} == {"pending"}
