"""What an import says for itself: how many rows went in, and which did not, where and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

from psc.errors import FileRefused
from psc.text import counted

BAD_ROWS_ALLOWED = 0.10
_LINES_NAMED = 5


class BadRow(Exception):
    """One row cannot be taken in; the rest of the file goes on without it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out: the line it begins on in the file, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Warned:
    """A row that went in although something about it wants a look."""

    line: int
    reason: str


class LineJson(TypedDict):
    """One rejected or warned line, as `--json` prints it."""

    line: int
    reason: str


class ReportJson(TypedDict):
    """The report as `psc import --json` prints it."""

    imported: int
    updated: int
    unchanged: int
    rejected: list[LineJson]
    warnings: list[LineJson]
    possibly_same: list[LineJson]
    to_decide: list[str]
    ignored_columns: list[str]


@dataclass(slots=True)
class Report:
    """The account of one file. A reader fills in what it rejected; who applies the values counts what they changed."""

    kind: str
    digest: str = ""
    rows: int = 0
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    left: int = 0
    removed: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    possibly_same: list[Warned] = field(default_factory=list)
    """Rows that went in as new although somebody of that name is new here already: a person says, and merges."""
    to_decide: list[str] = field(default_factory=list)
    """Leavers with something open, and what: for somebody's decision."""
    leavers: dict[int | None, int] = field(default_factory=dict)
    """How many of each year group were marked as left."""
    ignored_columns: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)

    def reject(self, line: int, reason: str) -> None:
        """Leave the row on `line` out."""
        self.rejected.append(Rejected(line, reason))

    def warn(self, line: int, reason: str) -> None:
        """Let the row on `line` in, and say what is odd about it."""
        self.warnings.append(Warned(line, reason))

    def possibly(self, line: int, reason: str) -> None:
        """Let the row on `line` in, and say whom it is possibly the same as."""
        self.possibly_same.append(Warned(line, reason))

    def finish(self) -> None:
        """Put the lines in the order of the file, and refuse the whole file when too many are bad."""
        self.rejected.sort(key=lambda bad: bad.line)
        self.warnings.sort(key=lambda odd: odd.line)
        if len(self.rejected) > self.rows * BAD_ROWS_ALLOWED:
            raise TooManyBadRows(self)

    def as_json(self) -> ReportJson:
        """Return the report with the keys the command line promises."""
        return {
            "imported": self.imported,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [{"line": bad.line, "reason": bad.reason} for bad in self.rejected],
            "warnings": [{"line": odd.line, "reason": odd.reason} for odd in self.warnings],
            "possibly_same": [{"line": one.line, "reason": one.reason} for one in self.possibly_same],
            "to_decide": list(self.to_decide),
            "ignored_columns": list(self.ignored_columns),
        }


class TooManyBadRows(FileRefused):
    """More than one row in ten is bad: more likely the wrong file, or a broken export, than so many slips.

    The words name lines only, since a reason may quote a cell; `report` holds the reasons for whoever is at the desk.
    """

    def __init__(self, report: Report) -> None:
        lines = [str(bad.line) for bad in report.rejected]
        named = ", ".join(lines[:_LINES_NAMED]) + (" and more" if len(lines) > _LINES_NAMED else "")
        super().__init__(
            f"{len(lines)} of {counted(report.rows, 'row')} cannot be taken in, more than one in ten.",
            f"Look at line{'s' if len(lines) > 1 else ''} {named}; put the file right or export it again.",
        )
        self.report = report
