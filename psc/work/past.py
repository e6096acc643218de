"""What a period was before another timetable came: kept within the import that brings it.

A set's lesson comes from the timetable. When that is replaced, what is over must go on saying what it was; so the
import first writes down the lessons of the placed periods that have begun. What is ahead is simply made anew.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from psc.clock import moment, school_day, stamp
from psc.desk.facts import live
from psc.school.calendar import academic_year_start
from psc.school.shapes import shape_of
from psc.work.slots import slots_between

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.desk.acts import Tx

_KEEP = f"""
WITH begun (student, on_day, period) AS (
    SELECT p.student_id, pp.on_day, pp.period
    FROM placement_period pp JOIN placement p ON p.id = pp.placement_id
    WHERE pp.on_day >= :since AND pp.on_day < :today AND upper(pp.period) GLOB 'P[0-9]*'
        AND {live("placement_period", "pp")} AND {live("placement", "p")}
    UNION SELECT value ->> 0, :today, value ->> 1 FROM json_each(:begun)
)
INSERT INTO work_lesson (student_id, on_day, period, subject, class_code, teacher, room, happened, recorded, day, seq)
SELECT b.student, b.on_day, b.period, coalesce(l.subject, ''), coalesce(max(c.code), ''), coalesce(l.teacher, ''),
    coalesce(l.room, ''), :now, :now, :today, :seq
FROM begun b LEFT JOIN calendar_day d ON d.day = b.on_day
LEFT JOIN (class_member m JOIN lesson l ON l.class_id = m.class_id JOIN class c ON c.id = m.class_id)
    ON m.student_id = b.student AND l.week = d.week AND l.weekday = (strftime('%w', b.on_day) + 6) % 7
    AND l.period = b.period
WHERE NOT EXISTS (SELECT 1 FROM work_lesson w WHERE w.on_day = b.on_day AND w.student_id = b.student
    AND w.period = b.period AND {live("work_lesson", "w")})
GROUP BY b.student, b.on_day, b.period
"""


def keep_lessons(tx: Tx) -> None:
    """Write down what the placed periods were that have begun, today's among them, where nobody has yet.

    For an act that is about to change the timetable or who is in which class. A period without a lesson is kept as one
    without. A file that has had no timetable so far has nothing to keep: what comes now is the first that is known.

    It looks back to the start of the academic year in which the timetable that stands came; what is older was kept when
    that one came.
    """
    file = tx.file
    if not file.value("SELECT EXISTS (SELECT 1 FROM class_member m JOIN lesson l ON l.class_id = m.class_id)"):
        return
    shape = shape_of(file, tx.today)
    begun = [
        (slot.student_id, slot.period)
        for slot in slots_between(file, tx.today, tx.today)
        if any(one.name == slot.period and one.start <= tx.now for one in shape.periods(slot.year))
    ]
    file.execute(
        _KEEP,
        {
            "since": _since(file, tx.today).isoformat(),
            "today": tx.today.isoformat(),
            "begun": json.dumps(begun),
            "now": stamp(tx.now),
            "seq": tx.seq,
        },
    )


def _since(file: File, today: date) -> date:
    """Return from when on the timetable that stands says what lessons were.

    Where no import of one is known, from the year before this one: a new timetable comes in September.
    """
    came = file.value(
        "SELECT max(l.at) FROM ledger l JOIN ledger_detail d ON d.seq = l.seq"
        " WHERE l.act = 'import' AND d.json ->> 'kind' IN ('timetable', 'classes')"
    )
    last = academic_year_start(today)
    return academic_year_start(school_day(moment(came), file.zone)) if came else last.replace(year=last.year - 1)
