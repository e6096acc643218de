"""Starting, on a real terminal: how soon psc answers a key, and how soon its board stands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.people import staff_by_code
from psc.desk.place import DEMO_PASSPHRASE
from psc.overview.read_board import read_board
from tests.bench.floors import LAST, READY
from tests.bench.measure import Result, interleaved, shown
from tests.bench.place import opened
from tests.bench.ten_years import NOW, WHO
from tests.bench.terminal import on_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.place import Place

_KEY = "ŵ"
"""A key that nothing but its echo can bring to the screen."""
_IN_SIGHT = 30


def paints(place: Place) -> Iterator[Result]:
    """Measure the start of psc against that of the least app, and against that of a table of sixty rows."""
    runs = place.runs(15)
    psc = ("-m", "psc", "--db", str(place.in_use(place.one_day)))
    echo = partial(_start, *psc, typed=_KEY, until=_KEY)
    words = partial(_start, *psc, until="Type your code")
    echoed, floor, there = interleaved(runs, echo, partial(_start, "-m", "tests.bench.floors", until=READY), words)
    note = f"typed before the app was up; the words of the first screen stand after {shown(there)}"
    yield Result("first useful paint: a key is echoed", echoed, runs, floor, at_most=1.15, note=note)
    answer = f"{WHO}\r{DEMO_PASSPHRASE}\r"
    board = partial(_start, "-m", "psc", "--db", str(place.one_day), typed=answer, until=_name(place))
    table = partial(_start, "-m", "tests.bench.floors", "table", until=LAST)
    stood, least = interleaved(runs, board, table)
    yield Result("psc, code and passphrase, to the board, whole start", stood, runs, least)


def _start(*words: str, until: str, typed: str = "") -> float:
    """Start a program, type, and return the seconds until it has drawn something."""
    with on_terminal(*words) as terminal:
        if typed:
            terminal.type(typed)
        return terminal.seconds_to(until)


def _name(place: Place) -> str:
    """Return the name of a student who stands well down the first room's board."""
    with opened(place.one_day) as (file,):
        board = read_board(file, school_day(NOW, file.zone), staff_by_code(file, "AS1"))
    return board.at(NOW, board.rooms[0].id)[_IN_SIGHT].row.name[:12]
