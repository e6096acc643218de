"""Commands that keep students in sight: found or told, a removal confirmed, the evacuation roll."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from psc.roster.confirmations import Outcome, settle_removal
from psc.roster.sightings import TOLD, record_sighting
from psc.roster.status import Status
from psc.tui.commands.base import Command
from psc.tui.commands.door import ForRows
from psc.tui.prompts import Asks, Choice, Entry, Option

if TYPE_CHECKING:
    from psc.desk.acts import Call
    from psc.overview.board import RowNow
    from psc.tui.screens.today import Today

Settles = Callable[[Callable[[str], "list[Call[Any]]"], str], None]
"""How a screen does an act that may ask for a reason, and what it says then."""


class Found(ForRows):
    """Say where a student is whom nobody could find, or whom you told: the alarm is quiet then."""

    title, key, act = "Found, or told", "f", "record_sighting"
    none = "their place is known"

    def fits(self, one: RowNow) -> bool:
        """Whoever is to be found, is out, late or on the way."""
        way = one.standing.reason == "on the way"
        return one.out or way or one.status in (Status.FIND, Status.LATE)

    def run(self, today: Today) -> None:
        """Ask whom was told, or where they are."""
        rows = self.rows(today)
        at = today.take_time()

        def record(told: str = "", place: str = "") -> None:
            calls = [record_sighting(one.row.student_id, told=told, place=place, at=at) for one in rows]
            said = f"told {told}" if told else f"found: {place}"
            today.do(rows, lambda _: calls, said, at=at, then=_said_before(rows))

        def chosen(letter: str) -> None:
            if letter == "w":
                today.ask(
                    Entry(f"{today.named(rows)} is where", "library, with Mr Lee", lambda typed: record("", typed))
                )
            else:
                record(told=letter)

        options = (*(Option(told[0], f"told {told}", told) for told in TOLD), Option("w", "found: where", "w"))
        note = "i signs them in, h marks them not here"
        today.ask(Choice(f"{today.named(rows)}", options, chosen, note if not rows[0].inside else ""))


def _said_before(rows: tuple[RowNow, ...]) -> str:
    """Say what somebody else had recorded already: both stand."""
    before = [one.standing.known for one in rows if one.standing.known]
    return f" · before: {before[0]}" if before else ""


class ConfirmRemoval(Command):
    """Confirm a removal that was made at the door, change its reason, or end it. A coordinator does, the same day."""

    title, key, act, of_student = "Confirm a removal", "Y", "settle_removal", True

    def unavailable(self, today: Today) -> str:
        """The student must have a removal that waits."""
        current = today.state.current
        return "" if current and current.row.to_confirm else "this student has no removal to confirm"

    def run(self, today: Today) -> None:
        """Ask which of the three."""
        current = today.state.current
        if current is None:
            return
        row = current.row
        hidden = next(room.hide_why for room in today.board.rooms if room.id == row.room_id)
        sender = f", sent by {row.sent_by}" if row.sent_by else ""
        ask_to_settle(
            today,
            f"{row.name}{sender}" + ("" if hidden else f": {row.reason}"),
            row.placement_id,
            lambda calls, said: today.do((current,), calls, said),
        )


def ask_to_settle(asks: Asks, title: str, placement_id: int, do: Settles, outcome: str = "") -> None:
    """Ask which of the three a removal comes to, unless it is given, and for its reason; then do it.

    Which adjustment was considered is asked by the act, where it is due.
    """
    words = {Outcome.CONFIRMED: "removal confirmed", Outcome.CHANGED: "reason changed", Outcome.ENDED: "ended"}

    def settle(outcome: str, reason: str = "") -> None:
        done = Outcome(outcome)
        if done is not Outcome.CONFIRMED and not reason:
            chosen(outcome)
            return
        do(lambda why: [settle_removal(placement_id, done, reason, adjustment=why)], words[done])

    def chosen(outcome: str) -> None:
        if outcome == Outcome.CONFIRMED:
            settle(outcome)
        elif outcome == Outcome.CHANGED:
            asks.ask(Entry("The reason is", "as on the list of reasons", partial(settle, outcome)))
        else:
            asks.ask(Entry("End it because", "the student goes back to lessons", partial(settle, outcome)))

    options = (
        Option("c", "confirm", "confirmed"),
        Option("r", "another reason", "changed"),
        Option("e", "end it", "ended"),
    )
    if outcome:
        chosen(outcome)
    else:
        asks.ask(Choice(title, options, chosen))


class Evacuation(Command):
    """Open the evacuation roll: everybody out by one key, ticked at the assembly point, back by one key."""

    title, key, act = "Evacuation roll", "E", "see_roll"

    def run(self, today: Today) -> None:
        """Open the roll."""
        from psc.tui.screens.roll import RollPage

        today.app.push_screen(RollPage(today))


class EndOfDay(Command):
    """The day’s end in one pass: who is in, what is held, which homes wait, what is not served, who comes next."""

    title, key, act = "End of the day", "e", "close_day"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open it."""
        from psc.tui.screens.day_end import DayEndPage

        today.app.push_screen(DayEndPage(today))


WATCH = (Found(), ConfirmRemoval(), Evacuation(), EndOfDay())
