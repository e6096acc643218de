"""Who may do what: one table, deny by default.

A row names an act or a read and gives each role the reach of it; a role that is not named may not. Source: the table
"People and what they may do" of the domain notes; `docs/permissions.md` is made from this one.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING

from psc.desk.facts import live
from psc.desk.people import Role, Staff
from psc.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psc.database.file import File


class Scope(StrEnum):
    """How far a permission reaches."""

    ALL = "all students"
    OWN_YEARS = "students of their own years"
    TODAY = "students placed in a room today"
    OWN = "what they wrote themselves, or were there at"
    """Reaches no student by itself: whose record it is says which. See `incidents/reach.py`."""
    OWN_AND_TODAY = "what they wrote themselves or were there at, and students placed in a room today"
    KEPT = "students whose key worker they are"
    """Of the reads in `KEY_WORKER`: whoever is a student's key worker has these whatever their role."""
    ROLL = "everybody, in a fire"
    """Nobody asks in a fire whose child it is: whoever is barred from a student reaches them here all the same."""


_A, _C, _CO = Role.ASSISTANT, Role.COVER, Role.COORDINATOR
_H, _B, _S, _AD = Role.HEAD_OF_YEAR, Role.BEHAVIOUR_LEAD, Role.SAFEGUARDING, Role.ADMIN

_DOOR = {_A: Scope.ALL, _C: Scope.TODAY, _CO: Scope.ALL}
_SEE_ROSTER = {**_DOOR, _H: Scope.OWN_YEARS, _B: Scope.ALL, _S: Scope.ALL}
_UNDO = {_A: Scope.ALL, _C: Scope.ALL, _CO: Scope.ALL, _B: Scope.ALL}
_PLAN = {_CO: Scope.ALL}
_OVERSEE = {_CO: Scope.ALL, _B: Scope.ALL}
_SET_UP = {_AD: Scope.ALL, Role.SYSTEM: Scope.ALL}
_CORRECT = {_A: Scope.ALL, _CO: Scope.ALL, _B: Scope.ALL}
_CONFIRM = {_CO: Scope.ALL, _H: Scope.OWN_YEARS, _B: Scope.ALL}
_ARRANGE = {_CO: Scope.ALL, _B: Scope.ALL, _AD: Scope.ALL}
# In a fire nobody asks for a role: whoever stands at the machine may see the roll and tick it.
_EVERYONE = dict.fromkeys((_A, _C, _CO, _H, _B, _S, _AD), Scope.ALL)
_FIRE = dict.fromkeys(_EVERYONE, Scope.ROLL)
# Duty, week, rooms, the day's shape. What of it a student's name stands in asks for the student besides.
_WEEK = dict.fromkeys((_A, _C, _CO, _H, _B, _AD), Scope.ALL)
_PROFILE = {_A: Scope.TODAY, _CO: Scope.ALL, _H: Scope.OWN_YEARS, _B: Scope.ALL, _S: Scope.ALL}
_OWN = dict.fromkeys((*_EVERYONE, Role.TEACHER), Scope.ALL)
_ADMIN = {_AD: Scope.ALL}

# Incidents and notes: write; own and today's rooms | notes | all | own years | all | all | –
_RECORDS = {_CO: Scope.ALL, _H: Scope.OWN_YEARS, _B: Scope.ALL, _S: Scope.ALL}
_ON_RECORD = {_A: Scope.OWN_AND_TODAY, _C: Scope.OWN, **_RECORDS}
_AUTHOR = dict.fromkeys((_A, _C, _CO, _H, _B, _S), Scope.OWN)

