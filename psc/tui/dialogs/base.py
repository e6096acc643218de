"""What every dialog shares: how it looks, that Esc closes it, keys that work from any of its fields, and its draft.

A form says its name (`form`) and what it is about (`about`); then what is typed in its fields is kept as a draft while
it is typed, asked about when Esc would leave it, and offered to its author when the form is opened again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from psc.tui.aside import PutAside, choose_again, chosen_in, named, retype, typed_in
from psc.tui.drafting import ASKS, KEPT, NOT_KEPT, Drafting
from psc.tui.widgets.bar import Bar, Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.await_complete import AwaitComplete

    from psc.tui.app import PscApp

T = TypeVar("T")

_EACH = 1.0
"""Seconds between two looks whether something is typed that no draft has yet."""
_FOCUS = "\tfocus"
"""Under which name a draft keeps which field was typed in last; no field is called so."""
_LINE = "draft"
"""The id of the line that offers a draft and asks."""


class Dialog(PutAside[T], ModalScreen[T]):
    """A form or list over the board. Esc closes it; where something is typed, it asks first."""

    CSS_PATH: ClassVar[str] = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False),
        Binding("f5", "bring_draft", "Draft", show=False),
        Binding("ctrl+x", "throw_away", "Throw away", show=False, priority=True),
        Binding("enter", "type_on", "Type on", show=False, priority=True),
    ]
    form: ClassVar[str] = ""
    """The name under which what is typed is kept as a draft; "" where nothing is to be kept."""
    app: PscApp
    _drafting: Drafting | None = None
    _begun: Mapping[str, str] | None = None
    """What stood in the fields at first: somebody has typed once it is other than that."""
    _asking = False

    @property
    def about(self) -> str:
        """What it is about, so that a draft is offered where it fits: a student's number in the file, a room's."""
        return ""

    def settled(self) -> Mapping[str, str]:
        """Return what was settled on besides what stands in the fields, for the draft."""
        return {}

    def settle(self, draft: Mapping[str, str]) -> None:
        """Settle on what a draft says besides what stands in the fields."""

    def on_mount(self) -> None:
        """Write what the fields begin with, and offer what was left of the form."""
        self.fill()
        if self.form and self.app.session is not None:
            self._drafting = Drafting(self.app.session.desk, self.form, self.about)
            self._begun = self._in_fields()
            self.set_interval(_EACH, self.keep_draft)
            self._show_line()

    # The draft

    def _in_fields(self) -> dict[str, str]:
        """Return what stands in the fields."""
        return {name: text for name, one in named(self).items() if (text := typed_in(one)) is not None}

    @property
    def _is_typed(self) -> bool:
        return self._begun is not None and self._in_fields() != self._begun

    def keep_draft(self) -> bool:
        """Keep what is typed and not saved; returns whether nothing of it would be lost now."""
        if self._drafting is None or self.is_aside:
            return True
        if not self._is_typed:
            return self._drafting.keep({})
        widgets = named(self)
        chosen = {name: words for name, one in widgets.items() if (words := chosen_in(one)) is not None}
        focus = next((name for name, one in widgets.items() if one is self.focused), "")
        return self._drafting.keep({**chosen, **self._in_fields(), **self.settled(), _FOCUS: focus})

    async def put_aside(self) -> None:
        """Keep the draft as well: the machine may be switched off before anybody comes back."""
        self.keep_draft()
        await super().put_aside()

    async def bring_back(self) -> None:
        """Ask again what was asked."""
        await super().bring_back()
        self._show_line()

    def may_quit(self) -> bool:
        """Say whether psc may be left now: what is typed is kept, and where it cannot be, it is said once."""
        return self.keep_draft() or not self._ask_first()

    def _show_line(self) -> None:
        """Show the line that asks, or offers what was left, while there is something to ask or offer."""
        items: Sequence[Item] = ()
        if self._asking:
            items = ASKS
        elif self._drafting is not None and not self._is_typed:
            items = self._drafting.offer()
        found = self.query(f"#{_LINE}")
        if not found and items:
            line = DraftLine(id=_LINE)
            self.query(Vertical).first().mount(line, before=0)  # at the top it is in sight on the smallest screen
        elif found:
            line = found.first(DraftLine)
            line.display = bool(items)
        else:
            return
        line.show(items)

    @on(Input.Changed)
    def _typed_on(self) -> None:
        """Whoever types on has answered."""
        self._asking = False
        self._show_line()

    def on_text_area_changed(self) -> None:
        """The same in a field of several lines."""
        self._typed_on()

    def press_line(self, key: str) -> None:
        """Do what a key means that the line shows."""
        actions = {
            "escape": self.action_leave,
            "f5": self.action_bring_draft,
            "enter": self.action_type_on,
            "ctrl+x": self.action_throw_away,
        }
        actions[key]()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let Enter and Ctrl+X be the fields' own keys while nothing is asked."""
        return self._asking if action in ("throw_away", "type_on") else True

    def action_bring_draft(self) -> None:
        """Write what was left of the form into its fields, and go on in the one that was typed in last."""
        if self._drafting is None or self._drafting.offered is None or self._is_typed:
            return
        draft, widgets = self._drafting.offered.typed, named(self)
        with self.prevent(Input.Changed):
            for name, widget in widgets.items():
                if name in draft and typed_in(widget) is not None:
                    retype(widget, draft[name])
        self.settle(draft)
        if (last := widgets.get(draft.get(_FOCUS, ""))) is not None:
            self.set_focus(last, from_app_focus=True)
        self.refilled()
        for name, widget in widgets.items():
            if name in draft:
                choose_again(widget, draft[name])
        self._show_line()

    def action_leave(self) -> None:
        """Close; where something is typed, ask first, and the second time keep it as a draft."""
        if self._is_typed and not self._asking:
            self._ask_first()
        elif self.keep_draft():
            kept = self._is_typed
            super().dismiss(None)
            if kept and (say := getattr(self.app.screen, "say", None)):
                say(KEPT)
        else:
            self.query_one(f"#{_LINE}", DraftLine).show([Item(NOT_KEPT, "alarm"), *ASKS[2:]])

    def _ask_first(self) -> bool:
        """Ask what is to become of what is typed; returns whether it was not asked already."""
        first, self._asking = not self._asking, True
        self._show_line()
        return first

    def action_type_on(self) -> None:
        """Go on where the typing stopped."""
        self._asking = False
        self._show_line()

    def action_throw_away(self) -> None:
        """Close, and keep nothing."""
        self.dismiss(None)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with an answer: what was typed is saved, or not wanted, and its draft goes with it."""
        if self._drafting is not None:
            self._drafting.end()
        return super().dismiss(result)

    def on_key(self, event: events.Key) -> None:
        """Give the dialog's own keys their meaning, whichever field has the focus."""
        if self.take_key(event.key):
            event.stop()

    def take_key(self, key: str) -> bool:
        """Do what a key means in this dialog; returns whether it meant anything."""
        return False


class DraftLine(Bar):
    """The line that offers a draft and asks; a click on it is the key it shows, and no other line's."""

    def on_bar_pressed(self, event: Bar.Pressed) -> None:
        """Press the key."""
        event.stop()
        if isinstance(self.screen, Dialog):
            self.screen.press_line(event.press)
