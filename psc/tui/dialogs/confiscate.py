"""The form for what is taken from a student: what, why, who searched, where it is kept. All four, or it is not kept."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from psc.errors import PscError
from psc.roster.held import Holding, hold_item
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult

    from psc.overview.board import RowNow
    from psc.tui.screens.today import Today

_FIELDS = {
    "what": ("What", "what it is"),
    "why": ("Why", "why it was taken"),
    "searched_by": ("Searched by", "a staff code or a name, or “handed over”"),
    "kept_where": ("Kept in", "where it is kept"),
}


class Confiscate(Dialog[None]):
    """Enter goes on, F10 saves from anywhere. Who searched is filled in with the person at the desk."""

    form = "confiscate"

    def __init__(self, today: Today, row: RowNow, *, at: datetime | None, told: str = "") -> None:
        super().__init__()
        self._behind = today
        self._row = row
        self._at = at
        self._told = told
        self._act_id = secrets.token_hex(12)

    @property
    def about(self) -> str:
        """The student."""
        return f"student {self._row.row.student_id}"

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical() as box:
            box.border_title = literal(f"Confiscated from {self._row.row.name}")
            box.border_subtitle = "Enter next · F10 save · Esc"
            for name, (label, hint) in _FIELDS.items():
                with Horizontal(classes="row"):
                    yield Static(label, classes="label")
                    yield Input(id=name, placeholder=hint, max_length=120)
            yield Static("", classes="error", id="error")

    def fill(self) -> None:
        """Fill in who is at the desk."""
        self.query_one("#searched_by", Input).value = self._behind.staff.code

    def take_key(self, key: str) -> bool:
        """F10 saves."""
        if key in ("f10", "ctrl+s"):
            self._save()
            return True
        return False

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Go to the next field; after the last one, save."""
        names = list(_FIELDS)
        place = names.index(event.input.id or names[0]) + 1
        if place < len(names):
            self.query_one(f"#{names[place]}", Input).focus()
        else:
            self._save()

    def _save(self) -> None:
        """Keep it; what is missing is said, and its field gets the cursor."""
        told = {name: self.query_one(f"#{name}", Input).value for name in _FIELDS}
        call = hold_item(
            self._row.row.student_id,
            Holding.CONFISCATED,
            told["what"],
            why=told["why"],
            searched_by=told["searched_by"],
            kept_where=told["kept_where"],
            at=self._at,
        )
        try:
            self._behind.desk.do_patiently(call, id=self._act_id, seconds=2, told_by=self._told)
        except PscError as error:
            self.query_one("#error", Static).update(literal(str(error)))
            empty = next((name for name in _FIELDS if not told[name].strip()), "")
            if empty:
                self.query_one(f"#{empty}", Input).focus()
            return
        self.dismiss(None)
        self._behind.reload()
        self._behind.say(f"{self._row.row.name}: one item held · u undoes")
