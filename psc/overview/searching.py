"""Search in what people wrote: incidents, statements, notes, and what was added to them, for one reader.

Every text that the index finds is asked of the record itself before a word of it is read: whether it stands, is the
latest said of its record, and is within the reader's reach. So no hit, no count and no *more* speaks of anything else.
The tokens in the index beside the words (`database/search_index.py`) only spare the asking.

Searching is a look: its line holds a digest of the words. Words that only narrow what was noted need no further line.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal, NamedTuple

from psc.clock import school_day
from psc.database.search_index import SHUT, index_words, staff_token, student_token
from psc.desk.facts import live
from psc.desk.looks import search_records as look
from psc.desk.permissions import Scope, may, scope_of, students_within
from psc.incidents.notes import LATEST, notes_open_to, notes_within
from psc.incidents.reach import incidents_for
from psc.incidents.statements import statements_for
from psc.text import clean, fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from psc.database.file import File
    from psc.desk.acts import Desk
    from psc.desk.people import Staff

MOST = 200
"""Hits shown at once: of more it is said that there are more, not how many."""
LONGEST = 100
"""Characters of what is looked for."""
_MOST_WORDS = 12
_MOST_TOKENS = 400
"""Students whose records are looked for by their tokens: with more, looking at each hit is quicker."""

Kind = Literal["note", "incident", "statement"]


class Hit(NamedTuple):
    """A text with the words that were looked for."""

    kind: Kind
    id: int
    """The note's, the incident's, or the statement's."""
    incident_id: int | None
    """The incident's, where it is one's or a statement's."""
    added: bool
    """Whether it is an addendum."""
    text_id: int
    """The version's, or the addendum's: with the kind and `added` it names the text."""
    happened: datetime
    about: str
    """Whose it is: students' names, as far as the reader may know them."""
    head: str
    """The kind of note, the category of incident."""
    by: str
    text: str
    """The whole text, as it was written; "" where it is restricted."""
    shut: bool
    """Whether it is a restricted note: opening it is a look of its own."""


class Found(NamedTuple):
    """What was found: of more than are shown those written last, and what happened last first."""

    hits: tuple[Hit, ...]
    more: bool
    """Whether there is more than is shown."""
    noted: str
    """The words that the ledger's last line of this search stands for: to be handed back with the next."""


def search_records(desk: Desk, text: str, noted: str = "") -> Found:
    """Return what the person at the desk may see of the records in which every word begins some word.

    `noted` is what the search before this one returned. Raises `NotAllowed`, and whatever keeps the ledger from being
    written: then nothing is read. No text raises anything else.
    """
    file, staff = desk.file, desk.staff()
    scope_of("search_records", staff)
    words = query_words(text)
    if not words:
        return Found((), more=False, noted=noted)
    noted = note_search(desk, text, noted)
    day = school_day(desk.clock.now(), file.zone)
    facts = _found(file, words, staff, day)
    from psc.overview.search_hits import read_hits

    return Found(read_hits(file, facts[:MOST], staff, day), more=len(facts) > MOST, noted=noted)


def note_search(desk: Desk, text: str, noted: str, *, settled: bool = False) -> str:
    """Note a search in the ledger, unless its words only narrow what was noted; returns what is noted now.

    `settled` notes it however much it narrows: the words led somewhere.
    """
    words = query_words(text)
    now = " ".join(words)
    if not words or now == noted or (not settled and narrows(noted.split(), words)):
        return noted
    digest = sha256(f"{desk.file.file_id} {now}".encode()).hexdigest()[:32]
    desk.do_patiently(look(digest), seconds=2)
    return now


def query_words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are looked for: folded, each once, none that another begins with."""
    every = dict.fromkeys(fold(clean(text[:LONGEST])).split())
    kept = [one for one in every if not any(other != one and other.startswith(one) for other in every)]
    return tuple(kept[:_MOST_WORDS])


def narrows(before: Sequence[str], now: Sequence[str]) -> bool:
    """Say whether all that is found by words now was found by those before."""
    return bool(before) and all(any(word.startswith(one) for word in now) for one in before)


def _found(file: File, words: Sequence[str], staff: Staff, day: date) -> list[tuple[str, int]]:
    """Return the facts that are found and may be shown, newest first: at most one more than are shown."""
    today = day.isoformat()
    tests, params = _tests(staff, today)
    return file.rows(
        "SELECT e.fact, e.fact_id FROM search_text JOIN search_entry e ON e.id = search_text.rowid"
        f" WHERE search_text MATCH :looked_for AND CASE e.fact {' '.join(tests)} ELSE 0 END"
        " ORDER BY search_text.rowid DESC LIMIT :most",
        {**params, "looked_for": _match(file, words, staff, today), "most": MOST + 1},
    )


def _match(file: File, words: Sequence[str], staff: Staff, today: str) -> str:
    """Return what is asked of the index. Every word is quoted: nothing in it is an operator."""
    # One word may be two to the index, as ½ is: they stand together in quotes, and the last may be begun only.
    asked = " AND ".join(f'"{index_words(word)}" *' for word in words)
    match = f"words : ({asked})"
    if tokens := _tokens(file, staff, today):
        match = f"({match}) AND who : ({' OR '.join(tokens)})"
    return match if may("see_restricted_notes", staff) else f"({match}) NOT who : {SHUT}"


def _tokens(file: File, staff: Staff, today: str) -> list[str]:
    """Return the tokens of all that somebody may see, where that is little; none where all is to be looked at."""
    scope = scope_of("search_records", staff)
    if scope is Scope.ALL:
        return []
    condition, params = students_within(scope, staff, today)
    students = file.rows(f"SELECT student.id FROM student WHERE {condition}", params)
    own = [staff_token(staff.id)] if scope in (Scope.OWN, Scope.OWN_AND_TODAY) else []
    if len(students) > _MOST_TOKENS:
        return []
    return [*own, *(student_token(student) for (student,) in students)] or ["nobody"]


_LATEST = f"(SELECT max(x.id) FROM {{0}}_version x WHERE x.{{0}}_id = {{0}}.id AND {live('{0}_version', 'x')})"


def _tests(staff: Staff, today: str) -> tuple[list[str], dict[str, object]]:
    """Return, of each fact that words are found in, the condition that it stands and the reader may see it."""
    made: list[str] = []
    params: dict[str, object] = {}
    for noun, read in (("incident", "see_incidents"), ("statement", "see_statements"), ("note", "see_notes")):
        if not may(read, staff):
            continue
        if noun == "note":
            (within, more), (shown, others) = notes_within(staff, today), notes_open_to(staff)
            reach, more = f"{within} AND {shown}", {**more, **others}
        else:
            reach, more = (incidents_for if noun == "incident" else statements_for)(read, staff, today)
        params |= more
        latest = LATEST if noun == "note" else f"v.id = {_LATEST.format(noun)}"
        stands = f"{live(noun, noun)} AND {reach}"
        made.append(
            f"WHEN '{noun}_version' THEN EXISTS (SELECT 1 FROM {noun}_version v JOIN {noun} ON {noun}.id = v.{noun}_id"
            f" WHERE v.id = e.fact_id AND {latest} AND {stands})"
        )
        made.append(
            f"WHEN '{noun}_addendum' THEN EXISTS (SELECT 1 FROM {noun}_addendum a"
            f" JOIN {noun} ON {noun}.id = a.{noun}_id"
            f" JOIN {noun}_version v ON v.{noun}_id = {noun}.id AND {latest}"
            f" WHERE a.id = e.fact_id AND {live(f'{noun}_addendum', 'a')} AND {stands})"
        )
    return made, params
