"""The password of the school's mail: typed once while psc runs, and never a draft."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from psc.desk.secrets import Hidden
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal
from psc.tui.screens.gate import SecretInput

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from psc.desk.mail_settings import MailSettings


class MailPassword(Dialog[Hidden]):
    """Enter answers with what was typed; Esc sends nothing."""

    comes_back = False
    shows_names = False

    def __init__(self, settings: MailSettings, wrong: str = "") -> None:
        super().__init__()
        self._settings = settings
        self._wrong = wrong

    def compose(self) -> ComposeResult:
        """Lay the field out under whose password it is, and over where it is kept."""
        kept = "It is kept until psc is closed, in this machine's memory and nowhere else."
        if find_spec("keyring"):
            kept = "It is kept in this account's keyring, and nowhere else."
        with Vertical() as box:
            box.border_title = literal("Password of the school's mail")
            box.border_subtitle = "Enter · Esc sends nothing"
            yield Static(literal(f"{self._settings.sign_in}, at {self._settings.server}"), classes="rule")
            with Horizontal(classes="row first"):
                yield Static("Password", classes="label wide")
                yield SecretInput("", id="secret")
            yield Static(literal(self._wrong), classes="error under", id="error")
            yield Static(literal(kept), classes="rule")

    def fill(self) -> None:
        """Begin in the field."""
        self.query_one("#error").display = bool(self._wrong)
        self.query_one("#secret").focus()

    @on(Input.Submitted)
    def answer(self, event: Input.Submitted) -> None:
        """Answer with what was typed."""
        event.stop()
        if event.value:
            self.dismiss(Hidden(event.value))
