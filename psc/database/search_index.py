"""The index behind the search in what people wrote: which words stand in a record, and whose it is.

An index is no fact: it is written with the fact it finds, and whoever searches looks at the fact itself before a word
of it is shown, so that nothing taken back, and nothing beyond somebody's reach, comes out of it. Words are folded
(`text.fold`), since SQLite does not know that ł is found by l. Beside the words stand tokens of whose record it is:
`s12` a student's, `a3` a member of staff's who wrote it or was there, so that a search within the records of a few
students is as fast as one in all; and `shut` on what is restricted, so that it slows nobody down who may not see it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import ucd_3_2_0

from psc.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psc.database.file import File


class _Text(NamedTuple):
    """Where a fact's words stand: its columns, and the column that names what it belongs to."""

    columns: tuple[str, ...]
    belongs: str
    pages: bool = False


TEXTS: Mapping[str, _Text] = {
    "incident_version": _Text(
        ("place", "category", "antecedent", "behaviour", "consequence", "deescalation"), "incident_id"
    ),
    "incident_addendum": _Text(("text",), "incident_id"),
    "statement_version": _Text(("pages",), "statement_id", pages=True),
    "statement_addendum": _Text(("text",), "statement_id"),
    "note_version": _Text(("text",), "note_id"),
    "note_addendum": _Text(("text",), "note_id"),
}
"""The facts in which words are searched."""

SHUT = "shut"
"""The token of what was written in a restricted note."""

_THERE = ("incident_student", "incident_adult")
INDEXED = frozenset({*TEXTS, *_THERE})
"""The facts that change the index when they are added: who was there is known only after an incident was begun."""


def student_token(student_id: int) -> str:
    """Return the token of a student's records."""
    return f"s{student_id}"


def staff_token(staff_id: int) -> str:
    """Return the token of what a member of staff wrote, or was there at."""
    return f"a{staff_id}"


def index_words(text: str) -> str:
    """Return the words of a text as they stand in the index, and as they are asked of it."""
    folded = fold(text)
    return folded if folded.isascii() else _NOT_ASCII.sub(lambda found: _letter(found[0]), folded)


_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@cache
def _letter(sign: str) -> str:
    """Return a letter as SQLite knows it. Those that are younger than its tables would be no letters there."""
    known = sign == " " or (sign != _ESCAPE and ucd_3_2_0.category(sign)[0] in "LN")
    return sign if known else f"{_ESCAPE}{ord(sign):06x}"


_ESCAPE = chr(0xA66E)
"""A letter that nobody writes: what follows it is the number of one that SQLite does not know."""


def index_fact(file: File, table: str, fact_id: int, writer: int = 0) -> None:
    """Write a fact's words into the index, in the transaction that adds it.

    `writer` is the staff id of whoever is at the desk: the ledger's line of an act comes after its facts.
    """
    if table in _THERE:
        incident = file.value(f"SELECT incident_id FROM {table} WHERE id = ?", (fact_id,))
        for other, identity in _texts_of_incident(file, incident):
            _write(file, other, identity, writer)
    else:
        _write(file, table, fact_id, writer)


def rebuild(file: File) -> int:
    """Make the whole index anew; returns how many facts are in it. To be run within a transaction."""
    file.execute("DELETE FROM search_text")
    file.execute("DELETE FROM search_entry")
    facts = sorted(
        (seq, table, identity) for table in TEXTS for identity, seq in file.rows(f"SELECT id, seq FROM {table}")
    )
    for _, table, identity in facts:
        _write(file, table, identity)
    return len(facts)


def unindexed(file: File) -> int:
    """Return how many facts with words are not in the index: none, unless somebody wrote past psc."""
    return sum(
        int(
            file.value(
                f"SELECT count(*) FROM {table} t WHERE NOT EXISTS"
                " (SELECT 1 FROM search_entry e WHERE e.fact = ? AND e.fact_id = t.id)",
                (table,),
            )
        )
        for table in TEXTS
    )


