"""What the pane says of one student today: in the open, what anyone at the desk may read; opened, the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.overview.cells import Tone, cut, day_words, kind_words, now_cell, until_words
from psc.overview.glyphs import work_glyph
from psc.overview.timeline import marks, without_work
from psc.roster.checks import WORDS
from psc.roster.placements import PeriodState
from psc.tui.caring import care_lines
from psc.work.states import state_words, why_no_work

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from psc.overview.board import Board, RowNow
    from psc.overview.timeline import Entry

Piece = tuple[str, Tone]
"""Some words and their tone."""


def details(board: Board, one: RowNow, now: datetime, entries: Sequence[Entry], *, opened: bool) -> list[list[Piece]]:
    """Return the lines of the pane; `entries` are the student's timeline of the day.

    With `opened`, the reason and the alerts are among them.
    """
    row = one.row
    if row.hidden:
        return [[(row.name, Tone.PLAIN)], [], [("You have nothing to do with this student here.", Tone.QUIET)]]
    lines: list[list[Piece]] = [[(row.name, Tone.PLAIN)]]
    seat = f"seat {row.seat}" if row.seat and row.visit_id else ""
    lines.append([("  ".join(part for part in (row.form, seat, row.admission_no) if part), Tone.QUIET)])
    if row.new_here:
        lines.append([("new here: not on the school's list yet", Tone.QUIET)])
    state = now_cell(board, one, now)
    lines.append([(state.text, state.tone)])
    lines.append([(f"{one.minutes} min in the room today", Tone.PLAIN)] if row.visit_id else [])
    lines.append([(f"Day {day_words(one)}, until {until_words(board, one)}", Tone.PLAIN)])
    if lesson := one.next_lesson(now):
        lines.append([(f"Next: {lesson.period} {lesson.words}", Tone.PLAIN)])
    if one.standing.known:
        lines.append([(one.standing.known, Tone.PLAIN)])
    if row.to_confirm:
        lines.append([("to confirm: Y, a coordinator", Tone.DUE)])
    lines += care_lines(board, one, opened=opened)
    lines.append([])
    if opened:
        lines += list(_private(one))
    else:
        lines.append([("Enter shows reason and alerts", Tone.QUIET)])
    lines += [
        [],
        *_events(board, one, opened=opened),
        [],
        *_periods(board, one, now),
        [],
        *_timeline(board, entries, opened=opened),
    ]
    return [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]


def _private(one: RowNow) -> Iterator[list[Piece]]:
    """Yield the words that stand in the opened pane only: others may be reading over a shoulder."""
    row = one.row
    yield [(kind_words(row.type), Tone.PLAIN)]
    yield [(row.reason, Tone.PLAIN)]
    if row.sent_by:
        yield [(f"sent by {row.sent_by}", Tone.QUIET)]
    for alert in row.alerts:
        mark = "! " if alert.emergency else "◆ "
        yield [(f"{mark}{alert.kind}: {alert.text}", Tone.ALERT)]


def _events(board: Board, one: RowNow, *, opened: bool) -> Iterator[list[Piece]]:
    """Yield the events of the day. What kind of appointment it is, and where, stands in the opened pane only."""
    for event in one.row.facts.events:
        what = f"{event.kind.value} {event.note}".rstrip() if opened else event.kind.shown
        yield [(f"{wall(event.starts, board.zone)}–{wall(event.ends, board.zone)} {what}", Tone.PLAIN)]


_WHAT = 14
"""The cells of a period and its subject beside its work, so that both fit the narrowest pane."""


def _periods(board: Board, one: RowNow, now: datetime) -> Iterator[list[Piece]]:
    """Yield each placed period: what it is, how far its work has come, and below it the check and what it came to."""
    states = one.states(now, board.settings)
    gap = one.gap(now)
    for placed in one.row.placed:
        lesson = one.row.lessons.get(placed.period.name)
        why = why_no_work(lesson)
        what = f"{placed.period.name} {lesson.subject if lesson and lesson.subject else why}".rstrip()
        if placed.needs_work and placed.work is not None:
            state, fallback, _ = placed.work
            words = state_words(state, fallback=fallback, no_work=why)
            tone = Tone.DUE if placed is gap else Tone.PLAIN if state.has_work else Tone.QUIET
            yield [(f"{cut(what, _WHAT)} ", Tone.PLAIN), (f"{work_glyph(state, fallback=fallback)} {words}", tone)]
        else:
            yield [(f"{placed.period.name} {lesson.subject if lesson else ''}".rstrip(), Tone.PLAIN)]
        said = "" if placed.mark is None else f"{placed.mark} {WORDS[placed.mark]}"
        became = states.get(placed.period.name, PeriodState.AHEAD)
        if words := " · ".join(word for word in (said, "" if became is PeriodState.AHEAD else became.value) if word):
            yield [(f"   {words}", Tone.PLAIN if said else Tone.QUIET)]


def _timeline(board: Board, entries: Sequence[Entry], *, opened: bool) -> Iterator[list[Piece]]:
    for one in without_work(entries):  # the periods above say what became of it
        said = one.opened_words if opened else one.words
        undone = one.undone is not None
        mark = "× " if undone else ""
        words = f"{mark}{wall(one.happened, board.zone)} {said}"
        yield [
            (words, Tone.QUIET if undone else Tone.PLAIN),
            (f"  {marks(one, board.settings, board.zone)}", Tone.QUIET),
        ]