PERMISSIONS: Mapping[str, Mapping[Role, Scope]] = {
    # reads
    "see_roster": _SEE_ROSTER,
    "find_student": {_A: Scope.ALL, _C: Scope.TODAY, _CO: Scope.ALL, _H: Scope.ALL, _B: Scope.ALL, _S: Scope.ALL},
    "see_profile": _PROFILE,
    "see_contacts": _PROFILE,
    "see_alerts": {_A: Scope.TODAY, _CO: Scope.ALL, _H: Scope.OWN_YEARS, _B: Scope.ALL, _S: Scope.ALL},
    "see_emergency": {**_SEE_ROSTER},
    "see_rota": _WEEK,
    "see_day": _WEEK,
    "see_roll": {**_FIRE, Role.SYSTEM: Scope.ROLL},
    "see_week": _WEEK,
    "see_packs": _WEEK,
    "see_work": {**_DOOR, _H: Scope.OWN_YEARS, _B: Scope.ALL},
    # Whoever raised a referral sees that one besides: what became of it is theirs to know.
    "see_referrals": {_A: Scope.TODAY, _CO: Scope.ALL, _H: Scope.OWN_YEARS, _B: Scope.ALL, _S: Scope.ALL},
    "see_programmes": {_A: Scope.TODAY, _CO: Scope.ALL, _H: Scope.OWN_YEARS, _B: Scope.ALL, _S: Scope.ALL},
    "see_incidents": _ON_RECORD,
    "see_statements": {**_ON_RECORD, _A: Scope.OWN},
    "see_restrictive": {_A: Scope.OWN, _C: Scope.OWN, **_RECORDS},
    "see_restrictive_report": {_CO: Scope.ALL, _B: Scope.ALL, _S: Scope.ALL},
    "see_investigations": _RECORDS,
    "see_notes": {**_ON_RECORD, _C: Scope.OWN_AND_TODAY},
    # Others see that there is one, and whom to ask.
    "see_restricted_notes": {_B: Scope.ALL, _S: Scope.ALL},
    "see_exposure": _PROFILE,
    "see_behaviour": _PROFILE,
    "see_attendance": _PROFILE,
    # Suspensions, clocks: assistants and cover see none.
    "see_suspensions": _RECORDS,
    # Whoever owes something sees that besides.
    "see_actions": {**_ON_RECORD, _A: Scope.OWN},
    "see_staff": {_CO: Scope.ALL, _B: Scope.ALL, _AD: Scope.ALL},
    "see_settings": {_CO: Scope.ALL, _B: Scope.ALL, _AD: Scope.ALL},
    "verify_ledger": {_B: Scope.ALL, _S: Scope.ALL, _AD: Scope.ALL},
    "print_log": {_A: Scope.ALL, _CO: Scope.ALL, _H: Scope.OWN_YEARS, _B: Scope.ALL, _S: Scope.ALL},
    "print_kitchen": {_A: Scope.ALL, _CO: Scope.ALL, _B: Scope.ALL},
    "print_slips": {_A: Scope.ALL, _C: Scope.TODAY, _CO: Scope.ALL},
    "print_wall": {_A: Scope.ALL, _C: Scope.TODAY, _CO: Scope.ALL, _B: Scope.ALL, _S: Scope.ALL},
    "print_parent_sheet": _RECORDS,
    "print_investigation": _RECORDS,
    "print_meeting_report": {_H: Scope.OWN_YEARS, _B: Scope.ALL, _S: Scope.ALL},
    # acts of the door
    "sign_in": _DOOR,
    "go_out": _DOOR,
    "come_back": _DOOR,
    "sign_out": _DOOR,
    "change_seat": _DOOR,
    "mark_check": _DOOR,
    "mark_absence": _DOOR,
    # A walk-in creates the placement of today it is judged by, so cover reaches any student here.
    "walk_in": {_A: Scope.ALL, _C: Scope.ALL, _CO: Scope.ALL},
    "record_sighting": _SEE_ROSTER,
    "check_welfare": _DOOR,
    "hold_item": _DOOR,
    "end_holding": _DOOR,
    "choose_lunch": _DOOR,
    "mark_lunch": _DOOR,
    "tell_home": _PROFILE,
    # Whoever takes a room over says so themselves, by one key.
    "confirm_duty": {_A: Scope.ALL, _C: Scope.ALL, _CO: Scope.ALL, _B: Scope.ALL, _AD: Scope.ALL},
    "evacuate": _FIRE,
    "tick_roll": _FIRE,
    "bring_back": _FIRE,
    "enter_paper": _CORRECT,
    # Which sheet is then a line of its own: print_log, print_kitchen, print_wall, see_rota, see_roll.
    "print_sheet": _EVERYONE,
    "add_provisional": {_A: Scope.ALL, _CO: Scope.ALL, _AD: Scope.ALL},
    "close_day": _CORRECT,
    "undo": _UNDO,
    "correct_movement": _CORRECT,
    "remove_movement": _CORRECT,
    "correct_student": _CORRECT,
    "correct_fact": _CORRECT,
    "remove_fact": _CORRECT,
    "correct_before": _OVERSEE,
    "close_visit": _OVERSEE,
    # the work of a period
    "ask_for_work": _DOOR,
    "receive_work": _DOOR,
    "change_work": _DOOR,
    "use_spare_work": _DOOR,
    "issue_work": _DOOR,
    "return_work": _DOOR,
    "send_feedback": _DOOR,
    "mark_adjustment": _DOOR,
    "add_pack": _ARRANGE,
    "change_pack": _ARRANGE,
    # incidents and what hangs on them. Cover writes what they were there at: the law's record is due the same day.
    "record_incident": {_A: Scope.ALL, _C: Scope.TODAY, **_RECORDS},
    "amend_incident": _AUTHOR,
    "add_addendum": _ON_RECORD,
    "add_to_incident": _ON_RECORD,
    "tell_of_incident": _ON_RECORD,
    "end_incident": _RECORDS,
    "agree_action": {_A: Scope.OWN_AND_TODAY, **_RECORDS},
    # Whoever owes it may say that it is done, whatever their role.
    "end_action": {**_ON_RECORD, _A: Scope.OWN_AND_TODAY, _AD: Scope.OWN},
    "write_restrictive": _AUTHOR,
    "amend_restrictive": _AUTHOR,
    "tell_of_restrictive": {_A: Scope.OWN, _C: Scope.OWN, **_RECORDS},
    "review_restrictive": _OVERSEE,
    "sign_off_restrictive": {_B: Scope.ALL},
    "take_statement": {_A: Scope.OWN_AND_TODAY, **_RECORDS},
    "amend_statement": _AUTHOR,
    "note_conflict": _RECORDS,
    "keep_evidence": {_A: Scope.OWN_AND_TODAY, **_RECORDS},
    "end_evidence": _RECORDS,
    "open_investigation": _RECORDS,
    "gather_incident": _RECORDS,
    "add_investigation_event": _RECORDS,
    "end_investigation": _RECORDS,
    "write_note": {_A: Scope.ALL, _C: Scope.TODAY, **_RECORDS},
    "write_restricted_note": {_S: Scope.ALL},
    "amend_note": _AUTHOR,
    "add_alert": {_S: Scope.ALL},
    "end_alert": {_S: Scope.ALL},
    # planning
    "raise_referral": {_A: Scope.ALL, _CO: Scope.ALL, _H: Scope.OWN_YEARS, _S: Scope.ALL},
    "withdraw_referral": {_A: Scope.ALL, _CO: Scope.ALL, _H: Scope.OWN_YEARS, _S: Scope.ALL},
    "decide_referral": _CONFIRM,
    "book": _PLAN,
    "book_programme": _PLAN,
    "move_booking": _PLAN,
    "shorten_booking": _PLAN,
    "extend_booking": _PLAN,
    "cancel_booking": _PLAN,
    "carry_periods": _OVERSEE,
    "wait_for_seat": _PLAN,
    "stop_waiting": _PLAN,
    "change_programme": _PLAN,
    "step_programme": _OVERSEE,
    "carry_period": _OVERSEE,
    "waive_period": _OVERSEE,
    "keep_apart": {_CO: Scope.ALL, _S: Scope.ALL},
    "settle_removal": _CONFIRM,
    "plan_rota": _ARRANGE,
    "change_day": _ARRANGE,
    "plan_event": _OVERSEE,
    "cancel_event": _OVERSEE,
    # looks: reads that leave a line in the ledger
    "open_row": _SEE_ROSTER,
    "open_student": _PROFILE,
    # Beyond the reach of open_student, with a reason: see `looks`.
    "open_outside": {_H: Scope.ALL},
    "who_viewed": {_B: Scope.ALL, _S: Scope.ALL},
    "open_incident": _ON_RECORD,
    "open_restrictive": {_A: Scope.OWN, _C: Scope.OWN, **_RECORDS},
    "open_restricted_note": {_B: Scope.ALL, _S: Scope.ALL},
    "open_investigation_file": _RECORDS,
    # What is found obeys the lines of what it is found in.
    "search_records": {_A: Scope.OWN_AND_TODAY, _C: Scope.OWN_AND_TODAY, **_RECORDS},
    "export_student": {_B: Scope.ALL},
    # a person's own
    "set_preference": _OWN,
    "begin_session": _OWN,
    "lock_session": _OWN,
    "reopen_session": _OWN,
    "end_session": {**_OWN, Role.SYSTEM: Scope.ALL},
    "change_secret": _OWN,
    "set_pin": _EVERYONE,
    "fail_sign_on": {Role.SYSTEM: Scope.ALL},
    # people and settings
    "issue_pass": _ARRANGE,
    "end_pass": _ARRANGE,
    "change_staff": _ADMIN,
    "reset_secret": {**_ADMIN, Role.SYSTEM: Scope.ALL},
    "deactivate_staff": _ADMIN,
    "reactivate_staff": _ADMIN,
    "lend_years": _ADMIN,
    "return_years": _ADMIN,
    "bar_student": _ADMIN,
    "unbar_student": _ADMIN,
    "add_room": _ARRANGE,
    "change_room": _ARRANGE,
    "change_bells": _ADMIN,
    "change_calendar": _ADMIN,
    "add_reason": _ADMIN,
    "change_reason": _ADMIN,
    "change_template": _ADMIN,
    "change_school": _ADMIN,
    "change_mail": _ADMIN,
    # set-up
    "merge_students": {_CO: Scope.ALL, _AD: Scope.ALL},
    "start_year": {_AD: Scope.ALL},
    "import": _SET_UP,
    "change_setting": _SET_UP,
    "add_staff": _SET_UP,
}


