"""A cover pass at the keyboard: given in a few keys, its PIN shown once, and what whoever has it can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Digits, Input

from psc.desk.passes import issue_pass, passes_on
from psc.desk.secrets import hash_passphrase
from psc.roster.movements import sign_in
from psc.tui.commands.board import COMMANDS
from psc.tui.dialogs.cover_pass import PIN_SECONDS, CoverPassForm, PinShown
from psc.tui.screens.today import Today
from tests.roster.stories import set_clock
from tests.school import IER, PSC, School
from tests.tui.app import Driver, driven_school
from tests.tui.test_lock import everything_drawn

if TYPE_CHECKING:
    from pathlib import Path

PIN = "582914"


@pytest.fixture
def placed(school: School) -> School:
    """Students in both rooms, at nine."""
    for student in (1, 2):
        school.book(student)
    school.book(3, room=PSC)
    set_clock(school, "09:00")
    return school


def given(school: School, *rooms: int) -> str:
    """Give a pass with a PIN that is known, and return its code."""
    call = issue_pass("Pat Lewis", hash_passphrase(PIN), rooms=rooms)
    return school.desk("CO1", "office").do(call).value


def shown(driver: Driver) -> tuple[str, str]:
    """Return the code and the PIN that stand on the screen."""
    code, pin = (one.value for one in driver.app.screen.query(Digits))
    return code, pin.replace(" ", "")


async def test_a_pass_takes_a_name_and_four_more_keys(placed: School) -> None:
    async with driven_school(placed, "CO1") as driver:
        await driver.type("f3", *"Pat Lewis", "enter", "enter", "enter")
        assert isinstance(driver.app.screen, PinShown)
        code, pin = shown(driver)
        assert code == "C1"
        await driver.type("enter")
        assert isinstance(driver.app.screen, Today)
        assert pin not in driver.text
        assert "C1 given to Pat Lewis for all rooms" in driver.says
        await driver.type("f2")
        await driver.answer("c1")
        await driver.answer(pin)
        assert driver.app.session
        assert (driver.app.session.code, driver.app.session.role) == ("C1", "cover")


async def test_the_rooms_are_typed_as_codes(placed: School) -> None:
    async with driven_school(placed, "BL1") as driver:
        await driver.type("f3", *"Lewis, Pat", "enter", *"Hands On", "enter", *"xyz", "enter")
        assert "There is no room “xyz”" in driver.text
        assert driver.app.focused is driver.app.screen.query_one("#rooms", Input)
        await driver.type(*["backspace"] * 3, *"ier and psc", "f10", "enter")
        (one,) = passes_on(placed.file, placed.clock.now().date(), placed.desk("BL1").staff())
        assert (one.name, one.agency, one.rooms) == ("Pat Lewis", "Hands On", (IER, PSC))


async def test_without_a_name_the_form_stays_with_what_was_typed(placed: School) -> None:
    async with driven_school(placed, "CO1") as driver:
        await driver.type("f3", "enter", *"Hands On", "f10")
        assert isinstance(driver.app.screen, CoverPassForm)
        assert "Whose pass is it?" in driver.text
        assert "Hands On" in driver.text
        assert driver.app.focused is driver.app.screen.query_one("#name", Input)


async def test_the_pin_is_gone_after_a_minute(placed: School, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PIN_SECONDS == 60
    monkeypatch.setattr("psc.tui.dialogs.cover_pass.PIN_SECONDS", 0.05)
    async with driven_school(placed, "CO1") as driver:
        await driver.type("f3", *"Pat", "f10")
        await driver.pilot.pause(0.2)
        assert isinstance(driver.app.screen, Today)


async def test_the_pin_does_not_come_back_after_the_desk_was_left(placed: School) -> None:
    async with driven_school(placed, "CO1") as driver:
        await driver.type("f3", *"Pat", "f10")
        _, pin = shown(driver)
        await driver.type("x", "7")
        assert shown(driver)[1] == pin, "typing on does not close it"
        await driver.type("f12")
        assert not any(isinstance(one, PinShown) for stack in driver.app._screen_stacks.values() for one in stack)
        assert driver.app.clipboard == ""
        kept = [str(row) for table in ("ledger_detail", "secret", "draft") for row in driver.app.file().rows(
            f"SELECT * FROM {table}")]  # fmt: skip
        assert not any(pin in one for one in kept)


async def test_todays_passes_are_listed_and_one_is_ended(placed: School) -> None:
    given(placed, IER)
    async with driven_school(placed, "BL1") as driver:
        await driver.type("f3")
        assert "Pat Lewis" in driver.text
        assert "given 09:00 by M. Adebayo" in driver.text
        await driver.type("down", "down", "down", "delete")
        assert "ended 09:00" in driver.text
        await driver.type("delete")
        assert "has ended already" in driver.text
        await driver.type("escape")
        assert "C1 of Pat Lewis ended" in driver.says
        await driver.type("u", "f3")
        assert "given 09:00 by M. Adebayo" in driver.text


async def test_a_pass_given_by_mistake_is_undone(placed: School) -> None:
    async with driven_school(placed, "CO1") as driver:
        await driver.type("f3", *"Pat", "f10", "enter", "u")
        assert "Undone: issue pass" in driver.says
        await driver.type("f3")
        assert "None was given today." in driver.text


async def test_an_assistant_gives_none(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("f3")
        assert "not for the role of assistant" in driver.says


async def test_markup_in_a_name_is_only_text(placed: School) -> None:
    async with driven_school(placed, "CO1") as driver:
        await driver.type("f3", *"[b]Bo [", "f10")
        assert "[b]Bo [ · all rooms" in driver.text
        await driver.type("enter", "f3")
        assert "[b]Bo [" in driver.text


async def test_cover_for_one_room_goes_round_in_that_room(placed: School) -> None:
    code = given(placed, IER)
    async with driven_school(placed, code) as driver:
        assert "Reid, Callum" in driver.text
        for key in ("]", "0", "["):
            await driver.type(key)
            assert "O’Brien" not in driver.text
            assert "PSC" not in driver.text
        await driver.type("down", "i", "o", "t")
        assert driver.today.state.current
        assert driver.today.state.current.out


async def test_cover_adds_a_walk_in_to_their_room_alone(placed: School) -> None:
    code = given(placed, IER)
    async with driven_school(placed, code) as driver:
        await driver.type("a", *"novak", "enter", "enter", *"defi", "enter", "f10")
        assert driver.row("Novak").row.room_id == IER
        await driver.type("a", *"obrien", "enter", "enter", *"defi", "enter", "f10")
        assert "is placed in PSC now" in driver.text


async def test_cover_sends_a_student_to_the_other_room(placed: School) -> None:
    code = given(placed, IER)
    async with driven_school(placed, code) as driver:
        await driver.type("i", "s", "r")
        assert "signed out: other room" in driver.says
        assert "PSC" in driver.text or "left" in driver.text


async def test_no_key_of_a_pass_leads_to_a_student_of_another_room(placed: School, tmp_path: Path) -> None:
    placed.book(4, "P1 P2", room=PSC)
    placed.book(4, "P4 P5")
    placed.desk("CO1", "office").do(sign_in(4, PSC, seat=3))
    code = given(placed, IER)
    async with driven_school(placed, code, (132, 40)) as driver:
        await driver.type("/", *"khan", "enter")
        for command in COMMANDS:
            if command.key in ("E", "f2", "f12", "ctrl+q", "ctrl+p"):  # in a fire everybody is on the roll
                continue
            await driver.pilot.press(command.key)
            await driver.rest()
            drawn = everything_drawn(driver)
            assert "O’Brien" not in drawn, command.title
            assert "seat 3" not in drawn, command.title
            for _ in range(3):
                await driver.type("escape")
        assert not any("PSC" in page.name for page in tmp_path.rglob("*.html"))


async def test_a_narrow_screen_shows_code_and_pin_whole(placed: School) -> None:
    async with driven_school(placed, "CO1", (60, 18)) as driver:
        await driver.type("f3", *"Pat", "f10")
        code, pin = shown(driver)
        assert f"{code} · {pin[:3]} {pin[3:]}" in driver.text
        assert "Write this down" in driver.text
