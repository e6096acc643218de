"""A statement taken page by page, laid beside another, evidence kept, an investigation opened, printed and closed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from psc.incidents.evidence import evidence_of
from psc.incidents.incidents import the_incident
from psc.incidents.investigations import the_investigation
from psc.incidents.statements import Whose, conflicts_of, statements_of, take_statement, the_statement
from psc.text import shown
from psc.tui.dialogs.statement import StatementForm
from psc.tui.screens.investigation import InvestigationPage
from psc.tui.screens.page import Page
from psc.tui.screens.statement import BesidePage, StatementPage
from psc.tui.widgets.bar import Bar
from psc.tui.widgets.lines import Lines
from psc.tui.widgets.long_text import LongText
from tests.incidents.test_statements import KHAN, OKAFOR, REID, SAID, a_fight
from tests.overview.test_investigations import an_investigation
from tests.school import at
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from tests.school import School


def says(driver: Driver) -> str:
    """Return what the page over the board says."""
    return driver.app.screen.query_one("#says", Bar).words


def lines(driver: Driver) -> str:
    """Return what stands on the page."""
    return driver.app.screen.query_one(Lines).text


async def press(driver: Driver, *keys: str) -> None:
    """Press function keys."""
    await driver.pilot.press(*keys)
    await driver.rest()


async def go_to(driver: Driver, kind: str, number: int) -> None:
    """Put the cursor on what is meant."""
    driver.app.screen.query_one(Lines).go_to((kind, number))
    await driver.rest()


async def test_a_statement_without_words_leads_to_its_text(school: School) -> None:
    a_fight(school)
    async with driven_school(school, "CO1") as driver:
        await driver.type("5", "enter", "s", "reid", "enter", "f10")
        assert "A statement needs words." in driver.text
        await driver.type("he")
        assert driver.app.screen.query_one(LongText).text == "he"


async def test_a_statement_is_taken_page_by_page_from_the_incident(school: School) -> None:
    a_fight(school)
    async with driven_school(school, "CO1") as driver:
        await driver.type("5", "enter", "s", "reid", "enter")
        form = driver.app.screen
        assert isinstance(form, StatementForm)
        assert form.field("whose").value == "Reid, Callum"
        assert form.field("part").value == "involved"
        await driver.type("f8")
        assert "This page is empty" in driver.text
        form.query_one("#words").focus()
        await driver.type("She", "space", "laughed", "f8", "Then", "f8", "Last")
        await press(driver, "f7")
        assert "Page 2 of 3" in driver.text
        form.field("read_back").value = "yes"
        school.clock.moment = at("09:58")
        await driver.type("f10")
        assert "Statement of Reid, Callum taken" in says(driver)
        (found,) = statements_of(school.file, [1])[1]
        assert found.now.pages == ("She laughed", "Then", "Last")
        assert (found.now.starts, found.now.ends, found.now.taken_by) == (at("09:45"), at("09:58"), "M. Adebayo")
        assert (found.now.read_back, found.now.scribed) == (True, False)
        assert "Reid, Callum 10F, involved" in lines(driver)
        await driver.type("u")
        assert statements_of(school.file, [1]) == {}


async def test_whoever_is_on_no_list_stands_by_name_and_what_does_not_fit_is_said(school: School) -> None:
    a_fight(school)
    async with driven_school(school, "CO1", (80, 24)) as driver:
        await driver.type("5", "enter", "s", "f10")
        assert "Say whose statement it is" in driver.text
        await driver.type("Hale", "enter")
        form = driver.app.screen
        assert isinstance(form, StatementForm)
        await driver.type("f10")
        assert "A statement needs words" in driver.text
        form.query_one("#words", LongText).load_text("I saw [b]it[/b] all.")
        assert (form.field("whose").value, form.field("part").value) == ("Hale", "witness")
        form.field("ends").value = "0930"
        await driver.type("f10")
        assert "It ends before it begins" in driver.text
        form.field("starts").value = "0925"
        await driver.type("f10")
        (found,) = statements_of(school.file, [1])[1]
        assert (found.whose, found.now.starts) == (Whose(name="Hale"), at("09:25"))
        assert the_incident(school.file, 1).adults[0].name == "Hale"
        await go_to(driver, "statement", found.id)
        await driver.type("enter")
        assert "I saw [b]it[/b] all." in lines(driver)


async def test_a_draft_of_a_statement_brings_all_its_pages_back(school: School) -> None:
    a_fight(school)
    async with driven_school(school, "CO1") as driver:
        await driver.type("5", "enter", "s", "okaf", "enter")
        driver.app.screen.query_one("#words").focus()
        await driver.type("One", "f8", "Two", "f8", "escape", "escape")
        await driver.type("s")
        await press(driver, "f5")
        form = driver.app.screen
        assert isinstance(form, StatementForm)
        assert "Page 3 of 3" in driver.text
        await press(driver, "f7", "f10")
        (found,) = statements_of(school.file, [1])[1]
        assert (found.whose.student_id, found.now.pages) == (OKAFOR, ("One", "Two"))


async def test_two_statements_side_by_side_and_what_does_not_agree(school: School) -> None:
    an_investigation(school)
    async with driven_school(school, "BL1", (132, 40)) as driver:
        await driver.type("I", "enter")
        assert isinstance(driver.app.screen, InvestigationPage)
        await go_to(driver, "statement", 1)
        await driver.type("enter")
        assert isinstance(driver.app.screen, StatementPage)
        await driver.type("=", "1")
        assert isinstance(driver.app.screen, BesidePage)
        assert any("She called me a name." in one and "He pushed me." in one for one in lines(driver).split("\n"))
        await driver.type("n")
        driver.app.screen.query_one("#text", LongText).load_text("Where they stood.")
        await driver.type("f10")
        assert "Where they stood." in lines(driver)
        assert [one.what for one in conflicts_of(school.file, [2])] == ["Who pushed first.", "Where they stood."]
        await driver.type("u", "escape", "escape")
        assert "Does not agree" in lines(driver)
        assert "Where they stood." not in lines(driver)


async def test_who_took_it_amends_it_and_others_add_to_it(school: School) -> None:
    school.clock.moment = at("09:45")
    a_fight(school, "CO1")
    school.desk("CO1").do(take_statement(1, Whose(OKAFOR), SAID))
    async with driven_school(school, "CO1") as driver:
        await driver.type("5", "enter")
        await go_to(driver, "statement", 1)
        await driver.type("enter", "e")
        form = driver.app.screen
        assert isinstance(form, StatementForm)
        form.query_one("#words", LongText).load_text("He called me a name.")
        await driver.type("f10")
        assert "An amendment needs a reason" in driver.text
        await driver.type("Misheard", "f10")
        assert the_statement(school.file, 1).now.pages == ("He called me a name.", "Then I pushed her.")
        assert "Amended 09:45 by M. Adebayo: Misheard" in lines(driver)
        assert "She called me a name." in lines(driver)
        await driver.type("+")
        driver.app.screen.query_one("#text", LongText).load_text("She cried.")
        await driver.type("f10")
        assert "She cried." in lines(driver)
    async with driven_school(school, "BL1") as driver:
        await driver.type("5", "enter")
        await go_to(driver, "statement", 1)
        await driver.type("enter", "e")
        assert "only who took it may" in says(driver)


async def test_evidence_is_kept_and_said_what_became_of_it(school: School) -> None:
    a_fight(school)
    async with driven_school(school, "CO1") as driver:
        await driver.type("5", "enter", "v", "enter", "Camera", "enter", "enter", "20 Nov", "f10")
        assert "no longer kept" in driver.text
        await driver.type("ctrl+u", "27 Nov", "f10")
        (kept,) = evidence_of(school.file, [1])[1]
        assert (kept.kind, kept.what) == ("CCTV", "Camera")
        await go_to(driver, "evidence", kept.id)
        await driver.type("enter", "s", "On", "space", "the", "space", "drive", "enter")
        assert "saved 23 Nov by M. Adebayo: On the drive" in lines(driver)


async def test_an_investigation_is_opened_gathers_is_printed_and_closed(school: School, tmp_path: Path) -> None:
    an_investigation(school)
    async with driven_school(school, "CO1") as driver:
        await driver.type("5", "enter", "I", "Bus", "space", "stop", "f10")
        assert "Investigation opened: Bus stop" in says(driver)
        await driver.type("escape", "I", "enter")
        assert the_investigation(school.file, 2).title == "Bus stop"
        await driver.type("g", "khan", "enter")
        assert len(the_investigation(school.file, 2).incidents) == 2
        await driver.type("a", "0830", "enter")
        driver.app.screen.query_one("#what", LongText).load_text("[b]They met[/b]")
        await driver.type("f10")
        assert "[b]They met[/b]" in lines(driver)
        await driver.type("p")
        assert "To print, open in a browser" in says(driver)
        sheets = sorted(tmp_path.rglob("investigation-2-*"))
        assert [one.suffix for one in sheets] == [".html", ".pdf"]
        assert "[b]They met[/b]" in sheets[0].read_text()
        await driver.type("c")
        driver.app.screen.query_one("#text", LongText).load_text("Settled.")
        await driver.type("f10", "a")
        assert "it is closed" in says(driver)
        assert "Settled." in lines(driver)
        named = school.file.rows(
            "SELECT s.student_id FROM ledger_student s JOIN ledger l ON l.seq = s.seq WHERE l.act = 'print_sheet'"
        )
        assert sorted(one for (one,) in named) == [REID, OKAFOR, KHAN]


@pytest.mark.parametrize("code", ["AS1", "HY8"])
async def test_what_is_not_for_a_role_is_not_shown(school: School, code: str) -> None:
    an_investigation(school)
    async with driven_school(school, code) as driver:
        await driver.type("I")
        if code == "AS1":
            assert not isinstance(driver.app.screen, Page)
            return
        await driver.type("enter")
        text = lines(driver)
        assert "1 incident not shown to you" in text
        assert all(shown(words) not in text for words in ("Okafor", "Camera 4"))
