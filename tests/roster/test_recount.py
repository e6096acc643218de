"""Any sequence of acts, at any times, taken or refused, stands as a slow and obvious recount says.

The recount knows nothing of psc's rules in code: it keeps a list of what was typed, decides by walking through it
whether a new line fits, and counts the minutes one at a time.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from psc.clock import SetClock
from psc.database.file import open_file
from psc.desk.acts import Call, undo
from psc.errors import Refused
from psc.overview.board import read_board
from psc.roster.corrections import correct_movement
from psc.roster.movements import (
    Destination,
    OutReason,
    come_back,
    go_out,
    movements_of,
    sign_in,
    sign_out,
)
from tests.school import IER, MONDAY, PSC, School, at, make_school

STUDENTS = (1, 2)
LESSONS = {IER: ("08:50", "10:50"), PSC: ("12:10", "14:50")}
"""When the placed lessons of each room begin and end: P1 and P2, then P4 and P5."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Typed:
    """A movement as it was typed: in, out, back or left, of a room, at a minute. `turn` is the order of typing."""

    turn: int
    room: int
    kind: str
    reason: str
    time: datetime


@dataclass
class Entry:
    """Something one person did to one student, with what stood before it."""

    code: str
    student: int
    when: datetime
    before: list[Typed]
    undone: bool = False


@dataclass
class Recount:
    """The book somebody would keep by hand."""

    stands: dict[int, list[Typed]] = field(default_factory=lambda: {student: [] for student in STUDENTS})
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

    def take_back(self, code: str, now: datetime) -> bool:
        mine = [n for n, one in enumerate(self.entries) if one.code == code and not one.undone]
        if not mine or now - self.entries[mine[-1]].when > 10 * MINUTE:
            return False
        entry = self.entries[mine[-1]]
        if any(one.student == entry.student and not one.undone for one in self.entries[mine[-1] + 1 :]):
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


def recounted(lines: list[Typed], room: int, now: datetime) -> tuple[str, int]:
    """Go through the day minute by minute; return the status in a room and the minutes in it."""
    where, minutes, left_at, out_for, out_since = "not come", 0, None, "", now
    minute = at("07:00")
    while minute <= now:
        for one in lines:
            if one.time == minute and one.room == room:
                where = {"in": "in", "out": "out", "back": "in", "left": "left"}[one.kind]
                if one.kind == "left":
                    left_at = minute
                if one.kind == "out":
                    out_for, out_since = one.reason, minute
        if where == "in" and minute < now:
            minutes += 1
        minute += MINUTE
    start, end = (at(clock) for clock in LESSONS[room])
    if where == "out":
        long = {"toilet": 10, "nurse": 30}.get(out_for, 10**6)
        alarm = out_for == "walked out" or now - out_since > long * MINUTE
        return ("out !" if alarm else "out"), minutes
    if where == "in":
        return ("due_out !" if now >= end else "in"), minutes
    if where == "left" and left_at is not None and left_at > start:
        return "left", minutes
    return ("late !" if now - start >= 5 * MINUTE else "expected"), minutes


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """Make the school once, with two students placed in both rooms; each example gets a copy of the closed file."""
    with tempfile.TemporaryDirectory() as folder:
        made = make_school(Path(folder))
        for student in STUDENTS:
            made.book(student, "P1 P2")
            made.book(student, "P4 P5", room=PSC)
        made.file.close()
        yield made.path


@contextmanager
def copied(template: Path) -> Iterator[School]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hillside.sqlite"
        shutil.copyfile(template, path)
        shutil.copytree(template.parent / "keys", path.parent / "keys")
        file = open_file(path, keys=path.parent / "keys")
        try:
            yield School(path, path.parent / "keys", file, SetClock(at("08:30")))
        finally:
            file.close()


@dataclass(frozen=True)
class Step:
    """One thing somebody tries, some minutes after the one before, for a time some minutes ago."""

    what: str
    code: str
    student: int
    room: int
    wait: int
    ago: int | None
    reason: str
    number: int


def steps(*kinds: str) -> some.SearchStrategy[list[Step]]:
    one = some.builds(
        Step,
        what=some.sampled_from(("nothing", *kinds)),  # the first is what a failing plan is made simpler with
        code=some.sampled_from(("AS1",) * 7 + ("CO1",)),
        student=some.sampled_from((1,) * 7 + (2,)),
        room=some.sampled_from((IER, IER, IER, PSC)),
        wait=some.sampled_from((0, 1, 2, 3, 5, 9, 11, 60)),
        ago=some.sampled_from((None, None, None, None, -1, 0, 1, 4, 7, 35)),
        reason=some.sampled_from(("toilet", "nurse", "walked out", "break")),
        number=some.integers(0, 5),
    )
    return some.lists(one, min_size=20, max_size=20)


