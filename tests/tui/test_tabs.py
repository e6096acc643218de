"""The line of screens: what a role may open beside the board, by its number or a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.screens.settings import SettingsPage
from psc.tui.screens.students import StudentsPage
from psc.tui.widgets.bar import Bar
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from tests.school import School


async def test_a_number_leads_from_screen_to_screen(school: School) -> None:
    async with driven_school(school, "CO1") as driver:
        await driver.type("9")
        assert isinstance(driver.app.screen, SettingsPage)
        await driver.type("6")
        assert isinstance(driver.app.screen, StudentsPage)
        await driver.type("escape", "9", "1")
        assert driver.app.screen_stack[-1] is driver.today


async def test_only_what_a_role_may_open_stands_there(school: School) -> None:
    async with driven_school(school, "AS1") as driver:
        tabs = driver.today.query_one("#tabs", Bar).words
        assert "6 Students" in tabs
        assert "9 Settings" not in tabs
        await driver.type("9")
        assert driver.app.screen is driver.today


async def test_a_low_terminal_gives_the_line_to_a_student(school: School) -> None:
    async with driven_school(school, "CO1", size=(60, 18)) as driver:
        assert not driver.today.query_one("#tabs").display
