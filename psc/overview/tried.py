"""What was tried before: what the record says of a student over the last weeks, in words that name nobody else."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from psc.clock import moment, wall
from psc.desk.facts import live
from psc.desk.settings import settings_on
from psc.roster.confirmations import Outcome
from psc.roster.home import home_contacts_since
from psc.roster.keep_apart import kept_apart_from
from psc.roster.placements import PlacementType
from psc.roster.reasons import reasons
from psc.school.calendar import academic_year_start, school_days
from psc.text import counted, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File

_SHOWN = 3
"""How many of one kind are named with their days; of more, how many there were before."""
_WORD = re.compile(r"[^\W\d_]+")
_PLACED = f"""
SELECT p.id, p.type, coalesce(nullif(c.reason, ''), p.reason), room.code, min(pp.on_day), max(pp.on_day),
    count(DISTINCT pp.on_day), count(*)
FROM placement p
JOIN placement_period pp ON pp.placement_id = p.id AND {live("placement_period", "pp")}
JOIN room ON room.id = p.room_id
LEFT JOIN confirmation c ON c.placement_id = p.id AND c.outcome = '{Outcome.CHANGED.value}'
    AND {live("confirmation", "c")}
WHERE p.student_id = :student AND {live("placement", "p")} AND pp.on_day BETWEEN :first AND :last
    AND NOT EXISTS (SELECT 1 FROM attendance_mark a WHERE a.placement_id = p.id AND a.day = pp.on_day
        AND a.kind = 'cancelled' AND {live("attendance_mark", "a")})
