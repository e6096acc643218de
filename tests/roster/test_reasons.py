"""Reasons and rooms, which a school makes its own."""

from __future__ import annotations

from typing import Any

import pytest

from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.roster.reasons import Reason, add_reason, change_reason, reason_names, reasons
from psc.roster.room_acts import add_room, change_room
from psc.school.rooms import Room, room_by_id, rooms
from tests.desk.refusals import refused
from tests.roster.stories import play, set_clock
from tests.school import IER, School


def reason(school: School, name: str) -> Reason:
    return next(one for one in reasons(school.file) if one.name == name)


def test_a_file_begins_with_the_usual_reasons_in_their_order(school: School) -> None:
    names = reason_names(school.file)
    assert (names[0], names[-1], len(names)) == ("Persistent disruption", "Other", 25)
    assert reason(school, "Racist abuse").census == "RA"


def test_a_renamed_reason_leaves_what_was_recorded_as_it_was(school: School) -> None:
    school.book(1, reason="Defiance")
    was = reason(school, "Defiance")
    school.desk("AD1").do(change_reason(was, was._replace(name="Refusal to follow instructions")))
    assert "Defiance" not in reason_names(school.file)
    assert school.row(1).row.reason == "Defiance"


def test_a_reason_is_added_at_the_end_moved_and_switched_off(school: School) -> None:
    admin = school.desk("AD1")
    admin.do(add_reason("Mobile in lesson", "mt"))
    new = reason(school, "Mobile in lesson")
    assert (new.place, new.census) == (26, "MT")
    admin.do(change_reason(new, new._replace(place=2)))
    assert reason_names(school.file)[:3] == ("Persistent disruption", "Mobile in lesson", "Defiance")
    assert [one.place for one in reasons(school.file)] == list(range(1, 27))
    new = reason(school, "Mobile in lesson")
    admin.do(change_reason(new, new._replace(active=False)))
    assert "Mobile in lesson" not in reason_names(school.file)


def test_moving_one_reason_is_no_change_of_another_that_somebody_is_editing(school: School) -> None:
    admin = school.desk("AD1")
    seen, other = reason(school, "Theft"), reason(school, "Other")
    admin.do(change_reason(other, other._replace(place=1)))
    admin.do(change_reason(seen, seen._replace(name="Stealing")))
    assert reason(school, "Stealing").place == seen.place + 1


def test_a_reason_changed_meanwhile_is_not_written_over(school: School) -> None:
    admin, seen = school.desk("AD1"), reason(school, "Theft")
    admin.do(change_reason(seen, seen._replace(name="Stealing")))
    assert "AD1" in refused(admin, change_reason(seen, seen._replace(name="Taking")), kind=Refused)


@pytest.mark.parametrize(
    ("name", "census"), [("", ""), ("Theft: of phones", ""), ("Theft again", "ZZ"), ("x" * 61, "")]
)
def test_what_cannot_be_a_reason_is_refused(school: School, name: str, census: str) -> None:
    refused(school.desk("AD1"), add_reason(name, census), kind=NotUnderstood)


def test_no_two_reasons_share_a_name_and_one_is_always_left(school: School) -> None:
    admin = school.desk("AD1")
    refused(admin, add_reason("theft"), kind=Refused)
    for one in reasons(school.file)[:-1]:
        admin.do(change_reason(one, one._replace(active=False)))
    last = reason(school, "Other")
    refused(admin, change_reason(last, last._replace(active=False)), kind=Refused)
    for code in ("AS1", "CO1", "BL1"):
        refused(school.desk(code), add_reason("New"), kind=NotAllowed)


# -- rooms -------------------------------------------------------------------------------------------------------------


def test_a_coordinator_adds_a_room_and_changes_one(school: School) -> None:
    office = school.desk("CO1")
    office.do(add_room(Room(0, "IER2", "Second Internal Exclusion Room", "ier", 6, hide_why=True, meals_in_room=False)))
    assert [one.code for one in rooms(school.file)] == ["IER", "PSC", "IER2"]
    room = room_by_id(school.file, IER)
    office.do(change_room(room, room._replace(name="The Base", seats=5, welfare_minutes=20)))
    made = room_by_id(school.file, IER)
    assert (made.name, made.seats, made.welfare_minutes, made.hide_why) == ("The Base", 5, 20, True)
    assert "CO1" in refused(office, change_room(room, room._replace(seats=8)), kind=Refused)


def test_fewer_seats_than_are_taken_now_need_a_reason(school: School) -> None:
    for student in (1, 2, 3):
        school.book(student)
        play(school, student, "08:50 in")
    set_clock(school, "09:10")
    office, room = school.desk("CO1"), room_by_id(school.file, IER)
    words = refused(office, change_room(room, room._replace(seats=2)), kind=NeedsReason)
    assert "1 student would lose the seat" in words
    office.do(change_room(room, room._replace(seats=3)))
    room = room_by_id(school.file, IER)
    office.do(change_room(room, room._replace(seats=2), "a table broke"))
    assert room_by_id(school.file, IER).seats == 2


@pytest.mark.parametrize(
    "changes",
    [{"name": ""}, {"kind": "GYM"}, {"seats": 0}, {"seats": 501}, {"welfare_minutes": 0}, {"welfare_minutes": 241}],
)
def test_what_cannot_be_a_room_is_refused(school: School, changes: dict[str, Any]) -> None:
    room = room_by_id(school.file, IER)
    refused(school.desk("CO1"), change_room(room, room._replace(**changes)), kind=NotUnderstood)


def test_a_room_keeps_its_code_and_no_two_share_one(school: School) -> None:
    room = room_by_id(school.file, IER)
    refused(school.desk("CO1"), add_room(room._replace(code="psc")), kind=Refused)
    refused(school.desk("CO1"), change_room(room, room._replace(code="OTHER")), kind=Refused)
    refused(school.desk("AS1"), change_room(room, room._replace(seats=5)), kind=NotAllowed)
