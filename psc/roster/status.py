"""Status: what the board shows of one student on one day. Derived from facts and a time, never stored."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.roster.events import event_at, event_soon, expected_from
from psc.roster.movements import Destination, Kind, OutReason, is_open, seconds_in
from psc.roster.sightings import known_since

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from psc.desk.settings import Settings
    from psc.roster.absences import AbsenceMark
    from psc.roster.events import Event
    from psc.roster.movements import Movement
    from psc.roster.sightings import Sighting
    from psc.school.shapes import Period


class Status(StrEnum):
    """Where a student stands. The order is the order of the board's sections."""

    FIND = "find"
    """Nobody has recorded where the student is: an alarm."""
    OUT = "out"
    EVACUATED = "evacuated"
    DUE_OUT = "due_out"
    IN = "in"
    LATE = "late"
    """Late, and somebody has recorded where they are or whom they told."""
    EXPECTED = "expected"
    LEFT = "left"
    ABSENT = "absent"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


ELSEWHERE = "signed in elsewhere"
"""What is known of a student who is late here and signed in in another room: no alarm, the other room has them."""

GONE = frozenset({Status.LEFT, Status.ABSENT, Status.NO_SHOW, Status.CANCELLED})
"""The statuses that need nothing more today."""


class Block(NamedTuple):
    """A run of placed lessons without an unplaced one between: break and lunch do not end it."""

    first: Period
    last: Period


def blocks(periods: Sequence[Period], placed: Collection[str]) -> tuple[Block, ...]:
    """Return the runs that the placed period names make in a day's periods."""
    made: list[Block] = []
    joined = False
    for period in periods:
        if period.name in placed:
            made = [*made[:-1], Block(made[-1].first, period)] if joined else [*made, Block(period, period)]
            joined = True
        elif period.is_lesson:
            joined = False
    return tuple(made)


def going_along(runs: Sequence[Block], left: datetime) -> Block | None:
    """Return the run that goes along with a student sent over at `left`: the one under way, or else the next."""
    return next((one for one in runs if one.last.end > left), None)


class DayFacts(NamedTuple):
    """All the facts that a status follows from: one student, one room, one day."""

    blocks: tuple[Block, ...]
    moves: tuple[Movement, ...]
    mark: AbsenceMark | None
    support: bool
    coming: Movement | None = None
    """The leaving of another room for this one, while the student has come into neither."""
    sightings: tuple[Sighting, ...] = ()
    elsewhere: tuple[Movement, ...] = ()
    """The student's movements of the day in other rooms."""
    evacuating: bool = False
    """Whether the student went out with an evacuation that is still under way."""
    events: tuple[Event, ...] = ()
    """The student's events of the day, in order."""
    fell_away: bool = False
    """Whether the day no longer has any of the periods the student was placed for."""

    @property
    def inside(self) -> bool:
        """Whether the visit is open: the student is in the room, or out of it and expected back."""
        return is_open(self.moves)


class Standing(NamedTuple):
    """A status, since when it holds, and what goes with it: the out reason, the destination, the run of lessons."""

    status: Status
    since: datetime | None
    reason: str
    block: Block | None
    overdue: bool
    to_room: int | None = None
    """The room a student who left was sent over to."""
    known: str = ""
    """What was recorded of the student's place since an alarm began, "" for nothing."""
    event: Event | None = None
    """The event the student is at, should be at, or goes to within ten minutes."""


DAY_CHANGED = "day changed"
"""The reason of a *cancelled* that no person marked: the day no longer has the student's periods."""


