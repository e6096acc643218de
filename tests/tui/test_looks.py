"""What the board looks like, at the sizes that people have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.cli.demo import MOMENT
from psc.clock import SetClock
from tests.golden import check_golden
from tests.tui.app import driven

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("size", [(40, 12), (60, 18), (80, 24), (120, 36), (200, 60)])
async def test_the_board_at_every_size(demo: Path, size: tuple[int, int]) -> None:
    async with driven(demo, SetClock(MOMENT), size=size) as desk:
        check_golden(f"board-{size[0]}x{size[1]}", desk.text)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("asked-out", ["/", "okaf", "enter", "o"]),
        ("asked-sign-out", ["/", "marsh", "enter", "s"]),
        ("marking-checks", ["c"]),
        ("finding", ["/", "re"]),
        ("marked", ["*"]),
        ("walk-in", ["a", "tay"]),
        ("keys", ["?"]),
        ("sheet", ["/", "reid", "enter", "enter"]),
        ("all-rooms", ["0"]),
        ("psc", ["]"]),
        ("who", ["f2"]),
    ],
)
async def test_everything_that_opens_at_80_by_24(demo: Path, name: str, keys: list[str]) -> None:
    async with driven(demo, SetClock(MOMENT), size=(80, 24)) as desk:
        await desk.type(*keys)
        await desk.pilot.pause()
        check_golden(f"80x24-{name}", desk.text)


async def test_the_acts_of_the_door_work_at_60_by_18(demo: Path) -> None:
    async with driven(demo, SetClock(MOMENT), size=(60, 18)) as desk:
        await desk.type("/", "khan", "enter", "i", "o", "t", "b", "s", "l")
        assert "✓ to lesson 11:43" in desk.text


async def test_a_resize_keeps_what_was_typed(demo: Path) -> None:
    async with driven(demo, SetClock(MOMENT), size=(80, 24)) as desk:
        await desk.type("a", "tay")
        await desk.resize(132, 40)
        assert "Taylor, Ethan" in desk.text


async def test_a_resize_brings_the_pane_and_takes_it_away(demo: Path) -> None:
    async with driven(demo, SetClock(MOMENT), size=(80, 24)) as desk:
        assert "min in the room" not in desk.text
        await desk.type("/", "reid", "enter")
        await desk.resize(132, 40)
        assert "min in the room today" in desk.text
        await desk.resize(80, 24)
        assert "min in the room today" not in desk.text


async def test_sixty_students_scroll_under_the_headings_with_the_cursor_in_sight(demo: Path) -> None:
    async with driven(demo, SetClock(MOMENT), size=(60, 12)) as desk:
        await desk.type("0", "end")
        last = desk.today.state.shown[-1].row.name
        assert last[:12] in desk.text
        assert "Student" in desk.text
        await desk.type("home")
        assert desk.today.state.shown[0].row.name[:8] in desk.text
