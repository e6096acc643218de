"""Commands of the room besides the door: seen, phone, things held, lunch, home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.clock import minutes_between, typed_moment, wall
from psc.errors import PscError
from psc.roster.held import ENDS, Holding, end_holding, hold_item
from psc.roster.lunch import choose_lunch, mark_lunch
from psc.roster.seats import change_seat
from psc.roster.status import Status
from psc.roster.welfare import check_welfare
from psc.tui.commands.base import Command
from psc.tui.commands.door import ForRows
from psc.tui.prompts import Choice, Entry, Option

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from psc.desk.acts import Call
    from psc.overview.board import RowNow
    from psc.roster.held import HeldItem
    from psc.tui.prompts import Asks
    from psc.tui.screens.today import Today

    LunchCalls = Callable[[datetime | None], list[Call[Any]]]

_NOT_COMING = frozenset({Status.ABSENT, Status.NO_SHOW, Status.CANCELLED})


class Welfare(ForRows):
    """The student was seen: s settled, u upset, h asked for help; w and f before it, water and food offered."""

    title, key, act = "Welfare check", "k", "check_welfare"
    none = "not in the room"

    def fits(self, one: RowNow) -> bool:
        """Whoever is in the room and not out of it."""
        return one.inside and not one.out

    def run(self, today: Today) -> None:
        """Ask how they are."""
        self._ask(today, self.rows(today), frozenset())

    def _ask(self, today: Today, rows: tuple[RowNow, ...], offered: frozenset[str]) -> None:
        words = " and ".join(one for one in ("water", "food") if one in offered)

        def see(state: str) -> None:
            if state in ("water", "food"):
                self._ask(today, rows, offered ^ {state})
                return
            at = today.take_time()
            calls = [check_welfare(one.row.visit_id or 0, state, words, at) for one in rows]
            today.do(rows, lambda _: calls, f"seen, {words} offered" if words else "seen", at=at)

        options = (
            Option("s", "settled", "settled"),
            Option("u", "upset", "upset"),
            Option("h", "asked for help", "asked for help"),
            Option("w", "no water" if "water" in offered else "with water", "water"),
            Option("f", "no food" if "food" in offered else "with food", "food"),
        )
        seen = f"{today.named(rows)} seen" + (f", {words} offered" if words else "")
        today.ask(Choice(seen, options, see))


class Phone(ForRows):
    """The phone goes into its envelope; for a student whose phone is held, it is returned."""

    title, key, shown_key, act = "Phone in, or returned", "plus", "+", "hold_item"
    none = "not here today"

    def fits(self, one: RowNow) -> bool:
        """Whoever is or has been here, and whoever's phone still is."""
        return bool(one.row.visit_id or one.row.care.phone)

    def run(self, today: Today) -> None:
        """Take in or hand back; where some are held and some not, ask which is meant."""
        rows = self.rows(today)
        held = tuple(one for one in rows if one.row.care.phone)
        free = tuple(one for one in rows if not one.row.care.phone)
        if held and free:
            options = (Option("i", f"in ({len(free)})", "in"), Option("r", f"returned ({len(held)})", "returned"))
            title = f"{len(held)} of {len(rows)} phones are held"
            today.ask(
                Choice(title, options, lambda way: self._in(today, free) if way == "in" else self._back(today, held))
            )
        elif free:
            self._in(today, free)
        elif any(minutes_between(phone.happened, today.now) < 1 for one in held if (phone := one.row.care.phone)):
            # The same key twice by accident must not hand a phone back that lies in the envelope.
            option = Option("r", "returned", "")
            title = f"{today.named(held)}: phone was put in just now"
            today.ask(Choice(title, (option,), lambda _: self._back(today, held), "Esc keeps it", passing=False))
        else:
            self._back(today, held)

    def _in(self, today: Today, rows: tuple[RowNow, ...]) -> None:
        at = today.take_time()
        calls = [hold_item(one.row.student_id, Holding.PHONE, at=at) for one in rows]
        today.do(rows, lambda _: calls, "phone in", at=at)

    def _back(self, today: Today, rows: tuple[RowNow, ...]) -> None:
        at = today.take_time()
        phones = [phone for one in rows if (phone := one.row.care.phone)]
        calls = [end_holding(phone.id, "returned", at=at) for phone in phones]
        today.do(rows, lambda _: calls, "phone returned", at=at)


