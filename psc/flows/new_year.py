"""The start of a new academic year: one previewed act that moves the whole school on, or nothing.

Years and forms are dated facts, so the act adds to them from the day the year starts, and the past stays as it was.
Whoever a file of the school's has spoken of for the new year already is left as the file has them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day
from psc.database.backup import back_up
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.desk.people import Role, everyone
from psc.desk.permissions import scope_of
from psc.errors import NotUnderstood, Refused
from psc.flows.merge_records import note
from psc.overview.left_open import left_open
from psc.roster.open_visits import open_visits_before
from psc.school.calendar import academic_year_start, school_days
from psc.school.namesakes import Bearer, told_apart
from psc.school.students import LATEST_ENROLMENT, shown_name, student_by_id
from psc.school.years import YEARS, year_words
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from psc.database.file import File
    from psc.desk.acts import Desk, Done

_MONTHS = (8, 9, 10)
"""When an academic year may start."""
_AHEAD = timedelta(days=75)
_BEHIND = timedelta(days=150)
"""How long before and after its day a year may be started here."""


class Pupil(NamedTuple):
    """A student on roll, as they stand at the end of the old year. `open` is what is open of a leaver, in words.

    `stays` is the decision on a leaver: True to stay on roll, False to leave, None while nobody has said.
    """

    id: int
    name: str
    year: int | None
    form: str
    open: tuple[str, ...] = ()
    stays: bool | None = False


class Head(NamedTuple):
    """A head of year: their years, those of the same cohort in the new year, and the choice made, if any."""

    id: int
    code: str
    name: str
    years: frozenset[int]
    follow: frozenset[int]
    chosen: frozenset[int] | None


class Booking(NamedTuple):
    """What was placed for after the old year's end."""

    name: str
    periods: int
    first: date


class NewYear(NamedTuple):
    """What starting a year comes to. `by_file` counts those whom a file has spoken of for the new year."""

    starts: date
    old_end: date
    top: int
    up: tuple[Pupil, ...]
    by_file: int
    leavers: tuple[Pupil, ...]
    without_year: int
    new_here: tuple[str, ...]
    heads: tuple[Head, ...]
    bookings: tuple[Booking, ...]
    open_before: int

    @property
    def undecided(self) -> tuple[Pupil, ...]:
        """The leavers with something open of whom nobody has said whether they stay."""
        return tuple(one for one in self.leavers if one.stays is None)

    @property
    def unasked(self) -> tuple[Head, ...]:
        """The heads of year whose new years nobody has said."""
        return tuple(one for one in self.heads if one.chosen is None)

    def up_by_year(self) -> dict[int, int]:
        """Return how many go up out of each year group."""
        made: dict[int, int] = {}
        for one in self.up:
            made[one.year or 0] = made.get(one.year or 0, 0) + 1
        return dict(sorted(made.items()))


class Undecided(Refused):
    """Something about the new year is for a person to decide, and nobody has."""

    code = "undecided"


def usual_start(today: date) -> date:
    """Return the start that is meant unless said otherwise: in summer the coming 1 September, else the last."""
    last = academic_year_start(today)
    return date(last.year + 1, 9, 1) if today.month in (6, 7, 8) else last


def plan_year(
    file: File,
    now: datetime,
    starts: date,
    *,
    top: int | None = None,
    heads: Mapping[str, Iterable[int]] | None = None,
    stay: Iterable[int] = (),
    leave: Iterable[int] = (),
) -> NewYear:
    """Return what starting the academic year on `starts` comes to, with the choices made so far.

    `top` is the year group that leaves: the highest there is unless given. `heads` gives heads of year their years by
    code; `stay` and `leave` are leavers' ids. Raises `Refused` when the year cannot be started, `NotUnderstood` for a
    choice that fits nobody.
    """
    today = school_day(now, file.zone)
    _check_day(file, starts, today)
    _check_nobody_in(file, today)
    old_end = _old_end(file, starts)
    pupils, by_file, without_year = _roll(file, starts, old_end)
    years = _years_then(file, old_end)
    if not years:
        raise Refused(
            f"Nobody was on roll when the old year ended, {_day_words(old_end)}: there is nobody to move on.",
            "Import the students of the new year, or give another first day.",
        )
    last = max(years) if top is None else top
    leaving = [one for one in pupils if one.year is not None and one.year >= last]
    going_up = tuple(one for one in pupils if one.year is not None and one.year < last)
    new_here = {student for (student,) in file.rows("SELECT id FROM student WHERE provisional AND left_on IS NULL")}
    return NewYear(
        starts,
        old_end,
        last,
        going_up,
        by_file,
        _decided(file, leaving, starts, new_here, set(stay), set(leave)),
        without_year,
        tuple(one.name for one in pupils if one.id in new_here),
        _heads(file, min(years), last, heads or {}),
        _bookings(file, old_end),
        len(open_visits_before(file, today)),
    )


