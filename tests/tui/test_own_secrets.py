"""One's own passphrase and PIN: F6, and the passphrase that must be changed at its first use."""

from __future__ import annotations

from asyncio import sleep
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from psc.clock import stamp
from psc.desk import secrets
from psc.desk.secrets import reset_secret
from psc.desk.signing_on import sign_on
from psc.tui.dialogs.secrets import SecretsForm
from psc.tui.screens.gate import Gate
from tests.cli.conftest import RIGHT, hashed
from tests.school import School, at
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

NEW, PIN = "orchard lamp seventy", "582914"


@pytest.fixture
def kept(school: School) -> School:
    """The made school, where two assistants and a head of year have a passphrase, and one of them a temporary one."""
    for code in ("AS1", "AS2", "HY8"):
        call = reset_secret(school.desk(code).staff().id, hashed(), temporary=code == "AS2")
        school.desk("AD1").do(call)
    return school


def at_the_gate(kept: School, size: tuple[int, int] = (100, 30)) -> AbstractAsyncContextManager[Driver]:
    """Start psc, with nobody at the desk."""
    return driven_school(kept, "", size)


async def save(driver: Driver, key: str = "f10") -> None:
    """Save, and wait until psc has looked at what was typed."""
    form = driver.app.screen
    assert isinstance(form, SecretsForm)
    await driver.type(key)
    await sleep(0.02)
    for _ in range(2_000):
        if not form._saving:
            break
        await sleep(0.003)
    await driver.rest()


def put(driver: Driver, **typed: str) -> None:
    """Put what is typed into the fields at once: most tests are of what becomes of it."""
    for name, text in typed.items():
        driver.app.screen.query_one(f"#{name.replace('_', '-')}", Input).value = text


def wrong(driver: Driver, field: str) -> str:
    """Return what stands beside a field, and that it can be seen."""
    error = driver.app.screen.query_one(f"#error-{field}")
    return str(error.render()) if error.display else ""


def signs_in(kept: School, code: str, passphrase: str) -> bool:
    """Say whether somebody's passphrase is this one."""
    staff = kept.desk(code).staff().id
    found = secrets.kept_of(kept.file, staff)
    return found is not None and secrets.verify(found.hash, passphrase)


async def test_somebody_without_a_pin_is_told_how_to_get_one(kept: School) -> None:
    async with at_the_gate(kept) as driver:
        await driver.answer("AS1")
        await driver.answer(RIGHT)
        assert "F6 chooses a PIN" in driver.says
        await driver.type("f6")
        await driver.type(RIGHT, "enter", "enter", "enter", PIN, "enter", PIN)
        await save(driver, "enter")
        assert driver.says == "Your PIN is new."
        await driver.type("f12")
        assert "Locked" in driver.text
        await driver.answer(PIN)
        assert "J. Smith" in driver.text, "the PIN works at once"
    async with at_the_gate(kept) as driver:
        await driver.answer("AS1")
        await driver.answer(RIGHT)
        assert "F6" not in driver.says


async def test_a_new_passphrase_and_pin_hold_from_now_on(kept: School) -> None:
    async with driven_school(kept) as driver:
        await driver.type("f6")
        put(driver, old=RIGHT, new=NEW, again=NEW, pin=PIN, pin_again=PIN)
        await save(driver)
        assert driver.says == "Your passphrase and your PIN are new."
        await driver.type("f12")
        await driver.answer(PIN)
        assert "J. Smith" in driver.text
    assert signs_in(kept, "AS1", NEW)
    assert not signs_in(kept, "AS1", RIGHT)
    detail = "".join(kept.file.value("SELECT group_concat(json) FROM ledger_detail"))
    assert not any(word in detail for word in (NEW, PIN, "argon2"))


async def test_a_new_passphrase_alone_says_that_the_pin_went(kept: School) -> None:
    kept.file.execute(
        "UPDATE secret SET pin_salt = '00112233445566778899aabbccddeeff', pin_seal = '11' WHERE staff_id = 1"
    )
    async with driven_school(kept) as driver:
        await driver.type("f6")
        put(driver, old=RIGHT, new=NEW, again=NEW)
        await save(driver)
        assert "Your PIN went with the old one" in driver.says