def _texts_of_incident(file: File, incident_id: int) -> list[tuple[str, int]]:
    """Return the indexed facts of an incident, its statements among them."""
    found = []
    for table, text in TEXTS.items():
        if text.belongs == "incident_id":
            query = f"SELECT id FROM {table} WHERE incident_id = ?"
        elif text.belongs == "statement_id":
            query = f"SELECT t.id FROM {table} t JOIN statement s ON s.id = t.statement_id WHERE s.incident_id = ?"
        else:
            continue
        found += [(table, identity) for (identity,) in file.rows(query, (incident_id,))]
    return found


def _write(file: File, table: str, fact_id: int, writer: int = 0) -> None:
    text = TEXTS[table]
    row = file.row(f"SELECT {text.belongs}, seq, {', '.join(text.columns)} FROM {table} WHERE id = ?", (fact_id,))
    if row is None:
        return
    belongs, seq, *said = row
    if text.pages:
        said = json.loads(said[0])
    # A line without somebody of the staff list is psc's own.
    line = file.row(
        "SELECT s.id FROM ledger l LEFT JOIN staff s ON s.code = l.actor COLLATE NOCASE WHERE l.seq = ?", (seq,)
    )
    author = writer if line is None else line[0]
    adults = {author, *_adults(file, text.belongs, belongs)} - {None, 0}
    who = [student_token(student) for student in _students(file, text.belongs, belongs)]
    who += [staff_token(staff) for staff in sorted(adults)]
    if text.belongs == "note_id" and _is_shut(file, table, fact_id, belongs):
        who.append(SHUT)
    entry = file.value("SELECT id FROM search_entry WHERE fact = ? AND fact_id = ?", (table, fact_id))
    if entry is None:
        cursor = file.execute("INSERT INTO search_entry (fact, fact_id) VALUES (?, ?)", (table, fact_id))
        entry = int(cursor.lastrowid or 0)
    else:
        file.execute("DELETE FROM search_text WHERE rowid = ?", (entry,))
    file.execute(
        "INSERT INTO search_text (rowid, words, who) VALUES (?, ?, ?)",
        (entry, index_words(" ".join(said)), " ".join(who)),
    )


def _students(file: File, belongs: str, identity: int) -> list[int]:
    """Return whose the record is that a fact belongs to."""
    if belongs == "note_id":
        query = "SELECT student_id FROM note WHERE id = ?"
    else:
        query = f"SELECT student_id FROM incident_student WHERE incident_id = {_incident(belongs)}"
    return sorted({student for (student,) in file.rows(query, (identity,))})


def _adults(file: File, belongs: str, identity: int) -> set[int]:
    """Return the staff who were there, whose words a statement is, and who wrote what others add to."""
    noun = belongs.removesuffix("_id")
    wrote = f"SELECT w.id FROM {noun} t JOIN ledger l ON l.seq = t.seq JOIN staff w ON w.code = l.actor COLLATE NOCASE"
    queries = [f"{wrote} WHERE t.id = ?"]
    if belongs == "statement_id":
        queries.append("SELECT staff_id FROM statement WHERE id = ? AND staff_id IS NOT NULL")
    if belongs != "note_id":
        queries.append(
            f"SELECT staff_id FROM incident_adult WHERE staff_id IS NOT NULL AND incident_id = {_incident(belongs)}"
        )
    return {staff for query in queries for (staff,) in file.rows(query, (identity,))}


def _is_shut(file: File, table: str, fact_id: int, note_id: int) -> bool:
    """Say whether a text is never for who may not see restricted notes, whatever is taken back later.

    A version says so itself. What was added to a note that was once open may be open again.
    """
    if table == "note_version":
        return bool(file.value("SELECT visibility FROM note_version WHERE id = ?", (fact_id,)) == "restricted")
    first = "SELECT visibility FROM note_version WHERE note_id = ? ORDER BY id LIMIT 1"
    return bool(file.value(first, (note_id,)) == "restricted")


def _incident(belongs: str) -> str:
    """Return the SQL for the incident that a fact belongs to, by itself or by its statement."""
    return "(SELECT incident_id FROM statement WHERE id = ?)" if belongs == "statement_id" else "?"
