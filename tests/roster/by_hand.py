"""A day kept by hand: the slow and obvious book that psc's own is compared with.

It knows nothing of psc's rules in code: it keeps a list of what was typed, decides by walking through it whether a new
line fits, and counts the minutes one at a time. It knows who is to be found, what was recorded of their place, what
room expects a student who was sent over to it, and who was seen at the assembly point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
HOME = "home: ill"
"""After that nobody expects a student again."""


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
class Drill:
    """An evacuation, with who was ticked at the assembly point."""

    turn: int
    ended: bool = False
    ticked: set[int] = field(default_factory=set)


@dataclass
class Entry:
    """Something one person did to some students, and how to take it back. Only what moves bars an undo."""

    code: str
    students: set[int]
    when: datetime
    kind: str
    take_back: Callable[[], None]
    undone: bool = False


@dataclass
class Recount:
    """The book somebody would keep by hand."""

    stands: dict[int, list[Typed]] = field(default_factory=lambda: {student: [] for student in STUDENTS})
    sights: dict[int, list[Sight]] = field(default_factory=lambda: {student: [] for student in STUDENTS})
    drills: list[Drill] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def lines(self, student: int) -> list[Typed]:
        return sorted(self.stands[student], key=lambda one: (one.time, one.turn))

    def open_visits(self) -> set[int]:
        """Return who is in a room, or out of one and expected back."""
        return {student for student in STUDENTS if self.lines(student) and self.lines(student)[-1].kind != "left"}

    @property
    def drill(self) -> Drill | None:
        """The evacuation under way."""
        last = self.drills[-1] if self.drills else None
        return last if last and not last.ended else None

    def write(
        self,
        code: str,
        now: datetime,
        kind: str,
        lines: dict[int, list[Typed]],
        also: Callable[[], None] = lambda: None,
    ) -> None:
        """Put new lines in the place of some students', and note how to take that back; `also` undoes the rest."""
        before = {student: self.stands[student] for student in lines}

        def take_back() -> None:
            self.stands.update(before)
            also()

        self.entries.append(Entry(code, set(lines), now, kind, take_back))
        self.stands.update(lines)

    def put(self, code: str, student: int, now: datetime, lines: list[Typed]) -> bool:
        """Write the student's lines anew if they make sense; say whether they did."""
        if any(one.time > now for one in lines) or not makes_sense(lines):
            return False
        self.write(code, now, "move", {student: lines})
        return True

    def remove(self, code: str, student: int, now: datetime, number: int) -> bool:
        """Strike a line out that did not happen; an out and its back go together, a coming in only when nothing of
        that room follows.
        """
        lines = self.lines(student)
        line, then = lines[number], lines[number + 1 :]
        gone = [line]
        if line.kind == "back":
            gone.append(lines[number - 1])
        if line.kind == "out" and then and then[0].kind == "back":
            gone.append(then[0])
        if line.kind == "in" and any(one.room == line.room for one in then):
            return False
        return self.put(code, student, now, [one for one in lines if one not in gone])

    def give(self, code: str, wrong: int, right: int, room: int, now: datetime) -> bool:
        """Give all a student did in a room to the one it was, and what they did where they were sent over to."""
        rooms = {room}
        for one in self.lines(wrong):
            if one.over and one.room in rooms and one.over not in PLACED[wrong]:
                rooms.add(one.over)
        going = [one for one in self.lines(wrong) if one.room in rooms]
        kept = [one for one in self.lines(wrong) if one.room not in rooms]
        theirs = sorted([*self.lines(right), *going], key=lambda one: (one.time, one.turn))
        if not any(one.room == room for one in going) or room not in PLACED[right] or not makes_sense(theirs):
            return False
        self.write(code, now, "student", {wrong: kept, right: theirs})
        return True

    def evacuate(self, code: str, turn: int, now: datetime) -> bool:
        """Take everybody out who is in a room. Who is out already stays out for that reason."""
        if self.drill:
            return False
        lines = {student: self.lines(student) for student in self.open_visits()}
        for student, those in lines.items():
            if those[-1].kind != "out":
                lines[student] = [*those, Typed(turn, those[-1].room, "out", "evacuation", now)]
        drill = Drill(turn)
        self.write(code, now, "evacuate", lines, lambda: self.drills.remove(drill))
        self.drills.append(drill)
        return True

    def tick(self, code: str, student: int, now: datetime) -> bool:
        """Tick a student at the assembly point. Twice is once."""
        drill = self.drill
        if drill is None:
            return False
        new = student not in drill.ticked
        drill.ticked.add(student)
        undo = (lambda: drill.ticked.discard(student)) if new else (lambda: None)
        self.entries.append(Entry(code, {student}, now, "tick", undo))
        return True

    def bring_back(self, code: str, turn: int, now: datetime, everyone: bool) -> bool:
        """End the evacuation: who was ticked is back, and with `everyone` who went out with it."""
        drill = self.drill
        if drill is None:
            return False
        lines = {student: self.lines(student) for student in self.open_visits()}
        for student, those in lines.items():
            last = those[-1]
            if last.kind == "out" and (student in drill.ticked or (everyone and last.reason == "evacuation")):
                lines[student] = [*those, Typed(turn, last.room, "back", "", now)]

        def goes_on() -> None:
            drill.ended = False

        self.write(code, now, "move", lines, goes_on)
        drill.ended = True
        return True

    def see(self, code: str, student: int, now: datetime, sight: Sight) -> bool:
        """Write down what is known of a student's place; that is always right, unless it has not come yet."""
        if sight.time > now:
            return False
        self.entries.append(Entry(code, {student}, now, "sight", lambda: self.sights[student].remove(sight)))
        self.sights[student].append(sight)
        return True

    def take_back(self, code: str, now: datetime) -> bool:
        """Strike out the person's last entry, unless something that builds on it has been done since."""
        mine = [n for n, one in enumerate(self.entries) if one.code == code and not one.undone]
        if not mine or now - self.entries[mine[-1]].when > 10 * MINUTE:
            return False
        entry = self.entries[mine[-1]]
        for later in self.entries[mine[-1] + 1 :]:
            if later.students & entry.students and not later.undone and bars(later.kind, entry.kind):
                return False
        entry.undone = True
        entry.take_back()
        return True


def bars(later: str, earlier: str) -> bool:
    """Say whether an entry of one kind bars the undo of an earlier one: who was moved since is not put back."""
    if later == "student":
        return True
    return earlier not in ("sight", "tick") and (later != "sight") and (later != "tick" or earlier == "evacuate")


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


def recounted(
    lines: list[Typed], sights: list[Sight], runs: list[Run], room: int, now: datetime, evacuating: bool
) -> tuple[str, int]:
    """Go through the day minute by minute; return where a student stands with a room, and the minutes in it."""
    here = [one for one in lines if one.room == room]
    last = lines[-1] if lines else None
    if last and last.kind == "out" and last.reason == "evacuation" and last.room == room:
        known = known_of(sights, last.time)
        told = f"evacuated {last.time:%H:%M}" if evacuating else find(last.time, "out", known)
        return told, minutes_of(here, now)
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
    if last and last.kind == "left" and last.reason == HOME:
        return f"left {last.time:%H:%M}"
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
