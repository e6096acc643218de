"""What stands on a fact goes along when that fact is corrected, and comes back with it when that is undone."""

from __future__ import annotations

from psc.desk.acts import undo
from psc.flows.walk_in import walk_in
from psc.roster.checks import mark_check
from psc.roster.corrections import correct_fact, correct_student, remove_fact
from psc.roster.held import Holding, end_holding, hold_item, still_held
from psc.roster.placements import PlacementType
from psc.roster.sightings import record_sighting
from psc.roster.status import Status
from tests.desk.refusals import refused
from tests.roster.stories import play, set_clock
from tests.school import IER, MONDAY, PSC, School, at


def in_and_phone_returned(school: School) -> tuple[int, int]:
    """Two students are expected; one came in, with a phone that is back already; returns the visit and the thing."""
    for student in (1, 2):
        school.book(student)
    visit = play(school, 1, "08:50 in")
    set_clock(school, "09:00")
    thing = school.desk().do(hold_item(1, Holding.PHONE)).value
    school.desk().do(end_holding(thing, "returned"))
    return visit, thing


def held(school: School) -> int:
    return sum(map(len, still_held(school.file, MONDAY, [1, 2]).values()))


def test_a_walk_in_given_to_another_student_and_taken_back_is_on_the_board_as_before(school: School) -> None:
    set_clock(school, "09:00")
    school.desk().do(walk_in(1, IER, PlacementType.REMOVAL, "Defiance"))
    school.desk().do(mark_check(school.placed(1, "P1"), 3))
    school.desk().do(correct_student(school.row(1).row.visit_id or 0, 2, "the other one"))
    assert (school.row(2).status, school.row(2).row.placed[0].mark) == (Status.IN, 3)
    school.desk().do(undo())
    assert [one.row.student_id for one in school.board().at(school.clock.now())] == [1]
    assert (school.row(1).status, school.row(1).row.placed[0].mark) == (Status.IN, 3)


def test_what_was_returned_stays_returned_when_the_visit_was_another_students(school: School) -> None:
    visit, _ = in_and_phone_returned(school)
    school.desk().do(correct_student(visit, 2, "the other one"))
    assert held(school) == 0
    school.desk().do(undo())
    assert held(school) == 0


def test_what_was_returned_stays_returned_when_its_time_is_corrected(school: School) -> None:
    _, thing = in_and_phone_returned(school)
    school.desk().do(correct_fact("held_item", thing, "typed late", at=at("08:55")))
    assert held(school) == 0
    school.desk().do(undo())
    assert held(school) == 0


def test_a_thing_taken_out_and_put_back_is_still_returned(school: School) -> None:
    _, thing = in_and_phone_returned(school)
    school.desk().do(remove_fact("held_item", thing, "no phone"))
    school.desk().do(undo())
    assert held(school) == 0


def test_what_a_colleague_has_corrected_is_not_undone_in_name_only(school: School) -> None:
    school.book(1)
    set_clock(school, "09:00")
    sighting = school.desk().do(record_sighting(1, place="library")).value
    school.desk("CO1", "office").do(correct_fact("sighting", sighting, "typed late", at=at("08:58")))
    assert "built on" in refused(school.desk(), undo())


def test_nobody_is_left_in_a_room_they_were_only_sent_to(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    visit = play(school, 2, "08:50 in, 08:55 left other room")
    play(school, 2, "08:56 in", room=PSC)
    school.desk().do(correct_student(visit, 1, "the other one"))
    assert school.row(1, PSC).status is Status.IN
    assert [one.room_id for one in school.board().rows if one.student_id == 2] == [IER]
