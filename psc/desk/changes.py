"""What is edited in place: what stood there before, who changed it last, and a save that came too late.

Staff, rooms, reasons and the school's name are no facts: the row changes, and the ledger's detail keeps what it was.
`about` names the thing, as `room:3`; every act on it writes the same name, so that its last change can be found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import moment, wall
from psc.desk.people import short_name
from psc.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from psc.database.file import File
    from psc.desk.acts import Tx


class Changed(NamedTuple):
    """When something was changed last, and by whom (a staff code)."""

    at: datetime
    by: str

    def words(self, today: date, where: ZoneInfo) -> str:
        """As a line has it: `AD1 10:42`, `AD1 19 Nov 10:42`, `AD1 19 Nov 2025`."""
        day = self.at.astimezone(where).date()
        if day == today:
            return f"{self.by} {wall(self.at, where)}"
        return f"{self.by} {day.day} {day:%b}" + (f" {day:%Y}" if day.year != today.year else "")


def keep_change(tx: Tx, about: str, before: Mapping[str, object], after: Mapping[str, object]) -> None:
    """Keep with the ledger line what a change was about, and those of its fields that differ."""
    differ = [name for name in after if before.get(name) != after[name]]
    tx.said.update(
        about=about,
        before={name: before[name] for name in differ if name in before},
        after={name: after[name] for name in differ},
    )


def check_fresh(tx: Tx, about: str, seen: object, stands: object) -> None:
    """Raise `Refused`, with who and when, where a thing is no longer as it was `seen` by whoever changes it now."""
    if seen == stands:
        return
    # An import names no single thing, and may have been what changed this one.
    found = tx.file.row(
        "SELECT l.at, l.actor FROM ledger l LEFT JOIN ledger_detail d ON d.seq = l.seq"
        " WHERE l.act IN ('import', 'start_year') OR json_extract(d.json, '$.about') = ? ORDER BY l.seq DESC LIMIT 1",
        (about,),
    )
    last = Changed(moment(found[0]), found[1]).words(tx.today, tx.file.zone) if found else "at another terminal"
    raise Refused(
        f"Changed meanwhile: {last}.", "Close this and open it again to see how it stands; nothing was saved."
    )


def check_differs(stands: object, becomes: object) -> None:
    """Raise `Refused` for a change that changes nothing."""
    if stands == becomes:
        raise Refused("It is so already.", "Nothing was changed.")


def who_wrote(file: File, seq: int, today: date) -> str:
    """Return who wrote a ledger line and when, as a sentence names them: `M. Adebayo 10:42`, `psc 19 Nov 10:42`."""
    found = file.row(
        "SELECT l.at, l.actor, s.forename, s.surname FROM ledger l LEFT JOIN staff s ON s.code = l.actor WHERE seq = ?",
        (seq,),
    )
    if found is None:
        return "at another terminal"
    at, code, forename, surname = found
    when = moment(at).astimezone(file.zone)
    day = "" if when.date() == today else f"{when.day} {when:%b} "
    return f"{code if surname is None else short_name(forename, surname)} {day}{wall(when, file.zone)}"


def last_changes(file: File, acts: Iterable[str]) -> Mapping[str, Changed]:
    """Return the last change of each thing that these acts are about, by its name."""
    names = list(acts)
    found = file.rows(
        "SELECT json_extract(d.json, '$.about'), l.at, l.actor FROM ledger l JOIN ledger_detail d ON d.seq = l.seq"
        f" WHERE l.act IN ({', '.join('?' * len(names))}) ORDER BY l.seq",
        names,
    )
    return {about: Changed(moment(at), by) for about, at, by in found if about}


def fields(value: Any) -> dict[str, object]:
    """Return a value's fields as the ledger keeps them."""
    return {name: _plain(one) for name, one in value._asdict().items()}


def _plain(one: object) -> object:
    if hasattr(one, "isoformat"):
        return one.isoformat()
    return sorted(one) if isinstance(one, frozenset) else one
