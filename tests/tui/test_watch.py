"""At the board: an alarm cleared, a removal confirmed, a fire, a correction, another day."""

from __future__ import annotations

from psc.flows.walk_in import walk_in
from psc.roster.evacuation import evacuation_on
from psc.roster.placements import PlacementType
from psc.roster.status import Status
from tests.roster.stories import play, set_clock, told
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, School
from tests.tui.app import driven_school


async def test_an_assistant_tells_attendance_of_a_late_student(school: School) -> None:
    school.book(1)
    set_clock(school, "09:00")
    async with driven_school(school) as driver:
        assert "! 1 find" in driver.text.splitlines()[0]
        await driver.type("f", "a")
        assert driver.row("Reid").status is Status.LATE
        assert "told attendance" in driver.says
        assert "find" not in driver.text.splitlines()[0]
        await driver.type("u")
        assert driver.row("Reid").status is Status.FIND


async def test_the_place_of_a_student_is_typed_with_its_time(school: School) -> None:
    school.book(1)
    set_clock(school, "09:10")
    async with driven_school(school) as driver:
        await driver.type("@", "0903", "enter", "f", "w", "library", "enter")
        sighting = driver.row("Reid").row.facts.sightings[0]
        assert (f"{sighting.happened:%H:%M}", sighting.place) == ("09:03", "library")


async def test_two_people_clear_one_alarm_and_the_second_is_told_of_the_first(school: School) -> None:
    school.book(1)
    set_clock(school, "09:10")
    async with driven_school(school) as one:
        await one.type("f", "a")
        async with driven_school(school, "AS2") as two:
            await two.type("f", "o")
            assert "before: told attendance" in two.says


