"""September on the command line: students new here, a merge, and the start of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.database.file import opened

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal


def test_a_student_new_here_is_added_listed_found_and_merged(hillside: Terminal) -> None:
    told = hillside.json("students", "new", "Nowak, Petra", "--year", "9", "--form", "9d")
    number = told["student"]
    assert told == {"student": number, "name": "Nowak, Petra", "year": 9, "form": "9D"}
    assert hillside("find", "nowak").out == f"{number:<8} {'Nowak, Petra':<32} 9D    new here\n"
    assert hillside.json("--as", "CO1", "students", "possible") == [{"student": number, "into": None, "why": ""}]
    told = hillside.json("sign-in", number, "--room", "PSC", "--type", "time-out", "--reason", "Upset")
    assert told["student"] == number
    tried = hillside.json("--as", "CO1", "students", "merge", number, "1010", "--dry-run")
    assert (tried["merged"], tried["moved"]["movement"]) == (False, 1)
    said = hillside("--as", "AD1", "students", "merge", number, "1010")
    assert "1 placement, 1 visit, 1 movement" in said.out
    assert hillside.json("sign-out", number, "--to", "lesson")["student"] == "1010"
    assert "merged already" not in hillside("find", "novak").out


def test_a_merge_that_cannot_be_is_refused(hillside: Terminal) -> None:
    assert "into themselves" in hillside.refused("--as", "CO1", "students", "merge", "1010", "1010", code=3)
    assert "may not do this" in hillside.refused("--as", "AS1", "students", "merge", "1005", "1010", code=3)


def test_a_year_is_previewed_decided_and_started(hillside: Terminal) -> None:
    with opened(hillside.path) as file:
        file.execute("UPDATE school_file SET demo_moment = '2027-09-01T08:00:00Z'")
    said = hillside("--as", "AD1", "year", "start", "--dry-run")
    assert said.code == 0
    assert "Year 8 to year 9: 3 students" in said.out
    assert "HY8 S. Hill: 8 – not decided" in said.out
    assert "Nobody has said which years are whose" in hillside("--as", "AD1", "year", "start").err
    told = hillside.json("--as", "AD1", "year", "start", "--head", "ALL=keep", "--head", "HY8=follow")
    assert (told["starts"], told["up"]["8"], told["heads"], told["started"]) == ("2027-09-01", 3, {"HY8": [9]}, True)
    assert "started already" in hillside.refused("--as", "AD1", "year", "start", "--head", "ALL=keep", code=3)


def test_only_the_admin_starts_a_year(hillside: Terminal) -> None:
    assert "may not do this" in hillside.refused("--as", "CO1", "year", "start", "--dry-run", code=3)
