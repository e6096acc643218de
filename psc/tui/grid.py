"""A grid as a plain machine: rows and columns, a cursor on a cell, and what is typed. No app and no file.

It moves as a spreadsheet does: Tab goes right, Enter down and back to where the Tabs began, arrows anywhere; typing
goes into the cell at once, and Esc puts back what the cell held.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

Cell = tuple[Hashable, str]
"""A row's key and a column's name."""
LONGEST = 60
"""Characters a cell holds at the most."""


@dataclass(frozen=True)
class Grid:
    """What is typed, and where the cursor stands. `open_cells` says which columns of a row can be typed into."""

    rows: tuple[Hashable, ...]
    columns: tuple[str, ...]
    closed: frozenset[Cell] = frozenset()
    lists: frozenset[str] = frozenset()
    """Columns whose cells hold several words: typing goes on behind what is there."""
    typed: Mapping[Cell, str] = field(default_factory=dict)
    row: Hashable = None
    column: str = ""
    before: str | None = None
    """What the cell held when typing in it began; None while nothing is being typed."""
    origin: str = ""
    """The column where the Tabs began."""

    @property
    def cell(self) -> Cell:
        """The cell under the cursor."""
        return (self.row, self.column)

    @property
    def text(self) -> str:
        """What is typed in the cell under the cursor."""
        return self.typed.get(self.cell, "")

    def cells(self, row: Hashable) -> dict[str, str]:
        """Return what is typed in a row, by column."""
        return {column: text for (where, column), text in self.typed.items() if where == row and text}

    def with_rows(self, rows: Sequence[Hashable], columns: Sequence[str], closed: frozenset[Cell]) -> Grid:
        """Return the grid with other rows. The cursor stays on its row; if gone, on the one in its place."""
        place = self.rows.index(self.row) if self.row in self.rows else 0
        row = self.row if self.row in rows else rows[min(place, len(rows) - 1)] if rows else None
        column = self.column if self.column in columns else columns[0]
        return replace(self, rows=tuple(rows), columns=tuple(columns), closed=closed, row=row, column=column)

    def at(self, row: Hashable, column: str) -> Grid:
        """Return the grid with the cursor on a cell, if it can be typed into."""
        if row not in self.rows or column not in self.columns or (row, column) in self.closed:
            return self
        return replace(self, row=row, column=column, before=None)

    # Moving

    def down(self, by: int) -> Grid:
        """Return the grid with the cursor in the same column, so many rows down, as near as there is."""
        place = self.rows.index(self.row) if self.row in self.rows else 0
        step = 1 if by > 0 else -1
        for to in range(max(0, min(len(self.rows) - 1, place + by)), place, -step):
            if (self.rows[to], self.column) not in self.closed:
                return replace(self, row=self.rows[to], before=None, origin="")
        return replace(self, before=None, origin="")

    def across(self, by: int) -> Grid:
        """Return the grid with the cursor on the next open cell of the row, to the right or the left."""
        place = self.columns.index(self.column) + by
        while 0 <= place < len(self.columns):
            if (self.row, self.columns[place]) not in self.closed:
                return replace(self, column=self.columns[place], before=None, origin="")
            place += by
        return replace(self, before=None, origin="")

    def tabbed(self, by: int) -> Grid:
        """Return the grid one cell on, from the end of a row to the start of the next."""
        moved = self.across(by)
        if moved.column == self.column:
            place = self.rows.index(self.row) + by
            if 0 <= place < len(self.rows):
                ends = self.columns if by > 0 else self.columns[::-1]
                row = self.rows[place]
                first = next((one for one in ends if (row, one) not in self.closed), self.column)
                moved = replace(self, row=row, column=first, before=None)
        return replace(moved, origin=self.origin or self.column)

    def entered(self) -> Grid:
        """Return the grid one row down, in the column where the Tabs began."""
        return replace(self, column=self.origin or self.column).down(1)

    # Typing

    def with_typed(self, text: str) -> Grid:
        """Return the grid with other text in the cell."""
        before = self.text if self.before is None else self.before
        return replace(self, typed={**self.typed, self.cell: text[:LONGEST]}, before=before)

    def key(self, character: str) -> Grid:
        """Return the grid with one more character. The first one replaces what a cell held, or begins its next word."""
        text = self.text
        if self.before is None and text:
            if self.column not in self.lists:
                text = ""
            elif character not in " -–" and not text.endswith((" ", "-", "–")):
                text += " "
        return self.with_typed(text + character)

    def rubbed_out(self) -> Grid:
        """Return the grid with the cell's last character gone."""
        return self.with_typed(self.text[:-1])

    def put_back(self) -> Grid:
        """Return the grid with the cell as it was before typing in it began."""
        return replace(self, typed={**self.typed, self.cell: self.before or ""}, before=None)
