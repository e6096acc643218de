"""The acts of the door: a script or a scanner can call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.cli.show import local
from psc.clock import school_day, typed_moment
from psc.desk.acts import Call, undo
from psc.errors import NotUnderstood, Refused
from psc.flows.walk_in import walk_in
from psc.overview.cells import now_cell
from psc.overview.read_board import read_board
from psc.roster.movements import (
    Destination,
    Kind,
    OutReason,
    come_back,
    go_out,
    moved_at,
    movements_of,
    on_the_way,
    sign_in,
    sign_out,
)
from psc.roster.placement_types import typed_type
from psc.roster.placements import periods_on
from psc.school.rooms import room_by_code
from psc.school.shapes import shape_of
from psc.school.students import student_by_id, the_student
from psc.text import one_of

if TYPE_CHECKING:
    import argparse
    from datetime import date, datetime

    from psc.cli.context import Context
    from psc.desk.acts import Desk, Done
    from psc.school.students import Student


def run(context: Context, args: argparse.Namespace) -> int:
    """Do one act of the door and say how the student stands after it."""
    with context.desk() as desk:
        now = desk.clock.now()
        day = school_day(now, desk.file.zone)
        if args.command == "undo":
            done: Done[Any] = desk.do_patiently(undo(), id=args.act_id)
            student_id, at = (done.students or (0,))[0], done.at
        else:
            walks_in = args.command == "sign-in" and args.type
            asks = "walk_in" if walks_in else "find_student"
            student = the_student(desk.file, args.student, desk.staff(), day, act=asks)
            starts = {period.name: period.start for period in shape_of(desk.file, day).periods(student.year)}
            at = typed_moment(args.at, now, desk.file.zone, starts)
            done = desk.do_patiently(_call(desk, args, student, day, at if args.at else None), id=args.act_id)
            student_id = student.id
            if student.id not in done.students:
                raise NotUnderstood("That act id belongs to another student's act.", "Give each act one of its own.")
            at = moved_at(desk.file, done.seq) or done.at
        return _answer(context, desk, done, student_id, at)


def _call(desk: Desk, args: argparse.Namespace, student: Student, day: date, at: datetime | None) -> Call[Any]:
    if args.command == "sign-in":
        return _sign_in(desk, args, student, day, at)
    moves = movements_of(desk.file, student.id, day)
    if not moves or (moves[-1].kind is Kind.LEFT and not args.act_id):
        raise Refused(f"{student.name} is not in a room today.", "Sign them in first.")
    visit_id = moves[-1].visit_id
    if args.command == "out":
        return go_out(visit_id, OutReason(one_of(args.reason, OutReason, "reason")), at=at)
    if args.command == "back":
        return come_back(visit_id, at=at)
    to_room = room_by_code(desk.file, args.to_room).id if args.to_room else None
    to = Destination(one_of(args.to, Destination, "destination"))
    return sign_out(visit_id, to, at=at, note=args.note, to_room=to_room)


def _sign_in(desk: Desk, args: argparse.Namespace, student: Student, day: date, at: datetime | None) -> Call[Any]:
    expected = sorted(set(periods_on(desk.file, student.id, day).values()))
    if args.type:
        if not args.room or not args.reason:
            raise NotUnderstood("A walk-in needs a room and a reason.", "Give --room and --reason.")
        kind = typed_type(args.type)
        room = room_by_code(desk.file, args.room)
        return walk_in(student.id, room.id, kind, args.reason, at=at, seat=args.seat, override=args.override)
    if not args.room and (way := on_the_way(movements_of(desk.file, student.id, day))):
        return sign_in(student.id, way.to_room or 0, at=at, seat=args.seat, override=args.override)
    if not args.room and len(expected) != 1:
        where = f"expected in {' and '.join(expected)}" if expected else "not expected in any room today"
        remedy = "Say which with --room." if expected else "To add a walk-in give --room, --type and --reason."
        raise NotUnderstood(f"{student.name} is {where}.", remedy)
    room = room_by_code(desk.file, args.room or expected[0])
    return sign_in(student.id, room.id, at=at, seat=args.seat, override=args.override)


def _answer(context: Context, desk: Desk, done: Done[Any], student_id: int, at: datetime) -> int:
    now = desk.clock.now()
    day = school_day(now, desk.file.zone)
    board = read_board(desk.file, day, desk.staff())
    rows = [one for one in board.at(now) if one.row.student_id == student_id]
    value = {
        "act": done.act,
        "act_id": done.act_id,
        "at": local(at, desk.file.zone),
        "student": student_by_id(desk.file, student_id, day).number,
        "status": rows[0].status.value if rows else None,
    }
    said = f"{rows[0].row.name}: {now_cell(board, rows[0], now).text}" if rows else "Nobody's day was left changed."
    if done.act == "undo":
        said = f"Undone: {str(done.value).replace('_', ' ')}. {said if rows else ''}".rstrip()
    context.print(value, [said + (" (done before)" if done.repeated else "")])
    return 0
