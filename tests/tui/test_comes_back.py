"""Every form and every page comes back after a lock or a hand-over: the same text, focus and cursor, and it goes on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from textual.widget import Widget
from textual.widgets import Input, OptionList

from psc.desk import secrets
from psc.desk.secrets import Hidden, PinKey, reset_secret, set_pin
from psc.roster.checks import mark_check
from psc.roster.held import Holding, hold_item
from psc.roster.movements import OutReason, go_out, sign_in
from psc.school.provisional import add_provisional
from psc.tui.screens.gate import Gate
from psc.tui.widgets.lines import Lines
from tests.roster.homes import give_contacts
from tests.roster.stories import set_clock
from tests.school import FRIDAY_BEFORE, IER, School, at, make_school
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from pathlib import Path

RIGHT, PIN = "brick lantern seven", "582914"
NAMES = ("Reid", "Callum", "Okafor", "Amara", "Khan", "Bilal", "O’Brien", "Łukasz", "Marsh", "Novak")
_KEYS = {"<": "less_than_sign", ">": "greater_than_sign", "=": "equals_sign", ",": "comma", ".": "full_stop"}


@cache
def _made() -> tuple[Hidden, PinKey]:
    return secrets.hash_passphrase(RIGHT), secrets.pin_key(RIGHT)


def a_day(folder: Path) -> School:
    """Make a day with something on every page, and a PIN for whoever needs one."""
    folder.mkdir()
    school = make_school(folder)
    school.clock.moment = at("09:00", FRIDAY_BEFORE)
    school.book(5, days=(FRIDAY_BEFORE,))
    school.desk().do(sign_in(5, IER, seat=4))
    set_clock(school, "08:52")
    for student in (1, 2, 4):
        school.book(student)
    one = school.desk()
    one.do(sign_in(1, IER, seat=2))
    one.do(sign_in(2, IER, seat=1))
    school.clock.moment = at("10:12")
    one.do(go_out(school.row(1).row.visit_id or 0, OutReason.TOILET))
    one.do(mark_check(school.placed(2, "P1"), 3))
    one.do(hold_item(2, Holding.LENT, "ruler"))
    school.desk("CO1").do(add_provisional("Reid", "Calum", 10, "10F"))
    give_contacts(school)
    hashed, key = _made()
    for code in ("AS1", "AS2", "CO1", "AD1"):
        school.desk("AD1").do(reset_secret(school.desk(code).staff().id, hashed, temporary=False))
        school.desk(code).do(set_pin(Hidden(key.salt), Hidden(key.seal(PIN))))
    school.clock.moment = at("10:30")
    return school


def may_give_pin(driver: Driver, *codes: str) -> None:
    """Let staff be such as gave their passphrase here today."""
    for code in codes:
        staff = driver.app.file().value("SELECT id FROM staff WHERE code = ?", (code,))
        driver.app.ring.keys[staff] = _made()[1]


def drawn(driver: Driver) -> str:
    """Return all that any widget of the app could draw, on whichever stack of screens it stands."""
    found: list[str] = []
    for stack in driver.app._screen_stacks.values():
        for screen in stack:
            for widget in (screen, *screen.query("*")):
                found += [str(getattr(widget, name, "")) for name in ("value", "content", "words", "text", "tooltip")]
                found += [str(getattr(widget, name, "")) for name in ("border_title", "border_subtitle", "placeholder")]
                found.append(str(widget.render()) if isinstance(widget, Widget) else "")
    found += [str(one.text) for one in driver.app.screen._compositor.render_strips()]
    return "\n".join([*found, driver.app.title, driver.app.sub_title, driver.app.clipboard])


class Seen(NamedTuple):
    """What somebody sees of a screen, and where the next key would go."""

    text: str
    focus: str
    selection: Any
    lists: tuple[Any, ...]
    prompt: str
    marked: frozenset[Any]


def seen(driver: Driver) -> Seen:
    """Look at the screen."""
    screen, focus = driver.app.screen, driver.app.focused
    lists = [one.highlighted for one in screen.query(OptionList)] + [one.current for one in screen.query(Lines)]
    prompt = getattr(screen, "prompt", None)
    return Seen(
        driver.text,
        f"{type(focus).__name__} {focus.id if focus else ''}",
        focus.selection if isinstance(focus, Input) else None,
        tuple(lists),
        f"{getattr(prompt, 'title', '')} {getattr(prompt, 'text', '')}",
        driver.today.state.marked,
    )


async def press(driver: Driver, keys: str) -> None:
    """Press keys: words between spaces are keys by name, and 'words in quotes are typed_'."""
    for key in keys.split():
        if key.startswith("'"):
            letters = key[1:].replace("_", " ")
            await driver.pilot.press(*("space" if one == " " else _KEYS.get(one, one) for one in letters))
        else:
            await driver.pilot.press(_KEYS.get(key, key))
    await driver.rest()


class Case(NamedTuple):
    """How to open something and go half way, the key that goes on from there, and who does it."""

    open: str
    then: str
    who: str = "AS1"


CASES = {
    "walk-in, name half typed": Case("a 'nov", "'a"),
    "walk-in, a suggestion chosen": Case("a 'ali down", "enter"),
    "walk-in, reason half typed": Case("a 'nov enter tab 'ups", "'e"),
    "walk-in, cursor moved back": Case("a 'novak left left", "'x"),
    "walk-in, a field just come to": Case("a 'nov enter enter 'defi enter", "'K"),
    "walk-in, refused": Case("a 'nov enter tab f10", "'late"),
    "walk-in, new here on top": Case("a 'ivanova enter '8", "enter"),
    "tell home": Case("/ 'reid enter t down 'n 'no_one", "'x"),
    "tell home, whom": Case("/ 'reid enter t down", "'t"),
    "confiscate": Case("down g c 'vape enter 'in_bag", "'s"),
    "confiscate, refused": Case("down g c 'vape f10", "'why"),
    "new here": Case("N 'ivanova enter 'oleg", "enter"),
    "new here, who is here already": Case("N 'ree backspace backspace 'id", "enter"),
    "keys": Case("question_mark 'se down", "down"),
    "keys, far down": Case("question_mark pagedown pagedown down down", "up"),
    "visits": Case("O enter '15", "'05", "CO1"),
    "correct a fact, asked": Case("down U t '084", "'5"),
    "correct a fact, line": Case("down U down", "x", "CO1"),
    "correct a fact, choice": Case("down U end r", "escape"),
    "another day": Case("<", "<"),
    "day end": Case("e down down", "up"),
    "day end, asked": Case("e end C backspace backspace", "'3", "CO1"),
    "day's times": Case("T", ">", "CO1"),
    "day's times, asked": Case("T T t 'P1_0850", "'-0940", "CO1"),
    "a day's preview": Case("T T c '1130 enter", "f10", "CO1"),
    "kitchen": Case("L down", "l"),
    "kitchen, asked": Case("L l", "'h"),
    "merge": Case("M down", "enter", "CO1"),
    "merge, asked": Case("M enter '10", "'0", "CO1"),
    "paper, keeper half typed": Case("P 'a", "'s2"),
    "paper, a cell half typed": Case("P 'as2 enter down '085", "'5"),
    "paper, a cell just left": Case("P 'as2 enter '0841 down '09 tab", "'t1020-"),
    "paper, wrong": Case("P 'as2 enter '2561 down", "up"),
    "paper, asked to leave": Case("P 'as2 enter '0841 down escape", "enter"),
    "paper, looked at": Case("P 'as2 enter down down '0855 f10", "escape"),
    "printed": Case("p", "escape"),
    "register": Case("R down", "down"),
    "roll": Case("E down", "down"),
    "roll, under way": Case("E d down", "space"),
    "rota": Case("D right", "right"),
    "rota, a day half typed": Case("D enter '8.30-9_IER", "enter", "CO1"),
    "new year": Case("f4 down", "enter", "AD1"),
    "new year, asked": Case("f4 enter '1_Sep", "'_2027", "AD1"),
    "the board, marked": Case("space down", "space"),
    "the board, filtering": Case("/ 're", "'id"),
    "the board, marking checks": Case("c down", "'2"),
    "the board, asked": Case("@ '084", "'9"),
}  # fmt: skip


SIZES = ((80, 24), (132, 40))


@pytest.mark.parametrize(("name", "size"), [(name, SIZES[n % 2]) for n, name in enumerate(CASES)])
async def test_it_comes_back_as_it_stood_and_goes_on(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    case = CASES[name]
    async with driven_school(a_day(tmp_path / "never left"), case.who, size=size) as driver:
        await press(driver, case.open)
        await press(driver, case.then)
        expected = seen(driver)
    async with driven_school(a_day(tmp_path / "left"), case.who, size=size) as driver:
        may_give_pin(driver, case.who, "AS2")
        await press(driver, case.open)
        before, stack = seen(driver), [type(one) for one in driver.app.screen_stack]
        typed = [one[1:].replace("_", " ") for one in case.open.split() if one.startswith("'") and len(one) > 3]

        await driver.type("f12")
        assert nothing_of(driver, (*NAMES, *typed))
        await driver.answer(PIN)
        assert [type(one) for one in driver.app.screen_stack] == stack
        assert seen(driver) == before

        await driver.type("f2")
        await driver.answer("AS2")
        await driver.answer(PIN)
        assert "O. Berg" in driver.text
        await driver.type("f2")
        assert nothing_of(driver, (*NAMES, *typed))
        await driver.answer(case.who)
        await driver.answer(PIN)
        assert seen(driver) == before

        await press(driver, case.then)
        assert seen(driver) == expected


def nothing_of(driver: Driver, words: tuple[str, ...]) -> bool:
    """Say that the gate stands there, and nothing of these words is in any widget."""
    everything = drawn(driver)
    assert isinstance(driver.app.screen, Gate)
    assert [one for one in words if one in everything] == []
    return True
