"""A student's export under review: one line a proposal, each decided by a person; then, and only then, released."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.containers import Vertical

from psc.errors import PscError, Refused
from psc.flows.student_export import (
    LONGEST_WORD,
    MOST_WORDS,
    Review,
    decided,
    prepare_export,
    read_prepared,
)
from psc.overview.cells import Tone, cut
from psc.overview.redaction import Decision, Kind
from psc.prints.keep import checked_folder
from psc.prints.student_file import release, title_of
from psc.text import clean, counted
from psc.tui.prompts import Entry
from psc.tui.screens.page import Page, PageKey
from psc.tui.screens.typed_page import TypedPage
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, Lines, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.widget import Widget

    from psc.flows.student_export import Prepared
    from psc.overview.redaction import Proposal
    from psc.tui.screens.today import Today

_PEEK, _LOW_PEEK, _LOW = 5, 3, 30
"""Lines beneath the list for all that stands around what the cursor is on; fewer below a height."""
_MARKS = {
    None: ("?       ", Tone.DUE),
    Decision.REDACT: ("taken out", Tone.ALARM),
    Decision.KEEP: ("kept", Tone.QUIET),
}
_WORDS = {
    Kind.RECORD: "record",
    Kind.LINKED: "student",
    Kind.NAME: "name",
    Kind.ADULT: "adult",
    Kind.ADDED: "added",
}


class ExportPage(TypedPage):
    """What is to be decided before everything on a student may leave psc. F10 releases it once nothing is open."""

    form = "export"
    title_words = "Export"

    def __init__(self, today: Today, name: str, prepared: Prepared) -> None:
        super().__init__(today, f"student {prepared.held.student_id}")
        self._whose = name
        self._prepared = prepared
        self._only_open = False
        self._staff = today.staff

    # Reading and showing

    def look(self) -> None:
        """Close once it is no longer for the reader."""
        if self.today.staff != self._staff:
            self._staff = self.today.staff
            self._read_again()

    def _read_again(self) -> None:
        self._prepared = read_prepared(self.desk, self._prepared.held.student_id, self._prepared.review)

    def title_items(self) -> Sequence[Item]:
        """Say whose it is, and how much is decided."""
        every, left = len(self._prepared.proposals), len(self._prepared.undecided)
        state = Item(f"{left} of {every} not decided", "due") if left else Item("all is decided", "quiet")
        return [
            Item("Everything held on", bold=True),
            Item(self._whose, bold=True),
            Item(counted(len(self._prepared.held.records), "record")),
            state,
            *([Item("only what is open", "quiet")] if self._only_open else []),
        ]

    def body(self) -> Widget:
        """Return the list, and beneath it what stands around a proposal."""
        return Vertical(Lines(id="lines"), Lines(id="peek"), id="export")

    @property
    def listed(self) -> Lines:
        """The proposals."""
        return self.query_one("#lines", Lines)

    def show_body(self) -> None:
        """Show the list, and the words around what the cursor is on."""
        peek = self.query_one("#peek", Lines)
        self.listed.show(self.lines())
        peek.styles.height = self._room
        peek.show(self._around())

    @property
    def _room(self) -> int:
        return _PEEK if self.app.size.height >= _LOW else _LOW_PEEK

    @property
    def _shown(self) -> tuple[Proposal, ...]:
        return self._prepared.undecided if self._only_open else self._prepared.proposals

    @property
    def _chosen(self) -> Proposal | None:
        return next((one for one in self._shown if one.key == self.current), None)

    def lines(self) -> Sequence[Line]:
        """Return a line a proposal, under the record it stands in."""
        if not self._prepared.proposals:
            return [line("No name of anybody else was found. Read it through all the same, then F10.", Tone.QUIET)]
        if not self._shown:
            return [line("All is decided: F10 releases it.", Tone.QUIET)]
        made: list[Line] = []
        heading = ("", "")
        for one in self._shown:
            if (one.table, one.record) != heading:
                heading = (one.table, one.record)
                made.append(line(f"{title_of(one.table)} {one.record}", Tone.QUIET))
            made.append(self._line(one))
        return made

    def _line(self, one: Proposal) -> Line:
        mark, tone = _MARKS[self._prepared.review.decisions.get(one.key)]
        room = max(16, self.app.size.width - 28 - (len(one.looks) + 2 if one.looks else 0))
        before = _end(" ".join(one.before.split()), room // 3)
        after = " ".join(one.after.split())
        space = " " if one.before[-1:].isspace() and before else ""
        words = cut(one.text, max(8, room - len(before) - 1)).rstrip()
        rest = max(0, room - len(before) - len(words) - 1)
        pieces = [
            (f"  {mark:<9} ", tone),
            (f"{_WORDS[one.kind]:<8} ", Tone.QUIET),
            (f"{before}{space}", Tone.QUIET),
            (words, Tone.PLAIN if one.kind is Kind.RECORD else Tone.ALERT),
            (
                cut(f"{': ' if one.kind is Kind.RECORD else ' ' if one.after[:1].isspace() else ''}{after}", rest),
                Tone.QUIET,
            ),
        ]
        if one.looks:
            pieces.append((f"  {one.looks}", Tone.QUIET))
        return Line(tuple(pieces), one.key)

    def _around(self) -> list[Line]:
        one = self._chosen
        if one is None:
            return []
        alike = sum(each.alike == one.alike for each in self._prepared.proposals)
        said = f"{one.field.replace('_', ' ')} · {counted(alike, 'place')} with these words".removeprefix(" · ")
        head = one.text if one.kind is Kind.RECORD else said
        text = one.after if one.kind is Kind.RECORD else f"{one.before}{one.text}{one.after}"
        width = max(20, self.app.size.width - 6)
        return [line(head, Tone.QUIET), *(line(f"  {each}") for each in wrapped(text, width))][: self._room]

    # Keys

    def keys(self) -> Sequence[PageKey]:
        """Return the keys of deciding, of the list, and of releasing."""
        nothing = "" if self._chosen is not None else "nothing is chosen"
        return (
            *self.draft_keys(),
            PageKey("space", "Space", "take out or keep", self._turn, nothing),
            PageKey("r", "r", "take out", lambda: self._decide(Decision.REDACT), nothing),
            PageKey("k", "k", "keep", lambda: self._decide(Decision.KEEP), nothing),
            PageKey("a", "a", "all alike as this", self._alike, nothing),
            PageKey("o", "o", "all" if self._only_open else "only open", self._turn_open),
            PageKey("plus", "+", "other words", self._ask_word),
            PageKey("f10", "F10", "release", self._ask_where),
        )

    def typing(self, key: str, character: str | None) -> None:
        """Do what a key means."""
        Page.press(self, key, character)

    def leave(self) -> None:
        """Ask what is to become of the decisions."""
        self.ask_to_leave()

    def enter(self) -> None:
        """Enter, or a double click, is Space."""
        if self._chosen is not None:
            self._turn()

    def _turn(self) -> None:
        one = self._chosen
        if one is not None:
            now = self._prepared.review.decisions.get(one.key)
            self._set([one], Decision.KEEP if now is Decision.REDACT else Decision.REDACT)

    def _decide(self, decision: Decision) -> None:
        """Decide it, and go on to the next."""
        one = self._chosen
        if one is None:
            return
        self._set([one], decision)
        if not self._only_open:
            self.listed.move(1)

    def _alike(self) -> None:
        """Decide everything with the same words as it is decided here."""
        one = self._chosen
        decision = self._prepared.review.decisions.get(one.key) if one else None
        if one is None or decision is None:
            self.refuse("Decide this one first: then a does the same for all with the same words.")
            return
        same = [each for each in self._prepared.proposals if each.alike == one.alike]
        self._set(same, decision)
        self.say(f"{counted(len(same), 'place')} with these words: {_MARKS[decision][0].strip()}")

    def _set(self, chosen: Sequence[Proposal], decision: Decision) -> None:
        self._prepared = decided(self._prepared, chosen, decision)
        self.paint()

    def _turn_open(self) -> None:
        self._only_open = not self._only_open

    def _ask_word(self) -> None:
        self.ask(Entry("Also look for", "a nickname, a cousin, a street", self._add_word, longest=LONGEST_WORD))

    def _add_word(self, typed: str) -> None:
        review, word = self._prepared.review, clean(typed)
        if not word or word in review.added or len(review.added) >= MOST_WORDS:
            return
        before = len(self._prepared.proposals)
        self._prepared = self._prepared.with_review(review._replace(added=(*review.added, word)))
        found = len(self._prepared.proposals) - before
        self.say(f"{counted(found, 'place')} more to decide." if found else "That stands nowhere by itself.")

    # Releasing

    def _ask_where(self) -> None:
        if left := self._prepared.undecided:
            self._only_open = False
            self.paint()
            self.listed.go_to(left[0].key)
            self.refuse(f"{counted(len(left), 'proposal is', 'proposals are')} not decided yet: nothing is released.")
            return
        self.ask(Entry("Write it into the folder", "one that only you can open", self._release, str(Path.home())))

    def _release(self, typed: str) -> None:
        """Write it, once everything that is on record now is decided."""
        if not typed:
            return
        try:
            page, _ = release(
                self.desk, self._prepared.held.student_id, self._prepared.review, checked_folder(Path(typed))
            )
        except Refused as error:
            self._read_again()
            self.refuse(str(error))
        except PscError as error:
            self.refuse(str(error))
        else:
            self.saved()
            where = str(page).replace(str(Path.home()), "~", 1)
            self.dismiss(None)
            self.app.screen.say(f"Released; read it through before it goes. The .json lies beside it: {where}")  # type: ignore[attr-defined]

    # The draft

    def typed(self) -> Mapping[str, str]:
        """Return the decisions, by the keys of proposals: no name is among them; and the words that were added."""
        review = self._prepared.review
        made = {f"added {number}": word for number, word in enumerate(review.added)}
        for decision in Decision:
            keys = " ".join(key for key, each in review.decisions.items() if each is decision)
            made.update({decision.value: keys} if keys else {})
        return made

    def retype(self, draft: Mapping[str, str]) -> None:
        """Decide again as a draft says."""
        added = tuple(word for name, word in draft.items() if name.startswith("added "))
        decisions = {key: one for one in Decision for key in draft.get(one.value, "").split()}
        self._prepared = self._prepared.with_review(Review(decisions, added))

    def unsaved(self) -> str:
        """Say that something is decided and not released."""
        return "The review is not released" if self.typed() else ""


def _end(text: str, most: int) -> str:
    """Return the end of a text, begun with a whole word."""
    return text if len(text) <= most else f"\u2026{text[-most:].partition(' ')[2]}"


def open_export(page: Page, student_id: int, name: str) -> None:
    """Open the review of a student's export; the ledger keeps who did, before anything is read."""
    try:
        prepared = prepare_export(page.desk, student_id)
    except PscError as error:
        page.refuse(str(error))
    else:
        page.app.push_screen(ExportPage(page.today, name, prepared))
