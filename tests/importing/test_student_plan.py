"""Lists of students applied: who is matched, what a file may change, what it must leave, and who counts as gone."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from psc.errors import NeedsReason, NotUnderstood, PscError
from psc.importing.intake import import_file
from psc.school.alerts import add_alert
from psc.school.students import find_students
from tests.desk.refusals import contents
from tests.school import FRIDAY_BEFORE, IER, MONDAY, STUDENTS, TUESDAY

from .files import write

if TYPE_CHECKING:
    from pathlib import Path

    from psc.importing.report import Report
    from tests.school import School

TEMPORARY, PERMANENT, ANOTHER = "K82343211900A", "Z823432119001", "N823432119002"


def take(school: School, text: str, **options: Any) -> Report:
    """Take in a list of students given as text, without a backup."""
    return import_file(school.desk("AD1"), "students", write(school.path.parent, text), backup=False, **options)


def take_ctf(school: School, *pupils: str) -> Report:
    """Take in a transfer file of these pupils."""
    header = "<CTfile><Header><DateTime>2026-11-01T08:00:00</DateTime></Header><CTFpupilData>"
    return take(school, f"{header}{''.join(pupils)}</CTFpupilData></CTfile>", format="ctf")


def pupil(
    upn: str = PERMANENT, surname: str = "Ling", forename: str = "Bo", *, basic: str = "", inside: str = ""
) -> str:
    """Return one pupil of a transfer file."""
    return (
        f"<Pupil><UPN>{upn}</UPN><Surname>{surname}</Surname><Forename>{forename}</Forename><DOB>2012-05-06</DOB>"
        f"<BasicDetails>{basic}</BasicDetails>{inside}</Pupil>"
    )


def field(school: School, number: str, name: str) -> Any:
    """Return a column of the student with that admission number."""
    return school.file.value(f"SELECT {name} FROM student WHERE admission_no = ?", (number,))


def changes(school: School, number: str) -> dict[str, tuple[str, str]]:
    """Return what imports changed of a student: field to (before, after)."""
    found = school.file.rows(
        "SELECT field, before, after FROM import_change JOIN student ON student.id = student_id WHERE admission_no = ?",
        (number,),
    )
    return {name: (before, after) for name, before, after in found}


def enrolments(school: School, number: str) -> list[tuple[str, int | None, str]]:
    """Return the dated years and forms of a student."""
    return school.file.rows(
        "SELECT from_day, year, form FROM enrolment JOIN student ON student.id = student_id WHERE admission_no = ?"
        " ORDER BY from_day, enrolment.id",
        (number,),
    )


def enrolled(school: School, number: str) -> tuple[int | None, str]:
    """Return the year and form of a student today."""
    return enrolments(school, number)[-1][1:]


# -- new, updated, unchanged ---------------------------------------------------------------------------------------


def test_a_new_student_is_enrolled_from_the_year_s_start_and_found_at_once(school: School) -> None:
    report = take(school, f"Adno,UPN,Surname,Forename,Year,Form\n2001,{PERMANENT},Núñez,Siân,9,9A\n")
    assert (report.imported, report.updated, report.unchanged) == (1, 0, 0)
    assert enrolments(school, "2001") == [("2026-09-01", 9, "9A")]
    assert changes(school, "2001") == {}
    found = find_students(school.file, "sian nunez", school.desk().staff(), MONDAY)
    assert [(one.name, one.form) for one in found] == [("Núñez, Siân", "9A")]


def test_the_same_list_again_changes_nothing(school: School) -> None:
    text = (
        "Adno,UPN,Surname,Forename,Legal Surname,Legal Forename,Year,Form,House,DOB,Sex,SEN,PP,Key Worker,Medical\n"
        f"2001,{PERMANENT},Ling,Bo,Ling,Robert,9,9A,Wye,06/05/2012,M,K,Y,KB,Asthma\n"
        "2002,,Priyanka,,,,8,,,,,,,,\n"
    )
    take(school, text)
    before = {name: rows for name, rows in contents(school.file).items() if not name.startswith("ledger")}
    report = take(school, text)
    after = contents(school.file)
    assert (report.imported, report.updated, report.unchanged) == (0, 0, 2)
    assert before == {name: after[name] for name in before}


def test_a_change_keeps_what_was_before_it(school: School) -> None:
    head = "Adno,UPN,Surname,Forename,House,SEN,PP\n"
    take(school, f"{head}2001,{PERMANENT},Ling,Bo,Wye,N,N\n2002,{ANOTHER},Ray,Ann,Avon,,\n")
    report = take(school, f"{head}2001,{PERMANENT},Ling,Bao,Severn,K,Y\n2002,{ANOTHER},Ray,Ann,Avon,,\n")
    assert (report.imported, report.updated, report.unchanged) == (0, 1, 1)
    assert changes(school, "2001") == {
        "forename": ("Bo", "Bao"),
        "house": ("Wye", "Severn"),
        "sen": ("N", "K"),
        "pupil_premium": ("0", "1"),
    }
    assert changes(school, "2002") == {}


def test_year_and_form_are_dated_so_that_a_past_day_shows_the_old_form(school: School) -> None:
    school.book(5, "P1", days=(MONDAY, TUESDAY))
    school.clock.moment += timedelta(days=1)
    take(school, "Adno,Surname,Forename,Year,Form\n1005,Marsh,Ellie,9,9E\n")
    assert enrolments(school, "1005") == [("2026-09-01", 8, "8C"), ("2026-11-24", 9, "9E")]
    assert changes(school, "1005") == {"year and form": ("8 8C", "9 9E")}
    assert [(row.year, row.form) for row in school.board(day=MONDAY).rows] == [(8, "8C")]
    assert [(row.year, row.form) for row in school.board(day=TUESDAY).rows] == [(9, "9E")]


def test_two_changes_of_form_on_one_day_leave_the_later_one(school: School) -> None:
    for form in ("8D", "8B"):
        take(school, f"Adno,Surname,Forename,Form\n1005,Marsh,Ellie,{form}\n")
    assert enrolled(school, "1005") == (8, "8B")
    assert take(school, "Adno,Surname,Forename,Form\n1005,Marsh,Ellie,8B\n").unchanged == 1


def test_a_medical_text_becomes_an_emergency_alert_and_a_newer_one_takes_its_place(school: School) -> None:
    head = "Adno,Surname,Forename,Medical\n"
    school.book(1, "P1")
    for text in ("Asthma", "Asthma", "Asthma: inhaler in office"):
        take(school, f"{head}1001,Reid,Callum,{text}\n")
    assert [(one.kind, one.text, one.emergency) for one in school.row(1).row.alerts] == [
        ("medical", "Asthma: inhaler in office", True)
    ]
    assert school.file.value("SELECT count(*) FROM alert") == 2, "the same text again adds no alert"


def test_an_import_takes_back_no_alert_that_somebody_added(school: School) -> None:
    school.desk("SG1").do(add_alert(1, "medical", "Epilepsy: time it", emergency=True))
    school.book(1, "P1")
    for text in ("Asthma", "Asthma: inhaler in office"):
        take(school, f"Adno,Surname,Forename,Medical\n1001,Reid,Callum,{text}\n")
    assert [one.text for one in school.row(1).row.alerts] == ["Epilepsy: time it", "Asthma: inhaler in office"]


def test_a_key_worker_is_named_by_staff_code_in_any_case_and_an_unknown_one_is_warned_of(school: School) -> None:
    report = take(
        school, "Adno,Surname,Forename,Key Worker\n1001,Reid,Callum,kb\n1002,Okafor,Amara,ZZ\n1003,O’Brien,Łukasz,\n"
    )
    assert field(school, "1001", "key_worker_id") == 7
    assert [(odd.line, odd.reason) for odd in report.warnings] == [(3, "the key worker is not on the staff list")]


def test_a_one_word_name_comes_whole(school: School) -> None:
    take(school, "Adno,Surname,Forename\n2001,Devi,Lakshmi\n")
    take(school, "Adno,Surname,Forename\n2001,Lakshmi,\n")
    assert (field(school, "2001", "surname"), field(school, "2001", "forename")) == ("Lakshmi", "")
    assert not find_students(school.file, "devi", school.desk().staff(), MONDAY)


def test_names_that_look_like_markup_or_formulas_are_kept_as_names(school: School) -> None:
    take(
        school,
        'Adno,Surname,Forename\n2001,[@click=app.quit]Amy[/],"=1+1"\n2002,"Robert\'); DROP TABLE student;--",[/\n',
    )
    assert (field(school, "2001", "surname"), field(school, "2001", "forename")) == ("[@click=app.quit]Amy[/]", "=1+1")
    assert field(school, "2002", "surname") == "Robert'); DROP TABLE student;--"


# -- absent columns and empty cells --------------------------------------------------------------------------------

_KNOWN = {
    "House": ("Wye", "house", ""),
    "Legal Forename": ("Robert", "legal_forename", ""),
    "Middle Names": ("Lee", "middle_names", ""),
    "DOB": ("06/05/2012", "dob", None),
    "Sex": ("M", "sex", ""),
    "SEN": ("K", "sen", ""),
    "PP": ("Y", "pupil_premium", None),
    "FSM": ("Y", "fsm", None),
    "In Care": ("Y", "looked_after", None),
    "EAL": ("Y", "eal", None),
    "Ethnicity": ("WBRI", "ethnicity", ""),
    "Dietary": ("No nuts", "dietary", ""),
    "Key Worker": ("KB", "key_worker_id", None),
}


def _standing(school: School) -> dict[str, Any]:
    return {heading: field(school, "2001", column) for heading, (_, column, _) in _KNOWN.items()}


def _take_all(school: School) -> dict[str, Any]:
    """Take in a student of whom everything is told; return what stands."""
    head, cells = ",".join(_KNOWN), ",".join(cell for cell, _, _ in _KNOWN.values())
    report = take(school, f"Adno,Preferred Surname,Preferred Forename,{head}\n2001,Ling,Bo,{cells}\n")
    assert (report.imported, report.warnings) == (1, [])
    return _standing(school)


@pytest.mark.parametrize("clear_empty", [False, True])
def test_an_absent_column_leaves_alone_what_is_known(school: School, clear_empty: bool) -> None:
    before = _take_all(school)
    assert all(before.values())
    report = take(school, "Adno,Surname,Forename\n2001,Ling,Bo\n", clear_empty=clear_empty)
    assert (report.unchanged, _standing(school)) == (1, before)


@pytest.mark.parametrize("heading", _KNOWN)
def test_an_empty_cell_clears_only_when_its_user_says_so(school: School, heading: str) -> None:
    before = _take_all(school)
    text = f"Adno,Preferred Surname,Preferred Forename,{heading}\n2001,Ling,Bo,\n"
    assert take(school, text).unchanged == 1
    assert _standing(school) == before
    take(school, text, clear_empty=True)
    assert _standing(school) == {**before, heading: _KNOWN[heading][2]}


def test_an_empty_year_form_or_medical_cell_clears_only_when_its_user_says_so(school: School) -> None:
    take(school, "Adno,Surname,Forename,Year,Form,Medical\n1001,Reid,Callum,10,10F,Asthma\n")
    school.book(1, "P1")
    text = "Adno,Surname,Forename,Year,Form,Medical\n1001,Reid,Callum,,,\n"
    assert take(school, text).unchanged == 1
    assert enrolled(school, "1001") == (10, "10F")
    take(school, text, clear_empty=True)
    assert school.row(1).row.alerts == ()
    assert enrolled(school, "1001") == (None, "")


def test_ids_and_names_are_never_cleared(school: School) -> None:
    take(school, f"Adno,UPN,Surname,Forename\n2001,{PERMANENT},Ling,Bo\n")
    take(school, f"Adno,UPN,Surname,Forename\n,{PERMANENT},Ling,Bo\n", clear_empty=True)
    take(school, "Adno,UPN,Surname,Forename\n2001,,Ling,Bo\n", clear_empty=True)
    assert field(school, "2001", "upn") == PERMANENT


# -- the transfer file after the list ------------------------------------------------------------------------------


def test_a_ctf_keeps_form_house_and_preferred_names(school: School) -> None:
    take(
        school,
        "Adno,UPN,Preferred Surname,Preferred Forename,Legal Surname,Legal Forename,Year,Form,House\n"
        f"2001,{PERMANENT},Ling,Bo,Ling,Robert,9,9A,Wye\n",
    )
    report = take_ctf(school, pupil(forename="Rupert", basic="<NCyearActual>9</NCyearActual>"))
    assert report.updated == 1
    assert (field(school, "2001", "forename"), field(school, "2001", "legal_forename")) == ("Bo", "Rupert")
    assert (enrolled(school, "2001"), field(school, "2001", "house")) == ((9, "9A"), "Wye")
    assert find_students(school.file, "rupert", school.desk().staff(), MONDAY)


def test_a_ctf_without_a_year_leaves_the_year(school: School) -> None:
    take(school, f"Adno,UPN,Surname,Forename,Year,Form\n2001,{PERMANENT},Ling,Bo,9,9A\n")
    take_ctf(school, pupil())
    assert enrolled(school, "2001") == (9, "9A")


def test_a_name_shown_because_it_is_the_legal_one_follows_a_ctf_that_changes_it(school: School) -> None:
    take_ctf(school, pupil(surname="Ling"))
    assert take_ctf(school, pupil(surname="Ling-Ray")).updated == 1
    assert school.file.row("SELECT surname, legal_surname FROM student WHERE upn = ?", (PERMANENT,)) == (
        "Ling-Ray",
        "Ling-Ray",
    )


def test_a_preferred_forename_that_a_ctf_spells_out_is_taken(school: School) -> None:
    for name in ("Lizzie", "Beth"):
        take_ctf(school, pupil(forename="Elizabeth", basic=f"<PreferredForename>{name}</PreferredForename>"))
    assert school.file.row("SELECT forename, legal_forename FROM student WHERE upn = ?", (PERMANENT,)) == (
        "Beth",
        "Elizabeth",
    )


def test_the_list_and_the_ctf_in_turn_settle(school: School) -> None:
    text = (
        "Adno,UPN,Preferred Surname,Preferred Forename,Legal Surname,Legal Forename,Year,Form,DOB\n"
        f"2001,{PERMANENT},Ling,Bo,Ling,Robert,9,9A,06/05/2012\n"
    )
    one = pupil(forename="Robert", basic="<NCyearActual>9</NCyearActual>")
    take(school, text)
    take_ctf(school, one)
    assert (take(school, text).unchanged, take_ctf(school, one).unchanged) == (1, 1)


# -- contacts ------------------------------------------------------------------------------------------------------


def contact(surname: str, forename: str, phone: str = "01632 960001") -> str:
    """Return one contact of a pupil."""
    return (
        f"<Contact><Surname>{surname}</Surname><Forename>{forename}</Forename><Relationship>PAR</Relationship>"
        f"<Responsibility>true</Responsibility><Phones><Phone><PhoneNo>{phone}</PhoneNo></Phone></Phones></Contact>"
    )


def take_contacts(school: School, *contacts: str) -> Report:
    """Take in a pupil with these contacts."""
    return take_ctf(school, pupil(inside=f"<Contacts>{''.join(contacts)}</Contacts>"))


def barred(school: School) -> list[tuple[str, str, int]]:
    """Return every contact with whether they must not be contacted."""
    return school.file.rows("SELECT surname, forename, do_not_contact FROM contact ORDER BY place")


def _bar(school: School, forename: str) -> None:
    school.file.execute("UPDATE contact SET do_not_contact = 1 WHERE forename = ?", (forename,))


def test_who_must_not_be_contacted_stays_so_when_the_file_comes_again(school: School) -> None:
    take_contacts(school, contact("Ling", "Mai"), contact("Ling", "Dan"))
    _bar(school, "Dan")
    report = take_contacts(school, contact("Ling", "Dan", "07700 900001"), contact("Ling", "Mai"))
    assert report.updated == 1
    assert barred(school) == [("Ling", "Dan", 1), ("Ling", "Mai", 0)]


@pytest.mark.parametrize(("surname", "forename"), [("LING", "DAN"), ("Ling ", "dan"), ("Líng", "Dan")])
def test_who_must_not_be_contacted_stays_so_when_the_name_is_written_otherwise(
    school: School, surname: str, forename: str
) -> None:
    take_contacts(school, contact("Ling", "Dan"))
    _bar(school, "Dan")
    take_contacts(school, contact(surname, forename, "07700 900001"))
    assert [bar for _, _, bar in barred(school)] == [1]


def test_who_must_not_be_contacted_stays_so_after_a_file_that_leaves_them_out(school: School) -> None:
    take_contacts(school, contact("Ling", "Mai"), contact("Ling", "Dan"))
    _bar(school, "Dan")
    take_contacts(school, contact("Ling", "Mai"))
    take_contacts(school, contact("Ling", "Mai"), contact("Ling", "Dan"))
    assert ("Ling", "Dan", 1) in barred(school)
    assert ("Ling", "Dan", 0) not in barred(school)


@pytest.mark.parametrize("contacts", [(), ("<Contact><Surname/></Contact>",)])
def test_an_empty_list_of_contacts_clears_nothing_unasked(school: School, contacts: tuple[str, ...]) -> None:
    take_contacts(school, contact("Ling", "Mai"))
    take_contacts(school, *contacts)
    assert barred(school) == [("Ling", "Mai", 0)]


def test_a_file_without_contacts_leaves_them(school: School) -> None:
    take_contacts(school, contact("Ling", "Mai"))
    assert take_ctf(school, pupil()).unchanged == 1
    assert barred(school) == [("Ling", "Mai", 0)]


def test_a_contact_that_a_file_changes_leaves_a_trace_of_what_was(school: School) -> None:
    take_contacts(school, contact("Ling", "Mai", "01632 960001"))
    take_contacts(school, contact("Ling", "Mai", "07700 900001"))
    kept = school.file.rows("SELECT before, after FROM import_change")
    assert any("01632 960001" in before and "07700 900001" in after for before, after in kept)


# -- matching ------------------------------------------------------------------------------------------------------


def test_a_temporary_upn_gives_way_to_the_permanent_one_and_still_leads_to_the_student(school: School) -> None:
    take(school, f"Adno,UPN,Surname,Forename\n2001,{TEMPORARY},Ling,Bo\n")
    report = take(school, f"Adno,UPN,Surname,Forename\n2001,{PERMANENT},Ling,Bo\n")
    assert (report.imported, report.updated) == (0, 1)
    assert (field(school, "2001", "upn"), field(school, "2001", "former_upn")) == (PERMANENT, TEMPORARY)
    assert changes(school, "2001")["upn"] == (TEMPORARY, PERMANENT)
    report = take(school, f"UPN,Former UPN,Surname,Forename,House\n{ANOTHER},{TEMPORARY},Ling,Bo,Wye\n")
    assert (report.imported, report.updated, field(school, "2001", "house")) == (0, 1, "Wye")


def test_a_ctf_gives_the_permanent_upn_by_naming_the_former(school: School) -> None:
    take(school, f"Adno,UPN,Surname,Forename\n2001,{TEMPORARY},Ling,Bo\n")
    take_ctf(school, pupil(basic=f"<FormerUPN>{TEMPORARY}</FormerUPN>"))
    assert (field(school, "2001", "upn"), field(school, "2001", "former_upn")) == (PERMANENT, TEMPORARY)


def test_an_older_list_does_not_put_the_temporary_upn_back(school: School) -> None:
    old = f"Adno,UPN,Surname,Forename\n2001,{TEMPORARY},Ling,Bo\n"
    take(school, old)
    take(school, f"Adno,UPN,Surname,Forename\n2001,{PERMANENT},Ling,Bo\n")
    take(school, old)
    assert (field(school, "2001", "upn"), field(school, "2001", "former_upn")) == (PERMANENT, TEMPORARY)


def _many(first: int = 3000, count: int = 40) -> str:
    """Return rows of students nobody asks about, so that one bad row does not cost the file."""
    return "".join(f"{number},,Filler{number},Person,2011-01-01,7\n" for number in range(first, first + count))


WITH_DOB = "Adno,UPN,Surname,Forename,DOB,Year\n"


@pytest.mark.parametrize("row", [f",{ANOTHER},Ling,Bo,06/05/2012,9", f",{ANOTHER},LING,Bó,06/05/2012,"])
def test_the_same_name_and_birthday_is_a_question_and_never_merged(school: School, row: str) -> None:
    take(school, f"{WITH_DOB}2001,,Ling,Bo,06/05/2012,9\n")
    before = school.file.value("SELECT count(*) FROM student")
    report = take(school, f"{WITH_DOB}{row}\n{_many()}")
    assert [(bad.line, bad.reason.split(",")[0]) for bad in report.rejected] == [
        (2, "possibly the same as a student already here")
    ]
    assert "Ling" not in report.rejected[0].reason
    assert school.file.value("SELECT count(*) FROM student") == before + 40
    assert field(school, "2001", "upn") is None


@pytest.mark.parametrize(
    "row",
    [
        f"2002,{ANOTHER},Ling,Bo,06/05/2012,9",  # a number of their own
        f",{ANOTHER},Ling,Bo,07/05/2012,9",  # another birthday
        f",{ANOTHER},Ling,Bo,,9",  # no birthday to compare
    ],
)
def test_a_namesake_is_another_student(school: School, row: str) -> None:
    take(school, f"{WITH_DOB}2001,{PERMANENT},Ling,Bo,06/05/2012,9\n")
    report = take(school, f"{WITH_DOB}{row}\n")
    assert (report.imported, report.rejected) == (1, [])


@pytest.mark.parametrize(
    "row",
    [
        f"2001,{ANOTHER},Ling,Bo,,",
        f"2002,{PERMANENT},Ray,Ann,,",
    ],
)
def test_the_upn_of_one_student_with_the_number_of_another_is_rejected(school: School, row: str) -> None:
    take(school, f"{WITH_DOB}2001,{PERMANENT},Ling,Bo,06/05/2012,9\n2002,{ANOTHER},Ray,Ann,07/05/2012,9\n")
    before = school.file.rows("SELECT * FROM student WHERE admission_no IN ('2001', '2002')")
    report = take(school, f"{WITH_DOB}{row}\n{_many()}")
    assert [bad.reason for bad in report.rejected] == ["its UPN and its admission number belong to different students"]
    assert school.file.rows("SELECT * FROM student WHERE admission_no IN ('2001', '2002')") == before


def test_two_rows_that_lead_to_one_student_are_not_both_taken(school: School) -> None:
    take(school, f"{WITH_DOB}2001,{PERMANENT},Ling,Bo,06/05/2012,9\n")
    report = take(school, f"{WITH_DOB}2001,,Ling,Bo,,8\n,{PERMANENT},Ling,Bo,,7\n{_many()}")
    assert [(bad.line, bad.reason) for bad in report.rejected] == [
        (3, "another row of this file is already the same student")
    ]
    assert enrolled(school, "2001")[0] == 8


# -- the whole roll ------------------------------------------------------------------------------------------------

_YEARS = {number: year for _, number, _, _, year, _ in STUDENTS}


def roll(without: tuple[str, ...] = (), *, extra: int = 50) -> str:
    """Return a list of everybody: the ten of Hillside and `extra` more in years 7 to 11, less those `without`."""
    people = [(number, surname, forename, _YEARS[number]) for _, number, surname, forename, _, _ in STUDENTS]
    people += [(f"{4000 + one}", f"Extra{one}", "Person", 7 + one % 5) for one in range(extra)]
    return "Adno,Surname,Forename,Year\n" + "".join(
        f'{number},"{surname}",{forename},{year}\n'
        for number, surname, forename, year in people
        if number not in without
    )


def gone(school: School) -> list[str]:
    """Return the admission numbers of those who have left."""
    return [
        number
        for (number,) in school.file.rows(
            "SELECT admission_no FROM student WHERE left_on IS NOT NULL ORDER BY admission_no"
        )
    ]


def test_nobody_leaves_unless_the_list_is_said_to_be_the_whole_roll(school: School) -> None:
    take(school, roll())
    take(school, "Adno,Surname,Forename,Year\n1001,Reid,Callum,10\n")
    assert gone(school) == []


def test_of_a_whole_roll_the_few_missing_are_marked_as_left(school: School) -> None:
    take(school, roll())
    report = take(school, roll(("4000", "4006", "1010")), whole_roll=True)
    assert (report.left, gone(school)) == (3, ["1010", "4000", "4006"])
    assert changes(school, "1010")["left_on"] == ("", "2026-11-23")
    assert not find_students(school.file, "novak", school.desk().staff(), MONDAY)
    assert take(school, roll(("4000", "4006", "1010")), whole_roll=True).left == 0


_FOUR = ("4000", "4001", "4002", "4003")
_YEAR_SEVEN = ("1006", "1007", *(str(4000 + one) for one in range(0, 50, 5)))


@pytest.mark.parametrize("without", [_FOUR, _YEAR_SEVEN])
@pytest.mark.parametrize("typed", [None, 2])
def test_more_than_one_in_twenty_asks_for_the_count(
    school: School, without: tuple[str, ...], typed: int | None
) -> None:
    take(school, roll())
    before = contents(school.file)
    with pytest.raises(NeedsReason) as asked:
        take(school, roll(without), whole_roll=True, leavers=typed)
    assert contents(school.file) == before
    assert str(len(without)) in asked.value.title
    assert f"--leavers {len(without)}" in asked.value.remedy
    assert "Extra" not in str(asked.value)
    assert take(school, roll(without), whole_roll=True, leavers=len(without)).left == len(without)


def test_a_small_year_group_that_would_be_empty_asks_for_the_count(school: School) -> None:
    take(school, roll(extra=200))
    take(school, "Adno,Surname,Forename,Year\n6001,Sixth,Former,13\n")
    with pytest.raises(NeedsReason) as asked:
        take(school, roll(extra=200), whole_roll=True)
    assert "year 13: 1" in asked.value.title
    assert gone(school) == []


def test_a_count_that_is_typed_must_be_the_count(school: School) -> None:
    take(school, roll())
    with pytest.raises(NeedsReason):
        take(school, roll(("4000", "4001")), whole_roll=True, leavers=1)
    assert gone(school) == []


def test_a_student_whose_row_cannot_be_read_has_not_left(school: School) -> None:
    take(school, roll())
    text = roll().replace('4007,"Extra7",Person,9', '4007,"Extra7",Person,ninth')
    with suppress(PscError):  # refused, or taken in without that row: never a leaver
        assert [bad.line for bad in take(school, text, whole_roll=True).rejected] == [19]
    assert gone(school) == []


def test_a_student_whom_a_row_only_asks_about_has_not_left(school: School) -> None:
    take(school, roll())
    take(school, "Adno,Surname,Forename,DOB\n4007,Extra7,Person,06/05/2012\n")
    text = "Adno,UPN,Surname,Forename,Year,DOB\n" + "".join(
        f"{number},,{rest},\n" for number, rest in (line.split(",", 1) for line in roll(("4007",)).splitlines()[1:])
    )
    report = take(school, f"{text},{PERMANENT},Extra7,Person,9,06/05/2012\n", whole_roll=True)
    assert len(report.rejected) == 1
    assert gone(school) == []


@pytest.mark.parametrize("format", ["ctf", ""])
def test_a_ctf_is_never_the_whole_roll(school: School, format: str, tmp_path: Path) -> None:
    path = tmp_path / "8234321_CTF_8239999_001.xml"
    path.write_text("<CTfile/>", encoding="utf-8")
    with pytest.raises(NotUnderstood):
        import_file(school.desk("AD1"), "students", path, format=format, whole_roll=True)


def test_a_leaver_who_is_listed_again_has_come_back(school: School) -> None:
    take(school, roll())
    take(school, roll(("1010",)), whole_roll=True)
    report = take(school, "Adno,Surname,Forename\n1010,Novak,Petra\n")
    assert (report.imported, report.updated, gone(school)) == (0, 1, [])
    rows = school.file.rows("SELECT before, after FROM import_change WHERE field = 'left_on' ORDER BY id")
    assert rows == [("", "2026-11-23"), ("2026-11-23", "")]
    assert find_students(school.file, "novak", school.desk().staff(), MONDAY)


def test_a_leaver_stays_on_the_board_of_the_days_they_were_here(school: School) -> None:
    take(school, roll())
    school.book(10, "P1", days=(MONDAY,))
    take(school, roll(("1010",)), whole_roll=True)
    assert [row.name for row in school.board(day=MONDAY).rows if row.room_id == IER] == ["Novak, Petra"]
    assert school.board(day=FRIDAY_BEFORE).rows == ()
