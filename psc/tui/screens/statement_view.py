"""A statement in lines: how it was taken, its pages, what stood there before, what was said of it since; and two of
them side by side.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from psc.overview.cells import Tone
from psc.tui.reading import stamp_words, text_lines, with_places
from psc.tui.widgets.lines import Line, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from psc.incidents.statements import Taken
    from psc.overview.statements import ConflictLine, StatementLine

_BAR = " │ "


def statement_lines(said: StatementLine, width: int, today: date, zone: ZoneInfo) -> list[Line]:
    """Return all of a statement."""
    one = said.statement
    made = list(text_lines(said.how(zone), width, Tone.QUIET, indent=""))
    made += _pages(one.now, width)
    for each in said.addenda:
        made.append(line(""))
        made += text_lines(
            each.text, width, indent="", first=f"Added {stamp_words(each.recorded, today, zone)} {each.by}: "
        )
    for noted in said.conflicts or ():
        made += _conflict(noted, width, today, zone, f" with {_other(noted)}")
    for before, after in reversed(list(zip(one.versions, one.versions[1:], strict=False))):
        made.append(line(""))
        when = stamp_words(after.recorded, today, zone)
        made += text_lines(f"Amended {when} by {after.by}: {after.why}", width, Tone.DUE, indent="")
        made.append(line("Until then it was:", Tone.QUIET))
        made += text_lines(_how_before(before.taken, after.taken), width, Tone.QUIET)
        if before.taken.pages != after.taken.pages:
            made += _pages(before.taken, width, Tone.QUIET)
    made.append(line(""))
    state = "locked: there are only addenda" if said.locked else "who took it may correct it"
    made.append(
        line(f"Recorded {stamp_words(one.first.recorded, today, zone)} by {one.first.by} · {state}", Tone.QUIET)
    )
    return with_places(made)


def _pages(taken: Taken, width: int, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
    for number, words in enumerate(taken.pages, 1):
        yield line("")
        yield line(f"Page {number} of {len(taken.pages)}", Tone.QUIET)
        yield from text_lines(words, width, tone)


def _how_before(before: Taken, after: Taken) -> str:
    """Say what of how it was taken an amendment changed."""
    names = (("place", "where"), ("taken_by", "taken by"), ("support", "support"))
    said = [f"{words} {getattr(before, name) or 'empty'}" for name, words in names if
            getattr(before, name) != getattr(after, name)]  # fmt: skip
    answers = (("scribed", "scribed"), ("read_back", "read back"))
    said += [
        f"{words}: {'yes' if getattr(before, name) else 'no'}"
        for name, words in answers
        if getattr(before, name) != getattr(after, name)
    ]
    said += ["other times"] if (before.starts, before.ends) != (after.starts, after.ends) else []
    return "; ".join(said) or "the same in all but the words"


def _other(noted: ConflictLine) -> str:
    return f"the statement of {noted.other}" if noted.other else "what else is known"


def _conflict(noted: ConflictLine, width: int, today: date, zone: ZoneInfo, what: str = "") -> Iterator[Line]:
    """Yield what was noted that does not agree; `what` says with what, where that is not plain."""
    yield line("")
    when = stamp_words(noted.recorded, today, zone)
    yield from text_lines(f"Does not agree{what} ({noted.by}, {when})", width, Tone.DUE, indent="")
    yield from text_lines(noted.what, width)


def beside_lines(left: StatementLine, right: StatementLine, width: int, today: date, zone: ZoneInfo) -> list[Line]:
    """Return two statements side by side, page beside page; under them what was noted of the two."""
    half = (width - len(_BAR)) // 2
    made = _both(wrapped(left.who, half), wrapped(right.who, half), half, Tone.PLAIN)
    made += _both(wrapped(left.how(zone), half), wrapped(right.how(zone), half), half, Tone.QUIET)
    pages = zip_longest(left.statement.now.pages, right.statement.now.pages, fillvalue="")
    several = max(len(left.statement.now.pages), len(right.statement.now.pages)) > 1
    for number, (one, other) in enumerate(pages, 1):
        made += _both([], [], half, Tone.PLAIN)
        if several:
            titles = [[f"Page {number}"] if words else [] for words in (one, other)]
            made += _both(titles[0], titles[1], half, Tone.QUIET)
        made += _both(wrapped(one, half) if one else [], wrapped(other, half) if other else [], half, Tone.PLAIN)
    for noted in left.conflicts or ():
        if noted.other_id == right.id:
            made += _conflict(noted, width, today, zone)
    return with_places(made)


def _both(left: Sequence[str], right: Sequence[str], half: int, tone: Tone) -> list[Line]:
    """Return lines of two columns."""
    return [
        Line(((set_cell_size(one, half) if cell_len(one) != half else one, tone), (_BAR, Tone.QUIET), (other, tone)))
        for one, other in zip_longest(left or [""], right or [""], fillvalue="")
    ]
