"""Importing a file at the keyboard: tried first, then taken in; stopped, it leaves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.importing.progress import Step
from psc.tui.screens import taking_in
from psc.tui.screens.taking_in import ImportPage
from psc.tui.widgets.bar import Bar
from psc.tui.widgets.lines import Lines
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.school import School

FILE = (
    "Adno,Date,Type,Behaviour Type,Points\n1001,2026-11-20,Behaviour,Defiance,2\n1002,2026-11-20,Achievement,Effort,1\n"
)


def page(here: Driver) -> ImportPage:
    found = here.app.screen
    assert isinstance(found, ImportPage), found
    return found


def text(here: Driver) -> str:
    return page(here).query_one(Lines).text


def says(here: Driver) -> str:
    return page(here).query_one("#says", Bar).words


async def open_page(here: Driver, path: Path) -> None:
    """Open the page and name a file of behaviour."""
    await here.app.push_screen(ImportPage(here.today))
    await here.type("down", "enter")
    for character in str(path):
        page(here).press(character, character)
    await here.type("enter")


async def finished(here: Driver) -> None:
    """Wait for the thread."""
    await here.app.workers.wait_for_complete()
    await here.pilot.pause()


def rows(school: School) -> int:
    return int(school.file.value("SELECT count(*) FROM behaviour_record"))


async def test_a_file_is_tried_before_it_is_taken_in(school: School, tmp_path: Path) -> None:
    path = tmp_path / "behaviour.csv"
    path.write_text(FILE)
    async with driven_school(school, code="AD1", size=(80, 24)) as here:
        await open_page(here, path)
        await here.type("f10")
        await finished(here)
        assert "behaviour: 2 imported, 0 updated, 0 unchanged, 0 rejected" in text(here)
        assert "Nothing was changed" in text(here)
        assert rows(school) == 0
        await here.type("f10", "t")
        await finished(here)
        assert rows(school) == 2
        assert "taken in" in says(here)


async def test_a_refused_file_says_why_and_changes_nothing(school: School, tmp_path: Path) -> None:
    path = tmp_path / "behaviour.csv"
    path.write_text(FILE.replace("1002", "[b]9999"))
    async with driven_school(school, code="AD1", size=(80, 24)) as here:
        await open_page(here, path)
        await here.type("f10")
        await finished(here)
        assert "cannot be taken in" in says(here)
        assert "line 3: no student has that number" in text(here)


async def test_escape_stops_it_and_stays(school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "behaviour.csv"
    path.write_text(FILE)
    seen: list[Driver] = []

    def slow(*_: object, watch: Any, **__: object) -> None:
        watch(Step("writing", 40_000, 100_000))
        here = seen[0]
        here.app.call_from_thread(page(here).paint)
        shown.append(text(here))
        here.app.call_from_thread(page(here).leave)
        watch(Step("writing", 45_000, 100_000))
        raise AssertionError("it was not stopped")

    shown: list[str] = []
    monkeypatch.setattr(taking_in, "import_file", slow)
    async with driven_school(school, code="AD1", size=(80, 24)) as here:
        seen.append(here)
        await open_page(here, path)
        await here.type("f10")
        await finished(here)
        assert "writing: 40,000 of 100,000 rows" in shown[0]
        assert "Stopped: nothing was taken in" in says(here)
        await here.type("escape")
        assert not isinstance(here.app.screen, ImportPage)
