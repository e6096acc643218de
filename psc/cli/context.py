"""What every command is given: the file, the person, and a way to print as text or as one JSON value."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.process import collect_rubbish
from psc.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psc.clock import Clock
    from psc.database.file import File
    from psc.desk.acts import Desk
    from psc.desk.signing_on import Person


class Context(NamedTuple):
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

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Open the file, sign on, and sit down at its desk.

        On a demo nobody need sign on; who does, with `--secret-stdin`, must know the secret there too. Raises
        `NotUnderstood` when nobody is named on a real file, `Refused` for a secret that is wrong, missing or temporary.
        """
        from psc.database.file import opened
        from psc.desk.acts import Desk
        from psc.desk.place import clock_of, terminal

        collect_rubbish()
        with opened(self.path()) as file:
            code, clock = self.whose(file), clock_of(file)
            if file.demo_moment is None or self.secret_stdin:
                person, _ = self.sign_on(file, clock, code)
                if person.must_change:
                    raise Refused(
                        "That passphrase is temporary: it opens nothing but the choice of your own.",
                        f"Choose it in psc, or with: psc --as {person.staff.code} passphrase.",
                    )
            desk = Desk(file, clock, code, terminal())
            desk.staff()
            yield desk

    def whose(self, file: File) -> str:
        """Return the code of who is at the desk: `--as`, on a demo else `AS1`. Raises `NotUnderstood` for nobody."""
        from psc.desk.people import SYSTEM
        from psc.desk.place import DEMO_PERSON

        code = self.code or (DEMO_PERSON if file.demo_moment else None)
        if code is None:
            raise NotUnderstood("Who is at the desk?", "Say it with --as and your code: psc --as AS1 roster.")
        if code.strip().lower() == SYSTEM.code:
            raise NotAllowed("Nobody can sit down as psc itself.", "Give your own code with --as.")
        return code

    def sign_on(self, file: File, clock: Clock, code: str) -> tuple[Person, str]:
        """Ask for the passphrase and compare it; returns who signed on, and what they typed.

        Raises `NotThem`, `TooMany`, and `Refused` for a PIN, for nothing, and for a file of before secrets.
        """
        from psc.cli.asking import secret
        from psc.desk.people import is_pass_code
        from psc.desk.place import terminal
        from psc.desk.secrets import has_secrets, is_pin
        from psc.desk.signing_on import BEFORE_SECRETS, SET_THEM, sign_on

        if not has_secrets(file):
            raise Refused(BEFORE_SECRETS, SET_THEM)
        typed = secret(f"Passphrase of {shown(code)}: ", from_stdin=self.secret_stdin)
        if is_pin(typed) and not is_pass_code(code):  # cover has nothing else
            raise Refused("A PIN opens nothing but your own session in psc.", "Give your passphrase.")
        return sign_on(file, clock, terminal(), code, typed), typed

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
