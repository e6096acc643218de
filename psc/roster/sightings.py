"""Where a student is whose place was not known: found, or reported. Only such a record quiets the alarm."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NotUnderstood
from psc.roster.movements import happened
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File

TOLD = ("attendance", "on call", "safeguarding lead")
"""Whom the room tells of a student it cannot find. Source: the domain notes, section Roster."""


class Sighting(NamedTuple):
    """What somebody knew of a student's place: the place, or who was told that it is not known."""

    happened: datetime
    told: str
    place: str
    by: str

    @property
    def words(self) -> str:
        """As the board says it: `told on call`, `library`."""
        return f"told {self.told}" if self.told else self.place


@act("record_sighting", resting=())
def record_sighting(tx: Tx, student_id: int, *, place: str = "", told: str = "", at: datetime | None = None) -> int:
    """Record where a student is, or who was told that nobody knows; returns the record's id.

    Two people may both record something of one student: both stand, the latest is shown. Raises `NotUnderstood` when
    neither a place nor somebody told is given.
    """
    tx.reach(student_id)
    if told and told not in TOLD:
        raise NotUnderstood(f"“{told}” is not somebody the room tells.", f"It can be: {', '.join(TOLD)}.")
    where = clean(place)
    if not told and not where:
        raise NotUnderstood("Say where they are, or whom you told.", "a attendance, o on call, s safeguarding lead.")
    return tx.add("sighting", student_id=student_id, told=told, place=where, happened=happened(tx, at))


def sightings_on(file: File, day: date) -> dict[int, tuple[Sighting, ...]]:
    """Return what was recorded of each student's place on a day, in order of happening."""
    found = file.rows(
        "SELECT s.student_id, s.happened, s.told, s.place, l.actor FROM sighting s JOIN ledger l ON l.seq = s.seq"
        f" WHERE s.day = ? AND {live('sighting', 's')} ORDER BY s.happened, s.id",
        (day.isoformat(),),
    )
    made: dict[int, tuple[Sighting, ...]] = {}
    for student, at, told, place, by in found:
        made[student] = (*made.get(student, ()), Sighting(moment(at), told, place, by))
    return made


def known_since(sightings: Sequence[Sighting], since: datetime) -> Sighting | None:
    """Return the latest record made at or after `since`, None while nobody has recorded anything."""
    return next((one for one in reversed(sightings) if one.happened >= since), None)
