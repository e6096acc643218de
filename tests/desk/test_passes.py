"""Cover passes: given in seconds, for some rooms and the rest of the day, and nobody's after it."""

from __future__ import annotations

import pytest

from psc.desk.acts import Desk, undo
from psc.desk.passes import Pass, end_pass, issue_pass, passes_on, the_pass, typed_name
from psc.desk.people import everyone
from psc.desk.secrets import Hidden, change_secret, hash_passphrase, new_pin, reset_secret, verify
from psc.desk.signing_on import WRONG, Ring, look_at, pay, settle
from psc.errors import NotAllowed, NotUnderstood, PscError, Refused
from psc.flows.walk_in import walk_in
from psc.overview.read_board import read_board, rooms_asked
from psc.roster.duty import Duty, confirm_duty
from psc.roster.movements import Destination, sign_in, sign_out
from psc.roster.placements import PlacementType
from psc.school.students import find_students
from tests.desk.refusals import refused
from tests.roster.stories import set_clock
from tests.school import IER, MONDAY, PSC, TUESDAY, School

PIN = "582914"
HASHED = hash_passphrase(PIN)


def given(school: School, name: str = "Pat Lewis", *rooms: int, by: str = "CO1") -> Desk:
    """Give a pass, and return the desk of whoever has it."""
    done = school.desk(by, "office").do(issue_pass(name, HASHED, agency="Hands On", rooms=rooms))
    return school.desk(done.value, "door")


def listed(school: School) -> tuple[Pass, ...]:
    return passes_on(school.file, school.clock.now().date(), school.desk("CO1").staff())


def sits_down(school: School, code: str, answer: str, ring: Ring | None = None) -> str:
    """Give an answer at the gate; returns the code of who is in, or the words of the refusal."""
    ring = ring or Ring()
    try:
        guess = pay(school.file, school.clock, code, answer, ring)
        return settle(school.file, school.clock, "door", guess, look_at(guess), ring).staff.code
    except PscError as error:
        return error.title


def test_a_pass_opens_psc_with_its_pin_for_the_day(school: School) -> None:
    cover = given(school)
    assert cover.code == "C1"
    assert cover.staff().short == "P. Lewis"
    assert sits_down(school, "c1", PIN) == "C1"
    assert sits_down(school, "C1", "111111") == WRONG
    (one,) = listed(school)
    assert (one.code, one.name, one.agency, one.by, one.ended) == ("C1", "Pat Lewis", "Hands On", "M. Adebayo", None)


@pytest.mark.parametrize("by", ["CO1", "BL1", "AD1"])
def test_who_plans_gives_passes(school: School, by: str) -> None:
    assert given(school, by=by).code == "C1"


@pytest.mark.parametrize("by", ["AS1", "HY8", "CV1"])
def test_nobody_else_does(school: School, by: str) -> None:
    refused(school.desk(by), issue_pass("Pat Lewis", HASHED), kind=NotAllowed)
    with pytest.raises(NotAllowed):
        passes_on(school.file, MONDAY, school.desk(by).staff())


def test_the_day_after_it_is_nobodys(school: School) -> None:
    cover = given(school)
    set_clock(school, "00:05", TUESDAY)
    with pytest.raises(NotUnderstood):
        cover.staff()
    assert sits_down(school, "C1", PIN) == WRONG
    assert listed(school) == ()
    later = given(school, "Kim Ode")
    assert later.code == "C2", "no code is given twice"
    assert "C1" not in {one.code for one in everyone(school.file)}
    assert not school.file.value("SELECT 1 FROM secret WHERE staff_id = (SELECT id FROM staff WHERE code = 'C1')")


def test_a_code_that_somebody_has_or_had_is_not_given(school: School) -> None:
    school.file.execute("INSERT INTO staff VALUES (20, 'c1', '', 'Una', 'Old', '', 'teacher', 0)")
    school.file.execute("INSERT INTO staff VALUES (21, 'C3', '', 'Una', 'New', '', 'assistant', 1)")
    assert [given(school).code for _ in range(3)] == ["C2", "C4", "C5"]


