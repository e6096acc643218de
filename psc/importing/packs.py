"""The pack bank from a file: what work is ready when a lesson's own does not come, and where it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psc.importing.plan import newest_import
from psc.importing.report import BadRow, Report
from psc.importing.rows import Line, Once, read_rows
from psc.importing.school_plan import TablePlan
from psc.importing.values import parse_year
from psc.work.packs import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from psc.database.file import File

_ANY_YEAR = {"any", "all", "all years", "any year"}


@dataclass(frozen=True, slots=True)
class PackRecord:
    """One pack; `year` is None for any year, `unit` and `kept` None where the file has no such column."""

    line: int
    subject: str
    year: int | None
    unit: str | None
    code: str
    kept: str | None


def read_packs(path: Path, profile: Mapping[str, str] | None = None) -> tuple[list[PackRecord], Report]:
    """Read a list of packs, a row a pack. The code is what stands on its cover."""
    once = Once()

    def make(line: Line) -> PackRecord:
        year = line.text("year")
        record = PackRecord(
            line.line,
            line.need("subject"),
            None if year.casefold() in _ANY_YEAR else line.value("year", parse_year),
            line.get("unit"),
            line.need("code"),
            line.get("kept"),
        )
        once.claim(line.line, "code", record.code)
        if any(len(text or "") > LONGEST for text in (record.subject, record.unit, record.code, record.kept)):
            raise BadRow(f"a cell has more than {LONGEST} characters")
        return record

    return read_rows("packs", path, profile, make)


def plan_packs(file: File, records: Sequence[PackRecord], report: Report) -> TablePlan:
    """Compare packs by code. What is not in the list stays, and a pack out of use stays so."""
    plan = TablePlan(report, newest_import(file))
    found = file.rows("SELECT code, subject, year, unit, kept FROM pack")
    known = {code.casefold(): tuple(rest) for code, *rest in found}
    rows: list[tuple[object, ...]] = []
    for one in records:
        was = known.get(one.code.casefold())
        unit, kept = (was[2], was[3]) if was else ("", "")
        now = (
            one.subject,
            one.year,
            unit if one.unit is None else one.unit,
            kept if one.kept is None else one.kept,
        )
        if plan.count(was, now):
            rows.append((one.code, *now))
    plan.statements.append(
        (
            "INSERT INTO pack (code, subject, year, unit, kept) VALUES (?, ?, ?, ?, ?) ON CONFLICT (code) DO UPDATE"
            " SET subject = excluded.subject, year = excluded.year, unit = excluded.unit, kept = excluded.kept",
            rows,
        )
    )
    return plan
