"""Programmes: support on a weekly pattern, from the induction over a review to the way back into lessons, or on.

A programme hangs on its placement. What was agreed is a *version*, and the newest counts: a change adds one, so that
what was agreed before stays to be read, and the periods that are past stand as they were planned.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import at_clock, moment, school_day
from psc.desk.acts import Tx, act
from psc.desk.changes import Changed, check_fresh, keep_change
from psc.desk.facts import live
from psc.errors import NotUnderstood, Refused
from psc.roster.concerns import seats_kept
from psc.roster.patterns import Pattern
from psc.roster.placement_types import PlacementType
from psc.roster.placements import PlacedPeriod, placed_periods
from psc.school.calendar import day_words
from psc.school.shapes import Bells
from psc.school.students import student_by_id
from psc.text import check_length, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File

PROGRAMME_TYPES = (PlacementType.PSC_PROGRAMME, PlacementType.PHASED_RETURN, PlacementType.ALTERNATIVE_TIMETABLE)
"""The types of placement that are programmes."""


class Stage(StrEnum):
    """What a programme goes through, in order. Source: the domain notes, Placement types."""

    INDUCTION = "induction"
    REVIEW = "review"
    TRANSITION = "transition"


DONE = "done"
ENDS_EARLY = "ends early"
REVIEWED = ("continues", "changed", ENDS_EARLY)
"""How a review comes out."""
BACK = "back to lessons"
ON_TO = "on to "
"""Before what comes after a programme that does not end in lessons."""


class Version(NamedTuple):
    """What was agreed of a programme at one time; its pattern holds from the day `since`."""

    id: int
    since: date
    purpose: str
    success: str
    pattern: Pattern
    induction: date
    review: date
    until: date
    made: Changed
    why: str = ""
    """The reason of a change; \"\" for what was agreed first."""


class Step(NamedTuple):
    """A stage gone through: on which day, with what outcome. `review` is the review day that was agreed then."""

    stage: Stage
    outcome: str
    note: str
    day: date
    review: date
    made: Changed


class Programme(NamedTuple):
    """A programme with all its versions and steps, the oldest first."""

    placement_id: int
    student_id: int
    room_id: int
    type: PlacementType
    versions: tuple[Version, ...]
    steps: tuple[Step, ...] = ()

    @property
    def now(self) -> Version:
        """The version that counts."""
        return self.versions[-1]

    @property
    def first(self) -> date:
        """The day it began, or begins."""
        return self.versions[0].since

    @property
    def about(self) -> str:
        """The name under which the ledger keeps its changes."""
        return f"programme:{self.placement_id}"

    @property
    def ended(self) -> Step | None:
        """The transition, once it is recorded."""
        return next((one for one in reversed(self.steps) if one.stage is Stage.TRANSITION), None)

    def pattern_on(self, day: date) -> Pattern:
        """Return the pattern in force on a day; before its first day, the first there was."""
        return next((one for one in reversed(self.versions) if one.since <= day), self.versions[0]).pattern


class StageNow(NamedTuple):
    """A stage as it stands: when it is due, and the step that was its doing, None while it is open."""

    stage: Stage
    due: date
    done: Step | None


def stage_states(programme: Programme) -> tuple[StageNow, ...]:
    """Return the three stages as they stand.

    A review counts for the review day that was agreed when it was held: another day agreed since asks for another
    review. One that ends the programme early makes the transition due on its own day.
    """
    agreed = programme.now
    newest: dict[Stage, Step] = {
        one.stage: one for one in programme.steps if one.stage is not Stage.REVIEW or one.review == agreed.review
    }
    review = newest.get(Stage.REVIEW)
    leaves = review.day if review and review.outcome == ENDS_EARLY else agreed.until
    due = {Stage.INDUCTION: agreed.induction, Stage.REVIEW: agreed.review, Stage.TRANSITION: leaves}
    return tuple(StageNow(one, due[one], newest.get(one)) for one in Stage)


def next_stage(programme: Programme) -> StageNow | None:
    """Return the stage that comes next; None for a programme that has ended."""
    if programme.ended:
        return None
    return next((one for one in stage_states(programme) if one.done is None), None)


def days_until(due: date, today: date, school_days: Sequence[date]) -> int:
    """Return the school days until something is due: below 0 for so many days over, whatever holiday lay between.

    `school_days` are those of the calendar, in order, at least from the earlier of the two days to the later.
    """
    if due >= today:
        return sum(1 for day in school_days if today < day <= due)
    return -sum(1 for day in school_days if due < day <= today)


