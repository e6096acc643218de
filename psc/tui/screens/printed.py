"""Where printed sheets went, and how to get them onto paper."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from psc.overview.cells import Tone
from psc.prints.keep import KEPT_DAYS
from psc.text import counted
from psc.tui.browser import no_browser_because, open_in_browser
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.tui.screens.today import Today


class PrintedPage(Page):
    """Names the files of sheets just made; o opens them in the machine's browser."""

    title_words = "Ready to print"

    def __init__(self, today: Today, what: str, paths: Sequence[Path]) -> None:
        super().__init__(today)
        self._what = what
        self._paths = tuple(paths)

    def lines(self) -> Sequence[Line]:
        """Say where each sheet is, whole: a path that is cut is of no use."""
        wide = max(20, self.app.size.width - 6)
        made = [line(f"{self._what}: {counted(len(self._paths), 'A4 page')}, in"), line("")]
        for path in self._paths:
            shown = _homely(path)
            made += [line(f"  {shown[start : start + wide]}") for start in range(0, len(shown), wide)]
        why_not = no_browser_because()
        how = (
            f"It cannot be opened from here: {why_not}." if why_not else "o opens it in the browser; print from there."
        )
        rest = (
            how,
            "Any browser prints it: open the file and choose Print (Ctrl+P). It is private to this account.",
            f"Shred the paper once it is typed in: it carries names. The file goes by itself after {KEPT_DAYS} days.",
        )
        return [*made, line(""), *(line(words, Tone.QUIET) for part in rest for words in wrap(part, wide))]

    def keys(self) -> Sequence[PageKey]:
        """Opening it."""
        return (PageKey("o", "o", "open in the browser", self._open, no_browser_because()),)

    def _open(self) -> None:
        for path in self._paths:
            open_in_browser(path)
        self.say("The browser is opening it. Print from there.")


def _homely(path: Path) -> str:
    """Return a path with the home folder as ~."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
