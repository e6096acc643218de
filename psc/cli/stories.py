"""A student's exposure and story as text and as JSON, for `psc student show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.cli.show import local
from psc.clock import wall
from psc.text import counted, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from psc.overview.exposure import Exposure
    from psc.overview.story import StoryEntry


def exposure_lines(found: Exposure | None) -> Iterator[str]:
    """Yield a student's exposure; nothing where it is not for the reader."""
    if found is None:
        return
    yield from ("", f"Out of lessons since {found.first:%d/%m/%Y}, of {counted(found.lessons, 'lesson')}")
    for one in found.sides:
        if one.minutes or one.placed:
            yield (
                f"  {one.line.value:<9} {one.minutes} min · {counted(one.days, 'day')} · {one.attended} of"
                f" {counted(one.placed, 'lesson')} placed · {found.share(one.line):.1f}%"
            )
    if found.run.days:
        yield f"  longest run of internal exclusion: {counted(found.run.days, 'school day')}"
    if found.suspended:
        yield f"  suspensions: {', '.join(f'{day:%d/%m/%Y}' for day in found.suspended)}"
    for each in found.lost:
        yield f"  {each.subject or 'other lessons'}: {each.sanction + each.support + each.neutral} lost"
    yield from (f"  {crossed.said}" for crossed in found.crossed)


def exposure_json(found: Exposure | None) -> dict[str, Any] | None:
    """Return a student's exposure; None where it is not for the reader."""
    if found is None:
        return None
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "school_days": found.school_days,
        "lessons": found.lessons,
        "sides": [
            {
                "side": one.line.value,
                "minutes": one.minutes,
                "days": one.days,
                "lessons": one.attended,
                "placed": one.placed,
                "share": round(found.share(one.line), 1),
            }
            for one in found.sides
        ],
        "lost": [
            {"subject": one.subject, "sanction": one.sanction, "support": one.support, "neutral": one.neutral}
            for one in found.lost
        ],
        "longest_run": found.run.days,
        "internal_days": found.internal,
        "suspended": None if found.suspended is None else [day.isoformat() for day in found.suspended],
        "together": found.together,
        "removals": found.removals,
        "thresholds": [one.said for one in found.crossed],
    }


def story_lines(told: Sequence[StoryEntry], zone: ZoneInfo) -> Iterator[str]:
    """Yield the story, newest first."""
    yield from ("", f"On record: {counted(len(told), 'entry', 'entries')}, newest first")
    for one in told:
        at = wall(one.happened, zone) if one.timed else "     "
        late = " (entered late)" if one.late else ""
        by = f"  {one.by}" if one.by else ""
        yield f"  {one.day(zone):%d/%m/%Y} {at}  {one.kind.value:<11} {shown(one.words)}{by}{late}"
        yield from (f"      {shown(line)}" for line in one.more.split("\n") if line)


def story_json(told: Sequence[StoryEntry], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the story, newest first. `hidden`: it only says that there is something."""
    return [
        {
            "at": local(one.happened, zone),
            "timed": one.timed,
            "recorded": local(one.recorded, zone),
            "kind": one.kind.value,
            "words": one.words,
            "more": one.more,
            "by": one.by,
            "late": one.late,
            "hidden": one.hidden,
        }
        for one in told
    ]
