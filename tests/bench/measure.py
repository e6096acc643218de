"""How a speed is measured and told: interleaved runs, medians, and one line of the table for each."""

from __future__ import annotations

import textwrap
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

WIDTH = 100
"""How wide the table is."""


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: seconds, their floor if there is one, and what is promised of them."""

    what: str
    seconds: float
    runs: int
    floor: float | None = None
    at_most: float | None = None
    """The greatest ratio to the floor."""
    within: float | None = None
    """The most seconds."""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the floor it took."""
        return None if self.floor is None else self.seconds / self.floor

    @property
    def promise(self) -> str:
        """The promise in a few characters; "–" where there is none."""
        parts = []
        if self.at_most is not None:
            parts.append(f"≤ {self.at_most:g}×")
        if self.within is not None:
            parts.append(f"≤ {shown(self.within)}")
        return " ".join(parts) or "–"

    @property
    def kept(self) -> bool | None:
        """Whether the promise was kept in this run; None where there is none."""
        if self.at_most is None and self.within is None:
            return None
        slower = self.at_most is not None and self.ratio is not None and self.ratio > self.at_most
        return not slower and (self.within is None or self.seconds <= self.within)


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the table that is no figure: something that was so or not, or a note."""

    what: str
    found: str
    promise: str = "–"
    kept: bool | None = None
    note: str = ""


Told = Result | Said


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """Make work into a run: calling it does the work and returns the seconds it took."""

    def run() -> float:
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun

    return run


def interleaved(runs: int, *sides: Callable[[], float]) -> list[float]:
    """Do each side once in turn, `runs` times over, and return the median seconds of each.

    Whatever else the machine is doing then falls on all sides alike. The first round is not counted: it warms.
    """
    rounds = [[side() for side in sides] for _ in range(runs + 1)]
    return [median(times) for times in zip(*rounds[1:], strict=True)]


def compared(
    what: str,
    runs: int,
    work: Callable[[], float],
    floor: Callable[[], float],
    *,
    at_most: float,
    within: float | None = None,
    note: str = "",
) -> Result:
    """Measure work against its floor, interleaved."""
    seconds, least = interleaved(runs, work, floor)
    return Result(what, seconds, runs, least, at_most, within, note)


def alone(what: str, runs: int, work: Callable[[], float], *, within: float | None = None, note: str = "") -> Result:
    """Measure work that has no floor."""
    (seconds,) = interleaved(runs, work)
    return Result(what, seconds, runs, within=within, note=note)


def shown(seconds: float) -> str:
    """Return a time with the digits that matter: `1.62 s`, `412 ms`, `3.1 ms`."""
    if seconds >= 1:
        return f"{seconds:.3g} s"
    milliseconds = seconds * 1000
    return f"{milliseconds:.0f} ms" if milliseconds >= 20 else f"{milliseconds:.2g} ms"


_COLUMNS = (("what", 40), ("this run", 15), ("floor", 9), ("ratio", 7), ("promise", 16), ("kept?", 5))


def _row(cells: Iterable[str]) -> str:
    return " ".join(cell.ljust(width) for cell, (_, width) in zip(cells, _COLUMNS, strict=True)).rstrip()


def heading() -> list[str]:
    """Return the table's head."""
    head = _row(name for name, _ in _COLUMNS)
    return [head, "─" * WIDTH]


def lines(told: Told) -> Iterator[str]:
    """Yield the lines of one result."""
    kept = {True: "yes", False: "NO", None: ""}[told.kept]
    if isinstance(told, Said):
        cells: Sequence[str] = (told.what, told.found, "", "", told.promise, kept)
    else:
        floor = "" if told.floor is None else shown(told.floor)
        ratio = "" if told.ratio is None else f"{told.ratio:.2f}×"
        cells = (told.what, f"{shown(told.seconds)} ×{told.runs}", floor, ratio, told.promise, kept)
    yield _row(cells)
    yield from textwrap.wrap(told.note, WIDTH, initial_indent="  ", subsequent_indent="  ")
