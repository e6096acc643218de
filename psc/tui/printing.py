"""Printing from the app: the sheet is noted in the ledger, written to the private folder, and said where it is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from psc.errors import PscError
from psc.prints.keep import keep_sheet, print_sheet
from psc.text import counted
from psc.tui.prompts import Asks, Choice, Option

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from psc.desk.acts import Desk
    from psc.prints.slips import Place
    from psc.school.rooms import Room


class Prints(Asks, Protocol):
    """A screen at a desk."""

    desk: Desk


def print_out(
    screen: Prints,
    name: str,
    day: date,
    html: str,
    *,
    part: str = "",
    students: Sequence[int] = (),
    pdf: Callable[[], tuple[bytes, frozenset[str]]] | None = None,
) -> None:
    """Keep a sheet called `name` (and `part`, of several) and say how to print it. What goes wrong is said, too.

    `students` are those who stand on it by name. `pdf` makes the same sheet as PDF, with the letters that no font of
    this machine has: it is kept beside the other one.
    """
    called = (f"{name}-{part}" if part else name).replace(" ", "-")
    try:
        screen.desk.do_patiently(print_sheet(name, students), seconds=2)
        path = keep_sheet(screen.desk.file, called, day, html)
        made, missing = pdf() if pdf else (b"", frozenset[str]())
        if made:
            keep_sheet(screen.desk.file, called, day, made)
    except PscError as error:
        screen.say(str(error), "alarm")
        return
    where = str(path).replace(str(Path.home()), "~", 1)
    if missing:
        screen.say(f"Some letters are in no font here: print from a browser, not the PDF: {where}")
    else:
        screen.say(f"To print, open in a browser{', or the .pdf beside it' if made else ''}: {where}")


def print_slips(
    screen: Prints, day: date, *, room: Room | None = None, period: str = "", marked: Sequence[Place] | None = None
) -> None:
    """Print the work slips of a day: of a room, a period, or what is marked, where they are given.

    Says so where no work has come that could stand on one.
    """
    from psc.prints.slip_sheet import slips_page, slips_pdf
    from psc.prints.slips import make_slips, read_work, slips_part

    try:
        board, sets, known = read_work(screen.desk, day)
    except PscError as error:
        screen.say(str(error), "alarm")
        return
    slips = make_slips(board, sets, room_id=room.id if room else None, period=period, marked=marked, known=known)
    if not slips:
        screen.say("No slips: no work has come for that yet. The desk list says whom to ask.")
        return
    part = slips_part(board, room, period, marked=marked is not None)
    named = sorted({one.student_id for one in slips})
    print_out(screen, "slips", day, slips_page(slips), part=part, students=named, pdf=partial(slips_pdf, slips))


def print_desk_list(screen: Prints, day: date, room: Room, period: str) -> None:
    """Print what lies on every desk of a room for a period."""
    from psc.prints.desk_list import desk_list_page, desk_list_part, desk_list_pdf, read_desk_list

    try:
        made = read_desk_list(screen.desk, day, room, period)
    except PscError as error:
        screen.say(str(error), "alarm")
        return
    if not made.rows:
        screen.say(f"Nobody is placed in the {room.name} for {period}.")
        return
    pdf = partial(desk_list_pdf, made)
    page, part = desk_list_page(made), desk_list_part(made)
    print_out(screen, "desk list", day, page, part=part, students=made.students, pdf=pdf)


def ask_work_print(
    screen: Prints, day: date, room: Room | None, *, period: str = "", here: Room | None = None, marked: Sequence[Place]
) -> None:
    """Ask what of a day's work is to be printed, and print it: slips, or the desk list.

    `room` and `period` are what is shown, None and "" for all; `here` is the room whose desk list is meant then.
    """
    options = [Option("d", "slips of the day", "day")]
    if period:
        options = [Option("p", f"slips of {period}", "period"), *options]
    if marked:
        options.insert(0, Option("m", f"{counted(len(marked), 'slip')} marked", "marked"))
    desks = room or here
    if period and desks:
        options.append(Option("l", f"desk list of {period}, {desks.code}", "list"))

    def answered(what: str) -> None:
        if what == "list" and desks:
            print_desk_list(screen, day, desks, period)
        elif what == "marked":
            print_slips(screen, day, marked=marked)
        else:
            print_slips(screen, day, room=room, period=period if what == "period" else "")

    screen.ask(Choice("Print", tuple(options), answered))


def print_investigation(screen: Prints, investigation_id: int) -> None:
    """Print an investigation as one file, as far as the person at the desk may."""
    from psc.clock import school_day
    from psc.prints.investigation import (
        SHEET,
        investigation_document,
        investigation_page,
        investigation_pdf,
        read_investigation_to_print,
    )

    desk = screen.desk
    try:
        found = read_investigation_to_print(desk, investigation_id)
    except PscError as error:
        screen.say(str(error), "alarm")
        return
    now = desk.clock.now()
    made = investigation_document(found, desk.file.zone, by=desk.staff().short, now=now)
    print_out(
        screen,
        SHEET,
        school_day(now, desk.file.zone),
        investigation_page(made),
        part=str(investigation_id),
        students=found.students,
        pdf=partial(investigation_pdf, made),
    )
