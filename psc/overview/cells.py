"""How the board's rows read: words, glyphs and columns, for the screen and for plain text alike.

Every cell has a *tone*, which the screen turns into a colour; the words and the glyph say the same without it.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size

from psc.clock import minutes_between, wall
from psc.overview.board import count_of, counts
from psc.overview.care import due_words
from psc.roster.status import DAY_CHANGED, ELSEWHERE, Status
from psc.text import counted, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.overview.board import Board, RowNow
    from psc.roster.events import Event
    from psc.roster.placements import PlacementType
    from psc.school.rooms import Room


class Column(StrEnum):
    """A column of the board; its value is its heading."""

    ROOM = "Room"
    SEAT = "Seat"
    STUDENT = "Student"
    ALERT = "◆"
    FORM = "Form"
    WHY = "Why"
    UNTIL = "Until"
    DAY = "Day"
    NOW = "Now"
    CHECKS = "Checks"
    WORK = "Work"


class Tone(StrEnum):
    """What a cell's colour says."""

    PLAIN = "plain"
    QUIET = "quiet"
    ALARM = "alarm"
    OUT = "out"
    DUE = "due"
    IN = "in"
    EXPECTED = "expected"
    LEFT = "left"
    ALERT = "alert"


class Cell(NamedTuple):
    """The text of one cell and its tone."""

    text: str
    tone: Tone = Tone.PLAIN
    tail: str = ""
    """The end of the text that stays when the cell is too narrow: what tells a student from a namesake."""


_WIDTHS = {
    Column.ROOM: (4, 4),
    Column.SEAT: (4, 4),
    Column.STUDENT: (16, 30),
    Column.ALERT: (2, 2),
    Column.FORM: (4, 5),
    Column.WHY: (16, 34),
    Column.UNTIL: (11, 12),
    Column.DAY: (8, 8),
    Column.NOW: (18, 26),
    Column.CHECKS: (11, 11),
    Column.WORK: (4, 5),
}
"""The least and the greatest useful width of each column."""

_DROPPED = (Column.WORK, Column.FORM, Column.WHY, Column.DAY, Column.CHECKS, Column.UNTIL)
"""The order in which columns go when there is no room."""


def fit(width: int, *, room: bool = False, why: bool = True, lessons: int = 6) -> tuple[tuple[Column, int], ...]:
    """Return the columns that a line of `width` characters has room for, each with its width.

    `room` adds the room's code (all rooms together), `why` the reason (a room may hide it); `lessons` is how many
    lessons the day has. One space stands between columns.
    """
    least = {column: low for column, (low, _) in _WIDTHS.items()}
    most = {column: high for column, (_, high) in _WIDTHS.items()}
    least[Column.CHECKS] = most[Column.CHECKS] = max(6, lessons * 2 - 1)
    shown_columns = [c for c in Column if (room or c is not Column.ROOM) and (why or c is not Column.WHY)]
    for column in _DROPPED:
        if sum(least[c] + 1 for c in shown_columns) - 1 <= width:
            break
        if column in shown_columns:
            shown_columns.remove(column)
    widths = {c: least[c] for c in shown_columns}
    spare = width - sum(w + 1 for w in widths.values()) + 1
    for column in (Column.STUDENT, Column.NOW, Column.WHY, Column.UNTIL, Column.DAY, Column.FORM):
        if column in widths and spare > 0:
            more = min(spare, most[column] - widths[column])
            widths[column] += more
            spare -= more
    for column in (Column.STUDENT, Column.NOW):  # narrower than the least: the name gives way, then the status
        if spare < 0:
            kept = max(6, widths[column] + spare)
            spare += widths[column] - kept
            widths[column] = kept
    return tuple(widths.items())


def cut(text: str, width: int) -> str:
    """Return `text` cleaned and exactly `width` cells wide; what does not fit ends in an ellipsis."""
    safe = shown(text)
    if cell_len(safe) > width:
        return set_cell_size(safe, max(0, width - 1)) + "…" if width else ""
    return set_cell_size(safe, width)


def fitted(made: Cell, width: int) -> str:
    """Return a cell's text exactly `width` cells wide; its tail stays, and what stands before it gives way."""
    if not made.tail or cell_len(shown(made.text)) <= width:
        return cut(made.text, width)
    tail = shown(f" {made.tail}")
    room = width - cell_len(tail)
    return f"{cut(made.text.removesuffix(made.tail).rstrip(), room)}{tail}" if room > 1 else cut(made.tail, width)


_OUT_GLYPH = "◐"
_SHOWN_OUT = {"safeguarding lead": "with staff", "evacuation": "not seen"}
"""What stands in the open for a reason that is nobody's business at the desk, or that says too little."""
_FIND_WORDS = {"walked out": "walked", "on the way": "on way"}
"""Shorter words in an alarm, so that its minutes fit the column at 80 characters, up to three figures."""
_LEFT_WORDS = {
    "lesson": "to lesson",
    "end of lesson": "end of lesson",
    "other room": "to other room",
    "end of day": "end of day",
    "named adult": "to named adult",
}


