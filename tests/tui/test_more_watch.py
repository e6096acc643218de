"""At the edges of the pages over the board: long words, odd keys, two terminals, narrow screens, who may what."""

from __future__ import annotations

from datetime import timedelta

from psc.flows.walk_in import walk_in
from psc.roster.corrections import correct_movement
from psc.roster.evacuation import EvacuationKind, evacuate, tick_roll
from psc.roster.placements import PlacementType
from tests.roster.stories import movement_id, play, set_clock
from tests.school import FRIDAY_BEFORE, MONDAY, PSC, TUESDAY, School, at
from tests.tui.app import driven_school


async def test_a_long_refusal_is_read_to_its_end(school: School) -> None:
    for student in (1, 2, 3):
        school.book(student)
        play(school, student, "08:50 in")
    async with driven_school(school, size=(60, 18)) as driver:
        await driver.type("e", "e")
        words = " ".join(driver.text.split())
        assert "Not everybody has left: Reid, Callum; Okafor, Amara; O’Brien, Łukasz." in words
        assert "Sign them out, or say where they are, first." in words


async def test_a_raised_digit_is_no_mark_and_ends_nothing(school: School) -> None:
    school.book(1, "P1")
    play(school, 1, "08:50 in, 09:50 left lesson")
    async with driven_school(school) as driver:
        await driver.type("U", "c", "P1", "space")
        await driver.pilot.press("²")
        await driver.type("enter")
        assert "Type a period and a mark" in driver.text
        await driver.type("escape", "e", "c")
        await driver.pilot.press("²")
        await driver.type("enter")
        assert "A mark is a digit from 0 to 4" in driver.text


async def test_a_long_why_is_read_to_its_end_on_the_page_of_corrections(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    why = "[b]the bell[/] was late by more than a minute, Mr Lee had kept the whole class, and nobody typed it in time"
    school.desk().do(correct_movement(movement_id(school, 1, 0), why, at=at("08:50")))
    for size in ((80, 24), (60, 18)):
        async with driven_school(school, size=size) as driver:
            await driver.type("U")
            assert why in " ".join(driver.text.split())


async def test_who_may_not_correct_is_told_before_typing_anything(school: School) -> None:
    school.book(4, days=(FRIDAY_BEFORE, MONDAY))
    play(school, 4, "08:58 in, 14:50 left end of day", day=FRIDAY_BEFORE)
    set_clock(school, "08:30")
    for code, words in (("HY8", "not for the role of head of year"), ("AS1", "an earlier day is a coordinator’s")):
        async with driven_school(school, code) as driver:
            await driver.pilot.press("less_than_sign")
            await driver.type("U", "enter")
            assert words in driver.text


async def test_two_people_tick_one_student_and_the_tick_stays(school: School) -> None:
    for student in (1, 2):
        school.book(student)
        play(school, student, "08:50 in")
    set_clock(school, "09:31")
    evacuation = school.desk().do(evacuate(EvacuationKind.DRILL)).value
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("E")
        school.desk("AS2", "two").do(tick_roll(evacuation, 1))
        await driver.type("space")
        assert school.file.value("SELECT count(*) FROM retraction WHERE fact = 'evacuation_tick'") == 0
        await driver.type("space", "space", "space")
        assert "2 of 2 seen" in driver.text
        await driver.type("x")
        assert "1 of 2 seen" in driver.text


async def test_the_roll_says_how_many_stand_in_each_room_and_who_was_ticked(school: School) -> None:
    for student in (1, 2):
        school.book(student)
        play(school, student, "08:50 in")
    set_clock(school, "09:31")
    async with driven_school(school, size=(60, 18)) as driver:
        await driver.type("E", "d")
        assert "IER: 2" in driver.text
        await driver.type("space")
        assert "Reid, Callum: seen" in driver.text
        assert "EVACUATION" in driver.text.splitlines()[0]


async def test_the_top_line_is_not_cut_in_the_middle_of_a_word(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    play(school, 1, "08:50 in")
    set_clock(school, "09:31")
    school.desk().do(walk_in(4, PSC, PlacementType.REMOVAL, "Defiance"))
    school.desk().do(evacuate(EvacuationKind.DRILL))
    for size, whole in (
        ((80, 24), "P1, 19 min left "),
        ((60, 18), "P1, 19 min left "),
        ((132, 40), "t 1 home to tell"),
    ):
        async with driven_school(school, size=size) as driver:
            top = driver.text.splitlines()[0]
            assert whole in top
            assert "! EVACUATION 09:31 (E) ! 1 find" in top
            assert "J. Smith" in top


async def test_another_day_is_not_called_today(school: School) -> None:
    school.book(1, days=(MONDAY, TUESDAY))
    school.book(2, days=(TUESDAY, TUESDAY + timedelta(days=1)))
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.pilot.press("greater_than_sign")
        await driver.pilot.pause()
        assert "Reid, Callum" in driver.text
        lines = {line.split()[1]: line for line in driver.text.splitlines() if line.startswith(" –")}
        assert " Tue " in lines["Reid,"]
        assert " Wed " in lines["Okafor,"]
        assert "today" not in driver.text


async def test_a_student_on_the_way_is_found_from_the_end_of_the_day(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 14:49 left other room")
    set_clock(school, "14:51")
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("e", "enter", "w", "in the hall", "enter")
        assert "found: in the hall" in driver.says


async def test_cover_sees_on_another_day_only_students_placed_today(school: School) -> None:
    school.book(1, days=(MONDAY, TUESDAY))
    school.book(2, days=(FRIDAY_BEFORE, TUESDAY))
    async with driven_school(school, "CV1", size=(80, 24)) as driver:
        for key in ("greater_than_sign", "less_than_sign", "less_than_sign"):
            await driver.pilot.press(key)
            await driver.pilot.pause()
            assert "Okafor" not in driver.text
            assert ("Reid" in driver.text) is ("Friday" not in driver.text)


async def test_the_roll_is_one_key_away_from_every_page(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    async with driven_school(school, size=(80, 24)) as driver:
        for page in ("e", "U"):
            await driver.type(page, "E")
            assert "1 to account for" in driver.text
            await driver.type("E", "escape", "escape")
            assert driver.app.screen is driver.today


async def test_an_alarm_on_the_top_line_of_a_page_leads_to_the_board_by_the_mouse(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    play(school, 1, "08:50 in")
    set_clock(school, "09:10")
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("U")
        top = driver.text.splitlines()[0]
        await driver.pilot.click(offset=(top.index("! 1 find") + 3, 0))
        await driver.pilot.pause()
        assert driver.app.screen is driver.today
        assert "Okafor" in driver.text
        assert "Reid" not in driver.text


async def test_closing_the_day_too_early_says_how_many_are_left(school: School) -> None:
    for student in (1, 2, 3, 4):
        school.book(student)
        play(school, student, "08:50 in")
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("e", "e")
        assert "and 1 more. Sign them out" in " ".join(driver.text.split())
