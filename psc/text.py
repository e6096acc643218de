"""Text that people type or files bring: made safe to keep, and folded for finding.

Names and notes are data, never markup. `clean` runs on the way in; `tui/literal.py` and the printers clean again on the
way out, since a file may have been written by an older psc or by another hand.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from psc.errors import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Iterable

# Letters that NFKD leaves whole although people type them without the stroke.
_STROKES = str.maketrans(
    {
        "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th",
        "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ħ": "h", "Ħ": "h", "ı": "i", "ŋ": "n", "Ŋ": "n",
    }
)  # fmt: skip
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_NOT_WORD = re.compile(r"[\W_]+")
# C0 and C1 controls, bidirectional overrides, zero-width and other invisible characters that could reorder or hide what
# is read, lone surrogates, line and paragraph separators. Tab and newline are dealt with before.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff\U000e0000-\U000e0fff]"
)


def clean(text: str, *, lines: bool = False) -> str:
    """Return `text` as psc keeps it: composed (NFC), without control or invisible characters, spaces closed up.

    With `lines` the line breaks stay (notes); without, they become spaces (names, reasons).
    """
    if text.isascii() and text.isprintable():
        composed = text
    else:
        composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        if lines:
            parts = [_UNSAFE.sub("", part.replace("\t", " ")) for part in composed.split("\n")]
            return "\n".join(" ".join(part.split()) for part in parts).strip("\n")
        composed = _UNSAFE.sub("", composed.replace("\n", " ").replace("\t", " "))
    return " ".join(composed.split())


def shown(text: str) -> str:
    """Return `text` fit to draw: what `clean` would keep, without touching its spaces."""
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub("", text)


def fold(text: str) -> str:
    """Return `text` as it is searched: lower case, no accents, no apostrophes, other punctuation as single spaces.

    "Łukasz O’Brien-Reid" becomes "lukasz obrien reid".
    """
    bare = _APOSTROPHES.sub("", text)
    if not bare.isascii():
        decomposed = unicodedata.normalize("NFKD", bare.translate(_STROKES))
        bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", bare.casefold()).strip()


def matches(needle: str, haystack: str) -> bool:
    """Say whether every word of `needle` begins a word of `haystack`; both folded already. Order does not matter."""
    words = haystack.split()
    return all(any(word.startswith(part) for word in words) for part in needle.split())


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return "1 student", "3 students"; `plural` where adding an s is wrong."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def one_of(typed: str, choices: Iterable[str], what: str) -> str:
    """Return the choice that `typed` names or begins. Raises `NotUnderstood` with the list."""
    every = [str(choice) for choice in choices]
    wanted, plain = fold(typed), {value: fold(value) for value in every}
    exact = [value for value in every if plain[value] == wanted]
    fitting = exact or [value for value in every if wanted and plain[value].startswith(wanted)]
    if len(fitting) != 1:
        raise NotUnderstood(f"“{typed[:40]}” is not a {what} psc knows.", f"It can be: {', '.join(every)}.")
    return fitting[0]


LONGEST = 400
"""Characters of a reason, a title or a line: longer is refused whole, so that nothing is cut unseen."""


def check_length(text: str, what: str, most: int = LONGEST, *, lines: bool = False) -> str:
    """Return text cleaned, as it is kept; with `lines` its line breaks stay.

    Raises `NotUnderstood` when it is too long; nothing is ever cut.
    """
    words = clean(text, lines=lines)
    if len(words) > most:
        raise NotUnderstood(
            f"The {what} has {len(words):,} characters; {most:,} fit.",
            "Shorten it: nothing was saved, and what you typed stands.",
        )
    return words
