"""The national attendance codes and what each counts as.

Source: School Attendance (Pupil Registration) (England) Regulations 2024, regulation 10, and the department's guidance
"Working together to improve school attendance", 2024.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Counts(StrEnum):
    """What a session with a code counts as."""

    ATTENDED = "attended"
    AUTHORISED = "authorised absence"
    UNAUTHORISED = "unauthorised absence"
    NOT_POSSIBLE = "not a possible attendance"
    ADMINISTRATIVE = "administrative"


class Code(NamedTuple):
    """One code: what it says, and what a session with it counts as."""

    code: str
    meaning: str
    counts: Counts

    @property
    def possible(self) -> bool:
        """Whether the session counts among those possible."""
        return self.counts in (Counts.ATTENDED, Counts.AUTHORISED, Counts.UNAUTHORISED)


_MEANINGS = {
    Counts.ATTENDED: {
        "/": "present, morning", "\\": "present, afternoon", "L": "late, before the register closed",
        "K": "at education arranged by the local authority", "V": "on an educational visit", "P": "at a sporting event",
        "W": "on work experience", "B": "at another approved educational activity",
    },
    Counts.AUTHORISED: {
        "C": "leave, exceptional circumstances", "C1": "leave, regulated performance or employment abroad",
        "C2": "leave, part-time timetable", "M": "medical or dental appointment", "J1": "leave, interview",
        "S": "study leave", "T": "parent travelling for occupational purposes", "R": "religious observance",
        "I": "illness", "E": "suspended or excluded, no provision made",
    },
    Counts.UNAUTHORISED: {
        "G": "holiday not granted", "N": "reason not yet known", "O": "absent in other circumstances",
        "U": "arrived after the register closed",
    },
    Counts.NOT_POSSIBLE: {
        "D": "dual registered, at another school", "X": "not required to attend, not of compulsory school age",
        "Q": "no access arrangements made by the local authority", "Y1": "transport not available",
        "Y2": "widespread disruption to travel", "Y3": "part of the school premises closed",
        "Y4": "whole school unexpectedly closed", "Y5": "criminal justice detention",
        "Y6": "public health guidance or law", "Y7": "another unavoidable cause",
    },
    Counts.ADMINISTRATIVE: {"Z": "not yet on the register", "#": "planned whole-school closure"},
}  # fmt: skip

CODES = {
    code: Code(code, meaning, counts) for counts, of_those in _MEANINGS.items() for code, meaning in of_those.items()
}
"""Every code of the 2024 regulations."""
LATE = "L"
"""Late, and still attended; `U` came after the register had closed and counts as absence."""


SUSPENDED = "E"
"""The code of a suspension or exclusion for which no provision is made."""


def code_words(code: str) -> str:
    """Return a code with what it means: "L late, before the register closed"."""
    known = CODES.get(code)
    return f"{code} {known.meaning}" if known else code
