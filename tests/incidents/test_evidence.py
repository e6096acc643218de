"""Evidence: references with a day until which they are kept, and what became of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.incidents.evidence import end_evidence, evidence_of, evidence_with_a_day, keep_evidence
from tests.incidents.test_statements import a_fight
from tests.school import FRIDAY_BEFORE, MONDAY, at

if TYPE_CHECKING:
    from tests.school import School

CAMERA = "Camera 4, science corridor, 08:55 to 09:05"


def test_a_recording_is_kept_until_a_day_and_then_saved(school: School) -> None:
    incident = a_fight(school)
    until = MONDAY + timedelta(days=28)
    one = school.desk().do(keep_evidence(incident, "CCTV", CAMERA, "Site office", until, at=at("09:30"))).value
    (found,) = evidence_of(school.file, [incident])[incident]
    assert (found.what, found.keep_until, found.happened, found.by) == (CAMERA, until, at("09:30"), "J. Smith")
    assert not found.runs_out(school.file, MONDAY, 5)
    assert found.runs_out(school.file, until - timedelta(days=7), 5)
    assert [each.id for each in evidence_with_a_day(school.file)] == [one]
    school.desk("CO1").do(end_evidence(one, "saved", "On the drive of the behaviour lead"))
    (found,) = evidence_of(school.file, [incident])[incident]
    assert found.end is not None
    assert (found.end.how, found.end.by) == ("saved", "M. Adebayo")
    assert not found.runs_out(school.file, until, 5)
    assert evidence_with_a_day(school.file) == ()
    with pytest.raises(Refused, match="saved already"):
        school.desk("BL1").do(end_evidence(one, "lost"))
    school.desk("CO1").do(undo())
    assert [each.id for each in evidence_with_a_day(school.file)] == [one]


def test_what_does_not_fit_is_refused(school: School) -> None:
    incident = a_fight(school)
    one = school.desk()
    for wrong in (keep_evidence(incident, "rumour", CAMERA), keep_evidence(incident, "CCTV", " ")):
        with pytest.raises(NotUnderstood):
            one.do(wrong)
    for late in (
        keep_evidence(incident, "CCTV", CAMERA, "", FRIDAY_BEFORE),
        keep_evidence(incident, "CCTV", CAMERA, at=at("09:46")),
    ):
        with pytest.raises(Refused):
            one.do(late)
    kept = one.do(keep_evidence(incident, "object", "A ruler")).value
    with pytest.raises(NotAllowed):
        one.do(end_evidence(kept, "returned"))
    co = school.desk("CO1")
    with pytest.raises(NotUnderstood):
        co.do(end_evidence(kept, "eaten"))
    with pytest.raises(NotUnderstood):
        co.do(end_evidence(999, "lost"))
    with pytest.raises(Refused, match="ends before it begins"):
        co.do(end_evidence(kept, "returned", at=at("09:44")))
