"""A booking changed after it was made: moved, cut short, made longer, cancelled; periods carried; the waiting list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from psc.desk.acts import undo
from psc.desk.lending import bar_student
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.flows.bookings import (
    cancel_booking,
    carry_periods,
    extend_booking,
    move_booking,
    shorten_booking,
)
from psc.flows.referrals import decide_referral
from psc.flows.walk_in import walk_in
from psc.overview.bookings import Booking, bookings_between
from psc.overview.left_open import left_open
from psc.overview.to_carry import to_carry
from psc.roster.checks import mark_check
from psc.roster.placements import PlacementType, book, carry_period, placed_periods, waive_period
from psc.roster.raising import raise_referral
from psc.roster.referrals import Outcome
from psc.roster.waiting import stop_waiting, wait_for_seat, waiting_list
from psc.work.sets import Kind, sets_between, spare_work
from psc.work.steps import Work, issue_work, receive_work
from tests.desk.refusals import refused
from tests.roster.stories import play, set_clock
from tests.school import MONDAY, PSC, TUESDAY, School

EXCLUSION, PROGRAMME = PlacementType.INTERNAL_EXCLUSION, PlacementType.PSC_PROGRAMME
WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=number) for number in (2, 3, 4))
NEXT_MONDAY = MONDAY + timedelta(days=7)
SCIENTIST = 2
"""A student whose P3 on Mondays is Science."""
Slots = list[tuple[date, str]]


def slots(school: School, placement: int) -> Slots:
    """Return the slots of a placement that stand."""
    return sorted((one.day, one.period) for one in placed_periods(school.file, placement))


def booked(school: School, code: str = "CO1", first: date = MONDAY, last: date = NEXT_MONDAY) -> list[Booking]:
    """Return the bookings as somebody sees them today."""
    today = school.clock.now().date()
    return list(bookings_between(school.file, first, last, school.desk(code).staff(), today))


def stands(school: School) -> list[tuple[int, str, str, Slots]]:
    """Return who is booked where for what, as the planner sees it."""
    return [(one.student.id, one.room, one.type.value, list(one.slots)) for one in booked(school)]


# -- how a planner sees them ---------------------------------------------------------------------------------------


def test_a_planner_sees_who_is_booked_for_when_and_by_whom(school: School) -> None:
    school.book(1, "P2 P1", days=(TUESDAY, MONDAY), reason="Fighting")
    school.book(3, "P1", days=(NEXT_MONDAY + timedelta(days=1),))
    (one,) = booked(school)
    assert (one.student.name, one.room, one.type, one.reason) == ("Reid, Callum", "IER", EXCLUSION, "Fighting")
    assert one.slots == ((MONDAY, "P1"), (MONDAY, "P2"), (TUESDAY, "P1"), (TUESDAY, "P2"))
    assert (one.by, one.at, one.planned) == ("M. Adebayo", school.clock.now(), True)
    assert booked(school, first=WEDNESDAY) == []


@pytest.mark.parametrize(
    ("code", "seen"), [("CO1", {1, 3}), ("AS1", {1, 3}), ("HY8", {3}), ("CV1", {1}), ("AD1", set())]
)
def test_a_planner_sees_no_further_than_the_roster_goes(school: School, code: str, seen: set[int]) -> None:
    """Student 3 is in year 8; only student 1 is placed today."""
    school.book(1)
    school.book(3, days=(TUESDAY,))
    assert {one.student.id for one in booked(school, code, first=TUESDAY)} == seen - {1}
    assert {one.student.id for one in booked(school, code)} == seen


def test_nobody_sees_whom_they_are_barred_from(school: School) -> None:
    school.book(1)
    school.desk("AD1").do(bar_student(3, 1, "Her son"))
    assert booked(school) == []
    refused(school.desk("CO1"), cancel_booking(1, "x"), kind=NotAllowed)


def test_a_teacher_sees_none(school: School) -> None:
    with pytest.raises(NotAllowed):
        booked(school, "KB")


# -- move ----------------------------------------------------------------------------------------------------------


def test_a_booking_is_moved_with_a_reason_and_undone(school: School) -> None:
    placement = school.book(1, "P1 P2", days=(TUESDAY,))
    office = school.desk("CO1")
    wanted = [(TUESDAY, "P2"), (WEDNESDAY, "P1")]
    refused(office, move_booking(placement, wanted, "  "), kind=NeedsReason)
    assert office.do(move_booking(placement, wanted, "Mock exam")).value == placement
    assert slots(school, placement) == wanted
    office.do(undo())
    assert slots(school, placement) == [(TUESDAY, "P1"), (TUESDAY, "P2")]


def test_a_move_to_another_room_takes_all_of_it_along(school: School) -> None:
    placement = school.book(1, "P1 P2", days=(TUESDAY,))
    office = school.desk("CO1")
    moved = office.do(move_booking(placement, [(TUESDAY, "P2"), (TUESDAY, "P4")], "Room flooded", room_id=PSC)).value
    assert stands(school) == [(1, "PSC", "internal_exclusion", [(TUESDAY, "P2"), (TUESDAY, "P4")])]
    assert booked(school)[0].placement_id == moved != placement
    office.do(undo())
    assert stands(school) == [(1, "IER", "internal_exclusion", [(TUESDAY, "P1"), (TUESDAY, "P2")])]
    assert "nothing of yours" in refused(office, undo(), kind=Refused) or stands(school)


def test_what_has_begun_stays_in_its_room_with_its_check(school: School) -> None:
    placement = school.book(1, "P1 P2 P3")
    play(school, 1, "08:50 in")
    set_clock(school, "10:00")
    desk, office = school.desk(), school.desk("CO1")
    desk.do(mark_check(school.placed(1, "P1"), 4))
    assert "P1 has begun" in refused(
        office, move_booking(placement, [(MONDAY, "P2"), (MONDAY, "P1")], "x", room_id=PSC)
    )
    office.do(move_booking(placement, [(MONDAY, "P4")], "Room needed", room_id=PSC))
    assert stands(school) == [
        (1, "IER", "internal_exclusion", [(MONDAY, "P1"), (MONDAY, "P2")]),
        (1, "PSC", "internal_exclusion", [(MONDAY, "P4")]),
    ]
    assert school.row(1).row.placed[0].mark == 4
    assert "all of it has begun" in refused(office, move_booking(placement, [(TUESDAY, "P1")], "x")).lower()


def test_a_move_within_the_room_leaves_what_has_begun(school: School) -> None:
    placement = school.book(1, "P1 P2 P3")
    set_clock(school, "10:00")
    school.desk("CO1").do(move_booking(placement, [(MONDAY, "P1"), (TUESDAY, "P3")], "Exam"))
    assert slots(school, placement) == [(MONDAY, "P1"), (MONDAY, "P2"), (TUESDAY, "P3")]


def test_a_move_is_judged_as_a_booking_is_but_not_by_itself(school: School) -> None:
    for student in (2, 3, 4):
        school.book(student, "P3", room=PSC, days=(TUESDAY,))
    placement = school.book(1, "P1 P2", days=(TUESDAY, WEDNESDAY))
    office = school.desk("CO1")
    there = [(TUESDAY, "P3"), (WEDNESDAY, "P3")]
    assert "is full for Tue 24 Nov P3" in refused(
        office, move_booking(placement, there, "x", room_id=PSC), kind=NeedsReason
    )
    three = [*there, (THURSDAY, "P3")]
    assert "3 internal exclusion days" in refused(office, move_booking(placement, three, "x"), kind=NeedsReason)
    office.do(move_booking(placement, there, "x"))
    moved = office.do(move_booking(placement, there, "x", room_id=PSC, override="The head asked")).value
    assert school.file.value("SELECT override FROM placement WHERE id = ?", (moved,)) == "The head asked"


@pytest.mark.parametrize(
    ("wanted", "kind", "words"),
    [
        ([], NotUnderstood, "at least one"),
        ([(TUESDAY, "P1"), (TUESDAY, "P2")], Refused, "so already"),
        ([(MONDAY, "P1")], Refused, "P1 has begun"),
        ([(MONDAY - timedelta(days=3), "P1")], Refused, "Fri 20 Nov P1 has begun"),
        ([(MONDAY + timedelta(days=5), "P1")], Refused, "not a school day"),
        ([(TUESDAY, "P9")], NotUnderstood, "no P9"),
        ([(TUESDAY, "P1"), (TUESDAY, "P1")], Refused, "twice"),
        ([(WEDNESDAY, "P1")], Refused, "already placed in IER"),
    ],
)
def test_what_cannot_be_moved_to(school: School, wanted: Slots, kind: type[Refused], words: str) -> None:
    placement = school.book(1, "P1 P2", days=(TUESDAY,))
    school.book(1, "P1", days=(WEDNESDAY,))
    set_clock(school, "09:00")
    call = move_booking(placement, wanted, "x", override="y")
    assert words in refused(school.desk("CO1"), call, kind=kind)


def test_a_plan_that_is_old_is_refused_and_says_who_was_first(school: School) -> None:
    placement = school.book(1, "P1 P2", days=(TUESDAY,))
    seen = tuple(slots(school, placement))
    office = school.desk("CO1", "office")
    set_clock(school, "10:42")
    office.do(move_booking(placement, [(TUESDAY, "P3")], "Exam", seen=seen))
    for call in (
        move_booking(placement, [(WEDNESDAY, "P1")], "x", seen=seen),
        shorten_booking(placement, (TUESDAY, "P1"), "x", seen=seen),
        extend_booking(placement, [(WEDNESDAY, "P1")], "x", seen=seen),
        cancel_booking(placement, "x", seen=seen),
    ):
        assert "Changed meanwhile: M. Adebayo 10:42" in refused(office, call, kind=Refused)
    office.do(cancel_booking(placement, "Withdrawn"))
    assert "does not stand any more: M. Adebayo 10:42" in refused(office, cancel_booking(placement, "x"), kind=Refused)


# -- work goes along -----------------------------------------------------------------------------------------------


def _received(school: School, period: str = "P3", day: date = NEXT_MONDAY) -> int:
    return school.desk().do(receive_work(SCIENTIST, day, period, Work(Kind.PAPER, "tray", task="Cells"))).value


def _work(school: School, day: date) -> dict[str, str]:
    found = sets_between(school.file, day, day, [SCIENTIST])
    return {one.period: one.arrival.task for one in found if one.arrival}


def test_work_that_came_goes_along_to_the_same_class(school: School) -> None:
    school.file.execute(
        "INSERT INTO lesson (week, weekday, period, class_id, subject, teacher, room)"
        " VALUES ('B', 3, 'P2', 1, 'Science', 'KB', 'S3')"
    )
    placement = school.book(SCIENTIST, "P3", days=(NEXT_MONDAY,))
    _received(school)
    thursday = NEXT_MONDAY + timedelta(days=3)
    wanted = [(NEXT_MONDAY + timedelta(days=1), "P1"), (thursday, "P1"), (thursday, "P2")]
    school.desk("CO1").do(move_booking(placement, wanted, "Exam"))
    assert _work(school, thursday) == {"P2": "Cells"}
    assert spare_work(school.file, SCIENTIST) == ()
    school.desk("CO1").do(undo())
    assert _work(school, NEXT_MONDAY) == {"P3": "Cells"}


def test_work_goes_along_to_another_class_of_the_subject(school: School) -> None:
    execute = school.file.execute
    execute("INSERT INTO class (id, code) VALUES (2, '9y/Sc2')")
    execute("INSERT INTO class_member (student_id, class_id) VALUES (?, 2)", (SCIENTIST,))
    execute(
        "INSERT INTO lesson (week, weekday, period, class_id, subject, teacher, room)"
        " VALUES ('B', 1, 'P4', 2, 'science', 'AC', 'S4')"
    )
    placement = school.book(SCIENTIST, "P3", days=(NEXT_MONDAY,))
    _received(school)
    tuesday = NEXT_MONDAY + timedelta(days=1)
    school.desk("CO1").do(move_booking(placement, [(tuesday, "P3"), (tuesday, "P4")], "Exam"))
    assert _work(school, tuesday) == {"P4": "Cells"}


def test_work_that_fits_nowhere_is_spare_and_work_given_out_stays(school: School) -> None:
    placement = school.book(SCIENTIST, "P2 P3", days=(NEXT_MONDAY,))
    _received(school)
    given = _received(school, "P2")
    school.desk().do(issue_work(given))
    school.desk("CO1").do(move_booking(placement, [(NEXT_MONDAY + timedelta(days=1), "P1")], "Exam"))
    assert [(one.day, one.period) for one in spare_work(school.file, SCIENTIST)] == [(NEXT_MONDAY, "P3")]
    assert school.file.value("SELECT count(*) FROM work_arrival") == 2


# -- shorten, extend, cancel ---------------------------------------------------------------------------------------


def test_a_booking_is_cut_short(school: School) -> None:
    placement = school.book(1, "P1 P2", days=(MONDAY, TUESDAY))
    office = school.desk("CO1")
    refused(office, shorten_booking(placement, (MONDAY, "P2"), ""), kind=NeedsReason)
    assert office.do(shorten_booking(placement, (MONDAY, "P5"), "Enough")).value == 2
    assert slots(school, placement) == [(MONDAY, "P1"), (MONDAY, "P2")]
    office.do(undo())
    set_clock(school, "09:55")
    assert "P2 has begun" in refused(office, shorten_booking(placement, (MONDAY, "P1"), "x"), kind=Refused)
    assert "ends then already" in refused(office, shorten_booking(placement, (TUESDAY, "P2"), "x"), kind=Refused)
    early = (MONDAY - timedelta(days=3), "P1")
    assert "Cancel it instead" in refused(office, shorten_booking(placement, early, "x"), kind=Refused)


def test_a_booking_is_made_longer_and_judged_by_what_it_comes_to(school: School) -> None:
    placement = school.book(1, "P1", days=(MONDAY, TUESDAY))
    office = school.desk("CO1")
    third = [(WEDNESDAY, "P1")]
    refused(office, extend_booking(placement, [(TUESDAY, "P2")], ""), kind=NeedsReason)
    assert "3 internal exclusion days" in refused(office, extend_booking(placement, third, "x"), kind=NeedsReason)
    office.do(extend_booking(placement, [(TUESDAY, "P2")], "Not settled"))
    office.do(extend_booking(placement, third, "Not settled", override="Agreed with home"))
    assert slots(school, placement) == [(MONDAY, "P1"), (TUESDAY, "P1"), (TUESDAY, "P2"), (WEDNESDAY, "P1")]
    assert "already placed" in refused(office, extend_booking(placement, third, "x", override="y"), kind=Refused)


def test_a_booking_is_cancelled_as_far_as_it_has_not_begun(school: School) -> None:
    whole, begun = school.book(1, "P1", days=(TUESDAY,)), school.book(3, "P1 P2 P3")
    office = school.desk("CO1")
    refused(office, cancel_booking(whole, ""), kind=NeedsReason)
    assert office.do(cancel_booking(whole, "Parents asked")).value == 1
    set_clock(school, "09:00")
    assert office.do(cancel_booking(begun, "Ill")).value == 2
    assert stands(school) == [(3, "IER", "internal_exclusion", [(MONDAY, "P1")])]
    assert "P1 has begun" in refused(office, cancel_booking(begun, "x"), kind=Refused)
    why = school.file.value("SELECT reason FROM retraction WHERE fact = 'placement' AND fact_id = ?", (whole,))
    assert why == "Parents asked"


def test_a_change_that_was_built_on_is_not_undone(school: School) -> None:
    placement = school.book(1, "P1 P2")
    office = school.desk("CO1")
    office.do(shorten_booking(placement, (MONDAY, "P1"), "Enough"))
    play(school, 1, "08:35 in")
    assert "built on" in refused(office, undo(), kind=Refused)


@pytest.mark.parametrize("code", ["AS1", "CV1", "HY8", "BL1", "AD1"])
def test_only_a_coordinator_changes_a_booking(school: School, code: str) -> None:
    placement = school.book(1, "P1 P2")
    refused(school.desk(code), cancel_booking(placement, "x"), kind=NotAllowed)


# -- carried in one act --------------------------------------------------------------------------------------------


def test_what_was_not_served_waits_to_be_carried_and_is_carried_in_one_act(school: School) -> None:
    placement = school.book(1, "P1 P2 P3 P4")
    owed = placed_periods(school.file, placement)
    play(school, 1, "08:50 in, 10:50 left lesson")
    school.desk().do(mark_check(owed[0].id, 4))
    school.desk().do(mark_check(owed[1].id, 0))
    school.book(3, "P1")
    set_clock(school, "13:10")
    office = school.desk("CO1")
    waiting = to_carry(school.file, office.staff(), school.clock.now())
    assert [(one.student_id, one.period, one.state.value) for one in waiting] == [
        (3, "P1", "pending"),
        (1, "P2", "not completed"),
        (1, "P3", "pending"),
        (1, "P4", "pending"),
    ]
    mine = [one.placed_id for one in to_carry(school.file, office.staff(), school.clock.now(), student_id=1)]
    assert mine == [one.id for one in owed[1:]]
    office.do(waive_period(mine.pop(), "Fire alarm"))
    wanted = [(TUESDAY, "P2"), (TUESDAY, "P1")]
    assert office.do(carry_periods(mine, wanted)).value == 2
    assert slots(school, placement)[4:] == sorted(wanted)
    assert to_carry(school.file, office.staff(), school.clock.now(), student_id=1) == ()
    office.do(undo())
    assert len(to_carry(school.file, office.staff(), school.clock.now(), student_id=1)) == 2


def test_carrying_over_two_days_needs_the_head_of_year(school: School) -> None:
    placement = school.book(1, "P1 P2")
    owed = [one.id for one in placed_periods(school.file, placement)]
    set_clock(school, "15:00")
    office = school.desk("CO1")
    two_days = [(TUESDAY, "P1"), (WEDNESDAY, "P1")]
    assert "more than a day longer" in refused(office, carry_periods(owed, two_days), kind=NeedsReason)
    refused(office, carry_periods(owed, two_days[:1]), kind=NotUnderstood)
    refused(office, carry_periods([], two_days), kind=NotUnderstood)
    refused(office, carry_periods([owed[0], owed[0]], two_days), kind=Refused)
    office.do(carry_periods(owed, two_days, override="Agreed with the head of year"))


def test_a_carried_period_that_moves_stays_carried(school: School) -> None:
    placement = school.book(1, "P1")
    owed = placed_periods(school.file, placement)[0].id
    set_clock(school, "15:00")
    office = school.desk("CO1")
    office.do(carry_period(owed, TUESDAY, "P3"))
    office.do(move_booking(placement, [(TUESDAY, "P4")], "Exam"))
    assert slots(school, placement) == [(MONDAY, "P1"), (TUESDAY, "P4")]
    assert to_carry(school.file, office.staff(), school.clock.now()) == ()
    office.do(cancel_booking(placement, "Enough"))
    assert [one.period for one in to_carry(school.file, office.staff(), school.clock.now())] == ["P1"]


def test_nobody_else_is_told_what_waits_to_be_carried(school: School) -> None:
    with pytest.raises(NotAllowed):
        to_carry(school.file, school.desk("AS1").staff(), school.clock.now())


# -- the waiting list ----------------------------------------------------------------------------------------------


def _list(school: School, code: str = "CO1") -> list[tuple[int, str, str]]:
    found = waiting_list(school.file, school.desk(code).staff(), school.clock.now().date())
    return [(one.student.id, one.room, one.asked) for one in found]


def test_who_waits_longest_stands_first_and_a_booking_ends_the_wait(school: School) -> None:
    office = school.desk("CO1")
    for student, clock in ((3, "09:00"), (1, "09:05")):
        set_clock(school, clock)
        office.do(wait_for_seat(student, PSC, PROGRAMME, "Anxiety", " three days\tfrom Tuesday "))
    assert _list(school) == [(3, "PSC", "Tue 24–Thu 26 Nov, all lessons"), (1, "PSC", "Tue 24–Thu 26 Nov, all lessons")]
    assert _list(school, "HY8") == _list(school)[:1]
    assert _list(school, "AD1") == []
    school.desk("AS1").do(raise_referral(2, EXCLUSION, "Defiance", "tomorrow", "Threw a chair."))
    assert left_open(school.file, [2], MONDAY) == {2: ("a referral of Mon 23 Nov not decided",)}
    assert left_open(school.file, [1], MONDAY) == {1: ("waits for a seat in PSC since Mon 23 Nov",)}
    refused(office, wait_for_seat(3, PSC, PROGRAMME, "Anxiety", "Tue"), kind=Refused)
    office.do(book(3, PSC, PROGRAMME, "Anxiety", [(TUESDAY, "P1")]))
    assert _list(school) == [(1, "PSC", "Tue 24–Thu 26 Nov, all lessons")]
    office.do(undo())
    assert len(_list(school)) == 2


def test_a_removal_at_the_door_ends_no_wait(school: School) -> None:
    school.desk("CO1").do(wait_for_seat(1, PSC, PROGRAMME, "Anxiety", "Tue"))
    set_clock(school, "09:00")
    school.desk().do(walk_in(1, PSC, PlacementType.REMOVAL, "Defiance"))
    school.book(1, "P3", days=(TUESDAY,))
    assert _list(school) == [(1, "PSC", "Tue 24 Nov, all lessons")], (
        "nor does a booking for something else in another room"
    )


def test_a_wait_is_ended_with_a_reason(school: School) -> None:
    office = school.desk("CO1")
    wait = office.do(wait_for_seat(1, PSC, PROGRAMME, "Anxiety", "Tue")).value
    refused(office, stop_waiting(wait, ""), kind=NeedsReason)
    office.do(stop_waiting(wait, "Settled"))
    assert _list(school) == []
    refused(office, stop_waiting(wait, "x"), kind=Refused)
    refused(office, wait_for_seat(1, PSC, PROGRAMME, "Anxiety", " "), kind=NotUnderstood)
    refused(office, wait_for_seat(1, PSC, PROGRAMME, "Anxiety", "x" * 401), kind=NotUnderstood)


# -- undo once others have built on it -----------------------------------------------------------------------------


def test_an_undo_gives_no_seat_back_that_another_has_taken_since(school: School) -> None:
    first = school.book(1, "P1 P2", room=PSC, days=(TUESDAY,))
    for student in (2, 3):
        school.book(student, "P1 P2", room=PSC, days=(TUESDAY,))
    office = school.desk("CO1")
    office.do(cancel_booking(first, "Ill"))
    office.do(undo())
    (again,) = [one.placement_id for one in booked(school) if one.student.id == 1]
    office.do(cancel_booking(again, "Ill"))
    school.book(4, "P2", room=PSC, days=(TUESDAY,))
    words = refused(office, undo(), kind=Refused)
    assert "filled since for Tue 24 Nov P2: last seat taken by M. Adebayo" in words
    assert [one.student.id for one in booked(school)] == [2, 3, 4]


def test_an_undo_places_nobody_twice_where_a_referral_was_approved_since(school: School) -> None:
    placement = school.book(1, "P1", days=(TUESDAY,))
    office = school.desk("CO1")
    office.do(cancel_booking(placement, "Ill"))
    asked = school.desk("AS1").do(raise_referral(1, EXCLUSION, "Defiance", "tomorrow", "Threw a chair.")).value
    school.desk("BL1").do(decide_referral(asked, Outcome.APPROVED))
    assert "decide referral" in refused(office, undo(), kind=Refused)


def test_a_wait_for_tomorrow_is_for_that_day_the_day_after_too(school: School) -> None:
    office = school.desk("CO1")
    office.do(wait_for_seat(1, PSC, PROGRAMME, "Anxiety", "tomorrow P2"))
    office.do(wait_for_seat(2, PSC, PROGRAMME, "Anxiety", "when her mother rings"))
    set_clock(school, "09:00", TUESDAY)
    assert _list(school) == [(1, "PSC", "Tue 24 Nov P2"), (2, "PSC", "when her mother rings")]
