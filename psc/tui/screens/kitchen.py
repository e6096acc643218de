"""The kitchen's page: lunch of all rooms, what is new since the kitchen was told, and the sheets.

It stands at the desk, so it says neither who has free meals nor what anybody must not eat: only the kitchen's own copy
on paper does.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from psc.clock import wall
from psc.desk.permissions import may
from psc.errors import PscError
from psc.overview.cells import Tone, cut
from psc.overview.meals import Plate, counts_of, late_words, plates
from psc.prints.kitchen import print_kitchen, print_wall
from psc.roster.lunch import last_printed
from psc.tui.commands.care import ask_lunch
from psc.tui.prompts import Choice, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.tui.commands.care import LunchCalls
    from psc.tui.screens.today import Today

_MARKS = {None: "", True: "taken", False: "missed"}


class KitchenPage(Page):
    """One line a student, by room and seat; l chooses, p prints."""

    title_words: ClassVar[str] = "Lunch"

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._written: Path | None = None

    def title_items(self) -> Sequence[Item]:
        """Return the counts: what the kitchen is to make."""
        counts = [Item(f"{number} {choice}") for choice, number in counts_of(self._plates())]
        return [*super().title_items(), *(counts or [Item("nothing to make yet", "quiet")])]

    def _plates(self) -> tuple[Plate, ...]:
        return plates(self.today.board, self.today.now)

    def lines(self) -> Sequence[Line]:
        """Return the late list, who is to be asked, and everybody's choice."""
        shown = self._plates()
        day = self.today.board.day.day
        printed = last_printed(self.desk.file, day)
        made: list[Line] = []
        if printed:
            clock = wall(printed.at, self.today.board.zone)
            late = late_words(self.today.board, self.today.now, printed)
            words = f"New since the kitchen sheet of {clock}" if late else f"The kitchen sheet of {clock} says all"
            made += [line(words, Tone.DUE if late else Tone.QUIET), *(line(f"  {one}") for one in late)]
        else:
            made.append(line("The kitchen sheet has not been printed today", Tone.QUIET))
        if self._written:
            home, folder = str(Path.home()), str(self._written.parent)
            made += [line(f"  sheets are in {folder.replace(home, '~', 1)}", Tone.QUIET)]
        for heading, group in (
            ("To be asked", [one for one in shown if one.here and not one.choice]),
            ("Chosen", [one for one in shown if one.here and one.choice]),
            ("Chose, and not here any more", [one for one in shown if not one.here]),
        ):
            if group:
                made += [line(""), line(heading, Tone.QUIET), *map(_line, group)]
        return made if shown else [*made, line(""), line("Nobody is in the rooms today.", Tone.QUIET)]

    def keys(self) -> Sequence[PageKey]:
        """Return the page's keys."""
        chosen = "" if self.current else "nobody is chosen"
        barred = f"it is not for the role of {self.today.staff.role.words}"
        lunch = chosen if may("choose_lunch", self.today.staff) else barred
        prints = "" if may("print_wall", self.today.staff) else barred
        return (PageKey("l", "l", "lunch", self.enter, lunch), PageKey("p", "p", "print", self._ask_print, prints))

    def enter(self) -> None:
        """Ask for the lunch of the student under the cursor."""
        one = next((plate for plate in self._plates() if plate.student_id == self.current), None)
        if one is None or not may("choose_lunch", self.today.staff):
            return

        def do(calls: LunchCalls, said: str) -> None:
            self.do(lambda _: calls(None), f"{one.name} {said} · u on the board undoes")

        ask_lunch(self, one.name, [(one.student_id, one.room_id)], do, chose=bool(one.choice))

    def _ask_print(self) -> None:
        options = [Option("w", "wall copy, seats only", "wall")]
        if may("print_kitchen", self.today.staff):
            options.insert(0, Option("k", "kitchen's copy, with names and needs", "kitchen"))
        self.ask(Choice("Print the", tuple(options), self._print))

    def _print(self, which: str) -> None:
        day = self.today.board.day.day
        try:
            path = (print_kitchen if which == "kitchen" else print_wall)(self.desk, day)
        except PscError as error:
            self.refuse(str(error))
        else:
            self._written = path
            self.say(f"{path.name} is written: open it in a browser and print it")


def _line(one: Plate) -> Line:
    tone = Tone.PLAIN if one.here else Tone.QUIET
    seat = str(one.seat or "–")
    words = f"  {cut(one.room, 4)} {cut(seat, 3)} {cut(one.name, 26)} {cut(one.form, 5)} "
    return Line(((words, tone), (one.choice or "·", tone), (f"  {_MARKS[one.taken]}", Tone.QUIET)), one.student_id)
