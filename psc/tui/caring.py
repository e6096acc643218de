"""What the pane says of things held, lunch, home and welfare checks: in the open neutral words, opened the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import school_day, wall
from psc.overview.care import home_words
from psc.overview.cells import Tone

if TYPE_CHECKING:
    from psc.overview.board import Board, RowNow
    from psc.tui.details import Piece


def care_lines(board: Board, one: RowNow, *, opened: bool) -> list[list[Piece]]:
    """Return the lines of the pane on one student's day besides the door."""
    care, zone = one.row.care, board.zone
    lines: list[list[Piece]] = []
    for item in care.held:
        words = item.words if opened else item.open_words
        day = school_day(item.happened, zone)
        since = wall(item.happened, zone) if day == board.day.day else f"{day.day} {day:%b}"
        lines.append([(f"held {since}: {words}", Tone.OUT), (f"  {item.by}", Tone.QUIET)])
    if care.lunch.choice or care.lunch.taken is not None:
        taken = {None: "", True: ", taken", False: ", not taken"}[care.lunch.taken]
        lines.append([(f"lunch: {care.lunch.choice or 'not asked'}{taken}", Tone.PLAIN)])
    for words in home_words(one.home_owed, care.home, zone):
        lines.append([(words, Tone.DUE if words.startswith("home to tell") else Tone.PLAIN)])
    for check in care.welfare if opened else care.welfare[-1:]:
        words = f"seen {wall(check.happened, zone)}" + (f" {check.words}" if opened else "")
        lines.append([(words, Tone.PLAIN), (f"  {check.by}", Tone.QUIET)])
    if one.seen_by:
        lines.append([(f"next check (k) {wall(one.seen_by, zone)}", Tone.QUIET)])
    return lines
