"""An event of a student as staff type it, on one line."""

from __future__ import annotations

import re
from datetime import date, time
from typing import NamedTuple

from psc.errors import NotUnderstood
from psc.roster.events import EventKind
from psc.school.bells import typed_clock
from psc.school.calendar import coming_day
from psc.text import clean


class TypedEvent(NamedTuple):
    """An event as it was typed on one line."""

    day: date
    starts: time
    ends: time
    kind: EventKind
    note: str


_TYPED = re.compile(r"\s*([a-z]+)\s+(\d{1,2}[:.]?\d\d)\s*(?:-|–|to)\s*(\d{1,2}[:.]?\d\d)\b\s*([^,]*)(?:,(.*))?", re.I)


def typed_event(text: str, today: date) -> TypedEvent:
    """Read an event as staff type it: `exam 1110-1210 Hall, tomorrow`. What stands after the comma is the day.

    The kind may be cut short (`app`). Raises `NotUnderstood` for anything else.
    """
    found = _TYPED.fullmatch(text)
    if found is None:
        raise NotUnderstood(f"“{text.strip()}” is not an event psc can read.", "Type exam 1110-1210 Hall, tomorrow.")
    word = found[1].lower()
    kinds = [kind for kind in EventKind if kind.value.startswith(word)]
    if len(kinds) != 1:
        raise NotUnderstood(f"“{found[1]}” is not a kind of event.", f"It can be: {', '.join(EventKind)}.")
    note, day_text = clean(found[4]), found[5] or ""
    if found[5] is None:  # the comma is easily forgotten, and a day must not end as a note
        before, _, last = note.rpartition(" ")
        try:
            coming_day(last, today)
        except NotUnderstood:
            pass
        else:
            note, day_text = (before, last) if last else (note, "")
    day = coming_day(day_text, today)
    return TypedEvent(day, typed_clock(found[2]), typed_clock(found[3]), kinds[0], note)
