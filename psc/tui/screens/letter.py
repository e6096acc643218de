"""A message to a teacher, to be read before it goes: copied, saved as a file, or sent."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from psc.clock import school_day
from psc.desk.acts import undo
from psc.errors import PscError
from psc.mail import Letter
from psc.overview.cells import Tone
from psc.prints.keep import check_room
from psc.prints.messages import keep_message
from psc.tui.mailing import no_mail_because, send_letters, told
from psc.tui.screens.page import Page, PageKey
from psc.tui.widgets.bar import Item
from psc.tui.widgets.lines import Line, line
from psc.work.teachers import teachers

if TYPE_CHECKING:
    from psc.desk.acts import Call
    from psc.mail import Sent
    from psc.tui.screens.today import Today
    from psc.work.messages import Message

Note = Callable[[Sequence["Message"], str], "list[Call[Any]]"]
"""What notes that messages went, given how: the acts, one for each piece of work they are about."""


def save_all(page: Page, name: str, messages: Sequence[Message], note: Note) -> str:
    """Note that messages are saved, then write a file each; returns where they are, "" when it was refused.

    Names reach no disk before the ledger says so; where they do not reach it after all, that is taken back.
    """
    file, day = page.desk.file, school_day(page.today.now, page.desk.file.zone)
    try:
        check_room(file)
        if calls := note(messages, "saved"):
            page.desk.do_patiently(*calls, id=secrets.token_hex(12), seconds=2)
        try:
            paths = [keep_message(file, name, one, day) for one in messages]
        except PscError:
            if calls:
                page.desk.do_patiently(undo(), seconds=2)
            raise
    except PscError as error:
        page.refuse(str(error))
        return ""
    page.today.reload()
    where = paths[0] if len(paths) == 1 else paths[0].parent
    return str(where).replace(str(Path.home()), "~", 1)


def send_all(page: Page, messages: Sequence[Message], note: Note, then: Callable[[str], None]) -> None:
    """Send messages beside the event loop, and note each that the server has taken.

    `then` is told what to say of it once the server has answered, where it has taken any; else the page says why not.
    """
    reply_to = teachers(page.desk.file, [page.desk.code])[page.desk.code].email
    letters = [Letter(one.teacher.email, one.subject, one.body, reply_to) for one in messages]

    def answered(done: tuple[Sent, ...]) -> None:
        taken = [message for message, one in zip(messages, done, strict=True) if one.sent]
        words, tone = told(done)
        refused = [error for one in taken for error in _noted(page, note((one,), "sent"))]
        page.today.reload()
        if taken:
            then(f"{words.removesuffix('.')}, and noted." if tone == "quiet" and not refused else words)
        if refused:
            page.refuse(f"{words} Not all of it is noted: {refused[0]}")
        elif tone != "quiet":
            page.refuse(words)

    send_letters(page, letters, answered)


def _noted(page: Page, calls: Sequence[Call[Any]]) -> list[PscError]:
    """Note a message that has gone, and return what stood in the way.

    What went is noted for all of it that can be: a lesson whose work came meanwhile keeps nothing else back.
    """
    if not calls:
        return []
    try:
        page.desk.do_patiently(*calls, id=secrets.token_hex(12), seconds=2)
    except PscError as error:
        if len(calls) == 1:
            return [error]
        return [each for one in calls for each in _noted(page, [one])]
    return []


class LetterPage(Page):
    """One message. Whichever way it goes is noted once: the same message is one asking, copied and saved or not."""

    title_words = "Message"

    def __init__(self, today: Today, name: str, message: Message, note: Note) -> None:
        super().__init__(today)
        self._kind = name
        self._message = message
        self._note = note
        self._noted = False

    def title_items(self) -> Sequence[Item]:
        """Say to whom it goes, and what stands in the way of mail."""
        teacher = self._message.teacher
        return [Item("To", bold=True), Item(teacher.words), Item(teacher.email or "no e-mail address", "quiet")]

    def lines(self) -> Sequence[Line]:
        """Return the message as it reads."""
        width = max(30, min(100, self.app.size.width - 6))
        made = [line(self._message.subject, Tone.EXPECTED), line("")]
        for one in self._message.body.split("\n"):
            indent = "    " if one.startswith(" ") else ""
            made += [line(part) for part in wrap(one, width, subsequent_indent=indent)] or [line("")]
        return made

    def keys(self) -> Sequence[PageKey]:
        """Return the three ways."""
        mail = no_mail_because(self, self._message)
        undoes = "" if self._noted else "it has not gone anywhere"
        return [
            PageKey("c", "c", "copy", self._copy),
            PageKey("f", "f", "save as a file", self._save),
            PageKey("m", "m", "send by mail", self._send, mail),
            PageKey("u", "u", "undo", self._undo, undoes),
        ]

    def _once(self, messages: Sequence[Message], how: str) -> list[Call[Any]]:
        """Note it, unless it has been: a message that is copied and saved is one message."""
        return [] if self._noted else self._note(messages, how)

    def _copy(self) -> None:
        """Note it, then put it into the clipboard: the lock takes it out again."""
        try:
            if calls := self._once((self._message,), "copied"):
                self.desk.do_patiently(*calls, id=secrets.token_hex(12), seconds=2)
        except PscError as error:
            self.refuse(str(error))
            return
        self._noted = True
        self.today.reload()
        self.app.copy_to_clipboard(self._message.text)
        self.say("Copied, and noted: paste it into a mail. The clipboard is emptied when the screen locks.")

    def _save(self) -> None:
        if where := save_all(self, self._kind, [self._message], self._once):
            self._noted = True
            self.say(f"Saved, and noted: {where}")

    def _send(self) -> None:
        def then(said: str) -> None:
            self._noted = True
            self.say(said)

        send_all(self, [self._message], self._once, then)

    def _undo(self) -> None:
        self.do(lambda _: [undo()], "Undone: it is not noted any more.")
        self._noted = self.said[1] == "alarm"
