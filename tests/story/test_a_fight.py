"""A fight in the corridor, from the bell to the sign-off, at the keyboard.

One incident of two students and the adult who saw it, the force that was used, both statements and where they do not
agree, each home told, what was agreed, a review, a sign-off, and an outcome; then all of it in each student's story.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from psc.incidents.addenda import addenda_of
from psc.incidents.incidents import Adult, Part, incidents_between
from psc.incidents.restrictive import restrictive_of
from psc.incidents.statements import statements_of
from psc.incidents.told import told_of
from psc.overview.actions import owed_by_all
from psc.roster.movements import sign_in
from psc.tui.screens.actions import ActionsPage
from psc.tui.screens.incident import IncidentPage
from psc.tui.screens.restrictive import RestrictivePage
from psc.tui.screens.statement import BesidePage, StatementPage
from psc.tui.widgets.lines import Lines
from tests.incidents.restrained import give_two_parents
from tests.roster.stories import set_clock
from tests.school import IER, MONDAY, School, at
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from psc.incidents.incidents import Incident
    from psc.incidents.restrictive import Restrictive
    from tests.tui.app import Driver

REID, OKAFOR, BRIEN = 1, 2, 3
BOSE = 7


def the_fight(school: School) -> Incident:
    """Return the one incident there is."""
    (one,) = incidents_between(school.file, MONDAY, MONDAY)
    return one


def the_record(school: School) -> Restrictive:
    """Return the one record of force there is."""
    (one,) = restrictive_of(school.file, [the_fight(school).id])
    return one


def owed(school: School, code: str) -> list[tuple[str, str]]:
    """Return what somebody sees is owed of the fight: what kind of thing, of whom."""
    found = owed_by_all(school.file, school.desk(code).staff(), school.clock.now())
    return sorted((one.kind, one.student) for one in found)


def body(driver: Driver) -> str:
    """Return all lines of a page, in sight or not."""
    return " ".join(driver.app.screen.query_one(Lines).text.split())


async def go_to(driver: Driver, kind: str, number: int) -> None:
    """Put the page's cursor on a line."""
    driver.app.screen.query_one(Lines).go_to((kind, number))
    await driver.rest()


async def record(school: School) -> None:
    """The assistant who parted them records it from the board, ten minutes after, and then the force."""
    async with driven_school(school, "AS1", size=(80, 24)) as desk:
        place = next(n for n, one in enumerate(desk.today.state.shown) if one.row.name.startswith("Reid"))
        desk.today.set_state(desk.today.state.at(place))
        await desk.type("x", "1", "figh", "enter", "He pushed her, she pushed back. I held his arms.", "tab", "4")
        form = desk.app.screen
        form.query_one("#place", Input).value = "Corridor by the lockers"
        await desk.type("f", "o", "p", "okaf", "enter", "t", *"obrien", "enter", "w")
        form.set_focus(form.query_one("#more"))
        await desk.type("a", "kb", "enter", "w", "f10")
        assert "Force or seclusion of whom" in desk.says
        await desk.type("1", "r", "tab", "1012", "enter", "enter", "AS1: held his arms", "enter")
        await desk.type("Words about a photograph.", "tab", "Asked both to stop.", "tab", "He let go.", "tab")
        await desk.type("A red wrist.", "tab", "Nurse.", "tab", "n", "tab", "He is sorry.", "f10")
        assert "each parent is to be told today" in desk.says
        await desk.type("y")  # an assistant keeps nobody apart: the coordinators are asked to

    fight = the_fight(school)
    assert fight.students == (Part(REID, "involved"), Part(OKAFOR, "target"), Part(BRIEN, "witness"))
    assert fight.adults == (Adult(BOSE, "", "witness"),)
    assert (fight.happened, fight.now.place, fight.now.severity) == (at("10:10"), "Corridor by the lockers", 4)
    assert (fight.now.force, fight.now.prevented) == (True, False)
    held = the_record(school).now
    assert (held.type, held.minutes, held.place) == ("restraint", 2, "Corridor by the lockers")


