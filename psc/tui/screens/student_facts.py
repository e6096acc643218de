"""What stands of a student beside their story: who they are, alerts, exposure, whom to keep apart, home, today."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.clock import school_day, wall
from psc.overview.cells import Tone, cut, kind_words, now_cell
from psc.overview.exposure import LINES
from psc.overview.story_reads import span_words
from psc.overview.timeline import marks
from psc.roster.placement_types import Line as Side_
from psc.tui.widgets.lines import Line, line, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from psc.overview.exposure_rules import Exposure, Lost, Run, Side
    from psc.overview.profile import Profile

_LABEL = 12
_METER = 20
"""Cells of the exposure meter: five per cent each."""


class Facts(NamedTuple):
    """What was read of a student, drawn for a width."""

    profile: Profile
    now: datetime
    width: int

    def lines(self) -> tuple[Line, ...]:
        """Return the parts, each under its heading; one that is not for the reader, or says nothing, is left out."""
        made: list[Line] = []
        parts = (
            self._who(), self._alerts(), self._today(), self._exposure(), self._actions(), self._apart(),
            self._contacts(), self._timeline(),
        )  # fmt: skip
        for part in parts:
            lines = list(part)
            made += [line(""), *lines] if made and lines else lines
        return tuple(made)

    def _field(self, label: str, words: str, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
        """Yield words behind their label, as many lines as they need."""
        for number, part in enumerate(wrapped(words, max(16, self.width - _LABEL - 2))):
            yield Line(((cut("" if number else label, _LABEL), Tone.QUIET), (part, tone)))

    def _block(self, sign: str, words: str, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
        """Yield words behind a sign, as many lines as they need, those after the first set in."""
        for number, part in enumerate(wrapped(words, max(16, self.width - 4 - len(sign)))):
            yield line(f"  {sign if not number else ' ' * len(sign)} {part}", tone)

    def _who(self) -> Iterator[Line]:
        one = self.profile
        yield from self._field("House", one.house or "–")
        yield from self._field("Key worker", one.key_worker or "none")
        for programme in one.programmes:
            tone = Tone.DUE if programme.overdue or programme.left == 0 else Tone.PLAIN
            yield from self._field("Programme", programme.due, tone)
            yield from self._field("", programme.programme.now.purpose, Tone.QUIET)

    def _alerts(self) -> Iterator[Line]:
        alerts = self.profile.alerts
        if alerts is None:
            return
        yield line(f"Alerts: {len(alerts) or 'none'}", Tone.QUIET)
        for one in alerts:
            yield from self._block("!" if one.emergency else "◆", f"{one.kind}: {one.text}", Tone.ALERT)

    def _today(self) -> Iterator[Line]:
        yield line("Today", Tone.QUIET)
        board = self.profile.board
        if not self.profile.rows:
            yield line("  not placed in a room today")
        for one in self.profile.rows:
            room = next(room for room in board.rooms if room.id == one.row.room_id)
            state = now_cell(board, one, self.now)
            names = [placed.period.name for placed in one.row.placed]
            when = f"{names[0]}–{names[-1]}" if len(names) > 1 else "".join(names)
            yield Line(((f"  {cut(room.code, 5)} ", Tone.PLAIN), (state.text, state.tone)))
            words = f"{kind_words(one.row.type)}: {one.row.reason} · {when}".rstrip(" ·")
            yield from self._block("     ", words, Tone.QUIET)

    # Exposure

    def _exposure(self) -> Iterator[Line]:
        one = self.profile.exposure
        if one is not None:
            yield line(f"In rooms this school year, {_day(one.first)} to {_day(one.last)}", Tone.QUIET)
            for side in one.sides:
                if side.minutes or side.placed or side.line is not Side_.NEUTRAL:
                    yield from self._side(one, side)
            if one.internal:
                yield from self._field("Exclusion", f"{_days(one.internal)} internal, longest run {_run(one.run)}")
            if one.suspended and one.together and one.run_together:
                told = (
                    f"{_days(one.together)} with {len(one.suspended)} suspended, longest run {_run(one.run_together)}"
                )
                yield from self._field("Together", told)
            for side_ in LINES:
                yield from self._lost(one, side_)
            for each in one.crossed:
                yield from self._block("▲", each.said, Tone.DUE)
        yield from self._presence()

    def _side(self, one: Exposure, side: Side) -> Iterator[Line]:
        name = side.line.value.capitalize()
        if not side.minutes and not side.placed:
            yield from self._field(name, "none")
            return
        share = one.share(side.line)
        full = min(_METER, max(1 if share else 0, round(share * _METER / 100)))
        meter = "█" * full + "▁" * (_METER - full)
        yield Line(((cut(name, _LABEL), Tone.QUIET), (meter, Tone.PLAIN), (f" {share:.1f}% of lessons", Tone.PLAIN)))
        yield from self._field("", f"{side.attended} of {side.placed} lessons placed, {_days(side.days)}")
        yield from self._field("", f"{_minutes(side.minutes)} in the room")

    def _lost(self, one: Exposure, side: Side_) -> Iterator[Line]:
        """Yield the lessons lost by subject on one side, the most first."""

        def of(lost: Lost) -> int:
            return (lost.sanction, lost.support, lost.neutral)[LINES.index(side)]

        lost = sorted((each for each in one.lost if of(each)), key=lambda each: -of(each))
        if lost:
            words = ", ".join(f"{each.subject or 'no lesson'} {of(each)}" for each in lost)
            yield from self._field("Lost", f"{side.value}: {words}")

    def _presence(self) -> Iterator[Line]:
        one = self.profile.presence
        if one is None or one.percent is None:
            return
        yield from self._field(
            "Attendance", f"{one.percent:.1f}%, {one.attended} of {one.possible} sessions to {_day(one.last)}"
        )
        if one.punctual is not None:
            yield from self._field("On time", f"{one.punctual:.1f}%, {one.late} late")

    # The rest

    def _actions(self) -> Iterator[Line]:
        if not self.profile.actions:
            return
        today = school_day(self.now, self.profile.board.zone)
        yield line("Agreed, and still owed", Tone.QUIET)
        for one in self.profile.actions:
            late = one.overdue(today)
            words = f"{one.what} · {one.owner}, {'overdue since' if late else 'due'} {_day(one.due)}"
            yield from self._block("!" if late else "·", words, Tone.DUE if late else Tone.PLAIN)

    def _apart(self) -> Iterator[Line]:
        if not self.profile.apart:
            return
        yield line("To be kept apart from", Tone.QUIET)
        for one in self.profile.apart:
            yield from self._block("×", f"{one.name} until {_day(one.until)}" + (f": {one.reason}" * bool(one.reason)))

    def _contacts(self) -> Iterator[Line]:
        contacts = self.profile.contacts
        if contacts is None:
            return
        yield line(
            "At home, in the order to try" if contacts else "At home: nobody on record who may be told", Tone.QUIET
        )
        for number, one in enumerate(contacts, 1):
            yield from self._block(str(number), one.words)
            more = [one.number or one.email or "no number", one.language and f"speaks {one.language}"]
            more.append("parental responsibility" if one.responsibility else "")
            yield from self._block(" ", " · ".join(part for part in more if part), Tone.QUIET)
        if self.profile.not_contacted:
            words = "do not contact: somebody on record must not be rung. The safeguarding lead knows."
            yield from self._block("×", words, Tone.ALARM)

    def _timeline(self) -> Iterator[Line]:
        entries, board = self.profile.entries, self.profile.board
        if not entries:
            return
        yield line("Recorded today", Tone.QUIET)
        for one in entries:
            undone = one.undone is not None
            words = f"  {'×' if undone else ' '} {wall(one.happened, board.zone)}  {one.words}"
            said = f"  {marks(one, board.settings, board.zone)}"
            yield Line(((words, Tone.QUIET if undone else Tone.PLAIN), (said, Tone.QUIET)))


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _days(number: int) -> str:
    return f"{number} day{'s' * (number != 1)}"


def _minutes(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def _run(run: Run) -> str:
    if run.first is None or run.last is None:
        return "none"
    return f"{run.days} ({span_words(run.first, run.last)})"
