"""`psc staff pass`, `psc staff passes`: cover passes. A pass's PIN is printed once, when it is made."""

from __future__ import annotations

import secrets as chance
from typing import TYPE_CHECKING, Any

from psc.cli.show import local
from psc.clock import school_day, wall
from psc.desk.passes import Pass, end_pass, issue_pass, passes_on, rooms_words, the_pass
from psc.desk.permissions import scope_of
from psc.desk.secrets import hash_passphrase, new_pin
from psc.school.rooms import room_by_code, rooms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from psc.cli.context import Context


def give(context: Context, name: str, agency: str, codes: Sequence[str]) -> int:
    """Give a pass for today, and print its code and PIN."""
    with context.desk() as desk:
        scope_of("issue_pass", desk.staff())
        asked = [room_by_code(desk.file, code) for code in codes]
        pin = new_pin()
        call = issue_pass(name, hash_passphrase(pin), agency=agency, rooms=[room.id for room in asked])
        code = desk.do_patiently(call, id=chance.token_hex(12)).value
        day = school_day(desk.clock.now(), desk.file.zone)
        one = the_pass(desk.file, code, day, desk.staff())
        known = {room.id: room.code for room in rooms(desk.file)}
        value = {**_json(one, known, desk.file.zone), "pin": pin}
    where = rooms_words(one, known)
    said = f"{one.name}: code {code}, PIN {pin}, for {where}, until the end of today."
    context.print(value, [said, "The PIN is not shown again."])
    return 0


def list_passes(context: Context, ending: str) -> int:
    """Print the passes of today; with a code, end that one first."""
    with context.desk() as desk:
        day = school_day(desk.clock.now(), desk.file.zone)
        zone = desk.file.zone
        known = {room.id: room.code for room in rooms(desk.file)}
        if ending:
            scope_of("end_pass", desk.staff())
            desk.do_patiently(end_pass(the_pass(desk.file, ending, day, desk.staff()).staff_id))
        found = passes_on(desk.file, day, desk.staff())
    lines = [_line(one, known, zone) for one in found] or ["No cover pass was given today."]
    context.print([_json(one, known, zone) for one in found], lines)
    return 0


def _line(one: Pass, known: Mapping[int, str], zone: ZoneInfo) -> str:
    over = f"  ended {wall(one.ended, zone)}" if one.ended else ""
    who = f"{one.name}, {one.agency}" if one.agency else one.name
    return f"{one.code:<5} {who:<34} {rooms_words(one, known):<12} given {wall(one.issued, zone)} by {one.by}{over}"


def _json(one: Pass, known: Mapping[int, str], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "agency": one.agency,
        "rooms": [known[room] for room in one.rooms if room in known],
        "given": local(one.issued, zone),
        "by": one.by,
        "ended": local(one.ended, zone) if one.ended else None,
    }
