"""The end of a period: check, work handed back, effort, for everyone in the room, in one pass of the keyboard.

Every figure is saved as it is typed, and the cursor goes on by itself: `3 8 4` is a check of 3, eight tenths of the
work done, effort 4, and then it is the next student's turn.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psc.desk.permissions import may
from psc.overview.cells import Tone, cut
from psc.overview.period_end import EndRow, begun_periods, ended_period, read_period_end
from psc.roster.checks import WORDS, mark_adjustment, mark_check
from psc.text import counted
from psc.tui.prompts import Choice, Entry, Option
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, Lines, line
from psc.work.steps import LONGEST, return_work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from psc.desk.acts import Call
    from psc.tui.screens.today import Today

CHECK, DONE, EFFORT = range(3)
_FIELDS = ("check 0–4", "done 0–9, a all", "effort 1–4")
_SEAT, _CHECK, _DONE, _EFFORT = 4, 6, 6, 7


class PeriodEnd(Page):
    """One line a student; the field that a figure goes into has a bar beside it."""

    shows_names = True

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self.period = ended_period(today.board, today.desk.clock.now())
        self.field = CHECK
        self.rows: tuple[EndRow, ...] = ()
        self._read_of: tuple[object, ...] = ()
        self._begun = False

    # What it shows

    def look(self) -> None:
        """Read the period again when something was written or another is chosen."""
        minute = self.today.now.replace(second=0, microsecond=0)  # another year's bell may ring later
        read_of = (self.desk.file.written(), self.today.board, self.period, self.today.room, minute)
        if read_of == self._read_of:
            return
        room = self.today.room
        self.rows = read_period_end(
            self.desk.file, self.today.board, self.period, self.today.now, self.today.staff, room.id if room else None
        )
        self._read_of = read_of

    def show_body(self) -> None:
        """Show it, at first with whoever has something left: a figure typed at once must not change what is done."""
        super().show_body()
        if not self._begun:
            self._begun = True
            first = next((one.key for one in self.rows if not one.done), None)
            if first is not None:
                self.query_one(Lines).go_to(first)
                super().show_body()

    @property
    def row(self) -> EndRow | None:
        """The row under the cursor."""
        return next((one for one in self.rows if one.key == self.current), None)

    def title_items(self) -> Sequence[Item]:
        """Say which period of which room it is, and how much is left."""
        room = self.today.room
        left = sum(1 for one in self.rows if not one.done)
        said = f"{counted(left, 'student')} to do" if left else "all done"
        where = room.code if room else "all rooms"
        return [
            Item(f"End of {self.period or 'a period'} · {where}", bold=True),
            Item(said if self.rows else "nobody was here", "due" if left else "left"),
            Item(_FIELDS[self.field] if left or self.rows else "", "quiet"),
        ]

    def lines(self) -> Sequence[Line]:
        """Return a line a student."""
        if not self.period:
            return [line(""), line("No lesson has begun yet today.", Tone.QUIET)]
        if not self.rows:
            return [line(""), line(f"Nobody was here for {self.period}. [ and ] choose another period.", Tone.QUIET)]
        width = self.app.size.width - 3
        name = max(14, min(26, (width - 34) // 2))
        subject = max(8, width - name - _SEAT - _CHECK - _DONE - _EFFORT - 8)
        head = f"{'Seat':{_SEAT}} {'Student':{name}} {'Check':{_CHECK}} {'Done':{_DONE}} {'Effort':{_EFFORT}} Work"
        made = [line(cut(head, width), Tone.QUIET)]
        for one in self.rows:
            made.append(self._line(one, name, subject))
            if one.adjustment and one.key == self.current:
                made.append(
                    line(cut(f"     agreed: {one.adjustment} · j says whether it was given", width), Tone.QUIET)
                )
        return made

    def _line(self, one: EndRow, name: int, subject: int) -> Line:
        here = one.key == self.current
        back = one.work.returned if one.work else None
        values = (
            ("·" if one.owes_check else "–") if one.placed.mark is None else str(one.placed.mark),
            ("·" if one.has_work else "–") if back is None else f"{back.share}%",
            ("·" if one.has_work else "–") if back is None or back.effort is None else str(back.effort),
        )
        pieces = [
            (cut(str(one.one.row.seat or "–"), _SEAT) + " ", Tone.QUIET if one.done else Tone.PLAIN),
            (cut(one.one.row.name, name) + " ", Tone.QUIET if one.done else Tone.PLAIN),
        ]
        for number, (value, wide) in enumerate(zip(values, (_CHECK, _DONE, _EFFORT), strict=True)):
            chosen = here and number == self.field
            owed = value == "·"
            tone = Tone.EXPECTED if chosen else Tone.DUE if owed else Tone.QUIET if one.done else Tone.PLAIN
            pieces.append(((("▌" if chosen else " ") + cut(value, wide - 1)) + " ", tone))
        pieces.append((cut(self._work_words(one), subject), Tone.QUIET))
        return Line(tuple(pieces), one.key)

    def _work_words(self, one: EndRow) -> str:
        parts = []
        if one.work is None or not one.has_work:
            parts.append("no work came")
        else:
            parts.append(one.work.subject or "work")
            if one.work.fallback and one.work.arrival:
                parts.append(one.work.arrival.pack)
            if one.work.returned and one.work.returned.line:
                parts.append(f"“{one.work.returned.line}”")
        if one.adjustment:
            parts.append({None: "adjustment?", True: "adjustment given", False: "adjustment not given"}[one.given])
        return " · ".join(parts)

    def says_items(self) -> Sequence[Item]:
        """Say what the figures mean while nothing else is said."""
        said = super().says_items()
        if said or not self.rows:
            return said
        if self.field == CHECK:
            return [Item(f"{mark} {word}", press=str(mark), key=1) for mark, word in enumerate(WORDS)]
        if self.field == DONE:
            return [
                Item("0 none", press="0", key=1),
                Item("1–9 tenths of it", "quiet"),
                Item("a all of it", press="a", key=1),
            ]
        return [Item("1 little", press="1", key=1), Item("2"), Item("3"), Item("4 full effort", press="4", key=1)]

    def keys(self) -> Sequence[PageKey]:
        """Return the keys beside the figures."""
        nobody = "" if self.rows else "nobody is here"
        agreed = "" if self.row and self.row.adjustment else "no adjustment was agreed"
        return (
            PageKey("enter", "Enter", "skip", self.enter, nobody),
            PageKey("asterisk", "*", "all", self._check_all, nobody or self._refused("mark_check")),
            PageKey("l", "l", "line back", self._line_to_teacher, nobody or self._refused("return_work")),
            PageKey("j", "j", "adjusted", self._adjusted, nobody or agreed or self._refused("mark_adjustment")),
            PageKey("left_square_bracket", "[", "", lambda: self._other(-1)),
            PageKey("right_square_bracket", "]", "period", lambda: self._other(1)),
            PageKey("u", "u", "undo", self.undo_here),
        )

    def _refused(self, act: str) -> str:
        return "" if may(act, self.today.staff) else f"it is not for the role of {self.today.staff.role.words}"

    # Keys

    def press(self, key: str, character: str | None = None) -> None:
        """Figures go into the field; left and right choose it."""
        if self.prompt is None and self.rows and (key.isdecimal() or (key == "a" and self.field == DONE)):
            if self.still_here():
                self._figure(10 if key == "a" else int(key))
        elif self.prompt is None and key in ("left", "right"):
            if self.still_here():
                self.field = (self.field + (1 if key == "right" else -1)) % len(_FIELDS)
                self.paint()
        else:
            if key in ("up", "down") and self.prompt is None:
                self.field = CHECK
            super().press(key, character)

    def enter(self) -> None:
        """Leave the field as it is, and go on."""
        self._go_on(self.row)
        self.paint()

    def _figure(self, figure: int) -> None:
        self.look()  # another terminal may have said something of the work since the last painting
        one = self.row
        if one is None:
            return
        act, words = "return_work", one.one.row.name
        if self.field == CHECK:
            act = "mark_check"
        if why := self._refused(act):
            self.refuse(f"This is not for you to record: {why}.")
        elif self.field == CHECK:
            if figure >= len(WORDS):
                self.refuse("A check is from 0 (refused) to 4 (all).")
                return
            self._save(one, mark_check(one.placed.id, figure), f"{words}: {figure} {WORDS[figure]}")
        elif one.work is None or one.work.arrival is None:
            self.refuse(f"{words} had no work for {self.period}: 3 Work says what came.")
        elif self.field == DONE:
            back = one.work.returned
            call = return_work(
                one.work.arrival.id, figure * 10, effort=back.effort if back else None, line=back.line if back else ""
            )
            self._save(one, call, f"{words}: {figure * 10}% done")
        elif not 1 <= figure <= 4:
            self.refuse("Effort is from 1 (little) to 4 (full).")
        else:
            back = one.work.returned
            if back is None:
                self.refuse("How much was done comes first: ← goes back to it.")
                return
            call = return_work(one.work.arrival.id, back.share, effort=figure, line=back.line)
            self._save(one, call, f"{words}: effort {figure}")

    def _save(self, one: EndRow, call: Call[Any], said: str) -> None:
        self.do(lambda _: [call], partial(self.to_undo, said))
        if self.said[1] != "alarm":
            self._go_on(one)
            self.paint()

    def _go_on(self, one: EndRow | None) -> None:
        """Go on to the next field; past the last one, to the next student who has something left."""
        if one is None:
            return
        if self.field < EFFORT and one.has_work:
            self.field += 1
            return
        self.field = CHECK
        self.look()
        place = next((number for number, each in enumerate(self.rows) if each.key == one.key), 0)
        after = [*self.rows[place + 1 :], *self.rows[:place]]
        then = next((each for each in after if not each.done), None)
        if then is None:
            if not any(not each.done for each in self.rows):
                self.say(f"{self.period}: all checks and work are in · Esc back")
            then = self.rows[place + 1] if place + 1 < len(self.rows) else None
        if then is not None:
            self.query_one(Lines).go_to(then.key)

    def _check_all(self) -> None:
        """Give one check to all who have none yet."""
        asked = {one.placed.id for one in self.rows if one.owes_check}
        if not asked:
            self.refuse("Everybody has a check.")
            return

        def give(mark: str) -> None:
            self.look()  # another terminal may have checked some of them since
            owing = [one.placed.id for one in self.rows if one.owes_check and one.placed.id in asked]
            if not owing:
                self.refuse("Everybody has a check by now.")
                return
            calls = [mark_check(placed, int(mark)) for placed in owing]
            said = f"{counted(len(owing), 'student')}: {mark} {WORDS[int(mark)]} · u undoes"
            self.do(lambda _: calls, partial(self.to_undo, said))

        options = tuple(Option(str(mark), word, str(mark)) for mark, word in enumerate(WORDS))
        self.ask(Choice(f"All {len(asked)} without a check", options, give))

    def _line_to_teacher(self) -> None:
        """Ask for the one line that goes back to the teacher with the work."""
        one = self.row
        if one is None or one.work is None or one.work.arrival is None:
            self.refuse("No work came for this student.")
            return
        arrival, back = one.work.arrival, one.work.returned
        if back is None:
            self.refuse("How much was done comes first.")
            return

        def keep(words: str) -> None:
            self.look()  # the share, or the effort, may have been said again since
            found = [each.work for each in self.rows if each.work and each.work.arrival == arrival]
            now = found[0].returned if found and found[0].returned else back
            call = return_work(arrival.id, now.share, effort=now.effort, line=words)
            self.do(lambda _: [call], partial(self.to_undo, "kept for the teacher"))
            if self.said[1] != "alarm":
                self.answer_saved()

        about = f"work line {arrival.id}"
        self.ask(Entry("To the teacher", "one line", keep, back.line, LONGEST, about))

    def _adjusted(self) -> None:
        """Ask whether what was agreed for the student was given."""
        one = self.row
        if one is None:
            return

        def say(given: str) -> None:
            words = "given" if given == "y" else "not given: this period cannot fail on its check"
            calls = [mark_adjustment(one.placed.id, given == "y")]
            self.do(lambda _: calls, partial(self.to_undo, f"adjustment {words}"))

        self.ask(Choice("Was it given", (Option("y", "yes", "y"), Option("n", "no", "n")), say))

    def _other(self, by: int) -> None:
        """Choose another period that has begun."""
        names = begun_periods(self.today.board, self.today.now)
        if self.period in names:
            place = names.index(self.period) + by
            self.period = names[max(0, min(place, len(names) - 1))]
        self.field = CHECK
