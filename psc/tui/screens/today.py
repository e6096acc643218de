"""Today: the room board, the screen that is open all day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from textual import events, work
from textual.containers import Horizontal

from psc.clock import school_day, wall
from psc.database.file import opened
from psc.desk.people import SYSTEM
from psc.desk.permissions import may
from psc.errors import NotAllowed, NotUnderstood, PscError
from psc.overview.cells import full_width
from psc.overview.initials import Veil, in_initials
from psc.overview.read_board import read_board
from psc.overview.referrals import to_decide
from psc.overview.register import closed_between
from psc.overview.within import open_visits_for, stranded_for, timeline_for
from psc.school.calendar import academic_year_start
from psc.tui import frame, going
from psc.tui.aside import PutAside
from psc.tui.commands.board import BY_KEY
from psc.tui.commands.things import OFFERED
from psc.tui.details import details
from psc.tui.doing import do_act
from psc.tui.keys import handle_marking, handle_prompt, handle_typing
from psc.tui.machine import BoardState, Key, Mode
from psc.tui.morning import MorningSheets
from psc.tui.opening import open_private
from psc.tui.widgets.bar import Bar
from psc.tui.widgets.board import BoardView
from psc.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from psc.desk.acts import Call, Desk
    from psc.desk.people import Staff
    from psc.overview.board import Board, RowNow
    from psc.overview.timeline import Entry
    from psc.school.rooms import Room
    from psc.tui.app import PscApp
    from psc.tui.prompts import Prompt

OPEN_FOR = timedelta(seconds=30)
"""How long private words stay on the screen."""
PANE_WIDTH = 34
"""What the pane needs, with the board's own margins. It is the first to go: a column tells more of the room."""
SHORT_BELOW = 100
"""The width below which the top line and the room line use their short words."""
_NEVER = -1
"""A version that no file has: what stands on the screen is to be read anew at the next key."""
_MOVES = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -10_000, "end": 10_000}


