"""A page over the board: a title, lines, one line to speak and ask on, keys. The room's alarms stay on the top line."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from psc.desk.acts import undo
from psc.errors import NeedsReason, NotAllowed, PscError
from psc.text import clean
from psc.tui import frame
from psc.tui.aside import PutAside
from psc.tui.drafting import KEPT, NOT_KEPT, LongAnswer
from psc.tui.keys import handle_prompt
from psc.tui.prompts import Entry
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.lines import Line, Lines

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget

    from psc.desk.acts import Call
    from psc.tui.prompts import Prompt
    from psc.tui.screens.today import Today


class PageKey(NamedTuple):
    """A key of a page: as Textual names it, as people read it, its word, what it does, and why it cannot be used."""

    key: str
    letter: str
    words: str
    run: Callable[[], None]
    why_not: str = ""


MOVES = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -10_000, "end": 10_000}
"""How many lines each key of movement goes down."""


class Page(PutAside[None]):
    """What pages share. A page says its title, its lines and its keys; Esc goes back to the board."""

    CSS_PATH = "page.tcss"
    AUTO_FOCUS = "Lines"
    title_words: ClassVar[str] = ""
    nothing_done: ClassVar[str] = "Nothing has been done on this page."
    undone: ClassVar[str] = "Undone: it is as it was before."
    tab: ClassVar[str] = ""
    """Its key among the screens beside the board; "" for a page that is opened for one thing."""

    def __init__(self, today: Today) -> None:
        super().__init__()
        self.today = today
        self.desk = today.desk
        self.prompt: Prompt | None = None
        self.said: tuple[str, str] = ("", "plain")
        self._covered = False
        self._long: LongAnswer | None = None
        """The long answer that is being typed."""
        self._to_undo = 0

    # What a page says of itself

    def title_items(self) -> Sequence[Item]:
        """Return the line under the top line."""
        return [Item(self.title_words, bold=True)]

    def lines(self) -> Sequence[Line]:
        """Return what stands on the page; nothing where a page draws a body of its own."""
        return ()

    def look(self) -> None:
        """Read what the page shows, once for each painting."""

    def keys(self) -> Sequence[PageKey]:
        """Return the keys of the page as they stand for the line under the cursor."""
        return ()

    def enter(self) -> None:
        """Do what Enter, or a double click, means on the current line."""

    # Showing

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Bar(id="top", gap=1)
        if self.tab:
            yield Bar(id="tabs")
        yield Bar(id="title")
        yield self.body()
        yield Bar(id="says")
        yield Bar(id="keys")

    def body(self) -> Widget:
        """Return what stands between the title and the line that speaks."""
        return Lines(id="lines")

    @property
    def listed(self) -> Lines:
        """The lines in which the arrows move."""
        return self.query_one(Lines)

    def show_body(self) -> None:
        """Show what stands there now."""
        self.listed.show(self.lines())

    def says_items(self) -> Sequence[Item]:
        """Return what the line says while nothing is asked."""
        return frame.said_items(self)

    def on_mount(self) -> None:
        """Show it, and follow the clock and other terminals."""
        self.set_interval(1, self._each_second)
        self.paint()

    @property
    def current(self) -> Any:
        """The key of the line under the cursor, None when there is none."""
        return self.listed.current

    def _each_second(self) -> None:
        """Let nothing be read, or written, for a page that nobody sees."""
        if not self.is_aside:
            self._keep_answer()
            self.tick()

    def tick(self) -> None:
        """Follow the clock and other terminals."""
        self.paint()

    def fill(self) -> None:
        """Show everything, after the page was brought back."""
        self.paint()

    async def put_aside(self) -> None:
        """Keep the draft of a long answer as well: the machine may be switched off before anybody comes back."""
        self._keep_answer()
        await super().put_aside()

    async def bring_back(self) -> None:
        """Show the keys of the line that the cursor is on again."""
        await super().bring_back()
        self.paint()

    def paint(self) -> None:
        """Show everything as it stands; what cannot be read stays as it was, and the page says why."""
        if not self.is_mounted or not self.is_running or self.is_aside:
            return
        try:
            self._show_all()
        except NotAllowed as error:  # the role has changed since it opened
            self.today.close_all()
            self.today.refuse(str(error))
        except PscError as error:
            self.said = (str(error), "alarm")
            self.query_one("#says", Bar).show(frame.said_items(self))

    def _show_all(self) -> None:
        self.look()
        short = self.app.size.width < 100
        self.query_one("#top", Bar).show(*frame.top_items(self.today, short=short))
        if self.tab:
            tabs = self.query_one("#tabs", Bar)
            tabs.display = self.app.size.height >= frame.LOW_BELOW
            tabs.show(frame.tab_items(self.today, self.tab))
        self.show_body()
        self.query_one("#title", Bar).show(self.title_items())
        offer = self._long.offer(self.prompt) if self._long else ()
        asks = [*offer, *frame.prompt_items(self.prompt)] if self.prompt else self.says_items()
        self.query_one("#says", Bar).show(asks)
        items = [
            Item(
                f"{one.letter} {one.words}".rstrip(),
                "quiet" if one.why_not else "plain",
                press=one.key,
                key=len(one.letter),
            )
            for one in self.keys()
        ]
        self.query_one("#keys", Bar).show([*items, Item("Esc back", press="escape", key=3)])

    # Speaking, asking, doing

    def say(self, words: str, tone: str = "quiet") -> None:
        """Show words in the line under the list."""
        self.said = (words, tone)
        self.paint()

    def refuse(self, words: str) -> None:
        """Show why something was not done."""
        self.say(words, "alarm")

    def ask(self, prompt: Prompt) -> None:
        """Ask on the line under the list. What was left of a long answer is offered when it is asked for."""
        asked, self.prompt = self.prompt, prompt
        about = getattr(prompt, "about", "")
        if isinstance(prompt, Entry) and about and about != getattr(asked, "about", ""):
            self._long = LongAnswer(self.desk, prompt)
        self.paint()

    # The draft of a long answer

    def _keep_answer(self) -> bool:
        """Keep what is typed of it; returns whether nothing of it would be lost now."""
        return self._long is None or self._long.keep(self.prompt)

    def answer_saved(self) -> None:
        """Take the draft of the long answer away: what it says is saved."""
        if self._long is not None:
            self._long.drop()
            self._long = None

    def _answer(self, key: str, character: str | None) -> None:
        """Hand a key to the question; a long answer that is given up stays as a draft."""
        long = self._long
        if long is None or key not in ("f5", "escape", "enter"):
            handle_prompt(self, key, character)
        elif key == "f5" and self.prompt is not None:
            self.ask(long.brought_back(self.prompt))
        elif long.keep(self.prompt) or key == "enter":
            typed = long.is_typed(self.prompt)
            handle_prompt(self, key, character)
            if key == "escape":
                self._long = None
                self.say(KEPT if typed else "")
        else:
            self.refuse(NOT_KEPT)

    def do(
        self, calls: Callable[[str], list[Call[Any]]], said: str | Callable[[], str], *, why: str = "", id: str = ""
    ) -> None:
        """Do an act and say so. `calls` makes it, given the reason for going over a rule, which is asked for.

        `said` may be worked out once it is done.
        """
        act_id = id or secrets.token_hex(12)
        try:
            self.desk.do_patiently(*calls(why), id=act_id, seconds=2)
        except NeedsReason as need:
            again = partial(self.do, calls, said)
            self.ask(Entry(need.title, need.remedy, lambda typed: again(why=typed)))
        except PscError as error:
            self.refuse(str(error))
        else:
            self.today.reload()
            self.say(said if isinstance(said, str) else said())

    def did(self, said: str) -> None:
        """Say what was done on this page, which `undo_here` takes back."""
        self._to_undo += 1
        self.today.reload()
        self.say(f"{said} · u undoes")

    def to_undo(self, said: str) -> str:
        """Return what is said of an act that was just done on this page, which `undo_here` takes back."""
        self._to_undo += 1
        return said

    def undo_here(self) -> None:
        """Take back what was done on this page last; an act of the door is not undone from here unseen."""
        if not self._to_undo:
            self.refuse(f"{self.nothing_done} u on the board undoes what was done there.")
            return
        self.do(lambda _: [undo()], self.undone)
        self._to_undo -= self.said[1] != "alarm"

    # Keys and mouse

    def on_key(self, event: events.Key) -> None:
        """Take every key of the page."""
        event.stop()
        event.prevent_default()
        self.press(event.key, event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the question that is asked, on one line: a link is copied, never typed."""
        event.stop()
        if isinstance(self.prompt, Entry) and self.still_here() and isinstance(self.prompt, Entry):
            self.ask(self.prompt.typed(clean(event.text)))

    def still_here(self) -> bool:
        """Follow what another terminal has written; say whether the page is still the role's, from this key on."""
        before = self.today.staff
        try:
            self.today.catch_up()
            if self.today.staff != before:
                self.paint()
        except PscError as error:
            self.today.refuse(str(error))
        return self.app.screen is self

    def press(self, key: str, character: str | None = None) -> None:
        """Do what a key means here and now."""
        if not self.still_here():
            return
        if self.prompt is not None:
            self._answer(key, character)
        elif key in MOVES:
            self.listed.move(MOVES[key])
            self.paint()
        elif self.tab and key in frame.tab_keys(self.today):
            self.go_to_tab(key)
        elif key == "escape":
            self.leave()
        elif key == "enter":
            self.enter()
        else:
            chosen = next((one for one in self.keys() if one.key == key), None)
            if chosen is None:
                if key == "E":
                    self._open_roll()
                return
            if chosen.why_not:
                self.refuse(f"{chosen.words}: {chosen.why_not}.")
            else:
                self.said = ("", "plain")
                chosen.run()
                self.paint()

    def unsaved(self) -> str:
        """Say what is typed on the page and not saved, "" for nothing."""
        return ""

    def may_quit(self) -> bool:
        """Say whether psc may be left now. What is typed and not saved is said first; the same again leaves."""
        self._keep_answer()
        unsaved = self.unsaved()
        if not unsaved or self.said[0].startswith(unsaved):
            return True
        self.prompt = None
        self.refuse(f"{unsaved}: Ctrl+Q again leaves psc without it.")
        return False

    def _open_roll(self) -> None:
        """Open the evacuation roll from wherever somebody is: in a fire nobody looks for the way back first."""
        from psc.tui.screens.roll import RollPage

        if not isinstance(self, RollPage):
            self.app.push_screen(RollPage(self.today))

    def leave(self) -> None:
        """Go back to the board."""
        self.dismiss(None)

    def go_to_tab(self, key: str) -> None:
        """Go to another of the screens beside the board, or to the board."""
        if key != self.tab:
            self.leave()
            if key != "1" and self.app.screen is self.today:
                self.today.press(key)

    def on_bar_pressed(self, message: Bar.Pressed) -> None:
        """A click on a bar is the key it shows; what the top line shows leads from here to the board."""
        press = message.press
        if self.tab and self.prompt is None and press in frame.tab_keys(self.today):
            self.go_to_tab(press)
            return
        leads = {item.press for item in frame.top_items(self.today, short=True)[1]} - {"", "E"}
        if self.prompt is None and press in leads and press not in {one.key for one in self.keys()}:
            self.leave()
            if self.app.screen is self.today:
                self.today.on_bar_pressed(message)
            return
        self.press(press, press if len(press) == 1 else None)

    def on_lines_pressed(self, message: Lines.Pressed) -> None:
        """A second click opens a line."""
        self.paint()
        if message.twice:
            self.enter()

    def on_resize(self) -> None:
        """Use the room there is."""
        self.paint()

    def on_screen_suspend(self) -> None:
        """Note that something stands over the page."""
        self._covered = True

    def on_screen_resume(self) -> None:
        """Show what was changed by what stood over the page."""
        if self._covered:
            self._covered = False
            self.paint()
