"""Where printed sheets are kept: a private folder beside psc's own data, emptied of old sheets."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from psc.database.places import data_folder, make_folder, shared_because
from psc.desk.acts import Tx, act
from psc.desk.permissions import reached, scope_of
from psc.errors import NoSpace, NotAllowed, NotUnderstood, ReadOnly, Refused
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.database.file import File
    from psc.overview.board import Board
    from psc.school.rooms import Room

KEPT_DAYS = 7
"""Days after which a sheet is taken away: it is a copy, and its names should not lie about."""
_KINDS = (".html", ".pdf", ".txt")
"""The endings of what is kept here: a message that was saved is text."""


def sheets_folder(file: File) -> Path:
    """Return the folder of a file's sheets, made private (0700) the first time."""
    folder = data_folder() / "sheets" / file.file_id
    try:
        make_folder(folder)
    except OSError as error:
        raise ReadOnly("The folder for printed sheets cannot be made.", "Check who owns your data folder.") from error
    return folder


def keep_sheet(file: File, name: str, day: date, made: str | bytes) -> Path:
    """Write a sheet whole (temporary name, sync, rename; 0600) and return where it is.

    `name` says what it is and names nobody; `made` is HTML, or the bytes of a PDF. Raises `NoSpace` or `ReadOnly` when
    it cannot be written; a sheet that was there stays then.
    """
    folder = sheets_folder(file)
    clear_old(folder, day)
    return write_sheet(folder / f"{name}-{day.isoformat()}.{'html' if isinstance(made, str) else 'pdf'}", made)


def part_of(name: str, board: Board) -> str:
    """Return the name of a sheet made of a board: one without everybody must not take the whole one's place."""
    return name if board.whole else f"{name}-part"


def room_part(room: Room) -> str:
    """Return how a sheet's file names a room: its code, where that can stand in the name of a file."""
    return room.code if re.fullmatch(r"[A-Za-z0-9_]+", room.code) else f"room{room.id}"


def checked_folder(to: Path) -> Path:
    """Return the folder that somebody gave for files with names in them.

    Raises `NotUnderstood` for one that is not there, `Refused` for one that is not on this machine's own disk.
    """
    folder = to.expanduser()
    if not folder.is_dir():
        raise NotUnderstood(f"There is no folder {folder}.", "Make it first, or give another.")
    if reason := shared_because(folder):
        raise Refused(f"The pages cannot be written there. {reason}", "Give a folder on this machine's own disk.")
    return folder


PART = "Not everybody is on this page: only those whom the person who printed it may see."
"""What such a sheet says of itself."""


def check_room(file: File) -> None:
    """Raise `NoSpace` or `ReadOnly` when a sheet cannot be kept now. A full page is tried, and taken away again."""
    write_sheet(sheets_folder(file) / f".trial-{secrets.token_hex(4)}", " " * _TRIAL).unlink(missing_ok=True)


_TRIAL = 100_000
"""Bytes that are tried: more than any sheet has."""


def write_sheet(path: Path, made: str | bytes) -> Path:
    """Write a sheet whole to a place of somebody's choice, 0600, and return the place. Raises as `keep_sheet` does."""
    writing = path.parent / f".{path.name}.{secrets.token_hex(4)}"
    try:
        handle = os.open(writing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(made.encode() if isinstance(made, str) else made)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(writing, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            writing.unlink(missing_ok=True)
        if error.errno == 28:  # ENOSPC
            raise NoSpace("There is no space to write the sheet.", "Free some space on this machine's disk.") from error
        raise ReadOnly("The sheet cannot be written.", f"Check who owns the folder {path.parent}.") from error
    return path


def clear_old(folder: Path, day: date) -> None:
    """Take away the sheets and messages of days long past."""
    oldest = (day - timedelta(days=KEPT_DAYS)).isoformat()
    for path in folder.glob("*-????-??-??.*"):
        if path.suffix in _KINDS and path.stem[-10:] < oldest:
            with contextlib.suppress(OSError):
                path.unlink()


@act("print_sheet")
def print_sheet(tx: Tx, name: str, students: Sequence[int] = ()) -> None:
    """Note in the ledger that a sheet was printed, and who stands on it by name, before it is shown to anybody.

    Raises `NotAllowed` when that sheet is not for the actor's role, or one of the students is beyond its reach.
    """
    row = permission_for(name)
    scope_of(row, tx.actor)
    if beyond := set(students) - reached(tx.file, row, tx.actor, tx.today.isoformat(), students):
        words = f"{counted(len(beyond), 'student')} on that sheet"
        raise NotAllowed(f"{words} may not be printed by your role.", "Nothing was printed.")
    for student in students:
        tx.touch(student)
    tx.said["sheet"] = name


_PERMISSIONS = {
    "kitchen": "print_kitchen",
    "kitchen wall": "print_wall",
    "rota": "see_rota",
    "roll": "see_roll",
    "slips": "print_slips",
    "desk list": "print_slips",
    "investigation": "print_investigation",
    "parent sheet": "print_parent_sheet",
    "meeting report": "print_meeting_report",
}


def permission_for(name: str) -> str:
    """Return the line of the permission table that says who may print a sheet.

    The kitchen's copy says who has free meals and what nobody may serve them, the wall's names nobody; the roll is for
    whoever stands there. The rest name the students of the rooms. Source: the table of the domain notes, line exports.
    """
    return _PERMISSIONS.get(name, "print_log")