def test_the_same_try_twice_is_one_pass(school: School) -> None:
    desk, call = school.desk("CO1"), issue_pass("Pat Lewis", HASHED)
    assert desk.do(call, id="once").value == desk.do(call, id="once").value == "C1"
    assert len(listed(school)) == 1


def test_neither_the_pin_nor_its_hash_stands_in_the_ledger(school: School) -> None:
    given(school)
    kept = school.file.value("SELECT hash FROM secret WHERE staff_id = (SELECT id FROM staff WHERE code = 'C1')")
    assert verify(kept, PIN)
    details = " ".join(json for (json,) in school.file.rows("SELECT json FROM ledger_detail"))
    assert "Pat Lewis" in details
    assert PIN not in details
    assert "argon2" not in details


def test_five_wrong_pins_lock_a_pass_out(school: School) -> None:
    given(school)
    ring = Ring()
    for _ in range(5):
        assert sits_down(school, "C1", "999111", ring) == WRONG
    assert "Too many wrong answers" in sits_down(school, "C1", PIN, ring)
    assert "Too many wrong answers" in sits_down(school, "C1", PIN)


def test_a_pass_ended_is_over_at_once_and_undo_gives_it_back(school: School) -> None:
    cover = given(school)
    desk = school.desk("BL1")
    assert desk.do(end_pass(cover.staff().id)).value == "C1"
    with pytest.raises(NotUnderstood):
        cover.staff()
    assert sits_down(school, "C1", PIN) == WRONG
    (one,) = listed(school)
    assert one.ended is not None
    refused(desk, end_pass(one.staff_id), kind=Refused)
    desk.do(undo())
    assert sits_down(school, "C1", PIN) == "C1"
    assert listed(school)[0].ended is None


def test_a_pass_given_by_mistake_is_undone_whole(school: School) -> None:
    cover = given(school)
    school.desk("CO1", "office").do(undo())
    with pytest.raises(NotUnderstood):
        cover.staff()
    assert listed(school) == ()
    assert "C1" not in {one.code for one in everyone(school.file)}
    assert not school.file.value("SELECT 1 FROM secret")
    assert given(school).code == "C2"


def test_a_pass_has_the_pin_it_was_given_with_and_no_other(school: School) -> None:
    cover = given(school)
    other = Hidden(hash_passphrase(new_pin()).value)
    assert "new pass" in refused(school.desk("AD1"), reset_secret(cover.staff().id, other), kind=Refused)
    assert "new pass" in refused(cover, change_secret(other), kind=Refused)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Pat Lewis", ("", "Pat", "Lewis")),
        ("Lewis, Pat", ("", "Pat", "Lewis")),
        (" Mr  Lewis ", ("Mr", "", "Lewis")),
        ("Mrs. Ann van Dyke", ("Mrs.", "Ann van", "Dyke")),
        ("van Dyke, Ann", ("", "Ann", "van Dyke")),
        ("Priya", ("", "", "Priya")),
        ("Miss", ("", "", "Miss")),
        ("[b]Bo[/b] [/", ("", "[b]Bo[/b]", "[/")),
    ],
)
def test_names_as_people_type_them(typed: str, parts: tuple[str, str, str]) -> None:
    assert typed_name(typed) == parts


@pytest.mark.parametrize("typed", ["", "  ", "42", "–", "x" * 61, "\u202e"])
def test_what_is_no_name_is_refused(school: School, typed: str) -> None:
    refused(school.desk("CO1"), issue_pass(typed, HASHED), kind=NotUnderstood)


def test_a_room_that_there_is_not_is_refused(school: School) -> None:
    refused(school.desk("CO1"), issue_pass("Pat Lewis", HASHED, rooms=[77]), kind=NotUnderstood)


# -- what a pass reaches ---------------------------------------------------------------------------------------------


