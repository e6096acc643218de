"""The desk list: what lies on every desk of a room for one period, on one A4 page. Periods without work lead it.

It is for the adult in the room: unlike a slip it names everybody. No reason, alert or type stands on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.clock import wall
from psc.overview.board import NOT_SHOWN
from psc.overview.cells import cut
from psc.overview.work_words import signs
from psc.prints.keep import PART, room_part
from psc.prints.page import page, paragraph, table
from psc.prints.pdf import Paper, height_of, row_height, wrapped
from psc.prints.slips import read_work, where_words
from psc.roster.absences import Absence
from psc.text import counted
from psc.work.messages import times

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from psc.desk.acts import Desk
    from psc.overview.board import Board, Row
    from psc.school.rooms import Room
    from psc.school.shapes import Period
    from psc.work.sets import WorkSet
    from psc.work.teachers import Teacher


class DeskRow(NamedTuple):
    """One student of a desk list, in words."""

    seat: str
    name: str
    subject: str
    work: str
    sign: str
    state: str
    gap: bool
    """Whether there is nothing to do for the period yet."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as it stands in a table."""
        return (self.seat, self.name, self.subject, self.work, f"{self.sign} {self.state}".strip())


class DeskList(NamedTuple):
    """A room's desks for one period."""

    school: str
    room: Room
    day: date
    period: str
    times: str
    rows: tuple[DeskRow, ...]
    students: tuple[int, ...]
    """Who stands on it by name."""
    whole: bool

    @property
    def title(self) -> str:
        """`Internal Exclusion Room, P3 11:10–12:10, Mon 23 Nov 2026`."""
        when = f"{self.period} {self.times}".strip()
        return f"{self.room.name}, {when}, {self.day:%a} {self.day.day} {self.day:%b %Y}"

    @property
    def counts(self) -> str:
        """`6 students, 2 without work.`."""
        gaps = sum(one.gap for one in self.rows)
        return f"{counted(len(self.rows), 'student')}, {gaps or 'none'} without work."


HEADINGS = ("Seat", "Student", "Subject", "Work, and where it is", "State")


def read_desk_list(desk: Desk, day: date, room: Room, period: str) -> DeskList:
    """Return the desk list of a room for a period of a day, as the person at the desk may see it.

    Raises `NotAllowed` for who may not see work.
    """
    board, sets, known = read_work(desk, day)
    return make_desk_list(board, room, period, sets, known=known)


def make_desk_list(
    board: Board, room: Room, period: str, sets: Iterable[WorkSet], *, known: Mapping[str, Teacher] | None = None
) -> DeskList:
    """Return the desk list of a room for a period of the board's day.

    `known` are the teachers of the timetable, by what it has.
    """
    by_key = {one.key: one for one in sets}
    found: list[tuple[tuple[object, ...], DeskRow]] = []
    named: set[int] = set()
    rung: Period | None = None
    for row in board.rows:
        here = next((one.period for one in row.placed if one.period.name == period), None)
        cancelled = row.facts.mark is not None and row.facts.mark.kind is Absence.CANCELLED
        if row.room_id != room.id or here is None or cancelled:
            continue
        rung = rung or here
        one = by_key.get((row.student_id, board.day.day, period))
        if one is None and not row.hidden:  # let off, or carried to another day
            continue
        made = _row(row, one, known or {})
        named |= set() if row.hidden else {row.student_id}
        away = row.facts.mark is not None
        found.append(((away, not made.gap, row.seat or 999, row.filed or row.name.casefold()), made))
    rung = rung or next((one for every in board.shape.by_year.values() for one in every if one.name == period), None)
    times = f"{wall(rung.start, board.zone)}–{wall(rung.end, board.zone)}" if rung else ""
    rows = tuple(made for _, made in sorted(found, key=lambda one: one[0]))
    return DeskList(board.school, room, board.day.day, period, times, rows, tuple(sorted(named)), board.whole)


def desk_list_part(made: DeskList) -> str:
    """Return what the files of a list are called besides."""
    name = f"{room_part(made.room)}-{made.period}"
    return name if made.whole else f"{name}-part"


