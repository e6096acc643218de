"""September at the keyboard: a student nobody knows, two records made one, the new academic year."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from psc.flows.walk_in import walk_in
from psc.roster.placements import PlacementType
from psc.school.provisional import add_provisional
from psc.tui.dialogs.new_here import NewHereForm
from psc.tui.dialogs.walk_in import WalkInForm
from psc.tui.screens.merge import MergePage
from psc.tui.screens.page import Page
from psc.tui.screens.year import YearPage
from psc.tui.widgets.bar import Bar
from psc.tui.widgets.lines import Lines
from tests.golden import screen_text
from tests.roster.stories import told
from tests.school import IER, School
from tests.tui.app import Driver, driven_school


@pytest.fixture
def early(school: School) -> School:
    school.clock.moment = school.clock.moment.replace(hour=9, minute=5)
    return school


def page_of(here: Driver) -> Page:
    page = here.app.screen
    assert isinstance(page, Page)
    return page


def says(here: Driver) -> str:
    return page_of(here).query_one("#says", Bar).words


def lines(here: Driver) -> str:
    return page_of(here).query_one(Lines).text


async def test_a_search_that_finds_nobody_offers_new_here_and_signs_them_in(early: School) -> None:
    async with driven_school(early, size=(80, 24)) as here:
        await here.type("/", "mila ivanova", "enter")
        assert "nobody on the board fits “mila ivanova”" in here.says
        assert "N new here" in here.says
        await here.type("N")
        assert isinstance(here.app.screen, NewHereForm)
        await here.type("8", "f10")
        assert isinstance(here.app.screen, WalkInForm)
        await here.type("defiance", "enter", "f10")
        row = here.row("Ivanova")
        assert (row.row.name, row.status.value, row.row.year) == ("Ivanova, Mila", "in", 8)
        assert "Ivanova, Mila added and signed in" in here.says


async def test_the_walk_in_form_offers_new_here_when_nothing_fits(early: School) -> None:
    async with driven_school(early, size=(80, 24)) as here:
        await here.type("a", "ivanova, mila")
        assert "is new here" in screen_text(here.app)
        await here.type("enter", "8", "enter", "8c", "f10")
        assert isinstance(here.app.screen, WalkInForm)
        await here.type("enter", "uniform", "enter", "f10")
        assert here.row("Ivanova").row.form == "8C"


async def test_leaving_the_new_here_form_adds_nobody_and_keeps_the_walk_in_form(early: School) -> None:
    async with driven_school(early) as here:
        await here.type("a", "ivanova", "enter", "escape")
        assert isinstance(here.app.screen, WalkInForm)
        assert here.app.screen.query_one("#student").value == "ivanova"  # type: ignore[attr-defined]
    assert early.file.value("SELECT count(*) FROM student WHERE provisional") == 0


async def test_the_form_names_who_is_here_already_and_asks_about_the_same_name(early: School) -> None:
    async with driven_school(early) as here:
        await here.type("N", "marsh", "enter", "ellie")
        assert "Here already: Marsh, Ellie 8C (1005)" in screen_text(here.app)
        await here.type("f10")
        assert "is here already" in screen_text(here.app)
        await here.type("a cousin", "f10", "escape")
    assert early.file.value("SELECT count(*) FROM student WHERE provisional") == 1


async def test_what_is_said_of_a_namesake_names_form_and_initial(early: School) -> None:
    early.file.execute("UPDATE student SET middle_names = 'Karim' WHERE id = 6")
    early.book(6)
    early.book(7)
    async with driven_school(early, size=(80, 24)) as here:
        assert "≈7B K" in here.text
        assert "≈7E" in here.text
        await here.type("i")
        assert "Ali, Mohammed ≈7B K signed in" in here.says
        await here.type("o")
        assert "Ali, Mohammed ≈7B K out for" in here.says


async def test_a_coordinator_merges_a_pair_on_another_key_than_the_one_that_asked(early: School) -> None:
    new = early.desk().do(add_provisional("Novak", "Petra", 9, override="said so")).value
    early.desk().do(walk_in(new, IER, PlacementType.REMOVAL, "Defiance"))
    async with driven_school(early, "CO1", size=(80, 24)) as here:
        await here.type("M")
        assert isinstance(here.app.screen, MergePage)
        assert "possibly Novak, Petra" in lines(here)
        await here.type("enter", "enter")
        assert "moves 1 placement, 1 visit, 1 movement" in says(here)
        assert "it cannot be undone" in says(here)
        assert told(early, 10) == ""
        await here.type("n")
        assert told(early, 10) == ""
        await here.type("enter", "m")
        assert "merged into Novak, Petra" in says(here)
        assert "no two records are alike" in lines(here)
        await here.type("escape")
        assert [one.row.student_id for one in here.today.state.rows] == [10]


async def test_a_pair_that_cannot_be_one_is_refused_in_a_sentence(early: School) -> None:
    new = early.desk().do(add_provisional("Novak", "Petra", 9, override="said so")).value
    for student in (new, 10):
        early.desk().do(walk_in(student, IER, PlacementType.REMOVAL, "Defiance"))
    async with driven_school(early, "CO1") as here:
        await here.type("M", "enter")
        assert "Both are in a room now" in says(here)


async def test_somebody_new_here_goes_into_a_record_that_is_found(early: School) -> None:
    new = early.desk().do(add_provisional("Nowak", "P", 9)).value
    async with driven_school(early, "CO1") as here:
        await here.type("M", "/", "nobody", "enter")
        assert "No student fits" in says(here)
        await here.type("/", "1010", "enter", "m")
    assert early.file.value("SELECT merged_into FROM student WHERE id = ?", (new,)) == 10


async def test_an_assistant_neither_merges_nor_starts_a_year(early: School) -> None:
    async with driven_school(early) as here:
        await here.type("M")
        assert "not for the role of assistant" in here.says
        await here.pilot.press("f4")
        assert "not for the role of assistant" in here.says


@pytest.fixture
def september(school: School) -> School:
    school.clock.moment = datetime(2027, 9, 1, 8, 0, tzinfo=UTC)
    school.file.execute(
        "INSERT INTO held_item (student_id, kind, what, why, searched_by, kept_where, happened, recorded, day, seq)"
        " VALUES (8, 'phone', 'phone', '', '', 'safe', '2027-07-01T09:00:00Z', '2027-07-01T09:00:00Z', '2027-07-01', 1)"
    )
    return school


async def test_the_admin_starts_the_year_once_everything_is_decided(september: School) -> None:
    async with driven_school(september, "AD1", size=(80, 24)) as here:
        await here.type("escape")
        assert "not for the role of admin" in here.text
        await here.pilot.press("f4")
        await here.pilot.pause()
        assert isinstance(here.app.screen, YearPage)
        assert "Year 8 to year 9: 3 students" in lines(here)
        assert "Priyanka 11E  not decided  phone held since Thu 1 Jul" in lines(here)
        await here.type("f10")
        assert "something is to be decided first" in says(here)
        await here.type("down", "down", "enter", "f")
        assert "years 9" in lines(here)
        await here.type("down", "enter")
        assert "Priyanka 11E  leaves" in lines(here)
        await here.type("f10", "f10")
        assert "9 go up, 1 leave" in says(here)
        assert september.file.value("SELECT count(*) FROM academic_year") == 0
        await here.type("s")
        await here.app.workers.wait_for_complete()
        await here.pilot.pause()
        assert "is started" in lines(here)
        await here.type("escape")
    assert september.file.rows("SELECT starts FROM academic_year") == [("2027-09-01",)]
    assert list((september.path.parent / "backups").glob("*before-new-year*"))
    async with driven_school(september, "AD1") as here:
        await here.type("escape")
        await here.pilot.press("f4")
        await here.pilot.pause()
        assert "started already" in lines(here)


async def test_the_day_and_the_year_that_leaves_can_be_given(september: School) -> None:
    async with driven_school(september, "AD1") as here:
        await here.type("escape")
        await here.pilot.press("f4")
        await here.type("enter", "3 sep 2027", "enter")
        assert "from 3 September 2027" in lines(here)
        await here.type("down", "enter", "13", "enter")
        assert "Year 13 leaves: 0 students" in lines(here)
        assert "Year 11 to year 12: 1 student" in lines(here)
        await here.type("home", "enter", "1 Jan 2028", "enter")
        assert "does not start on 1 January 2028" in lines(here)
