"""Referrals by keys: raised from the board with nothing lost, listed, opened, decided, told home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input

from psc.cli.demo import MOMENT
from psc.clock import SetClock
from psc.flows.walk_in import walk_in
from psc.overview.referrals import one_item
from psc.roster.placements import PlacementType
from psc.roster.raising import raise_referral
from psc.roster.referrals import State, referrals
from psc.tui.dialogs.referral import ReferralForm
from psc.tui.screens.referral import ReferralPage
from psc.tui.screens.referrals import ReferralsPage
from psc.tui.widgets.bar import Bar
from tests.golden import check_golden
from tests.roster.homes import give_contacts
from tests.roster.stories import set_clock
from tests.school import FRIDAY_BEFORE, IER, TUESDAY, School, at
from tests.tui.app import driven, driven_school

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.app import Driver

KHAN, MARSH = 4, 5


def ask(school: School, code: str = "AS1", student: int = KHAN, when: str = "tomorrow", **more: Any) -> int:
    call = raise_referral(student, PlacementType.INTERNAL_EXCLUSION, "Defiance", when, "Threw a chair.", **more)
    return int(school.desk(code, "elsewhere").do(call).value)


def state(school: School, referral: int) -> State:
    return one_item(school.file, referral, school.desk("BL1").staff(), school.clock.now()).state


def on_page(driver: Driver) -> str:
    """Return the line that speaks on the page in sight."""
    return driver.app.screen.query_one("#says", Bar).words


async def test_a_student_is_referred_by_keys_and_what_is_too_long_is_refused_in_place(school: School) -> None:
    school.book(2)
    set_clock(school, "11:40")
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("r")
        form = driver.app.screen
        assert isinstance(form, ReferralForm)
        assert "Okafor, Amara" in form.query_one("#student", Input).value
        assert [form.query_one(f"#{name}", Input).value for name in ("period", "place", "subject", "teacher")] == [
            "P3", "S3", "Science", "KB",
        ]  # fmt: skip
        await driver.type("tomorrow", "enter")
        assert "→ Tue 24 Nov, all lessons" in driver.text
        form.query_one("#reason", Input).value = "x" * 400
        await driver.type("tab", "f10")
        assert "The reason has 400 characters; 60 fit." in driver.text
        assert form.query_one("#reason", Input).value == "x" * 400
        assert driver.app.focused is form.query_one("#reason")
        form.query_one("#reason", Input).value = ""
        await driver.type("def", "enter")
        form.query_one("#teacher").focus()
        await driver.type("Mx Zed")
        assert "No one on the staff list is called “Mx Zed”: kept as typed." in driver.text
        await driver.type("enter", "Threw a chair.", "f10")
        assert driver.app.screen is driver.today
        assert "Okafor, Amara referred: Tue 24 Nov, all lessons." in driver.says
        (one,) = referrals(school.file)
        assert (one.reason, one.teacher, one.facts) == ("Defiance", "Mx Zed", "Threw a chair.")


async def test_a_form_half_filled_is_kept_by_escape_and_brought_back_to_the_letter(school: School) -> None:
    school.book(2)
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("r", "tomorrow", "enter", "def", "enter", "enter", "enter", "enter", "enter")
        await driver.type("Threw", "enter", "a chair")
        await driver.type("escape")
        assert "Not saved." in driver.text
        await driver.type("escape")
        assert driver.app.screen is driver.today
        assert referrals(school.file) == ()
        await driver.type("r")
        assert "F5 brings it back" in driver.text
        await driver.pilot.press("f5")
        await driver.rest()
        form = driver.app.screen
        assert isinstance(form, ReferralForm)
        assert form.text("facts") == "Threw\na chair"
        assert form.text("asked") == "tomorrow"
        await driver.type("f10")
        assert referrals(school.file)[0].facts == "Threw\na chair"


async def test_on_an_empty_board_the_student_is_found_by_typing_and_send_is_asked_about(school: School) -> None:
    school.file.execute("UPDATE student SET sen = 'K' WHERE id = 5")
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("r", "marsh", "enter", "enter", "enter", "tomorrow", "enter", "def", "enter")
        form = driver.app.screen
        assert isinstance(form, ReferralForm)
        form.query_one("#facts").focus()
        await driver.type("Left", "f10")
        assert "Which adjustment was considered?" in driver.text
        assert driver.app.focused is form.query_one("#adjustment")
        await driver.type("escape", "escape", "r")
        await driver.pilot.press("f5")
        await driver.rest()
        form = driver.app.screen
        assert form.query_one("#row-adjustment").display, "a draft brings the question back with its student"
        form.query_one("#adjustment").focus()
        await driver.type("Sat at the front", "f10")
        assert referrals(school.file)[0].adjustment == "Sat at the front"


async def test_from_a_student_s_sheet_too(school: School) -> None:
    school.book(2)
    async with driven_school(school, "CO1") as driver:
        await driver.type("6", "reid", "enter", "r")
        form = driver.app.screen
        assert isinstance(form, ReferralForm)
        await driver.type("tomorrow", "enter", "def", "enter")
        form.query_one("#facts").focus()
        await driver.type("Left", "f10")
        assert "Reid, Callum referred: Tue 24 Nov" in on_page(driver)


async def test_the_top_line_leads_to_what_waits_and_a_referral_is_approved(school: School) -> None:
    one = ask(school)
    ask(school, "CO1", MARSH)
    async with driven_school(school, "CO1", size=(132, 40)) as driver:
        assert "1 referral waits (Q)" in driver.text
        await driver.type("Q")
        assert isinstance(driver.app.screen, ReferralsPage)
        assert "Referrals to decide, by school days waiting: 2" in driver.text
        await driver.type("a")
        assert "Khan, Bilal: booked in IER, Tue 24 Nov, all lessons · home not told yet (t) · u undoes" in on_page(
            driver
        )
        assert state(school, one) is State.BOOKED
        await driver.type("a")
        assert "you raised it: somebody else decides it" in on_page(driver)
        await driver.type("escape")
        assert "waits (Q)" not in driver.text


async def test_a_referral_is_approved_with_changes_in_a_form_that_begins_with_what_was_asked(school: School) -> None:
    one = ask(school, when="3 days from tomorrow")
    async with driven_school(school, "HY8", size=(80, 24)) as driver:
        await driver.type("Q", "a")
        assert "a head of year approves up to 2" in on_page(driver)
        await driver.type("c")
        form = driver.app.screen
        assert form.query_one("#asked", Input).value == "Tue 24–Thu 26 Nov, all lessons"
        form.query_one("#asked", Input).value = "tomorrow"
        form.query_one("#because", Input).value = "y" * 400
        await driver.type("f10")
        assert "The reason has 400 characters; 300 fit." in driver.text
        assert form.query_one("#because", Input).value == "y" * 400
        form.query_one("#because", Input).value = "One day is enough"
        await driver.type("f10")
        assert "Khan, Bilal: booked in IER, Tue 24 Nov, all lessons" in on_page(driver)
        assert "u undoes" not in on_page(driver), "a head of year undoes nothing"
        assert state(school, one) is State.BOOKED


async def test_declining_keeps_a_reason_that_is_too_long_to_be_cut_by_whoever_typed_it(school: School) -> None:
    one = ask(school)
    async with driven_school(school, "CO1", size=(80, 24)) as driver:
        await driver.type("Q", "d")
        page = driver.app.screen
        assert isinstance(page, ReferralsPage)
        await driver.type("z" * 301, "enter")
        assert "The reason has 301 characters;" in on_page(driver)
        await driver.type("backspace", "enter")
        assert "Khan, Bilal: declined" in on_page(driver)
        assert state(school, one) is State.DECLINED
        await driver.type("f")
        assert "Referrals of this term" in driver.text
        assert "declined" in driver.text


async def test_where_the_room_is_full_the_decider_is_asked_whether_the_student_waits(school: School) -> None:
    for student in (1, 2, 3, 6):
        school.book(student, days=(TUESDAY,))
    one = ask(school)
    async with driven_school(school, "CO1", size=(80, 24)) as driver:
        await driver.type("Q", "a")
        assert "last seat taken by M. Adebayo" in on_page(driver)
        await driver.type("w")
        assert "Khan, Bilal waits for a seat in IER" in on_page(driver)
        assert "Approved, waiting for a seat: 1" in driver.text
        await driver.type("b", "One more chair", "enter")
        assert state(school, one) is State.BOOKED


async def test_one_opened_shows_it_all_notes_the_look_and_is_decided_there(school: School) -> None:
    give_contacts(school, KHAN)
    school.clock.moment = at("14:00", FRIDAY_BEFORE)
    school.book(KHAN, "P1", days=(FRIDAY_BEFORE,), reason="Fighting")
    one = ask(school, when="Tue", tried="Moved seat", others="Two friends")
    set_clock(school, "09:00")
    async with driven_school(school, "CO1", size=(132, 40)) as driver:
        await driver.type("Q", "enter")
        page = driver.app.screen
        assert isinstance(page, ReferralPage)
        for words in (
            "J. Smith (AS1), Fri 20 Nov 14:00",
            "Threw a chair.",
            "Moved seat",
            "Two friends",
            "not told yet",
        ):
            assert words in driver.text
        assert "Internal exclusion, 1 time, 1 day: Fighting (20 Nov)" in driver.text
        detail = school.file.value(
            "SELECT d.json FROM ledger l JOIN ledger_detail d ON d.seq = l.seq WHERE l.act = 'open_row'"
        )
        assert f"referral {one}" in detail
        await driver.type("t", "t", "enter", "enter")
        assert "Khan, Bilal: home told 09:00" in on_page(driver)
        assert "home told 09:00 (phone) by CO1, mother" in driver.text
        await driver.type("x", "Twice", "enter")
        assert state(school, one) is State.WITHDRAWN
        assert "withdrew it on Mon 23 Nov at 09:00: Twice." in driver.text


async def test_a_removal_is_confirmed_from_the_list_and_the_adjustment_asked(school: School) -> None:
    school.file.execute("UPDATE student SET sen = 'E' WHERE id = 4")
    set_clock(school, "09:10")
    school.desk().do(walk_in(KHAN, IER, PlacementType.REMOVAL, "Defiance", sent_by=7))
    async with driven_school(school, "CO1", size=(80, 24)) as driver:
        await driver.type("Q")
        assert "Removals to confirm: 1" in driver.text
        assert "sent by K. Bose" in driver.text
        await driver.type("a")
        assert "Which adjustment was considered" in on_page(driver)
        await driver.type("none needed", "enter")
        assert "Why was none needed" in on_page(driver)
        await driver.type("none needed: aide there", "enter")
        assert "Khan, Bilal: removal confirmed" in on_page(driver)
        assert school.file.value("SELECT adjustment FROM confirmation") == "none needed: aide there"


async def test_a_decision_made_elsewhere_is_said_on_the_open_list(school: School) -> None:
    from psc.flows.referrals import decide_referral
    from psc.roster.referrals import Outcome

    one = ask(school)
    async with driven_school(school, "CO1", size=(80, 24)) as driver:
        await driver.type("Q", "d", "not yet")
        school.desk("BL1", "other").do(decide_referral(one, Outcome.APPROVED))
        await driver.type("enter")
        assert "R. Okoro (BL1) approved it on Mon 23 Nov" in on_page(driver)


async def test_names_hidden_close_the_list_and_the_form(school: School) -> None:
    ask(school)
    async with driven_school(school, "CO1", size=(80, 24)) as driver:
        await driver.type("Q", "f9")
        assert "Khan" not in driver.text
        await driver.type("f9")
        assert "Khan" in driver.text
        await driver.type("escape", "f9", "Q")
        assert driver.app.screen is driver.today


@pytest.mark.parametrize(("code", "keys"), [("CO1", "Q"), ("CO1", "Q enter"), ("AS1", "r")])
async def test_what_it_looks_like(demo: Path, code: str, keys: str) -> None:
    async with driven(demo, SetClock(MOMENT), code, size=(80, 24)) as driver:
        await driver.type(*keys.split())
        check_golden(f"80x24-referrals-{keys.replace(' ', '-')}-{code}", driver.text)
