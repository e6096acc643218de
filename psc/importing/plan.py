"""A plan: what an import will write, worked out before any lock is held and applied in one short act."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

from psc.desk.acts import Tx, act
from psc.errors import Overtaken

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.importing.report import Report


class Plan(Protocol):
    """What a file comes to. `seen` is the newest import at the time it was made.

    Its `str` goes into the ledger, so it says what kind of file it was and names nobody.
    """

    report: Report
    seen: int

    def apply(self, tx: Tx) -> None:
        """Write it. The transaction is open."""


def newest_import(file: File) -> int:
    """Return the ledger line of the newest import, merge or start of a year: a plan made before it no longer holds."""
    return int(
        file.value("SELECT coalesce(max(seq), 0) FROM ledger WHERE act IN ('import', 'merge_students', 'start_year')")
    )


def students_by_number(file: File) -> dict[str, int]:
    """Return psc's id of every student by admission number and by UPN.

    The numbers of a record that was merged into another lead to that other.
    """
    found = file.rows("SELECT coalesce(merged_into, id), admission_no, upn FROM student")
    return {number: student for student, *numbers in found for number in numbers if number}


@act("import")
def take_in(tx: Tx, plan: Plan, profile: str = "") -> None:
    """Apply a plan, and remember its columns as `profile` when that is given.

    Raises `Overtaken` when another import, a merge or the start of a year came between its making and now.
    """
    if newest_import(tx.file) != plan.seen:
        raise Overtaken(
            "Somebody else imported a file, merged two records or started the year just now.",
            "Nothing was changed; do it again.",
        )
    plan.apply(tx)
    report = plan.report
    if profile:
        tx.file.execute(
            "INSERT INTO import_profile (name, kind, columns) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, name) DO UPDATE SET columns = excluded.columns",
            (profile, report.kind, json.dumps(report.mapping)),
        )
    tx.said.update(
        kind=report.kind,
        digest=report.digest,
        imported=report.imported,
        updated=report.updated,
        unchanged=report.unchanged,
        rejected=len(report.rejected),
    )
