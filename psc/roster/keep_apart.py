"""Keep-apart: pairs of students who should not be in one room."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.permissions import reached
from psc.desk.settings import settings_on
from psc.errors import NotUnderstood
from psc.school.students import student_by_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psc.database.file import File
    from psc.desk.people import Staff


@act("keep_apart", resting=())
def keep_apart(tx: Tx, one: int, other: int, reason: str, *, until: date | None = None) -> int:
    """Name two students who are to be kept apart until a day (30 days on unless given); returns the pair's id."""
    if one == other:
        raise NotUnderstood("A student cannot be kept apart from themselves.", "Name two students.")
    tx.reach(one)
    tx.reach(other)
    last = until or tx.today + timedelta(days=settings_on(tx.file, tx.today).keep_apart_days)
    first, second = sorted((one, other))
    return tx.add("keep_apart", student_a=first, student_b=second, reason=reason, until_day=last.isoformat())


def kept_apart_in(
    file: File, student_id: int, present: Iterable[int], day: date, unnamed: frozenset[int] = frozenset()
) -> str:
    """Return the names of those among `present` (student ids) from whom a student is kept apart, "" for none.

    Those in `unnamed`, from whom the person at the desk is barred, count and are not named.
    """
    others = file.rows(
        "SELECT iif(student_a = :id, student_b, student_a) FROM keep_apart k"
        f" WHERE (student_a = :id OR student_b = :id) AND until_day >= :day AND {live('keep_apart', 'k')}",
        {"id": student_id, "day": day.isoformat()},
    )
    here = sorted({other for (other,) in others} & set(present))
    return " and ".join(
        "a student not shown to you" if other in unnamed else student_by_id(file, other, day).name for other in here
    )


def unnamed_to(file: File, staff: Staff, student_id: int, day: date) -> frozenset[int]:
    """Return whom a sentence about a student does not name to `staff`, though it counts them: those they are barred
    from, and those to be kept apart from the student whose roster they may not see.
    """
    others = {one.other for one in kept_apart_from(file, student_id, day)}
    return staff.barred | (others - reached(file, "see_roster", staff, day.isoformat(), others))


class Pair(NamedTuple):
    """Somebody from whom a student is kept apart, why, and to which day."""

    other: int
    reason: str
    until: date


def kept_apart_from(file: File, student_id: int, day: date) -> tuple[Pair, ...]:
    """Return from whom a student is kept apart on a day, in the order in which it was decided."""
    found = file.rows(
        "SELECT iif(student_a = :id, student_b, student_a), reason, until_day FROM keep_apart k"
        f" WHERE (student_a = :id OR student_b = :id) AND until_day >= :day AND {live('keep_apart', 'k')} ORDER BY id",
        {"id": student_id, "day": day.isoformat()},
    )
    return tuple(Pair(other, reason, date.fromisoformat(until)) for other, reason, until in found)
