"""The Work page by keys: from needed to returned, packs, the week, and the work of one student from the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.widgets import Input

from psc.flows.walk_in import walk_in
from psc.roster.movements import sign_in
from psc.roster.placements import PlacementType
from psc.tui.cells import Cells
from psc.tui.dialogs.work import WorkForm
from psc.tui.screens.student_work import StudentWorkPage
from psc.tui.screens.work import WorkPage
from psc.work.packs import add_pack
from psc.work.sets import Kind, State, WorkSet, sets_between
from psc.work.steps import Work, ask_for_work, issue_work, receive_work
from tests.desk.test_looks import bar
from tests.golden import check_golden
from tests.overview.test_post import NOVAK, OKAFOR, REID, more_lessons
from tests.roster.stories import set_clock
from tests.school import IER, MONDAY, PSC, TUESDAY
from tests.tui.app import Driver, driven, driven_school

if TYPE_CHECKING:
    from pathlib import Path

    from psc.desk.acts import Desk
    from tests.school import School

KEYS = {"<": "less_than_sign", ">": "greater_than_sign"}


def work_of(school: School, student: int = OKAFOR, period: str = "P3") -> WorkSet:
    return next(one for one in sets_between(school.file, MONDAY, MONDAY, [student]) if one.period == period)


def lines_of(school: School, *acts: str) -> int:
    """Return how many lines of the ledger are of some acts."""
    marks = ", ".join("?" * len(acts))
    return int(school.file.value(f"SELECT count(*) FROM ledger WHERE act IN ({marks})", acts))


STEPS = ("ask_for_work", "receive_work", "change_work", "issue_work", "return_work", "send_feedback")


def page(desk: Driver) -> WorkPage:
    screen = desk.app.screen
    assert isinstance(screen, WorkPage), screen
    return screen


async def paste(desk: Driver, text: str) -> None:
    desk.app.screen.post_message(events.Paste(text))
    await desk.pilot.pause()


async def test_one_key_a_step_from_needed_to_returned(school: School) -> None:
    school.book(OKAFOR)
    school.book(REID)
    set_clock(school, "11:20")
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("3")
        assert page(desk).cells.column == "P3"
        assert "! not asked for" in desk.text
        await desk.type("enter")
        assert work_of(school).state is State.REQUESTED
        await desk.type("enter", "l", "page 40", "enter")
        assert "“page 40” is not a link." in desk.text
        assert "Link for Okafor, Amara P3: page 40" in desk.text
        assert work_of(school).state is State.REQUESTED
        await desk.type(*["backspace"] * 7)
        await paste(desk, "https://vle.example/sc1\n")
        await desk.type("enter")
        assert "received, link" in desk.text
        await desk.type("space")
        assert work_of(school).state is State.ISSUED
        await desk.type("enter", "8 7", "enter")
        assert "Effort is from 1 to 4." in desk.text
        await desk.type("backspace", "3", "enter")
        back = work_of(school).returned
        assert back
        assert (back.share, back.effort) == (80, 3)
        assert "handed in, 80%, effort 3 · u undoes" in desk.text
        await desk.type("u")
        assert work_of(school).state is State.ISSUED
        await desk.type("u", "u")
        assert work_of(school).state is State.REQUESTED


async def test_what_came_is_said_in_full_and_nothing_typed_is_lost(school: School) -> None:
    school.book(OKAFOR, "P3")
    set_clock(school, "11:20")
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("3", "e")
        form = desk.app.screen
        assert isinstance(form, WorkForm)
        await desk.type("l", "enter", "our book", "f10")
        assert "“our book” is not a link." in desk.text
        assert form.focused
        assert form.focused.id == "place"
        form.query_one("#place").value = "vle.example/x"  # type: ignore[attr-defined]
        form.query_one("#task").value = "t" * 401  # type: ignore[attr-defined]
        await desk.type("f10")
        assert "The task has 401 characters; 400 fit." in " ".join(desk.text.split())
        assert form.query_one("#task").value == "t" * 401  # type: ignore[attr-defined]
        form.query_one("#task").value = "[b]read[/ " + "t" * 390  # type: ignore[attr-defined]
        form.query_one("#minutes").value = "45"  # type: ignore[attr-defined]
        await desk.type("f10")
        came = work_of(school).arrival
        assert came
        assert (came.place, came.minutes) == ("https://vle.example/x", 45)
        assert "received, link" in desk.text
        await desk.type("escape", "3")
        assert "[b]read[/" in desk.text


async def test_a_period_without_a_lesson_offers_a_pack_and_none_twice(school: School) -> None:
    for code, subject in (("SC-9-01", "Science"), ("MA-9-01", "Maths")):
        school.desk("CO1").do(add_pack(subject, code, year=9, kept="drawer 2"))
    school.book(OKAFOR, "P2 P3")
    school.book(NOVAK, "P2")
    set_clock(school, "09:55")
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("3")
        assert "– no lesson" in desk.text.replace("no le…", "no lesson")
        await desk.type("*", "enter")
        assert "2 students, P2: give each the pack that fits best" in desk.text
        await desk.type("enter")
        await desk.type("*", "enter")
        assert lines_of(school, "receive_work", "issue_work") == 2, "each is one act"
        assert {work_of(school, one, "P2").state for one in (OKAFOR, NOVAK)} == {State.ISSUED}
        had = work_of(school, OKAFOR, "P2").arrival
        assert had
        await desk.type("down", "down", "right", "p")
        await desk.type("enter")
        other = work_of(school, OKAFOR, "P3").arrival
        assert other
        assert {had.pack, other.pack} == {"SC-9-01", "MA-9-01"}
        assert "F 3 packs" in desk.text
        await desk.type("e")
        assert f"Pack {other.pack} is ready" in desk.text
        desk.app.screen.query_one("#kind", Input).value = "paper"
        await desk.type("f10")
        instead = work_of(school, OKAFOR, "P3").arrival
        assert instead
        assert instead.kind is Kind.PAPER, "the lesson's own work came after all"
        await desk.type("left", "e")
        assert "it stays a pack" in desk.text, "what is given out does"


async def test_a_removal_has_work_on_the_desk_within_ten_keys(school: School) -> None:
    school.desk("CO1").do(add_pack("Science", "SC-9-01", year=9))
    set_clock(school, "09:58")
    desk_of: Desk = school.desk()
    desk_of.do(walk_in(OKAFOR, IER, PlacementType.REMOVAL, "Defiance", until="P2"))
    keys = ("w", "p", "enter", "enter")
    async with driven_school(school, size=(80, 24)) as desk:
        assert desk.today.state.current
        await desk.type(*keys)
        assert isinstance(desk.app.screen, StudentWorkPage)
        assert "▸ P2" in desk.text
        assert work_of(school, OKAFOR, "P2").state is State.ISSUED
        assert "F▶ given out 09:58" in desk.text
    assert len(keys) <= 10


async def test_the_week_the_days_and_the_rooms(school: School) -> None:
    school.book(OKAFOR, days=(MONDAY, TUESDAY))
    school.book(REID, "P1 P2", room=PSC)
    school.desk().do(receive_work(OKAFOR, MONDAY, "P3", Work(Kind.PAPER)))
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("3")
        assert "Reid" not in desk.text
        await desk.type("0")
        assert "Reid" in desk.text
        await desk.type("m")
        assert "week of Mon 23 Nov" in desk.text
        assert "1/5" in desk.text
        await desk.pilot.press("right", "enter")
        await desk.pilot.pause()
        assert page(desk).day == TUESDAY
        await desk.pilot.press(KEYS["<"], "right_square_bracket", "right_square_bracket")
        await desk.pilot.pause()
        assert page(desk).room
        assert page(desk).day == MONDAY
        await desk.pilot.press(KEYS["<"])
        await desk.pilot.pause()
        assert "Nobody is placed here then" in desk.text
        await desk.type("0", "/", "reid", "enter")
        assert "Nobody here fits “reid”." in desk.text
        await desk.pilot.press(KEYS[">"])
        await desk.type("/", "reid", "enter")
        assert page(desk).cells.row == REID


@pytest.mark.parametrize(("code", "sees"), [("HY8", False), ("BL1", True)])
async def test_who_only_looks_changes_nothing(school: School, code: str, *, sees: bool) -> None:
    school.book(OKAFOR, "P3")
    school.book(3, "P3")
    set_clock(school, "11:20")
    async with driven_school(school, code, size=(80, 24)) as desk:
        await desk.type("3", "0")
        assert ("Okafor" in desk.text) is sees
        assert "O’Brien" in desk.text
        for key in ("enter", "p", "e", "a", "y"):
            await desk.type(key)
            assert "it is not for the role of" in desk.text, key
        await desk.type("c", "Y")
        await desk.type("escape", "f", "Y")
    assert lines_of(school, *STEPS) == 0


async def test_cover_sees_the_students_of_their_room_and_a_barred_one_is_no_row(school: School) -> None:
    school.book(OKAFOR, "P3")
    school.book(REID, "P3", room=PSC)
    school.file.execute(
        "INSERT INTO cover_pass (staff_id, agency, rooms, happened, recorded, day, seq)"
        " VALUES (8, 'Bright', '[2]', '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z', '2026-11-23', 1)"
    )
    async with driven_school(school, "CV1") as desk:
        await desk.type("3", "0")
        assert "Reid" in desk.text
        assert "Okafor" not in desk.text
    bar(school, "AS1", REID)
    async with driven_school(school) as desk:
        await desk.type("3", "0")
        assert "Okafor" in desk.text
        assert "Reid" not in desk.text


async def test_work_asked_at_another_terminal_is_seen_and_a_stale_step_is_told(school: School) -> None:
    school.book(OKAFOR, "P3")
    set_clock(school, "11:20")
    other = school.another()
    async with driven_school(school) as desk:
        await desk.type("3")
        other_desk = school.desk("AS2", "two")
        other_desk.file = other
        other_desk.do(ask_for_work(OKAFOR, MONDAY, "P3"))
        page(desk).tick()
        await desk.pilot.pause()
        assert "? asked once" in desk.text
        await desk.type("enter", "l")
        came = other_desk.do(receive_work(OKAFOR, MONDAY, "P3", Work(Kind.PAPER))).value
        other_desk.do(issue_work(came))
        await desk.type("vle.example/x", "enter")
        assert "has been given out already" in desk.text
        assert "vle.example/x▏" in desk.text
    other.close()


@pytest.mark.parametrize("size", [(80, 24), (132, 40)])
async def test_the_work_page_looks_as_it_did(demo: Path, size: tuple[int, int]) -> None:
    from psc.cli.demo import MOMENT
    from psc.clock import SetClock

    async with driven(demo, SetClock(MOMENT), "CO1", size=size) as desk:
        await desk.type("3")
        check_golden(f"work-{size[0]}x{size[1]}", desk.text)


def test_the_cursor_stays_on_its_cell_when_rows_come_and_go() -> None:
    cells = Cells().with_keys([1, 2, 3], ["P1", "P2"]).moved(1, 1)
    assert (cells.row, cells.column, cells.place) == (2, "P2", (1, 1))
    assert cells.with_keys([3, 2], ["P2"]).place == (1, 0)
    assert cells.with_keys([1, 3], ["P1", "P2"]).row == 3
    assert cells.with_keys([], []).row is None
    assert cells.moved(-10, 10).place == (0, 1)
    marked = cells.turned([(1, "P1"), (2, "P1")])
    assert marked.turned([(2, "P1")]).marked == {(1, "P1")}
    assert marked.turned([(2, "P1"), (3, "P1")]).marked == {(1, "P1"), (2, "P1"), (3, "P1")}
    assert marked.with_keys([2], ["P1"]).marked == {(2, "P1")}
    assert marked.unmarked().marked == frozenset()


async def test_several_are_asked_by_one_key(school: School) -> None:
    more_lessons(school, ("P4", 0, "Drama", "XY", "H1"))
    school.book(OKAFOR, "P3 P4")
    school.book(NOVAK, "P3 P4")
    set_clock(school, "11:20")
    async with driven_school(school) as desk:
        school.desk("AS2").do(sign_in(OKAFOR, IER))
        await desk.type("3", "-")
        assert "2 marked" in desk.text
        await desk.type("enter")
        assert lines_of(school, "ask_for_work") == 1
        assert "Novak, Petra, 2 periods: the teacher was asked" in desk.text
        assert [work_of(school, NOVAK, one).state for one in ("P3", "P4")] == [State.REQUESTED] * 2
        await desk.type("+", "escape")
        assert isinstance(desk.app.screen, WorkPage)


async def test_a_pack_is_chosen_from_the_bank_when_there_are_many(school: School) -> None:
    for number in range(7):
        school.desk("CO1").do(add_pack("Science", f"SC-{number}", unit="Cells"))
    school.book(OKAFOR, "P3")
    set_clock(school, "11:20")
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("3", "p")
        assert "3 more" in desk.text
        await desk.type("k")
        assert "packs the student has not had, the best first" in desk.text
        await desk.type("end", "enter")
        assert "pack SC-6" in desk.text
        came = work_of(school).arrival
        assert came
        assert came.pack == "SC-6"


async def test_names_that_are_hidden_close_the_page_and_f9_brings_it_back(school: School) -> None:
    school.book(OKAFOR)
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("3", "down", "f9")
        assert "Okafor" not in desk.text
        await desk.type("f9")
        assert "Okafor" in desk.text
        assert isinstance(desk.app.screen, WorkPage)
