"""A file made by an older psc is brought up to date when it is opened: backed up first, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Migrations

from psc.database import schema
from psc.database.file import open_file
from psc.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlite_utils import Database

    from tests.school import School


def _newer_psc(monkeypatch: pytest.MonkeyPatch, change: Callable[[Database], object]) -> None:
    """Make this psc one that knows a second migration."""
    newer = Migrations("psc")
    newer(name="m001_first")(schema.m001_first)

    def m002_second(db: Database) -> None:
        change(db)
        db.execute("PRAGMA user_version = 2")

    newer()(m002_second)
    monkeypatch.setattr(schema, "migrations", newer)
    monkeypatch.setattr(schema, "LATEST", 2)


def _backups(school: School) -> list[Path]:
    folder = school.path.parent / "backups"
    return list(folder.glob("*before-upgrade*")) if folder.exists() else []


def test_an_older_file_is_backed_up_and_upgraded(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    school.book(1)
    school.file.close()
    _newer_psc(monkeypatch, lambda db: db.executescript("CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;"))
    school.file = open_file(school.path, keys=school.keys)
    assert school.file.value("PRAGMA user_version") == 2
    assert school.file.value("SELECT count(*) FROM extra") == 0
    assert school.file.value("SELECT count(*) FROM placement") == 1
    (backup,) = _backups(school)
    monkeypatch.undo()
    kept = open_file(backup, keys=school.keys)
    assert kept.value("PRAGMA user_version") == 1
    assert kept.value("SELECT count(*) FROM placement") == 1
    kept.close()


def test_an_upgrade_that_fails_half_way_leaves_the_file_as_it_was(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.file.close()

    def fails(db: Database) -> None:
        db.executescript("CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;")
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        _newer_psc(patch, fails)
        with pytest.raises(ZeroDivisionError):
            open_file(school.path, keys=school.keys)
    school.file = open_file(school.path, keys=school.keys)
    assert school.file.value("PRAGMA user_version") == 1
    assert school.file.value("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == 0


def test_an_upgrade_that_would_drop_a_guard_is_not_kept(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    school.file.close()
    with monkeypatch.context() as patch:
        _newer_psc(patch, lambda db: db.executescript("DROP TRIGGER movement_no_delete;"))
        with pytest.raises(Damaged, match="unguarded"):
            open_file(school.path, keys=school.keys)
    school.file = open_file(school.path, keys=school.keys)
    assert school.file.value("SELECT count(*) FROM sqlite_schema WHERE name = 'movement_no_delete'") == 1
