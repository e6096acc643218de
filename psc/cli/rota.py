"""`psc rota`: the week's rota, and where a room has nobody."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from psc.clock import school_day, typed_day
from psc.overview.rota import RotaWeek, read_week, week_text
from psc.roster.rota import monday_of

if TYPE_CHECKING:
    from psc.cli.context import Context


def rota(context: Context, day_text: str) -> int:
    """Print the rota of the week that a day lies in."""
    with context.desk() as desk:
        day = typed_day(day_text, school_day(desk.clock.now(), desk.file.zone))
        week = read_week(desk.file, monday_of(day), desk.staff())
    width = shutil.get_terminal_size((100, 24)).columns
    context.print(rota_json(week), week_text(week, max(width, 60)))
    return 0


def rota_json(week: RotaWeek) -> dict[str, Any]:
    """Return the rota as the command line has it: times are the school's own, ids are strings."""
    codes = {room.id: room.code for room in week.rooms}
    return {
        "week": week.monday.isoformat(),
        "days": [
            {
                "date": day.day.day.isoformat(),
                "school_day": day.day.is_open,
                "entries": [
                    {
                        "staff": who.name,
                        "starts": one.starts,
                        "ends": one.ends,
                        "kind": one.kind.value,
                        "room": codes.get(one.room_id or 0),
                        "note": one.note,
                    }
                    for who in week.people
                    for one in week.of(who, day.day.day)
                ],
                "not_covered": {room.code: missing for room in week.rooms if (missing := week.uncovered(room, day))},
            }
            for day in week.days
        ],
    }
