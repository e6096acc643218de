"""The page of work slips: four to an A4 page with lines to cut along, as HTML and as PDF.

How a slip is laid out stands here once, so that both hold the same: its words shrink until they fit their quarter.
"""

from __future__ import annotations

import unicodedata
from math import ceil
from typing import TYPE_CHECKING

from psc.prints.page import bare_page, text
from psc.prints.pdf import HEIGHT, WIDTH, Paper, cut, height_of, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psc.prints.slips import Slip

_SLIP_WIDTH, _SLIP_HEIGHT = WIDTH / 2, HEIGHT / 2
_MARGIN = 8.0
_INSIDE = _SLIP_WIDTH - 2 * _MARGIN
_TOP, _BOTTOM = 6.0, 36.0
"""Millimetres above the name for when it is, and below for the boxes."""
_ROOM = _SLIP_HEIGHT - 2 * _MARGIN - _TOP - _BOTTOM
_HEADING = 17.0
"""Millimetres of a field's heading, left of its words."""
_LARGEST, _SMALLEST = 10.0, 4.0
"""Points of a slip's words; the name is larger."""
_NAME, _LESSON = 1.6, 1.2
"""How much larger the name and the lesson are."""
_GAP = 1.2
"""Millimetres between fields."""

_SHARES = ("none", "¼", "½", "¾", "all")
_EFFORT = ("1", "2", "3", "4")


def size_of(slip: Slip, lines: Callable[[str, float, float, bool], int]) -> float:
    """Return in how many points a slip's words fit; `lines` says how many lines words make (size, width, bold)."""
    size = _LARGEST
    while size > _SMALLEST and _height(slip, size, lines) > _ROOM:
        size -= 0.25
    return size


def _height(slip: Slip, size: float, lines: Callable[[str, float, float, bool], int]) -> float:
    def part(words: str, times: float, width: float, bold: bool) -> float:
        return height_of(lines(words, size * times, width, bold), size * times)

    head = part(slip.name, _NAME, _INSIDE, True) + part(slip.place, 1, _INSIDE, False) + 2 * _GAP
    head += part(slip.lesson, _LESSON, _INSIDE, True) + 2 * _GAP
    return head + sum(part(words, 1, _INSIDE - _HEADING, False) + _GAP for _, words in slip.fields)


# As HTML

_STYLE = f"""
@page {{ size: A4 portrait; margin: 0; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; color: #000; background: #fff; font-family: sans-serif; }}
.page {{ width: {WIDTH:g}mm; height: {HEIGHT - 0.5:g}mm; display: grid; overflow: hidden;
  grid-template: 1fr 1fr / 1fr 1fr; break-after: page; }}
.page:last-child {{ break-after: auto; }}
.slip {{ padding: {_MARGIN:g}mm; overflow: hidden; display: flex; flex-direction: column; line-height: 1.22;
  overflow-wrap: anywhere; min-width: 0; min-height: 0; }}
.slip:nth-child(odd) {{ border-right: 0.2mm dashed #777; }}
.slip:nth-child(-n+2) {{ border-bottom: 0.2mm dashed #777; }}
.when {{ font-size: 9pt; height: {_TOP:g}mm; flex: none; white-space: nowrap; overflow: hidden; }}
.words {{ height: {_ROOM:g}mm; flex: none; overflow: hidden; }}
.name {{ font-size: {_NAME:g}em; font-weight: bold; }}
.lesson {{ font-size: {_LESSON:g}em; font-weight: bold; border-top: 0.2mm solid #000; margin-top: {_GAP:g}mm; }}
dl {{ display: grid; grid-template-columns: {_HEADING:g}mm minmax(0, 1fr); margin: {_GAP / 2:g}mm 0 0;
  row-gap: {_GAP:g}mm; }}
dt {{ font-weight: bold; font-size: min(1em, 7.5pt); }} dd {{ margin: 0; }}
.boxes {{ flex: none; height: {_BOTTOM:g}mm; border-top: 0.2mm solid #000; padding-top: 2mm; font-size: 9pt; }}
.boxes div {{ height: 6.5mm; white-space: nowrap; overflow: hidden; }}
.boxes b {{ display: inline-block; width: {_HEADING:g}mm; }}
.boxes i {{ display: inline-block; width: 3.6mm; height: 3.6mm; border: 0.25mm solid #000;
  margin: 0 1mm 0 2.4mm; vertical-align: middle; }}
.boxes .write {{ border-bottom: 0.2mm solid #555; }}
"""


def slips_page(slips: Sequence[Slip]) -> str:
    """Return the slips as HTML, four to an A4 page."""
    pages = [
        '<div class="page">' + "\n".join(_slip_html(one) for one in slips[at : at + 4]) + "</div>"
        for at in range(0, len(slips), 4)
    ]
    return bare_page("Work slips", pages, style=_STYLE)


