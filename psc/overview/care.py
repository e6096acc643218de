"""What the room does for its students besides the door: seen, things held, lunch, home. Read with the board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import at_clock, minutes_between, wall
from psc.roster.held import HeldItem, Holding, still_held
from psc.roster.home import HomeContact, Owed, home_contacts_on
from psc.roster.lunch import Lunch, lunches_on
from psc.roster.welfare import WelfareCheck, alone_since, welfare_on

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.overview.board import Board, RowNow
    from psc.roster.movements import Movement


class Care(NamedTuple):
    """What stands of one student today. `alone` is since when they are the only one in the room, None when not."""

    welfare: tuple[WelfareCheck, ...] = ()
    alone: datetime | None = None
    held: tuple[HeldItem, ...] = ()
    lunch: Lunch = Lunch("")
    home: tuple[HomeContact, ...] = ()
    removed: tuple[datetime, ...] = ()
    """When each sanction of today that nobody planned was decided: home is owed a word for it."""

    @property
    def phone(self) -> HeldItem | None:
        """The student's phone, while it is held."""
        return next((one for one in self.held if one.kind is Holding.PHONE), None)


class DayCare(NamedTuple):
    """The same for everybody, by student or by visit."""

    welfare: Mapping[int, tuple[WelfareCheck, ...]]
    alone: Mapping[int, datetime]
    held: Mapping[int, tuple[HeldItem, ...]]
    lunch: Mapping[int, Lunch]
    home: Mapping[int, tuple[HomeContact, ...]]
    removed: Mapping[int, tuple[datetime, ...]]

    def of(self, student_id: int, visit_id: int | None) -> Care:
        """Return what stands of one student in one room."""
        return Care(
            self.welfare.get(visit_id or 0, ()),
            self.alone.get(visit_id or 0),
            self.held.get(student_id, ()),
            self.lunch.get(student_id, Lunch("")),
            self.home.get(student_id, ()),
            self.removed.get(student_id, ()),
        )


def read_care(
    file: File,
    day: date,
    students: Sequence[int],
    visits: Iterable[Sequence[Movement]],
    removed: Mapping[int, tuple[datetime, ...]],
) -> DayCare:
    """Read it, one query each. `visits` are everybody's: whoever is in the room keeps company, seen or not."""
    return DayCare(
        welfare_on(file, day),
        alone_since(visits),
        still_held(file, day, students),
        lunches_on(file, day),
        home_contacts_on(file, day),
        removed,
    )


def dose_by(care: Care, day: date, where: ZoneInfo) -> datetime | None:
    """Return when the first medication that is not given yet is due on a day, None for none."""
    times = [time.fromisoformat(one.due) for one in care.held if one.kind is Holding.MEDICATION]
    return at_clock(day, min(times), where) if times else None


def due_words(one: RowNow, now: datetime) -> str:
    """Return `k due 4`: the key of what is due for a student in the room, and the minutes since; "" for nothing.

    k a welfare check, g something to be given. The letter and the minutes say it to who must know, and to nobody else.
    """
    for key, due in (("g", one.dose_by if one.inside and not one.out else None), ("k", one.seen_by)):
        if due and now >= due:
            ago = minutes_between(due, now)
            return f"{key} due {ago}" if ago else f"{key} due"
    return ""


def checks_due(board: Board, now: datetime) -> tuple[RowNow, ...]:
    """Return the rows of all rooms whose welfare check is due."""
    return tuple(one for one in board.at(now) if one.seen_by and now >= one.seen_by)


def doses_due(board: Board, now: datetime) -> tuple[RowNow, ...]:
    """Return the rows of the students who are here and to be given something, in the room or out of it."""
    return tuple(one for one in board.at(now) if one.inside and one.dose_by and now >= one.dose_by)


def homes_to_tell(board: Board, now: datetime) -> tuple[RowNow, ...]:
    """Return the students of the day whose home is still owed a word, each once."""
    found: dict[int, RowNow] = {}
    for one in board.at(now):
        if one.home_owed:
            found.setdefault(one.row.student_id, one)
    return tuple(found.values())


def home_words(owed: Sequence[Owed], contacts: Sequence[HomeContact], where: ZoneInfo) -> tuple[str, ...]:
    """Say how things stand with home: `home to tell since 09:12`, `no answer 10:40, 11:15`, `home told 11:02: …`."""
    words = [f"home to tell since {wall(owed[0].since, where)}"] if owed else []
    for outcome in ("no answer", "message left"):
        times = ", ".join(wall(one.happened, where) for one in contacts if one.outcome == outcome)
        if times:
            words.append(f"{outcome} {times}")
    words += [
        f"home told {wall(one.happened, where)}: {one.whom}, {one.by}" for one in contacts if one.outcome == "told"
    ]
    return tuple(words)
