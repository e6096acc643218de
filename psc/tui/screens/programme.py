"""One programme, opened: what it is for, what was agreed when, and each stage with who and when."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from psc.overview.cells import Tone, cut
from psc.roster.programmes import stage_states
from psc.text import shown
from psc.tui.screens.programme_keys import ProgrammeKeys
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from psc.overview.programmes import ProgrammeNow
    from psc.tui.screens.page import PageKey
    from psc.tui.screens.today import Today

_LABEL = 13


class ProgrammePage(ProgrammeKeys):
    """One programme: what it is for, what was agreed when, and each stage with who and when."""

    def __init__(self, today: Today, one: ProgrammeNow) -> None:
        self._one = one
        super().__init__(today)

    @property
    def chosen(self) -> ProgrammeNow | None:
        """The programme that is open."""
        return self._one

    def look(self) -> None:
        """Follow it; once it is gone, or out of reach, so is the page."""
        super().look()
        every = (*self.list.running, *self.list.ended)
        found = next((o for o in every if o.programme.placement_id == self._one.programme.placement_id), None)
        if found is None:
            self.call_after_refresh(self.leave)
        else:
            self._one = found

    def title_items(self) -> Sequence[Item]:
        """Name the student, and what comes next."""
        one = self._one
        due = "due" if one.overdue or (one.next and one.left == 0) else "plain"
        kind = f"{one.programme.type.words} · {one.room.code}"
        return [Item(one.student.name, bold=True), Item(one.student.form), Item(kind, "quiet"), Item(one.due, due)]

    def lines(self) -> Sequence[Line]:
        """Return the parts."""
        made: list[Line] = []
        for part in (self._agreed(), self._stages(), self._recorded(), self._changes()):
            lines = list(part)
            made += [line(""), *lines] if made and lines else lines
        return made

    def _wrapped(self, label: str, words: str, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
        for number, part in enumerate(wrap(shown(words), max(20, self.app.size.width - _LABEL - 5)) or [""]):
            yield Line(((f"  {cut('' if number else label, _LABEL)}", Tone.QUIET), (part, tone)))

    def _agreed(self) -> Iterator[Line]:
        programme, stands = self._one.programme, self._one.programme.now
        yield from self._wrapped("Purpose", stands.purpose)
        yield from self._wrapped("Success", stands.success)
        yield from self._wrapped(
            "Each week", programme.pattern_on(max(self.today.board.day.day, programme.first)).words
        )
        yield from self._wrapped("Runs", f"{_day(programme.first)} to {_day(stands.until)}")
        yield from self._wrapped("Attended", f"{self._one.progress.words} periods so far")

    def _stages(self) -> Iterator[Line]:
        yield line(" Stages", Tone.QUIET)
        coming = self._one.next
        for one in stage_states(self._one.programme):
            words, tone = f"due {_day(one.due)}", Tone.PLAIN
            if one.done:
                words, tone = f"✓ {one.done.outcome}, {_day(one.done.day)}", Tone.LEFT
            elif coming and one.stage is coming.stage:
                words = f"due {_day(one.due)} · {self._one.due.removeprefix(one.stage.value).strip()}"
                tone = Tone.DUE if self._one.overdue or self._one.left == 0 else Tone.PLAIN
            elif coming is None:
                words, tone = "not recorded", Tone.QUIET
            yield Line(((f"  {cut(one.stage.value, _LABEL)}", Tone.PLAIN), (words, tone)))

    def _recorded(self) -> Iterator[Line]:
        zone, today = self.desk.file.zone, self.today.board.day.day
        for number, one in enumerate(self._one.programme.steps):
            if not number:
                yield line(" Recorded", Tone.QUIET)
            words = f"{one.outcome}, {_day(one.day)} ({one.made.words(today, zone)})"
            yield from self._wrapped(one.stage.value, words)
            if one.note:
                yield from self._wrapped("", one.note, Tone.QUIET)

    def _changes(self) -> Iterator[Line]:
        zone, today = self.desk.file.zone, self.today.board.day.day
        for number, one in enumerate(self._one.programme.versions):
            if not number:
                yield line(" Agreed", Tone.QUIET)
            words = f"{one.pattern.words}, to {_day(one.until)}; review {_day(one.review)}"
            yield from self._wrapped(f"from {one.since.day} {one.since:%b}", words)
            why = f": {one.why}" if one.why else ""
            yield from self._wrapped("", f"{one.made.words(today, zone)}{why}", Tone.QUIET)

    def keys(self) -> Sequence[PageKey]:
        """Return what may be done with it."""
        return self.step_keys()


def _day(day: date) -> str:
    """Return a day as the page has it: `Mon 23 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"
