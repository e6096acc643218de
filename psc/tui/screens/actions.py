"""What everybody owes: mine first, what is overdue first; done where it stands, or where it is done."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

from psc.clock import school_day
from psc.desk.permissions import Scope, may, scope_of
from psc.errors import PscError
from psc.incidents.actions import end_action
from psc.overview.actions import done_lately, ended_words, owed_by_all
from psc.overview.cells import Tone, cut
from psc.school.calendar import day_words
from psc.text import counted
from psc.tui.commands.watch import ask_to_settle
from psc.tui.prompts import Entry
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from psc.desk.acts import Call
    from psc.overview.due_lines import Owed
    from psc.tui.screens.today import Today

_DUE, _WHO, _ENDED = 10, 12, 42
"""The least widths of its columns; what is to be done and about whom share the rest."""
_WIDE = 120
"""The width from which who did it and when stands in the list of what was done, and who owes it has more room."""
_MARGINS = 7
"""The mark of what is overdue, the gaps between columns, and the page's own margins."""
_ABOUT = 5
"""About whom gets two of so many parts of the rest."""
_LONGEST = 400
_ENTER = {
    "action": "done", "parent": "told home", "home": "told home", "confirm": "settle it", "record": "write it",
    "review": "open", "evidence": "open",
}  # fmt: skip
"""What Enter does with each kind."""
NOTHING = "nothing stands on this line"


