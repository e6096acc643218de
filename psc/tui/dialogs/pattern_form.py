"""What the forms of programmes share: what is typed is read at once, in words, with how many periods come of it.

What clashes stands under it, and can be left out by one key.
"""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from datetime import date, timedelta
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input, Static

from psc.errors import NeedsReason, NotUnderstood, PscError
from psc.roster.patterns import Pattern, read_pattern
from psc.roster.slots import slot_words
from psc.school.calendar import coming_day, school_day_before
from psc.school.shapes import Bells
from psc.text import counted
from psc.tui.dialogs.suggesting import SuggestingForm
from psc.tui.literal import literal
from psc.tui.widgets.bar import Bar, Item

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from textual.widget import Widget

    from psc.desk.acts import Call
    from psc.flows.plan_programme import Plan
    from psc.roster.slots import Slot
    from psc.school.students import Student
    from psc.tui.screens.today import Today

_LEFT_OUT = "left out"
"""Under which name a draft keeps the periods left out; no field is called so."""
_WEEKS = re.compile(r"(\d{1,2})\s*w(?:ee)?ks?", re.IGNORECASE)
_SHOWN = 3
"""How many clashes stand on the form at once."""


class PatternForm(SuggestingForm[None]):
    """A form with a weekly pattern and days, whose meaning stands under it while it is typed."""

    finds = "book_programme"

    def __init__(self, today: Today, then: Callable[[str], None], *, student: Student | None = None) -> None:
        super().__init__(today, student=student)
        self._then = then
        self._left_out: frozenset[Slot] = frozenset()
        self._plan: Plan | None = None
        self._planned: Hashable = None
        """What the plan was made of."""
        self._stands: tuple[object, ...] = ()
        """What stands under the fields, and in which widget: the screen may have been put aside since."""
        self._typing = True

    @abstractmethod
    def asked(self) -> Hashable:
        """Return what is typed of the pattern and its days. Raises `PscError` for what does not fit."""

    @abstractmethod
    def plan(self) -> Plan:
        """Return what that comes to. Raises `PscError` for what does not fit."""

    @abstractmethod
    def call(self, why: str) -> Call[int]:
        """Return the act. Raises `PscError` for what does not fit, with its field focused."""

    # Layout

    def below(self) -> Iterable[Widget]:
        """Return the reading of what is typed, what clashes, and the keys."""
        yield Static("", classes="rule", id="reading")
        yield Static("", classes="error", id="clashes")
        yield Bar(id="form-keys")

    def refilled(self) -> None:
        """Read again what stands there."""
        super().refilled()
        self.read()

    def settled(self) -> dict[str, str]:
        """Return what was left out, too."""
        kept = json.dumps([(day.isoformat(), period) for day, period in sorted(self._left_out)])
        return {**super().settled(), _LEFT_OUT: kept}

    def settle(self, draft: Mapping[str, str]) -> None:
        """Leave the same periods out again."""
        super().settle(draft)
        kept = json.loads(draft.get(_LEFT_OUT, "[]"))
        self._left_out = frozenset((date.fromisoformat(day), period) for day, period in kept)

    # Reading

    @on(Input.Changed)
    def read(self) -> None:
        """Show what is typed comes to."""
        self._typing = True
        try:
            asked = (self.asked(), self._left_out)
            if self._plan is None or asked != self._planned:  # a letter more of a note makes no other plan
                self._plan, self._planned = self.plan(), asked
        except PscError as error:
            self._plan = None
            self._show([*self._pattern_words(), str(error)] if self._is_begun else self._pattern_words(), ())
        else:
            self._show(self.words(self._plan), self._plan.concern_words)
        finally:
            self._typing = False

    @property
    def _is_begun(self) -> bool:
        return bool(self._student and self.field("pattern").value.strip() and self.field("until").value.strip())

    def _pattern_words(self) -> list[str]:
        typed = self.field("pattern").value
        try:
            return [read_pattern(typed).words] if typed.strip() else []
        except NotUnderstood as error:
            return [str(error)]

    def words(self, plan: Plan) -> list[str]:
        """Return a plan in lines."""
        made = [f"{plan.words[:1].upper()}{plan.words[1:]}."]
        if self._left_out:
            made.append(f"Left out: {slot_words(self.bells, self._left_out, today=self.day)}.")
        return [*made, *plan.said]

    @property
    def bells(self) -> Bells:
        """The days of the student's year group."""
        return Bells(self._today_screen.desk.file, self._student.year if self._student else None)

    def _show(self, lines: Sequence[str], clashes: Sequence[str]) -> None:
        reading = self.query_one("#reading", Static)
        stands = (reading, self._left_out, *lines, *clashes)
        if stands == self._stands:
            return  # every update lays the whole form out anew
        self._stands = stands
        reading.update(literal("\n".join(lines)))
        reading.display = bool(lines)
        more = [f"and {len(clashes) - _SHOWN} more"] if len(clashes) > _SHOWN else []
        told = [*(f"! {one}" for one in clashes[:_SHOWN]), *more]
        shown = self.query_one("#clashes", Static)
        shown.update(literal("\n".join(told)))
        shown.display = bool(told)
        keys = [Item("F10 save", press="f10", key=3)]
        if self._plan and self._plan.clashing:
            days = counted(len({day for day, _ in self._plan.clashing}), "day")
            keys.append(Item(f"Ctrl+O leave out what clashes, on {days}", press="ctrl+o", key=6))
        elif self._left_out:
            keys.append(Item("Ctrl+O book them after all", press="ctrl+o", key=6))
        self.query_one("#form-keys", Bar).show([*keys, Item("Esc close", press="escape", key=3)])

    def leave_out(self) -> None:
        """Leave out the periods that clash; once more, and they are booked after all."""
        if self._plan and self._plan.clashing:
            self._left_out |= frozenset(self._plan.clashing)
        else:
            self._left_out = frozenset()
        self.refuse("")
        self.read()

    def refuse(self, words: str) -> None:
        """Say why it was not saved; it is not said twice."""
        super().refuse(words)
        if words and self._plan is None:
            self._show(self._pattern_words(), ())

    def ask_why(self, words: str) -> None:
        """Ask for a reason; what needs one stands on the form already, unless it has just come up."""
        self._planned = None
        self.read()
        clashing = self._plan is not None and bool(self._plan.concerns)
        super().ask_why("Give a reason, or leave out what clashes." if clashing else words)

    def typed_on(self, name: str, words: str, remedy: str = "") -> NotUnderstood:
        """Return the error that a field does not fit; it is focused only where somebody saves."""
        return NotUnderstood(words, remedy) if self._typing else self.wrong(name, words, remedy)

    def typed_day(self, name: str) -> date | None:
        """Return the day that a field names, None for an empty one."""
        typed = self.field(name).value.strip()
        try:
            return coming_day(typed, self.day) if typed else None
        except NotUnderstood as error:
            raise self.typed_on(name, error.title, error.remedy) from error

    def typed_pattern(self) -> Pattern:
        """Return the weekly pattern."""
        try:
            return read_pattern(self.field("pattern").value)
        except NotUnderstood as error:
            raise self.typed_on("pattern", error.title, error.remedy) from error

    def typed_end(self, first: date) -> date:
        """Return the last day: a day, or so many weeks from the first on."""
        weeks = _WEEKS.fullmatch(self.field("until").value.strip())
        if weeks is None:
            until = self.typed_day("until")
            if until is None:
                raise self.typed_on("until", "Until when?", "Type a day, or how many weeks: 6 weeks.")
            return until
        after = first + timedelta(weeks=int(weeks[1]))
        return school_day_before(self._today_screen.desk.file, after) or after

    # Keys

    def take_key(self, key: str) -> bool:
        """Ctrl+O leaves out what clashes."""
        if key == "ctrl+o":
            self.leave_out()
            return True
        return super().take_key(key)

    @on(Bar.Pressed)
    def pressed(self, event: Bar.Pressed) -> None:
        """A click on a key is the key."""
        event.stop()
        if event.press == "escape":
            self.action_leave()
        else:
            self.take_key(event.press)

    def save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""
        try:
            call = self.call(self.field("override").value)
            self._today_screen.desk.do_patiently(call, id=self._act_id, seconds=2)
        except NeedsReason as need:
            self.ask_why(str(need))
        except PscError as error:
            self.refuse(str(error))
        else:
            said = self.said()
            self.dismiss(None)
            self._then(said)

    @abstractmethod
    def said(self) -> str:
        """Return what is said once it is saved."""


def typed_as(day: date) -> str:
    """Return a day as a field has it, and reads it again."""
    return f"{day.day} {day:%b} {day.year}"
