"""Notes at the keyboard: one written in a moment, amended and added to in place, and found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from psc.incidents.incidents import Account, Part, record_incident
from psc.incidents.notes import notes_by_id, write_note, write_restricted_note
from psc.tui.dialogs.note import NoteForm
from psc.tui.screens.incident import IncidentPage
from psc.tui.screens.note import NotePage
from psc.tui.screens.search import SearchPage
from tests.school import at
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from psc.incidents.notes import Note
    from tests.school import School

REID, OKAFOR, KHAN = 1, 2, 4


def notes(school: School) -> list[Note]:
    return list(notes_by_id(school.file, [one for (one,) in school.file.rows("SELECT id FROM note")]))


async def press(driver: Driver, *keys: str) -> None:
    await driver.pilot.press(*keys)
    await driver.rest()


async def test_a_note_from_the_board_is_a_letter_each_a_sentence_and_f10(school: School) -> None:
    school.book(REID)
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("n")
        assert "Note: Reid, Callum" in driver.text
        await driver.type("c", "y", "Rang home.", "f10")
        assert driver.says.startswith("Reid, Callum: note written · u undoes")
        (note,) = notes(school)
        assert (note.now.text, note.now.kind, note.now.visibility) == ("Rang home.", "contact with home", "year team")
        await driver.type("u")
        assert notes(school) == []


async def test_a_note_tells_of_an_earlier_time_and_what_is_wrong_stays_typed(school: School) -> None:
    school.book(REID)
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("n", "f10")
        assert "A note needs a text" in driver.text
        await driver.type("Spoke.", "shift+tab", "25:99", "f10")
        assert "is not a time" in driver.text
        assert driver.app.focused is not None
        assert driver.app.focused.id == "when"
        await press(driver, *["backspace"] * 5)
        await driver.type("0810", "f10")
        (note,) = notes(school)
        assert (note.now.text, note.now.happened) == ("Spoke.", at("08:10"))
        await driver.type("n", "r", "s", "m")  # s is the safeguarding lead's: it chooses nothing here
        assert isinstance(driver.app.screen, NoteForm)
        assert driver.app.screen.settled() == {"kind": "reward", "seen": "room"}


async def test_a_draft_of_a_note_has_its_letters_and_its_text(school: School) -> None:
    school.book(REID)
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("n", "h", "y", "Saw his gr")
        driver.app.screen.post_message(events.Paste("\x1b[31mandmother\n[b]today"))
        await driver.rest()
        await driver.type("escape", "escape")
        assert driver.says.startswith("Not saved, but kept as a draft")
        await driver.type("n")
        await press(driver, "f5")
        await driver.type(".", "f10")
        (note,) = notes(school)
        assert note.now.text == "Saw his gr[31mandmother\n[b]today."
        assert (note.now.kind, note.now.visibility) == ("home visit", "year team")


async def test_a_note_is_found_amended_and_added_to_where_it_stands(school: School) -> None:
    school.desk("CO1").do(write_note(KHAN, "Upset because of his phone.\nCalm after ten minutes."))
    school.desk("CO1").do(record_incident(Account("Phone", "He hid it."), (Part(REID, "involved"),)))
    async with driven_school(school, "CO1", size=(80, 24)) as driver:
        await driver.type("5", "/", "PHÔNE because")
        assert isinstance(driver.app.screen, SearchPage)
        assert "1 text" in driver.text
        assert "Upset because of his phone. Calm after ten minutes." in driver.text
        await driver.type("enter")
        assert isinstance(driver.app.screen, NotePage)
        await driver.type("e", "end", " Or a friend.", "tab", "He said so", "f10")
        assert "Until M. Adebayo amended it 08:30: He said so" in driver.text
        await press(driver, "plus")
        await driver.type("It was found.", "f10")
        assert "Added by M. Adebayo, 08:30" in driver.text
        assert [one.text for one in notes(school)[0].versions] == [
            "Upset because of his phone.\nCalm after ten minutes.",
            "Upset because of his phone. Or a friend.\nCalm after ten minutes.",
        ]
        await driver.type("u", "escape", "escape", "phon")
        assert "2 texts" in driver.text
        assert "added to a note" not in driver.text
        await driver.type("enter")
        assert isinstance(driver.app.screen, NotePage | IncidentPage)


async def test_a_restricted_note_is_opened_only_by_a_look(school: School) -> None:
    school.desk("SG1").do(write_restricted_note(KHAN, "Told me about the lake."))
    async with driven_school(school, "BL1", size=(80, 24)) as driver:
        await press(driver, "ctrl+f")
        await driver.type("lake")
        assert "restricted note: opening it is kept" in driver.text
        assert "Told me" not in driver.text
        await driver.type("enter")
        assert "Told me about the lake." in driver.text
        acts = [act for (act,) in school.file.rows("SELECT act FROM ledger ORDER BY seq")]
        assert acts[-2:] == ["search_records", "open_restricted_note"]
    async with driven_school(school, "CO1", size=(80, 24)) as driver:
        await press(driver, "ctrl+f")
        await driver.type("sea")
        await press(driver, "ctrl+u")
        await driver.type("lake")
        assert "Nothing that you may see has “lake” in it." in driver.text


async def test_with_names_hidden_neither_opens(school: School) -> None:
    school.book(REID)
    async with driven_school(school, size=(80, 24)) as driver:
        await driver.type("f9", "n")
        assert driver.app.screen is driver.today
        await press(driver, "ctrl+f")
        assert driver.app.screen is driver.today


async def test_a_note_is_written_from_the_students_page_and_from_a_student(school: School) -> None:
    async with driven_school(school, "CO1", size=(80, 24)) as driver:
        await driver.type("6", "reid")
        await press(driver, "ctrl+n")
        await driver.type("p", "r", "Came by himself.", "f10")
        assert "Reid, Callum: note written" in driver.text
        await driver.type("enter", "n")
        assert isinstance(driver.app.screen, NoteForm)
        await driver.type("l", "r", "Talked a while.", "f10")
        assert "Note written · u undoes" in driver.text
    assert [one.now.text for one in notes(school)] == ["Talked a while.", "Came by himself."]
