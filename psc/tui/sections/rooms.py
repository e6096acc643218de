"""The rooms: name, seats, and what their boards show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.desk.changes import last_changes
from psc.overview.cells import Tone, cut
from psc.roster.room_acts import ROOM_ACTS, add_room, change_room
from psc.school.rooms import Room, rooms
from psc.text import counted
from psc.tui.dialogs.fields import Field, FieldForm, Typed, said_yes, whole_number, yes_or_no
from psc.tui.sections.base import Section
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psc.desk.changes import Changed


class Rooms(Section):
    """Coordinators change rooms too: a table more or fewer is theirs to say."""

    title, act, adds = "Rooms", "change_room", "add_room"

    def read(self) -> None:
        """Read the rooms."""
        self._rooms = rooms(self.file)
        self._changes: Mapping[str, Changed] = last_changes(self.file, ROOM_ACTS)

    def lines(self, width: int) -> Sequence[Line]:
        """Return a room a line, with what its board shows under it."""
        made = []
        for one in self._rooms:
            head = f"{cut(one.code, 8)} {cut(one.name, max(24, width - 46))} {counted(one.seats, 'seat')}"
            by = self.by(self._changes.get(one.about))
            made.append(Line(((cut(head, width - 20), Tone.PLAIN), (f" {by}", Tone.QUIET)), one.id))
            welfare = f"every {one.welfare_minutes} min" if one.welfare_minutes else "as the school"
            shows = [
                {"IER": "internal exclusion", "PSC": "pastoral support"}[one.kind],
                "reasons hidden" if one.hide_why else "reasons shown",
                "meals in the room" if one.meals_in_room else "meals elsewhere",
                f"welfare check {welfare}",
            ]
            made += self.wrapped(" · ".join(shows), width, " " * 9)
        return made or [line("No rooms yet. Press a to add one.", Tone.QUIET)]

    def open(self, key: object) -> None:
        """Open a room's form."""
        if why := self.why_not():
            self.page.refuse(f"Rooms: {why}.")
            return
        seen = next(one for one in self._rooms if one.id == key)

        def save(typed: Typed) -> str:
            becomes = seen._replace(**typed.values)
            self.desk.do_patiently(change_room(seen, becomes, typed.why), id=typed.act_id, seconds=2)
            return f"{seen.code} saved. It counts at once."

        self.show(FieldForm(f"Room {seen.code}", _fields(seen), save, self.page.done))

    def add(self) -> None:
        """Open the form for a room that is new."""

        def save(typed: Typed) -> str:
            values: dict[str, Any] = dict(typed.values)
            made = Room(0, **values)
            self.desk.do_patiently(add_room(made), id=typed.act_id, seconds=2)
            return f"{made.code} added. [ and ] on the board lead to it."

        code = Field("code", "Code *", "", "as staff call it, 8 letters at most: IER2. It stays")
        blank = Room(0, "", "", "PSC", 8, hide_why=False, meals_in_room=True)
        self.show(FieldForm("A new room", [code, *_fields(blank)], save, self.page.done))


def _fields(room: Room) -> list[Field]:
    minutes = str(room.welfare_minutes or "")
    return [
        Field("name", "Name *", room.name, "as it stands on the board and on paper"),
        Field("kind", "Kind *", room.kind, "IER internal exclusion, PSC pastoral support"),
        Field("seats", "Seats *", str(room.seats), "how many students it takes", whole_number),
        Field("hide_why", "Hide why", said_yes(room.hide_why), "yes keeps reasons off its board", yes_or_no),
        Field("meals_in_room", "Meals there", said_yes(room.meals_in_room), "yes: break and lunch in it", yes_or_no),
        Field(
            "welfare_minutes", "Welfare, min", minutes, "minutes between checks; empty: the school’s figure", _minutes
        ),
    ]


def _minutes(text: str) -> int | None:
    return whole_number(text) if text.strip() else None
