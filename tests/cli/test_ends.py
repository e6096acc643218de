"""How commands end: which file and whose desk, the exit codes, and errors that are a sentence and never a traceback."""

from __future__ import annotations

import os
import re
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from psc import __version__
from psc.cli.main import parser, run
from psc.clock import SystemClock, school_day
from psc.database import file as files
from psc.database.file import open_file, opened
from psc.desk.acts import Desk
from tests.cli.conftest import RIGHT
from tests.desk.refusals import contents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psc.database.file import File
    from tests.cli.terminal import Terminal


# -- which file ----------------------------------------------------------------------------------------------------


def test_the_file_is_the_one_named_else_psc_db_else_the_data_folder_s(
    psc: Terminal, real: Terminal, tmp_path: Path
) -> None:
    psc.patch.setenv("PSC_DB", str(real.path))
    assert "Riverside" in psc("--as", "AS1", "roster").out, "--db goes before PSC_DB"
    assert "Hillside" in real("--as", "AS1", "roster", db=False).out
    psc.patch.delenv("PSC_DB")
    told = real("--as", "AS1", "roster", db=False)
    assert (told.code, told.out) == (2, "")
    home = tmp_path / "data" / "psc" / "psc.sqlite"
    real.path.rename(home)
    assert "Hillside" in real("--as", "AS1", "roster", db=False).out


@pytest.mark.parametrize("words", [(), ("roster",), ("find", "khan"), ("sign-in", "khan"), ("undo",)])
def test_where_no_file_is_none_is_made(psc: Terminal, tmp_path: Path, words: tuple[str, ...]) -> None:
    psc.path = tmp_path / "nothing.sqlite"
    assert "psc init" in psc.refused(*words, code=2)
    assert not psc.path.exists()


# -- whose desk ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("roster",), ("find", "reid"), ("sign-in", "reid"), ("undo",)])
def test_a_real_file_asks_who_is_at_the_desk(real: Terminal, words: tuple[str, ...]) -> None:
    assert "--as" in real.refused(*words, code=2)


def test_on_a_demo_nobody_named_is_as1(psc: Terminal) -> None:
    psc("sign-in", "Khan")
    assert psc("--as", "AS2", "sign-in", "24021").code == 0
    with opened(psc.path) as file:
        actors = file.rows("SELECT actor FROM ledger WHERE act = 'sign_in' ORDER BY seq DESC LIMIT 2")
    assert actors == [("AS2",), ("AS1",)]


@pytest.mark.parametrize("code", ["ZZ9", " ", "AS1'--", "AS"])
def test_a_code_nobody_has_is_not_understood_on_a_demo(psc: Terminal, code: str) -> None:
    psc.refused("--as", code, "roster", code=2)


def test_no_code_at_all_is_not_understood(real: Terminal) -> None:
    real.refused("--as", "", "roster", code=2)


def test_a_code_is_known_in_any_case(real: Terminal) -> None:
    assert real("--as", "as1", "roster").code == 0


def test_somebody_who_has_left_has_no_desk(real: Terminal) -> None:
    with opened(real.path) as file:
        file.execute("UPDATE staff SET active = 0 WHERE code = 'AS2'")
    assert "do not go together" in real.refused("--as", "AS2", "roster", code=3)


def test_one_line_of_secret_is_read_and_never_said(real: Terminal) -> None:
    said = real("--as", "AS1", "roster", typed=f"{RIGHT}\nnext line\n")
    assert said.code == 0
    assert sys.stdin.readline() == "next line\n"
    assert RIGHT not in said.out + said.err


# -- what was not understood ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("bogus",),
        ("--bogus", "roster"),
        ("roster", "extra"),
        ("roster", "--date"),
        ("out", "khan"),
        ("sign-out", "khan"),
        ("sign-in",),
        ("find",),
        ("init",),
        ("sign-in", "khan", "--seat", "two"),
        ("--as",),
    ],
)
def test_a_command_line_that_cannot_be_read_ends_with_2(psc: Terminal, words: tuple[str, ...]) -> None:
    assert "--help" in psc.refused(*words, code=2)
    assert psc("--json", *words).error["code"] == "not_understood"


def test_json_after_the_command_is_answered_in_json(psc: Terminal) -> None:
    said = psc("roster", "--json")
    assert (said.code, said.out) == (2, "")
    assert said.error["code"] == "not_understood"


