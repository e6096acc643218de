"""A student between two rooms is on the board of the one that has them, raises one alarm at most, and is never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.flows.walk_in import walk_in
from psc.roster.absences import Absence, mark_absence
from psc.roster.corrections import correct_movement
from psc.roster.movements import Destination, sign_in, sign_out
from psc.roster.placements import PlacementType
from psc.roster.status import Status
from tests.desk.refusals import refused
from tests.roster.stories import movement_id, play, set_clock
from tests.school import IER, PSC, School, at

if TYPE_CHECKING:
    from datetime import datetime

THIRD = 3


def statuses(school: School, clock: str, student: int = 1) -> dict[int, str]:
    """Return how a student stands in each room that has a row of theirs."""
    set_clock(school, clock)
    now: datetime = school.clock.now()
    return {one.row.room_id: one.status.value for one in school.board().at(now) if one.row.student_id == student}


def with_a_third_room(school: School) -> School:
    school.file.execute(
        "INSERT INTO room (id, code, name, kind, seats, hide_why) VALUES (3, 'UP', 'Upstairs', 'IER', 4, 1)"
    )
    return school


def test_who_is_sent_over_before_the_lesson_begins_is_expected_in_one_room(school: School) -> None:
    school.book(1)
    play(school, 1, "08:45 in, 08:47 left other room")
    play(school, 1, "08:49 in", room=PSC)
    assert statuses(school, "09:30") == {IER: "left", PSC: "in"}


def test_who_is_sent_over_and_comes_back_instead_is_not_looked_for_in_the_other_room(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 left other room, 09:03 in")
    assert statuses(school, "09:30") == {IER: "in"}


def test_who_is_sent_over_and_was_placed_there_later_is_still_expected_there_after_coming_back(school: School) -> None:
    school.book(1, "P1 P2")
    school.book(1, "P4", room=PSC)
    play(school, 1, "08:50 in, 09:00 left other room, 09:03 in")
    assert statuses(school, "09:30") == {IER: "in", PSC: "expected"}
    play(school, 1, "10:50 left lesson")
    assert statuses(school, "12:20") == {IER: "left", PSC: "find"}


def test_who_is_sent_on_from_the_other_room_to_a_third_stays_on_the_board(school: School) -> None:
    with_a_third_room(school).book(1)
    first = play(school, 1, "08:50 in")
    set_clock(school, "09:00")
    school.desk().do(sign_out(first, Destination.OTHER_ROOM, to_room=PSC))
    second = play(school, 1, "09:02 in", room=PSC)
    set_clock(school, "09:20")
    school.desk().do(sign_out(second, Destination.OTHER_ROOM, to_room=THIRD))
    assert statuses(school, "09:21") == {IER: "left", PSC: "left", THIRD: "expected"}
    assert statuses(school, "09:26") == {IER: "left", PSC: "left", THIRD: "find"}
    school.desk().do(sign_in(1, THIRD))
    assert statuses(school, "09:27") == {IER: "left", PSC: "left", THIRD: "in"}
    assert [one.period.name for one in school.row(1, THIRD).row.placed] == ["P1", "P2", "P3", "P4", "P5"]


def test_a_student_stays_on_the_board_of_the_room_they_are_in_when_their_leaving_is_corrected(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 left other room")
    play(school, 1, "09:02 in", room=PSC)
    call = correct_movement(movement_id(school, 1, 1), "Went by the lesson", reason="lesson")
    assert "They came into PSC after it" in refused(school.desk(), call)
    assert statuses(school, "09:05") == {IER: "left", PSC: "in"}


def test_who_walked_in_to_one_room_is_not_to_be_found_for_the_other(school: School) -> None:
    school.book(3, room=PSC)
    set_clock(school, "08:52")
    school.desk().do(walk_in(3, IER, PlacementType.REMOVAL, "Defiance", override="PSC is noisy"))
    assert statuses(school, "09:10", 3) == {IER: "in", PSC: "late"}
    assert school.row(3, PSC).standing.known == "signed in elsewhere"
    play(school, 3, "09:12 left lesson")
    assert statuses(school, "09:13", 3) == {IER: "left", PSC: "find"}


def test_who_stayed_over_in_one_room_is_late_for_the_other_but_not_lost(school: School) -> None:
    school.book(1, "P1 P2")
    school.book(1, "P4", room=PSC)
    play(school, 1, "08:50 in")
    assert statuses(school, "12:20") == {IER: "due_out", PSC: "late"}


@pytest.mark.parametrize("kind", [Absence.ABSENT, Absence.NO_SHOW])
def test_who_never_arrives_from_the_other_room_can_be_marked(school: School, kind: Absence) -> None:
    placement = school.book(1)
    play(school, 1, "08:50 in, 09:00 left other room")
    assert statuses(school, "09:06") == {IER: "left", PSC: "find"}
    school.desk().do(mark_absence(placement, kind))
    assert statuses(school, "09:10")[PSC] == kind.value
    set_clock(school, "09:20")
    school.desk().do(sign_in(1, PSC))
    assert school.row(1, PSC).status is Status.IN
    assert school.row(1, PSC).standing.since == at("09:20")
