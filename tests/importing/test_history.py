"""Placements of the time before psc."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from psc.importing.history import PLACEMENT_TYPES, HistoryRecord, read_history
from psc.roster.placements import PlacementType

from .files import write

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "Student,Room,Type,Reason,Date,Period,In,Out,Checks,Staff\n"
FILLER = "".join(f"{n},IER,removal,truancy,2026-10-05,P1,9:00,9:50,2,AS1\n" for n in range(10, 30))


def test_a_day_in_the_room(tmp_path: Path) -> None:
    ((record,), _) = read_history(
        write(tmp_path, HEADER + "1,IER,Internal exclusion,Fighting,05/10/2026,P1-P4,8:41,12:20,3 - 2,AS1\n")
    )
    assert record == HistoryRecord(
        line=2,
        student="1",
        room="IER",
        type="internal_exclusion",
        reason="Fighting",
        day=date(2026, 10, 5),
        periods=("P1", "P2", "P3", "P4"),
        came=time(8, 41),
        left=time(12, 20),
        checks=(3, None, 2),
        staff="AS1",
    )


@pytest.mark.parametrize(
    ("cell", "checks"), [("33-4", (3, 3, None, 4)), ("3;3;-", (3, 3, None)), ("2", (2,)), ("", ())]
)
def test_checks_are_read_with_and_without_marks_between(
    tmp_path: Path, cell: str, checks: tuple[int | None, ...]
) -> None:
    ((record,), _) = read_history(write(tmp_path, HEADER + f"1,IER,removal,,2026-10-05,P1-P4,,,{cell},\n"))
    assert record.checks == checks
    assert (record.came, record.left) == (None, None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,IER,removal,x,2026-10-05,P1,,9:50,2,AS1", "a time out without a time in"),
        ("1,IER,removal,x,2026-10-05,P1,9:50,9:00,2,AS1", "out at 09:00, before in at 09:50"),
        ("1,IER,removal,x,2026-10-05,P1,9:00,9:50,2 3,AS1", "2 checks for 1"),
        ("1,IER,removal,x,2026-10-05,P1,9:00,9:50,5,AS1", "checks of 0 to 4"),
        ("1,IER,removal,x,2026-10-05,P1-P2,9:00,9:50,10 2,AS1", "checks of 0 to 4"),
        ("1,IER,naughty step,x,2026-10-05,P1,9:00,9:50,2,AS1", "the types are removal, internal_exclusion"),
        ("1,IER,removal,x,10/25/2026,P1,9:00,9:50,2,AS1", "month before day"),
        ("1,IER,removal,x,2026-10-05,,9:00,9:50,2,AS1", "Period is empty"),
        (",IER,removal,x,2026-10-05,P1,9:00,9:50,2,AS1", "Student is empty"),
    ],
)
def test_facts_that_do_not_fit_together_stay_out(tmp_path: Path, row: str, reason: str) -> None:
    records, report = read_history(write(tmp_path, f"{HEADER}{FILLER}{row}\n"))
    assert len(records) == 20
    assert [bad.line for bad in report.rejected] == [22]
    assert reason in report.rejected[0].reason


def test_the_types_are_those_of_the_roster() -> None:
    assert set(PLACEMENT_TYPES) == {kind.value for kind in PlacementType}
