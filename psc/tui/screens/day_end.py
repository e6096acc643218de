"""The day's end in one pass: every line is done by the key it has on the board, and the day is closed when all is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.clock import typed_day, wall
from psc.desk.acts import undo
from psc.desk.permissions import may
from psc.errors import PscError
from psc.flows.close_day import DayClosed, close_day, day_closed
from psc.overview.board import Board, RowNow
from psc.overview.cells import Tone, cut, now_cell
from psc.overview.day_end import DayEnd, Unserved, day_end
from psc.overview.post import ToWrite, untold_for
from psc.overview.read_board import read_board
from psc.overview.within import held_for
from psc.roster.checks import MARKS, mark_check
from psc.roster.held import ENDS, HeldItem, end_holding
from psc.roster.movements import Destination, sign_out
from psc.roster.placements import carry_period, waive_period
from psc.roster.status import Status
from psc.text import counted
from psc.tui.going import go_to_row
from psc.tui.prompts import Choice, Entry, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class DayEndPage(Page):
    """Opens on e."""

    _board: Board
    _end: DayEnd
    _shut: DayClosed | None
    _untold: tuple[ToWrite, ...]
    _seen: tuple[int, datetime] | None = None
    """The board and the minute that were read: all of it is read anew when either has moved on."""

    def look(self) -> None:
        """Read what is left of the day."""
        file, board = self.desk.file, self.today.board
        seen = (id(board), self.today.now.replace(second=0))
        if seen == self._seen:
            return
        self._seen, self._board = seen, board
        following = read_board(file, board.next_day, self.today.staff, today=board.day.day) if board.next_day else None
        self._end = day_end(board, self.today.now, held_for(file, board.day.day, self.today.staff), following)
        self._shut = day_closed(file, board.day.day)
        writes = may("send_feedback", self.today.staff)
        self._untold = untold_for(file, self.today.staff, self.today.now) if writes else ()

    def title_items(self) -> Sequence[Item]:
        """Say what is left, or who closed the day."""
        board, end, closed = self._board, self._end, self._shut
        left = end.left + len(self._untold)
        items = [Item("End of the day", bold=True), Item(counted(left, "thing") + " left", "plain")]
        if closed:
            items.append(Item(f"closed {wall(closed.at, board.zone)} by {closed.by}", "quiet"))
        return items

    def lines(self) -> Sequence[Line]:
        """List what is left, part by part."""
        board, end, now = self._board, self._end, self.today.now
        made: list[Line] = []
        self._part(made, "Still here, or to be found", [
            self._row(one, *now_cell(board, one, now)[:2], key=("here", one.row.key)) for one in end.here
        ], "nobody")  # fmt: skip
        self._part(made, "Held", [
            Line(((f"  {cut(one.name, 26)} ", Tone.PLAIN), (one.open_words, Tone.QUIET)), ("held", one.id))
            for one in end.held
        ], "nothing")  # fmt: skip
        self._part(made, "Homes to tell", [
            self._row(one, ", ".join(each.about for each in one.home_owed), key=("home", one.row.key))
            for one in end.homes
        ], "none")  # fmt: skip
        self._part(made, "Removals to confirm", [
            self._row(one, f"sent by {one.row.sent_by or 'nobody named'}", key=("confirm", one.row.key))
            for one in end.to_confirm
        ], "none")  # fmt: skip
        self._part(made, "Periods not served", [
            self._row(each.one, f"{each.placed.period.name} {each.state.value}", key=("period", each.placed.id))
            for each in end.unserved
        ], "none")  # fmt: skip
        self._part(made, "Teachers to be told what became of their work", [
            Line(((f"  {cut(one.teacher.words, 32)} ", Tone.PLAIN), (counted(len(one.rows), "lesson"), Tone.QUIET)),
                 ("feedback", one.teacher.given))
            for one in self._untold
        ], "none")  # fmt: skip
        if end.suspended:
            self._part(made, "Suspended today, for the behaviour lead and the school’s own system", [
                self._row(one, now_cell(board, one, now).text) for one in end.suspended
            ], "nobody")  # fmt: skip
        day = f"{board.next_day:%A} {board.next_day.day} {board.next_day:%B}" if board.next_day else "the next day"
        self._part(made, f"Expected on {day}", [
            self._row(one, f"{self._code(one)} {now_cell(board, one, now).text}") for one in end.next_day
        ], "nobody")  # fmt: skip
        return made

    def _part(self, made: list[Line], heading: str, lines: list[Line], none: str) -> None:
        """Add one part under its heading, with how many."""
        made.append(line(f"{heading}: {len(lines) or none}", Tone.QUIET))
        made += lines

    def _row(self, one: RowNow, words: str, tone: Tone = Tone.QUIET, *, key: Any = None) -> Line:
        name = Tone.QUIET if key is None else Tone.PLAIN
        return Line(((f"  {cut(one.row.name, 26)} {cut(one.row.form, 5)} ", name), (words, tone)), key)

    def _code(self, one: RowNow) -> str:
        return next(room.code for room in self.today.board.rooms if room.id == one.row.room_id)

    # What a line is, and its keys

    def _chosen(self) -> tuple[str, RowNow | HeldItem | Unserved | None]:
        """Return the kind of the current line, and what it stands for."""
        kind, key = self.current or ("", None)
        end = self._end
        if kind == "held":
            return kind, next((one for one in end.held if one.id == key), None)
        if kind == "period":
            return kind, next((each for each in end.unserved if each.placed.id == key), None)
        rows = {"here": end.here, "home": end.homes, "confirm": end.to_confirm}.get(kind, ())
        return kind, next((one for one in rows if one.row.key == key), None)

    def keys(self) -> Sequence[PageKey]:
        """What the current line is done with, then what is for the whole day."""
        kind, chosen = self._chosen()
        oversees = "" if may("carry_period", self.today.staff) else "a coordinator does"
        own: list[PageKey] = []
        if kind == "feedback":
            own = [PageKey("f", "f", "feedback", self.enter)]
        elif isinstance(chosen, HeldItem):
            own = [PageKey("r", "r", "returned, passed on", self._end_holding)]
        elif isinstance(chosen, Unserved):
            own = [
                PageKey("c", "c", "check", self._check),
                PageKey("C", "C", "carry", self._carry, oversees),
                PageKey("W", "W", "waive", self._waive, oversees),
            ]
        elif isinstance(chosen, RowNow):
            at_board = PageKey("enter", "Enter", "on the board", self.enter)
            out = [PageKey("s", "s", "sign out, end of day", self._sign_out)] if chosen.inside else []
            own = [*out, at_board] if kind == "here" else [at_board]
        return (*own, PageKey("e", "e", "close the day", self._close), PageKey("u", "u", "undo", self._undo))

    def enter(self) -> None:
        """Do the commonest thing with the line; where it takes more, go to the student on the board."""
        kind, chosen = self._chosen()
        if kind == "feedback":
            from psc.tui.screens.chase import FeedbackPage

            self.app.push_screen(FeedbackPage(self.today))
        elif isinstance(chosen, HeldItem):
            self._end_holding()
        elif isinstance(chosen, Unserved):
            self._check()
        elif isinstance(chosen, RowNow):
            self.leave()
            go_to_row(self.today, chosen.row.key)
            lost = chosen.status is Status.FIND or not chosen.inside
            self.today.press({"home": "t", "confirm": "Y"}.get(kind, "f" if lost else "s"))

    def _sign_out(self) -> None:
        _, one = self._chosen()
        if isinstance(one, RowNow):
            visit = one.row.visit_id or 0
            self.do(lambda _: [sign_out(visit, Destination.END_OF_DAY)], f"{one.row.name} signed out · u undoes")

    def _end_holding(self) -> None:
        _, item = self._chosen()
        if not isinstance(item, HeldItem):
            return
        held = item

        def ended(how: str, whom: str = "") -> None:
            self.do(lambda _: [end_holding(held.id, how, whom)], f"{held.name}: {how} · u undoes")

        def chosen(how: str) -> None:
            if how == "passed on":
                self.ask(Entry("Passed on to", "a staff code or a name", lambda whom: ended(how, whom)))
            else:
                ended(how)

        options = tuple(Option(how[0], how, how) for how in ENDS[held.kind])
        self.ask(Choice(f"{held.name}, {held.open_words}", options, chosen))

    def _check(self) -> None:
        _, each = self._chosen()
        if not isinstance(each, Unserved):
            return
        placed = each.placed

        def marked(text: str) -> None:
            if text not in MARKS:
                self.refuse("A mark is a digit from 0 to 4.")
            else:
                self.do(lambda _: [mark_check(placed.id, int(text))], f"{placed.period.name} check {text} · u undoes")

        self.ask(Entry(f"{each.one.row.name}: check of {placed.period.name}", "0 refused to 4 all", marked, longest=1))

    def _carry(self) -> None:
        _, each = self._chosen()
        if not isinstance(each, Unserved):
            return
        placed = each.placed

        def carried(text: str) -> None:
            day_text, _, period = text.rpartition(" ")
            try:
                day = typed_day(day_text, self.today.board.day.day)
            except PscError as error:
                self.refuse(str(error))
                return
            self.do(
                lambda why: [carry_period(placed.id, day, period.upper(), override=why)],
                f"{placed.period.name} carried to {day:%a} {period.upper()} · u undoes",
            )

        following = self.today.board.next_day
        default = f"{following.isoformat()} {placed.period.name}" if following else ""
        self.ask(Entry(f"{each.one.row.name}: carry {placed.period.name} to", "tomorrow P2", carried, text=default))

    def _waive(self) -> None:
        _, each = self._chosen()
        if isinstance(each, Unserved):
            placed = each.placed
            self.ask(
                Entry(
                    f"{each.one.row.name}: waive {placed.period.name} because",
                    "a word or two",
                    lambda why: self.do(lambda more: [waive_period(placed.id, why or more)], "waived · u undoes"),
                )
            )

    def _close(self) -> None:
        self.do(lambda _: [close_day()], "The day is closed · u undoes")

    def _undo(self) -> None:
        self.do(lambda _: [undo()], "Undone.")