def test_options_are_not_guessed_from_their_beginning(psc: Terminal) -> None:
    psc.refused("--js", "roster", code=2)
    psc.refused("roster", "--dat", "today", code=2)


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("roster", "--help"), ("sign-in", "--help")])
def test_help_and_version_end_with_0(psc: Terminal, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(words)
    told = psc.capture.readouterr()
    assert (ended.value.code, told.err) == (0, "")
    assert "psc" in told.out
    assert __version__ in told.out or "usage" in told.out


def test_help_names_every_command_of_the_contract_that_is_built() -> None:
    told = parser().format_help()
    assert [name for name in (
        "demo", "init", "import", "roster", "sign-in", "out", "back", "sign-out", "undo", "find", "doctor"
    ) if f"    {name}" not in told] == []  # fmt: skip


# -- a fault of ours -----------------------------------------------------------------------------------------------


def _fault(*args: object, **told: object) -> Any:
    raise ValueError("Khan, Bilal has no such thing")


@pytest.mark.parametrize("words", [("roster",), ("sign-in", "Khan"), ()])
def test_a_fault_is_a_sentence_without_a_name_or_a_traceback(psc: Terminal, words: tuple[str, ...]) -> None:
    psc.patch.setattr("psc.cli.show.read_board", _fault)
    psc.patch.setattr("psc.cli.door._call", _fault)
    told = psc.refused(*words, code=1)
    assert re.search(r"reference \w{6}, psc/cli/(show|door)\.py:\d+", told)
    assert "Khan" not in told
    assert psc("--json", *words).error["code"] == "fault"


# -- stopped, busy, full, read-only --------------------------------------------------------------------------------


def _stop(*args: object, **told: object) -> Any:
    raise KeyboardInterrupt


def test_stopped_by_ctrl_c(psc: Terminal) -> None:
    psc.patch.setattr("psc.cli.show.read_board", _stop)
    psc.refused("roster", code=130)
    assert psc("--json", "roster").error["code"] == "stopped"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let psc's patience with other terminals be short."""
    monkeypatch.setattr(Desk.do_patiently, "__kwdefaults__", {"id": "", "seconds": 0, "told_by": ""})
    connect = files._connect

    def at_once(path: Path, timeout: int, *, read_only: bool = False) -> File:
        return connect(path, 1, read_only=read_only)

    monkeypatch.setattr(files, "_connect", at_once)


@pytest.mark.usefixtures("hasty")
def test_while_another_writes_looking_goes_on_and_an_act_ends_with_4(psc: Terminal) -> None:
    with closing(open_file(psc.path)) as theirs:
        theirs.execute("BEGIN EXCLUSIVE")
        assert psc("roster").code == 0
        told = psc.refused("sign-in", "Khan", code=4)
        assert "Nothing was changed" in told
        assert psc.json("sign-in", "Khan", code=4)["code"] == "busy"
        theirs.execute("ROLLBACK")
    assert psc("sign-in", "Khan").code == 0


@pytest.mark.usefixtures("hasty")
def test_an_import_that_meets_a_busy_file_ends_with_4_and_changes_nothing(psc: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "students.csv"
    path.write_text("Adno,Surname,Forename\n2001,Ling,Bo\n", encoding="utf-8")
    with closing(open_file(psc.path)) as theirs:
        theirs.execute("BEGIN IMMEDIATE")
        psc.refused("--as", "AD1", "import", "students", str(path), code=4)
        theirs.execute("ROLLBACK")
        assert theirs.value("SELECT count(*) FROM student WHERE admission_no = '2001'") == 0


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be full: no file may grow by a page."""
    connect = files._connect

    def small(path: Path, timeout: int, *, read_only: bool = False) -> File:
        file = connect(path, timeout, read_only=read_only)
        file.execute(f"PRAGMA max_page_count = {file.value('PRAGMA page_count')}").fetchall()
        return file

    monkeypatch.setattr(files, "_connect", small)


@pytest.mark.usefixtures("full")
def test_on_a_full_disk_an_import_ends_with_6_and_changes_nothing(psc: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "students.csv"
    rows = "".join(f"{number},Filler,Person\n" for number in range(3000, 6000))
    path.write_text(f"Adno,Surname,Forename\n{rows}", encoding="utf-8")
    with opened(psc.path) as file:
        before = contents(file)
    psc.refused("--as", "AD1", "import", "students", str(path), code=6)
    assert psc.json("--as", "AD1", "import", "students", str(path), code=6)["code"] == "no_space"
    with opened(psc.path) as file:
        assert contents(file) == before


def test_a_disk_that_fills_while_the_backup_is_made_ends_with_6(psc: Terminal, tmp_path: Path) -> None:
    def no_space(*args: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "students.csv"
    path.write_text("Adno,Surname,Forename\n2001,Ling,Bo\n", encoding="utf-8")
    psc.patch.setattr("psc.database.backup._sync", no_space)
    psc.refused("--as", "AD1", "import", "students", str(path), code=6)
    assert psc("find", "2001").out == "No student fits.\n"
    assert list((tmp_path / "backups").iterdir()) == [], "no half of a backup is left"


@pytest.fixture
def read_only(psc: Terminal) -> Iterator[Terminal]:
    """The terminal with a file that this account may not write."""
    may = os.access

    def may_not_write(path: Any, mode: int, **told: Any) -> bool:
        return mode != os.W_OK and may(path, mode, **told)

    with psc.patch.context() as patch:
        patch.setattr(os, "access", may_not_write)
        yield psc


def test_a_file_that_may_only_be_read_is_shown(read_only: Terminal) -> None:
    assert "Khan, Bilal" in read_only("roster").out
    assert read_only("find", "khan bilal").code == 0


def test_an_act_on_a_file_that_may_only_be_read_ends_with_7(read_only: Terminal, tmp_path: Path) -> None:
    before = read_only.path.read_bytes()
    read_only.refused("sign-in", "Khan", code=7)
    assert read_only.json("sign-in", "Khan", code=7)["code"] == "read_only"
    path = tmp_path / "students.csv"
    path.write_text("Adno,Surname,Forename\n2001,Ling,Bo\n", encoding="utf-8")
    read_only.refused("--as", "AD1", "import", "students", str(path), code=7)
    assert read_only.path.read_bytes() == before


def test_a_data_folder_that_cannot_be_made_stops_acts_with_7_but_not_the_board(psc: Terminal, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("not a folder", encoding="utf-8")
    psc.patch.setenv("XDG_DATA_HOME", str(tmp_path / "note.txt"))
    psc.refused("sign-in", "Khan", code=7)
    assert psc("roster").code == 0


def test_a_real_school_s_clock_is_the_machine_s(real: Terminal) -> None:
    board = real.json("--as", "AS1", "roster")
    with opened(real.path) as file:
        assert board["date"] == school_day(SystemClock().now(), file.zone).isoformat()
