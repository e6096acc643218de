"""The fonts of a PDF: which font has a letter, and in which order a line is drawn.

Open Sans comes with psc (ttf-opensans, Apache License): letters of Latin, Greek and Cyrillic script. Any other letter
is taken from the fonts of this machine. What none of them has is drawn as an empty box, and `Paper.missing` says so;
the same sheet as HTML has it all, since a browser knows more fonts.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportlab.pdfbase.ttfonts import TTFont

_SYSTEM = (
    "DejaVuSans.ttf",
    "arial.ttf",
    "Arial.ttf",
    "segoeui.ttf",
    "seguisym.ttf",
    "Arial Unicode.ttf",
    "ARIALUNI.TTF",
    "tahoma.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansBengali-Regular.ttf",
    "NotoSansTamil-Regular.ttf",
    "NotoSansSymbols2-Regular.ttf",
    "Nirmala.ttf",
    "msyh.ttc",
    "simsun.ttc",
    "malgun.ttf",
    "msgothic.ttc",
    "wqy-zenhei.ttc",
    "wqy-microhei.ttc",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "FreeSans.ttf",
    "seguiemj.ttf",
    "Symbola.ttf",
    "unifont.ttf",
)
"""Fonts that systems bring, by their file's name, in the order in which they are asked for a letter."""


class Drawn(NamedTuple):
    """How one letter is drawn: the font's name, its width in a font of one point, and whether a font has it."""

    font: str
    width: float
    known: bool


class Run(NamedTuple):
    """Letters of a line that are drawn in one font, and their width in a font of one point."""

    font: str
    letters: str
    width: float


@cache
def drawn(letter: str, bold: bool = False) -> Drawn:
    """Return how a letter is drawn. The first letter that Open Sans lacks costs a look through the machine's fonts."""
    for name, font in _fonts(bold):
        if ord(letter) in font.face.charToGlyph:
            return Drawn(name, font.face.getCharWidth(ord(letter)) / 1000, True)
    name, font = _own(bold)
    return Drawn(name, font.face.defaultWidth / 1000, False)


def width_of(text: str, bold: bool = False) -> float:
    """Return the width of a line in a font of one point, in points."""
    return sum(drawn(letter, bold).width for letter in text)


def runs(text: str, bold: bool = False) -> Iterator[Run]:
    """Yield a line's letters as they are drawn from left to right, by font."""
    font, letters, width = "", "", 0.0
    for letter in _shaped(text, bold):
        one = drawn(letter, bold)
        if one.font != font and letters:
            yield Run(font, letters, width)
            letters, width = "", 0.0
        font, letters, width = one.font, letters + letter, width + one.width
    if letters:
        yield Run(font, letters, width)


def _fonts(bold: bool) -> Iterator[tuple[str, TTFont]]:
    yield _own(bold)
    for path in _found():
        if (made := _system(path)) is not None:
            yield made


@cache
def _own(bold: bool) -> tuple[str, TTFont]:
    from importlib.util import find_spec

    spec = find_spec("ttf_opensans")
    folder = next(iter((spec and spec.submodule_search_locations) or ()), "")
    made = _registered(Path(folder) / "ttf" / f"OpenSans-{'Bold' if bold else 'Regular'}.ttf")
    if made is None:
        raise FileNotFoundError("the font that comes with psc (ttf-opensans) is not installed")
    return made


@cache
def _system(path: Path) -> tuple[str, TTFont] | None:
    return _registered(path)


def _registered(path: Path) -> tuple[str, TTFont] | None:
    """Read a font; None for one that cannot be put into a PDF."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    name = f"psc-{path.stem}"
    try:
        font = TTFont(name, str(path))
    except (TTFError, OSError, ValueError, KeyError, IndexError):
        return None
    registerFont(font)
    return name, font


@cache
def _found() -> tuple[Path, ...]:
    """Return the fonts of `_SYSTEM` that this machine has, in their order."""
    wanted = {name: number for number, name in enumerate(_SYSTEM)}
    there: dict[str, Path] = {}
    for folder in _folders():
        for path, _, names in os.walk(folder):
            there.update((name, Path(path) / name) for name in names if name in wanted and name not in there)
    return tuple(sorted(there.values(), key=lambda one: wanted[one.name]))


def _folders() -> tuple[Path, ...]:
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",)
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"))
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


# Script from right to left. Names in it are rare on an English school's sheets, and still must read as names.


def _is_rtl(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


def in_order(line: str) -> str:
    """Return a line's letters in the order in which they stand from left to right, Arabic letters joined.

    The line itself runs from left to right; what is written from right to left in it, with the spaces and marks
    inside, is turned round, and figures in it are not. Source: Unicode Standard Annex 9, as far as a name needs it.
    """
    if line.isascii() or not any(map(_is_rtl, line)):
        return line
    made, at = [], 0
    while at < len(line):
        if not _is_rtl(line[at]):
            made.append(line[at])
            at += 1
            continue
        end = last = at
        while end < len(line) and unicodedata.bidirectional(line[end]) != "L":
            last = end if _is_rtl(line[end]) or unicodedata.combining(line[end]) else last
            end += 1
        made.append(_turned(_joined(line[at : last + 1])))
        at = last + 1
    return "".join(made)


def _turned(text: str) -> str:
    """Turn text round; a mark stays behind its letter, figures stay in their order, brackets face the other way."""
    parts: list[str] = []
    for letter in text:
        figure = unicodedata.bidirectional(letter) in ("EN", "AN")
        if parts and (unicodedata.combining(letter) or (figure and parts[-1][-1].isdigit())):
            parts[-1] += letter
        else:
            parts.append(_MIRROR.get(letter, letter))
    return "".join(reversed(parts))


_MIRROR = dict(zip("()[]{}<>«»", ")(][}{><»«", strict=True))


@cache
def _forms() -> dict[tuple[str, str], str]:
    """Return the shape of Arabic letters by what is asked for (`<initial>` …) and the plain letters it is a shape of.

    Source: the presentation forms of Unicode, by their own decompositions.
    """
    made: dict[tuple[str, str], str] = {}
    for point in (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFC00), *range(0xFE80, 0xFEFD)):
        form, *plain = unicodedata.decomposition(chr(point)).split()
        made.setdefault((form, "".join(chr(int(one, 16)) for one in plain)), chr(point))
    return made


def _joined(text: str) -> str:
    """Return Arabic text with each letter in the shape that joins it to its neighbours."""
    forms = _forms()
    units: list[list[str]] = []  # the letter, or lam with alef, and the marks above and below it
    for letter in text:
        if units and unicodedata.combining(letter):
            units[-1][1] += letter
        elif units and not units[-1][1] and ("<isolated>", units[-1][0] + letter) in forms:
            units[-1][0] += letter
        else:
            units.append([letter, ""])
    made = []
    for number, (letter, marks) in enumerate(units):
        before = number > 0 and ("<initial>", units[number - 1][0]) in forms and ("<final>", letter) in forms
        after = (
            number + 1 < len(units) and ("<initial>", letter) in forms and ("<final>", units[number + 1][0]) in forms
        )
        form = {(True, True): "<medial>", (True, False): "<final>", (False, True): "<initial>"}.get((before, after))
        made.append(forms.get((form or "<isolated>", letter), letter) + marks)
    return "".join(made)


def _shaped(text: str, bold: bool) -> str:
    """Return a line as it is drawn; a shape that no font has gives way to its plain letters."""
    made = in_order(text)
    if made is text or made == text:
        return made
    return "".join(
        letter if drawn(letter, bold).known else unicodedata.normalize("NFKC", letter)[::-1] for letter in made
    )
