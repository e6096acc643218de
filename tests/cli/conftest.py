from __future__ import annotations

import getpass
from functools import cache
from typing import TYPE_CHECKING, NoReturn

import pytest

from psc.desk import secrets
from psc.roster.placements import PlacementType, book
from tests.cli.terminal import Terminal
from tests.school import IER, MONDAY, make_school

if TYPE_CHECKING:
    from pathlib import Path

    from psc.database.file import File
    from psc.desk.secrets import Hidden

RIGHT = "brick lantern seven"
"""The passphrase of everybody at Hillside School."""


@cache
def hashed() -> Hidden:
    """Return its hash, made once: each takes its time on purpose."""
    return secrets.hash_passphrase(RIGHT)


def give_everybody(file: File) -> None:
    """Let everybody who signs in have it."""
    file.execute(
        "INSERT INTO secret (staff_id, hash) SELECT id, ? FROM staff WHERE role <> 'teacher'", (hashed().value,)
    )


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be no terminal to ask at, wherever the tests are run."""

    def nowhere(*_: object, **__: object) -> NoReturn:
        raise getpass.GetPassWarning

    monkeypatch.setattr(getpass, "getpass", nowhere)


@pytest.fixture
def psc(demo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal on a demo of its own, at 11:43 of its Monday."""
    monkeypatch.setenv("COLUMNS", "120")
    return Terminal(demo, capsys, monkeypatch)


@pytest.fixture
def hillside(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal on Hillside School with its four seats, marked as a demo so that its clock stands at 09:00."""
    monkeypatch.setenv("COLUMNS", "120")
    school = make_school(tmp_path)
    for student in (1, 2, 3, 4):
        school.book(student, "P1 P2 P3")
    slots = [(MONDAY, period) for period in ("P1", "P2", "P3")]
    fifth = book(5, IER, PlacementType.INTERNAL_EXCLUSION, "Defiance", slots, override="Nowhere else")
    school.desk("CO1", "office").do(fifth)
    school.file.execute("UPDATE school_file SET demo_moment = '2026-11-23T09:00:00Z'")
    school.file.close()
    return Terminal(school.path, capsys, monkeypatch)


@pytest.fixture
def real(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal on a file that is no demo: Hillside School, nobody placed, everybody with the same passphrase."""
    school = make_school(tmp_path)
    give_everybody(school.file)
    school.file.close()
    return Terminal(school.path, capsys, monkeypatch, RIGHT)
