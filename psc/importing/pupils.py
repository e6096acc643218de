"""Which student a row of the school's own system is of: by number only, and never by a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.importing.report import BadRow
from psc.importing.values import tidy_upn

if TYPE_CHECKING:
    from psc.database.file import File


class Pupils:
    """Every student by UPN, by former UPN and by admission number; a merged record's numbers lead to the other."""

    def __init__(self, file: File) -> None:
        found = file.rows("SELECT coalesce(merged_into, id), admission_no, upn, former_upn FROM student")
        self._numbers: dict[str, int] = {number.casefold(): student for student, number, _, _ in found if number}
        self._upns: dict[str, int] = {former: student for student, _, _, former in found if former}
        self._upns |= {upn: student for student, _, upn, _ in found if upn}
        self._known: dict[tuple[str, str], int] = {}

    def find(self, number: str, upn: str) -> int:
        """Return psc's id of who has an admission number and a UPN, of which one may be empty.

        The number may be a UPN too. Raises `BadRow` for nobody, and where the two belong to different students.
        """
        student = self._known.get((number, upn))
        if student is None:
            student = self._known[number, upn] = self._found(number, upn)
        return student

    def _found(self, number: str, upn: str) -> int:
        if not number and not upn:
            raise BadRow("it has no admission number and no UPN, and psc does not match by name")
        by_upn = self._upns.get(tidy_upn(upn)) if upn else None
        by_number = self._numbers.get(number.casefold(), self._upns.get(tidy_upn(number))) if number else None
        if by_upn and by_number and by_upn != by_number:
            raise BadRow("its UPN and its admission number belong to different students")
        found = by_upn or by_number
        if found is None:
            raise BadRow("no student has that number")
        return found
