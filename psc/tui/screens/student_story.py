"""A student's story as it is drawn: a line an entry, newest first, and what of it is picked by a key or by typing."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from psc.clock import wall
from psc.overview.cells import Tone, cut
from psc.overview.story import GROUPS, StoryEntry, StoryKind, picked
from psc.school.calendar import academic_year_start
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

LONGEST = 60
"""Characters of what is looked for."""
_WHEN, _KIND, _BY = 13, 11, 14
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
        self._drawn: tuple[tuple[object, ...], tuple[Line, ...]] | None = None

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
        """Return the entries that are picked."""
        return picked(self.entries, self.groups, self.text, self._haystacks if self.text else {})

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
        made: list[Line] = []
        year = None
        by = _BY if width >= _BY_FROM else 0
        room = max(10, width - _WHEN - _KIND - by - 2)
        for one in self.in_sight:
            at = one.happened.astimezone(self._zone)
            begun = academic_year_start(at.date())
            if year is not None and begun != year:
                made.append(line(f"School year {begun.year}–{(begun.year + 1) % 100:02}", Tone.QUIET))
            year = begun
            clock = wall(one.happened, self._zone) if one.timed else ""
            words = one.words + (" · entered late" if one.late else "")
            tone = Tone.ALERT if one.hidden else Tone.PLAIN
            pieces = (
                (cut(f"{at.day:>2} {at:%b} {clock}", _WHEN), Tone.QUIET),
                (cut(one.kind.value, _KIND), _TONES.get(one.kind, Tone.QUIET)),
                (cut(words, room), tone),
                *(((f" {cut(one.by, by - 1)}", Tone.QUIET),) if by else ()),
            )
            made.append(Line(pieces, one.key))
        if made:
            return made
        if self.entries:
            return [line("Nothing of it fits: 0 shows all kinds, Esc drops what is typed.", Tone.QUIET)]
        return [line("Nothing is on record yet.", Tone.QUIET)]
