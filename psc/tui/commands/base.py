"""What a command is. Keys, key line, `?`, palette and the guide's key table all come from these classes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from inspect import cleandoc
from typing import TYPE_CHECKING, ClassVar

from psc.desk.permissions import may
from psc.tui.hiding import HIDDEN

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class Command(ABC):
    """One thing a person can do on the board. Its docstring is its help."""

    title: ClassVar[str]
    key: ClassVar[str]
    """The key as Textual names it."""
    shown_key: ClassVar[str] = ""
    """The key as people read it, where that differs."""
    footer: ClassVar[str] = ""
    """The word in the key line; "" keeps it out."""
    act: ClassVar[str] = ""
    """The act or read it needs permission for."""
    of_student: ClassVar[bool] = False
    """Whether it is about the student under the cursor: not for whoever is barred from them."""
    shows_names: ClassVar[bool] = False
    """Whether it opens, or prints, what is full of students' names: not while they are hidden."""

    @property
    def letter(self) -> str:
        """The key as people read it."""
        return self.shown_key or self.key

    @property
    def help(self) -> str:
        """The first line of the docstring."""
        return cleandoc(type(self).__doc__ or "").splitlines()[0]

    def why_not(self, today: Today) -> str:
        """Say why the command cannot be used now, "" when it can."""
        if self.act and not may(self.act, today.staff):
            return f"it is not for the role of {today.staff.role.words}"
        if self.of_student and any(one.row.hidden for one in today.state.targets()):
            return "this student is not shown to you"
        return HIDDEN if self.shows_names and today.names_hidden else self.unavailable(today)

    def unavailable(self, today: Today) -> str:
        """Say what about the board stands in the way, "" for nothing."""
        return ""

    @abstractmethod
    def run(self, today: Today) -> None:
        """Do it, or ask what is missing."""
