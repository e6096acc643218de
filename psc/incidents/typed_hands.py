"""The adults of a restrictive record as they are typed on one line: `AS1: held an arm; A. Supply: the other`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.people import everyone, who_is
from psc.incidents.restriction import Hand
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psc.database.file import File

HOW = "AS1: held an arm; A. Supply: the other arm"


def read_hands(file: File, text: str) -> tuple[Hand, ...]:
    """Return the adults of a line, each with what they did; a code may stand before it without the colon.

    Raises `NotUnderstood` for what looks like a code that nobody has, and for what is no name.
    """
    codes = {one.code.casefold() for one in everyone(file)}
    made = []
    for piece in text.replace("\n", ";").split(";"):
        name, colon, role = piece.partition(":")
        first, _, rest = piece.strip().partition(" ")
        if not colon and first.casefold() in codes:
            name, role = first, rest
        if clean(piece):
            who = who_is(file, name)
            made.append(Hand(who.staff_id, who.name, clean(role)))
    return tuple(made)


def hands_typed(file: File, hands: Iterable[Hand]) -> str:
    """Return adults as they could have been typed."""
    codes = {one.id: one.code for one in everyone(file)}
    return "; ".join(f"{codes.get(one.staff_id or 0, one.name)}: {one.role}".strip() for one in hands)


def hand_words(one: Hand) -> str:
    """Return an adult with what they did: `J. Smith, held an arm`."""
    return f"{one.name}, {one.role}" if one.role else one.name
