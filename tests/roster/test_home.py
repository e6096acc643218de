"""Home told: who may be told, what stays owed until somebody is, and what a removal and going home early open."""

from __future__ import annotations

import pytest

from psc.desk.acts import undo
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.flows.walk_in import walk_in
from psc.overview.care import home_words, homes_to_tell
from psc.roster.home import HomeContact, home_owed, tell_home
from psc.roster.movements import Destination, Kind, Movement
from psc.roster.placements import PlacementType
from psc.school.contacts import contacts_to_tell
from tests.roster.homes import give_contacts
from tests.roster.stories import play, set_clock
from tests.school import IER, MONDAY, PSC, School, at


def remove(school: School, student: int = 1, clock: str = "09:12") -> None:
    """A student is removed from a lesson and comes to the door."""
    set_clock(school, clock)
    school.desk().do(walk_in(student, IER, PlacementType.REMOVAL, "Defiance"))


def to_tell(school: School) -> list[str]:
    """Name the students whose home is owed a word now."""
    now = school.clock.now()
    return [one.row.name for one in homes_to_tell(school.board("CO1"), now)]


def words(school: School, student: int = 1) -> tuple[str, ...]:
    """Say how things stand with a student's home."""
    one = school.row(student)
    return home_words(one.home_owed, one.row.care.home, school.file.zone)


def test_only_those_who_may_be_told_are_offered_in_order(school: School) -> None:
    give_contacts(school)
    found = contacts_to_tell(school.file, 1, school.desk("CO1").staff(), MONDAY)
    assert [(one.words, one.responsibility, one.language, one.number) for one in found] == [
        ("mother, Sagal Jama", True, "Somali", "07700 900295"),
        ("foster mother, Kim Ray", False, "", ""),
    ]


def test_contacts_are_seen_as_far_as_the_role_reaches(school: School) -> None:
    give_contacts(school)
    with pytest.raises(NotAllowed, match="outside"):
        contacts_to_tell(school.file, 1, school.desk("AS1").staff(), MONDAY)
    school.book(1)
    assert contacts_to_tell(school.file, 1, school.desk("AS1").staff(), MONDAY)
    for code in ("CV1", "AD1"):
        with pytest.raises(NotAllowed):
            contacts_to_tell(school.file, 1, school.desk(code).staff(), MONDAY)
    with pytest.raises(NotAllowed):
        contacts_to_tell(school.file, 1, school.desk("HY8").staff(), MONDAY)


@pytest.mark.parametrize(
    "contact", ["Liban Reid", "father, Liban Reid", "father", "other contact", "other contact, LIBAN REID", "nobody"]
)
def test_who_must_not_be_told_cannot_be_recorded_and_is_not_spoken_of(school: School, contact: str) -> None:
    give_contacts(school)
    with pytest.raises(NotUnderstood) as refused:
        school.desk("CO1").do(tell_home(1, contact, "phone", "told"))
    assert "mother, Sagal Jama; foster mother, Kim Ray" in refused.value.remedy
    assert "iban" not in refused.value.remedy


@pytest.mark.parametrize("contact", ["mother, Sagal Jama", "sagal jama", "Mother"])
def test_a_contact_is_named_by_words_name_or_relationship(school: School, contact: str) -> None:
    give_contacts(school)
    remove(school)
    school.desk().do(tell_home(1, contact, "phone", "told"))
    assert school.row(1).row.care.home[0].contact == "mother, Sagal Jama"


def test_a_student_without_contacts_says_so(school: School) -> None:
    with pytest.raises(NotUnderstood, match="none on record"):
        school.desk("CO1").do(tell_home(1, "", "phone", "told"))


def test_ways_and_outcomes_are_of_the_list_and_the_role_counts(school: School) -> None:
    give_contacts(school)
    school.book(1)
    with pytest.raises(NotUnderstood, match="in person"):
        school.desk().do(tell_home(1, "mother", "pigeon", "told"))
    with pytest.raises(NotUnderstood, match="message left"):
        school.desk().do(tell_home(1, "mother", "phone", ""))
    with pytest.raises(NotAllowed):
        school.desk("CV1").do(tell_home(1, "mother", "phone", "told"))


