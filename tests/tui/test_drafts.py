"""Nothing typed is lost: what a form holds survives Esc, a crash and the next day, for its author alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from textual.containers import Vertical
from textual.widgets import Input, OptionList, TextArea

from psc.desk.drafts import draft_of
from psc.tui.dialogs import base
from psc.tui.dialogs.base import Dialog
from psc.tui.dialogs.walk_in import WalkInForm
from psc.tui.screens.gate import SecretInput
from psc.tui.screens.paper import PaperPage
from tests.roster.homes import give_contacts
from tests.roster.stories import play
from tests.school import School, at
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from textual.app import ComposeResult

STYLE = Path(base.__file__).with_name("dialogs.tcss")
ASKED = "Esc keeps a draft"
OFFERED = "F5 brings it back"


@pytest.fixture
def morning(school: School) -> School:
    """Two students in at nine, and contacts at home."""
    school.clock.moment = at("08:45")
    for student in (1, 2):
        school.book(student)
    play(school, 1, "08:48 in")
    give_contacts(school)
    school.clock.moment = at("09:14")
    return school


def drafts(school: School) -> list[tuple[str, str]]:
    """Return the code of each draft's author, and its form."""
    return school.file.rows("SELECT s.code, form FROM draft d JOIN staff s ON s.id = d.staff_id ORDER BY 1, 2")


def value(driver: Driver, name: str) -> str:
    """Return what stands in a field."""
    return driver.app.screen.query_one(f"#{name}", Input).value


async def press(driver: Driver, *keys: str) -> None:
    """Press keys by their names."""
    await driver.pilot.press(*keys)
    await driver.rest()


async def crash(driver: Driver) -> None:
    """Let the second pass in which what is typed is kept; then psc is gone without a word."""
    screen = driver.app.screen
    assert isinstance(screen, Dialog | PaperPage)
    screen.keep_draft()


async def test_esc_on_an_empty_form_closes_it(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "escape")
        assert driver.app.screen is driver.today
        assert drafts(morning) == []


async def test_esc_on_a_form_half_filled_asks_on_the_form(morning: School) -> None:
    async with driven_school(morning, size=(80, 24)) as driver:
        await driver.type("a", "nov", "escape")
        assert isinstance(driver.app.screen, WalkInForm)
        assert "Not saved." in driver.text
        assert ASKED in driver.text
        assert "Ctrl+X throws it away" in driver.text


async def test_typing_on_answers_and_nothing_of_it_is_lost(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "no", "escape", "v", "x", "k")
        assert value(driver, "student") == "novxk"
        assert ASKED not in driver.text
        await driver.type("escape", "enter")
        assert isinstance(driver.app.screen, WalkInForm)
        assert value(driver, "student") == "novxk"
        assert driver.app.focused is driver.app.screen.query_one("#student")
        assert ASKED not in driver.text


async def test_esc_twice_keeps_a_draft_that_f5_brings_back(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "nov", "enter", "enter", "upset, shout", "escape", "escape")
        assert driver.app.screen is driver.today
        assert "kept as a draft" in driver.says
        await driver.type("a")
        assert "Draft of 09:14:" in driver.text
        assert OFFERED in driver.text
        await press(driver, "f5")
        assert value(driver, "reason") == "upset, shout"
        assert value(driver, "student").startswith("Novak, Petra")
        assert driver.app.focused is driver.app.screen.query_one("#reason")
        assert OFFERED not in driver.text
        form = driver.app.screen
        assert isinstance(form, Dialog)
        await driver.type("ed", "f10")
        assert driver.row("Novak").row.reason == "upset, shouted"
        assert drafts(morning) == []
        form.keep_draft()  # its second passed while it closed
        assert drafts(morning) == []


async def test_two_students_of_one_name_are_not_mixed_up_by_a_draft(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "ali", "down", "enter", "enter", "phone", "escape", "escape", "a")
        await press(driver, "f5", "f10")
        assert driver.row("Ali").row.student_id == 7


