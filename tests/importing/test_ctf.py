"""Transfer files: any version and namespace, what a pupil says, and XML that must not be let in."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.gb import upn as upns

from psc.errors import FileRefused
from psc.importing.ctf import read_ctf
from psc.importing.students import ContactRecord, StudentRecord

from .files import refusal, write

if TYPE_CHECKING:
    from psc.importing.report import Report

WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<CTfile xmlns="http://example.invalid/ctf/26">
  <Header><DocumentName>Common Transfer File</DocumentName><CTFversion>26.0</CTFversion>
    <DateTime>2026-09-01T08:00:00</DateTime><SourceSchool><LEA>823</LEA></SourceSchool></Header>
  <CTFpupilData>
    <Pupil>
      <UPN>Z823432119001</UPN><UniqueLearnerNumber>1</UniqueLearnerNumber>
      <Surname>O’Brien</Surname><Forename>Siobhán</Forename><DOB>2012-03-04</DOB><Gender>F</Gender>
      <BasicDetails>
        <FormerUPN>K82343211900A</FormerUPN><PreferredSurname/><PreferredForename>Shiv</PreferredForename>
        <MiddleNames>Mary  Ann</MiddleNames><NCyearActual>9</NCyearActual><Ethnicity>WIRI</Ethnicity>
        <Languages><Type><MotherTongue>false</MotherTongue><Language>ENG</Language></Type>
                   <Type><MotherTongue>true</MotherTongue><Language>GLE</Language></Type></Languages>
        <MedicalFlag>1</MedicalFlag><FavouriteColour>blue</FavouriteColour>
      </BasicDetails>
      <FSMhistory><FSMinstance><FSMstartDate>2020-01-01</FSMstartDate><FSMendDate>2021-01-01</FSMendDate></FSMinstance>
                  <FSMinstance><FSMstartDate>2025-01-01</FSMstartDate><UKcountry>ENG</UKcountry></FSMinstance></FSMhistory>
      <LookedAfter><InCare>true</InCare><CareAuthority>823</CareAuthority></LookedAfter>
      <SENhistory>
        <SEN><StartDate>2024-09-01</StartDate><SENprovision>E</SENprovision></SEN>
        <SEN><StartDate>2022-09-01</StartDate><SENprovision>K</SENprovision></SEN>
        <SENneeds><SENneed><SENtype>SLCN</SENtype><SENtypeRank>1</SENtypeRank></SENneed></SENneeds>
      </SENhistory>
      <Address><PostCode>RV7 7EN</PostCode></Address>
      <Contacts>
        <Contact><Order>2</Order><Surname>Reid</Surname><Relationship>OTH</Relationship>
          <Phones><Phone>01632 960001</Phone></Phones></Contact>
        <Contact><Order>1</Order><Surname>O’Brien</Surname><Forename>Máire</Forename><Relationship>PAM</Relationship>
          <Responsibility>true</Responsibility>
          <Phones><Phone><TelephoneType>M</TelephoneType><PhoneNo>07700 900001</PhoneNo></Phone>
                  <Phone><TelephoneType>H</TelephoneType><PhoneNo>01632 960002</PhoneNo></Phone></Phones>
          <Email>m@example.invalid</Email></Contact>
        <Contact><Order>3</Order><Surname/></Contact>
      </Contacts>
      <SchoolLunches><Choice>packed</Choice></SchoolLunches>
    </Pupil>
    <Pupil><UPN>N823432119002</UPN><Surname>Ling</Surname><Forename>Bo</Forename><DOB>2012-05-06</DOB><Sex>M</Sex>
      <SchoolLunches/></Pupil>
  </CTFpupilData>
</CTfile>
"""
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><CTfile>&c;</CTfile>'
)


def pupil(number: int, inside: str = "", basic: str = "") -> str:
    """Return one Pupil with a good UPN of its own."""
    body = f"8234321{10 + number // 1000:02d}{number % 1000:03d}"
    return (
        f"<Pupil><UPN>{upns.calc_check_digit(body)}{body}</UPN><Surname>Khan</Surname><Forename>Aisha</Forename>"
        f"<DOB>2012-05-06</DOB><Sex>F</Sex><BasicDetails><NCyearActual>9</NCyearActual>{basic}</BasicDetails>{inside}</Pupil>\n"
    )


def ctf(*pupils: str) -> str:
    """Return a transfer file of these pupils."""
    return (
        "<CTfile><Header><DateTime>2026-09-01T08:00:00</DateTime></Header>\n<CTFpupilData>\n"
        + "".join(pupils)
        + "</CTFpupilData></CTfile>"
    )


