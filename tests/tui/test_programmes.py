"""The Programmes page: a programme booked by keys, its stages recorded, what is overdue said on the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.flows.programmes import book_programme
from psc.roster.placement_types import PlacementType
from psc.roster.placements import placed_periods
from psc.roster.programmes import Stage, programmes, step_programme
from psc.tui.dialogs.change_programme import ChangeForm
from psc.tui.dialogs.pattern_form import PatternForm
from psc.tui.screens.programme import ProgrammePage
from psc.tui.screens.programmes import ProgrammesPage
from psc.tui.screens.today import Today
from tests.flows.test_programmes import day, wish
from tests.golden import check_golden
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, MONDAY, PSC, TUESDAY
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from tests.school import School
    from tests.tui.app import Driver


def three(school: School) -> None:
    """Let one programme be overdue, one go on, and one run with nothing written down."""
    desk = school.desk("CO1")
    late = desk.do(book_programme(wish(4, "Wed P1", review=day(2)))).value
    desk.do(book_programme(wish(3, review=day(8), induction=day(7))))
    school.book(8, "P1 P2", room=PSC, type=PlacementType.PHASED_RETURN, days=(FRIDAY_BEFORE, day(8)), reason="Part")
    set_clock(school, "09:00", TUESDAY)
    desk.do(step_programme(late, Stage.INDUCTION, "done"))
    play(school, 3, "08:50 in, 09:50 left", room=PSC, day=TUESDAY)
    set_clock(school, "12:00", day(4))


def form_of(desk: Driver) -> PatternForm:
    form = desk.app.screen
    assert isinstance(form, PatternForm)
    return form


def write(desk: Driver, **fields: str) -> None:
    """Write into fields at once, as somebody who pastes."""
    for name, text in fields.items():
        form_of(desk).field(name).value = text


async def test_an_empty_page_names_the_key_and_a_programme_is_booked_by_keys(school: School) -> None:
    school.book(3, "P2", days=(TUESDAY,))
    async with driven_school(school, "CO1", (80, 24)) as desk:
        await desk.type("G")
        assert "No programme runs. Press a to begin one." in desk.text
        await desk.type("a", "luk", "enter", "enter", "enter", "Settling", "enter", "Stays", "enter")
        await desk.type("Tue P1-P2, Thu P3", "enter", "enter", "11 Dec")
        assert "9 periods on 6 days, to Fri 11 December." in desk.text
        assert "Induction Tue 24 November, review Thu 3 December." in desk.text
        assert "! Placed in IER for Tue 24 Nov P2" in desk.text
        await desk.type("f10")
        assert "Give a reason, or leave out what clashes." in desk.text
        await desk.type("ctrl+o")
        assert "Left out: Tue 24 Nov P2." in desk.text
        await desk.type("f10")
        assert isinstance(desk.app.screen, ProgrammesPage)
        assert "induction in 1 day" in desk.text
        (one,) = programmes(school.file, since=MONDAY)
        assert (one.now.purpose, one.now.success) == ("Settling", "Stays")
        assert len(placed_periods(school.file, one.placement_id)) == 8
        await desk.type("u")
        assert "No programme runs" in desk.text


async def test_what_is_missing_or_wrong_is_said_and_what_was_typed_stays(school: School) -> None:
    async with driven_school(school, "CO1", (80, 24)) as desk:
        await desk.type("G", "a", "luk", "enter", "tab", "tab", "tab", "tab", "Tue P9x")
        assert "is no day or period" in desk.text
        write(desk, pattern="Tue P1", until="1 Dec 2027")
        await desk.type("f10")
        assert "What is it for?" in desk.text
        write(desk, purpose="x" * 401, success="y")
        await desk.type("f10")
        assert "The purpose has 401 characters; 400 fit." in desk.text
        assert len(form_of(desk).field("purpose").value) == 401
        write(desk, purpose="x")
        await desk.type("f10")
        assert "Wed 1 December 2027 is outside the school's calendar" in desk.text
        assert programmes(school.file, since=MONDAY) == ()


@pytest.mark.parametrize(("code", "keys"), [("CO1", "s next stage"), ("HY8", "Esc back")])
async def test_the_list_reads_as_it_stands(school: School, code: str, keys: str) -> None:
    three(school)
    async with driven_school(school, code, (80, 24)) as desk:
        await desk.type("G")
        assert keys in desk.text
        assert ("s next stage" in desk.text) is (code == "CO1")
        check_golden(f"80x24-programmes-{code}", desk.text)


async def test_a_review_is_recorded_and_leads_to_the_change(school: School) -> None:
    three(school)
    async with driven_school(school, "CO1", (100, 30)) as desk:
        await desk.pilot.pause(0.1)
        await desk.app.workers.wait_for_complete()
        await desk.tick()
        assert "1 programme overdue (G)" in desk.text
        await desk.type("G", "enter")
        assert isinstance(desk.app.screen, ProgrammePage)
        assert "Settling into lessons" in desk.text
        assert "due Wed 2 Dec · 2 days over" in desk.text
        assert school.file.value("SELECT count(*) FROM ledger WHERE act = 'open_student'") == 1
        await desk.type("s", "h", "f10")
        assert "A review needs a note." in desk.text
        await desk.type("asks", "tab", "yesterday", "f10")
        assert isinstance(desk.app.screen, ChangeForm)
        write(desk, pattern="Wed P1-P2", first="9 Dec")
        await desk.type("f10")
        assert "changed, Thu 3 Dec (CO1 12:00)" in desk.text
        assert "asks" in desk.text
        assert "CO1 12:00: changed at the review" in desk.text
        await desk.type("escape")
        assert "overdue" not in desk.text
        await desk.type("s", "o", "college", "f10")
        assert "transition on to college; 2 periods ahead dropped" in desk.text
        await desk.type("e")
        assert "on to college" in desk.text
        await desk.type("escape")
        assert isinstance(desk.app.screen, Today)


async def test_a_running_one_is_written_down_and_two_at_once_are_told_apart(school: School) -> None:
    three(school)
    async with driven_school(school, "CO1", (80, 24)) as desk:
        await desk.type("G", "down", "down", "enter")
        assert "Running since Fri 20 November" in desk.text
        await desk.type("tab", "full time", "f10")
        found = next(one for one in programmes(school.file, since=MONDAY) if one.student_id == 8)
        assert (found.first, found.now.purpose, found.type) == (FRIDAY_BEFORE, "Part", PlacementType.PHASED_RETURN)
        await desk.type("home", "down", "c")
        write(desk, review="9 Dec", why="too soon")
        late = next(one for one in programmes(school.file, since=MONDAY) if one.student_id == 4)
        set_clock(school, "12:05", day(4))
        school.desk("BL1", "other").do(step_programme(late.now.id, Stage.TRANSITION, "back to lessons"))
        await desk.type("f10")
        assert "The programme has ended: back to lessons (BL1 12:05)." in desk.text
        assert isinstance(desk.app.screen, ChangeForm)


async def test_the_student_s_sheet_names_a_running_programme(school: School) -> None:
    three(school)
    async with driven_school(school, "CO1", (80, 24)) as desk:
        await desk.type("6", "khan", "enter")
        assert "Programme   review 2 days over" in desk.text
        assert "Settling into lessons" in desk.text
