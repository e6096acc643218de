"""The one file: made whole and private, refused when it is not psc's, and noticed when it is changed underneath."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from psc.database.driver import engine
from psc.database.file import File, make_file, open_file, opened
from psc.database.schema import LATEST
from psc.desk.settings import change_setting
from psc.errors import Damaged, NewerFile, NotUnderstood, PscError, Refused
from tests.database.raw import raw
from tests.school import School, at

if TYPE_CHECKING:
    from collections.abc import Callable


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def closed(school: School) -> Path:
    """Close the school's file, which puts everything into it, and return its path."""
    school.file.close()
    return school.path


# -- making --------------------------------------------------------------------------------------------------------


def test_a_new_file_is_whole_private_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "school.sqlite"
    before = os.umask(0)
    try:
        make_file(path, "Hillside School", at("08:00"), zone_name="Europe/Paris", demo_moment="2026-11-23T08:41:00Z")
    finally:
        os.umask(before)
    assert [one.name for one in path.parent.iterdir()] == ["school.sqlite"]
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    with opened(path) as file:
        assert (file.school, str(file.zone), file.demo_moment) == (
            "Hillside School",
            "Europe/Paris",
            "2026-11-23T08:41:00Z",
        )
        assert file.value("PRAGMA journal_mode") == "wal"
        assert file.value("PRAGMA foreign_keys") == 1
        assert file.value("PRAGMA secure_delete") == 1
        assert file.value("PRAGMA synchronous") == 2
        assert file.value("PRAGMA user_version") == LATEST


def test_a_file_is_never_made_over_another(school: School, tmp_path: Path) -> None:
    path = closed(school)
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"Dear parents")
    for there, content in ((path, path.read_bytes()), (letter, b"Dear parents")):
        with pytest.raises(Refused):
            make_file(there, "Another School", at("08:00"))
        assert there.read_bytes() == content
    assert {one.name for one in tmp_path.iterdir()} == {"hillside.sqlite", "letter.txt"}


