"""Chasing and feedback by keys: one message a teacher, copied, saved, noted once; the pack bank's page."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from psc.errors import NoSpace
from psc.prints.keep import sheets_folder
from psc.tui.screens.chase import ChasePage
from psc.tui.screens.letter import LetterPage
from psc.tui.screens.packs import PacksPage
from psc.tui.screens.work import WorkPage
from psc.tui.widgets.lines import Lines
from psc.work.packs import add_pack, change_pack, packs
from psc.work.sets import Kind, State
from psc.work.steps import Work, receive_work, return_work
from tests.overview.test_post import NOVAK, OKAFOR, more_lessons
from tests.roster.stories import set_clock
from tests.school import MONDAY, TUESDAY
from tests.secrets import give_secrets
from tests.tui.app import driven_school
from tests.tui.test_work import lines_of, work_of

if TYPE_CHECKING:
    import pytest

    from tests.school import School


def three_owed(school: School) -> School:
    """KB owes Science for two students on Monday, and for one of them on Tuesday."""
    more_lessons(school, ("P2", 1, "Science", "KB", "S3"))
    school.book(OKAFOR, days=(MONDAY, TUESDAY), periods="P2 P3")
    school.book(NOVAK, "P3")
    return school


async def test_a_teacher_with_three_outstanding_is_asked_in_one_message(school: School) -> None:
    three_owed(school)
    give_secrets(school, "AS1")
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("3", "tab")
        assert isinstance(desk.app.screen, ChasePage)
        assert "K. Bose                      3 lessons · not asked yet" in desk.text
        await desk.type("y")
        assert isinstance(desk.app.screen, LetterPage)
        assert "no e-mail address" in desk.text
        await desk.type("c")
        assert "Copied, and noted" in desk.text
        assert desk.app.clipboard.count("Okafor") == 2
        assert desk.app.clipboard.count("Novak") == 1
        await desk.type("f")
        assert "Saved, and noted" in desk.text
        (path,) = sheets_folder(school.file).glob("asking-kb-*.txt")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_text(encoding="utf-8") == desk.app.clipboard
        assert lines_of(school, "ask_for_work") == 1, "copied and saved is one asking"
        await desk.type("m")
        assert "send by mail: no e-mail address" in desk.text
        await desk.type("escape")
        assert "3 lessons · asked once, last 08:30" in " ".join(desk.text.split())
        await desk.type("y", "c", "f12")
        assert "Okafor" not in desk.app.clipboard
        assert work_of(school).chased == 1


async def test_all_teachers_get_a_file_each_and_undo_takes_the_noting_back(school: School) -> None:
    three_owed(school)
    more_lessons(school, ("P2", 0, "Drama", "XY", "H1"))
    async with driven_school(school) as desk:
        await desk.type("3", "c", "d")
        assert desk.text.index("Drama") < desk.text.index("Science")
        assert "XY (not on the staff list)" in desk.text
        await desk.type("Y", "f")
        assert "2 files, one a teacher, noted" in desk.text
        names = {path.name for path in sheets_folder(school.file).glob("asking-*.txt")}
        assert names == {"asking-kb-2026-11-23.txt", "asking-xy-2026-11-23.txt"}
        assert work_of(school, period="P2").state is State.REQUESTED
        await desk.type("y", "c", "u")
        assert "it is not noted any more" in desk.text
        assert len(work_of(school, period="P2").asked) == 1


async def test_a_disk_that_is_full_leaves_nobody_asked(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    three_owed(school)

    def full(*_: object) -> None:
        raise NoSpace("There is no space to write the sheet.", "Free some space.")

    async with driven_school(school) as desk:
        await desk.type("3", "c", "y")
        monkeypatch.setattr("psc.tui.screens.letter.keep_message", full)
        await desk.type("f")
        assert "There is no space" in desk.text
        assert work_of(school).state is State.NEEDED


async def test_the_days_feedback_goes_to_each_teacher_once(school: School) -> None:
    three_owed(school)
    set_clock(school, "12:00")
    done = school.desk()
    came = done.do(receive_work(OKAFOR, MONDAY, "P3", Work(Kind.PAPER))).value
    done.do(return_work(came, 80, effort=3, line="Stuck on question 4"))
    async with driven_school(school, size=(100, 40)) as desk:
        await desk.type("e")
        assert "Teachers to be told what became of their work: 1" in desk.text
        desk.app.screen.query_one(Lines).go_to(("feedback", "KB"))
        await desk.type("f")
        assert "80% done, good effort" in desk.text
        await desk.type("y")
        assert "this is what your students did with us" in desk.text
        await desk.type("c", "escape")
        assert work_of(school).state is State.SENT_BACK
        assert "Every teacher has been told" in desk.text


async def test_what_came_meanwhile_is_not_asked_for(school: School) -> None:
    three_owed(school)
    async with driven_school(school) as desk:
        await desk.type("3", "c", "y")
        school.desk("AS2", "two").do(receive_work(OKAFOR, MONDAY, "P3", Work(Kind.PAPER)))
        await desk.type("c")
        assert "ork for P3 is received already" in desk.text
        assert desk.app.clipboard == ""
        await desk.type("escape", "enter")
        page = desk.app.screen
        assert isinstance(page, WorkPage)
        assert (page.cells.row, page.cells.column) == (NOVAK, "P3")


async def test_the_bank_is_kept_by_a_coordinator_and_a_stale_save_is_told(school: School) -> None:
    office = school.desk("CO1", "two")
    office.do(add_pack("Maths", "MA-7-03", year=7, unit="Fractions", kept="drawer 2"))
    async with driven_school(school, "CO1", size=(80, 24)) as desk:
        await desk.type("3", "k", "a")
        await desk.type("Science", "enter", "SC-9-01", "enter", "9", "f10")
        assert "SC-9-01 added" in desk.text
        await desk.type("a", "Art", "enter", "ma-7-03", "f10")
        assert "There is a pack ma-7-03 already" in desk.text
        await desk.type("escape", "ctrl+x")
        await desk.type("home", "enter")
        seen = packs(school.file)[0]
        office.do(change_pack(seen, seen._replace(kept="drawer 5")))
        await desk.type("End", "f10")
        assert "CO1" in desk.text
        assert packs(school.file)[0].kept == "drawer 5"
        await desk.type("escape", "ctrl+x", "enter")
        await desk.type("tab", "tab", "tab", "tab", "tab", "no", "f10")
        assert "MA-7-03 is out of use" in desk.text
        assert "not in use" in desk.text
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("3", "k", "enter")
        assert isinstance(desk.app.screen, PacksPage)
        assert "a coordinator changes this" in desk.text
