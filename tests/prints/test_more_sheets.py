"""Sheets, further: what a wall copy's order tells, a kitchen that was not told, and the register."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from psc.errors import NoSpace
from psc.overview.care import home_words
from psc.overview.register import register_list
from psc.prints.keep import sheets_folder
from psc.prints.kitchen import print_kitchen, wall_copy
from psc.prints.register import register_sheet
from psc.prints.roll import roll_page
from psc.roster.home import tell_home
from psc.roster.lunch import choose_lunch, last_printed
from psc.roster.movements import sign_in
from psc.school.students import folded_name
from tests.roster.homes import give_contacts
from tests.roster.stories import set_clock
from tests.school import IER, MONDAY, PSC, School

if TYPE_CHECKING:
    from pathlib import Path


def test_the_order_on_the_wall_does_not_follow_the_names(school: School) -> None:
    made = set()
    for student in (2, 5, 1):
        school.book(student)
    for marsh, okafor, reid in (("hot", "none", "vegetarian"), ("vegetarian", "hot", "none")):
        for student, choice in ((5, marsh), (2, okafor), (1, reid)):
            school.desk().do(choose_lunch(student, IER, choice))
        html = wall_copy(school.board(), school.clock.now())
        made.add(tuple(re.findall(r"<td>–</td><td>(\w+)", html)))
    assert made == {("hot", "none", "vegetarian")}, "the same choices give the same sheet, whosever they are"


def test_a_kitchen_sheet_that_cannot_be_written_tells_the_kitchen_nothing(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.book(1)
    school.desk().do(choose_lunch(1, IER, "hot"))

    def full(*_: object) -> None:
        raise NoSpace("There is no space to write the sheet.", "")

    with monkeypatch.context() as patch:
        patch.setattr("psc.prints.keep.write_sheet", full)
        with pytest.raises(NoSpace):
            print_kitchen(school.desk(), MONDAY)
    assert last_printed(school.file, MONDAY) is None
    print_kitchen(school.desk(), MONDAY)
    assert last_printed(school.file, MONDAY)
    assert [one.name for one in sheets_folder(school.file).iterdir()] == ["kitchen-2026-11-23.html"]


def test_a_register_that_has_closed_says_so(school: School) -> None:
    school.book(1)
    for clock, words in (("08:41", "The register closes at"), ("11:43", "The register closed at")):
        set_clock(school, clock)
        board, now = school.board(), school.clock.now()
        made = register_list(board, now)
        assert made
        assert words in register_sheet(board, made, now)


def test_the_open_pane_does_not_say_that_a_student_is_fostered(school: School) -> None:
    give_contacts(school)
    school.book(1)
    school.desk().do(tell_home(1, "foster mother", "phone", "told"))
    row = school.row(1)
    words = " ".join(home_words(row.home_owed, row.row.care.home, school.file.zone))
    assert "home told 08:30: a contact, AS1" in words
    assert "foster" not in words


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs a browser that prints")
def test_the_roll_of_sixty_students_is_one_page_to_carry(school: School, tmp_path: Path) -> None:
    school.file.execute("UPDATE room SET seats = 60")
    for student in range(101, 161):
        name = f"Longer-Surname {student}"
        school.file.execute(
            "INSERT INTO student (id, admission_no, surname, forename, folded) VALUES (?, ?, ?, 'Maximiliane', ?)",
            (student, str(student), name, folded_name(name, "Maximiliane", "", "")),
        )
        school.file.execute(
            "INSERT INTO enrolment (student_id, from_day, year, form, seq) VALUES (?, '2026-09-01', 9, '9B', 1)",
            (student,),
        )
        school.book(student, "P1", room=IER if student % 2 else PSC)
    set_clock(school, "08:50")
    school.desk().do(*(sign_in(student, IER if student % 2 else PSC) for student in range(101, 161)))
    page, made = tmp_path / "roll.html", tmp_path / "roll.pdf"
    page.write_text(roll_page(school.board(), school.clock.now()), encoding="utf-8")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path}", f"--print-to-pdf={made}", page.as_uri()],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert len(re.findall(rb"/Type\s*/Page\b", made.read_bytes())) == 1
