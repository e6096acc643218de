"""The elements of a Common Transfer File: those psc reads, those it knows and leaves, and a parser that keeps apart.

Expat calls `Pupils` for every tag; it builds a small tree a pupil, hands it over, and forgets it, so a file of
thousands costs the memory of one. Nothing is built for what is not read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psc.errors import FileRefused
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = "CTfile"
PUPIL = "Pupil"

_READ = {
    ROOT: "Header CTFpupilData",
    "Header": "DateTime",
    "CTFpupilData": "Pupil",
    "Pupil": "UPN Surname Forename DOB Sex Gender BasicDetails FSMhistory LookedAfter SENhistory Contacts",
    "BasicDetails": "FormerUPN PreferredSurname PreferredForename MiddleNames NCyearActual Ethnicity Languages "
    "MedicalFlag",
    "Languages": "Type",
    "Type": "MotherTongue Language LanguageType",
    "FSMhistory": "FSMinstance",
    "FSMinstance": "FSMstartDate FSMendDate",
    "LookedAfter": "InCare",
    "SENhistory": "SEN",
    "SEN": "StartDate SENprovision",
    "Contacts": "Contact",
    "Contact": "Order Surname Forename Relationship Responsibility Phones Email Language",
    "Phones": "Phone",
    "Phone": "PhoneNo",
}
_LEFT = {
    ROOT: "CTFschoolData",
    "Header": "DocumentName CTFversion DocumentQualifier DataQualifier DataDescriptor SupplierID SourceSchool "
    "DestSchool",
    "Pupil": "UniqueLearnerNumber ULN ApplicationReference Address Phones Email Attendance SchoolHistory SENneeds "
    "Admissions StageAssessments NAWdetails Suspensions LearnerFunding",
    "BasicDetails": "EnrolStatus Disabilities EthnicitySource FormerSurname ServiceChild ModeOfTravel "
    "MedicalDetails AdoptedFromCare TopUpFunding YoungCarer",
    "FSMinstance": "UKcountry FSMreviewDate",
    "LookedAfter": "CareAuthority",
    "SENhistory": "SENneeds",
    "SEN": "SENneeds EndDate",
    "Contact": "Title MiddleNames Gender Sex Address AddressAsPupil ContactID",
    "Phone": "TelephoneType",
}
_READ_BELOW = {parent: frozenset(names.split()) for parent, names in _READ.items()}
_LEFT_BELOW = {parent: frozenset(names.split()) for parent, names in _LEFT.items()}
_NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Element:
    """One element that is read: its local name, the line it begins on, its text, and the elements in it."""

    name: str
    line: int = 0
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def every(self, *path: str) -> Iterator[Element]:
        """Yield the elements at the end of `path`, in the order of the file."""
        for child in self.children:
            if child.name == path[0]:
                yield from child.every(*path[1:]) if len(path) > 1 else (child,)

    def first(self, *path: str) -> Element | None:
        """Return the first element at the end of `path`, if any."""
        return next(self.every(*path), None)

    def words(self, *path: str) -> str:
        """Return the text of that element, "" where it is missing or empty: in a transfer file both say nothing."""
        found = self.first(*path)
        return "" if found is None else found.text


class Pupils:
    """What the XML parser builds into: calls `found` with each pupil and the header as far as read."""

    def __init__(self, found: Callable[[Element, Element], None], line: Callable[[], int]) -> None:
        self._found = found
        self._line = line
        self._open: list[Element] = []
        self._text: list[str] = []
        self._depth_left_out = 0
        self._header = Element("Header")
        self.unknown: dict[str, None] = {}

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """Open an element, or begin to leave one out."""
        if self._depth_left_out:
            self._depth_left_out += 1
            return
        name = tag.rpartition("}")[2]
        parent = self._open[-1].name if self._open else ""
        if not parent and name != ROOT:
            raise FileRefused(
                "This is an XML file, but not a Common Transfer File.",
                f"A transfer file begins with {ROOT}; it is named LLLNNNN_CTF_LLLNNNN_nnn.xml.",
            )
        if parent and name not in _READ_BELOW.get(parent, _NONE):
            self._depth_left_out = 1
            if name not in _LEFT_BELOW.get(parent, _NONE):
                self.unknown.setdefault(f"{parent}/{name}")
            return
        self._open.append(Element(name, self._line()))
        self._text.clear()

    def data(self, text: str) -> None:
        """Take a piece of text."""
        if not self._depth_left_out:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        """Close an element: give it to the one around it, or, if it is a pupil, to whoever asked."""
        if self._depth_left_out:
            self._depth_left_out -= 1
            return
        element = self._open.pop()
        element.text = clean("".join(self._text))
        self._text.clear()
        if element.name == PUPIL:
            self._found(element, self._header)
        elif element.name == "Header":
            self._header = element
        elif self._open:
            self._open[-1].children.append(element)
