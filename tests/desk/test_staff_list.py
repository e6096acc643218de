"""The staff list: joining, changing, leaving; years lent; students somebody is kept from."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from psc.desk.lending import bar_student, barred_from, lend_years, lent_to, return_years, unbar_student
from psc.desk.people import Role, everyone, staff_by_code
from psc.desk.secrets import hash_passphrase, reset_secret
from psc.desk.staff_acts import (
    Person,
    add_staff,
    change_staff,
    deactivate_staff,
    passphrases,
    people,
    reactivate_staff,
    the_person,
    typed_person,
    typed_role,
    typed_year_list,
)
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.roster.movements import sign_in
from tests.desk.refusals import refused
from tests.roster.stories import set_clock
from tests.school import IER, MONDAY, TUESDAY, School


def person(school: School, code: str) -> Person:
    return the_person(school.file, code)


def test_somebody_new_is_on_the_list_and_may_be_named_at_once(school: School) -> None:
    admin = school.desk("AD1")
    admin.do(add_staff("AS3", "Zoë", "O’Brien-Łuk", Role.ASSISTANT, title="Ms", email="zoe@hillside.example"))
    one = person(school, "as3")
    assert (one.name, one.short, one.role, one.active) == ("Ms Zoë O’Brien-Łuk", "Z. O’Brien-Łuk", Role.ASSISTANT, True)
    assert "AS3" in {each.code for each in everyone(school.file)}
    assert passphrases(school.file, school.clock.now()).get(one.id) is None


def test_a_code_is_never_given_twice_not_even_a_leavers(school: School) -> None:
    admin = school.desk("AD1")
    assert "taken" in refused(admin, add_staff("as2", "Al", "Other", Role.ASSISTANT), kind=Refused)
    admin.do(deactivate_staff(person(school, "AS2")))
    assert "has left" in refused(admin, add_staff("AS2", "Al", "Other", Role.ASSISTANT), kind=Refused)


@pytest.mark.parametrize("code", ["", "  ", "system", "has space", "x" * 13, "-x", "[b]"])
def test_what_cannot_be_a_code_is_refused(school: School, code: str) -> None:
    refused(school.desk("AD1"), add_staff(code, "Al", "Other", Role.ASSISTANT), kind=NotUnderstood)


def test_a_change_is_one_act_with_before_and_after(school: School) -> None:
    was = person(school, "AS1")
    done = school.desk("AD1").do(change_staff(was, was._replace(role=Role.COORDINATOR, email="jo@hillside.example")))
    kept = json.loads(school.file.value("SELECT json FROM ledger_detail WHERE seq = ?", (done.seq,)))
    assert kept["about"] == "staff:1"
    assert kept["before"] == {"email": "", "role": "assistant"}
    assert kept["after"] == {"email": "jo@hillside.example", "role": "coordinator"}


def test_a_changed_role_counts_at_the_next_act(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    was = person(school, "AS1")
    school.desk("AD1").do(change_staff(was, was._replace(role=Role.TEACHER)))
    refused(school.desk("AS1"), sign_in(1, IER), kind=NotAllowed)


def test_a_save_that_comes_too_late_is_refused_with_who_and_when(school: School) -> None:
    set_clock(school, "10:42")
    school.desk("AD1").do(add_staff("AD2", "Bo", "Second", Role.ADMIN))
    seen = person(school, "AS1")
    school.desk("AD1").do(change_staff(seen, seen._replace(forename="Joanna")))
    words = refused(school.desk("AD2"), change_staff(seen, seen._replace(surname="Smythe")), kind=Refused)
    assert "Changed meanwhile: AD1 10:42" in words
    assert person(school, "AS1").name == "Joanna Smith"


def test_the_last_admin_and_the_last_behaviour_lead_stay(school: School) -> None:
    admin = school.desk("AD1")
    lead, own = person(school, "BL1"), person(school, "AD1")
    assert "only active behaviour lead" in refused(admin, deactivate_staff(lead), kind=Refused)
    assert "only active behaviour lead" in refused(admin, change_staff(lead, lead._replace(role=Role.TEACHER)))
    assert "only active admin" in refused(admin, change_staff(own, own._replace(role=Role.COORDINATOR)))
    admin.do(add_staff("BL2", "Bo", "Second", Role.BEHAVIOUR_LEAD))
    admin.do(deactivate_staff(lead))
    refused(admin, deactivate_staff(person(school, "BL2")), kind=Refused)


def test_an_admin_who_has_not_chosen_a_passphrase_does_not_count_as_one(school: School) -> None:
    admin = school.desk("AD1")
    admin.do(reset_secret(6, hash_passphrase("three quiet owls"), temporary=False))
    admin.do(add_staff("AD2", "Bo", "Second", Role.ADMIN))
    second = person(school, "AD2")
    admin.do(reset_secret(second.id, hash_passphrase("dolo-mira-tuna-kefo-17")))
    own = person(school, "AD1")
    assert "passphrase of their own" in refused(admin, change_staff(own, own._replace(role=Role.COORDINATOR)))
    admin.do(reset_secret(second.id, hash_passphrase("four louder owls"), temporary=False))
    admin.do(change_staff(own, own._replace(role=Role.COORDINATOR)))


def test_nobody_takes_themselves_off_the_list(school: School) -> None:
    admin = school.desk("AD1")
    admin.do(add_staff("AD2", "Bo", "Second", Role.ADMIN))
    assert "themselves" in refused(admin, deactivate_staff(person(school, "AD1")), kind=Refused)


def test_a_leaver_is_kept_and_their_passphrase_is_not(school: School) -> None:
    admin = school.desk("AD1")
    admin.do(reset_secret(2, hash_passphrase("three quiet owls"), temporary=False))
    assert passphrases(school.file, school.clock.now()) == {2: "own"}
    admin.do(deactivate_staff(person(school, "AS2")))
    assert not person(school, "AS2").active
    assert passphrases(school.file, school.clock.now()) == {}
    with pytest.raises(NotUnderstood):
        staff_by_code(school.file, "AS2")
    admin.do(reactivate_staff(person(school, "AS2")))
    assert staff_by_code(school.file, "AS2").surname == "Berg"
    refused(admin, reactivate_staff(person(school, "AS2")), kind=Refused)


def test_a_temporary_passphrase_says_so_and_runs_out(school: School) -> None:
    school.desk("AD1").do(reset_secret(2, hash_passphrase("dolo-mira-tuna-kefo-17")))
    now = school.clock.now()
    assert passphrases(school.file, now) == {2: "temporary"}
    assert passphrases(school.file, now + timedelta(days=8)) == {2: "expired"}


def test_only_an_admin_changes_the_staff_list(school: School) -> None:
    was = person(school, "AS2")
    for code in ("AS1", "CO1", "HY8", "BL1", "CV1", "KB"):
        refused(school.desk(code), change_staff(was, was._replace(forename="X")), kind=NotAllowed)
        refused(school.desk(code), deactivate_staff(was), kind=NotAllowed)
        refused(school.desk(code), bar_student(2, 1, "own child"), kind=NotAllowed)


def test_a_head_of_year_needs_years(school: School) -> None:
    was = person(school, "AS1")
    refused(school.desk("AD1"), change_staff(was, was._replace(role=Role.HEAD_OF_YEAR)), kind=NotUnderstood)


# -- years lent --------------------------------------------------------------------------------------------------------


def test_years_are_lent_from_a_day_to_a_day(school: School) -> None:
    admin = school.desk("AD1")
    admin.do(lend_years(4, [9, 10], TUESDAY, TUESDAY + timedelta(days=1)))
    years = {day: staff_by_code(school.file, "HY8", MONDAY + timedelta(days=day)).years for day in range(4)}
    assert years == {0: {8}, 1: {8, 9, 10}, 2: {8, 9, 10}, 3: {8}}
    (lent,) = lent_to(school.file, 4, MONDAY)
    assert (lent.years, lent.by) == ((9, 10), "AD1")


def test_what_is_lent_can_be_ended_at_once_and_only_once(school: School) -> None:
    admin = school.desk("AD1")
    admin.do(lend_years(4, [9], MONDAY, TUESDAY))
    (lent,) = lent_to(school.file, 4, MONDAY)
    admin.do(return_years(4, lent.ids))
    assert staff_by_code(school.file, "HY8", MONDAY).years == {8}
    refused(admin, return_years(4, lent.ids), kind=Refused)


def test_years_are_lent_to_a_head_of_year_for_days_that_can_be(school: School) -> None:
    admin = school.desk("AD1")
    refused(admin, lend_years(1, [9], MONDAY, TUESDAY), kind=Refused)
    refused(admin, lend_years(4, [9], TUESDAY, MONDAY), kind=NotUnderstood)
    refused(admin, lend_years(4, [], MONDAY, TUESDAY), kind=NotUnderstood)
    refused(admin, lend_years(4, [8], MONDAY, TUESDAY), kind=Refused)
    yesterday = MONDAY - timedelta(days=1)
    refused(admin, lend_years(4, [9], yesterday, yesterday), kind=Refused)


# -- barred ------------------------------------------------------------------------------------------------------------


def test_who_is_barred_from_a_student_neither_sees_nor_signs_them_in(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    admin = school.desk("AD1")
    admin.do(bar_student(1, 1, "own child"))
    assert [row.name for row in school.board("AS1").rows] == ["not shown to you"]
    assert [row.name for row in school.board("AS2").rows] == ["Reid, Callum"]
    refused(school.desk("AS1"), sign_in(1, IER), kind=NotAllowed)
    (barred,) = barred_from(school.file, 1)
    assert (barred.why, barred.by) == ("own child", "AD1")
    refused(admin, bar_student(1, 1, "again"), kind=Refused)
    refused(admin, bar_student(1, 2, " "), kind=NotUnderstood)
    admin.do(unbar_student(1, 1))
    school.desk("AS1").do(sign_in(1, IER))
    refused(admin, unbar_student(1, 1), kind=Refused)


# -- what is typed -----------------------------------------------------------------------------------------------------


def test_roles_years_and_people_are_read_as_staff_type_them() -> None:
    assert typed_role("Head of year") is Role.HEAD_OF_YEAR
    assert typed_role("assis") is Role.ASSISTANT
    assert typed_year_list("7-9, 11") == (7, 8, 9, 11)
    assert typed_year_list("years 8 9") == (8, 9)
    assert typed_year_list("") == ()
    assert typed_person("AS3=Ann Marie O’Neil") == ("AS3", "Ann Marie", "O’Neil")
    for wrong in ("co", "boss", "", "system"):
        with pytest.raises(NotUnderstood):
            typed_role(wrong)
    for wrong in ("x", "7-", "99", "-"):
        with pytest.raises(NotUnderstood):
            typed_year_list(wrong)
    for wrong in ("AS3", "AS3=", "=Jo", "system=Jo Smith"):
        with pytest.raises(NotUnderstood):
            typed_person(wrong)


def test_cover_passes_are_not_on_the_staff_list(school: School) -> None:
    assert "CV1" in {one.code for one in people(school.file)}
    school.file.execute(
        "INSERT INTO cover_pass (staff_id, agency, rooms, happened, recorded, day, seq) VALUES"
        " (8, 'Agency', '[1]', '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', '2026-11-23', 1)"
    )
    assert "CV1" not in {one.code for one in people(school.file)}
