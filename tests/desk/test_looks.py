"""Looks: opening a student leaves its line before anything is shown; outside one's years a reason is asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from psc.database.schema import FACTS
from psc.desk.looks import open_row, open_student, who_viewed
from psc.desk.people import staff_by_code
from psc.errors import NeedsReason, NoSpace, NotAllowed, Refused
from psc.overview.profile import open_profile
from tests.desk.refusals import refused
from tests.school import IER, MONDAY, PSC, TUESDAY

if TYPE_CHECKING:
    from tests.school import School

REID, OKAFOR, OBRIEN, ALI = 1, 2, 3, 6


def looks(school: School) -> list[tuple[str, str, dict[str, Any]]]:
    """Return who looked, how, and the detail of each look, oldest first."""
    found = school.file.rows(
        "SELECT l.actor, l.act, d.json FROM ledger l JOIN ledger_detail d ON d.seq = l.seq"
        " WHERE l.act IN ('open_student', 'open_row', 'who_viewed') ORDER BY l.seq"
    )
    return [(actor, act, json.loads(detail)) for actor, act, detail in found]


def bar(school: School, code: str, student: int) -> None:
    """Bar somebody from a student."""
    staff = school.file.value("SELECT id FROM staff WHERE code = ?", (code,))
    school.file.execute(
        "INSERT INTO barred (staff_id, student_id, why, happened, recorded, day, seq)"
        " VALUES (?, ?, 'Own child', '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z', '2026-11-23', 1)",
        (staff, student),
    )


def test_a_look_is_in_the_ledger_with_whom_and_how(school: School) -> None:
    school.desk("CO1").do(open_student(REID, "student sheet"))
    [(actor, act, detail)] = looks(school)
    assert (actor, act, detail["view"], detail["outside"]) == ("CO1", "open_student", "student sheet", False)
    assert school.file.value("SELECT student_id FROM ledger_student ORDER BY seq DESC LIMIT 1") == REID


def test_the_line_is_written_before_anything_is_read(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def read(*_: object, **__: object) -> None:
        seen.append(len(looks(school)))

    monkeypatch.setattr("psc.overview.profile.read_profile", read)
    open_profile(school.desk("CO1"), REID, "student sheet")
    assert seen == [1]


def test_without_its_line_nothing_is_shown(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    school.file.execute("CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    monkeypatch.setattr("psc.overview.profile.read_profile", lambda *_, **__: pytest.fail("it was read all the same"))
    with pytest.raises(NoSpace):
        open_profile(school.desk("CO1"), REID, "student sheet")
    assert school.board("CO1").rows == ()  # the board opens


def test_a_head_of_year_opens_their_own_years_without_a_word(school: School) -> None:
    school.desk("HY8").do(open_student(OBRIEN, "student sheet"))
    assert looks(school)[0][2]["outside"] is False


def test_outside_their_years_a_head_of_year_says_why_and_it_is_kept(school: School) -> None:
    head = school.desk("HY8")
    refused(head, open_student(REID, "student sheet"), kind=NeedsReason)
    refused(head, open_student(REID, "student sheet", why="  \u200b "), kind=NeedsReason)
    assert head.do(open_student(REID, "student sheet", why="brother of one of mine")).value is True
    [(_, _, detail)] = looks(school)
    assert (detail["why"], detail["outside"]) == ("brother of one of mine", True)


def test_years_lent_for_some_days_need_no_reason_on_these_days(school: School) -> None:
    school.file.execute(
        "INSERT INTO delegation (staff_id, year, from_day, until_day, happened, recorded, day, seq)"
        " VALUES (4, 10, '2026-11-23', '2026-11-23', '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z', '2026-11-23', 1)"
    )
    school.desk("HY8").do(open_student(REID, "student sheet"))
    assert staff_by_code(school.file, "HY8", TUESDAY).years == {8}


@pytest.mark.parametrize("code", ["AD1", "KB", "CV1"])
def test_who_may_not_open_anybody_opens_nobody_with_a_reason_either(school: School, code: str) -> None:
    school.book(REID)
    refused(school.desk(code), open_student(REID, "sheet", why="curious"), kind=NotAllowed)


def test_an_assistant_opens_whoever_is_placed_today(school: School) -> None:
    school.book(REID)
    school.desk().do(open_student(REID, "student sheet"))
    refused(school.desk(), open_student(OKAFOR, "student sheet", why="curious"), kind=NotAllowed)


def test_cover_opens_a_row_of_the_board_and_no_student(school: School) -> None:
    school.book(REID)
    school.desk("CV1").do(open_row(REID))
    refused(school.desk("CV1"), open_row(OKAFOR), kind=NotAllowed)
    refused(school.desk("AD1"), open_row(REID), kind=NotAllowed)


def test_whoever_is_barred_opens_nothing(school: School) -> None:
    school.book(REID)
    for code in ("AS1", "CO1", "HY8", "BL1"):
        bar(school, code, REID)
        refused(school.desk(code), open_student(REID, "sheet", why="mine"), kind=NotAllowed)
        refused(school.desk(code), open_row(REID), kind=NotAllowed)
    refused(school.desk("BL1"), who_viewed(REID), kind=NotAllowed)


def test_a_key_worker_opens_their_own_student_whatever_their_role(school: School) -> None:
    school.file.execute("UPDATE student SET key_worker_id = 7 WHERE id = ?", (ALI,))
    profile = open_profile(school.desk("KB"), ALI, "student sheet")
    assert (profile.alerts, profile.contacts, profile.outside) == ((), (), False)
    refused(school.desk("KB"), open_student(REID, "sheet"), kind=NotAllowed)
    bar(school, "KB", ALI)
    refused(school.desk("KB"), open_student(ALI, "sheet"), kind=NotAllowed)


def test_a_record_that_was_merged_is_not_opened(school: School) -> None:
    school.file.execute("UPDATE student SET merged_into = 7, left_on = '2026-11-20' WHERE id = 6")
    refused(school.desk("CO1"), open_student(ALI, "sheet"), kind=Refused)


def test_a_look_changes_nothing_and_cannot_be_undone(school: School) -> None:
    school.book(REID, room=PSC)
    school.book(OKAFOR, room=IER, days=(MONDAY,))
    before = {table: school.file.rows(f"SELECT * FROM {table}") for table in FACTS}
    school.desk().do(open_row(REID))
    assert {table: school.file.rows(f"SELECT * FROM {table}") for table in FACTS} == before
