"""An opened incident in lines: what it says now, with what stood there before beside it, and all that came since.

Every line has a key: the cursor goes from line to line, so that what is told at length can be read through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day, wall
from psc.overview.cells import Tone
from psc.tui.widgets.lines import Line, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from psc.incidents.incidents import Account
    from psc.incidents.told import Told
    from psc.overview.incidents import OpenIncident

_LONG = (
    ("antecedent", "What came before"),
    ("behaviour", "What happened"),
    ("deescalation", "De-escalation tried"),
    ("consequence", "Consequence"),
)
_FACTS = (
    ("force", "force was used"),
    ("injury", "somebody was hurt"),
    ("damage", "something was damaged"),
    ("searched", "somebody was searched, or something taken"),
    ("police", "the police were involved"),
)
_KEPT = {
    "": "a student was kept from leaving: as what is not answered yet",
    "seclusion": "a student was kept alone and not free to leave: seclusion",
    "sanction": "a student was kept from leaving, as a sanction",
    "neither": "a student was kept from leaving, neither as seclusion nor as a sanction",
}
_LABEL = 12


class View(NamedTuple):
    """What the lines need besides the incident: how wide they are, what day it is, the school's time zone."""

    width: int
    today: date
    zone: ZoneInfo


def incident_lines(one: OpenIncident, view: View) -> list[Line]:
    """Return all of an incident. Lines about one thing have its key: `("action", 3)`; any other is only a place."""
    made: list[Line] = []
    for part in (
        _who(one, view),
        _said(one, view),
        _facts(one, view),
        _addenda(one, view),
        _told(one, view),
        _actions(one, view),
        _restrictive(one, view),
        _statements(one, view),
        _evidence(one, view),
        _investigations(one, view),
        _versions(one, view),
    ):
        lines = list(part)
        made += [Line((("", Tone.PLAIN),)), *lines] if made and lines else lines
    return [each if each.key is not None else each._replace(key=("line", place)) for place, each in enumerate(made)]


# How lines are laid out


def _heading(words: str) -> Line:
    return Line(((words, Tone.QUIET),))


def _text(
    text: str, view: View, tone: Tone = Tone.PLAIN, key: object = None, *, indent: str = "  ", first: str = ""
) -> Iterator[Line]:
    """Yield a text in as many lines as it needs; what follows the first line is indented as far as the text is."""
    for number, words in enumerate(wrapped(text, max(20, view.width - len(indent) - len(first)))):
        lead = f"{indent}{first if not number else ' ' * len(first)}"
        yield Line(((lead, Tone.QUIET), (words, tone)), key if not number else None)


def _stamp(at: datetime, view: View) -> str:
    """Return a moment: the time alone for today, else the day before it."""
    here = at.astimezone(view.zone)
    if here.date() == view.today:
        return wall(at, view.zone)
    year = "" if here.year == view.today.year else f" {here.year}"
    return f"{here.day} {here:%b}{year} {wall(at, view.zone)}"


def _day(day: date, view: View) -> str:
    return "today" if day == view.today else f"{day:%a} {day.day} {day:%b}"


# The parts


def _who(one: OpenIncident, view: View) -> Iterator[Line]:
    for number, named in enumerate(one.students):
        label = "Students" if not number else ""
        key = ("student", named.student_id) if named.student_id is not None else None
        yield Line(((f"{label:<{_LABEL}}", Tone.QUIET), (f"{named.name}  ", Tone.PLAIN), (named.role, Tone.QUIET)), key)
    if one.adults:
        yield from _text("; ".join(one.adults), view, indent="", first=f"{'Adults':<{_LABEL}}")
    for gone in one.taken_out:
        words = f"{gone.name}, {gone.role}: taken out {_stamp(gone.at, view)} by {gone.by}: {gone.why}"
        yield from _text(words, view, Tone.QUIET, indent="", first=f"{'':<{_LABEL}}× ")


def _said(one: OpenIncident, view: View) -> Iterator[Line]:
    """Yield each long part under its heading; what stood there before an amendment stands under it."""
    first = True
    for name, heading in _LONG:
        if not any(getattr(each.account, name) for each in one.versions):
            continue
        if not first:
            yield _heading("")
        first = False
        yield _heading(heading)
        text = getattr(one.versions[-1].account, name)
        yield from _text(text or "(taken out)", view, Tone.PLAIN if text else Tone.QUIET)
        for before, after in reversed(tuple(zip(one.versions, one.versions[1:], strict=False))):
            was = getattr(before.account, name)
            if was != getattr(after.account, name):
                words = f"Until {_stamp(after.recorded, view)} it said: "
                yield from _text(words + (was or "nothing"), view, Tone.QUIET, indent="    ")


def _facts(one: OpenIncident, view: View) -> Iterator[Line]:
    said: Account = one.versions[-1].account
    words = [text for name, text in _FACTS if getattr(said, name)]
    if said.prevented:
        words.insert(1 if said.force else 0, _KEPT[said.kept_as])
    if words:
        yield from _text("; ".join(words), view, Tone.DUE, indent="", first=f"{'Was there':<{_LABEL}}")


def _addenda(one: OpenIncident, view: View) -> Iterator[Line]:
    if one.addenda:
        yield _heading("Added since")
    for each in one.addenda:
        yield from _text(each.text, view, first=f"{_stamp(each.recorded, view)} {each.by}: ")


