"""Sessions: who is signed in at this terminal, and what stands on the screen while nobody is at the desk.

Each person has a stack of screens of their own (a *mode*, in Textual's words). The gate has one too, and it is what
stands there whenever nobody is at the desk: a session that is left is emptied of everything drawn and waits behind it.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from psc.errors import NotUnderstood, PscError
from psc.tui.hiding import TurnsNames, lay_out, standing
from psc.tui.screens.gate import Asking, Gate
from psc.tui.session import Session, as_they_stand

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from psc.clock import Clock
    from psc.database.file import File
    from psc.desk.acts import Call, Desk
    from psc.desk.settings import Settings
    from psc.desk.signing_on import Person, Ring

T = TypeVar("T")

_GATE = "the gate"
"""The stack of screens that stands there first. No code has a space in it."""
_ASLEEP = 30
"""Seconds that pass between two looks, a second apart, only when the machine has slept."""


class SharedMachine(TurnsNames[T]):
    """An app at which one person after another sits down."""

    DEFAULT_MODE = _GATE
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {_GATE: Gate}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f12,ctrl+l", "lock", "Lock", show=False, priority=True),
        Binding("f2", "hand_over", "Hand over", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, Session] = {}
        """Everybody who is signed in here, by code, the one at the desk last."""
        self.session: Session | None = None
        """Who is at the desk; None at the gate."""
        self._ring: Ring | None = None
        self._left = ""
        self._version = 0
        self._used: float = 0
        self._looked: float | None = None
        self._rules: Settings | None = None
        """After how long a desk that is left goes quiet and locks, as last read."""
        self._answering = False

    if TYPE_CHECKING:  # what the app itself has

        @property
        def clock(self) -> Clock:
            """The clock of the file."""

        @property
        def terminal(self) -> str:
            """The name of this terminal."""

        def file(self) -> File:
            """Return the open file."""

        def begin(self, person: Person) -> None:
            """Show somebody's first screen."""

        def look_for_alarms(self) -> None:
            """Show the alarms of the rooms at the gate, without a name."""

        def empty_clipboard(self) -> None:
            """Take out of the clipboard what psc put there."""

    # Who is at the desk

    @property
    def gate(self) -> Gate:
        """The screen that stands there while nobody is at the desk."""
        gate = self._screen_stacks[_GATE][0]
        assert isinstance(gate, Gate)
        return gate

    @property
    def asking(self) -> Asking:
        """What asks who it is: the quiet board, or the gate."""
        return next(one for one in reversed(self._screen_stacks[_GATE]) if isinstance(one, Asking))

    @property
    def suggested(self) -> Session | None:
        """Whose session Enter alone asks for at the gate: whoever works the door, before anybody who looked in."""
        away = self.asking.whose or self._left
        waiting = [one for one in reversed(self.sessions.values()) if one.code != away]
        waiting = [one for one in waiting if one.at_door] or waiting
        return next(iter(waiting), None if self.asking.whose else self.sessions.get(away))

    def is_visit(self, session: Session) -> bool:
        """Say whether a session is a short visit: one to a desk at which somebody works the door."""
        others = [one for one in self.sessions.values() if one is not session]
        return not session.at_door and any(one.at_door for one in others)

    @property
    def ring(self) -> Ring:
        """The keys of today's PINs, in memory only."""
        if self._ring is None:
            from psc.desk.signing_on import Ring

            self._ring = Ring()
        return self._ring

    def on_mount(self) -> None:
        """Watch for idleness, for midnight and for being put to sleep."""
        self.set_interval(1, self.look_at_idle)
        if hasattr(signal, "SIGTSTP"):
            # After the driver's own handlers, which would leave the names to be drawn when psc comes back.
            with suppress(ValueError, RuntimeError, NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(signal.SIGTSTP, self._put_to_sleep)

    async def answered(self, code: str, answer: str) -> None:
        """Look at an answer that was given at the gate, and let its person in or say why not."""
        from psc.desk.signing_on import look_at, pay, settle

        if self._answering:
            return
        self._answering = True
        try:
            file = self.file()
            guess = pay(file, self.clock, code, answer, self.ring)
            found = await asyncio.to_thread(look_at, guess)  # it takes its time on purpose
            known = self.sessions.get(guess.staff.code) if guess.staff else None
            person = settle(file, self.clock, self.terminal, guess, found, self.ring, again=known is not None)
        except PscError as error:
            self.asking.refuse(str(error))
            return
        finally:
            self._answering = False
        if known is not None and not person.must_change:
            await self._return_to(known)
        else:
            self.begin(person)

    def sit(self, session: Session, screen: Screen[Any]) -> None:
        """Give the desk to somebody who has just signed in, with their first screen."""
        from psc.clock import school_day

        self.sessions[session.code] = session
        self.ring.turn_to(school_day(self.clock.now(), self.file().zone))
        self.add_mode(session.code, lambda: screen)
        # Its style is read here; Textual would then parse all styles anew for a screen that has not been drawn yet.
        self._load_screen_css(screen)
        screen._css_update_count = self._css_update_count
        self.take_desk(session)

    def take_desk(self, session: Session) -> None:
        """Let somebody's screens stand there again."""
        self.sessions[session.code] = self.sessions.pop(session.code, session)
        self.session, self._left = session, ""
        self._used = self.clock.steady()
        self.switch_mode(session.code)
        self._leave_quiet()
        self.gate.lock_for("", "")

    async def _return_to(self, session: Session) -> None:
        """Bring somebody's screens back, with what they were typing."""
        from psc.tui.aside import PutAside

        for screen in standing(self._screen_stacks[session.code]):
            if isinstance(screen, PutAside):
                await screen.bring_back()
        if self.sessions.get(session.code) is not session:  # it has ended meanwhile
            return
        self.take_desk(session)
        lay_out(self)

    # Leaving the desk

    async def action_lock(self) -> None:
        """Lock the screen at once."""
        await self.lock("key")

    async def lock(self, why: str) -> None:
        """Lock whole: of the room only the alarms stay. `why` goes into the ledger."""
        left = self.session
        if left is not None:
            await self._leave_desk()
            if why != "key":  # what is typed behind F12 is for the gate
                self.forget_keys()
            self._note(left.desk, why)
        elif isinstance(self.asking, Gate):
            # A passphrase of one's own, half chosen; that the desk was left long ago says nothing of who chooses it.
            if why != "idle" and isinstance(self.screen, ModalScreen):
                self.screen.dismiss(None)
            return
        else:  # quiet until now
            left = self.sessions[self.asking.whose]
            self._leave_quiet()
            self._note(left.desk, why)
        self.gate.lock_for(left.code, left.name)

    async def go_quiet(self) -> None:
        """Leave the rooms on the screen in initials; whoever was here goes on with a PIN."""
        if (left := self.session) is None:
            return
        from psc.tui.screens.quiet import Quiet

        await self._leave_desk()
        self.forget_keys()
        await self.push_screen(Quiet(left.desk, left.name))

    async def action_hand_over(self) -> None:
        """Hand the desk to somebody else. Whoever was here stays signed in, locked."""
        if (left := self.session) is None:
            self.asking.refuse("")
            self.asking.ask()
            return
        await self._leave_desk()
        self._note(left.desk, "hand-over")
        self._left = left.code
        self.gate.lock_for("", "")

    async def _leave_desk(self) -> None:
        """Go back to the gate, empty the session's screens, and the clipboard."""
        from psc.tui.aside import PutAside

        assert self.session is not None
        stack = self._screen_stacks[self.session.code]
        self.session = None
        self.switch_mode(_GATE)
        self.empty_clipboard()
        self.clear_notifications()
        for screen in stack[::-1]:
            if isinstance(screen, PutAside) and screen.comes_back:
                await screen.put_aside()
            else:  # the palette, an opened sheet
                stack.remove(screen)
                await screen.remove()

    def _leave_quiet(self) -> None:
        """Take the quiet board down."""
        stack = self._screen_stacks[_GATE]
        while len(stack) > 1:
            stack.pop().remove()
            if self.current_mode == _GATE:
                self.gate.post_message(events.ScreenResume())
                self.gate.refresh(layout=True)

    def end(self, session: Session, why: str) -> None:
        """End a session: its screens are taken down whole."""
        self._write_end(session, why)
        self.sessions.pop(session.code, None)
        if self.session is session:
            self.session = None
            self.switch_mode(_GATE)
            self.empty_clipboard()
        self.remove_mode(session.code)
        if self.session is None and self.asking.whose in ("", session.code):
            self._leave_quiet()
            self.gate.lock_for("", "")

    def _note(self, desk: Desk, why: str) -> None:
        from psc.desk.signing_on import lock_session

        self._write(desk, lock_session(why))

    def _write(self, desk: Desk, call: Call[None]) -> None:
        """Write a line of the ledger if it can be written: nothing keeps a screen from being locked."""
        with suppress(PscError):
            desk.do(call)

    def _write_end(self, session: Session, why: str) -> None:
        """Write that a session has ended; of somebody who is nobody any more, psc itself writes it."""
        from psc.desk.acts import Desk
        from psc.desk.people import SYSTEM
        from psc.desk.signing_on import end_session

        try:
            session.desk.do(end_session(why))
        except NotUnderstood:
            self._write(Desk(self.file(), self.clock, SYSTEM.code, self.terminal), end_session(why, session.code))
        except PscError:
            return

    # Following what becomes of people

    def follow(self, *, always: bool = True) -> None:
        """End the session of whoever may not sign in any more, and go on with roles as they are now.

        Unless `always`, only when another terminal has written something since.
        """
        try:
            version = self.file().changed_elsewhere()
        except PscError:  # the file cannot be read now: the board says so
            return
        if not always and version == self._version:
            return
        self._version = version
        for session in tuple(self.sessions.values()):
            try:
                staff = as_they_stand(session)
            except NotUnderstood as over:
                asked = self.session is session or self.asking.whose == session.code
                self.end(session, "not allowed any more")
                if asked:
                    self.asking.refuse(str(over))
                continue
            except PscError:  # the file cannot be read now: the board says so
                return
            was, session.staff = session.staff, staff
            if staff != was and self.session is session and (today := self.today) is not None:
                today.follow(staff, was)

    # Idleness

    async def on_event(self, event: events.Event) -> None:
        """Note that somebody is at the desk, and that it is still theirs."""
        if self.session is not None and isinstance(event, (events.Key, events.MouseDown, events.MouseScrollDown)):
            self._used = self.clock.steady()
            self.follow(always=False)
            if self.session is None:
                return
        await super().on_event(event)

    async def look_at_idle(self) -> None:
        """Go quiet, lock, or end the day's sessions, as the time says."""
        if self.session is None:
            self.asking.forget_typed()
        if not self.sessions:
            return
        from psc.clock import school_day
        from psc.desk.settings import Settings, settings_on

        file, now, steady = self.file(), self.clock.now(), self.clock.steady()
        slept = self._looked is not None and steady - self._looked > _ASLEEP
        self._looked = steady
        today = school_day(now, file.zone)
        if self.ring.day is not None and today != self.ring.day:
            self.ring.turn_to(today)
            for session in tuple(self.sessions.values()):
                self.end(session, "midnight")
            return
        self.follow()
        with suppress(PscError):  # a file that cannot be read now: a desk that is left locks all the same
            self._rules = settings_on(file, today)
        rules = self._rules or Settings()
        idle = steady - self._used
        if slept or idle >= rules.lock_minutes * 60:
            await self.lock("sleep" if slept else "idle")
        elif self.session is not None:
            visit = self.is_visit(self.session)
            if idle >= (rules.visit_seconds if visit else rules.quiet_minutes * 60):
                await self.go_quiet()

    def _put_to_sleep(self) -> None:
        """Lock before psc is stopped from outside, so that nothing is drawn when it goes on."""
        self.call_later(self._sleep)

    async def _sleep(self) -> None:
        await self.lock("suspend")
        if self._driver is not None and (stop := getattr(self._driver, "_sigtstp_application", None)):
            stop()

    # What goes in and out

    def action_command_palette(self) -> None:
        """Open the palette, for somebody who is at the desk."""
        if self.session is not None:
            super().action_command_palette()

    async def action_quit(self) -> None:
        """Leave psc; not past a session that is locked."""
        if self.session is None and self.sessions:
            names = "; ".join(one.name for one in self.sessions.values())
            self.asking.refuse(f"Still signed in here: {names}. Sign in, then Ctrl+Q leaves psc.")
            return
        await super().action_quit()

    def end_all(self, why: str) -> None:
        """Note that every session has ended."""
        for session in self.sessions.values():
            self._write_end(session, why)
        self.sessions.clear()
