"""A fire: everybody out by one act, seen one by one, back by one act; and nobody lost in it."""

from __future__ import annotations

from psc.desk.acts import undo
from psc.errors import NotUnderstood, Refused
from psc.overview.read_board import read_board
from psc.overview.roll import RollLine, roll, roll_heading, roll_lines
from psc.prints.roll import roll_page
from psc.roster.checks import mark_check
from psc.roster.evacuation import EvacuationKind, bring_back, evacuate, evacuation_on, tick_roll
from psc.roster.movements import OutReason, go_out, sign_in
from psc.roster.placements import PeriodState
from psc.roster.status import Status
from tests.desk.refusals import refused
from tests.roster.stories import play, set_clock
from tests.school import IER, MONDAY, PSC, School


def rolled(school: School) -> tuple[RollLine, ...]:
    board = read_board(school.file, MONDAY, school.desk("AD1").staff(), read="see_roll")
    return roll(board, school.clock.now())


def fire(school: School, clock: str, kind: EvacuationKind = EvacuationKind.DRILL) -> int:
    set_clock(school, clock)
    return school.desk().do(evacuate(kind)).value


def test_everybody_in_every_room_goes_out_and_comes_back_by_one_act_each(school: School) -> None:
    for student, room in ((1, IER), (2, IER), (3, PSC)):
        school.book(student, room=room)
        play(school, student, "08:50 in", room=room)
    evacuation = fire(school, "09:31")
    assert [school.row(s, r).status for s, r in ((1, IER), (2, IER), (3, PSC))] == [Status.EVACUATED] * 3
    set_clock(school, "09:36")
    for student in (1, 2, 3):
        school.desk().do(tick_roll(evacuation, student))
    set_clock(school, "09:46")
    assert school.desk().do(bring_back(evacuation)).value == 3
    assert [school.row(s, r).status for s, r in ((1, IER), (2, IER), (3, PSC))] == [Status.IN] * 3


def test_the_time_outside_counts_as_present_but_not_as_time_in_the_room(school: School) -> None:
    school.book(1, "P1")
    play(school, 1, "08:50 in")
    evacuation = fire(school, "09:00")
    school.desk().do(tick_roll(evacuation, 1))
    set_clock(school, "09:40")
    school.desk().do(bring_back(evacuation))
    set_clock(school, "09:51")
    school.desk().do(mark_check(school.placed(1, "P1"), 3))
    one = school.row(1)
    assert one.minutes == 61 - 40
    assert one.states(school.clock.now(), school.board().settings)["P1"] is PeriodState.SERVED


def test_who_was_out_stays_out_for_that_reason_until_seen(school: School) -> None:
    for student in (1, 2):
        school.book(student)
        play(school, student, "08:50 in")
    play(school, 2, "09:28 out toilet")
    evacuation = fire(school, "09:31")
    assert school.row(2).standing.reason == "toilet"
    lines = rolled(school)
    assert [(one.student_id, one.missing) for one in lines] == [(2, True), (1, False)]
    assert lines[0].place == "toilet since 09:28"
    school.desk().do(tick_roll(evacuation, 2))
    school.desk().do(tick_roll(evacuation, 1))
    set_clock(school, "09:50")
    school.desk().do(bring_back(evacuation))
    assert school.row(2).status is Status.IN


def test_who_was_not_seen_is_to_be_found_when_it_is_over(school: School) -> None:
    for student in (1, 2):
        school.book(student)
        play(school, student, "08:50 in")
    evacuation = fire(school, "09:31")
    school.desk().do(tick_roll(evacuation, 1))
    set_clock(school, "09:50")
    assert school.desk().do(bring_back(evacuation)).value == 1
    assert school.row(1).status is Status.IN
    assert school.row(2).status is Status.FIND
    assert rolled(school)[0].place == "not seen; was in IER"


def test_everyone_is_brought_back_when_that_is_said(school: School) -> None:
    for student in (1, 2):
        school.book(student)
        play(school, student, "08:50 in")
    evacuation = fire(school, "09:31")
    assert school.desk().do(bring_back(evacuation, everyone=True)).value == 2


