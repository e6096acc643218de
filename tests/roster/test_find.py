"""Nobody lost: a student whose place is not known is an alarm until somebody records where, or whom they told."""

from __future__ import annotations

import pytest

from psc.desk.acts import undo
from psc.errors import NotUnderstood, Refused
from psc.overview.cells import now_cell
from psc.overview.read_board import read_board
from psc.roster.absences import Absence, mark_absence
from psc.roster.checks import mark_check
from psc.roster.movements import Destination, OutReason, sign_in, sign_out
from psc.roster.placements import PeriodState, PlacementType
from psc.roster.sightings import record_sighting
from psc.roster.status import Status
from tests.desk.refusals import refused
from tests.roster.stories import play, set_clock
from tests.school import IER, PSC, School


def shown(school: School, student: int, room: int = IER) -> str:
    one = school.row(student, room)
    return now_cell(school.board("CO1"), one, school.clock.now()).text


def status(school: School, student: int, room: int = IER) -> Status:
    return school.row(student, room).status


# -- late -------------------------------------------------------------------------------------------------------------


def test_a_late_student_is_to_be_found_from_the_end_of_grace(school: School) -> None:
    school.book(1)
    set_clock(school, "08:54:59")
    assert status(school, 1) is Status.EXPECTED
    set_clock(school, "08:55")
    assert status(school, 1) is Status.FIND
    assert shown(school, 1) == "! find, late 5"


def test_telling_attendance_quiets_the_alarm_and_the_student_stays_late(school: School) -> None:
    school.book(1)
    set_clock(school, "09:04")
    school.desk().do(record_sighting(1, told="attendance"))
    assert status(school, 1) is Status.LATE
    assert shown(school, 1) == "○ late: attendance"
    set_clock(school, "09:40")
    assert status(school, 1) is Status.LATE


def test_time_alone_never_ends_an_alarm(school: School) -> None:
    school.book(1)
    set_clock(school, "16:00")
    assert status(school, 1) is Status.FIND


def test_only_an_act_makes_late_absent(school: School) -> None:
    placement = school.book(1)
    set_clock(school, "09:10")
    school.desk().do(mark_absence(placement, Absence.ABSENT))
    assert status(school, 1) is Status.ABSENT


def test_a_record_of_the_morning_does_not_quiet_the_alarm_of_the_afternoon(school: School) -> None:
    school.book(1, "P1 P5")
    set_clock(school, "08:58")
    school.desk().do(record_sighting(1, place="with the nurse"))
    play(school, 1, "09:05 in, 09:50 left lesson")
    set_clock(school, "13:56")
    assert status(school, 1) is Status.FIND


def test_a_support_student_is_never_to_be_found_for_being_late(school: School) -> None:
    school.book(1, room=PSC, type=PlacementType.PSC_PROGRAMME)
    set_clock(school, "10:30")
    assert status(school, 1, PSC) is Status.EXPECTED
    assert shown(school, 1, PSC) == "○ not yet here"


# -- out --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reason", "minutes"), [("toilet", 10), ("nurse", 30)])
def test_out_longer_than_the_reason_allows_is_an_alarm(school: School, reason: str, minutes: int) -> None:
    school.book(1)
    play(school, 1, f"08:50 in, 09:00 out {reason}")
    set_clock(school, f"09:{minutes}")
    assert status(school, 1) is Status.OUT
    set_clock(school, f"09:{minutes}:01")
    assert status(school, 1) is Status.FIND
    school.desk().do(record_sighting(1, told="on call"))
    assert status(school, 1) is Status.OUT
    assert shown(school, 1) == f"◐ {reason}: on call"


