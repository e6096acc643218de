"""A day kept by hand: the slow and obvious book that psc's own is compared with.

It knows nothing of psc's rules in code: it keeps a list of what was typed, decides by walking through it whether a new
line fits, and counts the minutes one at a time. It knows who is to be found, what was recorded of their place, and what
room expects a student who was sent over to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.school import IER, PSC, at

STUDENTS = (1, 2)
PLACED: dict[int, dict[int, tuple[tuple[str, str], ...]]] = {
    1: {IER: (("08:50", "09:50"), ("09:50", "10:50")), PSC: (("12:10", "13:10"), ("13:50", "14:50"))},
    2: {IER: (("08:50", "09:50"), ("09:50", "10:50"), ("12:10", "13:10"))},
}
"""The lessons each student is placed for: one in both rooms, P1 and P2, then P4 and P5; the other in one, for P1, P2
and P4. Break and lunch part no two lessons that follow each other; P3 does."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Typed:
    """A movement as it was typed: in, out, back or left, of a room, at a minute. `turn` is the order of typing.

    `over` is the room a student who left was sent over to, 0 for none.
    """

    turn: int
    room: int
    kind: str
    reason: str
    time: datetime
    over: int = 0


@dataclass(frozen=True)
class Sight:
    """What somebody recorded of a student's place."""

    turn: int
    words: str
    time: datetime


@dataclass
class Entry:
    """Something one person did to one student, with what stood before it. A sighting moves nobody."""

    code: str
    student: int
    when: datetime
    before: list[Typed]
    sight: Sight | None = None
    undone: bool = False


@dataclass
class Recount:
    """The book somebody would keep by hand."""

    stands: dict[int, list[Typed]] = field(default_factory=lambda: {student: [] for student in STUDENTS})
    sights: dict[int, list[Sight]] = field(default_factory=lambda: {student: [] for student in STUDENTS})
    entries: list[Entry] = field(default_factory=list)

    def lines(self, student: int) -> list[Typed]:
        return sorted(self.stands[student], key=lambda one: (one.time, one.turn))

    def put(self, code: str, student: int, now: datetime, lines: list[Typed]) -> bool:
        """Write the student's lines anew if they make sense; say whether they did."""
        if any(one.time > now for one in lines) or not makes_sense(lines):
            return False
        self.entries.append(Entry(code, student, now, self.stands[student]))
        self.stands[student] = lines
        return True

    def see(self, code: str, student: int, now: datetime, sight: Sight) -> bool:
        """Write down what is known of a student's place; that is always right, unless it has not come yet."""
        if sight.time > now:
            return False
        self.entries.append(Entry(code, student, now, [], sight))
        self.sights[student] = [*self.sights[student], sight]
        return True

    def take_back(self, code: str, now: datetime) -> bool:
        """Strike out the person's last entry, unless the student has been moved since."""
        mine = [n for n, one in enumerate(self.entries) if one.code == code and not one.undone]
        if not mine or now - self.entries[mine[-1]].when > 10 * MINUTE:
            return False
        entry = self.entries[mine[-1]]
        if entry.sight is not None:
            self.sights[entry.student] = [one for one in self.sights[entry.student] if one is not entry.sight]
            entry.undone = True
            return True
        later = self.entries[mine[-1] + 1 :]
        if any(one.student == entry.student and not one.undone and one.sight is None for one in later):
            return False
        entry.undone = True
        self.stands[entry.student] = entry.before
        return True


def makes_sense(lines: list[Typed]) -> bool:
    """Walk along the lines: a student is nowhere, in a room, or out of a room."""
    room, out = 0, False
    for one in sorted(lines, key=lambda one: (one.time, one.turn)):
        if one.kind == "in":
            if room:
                return False
            room = one.room
            continue
        if room != one.room or (one.kind == "out" and out) or (one.kind == "back" and not out):
            return False
        out = one.kind == "out"
        room = 0 if one.kind == "left" else room
    return True


def may_come_in(student: int, room: int, lines: list[Typed]) -> bool:
    """Who is placed in a room may come in, and whoever was sent over to it or has been in it today."""
    return room in PLACED[student] or any(room in (one.room, one.over) for one in lines)


Run = tuple[datetime, datetime]
"""When a run of lessons begins and ends."""


def runs_of(lessons: Iterable[tuple[str, str]]) -> list[Run]:
    """Join the lessons that follow each other with at most break or lunch between."""
    made: list[Run] = []
    for start, end in lessons:
        if made and end_to_start(made[-1][1], at(start)):
            made[-1] = (made[-1][0], at(end))
        else:
            made.append((at(start), at(end)))
    return made


