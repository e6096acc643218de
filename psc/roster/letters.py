"""The letter of each reason and destination: the same at a key and on paper."""

from __future__ import annotations

from psc.roster.movements import Destination, OutReason

OUT_LETTERS = {
    "t": OutReason.TOILET,
    "n": OutReason.NURSE,
    "m": OutReason.MEETING,
    "s": OutReason.SAFEGUARDING,
    "e": OutReason.EXAM,
    "p": OutReason.PARENT,
    "b": OutReason.BREAK,
    "l": OutReason.LUNCH,
    "w": OutReason.WALKED_OUT,
}
"""The letter of each reason to be out."""

LEFT_LETTERS = {
    "l": Destination.LESSON,
    "c": Destination.CLOSURE,
    "r": Destination.OTHER_ROOM,
    "d": Destination.END_OF_DAY,
    "n": Destination.NAMED_ADULT,
}
"""The letter of each destination that needs no question."""

HOME_LETTER = "h"
"""The letter of going home early. It asks more than a letter says: on paper it can be read, but not typed from it."""
EVACUATION_LETTER = "v"
"""The letter of an evacuation on paper, which is recorded with a key of its own."""