def shown_out(reason: str) -> str:
    """Return how a reason to be out is shown where others can read it."""
    return _SHOWN_OUT.get(reason, reason)


def _code(board: Board, room_id: int) -> str:
    return next(room.code for room in (*board.rooms, *board.other_rooms) if room.id == room_id)


def _known(words: str) -> str:
    """Return what was recorded of a student's place, as short as the column: whom was told, or where they are."""
    told = words.removeprefix("told ")
    return "staff" if told == "safeguarding lead" else told


def now_cell(board: Board, one: RowNow, now: datetime) -> Cell:
    """Say where a student stands, with the minutes or the time that matters, and that a welfare check is due."""
    if one.row.hidden:
        return _hidden_cell(one)
    standing = one.standing
    since = standing.since
    ago = minutes_between(since, now) if since else 0
    clock = wall(since, board.zone) if since else ""
    if standing.event:
        return _event_cell(board, one, standing.event)
    if due := due_words(one, now):
        return Cell(f"▲ due out, {due}" if one.status is Status.DUE_OUT else f"● in, {due}", Tone.DUE)
    match one.status:
        case Status.FIND:
            return Cell(f"! find, {_FIND_WORDS.get(standing.reason, shown_out(standing.reason))} {ago}", Tone.ALARM)
        case Status.LATE:
            if standing.known == ELSEWHERE:
                return Cell(f"○ late: in {_code(board, one.row.facts.elsewhere[-1].room_id)}", Tone.EXPECTED)
            return Cell(f"○ late: {_known(standing.known)}", Tone.EXPECTED)
        case Status.OUT:
            known = f": {_known(standing.known)}" if standing.known else f" {ago}"
            return Cell(f"{_OUT_GLYPH} {shown_out(standing.reason)}{known}", Tone.OUT)
        case Status.EVACUATED:
            return Cell(f"▣ evacuated {ago}", Tone.OUT)
        case Status.DUE_OUT:
            return Cell(f"▲ due out, {ago} min", Tone.DUE)
        case Status.IN:
            return Cell(f"● in since {clock}", Tone.IN)
        case Status.EXPECTED:
            if standing.reason == "on the way":
                known = f": {_known(standing.known)}" if standing.known else f" {ago}"
                return Cell(f"○ on the way{known}", Tone.EXPECTED)
            if standing.overdue:
                return Cell("○ not yet here", Tone.EXPECTED)
            return Cell(f"○ expected {standing.block.first.name}" if standing.block else "○ expected", Tone.EXPECTED)
        case Status.LEFT:
            words = _LEFT_WORDS.get(standing.reason, "home")  # on what ground is nobody's business at the desk
            if standing.to_room:
                words = f"to {_code(board, standing.to_room)}"
            return Cell(f"✓ {words} {clock}", Tone.LEFT)
        case Status.CANCELLED if standing.reason == DAY_CHANGED:
            return Cell("– day changed", Tone.LEFT)
        case _:
            words = one.status.value.replace("_", "-")
            return Cell(f"– {words} {standing.reason}".rstrip(), Tone.LEFT)


def _hidden_cell(one: RowNow) -> Cell:
    """Say of a student from whom the reader is barred which count of the header they are under."""
    name = count_of(one.status)
    return Cell(f"{GLYPHS[name]} {name}", TONES[name])


def _event_cell(board: Board, one: RowNow, event: Event) -> Cell:
    """Say that a student is at an event, should be at one, or goes to one soon. Its note stays out of the open."""
    word = event.kind.shown.replace("appointment", "appt")
    if one.status is Status.EXPECTED:
        return Cell(f"○ {word} until {wall(event.ends, board.zone)}", Tone.EXPECTED)
    if one.status is Status.DUE_OUT:
        return Cell(f"▲ {word} since {wall(event.starts, board.zone)}", Tone.DUE)
    return Cell(f"● in · {word} {wall(event.starts, board.zone)}", Tone.IN)


def until_words(board: Board, one: RowNow) -> str:
    """Say until when the placement runs: a period of today, `today`, `tomorrow`, or a day."""
    row = one.row
    lessons = [period.name for period in row.periods if period.is_lesson]
    fell_away = row.last_day == board.day.day and row.last_period not in lessons
    whole = not lessons or row.last_period == lessons[-1] or fell_away
    if row.last_day == board.day.day:
        return "today" if whole else row.last_period
    if row.last_day == board.next_day:
        day = "tomorrow" if row.last_day - board.day.day == timedelta(days=1) else f"{row.last_day:%a}"
    else:
        near = row.last_day - board.day.day < timedelta(days=6)
        day = f"{row.last_day:%a}" if near else f"{row.last_day.day} {row.last_day:%b}"
    return day if whole else f"{day} {row.last_period}"


