"""`psc book`: place a student ahead of time. `psc week`: the seats used and free in the days to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.cli.show import local
from psc.clock import school_day
from psc.desk.permissions import scope_of
from psc.errors import NotUnderstood
from psc.overview.read_board import read_board
from psc.roster.concerns import concern_lines, concerns
from psc.roster.placed import seats_used
from psc.roster.placement_types import typed_type
from psc.roster.placements import book, check_not_there
from psc.roster.slots import check_slots
from psc.roster.typed_booking import read_wanted
from psc.roster.waiting import wait_for_seat
from psc.school.calendar import coming_day, school_days
from psc.school.rooms import room_by_code, rooms
from psc.school.shapes import Bells
from psc.school.students import the_student
from psc.work.sets import coming_days

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from datetime import date

    from psc.cli.context import Context
    from psc.desk.acts import Desk, Done
    from psc.roster.concerns import Concern
    from psc.roster.slots import Slot
    from psc.school.rooms import Room
    from psc.school.students import Student

MOST_DAYS = 60


def run(context: Context, args: argparse.Namespace) -> int:
    """Book a student, or with `--dry-run` say which periods that would be and what needs a reason."""
    with context.desk() as desk:
        now = desk.clock.now()
        today = school_day(now, desk.file.zone)
        student = the_student(desk.file, args.student, desk.staff(), today, act="book")
        room, type = room_by_code(desk.file, args.room), typed_type(args.type)
        wanted = read_wanted(desk.file, args.when, year=student.year, today=today, now=now)
        barred = desk.staff().barred
        found = concerns(desk.file, student.id, room.id, type, wanted.slots, today=today, barred=barred)
        bells = Bells(desk.file, student.year)
        lines = concern_lines(bells, found, today=today)
        told = {"periods": _periods(wanted.slots), "concerns": _told(found)}
        if args.dry_run:
            check_slots(desk.file, bells, wanted.slots)
            check_not_there(desk.file, student, room, wanted.slots, today)
            value = {"student": student.number, "room": room.code, "type": type.value, **told}
            context.print(value, [f"{student.name}, {room.code}: {wanted.words}", *(f"  {line}." for line in lines)])
            return 0
        waits = args.wait and not args.override and any(one.kind == "full" for one in found)
        if waits:
            wait = wait_for_seat(student.id, room.id, type, args.reason, args.when)
            done: Done[Any] = desk.do_patiently(wait, id=args.act_id)
        else:
            booking = book(student.id, room.id, type, args.reason, wanted.slots, override=args.override)
            done = desk.do_patiently(booking, id=args.act_id)
        if student.id not in done.students:
            raise NotUnderstood("That act id belongs to another student's act.", "Give each act one of its own.")
        value = {
            "act": done.act,
            "act_id": done.act_id,
            "at": local(done.at, desk.file.zone),
            "student": student.number,
            "status": _status(desk, student, today),
            **told,
        }
        said = f"{student.name}: {'waits for a seat' if waits else 'booked'} in {room.code}, {wanted.words}"
        context.print(value, [said + (" (done before)" if done.repeated else "")])
        return 0


def _periods(slots: Sequence[Slot]) -> list[dict[str, str]]:
    return [{"date": day.isoformat(), "period": period} for day, period in slots]


def _told(found: Sequence[Concern]) -> list[dict[str, str | None]]:
    return [
        {
            "kind": one.kind,
            "words": one.words,
            "date": one.day.isoformat() if one.day else None,
            "period": one.period or None,
        }
        for one in found
    ]


def _status(desk: Desk, student: Student, today: date) -> str | None:
    """Return how the student stands on today's board, None for who is not on it."""
    now = desk.clock.now()
    rows = read_board(desk.file, today, desk.staff(), staffed=False).at(now)
    return next((one.status.value for one in rows if one.row.student_id == student.id), None)


def week(context: Context, from_text: str, days: int) -> int:
    """Print the seats used and free per room, day and lesson, of some school days from a day on."""
    if not 1 <= days <= MOST_DAYS:
        raise NotUnderstood(f"{days} days cannot be shown.", f"From 1 to {MOST_DAYS}.")
    with context.desk() as desk:
        staff = desk.staff()
        scope_of("see_week", staff)
        today = school_day(desk.clock.now(), desk.file.zone)
        first, last = coming_days(desk.file, coming_day(from_text, today), days)
        bells, used = Bells(desk.file, None), seats_used(desk.file, first, last)
        open_days = school_days(desk.file, first, last)
        told = [room for room in rooms(desk.file) if not staff.rooms or room.id in staff.rooms]
        seats = {
            (room.id, day, period): used[room.id, day, period].used if (room.id, day, period) in used else 0
            for room in told
            for day in open_days
            for period in bells.lessons(day)
        }
        value = [
            {
                "room": room.code,
                "date": day.isoformat(),
                "period": period,
                "seats": room.seats,
                "used": seats[room.id, day, period],
                "free": max(0, room.seats - seats[room.id, day, period]),
            }
            for room in told
            for day in open_days
            for period in bells.lessons(day)
        ]
        context.print(value, _lines(told, open_days, bells, seats) or ["There is no school then."])
        return 0


def _lines(
    told: Sequence[Room], days: Sequence[date], bells: Bells, seats: dict[tuple[int, date, str], int]
) -> list[str]:
    """Return the seats as text: a room after the other, a line a day; `3/12` is 3 of 12 used, `!` over."""
    names = sorted({name for day in days for name in bells.lessons(day)}, key=lambda name: (len(name), name))
    lines: list[str] = []
    for room in told if days else ():
        lines += [*([""] if lines else []), f"{room.code}  {room.name}, {room.seats} seats: used in each lesson"]
        lines.append(f"{'':<12}" + "".join(f"{name:>7}" for name in names))
        for day in days:
            cells = ""
            for name in names:
                count = seats.get((room.id, day, name))
                over = "!" if count is not None and count > room.seats else ""
                cells += f"{'–' if count is None else f'{over}{count}/{room.seats}':>7}"
            lines.append(f"{day:%a} {day.day} {day:%b}".ljust(12) + cells)
    return lines