def due_words(stage: Stage, due: date, today: date, school_days: Sequence[date]) -> str:
    """Say when a stage is due: `review in 3 days`, `review today`, `transition 2 days over`. Days are school days."""
    left = days_until(due, today, school_days)
    if left < 0:
        return f"{stage.value} {counted(-left, 'day')} over"
    return f"{stage.value} in {counted(left, 'day')}" if left else f"{stage.value} today"


# Reads

_PROGRAMMES = f"""
SELECT g.id, p.id, p.student_id, p.room_id, p.type, g.day, g.purpose, g.success, g.pattern, g.induction_day,
    g.review_day, g.until_day, g.recorded, l.actor, coalesce(json_extract(d.json, '$.after.why'), '')
FROM programme g JOIN placement p ON p.id = g.placement_id JOIN ledger l ON l.seq = g.seq
    LEFT JOIN ledger_detail d ON d.seq = g.seq
WHERE {live("programme", "g")} AND {live("placement", "p")}
"""
_STEPS = f"""
SELECT g.placement_id, s.stage, s.outcome, s.note, s.day, g.review_day, s.recorded, l.actor
FROM programme_step s JOIN programme g ON g.id = s.programme_id JOIN ledger l ON l.seq = s.seq
WHERE {live("programme_step", "s")}
"""
_ENDED = f"""
SELECT 1 FROM programme_step e JOIN programme v ON v.id = e.programme_id
WHERE v.placement_id = g.placement_id AND e.stage = 'transition' AND e.day < :since AND {live("programme_step", "e")}
"""


def programmes(file: File, *, since: date, student_id: int | None = None) -> tuple[Programme, ...]:
    """Return the programmes that run, and those that ended on `since` or later, in the order they were begun.

    `student_id` asks for those of one student.
    """
    where = f" AND NOT EXISTS ({_ENDED})" + ("" if student_id is None else " AND p.student_id = :student")
    known: dict[str, object] = {"since": since.isoformat(), "student": student_id}
    return _made(file.rows(f"{_PROGRAMMES}{where} ORDER BY p.id, g.id", known), file)


def programme_by_id(file: File, programme_id: int) -> Programme:
    """Return a programme by the id of any version of it. Raises `NotUnderstood` when there is none."""
    where = " AND p.id = (SELECT placement_id FROM programme WHERE id = ?) ORDER BY g.id"
    found = _made(file.rows(_PROGRAMMES + where, (programme_id,)), file)
    if not found:
        raise NotUnderstood("There is no such programme.", "Look at the list of programmes again.")
    return found[0]


def programme_of(file: File, placement_id: int) -> Programme | None:
    """Return the programme that hangs on a placement, None where nothing is written down of one."""
    found = _made(file.rows(f"{_PROGRAMMES} AND p.id = ? ORDER BY g.id", (placement_id,)), file)
    return found[0] if found else None


def _made(rows: Sequence[Sequence[object]], file: File) -> tuple[Programme, ...]:
    made: dict[int, Programme] = {}
    for row in rows:
        version, placement, student, room, type_, since, purpose, success, pattern, *rest = row
        induction, review, until, at, by, why = map(str, rest)
        one = Version(
            int(str(version)),
            date.fromisoformat(str(since)),
            str(purpose),
            str(success),
            Pattern.from_json(str(pattern)),
            date.fromisoformat(induction),
            date.fromisoformat(review),
            date.fromisoformat(until),
            Changed(moment(at), by),
            why,
        )
        whose = int(str(placement))
        before = made.get(whose)
        if before is None:
            before = Programme(whose, int(str(student)), int(str(room)), PlacementType(str(type_)), ())
        made[whose] = before._replace(versions=(*before.versions, one))
    marks = ", ".join("?" * len(made))
    for row in file.rows(f"{_STEPS} AND g.placement_id IN ({marks}) ORDER BY s.day, s.id", list(made)) if made else ():
        placement, stage, outcome, note, day, reviewed, at, by = row
        step = Step(
            Stage(stage), outcome, note, date.fromisoformat(day), date.fromisoformat(reviewed), Changed(moment(at), by)
        )
        made[placement] = made[placement]._replace(steps=(*made[placement].steps, step))
    return tuple(made.values())