GROUP BY p.id ORDER BY min(pp.on_day), p.id
"""


def first_day_back(file: File, today: date, weeks: int) -> date:
    """Return the school day from which the last school weeks run up to a day; term breaks are no weeks."""
    days = school_days(file, academic_year_start(today), today)[-weeks * 5 :]
    return days[0] if days else today


def tried(file: File, student_id: int, today: date, *, besides: int = 0) -> tuple[str, ...]:
    """Return what the record shows of a student over the last school weeks, a line each; no other student is named.

    How many weeks is a setting; `besides` is a referral that is not named itself. Source: the domain notes, Referral
    (steps already tried come from the record).
    """
    weeks = settings_on(file, today).tried_weeks
    first = first_day_back(file, today, weeks)
    said = (
        *_placements(file, student_id, first, today),
        *_programmes(file, student_id, today),
        *_checks(file, student_id, first, today),
        *_welfare(file, student_id, first, today),
        *_home(file, student_id, first),
        *_apart(file, student_id, today),
        *_asked_before(file, student_id, first, besides),
    )
    return said or (f"Nothing is on record of the last {counted(weeks, 'school week')}.",)


def placed_since(file: File, student_id: int, first: date, last: date) -> tuple[str, ...]:
    """Return each placement of a student with a period between two days, newest first: when, where, type, reason."""
    spoken = _Reasons(file, student_id)
    found = file.rows(_PLACED, {"student": student_id, "first": first.isoformat(), "last": last.isoformat()})
    return tuple(
        f"{_span(begins, ends)}  {room}  {PlacementType(kind).words}, {counted(days, 'day')}"
        + (f": {words}" if (words := spoken.of(reason)) else "")
        for _, kind, reason, room, begins, ends, days, _ in reversed(found)
    )


def _placements(file: File, student_id: int, first: date, today: date) -> list[str]:
    """Return a line for each type of placement: how often, for what, when."""
    spoken = _Reasons(file, student_id)
    found = file.rows(_PLACED, {"student": student_id, "first": first.isoformat(), "last": today.isoformat()})
    made: dict[PlacementType, list[str]] = {}
    days: Counter[PlacementType] = Counter()
    for _, kind, reason, _, begins, ends, on, _ in found:
        type_ = PlacementType(kind)
        words = spoken.of(reason)
        made.setdefault(type_, []).append(f"{words} ({_span(begins, ends)})" if words else _span(begins, ends))
        days[type_] += on
    return [
        f"{type_.words}, {len(those)} time{'s' * (len(those) > 1)}, {counted(days[type_], 'day')}: {_last(those)}"
        for type_, those in sorted(made.items(), key=lambda one: (-len(one[1]), one[0].value))
    ]


def _last(those: Sequence[str]) -> str:
    before = len(those) - _SHOWN
    return ", ".join(those[-_SHOWN:]) + (f", and {before} before" if before > 0 else "")


def _programmes(file: File, student_id: int, today: date) -> list[str]:
    found = file.rows(
        "SELECT g.purpose, g.induction_day, g.review_day FROM programme g JOIN placement p ON p.id = g.placement_id"
        f" WHERE p.student_id = ? AND g.until_day >= ? AND {live('programme', 'g')} AND {live('placement', 'p')}"
        " ORDER BY g.induction_day",
        (student_id, today.isoformat()),
    )
    spoken = _Reasons(file, student_id)
    return [
        f"On a programme from {_day(start)}, review {_day(review)}"
        + (f": {words}" if (words := spoken.of(purpose)) else "")
        for purpose, start, review in found
    ]


def _checks(file: File, student_id: int, first: date, today: date) -> list[str]:
    found = file.rows(
        "SELECT pp.id, c.mark FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
        f" JOIN period_check c ON c.placement_period_id = pp.id AND {live('period_check', 'c')}"
        f" WHERE p.student_id = ? AND pp.on_day BETWEEN ? AND ? AND {live('placement_period', 'pp')}"
        f" AND {live('placement', 'p')} ORDER BY c.happened, c.recorded, c.id",
        (student_id, first.isoformat(), today.isoformat()),
    )
    marks = dict(found)  # the latest of a period counts
    if not marks:
        return []
    return [f"Period checks: {sum(marks.values()) / len(marks):.1f} of 4 over {counted(len(marks), 'period')}"]


def _welfare(file: File, student_id: int, first: date, today: date) -> list[str]:
    found = Counter(
        state
        for (state,) in file.rows(
            "SELECT w.state FROM visit v JOIN welfare_check w ON w.visit_id = v.id WHERE v.student_id = ?"
            f" AND v.day BETWEEN ? AND ? AND {live('welfare_check', 'w')}",
            (student_id, first.isoformat(), today.isoformat()),
        )
    )
    if not found:
        return []
    said = ", ".join(f"{state} {number}" for state, number in found.most_common())
    return [f"Welfare checks, {found.total()}: {said}"]


def _home(file: File, student_id: int, first: date) -> list[str]:
    contacts = home_contacts_since(file, (student_id,), first).get(student_id, ())
    if not contacts:
        return []
    told = [one for one in contacts if one.outcome == "told"]
    last = told[-1] if told else contacts[-1]
    at = last.happened.astimezone(file.zone)
    when = f"{_day(at.date().isoformat())} at {wall(last.happened, file.zone)} ({last.how})"
    if told:
        return [f"Home told {len(told)} time{'s' * (len(told) > 1)}, last on {when}"]
    return [f"Home tried {len(contacts)} time{'s' * (len(contacts) > 1)} and not told, last on {when}"]


def _apart(file: File, student_id: int, today: date) -> list[str]:
    return [
        f"To be kept apart from another student until {_day(one.until.isoformat())}"
        for one in kept_apart_from(file, student_id, today)
    ]


def _asked_before(file: File, student_id: int, first: date, besides: int) -> list[str]:
    found = file.rows(
        "SELECT a.happened, a.type, d.outcome FROM referral a JOIN referral_decision d ON d.referral_id = a.id"
        f" AND {live('referral_decision', 'd')} WHERE a.student_id = ? AND a.day >= ? AND a.id <> ?"
        f" AND {live('referral', 'a')} ORDER BY a.happened",
        (student_id, first.isoformat(), besides),
    )
    return [
        f"Referred on {_day(moment(at).astimezone(file.zone).date().isoformat())} for"
        f" {PlacementType(kind).words}: {outcome}"
        for at, kind, outcome in found
    ]


class _Reasons:
    """The reasons of a student's placements as they may be said again: another student named in one is left out."""

    def __init__(self, file: File, student_id: int) -> None:
        self._listed = {fold(one.name) for one in reasons(file)}
        self._file, self._student = file, student_id
        self._names: frozenset[str] | None = None

    def of(self, reason: str) -> str:
        """Return a reason, "" where its words name another student."""
        if fold(reason) in self._listed:
            return reason
        if self._names is None:
            found = self._file.rows("SELECT id, folded FROM student")
            own = {word for one, folded in found if one == self._student for word in folded.split()}
            self._names = frozenset(word for _, folded in found for word in folded.split() if len(word) > 2) - own
        named = any(word[0].isupper() and fold(word) in self._names for word in _WORD.findall(reason)[1:])
        return "" if named or self._is_name(reason) else reason

    def _is_name(self, reason: str) -> bool:
        """Say whether the first word is a name: it has a capital letter whatever it is, so it must be a surname."""
        first = next(iter(_WORD.findall(reason)), "")
        return bool(
            first
            and self._file.value(
                "SELECT 1 FROM student WHERE id <> ? AND surname = ? COLLATE NOCASE", (self._student, first)
            )
        )


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%b}"


def _span(begins: str, ends: str) -> str:
    if begins == ends:
        return _day(begins)
    first, last = date.fromisoformat(begins), date.fromisoformat(ends)
    return f"{first.day}–{_day(ends)}" if first.month == last.month else f"{_day(begins)}–{_day(ends)}"
