"""Lists of students: names, ids, what an absent column and an empty cell mean, and rows that stay out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from psc.importing.students import StudentRecord, read_students_csv

from .files import refusal, write

if TYPE_CHECKING:
    from pathlib import Path

    from psc.importing.report import Report

SIMS = (
    "Surname;Forename;Adno;UPN;Reg Group;NC Year;DOB;Gender;SEN Stage;PP;FSM Ever 6;In care;Photo\r\n"
    "O’Brien;Zoé;001234;Z823432119001;9A;Year 9;04/03/2012;F;K - SEN Support;T;Y;F;a.jpg\r\n"
    "Núñez;Siân;001235;;9B;9;2012-05-06;Male;;F;;N;b.jpg\r\n"
)
FILLER = "".join(f"{number},Filler,Person,9\n" for number in range(100, 130))
"""Thirty good rows, so that one bad row does not cost the file."""


def read(folder: Path, text: str, encoding: str = "utf-8") -> tuple[list[StudentRecord], Report]:
    """Read an export given as text."""
    return read_students_csv(write(folder, text, encoding))


def only(folder: Path, text: str) -> StudentRecord:
    """Return the one student of an export."""
    records, report = read(folder, text)
    assert not report.rejected
    (record,) = records
    return record


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_list_of_another_system_is_read_whole(tmp_path: Path, encoding: str) -> None:
    (first, second), report = read(tmp_path, SIMS, encoding)
    assert first == StudentRecord(
        line=2,
        admission_no="001234",
        upn="Z823432119001",
        surname="O’Brien",
        forename="Zoé",
        dob=date(2012, 3, 4),
        sex="F",
        year=9,
        form="9A",
        sen="K",
        pupil_premium=True,
        fsm=True,
        looked_after=False,
    )
    assert (second.line, second.upn, second.sex) == (3, "", "M")
    assert report.ignored_columns == ["Photo"]
    assert report.mapping["admission_no"] == "Adno"
    assert (report.rows, report.rejected, report.warnings) == (2, [], [])


def test_an_absent_column_is_not_spoken_of_and_an_empty_cell_is_named(tmp_path: Path) -> None:
    student = only(tmp_path, "Adno,Surname,Forename,House,DOB,FSM\n1,Khan,Aisha,,,\n")
    assert (student.form, student.year, student.contacts) == (None, None, None)
    assert (student.house, student.dob, student.fsm) == ("", None, None)
    assert student.emptied == {"house", "dob", "fsm"}


def test_the_preferred_name_is_shown_and_the_legal_one_kept(tmp_path: Path) -> None:
    student = only(
        tmp_path,
        "Adno,Legal Surname,Preferred Surname,Legal Forename,Known As\n1,Smith,Smith-Jones,Elizabeth,Lizzie\n",
    )
    assert (student.surname, student.forename) == ("Smith-Jones", "Lizzie")
    assert (student.legal_surname, student.legal_forename) == ("Smith", "Elizabeth")
    assert not student.shown_from_legal


def test_beside_a_preferred_name_the_plain_one_is_legal(tmp_path: Path) -> None:
    student = only(tmp_path, "Adno,Surname,Forename,Preferred Forename\n1,Khan,Muhammad,Ali\n")
    assert (student.forename, student.legal_forename, student.legal_surname) == ("Ali", "Muhammad", None)


def test_an_empty_preferred_name_falls_back(tmp_path: Path) -> None:
    student = only(tmp_path, "Adno,Preferred Surname,Preferred Forename,Legal Surname,Legal Forename\n1,,,Khan,Aisha\n")
    assert (student.surname, student.forename, student.shown_from_legal) == ("Khan", "Aisha", False)


def test_a_file_of_legal_names_only_says_that_the_shown_ones_come_from_there(tmp_path: Path) -> None:
    student = only(tmp_path, "UPN,Legal Surname,Legal Forename\nZ823432119001,Khan,Aisha\n")
    assert (student.surname, student.legal_surname, student.shown_from_legal) == ("Khan", "Khan", True)


@pytest.mark.parametrize(
    ("cell", "surname", "forename"),
    [
        ('"Khan, Aisha"', "Khan", "Aisha"),
        ('"O\'Brien-Reid,Mary Jane"', "O'Brien-Reid", "Mary Jane"),
        ("Priyanka", "Priyanka", ""),
    ],
)
def test_one_name_column_is_parted_at_its_comma(tmp_path: Path, cell: str, surname: str, forename: str) -> None:
    student = only(tmp_path, f"Adno,Name\n1,{cell}\n")
    assert (student.surname, student.forename) == (surname, forename)


def test_a_one_word_name_stands_as_the_surname_from_either_column(tmp_path: Path) -> None:
    student = only(tmp_path, "Adno,Surname,Forename\n1,,Priyanka\n")
    assert (student.surname, student.forename) == ("Priyanka", "")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,Khan Aisha,,9", "no comma"),
        (",Khan,Aisha,9", "neither an admission number nor a UPN"),
        ("1,,,9", "no name"),
        ("1,Khan,Aisha,99", "not a year group"),
        ("110,Khan,Aisha,9", "line 32 has the same admission number as line 12"),
        ("1,Khan,9", "3 fields where the header has 4"),
    ],
)
def test_a_bad_row_stays_out_with_its_line_and_reason(tmp_path: Path, row: str, reason: str) -> None:
    header = "Adno,Name,Forename,Year\n" if "no comma" in reason else "Adno,Surname,Forename,Year\n"
    records, report = read(tmp_path, header + FILLER + row + "\n")
    assert len(records) == 30
    assert [bad.line for bad in report.rejected] == [32]
    assert reason in report.rejected[0].reason
    assert "Khan" not in report.rejected[0].reason


def test_an_american_date_of_birth_costs_its_row(tmp_path: Path) -> None:
    filler = "".join(f"{number},Filler,Person,01/09/2011\n" for number in range(100, 130))
    _, report = read(tmp_path, "Adno,Surname,Forename,DOB\n" + filler + "1,Khan,Aisha,09/25/2011\n")
    assert report.rejected[0].reason.startswith("DOB: “09/25/2011” reads only as month before day")


def test_a_repeated_upn_costs_the_second_row(tmp_path: Path) -> None:
    rows = "".join(f"{number},,Filler,Person\n" for number in range(30))
    twice = "40,Z823432119001,Khan,Aisha\n41,z823432119001,Khan,Adil\n"
    records, report = read(tmp_path, "Adno,UPN,Surname,Forename\n" + rows + twice)
    assert records[-1].admission_no == "40"
    assert report.rejected[0].reason == "line 33 has the same UPN as line 32"


def test_a_bad_upn_is_kept_and_only_warned_of(tmp_path: Path) -> None:
    (student,), report = read(tmp_path, "UPN,Surname,Forename\nA801200005001,Khan,Aisha\n")
    assert student.upn == "A801200005001"
    assert [(odd.line, odd.reason) for odd in report.warnings] == [(2, "the UPN has a wrong check letter")]


def test_a_cell_that_only_counts_is_warned_of_and_not_spoken_of(tmp_path: Path) -> None:
    (student,), report = read(tmp_path, "Adno,Surname,Forename,SEN,PP,Sex,Year\n1,Khan,Aisha,??,maybe,U,N2\n")
    assert (student.sen, student.pupil_premium, student.sex, student.year) == (None, None, None, None)
    assert student.emptied == frozenset()
    assert len(report.warnings) == 4
    assert "SEN: “??” is not SEN provision N, K or E" in [odd.reason for odd in report.warnings]


def test_warnings_of_rows_that_stay_out_are_left_out_too(tmp_path: Path) -> None:
    _, report = read(
        tmp_path, "Adno,Surname,Forename,Year,PP\n" + FILLER.replace(",9\n", ",9,Y\n") + ",Khan,Aisha,9,maybe\n"
    )
    assert len(report.rejected) == 1
    assert report.warnings == []


@pytest.mark.parametrize("good", [4, 8])
def test_more_than_one_bad_row_in_ten_refuses_the_file(tmp_path: Path, good: int) -> None:
    rows = "".join(f"{number},Khan,Aisha\n" for number in range(good))
    words = refusal(read_students_csv, write(tmp_path, "Adno,Surname,Forename\n" + rows + ",Ling,Bo\n"))
    assert f"1 of {good + 1} rows" in words
    assert f"line {good + 2}" in words
    assert "Ling" not in words


def test_one_bad_row_in_ten_does_not(tmp_path: Path) -> None:
    rows = "".join(f"{number},Khan,Aisha\n" for number in range(9))
    records, report = read(tmp_path, "Adno,Surname,Forename\n" + rows + ",Ling,Bo\n")
    assert (len(records), len(report.rejected)) == (9, 1)


def test_a_list_without_any_id_column_is_refused(tmp_path: Path) -> None:
    assert "Admission No or UPN" in refusal(read_students_csv, write(tmp_path, "Surname,Forename\nKhan,Aisha\n"))


def test_a_profile_maps_what_no_alias_knows(tmp_path: Path) -> None:
    path = write(tmp_path, "Candidate,Surname,Forename,Learning mentor\n7,Khan,Aisha,SG1\n")
    (student,), report = read_students_csv(path, {"admission_no": "Candidate", "key_worker": "Learning mentor"})
    assert (student.admission_no, student.key_worker) == ("7", "SG1")
    assert report.ignored_columns == []
