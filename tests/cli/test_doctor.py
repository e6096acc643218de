"""`psc doctor`: always runs, shows no student, and ends with the code of what is bad."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from psc.database.file import make_file, opened

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.terminal import Terminal


def findings(psc: Terminal, *, code: int) -> dict[str, tuple[str, str]]:
    """Return what doctor found: what to (state, words), its form checked."""
    said = psc("--json", "doctor")
    assert (said.code, said.err) == (code, "")
    value = said.json
    assert list(value) == ["version", "findings"]
    assert all(list(one) == ["what", "state", "words"] for one in value["findings"])
    assert {one["state"] for one in value["findings"]} <= {"ok", "warning", "bad"}
    text = psc("doctor")
    assert text.code == code
    assert len(text.out.splitlines()) == 1 + len(value["findings"])
    return {one["what"]: (one["state"], one["words"]) for one in value["findings"]}


def spoil(path: Path, *statements: str) -> None:
    """Change the file behind psc's back, as somebody with another program would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for statement in statements:
            file.execute(statement)


def test_a_healthy_file(psc: Terminal) -> None:
    psc("sign-in", "Khan")
    found = findings(psc, code=0)
    assert list(found) == [
        "engine",
        "place",
        "file",
        "settings",
        "integrity",
        "guards",
        "ledger",
        "privacy",
        "secrets",
        "search",
        "backup",
    ]
    assert {what for what, (state, _) in found.items() if state != "ok"} <= {"backup", "privacy"}
    assert found["file"][1].startswith("demo")


def test_a_file_others_can_read_is_a_warning(psc: Terminal) -> None:
    psc.path.chmod(0o644)
    assert findings(psc, code=0)["privacy"][0] == "warning"
    psc.path.chmod(0o600)
    assert findings(psc, code=0)["privacy"][0] == "ok"


def test_the_newest_backup_is_told_and_an_old_one_warned_of(psc: Terminal, tmp_path: Path) -> None:
    assert findings(psc, code=0)["backup"] == ("warning", "none yet")
    rooms = tmp_path / "rooms.csv"
    rooms.write_text("Code,Name,Kind,Seats\nIE2,Upper Room,IER,6\n", encoding="utf-8")
    psc("--as", "AD1", "import", "rooms", str(rooms))
    assert findings(psc, code=0)["backup"] == ("ok", "1 kept, the newest 0 hours old")
    (copy,) = (tmp_path / "backups").iterdir()
    os.utime(copy, (datetime.now(UTC).timestamp() - 30 * 3600,) * 2)
    assert findings(psc, code=0)["backup"] == ("warning", "1 kept, the newest 30 hours old")


def test_no_student_is_shown(psc: Terminal) -> None:
    with opened(psc.path) as file:
        names = {name for (name,) in file.rows("SELECT surname FROM student")}
    told = psc("doctor").out
    assert not [name for name in names if name in told]


def test_no_file_there(psc: Terminal, tmp_path: Path) -> None:
    psc.path = tmp_path / "nothing.sqlite"
    assert findings(psc, code=2)["file"][0] == "bad"
    assert not psc.path.exists()


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


def _garbage(path: Path) -> None:
    path.write_bytes(b"\x00\xff" * 5000)


def _text(path: Path) -> None:
    path.write_text("Minutes of the governors' meeting\n" * 100, encoding="utf-8")