def _row(row: Row, one: WorkSet | None, known: Mapping[str, Teacher]) -> DeskRow:
    seat = str(row.seat) if row.seat else "–"
    if row.hidden or one is None:
        return DeskRow(seat, NOT_SHOWN, "", "", "", "", False)
    mark = row.facts.mark
    gap = not one.state.has_work and mark is None
    state = mark.kind.value.replace("_", "-") if mark else one.state.value
    work = _work_words(one) if one.state.has_work else _gap_words(one, known)
    return DeskRow(seat, row.name, one.subject or one.no_lesson, work, "" if mark else signs(one), state, gap)


_LONGEST = 140
"""Cells of what is said of one piece of work: the list stays one page, and the slip has it whole."""


def _work_words(one: WorkSet) -> str:
    came = one.arrival
    if came is None:
        return ""
    parts = (came.task, where_words(one), f"pages {came.pages}" if came.pages else "")
    words = " · ".join(cut(part, _LONGEST // 2).rstrip() for part in parts if part)
    return cut(words, _LONGEST).rstrip()


def _gap_words(one: WorkSet, known: Mapping[str, Teacher]) -> str:
    if one.no_lesson or one.lesson is None:
        return f"nothing yet: {one.no_lesson}, give a pack"
    given = one.lesson.teacher
    teacher = known[given].words if given in known else given
    asked = f", asked {times(len(one.asked))}" if one.asked else ""
    whom = " ".join(part for part in (teacher, f"({one.lesson.room})" if one.lesson.room else "") if part)
    return cut(f"nothing yet{asked}: {whom or 'no teacher in the timetable'}", _LONGEST).rstrip()


_DENSE = 20
"""Rows from which they stand closer, so that the list stays one page."""


def desk_list_page(made: DeskList) -> str:
    """Return the list as HTML."""
    parts = [paragraph(made.counts), *([] if made.whole else [paragraph(PART)])]
    parts.append(table(HEADINGS, [one.cells for one in made.rows], widths=(6, 24, 14, 41, 15)))
    return page(made.title, parts, foot=_foot(made), dense=len(made.rows) > _DENSE)


def _foot(made: DeskList) -> str:
    return f"{made.school}. For the adults in the room: it names students. Shred it after the period."


_WIDTHS = (12.0, 44.0, 28.0, 74.0, 28.0)
_MARGIN, _END = 12.0, 280.0


def desk_list_pdf(made: DeskList) -> tuple[bytes, frozenset[str]]:
    """Return the list as PDF, and the letters that no font of this machine has."""
    paper = Paper("Desk list")
    width = paper.width - 2 * _MARGIN
    y = _MARGIN + paper.lines(_MARGIN, _MARGIN, wrapped(made.title, 14, width, bold=True), 14, bold=True)
    said = made.counts if made.whole else f"{made.counts} {PART}"
    y += paper.lines(_MARGIN, y, wrapped(said, 10, width), 10) + 2
    rows = [one.cells for one in made.rows]
    size = 10.0
    while size > 5 and y + sum(row_height(row, _WIDTHS, size) for row in [HEADINGS, *rows]) > _END:
        size -= 0.5
    paper.table(_MARGIN, y, _WIDTHS, HEADINGS, rows, size, bottom=_END)
    paper.lines(_MARGIN, 297 - _MARGIN - height_of(1, 8), [_foot(made)], 8)
    return paper.made(), frozenset(paper.missing)


def desk_list_lines(made: DeskList, width: int = 80) -> Sequence[str]:
    """Return the list as plain text, a student a line and what there is to do below it, at most `width` wide."""
    from textwrap import wrap

    lines = [*wrap(made.title, width), made.counts, *([] if made.whole else wrap(PART, width)), ""]
    for one in made.rows:
        state = f"{one.sign} {one.state}".strip()
        left = width - 5 - 12 - 1
        lines.append(f"{one.seat:>4} {cut(f'{one.name}  {one.subject}', left)} {state}".rstrip())
        lines += wrap(one.work, width, initial_indent="     ", subsequent_indent="     ")
    return lines