def read(folder: Path, text: str) -> tuple[list[StudentRecord], Report]:
    """Read a transfer file given as text."""
    return read_ctf(write(folder, text))


def only(folder: Path, inside: str = "", basic: str = "") -> StudentRecord:
    """Return the record of one pupil made up of these elements."""
    ((record,), _) = read(folder, ctf(pupil(1, inside, basic)))
    return record


def test_a_whole_pupil(tmp_path: Path) -> None:
    (first, second), report = read(tmp_path, WHOLE)
    assert first == StudentRecord(
        line=6,
        admission_no=None,
        upn="Z823432119001",
        surname="O’Brien",
        forename="Shiv",
        former_upn="K82343211900A",
        legal_surname="O’Brien",
        legal_forename="Siobhán",
        shown_from_legal=True,
        middle_names="Mary Ann",
        dob=date(2012, 3, 4),
        sex="F",
        year=9,
        sen="E",
        fsm=True,
        looked_after=True,
        eal=True,
        ethnicity="WIRI",
        contacts=(
            ContactRecord(
                1, "O’Brien", "Máire", "PAM", True, ("07700 900001", "01632 960002"), "m@example.invalid", ""
            ),
            ContactRecord(2, "Reid", "", "OTH", False, ("01632 960001",), "", ""),
        ),
    )
    assert report.ignored_columns == ["BasicDetails/FavouriteColour", "Pupil/SchoolLunches"]
    assert [odd.reason for odd in report.warnings] == [
        "pupil 1: a medical condition is marked, but the file does not say which",
        "pupil 1: a contact without a name is left out",
    ]
    assert second.line == WHOLE[: WHOLE.index("<UPN>N8234")].count("\n") + 1


def test_a_pupil_without_basic_details_speaks_of_little(tmp_path: Path) -> None:
    (_, second), _ = read(tmp_path, WHOLE)
    assert (second.surname, second.forename, second.sex) == ("Ling", "Bo", "M")
    unspoken = (second.year, second.sen, second.fsm, second.looked_after, second.eal, second.ethnicity, second.contacts)
    assert unspoken == (None,) * 7


def test_a_transfer_file_never_speaks_of_form_or_house_and_clears_nothing(tmp_path: Path) -> None:
    for record in read(tmp_path, WHOLE)[0]:
        assert (record.form, record.house, record.pupil_premium, record.key_worker) == (None, None, None, None)
        assert record.emptied == frozenset()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_prefixes_and_encodings_make_no_difference(tmp_path: Path, encoding: str) -> None:
    names = {"cp1252": "windows-1252", "utf-16": "UTF-16"}
    text = WHOLE.replace("UTF-8", names.get(encoding, "UTF-8")).replace("xmlns=", "xmlns:c=")
    text = text.replace("</", "</c:").replace("<", "<c:").replace("<c:/c:", "</c:").replace("<c:?xml", "<?xml")
    records, report = read_ctf(write(tmp_path, text, encoding))
    assert [record.surname for record in records] == ["O’Brien", "Ling"]
    assert report.ignored_columns == ["BasicDetails/FavouriteColour", "Pupil/SchoolLunches"]


@pytest.mark.parametrize(
    ("spells", "fsm"),
    [
        ("", False),
        ("<FSMinstance><FSMstartDate>2024-01-01</FSMstartDate></FSMinstance>", True),
        ("<FSMinstance><FSMendDate/></FSMinstance>", True),
        ("<FSMinstance><FSMendDate>2026-08-31</FSMendDate></FSMinstance>", False),
        ("<FSMinstance><FSMendDate>2026-12-31</FSMendDate></FSMinstance>", True),
    ],
)
def test_free_meals_are_those_running_when_the_file_was_written(tmp_path: Path, spells: str, fsm: bool) -> None:
    assert only(tmp_path, f"<FSMhistory>{spells}</FSMhistory>").fsm is fsm


@pytest.mark.parametrize(
    ("tongue", "eal"),
    [
        ("<MotherTongue>true</MotherTongue><Language>ENG</Language>", False),
        ("<MotherTongue>Y</MotherTongue><Language>POL</Language>", True),
        ("<LanguageType>F</LanguageType><Language>SOM</Language>", True),
        ("<MotherTongue>false</MotherTongue><Language>POL</Language>", None),
        ("<MotherTongue>true</MotherTongue><Language>REF</Language>", None),
    ],
)
def test_the_mother_tongue_tells_of_english_as_an_additional_language(
    tmp_path: Path, tongue: str, eal: bool | None
) -> None:
    assert only(tmp_path, basic=f"<Languages><Type>{tongue}</Type></Languages>").eal is eal