def status_at(facts: DayFacts, now: datetime, settings: Settings) -> Standing:
    """Return where a student stands at `now`.

    Support types are never late: they stay expected, *not yet here*. A student who left and has a later run of lessons
    is expected again, unless that run went with them to another room, or they left for the day. At an event nobody is
    late or lost; afterwards they are expected from its end. Late past grace, walked out, out longer than the reason
    allows and on the way longer than it takes is *find*, until somebody records where the student is or whom they told.
    A student who is signed in elsewhere is late here and never to be found. Source: the domain notes, section Roster.
    """
    last = facts.moves[-1] if facts.moves else None
    if last is not None and last.kind is not Kind.LEFT:
        return _inside(facts, last, now, settings)
    if facts.coming is not None:
        if facts.mark is not None and facts.mark.happened >= facts.coming.happened:
            return _marked(facts.mark)
        return _on_the_way(facts, facts.coming, now, settings)
    ahead = next((one for one in facts.blocks if last is None or one.first.start >= last.happened), None)
    if last is not None and last.to_room and ahead == going_along(facts.blocks, last.happened):
        # The run they were sent over with is the other room's now; they may be expected here for a later one.
        ahead = next((one for one in facts.blocks if ahead and one.first.start > ahead.first.start), None)
    mark = facts.mark
    if mark is not None and (last is None or mark.happened >= last.happened):
        return _marked(mark)
    gone = max((*facts.moves, *facts.elsewhere), key=lambda one: one.order, default=None)
    if gone is not None and gone.kind is Kind.LEFT and Destination(gone.reason).ends_day:
        return Standing(Status.LEFT, gone.happened, gone.reason, None, False)
    if ahead is not None:
        if event := event_at(facts.events, now):
            return Standing(Status.EXPECTED, event.starts, "", ahead, False, event=event)
        since = expected_from(ahead.first.start, facts.events, now)
        late = (now - since).total_seconds() >= settings.grace_minutes * 60
        if late and not facts.support:
            standing = Standing(Status.LATE, since, "late", ahead, False)
            return standing._replace(known=ELSEWHERE) if is_open(facts.elsewhere) else _watched(facts, standing)
        return Standing(Status.EXPECTED, since, "", ahead, late)
    if last is None and facts.fell_away:
        return Standing(Status.CANCELLED, None, DAY_CHANGED, None, False)
    last = last or gone
    if last is None:
        return Standing(Status.EXPECTED, None, "", None, False)
    return Standing(Status.LEFT, last.happened, last.reason, None, False, last.to_room)


def _marked(mark: AbsenceMark) -> Standing:
    return Standing(Status(mark.kind.value), mark.happened, mark.code, None, False)


def _watched(facts: DayFacts, standing: Standing) -> Standing:
    """Return a standing that is an alarm: *find* while nobody has recorded anything since, else calm and known."""
    known = known_since(facts.sightings, standing.since) if standing.since else None
    if known is None:
        return standing._replace(status=Status.FIND, overdue=True)
    return standing._replace(overdue=False, known=known.words)


def _on_the_way(facts: DayFacts, left: Movement, now: datetime, settings: Settings) -> Standing:
    standing = Standing(Status.EXPECTED, left.happened, "on the way", going_along(facts.blocks, left.happened), False)
    long = (now - left.happened).total_seconds() > settings.way_minutes * 60
    return _watched(facts, standing) if long else standing


def _inside(facts: DayFacts, last: Movement, now: datetime, settings: Settings) -> Standing:
    came = next(one for one in reversed(facts.moves) if one.kind is Kind.IN)
    own = [one for one in facts.blocks if one.last.end > came.happened] or list(facts.blocks[-1:])
    block = next((one for one in reversed(own) if one.first.start <= now), own[0] if own else None)
    if last.kind is Kind.OUT and last.reason == OutReason.EVACUATION:
        standing = Standing(Status.EVACUATED, last.happened, last.reason, block, False)
        # Who was not seen at the assembly point, nor brought back, is nowhere once it is over.
        return standing if facts.evacuating else _watched(facts, standing._replace(status=Status.OUT))
    if last.kind is Kind.OUT:
        allowed = settings.allowed_out(last.reason)
        over = allowed is not None and (allowed == 0 or (now - last.happened).total_seconds() > allowed * 60)
        standing = Standing(Status.OUT, last.happened, last.reason, block, over)
        return _watched(facts, standing) if over else standing
    if block is not None and now >= block.last.end:
        return Standing(Status.DUE_OUT, block.last.end, "", block, True)
    event = event_at(facts.events, now)
    if event is not None and not (last.kind is Kind.BACK and last.happened >= event.starts):  # else it ended early
        return Standing(Status.DUE_OUT, event.starts, event.kind.value, block, True, event=event)
    if block is None and facts.fell_away:
        return Standing(Status.DUE_OUT, came.happened, DAY_CHANGED, None, True)
    return Standing(Status.IN, came.happened, "", block, False, event=event_soon(facts.events, now))


def minutes_in_room(facts: DayFacts, now: datetime) -> int:
    """Return the whole minutes in the room so far, without time out. Seconds are summed, then floored once.

    A day past is looked at as its last bell rings: what was recorded after it, a late leaving, counts all the same.
    """
    until = max(now, facts.moves[-1].happened) if facts.moves else now
    return int(seconds_in(facts.moves, until) // 60)
