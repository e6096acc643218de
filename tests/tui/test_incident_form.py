"""An incident from the board: fast where it is simple, whole where it is not, and nothing lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from psc.desk.lending import bar_student
from psc.incidents.actions import actions_of_incidents
from psc.incidents.endings import add_to_incident
from psc.incidents.incidents import (
    Account,
    Adult,
    Part,
    amend_incident,
    incidents_between,
    record_incident,
    the_incident,
)
from psc.roster.keep_apart import kept_apart_from
from psc.roster.movements import sign_in
from psc.tui.dialogs.incident import IncidentForm
from psc.tui.dialogs.restrictive import RestrictiveForm
from psc.tui.widgets.bar import Bar
from psc.tui.widgets.lettered import LetterList
from psc.tui.widgets.long_text import LongText
from tests.golden import check_golden
from tests.overview.test_who_sees_whom import cover_pass
from tests.roster.stories import set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, School, at
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from psc.incidents.incidents import Incident
    from tests.tui.app import Driver

REID, OKAFOR, BRIEN, KHAN = 1, 2, 3, 4
NOVAK = 10
A_KEY, A_THOUGHT = 0.28, 1.35
"""Seconds for a key of an average typist, and for making up one's mind before an answer.

Source: Card, Moran and Newell, The Keystroke-Level Model (1980).
"""


@pytest.fixture
def morning(school: School) -> School:
    """Three students are in the room, a fourth is expected; it is 09:30."""
    set_clock(school, "08:52")
    for student in (REID, OKAFOR, BRIEN, KHAN):
        school.book(student)
    for student in (REID, OKAFOR, BRIEN):
        school.desk().do(sign_in(student, IER))
    school.clock.moment = at("09:30")
    return school


def the_one(school: School) -> Incident:
    """Return the one incident that was recorded."""
    (one,) = incidents_between(school.file, FRIDAY_BEFORE, MONDAY)
    return one


def form(driver: Driver) -> IncidentForm:
    """Return the form in sight."""
    assert isinstance(driver.app.screen, IncidentForm)
    return driver.app.screen


def cursor(driver: Driver, name: str) -> None:
    """Put the board's cursor on a student."""
    today = driver.today
    place = next(n for n, one in enumerate(today.state.shown) if one.row.name.startswith(name))
    today.set_state(today.state.at(place))


async def test_a_simple_incident_takes_eight_keys_beside_its_sentence_and_under_half_a_minute(morning: School) -> None:
    sentence = "Threw a ruler at the window and swore when asked to stop."
    keys = ["x", "enter", *"figh", "enter", *sentence, "f10"]
    assert len(keys) - len(sentence) == 8
    thoughts = 4  # when, what kind, what to write, that this is all
    assert len(keys) * A_KEY + thoughts * A_THOUGHT < 30
    async with driven_school(morning, size=(80, 24)) as driver:
        cursor(driver, "Okafor")
        await driver.type(*keys)
        assert driver.app.screen is driver.today
        assert "Okafor, Amara: Fighting 09:30 recorded · u undoes" in driver.says
        found = the_one(morning)
        assert found.students == (Part(OKAFOR, "involved"),)
        assert (found.happened, found.now.behaviour) == (at("09:30"), sentence)
        assert (found.now.category, found.now.place, found.now.period) == ("Fighting", "Internal Exclusion Room", "P1")
        assert (found.now.room_id, found.now.severity) == (IER, 1)
        await driver.type("u")
        assert incidents_between(morning.file, MONDAY, MONDAY) == ()


async def test_several_students_with_roles_an_adult_and_the_room_as_witnesses_by_one_key_each(morning: School) -> None:
    async with driven_school(morning, size=(80, 24)) as driver:
        cursor(driver, "Okafor")
        await driver.type("x", "5", "figh", "enter", "Pushed.", "tab", "3")
        await driver.type("p", "khan", "enter", "t", "lee", "backspace", "backspace", "backspace")
        await driver.type("enter", "tab", "w", "w")
        form(driver)
        people = driver.app.screen.query_one("#people", LetterList)
        form(driver).query_one("#more").focus()
        await driver.type("w")
        assert driver.app.focused is people
        assert "O’Brien, Łukasz" in people.text
        assert "Reid, Callum" in people.text
        await driver.type("w", "w")
        form(driver).query_one("#more").focus()
        await driver.type("a", "mr lee", "enter", "h", "kb", "enter", "enter", "f10")
        found = the_one(morning)
        assert found.students == (
            Part(OKAFOR, "involved"), Part(KHAN, "target"), Part(BRIEN, "witness"), Part(REID, "witness"),
        )  # fmt: skip
        assert found.adults == (Adult(None, "mr lee", "hurt"), Adult(7, "", "involved"))
        assert (found.happened, found.now.severity) == (at("09:25"), 3)
        assert "parents to be told" in driver.says


