"""What stands beside a record: addenda, who was told, how it ended, people named later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.desk.lending import bar_student
from psc.desk.search_index import unindexed
from psc.desk.settings import Settings
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.incidents.addenda import add_addendum, addenda_of
from psc.incidents.endings import add_to_incident, end_incident
from psc.incidents.incidents import Account, Adult, Part, amend_incident, record_incident, the_incident
from psc.incidents.told import parents_owed, tell_of_incident, told_of
from psc.roster.home import home_contacts_on
from tests.roster.homes import at_home
from tests.school import FRIDAY_BEFORE, MONDAY, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.school import School

REID, OKAFOR, LUKASZ, KHAN = 1, 2, 3, 4
KB, CV1 = 7, 8
FIGHT = Account("Fighting", "Callum pushed Amara by the lockers.", place="Corridor", severity=3)
BOTH = (Part(REID, "involved"), Part(OKAFOR, "target"))


def fight(school: School, code: str = "AS1", students: Sequence[Part] = BOTH, adults: Sequence[Adult] = ()) -> int:
    return school.desk(code).do(record_incident(FIGHT, students, adults)).value
