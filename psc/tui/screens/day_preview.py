"""What a change of a day comes to, before it is saved: the times, and every student it touches."""

from __future__ import annotations

import secrets
from datetime import time
from typing import TYPE_CHECKING

from psc.clock import wall
from psc.errors import PscError
from psc.flows.change_day import base_of, change_day, plan_change
from psc.overview.cells import Tone, cut
from psc.overview.within import named_for
from psc.text import counted
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from psc.flows.change_day import Wanted
    from psc.overview.day_change import Affected
    from psc.tui.screens.today import Today


class DayPreview(Page):
    """F10 saves and tells `then` what was done; Esc leaves the day as it is."""

    def __init__(self, today: Today, day: date, wanted: Wanted, then: Callable[[str], None]) -> None:
        super().__init__(today)
        self._then = then
        now = self.desk.clock.now()
        # Pinned, so that what is saved is what was looked at.
        self._wanted = wanted._replace(since=time.fromisoformat(wall(now, self.desk.file.zone)))
        self._plan = plan_change(self.desk.file, day, self._wanted, now)
        self._act_id = secrets.token_hex(12)

    def title_items(self) -> Sequence[Item]:
        """Say what the day becomes, and that nothing is saved yet."""
        day, plan = self._plan.day, self._plan
        wanted = self._wanted
        if wanted.closed:
            words = f"no school: {plan.note}"
        elif wanted.closes:
            words = f"closes at {wanted.closes:%H:%M}"
        else:
            words = wanted.shape or "times typed"
        return [
            Item(f"{day:%A} {day.day} {day:%B}: {words}", bold=True),
            Item("not saved yet", "due"),
        ]

    def lines(self) -> Sequence[Line]:
        """Return what changes, then whom it touches."""
        plan = self._plan
        if plan.shape:
            made = [line(""), *(line(f"  {change.words}") for change in plan.changes)]
        else:
            made = [line(""), line("  Every period falls away.")]
        if not plan.affected:
            return [*made, line(""), line("No placement of the day is touched.", Tone.QUIET)]
        made += [line(""), line(f"{counted(len(plan.affected), 'student is', 'students are')} touched", Tone.DUE)]
        seen = named_for(self.desk.file, self.today.staff, plan.day, [one.student_id for one in plan.affected])
        made += [self._line(one) for one in plan.affected if one.student_id in seen]
        if unseen := len(plan.affected) - sum(1 for one in plan.affected if one.student_id in seen):
            made.append(line(f"  {unseen} of them not shown to you", Tone.QUIET))
        if plan.falling_away:
            periods = counted(plan.falling_away, "period waits", "periods wait")
            made += [line(""), line(f"{periods} for a decision then: carry, waive or cancel, on T.", Tone.QUIET)]
        return made

    def _line(self, one: Affected) -> Line:
        name = cut(one.name, min(30, max(16, self.app.size.width - 52)))
        falls = f"{', '.join(one.falls_away)} {'falls' if len(one.falls_away) == 1 else 'fall'} away"
        other = f"{', '.join(one.changes)} at other times"
        zone = self.today.board.zone
        events = [f"{event.kind.shown} {wall(event.starts, zone)}" for event in one.events]
        words = [falls if one.falls_away else "", other if one.changes else "", *events]
        where = f" {cut(one.form, 5)} {cut(one.room, 5)} "
        said = "; ".join(word for word in words if word)
        tone = Tone.DUE if one.falls_away else Tone.QUIET
        return Line(((f"  {name}", Tone.PLAIN), (where, Tone.QUIET), (said, tone)), (one.student_id, one.room))

    def keys(self) -> Sequence[PageKey]:
        """Return the key that saves: not the one that asked."""
        return [PageKey("f10", "F10", "Save", self._save)]

    def press(self, key: str, character: str | None = None) -> None:
        """Ctrl+S is the twin of F10, for keyboards where that needs another key."""
        super().press("f10" if key == "ctrl+s" else key, character)

    def _save(self) -> None:
        plan = self._plan
        try:
            self.desk.do_patiently(change_day(plan.day, self._wanted, base_of(plan.before)), id=self._act_id, seconds=2)
        except PscError as error:
            self.refuse(str(error))
            return
        self.today.reload()
        away = counted(plan.falling_away, "period waits", "periods wait")
        self.leave()
        waiting = f" {away} for a decision below." if plan.falling_away else ""
        self._then(f"Saved.{waiting} T b puts the day back.")
