"""What an open form has to do with drafts: keep what is typed in it, offer what was left, ask before it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.drafts import Draft, draft_of, drop_draft, keep_draft
from psc.tui.widgets.bar import Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psc.desk.acts import Desk

ASKS = (
    Item("Not saved.", "due", bold=True),
    Item("Esc keeps it as a draft", press="escape", key=3),
    Item("Ctrl+X throws it away", press="ctrl+x", key=6),
    Item("Enter types on", press="enter", key=5),
)
"""What is asked of somebody who leaves a form half filled. No letter answers: whoever types on types on."""
KEPT = "Not saved: it is kept as a draft, which the form offers to you when you open it again."
NOT_KEPT = "It cannot be kept as a draft: the file cannot be written just now."


class Drafting:
    """One form's draft: its author is whoever is at the desk when it opens, and nobody else is offered it."""

    def __init__(self, desk: Desk, form: str, about: str) -> None:
        self._desk = desk
        self._key = (desk.staff().id, form, about)
        self._kept: Mapping[str, str] | None = None
        self.offered: Draft | None = draft_of(desk.file, *self._key)
        """What was left of this form and has not been typed over yet."""

    def keep(self, typed: Mapping[str, str]) -> bool:
        """Keep what is typed, where it is other than what is kept; with nothing typed keep nothing.

        Returns whether all that is typed stands in the file.
        """
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

    def offer(self) -> Sequence[Item]:
        """Return the line that offers what was left."""
        if self.offered is None:
            return ()
        when = self.offered.when(self._desk.clock.now(), self._desk.file.zone)
        return (Item(f"Draft of {when}:", "due"), Item("F5 brings it back", press="f5", key=2))
