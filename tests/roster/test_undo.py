"""`u`: one's own last act at this terminal is taken back whole, unless somebody has built on it."""

from __future__ import annotations

from contextlib import suppress

import pytest

from psc.desk.acts import undo
from psc.errors import Refused
from psc.flows.walk_in import walk_in
from psc.roster.absences import Absence, mark_absence
from psc.roster.checks import mark_check
from psc.roster.corrections import correct_movement
from psc.roster.movements import OutReason, come_back, go_out, sign_in
from psc.roster.placements import PlacementType, book, carry_period, waive_period
from psc.roster.seats import change_seat
from psc.roster.status import Status
from tests.desk.refusals import refused
from tests.roster.stories import movement_id, play, set_clock, told
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, School, at

REMOVAL = PlacementType.REMOVAL


def test_an_assistant_takes_back_a_signing_in(school: School) -> None:
    school.book(1)
    play(school, 1, "08:52 in")
    assert school.desk().do(undo()).value == "sign_in"
    row = school.row(1)
    assert (row.status, row.row.seat, row.minutes) == (Status.EXPECTED, None, 0)
    assert told(school, 1) == ""
    assert school.file.value("SELECT count(*) FROM movement") == 1, "what was taken back stays in the file"
    play(school, 1, "08:53 in")
    assert told(school, 1) == "08:53 in"


def test_undo_twice_goes_one_further_back(school: School) -> None:
    school.book(1)
    play(school, 1, "08:52 in, 08:54 out toilet, 08:56 back")
    desk = school.desk()
    assert [desk.do(undo()).value for _ in range(3)] == ["come_back", "go_out", "sign_in"]
    assert told(school, 1) == ""
    assert "nothing of yours" in refused(desk, undo(), kind=Refused)


