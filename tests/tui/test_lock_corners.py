"""Corners of the lock: a passphrase given anew, a newcomer at a locked desk, a secret half typed, a lost file."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from psc.desk import secrets
from psc.desk.secrets import Hidden, hash_passphrase, reset_secret, set_pin
from psc.errors import PscError
from psc.roster.movements import sign_in
from psc.tui.dialogs.secrets import SecretsForm
from psc.tui.screens.gate import Gate
from tests.roster.stories import set_clock
from tests.school import IER, School
from tests.secrets import RIGHT, give_secrets, has_given_passphrase
from tests.tui.app import driven_school
from tests.tui.test_own_secrets import put, save

TEMPORARY, NEW = "comet saddle drizzle", "pewter lizard accordion"


@pytest.fixture
def kept(school: School) -> School:
    """The made school with students in, and secrets for two assistants."""
    for student in (1, 2, 4):
        school.book(student)
    set_clock(school, "08:52")
    school.desk().do(sign_in(1, IER, seat=2))
    give_secrets(school, "AS1", "AS2")
    return school


async def test_a_temporary_passphrase_opens_no_locked_session_before_ones_own_is_chosen(kept: School) -> None:
    async with driven_school(kept) as driver:
        await driver.type("a", *"nov", "f12")
        kept.desk("AD1").do(reset_secret(1, hash_passphrase(TEMPORARY)))
        await driver.answer(TEMPORARY)
        assert driver.app.session is None
        assert "Yours was temporary" in driver.text
        assert "Reid" not in driver.text
        put(driver, new=NEW, again=NEW)
        await save(driver)
        assert driver.app.session is not None
        assert driver.app.screen.focused is not None
        assert list(driver.app.sessions) == ["AS1"]
        assert [one.value for one in driver.app.screen.query(Input)][:1] == ["nov"], "it goes on where it was"


async def test_a_newcomer_chooses_a_passphrase_beside_a_session_that_was_locked_long_ago(kept: School) -> None:
    kept.desk("AD1").do(reset_secret(2, hash_passphrase(TEMPORARY)))
    async with driven_school(kept) as driver:
        await driver.idle(minutes=30)
        await driver.type("f2", *"AS2", "enter")
        await driver.answer(TEMPORARY)
        assert isinstance(driver.app.screen, SecretsForm)
        await driver.idle(seconds=5)
        assert isinstance(driver.app.screen, SecretsForm)


async def test_a_secret_that_was_typed_and_not_sent_is_forgotten(kept: School) -> None:
    async with driven_school(kept) as driver:
        for key in ("", "f12"):
            await driver.type(*([key] if key else []))
            if not key:
                await driver.idle(minutes=2.1)
            await driver.type(*RIGHT)
            field = driver.app.screen.query_one("#secret", Input)
            assert field.value == RIGHT
            await driver.idle(minutes=1.5)
            assert driver.app.screen.query_one("#secret", Input).value == ""
            await driver.type("enter")
            assert driver.app.session is None


async def test_a_pin_chosen_at_another_terminal_costs_no_wrong_answers_here(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1")
        await driver.type("f12")
        there = secrets.pin_key(RIGHT)
        kept.desk("AS1").do(set_pin(Hidden(there.salt), Hidden(there.seal("746193"))))
        for _ in range(6):
            await driver.answer("746193")
            assert "another terminal" in driver.text
        assert not kept.file.value("SELECT count(*) FROM guess WHERE wrong > 0")
        await driver.answer(RIGHT)
        assert driver.app.session is not None
        await driver.type("f12")
        await driver.answer("746193")
        assert driver.app.session is not None


async def test_a_file_that_cannot_be_read_still_locks(kept: School, monkeypatch: pytest.MonkeyPatch) -> None:
    async with driven_school(kept) as driver:
        file = driver.app.file()
        await driver.idle(seconds=1)

        def lost(*_: object) -> None:
            raise PscError("The file cannot be read.", "")

        monkeypatch.setattr(file, "value", lost)
        monkeypatch.setattr(file, "row", lost)
        monkeypatch.setattr(file, "rows", lost)
        await driver.idle(minutes=11)
        assert isinstance(driver.app.screen, Gate)
        assert "Reid" not in driver.text
