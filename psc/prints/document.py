"""A document of several pages that runs on: headings, fields, and what people wrote at length. As HTML and as PDF.

What stands in it is said once, as parts; both are made of the same parts, in the same order. Whatever people wrote is
escaped, or drawn letter by letter; their line breaks stay.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from psc.prints.page import page, paragraph, text
from psc.prints.pdf import Paper, height_of, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Kind(Enum):
    """What a part of a document is."""

    HEADING = "heading"
    SUBHEADING = "subheading"
    TEXT = "text"
    QUOTE = "quote"
    """Somebody's own words: set in, with a line beside them."""
    SMALL = "small"
    FIELD = "field"
    """A label, and what stands beside it."""


class Part(NamedTuple):
    """One part: its words, and the label of a field."""

    kind: Kind
    words: str
    label: str = ""


class Document(NamedTuple):
    """A whole document; `foot` stands in small print at its end, and on each page of the PDF."""

    title: str
    parts: tuple[Part, ...]
    foot: str = ""


# As HTML

_TAGS = {Kind.HEADING: "h2", Kind.SUBHEADING: "h3"}


def document_page(made: Document) -> str:
    """Return a document as HTML."""
    return page(made.title, [_html(one) for one in made.parts], foot=made.foot)


def _html(one: Part) -> str:
    if one.kind in _TAGS:
        return f"<{_TAGS[one.kind]}>{text(one.words)}</{_TAGS[one.kind]}>"
    words = one.words.split("\n")
    said = "<br>".join(text(line) for line in words)
    if one.kind is Kind.FIELD:
        return f'<p class="field"><b>{text(one.label)}</b><span>{said}</span></p>'
    return f'<p class="{one.kind.value}">{said}</p>' if len(words) > 1 else paragraph(one.words, kind=one.kind.value)


# As PDF

_MARGIN, _TOP, _END = 16.0, 16.0, 276.0
"""Millimetres: beside the words, above them, and where they end on a page."""
_LABEL = 34.0
"""Millimetres of a field's label."""
_SET_IN = 5.0
"""Millimetres that somebody's own words are set in."""
_SIZES = {Kind.HEADING: 13.0, Kind.SUBHEADING: 10.5, Kind.SMALL: 8.0}
_SIZE = 9.5
_GAPS = {Kind.HEADING: 5.0, Kind.SUBHEADING: 3.5, Kind.TEXT: 1.2, Kind.QUOTE: 1.6, Kind.SMALL: 1.4, Kind.FIELD: 0.8}
"""Millimetres above a part."""


class _Row(NamedTuple):
    """One line as it is drawn: `gap` above it, unless it is the first of its page; `keeps` it with what follows."""

    words: str
    size: float
    gap: float = 0.0
    bold: bool = False
    left: float = 0.0
    label: str = ""
    keeps: bool = False
    barred: bool = False

    @property
    def height(self) -> float:
        return height_of(1, self.size)


def document_pdf(made: Document) -> tuple[bytes, frozenset[str]]:
    """Return a document as PDF, and the letters that no font of this machine has."""
    paper = Paper(made.title)
    width = paper.width - 2 * _MARGIN
    title = [_Row(words, 15, bold=True) for words in _lines(made.title, 15, width, bold=True)]
    pages = list(_pages([*title, *(row for one in made.parts for row in _rows(one, width))]))
    for number, rows in enumerate(pages, 1):
        if number > 1:
            paper.turn()
        _draw(paper, rows)
        paper.line(_MARGIN, _END + 3, paper.width - _MARGIN, _END + 3)
        paper.words(_MARGIN, _END + 7, made.title, 8, width=width - _LABEL)
        paper.words(paper.width - _MARGIN, _END + 7, f"page {number} of {len(pages)}", 8, right=True)
        paper.words(_MARGIN, _END + 11, made.foot, 8, width=width)
    return paper.made(), frozenset(paper.missing)


def _draw(paper: Paper, rows: Sequence[tuple[float, _Row]]) -> None:
    for y, row in rows:
        if row.label:
            paper.lines(_MARGIN, y, [row.label], row.size, bold=True)
        if row.words:
            paper.lines(_MARGIN + row.left, y, [row.words], row.size, bold=row.bold)
        if row.barred:
            paper.line(_MARGIN + 1.5, y, _MARGIN + 1.5, y + row.height)


def _rows(one: Part, width: float) -> Iterator[_Row]:
    """Yield the lines of a part."""
    size = _SIZES.get(one.kind, _SIZE)
    bold = one.kind in _TAGS
    left = _LABEL if one.kind is Kind.FIELD else _SET_IN if one.kind is Kind.QUOTE else 0.0
    labels = _lines(one.label, size, _LABEL - 2, bold=True) if one.label else []
    words = _lines(one.words, size, width - left, bold=bold)
    for number in range(max(len(words), len(labels))):
        yield _Row(
            words[number] if number < len(words) else "",
            size,
            _GAPS[one.kind] if number == 0 else 0.0,
            bold,
            left,
            labels[number] if number < len(labels) else "",
            keeps=bold or one.kind is Kind.SMALL,
            barred=one.kind is Kind.QUOTE,
        )


def _lines(words: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Return words in lines; an empty line of theirs stays one."""
    return [line for paragraph in words.split("\n") for line in wrapped(paragraph, size, width, bold=bold) or [""]]


def _pages(rows: Iterable[_Row]) -> Iterator[list[tuple[float, _Row]]]:
    """Yield the lines of each page with where they stand; what is kept with what follows goes over with it."""
    made: list[tuple[float, _Row]] = []
    y = _TOP
    held: list[_Row] = []
    for row in rows:
        held.append(row)
        if row.keeps and len(held) < _MOST_HELD:
            continue
        if made and y + sum(each.gap + each.height for each in held) > _END:
            yield made
            made, y = [], _TOP
        for each in held:
            y += each.gap if made else 0.0
            made.append((y, each))
            y += each.height
        held = []
    for each in held:
        y += each.gap if made else 0.0
        made.append((y, each))
        y += each.height
    yield made


_MOST_HELD = 12
"""Lines of headings that are kept together at most: a title may be long."""