def _told(one: OpenIncident, view: View) -> Iterator[Line]:
    if not one.told and not one.owed:
        return
    names = {named.student_id: named.name for named in one.students}
    yield _heading("Told")
    for each in one.owed:
        late = each.due < view.today
        words = f"parents of {each.name}: not told yet, {'was due' if late else 'due'} {_day(each.due, view)}"
        key = ("parent", each.student_id) if each.student_id is not None else None
        yield from _text(words, view, Tone.ALARM if late else Tone.DUE, key)
    for told in one.told:
        yield from _text(_told_words(told, names), view, first=f"{_stamp(told.happened, view)} ")


def _told_words(told: Told, names: dict[int | None, str]) -> str:
    if told.who != "parent":
        return f"safeguarding lead: {told.name} · {told.by}"
    whose = names.get(told.student_id, "a student not shown to you") if told.student_id else "a student"
    said = f"{whose}: {told.name}, {told.outcome}" + (f" ({told.how})" if told.how else "")
    return said + (f": {told.note}" if told.note else "") + f" · {told.by}"


def _actions(one: OpenIncident, view: View) -> Iterator[Line]:
    if one.actions:
        yield _heading(f"Agreed actions: {sum(each.open for each in one.actions) or 'none'} open")
    for each in one.actions:
        if each.end is None:
            due = f"due {_day(each.due, view)}"
            tone = Tone.ALARM if each.overdue(view.today) else Tone.PLAIN
            yield from _text(f"{each.owner}: {each.what} · {due}", view, tone, ("action", each.id), first="○ ")
        else:
            note = f": {each.end.note}" if each.end.note else ""
            words = f"{each.owner}: {each.what} · {each.end.outcome} {_stamp(each.end.at, view)} {each.end.by}{note}"
            yield from _text(words, view, Tone.QUIET, first="✓ " if each.end.outcome == "done" else "× ")


def _restrictive(one: OpenIncident, view: View) -> Iterator[Line]:
    if one.restrictive == "marker":
        yield _heading("Force or seclusion recorded: restricted. Ask the safeguarding lead.")
        return
    lines = one.restrictive_lines or ()
    if not lines and one.restrictive != "owed":
        return
    yield _heading("Force or seclusion")
    if not lines:
        yield from _text("The record is still to be written: f", view, Tone.ALARM, ("restrictive", None))
    for each in lines:
        identity, words = getattr(each, "restrictive_id", None), getattr(each, "words", "")
        tone = Tone.PLAIN if identity is not None else Tone.ALARM
        yield from _text(str(words), view, tone, ("restrictive", identity))


def _statements(one: OpenIncident, view: View) -> Iterator[Line]:
    if one.statement_lines:
        yield _heading(f"Statements: {len(one.statement_lines)}")
    for each in one.statement_lines or ():
        yield from _text(each.who, view, key=("statement", each.id))
        yield from _text(" · ".join(part for part in (each.how(view.zone), each.since) if part), view, Tone.QUIET,
                         indent="    ")  # fmt: skip


def _evidence(one: OpenIncident, view: View) -> Iterator[Line]:
    if one.evidence_lines:
        yield _heading(f"Evidence: {len(one.evidence_lines)}")
    for each in one.evidence_lines or ():
        tone = Tone.ALARM if each.over else Tone.DUE if each.runs_out else Tone.PLAIN
        words = each.words(view.today)
        said = f"{each.evidence.kind}: {each.evidence.what}" + (f" · {words}" if words else "")
        yield from _text(said, view, tone, ("evidence", each.id))


def _investigations(one: OpenIncident, view: View) -> Iterator[Line]:
    if one.investigation_lines:
        yield _heading("Part of")
    for each in one.investigation_lines or ():
        yield from _text(f"{each.investigation.title} · {each.words}", view, key=("investigation", each.id))


def _versions(one: OpenIncident, view: View) -> Iterator[Line]:
    """Yield who recorded it, and each amendment with its reason and what it changed."""
    first = one.versions[0]
    since = "locked: there are only addenda" if one.locked else "its author may correct it"
    late = ", entered late" if one.late else ""
    yield from _text(f"{_stamp(first.recorded, view)} {first.by}{late} · {since}", view, Tone.QUIET,
                     indent="", first=f"{'Recorded':<{_LABEL}}")  # fmt: skip
    for each in one.versions[1:]:
        changed = f" · {'; '.join(each.changed)}" if each.changed else ""
        words = f"{_stamp(each.recorded, view)} {each.by}: {each.why}{changed}"
        yield from _text(words, view, Tone.QUIET, indent="", first=f"{'Amended':<{_LABEL}}")
    if not one.incident.open:
        yield from _text(one.incident.outcome, view, indent="", first=f"{'Closed':<{_LABEL}}")


def title_words(one: OpenIncident, view: View) -> tuple[str, str]:
    """Return what an incident is called, and when and where it was."""
    said = one.versions[-1].account
    at = one.incident.happened.astimezone(view.zone)
    year = "" if at.year == view.today.year else f" {at.year}"
    when = f"{at:%a} {at.day} {at:%b}{year} {wall(one.incident.happened, view.zone)}"
    return said.category, " · ".join(part for part in (when, said.period, said.place) if part)


def view_of(width: int, now: datetime, zone: ZoneInfo) -> View:
    """Return the view of a page of some width."""
    return View(max(40, width - 4), school_day(now, zone), zone)


def severity_words(severity: int) -> str:
    """Return how severe it was: `severity 3 of 5`."""
    return f"severity {severity} of 5"


def since_words(one: OpenIncident) -> Sequence[str]:
    """Return what stands in the title of it: whether it is closed, late, amended."""
    times = len(one.versions) - 1
    return [
        "open" if one.incident.open else "closed",
        *(["entered late"] if one.late else []),
        *([f"amended {'once' if times == 1 else f'{times} times'}"] if times else []),
    ]
