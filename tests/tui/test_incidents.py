"""Page 5, and one incident opened: all that was said of it in place, and what is still to be done by a key each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.incidents.actions import actions_of_incidents, agree_action
from psc.incidents.addenda import add_addendum, addenda_of
from psc.incidents.incidents import (
    Account,
    Adult,
    Part,
    amend_incident,
    record_incident,
    the_incident,
)
from psc.incidents.told import tell_of_incident, told_of
from psc.tui.screens.incident import IncidentPage
from psc.tui.screens.incidents import IncidentsPage
from psc.tui.widgets.bar import Bar
from psc.tui.widgets.lines import Lines
from tests.golden import check_golden
from tests.roster.homes import give_contacts
from tests.roster.stories import set_clock
from tests.school import FRIDAY_BEFORE, School, at
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from tests.tui.app import Driver

REID, OKAFOR, BRIEN, KHAN = 1, 2, 3, 4
FIGHT = Account(
    "Fighting",
    "Callum pushed Amara by the lockers. A teacher held his arms for a moment.",
    place="Corridor by the lockers",
    period="P1",
    severity=4,
    antecedent="Words about a photograph.",
    force=True,
    injury=True,
)


@pytest.fixture
def fought(school: School) -> School:
    """A fight with force on the Monday, corrected and added to since; and a vape, entered late, of the Friday."""
    set_clock(school, "08:52")
    school.book(REID)
    give_contacts(school)
    one = school.desk()
    school.clock.moment = at("09:10")
    parts = [Part(REID, "involved"), Part(OKAFOR, "target"), Part(BRIEN, "witness")]
    fight = one.do(record_incident(FIGHT, parts, [Adult(7, "", "witness")], at=at("09:00"))).value
    first = the_incident(school.file, fight).versions[-1].id
    school.clock.moment = at("09:20")
    said = FIGHT._replace(behaviour=FIGHT.behaviour.replace("a moment", "ten seconds"))
    one.do(amend_incident(fight, said, "The camera shows how long", seen=first))
    vape = Account("Vaping", "In the toilets by the hall.", place="Toilets", period="P5", severity=2)
    one.do(record_incident(vape, [Part(KHAN, "involved")], at=at("14:00", FRIDAY_BEFORE)))
    lead = school.desk("CO1")
    school.clock.moment = at("09:30")
    lead.do(add_addendum("incident", fight, "Both asked not to sit near each other."))
    lead.do(tell_of_incident(fight, "safeguarding lead", name="A. Finch"))
    lead.do(agree_action("Ring both homes before lunch", owner_id=3, incident_id=fight))
    school.clock.moment = at("10:00")
    return school


def body(driver: Driver) -> str:
    """Return all that is in the list of the page, be it in sight or not."""
    return driver.app.screen.query_one(Lines).text


def says(driver: Driver) -> str:
    """Return the line that speaks on the page."""
    return driver.app.screen.query_one("#says", Bar).words


@pytest.mark.parametrize("size", [(80, 24), (132, 40)])
async def test_what_they_look_like(fought: School, size: tuple[int, int]) -> None:
    async with driven_school(fought, "CO1", size=size) as driver:
        await driver.type("5")
        check_golden(f"incidents-{size[0]}x{size[1]}", driver.text)
        await driver.type("enter")
        check_golden(f"incident-page-{size[0]}x{size[1]}", driver.text)
        await driver.type("end")
        check_golden(f"incident-page-end-{size[0]}x{size[1]}", driver.text)


async def test_the_list_is_narrowed_by_days_by_what_is_open_owed_and_by_words(fought: School) -> None:
    async with driven_school(fought, "CO1", size=(80, 24)) as driver:
        await driver.type("5")
        assert isinstance(driver.app.screen, IncidentsPage)
        assert "2 incidents" in driver.text
        assert "entered late" in body(driver)
        await driver.type("w")
        assert "Vaping" not in body(driver)
        await driver.type("escape", "n", "khan", "enter")
        assert "Fighting" not in body(driver)
        assert "“khan”" in driver.text
        await driver.type("escape", "down", "enter", "c")
        await driver.type("Apologised.", "f10", "escape", "o")
        assert "Vaping" not in body(driver)
        await driver.type("escape", "d")
        assert "this term" in driver.text
        await driver.type("6")
        assert "Students" in driver.text


async def test_an_opened_incident_tells_it_all_and_the_ledger_who_opened_it(fought: School) -> None:
    async with driven_school(fought, "CO1", size=(80, 24)) as driver:
        before = fought.file.value("SELECT count(*) FROM ledger WHERE act = 'open_incident'")
        await driver.type("5", "enter")
        assert isinstance(driver.app.screen, IncidentPage)
        assert fought.file.value("SELECT count(*) FROM ledger WHERE act = 'open_incident'") == before + 1
        told = " ".join(body(driver).split())
        for words in (
            "Reid, Callum involved",
            "K. Bose, witness",
            "for ten seconds.",
            "Until 09:20 it said: Callum pushed Amara",
            "for a moment.",
            "force was used; somebody was hurt",
            "09:30 M. Adebayo: Both asked not to sit near each other.",
            "parents of Okafor, Amara: not told yet, due today",
            "safeguarding lead: A. Finch",
            "M. Adebayo: Ring both homes before lunch",
            "09:20 J. Smith: The camera shows how long",
        ):
            assert words in told, words
        await driver.type("e")
        assert "only who recorded it may, + adds to it" in says(driver)


async def test_it_is_added_to_told_of_agreed_on_closed_and_opened_again_by_keys(fought: School) -> None:
    async with driven_school(fought, "CO1", size=(80, 24)) as driver:
        await driver.type("5", "enter")
        page = driver.app.screen
        assert isinstance(page, IncidentPage)
        fight = page.opened.incident.id

        await driver.type("+", "The camera is saved.", "f10")
        assert [one.text for one in addenda_of(fought.file, "incident", [fight])[fight]][1:] == ["The camera is saved."]
        assert "Added: it stands beside the record · u undoes" in says(driver)

        await driver.type("l")
        assert "Nothing of what was said" in says(driver)
        await driver.type(*["backspace"] * 10, "0945 A. Finch", "enter")
        await driver.type("home", "t")
        assert "Tell home: Reid, Callum" in driver.text
        await driver.type("t", "f10")
        told = told_of(fought.file, [fight])[fight]
        assert [(one.who, one.happened) for one in told[1:]] == [
            ("safeguarding lead", at("09:45")), ("parent", at("10:00")),
        ]  # fmt: skip
        assert [one.name for one in page.opened.owed] == ["Okafor, Amara"]

        await driver.type("j", "Ask for the camera", "enter", "mr hall", "enter", "tomorrow", "f10")
        assert "Agreed: mr hall, Ask for the camera, by tomorrow" in says(driver)
        agreed = actions_of_incidents(fought.file, [fight])[fight]
        page.query_one(Lines).go_to(("action", agreed[0].id))
        await driver.type("enter", "n", "it is saved", "enter")
        assert [one.end and one.end.note for one in actions_of_incidents(fought.file, [fight])[fight]] == [
            "it is saved", None,
        ]  # fmt: skip

        await driver.type("p", "khan", "enter", "w", "enter", "enter", "The camera shows him", "f10")
        assert the_incident(fought.file, fight).students[-1] == Part(KHAN, "witness")
        assert "Named besides: Khan, Bilal" in says(driver)

        await driver.type("c", "Both spoke.", "f10")
        assert not the_incident(fought.file, fight).open
        await driver.type("c", "It began again.", "f10")
        assert the_incident(fought.file, fight).open
        await driver.type("u")
        assert not the_incident(fought.file, fight).open


async def test_an_assistant_sees_their_own_and_that_there_is_a_restricted_record_of_another(fought: School) -> None:
    async with driven_school(fought, "AS2", size=(80, 24)) as driver:
        await driver.type("5")
        assert "restricted record" in body(driver), "Reid is in a room today"
        assert "Vaping" not in body(driver)
        await driver.type("enter")
        told = body(driver)
        assert "force was used" not in told
        assert "restricted. Ask the safeguarding lead." in told
        await driver.type("c")
        assert "not for the role of assistant" in says(driver)


async def test_who_is_barred_from_one_student_does_not_see_the_incident_at_all(fought: School) -> None:
    from psc.desk.lending import bar_student

    fought.desk("AD1").do(bar_student(3, OKAFOR, "his niece"))
    async with driven_school(fought, "CO1", size=(80, 24)) as driver:
        await driver.type("5")
        assert "Fighting" not in body(driver)
        assert "Okafor" not in body(driver)


async def test_names_hidden_close_the_page_and_the_form(fought: School) -> None:
    async with driven_school(fought, "CO1", size=(80, 24)) as driver:
        await driver.type("5", "enter", "f9")
        assert "Okafor" not in driver.text
        await driver.type("f9")
        assert "Okafor" in driver.text
        await driver.type("escape", "escape", "f9", "x")
        assert "names are hidden" in driver.says


async def test_a_long_account_is_read_through_line_by_line(fought: School) -> None:
    long = "\n".join(f"Line {number} of what happened." for number in range(200))
    fought.desk().do(record_incident(Account("Other", long), [Part(REID, "involved")]))
    async with driven_school(fought, "CO1", size=(80, 24)) as driver:
        await driver.type("5", "enter", *["pagedown"] * 11)
        assert "Line 100 of what happened." in driver.text