def _slip_html(slip: Slip) -> str:
    fields = "".join(f"<dt>{text(heading)}</dt><dd>{text(words)}</dd>" for heading, words in slip.fields)
    done = "".join(f"<i></i>{text(word)}" for word in _SHARES)
    effort = "".join(f"<i></i>{text(word)}" for word in _EFFORT)
    size = size_of(slip, _guessed)
    return (
        f'<div class="slip"><div class="when">{text(slip.when)}</div><div class="words" style="font-size: {size:g}pt">'
        f'<div class="name">{text(slip.name)}</div><div>{text(slip.place)}</div>'
        f'<div class="lesson">{text(slip.lesson)}</div><dl>{fields}</dl></div>'
        f'<div class="boxes"><div><b>Done</b>{done}</div><div><b>Effort</b>{effort}</div>'
        f'<div>{text(_line_to(slip))}</div><div class="write"></div><div class="write"></div></div></div>'
    )


def _guessed(words: str, size: float, width: float, bold: bool) -> int:
    """Guess how many lines words make in a browser whose font nobody knows: rather too many than too few."""
    letters = sum(1.75 if unicodedata.east_asian_width(one) in "WF" else 1 for one in words)
    fit = width / (size * (0.68 if bold else 0.6) * 25.4 / 72)
    return max(1, ceil(letters * 1.06 / fit))


def _line_to(slip: Slip) -> str:
    return f"One line to {slip.teacher}:" if slip.teacher else "One line about it:"


# As PDF


def slips_pdf(slips: Sequence[Slip]) -> tuple[bytes, frozenset[str]]:
    """Return the slips as PDF, four to an A4 page, and the letters that no font of this machine has."""
    paper = Paper("Work slips")
    for number, slip in enumerate(slips):
        if number and number % 4 == 0:
            paper.turn()
        if number % 4 == 0:
            paper.line(_SLIP_WIDTH, 0, _SLIP_WIDTH, HEIGHT, dashed=True)
            paper.line(0, _SLIP_HEIGHT, WIDTH, _SLIP_HEIGHT, dashed=True)
        down, across = divmod(number % 4, 2)
        _draw(paper, slip, across * _SLIP_WIDTH + _MARGIN, down * _SLIP_HEIGHT + _MARGIN)
    return paper.made(), frozenset(paper.missing)


def _counted(words: str, size: float, width: float, bold: bool) -> int:
    return len(wrapped(words, size, width, bold=bold))


def _draw(paper: Paper, slip: Slip, x: float, y: float) -> None:
    size = size_of(slip, _counted)
    boxes = y + _TOP + _ROOM
    paper.words(x, y + 3, slip.when, 9, width=_INSIDE)

    def written(words: str, at: float, times: float, *, left: float = 0, bold: bool = False) -> float:
        lines = wrapped(words, size * times, _INSIDE - left, bold=bold)
        fit = max(0, int((boxes - at) / height_of(1, size * times)))
        if len(lines) > fit > 0:
            lines[fit - 1] = cut(f"{lines[fit - 1]} {lines[fit]}", size * times, _INSIDE - left, bold=bold)
        return at + paper.lines(x + left, at, lines[:fit], size * times, bold=bold)

    at = written(slip.name, y + _TOP, _NAME, bold=True)
    at = written(slip.place, at, 1) + _GAP
    paper.line(x, at, x + _INSIDE, at)
    at = written(slip.lesson, at + _GAP / 2, _LESSON, bold=True) + _GAP
    for heading, words in slip.fields:
        if at + height_of(1, size) > boxes:
            break
        paper.lines(x, at, [cut(heading, min(size, 7.5), _HEADING, bold=True)], min(size, 7.5), bold=True)
        at = written(words, at, 1, left=_HEADING) + _GAP
    paper.line(x, boxes, x + _INSIDE, boxes)
    _draw_boxes(paper, x, boxes + 7, "Done", _SHARES)
    _draw_boxes(paper, x, boxes + 13.5, "Effort", _EFFORT)
    paper.words(x, boxes + 20, _line_to(slip), 9, width=_INSIDE)
    paper.line(x, boxes + 28, x + _INSIDE, boxes + 28)
    paper.line(x, boxes + 35, x + _INSIDE, boxes + 35)


def _draw_boxes(paper: Paper, x: float, y: float, heading: str, words: Sequence[str]) -> None:
    paper.words(x, y, heading, 9, bold=True)
    for number, word in enumerate(words):
        at = x + _HEADING + number * 13.5 + (2.5 if number else 0)
        paper.box(at, y - 3.2, 3.6, 3.6)
        paper.words(at + 5, y, word, 9)