def test_a_file_that_came_into_being_meanwhile_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people set up at once: the one who is second to give the name is refused."""
    path = tmp_path / "school.sqlite"
    link = os.link

    def second(source: Path, target: Path) -> None:
        path.write_bytes(b"the first one's")
        link(source, target)

    monkeypatch.setattr(os, "link", second)
    with pytest.raises(Refused):
        make_file(path, "Hillside School", at("08:00"))
    assert path.read_bytes() == b"the first one's"
    assert [one.name for one in tmp_path.iterdir()] == ["school.sqlite"]


def test_a_making_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises((PscError, engine.Error)):
        make_file(tmp_path / "school.sqlite", None, at("08:00"))  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "folder", ["Dropbox", "OneDrive - Hillside School", "Google Drive/psc", "iCloud/psc", "Nextcloud"]
)
def test_a_folder_that_a_cloud_copies_is_refused_by_name(tmp_path: Path, folder: str) -> None:
    with pytest.raises(Refused, match="cloud"):
        make_file(tmp_path / folder / "school.sqlite", "Hillside School", at("08:00"))
    assert list(tmp_path.iterdir()) == []


def test_a_link_into_such_a_folder_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "plain").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(Refused, match="cloud"):
        make_file(tmp_path / "plain" / "school.sqlite", "Hillside School", at("08:00"))
    assert list((tmp_path / "Dropbox").iterdir()) == []


def test_journals_and_keys_are_private(school: School) -> None:
    school.file.close()
    before = os.umask(0)
    try:
        school.file = open_file(school.path, keys=school.keys)
        school.desk("AD1").do(change_setting("grace_minutes", 7))
    finally:
        os.umask(before)
    journals = [Path(f"{school.path}{ending}") for ending in ("", "-wal", "-shm")]
    assert [mode(one) for one in journals] == [0o600] * 3
    assert mode(school.keys) == 0o700
    kept = sorted(school.keys.iterdir())
    assert [one.suffix for one in kept] == [".anchor", ".key"]
    assert [mode(one) for one in kept] == [0o600] * 2


# -- what is not psc's file ----------------------------------------------------------------------------------------


def _text(real: Path) -> bytes:
    return b"Dear parents,\n" * 500


def _other_database(real: Path) -> bytes:
    path = real.with_name("other.sqlite")
    with raw(path) as conn:
        conn.execute("CREATE TABLE pupil (name TEXT)")
    return path.read_bytes()


def _nothing(real: Path) -> bytes:
    return b""


def _half(real: Path) -> bytes:
    return real.read_bytes()[: real.stat().st_size // 2]


def _first_page_only(real: Path) -> bytes:
    return real.read_bytes()[:4096]


def _shortened_header(real: Path) -> bytes:
    return real.read_bytes()[:60]


def _random(real: Path) -> bytes:
    return bytes((n * 7919 + n // 251) % 256 for n in range(20_000))


def _garbage_behind_a_real_header(real: Path) -> bytes:
    return real.read_bytes()[:100] + _random(real)


def _no_school(real: Path) -> bytes:
    path = real.with_name("bare.sqlite")
    shutil.copyfile(real, path)
    with raw(path) as conn:
        conn.execute("DELETE FROM school_file")
    return path.read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        _text,
        _other_database,
        _nothing,
        _half,
        _first_page_only,
        _shortened_header,
        _random,
        _garbage_behind_a_real_header,
        _no_school,
    ],
)
def test_a_foreign_or_broken_file_is_refused_and_left_as_it_is(
    school: School, tmp_path: Path, content: Callable[[Path], bytes]
) -> None:
    made = content(closed(school))
    folder = tmp_path / "found"
    folder.mkdir()
    path = folder / "found.sqlite"
    path.write_bytes(made)
    with pytest.raises(Damaged):
        open_file(path, keys=school.keys)
    assert path.read_bytes() == made
    assert [one.name for one in folder.iterdir()] == ["found.sqlite"]


def test_a_file_of_a_newer_psc_is_refused_and_left_as_it_is(school: School) -> None:
    path = closed(school)
    with raw(path) as conn:
        conn.execute(f"PRAGMA user_version = {LATEST + 1}")
    before = path.read_bytes()
    with pytest.raises(NewerFile):
        open_file(path, keys=school.keys)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_newer_file_that_is_in_use_is_refused_too(school: School) -> None:
    with raw(school.path) as conn:
        conn.execute(f"PRAGMA user_version = {LATEST + 1}")
        with pytest.raises(NewerFile):
            school.another()


def test_a_file_that_a_newer_psc_brought_up_to_date_under_an_open_desk_is_not_written(school: School) -> None:
    with raw(school.path) as conn:
        conn.execute(f"PRAGMA user_version = {LATEST + 1}")
    with pytest.raises(PscError):
        school.desk("AD1").do(change_setting("grace_minutes", 7))
    assert school.file.value("SELECT count(*) FROM setting") == 0


def test_where_nothing_is_there_is_nothing_to_open(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.sqlite", tmp_path):
        with pytest.raises(NotUnderstood):
            open_file(path)
    assert list(tmp_path.iterdir()) == []


# -- changed underneath --------------------------------------------------------------------------------------------


def _replaced(path: Path) -> None:
    shutil.copyfile(path, path.with_name("copy"))
    os.replace(path.with_name("copy"), path)


def _removed(path: Path) -> None:
    path.unlink()


def _moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.sqlite"))


def _emptied(path: Path) -> None:
    os.truncate(path, 0)


@pytest.mark.parametrize("change", [_replaced, _removed, _moved, _emptied])
def test_a_file_changed_underneath_an_open_desk_is_noticed(school: School, change: Callable[[Path], None]) -> None:
    desk = school.desk("AD1")
    desk.do(change_setting("grace_minutes", 7))
    change(school.path)
    with pytest.raises(Damaged):
        desk.do(change_setting("grace_minutes", 8))
    assert not school.file.conn.in_transaction


# -- several at once -----------------------------------------------------------------------------------------------


HOLD = """
import fcntl
with open(sys.argv[1], "rb+") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
        print("free")
    except OSError:
        print("held")
"""
"""Try for the bytes on which SQLite keeps the lock that says *somebody has this file open*."""


@pytest.mark.parametrize("times", [1, 2])
def test_opening_and_closing_the_file_beside_an_open_desk_leaves_its_lock(school: School, times: int) -> None:
    """Closing any descriptor of a file drops every lock this process has on it: SQLite would not know it had lost
    them, and another process could take the write-ahead log away under the desk."""
    school.desk("AD1").do(change_setting("grace_minutes", 7))
    other = school.another()
    for _ in range(times):
        other.close()
    school.another().close()
    assert in_another_process(school, HOLD) == "held"


def in_another_process(school: School, code: str) -> str:
    """Run some lines in a process of its own, given the school's file, and return what they printed."""
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}", str(school.path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ran.stdout.strip()


def test_nested_transactions_are_undone_each_for_itself(school: School) -> None:
    put = "INSERT INTO shape (name) VALUES (?)"
    with school.file.atomic():
        school.file.execute(put, ("Early close",))
        _fail_within(school.file, put)
    assert school.file.rows("SELECT name FROM shape ORDER BY id") == [("Normal",), ("Early close",)]


def _fail_within(file: File, put: str) -> None:
    """Begin a transaction of one's own, fail in it, and go on."""
    with suppress(ZeroDivisionError), file.atomic():
        file.execute(put, ("Exams",))
        raise ZeroDivisionError
