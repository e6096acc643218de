"""The register list on A4, for the attendance office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.overview.register import Group
from psc.prints.keep import PART
from psc.prints.page import heading, page, paragraph, table

if TYPE_CHECKING:
    from datetime import datetime

    from psc.overview.board import Board
    from psc.overview.register import Entry, RegisterList


def register_sheet(board: Board, made: RegisterList, now: datetime) -> str:
    """Return the sheet as HTML. It names no reason for being in a room."""
    day = board.day.day
    closes = "closed" if now >= made.session.closes else "closes"
    stood, at = wall(now, board.zone), wall(made.session.closes, board.zone)
    parts = [paragraph(f"As it stood at {stood}. The register {closes} at {at}.")]
    if not board.whole:
        parts.append(paragraph(PART))
    for group in Group:
        if entries := made.of(group):
            rows = [_cells(one) for one in entries]
            parts += [heading(f"{group.value} ({len(entries)})"), table(_HEADINGS, rows, widths=_WIDTHS)]
    if not made.entries:
        parts.append(paragraph("Nobody is placed in a room this session."))
    return page(
        f"{board.school}: rooms at registration, {made.session.name} of {day:%A} {day.day} {day:%B %Y}",
        parts,
        foot="psc does not write the school's register: the attendance office does.",
    )


_HEADINGS = ("Student", "Form", "No.", "Room", "Mark", "What is known")
_WIDTHS = (32, 9, 11, 9, 9, 30)


def _cells(one: Entry) -> tuple[str, ...]:
    return (one.name, one.form, one.admission_no, one.room, one.mark_words, one.words)
