"""Behaviour of the school's own system taken in: matched by number, known again, changed where it changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from psc.errors import FileRefused, PscError
from psc.importing import progress
from psc.importing.intake import import_file
from psc.importing.progress import Step, Stopped
from psc.importing.report import TooManyBadRows
from psc.overview.chronology import chronology
from psc.overview.story import StoryKind
from psc.school.behaviour import BehaviourRecord, behaviour_of
from tests.desk.refusals import contents
from tests.school import FRIDAY_BEFORE, MONDAY

from .files import write

if TYPE_CHECKING:
    from pathlib import Path

    from psc.importing.report import Report
    from tests.school import School

HEAD = (
    "Event ID,Adno,Date,Time,Type,Behaviour Type,Activity,Location,Period,Subject,Class,Staff,Recorded By,Comments,"
    "Points,Action,Outcome,Status\n"
)
ONE = "77,1001,20/11/2026,09:12,Behaviour,Defiance,Lesson,M4,2,Maths,10x/Ma1,KB,KB,Would not move,3,Detention,,Open\n"
BARE = "Adno,Date,Type,Behaviour Type,Comments,Points\n"
NAUGHTY = (
    "[red]bold[/red] [/ [@click=app.bell]x",
    "Robert'); DROP TABLE student;--",
    '=HYPERLINK(""http://x"")',
    "ẞ İ ﷽ 👩‍👩‍👧 \u202egnp.exe",
    "\x1b[31m\x07 \u0000".replace("\u0000", "") + "line one\nline two\tend",
)


def take(school: School, text: str | bytes, **options: Any) -> Report:
    """Take in a file of behaviour, without a backup."""
    return import_file(school.desk("AD1"), "behaviour", write(school.path.parent, text), backup=False, **options)


def of(school: School, student: int = 1) -> tuple[BehaviourRecord, ...]:
    """Return what is known of a student."""
    return behaviour_of(school.file, student, FRIDAY_BEFORE.replace(month=1), MONDAY)


def rows(count: int, *, comment: str = "said") -> str:
    """Return a file of many rows of several students."""
    made = (
        f"1{n % 8 + 1:03},2026-{n % 9 + 1:02}-{n % 28 + 1:02},Behaviour,Talk {n},{comment},1\n" for n in range(count)
    )
    return BARE + "".join(made)


def test_a_row_says_what_the_system_says(school: School) -> None:
    report = take(school, HEAD + ONE)
    assert (report.imported, report.rejected, report.warnings) == (1, [], [])
    (one,) = of(school)
    assert (one.day, one.at, one.what, one.period, one.points) == (
        FRIDAY_BEFORE, "09:12", "Behaviour: Defiance", "P2", 3,
    )  # fmt: skip
    assert (one.comments, one.action, one.status, one.staff) == ("Would not move", "Detention", "Open", "KB")
    assert one.imported == school.clock.now()


def test_again_changes_only_what_changed(school: School) -> None:
    other = ONE.replace("77,", "78,").replace("Defiance", "Phone")
    take(school, HEAD + ONE + other)
    before = {one.behaviour: one for one in of(school)}
    school.clock.moment = school.clock.moment.replace(hour=12)
    again = take(school, HEAD + ONE.replace("Open", "Resolved") + other)
    after = {one.behaviour: one for one in of(school)}
    assert (again.imported, again.updated, again.unchanged) == (0, 1, 1)
    assert after["Phone"] == before["Phone"]
    assert (after["Defiance"].status, after["Defiance"].id) == ("Resolved", before["Defiance"].id)
    assert after["Defiance"].imported > before["Defiance"].imported


def test_a_row_the_file_no_longer_has_stays(school: School) -> None:
    take(school, HEAD + ONE)
    take(school, HEAD + ONE.replace("77,", "78,"))
    assert len(of(school)) == 2


def test_without_an_id_a_row_is_known_by_what_it_is_and_its_comments_may_change(school: School) -> None:
    take(school, BARE + "1001,2026-11-20,Behaviour,Talk,first,1\n1001,2026-11-20,Behaviour,Talk,second,1\n")
    again = take(school, BARE + "1001,2026-11-20,Behaviour,Talk,first,2\n1001,2026-11-20,Behaviour,Talk,second,1\n")
    assert (again.imported, again.updated, again.unchanged) == (0, 1, 1)
    assert sorted((one.comments, one.points) for one in of(school)) == [("first", 2), ("second", 1)]


def test_the_very_same_row_twice_goes_in_once_with_a_warning(school: School) -> None:
    line = "1001,2026-11-20,Behaviour,Talk,first,1\n"
    report = take(school, BARE + line + line)
    assert (report.imported, [odd.line for odd in report.warnings]) == (1, [3])


def test_one_event_of_two_students_is_a_row_of_each(school: School) -> None:
    assert take(school, HEAD + ONE + ONE.replace("1001", "1002")).imported == 2
    assert [len(of(school, 1)), len(of(school, 2))] == [1, 1]


def test_the_same_id_saying_two_things_is_a_bad_row(school: School) -> None:
    good = "".join(ONE.replace("77,", f"{n},") for n in range(100, 120))
    report = take(school, HEAD + good + ONE + ONE.replace("Defiance", "Phone"))
    assert [bad.line for bad in report.rejected] == [23]


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ("9999,2026-11-20,Behaviour,Talk,x,1", "no student has that number"),
        (",2026-11-20,Behaviour,Talk,x,1", "no admission number"),
        ("1001,11/20/2026,Behaviour,Talk,x,1", "month before day"),
        ("1001,2026-02-30,Behaviour,Talk,x,1", "does not exist"),
        ("1001,,Behaviour,Talk,x,1", "Date is empty"),
        ("1001,2026-11-24,Behaviour,Talk,x,1", "not come yet"),
        ("1001,2026-11-20,,,x,1", "neither a type nor a behaviour"),
        (f"1001,2026-11-20,Behaviour,{'T' * 401},x,1", "401 characters; 400 fit"),
        (f"1001,2026-11-20,Behaviour,Talk,{'c' * 20_001},1", "20,001 characters; 20,000 fit"),
        ("1001,2026-11-20,Behaviour", "3 fields where the header has 6"),
    ],
)
def test_a_bad_row_is_left_out_with_its_line_and_why(school: School, spoilt: str, why: str) -> None:
    report = take(school, rows(20) + spoilt + "\n")
    assert report.imported == 20
    ((line, reason),) = [(bad.line, bad.reason) for bad in report.rejected]
    assert line == 22
    assert why in reason


def test_points_that_are_none_are_a_warning(school: School) -> None:
    report = take(school, BARE + "1001,2026-11-20,Behaviour,Talk,x,lots\n1001,2026-11-19,Behaviour,Talk,x,-2\n")
    assert [one.points for one in of(school)] == [None, -2]
    assert "not a number of points" in report.warnings[0].reason


def test_a_upn_and_a_number_of_two_students_are_never_guessed_between(school: School) -> None:
    school.file.execute("UPDATE student SET upn = 'Z823432119001' WHERE id = 2")
    head = "UPN,Adno,Date,Type\n"
    fine = "".join(f"z823432119001,1002,2026-11-{day:02},Behaviour\n" for day in range(1, 13))
    report = take(school, head + fine + "Z823432119001,1001,2026-11-20,Behaviour\n")
    assert (report.imported, len(of(school, 2)), len(of(school, 1))) == (12, 12, 0)
    assert "different students" in report.rejected[0].reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_it_is_read_in_the_encodings_schools_have(school: School, encoding: str) -> None:
    text = BARE.replace(",", ";") + "1001;2026-11-20;Behaviour;Talk;Zoé’s café;1\n"
    take(school, text.encode(encoding))
    assert of(school)[0].comments == "Zoé’s café"


@pytest.mark.parametrize("comment", NAUGHTY)
def test_whatever_a_comment_holds_is_text(school: School, comment: str) -> None:
    quoted = '"' + comment + '"'
    take(school, BARE + f"1001,2026-11-20,Behaviour,Talk,{quoted},1\n")
    (one,) = of(school)
    assert one.comments
    assert one.comments.isprintable() or "👩" in one.comments
    assert "\u202e" not in one.comments
    assert "\x1b" not in one.comments
    assert school.file.value("SELECT count(*) FROM student") == 10


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"Adno,Date,Type\n",
        (BARE + '1001,2026-11-20,Behaviour,Talk,"never ends,1\n').encode(),
        (BARE + "1001,2026-11-20,Behaviour,Talk,x,1\n1001,2026-11").encode(),
        (BARE + "1001,2026-11-20,Behaviour,Talk,Zo\u00e9,1\n").encode() + b"1001,2026-11-20,Behaviour,Talk,\xe9,1\n",
        (BARE + "1001,2026-11-20,Behaviour,Talk,x,1\n").encode("utf-16")[:-1],
        b"Adno,Date,Type\n1001,2026\0,x\n",
        b"Name,Date,Type\nReid Callum,2026-11-20,Behaviour\n",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><CTfile>&a;</CTfile>",
        b"PK\x03\x04 xl/ [Content_Types].xml",
        (rows(8) + "9999,2026-11-20,Behaviour,Talk,x,1\n").encode(),
    ],
    ids=[
        "0 bytes",
        "no rows",
        "quote",
        "cut",
        "two encodings",
        "odd utf-16",
        "nul",
        "no id",
        "xml",
        "excel",
        "bad rows",
    ],
)
def test_a_broken_file_is_refused_whole(school: School, broken: bytes) -> None:
    before = contents(school.file)
    with pytest.raises(FileRefused) as refused:
        take(school, broken)
    assert refused.value.remedy
    assert contents(school.file) == before


def test_too_many_bad_rows_name_lines_and_no_student(school: School) -> None:
    with pytest.raises(TooManyBadRows) as refused:
        take(school, BARE + "Reid,2026-11-20,Behaviour,Talk,x,1\n")
    assert "Reid" not in str(refused.value)


# -- stopped on the way --------------------------------------------------------------------------------------------


def stopping_at(doing: str, *, after: int = 0) -> Any:
    """Return a watch that says that it is enough once so many rows are being done."""

    def watch(step: Step) -> None:
        if step.doing.startswith(doing) and step.done >= after:
            raise Stopped

    return watch


@pytest.mark.parametrize("doing", ["reading the file", "reading", "laying out", "comparing", "backing", "writing"])
def test_stopped_anywhere_it_leaves_nothing(school: School, monkeypatch: pytest.MonkeyPatch, doing: str) -> None:
    monkeypatch.setattr("psc.importing.staging.CHUNK", 10)
    path = write(school.path.parent, rows(60))
    before = contents(school.file)
    after = 30 if doing == "writing" else 0
    with pytest.raises(Stopped) as stopped:
        import_file(school.desk("AD1"), "behaviour", path, watch=stopping_at(doing, after=after), profile="ours")
    assert stopped.value.exit_code == 130
    assert contents(school.file) == before
    assert not school.file.rows("SELECT name FROM temp.sqlite_master")
    assert take(school, rows(60)).imported == 60


def test_ctrl_c_in_the_middle_of_writing_leaves_nothing(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psc.importing.staging.CHUNK", 10)
    before = contents(school.file)

    def watch(step: Step) -> None:
        if step.doing == "writing" and step.done >= 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(school, rows(60), watch=watch)
    assert contents(school.file) == before
    assert not school.file.rows("SELECT name FROM temp.sqlite_master")


def test_progress_is_told_in_order(school: School) -> None:
    told: list[Step] = []
    take(school, rows(30), watch=told.append)
    assert list(dict.fromkeys(one.doing for one in told)) == [
        "reading the file", "reading", "laying out", "comparing", "writing",
    ]  # fmt: skip
    assert Step("writing", 5_000, 100_000).said == "writing: 5,000 of 100,000 rows"
    assert progress.CHUNK <= 10_000


_KILLED = """
import os, signal, sys
from pathlib import Path
from psc.clock import SetClock
from psc.database.file import open_file
from psc.desk.acts import Desk
from psc.importing import staging
from psc.importing.intake import import_file
from tests.school import at
staging.CHUNK = 10
def watch(step):
    if step.doing == "writing" and step.done >= 30:
        os.kill(os.getpid(), signal.SIGKILL)
