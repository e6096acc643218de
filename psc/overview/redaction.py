"""Redaction: which words of a student's records name somebody else, as proposals that a person decides one by one.

Nothing is taken out by a rule alone, and nothing that was proposed leaves psc undecided. A rule finds the names of all
other students of the school, however they are typed (case, accents, apostrophes), the names of other students that a
record carries as such, the typed names of adults, and whatever words a person adds; and it asks about records that are
not the student's alone. What it cannot find (a nickname, "his cousin") is for whoever reads the export before it goes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from psc.text import fold

if TYPE_CHECKING:
    from psc.overview.all_held import AllHeld
    from psc.overview.held_reading import Held, Leaf


class Decision(StrEnum):
    """What a person decided of a proposal."""

    REDACT = "redact"
    KEEP = "keep"


class Kind(StrEnum):
    """What a proposal is of."""

    RECORD = "record"
    LINKED = "linked"
    NAME = "name"
    ADULT = "adult"
    ADDED = "added"


INSTEAD: Mapping[Kind, str] = {
    Kind.RECORD: "[withheld]",
    Kind.LINKED: "[another student]",
    Kind.NAME: "[another student]",
    Kind.ADULT: "[another person]",
    Kind.ADDED: "[withheld]",
}
"""What stands where something was taken out."""
_AROUND = 60
"""Letters of context on each side."""
_PARTICLES = frozenset(
    ("al", "an", "ap", "bin", "bint", "da", "das", "de", "del", "den", "der", "di", "do", "dos", "du", "e", "el", "i",
     "ibn", "la", "le", "mac", "mc", "o", "of", "st", "ten", "the", "und", "van", "von", "y")
)  # fmt: skip
"""Words of names that are too common to be looked for by themselves, unless they are the whole of a name."""
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "sir", "madam"])
_SHORTEST = 2
"""Letters of the shortest name that is looked for."""


class Proposal(NamedTuple):
    """Something that may have to be taken out. `text` stands from `start` to `end` of a field."""

    key: str
    """What a decision is kept under: it changes with the record, so that no decision holds for other words."""
    kind: Kind
    table: str
    record: str
    field: str
    start: int
    end: int
    text: str
    before: str
    after: str
    looks: str
    """What it looks like that is no other student, in words: `a member of staff`; "" for nothing."""
    group: str
    """What it is part of, where there is a proposal about the whole; of that one, the whole itself."""

    @property
    def alike(self) -> tuple[Kind, str]:
        """What is the same in proposals that may be decided together: kind and words."""
        return self.kind, self.text


# Finding


class Names(NamedTuple):
    """Names as they are looked for."""

    words: frozenset[str]
    """Folded words."""
    signs: tuple[str, ...]
    """Names, or parts of them, in scripts that do not part words, and those that have no letters at all."""
    runs: tuple[tuple[str, ...], ...]
    """Names with words too short or too common to be looked for alone: their words one after the other."""


def names_of(written: Iterable[str]) -> Names:
    """Return names as they are looked for: each word of each, and the whole without its hyphens and spaces."""
    words: set[str] = set()
    signs: set[str] = set()
    runs: set[tuple[str, ...]] = set()
    for name in written:
        parts = fold(name).split()
        if not parts or _unparted(name):
            signs.update(one for one in (name.strip(), *name.split()) if len(one) > (not _unparted(one)))
        words.update(one for one in parts if len(one) >= _SHORTEST and (one not in _PARTICLES or len(parts) == 1))
        if len(parts) > 1:
            words.add("".join(parts))
            runs.update([tuple(parts)] if not words.issuperset(parts) else [])
        words.update(
            one
            for piece in _PIECES.split(name)
            for one in fold(piece).split()
            if len(one) > _SHORTEST and one not in _PARTICLES
        )
    return Names(frozenset(words), tuple(sorted(signs, key=len, reverse=True)), tuple(sorted(runs)))


_PIECES = re.compile(r"['\u2019\u2018\u02bc`\u00b4]")
_UNPARTED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u2e80-\ud7ff]")


def _unparted(text: str) -> bool:
    """Say whether a script is in it that writes words without spaces."""
    return _UNPARTED.search(text) is not None


def found_in(text: str, names: Names) -> list[tuple[int, int]]:
    """Return where names stand in a text, words that follow each other as one."""
    spans = [(one.start(), one.end()) for sign in names.signs for one in re.finditer(re.escape(sign), text)]
    every = list(_words(text))
    for start, end in every:
        spans += _named(text, start, end, names.words)
    if names.runs:
        spans += _in_a_row([(one, *span) for span in every for one in _folded(text[slice(*span)]).split()], names.runs)
    return _joined(text, spans)


def _in_a_row(said: Sequence[tuple[str, int, int]], runs: Iterable[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Yield where words follow each other as in a name."""
    where: dict[str, list[int]] = {}
    for at, (word, _, _) in enumerate(said):
        where.setdefault(word, []).append(at)
    for run in runs:
        for at in where.get(run[0], ()):
            if tuple(word for word, _, _ in said[at : at + len(run)]) == run:
                yield said[at][1], said[at + len(run) - 1][2]


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand: letters and what belongs to them, apostrophes within."""
    if text.isascii():  # most texts, and three times as fast
        yield from (one.span() for one in _ASCII_WORD.finditer(text))
        return
    start = None
    for at, one in enumerate(text):
        if _within(one):
            start = at if start is None else start
        elif start is not None:
            yield start, at
            start = None
    if start is not None:
        yield start, len(text)


_ASCII_WORD = re.compile(r"[A-Za-z0-9'`]+")


@lru_cache(maxsize=4096)
def _within(one: str) -> bool:
    return one.isalnum() or unicodedata.category(one) in _WITHIN or bool(_PIECES.fullmatch(one))


_folded = lru_cache(maxsize=20_000)(fold)
"""The words of a school are said again and again."""
_WITHIN = ("Mn", "Mc", "Me", "Cf", "Lm", "Sk")


def _named(text: str, start: int, end: int, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield what of a word is a name: all of it, or what stands before or behind an apostrophe."""
    whole = text[start:end]
    if not _PIECES.search(whole):
        if any(one in words for one in _folded(whole).split()):
            yield start, end
        return
    marks = [at for at in range(start, end) if _PIECES.fullmatch(text[at])]
    edges = [start - 1, *marks, end]
    pieces = [(left + 1, right) for left, right in pairwise(edges) if right > left + 1][:8]
    at = 0
    while at < len(pieces):
        for last in range(len(pieces), at, -1):
            left, right = pieces[at][0], pieces[last - 1][1]
            folded = fold(text[left:right])
            if folded in words or any(one in words for one in folded.split()):
                yield left, right
                at = last
                break
        else:
            at += 1


