"""The board as a plain machine: rows, a cursor on a student, marks, and what is shown. No app and no file.

It has three modes: the list, marking checks down the column, and typing a filter. Every change makes a new value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from psc.overview.board import count_of
from psc.text import fold, matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.overview.board import RowNow

Key = tuple[int, int]
"""A student in a room."""


class Mode(StrEnum):
    """What keys mean."""

    LIST = "list"
    MARKING = "marking"
    FILTER = "filter"


@dataclass(frozen=True)
class BoardState:
    """What the board shows. `rows` are all rows of the room; `shown` those that the filters let through."""

    rows: tuple[RowNow, ...] = ()
    cursor: Key | None = None
    marked: frozenset[Key] = frozenset()
    mode: Mode = Mode.LIST
    text: str = ""
    only: str = ""
    period: str = ""

    @cached_property
    def shown(self) -> tuple[RowNow, ...]:
        """The rows that the count filter and the typed filter let through, in the board's order."""
        needle = fold(self.text)
        return tuple(
            one
            for one in self.rows
            if (not self.only or self.only == count_of(one.status) or (self.only == "home" and one.home_owed))
            and (not needle or matches(needle, fold(f"{one.row.name} {one.row.form} {one.row.admission_no}")))
        )

    @property
    def index(self) -> int:
        """The cursor's place among the rows shown; 0 when there is none."""
        for number, one in enumerate(self.shown):
            if one.row.key == self.cursor:
                return number
        return 0

    @property
    def current(self) -> RowNow | None:
        """The row under the cursor."""
        return self.shown[self.index] if self.shown else None

    def targets(self) -> tuple[RowNow, ...]:
        """Return the rows an act is for: the marked ones, else the one under the cursor."""
        marked = tuple(one for one in self.rows if one.row.key in self.marked)
        if marked:
            return marked
        return (self.current,) if self.current else ()

    def with_rows(self, rows: Sequence[RowNow]) -> BoardState:
        """Return the board with newer rows. The cursor stays on its student; if gone, on what took the place."""
        place = self.index
        there = {one.row.key for one in rows}
        new = replace(self, rows=tuple(rows), marked=self.marked & there)
        return new if new.cursor in {one.row.key for one in new.shown} else new.at(place)

    def at(self, index: int) -> BoardState:
        """Return the board with the cursor on a row, as near as there is."""
        if not self.shown:
            return replace(self, cursor=None)
        return replace(self, cursor=self.shown[max(0, min(index, len(self.shown) - 1))].row.key)

    def moved(self, by: int) -> BoardState:
        """Return the board with the cursor moved down by so many rows."""
        return self.at(self.index + by)

    def toggled(self) -> BoardState:
        """Return the board with the current row marked or unmarked, and the cursor on the next."""
        if self.current is None or self.current.row.hidden:
            return self.moved(1)
        return replace(self, marked=self.marked ^ {self.current.row.key}).moved(1)

    def all_in_marked(self) -> BoardState:
        """Return the board with everyone who is in marked; if they all are already, with nobody marked."""
        inside = frozenset(one.row.key for one in self.shown if one.inside and not one.row.hidden)
        return replace(self, marked=frozenset() if self.marked >= inside else inside)

    def unmarked(self) -> BoardState:
        """Return the board with nobody marked."""
        return replace(self, marked=frozenset())

    def filtered(self, text: str) -> BoardState:
        """Return the board with only the rows that fit the text typed."""
        new = replace(self, text=text)
        return new if new.cursor in {one.row.key for one in new.shown} else new.at(0)

    def narrowed(self, only: str) -> BoardState:
        """Return the board with only one of the header's counts; the same count again, or "", shows all."""
        new = replace(self, only="" if only == self.only else only)
        return new if new.cursor in {one.row.key for one in new.shown} else new.at(0)

    def entering(self, mode: Mode, period: str = "") -> BoardState:
        """Return the board in another mode."""
        return replace(self, mode=mode, period=period)

    def names(self, most: int = 4) -> str:
        """Return the surnames of those marked, at most so many, for the line that names them before an act."""
        marked = [one.row.name for one in self.rows if one.row.key in self.marked]
        shown = "; ".join(marked[:most])
        return f"{shown} and {len(marked) - most} more" if len(marked) > most else shown
