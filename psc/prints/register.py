"""The register list on A4, for the attendance office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.overview.register import Group
from psc.prints.page import heading, page, paragraph, table

if TYPE_CHECKING:
    from datetime import datetime

    from psc.overview.board import Board
    from psc.overview.register import Entry, RegisterList


def register_sheet(board: Board, made: RegisterList, now: datetime) -> str:
    """Return the sheet as HTML. It names no reason for being in a room."""
    day = board.day.day
    parts = [
        paragraph(
            f"As it stood at {wall(now, board.zone)}. The register closes at {wall(made.session.closes, board.zone)}."
        ),
    ]
    for group in Group:
        if entries := made.of(group):
            parts += [heading(f"{group.value} ({len(entries)})"), table(_HEADINGS, [_cells(one) for one in entries])]
    if not made.entries:
        parts.append(paragraph("Nobody is placed in a room this session."))
    return page(
        f"{board.school}: rooms at registration, {made.session.name} of {day:%A} {day.day} {day:%B %Y}",
        parts,
        foot="psc does not write the school's register: the attendance office does.",
    )


_HEADINGS = ("Student", "Form", "No.", "Room", "Mark", "What is known")


def _cells(one: Entry) -> tuple[str, ...]:
    return (one.name, one.form, one.admission_no, one.room, one.mark_words, one.words)
