"""What needs a reason before a booking is saved: each with its story, and all of them in one sentence."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from psc.desk.settings import change_setting
from psc.errors import NeedsReason, NotUnderstood, Refused
from psc.flows.walk_in import walk_in
from psc.roster.absences import Absence, mark_absence
from psc.roster.concerns import concern_lines, concerns
from psc.roster.events import EventKind, plan_event
from psc.roster.keep_apart import keep_apart
from psc.roster.placements import PlacementType, book
from psc.school.shapes import Bells
from tests.desk.refusals import refused
from tests.roster.stories import set_clock
from tests.school import IER, MONDAY, PSC, TUESDAY, School

EXCLUSION, REMOVAL, PROGRAMME = (
    PlacementType.INTERNAL_EXCLUSION,
    PlacementType.REMOVAL,
    PlacementType.PSC_PROGRAMME,
)
WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=number) for number in (2, 3, 4))
NEXT_MONDAY = MONDAY + timedelta(days=7)


def whole(*days: date) -> list[tuple[date, str]]:
    """Return all lessons of some days."""
    return [(day, f"P{number}") for day in days for number in range(1, 6)]


def said(
    school: School,
    slots: list[tuple[date, str]],
    *,
    student: int = 1,
    room: int = IER,
    type: PlacementType = EXCLUSION,
    **more: int | frozenset[int],
) -> list[str]:
    """Return what is said of a booking before it is saved, as lines."""
    found = concerns(school.file, student, room, type, slots, today=MONDAY, **more)  # type: ignore[arg-type]
    return list(concern_lines(Bells(school.file, 9), found, today=MONDAY))


def test_a_booking_that_stands_in_nobodys_way(school: School) -> None:
    assert said(school, whole(MONDAY, TUESDAY)) == []
    assert concerns(school.file, 1, IER, EXCLUSION, [], today=MONDAY) == ()


def test_placed_in_another_room(school: School) -> None:
    placement = school.book(1, "P1 P2", room=PSC, days=(MONDAY, TUESDAY))
    assert said(school, whole(MONDAY), type=PROGRAMME) == ["Placed in PSC for P1–P2 today"]
    assert said(school, whole(MONDAY, TUESDAY), type=PROGRAMME) == ["Placed in PSC for Mon 23–Tue 24 Nov P1–P2"]
    assert said(school, whole(MONDAY), type=PROGRAMME, besides=placement) == []


def test_a_full_room_says_who_took_the_last_seat_and_when(school: School) -> None:
    for student, clock in ((2, "08:31"), (3, "08:32"), (4, "08:33")):
        set_clock(school, clock)
        school.book(student, "P3", room=PSC)
    assert said(school, whole(MONDAY), room=PSC) == [
        "Pastoral Support Centre is full for P3 today: last seat taken by M. Adebayo 08:33"
    ]
    assert [one[:1] + one[2:4] for one in concerns(school.file, 1, PSC, EXCLUSION, whole(MONDAY), today=MONDAY)] == [
        ("full", MONDAY, "P3")
    ]
    school.clock.moment += timedelta(days=1)
    assert "M. Adebayo 23 Nov 08:33" in refused(school.desk("CO1"), book(1, PSC, EXCLUSION, "x", [(MONDAY, "P3")]))


def test_seats_are_counted_by_student_and_a_cancelled_day_frees_one(school: School) -> None:
    for student in (2, 3, 4):
        placement = school.book(student, "P3", room=PSC)
    assert said(school, [(MONDAY, "P3")], room=PSC)
    school.desk().do(mark_absence(placement, Absence.CANCELLED))
    assert said(school, [(MONDAY, "P3")], room=PSC) == []


def test_to_be_kept_apart_from_somebody_placed_there(school: School) -> None:
    school.desk("CO1").do(keep_apart(1, 2, "Fight on Friday", until=MONDAY))
    school.book(2, "P1 P2", days=(MONDAY, TUESDAY))
    assert said(school, whole(MONDAY, TUESDAY)) == ["To be kept apart from Okafor, Amara, placed there for P1–P2 today"]
    assert said(school, whole(MONDAY), room=PSC) == []
    assert said(school, [(MONDAY, "P1")], barred=frozenset({2})) == [
        "To be kept apart from a student not shown to you, placed there for P1 today"
    ]


@pytest.mark.parametrize(("kind", "shown"), [("exam", "exam"), ("trip", "trip"), ("medical", "appointment")])
def test_an_exam_a_trip_or_an_appointment_falls_into_it(school: School, kind: str, shown: str) -> None:
    school.desk("CO1").do(plan_event(1, TUESDAY, time(9, 30), time(11, 10), EventKind(kind), "Hall"))
    assert said(school, whole(MONDAY, TUESDAY), type=PROGRAMME) == [f"Away for Tue 24 Nov P1–P2: {shown} 09:30–11:10"]
    assert said(school, [(TUESDAY, "P3"), (TUESDAY, "Break")], type=PROGRAMME) == [
        f"Away for Tue 24 Nov Break: {shown} 09:30–11:10"
    ]


def test_a_long_run_of_internal_exclusion(school: School) -> None:
    assert said(school, whole(TUESDAY, WEDNESDAY)) == []
    school.book(1, "P1", days=(FRIDAY, TUESDAY))
    line = "{} internal exclusion days on end (run warn days: 3)"
    assert said(school, [(NEXT_MONDAY, "P1")]) == []
    assert said(school, [(WEDNESDAY, "P1")]) == []
    assert said(school, [(WEDNESDAY, "P1"), (THURSDAY, "P1")])[:1] == [line.format(4)]
    assert said(school, [(THURSDAY, "P1"), (NEXT_MONDAY, "P1")])[:1] == [line.format(3)], "a weekend breaks no run"
    for type in (PlacementType.MISSED_DETENTION, PROGRAMME):
        assert said(school, [(WEDNESDAY, "P1"), (THURSDAY, "P1")], type=type) == []


def test_days_of_internal_exclusion_in_a_term(school: School) -> None:
    apart = [MONDAY + timedelta(days=7 * week) for week in range(4)]
    slots = [(day, "P1") for day in apart]
    assert said(school, slots) == []
    assert said(school, [*slots, (apart[0], "P2")]) == [], "a day counts once"
    school.book(1, "P1", days=(FRIDAY,))
    assert said(school, slots) == ["5 days of internal exclusion in the term to 18 Dec (term warn days: 5)"]
    assert said(school, slots, type=PlacementType.MISSED_DETENTION) == []


def test_the_share_of_the_terms_lessons_in_rooms(school: School) -> None:
    """The term has 30 days of five lessons: 15 of 150 are ten per cent."""
    line = "10% of the lessons in the term to 18 Dec in a room (term warn share: 10%)"
    one_day_a_week = whole(MONDAY, NEXT_MONDAY)
    school.book(1, "P1 P2 P3 P4", days=(FRIDAY,))
    assert said(school, one_day_a_week) == []
    assert said(school, [*one_day_a_week, (FRIDAY, "P5")]) == [line]
    assert said(school, [*one_day_a_week, (FRIDAY, "Break")]) == [], "a break is no lesson"
    assert said(school, [*one_day_a_week, (FRIDAY, "P5")], type=PROGRAMME) == []


def test_removals_of_the_last_school_days(school: School) -> None:
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        set_clock(school, "09:00", day)
        school.desk().do(walk_in(1, IER, REMOVAL, "Defiance"))
    line = "3 removals in 10 school days (removals warn: 3)"
    found = concerns(school.file, 1, IER, EXCLUSION, [(THURSDAY, "P1")], today=WEDNESDAY)
    assert [one.words for one in found] == [line]
    assert concerns(school.file, 1, IER, PROGRAMME, [(THURSDAY, "P1")], today=WEDNESDAY) == ()
    assert concerns(school.file, 2, IER, EXCLUSION, [(THURSDAY, "P1")], today=WEDNESDAY) == ()
    later = WEDNESDAY + timedelta(days=14)
    assert concerns(school.file, 1, IER, EXCLUSION, [(later, "P1")], today=later) == (), "two weeks on"


def test_a_removal_that_is_planned_counts_itself(school: School) -> None:
    for day in (MONDAY, TUESDAY):
        set_clock(school, "09:00", day)
        school.desk().do(walk_in(1, IER, REMOVAL, "Defiance"))
    assert len(concerns(school.file, 1, IER, REMOVAL, [(WEDNESDAY, "P1")], today=TUESDAY)) == 1


def test_the_figures_are_those_of_the_day_that_is_booked(school: School) -> None:
    school.desk("AD1").do(change_setting("run_warn_days", 2, from_day=NEXT_MONDAY))
    assert said(school, whole(MONDAY, TUESDAY)) == []
    assert said(school, whole(NEXT_MONDAY, NEXT_MONDAY + timedelta(days=1))) == [
        "2 internal exclusion days on end (run warn days: 2)"
    ]


def test_at_the_door_nothing_waits_but_for_a_seat_and_another_room(school: School) -> None:
    office = school.desk("CO1")
    office.do(plan_event(1, MONDAY, time(9, 0), time(9, 40), EventKind.EXAM))
    school.desk("AD1").do(change_setting("removals_warn", 1))
    school.desk("AD1").do(change_setting("term_warn_share", 1))
    school.book(1, "P5")
    set_clock(school, "09:00")
    school.desk().do(walk_in(1, IER, REMOVAL, "Defiance", until="P4"))


# -- asked once, in one sentence -----------------------------------------------------------------------------------


def test_all_of_it_is_asked_in_one_sentence_and_one_reason_goes_over_it(school: School) -> None:
    office = school.desk("CO1", "office")
    office.do(keep_apart(1, 2, "Fight on Friday"))
    office.do(plan_event(1, MONDAY, time(9, 0), time(9, 40), EventKind.EXAM))
    school.book(1, "P2", room=PSC)
    for student in (2, 3, 4, 5):
        school.book(student, "P3")
    call = book(1, IER, EXCLUSION, "Defiance", whole(MONDAY, TUESDAY, WEDNESDAY))
    words = refused(office, call, kind=NeedsReason)
    assert words == (
        "Placed in PSC for P2 today; Internal Exclusion Room is full for P3 today: last seat taken by"
        " M. Adebayo 08:30; To be kept apart from Okafor, Amara, placed there for P3 today; and 3 more."
        " Give a reason to go on."
    )
    refused(office, book(1, IER, EXCLUSION, "x", whole(MONDAY), override="  "), kind=NeedsReason)
    done = office.do(book(1, IER, EXCLUSION, "Defiance", whole(MONDAY), override=" The head \n asked "))
    assert school.file.value("SELECT override FROM placement WHERE id = ?", (done.value,)) == "The head asked"


@pytest.mark.parametrize(
    ("slots", "kind", "words"),
    [
        ([(MONDAY + timedelta(days=5), "P1")], Refused, "The next is Mon 30 November"),
        ([(TUESDAY, "P9")], NotUnderstood, "no P9"),
        ([(MONDAY, "P1")], Refused, "already placed in IER for P1. Sign them in"),
        ([(TUESDAY, "P1")], Refused, "already placed in IER for P1 on Tue 24 November"),
    ],
)
def test_no_reason_goes_over_what_cannot_be(
    school: School, slots: list[tuple[date, str]], kind: type[Refused], words: str
) -> None:
    school.book(1, "P1", days=(MONDAY, TUESDAY))
    assert words in refused(school.desk("CO1"), book(1, IER, EXCLUSION, "x", slots, override="The head"), kind=kind)


def test_what_is_too_long_is_refused_whole(school: School) -> None:
    slots = [(MONDAY, "P1")]
    for call in (book(1, IER, EXCLUSION, "x" * 401, slots), book(1, IER, EXCLUSION, "x", slots, override="x" * 401)):
        assert "401 characters; 400 fit" in refused(school.desk("CO1"), call, kind=NotUnderstood)
    school.desk("CO1").do(book(1, IER, EXCLUSION, "x" * 400, slots))


def test_two_book_the_last_seat_at_once_and_one_is_told_who_and_when(school: School) -> None:
    """Each at a terminal of their own; both had seen one seat free."""
    for student in (2, 3):
        school.book(student, "P3", room=PSC)
    school.file.execute("UPDATE staff SET role = 'coordinator' WHERE code = 'BL1'")
    other = School(school.path, school.keys, school.another(), school.clock)
    try:
        seen = [concerns(one.file, 1, PSC, PROGRAMME, [(MONDAY, "P3")], today=MONDAY) for one in (school, other)]
        assert seen == [(), ()]
        set_clock(school, "10:42")
        school.desk("CO1", "office").do(book(1, PSC, PROGRAMME, "Support", [(MONDAY, "P3")]))
        second = book(4, PSC, PROGRAMME, "Support", [(MONDAY, "P3")])
        words = refused(other.desk("BL1", "two"), second, kind=NeedsReason)
        assert "full for P3 today: last seat taken by M. Adebayo 10:42" in words
    finally:
        other.file.close()
