"""What a draft of a typed sheet says: the sheet's own words, and its cells by row and column. No app and no file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from psc.errors import NotUnderstood
from psc.flows.paper import read_why

if TYPE_CHECKING:
    from psc.roster.placements import PlacementType
    from psc.tui.grid import Cell

_OF = "\t"
"""Between a row and a column in the name of a cell: it can be typed in neither."""
_WHY = "why"


class SheetDraft(NamedTuple):
    """A sheet that is not saved yet. A row is a student's number in the file, or `("blank", 3)`."""

    kept_by: str
    why: str
    day: date
    cells: Mapping[Cell, str]
    whys: Mapping[Hashable, tuple[PlacementType, str]]
    """Why the walk-ins came, by their rows."""

    def words(self) -> dict[str, str]:
        """Return it as a draft keeps it; nothing where no cell is typed."""
        cells = {f"{_name(row)}{_OF}{column}": text for (row, column), text in self.cells.items() if text.strip()}
        if not cells:
            return {}
        whys = {f"{_name(row)}{_OF}{_WHY}": f"{kind.words}: {reason}" for row, (kind, reason) in self.whys.items()}
        return {"kept by": self.kept_by, _WHY: self.why, "day": self.day.isoformat(), **whys, **cells}


def read_sheet(words: Mapping[str, str], day: date) -> SheetDraft:
    """Return what a draft's words say; what cannot be read is left out, and without a day it is of `day`."""
    cells: dict[Cell, str] = {}
    whys: dict[Hashable, tuple[PlacementType, str]] = {}
    for name, text in words.items():
        row, of, column = name.partition(_OF)
        if of and column == _WHY:
            try:
                whys[_row(row)] = read_why(text, ())  # the words are whole already
            except NotUnderstood:
                continue  # the sheet asks again why they came
        elif of:
            cells[_row(row), column] = text
    kept = words.get("day", "")
    return SheetDraft(
        words.get("kept by", ""), words.get(_WHY, ""), date.fromisoformat(kept) if kept else day, cells, whys
    )


def _name(row: Hashable) -> str:
    return f"{row[0]} {row[1]}" if isinstance(row, tuple) else str(row)


def _row(name: str) -> Hashable:
    return int(name) if name.isdecimal() else ("blank", int(name.rpartition(" ")[2]))
