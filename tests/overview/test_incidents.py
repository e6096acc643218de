"""Incidents as each reader may see them: the list, and one opened with all that was said of it since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psc.desk.lending import bar_student
from psc.errors import NotAllowed, NotUnderstood
from psc.incidents.actions import agree_action
from psc.incidents.addenda import add_addendum
from psc.incidents.endings import end_incident
from psc.incidents.incidents import Account, Adult, Part, amend_incident, record_incident, the_incident
from psc.incidents.told import tell_of_incident
from psc.overview.incident_parts import NOT_SHOWN
from psc.overview.incidents import list_incidents, open_the_incident
from tests.roster.homes import give_contacts
from tests.school import FRIDAY_BEFORE, MONDAY, at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.overview.incidents import IncidentLine
    from tests.school import School

REID, OKAFOR, LUKASZ, KHAN = 1, 2, 3, 4
CO1, KB, CV1 = 3, 7, 8
FIGHT = Account("Fighting", "Callum pushed Amara by the lockers.", place="Corridor", severity=3)
BOTH = (Part(REID, "involved"), Part(OKAFOR, "target"))


def fight(
    school: School,
    code: str = "AS1",
    students: Sequence[Part] = BOTH,
    adults: Sequence[Adult] = (),
    *,
    when: datetime | None = None,
    said: Account = FIGHT,
) -> int:
    return school.desk(code).do(record_incident(said, students, adults, at=when)).value


def listed(school: School, code: str = "CO1", **asked: Any) -> tuple[IncidentLine, ...]:
    return list_incidents(school.file, school.desk(code).staff(), MONDAY, **asked)


# The list


def test_the_list_has_the_newest_first_with_who_was_in_it_and_what_is_open(school: School) -> None:
    old = fight(school, when=at("08:00", FRIDAY_BEFORE))
    new = fight(school, "CO1", (Part(KHAN, "involved"),), said=FIGHT._replace(category="Vaping", severity=1))
    school.desk("CO1").do(agree_action("Mediate", owner_id=CO1, incident_id=old))
    school.desk("CO1").do(end_incident(new, "closed", "Detention."))
    first, second = listed(school)
    assert (first.id, second.id) == (new, old)
    assert (first.category, first.severity, first.recorded_by, first.open, first.late) == (
        "Vaping", 1, "M. Adebayo", False, False,
    )  # fmt: skip
    assert [(one.student_id, one.name, one.role) for one in second.students] == [
        (REID, "Reid, Callum", "involved"),
        (OKAFOR, "Okafor, Amara", "target"),
    ]
    assert (second.open, second.late, second.actions_open, second.restrictive) == (True, True, 1, "")


def test_it_is_narrowed_by_days_by_student_to_what_is_open_and_to_a_number(school: School) -> None:
    old = fight(school, when=at("08:00", FRIDAY_BEFORE))
    new = fight(school, "CO1", (Part(KHAN, "involved"),))
    school.desk("CO1").do(end_incident(new, "closed", "Detention."))

    def ids(**asked: Any) -> list[int]:
        return [one.id for one in listed(school, **asked)]

    assert ids(first=MONDAY) == [new]
    assert ids(last=FRIDAY_BEFORE) == [old]
    assert ids(student_id=REID) == [old]
    assert ids(only_open=True) == [old]
    assert ids(limit=1) == [new]


def test_an_incident_moved_to_another_day_by_its_author_is_listed_under_that_day(school: School) -> None:
    incident = fight(school)
    seen = the_incident(school.file, incident).versions[-1].id
    yesterday = at("10:00", FRIDAY_BEFORE)
    school.desk().do(amend_incident(incident, FIGHT, "It was Friday", seen=seen, at=yesterday))
    assert listed(school, first=MONDAY) == ()
    assert [one.happened for one in listed(school)] == [yesterday]


@pytest.mark.parametrize(
    ("code", "sees"),
    [
        ("AS1", {"mine", "today"}),
        ("AS2", {"today"}),
        ("CV1", {"there"}),
        ("CO1", {"mine", "today", "there", "year"}),
        ("HY8", {"year"}),
        ("BL1", {"mine", "today", "there", "year"}),
        ("SG1", {"mine", "today", "there", "year"}),
    ],
)
def test_everybody_sees_what_their_role_reaches(school: School, code: str, sees: set[str]) -> None:
    school.book(6)
    named = {
        fight(school): "mine",
        fight(school, "CO1", (Part(6, "involved"),)): "today",
        fight(school, "CO1", (Part(9, "involved"),), [Adult(CV1, "", "witness")]): "there",
        fight(school, "CO1", (Part(10, "involved"), Part(KHAN, "witness"))): "year",
    }
    assert {named[one.id] for one in listed(school, code)} == sees
    for incident, name in named.items():
        if name in sees:
            assert open_the_incident(school.desk(code), incident).incident.id == incident
        else:
            with pytest.raises(NotAllowed):
                open_the_incident(school.desk(code), incident)


def test_an_incident_is_not_for_an_administrator_nor_for_whoever_is_barred_from_one_of_its_students(
    school: School,
) -> None:
    incident = fight(school)
    with pytest.raises(NotAllowed):
        listed(school, "AD1")
    school.desk("AD1").do(bar_student(CO1, OKAFOR, "Daughter"))
    assert listed(school) == ()
    with pytest.raises(NotAllowed):
        open_the_incident(school.desk("CO1"), incident)


def test_cover_reads_what_they_wrote_without_the_names_that_are_not_shown_to_them(school: School) -> None:
    school.book(REID)
    incident = fight(school, "CV1")
    named = [("Reid, Callum", REID), (NOT_SHOWN, None)]
    assert [(one.name, one.student_id) for one in listed(school, "CV1")[0].students] == named
    opened = open_the_incident(school.desk("CV1"), incident)
    assert [(one.name, one.student_id) for one in opened.students] == named
    assert [(one.name, one.student_id) for one in opened.owed] == named


# One opened


def test_opening_one_is_written_down_before_anything_is_shown(school: School) -> None:
    incident = fight(school)
    open_the_incident(school.desk("BL1"), incident)
    line = school.file.row("SELECT seq, actor, act FROM ledger ORDER BY seq DESC LIMIT 1")
    assert line is not None
    assert line[1:] == ("BL1", "open_incident")
    students = school.file.rows("SELECT student_id FROM ledger_student WHERE seq = ? ORDER BY 1", (line[0],))
    assert students == [(REID,), (OKAFOR,)]
    with pytest.raises(NotUnderstood):
        open_the_incident(school.desk("BL1"), 99)


def test_all_that_was_said_of_it_stands_in_place_each_version_with_what_it_changed(school: School) -> None:
    give_contacts(school)
    incident = fight(school, adults=[Adult(KB, "", "witness"), Adult(None, "Mrs Dale", "hurt")])
    seen = the_incident(school.file, incident).versions[-1].id
    said = FIGHT._replace(behaviour="Amara pushed first.", severity=4, injury=True, place="")
    parts = (Part(REID, "target"), Part(LUKASZ, "witness"))
    change = amend_incident(
        incident, said, "CCTV", seen=seen, students=parts, adults=[Adult(KB, "", "witness")], at=at("08:20")
    )
    school.desk().do(change)
    school.desk("CO1").do(add_addendum("incident", incident, "Both parents were rung."))
    tell = tell_of_incident(
        incident, "parent", student_id=REID, contact="Sagal Jama", how="phone", outcome="told", note="Calm"
    )
    school.desk("CO1").do(tell)
    school.desk("CO1").do(agree_action("Mediate", owner_id=CO1, incident_id=incident))
    opened = open_the_incident(school.desk(), incident)
    first, second = opened.versions
    assert (first.account, first.changed, first.why) == (FIGHT, (), "")
    assert second.why == "CCTV"
    assert second.changed == (
        "when it happened", "place, was Corridor", "severity, was 3", "what happened", "injury: yes",
    )  # fmt: skip
    assert opened.adults == ("K. Bose, witness",)
    assert {(one.name, one.role, one.why, one.by) for one in opened.taken_out} == {
        ("Reid, Callum", "involved", "CCTV", "J. Smith"),
        ("Okafor, Amara", "target", "CCTV", "J. Smith"),
        ("Mrs Dale", "hurt", "CCTV", "J. Smith"),
    }
    assert [one.text for one in opened.addenda] == ["Both parents were rung."]
    assert [(one.name, one.note) for one in opened.told] == [
        ("mother", "")
    ]  # not in a room today: contacts are not his
    assert opened.owed == ()
    assert [one.what for one in opened.actions] == ["Mediate"]
    assert (opened.mine, opened.locked, opened.late) == (True, False, False)
    theirs = open_the_incident(school.desk("CO1"), incident)
    assert [(one.name, one.note) for one in theirs.told] == [("mother, Sagal Jama", "Calm")]
    assert not theirs.mine


def test_a_day_later_it_is_locked(school: School) -> None:
    incident = fight(school)
    school.clock.forward(minutes=24 * 60 - 1)
    assert not open_the_incident(school.desk(), incident).locked
    school.clock.forward(minutes=1)
    assert open_the_incident(school.desk(), incident).locked


def test_what_only_the_restrictive_record_may_say_is_a_marker_to_who_may_not_see_it(school: School) -> None:
    held = FIGHT._replace(force=True, prevented=True, kept_as="seclusion")
    incident = fight(school, "CO1", said=held)
    school.book(REID)
    line = listed(school, "AS1")[0]
    assert (line.restrictive, line.force) == ("marker", False)
    opened = open_the_incident(school.desk(), incident)
    assert opened.restrictive_lines is None
    account = opened.incident.now
    assert (account.force, account.prevented, account.kept_as) == (False, False, "")
    assert not any(one.account.force or one.account.kept_as for one in opened.versions)
    line = listed(school, "CO1")[0]
    assert (line.restrictive, line.force) == ("owed", True)
    assert open_the_incident(school.desk("CO1"), incident).incident.now.force


def test_what_an_earlier_version_said_of_force_is_not_for_who_may_not_see_its_record_either(school: School) -> None:
    school.book(REID)
    made = fight(school, "CO1", said=FIGHT._replace(force=True))
    seen = the_incident(school.file, made).versions[-1].id
    school.desk("CO1").do(amend_incident(made, FIGHT, "A mistake", seen=seen))
    assert any("force: no" in one.changed for one in open_the_incident(school.desk("CO1"), made).versions)
    theirs = open_the_incident(school.desk(), made)
    assert theirs.restrictive == ""
    assert not any(one.account.force or one.changed for one in theirs.versions)
