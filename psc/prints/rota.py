"""The week's rota for the wall of the office: one A4 page across."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.overview.rota import RotaWeek, closed_words, entry_words, not_covered
from psc.prints.page import heading, page, paragraph, table

if TYPE_CHECKING:
    from collections.abc import Iterator


def rota_sheet(week: RotaWeek) -> str:
    """Return the sheet: a row a person, a column a day, and below it what nobody is planned for."""
    return page(
        week.title, _parts(week), foot=f"{week.school}. A plan: who was on duty is kept with the room.", wide=True
    )


def _parts(week: RotaWeek) -> Iterator[str]:
    headings = ["", *(f"{one.words}{f' ({note})' if (note := closed_words(one)) else ''}" for one in week.days)]
    rows = [
        [who.name, *("\n".join(entry_words(one, week.rooms) for one in week.of(who, day.day.day)) for day in week.days)]
        for who in week.people
    ]
    yield table(headings, rows, tall=True, widths=(10, 18, 18, 18, 18, 18))
    missing = not_covered(week)
    if missing:
        yield heading("Nobody is planned for")
        for code, days in missing:
            yield paragraph(f"{code}: {' · '.join(days)}")
