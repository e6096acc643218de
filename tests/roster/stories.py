"""Help for tests of the roster: a student's day told in a line, played at the desk minute by minute.

play(school, 1, "08:48 in, 09:20 out toilet, 09:26 back, 14:50 left end of day")
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from psc.roster.movements import Destination, OutReason, come_back, go_out, movements_of, sign_in, sign_out
from tests.school import IER, MONDAY, School, at

if TYPE_CHECKING:
    from psc.desk.acts import Call


def moment_of(clock: str, day: date = MONDAY) -> datetime:
    """Return the moment of `HH:MM` or `HH:MM:SS` on a day."""
    return at(clock[:5], day) + timedelta(seconds=int(clock[6:] or 0))


def set_clock(school: School, clock: str, day: date = MONDAY) -> None:
    """Let the school's clock show a time."""
    school.clock.moment = moment_of(clock, day)


def play(
    school: School, student: int, story: str, *, room: int = IER, day: date = MONDAY, code: str = "AS1", told: str = ""
) -> int:
    """Play a day's movements, each typed at its own time, or all typed at `told`; returns the last visit's id."""
    visit = school.file.value(
        "SELECT id FROM visit WHERE student_id = ? AND room_id = ? AND day = ?", (student, room, day.isoformat())
    )
    for part in filter(None, (one.strip() for one in story.split(","))):
        clock, what, *rest = part.split(" ", 2)
        when = moment_of(clock, day)
        set_clock(school, told or clock, day)
        past = when if told else None
        if what == "in":
            visit = school.desk(code).do(sign_in(student, room, at=past)).value
            continue
        move: Call[int]
        if what == "out":
            move = go_out(visit, OutReason(rest[0]), at=past)
        elif what == "back":
            move = come_back(visit, at=past)
        else:
            assert what == "left"
            to = Destination(rest[0] if rest else "lesson")
            move = sign_out(visit, to, at=past, note="" if to is Destination.LESSON else "Nurse Lee")
        school.desk(code).do(move)
    return int(visit or 0)


def told(school: School, student: int, day: date = MONDAY) -> str:
    """Return the movements that stand, as a story."""
    return ", ".join(
        f"{one.happened:%H:%M} {one.kind.value} {one.reason}".strip() for one in movements_of(school.file, student, day)
    )


def movement_id(school: School, student: int, number: int, day: date = MONDAY) -> int:
    """Return the id of a student's movement, counted from 0 in order of happening."""
    return movements_of(school.file, student, day)[number].id