def test_whoever_walked_out_is_to_be_found_at_once(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    visit = school.desk().do(sign_in(1, IER)).value
    from psc.roster.movements import go_out

    school.desk().do(go_out(visit, OutReason.WALKED_OUT))
    assert status(school, 1) is Status.FIND


def test_the_next_time_out_is_an_alarm_of_its_own(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 out toilet")
    set_clock(school, "09:15")
    school.desk().do(record_sighting(1, place="in the toilets by the hall"))
    play(school, 1, "09:16 back, 09:30 out toilet")
    set_clock(school, "09:41")
    assert status(school, 1) is Status.FIND


def test_an_alarm_holds_the_seat_of_a_student_who_is_out(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 out toilet")
    set_clock(school, "09:30")
    assert school.row(1).inside
    assert school.board().used[IER] == 1


# -- on the way -------------------------------------------------------------------------------------------------------


def test_a_student_sent_to_the_other_room_is_on_the_way_there(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 10:00 left other_room".replace("other_room", "other room"))
    assert status(school, 1) is Status.LEFT
    assert shown(school, 1) == "✓ to PSC 10:00"
    set_clock(school, "10:03")
    assert shown(school, 1, PSC) == "○ on the way 3"
    set_clock(school, "10:05:01")
    assert shown(school, 1, PSC) == "! find, on way 5"


def test_there_they_are_signed_in_without_another_placement(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 10:00 left other room")
    set_clock(school, "10:04")
    school.desk("AS2", "two").do(sign_in(1, PSC))
    assert status(school, 1, PSC) is Status.IN
    assert [one.period.name for one in school.row(1, PSC).row.placed] == ["P2", "P3", "P4", "P5"]


def test_a_period_begun_here_and_ended_there_is_served(school: School) -> None:
    school.book(1, "P1 P2")
    play(school, 1, "08:50 in, 10:10 left other room")
    play(school, 1, "10:12 in", room=PSC)
    set_clock(school, "10:51")
    school.desk().do(mark_check(school.placed(1, "P2", PSC), 3))
    board = school.board()
    for room in (IER, PSC):
        assert school.row(1, room).states(school.clock.now(), board.settings)["P2"] is PeriodState.SERVED


def test_nobody_is_signed_in_where_they_were_not_sent(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 10:00 left lesson")
    words = refused(school.desk(), sign_in(1, PSC))
    assert "not expected" in words


def test_told_on_the_way_is_known(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 10:00 left other room")
    set_clock(school, "10:10")
    school.desk().do(record_sighting(1, place="talking to Mr Hill"))
    assert status(school, 1, PSC) is Status.EXPECTED
    assert shown(school, 1, PSC) == "○ on the way: talking to Mr Hill"


def test_other_room_must_be_named_where_there_are_several(school: School) -> None:
    school.file.execute("INSERT INTO room (code, name, kind, seats, hide_why) VALUES ('PS2', 'Calm room', 'PSC', 2, 1)")
    school.book(1)
    play(school, 1, "08:50 in")
    visit = school.row(1).row.visit_id or 0
    assert "PSC, PS2" in refused(school.desk(), sign_out(visit, Destination.OTHER_ROOM), kind=NotUnderstood)
    school.desk().do(sign_out(visit, Destination.OTHER_ROOM, to_room=3))
    assert status(school, 1, 3) is Status.EXPECTED


# -- the record -------------------------------------------------------------------------------------------------------


def test_two_people_clear_the_same_alarm_and_both_records_stand(school: School) -> None:
    school.book(1)
    set_clock(school, "09:00")
    school.desk().do(record_sighting(1, told="attendance"))
    set_clock(school, "09:01")
    school.desk("AS2", "two").do(record_sighting(1, told="on call"))
    kept = [(one.told, one.by) for one in school.row(1).row.facts.sightings]
    assert kept == [("attendance", "AS1"), ("on call", "AS2")]
    assert shown(school, 1) == "○ late: on call"


def test_a_retry_makes_one_record(school: School) -> None:
    school.book(1)
    set_clock(school, "09:00")
    for _ in range(3):
        school.desk().do(record_sighting(1, told="attendance"), id="same")
    assert len(school.row(1).row.facts.sightings) == 1


def test_a_record_is_undone_and_the_alarm_is_back(school: School) -> None:
    school.book(1)
    set_clock(school, "09:00")
    school.desk().do(record_sighting(1, told="attendance"))
    school.desk().do(undo())
    assert status(school, 1) is Status.FIND


def test_a_record_says_something(school: School) -> None:
    school.book(1)
    refused(school.desk(), record_sighting(1), kind=NotUnderstood)
    refused(school.desk(), record_sighting(1, told="the caretaker"), kind=NotUnderstood)


def test_find_leads_the_board_and_is_counted_for_those_who_see_the_room(school: School) -> None:
    from psc.overview.board import counts

    for student in (1, 2, 3):
        school.book(student)
    play(school, 2, "08:50 in")
    set_clock(school, "09:00")
    rows = school.board().at(school.clock.now(), IER)
    assert [one.status for one in rows] == [Status.FIND, Status.FIND, Status.IN]
    assert counts(rows)["find"] == 2
    assert read_board(school.file, school.board().day.day, school.desk("HY8").staff()).rows[0].student_id == 3


# -- somewhere else ---------------------------------------------------------------------------------------------------


def test_a_student_who_is_in_another_room_is_late_here_and_not_to_be_found(school: School) -> None:
    school.book(1, "P1 P2")
    school.book(1, "P4", room=PSC)
    play(school, 1, "08:50 in")
    set_clock(school, "12:20")
    assert status(school, 1, PSC) is Status.LATE
    assert shown(school, 1, PSC) == "○ late: in IER"
    play(school, 1, "12:21 left lesson")
    assert status(school, 1, PSC) is Status.FIND


def test_lessons_that_went_to_the_other_room_before_they_began_are_not_missed_here(school: School) -> None:
    school.book(1, "P1 P2")
    play(school, 1, "08:40 in, 08:45 left other room")
    play(school, 1, "08:48 in", room=PSC)
    set_clock(school, "09:30")
    assert shown(school, 1) == "✓ to PSC 08:45"
    assert shown(school, 1, PSC) == "● in, k due 12"


def test_a_room_they_never_came_into_forgets_them_once_they_are_back(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 left other room, 09:02 in")
    set_clock(school, "09:20")
    assert [one.row.room_id for one in school.board().at(school.clock.now()) if one.row.student_id == 1] == [IER]


def test_whoever_went_home_is_missed_in_no_room(school: School) -> None:
    school.book(1, "P1 P2")
    school.book(1, "P4", room=PSC)
    play(school, 1, "08:50 in, 10:00 left home: ill")
    set_clock(school, "12:30")
    assert shown(school, 1, PSC) == "✓ home 10:00"


# -- home early -------------------------------------------------------------------------------------------------------


def test_only_the_head_suspends_and_that_opens_the_suspension(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    visit = school.row(1).row.visit_id or 0
    assert "head" in refused(school.desk(), sign_out(visit, Destination.HOME_SUSPENDED))
    set_clock(school, "10:20")
    school.desk().do(sign_out(visit, Destination.HOME_SUSPENDED, note="Mrs Vale", at=None))
    row = school.file.row("SELECT student_id, decided_by, happened FROM suspension")
    assert row == (1, "Mrs Vale", "2026-11-23T10:20:00Z")
    school.desk().do(undo())
    assert school.file.value("SELECT count(*) FROM retraction WHERE fact = 'suspension'") == 1


def test_a_placement_sent_over_cannot_be_left_for_the_future(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    visit = school.row(1).row.visit_id or 0
    from tests.school import at

    with pytest.raises(Refused):
        school.desk().do(sign_out(visit, Destination.OTHER_ROOM, at=at("12:00")))
