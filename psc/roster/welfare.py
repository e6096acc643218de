"""Welfare checks: a student seen, and how they are. Due for whoever is alone, held, or in regulation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NotUnderstood, Refused
from psc.roster.movements import Kind, Movement, happened, movements_of, visit_of
from psc.roster.placements import PlacementType
from psc.school.students import student_by_id

if TYPE_CHECKING:
    from psc.database.file import File

STATES = ("settled", "upset", "asked for help")
"""How a student was seen to be. Source: the domain notes, section Roster."""
OFFERED = ("", "water", "food", "water and food")
"""What may have been offered with it."""
WATCHED = frozenset({PlacementType.INVESTIGATION_HOLD, PlacementType.SAFEGUARDING_SEPARATION, PlacementType.REGULATION})
"""The types whose students are looked after by the clock, alone or not."""


class WelfareCheck(NamedTuple):
    """One look at a student."""

    happened: datetime
    state: str
    offered: str
    by: str

    @property
    def words(self) -> str:
        """As the opened pane says it: `settled, water offered`."""
        return f"{self.state}, {self.offered} offered" if self.offered else self.state


@act("check_welfare", resting=())
def check_welfare(tx: Tx, visit_id: int, state: str, offered: str = "", at: datetime | None = None) -> int:
    """Record that a student was seen in the room and how they were; returns the check's id.

    Raises `NotUnderstood` for a state or an offer that is not of the list, and `Refused` when the student was not in
    the room at that time: who is out has not been seen in it.
    """
    student_id, _, day = visit_of(tx, visit_id)
    if state not in STATES:
        raise NotUnderstood(f"“{state}” is not how a student is seen.", f"It can be: {', '.join(STATES)}.")
    if offered not in OFFERED:
        raise NotUnderstood(f"“{offered}” is not something offered.", "It can be water, food, or water and food.")
    when = happened(tx, at)
    before = [one for one in movements_of(tx.file, student_id, day) if one.happened <= when]
    last = before[-1] if before else None
    if last is None or last.visit_id != visit_id or last.kind not in _HERE:
        name = student_by_id(tx.file, student_id, day).name
        where = f"They {_WENT[last.kind]} at {wall(last.happened, tx.file.zone)}. " if last else ""
        raise Refused(
            f"{name} was not in the room at {wall(when, tx.file.zone)}.", f"{where}Check the time. Nothing was saved."
        )
    return tx.add("welfare_check", visit_id=visit_id, state=state, offered=offered, happened=when)


_HERE = frozenset({Kind.IN, Kind.BACK})
_WENT = {Kind.IN: "came in", Kind.OUT: "went out", Kind.BACK: "came back", Kind.LEFT: "left"}


def welfare_on(file: File, day: date) -> dict[int, tuple[WelfareCheck, ...]]:
    """Return the welfare checks of a day by visit, in order of happening."""
    found = file.rows(
        "SELECT w.visit_id, w.happened, w.state, w.offered, l.actor FROM visit v JOIN welfare_check w"
        f" ON w.visit_id = v.id JOIN ledger l ON l.seq = w.seq WHERE v.day = ? AND {live('welfare_check', 'w')}"
        " ORDER BY w.happened, w.id",
        (day.isoformat(),),
    )
    made: dict[int, tuple[WelfareCheck, ...]] = {}
    for visit, at, state, offered, by in found:
        made[visit] = (*made.get(visit, ()), WelfareCheck(moment(at), state, offered, by))
    return made


def here_since(moves: Sequence[Movement]) -> datetime | None:
    """Return since when a student has been in the room without going out, None for one who is out, away or not come."""
    return moves[-1].happened if moves and moves[-1].kind in _HERE else None


def alone_since(visits: Iterable[Sequence[Movement]]) -> dict[int, datetime]:
    """Return the visits whose student is the only one in a room now, each with the moment they became so.

    `visits` are the movements of each visit of the day, in order, of everybody: a student who is out of the room does
    not keep anybody company. Somebody became alone by coming in, or when the last of the others went.
    """
    by_room: dict[int, list[Sequence[Movement]]] = {}
    for moves in visits:
        if moves:
            by_room.setdefault(moves[0].room_id, []).append(moves)
    made: dict[int, datetime] = {}
    for there in by_room.values():
        inside = [moves for moves in there if here_since(moves)]
        if len(inside) == 1:
            mine = inside[0]
            gone = [_gone_since(moves) for moves in there if moves is not mine]
            made[mine[0].visit_id] = max([mine[-1].happened, *gone])
    return made


def _gone_since(moves: Sequence[Movement]) -> datetime:
    """Return since when a student who is not in the room has been out of it: whoever leaves while out went before."""
    since = moves[-1].happened
    for one in reversed(moves):
        if one.kind in _HERE:
            break
        since = one.happened
    return since


def welfare_due(
    type: PlacementType, here: datetime | None, alone: datetime | None, checked: datetime | None, minutes: int
) -> datetime | None:
    """Return when the next welfare check is due, None where none is.

    Due `minutes` after the last check, or after it began to be owed: for a student who is held or in regulation when
    they came in or back (they were seen at the door then), for one who is alone when they became so. A student who is
    out is not due. Source: the domain notes, section Roster.
    """
    began = here if type in WATCHED else alone
    if here is None or began is None:
        return None
    return max(began, checked or began) + timedelta(minutes=minutes)
