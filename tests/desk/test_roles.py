"""Every role and every act: the table of the domain notes, written down once more, line by line."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import pytest

import psc
from psc.desk.acts import ACTS, Call
from psc.desk.people import Role
from psc.desk.permissions import KEY_WORKER, PERMISSIONS, Scope, may
from psc.errors import NotAllowed
from tests.desk.refusals import refused

if TYPE_CHECKING:
    from tests.school import School

for _module in walk_packages(psc.__path__, "psc."):
    if not _module.name.startswith(("psc.tui", "psc.cli", "psc.__main__")):
        import_module(_module.name)

ROLES = {
    "A": Role.ASSISTANT, "C": Role.COVER, "CO": Role.COORDINATOR, "H": Role.HEAD_OF_YEAR, "B": Role.BEHAVIOUR_LEAD,
    "S": Role.SAFEGUARDING, "AD": Role.ADMIN, "T": Role.TEACHER, "psc": Role.SYSTEM,
}  # fmt: skip
REACH = {
    "": Scope.ALL, "today": Scope.TODAY, "own": Scope.OWN_YEARS, "fire": Scope.ROLL, "theirs": Scope.OWN,
    "theirs+today": Scope.OWN_AND_TODAY,
}  # fmt: skip

TABLE = {
    # roster, movements, checks, welfare: do | do, today | do | see own years | see | see | –
    "see_roster": "A C:today CO H:own B S",
    "open_row": "A C:today CO H:own B S",
    **dict.fromkeys(
        [
            "sign_in",
            "go_out",
            "come_back",
            "sign_out",
            "change_seat",
            "mark_check",
            "mark_absence",
            "check_welfare",
            "hold_item",
            "end_holding",
            "choose_lunch",
            "mark_lunch",
        ],
        "A C:today CO",
    ),
    # find, alerts, quick note: do | see today's | do | do | see | do | –
    "find_student": "A C:today CO H B S",
    # placement: place / refer / – | place / – / – | all | refer, approve own years | approve | refer | –
    "walk_in": "A C CO",
    "book": "CO",
    "settle_removal": "CO H:own B",
    "carry_period": "CO B",
    "waive_period": "CO B",
    # duty, week, packs, rooms, day shape today: see | see | do | see | do | – | do
    "see_rota": "A C CO H B AD",
    "see_day": "A C CO H B AD",
    **dict.fromkeys(("plan_rota", "change_day", "add_room", "change_room"), "CO B AD"),
    # The week of a student: what they are away for stands in it, with a note.
    "plan_event": "CO B",
    "cancel_event": "CO B",
    "see_week": "A C CO H B AD",
    "see_packs": "A C CO H B AD",
    "add_pack": "CO B AD",
    "change_pack": "CO B AD",
    # work: do | do, today | do | see own years | see | – | –
    "see_work": "A C:today CO H:own B",
    "print_slips": "A C:today CO",
    **dict.fromkeys(
        [
            "ask_for_work",
            "receive_work",
            "change_work",
            "use_spare_work",
            "issue_work",
            "return_work",
            "send_feedback",
            "mark_adjustment",
        ],
        "A C:today CO",
    ),
    # placement: refer | – | all | refer, approve own years | approve | refer | –
    "raise_referral": "A CO H:own S",
    "withdraw_referral": "A CO H:own S",
    "decide_referral": "CO H:own B",
    "see_referrals": "A:today CO H:own B S",
    "see_programmes": "A:today CO H:own B S",
    **dict.fromkeys(
        [
            "book_programme",
            "move_booking",
            "shorten_booking",
            "extend_booking",
            "cancel_booking",
            "wait_for_seat",
            "stop_waiting",
            "change_programme",
        ],
        "CO",
    ),
    "step_programme": "CO B",
    "carry_periods": "CO B",
    # profile, contacts: today's rooms | – | all | own years | all | all | –
    **dict.fromkeys(("see_profile", "open_student", "see_contacts", "tell_home"), "A:today CO H:own B S"),
    # alerts, strategies, keep-apart: see today's | emergency text | see, keep-apart | see own years | see | do | –
    "see_alerts": "A:today CO H:own B S",
    "see_emergency": "A C:today CO H:own B S",
    "keep_apart": "CO S",
    # who looked: – | – | – | – | do | see | –
    "who_viewed": "B S",
    # incidents, notes: write; own and today's rooms | notes | all | own years | all | all | –
    "record_incident": "A C:today CO H:own B S",
    **dict.fromkeys(
        ["see_incidents", "open_incident", "add_addendum", "add_to_incident", "tell_of_incident"],
        "A:theirs+today C:theirs CO H:own B S",
    ),
    **dict.fromkeys(
        ["amend_incident", "amend_statement", "amend_note", "write_restrictive", "amend_restrictive"],
        "A:theirs C:theirs CO:theirs H:theirs B:theirs S:theirs",
    ),
    **dict.fromkeys(["agree_action", "take_statement", "keep_evidence"], "A:theirs+today CO H:own B S"),
    "see_actions": "A:theirs C:theirs CO H:own B S",
    **dict.fromkeys(
        [
            "end_incident",
            "note_conflict",
            "end_evidence",
            "open_investigation",
            "gather_incident",
            "add_investigation_event",
            "end_investigation",
            "see_investigations",
            "open_investigation_file",
            "print_investigation",
            "print_parent_sheet",
        ],
        "CO H:own B S",
    ),
    "see_statements": "A:theirs C:theirs CO H:own B S",
    "see_notes": "A:theirs+today C:theirs+today CO H:own B S",
    "search_records": "A:theirs+today C:theirs+today CO H:own B S",
    # quick note: do | see today's | do | do | see | do | –, where incidents and notes give cover notes, the lead all
    "write_note": "A C:today CO H:own B S",
    # restricted notes: – | – | – | – | see | do | –
    "see_restricted_notes": "B S",
    "open_restricted_note": "B S",
    "write_restricted_note": "S",
    # restrictive record: write own | write own | review | see own years | sign off | see | –
    **dict.fromkeys(["see_restrictive", "open_restrictive", "tell_of_restrictive"], "A:theirs C:theirs CO H:own B S"),
    "review_restrictive": "CO B",
    "sign_off_restrictive": "B",
    "see_restrictive_report": "CO B S",
    # alerts, strategies: – | – | see | – | see | do | –
    **dict.fromkeys(["add_alert", "end_alert"], "S"),
    # profile: today's rooms | – | all | own years | all | all | –
    **dict.fromkeys(["see_exposure", "see_behaviour", "see_attendance"], "A:today CO H:own B S"),
    # suspensions, clocks: – | – | see | see own years | do | see | –
    "see_suspensions": "CO H:own B S",
    # exports: – | – | – | own years | all | own area | –
    "print_meeting_report": "H:own B S",
    # student export: – | – | – | – | do | see | –
    "export_student": "B",
    # undo own · correct today · correct before: do · do · – | do · – · – | do · do · do | – | do · do · do | – | –
    "undo": "A C CO B",
    **dict.fromkeys(
        [
            "correct_movement",
            "remove_movement",
            "correct_student",
            "correct_fact",
            "remove_fact",
            "enter_paper",
            "close_day",
        ],
        "A CO B",
    ),
    "correct_before": "CO B",
    "close_visit": "CO B",
    # exports: paper log | – | no-names, named day | own years | all | own area | –
    "print_log": "A CO H:own B S",
    # staff, calendar, templates, imports, backup, disposal: – | – | cover passes | – | see, cover passes | – | do
    "issue_pass": "CO B AD",
    "end_pass": "CO B AD",
    **dict.fromkeys(
        [
            "change_staff",
            "deactivate_staff",
            "reactivate_staff",
            "lend_years",
            "return_years",
            "bar_student",
            "unbar_student",
            "change_bells",
            "change_calendar",
            "add_reason",
            "change_reason",
            "change_template",
            "change_school",
            "change_mail",
            "start_year",
        ],
        "AD",
    ),
    **dict.fromkeys(("reset_secret", "import", "change_setting", "add_staff"), "AD psc"),
    "see_staff": "CO B AD",
    "see_settings": "CO B AD",
}
"""The lines of the table "People and what they may do", with what each means for the acts and reads there are."""

BESIDE = {
    # Whoever sees the alarm may know where the student is.
    "record_sighting": "A C:today CO H:own B S",
    # Whoever takes a room over says so themselves.
    "confirm_duty": "A C CO B AD",
    # In a fire nobody asks for a role.
    **dict.fromkeys(("evacuate", "tick_roll", "bring_back"), "A:fire C:fire CO:fire H:fire B:fire S:fire AD:fire"),
    "see_roll": "A:fire C:fire CO:fire H:fire B:fire S:fire AD:fire psc:fire",
    # Opening a student outside one's years asks why, and is recorded (the screens' notes, section Students).
    "open_outside": "H",
    # Lunch is the room's work; the wall's copy names nobody.
    "print_kitchen": "A CO B",
    "print_wall": "A C:today CO B S",
    # Whoever owes something says that it is done, whatever their role.
    "end_action": "A:theirs+today C:theirs CO H:own B S AD:theirs",
    # Which sheet it is, is asked in the act.
    "print_sheet": "A C CO H B S AD",
    # At the door, and by whoever takes the school's files in.
    "add_provisional": "A CO AD",
    "merge_students": "CO AD",
    "verify_ledger": "B S AD",
    # A person's own.
    **dict.fromkeys(
        ["set_preference", "begin_session", "lock_session", "reopen_session", "change_secret"],
        "A C CO H B S AD T",
    ),
    "set_pin": "A C CO H B S AD",
    # Of somebody who is nobody any more psc itself says that their session has ended.
    "end_session": "A C CO H B S AD T psc",
    "fail_sign_on": "psc",
}
"""What the table does not speak of, each with why it is so."""


def written(line: str) -> dict[Role, Scope]:
    """Return a line as the program has it: `A C:today` is assistants everywhere and cover today."""
    return {ROLES[who]: REACH[reach] for who, _, reach in (part.partition(":") for part in line.split())}


def test_the_copy_speaks_of_every_line_once() -> None:
    assert not TABLE.keys() & BESIDE.keys()
    assert set(PERMISSIONS) == TABLE.keys() | BESIDE.keys()
    assert set(ACTS) <= set(PERMISSIONS)


@pytest.mark.parametrize("name", sorted(TABLE | BESIDE))
def test_the_program_has_the_line_as_it_is_written_down(name: str) -> None:
    assert dict(PERMISSIONS[name]) == written((TABLE | BESIDE)[name])


@pytest.mark.parametrize("role", list(ROLES.values()))
def test_the_desk_refuses_a_role_exactly_the_acts_that_are_not_its_own(school: School, role: Role) -> None:
    code = "system" if role is Role.SYSTEM else "AS1"
    school.file.execute("UPDATE staff SET role = ? WHERE code = 'AS1' AND ? <> 'system'", (role.value, role.value))
    desk = school.desk(code)
    for name, one in sorted(ACTS.items()):
        if role not in written((TABLE | BESIDE)[name]):
            words = refused(desk, Call(one, (), {}), kind=NotAllowed)
            assert role.words in words
        elif name not in _ALONE:
            # Without its arguments an act that is let by fails in Python: the desk had nothing against the role.
            with pytest.raises(TypeError):
                desk.do(Call(one, (), {}))


_ALONE = {"undo", "close_day"}
"""Acts that need nothing said."""


def test_an_admin_reaches_no_student_by_anything_but_the_roll_and_the_school_s_own_files() -> None:
    reads = {"see_roster", "find_student", *KEY_WORKER, "see_emergency", "open_row", "who_viewed", "print_log"}
    assert not [name for name in reads if Role.ADMIN in PERMISSIONS[name]]


def test_a_key_worker_has_their_own_students_whatever_their_role(school: School) -> None:
    for code in ("AD1", "KB", "CV1"):
        before = school.desk(code).staff()
        assert not may("open_student", before)
        school.file.execute("UPDATE student SET key_worker_id = ? WHERE id = 7", (before.id,))
        after = school.desk(code).staff()
        assert after.keeps == {7}
        assert all(may(name, after) for name in KEY_WORKER)
        assert not may("see_roster", after) or code == "CV1"
        school.file.execute("UPDATE student SET key_worker_id = NULL")
