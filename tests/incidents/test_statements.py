"""Statements: taken page by page, corrected by who took them, shown to whom they concern, and what does not agree."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psc.database.search_index import unindexed
from psc.desk.acts import undo
from psc.desk.lending import bar_student
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.flows.merge import merge_students
from psc.incidents.addenda import add_addendum
from psc.incidents.incidents import Account, Adult, Part, record_incident, the_incident
from psc.incidents.statements import (
    MOST_PAGES,
    Taken,
    Whose,
    amend_statement,
    conflicts_of,
    note_conflict,
    statements_for,
    statements_of,
    take_statement,
    the_statement,
)
from psc.school.provisional import add_provisional
from psc.text import clean
from tests.school import MONDAY, at

if TYPE_CHECKING:
    from psc.incidents.statements import Statement
    from tests.school import School

REID, OKAFOR, KHAN, NOVAK = 1, 2, 4, 10
FIGHT = Account("Fighting", "Callum pushed Amara by the lockers.", place="Corridor", severity=3)
BOTH = (Part(REID, "involved"), Part(OKAFOR, "target"))
SAID = Taken(
    ("She called me a name.", "Then I pushed her."), at("09:20"), at("09:35"), place="PSC office", read_back=True
)


def a_fight(school: School, code: str = "AS1") -> int:
    """Record a fight at nine, and let it be a quarter to ten."""
    school.clock.moment = at("09:45")
    return school.desk(code).do(record_incident(FIGHT, BOTH, at=at("09:00"))).value


def seen_by(school: School, code: str) -> list[int]:
    """Return the statements that somebody sees."""
    condition, params = statements_for("see_statements", school.desk(code).staff(), MONDAY.isoformat())
    return [one for (one,) in school.file.rows(f"SELECT id FROM statement WHERE {condition} ORDER BY id", params)]


def test_a_statement_keeps_its_pages_who_took_it_and_how(school: School) -> None:
    incident = a_fight(school)
    done = school.desk().do(take_statement(incident, Whose(REID, role="involved"), SAID))
    found = the_statement(school.file, done.value)
    assert found.now == SAID._replace(taken_by="J. Smith")
    assert found.whose == Whose(REID, role="involved")
    assert (found.first.recorded, found.first.why) == (at("09:45"), "")
    assert done.students == (REID, OKAFOR)
    assert unindexed(school.file) == 0
    assert statements_of(school.file, [incident]) == {incident: (found,)}


def test_whoever_is_named_first_by_a_statement_is_named_in_the_incident_from_then_on(school: School) -> None:
    incident = a_fight(school)
    one = school.desk()
    one.do(take_statement(incident, Whose(KHAN), SAID))
    one.do(take_statement(incident, Whose(staff_id=7, role="hurt"), SAID))
    one.do(take_statement(incident, Whose(name="Mrs Hale, cleaner"), SAID))
    one.do(take_statement(incident, Whose(name="mrs hale cleaner"), SAID))
    found = the_incident(school.file, incident)
    assert found.students == (*BOTH, Part(KHAN, "witness"))
    assert found.adults == (Adult(7, "", "hurt"), Adult(None, "Mrs Hale, cleaner", "witness"))
    one.do(undo())
    one.do(undo())
    one.do(undo())
    one.do(undo())
    assert the_incident(school.file, incident).students == BOTH
    assert not statements_of(school.file, [incident])


def test_who_took_it_corrects_it_with_a_reason_and_every_version_stays(school: School) -> None:
    one = school.desk()
    statement = one.do(take_statement(a_fight(school), Whose(REID, role="involved"), SAID)).value
    first = the_statement(school.file, statement)
    better = SAID._replace(pages=("She called me a name.", "Then I pushed her back."), support="Ms Berg")
    with pytest.raises(NeedsReason):
        one.do(amend_statement(statement, better, " ", seen=first.first.id))
    with pytest.raises(Refused, match="Nothing in it has changed"):
        one.do(amend_statement(statement, SAID, "Why not", seen=first.first.id))
    one.do(amend_statement(statement, better, "A word was left out", seen=first.first.id))
    found = the_statement(school.file, statement)
    assert [each.taken.support for each in found.versions] == ["", "Ms Berg"]
    assert found.versions[-1].why == "A word was left out"
    with pytest.raises(Refused, match="Smith has amended it"):
        one.do(amend_statement(statement, SAID, "No", seen=first.first.id))
    with pytest.raises(NotAllowed):
        school.desk("CO1").do(amend_statement(statement, SAID, "No", seen=found.versions[-1].id))
    one.do(undo())
    assert len(the_statement(school.file, statement).versions) == 1
    school.clock.forward(minutes=24 * 60)
    with pytest.raises(Refused, match="locked"):
        one.do(amend_statement(statement, better, "Too late", seen=first.first.id))


@pytest.mark.parametrize(
    ("whose", "taken", "error"),
    [
        (Whose(REID, role="hurt"), SAID, NotUnderstood),
        (Whose(staff_id=7, role="target"), SAID, NotUnderstood),
        (Whose(staff_id=99), SAID, NotUnderstood),
        (Whose(name=" \x1b"), SAID, NotUnderstood),
        (Whose(999), SAID, NotUnderstood),
        (Whose(REID), SAID._replace(pages=()), NotUnderstood),
        (Whose(REID), SAID._replace(pages=(" ", "\n")), NotUnderstood),
        (Whose(REID), SAID._replace(pages=("x" * 20_001,)), NotUnderstood),
        (Whose(REID), SAID._replace(pages=("x",) * (MOST_PAGES + 1)), NotUnderstood),
        (Whose(REID), SAID._replace(place="x" * 401), NotUnderstood),
        (Whose(REID), SAID._replace(taken_by="XX9"), NotUnderstood),
        (Whose(REID), SAID._replace(ends=SAID.starts - timedelta(minutes=1)), Refused),
        (Whose(REID), SAID._replace(ends=at("09:46")), Refused),
        (Whose(REID), SAID._replace(starts=at("09:46"), ends=at("09:46")), Refused),
    ],
)
def test_what_does_not_fit_is_refused_whole(school: School, whose: Whose, taken: Taken, error: type[Exception]) -> None:
    incident = a_fight(school)
    with pytest.raises(error):
        school.desk().do(take_statement(incident, whose, taken))
    assert not school.file.value("SELECT count(*) FROM statement")
    assert the_incident(school.file, incident).students == BOTH


def test_a_page_holds_twenty_thousand_characters_and_an_empty_page_is_left_out(school: School) -> None:
    long = "x" * 20_000
    whole = SAID._replace(pages=(long, " ", "The end"))
    statement = school.desk().do(take_statement(a_fight(school), Whose(REID), whole)).value
    assert the_statement(school.file, statement).now.pages == (long, "The end")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages=st.lists(st.text(min_size=1, max_size=200), min_size=1, max_size=3))
def test_any_words_come_back_as_they_are_kept(school: School, pages: list[str]) -> None:
    kept = tuple(words for page in pages if (words := clean(page, lines=True)))
    incident = a_fight(school)
    if not kept:
        return
    statement = school.desk().do(take_statement(incident, Whose(REID), SAID._replace(pages=tuple(pages)))).value
    assert the_statement(school.file, statement).now.pages == kept


def test_an_assistant_sees_only_what_they_took_or_said_and_a_head_of_year_only_theirs(school: School) -> None:
    incident = a_fight(school)
    school.book(REID)
    taken: list[int] = []
    for code, whose in (("AS1", Whose(REID)), ("CO1", Whose(OKAFOR)), ("AS2", Whose(staff_id=1)), ("BL1", Whose(KHAN))):
        assert seen_by(school, "HY8") == []
        taken.append(school.desk(code).do(take_statement(incident, whose, SAID)).value)
    assert seen_by(school, "AS1") == [taken[0], taken[2]]
    assert seen_by(school, "AS2") == [taken[2]]
    for code in ("CO1", "BL1", "SG1", "HY8"):
        assert seen_by(school, code) == taken
    with pytest.raises(NotAllowed):
        seen_by(school, "AD1")


def test_whoever_is_barred_from_one_of_them_neither_takes_nor_sees_nor_corrects(school: School) -> None:
    incident = a_fight(school)
    statement = school.desk("CO1").do(take_statement(incident, Whose(REID), SAID)).value
    version = the_statement(school.file, statement).first.id
    school.desk("AD1").do(bar_student(3, OKAFOR, "Her aunt"))
    school.desk("AD1").do(bar_student(1, KHAN, "His cousin"))
    assert seen_by(school, "CO1") == []
    co = school.desk("CO1")
    for call in (
        take_statement(incident, Whose(REID), SAID),
        note_conflict(statement, "It was before the bell."),
    ):
        with pytest.raises(NotAllowed):
            co.do(call)
    with pytest.raises(NotAllowed):
        co.do(amend_statement(statement, SAID._replace(place="Hall"), "Why", seen=version))
    with pytest.raises(NotAllowed):
        school.desk().do(take_statement(incident, Whose(KHAN), SAID))


def test_whoever_only_recorded_the_incident_adds_nothing_to_what_others_took(school: School) -> None:
    incident = a_fight(school)
    mine = school.desk().do(take_statement(incident, Whose(REID), SAID)).value
    theirs = school.desk("CO1").do(take_statement(incident, Whose(OKAFOR), SAID)).value
    school.desk().do(add_addendum("statement", mine, "He asked for water."))
    school.desk("BL1").do(add_addendum("statement", mine, "Read by me."))
    with pytest.raises(NotAllowed):
        school.desk().do(add_addendum("statement", theirs, "I was there, too."))


def test_where_two_statements_do_not_agree_is_noted_and_belongs_to_both(school: School) -> None:
    incident = a_fight(school)
    one = school.desk()
    first = one.do(take_statement(incident, Whose(REID, role="involved"), SAID)).value
    second = one.do(take_statement(incident, Whose(OKAFOR, role="target"), SAID)).value
    co = school.desk("CO1")
    co.do(note_conflict(first, "Who pushed first.", other_id=second))
    co.do(note_conflict(second, "The register has her in class."))
    assert [each.what for each in conflicts_of(school.file, [second])] == [
        "Who pushed first.",
        "The register has her in class.",
    ]
    assert [each.other_id for each in conflicts_of(school.file, [first])] == [second]
    for wrong in (note_conflict(first, "Itself", other_id=first), note_conflict(first, " ")):
        with pytest.raises(NotUnderstood):
            co.do(wrong)
    with pytest.raises(NotAllowed):
        one.do(note_conflict(first, "Not mine to say."))
    co.do(undo())
    assert len(conflicts_of(school.file, [second])) == 1


def test_a_merge_keeps_statements_their_versions_and_what_does_not_agree(school: School) -> None:
    incident = a_fight(school)
    new = school.desk("CO1").do(add_provisional("Novak", "P", 9, "9D")).value
    one = school.desk()
    theirs = one.do(take_statement(incident, Whose(new), SAID)).value
    first = the_statement(school.file, theirs).first.id
    one.do(amend_statement(theirs, SAID._replace(scribed=True), "It was scribed", seen=first))
    other = one.do(take_statement(incident, Whose(REID, role="involved"), SAID)).value
    school.desk("CO1").do(note_conflict(other, "She was not there.", other_id=theirs))
    school.desk("AD1").do(merge_students(new, NOVAK))
    found: dict[int | None, Statement] = {
        each.whose.student_id: each for each in statements_of(school.file, [incident])[incident]
    }
    assert set(found) == {REID, NOVAK}
    assert [each.taken.scribed for each in found[NOVAK].versions] == [False, True]
    assert [each.code for each in found[NOVAK].versions] == ["AS1", "AS1"]
    assert [each.other_id for each in conflicts_of(school.file, [found[REID].id])] == [found[NOVAK].id]
    assert Part(NOVAK, "witness") in the_incident(school.file, incident).students
    assert unindexed(school.file) == 0
