"""Agreed actions: by whom, by when, done by whoever owes it, and who sees which."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.desk.lending import bar_student
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.incidents.actions import (
    actions_by_id,
    actions_for,
    actions_of_incidents,
    actions_of_student,
    actions_where,
    agree_action,
    end_action,
)
from psc.incidents.incidents import Account, Adult, Part, record_incident
from tests.school import MONDAY, TUESDAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.school import School

REID, OKAFOR, KHAN = 1, 2, 4
AS1, AS2, CO1, HY8, AD1, CV1 = 1, 2, 3, 4, 6, 8
FIGHT = Account("Fighting", "Callum pushed Amara by the lockers.", place="Corridor", severity=3)
BOTH = (Part(REID, "involved"), Part(OKAFOR, "target"))


def fight(school: School, code: str = "AS1", students: Sequence[Part] = BOTH, adults: Sequence[Adult] = ()) -> int:
    return school.desk(code).do(record_incident(FIGHT, students, adults)).value


def seen_by(school: School, code: str) -> set[str]:
    condition, params = actions_for(school.desk(code).staff(), school.clock.now().date().isoformat())
    return {one.what for one in actions_where(school.file, condition, params)}


def test_an_action_has_an_owner_and_a_day_and_is_done_by_whoever_owes_it(school: School) -> None:
    incident = fight(school)
    desk = school.desk()
    action = desk.do(agree_action("Mediate", owner_id=CO1, incident_id=incident, due=TUESDAY)).value
    found = actions_of_incidents(school.file, [incident])[incident][0]
    assert (found.what, found.owner, found.due, found.by, found.open) == (
        "Mediate", "M. Adebayo", TUESDAY, "J. Smith", True,
    )  # fmt: skip
    assert not found.overdue(TUESDAY)
    assert found.overdue(TUESDAY + timedelta(days=1))
    school.clock.forward(minutes=5)
    done = school.desk("CO1").do(end_action(action, "done", "They shook hands"))
    assert done.students == (REID, OKAFOR)
    end = actions_by_id(school.file, [action])[action].end
    assert end is not None
    assert (end.outcome, end.note, end.by) == ("done", "They shook hands", "M. Adebayo")
    with pytest.raises(Refused, match=r"M\. Adebayo has said at 08:35 that it is done"):
        desk.do(end_action(action, "dropped", "Not needed"))


def test_unless_a_day_is_given_it_is_due_five_school_days_on(school: School) -> None:
    action = school.desk().do(agree_action("Ring the form tutor", owner="Mr Lee", incident_id=fight(school))).value
    found = actions_by_id(school.file, [action])[action]
    assert (found.owner, found.due) == ("Mr Lee", MONDAY + timedelta(days=7))


def test_it_is_about_a_student_without_an_incident(school: School) -> None:
    school.desk("CO1").do(agree_action("Ask for a timetable", owner_id=HY8, student_id=KHAN))
    incident = fight(school, students=(Part(KHAN, "involved"),))
    school.desk("CO1").do(agree_action("Mediate", owner_id=HY8, incident_id=incident))
    assert {one.what for one in actions_of_student(school.file, KHAN)} == {"Ask for a timetable", "Mediate"}
    assert actions_of_student(school.file, REID) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": " "},
        {"what": "x" * 401},
        {"owner_id": None},
        {"owner_id": 99},
        {"due": MONDAY - timedelta(days=1)},
        {"student_id": KHAN},
    ],
)
def test_what_is_missing_or_past_is_not_saved(school: School, wrong: dict[str, object]) -> None:
    incident = fight(school)
    given: dict[str, object] = {"what": "Mediate", "owner_id": CO1, "incident_id": incident, **wrong}
    with pytest.raises(NotUnderstood):
        school.desk().do(agree_action(**given))  # type: ignore[arg-type]
    assert not school.file.value("SELECT count(*) FROM agreed_action")


def test_what_is_dropped_says_why_and_an_end_is_undone(school: School) -> None:
    desk = school.desk()
    action = desk.do(agree_action("Mediate", owner_id=AS1, incident_id=fight(school))).value
    with pytest.raises(NotUnderstood, match="reason"):
        desk.do(end_action(action, "dropped"))
    desk.do(end_action(action, "done"))
    desk.do(undo())
    assert actions_by_id(school.file, [action])[action].open
    desk.do(undo())
    assert actions_by_id(school.file, [action]) == {}
    with pytest.raises(NotUnderstood, match="no such action"):
        desk.do(end_action(action, "done"))


def test_what_somebody_has_done_already_bars_the_undo_of_agreeing_it(school: School) -> None:
    action = school.desk().do(agree_action("Mediate", owner_id=CO1, incident_id=fight(school))).value
    school.desk("CO1").do(end_action(action, "done"))
    with pytest.raises(Refused, match="built on"):
        school.desk().do(undo())


def test_whoever_owes_it_sees_and_ends_it_whatever_their_role_and_nobody_else_below_their_reach(school: School) -> None:
    incident = fight(school)
    desk = school.desk("CO1")
    for owner in (AS2, CV1, AD1, HY8):
        desk.do(agree_action(f"For {owner}", owner_id=owner, incident_id=incident))
    everything = {"For 2", "For 8", "For 6", "For 4"}
    assert seen_by(school, "AS2") == {"For 2"}
    assert seen_by(school, "CV1") == {"For 8"}
    assert seen_by(school, "AD1") == {"For 6"}
    assert seen_by(school, "HY8") == {"For 4"}
    assert seen_by(school, "AS1") == seen_by(school, "BL1") == seen_by(school, "SG1") == everything
    ids = {one.what: one.id for one in actions_of_incidents(school.file, [incident])[incident]}
    for code, mine in (("CV1", "For 8"), ("AD1", "For 6"), ("HY8", "For 4"), ("AS2", "For 2")):
        other = next(one for one in sorted(everything) if one != mine)
        with pytest.raises(NotAllowed):
            school.desk(code).do(end_action(ids[other], "done"))
        school.desk(code).do(end_action(ids[mine], "done"))


def test_a_head_of_year_sees_those_of_their_years(school: School) -> None:
    theirs = fight(school, students=(Part(KHAN, "involved"), Part(REID, "target")))
    school.desk().do(agree_action("Mediate", owner_id=CO1, incident_id=theirs))
    school.desk().do(agree_action("Ring home", owner_id=CO1, incident_id=fight(school)))
    assert seen_by(school, "HY8") == {"Mediate"}
    with pytest.raises(NotAllowed):
        school.desk("HY8").do(agree_action("Ring home", owner_id=CO1, student_id=REID))


def test_an_assistant_agrees_one_for_what_they_wrote_or_whom_they_have_in_the_room_today(school: School) -> None:
    incident = fight(school, "CO1")
    with pytest.raises(NotAllowed):
        school.desk().do(agree_action("Mediate", owner_id=CO1, incident_id=incident))
    with pytest.raises(NotAllowed):
        school.desk().do(agree_action("Mediate", owner_id=CO1, student_id=REID))
    with pytest.raises(NotAllowed, match="needs an incident or a student"):
        school.desk().do(agree_action("Tidy the room", owner_id=AS1))
    school.book(REID)
    school.desk().do(agree_action("Mediate", owner_id=CO1, incident_id=incident))
    school.desk().do(agree_action("Mediate", owner_id=CO1, student_id=REID))


def test_whoever_is_barred_from_a_student_neither_sees_nor_ends_what_they_owe_about_them(school: School) -> None:
    incident = fight(school)
    action = school.desk().do(agree_action("Mediate", owner_id=CO1, incident_id=incident)).value
    school.desk().do(agree_action("Ring home", owner_id=CO1, student_id=REID, incident_id=incident))
    school.desk("AD1").do(bar_student(CO1, OKAFOR, "Daughter"))
    assert seen_by(school, "CO1") == set()
    with pytest.raises(NotAllowed):
        school.desk("CO1").do(end_action(action, "done"))
