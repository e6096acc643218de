"""Contacts at home, and who of them may be told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.permissions import students_for
from psc.errors import NotAllowed, NotUnderstood
from psc.text import fold

if TYPE_CHECKING:
    from datetime import date

    from psc.database.file import File
    from psc.desk.people import Staff


class Contact(NamedTuple):
    """Somebody at home, in the order in which the school is to try them."""

    name: str
    relationship: str
    responsibility: bool
    language: str
    number: str
    email: str

    @property
    def words(self) -> str:
        """How the record names them: `mother, Sagal Jama`."""
        return f"{self.relationship}, {self.name}" if self.relationship else self.name


_RELATIONSHIPS = {
    "MOT": "mother", "FAT": "father", "PAR": "parent", "STP": "step-parent", "STM": "stepmother", "STF": "stepfather",
    "FOM": "foster mother", "FOF": "foster father", "PAM": "foster mother", "PAF": "foster father",
    "GRP": "grandparent",
    "GRM": "grandmother", "GRF": "grandfather", "CAR": "carer", "GUA": "guardian", "FAM": "family member",
    "SIS": "sister", "BRO": "brother", "AUN": "aunt", "UNC": "uncle", "SWR": "social worker", "CHM": "childminder",
    "OTH": "other contact",
}  # fmt: skip
"""The codes a CTF writes, in words; anything else is shown as the school wrote it."""
_LANGUAGES = {
    "AKA": "Akan", "ALB": "Albanian", "ARA": "Arabic", "BEN": "Bengali", "BUL": "Bulgarian", "CHI": "Chinese",
    "CZE": "Czech", "DUT": "Dutch", "FRE": "French", "GER": "German", "GRE": "Greek", "GUJ": "Gujarati", "HIN": "Hindi",
    "HUN": "Hungarian", "IBO": "Igbo", "ITA": "Italian", "KON": "Konkani", "KUR": "Kurdish", "LIT": "Lithuanian",
    "PAN": "Panjabi", "POL": "Polish", "POR": "Portuguese", "PRS": "Dari", "PST": "Pashto", "RUM": "Romanian",
    "RUS": "Russian", "SIN": "Sinhala", "SLO": "Slovak", "SOM": "Somali", "SPA": "Spanish", "TAM": "Tamil",
    "TGR": "Tigrinya", "TUR": "Turkish", "UKR": "Ukrainian", "URD": "Urdu", "VIE": "Vietnamese", "YOR": "Yoruba",
}  # fmt: skip
_ENGLISH = frozenset({"", "ENG", "ENB", "English"})


def contacts_to_tell(file: File, student_id: int, staff: Staff, day: date) -> tuple[Contact, ...]:
    """Return the contacts of a student who may be told, in order.

    Raises `NotAllowed` when the person's role, or its reach, does not include this student's contacts.
    """
    condition, params = students_for("see_contacts", staff, day.isoformat())
    if not file.value(f"SELECT 1 FROM student WHERE id = :id AND {condition}", {"id": student_id, **params}):
        raise NotAllowed("This student's contacts are outside what your role may see.", "Ask a coordinator.")
    return contacts_of(file, student_id)[0]


def the_contact(file: File, student_id: int, text: str) -> Contact:
    """Return the contact that `text` names: `mother, Sagal Jama`, the name, or a relationship that only one has.

    Raises `NotUnderstood` when it fits nobody who may be told. Somebody who must not be told is refused in the same
    words as somebody unknown: the words do not say that there is such a person.
    """
    contacts, _ = contacts_of(file, student_id)
    needle = fold(text)
    found = [one for one in contacts if needle in (fold(one.words), fold(one.name))]
    found = found or [one for one in contacts if needle and needle == fold(one.relationship)]
    if len(found) == 1 or (found and fold(found[0].name) in needle):
        return found[0]
    names = "; ".join(one.words for one in contacts) or "none on record"
    raise NotUnderstood("That is not one contact of this student's who may be told.", f"They are: {names}.")


def contacts_of(file: File, student_id: int) -> tuple[tuple[Contact, ...], int]:
    """Return the contacts of a student who may be told, in order, and how many people must not be contacted."""
    found = file.rows(
        "SELECT surname, forename, relationship, responsibility, language, phones, email, do_not_contact FROM contact"
        " WHERE student_id = ? ORDER BY place",
        (student_id,),
    )
    # Files repeat people: whoever must not be told in one line must not be told by another of the same name.
    barred = {(fold(one[0]), fold(one[1])) for one in found if one[7]}
    told = tuple(
        Contact(
            f"{forename} {surname}".strip(),
            _RELATIONSHIPS.get(relationship, relationship),
            bool(responsibility),
            "" if language in _ENGLISH else _LANGUAGES.get(language, language),
            next(iter(json.loads(phones)), ""),
            email,
        )
        for surname, forename, relationship, responsibility, language, phones, email, _ in found
        if (fold(surname), fold(forename)) not in barred
    )
    return told, len(barred)