def test_text_in_the_medical_flag_is_kept(tmp_path: Path) -> None:
    assert only(tmp_path, basic="<MedicalFlag>Asthma</MedicalFlag>").medical == "Asthma"
    assert only(tmp_path, basic="<MedicalFlag>false</MedicalFlag>").medical is None


def test_an_empty_list_of_contacts_is_not_the_same_as_none(tmp_path: Path) -> None:
    assert only(tmp_path, "<Contacts/>").contacts == ()
    assert only(tmp_path).contacts is None


def test_bad_pupils_stay_out_with_their_line(tmp_path: Path) -> None:
    pupils = [pupil(number) for number in range(40)]
    pupils[3] = pupils[2]
    pupils[5] = "<Pupil><Surname>Khan</Surname></Pupil>\n"
    pupils[6] = pupils[6].replace("2012-05-06", "2012-15-06")
    pupils[7] = pupils[7].replace("<NCyearActual>9", "<NCyearActual>N2")
    records, report = read(tmp_path, ctf(*pupils))
    assert len(records) == 37
    assert [(bad.line, bad.reason) for bad in report.rejected] == [
        (6, "pupil 4: line 6 has the same UPN as line 5"),
        (8, "pupil 6: neither an admission number nor a UPN"),
        (9, "pupil 7: “2012-15-06” is a day that does not exist"),
    ]
    assert [(odd.line, odd.reason) for odd in report.warnings] == [
        (10, "pupil 8: year “N2” is not a year group of this school")
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        (LAUGHS, "DTD"),
        ('<!DOCTYPE CTfile SYSTEM "http://example.invalid/ctf.dtd"><CTfile/>', "DTD"),
        ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><CTfile>&e;</CTfile>', "DTD"),
        (WHOLE[:1500], "cut short: it ends on line"),
        (WHOLE[: WHOLE.index("</Surname>") + 4], "cut short: it ends on line 8"),
        (WHOLE.replace("</Forename>", "</Forname>", 1), "from line 8 on"),
        (WHOLE.replace("O’Brien", "O&nbsp;Brien", 1), "from line 8 on"),
        ("Adno,Surname\n1,Khan\n", "from line 1 on"),
        ("<School><Pupil/></School>", "not a Common Transfer File"),
        ("<CTfile><Header/></CTfile>", "no pupils"),
        (WHOLE.replace("UTF-8", "Klingon"), "encoding"),
        ("PK\x03\x04 [Content_Types].xml", "Excel workbook"),
    ],
)
def test_what_is_no_whole_transfer_file_is_refused_in_words(tmp_path: Path, content: str, said: str) -> None:
    words = refusal(read_ctf, write(tmp_path, content))
    assert said in words
    assert "Brien" not in words


def test_a_file_written_as_one_line_tells_its_pupils_apart(tmp_path: Path) -> None:
    pupils = [pupil(number) for number in range(20)]
    pupils[9] = pupils[0]
    pupils[11] = pupil(11, basic="<MedicalFlag>true</MedicalFlag>")
    _, report = read(tmp_path, ctf(*pupils).replace("\n", ""))
    assert [bad.reason for bad in report.rejected] == ["pupil 10: line 1 has the same UPN as line 1"]
    assert [odd.reason[:8] for odd in report.warnings] == ["pupil 12"]


def test_more_than_one_bad_pupil_in_ten_refuses_the_file(tmp_path: Path) -> None:
    assert "1 of 3 rows" in refusal(read_ctf, write(tmp_path, ctf(pupil(1), pupil(2), "<Pupil/>")))


@settings(max_examples=100, deadline=None)
@given(st.binary() | st.integers(0, len(WHOLE.rstrip()) - 1).map(lambda cut: WHOLE[:cut].encode()))
def test_no_other_bytes_and_no_part_of_a_file_come_to_more_than_a_refusal(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.raises(FileRefused):
        read_ctf(write(Path(folder), data))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")))
def test_any_name_comes_in_as_text(name: str) -> None:
    from xml.sax.saxutils import escape

    from psc.text import clean

    text = ctf(pupil(1).replace("Khan", escape(name)))
    with tempfile.TemporaryDirectory() as folder:
        ((record,), _) = read(Path(folder), text)
    assert (record.surname, record.forename) == ((clean(name), "Aisha") if clean(name) else ("Aisha", ""))


def test_two_thousand_students_are_read_in_the_time_promised(tmp_path: Path) -> None:
    inside = WHOLE[WHOLE.index("<FSMhistory>") : WHOLE.index("<SchoolLunches>")]
    path = write(tmp_path, ctf(*(pupil(number, inside) for number in range(2000))))
    started = process_time()
    records, _ = read_ctf(path)
    assert len(records) == 2000
    assert process_time() - started < 3
