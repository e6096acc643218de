"""Who was there, as a plain value: roles by letters, witnesses offered, a draft that names nobody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from psc.incidents.incidents import Adult, Part
from psc.tui.people import People, adult_person, kept_people, student_person, students_named

REID = student_person(1, "Reid, Callum", "10F", "involved")
OKAFOR = student_person(2, "Okafor, Amara", "9B", "target")
KHAN = student_person(4, "Khan, Bilal", "8A", "")
LEE = adult_person(None, "Mr Lee", "hurt")
BOSE = adult_person(7, "K. Bose", "witness")


def test_each_is_named_once_in_the_role_given_last() -> None:
    people = People().added(REID).added(OKAFOR).added(LEE).added(BOSE).added(REID._replace(role="witness"))
    assert people.parts() == (Part(1, "witness"), Part(2, "target"))
    assert people.adults() == (Adult(None, "Mr Lee", "hurt"), Adult(7, "", "witness"))


def test_a_letter_gives_a_role_that_this_person_can_have_and_no_other() -> None:
    people = People().added(REID).added(LEE)
    assert people.given(REID.key, "t").of(REID.key) == REID._replace(role="target")
    assert people.given(REID.key, "h") == people
    assert people.given(LEE.key, "t") == people
    assert people.given(("student", 99), "t") == people


def test_the_room_is_offered_and_a_witness_by_one_letter_is_named() -> None:
    people = People().added(REID).offering([REID._replace(role=""), KHAN])
    assert [one.words for one in people.offered] == ["Khan, Bilal"]
    assert people.parts() == (Part(1, "involved"),)
    assert people.given(KHAN.key, "w").parts() == (Part(1, "involved"), Part(4, "witness"))
    assert people.all_witnesses().offered == ()
    gone = people.given(KHAN.key, "w").without(KHAN.key)
    assert [one.words for one in gone.offered] == ["Khan, Bilal"], "a slip is offered again"


def test_who_stands_there_already_is_not_changed() -> None:
    people = People((REID, LEE), frozenset({REID.key, LEE.key}))
    assert people.given(REID.key, "w") == people.without(LEE.key) == people.added(REID._replace(role="witness"))
    assert people.kept() == "[]"


def test_a_draft_names_no_student_and_brings_back_who_was_meant() -> None:
    people = People().added(REID).added(LEE).added(BOSE)
    assert "Reid" not in people.kept()
    assert kept_people(people.kept()) == (
        (("student", 1), "involved", ""),
        (("adult", "mr lee"), "hurt", "Mr Lee"),
        (("adult", 7), "witness", ""),
    )


@given(some.text())
def test_a_draft_that_cannot_be_read_names_nobody(text: str) -> None:
    assert all(role for _, role, _ in kept_people(text))


def test_beyond_three_students_are_counted() -> None:
    assert students_named([REID, OKAFOR, LEE]) == "Reid, Callum; Okafor, Amara"
    more = [REID, OKAFOR, KHAN, student_person(5, "Marsh, Ellie", "8C", "witness")]
    assert students_named(more) == "4 students (Reid, Callum; Okafor, Amara …)"
