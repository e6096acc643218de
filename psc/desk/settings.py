"""Settings: every figure of the rules, with its default, dated from when it holds.

A day is judged by the settings in force on it, so a change of today leaves the past as it was.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.acts import Tx, act
from psc.errors import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from psc.database.file import File


class Settings(NamedTuple):
    """The figures in force on one day. Sources: the domain notes, section Roster."""

    grace_minutes: int = 5
    """Minutes after the start of a period before a student who has not come is late."""
    entered_later_minutes: int = 5
    """Minutes between happened and recorded from which a fact is marked *entered later*."""
    toilet_minutes: int = 10
    """Minutes a toilet pass allows."""
    nurse_minutes: int = 30
    """Minutes with the nurse before somebody asks."""
    way_minutes: int = 5
    """Minutes that the way to another room takes at most."""
    welfare_minutes: int = 30
    """Minutes between welfare checks of a student who is alone, held or in regulation, where the room sets no own."""
    register_close_minutes: int = 30
    """Minutes after the first bell at which the register closes."""
    served_share: int = 75
    """Per cent of a period's minutes a student must be present for it to be served."""
    served_mark: int = 2
    """The lowest period check with which a period is served."""
    keep_apart_days: int = 30
    """Days that a keep-apart pair holds unless said otherwise."""
    quiet_minutes: int = 2
    """Minutes without a key after which the board goes quiet: initials only, and a PIN to go on. Never off."""
    lock_minutes: int = 10
    """Minutes without a key after which the screen is locked whole."""
    visit_seconds: int = 45
    """Seconds without a key after which a short visit to somebody else's desk goes quiet."""
    wait_minutes: int = 15
    """Minutes that nobody can sign in under a code after five wrong answers."""

    def allowed_out(self, reason: str) -> int | None:
        """Return the minutes a student may be out for `reason`: none for walking out, None where no figure is set."""
        return {"toilet": self.toilet_minutes, "nurse": self.nurse_minutes, "walked out": 0}.get(reason)


BOUNDS: Mapping[str, tuple[int, int]] = {
    "served_share": (1, 100),
    "served_mark": (0, 4),
    "quiet_minutes": (1, 5),
    "lock_minutes": (5, 30),
    "visit_seconds": (15, 120),
    "wait_minutes": (5, 120),
    "keep_apart_days": (1, 400),
}
"""The least and the most a setting may be, where that is not any number from 0 to 1,000."""


def settings_on(file: File, day: date) -> Settings:
    """Return the settings in force on `day`."""
    found = file.rows("SELECT name, value FROM setting WHERE from_day <= ? ORDER BY from_day, id", (day.isoformat(),))
    known = set(Settings._fields)
    return Settings(**{name: json.loads(value) for name, value in found if name in known})


@act("change_setting")
def change_setting(tx: Tx, name: str, value: int, *, from_day: date | None = None) -> None:
    """Give a setting a new value from a day on (today unless given). Raises `NotUnderstood` for an unknown name."""
    if name not in set(Settings._fields):
        raise NotUnderstood(f"There is no setting “{name}”.", "See the list of settings in the guide.")
    least, most = BOUNDS.get(name, (0, 1_000))
    if not least <= value <= most:
        raise NotUnderstood(f"{name} is a number from {least} to {most}.", "Give minutes, seconds, days or per cent.")
    tx.file.execute(
        "INSERT INTO setting (name, value, from_day, seq) VALUES (?, ?, ?, ?)",
        (name, json.dumps(value), (from_day or tx.today).isoformat(), tx.seq),
    )
