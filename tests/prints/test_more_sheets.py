"""Sheets, further: what a wall copy's order tells, a kitchen that was not told, and the register."""

from __future__ import annotations

import re

import pytest

from psc.errors import NoSpace
from psc.overview.care import home_words
from psc.overview.register import register_list
from psc.prints.keep import sheets_folder
from psc.prints.kitchen import print_kitchen, wall_copy
from psc.prints.register import register_sheet
from psc.roster.home import tell_home
from psc.roster.lunch import choose_lunch, last_printed
from tests.roster.homes import give_contacts
from tests.roster.stories import set_clock
from tests.school import IER, MONDAY, School


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
