"""The years behind: each school day's placements, visits, movements, seats and checks, as two busy rooms leave them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from psc.clock import at_clock
from tests.bench.made import LESSONS, september_of
from tests.school import BELLS, IER, PSC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File
    from tests.bench.bulk import Bulk
    from tests.bench.made import Pupil

_CLOCK = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60)]
_STARTS = {name: int(starts[:2]) * 60 + int(starts[3:]) for name, starts, _ in BELLS}
_ENDS = {name: int(ends[:2]) * 60 + int(ends[3:]) for name, _, ends in BELLS}
_ARRIVE = _STARTS["Reg"]
_LAST = LESSONS[-1]
_CAME_LATE, _CORRECTED, _STAYED_AWAY = 0.1, 0.01, 2
_NEVER_LEFT = 13_000
"""One visit in so many was never ended, and waits for a coordinator."""

Fact = tuple[str, int, tuple[object, ...]]
"""A table, the minute of the day at which it happened, and its own columns."""


@dataclass(slots=True)
class _Event:
    """One act of a day, before it has its ledger line."""

    minute: int
    act: str
    actor: str
    role: str
    students: list[int]
    detail: str
    facts: list[Fact]


@dataclass(slots=True)
class _Stretch:
    """A placement that runs: its placed periods of the days that are left."""

    student: int
    room: int
    placement: int
    days: list[list[tuple[int, str]]]


class _Past:
    """The random choices of the years, the same each time, and what runs from one day to the next."""

    def __init__(self, bulk: Bulk, everyone: Sequence[Pupil]) -> None:
        self.random = random.Random(1944)
        self.bulk = bulk
        self.everyone = everyone
        self.running: list[_Stretch] = []
        self.visits = 0

    def live(self, day: date, ahead: Sequence[date], wanted: int, resting: frozenset[int]) -> Iterator[_Event]:
        """Yield the acts of one day: `wanted` visits, and a few placed students who stayed away."""
        running, self.running = self.running, []
        placed = {one.student for one in running}
        september = september_of(day)
        free = [p.id for p in self.everyone if 7 <= p.year(september) <= 11 and p.id not in placed | resting]
        fresh = self.random.sample(free, max(0, wanted - len(running)) + _STAYED_AWAY)
        away = fresh[:_STAYED_AWAY]
        seats = {IER: 0, PSC: 0}
        checks: dict[tuple[int, str], list[tuple[int, int]]] = {}
        left: dict[int, list[tuple[int, int]]] = {IER: [], PSC: []}
        for student in [*(one.student for one in running), *fresh]:
            stretch = next((one for one in running if one.student == student), None)
            first = stretch is None
            if stretch is None:
                stretch, booking = self.place(student, ahead)
                yield booking
            periods = stretch.days.pop(0)
            if student in away:
                code = (
                    "attendance_mark",
                    600,
                    (self.bulk.next_id("attendance_mark"), stretch.placement, "absent", "I"),
                )
                yield _Event(600, "mark_absence", "AS2", "assistant", [student], "", [code])
                continue
            if stretch.days:
                self.running.append(stretch)
            seats[stretch.room] += 1
            yield from self.visit(stretch, periods, seats[stretch.room], left, late=first)
            for placed_id, period in periods:
                checks.setdefault((stretch.room, period), []).append((student, placed_id))
        yield from self.check(checks)
        for those in left.values():
            facts = [self.leaving(visit, _ENDS[_LAST], "end of day") for _, visit in those]
            yield _Event(_ENDS[_LAST], "sign_out", "AS1", "assistant", [one for one, _ in those], "", facts)

    def place(self, student: int, ahead: Sequence[date]) -> tuple[_Stretch, _Event]:
        """Place a student from today on: days of exclusion, a removal from one lesson, or some days' support."""
        choice = self.random.random()
        if choice < 0.35:
            room, type_, days, periods = IER, "internal_exclusion", self.random.choice((1, 1, 2, 3)), LESSONS
        elif choice < 0.6:
            room, type_, days, periods = IER, "removal", 1, (self.random.choice(LESSONS),)
        else:
            begins = self.random.randrange(len(LESSONS) - 1)
            room, type_, days, periods = (
                PSC,
                "psc_programme",
                self.random.choice((1, 2, 5)),
                LESSONS[begins : begins + 2],
            )
        placement = self.bulk.next_id("placement")
        minute = _ARRIVE - 20 if room == PSC or len(periods) > 1 else _STARTS[periods[0]]
        planned = int(type_ != "removal")
        facts: list[Fact] = [("placement", minute, (placement, student, room, type_, "Defiance", planned))]
        stretch = _Stretch(student, room, placement, [])
        for on_day in ahead[:days]:
            slots = [(self.bulk.next_id("placement_period"), period) for period in periods]
            stretch.days.append(slots)
            facts += [("placement_period", minute, (one, placement, on_day.isoformat(), p)) for one, p in slots]
        return stretch, _Event(minute, "book", "CO1", "coordinator", [student], type_, facts)

    def visit(
        self,
        stretch: _Stretch,
        periods: Sequence[tuple[int, str]],
        seat: int,
        left: dict[int, list[tuple[int, int]]],
        *,
        late: bool,
    ) -> Iterator[_Event]:
        """Yield the door's acts of one visit; who stays to the last bell is put among those who leave together."""
        visit, move = self.bulk.next_id("visit"), self.bulk.next_id("movement")
        student = stretch.student
        first, last = periods[0][1], periods[-1][1]
        minute = max(_STARTS[first], _ARRIVE) - 5 + self.random.randrange(10)
        minute += 15 if late and self.random.random() < _CAME_LATE else 0
        entering: list[Fact] = [
            ("visit", minute, (visit, student, stretch.room)),
            ("movement", minute, (move, visit, "in", "", "", None)),
            ("seating", minute, (self.bulk.next_id("seating"), visit, seat)),
        ]
        yield _Event(minute, "sign_in", "AS1", "assistant", [student], str(visit), entering)
        if self.random.random() < _CORRECTED:
            again = (self.bulk.next_id("movement"), visit, "in", "", "typed late", move)
            back = ("retraction", minute + 5, (self.bulk.next_id("retraction"), "movement", move, "typed late"))
            facts: list[Fact] = [back, ("movement", minute - 1, again)]
            yield _Event(minute + 5, "correct_movement", "AS1", "assistant", [student], str(move), facts)
        if len(periods) > 1 and self.random.random() < 0.8:
            out = minute + 45 + self.random.randrange(30)
            for at, act, kind, reason in ((out, "go_out", "out", "toilet"), (out + 6, "come_back", "back", "")):
                swing: Fact = ("movement", at, (self.bulk.next_id("movement"), visit, kind, reason, "", None))
                yield _Event(at, act, "AS2", "assistant", [student], str(visit), [swing])
        self.visits += 1
        if self.visits % _NEVER_LEFT == 0:
            return
        if last == _LAST:
            left[stretch.room].append((student, visit))
        else:
            fact = self.leaving(visit, _ENDS[last], "lesson")
            yield _Event(_ENDS[last], "sign_out", "AS1", "assistant", [student], str(visit), [fact])

    def leaving(self, visit: int, minute: int, to: str) -> Fact:
        """Return the movement that ends a visit."""
        return ("movement", minute, (self.bulk.next_id("movement"), visit, "left", to, "", None))

    def check(self, checks: dict[tuple[int, str], list[tuple[int, int]]]) -> Iterator[_Event]:
        """Yield each room's checks of each period: one act a room and period, for all who were there."""
        for (_, period), those in checks.items():
            minute = _ENDS[period] - 2
            marks = [(self.bulk.next_id("period_check"), placed, self.random.randrange(1, 5)) for _, placed in those]
            facts: list[Fact] = [("period_check", minute, mark) for mark in marks]
            yield _Event(minute, "mark_check", "AS2", "assistant", [one for one, _ in those], period, facts)


