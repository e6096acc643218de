"""`psc init`: a school's own empty file, with its first two people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from psc.database.file import opened

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.terminal import Terminal

PEOPLE = ("--admin", "AD1=Sam Hill", "--lead", "BL1=Ruth Mary Okoro")
SCHOOL = ("--school", "Hillside School")


def fresh(psc: Terminal, folder: Path) -> Path:
    """Return a path where no file is, the terminal pointed at it."""
    psc.path = folder / "new" / "hillside.sqlite"
    return psc.path


def test_a_new_file_has_its_school_and_its_two_people(psc: Terminal, tmp_path: Path) -> None:
    path = fresh(psc, tmp_path)
    said = psc("--json", "init", *SCHOOL, *PEOPLE)
    assert (said.code, said.json, said.err) == (0, {"file": str(path), "school": "Hillside School"}, "")
    with opened(path) as file:
        assert (file.school, file.demo_moment) == ("Hillside School", None)
        assert file.rows("SELECT code, forename, surname, role FROM staff ORDER BY code") == [
            ("AD1", "Sam", "Hill", "admin"),
            ("BL1", "Ruth Mary", "Okoro", "behaviour_lead"),
        ]
        assert file.rows("SELECT actor, act FROM ledger WHERE act <> 'epoch'") == [("system", "add_staff")]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_words_say_what_comes_next_with_the_code_to_use(psc: Terminal, tmp_path: Path) -> None:
    path = fresh(psc, tmp_path)
    out = psc("init", *SCHOOL, *PEOPLE).out
    assert out.startswith(f"Made {path} for Hillside School.\n")
    assert "psc --as AD1 import staff FILE" in out
    assert out.index("import bells") < out.index("import calendar") < out.index("import students")


def test_the_new_file_takes_the_school_s_own_files_from_its_administrator(psc: Terminal, tmp_path: Path) -> None:
    fresh(psc, tmp_path)
    psc("init", *SCHOOL, *PEOPLE)
    rooms = tmp_path / "rooms.csv"
    rooms.write_text("Code,Name,Kind,Seats\nIER,Reset Room,IER,6\n", encoding="utf-8")
    assert psc.json("--as", "ad1", "import", "rooms", str(rooms))["imported"] == 1
    assert [room["code"] for room in psc.json("--as", "BL1", "roster")["rooms"]] == ["IER"]
    assert psc.json("doctor")["findings"][-1]["state"] == "ok", "the import made a backup"


def test_both_secrets_are_read_from_standard_input(psc: Terminal, tmp_path: Path) -> None:
    fresh(psc, tmp_path)
    said = psc("--secret-stdin", "init", *SCHOOL, *PEOPLE, typed="open sesame one\nopen sesame two\nthird line\n")
    assert said.code == 0
    assert sys.stdin.readline() == "third line\n"
    assert "sesame" not in said.out + said.err


def test_without_secret_stdin_nothing_is_read(psc: Terminal, tmp_path: Path) -> None:
    fresh(psc, tmp_path)
    psc("init", *SCHOOL, *PEOPLE, typed="a line\n")
    assert sys.stdin.readline() == "a line\n"


@pytest.mark.parametrize(
    "words",
    [
        (*SCHOOL, "--admin", "AD1=Sam Hill", "--lead", "ad1=Ruth Okoro"),
        (*SCHOOL, "--admin", "AD1=Sam Hill", "--lead", " AD1 =Ruth Okoro"),
        (*SCHOOL, "--admin", "AD1", "--lead", "BL1=Ruth Okoro"),
        (*SCHOOL, "--admin", "=Sam Hill", "--lead", "BL1=Ruth Okoro"),
        (*SCHOOL, "--admin", "AD1=", "--lead", "BL1=Ruth Okoro"),
        (*SCHOOL, "--admin", "AD1=Sam Hill"),
        (*SCHOOL, "--admin", "system=Sam Hill", "--lead", "BL1=Ruth Okoro"),
        ("--school", " ", *PEOPLE),
        PEOPLE,
    ],
)
def test_people_or_a_school_that_cannot_be_read_make_no_file(
    psc: Terminal, tmp_path: Path, words: tuple[str, ...]
) -> None:
    path = fresh(psc, tmp_path)
    psc.refused("init", *words, code=2)
    assert not path.exists()


def test_a_file_that_is_there_is_refused_and_left(psc: Terminal) -> None:
    before = psc.path.read_bytes()
    psc.refused("init", *SCHOOL, *PEOPLE, code=3)
    assert psc.path.read_bytes() == before
    (psc.path.parent / "empty").touch()
    psc.path = psc.path.parent / "empty"
    psc.refused("init", *SCHOOL, *PEOPLE, code=3)


def test_a_folder_that_a_cloud_service_copies_is_refused(psc: Terminal, tmp_path: Path) -> None:
    psc.path = tmp_path / "OneDrive - Hillside" / "psc.sqlite"
    assert "cloud" in psc.refused("init", *SCHOOL, *PEOPLE, code=3)


def test_a_folder_that_cannot_be_written_is_said_so(psc: Terminal, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("not a folder", encoding="utf-8")
    psc.path = tmp_path / "note.txt" / "psc.sqlite"
    psc.refused("init", *SCHOOL, *PEOPLE, code=7)


def test_stopped_half_way_it_leaves_no_file_without_people(psc: Terminal, tmp_path: Path) -> None:
    def stop(*args: object, **told: object) -> None:
        raise KeyboardInterrupt

    path = fresh(psc, tmp_path)
    with psc.patch.context() as patch:
        patch.setattr("psc.desk.acts.ledger.append", stop)
        assert psc("init", *SCHOOL, *PEOPLE).code == 130
    assert not path.exists()
    assert psc("init", *SCHOOL, *PEOPLE).code == 0


def test_without_a_name_the_file_goes_to_the_data_folder(psc: Terminal, tmp_path: Path) -> None:
    assert psc("init", *SCHOOL, *PEOPLE, db=False).code == 0
    assert (tmp_path / "data" / "psc" / "psc.sqlite").exists()
