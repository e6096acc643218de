"""Corrections at their edges: what stands on a corrected fact goes along, and an undo brings all of it back."""

from __future__ import annotations

from psc.desk.acts import undo
from psc.errors import NeedsReason, Refused
from psc.flows.walk_in import walk_in
from psc.overview.roll import roll
from psc.overview.timeline import timeline
from psc.roster.checks import mark_check
from psc.roster.confirmations import Outcome, settle_removal
from psc.roster.corrections import correct_fact, correct_movement, correct_student, remove_fact
from psc.roster.evacuation import EvacuationKind, bring_back, evacuate, tick_roll
from psc.roster.held import Holding, end_holding, held_on, hold_item
from psc.roster.lunch import choose_lunch
from psc.roster.movements import Destination, sign_out
from psc.roster.placements import PlacementType, book
from psc.roster.sightings import record_sighting
from psc.roster.status import Status
from tests.desk.refusals import refused
from tests.roster.stories import movement_id, play, set_clock, told
from tests.school import IER, MONDAY, PSC, TUESDAY, School, at


def seat(school: School, student: int, room: int = IER) -> int | None:
    return school.row(student, room).row.seat


def test_a_returned_phone_stays_returned_when_the_time_of_taking_it_is_corrected(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    phone = school.desk().do(hold_item(1, Holding.PHONE)).value
    set_clock(school, "09:20")
    school.desk().do(end_holding(phone, "returned"))
    school.desk().do(correct_fact("held_item", phone, "Typed late", at=at("08:48")))
    assert held_on(school.file, MONDAY) == ()


def test_a_returned_phone_stays_returned_when_the_visit_goes_to_another(school: School) -> None:
    school.book(6)
    school.book(7)
    play(school, 6, "08:50 in")
    phone = school.desk().do(hold_item(6, Holding.PHONE)).value
    set_clock(school, "09:20")
    school.desk().do(end_holding(phone, "returned"))
    school.desk().do(correct_student(school.row(6).row.visit_id or 0, 7, "Same name"))
    assert held_on(school.file, MONDAY) == ()
    assert [e.words for e in timeline(school.file, 6, MONDAY) if e.undone is None] == []
    school.desk().do(undo())
    assert held_on(school.file, MONDAY) == ()
    assert [e.words for e in timeline(school.file, 7, MONDAY) if e.undone is None] == []


def test_a_phone_taken_back_and_put_again_by_undo_is_returned_as_before(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    phone = school.desk().do(hold_item(1, Holding.PHONE)).value
    set_clock(school, "09:20")
    school.desk().do(end_holding(phone, "returned"))
    school.desk().do(remove_fact("held_item", phone, "Slip"))
    school.desk().do(undo())
    assert held_on(school.file, MONDAY) == ()


def test_undoing_the_right_student_of_a_walk_in_brings_back_all_that_was(school: School) -> None:
    set_clock(school, "09:20")
    visit = school.desk().do(walk_in(6, IER, PlacementType.REMOVAL, "Defiance", until="P2")).value
    school.desk().do(mark_check(school.placed(6, "P1"), 3))
    set_clock(school, "09:25")
    school.desk().do(correct_student(visit, 7, "Wrong one of the two"))
    assert school.row(7).row.placed[0].mark == 3
    assert school.row(7).row.to_confirm
    school.desk().do(undo())
    assert [row.student_id for row in school.board().rows] == [6]
    assert [one.period.name for one in school.row(6).row.placed] == ["P1", "P2"]
    assert school.row(6).row.placed[0].mark == 3
    school.desk().do(undo())
    assert school.row(6).row.placed[0].mark is None
    assert school.row(6).status is Status.IN
    assert school.row(6).row.seat == 1
    school.desk().do(undo())
    assert school.board().rows == ()


def test_correcting_an_older_check_does_not_make_it_count(school: School) -> None:
    school.book(1, "P1")
    play(school, 1, "08:50 in")
    set_clock(school, "09:40")
    first = school.desk().do(mark_check(school.placed(1, "P1"), 0)).value
    set_clock(school, "09:51")
    school.desk().do(mark_check(school.placed(1, "P1"), 3))
    school.desk().do(correct_fact("period_check", first, "Earlier", at=at("09:38")))
    assert school.row(1).row.placed[0].mark == 3


def test_correcting_an_older_choice_of_lunch_does_not_make_it_count(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    first = school.desk().do(choose_lunch(1, IER, "hot")).value
    set_clock(school, "09:51")
    school.desk().do(choose_lunch(1, IER, "none"))
    school.desk().do(correct_fact("lunch", first, "Earlier", at=at("08:51")))
    assert school.row(1).row.care.lunch.choice == "none"


def test_a_visit_that_goes_over_brings_no_seat_that_another_has_now(school: School) -> None:
    for s in (5, 6, 7):
        school.book(s)
    play(school, 6, "08:50 in, 09:00 left lesson")
    play(school, 5, "09:01 in")
    play(school, 7, "09:02 in")
    assert (seat(school, 5), seat(school, 7)) == (1, 2)
    school.desk().do(correct_student(school.row(6).row.visit_id or 0, 7, "Same name"))
    assert told(school, 7) == "08:50 in, 09:00 left lesson, 09:02 in"
    assert (seat(school, 5), seat(school, 7)) == (1, 2)


def test_a_student_sent_over_goes_to_the_right_student_in_both_rooms(school: School) -> None:
    school.book(6)
    school.book(7)
    play(school, 6, "08:50 in, 09:00 left other room")
    play(school, 6, "09:03 in", room=PSC)
    set_clock(school, "09:10")
    school.desk().do(correct_student(school.row(6).row.visit_id or 0, 7, "Same name"))
    assert told(school, 6) == ""
    assert told(school, 7) == "08:50 in, 09:00 left other room, 09:03 in"
    assert school.row(7, PSC).status is Status.IN
    school.desk().do(undo())
    assert told(school, 7) == ""
    assert school.row(6, PSC).status is Status.IN


def test_a_leaving_on_which_another_room_rests_keeps_its_room(school: School) -> None:
    school.book(6)
    play(school, 6, "08:50 in, 09:00 left other room")
    play(school, 6, "09:03 in", room=PSC)
    set_clock(school, "09:10")
    call = correct_movement(movement_id(school, 6, 1), "Slip", reason="lesson")
    refused(school.desk(), call, kind=Refused)


def test_what_was_held_in_another_visit_stays_with_its_student(school: School) -> None:
    school.book(6, "P1 P2")
    school.book(6, "P3 P4", room=PSC)
    school.book(7, "P3", room=PSC)
    play(school, 6, "08:50 in")
    school.desk().do(hold_item(6, Holding.PHONE))
    play(school, 6, "10:50 left lesson")
    play(school, 6, "11:10 in", room=PSC)
    school.desk().do(choose_lunch(6, PSC, "hot"))
    school.desk().do(correct_student(school.row(6, PSC).row.visit_id or 0, 7, "Same name"))
    assert [one.student_id for one in held_on(school.file, MONDAY)] == [6]
    assert school.row(7, PSC).row.care.lunch.choice == "hot"


def test_a_visit_reached_by_being_sent_over_is_corrected_where_it_began(school: School) -> None:
    school.book(6)
    school.book(7)
    play(school, 6, "08:50 in, 09:00 left other room")
    play(school, 6, "09:03 in", room=PSC)
    said = refused(school.desk(), correct_student(school.row(6, PSC).row.visit_id or 0, 7, "Same name"))
    assert "from another" in said


def test_a_removal_ended_at_break_leaves_the_student_on_the_board(school: School) -> None:
    set_clock(school, "10:55")
    school.desk().do(walk_in(1, IER, PlacementType.REMOVAL, "Defiance"))
    row = school.row(1)
    school.desk("CO1").do(settle_removal(row.row.placement_id, Outcome.ENDED, "Back to lessons"))
    assert [r.student_id for r in school.board().rows] == [1]


def test_a_second_evacuation_does_not_hide_who_was_lost_in_the_first(school: School) -> None:
    for s in (1, 2):
        school.book(s)
        play(school, s, "08:50 in")
    set_clock(school, "09:31")
    one = school.desk().do(evacuate(EvacuationKind.DRILL)).value
    school.desk().do(tick_roll(one, 1))
    set_clock(school, "09:40")
    school.desk().do(bring_back(one))
    assert school.row(2).status is Status.FIND
    set_clock(school, "10:00")
    school.desk().do(evacuate(EvacuationKind.REAL))
    assert school.row(2).status is Status.FIND


def test_minutes_after_the_last_bell_count_on_the_next_day_too(school: School) -> None:
    school.book(1)
    play(school, 1, "13:50 in, 15:20 left end of day")
    assert school.row(1).minutes == 90
    from psc.overview.board import edge

    set_clock(school, "08:30", TUESDAY)
    board = school.board("CO1", MONDAY)
    (one,) = board.at(edge(board, school.clock.now()))
    assert one.minutes == 90


def test_a_why_is_cleaned_and_nothing_but_control_characters_is_no_why(school: School) -> None:
    school.book(1)
    play(school, 1, "08:58 in")
    school.desk().do(correct_movement(movement_id(school, 1, 0), "x\x1b[31m\u202ey\nz", at=at("08:50")))
    assert school.file.value("SELECT reason FROM retraction") == "x[31my z"
    refused(school.desk(), correct_movement(movement_id(school, 1, 0), "\u202e\x1b", at=at("08:51")), kind=NeedsReason)
    visit = school.row(1).row.visit_id or 0
    refused(school.desk(), sign_out(visit, Destination.HOME_SUSPENDED, note="\u202e"), kind=NeedsReason)
    school.desk().do(sign_out(visit, Destination.NAMED_ADULT, note="Ms [b]Hill\x1b"))
    assert school.file.value("SELECT note FROM movement WHERE kind = 'left'") == "Ms [b]Hill"


def test_the_day_is_not_closed_over_a_student_between_two_rooms(school: School) -> None:
    from psc.flows.close_day import close_day

    school.book(1)
    play(school, 1, "08:50 in, 14:49 left other room")
    set_clock(school, "14:51")
    assert "Reid" in refused(school.desk(), close_day(), kind=Refused)


def test_a_period_of_two_words_has_its_check_told(school: School) -> None:
    school.file.execute("UPDATE bell SET period = 'Lesson 1' WHERE period = 'P1'")
    slots = [(MONDAY, "Lesson 1")]
    school.desk("CO1").do(book(1, IER, PlacementType.INTERNAL_EXCLUSION, "Defiance", slots))
    play(school, 1, "08:50 in")
    school.desk().do(mark_check(school.placed(1, "Lesson 1"), 3))
    assert [e.words for e in timeline(school.file, 1, MONDAY)][-1] == "Lesson 1 check 3 most"


def test_the_timeline_tells_an_evacuation_as_one(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    set_clock(school, "09:31")
    school.desk().do(evacuate(EvacuationKind.DRILL))
    assert timeline(school.file, 1, MONDAY)[-1].words == "out: evacuation"


def test_who_told_it_stays_with_a_corrected_fact(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    school.desk().do(record_sighting(1, place="library"), told_by="K. Bose")
    i = school.file.value("SELECT id FROM sighting")
    set_clock(school, "09:10")
    school.desk().do(correct_fact("sighting", i, "Late", at=at("08:49")))
    assert [e.told for e in timeline(school.file, 1, MONDAY) if e.fact == "sighting"] == ["K. Bose", "K. Bose"]


def test_the_roll_lists_a_late_student_of_whom_attendance_was_told(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    set_clock(school, "09:10")
    school.desk().do(record_sighting(1, told="attendance"))
    school.desk().do(record_sighting(2, place="library"))
    lines = roll(school.board(), school.clock.now())
    assert [(one.name, one.place, one.missing) for one in lines] == [
        ("Okafor, Amara", "library", True),
        ("Reid, Callum", "told attendance", True),
    ]


def test_a_walk_in_given_to_a_student_placed_elsewhere_stays_on_the_board(school: School) -> None:
    school.book(2)
    set_clock(school, "09:03")
    visit = school.desk().do(walk_in(3, PSC, PlacementType.REMOVAL, "Defiance")).value
    school.desk().do(correct_student(visit, 2, "Wrong row"))
    assert school.row(2, PSC).status is Status.IN
