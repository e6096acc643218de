"""Who may print which sheet: the kitchen's copy says who has free meals, the roll is for whoever stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.errors import NotAllowed
from psc.prints.keep import print_sheet
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from tests.school import School


@pytest.mark.parametrize(
    ("sheet", "barred"),
    [
        ("kitchen", {"CV1", "HY8", "AD1"}),
        ("kitchen wall", {"HY8", "AD1"}),
        ("log", {"CV1", "AD1"}),
        ("log, by itself", {"CV1", "AD1"}),
        ("register", {"CV1", "AD1"}),
        ("rota", set()),
        ("roll", set()),
        ("parent sheet", {"AS1", "CV1", "AD1"}),
        ("meeting report", {"AS1", "CV1", "CO1", "AD1"}),
    ],
)
def test_a_sheet_is_for_those_who_may_see_what_stands_on_it(school: School, sheet: str, barred: set[str]) -> None:
    refused = set()
    for code in ("AS1", "CV1", "CO1", "HY8", "BL1", "AD1"):
        try:
            school.desk(code).do(print_sheet(sheet))
        except NotAllowed:
            refused.add(code)
    assert refused == barred


async def test_cover_is_offered_the_copy_for_the_wall_and_no_other(school: School) -> None:
    school.book(1)
    async with driven_school(school, "CV1") as desk:
        await desk.type("L", "p")
        assert "wall copy" in desk.text
        assert "kitchen's copy" not in desk.text
        await desk.type("k")
        assert school.file.value("SELECT count(*) FROM ledger WHERE act = 'print_sheet'") == 0
