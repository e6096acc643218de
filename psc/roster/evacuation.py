"""Evacuation: everybody out by one act, ticked at the assembly point, brought back by one act.

Who was in a room goes out for *evacuation*: a movement like any other, so that minutes, presence, correction and undo
follow. Nobody is brought back unseen: who was not ticked is to be found once the evacuation is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NotUnderstood, Refused
from psc.roster.movements import MOVES, Kind, Movement, OutReason, is_open, movements_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psc.database.file import File


class EvacuationKind(StrEnum):
    """Whether it was rehearsed."""

    DRILL = "drill"
    REAL = "real"


class Evacuation(NamedTuple):
    """An evacuation of a day. `ended` is None while it lasts; `ticked` gives when each student was seen.

    `after` is when the one before it on the same day ended, None for the first.
    """

    id: int
    kind: EvacuationKind
    started: datetime
    by: str
    ended: datetime | None
    ticked: Mapping[int, datetime]
    after: datetime | None = None

    def takes_out(self, one: Movement) -> bool:
        """Say whether an out belongs to this evacuation, while it lasts: not to the one before it, and never ended."""
        return (
            self.ended is None and one.reason == OutReason.EVACUATION and one.happened >= (self.after or one.happened)
        )


def evacuation_on(file: File, day: date) -> Evacuation | None:
    """Return the latest evacuation of a day, None when there was none."""
    found = file.row(
        "SELECT e.id, e.kind, e.happened, l.actor,"
        f" (SELECT n.happened FROM evacuation_end n WHERE n.evacuation_id = e.id AND {live('evacuation_end', 'n')})"
        " FROM evacuation e JOIN ledger l ON l.seq = e.seq"
        f" WHERE e.day = ? AND {live('evacuation', 'e')} ORDER BY e.id DESC LIMIT 1",
        (day.isoformat(),),
    )
    if found is None:
        return None
    identity, kind, started, by, ended = found
    after = file.value(
        "SELECT max(n.happened) FROM evacuation_end n"
        f" WHERE n.day = ? AND n.evacuation_id < ? AND {live('evacuation_end', 'n')}",
        (day.isoformat(), identity),
    )
    ticks = file.rows(
        "SELECT student_id, happened FROM evacuation_tick t"
        f" WHERE evacuation_id = ? AND {live('evacuation_tick', 't')} ORDER BY id",
        (identity,),
    )
    return Evacuation(
        identity,
        EvacuationKind(kind),
        moment(started),
        by,
        moment(ended) if ended else None,
        {student: moment(at) for student, at in ticks},
        moment(after) if after else None,
    )


def _open_visits(tx: Tx) -> Iterator[tuple[int, Movement]]:
    """Yield (student, last movement) of everybody whose visit of today is open, and reach them."""
    for (student_id,) in tx.file.rows("SELECT DISTINCT student_id FROM visit WHERE day = ?", (tx.today.isoformat(),)):
        moves = movements_of(tx.file, student_id, tx.today)
        if is_open(moves):
            tx.reach(student_id)
            yield student_id, moves[-1]


@act("evacuate", resting=(*MOVES, "tick_roll"))
def evacuate(tx: Tx, kind: EvacuationKind) -> int:
    """Take everybody who is in a room out, and start the roll; returns the evacuation's id.

    Who is out already stays out for that reason until ticked. Raises `Refused` while another evacuation is under way.
    """
    if (running := evacuation_on(tx.file, tx.today)) and running.ended is None:
        since = wall(running.started, tx.file.zone)
        raise Refused(f"An evacuation is under way since {since} ({running.by}).", "Tick on its roll.")
    for _, last in _open_visits(tx):
        if last.kind is not Kind.OUT:
            when = max(tx.now, last.happened)  # a machine's clock that went back must not hold anybody up in a fire
            tx.add("movement", visit_id=last.visit_id, kind="out", reason=OutReason.EVACUATION.value, happened=when)
    return tx.add("evacuation", kind=EvacuationKind(kind).value)


def _running(tx: Tx, evacuation_id: int) -> Evacuation:
    running = evacuation_on(tx.file, tx.today)
    if running is None or running.id != evacuation_id:
        raise NotUnderstood("There is no such evacuation today.", "Look at the roll again.")
    if running.ended is not None:
        raise Refused(f"It ended at {wall(running.ended, tx.file.zone)}.", "Nothing was changed.")
    return running


@act("tick_roll", resting=())
def tick_roll(tx: Tx, evacuation_id: int, student_id: int, *, seen: bool = True) -> None:
    """Tick a student at the assembly point, or with `seen` off take the tick back. Twice is once."""
    running = _running(tx, evacuation_id)
    tx.reach(student_id)
    if seen and student_id not in running.ticked:
        tx.add("evacuation_tick", evacuation_id=evacuation_id, student_id=student_id)
    elif not seen:
        for (tick,) in tx.file.rows(
            "SELECT id FROM evacuation_tick t WHERE evacuation_id = ? AND student_id = ?"
            f" AND {live('evacuation_tick', 't')}",
            (evacuation_id, student_id),
        ):
            tx.retract("evacuation_tick", tick, "not seen after all")


@act("bring_back", resting=MOVES)
def bring_back(tx: Tx, evacuation_id: int, *, everyone: bool = False) -> int:
    """End the evacuation and bring those ticked back to their rooms; returns how many.

    With `everyone`, also those who went out with the evacuation and were not ticked. Who was out before for another
    reason comes back only if ticked. Whoever is left is to be found.
    """
    running = _running(tx, evacuation_id)
    back = 0
    for student_id, last in _open_visits(tx):
        went = last.kind is Kind.OUT and running.takes_out(last)
        if last.kind is Kind.OUT and (student_id in running.ticked or (went and everyone)):
            tx.add("movement", visit_id=last.visit_id, kind="back", happened=max(tx.now, last.happened))
            back += 1
    tx.add("evacuation_end", evacuation_id=evacuation_id)
    return back
