"""Paper at the keyboard, further: leaving with cells typed, and what is wrong read whole before saving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.screens.paper import PaperPage
from psc.tui.screens.paper_preview import PaperPreview
from tests.roster.stories import play, set_clock
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    import pytest

    from tests.school import School


def after_the_cut(school: School) -> School:
    """Reid is in since 08:48, Okafor expected; the power was away until 12:30."""
    for student in (1, 2):
        school.book(student)
    play(school, 1, "08:48 in")
    set_clock(school, "12:30")
    return school


async def grid_of(desk: Driver) -> PaperPage:
    """Open the grid; AS2 kept the paper."""
    await desk.type("P", "as2", "enter")
    page = desk.app.screen
    assert isinstance(page, PaperPage)
    return page


async def test_leaving_psc_keeps_the_cells_as_a_draft(school: School) -> None:
    async with driven_school(after_the_cut(school), size=(80, 24)) as desk:
        await grid_of(desk)
        await desk.type("tab", "t1137-1144", "f10", "ctrl+q")
        await desk.pilot.pause()
        assert desk.app.return_code is not None
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("P")
        await desk.pilot.press("f5")
        assert "t1137-1144" in desk.text


async def test_leaving_psc_with_cells_that_cannot_be_kept_is_said_first(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psc.tui.drafting.keep_draft", lambda *_: False)
    async with driven_school(after_the_cut(school), size=(80, 24)) as desk:
        await grid_of(desk)
        await desk.type("tab", "t1137-1144", "enter", "ctrl+q")
        assert desk.app.is_running
        assert "1 cell typed and not saved: Ctrl+Q again leaves psc without it" in desk.text
        await desk.type("f10", "ctrl+q")
        assert isinstance(desk.app.screen, PaperPreview)
        assert "Ctrl+Q again" in desk.text
        await desk.type("ctrl+q")
        await desk.pilot.pause()
        assert desk.app.return_code is not None


async def test_leaving_psc_with_nothing_typed_asks_nothing(school: School) -> None:
    async with driven_school(after_the_cut(school)) as desk:
        await grid_of(desk)
        await desk.type("ctrl+q")
        await desk.pilot.pause()
        assert desk.app.return_code is not None


async def test_what_is_wrong_is_read_whole_before_saving(school: School) -> None:
    async with driven_school(after_the_cut(school), size=(60, 24)) as desk:
        await grid_of(desk)
        await desk.type("tab", "1137", "f10")
        assert isinstance(desk.app.screen, PaperPreview)
        words = " ".join(desk.text.split())
        assert "1137 is not letter, time out - time back: t1137-1144, or t1137- while out" in words
