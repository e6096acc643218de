"""The command of leaving: to a lesson, to another room, to an adult, home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.roster.movements import Destination, sign_out
from psc.tui.commands.door import ForRows
from psc.tui.commands.things import still_held_words
from psc.tui.prompts import Choice, Entry, Option

if TYPE_CHECKING:
    from psc.overview.board import RowNow
    from psc.tui.screens.today import Today

_NOT_TO_CALM_DOWN = "“to calm down” is not offered: that is a suspension, which only the head may decide"
HOME_LETTERS = {
    "i": Destination.HOME_ILL,
    "a": Destination.HOME_APPOINTMENT,
    "p": Destination.HOME_PARENT,
    "s": Destination.HOME_SUSPENDED,
}
"""The letter of each ground for going home early."""
_ASKED = {
    Destination.NAMED_ADULT: ("To whom", "their name"),
    Destination.HOME_ILL: ("Who decided that they are too ill to stay", "name, and who collects"),
    Destination.HOME_APPOINTMENT: ("What appointment, and who collects", "may be left empty"),
    Destination.HOME_PARENT: ("Which parent asked, and why", "may be left empty"),
    Destination.HOME_SUSPENDED: ("The head decides: who decided", "the head’s name; @ first gives the time"),
}
"""What is asked of some ways to leave, and what fits."""
_OPENS = {
    Destination.HOME_ILL: "t records who was told at home",
    Destination.HOME_APPOINTMENT: "t records who was told at home",
    Destination.HOME_PARENT: "listed for the attendance office",
    Destination.HOME_SUSPENDED: "suspension opened for the behaviour lead · t records who was told at home",
}
"""What each ground for going home opens, said once it is done."""


class SignOut(ForRows):
    """The student leaves the room: say where to by one letter. l is the next lesson."""

    title, key, footer, act = "Sign out", "s", "Sign out", "sign_out"
    none = "not in the room"

    def run(self, today: Today) -> None:
        """Ask where to, then sign them out."""
        rows = self.rows(today)

        def leave(to: str) -> None:
            if to == "home":
                options = tuple(
                    Option(letter, one.value.removeprefix("home: "), one.value) for letter, one in HOME_LETTERS.items()
                )
                today.ask(Choice(f"{today.named(rows)} home because", options, leave, _NOT_TO_CALM_DOWN))
                return
            where = Destination(to)
            every = (*today.board.rooms, *today.board.other_rooms)
            others = [room for room in every if room.id not in {one.row.room_id for one in rows}]
            if where is Destination.OTHER_ROOM and len(others) > 1:
                rooms = tuple(Option(str(n), room.name, str(room.id)) for n, room in enumerate(others, 1))
                title = f"{today.named(rows)} to which room"
                today.ask(Choice(title, rooms, lambda room: _send(today, rows, where, to_room=int(room))))
            elif where in _ASKED:
                title, hint = _ASKED[where]
                today.ask(Entry(title, hint, lambda note: _send(today, rows, where, note=note)))
            else:
                _send(today, rows, where)

        options = tuple(Option(letter, words, to) for letter, words, to in self._places(today, rows))
        today.ask(Choice(f"{today.named(rows)} leaves to", options, leave, still_held_words(rows)))

    def _places(self, today: Today, rows: tuple[RowNow, ...]) -> tuple[tuple[str, str, str], ...]:
        """Return letter, words and value of each destination; one student's next lesson is named."""
        lesson = rows[0].next_lesson(today.now) if len(rows) == 1 else None
        return (
            ("l", f"lesson ({lesson.period} {lesson.words})" if lesson else "lesson", Destination.LESSON.value),
            ("c", "closure, end of lesson", Destination.CLOSURE.value),
            ("r", "other room", Destination.OTHER_ROOM.value),
            ("d", "end of day", Destination.END_OF_DAY.value),
            ("n", "named adult", Destination.NAMED_ADULT.value),
            ("h", "home early", "home"),
        )


def _send(
    today: Today, rows: tuple[RowNow, ...], to: Destination, *, note: str = "", to_room: int | None = None
) -> None:
    """Sign the rows out, and say what that opens."""
    at = today.take_time()
    opens = f" · {_OPENS[to]}" if to in _OPENS else ""
    today.do(
        rows,
        lambda why: [sign_out(one.row.visit_id or 0, to, at=at, note=note or why, to_room=to_room) for one in rows],
        f"signed out: {to.value}",
        at=at,
        then=opens,
    )
