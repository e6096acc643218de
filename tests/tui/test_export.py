"""A student's export on the screen: decided line by line, released only then; and the sheets on the student's page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from psc.incidents.notes import write_note
from tests.prints.test_student_file import REID, a_story
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from pathlib import Path

    from tests.school import School


async def test_each_line_is_decided_and_then_it_is_released(school: School, tmp_path: Path) -> None:
    a_story(school)
    school.desk("CO1").do(write_note(REID, "Will he come? He will, said Bilal. And BILAL came."))
    async with driven_school(school, "BL1", size=(132, 40)) as desk:
        await desk.type("6", *"reid", "enter", "X")
        assert "Everything held on  Reid, Callum" in desk.text
        assert "name     Since the fight with Bilal" in desk.text
        await desk.type("f10")
        assert "not decided yet: nothing is released" in desk.text
        await desk.type("space", "a", "o")
        assert "only what is open" in desk.text
        left = int(desk.text.split(" not decided")[0].rsplit(" of ", 1)[0].rsplit(" ", 1)[1])
        await desk.type(*["r"] * left)
        assert "All is decided: F10 releases it." in desk.text
        await desk.type("+", *"came", "enter")
        assert "1 place more to decide." in desk.text
        await desk.type("k", "f10", *["backspace"] * 60, *str(tmp_path), "enter")
        assert "Released; read it through" in desk.text
    (told,) = tmp_path.glob("psc-student-export-*.json")
    value = json.loads(told.read_text("utf-8"))
    assert "Bilal" not in told.read_text("utf-8")
    assert any("came" in str(one.get("text", "")) for one in value["records"]["note_version"])


async def test_decisions_are_kept_as_a_draft_without_a_name_and_come_back(school: School) -> None:
    a_story(school)
    async with driven_school(school, "BL1") as desk:
        await desk.type("6", *"reid", "enter", "X", "r", "r", "k", "escape", "escape")
        kept = school.file.value("SELECT json FROM draft WHERE form = 'export'")
        assert "Khan" not in kept
        await desk.type("X")
        assert "brings back the draft" in desk.text
        await desk.pilot.press("f5")
        await desk.rest()
        assert desk.text.count("taken out") >= 2


async def test_the_sheets_are_offered_to_whom_they_are_for(school: School, tmp_path: Path) -> None:
    a_story(school)
    async with driven_school(school, "CO1") as desk:
        await desk.type("6", *"reid", "enter")
        assert "for parents" in desk.text
        assert "for a meeting" not in desk.text
        assert "export" not in desk.text
        await desk.type("p", *"We will ring", "enter")
        assert "To print, open in a browser" in desk.text
    (made,) = (tmp_path / "data").rglob("parent-sheet-1-2026-11-23.html")
    assert "We will ring" in made.read_text("utf-8")
    async with driven_school(school, "BL1") as desk:
        await desk.type("6", *"reid", "enter", "m", *"1 Sep", "enter", "enter", "m")
        assert "To print, open in a browser" in desk.text
    assert list((tmp_path / "data").rglob("meeting-report-1-2026-11-23.pdf"))
