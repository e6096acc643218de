"""The names of all other students, kept out of sheets about one student that nobody reviews word by word.

An export for an access request is reviewed by a person (`redaction.py`). A sheet that is printed in a minute takes out
what the same rules find, and rather too much than too little: only what is a common word when it is not written as a
name stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.overview.redaction import Names, found_in, names_of
from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psc.database.file import File

INSTEAD = "another student"
_COMMON = frozenset(
    ("art", "best", "bill", "bishop", "black", "blue", "brown", "cook", "day", "dawn", "drew", "eve", "faith",
     "field", "fox", "gene", "good", "grace", "green", "grant", "gray", "grey", "hall", "hill", "hope",
     "house", "joy", "june", "king", "lane", "law", "lee", "little", "long", "love", "mark", "may", "miles",
     "moss", "page", "park", "pat", "pen", "read", "rich", "rose", "rush", "sharp", "short", "sky", "star",
     "stone", "street", "summer", "sunny", "wall", "ward", "waters", "west", "white", "will", "win", "wood",
     "woods", "young")
)  # fmt: skip
"""Names that are everyday words: in small letters they are taken for those."""


class OtherNames(NamedTuple):
    """Whose names must not stand on a sheet about one student."""

    names: Names
    own: frozenset[str]
    """The student's own names: they stay."""
    staff: frozenset[str]
    """Staff as they are written with a title or a forename: they stay as well."""

    def hidden(self, text: str, shown: Iterable[str] = ()) -> str:
        """Return a text without other students. `shown` are names as psc itself has put them into it."""
        for name in sorted((one for one in shown if one), key=len, reverse=True):
            text = text.replace(name, INSTEAD)
        for start, end in reversed(found_in(text, self.names)):
            found = text[start:end]
            words = fold(found).split()
            stays = all(one in self.own for one in words) or " ".join(words) in self.staff
            if not stays and not (found.islower() and all(one in _COMMON for one in words)):
                text = f"{text[:start]}{INSTEAD}{text[end:]}"
        return text


def other_names(file: File, student_id: int) -> OtherNames:
    """Return the names of all students but one."""
    own: set[str] = set()
    others: set[str] = set()
    for identity, merged, *names in file.rows(
        "SELECT id, coalesce(merged_into, 0), surname, forename, legal_surname, legal_forename,"
        " middle_names FROM student"
    ):
        (own if student_id in (identity, merged) else others).update(one for one in names if one)
    staff: set[str] = set()
    for title, forename, surname in file.rows("SELECT title, forename, surname FROM staff"):
        last, first = fold(surname), fold(forename)
        staff.update(f"{before} {last}" for before in (fold(title), first, first[:1], *_TITLES) if before)
    return OtherNames(names_of(others), names_of(own).words, frozenset(staff))


_TITLES = ("mr", "mrs", "ms", "miss", "mx", "dr", "sir")
