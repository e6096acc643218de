"""`psc restrictive`: the term's force and seclusion, counted; no name stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day, typed_day
from psc.desk.permissions import scope_of
from psc.overview.restrictive_report import read_report, report_json, report_lines, span_words, term_or

if TYPE_CHECKING:
    from psc.cli.context import Context


def restrictive(context: Context, first_text: str, last_text: str) -> int:
    """Print the report of some days: of the term that they lie in unless both are given, of this one without any."""
    with context.desk() as desk:
        staff = desk.staff()
        scope_of("see_restrictive_report", staff)
        today = school_day(desk.clock.now(), desk.file.zone)
        first, last = term_or(
            desk.file,
            today,
            typed_day(first_text, today) if first_text else None,
            typed_day(last_text, today) if last_text else None,
        )
        report = read_report(desk.file, staff, first, last)
    context.print(report_json(report), [f"Force and seclusion, {span_words(report)}", "", *report_lines(report)])
    return 0