def _check_day(file: File, starts: date, today: date) -> None:
    words = _day_words(starts)
    if starts.month not in _MONTHS:
        raise NotUnderstood(f"An academic year does not start on {words}.", "Give a day from August to October.")
    before = file.row(
        "SELECT a.starts, l.actor FROM academic_year a JOIN ledger l ON l.seq = a.seq WHERE a.starts LIKE ?",
        (f"{starts.year}-%",),
    )
    if before is not None:
        when = _day_words(date.fromisoformat(before[0]))
        raise Refused(f"That academic year was started already: from {when}, by {before[1]}.", "Nothing was changed.")
    if starts > today + _AHEAD or starts < today - _BEHIND:
        raise Refused(f"{words} is too far from today to start a year on.", "Give the day the new year begins.")
    if starts > today and (still := school_days(file, today, starts - timedelta(days=1))):
        raise Refused(
            f"{counted(len(still), 'school day')} of the old year {'is' if len(still) == 1 else 'are'} still to come.",
            f"Start the new year after {_day_words(still[-1])}.",
        )


def _check_nobody_in(file: File, today: date) -> None:
    inside = [one for one in open_visits_before(file, today + timedelta(days=1)) if one.day == today]
    if inside:
        raise Refused(
            f"{counted(len(inside), 'student')} {'is' if len(inside) == 1 else 'are'} signed in now.",
            "Start the year when the rooms are empty.",
        )


def _old_end(file: File, starts: date) -> date:
    """Return the last school day of the old year; 31 July where the calendar does not say."""
    days = school_days(file, starts - timedelta(days=100), starts - timedelta(days=1))
    return days[-1] if days else date(starts.year, 7, 31)


def _roll(file: File, starts: date, old_end: date) -> tuple[list[Pupil], int, int]:
    """Return those on roll whom the act moves, how many a file has moved already, and how many have no year."""
    told: dict[int, list[tuple[str, int | None, str, bool]]] = {}
    for student, since, year, form, recorded in file.rows(
        "SELECT e.student_id, e.from_day, e.year, e.form, l.at FROM enrolment e JOIN ledger l ON l.seq = e.seq"
        " ORDER BY e.from_day, e.id"
    ):
        in_old_year = since <= old_end.isoformat() and recorded[:10] <= old_end.isoformat()
        told.setdefault(student, []).append((since, year, form, in_old_year))
    pupils, by_file, without_year = [], 0, 0
    bearers: list[Bearer] = []
    for student, surname, forename in file.rows(
        "SELECT id, surname, forename FROM student WHERE left_on IS NULL ORDER BY surname, forename, id"
    ):
        known = told.get(student, [])
        since, year, form, was_old = known[-1] if known else ("", None, "", True)
        before = [one for one in known if one[3]]
        # A file taken in since the old year ended that gives another year, or brings somebody, speaks of the new one.
        if not was_old and (since >= starts.isoformat() or not before or before[-1][1] != year):
            by_file += 1
        elif year is None:
            without_year += 1
        else:
            pupils.append(Pupil(student, shown_name(surname, forename), year, form))
            bearers.append(Bearer(student, surname, forename, form, year))
    marks = told_apart(file, bearers)
    named = [one._replace(name=f"{one.name} {marks[one.id]}") if one.id in marks else one for one in pupils]
    return named, by_file, without_year


