"""A movement's time or reason put right: the first fact stays in the file, a new one stands in its place."""

from __future__ import annotations

import pytest

from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.roster.movements import Destination, correct_movement, sign_in, sign_out
from psc.roster.status import Status
from tests.desk.refusals import refused
from tests.roster.stories import movement_id, play, set_clock, told
from tests.school import IER, MONDAY, TUESDAY, School, at


def test_a_time_is_put_right_and_the_first_stays_in_the_file(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in, 09:20 out toilet, 09:30 back")
    first = movement_id(school, 1, 0)
    set_clock(school, "09:31")
    new = school.desk().do(correct_movement(first, "Came with the bell", at=at("08:50"))).value
    assert told(school, 1) == "08:50 in, 09:20 out toilet, 09:30 back"
    assert school.row(1).minutes == 41 - 10
    assert school.file.rows("SELECT id, happened, recorded FROM movement WHERE id IN (?, ?)", (first, new)) == [
        (first, "2026-11-23T08:58:00Z", "2026-11-23T08:58:00Z"),
        (new, "2026-11-23T08:50:00Z", "2026-11-23T09:31:00Z"),
    ]
    assert school.file.rows("SELECT fact, fact_id, reason FROM retraction") == [
        ("movement", first, "Came with the bell")
    ]


def test_a_reason_is_put_right(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:20 out toilet")
    desk = school.desk()
    desk.do(correct_movement(movement_id(school, 1, 1), "Went to the nurse", reason="nurse"))
    assert told(school, 1) == "08:50 in, 09:20 out nurse"
    play(school, 1, "09:40 left lesson")
    desk.do(correct_movement(movement_id(school, 1, 2), "Fetched", reason="home: appointment"))
    assert school.row(1).standing.reason == "home: appointment"


@pytest.mark.parametrize(
    ("number", "reason"), [(0, "toilet"), (1, "lesson"), (1, "smoking"), (1, ""), (2, "nurse"), (3, "toilet")]
)
def test_a_reason_that_does_not_fit_is_not_understood(school: School, number: int, reason: str) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 out toilet, 09:05 back, 09:30 left lesson")
    call = correct_movement(movement_id(school, 1, number), "Slip", reason=reason)
    refused(school.desk(), call, kind=NotUnderstood)


def test_a_correction_needs_a_why(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    refused(school.desk(), correct_movement(movement_id(school, 1, 0), " ", at=at("08:50")), kind=NeedsReason)


@pytest.mark.parametrize(
    ("number", "clock", "said"),
    [(1, "08:49", "cross"), (1, "09:06", "cross"), (2, "08:59", "cross"), (0, "09:01", "cross"), (3, "09:31", "come")],
)
def test_a_correction_may_not_cross_another_movement_nor_lie_ahead(
    school: School, number: int, clock: str, said: str
) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 out toilet, 09:05 back, 09:30 left lesson")
    call = correct_movement(movement_id(school, 1, number), "Slip", at=at(clock))
    assert said in refused(school.desk(), call, kind=Refused)


def test_a_correction_may_reach_the_minute_of_its_neighbour(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 out toilet, 09:05 back")
    school.desk().do(correct_movement(movement_id(school, 1, 1), "Slip", at=at("09:05")))
    school.desk().do(correct_movement(movement_id(school, 1, 0), "Slip", at=at("09:05")))
    assert told(school, 1) == "09:05 in, 09:05 out toilet, 09:05 back"
    assert school.row(1).status is Status.IN


def test_a_correction_stays_on_the_day_of_the_visit(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    set_clock(school, "08:30", TUESDAY)
    call = correct_movement(movement_id(school, 1, 0), "Slip", at=at("08:20", TUESDAY))
    refused(school.desk("CO1"), call, kind=Refused)


def test_a_corrected_movement_is_not_corrected_again(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    first = movement_id(school, 1, 0)
    school.desk().do(correct_movement(first, "Slip", at=at("08:50")))
    assert "already" in refused(school.desk("AS2"), correct_movement(first, "Slip", at=at("08:55")), kind=Refused)
    school.desk("AS2").do(correct_movement(movement_id(school, 1, 0), "Slip", at=at("08:55")))
    assert told(school, 1) == "08:55 in"


def test_the_same_correction_tried_again_never_doubles(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    call = correct_movement(movement_id(school, 1, 0), "Slip", at=at("08:50"))
    done = school.desk().do(call, id="try")
    again = school.desk().do(call, id="try")
    assert (again.repeated, again.value, again.seq) == (True, done.value, done.seq)
    assert told(school, 1) == "08:50 in"
    assert school.file.value("SELECT count(*) FROM movement") == 2


def test_an_earlier_day_is_put_right_by_a_coordinator_or_the_behaviour_lead_only(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in, 14:50 left end of day")
    set_clock(school, "08:30", TUESDAY)
    first = movement_id(school, 1, 0)
    refused(school.desk(), correct_movement(first, "Slip", at=at("08:50")), kind=NotAllowed)
    school.desk("CO1").do(correct_movement(first, "Slip", at=at("08:50")))
    school.desk("BL1").do(correct_movement(movement_id(school, 1, 1), "Slip", at=at("14:55")))
    assert told(school, 1, MONDAY) == "08:50 in, 14:55 left end of day"


@pytest.mark.parametrize("code", ["CV1", "HY8", "AD1", "KB"])
def test_todays_movements_are_not_put_right_by_others(school: School, code: str) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    call = correct_movement(movement_id(school, 1, 0), "Slip", at=at("08:50"))
    refused(school.desk(code), call, kind=NotAllowed)


def test_a_correction_keeps_the_adult_named_at_the_door_and_the_reason_to_go_over(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    desk = school.desk()
    visit = desk.do(sign_in(1, IER, override="Seated at the desk")).value
    set_clock(school, "09:10")
    desk.do(sign_out(visit, Destination.NAMED_ADULT, note="Ms Hill"))
    for number, clock in ((0, "08:49"), (1, "09:08")):
        desk.do(correct_movement(movement_id(school, 1, number), "Slip", at=at(clock)))
    kept = dict(school.file.rows("SELECT kind, override || note FROM movement WHERE replaces IS NOT NULL"))
    assert "Seated at the desk" in kept["in"]
    assert "Ms Hill" in kept["left"]
