"""Things held: a phone in its envelope, what was confiscated, what the school lent, medication that is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import moment, school_day, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NotUnderstood, Refused
from psc.roster.movements import happened
from psc.school.students import shown_name, student_by_id
from psc.text import clean

if TYPE_CHECKING:
    from psc.database.file import File


class Holding(StrEnum):
    """Why a thing is kept, or given out."""

    PHONE = "phone"
    CONFISCATED = "confiscated"
    LENT = "lent"
    MEDICATION = "medication"


ENDS = {
    Holding.PHONE: ("returned", "passed on"),
    Holding.CONFISCATED: ("returned", "passed on"),
    Holding.LENT: ("returned",),
    Holding.MEDICATION: ("given", "returned"),
}
"""How each kind ends. Source: the domain notes, section Roster."""
ENVELOPE = "envelope"
"""Where a phone is kept unless said otherwise."""


class HeldItem(NamedTuple):
    """A thing that is still held. `due` is the time of day of medication, as the school's clock shows it: `12:30`."""

    id: int
    student_id: int
    name: str
    kind: Holding
    what: str
    why: str
    searched_by: str
    kept_where: str
    due: str
    happened: datetime
    by: str

    @property
    def words(self) -> str:
        """As the opened pane and the end of the day say it."""
        match self.kind:
            case Holding.PHONE:
                return f"{self.what} in {self.kept_where}"
            case Holding.CONFISCATED:
                return f"{self.what} ({self.why}), kept in {self.kept_where}, searched by {self.searched_by}"
            case Holding.LENT:
                return f"lent: {self.what}"
            case Holding.MEDICATION:
                return f"medication at {self.due}: {self.what}"

    @property
    def open_words(self) -> str:
        """As anyone at the desk may read it: neither what was confiscated nor which medication."""
        match self.kind:
            case Holding.CONFISCATED:
                return f"item in {self.kept_where}"
            case Holding.MEDICATION:
                return f"due {self.due}"
            case _:
                return self.words


def _since(tx: Tx, at: datetime) -> str:
    """Say when, with the day where it was not today."""
    day, clock = school_day(at, tx.file.zone), wall(at, tx.file.zone)
    return clock if day == tx.today else f"{day:%a} {day.day} {day:%b} {clock}"


@act("hold_item", resting=("end_holding",))
def hold_item(
    tx: Tx,
    student_id: int,
    kind: Holding,
    what: str = "",
    *,
    why: str = "",
    searched_by: str = "",
    kept_where: str = "",
    due: str = "",
    at: datetime | None = None,
) -> int:
    """Record that a thing of a student's is held, lent to them, or (medication) to be given; returns its id.

    A confiscation says what, why, searched by whom and where it is kept; medication says what and when it is due
    (`12:30`). Raises `NotUnderstood` for what is missing, `Refused` when the student's phone is held already.
    """
    tx.reach(student_id)
    holding = Holding(kind)
    when = happened(tx, at)
    if holding is Holding.PHONE:
        for one in still_held(tx.file, tx.today, [student_id]).get(student_id, ()):
            if one.kind is Holding.PHONE:
                since = _since(tx, one.happened)
                raise Refused(f"Their phone is held already: {one.kept_where}, since {since}.", "Nothing was changed.")
    told: dict[str, Any] = {
        "what": clean(what) or ("phone" if holding is Holding.PHONE else ""),
        "why": clean(why),
        "searched_by": clean(searched_by),
        "kept_where": clean(kept_where) or (ENVELOPE if holding is Holding.PHONE else ""),
        "due": clean(due),
    }
    for name in _NEEDS.get(holding, ()):
        if not told[name]:
            raise NotUnderstood(f"Say {_ASKED[name]}.", f"{holding.value.capitalize()}: it cannot be left out.")
    if told["due"]:
        told["due"] = _time_of_day(told["due"])
    return tx.add("held_item", student_id=student_id, kind=holding.value, happened=when, **told)


def _time_of_day(text: str) -> str:
    try:
        return f"{datetime.strptime(text, '%H:%M'):%H:%M}"
    except ValueError:
        raise NotUnderstood(f"“{text}” is not a time of day.", "Give it as 12:30.") from None