def live_through(
    file: File, bulk: Bulk, everyone: Sequence[Pupil], days: Sequence[date], visits: int, resting: frozenset[int]
) -> None:
    """Fill `days` with `visits` visits of those on roll then. Students `resting` are left out of the last week."""
    past = _Past(bulk, everyone)
    for number, day in enumerate(days):
        wanted = visits * (number + 1) // len(days) - past.visits
        quiet = resting if number >= len(days) - 5 else frozenset[int]()
        events = past.live(day, days[number : number + 5], wanted, quiet)
        _write(bulk, day, file.zone, sorted(events, key=lambda one: one.minute))
        if number % 100 == 0:
            bulk.flush()
    bulk.flush()


def _write(bulk: Bulk, day: date, where: ZoneInfo, events: Sequence[_Event]) -> None:
    """Give a day's acts their ledger lines, in order of time, and their facts the number of them."""
    text = day.isoformat()
    ahead = 12 * 60 - at_clock(day, time(12), where).hour * 60
    for event in events:
        recorded = f"{text}T{_CLOCK[event.minute - ahead]}:00Z"
        detail = f'{{"asked": [{{"args": ["{event.detail}"]}}], "value": {len(event.facts)}}}'
        seq = bulk.act(event.act, recorded, event.actor, event.role, event.students, detail)
        for table, minute, values in event.facts:
            bulk.add(table, *values, f"{text}T{_CLOCK[minute - ahead]}:00Z", recorded, text, seq)
