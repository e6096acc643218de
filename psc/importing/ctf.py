"""The Common Transfer File, the national XML that every English school's system writes.

It has no form and no house, so a record read here does not speak of them. An element that is missing, or there but
empty, says nothing and clears nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from psc.errors import FileRefused
from psc.importing.elements import Element, Pupils
from psc.importing.report import BadRow, Report
from psc.importing.rows import Once
from psc.importing.source import take
from psc.importing.students import ContactRecord, StudentRecord, known_apart, name_of, year_of
from psc.importing.values import (
    doubt_about_upn,
    parse_date,
    parse_flag,
    parse_responsibility,
    parse_sen,
    parse_sex,
    tidy_upn,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

_AGAIN = "Export it again from the school's system; nothing was changed."
_CUT_SHORT = (3, 5)
"""Expat's codes for no element found and unclosed token: the file ended too early."""
_ENGLISH = {"ENG", "ENB"}
"""English, and believed to be English."""
_FIRST_LANGUAGE = {"F", "M", "MT"}
"""How a language is marked where the mark is a code: first, or mother tongue."""
_NO_LANGUAGE = {"", "NOT", "REF", "ZZZ"}
"""Not obtained, refused, not known."""
_ORDER_DIGITS = 4


def read_ctf(path: Path) -> tuple[list[StudentRecord], Report]:
    """Read the pupils of a transfer file of any version; elements psc does not know are reported once each.

    Reasons count the pupils too, since many systems write the whole file as one line.
    """
    source = take(path)
    report = Report("students", digest=source.digest)
    records: list[StudentRecord] = []
    once = Once()

    def found(pupil: Element, header: Element) -> None:
        report.rows += 1
        warnings: list[str] = []
        try:
            records.append(_student(pupil, header, once, warnings))
        except BadRow as bad:
            report.reject(pupil.line, f"pupil {report.rows}: {bad.reason}")
            return
        for reason in warnings:
            report.warn(pupil.line, f"pupil {report.rows}: {reason}")

    report.ignored_columns = _parse(source.data, found)
    if not report.rows:
        raise FileRefused("The transfer file holds no pupils.", _AGAIN)
    report.finish()
    return records, report


