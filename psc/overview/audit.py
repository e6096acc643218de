"""Who looked: every look at a student, every sheet they stood on, every change; and whether the ledger holds."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from inspect import signature
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import at_clock, moment, stamp
from psc.database import ledger
from psc.desk import looks
from psc.desk.acts import ACTS
from psc.desk.every_act import know_every_act
from psc.desk.people import Role, short_name
from psc.desk.permissions import scope_of

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.database.ledger import Verdict
    from psc.desk.acts import Desk
    from psc.desk.people import Staff


class Viewing(NamedTuple):
    """One line of the ledger that concerns a student. `name` is "" for somebody no longer on the staff list."""

    at: datetime
    code: str
    name: str
    role: str
    act: str
    what: str
    why: str

    @property
    def who(self) -> str:
        """As a list says it: `J. Smith (AS1), assistant`."""
        named = f"{self.name} ({self.code})" if self.name else self.code
        return f"{named}, {self.role}"


class Viewed(NamedTuple):
    """All of them, newest first, the kinds apart."""

    looks: tuple[Viewing, ...]
    prints: tuple[Viewing, ...]
    acts: tuple[Viewing, ...]


_LINES = """
SELECT DISTINCT l.seq, l.at, l.actor, coalesce(staff.forename, ''), coalesce(staff.surname, ''), l.role, l.act,
    coalesce(d.json, '{}')
FROM ledger_student s JOIN ledger l ON l.seq = s.seq LEFT JOIN ledger_detail d ON d.seq = l.seq
LEFT JOIN staff ON staff.code = l.actor
WHERE s.student_id IN (SELECT id FROM student WHERE :student IN (id, merged_into)) AND l.at >= :since
ORDER BY l.seq DESC
"""


def who_looked(desk: Desk, student_id: int, since: date | None = None) -> Viewed:
    """Return who looked at a student, printed them and changed something, from a day on if one is given.

    Asking is a look itself, noted before the answer is read, and stands in it. Raises `NotAllowed`.
    """
    know_every_act()  # of each the reason stands where its own code says
    desk.do_patiently(looks.who_viewed(student_id), seconds=2)
    lines = viewings(desk.file, student_id, since)
    return Viewed(
        tuple(one for one in lines if one.act in looks.LOOKS),
        tuple(one for one in lines if one.act in looks.PRINTS),
        tuple(one for one in lines if one.act not in (*looks.LOOKS, *looks.PRINTS)),
    )


def viewings(file: File, student_id: int, since: date | None = None) -> tuple[Viewing, ...]:
    """Return the lines of the ledger that concern a student, newest first, from a day on if one is given."""
    first = stamp(at_clock(since, time(), file.zone)) if since else ""
    return tuple(_viewing(*row) for row in file.rows(_LINES, {"student": student_id, "since": first}))


def _viewing(_: int, at: str, actor: str, forename: str, surname: str, role: str, act: str, detail: str) -> Viewing:
    said = json.loads(detail)
    name = short_name(forename, surname) if surname else ""
    return Viewing(moment(at), actor, name, Role(role).words, act, _what(act, said), _why(act, said))


def _what(act: str, said: dict[str, Any]) -> str:
    """Say what was done, without what it was about."""
    match act:
        case "open_row":
            return f"opened: {said['view']}" if said.get("view") else "opened on the board"
        case "open_student":
            return f"opened: {said.get('view', '')}" + (", outside their years" if said.get("outside") else "")
        case "who_viewed":
            return "asked who looked"
        case "open_investigation_file":
            return f"opened: {said.get('view', 'an investigation')}"
        case "print_sheet":
            return f"printed: {said.get('sheet', '')}"
        case "export_student":
            return f"export of everything held: {said.get('step', '')}"
        case _:
            return act.replace("_", " ")


def _why(act: str, said: dict[str, Any]) -> str:
    """Return the reason that was typed for it: for a look, or for going over a rule; "" for none."""
    if words := said.get("why"):
        return str(words)
    names = list(signature(ACTS[act].run).parameters)[1:] if act in ACTS else []
    for asked in said.get("asked", ()):
        given = {**dict(zip(names, asked.get("args", ()), strict=False)), **asked}
        if words := given.get("override") or given.get("why"):
            return str(words)
    return ""


def verified(file: File, staff: Staff) -> Verdict:
    """Walk the ledger's chain and return what was found; no student is in it. Raises `NotAllowed`."""
    scope_of("verify_ledger", staff)
    return ledger.verify(file)
