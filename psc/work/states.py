"""How far the work of a period has come, and what it came as: the words all of psc shares."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psc.school.timetable import Lesson

PE = frozenset({"pe", "physical education", "games", "sport"})
STUDY = frozenset({"", "study", "private study", "supervised study", "study period", "free"})


class State(StrEnum):
    """How far a set has come. Source: the domain notes, Work sets."""

    NEEDED = "needed"
    REQUESTED = "requested"
    RECEIVED = "received"
    ISSUED = "issued"
    RETURNED = "returned"
    SENT_BACK = "sent back"

    @property
    def has_work(self) -> bool:
        """Whether there is something to do for the period."""
        return self not in (State.NEEDED, State.REQUESTED)

    @property
    def is_back(self) -> bool:
        """Whether what was done has been handed in."""
        return self in (State.RETURNED, State.SENT_BACK)


class Kind(StrEnum):
    """What work came as."""

    LINK = "link"
    FILE = "file"
    PAPER = "paper"
    PACK = "pack"


def state_of(*, asked: bool, came: bool, issued: bool = False, returned: bool = False, told: bool = False) -> State:
    """Return how far a set has come, from what was recorded of it."""
    if not came:
        return State.REQUESTED if asked else State.NEEDED
    if returned:
        return State.SENT_BACK if told else State.RETURNED
    return State.ISSUED if issued else State.RECEIVED


def asked_for(asked: tuple[str, str, str], has: tuple[str, str, str]) -> bool:
    """Say whether asking was for the lesson as it is now: its teacher, and for its class or subject.

    Both are (subject, class, teacher). Whoever was asked and does not have the lesson any more will send nothing.
    """
    subject, code, teacher = (a.casefold() == b.casefold() for a, b in zip(asked, has, strict=True))
    return teacher and (subject or code)


def why_no_work(lesson: Lesson | None) -> str:
    """Return why nobody sets work for a lesson: `no lesson`, `study` or `PE`; "" for one that has work of its own."""
    if lesson is None:
        return "no lesson"
    subject = lesson.subject.strip().casefold()
    if subject in PE:
        return "PE"
    return "study" if subject in STUDY else ""


def state_words(state: State, *, fallback: bool, no_work: str) -> str:
    """Return how far a period's work has come, as people say it: `not sent`, `asked for`, `pack issued`.

    `no_work` is why nobody sets any, "" where a teacher does: then it is a pack that is missing.
    """
    match state:
        case State.NEEDED:
            return "no pack yet" if no_work else "not sent"
        case State.REQUESTED:
            return "asked for"
        case State.RECEIVED | State.ISSUED if fallback:
            return f"pack {state.value}"
        case _:
            return state.value
