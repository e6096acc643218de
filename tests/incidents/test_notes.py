"""Notes: written by whoever may, seen by whom they are for, corrected by their author and locked after a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.incidents.addenda import add_addendum
from psc.incidents.notes import amend_note, the_note, write_note, write_restricted_note
from psc.overview.audit import who_looked
from psc.overview.notes import ASK, OPENS, notes_for, open_the_note
from tests.desk.test_looks import bar
from tests.overview.test_who_sees_whom import cover_pass
from tests.school import IER, MONDAY, at

if TYPE_CHECKING:
    from tests.school import School

REID, OKAFOR, KHAN = 1, 2, 4


def words(school: School, code: str, *students: int) -> list[str]:
    """Return what somebody sees of the notes of some students, newest first."""
    return [one.words for one in notes_for(school.file, students, school.desk(code).staff(), MONDAY)]


def test_a_note_says_when_it_happened_what_kind_it_is_and_who_wrote_it(school: School) -> None:
    text = "Rang his mother.\nShe will come at 3."
    done = school.desk().do(write_note(REID, text, "contact with home", at=at("08:10")))
    (one,) = notes_for(school.file, (REID,), school.desk("CO1").staff(), MONDAY)
    assert (one.text, one.kind, one.visibility, one.by) == (text, "contact with home", "room", "J. Smith")
    assert (one.happened, one.recorded) == (at("08:10"), at("08:30"))
    assert done.students == (REID,)


@pytest.mark.parametrize(
    ("text", "kind", "visibility"),
    [("", "pastoral", "room"), (" \x1b", "pastoral", "room"), ("x" * 20_001, "pastoral", "room"),
     ("x", "gossip", "room"), ("x", "pastoral", "everybody")],
)  # fmt: skip
def test_what_is_missing_or_not_of_a_list_is_not_saved(school: School, text: str, kind: str, visibility: str) -> None:
    with pytest.raises(NotUnderstood):
        school.desk().do(write_note(REID, text, kind, visibility))
    assert not school.file.value("SELECT count(*) FROM note")


def test_no_note_tells_of_what_is_still_to_come(school: School) -> None:
    with pytest.raises(Refused, match="still to come"):
        school.desk().do(write_note(REID, "x", at=school.clock.now() + timedelta(minutes=1)))


def test_each_role_sees_the_notes_that_are_for_it(school: School) -> None:
    school.book(REID)
    cover_pass(school, IER)
    co, safe, cover = school.desk("CO1"), school.desk("SG1"), school.desk("CV1")
    for minute, call in enumerate(
        [write_note(REID, "room"), write_note(REID, "team", "pastoral", "year team"), write_note(OKAFOR, "other")]
    ):
        school.clock.moment = at(f"08:3{minute}")
        co.do(call)
    school.clock.moment = at("08:40")
    safe.do(write_restricted_note(REID, "secret"))
    school.clock.moment = at("08:41")
    cover.do(write_note(REID, "own", "pastoral", "year team"))
    every = (REID, OKAFOR, KHAN)
    assert words(school, "CO1", *every) == ["own", ASK, "other", "team", "room"]
    assert words(school, "AS1", *every) == [ASK, "room"]
    assert words(school, "CV1", *every) == ["own", ASK, "room"]
    assert words(school, "HY8", *every) == []
    for code in ("BL1", "SG1"):
        assert words(school, code, *every) == ["own", OPENS, "other", "team", "room"]
    for code in ("AD1", "KB"):
        with pytest.raises(NotAllowed):
            words(school, code, REID)
    bar(school, "CV1", REID)
    assert words(school, "CV1", *every) == []


def test_a_mark_says_nothing_of_what_it_stands_for(school: School) -> None:
    school.desk("SG1").do(write_restricted_note(REID, "secret", "home visit"))
    (one,) = notes_for(school.file, (REID,), school.desk("CO1").staff(), MONDAY)
    assert (one.kind, one.text, one.by, one.added, one.amended) == ("", "", "", 0, False)


def test_opening_a_restricted_note_is_kept_before_a_word_of_it_is_read(school: School) -> None:
    note = school.desk("SG1").do(write_restricted_note(REID, "secret")).value
    assert open_the_note(school.desk("BL1"), note).note.now.text == "secret"
    viewed = who_looked(school.desk("SG1"), REID)
    assert ("BL1", "open restricted note") in [(one.code, one.what) for one in viewed.looks]
    for code in ("CO1", "AS1", "HY8"):
        before = school.file.written()
        with pytest.raises(NotAllowed):
            open_the_note(school.desk(code), note)
        assert school.file.written() == before


def test_only_the_safeguarding_lead_writes_one_and_it_stays_restricted(school: School) -> None:
    with pytest.raises(NotAllowed):
        school.desk("BL1").do(write_restricted_note(REID, "x"))
    with pytest.raises(NotAllowed):
        school.desk("SG1").do(write_note(REID, "x", "pastoral", "restricted"))
    safe = school.desk("SG1")
    note = safe.do(write_restricted_note(REID, "x")).value
    seen = the_note(school.file, note).now.id
    with pytest.raises(Refused, match="stays restricted"):
        safe.do(amend_note(note, "x", "For all", seen=seen, visibility="room"))
    own = school.desk("CO1").do(write_note(REID, "x")).value
    seen = the_note(school.file, own).now.id
    with pytest.raises(NotAllowed):
        school.desk("CO1").do(amend_note(own, "x", "Not for all", seen=seen, visibility="restricted"))


def test_its_author_corrects_it_with_a_reason_and_every_version_stays(school: School) -> None:
    desk = school.desk()
    note = desk.do(write_note(REID, "Rang his mother.")).value
    seen = the_note(school.file, note).now.id
    with pytest.raises(NeedsReason):
        desk.do(amend_note(note, "Rang his aunt.", " ", seen=seen))
    with pytest.raises(NotAllowed):
        school.desk("CO1").do(amend_note(note, "Rang his aunt.", "No", seen=seen))
    desk.do(amend_note(note, "Rang his aunt.", "It was his aunt", seen=seen, kind="contact with home"))
    with pytest.raises(Refused, match="Smith has amended it"):
        desk.do(amend_note(note, "x", "Again", seen=seen))
    school.desk("CO1").do(add_addendum("note", note, "She rang back."))
    opened = open_the_note(desk, note)
    assert [one.text for one in opened.note.versions] == ["Rang his mother.", "Rang his aunt."]
    assert [one.why for one in opened.note.versions] == ["", "It was his aunt"]
    assert [one.text for one in opened.addenda] == ["She rang back."]
    assert (opened.student, opened.amendable) == ("Reid, Callum", "")
    school.clock.forward(minutes=24 * 60)
    with pytest.raises(Refused, match="locked"):
        desk.do(amend_note(note, "x", "Late", seen=opened.note.now.id))
    assert "locked" in open_the_note(desk, note).amendable


def test_a_note_is_undone_until_something_stands_on_it(school: School) -> None:
    desk = school.desk()
    desk.do(write_note(REID, "A slip"))
    desk.do(undo())
    assert words(school, "CO1", REID) == []
    note = desk.do(write_note(REID, "Meant")).value
    school.desk("CO1").do(add_addendum("note", note, "Seen"))
    with pytest.raises(Refused):
        desk.do(undo())
