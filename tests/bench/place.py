"""Where the benchmarks work: a folder that is theirs for one run, and the files in it, each made when asked for."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from psc.cli.demo import build
from psc.database.file import File, make_file, open_file
from tests.bench.notes import note_file
from tests.bench.ten_years import NOW, one_day_file, ten_year_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Place:
    """A folder on the disk that is measured. `quick` asks for fewer runs."""

    folder: Path
    quick: bool

    def runs(self, whole: int) -> int:
        """Return how often to measure: `whole` times, or a fifth of that and at least three when it is to be quick."""
        return max(3, whole // 5) if self.quick else whole

    def settle(self) -> None:
        """Keep chain keys and backups of this process and its children in the folder, and the children's bytecode.

        Wherever psc is installed its bytecode has been compiled, as that of the libraries it is held against has: a
        start must not compile it anew because this process was told to leave none behind.
        """
        os.environ["XDG_DATA_HOME"] = str(self.folder / "data")
        for name in ("PSC_DB", "COLUMNS", "LINES", "NO_COLOR"):
            os.environ.pop(name, None)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ.update(
            TERM="xterm-256color", COLORTERM="truecolor", PYTHONPYCACHEPREFIX=str(self.folder / "bytecode")
        )

    def _made(self, name: str, make: Callable[[Path], None]) -> Path:
        path = self.folder / name
        make(path)
        return path

    @cached_property
    def ten_years(self) -> Path:
        """The file with ten years behind it."""
        return self._made("ten-years.sqlite", ten_year_file)

    @cached_property
    def notes(self) -> Path:
        """The file with ten years and 500,000 notes behind it."""
        path = self.copy(self.ten_years)
        note_file(path)
        return path

    @cached_property
    def one_day(self) -> Path:
        """The file with the same day and nothing else."""
        return self._made("one-day.sqlite", one_day_file)

    @cached_property
    def demo(self) -> Path:
        """The demo, as `psc demo` makes it."""
        return self._made("demo.sqlite", build)

    @cached_property
    def _numbers(self) -> Iterator[int]:
        return count(1)

    def empty(self) -> Path:
        """Make another file of a school that has nothing yet."""
        name = f"empty-{next(self._numbers)}.sqlite"
        return self._made(name, lambda path: make_file(path, "Hillside School", NOW))

    def copy(self, path: Path) -> Path:
        """Copy a file that nobody has open, so that what is done to it leaves the other measurements alone."""
        return Path(shutil.copy(path, self.folder / f"{path.stem}-{next(self._numbers)}.sqlite"))

    def in_use(self, path: Path) -> Path:
        """Copy a file as one in use: without the mark that sets its clock and names its person."""
        copy = self.copy(path)
        with opened(copy) as (file,):
            file.execute("UPDATE school_file SET demo_moment = NULL")
        return copy


@contextmanager
def opened(*paths: Path) -> Iterator[tuple[File, ...]]:
    """Open files for a block."""
    files = tuple(open_file(path) for path in paths)
    try:
        yield files
    finally:
        for file in files:
            file.close()
