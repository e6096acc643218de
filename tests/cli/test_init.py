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


ADMIN, LEAD = "brick lantern seven", "brass kettle mornings"


def fresh(psc: Terminal, folder: Path) -> Path:
    """Return a path where no file is, the terminal pointed at it, the two passphrases ready to be read."""
    psc.path = folder / "new" / "hillside.sqlite"
    psc.secret = f"{ADMIN}\n{LEAD}"
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
        assert file.rows("SELECT actor, act FROM ledger WHERE act <> 'epoch'") == [
            ("system", "add_staff"),
            ("system", "reset_secret"),
        ]
        assert file.value("SELECT count(*) FROM secret WHERE temporary_until IS NULL") == 2, "they are their own"
        kept = "".join(json for (json,) in file.rows("SELECT json FROM ledger_detail"))
        assert "argon2" not in kept
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
    psc.secret = ADMIN
    assert psc.json("--as", "ad1", "import", "rooms", str(rooms))["imported"] == 1
    assert psc("--as", "BL1", "roster").code == 3, "each has their own"
    psc.secret = LEAD
    assert [room["code"] for room in psc.json("--as", "BL1", "roster")["rooms"]] == ["IER"]
    assert psc.json("doctor")["findings"][-1]["state"] == "ok", "the import made a backup"


def test_both_secrets_are_read_from_standard_input(psc: Terminal, tmp_path: Path) -> None:
    fresh(psc, tmp_path)
    said = psc("init", *SCHOOL, *PEOPLE, typed=f"{ADMIN}\n{LEAD}\nthird line\n")
    assert said.code == 0
    assert sys.stdin.readline() == "third line\n"
    assert not {ADMIN, LEAD} & {said.out, said.err}


def test_without_a_terminal_and_without_secret_stdin_there_is_no_file(psc: Terminal, tmp_path: Path) -> None:
    path = fresh(psc, tmp_path)
    psc.secret = ""
    assert "--secret-stdin" in psc.refused("init", *SCHOOL, *PEOPLE, code=3)
    assert sys.stdin is not None
    assert not path.parent.exists()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (f"oakum\n{LEAD}", "AD1, admin: That is too short"),
        (f"{ADMIN}\nhillside okoro", "BL1, behaviour lead: That is little more than a name"),
        (f"{ADMIN}\n{ADMIN}", "the same passphrase"),
        (f"{ADMIN}\n84739372910284", "figures alone"),
        (f"{ADMIN}", "No passphrase was given"),
    ],
)
def test_a_passphrase_that_is_refused_leaves_no_file(psc: Terminal, tmp_path: Path, typed: str, why: str) -> None:
    path = fresh(psc, tmp_path)
    psc.secret = typed
    told = psc.refused("init", *SCHOOL, *PEOPLE, code=3)
    assert why in told
    assert typed.partition("\n")[0] not in told
    assert not path.parent.exists()


def test_at_a_terminal_each_is_typed_twice_and_asked_again_until_it_is_good(psc: Terminal, tmp_path: Path) -> None:
    path = fresh(psc, tmp_path)
    psc.secret = ""
    answers = iter(["oakum", ADMIN, "something else", ADMIN, ADMIN, LEAD, LEAD])
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    psc.patch.setattr("getpass.getpass", answer)
    said = psc("init", *SCHOOL, *PEOPLE)
    assert (said.code, said.err) == (0, "")
    assert "AD1, admin. Three or four words" in asked[0], "the rule is said before it is broken"
    assert "too short" in asked[1]
    assert "not the same" in asked[3]
    assert path.exists()
    assert ADMIN not in said.out


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
        (*SCHOOL, "--admin", "AD 1=Sam Hill", "--lead", "BL1=Ruth Okoro"),
        (*SCHOOL, "--admin", f"{'A' * 21}=Sam Hill", "--lead", "BL1=Ruth Okoro"),
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
    fresh(psc, tmp_path)
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
    psc.secret = f"{ADMIN}\n{LEAD}"
    assert psc("init", *SCHOOL, *PEOPLE, db=False).code == 0
    assert (tmp_path / "data" / "psc" / "psc.sqlite").exists()