def test_the_roll_leads_with_those_nobody_sees(school: School) -> None:
    for student in (1, 2, 4, 10):
        school.book(student)
    school.book(5, room=PSC)
    play(school, 1, "08:50 in")
    play(school, 10, "08:51 in")
    play(school, 5, "08:52 in", room=PSC)
    play(school, 2, "08:53 in, 09:10 left other room")
    set_clock(school, "09:12")
    told = [(one.name, one.place, one.missing) for one in rolled(school)]
    assert told == [
        ("Khan, Bilal", "not come", True),
        ("Okafor, Amara", "left IER 2 min ago", True),
        ("Reid, Callum", "IER seat 1", False),
        ("Novak, Petra", "IER seat 2", False),
        ("Marsh, Ellie", "PSC seat 1", False),
    ]


def test_expected_students_are_on_their_teachers_rolls(school: School) -> None:
    school.book(1, "P5")
    set_clock(school, "09:12")
    assert rolled(school) == ()


def test_a_tick_twice_is_one_and_can_be_taken_back(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    evacuation = fire(school, "09:00")
    school.desk().do(tick_roll(evacuation, 1))
    school.desk("AS2", "two").do(tick_roll(evacuation, 1))
    assert school.file.value("SELECT count(*) FROM evacuation_tick") == 1
    school.desk().do(tick_roll(evacuation, 1, seen=False))
    found = evacuation_on(school.file, MONDAY)
    assert found is not None
    assert found.ticked == {}


def test_a_second_evacuation_and_a_second_end_are_refused(school: School) -> None:
    evacuation = fire(school, "09:00")
    assert "under way since 09:00 (AS1)" in refused(school.desk("AS2", "two"), evacuate(EvacuationKind.REAL))
    school.desk().do(bring_back(evacuation))
    refused(school.desk(), bring_back(evacuation), kind=Refused)
    refused(school.desk(), tick_roll(evacuation, 1), kind=Refused)
    refused(school.desk(), tick_roll(99, 1), kind=NotUnderstood)


def test_a_slip_of_the_key_is_undone_whole(school: School) -> None:
    for student in (1, 2):
        school.book(student)
        play(school, student, "08:50 in")
    fire(school, "09:00")
    school.desk().do(undo())
    assert [school.row(s).status for s in (1, 2)] == [Status.IN] * 2
    assert evacuation_on(school.file, MONDAY) is None


def test_it_cannot_be_undone_once_somebody_was_ticked(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    evacuation = fire(school, "09:00")
    school.desk("AS2", "two").do(tick_roll(evacuation, 1))
    assert "built on" in refused(school.desk(), undo())


def test_anybody_at_the_machine_may_start_and_tick_it(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    set_clock(school, "09:00")
    for code in ("AD1", "HY8", "CV1"):
        evacuation = school.desk(code).do(evacuate(EvacuationKind.REAL)).value
        school.desk(code).do(tick_roll(evacuation, 1))
        school.desk(code).do(bring_back(evacuation))
        school.clock.forward(minutes=1)


def test_evacuation_is_no_reason_to_go_out_alone(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    visit = school.desk().do(sign_in(1, IER)).value
    refused(school.desk(), go_out(visit, OutReason.EVACUATION), kind=NotUnderstood)


def test_the_roll_prints_on_paper_and_as_text_without_markup_coming_alive(school: School) -> None:
    school.book(9)
    play(school, 9, "08:50 in")
    fire(school, "09:00", EvacuationKind.REAL)
    board = read_board(school.file, MONDAY, school.desk("AD1").staff(), read="see_roll")
    now = school.clock.now()
    assert roll_heading(board, roll(board, now), now) == "Evacuation (real) since 09:00: 0 of 1 seen"
    assert any("[b]Bold, [/" in one for one in roll_lines(board, now, 80))
    assert "[b]Bold, [/" in roll_page(board, now)
    school.file.execute("UPDATE student SET surname = '<script>alert(1)</script>' WHERE id = 9")
    board = read_board(school.file, MONDAY, school.desk("AD1").staff(), read="see_roll")
    assert "<script" not in roll_page(board, now)
