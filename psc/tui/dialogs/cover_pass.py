"""The form for a cover pass: whose it is, for which rooms; then its code and PIN, once."""

from __future__ import annotations

import re
import secrets as chance
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Digits, Input, OptionList, Static
from textual.widgets.option_list import Option

from psc.clock import school_day, wall
from psc.desk.passes import Pass, end_pass, issue_pass, passes_on, rooms_words, the_pass
from psc.desk.secrets import hash_passphrase, new_pin
from psc.errors import PscError
from psc.overview.cells import cut
from psc.school.rooms import room_by_code, rooms
from psc.text import clean
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal

if TYPE_CHECKING:
    from datetime import date

    from textual.app import ComposeResult

    from psc.tui.app import PscApp
    from psc.tui.screens.today import Today

PIN_SECONDS = 60
"""How long a PIN stands on the screen by itself: long enough to write it down."""
_FIELDS = {"name": "Name", "agency": "Agency", "rooms": "Rooms"}


class CoverPassForm(Dialog[None]):
    """Three fields, of which only the name is needed; below them today's passes."""

    shows_names = False
    form = "cover pass"

    def __init__(self, today: Today) -> None:
        super().__init__()
        self._behind = today
        self._passes: tuple[Pass, ...] = ()
        self._codes = {room.id: room.code for room in rooms(today.desk.file)}
        # The same for every try of this form, so that a try that was written after all gives no second pass.
        self._act_id, self._pin = chance.token_hex(12), new_pin()

    @property
    def _day(self) -> date:
        desk = self._behind.desk
        return school_day(desk.clock.now(), desk.file.zone)

    def compose(self) -> ComposeResult:
        """Lay it out: the fields, and the list."""
        hints = {"name": "needed: Pat Lewis", "agency": "", "rooms": f"all, or {' '.join(self._codes.values())}"}
        with Vertical() as box:
            box.border_title = "Cover pass, until the end of today"
            box.border_subtitle = "Enter next · F10 give the pass · Esc"
            for name, label in _FIELDS.items():
                with Horizontal(classes="row"):
                    yield Static(label, classes="label")
                    yield Input(id=name, max_length=60, placeholder=hints[name])
            yield Static("", classes="error", id="error")
            yield Static("", classes="label", id="given")
            yield OptionList(id="passes")

    def fill(self) -> None:
        """List today's passes; the name is asked first."""
        self._list()
        self.query_one("#name", Input).focus()

    def _list(self) -> None:
        """List them; those that were ended stay in sight."""
        desk = self._behind.desk
        try:
            self._passes = passes_on(desk.file, self._day, desk.staff())
        except PscError as error:
            self._refuse(str(error))
        shown = self.query_one("#passes", OptionList)
        place = shown.highlighted
        shown.clear_options()
        shown.add_options([Option(literal(self._words(one))) for one in self._passes])
        shown.display = bool(self._passes)
        shown.highlighted = min(place or 0, len(self._passes) - 1) if self._passes else None
        words = "Given today · ↓ goes there, Del ends one" if self._passes else "None was given today."
        self.query_one("#given", Static).update(literal(words))

    def _words(self, one: Pass) -> str:
        zone = self._behind.desk.file.zone
        who = f"{one.name}, {one.agency}" if one.agency else one.name
        when = f"ended {wall(one.ended, zone)}" if one.ended else f"given {wall(one.issued, zone)} by {one.by}"
        return f"{cut(one.code, 4)} {cut(who, 26)} {cut(rooms_words(one, self._codes), 11)} {when}"

    def _refuse(self, words: str) -> None:
        self.query_one("#error", Static).update(literal(words))

    # Keys

    def take_key(self, key: str) -> bool:
        """F10 saves; the arrows go between the fields and the list; Delete ends the pass under the cursor."""
        listed = self.query_one("#passes", OptionList)
        fields = [self.query_one(f"#{name}", Input) for name in _FIELDS]
        match key:
            case "f10" | "ctrl+s":
                self._save()
            case "delete" | "backspace" if self.focused is listed:
                self._end()
            case "down" if self.focused in fields:
                place = fields.index(self.focused) + 1
                (fields[place] if place < len(fields) else listed if self._passes else fields[-1]).focus()
            case "up" if self.focused in fields:
                fields[max(0, fields.index(self.focused) - 1)].focus()
            case "up" if self.focused is listed and not listed.highlighted:
                fields[-1].focus()
            case _:
                return False
        return True

    @on(Input.Submitted)
    def _on(self, event: Input.Submitted) -> None:
        """Go to the next field; after the last one, give the pass."""
        names = list(_FIELDS)
        place = names.index(event.input.id or "") + 1
        if place < len(names):
            self.query_one(f"#{names[place]}", Input).focus()
        else:
            self._save()

    # Doing

    def _save(self) -> None:
        """Give the pass, and show its PIN once; an error stands by in plain words."""
        desk = self._behind.desk
        typed = {name: clean(self.query_one(f"#{name}", Input).value) for name in _FIELDS}
        field = "rooms"
        try:
            wanted = [room_by_code(desk.file, code).id for code in _room_codes(typed["rooms"])]
            field = "name"
            call = issue_pass(typed["name"], hash_passphrase(self._pin), agency=typed["agency"], rooms=wanted)
            code = desk.do_patiently(call, id=self._act_id, seconds=2).value
            one = the_pass(desk.file, code, self._day, desk.staff())
        except PscError as error:
            self._refuse(str(error))
            self.query_one(f"#{field}", Input).focus()
            return
        self.dismiss(None)
        where = rooms_words(one, self._codes)
        self._behind.reload()
        self._behind.say(f"{code} given to {one.name} for {where}, until the end of today · u undoes")
        self._behind.app.push_screen(PinShown(f"{one.name} · {where}", code, self._pin))

    def _end(self) -> None:
        """End the pass under the cursor."""
        place = self.query_one("#passes", OptionList).highlighted
        if place is None:
            return
        one = self._passes[place]
        try:
            self._behind.desk.do_patiently(end_pass(one.staff_id), seconds=2)
        except PscError as error:
            self._refuse(str(error))
        else:
            self._refuse("")
            self._behind.say(f"{one.code} of {one.name} ended · u undoes")
        self._list()


