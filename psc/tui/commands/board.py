"""Commands of the board itself: adding, finding, marking, rooms, help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.acts import undo
from psc.tui import going, opening
from psc.tui.commands.actions import ACTION_COMMANDS
from psc.tui.commands.base import Command
from psc.tui.commands.bell import BELL_COMMANDS
from psc.tui.commands.care import CARE
from psc.tui.commands.days import DAY_COMMANDS
from psc.tui.commands.display import DISPLAY_COMMANDS
from psc.tui.commands.door import At, Check, ComeBack, GoOut, NotHere, SignIn
from psc.tui.commands.duty import DUTY_COMMANDS
from psc.tui.commands.hiding import HIDING
from psc.tui.commands.incidents import INCIDENT_COMMANDS
from psc.tui.commands.leave import SignOut
from psc.tui.commands.notes import NOTE_COMMANDS
from psc.tui.commands.own import OWN_COMMANDS
from psc.tui.commands.paper import PAPER_COMMANDS
from psc.tui.commands.passes import PASS_COMMANDS
from psc.tui.commands.past import PAST
from psc.tui.commands.plans import Carry, KeepApart, Waive
from psc.tui.commands.programmes import PROGRAMME_COMMANDS
from psc.tui.commands.referrals import REFERRAL_COMMANDS
from psc.tui.commands.restrictive import RESTRICTIVE_COMMANDS
from psc.tui.commands.settings import SETTINGS
from psc.tui.commands.students import STUDENT_COMMANDS
from psc.tui.commands.watch import WATCH
from psc.tui.commands.week import WEEK_COMMANDS
from psc.tui.commands.work import WORK_COMMANDS
from psc.tui.commands.year import YEAR
from psc.tui.machine import Mode

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class Add(Command):
    """Add a student whom nobody planned for: name, why, and who sent them."""

    title, key, footer, act = "Add a student", "a", "Add", "walk_in"
    shows_names = True

    def unavailable(self, today: Today) -> str:
        """A walk-in needs a school day."""
        return "" if today.board.day.is_open else "today is not a school day"

    def run(self, today: Today) -> None:
        """Open the form."""
        opening.open_walk_in(today)


class Undo(Command):
    """Undo your own last act of the last ten minutes."""

    title, key, act = "Undo", "u", "undo"

    def run(self, today: Today) -> None:
        """Take it back, whole."""
        today.do((), lambda _: [undo()], "undone")


class Find(Command):
    """Find on the board by part of a name, form or number; Enter keeps the cursor there, Esc shows all again."""

    title, key, shown_key = "Find", "slash", "/"

    def run(self, today: Today) -> None:
        """Start typing a filter."""
        today.enter(Mode.FILTER)


class Mark(Command):
    """Mark the row, so that the next letter acts on all marked."""

    title, key, shown_key, of_student = "Mark", "space", "Space", True

    def unavailable(self, today: Today) -> str:
        """An empty board has nothing to mark."""
        return "" if today.state.shown else "nobody is on the board"

    def run(self, today: Today) -> None:
        """Mark or unmark, and go on to the next row."""
        today.set_state(today.state.toggled())


class MarkAllIn(Command):
    """Mark everyone who is in; again, and nobody is marked."""

    title, key, shown_key = "Mark all who are in", "asterisk", "*"

    def run(self, today: Today) -> None:
        """Mark them."""
        today.set_state(today.state.all_in_marked())


class Medical(Command):
    """Show the emergency text of the student at once, for 30 seconds."""

    title, key, shown_key, act, of_student = "Emergency text", "exclamation_mark", "!", "see_emergency", True

    def unavailable(self, today: Today) -> str:
        """There must be one."""
        current = today.state.current
        has = current and any(alert.emergency for alert in current.row.alerts)
        return "" if has else "no emergency text for this student"

    def run(self, today: Today) -> None:
        """Show it in the line under the board."""
        current = today.state.current
        if current:
            texts = "; ".join(alert.text for alert in current.row.alerts if alert.emergency)
            today.warn_of(f"! {current.row.name}: {texts}")


class Open(Command):
    """Open what is known of today: reason, alerts, times; the ledger notes it. It closes by itself after 30 seconds."""

    title, key, shown_key, act, of_student = "Open", "enter", "Enter", "open_row", True
    shows_names = True

    def unavailable(self, today: Today) -> str:
        """There must be a row."""
        return "" if today.state.current else "nobody is on the board"

    def run(self, today: Today) -> None:
        """Open the pane, or the sheet where there is no room for it."""
        opening.open_private(today)


class NextRoom(Command):
    """Go to the next room."""

    title, key, shown_key = "Next room", "right_square_bracket", "]"

    def run(self, today: Today) -> None:
        """Show it."""
        going.step_room(today, 1)


class PreviousRoom(Command):
    """Go to the previous room."""

    title, key, shown_key = "Previous room", "left_square_bracket", "["

    def run(self, today: Today) -> None:
        """Show it."""
        going.step_room(today, -1)


class AllRooms(Command):
    """Show all rooms together; again, and one room."""

    title, key = "All rooms", "0"

    def run(self, today: Today) -> None:
        """Show them."""
        going.all_rooms(today)


class NextCount(Command):
    """Show only one of the header's counts: find, out, in, expected, left, then all again."""

    title, key, shown_key = "Filter by count", "tab", "Tab"

    def run(self, today: Today) -> None:
        """Go on to the next count."""
        going.next_count(today)


