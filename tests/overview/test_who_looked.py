"""Who looked: looks, prints and changes apart, each with who, in which role, when and why; asking is a look itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.looks import open_row, open_student
from psc.errors import NotAllowed
from psc.flows.merge import merge_students
from psc.flows.walk_in import walk_in
from psc.overview.audit import verified, who_looked
from psc.prints.keep import print_sheet
from psc.roster.keep_apart import keep_apart
from psc.roster.movements import sign_in
from psc.roster.placements import PlacementType, carry_period, waive_period
from tests.desk.test_looks import bar
from tests.roster.stories import play, set_clock
from tests.school import IER, MONDAY, PSC, TUESDAY

if TYPE_CHECKING:
    from tests.school import School

REID, OKAFOR, OBRIEN, KHAN, MARSH, ALI, OTHER_ALI = 1, 2, 3, 4, 5, 6, 7


def test_looks_prints_and_changes_are_listed_apart_newest_first(school: School) -> None:
    school.book(REID)
    play(school, REID, "08:50 in")
    set_clock(school, "09:00")
    school.desk().do(open_row(REID))
    set_clock(school, "09:10")
    school.desk("HY8").do(open_student(REID, "student sheet", why="his sister"))
    school.desk("CO1").do(print_sheet("log", (REID, OKAFOR)))
    viewed = who_looked(school.desk("BL1"), REID)
    assert [(one.code, one.role, one.what, one.why) for one in viewed.looks] == [
        ("BL1", "behaviour lead", "asked who looked", ""),
        ("HY8", "head of year", "opened: student sheet, outside their years", "his sister"),
        ("AS1", "assistant", "opened on the board", ""),
    ]
    assert [(one.who, one.what) for one in viewed.prints] == [("M. Adebayo (CO1), coordinator", "printed: log")]
    assert [one.what for one in viewed.acts] == ["sign in", "book"]
    assert viewed.looks[-1].at.hour == 9
    assert who_looked(school.desk("BL1"), OKAFOR).acts == ()


def test_what_was_before_a_day_is_left_out(school: School) -> None:
    school.book(REID, days=(MONDAY, TUESDAY))
    school.desk("CO1").do(open_student(REID, "student sheet"))
    set_clock(school, "08:00", TUESDAY)
    viewed = who_looked(school.desk("BL1"), REID, TUESDAY)
    assert [one.what for one in viewed.looks] == ["asked who looked"]
    assert viewed.acts == ()
    assert len(who_looked(school.desk("BL1"), REID, MONDAY).looks) == 3


def test_looks_at_a_record_go_along_when_it_is_merged(school: School) -> None:
    school.desk("CO1").do(open_student(ALI, "student sheet"))
    school.desk("CO1").do(merge_students(ALI, OTHER_ALI))
    viewed = who_looked(school.desk("BL1"), OTHER_ALI)
    assert "opened: student sheet" in [one.what for one in viewed.looks]
    assert [one.what for one in viewed.acts] == ["merge students"]


def test_the_role_is_the_one_they_had_when_they_looked(school: School) -> None:
    school.book(REID)
    school.desk().do(open_row(REID))
    school.file.execute("UPDATE staff SET role = 'teacher', active = 0 WHERE code = 'AS1'")
    assert [one.role for one in who_looked(school.desk("BL1"), REID).looks][-1] == "assistant"


@pytest.mark.parametrize("code", ["AS1", "CV1", "CO1", "HY8", "AD1", "KB"])
def test_who_looked_is_for_the_behaviour_lead_and_the_safeguarding_lead(school: School, code: str) -> None:
    before = school.file.value("SELECT count(*) FROM ledger")
    with pytest.raises(NotAllowed):
        who_looked(school.desk(code), REID)
    assert school.file.value("SELECT count(*) FROM ledger") == before
    school.file.execute("UPDATE staff SET role = 'safeguarding' WHERE code = ?", (code,))
    assert who_looked(school.desk(code), REID).looks


def test_not_of_one_s_own_child(school: School) -> None:
    bar(school, "BL1", REID)
    with pytest.raises(NotAllowed):
        who_looked(school.desk("BL1"), REID)


def whys(school: School, student: int) -> dict[str, str]:
    """Return the why of each change of a student, by the act."""
    return {one.act: one.why for one in reversed(who_looked(school.desk("BL1"), student).acts)}


def test_every_rule_that_was_gone_over_has_its_why(school: School) -> None:
    for student in (OKAFOR, OBRIEN, KHAN):
        school.book(student, "P1")
    placed = school.book(REID, "P1", days=(MONDAY,))
    assert placed
    office = school.desk("CO1", "office")
    office.do(keep_apart(REID, OKAFOR, "Fought on Friday"))
    play(school, OKAFOR, "08:50 in")
    set_clock(school, "08:55")
    school.desk().do(sign_in(REID, IER, override="No other room today"))
    assert whys(school, REID)["sign_in"] == "No other room today"
    for student in (OBRIEN, KHAN):
        play(school, student, "08:56 in")
    school.desk().do(walk_in(MARSH, IER, PlacementType.REMOVAL, "Defiance", override="One over, told the lead"))
    assert whys(school, MARSH)["walk_in"] == "One over, told the lead"
    set_clock(school, "10:00")
    first, second = school.placed(OBRIEN, "P1"), school.placed(KHAN, "P1")
    office.do(waive_period(first, "No work came"))
    assert whys(school, OBRIEN)["waive_period"] == "No work came"
    office.do(carry_period(second, MONDAY + timedelta(days=4), "P2", override="Head of year agreed"))
    assert whys(school, KHAN)["carry_period"] == "Head of year agreed"


def test_the_chain_is_walked_for_who_may_and_shows_no_student(school: School) -> None:
    school.book(REID, room=PSC)
    for code in ("BL1", "AD1"):
        assert "Reid" not in repr(verified(school.file, school.desk(code).staff()))
    for code in ("AS1", "CO1", "HY8", "CV1", "KB"):
        with pytest.raises(NotAllowed):
            verified(school.file, school.desk(code).staff())
