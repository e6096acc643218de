"""Periods that wait to be served after all: not completed, never checked, or fallen away with a changed day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.permissions import scope_of
from psc.overview.day_end import day_end
from psc.overview.read_board import read_board
from psc.overview.within import stranded_for
from psc.roster.placements import PeriodState
from psc.school.bells import lesson_number
from psc.school.calendar import academic_year_start, next_school_day, school_days
from psc.school.students import student_by_id

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.desk.people import Staff

DAYS = 20
"""How many school days are looked back."""
_REACH = timedelta(days=60)
_WORDS = {PeriodState.PENDING: "no check", PeriodState.NOT_COMPLETED: "not completed"}
FELL_AWAY = "fell away"


class OwedPeriod(NamedTuple):
    """One such period, and why it waits."""

    placed_id: int
    day: date
    period: str
    why: str


class Owes(NamedTuple):
    """All such periods of a student in one room, oldest first. `after` is the day from which they may be carried to."""

    student_id: int
    name: str
    form: str
    year: int | None
    room: str
    periods: tuple[OwedPeriod, ...]
    after: date | None

    @property
    def words(self) -> str:
        """As a line has them: `Fri 20 Nov P3–P4 not completed; Mon 23 Nov P1 no check`."""
        by_day: dict[tuple[date, str], list[str]] = {}
        for one in self.periods:
            by_day.setdefault((one.day, one.why), []).append(one.period)
        return "; ".join(f"{on:%a} {on.day} {on:%b} {_runs(names)} {why}" for (on, why), names in by_day.items())


def _runs(names: list[str]) -> str:
    """Return lessons, those whose numbers follow each other as `P1–P3`."""
    made: list[list[str]] = []
    for name in names:
        number = lesson_number(name)
        if made and number > 1 and lesson_number(made[-1][-1]) == number - 1:
            made[-1].append(name)
        else:
            made.append([name])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in made)


def owed_periods(file: File, staff: Staff, today: date, now: datetime) -> tuple[Owes, ...]:
    """Return who has periods that wait for a decision of `staff`, by name; of the last 20 school days with today.

    What fell away with a changed day is of the whole year. Raises `NotAllowed` for whom they are no decision.
    """
    scope_of("carry_periods", staff)
    made: dict[tuple[int, str], Owes] = {}

    def add(student: int, named: tuple[str, str, int | None], room: str, period: OwedPeriod, last: date) -> None:
        known = made.get((student, room), Owes(student, *named, room, (), None))
        if period.placed_id not in {one.placed_id for one in known.periods}:
            after = max(last, known.after or last)
            made[student, room] = known._replace(periods=(*known.periods, period), after=after)

    for day in school_days(file, today - _REACH, today)[-DAYS:]:
        board = read_board(file, day, staff, today=today, staffed=False)
        codes = {one.id: one.code for one in board.rooms}
        for one in day_end(board, now, (), None).unserved:
            if day == today and one.state is PeriodState.PENDING:
                continue  # it may still be checked
            row, placed = one.one.row, one.placed
            period = OwedPeriod(placed.id, day, placed.period.name, _WORDS.get(one.state, one.state.value))
            add(row.student_id, (row.name, row.form, row.year), codes[row.room_id], period, max(row.last_day, today))
    for gone in stranded_for(file, academic_year_start(today), staff, today):
        period = OwedPeriod(gone.placed_id, gone.day, gone.period, FELL_AWAY)
        year = student_by_id(file, gone.student_id, today).year
        add(gone.student_id, (gone.name, gone.form, year), gone.room, period, max(gone.day, today))
    return tuple(
        one._replace(periods=tuple(sorted(one.periods, key=lambda each: each.day)), after=_next(file, one.after))
        for one in sorted(made.values(), key=lambda one: (one.name.casefold(), one.student_id, one.room))
    )


def _next(file: File, day: date | None) -> date | None:
    return next_school_day(file, day) if day else None
