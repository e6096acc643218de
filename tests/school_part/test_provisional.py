"""Students who are new here, and students who share a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psc.desk.acts import undo
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, PscError, Refused
from psc.flows.walk_in import walk_in
from psc.importing.intake import import_file
from psc.overview.cells import Cell, fitted
from psc.roster.placements import PlacementType
from psc.school.namesakes import Bearer, told_apart
from psc.school.provisional import add_provisional, typed_name
from psc.school.students import find_students, student_by_id, the_student
from tests.importing.files import write
from tests.school import IER, MONDAY, School

if TYPE_CHECKING:
    from psc.school.students import Student


def add(school: School, surname: str, forename: str, *, code: str = "AS1", **more: Any) -> int:
    return school.desk(code).do(add_provisional(surname, forename, **more)).value


def the(school: School, text: str) -> Student:
    return the_student(school.file, text, school.desk().staff(), MONDAY)


def found(school: School, text: str) -> list[str]:
    return [one.name for one in find_students(school.file, text, school.desk().staff(), MONDAY)]


def test_somebody_new_here_is_found_placed_and_signed_in_like_anybody(school: School) -> None:
    new = add(school, "Ivanova", "Mila", year=8, form="8D")
    assert found(school, "ivan") == ["Ivanova, Mila"]
    assert the(school, f"new{new}").id == new
    school.desk().do(walk_in(new, IER, PlacementType.REMOVAL, "Defiance"))
    row = school.row(new).row
    assert (row.name, row.year, row.form, row.admission_no, row.new_here) == (
        *("Ivanova, Mila", 8, "8D"),
        *(f"new{new}", True),
    )


def test_adding_is_undone_until_something_rests_on_it(school: School) -> None:
    add(school, "Ivanova", "Mila")
    school.desk().do(undo())
    assert found(school, "ivan") == []
    new = add(school, "Ivanova", "Mila")
    school.desk("AS2", "two").do(walk_in(new, IER, PlacementType.REMOVAL, "Defiance"))
    with pytest.raises(Refused, match="walk in"):
        school.desk().do(undo())
    assert found(school, "ivan") == ["Ivanova, Mila"]


def test_the_same_name_is_asked_about(school: School) -> None:
    with pytest.raises(NeedsReason, match="Marsh, Ellie 8C \\(1005\\) is here already"):
        add(school, "marsh", "ELLIE")
    add(school, "marsh", "ELLIE", override="a cousin")
    add(school, "Marshall", "Ellie")


@pytest.mark.parametrize(
    ("name", "more"), [(("", ""), {}), (("Ivanova", "Mila"), {"year": 15}), (("Ivanova", ""), {"admission_no": "1005"})]
)
def test_what_cannot_be_a_student_is_refused(school: School, name: tuple[str, str], more: dict[str, Any]) -> None:
    before = school.file.value("SELECT count(*) FROM student")
    with pytest.raises(PscError):
        add(school, *name, **more)
    assert school.file.value("SELECT count(*) FROM student") == before


@pytest.mark.parametrize("code", ["CV1", "HY8", "BL1"])
def test_not_everybody_adds_students(school: School, code: str) -> None:
    with pytest.raises(NotAllowed):
        add(school, "Ivanova", "Mila", code=code)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ling, Bo", ("Ling", "Bo")),
        ("bo ling", ("Ling", "Bo")),
        ("Ling", ("Ling", "")),
        ("  ", ("", "")),
        ("Mary Jane de Souza", ("Souza", "Mary Jane de")),
        ("o'brien, pat", ("O'Brien", "Pat")),
    ],
)
def test_a_name_looked_for_is_carried_over(typed: str, name: tuple[str, str]) -> None:
    assert typed_name(typed) == name


def test_an_import_with_their_number_makes_them_one_of_the_roll(school: School) -> None:
    new = add(school, "Ivanova", "Mila", year=8, admission_no="3001")
    text = "Adno,Surname,Forename,Year,Form\n3001,Ivanova,Mila,8,8D\n"
    report = import_file(school.desk("AD1"), "students", write(school.path.parent, text), backup=False)
    assert (report.imported, report.updated) == (0, 1)
    one = student_by_id(school.file, new, MONDAY)
    assert (one.new_here, one.form, one.number) == (False, "8D", "3001")


def test_an_import_of_the_same_name_merges_nobody(school: School) -> None:
    new = add(school, "Ivanova", "Mila", year=8)
    text = "Adno,Surname,Forename,DOB,Year,Form\n3001,Ivanova,Mila,01/02/2014,8,8D\n"
    path = write(school.path.parent, text)
    report = import_file(school.desk("AD1"), "students", path, backup=False)
    assert (report.imported, [one.line for one in report.possibly_same]) == (1, [2])
    assert student_by_id(school.file, new, MONDAY).new_here
    again = import_file(school.desk("AD1"), "students", path, backup=False)
    assert (again.imported, again.unchanged) == (0, 1)


def test_namesakes_are_told_apart_by_form_and_middle_initial(school: School) -> None:
    school.file.execute("UPDATE student SET middle_names = 'karim' WHERE id = 6")
    assert found(school, "ali") == ["Ali, Mohammed ≈7B K", "Ali, Mohammed ≈7E"]
    assert student_by_id(school.file, 6, MONDAY).plain_name == "Ali, Mohammed"
    for student in (6, 7):
        school.book(student, "P1")
    assert [row.name for row in school.board().rows] == ["Ali, Mohammed ≈7B K", "Ali, Mohammed ≈7E"]


def test_a_surname_and_an_initial_are_enough_and_accents_are_no_difference(school: School) -> None:
    add(school, "Obrien", "Lena", year=9, form="9A")
    assert found(school, "obrien") == ["Obrien, Lena ≈9A", "O’Brien, Łukasz ≈8A"]
    add(school, "Reid Carter", "Callum", year=7)
    assert found(school, "reid") == ["Reid, Callum", "Reid Carter, Callum"]


def test_who_has_left_is_nobody_s_namesake(school: School) -> None:
    school.file.execute("UPDATE student SET left_on = '2026-11-20' WHERE id = 7")
    assert found(school, "ali") == ["Ali, Mohammed"]


def test_names_of_signs_alone_are_no_reason_to_fall_over(school: School) -> None:
    bearers = [Bearer(9, "[b]Bold", "[/", "9C"), Bearer(99, "!!", "??", ""), Bearer(98, "%", "", "")]
    assert told_apart(school.file, bearers) == {}


def test_an_act_on_a_namesake_asks_which(school: School) -> None:
    for text in ("ali", "mohammed ali", "Ali, Mohammed"):
        with pytest.raises(NotUnderstood, match="≈7B \\(1006\\); Ali, Mohammed ≈7E \\(1007\\)"):
            the(school, text)
    assert the(school, "ali 7e").id == 7
    assert the(school, "1006").id == 6


def test_the_exact_name_of_one_does_not_decide_where_another_shares_the_initial(school: School) -> None:
    other = add(school, "Marsh", "Ellie-May", year=8, form="8B")
    for text in ("marsh ellie", "Marsh, Ellie", "marsh ellie-m"):
        with pytest.raises(NotUnderstood, match="fits several"):
            the(school, text)
    assert the(school, "marsh ellie 8c").id == 5
    assert the(school, "marsh 8b").id == other
    assert the(school, "Ellie-May Marsh").id == other


def test_the_mark_stays_when_the_column_is_narrow() -> None:
    made = Cell("Ali, Mohammed ≈7B K", tail="≈7B K")
    assert fitted(made, 16) == "Ali, Moham ≈7B K"[:9] + "… ≈7B K"
    assert fitted(made, 24) == "Ali, Mohammed ≈7B K     "
    assert len(fitted(made, 4)) == 4
