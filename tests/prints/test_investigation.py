"""An investigation on paper: all of it, in both forms, whatever people wrote; and nobody beyond the reach."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from psc.desk.lending import bar_student
from psc.errors import NotAllowed
from psc.incidents.addenda import add_addendum
from psc.incidents.incidents import Account, Part, amend_incident, record_incident, the_incident
from psc.incidents.investigations import open_investigation
from psc.incidents.statements import Whose, amend_statement, take_statement, the_statement
from psc.prints import document
from psc.prints.document import Document, Kind, document_page, document_pdf
from psc.prints.investigation import (
    SHEET,
    investigation_document,
    investigation_page,
    investigation_pdf,
    read_investigation_to_print,
)
from psc.prints.keep import print_sheet
from tests.incidents.test_statements import FIGHT, KHAN, OKAFOR, REID, SAID, a_fight
from tests.overview.test_investigations import an_investigation

if TYPE_CHECKING:
    from tests.school import School

NAUGHTY = (
    "<script>alert(1)</script>",
    "[b]bold[/b] [@click=app.quit]x[/]",
    "line one\n\nline three",
    "\x1b[31mred\x00",
    "\u202eevil",
    "\N{SLICE OF PIZZA} \N{ARABIC LETTER BEH}",
    "'; DROP TABLE statement; --",
    "x" * 20_000,
    "a " * 10_000,
)


def printed(school: School, investigation: int, code: str = "BL1") -> Document:
    """Return the document as somebody prints it."""
    desk = school.desk(code)
    found = read_investigation_to_print(desk, investigation)
    return investigation_document(found, school.file.zone, by=desk.staff().short, now=school.clock.now())


def words_of(made: Document) -> str:
    """Return all that a document says."""
    return "\n".join([made.title, *(f"{one.label} {one.words}" for one in made.parts), made.foot])


def pdf_words(made: bytes) -> list[str]:
    """Return the words of each page of a PDF, without their breaks."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(made)).pages]


def test_it_holds_everything_that_was_gathered(school: School) -> None:
    one = an_investigation(school)
    seen = the_incident(school.file, 1).first.id
    school.desk().do(amend_incident(1, FIGHT._replace(behaviour="Amara pushed first."), "A teacher saw it", seen=seen))
    first = the_statement(school.file, 1).first.id
    school.desk().do(amend_statement(1, SAID._replace(pages=("She called me names.",)), "Misheard", seen=first))
    school.desk().do(add_addendum("statement", 1, "He asked for his mother."))
    made = printed(school, one)
    html, (pdf, missing) = investigation_page(made), investigation_pdf(made)
    assert missing == frozenset()
    whole = " ".join(pdf_words(pdf))
    for words in (
        "Investigation: Corridor",
        "What led to it?",
        "They met at the gate.",
        "Incident of 23 Nov 2026, 09:00: Fighting",
        "Amara pushed first.",
        "Callum pushed Amara by the lockers.",
        "A teacher saw it",
        "Statement of Reid, Callum 10F, involved",
        "She called me names.",
        "Then I pushed her.",
        "Page 2 of 2",
        "Misheard",
        "He asked for his mother.",
        "Who pushed first.",
        "Camera 4",
        "kept until 26 Nov",
        "recorded apart, in a restrictive record",
        "Printed by R. Okoro on 23 Nov 2026, 09:45",
    ):
        assert words in html, words
        assert words in whole, words


@pytest.mark.parametrize("naughty", NAUGHTY)
def test_whatever_people_wrote_is_words_in_both(school: School, naughty: str) -> None:
    said = Account("Fighting", naughty, place=naughty[:50].replace("\n", " "))
    a_fight(school)
    incident = school.desk("CO1").do(record_incident(said, (Part(REID, "involved"),))).value
    school.desk("CO1").do(take_statement(incident, Whose(REID), SAID._replace(pages=(naughty, "Page two"))))
    one = school.desk("CO1").do(open_investigation(naughty[:200].replace("\n", " "), [incident])).value
    made = printed(school, one, "CO1")
    html, (pdf, _) = investigation_page(made), investigation_pdf(made)
    assert "<script>" not in html
    assert not any(one in html for one in ("\x1b", "\x00", "\u202e"))
    assert "default-src 'none'" in html
    pages = pdf_words(pdf)
    assert all(f"page {number} of {len(pages)}" in words for number, words in enumerate(pages, 1))
    assert "Page two" in " ".join(pages)


def test_a_long_statement_goes_on_over_pages_and_no_heading_stands_alone_at_the_end() -> None:
    parts = [
        each
        for number in range(40)
        for each in (
            document.Part(Kind.HEADING, f"Heading {number}"),
            document.Part(Kind.QUOTE, "\n".join(f"Line {line} of {number}" for line in range(3 + number % 5))),
        )
    ]
    pdf, _ = document_pdf(Document("Long", tuple(parts), "The end"))
    pages = pdf_words(pdf)
    assert len(pages) > 3
    assert all("Heading" not in words.split(" Long page")[0][-12:] for words in pages)
    assert "<h2>Heading 3</h2>" in document_page(Document("Long", tuple(parts)))


def test_a_head_of_year_prints_theirs_and_nobody_else_by_name(school: School) -> None:
    one = an_investigation(school)
    found = read_investigation_to_print(school.desk("HY8"), one)
    whole = words_of(printed(school, one, "HY8"))
    assert found.students == (KHAN,)
    assert "Khan, Bilal" in whole
    assert "1 more incident not shown" in whole
    assert all(words not in whole for words in ("Okafor", "Reid, Callum", "Camera 4"))
    assert school.desk("HY8").do(print_sheet(SHEET, found.students)).students == (KHAN,)
    with pytest.raises(NotAllowed):
        school.desk("HY8").do(print_sheet(SHEET, (KHAN, REID)))


@pytest.mark.parametrize("code", ["AS1", "CV1", "AD1", "KB"])
def test_it_is_not_for_every_role(school: School, code: str) -> None:
    one = an_investigation(school)
    with pytest.raises(NotAllowed):
        read_investigation_to_print(school.desk(code), one)
    with pytest.raises(NotAllowed):
        school.desk(code).do(print_sheet(SHEET, (REID,)))


def test_whoever_is_barred_prints_nothing_of_it(school: School) -> None:
    one = an_investigation(school)
    school.desk("AD1").do(bar_student(5, OKAFOR, "Her aunt"))
    with pytest.raises(NotAllowed):
        read_investigation_to_print(school.desk("BL1"), one)
    with pytest.raises(NotAllowed):
        school.desk("BL1").do(print_sheet(SHEET, (OKAFOR,)))
