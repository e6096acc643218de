"""Opening, making and holding the one SQLite file."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psc.clock import stamp, zone
from psc.database.driver import WAL_IS_SAFE, as_psc_error, engine, translated
from psc.database.places import check_new_place, data_folder, make_folder, make_private, unsafe_because
from psc.errors import Damaged, NewerFile, NotUnderstood, ReadOnly, Refused

from sqlite_utils import Database  # isort: skip  (after the driver, which registers itself first)
from psc.database import schema  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

PATIENT = 5_000
"""How long, in milliseconds, a statement waits for another terminal, off the event loop."""
BRISK = 250
"""The same on the event loop, where a frozen screen is worse than a retry."""

_open: dict[tuple[int, int], int] = {}
"""The files this process has connected, by identity: reading one by other means would drop SQLite's locks on it."""


class File(Database):
    """A connection to psc's file: IMMEDIATE transactions, plain rows, and the identity it was opened with."""

    path: Path
    identity: tuple[int, int]
    file_id: str
    school: str
    zone: ZoneInfo
    demo_moment: str | None
    read_only: bool
    closed = False
    chain_key: bytes | None = None
    anchor_handle: int | None = None
    anchored = b""
    """What this connection noted last beside the file: see `ledger`."""

    @contextmanager
    def atomic(self) -> Iterator[File]:
        """Run the block in one IMMEDIATE transaction; nested blocks are savepoints.

        A deferred BEGIN would meet "database is locked" at its first write whenever another terminal wrote meanwhile.
        """
        if self.conn.in_transaction:
            with super().atomic():
                yield self
            return
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            yield self
            self.conn.execute("COMMIT")
        except BaseException:
            # SQLite has rolled back by itself after a full disk: a second rollback would mask that error.
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK")
            raise

    def rows(self, sql: str, params: Sequence[object] | dict[str, object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a SELECT, read to the end, so that no statement stays open."""
        try:
            return self.conn.execute(sql, params).fetchall()
        except engine.Error as error:
            if (known := as_psc_error(error)) is None:
                raise
            raise known from error

    def row(self, sql: str, params: Sequence[object] | dict[str, object] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a SELECT, or None."""
        found = self.rows(sql, params)
        return found[0] if found else None

    def value(self, sql: str, params: Sequence[object] | dict[str, object] = ()) -> Any:
        """Return the first column of the first row, or None."""
        found = self.row(sql, params)
        return found[0] if found else None

    def changed_elsewhere(self) -> int:
        """Return a number that moves when another connection has committed."""
        return int(self.value("PRAGMA data_version"))

    def written(self) -> tuple[int, int]:
        """Return what moves whenever any connection, this one too, has done an act."""
        return self.changed_elsewhere(), int(self.value("SELECT coalesce(max(seq), 0) FROM ledger"))

    @cached_property
    def keys(self) -> Path:
        """The folder of chain keys: in the per-user data folder, unless another was given on opening."""
        return data_folder() / "keys"

    def check_same(self) -> None:
        """Raise `Damaged` when the path no longer leads to the file that was opened."""
        try:
            found = os.stat(self.path)
        except OSError as error:
            raise Damaged("The file has been moved or removed.", "Close psc and put the file back.") from error
        if found.st_size < 100:
            raise Damaged("The file has been emptied while psc was open.", "Close psc and restore a backup.")
        if (found.st_dev, found.st_ino) != self.identity:
            raise Damaged("The file has been replaced by another while psc was open.", "Close psc and open it again.")

    def check_schema(self) -> None:
        """Raise `NewerFile` when a newer psc has brought the file up to date since it was opened."""
        if int(self.value("PRAGMA user_version")) != schema.LATEST:
            raise _newer()

    def close(self) -> None:
        """Close the connection, and forget that this process holds it."""
        super().close()
        if self.closed:
            return
        self.closed = True
        if self.anchor_handle is not None:
            os.close(self.anchor_handle)
            self.anchor_handle = None
        count = _open.get(self.identity, 0)
        if count > 1:
            _open[self.identity] = count - 1
        else:
            _open.pop(self.identity, None)


def open_file(path: Path, *, timeout: int = PATIENT, keys: Path | None = None, wherever: bool = False) -> File:
    """Open psc's file at `path`, bringing its schema up to date (after a backup) if it is older.

    `timeout` is in milliseconds; `keys` is the folder of chain keys (the per-user data folder unless given);
    `wherever` opens a file that lives where none should, to look it over. Raises `NotUnderstood` when nothing is there,
    `Refused` when the folder is no safe home for it, `Damaged` when it is not psc's file (left byte-identical),
    `NewerFile`, `ReadOnly`, `Busy`.
    """
    if not path.exists():
        raise NotUnderstood("There is no psc file there.", "Make one with “psc init”, or look at the sample: psc demo.")
    if not wherever:
        check_place(path)
    found = path.stat()
    identity = (found.st_dev, found.st_ino)
    if identity not in _open:
        _check_header(path)
    read_only = not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    with translated():
        file = _connect(path, timeout, read_only=read_only)
        file.identity = identity
        _open[identity] = _open.get(identity, 0) + 1
        try:
            _check_and_migrate(file)
            _learn(file, keys)
        except BaseException:
            file.close()
            raise
    return file


def check_place(path: Path) -> None:
    """Raise `Refused` when a file lives where others may copy or write it behind psc's back, and say what to do."""
    if reason := unsafe_because(path):
        raise Refused(
            f"The file cannot be used where it is. {reason}",
            "Close psc everywhere, move the file with what lies beside it under the same name, and its folder backups,"
            " to this machine's own disk, and open it there with --db.",
        )


def make_file(
    path: Path, school: str, now: datetime, *, zone_name: str = "Europe/London", demo_moment: str | None = None
) -> None:
    """Make a new file at `path`, built under a temporary name and linked into place whole.

    Raises `Refused` when something is there already or the folder is no safe home for it.
    """
    check_new_place(path)
    try:
        make_folder(path.parent)
        building = path.parent / f".{path.name}.{secrets.token_hex(4)}.new"
        make_private(building)
    except OSError as error:
        raise ReadOnly("The folder cannot be written.", "Choose a folder of your own.") from error
    try:
        with translated():
            file = _connect(building, PATIENT)
            try:
                file.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
                with Database.atomic(file):
                    schema.migrations.apply(file)
                    file.execute(
                        "INSERT INTO school_file (id, file_id, school, zone, created, demo_moment)"
                        " VALUES (1, ?, ?, ?, ?, ?)",
                        (secrets.token_hex(8), school, zone_name, stamp(now), demo_moment),
                    )
            finally:
                Database.close(file)
        link_new(building, path)
    finally:
        for leftover in (building, Path(f"{building}-wal"), Path(f"{building}-shm")):
            leftover.unlink(missing_ok=True)


def link_new(building: Path, path: Path) -> None:
    """Give the finished file its name; never over another file, which raises `Refused`."""
    try:
        os.link(building, path)
    except FileExistsError as error:
        raise Refused("There is a file of that name already.", "Nothing was changed; choose another name.") from error
    except OSError:  # a file system without hard links
        if path.exists():
            raise Refused("There is a file of that name already.", "Nothing was changed.") from None
        os.rename(building, path)


def _check_header(path: Path) -> None:
    """Look at the first 100 bytes before SQLite touches anything, so that a foreign file stays as it is."""
    try:
        with path.open("rb") as opened:
            header = opened.read(100)
    except IsADirectoryError as error:
        raise NotUnderstood("That is a folder, not a file.", "Name the file inside it.") from error
    except OSError as error:
        raise ReadOnly("The file cannot be read.", "Check who owns it.") from error
    if not header:
        raise Damaged(
            "The file is empty: it holds nothing, not even a school.", "Restore a backup, or make a new file elsewhere."
        )
    if header[:16] != b"SQLite format 3\x00" or int.from_bytes(header[68:72], "big") != schema.APPLICATION_ID:
        raise Damaged(
            "This is not a psc file, or it is damaged.", "It was left as it is. Check the path, or restore a backup."
        )
    if int.from_bytes(header[60:64], "big") > schema.LATEST:
        raise _newer()


def _newer() -> NewerFile:
    return NewerFile("This file was written by a newer psc.", "Nothing was changed; install the newer psc to open it.")


def _connect(path: Path, timeout: int, *, read_only: bool = False) -> File:
    # Path.as_uri would import urllib: five milliseconds of every start.
    plain = path.resolve().as_posix().replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    uri = f"file:{'' if plain.startswith('/') else '/'}{plain}?mode={'ro' if read_only else 'rw'}"
    conn = engine.connect(uri, uri=True, isolation_level=None, timeout=timeout / 1000)
    try:
        file = File(conn, execute_plugins=False)
        file.path = path.resolve()
        file.read_only = read_only
        file.execute(f"PRAGMA busy_timeout = {timeout}")
        if not read_only:
            _journal(file)
        file.execute("PRAGMA synchronous = FULL")
        file.execute("PRAGMA foreign_keys = ON")
        file.execute("PRAGMA secure_delete = ON")
        file.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        conn.close()
        raise
    return file


def _journal(file: File) -> None:
    """Switch to WAL where it is safe. The switch itself ignores the busy timeout, so it is tried for two seconds."""
    mode = "wal" if WAL_IS_SAFE else "truncate"
    until = time.monotonic() + 2
    while True:
        try:
            file.execute(f"PRAGMA journal_mode = {mode}").fetchall()
            return
        except engine.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def _check_and_migrate(file: File) -> None:
    version = int(file.value("PRAGMA user_version"))
    if version > schema.LATEST:
        raise _newer()
    if version == schema.LATEST:
        return
    if file.read_only:
        raise ReadOnly(
            "The file is older than this psc and cannot be written.", "Make it writable, then open it again."
        )
    from psc.database.backup import back_up

    back_up(file, file.path.parent / "backups", "before-upgrade")
    with file.atomic():
        if int(file.value("PRAGMA user_version")) < schema.LATEST:  # another terminal may have been first
            schema.migrations.apply(file)
            # A table that was rebuilt has lost its triggers without a word; then nothing of the upgrade is kept.
            if schema.missing_guards(file):
                raise Damaged("The upgrade would have left the file unguarded.", "Nothing was changed; report this.")


def _learn(file: File, keys: Path | None) -> None:
    found = file.row("SELECT file_id, school, zone, demo_moment FROM school_file")
    if found is None:
        raise Damaged("The file holds no school.", "Leave it as it is and restore a backup.")
    file.file_id, file.school, zone_name, file.demo_moment = found
    file.zone = zone(zone_name)
    if keys is not None:
        file.keys = keys


@contextmanager
def opened(path: Path, *, timeout: int = PATIENT) -> Iterator[File]:
    """Open the file for a block, and close it after."""
    file = open_file(path, timeout=timeout)
    try:
        yield file
    finally:
        with suppress(engine.Error):
            file.close()
