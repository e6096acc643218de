"""A student's alerts, for whoever adds and ends them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.overview.cells import Tone
from psc.school.alerts import StandingAlert, end_alert, standing_alerts
from psc.tui.prompts import Entry
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.school.students import Student
    from psc.tui.screens.today import Today


class AlertsPage(Page):
    """The alerts that stand, emergency ones first; each is added in a form and ended with a reason."""

    def __init__(self, today: Today, student: Student) -> None:
        super().__init__(today)
        self._student = student
        self._alerts: tuple[StandingAlert, ...] = ()

    def look(self) -> None:
        """Read them."""
        file, day = self.desk.file, school_day(self.desk.clock.now(), self.desk.file.zone)
        self._alerts = standing_alerts(file, self._student.id, self.today.staff, day)

    def title_items(self) -> Sequence[Item]:
        """Say whose they are."""
        return [Item("Alerts", bold=True), Item(self._student.name), Item(self._student.form)]

    def lines(self) -> Sequence[Line]:
        """Return each alert, with since when and by whom."""
        made: list[Line] = []
        width = max(20, self.app.size.width - 8)
        for one in self._alerts:
            words = f"{one.kind}: {one.text}"
            for number, part in enumerate(wrapped(words, width)):
                sign = ("!" if one.emergency else "◆") if not number else " "
                made.append(Line(((f" {sign} {part}", Tone.ALERT),), None if number else one.id))
            at = one.since.astimezone(self.desk.file.zone)
            who = f"added by {one.by}" if one.by_hand else "from the school’s own file: an import brings it again"
            made += [line(f"   since {at.day} {at:%b} {at.year}, {who}", Tone.QUIET), line("")]
        return made or [line("No alert stands: a adds one.", Tone.QUIET)]

    def keys(self) -> Sequence[PageKey]:
        """Return adding and ending."""
        nothing = "" if self._chosen else "no alert stands"
        return (PageKey("a", "a", "add", self._add), PageKey("e", "e", "end", self._end, nothing))

    @property
    def _chosen(self) -> StandingAlert | None:
        return next((one for one in self._alerts if one.id == self.current), None)

    def _add(self) -> None:
        from psc.tui.dialogs.alert import AlertForm

        self.app.push_screen(AlertForm(self.today, self._student, self.say))

    def _end(self) -> None:
        if (one := self._chosen) is not None:
            title, hint = f"End “{one.kind}: {one.text[:40]}”: why", "what has changed; it is kept"
            self.ask(Entry(title, hint, partial(self._ended, one), about=f"alert {one.id}"))

    def _ended(self, one: StandingAlert, why: str) -> None:
        self.do(lambda again: [end_alert(one.id, why or again)], f"Ended: {one.kind}")
        self.answer_saved()