def _years_then(file: File, old_end: date) -> list[int]:
    """Return the year groups the school had as the old year ended, those who have left since counted too."""
    found = file.rows(
        f"SELECT DISTINCT now.year FROM student JOIN enrolment now ON now.id = {LATEST_ENROLMENT}"
        " WHERE coalesce(student.left_on, :day) >= :day AND NOT student.provisional AND student.merged_into IS NULL"
        " AND now.year IS NOT NULL",
        {"day": old_end.isoformat()},
    )
    return [year for (year,) in found]


def _decided(
    file: File, leaving: list[Pupil], starts: date, new_here: set[int], stay: set[int], leave: set[int]
) -> tuple[Pupil, ...]:
    """Return the leavers with what is open of each and what was decided, those with something open first."""
    known = {one.id for one in leaving}
    if stray := (stay | leave) - known:
        raise NotUnderstood(f"{counted(len(stray), 'student')} named to stay or leave would not leave.", "Look again.")
    if stay & leave:
        raise NotUnderstood("Somebody is named both to stay and to leave.", "Say one of them.")
    found = left_open(file, known, starts)
    made = []
    for one in leaving:
        words = (*found.get(one.id, ()), *(("new here, and no file has brought them",) if one.id in new_here else ()))
        said = True if one.id in stay else False if one.id in leave or not words else None
        made.append(one._replace(open=words, stays=said))
    return tuple(sorted(made, key=lambda one: not one.open))


def _heads(file: File, first: int, top: int, chosen: Mapping[str, Iterable[int]]) -> tuple[Head, ...]:
    every = (one for one in everyone(file) if one.role is Role.HEAD_OF_YEAR)
    found = sorted(every, key=lambda one: (min(one.years, default=99), one.code))
    said = {code.upper(): frozenset(years) for code, years in chosen.items()}
    if stray := set(said) - {one.code.upper() for one in found}:
        raise NotUnderstood(f"{', '.join(sorted(stray))} is no head of year.", "Look at the staff list.")
    return tuple(
        Head(
            one.id,
            one.code,
            one.short,
            one.years,
            # Whose cohort leaves takes the one that comes.
            frozenset(year + 1 if year < top else first for year in one.years),
            said.get(one.code.upper()),
        )
        for one in found
    )


def _bookings(file: File, old_end: date) -> tuple[Booking, ...]:
    found = file.rows(
        "SELECT s.id, count(*), min(pp.on_day) FROM placement_period pp"
        " JOIN placement p ON p.id = pp.placement_id JOIN student s ON s.id = p.student_id"
        f" WHERE pp.on_day > ? AND {live('placement_period', 'pp')} AND {live('placement', 'p')}"
        " GROUP BY s.id ORDER BY min(pp.on_day), s.surname, s.forename",
        (old_end.isoformat(),),
    )
    return tuple(
        Booking(student_by_id(file, student, old_end).name, number, date.fromisoformat(day))
        for student, number, day in found
    )


@act("start_year")
def start_year(
    tx: Tx,
    starts: date,
    *,
    top: int | None = None,
    heads: Mapping[str, Iterable[int]] | None = None,
    stay: Iterable[int] = (),
    leave: Iterable[int] = (),
) -> int:
    """Start the academic year: all of it or nothing; returns how many students it moved. It cannot be undone.

    Everybody goes up a year, without a form until one is imported; the top year leaves; heads of year get their years.
    Raises `Undecided` while a leaver with something open, or a head of year, waits for a decision, and what
    `plan_year` raises.
    """
    plan = plan_year(tx.file, tx.now, starts, top=top, heads=heads, stay=stay, leave=leave)
    check_decided(plan)
    staying = [one for one in plan.leavers if one.stays]
    moved = [(one.id, (one.year or 0) + 1) for one in plan.up] + [(one.id, one.year or 0) for one in staying]
    for student, year in moved:
        tx.touch(student)
        tx.file.execute(
            "INSERT INTO enrolment (student_id, from_day, year, form, seq) VALUES (?, ?, ?, '', ?)",
            (student, starts.isoformat(), year, tx.seq),
        )
    for one in plan.leavers:
        if not one.stays:
            _leaves(tx, one, starts)
    for head in plan.heads:
        tx.file.execute("DELETE FROM staff_year WHERE staff_id = ?", (head.id,))
        for year in sorted(head.chosen or ()):
            tx.file.execute("INSERT INTO staff_year (staff_id, year) VALUES (?, ?)", (head.id, year))
    tx.file.execute("INSERT INTO academic_year (starts, seq) VALUES (?, ?)", (starts.isoformat(), tx.seq))
    tx.said.update(up=len(plan.up), left=len(plan.leavers) - len(staying), by_file=plan.by_file)
    return len(moved) + len(plan.leavers) - len(staying)