@pytest.mark.parametrize(
    ("typed", "field", "why"),
    [
        ({}, "old", "Type the passphrase you have"),
        ({"old": "582914"}, "old", "That is a PIN"),
        ({"old": RIGHT}, "new", "Type what is to be new"),
        ({"old": RIGHT, "new": "oakum"}, "new", "too short"),
        ({"old": RIGHT, "new": "hillside jo"}, "new", "little more than a name"),
        ({"old": RIGHT, "new": NEW, "again": "orchard"}, "again", "not the same"),
        ({"old": RIGHT, "new": RIGHT, "again": RIGHT}, "new", "the passphrase you have"),
        ({"old": RIGHT, "pin": "123456"}, "pin", "Everybody tries"),
        ({"old": RIGHT, "pin": "5829"}, "pin", "6 to 12 figures"),
        ({"old": RIGHT, "pin": PIN, "pin_again": "582915"}, "pin-again", "not the same"),
        ({"old": "brick lantern", "new": NEW, "again": NEW}, "old", "That is not your passphrase"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(kept: School, typed: dict[str, str], field: str, why: str) -> None:
    async with driven_school(kept, size=(80, 24)) as driver:
        await driver.type("f6")
        put(driver, **typed)
        await save(driver)
        assert why in wrong(driver, field)
        assert driver.app.focused is not None
        assert driver.app.focused.id == field
    assert signs_in(kept, "AS1", RIGHT)


async def test_wrong_answers_here_and_at_a_command_count_together(kept: School) -> None:
    for _ in range(3):
        with pytest.raises(Exception, match="do not go together"):
            sign_on(kept.file, kept.clock, "cli", "AS1", "brick lantern")
    async with driven_school(kept) as driver:
        await driver.type("f6")
        for _ in range(2):
            put(driver, old="brick lantern", pin=PIN, pin_again=PIN)
            await save(driver)
            assert "not your passphrase" in wrong(driver, "old")
        put(driver, old=RIGHT)
        await save(driver)
        assert "Too many wrong answers" in wrong(driver, "old")
    with pytest.raises(Exception, match="Too many"):
        sign_on(kept.file, kept.clock, "cli", "AS1", RIGHT)


async def test_nothing_typed_here_outlives_a_lock(kept: School) -> None:
    async with driven_school(kept) as driver:
        await driver.type("f6")
        put(driver, old=RIGHT, new=NEW)
        await driver.type("f12")
        await driver.answer(RIGHT)
        assert not isinstance(driver.app.screen, SecretsForm)
        assert signs_in(kept, "AS1", RIGHT)


async def test_a_cover_pass_has_no_passphrase_to_change(kept: School) -> None:
    async with driven_school(kept, "CV1") as driver:
        await driver.type("f6")
        assert not isinstance(driver.app.screen, SecretsForm)


# -- at first use ----------------------------------------------------------------------------------------------------


async def test_a_temporary_passphrase_leads_to_the_choice_of_an_own_one_and_then_to_the_desk(kept: School) -> None:
    async with at_the_gate(kept) as driver:
        await driver.answer("AS2")
        await driver.answer(RIGHT)
        assert driver.app.session is None
        assert "Yours was temporary" in driver.text
        assert "Passphrase now" not in driver.text
        await driver.type(NEW, "enter", NEW, "enter", "enter")
        await save(driver, "enter")
        assert "O. Berg" in driver.text
        assert "F6 chooses a PIN" in driver.says
    assert signs_in(kept, "AS2", NEW)
    assert sign_on(kept.file, kept.clock, "cli", "AS2", NEW).must_change is False


async def test_a_pin_may_be_chosen_along_with_it(kept: School) -> None:
    async with at_the_gate(kept, (80, 24)) as driver:
        await driver.answer("AS2")
        await driver.answer(RIGHT)
        put(driver, new=NEW, again=NEW, pin=PIN, pin_again=PIN)
        await save(driver)
        assert "F6" not in driver.says
        await driver.type("f12")
        await driver.answer(PIN)
        assert "O. Berg" in driver.text


@pytest.mark.parametrize(
    ("typed", "field", "why"),
    [({}, "new", "Type a new passphrase"), ({"new": RIGHT, "again": RIGHT}, "new", "the passphrase you have")],
)
async def test_there_is_no_way_in_without_another_one(
    kept: School, typed: dict[str, str], field: str, why: str
) -> None:
    async with at_the_gate(kept) as driver:
        await driver.answer("AS2")
        await driver.answer(RIGHT)
        put(driver, **typed)
        await save(driver)
        assert why in wrong(driver, field)
        assert driver.app.session is None
        await driver.type("ctrl+p", "f2")
        assert isinstance(driver.app.screen, SecretsForm)


@pytest.mark.parametrize("key", ["escape", "f12", "ctrl+l"])
async def test_esc_and_a_lock_go_back_to_the_gate_unsigned(kept: School, key: str) -> None:
    async with at_the_gate(kept) as driver:
        await driver.answer("AS2")
        await driver.answer(RIGHT)
        put(driver, new=NEW)
        await driver.type(key)
        assert isinstance(driver.app.screen, Gate)
        assert driver.app.session is None
        assert NEW not in driver.text
        await driver.answer("AS2")
        await driver.answer(RIGHT)
        assert "Yours was temporary" in driver.text
        assert all(field.value == "" for field in driver.app.screen.query(Input))


async def test_whoever_walks_away_from_it_leaves_nothing_open(kept: School) -> None:
    async with at_the_gate(kept) as driver:
        await driver.answer("AS2")
        await driver.answer(RIGHT)
        form = driver.app.screen
        assert isinstance(form, SecretsForm)
        kept.clock.forward(seconds=50)
        await driver.type("o")
        kept.clock.forward(seconds=50)
        form.look_whether_used()
        await driver.rest()
        assert isinstance(driver.app.screen, SecretsForm)
        kept.clock.forward(seconds=10)
        form.look_whether_used()
        await driver.rest()
        assert isinstance(driver.app.screen, Gate)


async def test_it_stands_over_the_gate_while_somebody_elses_session_waits(kept: School) -> None:
    async with driven_school(kept) as driver:
        await driver.type("f2")
        await driver.answer("AS2")
        await driver.answer(RIGHT)
        assert "Reid" not in driver.text
        put(driver, new=NEW, again=NEW)
        await save(driver)
        assert "O. Berg" in driver.text
        assert list(driver.app.sessions) == ["AS1", "AS2"]


async def test_a_temporary_passphrase_that_has_run_out_is_refused(kept: School) -> None:
    kept.file.execute("UPDATE secret SET temporary_until = ? WHERE staff_id = 2", (stamp(at("08:00")),))
    async with at_the_gate(kept) as driver:
        await driver.answer("AS2")
        await driver.answer(RIGHT)
        assert "has run out" in driver.text


async def test_an_enter_typed_before_psc_had_the_terminal_is_an_enter(kept: School) -> None:
    async with at_the_gate(kept) as driver:
        await driver.type("A", "S", "1", "ctrl+j")
        assert driver.app.focused is not None
        assert driver.app.focused.id == "secret"
