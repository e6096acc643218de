"""Cells: what is read, and in which words the rest is turned down."""

from __future__ import annotations

import contextlib
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psc.importing import values
from psc.importing.report import BadRow

if TYPE_CHECKING:
    from collections.abc import Callable


def reason(parse: Callable[[str], object], text: str) -> str:
    """Return why a cell is turned down."""
    with pytest.raises(BadRow) as bad:
        parse(text)
    return bad.value.reason


@pytest.mark.parametrize(
    "text",
    ["04/03/2012", "4/3/2012", "04-03-2012", "04.03.2012", "4/3/12", "2012-03-04", "2012-03-04T00:00:00",
     "2012-03-04 00:00:00.000", "2012-03-04T08:00:00+01:00", "04/03/2012 00:00", "4 Mar 2012", "04-Mar-2012",
     "4th March 2012"],
)  # fmt: skip
def test_dates_are_day_first_or_iso(text: str) -> None:
    assert values.parse_date(text) == date(2012, 3, 4)


def test_two_digit_years_are_of_the_century_that_makes_sense() -> None:
    assert values.parse_date("1/9/09") == date(2009, 9, 1)
    assert values.parse_date("1/9/79") == date(1979, 9, 1)


@pytest.mark.parametrize("text", ["03/25/2012", "3-25-2012", "12/31/11"])
def test_a_date_that_is_only_american_says_so(text: str) -> None:
    assert "month before day" in reason(values.parse_date, text)


@pytest.mark.parametrize("text", ["30/02/2012", "2012-02-30", "31 Apr 2012", "25/25/2012", "1/1/0000", "3 Foo 2012"])
def test_a_day_that_does_not_exist_is_turned_down(text: str) -> None:
    assert "does not exist" in reason(values.parse_date, text)


@pytest.mark.parametrize("text", ["tomorrow", "40972", "2012", "04/03-2012", "4/3/201"])
def test_what_is_no_date_is_turned_down(text: str) -> None:
    assert "is not a date" in reason(values.parse_date, text)


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2069, 12, 31)))
def test_any_day_survives_each_way_of_writing_it(day: date) -> None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d/%m/%y"):
        assert values.parse_date(day.strftime(form)) == day


@pytest.mark.parametrize("text", ["8:41", "08:41", "0841", "841", "08:41:00", "8.41", "8:41am", "8:41 AM"])
def test_times_are_read_however_they_are_typed(text: str) -> None:
    assert values.parse_clock(text) == time(8, 41)


def test_noon_and_midnight_keep_their_halves() -> None:
    assert values.parse_clock("12:05 pm") == time(12, 5)
    assert values.parse_clock("12:05 am") == time(0, 5)
    assert values.parse_clock("1:05pm") == time(13, 5)


@pytest.mark.parametrize("text", ["24:00", "8:60", "8", "P3", "13:99", "am", "08:41:00:00"])
def test_what_is_no_time_is_turned_down(text: str) -> None:
    assert "not a time" in reason(values.parse_clock, text)


@pytest.mark.parametrize("text", ["9", "09", "Year 9", "Yr9", "Y9", "yr. 9", "NC Year 9", "Year Group 9", "9.0"])
def test_year_groups_are_read_however_they_are_written(text: str) -> None:
    assert values.parse_year(text) == 9


def test_the_ends_of_school_have_years_too() -> None:
    assert values.parse_year("R") == values.parse_year("Reception") == 0
    assert values.parse_year("14") == 14
    assert [values.parse_year(text) for text in ("N1", "N2", "M", "X", "Nursery")] == [None] * 5


@pytest.mark.parametrize("text", ["15", "Year", "nine", "9A", "2012"])
def test_what_is_no_year_group_is_turned_down(text: str) -> None:
    assert "not a year group" in reason(values.parse_year, text)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("7-9", (7, 8, 9)),
        ("7 – 9", (7, 8, 9)),
        ("Years 10 to 11", (10, 11)),
        ("7 8 9", (7, 8, 9)),
        ("8,7", (7, 8)),
        ("Y7, Y9-Y11", (7, 9, 10, 11)),
        ("R-2", (0, 1, 2)),
        ("11", (11,)),
        ("all", values.ALL_YEARS),
        ("All years", values.ALL_YEARS),
    ],
)
def test_several_year_groups(text: str, years: tuple[int, ...]) -> None:
    assert values.parse_years(text) == years


