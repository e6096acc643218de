"""The cells of a paper log as they are typed in, read into facts: pure rules, no file.

In `0841`; Out–back `t1137-1144 n1205-`, letter and times; Left `l1450`, a bare time is to the lesson; a check `3`, `-`
for none. What is recorded already and typed again the same is no second fact. A cell that cannot be read, or that
cannot have been so, says why in plain words.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import at_clock, wall
from psc.overview.cells import shown_out
from psc.roster.letters import EVACUATION_LETTER, HOME_LETTER, LEFT_LETTERS, OUT_LETTERS
from psc.roster.movements import Kind, Movement, OutReason, in_order, may_follow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from psc.school.shapes import Period

IN, OUT, LEFT, SEAT, NAME = "In", "Out/Back", "Left", "Seat", "Student"
"""The columns that are typed into; each lesson's check is a column of the lesson's name."""
EARLIEST = 6
"""The hour before which nobody is at school: 0150 is a slip for 1350."""


class Entered(NamedTuple):
    """One movement as the paper has it, and the column it stands in. `reason` is an out reason or a destination."""

    column: str
    kind: Kind
    reason: str
    at: datetime


class Wrong(NamedTuple):
    """A cell that cannot be taken as it is, and why."""

    column: str
    words: str


class Known(NamedTuple):
    """What is recorded of one student that day, as far as a row of paper can touch it."""

    room_id: int
    moves: tuple[Movement, ...] = ()
    """Over all rooms, in order."""
    seat: int | None = None
    """The seat they hold now; None when they hold none."""
    placed: Mapping[str, int | None] | None = None
    """The periods they are placed for, with the check that counts; None for a walk-in still to be placed."""


class Sheet(NamedTuple):
    """The day a sheet is of, and now."""

    day: date
    zone: ZoneInfo
    now: datetime


class Plan(NamedTuple):
    """What a row of paper comes to: what it adds, what is recorded already, what is wrong with it."""

    moves: tuple[Entered, ...] = ()
    checks: tuple[tuple[str, int], ...] = ()
    seat: int | None = None
    there: tuple[str, ...] = ()
    wrong: tuple[Wrong, ...] = ()

    @property
    def adds(self) -> int:
        """How many facts the row adds."""
        return len(self.moves) + len(self.checks)


class _Slip(Exception):
    """A word of a cell that cannot be read."""


_TIME = re.compile(r"([0-9]{1,2})[:.h]?([0-9]{2})")
_LEFT_WORD = re.compile(r"([a-z]?)([0-9][0-9:.h]*)")
_OUT_WORD = re.compile(r"([a-z]?)([0-9][0-9:.h]*)?([-–—])([0-9][0-9:.h]*)?")
_LETTER_APART = re.compile(r"\b([a-z])\s+(?=[0-9])")
_LETTERS = ", ".join(f"{letter} {reason.value}" for letter, reason in OUT_LETTERS.items())


def plan_row(cells: Mapping[str, str], known: Known, sheet: Sheet, periods: Sequence[Period]) -> Plan:
    """Return what a row's cells come to, given what is recorded and the periods of the student's day.

    `cells` are by column; what is not among them, or empty, adds nothing.
    """
    wrong: list[Wrong] = []
    typed: list[Entered] = []
    for column, read in _READERS.items():
        try:
            typed += read(cells.get(column, "").strip().lower(), sheet)
        except _Slip as slip:
            wrong.append(Wrong(column, str(slip)))
    new, there = _without_known(typed, known, sheet)
    wrong += [Wrong(one.column, words) for one in new if (words := _not_from_paper(one, new))]
    marks, marks_there, marks_wrong = _read_checks(cells, known, sheet, periods, new)
    wrong += marks_wrong
    if not wrong:
        placed = _fitted(new, known, sheet)
        if isinstance(placed, Wrong):
            wrong.append(placed)
        else:
            new = placed
    seat, seat_wrong = _read_seat(cells.get(SEAT, "").strip(), known, new)
    wrong += seat_wrong
    said = [said_of(one, sheet.zone) for one in there] + [f"{period} {mark}" for period, mark in marks_there]
    return Plan(tuple(new), tuple(marks), seat, tuple(said), tuple(wrong))


def said_of(one: Entered, where: ZoneInfo) -> str:
    """Say a movement in words: `out 11:37, toilet`."""
    reason = f", {shown_out(one.reason)}" if one.reason else ""
    return f"{one.kind.value} {wall(one.at, where)}{reason}"


# Reading one cell


def _moment(text: str, sheet: Sheet) -> datetime:
    found = _TIME.fullmatch(text)
    hour, minute = (int(found[1]), int(found[2])) if found else (99, 99)
    shown = f"{found[1]}:{found[2]}" if found else text
    if hour > 23 or minute > 59:
        raise _Slip(f"{shown} is not a time")
    if hour < EARLIEST:
        raise _Slip(f"{hour:02}:{minute:02} is in the night" + (f": {hour + 12}:{minute:02}?" if hour else ""))
    at = at_clock(sheet.day, time(hour, minute), sheet.zone)
    if at > sheet.now:
        raise _Slip(f"{hour:02}:{minute:02} is still to come")
    return at


def _read_in(text: str, sheet: Sheet) -> list[Entered]:
    return [Entered(IN, Kind.IN, "", _moment(word, sheet)) for word in text.split()]


def _read_out(text: str, sheet: Sheet) -> list[Entered]:
    made = []
    for word in re.sub(r"\s*([-–—])\s*(?=[0-9])", r"\1", _LETTER_APART.sub(r"\1", text)).split():
        found = _OUT_WORD.fullmatch(word)
        if not found:
            raise _Slip(f"{word} is not letter, time out - time back: t1137-1144, or t1137- while out")
        letter, out, _, back = found.groups()
        if not out and (letter or not back):
            raise _Slip(f"{word} has no time out: t1137-1144")
        went = _moment(out, sheet) if out else None
        came = _moment(back, sheet) if back else None
        if went:
            if letter not in OUT_LETTERS and letter != EVACUATION_LETTER:
                raise _Slip(f"a letter for the reason before {wall(went, sheet.zone)}: {_LETTERS}")
            if came and came < went:
                raise _Slip(f"back {wall(came, sheet.zone)} is before out {wall(went, sheet.zone)}")
            reason = OUT_LETTERS.get(letter, OutReason.EVACUATION)
            made.append(Entered(OUT, Kind.OUT, reason.value, went))
        if came:
            made.append(Entered(OUT, Kind.BACK, "", came))
    return made


def _read_left(text: str, sheet: Sheet) -> list[Entered]:
    made = []
    for word in _LETTER_APART.sub(r"\1", text).split():
        found = _LEFT_WORD.fullmatch(word)
        if not found:
            raise _Slip(f"{word} is not letter and time: l1450")
        at = _moment(found[2], sheet)
        letter = found[1] or "l"
        if letter not in LEFT_LETTERS and letter != HOME_LETTER:
            places = ", ".join(f"{one} {place.value}" for one, place in LEFT_LETTERS.items())
            raise _Slip(f"{letter} is nowhere to go: {places}")
        made.append(Entered(LEFT, Kind.LEFT, LEFT_LETTERS[letter].value if letter in LEFT_LETTERS else HOME, at))
    return made


HOME = "home"
"""A leaving for home as paper has it: the letter does not say why."""
_READERS: Mapping[str, Callable[[str, Sheet], list[Entered]]] = {IN: _read_in, OUT: _read_out, LEFT: _read_left}


def _read_checks(
    cells: Mapping[str, str], known: Known, sheet: Sheet, periods: Sequence[Period], new: Sequence[Entered]
) -> tuple[list[tuple[str, int]], list[tuple[str, int]], list[Wrong]]:
    """Return the checks to add, those that are recorded already, and the cells that cannot be so."""
    add: list[tuple[str, int]] = []
    there: list[tuple[str, int]] = []
    wrong: list[Wrong] = []
    came = min((one.at for one in new if one.kind is Kind.IN), default=None)
    for period in periods:
        text = cells.get(period.name, "").strip()
        if not period.is_lesson or text in ("", "-", "–"):
            continue
        if len(text) > 1 or text not in "01234":
            wrong.append(Wrong(period.name, f"{text} is not a check: 0 to 4, - for none"))
        elif known.placed is not None and period.name not in known.placed:
            wrong.append(Wrong(period.name, f"not placed for {period.name}"))
        elif known.placed is None and came and period.end <= came:
            wrong.append(Wrong(period.name, f"{period.name} was over at {wall(came, sheet.zone)}"))
        elif period.start > sheet.now:
            wrong.append(Wrong(period.name, f"{period.name} is still to come"))
        elif (was := (known.placed or {}).get(period.name)) is None:
            add.append((period.name, int(text)))
        elif was == int(text):
            there.append((period.name, was))
        else:
            wrong.append(Wrong(period.name, f"recorded as {was}: c on the board changes it"))
    return add, there, wrong


def _read_seat(text: str, known: Known, new: Sequence[Entered]) -> tuple[int | None, list[Wrong]]:
    """Return the seat that somebody who comes in is given; whether the room has it is for the whole sheet to say."""
    if not text or text == str(known.seat or ""):
        return None, []
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        return None, [Wrong(SEAT, f"{text} is not a seat")]
    if known.seat:
        return None, [Wrong(SEAT, f"has seat {known.seat}: the board changes it")]
    if not any(one.kind is Kind.IN for one in new):
        return None, [Wrong(SEAT, "a seat needs a time in")]
    return int(text), []


# Against what is recorded


def _without_known(typed: Sequence[Entered], known: Known, sheet: Sheet) -> tuple[list[Entered], list[Entered]]:
    """Part what is typed into what is new, and what the room has already: same kind, same minute, same reason."""
    left = [one for one in known.moves if one.room_id == known.room_id]
    new, there = [], []
    for one in typed:
        same = next((move for move in left if _same(one, move, sheet.zone)), None)
        if same is None:
            new.append(one)
        else:
            left.remove(same)
            there.append(one._replace(reason=same.reason))
    return new, there


def _same(one: Entered, move: Movement, where: ZoneInfo) -> bool:
    if one.kind is not move.kind or wall(one.at, where) != wall(move.happened, where):
        return False
    return one.reason == move.reason or (one.reason == HOME and move.reason.startswith(HOME))


def _not_from_paper(one: Entered, new: Sequence[Entered]) -> str:
    """Say why a movement cannot be typed from paper, "" when it can."""
    if one.reason == HOME:
        return "home early asks more than paper says: s on the board"
    if one.reason == OutReason.EVACUATION and not any(back.kind is Kind.BACK and back.at >= one.at for back in new):
        return "an evacuation without a time back: E on the board"
    return ""


_NEW = 1 << 62
"""Stands for the identity of what is not in the file yet: after all that is, in the order typed."""


def _fitted(new: Sequence[Entered], known: Known, sheet: Sheet) -> list[Entered] | Wrong:
    """Return what is typed in order of happening, if it makes sense with all that is recorded; else what crosses.

    Paper knows the minute, the file the second. What happened in the minute of something recorded is taken to be
    before it, and where that makes no sense, after.
    """
    rank = {Kind.IN: 0, Kind.OUT: 1, Kind.BACK: 1, Kind.LEFT: 2}
    ordered = sorted(new, key=lambda one: (one.at, rank[one.kind]))
    after = [one._replace(at=_after_recorded(one, known, sheet.zone)) for one in ordered]
    crossing = _crossing(ordered, known, sheet)
    if crossing is None:
        return ordered
    return crossing if _crossing(after, known, sheet) else after


def _after_recorded(one: Entered, known: Known, where: ZoneInfo) -> datetime:
    return max((m.happened for m in known.moves if wall(m.happened, where) == wall(one.at, where)), default=one.at)


def _crossing(new: Sequence[Entered], known: Known, sheet: Sheet) -> Wrong | None:
    """Return the first typed movement that makes no sense where it stands, None when all do."""
    moves, typed = merged(new, known)
    before: Movement | None = None
    for one in moves if typed else ():
        if not may_follow(before, one):
            return _words(one, before, moves, typed, sheet.zone)
        before = one
    return None


def merged(new: Sequence[Entered], known: Known) -> tuple[tuple[Movement, ...], dict[int, Entered]]:
    """Return all movements of the day in order with those typed among them, and the typed ones by their passing id."""
    visit = next((one.visit_id for one in known.moves if one.room_id == known.room_id), 0)
    typed = {_NEW + number: one for number, one in enumerate(new)}
    added = [
        Movement(key, visit, known.room_id, one.kind, one.reason, one.at, one.at, "", key) for key, one in typed.items()
    ]
    return in_order([*known.moves, *added]), typed


def _words(
    one: Movement, before: Movement | None, moves: Sequence[Movement], typed: Mapping[int, Entered], where: ZoneInfo
) -> Wrong:
    """Say in the words of the paper what is wrong with a movement after the one before it."""
    came = next((move for move in moves if move.kind is Kind.IN), None)
    blamed, other = (one, before or came) if one.id in typed else (before or one, one)
    column = typed[blamed.id].column if blamed.id in typed else next(iter(typed.values())).column
    if other is None:
        return Wrong(column, f"{_told(one, where)}, and no time in")
    if other.id not in typed:
        return Wrong(column, f"crosses what is recorded: {_recorded(other, where)}")
    if before is None:  # it began with something other than coming in
        return Wrong(column, f"{_told(one, where)} is before {_told(other, where)}")
    if before.kind is Kind.LEFT:
        return Wrong(column, f"{_told(one, where)} is after {_told(before, where)}")
    if one.kind is Kind.IN:
        return Wrong(column, f"{_told(one, where)} while in since {wall(before.happened, where)}")
    if one.kind is Kind.OUT:
        return Wrong(column, f"{_told(one, where)} while still out since {wall(before.happened, where)}")
    return Wrong(column, f"{_told(one, where)} without a time out before it")


def _told(one: Movement, where: ZoneInfo) -> str:
    return f"{one.kind.value} {wall(one.happened, where)}"


def _recorded(one: Movement, where: ZoneInfo) -> str:
    return f"{_told(one, where)} by {one.by}"
