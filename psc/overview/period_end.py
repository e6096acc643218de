"""The end of a period: who was there, which checks are still to do, which work is still out, who is due out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.facts import live
from psc.desk.permissions import reached, scope_of
from psc.roster.adjustments import agreed
from psc.roster.movements import Kind
from psc.roster.status import GONE, Status
from psc.text import counted
from psc.work.sets import State, WorkSet, sets_between

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.overview.board import Board, Placed, RowNow
    from psc.school.shapes import Period

AFTER = timedelta(minutes=10)
"""How long after the bell the board says what the period has left to do."""
BEFORE = timedelta(minutes=10)
"""How long before the bell the period under way is the one that is being ended: rooms begin a little early."""


class EndRow(NamedTuple):
    """One student's part in a period: the check, and the work that was theirs.

    `adjustment` is what was agreed for them, "" for nothing; `given` whether it was, None where nobody has said.
    """

    one: RowNow
    placed: Placed
    work: WorkSet | None
    adjustment: str = ""
    given: bool | None = None

    @property
    def key(self) -> tuple[int, int]:
        """The student, and the room."""
        return self.one.row.key

    @property
    def has_work(self) -> bool:
        """Whether there is work that can be handed back."""
        return self.work is not None and self.work.arrival is not None

    @property
    def work_to_do(self) -> bool:
        """Whether work is out that nobody has said anything of."""
        return self.work is not None and self.work.state in (State.RECEIVED, State.ISSUED)

    @property
    def owes_check(self) -> bool:
        """Whether a check is still to come: a period that was let off, or carried on, needs none."""
        return _owes_check(self.placed)

    @property
    def done(self) -> bool:
        """Whether nothing of it is left to do."""
        return not self.owes_check and not self.work_to_do and not (self.adjustment and self.given is None)


def ended_period(board: Board, now: datetime) -> str:
    """Return the lesson to be ended: the one whose bell rings soon, else the last that is over; "" before the first.

    Year groups may have bells of their own: the latest of them counts.
    """
    lessons = [one for periods in board.shape.by_year.values() for one in periods if one.is_lesson]
    over = [one for one in lessons if one.end - BEFORE <= now]
    return max(over, key=lambda one: one.end).name if over else ""


def begun_periods(board: Board, now: datetime) -> tuple[str, ...]:
    """Return the lessons that have begun, in order of time."""
    lessons = [one for periods in board.shape.by_year.values() for one in periods if one.is_lesson and one.start <= now]
    return tuple(dict.fromkeys(one.name for one in sorted(lessons, key=lambda one: one.start)))


def took_part(board: Board, period: str, now: datetime, room_id: int | None = None) -> tuple[RowNow, ...]:
    """Return who was in a room during a period they are placed for: by seat, those who have left since at the end.

    A period that has not begun for a student, whose year has bells of its own, is left out. Who was sent over to
    another room in the middle of it stands in the room they were in last.
    """
    last: dict[int, RowNow] = {}
    for one in board.at(now):
        placed = _placed(one, period)
        if one.row.hidden or placed is None or placed.period.start > now or not _was_there(one, placed.period):
            continue
        if placed.id not in last or _last_move(last[placed.id]) <= _last_move(one):
            last[placed.id] = one
    rows = [
        one
        for one in last.values()
        if room_id in (None, one.row.room_id) and one.status not in (Status.ABSENT, Status.NO_SHOW, Status.CANCELLED)
    ]
    return tuple(sorted(rows, key=lambda one: (one.status in GONE, one.row.seat or 999, one.row.name.casefold())))


def _placed(one: RowNow, period: str) -> Placed | None:
    """Return a row's placed period of that name."""
    return next((each for each in one.row.placed if each.period.name == period), None)


def _was_there(one: RowNow, period: Period) -> bool:
    """Say whether a visit of the student to the room was open at any time of a period."""
    came: datetime | None = None
    for move in one.row.facts.moves:
        if move.kind is Kind.IN:
            came = move.happened
        elif move.kind is Kind.LEFT and came is not None:
            if came < period.end and move.happened > period.start:
                return True
            came = None
    return came is not None and came < period.end


def _last_move(one: RowNow) -> datetime:
    return one.row.facts.moves[-1].happened


def _owes_check(placed: Placed) -> bool:
    return placed.mark is None and not placed.waived and not placed.carried


