"""Commands of how the screen looks to the person at it: kept for them, wherever they sit down next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.preferences import set_preference
from psc.errors import PscError
from psc.tui.commands.base import Command
from psc.tui.prompts import Choice, Option

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class Theme(Command):
    """Go on to the next theme (dark, light, cream, high contrast), and keep it for you."""

    title, key, shown_key = "Next theme", "f8", "F8"

    def run(self, today: Today) -> None:
        """Put it on."""
        change(today, "theme")


class Display(Command):
    """Choose how psc looks to you: row spacing, signs or plain letters, theme. It follows you to other terminals."""

    title, key, shown_key = "My display", "f7", "F7"

    def run(self, today: Today) -> None:
        """Ask which, and go on to the next of it."""
        worn = today.app.preferences
        options = tuple(
            Option(name[0], f"{name}: {getattr(worn, name)}, next {worn.next(name)}", name)
            for name in ("spacing", "glyphs", "theme")
        )
        today.ask(Choice("My display", options, lambda name: change(today, name)))


def change(today: Today, name: str) -> None:
    """Go on to the next of a preference, and keep it; where the file cannot be written it holds for now."""
    value = today.app.preferences.next(name)
    today.app.wear(today.app.preferences._replace(**{name: value}))
    said = f"{name}: {value}"
    try:
        today.desk.do_patiently(set_preference(name, value), seconds=1)
    except PscError as error:
        today.say(f"{said}, only until you leave. {error.title}")
    else:
        today.app.kept = today.app.preferences
        today.say(said)
    today.paint()


DISPLAY_COMMANDS: tuple[Command, ...] = (Display(), Theme())
"""The commands of this file."""
