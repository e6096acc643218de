"""`psc demo`: the sample school through the importers, and a morning typed by its staff."""

from __future__ import annotations

import csv
import os
import secrets
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psc.cli.context import Context, sample_folder
from psc.cli.demo_incidents import DemoIncidents
from psc.cli.demo_programmes import write_down
from psc.cli.demo_referrals import refer_all
from psc.cli.demo_work import WORK_ACTS, work_calls
from psc.clock import SetClock, stamp
from psc.database.driver import engine
from psc.database.file import check_place, make_file, open_file
from psc.database.ledger import anchor_path, key_path
from psc.desk.acts import Desk
from psc.desk.people import SYSTEM, Role, everyone, staff_by_code
from psc.desk.place import DEMO_PASSPHRASE, DEMO_PERSON, DEMO_PIN
from psc.desk.secrets import Hidden, hash_passphrase, pin_key, reset_secret, set_pin
from psc.errors import Busy, PscError, Refused
from psc.flows.walk_in import walk_in
from psc.importing.intake import import_file
from psc.importing.plan import students_by_number
from psc.overview.read_board import read_board
from psc.roster.checks import mark_check
from psc.roster.duty import Duty, confirm_duty
from psc.roster.events import EventKind, plan_event
from psc.roster.held import Holding, hold_item
from psc.roster.home import tell_home
from psc.roster.keep_apart import keep_apart
from psc.roster.lunch import choose_lunch
from psc.roster.movements import Destination, OutReason, come_back, go_out, sign_in, sign_out
from psc.roster.placements import PlacementType
from psc.roster.rota import plan_rota, read_day
from psc.school.rooms import room_by_code, rooms

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.desk.acts import Call
    from psc.overview.board import Row

DAY = date(2026, 11, 23)
MOMENT = datetime(2026, 11, 23, 11, 43, tzinfo=UTC)
"""The school morning the demo opens on: a Monday in P4."""
_BEFORE_SCHOOL = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)

_FILES = (
    ("staff", "staff.csv"),
    ("rooms", "rooms.csv"),
    ("bells", "bells.csv"),
    ("calendar", "calendar.csv"),
    ("students", "students.csv"),
    ("students", "8234321_CTF_8239999_001.xml"),
    ("timetable", "timetable.csv"),
    ("classes", "classes.csv"),
    ("history", "history.csv"),
    ("packs", "packs.csv"),
    ("behaviour", "behaviour.csv"),
    ("attendance", "attendance.csv"),
)
"""The sample's files, in the order a school would take its own in."""


def demo(context: Context, *, no_app: bool) -> int:
    """Make a fresh demo and open the app on it, or with `no_app` print where it is."""
    path = Path(context.db).expanduser() if context.db else _usual_place()
    in_use = path.exists() and not _taken_away(path)
    if in_use and no_app:
        raise Refused("The demo is open in another terminal.", "Close it there, or give another file with --db.")
    if not in_use:
        build(path)
    if no_app:
        context.print({"file": str(path)}, [str(path)])
        return 0
    from psc.cli.app import open_app

    if in_use:
        print("The demo is open in another terminal: this one joins it.", file=sys.stderr)
    return open_app(Context(str(path), context.code or DEMO_PERSON, context.json, context.secret_stdin))


def _usual_place() -> Path:
    from psc.database.places import data_folder

    return data_folder() / "demo.sqlite"


def _taken_away(path: Path) -> bool:
    """Make way for a new demo at `path`; returns False when somebody has the old one open.

    Its chain key goes too: nothing will be chained with it again. Raises `Refused` when it is not a demo.
    """
    check_place(path)
    try:
        file = open_file(path)
    except PscError as error:
        raise Refused(
            "There is a file there that is not a demo.", "Nothing was changed; choose another name."
        ) from error
    try:
        if file.demo_moment is None:
            raise Refused("The file there is not a demo: psc will not replace it.", "Choose another name with --db.")
        try:
            # Leaving WAL needs the file to itself, so it fails while any other connection is open.
            alone = bool(file.value("PRAGMA journal_mode = DELETE") == "delete")
        except Busy:
            return False
        if alone:
            for kept in (key_path(file), anchor_path(file)):
                kept.unlink(missing_ok=True)
        return alone
    finally:
        with suppress(engine.Error):
            file.close()


