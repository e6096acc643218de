"""Taking a file in, from permission to backup: all or nothing, and never behind another import's back."""

from __future__ import annotations

import json
from contextlib import closing
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from psc.cli.context import sample_folder
from psc.cli.demo import _FILES as SAMPLE
from psc.clock import SetClock, moment
from psc.database.file import open_file
from psc.desk.acts import Desk
from psc.errors import Busy, FileRefused, NoSpace, NotAllowed, NotUnderstood, PscError
from psc.importing import intake
from psc.importing.intake import KINDS, import_file
from psc.importing.plan import take_in
from psc.importing.student_plan import plan_students
from psc.importing.students import read_students_csv
from tests.desk.refusals import contents

from .files import write
from .test_ctf import ctf, pupil

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.importing.report import Report
    from tests.school import School

LIST = "Adno,Surname,Forename,Year,Form\n2001,Ling,Bo,9,9A\n2002,Ray,Ann,8,8A\n"
FILES = {
    "students": LIST,
    "staff": "Code,Surname,Role\nZZ,Zane,teacher\nKB,Bose-Ray,teacher\n",
    "rooms": "Code,Name,Kind,Seats\nIER,Reset Room,IER,6\nIE2,Upper Room,IER,4\n",
    "bells": "Shape,Years,Period,Start,End\nNormal,7-11,P1,08:50,09:45\nExams,7-11,P1,09:00,12:00\n",
    "calendar": "Date,Shape,Week\n2026-11-24,,\n2027-03-01,Normal,A\n",
    "timetable": "Week,Day,Period,Class,Subject\nA,Tue,P1,9y/Sc1,Science\n",
    "classes": "Class,Student\n9y/Sc1,1009\n",
    "events": "Student,Date,Start,End,Kind\n1001,2026-11-24,09:00,10:30,exam\n",
    "packs": "Subject,Year,Unit,Code,Kept\nMaths,9,Graphs,MA-9-01,Drawer 2\nStudy,,How to revise,ST-01,\n",
    "behaviour": "Adno,Date,Type,Behaviour Type,Points\n1001,2026-11-20,Behaviour,Defiance,2\n",
    "attendance": "Adno,Date,Session,Code\n1001,2026-11-20,AM,/\n1001,2026-11-20,PM,L\n",
    "history": "Student,Room,Type,Reason,Date,Period\n1001,IER,removal,Defiance,2026-11-20,P1\n",
}


def take(school: School, kind: str, text: str, code: str = "AD1", **options: Any) -> Report:
    """Take in a file given as text."""
    return import_file(school.desk(code), kind, write(school.path.parent, text), **options)


def backups(school: School) -> list[Path]:
    """Return the copies there are."""
    return sorted((school.path.parent / "backups").glob("*"))


def test_every_kind_has_a_file_here() -> None:
    assert set(FILES) == set(KINDS)


# -- who may, and what nothing changes -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["AS1", "CO1", "HY8", "BL1", "CV1", "KB"])
def test_only_an_administrator_imports(school: School, code: str) -> None:
    before = contents(school.file)
    with pytest.raises(NotAllowed):
        take(school, "students", LIST, code)
    with pytest.raises(NotAllowed):
        take(school, "students", LIST, code, dry_run=True)
    assert (contents(school.file), backups(school)) == (before, [])


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_tells_the_same_and_changes_nothing(school: School, kind: str) -> None:
    before = contents(school.file)
    tried = take(school, kind, FILES[kind], dry_run=True, profile="ours")
    assert (contents(school.file), backups(school)) == (before, [])
    done = take(school, kind, FILES[kind], profile="ours")
    assert tried.as_json() == done.as_json()
    assert done.imported + done.updated > 0
    assert contents(school.file) != before


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_file_again_is_unchanged_and_needs_no_backup(school: School, kind: str) -> None:
    take(school, kind, FILES[kind])
    kept = backups(school)
    before = {name: rows for name, rows in contents(school.file).items() if not name.startswith("ledger")}
    again = take(school, kind, FILES[kind])
    after = contents(school.file)
    assert (again.imported, again.updated) == (0, 0)
    assert again.unchanged > 0
    assert before == {name: after[name] for name in before}
    assert backups(school) == kept


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spoil", ["quote", "columns", "empty", "rows"])
def test_a_refused_file_changes_nothing_and_makes_no_backup(school: School, kind: str, spoil: str) -> None:
    header, first = FILES[kind].splitlines()[:2]
    spoilt = {
        "quote": f'{header}\n{first}\n"{first}\n',
        "columns": f"{header.split(',')[0]},Colour\n1001,red\n",
        "empty": "",
        "rows": f"{header}\n{first}\n{',' * header.count(',')}x\n",
    }[spoil]
    before = contents(school.file)
    with pytest.raises(FileRefused):
        take(school, kind, spoilt, profile="ours")
    assert (contents(school.file), backups(school)) == (before, [])


