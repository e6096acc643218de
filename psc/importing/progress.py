"""How far a long import is, and how it is stopped: whoever waits is told, and may say that it is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from psc.errors import PscError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")

CHUNK = 5_000
"""Rows between two looks at whether it goes on: some hundredths of a second."""


class Step(NamedTuple):
    """What is being done, and how many of how many rows it has been done with; `of` is 0 where nobody can say."""

    doing: str
    done: int = 0
    of: int = 0

    @property
    def said(self) -> str:
        """Return it in words: "writing: 40,000 of 100,000 rows"."""
        return f"{self.doing}: {self.done:,} of {self.of:,} rows" if self.of else self.doing


if TYPE_CHECKING:
    Watch = Callable[[Step], None]
    """Told of each step; raises `Stopped` when it is enough."""


class Stopped(PscError):
    """The import was stopped by who had begun it; nothing was taken in."""

    exit_code = 130
    code = "stopped"

    def __init__(self) -> None:
        super().__init__("Stopped: nothing was taken in.", "Take the file in again when it suits.")


def unwatched(step: Step) -> None:
    """Tell nobody, and go on."""


def chunked(doing: str, rows: Sequence[T], watch: Watch) -> Iterator[Sequence[T]]:
    """Yield rows a chunk at a time, telling `watch` before each."""
    for first in range(0, len(rows), CHUNK):
        watch(Step(doing, first, len(rows)))
        yield rows[first : first + CHUNK]
