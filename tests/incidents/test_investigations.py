"""Investigations: opened of incidents, gathering more, with events of their own, closed with an outcome, reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.desk.lending import bar_student
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.incidents.incidents import Account, Part, record_incident
from psc.incidents.investigations import (
    add_investigation_event,
    end_investigation,
    gather_incident,
    investigations_for,
    investigations_of,
    open_investigation,
    open_investigation_file,
    the_investigation,
)
from tests.incidents.test_statements import KHAN, OKAFOR, REID, a_fight
from tests.school import MONDAY, at

if TYPE_CHECKING:
    from tests.school import School


def another(school: School) -> int:
    """Record what came before, of a student of year 8 and one of year 10."""
    before = Account("Verbal abuse", "Shouting at break.")
    both = (Part(KHAN, "involved"), Part(REID, "target"))
    return school.desk("CO1").do(record_incident(before, both, at=at("08:40"))).value


def seen_by(school: School, code: str) -> list[int]:
    """Return the investigations that somebody sees."""
    condition, params = investigations_for("see_investigations", school.desk(code).staff(), MONDAY.isoformat())
    return [one for (one,) in school.file.rows(f"SELECT id FROM investigation WHERE {condition}", params)]


def test_an_investigation_gathers_incidents_and_events_is_closed_and_opened_again(school: School) -> None:
    fight, before = a_fight(school), another(school)
    lead = school.desk("BL1")
    opened = lead.do(open_investigation("Year 9 and 10 corridor", [fight], "What led to it?"))
    assert opened.students == (REID, OKAFOR)
    gathered = lead.do(gather_incident(opened.value, before))
    assert gathered.students == (REID, OKAFOR, KHAN)
    lead.do(add_investigation_event(opened.value, "The bell rang late.", source="Bell log", at=at("08:52")))
    lead.do(add_investigation_event(opened.value, "They met at the gate.", at=at("08:31")))
    found = the_investigation(school.file, opened.value)
    assert (found.title, found.incidents, found.open) == ("Year 9 and 10 corridor", (fight, before), True)
    assert [(one.what, one.source) for one in found.events] == [
        ("They met at the gate.", ""),
        ("The bell rang late.", "Bell log"),
    ]
    assert investigations_of(school.file, before) == (opened.value,)
    lead.do(end_investigation(opened.value, "closed", "Both apologised."))
    for call in (
        gather_incident(opened.value, before),
        add_investigation_event(opened.value, "Too late."),
        end_investigation(opened.value, "closed", "Again."),
    ):
        with pytest.raises(Refused, match=r"closed by R\. Okoro on 23 Nov"):
            school.desk("CO1").do(call)
    school.desk("CO1").do(end_investigation(opened.value, "reopened", "A parent has written."))
    assert the_investigation(school.file, opened.value).open
    school.desk("CO1").do(undo())
    assert not the_investigation(school.file, opened.value).open


def test_what_does_not_fit_is_refused(school: School) -> None:
    fight = a_fight(school)
    lead = school.desk("BL1")
    one = lead.do(open_investigation("Corridor", [fight])).value
    for wrong in (
        open_investigation(" ", [fight]),
        open_investigation("None", []),
        open_investigation("Nothing", [999]),
        add_investigation_event(one, " "),
        end_investigation(one, "closed", " "),
        end_investigation(one, "forgotten", "Yes"),
    ):
        with pytest.raises(NotUnderstood):
            lead.do(wrong)
    for late in (
        gather_incident(one, fight),
        add_investigation_event(one, "Tomorrow", at=at("09:46")),
        end_investigation(one, "reopened", "It is open"),
    ):
        with pytest.raises(Refused):
            lead.do(late)


def test_it_is_undone_until_something_hangs_on_it_and_the_incident_not_while_it_stands(school: School) -> None:
    fight = a_fight(school, "CO1")
    co = school.desk("CO1")
    one = co.do(open_investigation("Corridor", [fight])).value
    school.desk("BL1").do(add_investigation_event(one, "Somebody rang."))
    with pytest.raises(Refused, match="built on"):
        co.do(undo())
    school.desk("BL1").do(undo())
    co.do(undo())
    with pytest.raises(NotUnderstood):
        the_investigation(school.file, one)
    assert investigations_of(school.file, fight) == ()


def test_who_reaches_one(school: School) -> None:
    one = school.desk("CO1").do(open_investigation("Corridor", [a_fight(school)])).value
    assert [code for code in ("CO1", "BL1", "SG1", "HY8") if one in seen_by(school, code)] == ["CO1", "BL1", "SG1"]
    head = school.desk("HY8")
    with pytest.raises(NotAllowed):
        head.do(open_investigation_file(one))
    school.desk("CO1").do(gather_incident(one, another(school)))
    assert seen_by(school, "HY8") == [one]
    assert head.do(open_investigation_file(one)).students == (REID, OKAFOR, KHAN)
    school.desk("AD1").do(bar_student(4, OKAFOR, "Her aunt"))
    assert seen_by(school, "HY8") == []
    with pytest.raises(NotAllowed):
        head.do(open_investigation_file(one))
    for code in ("AS1", "CV1", "AD1", "KB"):
        with pytest.raises(NotAllowed):
            seen_by(school, code)
