"""The keys of the student page: what may be begun for a student whom one has open. Each is a function of the page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psc.desk.permissions import may
from psc.errors import PscError
from psc.tui.screens.page import PageKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psc.tui.screens.student import StudentPage


def student_keys(page: StudentPage) -> Sequence[PageKey]:
    """Return the keys that are the reader's."""
    return [*(key for made in KEYS for key in (made(page),) if key is not None), *_sheets(page)]


def _refer(page: StudentPage) -> PageKey | None:
    def run() -> None:
        from psc.tui.commands.referrals import open_referral_form

        open_referral_form(page.today, page, page.student)

    return PageKey("r", "r", "refer", run) if may("raise_referral", page.today.staff) else None


def _note(page: StudentPage) -> PageKey | None:
    def run() -> None:
        from psc.tui.commands.notes import open_note_form

        def wrote(said: str) -> None:
            page.done(f"{said[0].upper()}{said[1:]}")

        open_note_form(page.today, (page.student.id, page.student.name), wrote)

    return PageKey("n", "n", "note", run) if may("write_note", page.today.staff) else None


def _incident(page: StudentPage) -> PageKey | None:
    def run() -> None:
        from psc.tui.incidents import begin_incident, of_students

        begin_incident(page.today, page, of_students([page.student]), None)

    return PageKey("x", "x", "incident", run) if may("record_incident", page.today.staff) else None


def _agree(page: StudentPage) -> PageKey | None:
    def run() -> None:
        from psc.tui.dialogs.agreed_action import AgreeForm

        page.app.push_screen(AgreeForm(page.today, page.done, page.student.name, student_id=page.student.id))

    return PageKey("j", "j", "agree action", run) if may("agree_action", page.today.staff) else None


def _undo(page: StudentPage) -> PageKey | None:
    return PageKey("u", "u", "undo", page.undo_here) if may("undo", page.today.staff) else None


def _who_looked(page: StudentPage) -> PageKey | None:
    return (
        PageKey("A", "A", "who looked", partial(_open_who_looked, page))
        if may("who_viewed", page.today.staff)
        else None
    )


def _open_who_looked(page: StudentPage) -> None:
    from psc.overview.audit import who_looked
    from psc.tui.screens.who_looked import WhoLookedPage

    try:
        viewed = who_looked(page.desk, page.student.id)
    except PscError as error:
        page.refuse(str(error))
    else:
        page.app.push_screen(WhoLookedPage(page.today, page.student.name, viewed))


def _alerts(page: StudentPage) -> PageKey | None:
    def run() -> None:
        from psc.tui.screens.alerts import AlertsPage

        page.app.push_screen(AlertsPage(page.today, page.student))

    return PageKey("exclamation_mark", "!", "alerts", run) if may("add_alert", page.today.staff) else None


def _sheets(page: StudentPage) -> Iterator[PageKey]:
    """Yield the sheets about a student, and the export: each asks whether the student is within its own reach."""
    from psc.tui.screens.export import open_export
    from psc.tui.student_sheets import ask_meeting_report, ask_parent_sheet

    staff, student = page.today.staff, page.student
    if may("print_parent_sheet", staff):
        yield PageKey("p", "p", "for parents", partial(ask_parent_sheet, page, student.id))
    if may("print_meeting_report", staff):
        yield PageKey("m", "m", "for a meeting", partial(ask_meeting_report, page, student.id))
    if may("export_student", staff):
        yield PageKey("X", "X", "export", partial(open_export, page, student.id, student.name))


KEYS: Sequence[Callable[[StudentPage], PageKey | None]] = (
    _note,
    _incident,
    _agree,
    _refer,
    _who_looked,
    _alerts,
    _undo,
)
"""In the order in which they are shown."""
