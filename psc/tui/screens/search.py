"""Search in what people wrote, as somebody types: newest first, the words that were found in another tone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.errors import PscError
from psc.overview.cells import Tone, cut
from psc.overview.notes import OPENS
from psc.overview.search_hits import snippet
from psc.overview.searching import LONGEST, Found, note_search, query_words, search_records
from psc.text import clean, counted
from psc.tui.screens.incident import open_incident_page
from psc.tui.screens.note import open_note_page
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, Lines, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from psc.overview.searching import Hit
    from psc.tui.screens.today import Today

_NOTHING = Found((), more=False, noted="")
_AT_ONCE = 50
"""Hits in whose texts the words are looked for before the next key may have its turn: a text may be very long."""


def open_search(today: Today) -> None:
    """Open the page over whatever is open."""
    today.app.push_screen(SearchPage(today))


class SearchPage(Page):
    """Letters are for the words: commands here are the arrows, Enter and Esc."""

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self.typed = ""
        self._found = _NOTHING
        self._why_not = ""
        self._read_of: tuple[object, ...] = ()
        self._pieces: dict[int, Line] = {}
        """The line with what was found, by the hit's number."""

    # What it shows

    def look(self) -> None:
        """Search anew when something else is typed, somebody else may look, or something was written."""
        read_of = (query_words(self.typed), self.today.staff, self.desk.file.written())
        if read_of == self._read_of:
            return
        try:
            self._found = search_records(self.desk, self.typed, self._found.noted)
            self._why_not = ""
        except PscError as error:
            self._found, self._why_not = _NOTHING, str(error)
        # The search itself wrote a line: what is read is as of then.
        self._read_of = (query_words(self.typed), self.today.staff, self.desk.file.written())
        self._pieces = {}

    def title_items(self) -> Sequence[Item]:
        """Show what is typed, and how much was found."""
        return [Item("Search", bold=True), Item(f"Find: {self.typed}▏", bold=True), Item(self._count(), "quiet")]

    def _count(self) -> str:
        if not query_words(self.typed):
            return "words of incidents, statements and notes"
        if self._found.more:
            return f"the newest {len(self._found.hits)}; type on"
        return counted(len(self._found.hits), "text")

    def lines(self) -> Sequence[Line]:
        """List what was found, two lines each: what it is, and the words around what was looked for."""
        if self._why_not:
            return [line(""), *(line(words, Tone.ALARM) for words in (self._why_not,))]
        if not query_words(self.typed):
            return [
                line(""),
                line("Type the words, or how they begin: every word must be there. Accents make no difference."),
                line("Of what you may see, the newest first. That you searched is kept, what for only as a digest.",
                     Tone.QUIET),
            ]  # fmt: skip
        if not self._found.hits:
            return [line(""), line(f"Nothing that you may see has “{self.typed.strip()}” in it.", Tone.QUIET)]
        self._draw(query_words(self.typed))
        return [each for number, hit in enumerate(self._found.hits) for each in self._two_lines(number, hit)]

    def _draw(self, words: Sequence[str]) -> None:
        """Look for the words in the next texts: those on the screen first, the others as soon as nothing else is on."""
        left = [number for number in range(len(self._found.hits)) if number not in self._pieces]
        for number in left[:_AT_ONCE]:
            self._pieces[number] = self._piece(self._found.hits[number], words)
        if left[_AT_ONCE:]:
            self.call_after_refresh(self.paint)

    def _two_lines(self, number: int, hit: Hit) -> tuple[Line, Line]:
        return self._head(hit), self._pieces.get(number, line(""))

    def _head(self, hit: Hit) -> Line:
        at = hit.happened.astimezone(self.desk.file.zone)
        when = f"{at.day:>2} {at:%b %Y} {wall(hit.happened, self.desk.file.zone)}  "
        kind = f"{'added to a ' if hit.added else ''}{hit.kind}"
        what = f"{kind}: {hit.head}" if hit.head and hit.head != hit.kind else kind
        wide = max(16, self.app.size.width - len(when) - 40)
        about = cut(hit.about, min(40, wide)).rstrip()
        by = f"  {hit.by}" if hit.by else ""
        return Line(((when, Tone.QUIET), (about, Tone.PLAIN), (f"  {what}{by}", Tone.QUIET)), _key(hit))

    def _piece(self, hit: Hit, words: Sequence[str]) -> Line:
        indent = ("      ", Tone.QUIET)
        if hit.shut:
            return Line((indent, (OPENS, Tone.DUE)))
        pieces = snippet(hit.text, words, max(20, self.app.size.width - 10))
        return Line((indent, *((one.text, Tone.OUT if one.found else Tone.QUIET) for one in pieces)))

    def keys(self) -> Sequence[PageKey]:
        """Return the one key there is: letters are typed."""
        return (PageKey("enter", "Enter", "open", self.enter, "" if self._found.hits else "nothing is found"),)

    # Keys

    def press(self, key: str, character: str | None = None) -> None:
        """Take what is typed for the words; Esc clears them first, then goes back; Ctrl+U clears them as in a field."""
        if not self.still_here():
            return
        if key == "backspace":
            self._type(self.typed[:-1])
        elif key in ("escape", "ctrl+u") and self.typed:
            self._type("")
        elif character and character.isprintable() and key != "enter":
            self._type((self.typed + character)[:LONGEST])
        else:
            super().press(key, character)

    def on_resize(self) -> None:
        """Look for the words anew: there is more room around them, or less."""
        self._pieces = {}
        super().on_resize()

    def on_paste(self, event: events.Paste) -> None:
        """Paste words, on one line."""
        event.stop()
        if self.still_here():
            self._type((self.typed + clean(event.text))[:LONGEST])

    def _type(self, text: str) -> None:
        self.typed, self.said = text, ("", "plain")
        self.paint()
        if self._found.hits:
            self.query_one(Lines).go_to(_key(self._found.hits[0]))

    def enter(self) -> None:
        """Open what was found. The words that led there are noted as they stand now."""
        hit = next((one for one in self._found.hits if _key(one) == self.current), None)
        if hit is None:
            return
        try:
            noted = note_search(self.desk, self.typed, self._found.noted, settled=True)
        except PscError as error:
            self.refuse(str(error))
            return
        self._found = self._found._replace(noted=noted)
        if hit.kind == "note":
            open_note_page(self, hit.id)
        elif hit.incident_id is not None:
            open_incident_page(self, hit.incident_id)


def _key(hit: Hit) -> tuple[str, bool, int]:
    return hit.kind, hit.added, hit.text_id
