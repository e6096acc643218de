"""Sheets about one student, from their page: for the parents, and for a meeting."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psc.clock import school_day, typed_day
from psc.desk.permissions import may
from psc.errors import PscError
from psc.prints.document import document_page, document_pdf
from psc.school.calendar import academic_year_start
from psc.tui.printing import print_out
from psc.tui.prompts import Choice, Entry, Option

if TYPE_CHECKING:
    from datetime import date

    from psc.prints.document import Document
    from psc.tui.screens.page import Page


def ask_parent_sheet(page: Page, student_id: int) -> None:
    """Ask what the school will do, in one line, then print the sheet for the student's parents."""
    from psc.prints.parent_sheet import LONGEST

    hint = "one line for the parents; Enter leaves it out"
    page.ask(Entry("What the school will do", hint, partial(_print_parents, page, student_id), longest=LONGEST))


def _print_parents(page: Page, student_id: int, typed: str) -> None:
    from psc.overview.parent_sheet import read_parent_sheet
    from psc.prints.parent_sheet import SHEET, parent_document

    desk = page.desk
    today = school_day(desk.clock.now(), desk.file.zone)
    try:
        made = read_parent_sheet(desk.file, student_id, desk.staff(), desk.clock.now())
        sheet = parent_document(made, typed, school=desk.file.school, by=desk.staff().short, today=today)
    except PscError as error:
        page.refuse(str(error))
    else:
        _print(page, SHEET, student_id, today, sheet)


def ask_meeting_report(page: Page, student_id: int) -> None:
    """Ask from which day to which, and where there is a choice, what of restricted things; then print."""
    today = school_day(page.desk.clock.now(), page.desk.file.zone)

    def from_day(typed: str) -> None:
        if (first := _day(page, typed or academic_year_start(today).isoformat(), today)) is not None:
            page.ask(Entry("The report goes to", "a day; Enter is today", partial(to_day, first)))

    def to_day(first: date, typed: str) -> None:
        if (last := _day(page, typed, today)) is None:
            return
        if not may("see_restricted_notes", page.desk.staff()):
            _print_meeting(page, student_id, first, last, "marks")
            return
        options = (Option("m", "only marks", "marks"), Option("f", "in full, kept in the ledger", "full"))
        page.ask(Choice("Restricted records", options, partial(_print_meeting, page, student_id, first, last)))

    begins = academic_year_start(today)
    hint = f"a day: 14 Oct; Enter is {begins.day} {begins:%b %Y}"
    page.ask(Entry("The report begins", hint, from_day))


def _day(page: Page, typed: str, today: date) -> date | None:
    try:
        return typed_day(typed, today)
    except PscError as error:
        page.refuse(str(error))
        return None


def _print_meeting(page: Page, student_id: int, first: date, last: date, restricted: str) -> None:
    from psc.overview.meeting import read_meeting
    from psc.prints.meeting_report import SHEET, meeting_document

    desk = page.desk
    now = desk.clock.now()
    try:
        made = read_meeting(desk, student_id, first, last, restricted=restricted == "full")
    except PscError as error:
        page.refuse(str(error))
        return
    sheet = meeting_document(made, desk.file.zone, school=desk.file.school, by=desk.staff().short, now=now)
    _print(page, SHEET, student_id, school_day(now, desk.file.zone), sheet)


def _print(page: Page, name: str, student_id: int, day: date, sheet: Document) -> None:
    """Print it. The student's number in psc tells their sheet from another one's, and names nobody."""
    pdf = partial(document_pdf, sheet)
    print_out(page, name, day, document_page(sheet), part=str(student_id), students=(student_id,), pdf=pdf)
