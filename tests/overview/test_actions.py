"""One list of what everybody owes: mine first, overdue first, within what the reader may see."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.lending import bar_student
from psc.desk.settings import change_setting
from psc.errors import NotAllowed
from psc.flows.walk_in import walk_in
from psc.incidents.actions import agree_action, end_action
from psc.incidents.evidence import end_evidence, keep_evidence
from psc.incidents.incidents import Account, Adult, Part, record_incident
from psc.incidents.told import tell_of_incident
from psc.overview.actions import done_lately, owed_by_all
from psc.overview.incident_parts import NOT_SHOWN
from psc.roster.confirmations import Outcome, settle_removal
from psc.roster.home import tell_home
from psc.roster.placements import PlacementType
from tests.incidents.restrained import incident, record
from tests.roster.homes import give_contacts
from tests.school import IER, MONDAY, TUESDAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.overview.due_lines import Owed
    from tests.school import School

REID, OKAFOR, KHAN = 1, 2, 4
AS1, AS2, CO1, HY8, AD1, CV1 = 1, 2, 3, 4, 6, 8
FIGHT = Account("Fighting", "Callum pushed Amara by the lockers.", place="Corridor", severity=2)
BOTH = (Part(REID, "involved"), Part(OKAFOR, "target"))


def fight(
    school: School, code: str = "AS1", students: Sequence[Part] = BOTH, adults: Sequence[Adult] = (), **said: object
) -> int:
    account = FIGHT._replace(**said)  # type: ignore[arg-type]
    return school.desk(code).do(record_incident(account, students, adults)).value


def owed(school: School, code: str = "CO1") -> tuple[Owed, ...]:
    return owed_by_all(school.file, school.desk(code).staff(), school.clock.now())


def kinds(school: School, code: str = "CO1") -> list[tuple[str, str, str, bool]]:
    return [(one.kind, one.student, one.owner, one.mine) for one in owed(school, code)]


def test_mine_stands_first_then_what_is_overdue_then_what_is_due_first(school: School) -> None:
    incident = fight(school)
    for what, owner, day in (
        ("theirs soon", AS2, TUESDAY),
        ("mine later", CO1, TUESDAY + timedelta(days=7)),
        ("theirs today", AS2, MONDAY),
        ("mine today", CO1, MONDAY),
    ):
        school.desk("CO1").do(agree_action(what, owner_id=owner, due=day, incident_id=incident))
    assert [one.what for one in owed(school)] == ["mine today", "mine later", "theirs today", "theirs soon"]
    school.clock.forward(minutes=24 * 60)
    assert [(one.what, one.overdue) for one in owed(school)] == [
        ("mine today", True), ("mine later", False), ("theirs today", True), ("theirs soon", False),
    ]  # fmt: skip
    assert [one.mine for one in owed(school, "AS2")] == [True, True]
    assert owed(school)[0].student == "Reid, Callum; Okafor, Amara"


def test_what_is_done_goes_and_stands_among_what_was_done_with_who_and_when(school: School) -> None:
    incident = fight(school)
    action = school.desk("CO1").do(agree_action("Mediate", owner_id=CO1, incident_id=incident)).value
    school.clock.forward(minutes=60)
    school.desk().do(end_action(action, "dropped", "Both moved"))
    assert owed(school) == ()
    done = done_lately(school.file, school.desk("CO1").staff(), school.clock.now())
    assert [(one.what, one.end) for one in done] == [
        ("Mediate", ("dropped", "Both moved", school.clock.now(), "J. Smith"))
    ]
    school.clock.forward(minutes=31 * 24 * 60)
    assert done_lately(school.file, school.desk("CO1").staff(), school.clock.now()) == ()


@pytest.mark.parametrize("owner", ["coordinators", "the coordinator", "Coordinators", "CO1", "M. Adebayo"])
def test_what_was_given_to_a_role_or_by_a_typed_name_is_theirs(school: School, owner: str) -> None:
    school.desk().do(agree_action("Keep apart?", owner=owner, incident_id=fight(school)))
    assert [one.mine for one in owed(school)] == [True]
    assert [one.mine for one in owed(school, "BL1")] == [False]


def test_parents_are_owed_a_word_of_what_is_serious_until_they_are_told(school: School) -> None:
    give_contacts(school)
    incident = fight(school, severity=3)
    fight(school)
    assert kinds(school, "AS1") == [
        ("parent", "Okafor, Amara", "J. Smith", True),
        ("parent", "Reid, Callum", "J. Smith", True),
    ]
    assert {one.due for one in owed(school)} == {MONDAY}
    assert kinds(school, "AS2") == []
    for outcome in ("no answer", "told"):
        assert len(owed(school)) == 2
        tell = tell_of_incident(incident, "parent", student_id=REID, contact="Sagal Jama", how="phone", outcome=outcome)
        school.desk().do(tell)
    assert [one.student for one in owed(school)] == ["Okafor, Amara"]
    school.desk("AD1").do(change_setting("incident_tell_severity", 4, from_day=TUESDAY))
    school.clock.forward(minutes=24 * 60)
    # It is judged by what held on its day.
    assert [(one.student, one.overdue) for one in owed(school)] == [("Okafor, Amara", True)]


def test_clocks_of_force_are_for_who_wrote_it_and_for_who_reviews_and_for_nobody_else(school: School) -> None:
    fight(school, "CO1", force=True)
    assert {(one.kind, one.what, one.mine) for one in owed(school)} == {
        ("record", "Record of force", True),
        ("record", "Tell each parent of force", True),
    }
    assert {one.mine for one in owed(school, "BL1")} == {False}
    school.book(REID)
    assert "record" not in {one.kind for one in owed(school, "AS1")}


def test_homes_of_today_s_removals_and_the_removals_themselves(school: School) -> None:
    give_contacts(school)
    removal = walk_in(REID, IER, PlacementType.REMOVAL, "Defiance")
    school.clock.forward(minutes=30)
    school.desk().do(removal)
    assert kinds(school, "AS1") == [
        ("home", "Reid, Callum", "IER", True),
        ("confirm", "Reid, Callum", "coordinator", False),
    ]
    assert {(one.kind, one.mine) for one in owed(school)} == {("home", True), ("confirm", True)}
    assert [one.kind for one in owed(school, "CV1")] == []
    assert [one.kind for one in owed(school, "HY8")] == []
    placement = owed(school)[0].where.placement_id or owed(school)[1].where.placement_id or 0
    school.desk().do(tell_home(REID, "Sagal Jama", "phone", "told"))
    school.desk("CO1").do(settle_removal(placement, Outcome.CONFIRMED))
    assert owed(school) == ()


def test_evidence_stands_there_before_it_is_written_over(school: School) -> None:
    incident = fight(school)
    soon = school.desk().do(keep_evidence(incident, "CCTV", "Camera 4", "Office", TUESDAY)).value
    school.desk().do(keep_evidence(incident, "CCTV", "Camera 5", "Office", MONDAY + timedelta(days=21)))
    assert [(one.kind, one.what, one.due, one.mine) for one in owed(school)] == [
        ("evidence", "CCTV is kept until tomorrow: Camera 4", TUESDAY, True)
    ]
    school.desk("CO1").do(end_evidence(soon, "saved"))
    assert owed(school) == ()


def test_whoever_owes_something_sees_it_whatever_their_role_and_names_only_as_far_as_shown(school: School) -> None:
    incident = fight(school, adults=[Adult(CV1, "", "witness")])
    for owner in (CV1, AD1, HY8):
        school.desk("CO1").do(agree_action("Write it up", owner_id=owner, incident_id=incident))
    for code in ("CV1", "AD1"):
        assert [(one.student, one.mine) for one in owed(school, code) if one.mine] == [
            (f"{NOT_SHOWN}; {NOT_SHOWN}", True)
        ]
    assert [one.student for one in owed(school, "HY8")] == ["Reid, Callum; Okafor, Amara"]
    school.desk("AD1").do(bar_student(HY8, REID, "Son"))
    assert owed(school, "HY8") == ()


def test_a_head_of_year_has_their_years(school: School) -> None:
    fight(school, "CO1", severity=4)
    fight(school, "CO1", (Part(KHAN, "involved"), Part(REID, "witness")), severity=4)
    assert kinds(school, "HY8") == [("parent", "Khan, Bilal", "M. Adebayo", False)]


def test_it_is_for_nobody_who_does_not_sign_in(school: School) -> None:
    with pytest.raises(NotAllowed):
        owed(school, "KB")


def test_a_clock_of_a_record_of_another_year_s_student_is_not_for_the_head_of_year(school: School) -> None:
    of = incident(school, students=(Part(REID, "involved"), Part(KHAN, "witness")))
    made = record(school, of=of)
    assert any(one.where.restrictive_id == made for one in owed(school, "BL1"))
    assert not [one for one in owed(school, "HY8") if one.where.restrictive_id]