def build(path: Path) -> None:
    """Build the demo beside `path` and put it in place whole."""
    building = path.parent / f".{path.name}.{secrets.token_hex(4)}.demo"
    try:
        make_file(building, "Riverside Academy", _BEFORE_SCHOOL, demo_moment=stamp(MOMENT))
        file = open_file(building)
        try:
            fill(file)
        finally:
            file.close()
        os.replace(building, path)
    finally:
        for leftover in (building, Path(f"{building}-wal"), Path(f"{building}-shm")):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def fill(file: File) -> None:
    """Take in the sample's files, then do the morning's acts."""
    clock = SetClock(_BEFORE_SCHOOL)
    desk = Desk(file, clock, SYSTEM.code, "demo")
    folder = sample_folder()
    for kind, name in _FILES:
        import_file(desk, kind, folder / name, backup=False)
    codes = {code: room_by_code(file, code).id for code in ("IER", "PSC")}
    numbers = students_by_number(file)
    _give_secrets(desk)
    desk.code = "CO1"
    desk.do(*_rota(desk, folder / "rota.csv"))
    refer_all(file, folder / "referrals.csv", numbers)
    write_down(desk, folder / "programmes.csv", numbers)
    incidents = DemoIncidents(file, folder / "incidents.csv", numbers)
    with (folder / "day.csv").open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            hour, minute = row["Time"].split(":")
            clock.moment = datetime(DAY.year, DAY.month, DAY.day, int(hour), int(minute), tzinfo=UTC)
            incidents.until(clock.moment)
            desk.code = row["Staff"]
            if row["Act"] in WORK_ACTS:
                desk.do(*work_calls(desk, row, numbers[row["Student"]], DAY))
            else:
                desk.do(_call(desk, row, codes, numbers))
    incidents.until(MOMENT)


def _give_secrets(desk: Desk) -> None:
    """Give everybody who may sign in the demo's passphrase, and its PIN."""
    hashed, key = hash_passphrase(DEMO_PASSPHRASE), pin_key(DEMO_PASSPHRASE)
    staff = [one for one in everyone(desk.file) if one.role is not Role.TEACHER]
    desk.do(*[reset_secret(one.id, hashed, temporary=False) for one in staff])
    for one in staff:
        desk.code = one.code
        if one.role is not Role.COVER:
            desk.do(set_pin(Hidden(key.salt), Hidden(key.seal(DEMO_PIN))))


def _rota(desk: Desk, path: Path) -> list[Call[int]]:
    """Return the week's rota as acts, each line read as it is typed on the screen."""
    known = rooms(desk.file)
    with path.open(encoding="utf-8", newline="") as opened:
        made = []
        for row in csv.DictReader(opened):
            day = DAY + timedelta(days=("Mon", "Tue", "Wed", "Thu", "Fri").index(row["Day"]))
            made.append(plan_rota(staff_by_code(desk.file, row["Staff"]).id, day, read_day(row["Plan"], known, {})))
    return made


def _call(desk: Desk, row: dict[str, str], codes: dict[str, int], numbers: dict[str, int]) -> Call[Any]:
    """Return the act that one line of the morning stands for; `numbers` gives psc's ids by admission number."""
    students = [numbers[number] for number in row["Student"].split()]
    student, room, detail = (students or [0])[0], codes.get(row["Room"], 0), row["Detail"]
    match row["Act"]:
        case "duty":
            return confirm_duty(room, Duty(detail))
        case "phone":
            return hold_item(student, Holding.PHONE)
        case "lunch":
            return choose_lunch(student, room, detail)
        case "home":
            contact, how, outcome = detail.split("|")
            return tell_home(student, contact, how, outcome)
        case "event":
            kind, starts, ends, note = detail.split("|")
            return plan_event(student, DAY, time.fromisoformat(starts), time.fromisoformat(ends), EventKind(kind), note)
        case "sign_in":
            return sign_in(student, room, seat=int(detail))
        case "removal":
            type_, reason, sender, until, seat = detail.split("|")
            sent_by = staff_by_code(desk.file, sender).id
            return walk_in(student, room, PlacementType(type_), reason, until=until, sent_by=sent_by, seat=int(seat))
        case "out":
            return go_out(_visit(desk, student, room), OutReason(detail))
        case "back":
            return come_back(_visit(desk, student, room))
        case "sign_out":
            return sign_out(_visit(desk, student, room), Destination(detail))
        case "check":
            period, mark = detail.split("=")
            placed = next(one for one in _row(desk, student, room).placed if one.period.name == period)
            return mark_check(placed.id, int(mark))
        case "keep_apart":
            return keep_apart(student, students[1], detail)
        case other:
            raise ValueError(f"the sample morning has an act psc does not know: {other}")


def _row(desk: Desk, student: int, room: int) -> Row:
    """Return the student's row as the board has it at this point of the morning."""
    board = read_board(desk.file, DAY, desk.staff())
    return next(row for row in board.rows if row.key == (student, room))


def _visit(desk: Desk, student: int, room: int) -> int:
    return _row(desk, student, room).visit_id or 0
