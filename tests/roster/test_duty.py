"""Who was on duty in a room, minute by minute: confirmed, handed over, ended by the last bell, never carried over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psc.desk.acts import undo
from psc.desk.people import Named
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.roster.duty import Duty, DutyMark, Stretch, confirm_duty, duty_gaps, gaps, on_duty, on_duty_at, stretches
from tests.desk.refusals import refused
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY, School, at


def on_at(school: School, clock: str, room: int = IER, day: object = MONDAY) -> list[str]:
    """Return the names of those who were on duty at a time of the Monday."""
    return [one.name for one in on_duty(school.file, room, at(clock, day))]  # type: ignore[arg-type]


def test_an_assistant_confirms_at_the_start_and_is_on_until_the_last_bell(school: School) -> None:
    set_clock(school, "08:38")
    school.desk().do(confirm_duty(IER))
    assert on_at(school, "08:37") == []
    assert on_at(school, "08:38") == ["J. Smith"]
    assert on_at(school, "14:49") == ["J. Smith"]
    assert on_at(school, "14:50") == [], "the last bell ends duty"
    assert on_at(school, "10:00", PSC) == []
    assert on_at(school, "10:00", day=TUESDAY) == [], "duty never carries over"


def test_a_hand_over_is_one_act_and_one_undo(school: School) -> None:
    set_clock(school, "08:38")
    school.desk().do(confirm_duty(IER))
    school.desk("CO1").do(confirm_duty(IER))
    set_clock(school, "11:10")
    school.desk("AS2", "two").do(confirm_duty(IER, Duty.OVER))
    assert on_at(school, "11:09") == ["J. Smith", "M. Adebayo"]
    assert on_at(school, "11:10") == ["O. Berg"]
    school.desk("AS2", "two").do(undo())
    assert on_at(school, "11:10") == ["J. Smith", "M. Adebayo"]
    assert school.desk("AS2").file.value("SELECT count(DISTINCT seq) FROM duty_mark") == 3


def test_several_may_be_on_duty_at_once_and_one_leaves(school: School) -> None:
    set_clock(school, "08:40")
    school.desk().do(confirm_duty(IER))
    school.desk("AS2").do(confirm_duty(IER))
    set_clock(school, "09:30")
    school.desk().do(confirm_duty(IER, Duty.OFF))
    assert on_at(school, "09:29") == ["J. Smith", "O. Berg"]
    assert on_at(school, "09:30") == ["O. Berg"]


def test_somebody_without_a_code_is_named_and_a_code_becomes_the_person(school: School) -> None:
    set_clock(school, "09:00")
    desk = school.desk()
    desk.do(confirm_duty(IER, name="Mrs  Lowe"))
    desk.do(confirm_duty(IER, name="kb"))
    assert on_at(school, "09:00") == ["Mrs Lowe", "K. Bose"]
    assert "already" in refused(desk, confirm_duty(IER, name="mrs lowe"), kind=Refused)
    set_clock(school, "09:20")
    desk.do(confirm_duty(IER, Duty.OFF, name="MRS LOWE"))
    assert on_at(school, "09:20") == ["K. Bose"]


def test_a_forgotten_start_is_given_its_time_afterwards(school: School) -> None:
    set_clock(school, "09:10")
    school.desk().do(confirm_duty(IER))
    school.desk().do(confirm_duty(IER, at=at("08:40")))
    assert on_at(school, "08:41") == ["J. Smith"]
    assert on_at(school, "09:11") == ["J. Smith"]


def test_a_hand_over_typed_later_leaves_who_joined_after_it(school: School) -> None:
    set_clock(school, "08:40")
    school.desk().do(confirm_duty(IER))
    set_clock(school, "09:00")
    school.desk("CO1").do(confirm_duty(IER))
    school.desk("AS2").do(confirm_duty(IER, Duty.OVER, at=at("08:50")))
    assert on_at(school, "08:55") == ["O. Berg"]
    assert on_at(school, "09:05") == ["O. Berg", "M. Adebayo"]


def test_who_stays_after_the_last_bell_says_so(school: School) -> None:
    set_clock(school, "09:00")
    school.desk().do(confirm_duty(IER))
    set_clock(school, "15:10")
    school.desk().do(confirm_duty(IER))
    assert on_at(school, "15:00") == []
    assert on_at(school, "15:20") == ["J. Smith"]


def test_what_makes_no_sense_is_refused_and_leaves_nothing(school: School) -> None:
    set_clock(school, "09:00")
    desk = school.desk()
    assert "not on duty" in refused(desk, confirm_duty(IER, Duty.OFF), kind=Refused)
    assert "has not come yet" in refused(desk, confirm_duty(IER, at=at("09:01")), kind=Refused)
    assert "before today" in refused(desk, confirm_duty(IER, at=at("09:00", FRIDAY_BEFORE)), kind=Refused)
    refused(desk, confirm_duty(99), kind=NotUnderstood)
    refused(desk, confirm_duty(IER, staff_id=99), kind=NotUnderstood)
    refused(desk, confirm_duty(IER, name="AS9"), kind=NotUnderstood)
    refused(desk, confirm_duty(IER, name="x" * 80), kind=NotUnderstood)
    refused(school.desk("HY8"), confirm_duty(IER), kind=NotAllowed)
    desk.do(confirm_duty(IER))
    refused(desk, confirm_duty(IER, Duty.OVER), kind=Refused)


def test_the_same_try_twice_is_one_mark(school: School) -> None:
    set_clock(school, "09:00")
    for _ in range(2):
        school.desk().do(confirm_duty(IER), id="one")
    assert school.file.value("SELECT count(*) FROM duty_mark") == 1


def test_a_gap_is_students_in_the_room_and_nobody_on_duty(school: School) -> None:
    school.book(1)
    play(school, 1, "08:45 in")
    set_clock(school, "08:55")
    school.desk().do(confirm_duty(IER))
    set_clock(school, "11:00")
    school.desk().do(confirm_duty(IER, Duty.OFF))
    play(school, 1, "11:05 out toilet, 11:12 back, 11:20 left lesson")
    set_clock(school, "12:00")
    found = duty_gaps(school.file, IER, MONDAY, school.clock.now())
    clocks = [(f"{start:%H:%M}", f"{end:%H:%M}") for start, end in found]
    assert clocks == [("08:45", "08:55"), ("11:00", "11:05"), ("11:12", "11:20")]
    assert duty_gaps(school.file, PSC, MONDAY, school.clock.now()) == ()


def test_a_visit_left_open_makes_no_gap_after_the_last_bell(school: School) -> None:
    school.book(1)
    play(school, 1, "14:00 in")
    set_clock(school, "18:00")
    ((start, end),) = duty_gaps(school.file, IER, MONDAY, school.clock.now())
    assert (f"{start:%H:%M}", f"{end:%H:%M}") == ("14:00", "14:50")


PEOPLE = (Named(1, "J. Smith"), Named(2, "O. Berg"), Named(None, "Mrs Lowe"))
MARKS = st.lists(st.tuples(st.integers(0, 300), st.booleans(), st.sampled_from(PEOPLE)), max_size=12)


@given(MARKS, st.integers(0, 320), st.one_of(st.none(), st.integers(0, 300)))
def test_the_rule_says_what_walking_through_the_minutes_says(
    told: list[tuple[int, bool, Named]], minute: int, bell: int | None
) -> None:
    start = at("08:00")
    moments = sorted(told, key=lambda one: one[0])
    marks = [DutyMark(IER, on, who, start + timedelta(minutes=when)) for when, on, who in moments]
    last_bell = None if bell is None else start + timedelta(minutes=bell)
    there: set[int | str] = set()
    for now in range(minute + 1):
        if bell == now:
            there.clear()
        for when, on, who in moments:
            if when == now:
                (there.add if on else there.discard)(who.key)
    found = {one.key for one in on_duty_at(marks, start + timedelta(minutes=minute), last_bell)}
    assert found == there


@given(MARKS)
def test_gaps_and_duty_never_overlap(told: list[tuple[int, bool, Named]]) -> None:
    start, until = at("08:00"), at("14:00")
    marks = [DutyMark(IER, on, who, start + timedelta(minutes=when)) for when, on, who in sorted(told, key=str)]
    duty: tuple[Stretch, ...] = stretches(sorted(marks, key=lambda one: one.happened), at("13:00"))
    found = gaps(duty, [(start, until)], until)
    for minute in range(360):
        moment: datetime = start + timedelta(minutes=minute)
        in_gap = any(a <= moment < b for a, b in found)
        assert in_gap != any(one.covers(moment) for one in duty)


@pytest.mark.parametrize("role", ["AS1", "CV1", "CO1", "BL1"])
def test_who_may_confirm_duty(school: School, role: str) -> None:
    set_clock(school, "09:00")
    school.desk(role).do(confirm_duty(IER))
    assert len(on_at(school, "09:00")) == 1
