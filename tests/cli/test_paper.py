"""`psc roster --paper`: the rooms' logs as text, as JSON, and as pages."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.terminal import Terminal


def test_the_log_is_text_for_eighty_columns(psc: Terminal) -> None:
    said = psc("roster", "--paper")
    assert said.code == 0
    assert all(cell_len(line) <= 80 for line in said.out.splitlines())
    assert "Riverside Academy · Internal Exclusion Room" in said.out
    assert "Riverside Academy · Pastoral Support Centre" in said.out
    assert "n10:52-10:58" in said.out
    assert "Verbal abuse" not in said.out


def test_one_room_of_another_day(psc: Terminal) -> None:
    log = psc.json("roster", "--paper", "--room", "psc", "--date", "tomorrow")
    assert (log["date"], log["school_day"], log["files"]) == ("2026-11-24", True, [])
    assert [room["code"] for room in log["rooms"]] == ["PSC"]
    assert {tuple(one["in"]) for one in log["rooms"][0]["students"]} == {()}


def test_the_json_carries_what_is_recorded_and_no_reason_of_a_placement(psc: Terminal) -> None:
    (room,) = psc.json("roster", "--paper", "--room", "IER")["rooms"]
    reid = next(one for one in room["students"] if one["student"] == "23036")
    assert (reid["in"], reid["seat"], reid["checks"]) == (["08:39"], 2, {"P1": 2, "P2": 1, "P3": 3})
    assert reid["out"][-1] == {"reason": "t", "out": "11:37", "back": None}
    assert set(reid) == {
        "student", "name", "form", "seat", "until", "in", "out", "left", "checks", "home_told",
    }  # fmt: skip
    assert room["empty_rows"] == 4


def test_the_pages_are_written_private_into_a_folder(psc: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert "There is no folder" in psc.refused("roster", "--paper", "--to", str(folder), code=2)
    folder.mkdir()
    assert "Written:" in psc("roster", "--paper", "--to", str(folder)).out
    pages = sorted(folder.iterdir())
    assert [page.name for page in pages] == ["psc-log-IER-2026-11-23.html", "psc-log-PSC-2026-11-23.html"]
    assert {stat.S_IMODE(page.stat().st_mode) for page in pages} == {0o600}


def test_a_folder_without_paper_is_not_understood(psc: Terminal, tmp_path: Path) -> None:
    assert "--paper" in psc.refused("roster", "--to", str(tmp_path), code=2)


def test_who_may_not_print_is_told_so(psc: Terminal) -> None:
    psc.refused("--as", "AD1", "roster", "--paper", code=3)
