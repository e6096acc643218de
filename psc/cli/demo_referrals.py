"""The sample's referrals, raised, told home and decided by their staff."""

from __future__ import annotations

import csv
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from psc.clock import SetClock, at_clock
from psc.desk.acts import Desk
from psc.flows.referrals import decide_referral
from psc.roster.home import tell_home
from psc.roster.placements import PlacementType
from psc.roster.raising import raise_referral
from psc.roster.referrals import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from psc.database.file import File

_FIELDS = ("period", "subject", "teacher", "place", "tried", "others", "adjustment")


def refer_all(file: File, path: Path, numbers: Mapping[str, int]) -> None:
    """Do the acts of a file, each at its own time; `numbers` gives psc's ids by admission number."""
    clock, raised = SetClock(datetime.min), {}
    with path.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            student = numbers[row["Student"]]
            clock.moment = at_clock(date.fromisoformat(row["Day"]), time.fromisoformat(row["Time"]), file.zone)
            desk = Desk(file, clock, row["Staff"], "demo")
            if row["Act"] == "refer":
                given: dict[str, Any] = {name: row[name.capitalize()] for name in _FIELDS}
                kind = PlacementType(row["Type"])
                call = raise_referral(student, kind, row["Reason"], row["When"], row["Facts"], **given)
                raised[student] = desk.do(call).value
            elif row["Act"] == "approve":
                desk.do(decide_referral(raised[student], Outcome.APPROVED))
            else:
                desk.do(tell_home(student, row["Type"], row["Reason"], row["When"]))
