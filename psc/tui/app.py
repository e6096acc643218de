"""The app: one file, one person at a time, one screen for the day.

Only textual is imported here, so that the first screen can be painted while the rest is still being read.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from psc.errors import PscError
from psc.process import collect_rubbish
from psc.tui.parting import LeavesNoTrace
from psc.tui.session import Session
from psc.tui.sessions import SharedMachine
from psc.tui.styles import KeptStyles
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


class PscApp(LeavesNoTrace[int], SharedMachine[int]):
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
        self.stylesheet = KeptStyles(variables=self.get_css_variables())
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
        if not self.path.exists():
            self._set_up()
            return
        try:
            file = self.file()  # the data layer is imported here, behind the first paint
        except PscError as error:
            self.leave_with(error)
            return
        from psc.desk.secrets import has_secrets
        from psc.desk.signing_on import BEFORE_SECRETS, SET_THEM

        if file.demo_moment:
            from psc.desk.place import DEMO_PASSPHRASE, DEMO_PERSON, DEMO_PIN

            self.gate.named(file.school, demo=f"Passphrase: {DEMO_PASSPHRASE} · PIN: {DEMO_PIN}")
            self._code = self._code or DEMO_PERSON
        else:
            self.gate.named(file.school)
        if self._code:
            self.gate.offer(self._code)
        if not has_secrets(file):
            self.gate.refuse(f"{BEFORE_SECRETS} {SET_THEM}")
        self.call_after_refresh(self._prepare_board)

    def _set_up(self) -> None:
        """Ask for the school and its first two people, and sign the administrator in at the file they get."""
        from psc.clock import SystemClock
        from psc.tui.screens.first_run import FirstRun, Made

        async def begin(made: Made | None) -> None:
            if made is not None:
                self._introduce()
                await self.answered(made.code, made.passphrase.value)

        collect_rubbish()
        self.push_screen(FirstRun(self.path, self._clock or SystemClock()), begin)

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
        collect_rubbish()

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
        """Show somebody's first screen; where their passphrase was temporary, after they have chosen their own."""
        code = person.staff.code
        if not person.must_change:
            self._seat(code)
            return
        from psc.desk.acts import Desk
        from psc.tui.dialogs.secrets import SecretsForm

        desk = Desk(self.file(), self.clock, code, self.terminal)

        async def chosen(words: str | None) -> None:
            if words and (known := self.sessions.get(code)) is not None:  # their passphrase was given anew meanwhile
                await self._return_to(known)
            elif words:
                self._seat(code)

        self.push_screen(SecretsForm(desk, first_use=True), chosen)

    def _seat(self, code: str) -> None:
        """Give somebody the desk, and tell who has no PIN how to get one."""
        from psc.desk.people import Role
        from psc.desk.secrets import kept_of
        from psc.tui.screens.page import Page
        from psc.tui.screens.today import Today

        self.sit_down(code)
        screen = self.screen
        if not isinstance(screen, (Today, Page)) or screen.desk.staff().role is Role.COVER:
            return
        kept = kept_of(self.file(), screen.desk.staff().id)
        if kept is not None and not kept.pin_seal:
            screen.say("F6 chooses a PIN: figures that bring your screen back after a lock.")

    def sit_down(self, code: str) -> None:
        """Give the desk to somebody who may have it, with the screen that their role begins with."""
        from psc.desk.acts import Desk
        from psc.desk.permissions import may
        from psc.tui.screens.today import Today

        try:
            file = self.file()
            desk = Desk(file, self.clock, code, self.terminal)
            screen = Today(desk)
        except PscError as error:
            self.asking.refuse(str(error))
            return
        collect_rubbish()
        self.sit(Session(desk, screen.staff), screen)
        if not may("see_roster", screen.staff):  # an administrator begins with the settings
            from psc.tui.screens.settings import SettingsPage

            self.push_screen(SettingsPage(screen))

    def take_desk(self, session: Session) -> None:
        """Let somebody's screens stand there again, as they like them."""
        from psc.desk.preferences import preferences_of

        with suppress(PscError):
            self.kept = preferences_of(self.file(), session.desk.staff().id)
            self.wear(self.kept)
        super().take_desk(session)

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
        """Say in the ledger that sessions have ended, however psc did, and close the file."""
        self.end_all("left")
        if self._file is not None:
            self._file.close()
            self._file = None


def run_app(path: Path, code: str | None) -> int:
    """Run the app and return its exit code. Whatever ends it, the terminal is left as it was."""
    return PscApp(path, code).run_to_its_end()
