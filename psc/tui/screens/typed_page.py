"""A page on which much is typed before it is saved: kept as a draft, offered when it opens, asked about on Esc."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from psc.tui.drafting import ASKS, KEPT, NOT_KEPT, Drafting
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psc.tui.screens.today import Today


class TypedPage(Page):
    """Such a page says its name (`form`), what it is about, what is typed, and how that is typed again."""

    form: ClassVar[str]
    """The name under which what is typed is kept as a draft."""

    def __init__(self, today: Today, about: str) -> None:
        super().__init__(today)
        self._drafting = Drafting(today.desk, self.form, about)
        self._leaving = False

    @abstractmethod
    def typed(self) -> Mapping[str, str]:
        """Return what is typed and not saved, by names of the page's own; nothing where nothing is."""

    @abstractmethod
    def retype(self, draft: Mapping[str, str]) -> None:
        """Type again what a draft says."""

    def saved(self) -> None:
        """Take the draft away, now that what was typed is saved."""
        self._drafting.drop()

    # Keeping

    def tick(self) -> None:
        """Keep what is typed, too."""
        self.keep_draft()
        super().tick()

    def keep_draft(self) -> bool:
        """Keep what is typed and not saved; returns whether nothing of it would be lost now."""
        return self._drafting.keep(self.typed())

    async def put_aside(self) -> None:
        """Keep the draft as well: the machine may be switched off before anybody comes back."""
        self.keep_draft()
        await super().put_aside()

    def may_quit(self) -> bool:
        """What is typed is kept as a draft; only where it cannot be, it is asked about."""
        return self.keep_draft() or super().may_quit()

    # Offering

    def draft_keys(self) -> Sequence[PageKey]:
        """Return the key that brings back what was left, while nothing is typed over it."""
        left = None if self.typed() else self._drafting.offered
        if left is None:
            return ()
        words = f"brings back the draft of {left.when(self.today.now, self.desk.file.zone)}"
        return (PageKey("f5", "F5", words, lambda: self.retype(left.typed)),)

    # Leaving

    def says_items(self) -> Sequence[Item]:
        """Ask what is to become of what is typed, while somebody is leaving."""
        return [Item(f"{self.unsaved()}.", "due", bold=True), *ASKS[1:]] if self._leaving else super().says_items()

    def press(self, key: str, character: str | None = None) -> None:
        """Do what a key means: bring a draft back, answer; and whoever types on has answered, too."""
        for one in self.draft_keys():
            if one.key == key:
                self.prompt = None
                one.run()
                self.paint()
                return
        leaving, self._leaving = self._leaving, False
        if not leaving or not self._answers(key):
            self.typing(key, character)

    @abstractmethod
    def typing(self, key: str, character: str | None) -> None:
        """Do what a key means on this page."""

    def ask_to_leave(self) -> None:
        """Leave; where something is typed, ask first."""
        self._leaving = bool(self.typed())
        if self._leaving:
            self.said = ("", "plain")
            self.paint()
        else:
            self.dismiss(None)

    def _answers(self, key: str) -> bool:
        """Do what a key answers to whoever is leaving; returns whether it was an answer."""
        if key == "escape" and self.keep_draft():
            self.dismiss(None)
            self.today.say(KEPT)
        elif key == "escape":
            self.refuse(f"{NOT_KEPT} Esc Ctrl+X leaves without it.")
        elif key == "ctrl+x":
            self._drafting.end()
            self.dismiss(None)
        elif key == "enter":
            self.paint()
        else:
            return False
        return True
