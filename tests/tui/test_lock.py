"""Walking away from the desk: quiet, then locked, and back to the very field and text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widget import Widget
from textual.widgets import Input

from psc.roster.movements import sign_in
from psc.tui.screens.gate import Gate
from psc.tui.screens.quiet import Quiet
from tests.roster.stories import set_clock
from tests.school import IER, School, at
from tests.secrets import PIN, give_secrets, has_given_passphrase
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("Reid", "Callum", "Okafor", "Amara", "Khan", "Bilal", "O’Brien", "Łukasz")


@pytest.fixture
def kept(school: School) -> School:
    """The made school with students in, and a passphrase and a PIN for two assistants and a head of year."""
    for student in (1, 2, 4):
        school.book(student)
    set_clock(school, "08:52")
    school.desk().do(sign_in(1, IER, seat=2))
    give_secrets(school, "AS1", "AS2", "HY8")
    return school


def everything_drawn(driver: Driver) -> str:
    """Return all that any widget of the app could draw, on whichever stack of screens it stands."""
    found = []
    for stack in driver.app._screen_stacks.values():
        for screen in stack:
            for widget in screen.walk_children(with_self=True):
                found += [str(getattr(widget, name, "")) for name in ("value", "content", "words", "text", "tooltip")]
                found += [str(widget.render()) if isinstance(widget, Widget) else ""]
    return "\n".join([*found, driver.text, driver.app.title, driver.app.sub_title, driver.app.clipboard])


def lines(school: School, act: str) -> Iterator[str]:
    """Return who did an act, from the ledger."""
    return (actor for (actor,) in school.file.rows("SELECT actor FROM ledger WHERE act = ? ORDER BY seq", (act,)))


async def test_a_board_that_is_left_goes_quiet_and_a_pin_brings_it_back(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1")
        await driver.type("down")
        before = driver.today.state.cursor
        assert "Reid, Callum" in driver.text
        await driver.idle(minutes=1.9)
        assert "Reid, Callum" in driver.text
        await driver.idle(seconds=20)
        assert isinstance(driver.app.screen, Quiet)
        assert "CR" in driver.text
        assert "in since 08:52" in driver.text
        assert not any(name in everything_drawn(driver) for name in NAMES)
        await driver.answer(PIN)
        assert "Reid, Callum" in driver.text
        assert driver.today.state.cursor == before
        assert list(lines(kept, "reopen_session")) == ["AS1"]


async def test_after_ten_minutes_the_lock_is_whole_and_only_alarms_stay(kept: School) -> None:
    async with driven_school(kept) as driver:
        await driver.idle(minutes=10.2)
        assert isinstance(driver.app.screen, Gate)
        assert "Locked · J. Smith" in driver.text
        assert "find" in driver.text
        assert "CR" not in driver.text
        assert not any(name in everything_drawn(driver) for name in NAMES)
        assert list(lines(kept, "lock_session")) == ["AS1"]


@pytest.mark.parametrize("key", ["f12", "ctrl+l"])
async def test_a_key_locks_at_once(kept: School, key: str) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1")
        await driver.type(key)
        assert not any(name in everything_drawn(driver) for name in NAMES)
        await driver.answer("999111")
        assert "do not go together" in driver.text
        await driver.answer(PIN)
        assert "Reid, Callum" in driver.text


async def test_a_key_that_locks_holds_up_no_key_after_it(kept: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psc.tui.gate.LONGEST_WAIT", 60)
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1")
        await driver.type("a", "nov", "f12")
        assert driver.app._busy_since is None
        await driver.answer(PIN)
        assert "nov" in driver.text


async def test_keys_keep_a_desk_awake(kept: School) -> None:
    async with driven_school(kept) as driver:
        for _ in range(4):
            await driver.idle(minutes=1.5)
            await driver.type("down")
        assert "Reid, Callum" in driver.text


async def test_setting_the_machines_clock_neither_locks_nor_keeps_awake(kept: School) -> None:
    async with driven_school(kept) as driver:
        kept.clock.moment = at("11:00")
        await driver.app.look_at_idle()
        assert driver.app.session is not None
        await driver.idle(minutes=1)
        kept.clock.moment = at("08:00")
        await driver.idle(minutes=1.4)
        assert driver.app.session is None


async def test_a_machine_that_slept_is_locked_when_it_wakes(kept: School) -> None:
    async with driven_school(kept) as driver:
        await driver.idle(seconds=1)
        kept.clock.forward(seconds=45)
        await driver.app.look_at_idle()
        await driver.rest()
        assert "Locked" in driver.text


async def test_sessions_end_at_midnight(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1")
        kept.clock.moment = at("23:59")
        await driver.type("down")
        kept.clock.forward(minutes=1)
        await driver.app.look_at_idle()
        await driver.rest()
        assert isinstance(driver.app.screen, Gate)
        assert "Locked" not in driver.text
        assert not driver.app.sessions
        assert not driver.app.ring.keys
        assert list(lines(kept, "end_session")) == ["AS1"]
        assert not any(name in everything_drawn(driver) for name in NAMES)


async def test_what_was_being_typed_comes_back_to_the_letter(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1")
        await driver.type("a", *"nov")
        before = driver.text
        await driver.type("f12")
        assert "nov" not in everything_drawn(driver)
        await driver.answer(PIN)
        await driver.pilot.pause(0.1)
        assert driver.text == before
        assert isinstance(driver.app.focused, Input)
        await driver.type("a")
        assert driver.app.focused.value == "nova"


async def test_a_question_half_answered_comes_back(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1")
        await driver.type("@", *"084")
        before = driver.says
        await driver.type("f12")
        await driver.answer(PIN)
        assert driver.says == before
        await driver.type("9", "enter")
        assert driver.today.kept_time == at("08:49")


async def test_no_key_does_anything_behind_the_lock(kept: School) -> None:
    async with driven_school(kept) as driver:
        await driver.type("f12")
        seq = kept.file.value("SELECT max(seq) FROM ledger")
        letters = [chr(one) for one in range(ord("a"), ord("z") + 1)]
        keys = [
            *letters, *(one.upper() for one in letters), *"0123456789@/*!?[]<>+-",
            *(f"f{n}" for n in range(1, 13) if n != 2), *(f"ctrl+{one}" for one in letters if one not in "m"),
            "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "shift+tab", "delete", "insert",
            "ctrl+backslash", "ctrl+home", "shift+insert", "escape",
        ]  # fmt: skip
        assert len(keys) > 100
        for key in keys:
            await driver.pilot.press(key)
        await driver.rest()
        assert driver.app.is_running
        assert isinstance(driver.app.screen, Gate)
        assert not any(name in everything_drawn(driver) for name in NAMES)
        written = kept.file.rows("SELECT DISTINCT act FROM ledger WHERE seq > ?", (seq,))
        # The paper log of the morning writes itself, also while nobody is at the desk.
        assert {act for (act,) in written} <= {"fail_sign_on", "print_sheet"}


async def test_what_one_person_copied_the_next_cannot_paste(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1", "AS2")
        await driver.type("a", *"novak")
        assert isinstance(driver.app.focused, Input)
        driver.app.focused.action_select_all()
        driver.app.focused.action_copy()
        assert driver.app.clipboard == "novak"
        await driver.type("f2")
        assert driver.app.clipboard == ""
        await driver.type("ctrl+v")
        assert "novak" not in everything_drawn(driver)
        await driver.answer("AS2")
        await driver.answer(PIN)
        await driver.type("a", "ctrl+v")
        assert isinstance(driver.app.focused, Input)
        assert driver.app.focused.value == ""


async def test_a_hand_over_leaves_the_first_persons_work_locked_for_them(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1", "AS2")
        await driver.type("a", *"nov")
        before = driver.text
        await driver.type("f2")
        await driver.answer("AS2")
        await driver.answer(PIN)
        assert "O. Berg" in driver.text
        assert "nov" not in driver.text
        await driver.type("f2")
        await driver.answer("as1")
        await driver.answer(PIN)
        await driver.pilot.pause(0.1)
        assert driver.text == before


async def test_a_short_visit_goes_quiet_sooner_and_enter_alone_goes_back(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1", "HY8")
        await driver.type("f2")
        await driver.answer("HY8")
        await driver.answer(PIN)
        assert "S. Hill" in driver.text
        await driver.idle(seconds=44)
        assert "S. Hill · head of year" in driver.text
        await driver.idle(seconds=2)
        assert isinstance(driver.app.screen, Quiet)
        await driver.answer(PIN)
        await driver.type("f2", "enter")
        await driver.answer(PIN)
        assert "J. Smith" in driver.text


async def test_psc_is_not_left_past_somebody_who_is_locked(kept: School) -> None:
    async with driven_school(kept) as driver:
        await driver.type("f12", "ctrl+q")
        assert driver.app.is_running
        assert "Still signed in here: J. Smith" in driver.text
