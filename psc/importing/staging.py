"""Rows that mirror the school's own system: laid out in memory beside the file, compared as sets, then written.

Nothing of it needs the file's lock until it is written, which is one statement a chunk. What the file has already is
changed where the system says otherwise, and left alone where it says the same; rows that were not handed over stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from psc.database.driver import translated
from psc.importing.plan import newest_import
from psc.importing.progress import CHUNK, Step, chunked, unwatched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File
    from psc.desk.acts import Tx
    from psc.importing.progress import Watch
    from psc.importing.report import Report

_STAGE = "temp.staged"


class Mirror(NamedTuple):
    """A table that follows the school's system: the columns that say which row it is, and those that may change."""

    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All its columns, as a row is handed over."""
        return (*self.key, *self.values)


BEHAVIOUR = Mirror(
    "behaviour_record",
    ("student_id", "key"),
    (
        "on_day", "at", "type", "behaviour", "activity", "location", "period", "subject", "class_code", "staff",
        "recorded_by", "comments", "points", "action", "outcome", "status",
    ),
)  # fmt: skip
SESSIONS = Mirror("attendance_session", ("student_id", "on_day", "half"), ("code", "minutes_late"))
TOTALS = Mirror("attendance_total", ("student_id", "from_day"), ("until_day", "possible", "attended", "late"))


@dataclass
class MirrorPlan:
    """What a file comes to, staged on the connection of `file`. Take it away with `drop` whatever comes of it."""

    report: Report
    seen: int
    file: File
    mirror: Mirror
    rows: int
    students: tuple[int, ...]
    """Those of whom something is new or changed."""
    watch: Watch

    def __str__(self) -> str:
        return self.report.kind

    def apply(self, tx: Tx) -> None:
        """Write what is new and what is changed."""
        for student in self.students:
            tx.touch(student)
        one = self.mirror
        columns = ", ".join(one.columns)
        changes = ", ".join(f"{name} = excluded.{name}" for name in (*one.values, "import_seq"))
        for first in range(0, self.rows, CHUNK):
            self.watch(Step("writing", first, self.rows))
            tx.file.execute(
                f"INSERT INTO {one.table} ({columns}, import_seq)"
                f" SELECT {columns}, ? FROM {_STAGE} WHERE number > ? AND number <= ?"
                f" ON CONFLICT ({', '.join(one.key)}) DO UPDATE SET {changes}"
                f" WHERE {_differs(one, one.table, 'excluded')}",
                (tx.seq, first, first + CHUNK),
            )

    def drop(self) -> None:
        """Take the staged rows away."""
        _drop(self.file)


def _differs(mirror: Mirror, one: str, other: str) -> str:
    return f"({', '.join(f'{one}.{name}' for name in mirror.values)}) IS NOT" + (
        f" ({', '.join(f'{other}.{name}' for name in mirror.values)})"
    )


def stage(
    file: File, mirror: Mirror, rows: Sequence[tuple[object, ...]], report: Report, watch: Watch = unwatched
) -> MirrorPlan:
    """Lay rows out and compare them with what the file has; counts what is new, changed and the same.

    The stage lives in memory: what the school's system says of children is written nowhere but into the file.
    """
    seen = newest_import(file)
    with translated():
        file.execute("PRAGMA temp_store = MEMORY")
        try:
            _lay_out(file, mirror, rows, watch)
            watch(Step("comparing", len(rows), len(rows)))
            return MirrorPlan(report, seen, file, mirror, len(rows), _compared(file, mirror, report), watch)
        except BaseException:
            _drop(file)
            raise


def _lay_out(file: File, mirror: Mirror, rows: Sequence[tuple[object, ...]], watch: Watch) -> None:
    marks = ", ".join("?" * len(mirror.columns))
    _drop(file)
    file.execute(f"CREATE TABLE {_STAGE} (number INTEGER PRIMARY KEY, {', '.join(mirror.columns)})")
    file.conn.execute("BEGIN")  # of the stage alone: deferred, it takes no lock on the file
    try:
        for chunk in chunked("laying out", rows, watch):
            file.conn.executemany(f"INSERT INTO {_STAGE} ({', '.join(mirror.columns)}) VALUES ({marks})", chunk)
        file.conn.execute("COMMIT")
    except BaseException:
        if file.conn.in_transaction:
            file.conn.execute("ROLLBACK")
        raise


def _drop(file: File) -> None:
    file.execute(f"DROP TABLE IF EXISTS {_STAGE}")


def _compared(file: File, mirror: Mirror, report: Report) -> tuple[int, ...]:
    """Count into the report what is new, changed and the same; returns whom anything is new or changed of."""
    here = " AND ".join(f"had.{name} = told.{name}" for name in mirror.key)
    found = file.rows(
        "SELECT told.student_id, CASE WHEN had.student_id IS NULL THEN 0"
        f" WHEN {_differs(mirror, 'had', 'told')} THEN 1 ELSE 2 END AS state, count(*)"
        f" FROM {_STAGE} told LEFT JOIN {mirror.table} had ON {here} GROUP BY told.student_id, state"
    )
    counts = [0, 0, 0]
    for _, state, count in found:
        counts[state] += count
    new, changed, same = counts
    report.imported += new
    report.updated += changed
    report.unchanged += same
    return tuple(sorted({student for student, state, _ in found if state != 2}))
