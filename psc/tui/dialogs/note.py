"""The form of a note: its kind and who may see it, a letter each, then the text, and F10.

From the board it is the quick note: `n`, a letter, a letter, a sentence, F10. An author amends a note in it, too.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from psc.desk.permissions import may
from psc.errors import PscError
from psc.incidents.notes import KINDS, RESTRICTED, VISIBILITIES, amend_note, write_note, write_restricted_note
from psc.overview.scene import read_when, when_typed
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lettered import Letter, Switches
from psc.tui.widgets.long_text import LongText

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from textual.app import ComposeResult

    from psc.desk.acts import Call
    from psc.incidents.notes import Note
    from psc.tui.screens.today import Today

_LABELS = {"kind": "Kind", "seen": "For"}
_LETTERS: Mapping[str, Mapping[str, str]] = {
    "kind": {one[0]: one for one in KINDS},
    "seen": dict(zip("rys", VISIBILITIES, strict=True)),
}
"""The letter that stands for each word: p pastoral, c contact with home; r room, y year team, s restricted."""
_SEEN = {
    "room": "everybody who sees this student's notes",
    "year team": "not assistants and cover, but for whoever wrote it",
    "restricted": "the safeguarding lead and the behaviour lead; others see that there is one",
}
_AROUND = 15
"""The lines of the form besides the text's."""
_TALL = 16


