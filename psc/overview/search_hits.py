"""What a search found, in words: whose it is, who wrote it when, and the piece of the text around what was looked for.

`searching` has asked of each fact whether the reader may see it; whose names stand beside it is asked here.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import moment
from psc.desk.people import short_name
from psc.desk.permissions import reached
from psc.incidents.notes import LATEST, RESTRICTED
from psc.incidents.reach import students_of
from psc.overview.board import NOT_SHOWN
from psc.overview.searching import Hit
from psc.school.students import students_by_id
from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from psc.database.file import File
    from psc.desk.people import Staff

_PEOPLE = "t.happened, coalesce(w.forename, ''), coalesce(w.surname, l.actor)"
_WRITTEN = "JOIN ledger l ON l.seq = t.seq LEFT JOIN staff w ON w.code = l.actor"
_NEWEST = "(SELECT max(x.id) FROM {0}_version x WHERE x.{0}_id = t.{0}_id)"
_ACCOUNT = ("place", "category", "antecedent", "behaviour", "consequence", "deescalation")
_SAID = " || char(10) || ".join(f"t.{name}" for name in _ACCOUNT)

# Of each fact: its id, its record, the incident, what it is called, the text, who may see it, and who wrote it when.
_READS = {
    "note_version": f"""
SELECT t.id, t.note_id, NULL, t.kind, t.text, t.visibility, {_PEOPLE} FROM note_version t {_WRITTEN}""",
    "note_addendum": f"""
SELECT t.id, t.note_id, NULL, v.kind, t.text, v.visibility, {_PEOPLE} FROM note_addendum t {_WRITTEN}
JOIN note ON note.id = t.note_id JOIN note_version v ON v.note_id = note.id AND {LATEST}""",
    "incident_version": f"""
SELECT t.id, t.incident_id, t.incident_id, t.category, {_SAID}, '', {_PEOPLE} FROM incident_version t {_WRITTEN}""",
    "incident_addendum": f"""
SELECT t.id, t.incident_id, t.incident_id, v.category, t.text, '', {_PEOPLE} FROM incident_addendum t {_WRITTEN}
JOIN incident_version v ON v.id = {_NEWEST.format("incident")}""",
    "statement_version": f"""
SELECT t.id, t.statement_id, s.incident_id, '', t.pages, 'pages', {_PEOPLE} FROM statement_version t {_WRITTEN}
JOIN statement s ON s.id = t.statement_id""",
    "statement_addendum": f"""
