"""Alerts: added and ended by whoever keeps students safe, and left alone by imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.overview.chronology import StoryKind, chronology
from psc.overview.private import alerts_for
from psc.school.alerts import KINDS, add_alert, end_alert, standing_alerts
from tests.desk.refusals import refused
from tests.school import MONDAY

if TYPE_CHECKING:
    from tests.school import School

REID, KHAN = 1, 4


def test_an_alert_is_added_seen_and_ended_with_a_reason(school: School) -> None:
    lead = school.desk("SG1")
    alert = lead.do(add_alert(REID, "strategy", "Sit near the door", emergency=False)).value
    urgent = lead.do(add_alert(REID, "medical", "Epilepsy: time it", emergency=True)).value
    staff = school.desk("CO1").staff()
    assert [(one.kind, one.emergency) for one in alerts_for(school.file, [REID], staff, MONDAY, MONDAY)[REID]] == [
        ("medical", True),
        ("strategy", False),
    ]
    assert [one.id for one in standing_alerts(school.file, REID, lead.staff(), MONDAY)] == [urgent, alert]
    school.clock.forward(minutes=5)
    lead.do(end_alert(alert, "no longer needed"))
    assert [one.id for one in standing_alerts(school.file, REID, lead.staff(), MONDAY)] == [urgent]
    told = chronology(school.file, REID, staff, school.clock.now(), kinds={StoryKind.ALERT})
    assert [one.words for one in told] == [
        "Alert ended, strategy: Sit near the door",
        "Alert, medical: Epilepsy: time it",
        "Alert, strategy: Sit near the door",
    ]
    assert told[0].more == "no longer needed"


def test_what_is_missing_or_over_is_refused(school: School) -> None:
    lead = school.desk("SG1")
    alert = lead.do(add_alert(KHAN, "other", "Ask about the bus")).value
    assert KINDS[0] in refused(lead, add_alert(KHAN, "gossip", "no"), kind=NotUnderstood)
    refused(lead, add_alert(KHAN, "other", "  "), kind=NotUnderstood)
    assert "400" in refused(lead, add_alert(KHAN, "other", "x" * 401), kind=NotUnderstood)
    refused(lead, end_alert(alert, " "), kind=NeedsReason)
    refused(school.desk("CO1"), end_alert(alert, "done"), kind=NotAllowed)
    refused(school.desk("CO1"), add_alert(KHAN, "other", "done"), kind=NotAllowed)
    lead.do(end_alert(alert, "done"))
    assert "SG1" in refused(lead, end_alert(alert, "done"), kind=Refused)
    assert standing_alerts(school.file, KHAN, school.desk("CO1").staff(), MONDAY) == ()
