"""What exposure is made of, and the rules of counting it: plain values, sanction and support always apart.

Source: the domain notes, What the leaders want counted, and Roster (minutes in the room).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.roster.movements import stays
from psc.roster.placement_types import INTERNAL, Line, PlacementType
from psc.school.bells import lesson_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from psc.roster.movements import Movement
    from psc.school.shapes import Period

LINES = (Line.SANCTION, Line.SUPPORT, Line.NEUTRAL)
"""The sides, in the order in which they are always said; they are never added up."""


class Side(NamedTuple):
    """What one side, sanction or support, comes to."""

    line: Line
    minutes: int = 0
    """Whole minutes in rooms, time out left out: seconds are summed, then floored once."""
    placed: int = 0
    """Lessons placed for that have begun."""
    attended: int = 0
    """Those of them in which the student was there at all: lessons lost."""
    placed_days: int = 0
    days: int = 0
    """Days on which the student was in a room."""


class Lost(NamedTuple):
    """Lessons of one subject spent in rooms, by side. `subject` is "" where the timetable has no lesson."""

    subject: str
    sanction: int
    support: int
    neutral: int


class Run(NamedTuple):
    """School days on end; `first` and `last` are None for none."""

    days: int
    first: date | None = None
    last: date | None = None


class Crossed(NamedTuple):
    """A threshold that is reached: what it comes to, in words, the setting's name as people say it, and its figure."""

    words: str
    setting: str
    figure: int

    @property
    def said(self) -> str:
        """Return the words with the setting that produced them."""
        return f"{self.words} ({self.setting}: {self.figure})"


class Exposure(NamedTuple):
    """A student's exposure from `first` to `last`."""

    student_id: int
    first: date
    last: date
    school_days: int
    """School days from `first` to `last`."""
    lessons: int
    """Lessons of the student's year group that have begun in that time."""
    sides: tuple[Side, ...]
    """Sanction, support, neutral: always all three, in that order."""
    lost: tuple[Lost, ...]
    """Lessons lost by subject, the most first."""
    internal: int
    """Days of internal exclusion."""
    run: Run
    """The longest run of school days of internal exclusion."""
    suspended: tuple[date, ...] | None
    """The days on which a suspension began; None where the reader may not see suspensions."""
    together: int | None
    """Days of internal and external exclusion together; of a suspension only its first day is on record."""
    run_together: Run | None
    removals: int
    crossed: tuple[Crossed, ...]

    def side(self, line: Line) -> Side:
        """Return one side."""
        return self.sides[LINES.index(line)]

    def share(self, line: Line) -> float:
        """Return the per cent of the lessons so far that were lost on one side; 0 where there were none."""
        return self.side(line).attended * 100 / self.lessons if self.lessons else 0.0


# Rules


class PlacedSlot(NamedTuple):
    """A period of a day for which the student is placed, of a placement that takes a seat."""

    placement_id: int
    room_id: int
    type: PlacementType
    period: Period


class DayExposure(NamedTuple):
    """What one day comes to: seconds by side, the lessons placed and attended by side, whether internal exclusion."""

    seconds: Mapping[Line, float]
    placed: tuple[tuple[str, Line], ...]
    attended: tuple[tuple[str, Line], ...]
    internal: bool


def day_exposure(slots: Sequence[PlacedSlot], moves: Sequence[Movement], until: datetime) -> DayExposure:
    """Return what a student's day comes to, up to a moment.

    `slots` are the placed periods of the day that have begun, `moves` the movements of the day over all rooms. Time in
    a room belongs to the placement of the period it falls in, the newest of several, in whatever room it is served;
    time beside the periods (early, break, lunch) to the newest placement of that room, else of the day, else to no
    side. A lesson is attended by whoever was in a room in it at all, as programmes count it; two placements of one
    lesson are one lesson, the newer's.
    """
    by_period = {one.period.name: one for one in sorted(slots, key=lambda one: one.placement_id)}
    seconds = dict.fromkeys(LINES, 0.0)
    attended: set[str] = set()
    internal = False
    for visit in dict.fromkeys(one.visit_id for one in moves):
        own = [one for one in moves if one.visit_id == visit]
        here = [one for one in slots if one.room_id == own[0].room_id]
        leads = max(here or slots, key=lambda one: one.placement_id, default=None)
        line = leads.type.line if leads else Line.NEUTRAL
        for stay in stays(own):
            if stay.out_for:
                continue
            begins, ends = stay.start, min(stay.end or until, until)
            rest = max(0.0, (ends - begins).total_seconds())
            for name, one in by_period.items():
                there = (min(ends, one.period.end) - max(begins, one.period.start)).total_seconds()
                if there > 0:
                    seconds[one.type.line] += there
                    rest -= there
                    attended.add(name)
                    internal = internal or one.type in INTERNAL
            seconds[line] += rest
    lessons = [(name, one.type.line) for name, one in by_period.items() if lesson_number(name)]
    return DayExposure(
        seconds, tuple(lessons), tuple((name, line) for name, line in lessons if name in attended), internal
    )


def longest_run(days: Collection[date], calendar: Iterable[date]) -> Run:
    """Return the longest run of school days on end that are all among `days`, the latest of several as long."""
    longest = run = Run(0)
    for day in calendar:
        run = Run(run.days + 1, run.first or day, day) if day in days else Run(0)
        longest = max(longest, run, key=lambda one: (one.days, one.last or date.min))
    return longest
