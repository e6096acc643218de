"""A file with 500,000 notes behind it, written in bulk: `python -m tests.bench.notes FILE`.

On top of the ten years: notes of 2,500 students by the staff who would write them, in words as common and as rare as
words are. Each author's notes stand under one line of the ledger.
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from psc.clock import stamp
from psc.database import ledger
from psc.database.file import open_file
from psc.database.search_index import SHUT, staff_token, student_token
from psc.incidents.notes import KINDS
from tests.bench.ten_years import NOW, ten_year_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psc.database.file import File

NOTES = 500_000
RARE, HIDDEN = "quokka", "wombat"
"""A word of a handful of notes, and one that stands in many, all of them restricted."""
_SAID = """the a and to of in was for on with he she they his her their student room lesson phone left teacher said
asked corridor settled upset work home mother father called spoke agreed friend incident calm time back seat"""
_BEGIN = "ab be ca de en fa gi ho in jo ke li mo ne op pa qui re si tu un ve wa xa yo zu"
_END = "ber cing dle fort gan hem ing jer kin ling ment ness ome per quet ring sion tive ulf ver wick xen yard"
_AUTHORS = (("AS1", 1, 40), ("AS2", 2, 30), ("CO1", 3, 10), ("HY8", 4, 10), ("BL1", 5, 5), ("SG1", 9, 5))
"""Who wrote them: code, id, and of a hundred how many."""


def note_file(path: Path, notes: int = NOTES) -> None:
    """Put notes into a file that has ten years behind it."""
    file = open_file(path)
    try:
        file.execute("PRAGMA synchronous = OFF")  # while it is made: nothing is lost if it must be made again
        file.execute("PRAGMA cache_size = -400000")
        with file.atomic():
            _fill(file, notes)
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        file.close()


def _fill(file: File, notes: int) -> None:
    many = file.conn.executemany
    lines = {staff: _line(file, code) for code, staff, _ in _AUTHORS}
    students = [student for (student,) in file.rows("SELECT id FROM student ORDER BY id")]
    made = list(_notes(notes, students, lines))
    fact = "happened, recorded, day, seq"
    many(
        f"INSERT INTO note (id, student_id, {fact}) VALUES (?, ?, ?, ?, ?, ?)",
        [(one[0], one[1], *one[-1]) for one in made],
    )
    many(
        f"INSERT INTO note_version (id, note_id, kind, visibility, text, why, {fact})"
        " VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?)",
        [(n, n, kind, visibility, text, *f) for n, _, _, kind, visibility, text, f in made],
    )
    many(
        "INSERT INTO search_entry (id, fact, fact_id) VALUES (?, 'note_version', ?)", [(one[0], one[0]) for one in made]
    )
    many(
        "INSERT INTO search_text (rowid, words, who) VALUES (?, ?, ?)",
        [
            (n, text.lower()[:-1], f"{student_token(s)} {staff_token(a)}" + f" {SHUT}" * (visibility == "restricted"))
            for n, s, a, _, visibility, text, _ in made
        ],
    )


def _line(file: File, code: str) -> int:
    seq, _ = ledger.append(
        file, at=NOW, terminal="bench", actor=code, role="", act="write_note", act_id=f"notes {code}", detail="{}"
    )
    return seq


Made = tuple[int, int, int, str, str, str, tuple[str, str, str, int]]
"""A note: id, student, author, kind, visibility, text, and when, on which day, by which line."""


def _notes(count: int, students: list[int], lines: dict[int, int]) -> Iterator[Made]:
    """Yield the notes, the oldest first."""
    chance = random.Random(1926)
    heads, tails = _BEGIN.split(), _END.split()
    words = [*_SAID.split(), *(a + b + c for a in heads for b in tails for c in ("", *tails[::5]))]
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
    authors = [staff for _, staff, share in _AUTHORS for _ in range(share)]
    begun = datetime(2016, 9, 1, 8, tzinfo=UTC)
    step = (NOW - begun) / count
    for number in range(1, count + 1):
        at = begun + step * (number - 1)
        author = chance.choice(authors)
        restricted = author == 9 and chance.random() < 0.4
        said = chance.choices(words, cum_weights=weights, k=chance.randrange(8, 40))
        if number % 99_991 == 7:
            said.append(RARE)
        if restricted:
            said.append(HIDDEN)
        moment = stamp(at - timedelta(microseconds=at.microsecond))
        visibility = "restricted" if restricted else "year team" if chance.random() < 0.1 else "room"
        # Most of what is written is of those who are here now, as it was then.
        student = students[int(len(students) * min(0.999, (number / count) * 0.9 + chance.random() * 0.1))]
        fact = (moment, moment, moment[:10], lines[author])
        yield number, student, author, chance.choice(KINDS), visibility, " ".join(said).capitalize() + ".", fact


def main() -> None:
    """Make the file and say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.notes", description=note_file.__doc__)
    parser.add_argument("file", type=Path)
    path = parser.parse_args().file
    begun = time.perf_counter()
    ten_year_file(path)
    half = time.perf_counter()
    note_file(path)
    print(f"made {path} in {half - begun:.0f} + {time.perf_counter() - half:.0f} s, {path.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
