"""Incidents: recorded with everybody who was there, corrected by their author, locked after a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.database.search_index import rebuild, unindexed
from psc.desk.acts import undo
from psc.desk.settings import Settings
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.flows.merge import merge_students
from psc.incidents.actions import agree_action
from psc.incidents.incidents import Account, Adult, Part, amend_incident, record_incident, the_incident
from psc.incidents.statements import Taken, Whose, take_statement
from tests.school import FRIDAY_BEFORE, at

if TYPE_CHECKING:
    from tests.school import School

REID, OKAFOR, KHAN = 1, 2, 4
ALI, OTHER_ALI = 6, 7
FIGHT = Account("Fighting", "Callum pushed Amara by the lockers.\nShe pushed back.", place="Corridor", severity=3)
BOTH = (Part(REID, "involved"), Part(OKAFOR, "target"))


def test_an_assistant_records_a_fight_with_both_students_and_the_adult_who_saw_it(school: School) -> None:
    school.clock.moment = at("09:10")
    told = school.desk().do(record_incident(FIGHT, BOTH, [Adult(7, "", "witness")], at=at("09:00")))
    found = the_incident(school.file, told.value)
    assert (found.happened, found.first.recorded, found.first.by) == (at("09:00"), at("09:10"), "J. Smith")
    assert found.students == BOTH
    assert found.adults == (Adult(7, "", "witness"),)
    assert found.now == FIGHT
    assert found.open
    assert told.students == (REID, OKAFOR)


def test_its_author_corrects_it_with_a_reason_and_both_versions_stay(school: School) -> None:
    incident = school.desk().do(record_incident(FIGHT, BOTH)).value
    first = the_incident(school.file, incident).versions[-1].id
    said = FIGHT._replace(behaviour="Amara pushed first.", injury=True)
    with pytest.raises(NeedsReason):
        school.desk().do(amend_incident(incident, said, " ", seen=first))
    swapped = (Part(REID, "target"), Part(OKAFOR, "involved"))
    school.desk().do(amend_incident(incident, said, "A teacher saw it", seen=first, students=swapped))
    found = the_incident(school.file, incident)
    assert [one.account.behaviour for one in found.versions] == [FIGHT.behaviour, "Amara pushed first."]
    assert (found.now.injury, found.versions[-1].why) == (True, "A teacher saw it")
    assert set(found.students) == set(swapped)
    with pytest.raises(Refused, match="Smith has amended it"):
        school.desk().do(amend_incident(incident, FIGHT, "No", seen=first))


def test_nobody_else_corrects_it_and_its_author_not_after_a_day(school: School) -> None:
    incident = school.desk().do(record_incident(FIGHT, BOTH)).value
    seen = the_incident(school.file, incident).versions[-1].id
    with pytest.raises(NotAllowed):
        school.desk("CO1").do(amend_incident(incident, FIGHT, "Better", seen=seen))
    school.clock.forward(minutes=24 * 60)
    with pytest.raises(Refused, match="locked"):
        school.desk().do(amend_incident(incident, FIGHT, "Better", seen=seen))


def test_a_record_made_over_a_day_after_is_entered_late(school: School) -> None:
    incident = school.desk().do(record_incident(FIGHT, BOTH, at=at("08:00", FRIDAY_BEFORE))).value
    assert the_incident(school.file, incident).entered_late(Settings())


@pytest.mark.parametrize(
    ("account", "students"),
    [
        (FIGHT._replace(behaviour=" \x1b"), BOTH),
        (FIGHT._replace(category=""), BOTH),
        (FIGHT._replace(severity=6), BOTH),
        (FIGHT._replace(behaviour="x" * 20_001), BOTH),
        (FIGHT, ()),
        (FIGHT, (Part(REID, "guilty"),)),
    ],
)
def test_what_is_missing_or_not_of_a_list_is_not_saved(
    school: School, account: Account, students: tuple[Part, ...]
) -> None:
    with pytest.raises(NotUnderstood):
        school.desk().do(record_incident(account, students))
    assert not school.file.value("SELECT count(*) FROM incident")


def test_nothing_is_recorded_that_has_not_happened_yet(school: School) -> None:
    with pytest.raises(Refused, match="still to come"):
        school.desk().do(record_incident(FIGHT, BOTH, at=school.clock.now() + timedelta(minutes=1)))


def test_a_head_of_year_records_what_one_of_theirs_was_in_and_nothing_else(school: School) -> None:
    head = school.desk("HY8")
    head.do(record_incident(FIGHT, (Part(KHAN, "involved"), Part(REID, "target"))))
    with pytest.raises(NotAllowed):
        head.do(record_incident(FIGHT, BOTH))


def test_whatever_is_written_is_in_the_index_and_an_index_made_anew_is_the_same(school: School) -> None:
    incident = school.desk().do(record_incident(FIGHT, BOTH, [Adult(7, "", "witness")])).value
    seen = the_incident(school.file, incident).versions[-1].id
    school.desk().do(amend_incident(incident, FIGHT._replace(behaviour="Łukasz saw it"), "A witness", seen=seen))

    def found(words: str) -> list[int]:
        entries = "SELECT e.fact_id FROM search_text t JOIN search_entry e ON e.id = t.rowid"
        return [fact for (fact,) in school.file.rows(f"{entries} WHERE search_text MATCH ?", (words,))]

    assert unindexed(school.file) == 0
    before = [found(words) for words in ('words : "lukasz"*', "who : s1", "who : a1", "who : a7", "who : s4")]
    assert [len(one) for one in before] == [1, 2, 2, 2, 0]
    with school.file.atomic():
        assert rebuild(school.file) == 2
    assert [found(words) for words in ('words : "lukasz"*', "who : s1", "who : a1", "who : a7", "who : s4")] == before


def test_nobody_is_left_out_of_whom_a_statement_or_a_record_of_the_incident_speaks(school: School) -> None:
    incident = school.desk().do(record_incident(FIGHT, BOTH)).value
    seen = the_incident(school.file, incident).versions[-1].id
    now = school.clock.now()
    school.desk().do(take_statement(incident, Whose(student_id=OKAFOR), Taken(("She did.",), now, now)))
    with pytest.raises(Refused, match="a statement of a student whom you leave out"):
        school.desk().do(amend_incident(incident, FIGHT, "Not there", seen=seen, students=BOTH[:1]))
    school.desk("CO1").do(agree_action("Ring home", owner="coordinators", incident_id=incident))
    as_witness = (BOTH[0], Part(OKAFOR, "witness"))
    school.desk().do(amend_incident(incident, FIGHT, "Only saw it", seen=seen, students=as_witness))
    assert the_incident(school.file, incident).students == as_witness


def test_an_amendment_is_not_undone_once_somebody_wrote_of_whom_it_named(school: School) -> None:
    desk = school.desk()
    incident = desk.do(record_incident(FIGHT, BOTH[:1])).value
    seen = the_incident(school.file, incident).versions[-1].id
    desk.do(amend_incident(incident, FIGHT, "She was there", seen=seen, students=BOTH))
    now = school.clock.now()
    school.desk("CO1").do(take_statement(incident, Whose(student_id=OKAFOR), Taken(("I saw it.",), now, now)))
    with pytest.raises(Refused, match="take statement"):
        desk.do(undo())


def test_a_student_who_stood_in_it_twice_stands_there_once_by_what_asks_for_more(school: School) -> None:
    twice = (Part(ALI, "target"), Part(OTHER_ALI, "witness"), Part(REID, "involved"))
    incident = school.desk().do(record_incident(FIGHT, twice)).value
    school.desk("CO1").do(merge_students(OTHER_ALI, ALI))
    found = the_incident(school.file, incident)
    assert set(found.students) == {Part(ALI, "target"), Part(REID, "involved")}
    seen = found.versions[-1].id
    school.desk().do(amend_incident(incident, FIGHT, "Not there", seen=seen, students=twice[2:]))
    assert the_incident(school.file, incident).students == twice[2:]
