"""What is written to teachers about work: one message with all that is outstanding, and one with what became of it.

Plain text: whoever reads it reads it in any program. Names and what people typed are data: their control characters are
taken out, and nothing in them is ever filled in.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import wall
from psc.desk.templates import filled
from psc.text import clean, counted, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from psc.work.sets import WorkSet
    from psc.work.teachers import Teacher

EFFORT = ("", "little effort", "some effort", "good effort", "excellent effort")
"""What effort is called, from 1 to 4. Source: the domain notes, Work sets."""


_LIST = re.compile(r"\{\s*list\s*\}", re.IGNORECASE)


class Piece(NamedTuple):
    """The work of one student for one period, with whose it is as a message names them."""

    student: str
    """`Amara Okafor, 9B`."""
    work: WorkSet


class Writer(NamedTuple):
    """Who writes. `reply` is where work is sent to: an e-mail address, or a room."""

    adult: str
    reply: str
    school: str


class Message(NamedTuple):
    """A message to one teacher, as it is copied, saved or sent. `subject` names no student."""

    teacher: Teacher
    subject: str
    body: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole of it, as a file or a clipboard has it."""
        to = self.teacher.email or self.teacher.words
        return f"To: {_line(to)}\nSubject: {self.subject}\n\n{self.body}\n"


def asking(
    template: str, teacher: Teacher, pieces: Sequence[Piece], writer: Writer, now: datetime, zone: ZoneInfo
) -> Message:
    """Return the message that asks a teacher for all they owe, the earliest due first.

    `template` is the school's text; where it has no place for the list, the list stands at its end.
    """
    first = min(one.work.due for one in pieces)
    due = _moment_words(first, zone)
    subject = f"Work for {counted(len(pieces), 'lesson')}, please: by {due}"
    if first <= now:
        subject = f"Work for {counted(len(pieces), 'lesson')}, please: the first was due {due}"
    lines = _listed(pieces, lambda work: _asked_words(work, now, zone))
    return Message(teacher, subject, _filled(template, teacher, pieces, writer, lines), tuple(pieces))


def feedback(template: str, teacher: Teacher, pieces: Sequence[Piece], writer: Writer) -> Message:
    """Return the message that tells a teacher what became of each piece of work: how much is done, effort, a line."""
    days = sorted({one.work.day for one in pieces})
    when = _day_words(days[0]) if len(days) == 1 else f"{_day_words(days[0])} to {_day_words(days[-1])}"
    subject = f"Work done in our room, {when}: {counted(len(pieces), 'lesson')}"
    lines = _listed(pieces, became)
    return Message(teacher, subject, _filled(template, teacher, pieces, writer, lines), tuple(pieces))


def became(work: WorkSet) -> str:
    """Return what became of work that was handed in: `80% done, good effort. Stuck on question 4`."""
    done, arrival = work.returned, work.arrival
    if done is None or arrival is None:
        return ""
    said = ", ".join(part for part in (f"{done.share}% done", EFFORT[done.effort or 0]) if part)
    pack = f"pack {arrival.pack}, as no work had come" if work.fallback else ""
    back = f"it comes back to {arrival.return_to}" if arrival.return_to else ""
    return ". ".join(_line(part) for part in (said, done.line.rstrip("."), pack, back) if part)


def _filled(template: str, teacher: Teacher, pieces: Sequence[Piece], writer: Writer, lines: Sequence[str]) -> str:
    listed = "\n".join(lines)
    whole = template if _LIST.search(template) else f"{template}\n\n{{list}}"
    values = {
        "teacher": _line(teacher.name) or "colleague",
        "lessons": counted(len(pieces), "lesson"),
        "list": listed,
        "reply": _line(writer.reply),
        "adult": _line(writer.adult),
        "school": _line(writer.school),
    }
    return "\n".join(shown(one).rstrip() for one in filled(whole, values).split("\n"))


def _listed(pieces: Iterable[Piece], words: Callable[[WorkSet], str]) -> list[str]:
    """Return each lesson once, with a line a student under it."""
    made: list[str] = []
    for (day, _, period, subject, code), those in groupby(sorted(pieces, key=_lesson), key=_lesson):
        lesson = " ".join(part for part in (_line(subject), f"({_line(code)})" if code else "") if part)
        made.append(f"{_day_words(day)}, {period}: {lesson}")
        made += [f"  {_line(one.student)}: {words(one.work)}" for one in those]
    return made


def _lesson(one: Piece) -> tuple[date, datetime, str, str, str]:
    work = one.work
    code = work.arrival.class_code if work.arrival else work.lesson.class_code if work.lesson else ""
    return work.day, work.starts, work.period, work.subject, code


def _asked_words(work: WorkSet, now: datetime, zone: ZoneInfo) -> str:
    by = "was due" if work.overdue(now) else "by"
    before = f", asked {times(len(work.asked))} before" if work.asked else ""
    return f"{by} {_moment_words(work.due, zone)}{before}"


def times(number: int) -> str:
    """Return how often: `once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _moment_words(at: datetime, zone: ZoneInfo) -> str:
    return f"{_day_words(at.astimezone(zone).date())} {wall(at, zone)}"


def _day_words(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _line(text: str) -> str:
    """Return what people wrote, on one line."""
    return clean(text)