class Things(ForRows):
    """Seat and things held: a seat's number, c confiscate, l lent, m medication, r return or pass on."""

    title, key, act = "Seat and things held", "g", "hold_item"
    none = "nobody is chosen"

    def fits(self, one: RowNow) -> bool:
        """Everybody: a thing may come back from somebody who has left."""
        return True

    def run(self, today: Today) -> None:
        """Ask which."""
        row = self.rows(today)[0]

        def choose(way: str) -> None:
            if way.isdecimal() or way == "seat":
                _ask_seat(today, row, way if way.isdecimal() else "")
            elif way == "confiscate":
                from psc.tui.dialogs.confiscate import Confiscate

                today.app.push_screen(Confiscate(today, row, at=today.take_time(), told=today.take_told()))
            elif way == "lent":
                today.ask(Entry(f"{row.row.name} is lent", "what: calculator, ruler", lambda it: _lend(today, row, it)))
            elif way == "medication":
                _ask_medication(today, row, "", "what and when due: inhaler 1230")
            else:
                _ask_return(today, row)

        options = [
            Option("c", "confiscate", "confiscate"),
            Option("l", "lent", "lent"),
            Option("m", "medication", "medication"),
        ]
        if row.inside:
            digits = [Option(str(number), "", str(number)) for number in range(1, 10)]
            options = [Option("s", "seat (or its number)", "seat"), *options, *digits]
        if row.row.care.held:
            options.append(Option("r", "return, pass on", "return"))
        today.ask(Choice(row.row.name, tuple(options), choose))


def _ask_seat(today: Today, row: RowNow, text: str) -> None:
    def move(typed: str) -> None:
        if not typed.isdecimal():
            today.refuse("A seat is a number.")
            return
        today.do((row,), lambda _: [change_seat(row.row.visit_id or 0, int(typed))], f"moved to seat {int(typed)}")

    seats = next(room.seats for room in today.board.rooms if room.id == row.row.room_id)
    today.ask(Entry(f"{row.row.name} to seat", f"1 to {seats}", move, text, longest=3))


def _lend(today: Today, row: RowNow, what: str) -> None:
    at = today.take_time()
    today.do((row,), lambda _: [hold_item(row.row.student_id, Holding.LENT, what, at=at)], f"lent {what},", at=at)


def _ask_medication(today: Today, row: RowNow, text: str, hint: str) -> None:
    def keep(typed: str) -> None:
        what, _, clock = typed.rpartition(" ")
        try:
            due = wall(typed_moment(clock or "?", today.now, today.board.zone), today.board.zone)
        except PscError:
            due = ""
        if not what.strip() or not due:
            _ask_medication(today, row, typed, "the time comes last: inhaler 1230")
            return
        at = today.take_time()
        call = hold_item(row.row.student_id, Holding.MEDICATION, what, due=due, at=at)
        today.do((row,), lambda _: [call], f"to have something at {due}, noted", at=at)

    today.ask(Entry(f"For {row.row.name}", hint, keep, text))


def _ask_return(today: Today, row: RowNow) -> None:
    """Ask which of the things held, and what becomes of it."""
    items = row.row.care.held[:9]

    def which(number: str) -> None:
        item = items[int(number) - 1]
        ways = ENDS[item.kind]
        if len(ways) == 1:
            _end(today, row, item, ways[0], "")
            return
        options = tuple(Option(way[0], way, way) for way in ways)
        today.ask(Choice(f"{row.row.name}: {item.open_words}", options, lambda way: how(item, way)))

    def how(item: HeldItem, way: str) -> None:
        if way == "passed on":
            title = f"{item.open_words} passed on to"
            today.ask(Entry(title, "a staff code or a name", lambda whom: _end(today, row, item, way, whom)))
        else:
            _end(today, row, item, way, "")

    if len(items) == 1:
        which("1")
    else:
        options = tuple(
            Option(str(number), f"{item.open_words} {wall(item.happened, today.board.zone)}", str(number))
            for number, item in enumerate(items, 1)
        )
        today.ask(Choice(f"{row.row.name}: which", options, which))


