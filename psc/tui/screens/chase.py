"""The chase list: what teachers still owe, the oldest first; and the day's feedback, what they are to be told."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from psc.clock import school_day
from psc.desk.permissions import may
from psc.overview.cells import Tone, cut
from psc.overview.post import ToWrite, asking_message, feedback_message, outstanding_for, untold_for
from psc.overview.work_words import SIGNS, moment_words
from psc.text import counted, fold
from psc.tui.mailing import no_mail_because
from psc.tui.prompts import Choice, Option
from psc.tui.screens.letter import LetterPage, save_all, send_all
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line
from psc.work.messages import became, times
from psc.work.steps import ask_for_work, send_feedback

if TYPE_CHECKING:
    from datetime import datetime

    from psc.desk.acts import Call
    from psc.overview.work import WorkRow
    from psc.overview.work_table import Key
    from psc.tui.screens.today import Today
    from psc.tui.screens.work import WorkPage
    from psc.work.messages import Message


def write_to(page: Page, key: Key) -> None:
    """Open the message to the teacher of a period's work, about all they owe."""
    found = outstanding_for(page.desk.file, page.today.staff, page.today.now)
    to = next((one for one in found if any(row.work.key == key for row in one.rows)), None)
    if to is None:
        page.refuse("No work is owed for that period.")
    else:
        message = asking_message(page.desk.file, to, page.today.staff, page.today.now)
        page.app.push_screen(LetterPage(page.today, "asking", message, note_asked))


def note_asked(messages: Sequence[Message], how: str) -> list[Call[Any]]:
    """Return the acts that note that teachers were asked: one for each lesson."""
    return [ask_for_work(*piece.work.key, how=how) for one in messages for piece in one.pieces]


def note_told(messages: Sequence[Message], how: str) -> list[Call[Any]]:
    """Return the acts that note that teachers were told: one for each of them."""
    return [
        send_feedback([piece.work.arrival.id for piece in one.pieces if piece.work.arrival], how) for one in messages
    ]


class PostPage(Page):
    """Teachers, with what each is to be written to about; y writes to one, Y to all of them."""

    act = ""
    """The act that notes a message."""
    file_name = ""
    """What a saved message is called, before its teacher."""

    def __init__(self, today: Today, work: WorkPage | None = None) -> None:
        super().__init__(today)
        self._work = work
        self._read_of: tuple[object, ...] = ()
        self.found: tuple[ToWrite, ...] = ()

    @abstractmethod
    def read(self) -> tuple[ToWrite, ...]:
        """Read who is to be written to."""

    @abstractmethod
    def message(self, to: ToWrite) -> Message:
        """Return the message to a teacher."""

    @abstractmethod
    def note(self, messages: Sequence[Message], how: str) -> list[Call[Any]]:
        """Return the acts that note that messages went."""

    def look(self) -> None:
        """Read again when something was written, and as lessons end."""
        wanted = (self.desk.file.written(), self.today.now.replace(second=0), self.today.staff)
        if wanted != self._read_of:
            self._read_of = wanted
            self.found = self.read()

    # What stands there

    def title_items(self) -> Sequence[Item]:
        """Say how much there is."""
        pieces = sum(len(one.rows) for one in self.found)
        words = f"{counted(pieces, 'lesson')}, {counted(len(self.found), 'teacher')}" if pieces else "nothing"
        return [*super().title_items(), Item(words, "quiet")]

    def when(self, moment: datetime) -> str:
        """Return a moment in words."""
        zone = self.desk.file.zone
        return moment_words(moment, zone, school_day(self.today.now, zone))

    def row_words(self, one: WorkRow, middle: str) -> str:
        """Return how a line of the list begins: when, what, whose."""
        work, width = one.work, self.app.size.width
        name = 18 if width < 100 else 24
        when = f"{work.day:%a} {work.day.day} {work.period}"
        what = cut(middle, 14 if width < 100 else 26)
        return f"  {cut(when, 10)} {what} {cut(one.name, name)} {cut('' if one.apart else one.form, 5)} "

    # Keys

    def keys(self) -> Sequence[PageKey]:
        """Return the keys: writing, and the cell on the Work page."""
        staff = self.today.staff
        barred = "" if may(self.act, staff) else f"it is not for the role of {staff.role.words}"
        none = "" if self.chosen else "nobody is chosen"
        return [
            PageKey("y", "y", "write to the teacher", self.write, barred or none),
            PageKey("Y", "Y", "write to all", self.write_all, barred or none),
            PageKey("enter", "Enter", "show the work", self.enter, none),
        ]

    @property
    def chosen(self) -> tuple[ToWrite, WorkRow] | None:
        """The teacher of the line under the cursor, and its piece of work, or the first of them."""
        if self.current is None:
            return None
        teacher, key = self.current
        for one in self.found:
            if one.teacher.given == teacher:
                return one, next((row for row in one.rows if row.work.key == key), one.rows[0])
        return None

    def enter(self) -> None:
        """Show the piece of work where it stands."""
        if (found := self.chosen) is None:
            return
        work = found[1].work
        self.leave()
        if self._work is None:
            from psc.tui.screens.work import WorkPage

            self.app.push_screen(WorkPage(self.today, at=work.key))
        else:
            self._work.go_to(work.day, work.student_id, work.period)

    def write(self) -> None:
        """Open the message to the teacher under the cursor."""
        if (found := self.chosen) is not None:
            self.app.push_screen(LetterPage(self.today, self.file_name, self.message(found[0]), self.note))

    def write_all(self) -> None:
        """Ask how the messages to all teachers are to go."""
        mail = no_mail_because(self)
        options = [Option("f", "save a file each", "saved")]
        options += [] if mail else [Option("m", "send them by mail", "sent")]

        def gone(how: str) -> None:
            messages = [self.message(one) for one in self.found]
            if how == "sent":
                reachable = [one for one in messages if one.teacher.email]
                left = len(messages) - len(reachable)
                rest = f" {counted(left, 'teacher')} without an address left." if left else ""
                send_all(self, reachable, self.note, lambda said: self.say(f"{said}{rest}"))
            else:
                where = save_all(self, self.file_name, messages, self.note)
                self._said(where and f"{counted(len(messages), 'file')}, one a teacher, noted, in {where}")

        count = counted(len(self.found), "message")
        self.ask(Choice(f"{count}, one a teacher", tuple(options), gone, mail and f"{mail}: no m"))

    def _said(self, words: str) -> None:
        if words:
            self.say(words)