class NoteForm(Dialog[None]):
    """A letter takes a word and goes on; Tab leaves any field, Enter all but the text's; F10 saves from each."""

    form = "note"

    def __init__(
        self,
        today: Today,
        then: Callable[[str], None],
        *,
        student: tuple[int, str],
        at: datetime | None = None,
        told: str = "",
        amends: Note | None = None,
    ) -> None:
        super().__init__()
        self._today_screen = today
        self._then = then
        self._student, self._student_name = student
        self._told = told
        self._amends = amends
        self._moment = amends.now.happened if amends else at
        now, zone = today.desk.clock.now(), today.desk.file.zone
        self._when_begun = when_typed(self._moment, now, zone) if self._moment else ""
        self._act_id = secrets.token_hex(12)
        self._chosen = {
            "kind": amends.now.kind if amends else KINDS[0],
            "seen": amends.now.visibility if amends else VISIBILITIES[0],
        }

    @property
    def about(self) -> str:
        """The student, or the note that is amended."""
        return f"note {self._amends.id}" if self._amends else f"student {self._student}"

    def compose(self) -> ComposeResult:
        """Lay it out: the two letters, when it was, the text."""
        with Vertical() as box:
            title = "Amend the note" if self._amends else "Note"
            box.border_title = literal(f"{title}: {self._student_name}")
            box.border_subtitle = "Tab next · F10 save · Esc"
            for name, label in _LABELS.items():
                with Horizontal(classes="letters"):
                    yield Static(label, classes="label")
                    with Switches(id=name):
                        yield Bar(id=f"{name}-words")
            yield Static("", id="seen-by", classes="under-label")
            with Horizontal(classes="row"):
                yield Static("When", classes="label")
                yield Input(id="when", max_length=30)
                yield Static("" if self._amends else "now unless: -8, 0844, yesterday 1430", classes="aside")
            with Horizontal(id="row-text", classes="rows") as row:
                row.styles.height = max(4, min(_TALL, self.app.size.height - _AROUND - 2 * bool(self._amends)))
                yield Static("Text", classes="label")
                yield LongText("text")
            if self._amends:
                with Horizontal(classes="row"):
                    yield Static("Why", classes="label")
                    yield Input(id="why", max_length=400, placeholder="why it is amended: the first version stays")
            yield Static("", classes="error", id="error")
            yield Bar(id="form-keys")

    def fill(self) -> None:
        """Fill in what is usual, or what stands; the kind is asked first, of an amendment the text."""
        self._show()
        self.query_one("#when", Input).value = self._when_begun
        keys = (Item("F10 save", press="f10", key=3), Item("Esc close", press="escape", key=3))
        self.query_one("#form-keys", Bar).show(keys)
        if self._amends:
            self.query_one(LongText).load_text(self._amends.now.text)
        self.set_focus(self.query_one(LongText) if self._amends else self.query_one("#kind"), from_app_focus=True)

    def settled(self) -> Mapping[str, str]:
        """Return the letters chosen, for the draft."""
        return dict(self._chosen)

    def settle(self, draft: Mapping[str, str]) -> None:
        """Choose again what a draft says, where it may still be chosen."""
        for name, words in _LETTERS.items():
            if (word := draft.get(name, "")) in words.values() and self._may(word):
                self._chosen[name] = word
        self._show()

    # The letters

    def _may(self, word: str) -> bool:
        return word != RESTRICTED or may("write_restricted_note", self._today_screen.staff)

    def _show(self) -> None:
        """Show the words with their letters, and which are chosen."""
        for name, words in _LETTERS.items():
            items = [
                Item(f"{letter} {one} \u2713", "due", f"{name}:{letter}", 1, bold=True)
                if one == self._chosen[name]
                else Item(f"{letter} {one}", press=f"{name}:{letter}", key=1)
                for letter, one in words.items()
                if self._may(one)
            ]
            self.query_one(f"#{name}-words", Bar).show(items)
        self.query_one("#seen-by", Static).update(literal(_SEEN[self._chosen["seen"]]))

    @on(Letter)
    def choose(self, event: Letter) -> None:
        """Take the word of a letter, and go on."""
        self._take(event.origin, event.letter.lower())

    def _take(self, name: str, letter: str) -> None:
        word = _LETTERS[name].get(letter, "")
        if word and self._may(word):
            self._chosen[name] = word
            self._show()
            self.query_one("#seen" if name == "kind" else "#text").focus()

    @on(Bar.Pressed)
    def pressed(self, event: Bar.Pressed) -> None:
        """A click on a word takes it; a click on a key is the key."""
        event.stop()
        name, _, letter = event.press.partition(":")
        if letter:
            self._take(name, letter)
        elif name == "f10":
            self.save()
        else:
            self.action_leave()

    @on(Input.Submitted)
    def go_on(self) -> None:
        """Enter goes to the next field; after the last one it saves."""
        if self.focused is not None and self.focused.id == "why":
            self.save()
        else:
            self.focus_next()

    def take_key(self, key: str) -> bool:
        """F10 saves; Enter goes on from the letters, the arrows from any field but the text's."""
        if key in ("f10", "ctrl+s"):
            self.save()
        elif key in ("up", "down", "enter") and not isinstance(self.focused, LongText):
            (self.focus_previous if key == "up" else self.focus_next)()
        else:
            return False
        return True

    # Saving

    def save(self) -> None:
        """Do the act; an error stands by its field, and everything typed stays."""
        try:
            call = self._call()
            self._today_screen.desk.do_patiently(call, id=self._act_id, seconds=2, told_by=self._told)
        except PscError as error:
            self._refuse(error)
            return
        self.dismiss(None)
        self._today_screen.reload()
        self._then("amended: what stood there before stays in sight" if self._amends else "note written")

    def _call(self) -> Call[int]:
        seen, text = self._chosen["seen"], self.query_one(LongText).text
        values: dict[str, Any] = {"kind": self._chosen["kind"], "at": self._at()}
        if (one := self._amends) is not None:
            why = self.query_one("#why", Input).value
            return amend_note(one.id, text, why, seen=one.now.id, visibility=seen, **values)
        if seen == RESTRICTED:
            return write_restricted_note(self._student, text, **values)
        return write_note(self._student, text, visibility=seen, **values)

    def _at(self) -> datetime | None:
        """Return when it was, None for now. Raises what `read_when` does, with the focus on it."""
        typed, desk = self.query_one("#when", Input).value.strip(), self._today_screen.desk
        if typed == self._when_begun:
            return self._moment
        try:
            return read_when(desk.file, typed, desk.clock.now()) if typed else None
        except PscError:
            self.query_one("#when", Input).focus()
            raise

    def _refuse(self, error: PscError) -> None:
        self.query_one("#error", Static).update(literal(str(error)))
        if self._amends and not self.query_one("#why", Input).value.strip():
            self.query_one("#why", Input).focus()
        elif not self.query_one(LongText).text.strip():
            self.query_one(LongText).focus()
