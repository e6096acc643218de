"""The one loop over the rows of a file: what a reader asks of a row, and what becomes of the ones it turns down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from psc.importing.columns import ColumnMap, map_columns
from psc.importing.progress import unwatched
from psc.importing.report import BadRow, Report
from psc.importing.tablefile import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from pathlib import Path

    from psc.importing.progress import Watch
    from psc.importing.tablefile import Table

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file, asked for by field. A field without a column is None: the file does not speak of it."""

    line: int
    cells: tuple[str, ...]
    columns: ColumnMap
    warnings: list[str] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        """Return the cell, "" when it is empty, None when there is no such column."""
        place = self.columns.places.get(name)
        return None if place is None else self.cells[place]

    def text(self, name: str) -> str:
        """Return the cell, or "" when it is empty or there is no such column."""
        return self.get(name) or ""

    def need(self, name: str) -> str:
        """Return the cell; without it the row is bad."""
        cell = self.text(name)
        if not cell:
            raise BadRow(f"{self._heading(name)} is empty")
        return cell

    def value(self, name: str, parse: Callable[[str], T]) -> T | None:
        """Return the parsed cell, None when it is empty or absent; a cell that cannot be read makes the row bad."""
        cell = self.text(name)
        return self._parsed(name, cell, parse) if cell else None

    def needed(self, name: str, parse: Callable[[str], T]) -> T:
        """Return the parsed cell; an empty one makes the row bad too."""
        return self._parsed(name, self.need(name), parse)

    def lenient(self, name: str, parse: Callable[[str], T]) -> T | None:
        """Return the parsed cell; one that cannot be read is a warning, and the field stays unspoken of."""
        try:
            return self.value(name, parse)
        except BadRow as bad:
            self.warn(bad.reason)
            return None

    def warn(self, reason: str) -> None:
        """Say what is odd about this row. It is reported only if the row goes in."""
        self.warnings.append(reason)

    def _parsed(self, name: str, cell: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(cell)
        except BadRow as bad:
            raise BadRow(f"{self._heading(name)}: {bad.reason}") from bad

    def _heading(self, name: str) -> str:
        return self.columns.headings.get(name, name)


class Once:
    """Remembers on which line a thing stood first, and turns down the second row that claims it."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, int] = {}

    def first_line(self, line: int, *key: Hashable) -> int | None:
        """Return the line that had `key` before, or None and remember it for `line`. Case does not tell two apart."""
        folded = tuple(part.casefold() if isinstance(part, str) else part for part in key)
        earlier = self._lines.get(folded)
        self._lines.setdefault(folded, line)
        return earlier

    def claim(self, line: int, what: str, *key: Hashable) -> None:
        """Raise `BadRow`, naming both lines, when a row before had this `what`."""
        earlier = self.first_line(line, what, *key)
        if earlier is not None:
            raise BadRow(f"line {line} has the same {what} as line {earlier}")


def begin(
    kind: str, path: Path, profile: Mapping[str, str] | None, watch: Watch = unwatched
) -> tuple[Table, ColumnMap, Report]:
    """Read the file at `path` as a table, find its columns, and open the report on it."""
    table = read_table(path, watch)
    columns = map_columns(kind, table.header, profile)
    report = Report(
        kind,
        digest=table.digest,
        rows=len(table.rows) + len(table.ragged),
        rejected=list(table.ragged),
        ignored_columns=list(columns.ignored),
        mapping=dict(columns.headings),
    )
    return table, columns, report


def read_rows(
    kind: str, path: Path, profile: Mapping[str, str] | None, make: Callable[[Line], T | None]
) -> tuple[list[T], Report]:
    """Read the file at `path`: `make` turns a row into a record, raises `BadRow`, or returns None to leave it out."""
    table, columns, report = begin(kind, path, profile)
    records: list[T] = []
    for row in table.rows:
        line = Line(row.line, row.cells, columns)
        try:
            record = make(line)
        except BadRow as bad:
            report.reject(row.line, bad.reason)
            continue
        if record is not None:
            records.append(record)
        for reason in line.warnings:
            report.warn(row.line, reason)
    report.finish()
    return records, report
