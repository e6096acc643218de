"""The student's page: facts beside the story, the story narrowed by keys and letters, records opened, alerts kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.incidents.notes import write_note
from psc.tui.screens.alerts import AlertsPage
from psc.tui.screens.incident import IncidentPage
from psc.tui.screens.note import NotePage
from psc.tui.screens.story_entry import EntryPage
from psc.tui.screens.student import StudentPage
from psc.tui.widgets.lines import Lines
from tests.incidents.restrained import record
from tests.roster.stories import play
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from tests.school import School

REID = 1


def a_morning(school: School) -> None:
    school.book(REID)
    play(school, REID, "08:50 in, 09:20 out toilet, 09:30 back")
    school.desk().do(write_note(REID, "Ate nothing.\nSaid why, later."))
    record(school)


async def test_the_story_is_narrowed_by_kind_and_by_letters_and_opens_each_record(school: School) -> None:
    a_morning(school)
    async with driven_school(school, "CO1", (132, 40)) as desk:
        await desk.type("6", "reid", "enter")
        for words in ("Sanction", "2 notes 1", "In IER 08:50", "Fighting (involved)"):
            assert words in desk.text, words
        await desk.type("2")
        assert "[notes] 1" in desk.text
        assert "Fighting (involved)" not in desk.text
        await desk.type("enter")
        assert isinstance(desk.app.screen, NotePage)
        await desk.type("escape", "0", "/", "fight")
        assert "Find: fight" in desk.text
        assert "In IER" not in desk.text
        await desk.type("enter", "enter")
        assert isinstance(desk.app.screen, IncidentPage)
        assert school.file.value("SELECT count(*) FROM ledger WHERE act = 'open_incident'") == 1
        await desk.type("escape", "escape", "4", "enter")
        assert isinstance(desk.app.screen, EntryPage)
        assert "09:20 out: toilet" in desk.text


async def test_where_there_is_no_room_tab_goes_from_one_part_to_the_other(school: School) -> None:
    a_morning(school)
    async with driven_school(school, "CO1", (80, 24)) as desk:
        await desk.type("6", "reid", "enter")
        page = desk.app.screen
        assert isinstance(page, StudentPage)
        assert "Key worker" in desk.text
        assert "In IER 08:50" not in desk.text
        await desk.type("end")
        assert page.query_one("#facts", Lines).scroll_offset.y > 0, "every part scrolls"
        await desk.type("tab")
        assert "In IER 08:50" in desk.text
        assert "Key worker" not in desk.text
        await desk.type("tab")
        assert "In IER 08:50" not in desk.text


async def test_alerts_are_added_and_ended_by_keys(school: School) -> None:
    async with driven_school(school, "SG1", (80, 24)) as desk:
        await desk.type("6", "reid", "enter", "!")
        assert isinstance(desk.app.screen, AlertsPage)
        assert "No alert stands" in desk.text
        await desk.type("a", "s", "t", "enter", "f10")
        assert "needs words" in desk.text
        await desk.type("Sit", "space", "down", "f10")
        assert isinstance(desk.app.screen, AlertsPage)
        assert "strategy: Sit" in desk.text
        await desk.type("e", "enter")
        assert "needs a reason" in desk.text
        await desk.type("settled", "enter")
        assert "No alert stands" in desk.text
        await desk.type("escape", "9")
        assert "Alert ended, strategy: Sit" in desk.text


async def test_a_note_is_written_from_the_page_and_stands_in_the_story(school: School) -> None:
    async with driven_school(school, "CO1", (132, 40)) as desk:
        await desk.type("6", "reid", "enter", "n")
        await desk.type("p", "r", "Came", "f10")
        assert isinstance(desk.app.screen, StudentPage)
        assert "note        Came" in desk.text
        await desk.type("u")
        assert "note       Came" not in desk.text
