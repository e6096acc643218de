"""A table of cells as a plain value: which cell the cursor is on and which are marked, by keys that stay."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

Place = tuple[Hashable, Hashable]
"""A cell: the key of its row, the key of its column."""


@dataclass(frozen=True)
class Cells:
    """The rows and columns by their keys, the cursor, and what is marked."""

    rows: tuple[Hashable, ...] = ()
    columns: tuple[Hashable, ...] = ()
    row: Hashable = None
    column: Hashable = None
    marked: frozenset[Place] = frozenset()

    @property
    def place(self) -> tuple[int, int]:
        """The cursor's row and column by number, from 0."""
        return _at(self.rows, self.row), _at(self.columns, self.column)

    def with_keys(self, rows: Sequence[Hashable], columns: Sequence[Hashable]) -> Cells:
        """Return the table with other rows and columns. A cursor whose row has gone is on what took its place."""
        row, column = self.place
        return replace(
            self,
            rows=tuple(rows),
            columns=tuple(columns),
            row=self.row if self.row in rows else _nth(rows, row),
            column=self.column if self.column in columns else _nth(columns, column),
            marked=frozenset(one for one in self.marked if one[0] in rows and one[1] in columns),
        )

    def moved(self, down: int, across: int = 0) -> Cells:
        """Return it with the cursor so many cells further; it stops at the edges."""
        row, column = self.place
        return replace(self, row=_nth(self.rows, row + down), column=_nth(self.columns, column + across))

    def to(self, row: Hashable, column: Hashable = None) -> Cells:
        """Return it with the cursor on a row, and a column where one is given, as far as they are there."""
        return replace(
            self,
            row=row if row in self.rows else self.row,
            column=column if column in self.columns else self.column,
        )

    def turned(self, cells: Iterable[Place]) -> Cells:
        """Return it with these cells marked; where all of them are marked, with none of them."""
        those = frozenset(cells)
        return replace(self, marked=self.marked - those if those <= self.marked else self.marked | those)

    def unmarked(self) -> Cells:
        """Return it with nothing marked."""
        return replace(self, marked=frozenset())


def _at(keys: Sequence[Hashable], key: Hashable) -> int:
    return keys.index(key) if key in keys else 0


def _nth(keys: Sequence[Hashable], number: int) -> Hashable:
    return keys[max(0, min(len(keys) - 1, number))] if keys else None