class ActionsPage(Page):
    """Opens on J. Enter does what the line calls for; m shows only mine, o only what is overdue, d what was done."""

    nothing_done = "Nothing was done from this page."
    undone = "Undone: it is owed again as it was."

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self._mine = False
        self._overdue = False
        self._done = False
        self._every: tuple[Owed, ...] = ()
        self._shown: tuple[Owed, ...] = ()
        self._read_of: tuple[object, ...] = ()

    # Reading

    def look(self) -> None:
        """Read it when the file, the reader's role, the minute or what is asked for has moved on."""
        file, staff = self.desk.file, self.today.staff
        read_of = (staff, file.written(), self.today.now.replace(second=0), self._done)
        if read_of != self._read_of:
            self._every = (done_lately if self._done else owed_by_all)(file, staff, self.desk.clock.now())
            self._read_of = read_of
            if not self._done:
                mine = [one for one in self._every if one.kind == "action" and one.mine and one.overdue]
                self.today.actions_overdue = len(mine)
        self._shown = tuple(
            one
            for one in self._every
            if (one.mine or not self._mine) and (self._done or one.overdue or not self._overdue)
        )

    @property
    def _day(self) -> date:
        return school_day(self.today.now, self.desk.file.zone)

    @property
    def chosen(self) -> Owed | None:
        """What stands under the cursor."""
        return next((one for one in self._shown if _key(one) == self.current), None)

    # Showing

    def title_items(self) -> Sequence[Item]:
        """Say what is listed, and how much of it is mine and overdue."""
        if self._done:
            made = [Item("Done in the last 30 days", bold=True)]
        else:
            made = [Item("To be done", bold=True), Item(f"{sum(one.mine for one in self._every)} mine")]
            late = sum(one.overdue for one in self._every)
            made += [Item(f"{late} overdue", "alarm", bold=True)] if late else []
        made += [Item("only mine", "due", press="m")] if self._mine else []
        made += [Item("only overdue", "due", press="o")] if self._overdue and not self._done else []
        return [*made, Item(counted(len(self._shown), "line") if self._shown else "none", "quiet")]

    def lines(self) -> Sequence[Line]:
        """List it: mine, then everybody else's."""
        if not self._shown:
            return [line(""), line(f"  {self._empty()}", Tone.QUIET)]
        if self._done:
            return [self._head("Done"), *map(self._line, self._shown)]
        made = [self._head("Due")]
        mine = [one for one in self._shown if one.mine]
        others = [one for one in self._shown if not one.mine]
        made += map(self._line, mine)
        if others and mine:
            made.append(line(""))
        return [*made, *map(self._line, others)]

    def _empty(self) -> str:
        if self._done:
            return "Nothing was done or dropped in the last 30 days that you may see."
        if self._mine or self._overdue:
            return "Nothing of that is owed. Esc shows all again."
        return "Nothing is owed that you may see. What is agreed about an incident (5, Enter, j) stands here."

    @property
    def _widths(self) -> tuple[int, int, int, int]:
        """Return how wide each column is: when, who, what, about whom."""
        wide = self.app.size.width >= _WIDE
        first = _ENDED if self._done and wide else _DUE + 2 * wide
        who = _WHO + 7 * wide
        rest = max(20, self.app.size.width - first - who - _MARGINS)
        about = rest * 2 // _ABOUT
        return first, who, rest - about, about

    def _head(self, first: str) -> Line:
        words = zip((first, "Who", "What", "About"), self._widths, strict=True)
        return line(f"  {' '.join(cut(text, width) for text, width in words)}", Tone.QUIET)

    def _line(self, one: Owed) -> Line:
        wide, who_wide, what, about = self._widths
        if self._done:
            zone = self.desk.file.zone
            ended = day_words(school_day(one.end.at, zone), self._day) if one.end else ""
            when, tone = ended_words(one, self._day, zone) if wide == _ENDED else ended, Tone.QUIET
        else:
            when = day_words(one.due, self._day)
            tone = Tone.ALARM if one.overdue else Tone.DUE if one.due == self._day else Tone.PLAIN
        mark = ("! " if one.overdue else "  ", Tone.ALARM)
        who = ("you" if one.mine and not self._done else one.owner, Tone.PLAIN if one.mine else Tone.QUIET)
        return Line(
            (
                mark,
                (f"{cut(when, wide)} ", tone),
                (f"{cut(who[0], who_wide)} ", who[1]),
                (f"{cut(one.what, what)} ", Tone.PLAIN),
                (cut(one.student, about), Tone.QUIET),
            ),
            _key(one),
        )

    def says_items(self) -> Sequence[Item]:
        """While nothing was said, the whole of the line under the cursor."""
        one = self.chosen
        if self.said[0] or one is None:
            return super().says_items()
        note = f"“{one.end.note}”" if one.end and one.end.note else ""
        ended = ended_words(one, self._day, self.desk.file.zone)
        since = f"since {day_words(school_day(one.since, self.desk.file.zone), self._day)}"
        told = f"tried {counted(len(one.tried), 'time')}" if one.tried else ""
        said = [one.what, one.student, one.owner, ended or since, note, told]
        return [Item(" · ".join(part for part in said if part), "quiet")]

    # Keys

    def keys(self) -> Sequence[PageKey]:
        """Return the keys of the line, then those of the list."""
        one = self.chosen
        made = []
        if one is not None and not self._done:
            made.append(PageKey("enter", "Enter", _ENTER[one.kind], self.enter))
            if one.kind == "action":
                made += [
                    PageKey("n", "n", "done, with a note", partial(self._ask, "done")),
                    PageKey("x", "x", "drop", partial(self._ask, "dropped")),
                ]
        if one is not None and one.where.incident_id is not None and may("open_incident", self.today.staff):
            made.append(PageKey("i", "i", "the incident", self._open_incident))
        if may("agree_action", self.today.staff) and scope_of("agree_action", self.today.staff) is Scope.ALL:
            made.append(PageKey("j", "j", "new", self._agree))
        made += [
            PageKey("m", "m", "everybody's" if self._mine else "only mine", partial(self._turn, "_mine")),
            PageKey("o", "o", "all" if self._overdue else "only overdue", partial(self._turn, "_overdue"),
                    "what is done is not overdue" if self._done else ""),
            PageKey("d", "d", "to be done" if self._done else "what was done", partial(self._turn, "_done")),
        ]  # fmt: skip
        return (*made, PageKey("u", "u", "undo", self.undo_here)) if may("undo", self.today.staff) else made

    def _turn(self, what: str) -> None:
        setattr(self, what, not getattr(self, what))

    def leave(self) -> None:
        """Show all again where something is left out; else go back."""
        if self._mine or self._overdue or self._done:
            self._mine = self._overdue = self._done = False
            self.paint()
        else:
            super().leave()

    def enter(self) -> None:
        """Do what the line calls for, or go to where it is done."""
        one = self.chosen
        if one is None or self._done:
            return
        does: dict[str, Callable[[Owed], None]] = {
            "action": partial(self._end, outcome="done"),
            "parent": self._tell,
            "home": self._tell,
            "confirm": self._settle,
            "record": self._write_record,
            "review": self._write_record,
            "evidence": lambda _: self._open_incident(),
        }
        does[one.kind](one)

    # Done in place

    def _ask(self, outcome: str) -> None:
        one = self.chosen
        if one is None:
            return
        ask, hint = ("Done, and", "a few words") if outcome == "done" else ("Dropped, because", "why it is not needed")
        about = f"action {one.where.action_id} {outcome}"

        def typed(words: str) -> None:
            self._end(one, outcome=outcome, note=words)

        self.ask(Entry(ask, hint, typed, longest=_LONGEST, about=about))

    def _end(self, one: Owed, *, outcome: str, note: str = "") -> None:
        call = end_action(one.where.action_id or 0, "done" if outcome == "done" else "dropped", note)
        try:
            self.desk.do_patiently(call, id=secrets.token_hex(12), seconds=2)
        except PscError as error:
            self.refuse(str(error))
        else:
            self.answer_saved()
            self._did(f"{outcome.capitalize()}: {one.what}")

    def _did(self, said: str) -> None:
        if may("undo", self.today.staff):
            self.did(said)
        else:
            self.today.reload()
            self.say(said)

    def _agree(self) -> None:
        from psc.tui.dialogs.agreed_action import AgreeForm

        self.app.push_screen(AgreeForm(self.today, self._did, "about no student"))

    def _tell(self, one: Owed) -> None:
        """Tell home: of an incident by its own record, of a day in the room by the board's."""
        from psc.tui.dialogs.tell_home import TellHomeForm, Whom

        student = one.where.student_id or 0
        found = next((row for row in self.today.board.at(self.today.now) if row.row.student_id == student), None)
        row = found if one.kind == "home" else None
        tried = one.tried if row is None else row.row.care.home
        whom = Whom(student, one.student, row, tried, self, one.where.incident_id)
        self.app.push_screen(TellHomeForm(self.today, whom, at=None))

    def _settle(self, one: Owed) -> None:
        if not may("settle_removal", self.today.staff):
            self.refuse(f"settle it: not for the role of {self.today.staff.role.words}.")
            return
        undoes = " · u undoes" if may("undo", self.today.staff) else ""

        def do(calls: Callable[[str], list[Call[int]]], said: str) -> None:
            self.do(calls, partial(self.to_undo, f"{one.student}: {said}{undoes}"))

        ask_to_settle(self, one.student, one.where.placement_id or 0, do)

    # Done elsewhere

    def _write_record(self, one: Owed) -> None:
        from psc.tui.screens.restrictive import begin_record, open_record

        if one.where.restrictive_id is not None:
            open_record(self.today, self, one.where.restrictive_id)
        else:
            begin_record(self.today, self, one.where.incident_id or 0)

    def _open_incident(self) -> None:
        from psc.tui.screens.incident import open_incident_page

        one = self.chosen
        if one is not None and one.where.incident_id is not None:
            open_incident_page(self, one.where.incident_id)


def _key(one: Owed) -> tuple[object, ...]:
    """Return what stays the same of a line while others come and go."""
    return (one.kind, one.what, *one.where)