class Today(PutAside[None]):
    """The board of the day, one room at a time or all together."""

    CSS_PATH = "today.tcss"
    AUTO_FOCUS = "BoardView"
    app: PscApp

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.staff: Staff = desk.staff()
        self.now: datetime = desk.clock.now()
        self._today = school_day(self.now, desk.file.zone)
        self.names_hidden = False
        self.board: Board = self._read_board()
        self.everybody = self._read_everybody()
        """The day with everybody in it, where this person's board is not that: alarms count everybody."""
        self.room: Room | None = self.board.rooms[0] if self.board.rooms else None
        self.state = BoardState().with_rows(self.rows()).at(0)
        self.prompt: Prompt | None = None
        self.said: tuple[str, str] = ("", "plain")
        self._warned_until: datetime | None = None
        self.kept_time: datetime | None = None
        self.kept_told = ""
        self._opened_until: datetime | None = None
        self.saving: frozenset[Key] = frozenset()
        self._read: tuple[Board, int, tuple[Entry, ...]] | None = None
        self._version = desk.file.changed_elsewhere()
        self._covered = False
        self._paint_due = False
        self._register_words = ""
        self._sheets = MorningSheets()
        self.programmes_overdue = 0
        """How many programmes wait for this person to record what should have been done by now."""
        self.actions_overdue = 0
        """How many agreed actions of this person's should have been done by now."""
        self.veil: Veil | None = None
        """What hides the names of the board's students in words, while names are hidden."""

    # What stands on the screen

    def compose(self) -> ComposeResult:
        """Lay the frame out: top line, rooms, board and pane, one line to speak and ask on, keys."""
        yield Bar(id="top", gap=1)
        yield Bar(id="tabs")
        yield Bar(id="rooms")
        with Horizontal(id="middle"):
            yield BoardView(id="board")
            yield Pane(id="pane")
        yield Bar(id="says")
        yield Bar(id="keys")

    def on_mount(self) -> None:
        """Start the clocks: one second to follow other terminals, and the minute."""
        self.set_interval(1, self._tick)
        self.call_after_refresh(self.look_for_open_visits)
        self._paint_now()

    async def put_aside(self) -> None:
        """Take everything away; what was opened of one student stays closed afterwards."""
        self._opened_until = None
        if self._warned_until:
            self._warned_until, self.said = None, ("", "plain")
        await super().put_aside()

    def fill(self) -> None:
        """Show everything as it stands, after the screen was brought back."""
        try:
            self.reload()
        except PscError as error:
            self.refuse(str(error))
        self._paint_now()

    def paint(self) -> None:
        """Show everything as it stands, once all that this key or tick changes has changed."""
        if self.is_mounted and not self._paint_due and not self.is_aside:
            self._paint_due = True
            self.call_next(self._paint_now)

    def _paint_now(self) -> None:
        """Hand every widget what it shows; each repaints only what differs."""
        self._paint_due = False
        if self.is_aside:
            return
        wide = self.app.size.width
        short = wide < SHORT_BELOW
        self.query_one("#top", Bar).show(*frame.top_items(self, short=short))
        tabs = self.query_one("#tabs", Bar)
        tabs.display = self.app.size.height >= frame.LOW_BELOW
        tabs.show(frame.tab_items(self))
        says = frame.says_items(self)
        rooms, duty = frame.with_duty(self, frame.room_items(self, short=short), says)
        self.query_one("#rooms", Bar).show(rooms)
        self.query_one(BoardView).show(
            self.board,
            self.room,
            self.state,
            self.now,
            saving=self.saving,
            empty=frame.empty_words(self),
            likely=self._board_width(),
            roomy=self.app.preferences.spacing == "roomy",
        )
        pane = self.query_one(Pane)
        pane.display = self.has_pane
        if pane.display:
            current = self.state.current
            opened = self._opened_until is not None
            entries = self.entries() if current else ()
            pane.show(details(self.board, current, self.now, entries, opened=opened) if current else [])
        else:
            pane.show([])  # what is not in sight is not kept either
        self.query_one("#says", Bar).show(says, duty)
        self.query_one("#keys", Bar).show(frame.key_items(self))

    @property
    def has_pane(self) -> bool:
        """Whether there is room for the pane beside every column, and names may stand in it."""
        return not self.names_hidden and self.app.size.width >= full_width(self.board, self.room) + PANE_WIDTH

    def _board_width(self) -> int:
        """Return the width that the style sheet will give the board."""
        wide = self.app.size.width
        return wide - 2 - (max(32, min(56, wide * 24 // 100)) if self.has_pane else 0)

    # Reading

    def rows(self) -> tuple[RowNow, ...]:
        """Return the rows of the room shown, as they stand."""
        return self.board.at(self.now, self.room.id if self.room else None)

    def entries(self) -> tuple[Entry, ...]:
        """Return the timeline of the student under the cursor, read once for each board; for a pass, of its rooms."""
        current = self.state.current
        if current is None:
            return ()
        if self._read is None or self._read[0] is not self.board or self._read[1] != current.row.student_id:
            student = current.row.student_id
            entries = timeline_for(self.desk.file, student, self.board.day.day, self.staff, self._today)
            self._read = (self.board, current.row.student_id, entries)
        rooms = self.staff.rooms
        return tuple(one for one in self._read[2] if not rooms or one.room_id is None or one.room_id in rooms)

    def _read_board(self, was: Board | None = None) -> Board:
        """Read the board. Whoever has work here but may not see the roster (the admin) gets it without a student."""
        board = read_board(
            self.desk.file,
            self._today,
            self.staff,
            open_before=was.open_before if was else 0,
            stranded=was.stranded if was else 0,
            blank=may("see_roll", self.staff),
        )
        board = board._replace(referrals=to_decide(self.desk.file, self.staff, self._today))
        if not self.names_hidden:
            return board
        self.veil = Veil(board)
        return in_initials(board)

    def _read_everybody(self) -> Board | None:
        """Read it, for whoever sees only some students: of what they do not see, nothing but a count is shown."""
        if self.board.whole:
            return None
        return read_board(self.desk.file, self._today, SYSTEM, read="see_roll", staffed=False)

    def follow(self, staff: Staff, was: Staff) -> None:
        """Go on as somebody whose role, years or rooms have changed. In another role they begin at the board."""
        if staff.role is not was.role:
            self.close_all()
            self.prompt, self._opened_until, self._warned_until = None, None, None
        self.reload()
        if staff.role is not was.role:
            self.say(f"Your role is now {staff.role.words}.")
        self.look_for_open_visits()

    def reload(self) -> None:
        """Read the board again, as whoever the person at the desk is now, and show it.

        Raises `NotUnderstood` or `NotAllowed` for somebody who has no work here any more: nobody is shown from then on.
        """
        self.now = self.desk.clock.now()
        self._today = school_day(self.now, self.desk.file.zone)
        self._version = self.desk.file.changed_elsewhere()
        try:
            self.staff = self.desk.staff()
            self.board = self._read_board(self.board)
            self.everybody = self._read_everybody()
        except (NotUnderstood, NotAllowed):
            self._version = _NEVER
            self.board, self.state = self.board._replace(rows=()), BoardState()
            self.prompt, self.said = None, ("", "plain")
            self.close_all()
            self.paint()
            raise
        self.set_state(self.state.with_rows(self.rows()))

    def _tick(self) -> None:
        """Follow other terminals and the minute; close what stood open long enough."""
        try:
            before, self.now = self.now, self.desk.clock.now()
            if school_day(self.now, self.desk.file.zone) != self._today:
                return  # the session ends with its day
            self._sheets.look(self)
            if self.is_aside:
                return
            self._close_private()
            if self.catch_up():
                pass
            elif self.now.replace(second=0) != before.replace(second=0) or self.now.second // 30 != before.second // 30:
                self.set_state(self.state.with_rows(self.rows()))
            self._say_register_closed(before)
        except PscError as error:
            self.refuse(str(error))

    def catch_up(self) -> bool:
        """Follow what another terminal has written, and say whether it had: a changed role counts at the next key."""
        if self.desk.file.changed_elsewhere() == self._version:
            return False
        was = (self.board.day, self.board.shape, self.staff)
        self.reload()
        self.app.look_again(self.staff)
        if (self.board.day, self.board.shape, self.staff) != was:
            self.look_for_open_visits()
        return True

    def close_all(self) -> None:
        """Close whatever stands over the board."""
        while self in self.app.screen_stack and self.app.screen is not self:
            self.app.pop_screen()

    def _say_register_closed(self, before: datetime) -> None:
        """Say once, when nothing else is being said, that a register has closed."""
        self._register_words = closed_between(self.board, before, self.now) or self._register_words
        if self._register_words and self.prompt is None and (not self.said[0] or self.said[1] == "quiet"):
            words, self._register_words = self._register_words, ""
            self.say(words)

    @property
    def pane_is_open(self) -> bool:
        """Whether private words stand in the pane."""
        return self._opened_until is not None

    def open_pane(self) -> None:
        """Let private words stand in the pane, for some seconds."""
        self._opened_until = self.now + OPEN_FOR
        self.paint()

    def close_pane(self) -> None:
        """Take them away again."""
        self._opened_until = None
        self.paint()

    def _close_private(self) -> None:
        # A machine's clock that was moved back must not leave them open for longer.
        if self._opened_until and not self._opened_until - OPEN_FOR <= self.now < self._opened_until:
            self.close_pane()
        if self._warned_until and not self._warned_until - OPEN_FOR <= self.now < self._warned_until:
            self._warned_until = None
            self.say("")

    @work(thread=True, exclusive=True, group="open-visits")
    def look_for_open_visits(self) -> None:
        """Count what waits for a decision, beside the event loop: it walks the whole file.

        Visits that earlier days left open, and for whoever decides them the periods that a changed day left behind, and
        programmes and actions that are overdue.
        """
        from psc.overview.actions import actions_overdue
        from psc.overview.programmes import programmes_overdue

        try:
            with opened(self.desk.file.path) as file:
                sees = may("see_roster", self.staff)
                count = len(open_visits_for(file, self._today, self.staff)) if sees else 0
                left = len(stranded_for(file, academic_year_start(self._today), self.staff, self._today))
                late = programmes_overdue(file, self.staff, self._today)
                undone = actions_overdue(file, self.staff, self._today)
        except PscError:
            return  # the board says what is wrong with the file at the next act
        self.app.call_from_thread(self._found_open_visits, count, left, late, undone)

    def _found_open_visits(self, count: int, left: int, late: int, undone: int) -> None:
        self.programmes_overdue = late
        self.actions_overdue = undone
        self.board = self.board._replace(open_before=count, stranded=left)
        self.paint()

    # Doing

    def do(
        self,
        rows: Sequence[RowNow],
        calls: Callable[[str], list[Call[Any]]],
        said: str,
        *,
        at: datetime | None = None,
        then: str = "",
    ) -> None:
        """Do an act for the rows; `calls` makes it, given the reason for going over a rule: see `do_act`."""
        do_act(self, rows, calls, said, at=at, then=then)

    def named(self, rows: Sequence[RowNow]) -> str:
        """Return the names of those an act is for; beyond three, the count."""
        names = list({one.row.student_id: one.row.name for one in rows}.values())
        return "; ".join(names) if len(names) <= 3 else f"{len(names)} students ({'; '.join(names[:2])} …)"

    def keep(self, at: datetime | None, told: str) -> None:
        """Keep for the next act when it happened, and who told it."""
        if at and at > self.now:
            self.refuse(f"{wall(at, self.board.zone)} has not come yet.")
            return
        self.kept_time, self.kept_told = at, told
        self.say("now the letter of the act · Esc forgets")

    def take_time(self) -> datetime | None:
        """Return the time kept with @, and forget it."""
        at, self.kept_time = self.kept_time, None
        return at

    def take_told(self) -> str:
        """Return who told it, kept with @, and forget it."""
        told, self.kept_told = self.kept_told, ""
        return told

    def added(self, student_id: int, room_id: int, name: str) -> None:
        """Show a walk-in with the cursor on the student."""
        self.reload()
        if self.room is not None and self.room.id != room_id:
            going.go_to_room(self, next(room for room in self.board.rooms if room.id == room_id))
        self.set_state(replace(self.state, cursor=(student_id, room_id)))
        self.say(f"{name} added and signed in {wall(self.now, self.board.zone)} · u undoes{OFFERED}")

    # Speaking and asking

    def say(self, words: str, tone: str = "quiet") -> None:
        """Show words in the line under the board."""
        self.said = (words, tone)
        self.paint()

    def refuse(self, words: str) -> None:
        """Show why something was not done."""
        self.say(words, "alarm")

    def warn_of(self, words: str) -> None:
        """Show words that others should not read for long."""
        self._warned_until = self.now + OPEN_FOR
        self.say(words, "alert")

    def ask(self, prompt: Any) -> None:
        """Ask on the line under the board."""
        self.prompt = prompt
        self.paint()

    def enter(self, mode: Mode, period: str = "") -> None:
        """Go into a mode of the board."""
        self.said = ("", "plain")
        self.set_state(self.state.entering(mode, period))

    def set_state(self, state: BoardState) -> None:
        """Show another state of the board. Moving to another student closes what was opened of this one."""
        if state.cursor != self.state.cursor:
            self._opened_until = None
            if self._warned_until:
                self._warned_until, self.said = None, ("", "plain")
        self.state = state
        self.paint()

    def hide_names(self, *, hidden: bool) -> None:
        """Turn every name on the board to initials, or back. What was opened, and what was said, closes."""
        self.names_hidden, self.veil = hidden, None
        self._opened_until = self._warned_until = None
        self.said = ("", "plain")
        # A filter by name has the name in it, and finds nobody among initials.
        mode = Mode.LIST if self.state.mode is Mode.FILTER else self.state.mode
        self.state = replace(self.state.filtered(""), mode=mode)
        self.reload()

    # Keys and mouse

    def on_key(self, event: events.Key) -> None:
        """Take every key of the board."""
        event.stop()
        event.prevent_default()
        self.press(event.key, event.character)

    def press(self, key: str, character: str | None = None) -> None:
        """Do what a key means here and now."""
        try:
            self.catch_up()
        except PscError as error:
            self.refuse(str(error))
            return
        if self.prompt is not None:
            handle_prompt(self, key, character)
        elif self.state.mode is Mode.FILTER:
            handle_typing(self, key, character)
        elif self.state.mode is Mode.MARKING:
            handle_marking(self, key)
        elif key in _MOVES:
            self.set_state(self.state.moved(_MOVES[key]))
        elif key == "escape":
            self._escape()
        elif command := BY_KEY.get(key):
            if reason := command.why_not(self):
                self.refuse(f"{command.title}: {reason}.")
            else:
                self.said = ("", "plain")
                command.run(self)
                self.paint()

    def _escape(self) -> None:
        """Step back: what @ kept, the opened pane, marks, then filters."""
        if self.kept_time or self.kept_told:
            self.kept_time, self.kept_told = None, ""
        elif self._opened_until:
            self._opened_until = None
        elif self.state.marked:
            self.state = self.state.unmarked()
        else:
            self.state = self.state.narrowed("").filtered("")
        self.say("")

    def on_bar_pressed(self, message: Bar.Pressed) -> None:
        """A click on a bar is the key it shows, a count to filter by, or a room."""
        kind, _, name = message.press.partition(":")
        if kind == "count":
            self.set_state(self.state.narrowed(name))
            if name == "find" and self.everybody and not self.state.shown:
                self.set_state(self.state.narrowed(""))
                self.say("Somebody is to be found whom you do not see here. Ask who is in the room.")
        elif kind == "care":
            going.show_homes(self) if name == "home" else going.go_to_due(self, dose=name == "dose")
        elif kind == "room":
            going.go_to_room(self, next(room for room in self.board.rooms if room.code == name))
        else:
            self.press(message.press, message.press if len(message.press) == 1 else None)

    def on_board_view_row_pressed(self, message: BoardView.RowPressed) -> None:
        """A click puts the cursor on a row; a second one opens it."""
        self.set_state(replace(self.state, cursor=message.key))
        if message.twice:
            open_private(self)

    def on_resize(self) -> None:
        """Use the room there is."""
        self.paint()

    def on_screen_suspend(self) -> None:
        """Note that something stands over the board."""
        self._covered = True

    def on_screen_resume(self) -> None:
        """Show the newest when what stood over the board closes."""
        if self._covered:
            self._covered = False
            try:
                self.reload()
            except PscError as error:
                self.refuse(str(error))
