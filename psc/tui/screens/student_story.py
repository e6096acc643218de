"""A student's story as it is drawn: a line an entry, newest first, and what of it is picked by a key or by typing."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from psc.overview.cells import Tone, cut
from psc.overview.story import GROUPS, StoryEntry, StoryKind, picked
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

LONGEST = 60
"""Characters of what is looked for."""
_WHEN, _KIND, _BY = 13, 12, 14
_BY_FROM = 96
"""The width from which a line says who recorded it."""
_TONES = {
    StoryKind.INCIDENT: Tone.DUE,
    StoryKind.RESTRICTIVE: Tone.ALARM,
    StoryKind.SUSPENSION: Tone.ALARM,
    StoryKind.ALERT: Tone.ALERT,
}
"""The tone of a kind's word; the word says the same without it."""


class Story:
    """A student's entries, and what of them is in sight."""

    def __init__(self, entries: Sequence[StoryEntry], zone: ZoneInfo) -> None:
        self.entries = tuple(entries)
        self._zone = zone
        self.groups: frozenset[str] = frozenset()
        """The groups in sight; none chosen is all of them."""
        self.text = ""
        self._picked: tuple[object, tuple[StoryEntry, ...]] | None = None
        self._drawn: tuple[object, tuple[Line, ...]] | None = None
        self._made: dict[tuple[str, int], Line] = {}
        """The line of each entry, made when it is first in sight."""
        self._wide = False

    def with_entries(self, entries: Sequence[StoryEntry]) -> Story:
        """Return the story with other entries, and the same of them in sight."""
        made = Story(entries, self._zone)
        made.groups, made.text = self.groups, self.text
        return made

    @cached_property
    def _haystacks(self) -> Mapping[tuple[str, int], str]:
        return {one.key: one.haystack for one in self.entries}

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many entries each group has."""
        kinds = Counter(one.kind for one in self.entries)
        return {name: sum(kinds[kind] for kind in those) for name, those in GROUPS.items()}

    def turn(self, number: int) -> None:
        """Show a group besides those in sight, or drop it again; 0 shows everything."""
        name = list(GROUPS)[number - 1]
        self.groups = frozenset() if number == 0 else self.groups ^ {name}

    def entry(self, key: object) -> StoryEntry | None:
        """Return the entry of a key."""
        return next((one for one in self.entries if one.key == key), None)

    @property
    def in_sight(self) -> tuple[StoryEntry, ...]:
        """The entries that are picked, worked out once a change."""
        asked = (self.groups, self.text)
        if self._picked is None or self._picked[0] != asked:
            found = picked(self.entries, self.groups, self.text, self._haystacks if self.text else {})
            self._picked = (asked, found)
        return self._picked[1]

    def make_ready(self) -> None:
        """Fold what is looked in, before the first letter comes."""
        _ = self._haystacks

    def items(self, *, typing: bool) -> Sequence[Item]:
        """Return what stands above the lines: the groups with their keys, and what is looked for."""
        shown = [
            Item(
                f"{number} {f'[{name}]' if name in self.groups else name} {self.counts[name]}",
                "plain" if name in self.groups or not self.groups else "quiet",
                press=str(number), key=1, bold=name in self.groups,
            )
            for number, name in enumerate(GROUPS, 1)
            if self.counts[name] or name in self.groups
        ]  # fmt: skip
        if self.groups:
            shown.append(Item("0 all", press="0", key=1))
        if self.text or typing:
            found = f"Find: {self.text}{'▏' if typing else ''}"
            many = f"{len(self.in_sight)} of {len(self.entries)}"
            return [Item(found, bold=True, press="slash"), Item(many, "quiet"), *shown]
        return shown

    def lines(self, width: int) -> tuple[Line, ...]:
        """Return what is in sight as lines, with a heading where a school year ends. Worked out once a change."""
        asked = (width, self.groups, self.text)
        if self._drawn is None or self._drawn[0] != asked:
            self._drawn = (asked, tuple(self._lines(width)))
        return self._drawn[1]

    def peek(self, key: object, width: int, height: int) -> tuple[Line, ...]:
        """Return what is known of an entry in so many lines; the last says that there is more of it."""
        one = self.entry(key)
        if one is None:
            return ()
        words = [*wrapped(one.words, width), *(wrapped(one.beneath, width) if one.beneath else ())]
        at = one.happened.astimezone(self._zone)
        told = f"{at:%a} {at.day} {at:%b} {at.year}" + (f" · {one.by}" if one.by else "")
        shown = words[: height - 2]
        if len(words) > len(shown):
            told += " · Enter shows more"
        tone = Tone.ALERT if one.hidden else Tone.PLAIN
        return (line("─" * width, Tone.QUIET), line(told, Tone.QUIET), *(line(part, tone) for part in shown))

    def _lines(self, width: int) -> list[Line]:
        if (wide := width >= _BY_FROM) != self._wide:
            self._made, self._wide = {}, wide
        made: list[Line] = []
        year = None
        for one in self.in_sight:
            begun = _school_year(one.happened)
            if year is not None and begun != year:
                made.append(line(f"School year {begun}–{(begun + 1) % 100:02}", Tone.QUIET))
            year = begun
            if one.key not in self._made:
                self._made[one.key] = self._line(one)
            made.append(self._made[one.key])
        if made:
            return made
        if self.entries:
            return [line("Nothing of it fits: 0 shows all kinds, Esc drops what is typed.", Tone.QUIET)]
        return [line("Nothing is on record yet.", Tone.QUIET)]

    def _line(self, one: StoryEntry) -> Line:
        """Return an entry's line; its words stand last, and are cut as they are drawn."""
        at = one.happened.astimezone(self._zone)
        clock = f" {at.hour:02}:{at.minute:02}" if one.timed else ""
        who = ((f"{_cut(one.by, _BY - 1)} ", Tone.QUIET),) if self._wide else ()
        return Line(
            (
                (f"{at.day:>2} {_MONTHS[at.month - 1]}{clock}".ljust(_WHEN), Tone.QUIET),
                (one.kind.value.ljust(_KIND), _TONES.get(one.kind, Tone.QUIET)),
                *who,
                (one.words + (" · entered late" if one.late else ""), Tone.ALERT if one.hidden else Tone.PLAIN),
            ),
            one.key,
        )


def _school_year(at: datetime) -> int:
    return at.year if at.month >= 9 else at.year - 1


_cut = lru_cache(maxsize=512)(cut)
_MONTHS = tuple(f"{date(2000, month, 1):%b}" for month in range(1, 13))
