"""The end of a period: checks and work handed back for everyone in the room, in one pass of the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.roster.checks import mark_check
from psc.roster.movements import sign_in
from psc.tui.screens.period_end import PeriodEnd
from psc.work.sets import Kind, State, sets_between
from psc.work.steps import Work, receive_work, return_work
from tests.school import IER, MONDAY, at
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from tests.school import School

SCIENTIST, OTHER = 2, 3


def _end_of_p3(school: School) -> None:
    """Two students are in for P3, five minutes before its bell; one has work, the other none."""
    for student in (SCIENTIST, OTHER):
        school.book(student)
        school.desk().do(sign_in(student, IER))
    school.desk().do(receive_work(SCIENTIST, MONDAY, "P3", Work(Kind.PAPER)))
    school.clock.moment = at("12:05")


def _page(desk: Driver) -> PeriodEnd:
    screen = desk.app.screen
    assert isinstance(screen, PeriodEnd)
    return screen


async def test_the_board_says_what_the_bell_leaves_to_do(school: School) -> None:
    _end_of_p3(school)
    period = next(one for one in school.board().shape.lessons(9) if one.name == "P3")
    school.clock.moment = period.end
    async with driven_school(school) as desk:
        assert "P3 ended: 2 checks" in desk.says
        assert "z end of the period" in desk.says


async def test_figures_alone_lead_through_the_room(school: School) -> None:
    _end_of_p3(school)
    period = next(one for one in school.board().shape.lessons(9) if one.name == "P3")
    school.clock.moment = period.end
    async with driven_school(school) as desk:
        await desk.type("z")
        assert "End of P3" in desk.text
        await desk.type("3", "8", "4", "2")
        assert "all checks and work are in" in desk.text
    board = school.board("CO1")
    marks = {row.student_id: {one.period.name: one.mark for one in row.placed} for row in board.rows}
    assert (marks[SCIENTIST]["P3"], marks[OTHER]["P3"]) == (3, 2)
    one = next(each for each in sets_between(school.file, MONDAY, MONDAY, [SCIENTIST]) if each.period == "P3")
    assert one.state is State.RETURNED
    assert one.returned is not None
    assert (one.returned.share, one.returned.effort) == (80, 4)


async def test_one_check_serves_all_who_have_none(school: School) -> None:
    _end_of_p3(school)
    async with driven_school(school) as desk:
        await desk.type("z", "*", "4")
        assert "2 students: 4 all" in desk.text
        assert all(one.placed.mark == 4 for one in _page(desk).rows)
        await desk.type("u")
        assert all(one.placed.mark is None for one in _page(desk).rows)


async def test_a_line_goes_back_to_the_teacher(school: School) -> None:
    _end_of_p3(school)
    async with driven_school(school) as desk:
        await desk.type("z", "l")
        assert "How much was done comes first" in desk.text
        await desk.type("3", "a", "up", "l", *"Asked good questions", "enter")
        back = next(one.work.returned for one in _page(desk).rows if one.work and one.work.returned)
        assert (back.share, back.line) == (100, "Asked good questions")


async def test_what_is_no_figure_of_the_field_is_told(school: School) -> None:
    _end_of_p3(school)
    async with driven_school(school) as desk:
        await desk.type("z", "7")
        assert "A check is from 0 (refused) to 4 (all)" in desk.text
        await desk.type("down", "right", "5")
        assert "had no work for P3" in desk.text


async def test_u_takes_back_only_what_was_done_here(school: School) -> None:
    """The sign-in at the door just before is not undone by one u too many."""
    _end_of_p3(school)
    async with driven_school(school) as desk:
        await desk.type("z", "*", "4", "u", "u")
        assert "Nothing has been done on this page" in desk.text
        assert len(_page(desk).rows) == 2


async def test_whom_another_terminal_checks_meanwhile_keep_that_check(school: School) -> None:
    _end_of_p3(school)
    async with driven_school(school) as desk:
        await desk.type("z", "*")
        school.desk("AS2", "two").do(mark_check(school.placed(OTHER, "P3"), 1))
        await desk.type("4")
        assert "1 student: 4 all" in desk.text
        marks = {one.one.row.student_id: one.placed.mark for one in _page(desk).rows}
        assert marks == {SCIENTIST: 4, OTHER: 1}


async def test_it_begins_with_whoever_has_something_left(school: School) -> None:
    _end_of_p3(school)
    school.desk().do(mark_check(school.placed(SCIENTIST, "P3"), 4))
    came = next(one.arrival for one in sets_between(school.file, MONDAY, MONDAY, [SCIENTIST]) if one.period == "P3")
    assert came
    school.desk().do(return_work(came.id, 100))
    async with driven_school(school) as desk:
        await desk.type("z", "2")
    board = school.board("CO1")
    marks = {row.student_id: {one.period.name: one.mark for one in row.placed} for row in board.rows}
    assert (marks[SCIENTIST]["P3"], marks[OTHER]["P3"]) == (4, 2)
