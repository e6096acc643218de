"""Names and reasons are data on every screen: shown as typed, cleaned of control characters, never markup."""

from __future__ import annotations

import pytest

from psc.roster.movements import sign_in
from psc.roster.placements import PlacementType, book
from psc.school.students import folded_name
from tests.school import IER, MONDAY, PSC, School, at
from tests.tui.app import driven_school

NASTY = (
    "[b]Bold[/b]",
    "[/",
    "[@click=app.quit]Amy[/]",
    "[Yr=9] Lee",
    "\x1b[31mRed\x1b[0m",
    "\x9b2J",
    "a\u202egnp.exe",
    "Null\x00Byte",
    "﷽﷽﷽",
    "👩‍👩‍👧‍👦 Family",
    "テスト 名前",
    "Zalgo H̸̡̪̯ͨ͊̽̅",
    "'; DROP TABLE student; --",
    "=cmd|' /C calc'!A0",
    "$variable {curly} %s %(name)s",
    "x" * 300,
    "\u200b\u200b",
    "Ünïçødé Łukasz",
    "back\\slash",
    "tab\there",
)


def _rename(school: School, names: tuple[str, ...]) -> None:
    """Put the names in as another hand might have: without psc's cleaning."""
    for student, name in enumerate(names, 1):
        school.file.execute(
            "UPDATE student SET surname = ?, forename = ?, folded = ? WHERE id = ?",
            (name, name, folded_name(name, name, "", ""), student),
        )


def _control(text: str) -> set[str]:
    return {c for c in text if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 or c in "\u202e\u200b"}


_EVERYTHING = (
    *(("enter", "escape"), ("o", "escape"), ("s", "escape"), ("h", "escape"), ("U", "escape"), ("space", "space")),
    *(("asterisk", "escape"), ("a", "1", "0", "0", "enter"), ("escape", "escape")),
    *(("a", "f5"), ("escape", "escape"), ("question_mark", "escape"), ("g", "escape")),
    *(("ctrl+p", "escape"), ("0",), ("0",), ("slash", "b", "o", "l", "enter", "escape"), ("c", "2", "escape"), ("f8",)),
)
"""Keys that open everything there is."""


@pytest.mark.parametrize("names", [NASTY[:10], NASTY[10:]])
async def test_no_name_breaks_a_screen_or_reaches_the_terminal_as_a_control(
    school: School, names: tuple[str, ...]
) -> None:
    _rename(school, names)
    office = school.desk("CO1", "office")
    for student, reason in enumerate(names, 1):
        room, kind = (IER, PlacementType.INTERNAL_EXCLUSION) if student % 2 else (PSC, PlacementType.PSC_PROGRAMME)
        office.do(book(student, room, kind, reason, [(MONDAY, "P1")], override="one more"))
    school.clock.moment = at("09:00")
    async with driven_school(school, "CO1", size=(132, 40)) as desk:
        for keys in _EVERYTHING:
            for key in keys:
                await desk.pilot.press(key)
            await desk.rest()
            assert not _control(desk.text)
        await desk.type("0", "home")
        for _ in desk.today.state.shown:
            await desk.type("enter")
            assert not _control(desk.text)
            await desk.type("escape", "down")
        assert desk.app.is_running


async def test_markup_in_a_name_is_shown_as_typed_and_a_click_on_it_does_nothing(school: School) -> None:
    _rename(school, ("[@click=app.quit]Amy[/]",))
    school.book(1)
    school.clock.moment = at("08:52")
    school.desk().do(sign_in(1, IER))
    async with driven_school(school, size=(132, 40)) as desk:
        assert "[@click=app.quit]Amy[/]" in desk.text
        await desk.pilot.click("#board", offset=(10, 1))
        await desk.pilot.click("#pane", offset=(5, 0))
        await desk.pilot.pause()
        assert desk.app.is_running
        assert desk.app.screen is desk.today
