"""Agreed actions: by whom, by when, done by whoever owes it, and who sees which."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.desk.staff_acts import add_staff
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.incidents.actions import actions_by_id, actions_for, actions_of_incidents, actions_of_student, actions_where
from psc.incidents.actions import agree_action, end_action
from psc.incidents.incidents import Account, Adult, Part, record_incident
from psc.incidents.looks import open_incident
from psc.overview.incidents import list_incidents, open_the_incident
from tests.school import MONDAY

if TYPE_CHECKING:
    from tests.school import School

REID, OKAFOR, KHAN = 1, 2, 4
AS1, AS2, CO1, HY8, BL1, AD1, KB, CV1, SG1 = range(1, 10)
FIGHT = Account("Fighting", "Callum pushed Amara by the lockers.", place="Corridor", severity=3)
BOTH = (Part(REID, "involved"), Part(OKAFOR, "target"))


def recorded(school: School, code: str = "AS1", students: tuple[Part, ...] = BOTH) -> int:
    return school.desk(code).do(record_incident(FIGHT, students)).value


def test_smoke(school: School) -> None:
    incident = recorded(school)
    a = school.desk().do(agree_action("Ring the form tutor", owner_id=CO1, incident_id=incident)).value
    print(open_the_incident(school.desk("CO1"), incident))
    print(list_incidents(school.file, school.desk("CO1").staff(), MONDAY))
    print(actions_by_id(school.file, [a]))