def read_period_end(
    file: File, board: Board, period: str, now: datetime, staff: Staff, room_id: int | None = None
) -> tuple[EndRow, ...]:
    """Return who took part in a period of a board's day, with their work where `staff` may see it.

    Raises `NotAllowed` for who may not see the roster.
    """
    scope_of("see_roster", staff)
    day = board.day.day
    rows = took_part(board, period, now, room_id)
    seen = reached(file, "see_work", staff, day.isoformat(), {one.row.student_id for one in rows})
    works = {one.student_id: one for one in sets_between(file, day, day, seen) if one.period == period} if seen else {}
    adjusted = _adjustments(file, {one.row.placement_id for one in rows if one.row.student_id in seen})
    given = _given(file, [placed.id for one in rows if (placed := _placed(one, period))])
    return tuple(
        EndRow(
            one,
            placed,
            works.get(one.row.student_id),
            adjusted.get(one.row.placement_id, ""),
            given.get(placed.id),
        )
        for one in rows
        if (placed := _placed(one, period)) is not None
    )


def _adjustments(file: File, placements: set[int]) -> Mapping[int, str]:
    """Return the adjustment that was recorded for each of some placements, on the referral or at its confirmation."""
    if not placements:
        return {}
    marks = ", ".join("?" * len(placements))
    found = file.rows(
        "SELECT p.id, coalesce((SELECT c.adjustment FROM confirmation c WHERE c.placement_id = p.id"
        f" AND c.adjustment <> '' AND {live('confirmation', 'c')} ORDER BY c.id DESC LIMIT 1),"
        " (SELECT r.adjustment FROM referral r WHERE r.id = p.referral_id), '')"
        f" FROM placement p WHERE p.id IN ({marks})",
        sorted(placements),
    )
    return {placement: words for placement, said in found if (words := agreed(said))}


def _given(file: File, placed: Sequence[int]) -> Mapping[int, bool]:
    """Return, of some placed periods, whether the adjustment was given, where somebody said."""
    if not placed:
        return {}
    marks = ", ".join("?" * len(placed))
    found = file.rows(
        f"SELECT placement_period_id, given FROM adjustment_mark a WHERE placement_period_id IN ({marks})"
        f" AND {live('adjustment_mark', 'a')} ORDER BY id",
        list(placed),
    )
    return {one: bool(given) for one, given in found}


class Ended(NamedTuple):
    """What a period that has just ended leaves to do."""

    period: str
    checks: int
    works: int
    due_out: tuple[RowNow, ...]

    def words(self, now: datetime) -> str:
        """As the board says it: `P4 ended: 5 checks, work of 3 to come back; due out: Marsh, next Science S3 LE`."""
        checks = [counted(self.checks, "check")] if self.checks else []
        owed = ", ".join([*checks, *([f"work of {self.works} to come back"] if self.works else [])])
        first = f"{self.period} ended" + (f": {owed}" if owed else "")
        if not self.due_out:
            return first
        names = "; ".join(_leaver(one, now) for one in self.due_out[:2])
        more = f" +{len(self.due_out) - 2}" if len(self.due_out) > 2 else ""
        return f"{first}; due out: {names}{more}"


def _leaver(one: RowNow, now: datetime) -> str:
    lesson = one.next_lesson(now)
    surname = one.row.name.partition(",")[0]
    return f"{surname}, next {lesson.words}" if lesson else surname


def just_ended(board: Board, now: datetime, room_id: int | None = None) -> Ended | None:
    """Return what the period has left to do that ended within the last ten minutes, None where none did.

    Works are those handed out, or lying there, of which nobody has said anything.
    """
    ended = [
        one
        for periods in board.shape.by_year.values()
        for one in periods
        if one.is_lesson and timedelta(0) <= now - one.end < AFTER
    ]
    if not ended:
        return None
    period: Period = max(ended, key=lambda one: one.end)
    rows = took_part(board, period.name, now, room_id)
    over = [placed for one in rows if (placed := _placed(one, period.name)) and placed.period.end <= now]
    checks = sum(_owes_check(placed) for placed in over)
    works = sum(placed.work is not None and placed.work.state in (State.RECEIVED, State.ISSUED) for placed in over)
    due = tuple(one for one in board.at(now, room_id) if one.status is Status.DUE_OUT and not one.row.hidden)
    return Ended(period.name, checks, works, due)
