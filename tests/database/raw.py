"""Help for tests of the file: connect to it as somebody with a shell does, past psc; and fill every table."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from psc.database.driver import engine
from psc.database.schema import APPEND_ONLY
from psc.desk.acts import undo
from psc.desk.settings import change_setting
from psc.roster.absences import Absence, mark_absence
from psc.roster.checks import mark_check
from psc.roster.keep_apart import keep_apart
from psc.roster.movements import correct_movement
from psc.roster.placements import waive_period
from tests.roster.stories import movement_id, play
from tests.school import School, at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def raw(path: Path) -> Iterator[engine.Connection]:
    """Connect without psc, as the command line of SQLite does: no recursive triggers, no foreign keys."""
    conn = engine.connect(str(path), isolation_level=None)
    try:
        conn.execute("PRAGMA recursive_triggers = OFF")
        conn.execute("PRAGMA foreign_keys = OFF")
        yield conn
    finally:
        conn.close()


@contextmanager
def unguarded(path: Path) -> Iterator[engine.Connection]:
    """Connect without psc and with the append-only triggers taken away; they are put back at the end."""
    with raw(path) as conn:
        found = conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in found:
            conn.execute(f"DROP TRIGGER {name}")
        yield conn
        for _, sql in found:
            conn.execute(sql)


def fill_every_table(school: School) -> None:
    """Leave a row in every append-only table."""
    placement = school.book(1)
    absent = school.book(2)
    play(school, 1, "08:52 in, 08:56 out toilet")
    desk, office = school.desk(), school.desk("CO1", "office")
    desk.do(mark_check(school.placed(1, "P1"), 3))
    desk.do(correct_movement(movement_id(school, 1, 0), "Slip", at=at("08:50")))
    desk.do(mark_absence(absent, Absence.ABSENT))
    desk.do(undo())
    desk.do(mark_absence(absent, Absence.NO_SHOW))
    office.do(waive_period(school.placed(1, "P5"), "Exam"))
    office.do(keep_apart(1, 2, "Fight"))
    school.desk("AD1").do(change_setting("grace_minutes", 7))
    seq = school.file.value("SELECT max(seq) FROM ledger")
    school.file.execute(
        "INSERT INTO alert (student_id, kind, text, emergency, happened, recorded, day, seq)"
        " VALUES (1, 'medical', 'Asthma', 1, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', '2026-11-23', ?)",
        (seq,),
    )
    school.file.execute(
        "INSERT INTO import_change (seq, student_id, field, before, after) VALUES (?, 1, 'form', '10E', '10F')", (seq,)
    )
    assert placement
    assert [table for table in APPEND_ONLY if not school.file.value(f"SELECT count(*) FROM {table}")] == []
