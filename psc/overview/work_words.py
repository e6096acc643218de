"""How the work of a period reads: its signs, its words, and how a cell and a line say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.overview.cells import Cell, Tone
from psc.overview.glyphs import FALLBACK, WORK
from psc.school.calendar import day_words
from psc.text import counted, shown
from psc.work.messages import became, times
from psc.work.sets import Arrival, Kind, State, WorkSet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from psc.overview.work import WorkRow
    from psc.work.teachers import Teacher

SIGNS: Mapping[State, str] = {state: WORK[state.value] for state in State}
"""The sign of each state."""
NO_LESSON = "–"

_TONES = {
    State.RECEIVED: Tone.EXPECTED,
    State.ISSUED: Tone.IN,
    State.RETURNED: Tone.PLAIN,
    State.SENT_BACK: Tone.QUIET,
}
_WEEK = 7
"""Days within which a weekday says which day is meant."""
_LONGEST = 160
"""How much of what somebody wrote a line of details shows."""


def signs(work: WorkSet) -> str:
    """Return the sign of a period's work, with `F` before that of a pack; `–` where no teacher owes any."""
    if work.no_lesson and work.arrival is None:
        return NO_LESSON
    return f"{FALLBACK if work.fallback else ''}{SIGNS[work.state]}"


def work_cell(one: WorkRow | None, now: datetime, *, under_way: bool = False, over: bool = False) -> Cell:
    """Return the cell of a period: its sign and subject. A gap in the period under way stands out, a past one not."""
    if one is None:
        return Cell("", Tone.QUIET)
    work = one.work
    what = work.subject if work.state.has_work or not work.no_lesson else work.no_lesson
    return Cell(f"{signs(work)} {what or 'lesson'}", _tone(one, now, under_way=under_way, over=over))


def _tone(one: WorkRow, now: datetime, *, under_way: bool, over: bool) -> Tone:
    work = one.work
    if work.state.has_work:
        return Tone.OUT if work.fallback and work.state is not State.SENT_BACK else _TONES[work.state]
    if one.absent or over:
        return Tone.QUIET
    if under_way:
        return Tone.ALARM
    if work.no_lesson:
        return Tone.QUIET
    return Tone.DUE if work.overdue(now) else Tone.PLAIN


def told(one: WorkRow, teachers: Mapping[str, Teacher], now: datetime, zone: ZoneInfo, today: date) -> tuple[str, ...]:
    """Return all there is to say of a period's work, piece by piece: what, whose, how far, what came, what was done."""
    work = one.work
    lesson = work.lesson
    code = lesson.class_code if lesson else ""
    given = teachers.get(lesson.teacher) if lesson else None
    said = [" ".join(part for part in (work.period, lesson.subject if lesson else "", code) if part)]
    if not work.no_lesson:
        said.append(given.words if given else work.teacher)
    said.append(state_words(work, now, zone, today))
    if work.other_lesson:
        said.append(f"it came for {work.other_lesson}: the timetable has another lesson now")
    if work.arrival is not None:
        said += arrival_words(work.arrival)
    if work.returned is not None:
        said.append(became(work))
    if one.absent:
        said.append("the student does not come that day")
    return tuple(_short(part) for part in said if part)


def state_words(work: WorkSet, now: datetime, zone: ZoneInfo, today: date) -> str:
    """Return how far a period's work has come, with when: `? asked twice, last 10:42, due today 15:00`."""

    def at(moment: datetime) -> str:
        return moment_words(moment, zone, today)

    due = f"was due {at(work.due)}" if work.overdue(now) else f"due {at(work.due)}"
    if work.no_lesson and work.arrival is None:
        return f"{NO_LESSON} {work.no_lesson}: a pack fills it"
    match work.state:
        case State.NEEDED:
            return f"! not asked for, {due}"
        case State.REQUESTED:
            last = f"last {at(work.asked[-1])}" if len(work.asked) > 1 else at(work.asked[-1])
            return f"? asked {times(len(work.asked))}, {last}, {due}"
        case State.RECEIVED:
            return f"{signs(work)} received {at(work.arrival.at)}" if work.arrival else ""
        case State.ISSUED:
            return f"{signs(work)} given out {at(work.issued)}" if work.issued else ""
        case State.RETURNED:
            return f"{signs(work)} handed in {at(work.returned.at)}" if work.returned else ""
        case State.SENT_BACK:
            return f"{signs(work)} told to the teacher {at(work.sent_back)}" if work.sent_back else ""


def moment_words(moment: datetime, zone: ZoneInfo, today: date) -> str:
    """Return a moment as a line says it: `10:42` for today's, `Fri 15:00` for one of these days."""
    day = moment.astimezone(zone).date()
    if day == today:
        return wall(moment, zone)
    named = f"{day:%a}" if abs((day - today).days) < _WEEK else day_words(day, today)
    return f"{named} {wall(moment, zone)}"


def arrival_words(arrival: Arrival) -> list[str]:
    """Return what came, piece by piece."""
    kind = {Kind.PACK: f"pack {arrival.pack}", Kind.PAPER: "paper"}.get(arrival.kind, arrival.kind.value)
    made = [f"{kind}: {arrival.place}" if arrival.place else kind, arrival.task]
    made += [f"pages {arrival.pages}"] if arrival.pages else []
    made += [counted(arrival.minutes, "minute")] if arrival.minutes else []
    made += [f"adapted: {arrival.adaptation}"] if arrival.adaptation else []
    made += [f"needs {arrival.equipment}"] if arrival.equipment else []
    made += [f"back to {arrival.return_to}"] if arrival.return_to else []
    return made


def _short(text: str) -> str:
    safe = shown(text)
    return safe if len(safe) <= _LONGEST else f"{safe[: _LONGEST - 1]}…"
