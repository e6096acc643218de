"""An import's report as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.school.years import year_words
from psc.text import counted

if TYPE_CHECKING:
    from psc.importing.report import Report

_REJECTED, _WARNED = 20, 10
"""How many lines are named: whoever has more looks at the file first."""


def report_lines(report: Report, *, dry_run: bool) -> list[str]:
    """Return an import's report for people."""
    total = f"{report.kind}: {report.imported} imported, {report.updated} updated, {report.unchanged} unchanged"
    lines = [f"{total}, {len(report.rejected)} rejected" + (f", {report.left} left" if report.left else "")]
    lines += [f"  line {one.line}: {one.reason}" for one in report.rejected[:_REJECTED]]
    if len(report.rejected) > _REJECTED:
        lines.append(f"  and {counted(len(report.rejected) - _REJECTED, 'more row')}")
    if report.warnings:
        lines.append(f"{counted(len(report.warnings), 'row')} went in with a warning")
        lines += [f"  line {one.line}: {one.reason}" for one in report.warnings[:_WARNED]]
    if report.leavers:
        lines.append("left, by year: " + ", ".join(f"{year_words(one)}: {n}" for one, n in report.leavers.items()))
    if report.possibly_same:
        lines.append(f"{counted(len(report.possibly_same), 'row')} may be somebody who is new here already")
        lines += [f"  line {one.line}: {one.reason}" for one in report.possibly_same]
    if report.to_decide:
        lines.append(f"{counted(len(report.to_decide), 'leaver')} with something open, for a decision")
        lines += [f"  {words}" for words in report.to_decide]
    if report.mapping:
        lines.append("columns: " + ", ".join(f"{field} ← {column}" for field, column in report.mapping.items()))
    if report.ignored_columns:
        lines.append(f"not read: {', '.join(report.ignored_columns)}")
    if dry_run:
        lines.append("Nothing was changed: this was a dry run.")
    return lines
