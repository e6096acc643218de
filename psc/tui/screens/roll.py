"""The evacuation roll on one screen: everybody out, ticked, back, by the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.clock import school_day, wall
from psc.desk.acts import undo
from psc.overview.cells import Tone, cut
from psc.overview.read_board import read_board
from psc.overview.roll import RollLine, roll, roll_heading
from psc.roster.evacuation import EvacuationKind, bring_back, evacuate, tick_roll
from psc.tui.printing import print_out
from psc.tui.prompts import Choice, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, Lines, line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.overview.board import Board
    from psc.roster.evacuation import Evacuation


class RollPage(Page):
    """Opens on E, from the board."""

    in_a_fire = True
    _board: Board
    _now: datetime

    def look(self) -> None:
        """Read the board of this moment, with the roll's own, wider permission."""
        self._now = self.desk.clock.now()
        file = self.desk.file
        self._board = read_board(file, school_day(self._now, file.zone), self.desk.staff(), read="see_roll")

    def _under_way(self) -> Evacuation | None:
        evacuation = self._board.evacuation
        return evacuation if evacuation and evacuation.ended is None else None

    def title_items(self) -> Sequence[Item]:
        """Say since when, and how many are seen."""
        now, board = self._now, self._board
        lines = roll(board, now)
        unseen = self._under_way() is not None and any(one.ticked is None for one in lines)
        return [Item(roll_heading(board, lines, now), "alarm" if unseen else "plain", bold=True)]

    def lines(self) -> Sequence[Line]:
        """List out and find first, then by room."""
        now, board = self._now, self._board
        lines = roll(board, now)
        made: list[Line] = []
        heading = ""
        groups = ["Seen" if one.ticked else "Out, or to be found" if one.missing else one.room for one in lines]
        for one, group in zip(lines, groups, strict=True):
            if group != heading:
                heading = group
                made.append(line(f"{group}: {groups.count(group)}", Tone.QUIET))
            made.append(self._line(board, one))
        return made or [line("Nobody is in a room, and nobody is missing from one.", Tone.QUIET)]

    def _line(self, board: Board, one: RollLine) -> Line:
        wide = max(16, min(30, self.app.size.width - 44))
        if one.ticked:
            mark = (f"✓ {wall(one.ticked, board.zone)}", Tone.IN)
        else:
            mark = ("! [ ]", Tone.ALARM) if one.missing else ("  [ ]", Tone.PLAIN)
        tone = Tone.QUIET if one.ticked else Tone.ALARM if one.missing else Tone.PLAIN
        return Line(
            ((cut(mark[0], 9), mark[1]), (cut(one.name, wide), tone), (cut(f" {one.form}", 6), tone),
             (f" {one.place}", Tone.QUIET if one.ticked else tone)),
            one.student_id,
        )  # fmt: skip

    def keys(self) -> Sequence[PageKey]:
        """Start, tick, bring back, print."""
        running = self._under_way() is not None
        if not running:
            return (
                PageKey("d", "d", "drill: all out", lambda: self._start(EvacuationKind.DRILL)),
                PageKey("r", "r", "real: all out", lambda: self._start(EvacuationKind.REAL)),
                PageKey("p", "p", "print", self._print),
                PageKey("u", "u", "undo", self._undo),
            )
        return (
            PageKey("space", "Space", "seen", self.enter),
            PageKey("x", "x", "not seen after all", self._take_back, "" if self._seen() else "not ticked"),
            PageKey("b", "b", "all back", self._back),
            PageKey("p", "p", "print", self._print),
            PageKey("u", "u", "undo", self._undo),
        )

    def _start(self, kind: EvacuationKind) -> None:
        self.do(lambda _: [evacuate(kind)], "Everybody is out. Space ticks who is seen; u undoes a slip.")

    def _undo(self) -> None:
        self.do(lambda _: [undo()], "Undone.")

    def _seen(self) -> bool:
        """Whether the student under the cursor is ticked."""
        running = self._under_way()
        return running is not None and self.current in running.ticked

    def _whose(self, student: Any) -> str:
        return next((one.name for one in roll(self._board, self._now) if one.student_id == student), "")

    def enter(self) -> None:
        """Tick the student under the cursor and go on to the next. Space never takes a tick back: two people tick."""
        running, student = self._under_way(), self.current
        if running is None or student is None:
            return
        name = self._whose(student)
        if student in running.ticked:
            self.say(f"{name} was seen at {wall(running.ticked[student], self._board.zone)} · x takes it back")
            return
        after = self._next(student)
        self.do(lambda _: [tick_roll(running.id, student)], f"{name}: seen")
        if after is not None:
            self.query_one(Lines).go_to(after)

    def _take_back(self) -> None:
        """Take the tick of the student under the cursor back."""
        running, student = self._under_way(), self.current
        if running is not None and student is not None:
            self.do(lambda _: [tick_roll(running.id, student, seen=False)], f"{self._whose(student)}: not seen")

    def _next(self, student: Any) -> Any:
        """Return who is ticked next: the next one down who is not."""
        keys = [one.key for one in self.lines() if one.key is not None]
        running = self._under_way()
        place = keys.index(student)
        unseen = [key for key in (*keys[place + 1 :], *keys[:place]) if running and key not in running.ticked]
        return unseen[0] if unseen else None

    def _back(self) -> None:
        running = self._under_way()
        if running is None:
            return
        unseen = sum(1 for one in roll(self._board, self._now) if one.ticked is None)

        def back(everyone: str) -> None:
            said = "It is over. Who was not seen is to be found." if unseen and not everyone else "Everybody is back."
            self.do(lambda _: [bring_back(running.id, everyone=bool(everyone))], said)

        if not unseen:
            back("yes")
            return
        options = (Option("s", "only those seen", ""), Option("e", "everyone who went out", "yes"))
        self.ask(Choice(f"{unseen} not seen. Bring back", options, back))

    def _print(self) -> None:
        from psc.prints.roll import roll_page

        board = self._board
        named = [one.student_id for one in roll(board, self._now)]
        print_out(self, "roll", board.day.day, roll_page(board, self._now), students=named)
