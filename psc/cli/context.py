"""What every command is given: the file, the person, and a way to print as text or as one JSON value."""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from psc.errors import NotAllowed, NotUnderstood
from psc.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psc.desk.acts import Desk


@dataclass(frozen=True)
class Context:
    """The options that stand before the command."""

    db: str | None
    code: str | None
    json: bool
    secret_stdin: bool

    def path(self) -> Path:
        """Return the file to work on: `--db`, else `PSC_DB`, else the one in the per-user data folder."""
        chosen = self.db or os.environ.get("PSC_DB")
        if chosen:
            return Path(chosen).expanduser()
        from psc.database.places import data_folder

        return data_folder() / "psc.sqlite"

    def secret(self) -> None:
        """Read one line of secret from standard input if asked to. Nothing compares it until secrets exist."""
        if self.secret_stdin and sys.stdin is not None:  # None where standard input is closed
            sys.stdin.readline()

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Open the file and sit down at its desk. Raises `NotUnderstood` when nobody is named on a real file."""
        from psc.database.file import opened
        from psc.desk.acts import Desk
        from psc.desk.people import SYSTEM
        from psc.desk.place import DEMO_PERSON, clock_of, terminal

        gc.enable()
        with opened(self.path()) as file:
            code = self.code or (DEMO_PERSON if file.demo_moment else None)
            if code is None:
                raise NotUnderstood("Who is at the desk?", "Say it with --as and your code: psc --as AS1 roster.")
            if code.strip().lower() == SYSTEM.code:
                raise NotAllowed("Nobody can sit down as psc itself.", "Give your own code with --as.")
            self.secret()
            desk = Desk(file, clock_of(file), code, terminal())
            desk.staff()
            yield desk

    def print(self, value: object, lines: Iterable[str]) -> None:
        """Print the JSON value or the lines of text."""
        if self.json:
            print(json.dumps(value, ensure_ascii=False, default=str))
        else:
            from psc.overview.glyphs import can_write_signs, in_letters

            signs = can_write_signs(getattr(sys.stdout, "encoding", None) or "utf-8")
            for line in lines:
                print(shown(line) if signs else in_letters(shown(line)))


def sample_folder() -> Path:
    """Return where the sample school's files are: beside the package, or inside it when it was installed."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "sample_data", package.parent / "sample_data"):
        if (folder / "students.csv").exists():
            return folder
    raise NotUnderstood("The sample school's files are not here.", "Install psc again.")
