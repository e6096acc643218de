"""Headings: found by the names other systems give them, by a remembered profile, or missed in plain words."""

from __future__ import annotations

import pytest

from psc.errors import FileRefused
from psc.importing.columns import map_columns

ARBOR = ("Arbor Student ID", "Unique Pupil Number", "Legal Last Name", "Preferred Last Name", "Legal First Name",
         "Preferred First Name", "Year group", "Registration Form", "SEN Status", "Date of birth", "Photo")  # fmt: skip
SIMS = ("Adno", "UPN", "Legal Surname", "Legal Forename", "Preferred Surname", "Preferred Forename", "Reg Group",
        "NC Year", "D.O.B.", "In care", "FSM Ever 6", "SEN_status")  # fmt: skip
ONE_ROSTER = ("sourcedId", "givenName", "familyName", "grades", "dateLastModified")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (ARBOR, {"admission_no", "upn", "legal_surname", "preferred_surname", "legal_forename", "preferred_forename",
                 "year", "form", "sen", "dob"}),
        (SIMS, {"admission_no", "upn", "legal_surname", "legal_forename", "preferred_surname", "preferred_forename",
                "form", "year", "dob", "looked_after", "fsm", "sen"}),
        (ONE_ROSTER, {"admission_no", "forename", "surname", "year"}),
    ],
)  # fmt: skip
def test_the_headings_of_other_systems_are_known(header: tuple[str, ...], expected: set[str]) -> None:
    assert set(map_columns("students", header).places) == expected


def test_columns_nobody_reads_are_named() -> None:
    columns = map_columns("students", (*ARBOR[:4], "Preferred First Name", "Photo", "", "Legal Last Name"))
    assert columns.ignored == ("Photo", "column 7, which has no heading", "Legal Last Name")


def test_of_several_names_the_preferred_one_wins_wherever_it_stands() -> None:
    columns = map_columns(
        "students", ("MIS ID", "FSM Ever 6", "Surname", "First Name", "FSM Eligible", "Admission No.")
    )
    assert columns.headings["admission_no"] == "Admission No."
    assert columns.headings["fsm"] == "FSM Eligible"
    assert columns.ignored == ("MIS ID", "FSM Ever 6")


def test_a_profile_comes_before_any_name() -> None:
    header = ("Ref", "Adno", "Surname", "Forename", "Colour")
    columns = map_columns(
        "students", header, {"admission_no": "ref", "house": "COLOUR", "form": "not here", "no_field": "Adno"}
    )
    assert columns.headings["admission_no"] == "Ref"
    assert columns.headings["house"] == "Colour"
    assert "form" not in columns.places
    assert columns.ignored == ("Adno",)


def test_a_column_serves_one_field_only() -> None:
    columns = map_columns("students", ("Adno", "Surname", "Forename", "Form"), {"house": "Form"})
    assert "form" not in columns.places


def test_a_missing_column_is_named_with_the_headings_found() -> None:
    with pytest.raises(FileRefused) as refused:
        map_columns("students", ("Surname", "Forename", "Favourite colour"))
    assert "Admission No or UPN" in refused.value.title
    assert "Favourite colour" in refused.value.remedy


def test_a_file_without_headings_never_shows_its_first_student() -> None:
    with pytest.raises(FileRefused) as refused:
        map_columns("students", ("001234", "Khan", "Aisha", "PP"))
    assert "no header" in str(refused.value)
    assert "Khan" not in str(refused.value)


def test_a_student_id_beside_a_student_name_is_the_id() -> None:
    assert map_columns("classes", ("Student", "Class", "Adno")).headings["student"] == "Adno"
