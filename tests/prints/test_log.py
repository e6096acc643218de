"""The paper log: who stands on it and in which order, what it carries and what it must not, and that it is one page."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from psc.overview.log import Log, make_log, read_told_home
from psc.prints.keep import keep_sheet, sheets_folder
from psc.prints.log import keep_logs, log_lines, log_name, log_sheet
from psc.roster.absences import Absence, mark_absence
from psc.roster.checks import mark_check
from psc.school.rooms import room_by_id
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, TUESDAY, School

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def noon(school: School) -> School:
    """Reid in seat 1, where Okafor sat before him; Novak expected in P4, Khan since P1, Marsh absent."""
    school.book(2, reason="Fighting, seen by M. Hill")
    school.book(1)
    school.book(10, "P4 P5")
    school.book(4, "P1 P2")
    absent = school.book(5)
    play(school, 2, "08:45 in, 10:10 left lesson")
    set_clock(school, "08:40")
    play(school, 1, "08:48 in, 09:20 out toilet, 09:26 back, 12:05 out safeguarding lead")
    school.desk().do(mark_absence(absent, Absence.ABSENT, code="I"))
    school.desk().do(mark_check(school.placed(1, "P1"), 3))
    set_clock(school, "12:20")
    return school


def log_of(school: School, room: int = IER) -> Log:
    """Return a room's log as it is now."""
    told = read_told_home(school.file, MONDAY)
    return make_log(school.board(), room_by_id(school.file, room), school.clock.now(), told)


def test_rows_stand_in_seat_order_then_the_expected_then_those_not_coming(noon: School) -> None:
    log = log_of(noon)
    assert [(one.seat, one.row.name, one.until) for one in log.rows] == [
        (1, "Okafor, Amara", "today"),
        (1, "Reid, Callum", "today"),
        (None, "Khan, Bilal", "P2"),
        (None, "Novak, Petra", "today"),
        (None, "Marsh, Ellie", "absent"),
    ]
    assert log.spare == 2


def test_a_log_printed_at_noon_carries_the_morning(noon: School) -> None:
    okafor, reid, *_ = log_of(noon).rows
    assert (okafor.came_words, okafor.left_words) == ("08:45", "l10:10")
    assert (reid.came_words, reid.out_words) == ("08:48", "t09:20-09:26 s12:05-")
    assert (reid.check_words("P1"), reid.check_words("P2")) == ("3", "")


def test_the_heading_says_room_day_week_and_leaves_a_line_for_who_keeps_it(noon: School) -> None:
    sheet = log_sheet(log_of(noon))
    for words in ("Hillside School", "Internal Exclusion Room", "Mon 23 Nov 2026 · Week A", "Paper kept by: ____"):
        assert words in sheet
    assert "P3 11:10–12:10" in sheet


def test_no_reason_alert_or_type_is_on_it(noon: School) -> None:
    noon.file.execute("UPDATE student SET sen = 'E' WHERE id = 1")
    log = log_of(noon)
    for words in (log_sheet(log), "\n".join(log_lines(log))):
        for private in ("Fighting", "Defiance", "exclusion,", "Removal", "safeguarding", "Education, health", "SEN"):
            assert private not in words


def test_there_are_empty_rows_up_to_the_seats_and_two_at_the_least(school: School) -> None:
    assert log_of(school).spare == 4
    school.book(1)
    assert log_of(school).spare == 3
    for student in (2, 3, 4):
        school.book(student)
    assert log_of(school).spare == 2


def test_when_home_was_told_stands_in_its_column(noon: School) -> None:
    noon.file.execute(
        "INSERT INTO home_contact (student_id, contact, how, outcome, note, happened, recorded, day, seq) VALUES"
        " (1, 'Mother', 'phone', 'no answer', '', '2026-11-23T10:00:00Z', '2026-11-23T10:00:00Z', '2026-11-23', 1),"
        " (1, 'Mother', 'phone', 'told', '', '2026-11-23T11:02:00Z', '2026-11-23T11:02:00Z', '2026-11-23', 1)"
    )
    assert [one.home_told for one in log_of(noon).rows][:2] == ["", "11:02"]


@pytest.mark.parametrize("width", [80, 100, 132])
def test_the_text_keeps_within_the_width_and_loses_no_time(noon: School, width: int) -> None:
    lines = log_lines(log_of(noon), width)
    assert all(cell_len(line) <= width for line in lines)
    whole = "\n".join(lines)
    assert "t09:20-09:26" in whole
    assert "s12:05-" in whole


def test_names_and_codes_are_only_text(school: School) -> None:
    school.book(9)
    school.file.execute("UPDATE student SET forename = '<script>alert(1)</script>' WHERE id = 9")
    school.file.execute("UPDATE room SET code = '../x' WHERE id = 1")
    board = school.board()
    (path,) = keep_logs(school.file, board, board.rooms[:1], school.clock.now())
    assert path.parent == sheets_folder(school.file)
    assert log_name(board.rooms[0]) == "log-room1"
    assert "<script>" not in path.read_text(encoding="utf-8")


def test_sheets_are_private_and_go_after_a_week(school: School) -> None:
    old = keep_sheet(school.file, "log-IER", FRIDAY_BEFORE.replace(day=13), "<html>")
    board = school.board()
    paths = keep_logs(school.file, board, board.rooms, school.clock.now())
    assert [path.name for path in paths] == ["log-IER-2026-11-23.html", "log-PSC-2026-11-23.html"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert not old.exists()


def test_tomorrows_log_is_as_it_is_planned(school: School) -> None:
    school.book(1, days=(TUESDAY,))
    log = make_log(school.board("AS1", TUESDAY), room_by_id(school.file, IER), school.clock.now(), {})
    assert [(one.row.name, one.came_words) for one in log.rows] == [("Reid, Callum", "")]
    assert log.at == "Mon 08:30"


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs a browser that prints")
@pytest.mark.parametrize("students", [0, 10, 20, 26] if os.environ.get("PSC_BROWSER") else [26])
def test_it_is_one_a4_page(noon: School, tmp_path: Path, students: int) -> None:
    log = log_of(noon)
    busy = log.rows[1]._replace(outs=tuple(("t", f"{9 + n}:05", f"{9 + n}:11") for n in range(6)))
    names = [busy.row._replace(name="Featherstonehaugh-Cholmondeley, Alexandrina") for _ in range(students)]
    full = log._replace(
        rows=tuple(busy._replace(row=row) for row in names),
        periods=tuple((f"P{number}", "08:50–09:50 or 09:00–10:00") for number in range(1, 9)),
        lessons=tuple(f"P{number}" for number in range(1, 9)),
    )
    page, made = tmp_path / "log.html", tmp_path / "log.pdf"
    page.write_text(log_sheet(full), encoding="utf-8")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path}",
         f"--print-to-pdf={made}", page.as_uri()],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert len(re.findall(rb"/Type\s*/Page\b", made.read_bytes())) == 1
