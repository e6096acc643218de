"""The lunches of a day over all rooms: who is to be fed, what they chose, and what the kitchen does not know yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from psc.roster.lunch import CHOICES, NOT_COOKED
from psc.roster.status import GONE

if TYPE_CHECKING:
    from datetime import datetime

    from psc.overview.board import Board
    from psc.roster.lunch import Printed


class Plate(NamedTuple):
    """One student's lunch. `here` is off for one who has left or is not coming; `choice` is "" for none yet."""

    student_id: int
    room_id: int
    room: str
    seat: int | None
    name: str
    form: str
    choice: str
    taken: bool | None
    here: bool


def plates(board: Board, now: datetime) -> tuple[Plate, ...]:
    """Return the lunches of everybody in a room or expected in one, and of whoever chose; each student once.

    By room and seat, those without a seat last.
    """
    codes = {room.id: room.code for room in board.rooms}
    found: dict[int, Plate] = {}
    # Of a student's several rooms the one they are in leads, then one they are expected in.
    for one in sorted(board.at(now), key=lambda each: (each.status in GONE, not each.inside)):
        row, here = one.row, one.status not in GONE
        if here or row.care.lunch.choice:
            seat = row.seat if one.inside else None
            lunch = row.care.lunch
            plate = Plate(
                row.student_id,
                row.room_id,
                codes[row.room_id],
                seat,
                row.name,
                row.form,
                lunch.choice,
                lunch.taken,
                here,
            )
            found.setdefault(row.student_id, plate)
    order = {room.id: number for number, room in enumerate(board.rooms)}
    return tuple(sorted(found.values(), key=lambda each: (order[each.room_id], each.seat or 999, each.name.casefold())))


def counts_of(shown: Sequence[Plate]) -> tuple[tuple[str, int], ...]:
    """Return how many want what of the kitchen, the choices of the list first."""
    counted = Counter(one.choice for one in shown if one.here and one.choice and one.choice not in NOT_COOKED)
    order = [*(one for one in CHOICES if one in counted), *sorted(one for one in counted if one not in CHOICES)]
    return tuple((one, counted[one]) for one in order)


def late_words(board: Board, now: datetime, printed: Printed | None) -> tuple[str, ...]:
    """Say what has changed since the kitchen sheet was printed; nothing before the first one.

    A choice made, changed or taken back; a student who chose and has gone, or has come again.
    """
    if printed is None:
        return ()
    then = {one.student_id: one for one in plates(_known_at(board, printed.at), printed.at)}
    nothing = NOT_COOKED | {""}
    words = []
    for one in plates(board, now):
        on_sheet = one.student_id in then and then[one.student_id].here
        was = printed.choices.get(one.student_id, "") if on_sheet else ""
        wanted = one.choice if one.here else ""
        if wanted == was or (wanted in nothing and was in nothing) or (one.taken and not one.here):
            continue
        said = wanted or ("no choice" if one.here else "not here")
        words.append(f"{one.name} {one.form}: {said}" + (f" (was {was})" if was else ""))
    return tuple(words)


def _known_at(board: Board, when: datetime) -> Board:
    """Return the board without what was recorded later."""
    rows = []
    for row in board.rows:
        facts = row.facts
        known = facts._replace(
            moves=tuple(one for one in facts.moves if one.recorded <= when),
            elsewhere=tuple(one for one in facts.elsewhere if one.recorded <= when),
            coming=facts.coming if facts.coming and facts.coming.recorded <= when else None,
            mark=facts.mark if facts.mark and facts.mark.happened <= when else None,
        )
        rows.append(row._replace(facts=known))
    return board._replace(rows=tuple(rows))
