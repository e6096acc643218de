"""When a student is to be placed, as it is typed: days, periods, runs, counts; and what is no such thing."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from psc.errors import NotUnderstood, PscError, Refused
from psc.roster.patterns import Pattern, pattern_slots, read_pattern
from psc.roster.typed_booking import read_wanted
from psc.school.calendar import term_of
from tests.school import MONDAY, TUESDAY, School, at

FRIDAY = MONDAY + timedelta(days=4)


def words(school: School, typed: str, now: str = "") -> str:
    """Return what was understood, in words; typed on the Monday, at a time where that matters."""
    moment = at(now) if now else None
    return read_wanted(school.file, typed, year=9, today=MONDAY, now=moment).words


def close(school: School, *days: str, note: str = "") -> None:
    """Close the school on some days."""
    for day in days:
        school.file.execute("UPDATE calendar_day SET shape_id = NULL, note = ? WHERE day = ?", (note, day))


READ = {
    "three days from Tuesday": "Tue 24–Thu 26 Nov, all lessons",
    "2 days": "Mon 23–Tue 24 Nov, all lessons",
    "a day": "Mon 23 Nov, all lessons",
    "3 days from 1 Dec": "Tue 1–Thu 3 Dec, all lessons",
    "Three school days, starting on the 1st of December": "Tue 1–Thu 3 Dec, all lessons",
    "three days from Fri": "Fri 27 Nov–Tue 1 Dec, all lessons",
    "three days from Tue P1-P2": "Tue 24–Thu 26 Nov P1–P2",
    "two days P3 from Wed": "Wed 25–Thu 26 Nov P3",
    "Tue P2-P4, Wed": "Tue 24 Nov P2–P4; Wed 25 Nov, all lessons",
    "Tue P2-4": "Tue 24 Nov P2–P4",
    "Mon to Wed P2 to P4": "Mon 30 Nov–Wed 2 Dec P2–P4",
    "today P3": "Mon 23 Nov P3",
    "P3": "Mon 23 Nov P3",
    "P1, P3 Thu": "Thu 26 Nov P1, P3",
    "Thurs period 1 and P3": "Thu 26 Nov P1, P3",
    "tomorrow": "Tue 24 Nov, all lessons",
    "all day tomorrow": "Tue 24 Nov, all lessons",
    "Mon-Wed": "Mon 30 Nov–Wed 2 Dec, all lessons",
    "Mon": "Mon 30 Nov, all lessons",
    "P3 Thu": "Thu 26 Nov P3",
    "next week": "Mon 30 Nov–Fri 4 Dec, all lessons",
    "the rest of the week": "Mon 23–Fri 27 Nov, all lessons",
    "rest of the day, tomorrow": "Mon 23–Tue 24 Nov, all lessons",
    "until Fri": "Mon 23–Fri 27 Nov, all lessons",
    "from Tue P3 until Thu P2": "Tue 24 Nov P3–P5; Wed 25 Nov, all lessons; Thu 26 Nov P1–P2",
    "5 lessons from Tue P4": "Tue 24 Nov P4–P5; Wed 25 Nov P1–P3",
    "a week from Mon": "Mon 30 Nov–Fri 4 Dec, all lessons",
    "Mon, Wed P2": "Mon 30 Nov P2; Wed 2 Dec P2",
    "Tue all day, Wed P2": "Tue 24 Nov, all lessons; Wed 25 Nov P2",
    "Tue, Thu": "Tue 24 Nov, all lessons; Thu 26 Nov, all lessons",
    "Thu, Tue": "Thu 26 Nov, all lessons; Tue 1 Dec, all lessons",
    "Tue P1, Tue P3": "Tue 24 Nov P1, P3",
    "24-26 Nov": "Tue 24–Thu 26 Nov, all lessons",
    "Tue 24–Thu 26 Nov, all lessons": "Tue 24–Thu 26 Nov, all lessons",
    "24/11 - 26/11": "Tue 24–Thu 26 Nov, all lessons",
    "25/11/2026 P1; 2026-11-26 P2": "Wed 25 Nov P1; Thu 26 Nov P2",
    "Tue Reg": "Tue 24 Nov Reg",
    "Tue P1-Lunch": "Tue 24 Nov P1–P4, Lunch",
}


@pytest.mark.parametrize("typed", list(READ))
def test_what_staff_type(school: School, typed: str) -> None:
    said = words(school, typed)
    assert said == READ[typed]
    assert words(school, said) == said, "what psc says can be typed"
    assert words(school, f"  {typed.upper()}  ") == said


NONSENSE = {
    "": "no day and no period",
    "rubbish": "no day or period",
    "next Tuesday": "no day or period",
    "in 3 days": "no day or period",
    "Tue P9": "Tue 24 November has no P9",
    "Tue P5-P2": "runs backwards",
    "Thu-Tue 24 Nov": "is before",
    "31 Feb": "no such date",
    "Wed 24 Nov": "is a Tuesday",
    "Tue 31": "names no lesson|weekday|is not",
    "0 days": "cannot be booked at once",
    "999999999999 days": "cannot be booked at once",
    "two days from Tue until Thu": "cannot be read",
    "two": "cannot be read",
    "Tue-": "cannot be read",
    "x" * 401: "401 characters",
}


@pytest.mark.parametrize("typed", list(NONSENSE))
def test_what_is_no_time_is_said_in_words(school: School, typed: str) -> None:
    with pytest.raises((NotUnderstood, Refused), match=NONSENSE[typed]):
        words(school, typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Sat", "Sat 28 November is not a school day. The next is Mon 30 November."),
        ("three days from Wed", r"Wed 25 November is not a school day \(INSET\). The next is Thu 26 November."),
        ("Tue-Wed", "Wed 25 November is not a school day"),
        ("1 Feb", "Mon 1 February is not a school day. The calendar has none after it."),
        ("20 Nov", "Fri 20 November is over."),
        ("60 days", "The calendar ends on Fri 18 December."),
    ],
)
def test_a_day_without_school_is_refused_with_the_next(school: School, typed: str, said: str) -> None:
    close(school, "2026-11-25", note="INSET")
    with pytest.raises(Refused, match=said):
        words(school, typed)


def test_days_are_counted_over_half_term(school: School) -> None:
    close(school, *(f"2026-11-{day}" for day in range(25, 28)), note="Half-term")
    assert words(school, "3 days from Tue") == "Tue 24 Nov–Tue 1 Dec, all lessons"
    assert words(school, "Tue-Mon") == "Tue 24–Mon 30 Nov, all lessons"


def test_a_short_day_has_the_lessons_it_has(school: School) -> None:
    execute = school.file.execute
    execute("INSERT INTO shape (id, name) VALUES (2, 'Early close')")
    execute("INSERT INTO bell SELECT 2, year, period, starts, ends FROM bell WHERE shape_id = 1 AND ends <= '12:10'")
    execute("UPDATE calendar_day SET shape_id = 2 WHERE day = '2026-11-25'")
    assert words(school, "Tue-Thu P4-P5") == "Tue 24 Nov P4–P5; Thu 26 Nov P4–P5"
    assert words(school, "Wed") == "Wed 25 Nov, all lessons"
    with pytest.raises(NotUnderstood, match="Wed 25 November has no P4"):
        words(school, "Wed P4")


@pytest.mark.parametrize(
    ("typed", "now", "said"),
    [
        ("today", "10:00", "Mon 23 Nov P2–P5"),
        ("2 days", "12:30", "Mon 23 Nov P4–P5; Tue 24 Nov, all lessons"),
        ("2 days", "15:00", "Tue 24–Wed 25 Nov, all lessons"),
        ("until Tue", "15:00", "Tue 24 Nov, all lessons"),
        ("3 lessons", "13:00", "Mon 23 Nov P4–P5; Tue 24 Nov P1"),
    ],
)
def test_what_is_over_today_is_left_out(school: School, typed: str, now: str, said: str) -> None:
    assert words(school, typed, now) == said


@pytest.mark.parametrize(("typed", "now"), [("today P1", "10:00"), ("today", "15:00"), ("today P1-P2", "10:50")])
def test_what_was_named_and_is_over_is_refused(school: School, typed: str, now: str) -> None:
    with pytest.raises(Refused, match="over"):
        words(school, typed, now)


PARTS = [
    *("mon", "Tuesday", "sat", "today", "tomorrow", "P1", "p2-p4", "P99", "Reg", "lunch", "three", "0", "24", "31"),
    *("days", "weeks", "lessons", "from", "until", "to", "-", ",", ";", "and", "all day", "daily", "24 Nov", "31 feb"),
    *(
        "2026-11-24",
        "0000-00-00",
        "9999-12-31",
        "1/1/0001",
        "24-26 Nov",
        "26-24 Nov",
        "A:",
        "of",
        "\x00",
        "[/",
        "٣",
        "²",
    ),
]


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(typed=some.one_of(some.lists(some.sampled_from(PARTS), max_size=7).map(" ".join), some.text(max_size=30)))
def test_whatever_is_typed_is_read_or_refused_in_words(school: School, typed: str) -> None:
    wanted = pattern = None
    with suppress(PscError):
        wanted = read_wanted(school.file, typed, year=9, today=MONDAY, now=at("10:00"))
    if wanted is not None:
        assert wanted.slots == tuple(dict.fromkeys(wanted.slots))
        assert read_wanted(school.file, wanted.words, year=9, today=MONDAY, now=at("10:00")).slots == wanted.slots
    with suppress(PscError):
        pattern = read_pattern(typed)
    if pattern is not None:
        assert read_pattern(pattern.words) == pattern


# -- weekly patterns -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Tue P1-P3, Thu P2", "Tue P1–P3, Thu P2"),
        ("A: Mon P1; B: Tue P2", "A: Mon P1; B: Tue P2"),
        ("week a: mon p1, tue p2", "A: Mon P1, Tue P2"),
        ("Mon, Wed, Fri P2", "Mon P2, Wed P2, Fri P2"),
        ("daily P5", "Mon P5, Tue P5, Wed P5, Thu P5, Fri P5"),
        ("Mon-Tue", "Mon all day, Tue all day"),
        ("Thu P3, Tue P1", "Tue P1, Thu P3"),
        ("Mon P1 P3", "Mon P1, P3"),
    ],
)
def test_a_weekly_pattern(typed: str, said: str) -> None:
    pattern = read_pattern(typed)
    assert pattern.words == said
    assert read_pattern(said) == pattern
    assert Pattern.from_json(pattern.json()) == pattern


@pytest.mark.parametrize(
    "typed",
    ["", "P3", "Sat P1", "Tue 24 P1", "24 Nov P1", "two days", "Tue P3-P1", "Tue P1, Tue P1", "Tue, Tue P1; Tue"],
)
def test_what_is_no_weekly_pattern(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        read_pattern(typed)


def test_a_pattern_over_the_weeks_a_and_b(school: School) -> None:
    """The Monday lies in week A; the next in week B."""
    close(school, "2026-12-01")
    until = MONDAY + timedelta(days=13)
    slots = pattern_slots(school.file, read_pattern("A: Mon P1-P2; B: Fri P3; A: Fri"), MONDAY, until, 9)
    week_a = school.file.value("SELECT week FROM calendar_day WHERE day = '2026-11-23'")
    assert week_a == "A"
    assert slots == (
        (MONDAY, "P1"),
        (MONDAY, "P2"),
        *((FRIDAY, f"P{number}") for number in range(1, 6)),
        (FRIDAY + timedelta(days=7), "P3"),
    )
    every = pattern_slots(school.file, read_pattern("Tue P2, P9"), MONDAY, until, 9)
    assert every == ((TUESDAY, "P2"),), "the second Tuesday is closed, and no day has a P9"


# -- terms ---------------------------------------------------------------------------------------------------------


def test_a_year_has_three_terms(school: School) -> None:
    gone = {"2026-10-26": 5, "2026-12-21": 14, "2027-02-15": 5, "2027-03-29": 10, "2027-05-31": 5}
    first = MONDAY.replace(month=9, day=3)
    day = first
    school.file.execute("DELETE FROM calendar_day")
    holiday = 0
    while day.isoformat() < "2027-07-20":
        if day.weekday() < 5:
            holiday = gone.get(day.isoformat(), holiday)
            school.file.execute(
                "INSERT INTO calendar_day VALUES (?, ?, 'A', '')", (day.isoformat(), None if holiday else 1)
            )
            holiday = max(0, holiday - 1)
        day += timedelta(days=1)

    def term(on: str) -> tuple[str, str]:
        begins, ends = term_of(school.file, MONDAY.fromisoformat(on))
        return begins.isoformat(), ends.isoformat()

    assert term("2026-09-20") == term("2026-12-31") == ("2026-09-03", "2026-12-18")
    assert term("2027-01-01") == term("2027-02-17") == ("2027-01-08", "2027-03-26")
    assert term("2027-04-12") == term("2027-06-02") == ("2027-04-12", "2027-07-19")
    assert term("2027-09-06") == ("2027-09-06", "2027-09-06"), "no calendar for it yet"
