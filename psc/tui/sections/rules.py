"""The figures of the rules: what each means, what it is, since when, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.settings import Threshold, change_setting, meanings, thresholds_on
from psc.overview.cells import Tone, cut
from psc.school.calendar import coming_day, day_words
from psc.tui.dialogs.fields import Field, FieldForm, Typed, whole_number
from psc.tui.sections.base import Section
from psc.tui.widgets.lines import Line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


class Rules(Section):
    """Each figure holds from a day on: days before it are judged as they were."""

    title, act = "Rules", "change_setting"

    def read(self) -> None:
        """Read the figures as they stand today."""
        self._figures = thresholds_on(self.file, self.day)
        self._meanings = {name: words.replace("*", "") for name, words in meanings().items()}

    def lines(self, width: int) -> Sequence[Line]:
        """Return a figure a line, with what it means under it."""
        made = []
        for one in self._figures:
            name = one.words.capitalize()
            made.append(
                Line(((f"{cut(name, 26)} {one.value:>5}   ", Tone.PLAIN), (self._since(one), Tone.QUIET)), one.name)
            )
            made += self.wrapped(self._meanings[one.name], min(110, width), "  ")
        return made

    def _since(self, one: Threshold) -> str:
        since = "the default"
        if one.since and one.set_by:
            since = f"since {one.since.day} {one.since:%b}, {self.by(one.set_by)} · default {one.default}"
        if one.coming:
            since += f" · {one.coming[1]} from {day_words(one.coming[0], self.day)}"
        return since

    def open(self, key: object) -> None:
        """Open a figure's form."""
        if why := self.why_not():
            self.page.refuse(f"Rules: {why}.")
            return
        one = next(each for each in self._figures if each.name == key)

        def save(typed: Typed) -> str:
            from_day: date = typed.values["from_day"]
            value: int = typed.values["value"]
            call = change_setting(one.name, value, from_day=from_day, seen=one)
            self.desk.do_patiently(call, id=typed.act_id, seconds=2)
            return f"{one.words.capitalize()}: {value} from {day_words(from_day, self.day)} on."

        least, most = one.bounds
        fields = [
            Field("value", "Value *", str(one.value), f"{least} to {most}; the default is {one.default}", whole_number),
            Field(
                "from_day", "From *", "today", "today, tomorrow, Mon, 1 Dec: earlier days stay as they were", self._day
            ),
        ]
        self.show(FieldForm(one.words.capitalize(), fields, save, self.page.done, note=self._meanings[one.name]))

    def _day(self, text: str) -> date:
        return coming_day(text, self.day)
