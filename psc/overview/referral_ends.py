"""What became of referrals that were booked: served, part served, not completed, attended."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.desk.facts import live
from psc.desk.people import SYSTEM
from psc.overview.read_board import read_board
from psc.roster.placements import Line, PeriodState
from psc.roster.referrals import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from psc.database.file import File
    from psc.roster.referrals import Referral


class DayStates(NamedTuple):
    """What became of the periods of a day, by their ids, and the placements whose students came."""

    states: Mapping[int, PeriodState]
    came: frozenset[int]


def ends_of(file: File, found: Sequence[Referral], now: datetime, past: dict[date, DayStates]) -> dict[int, State]:
    """Return how the referrals ended whose last period is over, by referral; others are left out."""
    today = school_day(now, file.zone)
    booked = [one for one in found if one.stage is State.BOOKED]
    placed: dict[int, list[tuple[int, date]]] = {}
    for placed_id, placement, on in file.rows(
        "SELECT id, placement_id, on_day FROM placement_period pp WHERE placement_id IN"
        f" (SELECT value FROM json_each(?)) AND {live('placement_period', 'pp')}",
        (json.dumps([each for one in booked for each in one.placements]),),
    ):
        placed.setdefault(placement, []).append((placed_id, date.fromisoformat(on)))
    made = {}
    for one in booked:
        periods = [period for each in one.placements for period in placed.get(each, ())]
        if not periods or any(day > today for _, day in periods):
            continue
        days = {day: past.get(day) or _states_of(file, day, now) for day in {day for _, day in periods}}
        past.update({day: states for day, states in days.items() if day < today})
        known = [days[day].states.get(placed_id) for placed_id, day in periods]
        if PeriodState.AHEAD not in known and PeriodState.PENDING not in known:
            came = any(each in states.came for each in one.placements for states in days.values())
            made[one.id] = ended_as([each for each in known if each], came=came)
    return made


def _states_of(file: File, day: date, now: datetime) -> DayStates:
    board = read_board(file, day, SYSTEM, read="see_roll", staffed=False)
    states: dict[int, PeriodState] = {}
    came = set()
    for one in board.at(now):
        by_name = one.states(now, board.settings)
        for placed in one.row.placed:
            if one.row.visit_id is not None:
                came.add(placed.placement_id)
            if one.row.type.line is Line.SANCTION:
                states[placed.id] = by_name[placed.period.name]
            elif placed.period.end > now:
                states[placed.id] = PeriodState.AHEAD
    return DayStates(states, frozenset(came))


def ended_as(states: Sequence[PeriodState], *, came: bool) -> State:
    """Return how a placement ended whose periods are over; without states (support), whether the student came.

    A period carried on, or waived, is not owed where it stood. Source: the domain notes, Period check, and Referral.
    """
    owed = [one for one in states if one not in (PeriodState.WAIVED, PeriodState.CARRIED)]
    if not states:
        return State.ATTENDED if came else State.DID_NOT_COME
    served = sum(1 for one in owed if one is PeriodState.SERVED)
    if served == len(owed):
        return State.SERVED
    return State.PART_SERVED if served else State.NOT_COMPLETED
