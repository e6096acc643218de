"""One's own passphrase and PIN: changed with F6, and chosen at first use where an administrator's was temporary.

What is typed here is never a draft: the dialog is gone when the desk is left, and with it every letter.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from psc.desk import secrets
from psc.desk.secrets import LEAST_PIN, LONGEST_PIN, Hidden, PinKey, change_secret, check_own, check_pin, set_pin
from psc.desk.signing_on import NotThem, look_at, pay, settle
from psc.errors import PscError, Refused
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal
from psc.tui.screens.gate import FORGOTTEN_AFTER, SecretInput

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from psc.desk.acts import Desk
    from psc.tui.app import PscApp

_LABELS = {
    "old": ("Passphrase now", ""),
    "new": ("New passphrase", "empty: it stays as it is"),
    "again": ("The same again", ""),
    "pin": ("PIN", f"{LEAST_PIN} to {LONGEST_PIN} figures; empty: it stays"),
    "pin-again": ("The same again", ""),
}
_FIRST_USE = {"new": ("New passphrase", "your own"), "pin": ("PIN", f"{LEAST_PIN} to {LONGEST_PIN} figures, or empty")}


class _Wrong(Exception):
    """What is wrong, and in which field."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class SecretsForm(Dialog[str]):
    """Enter goes to the next field and saves from the last; F10 saves from anywhere. Answers what to say of it.

    At *first use* the person is not signed in yet: they have just given a temporary passphrase, which is not asked
    again, and go no further without one of their own.
    """

    app: PscApp
    comes_back = False
    shows_names = False

    def __init__(self, desk: Desk, *, first_use: bool = False) -> None:
        super().__init__()
        self._desk = desk
        self._first_use = first_use
        self._labels = {**_LABELS, **_FIRST_USE} if first_use else _LABELS
        self._saving = False
        self._used = desk.clock.steady()

    @property
    def _names(self) -> list[str]:
        return [name for name in self._labels if not (self._first_use and name == "old")]

    def compose(self) -> ComposeResult:
        """Lay the fields out, each with the place for what is wrong with it."""
        staff = self._desk.staff()
        with Vertical() as box:
            box.border_title = literal(f"Passphrase and PIN of {staff.short}")
            box.border_subtitle = f"Enter next · F10 save · Esc {'signs nobody in' if self._first_use else 'close'}"
            if self._first_use:
                yield Static(literal("Yours was temporary: choose one of your own to sign in."), classes="rule")
            yield Static(literal(secrets.RULE), classes="rule")
            yield Static(literal("A PIN brings your own screen back after a lock. It signs nobody in."), classes="rule")
            for name in self._names:
                label, hint = self._labels[name]
                with Horizontal(classes=f"row {'first' if name in ('old', 'new', 'pin') else ''}"):
                    yield Static(literal(label), classes="label wide")
                    yield SecretInput(hint, id=name)
                yield Static("", id=f"error-{name}", classes="error under")
            yield Static("", id="said", classes="rule")

    def fill(self) -> None:
        """Begin in the first field, and over the gate look whether anybody is still there."""
        self.query_one(f"#{self._names[0]}").focus()
        if self._first_use:
            self.set_interval(1, self.look_whether_used)

    def look_whether_used(self) -> None:
        """Close the dialog when nobody has typed for a while."""
        if self._desk.clock.steady() - self._used >= FORGOTTEN_AFTER and not self._saving:
            self.action_leave()

    @on(Input.Changed)
    def on_typed(self, event: Input.Changed) -> None:
        """What is typed anew is not wrong yet."""
        self._used = self._desk.clock.steady()
        self._blame(event.input.id or "", "")

    def _blame(self, name: str, words: str) -> None:
        for error in self.query(f"#error-{name}").results(Static):
            error.update(literal(words))
            error.display = bool(words)

    def _typed(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value if name in self._names else ""

    def take_key(self, key: str) -> bool:
        """F10 saves."""
        if key in ("f10", "ctrl+s"):
            self.run_worker(self._save())
            return True
        return False

    @on(Input.Submitted)
    def on_enter(self, event: Input.Submitted) -> None:
        """Go to the next field; after the last one, save."""
        event.stop()
        if event.input.id == self._names[-1]:
            self.run_worker(self._save())
        else:
            self.focus_next()

    # Saving

    async def _save(self) -> None:
        """Change what was typed, beside the event loop where it takes its time."""
        if self._saving:
            return
        self._saving = True
        said = self.query_one("#said", Static)
        said.update(literal("One moment …"))
        try:
            self._check_typed()
            await self._check_old()
            done = await self._change()
        except _Wrong as wrong:
            said.update("")
            self._blame(wrong.field, str(wrong))
            self.query_one(f"#{wrong.field}", Input).focus()
        except PscError as error:
            said.update(literal(str(error)))
        else:
            if self.is_current:  # the desk may have been left meanwhile
                self.dismiss(done)
        finally:
            self._saving = False

    def _check_typed(self) -> None:
        """Raise `_Wrong` for the first field that cannot be right."""
        for name in self._names:
            self._blame(name, "")
        if not self._first_use:
            if not self._typed("old"):
                raise _Wrong("old", "Type the passphrase you have: nobody else is to change it.")
            if secrets.is_pin(self._typed("old")):
                raise _Wrong("old", "That is a PIN. Type your passphrase.")
        if not self._typed("new") and (self._first_use or not self._typed("pin")):
            raise _Wrong(
                "new", "Type a new passphrase." if self._first_use else "Type what is to be new: this or a PIN."
            )
        for name, check in (("new", self._check_new), ("pin", check_pin)):
            if not self._typed(name):
                continue
            try:
                check(self._typed(name))
            except Refused as refused:
                raise _Wrong(name, str(refused)) from None
        for name, again in (("new", "again"), ("pin", "pin-again")):
            if secrets.plain(self._typed(name)) != secrets.plain(self._typed(again)):
                raise _Wrong(again, "These two are not the same. Type it again.")

    def _check_new(self, text: str) -> None:
        check_own(self._desk.file, self._desk.staff(), text)

    async def _check_old(self) -> None:
        """Raise `_Wrong` for a passphrase that is not theirs: it is counted like any wrong answer."""
        desk, ring = self._desk, self.app.ring
        if self._first_use:
            return
        try:
            guess = pay(desk.file, desk.clock, desk.code, self._typed("old"), ring)
            found = await asyncio.to_thread(look_at, guess)
            settle(desk.file, desk.clock, desk.terminal, guess, found, ring, again=True)
        except Refused as refused:
            field = self.query_one("#old", Input)
            with field.prevent(Input.Changed):
                field.value = ""
            mistaken = "That is not your passphrase. After five wrong answers you must wait."
            raise _Wrong("old", mistaken if isinstance(refused, NotThem) else str(refused)) from None

    async def _change(self) -> str:
        """Keep what is new, and hand the PIN's key to the app; returns what to say of it."""
        desk, new, pin = self._desk, self._typed("new"), self._typed("pin")
        staff = desk.staff()
        kept = secrets.kept_of(desk.file, staff.id)
        if new:
            if kept is not None and await asyncio.to_thread(secrets.verify, kept.hash, new):
                raise _Wrong("new", "That is the passphrase you have. Choose another.")
            hashed, key = await asyncio.to_thread(_hashes, new)
            desk.do_patiently(change_secret(hashed), seconds=2)
            self.app.ring.keys[staff.id] = key
        if pin:
            key = self.app.ring.keys[staff.id]
            desk.do_patiently(set_pin(Hidden(key.salt), Hidden(key.seal(pin))), seconds=2)
        if new and pin:
            return "Your passphrase and your PIN are new."
        if pin:
            return "Your PIN is new."
        lost = " Your PIN went with the old one: F6 chooses another." if kept and kept.pin_seal else ""
        return f"Your passphrase is new.{lost}"


def _hashes(passphrase: str) -> tuple[Hidden, PinKey]:
    """Return what the file keeps of a passphrase, and the key of the PIN beside it."""
    return secrets.hash_passphrase(passphrase), secrets.pin_key(passphrase)
