"""One cell at a time: what the text of a date, a time, a year group or a flag means.

Each function takes a cell that is not empty and returns its value, or raises `BadRow` with the reason in a few words.
Whoever calls it decides whether that costs the row or only a warning.
"""

from __future__ import annotations

import re
from datetime import date, time

from psc.importing.report import BadRow
from psc.text import fold

ALL_YEARS = tuple(range(15))
"""Reception, as 0, to year 14."""

_QUOTED_MOST = 40
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?: [\d:]+)?")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ -](\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)(?:[:.]\d\d)?|(\d{1,2})(\d\d)")
_YEAR = re.compile(r"(?:(?:nc )?(?:year|yr|y)(?: ?group)? ?)?(\d{1,2})(?: 0)?")
_TO = re.compile(r"\s*(?:-|\u2013|\bto\b)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;/&+]+")
_MARKED = re.compile(r"\s*[,;/&+]\s*")
_NUMBERED = re.compile(r"[^\d\s]+ \d+")
_PERIOD_RUN = re.compile(r"(\D*)(\d+)-(\D*)(\d+)")
_LONGEST_RUN = 20

_YES = {"y", "yes", "true", "t", "1", "x", "eligible", "in care", "recipient", "looked after"}
_NO = {"n", "no", "false", "f", "0", "none", "not eligible", "not in care"}
_BEFORE_SCHOOL = {"n1", "n2", "e1", "e2", "m", "x", "nursery", "nursery first year", "nursery second year"}
_SEN_WORDS = {
    "N": ("n", "no", "none", "no sen", "no special educational need", "no special educational needs", "no sen support"),
    "K": ("k", "sen support", "send support", "support", "a", "p", "school action", "school action plus"),
    "E": (
        "e",
        "s",
        "ehcp",
        "ehc plan",
        "ehc",
        "education health and care plan",
        "education health care plan",
        "statement",
    ),
}
_SEN = {words: code for code, several in _SEN_WORDS.items() for words in several}
_SEX = {"m": "M", "male": "M", "boy": "M", "f": "F", "female": "F", "girl": "F"}
_WRONG_LETTER = "the UPN has a wrong check letter"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def quoted(text: str) -> str:
    """Return a cell as a reason may show it: in quotation marks, and not at any length."""
    return f"“{text[:_QUOTED_MOST]}…”" if len(text) > _QUOTED_MOST else f"“{text}”"


def parse_date(text: str) -> date:
    """Read a date, day before month, or ISO, with or without a time after it. Month before day is never guessed."""
    if iso := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, iso.groups())
    elif named := _DAY_NAMED.fullmatch(text):
        day, year = int(named[1]), int(named[3])
        month = _MONTHS.index(named[2][:3].lower()) + 1 if named[2][:3].lower() in _MONTHS else 0
    elif first := _DAY_FIRST.fullmatch(text):
        day, month, year = int(first[1]), int(first[3]), _century(first[4])
        if month > 12 and 1 <= day <= 12 and _exists(year, day, month):
            raise BadRow(f"{quoted(text)} reads only as month before day; dates are day/month/year")
    else:
        raise BadRow(f"{quoted(text)} is not a date")
    if not _exists(year, month, day):
        raise BadRow(f"{quoted(text)} is a day that does not exist")
    return date(year, month, day)


def _century(digits: str) -> int:
    """Return a year written with four digits, or with two: 70 and above are the last century's."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 70 else 2000)


def _exists(year: int, month: int, day: int) -> bool:
    """Say whether the calendar has this day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def parse_clock(text: str) -> time:
    """Read a time of day: 8:41, 0841, 08:41:00, 8.41, 1:05 pm."""
    bare = text.lower().replace(" ", "")
    half = bare[-2:] if bare.endswith(("am", "pm")) else ""
    found = _CLOCK.fullmatch(bare.removesuffix(half))
    if found is None:
        raise BadRow(f"{quoted(text)} is not a time of day")
    hour, minute = int(found[1] or found[3]), int(found[2] or found[4])
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise BadRow(f"{quoted(text)} is not a time of day")
    return time(hour, minute)


def parse_year(text: str) -> int | None:
    """Read a year group: "9", "Year 9", "Yr9", "Y9"; Reception is 0. A year before school, or M and X, is None."""
    words = fold(text)
    if words in _BEFORE_SCHOOL:
        return None
    if words in {"r", "reception", "year r", "yr r", "yr"}:
        return 0
    found = _YEAR.fullmatch(words)
    if found is None or int(found[1]) not in ALL_YEARS:
        raise BadRow(f"{quoted(text)} is not a year group")
    return int(found[1])