KEY_WORKER = frozenset({"find_student", "see_profile", "see_contacts", "see_alerts", "see_programmes", "open_student"})
"""The reads by which a key worker reaches their own students whatever their role, beside what it reaches anyway.

Source: the domain notes, People and what they may do.
"""


def scope_of(name: str, staff: Staff) -> Scope:
    """Return how far `staff` may go with the act or read `name`. Raises `NotAllowed`."""
    scope = PERMISSIONS.get(name, {}).get(staff.role)
    if scope is not None:
        return scope
    if name in KEY_WORKER and staff.keeps:
        return Scope.KEPT
    words = name.replace("_", " ")
    article = "An" if staff.role.words[0] in "aeiou" else "A"
    who = ", ".join(role.words for role in PERMISSIONS.get(name, {}) if role is not Role.SYSTEM)
    raise NotAllowed(f"{article} {staff.role.words} may not do this: {words}.", f"It is for: {who or 'nobody'}.")


def may(name: str, staff: Staff) -> bool:
    """Say whether `staff` may use the act or read `name` at all."""
    return staff.role in PERMISSIONS.get(name, {}) or (name in KEY_WORKER and bool(staff.keeps))


def students_for(name: str, staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    """Return a condition on `student.id` that holds for the students whom the act or read `name` reaches.

    `day` is the school day, as the file writes it. Raises `NotAllowed` for who may not use it at all.
    """
    scope = scope_of(name, staff)
    condition, params = students_within(scope, staff, day)
    if name in KEY_WORKER and staff.keeps and scope not in (Scope.ALL, Scope.ROLL, Scope.KEPT):
        kept, more = students_within(Scope.KEPT, staff, day)
        return f"(({condition}) OR ({kept}))", {**params, **more}
    return condition, params


def reached(file: File, name: str, staff: Staff, day: str, students: Iterable[int]) -> frozenset[int]:
    """Return which of some students the act or read `name` reaches; none for who may not use it at all."""
    wanted = frozenset(students)
    if not wanted or not may(name, staff):
        return frozenset()
    condition, params = students_for(name, staff, day)
    if condition == "1":
        return wanted
    found = file.rows(
        f"SELECT student.id FROM student WHERE student.id IN (SELECT value FROM json_each(:scope_of)) AND {condition}",
        {"scope_of": json.dumps(sorted(wanted)), **params},
    )
    return frozenset(student for (student,) in found)


def students_within(scope: Scope, staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    """Return a condition on `student.id` that holds for the students within `scope`, and its parameters.

    `day` is the school day, as the file writes it. Whom `staff` is barred from is never within it, but for the roll.
    """
    if scope is Scope.ROLL:
        return "1", {}
    condition, params = _within(scope, staff, day)
    if staff.barred:
        named, more = _among("scope_barred", staff.barred)
        condition, params = f"({condition}) AND student.id NOT IN ({named})", {**params, **more}
    return condition, params


def _within(scope: Scope, staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    if scope is Scope.ALL:
        return "1", {}
    if scope is Scope.KEPT:
        named, params = _among("scope_kept", staff.keeps)
        return f"student.id IN ({named})", params
    if scope is Scope.OWN:
        return "0", {}
    if scope in (Scope.TODAY, Scope.OWN_AND_TODAY):
        rooms, params = _among("scope_room", staff.rooms)
        there = f" AND p.room_id IN ({rooms})" if rooms else ""
        placed = (
            "student.id IN (SELECT p.student_id FROM placement_period pp JOIN placement p ON p.id = pp.placement_id"
            f" WHERE pp.on_day = :scope_day{there} AND {live('placement_period', 'pp')} AND {live('placement', 'p')})"
        )
        # A placement goes with a student who is sent over to another room.
        sent = (
            " OR student.id IN (SELECT v.student_id FROM visit v JOIN movement m ON m.visit_id = v.id"
            f" WHERE v.day = :scope_day AND (v.room_id IN ({rooms}) OR m.to_room_id IN ({rooms}))"
            f" AND {live('movement', 'm')})"
        )
        return f"({placed}{sent})" if rooms else placed, {"scope_day": day, **params}
    years, params = _among("scope_year", staff.years)
    return (
        "(SELECT e.year FROM enrolment e WHERE e.student_id = student.id AND e.from_day <= :scope_day"
        f" ORDER BY e.from_day DESC, e.id DESC LIMIT 1) IN ({years})",
        {"scope_day": day, **params},
    )


def _among(name: str, values: Iterable[int]) -> tuple[str, dict[str, object]]:
    """Return the marks of some values for a list in SQL, and the values by mark."""
    params: dict[str, object] = {f"{name}_{number}": value for number, value in enumerate(sorted(values))}
    return ", ".join(f":{mark}" for mark in params), params
