"""The programmes of the demo: they run already, and their coordinator writes down what they are for."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.flows.plan_programme import Wish
from psc.flows.programmes import book_programme
from psc.roster.patterns import read_pattern
from psc.roster.placement_types import PlacementType
from psc.roster.programmes import DONE, Stage, step_programme
from psc.roster.unwritten import unwritten_programmes
from psc.school.rooms import room_by_code

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from psc.desk.acts import Desk


def write_down(desk: Desk, path: Path, numbers: Mapping[str, int]) -> None:
    """Book each line of the file, on the placement that stands for it; inducted on the first day.

    `numbers` gives psc's ids by admission number.
    """
    today = school_day(desk.clock.now(), desk.file.zone)
    running = {one.student_id: one.placement_id for one in unwritten_programmes(desk.file, today)}
    with path.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            student = numbers[row["Student"]]
            first, until, review = (date.fromisoformat(row[name]) for name in ("From", "Until", "Review"))
            wish = Wish(
                student,
                room_by_code(desk.file, row["Room"]).id,
                PlacementType(row["Type"]),
                row["Purpose"],
                row["Success"],
                read_pattern(row["Pattern"]),
                first,
                until,
                review=review,
                placement_id=running.get(student),
            )
            version = desk.do(book_programme(wish)).value
            desk.do(step_programme(version, Stage.INDUCTION, DONE, on=first))
