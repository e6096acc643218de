"""Now, today, and times as people type them.

Every moment in psc is an aware UTC datetime to the second; every school day is a date in the school's own time zone.
The clock is handed in, so that tests and the demo can set it.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from psc.errors import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Mapping


class Clock(Protocol):
    """Whatever tells the time."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC, to the second."""

    def steady(self) -> float:
        """Return seconds that only ever go forward, whatever anybody sets the machine's clock to.

        They count from when the machine was started, so that they compare between terminals. Waits and idleness are
        measured with them, never with `now`.
        """


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC, to the second."""
        return datetime.now(UTC).replace(microsecond=0)

    def steady(self) -> float:
        """Return the seconds since the machine was started; time asleep counts where the system says it."""
        return _since_start()


@dataclass
class SetClock:
    """A clock that stands still until it is moved (tests, and the making of the demo)."""

    moment: datetime
    seconds: float = 0
    """What `steady` returns: time that passed, apart from what the clock was set to."""

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.moment

    def steady(self) -> float:
        """Return the seconds that have been let pass."""
        return self.seconds

    def forward(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass."""
        self.moment += timedelta(minutes=minutes, seconds=seconds)
        self.seconds += minutes * 60 + seconds


class RunningClock:
    """A clock that was set to a moment and runs on from it (the demo's)."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._from = time.monotonic()

    def now(self) -> datetime:
        """Return the set moment plus the time that has passed since."""
        return (self._start + timedelta(seconds=time.monotonic() - self._from)).replace(microsecond=0)

    def steady(self) -> float:
        """Return the seconds since the machine was started."""
        return _since_start()


def _since_start() -> float:
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


def stamp(moment: datetime) -> str:
    """Return `moment` as it is written in the file: `2026-11-23T08:41:00Z`, so that text sorts as time."""
    return f"{moment.astimezone(UTC).isoformat(timespec='seconds')[:19]}Z"  # strftime takes five times as long


@lru_cache(maxsize=4096)
def moment(text: str) -> datetime:
    """Return the moment that `stamp` wrote."""
    return datetime.fromisoformat(text)


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    """Return the time zone of that name."""
    return ZoneInfo(name)


def school_day(at: datetime, where: ZoneInfo) -> date:
    """Return the date it is at the school at that moment."""
    return at.astimezone(where).date()


def at_clock(day: date, wall: clock_time, where: ZoneInfo) -> datetime:
    """Return the UTC moment at which the school's clock shows `wall` on `day`."""
    return datetime.combine(day, wall, where).astimezone(UTC)


def wall(at: datetime, where: ZoneInfo) -> str:
    """Return what the school's clock shows at that moment: `08:41`."""
    return at.astimezone(where).strftime("%H:%M")


def minutes_between(start: datetime, end: datetime) -> int:
    """Return the whole minutes from `start` to `end`, never below 0."""
    return max(0, int((end - start).total_seconds() // 60))


_CLOCK = re.compile(r"(\d{1,2})[:.h]?(\d{2})")
_AGO = re.compile(r"-\s*(\d{1,3})")


def typed_moment(text: str, now: datetime, where: ZoneInfo, periods: Mapping[str, datetime] | None = None) -> datetime:
    """Read a time of today as staff type it: `0844`, `8.44`, `8:44`, `-8` (minutes ago), `P3` (its start), `now`.

    `periods` gives today's periods and when each starts. Raises `NotUnderstood` when it is none of these.
    """
    typed = text.strip().lower()
    if typed in ("", "now"):
        return now
    if ago := _AGO.fullmatch(typed):
        return now - timedelta(minutes=int(ago[1]))
    for name, starts in (periods or {}).items():
        if name.lower() == typed:
            return starts
    if shown := _CLOCK.fullmatch(typed):
        hour, minute = int(shown[1]), int(shown[2])
        if hour < 24 and minute < 60:
            return at_clock(school_day(now, where), clock_time(hour, minute), where)
    raise NotUnderstood(f"“{text.strip()}” is not a time psc can read.", "Type 0844, 8.44, -8 (minutes ago) or P3.")


def time_and_teller(
    text: str, now: datetime, where: ZoneInfo, periods: Mapping[str, datetime] | None = None
) -> tuple[datetime | None, str]:
    """Read a time, who told it, or both, the time first: `0844`, `0844 KB`, `K. Bose`; returns (None, "") for nothing.

    Raises `NotUnderstood` for what begins like a time and is none.
    """
    first, _, rest = text.strip().partition(" ")
    if not first:
        return None, ""
    try:
        return typed_moment(first, now, where, periods), rest.strip()
    except NotUnderstood:
        if first[0].isdigit() or first[0] == "-" or re.fullmatch(r"[Pp]\d+", first):
            raise
    return None, text.strip()


def typed_day(text: str, today: date) -> date:
    """Read a day as staff type it: `today`, `tomorrow`, `yesterday`, `2026-11-23`, `23/11/2026`, `23 Nov`.

    Raises `NotUnderstood` when it is none of these.
    """
    typed = text.strip().lower()
    words = {"": 0, "today": 0, "tomorrow": 1, "yesterday": -1}
    if typed in words:
        return today + timedelta(days=words[typed])
    import pendulum  # 90 ms to import, so only where somebody types a date

    here = pendulum.datetime(today.year, today.month, today.day)
    for form in ("YYYY-MM-DD", "D/M/YYYY", "D MMM YYYY", "D MMMM YYYY", "D MMM", "D MMMM"):
        try:
            read = pendulum.from_format(typed.title(), form)
        except ValueError:
            continue
        year = read.year if "YYYY" in form else here.year
        return date(year, read.month, read.day)
    raise NotUnderstood(f"“{text.strip()}” is not a date psc can read.", "Type 2026-11-23, 23/11/2026 or tomorrow.")
