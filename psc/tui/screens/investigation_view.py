"""An opened investigation in lines: what it is for, one timeline, what it gathers, and what does not agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.overview.cells import Tone
from psc.overview.investigations import RECORDED_APART
from psc.text import counted
from psc.tui.reading import stamp_words, text_lines, with_places
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from zoneinfo import ZoneInfo

    from psc.overview.investigations import Gathered, OpenInvestigation

_LABEL = 10
_KINDS = {"event": "·", "incident": "!", "statement": "“", "evidence": "▣"}
"""The sign of each kind of the timeline; the words say it too."""


def investigation_lines(found: OpenInvestigation, width: int, today: date, zone: ZoneInfo) -> list[Line]:
    """Return all of it. What leads somewhere has its kind and id as the line's key: `("statement", 3)`."""
    made: list[Line] = []
    for part in (
        _head(found, width, today, zone),
        _timeline(found, width, today, zone),
        *(_incident(each, width, today, zone) for each in found.incidents),
        _conflicts(found, width),
    ):
        lines = list(part)
        made += [line(""), *lines] if made and lines else lines
    return with_places(made)


def _head(found: OpenInvestigation, width: int, today: date, zone: ZoneInfo) -> Iterator[Line]:
    one = found.investigation

    def field(label: str, words: str, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
        return text_lines(words, width, tone, indent="", first=f"{label:<{_LABEL}}")

    yield from field("Opened", f"{stamp_words(one.opened, today, zone)} by {one.by}")
    if one.purpose:
        yield from field("What for", one.purpose)
    for end in one.ends:
        said = f"{stamp_words(end.happened, today, zone)} by {end.by}: {end.outcome}"
        yield from field(end.state.capitalize(), said, Tone.PLAIN if end is one.ends[-1] else Tone.QUIET)
    if found.not_shown:
        yield from field("Besides", f"{counted(found.not_shown, 'incident')} not shown to you", Tone.QUIET)


def _timeline(found: OpenInvestigation, width: int, today: date, zone: ZoneInfo) -> Iterator[Line]:
    yield line("Timeline", Tone.QUIET)
    same = len({entry.happened.astimezone(zone).date() for entry in found.timeline} | {today}) == 1
    for entry in found.timeline:
        when = stamp_words(entry.happened, today, zone)
        first = f"{when:>{5 if same else 12}} {_KINDS[entry.kind]} "
        words = f"{entry.words} · {entry.source}" if entry.source else entry.words
        yield from text_lines(words, width, key=(*entry.where, "timeline"), first=first)


def _incident(each: Gathered, width: int, today: date, zone: ZoneInfo) -> Iterator[Line]:
    one = each.opened.incident
    when = stamp_words(one.happened, today, zone)
    what = ", ".join(part for part in (one.now.category, one.now.place) if part)
    state = "open" if one.open else "closed"
    heading = f"Incident {when}: {what} · severity {one.now.severity} of 5 · {state}"
    yield from text_lines(heading, width, Tone.PLAIN, ("incident", each.id), indent="")
    yield from text_lines("; ".join(f"{name.name}, {name.role}" for name in each.students), width, Tone.QUIET)
    yield from text_lines(one.now.behaviour, width)
    if each.restrictive:
        yield from text_lines(RECORDED_APART, width, Tone.DUE)
    for said in each.statements:
        yield from text_lines(f"Statement of {said.who}", width, key=("statement", said.id), first="“ ")
        how = " · ".join(part for part in (said.how(zone), said.since) if part)
        yield from text_lines(how, width, Tone.QUIET, indent="    ")
    for kept in each.evidence:
        tone = Tone.ALARM if kept.over else Tone.DUE if kept.runs_out else Tone.PLAIN
        words = " · ".join(part for part in (f"{kept.evidence.kind}: {kept.evidence.what}", kept.words(today)) if part)
        yield from text_lines(words, width, tone, ("evidence", kept.id), first="▣ ")


def _conflicts(found: OpenInvestigation, width: int) -> Iterator[Line]:
    noted = {one.id: (said, one) for said in reversed(found.statements) for one in said.conflicts or ()}
    if not noted:
        return
    yield line("Does not agree", Tone.QUIET)
    for said, one in sorted(noted.values(), key=lambda each: each[1].id):
        other = one.other or "what else is known"
        words = f"{said.whose} – {other}: {one.what}"
        yield from text_lines(words, width, Tone.DUE, ("conflict", said.id))
