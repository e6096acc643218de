"""The register list: what the room knows of its students, for the attendance office when a register closes.

psc never writes the school's register. It says who is in a room, at an event, not come or not known, with the mark the
office would give. Source: the domain notes, section Roster, Statutory register.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import minutes_between, wall
from psc.overview.cells import shown_out
from psc.roster.movements import Destination, Kind, is_open
from psc.roster.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.overview.board import Board, RowNow
    from psc.roster.movements import Movement
    from psc.school.shapes import Period


class Group(StrEnum):
    """A part of the list, in its order. The value is its heading."""

    UNKNOWN = "Not known: being looked for"
    NOT_COME = "Not come"
    EVENT = "At an event"
    LEFT = "Left early"
    PRESENT = "Present in a room"


class Session(NamedTuple):
    """Half a day as the register has it. `first` is when its first period begins, `closes` when the register does."""

    name: str
    mark: str
    first: datetime
    closes: datetime


class Entry(NamedTuple):
    """One student on the list. `mark` is the register's mark for who was present, `late` the minutes of an L."""

    student_id: int
    admission_no: str
    name: str
    year: int | None
    form: str
    room: str
    group: Group
    mark: str
    late: int
    words: str

    @property
    def mark_words(self) -> str:
        """The mark as the office reads it: `/`, `L 12 min`."""
        return f"{self.mark} {self.late} min" if self.mark == "L" else self.mark


class RegisterList(NamedTuple):
    """The list of a session as it stands at a moment."""

    session: Session
    entries: tuple[Entry, ...]

    def of(self, group: Group) -> tuple[Entry, ...]:
        """Return a part of the list."""
        return tuple(one for one in self.entries if one.group is group)

    @property
    def words(self) -> str:
        """How many stand in each part: `2 not known, 1 not come, 5 present`."""
        short = {Group.UNKNOWN: "not known", Group.NOT_COME: "not come", Group.EVENT: "at an event"}
        short |= {Group.LEFT: "left early", Group.PRESENT: "present"}
        return ", ".join(f"{len(self.of(one))} {short[one]}" for one in Group if self.of(one)) or "nobody"


def sessions_of(periods: Sequence[Period], minutes: int) -> tuple[Session, ...]:
    """Return the sessions of a day's periods: the morning, and the afternoon that begins after lunch.

    A day without a lunch has a morning only. The register closes `minutes` after the first bell.
    """
    if not periods:
        return ()
    made = [("morning", "/", periods[0].start)]
    lunch = next((n for n, one in enumerate(periods) if one.name.casefold().startswith("lunch")), None)
    if lunch is not None and lunch + 1 < len(periods):
        made.append(("afternoon", "\\", periods[lunch + 1].start))
    return tuple(Session(name, mark, first, first + timedelta(minutes=minutes)) for name, mark, first in made)


def closed_between(board: Board, before: datetime, now: datetime) -> str:
    """Return what the board says when a register has closed between two moments, "" when none has.

    Where years have their lunch apart, it is said when the last of them has closed.
    """
    closes: dict[str, datetime] = {}
    for periods in board.shape.by_year.values():
        for one in sessions_of(periods, board.settings.register_close_minutes):
            closes[one.name] = max(one.closes, closes.get(one.name, one.closes))
    if not any(before < one <= now for one in closes.values()):
        return ""
    made = register_list(board, now)
    return f"Register closed: R lists {made.words}." if made and made.entries else ""


def register_list(board: Board, now: datetime) -> RegisterList | None:
    """Return the list of the session under way, or of the one that was last; None on a closed day.

    It holds whoever is placed in the session's first lesson, or has been in a room since the session began. The latter
    have no mark: they were registered where they were. Nor has who came after the register closed, which is no L.
    """
    minutes = board.settings.register_close_minutes
    own: dict[int | None, Session] = {}
    for year in {*board.shape.by_year, *(row.year for row in board.rows)}:
        begun = [one for one in sessions_of(board.shape.periods(year), minutes) if one.first <= now]
        first = next(iter(sessions_of(board.shape.periods(year), minutes)), None)
        if session := (begun[-1] if begun else first):
            own[year] = session
    if not own:
        return None
    made: dict[int, Entry] = {}
    for one in board.at(now):
        entry = _entry(board, one, own[one.row.year], now)
        if entry and (entry.student_id not in made or _weight(entry) > _weight(made[entry.student_id])):
            made[entry.student_id] = entry
    latest = max(own.values(), key=lambda one: (one.first, one.closes))
    order = list(Group)
    return RegisterList(
        latest, tuple(sorted(made.values(), key=lambda one: (order.index(one.group), one.name.casefold(), one.room)))
    )