file = open_file(Path(sys.argv[1]), keys=Path(sys.argv[2]))
import_file(Desk(file, SetClock(at("08:30")), "AD1"), "behaviour", Path(sys.argv[3]), backup=False, watch=watch)
"""


def test_killed_in_the_middle_of_writing_it_leaves_nothing(school: School) -> None:
    path = write(school.path.parent, rows(60))
    before = contents(school.file)
    command = [sys.executable, "-c", _KILLED, str(school.path), str(school.keys), str(path)]
    assert subprocess.run(command, check=False, env=os.environ).returncode == -signal.SIGKILL
    assert contents(school.file) == before
    assert take(school, rows(60)).imported == 60


def test_another_import_between_is_noticed(school: School, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("Code,Name,Kind,Seats\nIE3,Third,IER,4\n")

    def watch(step: Step) -> None:
        if step.doing == "writing" and not step.of:
            import_file(school.desk("AD1", "two"), "rooms", other, backup=False)

    with pytest.raises(PscError, match="Somebody else imported"):
        take(school, rows(5), watch=watch)
    assert not of(school)


# -- who sees it, and what becomes of it ---------------------------------------------------------------------------


def test_it_stands_in_the_story_of_who_may_see_it(school: School) -> None:
    take(school, HEAD + ONE)
    now = school.clock.now()
    story = chronology(school.file, 1, school.desk("CO1").staff(), now, kinds=(StoryKind.BEHAVIOUR,))
    assert [one.words for one in story] == ["Behaviour: Defiance · 3 points · P2 Maths"]
    assert "Would not move" in story[0].more


def test_the_ledger_names_whom_it_changed_something_of(school: School) -> None:
    take(school, HEAD + ONE)
    take(school, HEAD + ONE + ONE.replace("1001", "1002"))
    found = school.file.rows("SELECT student_id FROM ledger_student WHERE seq = (SELECT max(seq) FROM ledger)")
    assert found == [(2,)]