def _half(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _overwritten(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    for page in range(20, 60):
        whole[page * 4096 : page * 4096 + 4096] = b"\x5a" * 4096
    path.write_bytes(whole)


def _of_another_program(path: Path) -> None:
    path.unlink()
    spoil(path, "CREATE TABLE recipe (name TEXT)")


@pytest.mark.parametrize("harm", [_nothing, _garbage, _text, _half, _overwritten, _of_another_program])
def test_a_file_that_is_damaged_or_not_psc_s_ends_with_5_and_is_left(psc: Terminal, harm: Any) -> None:
    harm(psc.path)
    before = psc.path.read_bytes()
    assert "bad" in {state for state, _ in findings(psc, code=5).values()}
    assert psc.path.read_bytes() == before
    if harm is not _overwritten:
        psc.refused("roster", code=5)


def test_a_folder_is_not_a_file(psc: Terminal, tmp_path: Path) -> None:
    psc.path = tmp_path
    findings(psc, code=2)


def test_a_file_of_a_newer_psc_ends_with_8_and_is_left(psc: Terminal) -> None:
    spoil(psc.path, "PRAGMA user_version = 99")
    before = psc.path.read_bytes()
    assert "newer psc" in findings(psc, code=8)["file"][1]
    assert psc.json("roster", code=8)["code"] == "newer_file"
    assert psc.path.read_bytes() == before


def test_a_guard_that_was_taken_away_shows(psc: Terminal) -> None:
    spoil(psc.path, "DROP TRIGGER movement_no_delete")
    assert findings(psc, code=5)["guards"] == ("bad", "1 append-only guards are missing or changed")


def test_a_guard_that_was_made_toothless_shows(psc: Terminal) -> None:
    spoil(
        psc.path,
        "DROP TRIGGER ledger_no_update",
        "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT 1; END",
    )
    assert findings(psc, code=5)["guards"][0] == "bad"


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("ledger", "UPDATE ledger SET actor = 'CO1' WHERE seq = (SELECT max(seq) FROM ledger)"),
        ("ledger", "UPDATE ledger SET at = '2026-11-23T11:00:00Z' WHERE seq = (SELECT max(seq) FROM ledger)"),
        ("ledger_detail", "UPDATE ledger_detail SET json = '{}' WHERE seq = 40"),
        ("ledger", "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)"),
    ],
)
def test_a_ledger_line_that_was_tampered_with_shows(psc: Terminal, table: str, statement: str) -> None:
    psc("sign-in", "Khan")
    assert findings(psc, code=0)["ledger"][0] == "ok"
    with closing(sqlite3.connect(psc.path)) as file:
        guards = file.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?", (table,))
        stood = guards.fetchall()
    spoil(psc.path, *(f"DROP TRIGGER {name}" for name, _ in stood), statement, *(sql for _, sql in stood))
    found = findings(psc, code=5)
    assert found["guards"][0] == "ok", "the guards were put back, so only the chain can tell"
    assert found["ledger"][0] == "bad"


def test_an_older_file_that_was_put_back_shows(psc: Terminal) -> None:
    psc("sign-in", "Khan")
    older = psc.path.read_bytes()
    psc("out", "Khan", "--reason", "toilet")
    psc.path.write_bytes(older)
    assert "an older file was put back" in findings(psc, code=5)["ledger"][1]


def _notes(folder: Path) -> list[Path]:
    return list((folder / "data" / "psc" / "keys").glob("*.anchor"))


@pytest.mark.parametrize("left", ["", "garbage", "12"])
def test_a_spoilt_note_of_the_newest_line_is_a_finding(psc: Terminal, tmp_path: Path, left: str) -> None:
    psc("sign-in", "Khan")
    (note,) = _notes(tmp_path)
    note.write_text(left, encoding="ascii")
    assert findings(psc, code=5)["ledger"][0] == "bad"


@pytest.mark.parametrize("left", ["", "garbage", "12"])
def test_a_spoilt_note_of_the_newest_line_bars_no_act(psc: Terminal, tmp_path: Path, left: str) -> None:
    psc("sign-in", "Khan")
    (note,) = _notes(tmp_path)
    note.write_text(left, encoding="ascii")
    assert psc.json("out", "Khan", "--reason", "toilet")["status"] == "out"


def test_a_school_s_new_file_is_healthy(psc: Terminal, tmp_path: Path) -> None:
    psc.path = tmp_path / "new.sqlite"
    make_file(psc.path, "Hillside School", datetime(2026, 9, 1, 8, 0, tzinfo=UTC))
    found = findings(psc, code=0)
    assert found["file"] == ("ok", "schema 5")
