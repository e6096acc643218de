"""What needs a reason before a booking is saved: where it clashes, and where it makes a sanction long.

Each concern stands by itself, for a period where it is about one; `concern_lines` says them with their periods run
together. The figures are the settings in force on the booking's first day, and each concern names the one it comes
from. Sources: the domain notes, Roster (capacity, keep-apart, longest run) and Suspensions (review for need).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import stamp, wall
from psc.desk.changes import who_wrote
from psc.desk.settings import settings_on
from psc.errors import Refused
from psc.roster.events import events_of
from psc.roster.keep_apart import kept_apart_from, kept_apart_in
from psc.roster.placed import STANDING, placed_there, seats_used, taken_by
from psc.roster.placement_types import INTERNAL, SANCTIONS, Line, PlacementType
from psc.roster.slots import Slot, slot_words
from psc.school.calendar import school_days, term_of
from psc.school.rooms import room_by_id
from psc.school.shapes import Bells, lessons_between
from psc.school.students import student_by_id
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psc.database.file import File
    from psc.desk.acts import Tx
    from psc.desk.settings import Settings
    from psc.school.rooms import Room

_SAID = 3
"""How many concerns a refusal says whole."""
_RUN_REACH = timedelta(days=60)
"""How far before and after a booking a run of days is followed."""

_SHORTEST_TERM = 20
"""School days that the calendar must have of a term before a share of it says anything."""


class Concern(NamedTuple):
    """Something that needs a reason. `kind` is placed, full, apart, event, run, term, share or removals.

    `words` are whole. `day` and `period` are where it is, None and "" for what is about the whole booking; `about` is
    what is said before and after them.
    """

    kind: str
    words: str
    day: date | None = None
    period: str = ""
    about: tuple[str, str] = ("", "")


def concerns(
    file: File,
    student_id: int,
    room_id: int,
    type: PlacementType,
    slots: Sequence[Slot],
    *,
    today: date,
    barred: frozenset[int] = frozenset(),
    besides: int | None = None,
    stays: Sequence[Slot] = (),
) -> tuple[Concern, ...]:
    """Return everything about a planned booking that needs a reason before it is saved.

    `barred` are the students whom the reader may not see named; the periods of the placement `besides` do not count:
    it is being moved, and `stays` are those of them that will not move. Slots must be such as `check_slots` lets
    through.
    """
    if not slots:
        return ()
    bells = Bells(file, student_by_id(file, student_id, min(slots)[0]).year)
    return (
        *clashes(file, student_id, room_by_id(file, room_id), slots, bells, today=today, besides=besides),
        *planned_clashes(file, student_id, room_id, slots, bells, today=today, barred=barred),
        *_lengths(file, student_id, PlacementType(type), [*stays, *slots], today, besides),
    )


def clashes(
    file: File,
    student_id: int,
    room: Room,
    slots: Sequence[Slot],
    bells: Bells,
    *,
    today: date,
    besides: int | None = None,
) -> tuple[Concern, ...]:
    """Return where a student is placed in another room, and where the room is full: this is asked at the door too."""
    first, last = min(slots)[0], max(slots)[0]
    placed = taken_by(file, student_id, first, last, besides=besides)
    seats = seats_used(file, first, last, room_id=room.id, besides=student_id)
    made = [
        _at(slot, "placed", f"Placed in {placed[slot].room} for ", "", bells, today)
        for slot in slots
        if slot in placed and placed[slot].room_id != room.id
    ]
    for slot in slots:
        there = seats.get((room.id, *slot))
        if there is not None and there.used >= room.seats:
            after = f": last seat taken by {who_wrote(file, there.last_seq, today)}"
            made.append(_at(slot, "full", f"{room.name} is full for ", after, bells, today))
    return tuple(made)


def planned_clashes(
    file: File,
    student_id: int,
    room_id: int,
    slots: Sequence[Slot],
    bells: Bells,
    *,
    today: date,
    barred: frozenset[int],
) -> tuple[Concern, ...]:
    """Return where a student would meet whom they are kept apart from, and where they are away."""
    first, last = min(slots)[0], max(slots)[0]
    made = []
    others = {one.other for one in kept_apart_from(file, student_id, first)}
    there = placed_there(file, room_id, others, first, last)
    for slot in slots:
        if slot in there and (names := kept_apart_in(file, student_id, there[slot], slot[0], barred)):
            made.append(_at(slot, "apart", f"To be kept apart from {names}, placed there for ", "", bells, today))
    away = events_of(file, student_id, first)
    for slot in slots if away else ():
        period = bells.period(*slot)
        for one in away:
            if period is not None and one.starts < period.end and one.ends > period.start:
                times = f"{wall(one.starts, file.zone)}–{wall(one.ends, file.zone)}"
                made.append(_at(slot, "event", "Away for ", f": {one.kind.shown} {times}", bells, today))
    return tuple(made)


def _at(slot: Slot, kind: str, before: str, after: str, bells: Bells, today: date) -> Concern:
    words = f"{before}{slot_words(bells, [slot], today=today)}{after}"
    return Concern(kind, words, *slot, (before, after))


def concern_lines(bells: Bells, told: Iterable[Concern], *, today: date | None = None) -> tuple[str, ...]:
    """Return concerns as lines: those that differ by their period only are one, with the periods run together."""
    slots: dict[tuple[str, str, str], list[Slot]] = {}
    for one in told:
        known = slots.setdefault((one.kind, *(one.about if one.day else (one.words, ""))), [])
        if one.day is not None:
            known.append((one.day, one.period))
    return tuple(
        f"{before}{slot_words(bells, those, today=today) if those else ''}{after}"
        for (_, before, after), those in slots.items()
    )


def in_one_sentence(lines: Sequence[str]) -> str:
    """Return lines as a refusal says them: the first three, and how many more there are."""
    more = f"; and {len(lines) - _SAID} more" if len(lines) > _SAID else ""
    return f"{'; '.join(lines[:_SAID])}{more}."


def seats_kept(tx: Tx) -> None:
    """Raise `Refused` when an undo would put periods back into a room that has been filled since."""
    again = tx.file.rows(
        "SELECT DISTINCT p.room_id, pp.on_day, pp.period FROM placement_period pp JOIN placement p"
        " ON p.id = pp.placement_id WHERE p.student_id IN (SELECT value FROM json_each(?)) AND pp.on_day >= ?"
        f" AND pp.recorded = ? AND {STANDING} ORDER BY pp.on_day, pp.period",
        (str(sorted(tx.students)), tx.today.isoformat(), stamp(tx.now)),
    )
    for room_id, on, period in again:
        room, day = room_by_id(tx.file, room_id), date.fromisoformat(on)
        there = seats_used(tx.file, day, day, room_id=room_id)[room_id, day, period]
        if there.used > room.seats:
            bells = Bells(tx.file, None)
            raise Refused(
                f"{room.name} has been filled since for {slot_words(bells, [(day, period)], today=tx.today)}:"
                f" last seat taken by {who_wrote(tx.file, there.last_seq, tx.today)}.",
                "Nothing was undone: book it anew, with a reason.",
            )


# Sanctions that grow long


def _lengths(
    file: File, student_id: int, type: PlacementType, slots: Sequence[Slot], today: date, besides: int | None
) -> list[Concern]:
    """Return where a sanction passes a threshold; support has none."""
    if type.line is not Line.SANCTION:
        return []
    first, last = min(slots)[0], max(slots)[0]
    settings = settings_on(file, first)
    made = []
    if type in INTERNAL:
        days = {day for day, _ in slots}
        before = _days_of(file, student_id, first - _RUN_REACH, last + _RUN_REACH, besides)
        run = _longest_run(days, before | days, school_days(file, first - _RUN_REACH, last + _RUN_REACH))
        if run >= settings.run_warn_days:
            words = f"{counted(run, 'internal exclusion day')} on end"
            made.append(Concern("run", f"{words} (run warn days: {settings.run_warn_days})"))
    for began, ended in dict.fromkeys(term_of(file, day) for day in dict.fromkeys(day for day, _ in sorted(slots))):
        made += _of_term(file, student_id, type, slots, began, ended, settings, besides)
    if (count := _removals(file, student_id, type, today, settings)) >= settings.removals_warn:
        words = f"{counted(count, 'removal')} in {counted(settings.removals_days, 'school day')}"
        made.append(Concern("removals", f"{words} (removals warn: {settings.removals_warn})"))
    return made


def _of_term(
    file: File,
    student_id: int,
    type: PlacementType,
    slots: Sequence[Slot],
    began: date,
    ended: date,
    settings: Settings,
    besides: int | None,
) -> list[Concern]:
    """Return what a booking comes to in a term: days of internal exclusion, and the share of its lessons."""
    mine = [slot for slot in slots if began <= slot[0] <= ended]
    term = f"in the term to {ended.day} {ended:%b}"
    made = []
    if type in INTERNAL:
        days = _days_of(file, student_id, began, ended, besides) | {day for day, _ in mine}
        if len(days) >= settings.term_warn_days:
            words = f"{counted(len(days), 'day')} of internal exclusion {term}"
            made.append(Concern("term", f"{words} (term warn days: {settings.term_warn_days})"))
    lessons = int(
        file.value(
            "SELECT count(DISTINCT pp.on_day || pp.period) FROM placement p JOIN placement_period pp"
            f" ON pp.placement_id = p.id WHERE p.student_id = ? AND p.type IN ({', '.join('?' * len(SANCTIONS))})"
            f" AND pp.on_day BETWEEN ? AND ? AND pp.period GLOB 'P[0-9]*' AND p.id IS NOT ? AND {STANDING}",
            (student_id, *SANCTIONS, began.isoformat(), ended.isoformat(), besides),
        )
    ) + sum(1 for _, period in mine if period[1:].isdecimal())
    whole = lessons_between(file, began, ended, student_by_id(file, student_id, began).year)
    known = len(school_days(file, began, ended)) >= _SHORTEST_TERM
    if known and lessons * 100 >= whole * settings.term_warn_share:
        share = f"{lessons * 100 // whole}% of the lessons {term}"
        made.append(Concern("share", f"{share} in a room (term warn share: {settings.term_warn_share}%)"))
    return made


def _days_of(file: File, student_id: int, first: date, last: date, besides: int | None) -> set[date]:
    """Return the days from one to another for which a student is placed in internal exclusion."""
    found = file.rows(
        "SELECT DISTINCT pp.on_day FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
        f" WHERE p.student_id = ? AND p.type IN ({', '.join('?' * len(INTERNAL))}) AND pp.on_day BETWEEN ? AND ?"
        f" AND p.id IS NOT ? AND {STANDING}",
        (student_id, *INTERNAL, first.isoformat(), last.isoformat(), besides),
    )
    return {date.fromisoformat(day) for (day,) in found}


def _longest_run(new: set[date], all_of_them: set[date], calendar: Iterable[date]) -> int:
    """Return the longest run of school days on end, all of them among `all_of_them`, that has a new day in it."""
    longest = 0
    run: list[date] = []
    for day in calendar:
        run = [*run, day] if day in all_of_them else []
        if new.intersection(run):
            longest = max(longest, len(run))
    return longest


def _removals(file: File, student_id: int, type: PlacementType, today: date, settings: Settings) -> int:
    """Return a student's removals of the last school days, with the one that is being booked."""
    reach = timedelta(days=settings.removals_days * 2 + 30)
    lately = school_days(file, today - reach, today)[-settings.removals_days :]
    if not lately:
        return 0
    count = file.value(
        "SELECT count(DISTINCT p.id) FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
        f" WHERE p.student_id = ? AND p.type = ? AND pp.on_day BETWEEN ? AND ? AND {STANDING}",
        (student_id, PlacementType.REMOVAL, lately[0].isoformat(), today.isoformat()),
    )
    return int(count) + (type is PlacementType.REMOVAL)