async def test_all_marked_on_the_board_are_involved_and_kept_apart_by_one_key(morning: School) -> None:
    async with driven_school(morning, "CO1", size=(80, 24)) as driver:
        for name in ("Okafor", "Reid"):
            cursor(driver, name)
            await driver.type("space")
        await driver.type("x", "enter", "figh", "enter", "Both pushed.", "f10")
        assert {one.student_id for one in the_one(morning).students} == {REID, OKAFOR}
        assert "Keep apart for 30 days" in driver.says
        await driver.type("y")
        assert "to be kept apart" in driver.says
        assert [one.other for one in kept_apart_from(morning.file, REID, MONDAY)] == [OKAFOR]


async def test_who_may_not_keep_apart_asks_the_coordinators_and_any_other_key_is_no(morning: School) -> None:
    async with driven_school(morning, size=(80, 24)) as driver:
        cursor(driver, "Reid")
        await driver.type("x", "enter", "figh", "enter", "Pushed.", "tab", "p", "okaf", "enter", "t", "f10")
        assert "Ask the coordinators to keep apart" in driver.says
        await driver.type("y")
        incident = the_one(morning)
        (agreed,) = actions_of_incidents(morning.file, [incident.id])[incident.id]
        assert (agreed.owner, "Reid, Callum – Okafor, Amara" in agreed.what) == ("coordinators", True)
        assert kept_apart_from(morning.file, REID, MONDAY) == ()


async def test_force_asks_what_keeping_somebody_was_and_takes_no_silence_for_an_answer(morning: School) -> None:
    async with driven_school(morning, size=(80, 24)) as driver:
        cursor(driver, "Reid")
        await driver.type("x", "enter", "dang", "enter", "Held by the arms.", "tab", "f")
        assert driver.app.focused is form(driver).query_one("#kept")
        assert "Was a student kept from leaving?" in driver.text
        await driver.type("f10")
        assert "Say whether a student was kept from leaving, and as what." in driver.text
        await driver.type("o", "f10")
        assert (the_one(morning).now.force, the_one(morning).now.prevented) == (True, False)


async def test_force_leads_to_its_record_and_keeping_apart_is_offered_when_that_is_closed(morning: School) -> None:
    async with driven_school(morning, "CO1", size=(80, 24)) as driver:
        cursor(driver, "Reid")
        await driver.type("x", "enter", "figh", "enter", "Held apart.", "tab", "f", "o")
        await driver.type("p", "okaf", "enter", "t", "f10")
        assert "Force or seclusion of whom" in driver.says
        await driver.type("1")
        assert isinstance(driver.app.screen, RestrictiveForm)
        await driver.type("escape")
        assert driver.app.screen_stack[-1] == driver.today
        assert "Keep apart for 30 days: Reid, Callum – Okafor, Amara" in " ".join(driver.says.split())


async def test_seclusion_is_what_was_answered(morning: School) -> None:
    async with driven_school(morning, size=(80, 24)) as driver:
        cursor(driver, "Reid")
        await driver.type("x", "enter", "dang", "enter", "Alone behind the door.", "tab", "k", "e", "f10")
        found = the_one(morning).now
        assert (found.force, found.prevented, found.kept_as, found.needs_restrictive) == (
            False, True, "seclusion", True,
        )  # fmt: skip


async def test_on_an_empty_board_the_student_comes_first_and_who_is_missing_is_said(school: School) -> None:
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("x", "o", "fri 1430", "enter")
        assert driver.app.focused is form(driver).query_one("#student")
        await driver.type("f10")
        assert "Who was it?" in driver.text
        await driver.type("marsh", "enter", "enter", "enter", "a thing of its own", "enter", "Left.", "f10")
        found = the_one(school)
        assert (found.students, found.happened) == ((Part(5, "involved"),), at("14:30", FRIDAY_BEFORE))
        assert (found.now.category, found.now.period) == ("a thing of its own", "P5")


