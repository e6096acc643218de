"""A paper log taken back: rows of typed cells planned as one sheet, and entered by one act.

The board's rows are what a sheet can add to; an empty row is a walk-in. What happened on paper happened: a full room or
a keep-apart pair does not bar it, and where it went over a rule the fact says *from paper*.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import wall
from psc.desk.acts import Tx, act
from psc.desk.people import everyone
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.flows.paper_cells import IN, NAME, SEAT, Entered, Known, Plan, Sheet, Wrong, merged, plan_row
from psc.roster.checks import mark_check
from psc.roster.keep_apart import kept_apart_in
from psc.roster.movements import (
    MOVES,
    Destination,
    Kind,
    Movement,
    check_sequence,
    expected_here,
    in_order,
    is_open,
    movements_of,
)
from psc.roster.placements import PlacementType, book, placed_ids, slots_from
from psc.roster.seats import give_up_seats, no_seat_twice, seat_for, seats_taken
from psc.roster.visits import inside_at, movements_in, visit_for
from psc.school.rooms import room_by_id, rooms
from psc.school.shapes import shape_of
from psc.school.students import student_by_id
from psc.text import clean, fold

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from psc.database.file import File
    from psc.desk.acts import Desk, Done
    from psc.overview.board import Row
    from psc.school.rooms import Room
    from psc.school.shapes import Period
    from psc.school.students import Student

FROM_PAPER = "from paper"
"""What stands for a reason where a fact of the paper goes over a rule."""


class PaperRow(NamedTuple):
    """One row of the grid as it is typed. `student_id` is None for an empty row whose student is not known yet."""

    key: Hashable
    student_id: int | None
    name: str
    cells: Mapping[str, str]
    known: Known
    periods: tuple[Period, ...]
    type: PlacementType | None = None
    """For a walk-in: what they are placed as."""
    reason: str = ""
    trouble: str = ""
    """Why the name that is typed fits nobody, or several."""

    @property
    def typed(self) -> bool:
        """Whether anything is typed in the row."""
        return any(text.strip() for text in self.cells.values())


class PaperLine(NamedTuple):
    """What the act takes of one student: movements in order, checks by period; for a walk-in, type and reason."""

    student_id: int
    moves: tuple[Entered, ...]
    checks: tuple[tuple[str, int], ...] = ()
    seat: int | None = None
    type: str = ""
    reason: str = ""


def known_of(row: Row) -> Known:
    """Return what the board has of a row's student."""
    return Known(
        row.room_id,
        in_order((*row.facts.moves, *row.facts.elsewhere)),
        row.seat if row.facts.inside else None,
        {one.period.name: one.mark for one in row.placed},
    )


def known_walk_in(file: File, student: Student, room_id: int, day: date) -> Known:
    """Return what is recorded of a student who has no row in the room's log."""
    return Known(room_id, movements_of(file, student.id, day))


def read_why(text: str, reasons: Sequence[str]) -> tuple[PlacementType, str]:
    """Read why a walk-in is here: a reason, or a type, a colon and a reason; a removal unless another type is typed.

    Part of one of the school's `reasons` is enough where only one fits. Raises `NotUnderstood` when a type or reason is
    missing.
    """
    before, colon, after = clean(text).partition(":")
    kind, reason = PlacementType.REMOVAL, clean(before)
    if colon:
        wanted = fold(before)
        fitting = [one for one in PlacementType if wanted and fold(one.words).startswith(wanted)]
        if len(fitting) != 1:
            raise NotUnderstood(f"“{before}” is not a type.", "Removal, time out, regulation, guest and so on.")
        kind, reason = fitting[0], clean(after)
    if not reason:
        raise NotUnderstood("Say why they are here.", "A reason in a word or two; another type before a colon.")
    listed = [one for one in reasons if fold(one).startswith(fold(reason))]
    return kind, listed[0] if len(listed) == 1 else reason


def read_keeper(file: File, text: str) -> str:
    """Read who kept the paper: a staff code, or a name. Raises `NotUnderstood` when it is neither."""
    typed = clean(text)
    staff = next((one.code for one in everyone(file) if one.code.lower() == typed.lower()), None)
    if staff:
        return staff
    if len(typed) < 3 or any(letter.isdigit() for letter in typed):
        raise NotUnderstood(f"Nobody has the code “{typed}”.", "Type a staff code, or the name of who kept the paper.")
    return typed


def plan_sheet(rows: Sequence[PaperRow], sheet: Sheet, room: Room, taken: Mapping[int, int]) -> dict[Hashable, Plan]:
    """Return what every row with something typed comes to. `taken` is who holds each seat of the room now."""
    plans: dict[Hashable, Plan] = {}
    seats = dict(taken)
    here = {row.student_id for row in rows if row.student_id and row.known.placed is not None}
    for row in rows:
        if not row.typed:
            continue
        plan = plan_row(row.cells, row.known, sheet, row.periods)
        wrong = list(plan.wrong)
        if row.known.placed is None:
            if row.student_id in here:
                wrong = [Wrong(NAME, "is on the sheet already")]
            else:
                wrong = [*_walk_in_wrong(row, plan, sheet), *wrong]
            here.add(row.student_id or 0)
        if plan.seat and not wrong:
            wrong += _seat_wrong(plan, row, room, seats)
        plans[row.key] = plan._replace(wrong=tuple(wrong))
    return plans


