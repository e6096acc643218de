"""Home told: attempts and what became of them, and when home is owed a word the same day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NotUnderstood
from psc.roster.movements import Destination, Kind, Movement, happened
from psc.text import clean

if TYPE_CHECKING:
    from psc.database.file import File

HOWS = ("phone", "text", "email", "in person")
OUTCOMES = ("told", "no answer", "message left")
"""Only *told* ends the clock. Source: the domain notes, section People."""
OWED_FOR = frozenset({Destination.HOME_ILL, Destination.HOME_APPOINTMENT, Destination.HOME_SUSPENDED})
"""Ways of going home early after which home is owed a word. A parent who chose it knows already."""

_IN_THE_OPEN = frozenset({"mother", "father", "parent", "grandparent", "grandmother", "grandfather"})


class HomeContact(NamedTuple):
    """One attempt to tell home. `contact` names whom, relationship first: `mother, Sagal Jama`."""

    happened: datetime
    contact: str
    how: str
    outcome: str
    note: str
    by: str

    @property
    def whom(self) -> str:
        """Whom, as the pane says it in the open: see `whom_in_the_open`."""
        return whom_in_the_open(self.contact)


def whom_in_the_open(contact: str) -> str:
    """Return a contact as everybody at the desk may read it: a parent or grandparent, anybody else without saying who.

    That a student has a foster carer or a social worker is nobody's business at the desk.
    """
    relationship = contact.partition(", ")[0]
    return relationship if relationship in _IN_THE_OPEN else "a contact"


class Owed(NamedTuple):
    """A word that home has not had yet: what about, and since when."""

    about: str
    since: datetime


@act("tell_home", resting=())
def tell_home(
    tx: Tx, student_id: int, contact: str, how: str, outcome: str, note: str = "", at: datetime | None = None
) -> int:
    """Record an attempt to tell home, and what became of it; returns the record's id.

    `contact` names one of the student's contacts who may be told: see `the_contact`. Raises `NotUnderstood` for
    anybody else, and for a way or an outcome that is not of the list.
    """
    tx.reach(student_id)
    return add_home_contact(tx, student_id, contact, how, outcome, note, happened(tx, at))


def add_home_contact(tx: Tx, student_id: int, contact: str, how: str, outcome: str, note: str, when: datetime) -> int:
    """Write an attempt to tell home down, for an act that has reached the student; see `tell_home`."""
    if how not in HOWS:
        raise NotUnderstood(f"“{how}” is not a way to tell home.", f"It can be: {', '.join(HOWS)}.")
    if outcome not in OUTCOMES:
        raise NotUnderstood("Say what became of it.", f"It can be: {', '.join(OUTCOMES)}.")
    from psc.school.contacts import the_contact

    whom = the_contact(tx.file, student_id, contact).words
    return tx.add(
        "home_contact",
        student_id=student_id,
        contact=whom,
        how=how,
        outcome=outcome,
        note=clean(note),
        happened=when,
    )


def home_contacts_on(file: File, day: date) -> dict[int, tuple[HomeContact, ...]]:
    """Return the attempts of a day by student, in order of happening."""
    found = file.rows(
        "SELECT h.student_id, h.happened, h.contact, h.how, h.outcome, h.note, l.actor FROM home_contact h"
        f" JOIN ledger l ON l.seq = h.seq WHERE h.day = ? AND {live('home_contact', 'h')} ORDER BY h.happened, h.id",
        (day.isoformat(),),
    )
    return _by_student(found)


def home_contacts_since(file: File, students: Sequence[int], first: date) -> dict[int, tuple[HomeContact, ...]]:
    """Return the attempts for several students from a day on, by student, in order of happening."""
    marks = ", ".join("?" * len(students))
    found = file.rows(
        "SELECT h.student_id, h.happened, h.contact, h.how, h.outcome, h.note, l.actor FROM home_contact h"
        f" JOIN ledger l ON l.seq = h.seq WHERE h.day >= ? AND h.student_id IN ({marks})"
        f" AND {live('home_contact', 'h')} ORDER BY h.happened, h.id",
        [first.isoformat(), *students],
    )
    return _by_student(found)


def _by_student(found: Sequence[Sequence[Any]]) -> dict[int, tuple[HomeContact, ...]]:
    made: dict[int, tuple[HomeContact, ...]] = {}
    for student, at, *told in found:
        made[student] = (*made.get(student, ()), HomeContact(moment(at), *told))
    return made


def home_owed(
    removed: Sequence[datetime], moves: Sequence[Movement], contacts: Sequence[HomeContact]
) -> tuple[Owed, ...]:
    """Return the words that home is still owed for one student's day, the oldest first.

    Home is owed a word the same day for every sanction nobody planned (`removed`: when each was decided) and for going
    home early, unless a parent chose it. Being *told* after it began ends it; no answer and a message left do not. Home
    is rung before a student goes, so a word before the going counts for it too, if it was not the one owed for
    something earlier. Source: the domain notes, sections People and Suspensions (parents told the same day).
    """
    owed = [Owed("removed from lesson", at) for at in removed]
    owed += [
        Owed(one.reason.replace(":", ","), one.happened)
        for one in moves
        if one.kind is Kind.LEFT and one.reason in OWED_FOR
    ]
    told = [one.happened for one in contacts if one.outcome == "told"]
    used: set[int] = set()
    left = []
    for one in sorted(owed, key=lambda each: each.since):
        after = next((number for number, at in enumerate(told) if at >= one.since), None)
        before = [number for number, at in enumerate(told) if at < one.since and number not in used]
        if after is not None:
            used.add(after)
        elif before and one.about.startswith("home"):
            used.add(before[-1])
        else:
            left.append(one)
    return tuple(left)
