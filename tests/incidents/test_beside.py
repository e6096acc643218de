"""What stands beside a record: addenda, who was told, how it ended, people named later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.database.search_index import unindexed
from psc.desk.acts import undo
from psc.desk.lending import bar_student
from psc.desk.settings import Settings
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.incidents.addenda import add_addendum, addenda_of
from psc.incidents.endings import add_to_incident, end_incident
from psc.incidents.incidents import Account, Adult, Part, amend_incident, record_incident, the_incident
from psc.incidents.notes import write_note, write_restricted_note
from psc.incidents.told import parents_owed, tell_of_incident, told_of
from psc.roster.corrections import correct_fact, remove_fact
from psc.roster.home import home_contacts_on
from tests.roster.homes import give_contacts
from tests.school import FRIDAY_BEFORE, MONDAY, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.desk.acts import Call
    from tests.school import School

REID, OKAFOR, LUKASZ, KHAN = 1, 2, 3, 4
KB, CV1 = 7, 8
FIGHT = Account("Fighting", "Callum pushed Amara by the lockers.", place="Corridor", severity=3)
BOTH = (Part(REID, "involved"), Part(OKAFOR, "target"))


def fight(school: School, code: str = "AS1", students: Sequence[Part] = BOTH, adults: Sequence[Adult] = ()) -> int:
    return school.desk(code).do(record_incident(FIGHT, students, adults)).value


# Addenda


def test_an_addendum_stands_beside_the_record_by_whom_and_when_and_is_found_by_its_words(school: School) -> None:
    incident = fight(school)
    school.clock.forward(minutes=3 * 24 * 60)  # locked long ago
    school.desk("CO1").do(add_addendum("incident", incident, "CCTV shows it.\nAmara did not push."))
    found = addenda_of(school.file, "incident", [incident])[incident]
    assert [(one.text, one.recorded, one.by) for one in found] == [
        ("CCTV shows it.\nAmara did not push.", school.clock.now(), "M. Adebayo")
    ]
    assert the_incident(school.file, incident).now == FIGHT
    assert unindexed(school.file) == 0


@pytest.mark.parametrize("text", ["", " \x1b\u200b", "x" * 20_001])
def test_an_addendum_without_words_or_too_long_is_not_saved(school: School, text: str) -> None:
    incident = fight(school)
    with pytest.raises(NotUnderstood):
        school.desk().do(add_addendum("incident", incident, text))
    assert addenda_of(school.file, "incident", [incident]) == {}


def test_an_addendum_goes_to_what_is_there_and_is_undone(school: School) -> None:
    incident = fight(school)
    for kind in ("incident", "statement", "restrictive", "note"):
        with pytest.raises(NotUnderstood, match="no such"):
            school.desk().do(add_addendum(kind, 99, "More"))
    with pytest.raises(NotUnderstood, match="Nothing is added"):
        school.desk().do(add_addendum("retraction", 1, "More"))  # type: ignore[arg-type]
    school.desk().do(add_addendum("incident", incident, "More"))
    school.desk().do(undo())
    assert addenda_of(school.file, "incident", [incident]) == {}


def test_whoever_may_see_an_incident_adds_to_it_and_nobody_else(school: School) -> None:
    incident = fight(school, students=(*BOTH, Part(KHAN, "witness")), adults=[Adult(CV1, "", "witness")])
    others = fight(school)
    for code in ("AS1", "CO1", "HY8", "BL1", "SG1", "CV1"):
        school.desk(code).do(add_addendum("incident", incident, f"From {code}"))
    for code, which in (("AS2", incident), ("CV1", others), ("HY8", others), ("AD1", others)):
        with pytest.raises(NotAllowed):
            school.desk(code).do(add_addendum("incident", which, "More"))
    school.book(OKAFOR)  # in the room today: an assistant has what concerns her before them
    school.desk("AS2").do(add_addendum("incident", incident, "She told me the same"))
    school.desk("AD1").do(bar_student(2, KHAN, "Son"))
    with pytest.raises(NotAllowed):
        school.desk("AS2").do(add_addendum("incident", incident, "More"))


@pytest.mark.parametrize(
    ("visibility", "may"),
    [("room", "AS1 AS2 CO1 HY8 BL1 SG1"), ("year team", "AS1 CO1 HY8 BL1 SG1"), ("restricted", "SG1")],
)
def test_to_a_note_adds_who_may_see_it_and_to_a_restricted_one_who_may_write_it(
    school: School, visibility: str, may: str
) -> None:
    school.book(KHAN)
    if visibility == "restricted":
        note = school.desk("SG1").do(write_restricted_note(KHAN, "Told me of home.")).value
    else:
        note = school.desk().do(write_note(KHAN, "Tired today.", visibility=visibility)).value
    for code in ("AS1", "AS2", "CO1", "HY8", "BL1", "SG1"):
        if code in may.split():
            school.desk(code).do(add_addendum("note", note, "Slept badly."))
        else:
            with pytest.raises(NotAllowed):
                school.desk(code).do(add_addendum("note", note, "Slept badly."))


# Told


def tell(incident: int, student: int = REID, outcome: str = "told", **more: object) -> Call[int]:
    given = {"contact": "Sagal Jama", "how": "phone", "outcome": outcome, "note": "", **more}
    return tell_of_incident(incident, "parent", student_id=student, **given)  # type: ignore[arg-type]


def test_a_parent_told_of_an_incident_is_home_told_on_the_board_too(school: School) -> None:
    give_contacts(school)
    incident = fight(school)
    found = the_incident(school.file, incident)
    assert parents_owed(found, (), Settings()) == (REID, OKAFOR)
    school.clock.forward(minutes=30)
    school.desk().do(tell(incident, outcome="no answer", at=at("08:40")))
    school.desk().do(tell(incident, note="She thanked us", at=at("08:50")))
    told = told_of(school.file, [incident])[incident]
    assert [(one.who, one.student_id, one.name, one.outcome, one.happened, one.by, one.note) for one in told] == [
        ("parent", REID, "mother, Sagal Jama", "no answer", at("08:40"), "J. Smith", ""),
        ("parent", REID, "mother, Sagal Jama", "told", at("08:50"), "J. Smith", "She thanked us"),
    ]
    assert parents_owed(found, told[:1], Settings()) == (REID, OKAFOR)
    assert parents_owed(found, told, Settings()) == (OKAFOR,)
    assert [one.outcome for one in home_contacts_on(school.file, MONDAY)[REID]] == ["no answer", "told"]
    school.desk().do(undo())
    assert len(told_of(school.file, [incident])[incident]) == 1
    assert len(home_contacts_on(school.file, MONDAY)[REID]) == 1


def test_a_word_to_home_that_is_corrected_or_taken_back_on_the_timeline_is_so_of_the_incident_too(
    school: School,
) -> None:
    give_contacts(school)
    incident = fight(school)
    school.clock.forward(minutes=30)
    school.desk().do(tell(incident, at=at("08:50")))
    home = school.file.value("SELECT home_contact_id FROM incident_told")
    copy = school.desk().do(correct_fact("home_contact", home, "Typed wrongly", at=at("08:40"))).value
    (told,) = told_of(school.file, [incident])[incident]
    assert (told.outcome, told.happened) == ("told", at("08:40"))
    school.desk().do(remove_fact("home_contact", copy, "It was another mother"))
    assert told_of(school.file, [incident]) == {}
    school.desk().do(undo())
    assert [one.happened for one in told_of(school.file, [incident])[incident]] == [at("08:40")]


def test_parents_of_those_who_only_saw_it_are_owed_nothing_nor_of_what_is_slight(school: School) -> None:
    seen = the_incident(school.file, fight(school, students=(Part(REID, "involved"), Part(OKAFOR, "witness"))))
    assert parents_owed(seen, (), Settings()) == (REID,)
    assert parents_owed(seen, (), Settings(incident_tell_severity=4)) == ()


def test_of_the_safeguarding_lead_only_who_and_when_is_kept(school: School) -> None:
    incident = fight(school)
    school.desk().do(tell_of_incident(incident, "safeguarding lead", name="Ada Finch"))
    told = told_of(school.file, [incident])[incident]
    assert [(one.who, one.name, one.outcome, one.note) for one in told] == [
        ("safeguarding lead", "Ada Finch", "told", "")
    ]
    with pytest.raises(NotUnderstood, match="only who and when"):
        school.desk().do(tell_of_incident(incident, "safeguarding lead", name="Ada Finch", note="He said that"))
    with pytest.raises(NotUnderstood, match="who was told"):
        school.desk().do(tell_of_incident(incident, "safeguarding lead"))


def test_a_word_is_refused_before_it_happened_in_the_future_and_for_whom_it_is_not_about(school: School) -> None:
    give_contacts(school)
    give_contacts(school, KHAN)
    incident = fight(school)
    with pytest.raises(Refused, match="before it happened"):
        school.desk().do(tell(incident, at=at("08:00")))
    with pytest.raises(Refused, match="still to come"):
        school.desk().do(tell(incident, at=at("09:00")))
    for call in (
        tell(incident, student=KHAN),
        tell(incident, contact="Liban Reid"),
        tell(incident, how="pigeon"),
        tell(incident, outcome="perhaps"),
        tell_of_incident(incident, "parent", contact="Sagal Jama", how="phone", outcome="told"),
        tell_of_incident(incident, "governor", name="Ada"),
    ):
        with pytest.raises(NotUnderstood):
            school.desk().do(call)
    assert told_of(school.file, [incident]) == {}


def test_a_word_of_yesterday_is_written_today(school: School) -> None:
    give_contacts(school)
    incident = school.desk().do(record_incident(FIGHT, BOTH, at=at("09:00", FRIDAY_BEFORE))).value
    school.desk().do(tell(incident, at=at("15:00", FRIDAY_BEFORE)))
    assert home_contacts_on(school.file, FRIDAY_BEFORE)[REID][0].outcome == "told"


def test_who_was_there_tells_home_without_being_told_whom_the_school_has(school: School) -> None:
    give_contacts(school)
    incident = fight(school, adults=[Adult(CV1, "", "witness")])
    with pytest.raises(NotUnderstood) as wrong:
        school.desk("CV1").do(tell(incident, contact="nobody"))
    assert "Sagal" not in str(wrong.value)
    assert "Kim" not in str(wrong.value)
    school.desk("CV1").do(tell(incident, contact="Sagal Jama"))
    with pytest.raises(NotAllowed):
        school.desk("AS2").do(tell(incident))


# Endings


def test_an_incident_is_closed_with_an_outcome_and_opened_again(school: School) -> None:
    incident = fight(school)
    desk = school.desk("CO1")
    desk.do(end_incident(incident, "closed", "Both apologised."))
    found = the_incident(school.file, incident)
    assert (found.open, found.outcome) == (False, "Both apologised.")
    with pytest.raises(Refused, match=r"closed already: M\. Adebayo, 08:30"):
        school.desk("BL1").do(end_incident(incident, "closed", "Nothing more."))
    school.clock.forward(minutes=1)
    school.desk("BL1").do(end_incident(incident, "reopened", "A parent rang."))
    assert the_incident(school.file, incident).open
    with pytest.raises(Refused, match="open already"):
        desk.do(end_incident(incident, "reopened", "Again"))
    school.desk("BL1").do(undo())
    assert not the_incident(school.file, incident).open


def test_it_is_closed_by_whom_it_is_for_and_with_words(school: School) -> None:
    incident = fight(school)
    for code in ("AS1", "CV1", "HY8", "AD1"):
        with pytest.raises(NotAllowed):
            school.desk(code).do(end_incident(incident, "closed", "Done"))
    for state, outcome in (("closed", " "), ("closed", "x" * 20_001), ("lost", "Done")):
        with pytest.raises(NotUnderstood):
            school.desk("CO1").do(end_incident(incident, state, outcome))  # type: ignore[arg-type]


# People named later


def test_people_are_named_later_with_a_reason_that_stands_beside_it(school: School) -> None:
    incident = fight(school)
    school.clock.forward(minutes=2 * 24 * 60)
    more = [Part(LUKASZ, "witness")], [Adult(KB, "", "witness"), Adult(None, "A dinner lady", "hurt")]
    with pytest.raises(NeedsReason):
        school.desk("CO1").do(add_to_incident(incident, *more, " "))
    done = school.desk("CO1").do(add_to_incident(incident, *more, "CCTV shows them"))
    assert (done.value, done.students) == (3, (REID, OKAFOR, LUKASZ))
    found = the_incident(school.file, incident)
    assert found.students == (*BOTH, Part(LUKASZ, "witness"))
    assert {one.name or one.staff_id for one in found.adults} == {KB, "A dinner lady"}
    assert [one.text for one in addenda_of(school.file, "incident", [incident])[incident]] == ["CCTV shows them"]
    found_by = "SELECT count(*) FROM search_text WHERE search_text MATCH 'who : s3'"
    assert school.file.value(found_by) == 2  # the account and the reason are his now, too
    school.desk("CO1").do(undo())
    assert the_incident(school.file, incident).students == BOTH
    assert addenda_of(school.file, "incident", [incident]) == {}


def test_nobody_s_part_is_changed_by_naming_them_later(school: School) -> None:
    incident = fight(school, adults=[Adult(KB, "", "witness")])
    for students, adults in (
        ([Part(REID, "witness")], []),
        ([Part(REID, "involved")], []),
        ([], [Adult(KB, "", "hurt")]),
        ([], []),
        ([Part(LUKASZ, "guilty")], []),
    ):
        with pytest.raises(NotUnderstood):
            school.desk("CO1").do(add_to_incident(incident, students, adults, "CCTV"))
    assert the_incident(school.file, incident).students == BOTH


def test_whoever_reaches_it_names_anybody_but_whom_they_are_barred_from(school: School) -> None:
    theirs = fight(school, "HY8", (Part(KHAN, "involved"),))
    school.desk("HY8").do(add_to_incident(theirs, [Part(REID, "target")], [], "He told me"))
    school.desk("AD1").do(bar_student(4, OKAFOR, "Daughter"))
    with pytest.raises(NotAllowed, match="not shown"):
        school.desk("HY8").do(add_to_incident(theirs, [Part(OKAFOR, "target")], [], "He told me"))
    with pytest.raises(NotUnderstood, match="no such student"):
        school.desk("HY8").do(add_to_incident(theirs, [Part(999, "target")], [], "He told me"))
    school.file.execute("UPDATE student SET merged_into = 1 WHERE id = 2")
    with pytest.raises(Refused, match="merged"):
        school.desk("CO1").do(add_to_incident(theirs, [Part(OKAFOR, "target")], [], "He told me"))


def test_what_stands_on_an_incident_bars_its_undo_and_nothing_of_it_is_ever_rewritten(school: School) -> None:
    incident = fight(school)
    school.desk("CO1").do(add_addendum("incident", incident, "More"))
    with pytest.raises(Refused, match="built on"):
        school.desk().do(undo())
    for table in ("incident", "incident_version", "incident_addendum"):
        for attack in (f"UPDATE {table} SET day = '2020-01-01'", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match=r"append-only|never"):
                school.file.execute(attack)


def test_an_undone_amendment_puts_back_who_was_there(school: School) -> None:
    incident = fight(school)
    seen = the_incident(school.file, incident).versions[-1].id
    alone = (Part(REID, "involved"),)
    school.desk().do(amend_incident(incident, FIGHT, "She was elsewhere", seen=seen, students=alone))
    assert the_incident(school.file, incident).students == alone
    school.desk().do(undo())
    assert set(the_incident(school.file, incident).students) == set(BOTH)
    assert len(the_incident(school.file, incident).versions) == 1