@pytest.mark.parametrize("text", ["9-7", "7-8-9", "7-", "N1", "seven"])
def test_what_names_no_year_groups_is_turned_down(text: str) -> None:
    assert "year group" in reason(values.parse_years, text)


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("P5", ("P5",)),
        ("P1-P3", ("P1", "P2", "P3")),
        ("P1-3", ("P1", "P2", "P3")),
        ("P2 to P3", ("P2", "P3")),
        ("1-3", ("P1", "P2", "P3")),
        ("Period 1-2", ("P1", "P2")),
        ("Period 1", ("P1",)),
        ("Lesson 4", ("P4",)),
        ("P2 P3", ("P2", "P3")),
        ("Reg, P1-P2; Lunch", ("Reg", "P1", "P2", "Lunch")),
    ],
)
def test_periods_by_name_and_by_run(text: str, periods: tuple[str, ...]) -> None:
    assert values.parse_periods(text) == periods


@pytest.mark.parametrize("text", ["P6-P1", "P1 P1", "P1-Q3", "P1-P900", ",", "P1-P2 P2"])
def test_periods_that_make_no_run_are_turned_down(text: str) -> None:
    assert reason(values.parse_periods, text)


def test_weekdays() -> None:
    assert [values.parse_weekday(text) for text in ("Mon", "tues", "WEDNESDAY", "Th", "5")] == [0, 1, 2, 3, 4]
    for text in ("Sat", "Sunday", "6", "T", "A"):
        assert "weekday" in reason(values.parse_weekday, text)


def test_a_week_is_its_letter() -> None:
    assert [values.parse_week(text) for text in ("A", "a", "Week A", "wk a", "Weekly")] == [
        "A",
        "A",
        "A",
        "A",
        "WEEKLY",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("K", "K"),
        ("K - SEN Support", "K"),
        ("SEN support", "K"),
        ("P", "K"),
        ("N", "N"),
        ("No Special Educational Need", "N"),
        ("E - EHC Plan", "E"),
        ("EHCP", "E"),
        ("Education, Health and Care Plan", "E"),
        ("S", "E"),
        ("S - Statement", "E"),
    ],
)
def test_sen_provision_new_and_old(text: str, code: str) -> None:
    assert values.parse_sen(text) == code


def test_flags_sex_and_responsibility() -> None:
    assert all(values.parse_flag(text) for text in ("Y", "yes", "TRUE", "T", "1"))
    assert not any(values.parse_flag(text) for text in ("N", "no", "False", "f", "0"))
    assert [values.parse_sex(text) for text in ("m", "Female", "Boy")] == ["M", "F", "M"]
    assert values.parse_responsibility("Parental responsibility")
    assert not values.parse_responsibility("false")
    for parse in (values.parse_flag, values.parse_sex, values.parse_sen, values.parse_responsibility):
        assert "“perhaps”" in reason(parse, "perhaps")


@pytest.mark.parametrize("upn", ["Z823432119001", "N823432119002", "K82343211900A", "B801200005001"])
def test_good_upns_raise_no_doubt(upn: str) -> None:
    assert values.doubt_about_upn(upn) == ""


def test_a_upn_of_a_council_founded_since_2011_is_good_if_its_letter_is() -> None:
    assert values.doubt_about_upn("Z838432119001") == ""
    assert "check letter" in values.doubt_about_upn("A838432119001")


@pytest.mark.parametrize(
    ("upn", "doubt"),
    [
        ("A801200005001", "check letter"),
        ("A123456789001", "check letter"),
        ("Z8234", "13"),
        ("Z82343211900O", "letter"),
    ],
)
def test_bad_upns_are_doubted_without_being_shown(upn: str, doubt: str) -> None:
    assert doubt in values.doubt_about_upn(upn)
    assert upn not in values.doubt_about_upn(upn)


def test_a_long_cell_is_not_quoted_at_length() -> None:
    assert len(reason(values.parse_date, "x" * 5000)) < 80


@given(st.text())
def test_no_text_makes_a_parser_fail_otherwise_than_by_a_reason(text: str) -> None:
    for parse in (values.parse_date, values.parse_clock, values.parse_year, values.parse_years, values.parse_periods,
                  values.parse_weekday, values.parse_week, values.parse_sen, values.parse_flag, values.parse_sex,
                  values.parse_responsibility, values.tidy_upn, values.doubt_about_upn):  # fmt: skip
        with contextlib.suppress(BadRow):
            parse(text)