class EarlierVisits(Command):
    """List the visits of earlier days that were never signed out, for a decision."""

    title, key, act = "Open visits of earlier days", "O", "see_roster"
    shows_names = True

    def unavailable(self, today: Today) -> str:
        """There must be some."""
        return "" if today.board.open_before else "none are open"

    def run(self, today: Today) -> None:
        """Open the list."""
        opening.open_visits(today)


class SwitchPerson(Command):
    """Hand the desk to somebody else."""

    title, key, shown_key = "Change person", "f2", "F2"

    def run(self, today: Today) -> None:
        """Ask who it is."""
        today.app.run_worker(today.app.action_hand_over())


class Keys(Command):
    """List every command with its key; type to search, Enter runs it."""

    title, key, shown_key, footer = "Keys", "question_mark", "?", "Keys"

    def run(self, today: Today) -> None:
        """Open the list."""
        opening.open_keys(today)


class Palette(Command):
    """Find any command by its name."""

    title, key, shown_key = "Command palette", "ctrl+p", "Ctrl+P"

    def run(self, today: Today) -> None:
        """Open the palette."""
        today.app.action_command_palette()


class Quit(Command):
    """Leave psc. Everything is saved already."""

    title, key, shown_key = "Leave psc", "ctrl+q", "Ctrl+Q"

    def run(self, today: Today) -> None:
        """Leave."""
        today.app.run_worker(today.app.action_quit())


COMMANDS: tuple[Command, ...] = (
    SignIn(), GoOut(), ComeBack(), SignOut(), Check(), Add(), Keys(),
    *BELL_COMMANDS,
    NotHere(), *CARE, At(), Undo(), *PAST, *WATCH, Find(), Mark(), MarkAllIn(), Medical(), Open(),
    PreviousRoom(), NextRoom(), AllRooms(), NextCount(), EarlierVisits(),
    *WEEK_COMMANDS,
    *DUTY_COMMANDS, *PAPER_COMMANDS, *DAY_COMMANDS, Waive(), Carry(), KeepApart(), *YEAR, *STUDENT_COMMANDS,
    *REFERRAL_COMMANDS,
    *INCIDENT_COMMANDS,
    *NOTE_COMMANDS,
    *RESTRICTIVE_COMMANDS,
    *ACTION_COMMANDS,
    *PROGRAMME_COMMANDS,
    *SETTINGS, *PASS_COMMANDS,
    *WORK_COMMANDS,
    SwitchPerson(), *OWN_COMMANDS, *HIDING, *DISPLAY_COMMANDS, Palette(), Quit(),
)  # fmt: skip
"""Every command of the board, in the order that `?` lists them; those of the key line first."""

BY_KEY = {command.key: command for command in COMMANDS}
"""The command of each key."""
