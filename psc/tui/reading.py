"""How what is told at length stands on a page: in as many lines as it needs, with when it was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.overview.cells import Tone
from psc.tui.widgets.lines import Line, wrapped

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

_LEAST = 20
"""Cells that words have at least, however narrow the page."""


def text_lines(
    text: str,
    width: int,
    tone: Tone = Tone.PLAIN,
    key: tuple[Hashable, ...] | None = None,
    *,
    indent: str = "  ",
    first: str = "",
) -> Iterator[Line]:
    """Yield a text in lines of at most `width` cells; `first` stands before it, and what follows as far in as it.

    Each line has the key, those after the first with their number behind it: all of them lead to the same thing.
    """
    for number, words in enumerate(wrapped(text, max(_LEAST, width - len(indent) - len(first)))):
        lead = f"{indent}{' ' * len(first) if number else first}"
        yield Line(((lead, Tone.QUIET), (words, tone)), (*key, number) if key and number else key)


def stamp_words(at: datetime, today: date, zone: ZoneInfo) -> str:
    """Return a moment: the time alone for today, else the day before it."""
    here = at.astimezone(zone)
    if here.date() == today:
        return wall(at, zone)
    year = "" if here.year == today.year else f" {here.year}"
    return f"{here.day} {here:%b}{year} {wall(at, zone)}"


def with_places(lines: list[Line]) -> list[Line]:
    """Return lines each with a key, so that the cursor goes through all of them and what is long can be read."""
    return [one if one.key is not None else one._replace(key=("line", place)) for place, one in enumerate(lines)]
