"""The day of sixty students: who is late, out, due out, in, expected and gone, made by the acts themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from psc.clock import SetClock, at_clock, school_day
from psc.desk.acts import Desk
from psc.roster.absences import Absence, mark_absence
from psc.roster.checks import mark_check
from psc.roster.movements import Destination, OutReason, come_back, go_out, sign_in, sign_out
from psc.roster.placements import PlacementType, book
from tests.bench.made import LESSONS
from tests.school import IER, PSC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psc.database.file import File
    from psc.desk.acts import Call
    from tests.bench.made import Pupil

SIZE = 60


@dataclass(frozen=True, slots=True)
class _Part:
    """How some of the sixty spend the morning: the periods they are placed for, and what is done with them when."""

    count: int
    periods: tuple[str, ...]
    deeds: tuple[tuple[str, str, str], ...] = ()


_TOILET = (("10:02", "out", "toilet"), ("10:08", "back", ""))
_CHECKS = (("09:49", "check", "P1"), ("10:49", "check", "P2"))
_WHY = "Agreed with home"
"""What is given for three days on end, and for a room with a seat too few."""
_PARTS = (
    _Part(4, LESSONS),
    _Part(4, LESSONS, (("08:44", "in", ""), *_TOILET, *_CHECKS, ("11:37", "out", "toilet"))),
    _Part(2, LESSONS, (("08:46", "in", ""), *_CHECKS, ("11:22", "out", "meeting"))),
    _Part(4, ("P2",), (("09:52", "in", ""), ("10:49", "check", "P2"))),
    _Part(20, LESSONS, (("08:41", "in", ""), *_CHECKS)),
    _Part(12, LESSONS, (("08:47", "in", ""), *_TOILET, *_CHECKS)),
    _Part(6, ("P4", "P5")),
    _Part(5, ("P1",), (("08:52", "in", ""), ("09:49", "check", "P1"), ("09:50", "left", "lesson"))),
    _Part(2, LESSONS, (("09:20", "away", "absent"),)),
    _Part(1, LESSONS, (("09:20", "away", "no_show"),)),
)
"""At a quarter to twelve: to be found, out, out, due out, in, in again, expected, gone to lessons, absent, no-show."""


def fill_day(file: File, students: Sequence[Pupil], now: datetime, before: date, after: Sequence[date]) -> None:
    """Do a morning's acts for sixty students in two rooms, as far as `now`. Half of them are placed for three days.

    `before` is the school day before, `after` those that follow.
    """
    today = school_day(now, file.zone)
    clock = SetClock(at_clock(before, time(15), file.zone))
    deeds: list[tuple[str, int, int, str, str]] = []
    places: dict[int, tuple[int, int]] = {}
    parts = [part for part in _PARTS for _ in range(part.count)]
    for number, (pupil, part) in enumerate(zip(students, parts, strict=True)):
        support = number % 3 == 2
        room = PSC if support else IER
        type_ = PlacementType.PSC_PROGRAMME if support else PlacementType.INTERNAL_EXCLUSION
        days = {0: (before, today, after[0]), 1: (today, *after[:2])}.get(number % 4, (today,))
        slots = [(day, period) for day in days for period in part.periods]
        placement = Desk(file, clock, "CO1").do(book(pupil.id, room, type_, "Defiance", slots, override=_WHY)).value
        places[pupil.id] = (room, placement)
        deeds += [(hhmm, len(deeds) + n, pupil.id, verb, told) for n, (hhmm, verb, told) in enumerate(part.deeds)]
    for hhmm, _, student, verb, told in sorted(deeds):
        clock.moment = at_clock(today, time.fromisoformat(hhmm), file.zone)
        if clock.moment <= now:
            Desk(file, clock, "AS1").do(_call(file, student, *places[student], today, verb, told))


def _call(file: File, student: int, room: int, placement: int, day: date, verb: str, told: str) -> Call[Any]:
    """Return the act that one deed of the morning stands for."""
    match verb:
        case "in":
            return sign_in(student, room)
        case "away":
            return mark_absence(placement, Absence(told))
        case "check":
            sql = "SELECT id FROM placement_period WHERE placement_id = ? AND on_day = ? AND period = ?"
            return mark_check(int(file.value(sql, (placement, day.isoformat(), told))), 3)
        case "out":
            return go_out(visit_of(file, student, day), OutReason(told))
        case "back":
            return come_back(visit_of(file, student, day))
        case _:
            return sign_out(visit_of(file, student, day), Destination(told))


def visit_of(file: File, student: int, day: date) -> int:
    """Return the student's visit of a day."""
    return int(file.value("SELECT id FROM visit WHERE student_id = ? AND day = ?", (student, day.isoformat())))


def swings(file: File, day: date) -> Iterator[Call[int]]:
    """Yield acts of the door without end: each student who is in goes out and comes back, one after the other."""
    inside = file.rows(
        "SELECT v.id FROM visit v JOIN movement m ON m.visit_id = v.id WHERE v.day = ?"
        " GROUP BY v.id HAVING sum(m.kind = 'in') + sum(m.kind = 'back') > sum(m.kind = 'out') + sum(m.kind = 'left')",
        (day.isoformat(),),
    )
    while True:
        for (visit,) in inside:
            yield go_out(visit, OutReason.MEETING)
            yield come_back(visit)