def _weight(one: Entry) -> int:
    """Say which of a student's two rows tells where they are: the room that has them, then an alarm, then the rest."""
    return (Group.NOT_COME, Group.LEFT, Group.EVENT, Group.UNKNOWN, Group.PRESENT).index(one.group)


def _entry(board: Board, one: RowNow, session: Session, now: datetime) -> Entry | None:
    row = one.row
    if one.status is Status.CANCELLED:
        return None
    lessons = [period for period in row.periods if period.is_lesson and period.end > session.first]
    first = lessons[0] if lessons else None
    due = next((placed.period for placed in row.placed if first and placed.period == first), None)
    here = one.inside or any(move.happened >= session.first for move in row.facts.moves)
    if due is None and not here:
        return None
    group, words = _standing(board, one, session, now)
    mark, late = "", 0
    if here and due:
        came = _came(row.facts.moves, session.first)
        late = minutes_between(due.start, came)
        mark = session.mark if late < board.settings.grace_minutes else "L"
        if mark == "L" and came > session.closes:  # an L is of who came before that: the office knows what it is then
            mark, words = "", f"came {wall(came, board.zone)}, after it closed"
    room = next(known.code for known in board.rooms if known.id == row.room_id)
    if row.hidden:
        mark, words, late = "", "", 0
    return Entry(
        row.student_id, row.admission_no, row.name, row.year, row.form, room, group, mark,
        late if mark == "L" else 0, words,
    )  # fmt: skip


def _came(moves: Sequence[Movement], first: datetime) -> datetime:
    """Return when a student came in the session: at its start when they were in the room then."""
    if is_open([move for move in moves if move.happened <= first]):
        return first
    return next((move.happened for move in moves if move.kind is Kind.IN and move.happened > first), first)


def _standing(board: Board, one: RowNow, session: Session, now: datetime) -> tuple[Group, str]:
    """Return the part of the list a row belongs to, and what is known, in words that may be read by others."""
    standing, zone = one.standing, board.zone
    clock = wall(standing.since, zone) if standing.since else ""
    match one.status:
        case Status.FIND:
            return Group.UNKNOWN, f"{shown_out(standing.reason)} since {clock}"
        case Status.LATE:
            return Group.NOT_COME, f"late since {clock}, {standing.known}"
        case Status.ABSENT | Status.NO_SHOW:
            code = f" {standing.reason}" if standing.reason else ""
            return Group.NOT_COME, f"{one.status.value.replace('_', '-')}{code}"
        case Status.EXPECTED if standing.event:
            return Group.EVENT, f"{standing.event.kind.shown} until {wall(standing.event.ends, zone)}"
        case Status.EXPECTED if standing.reason:
            return Group.PRESENT, f"{standing.reason} since {clock}"
        case Status.EXPECTED:
            return Group.NOT_COME, "not yet here" if standing.overdue else f"due {clock}"
        case Status.LEFT if standing.reason.startswith("home") or (
            standing.reason == Destination.END_OF_DAY
            and standing.block is None
            and _before_the_end(one, standing.since)
        ):
            return Group.LEFT, f"{standing.reason.partition(':')[0]} {clock}"
        case Status.LEFT:
            return Group.PRESENT, f"to {standing.reason} {clock}".replace("to end", "end")
        case Status.OUT | Status.EVACUATED:
            return Group.PRESENT, f"{shown_out(standing.reason)} since {clock}"
        case _:
            came = next(move for move in reversed(one.row.facts.moves) if move.kind is Kind.IN)
            return Group.PRESENT, f"in since {wall(came.happened, zone)}"


def _before_the_end(one: RowNow, left: datetime | None) -> bool:
    """Say whether a leaving was before the last lesson of the day began to be over."""
    lessons = [period for period in one.row.periods if period.is_lesson]
    return bool(lessons and left and left < lessons[-1].start)
