"""A field for what is told at length: counted, cut where it says so, and drawn as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.containers import Vertical
from textual.document._document import Document
from textual.document._wrapped_document import WrappedDocument
from textual.widgets import Input

from psc.tui.dialogs import base
from psc.tui.dialogs.base import Dialog
from psc.tui.widgets.long_text import LongText, _fit_to_draw, _Wrapped
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tests.school import School

WORDS = "She was asked to leave the room, and did. "


STYLE = Path(base.__file__).with_name("dialogs.tcss")


class _Form(Dialog[None]):
    """A form as somebody may make one."""

    CSS_PATH: ClassVar[str] = str(STYLE)
    form: ClassVar[str] = "told"

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.styles.height = 16
            yield Input(id="name")
            yield LongText("told")
            yield Input(id="after")


async def _open(driver: Driver) -> LongText:
    driver.app.push_screen(form := _Form())
    await driver.rest()
    await driver.type("tab")
    return form.query_one(LongText)


async def _paste(driver: Driver, text: str) -> None:
    driver.app.screen.post_message(events.Paste(text))
    await driver.rest()


async def test_it_counts_and_what_is_pasted_beyond_is_cut_and_said(school: School) -> None:
    async with driven_school(school, size=(80, 24)) as driver:
        field = await _open(driver)
        assert "0 of 20,000" in driver.text
        await driver.type("abc")
        assert "3 of 20,000" in driver.text
        await _paste(driver, "d" * 20_100)
        assert field.text == "abc" + "d" * 19_997
        assert "103 did not fit and are cut · 20,000 of 20,000" in driver.text
        await driver.type("x")
        assert field.length == 20_000
        assert "1 did not fit and is cut" in driver.text
        await driver.type("backspace")
        assert "cut" not in driver.text
        await driver.type("y")
        assert field.text.endswith("dy")


async def test_tab_leaves_it_and_a_click_puts_the_cursor_there(school: School) -> None:
    async with driven_school(school, size=(80, 24)) as driver:
        field = await _open(driver)
        field.load_text("\n".join([WORDS * 3, "", "an end"]))
        await driver.rest()
        await driver.type("tab")
        assert driver.app.focused is driver.app.screen.query_one("#after")
        await driver.pilot.click(LongText, offset=(5, 1))  # the second line of the paragraph that was wrapped
        assert driver.app.focused is field
        row, column = field.cursor_location
        assert (row, field.get_line(0).plain[column - 4 : column]) == (
            0,
            field.wrapped_document.get_sections(0)[1][:4],
        )


async def test_it_draws_what_is_written_wherever_somebody_has_scrolled_to(school: School) -> None:
    async with driven_school(school, size=(80, 24)) as driver:
        field = await _open(driver)
        field.load_text("\n".join([WORDS * 100, "\U0001f600 ok [b]bold[/b]", "the end"]))
        await driver.rest()
        assert "She was asked" in driver.text
        field.move_cursor(field.document.end)
        await driver.rest()
        assert "the end" in driver.text
        assert "[b]bold[/b]" in driver.text
        await driver.type("!")
        assert field.text.endswith("the end!")
        assert "the end!" in driver.text


async def test_a_draft_comes_back_with_its_cursor_and_nothing_that_moves_the_terminal(school: School) -> None:
    async with driven_school(school, size=(80, 24)) as driver:
        field = await _open(driver)
        await _paste(driver, "one\r\ntwo\tthree \x1b[2Jfour\u202e")
        assert field.text == "one\ntwo three [2Jfour"
        await driver.type("left", "left")
        form = driver.app.screen
        assert isinstance(form, _Form)
        await form.put_aside()
        await form.bring_back()
        await driver.rest()
        await driver.type("x")
        assert form.query_one(LongText).text == "one\ntwo three [2Jfoxur"
        await driver.type("escape", "escape")
        await _open(driver)
        await driver.pilot.press("f5")
        await driver.rest()
        assert driver.app.screen.query_one(LongText).text == "one\ntwo three [2Jfoxur"


async def test_what_is_too_long_from_elsewhere_stays_whole(school: School) -> None:
    async with driven_school(school, size=(80, 24)) as driver:
        field = await _open(driver)
        field.load_text("a" * 20_010)
        await driver.rest()
        assert field.length == 20_010
        assert "too long by 10 · 20,010 of 20,000" in driver.text


async def test_undo_counts_too(school: School) -> None:
    async with driven_school(school, size=(80, 24)) as driver:
        field = await _open(driver)
        await _paste(driver, "a" * 500)
        field.undo()
        await driver.rest()
        assert "0 of 20,000" in driver.text


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab \n\t\u4e00é\U0001f600"), max_size=80), st.integers(3, 12))
def test_its_lines_are_those_of_the_document(text: str, width: int) -> None:
    document = Document(_fit_to_draw(text))
    ours, theirs = _Wrapped(document, width), WrappedDocument(document, width)
    for row in range(document.line_count):
        assert ours.get_sections(row) == theirs.get_sections(row)
        assert "".join(ours.get_sections(row)) == document[row]