async def test_typing_starts_afresh_and_only_then_the_old_draft_goes(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "novak", "escape", "escape")
        await driver.type("a", "escape")  # nothing typed: the draft stays
        await driver.type("a", "k")
        assert OFFERED not in driver.text
        found = draft_of(morning.file, 1, "walk in", "room 1")
        assert found
        assert found.typed["student"] == "novak"
        await press(driver, "f5")
        assert value(driver, "student") == "k"
        await crash(driver)
        found = draft_of(morning.file, 1, "walk in", "room 1")
        assert found
        assert found.typed["student"] == "k"


async def test_what_is_thrown_away_is_gone(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "novak")
        await crash(driver)
        assert drafts(morning) == [("AS1", "walk in")]
        await press(driver, "escape", "ctrl+x")
        assert driver.app.screen is driver.today
        assert drafts(morning) == []


async def test_ctrl_x_in_a_field_is_the_fields_own_while_nothing_is_asked(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "novak")
        field = driver.app.focused
        assert isinstance(field, Input)
        field.action_select_all()
        await press(driver, "ctrl+x")
        assert isinstance(driver.app.screen, WalkInForm)
        assert value(driver, "student") == ""


async def test_what_is_rubbed_out_again_leaves_no_draft(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "no")
        await crash(driver)
        await driver.type("backspace", "backspace")
        await crash(driver)
        assert drafts(morning) == []


async def test_the_line_that_asks_can_be_clicked(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "novak", "escape")
        await driver.pilot.click("#draft", offset=(13, 0))
        await driver.rest()
        assert driver.app.screen is driver.today
        await driver.type("a")
        await driver.pilot.click("#draft", offset=(18, 0))
        await driver.rest()
        assert value(driver, "student") == "novak"


async def test_what_was_typed_a_second_before_a_crash_is_offered(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "novak")
        await driver.pilot.pause(1.2)
        assert drafts(morning) == [("AS1", "walk in")]
        driver.app.exit()  # the form is never closed
    morning.clock.forward(minutes=3)
    async with driven_school(morning) as driver:
        await driver.type("a")
        assert "Draft of 09:14:" in driver.text
        await press(driver, "f5")
        assert value(driver, "student") == "novak"


async def test_nobody_else_is_offered_it(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "novak", "escape", "escape")
    async with driven_school(morning, "AS2") as driver:
        await driver.type("a")
        assert OFFERED not in driver.text
        await press(driver, "f5")
        assert value(driver, "student") == ""


