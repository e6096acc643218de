"""Every command valid here, with its key: type to search, Enter runs it, a disabled one says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from psc.text import fold, matches
from psc.tui.commands.board import COMMANDS
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from psc.tui.screens.today import Today


class KeysDialog(Dialog[str]):
    """Answers with the key of the command chosen."""

    shows_names = False

    def __init__(self, today: Today) -> None:
        super().__init__()
        # Asked now: once this dialog stands, the board behind it is no longer what commands look at.
        self._rows = [(command, command.why_not(today)) for command in COMMANDS]

    def compose(self) -> ComposeResult:
        """Lay it out: a field to search, and the list."""
        with Vertical() as box:
            box.border_title = "Keys"
            box.border_subtitle = "type to search · Enter runs · Esc"
            yield Input(placeholder="part of a word: sign, seat, room", select_on_focus=False)
            yield OptionList(*self._options(""))
            yield Static("", classes="hint")

    def _options(self, typed: str) -> list[Option]:
        made = []
        for command, why_not in self._rows:
            if matches(fold(typed), fold(f"{command.title} {command.help} {command.letter}")):
                words = f"{command.letter:<7} {command.title}" + (f"  ({why_not})" if why_not else "")
                made.append(Option(literal(words), id=command.key, disabled=bool(why_not)))
        return made

    @on(Input.Changed)
    def refilled(self) -> None:
        """Show the commands that fit what is typed."""
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(self._options(self.query_one(Input).value))
        options.action_first()

    @on(OptionList.OptionHighlighted)
    def explain(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the highlighted command does."""
        command = next(command for command, _ in self._rows if command.key == event.option_id)
        self.query_one(".hint", Static).update(literal(command.help))

    @on(Input.Submitted)
    def choose(self) -> None:
        """Run the highlighted command."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            option = options.get_option_at_index(options.highlighted)
            if not option.disabled:
                self.dismiss(option.id)

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """Run the command that was clicked."""
        self.dismiss(event.option_id)

    def take_key(self, key: str) -> bool:
        """Arrows move in the list while the field keeps the focus."""
        options = self.query_one(OptionList)
        moves: dict[str, Callable[[], None]] = {
            "up": options.action_cursor_up,
            "down": options.action_cursor_down,
            "pageup": options.action_page_up,
            "pagedown": options.action_page_down,
        }
        if key not in moves:
            return False
        moves[key]()
        return True
