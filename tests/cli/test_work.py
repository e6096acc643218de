"""`psc work`: the list of a day in 80 characters and as JSON, and the acts on one period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.database.file import opened

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.terminal import Terminal

KEYS = ["student", "name", "period", "subject", "class", "teacher", "state", "due", "chased"]
REID = "23036"


def _of(psc: Terminal, student: str, period: str, *words: str) -> dict[str, Any]:
    every: list[dict[str, Any]] = psc.json("work", *words)
    return next(one for one in every if (one["student"], one["period"]) == (student, period))


def test_the_list_as_json_has_the_keys_of_the_contract(psc: Terminal) -> None:
    every = psc.json("work")
    assert [list(one) for one in every] == [KEYS] * len(every)
    assert {one["state"] for one in every} == {
        "needed", "requested", "received", "issued", "returned", "sent back", "fallback",
    }  # fmt: skip
    one = _of(psc, REID, "P4")
    assert (one["subject"], one["class"], one["state"], one["chased"]) == ("History", "10y/Hi1", "requested", 1)
    assert one["due"] == "2026-11-20T15:00:00+00:00"


def test_the_list_as_text_fits_eighty_characters_and_says_what_is_late(psc: Terminal) -> None:
    with opened(psc.path) as file:
        file.execute("UPDATE lesson SET teacher = 'Harte, Maria-Magdalena [b]' WHERE teacher = 'HB'")
    lines = psc("work").out.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert any("Reid, Callum" in line and "asked" in line and line.endswith("Fri 15:00!") for line in lines)
    assert lines[-1] == "Teacher: Harte, Maria-Magdalena [b] (not on the staff list)"


def test_a_day_with_nobody_placed_says_so(psc: Terminal) -> None:
    assert psc("work", "--date", "2026-12-25").out == "Nobody is placed for a lesson Fri 25 Dec.\n"
    assert psc.json("work", "--date", "2026-12-25") == []


def test_work_goes_its_way_by_commands_and_the_same_id_is_one_act(psc: Terminal) -> None:
    first = psc.json("work", "ask", REID, "p5", "--act-id", "x1")
    assert first["status"] == "requested"
    again = psc.json("work", "ask", REID, "P5", "--act-id", "x1")
    assert (again["at"], _of(psc, REID, "P5")["chased"]) == (first["at"], 1)
    psc("work", "receive", REID, "P5", "--link", "vle.riverside.example/co10", "--task", "Sorting")
    psc("work", "issue", REID, "P5")
    said = psc("work", "return", REID, "P5", "--share", "80", "--effort", "3", "--line", "Half of it")
    assert said.out == "Reid, Callum, P5 Computing: returned\n"
    assert psc.json("work", "return", REID, "P5", "--share", "90")["status"] == "returned"


def test_a_pack_stands_in_by_its_code(psc: Terminal) -> None:
    assert psc.json("work", "receive", REID, "P4", "--pack", "gg-00-01")["status"] == "fallback"


def test_work_of_another_day_is_recorded_ahead(psc: Terminal) -> None:
    psc("work", "receive", REID, "P2", "--date", "tomorrow", "--paper", "IER tray")
    assert _of(psc, REID, "P2", "--date", "tomorrow")["state"] == "received"


def test_what_cannot_be_is_told_in_a_sentence(psc: Terminal) -> None:
    psc.refused("work", "ask", REID, "P6", code=3)
    psc.refused("work", "issue", REID, "P4", code=3)
    psc.refused("work", "receive", REID, "P4", code=2)
    psc.refused("work", "receive", REID, "P4", "--link", "page 40", code=2)
    psc.refused("work", "receive", REID, "P4", "--link", "a.example/x", "--paper", "tray", code=2)
    psc.refused("work", "receive", REID, "P4", "--pack", "ZZ-1", code=2)
    psc.refused("work", "receive", REID, "P4", "--paper", "x" * 401, code=2)
    psc.refused("work", "return", REID, "P2", "--share", "101", code=2)
    assert _of(psc, REID, "P4")["state"] == "requested"


def test_the_desk_list_leads_with_gaps_and_is_written_as_two_pages(psc: Terminal, tmp_path: Path) -> None:
    (to := tmp_path / "sheets").mkdir()
    said = psc("work", "--desk", "--room", "ier", "--period", "p4", "--to", str(to))
    lines = said.out.splitlines()
    assert lines[0].startswith("Internal Exclusion Room, P4 ")
    assert max(len(line) for line in lines if not line.startswith("Written")) <= 80
    assert sorted(path.suffix for path in to.iterdir()) == [".html", ".pdf"]
    (room,) = psc.json("work", "--desk", "--room", "IER", "--period", "P4")["rooms"]
    gaps = [one["gap"] for one in room["students"]]
    assert gaps == sorted(gaps, reverse=True)
    assert any(gaps)
    psc.refused("work", "--desk", "--period", "P9", code=2)
    psc.refused("work", "--desk", "--slips", code=2)
    psc.refused("work", "--room", "IER", code=2)


def test_slips_are_written_for_the_work_that_has_come(psc: Terminal, tmp_path: Path) -> None:
    psc("work", "receive", REID, "P5", "--link", "vle.riverside.example/co10", "--task", "Sorting")
    made = psc.json("work", "--slips", "--period", "P5", "--to", str(tmp_path))
    page = next(path for path in tmp_path.iterdir() if path.suffix == ".html").read_text(encoding="utf-8")
    assert page.count('class="slip"') == made["slips"]
    assert "https://vle.riverside.example/co10" in page
    psc.refused("work", "--slips", code=2)
    assert psc.json("work", "--slips", "--date", "2026-12-25", "--to", str(tmp_path))["files"] == []
