"""The settings page: sections, forms, who may change what, and a passphrase shown once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from textual.widgets import Input

from psc.desk.lending import barred_from, lent_to
from psc.desk.people import Role, staff_by_code
from psc.desk.secrets import kept_of, verify
from psc.desk.settings import change_setting, settings_on
from psc.desk.staff_acts import change_staff, the_person
from psc.desk.templates import templates
from psc.flows.change_bells import times_on
from psc.roster.reasons import reason_names
from psc.school.calendar import calendar_day
from psc.school.rooms import room_by_code
from psc.tui.dialogs.fields import FieldForm
from psc.tui.dialogs.shown_once import SHOWN_SECONDS, ShownOnce
from psc.tui.screens.person import PersonPage
from psc.tui.screens.settings import SECTIONS, SettingsPage
from psc.tui.widgets.lines import Lines
from psc.tui.widgets.paragraphs import Paragraphs
from psc.work.packs import add_pack
from tests.roster.stories import play
from tests.school import MONDAY, TUESDAY, School
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    import pytest

NARROW = (80, 24)


def page(desk: Driver) -> SettingsPage:
    screen = desk.app.screen
    assert isinstance(screen, SettingsPage), screen
    return screen


def form(desk: Driver) -> FieldForm:
    screen = desk.app.screen
    assert isinstance(screen, FieldForm), screen
    return screen


async def go_to(desk: Driver, title: str) -> None:
    """Open the settings at a section."""
    await desk.type("9")
    await desk.type(*["right"] * [one.title for one in SECTIONS].index(title))
    assert f"[{title}]" in desk.text


async def write(desk: Driver, field: str, text: str) -> None:
    """Put a text into a field of the open form."""
    widget = form(desk).query_one(f"#{field}")
    if isinstance(widget, Input):
        widget.value = text
    else:
        assert isinstance(widget, Paragraphs)
        widget.load_text(text)
    await desk.pilot.pause()


async def open_line(desk: Driver, key: object) -> None:
    """Open a line of the page by its key."""
    desk.app.screen.query_one(Lines).go_to(key)
    await desk.type("enter")


# -- looking -----------------------------------------------------------------------------------------------------------


async def test_the_arrows_and_a_click_go_through_every_section(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await desk.type("9")
        for one in SECTIONS:
            assert f"[{one.title}]" in desk.text
            await desk.type("right")
        assert "[People]" in desk.text
        await desk.type("left")
        assert "[School]" in desk.text
        await desk.pilot.click("#title", offset=(12, 0))
        await desk.rest()
        assert "[Rooms]" in desk.text
        await desk.type("escape")
        assert desk.app.screen is desk.today


async def test_a_coordinator_looks_and_is_told_who_changes_it_but_rooms_are_theirs(school: School) -> None:
    async with driven_school(school, "CO1", size=NARROW) as desk:
        await go_to(desk, "Rules")
        assert "To look at: an administrator changes this." in desk.text
        await desk.type("enter")
        assert "an administrator changes this" in desk.text
        assert page(desk)
        await desk.type("left", "left", "left")
        assert "To look at" not in desk.text
        await desk.type("enter")
        await write(desk, "seats", "6")
        await desk.type("f10")
        assert room_by_code(school.file, "IER").seats == 6
        assert "CO1 08:30" in desk.text


async def test_an_assistant_does_not_open_the_settings(school: School) -> None:
    async with driven_school(school, "AS1") as desk:
        await desk.type("9")
        assert desk.app.screen is desk.today
        assert "not for the role of assistant" in desk.says


async def test_a_role_taken_away_closes_what_was_open(school: School) -> None:
    async with driven_school(school, "CO1") as desk:
        await desk.type("9")
        was = the_person(school.file, "CO1")
        school.desk("AD1", "other").do(change_staff(was, was._replace(role=Role.ASSISTANT)))
        page(desk).tick()
        await desk.rest()
        assert "An assistant may not do this" in desk.text
        assert "J. Smith" not in page(desk).query_one(Lines).text


# -- people ------------------------------------------------------------------------------------------------------------


async def test_an_admin_adds_somebody_and_is_shown_a_passphrase_once(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await desk.type("9", "a", "AS3", "enter", "enter", "Zoë", "enter", "Smith", "f10")
        shown = desk.app.screen
        assert isinstance(shown, ShownOnce)
        passphrase = shown._passphrase
        assert passphrase in desk.text
        kept = kept_of(school.file, the_person(school.file, "AS3").id)
        assert kept is not None
        assert verify(kept.hash, passphrase)
        await desk.type("enter")
        assert page(desk)
        assert passphrase not in desk.text
        assert "temporary" in desk.text


async def test_a_passphrase_left_on_the_screen_closes_by_itself(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SHOWN_SECONDS == 60
    monkeypatch.setattr("psc.tui.dialogs.shown_once.SHOWN_SECONDS", 0.05)
    async with driven_school(school, "AD1") as desk:
        await desk.type("9")
        await open_line(desk, 1)
        await open_line(desk, "secret")
        assert "the one they have is forgotten" in desk.text
        await desk.type("enter")
        assert kept_of(school.file, 1) is None  # the key that asked does not do it
        await desk.type("y")
        await desk.pilot.pause(0.2)
        assert isinstance(desk.app.screen, PersonPage)
        assert kept_of(school.file, 1) is not None


async def test_a_passphrase_does_not_come_back_from_behind_the_lock(school: School) -> None:
    assert ShownOnce.comes_back is False


async def test_a_persons_role_is_changed_and_a_wrong_one_keeps_the_form(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await desk.type("9")
        await open_line(desk, 2)
        await open_line(desk, "change")
        await write(desk, "role", "boss")
        await desk.type("f10")
        assert "“boss” is not a role" in desk.text
        assert form(desk).focused is form(desk).query_one("#role")
        await write(desk, "role", "coord")
        await desk.type("f10")
        assert the_person(school.file, "AS2").role is Role.COORDINATOR
        assert "AS2 saved" in desk.text
        await desk.type("escape")
        assert "AD1 08:30" in desk.text


async def test_somebody_changed_it_meanwhile_and_what_was_typed_stays(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await desk.type("9")
        await open_line(desk, 2)
        await open_line(desk, "change")
        was = the_person(school.file, "AS2")
        school.desk("AD1", "other").do(change_staff(was, was._replace(forename="Olga")))
        await write(desk, "surname", "Bergman")
        await desk.type("f10")
        assert "Changed meanwhile: AD1 08:30" in desk.text
        assert form(desk).query_one("#surname", Input).value == "Bergman"
        assert the_person(school.file, "AS2").name == "Olga Berg"


async def test_esc_asks_before_it_drops_what_was_typed(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await desk.type("9", "a", "AS3", "escape")
        assert "Esc keeps a draft" in desk.text
        await desk.type("x", "escape")
        assert form(desk)
        await desk.type("escape")
        assert page(desk)
        await desk.type("a")
        assert "F5 brings it back" in desk.text


async def test_somebody_is_let_go_and_taken_back(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await desk.type("9")
        await open_line(desk, 2)
        await open_line(desk, "leave")
        await desk.type("y")
        assert not the_person(school.file, "AS2").active
        await open_line(desk, "back")
        assert the_person(school.file, "AS2").active
        await desk.type("escape")
        await open_line(desk, 5)
        await open_line(desk, "leave")
        await desk.type("y")
        assert "only active behaviour lead" in desk.text


async def test_years_are_lent_and_a_student_is_barred(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await desk.type("9")
        await open_line(desk, 4)
        await open_line(desk, "lend")
        await desk.type("9,10", "enter", "enter", "Fri", "enter")
        (lent,) = lent_to(school.file, 4, MONDAY)
        assert (lent.years, lent.until_day) == ((9, 10), MONDAY + timedelta(days=4))
        assert "lent: years 9–10, today to Fri 27 Nov" in desk.text
        await open_line(desk, "return:0")
        assert staff_by_code(school.file, "HY8", MONDAY).years == {8}
        await open_line(desk, "bar")
        await desk.type("reid", "enter")
        await write(desk, "reason", "own child")
        await desk.type("f10")
        assert "Nobody is called “reid”" in desk.text  # an admin names a student, and looks through no roll
        await write(desk, "student", "Callum Reid")
        await desk.type("f10")
        assert [one.student_id for one in barred_from(school.file, 4)] == [1]
        assert "No longer bar from Reid, Callum" in desk.text


# -- the rest ----------------------------------------------------------------------------------------------------------


async def test_fewer_seats_than_are_taken_ask_why_on_the_form(school: School) -> None:
    for student in (1, 2):
        school.book(student)
        play(school, student, "08:50 in")
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await go_to(desk, "Rooms")
        await desk.type("enter")
        await write(desk, "seats", "1")
        await desk.type("f10")
        assert "would lose the seat" in desk.text
        await desk.type("a table broke", "enter")
        assert room_by_code(school.file, "IER").seats == 1


async def test_a_figure_changes_from_a_day_on(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await go_to(desk, "Rules")
        await desk.type("enter", "7", "enter", "tomorrow", "enter")
        assert (settings_on(school.file, MONDAY).grace_minutes, settings_on(school.file, TUESDAY).grace_minutes) == (
            5,
            7,
        )
        assert "the default · 7 from tomorrow" in desk.text
        await desk.type("down", "enter", "x", "f10")
        assert "is not a number" in desk.text


async def test_a_change_at_another_terminal_is_seen_by_itself(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await go_to(desk, "Rules")
        other = school.another()
        other.close()
        school.desk("AD1", "other").do(change_setting("grace_minutes", 8))
        page(desk).tick()
        await desk.rest()
        assert "since 23 Nov, AD1 08:30 · default 5" in desk.text


async def test_a_reason_is_renamed_and_the_walk_in_form_offers_it(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await go_to(desk, "Reasons")
        await desk.type("down", "enter")
        await write(desk, "name", "Refusal")
        await desk.type("f10")
        assert reason_names(school.file)[1] == "Refusal"
        assert "keeps its words" in desk.text
        await desk.type("a")
        await desk.type("Chewing", "f10")
        assert reason_names(school.file)[-1] == "Chewing"
    async with driven_school(school, "AS1") as desk:
        await desk.type("a", "reid", "enter", "enter", "refus")
        assert "Refusal" in desk.text


async def test_a_text_with_a_field_there_is_not_is_refused_and_stays_typed(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await go_to(desk, "Texts")
        await desk.type("enter")
        await write(desk, "text", "Hello, {pupil} is here.")
        await desk.type("f10")
        assert "There is no field {pupil}" in desk.text
        await write(desk, "text", "Hello, {student} is here.\nAll is well [b].")
        await desk.type("f10")
        assert templates(school.file)[0].text == "Hello, {student} is here. All is well [b]."
        assert "All is well [b]." in desk.text


async def test_bell_times_say_first_what_they_come_to(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await go_to(desk, "Bells")
        await desk.type("enter")
        text = form(desk).query_one("#times", Paragraphs).text
        await write(desk, "times", text.replace("P5 1350-1450", "P5 1350-1455"))
        await desk.type("f10")
        assert "P5 13:50–14:50 → 13:50–14:55" in desk.text
        assert "F10 again saves" in desk.text
        assert times_on(school.file, "Normal", TUESDAY)[-1].ends.minute == 50
        await desk.type("f10")
        assert times_on(school.file, "Normal", TUESDAY)[-1].ends.minute == 55
        assert times_on(school.file, "Normal", MONDAY)[-1].ends.minute == 50
        assert "other times from tomorrow on" in desk.text


async def test_days_are_closed_with_a_note(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await go_to(desk, "Calendar")
        await desk.type("down", "enter")
        await write(desk, "shape", "closed")
        await desk.type("f10")
        assert "Say why the school is closed" in desk.text
        await write(desk, "note", "Half-term")
        await desk.type("f10", "f10")
        assert calendar_day(school.file, MONDAY + timedelta(days=9)).note == "Half-term"
        assert "closed: Half-term" in desk.text


async def test_the_school_is_renamed_and_the_top_line_says_so(school: School) -> None:
    async with driven_school(school, "AD1", size=(100, 30)) as desk:
        await go_to(desk, "School")
        await desk.type("enter")
        await write(desk, "name", "Hilltop Academy")
        await desk.type("f10")
        await desk.type("escape")
        assert "Hilltop Academy" in desk.text


async def test_a_form_comes_back_from_behind_the_lock_with_its_text_and_cursor(school: School) -> None:
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await go_to(desk, "Texts")
        await desk.type("enter")
        await write(desk, "text", "Half written")
        area = form(desk).query_one("#text", Paragraphs)
        area.move_cursor((0, 4))
        await form(desk).put_aside()
        assert not form(desk).query("*")
        await form(desk).bring_back()
        await desk.rest()
        area = form(desk).query_one("#text", Paragraphs)
        assert (area.text, area.cursor_location) == ("Half written", (0, 4))
        assert form(desk).focused is area
        await desk.type("f10")
        assert templates(school.file)[0].text == "Half written"


async def test_every_form_fits_the_small_screen_with_its_keys_in_sight(school: School) -> None:
    school.desk("CO1").do(add_pack("Maths", "MA-7-03", year=7))
    async with driven_school(school, "AD1", size=NARROW) as desk:
        await desk.type("9")
        for one in SECTIONS:
            for key in ("enter", *(["a"] if one.adds else [])):
                await desk.type(key)
                if isinstance(desk.app.screen, FieldForm):
                    assert "F10 save" in desk.text, one.title
                    assert "Enter next · F10 save · Esc" in desk.text, one.title
                await desk.type("escape")
                assert page(desk)
            await desk.type("right")
