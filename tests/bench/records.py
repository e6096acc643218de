"""The file at work: an act, the board of a day, finding a student, opening; with ten years behind and without."""

from __future__ import annotations

from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING

from psc.clock import SetClock, school_day, stamp
from psc.database.file import open_file
from psc.desk.acts import Desk
from psc.desk.people import staff_by_code
from psc.overview.read_board import read_board
from psc.roster.open_visits import open_visits_before
from psc.school.students import find_students
from tests.bench.day import swings
from tests.bench.measure import alone, compared, timed
from tests.bench.place import opened
from tests.bench.ten_years import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from psc.database.file import File
    from tests.bench.measure import Result
    from tests.bench.place import Place

_TYPED = ("o", "mar", "kaya gate", "11b", "10999", "nobody at all")
"""What somebody types into the finder: fits many, some, few and none."""


def acts(place: Place) -> Iterator[Result]:
    """Measure acts of the door, committed and ledgered, against a bare insert into a file opened the same way."""
    for name, path in (("an empty file", place.one_day), ("ten years behind", place.ten_years)):
        with opened(place.copy(path), place.empty()) as (file, bare):
            bare.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, visit_id INTEGER, kind TEXT, at TEXT) STRICT")
            sides = (timed(_door(file)), timed(partial(_insert, bare)))
            yield compared(f"one act, {name}", place.runs(200), *sides, at_most=2)


def _door(file: File) -> Callable[[], object]:
    """Return what does the next act of the door, ten seconds after the last, each time it is called."""
    clock = SetClock(NOW)
    desk = Desk(file, clock, "AS1")
    calls = swings(file, school_day(NOW, file.zone))

    def act() -> None:
        clock.forward(seconds=10)
        desk.do(next(calls))

    return act


def _insert(bare: File) -> None:
    bare.conn.execute("INSERT INTO bare (visit_id, kind, at) VALUES (1, 'in', ?)", (stamp(NOW),))


def boards(place: Place) -> Iterator[Result]:
    """Measure reading the board of the same day in both files, and drawing up its rows for a moment."""
    with opened(place.ten_years, place.one_day) as (old, new):
        sides = (timed(partial(_look, old)), timed(partial(_look, new)))
        yield compared("board of a day, ten years behind", place.runs(60), *sides, at_most=1.2)
        today = school_day(NOW, old.zone)
        work = timed(partial(open_visits_before, old, today))
        yield alone("visits never ended, ten years behind", place.runs(15), work)


def _look(file: File) -> None:
    day = school_day(NOW, file.zone)
    read_board(file, day, staff_by_code(file, "CO1")).at(NOW)


def finds(place: Place) -> Iterator[Result]:
    """Measure finding a student as somebody types: one keystroke's worth."""
    with opened(place.ten_years) as (file,):
        yield find_in(file, "find a student, 300 on roll of 2,500", place.runs(60))


def find_in(file: File, what: str, runs: int) -> Result:
    """Measure a keystroke of the finder in a file."""
    staff, typed = staff_by_code(file, "CO1"), cycle(_TYPED)
    day = school_day(NOW, file.zone)
    return alone(what, runs, timed(lambda: find_students(file, next(typed), staff, day)), within=0.020)


def openings(place: Place) -> Iterator[Result]:
    """Measure opening a file and closing it."""
    for name, path in (("ten years", place.ten_years), ("one day", place.one_day)):
        yield alone(f"open the file, {name}", place.runs(30), _opening(path))


def _opening(path: Path) -> Callable[[], float]:
    return timed(lambda: open_file(path).close())
