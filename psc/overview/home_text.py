"""What is said to home of one student, in the school's words: which text fits, and what stands in its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.templates import filled, the_template
from psc.roster.placements import Line, PlacementType
from psc.roster.status import Status
from psc.school.calendar import day_words

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.overview.board import Board, RowNow


def home_text(file: File, board: Board, one: RowNow, adult: Staff) -> str:
    """Return what to say on the telephone, "" where no text fits.

    A type that is neither sanction nor support has none: why a student is kept apart for their safety, say, is for the
    safeguarding lead to tell. Nor is there one for a student who has not come, or whose place is not known: nobody is
    to read out that they are safe in a room.
    """
    name = _template(one)
    return filled(the_template(file, name).text, _fields(board, one, adult)) if name else ""


def _template(one: RowNow) -> str:
    if one.row.visit_id is None or one.status is Status.FIND:
        return ""
    if any(owed.about == "home, ill" for owed in one.home_owed):
        return "home ill"
    if one.row.type is PlacementType.REMOVAL:
        return "home removal"
    return {Line.SANCTION: "home internal exclusion", Line.SUPPORT: "home support"}.get(one.row.type.line, "")


def _fields(board: Board, one: RowNow, adult: Staff) -> dict[str, str]:
    row = one.row
    _, comma, forename = row.plain_name.partition(", ")
    room = next((room.name for room in board.rooms if room.id == row.room_id), "")
    return {
        "student": forename if comma else row.plain_name,
        "form": row.form,
        "reason": row.reason,
        "period": min(row.placed, key=lambda placed: placed.period.start).period.name if row.placed else "",
        "room": room,
        "until": _until(board, one),
        "adult": f"{adult.title} {adult.surname}" if adult.title else f"{adult.forename} {adult.surname}".strip(),
    }


def _until(board: Board, one: RowNow) -> str:
    """Return until when the student stays, as it is said aloud: `the end of P3`, `the end of the day`."""
    row = one.row
    if row.last_day != board.day.day:
        return day_words(row.last_day, board.day.day)
    lessons = [period for period in row.periods if period.is_lesson]
    last = max(lessons, key=lambda period: period.end).name if lessons else ""
    return "the end of the day" if row.last_period == last or not row.last_period else f"the end of {row.last_period}"
