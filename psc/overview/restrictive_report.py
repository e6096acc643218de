"""Force and seclusion over a term, counted: how often, how long, how often the same student; by type, year and SEND.

No name stands in it. What an adult did (the type) is always counted; of a group of students nothing is shown below
five of them, and nothing from which that could be worked out: what is left out holds five students or more, in two
groups or more. Source: the domain notes, What the leaders want counted.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import school_day
from psc.desk.permissions import scope_of
from psc.errors import NotUnderstood
from psc.incidents.incidents import incidents_between
from psc.incidents.restriction import TYPES
from psc.incidents.restrictive import restrictive_between
from psc.incidents.restrictive_clocks import RECORD, TELL, clocks_of_incidents
from psc.school.calendar import long_day, term_of
from psc.school.students import student_by_id
from psc.school.years import year_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.incidents.restrictive_clocks import RestrictiveClock

FEWEST = 5
"""The fewest students of whom anything is shown. Source: the domain notes."""
EVERY = "every group"
_SEND = {"K": "SEN support", "E": "EHC plan"}
_NO_SEND = "no SEND on record"


class Use(NamedTuple):
    """One use of force, or one seclusion, as it is counted."""

    type: str
    minutes: int
    student_id: int
    year: str
    send: str


class Count(NamedTuple):
    """How often, how many minutes, how many students, how many of them more than once. None is 1 to 4: not shown."""

    label: str
    uses: int
    minutes: int
    students: int | None
    repeats: int | None


class Groups(NamedTuple):
    """The counts of some groups of students, and which groups are left out because they would show a child.

    Where nothing is left to show, which groups these are is not said either: `EVERY` stands for them.
    """

    shown: tuple[Count, ...]
    left_out: tuple[str, ...]


class InTime(NamedTuple):
    """Of one thing that is due each time: how often it was done in time, done late, and is still open."""

    label: str
    in_time: int
    late: int
    open: int


class Report(NamedTuple):
    """A term's force and seclusion."""

    first: date
    last: date
    total: Count
    types: tuple[Count, ...]
    years: Groups
    send: Groups
    in_time: tuple[InTime, ...]


# Rules


def counted(label: str, uses: Iterable[Use]) -> Count:
    """Count some uses; how many students it were is not shown below five of them."""
    every = tuple(uses)
    often = Counter(one.student_id for one in every)
    return Count(
        label,
        len(every),
        sum(one.minutes for one in every),
        _veiled(len(often)),
        _veiled(sum(many > 1 for many in often.values())),
    )


def _veiled(number: int) -> int | None:
    return None if 0 < number < FEWEST else number


def grouped(by: Mapping[str, Sequence[Use]]) -> Groups:
    """Count groups of students, and leave out what would show a child, or let one be worked out from the rest."""
    students = {label: len({one.student_id for one in those}) for label, those in by.items()}
    order = sorted(by, key=lambda label: students[label])
    hidden = [label for label in order if students[label] < FEWEST]
    for label in order[len(hidden) :] if hidden else ():
        held = {one.student_id for each in hidden for one in by[each]}
        if len(hidden) > 1 and len(held) >= FEWEST:
            break
        hidden.append(label)
    shown = tuple(counted(label, those) for label, those in by.items() if label not in hidden)
    left_out = tuple(label for label in by if label in hidden)
    return Groups(shown, left_out if shown or not left_out else (EVERY,))


def _by(uses: Sequence[Use], name: str) -> dict[str, list[Use]]:
    made: dict[str, list[Use]] = {}
    for one in sorted(uses, key=lambda use: _order(getattr(use, name))):
        made.setdefault(getattr(one, name), []).append(one)
    return made


def _order(label: str) -> tuple[int, str]:
    number = "".join(filter(str.isdigit, label))
    return (int(number) if number else 0, label)


def timely(clocks: Iterable[RestrictiveClock]) -> tuple[InTime, ...]:
    """Count what was done by the day it was due: the record, each parent told, the review and the sign-off."""
    made: dict[str, list[RestrictiveClock]] = {"recorded": [], "parents told": [], "reviewed": [], "signed off": []}
    for one in clocks:
        kind = {RECORD: "recorded", TELL: "parents told"}.get(one.setting)
        made[kind or ("signed off" if one.what.startswith("sign") else "reviewed")].append(one)
    return tuple(
        InTime(
            label,
            sum(one.in_time for one in those),
            sum(one.done and not one.in_time for one in those),
            sum(not one.done for one in those),
        )
        for label, those in made.items()
    )


