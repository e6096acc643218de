"""The form for a student whom no list knows yet: name, year, form. Under ten seconds."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from psc.clock import school_day
from psc.desk.permissions import may
from psc.errors import NeedsReason, NotUnderstood, PscError
from psc.school.provisional import add_provisional, typed_name
from psc.school.students import Student, find_students, student_by_id
from psc.text import clean
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal

if TYPE_CHECKING:
    from datetime import date

    from textual.app import ComposeResult

    from psc.tui.screens.today import Today

_LABELS = {
    "surname": "Surname",
    "forename": "Forename",
    "year": "Year",
    "form": "Form",
    "number": "Number",
    "override": "Somebody else?",
}
_HINTS = {
    "year": "7 to 13, if it is known",
    "form": "if it is known",
    "number": "admission number, if it is known",
    "override": "how you know",
}
_SHOWN = 3
"""How many students already here are named beside the form."""


class NewHereForm(Dialog[Student]):
    """Enter goes to the next field and saves from the last; F10 saves from anywhere. Answers the student added."""

    form = "new here"

    def __init__(self, today: Today, typed: str = "") -> None:
        super().__init__()
        self._today_screen = today
        self._act_id = secrets.token_hex(12)
        self._typed = typed_name(typed)

    def compose(self) -> ComposeResult:
        """Lay the fields out, with those of that name who are here already under them."""
        with Vertical() as box:
            box.border_title = literal("New here")
            box.border_subtitle = "Enter next · F10 save · Esc"
            for name, label in _LABELS.items():
                with Horizontal(id=f"row-{name}", classes="row"):
                    yield Static(literal(label), classes="label")
                    yield Input(id=name, placeholder=_HINTS.get(name, ""))
            yield Static("", classes="hint", id="here")
            yield Static("", classes="error", id="error")

    def fill(self) -> None:
        """Fill in the name that was looked for; ask first for what of it is missing, else for the year."""
        self.query_one("#row-override").display = False
        surname, forename = self._typed
        self.query_one("#surname", Input).value = surname
        self.query_one("#forename", Input).value = forename
        first = "surname" if not surname else "forename" if not forename else "year"
        self.query_one(f"#{first}", Input).focus()

    def refilled(self) -> None:
        """Name again those it may be."""
        self.look()

    def _values(self) -> dict[str, str]:
        return {name: clean(self.query_one(f"#{name}", Input).value) for name in _LABELS}

    @on(Input.Changed)
    def look(self) -> None:
        """Name those on roll whom this may be: an add that is not needed is a merge later."""
        today, typed = self._today_screen, self._values()
        found: tuple[Student, ...] = ()
        if typed["surname"] and may("find_student", today.staff):
            words = f"{typed['surname']} {typed['forename'][:1]}"
            found = find_students(today.desk.file, words, today.staff, self._day(), limit=_SHOWN)
        names = "; ".join(one.words for one in found)
        self.query_one("#here", Static).update(
            literal(f"Here already: {names}. Esc if it is one of them." if found else "")
        )

    def _day(self) -> date:
        today = self._today_screen
        return school_day(today.now, today.desk.file.zone)

    def take_key(self, key: str) -> bool:
        """F10 saves."""
        if key in ("f10", "ctrl+s"):
            self._save()
            return True
        return False

    @on(Input.Submitted)
    def on_enter(self, event: Input.Submitted) -> None:
        """Go to the next field; after the last one, save."""
        names = [name for name in _LABELS if self.query_one(f"#row-{name}").display]
        place = names.index(event.input.id or "") + 1
        if place < len(names):
            self.query_one(f"#{names[place]}", Input).focus()
        else:
            self._save()

    def _save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""
        desk, typed = self._today_screen.desk, self._values()
        error = self.query_one("#error", Static)
        try:
            year = self._year(typed["year"])
            call = add_provisional(
                typed["surname"],
                typed["forename"],
                year,
                typed["form"],
                admission_no=typed["number"],
                override=typed["override"],
            )
            done = desk.do_patiently(call, id=self._act_id, seconds=2)
            student = student_by_id(desk.file, done.value, self._day())
        except NeedsReason as need:
            self.query_one("#row-override").display = True
            error.update(literal(str(need)))
            self.query_one("#override", Input).focus()
        except PscError as refused:
            error.update(literal(str(refused)))
        else:
            self.dismiss(student)

    def _year(self, typed: str) -> int | None:
        bare = typed.lower().removeprefix("year").removeprefix("y").strip()
        if bare and not bare.isdecimal():
            self.query_one("#year", Input).focus()
            raise NotUnderstood(f"“{typed}” is not a year group.", "Type 7 to 13, or leave it empty.")
        return int(bare) if bare else None
