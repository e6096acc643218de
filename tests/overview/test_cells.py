"""The board as plain text, drawn from frozen values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from psc.cli.demo import DAY, MOMENT
from psc.database.file import open_file
from psc.desk.people import staff_by_code
from psc.overview.cells import Column, cut, fit, text_lines
from psc.overview.read_board import read_board
from tests.golden import check_golden

if TYPE_CHECKING:
    from pathlib import Path

    from psc.overview.board import Board


@pytest.fixture(scope="module")
def board(demo_file: Path) -> Board:
    """The demo's board. The values outlive the file they were read from."""
    file = open_file(demo_file, keys=demo_file.parent / "keys")
    try:
        return read_board(file, DAY, staff_by_code(file, "AS1"))
    finally:
        file.close()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_board_as_text(board: Board, width: int) -> None:
    check_golden(f"text-{width}", "\n".join(text_lines(board, MOMENT, width)))


@pytest.mark.parametrize("width", range(30, 220, 7))
def test_no_line_is_wider_than_the_screen(board: Board, width: int) -> None:
    assert all(cell_len(line) <= width for line in text_lines(board, MOMENT, width))


def test_columns_go_in_the_order_they_can_be_spared() -> None:
    gone = []
    before = {column for column, _ in fit(200)}
    for width in range(200, 30, -1):
        now = {column for column, _ in fit(width)}
        gone += [column for column in Column if column in before - now]
        before = now
    assert gone == [Column.WORK, Column.FORM, Column.WHY, Column.DAY, Column.CHECKS, Column.UNTIL]


@given(st.text(max_size=60), st.integers(0, 40))
def test_a_cell_is_exactly_as_wide_as_its_column(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) == width