def day_words(one: RowNow) -> str:
    """Say which day of how many it is; for what was not planned, which periods."""
    row = one.row
    if row.planned:
        return f"{row.days[0]} of {row.days[1]}"
    names = [placed.period.name for placed in row.placed]
    return names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}" if names else ""


def check_words(one: RowNow, now: datetime) -> str:
    """Return the checks of the day, one character a lesson: the mark, a dot where one is due, a space elsewhere."""
    placed = {period.period.name: period for period in one.row.placed}
    marks = []
    for period in one.row.periods:
        if not period.is_lesson:
            continue
        mine = placed.get(period.name)
        if mine is None or (mine.mark is None and period.start > now):
            marks.append(" ")
        else:
            marks.append("·" if mine.mark is None else str(mine.mark))
    return " ".join(marks).rstrip()


def work_cell(one: RowNow, now: datetime) -> Cell:
    """Say of how many of the day's periods the work has been handed in, and `!` for who has nothing to do now."""
    done, owed = one.work_done
    if not owed or one.status is Status.CANCELLED:
        return Cell("")
    gap = one.gap(now) is not None
    return Cell(f"{done}/{owed}{'!' if gap else ''}", Tone.DUE if gap else Tone.QUIET if not done else Tone.PLAIN)


def cell(column: Column, board: Board, one: RowNow, now: datetime) -> Cell:
    """Return one cell of a row at a moment."""
    row = one.row
    if row.hidden and column not in _HIDDEN:
        return Cell("")
    match column:
        case Column.ROOM:
            return Cell(_code(board, row.room_id))
        case Column.SEAT:
            held = one.inside
            if one.status is Status.LEFT:
                return Cell("✓", Tone.LEFT)
            return Cell(str(row.seat) if held and row.seat else "–", Tone.PLAIN if held else Tone.QUIET)
        case Column.STUDENT:
            return Cell(row.name, Tone.QUIET if one.status in _QUIET else Tone.PLAIN, row.apart)
        case Column.ALERT:
            return Cell(f"◆{len(row.alerts)}" if row.alerts else "", Tone.ALERT)
        case Column.FORM:
            return Cell(row.form)
        case Column.WHY:
            hidden = next(room.hide_why for room in board.rooms if room.id == row.room_id)
            return Cell("" if hidden else row.reason or row.type.words)
        case Column.UNTIL:
            return Cell(until_words(board, one), Tone.QUIET)
        case Column.DAY:
            return Cell("confirm?", Tone.DUE) if row.to_confirm else Cell(day_words(one), Tone.QUIET)
        case Column.CHECKS:
            return Cell(check_words(one, now))
        case Column.WORK:
            return work_cell(one, now)
        case Column.NOW:
            return now_cell(board, one, now)


_HIDDEN = frozenset({Column.ROOM, Column.SEAT, Column.STUDENT, Column.NOW})
"""What is said of a student from whom the reader is barred."""
_QUIET = frozenset({Status.LEFT, Status.ABSENT, Status.NO_SHOW, Status.CANCELLED})


def columns_for(board: Board, room: Room | None, width: int) -> tuple[tuple[Column, int], ...]:
    """Return the columns for one room's board, or for all rooms together, at a width."""
    shown_rooms = [room] if room else list(board.rooms)
    lessons = max((len(board.shape.lessons(year)) for year in board.shape.by_year), default=6)
    return fit(width, room=room is None, why=not all(one.hide_why for one in shown_rooms), lessons=lessons)


def full_width(board: Board, room: Room | None) -> int:
    """Return the least width at which no column is left out: only what is beyond it is free for the pane."""
    every = columns_for(board, room, 1_000)
    return sum(_WIDTHS[column][0] + 1 for column, _ in every) - 1


GLYPHS = {"find": "!", "out": "◐", "evacuated": "▣", "in": "●", "expected": "○", "left": "✓"}
"""The glyph of each count in a room's header."""
TONES = {
    "find": Tone.ALARM,
    "out": Tone.OUT,
    "evacuated": Tone.OUT,
    "in": Tone.IN,
    "expected": Tone.EXPECTED,
    "left": Tone.LEFT,
}


def count_words(board: Board, room_rows: Sequence[RowNow], *, short: bool) -> tuple[tuple[str, Cell], ...]:
    """Return a header's counts that are not zero, each with the name it filters by."""
    made = []
    for name, number in counts(room_rows).items():
        if number:
            word = "exp." if short and name == "expected" else name
            made.append((name, Cell(f"{GLYPHS[name]} {number} {word}", TONES[name])))
    return tuple(made)


