"""A list of packs taken in: by code, and nothing goes that the list does not name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.importing.intake import import_file
from psc.work.packs import change_pack, packs
from tests.importing.files import write

if TYPE_CHECKING:
    from psc.importing.report import Report
    from tests.school import School

HEAD = "Subject,Year,Unit,Code,Kept\n"


def take(school: School, text: str) -> Report:
    return import_file(school.desk("AD1"), "packs", write(school.path.parent, text), backup=False)


def shown(school: School) -> list[str]:
    return [f"{one.subject} {one.year} {one.words}" for one in packs(school.file)]


def test_packs_are_added_and_changed_by_code(school: School) -> None:
    report = take(school, f"{HEAD}Maths,9,Graphs,MA-9-01,Drawer 2\nStudy,any,How to revise,ST-01,\n")
    assert (report.imported, report.updated) == (2, 0)
    report = take(school, f"{HEAD}Maths,Year 9,Straight lines,ma-9-01,Drawer 3\n")
    assert (report.imported, report.updated) == (0, 1)
    assert shown(school) == ["Maths 9 MA-9-01 Straight lines (Drawer 3)", "Study None ST-01 How to revise"]


def test_columns_that_a_file_does_not_have_stay_and_a_pack_out_of_use_stays_so(school: School) -> None:
    take(school, f"{HEAD}Maths,9,Graphs,MA-9-01,Drawer 2\n")
    (pack,) = packs(school.file)
    school.desk("CO1").do(change_pack(pack, pack._replace(active=False)))
    assert take(school, "Subject,Year,Pack Code\nMaths,9,MA-9-01\n").unchanged == 1
    (pack,) = packs(school.file)
    assert (pack.unit, pack.kept, pack.active) == ("Graphs", "Drawer 2", False)


def test_a_row_that_is_no_pack_is_rejected_and_costs_no_other(school: School) -> None:
    rows = f"Maths,,Graphs,,x\n,9,Graphs,MA-1,x\nMaths,ninth,x,MA-2,x\nMaths,9,{'x' * 401},MA-3,\n"
    good = "".join(f"Art,,Lines,AR-{number},\n" for number in range(60))
    report = take(school, f"{HEAD}{rows}Maths,9,Graphs,MA-4,\nMaths,9,Graphs,ma-4,\n{good}")
    assert [bad.line for bad in report.rejected] == [2, 3, 4, 5, 7]
    assert len(shown(school)) == 61
