"""Any sequence of acts, at any times, taken or refused, stands as a slow and obvious recount says: see `by_hand`."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from psc.clock import SetClock
from psc.database.file import open_file
from psc.desk.acts import Call, undo
from psc.errors import Refused
from psc.overview.read_board import read_board
from psc.roster.corrections import correct_movement, correct_student, remove_movement
from psc.roster.evacuation import EvacuationKind, bring_back, evacuate, evacuation_on, tick_roll
from psc.roster.movements import (
    Destination,
    OutReason,
    come_back,
    go_out,
    movements_of,
    sign_in,
    sign_out,
)
from psc.roster.sightings import TOLD, record_sighting
from tests.roster.by_hand import (
    HOME,
    MINUTE,
    PLACED,
    STUDENTS,
    Recount,
    Sight,
    Typed,
    expected_in,
    makes_sense,
    may_come_in,
    recounted,
)
from tests.school import IER, MONDAY, PSC, School, at, make_school

if TYPE_CHECKING:
    from psc.roster.status import Standing


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """Make the school once, one student placed in both rooms, one in one; each example gets a copy of the file."""
    with tempfile.TemporaryDirectory() as folder:
        made = make_school(Path(folder))
        made.book(1, "P1 P2")
        made.book(1, "P4 P5", room=PSC)
        made.book(2, "P1 P2 P4")
        made.file.execute("UPDATE room SET seats = 90")
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
    other: bool
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
        other=some.sampled_from((False,) * 7 + (True,)),
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
        there = last.over if last and step.number else 0
        return replace(step, what="in", room=there or step.room)
    away = "back" if last.kind == "out" else "out"
    return replace(step, what={0: "left", 1: "over"}.get(step.number, away), room=last.room)


def attempt(school: School, book: Recount, turn: int, student: int, step: Step) -> tuple[Call[Any] | None, bool]:
    """Return the act that a step comes to, None for none, and whether the hand-kept book takes it."""
    now = school.clock.now()
    lines = book.lines(student)
    step = natural(lines, step)
    when = None if step.ago is None else now - step.ago * MINUTE
    if step.what == "undo":
        return undo(), book.take_back(step.code, now)
    if step.what == "sight":
        told, place = (TOLD[step.number], "") if step.number < len(TOLD) else ("", f"place {step.number}")
        sight = Sight(turn, f"told {told}" if told else place, when or now)
        return record_sighting(student, place=place, told=told, at=when), book.see(step.code, student, now, sight)
    if step.what in ("correct", "remove", "retell"):
        moves = movements_of(school.file, student, MONDAY)
        if not moves:
            return None, False
        number = step.number % len(moves)
        return corrected(school, book, student, step, moves[number].id, number)
    if step.what == "give":
        visit = visit_of(school, student, step.room)
        right = sum(STUDENTS) - student
        if visit is None:
            return None, False
        return correct_student(visit, right, "Slip"), book.give(step.code, student, right, step.room, now)
    if step.what == "evacuate":
        return evacuate(EvacuationKind.DRILL), book.evacuate(step.code, turn, now)
    if step.what in ("tick", "all back"):
        drill = evacuation_on(school.file, MONDAY)
        if drill is None:
            return None, False
        if step.what == "tick":
            return tick_roll(drill.id, student), book.tick(step.code, student, now)
        everyone = bool(step.number % 2)
        return bring_back(drill.id, everyone=everyone), book.bring_back(step.code, turn, now, everyone)
    if step.what == "in":
        new = Typed(turn, step.room, "in", "", when or now)
        taken = may_come_in(student, step.room, lines) and book.put(step.code, student, now, [*lines, new])
        # Each coming in has a seat of its own, so that no undo meets another student on it.
        return sign_in(student, step.room, at=when, seat=turn), taken
    visit = visit_of(school, student, step.room)
    if visit is None or step.what == "nothing":
        return None, False
    kind = "left" if step.what in ("over", "home") else step.what
    reason = {"out": step.reason, "home": HOME}.get(step.what, "")
    other = IER + PSC - step.room if step.what == "over" else 0
    taken = book.put(step.code, student, now, [*lines, Typed(turn, step.room, kind, reason, when or now, other)])
    if step.what == "out":
        return go_out(visit, OutReason(reason), at=when), taken
    if step.what == "back":
        return come_back(visit, at=when), taken
    return sign_out(visit, GOING[step.what], at=when, note="Nurse Lee"), taken


GOING = {"left": Destination.LESSON, "over": Destination.OTHER_ROOM, "home": Destination.HOME_ILL}


def visit_of(school: School, student: int, room: int) -> int | None:
    """Return the id of a student's visit to a room, None while there is none."""
    found: int | None = school.file.value("SELECT id FROM visit WHERE student_id = ? AND room_id = ?", (student, room))
    return found


