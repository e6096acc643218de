"""The rota's page: what its undo takes back, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from psc.roster.rota import entries_between
from psc.roster.status import Status
from psc.tui.screens.rota import RotaPage
from psc.tui.screens.settings import SettingsPage
from psc.tui.widgets.bar import Bar
from tests.school import MONDAY
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from tests.school import School


async def test_undo_on_the_rota_takes_back_the_plan_and_no_act_of_the_door(school: School) -> None:
    school.book(1)
    async with driven_school(school, "CO1") as desk:
        await desk.type("/", "reid", "enter", "i")
        assert desk.row("Reid").status is Status.IN
        await desk.type("D", "u")
        assert "Nothing has been planned on this page" in desk.text
        await desk.type("enter", "0840-1050 IER", "enter")
        assert len(entries_between(school.file, MONDAY, MONDAY)) == 1
        await desk.type("u")
        assert entries_between(school.file, MONDAY, MONDAY) == ()
        await desk.type("u", "escape")
        assert desk.row("Reid").status is Status.IN
        assert school.file.value("SELECT count(*) FROM ledger WHERE act = 'undo'") == 1


async def test_a_click_on_a_key_counts_once(school: School) -> None:
    async with driven_school(school, "CO1", (100, 30)) as desk:
        await desk.type("D")
        page = desk.app.screen
        assert isinstance(page, RotaPage)
        page.query_one("#keys", Bar).post_message(Bar.Pressed("right_square_bracket"))
        await desk.pilot.pause()
        assert page.monday == MONDAY + timedelta(days=7)
        await desk.type("escape", "9")
        settings = desk.app.screen
        assert isinstance(settings, SettingsPage)
        at = settings.at
        settings.query_one("#keys", Bar).post_message(Bar.Pressed("right"))
        await desk.pilot.pause()
        assert settings.at <= at + 1