def _end(today: Today, row: RowNow, item: HeldItem, way: str, whom: str) -> None:
    at = today.take_time()
    today.do((row,), lambda _: [end_holding(item.id, way, whom, at)], f"{item.open_words} {way}", at=at)


class Lunch(ForRows):
    """What the student chose for lunch, by one letter; once chosen also t taken, m missed."""

    title, key, act = "Lunch", "l", "choose_lunch"
    none = "not here today"

    def fits(self, one: RowNow) -> bool:
        """Everybody who is or may still come."""
        return one.status not in _NOT_COMING

    def run(self, today: Today) -> None:
        """Ask for the choice."""
        rows = self.rows(today)

        def do(calls: LunchCalls, said: str) -> None:
            at = today.take_time()
            today.do(rows, lambda _: calls(at), said, at=at)

        chose = all(one.row.care.lunch.choice for one in rows)
        ask_lunch(today, today.named(rows), [(one.row.student_id, one.row.room_id) for one in rows], do, chose=chose)


LUNCH_LETTERS = {
    "h": "hot",
    "v": "vegetarian",
    "p": "packed by the kitchen",
    "o": "own from home",
    "n": "none",
}
"""The letter of each choice."""


def ask_lunch(
    asks: Asks, name: str, who: Sequence[tuple[int, int]], do: Callable[[LunchCalls, str], None], *, chose: bool
) -> None:
    """Ask for the lunch of some students (each with their room) and do what is answered. `chose`: they have chosen.

    `do` is given the acts as they follow from when it happened, None for now.
    """

    def choose(choice: str) -> None:
        if choice in ("taken", "missed"):
            do(lambda at: [mark_lunch(student, choice == "taken", at) for student, _ in who], f"lunch {choice}")
        elif choice == "words":
            asks.ask(Entry(f"{name} has for lunch", "in words", choose_words))
        else:
            choose_words(choice)

    def choose_words(choice: str) -> None:
        do(lambda at: [choose_lunch(student, room, choice, at) for student, room in who], f"lunch: {choice}")

    options = [Option(letter, choice, choice) for letter, choice in LUNCH_LETTERS.items()]
    options.append(Option("w", "in words", "words"))
    if chose:
        options += [Option("t", "taken", "taken"), Option("m", "missed", "missed")]
    asks.ask(Choice(f"{name} lunch", tuple(options), choose))


class TellHome(Command):
    """Ring home: who may be told, in order, and what became of it. No answer leaves it open."""

    title, key, act, of_student = "Tell home", "t", "tell_home", True
    shows_names = True

    def unavailable(self, today: Today) -> str:
        """One student at a time."""
        if len(today.state.targets()) > 1:
            return "one student at a time; Esc unmarks"
        return "" if today.state.targets() else "nobody is on the board"

    def run(self, today: Today) -> None:
        """Open the form."""
        from psc.tui.dialogs.tell_home import TellHomeForm, of_row

        row, at, told = today.state.targets()[0], today.take_time(), today.take_told()
        today.app.push_screen(TellHomeForm(today, of_row(today, row), at=at, told=told))


class Kitchen(Command):
    """Lunch of all rooms: what the kitchen is to make, the late list, and the sheet for the kitchen or the wall."""

    title, key, act = "Kitchen sheet", "L", "see_roster"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.kitchen import KitchenPage

        today.app.push_screen(KitchenPage(today))


CARE: tuple[Command, ...] = (Welfare(), Phone(), Things(), Lunch(), Kitchen(), TellHome())
"""The commands of this file, in the order that `?` lists them."""
