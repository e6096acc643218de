"""F9: names turn to initials on the spot, on the board, over pages and over forms, and back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from psc.overview.initials import Veil, in_initials
from psc.roster.keep_apart import keep_apart
from psc.roster.movements import sign_in
from psc.tui.commands.board import COMMANDS
from psc.tui.hiding import HIDDEN
from psc.tui.machine import Mode
from psc.tui.screens.blank import Blank
from psc.tui.screens.quiet import Quiet
from psc.tui.screens.roll import RollPage
from psc.tui.screens.today import Today
from tests.roster.stories import set_clock
from tests.school import IER, PSC, STUDENTS, School
from tests.secrets import PIN, give_secrets, has_given_passphrase
from tests.tui.app import Driver, driven_school
from tests.tui.test_lock import everything_drawn

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [part for _, _, last, first, _, _ in STUDENTS for part in (last, first) if len(part) > 2]


@pytest.fixture
def placed(school: School) -> School:
    """Students in both rooms, two of them signed in; secrets for two assistants."""
    for student in (1, 2, 3, 4):
        school.book(student)
    school.book(10, room=PSC)
    set_clock(school, "08:52")
    desk = school.desk("CO1", "office")
    desk.do(sign_in(1, IER, seat=2))
    desk.do(sign_in(2, IER, seat=3))
    give_secrets(school, "AS1", "AS2")
    set_clock(school, "09:00")
    return school


def named(driver: Driver) -> list[str]:
    """Return the names of students that any widget could draw."""
    drawn = everything_drawn(driver)
    return [name for name in NAMES if name in drawn]


# -- the words --------------------------------------------------------------------------------------------------------


def test_a_row_keeps_its_place_when_its_name_turns(placed: School) -> None:
    board = placed.board()
    now = placed.clock.now()
    assert [one.row.key for one in in_initials(board).at(now)] == [one.row.key for one in board.at(now)]


def test_words_made_with_names_are_hidden_and_nothing_else(placed: School) -> None:
    veil = Veil(placed.board())
    assert veil.over("Reid, Callum; Khan, Bilal out for:") == "CR; BK out for:"
    assert veil.over("Read the log, then call Reidar") == "Read the log, then call Reidar"
    assert veil.over_typed("callum and o’brien by the KB door") == "C and O by the KB door"


def test_an_empty_board_has_nothing_to_hide(school: School) -> None:
    veil = Veil(school.board())
    assert veil.over("on duty: J. Smith") == "on duty: J. Smith"
    assert veil.over_typed("library") == "library"


# -- the board --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["f9", "ctrl+b"])
@pytest.mark.parametrize("size", [(60, 18), (80, 24), (132, 40)])
async def test_the_board_goes_on_in_initials(placed: School, key: str, size: tuple[int, int]) -> None:
    async with driven_school(placed, size=size) as driver:
        await driver.type("down", key)
        assert named(driver) == []
        assert "CR" in driver.text
        assert "names are hidden · F9 shows them" in driver.says
        await driver.type("0")
        assert named(driver) == []
        assert "PN" in driver.text
        await driver.type(key)
        assert "Reid, Callum" in driver.text
        assert "Novak, Petra" in driver.text


async def test_every_key_of_the_door_works_on_initials(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("f9", "/", "c", "r", "enter")
        assert driver.today.state.current
        assert driver.today.state.current.row.student_id == 1
        for key in ["o", "t", "b", "k", "s", *["space"] * 2, *"**+c4", "escape", "@", *"0859", "enter"]:
            await driver.type(key)
            assert named(driver) == [], key
        await driver.type("escape", "u")
        assert "Undone" in driver.says
        assert named(driver) == []


async def test_a_question_under_way_is_asked_in_initials(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("/", *"callum", "enter", "o")
        assert "Reid, Callum out for" in driver.says
        await driver.type("f9")
        assert "CR out for" in driver.says
        assert named(driver) == []
        await driver.type("f9")
        assert "Reid, Callum out for" in driver.says
        await driver.type("f9", "t")
        assert "CR out: toilet" in driver.says


async def test_what_was_typed_in_a_question_is_hidden_too(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("/", *"khan", "enter", "f", "w", *"with amara", "f9")
        assert "amara" not in driver.says
        await driver.type("f9")
        assert "with amara" in driver.says


async def test_marks_stay_and_are_named_in_initials(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("*", "f9")
        assert "2 marked" in driver.says
        assert named(driver) == []
        await driver.type("f9")
        assert "Reid, Callum" in driver.says


async def test_a_filter_by_name_is_dropped_with_the_names(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("/", *"khan", "f9")
        assert "khan" not in driver.says
        assert named(driver) == []
        assert len(driver.today.state.shown) == 4
        await driver.type("f9", "/", *"8a", "down", "f9")
        assert named(driver) == []


async def test_what_was_said_is_hidden(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("/", *"khan", "enter", "i")
        assert "Khan, Bilal signed in" in driver.says
        await driver.type("f9")
        assert named(driver) == []


async def test_a_rule_that_names_another_student_names_initials(placed: School) -> None:
    placed.desk("CO1", "office").do(keep_apart(1, 4, "They fight"))
    async with driven_school(placed) as driver:
        await driver.type("f9", "/", *"bk", "enter", "i")
        assert "To be kept apart from CR" in driver.says
        assert named(driver) == []
        await driver.type(*"one room only", "enter")
        assert "BK signed in" in driver.says


async def test_the_pane_closes(placed: School) -> None:
    async with driven_school(placed, size=(200, 50)) as driver:
        await driver.type("enter")
        assert driver.today.has_pane
        await driver.type("f9")
        assert not driver.today.has_pane
        assert named(driver) == []
        await driver.type("enter")
        assert HIDDEN in driver.says
        await driver.type("f9")
        assert driver.today.has_pane
        assert "Enter shows reason" in driver.text


async def test_a_sheet_closes(placed: School) -> None:
    async with driven_school(placed, size=(80, 24)) as driver:
        await driver.type("enter", "f9")
        assert isinstance(driver.app.screen, Today)
        assert named(driver) == []


async def test_another_terminals_changes_come_in_initials(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("f9")
        placed.book(5, room=PSC)
        await driver.type("0")
        await driver.tick()
        assert "EM" in driver.text
        assert named(driver) == []


def at_rest(driver: Driver) -> bool:
    """Say whether the board stands there with nothing opened, asked, marked or filtered."""
    today, state = driver.today, driver.today.state
    asked = today.prompt is not None or today.kept_time or today.kept_told or today.pane_is_open
    changed = state.mode is not Mode.LIST or state.marked or state.text or state.only
    return driver.app.screen is today and not asked and not changed


MAY_MOST = ["assistant", "coordinator", "behaviour_lead"]
MAY_LESS = ["admin", "head_of_year", "cover"]
"""Those whom most keys refuse: `make safety` presses them as well."""


@pytest.mark.parametrize("role", MAY_MOST + MAY_LESS * ("PSC_STATES" in os.environ))
async def test_no_key_opens_what_shows_names(placed: School, role: str) -> None:
    placed.file.execute("UPDATE staff SET role = ? WHERE code = 'AS1'", (role,))
    async with driven_school(placed, size=(132, 40)) as driver:
        await driver.type("escape", "f9")  # an administrator begins with the settings
        leave = {"f2", "f9", "f12", "E", "ctrl+q", "ctrl+p", "f7", "f8"}
        for command in COMMANDS:
            if command.key in leave:
                continue
            await driver.pilot.press(command.key)
            await driver.rest()
            assert named(driver) == [], command.title
            if command.shows_names:
                assert isinstance(driver.app.screen, Today), command.title
            for _ in range(3):
                if not at_rest(driver):
                    await driver.type("escape")


async def test_confiscation_is_a_form_with_a_name(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("f9", "/", *"cr", "enter", "g", "c")
        assert isinstance(driver.app.screen, Today)
        assert "Names are hidden: F9 first" in driver.says


async def test_in_a_fire_the_roll_opens_with_names(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("f9", "E")
        assert isinstance(driver.app.screen, RollPage)
        assert "Reid, Callum" in driver.text
        await driver.type("escape")
        assert named(driver) == []


# -- pages and forms --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keys",
    [("<",), ("R",), ("L",), ("T",), ("D",), ("e",), ("a", *"nov"), ("t",), ("U",), ("P", "right"), ("E",), ("g", "c")],
)
async def test_over_a_page_or_a_form_the_screen_goes_blank_and_comes_back(
    placed: School, keys: tuple[str, ...]
) -> None:
    async with driven_school(placed) as driver:
        await driver.type("/", *"reid", "enter", *keys)
        assert not isinstance(driver.app.screen, Today)
        before, focus = driver.text, getattr(driver.app.focused, "id", None)
        await driver.type("f9")
        assert isinstance(driver.app.screen, Blank)
        assert "Names are hidden · F9 shows them" in driver.text
        assert "! 3 find" in driver.text, "the alarms of the rooms stay"
        assert named(driver) == []
        await driver.type("escape", "x", "enter", "5")
        assert isinstance(driver.app.screen, Blank)
        await driver.type("f9")
        await driver.pilot.pause(0.05)
        assert driver.text == before
        assert getattr(driver.app.focused, "id", None) == focus
        await driver.type("escape", "escape", "escape")
        assert isinstance(driver.app.screen, Today)


async def test_text_goes_on_where_it_was(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("a", *"nov", "ctrl+b", "ctrl+b", "a")
        assert isinstance(driver.app.focused, Input)
        assert driver.app.focused.value == "nova"


async def test_a_form_over_a_page_goes_with_it(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("<", "f9", "f9", "f9")
        assert isinstance(driver.app.screen, Blank)
        assert len(driver.app.screen_stack) == 3
        await driver.type("f9")
        assert len(driver.app.screen_stack) == 2


async def test_the_roll_opens_from_the_blank_screen_and_what_is_below_stays(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("a", *"nov", "f9", "E")
        assert isinstance(driver.app.screen, RollPage)
        assert "Reid, Callum" in driver.text
        assert not any("nov" in str(one.value) for screen in driver.app.screen_stack for one in screen.query(Input))
        await driver.type("f9", "escape")
        assert isinstance(driver.app.focused, Input)
        assert driver.app.focused.value == "nov"


async def test_the_list_of_keys_stays_open(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("?", "f9")
        assert "part of a word" in driver.text
        assert named(driver) == []
        await driver.type(*"hide or", "enter")
        assert "Reid, Callum" in driver.text


# -- quiet, lock, another person --------------------------------------------------------------------------------------


async def test_names_stay_hidden_through_quiet_and_lock(placed: School) -> None:
    async with driven_school(placed) as driver:
        has_given_passphrase(driver.app, "AS1")
        await driver.type("a", *"nov", "f9")
        await driver.idle(minutes=2.1)
        assert isinstance(driver.app.screen, Quiet)
        await driver.answer(PIN)
        assert isinstance(driver.app.screen, Blank)
        assert named(driver) == []
        assert "nov" not in everything_drawn(driver)
        await driver.type("f12")
        await driver.answer(PIN)
        assert named(driver) == []
        await driver.type("f9")
        await driver.pilot.pause(0.05)
        assert isinstance(driver.app.focused, Input)
        assert driver.app.focused.value == "nov"


async def test_a_board_in_initials_is_in_initials_after_the_lock(placed: School) -> None:
    async with driven_school(placed) as driver:
        has_given_passphrase(driver.app, "AS1")
        await driver.type("f9", "f12")
        await driver.answer(PIN)
        assert "CR" in driver.text
        assert named(driver) == []


async def test_it_is_each_persons_own(placed: School) -> None:
    async with driven_school(placed) as driver:
        has_given_passphrase(driver.app, "AS1", "AS2")
        await driver.type("f9", "f2")
        await driver.answer("AS2")
        await driver.answer(PIN)
        assert "Reid, Callum" in driver.text
        await driver.type("f2")
        await driver.answer("AS1")
        await driver.answer(PIN)
        assert named(driver) == []


async def test_at_the_gate_the_key_means_nothing(placed: School) -> None:
    async with driven_school(placed) as driver:
        await driver.type("f12", "f9", "ctrl+b")
        assert "Locked" in driver.text
        assert named(driver) == []


async def test_a_paper_log_is_not_printed_in_initials(placed: School, tmp_path: Path) -> None:
    async with driven_school(placed) as driver:
        await driver.type("f9", "p")
        assert HIDDEN in driver.says
        assert not list(tmp_path.rglob("*.html"))
