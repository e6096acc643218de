"""A verified copy of the file, taken while others write."""

from __future__ import annotations

import errno
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psc.database.driver import engine, translated
from psc.database.places import make_folder, make_private
from psc.errors import Damaged, NoSpace, ReadOnly

if TYPE_CHECKING:
    from psc.database.file import File


def back_up(file: File, folder: Path, why: str) -> Path:
    """Copy the file into `folder` and return the copy's path; `why` becomes part of its name.

    The copy is compared with the state it was read from (tables, row counts, head of the ledger) before it gets its
    name. Raises `Damaged` when they differ, `NoSpace` on a full disk.
    """
    try:
        return _back_up(file, folder, why)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise NoSpace("The disk is full.", "No backup was made; free some space, then do it again.") from error
        raise ReadOnly("The folder for backups cannot be written.", "Check who owns it.") from error


def _back_up(file: File, folder: Path, why: str) -> Path:
    make_folder(folder)
    when = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    final = folder / f"{file.path.stem}-{when}-{why}-{secrets.token_hex(2)}.sqlite"
    building = final.with_suffix(".partial")
    make_private(building)
    try:
        with translated():
            target = engine.connect(str(building), isolation_level=None)
            try:
                # One read transaction holds the state that is counted and copied; pages=-1 copies it in one step, so
                # that other terminals' writes cannot start the copy over.
                file.conn.execute("BEGIN")
                try:
                    expected = _measure(file.conn)
                    file.conn.backup(target, pages=-1)
                finally:
                    if file.conn.in_transaction:
                        file.conn.execute("COMMIT")
                # A copy stands alone: no write-ahead log beside it.
                target.execute("PRAGMA journal_mode = DELETE").fetchall()
                whole = target.execute("PRAGMA quick_check").fetchone()[0] == "ok"
                if not whole or _measure(target) != expected:
                    raise Damaged("The backup did not come out the same as the file.", "It was thrown away; try again.")
            finally:
                target.close()
        _sync(building)
        os.replace(building, final)
        _sync(folder)
    finally:
        for leftover in (building, Path(f"{building}-journal"), Path(f"{building}-wal"), Path(f"{building}-shm")):
            leftover.unlink(missing_ok=True)
    return final


def _measure(conn: Any) -> list[tuple[str, int, str]]:
    """Return each table's name and row count, and the ledger's head, as one value to compare."""
    names = [
        row[0] for row in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    ]
    counts = [(name, conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0], "") for name in names]
    head = conn.execute("SELECT seq, mac FROM ledger ORDER BY seq DESC LIMIT 1").fetchone() or (0, "")
    return [*counts, ("head", head[0], head[1])]


def _sync(path: Path) -> None:
    """Push a file, or on POSIX a folder's entries, to the disk."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
