"""`psc student export`: first a review, then the export; and the story in `psc student show`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from psc.database.file import opened

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.terminal import Terminal

REID = "23036"


def test_it_is_reviewed_first_and_released_with_the_file(psc: Terminal, tmp_path: Path) -> None:
    to = tmp_path / "out"
    to.mkdir()
    said = psc.json("--as", "BL1", "student", "export", REID, "--to", str(to))
    (path,) = [to / one for one in said["files"]]
    assert (said["released"], said["records"] > 50) == (False, True)
    assert path.stat().st_mode & 0o777 == 0o600
    left = psc("--as", "BL1", "student", "export", REID, "--to", str(to), "--reviewed", str(path))
    assert left.code == 3
    assert "not decided" in left.err
    assert [one.name for one in to.iterdir()] == [path.name]
    value = json.loads(path.read_text("utf-8"))
    for one in value["proposals"]:
        one["decision"] = "redact"
    path.write_text(json.dumps(value), "utf-8")
    done = psc.json("--as", "BL1", "student", "export", REID, "--to", str(to), "--reviewed", str(path))
    assert done["released"]
    page, told = done["files"]
    assert page.endswith(".html")
    assert json.loads((to / told).read_text("utf-8"))["student"] == REID
    with opened(psc.path) as file:
        found = file.rows("SELECT json FROM ledger_detail d JOIN ledger l USING (seq) WHERE l.act = 'export_student'")
    assert [json.loads(one)["step"] for (one,) in found] == ["prepared", "prepared", "prepared", "released"]


def test_without_a_folder_or_with_no_review_it_is_not_understood(psc: Terminal, tmp_path: Path) -> None:
    assert psc("--as", "BL1", "student", "export", REID).code == 2
    wrong = psc("--as", "BL1", "student", "export", REID, "--to", str(tmp_path), "--reviewed", str(psc.path))
    assert wrong.code == 2
    assert psc("--as", "CO1", "student", "export", REID, "--to", str(tmp_path)).code == 3


def test_the_story_and_the_exposure_are_shown(psc: Terminal) -> None:
    said = psc("student", "show", REID).out
    assert "On record:" in said
    value = psc.json("--as", "CO1", "student", "show", REID)
    assert value["exposure"]["sides"][0]["side"] == "sanction"
    assert list(value["chronology"][0]) == [
        "at", "timed", "recorded", "kind", "words", "more", "by", "late", "hidden",
    ]  # fmt: skip
