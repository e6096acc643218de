"""The day's end in one look: who is still here, what is held, which homes wait, what is not decided, who comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from psc.overview.care import homes_to_tell
from psc.roster.movements import Destination
from psc.roster.placements import PeriodState
from psc.roster.status import Status

if TYPE_CHECKING:
    from datetime import datetime

    from psc.overview.board import Board, Placed, RowNow
    from psc.roster.held import HeldItem


class Unserved(NamedTuple):
    """A period of a sanction that is over and not served: without a check, or not completed."""

    one: RowNow
    placed: Placed
    state: PeriodState


class DayEnd(NamedTuple):
    """What is left of a day."""

    here: tuple[RowNow, ...]
    held: tuple[HeldItem, ...]
    homes: tuple[RowNow, ...]
    to_confirm: tuple[RowNow, ...]
    unserved: tuple[Unserved, ...]
    suspended: tuple[RowNow, ...]
    next_day: tuple[RowNow, ...]

    @property
    def left(self) -> int:
        """How many things wait for somebody today."""
        return len(self.here) + len(self.held) + len(self.homes) + len(self.to_confirm) + len(self.unserved)


def still_here(board: Board, now: datetime) -> tuple[RowNow, ...]:
    """Return who is in a room, out of one, on the way to one, or to be found."""
    return tuple(
        one for one in board.at(now) if one.inside or one.status is Status.FIND or one.standing.reason == "on the way"
    )


def day_end(board: Board, now: datetime, held: Sequence[HeldItem], following: Board | None) -> DayEnd:
    """Return what is left of the day; `following` is the board of the next school day, if the calendar has one."""
    rows = board.at(now)
    unserved: dict[int, Unserved] = {}
    for one in rows:
        states = one.states(now, board.settings)
        for placed in one.row.placed:
            state = states.get(placed.period.name)
            if state in (PeriodState.PENDING, PeriodState.NOT_COMPLETED):
                unserved.setdefault(placed.id, Unserved(one, placed, state))
    first = (
        min((p.start for those in following.shape.by_year.values() for p in those), default=now) if following else now
    )
    return DayEnd(
        still_here(board, now),
        tuple(held),
        homes_to_tell(board, now),
        tuple(one for one in rows if one.row.to_confirm),
        tuple(unserved.values()),
        tuple(one for one in rows if one.standing.reason == Destination.HOME_SUSPENDED),
        following.at(first) if following else (),
    )
