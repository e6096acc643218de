"""A backup is a backup: whole, equal to one moment of the file, private, and alone in its folder."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from psc.clock import SetClock
from psc.database import ledger
from psc.database.backup import back_up
from psc.database.driver import engine
from psc.database.file import open_file
from psc.desk.acts import Desk
from psc.desk.settings import change_setting
from psc.errors import Damaged
from tests.database.raw import fill_every_table
from tests.database.test_file import mode
from tests.desk.refusals import contents

if TYPE_CHECKING:
    from pathlib import Path

    from tests.school import School


def test_a_backup_is_verified_equal_private_and_opens(school: School, tmp_path: Path) -> None:
    fill_every_table(school)
    folder = tmp_path / "backups"
    path = back_up(school.file, folder, "before-import")
    assert "before-import" in path.name
    assert (mode(path), mode(folder)) == (0o600, 0o700)
    assert list(folder.iterdir()) == [path]
    copy = open_file(path, keys=school.keys)
    try:
        assert contents(copy) == contents(school.file)
        assert copy.value("PRAGMA integrity_check") == "ok"
        assert ledger.verify(copy).whole
    finally:
        copy.close()


def test_two_backups_of_one_second_do_not_meet(school: School, tmp_path: Path) -> None:
    paths = {back_up(school.file, tmp_path / "backups", "hourly") for _ in range(3)}
    assert len(paths) == 3
    assert set((tmp_path / "backups").iterdir()) == paths


def test_a_backup_taken_while_another_terminal_writes_is_of_one_moment(school: School, tmp_path: Path) -> None:
    started, stop = threading.Event(), threading.Event()
    written: list[int] = []

    def write() -> None:
        file = open_file(school.path, keys=school.keys)
        try:
            desk = Desk(file, SetClock(school.clock.now()), "AD1", "two")
            while not stop.is_set():
                written.append(desk.do_patiently(change_setting("grace_minutes", len(written) % 30)).seq)
                started.set()
        finally:
            file.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert started.wait(30)
        paths = [back_up(school.file, tmp_path / "backups", "hourly") for _ in range(5)]
    finally:
        stop.set()
        writer.join(30)
    heads = []
    for path in paths:
        copy = open_file(path, keys=tmp_path / "no keys")
        try:
            head = int(copy.value("SELECT max(seq) FROM ledger"))
            assert copy.value("SELECT count(*) FROM ledger") == head
            assert copy.value("SELECT max(seq) FROM setting") == head
            assert ledger.verify(copy).whole
            assert copy.value("PRAGMA integrity_check") == "ok"
            heads.append(head)
        finally:
            copy.close()
    assert heads == sorted(heads)
    assert heads[-1] <= written[-1]
    assert len(written) > 1


def test_a_copy_that_differs_is_thrown_away(school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import psc.database.backup as module

    count = iter(range(10))
    monkeypatch.setattr(module, "_measure", lambda conn: [("rows", next(count), "")])
    with pytest.raises(Damaged, match="not come out the same"):
        back_up(school.file, tmp_path / "backups", "hourly")
    assert list((tmp_path / "backups").iterdir()) == []
    assert not school.file.conn.in_transaction


def test_a_backup_that_breaks_off_leaves_nothing(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psc.database.backup as module

    def breaks_off(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_sync", breaks_off)
    with pytest.raises(Exception, match="space"):
        back_up(school.file, tmp_path / "backups", "hourly")
    assert list((tmp_path / "backups").iterdir()) == []
    school.desk("AD1").do(change_setting("grace_minutes", 7))


def test_a_backup_has_the_guards_of_the_file(school: School, tmp_path: Path) -> None:
    fill_every_table(school)
    copy = open_file(back_up(school.file, tmp_path / "backups", "hourly"), keys=school.keys)
    try:
        with pytest.raises(engine.Error, match="append-only"):
            copy.execute("DELETE FROM movement")
    finally:
        copy.close()
