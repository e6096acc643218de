"""Merging two records of one student: what moves, who typed it, what stays findable, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.flows.merge import MOVED, REASON, merge_students, preview_merge
from psc.flows.walk_in import walk_in
from psc.roster.checks import mark_check
from psc.roster.corrections import correct_movement
from psc.roster.keep_apart import keep_apart, kept_apart_in
from psc.roster.movements import Destination, sign_in, sign_out
from psc.roster.placements import PlacementType, waive_period
from psc.roster.seats import seats_taken
from psc.roster.sightings import record_sighting
from psc.school.provisional import add_provisional
from psc.school.students import find_students, the_student
from tests.desk.refusals import contents
from tests.roster.stories import movement_id, play, set_clock, told
from tests.school import IER, MONDAY, PSC, School

if TYPE_CHECKING:
    from psc.school.students import Student

MARSH, NOVAK = 5, 10


def newcomer(school: School, clock: str = "08:55", *, room: int = IER) -> int:
    """Let somebody nobody knows come to the door, added and signed in by AS1; returns psc's id."""
    set_clock(school, clock)
    student = school.desk().do(add_provisional("Nowak", "Petra", 9)).value
    school.desk().do(walk_in(student, room, PlacementType.REMOVAL, "Defiance", until="P5"))
    return student


def merge(school: School, old: int, into: int, code: str = "CO1") -> None:
    school.desk(code, "office").do(merge_students(old, into))


def refused(school: School, old: int, into: int) -> str:
    """Return why a merge is refused, having seen that nothing was changed."""
    before = contents(school.file)
    with pytest.raises(Refused) as why:
        merge(school, old, into)
    with pytest.raises(Refused):
        preview_merge(school.file, old, into, school.clock.now())
    assert contents(school.file) == before
    return str(why.value)


def the(school: School, text: str) -> Student:
    return the_student(school.file, text, school.desk().staff(), MONDAY)


def test_the_day_of_a_newcomer_stands_under_the_record_the_school_sent(school: School) -> None:
    new = newcomer(school)
    set_clock(school, "09:52")
    school.desk("AS2").do(mark_check(school.placed(new, "P1"), 3))
    set_clock(school, "10:00")
    minutes = school.row(new).minutes
    merge(school, new, NOVAK)
    row = school.row(NOVAK)
    assert (row.status.value, row.minutes, row.row.seat) == ("in", minutes, 1)
    assert {one.period.name: one.mark for one in row.row.placed}["P1"] == 3
    assert told(school, NOVAK) == "08:55 in"
    assert told(school, new) == ""
    assert [one.row.student_id for one in school.board().at(school.clock.now())] == [NOVAK]


def test_who_typed_it_and_when_stays_true(school: School) -> None:
    new = newcomer(school)
    before = school.row(new).row.facts.moves[0]
    set_clock(school, "10:00")
    merge(school, new, NOVAK)
    after = school.row(NOVAK).row.facts.moves[0]
    assert (after.happened, after.recorded, after.by) == (before.happened, before.recorded, "AS1")
    assert after.id != before.id
    assert {row[0] for row in school.file.rows("SELECT reason FROM retraction")} == {REASON}


def test_the_preview_counts_what_moves_and_changes_nothing(school: School) -> None:
    new = newcomer(school)
    school.desk().do(record_sighting(new, place="library"))
    school.desk("CO1").do(keep_apart(new, MARSH, "fight"))
    school.file.execute("INSERT INTO contact VALUES (NULL, ?, 1, 'Nowak', 'Ewa', 'M', 1, '[]', '', '', 0)", (new,))
    before = contents(school.file)
    seen = preview_merge(school.file, new, NOVAK, school.clock.now())
    assert seen.words == ("1 placement", "1 visit", "1 movement", "1 sighting", "1 keep-apart pair", "1 contact")
    assert contents(school.file) == before


