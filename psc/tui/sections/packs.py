"""The pack bank: what is ready when a lesson's own work has not come, by subject and year, and how often it was."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from psc.desk.changes import last_changes
from psc.overview.cells import Tone, cut
from psc.school.calendar import term_of
from psc.text import counted, fold
from psc.tui.dialogs.fields import Field, FieldForm, Typed, said_yes, whole_number, yes_or_no
from psc.tui.sections.base import Section
from psc.tui.widgets.lines import Line, line
from psc.work.packs import PACK_ACTS, Pack, add_pack, change_pack, fallbacks_between, packs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psc.desk.changes import Changed

_LONGEST = 1000
"""Characters that a field takes: more than are kept, so that what is too long is refused and never cut unseen."""


class Packs(Section):
    """Every pack under its subject. Each use is counted: it stood in for work of the lesson that did not come."""

    title, act, adds = "Packs", "change_pack", "add_pack"

    def read(self) -> None:
        """Read the packs, and how often they stood in."""
        self._packs = packs(self.file)
        self._used = fallbacks_between(self.file, *term_of(self.file, self.day))
        self._changes: Mapping[str, Changed] = last_changes(self.file, PACK_ACTS)

    @property
    def bank(self) -> tuple[Pack, ...]:
        """Every pack as it was read."""
        return self._packs

    def lines(self, width: int) -> Sequence[Line]:
        """Return a pack a line, under its subject."""
        if not self._packs:
            return [line("No packs yet. Press a to add one: a subject, and the code on its cover.", Tone.QUIET)]
        used = {fold(subject): count for subject, count in self._used.items()}
        made = [line(self._total(), Tone.QUIET)]
        for subject, those in groupby(self._packs, key=lambda one: fold(one.subject)):
            mine = tuple(those)
            count = used.pop(subject, 0)
            stood = f" · stood in {counted(count, 'time')} for a lesson this term" if count else ""
            made += [line(""), line(f"{mine[0].subject}{stood}", Tone.QUIET)]
            made += [pack_line(one, width, self.by(self._changes.get(one.about))) for one in mine]
        for subject, count in used.items():
            name = next((one for one in self._used if fold(one) == subject), "") or "no lesson"
            made += [line(""), line(f"{name} · stood in {counted(count, 'time')}; it has no pack of its own", Tone.DUE)]
        return made

    def _total(self) -> str:
        total = sum(self._used.values())
        return f"Packs stood in for lessons’ own work {counted(total, 'time')} this term."

    def open(self, key: object) -> None:
        """Open a pack's form."""
        if why := self.why_not():
            self.page.refuse(f"Packs: {why}.")
            return
        seen = next(one for one in self._packs if one.id == key)

        def save(typed: Typed) -> str:
            becomes = seen._replace(**typed.values)
            self.desk.do_patiently(change_pack(seen, becomes), id=typed.act_id, seconds=2)
            return (
                f"{becomes.code}: saved." if becomes.active else f"{becomes.code} is out of use: not offered any more."
            )

        self.show(FieldForm(f"Pack {seen.code}", _fields(seen), save, self.page.done))

    def add(self) -> None:
        """Open the form for a pack that is new."""

        def save(typed: Typed) -> str:
            self.desk.do_patiently(add_pack(**typed.values), id=typed.act_id, seconds=2)
            return f"{typed.values['code']} added. It is offered from now on."

        self.show(FieldForm("A new pack", _fields(Pack(0, "", None, "", "", ""))[:-1], save, self.page.done))

    def why_not(self, act: str = "") -> str:
        """Say why this person may not change the bank, "" when they may."""
        return "a coordinator changes this" if super().why_not(act) else ""


def pack_line(one: Pack, width: int, end: str = "") -> Line:
    """Return a pack as a list shows it: code, for which year, unit, where it is kept, how often it was used.

    `end` stands behind that where there is room.
    """
    end = end if width >= 100 else ""
    rest = width - 35 - (20 if end else 0)
    unit, kept = rest * 3 // 5, rest - rest * 3 // 5 - 1
    year = "any" if one.year is None else f"Y{one.year}"
    used = f"used {one.used}×" if one.active else "not in use"
    words = f"  {cut(one.code, 14)} {cut(year, 4)} {cut(one.unit, unit)} {cut(one.kept, kept)} {cut(used, 10)}"
    tone = Tone.PLAIN if one.active else Tone.QUIET
    return Line(((words, tone), (f" {end}", Tone.QUIET)), one.id)


def _fields(one: Pack) -> list[Field]:
    year = "" if one.year is None else str(one.year)
    return [
        _field("subject", "Subject *", one.subject, "as the timetable has it, so that it is offered for that lesson"),
        _field("code", "Code *", one.code, "what stands on its cover: MA-7-03"),
        Field("year", "Year", year, "empty: for any year", _year),
        _field("unit", "Unit", one.unit, "what it is about: Fractions"),
        _field("kept", "Kept in", one.kept, "drawer 2, a folder, a link"),
        Field("active", "In use *", said_yes(one.active), "no: it is offered no more", yes_or_no),
    ]


def _field(name: str, label: str, value: str, hint: str) -> Field:
    return Field(name, label, value, hint, longest=_LONGEST)


def _year(text: str) -> int | None:
    return whole_number(text.strip().removeprefix("y").removeprefix("Y")) if text.strip() else None
