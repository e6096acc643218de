"""The app: one file, one person at a time, one screen for the day.

Only textual is imported here, so that the first screen can be painted while the rest is still being read.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from psc.errors import PscError
from psc.tui.gate import KeysInTurn
from psc.tui.parting import LeavesNoTrace
from psc.tui.screens.who import Who
from psc.tui.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import SystemCommand
    from textual.command import Provider
    from textual.filter import LineFilter
    from textual.screen import Screen

    from psc.clock import Clock
    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.desk.preferences import Preferences


def _commands() -> type[Provider]:
    from psc.tui.palette import BoardCommands

    return BoardCommands


class PscApp(LeavesNoTrace[int], KeysInTurn[int]):
    """psc in the terminal."""

    TITLE = "psc"
    CSS = "SearchIcon { display: none; }"  # the palette's own icon is an emoji, which many terminals draw askew
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Leave", show=False, priority=True),
        Binding("ctrl+c", "say_how_to_leave", "Leave", show=False, priority=True),
    ]
    preferences: Preferences
    """How the screen looks now."""
    kept: Preferences
    """What the person at the desk has kept in the file, as last read."""

    def __init__(self, path: Path, code: str | None, clock: Clock | None = None) -> None:
        super().__init__()
        self.path = path
        self._code = code
        self._clock = clock
        self._file: File | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self._letters: LineFilter | None = None

    def get_default_screen(self) -> Screen[Any]:
        """Return what is painted first: the question who it is, or an empty page where that is known."""
        return super().get_default_screen() if self._code else Who()

    def on_mount(self) -> None:
        """Go straight to the board when the person is known; else open the file after the first paint."""
        if self._code:
            self.sit_down(self._code)
        else:
            self.call_after_refresh(self._introduce)

    def ask_who(self) -> None:
        """Ask who is at the desk. The board of the person before is taken down, not covered."""
        self._take_down()
        if isinstance(self.screen, Who):
            self.screen.ask_again()
        else:
            self.push_screen(Who())
        self.call_after_refresh(self._introduce)

    def _take_down(self) -> None:
        """Take down every screen but the first."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def _introduce(self) -> None:
        try:
            file = self.file()  # the data layer is imported here, behind the first paint
        except PscError as error:
            self.leave_with(error)
            return
        if isinstance(self.screen, Who):
            self.screen.named(file.school)
            self.call_after_refresh(self._prepare_board)
        if file.demo_moment and self._code is None:
            from psc.desk.place import DEMO_PERSON

            self.sit_down(DEMO_PERSON)

    def _prepare_board(self) -> None:
        """Read the board's code and style while somebody is still typing who they are."""
        from psc.tui.screens.today import Today

        style = Path(__file__).parent / "screens" / Today.CSS_PATH
        if not self.stylesheet.has_source(str(style)):
            self.stylesheet.read(style)
            self.stylesheet.parse()
        self.look_for_alarms()

    def look_for_alarms(self) -> None:
        """Show on the sign-in screen, without a name, that somebody is to be found or that all are out."""
        from psc.clock import school_day
        from psc.desk.people import SYSTEM
        from psc.desk.place import clock_of
        from psc.overview.read_board import read_board
        from psc.tui.frame import alarms

        who = self.screen
        if not isinstance(who, Who) or self._file is None:
            return
        self._clock = self._clock or clock_of(self._file)
        now = self._clock.now()
        try:
            board = read_board(self._file, school_day(now, self._file.zone), SYSTEM, read="see_roll")
        except PscError as error:
            who.refuse(str(error))
        else:
            who.alarm("  ".join(alarms(board, now).values()))

    def file(self) -> File:
        """Return the open file, opening it the first time."""
        if self._file is None:
            from psc.database.file import BRISK, open_file

            self._file = open_file(self.path, timeout=BRISK)
        return self._file

    def sit_down(self, code: str) -> None:
        """Show somebody's board. An unknown code is refused on the sign-in screen."""
        from psc.desk.acts import Desk
        from psc.desk.place import clock_of, terminal
        from psc.desk.preferences import preferences_of
        from psc.tui.screens.today import Today

        try:
            file = self.file()
            self._clock = self._clock or clock_of(file)
            screen = Today(Desk(file, self._clock, code, terminal()))
        except PscError as error:
            if isinstance(self.screen, Who):
                self.screen.refuse(str(error))
            else:
                self.leave_with(error)
            return
        gc.enable()
        self._code = code
        self._take_down()
        self.kept = preferences_of(file, screen.staff.id)
        self.wear(self.kept)
        self.push_screen(screen)

    async def action_quit(self) -> None:
        """Leave; where something is typed and not saved, only the second time."""
        may_quit = getattr(self.screen, "may_quit", None)  # of a page; psc is not to import pages to start
        if may_quit is None or may_quit():
            await super().action_quit()

    def wear(self, preferences: Preferences) -> None:
        """Look as somebody likes it."""
        self.preferences = preferences
        self.theme = f"psc-{preferences.theme}"
        letters = preferences.glyphs == "letters"
        if letters and self._letters is None:
            from psc.tui.letters import Letters

            self._letters = Letters()
            self._filters.append(self._letters)
        if self._letters is not None:
            self._letters.enabled = letters
        for screen in self.screen_stack:
            for widget in screen.walk_children():
                widget.refresh()

    def look_again(self, staff: Staff) -> None:
        """Follow what the person has changed at another terminal; what only holds here stays otherwise."""
        from psc.desk.preferences import preferences_of

        found = preferences_of(self.file(), staff.id)
        if found != self.kept:
            self.kept = found
            self.wear(found)

    def leave_with(self, error: PscError) -> None:
        """End the app with an error, told on the terminal that is left behind."""
        self.exit(error.exit_code, return_code=error.exit_code, message=f"psc: {error}")

    def action_say_how_to_leave(self) -> None:
        """Ctrl+C never leaves in the middle of something: it says how to."""
        from psc.tui.screens.today import Today

        if isinstance(self.screen, Today):
            self.screen.say("Ctrl+Q leaves psc. Everything is saved.")

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer none of Textual's own commands: a screenshot would write names to a file."""
        return ()

    def on_unmount(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def run_app(path: Path, code: str | None) -> int:
    """Run the app and return its exit code. Whatever ends it, the terminal is left as it was."""
    return PscApp(path, code).run_to_its_end()
