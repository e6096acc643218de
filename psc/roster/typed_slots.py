"""Days and periods as staff type them, taken apart: what a booking and a weekly pattern are both read from.

Nothing here knows the calendar. `Tue P2-P4, Wed` becomes two groups; which Tuesday that is, and whether
there is school, is for whoever reads them (`typed_booking.py`, `patterns.py`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from psc.errors import NotUnderstood
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

LONGEST_TYPED = 400
MOST_DAYS = 60
"""How many days, lessons or weeks can be counted off."""


class Day(NamedTuple):
    """A day as it was typed: a weekday (0 for Monday), a date, both, or so many days from today."""

    weekday: int | None = None
    number: int = 0
    month: int = 0
    year: int = 0
    ahead: int | None = None


class Group(NamedTuple):
    """What stands between two commas.

    `days` are single days and runs (first, last). `periods` are runs too; those in `last_periods` stand after *until*.
    `whole` is *all lessons*; `closed` says that what comes next stands for itself.
    """

    many: int = 0
    unit: str = ""
    days: tuple[tuple[Day, Day], ...] = ()
    until: Day | None = None
    periods: tuple[tuple[str, str], ...] = ()
    last_periods: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    closed: bool = False


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBERS = (
    *("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_TOKEN = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2}(?!\d))"
    r"|(?P<slashed>\d{1,2}/\d{1,2}(?:/\d{4})?(?![\d/]))"
    r"|(?P<span>\d{1,2}(?:st|nd|rd|th)?\s*(?:-|\bto\b)\s*\d{1,2}(?:st|nd|rd|th)?\s+" + _MONTH + r"\b(?:\s+\d{4}\b)?)"
    r"|(?P<dated>\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?" + _MONTH + r"\b(?:\s+\d{4}\b)?)"
    r"|(?P<period>(?:periods?\s*|p\s?)\d{1,2}(?![\w/]))"
    r"|(?P<weekday>(?:mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?\b)"
    r"|(?P<today>today|tomorrow)\b"
    r"|(?P<every>(?:daily|(?:each|every)\s+day)\b)"
    r"|(?P<whole>(?:all|whole)(?:\s+(?:day|the\s+lessons|lessons|periods))?\b)"
    r"|(?P<unit>(?:school\s+)?(?:days?|lessons?|periods?|weeks?)\b)"
    r"|(?P<until>(?:until|till|til|through|up\s+to)\b)"
    r"|(?P<range>-|to\b)"
    r"|(?P<comma>,|&|\+|and\b)"
    r"|(?P<stop>;)"
    r"|(?P<number>\d+(?:st|nd|rd|th)?\b|(?:" + "|".join(_NUMBERS) + r")\b)"
    r"|(?P<skipped>(?:from|on|for|the|of|this|starting|beginning)\b)",
    re.IGNORECASE | re.ASCII,
)
_NO_PAUSE = re.compile(r"(days?|weeks?|lessons?|periods?)\s*,\s*(?=(?:from|starting|beginning)\b)", re.ASCII)
"""A comma that parts nothing: `three days, starting on Tuesday`."""
_PHRASES = (
    (re.compile(r"\b(?:the\s+)?rest\s+of\s+(?:the\s+day|today)\b"), "today"),
    (re.compile(r"\b(?:(?:the\s+)?rest\s+of\s+(?:the|this)|this)\s+week\b"), "until fri"),
    (re.compile(r"\bnext\s+week\b"), "mon-fri"),
)
"""What stands for days in the words of others."""
_Tokens = list[tuple[str, str]]


def read_groups(text: str, names: Collection[str], how: str) -> tuple[Group, ...]:
    """Return what was typed, taken apart. `names` are the school's periods beside P1, P2 …

    Raises `NotUnderstood`, with `how` to type it, for what cannot be read.
    """
    typed = clean(text)
    if len(typed) > LONGEST_TYPED:
        raise NotUnderstood(f"That is {len(typed)} characters; {LONGEST_TYPED} fit.", how)
    made: list[Group] = []
    part: _Tokens = []
    for kind, word in [*_tokens(typed, names, how), ("stop", ";")]:
        if kind not in ("comma", "stop"):
            part.append((kind, word))
            continue
        if part:
            made.append(_group(part, how))
            part = []
        if made and kind == "stop":
            made[-1] = made[-1]._replace(closed=True)
    if not made:
        raise NotUnderstood("There is no day and no period.", how)
    return tuple(made)


def _tokens(typed: str, names: Collection[str], how: str) -> _Tokens:
    known = {name.lower(): name for name in names}
    text = _NO_PAUSE.sub(r"\1 ", re.sub(r"[–—\u2212]", "-", typed.lower()))
    for phrase, stands_for in _PHRASES:
        text = phrase.sub(stands_for, text)
    made: _Tokens = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        named = next((one for one in known if re.match(rf"{re.escape(one)}(?!\w)", text[at:])), None)
        if named is not None and not re.fullmatch(r"p\d+", named):
            made.append(("period", known[named]))
            at += len(named)
            continue
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise NotUnderstood(f"“{text[at : at + 30].strip()}” is no day or period psc can read.", how)
        if found.lastgroup != "skipped":
            made.append((found.lastgroup, found[0]))
        at = found.end()
    return made


def _group(tokens: _Tokens, how: str) -> Group:
    """Read what stands between two commas, in whatever order it was typed."""
    one = Group()
    rest = list(tokens)

    def wrong() -> NotUnderstood:
        return NotUnderstood(f"“{' '.join(word for _, word in tokens)[:40]}” cannot be read.", how)

    while rest:
        kind, word = rest.pop(0)
        following = rest[0][0] if rest else ""
        if kind == "number" and following == "unit" and not one.many:
            one = one._replace(many=_number(word), unit=rest.pop(0)[1].removeprefix("school").strip().rstrip("s"))
            if not 1 <= one.many <= MOST_DAYS:
                raise NotUnderstood(f"{word[:20]} {one.unit}s cannot be booked at once.", f"From 1 to {MOST_DAYS}.")
        elif kind == "period":
            first, last = _period(word), _period(word)
            if following == "range" and len(rest) > 1 and rest[1][0] in ("period", "number"):
                last = _period(rest[1][1])
                rest = rest[2:]
            if one.until is None:
                one = one._replace(periods=(*one.periods, (first, last)))
            else:
                one = one._replace(last_periods=(*one.last_periods, (first, last)))
        elif kind == "whole":
            one = one._replace(whole=True)
        elif kind == "every":
            one = one._replace(days=(*one.days, (Day(0), Day(4))))
        elif kind == "until" and one.until is None and following in _DAY_KINDS:
            until, rest = _day(rest)
            one = one._replace(until=until[1])
        elif kind in _DAY_KINDS:
            (begins, ends), rest = _day([(kind, word), *rest])
            if rest and rest[0][0] == "range" and len(rest) > 1 and rest[1][0] in _DAY_KINDS and begins == ends:
                (_, ends), rest = _day(rest[1:])
            one = one._replace(days=(*one.days, (begins, ends)))
        else:
            raise wrong()
    if (one.many or one.until is not None) and (len(one.days) > 1 or any(first != last for first, last in one.days)):
        raise wrong()
    if (one.many and one.until is not None) or (one.whole and one.periods):
        raise wrong()
    return one


_DAY_KINDS = frozenset({"iso", "slashed", "span", "dated", "weekday", "today"})


def _day(tokens: _Tokens) -> tuple[tuple[Day, Day], _Tokens]:
    """Take a day, or the two of a span (`24-26 Nov`), off the front of some tokens."""
    kind, word = tokens[0]
    rest = tokens[1:]
    if kind == "today":
        day = Day(ahead=1 if word == "tomorrow" else 0)
    elif kind == "weekday":
        weekday = _WEEKDAYS.index(word[:3])
        if rest and rest[0][0] in ("dated", "span", "iso", "slashed"):
            (first, last), rest = _day(rest)
            return (first._replace(weekday=weekday), last if last != first else first._replace(weekday=weekday)), rest
        day = Day(weekday)
        if rest and rest[0][0] == "number" and rest[0][1][0].isdigit() and (len(rest) < 2 or rest[1][0] != "unit"):
            day, rest = Day(weekday, _number(rest[0][1])), rest[1:]
    elif kind == "iso":
        year, month, number = (int(part) for part in word.split("-"))
        day = Day(None, number, month, year)
    elif kind == "slashed":
        number, month, *said = (int(part) for part in word.split("/"))
        year = said[0] if said else 0
        day = Day(None, number, month, year)
    else:
        numbers = [int(found) for found in re.findall(r"\d+", word, re.ASCII)]
        found = re.search(_MONTH, word)
        month = _MONTHS.index(found[0][:3]) + 1 if found else 0
        days = numbers[: 2 if kind == "span" else 1]
        year = numbers[len(days)] if len(numbers) > len(days) else 0
        return (Day(None, days[0], month, year), Day(None, days[-1], month, year)), rest
    return (day, day), rest


def _number(word: str) -> int:
    digits = re.match(r"\d{1,9}", word, re.ASCII)
    return int(digits[0]) if digits else max(1, _NUMBERS.index(word))


def _period(word: str) -> str:
    """Return a period's name: lessons as P1, P2, the rest as the school has it."""
    digits = re.fullmatch(r"(?:periods?\s*|p\s?)?(\d{1,2})", word, re.IGNORECASE | re.ASCII)
    return f"P{int(digits[1])}" if digits else word


def run_of(run: tuple[str, str], known: Sequence[str]) -> list[str]:
    """Return the periods of a run, in the order of `known`; nothing where one of its ends is not there."""
    first, last = run
    if first not in known or last not in known:
        return []
    return list(known[known.index(first) : known.index(last) + 1])
