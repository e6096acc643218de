"""Commands that print sheets: the evacuation roll, the register list."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from psc.cli.show import local
from psc.clock import school_day, typed_day, wall
from psc.overview.board import edge
from psc.overview.cells import cut
from psc.overview.read_board import read_board, rooms_asked
from psc.overview.register import Group, register_list
from psc.overview.roll import roll, roll_lines
from psc.school.namesakes import unmarked

if TYPE_CHECKING:
    from psc.cli.context import Context


def evacuation_roll(context: Context) -> int:
    """Print the evacuation roll: out and to be found first with the last known place, then in by room."""
    with context.desk() as desk:
        now = desk.clock.now()
        board = read_board(desk.file, school_day(now, desk.file.zone), desk.staff(), read="see_roll")
    evacuation = board.evacuation
    value = {
        "at": local(now, board.zone),
        "evacuation": {"kind": evacuation.kind.value, "since": local(evacuation.started, board.zone)}
        if evacuation and evacuation.ended is None
        else None,
        "students": [
            {
                "student": one.admission_no,
                "name": unmarked(one.name),
                "form": one.form,
                "room": one.room,
                "seat": one.seat,
                "place": one.place,
                "missing": one.missing,
                "seen": local(one.ticked, board.zone) if one.ticked else None,
            }
            for one in roll(board, now)
        ],
    }
    width = max(60, shutil.get_terminal_size((80, 24)).columns)
    context.print(value, roll_lines(board, now, width))
    return 0


def register(context: Context, date_text: str, room_code: str) -> int:
    """Print the register list of the session under way; of another day, as it ended or as it is planned."""
    with context.desk() as desk:
        now = desk.clock.now()
        today = school_day(now, desk.file.zone)
        day = typed_day(date_text, today)
        board = read_board(desk.file, day, desk.staff(), today=today)
        codes = {room.code for room in rooms_asked(desk.file, board, room_code)}
    made = register_list(board, edge(board, now))
    if made is None:
        context.print({"date": day.isoformat(), "session": None, "students": []}, ["No school: there is no register."])
        return 0
    made = made._replace(entries=tuple(one for one in made.entries if one.room in codes))
    session = made.session
    closes = "closed" if session.closes <= now else "closes"
    title = f"Register list, {session.name} of {day:%a} {day.day} {day:%b}, {closes} {wall(session.closes, board.zone)}"
    lines = [title, made.words]
    for group in Group:
        if entries := made.of(group):
            lines += ["", f"{group.value} ({len(entries)})"]
            lines += [
                f"  {cut(one.name, 26)} {cut(one.form, 5)} {cut(one.room, 5)} {cut(one.mark_words, 9)} {one.words}"
                for one in entries
            ]
    value = {
        "date": day.isoformat(),
        "session": session.name,
        "closes": local(session.closes, board.zone),
        "students": [
            {
                "student": one.admission_no,
                "name": unmarked(one.name),
                "year": one.year,
                "form": one.form,
                "room": one.room,
                "group": one.group.name.lower(),
                "mark": one.mark or None,
                "minutes_late": one.late,
                "known": one.words,
            }
            for one in made.entries
        ],
    }
    context.print(value, lines)
    return 0