async def test_another_day_it_says_which(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("N", "ivanova", "escape", "escape")
    morning.clock.moment += timedelta(days=1)
    async with driven_school(morning) as driver:
        await driver.type("N")
        assert "Draft of Mon 23 Nov 09:14:" in driver.text
    morning.clock.moment += timedelta(days=7)
    async with driven_school(morning) as driver:
        await driver.type("N")
        assert OFFERED not in driver.text


async def test_leaving_the_desk_keeps_it_at_once(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "nov", "f12")
        assert drafts(morning) == [("AS1", "walk in")]


async def test_leaving_psc_keeps_it(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "nov", "ctrl+q")
        await driver.pilot.pause()
        assert driver.app.return_code is not None
    assert drafts(morning) == [("AS1", "walk in")]


async def test_of_two_terminals_the_newer_wins(morning: School) -> None:
    async with driven_school(morning) as one, driven_school(morning) as two:
        await one.type("a", "nov")
        await crash(one)
        await two.type("a")
        assert OFFERED in two.text
        await two.type("okafor")
        await crash(two)
        found = draft_of(morning.file, 1, "walk in", "room 1")
        assert found
        assert found.typed["student"] == "okafor"
        await one.type("a")
        await crash(one)
        found = draft_of(morning.file, 1, "walk in", "room 1")
        assert found
        assert found.typed["student"] == "nova"
        await press(two, "escape", "ctrl+x")
        await press(one, "escape", "escape")
    assert drafts(morning) == []


async def test_the_draft_of_a_call_home_is_that_students(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("/", "reid", "enter", "t", "down", "n", "rang twi", "escape", "escape")
        await driver.type("/", "okafor", "enter", "t")
        assert OFFERED not in driver.text
        await driver.type("escape", "/", "reid", "enter", "t")
        await press(driver, "f5")
        assert (value(driver, "outcome"), value(driver, "note")) == ("no answer", "rang twi")
        assert driver.app.screen.query_one("#contacts", OptionList).highlighted == 1


async def test_what_was_confiscated_and_who_is_new_here(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("/", "reid", "enter", "g", "c", "vape", "enter", "seen by", "escape", "escape")
        await driver.type("g", "c")
        await press(driver, "f5")
        assert (value(driver, "what"), value(driver, "why")) == ("vape", "seen by")
        await press(driver, "escape", "escape")
        await driver.type("N", "ivanova", "enter", "ole", "escape", "escape", "N")
        await press(driver, "f5")
        assert (value(driver, "surname"), value(driver, "forename")) == ("ivanova", "ole")
    assert drafts(morning) == [("AS1", "confiscate"), ("AS1", "new here")]


async def test_a_walk_in_with_somebody_new_here_on_top_keeps_both(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("a", "ivanova", "enter", "oleg", "f12")
        assert drafts(morning) == [("AS1", "new here"), ("AS1", "walk in")]


async def test_a_disk_that_is_full_is_no_error_to_whoever_types(
    morning: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psc.tui.drafting.keep_draft", lambda *_: False)
    async with driven_school(morning) as driver:
        await driver.type("a", "novak")
        await crash(driver)
        await driver.type("escape", "escape")
        assert "It cannot be kept as a draft" in driver.text
        assert value(driver, "student") == "novak"
        await press(driver, "ctrl+x")
        assert driver.app.screen is driver.today


class _Secretive(Dialog[None]):
    """A form as somebody may make one: a name, a secret, and lines."""

    CSS_PATH: ClassVar[str] = str(STYLE)
    form: ClassVar[str] = "secretive"

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Input(id="name")
            yield SecretInput(id="secret")
            yield TextArea(id="lines")


async def test_a_secret_is_in_no_draft_and_does_not_come_back(morning: School) -> None:
    async with driven_school(morning) as driver:
        driver.app.push_screen(form := _Secretive())
        await driver.rest()
        await driver.type("anna", "tab", "brick lantern")
        await crash(driver)
        assert "brick" not in str(morning.file.rows("SELECT * FROM draft"))
        assert "anna" in str(morning.file.rows("SELECT * FROM draft"))
        await form.put_aside()
        assert "brick" not in str(vars(form))
        await form.bring_back()
        await driver.rest()
        assert (value(driver, "name"), value(driver, "secret")) == ("anna", "")


async def test_a_form_with_only_a_secret_typed_is_closed_unasked(morning: School) -> None:
    async with driven_school(morning) as driver:
        driver.app.push_screen(_Secretive())
        await driver.rest()
        await driver.type("tab", "brick lantern", "escape")
        assert driver.app.screen is driver.today
        assert drafts(morning) == []


async def test_lines_come_back_with_their_cursor(morning: School) -> None:
    async with driven_school(morning) as driver:
        driver.app.push_screen(form := _Secretive())
        await driver.rest()
        await driver.type("tab", "tab", "one", "enter", "two", "left")
        await form.put_aside()
        await form.bring_back()
        await driver.rest()
        await driver.type("x")
        assert form.query_one(TextArea).text == "one\ntwxo"
        await press(driver, "escape", "escape")
        driver.app.push_screen(form := _Secretive())
        await driver.rest()
        await press(driver, "f5")
        assert form.query_one(TextArea).text == "one\ntwxo"


async def test_a_sheet_half_typed_is_offered_with_its_keeper(morning: School) -> None:
    async with driven_school(morning, size=(80, 24)) as driver:
        await driver.type("P", "as2", "enter", "down", "0841", "down", "0850")
        await driver.type("left", "mars", "tab", "removed", "enter")
        await driver.type("escape")
        assert "3 cells typed and not saved." in driver.text
        await driver.type("escape")
        assert driver.app.screen is driver.today
        assert "kept as a draft" in driver.says
        await driver.type("P")
        assert "F5 brings back the draft of 09:14" in driver.text
        await press(driver, "f5")
        page = driver.app.screen
        assert isinstance(page, PaperPage)
        assert page.kept_by == "AS2"
        assert "kept by AS2" in driver.text
        assert page.grid.cells(2) == {"In": "0841"}
        assert "Marsh, Ellie" in driver.text
        await driver.type("f10")
        assert "Marsh, Ellie" in driver.text
        await driver.type("enter")
        assert "of the paper saved" in driver.says
    assert drafts(morning) == []


async def test_a_sheet_that_is_thrown_away_is_gone(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("P", "as2", "enter", "down", "0841", "down")
        await crash(driver)
        await press(driver, "escape", "ctrl+x")
        assert driver.app.screen is driver.today
        assert drafts(morning) == []


async def test_letters_typed_after_esc_go_into_the_sheet(morning: School) -> None:
    async with driven_school(morning) as driver:
        await driver.type("P", "as2", "enter", "down", "08", "down", "escape", "up", "4")
        page = driver.app.screen
        assert isinstance(page, PaperPage)
        assert page.grid.cells(2) == {"In": "4"}


async def test_the_sheet_of_an_earlier_day_is_brought_back_as_that_days(morning: School) -> None:
    async with driven_school(morning, "CO1") as driver:
        await driver.type("P", "as2", "enter", "enter", "down", "0841", "down", "escape", "escape")
    morning.clock.moment += timedelta(days=1)
    async with driven_school(morning, "CO1") as driver:
        await driver.type("P")
        await press(driver, "f5")
        page = driver.app.screen
        assert isinstance(page, PaperPage)
        assert page.day == at("09:00").date()
        assert "Why is it typed only now" in driver.text


async def test_a_day_of_the_rota_half_typed_is_offered_for_that_day(morning: School) -> None:
    async with driven_school(morning, "CO1") as driver:
        await driver.type("D", "enter", "P1 IE", "escape")
        assert "kept as a draft" in driver.text
        await driver.type("right", "enter")
        assert OFFERED not in driver.text
        await driver.type("escape", "left", "enter")
        assert "Draft of 09:14:" in driver.text
        await press(driver, "f5")
        await driver.type("R", "enter")
        assert "planned · u undoes" in driver.text
    assert drafts(morning) == []


async def test_a_day_of_the_rota_that_cannot_be_read_keeps_its_draft(morning: School) -> None:
    async with driven_school(morning, "CO1") as driver:
        await driver.type("D", "enter", "8.30-9 somewhere", "enter")
        assert "somewhere" in driver.text
        assert OFFERED not in driver.text
        await driver.type("escape")
        assert drafts(morning) == [("CO1", "answer")]
    async with driven_school(morning, "CO1") as driver:
        await driver.type("D", "enter")
        await press(driver, "f5")
        assert "8.30-9 somewhere" in driver.text


async def test_times_typed_in_are_there_again_after_looking_at_what_they_come_to(morning: School) -> None:
    times = "P1 0850-0940, P2 0940-1030"
    async with driven_school(morning, "CO1", size=(132, 40)) as driver:
        await driver.type("T", "T", "t", times, "enter", "n")
        assert "not saved yet" in driver.text
        await driver.type("escape", "T", "t")
        assert "Draft of 09:14:" in driver.text
        await press(driver, "f5")
        assert times in driver.text
        await driver.type("enter", "n")
        await press(driver, "f10")
        assert "Saved." in driver.text
    assert drafts(morning) == []


async def test_a_question_of_a_word_or_two_leaves_no_draft(morning: School) -> None:
    async with driven_school(morning, "CO1") as driver:
        await driver.type("T", "at", "tomor", "escape", "escape", "@", "084", "escape")
    assert drafts(morning) == []