async def test_a_student_whose_place_is_known_needs_no_finding(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    async with driven_school(school) as driver:
        await driver.type("f")
        assert "their place is known" in driver.says


async def test_a_student_is_sent_to_the_other_room_and_signed_in_there(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    set_clock(school, "10:00")
    async with driven_school(school) as driver:
        await driver.type("s", "r", "]")
        assert "on the way 0" in driver.text
        await driver.type("i")
        assert driver.row("Reid").status is Status.IN
    assert told(school, 1) == "08:50 in, 10:00 left other room, 10:00 in"


async def test_a_coordinator_confirms_a_removal(school: School) -> None:
    set_clock(school, "09:20")
    school.desk().do(walk_in(1, IER, PlacementType.REMOVAL, "Defiance"))
    async with driven_school(school) as assistant:
        assert "confirm?" in assistant.text
        await assistant.type("Y")
        assert "not for the role of assistant" in assistant.says
    async with driven_school(school, "CO1") as driver:
        await driver.type("Y", "c")
        assert "removal confirmed" in driver.says
        assert "confirm?" not in driver.text
        await driver.type("Y")
        assert "no removal to confirm" in driver.says


async def test_a_removal_gets_another_reason_or_an_end(school: School) -> None:
    set_clock(school, "09:20")
    for student in (1, 2):
        school.desk().do(walk_in(student, IER, PlacementType.REMOVAL, "Defiance", until="P3"))
    async with driven_school(school, "CO1") as driver:
        await driver.type("Y", "r", "Damage", "enter")
        assert driver.row("Reid").row.reason == "Damage"
        await driver.type("down", "Y", "e", "Sent back to lessons", "enter")
        assert [one.period.name for one in driver.row("Okafor").row.placed] == ["P1"]


async def test_a_fire_drill_on_one_screen(school: School) -> None:
    for student in (1, 2):
        school.book(student)
        play(school, student, "08:50 in")
    set_clock(school, "09:30")
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("E", "d")
        assert "0 of 2 seen" in driver.text
        await driver.type("space", "space")
        assert "2 of 2 seen" in driver.text
        school.clock.forward(minutes=8)
        await driver.type("b", "escape")
        assert {driver.row("Reid").status, driver.row("Okafor").status} == {Status.IN}
    found = evacuation_on(school.file, MONDAY)
    assert found is not None
    assert found.ended is not None


async def test_the_roll_asks_about_those_who_were_not_seen(school: School) -> None:
    for student in (1, 2):
        school.book(student)
        play(school, student, "08:50 in")
    set_clock(school, "09:30")
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("E", "r", "space", "b")
        assert "1 not seen" in driver.text
        await driver.type("s", "escape")
        assert driver.row("Okafor").status is Status.FIND


async def test_another_terminal_sees_the_evacuation(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    async with driven_school(school) as one, driven_school(school, "AS2") as two:
        await one.type("E", "d")
        await two.tick()
        assert "evacuated" in two.text
        assert "EVACUATION" in two.text.splitlines()[0]


async def test_an_assistant_corrects_a_time_on_the_timeline(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    set_clock(school, "09:10")
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("U", "t", "0850", "space", "came with the bell", "enter")
        assert "× 08:58" in driver.text
        assert "came with the bell" in driver.text
        await driver.type("escape")
        assert driver.row("Reid").minutes == 20


async def test_a_correction_without_a_why_is_asked_for_one(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    set_clock(school, "09:10")
    async with driven_school(school) as driver:
        await driver.type("U", "t", "0850", "enter", "typed late", "enter")
        assert told(school, 1) == "08:50 in"


async def test_a_visit_goes_to_the_right_student(school: School) -> None:
    school.book(6)
    school.book(7)
    play(school, 6, "08:50 in")
    set_clock(school, "09:00")
    async with driven_school(school) as driver:
        await driver.type(
            "down"
        ) if driver.today.state.current and driver.today.state.current.row.student_id == 7 else None
        await driver.type("U", "s", "ali", "enter", "2", "same name", "enter", "escape")
    assert (told(school, 6), told(school, 7)) == ("", "08:50 in")


async def test_a_coordinator_corrects_friday_and_an_assistant_may_not(school: School) -> None:
    school.book(1, days=(FRIDAY_BEFORE,))
    play(school, 1, "08:58 in, 14:50 left end of day", day=FRIDAY_BEFORE)
    set_clock(school, "08:30")
    async with driven_school(school) as driver:
        await driver.type("<", "U", "t", "0850", "space", "slip", "enter")
        assert "coordinator" in driver.text
    async with driven_school(school, "CO1") as driver:
        await driver.type("<")
        assert "Friday 20 November 2026" in driver.text
        await driver.type("U", "t", "0850", "space", "slip", "enter")
    assert told(school, 1, FRIDAY_BEFORE) == "08:50 in, 14:50 left end of day"


async def test_home_early_says_what_it_opens(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    set_clock(school, "10:00")
    async with driven_school(school) as driver:
        await driver.type("s", "h")
        assert "calm down" in driver.says
        await driver.type("s", "Mrs Vale", "enter")
        assert "suspension opened" in driver.says
        await driver.type("u", "s", "h", "i", "Nurse Lee, mother collects", "enter")
        assert driver.row("Reid").standing.reason == "home: ill"


async def test_a_suspension_without_the_head_is_asked_again(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    async with driven_school(school) as driver:
        await driver.type("s", "h", "s", "enter")
        assert "Only the head may suspend" in driver.says
        await driver.type("Mrs Vale", "enter")
        assert driver.row("Reid").status is Status.LEFT


async def test_the_next_day_shows_who_is_expected(school: School) -> None:
    from tests.school import TUESDAY

    school.book(1, days=(TUESDAY,))
    school.book(2, "P2", days=(TUESDAY,), room=PSC)
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type(">")
        assert "Reid, Callum" in driver.text
        assert "Okafor, Amara" in driver.text
        assert "as it is planned" in driver.text


async def test_a_coordinator_adds_a_check_that_friday_lacks(school: School) -> None:
    school.book(1, "P1", days=(FRIDAY_BEFORE,))
    play(school, 1, "08:50 in, 09:50 left lesson", day=FRIDAY_BEFORE)
    set_clock(school, "08:30")
    async with driven_school(school, "CO1") as driver:
        await driver.type("<", "U", "c", "P1", "space", "3", "enter")
        assert "P1 check 3 most" in driver.text
    row = school.board("CO1", FRIDAY_BEFORE).rows[0]
    assert row.placed[0].mark == 3


async def test_the_sign_in_screen_shows_alarms_and_no_name(school: School) -> None:
    school.book(1)
    set_clock(school, "09:00")
    async with driven_school(school) as driver:
        await driver.type("f2")
        for _ in range(50):  # it comes once the board's code has been read, behind the first paint
            if "! 1 find" in driver.text:
                break
            await driver.pilot.pause(0.02)
        assert "! 1 find" in driver.text
        assert "Reid" not in driver.text
