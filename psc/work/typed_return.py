"""What was handed in, as it is typed in a line: how much, effort, and a line to the teacher."""

from __future__ import annotations

import re
from typing import NamedTuple

from psc.errors import NotUnderstood
from psc.text import clean

HINT = "0-9 tenths or a all, then effort 1-4, then a line: 8 3 stuck on question 4"
"""What fits, in a line."""

_TYPED = re.compile(
    r"(?P<share>\d{1,3}\s*%|100|all|[aA0-9](?![0-9a-zA-Z]{2}))(?:\s*(?P<effort>[1-4])(?![\w%]))?(?:\s+(?P<line>.*))?"
)

_DIGIT = re.compile(r"\d(?!\S)")


class Typed(NamedTuple):
    """What was typed: the share done (0-100), effort (1-4, None unless said), one line to the teacher."""

    share: int
    effort: int | None = None
    line: str = ""


def read_return(text: str) -> Typed:
    """Read what was handed in: `8` is 80%, `a` all of it, `85%` just that; `83` or `8 3` adds effort 3.

    Raises `NotUnderstood`.
    """
    found = _TYPED.fullmatch(clean(text))
    share = _share(found["share"]) if found else None
    if found is None or share is None:
        raise NotUnderstood("How much is done?", f"Type {HINT}.")
    line = (found["line"] or "").strip()
    if not found["effort"] and _DIGIT.match(line):
        raise NotUnderstood("Effort is from 1 to 4.", f"Type {HINT}.")
    return Typed(share, int(found["effort"]) if found["effort"] else None, line)


def _share(typed: str) -> int | None:
    """Return the share in per cent, None where it is over 100."""
    if typed in ("a", "A", "all", "100"):
        return 100
    if typed.endswith("%"):
        share = int(typed.rstrip("% "))
        return share if share <= 100 else None
    return int(typed) * 10


def typed_return(share: int, effort: int | None, line: str) -> str:
    """Return what was handed in as it would be typed."""
    how_much = "a" if share == 100 else str(share // 10) if share % 10 == 0 else f"{share}%"
    return " ".join(part for part in (how_much, str(effort or ""), line) if part)
