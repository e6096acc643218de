"""The form of a restrictive record: what it was, from when to when, who took part, what led up to it, how it ended.

What the incident answered stands over it: whether force was used, and whether somebody was secluded or kept as a
sanction. The record's own type is chosen here and filled in from nothing.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from psc.clock import minutes_between
from psc.errors import NeedsReason, NotUnderstood, PscError
from psc.incidents.restriction import NEEDED, PLANS, TYPES, Hand, Restriction
from psc.incidents.restrictive import amend_restrictive, write_restrictive
from psc.incidents.typed_hands import HOW, hand_words, hands_typed, read_hands
from psc.overview.restrictive import answered, contradiction
from psc.overview.scene import read_when, when_typed
from psc.text import clean, counted, shown
from psc.tui.aside import typed_in
from psc.tui.dialogs.base import Dialog
from psc.tui.literal import literal
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lines import wrapped
from psc.tui.widgets.long_text import LongText

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult

    from psc.desk.acts import Call
    from psc.incidents.incidents import Incident
    from psc.incidents.restrictive import Restrictive
    from psc.tui.screens.today import Today

_LETTERS = {
    "type": dict(zip("rmsn", TYPES, strict=True)),
    "plan": dict(zip("nfxk", PLANS, strict=True)),
}
"""The letters that stand for a word: r restraint … n non-contact; n none, f followed, x not followed, k not known."""
_LONG = {
    "led_up": "What led up", "deescalation": "De-escalation", "ended_how": "How it ended", "injuries": "Injuries",
    "medical": "Medical", "view": "Student’s view", "witnesses": "Witnesses", "debrief": "Debrief",
}  # fmt: skip
_HINTS = {
    "type": "One letter: what was done. It is not taken from the incident.",
    "starts": "1020 · -8 (minutes ago) · yesterday 1420 · P3",
    "ends": "1024, or how long: 4m. Whole minutes that were over are counted.",
    "place": "The exact place: which corridor, which end of the room.",
    "staff": f"Who took part, and what they did: {HOW}",
    "led_up": "What was going on, and what it was that force or seclusion was to prevent.",
    "deescalation": "What was tried before, and how it was answered.",
    "ended_how": "How and why it ended, and where the student went.",
    "injuries": "Anybody’s, the student’s and the adults’; or “none”.",
    "medical": "Who looked at whom, when, and what was done. May stay empty.",
    "plan": "Whether the student had a plan for such moments, and whether it was kept to.",
    "view": "In their own words. May come later: it can be added.",
    "witnesses": "Who saw it and took no part. May stay empty.",
    "debrief": "With whom and when. May come later: it can be added.",
    "why": "It is kept with your name.",
}
_ORDER = ("type", "starts", "ends", "place", "staff", "led_up", "deescalation", "ended_how", "injuries", "medical",
          "plan", "view", "witnesses", "debrief", "why")  # fmt: skip
_WIDE = 100
"""How wide it is at most."""
_LOW = 30
"""The height below which the fields of several lines get fewer."""


class RestrictiveForm(Dialog[None]):
    """Enter goes on from a line, Tab from a text; F10 saves from anywhere."""

    form = "restrictive"

    def __init__(
        self,
        today: Today,
        incident: Incident,
        student_id: int,
        name: str,
        then: Callable[[int, str], None],
        *,
        amends: Restrictive | None = None,
    ) -> None:
        super().__init__()
        self._behind = today
        self._incident = incident
        self._student = student_id
        self._called = name
        self._then = then
        self._amends = amends
        self._act_id = secrets.token_hex(12)
        self._asks_why = amends is not None
        self._begun_with: Mapping[str, str] = {}

    @property
    def about(self) -> str:
        """The record that is corrected; of a new one, the incident and the student."""
        if self._amends is not None:
            return f"record {self._amends.id}"
        return f"incident {self._incident.id}, student {self._student}"

    # Laying it out

    def compose(self) -> ComposeResult:
        """Lay the fields out in a part that scrolls; what is said, and the keys, stay under it."""
        with Vertical() as box:
            what = "Correct the record" if self._amends else "Force or seclusion"
            box.border_title = literal(f"{what}: {self._called}")
            box.border_subtitle = "Enter, Tab next · F10 save · Esc"
            yield Static("", id="answered", classes="rule")
            with VerticalScroll(id="fields") as fields:
                fields.can_focus = False
                yield from self._lettered("type", "What it was")
                with Horizontal(classes="row"):
                    for name, label in (("starts", "Began"), ("ends", "ended")):
                        yield Static(label, classes="label" if name == "starts" else "label as")
                        yield Input(id=name, max_length=60)
                    yield Static("", id="minutes")
                for name, label in (("place", "Exact place"), ("staff", "Adults")):
                    with Horizontal(classes="row"):
                        yield Static(label, classes="label")
                        yield Input(id=name, max_length=2_000)
                yield Static("", id="hands", classes="under-label")
                for name, label in _LONG.items():
                    if name == "view":
                        yield from self._lettered("plan", "A plan")
                    with Horizontal(id=f"row-{name}", classes="row long") as row:
                        row.styles.height = 1
                        yield Static(label, classes="label")
                        yield LongText(name)
                with Horizontal(id="row-why", classes="row"):
                    yield Static("Why", classes="label")
                    yield Input(id="why", max_length=400)
            yield Static("", id="hint", classes="rule")
            yield Static("", classes="error", id="error")
            yield Bar(id="form-keys")

    def _lettered(self, name: str, label: str) -> ComposeResult:
        with Horizontal(classes="row lettered"):
            yield Static(label, classes="label")
            yield Input(id=name, classes="word", max_length=20)
            yield Bar(id=f"{name}-words")

    def _height(self, name: str) -> int:
        """Return how tall a text is: as long as nobody is in it, no taller than what stands in it."""
        low = self.app.size.height < _LOW
        if self.focused is not None and self.focused.id == name:
            return 5 if low else 8
        return 1 if not self._text(name).strip() else 3 if low else 4

    def _set_heights(self) -> None:
        for name in _LONG:
            self.query_one(f"#row-{name}").styles.height = self._height(name)
        self._fit()

    def fill(self) -> None:
        """Write what stands already; of a new one only what the incident says of time, place and who was involved."""
        for name, letters in _LETTERS.items():
            items = [Item(f"{letter} {word}", press=f"{name}:{word}", key=1) for letter, word in letters.items()]
            self.query_one(f"#{name}-words", Bar).show(items)
        self._begun_with = self._begin()
        for name, text in self._begun_with.items():
            self._write(name, text)
        self.query_one("#row-why").display = self._asks_why
        keys = (Item("F10 save", press="f10", key=3), Item("Esc close", press="escape", key=3))
        self.query_one("#form-keys", Bar).show(keys)
        self.follow()
        self.refuse("")
        self._set_heights()
        self.set_focus(self.query_one("#starts" if self._amends else "#type"), from_app_focus=True)

    def _begin(self) -> dict[str, str]:
        """Return what the fields begin with."""
        file, board, incident = self._behind.desk.file, self._behind.board, self._incident
        now = self._behind.now
        if self._amends is None:
            starts = when_typed(incident.happened, now, board.zone)
            there = [one for one in incident.adults if one.role == "involved"]
            hands = hands_typed(file, [Hand(one.staff_id, one.name, "") for one in there])
            return {"starts": starts, "place": incident.now.place, "staff": hands,
                    "deescalation": incident.now.deescalation}  # fmt: skip
        said = self._amends.now
        return {
            **{name: getattr(said, name) for name in ("type", "place", "plan", *_LONG)},
            "starts": when_typed(said.starts, now, board.zone),
            "ends": when_typed(said.ends, now, board.zone),
            "staff": hands_typed(file, said.staff),
        }

    def refilled(self) -> None:
        """Show what follows from what was brought back."""
        self.query_one("#row-why").display = self._asks_why
        self.follow()
        self._set_heights()

    def on_resize(self) -> None:
        """Use the room there is."""
        if not self.is_aside and self.query("#fields"):
            self._set_heights()

    def _fit(self) -> None:
        """Let the fields have all the height that what stands around them leaves.

        It is worked out, not looked up: what was laid out last is not what stands there next.
        """
        if self.is_aside or not self.query("#fields"):
            return
        under, width = 4, min(_WIDE, self.app.size.width) - 6
        for name, gap in (("answered", 1), ("hint", 1), ("error", 0)):
            said = self.query_one(f"#{name}", Static)
            lines = len(wrapped(str(said.content), width)) if str(said.content) else 0
            said.display = bool(lines) or name == "hint"
            said.styles.height = max(1, lines)
            under += (max(1, lines) if said.display else 0) + gap
        under += 2 * sum(one.display for one in self.query("#draft"))
        self.query_one("#fields").styles.max_height = max(5, self.app.size.height - under)
        self.call_after_refresh(self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        """Scroll to the field that has the focus, now that all have their heights."""
        if not self.is_aside and self.focused is not None and self.focused in self.query("#fields *"):
            self.focused.scroll_visible(animate=False, immediate=True)

    # Fields

    def _text(self, name: str) -> str:
        return typed_in(self.query_one(f"#{name}")) or ""

    def _write(self, name: str, text: str) -> None:
        widget = self.query_one(f"#{name}")
        with self.prevent(Input.Changed):
            if isinstance(widget, Input):
                widget.value = shown(text)
            elif isinstance(widget, LongText):
                widget.load_text(text)

    @on(events.DescendantFocus)
    def hint(self) -> None:
        """Say what fits the field that has the focus."""
        name = self.focused.id or "" if self.focused else ""
        self.query_one("#hint", Static).update(literal(_HINTS.get(name, "")))
        self._set_heights()

    @on(Input.Changed)
    def spell_out(self, event: Input.Changed) -> None:
        """Make a word of its first letter, and go on; say what follows from what is typed."""
        letters = _LETTERS.get(event.input.id or "", {})
        if word := letters.get(event.value.strip().lower()):
            self._take(event.input, word)
        elif event.input.id in ("type", "starts", "ends", "staff"):
            self.follow(event.input.id)

    def _take(self, field: Input, word: str) -> None:
        with field.prevent(Input.Changed):
            field.value = word
        self.follow(field.id or "")
        self._next(field.id or "")

    def follow(self, name: str = "") -> None:
        """Show what follows from a field, or from each: how long it was, how the adults are read, a contradiction."""
        if name in ("", "type"):
            against = contradiction(self._incident, self._text("type"))
            said = self.query_one("#answered", Static)
            said.set_class(bool(against), "error")
            said.update(literal(against or answered(self._incident)))
            self._fit()
        if name in ("", "starts", "ends"):
            self.query_one("#minutes", Static).update(literal(self._lasted()))
        if name in ("", "staff"):
            hands = self.query_one("#hands", Static)
            try:
                read = " · ".join(hand_words(one) for one in read_hands(self._behind.desk.file, self._text("staff")))
            except PscError as error:
                read = error.title
            hands.display = bool(read)
            hands.update(literal(read))

    def _lasted(self) -> str:
        try:
            starts, ends = self._times()
        except PscError:
            return ""
        return counted(minutes_between(starts, ends), "minute") if ends >= starts else "before it began"

    # Keys

    def take_key(self, key: str) -> bool:
        """F10 saves; the arrows go from line to line."""
        if key in ("f10", "ctrl+s"):
            self.save()
            return True
        if key in ("up", "down") and isinstance(self.focused, Input):
            (self.focus_next if key == "down" else self.focus_previous)()
            return True
        return False

    @on(Bar.Pressed)
    def pressed(self, event: Bar.Pressed) -> None:
        """A click on a key, or a word, is the key."""
        event.stop()
        name, _, word = event.press.partition(":")
        if word:
            self._take(self.query_one(f"#{name}", Input), word)
        elif event.press == "f10":
            self.save()
        else:
            self.action_leave()

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Go to the next field; after the last one, save."""
        self._next(event.input.id or "")

    def _next(self, name: str) -> None:
        order = [one for one in _ORDER if one != "why" or self._asks_why]
        place = order.index(name) + 1
        if place < len(order):
            self.query_one(f"#{order[place]}").focus()
        else:
            self.save()

    # Saving

    def _times(self) -> tuple[datetime, datetime]:
        """Return from when to when. The end may be typed as how long: `4m`. Raises what `read_when` does."""
        desk, now = self._behind.desk, self._behind.now
        starts = self._moment("starts")
        ends = self._text("ends").strip()
        if not ends:
            raise NotUnderstood("When did it end?", "Type the time, or how long: 4m.")
        if ends[-1:] in "mM" and ends[:-1].isdecimal():
            return starts, starts + timedelta(minutes=int(ends[:-1]))
        if " " not in ends and " " in self._text("starts").strip() and ends[0].isdecimal():
            ends = f"{self._text('starts').strip().rpartition(' ')[0]} {ends}"
        was = self._amends.now.ends if self._amends and self._text("ends") == self._begun_with.get("ends") else None
        return starts, was or read_when(desk.file, ends, now)

    def _moment(self, name: str) -> datetime:
        """Return when it began. As long as nobody types another time, the very moment that is known."""
        known = self._amends.now.starts if self._amends else self._incident.happened.replace(second=0)
        if self._text(name) == self._begun_with.get(name):
            return known
        return read_when(self._behind.desk.file, self._text(name), self._behind.now)

    def _said(self) -> Restriction:
        """Return what was typed. Raises what does not fit, with its field focused."""
        field = "type"
        try:
            if self._text("type") not in TYPES:
                raise NotUnderstood("Say what it was.", "r restraint, m mechanical, s seclusion, n non-contact.")
            field = "starts"
            self._moment("starts")
            field = "ends"
            starts, ends = self._times()
            field = "staff"
            hands = read_hands(self._behind.desk.file, self._text("staff"))
            if self._amends and self._text("staff") == self._begun_with.get("staff"):
                hands = self._amends.now.staff
            if not hands:
                raise NotUnderstood("Say which adults took part.", f"Each with what they did: {HOW}.")
            for field, what in NEEDED.items():
                if not clean(self._text(field)):
                    raise NotUnderstood(f"Say {what}.", "A sentence is enough.")
            field = "plan"
            if self._text("plan") not in PLANS:
                raise NotUnderstood("Was there a plan?", "n none, f followed, x not followed, k not known.")
        except PscError:
            self.query_one(f"#{field}").focus()
            raise
        words: dict[str, Any] = {name: self._text(name) for name in ("type", "place", "plan", *_LONG)}
        return Restriction(starts=starts, ends=ends, staff=hands, **words)

    def _call(self) -> Call[int]:
        said, why = self._said(), clean(self._text("why"))
        if self._amends is None:
            return write_restrictive(self._incident.id, self._student, said, override=why)
        return amend_restrictive(self._amends.id, said, why, seen=self._amends.versions[-1].id)

    def save(self) -> None:
        """Write it down; what is missing is said, its field has the focus, and everything typed stays."""
        try:
            done = self._behind.desk.do_patiently(self._call(), id=self._act_id, seconds=2)
        except NeedsReason as need:
            self._asks_why = True
            self.query_one("#row-why").display = True
            self.refuse(str(need))
            self.query_one("#why", Input).focus()
        except PscError as error:
            self.refuse(str(error))
        else:
            self.dismiss(None)
            self._behind.reload()
            record = self._amends.id if self._amends else done.value
            self._then(record, "Corrected: what stood there before stays in sight" if self._amends else "Recorded")

    def refuse(self, words: str) -> None:
        """Say why it was not saved; everything typed stays."""
        self.query_one("#error", Static).update(literal(words))
        self._fit()
