"""Things held: nothing is lost, and nothing is handed back twice."""

from __future__ import annotations

from typing import Any

import pytest

from psc.desk.acts import undo
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.roster.held import Holding, end_holding, held_on, hold_item
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, MONDAY, TUESDAY, School, at


def held(school: School, student: int) -> list[str]:
    """Say what the board holds of a student."""
    return [one.words for one in school.row(student).row.care.held]


def test_a_phone_goes_into_the_envelope_and_comes_back(school: School) -> None:
    school.book(1)
    play(school, 1, "08:48 in")
    phone = school.desk().do(hold_item(1, Holding.PHONE)).value
    assert held(school, 1) == ["phone in envelope"]
    set_clock(school, "14:50")
    school.desk().do(end_holding(phone, "returned"))
    assert held(school, 1) == []


def test_one_phone_is_not_taken_in_twice_by_two_people(school: School) -> None:
    school.desk("AS1").do(hold_item(1, Holding.PHONE))
    with pytest.raises(Refused, match=r"held already: envelope, since 08:30"):
        school.desk("AS2", "two").do(hold_item(1, Holding.PHONE))
    assert len(held_on(school.file, MONDAY)) == 1


def test_nothing_is_returned_twice(school: School) -> None:
    phone = school.desk("AS1").do(hold_item(1, Holding.PHONE)).value
    school.desk("AS1").do(end_holding(phone, "returned"))
    with pytest.raises(Refused, match="Already returned, 08:30 by AS1"):
        school.desk("AS2", "two").do(end_holding(phone, "returned"))
    with pytest.raises(Refused, match="not held"):
        school.desk().do(end_holding(99, "returned"))


def test_a_confiscation_says_what_why_who_searched_and_where(school: School) -> None:
    whole: dict[str, Any] = {"why": "in his hand", "searched_by": "CO1", "kept_where": "office safe"}
    for missing in whole:
        with pytest.raises(NotUnderstood, match="Say"):
            school.desk().do(hold_item(1, Holding.CONFISCATED, "vape", **{**whole, missing: " "}))
    school.desk().do(hold_item(1, Holding.CONFISCATED, "vape", **whole))
    item = held_on(school.file, MONDAY)[0]
    assert item.words == "vape (in his hand), kept in office safe, searched by CO1"
    assert item.open_words == "item in office safe", "what it was is nobody's business at the desk"


def test_what_is_passed_on_names_to_whom(school: School) -> None:
    item = school.desk().do(hold_item(1, Holding.CONFISCATED, "vape", why="x", searched_by="CO1", kept_where="safe"))
    with pytest.raises(NotUnderstood, match="to whom"):
        school.desk().do(end_holding(item.value, "passed on"))
    school.desk().do(end_holding(item.value, "passed on", "his mother"))
    assert held_on(school.file, MONDAY) == ()


def test_medication_says_when_it_is_due_and_ends_by_being_given(school: School) -> None:
    with pytest.raises(NotUnderstood, match="when it is due"):
        school.desk().do(hold_item(1, Holding.MEDICATION, "inhaler"))
    item = school.desk().do(hold_item(1, Holding.MEDICATION, "inhaler", due="12:30")).value
    one = held_on(school.file, MONDAY)[0]
    assert (one.words, one.open_words) == ("medication at 12:30: inhaler", "due 12:30")
    with pytest.raises(NotUnderstood, match="given, returned"):
        school.desk().do(end_holding(item, "passed on", "x"))
    school.desk().do(end_holding(item, "given"))
    assert held_on(school.file, MONDAY) == ()


def test_a_time_of_day_that_is_none_is_refused(school: School) -> None:
    for due in ("12.30", "noon", "25:00", "1230"):
        with pytest.raises(NotUnderstood, match="12:30"):
            school.desk().do(hold_item(1, Holding.MEDICATION, "inhaler", due=due))


def test_what_was_lent_days_ago_is_still_on_the_list_and_on_the_board(school: School) -> None:
    set_clock(school, "10:00", FRIDAY_BEFORE)
    lent = school.desk().do(hold_item(1, Holding.LENT, "calculator")).value
    set_clock(school, "15:10", MONDAY)
    assert [(one.name, one.words) for one in held_on(school.file, MONDAY)] == [("Reid, Callum", "lent: calculator")]
    school.book(1)
    assert held(school, 1) == ["lent: calculator"]
    school.desk().do(end_holding(lent, "returned"))
    assert held_on(school.file, MONDAY) == ()
    assert len(held_on(school.file, FRIDAY_BEFORE)) == 1, "as that day ended it was still out"


def test_undo_of_taking_in_and_of_returning(school: School) -> None:
    phone = school.desk().do(hold_item(1, Holding.PHONE)).value
    school.desk().do(end_holding(phone, "returned"))
    school.desk().do(undo())
    assert [one.words for one in held_on(school.file, TUESDAY)] == ["phone in envelope"]
    school.desk().do(undo())
    assert held_on(school.file, TUESDAY) == ()


def test_taking_in_is_not_undone_once_it_was_returned_by_another(school: School) -> None:
    phone = school.desk("AS1").do(hold_item(1, Holding.PHONE)).value
    school.desk("AS2", "two").do(end_holding(phone, "returned"))
    with pytest.raises(Refused, match="built on"):
        school.desk("AS1").do(undo())


def test_times_are_kept_and_checked(school: School) -> None:
    set_clock(school, "09:00")
    phone = school.desk().do(hold_item(1, Holding.PHONE, at=at("08:45"))).value
    with pytest.raises(Refused, match="held only since 08:45"):
        school.desk().do(end_holding(phone, "returned", at=at("08:40")))
    with pytest.raises(Refused, match="has not come yet"):
        school.desk().do(end_holding(phone, "returned", at=at("09:10")))


def test_control_characters_are_cleaned_and_a_stranger_role_is_refused(school: School) -> None:
    school.desk().do(hold_item(1, Holding.LENT, "ruler\x1b[31m [b]"))
    assert held_on(school.file, MONDAY)[0].what == "ruler[31m [b]"
    with pytest.raises(NotAllowed):
        school.desk("AD1").do(hold_item(1, Holding.PHONE))
