"""The Common Transfer File of Riverside Academy: the same students again, with addresses and contacts."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from names import GROUPS, STREETS
from school import Student, rng_for

NEEDS = ("SEMH", "MLD", "SLCN", "ASD", "SPLD", "HI", "PD", "OTH")


def add(parent: ET.Element, tag: str, text: object = None) -> ET.Element:
    """Add an element below another, with text if there is any."""
    child = ET.SubElement(parent, tag)
    if text is not None:
        child.text = str(text)
    return child


def add_phones(parent: ET.Element, **numbers: str) -> None:
    """Add telephone numbers by type: H home, M mobile, W work."""
    phones = add(parent, "Phones")
    for kind, number in numbers.items():
        phone = add(phones, "Phone")
        add(phone, "TelephoneType", kind)
        add(phone, "PhoneNo", number)


def add_header(root: ET.Element) -> None:
    """Add who sends the file to whom."""
    header = add(root, "Header")
    add(header, "DocumentName", "Common Transfer File")
    add(header, "CTFversion", "25.0")
    add(header, "DateTime", "2026-11-20T16:05:00")
    add(header, "DocumentQualifier", "full")
    add(header, "SupplierID", "psc sample data")
    source = add(header, "SourceSchool")
    for tag, text in {"LEA": "823", "Estab": "4321", "SchoolName": "Riverside Academy", "AcademicYear": "2026"}.items():
        add(source, tag, text)
    dest = add(header, "DestSchool")
    add(dest, "LEA", "823")
    add(dest, "Estab", "9999")


def add_basics(pupil: ET.Element, student: Student) -> None:
    """Add the details that most systems read."""
    basics = add(pupil, "BasicDetails")
    if student.former_upn:
        add(basics, "FormerUPN", student.former_upn)
    if student.surname != student.legal_surname:
        add(basics, "PreferredSurname", student.surname)
    if student.forename != student.legal_forename:
        add(basics, "PreferredForename", student.forename)
    if student.middle:
        add(basics, "MiddleNames", student.middle)
    add(basics, "NCyearActual", student.year)
    add(basics, "Ethnicity", student.ethnicity)
    language = add(add(basics, "Languages"), "Type")
    add(language, "MotherTongue", "true")
    add(language, "Language", student.language)
    add(basics, "EnrolStatus", "C")
    add(basics, "MedicalFlag", "true" if student.medical else "false")


def add_support(pupil: ET.Element, student: Student, rng: random.Random) -> None:
    """Add free meals, care and special educational needs."""
    ended = not student.fsm and rng.random() < 0.06
    if student.fsm or ended:
        meals = add(add(pupil, "FSMhistory"), "FSMinstance")
        add(meals, "FSMstartDate", f"{rng.randint(2019, 2022)}-09-03")
        if ended:
            add(meals, "FSMendDate", f"{rng.randint(2023, 2025)}-07-21")
        add(meals, "UKcountry", "ENG")
    if student.in_care:
        care = add(pupil, "LookedAfter")
        add(care, "InCare", "true")
        add(care, "CareAuthority", "823")
    if student.sen != "N":
        history = add(pupil, "SENhistory")
        stage = add(history, "SEN")
        add(stage, "StartDate", f"{rng.randint(2020, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}")
        add(stage, "SENprovision", student.sen)
        needs = add(history if rng.random() < 0.2 else pupil, "SENneeds")
        for rank, kind in enumerate(rng.sample(NEEDS, rng.choice((1, 1, 2))), start=1):
            need = add(needs, "SENneed")
            add(need, "SENtype", kind)
            add(need, "SENtypeRank", rank)


def add_contacts(pupil: ET.Element, student: Student, home: str, rng: random.Random) -> None:
    """Add one to three people to ring, in order."""
    group = next((g for g in GROUPS if (g.ethnicity, g.language) == (student.ethnicity, student.language)), GROUPS[0])
    if student.in_care:
        kinds = [rng.choice(("FOM", "FOF")), "SWR"]
    else:
        kinds = ["MOT", "FAT"] if rng.random() < 0.8 else ["FAT", "MOT"]
        kinds = kinds[: rng.choice((1, 2, 2, 2))] + rng.choice(([], [], ["FAM"], ["STP"]))
    contacts = add(pupil, "Contacts")
    for order, kind in enumerate(kinds, start=1):
        woman = kind in ("MOT", "FOM") or (kind not in ("FAT", "FOF") and rng.random() < 0.5)
        own_name = kind in ("MOT", "FAT") and rng.random() < 0.85
        surname = student.legal_surname if own_name else rng.choice(group.surnames)
        contact = add(contacts, "Contact")
        add(contact, "Order", order)
        add(contact, "Surname", surname)
        add(
            contact,
            "Forename",
            rng.choice([name for name in (group.girls if woman else group.boys) if name != student.legal_forename]),
        )
        add(contact, "Relationship", kind)
        add(contact, "Responsibility", "true" if kind in ("MOT", "FAT", "SWR") and rng.random() < 0.97 else "false")
        mobile = f"07700 900{rng.randrange(1000):03}"
        if kind == "SWR":
            add_phones(contact, W=f"01632 960{rng.randrange(1000):03}", M=mobile)
        elif rng.random() < 0.3:
            add_phones(contact, H=home, M=mobile)
        else:
            add_phones(contact, M=mobile)
        if rng.random() < 0.7:
            add(contact, "Email", f"contact{order}.{student.adno}@riverside.example")


def write_ctf(path: Path, students: Sequence[Student]) -> None:
    """Write the file for all students."""
    rng = rng_for("ctf")
    root = ET.Element("CTfile")
    add_header(root)
    data = add(root, "CTFpupilData")
    for student in students:
        pupil = add(data, "Pupil")
        if student.upn:
            add(pupil, "UPN", student.upn)
        add(pupil, "Surname", student.legal_surname)
        add(pupil, "Forename", student.legal_forename)
        add(pupil, "DOB", student.born.isoformat())
        add(pupil, "Sex", student.sex)
        add_basics(pupil, student)
        add_support(pupil, student, rng)
        address = add(pupil, "Address")
        lines = add(address, "AddressLines")
        add(lines, "AddressLine1", f"{rng.randint(1, 140)} {rng.choice(STREETS)}")
        add(lines, "AddressLine2", "Riverside")
        add(address, "PostCode", f"RV{rng.randint(1, 9)} {rng.randint(1, 9)}{rng.choice('ABDEF')}{rng.choice('GHJLN')}")
        home = f"01632 960{rng.randrange(1000):03}"
        add_phones(pupil, H=home)
        add_contacts(pupil, student, home, rng)
    ET.indent(root, " ")
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
