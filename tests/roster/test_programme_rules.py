"""Programmes by their rules: what comes next, when it is due in school days, what pattern holds, what cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from psc.desk.changes import Changed
from psc.overview.programmes import week_words
from psc.roster.patterns import Pattern, read_pattern
from psc.roster.placement_types import PlacementType
from psc.roster.programmes import (
    Programme,
    Stage,
    Step,
    Version,
    days_until,
    due_words,
    next_stage,
    stage_states,
)
from psc.roster.unwritten import pattern_of
from tests.school import MONDAY, PSC

HALF_TERM = {date(2026, 10, 26) + timedelta(days=n) for n in range(5)}
DAYS = tuple(
    day for n in range(100) if (day := date(2026, 9, 28) + timedelta(days=n)).weekday() < 5 and day not in HALF_TERM
)
"""School days of an autumn with a half-term from 26 to 30 October."""
AT = Changed(datetime(2026, 9, 28, 9, tzinfo=UTC), "CO1")
TUE = read_pattern("Tue P1-P3")


def version(number: int = 1, **other: Any) -> Version:
    one = Version(
        number, date(2026, 9, 28), "Settling", "In lessons", TUE, date(2026, 9, 28), date(2026, 10, 23),
        date(2026, 11, 27), AT,
    )  # fmt: skip
    return one._replace(**other)


def step(stage: str, outcome: str, day: date, review: date = date(2026, 10, 23)) -> Step:
    return Step(Stage(stage), outcome, "", day, review, AT)


def programme(*steps: Step, versions: tuple[Version, ...] = (version(),)) -> Programme:
    return Programme(1, 1, PSC, PlacementType.PSC_PROGRAMME, versions, steps)


INDUCTED = step("induction", "done", date(2026, 9, 28))
LATER = version(2, review=date(2026, 11, 13))


@pytest.mark.parametrize(
    ("one", "stage", "due"),
    [
        (programme(), "induction", date(2026, 9, 28)),
        (programme(INDUCTED), "review", date(2026, 10, 23)),
        (programme(INDUCTED, step("review", "continues", date(2026, 10, 21))), "transition", date(2026, 11, 27)),
        (programme(INDUCTED, step("review", "changed", date(2026, 11, 2))), "transition", date(2026, 11, 27)),
        # one that ends it early makes the way back due at once
        (programme(INDUCTED, step("review", "ends early", date(2026, 10, 21))), "transition", date(2026, 10, 21)),
        # another review day agreed since asks for another review
        (
            programme(INDUCTED, step("review", "continues", date(2026, 10, 21)), versions=(version(), LATER)),
            "review",
            date(2026, 11, 13),
        ),
        # … and takes back that it was to end early
        (
            programme(
                INDUCTED,
                step("review", "ends early", date(2026, 10, 21)),
                step("review", "continues", date(2026, 11, 12), review=date(2026, 11, 13)),
                versions=(version(), LATER),
            ),
            "transition",
            date(2026, 11, 27),
        ),
    ],
)
def test_what_comes_next_and_when(one: Programme, stage: str, due: date) -> None:
    coming = next_stage(one)
    assert coming is not None
    assert (coming.stage, coming.due, coming.done) == (stage, due, None)


def test_nothing_comes_after_the_transition_whatever_was_left_out() -> None:
    one = programme(step("transition", "back to lessons", date(2026, 10, 1)))
    assert next_stage(one) is None
    assert one.ended is not None
    assert [each.done is None for each in stage_states(one)] == [True, True, False]


@pytest.mark.parametrize(
    ("due", "today", "left"),
    [
        (date(2026, 10, 23), date(2026, 10, 23), 0),
        (date(2026, 10, 23), date(2026, 10, 20), 3),
        (date(2026, 10, 23), date(2026, 10, 17), 5),  # a Saturday: the whole week is to come
        (date(2026, 10, 23), date(2026, 10, 24), 0),  # a Saturday again: no school day has passed
        (date(2026, 10, 23), date(2026, 11, 1), 0),  # nor over a whole holiday
        (date(2026, 10, 23), date(2026, 11, 2), -1),
        (date(2026, 10, 23), date(2026, 11, 4), -3),
        (date(2026, 11, 3), date(2026, 10, 22), 3),  # ahead, with the holiday between
    ],
)
def test_days_until_are_school_days_whatever_holiday_lies_between(due: date, today: date, left: int) -> None:
    assert days_until(due, today, DAYS) == left


@pytest.mark.parametrize(
    ("stage", "today", "words"),
    [
        ("review", date(2026, 10, 20), "review in 3 days"),
        ("review", date(2026, 10, 22), "review in 1 day"),
        ("review", date(2026, 10, 23), "review today"),
        ("review", date(2026, 11, 2), "review 1 day over"),
        ("transition", date(2026, 11, 3), "transition 2 days over"),
    ],
)
def test_due_in_words(stage: str, today: date, words: str) -> None:
    assert due_words(Stage(stage), date(2026, 10, 23), today, DAYS) == words


def test_each_version_holds_from_its_day_on_and_a_later_one_replaces_what_was_ahead() -> None:
    one = programme(
        versions=(
            version(1),
            version(2, since=date(2026, 12, 7), pattern=read_pattern("Mon P1")),
            version(3, since=date(2026, 11, 30), pattern=read_pattern("Wed P2")),
        )
    )
    found = [one.pattern_on(day).words for day in (date(2026, 9, 1), date(2026, 11, 29), date(2026, 12, 10))]
    assert found == ["Tue P1–P3", "Tue P1–P3", "Wed P2"]


WEEKS = {MONDAY + timedelta(days=n): "A" if n < 5 else "B" for n in (*range(5), *range(7, 12))}


@pytest.mark.parametrize("typed", ["Mon P1, Wed P2–P3", "A: Mon P1", "B: Fri P2; A: Mon P1, Tue P5", "Thu P1, P3"])
def test_a_pattern_is_read_back_out_of_its_periods(typed: str) -> None:
    pattern = read_pattern(typed)
    slots = [
        (day, period)
        for day, week in WEEKS.items()
        for letter, weekday, period in pattern.cells
        if weekday == day.weekday() and letter in ("", week)
    ]
    assert pattern_of(slots, WEEKS) == Pattern(tuple(sorted(pattern.cells)))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Mon P3-P5, Wed P3-P5", "Mon Wed P3–P5"),
        ("Mon-Fri P1-P4", "Mon–Fri P1–P4"),
        ("Tue P5, Wed P1, Fri P5", "Tue Fri P5, Wed P1"),
        ("A: Mon P1, P3; B: Mon-Wed", "A: Mon P1, P3; B: Mon–Wed all day"),
    ],
)
def test_days_with_the_same_periods_stand_together_in_a_line(typed: str, words: str) -> None:
    assert week_words(read_pattern(typed)) == words


def test_what_came_in_every_week_there_was_needs_no_letter() -> None:
    one_week = {day: week for day, week in WEEKS.items() if week == "A"}
    assert pattern_of([(MONDAY, "P1")], one_week).words == "Mon P1"