def end_to_start(end: datetime, start: datetime) -> bool:
    return start == end or (end, start) == (at("13:10"), at("13:50"))


def expected_in(student: int, lines: list[Typed]) -> dict[int, list[Run]]:
    """Return each room's runs of lessons for a student: where they are placed, and where they were sent over to.

    What goes along is the rest of the run under way, or else of the next one; when all are over, the last lesson, so
    that the room knows whom it has. A room the student was sent over to and never came into is forgotten once they
    are somewhere else.
    """
    lessons: dict[int, tuple[tuple[str, str], ...]] = dict(PLACED[student])
    for number, one in enumerate(lines):
        last = number == len(lines) - 1
        if one.kind == "in" and number:
            sent, to = lines[number - 1], one.room
        elif one.over and last:
            sent, to = one, one.over
        else:
            continue
        if to in PLACED[student] or sent.room == to:
            continue
        there = lessons[sent.room]
        run = next((run for run in runs_of(there) if run[1] > sent.time), None)
        rest = [
            (start, end) for start, end in there if run and run[0] <= at(start) and at(end) <= run[1]
            and at(end) > sent.time
        ]  # fmt: skip
        lessons[to] = tuple(rest) or there[-1:]
    return {room: runs_of(some) for room, some in lessons.items()}


def known_of(sights: list[Sight], since: datetime) -> str:
    """Return the latest thing recorded of a student's place, "" when it is of before."""
    last = max(sights, key=lambda one: (one.time, one.turn), default=None)
    return last.words if last and last.time >= since else ""


def find(since: datetime, calm: str, known: str) -> str:
    """A student whose place is not known is to be found; once something is known, it is said."""
    return f"{calm} {since:%H:%M} ({known})" if known else f"find {since:%H:%M} !"


def recounted(lines: list[Typed], sights: list[Sight], runs: list[Run], room: int, now: datetime) -> tuple[str, int]:
    """Go through the day minute by minute; return where a student stands with a room, and the minutes in it."""
    here = [one for one in lines if one.room == room]
    return stands(lines, here, sights, runs, room, now), minutes_of(here, now)


def minutes_of(here: list[Typed], now: datetime) -> int:
    """Count the minutes one at a time: a minute counts when the student was in the room as it began."""
    typed: dict[datetime, str] = {one.time: one.kind for one in here}  # of one minute, the last
    minute, inside, minutes = at("07:00"), False, 0
    while minute < now:
        if minute in typed:
            inside = typed[minute] in ("in", "back")
        minutes += inside
        minute += MINUTE
    return minutes


def stands(
    lines: list[Typed], here: list[Typed], sights: list[Sight], runs: list[Run], room: int, now: datetime
) -> str:
    last = lines[-1] if lines else None
    away = not last or last.kind == "left"
    if last and not away and last.room == room:
        came = max(one.time for one in here if one.kind == "in")
        return under_the_roof(last, came, sights, runs, now)
    if last and last.over == room:
        known = known_of(sights, last.time)
        if now - last.time > 5 * MINUTE:
            return find(last.time, "expected", known)
        return f"expected {last.time:%H:%M}"
    left = here[-1] if here else None
    ahead = [run for run in runs if not left or run[0] >= left.time]
    if left and left.over:  # the run under way, or the next, went along
        went = [run for run in runs if run[1] > left.time][:1]
        ahead = [run for run in ahead if run not in went]
    if ahead:
        start = ahead[0][0]
        if now - start >= 5 * MINUTE:
            return find(start, "late", known_of(sights, start) if away else "signed in elsewhere")
        return f"expected {start:%H:%M}"
    if left:
        return f"left {left.time:%H:%M}" + (f" to {left.over}" if left.over else "")
    raise AssertionError("nobody is on the board of a room that knows nothing of them")


def under_the_roof(last: Typed, came: datetime, sights: list[Sight], runs: list[Run], now: datetime) -> str:
    """Return how a student stands who came in at `came` and has not left."""
    if last.kind == "out":
        long = {"toilet": 10, "nurse": 30, "walked out": -1}.get(last.reason, 10**6)
        if now - last.time > long * MINUTE:
            return find(last.time, "out", known_of(sights, last.time))
        return f"out {last.time:%H:%M}"
    ended = [end for start, end in runs if came < end <= now]
    if runs[-1][1] <= came:
        ended = [runs[-1][1]]
    if ended and not any(start <= now < end for start, end in runs):
        return f"due_out {ended[-1]:%H:%M} !"
    return f"in {came:%H:%M}"