class ChasePage(PostPage):
    """What is owed for today and the school days to come, the oldest first; by teacher, or by department."""

    title_words = "Work owed"
    act, file_name = "ask_for_work", "asking"

    def __init__(self, today: Today, work: WorkPage | None = None) -> None:
        super().__init__(today, work)
        self._by_subject = False

    def read(self) -> tuple[ToWrite, ...]:
        """Read what is owed."""
        return outstanding_for(self.desk.file, self.today.staff, self.today.now)

    def message(self, to: ToWrite) -> Message:
        """Return the message that asks for all of it."""
        return asking_message(self.desk.file, to, self.today.staff, self.today.now)

    def note(self, messages: Sequence[Message], how: str) -> list[Call[Any]]:
        """Return the acts that note the asking."""
        return note_asked(messages, how)

    def lines(self) -> Sequence[Line]:
        """Return what is owed, teacher by teacher or subject by subject."""
        if not self.found:
            return [line("Nothing is owed for today and the five school days to come.", Tone.QUIET)]
        return self._subjects() if self._by_subject else self._teachers()

    def _teachers(self) -> list[Line]:
        made: list[Line] = []
        for to in self.found:
            given = to.teacher.given
            name = cut(to.teacher.words, 34 if self.app.size.width >= 100 else 28)
            tone = Tone.PLAIN if to.teacher.known else Tone.OUT
            made.append(Line(((f"{name} ", tone), (self._summary(to.rows), Tone.QUIET)), (given, None)))
            made += [self._line(one, given, one.work.subject) for one in to.rows]
        return made

    def _subjects(self) -> list[Line]:
        pairs = [(one, to) for to in self.found for one in to.rows]
        first = {
            fold(one.work.subject): one for one, _ in sorted(pairs, key=lambda pair: pair[0].work.due, reverse=True)
        }
        order = sorted(pairs, key=lambda pair: (first[fold(pair[0].work.subject)].work.due, fold(pair[0].work.subject)))
        made: list[Line] = []
        for _, group in groupby(order, key=lambda pair: fold(pair[0].work.subject)):
            those = tuple(group)
            subject = those[0][0].work.subject or "no subject"
            made.append(
                Line(((cut(subject, 28) + " ", Tone.PLAIN), (self._summary([one for one, _ in those]), Tone.QUIET)))
            )
            made += [
                self._line(one, to.teacher.given, to.teacher.words)
                for one, to in sorted(those, key=lambda pair: (pair[0].work.due, pair[0].work.starts))
            ]
        return made

    def _summary(self, rows: Sequence[WorkRow]) -> str:
        asked = max(len(one.work.asked) for one in rows)
        last = max((one.work.asked[-1] for one in rows if one.work.asked), default=None)
        chased = f" · asked {times(asked)}, last {self.when(last)}" if last else " · not asked yet"
        return counted(len(rows), "lesson") + chased

    def _line(self, one: WorkRow, given: str, middle: str) -> Line:
        work, late = one.work, one.work.overdue(self.today.now)
        asked = f", {len(work.asked)}×" if work.asked else ""
        due = f"{SIGNS[work.state]} {'was due' if late else 'due'} {self.when(work.due)}{asked}"
        words = self.row_words(one, middle)
        return Line(((words, Tone.PLAIN), (due, Tone.DUE if late else Tone.QUIET)), (given, work.key))

    def keys(self) -> Sequence[PageKey]:
        """Add the other order."""
        other = "by teacher" if self._by_subject else "by department"
        return [*super().keys(), PageKey("d", "d", other, self._turn), PageKey("tab", "Tab", "work", self.leave)]

    def _turn(self) -> None:
        self._by_subject = not self._by_subject


class FeedbackPage(PostPage):
    """What was handed in, and its teacher has not been told of."""

    title_words = "Feedback"
    act, file_name = "send_feedback", "feedback"

    def read(self) -> tuple[ToWrite, ...]:
        """Read what is to be told."""
        return untold_for(self.desk.file, self.today.staff, self.today.now)

    def message(self, to: ToWrite) -> Message:
        """Return the message that tells it."""
        return feedback_message(self.desk.file, to, self.today.staff)

    def note(self, messages: Sequence[Message], how: str) -> list[Call[Any]]:
        """Return the acts that note the telling."""
        return note_told(messages, how)

    def lines(self) -> Sequence[Line]:
        """Return what was handed in, teacher by teacher."""
        if not self.found:
            return [line("Every teacher has been told what became of their work.", Tone.QUIET)]
        made: list[Line] = []
        for to in self.found:
            given = to.teacher.given
            tone = Tone.PLAIN if to.teacher.known else Tone.OUT
            count = counted(len(to.rows), "lesson")
            made.append(Line(((f"{cut(to.teacher.words, 34)} ", tone), (count, Tone.QUIET)), (given, None)))
            made += [
                Line(
                    ((self.row_words(one, one.work.subject), Tone.PLAIN), (became(one.work), Tone.QUIET)),
                    (given, one.work.key),
                )
                for one in to.rows
            ]
        return made