def test_a_pass_for_one_room_sees_that_room_alone(school: School) -> None:
    school.book(1)
    school.book(2, room=PSC)
    school.book(3, "P1 P2")
    school.book(3, "P4 P5", room=PSC)
    cover = given(school, "Pat Lewis", IER)
    board = read_board(school.file, MONDAY, cover.staff())
    assert {row.key for row in board.rows} == {(1, IER), (3, IER)}
    assert [room.code for room in board.rooms] == ["IER"]
    assert [room.code for room in board.other_rooms] == ["PSC"]
    everybody = read_board(school.file, MONDAY, given(school).staff())
    assert {row.student_id for row in everybody.rows} == {1, 2, 3}
    assert not everybody.other_rooms
    roll = read_board(school.file, MONDAY, cover.staff(), read="see_roll")
    assert {row.student_id for row in roll.rows} == {1, 2, 3}, "in a fire everybody is on the roll"


def test_a_pass_acts_in_its_rooms_alone(school: School) -> None:
    school.book(1)
    school.book(2, room=PSC)
    school.book(3, "P1")
    school.book(3, "P2", room=PSC)
    set_clock(school, "08:50")
    cover = given(school, "Pat Lewis", IER)
    cover.do(sign_in(1, IER))
    refused(cover, sign_in(2, PSC), kind=NotAllowed)
    assert "cover pass" in refused(cover, sign_in(3, PSC), kind=NotAllowed)
    assert "cover pass" in refused(cover, confirm_duty(PSC, Duty.ON), kind=NotAllowed)
    cover.do(confirm_duty(IER, Duty.ON))


def test_a_pass_may_send_a_student_to_a_room_it_is_not_for(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    cover = given(school, "Pat Lewis", IER)
    visit = cover.do(sign_in(1, IER)).value
    cover.do(sign_out(visit, Destination.OTHER_ROOM))
    assert school.board("CO1").rows


def test_a_pass_takes_a_walk_in_into_its_rooms_whoever_it_is(school: School) -> None:
    set_clock(school, "09:00")
    cover = given(school, "Pat Lewis", IER)
    assert find_students(school.file, "okafor", cover.staff(), MONDAY) == ()
    (found,) = find_students(school.file, "okafor", cover.staff(), MONDAY, act="walk_in")
    refused(cover, walk_in(found.id, PSC, PlacementType.REMOVAL, "Defiance"), kind=NotAllowed)
    cover.do(walk_in(found.id, IER, PlacementType.REMOVAL, "Defiance"))
    assert find_students(school.file, "okafor", cover.staff(), MONDAY) == (found,)


def test_a_pass_does_not_move_a_student_from_another_room(school: School) -> None:
    school.book(2, "P1 P2", room=PSC)
    set_clock(school, "09:00")
    cover = given(school, "Pat Lewis", IER)
    call = walk_in(2, IER, PlacementType.REMOVAL, "Defiance", override="They came here")
    assert "placed in PSC" in refused(cover, call, kind=NotAllowed)
    set_clock(school, "11:30")
    cover.do(walk_in(2, IER, PlacementType.REMOVAL, "Defiance"))


def test_a_room_that_is_not_on_the_pass_is_not_asked_for(school: School) -> None:
    board = read_board(school.file, MONDAY, given(school, "Pat Lewis", IER).staff())
    assert [room.code for room in rooms_asked(school.file, board, "")] == ["IER"]
    assert [room.code for room in rooms_asked(school.file, board, "ier")] == ["IER"]
    with pytest.raises(NotAllowed):
        rooms_asked(school.file, board, "PSC")
    with pytest.raises(NotUnderstood):
        rooms_asked(school.file, board, "XYZ")


def test_the_pass_of_a_code(school: School) -> None:
    given(school)
    lead = school.desk("BL1").staff()
    assert the_pass(school.file, " c1", MONDAY, lead).name == "Pat Lewis"
    with pytest.raises(NotUnderstood):
        the_pass(school.file, "C9", MONDAY, lead)
