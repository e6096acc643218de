"""An A4 page as one HTML file without outside assets, which any browser prints. Whatever people wrote is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from psc.text import shown

_STYLE = """
@page { size: A4 portrait; margin: 12mm; }
@page wide { size: A4 landscape; margin: 12mm; }
body { font: 10pt/1.3 sans-serif; color: #000; background: #fff; margin: 0 auto; max-width: 186mm; }
body.wide { page: wide; max-width: 273mm; }
h1 { font-size: 14pt; margin: 0 0 1mm; }
h2 { font-size: 11pt; margin: 4mm 0 1mm; }
p { margin: 0 0 2mm; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.3mm solid #555; padding: 1mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #eee; font-size: 9pt; }
.tall td { height: 8mm; }
.dense td, .dense th { padding: 0 1.5mm; font-size: 8.5pt; line-height: 3.4mm; }
.dense h2 { margin: 2mm 0 0.5mm; }
h3 { font-size: 10pt; margin: 3mm 0 1mm; }
h2, h3, .small { break-after: avoid; }
p { overflow-wrap: anywhere; }
.small { font-size: 8pt; color: #333; margin: 1mm 0 0.5mm; }
.quote { border-left: 0.6mm solid #555; padding-left: 3mm; }
.field { display: grid; grid-template-columns: 34mm minmax(0, 1fr); margin: 0 0 1mm; }
.foot { font-size: 8pt; color: #333; margin-top: 3mm; }
"""


def text(words: str) -> str:
    """Return words fit for HTML: control characters gone, markup escaped."""
    return escape(shown(words))


def paragraph(words: str, *, kind: str = "") -> str:
    """Return one paragraph."""
    return f'<p class="{kind}">{text(words)}</p>' if kind else f"<p>{text(words)}</p>"


def heading(words: str) -> str:
    """Return a heading of a part."""
    return f"<h2>{text(words)}</h2>"


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, tall: bool = False, widths: Sequence[int] = ()
) -> str:
    """Return a table; `tall` rows leave room to write by hand. A line break in a cell stays one.

    `widths` are per cent of the page, so that tables one under another have their columns in line.
    """
    head = "".join(f'<th scope="col">{text(cell)}</th>' for cell in headings)
    body = "".join("<tr>" + "".join(f"<td>{_broken(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    kind = ' class="tall"' if tall else ""
    columns = "".join(f'<col style="width: {wide}%">' for wide in widths)
    return f"<table{kind}>{columns}<thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"


def _broken(words: str) -> str:
    return "<br>".join(text(line) for line in words.split("\n"))


def page(title: str, parts: Iterable[str], *, foot: str = "", wide: bool = False, dense: bool = False) -> str:
    """Return the whole file. `parts` are pieces made by the functions above; `foot` stands in small print.

    `dense` rows let 60 of them stand on one page.
    """
    kinds = " ".join(word for word, on in (("wide", wide), ("dense", dense)) if on)
    last = f'<p class="foot">{text(foot)}</p>' if foot else ""
    return bare_page(title, [f"<h1>{text(title)}</h1>", *parts, last], style=_STYLE, kind=kinds)


def bare_page(title: str, parts: Iterable[str], *, style: str, kind: str = "") -> str:
    """Return the whole file of a sheet with a style of its own, and no heading. `kind` is the body's class."""
    whole = "\n".join(parts)
    body = f'<body class="{kind}">' if kind else "<body>"
    return f"""<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{text(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><style>{style}</style></head>
{body}{whole}</body></html>
"""
