"""Commands of duty: who looks after the room now, and the week's rota."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.people import Named, who_is
from psc.errors import PscError
from psc.roster.duty import Duty, confirm_duty
from psc.tui.commands.base import Command
from psc.tui.prompts import Choice, Entry, Option

if TYPE_CHECKING:
    from psc.school.rooms import Room
    from psc.tui.screens.today import Today


class OnDuty(Command):
    """Say who is on duty in the room: one key confirms you where you are planned; else take over, join or leave."""

    title, key, act = "Duty", "d", "confirm_duty"

    def unavailable(self, today: Today) -> str:
        """It is said of one room, on a school day."""
        if not today.board.day.is_open:
            return "today is not a school day"
        return "" if today.room else "choose a room with [ or ] first"

    def run(self, today: Today) -> None:
        """Confirm the planned person at the desk when nobody is on; ask otherwise."""
        room = today.room
        if room is None:
            return
        me = Named(today.staff.id, today.staff.short)
        at = today.kept_time or today.now
        planned = {one.key for one in today.board.planned_duty(room.id, at)}
        if me.key in planned and not today.board.on_duty(room.id, at):
            _confirm(today, room, me, Duty.ON)
        else:
            _ask_about(today, room, me, somebody_else=True)


def _ask_about(today: Today, room: Room, who: Named, *, somebody_else: bool) -> None:
    """Ask what is new of a person's duty in a room: only what can be is offered."""
    there = today.board.on_duty(room.id, today.kept_time or today.now)
    on = who.key in {one.key for one in there}
    mine = somebody_else  # the person at the desk is asked first, and spoken to
    options = []
    if not on:
        options.append(Option("t", "take over" if mine else "takes over", Duty.OVER.value))
        if there:
            options.append(Option("j", "join" if mine else "joins", Duty.ON.value))
    elif len(there) > 1:
        options.append(Option("t", "take over alone" if mine else "takes over alone", Duty.OVER.value))
    if on:
        options.append(Option("l", "leave" if mine else "leaves", Duty.OFF.value))
    planned = () if there else today.board.planned_duty(room.id, today.kept_time or today.now)
    if somebody_else and planned:
        options.append(Option("p", f"{planned[0].name}, as planned", "planned"))
    if somebody_else:
        options.append(Option("o", "somebody else", "else"))

    def answered(value: str) -> None:
        if value == "planned":
            _confirm(today, room, planned[0], Duty.ON)
        elif value == "else":
            today.ask(Entry("Who is it?", "staff code, or a name", lambda typed: _somebody(today, room, typed)))
        else:
            _confirm(today, room, who, Duty(value))

    names = ", ".join(one.name for one in there) or "nobody"
    about = "" if mine else f"{who.name}, with "
    today.ask(Choice(f"{about}{names} on duty in {room.code}", tuple(options), answered))


def _somebody(today: Today, room: Room, typed: str) -> None:
    """Go on with somebody who is not at the desk: with nobody on duty there is nothing left to ask."""
    try:
        who = who_is(today.desk.file, typed)
    except PscError as error:
        today.refuse(str(error))
        return
    if today.board.on_duty(room.id, today.kept_time or today.now):
        _ask_about(today, room, who, somebody_else=False)
    else:
        _confirm(today, room, who, Duty.ON)


_SAID = {Duty.ON: "on duty", Duty.OFF: "off duty", Duty.OVER: "on duty, taken over"}


def _confirm(today: Today, room: Room, who: Named, kind: Duty) -> None:
    """Record it."""
    at = today.take_time()
    name = "" if who.staff_id else who.name
    said = f"{room.code}: {who.name} {_SAID[kind]}"
    today.do((), lambda _: [confirm_duty(room.id, kind, staff_id=who.staff_id, name=name, at=at)], said, at=at)


class Rota(Command):
    """Open the week's rota: duties, breaks and meetings, and where a room has nobody."""

    title, key, act = "Rota of the week", "D", "see_rota"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.rota import RotaPage

        today.app.push_screen(RotaPage(today))


DUTY_COMMANDS: tuple[Command, ...] = (OnDuty(), Rota())
"""The commands of this file."""
