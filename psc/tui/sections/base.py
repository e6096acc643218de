"""What the sections of the settings share: each says its lines, opens one of them, and may add to them."""

from __future__ import annotations

import textwrap
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from psc.desk.permissions import may
from psc.overview.cells import Tone
from psc.tui.widgets.lines import line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from textual.app import App

    from psc.database.file import File
    from psc.desk.acts import Desk
    from psc.desk.changes import Changed
    from psc.tui.dialogs.fields import FieldForm
    from psc.tui.screens.today import Today
    from psc.tui.widgets.lines import Line


class Host(Protocol):
    """A page that shows a section: Settings, or a page of the section's own."""

    today: Today
    desk: Desk

    @property
    def app(self) -> App[Any]:
        """The app."""

    @property
    def day(self) -> date:
        """The school day of now."""

    def say(self, words: str, tone: str = "quiet") -> None:
        """Show words in the line under the list."""

    def refuse(self, words: str) -> None:
        """Say why something was not done."""

    def done(self, said: str) -> None:
        """Say what a form saved, and show it."""

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any) -> bool:
        """Call something once all is drawn."""


class Section(ABC):
    """One part of the settings."""

    title: ClassVar[str]
    act: ClassVar[str]
    """The act that Enter leads to: whoever may not do it sees the section, and why they may not change it."""
    adds: ClassVar[str] = ""
    """The act that `a` leads to, "" where nothing is added."""

    def __init__(self, page: Host) -> None:
        self.page = page

    @property
    def desk(self) -> Desk:
        """The desk at which it is shown."""
        return self.page.desk

    @property
    def file(self) -> File:
        """The file."""
        return self.page.desk.file

    @property
    def day(self) -> date:
        """The school day of now."""
        return self.page.day

    @abstractmethod
    def read(self) -> None:
        """Read what is shown: only when something was written."""

    @abstractmethod
    def lines(self, width: int) -> Sequence[Line]:
        """Return the lines as they stand; those that can be opened have a key."""

    @abstractmethod
    def open(self, key: object) -> None:
        """Open the line of that key."""

    def add(self) -> None:
        """Open the form for a new one, where the section has one."""
        raise NotImplementedError(type(self).__name__)

    def why_not(self, act: str = "") -> str:
        """Say why this person may not change what stands here, "" when they may."""
        name = act or self.act
        if may(name, self.page.today.staff):
            return ""
        return "a coordinator changes this" if name.endswith("_room") else "an administrator changes this"

    def show(self, form: FieldForm) -> None:
        """Open a form over the page."""
        self.page.app.push_screen(form)

    def wrapped(self, text: str, width: int, indent: str) -> list[Line]:
        """Return text in quiet lines of a width, broken between words."""
        parts = textwrap.wrap(text, max(30, width), initial_indent=indent, subsequent_indent=indent)
        return [line(part, Tone.QUIET) for part in parts]

    def by(self, change: Changed | None, *, else_: str = "") -> str:
        """Say who changed something last, and when."""
        return change.words(self.day, self.file.zone) if change else else_
