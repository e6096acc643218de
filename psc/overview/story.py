"""What a student's story is made of: one entry a thing that happened, and how entries are picked out of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from zoneinfo import ZoneInfo

    from psc.roster.placement_types import Line


class StoryKind(StrEnum):
    """What an entry tells of."""

    INCIDENT = "incident"
    RESTRICTIVE = "restrictive"
    STATEMENT = "statement"
    NOTE = "note"
    REFERRAL = "referral"
    PLACEMENT = "placement"
    VISIT = "visit"
    HOME = "home"
    SUSPENSION = "suspension"
    HELD = "held"
    EVENT = "event"
    BEHAVIOUR = "behaviour"
    """What the school's own system has: not psc's incidents, and counted apart from them."""
    ATTENDANCE = "attendance"
    PROGRAMME = "programme"
    APART = "keep-apart"
    ALERT = "alert"
    ACTION = "action"


_SIGNS = "·–…“”"
"""psc's own signs between words: without them most texts are plain letters, which fold much sooner."""


class Where(NamedTuple):
    """The record that an entry opens: its table, and its id."""

    record: str
    id: int


class StoryEntry(NamedTuple):
    """One thing that happened. `words` fit a line; `more` is the rest, as many lines as it needs, "" for nothing.

    psc itself names no other student in them but those in `others`, whom the reader may find; what people typed may.
    """

    happened: datetime
    recorded: datetime
    kind: StoryKind
    words: str
    more: str
    by: str
    """Who recorded it, as the board names staff; "" for what a school's system sent."""
    where: Where | None
    key: tuple[str, int]
    """The fact it was read from: unlike in every entry."""
    timed: bool = True
    """Whether the time is known: of some things only the day is."""
    hidden: bool = False
    """Whether only a marker is shown: what it says is not for the reader."""
    late: bool = False
    """Whether it was entered later than its rules allow."""
    others: tuple[int, ...] = ()
    """The other students whom its words name."""
    line: Line | None = None
    """Sanction, support or neutral, of placements and visits."""

    def day(self, zone: ZoneInfo) -> date:
        """Return the school's day on which it happened."""
        return school_day(self.happened, zone)

    @property
    def haystack(self) -> str:
        """Return what a filter looks in: folded, with a space before each word."""
        text = f"{self.words} {self.beneath} {self.by} {self.kind.value}"
        for sign in _SIGNS:
            text = text.replace(sign, " ")
        return f" {fold(text)}"

    @property
    def beneath(self) -> str:
        """Return what may stand beneath its line before it is opened: nothing where opening it is a look of its own."""
        return "" if self.kind in LOOKED_AT else self.more


LOOKED_AT = frozenset({StoryKind.INCIDENT, StoryKind.RESTRICTIVE})
"""The kinds whose record leaves a line in the ledger when it is opened: what it says in full is read there."""
GROUPS: Mapping[str, tuple[StoryKind, ...]] = {
    "incidents": (StoryKind.INCIDENT, StoryKind.RESTRICTIVE, StoryKind.STATEMENT),
    "notes": (StoryKind.NOTE,),
    "placements": (StoryKind.PLACEMENT, StoryKind.REFERRAL, StoryKind.PROGRAMME),
    "visits": (StoryKind.VISIT, StoryKind.HELD),
    "home": (StoryKind.HOME,),
    "suspensions": (StoryKind.SUSPENSION,),
    "behaviour": (StoryKind.BEHAVIOUR,),
    "attendance": (StoryKind.ATTENDANCE, StoryKind.EVENT),
    "plans": (StoryKind.ACTION, StoryKind.APART, StoryKind.ALERT),
}
"""The kinds as a person picks them, a key each: 1 to 9 in this order."""


def newest_first(entries: Iterable[StoryEntry]) -> tuple[StoryEntry, ...]:
    """Return entries, the latest that happened first; of the same moment, the latest recorded."""
    return tuple(sorted(entries, key=lambda one: (one.happened, one.recorded, one.key), reverse=True))


def picked(
    entries: Iterable[StoryEntry], groups: Collection[str], text: str, haystacks: Mapping[tuple[str, int], str]
) -> tuple[StoryEntry, ...]:
    """Return the entries of some groups, of all for none, in which each word of `text` begins a word.

    `haystacks` has the folded words of entries by key, worked out once for many keystrokes.
    """
    kinds = {kind for name in groups for kind in GROUPS[name]}
    parts = [f" {part}" for part in fold(text).split()]
    return tuple(
        one
        for one in entries
        if (not kinds or one.kind in kinds) and (not parts or all(part in haystacks[one.key] for part in parts))
    )
