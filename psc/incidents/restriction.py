"""What a restrictive record says of one use of force, or one seclusion, and what it cannot do without.

Source: the domain notes, section Incidents.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import minutes_between
from psc.errors import NotUnderstood, Refused
from psc.incidents.incidents import LONGEST
from psc.text import check_length

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPES = ("restraint", "mechanical", "seclusion", "non-contact")
PLANS = ("none", "followed", "not followed", "not known")
"""Whether the student had a plan for such moments, and whether it was kept to."""
LONGEST_STRETCH = timedelta(hours=24)
"""A record over a longer time than this is a slip of the date, not of the hand."""

NEEDED = {
    "place": "the exact place", "led_up": "what led up to it", "deescalation": "what was tried before",
    "ended_how": "how it ended", "injuries": "injuries, or that there were none",
}  # fmt: skip
"""What a record cannot do without. The student's view and the debrief may come later."""
_LONG = ("led_up", "deescalation", "ended_how", "injuries", "medical", "view", "witnesses", "debrief")


class Hand(NamedTuple):
    """An adult who took part: a member of staff, or the name that was typed, and what they did."""

    staff_id: int | None
    name: str
    role: str


class Restriction(NamedTuple):
    """What one version of a record says."""

    type: str
    starts: datetime
    ends: datetime
    place: str
    staff: tuple[Hand, ...]
    led_up: str
    deescalation: str
    ended_how: str
    injuries: str
    medical: str = ""
    plan: str = "not known"
    view: str = ""
    """The student's own view."""
    witnesses: str = ""
    debrief: str = ""

    @property
    def minutes(self) -> int:
        """How long it was, in whole minutes that were over."""
        return minutes_between(self.starts, self.ends)


def checked(said: Restriction) -> Restriction:
    """Return what a record says with its words cleaned.

    Raises `NotUnderstood` for what is missing, too long or not of a list, `Refused` for an end before its start.
    """
    if said.type not in TYPES:
        raise NotUnderstood("Say what it was.", f"It can be: {', '.join(TYPES)}.")
    if said.plan not in PLANS:
        raise NotUnderstood("Say whether there was a plan.", f"It can be: {', '.join(PLANS)}.")
    if said.ends < said.starts:
        raise Refused("It ends before it begins.", "Look at both times; nothing was saved.")
    if said.ends - said.starts > LONGEST_STRETCH:
        raise Refused("That is over 24 hours.", "Look at both days; nothing was saved.")
    words: dict[str, Any] = {
        name: check_length(getattr(said, name), _label(name), LONGEST, lines=True) for name in _LONG
    }
    whole = said._replace(**words, place=check_length(said.place, "place"), staff=_hands(said.staff))
    for name, what in NEEDED.items():
        if not getattr(whole, name):
            raise NotUnderstood(f"Say {what}.", "A sentence is enough: nothing was saved, what you typed stands.")
    return whole


def _label(name: str) -> str:
    return {"led_up": "account of what led up to it", "ended_how": "account of how it ended"}.get(
        name, {"deescalation": "de-escalation", "view": "student’s view"}.get(name, name)
    )


def _hands(staff: Sequence[Hand]) -> tuple[Hand, ...]:
    made: dict[object, Hand] = {}
    for one in staff:
        name, role = check_length(one.name, "name", 100), check_length(one.role, "role", 100)
        if one.staff_id is None and not name:
            raise NotUnderstood("An adult needs a name.", "Type a name, or choose somebody of the staff.")
        made[one.staff_id or name.casefold()] = Hand(one.staff_id, name, role)
    if not made:
        raise NotUnderstood("Say which adults took part.", "Each with what they did: KB held an arm.")
    return tuple(made.values())
