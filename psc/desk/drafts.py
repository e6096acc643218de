"""Drafts: what somebody was typing, kept for them alone until they save it, throw it away, or a week has gone by.

A draft is no act and leaves no line in the ledger: it is one person's unfinished sentence, written in place, about once
a second. Nothing may be read of it but by its author, so every query here names them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, school_day, stamp, wall
from psc.database.driver import translated
from psc.errors import PscError
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from psc.database.file import File

KEPT_FOR = timedelta(days=7)
"""How long a draft is kept: over a weekend and an absence, and no longer than it is of use."""
LONGEST = 1_000_000
"""Characters a draft holds at the most, all fields together: every page of a statement, written full."""


class Draft(NamedTuple):
    """What was typed, by the names of the form's fields, and when it was kept last."""

    saved: datetime
    typed: Mapping[str, str]

    def when(self, now: datetime, zone: ZoneInfo) -> str:
        """Return when it was kept, as people say it: `09:14`, and of another day `Fri 20 Nov 15:02`."""
        clock, day = wall(self.saved, zone), school_day(self.saved, zone)
        return clock if day == school_day(now, zone) else f"{day:%a} {day.day} {day:%b} {clock}"


def draft_of(file: File, staff_id: int, form: str, about: str) -> Draft | None:
    """Return what its author left of a form about something, None when there is nothing that can be read."""
    with suppress(PscError):
        found = file.row(
            "SELECT saved, json FROM draft WHERE staff_id = ? AND form = ? AND about = ?", (staff_id, form, about)
        )
        if found:
            typed = json.loads(found[1])
            if isinstance(typed, dict):
                return Draft(
                    moment(found[0]), {str(name): clean(str(text), lines=True) for name, text in typed.items()}
                )
    return None


def keep_draft(file: File, staff_id: int, form: str, about: str, typed: Mapping[str, str], now: datetime) -> bool:
    """Keep what is typed, in place of what was kept before; returns whether it could be written.

    It is cleaned, and cut at `LONGEST`. A full disk, a read-only file or another terminal that writes just now is no
    error: whoever types has not asked for anything.
    """
    kept, left = {}, LONGEST
    for name, text in typed.items():
        kept[name] = clean(text, lines=True)[:left]
        left -= len(kept[name])
    with suppress(PscError), translated(), file.atomic():
        file.execute(
            "INSERT INTO draft (staff_id, form, about, saved, json) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (staff_id, form, about) DO UPDATE SET saved = excluded.saved, json = excluded.json",
            (staff_id, form, about, stamp(now), json.dumps(kept, ensure_ascii=False)),
        )
        return True
    return False


def drop_draft(file: File, staff_id: int, form: str, about: str) -> None:
    """Take a draft away, if there is one and the file can be written."""
    with suppress(PscError), translated(), file.atomic():
        file.execute("DELETE FROM draft WHERE staff_id = ? AND form = ? AND about = ?", (staff_id, form, about))


def drop_old_drafts(file: File, now: datetime) -> None:
    """Take away every draft that has been kept for long enough, whoever its author is."""
    with suppress(PscError), translated(), file.atomic():
        file.execute("DELETE FROM draft WHERE saved < ?", (stamp(now - KEPT_FOR),))
