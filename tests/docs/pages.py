"""The pages of the guide, and what stands in them."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from psc.cli.main import parser

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Page:
    """One page: where it is, and its text."""

    path: Path
    text: str

    @property
    def prose(self) -> str:
        """The text without its blocks of code."""
        return _FENCE.sub("", self.text)

    @property
    def lines_of_code(self) -> list[str]:
        """The lines of its blocks of code."""
        return [line for block in _FENCE.findall(self.text) for line in block.splitlines()]

    @property
    def spans(self) -> list[str]:
        """The words set as code in the prose."""
        return [" ".join(span.split()) for span in _SPAN.findall(self.prose)]


def pages() -> list[Page]:
    """Return every page of the guide, the README and the changelog."""
    found = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"]
    return [Page(path, path.read_text(encoding="utf-8")) for path in found if path.exists()]


@cache
def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of every command; under "" the one of what stands before it."""
    top = parser()
    return {"": top, **parts(top)}


def parts(command: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the parsers of a command's own parts (`psc students new`), by their word."""
    made: dict[str, argparse.ArgumentParser] = {}
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            made.update(action.choices)
    return made


def options(command: argparse.ArgumentParser, *, whole: bool = False) -> set[str]:
    """Return the long options of a command; with `whole`, those of its parts too."""
    own = {name for action in command._actions for name in action.option_strings if name.startswith("--")}
    return own.union(*(options(part) for part in parts(command).values())) if whole else own
