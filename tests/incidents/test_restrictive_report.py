"""The term's force and seclusion against a table counted by hand; and no child to be worked out of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psc.errors import NotAllowed, NotUnderstood
from psc.incidents.incidents import Part
from psc.incidents.restrictive import the_restrictive, write_restrictive
from psc.incidents.restrictive_steps import review_restrictive, tell_of_restrictive
from psc.overview.restrictive_report import (
    EVERY,
    Count,
    InTime,
    Use,
    counted,
    grouped,
    read_report,
    report_json,
    report_lines,
    span_words,
    term_or,
)
from tests.incidents.restrained import HELD, REID, give_two_parents, incident, record
from tests.school import FRIDAY_BEFORE, MONDAY, TUESDAY, School, at

# Reid, 1, is in year 10; O’Brien, Khan and Marsh, 3 to 5, in year 8; Okafor, 2, in year 9.
BY_HAND = (
    # student, type, minutes
    (1, "restraint", 4), (1, "restraint", 11), (1, "seclusion", 42),
    (3, "restraint", 2), (3, "restraint", 3),
    (4, "non-contact", 0),
    (5, "seclusion", 30),
    (2, "restraint", 1),
)  # fmt: skip


def lived(school: School) -> None:
    school.file.execute("UPDATE student SET sen = 'E' WHERE id = 1")
    school.file.execute("UPDATE student SET sen = 'K' WHERE id = 3")
    school.clock.moment = at("12:00")
    for number, (student, kind, minutes) in enumerate(BY_HAND):
        starts = at("09:00") + timedelta(minutes=number)
        of = incident(school, students=(Part(student, "involved"),))
        said = HELD._replace(type=kind, starts=starts, ends=starts + timedelta(minutes=minutes, seconds=59))
        school.desk().do(write_restrictive(of, student, said))


def test_it_counts_as_somebody_did_by_hand(school: School) -> None:
    lived(school)
    report = read_report(school.file, school.desk("BL1").staff(), MONDAY, MONDAY)
    assert report.total == Count("all", 8, 93, 5, None)  # two of five more than once: under five, not shown
    assert report.types == (
        Count("restraint", 5, 21, None, None),
        Count("mechanical", 0, 0, 0, 0),
        Count("seclusion", 2, 72, None, 0),
        Count("non-contact", 1, 0, None, 0),
    )
    # year 8 has three students, 9 and 10 one each
    assert (report.years.shown, report.years.left_out) == ((), (EVERY,))
    assert (report.send.shown, report.send.left_out) == ((), (EVERY,))
    words = "\n".join(report_lines(report))
    assert [one for one in ("Reid", "year 8", "year 10", "EHC plan", "SEN support") if one in words] == []
    assert max(map(len, report_lines(report))) <= 76


def use(student: int, year: str, minutes: int = 1) -> Use:
    return Use("restraint", minutes, student, year, "")


def test_a_group_of_five_is_shown_and_one_of_four_is_not_nor_what_would_give_it_away() -> None:
    eight = [use(n, "8") for n in range(6)]
    nine = [use(n, "9") for n in range(10, 15)]
    ten = [use(n, "10") for n in range(20, 24)]
    assert grouped({"8": eight, "9": nine}).left_out == ()
    # four of year 10: all less the rest would give them away, so the next smallest goes too
    found = grouped({"8": eight, "9": nine, "10": ten})
    assert [one.label for one in found.shown] == ["8"]
    assert found.left_out == ("9", "10")
    # two groups of one: what is left of the total would be one each
    assert grouped({"8": eight, "9": [use(30, "9")], "10": [use(31, "10")]}).left_out == (EVERY,)
    assert grouped({"10": ten}).shown == ()


@given(st.lists(st.tuples(st.integers(1, 30), st.sampled_from("789")), max_size=60))
def test_what_is_left_out_never_holds_fewer_than_five_students_unless_nothing_is_shown(
    rows: list[tuple[int, str]],
) -> None:
    by: dict[str, list[Use]] = {}
    for student, year in rows:
        by.setdefault(year, []).append(use(student, year))
    found = grouped(by)
    held = {one.student_id for label in found.left_out if label != EVERY for one in by[label]}
    assert all(one.students is not None for one in found.shown)
    assert not found.left_out or not found.shown or (len(held) >= 5 and len(found.left_out) > 1)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 50))))
def test_numbers_of_students_from_one_to_four_are_never_shown(rows: list[tuple[int, int]]) -> None:
    found = counted("all", [use(student, "8", minutes) for student, minutes in rows])
    assert found.students not in (1, 2, 3, 4)
    assert found.repeats not in (1, 2, 3, 4)
    assert (found.uses, found.minutes) == (len(rows), sum(minutes for _, minutes in rows))


def test_what_was_done_in_time_late_and_not_yet_is_counted(school: School) -> None:
    give_two_parents(school)
    one = record(school)
    incident(school, students=(Part(2, "involved"),))  # nobody has written this one's record
    late = incident(school, students=(Part(3, "involved"),))
    lead = school.desk("BL1")
    lead.do(tell_of_restrictive(one, "mother", how="phone", outcome="told"))
    school.clock.moment = at("09:00", TUESDAY)
    lead.do(tell_of_restrictive(one, "father", how="phone", outcome="told"))
    school.desk().do(write_restrictive(late, 3, HELD))
    lead.do(review_restrictive(one, "Read", seen=the_restrictive(school.file, one).versions[-1].id))
    report = read_report(school.file, lead.staff(), MONDAY, TUESDAY)
    assert report.in_time == (
        InTime("recorded", 1, 1, 1),
        InTime("parents told", 1, 1, 2),  # of the late one a parent, whoever it is, and of the unwritten one
        InTime("reviewed", 1, 0, 1),
        InTime("signed off", 0, 0, 2),
    )


def test_the_days_are_those_on_which_it_happened_and_nothing_undone_counts(school: School) -> None:
    record(school)
    before = incident(school, day=FRIDAY_BEFORE)
    school.desk().do(
        write_restrictive(
            before, REID, HELD._replace(starts=at("10:20", FRIDAY_BEFORE), ends=at("10:21", FRIDAY_BEFORE))
        )
    )
    staff = school.desk("CO1").staff()
    assert [
        read_report(school.file, staff, first, last).total.minutes
        for first, last in (
            (MONDAY, MONDAY),
            (FRIDAY_BEFORE, FRIDAY_BEFORE),
            (FRIDAY_BEFORE, MONDAY),
            (TUESDAY, TUESDAY),
        )
    ] == [4, 1, 5, 0]
    with pytest.raises(NotUnderstood):
        read_report(school.file, staff, TUESDAY, MONDAY)


@pytest.mark.parametrize("code", ["AS1", "HY8", "CV1", "AD1"])
def test_it_is_for_those_who_lead(school: School, code: str) -> None:
    with pytest.raises(NotAllowed):
        read_report(school.file, school.desk(code).staff(), MONDAY, MONDAY)


def test_without_days_it_is_the_term(school: School) -> None:
    first, last = term_or(school.file, MONDAY, None, None)
    assert (first, last) == (MONDAY - timedelta(days=14), date(2026, 12, 18))
    assert term_or(school.file, MONDAY, MONDAY, None) == (MONDAY, last)
    report = read_report(school.file, school.desk("BL1").staff(), first, last)
    assert span_words(report) == "Mon 9 November – Fri 18 December 2026"
    assert report_json(report)["years"] == {"shown": [], "left_out": []}
    assert len(report_lines(report)) == 6