def seats_words(board: Board, room: Room, *, short: bool) -> Cell:
    """Return `5 of 12 seats`; an alarm when the room is over its seats."""
    used = board.used.get(room.id, 0)
    return Cell(f"{used} of {room.seats}{'' if short else ' seats'}", Tone.ALARM if used > room.seats else Tone.PLAIN)


def duty_forms(board: Board, room: Room, now: datetime, *, key: str) -> tuple[Cell, ...]:
    """Return who is on duty in a room, or planned, the longest words first; nothing outside the school day.

    `key` is the letter that confirms, "" for somebody who may not.
    """
    from psc.roster.duty import bells
    from psc.roster.rota import SOON

    ringing = bells(board.shape)
    names = [one.name for one in board.on_duty(room.id, now)]
    if names:
        more = [f"{names[0]} +{len(names) - 1}"] if len(names) > 1 else names
        return (Cell(f"on duty: {', '.join(names)}"), *(Cell(f"on: {name}") for name in (", ".join(names), *more)))
    if ringing is None or not ringing[0] - SOON <= now < ringing[1]:
        return ()
    then = f" · {key}" if key else ""
    inside = any(row.facts.inside for row in board.rows if row.room_id == room.id)
    tone = Tone.ALARM if inside else Tone.DUE
    if planned := [one.name for one in board.planned_duty(room.id, now)]:
        confirms = f"{then} confirms" if key else ""
        words = ", ".join(planned)
        return (
            Cell(f"planned: {words}{confirms}", tone),
            Cell(f"plan: {words}{then}", tone),
            Cell(f"duty?{then}", tone),
        )
    return (
        Cell(f"nobody on duty{then}", tone if inside else Tone.QUIET),
        Cell(f"duty?{then}", tone if inside else Tone.QUIET),
    )


def top_words(board: Board, now: datetime, *, short: bool, school: bool = True, live: bool = True) -> str:
    """Return the top line's left half: school (where there is room), date, week, period with the minutes left."""
    day = board.day.day
    parts = [board.school if school else "", f"{day:%a} {day.day} {day:%b}" + ("" if short else f" {day:%Y}")]
    if board.day.is_open:
        if board.day.week:
            parts.append(board.day.week if short else f"Week {board.day.week}")
        parts.append(period_words(board, now, short=short) if live else "")
    else:
        parts.append(f"no school today{': ' + board.day.note if board.day.note else ''}")
        parts.append(f"next {board.next_day:%a} {board.next_day.day} {board.next_day:%b}" if board.next_day else "")
    return " · ".join(part for part in parts if part)


def period_words(board: Board, now: datetime, *, short: bool) -> str:
    """Return the period under way and its minutes left, or what comes next."""
    period = board.period(now)
    if period is None:
        every = sorted({p.start for periods in board.shape.by_year.values() for p in periods})
        later = next((start for start in every if start > now), None)
        return f"begins {wall(later, board.zone)}" if later else "lessons over"
    left = f"{-(-int((period.end - now).total_seconds()) // 60)} min left"
    if short:
        return f"{period.name}, {left}"
    return f"{period.name} {wall(period.start, board.zone)}–{wall(period.end, board.zone)}, {left}"


def text_lines(
    board: Board, now: datetime, width: int, rooms: Sequence[Room] | None = None, *, live: bool = True
) -> list[str]:
    """Return the whole board as plain text: a header line and a table for each room, at most `width` wide.

    `live` is off for a day that is not today: no period is under way on it.
    """
    lines = [cut(top_words(board, now, short=width < 100, live=live), width).rstrip()]
    for room in rooms if rooms is not None else board.rooms:
        shown_rows = board.at(now, room.id)
        lines += ["", _head(board, room, shown_rows, width)]
        columns = columns_for(board, room, width)
        if not shown_rows:
            lines.append("Nobody is placed here today.")
            continue
        lines.append(" ".join(cut(column.value, wide) for column, wide in columns).rstrip())
        for one in shown_rows:
            cells = (fitted(cell(column, board, one, now), wide) for column, wide in columns)
            lines.append(" ".join(cells).rstrip())
    if board.open_before:
        visits = counted(board.open_before, "visit")
        lines += ["", f"! {visits} of the last 30 days never signed out: a coordinator decides."]
    return lines


def _head(board: Board, room: Room, room_rows: Sequence[RowNow], width: int) -> str:
    """Return the line above a room's table, in short words where the long ones do not fit."""
    for short in (False, True):
        numbers = [cell.text for _, cell in count_words(board, room_rows, short=short)]
        name = room.code if short else room.name
        line = "  ".join([name, seats_words(board, room, short=short).text, *numbers])
        if cell_len(line) <= width:
            return line
    return cut(line, width).rstrip()


def kind_words(type: PlacementType) -> str:
    """Return a placement type with its side of the line: `Removal (sanction)`."""
    return f"{type.words} ({type.line.value})"