def test_whatever_hangs_on_a_student_moves(school: School) -> None:
    """A table that is added later and hangs on students must be moved too, or this says which."""
    left = {
        "student", "ledger_student", "import_change", "enrolment", "contact", "class_member", "keep_apart",
        "behaviour_record", "attendance_session", "attendance_total",
    }  # fmt: skip
    named = {table for table, _, _ in MOVED} | left
    hanging: set[str] = set()
    tables = [name for (name,) in school.file.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        targets = {row[2] for row in school.file.rows(f"PRAGMA foreign_key_list({table})")}
        if targets & {"student", "placement", "placement_period", "visit", "held_item", *_OTHERS}:
            hanging.add(table)
    assert hanging == named


_OTHERS = {
    "referral", "waiting", "programme", "work_arrival", "home_contact", "agreed_action", "restrictive",
    "statement", "note",
}  # fmt: skip


def test_the_old_record_leads_to_the_new_one_and_is_no_longer_found(school: School) -> None:
    new = newcomer(school)
    merge(school, new, NOVAK)
    assert the(school, f"new{new}").id == NOVAK
    assert not find_students(school.file, "nowak", school.desk().staff(), MONDAY)
    lines = school.file.rows("SELECT act FROM ledger JOIN ledger_student USING (seq) WHERE student_id = ?", (new,))
    assert [act for (act,) in lines] == ["add_provisional", "walk_in", "merge_students"]


def test_a_duplicate_with_numbers_keeps_them_and_is_found_by_them(school: School) -> None:
    school.file.execute("UPDATE student SET upn = 'Z823432119001', dob = '2012-05-06' WHERE id = ?", (MARSH,))
    merge(school, MARSH, NOVAK)
    assert the(school, "1005").id == NOVAK
    assert the(school, "1010").id == NOVAK
    assert the(school, "Z823432119001").id == NOVAK
    known = school.file.row("SELECT admission_no, upn, dob FROM student WHERE id = ?", (NOVAK,))
    assert known == ("1010", "Z823432119001", "2012-05-06")
    fields = school.file.rows("SELECT field, after FROM import_change WHERE student_id = ?", (NOVAK,))
    assert ("upn", "Z823432119001") in fields


def test_a_record_merged_twice_leads_to_the_last(school: School) -> None:
    new = newcomer(school)
    merge(school, new, MARSH)
    merge(school, MARSH, NOVAK)
    assert the(school, f"new{new}").id == NOVAK
    assert told(school, NOVAK) == "08:55 in"


def test_visits_of_one_room_and_day_become_one_visit(school: School) -> None:
    school.book(NOVAK)
    play(school, NOVAK, "08:48 in, 09:50 left lesson")
    new = newcomer(school, "10:00")
    merge(school, new, NOVAK)
    assert told(school, NOVAK) == "08:48 in, 09:50 left lesson, 10:00 in"
    visits = school.file.value("SELECT count(*) FROM visit WHERE student_id = ?", (NOVAK,))
    assert visits == 1
    school.desk().do(sign_out(school.row(NOVAK).row.visit_id or 0, Destination.LESSON))


def test_a_period_both_are_placed_for_is_owed_once_and_keeps_its_check(school: School) -> None:
    school.book(NOVAK, "P1 P2")
    new = newcomer(school, "08:50")
    set_clock(school, "09:52")
    school.desk().do(mark_check(school.placed(new, "P1"), 4))
    merge(school, new, NOVAK)
    placed = school.row(NOVAK).row.placed
    assert [(one.period.name, one.mark) for one in placed][:3] == [("P1", 4), ("P2", None), ("P3", None)]


def test_the_seat_of_a_student_who_is_in_goes_with_them(school: School) -> None:
    school.book(MARSH)
    play(school, MARSH, "08:48 in")
    new = newcomer(school)
    merge(school, new, NOVAK)
    assert set(seats_taken(school.file, IER, MONDAY).values()) == {1, 2}
    assert school.row(NOVAK).row.seat == 2


def test_keep_apart_holds_for_the_one_who_stays(school: School) -> None:
    new = newcomer(school)
    school.desk("CO1").do(keep_apart(new, MARSH, "fight"))
    merge(school, new, NOVAK)
    assert kept_apart_in(school.file, MARSH, [NOVAK], MONDAY) == "Novak, Petra"
    assert kept_apart_in(school.file, MARSH, [new], MONDAY) == ""


def test_contacts_are_taken_over_once_and_nobody_barred_is_let_in(school: School) -> None:
    new = newcomer(school)
    for student, place, surname, forename, bar in (
        (NOVAK, 1, "Novak", "Eva", 0),
        (new, 1, "NOVAK", "Eva", 1),
        (new, 2, "Novak", "Jan", 0),
    ):
        school.file.execute(
            "INSERT INTO contact VALUES (NULL, ?, ?, ?, ?, 'M', 1, '[]', '', '', ?)",
            (student, place, surname, forename, bar),
        )
    merge(school, new, NOVAK)
    rows = school.file.rows("SELECT student_id, place, forename, do_not_contact FROM contact ORDER BY place")
    assert rows == [(NOVAK, 1, "Eva", 1), (NOVAK, 2, "Jan", 0)]


def test_a_day_before_the_school_s_own_record_shows_the_year_typed_at_the_door(school: School) -> None:
    new = newcomer(school)
    day = MONDAY + timedelta(days=2)
    school.file.execute("INSERT INTO student (id, surname, forename, folded) VALUES (77, 'Nowak', 'Petra', 'nowak')")
    school.file.execute(
        "INSERT INTO enrolment (student_id, from_day, year, form, seq) VALUES (77, ?, 10, '10A', 1)",
        (day.isoformat(),),
    )
    merge(school, new, 77)
    assert [(row.year, row.form) for row in school.board(day=MONDAY).rows] == [(9, "")]


def test_after_a_merge_the_slips_before_it_are_corrected_not_undone(school: School) -> None:
    new = newcomer(school)
    merge(school, new, NOVAK)
    with pytest.raises(Refused, match="merge students"):
        school.desk().do(undo())
    set_clock(school, "09:10")
    school.desk().do(correct_movement(movement_id(school, NOVAK, 0), "slip", at=school.clock.now()))
    assert told(school, NOVAK) == "09:10 in"


def test_a_merge_itself_cannot_be_undone(school: School) -> None:
    new = newcomer(school)
    merge(school, new, NOVAK)
    with pytest.raises(Refused, match="nothing of yours"):
        school.desk("CO1", "office").do(undo())


def test_the_same_merge_twice_is_done_once(school: School) -> None:
    new = newcomer(school)
    desk = school.desk("CO1", "office")
    desk.do(merge_students(new, NOVAK), id="once")
    again = desk.do(merge_students(new, NOVAK), id="once")
    assert again.repeated
    assert refused(school, new, NOVAK) == (
        "Nowak, Petra was merged already, into Novak, Petra 9D (1010). Nothing was changed; use that record."
    )


def test_both_in_a_room_now_are_two_students(school: School) -> None:
    school.book(NOVAK, room=PSC)
    play(school, NOVAK, "08:48 in", room=PSC)
    new = newcomer(school)
    assert "Both are in a room now" in refused(school, new, NOVAK)


def test_visits_that_cross_are_refused(school: School) -> None:
    school.book(NOVAK)
    play(school, NOVAK, "08:48 in, 09:50 left lesson")
    set_clock(school, "10:00")
    new = school.desk().do(add_provisional("Nowak", "Petra", 9)).value
    school.book(new)
    play(school, new, "09:20 in, 09:40 left lesson", told="10:00")
    assert "that cross" in refused(school, new, NOVAK)


def test_one_who_is_kept_apart_from_the_other_is_somebody_else(school: School) -> None:
    school.desk("CO1").do(keep_apart(MARSH, NOVAK, "fight"))
    assert "kept apart" in refused(school, MARSH, NOVAK)


def test_nobody_is_merged_into_themselves_or_into_somebody_merged_or_new_here(school: School) -> None:
    assert "into themselves" in refused(school, NOVAK, NOVAK)
    new = newcomer(school)
    assert "the other way round" in refused(school, NOVAK, new)
    merge(school, new, NOVAK)
    assert "merged already" in refused(school, MARSH, new)
    with pytest.raises(NotUnderstood):
        merge(school, 999, NOVAK)


@pytest.mark.parametrize("code", ["AS1", "HY8", "BL1", "CV1"])
def test_only_a_coordinator_or_the_admin_merges(school: School, code: str) -> None:
    with pytest.raises(NotAllowed):
        merge(school, MARSH, NOVAK, code)


def test_a_waiver_goes_along(school: School) -> None:
    new = newcomer(school)
    school.desk("CO1").do(waive_period(school.placed(new, "P2"), "ill"))
    merge(school, new, NOVAK)
    assert [one.period.name for one in school.row(NOVAK).row.placed if one.waived] == ["P2"]


def test_the_student_who_stays_is_signed_in_as_ever(school: School) -> None:
    new = newcomer(school)
    set_clock(school, "09:00")
    school.desk().do(sign_out(school.row(new).row.visit_id or 0, Destination.LESSON))
    merge(school, new, NOVAK)
    set_clock(school, "09:30")
    school.desk().do(sign_in(NOVAK, IER))
    assert told(school, NOVAK, date(2026, 11, 23)) == "08:55 in, 09:00 left lesson, 09:30 in"