def check_decided(plan: NewYear) -> None:
    """Raise `Undecided` while somebody's decision is missing."""
    if plan.undecided:
        raise Undecided(
            f"{counted(len(plan.undecided), 'leaver')} with something open: do they leave or stay?",
            "Decide each one; nothing was changed.",
        )
    if plan.unasked:
        codes = ", ".join(one.code for one in plan.unasked)
        raise Undecided(f"Nobody has said which years are whose in the new year: {codes}.", "Nothing was changed.")


def _leaves(tx: Tx, one: Pupil, starts: date) -> None:
    """Take a leaver off the roll, and what they were placed for from the new year on back."""
    tx.touch(one.id)
    last = (starts - timedelta(days=1)).isoformat()
    tx.file.execute("UPDATE student SET left_on = ? WHERE id = ?", (last, one.id))
    note(tx, one.id, "left_on", "", last)
    ahead = tx.file.rows(
        "SELECT pp.id FROM placement_period pp JOIN placement p ON p.id = pp.placement_id WHERE p.student_id = ?"
        f" AND pp.on_day >= ? AND {live('placement_period', 'pp')} AND {live('placement', 'p')}",
        (one.id, starts.isoformat()),
    )
    for (placed_id,) in ahead:
        tx.retract("placement_period", placed_id, "left the school")


def start_new_year(
    desk: Desk,
    starts: date,
    *,
    top: int | None = None,
    heads: Mapping[str, Iterable[int]] | None = None,
    stay: Iterable[int] = (),
    leave: Iterable[int] = (),
) -> tuple[Done[int], Path]:
    """Start the academic year after a verified backup; returns what was done, and where the backup is.

    Raises what `start_year` raises, before any backup is made.
    """
    scope_of("start_year", desk.staff())
    staying, leaving = tuple(stay), tuple(leave)
    check_decided(plan_year(desk.file, desk.clock.now(), starts, top=top, heads=heads, stay=staying, leave=leaving))
    kept = back_up(desk.file, desk.file.path.parent / "backups", "before-new-year")
    call = start_year(starts, top=top, heads=heads, stay=staying, leave=leaving)
    return desk.do_patiently(call), kept


def summary(plan: NewYear) -> list[str]:
    """Return the preview in words, a line a piece, without a name."""
    lines = [f"The academic year from {_day_words(plan.starts)}."]
    lines += [
        f"{year_words(year).capitalize()} to {year_words(year + 1)}: {counted(number, 'student')}"
        for year, number in plan.up_by_year().items()
    ]
    leaving = sum(1 for one in plan.leavers if not one.stays)
    lines.append(f"{year_words(plan.top).capitalize()} leaves: {counted(leaving, 'student')}")
    if staying := len(plan.leavers) - leaving:
        lines.append(f"Stay on roll in {year_words(plan.top)}: {staying}")
    if plan.by_file:
        lines.append(f"As the school's file has them already: {counted(plan.by_file, 'student')}")
    if plan.without_year:
        lines.append(f"Without a year, and left so: {counted(plan.without_year, 'student')}")
    lines.append("Forms are empty until the new list is imported.")
    lines.append("What is past stays as it was; open placements and plans of those who stay go on.")
    return lines


def typed_years(typed: str, keep: frozenset[int], follow: frozenset[int]) -> frozenset[int]:
    """Read a head of year's new years: `keep`, `follow`, or the years. Raises `NotUnderstood`."""
    word = typed.strip().lower()
    if word in ("keep", "follow"):
        return keep if word == "keep" else follow
    parts = word.replace(",", " ").split()
    if not parts or not all(part.isdecimal() and int(part) in YEARS for part in parts):
        raise NotUnderstood(f"“{typed.strip()}” are no year groups.", "Write keep, follow, or years as in 9,10.")
    return frozenset(int(part) for part in parts)


def _day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