async def test_what_does_not_fit_is_said_by_its_field_and_all_that_was_typed_stays(morning: School) -> None:
    async with driven_school(morning, size=(80, 24)) as driver:
        cursor(driver, "Reid")
        await driver.type("x", "o", "2330", "enter")
        assert "That time is still to come." in driver.says or "When was it" in driver.says
        await driver.type(*["backspace"] * 4, "0915", "enter")
        one = form(driver)
        one.query_one("#category", Input).value = "x" * 120
        one.query_one("#behaviour", LongText).load_text("Pushed.")
        await driver.type("f10")
        assert "The category has 120 characters; 100 fit." in driver.text
        one.query_one("#category", Input).value = "Fighting"
        one.query_one("#when", Input).value = "2330"
        await driver.type("f10")
        assert "still to come" in driver.text
        assert driver.app.focused is one.query_one("#when")
        one.query_one("#when", Input).value = "0910"
        one.query_one("#behaviour", LongText).load_text("x" * 20_001)
        await driver.type("f10")
        assert "20,000 fit" in driver.text
        one.query_one("#behaviour", LongText).load_text("[b]Pushed[/ [@click=app.quit]")
        await driver.type("f10")
        assert (the_one(morning).now.behaviour, the_one(morning).happened) == (
            "[b]Pushed[/ [@click=app.quit]", at("09:10"),
        )  # fmt: skip


async def test_a_form_half_filled_outlives_escape_and_a_crash_with_people_and_switches(morning: School) -> None:
    async with driven_school(morning, size=(80, 24)) as driver:
        cursor(driver, "Reid")
        await driver.type("x", "enter", "figh", "enter", "Push", "tab", "4", "i", "b", "Argued", "tab")
        form(driver).query_one("#more").focus()
        await driver.type("p", "khan", "enter", "t", "escape")
        assert "Not saved." in driver.text
        await driver.type("escape")
        assert incidents_between(morning.file, MONDAY, MONDAY) == ()
        drafts = morning.file.rows("SELECT form, about FROM draft")
        assert drafts == [("incident", f"student {REID}")]
        assert not morning.file.value("SELECT count(*) FROM draft WHERE json LIKE '%Khan%'")
    async with driven_school(morning, size=(132, 40)) as driver:  # psc was ended meanwhile
        cursor(driver, "Reid")
        await driver.type("x", "enter")
        assert "F5 brings it back" in driver.text
        await driver.pilot.press("f5")
        await driver.rest()
        assert "Khan, Bilal" in form(driver).query_one("#people", LetterList).text
        assert form(driver).query_one("#row-antecedent").display
        await driver.type("f10")
        found = the_one(morning)
        assert found.students == (Part(REID, "involved"), Part(KHAN, "target"))
        assert (found.now.behaviour, found.now.antecedent) == ("Push", "Argued")
        assert (found.now.severity, found.now.injury) == (4, True)
        assert not morning.file.value("SELECT count(*) FROM draft")


async def test_a_switch_alone_is_asked_about_before_it_is_lost(morning: School) -> None:
    async with driven_school(morning, size=(80, 24)) as driver:
        cursor(driver, "Reid")
        await driver.type("x", "enter")
        form(driver).query_one("#more").focus()
        await driver.type("4", "escape")
        assert "Not saved." in driver.text


async def test_whoever_is_barred_is_neither_filled_in_nor_offered(morning: School) -> None:
    morning.desk("AD1").do(bar_student(1, OKAFOR, "her niece"))
    async with driven_school(morning, size=(80, 24)) as driver:
        cursor(driver, "Reid")
        await driver.type("x", "enter")
        form(driver).query_one("#more").focus()
        await driver.type("w")
        people = form(driver).query_one("#people", LetterList).text
        assert "O’Brien" in people
        assert "Okafor" not in driver.text


async def test_by_the_mouse_alone_once_the_words_are_typed(morning: School) -> None:
    async with driven_school(morning, size=(132, 40)) as driver:
        cursor(driver, "Reid")
        await driver.type("x")
        driver.today.query_one("#says", Bar).post_message(Bar.Pressed("5"))
        await driver.rest()
        await driver.type("figh", "enter", "Pushed.")
        one = form(driver)
        for bar, press in (("severity", "more:2"), ("facts", "more:k"), ("kept-words", "kept:a"), ("parts", "more:w")):
            one.query_one(f"#{bar}", Bar).post_message(Bar.Pressed(press))
            await driver.rest()
        one.query_one("#form-keys", Bar).post_message(Bar.Pressed("people:w"))
        await driver.rest()
        one.query_one("#form-keys", Bar).post_message(Bar.Pressed("f10"))
        await driver.rest()
        found = the_one(morning)
        assert found.students == (Part(REID, "involved"), Part(BRIEN, "witness"))
        assert (found.now.severity, found.now.kept_as, found.happened) == (2, "sanction", at("09:25"))


