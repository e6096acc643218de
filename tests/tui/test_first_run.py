"""The first start: no file yet, a school and two people, and the administrator at the desk."""

from __future__ import annotations

from asyncio import sleep
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from psc.clock import SetClock
from psc.database import ledger
from psc.database.file import open_file
from psc.tui.screens.first_run import FirstRun
from psc.tui.screens.gate import Gate
from tests.school import at
from tests.tui.app import Driver, driven

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

ADMIN, LEAD = "brick lantern seven", "brass kettle mornings"
SCHOOL = ("Hillside School", "enter")
FIRST = ("AD1", "enter", "Sam Hill", "enter", ADMIN, "enter", ADMIN, "enter")
SECOND = ("BL1", "enter", "Ruth Okoro", "enter", LEAD, "enter", LEAD, "enter")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where no file is yet, nor a folder for it."""
    return tmp_path / "psc" / "psc.sqlite"


def first_start(path: Path, size: tuple[int, int] = (80, 24)) -> AbstractAsyncContextManager[Driver]:
    """Start psc where no file is."""
    return driven(path, SetClock(at("08:00")), None, size)


def put(driver: Driver, **typed: str) -> None:
    """Put what is typed into the fields at once, all of it right unless told otherwise; go to the last one."""
    right = {
        "school": "Hillside School", "admin_code": "AD1", "admin_name": "Sam Hill", "admin_secret": ADMIN,
        "admin_again": ADMIN, "lead_code": "BL1", "lead_name": "Ruth Okoro", "lead_secret": LEAD, "lead_again": LEAD,
    }  # fmt: skip
    for name, text in {**right, **typed}.items():
        driver.app.screen.query_one(f"#{name.replace('_', '-')}", Input).value = text
    driver.app.screen.query_one("#lead-tick").focus()


async def until_signed_in(driver: Driver) -> None:
    """Wait until the file has been made and somebody sits at it."""
    for _ in range(2_000):
        if driver.app.session is not None:
            break
        await sleep(0.005)
    await driver.rest()


def temporary(path: Path) -> dict[str, bool]:
    """Return whose passphrase must be changed at its first use, by code."""
    with closing(open_file(path)) as file:
        return {
            code: bool(until)
            for code, until in file.rows(
                "SELECT code, temporary_until FROM secret JOIN staff ON staff.id = staff_id ORDER BY code"
            )
        }


def focused(driver: Driver) -> str:
    """Return the id of the field that is typed in."""
    return driver.app.focused.id or "" if driver.app.focused else ""


async def test_a_school_is_set_up_and_its_administrator_sits_down(path: Path) -> None:
    async with first_start(path) as driver:
        assert "psc · a new school" in driver.text
        await driver.type(*SCHOOL, *FIRST, *SECOND)
        assert focused(driver) == "lead-tick"
        assert not path.parent.exists(), "nothing is written before the last Enter"
        await driver.type("enter")
        await until_signed_in(driver)
        assert "S. Hill · admin" in driver.text
        assert "F6 chooses a PIN" in driver.text
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["psc.sqlite"]
    assert temporary(path) == {"AD1": False, "BL1": True}
    with closing(open_file(path)) as file:
        assert ledger.verify(file).whole
        assert [act for (act,) in file.rows("SELECT act FROM ledger WHERE act <> 'epoch' ORDER BY seq")] == [
            "add_staff",
            "reset_secret",
            "begin_session",
            "end_session",
        ]


async def test_a_behaviour_lead_who_is_here_chooses_their_own_at_once(path: Path) -> None:
    async with first_start(path) as driver:
        put(driver)
        await driver.type("space", "enter")
        await until_signed_in(driver)
    assert temporary(path) == {"AD1": False, "BL1": False}


async def test_the_rule_of_a_field_is_said_before_it_is_broken(path: Path) -> None:
    async with first_start(path) as driver:
        assert "printed sheets" in driver.text
        await driver.type(*SCHOOL)
        assert "one short word" in driver.text
        await driver.type(*FIRST[:4])
        assert "12 characters or more" in driver.text


@pytest.mark.parametrize(
    ("typed", "field", "why"),
    [
        ({"school": " "}, "school", "The school needs a name"),
        ({"admin_code": "AD 1"}, "admin-code", "one short word"),
        ({"admin_code": "system"}, "admin-code", "psc's own"),
        ({"admin_name": ""}, "admin-name", "That is no name"),
        ({"admin_secret": "oakum"}, "admin-secret", "too short"),
        ({"admin_secret": "hillside sam"}, "admin-secret", "little more than a name"),
        ({"admin_again": "another"}, "admin-again", "not the same"),
        ({"lead_code": "ad1"}, "lead-code", "the administrator's code"),
        ({"lead_secret": ADMIN}, "lead-secret", "the same passphrase"),
    ],
)
async def test_what_is_wrong_stands_by_its_field_and_keeps_what_was_typed(
    path: Path, typed: dict[str, str], field: str, why: str
) -> None:
    async with first_start(path) as driver:
        put(driver, **typed)
        await driver.type("enter")
        assert focused(driver) == field
        error = driver.app.screen.query_one(f"#error-{field}")
        assert why in str(error.render())
        assert error.display
        await driver.type("x")
        assert not error.display
        assert isinstance(driver.app.focused, Input)
        assert driver.app.focused.value.endswith("x")


async def test_an_enter_goes_no_further_than_what_is_wrong(path: Path) -> None:
    async with first_start(path) as driver:
        await driver.type("enter")
        assert focused(driver) == "school"
        assert "The school needs a name" in driver.text


async def test_no_passphrase_is_ever_drawn_pasted_or_copied(path: Path) -> None:
    async with first_start(path) as driver:
        put(driver)
        await driver.pilot.pause()
        assert ADMIN not in driver.text
        field = driver.app.screen.query_one("#admin-secret", Input)
        field.focus()
        field.action_select_all()
        field.action_copy()
        field.action_cut()
        assert driver.app.clipboard == ""
        assert field.value == ADMIN


async def test_two_enters_make_one_file(path: Path) -> None:
    async with first_start(path) as driver:
        put(driver)
        await driver.pilot.press("enter", "enter")
        await until_signed_in(driver)
        assert "S. Hill · admin" in driver.text


async def test_a_file_that_somebody_else_made_meanwhile_is_left(path: Path) -> None:
    async with first_start(path) as driver:
        put(driver)
        path.parent.mkdir()
        path.write_text("theirs", encoding="utf-8")
        await driver.type("enter")
        await driver.pilot.pause(0.1)
        assert "There is a file of that name already" in driver.text
        assert isinstance(driver.app.screen, FirstRun)
    assert path.read_text(encoding="utf-8") == "theirs"


async def test_leaving_half_way_is_asked_once_and_makes_nothing(path: Path) -> None:
    async with first_start(path) as driver:
        await driver.type(*SCHOOL)
        await driver.type("ctrl+q")
        assert driver.app.is_running
        assert "Nothing has been made yet" in driver.text
        await driver.type("ctrl+q")
    assert not path.parent.exists()


@pytest.mark.parametrize("keys", [("f2",), ("f12",), ("ctrl+p",), ("escape",)])
async def test_no_other_key_leads_past_it(path: Path, keys: tuple[str, ...]) -> None:
    async with first_start(path) as driver:
        await driver.type("Hill", *keys)
        assert isinstance(driver.app.screen, FirstRun)
        await driver.type("side")
        assert driver.app.screen.query_one("#school", Input).value == "Hillside"


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (132, 40)])
async def test_every_field_comes_into_sight_when_it_is_typed_in(path: Path, size: tuple[int, int]) -> None:
    async with first_start(path, size) as driver:
        put(driver)
        await driver.rest()
        assert "[x] They are not here" in driver.text


async def test_a_file_of_before_secrets_says_so_at_the_gate(tmp_path: Path) -> None:
    from psc.database.file import make_file

    path = tmp_path / "hillside.sqlite"
    make_file(path, "Hillside School", at("07:00"))
    async with first_start(path) as driver:
        assert isinstance(driver.app.screen, Gate)
        await driver.rest()
        assert "psc init --secrets" in driver.text