SELECT t.id, t.statement_id, s.incident_id, '', t.text, '', {_PEOPLE} FROM statement_addendum t {_WRITTEN}
JOIN statement s ON s.id = t.statement_id""",
}


def read_hits(file: File, facts: Sequence[tuple[str, int]], staff: Staff, day: date) -> tuple[Hit, ...]:
    """Return facts that the reader may see as hits, what happened last first.

    Students stand by name whom the reader may find.
    """
    made: dict[tuple[str, int], Hit] = {}
    for fact, read in _READS.items():
        if not (wanted := [identity for name, identity in facts if name == fact]):
            continue
        rows = file.rows(f"{read} WHERE t.id IN (SELECT value FROM json_each(?))", (json.dumps(wanted),))
        noun: Any = fact.partition("_")[0]
        about = _about(file, noun, {row[1] for row in rows}, staff, day)
        for identity, record, incident, head, text, how, happened, forename, surname in rows:
            shut = how == RESTRICTED
            words = "\n".join(json.loads(text)) if how == "pages" else text.strip("\n")
            made[fact, identity] = Hit(
                *(noun, record, incident, fact.endswith("_addendum"), identity, moment(happened), about[record]),
                *("" if shut else head, short_name(forename, surname), "" if shut else words, shut),
            )
    found = [made[fact, identity] for fact, identity in facts if (fact, identity) in made]
    return tuple(sorted(found, key=lambda one: one.happened, reverse=True))


def _about(file: File, noun: str, records: set[int], staff: Staff, day: date) -> Mapping[int, str]:
    """Return whose each record is, in words, by its id."""
    students, names = _whose(file, noun, records)
    every = {student for those in students.values() for student in those}
    known = students_by_id(file, reached(file, "find_student", staff, day.isoformat(), every), day)
    made = {}
    for record in records:
        those = students.get(record, ())
        words = [known[one].name if one in known else f"a student {NOT_SHOWN}" for one in those[:2]]
        more = f" and {len(those) - 2} more" if len(those) > 2 else ""
        made[record] = (" · ".join(dict.fromkeys(words)) + more) or names.get(record, "")
    return made


def _whose(file: File, noun: str, records: set[int]) -> tuple[dict[int, tuple[int, ...]], dict[int, str]]:
    """Return the students of some records, and the names of whoever else a statement is of."""
    if noun == "incident":
        return {one: students_of(file, one) for one in records}, {}
    among = "WHERE t.id IN (SELECT value FROM json_each(?))"
    wanted = (json.dumps(sorted(records)),)
    if noun == "note":
        return {one: (student,) for one, student in file.rows(f"SELECT id, student_id FROM note t {among}", wanted)}, {}
    students: dict[int, tuple[int, ...]] = {}
    names: dict[int, str] = {}
    for one, student, name, forename, surname in file.rows(
        "SELECT t.id, t.student_id, t.name, coalesce(w.forename, ''), coalesce(w.surname, '') FROM statement t"
        f" LEFT JOIN staff w ON w.id = t.staff_id {among}",
        wanted,
    ):
        if student is not None:
            students[one] = (student,)
        names[one] = name or short_name(forename, surname)
    return students, names


# The piece of a text that is shown


class Piece(NamedTuple):
    """Some words of a text, and whether they are what was looked for."""

    text: str
    found: bool


def snippet(text: str, words: Sequence[str], width: int) -> tuple[Piece, ...]:
    """Return at most `width` characters of a text, on one line, around the first word that one of `words` begins.

    `words` are folded. The text is as it was written, and what was found in it stands in pieces of its own. A text in
    which nothing is found is shown from its beginning.
    """
    first = _first(text, words)
    begins = _begin(text, first, width)
    window = text[begins : begins + width - 2]
    ahead, behind = begins > 0, begins + len(window) < len(text)
    made = [Piece("\u2026", found=False)] if ahead else []
    at = 0
    for starts, ends in _spans(window, words):
        if begins and starts == 0 and begins != first:
            continue  # it may be the end of a longer word
        made += [Piece(_one_line(window[at:starts]), found=False), Piece(_one_line(window[starts:ends]), found=True)]
        at = ends
    made.append(Piece(_one_line(window[at:]) + ("\u2026" if behind else ""), found=False))
    return tuple(one for one in made if one.text)


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def _begin(text: str, first: int, width: int) -> int:
    """Return where what is shown begins: a few words before what was found, at the beginning of a word."""
    if first < width // 2:
        return 0
    begins = first - width // 4
    gap = text.find(" ", begins, first)
    return gap + 1 if gap >= 0 else begins


def _first(text: str, words: Sequence[str]) -> int:
    return next((starts for starts, _ in _spans(text, words)), 0)


def _spans(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where in a text the beginnings of words stand that were looked for, in order, none over another."""
    ends = 0
    for word, places in _folded_words(text):
        longest = max((len(one) for one in words if word.startswith(one)), default=0)
        if longest and places[0] >= ends:
            ends = places[longest - 1] + 1
            while ends < len(text) and _letter(text[ends]) == "" and not text[ends].isspace():
                ends += 1  # an accent written by itself goes with its letter
            yield places[0], ends


def _folded_words(text: str) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the folded words of a text, each with the place in the text of every letter of it."""
    if text.isascii() and "'" not in text and "`" not in text:
        for found in _PLAIN.finditer(text):
            yield found[0].lower(), range(found.start(), found.end())
        return
    word, places = [], []
    for place, sign in enumerate(text):
        for letter in _letter(sign):
            if letter != " ":
                word.append(letter)
                places.append(place)
            elif word:
                yield "".join(word), places
                word, places = [], []
    if word:
        yield "".join(word), places


_PLAIN = re.compile(r"[A-Za-z0-9]+")


@lru_cache(maxsize=4_096)
def _letter(sign: str) -> str:
    """Return what one sign of a text becomes when it is folded: letters, " " between words, "" for nothing at all."""
    folded = fold(f"a{sign}a")
    return folded[1:-1]
