"""The sheet for parents and the report for a meeting: one student, nobody else by name, nothing restricted unasked."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from psc.desk.lending import bar_student
from psc.errors import NotAllowed, NotUnderstood, PscError, Refused
from psc.flows.programmes import book_programme
from psc.incidents.incidents import Account, Part, record_incident
from psc.incidents.notes import write_note, write_restricted_note
from psc.overview.meeting import read_meeting
from psc.overview.notes import ASK
from psc.overview.parent_sheet import read_parent_sheet
from psc.prints.document import Document, document_page, document_pdf
from psc.prints.meeting_report import meeting_document
from psc.prints.parent_sheet import parent_document
from psc.roster.checks import mark_check
from psc.roster.keep_apart import keep_apart
from psc.roster.movements import sign_in
from psc.text import fold
from tests.flows.test_programmes import wish
from tests.incidents.restrained import record
from tests.prints.test_student_file import NAMES
from tests.school import IER, MONDAY, at

if TYPE_CHECKING:
    from tests.school import School

REID, KHAN, NOVAK = 1, 4, 10
SEPTEMBER = date(2026, 9, 1)


def words_of(made: Document) -> str:
    """Return all that a document says."""
    return "\n".join([made.title, *(f"{one.label} {one.words}" for one in made.parts), made.foot])


def parents(school: School, student: int = REID, code: str = "CO1", will: str = "") -> Document:
    desk = school.desk(code)
    made = read_parent_sheet(school.file, student, desk.staff(), school.clock.now())
    return parent_document(made, will, school=school.file.school, by=desk.staff().short, today=MONDAY)


def meeting(school: School, code: str = "BL1", *, restricted: bool = False, last: date = MONDAY) -> Document:
    desk = school.desk(code)
    made = read_meeting(desk, REID, SEPTEMBER, last, restricted=restricted)
    return meeting_document(made, school.file.zone, school=school.file.school, by="R. Okoro", now=school.clock.now())


def a_story(school: School) -> None:
    """Let Reid have a morning, notes of every kind, an incident with others, and a pair."""
    school.book(REID)
    school.clock.moment = at("08:51")
    school.desk().do(sign_in(REID, IER, seat=1))
    school.clock.moment = at("10:30")
    school.desk().do(mark_check(school.placed(REID, "P1"), 4))
    desk, lead = school.desk("CO1"), school.desk("SG1")
    desk.do(write_note(REID, "Helped Bilal Khan with maths", "reward"))
    desk.do(write_note(REID, "Seen with Petra after school", "pastoral", "year team"))
    desk.do(write_note(REID, "A reward for the team alone", "reward", "year team"))
    lead.do(write_restricted_note(REID, "Told me about home"))
    said = Account("Fight", "Callum hit Khan; Amara Okafor filmed it", place="Corridor")
    desk.do(record_incident(said, [Part(REID, "involved"), Part(KHAN, "target")], at=at("10:05")))
    lead.do(keep_apart(REID, KHAN, "Since Bilal was hit"))


# For parents


def test_parents_read_time_marks_and_what_the_school_will_do_and_no_other_student(school: School) -> None:
    a_story(school)
    said = words_of(parents(school, will="Ring you each Friday"))
    for words in ("Reid, Callum", "P1: all of the work done", "Ring you each Friday", "1 h 39 min", "another student"):
        assert words in said
    assert not NAMES & set(fold(said).split())
    for words in ("after school", "team alone", "Told me", "Fight", "restricted", "apart"):
        assert words not in said


def test_targets_and_plan_are_those_of_the_programme(school: School) -> None:
    school.desk("CO1").do(book_programme(wish(NOVAK)))
    said = words_of(parents(school, NOVAK))
    assert wish(NOVAK).purpose in said
    assert "What it is for" in said
    assert "looked at together on" in said


def test_a_student_of_whom_nothing_is_known_has_a_sheet_all_the_same(school: School) -> None:
    said = words_of(parents(school, 8))
    assert "Nothing is recorded yet." in said
    assert "Nothing is planned." in said
    assert "What the school will do" not in said


@pytest.mark.parametrize("code", ["AS1", "CV1", "KB", "AD1", "HY8"])
def test_the_parents_sheet_is_for_those_whose_student_it_is(school: School, code: str) -> None:
    with pytest.raises(NotAllowed):
        parents(school, code=code)


def test_what_the_school_will_do_fits_a_line_or_is_refused(school: School) -> None:
    with pytest.raises(NotUnderstood):
        parents(school, will="x" * 401)


# For a meeting


def test_a_meeting_reads_the_story_with_others_as_another_student(school: School) -> None:
    a_story(school)
    said = words_of(meeting(school))
    assert not NAMES & set(fold(said).split())
    for words in ("Callum hit another student; another student filmed it", "kept apart from another student", ASK):
        assert words in said
    assert "Told me about home" not in said
    assert "1 entry only marked as restricted" in said
    assert said.index("In IER") < said.index("Fight")


def test_restricted_things_stand_in_it_when_who_may_see_them_says_so_and_the_ledger_has_it(school: School) -> None:
    a_story(school)
    said = words_of(meeting(school, restricted=True))
    assert "Told me about home" in said
    assert "It holds restricted records in full." in said
    assert school.file.value("SELECT count(*) FROM ledger WHERE act = 'open_restricted_note'") == 1
    with pytest.raises(NotAllowed):
        meeting(school, "HY8", restricted=True)


def test_a_record_of_force_is_a_mark_unless_it_is_asked_for(school: School) -> None:
    record(school)
    assert "force or seclusion recorded: restricted" in words_of(meeting(school))
    assert "Restraint, 4 minutes" not in words_of(meeting(school))
    assert "Restraint, 4 minutes" in words_of(meeting(school, restricted=True))


def test_only_the_days_asked_for_stand_in_it(school: School) -> None:
    a_story(school)
    assert "Nothing is on record between these days." in words_of(meeting(school, last=date(2026, 11, 20)))
    with pytest.raises(Refused):
        read_meeting(school.desk("BL1"), REID, MONDAY, SEPTEMBER)


@pytest.mark.parametrize("code", ["AS1", "CV1", "CO1", "KB", "AD1", "HY8"])
def test_the_report_is_for_leads_and_heads_of_that_year(school: School, code: str) -> None:
    with pytest.raises(NotAllowed):
        meeting(school, code)


def test_whoever_is_barred_prints_nothing_of_the_student(school: School) -> None:
    school.desk("AD1").do(bar_student(5, REID, "Relative"))
    with pytest.raises(PscError):
        meeting(school)
    with pytest.raises(PscError):
        parents(school, code="BL1")


@pytest.mark.parametrize("text", ["<script>x</script>", "[@click=app.quit]x[/]", "\u202eevil", "x" * 20_000, "a\n\nb"])
def test_whatever_people_wrote_is_only_text_on_both(school: School, text: str) -> None:
    school.desk("CO1").do(write_note(REID, text, "reward"))
    for made in (meeting(school), parents(school)):
        page = document_page(made)
        assert "<script" not in page
        assert "\u202e" not in page
        assert "Content-Security-Policy" in page
        assert len(PdfReader(BytesIO(document_pdf(made)[0])).pages) >= 1
