"""Search over 500,000 notes: a keystroke, for each role, of words that are common, rare, hidden, or only begun."""

from __future__ import annotations

from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING

from psc.clock import SetClock
from psc.desk.acts import Desk
from psc.overview.search_hits import snippet
from psc.overview.searching import query_words, search_records
from tests.bench.measure import Said, alone, compared, timed
from tests.bench.notes import HIDDEN, RARE
from tests.bench.place import opened
from tests.bench.ten_years import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psc.database.file import File
    from tests.bench.measure import Told
    from tests.bench.place import Place

_WITHIN = 0.050
_TYPED = {
    "one letter": ("t", "s", "e", "w", "q"),
    "a common word": ("the", "student", "room", "phone"),
    "a word begun": ("stud", "abbe", "corr", "qui", "teach"),
    "several words": ("the phone", "student sett", "left the room upset", "s q e"),
    "a rare word": (RARE, RARE[:4], f"the {RARE}"),
    "a word that is hidden, or nowhere": (HIDDEN, HIDDEN[:4], "zzz"),
}
"""What somebody types, by what makes it slow or quick."""
_WHO = {"AS1": "assistant", "CO1": "coordinator", "HY8": "head of year", "BL1": "behaviour lead"}


def searches(place: Place) -> Iterator[Told]:
    """Measure a keystroke of the search, its hits drawn; its floor is the index alone, asked for the same."""
    with opened(place.notes) as (file,):
        count = file.value("SELECT count(*) FROM search_entry")
        yield Said("texts in the index", f"{count:,}")
        for code, role in _WHO.items():
            for what, typed in _TYPED.items():
                yield alone(f"{role}: {what}", place.runs(30), timed(_keystroke(file, code, typed)), within=_WITHIN)
        sides = (timed(_keystroke(file, "CO1", ("the",))), timed(partial(_index, file, "the")))
        yield compared("a common word, beside the index alone", place.runs(30), *sides, at_most=100)


def _keystroke(file: File, code: str, typed: tuple[str, ...]) -> partial[None]:
    """Return what searches for the next of some texts each time: the look noted, hits read, one screen drawn."""
    return partial(_search, Desk(file, SetClock(NOW), code), cycle(typed))


def _search(desk: Desk, typed: Iterator[str]) -> None:
    text = next(typed)
    words = query_words(text)
    # Somebody who types has begun with the first letter, which is what was noted.
    found = search_records(desk, text, words[0][0])
    for hit in found.hits[:50]:
        snippet(hit.text, words, 80)


def _index(file: File, word: str) -> None:
    file.rows(
        "SELECT rowid FROM search_text WHERE search_text MATCH ? ORDER BY rowid DESC LIMIT 201",
        (f'words : "{word}" *',),
    )