def parse_years(text: str) -> tuple[int, ...]:
    """Read several year groups: "7-9", "7 8 9", "7,8", "Years 10 to 11", "all"."""
    bare = re.sub(r"\b(?:years?|yrs?)\b\s*", "", text, flags=re.IGNORECASE)
    if fold(bare) in {"all", ""}:
        return ALL_YEARS
    found: set[int] = set()
    for part in _BETWEEN.split(_TO.sub("-", bare).strip()):
        ends = [parse_year(end) for end in part.split("-")]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2 or first > last:
            raise BadRow(f"{quoted(text)} does not name year groups")
        found.update(range(first, last + 1))
    return tuple(sorted(found))


_LESSON_NUMBER = re.compile(r"(?:p|pd|per|period|l|lesson)?\s*(\d{1,2})", re.IGNORECASE)


def parse_period(text: str) -> str:
    """Read one period's name. Whatever a system calls its lessons ("Period 1", "Lesson 1", "1"), here they are P1, P2 …

    Reg, Break and Lunch stay as they are: psc tells lessons from the rest of the day by their names.
    """
    numbered = _LESSON_NUMBER.fullmatch(text)
    return f"P{int(numbered[1])}" if numbered else text


def parse_periods(text: str) -> tuple[str, ...]:
    """Read period names: "P5", "P2 P3", "Reg, P1", and the run "P1-P6" (or "P1-6"). "Period 1" is one name."""
    names: list[str] = []
    for part in _MARKED.split(_TO.sub("-", text)):
        whole = _NUMBERED.fullmatch(part) or _PERIOD_RUN.fullmatch(part)
        for piece in [part] if whole else part.split():
            names += [parse_period(name) for name in _run(piece)]
    if not names or len(set(names)) < len(names):
        raise BadRow(f"{quoted(text)} names a period twice, or none")
    return tuple(names)


def _run(text: str) -> list[str]:
    """Return the period names of a run, or the one name that `text` is."""
    found = _PERIOD_RUN.fullmatch(text)
    if found is None:
        return [text]
    stem, first, again, last = found[1], int(found[2]), found[3], int(found[4])
    if again not in ("", stem) or not first < last < first + _LONGEST_RUN:
        raise BadRow(f"{quoted(text)} is not a run of periods")
    return [f"{stem}{number}" for number in range(first, last + 1)]


def parse_weekday(text: str) -> int:
    """Read a school weekday as 0 for Monday to 4: "Mon", "Tues", "Friday", or 1 to 5."""
    word = fold(text)
    if word.isdecimal() and word.isascii() and 1 <= int(word) <= len(_WEEKDAYS):
        return int(word) - 1
    for number, name in enumerate(_WEEKDAYS):
        if len(word) >= 2 and name.startswith(word):
            return number
    raise BadRow(f"{quoted(text)} is not a weekday from Monday to Friday")


def parse_week(text: str) -> str:
    """Read the name of a timetable week: "A", "Week A" and "wk a" are one."""
    return re.sub(r"^(?:week|wk)\b\s*", "", text, flags=re.IGNORECASE).upper()


def parse_sen(text: str) -> str:
    """Read SEN provision as N, K or E; School Action counts as K, a statement as E, as it did when codes changed."""
    found = _SEN.get(fold(text)) or _SEN.get(fold(re.split(r"\s*[-\u2013:(]\s*", text, maxsplit=1)[0]))
    if found is None:
        raise BadRow(f"{quoted(text)} is not SEN provision N, K or E")
    return found


def parse_flag(text: str) -> bool:
    """Read a yes or a no, as systems write them: Y, Yes, True, T, 1 and their opposites."""
    word = fold(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadRow(f"{quoted(text)} is neither yes nor no")


def parse_responsibility(text: str) -> bool:
    """Read whether a contact has parental responsibility."""
    return fold(text) in {"parental responsibility", "pr"} or parse_flag(text)


def parse_sex(text: str) -> str:
    """Read the legal sex as M or F."""
    try:
        return _SEX[fold(text)]
    except KeyError:
        raise BadRow(f"{quoted(text)} is not a sex the school census has (M or F)") from None


def tidy_upn(text: str) -> str:
    """Return a UPN as it is kept and matched: capitals, no spaces."""
    return text.replace(" ", "").upper()


def doubt_about_upn(upn: str) -> str:
    """Return what is wrong with a UPN, or "" when it is well formed.

    The check letter decides. That stdnum does not know the local authority is no fault of the number: its list is of
    2011, and councils founded since (Dorset, Northamptonshire, Cumbria) write UPNs too.
    """
    from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength, ValidationError
    from stdnum.gb import upn as rules

    try:
        rules.validate(upn)
    except InvalidLength:
        return "the UPN does not have 13 characters"
    except InvalidComponent:
        return "" if rules.calc_check_digit(upn[1:]) == upn[0] else _WRONG_LETTER
    except InvalidChecksum:
        return _WRONG_LETTER
    except ValidationError:
        return "the UPN has a letter where a digit belongs, or one that no UPN has"
    return ""
