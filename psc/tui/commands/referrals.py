"""Commands of referrals: a student referred, and what waits for somebody."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from psc.errors import PscError
from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.school.students import Student
    from psc.tui.prompts import Asks
    from psc.tui.screens.today import Today


class Refer(Command):
    """Refer the student under the cursor, or any other: what for, when, what happened. Somebody else decides."""

    title, key, act = "Refer a student", "r", "raise_referral"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the form, with the student under the cursor where that is one whom this person may refer."""
        current = today.state.current
        student = None
        if current is not None and not current.row.hidden:
            from psc.school.students import the_student

            with suppress(PscError):
                row = current.row
                student = the_student(today.desk.file, row.admission_no, today.staff, today.board.day.day, act=self.act)
        open_referral_form(today, today, student)


def open_referral_form(today: Today, behind: Asks, student: Student | None) -> None:
    """Open the form over the board or over a page."""
    from psc.tui.dialogs.referral import ReferralForm

    today.app.push_screen(ReferralForm(today, behind, told=today.take_told(), student=student))


class WhatWaits(Command):
    """List what waits: referrals to decide, removals to confirm, students for whom no seat was free."""

    title, key, act = "What waits", "Q", "see_referrals"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the list."""
        from psc.tui.screens.referrals import ReferralsPage

        today.app.push_screen(ReferralsPage(today))


REFERRAL_COMMANDS: tuple[Command, ...] = (Refer(), WhatWaits())
"""The commands of this file."""