async def test_a_head_of_year_writes_of_their_years_and_the_admin_writes_none(morning: School) -> None:
    async with driven_school(morning, "AD1", size=(80, 24)) as driver:
        await driver.type("escape", "x")
        assert "not for the role of admin" in driver.says
        await driver.type("5")
        assert driver.app.screen is driver.today
    async with driven_school(morning, "HY8", size=(80, 24)) as driver:
        cursor(driver, "Khan")
        await driver.type("x", "enter", "figh", "enter", "Pushed.", "f10")
        assert the_one(morning).students == (Part(KHAN, "involved"),)


@pytest.mark.parametrize("size", [(80, 24), (132, 40)])
async def test_what_it_looks_like(morning: School, size: tuple[int, int]) -> None:
    async with driven_school(morning, size=size) as driver:
        cursor(driver, "Okafor")
        await driver.type("x", "enter")
        check_golden(f"incident-{size[0]}x{size[1]}", driver.text)
        await driver.type("figh", "enter", "Pushed by the door.", "tab", "3", "f", "e", "w", "w")
        check_golden(f"incident-whole-{size[0]}x{size[1]}", driver.text)


async def test_amended_by_its_author_with_a_reason_and_a_stale_save_keeps_what_was_typed(morning: School) -> None:
    async with driven_school(morning, size=(80, 24)) as driver:
        cursor(driver, "Reid")
        await driver.type("x", "enter", "figh", "enter", "Pushed.", "f10", "5", "enter", "e")
        form(driver).query_one("#behaviour", LongText).load_text("Was pushed.")
        await driver.type("f10")
        assert "An amendment needs a reason." in driver.text
        await driver.type("A teacher saw it")
        found = the_one(morning)
        other = found.now._replace(severity=2)
        morning.desk("AS1", "two").do(amend_incident(found.id, other, "No", seen=found.versions[-1].id))
        await driver.type("f10")
        assert "has amended it" in driver.text
        assert form(driver).query_one("#behaviour", LongText).text == "Was pushed."
        await driver.type("escape", "escape", "e")
        await driver.pilot.press("f5")
        await driver.rest()
        await driver.type("f10")
        assert [one.account.behaviour for one in the_incident(morning.file, found.id).versions] == [
            "Pushed.", "Pushed.", "Was pushed.",
        ]  # fmt: skip


async def test_of_two_staff_of_one_name_the_one_who_was_chosen_is_named(morning: School) -> None:
    morning.file.execute("UPDATE staff SET forename = 'Jan', surname = 'Smith' WHERE code = 'AS2'")
    async with driven_school(morning, size=(80, 24)) as driver:
        cursor(driver, "Okafor")
        await driver.type("x", "enter", "figh", "enter", "Pushed.", "tab", "p")
        form(driver).query_one("#adult").focus()
        await driver.type("smi", "down", "enter", "w", "f10")
        assert the_one(morning).adults == (Adult(2, "", "witness"),)


async def test_whose_name_is_not_for_the_author_stays_in_it_when_a_draft_is_brought_back(morning: School) -> None:
    cover_pass(morning, IER)
    mine = morning.desk("CV1").do(record_incident(Account("Fighting", "Pushed."), (Part(REID, "involved"),))).value
    morning.desk("CO1").do(add_to_incident(mine, [Part(NOVAK, "witness")], [], "She told me"))
    async with driven_school(morning, "CV1", (80, 24)) as driver:
        await driver.type("5", "enter", "e")
        form(driver).query_one("#behaviour").focus()
        await driver.type("X", "escape", "escape", "e")
        await driver.pilot.press("f5")
        await driver.rest()
        assert "X" in form(driver).query_one("#behaviour", LongText).text
        assert "Novak" not in driver.text
        form(driver).query_one("#why").focus()
        await driver.type("Slip", "f10")
    found = the_incident(morning.file, mine)
    assert len(found.versions) == 2
    assert set(found.students) == {Part(REID, "involved"), Part(NOVAK, "witness")}
