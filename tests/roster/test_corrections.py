"""A movement's time or reason put right: the first fact stays in the file, a new one stands in its place."""

from __future__ import annotations

import pytest

from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.flows.walk_in import walk_in
from psc.overview.timeline import timeline
from psc.roster.checks import mark_check
from psc.roster.corrections import (
    correct_fact,
    correct_movement,
    correct_student,
    remove_fact,
    remove_movement,
)
from psc.roster.movements import Destination, sign_in, sign_out
from psc.roster.placements import PeriodState, PlacementType
from psc.roster.sightings import record_sighting
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


# -- what did not happen ----------------------------------------------------------------------------------------------


def test_an_out_that_did_not_happen_goes_with_its_back(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 out toilet, 09:05 back, 09:30 out nurse, 09:40 back")
    assert school.desk().do(remove_movement(movement_id(school, 1, 1), "It was Reid, not Amara")).value == 2
    assert told(school, 1) == "08:50 in, 09:30 out nurse, 09:40 back"
    school.desk().do(remove_movement(movement_id(school, 1, 2), "Slip"))
    assert told(school, 1) == "08:50 in"


def test_a_signing_in_is_taken_back_only_when_nothing_follows(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 out toilet")
    first = movement_id(school, 1, 0)
    assert "More is recorded" in refused(school.desk(), remove_movement(first, "Slip"))
    school.desk().do(remove_movement(movement_id(school, 1, 1), "Slip"))
    school.desk().do(remove_movement(first, "Slip"))
    assert told(school, 1) == ""
    assert school.row(1).status is Status.FIND


def test_a_leaving_taken_back_takes_its_suspension_along(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    visit = school.row(1).row.visit_id or 0
    school.desk().do(sign_out(visit, Destination.HOME_SUSPENDED, note="Mrs Vale"))
    school.desk().do(remove_movement(movement_id(school, 1, 1), "Only spoken of"))
    assert school.row(1).status is Status.IN
    assert school.file.value("SELECT count(*) FROM retraction WHERE fact = 'suspension'") == 1


def test_a_leaving_corrected_to_another_room_needs_that_room_to_exist(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:30 left lesson")
    school.desk().do(correct_movement(movement_id(school, 1, 1), "Went to the PSC", reason="other room"))
    assert school.row(1, 2).standing.reason == "on the way"
    refused(
        school.desk(),
        correct_movement(movement_id(school, 1, 1), "Head decided", reason="home: suspended"),
        kind=Refused,
    )


# -- the wrong student ------------------------------------------------------------------------------------------------


def test_a_visit_signed_in_for_the_wrong_student_goes_over_whole(school: School) -> None:
    school.book(6)
    school.book(7)
    play(school, 6, "08:50 in, 09:00 out toilet, 09:06 back")
    set_clock(school, "09:51")
    school.desk().do(mark_check(school.placed(6, "P1"), 3))
    visit = school.row(6).row.visit_id or 0
    seat = school.row(6).row.seat
    school.desk().do(correct_student(visit, 7, "Two students of one name"))
    assert told(school, 6) == ""
    assert told(school, 7) == "08:50 in, 09:00 out toilet, 09:06 back"
    right = school.row(7)
    assert (right.row.seat, right.minutes) == (seat, 61 - 6)
    assert right.states(school.clock.now(), school.board().settings)["P1"] is PeriodState.SERVED
    assert school.row(6).status is Status.FIND


def test_a_walk_in_of_the_wrong_student_takes_the_placement_along(school: School) -> None:
    set_clock(school, "09:20")
    visit = school.desk().do(walk_in(6, IER, PlacementType.REMOVAL, "Defiance", until="P2")).value
    set_clock(school, "09:25")
    school.desk().do(correct_student(visit, 7, "Wrong one of the two"))
    assert [row.student_id for row in school.board().rows] == [7]
    assert [one.period.name for one in school.row(7).row.placed] == ["P1", "P2"]


def test_a_visit_does_not_go_to_a_student_who_is_not_expected(school: School) -> None:
    school.book(6)
    play(school, 6, "08:50 in")
    visit = school.row(6).row.visit_id or 0
    assert "not expected" in refused(school.desk(), correct_student(visit, 7, "Slip"))


def test_a_visit_does_not_cross_what_the_right_student_did(school: School) -> None:
    school.book(6)
    school.book(7)
    play(school, 6, "08:50 in")
    play(school, 7, "08:55 in, 09:20 left lesson")
    visit = school.row(6).row.visit_id or 0
    assert "cross" in refused(school.desk(), correct_student(visit, 7, "Slip"))


# -- other facts ------------------------------------------------------------------------------------------------------


def test_a_check_is_put_right_and_served_follows(school: School) -> None:
    school.book(1, "P1")
    play(school, 1, "08:50 in")
    set_clock(school, "09:51")
    school.desk().do(mark_check(school.placed(1, "P1"), 0))
    check = school.file.value("SELECT id FROM period_check")
    board = school.board()
    assert school.row(1).states(school.clock.now(), board.settings)["P1"] is PeriodState.NOT_COMPLETED
    school.desk().do(correct_fact("period_check", check, "Wrong row", mark=3))
    assert school.row(1).states(school.clock.now(), board.settings)["P1"] is PeriodState.SERVED
    refused(school.desk(), correct_fact("period_check", check, "Again", mark=4), kind=Refused)


def test_a_record_that_was_not_so_is_taken_back_and_stays_in_sight(school: School) -> None:
    school.book(1)
    set_clock(school, "09:00")
    school.desk().do(record_sighting(1, told="attendance"))
    identity = school.file.value("SELECT id FROM sighting")
    school.desk("AS2", "two").do(remove_fact("sighting", identity, "It was the other Ali"))
    assert school.row(1).status is Status.FIND
    (entry,) = timeline(school.file, 1, MONDAY)
    assert (entry.words, entry.by, entry.undone, entry.undone_by) == (
        "told: attendance", "AS1", "It was the other Ali", "AS2",
    )  # fmt: skip


def test_before_today_a_coordinator_corrects_and_nobody_else(school: School) -> None:
    school.book(1, "P1")
    play(school, 1, "08:50 in, 09:50 left lesson")
    school.desk().do(mark_check(school.placed(1, "P1"), 0))
    check = school.file.value("SELECT id FROM period_check")
    set_clock(school, "08:30", TUESDAY)
    refused(school.desk(), correct_fact("period_check", check, "Slip", mark=3), kind=NotAllowed)
    refused(school.desk(), remove_movement(movement_id(school, 1, 1), "Slip"), kind=NotAllowed)
    school.desk("CO1").do(correct_fact("period_check", check, "Slip", mark=3))
    refused(school.desk("CO1"), remove_movement(movement_id(school, 1, 1), ""), kind=NeedsReason)


def test_what_follows_from_other_entries_is_not_corrected_alone(school: School) -> None:
    refused(school.desk(), remove_fact("placement", 1, "Slip"), kind=NotUnderstood)


def test_the_timeline_tells_the_day_with_what_was_taken_back(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in, 09:20 out toilet, 09:30 back")
    set_clock(school, "09:31")
    school.desk().do(correct_movement(movement_id(school, 1, 0), "Came with the bell", at=at("08:50")))
    school.desk().do(mark_check(school.placed(1, "P1"), 3), told_by="K. Bose")
    entries = timeline(school.file, 1, MONDAY)
    assert [(f"{one.happened:%H:%M}", one.words, one.told, one.undone) for one in entries] == [
        ("08:50", "in", "", None),
        ("08:58", "in", "", "Came with the bell"),
        ("09:20", "out: toilet", "", None),
        ("09:30", "back", "", None),
        ("09:31", "P1 check 3 most", "K. Bose", None),
    ]
