"""The app: one file, one person at a time, one screen for the day.

Only textual is imported here, so that the first screen can be painted while the rest is still being read.
"""

from __future__ import annotations

import contextlib
import gc
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from psc.errors import PscError
from psc.tui.sessions import Session, SharedMachine
from psc.tui.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from textual.app import SystemCommand
    from textual.command import Provider
    from textual.filter import LineFilter
    from textual.screen import Screen

    from psc.clock import Clock
    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.desk.preferences import Preferences
    from psc.desk.signing_on import Person


def _commands() -> type[Provider]:
    from psc.tui.palette import BoardCommands

    return BoardCommands


class PscApp(SharedMachine[int]):
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

    def __init__(self, path: Path, code: str | None = None, clock: Clock | None = None) -> None:
        super().__init__()
        self.path = path
        self._code = code or ""
        self._clock = clock
        self._file: File | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self._letters: LineFilter | None = None

    def on_mount(self) -> None:
        """Open the file after the first paint."""
        self.call_after_refresh(self._introduce)

    def _introduce(self) -> None:
        try:
            file = self.file()  # the data layer is imported here, behind the first paint
        except PscError as error:
            self.leave_with(error)
            return
        if file.demo_moment:
            from psc.desk.place import DEMO_PASSPHRASE, DEMO_PERSON, DEMO_PIN

            self.gate.named(file.school, demo=f"Passphrase: {DEMO_PASSPHRASE} · PIN: {DEMO_PIN}")
            self._code = self._code or DEMO_PERSON
        else:
            self.gate.named(file.school)
        if self._code:
            self.gate.offer(self._code)
        self.call_after_refresh(self._prepare_board)

    def _prepare_board(self) -> None:
        """Read the board's code and style while somebody is still typing who they are."""
        import argon2  # noqa: F401 — so that the first answer is looked at without delay

        from psc.desk.drafts import drop_old_drafts
        from psc.tui.screens.today import Today

        style = Path(__file__).parent / "screens" / Today.CSS_PATH
        if not self.stylesheet.has_source(str(style)):
            self.stylesheet.read(style)
            self.stylesheet.parse()
        self.look_for_alarms()
        drop_old_drafts(self.file(), self.clock.now())
        gc.enable()

    def look_for_alarms(self) -> None:
        """Show at the gate, without a name, that somebody is to be found, or that all are out."""
        if self.session is None and self._file is not None:
            try:
                words = self.alarm_words(self.clock.now())
            except PscError as error:
                self.gate.refuse(str(error))
            else:
                self.gate.alarm("  ".join(words))

    def alarm_words(self, now: datetime) -> list[str]:
        """Return the alarms of every room, in words that name nobody."""
        from psc.clock import school_day
        from psc.desk.people import SYSTEM
        from psc.overview.initials import ended_words
        from psc.overview.read_board import read_board
        from psc.tui.frame import alarms

        file = self.file()
        board = read_board(file, school_day(now, file.zone), SYSTEM, read="see_roll")
        return [*alarms(board, now).values(), *([ended] if (ended := ended_words(board, now)) else [])]

    def file(self) -> File:
        """Return the open file, opening it the first time."""
        if self._file is None:
            from psc.database.file import BRISK, open_file

            self._file = open_file(self.path, timeout=BRISK)
        return self._file

    @property
    def clock(self) -> Clock:
        """The clock of the file."""
        if self._clock is None:
            from psc.desk.place import clock_of

            self._clock = clock_of(self.file())
        return self._clock

    @property
    def terminal(self) -> str:
        """The name of this terminal."""
        from psc.desk.place import terminal

        return terminal()

    def begin(self, person: Person) -> None:
        """Show somebody's first screen."""
        self.sit_down(person.staff.code)

    def sit_down(self, code: str) -> None:
        """Give the desk to somebody who may have it, with the screen that their role begins with."""
        from psc.desk.acts import Desk
        from psc.desk.permissions import may
        from psc.desk.preferences import preferences_of
        from psc.tui.screens.today import Today

        try:
            file = self.file()
            desk = Desk(file, self.clock, code, self.terminal)
            screen = Today(desk)
        except PscError as error:
            self.asking.refuse(str(error))
            return
        gc.enable()
        staff = screen.staff
        self.kept = preferences_of(file, staff.id)
        self.wear(self.kept)
        # Whoever works the door takes the desk over; everybody else looks in, and the room waits for somebody else.
        visit = bool(self.sessions) and not may("sign_in", staff)
        self.sit(Session(desk, staff.short, staff.role.words, visit), screen)

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
    """Run the app and return its exit code. SIGTERM and SIGHUP leave the terminal as it was."""
    app = PscApp(path, code)

    def stop(*_: object) -> None:
        app.call_later(app.exit, 0)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            with contextlib.suppress(ValueError):
                signal.signal(getattr(signal, name), stop)
    app.run()
    sys.stdout.flush()
    return app.return_code or 0
