"""The floors: the least a Textual app can be: one line of text, or one table of sixty rows (with `table`)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

READY, LAST = "floor-is-drawn", "student 30"
"""What a terminal shows once the line, or the table, is drawn."""


class OneLine(App[None]):
    """An app that shows one line of text."""

    def compose(self) -> ComposeResult:
        """Lay the line out."""
        yield Static(READY)


class Table(App[None]):
    """An app that mounts and fills a DataTable on one key, and updates one cell of it on another."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f", "fill"), Binding("u", "update")]

    def __init__(self, heads: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
        super().__init__()
        self._heads = heads
        self._cells = cells
        self._updates = 0

    async def action_fill(self) -> None:
        """Mount the table and fill it."""
        table = DataTable[str](cursor_type="row")
        await self.mount(table)
        for head in self._heads:
            table.add_column(head, key=head)
        for number, cells in enumerate(self._cells):
            table.add_row(*cells, key=str(number))
        table.focus()

    def action_update(self) -> None:
        """Give one cell in sight another value."""
        self._updates += 1
        self.query_one(DataTable).update_cell("9", self._heads[-1], f"◐ {self._updates}")


class FullTable(Table):
    """A table that is filled from the start, with cells of its own."""

    def __init__(self) -> None:
        columns = ("seat", "student", "form", "why", "until", "day", "now", "checks")
        super().__init__(columns, [[f"{column} {number}" for column in columns] for number in range(60)])

    async def on_mount(self) -> None:
        """Fill it."""
        await self.action_fill()


if __name__ == "__main__":
    (FullTable() if "table" in sys.argv else OneLine()).run()
