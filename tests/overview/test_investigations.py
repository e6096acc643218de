"""An investigation opened: what it gathers, one timeline of it all, and nothing that its reader may not see."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.lending import bar_student
from psc.errors import NotAllowed
from psc.incidents.addenda import add_addendum
from psc.incidents.evidence import keep_evidence
from psc.incidents.incidents import Account, Part, record_incident
from psc.incidents.investigations import (
    add_investigation_event,
    end_investigation,
    gather_incident,
    open_investigation,
)
from psc.incidents.statements import Whose, note_conflict, take_statement
from psc.overview.audit import who_looked
from psc.overview.incidents import open_the_incident
from psc.overview.investigations import (
    RECORDED_APART,
    list_investigations,
    open_the_investigation,
    read_investigation,
)
from psc.overview.statements import read_statement, statement_lines_for
from tests.incidents.test_statements import KHAN, OKAFOR, REID, SAID, a_fight
from tests.school import MONDAY, at

if TYPE_CHECKING:
    from tests.school import School


def an_investigation(school: School) -> int:
    """Two incidents, three statements that do not agree, a recording, and somebody who investigates."""
    fight = a_fight(school)
    one, lead = school.desk(), school.desk("BL1")
    before = lead.do(
        record_incident(
            Account("Verbal abuse", "Shouting at break.", force=True),
            (Part(KHAN, "involved"), Part(REID, "target")),
            at=at("08:40"),
        )
    ).value
    first = one.do(take_statement(fight, Whose(REID, role="involved"), SAID)).value
    second = lead.do(take_statement(fight, Whose(OKAFOR, role="target"), SAID._replace(pages=("He pushed me.",)))).value
    lead.do(
        take_statement(before, Whose(staff_id=7, role="witness"), SAID._replace(starts=at("09:40"), ends=at("09:44")))
    )
    lead.do(note_conflict(first, "Who pushed first.", other_id=second))
    one.do(keep_evidence(fight, "CCTV", "Camera 4", "Site office", MONDAY + timedelta(days=3), at=at("09:36")))
    found = lead.do(open_investigation("Corridor", [fight], "What led to it?")).value
    lead.do(gather_incident(found, before))
    lead.do(add_investigation_event(found, "They met at the gate.", source="Mr Bose", at=at("08:31")))
    return int(found)


def test_it_gathers_everything_in_one_timeline(school: School) -> None:
    found = open_the_investigation(school.desk("CO1"), an_investigation(school))
    assert [(one.happened.strftime("%H:%M"), one.kind, one.words) for one in found.timeline] == [
        ("08:31", "event", "They met at the gate."),
        ("08:40", "incident", "Verbal abuse: Khan, Bilal (involved); Reid, Callum (target)"),
        ("09:00", "incident", "Fighting, Corridor: Reid, Callum (involved); Okafor, Amara (target)"),
        ("09:20", "statement", "statement of Reid, Callum 10F, involved: 2 pages"),
        ("09:20", "statement", "statement of Okafor, Amara 9B, target: 1 page"),
        ("09:36", "evidence", "CCTV: Camera 4"),
        ("09:40", "statement", "statement of K. Bose, witness: 2 pages"),
    ]
    assert [each.restrictive for each in found.incidents] == [True, False]
    assert "restrictive record" in RECORDED_APART
    (noted,) = found.statements[1].conflicts or ()
    assert (noted.other, noted.what) == ("Okafor, Amara 9B", "Who pushed first.")
    looked = who_looked(school.desk("SG1"), KHAN).looks
    assert ("CO1", "opened: investigation 1") in [(one.code, one.what) for one in looked]


def test_a_list_says_what_each_is_about_and_leaves_out_the_closed_where_asked(school: School) -> None:
    one = an_investigation(school)
    lead = school.desk("BL1")
    (line,) = list_investigations(school.file, lead.staff(), MONDAY)
    assert line.words == "2 incidents · Reid, Callum; Okafor, Amara; Khan, Bilal"
    lead.do(end_investigation(one, "closed", "Settled."))
    assert not list_investigations(school.file, lead.staff(), MONDAY, only_open=True)
    assert list_investigations(school.file, lead.staff(), MONDAY)[0].investigation.ends[-1].outcome == "Settled."


def test_a_head_of_year_sees_of_it_the_incidents_of_theirs_and_a_count_of_the_others(school: School) -> None:
    one = an_investigation(school)
    found = open_the_investigation(school.desk("HY8"), one)
    assert ([each.opened.incident.now.category for each in found.incidents], found.not_shown) == (["Verbal abuse"], 1)
    assert all(words not in str(found.timeline) for words in ("Okafor", "Camera", "Fighting"))
    named = read_investigation(
        school.file, one, school.desk("HY8").staff(), school.clock.now(), named_by="print_investigation"
    )
    assert [each.name for each in named.incidents[0].students] == ["Khan, Bilal", "a student not shown to you"]
    assert named.students == (KHAN,)


def test_whoever_is_barred_from_one_of_its_students_never_sees_it(school: School) -> None:
    one = an_investigation(school)
    school.desk("AD1").do(bar_student(3, KHAN, "His uncle"))
    co = school.desk("CO1")
    assert list_investigations(school.file, co.staff(), MONDAY) == ()
    with pytest.raises(NotAllowed):
        open_the_investigation(co, one)
    with pytest.raises(NotAllowed):
        read_investigation(school.file, one, co.staff(), school.clock.now())


def test_an_assistant_sees_their_own_statement_without_what_investigators_note_of_it(school: School) -> None:
    an_investigation(school)
    opened = open_the_incident(school.desk(), 1)
    assert [line.who for line in opened.statement_lines or ()] == ["Reid, Callum 10F, involved"]
    assert (opened.statement_lines or ())[0].conflicts is None
    assert opened.investigation_lines is None
    with pytest.raises(NotAllowed):
        read_statement(school.file, 2, school.desk().staff(), school.clock.now())
    seen = open_the_incident(school.desk("CO1"), 1)
    assert len(seen.statement_lines or ()) == 2
    assert [line.id for line in seen.investigation_lines or ()] == [1]
    assert [line.words(MONDAY) for line in seen.evidence_lines or ()] == ["Site office · kept until 26 Nov"]
    assert statement_lines_for(school.file, [1], school.desk("AS2").staff(), school.clock.now()) == {}


def test_a_statement_says_how_it_was_taken_and_what_was_said_of_it_since(school: School) -> None:
    an_investigation(school)
    school.desk().do(add_addendum("statement", 1, "He asked for his mother."))
    line = read_statement(school.file, 1, school.desk("CO1").staff(), school.clock.now())
    assert line.how(school.file.zone) == (
        "23 Nov 09:20–09:35 by J. Smith, PSC office · 2 pages · in their own hand · read back · nobody for support"
    )
    assert line.since == "1 addendum · 1 conflict"
