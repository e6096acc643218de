"""`psc import`: the report in words and as JSON, and who may ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.database.file import opened
from tests.desk.refusals import contents

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.terminal import Terminal

HEAD = "Adno,Surname,Forename,Year,Form,Photo\n"
GOOD = "".join(f"{number},Filler,Person,9,9A,x.jpg\n" for number in range(3000, 3020))
KEYS = [
    *("imported", "updated", "unchanged", "rejected"),
    *("warnings", "possibly_same", "to_decide", "ignored_columns"),
]


def listed(folder: Path, text: str) -> str:
    """Write a list of students and return its path."""
    path = folder / "students.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_report_as_json_has_the_keys_and_types_of_the_contract(psc: Terminal, tmp_path: Path) -> None:
    path = listed(tmp_path, f"{HEAD}{GOOD}2001,,,9,9A,x.jpg\n25025,Khan,Bilal,8,8B,x.jpg\n")
    report = psc.json("--as", "AD1", "import", "students", path)
    assert list(report) == KEYS
    assert report == {
        "imported": 20,
        "updated": 1,
        "unchanged": 0,
        "rejected": [{"line": 22, "reason": "no name"}],
        "warnings": [],
        "possibly_same": [],
        "to_decide": [],
        "ignored_columns": ["Photo"],
    }


def test_the_report_in_words(psc: Terminal, tmp_path: Path) -> None:
    path = listed(tmp_path, f"{HEAD}{GOOD}2001,,,9,9A,x.jpg\n")
    said = psc("--as", "AD1", "import", "students", path)
    assert said.code == 0
    assert said.out.splitlines() == [
        "students: 20 imported, 0 updated, 0 unchanged, 1 rejected",
        "  line 22: no name",
        "columns: admission_no ← Adno, surname ← Surname, forename ← Forename, year ← Year, form ← Form",
        "not read: Photo",
    ]


def test_a_dry_run_says_so_and_changes_nothing(psc: Terminal, tmp_path: Path) -> None:
    path = listed(tmp_path, HEAD + GOOD)
    with opened(psc.path) as file:
        before = contents(file)
    said = psc("--as", "AD1", "import", "students", path, "--dry-run", "--profile", "ours")
    assert "20 imported" in said.out
    assert said.out.endswith("Nothing was changed: this was a dry run.\n")
    with opened(psc.path) as file:
        assert contents(file) == before


def test_what_went_in_is_on_the_board_and_found(psc: Terminal, tmp_path: Path) -> None:
    psc("--as", "AD1", "import", "students", listed(tmp_path, "Adno,Surname,Forename,Form\n25025,Khan,Bilal,8F\n"))
    assert "8F" in next(line for line in psc("roster").out.splitlines() if "Khan, Bilal" in line)


@pytest.mark.parametrize("code", ["AS1", "CO1", "BL1", "HY7", "LD"])
def test_only_an_administrator_may(psc: Terminal, tmp_path: Path, code: str) -> None:
    path = listed(tmp_path, HEAD + GOOD)
    psc.refused("--as", code, "import", "students", path, code=3)
    assert psc.json("--as", code, "import", "students", path, "--dry-run", code=3)["code"] == "not_allowed"


def test_nobody_can_sit_down_as_psc_itself(psc: Terminal, tmp_path: Path) -> None:
    path = listed(tmp_path, HEAD + GOOD)
    with opened(psc.path) as file:
        before = contents(file)
    said = psc("--as", "system", "import", "students", path)
    assert said.code in (2, 3)
    with opened(psc.path) as file:
        assert contents(file) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("Colour,Taste\nred,sweet\n", ()),
        (f'{HEAD}"2001,Ling\n', ()),
        (f"{HEAD}{GOOD}", ("--format", "ctf")),
    ],
)
def test_a_file_refused_as_a_whole_ends_with_3(
    psc: Terminal, tmp_path: Path, text: str, words: tuple[str, ...]
) -> None:
    path = listed(tmp_path, text)
    psc.refused("--as", "AD1", "import", "students", path, *words, code=3)
    assert psc.json("--as", "AD1", "import", "students", path, *words, code=3)["code"] == "file_refused"


def test_a_file_that_is_not_there_ends_with_3(psc: Terminal, tmp_path: Path) -> None:
    psc.refused("--as", "AD1", "import", "students", str(tmp_path / "nothing.csv"), code=3)


def test_too_many_bad_rows_end_with_3_and_say_which_and_why(psc: Terminal, tmp_path: Path) -> None:
    path = listed(tmp_path, f"{HEAD}2001,Featherstonehaugh,Bo,ninth,9A,x\n2002,Featherstonehaugh,Al,9,9A,x\n")
    words = ("--as", "AD1", "import", "students", path)
    said = psc(*words)
    assert (said.code, len(said.err.splitlines())) == (3, 1)
    assert "line 2: “ninth” is not a year group" in said.out
    assert "dry run" not in said.out, "nobody asked for one"
    assert psc.json(*words, code=3)["code"] == "file_refused"


def test_no_words_of_a_refusal_hold_a_student_s_name(psc: Terminal, tmp_path: Path) -> None:
    path = listed(tmp_path, f"{HEAD}2001,Featherstonehaugh,Bo,ninth,9A,x\n2002,Featherstonehaugh,Al,9,9A,x\n")
    for words in (("import",), ("--json", "import")):
        said = psc("--as", "AD1", *words, "students", path)
        assert "Featherstonehaugh" not in said.out + said.err


def test_a_whole_roll_that_would_lose_many_asks_for_the_count(psc: Terminal, tmp_path: Path) -> None:
    path = listed(tmp_path, HEAD + GOOD)
    words = ("--as", "AD1", "import", "students", path, "--whole-roll")
    assert psc.json(*words, code=3)["code"] == "needs_reason"
    told = psc.refused(*words, code=3)
    assert "year 7: 52" in told
    assert "--leavers 260" in told
    psc.refused(*words, "--leavers", "259", code=3)
    assert psc(*words, "--leavers", "260").out.startswith(
        "students: 20 imported, 0 updated, 0 unchanged, 0 rejected, 260 left"
    )
    assert psc("find", "khan bilal").out == "No student fits.\n"


def test_a_transfer_file_is_never_the_whole_roll(psc: Terminal, tmp_path: Path) -> None:
    (tmp_path / "ctf.xml").write_text("<CTfile/>", encoding="utf-8")
    psc.refused("--as", "AD1", "import", "students", str(tmp_path / "ctf.xml"), "--whole-roll", code=2)


@pytest.mark.parametrize("words", [("marks", "x.csv"), ("students",), ("students", "x.csv", "--format", "xls")])
def test_what_is_not_a_kind_or_a_format_is_not_understood(psc: Terminal, words: tuple[str, ...]) -> None:
    psc.refused("--as", "AD1", "import", *words, code=2)