_NEEDS = {
    Holding.CONFISCATED: ("what", "why", "searched_by", "kept_where"),
    Holding.LENT: ("what",),
    Holding.MEDICATION: ("what", "due"),
}
_ASKED = {
    "what": "what it is",
    "why": "why it was taken",
    "searched_by": "who searched (a staff code or a name), or “handed over”",
    "kept_where": "where it is kept",
    "due": "when it is due",
}


def _one_phone(tx: Tx) -> None:
    """Raise `Refused` when an undo would hold a phone that has been taken in again since."""
    for things in still_held(tx.file, tx.today, sorted(tx.students)).values():
        if sum(one.kind is Holding.PHONE for one in things) > 1:
            raise Refused("Their phone has been taken in again since.", "Nothing was changed.")


@act("end_holding", resting=(), afterwards=_one_phone)
def end_holding(tx: Tx, held_id: int, how: str, to_whom: str = "", at: datetime | None = None) -> int:
    """Record that a thing is no longer held: returned, passed on to somebody, or (medication) given.

    Returns the record's id. The thing may have been held since an earlier day. Raises `Refused` when it has been ended
    already, `NotUnderstood` when its kind does not end so or nobody is named whom it was passed on to.
    """
    found = tx.file.row(
        f"SELECT student_id, kind, happened FROM held_item h WHERE id = ? AND {live('held_item', 'h')}", (held_id,)
    )
    if found is None:
        raise Refused("That thing is not held.", "Look at the board again.")
    student_id, kind, held = found
    tx.reach(student_id)
    ended = tx.file.row(
        "SELECT e.how, e.happened, l.actor FROM held_end e JOIN ledger l ON l.seq = e.seq"
        f" WHERE e.held_id = ? AND {live('held_end', 'e')}",
        (held_id,),
    )
    if ended is not None:
        raise Refused(f"Already {ended[0]}, {_since(tx, moment(ended[1]))} by {ended[2]}.", "Nothing changed.")
    if how not in ENDS[Holding(kind)]:
        raise NotUnderstood(f"“{how}” does not fit.", f"It can be: {', '.join(ENDS[Holding(kind)])}.")
    whom = clean(to_whom)
    if how == "passed on" and not whom:
        raise NotUnderstood("Say to whom it was passed on.", "A staff code or a name.")
    when = happened(tx, at)
    if when < moment(held):
        raise Refused(f"It is held only since {_since(tx, moment(held))}.", "Check the time.")
    return tx.add("held_end", held_id=held_id, how=how, to_whom=whom, happened=when)


_SELECT = f"""
SELECT h.id, h.student_id, student.surname, student.forename, h.kind, h.what, h.why, h.searched_by, h.kept_where,
    h.due, h.happened, l.actor
FROM held_item h JOIN student ON student.id = h.student_id JOIN ledger l ON l.seq = h.seq
WHERE h.day <= ? AND NOT EXISTS
    (SELECT 1 FROM held_end e WHERE e.held_id = h.id AND e.day <= ? AND {live("held_end", "e")})
    AND {live("held_item", "h")}
"""


def still_held(file: File, day: date, students: Sequence[int]) -> dict[int, tuple[HeldItem, ...]]:
    """Return what is held of some students as that day ends, from whichever day, by student."""
    marks = ", ".join("?" * len(students))
    found = file.rows(
        f"{_SELECT} AND h.student_id IN ({marks}) ORDER BY h.id", [day.isoformat(), day.isoformat(), *students]
    )
    made: dict[int, tuple[HeldItem, ...]] = {}
    for one in map(_item, found):
        made[one.student_id] = (*made.get(one.student_id, ()), one)
    return made


def held_on(file: File, day: date) -> tuple[HeldItem, ...]:
    """Return everything that is still held as that day ends, also from earlier days, by student's name.

    Namesakes are told apart: a phone goes back to its owner. It walks all that was ever held: for a list that is asked
    for, not for the board.
    """
    found = file.rows(f"{_SELECT} ORDER BY student.surname, student.forename, h.id", (day.isoformat(), day.isoformat()))
    names = {student: student_by_id(file, student, day).name for student in {row[1] for row in found}}
    return tuple(_item(row)._replace(name=names[row[1]]) for row in found)


def _item(row: Sequence[Any]) -> HeldItem:
    held_id, student_id, surname, forename, kind, what, why, searched_by, kept_where, due, at, by = row
    name = shown_name(surname, forename)
    return HeldItem(held_id, student_id, name, Holding(kind), what, why, searched_by, kept_where, due, moment(at), by)