def _walk_in_wrong(row: PaperRow, plan: Plan, sheet: Sheet) -> list[Wrong]:
    """Return what bars a walk-in, besides what is wrong with the cells themselves."""
    if row.student_id is None:
        return [Wrong(NAME, row.trouble or "whose row is this? Type the name")]
    came = next((one.at for one in plan.moves if one.kind is Kind.IN), None)
    if came is None:
        return [] if any(one.column == IN for one in plan.wrong) else [Wrong(IN, "when did they come?")]
    if not slots_from(row.periods, came, ""):
        return [Wrong(IN, f"lessons were over at {wall(came, sheet.zone)}")]
    return [] if row.reason else [Wrong(NAME, "say why they are here: Enter on the name")]


def _seat_wrong(plan: Plan, row: PaperRow, room: Room, seats: dict[int, int]) -> list[Wrong]:
    """Return what is wrong with a seat; notes it as taken when nothing is."""
    seat = plan.seat or 0
    if not 1 <= seat <= room.seats:
        return [Wrong(SEAT, f"the seats are 1 to {room.seats}")]
    moves, _ = merged(plan.moves, row.known)
    if is_open([one for one in moves if one.room_id == row.known.room_id]):
        if seat in seats:
            return [Wrong(SEAT, f"seat {seat} is taken")]
        seats[seat] = row.student_id or 0
    return []


def lines_of(rows: Sequence[PaperRow], plans: Mapping[Hashable, Plan]) -> tuple[PaperLine, ...]:
    """Return what the act takes of rows that add something."""
    made = []
    for row in rows:
        plan = plans.get(row.key)
        if plan and plan.adds and row.student_id is not None:
            kind = row.type.value if row.type and row.known.placed is None else ""
            made.append(PaperLine(row.student_id, plan.moves, plan.checks, plan.seat, kind, row.reason if kind else ""))
    return tuple(made)


def save_paper(
    desk: Desk, kept_by: str, day: date, room_id: int, lines: Sequence[PaperLine], *, why: str = "", id: str = ""
) -> Done[int]:
    """Enter a sheet at a desk; every fact names who kept the paper. Waits for other terminals for 2 seconds."""
    call = enter_paper(kept_by, day, room_id, lines, why)
    return desk.do_patiently(call, id=id, seconds=2, told_by=kept_by)


@act(
    "enter_paper",
    resting=(*MOVES, "change_seat", "mark_check", "mark_absence", "carry_period", "waive_period", "settle_removal"),
    afterwards=no_seat_twice,
)
def enter_paper(tx: Tx, kept_by: str, day: date, room_id: int, lines: Sequence[PaperLine], why: str = "") -> int:
    """Enter what a room's paper log has: every line or none; returns how many facts were added.

    Today, or with the permission `correct_before` and a why an earlier day. Raises `Refused` when a movement crosses
    what is recorded, or a student is neither expected in the room nor given as a walk-in.
    """
    _may_enter(tx, kept_by, day, lines, why)
    room = room_by_id(tx.file, room_id)
    there = movements_in(tx.file, room.id, day)
    for line in lines:
        tx.reach(line.student_id)
        try:
            if line.type:
                _place(tx, line, room, day)
            there[line.student_id] = _checked(tx, line, room, day)
        except NotAllowed:
            raise
        except Refused as refused:
            raise Refused(f"{_name(tx, line)}: {refused.title}", f"{refused.remedy} Nothing was saved.") from refused
    added = 0
    for line in lines:
        added += _add_moves(tx, line, room, day, there, why)
    for line in lines:
        _seat(tx, line, room, day, there[line.student_id])
        added += _add_checks(tx, line, room, day)
    return added


def _may_enter(tx: Tx, kept_by: str, day: date, lines: Sequence[PaperLine], why: str) -> None:
    if not kept_by.strip():
        raise NotUnderstood("Say who kept the paper.", "A staff code, or a name.")
    if not any(line.moves or line.checks for line in lines):
        raise NotUnderstood("There is nothing new on the paper.", "Type what happened into the grid.")
    if len({line.student_id for line in lines}) < len(lines):
        raise NotUnderstood("A student stands on the paper twice.", "Give each student one row.")
    if day > tx.today:
        raise Refused("That day is still to come.", "Paper is typed in afterwards.")
    if day < tx.today:
        if not tx.may_also("correct_before"):
            raise NotAllowed("Paper of an earlier day is a coordinator's to enter.", "Ask a coordinator.")
        if not why.strip():
            raise NeedsReason("Paper of an earlier day needs a reason.", "Type why it is entered now.")