async def hear_both(school: School) -> None:
    """The coordinator hears both, page by page, and notes where they do not agree."""
    async with driven_school(school, "CO1", size=(132, 40)) as desk:
        await desk.type("5", "enter")
        assert isinstance(desk.app.screen, IncidentPage)
        for whose, words in (("reid", "She laughed at me."), ("okaf", "I never laughed.")):
            await desk.type("s", whose, "enter")
            form = desk.app.screen
            form.set_focus(form.query_one("#words"))
            await desk.type(words)
            form.query_one("#read_back", Input).value = "yes"
            school.clock.forward(minutes=8)
            await desk.type("f10")
        first, second = statements_of(school.file, [the_fight(school).id])[the_fight(school).id]
        assert (first.now.pages, second.now.pages) == (("She laughed at me.",), ("I never laughed.",))
        await go_to(desk, "statement", first.id)
        await desk.type("enter")
        assert isinstance(desk.app.screen, StatementPage)
        await desk.type("=")
        if not isinstance(desk.app.screen, BesidePage):
            await desk.type("1")
        assert "She laughed at me." in desk.text
        assert "I never laughed." in desk.text
        await desk.type("n", "Whether she laughed", "f10", "escape", "escape")
        await desk.type("j", "Mend it between them", "enter", "co1", "enter", "tomorrow", "f10")


async def tell_each_home(school: School) -> None:
    """The assistant tells both homes, each parent of the one who was held by name; the lead is told that, not what."""
    async with driven_school(school, "AS1", size=(80, 24)) as desk:
        await desk.type("5", "enter")
        await desk.type("l", *["backspace"] * 10, "1105 A. Finch", "enter")
        for student in (OKAFOR, REID):
            await go_to(desk, "student", student)
            await desk.type("t")
            await desk.type("t", "f10")
        await desk.type("f")
        assert isinstance(desk.app.screen, RestrictivePage)
        for _ in range(2):
            await desk.type("t")
            await desk.type("t", "f10")
    told = told_of(school.file, [the_fight(school).id])[the_fight(school).id]
    assert [(one.who, one.student_id) for one in told] == [
        ("safeguarding lead", None), ("parent", OKAFOR), ("parent", REID),
    ]  # fmt: skip


async def review(school: School) -> None:
    """The coordinator reviews it, the behaviour lead signs it off, and the incident is closed with its outcome."""
    async with driven_school(school, "CO1", size=(80, 24)) as desk:
        await desk.type("5", "enter", "f", "r")
        await desk.type("Short, and no more than was needed.", "f10")
        await desk.type("escape", "+", "The camera shows the same.", "f10")
    async with driven_school(school, "BL1", size=(80, 24)) as desk:
        await desk.type("5", "enter", "f", "s")
        await desk.type("Agreed.", "f10")
        await desk.type("escape")
        await desk.type("c", "Both spoke, with their key workers.", "f10")


async def test_a_fight_in_the_corridor_is_told_whole_by_keys_alone(school: School) -> None:
    for student in (REID, OKAFOR):
        give_two_parents(school, student)
    set_clock(school, "08:52")
    for student in (REID, OKAFOR, BRIEN):
        school.book(student)
        school.desk().do(sign_in(student, IER))
    school.clock.moment = at("10:20")
    await record(school)
    force = [("record", "Reid, Callum")] * 2 + [("review", "Reid, Callum")] * 2
    both = ("action", "Reid, Callum; Okafor, Amara")
    assert owed(school, "CO1") == [both, ("parent", "Okafor, Amara"), ("parent", "Reid, Callum"), *force]

    school.clock.moment = at("10:40")
    await hear_both(school)
    school.clock.moment = at("11:10")
    await tell_each_home(school)
    assert owed(school, "CO1") == [both, both, *force[2:]]
    await review(school)
    assert owed(school, "CO1") == [both, both]
    fight = the_fight(school)
    assert (fight.open, fight.outcome) == (False, "Both spoke, with their key workers.")
    assert the_record(school).sign_off is not None
    (added,) = addenda_of(school.file, "incident", [fight.id])[fight.id]
    assert added.text == "The camera shows the same."

    school.clock.forward(minutes=25 * 60)
    async with driven_school(school, "CO1", size=(132, 40)) as desk:
        await desk.type("J")
        assert isinstance(desk.app.screen, ActionsPage)
        assert "Mend it between them" in body(desk)
        await desk.type("enter")
        assert len(owed(school, "CO1")) == 1
        await desk.type("escape", "6", "reid", "down", "enter")
        told = desk.text
        for words in ("Fighting", "statement", "restrictive", "home", "action"):
            assert words in told, told
    async with driven_school(school, "AS1", size=(80, 24)) as desk:
        await desk.type("5", "enter", "e")
        assert "locked" in desk.text
