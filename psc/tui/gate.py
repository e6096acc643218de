"""Keys in turn: each is worked through, with all that follows from it, before the next is looked at.

Textual hands a key to whatever has the focus when the key arrives, although a key before it may be about to open a form
or move on to the next field. Typed fast, or by a scanner, letters then land in the wrong place: a name in the search
field of a form would sign students in. Here a key waits until the one before has been handled and the screen it opened
has a field to type in.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual._time import get_time
from textual.app import App

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

T = TypeVar("T")

LONGEST_WAIT = 0.5
"""Seconds after which a key goes on whatever the one before is doing: nothing may hold the keyboard for good."""
_LOOK_AGAIN = 0.002


class KeysInTurn(App[T]):
    """An app that handles one key at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Key] = deque()
        self._busy_since: float | None = None
        self._turn = 0
        self._forgotten = 0.0

    async def on_event(self, event: events.Event) -> None:
        """Queue keys that come from the terminal; all else goes on as ever."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if event.time <= self._forgotten:
                return
            # Before psc has the terminal, an Enter that is typed is turned into this by it.
            self._waiting.append(events.Key("enter", "\r") if event.key == "ctrl+j" else event)
            await self._next_key()
        else:
            await super().on_event(event)

    def forget_keys(self) -> None:
        """Forget the keys that were typed until now: they were meant for what stood there before."""
        self._waiting.clear()
        self._forgotten = get_time()

    async def _next_key(self) -> None:
        """Hand on the next key, unless one is under way or the screen on top is still being laid out."""
        if not self._waiting or self._busy_since is not None:
            return
        self._turn += 1
        self._busy_since = monotonic()
        await self._hand_on(self._turn)

    async def _hand_on(self, turn: int) -> None:
        since = self._busy_since or monotonic()
        if self.focused is None and monotonic() - since < LONGEST_WAIT:
            self.set_timer(_LOOK_AGAIN, lambda: self._hand_on(turn))
            return
        if not self._waiting:  # forgotten meanwhile
            await self._done(turn)
            return
        key = self._waiting.popleft()
        target: MessagePump = self.focused or self.screen
        self.set_timer(LONGEST_WAIT, lambda: self._done(turn))
        await super().on_event(key)
        if not target.call_later(self._climb, target, turn, target):  # the key has taken it down
            await self._done(turn)

    def _climb(self, node: MessagePump, turn: int, again: MessagePump | None) -> None:
        """Go up the way that messages bubble: once here, all that the key caused below has been handled.

        A key that is bound to an action (Enter in a field) comes to the app before the action runs and posts its
        message at the bottom, so the way is gone twice: `again` is where the second time begins.
        """
        parent = node._parent
        if parent is not None and parent is not self:
            parent.call_later(self._climb, parent, turn, again)
        else:
            self.call_later(self._up_again, again, turn)

    async def _up_again(self, bottom: MessagePump | None, turn: int) -> None:
        """Go up a second time, unless what was at the bottom has been taken down meanwhile."""
        if bottom is not None and bottom.is_running and bottom.is_attached:
            bottom.call_later(self._climb, bottom, turn, None)
        else:
            await self._done(turn)

    async def _done(self, turn: int) -> None:
        """End a key's turn, once, and go on with the next."""
        if turn == self._turn and self._busy_since is not None:
            self._busy_since = None
            await self._next_key()
