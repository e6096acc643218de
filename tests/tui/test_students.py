"""The Students page: type to find, Enter opens, the ledger knows; outside one's years it asks why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.cli.demo import MOMENT
from psc.clock import SetClock
from psc.tui.screens.student import StudentPage
from psc.tui.screens.students import StudentsPage
from psc.tui.screens.today import Today
from psc.tui.screens.who_looked import WhoLookedPage
from tests.tui.app import driven, driven_school

if TYPE_CHECKING:
    from pathlib import Path

    from tests.school import School


def looks(school: School) -> list[str]:
    return [act for (act,) in school.file.rows("SELECT act FROM ledger WHERE act LIKE 'open_%' ORDER BY seq")]


@pytest.mark.parametrize("typed", ["lukasz", "OBRIEN", "obrien luk", "8a luk", "1003", "Łuk"])
async def test_a_student_is_found_however_the_name_is_typed(school: School, typed: str) -> None:
    async with driven_school(school, "CO1") as desk:
        await desk.type("6", *(("space" if one == " " else one) for one in typed))
        assert "O’Brien, Łukasz" in desk.text
        assert "Reid" not in desk.text


async def test_enter_opens_and_the_ledger_knows_it_once(school: School) -> None:
    school.book(3)
    async with driven_school(school, "CO1") as desk:
        await desk.type("6", "luk", "enter")
        assert isinstance(desk.app.screen, StudentPage)
        for words in ("O’Brien, Łukasz", "8A", "year 8", "IER", "Defiance"):
            assert words in desk.text
        await desk.tick()
        await desk.pilot.pause(1.1)
        assert looks(school) == ["open_student"]
        await desk.type("escape")
        assert isinstance(desk.app.screen, StudentsPage)
        assert "Find: luk" in desk.text
        await desk.type("escape")
        assert "Find: ▏" in desk.text
        await desk.type("escape")
        assert isinstance(desk.app.screen, Today)


async def test_finding_and_the_lists_are_no_looks(school: School) -> None:
    school.book(3)
    async with driven_school(school, "CO1") as desk:
        await desk.type("6", "luk")
        assert looks(school) == []


async def test_a_head_of_year_is_asked_why_and_nothing_is_shown_before(school: School) -> None:
    async with driven_school(school, "HY8") as desk:
        await desk.type("6", "reid")
        assert "you will be asked why" in desk.text
        await desk.type("enter")
        assert "outside your years" in desk.text
        await desk.type("enter")
        assert isinstance(desk.app.screen, StudentsPage)  # nothing is no reason
        assert looks(school) == []
        await desk.type("sibling", "enter")
        assert isinstance(desk.app.screen, StudentPage)
        assert "outside your years" in desk.text
        assert looks(school) == ["open_student"]


async def test_an_assistant_is_told_whom_they_may_not_open(school: School) -> None:
    async with driven_school(school) as desk:
        await desk.type("6", "reid")
        assert "not for you to open" in desk.text
        await desk.type("enter")
        assert "outside what your role may see" in desk.text
        assert isinstance(desk.app.screen, StudentsPage)
        assert looks(school) == []


async def test_what_has_changed_meanwhile_is_shown(school: School) -> None:
    from tests.roster.stories import play

    school.book(3)
    async with driven_school(school, "CO1") as desk:
        await desk.type("6", "luk", "enter")
        other = school.another()
        other.close()
        play(school, 3, "08:50 in")
        await desk.tick()
        await desk.pilot.pause(1.1)
        assert "in since 08:50" in desk.text


async def test_a_student_who_goes_beyond_reach_is_closed(school: School) -> None:
    async with driven_school(school, "HY8") as desk:
        await desk.type("6", "luk", "enter")
        assert isinstance(desk.app.screen, StudentPage)
        school.file.execute("DELETE FROM staff_year")
        await desk.type("down")
        assert isinstance(desk.app.screen, Today)
        assert "O’Brien" not in desk.text


async def test_who_looked_is_one_key_for_those_who_may(school: School) -> None:
    async with driven_school(school, "BL1") as desk:
        await desk.type("6", "luk", "enter", "A")
        assert isinstance(desk.app.screen, WhoLookedPage)
        assert "asked who looked" in desk.text
        assert "opened: student sheet" in desk.text
        await desk.type("escape", "escape")
    async with driven_school(school, "CO1") as desk:
        await desk.type("6", "luk", "enter", "A")
        assert isinstance(desk.app.screen, StudentPage)
        assert "who looked" not in desk.text


async def test_opening_the_private_words_of_the_board_is_a_look(school: School) -> None:
    school.book(1)
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("enter")
        assert "Defiance" in desk.text
        assert looks(school) == ["open_row"]
        await desk.type("escape")
    async with driven_school(school, size=(160, 40)) as desk:
        await desk.type("enter")
        assert "Defiance" in desk.text
        await desk.type("enter")  # closes it
        assert looks(school) == ["open_row", "open_row"]


async def test_with_a_full_disk_the_board_and_the_emergency_text_open_and_the_rest_does_not(demo: Path) -> None:
    async with driven(demo, SetClock(MOMENT), size=(132, 40)) as desk:
        file = desk.today.desk.file
        file.execute("CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        await desk.type("/", "reid", "enter", "enter")
        assert "The disk is full" in desk.text
        assert "Fighting" not in desk.text
        await desk.type("!")
        assert "inhaler" in desk.text
        await desk.type("6", "reid", "enter")
        assert isinstance(desk.app.screen, StudentsPage)
        await desk.type("escape", "escape", "E")
        assert "Reid, Callum" in desk.text


async def test_names_and_notes_are_only_text_here_too(school: School) -> None:
    school.book(9, reason="[@click=app.quit]x[/]")
    school.file.execute(
        "INSERT INTO alert (student_id, kind, text, emergency, happened, recorded, day, seq)"
        " VALUES (9, '[b]', '[/]\x1b[31m', 0, '2026-11-20T08:00:00Z', '2026-11-20T08:00:00Z', '2026-11-20', 1)"
    )
    async with driven_school(school, "BL1") as desk:
        await desk.type("6", "bold", "enter")
        assert "[b]Bold, [/" in desk.text
        assert "[@click=app.quit]x[/]" in desk.text
        assert "\x1b" not in desk.text
        await desk.type("A")
        assert "[b]Bold, [/" in desk.text


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (132, 40)])
async def test_it_has_room_at_every_size(demo: Path, size: tuple[int, int]) -> None:
    async with driven(demo, SetClock(MOMENT), "BL1", size=size) as desk:
        await desk.type("6", "reid", "enter")
        assert "Reid, Callum" in desk.text
        assert "A who looked" in desk.text
        await desk.type("pagedown", "end")
        await desk.type("A")
        assert "asked who looked" in desk.text
