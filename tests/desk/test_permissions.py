"""Who may do what: every act in one table, deny by default, the role read afresh at each act."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import pytest

import psc
import psc.desk.permissions as table
from psc.desk.acts import ACTS, Call, undo
from psc.desk.people import Role, Staff, everyone, staff_by_code
from psc.desk.permissions import PERMISSIONS, Scope, may, scope_of, students_within
from psc.errors import NotAllowed, NotUnderstood
from psc.flows.walk_in import walk_in
from psc.overview.read_board import read_board
from psc.roster.absences import Absence, mark_absence
from psc.roster.movements import sign_in
from psc.roster.placements import PlacementType
from tests.desk.refusals import refused
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY, School

A, C, CO, B, AD = Role.ASSISTANT, Role.COVER, Role.COORDINATOR, Role.BEHAVIOUR_LEAD, Role.ADMIN
H, S = Role.HEAD_OF_YEAR, Role.SAFEGUARDING
WHO = {
    "sign_in": {A, C, CO},
    "go_out": {A, C, CO},
    "come_back": {A, C, CO},
    "sign_out": {A, C, CO},
    "change_seat": {A, C, CO},
    "mark_check": {A, C, CO},
    "mark_absence": {A, C, CO},
    "walk_in": {A, C, CO},
    "check_welfare": {A, C, CO},
    "hold_item": {A, C, CO},
    "end_holding": {A, C, CO},
    "choose_lunch": {A, C, CO},
    "mark_lunch": {A, C, CO},
    "record_sighting": {A, C, CO, H, B, S},  # whoever sees the alarm may know where the student is
    "see_contacts": {A, CO, H, B, S},
    "undo": {A, C, CO, B},
    "correct_movement": {A, CO, B},
    "remove_movement": {A, CO, B},
    "correct_student": {A, CO, B},
    "correct_fact": {A, CO, B},
    "remove_fact": {A, CO, B},
    "correct_before": {CO, B},
    "close_visit": {CO, B},
    "book": {CO},
    "carry_period": {CO, B},
    "waive_period": {CO, B},
    "keep_apart": {CO, S},
    "settle_removal": {CO, H, B},
    "plan_rota": {CO, B, AD},
    "change_day": {CO, B, AD},
    "change_setting": {AD, Role.SYSTEM},
}
"""Who may, as the domain notes have it, written down a second time."""


def test_every_act_has_a_row_in_the_table() -> None:
    for module in walk_packages(psc.__path__, "psc."):
        if not module.name.startswith(("psc.tui", "psc.cli", "psc.__main__")):
            import_module(module.name)
    assert {"sign_in", "walk_in", "book", "import", "print_sheet", "undo"} <= set(ACTS), (
        "acts of every folder are known"
    )
    assert set(ACTS) - set(PERMISSIONS) == set()


@pytest.mark.parametrize("name", sorted(WHO))
def test_the_table_is_as_the_domain_notes_have_it(name: str) -> None:
    assert set(PERMISSIONS[name]) == WHO[name]


def test_every_act_is_refused_to_every_role_that_the_table_does_not_name(school: School) -> None:
    tried = 0
    for role in Role:
        code = "system" if role is Role.SYSTEM else "AS1"
        if code == "AS1":
            school.file.execute("UPDATE staff SET role = ? WHERE code = 'AS1'", (role.value,))
        for name, one in sorted(ACTS.items()):
            if role in PERMISSIONS[name]:
                continue
            words = refused(school.desk(code), Call(one, (), {}), kind=NotAllowed)
            assert role.words in words
            tried += 1
    assert tried > 80


def test_an_act_without_a_row_is_refused_to_everybody(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "PERMISSIONS", {name: row for name, row in PERMISSIONS.items() if name != "walk_in"})
    set_clock(school, "09:00")
    for code in ("AS1", "CO1", "BL1", "AD1", "system"):
        refused(school.desk(code), walk_in(1, IER, PlacementType.REMOVAL, "Defiance"), kind=NotAllowed)


def test_a_changed_role_counts_at_the_next_act(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    desk = school.desk()
    school.file.execute("UPDATE staff SET role = 'teacher' WHERE code = 'AS1'")
    refused(desk, sign_in(1, IER), kind=NotAllowed)
    school.file.execute("UPDATE staff SET role = 'assistant' WHERE code = 'AS1'")
    desk.do(sign_in(1, IER))
    school.file.execute("UPDATE staff SET active = 0 WHERE code = 'AS1'")
    refused(desk, undo(), kind=NotUnderstood)


def test_nobody_is_somebody_else(school: School) -> None:
    refused(school.desk("XX9"), undo(), kind=NotUnderstood)
    assert staff_by_code(school.file, " as1 ").surname == "Smith"
    assert "AS1" in {one.code for one in everyone(school.file)}


# -- how far ---------------------------------------------------------------------------------------------------------


def reached(school: School, scope: Scope, staff: Staff) -> set[int]:
    condition, params = students_within(scope, staff, MONDAY.isoformat())
    return {one for (one,) in school.file.rows(f"SELECT id FROM student WHERE {condition}", params)}


def test_a_head_of_year_sees_the_students_of_their_own_years(school: School) -> None:
    for student in (1, 2, 3, 4):
        school.book(student)
    assert {row.student_id for row in school.board("HY8").rows} == {3, 4}
    school.file.execute("INSERT INTO staff_year VALUES (4, 10)")
    assert {row.student_id for row in school.board("HY8").rows} == {1, 3, 4}
    school.file.execute("DELETE FROM staff_year")
    assert school.board("HY8").rows == ()


def test_years_are_those_of_the_day(school: School) -> None:
    head = staff_by_code(school.file, "HY8")
    assert reached(school, Scope.OWN_YEARS, head) == {3, 4, 5}
    enrol = "INSERT INTO enrolment (student_id, from_day, year, form, seq) VALUES (?, ?, ?, ?, 1)"
    school.file.execute(enrol, (3, MONDAY.isoformat(), 9, "9A"))
    school.file.execute(enrol, (6, MONDAY.isoformat(), 8, "8B"))
    school.file.execute(enrol, (4, TUESDAY.isoformat(), 9, "9A"))
    assert reached(school, Scope.OWN_YEARS, head) == {4, 5, 6}


@pytest.mark.parametrize("code", ["HY8", "BL1"])
def test_who_oversees_does_not_sign_in(school: School, code: str) -> None:
    school.book(3)
    set_clock(school, "08:50")
    refused(school.desk(code), sign_in(3, IER), kind=NotAllowed)


def test_cover_reaches_the_students_placed_today(school: School) -> None:
    today, other = school.book(1), school.book(2, days=(TUESDAY,))
    cover = school.desk("CV1")
    play(school, 1, "08:50 in, 08:55 out toilet, 08:58 back, 09:50 left lesson", code="CV1")
    assert {row.student_id for row in school.board("CV1").rows} == {1}
    refused(cover, sign_in(2, IER), kind=NotAllowed)
    refused(cover, sign_in(3, IER), kind=NotAllowed)
    cover.do(mark_absence(today, Absence.CANCELLED))
    refused(cover, mark_absence(other, Absence.ABSENT))
    cover.do(walk_in(3, PSC, PlacementType.TIME_OUT, "Pass"))
    assert {row.student_id for row in read_board(school.file, MONDAY, cover.staff()).rows} == {1, 3}


def test_cover_no_longer_reaches_a_student_whose_booking_was_taken_back(school: School) -> None:
    school.book(1)
    cover = staff_by_code(school.file, "CV1")
    assert reached(school, Scope.TODAY, cover) == {1}
    school.desk("CO1", "office").do(undo())
    assert reached(school, Scope.TODAY, cover) == set()


def test_cover_reached_yesterday_is_not_reached_today(school: School) -> None:
    set_clock(school, "08:00", FRIDAY_BEFORE)
    school.book(1, days=(FRIDAY_BEFORE,))
    cover = staff_by_code(school.file, "CV1")
    assert reached(school, Scope.TODAY, cover) == set()


def test_reads_ask_for_their_scope_too(school: School) -> None:
    school.book(1)
    for code in ("AD1", "KB"):
        with pytest.raises(NotAllowed):
            school.board(code)
        assert not may("see_roster", school.desk(code).staff())
    with pytest.raises(NotAllowed):
        scope_of("a read nobody listed", school.desk("CO1").staff())


def test_a_scope_of_all_is_all(school: School) -> None:
    everybody = {one for (one,) in school.file.rows("SELECT id FROM student")}
    assert reached(school, Scope.ALL, staff_by_code(school.file, "CO1")) == everybody