def test_undo_reaches_back_ten_minutes(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    set_clock(school, "09:00:01")
    refused(school.desk(), undo(), kind=Refused)
    set_clock(school, "09:00")
    school.desk().do(undo())
    assert told(school, 1) == ""


@pytest.mark.parametrize(("code", "terminal"), [("AS2", "one"), ("AS1", "two"), ("CO1", "one")])
def test_undo_takes_back_ones_own_at_this_terminal_only(school: School, code: str, terminal: str) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    set_clock(school, "08:51")
    refused(school.desk(code, terminal), undo(), kind=Refused)
    assert told(school, 1) == "08:50 in"


def test_undo_is_refused_naming_what_was_built_on_it_and_by_whom(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:50 in")
    set_clock(school, "08:54")
    school.desk("AS2", "two").do(go_out(visit, OutReason.TOILET))
    words = refused(school.desk(), undo(), kind=Refused)
    assert "sign in" in words
    assert "go out" in words
    assert "AS2 at 08:54" in words
    school.desk("AS2", "two").do(undo())
    school.desk().do(undo())
    assert told(school, 1) == ""


def test_what_is_built_on_another_student_bars_nothing(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    play(school, 1, "08:50 in")
    play(school, 2, "08:51 in", code="AS2")
    assert school.desk().do(undo()).students == (1,)
    assert (told(school, 1), told(school, 2)) == ("", "08:51 in")


def test_one_act_for_several_is_taken_back_whole_or_not_at_all(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    first, second = play(school, 1, "08:50 in"), play(school, 2, "08:50 in")
    set_clock(school, "08:55")
    desk = school.desk()
    desk.do(go_out(first, OutReason.BREAK), go_out(second, OutReason.BREAK))
    other = school.desk("AS2", "two")
    other.do(come_back(second))
    refused(desk, undo(), kind=Refused)
    other.do(undo())
    assert desk.do(undo()).students == (1, 2)
    assert (told(school, 1), told(school, 2)) == ("08:50 in", "08:50 in")


def test_undo_of_a_walk_in_takes_placement_and_visit_off_the_board(school: School) -> None:
    set_clock(school, "09:20")
    school.desk().do(walk_in(5, IER, REMOVAL, "Defiance"))
    assert [one.row.student_id for one in school.board().at(school.clock.now())] == [5]
    school.desk().do(undo())
    assert school.board().at(school.clock.now()) == ()
    refused(school.desk(), sign_in(5, IER), kind=Refused)
    school.desk().do(walk_in(5, IER, REMOVAL, "Defiance"))
    assert school.row(5).status is Status.IN
    assert school.row(5).row.days == (1, 1)


def test_undo_of_a_signing_out_brings_the_student_back_to_the_seat(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:10 left lesson")
    school.desk().do(undo())
    row = school.row(1)
    assert (row.status, row.standing.since, row.row.seat) == (Status.IN, at("08:50"), 1)


def test_two_students_never_share_a_seat_after_an_undo(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    play(school, 1, "08:50 in, 09:10 left lesson")
    play(school, 2, "09:11 in", code="AS2")
    with suppress(Refused):
        school.desk().do(undo())
    holding = [one.row.seat for one in school.board().at(school.clock.now()) if one.inside]
    assert len(holding) == len(set(holding))


def test_undo_of_a_change_of_seat_and_of_a_check_leaves_the_one_before(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:50 in")
    desk = school.desk()
    desk.do(change_seat(visit, 3))
    desk.do(undo())
    assert school.row(1).row.seat == 1
    for mark in (1, 4):
        desk.do(mark_check(school.placed(1, "P1"), mark))
    desk.do(undo())
    assert school.row(1).row.placed[0].mark == 1


def test_undo_of_an_absence_has_the_student_expected_again(school: School) -> None:
    placement = school.book(1)
    set_clock(school, "08:51")
    school.desk().do(mark_absence(placement, Absence.ABSENT, code="I"))
    assert school.row(1).status is Status.ABSENT
    school.desk().do(undo())
    assert school.row(1).status is Status.EXPECTED


# -- undo and correction -------------------------------------------------------------------------------------------


def test_undo_of_a_correction_puts_the_first_time_back(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    desk = school.desk()
    desk.do(correct_movement(movement_id(school, 1, 0), "Mistyped", at=at("08:50")))
    assert told(school, 1) == "08:50 in"
    assert desk.do(undo()).value == "correct_movement"
    assert told(school, 1) == "08:58 in"


def test_a_corrected_signing_in_can_be_taken_back_after_its_correction(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    desk = school.desk()
    desk.do(correct_movement(movement_id(school, 1, 0), "Mistyped", at=at("08:50")))
    assert [desk.do(undo()).value for _ in range(2)] == ["correct_movement", "sign_in"]
    assert told(school, 1) == ""
    assert school.row(1).status is Status.FIND


def test_two_corrections_are_taken_back_one_after_the_other(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    desk = school.desk()
    for time in ("08:50", "08:55"):
        desk.do(correct_movement(movement_id(school, 1, 0), "Mistyped", at=at(time)))
    desk.do(undo())
    assert told(school, 1) == "08:50 in"
    desk.do(undo())
    assert told(school, 1) == "08:58 in"


def test_a_correction_taken_back_keeps_its_place_among_movements_of_one_minute(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in, 08:58 out toilet")
    desk = school.desk()
    for time in ("08:50", "08:58", "08:52"):
        desk.do(correct_movement(movement_id(school, 1, 0), "Mistyped", at=at(time)))
    desk.do(undo())
    assert told(school, 1) == "08:58 in, 08:58 out toilet"
    assert school.row(1).status is Status.OUT


def test_a_coordinators_correction_bars_the_undo_of_what_it_corrects(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    set_clock(school, "09:01")
    school.desk("CO1", "office").do(correct_movement(movement_id(school, 1, 0), "Seen earlier", at=at("08:50")))
    words = refused(school.desk(), undo(), kind=Refused)
    assert "correct movement" in words
    assert "CO1" in words


# -- undo of planning ----------------------------------------------------------------------------------------------


def test_a_booking_is_taken_back_until_somebody_has_come_on_it(school: School) -> None:
    office = school.desk("CO1", "office")
    school.book(1)
    play(school, 1, "08:35 in")
    assert "sign in" in refused(office, undo(), kind=Refused)
    school.desk().do(undo())
    office.do(undo())
    assert school.board().rows == ()
    assert school.file.value("SELECT count(*) FROM placement") == 1


def test_a_period_carried_to_today_is_not_taken_back_under_a_student_who_came_on_it(school: School) -> None:
    office = school.desk("CO1", "office")
    owed = _owed_on_friday(school)
    set_clock(school, "08:45")
    office.do(carry_period(owed, MONDAY, "P1"))
    play(school, 1, "08:50 in")
    assert "sign in" in refused(office, undo(), kind=Refused)


def test_a_carrying_taken_back_and_a_waiver_taken_back(school: School) -> None:
    office = school.desk("CO1", "office")
    owed = _owed_on_friday(school)
    set_clock(school, "08:45")
    office.do(carry_period(owed, MONDAY, "P1"))
    assert "carried already" in refused(office, waive_period(owed, "Enough"), kind=Refused)
    office.do(undo())
    assert school.board().rows == ()
    office.do(waive_period(owed, "Enough"))
    assert "waived already" in refused(office, carry_period(owed, MONDAY, "P1"), kind=Refused)
    office.do(undo())
    office.do(carry_period(owed, MONDAY, "P2"))
    assert [one.period.name for one in school.row(1).row.placed] == ["P2"]


def _owed_on_friday(school: School) -> int:
    """Place a student on Friday and return the placed period."""
    set_clock(school, "08:00", FRIDAY_BEFORE)
    placement = school.book(1, "P1", days=(FRIDAY_BEFORE,))
    found = school.file.value("SELECT id FROM placement_period WHERE placement_id = ?", (placement,))
    return int(found)


def test_who_books_twice_takes_back_the_later_one(school: School) -> None:
    office = school.desk("CO1", "office")
    school.book(1, "P1")
    office.do(book(1, PSC, REMOVAL, "Fighting", [(MONDAY, "P2")]))
    office.do(undo())
    assert [one.row.room_id for one in school.board().at(school.clock.now())] == [IER]