def corrected(
    school: School, book: Recount, student: int, step: Step, movement: int, number: int
) -> tuple[Call[Any] | None, bool]:
    """Return the correction of one movement that a step comes to: its time, its reason, or that it did not happen."""
    now, lines = school.clock.now(), book.lines(student)
    line, new = lines[number], lines[number]
    if step.what == "remove":
        return remove_movement(movement, "Slip"), book.remove(step.code, student, now, number)
    if step.what == "correct":
        new = replace(line, time=line.time + ((step.ago or 0) % 9 - 4) * MINUTE)
        call = correct_movement(movement, "Slip", at=new.time)
    elif line.kind == "left":
        other = IER + PSC - line.room if step.ago is None else 0
        new = replace(line, over=other, reason="")
        call = correct_movement(movement, "Slip", reason=GOING["over" if other else "left"])
        came_by_it = line.over and any(one.room == line.over for one in lines[number:])
        if came_by_it and not other and line.over not in PLACED[student]:
            return call, False  # the other room has them for no other reason
    elif line.kind == "out":
        new = replace(line, reason=step.reason)
        call = correct_movement(movement, "Slip", reason=step.reason)
    else:
        return None, False
    return call, book.put(step.code, student, now, [*lines[:number], new, *lines[number + 1 :]])


def played(template: Path, main: int, plan: list[Step]) -> None:
    """Play a plan, most of it with one student, at the desk and by hand, and compare after every step."""
    book = Recount()
    with copied(template) as school:
        for turn, step in enumerate(plan, 1):
            school.clock.forward(minutes=step.wait)
            student = sum(STUDENTS) - main if step.other else main
            call, taken = attempt(school, book, turn, student, step)
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
    expected: dict[tuple[int, int], tuple[str, int]] = {}
    for student in STUDENTS:
        stands = [
            (one.room_id, one.kind.value, one.happened, one.to_room or 0)
            for one in movements_of(school.file, student, MONDAY)
        ]
        lines = book.lines(student)
        assert stands == [(one.room, one.kind, one.time, one.over) for one in lines]
        assert makes_sense(lines)
        for room, runs in expected_in(student, lines).items():
            expected[student, room] = recounted(lines, book.sights[student], runs, room, now, book.drill is not None)
        assert all((student, one.room) in expected for one in lines), "whoever is in a room stands on its board"
    assert {one.row.key: (said_of(one.standing), one.minutes) for one in board.at(now)} == expected


def said_of(standing: Standing) -> str:
    """Return a standing as the hand-kept book words it."""
    since = f" {standing.since:%H:%M}" if standing.since else ""
    known = f" ({standing.known})" if standing.known else ""
    over = f" to {standing.to_room}" if standing.to_room else ""
    return f"{standing.status.value}{since}{' !' if standing.overdue else ''}{known}{over}"


RELAXED = settings(
    report_multiple_bugs=False,
    max_examples=int(os.environ.get("PSC_EXAMPLES", "30")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""The same plans each time, so that the suite does not come and go; `make safety` tries many more."""


MAIN = some.sampled_from(STUDENTS)


@RELAXED
@given(main=MAIN, plan=steps("next", "next", "next", "in", "out", "back", "left", "over", "sight"))
def test_any_sequence_of_movements_stands_as_the_recount_says(template: Path, main: int, plan: list[Step]) -> None:
    played(template, main, plan)


@RELAXED
@given(
    main=MAIN,
    plan=steps(
        *("next", "next", "next", "in", "out", "left", "over", "sight", "undo", "undo", "undo"),
        *("correct", "correct", "retell", "remove", "give"),
    ),
)
def test_so_does_any_sequence_with_corrections_and_undo(template: Path, main: int, plan: list[Step]) -> None:
    played(template, main, plan)


@RELAXED
@given(
    main=MAIN,
    plan=steps(
        *("next", "next", "next", "over", "home", "sight", "undo", "undo", "correct", "remove", "give"),
        *("evacuate", "evacuate", "tick", "tick", "all back", "all back"),
    ),
)
def test_and_with_everybody_out_in_between(template: Path, main: int, plan: list[Step]) -> None:
    played(template, main, plan)
