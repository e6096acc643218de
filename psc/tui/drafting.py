"""What an open form has to do with drafts: keep what is typed in it, offer what was left, ask before it goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psc.desk.drafts import Draft, draft_of, drop_draft, keep_draft
from psc.tui.prompts import Entry
from psc.tui.widgets.bar import Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psc.desk.acts import Desk
    from psc.tui.prompts import Prompt

ASKS = (
    Item("Not saved.", "due", bold=True),
    Item("Esc keeps a draft", press="escape", key=3),
    Item("Ctrl+X throws it away", press="ctrl+x", key=6),
    Item("Enter types on", press="enter", key=5),
)
"""What is asked of somebody who leaves a form half filled. No letter answers: whoever types on types on."""
KEPT = "Not saved, but kept as a draft: F5 in the form brings it back."
NOT_KEPT = "It cannot be kept as a draft: the file cannot be written just now."


class Drafting:
    """One form's draft: its author is whoever is at the desk when it opens, and nobody else is offered it."""

    def __init__(self, desk: Desk, form: str, about: str) -> None:
        self._desk = desk
        self._key = (desk.staff().id, form, about)
        self._kept: Mapping[str, str] | None = None
        self._is_over = False
        self.offered: Draft | None = draft_of(desk.file, *self._key)
        """What was left of this form and has not been typed over yet."""

    def keep(self, typed: Mapping[str, str]) -> bool:
        """Keep what is typed, where it is other than what is kept; with nothing typed keep nothing.

        Returns whether all that is typed stands in the file.
        """
        if self._is_over:
            return True
        if not typed:
            if self._kept:
                self.drop()
            return True
        if typed != self._kept and keep_draft(self._desk.file, *self._key, typed, self._desk.clock.now()):
            self._kept, self.offered = dict(typed), None
        return typed == self._kept

    def drop(self) -> None:
        """Take the draft away: it was saved, or thrown away."""
        self._kept, self.offered = None, None
        drop_draft(self._desk.file, *self._key)

    def end(self) -> None:
        """Take the draft away for good: the second that passes while the form closes keeps no other."""
        self.drop()
        self._is_over = True

    def offer(self) -> Sequence[Item]:
        """Return the line that offers what was left."""
        if self.offered is None:
            return ()
        when = self.offered.when(self._desk.clock.now(), self._desk.file.zone)
        return (Item(f"Draft of {when}:", "due"), Item("F5 brings it back", press="f5", key=2))


class LongAnswer:
    """The draft of one question's answer, where that is long enough to be missed: a day of the rota, a day's times."""

    def __init__(self, desk: Desk, first: Entry) -> None:
        self.about = first.about
        self._first = first.text
        self._drafting = Drafting(desk, "answer", first.about)

    def is_typed(self, prompt: Prompt | None) -> bool:
        """Say whether a question is this one, with something typed."""
        return isinstance(prompt, Entry) and prompt.about == self.about and prompt.text != self._first

    def keep(self, prompt: Prompt | None) -> bool:
        """Keep what is typed; returns whether nothing of it would be lost now."""
        if not isinstance(prompt, Entry) or prompt.about != self.about:
            return True
        return self._drafting.keep({"text": prompt.text} if self.is_typed(prompt) else {})

    def drop(self) -> None:
        """Take the draft away."""
        self._drafting.drop()

    def offer(self, prompt: Prompt | None) -> Sequence[Item]:
        """Return the words that offer what was left, while nothing is typed and it is other than what stands there."""
        left = self._drafting.offered
        if left is None or self.is_typed(prompt) or not isinstance(prompt, Entry) or prompt.about != self.about:
            return ()
        return () if left.typed.get("text") == prompt.text else self._drafting.offer()

    def brought_back(self, prompt: Prompt) -> Prompt:
        """Return the question with what was left of its answer, if anything was and nothing is typed."""
        if not self.offer(prompt) or not isinstance(prompt, Entry) or (left := self._drafting.offered) is None:
            return prompt
        return replace(prompt, text=left.typed.get("text", "")[: prompt.longest])
