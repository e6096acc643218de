"""A form of a few fields over the settings: typed, read field by field, saved as one act."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from psc.errors import NeedsReason, NotUnderstood, PscError
from psc.text import clean, shown
from psc.tui.aside import is_area
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal
from psc.tui.widgets.bar import Bar, Item

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

_COUNTED = 1_000
WHY = "why"
"""The field that appears when a rule may be gone over with a reason."""


class Field(NamedTuple):
    """One field: what stands in it, what to type, and how what was typed is read. `lines`: how tall, if not 1.

    `longest` is how many characters it takes: more than are kept, where too many are to be refused rather than cut.
    What is told at length (over 1,000) is counted as it is typed.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    read: Callable[[str], object] = clean
    lines: int = 1
    longest: int = 200


class Typed(NamedTuple):
    """What was typed, read; `why` is the reason for going over a rule, `act_id` names the try."""

    values: Mapping[str, Any]
    why: str
    act_id: str


class FieldForm(Dialog[None]):
    """Enter goes on and saves from the last field; F10 saves from anywhere; Esc asks before it drops what was typed.

    `save` does the act and returns what to say of it; `preview`, where there is one, says first what it comes to.
    """

    form = "fields"

    @property
    def about(self) -> str:
        """What its title says."""
        return self._title

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Callable[[Typed], str],
        then: Callable[[str], None],
        *,
        preview: Callable[[Typed], Sequence[str]] | None = None,
        note: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._fields = tuple(fields)
        self._save_it = save
        self._then = then
        self._preview = preview
        self._note = note
        self._act_id = secrets.token_hex(12)
        self._asks_why = False
        self._seen: Mapping[str, str] | None = None
        """What was typed when the preview was shown, or when Esc was pressed first."""

    def compose(self) -> ComposeResult:
        """Lay the fields out, one above the other, with what to type in the present one under them."""
        with Vertical() as box:
            box.border_title = literal(self._title)
            box.border_subtitle = "Enter next · F10 save · Esc"
            if self._note:
                yield Static(literal(self._note), classes="note")
            for one in self._fields:
                with Horizontal(id=f"row-{one.name}", classes="row" if one.lines == 1 else "rows") as row:
                    row.styles.height = one.lines
                    yield Static(literal(one.label), classes="label")
                    yield self._widget(one)
            with Horizontal(id=f"row-{WHY}", classes="row"):
                yield Static("Why", classes="label")
                yield Input(id=WHY, max_length=200)
            yield Static("", classes="hint", id="hint")
            yield Static("", classes="error", id="error")
            yield Bar(id="form-keys")

    def _widget(self, one: Field) -> Widget:
        if one.lines == 1:
            return Input(id=one.name, max_length=one.longest)
        if one.longest > _COUNTED:
            from psc.tui.widgets.long_text import LongText

            return LongText(one.name, one.longest)
        from psc.tui.widgets.paragraphs import Paragraphs

        return Paragraphs(one.name)

    def fill(self) -> None:
        """Write what stands in the fields."""
        for one in self._fields:
            self._write(one.name, one.value)
        self.query_one(f"#row-{WHY}").display = self._asks_why
        keys = (Item("F10 save", press="f10", key=3), Item("Esc close", press="escape", key=3))
        self.query_one("#form-keys", Bar).show(keys)
        first = self.query_one(f"#{self._fields[0].name}")
        first.focus()
        if isinstance(first, Input):  # it had the focus before there was anything to select
            first.action_select_all()

    # Fields

    def _write(self, name: str, text: str) -> None:
        widget = self.query_one(f"#{name}")
        if isinstance(widget, Input):
            widget.value = shown(text)
        elif is_area(widget):
            widget.load_text(text)

    def _raw(self) -> dict[str, str]:
        """Return what stands in the fields, as typed."""
        made = {}
        for name in (*(one.name for one in self._fields), WHY):
            widget = self.query_one(f"#{name}")
            made[name] = widget.value if isinstance(widget, Input) else getattr(widget, "text", "")
        return made

    def _typed(self) -> Typed | None:
        """Return what was typed, read; None when a field cannot be read: it says so and has the focus."""
        raw, values = self._raw(), {}
        for one in self._fields:
            try:
                values[one.name] = one.read(raw[one.name])
            except PscError as error:
                self.refuse(str(error))
                self.query_one(f"#{one.name}").focus()
                return None
        return Typed(values, clean(raw[WHY]), self._act_id)

    @on(events.DescendantFocus)
    def hint(self) -> None:
        """Say what fits the field that has the focus."""
        found = next((one for one in self._fields if self.focused and one.name == self.focused.id), None)
        self.query_one("#hint", Static).update(literal(found.hint if found else ""))

    def refuse(self, words: str) -> None:
        """Say why it was not saved; everything typed stays."""
        self._say(words, alarm=True)

    def _say(self, words: str, *, alarm: bool) -> None:
        shown = self.query_one("#error", Static)
        shown.set_class(alarm, "error")
        shown.update(literal(words))

    # Keys

    def take_key(self, key: str) -> bool:
        """F10 saves; the arrows go from field to field."""
        if key in ("f10", "ctrl+s"):
            self.save()
            return True
        if key in ("up", "down") and isinstance(self.focused, Input):
            (self.focus_next if key == "down" else self.focus_previous)()
            return True
        return False

    @on(Bar.Pressed)
    def pressed(self, event: Bar.Pressed) -> None:
        """A click on a key is the key."""
        event.stop()
        self.save() if event.press == "f10" else self.action_leave()

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Go to the next field; after the last one, save."""
        names = [*(one.name for one in self._fields), *([WHY] if self._asks_why else [])]
        place = names.index(event.input.id or "") + 1
        if place < len(names):
            self.query_one(f"#{names[place]}").focus()
        else:
            self.save()

    def save(self) -> None:
        """Do the act; where there is something to see first, say it and wait for F10 once more."""
        typed = self._typed()
        if typed is None:
            return
        raw = self._raw()
        try:
            if self._preview and self._seen != raw:
                words = self._preview(typed)
                self._seen = raw
                self._say("\n".join([*words, "F10 again saves."]), alarm=False)
                return
            said = self._save_it(typed)
        except NeedsReason as need:
            self._asks_why = True
            self.query_one(f"#row-{WHY}").display = True
            self.refuse(str(need))
            self.query_one(f"#{WHY}").focus()
        except PscError as error:
            self.refuse(str(error))
        else:
            self.dismiss(None)
            self._then(said)


# How common fields are read


def yes_or_no(text: str) -> bool:
    """Read `yes` or `no`, or their first letter. Raises `NotUnderstood`."""
    word = text.strip().lower()
    if word and "yes".startswith(word):
        return True
    if word and "no".startswith(word):
        return False
    raise NotUnderstood("Type yes or no.")


def said_yes(value: bool) -> str:
    """Return how a field shows yes or no."""
    return "yes" if value else "no"


def whole_number(text: str) -> int:
    """Read a whole number. Raises `NotUnderstood`."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 6):
        raise NotUnderstood(f"“{typed}” is not a number.", "Type figures only.")
    return int(typed)
