"""The same names and notes on every page, form and sheet of the day: shown as typed, never markup or a control."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from psc.overview.log import make_log, read_told_home
from psc.overview.meals import plates
from psc.overview.register import register_list
from psc.overview.rota import read_week
from psc.prints.kitchen import kitchen_copy, wall_copy
from psc.prints.log import log_lines, log_sheet
from psc.prints.register import register_sheet
from psc.prints.roll import roll_page
from psc.prints.rota import rota_sheet
from psc.roster.held import Holding, hold_item
from psc.roster.lunch import choose_lunch, needs_of
from psc.roster.movements import sign_in
from psc.roster.rota import Planned, RotaKind, plan_rota
from tests.school import IER, MONDAY, School, at
from tests.tui.app import driven_school
from tests.tui.test_text_is_data import NASTY, _control, _rename

if TYPE_CHECKING:
    from collections.abc import Iterator

MORE = (*NASTY, "<script>alert(1)</script>", "&amp;<b>", "\"quoted\" 'too'")
_PAGES = (
    *(("k", "escape"), ("l", "escape"), ("l", "w", "escape"), ("t", "escape"), ("g", "c", "escape")),
    *(
        ("g", "m", "escape"),
        ("g", "r", "escape"),
        ("d", "o", "escape"),
        ("f", "escape"),
        ("L", "p", "escape", "escape"),
    ),
    *(("D", "right", "enter", "escape", "escape"), ("p", "escape"), ("E", "escape"), ("e", "escape"), ("R", "escape")),
    *(("T", "escape"), ("V", "escape", "escape"), ("N", "escape"), ("M", "escape"), ("plus",), ("f7", "escape")),
    *(("3", "escape"), ("3", "m", "escape"), ("3", "c", "escape", "escape"), ("3", "e", "escape", "escape")),
    *(("3", "p", "escape", "escape"), ("3", "c", "y", "escape", "escape", "escape"), ("w", "escape")),
    *(("P", "a", "s", "2", "enter", "f10", "escape", "escape"), ("enter", "escape"), ("less_than_sign", "escape")),
)
"""Keys that open every page, form and question of the whole day."""


def full_of(school: School, words: tuple[str, ...]) -> School:
    """Give students names, a contact, lunch, things held and staff a rota that all say the words."""
    _rename(school, words)
    room = school.file
    room.execute("UPDATE room SET seats = 12")
    for student, word in enumerate(words, 1):
        school.book(student, reason=word[:200].strip("\u200b") or "Defiance")
        room.execute("UPDATE student SET dietary = ? WHERE id = ?", (word, student))
        room.execute(
            "INSERT INTO contact (student_id, place, surname, forename, relationship, responsibility, phones, email,"
            " language, do_not_contact) VALUES (?, 1, ?, ?, ?, 1, ?, ?, ?, 0)",
            (student, word, word, word, json.dumps([word]), word, word),
        )
    desk = school.desk("AS2", "other")
    school.clock.moment = at("08:48")
    for student, word in enumerate(words[:6], 1):
        desk.do(sign_in(student, IER))
        if word.strip("\u200b"):
            desk.do(choose_lunch(student, IER, word))
            desk.do(
                hold_item(student, Holding.CONFISCATED, word, why=word, searched_by=word, kept_where=word),
                hold_item(student, Holding.LENT, word),
            )
    note = Planned("08:40", "09:50", RotaKind.OTHER, None, words[0])
    school.desk("CO1", "office").do(plan_rota(1, MONDAY, [note]))
    school.clock.moment = at("09:00")
    return school


@pytest.mark.parametrize("words", [MORE[:9], MORE[9:17], MORE[17:]])
async def test_no_page_of_the_day_breaks_on_a_name_or_passes_a_control_on(
    school: School, words: tuple[str, ...]
) -> None:
    full_of(school, words)
    async with driven_school(school, "CO1", size=(80, 24)) as desk:
        for keys in _PAGES:
            for key in keys:
                await desk.pilot.press(key)
            await desk.pilot.pause()
            assert not _control(desk.text), keys
            for _ in range(4):
                if desk.app.screen is desk.today and desk.today.prompt is None:
                    break
                await desk.pilot.press("escape", "escape")
                await desk.pilot.pause()
            assert desk.app.is_running, keys


def _sheets(school: School) -> Iterator[str]:
    board, now = school.board("CO1"), school.clock.now()
    log = make_log(board, board.rooms[0], now, read_told_home(school.file, MONDAY))
    made = register_list(board, now)
    assert made
    yield log_sheet(log)
    yield kitchen_copy(board, now, needs_of(school.file, [one.student_id for one in plates(board, now)]), None)
    yield wall_copy(board, now)
    yield register_sheet(board, made, now)
    yield roll_page(board, now)
    yield rota_sheet(read_week(school.file, MONDAY, school.desk("CO1").staff()))
    yield "\n".join(log_lines(log))


@pytest.mark.parametrize("words", [MORE[:9], MORE[9:17], MORE[17:]])
def test_no_sheet_carries_a_tag_or_a_control_that_somebody_typed(school: School, words: tuple[str, ...]) -> None:
    full_of(school, words)
    for html in _sheets(school):
        assert not _control(html)
        if html.startswith("<!doctype"):
            tags = {one.lower() for one in re.findall(r"</?([a-z0-9]+)", html, flags=re.IGNORECASE)}
            assert tags <= {
                *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "colgroup", "col"),
                *("thead", "tbody", "tr", "th", "td", "br"),
            }
            assert "overflow-wrap: anywhere" in html, "a name of 300 letters stays on the page"
