"""Questions that the board asks on one line, without leaving it: a letter out of several, or some typed text.

They are plain values changed by keys, so that letters typed fast land where they belong: no second screen has to appear
before the next key is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Option(Generic[T]):
    """One answer: its letter (or `Enter`), its words, its value. Without words it is taken but not shown."""

    letter: str
    words: str
    value: T


@dataclass(frozen=True)
class Choice(Generic[T]):
    """A question answered by one letter; `note` stands beside the answers.

    `passing`: an offer rather than a question. Any other key drops it and means what it means on the board.
    """

    title: str
    options: tuple[Option[T], ...]
    then: Callable[[T], None]
    note: str = ""
    passing: bool = False

    def answer(self, letter: str) -> Option[T] | None:
        """Return the option with that letter."""
        return next((option for option in self.options if option.letter == letter), None)


@dataclass(frozen=True)
class Entry:
    """A question answered by typing; `hint` says what fits.

    `about`: what a draft of a long answer is kept under; "" where it is only a word or two.
    """

    title: str
    hint: str
    then: Callable[[str], None]
    text: str = ""
    longest: int = 200
    about: str = ""

    def typed(self, character: str) -> Entry:
        """Return the question with one more character."""
        return replace(self, text=(self.text + character)[: self.longest])

    def rubbed_out(self) -> Entry:
        """Return the question with the last character gone."""
        return replace(self, text=self.text[:-1])


Prompt = Choice[str] | Entry
"""What may stand on the question line."""


class Asks(Protocol):
    """A screen with a line to speak and ask on."""

    prompt: Prompt | None
    said: tuple[str, str]

    def say(self, words: str, tone: str = "quiet") -> None:
        """Show words on the line."""

    def ask(self, prompt: Prompt) -> None:
        """Ask on the line."""

    def paint(self) -> None:
        """Show everything as it stands."""

    def press(self, key: str, character: str | None = None) -> None:
        """Do what a key means here and now."""
