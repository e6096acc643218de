"""The work of a day as the board needs it: read in one query, for every student who is placed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import moment
from psc.desk.facts import live
from psc.school.timetable import Lesson
from psc.work.states import Kind, State, asked_for, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from psc.database.file import File

IN_USE = timedelta(days=28)
"""How long a school counts as recording its work after it last did. Longer than any holiday but the summer's."""


_LONG_SINCE = datetime.min.replace(tzinfo=UTC)


class PeriodWork(NamedTuple):
    """How far the work of one student's period has come."""

    state: State = State.NEEDED
    fallback: bool = False
    """Whether a pack stands in for the lesson's own work."""
    came: datetime | None = None


class DayWork(NamedTuple):
    """What was recorded of a day's work, by student and period."""

    lessons: Mapping[tuple[int, str], Lesson | None]
    """What a period was before a new timetable came; None where there was no lesson then."""
    asks: Mapping[tuple[int, str], tuple[tuple[str, str, str], ...]]
    arrivals: Mapping[tuple[int, str], PeriodWork]
    recorded_from: datetime | None
    """From when on the school counts as recording its work, None where it does not."""

    def of(self, student_id: int, period: str, lesson: Lesson | None) -> PeriodWork:
        """Return how far the work of a student's period has come; `lesson` is what they have then."""
        key = (student_id, period)
        if (came := self.arrivals.get(key)) is not None:
            return came
        has = (lesson.subject, lesson.class_code, lesson.teacher) if lesson else None
        asked = has is not None and any(asked_for(one, has) for one in self.asks.get(key, ()))
        return PeriodWork(state_of(asked=asked, came=False))

    def none_came(self, student_id: int, period: str, ends: datetime) -> bool:
        """Say whether no work came for a period before it ended, in a school that records its work.

        Such a period cannot fail on its check. A school that does not record its work at all, or did not yet, would
        have every period let off by that: so work must have been recorded in the four weeks before the day, or on the
        day before the period ended. Source: the domain notes, Period check.
        """
        came = self.arrivals.get((student_id, period))
        if came is not None and came.came is not None and came.came <= ends:
            return False
        return self.recorded_from is not None and self.recorded_from <= ends


def _is_there(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} t WHERE t.arrival_id = a.id AND {live(table, 't')})"


_WORK = f"""
SELECT 'lesson', a.student_id, a.period, a.class_code, a.subject, a.teacher, a.room, '', 0, 0, 0
FROM work_lesson a WHERE a.on_day = :day AND {live("work_lesson", "a")}
UNION ALL
SELECT 'ask', a.student_id, a.period, a.class_code, a.subject, a.teacher, '', '', 0, 0, 0
FROM work_ask a WHERE a.on_day = :day AND {live("work_ask", "a")}
UNION ALL
SELECT a.kind, a.student_id, a.period, '', '', '', '', a.happened,
    {_is_there("work_issue")}, {_is_there("work_return")}, {_is_there("work_feedback")}
FROM work_arrival a WHERE a.on_day = :day AND {live("work_arrival", "a")}
UNION ALL
SELECT * FROM (SELECT 'before', 0, '', '', '', '', '', '', 0, 0, 0 FROM work_arrival a
    WHERE a.on_day BETWEEN :since AND :day AND a.day < :day AND {live("work_arrival", "a")} LIMIT 1)
"""


def work_on(file: File, day: date) -> DayWork:
    """Return what was recorded of the work of a day."""
    lessons: dict[tuple[int, str], Lesson | None] = {}
    asks: dict[tuple[int, str], tuple[tuple[str, str, str], ...]] = {}
    arrivals: dict[tuple[int, str], PeriodWork] = {}
    before = False
    found: list[tuple[Any, ...]] = file.rows(_WORK, {"day": day.isoformat(), "since": (day - IN_USE).isoformat()})
    for what, student, period, code, subject, teacher, room, came, issued, returned, told in found:
        key = (student, period)
        match what:
            case "lesson":
                lessons[key] = Lesson(period, code, subject, teacher, room) if code or subject else None
            case "ask":
                asks[key] = (*asks.get(key, ()), (subject, code, teacher))
            case "before":
                before = True
            case kind:
                state = state_of(asked=True, came=True, issued=bool(issued), returned=bool(returned), told=bool(told))
                arrivals[key] = PeriodWork(state, kind == Kind.PACK, moment(came))
    first = min((one.came for one in arrivals.values() if one.came), default=None)
    return DayWork(lessons, asks, arrivals, _LONG_SINCE if before else first)