# Reading


def read_report(file: File, staff: Staff, first: date, last: date) -> Report:
    """Return what was recorded between two days.

    Raises `NotAllowed` for whom it is no read, `NotUnderstood` for a last day before the first.
    """
    scope_of("see_restrictive_report", staff)
    if last < first:
        raise NotUnderstood("The last day is before the first.", "Give them the other way round.")
    uses = _uses(file, first, last)
    clocks = clocks_of_incidents(file, incidents_between(file, first, last))
    by_type = {kind: [one for one in uses if one.type == kind] for kind in TYPES}
    return Report(
        first,
        last,
        counted("all", uses),
        tuple(counted(kind, those) for kind, those in by_type.items()),
        grouped(_by(uses, "year")),
        grouped(_by(uses, "send")),
        timely(clocks),
    )


def term_or(file: File, today: date, first: date | None, last: date | None) -> tuple[date, date]:
    """Return from when to when is counted: what is given, else the term in which the day given, or today, lies."""
    starts, ends = term_of(file, first or last or today)
    return first or starts, last or ends


def _uses(file: File, first: date, last: date) -> tuple[Use, ...]:
    records = restrictive_between(file, first.isoformat(), last.isoformat())
    send = dict(file.rows("SELECT id, sen FROM student WHERE sen <> ''"))
    made = []
    for one in records:
        year = student_by_id(file, one.student_id, school_day(one.now.starts, file.zone)).year
        made.append(
            Use(
                one.now.type,
                one.now.minutes,
                one.student_id,
                year_words(year),
                _SEND.get(send.get(one.student_id, ""), _NO_SEND),
            )
        )
    return tuple(made)


# Words


def report_lines(report: Report) -> list[str]:
    """Return the report as lines of text, 76 cells wide at most."""
    made = [f"{'':<22}{'times':>7}{'minutes':>9}{'students':>10}{'more than once':>16}"]
    made += [_line(one) for one in (report.total, *report.types)]
    for title, groups in (("By year", report.years), ("By SEND", report.send)):
        if groups.shown or groups.left_out:
            made += ["", title, *(_line(one) for one in groups.shown)]
        if groups.left_out:
            made += wrap(f"left out, as under {FEWEST} students would show: {', '.join(groups.left_out)}", 76)
    if any(one.in_time + one.late + one.open for one in report.in_time):
        made += ["", f"{'By the day it was due':<22}{'in time':>9}{'late':>7}{'open':>10}"]
        made += [f"{one.label:<22}{one.in_time:>9}{one.late:>7}{one.open:>10}" for one in report.in_time]
    return made


def _line(one: Count) -> str:
    students, repeats = (f"<{FEWEST}" if each is None else str(each) for each in (one.students, one.repeats))
    return f"{one.label:<22}{one.uses:>7}{one.minutes:>9}{students:>10}{repeats:>16}"


def span_words(report: Report) -> str:
    """Return from when to when: `Tue 1 September – Fri 18 December 2026`."""
    year = "" if report.first.year == report.last.year else f" {report.first.year}"
    return f"{long_day(report.first)}{year} – {long_day(report.last)} {report.last.year}"


def report_json(report: Report) -> dict[str, Any]:
    """Return the report as the command line's contract has it; what is not shown is null, a group left out is named."""

    def row(one: Count, name: str) -> dict[str, Any]:
        return {name: one.label, **{key: value for key, value in one._asdict().items() if key != "label"}}

    def groups(those: Groups, name: str) -> dict[str, Any]:
        return {"shown": [row(one, name) for one in those.shown], "left_out": list(those.left_out)}

    total = row(report.total, "type")
    total.pop("type")
    return {
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        **total,
        "types": [row(one, "type") for one in report.types],
        "years": groups(report.years, "year"),
        "send": groups(report.send, "send"),
        "due": [
            {"what": one.label, "in_time": one.in_time, "late": one.late, "open": one.open} for one in report.in_time
        ],
    }
