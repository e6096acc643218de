"""What the week's page does with a booking: make it, move it, cut it short, make it longer, cancel it, look at it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from psc.desk.permissions import may
from psc.errors import NeedsReason, NotUnderstood, PscError, Refused
from psc.flows.bookings import cancel_booking, extend_booking, move_booking, shorten_booking
from psc.overview.cells import Tone
from psc.overview.one_booking import booking_lines, preview, the_booking
from psc.roster.slots import slot_words
from psc.roster.typed_booking import read_wanted
from psc.school.rooms import room_by_code
from psc.school.shapes import Bells
from psc.text import clean, counted
from psc.tui.hiding import HIDDEN
from psc.tui.prompts import Entry
from psc.tui.screens.page import PageKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psc.desk.acts import Call
    from psc.overview.bookings import Booking
    from psc.roster.slots import Slot
    from psc.roster.waiting import Waiting
    from psc.school.rooms import Room
    from psc.tui.details import Piece
    from psc.tui.dialogs.fields import Field, Typed
    from psc.tui.screens.page import Page
    from psc.tui.screens.week import WeekPage

WHEN = "three days from Tuesday; Tue P2-P4, Wed; until Fri"
"""What may be typed for when."""


def why_not(page: Page, act: str) -> str:
    """Say why an act is not for whoever is at the desk, "" where it is."""
    staff = page.today.staff
    return "" if may(act, staff) else f"it is not for the role of {staff.role.words}"


# Keys


def planner_keys(page: WeekPage) -> Sequence[PageKey]:
    """Return the keys of what waits to be planned: the waiting list, periods not served, referrals."""
    from psc.tui.commands.board import BY_KEY

    hidden = HIDDEN if page.today.names_hidden else ""
    waiting = f"{page.waiting} waiting" if page.waiting else "waiting list"
    made = [
        PageKey("l", "l", waiting, partial(open_waiting, page), hidden),
        PageKey("c", "c", "carry", partial(open_owed, page), why_not(page, "carry_periods") or hidden),
    ]
    command = BY_KEY["Q"]
    words = counted(page.referrals, "referral") if page.referrals else "referrals"
    return [*made, PageKey("Q", "Q", words, partial(command.run, page.today), command.why_not(page.today))]


def name_keys(page: WeekPage) -> Sequence[PageKey]:
    """Return the keys of a name."""
    return [
        PageKey("enter", "Enter", "details", page.enter, why_not(page, "open_row")),
        PageKey("m", "m", "move", partial(move, page), why_not(page, "move_booking")),
        PageKey("s", "s", "shorten", partial(shorten, page), why_not(page, "shorten_booking")),
        PageKey("e", "e", "extend", partial(extend, page), why_not(page, "extend_booking")),
        PageKey("x", "x", "cancel", partial(cancel, page), why_not(page, "cancel_booking")),
        PageKey("u", "u", "undo", page.undo_here, why_not(page, "undo")),
        PageKey("tab", "Tab", "cells", page.leave),
    ]


# What opens


def open_form(
    page: Page,
    then: Callable[[str], None],
    when: str = "",
    *,
    room: Room | None = None,
    waiting: Waiting | None = None,
) -> None:
    """Open the booking form; `then` is told what it booked, or whom it put on the waiting list."""
    from psc.tui.dialogs.booking import BookingForm

    page.app.push_screen(BookingForm(page.today, then, when, room=room, waiting=waiting))


def open_waiting(page: Page) -> None:
    """Open the waiting list."""
    from psc.tui.screens.waiting import WaitingPage

    page.app.push_screen(WaitingPage(page.today))


def open_owed(page: Page) -> None:
    """Open the list of periods that were not served."""
    from psc.tui.screens.owed import OwedPage

    page.app.push_screen(OwedPage(page.today))


def open_details(page: WeekPage) -> None:
    """Open what there is to know of the booking under the cursor; the ledger notes the look."""
    from psc.desk.looks import open_row
    from psc.tui.dialogs.sheet import Sheet

    booking = _booking(page)
    if booking is None:
        return
    try:
        page.desk.do_patiently(open_row(booking.student.id), seconds=1)
        told = booking_lines(page.desk.file, booking, page.today.staff, page.today.board.day.day)
    except PscError as error:
        page.refuse(str(error))
        return
    student = booking.student
    lines: list[list[Piece]] = [[(student.name, Tone.PLAIN)], [(f"{student.form}  {student.number}", Tone.QUIET)], []]
    page.app.push_screen(Sheet([*lines, *([(one, Tone.PLAIN)] for one in told)]))


# Acts


def ask_until_done(page: Page, prompt: Entry) -> None:
    """Ask, and do what the answer leads to; what does not fit is said beside it, and what was typed stays."""
    act = prompt.then

    def done(typed: str) -> None:
        try:
            act(typed)
        except PscError as error:
            page.ask(replace(prompt, hint=f"! {error}", then=done, text=typed))
        else:
            page.answer_saved()

    page.ask(replace(prompt, then=done))


def _booking(page: WeekPage) -> Booking | None:
    """Return the booking under the cursor, read anew; says so where there is none."""
    here = page.booked_here
    today = page.today
    day, file = today.board.day.day, page.desk.file
    found = the_booking(file, here.placement_id, page.on, page.on, today.staff, day) if here else None
    if found is None:
        page.refuse("That booking does not stand there any more.")
    return found


class _Change:
    """A booking that is being changed: as it stood when whoever changes it last saw it."""

    def __init__(self, page: WeekPage, booking: Booking) -> None:
        self.page = page
        self.booking = booking
        self.bells = Bells(page.desk.file, booking.student.year)

    @property
    def name(self) -> str:
        """Whose it is."""
        return self.booking.student.name

    @property
    def ahead(self) -> tuple[Slot, ...]:
        """Its slots that have not begun."""
        now = self.page.today.now
        return tuple(
            slot
            for slot in self.booking.slots
            if slot[0] >= self.page.today.board.day.day
            and ((period := self.bells.period(*slot)) is None or period.start > now)
        )

    def _anew(self) -> Booking | None:
        """Return the booking as it stands now, wherever in the year it has gone."""
        today = self.page.today
        day = today.board.day.day
        first = min(day, *(on for on, _ in self.booking.slots))
        placement, last = self.booking.placement_id, day + timedelta(days=366)
        return the_booking(self.page.desk.file, placement, first, last, today.staff, day)

    def words(self, slots: Sequence[Slot]) -> str:
        """Say slots."""
        return slot_words(self.bells, slots) if slots else ""

    def read_when(self, text: str) -> tuple[Slot, ...]:
        """Read slots as they are typed. Raises `NotUnderstood`, `Refused`."""
        today = self.page.today
        year = self.booking.student.year
        return read_wanted(self.page.desk.file, text, year=year, today=today.board.day.day, now=today.now).slots

    def comes_to(self, typed: Typed, *, besides: int | None = None) -> list[str]:
        """Say what the booking would come to."""
        today = self.page.today
        file, booking = self.page.desk.file, self.booking
        room = typed.values.get("room") or room_by_code(file, booking.room)
        made = preview(
            file, booking.student, room, booking.type, typed.values["when"], today.staff, today.board.day.day,
            besides=besides,
        )  # fmt: skip
        return [made.words, made.seats, *(f"! {one}" for one in made.concerns)]

    def save(self, call: Callable[[tuple[Slot, ...]], Call[Any]], said: str, typed: Typed) -> str:
        """Do the act. What somebody else changed since is told, and the next save is made over it."""
        try:
            self.page.desk.do_patiently(call(self.booking.slots), id=typed.act_id, seconds=2)
        except NeedsReason:
            raise
        except Refused as error:
            now = self._anew()
            if now is None or now.slots == self.booking.slots:
                raise
            self.booking = now
            stands = f"{error.title} It is now {self.words(now.slots)}."
            raise Refused(stands, "What you typed stays: F10 saves it all the same.") from None
        return said


def _because(text: str) -> str:
    words = clean(text)
    if not words:
        raise NotUnderstood("Say why, in a word or two.", "It is kept with the booking.")
    return words


def _form(change: _Change, what: str, fields: Sequence[Field], save: Callable[[Typed], str], **more: Any) -> None:
    from psc.tui.dialogs.fields import Field, FieldForm

    why = Field("because", "Because", "", "why: it is kept with the booking", _because)
    title = f"{what} {change.name}, {change.words(change.booking.slots)}"
    change.page.app.push_screen(FieldForm(title, (*fields, why), save, change.page.did, **more))


def move(page: WeekPage) -> None:
    """Ask to when, and to which room, the rest of a booking is to go."""
    from psc.tui.dialogs.fields import Field

    if (booking := _booking(page)) is None:
        return
    change = _Change(page, booking)
    file = page.desk.file

    def save(typed: Typed) -> str:
        when, room = typed.values["when"], typed.values["room"]

        def call(seen: tuple[Slot, ...]) -> Call[Any]:
            why, placement = typed.values["because"], change.booking.placement_id
            return move_booking(placement, when, why, room_id=room.id, override=typed.why, seen=seen)

        return change.save(call, f"{change.name} moved: {room.code}, {change.words(when)}", typed)

    def comes_to(typed: Typed) -> Sequence[str]:
        return change.comes_to(typed, besides=booking.placement_id)

    codes = ", ".join(room.code for room in page.plan.rooms)
    fields = [
        Field("when", "To", change.words(change.ahead), WHEN, change.read_when),
        Field("room", "Room", booking.room, codes, partial(room_by_code, file)),
    ]
    _form(change, "Move", fields, save, preview=comes_to)


def shorten(page: WeekPage) -> None:
    """Ask which lesson is to be the last of a booking."""
    from psc.tui.dialogs.fields import Field

    if (booking := _booking(page)) is None:
        return
    change = _Change(page, booking)

    def save(typed: Typed) -> str:
        last = typed.values["when"][-1]

        def call(seen: tuple[Slot, ...]) -> Call[Any]:
            return shorten_booking(change.booking.placement_id, last, typed.values["because"], seen=seen)

        return change.save(call, f"{change.name} until {change.words([last])}", typed)

    last = change.words(booking.slots[-1:])
    _form(change, "Shorten", [Field("when", "Until", last, "Wed; Wed P3", change.read_when)], save)


def extend(page: WeekPage) -> None:
    """Ask by what a booking is to grow."""
    from psc.tui.dialogs.fields import Field

    if (booking := _booking(page)) is None:
        return
    change = _Change(page, booking)

    def save(typed: Typed) -> str:
        when = typed.values["when"]

        def call(seen: tuple[Slot, ...]) -> Call[Any]:
            why, placement = typed.values["because"], change.booking.placement_id
            return extend_booking(placement, when, why, override=typed.why, seen=seen)

        return change.save(call, f"{change.name} also {change.words(when)}", typed)

    _form(change, "Extend", [Field("when", "By", "", WHEN, change.read_when)], save, preview=change.comes_to)


def cancel(page: WeekPage) -> None:
    """Ask why the rest of a booking is to be cancelled."""
    from psc.tui.dialogs.fields import Typed

    if (booking := _booking(page)) is None:
        return
    change = _Change(page, booking)
    ahead, typed = change.ahead, Typed({}, "", secrets.token_hex(12))

    def done(why: str) -> None:
        def call(seen: tuple[Slot, ...]) -> Call[Any]:
            return cancel_booking(change.booking.placement_id, why, seen=seen)

        page.did(change.save(call, f"{change.name}: {counted(len(ahead), 'lesson')} cancelled", typed))

    if not ahead:
        page.refuse("All of it has begun: nothing is left to cancel.")
        return
    title = f"Cancel {change.name}, {change.words(ahead)}, because"
    ask_until_done(page, Entry(title, "reason", done, about=f"cancel {booking.placement_id}"))