def _parse(data: bytes, found: Callable[[Element, Element], None]) -> list[str]:
    """Run the bytes through a parser without DTD, entities or anything from outside; return the unknown elements."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, XMLParser

    builder = Pupils(found, lambda: parser.parser.CurrentLineNumber)
    parser = XMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data)
        parser.close()
    except DefusedXmlException as fault:
        raise FileRefused(
            "The file carries a DTD or entities, which no Common Transfer File does.",
            "Do not use it; ask where it came from, and export it afresh.",
        ) from fault
    except ParseError as fault:
        line = fault.position[0]
        if fault.code in _CUT_SHORT:
            raise FileRefused(f"The file is cut short: it ends on line {line}, inside an element.", _AGAIN) from fault
        raise FileRefused(f"The file is not well-formed XML: it cannot be read from line {line} on.", _AGAIN) from fault
    except (LookupError, ValueError) as fault:
        raise FileRefused("The file is in an encoding that psc cannot read.", "Export it as UTF-8.") from fault
    return list(builder.unknown)


def _student(pupil: Element, header: Element, once: Once, warnings: list[str]) -> StudentRecord:
    """Make one Pupil a record, or raise `BadRow`."""
    basic = pupil.first("BasicDetails") or Element("BasicDetails")
    surname = name_of(basic.words("PreferredSurname") or None, None, pupil.words("Surname"))
    forename = name_of(basic.words("PreferredForename") or None, None, pupil.words("Forename"))
    born = pupil.words("DOB")
    record = StudentRecord(
        line=pupil.line,
        admission_no=None,
        upn=tidy_upn(pupil.words("UPN")) or None,
        surname=surname.shown or forename.shown,
        forename=forename.shown if surname.shown else "",
        former_upn=tidy_upn(basic.words("FormerUPN")) or None,
        legal_surname=surname.legal or None,
        legal_forename=forename.legal or None,
        shown_from_legal=surname.from_legal or forename.from_legal,
        middle_names=basic.words("MiddleNames") or None,
        dob=parse_date(born) if born else None,
        sex=_lenient(pupil.words("Sex") or pupil.words("Gender"), parse_sex, warnings),
        year=year_of(basic.words("NCyearActual"), warnings.append),
        sen=_lenient(_provision(pupil), parse_sen, warnings),
        fsm=_free_meals(pupil, header),
        looked_after=_lenient(pupil.words("LookedAfter", "InCare"), parse_flag, warnings),
        eal=_additional_language(basic),
        ethnicity=basic.words("Ethnicity") or None,
        medical=_medical(basic.words("MedicalFlag"), warnings),
        contacts=_contacts(pupil, warnings),
    )
    known_apart(record, once)
    if record.upn and (doubt := doubt_about_upn(record.upn)):
        warnings.append(doubt)
    return record


def _lenient(text: str, parse: Callable[[str], T], warnings: list[str]) -> T | None:
    """Return the parsed text, None when there is none; what cannot be read is a warning and stays unspoken of."""
    try:
        return parse(text) if text else None
    except BadRow as bad:
        warnings.append(bad.reason)
        return None


def _provision(pupil: Element) -> str:
    """Return the SEN provision that began last; one without a date counts as the oldest."""
    spells = [(spell.words("StartDate"), spell.words("SENprovision")) for spell in pupil.every("SENhistory", "SEN")]
    told = (spell for spell in spells if spell[1])
    return max(told, key=lambda spell: spell[0], default=("", ""))[1]


def _free_meals(pupil: Element, header: Element) -> bool | None:
    """Say whether a spell of free meals was running when the file was written; None when it has no such history."""
    history = pupil.first("FSMhistory")
    if history is None:
        return None
    written = header.words("DateTime")[:10]
    ends = [spell.words("FSMendDate")[:10] for spell in history.every("FSMinstance")]
    return any(not end or end > written > "" for end in ends)


def _additional_language(basic: Element) -> bool | None:
    """Say whether the mother tongue is not English; None when the file does not tell."""
    for tongue in basic.every("Languages", "Type"):
        language = tongue.words("Language").upper()
        if language not in _NO_LANGUAGE and _is_first(tongue):
            return language not in _ENGLISH
    return None


def _is_first(tongue: Element) -> bool:
    """Say whether a language is marked as the mother tongue, by the flag, or by the letter F in its place."""
    mark = tongue.words("MotherTongue") or tongue.words("LanguageType")
    try:
        return mark.upper() in _FIRST_LANGUAGE or parse_flag(mark)
    except BadRow:
        return False


def _medical(flag: str, warnings: list[str]) -> str | None:
    """Return what is written in the medical flag; a bare yes tells nothing to act on, so it is a warning."""
    try:
        if flag and parse_flag(flag):
            warnings.append("a medical condition is marked, but the file does not say which")
    except BadRow:
        return flag
    return None


def _contacts(pupil: Element, warnings: list[str]) -> tuple[ContactRecord, ...] | None:
    """Return the contacts in the order of the file's own numbers; None when it has no contacts element at all."""
    group = pupil.first("Contacts")
    if group is None:
        return None
    contacts = [_contact(number, contact, warnings) for number, contact in enumerate(group.every("Contact"), start=1)]
    named = [contact for contact in contacts if contact.surname or contact.forename]
    if len(named) < len(contacts):
        warnings.append("a contact without a name is left out")
    return tuple(sorted(named, key=lambda contact: contact.order))


def _contact(number: int, contact: Element, warnings: list[str]) -> ContactRecord:
    """Make one Contact a record; `number` is its place in the file, for one that has no order of its own."""
    order = contact.words("Order")
    phones = (phone.words("PhoneNo") or phone.text for phone in contact.every("Phones", "Phone"))
    return ContactRecord(
        order=int(order) if order.isascii() and order.isdecimal() and len(order) < _ORDER_DIGITS else number,
        surname=contact.words("Surname"),
        forename=contact.words("Forename"),
        relationship=contact.words("Relationship"),
        responsibility=_lenient(contact.words("Responsibility"), parse_responsibility, warnings) or False,
        phones=tuple(dict.fromkeys(phone for phone in phones if phone)),
        email=contact.words("Email"),
        language=contact.words("Language"),
    )