def _name(tx: Tx, line: PaperLine) -> str:
    return student_by_id(tx.file, line.student_id, tx.today).name


def _place(tx: Tx, line: PaperLine, room: Room, day: date) -> None:
    """Place a walk-in from the time in to the end of that lesson, or of the last that has a check."""
    came = next((one.at for one in line.moves if one.kind is Kind.IN), None)
    if came is None:
        raise Refused("No time in.", "A walk-in needs one.")
    periods = shape_of(tx.file, day).periods(student_by_id(tx.file, line.student_id, day).year)
    checked = {period for period, _ in line.checks}
    last = next((one.name for one in reversed(periods) if one.name in checked), "")
    slots = [(day, period) for period in slots_from(periods, came, last)]
    if not slots:
        raise Refused("Lessons were over.", "Check the time in.")
    book.run(
        tx,
        line.student_id,
        room.id,
        PlacementType(line.type),
        clean(line.reason),
        slots,
        planned=False,
        override=FROM_PAPER,
        decided=came,
    )


def _checked(tx: Tx, line: PaperLine, room: Room, day: date) -> tuple[Movement, ...]:
    """Return the student's movements in the room with the new ones among them. Raises `Refused` when they cross."""
    if not expected_here(tx.file, line.student_id, room.id, day):
        raise Refused("not expected in that room.", "Look at the sheet again.")
    late = next((one for one in line.moves if one.at > tx.now), None)
    if late is not None:
        raise Refused(f"{wall(late.at, tx.file.zone)} has not come yet.", "Check the time.")
    recorded = movements_of(tx.file, line.student_id, day)
    moves, _ = merged(line.moves, Known(room.id, recorded))
    check_sequence(moves, tx.file.zone)
    return tuple(one for one in moves if one.room_id == room.id)


def _add_moves(
    tx: Tx, line: PaperLine, room: Room, day: date, there: Mapping[int, tuple[Movement, ...]], why: str
) -> int:
    """Add the movements of a line, opening the visit where there is none."""
    if not line.moves:
        return 0
    visit_id = visit_for(tx.file, line.student_id, room.id, day)
    if visit_id is None:
        visit_id = tx.add("visit", student_id=line.student_id, room_id=room.id, happened=line.moves[0].at, day=day)
    note = clean(why) if day < tx.today else ""
    for one in line.moves:
        to_room = _other_room(tx, room) if one.reason == Destination.OTHER_ROOM else None
        over = FROM_PAPER if one.kind is Kind.IN and _over_a_rule(tx.file, line, room, day, one.at, there) else ""
        tx.add(
            "movement",
            visit_id=visit_id,
            kind=one.kind.value,
            reason=one.reason,
            note=note,
            override=over,
            to_room_id=to_room,
            happened=one.at,
        )
    return len(line.moves)


def _other_room(tx: Tx, room: Room) -> int:
    others = [one.id for one in rooms(tx.file) if one.id != room.id]
    if len(others) != 1:
        raise NotUnderstood("Paper does not say which other room.", "Sign them out to it on the board.")
    return others[0]


def _over_a_rule(
    file: File, line: PaperLine, room: Room, day: date, at: datetime, there: Mapping[int, tuple[Movement, ...]]
) -> bool:
    """Say whether somebody who came in at `at` came into a full room, or to a student to be kept apart from."""
    inside = inside_at(there, at) - {line.student_id}
    return len(inside) >= room.seats or bool(kept_apart_in(file, line.student_id, inside, day))


def _seat(tx: Tx, line: PaperLine, room: Room, day: date, moves: Sequence[Movement]) -> None:
    """Give a seat to somebody who came in: the one on paper, else theirs or a free one while they are in."""
    came = next((one.at for one in reversed(line.moves) if one.kind is Kind.IN), None)
    visit_id = visit_for(tx.file, line.student_id, room.id, day)
    if came is None or visit_id is None or (not is_open(moves) and not line.seat):
        return
    taken = seats_taken(tx.file, room.id, day)
    others = {student: seat for student, seat in taken.items() if student != line.student_id}
    chosen = seat_for(tx.file, visit_id, room.seats, others if is_open(moves) else {}, line.seat)
    if chosen:
        tx.add("seating", visit_id=visit_id, seat=chosen, happened=came)
    else:
        give_up_seats(tx, visit_id)


def _add_checks(tx: Tx, line: PaperLine, room: Room, day: date) -> int:
    """Add the checks of a line, each as of its period's end, or now while it lasts."""
    if not line.checks:
        return 0
    placed = placed_ids(tx.file, line.student_id, room.id, day)
    year = student_by_id(tx.file, line.student_id, day).year
    ends = {one.name: one.end for one in shape_of(tx.file, day).periods(year)}
    for period, mark in line.checks:
        if period not in placed:
            raise Refused(f"{_name(tx, line)}: not placed for {period}.", "Leave its check out. Nothing was saved.")
        mark_check.run(tx, placed[period], mark, at=min(ends.get(period, tx.now), tx.now))
    return len(line.checks)