def ahead(file: File, placement_id: int, now: datetime, bells: Bells) -> tuple[PlacedPeriod, ...]:
    """Return the placed periods of a placement that have not begun; `bells` are the student's."""
    today = school_day(now, file.zone)

    def begun(one: PlacedPeriod) -> bool:
        period = bells.period(one.day, one.period) if one.day == today else None
        return one.day < today or (period is not None and period.start <= now)

    return tuple(one for one in placed_periods(file, placement_id) if not begun(one))


# Acts


def check_newest(tx: Tx, programme: Programme, seen: int) -> None:
    """Raise `Refused`, with who and when, where a programme was changed, or has ended, since version `seen`."""
    check_fresh(tx, programme.about, seen, programme.now.id)
    if step := programme.ended:
        words = step.made.words(tx.today, tx.file.zone)
        raise Refused(f"The programme has ended: {step.outcome} ({words}).", "Nothing was changed.")


@act(
    "step_programme",
    resting=(
        *("step_programme", "change_programme", "book", "book_programme", "walk_in"),
        *("decide_referral", "extend_booking", "carry_period", "carry_periods"),
    ),
    afterwards=seats_kept,
)
def step_programme(
    tx: Tx, programme_id: int, stage: Stage, outcome: str, note: str = "", *, on: date | None = None
) -> int:
    """Record that a programme has gone through a stage, today or on an earlier day; returns how many periods go.

    A review says in the note what was found. A transition drops the periods ahead, and may come at any time.
    `programme_id` is the version that was looked at: raises `Refused`, with who and when, where another stands by now,
    or the stage is recorded already, or another comes first.
    """
    one = programme_by_id(tx.file, programme_id)
    tx.reach(one.student_id)
    check_newest(tx, one, programme_id)
    _in_turn(tx, one, stage)
    words, said = check_length(outcome, "outcome"), check_length(note, "note")
    _check_outcome(stage, words, said)
    day = on or tx.today
    if day > tx.today:
        raise Refused(f"{day_words(day, tx.today)} is yet to come.", "Record it on the day.")
    happened = tx.now if day == tx.today else at_clock(day, time(12), tx.file.zone)
    tx.add(
        "programme_step",
        programme_id=one.now.id,
        stage=stage.value,
        outcome=words,
        note=said,
        happened=happened,
        day=day,
    )
    dropped: tuple[PlacedPeriod, ...] = ()
    if stage is Stage.TRANSITION:
        bells = Bells(tx.file, student_by_id(tx.file, one.student_id, tx.today).year)
        dropped = ahead(tx.file, one.placement_id, tx.now, bells)
        for period in dropped:
            tx.retract_whole("placement_period", period.id, f"the programme ended: {words}")
    keep_change(tx, one.about, {}, {stage.value: words, "dropped": len(dropped)})
    return len(dropped)


def _in_turn(tx: Tx, programme: Programme, stage: Stage) -> None:
    """Raise `Refused` for a stage that is recorded already, or that does not come next."""
    standing = {one.stage: one for one in stage_states(programme)}
    if step := standing[stage].done:
        words = step.made.words(tx.today, tx.file.zone)
        raise Refused(f"The {stage.value} is recorded already: {step.outcome} ({words}).", "Nothing was changed.")
    if stage is Stage.REVIEW and standing[Stage.INDUCTION].done is None:
        raise Refused("The induction comes before the review.", "Record the induction first.")


def _check_outcome(stage: Stage, outcome: str, note: str) -> None:
    """Raise `NotUnderstood` for an outcome that a stage does not have, and for a review without a note."""
    if stage is Stage.INDUCTION and outcome != DONE:
        raise NotUnderstood("An induction is done, or it is not recorded.", "")
    if stage is Stage.REVIEW and outcome not in REVIEWED:
        raise NotUnderstood(f"“{outcome}” is no outcome of a review.", f"It is one of: {', '.join(REVIEWED)}.")
    if stage is Stage.REVIEW and not note:
        raise NotUnderstood("A review needs a note.", "Say what was found, and what comes of it.")
    if stage is Stage.TRANSITION and outcome != BACK and not outcome.removeprefix(ON_TO.strip()).strip():
        raise NotUnderstood("On to what?", "Say what comes after the programme.")
    if stage is Stage.TRANSITION and outcome != BACK and not outcome.startswith(ON_TO):
        raise NotUnderstood(f"“{outcome}” is no outcome of a transition.", f"It is {BACK}, or {ON_TO}something.")
