"""Going about the board: from room to room, to a student, to whoever waits longest, from count to count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psc.overview.care import checks_due, doses_due
from psc.overview.cells import count_words
from psc.tui.machine import BoardState

if TYPE_CHECKING:
    from psc.school.rooms import Room
    from psc.tui.machine import Key
    from psc.tui.screens.today import Today


def go_to_room(today: Today, room: Room | None, cursor: Key | None = None) -> None:
    """Show a room, or all rooms together, with the cursor on a student or at the top."""
    if room != today.room or cursor is None:
        today.room = room
        today.said = ("", "plain")
        today.state = BoardState().with_rows(today.rows()).at(0)
    if cursor is not None:
        today.state = replace(today.state.narrowed("").filtered(""), cursor=cursor)
    today.set_state(today.state)


def go_to_row(today: Today, key: Key) -> None:
    """Put the cursor on a student, in their room unless all rooms are shown."""
    here = today.room is None or today.room.id == key[1]
    room = today.room if here else next(room for room in today.board.rooms if room.id == key[1])
    go_to_room(today, room, key)


def go_to_due(today: Today, *, dose: bool = False) -> None:
    """Put the cursor on the student whose welfare check (or medication) is longest due, in whichever room."""
    due = doses_due(today.board, today.now) if dose else checks_due(today.board, today.now)
    if due:
        go_to_row(today, min(due, key=lambda one: (one.dose_by if dose else one.seen_by) or today.now).row.key)


def show_homes(today: Today) -> None:
    """Show only students whose home is owed a word: of this room, or where it has none, of all."""
    if not any(one.home_owed for one in today.state.rows):
        go_to_room(today, None)
    today.set_state(today.state.narrowed("home"))


def step_room(today: Today, by: int) -> None:
    """Go on to the next or back to the previous room."""
    if not today.board.rooms:
        return
    ids = [room.id for room in today.board.rooms]
    place = ids.index(today.room.id) + by if today.room else 0
    go_to_room(today, today.board.rooms[place % len(ids)])


def all_rooms(today: Today) -> None:
    """Show all rooms together, or one again."""
    go_to_room(today, None if today.room else next(iter(today.board.rooms), None))


def next_count(today: Today) -> None:
    """Filter by the next of the header's counts; after the last, by none."""
    names = [name for name, _ in count_words(today.board, today.state.rows, short=True)]
    names += ["home"] if any(one.home_owed for one in today.state.rows) else []
    place = names.index(today.state.only) + 1 if today.state.only in names else 0
    today.set_state(replace(today.state, only="").narrowed(names[place] if place < len(names) else ""))
