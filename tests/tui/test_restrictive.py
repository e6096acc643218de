"""Force and seclusion on the screen: written from its incident, opened, told, reviewed, signed off, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from psc.incidents.incidents import Part
from psc.incidents.restrictive import restrictive_of, the_restrictive
from psc.incidents.restrictive_steps import review_restrictive
from psc.tui.dialogs.restrictive import RestrictiveForm
from psc.tui.screens.restrictive import RestrictivePage, begin_record, open_record
from psc.tui.screens.restrictive_report import RestrictiveReportPage
from psc.tui.widgets.bar import Bar
from psc.tui.widgets.long_text import LongText
from tests.golden import check_golden
from tests.incidents.restrained import FORCE, HELD, REID, give_two_parents, incident, record
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from psc.incidents.restrictive import Restrictive
    from tests.school import School
    from tests.tui.app import Driver

ALONE = (Part(REID, "involved"),)
WHOLE = (
    ("r", "tab", "1024", "enter", "enter"),
    ("AS1: arm; K. Bose", "enter"),
    ("N", "tab", "A", "tab", "L", "tab", "x", "tab", "tab", "n"),
    ("f10",),
)
"""Everything that a record cannot do without, from the first field of the form on."""


def says(driver: Driver) -> str:
    return driver.app.screen.query_one("#says", Bar).words


def the_record(school: School, of: int) -> Restrictive:
    (one,) = restrictive_of(school.file, (of,))
    return one


async def begun(driver: Driver, of: int) -> RestrictiveForm:
    begin_record(driver.today, driver.today, of)
    await driver.rest()
    assert isinstance(driver.app.screen, RestrictiveForm)
    return driver.app.screen


async def test_a_record_is_written_by_keys_alone_and_opened(school: School) -> None:
    give_two_parents(school)
    of = incident(school, students=ALONE)
    async with driven_school(school, size=(80, 24)) as driver:
        await begun(driver, of)
        check_golden("restrictive-form-80", driver.text)
        for keys in WHOLE:
            await driver.type(*keys)
        assert "each parent is to be told today" in driver.says
        open_record(driver.today, driver.today, the_record(school, of).id)
        await driver.rest()
        check_golden("restrictive-80", driver.text)
    said = the_record(school, of).now
    assert (said.type, said.minutes, said.plan, said.place) == ("restraint", 4, "none", "Corridor")
    assert [(one.staff_id, one.name, one.role) for one in said.staff] == [(1, "J. Smith", "arm"), (7, "K. Bose", "")]


async def test_there_is_room_for_all_of_it_on_a_larger_screen(school: School) -> None:
    give_two_parents(school)
    one = record(school, HELD._replace(medical="Nurse", view="Sorry.", witnesses="K. Bose", debrief="At lunch"))
    async with driven_school(school, size=(132, 40)) as driver:
        open_record(driver.today, driver.today, one)
        await driver.rest()
        check_golden("restrictive-132", driver.text)
        await driver.type("e")
        check_golden("restrictive-form-132", driver.text)


async def test_what_is_missing_is_said_and_its_field_has_the_focus(school: School) -> None:
    of = incident(school, students=ALONE)
    async with driven_school(school, size=(80, 24)) as driver:
        form = await begun(driver, of)
        for keys, field, words in (
            ((), "type", "Say what it was."),
            (("r",), "ends", "When did it end?"),
            (("1019",), "ends", ""),
        ):
            await driver.type(*keys, "f10")
            assert driver.app.focused is form.query_one(f"#{field}") or not words
            assert words in driver.text
        form.query_one("#ends", Input).value = "1019"
        form.query_one("#staff", Input).value = "AS1"
        for name in ("led_up", "deescalation", "ended_how", "injuries"):
            form.query_one(f"#{name}", LongText).load_text("x")
        form.query_one("#plan", Input).value = "none"
        await driver.type("f10")
        assert "It ends before it begins." in driver.text
        form.query_one("#ends", Input).value = "1200"
        await driver.type("f10")
        assert "still to come" in driver.text
    assert restrictive_of(school.file, (of,)) == ()


async def test_an_end_before_the_start_is_said_whole_and_a_length_no_clock_has_is_no_time(school: School) -> None:
    of = incident(school, students=ALONE)
    async with driven_school(school, size=(80, 24)) as driver:
        form = await begun(driver, of)
        await driver.type("r", "enter", "0900")
        assert "before it began" in driver.text
        form.query_one("#ends", Input).value = "99999999999m"
        await driver.type("f10")
        assert "is not a time psc can read" in driver.text


async def test_seclusion_that_the_incident_does_not_know_is_said_and_not_put_right_by_itself(school: School) -> None:
    of = incident(school, FORCE._replace(prevented=True, kept_as="sanction"), students=ALONE)
    async with driven_school(school, size=(80, 24)) as driver:
        form = await begun(driver, of)
        assert form.query_one("#type", Input).value == ""
        assert "kept as a sanction," in driver.text
        await driver.type("s")
        assert "This record says seclusion; the incident does not." in driver.text


async def test_several_students_are_asked_about_and_who_was_not_there_is_refused(school: School) -> None:
    of = incident(school)
    async with driven_school(school, size=(80, 24)) as driver:
        begin_record(driver.today, driver.today, of)
        await driver.rest()
        assert "Force or seclusion of whom" in driver.says
        await driver.type("2")
        assert isinstance(driver.app.screen, RestrictiveForm)
        assert "Okafor, Amara" in driver.text
    async with driven_school(school, "CO1") as driver:
        begin_record(driver.today, driver.today, of)
        await driver.rest()
        assert "was there, writes it" in driver.says


async def test_a_record_is_corrected_with_a_reason_and_what_it_said_stays_in_sight(school: School) -> None:
    one = record(school)
    async with driven_school(school, size=(132, 40)) as driver:
        open_record(driver.today, driver.today, one)
        await driver.rest()
        await driver.type("e")
        await driver.type("tab", "1025", "f10")
        assert "An amendment needs a reason." in driver.text
        await driver.type("CCTV", "f10")
        assert isinstance(driver.app.screen, RestrictivePage)
        assert "until 10:30: Mon 23 Nov 10:20–10:24, 4 minutes" in driver.text
        assert "CCTV" in driver.text
        await driver.type("u")
        assert "CCTV" not in driver.text
    assert len(the_restrictive(school.file, one).versions) == 1


async def test_from_telling_a_parent_to_the_sign_off(school: School) -> None:
    give_two_parents(school)
    one = record(school)
    async with driven_school(school, "BL1", size=(132, 40)) as driver:
        open_record(driver.today, driver.today, one)
        await driver.rest()
        assert "○ Tell mother of force: due today" in driver.text
        await driver.type("s")
        assert "it is not reviewed yet" in says(driver)
        await driver.type("t")
        await driver.type("t", "f10")
        assert "✓ Tell mother of force: done today" in driver.text
        await driver.type("w")
        await driver.type("enter", "Harm", "enter", "A. Duty", "f10")
        assert "father, Liban Reid: withheld, Harm · local authority told: A. Duty" in driver.text
        for key in "rs":
            await driver.type(key)
            await driver.type("x", "f10")
        await driver.type("end")
        assert "Signed off 10:30 by R. Okoro" in driver.text
        await driver.type("e")
        assert "only who wrote it" in says(driver)
    assert the_restrictive(school.file, one).sign_off is not None


async def test_a_record_that_is_undone_at_another_terminal_is_said(school: School) -> None:
    from psc.desk.acts import undo

    one = record(school)
    async with driven_school(school, "BL1") as driver:
        open_record(driver.today, driver.today, one)
        await driver.rest()
        school.desk().do(undo())
        await driver.type("down")
        assert "There is no such record." in says(driver) or "undone" in says(driver)
        await driver.type("escape")


async def test_a_stale_review_is_refused_and_what_was_typed_stays(school: School) -> None:
    from psc.incidents.restrictive import amend_restrictive

    one = record(school)
    async with driven_school(school, "CO1", size=(80, 24)) as driver:
        open_record(driver.today, driver.today, one)
        await driver.rest()
        await driver.type("r")
        await driver.type("Read.")
        seen = the_restrictive(school.file, one).versions[-1].id
        school.desk().do(amend_restrictive(one, HELD._replace(view="Sorry"), "He spoke", seen=seen))
        await driver.type("f10")
        assert "has amended it" in driver.text
        assert "Read." in driver.text
    with pytest.raises(Exception, match="amended"):
        school.desk("CO1").do(review_restrictive(one, "Read", seen=seen))


async def test_a_term_is_counted_without_a_name(school: School) -> None:
    record(school)
    async with driven_school(school, "BL1", size=(80, 24)) as driver:
        await driver.type("f9", "F")  # names hidden: there are none on it
        assert isinstance(driver.app.screen, RestrictiveReportPage)
        check_golden("restrictive-report-80", driver.text)
        await driver.pilot.press("less_than_sign")
        await driver.rest()
        assert "the calendar has none" in says(driver)


async def test_it_is_not_counted_for_an_assistant(school: School) -> None:
    async with driven_school(school) as driver:
        await driver.type("F")
        assert "not for the role of assistant" in driver.says