def test_home_is_owed_a_word_for_a_removal_until_somebody_is_told(school: School) -> None:
    give_contacts(school)
    school.book(2)
    remove(school)
    assert to_tell(school) == ["Reid, Callum"]
    assert words(school) == ("home to tell since 09:12",)
    set_clock(school, "10:40")
    school.desk().do(tell_home(1, "mother", "phone", "no answer"))
    set_clock(school, "11:15")
    school.desk().do(tell_home(1, "mother", "phone", "no answer"))
    school.desk().do(tell_home(1, "Kim Ray", "text", "message left"))
    assert to_tell(school) == ["Reid, Callum"]
    assert words(school) == ("home to tell since 09:12", "no answer 10:40, 11:15", "message left 11:15")
    set_clock(school, "11:30")
    school.desk("CO1").do(tell_home(1, "mother", "phone", "told", "will ring back at four"))
    assert to_tell(school) == []
    assert words(school)[-1] == "home told 11:30: mother, CO1"
    school.desk("CO1").do(undo())
    assert to_tell(school) == ["Reid, Callum"]


def test_a_planned_day_and_support_owe_no_word(school: School) -> None:
    school.book(1)
    play(school, 1, "08:48 in, 14:50 left end of day")
    set_clock(school, "09:12")
    school.desk().do(walk_in(2, PSC, PlacementType.TIME_OUT, "needs ten minutes"))
    assert to_tell(school) == []


def test_a_removal_undone_owes_nothing(school: School) -> None:
    remove(school)
    school.desk().do(undo())
    assert to_tell(school) == []


@pytest.mark.parametrize(
    ("where", "owed"),
    [
        (Destination.HOME_ILL, True),
        (Destination.HOME_APPOINTMENT, True),
        (Destination.HOME_PARENT, False),
        (Destination.END_OF_DAY, False),
        (Destination.LESSON, False),
    ],
)
def test_going_home_early_owes_a_word_unless_a_parent_chose_it(school: School, where: Destination, owed: bool) -> None:
    school.book(1)
    play(school, 1, f"08:48 in, 11:00 left {where.value}")
    assert bool(to_tell(school)) is owed


def test_a_student_in_both_rooms_is_listed_once(school: School) -> None:
    remove(school)
    school.book(1, "P4", room=PSC)
    assert to_tell(school) == ["Reid, Callum"]


def test_two_people_telling_home_at_once_both_stand(school: School) -> None:
    give_contacts(school)
    remove(school)
    school.desk("AS1").do(tell_home(1, "mother", "phone", "told"))
    school.desk("AS2", "two").do(tell_home(1, "mother", "phone", "told"))
    assert len(school.row(1).row.care.home) == 2


def test_a_word_cannot_be_of_tomorrow_or_of_yesterday(school: School) -> None:
    give_contacts(school)
    remove(school)
    with pytest.raises(Refused, match="has not come yet"):
        school.desk().do(tell_home(1, "mother", "phone", "told", at=at("10:00")))


def told(clock: str, outcome: str = "told") -> HomeContact:
    return HomeContact(at(clock), "mother, Sagal Jama", "phone", outcome, "", "AS1")


def left(clock: str, reason: str = "home: ill") -> Movement:
    return Movement(1, 1, IER, Kind.LEFT, reason, at(clock), at(clock), "AS1", 1)


@pytest.mark.parametrize(
    ("removed", "moves", "contacts", "owed"),
    [
        (["09:00"], [], [], ["removed from lesson"]),
        (["09:00"], [], [told("08:59")], ["removed from lesson"]),
        (["09:00"], [], [told("09:00")], []),
        (["09:00"], [], [told("09:10", "message left")], ["removed from lesson"]),
        (["09:00", "12:00"], [], [told("09:10")], ["removed from lesson"]),
        (["09:00", "12:00"], [], [told("12:10")], []),
        ([], [left("13:05")], [told("12:50")], []),
        ([], [left("13:05")], [told("13:20")], []),
        (["09:00"], [left("13:05")], [told("09:10")], ["home, ill"]),
        (["09:00"], [left("13:05")], [told("09:10"), told("12:50")], []),
        (["09:00"], [left("13:05")], [told("13:10")], []),
        (["09:00"], [left("13:05")], [], ["removed from lesson", "home, ill"]),
        ([], [left("13:05", "home: suspended")], [], ["home, suspended"]),
    ],
)
def test_the_rule_itself(
    removed: list[str], moves: list[Movement], contacts: list[HomeContact], owed: list[str]
) -> None:
    found = home_owed([at(one) for one in removed], moves, contacts)
    assert [one.about for one in found] == owed
