"""How a restrictive record is laid out on its page: each part under its heading, what it said before in place."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import wall
from psc.incidents.restrictive_clocks import TELL
from psc.incidents.typed_hands import hand_words
from psc.overview.cells import Tone
from psc.overview.restrictive import span_words
from psc.tui.widgets.lines import Line, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from psc.incidents.restrictive import ParentTold, Said
    from psc.incidents.restrictive_clocks import RestrictiveClock
    from psc.overview.restrictive import OpenRestrictive

_LABEL = 10
_MARGINS = 4
"""Cells that the page and its scroll bar take from a line."""
_LONG = (
    ("led_up", "What led up to it"),
    ("deescalation", "What was tried before"),
    ("ended_how", "How it ended"),
    ("injuries", "Injuries"),
    ("medical", "Medical"),
    ("view", "The student’s view"),
    ("witnesses", "Witnesses"),
    ("debrief", "Debrief"),
)
_LATER = frozenset({"view", "debrief"})
"""What may come later, and is said to be missing until then."""


class Sight(NamedTuple):
    """Where lines are looked at: how wide, on which day, in which time zone."""

    width: int
    today: date
    zone: ZoneInfo


def record_lines(one: OpenRestrictive, sight: Sight) -> list[Line]:
    """Return all that stands on the page; every line can be stood on."""
    made: list[Line] = []
    for part in (_short(one, sight), _due(one, sight), _told(one, sight), _long(one, sight), _reviews(one, sight)):
        lines = list(part)
        made += [Line((("", Tone.PLAIN),)), *lines] if made and lines else lines
    return [each if each.key is not None else each._replace(key=("line", n)) for n, each in enumerate(made)]


def _heading(words: str) -> Line:
    return Line(((words, Tone.QUIET),))


def _field(label: str, text: str, sight: Sight, tone: Tone = Tone.PLAIN, key: object = None) -> Iterator[Line]:
    for number, words in enumerate(wrapped(text, max(20, sight.width - _LABEL - _MARGINS)) if text else ()):
        yield Line(
            ((f"{label if not number else '':<{_LABEL}}", Tone.QUIET), (words, tone)), key if not number else None
        )


def _text(text: str, sight: Sight, tone: Tone = Tone.PLAIN, first: str = "  ", key: object = None) -> Iterator[Line]:
    for number, words in enumerate(wrapped(text, max(20, sight.width - len(first) - _MARGINS))):
        lead = first if not number else " " * len(first)
        yield Line(((lead, Tone.QUIET), (words, tone)), key if not number else None)


def stamp_words(at: datetime, sight: Sight) -> str:
    """Return a moment: the time alone for today, else the day before it."""
    here = at.astimezone(sight.zone)
    return wall(at, sight.zone) if here.date() == sight.today else f"{here.day} {here:%b} {wall(at, sight.zone)}"


def _day(day: date, sight: Sight) -> str:
    return "today" if day == sight.today else f"{day:%a} {day.day} {day:%b}"


def _before(one: OpenRestrictive) -> list[tuple[Said, Said]]:
    """Return each version with the one after it, the latest first."""
    said = one.record.versions
    return list(pairwise(said))[::-1]


def _short(one: OpenRestrictive, sight: Sight) -> Iterator[Line]:
    record = one.record
    said = record.now
    if one.contradicts:
        yield from _text(one.contradicts, sight, Tone.ALARM, "! ")
    happened = stamp_words(one.incident.happened, sight)
    yield from _field("Incident", f"{one.incident.now.category}, {happened}. {one.answered}", sight, Tone.QUIET)
    for label, name, text in (
        ("What", "type", said.type),
        ("When", "times", span_words(said, sight.zone)),
        ("Where", "place", said.place),
        ("Adults", "staff", "; ".join(map(hand_words, said.staff))),
        ("A plan", "plan", said.plan),
    ):
        yield from _field(label, text, sight)
        for before, after in _before(one):
            was, now = (_shortly(each, name, sight) for each in (before, after))
            if was != now:
                yield from _field("", f"until {stamp_words(after.recorded, sight)}: {was}", sight, Tone.QUIET)
    first = record.first
    yield from _field("Written", f"{stamp_words(first.recorded, sight)} by {first.by}", sight)
    for each in record.versions[1:]:
        words = f"{stamp_words(each.recorded, sight)} by {each.by}: {each.why}"
        yield from _field("Corrected", words, sight)


def _shortly(said: Said, name: str, sight: Sight) -> str:
    if name == "times":
        return span_words(said.restriction, sight.zone)
    if name == "staff":
        return "; ".join(map(hand_words, said.restriction.staff))
    return str(getattr(said.restriction, name))


def _due(one: OpenRestrictive, sight: Sight) -> Iterator[Line]:
    yield _heading("Due")
    for clock in one.clocks:
        words, tone = _clock_words(clock, sight)
        key = ("tell", clock.contact) if clock.setting == TELL and not clock.done else None
        yield from _text(words, sight, tone, "✓ " if clock.done else "○ ", key)


def _clock_words(clock: RestrictiveClock, sight: Sight) -> tuple[str, Tone]:
    what = clock.what[:1].upper() + clock.what[1:]
    if clock.on is not None:
        late = "" if clock.in_time else f", due {_day(clock.due, sight)}: late"
        return f"{what}: done {_day(clock.on, sight)}{late}", Tone.QUIET
    if clock.due < sight.today:
        return f"{what}: was due {_day(clock.due, sight)}", Tone.ALARM
    return f"{what}: due {_day(clock.due, sight)}", Tone.DUE


def _told(one: OpenRestrictive, sight: Sight) -> Iterator[Line]:
    if one.record.told:
        yield _heading("Told")
    for each in one.record.told:
        yield from _text(_told_words(each), sight, first=f"  {stamp_words(each.happened, sight)} ")


def _told_words(told: ParentTold) -> str:
    if told.withheld:
        instead = f" · local authority told: {told.authority}" if told.authority else ""
        return f"{told.contact}: withheld, {told.withheld}{instead} · {told.by}"
    note = f": {told.note}" if told.note else ""
    return f"{told.contact}: {told.outcome} ({told.how}){note} · {told.by}"


def _long(one: OpenRestrictive, sight: Sight) -> Iterator[Line]:
    first = True
    for name, heading in _LONG:
        text = getattr(one.record.now, name)
        if not any(getattr(each.restriction, name) for each in one.record.versions) and name not in _LATER:
            continue
        if not first:
            yield _heading("")
        first = False
        yield _heading(heading)
        missing = f"not recorded yet: {'+' if one.not_amend else 'e'} adds it" if name in _LATER else "(taken out)"
        yield from _text(text or missing, sight, Tone.PLAIN if text else Tone.QUIET)
        for before, after in _before(one):
            was = getattr(before.restriction, name)
            if was != getattr(after.restriction, name):
                words = f"Until {stamp_words(after.recorded, sight)} it said: {was or 'nothing'}"
                yield from _text(words, sight, Tone.QUIET, "    ")


def _reviews(one: OpenRestrictive, sight: Sight) -> Iterator[Line]:
    said = []
    for each in one.record.reviews:
        older = each.kind == "reviewed" and each.recorded < one.record.versions[-1].recorded
        since = ", before the last correction" if older else ""
        said.append((f"{each.kind.capitalize()} {stamp_words(each.recorded, sight)} by {each.by}{since}", each.text))
    for added in one.addenda:
        said.append((f"Added {stamp_words(added.recorded, sight)} by {added.by}", added.text))
    for number, (heading, text) in enumerate(said):
        if number:
            yield _heading("")
        yield _heading(heading)
        yield from _text(text, sight)
