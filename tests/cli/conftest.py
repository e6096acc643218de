from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.roster.placements import PlacementType, book
from tests.cli.terminal import Terminal
from tests.school import IER, MONDAY, make_school

if TYPE_CHECKING:
    from pathlib import Path


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
    """A terminal on a file that is no demo: Hillside School, nobody placed."""
    school = make_school(tmp_path)
    school.file.close()
    return Terminal(school.path, capsys, monkeypatch)