def natural(lines: list[Typed], step: Step) -> Step:
    """Make a `next` step what would naturally come next for its student, so that many plans get far into a day."""
    if step.what != "next":
        return step
    last = lines[-1] if lines else None
    if last is None or last.kind == "left":
        return replace(step, what="in")
    away = "back" if last.kind == "out" else "out"
    return replace(step, what="left" if step.number == 0 else away, room=last.room)


def attempt(school: School, book: Recount, turn: int, step: Step) -> tuple[Call[Any] | None, bool]:
    """Return the act that a step comes to, None for none, and whether the hand-kept book takes it."""
    now = school.clock.now()
    lines = book.lines(step.student)
    step = natural(lines, step)
    when = None if step.ago is None else now - step.ago * MINUTE
    if step.what == "undo":
        return undo(), book.take_back(step.code, now)
    if step.what == "correct":
        moves = movements_of(school.file, step.student, MONDAY)
        if not moves:
            return None, False
        number = step.number % len(moves)
        when = lines[number].time + ((step.ago or 0) % 9 - 4) * MINUTE
        changed = [*lines[:number], replace(lines[number], time=when), *lines[number + 1 :]]
        call = correct_movement(moves[number].id, "Slip", at=when)
        return call, book.put(step.code, step.student, now, changed)
    if step.what == "in":
        new = Typed(turn, step.room, "in", "", when or now)
        return sign_in(step.student, step.room, at=when), book.put(step.code, step.student, now, [*lines, new])
    visit = school.file.value("SELECT id FROM visit WHERE student_id = ? AND room_id = ?", (step.student, step.room))
    if visit is None or step.what == "nothing":
        return None, False
    reason = step.reason if step.what == "out" else ""
    new = Typed(turn, step.room, step.what, reason, when or now)
    taken = book.put(step.code, step.student, now, [*lines, new])
    if step.what == "out":
        return go_out(visit, OutReason(reason), at=when), taken
    if step.what == "back":
        return come_back(visit, at=when), taken
    return sign_out(visit, Destination.LESSON, at=when), taken


def played(template: Path, plan: list[Step]) -> None:
    """Play a plan at the desk and by hand, and compare after every step."""
    book = Recount()
    with copied(template) as school:
        for turn, step in enumerate(plan, 1):
            school.clock.forward(minutes=step.wait)
            call, taken = attempt(school, book, turn, step)
            if call is None:
                continue
            lines = school.file.value("SELECT count(*) FROM ledger")
            said = ""
            try:
                school.desk(step.code).do(call)
            except Refused as refusal:
                said = str(refusal)
            assert taken is not bool(said), f"{step}: {said or 'was taken'}"
            assert school.file.value("SELECT count(*) FROM ledger") == lines + taken
            compare(school, book)


def compare(school: School, book: Recount) -> None:
    now = school.clock.now()
    board = read_board(school.file, MONDAY, school.desk().staff())
    for student in STUDENTS:
        stands = [(one.room_id, one.kind.value, one.happened) for one in movements_of(school.file, student, MONDAY)]
        assert stands == [(one.room, one.kind, one.time) for one in book.lines(student)]
        assert makes_sense(book.stands[student])
    for one in board.at(now):
        row, standing = one.row, one.standing
        shown = standing.status.value + (" !" if standing.overdue else "")
        assert (shown, one.minutes) == recounted(book.lines(row.student_id), row.room_id, now)


RELAXED = settings(
    max_examples=int(os.environ.get("PSC_EXAMPLES", "60")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""The same plans each time, so that the suite does not come and go; `make safety` tries many more."""


@RELAXED
@given(plan=steps("next", "next", "next", "in", "out", "back", "left"))
def test_any_sequence_of_movements_stands_as_the_recount_says(template: Path, plan: list[Step]) -> None:
    played(template, plan)


@RELAXED
@given(plan=steps("next", "next", "in", "out", "left", "undo", "undo", "correct", "correct"))
def test_so_does_any_sequence_with_corrections_and_undo(template: Path, plan: list[Step]) -> None:
    played(template, plan)
