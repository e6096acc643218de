"""Who may do what: one table, deny by default.

A row names an act or a read and gives each role the reach of it; a role that is not named may not. Source: the table
"People and what they may do" of the domain notes; `docs/permissions.md` is made from this one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from psc.desk.facts import live
from psc.desk.people import Role, Staff
from psc.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Mapping


class Scope(StrEnum):
    """How far a permission reaches."""

    ALL = "all students"
    OWN_YEARS = "students of their own years"
    TODAY = "students placed in a room today"
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
# Opening a student outside one's own years is let by with a reason, which the ledger keeps: see `looks`.
_PROFILE = {_A: Scope.TODAY, _CO: Scope.ALL, _H: Scope.OWN_YEARS, _B: Scope.ALL, _S: Scope.ALL}
_OWN = dict.fromkeys((*_EVERYONE, Role.TEACHER), Scope.ALL)
_ADMIN = {_AD: Scope.ALL}

PERMISSIONS: Mapping[str, Mapping[Role, Scope]] = {
    # reads
    "see_roster": _SEE_ROSTER,
    "find_student": {_A: Scope.ALL, _C: Scope.TODAY, _CO: Scope.ALL, _H: Scope.ALL, _B: Scope.ALL, _S: Scope.ALL},
    "see_profile": _PROFILE,
    "see_contacts": _PROFILE,
    "see_alerts": {_A: Scope.TODAY, _CO: Scope.ALL, _H: Scope.OWN_YEARS, _B: Scope.ALL, _S: Scope.ALL},
    "see_emergency": {**_SEE_ROSTER},
    "see_rota": _EVERYONE,
    "see_roll": {**_FIRE, Role.SYSTEM: Scope.ROLL},
    "see_staff": {_CO: Scope.ALL, _B: Scope.ALL, _AD: Scope.ALL},
    "see_settings": {_CO: Scope.ALL, _B: Scope.ALL, _AD: Scope.ALL},
    "verify_ledger": {_B: Scope.ALL, _S: Scope.ALL, _AD: Scope.ALL},
    "print_log": {_A: Scope.ALL, _C: Scope.ALL, _CO: Scope.ALL, _B: Scope.ALL, _S: Scope.ALL},
    "print_kitchen": {_A: Scope.ALL, _CO: Scope.ALL, _B: Scope.ALL},
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
    "tell_home": {_A: Scope.TODAY, _CO: Scope.ALL, _H: Scope.OWN_YEARS, _B: Scope.ALL},
    "confirm_duty": {_A: Scope.ALL, _C: Scope.ALL, _CO: Scope.ALL, _B: Scope.ALL},
    "evacuate": _FIRE,
    "tick_roll": _FIRE,
    "bring_back": _FIRE,
    "enter_paper": _CORRECT,
    # Which sheet is then a line of its own: print_log, print_kitchen, see_rota, see_roll.
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
    # planning
    "book": _PLAN,
    "carry_period": _OVERSEE,
    "waive_period": _OVERSEE,
    "keep_apart": _PLAN,
    "settle_removal": _CONFIRM,
    "plan_rota": _ARRANGE,
    "change_day": _ARRANGE,
    "plan_event": _ARRANGE,
    "cancel_event": _ARRANGE,
    # looks: reads that leave a line in the ledger
    "open_student": _PROFILE,
    "who_viewed": {_B: Scope.ALL, _S: Scope.ALL},
    # a person's own
    "set_preference": _OWN,
    "begin_session": _OWN,
    "lock_session": _OWN,
    "reopen_session": _OWN,
    "end_session": _OWN,
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
    # set-up
    "merge_students": {_CO: Scope.ALL, _AD: Scope.ALL},
    "start_year": {_AD: Scope.ALL},
    "import": _SET_UP,
    "change_setting": _SET_UP,
    "add_staff": _SET_UP,
}


def scope_of(name: str, staff: Staff) -> Scope:
    """Return how far `staff` may go with the act or read `name`. Raises `NotAllowed`."""
    scope = PERMISSIONS.get(name, {}).get(staff.role)
    if scope is None:
        words = name.replace("_", " ")
        article = "An" if staff.role.words[0] in "aeiou" else "A"
        who = ", ".join(role.words for role in PERMISSIONS.get(name, {}) if role is not Role.SYSTEM)
        raise NotAllowed(f"{article} {staff.role.words} may not do this: {words}.", f"It is for: {who or 'nobody'}.")
    return scope


def may(name: str, staff: Staff) -> bool:
    """Say whether `staff` may use the act or read `name` at all."""
    return staff.role in PERMISSIONS.get(name, {})


def students_within(scope: Scope, staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    """Return a condition on `student.id` that holds for the students within `scope`, and its parameters.

    `day` is the school day, as the file writes it. Whom `staff` is barred from is never within it, but for the roll.
    """
    if scope is Scope.ROLL:
        return "1", {}
    condition, params = _within(scope, staff, day)
    if staff.barred:
        named = {f"scope_barred_{number}": student for number, student in enumerate(sorted(staff.barred))}
        condition = f"({condition}) AND student.id NOT IN ({', '.join(':' + name for name in named)})"
        params = {**params, **named}
    return condition, params


def _within(scope: Scope, staff: Staff, day: str) -> tuple[str, dict[str, object]]:
    if scope is Scope.ALL:
        return "1", {}
    if scope is Scope.TODAY:
        rooms = {f"scope_room_{number}": room for number, room in enumerate(sorted(staff.rooms))}
        there = f" AND p.room_id IN ({', '.join(':' + name for name in rooms)})" if rooms else ""
        return (
            "student.id IN (SELECT p.student_id FROM placement_period pp JOIN placement p ON p.id = pp.placement_id"
            f" WHERE pp.on_day = :scope_day{there} AND {live('placement_period', 'pp')} AND {live('placement', 'p')})",
            {"scope_day": day, **rooms},
        )
    years = {f"scope_year_{number}": year for number, year in enumerate(sorted(staff.years))}
    return (
        "(SELECT e.year FROM enrolment e WHERE e.student_id = student.id AND e.from_day <= :scope_day"
        f" ORDER BY e.from_day DESC, e.id DESC LIMIT 1) IN ({', '.join(':' + name for name in years)})",
        {"scope_day": day, **years},
    )
