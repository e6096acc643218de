"""Plain letters for the signs psc draws: for fonts that lack them, for encodings that cannot write them, and for
readers who know a letter sooner.

Each sign has one letter, so that a line stays as wide as it was. What people typed is translated along with the rest of
the line: a dash of theirs then reads as a hyphen, their letters stay.
"""

from __future__ import annotations

PLAIN = {
    "●": "+",
    "◐": "o",
    "○": ".",
    "✓": "v",
    "✗": "x",
    "▲": "^",
    "▣": "#",
    "◆": "*",
    "▌": ">",
    "▏": "_",
    "▎": "|",
    "│": "|",
    "·": "-",
    "–": "-",
    "—": "-",
    "…": "~",
    "≈": "~",
    "←": "<",
    "→": ">",
    "↑": "^",
    "↓": "v",
    "▶": ">",
    "▸": ">",
    "×": "x",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "╭": "+",
    "╮": "+",
    "╰": "+",
    "╯": "+",
    "─": "-",
    "━": "-",
    "┃": "|",
    "▔": "-",
    "▁": "_",
    "▕": "|",
    **dict.fromkeys("▂▃▄▅▆▇█▉▊▋▍", "#"),
}
"""Every sign of the board, its lines and its frames, with the letter that stands for it."""

WORK = {
    "needed": "!",
    "requested": "?",
    "received": "▣",
    "issued": "▶",
    "returned": "✓",
    "sent back": "✓",
}
"""The sign of each state of a period's work."""
FALLBACK = "F"
"""The sign of a pack that stands in for the lesson's own work, until it is handed in."""


def work_glyph(state: str, *, fallback: bool) -> str:
    """Return the sign of a period's work."""
    return FALLBACK if fallback and state in ("received", "issued") else WORK[state]


_TABLE = str.maketrans(PLAIN)


def in_letters(text: str) -> str:
    """Return text with every sign as its plain letter, just as wide."""
    return text if text.isascii() else text.translate(_TABLE)


def can_write_signs(encoding: str) -> bool:
    """Say whether an encoding can write the signs at all."""
    try:
        "".join(PLAIN).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
