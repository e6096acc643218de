"""Visits that an earlier day left open: listed, for a coordinator's decision. Nothing closes by itself."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from psc.clock import at_clock, typed_moment, wall
from psc.desk.permissions import may
from psc.errors import PscError
from psc.overview.within import open_visits_for
from psc.roster.movements import Destination
from psc.roster.open_visits import OpenVisit, close_visit
from psc.text import clean
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from psc.tui.screens.today import Today


class VisitsDialog(Dialog[None]):
    """Choose a visit, type when the student left and why it is entered now."""

    form = "visits"

    def __init__(self, today: Today) -> None:
        super().__init__()
        self._behind = today
        self._may = may("close_visit", today.staff)
        self._visits: tuple[OpenVisit, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay it out: the list, and for those who may decide, the time and the reason."""
        with Vertical() as box:
            box.border_title = "Never signed out"
            box.border_subtitle = "Enter saves · Esc"
            yield OptionList()
            yield Static("When did they leave (1505)?", classes="label")
            yield Input(id="time", max_length=8)
            yield Static("Why is it entered now?", classes="label")
            yield Input(id="why", max_length=200)
            yield Static("", classes="error", id="error")

    def fill(self) -> None:
        """List them. Who may not decide sees the list only."""
        if not self._may:
            for field in (*self.query(Input), *self.query(".label")):
                field.display = False
            self.query_one("#error", Static).update("A coordinator or the behaviour lead decides.")
        self._list()

    def refilled(self) -> None:
        """Say so when another terminal has closed the last of them."""
        if not self._visits:
            self.query_one("#error", Static).update("Every one of them is closed by now. Esc")

    def _list(self) -> bool:
        """List those that are left; returns whether there are any."""
        desk = self._behind.desk
        self._visits = open_visits_for(desk.file, self._behind.board.day.day, desk.staff())
        options = self.query_one(OptionList)
        options.clear_options()
        for one in self._visits:
            since = wall(one.since, desk.file.zone)
            words = f"{one.day:%a} {one.day.day} {one.day:%b}  {one.name}  {one.room}: {one.last} since {since}"
            options.add_option(Option(literal(words)))
        if self._visits:
            options.highlighted = 0
        return bool(self._visits)

    @on(OptionList.OptionSelected)
    def chosen(self) -> None:
        """Go on to the time."""
        if self._may:
            self.query_one("#time", Input).focus()

    @on(Input.Submitted, "#time")
    def timed(self) -> None:
        """Go on to the reason."""
        self.query_one("#why", Input).focus()

    @on(Input.Submitted, "#why")
    def save(self) -> None:
        """Close the visit, and go on with those that are left."""
        desk = self._behind.desk
        place = self.query_one(OptionList).highlighted
        error = self.query_one("#error", Static)
        if place is None:
            error.update("Choose the visit first." if self._visits else "Every one of them is closed by now. Esc")
            return
        visit = self._visits[place]
        try:
            late = at_clock(visit.day, time(23, 59), desk.file.zone)
            at = typed_moment(self.query_one("#time", Input).value or "?", late, desk.file.zone)
            why = clean(self.query_one("#why", Input).value)
            desk.do_patiently(close_visit(visit.visit_id, at, Destination.END_OF_DAY, why), seconds=2)
        except PscError as refused:
            error.update(literal(str(refused)))
            return
        error.update("")
        for field in self.query(Input):
            field.value = ""
        self.query_one(OptionList).focus()
        if not self._list():
            self.dismiss(None)
