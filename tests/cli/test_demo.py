"""`psc demo`: a morning in progress, made whole, and never over a file that is somebody's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from psc.cli import demo as making
from psc.database.file import make_file, open_file
from tests.school import make_school

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.terminal import Terminal

IER = {  # name: form, seat, status, checks; as the mock of screens.md has them
    "Khan, Bilal": ("8A", None, "find", {}),
    "Reid, Callum": ("10F", 2, "out", {"P1": 2, "P2": 1, "P3": 3}),
    "Novak, Petra": ("9D", 5, "out", {"P1": 3, "P2": 3, "P3": 2}),
    "Okafor, Amara": ("9B", 1, "in", {"P1": 4, "P2": 3, "P3": 4}),
    "Marsh, Ellie": ("8C", 3, "due_out", {"P2": 3, "P3": 2}),
    "Hussain, Zayd": ("11A", 4, "in", {"P1": 4, "P2": 4, "P3": 4}),
    "Ward, Lily": ("7E", None, "expected", {}),
    "Osei, Kofi": ("9B", 6, "left", {"P1": 4, "P2": 4}),
}


def test_the_demo_opens_on_the_morning_of_the_pictures(psc: Terminal) -> None:
    board = psc.json("roster")
    rooms = {room["code"]: room for room in board["rooms"]}
    assert (board["date"], board["week"], board["period"]) == ("2026-11-23", "A", "P4")
    assert {
        one["name"]: (one["form"], one["seat"], one["status"], one["checks"]) for one in rooms["IER"]["students"]
    } == IER
    assert (rooms["IER"]["used"], rooms["IER"]["seats"]) == (5, 12)
    assert (rooms["PSC"]["used"], rooms["PSC"]["seats"]) == (5, 10)


def test_the_text_of_the_demo_s_board_reads_as_the_pictures(psc: Terminal) -> None:
    text = psc("roster").out
    assert text.startswith("Riverside Academy · Mon 23 Nov 2026 · Week A · P4 11:20–12:20, 37 min left\n")
    assert "Internal Exclusion Room  5 of 12 seats  ! 1 find  ◐ 2 out  ● 3 in  ○ 1 expected  ✓ 1 left" in text
    lines = {line[5:25].strip(): line for line in text.splitlines() if "," in line[:30]}
    for name, now in {
        "Khan, Bilal": "! find, late ",
        "Reid, Callum": "◐ toilet 6",
        "Novak, Petra": "◐ meeting 21",
        "Okafor, Amara": "● in since 08:41",
        "Marsh, Ellie": "▲ due out, 23 min",
        "Ward, Lily": "○ expected P5",
        "Osei, Kofi": "✓ to lesson 10:15",
    }.items():
        assert now in lines[name]


def test_the_demo_s_clock_runs_from_its_moment_and_never_back(psc: Terminal) -> None:
    first = datetime.fromisoformat(psc.json("out", "Marsh", "--reason", "toilet")["at"])
    second = datetime.fromisoformat(psc.json("back", "Marsh")["at"])
    assert timedelta() <= first - datetime.fromisoformat("2026-11-23T11:43:00+00:00") < timedelta(minutes=5)
    assert timedelta() <= second - first < timedelta(minutes=5)


def test_making_a_demo_prints_where_it_is(psc: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "shown.sqlite"
    said = psc("demo", "--no-app", "--db", str(path), db=False)
    assert (said.code, said.out, said.err) == (0, f"{path}\n", "")
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["shown.sqlite"], "nothing of its making is left"
    with closing(open_file(path)) as file:
        assert file.demo_moment == "2026-11-23T11:43:00Z"


def test_a_demo_without_a_name_has_a_place_of_its_own(psc: Terminal, tmp_path: Path) -> None:
    psc.patch.setenv("PSC_DB", str(tmp_path / "real.sqlite"))
    psc.patch.setattr(making, "build", lambda path: path.touch())
    path = tmp_path / "data" / "psc" / "demo.sqlite"
    said = psc("--json", "demo", "--no-app", db=False)
    assert (said.code, said.json) == (0, {"file": str(path)})
    assert not (tmp_path / "real.sqlite").exists()


def test_a_demo_that_nobody_has_open_starts_afresh(psc: Terminal) -> None:
    psc("sign-in", "Khan")
    assert psc("demo", "--no-app").code == 0
    statuses = {one["name"]: one["status"] for one in psc.json("roster", "--room", "IER")["rooms"][0]["students"]}
    assert statuses["Khan, Bilal"] == "find"
    assert "the chain holds" in psc("doctor").out


def test_without_a_terminal_the_demo_s_board_is_printed(psc: Terminal) -> None:
    psc.patch.setattr(making, "build", lambda path: None)  # it has just been built
    said = psc("demo")
    assert said.code == 0
    assert "Khan, Bilal" in said.out


# -- what a demo never replaces ------------------------------------------------------------------------------------


def _everything(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


def _real(path: Path) -> None:
    school = make_school(path.parent)
    school.file.close()
    school.path.rename(path)


def _empty_school(path: Path) -> None:
    make_file(path, "Hillside School", datetime.fromisoformat("2026-09-01T08:00:00+00:00"))


def _of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE recipe (name TEXT)")
        other.execute("INSERT INTO recipe VALUES ('soup')")
        other.commit()


def _text(path: Path) -> None:
    path.write_text("Minutes of the governors' meeting\n" * 40, encoding="utf-8")


def _nothing_in_it(path: Path) -> None:
    path.touch()


def _newer(path: Path) -> None:
    _empty_school(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize("kind", [_real, _empty_school, _of_another_program, _text, _nothing_in_it, _newer])
@pytest.mark.parametrize("words", [("--no-app",), ()])
def test_a_file_that_is_no_demo_is_refused_and_left_byte_for_byte(
    psc: Terminal, tmp_path: Path, kind: object, words: tuple[str, ...]
) -> None:
    assert callable(kind)
    folder = tmp_path / "kept"
    folder.mkdir()
    path = folder / "school.sqlite"
    kind(path)
    before = _everything(folder)
    assert psc("demo", *words, "--db", str(path), db=False).code == 3
    assert _everything(folder) == before
    assert psc("--json", "demo", *words, "--db", str(path), db=False).error["code"] == "refused"


def test_a_folder_is_refused(psc: Terminal, tmp_path: Path) -> None:
    (tmp_path / "school").mkdir()
    assert psc("demo", "--no-app", "--db", str(tmp_path / "school"), db=False).code == 3


def test_a_demo_that_somebody_has_open_is_not_replaced(psc: Terminal) -> None:
    with closing(open_file(psc.path)) as theirs:
        identity = psc.path.stat().st_ino
        lines = theirs.value("SELECT count(*) FROM ledger")
        assert "open in another terminal" in psc.refused("demo", "--no-app", code=3)
        assert psc.path.stat().st_ino == identity
        assert theirs.value("SELECT count(*) FROM ledger") == lines
        assert theirs.value("PRAGMA journal_mode") == "wal"


def test_a_demo_that_somebody_has_open_is_joined(psc: Terminal) -> None:
    psc("sign-in", "Khan")
    with closing(open_file(psc.path)):
        said = psc("demo")
    assert said.code == 0
    assert "joins it" in said.err
    assert "● in since" in next(line for line in said.out.splitlines() if "Khan" in line)


def test_a_demo_that_cannot_be_made_leaves_the_old_one(psc: Terminal) -> None:
    def fails(file: object) -> None:
        raise KeyboardInterrupt

    psc.patch.setattr(making, "fill", fails)
    assert psc("demo", "--no-app").code == 130
    assert [one.name for one in psc.path.parent.iterdir() if "demo" in one.name] == ["demo.sqlite"]
    assert "Khan, Bilal" in psc("roster").out


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(psc: Terminal, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("not a folder", encoding="utf-8")
    psc.refused("demo", "--no-app", "--db", str(tmp_path / "note.txt" / "demo.sqlite"), code=7)