def test_a_file_that_is_not_there_is_refused(school: School, tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        import_file(school.desk("AD1"), "students", tmp_path / "nothing.csv")


def test_a_kind_that_psc_does_not_import_is_not_understood(school: School) -> None:
    with pytest.raises(NotUnderstood):
        take(school, "marks", LIST)


def test_a_transfer_file_is_told_by_its_name_unless_its_format_is_given(school: School, tmp_path: Path) -> None:
    path = tmp_path / "8234321_CTF_8239999_001.XML"
    path.write_text(ctf(pupil(1)), encoding="utf-8")
    assert import_file(school.desk("AD1"), "students", path).imported == 1
    with pytest.raises(FileRefused):
        import_file(school.desk("AD1"), "students", path, format="csv")


def test_the_ledger_says_what_came_in_and_names_nobody(school: School) -> None:
    report = take(school, "students", LIST)
    actor, act, detail = school.file.row(
        "SELECT actor, act, json FROM ledger l JOIN ledger_detail d ON d.seq = l.seq ORDER BY l.seq DESC LIMIT 1"
    ) or ("", "", "{}")
    said = json.loads(detail)
    assert (actor, act, said["kind"], said["imported"], said["rejected"]) == ("AD1", "import", "students", 2, 0)
    assert said["digest"] == report.digest != ""
    assert "Ling" not in detail


# -- profiles ------------------------------------------------------------------------------------------------------

ODD = "Ref,Last,First,Where,Form\n2001,Ling,Bo,9A,x\n"


def test_columns_are_remembered_under_a_name_and_used_again(school: School) -> None:
    school.file.execute(
        "INSERT INTO import_profile VALUES ('odd', 'students', ?)",
        (json.dumps({"admission_no": "Ref", "surname": "Last", "forename": "First", "form": "Where"}),),
    )
    report = take(school, "students", ODD, profile="odd")
    assert (report.imported, report.ignored_columns) == (1, ["Form"])
    assert school.file.value("SELECT form FROM enrolment ORDER BY id DESC") == "9A"
    with pytest.raises(FileRefused):
        take(school, "students", ODD)
    with pytest.raises(FileRefused):
        take(school, "students", ODD, profile="another")


def test_a_new_name_remembers_the_columns_of_the_file_that_went_in(school: School) -> None:
    take(school, "students", LIST, profile="ours")
    kept = json.loads(school.file.value("SELECT columns FROM import_profile WHERE name = 'ours' AND kind = 'students'"))
    assert kept == {
        "admission_no": "Adno",
        "surname": "Surname",
        "forename": "Forename",
        "year": "Year",
        "form": "Form",
    }
    take(school, "students", "Student ID,Last Name,First Name\n2009,Fox,Kit\n", profile="ours")
    kept = json.loads(school.file.value("SELECT columns FROM import_profile WHERE name = 'ours' AND kind = 'students'"))
    assert kept["admission_no"] == "Student ID"


def test_a_name_holds_for_one_kind_of_file(school: School) -> None:
    take(school, "students", LIST, profile="ours")
    take(school, "staff", FILES["staff"], profile="ours")
    assert school.file.value("SELECT count(*) FROM import_profile WHERE name = 'ours'") == 2


# -- backups -------------------------------------------------------------------------------------------------------


def test_a_backup_of_before_is_made_and_opens(school: School) -> None:
    take(school, "students", LIST)
    (copy,) = backups(school)
    assert "before-import-students" in copy.name
    with closing(open_file(copy, keys=school.keys)) as file:
        assert file.value("PRAGMA integrity_check") == "ok"
        assert file.value("SELECT count(*) FROM student") == 10
        assert file.value("SELECT count(*) FROM ledger") == 1
    assert school.file.value("SELECT count(*) FROM student") == 12


@pytest.mark.parametrize(
    ("kind", "text"),
    [("classes", "Class,Student\n9y/Sc1,1002\n"), ("timetable", "Day,Period,Class,Subject\nMon,P3,9y/Sc1,Science\n")],
)
def test_a_file_that_only_takes_something_away_is_backed_up_too(school: School, kind: str, text: str) -> None:
    school.file.execute("INSERT INTO lesson VALUES ('A', 4, 'P5', 1, 'Science', '', '')")
    school.file.execute("UPDATE lesson SET teacher = '', room = ''")
    report = take(school, kind, text)
    assert (report.imported, report.updated) == (0, 0), "only a student, or a lesson, is taken away"
    assert len(backups(school)) == 1


def test_no_backup_no_import(school: School) -> None:
    (school.path.parent / "backups").write_text("a file stands where the folder should be", encoding="utf-8")
    before = contents(school.file)
    with pytest.raises(PscError):
        take(school, "students", LIST)
    assert contents(school.file) == before


def test_a_full_disk_leaves_everything_as_it_was(school: School) -> None:
    before = contents(school.file)
    school.file.execute(f"PRAGMA max_page_count = {school.file.value('PRAGMA page_count')}")
    many = "".join(f"{number},Filler,Person,9,9A\n" for number in range(3000, 6000))
    with pytest.raises(NoSpace):
        take(school, "students", LIST + many, backup=False)
    assert contents(school.file) == before


# -- two at once ---------------------------------------------------------------------------------------------------


def _plan(school: School, text: str) -> Any:
    records, report = read_students_csv(write(school.path.parent, text), None)
    return plan_students(school.file, records, report, school.clock.now())


def test_a_plan_made_before_another_import_no_longer_holds(school: School) -> None:
    plan = _plan(school, LIST)
    take(school, "students", "Adno,Surname,Forename\n2001,Ling,Robert\n", backup=False)
    before = contents(school.file)
    with pytest.raises(Busy):
        school.desk("AD1").do(take_in(plan))
    assert contents(school.file) == before


def test_an_import_that_was_overtaken_says_so_at_once(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    def overtaken(*args: object) -> Path:
        """Let another administrator import while this one's backup is made."""
        with closing(school.another()) as file:
            desk = Desk(file, school.clock, "AD1", "two")
            other = write(school.path.parent, "Adno,Surname,Forename\n2009,Fox,Kit\n")
            import_file(desk, "students", other, backup=False)
        return school.path

    waits: list[float] = []
    clock = count(0, 4)
    monkeypatch.setattr(intake, "back_up", overtaken)
    monkeypatch.setattr("psc.desk.acts.time", SimpleNamespace(sleep=waits.append, monotonic=lambda: next(clock)))
    with pytest.raises(Busy):
        take(school, "students", LIST)
    assert school.file.value("SELECT count(*) FROM student WHERE admission_no IN ('2001', '2002')") == 0
    assert waits == [], "the same plan can never go in later: trying again only keeps the person waiting"


def test_acts_of_the_door_do_not_upset_a_plan(school: School) -> None:
    plan = _plan(school, LIST)
    school.book(1, "P1")
    school.desk("AD1").do(take_in(plan))
    assert school.file.value("SELECT count(*) FROM student") == 12


# -- whole files ---------------------------------------------------------------------------------------------------


@pytest.fixture
def sample(demo: Path) -> Any:
    """The demo's file, open."""
    with closing(open_file(demo)) as file:
        yield file


@pytest.mark.parametrize(("kind", "name"), SAMPLE)
def test_the_sample_school_s_files_taken_in_again_change_nothing(sample: File, kind: str, name: str) -> None:
    desk = Desk(sample, SetClock(moment("2026-11-23T11:43:00Z")), "AD1", "test")
    report = import_file(desk, kind, sample_folder() / name, backup=False)
    assert (report.imported, report.updated) == (0, 0)
    assert report.unchanged == report.rows - len(report.rejected) > 0


def test_a_transfer_file_of_two_thousand_students_goes_in(school: School, tmp_path: Path) -> None:
    path = tmp_path / "8234321_CTF_8239999_002.xml"
    path.write_text(ctf(*(pupil(number) for number in range(2000))), encoding="utf-8")
    report = import_file(school.desk("AD1"), "students", path)
    assert (report.imported, report.rejected) == (2000, [])
    again = import_file(school.desk("AD1"), "students", path)
    assert (again.imported, again.updated, again.unchanged) == (0, 0, 2000)