def _room_codes(typed: str) -> list[str]:
    """Return the codes of rooms as they are typed: `IER`, `ier, psc`, `IER and PSC`; none for all rooms."""
    words = [one for one in re.split(r"[\s,;+&]+", typed) if one and one.casefold() != "and"]
    return [] if [one.casefold() for one in words] in (["all"], ["all", "rooms"]) else words


class PinShown(Dialog[None]):
    """A code and a PIN, big enough to be copied by hand. Gone with Enter, after a minute, or when the desk is left."""

    app: PscApp
    comes_back = False
    shows_names = False
    ALLOW_SELECT = False

    def __init__(self, whose: str, code: str, pin: str) -> None:
        super().__init__()
        self._whose = whose
        self._code = code
        self._pin = pin

    def compose(self) -> ComposeResult:
        """Lay it out: whose it is, and what they type at the gate."""
        pin = f"{self._pin[:3]} {self._pin[3:]}"
        with Vertical() as box:
            box.border_title = "Write this down: it is not shown again"
            box.border_subtitle = "Enter: written down"
            box.can_focus = True
            yield Static(literal(self._whose))
            for name, shown in (("Code", self._code), ("PIN", pin)):
                with Horizontal(classes="big"):
                    yield Static(name, classes="label")
                    if self.app.preferences.glyphs == "letters":
                        yield Static(" ".join(shown), classes="letters")
                    else:
                        yield Digits(shown)
            yield Static(literal(f"{self._code} · {pin}, typed without the space"), classes="label")

    def fill(self) -> None:
        """Take it away after a while."""
        self.set_timer(PIN_SECONDS, self.action_leave)

    def take_key(self, key: str) -> bool:
        """Enter closes it, as Esc does; typing on does not."""
        if key == "enter":
            self.action_leave()
        return True
