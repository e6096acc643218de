"""At the door: in, out, back and away, now and at a past minute, and every way it is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.errors import NeedsReason, NotUnderstood, Refused
from psc.flows.walk_in import walk_in
from psc.roster.absences import Absence, mark_absence
from psc.roster.keep_apart import keep_apart
from psc.roster.movements import (
    AlreadyIn,
    Destination,
    OutReason,
    come_back,
    go_out,
    sign_in,
    sign_out,
)
from psc.roster.open_visits import close_visit, open_visits_before
from psc.roster.placements import PlacementType
from psc.roster.seats import change_seat
from psc.roster.status import Status
from tests.desk.refusals import refused
from tests.roster.stories import moment_of, movement_id, play, set_clock, told
from tests.school import IER, MONDAY, PSC, TUESDAY, School, at

if TYPE_CHECKING:
    from psc.desk.acts import Call

SATURDAY = MONDAY + timedelta(days=5)
REMOVAL = PlacementType.REMOVAL


def test_an_assistant_signs_in_a_late_student(school: School) -> None:
    school.book(1)
    set_clock(school, "09:03")
    assert school.row(1).status is Status.FIND
    done = school.desk().do(sign_in(1, IER))
    assert done.students == (1,)
    row = school.row(1)
    assert (row.status, row.standing.since, row.row.visit_id) == (Status.IN, at("09:03"), done.value)
    assert told(school, 1) == "09:03 in"


def test_a_day_is_told_in_order(school: School) -> None:
    school.book(1)
    story = "08:48 in, 09:20 out toilet, 09:26 back, 10:50 out break, 11:10 back, 14:50 left end of day"
    play(school, 1, story)
    assert told(school, 1) == story
    assert school.row(1).minutes == (14 * 60 + 50) - (8 * 60 + 48) - 6 - 20


def test_movements_of_past_minutes_may_be_typed_together(school: School) -> None:
    school.book(1)
    story = "08:48 in, 09:20 out toilet, 09:26 back, 09:50 left lesson"
    play(school, 1, story, told="10:05")
    assert told(school, 1) == story
    recorded = school.file.rows("SELECT DISTINCT recorded FROM movement")
    assert recorded == [("2026-11-23T10:05:00Z",)]


def test_a_movement_forgotten_is_put_between_two_that_stand(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:50 in, 09:50 left lesson")
    set_clock(school, "10:00")
    school.desk().do(go_out(visit, OutReason.TOILET, at=at("09:10")))
    school.desk().do(come_back(visit, at=at("09:18")))
    assert told(school, 1) == "08:50 in, 09:10 out toilet, 09:18 back, 09:50 left lesson"
    assert school.row(1).minutes == 52


def test_movements_of_the_same_minute_keep_the_order_in_which_they_were_typed(school: School) -> None:
    school.book(1)
    story = "08:50 in, 08:50 out toilet, 08:50 back, 08:50 left lesson, 08:50 in"
    play(school, 1, story)
    assert told(school, 1) == story
    assert school.row(1).status is Status.IN


def test_the_future_is_refused(school: School) -> None:
    school.book(1)
    set_clock(school, "08:45")
    words = refused(school.desk(), sign_in(1, IER, at=at("08:46")), kind=Refused)
    assert "08:46" in words
    visit = play(school, 1, "08:45 in")
    soon = moment_of("08:45:01")
    for call in (
        go_out(visit, OutReason.TOILET, at=soon),
        come_back(visit, at=soon),
        sign_out(visit, Destination.LESSON, at=soon),
        walk_in(2, PSC, REMOVAL, "Defiance", at=soon),
    ):
        assert "not come yet" in refused(school.desk(), call, kind=Refused)


@pytest.mark.parametrize(
    ("story", "call", "said"),
    [
        ("08:50 in", sign_in(1, IER), "Already in Internal Exclusion Room, since 08:50"),
        ("08:50 in", sign_in(1, PSC), "Already in Internal Exclusion Room, since 08:50"),
        ("08:50 in, 09:00 out nurse", sign_in(1, IER), "(nurse) since 09:00"),
        ("08:50 in, 09:00 out nurse", go_out(1, OutReason.TOILET), "Already out (nurse) since 09:00"),
        ("08:50 in", come_back(1), "not out"),
        ("08:50 in, 09:00 out nurse, 09:05 back", come_back(1), "not out"),
        ("08:50 in, 09:00 left lesson", go_out(1, OutReason.TOILET), "left at 09:00"),
        ("08:50 in, 09:00 left lesson", come_back(1), "left at 09:00"),
        ("08:50 in, 09:00 left lesson", sign_out(1, Destination.LESSON), "left at 09:00"),
    ],
)
def test_a_slip_of_the_hand_is_told_what_stands(school: School, story: str, call: Call[int], said: str) -> None:
    school.book(1, "P1 P2")
    school.book(1, "P4 P5", room=PSC)
    assert play(school, 1, story) == 1
    set_clock(school, "09:30")
    assert said in refused(school.desk(), call, kind=Refused)


def test_signing_in_twice_is_a_refusal_of_its_own(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    refused(school.desk("AS2", "two"), sign_in(1, IER), kind=AlreadyIn)


@pytest.mark.parametrize(
    "call",
    [
        go_out(1, OutReason.TOILET, at=at("08:40")),  # before coming in
        go_out(1, OutReason.TOILET, at=at("09:12")),  # while out
        come_back(1, at=at("09:05")),  # before going out
        come_back(1, at=at("09:16")),  # back already
        sign_out(1, Destination.LESSON, at=at("09:30")),  # before the last pass
        sign_in(1, IER, at=at("08:55")),  # within the visit
        sign_in(1, PSC, at=at("08:45")),  # would still be open at 08:50
    ],
)
def test_a_past_minute_may_not_cross_another_movement(school: School, call: Call[int]) -> None:
    school.book(1, "P1 P2")
    school.book(1, "P4 P5", room=PSC)
    play(school, 1, "08:50 in, 09:10 out toilet, 09:15 back, 09:40 out nurse, 09:45 back")
    set_clock(school, "10:00")
    assert "cross" in refused(school.desk(), call, kind=Refused)


def test_a_student_not_placed_in_the_room_is_a_walk_in(school: School) -> None:
    school.book(1, room=PSC)
    school.book(2, days=(TUESDAY,))
    for student in (1, 2):
        assert "walk-in" in refused(school.desk(), sign_in(student, IER), kind=Refused)
    set_clock(school, "09:20")
    visit = school.desk().do(walk_in(2, IER, REMOVAL, "Defiance", sent_by=7)).value
    row = school.row(2)
    assert (row.status, row.row.visit_id, row.row.planned, row.row.sent_by) == (Status.IN, visit, False, "KB")
    assert [one.period.name for one in row.row.placed] == ["P1"]


def test_a_walk_in_lasts_to_the_end_of_the_period_named(school: School) -> None:
    set_clock(school, "09:20")
    school.desk().do(walk_in(2, IER, REMOVAL, "Defiance", until="P3"))
    assert [one.period.name for one in school.row(2).row.placed] == ["P1", "P2", "P3"]
    school.desk().do(walk_in(3, IER, REMOVAL, "Defiance", at=at("08:51")))
    assert school.row(3).minutes == 29


def test_at_break_a_walk_in_is_placed_for_the_lesson_ahead(school: School) -> None:
    set_clock(school, "10:55")
    school.desk().do(walk_in(2, IER, REMOVAL, "Fighting"))
    assert [one.period.name for one in school.row(2).row.placed] == ["P3"]


def test_after_the_last_lesson_nobody_walks_in(school: School) -> None:
    set_clock(school, "14:50")
    assert "over" in refused(school.desk(), walk_in(2, IER, REMOVAL, "Defiance"), kind=Refused)


def test_a_student_placed_in_the_room_already_does_not_walk_in(school: School) -> None:
    school.book(2)
    set_clock(school, "09:00")
    assert "Sign them in" in refused(school.desk(), walk_in(2, IER, REMOVAL, "Defiance"), kind=Refused)
    assert "PSC" in _moved_elsewhere(school)


def _moved_elsewhere(school: School) -> str:
    """Walk a student in who is placed in the other room: refused without a reason, done with one."""
    school.book(3, room=PSC)
    call = walk_in(3, IER, REMOVAL, "Defiance")
    words = refused(school.desk(), call, kind=NeedsReason)
    school.desk().do(walk_in(3, IER, REMOVAL, "Defiance", override="PSC is noisy"))
    assert school.row(3).status is Status.IN
    return words


def test_on_a_closed_day_nobody_comes_in(school: School) -> None:
    set_clock(school, "09:00", SATURDAY)
    assert "school day" in refused(school.desk(), walk_in(2, IER, REMOVAL, "Defiance"), kind=Refused)
    refused(school.desk(), sign_in(2, IER), kind=Refused)


def test_yesterday_is_not_changed_from_the_door(school: School) -> None:
    school.book(1, days=(MONDAY, TUESDAY))
    visit = play(school, 1, "08:50 in")
    set_clock(school, "08:40", TUESDAY)
    for call in (
        go_out(visit, OutReason.TOILET),
        sign_out(visit, Destination.END_OF_DAY, at=at("14:50")),
        sign_in(1, IER, at=at("09:00")),
        walk_in(2, IER, REMOVAL, "Defiance", at=at("09:00")),
    ):
        refused(school.desk(), call, kind=Refused)
    play(school, 1, "08:50 in", day=TUESDAY)
    assert told(school, 1) == "08:50 in"
    assert told(school, 1, TUESDAY) == "08:50 in"


def test_a_clock_set_back_does_not_put_movements_behind_each_other(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "09:30 in")
    set_clock(school, "09:10")
    assert "clock" in refused(school.desk(), go_out(visit, OutReason.TOILET), kind=Refused)


def test_a_visit_that_is_not_there_cannot_be_left(school: School) -> None:
    refused(school.desk(), sign_out(99, Destination.LESSON), kind=NotUnderstood)


def test_a_room_that_is_not_there_is_said_to_be_so(school: School) -> None:
    set_clock(school, "09:00")
    refused(school.desk(), walk_in(1, 99, REMOVAL, "Defiance"), kind=NotUnderstood)


# -- seats, and rooms that are full --------------------------------------------------------------------------------


def test_a_full_room_takes_one_more_only_with_a_reason(school: School) -> None:
    for student in (1, 2, 3):
        school.book(student, "P1", room=PSC)
        play(school, student, "08:50 in", room=PSC)
    set_clock(school, "09:00")
    assert "full" in refused(school.desk(), walk_in(4, PSC, REMOVAL, "Defiance"), kind=NeedsReason)
    school.desk().do(walk_in(4, PSC, REMOVAL, "Defiance", override="Nowhere else to go"))
    row = school.row(4, PSC)
    assert (row.status, row.row.seat) == (Status.IN, None)
    assert school.file.rows("SELECT override FROM movement WHERE override <> ''") == [("Nowhere else to go",)]
    assert school.file.rows("SELECT override FROM placement WHERE override <> ''") == [("Nowhere else to go",)]


def test_a_room_can_be_full_of_students_who_stayed_over(school: School) -> None:
    for student in (1, 2, 3):
        school.book(student, "P1", room=PSC)
        play(school, student, "08:50 in", room=PSC)
    school.book(4, "P2", room=PSC)
    set_clock(school, "09:52")
    assert "full" in refused(school.desk(), sign_in(4, PSC), kind=NeedsReason)
    school.desk().do(sign_in(4, PSC, override="The others are being fetched"))
    assert school.row(4, PSC).status is Status.IN


def test_a_cancelled_booking_frees_its_seat(school: School) -> None:
    placements = [school.book(student, "P1", room=PSC) for student in (1, 2, 3)]
    school.desk().do(mark_absence(placements[0], Absence.CANCELLED))
    school.book(4, "P1", room=PSC)
    assert [one.row.student_id for one in school.board().at(school.clock.now(), PSC)][-1] == 1


def test_seats_are_given_in_turn_or_as_asked(school: School) -> None:
    for student in (1, 2, 3, 4):
        school.book(student)
    set_clock(school, "08:50")
    school.desk().do(sign_in(1, IER))
    school.desk().do(sign_in(2, IER, seat=4))
    school.desk().do(sign_in(3, IER))
    assert [school.row(student).row.seat for student in (1, 2, 3)] == [1, 4, 2]
    assert "taken" in refused(school.desk(), sign_in(4, IER, seat=4), kind=Refused)
    refused(school.desk(), sign_in(4, IER, seat=5), kind=NotUnderstood)
    refused(school.desk(), sign_in(4, IER, seat=0), kind=NotUnderstood)


def test_a_seat_is_kept_while_out_and_on_a_return_the_same_day(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    set_clock(school, "08:50")
    visit = school.desk().do(sign_in(1, IER, seat=3)).value
    play(school, 1, "09:00 out nurse")
    assert "taken" in refused(school.desk(), sign_in(2, IER, seat=3), kind=Refused)
    play(school, 1, "09:10 back, 09:20 left lesson")
    again = play(school, 1, "11:10 in")
    assert again == visit
    assert school.row(1).row.seat == 3


def test_who_returns_to_a_taken_seat_gets_a_free_one(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    play(school, 1, "08:50 in, 09:00 left lesson")
    play(school, 2, "09:10 in")
    play(school, 1, "11:10 in")
    assert [school.row(student).row.seat for student in (1, 2)] == [2, 1]


def test_who_returns_to_a_room_without_a_free_seat_has_none(school: School) -> None:
    for student in (1, 2, 3):
        school.book(student, "P1 P2", room=PSC)
    school.book(4, "P3", room=PSC)
    play(school, 1, "08:50 in, 09:00 left lesson", room=PSC)
    for student in (2, 3):
        play(school, student, "09:10 in", room=PSC)
    play(school, 4, "09:15 in", room=PSC)
    school.desk().do(sign_in(1, PSC, override="Nowhere else to go"))
    seats = [school.row(student, PSC).row.seat for student in (2, 3, 4)]
    assert sorted(filter(None, seats)) == [1, 2, 3]
    assert school.row(1, PSC).row.seat is None


def test_a_student_changes_seat(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    first = play(school, 1, "08:50 in")
    second = play(school, 2, "08:51 in")
    assert "taken" in refused(school.desk(), change_seat(first, 2), kind=Refused)
    school.desk().do(change_seat(first, 4))
    school.desk().do(change_seat(second, 1))
    assert [school.row(student).row.seat for student in (1, 2)] == [4, 1]
    play(school, 1, "09:00 left lesson")
    assert "not in the room" in refused(school.desk(), change_seat(first, 3), kind=Refused)
    set_clock(school, "08:50", TUESDAY)
    refused(school.desk(), change_seat(second, 3), kind=Refused)


# -- kept apart ----------------------------------------------------------------------------------------------------


def test_students_to_be_kept_apart_share_a_room_only_with_a_reason(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    school.desk("CO1").do(keep_apart(2, 1, "Fight on Friday"))
    play(school, 1, "08:50 in, 08:55 out toilet")
    words = refused(school.desk(), sign_in(2, IER), kind=NeedsReason)
    assert "Reid, Callum" in words
    school.desk().do(sign_in(2, IER, override="Seated at the desk"))
    assert school.row(2).status is Status.IN


def test_kept_apart_holds_for_walk_ins_and_only_until_its_day_and_while_the_other_is_there(school: School) -> None:
    school.desk("CO1").do(keep_apart(1, 2, "Fight on Friday", until=MONDAY))
    school.book(1, days=(MONDAY, TUESDAY))
    play(school, 1, "08:50 in")
    refused(school.desk(), walk_in(2, IER, REMOVAL, "Defiance"), kind=NeedsReason)
    play(school, 1, "09:00 left lesson")
    school.desk().do(walk_in(2, IER, REMOVAL, "Defiance"))
    play(school, 1, "08:50 in", day=TUESDAY)
    school.desk().do(walk_in(2, IER, REMOVAL, "Defiance"))
    assert school.row(2).status is Status.IN


def test_nobody_is_kept_apart_from_themselves(school: School) -> None:
    refused(school.desk("CO1"), keep_apart(1, 1, "Slip"), kind=NotUnderstood)


# -- one visit a student, room and day -----------------------------------------------------------------------------


def test_there_is_one_visit_for_a_student_a_room_and_a_day(school: School) -> None:
    school.book(1, "P1 P2 P3", days=(MONDAY, TUESDAY))
    school.book(1, "P4 P5", room=PSC)
    play(school, 1, "08:50 in, 09:50 left lesson, 11:10 in, 12:10 left other room")
    play(school, 1, "12:12 in, 13:10 left lesson", room=PSC)
    play(school, 1, "08:50 in, 09:50 left lesson", day=TUESDAY)
    assert school.file.rows("SELECT room_id, day FROM visit ORDER BY id") == [
        (IER, "2026-11-23"),
        (PSC, "2026-11-23"),
        (IER, "2026-11-24"),
    ]


def test_two_terminals_signing_in_one_student_make_one_visit(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    other = school.another()
    try:
        school.desk().do(sign_in(1, IER))
        second = school.desk("AS2", "two")
        second.file = other
        refused(second, sign_in(1, IER), kind=AlreadyIn)
    finally:
        other.close()
    assert school.file.value("SELECT count(*) FROM visit") == 1
    assert told(school, 1) == "08:50 in"


def test_a_student_is_in_one_room_at_a_time(school: School) -> None:
    school.book(1, "P1 P2")
    school.book(1, "P3", room=PSC)
    play(school, 1, "08:50 in")
    set_clock(school, "11:10")
    words = refused(school.desk(), sign_in(1, PSC), kind=AlreadyIn)
    assert "Internal Exclusion Room" in words
    play(school, 1, "11:11 left other room")
    play(school, 1, "11:13 in", room=PSC)
    assert school.row(1, PSC).status is Status.IN
    assert school.row(1, IER).status is Status.LEFT


# -- visits that nobody ended --------------------------------------------------------------------------------------


def test_yesterdays_open_visits_are_listed_for_a_decision(school: School) -> None:
    for student in (1, 2, 3):
        school.book(student)
    first = play(school, 1, "08:50 in")
    play(school, 2, "08:51 in, 14:50 left end of day")
    third = play(school, 3, "08:52 in, 14:00 out toilet")
    assert open_visits_before(school.file, MONDAY) == ()
    found = open_visits_before(school.file, TUESDAY)
    assert [(one.visit_id, one.name, one.day, one.last, one.since) for one in found] == [
        (first, "Reid, Callum", MONDAY, "in", at("08:50")),
        (third, "O’Brien, Łukasz", MONDAY, "toilet", at("14:00")),
    ]


def test_a_coordinator_closes_yesterdays_visit_with_a_reason(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:50 in, 09:00 out toilet, 09:05 back")
    set_clock(school, "08:30", TUESDAY)
    end = at("14:50")
    office = school.desk("CO1", "office")
    to = Destination.END_OF_DAY
    refused(school.desk(), close_visit(visit, end, to, "Seen leaving"), kind=Refused)
    refused(office, close_visit(visit, end, to, "  "), kind=NeedsReason)
    refused(office, close_visit(visit, at("08:20", TUESDAY), to, "Seen leaving"), kind=Refused)
    assert "cross" in refused(office, close_visit(visit, at("09:02"), to, "Seen leaving"), kind=Refused)
    office.do(close_visit(visit, end, to, "Seen leaving"))
    assert told(school, 1).endswith("14:50 left end of day")
    assert open_visits_before(school.file, TUESDAY) == ()
    assert "left at 14:50" in refused(office, close_visit(visit, end, to, "Again"), kind=Refused)


def test_a_visit_is_closed_where_it_was(school: School) -> None:
    school.book(1, "P1")
    school.book(1, "P4", room=PSC)
    first = play(school, 1, "08:50 in, 09:50 left lesson")
    play(school, 1, "12:10 in", room=PSC)
    set_clock(school, "08:30", TUESDAY)
    office = school.desk("CO1")
    refused(office, close_visit(first, at("14:50"), Destination.END_OF_DAY, "Seen leaving"), kind=Refused)
    assert [one.room for one in open_visits_before(school.file, TUESDAY)] == ["Pastoral Support Centre"]
    assert movement_id(school, 1, -1) == school.file.value("SELECT max(id) FROM movement")