_BETWEEN = re.compile(r"[ \-\u2010\u2011'’]{1,2}")


def _joined(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if made and (start <= made[-1][1] or _BETWEEN.fullmatch(text, made[-1][1], start)):
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return [(_led(text, start), end) for start, end in made]


_LED = re.compile(r"(?:(?:\b(?:mr|mrs|ms|miss|mx|dr|sir|madam)\b\.? +)?(?:\b\w\b\.? *)?)$", re.IGNORECASE)


def _led(text: str, start: int) -> int:
    """Return where a name begins with the title, or the initial, before it."""
    found = _LED.search(text[max(0, start - 12) : start])
    if found is None or not found.group().strip():
        return start
    said = found.group()
    first = said.strip().split()[-1].rstrip(".")
    if len(first) == 1 and not first.isupper():  # "a Khan" is no initial
        return start
    return start - len(said)


# Proposing


def proposals(held: AllHeld, added: Sequence[str] = ()) -> tuple[Proposal, ...]:
    """Return what a person is to decide, record by record; `added` are words that they want looked for as well."""
    typed = [leaf.value for one in held.records for leaf in one.leaves if leaf.kind == "adult"]
    adults = _adult_names(str(one) for one in typed)
    finding = _Finding(
        names_of(held.others),
        names_of(adults),
        names_of(one for one in added if one.strip()),
        names_of(held.own).words,
        frozenset((fold(forename), fold(surname)) for forename, surname in held.staff),
    )
    made: list[Proposal] = []
    asked: set[str] = set()
    for one in held.records:
        if one.group and one.group not in asked:
            asked.add(one.group)
            made.append(_of_record(held, one))
        made += (found for leaf in one.leaves for found in finding.of(one, leaf))
    return tuple(made)


def _adult_names(typed: Iterable[str]) -> set[str]:
    """Return the words of typed names that are names: `Mrs Jones from the shop` is Jones."""
    words = (word.strip(".,;:()") for one in typed for word in one.split())
    return {one for one in words if len(one) > _SHORTEST and one[:1].isupper() and fold(one) not in _TITLES}


def _of_record(held: AllHeld, one: Held) -> Proposal:
    text = next(
        (
            str(leaf.value)
            for each in held.records
            if each.group == one.group
            for leaf in each.leaves
            if leaf.kind == "text" and leaf.name not in ("why", "told_by", "taken_back")
        ),
        "",
    )
    key = _key(one.group, one.why, *_whole(held, one.group))
    return Proposal(key, Kind.RECORD, one.table, one.key, "", 0, 0, one.why, "", text[: 2 * _AROUND], "", one.group)


def _whole(held: AllHeld, group: str) -> Iterator[str]:
    for one in held.records:
        if one.group == group:
            yield from (f"{one.table} {one.key} {leaf.name} {leaf.value}" for leaf in one.leaves)


def _key(*parts: object) -> str:
    return sha256("\x1f".join(str(one) for one in parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class _Finding(NamedTuple):
    """What is looked for."""

    others: Names
    adults: Names
    added: Names
    own: frozenset[str]
    staff: frozenset[tuple[str, str]]
    """Forename and surname, folded."""

    def of(self, one: Held, leaf: Leaf) -> Iterator[Proposal]:
        """Yield the proposals of one field."""
        if leaf.kind == "plain" or not isinstance(leaf.value, str):
            return
        text = leaf.value
        if leaf.kind in ("student", "adult"):
            kind = Kind.LINKED if leaf.kind == "student" else Kind.ADULT
            yield self._made(one, leaf, kind, 0, len(text))
            return
        free = 0
        for start, end, kind in self._spans(text):
            if start >= free:
                yield self._made(one, leaf, kind, start, end)
                free = end

    def _spans(self, text: str) -> list[tuple[int, int, Kind]]:
        """Return what is found, parts that overlap as one: of another student where one of them is."""
        order = (Kind.NAME, Kind.ADULT, Kind.ADDED)
        found = [
            (*span, kind)
            for kind, names in zip(order, (self.others, self.adults, self.added), strict=True)
            if any(names)
            for span in found_in(text, names)
        ]
        made: list[tuple[int, int, Kind]] = []
        for start, end, kind in sorted(found, key=lambda one: (one[0], order.index(one[2]))):
            if made and start < made[-1][1]:
                left, right, before = made[-1]
                made[-1] = (left, max(right, end), min(before, kind, key=order.index))
            else:
                made.append((start, end, kind))
        return made

    def _made(self, one: Held, leaf: Leaf, kind: Kind, start: int, end: int) -> Proposal:
        text = str(leaf.value)
        found = text[start:end]
        return Proposal(
            _key(one.table, one.key, leaf.name, start, end, text),
            kind,
            one.table,
            one.key,
            leaf.name,
            start,
            end,
            found,
            text[max(0, start - _AROUND) : start],
            text[end : end + _AROUND],
            self._looks(one, found) if kind is Kind.NAME else "",
            one.group,
        )

    def _looks(self, one: Held, found: str) -> str:
        if one.table == "contact":
            return "somebody at home"
        words = fold(found).split()
        if len(words) > 1:
            last = " ".join(words[1:])
            for fore, sur in self.staff:
                if last == sur and (words[0] in _TITLES or words[0] in (fore, fore[:1])):
                    return "a member of staff"
        if words and all(one in self.own for one in words):
            return "the student’s own name"
        return "perhaps only a word" if found.islower() else ""


# Deciding


def undecided(made: Iterable[Proposal], decisions: Mapping[str, Decision]) -> tuple[Proposal, ...]:
    """Return what nobody has decided. What stands in a record that is withheld needs no decision of its own."""
    every = tuple(made)
    gone = _withheld(every, decisions)
    return tuple(
        one for one in every if one.key not in decisions and (one.kind is Kind.RECORD or one.group not in gone)
    )


def _withheld(made: Iterable[Proposal], decisions: Mapping[str, Decision]) -> frozenset[str]:
    return frozenset(one.group for one in made if one.kind is Kind.RECORD and decisions.get(one.key) is Decision.REDACT)


def redacted(held: AllHeld, made: Sequence[Proposal], decisions: Mapping[str, Decision]) -> tuple[Held, ...]:
    """Return the records as they may leave psc: everything that was decided so is taken out.

    Raises `ValueError` while something is undecided: who releases asks `undecided` first.
    """
    if undecided(made, decisions):
        raise ValueError("undecided")
    gone = _withheld(made, decisions)
    taken: dict[tuple[str, str, str], list[Proposal]] = {}
    for one in made:
        if one.kind is not Kind.RECORD and decisions.get(one.key) is Decision.REDACT:
            taken.setdefault((one.table, one.record, one.field), []).append(one)
    return tuple(_withheld_record(one) if one.group in gone else _record(one, taken) for one in held.records)


def _withheld_record(one: Held) -> Held:
    leaves = tuple(
        leaf if leaf.kind == "plain" else leaf._replace(value=INSTEAD[Kind.RECORD], kind="plain") for leaf in one.leaves
    )
    return one._replace(leaves=leaves)


def _record(one: Held, taken: Mapping[tuple[str, str, str], Sequence[Proposal]]) -> Held:
    leaves = []
    for leaf in one.leaves:
        value = leaf.value
        for each in sorted(taken.get((one.table, one.key, leaf.name), ()), key=lambda each: each.start, reverse=True):
            value = f"{str(value)[: each.start]}{INSTEAD[each.kind]}{str(value)[each.end :]}"
        leaves.append(leaf._replace(value=value))
    return one._replace(leaves=tuple(leaves))
