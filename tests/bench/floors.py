"""The floors: the least a Textual app can be. `python -m tests.bench.floors` runs the one with one line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.widgets import DataTable, Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

READY = "floor-is-drawn"


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


if __name__ == "__main__":
    OneLine().run()
