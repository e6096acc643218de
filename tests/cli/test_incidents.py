"""`psc incidents`, `psc actions`: text and JSON, within what the role may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.clock import SetClock
from psc.database.file import opened
from psc.desk.acts import Desk
from psc.incidents.actions import agree_action, end_action
from psc.incidents.endings import end_incident
from psc.incidents.incidents import Account, Part, record_incident
from tests.school import FRIDAY_BEFORE, TUESDAY, at

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal

REID, OKAFOR, KHAN = 1, 2, 4
CO1 = 3
FIGHT = Account("Fighting", "Callum pushed Amara.", place="Corridor", period="P1", severity=2)


@pytest.fixture
def busy(hillside: Terminal) -> Terminal:
    """Hillside School with two incidents and two actions, one of them done."""
    with opened(hillside.path) as file:
        desk = Desk(file, SetClock(at("09:00")), "AS1", "one")
        first = desk.do(record_incident(FIGHT, [Part(REID, "involved"), Part(OKAFOR, "target")])).value
        lead = Desk(file, SetClock(at("09:00")), "CO1", "one")
        vaping = FIGHT._replace(category="Vaping", severity=1)
        second = lead.do(record_incident(vaping, [Part(KHAN, "involved")], at=at("08:00", FRIDAY_BEFORE))).value
        lead.do(end_incident(second, "closed", "Detention."))
        lead.do(agree_action("Mediate", owner_id=CO1, due=TUESDAY, incident_id=first))
        done = lead.do(agree_action("Ring the form tutor", owner="Mr Lee", incident_id=first)).value
        lead.do(end_action(done, "done"))
    return hillside


def test_incidents_are_listed_newest_first_with_what_they_call_for(busy: Terminal) -> None:
    said = busy("--as", "CO1", "incidents").out.splitlines()
    assert said == [
        "    1  23 Nov 2026 09:00  Fighting, severity 2 · P1 Corridor · 1 action open · by J. Smith",
        "       Reid, Callum (involved); Okafor, Amara (target)",
        "    2  20 Nov 2026 08:00  Vaping, severity 1 · P1 Corridor · closed · entered late · by M. Adebayo",
        "       Khan, Bilal (involved)",
    ]
    assert [one["id"] for one in busy.json("--as", "HY8", "incidents")] == [2]
    assert busy.json("--as", "CO1", "incidents", "--from", "today") == [
        {
            "id": 1,
            "at": "2026-11-23T09:00:00+00:00",
            "place": "Corridor",
            "category": "Fighting",
            "severity": 2,
            "students": [
                {"student": "1001", "name": "Reid, Callum", "role": "involved"},
                {"student": "1002", "name": "Okafor, Amara", "role": "target"},
            ],
            "recorded_by": "AS1",
            "open": True,
        }
    ]
    assert busy.json("--as", "CO1", "incidents", "--to", "21 Nov")[0]["id"] == 2
    assert (
        "No incident from Sun 1 Nov to Thu 5 Nov"
        in busy("--as", "CO1", "incidents", "--from", "1 Nov", "--to", "5 Nov").out
    )
    busy.refused("--as", "CO1", "incidents", "--from", "today", "--to", "20 Nov", code=2)


def test_actions_are_listed_mine_first_and_what_was_done_by_itself(busy: Terminal) -> None:
    said = busy("--as", "CO1", "actions").out
    assert said.strip().endswith("Mediate · Reid, Callum; Okafor, Amara")
    assert said.startswith("  tomorrow     you")
    assert busy.json("--as", "CO1", "actions") == [
        {
            "kind": "action",
            "what": "Mediate",
            "students": "Reid, Callum; Okafor, Amara",
            "owner": "M. Adebayo",
            "mine": True,
            "due": "2026-11-24",
            "overdue": False,
            "since": "2026-11-23T09:00:00+00:00",
            "incident": 1,
            "ended": None,
        }
    ]
    assert busy.json("--as", "BL1", "actions", "--mine") == []
    assert busy.json("--as", "BL1", "actions", "--overdue") == []
    assert [one["ended"]["by"] for one in busy.json("--as", "BL1", "actions", "--done")] == ["M. Adebayo"]
    assert "done today 09:00, M. Adebayo Mr Lee" in busy("--as", "CO1", "actions", "--done").out
    assert busy("--as", "AD1", "actions").out.strip() == "Nothing is owed that you may see."
    busy.refused("--as", "CO1", "actions", "--done", "--mine", code=2)
