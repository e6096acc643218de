"""Cover passes: a supply teacher sits down in seconds, in some rooms, for what is left of the day.

A pass is a member of staff of its own, with the role *cover*, a code that nobody ever had, and a PIN. The day it was
given for is a fact: on any other day the code is nobody's.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import LONGEST_NAME, PASS_CODE, Role, short_name
from psc.desk.permissions import scope_of
from psc.errors import NotUnderstood, Refused
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.desk.secrets import Hidden

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "rev", "prof"})


class Pass(NamedTuple):
    """A cover pass of a day. `rooms` are ids, none for every room; `ended` is when it was ended before its day was."""

    staff_id: int
    code: str
    name: str
    agency: str
    rooms: tuple[int, ...]
    issued: datetime
    by: str
    """Who gave it, as the board names staff."""
    ended: datetime | None


def rooms_words(one: Pass, codes: Mapping[int, str]) -> str:
    """Say which rooms a pass is for, given every room's code: `IER and PSC`, `all rooms`."""
    return " and ".join(codes[room] for room in one.rooms if room in codes) or "all rooms"


def typed_name(text: str) -> tuple[str, str, str]:
    """Return title, forename and surname of a name as people type it: `Pat Lewis`, `Lewis, Pat`, `Mr Lewis`.

    Raises `NotUnderstood` for what is no name.
    """
    last, comma, first = clean(text).partition(",")
    words = [*first.split(), *last.split()] if comma else last.split()
    title = words.pop(0) if len(words) > 1 and words[0].rstrip(".").casefold() in _TITLES else ""
    name = " ".join(words)
    if not any(one.isalpha() for one in name):
        raise NotUnderstood("Whose pass is it?", "Type their name: Pat Lewis.")
    if len(name) > LONGEST_NAME:
        raise NotUnderstood("That is too long for a name.", f"{LONGEST_NAME} characters are the most.")
    surname = clean(last) if comma and not title else words[-1]
    return title, name.removesuffix(surname).strip(), surname


@act("issue_pass", resting=(), afterwards=lambda tx: _forget(tx, "seq = ?", tx.undoes))
def issue_pass(tx: Tx, name: str, hashed: Hidden, *, agency: str = "", rooms: Sequence[int] = ()) -> str:
    """Give somebody a pass for today, and return its code. `hashed` is of its PIN; no `rooms` stand for every room.

    Raises `NotUnderstood` for what is no name, and for a room that there is not.
    """
    title, forename, surname = typed_name(name)
    sent_by = clean(agency)
    if len(sent_by) > LONGEST_NAME:
        raise NotUnderstood("That is too long for an agency.", f"{LONGEST_NAME} characters are the most.")
    known = {room for (room,) in tx.file.rows("SELECT id FROM room")}
    if not known >= set(rooms):
        raise NotUnderstood("There is no such room.", "Look at the list of rooms.")
    _forget(tx, "day <> ?", tx.today.isoformat())
    code = _next_code(tx.file)
    cursor = tx.file.execute(
        "INSERT INTO staff (code, title, forename, surname, email, role) VALUES (?, ?, ?, ?, '', ?)",
        (code, title, forename, surname, Role.COVER.value),
    )
    staff_id = int(cursor.lastrowid or 0)
    tx.file.execute("INSERT INTO secret (staff_id, hash) VALUES (?, ?)", (staff_id, hashed.value))
    tx.add("cover_pass", staff_id=staff_id, agency=sent_by, rooms=json.dumps(sorted(set(rooms))))
    tx.said["about"] = f"staff:{staff_id}"
    return code


@act("end_pass", resting=())
def end_pass(tx: Tx, staff_id: int) -> str:
    """End a pass of today before its day is over; returns its code. Whoever sits at a desk with it is stood up.

    Raises `Refused` for a pass that has ended.
    """
    found = tx.file.row(
        "SELECT c.id, staff.code FROM cover_pass c JOIN staff ON staff.id = c.staff_id"
        f" WHERE c.staff_id = ? AND c.day = ? AND {live('cover_pass', 'c')}",
        (staff_id, tx.today.isoformat()),
    )
    if found is None:
        raise Refused("That pass has ended already.", "Nothing was changed.")
    pass_id, code = found
    tx.retract("cover_pass", pass_id, "ended")
    tx.said["about"] = f"staff:{staff_id}"
    return str(code)


def _next_code(file: File) -> str:
    """Return the first of C1, C2 … that nobody has or ever had: whoever leaves stays on the staff list."""
    given = {int(found[1]) for (code,) in file.rows("SELECT code FROM staff") if (found := PASS_CODE.fullmatch(code))}
    return f"C{next(number for number in range(1, len(given) + 2) if number not in given)}"


def _forget(tx: Tx, which: str, value: object) -> None:
    """Take passes that will never open psc again off the lists of staff, and what is kept of their PINs."""
    those = f"(SELECT staff_id FROM cover_pass WHERE {which})"
    tx.file.execute(f"DELETE FROM secret WHERE staff_id IN {those}", (value,))
    tx.file.execute(f"UPDATE staff SET active = 0 WHERE active AND id IN {those}", (value,))


def passes_on(file: File, day: date, staff: Staff) -> tuple[Pass, ...]:
    """Return the passes of a day in the order they were given, those that were ended too.

    Raises `NotAllowed` for who may not see the staff list.
    """
    scope_of("see_staff", staff)
    found = file.rows(
        "SELECT c.staff_id, s.code, s.title, s.forename, s.surname, c.agency, c.rooms, l.at, l.actor,"
        " coalesce(giver.forename, ''), coalesce(giver.surname, ''), r.recorded, coalesce(r.reason, '')"
        " FROM cover_pass c JOIN staff s ON s.id = c.staff_id JOIN ledger l ON l.seq = c.seq"
        " LEFT JOIN staff giver ON giver.code = l.actor"
        " LEFT JOIN retraction r ON r.fact = 'cover_pass' AND r.fact_id = c.id"
        " WHERE c.day = ? ORDER BY c.id",
        (day.isoformat(),),
    )
    made: dict[int, Pass] = {}
    for staff_id, code, title, forename, surname, agency, kept, at, actor, first, last, ended, why in found:
        if why == "undone":
            made.pop(staff_id, None)
            continue
        name = " ".join(part for part in (title, forename, surname) if part)
        by = short_name(first, last) if last else actor
        over = moment(ended) if ended else None
        made[staff_id] = Pass(staff_id, code, name, agency, tuple(json.loads(kept)), moment(at), by, over)
    return tuple(made[one] for one in sorted(made))


def the_pass(file: File, code: str, day: date, staff: Staff) -> Pass:
    """Return the pass of a day that has a code, case ignored. Raises `NotUnderstood`."""
    for one in passes_on(file, day, staff):
        if one.code.casefold() == code.strip().casefold():
            return one
    raise NotUnderstood(f"No pass of today has the code “{code.strip()}”.", "See the list: psc staff passes.")
