"""The only module that names the database driver.

sqlcipher3 carries its own SQLite (3.51.3 or newer on every machine; older ones can corrupt a WAL that is reset while
read) and can open an encrypted file later. Without a key the file is plain SQLite. sqlite-utils looks for `pysqlite3`
when it is first imported and catches that module's exceptions, so the driver is registered under that name before.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from psc.errors import Busy, Damaged, NoSpace, PscError, ReadOnly

if TYPE_CHECKING:
    # sqlcipher3 has no type stubs; it keeps the interface of the standard library's module.
    import sqlite3 as engine
    from collections.abc import Iterator
else:
    import sqlcipher3
    from sqlcipher3 import dbapi2 as engine

    sys.modules.setdefault("pysqlite3", sqlcipher3)
    sys.modules.setdefault("pysqlite3.dbapi2", engine)

__all__ = ["WAL_IS_SAFE", "as_psc_error", "engine", "translated"]

WAL_IS_SAFE = engine.sqlite_version_info >= (3, 51, 3)
"""Whether this SQLite is free of the bug that could corrupt a file when its write-ahead log was reset."""

_NOTHING_LOST = "Nothing was changed."
_BY_WORDS: tuple[tuple[str, type[PscError], str, str], ...] = (
    ("locked", Busy, "Another terminal is writing just now.", "Nothing was changed; try again in a moment."),
    ("busy", Busy, "Another terminal is writing just now.", "Nothing was changed; try again in a moment."),
    ("is full", NoSpace, "The disk is full.", f"{_NOTHING_LOST} Free some space, then do it again."),
    ("readonly", ReadOnly, "The file cannot be written.", f"{_NOTHING_LOST} Check who owns the file and its folder."),
    ("unable to open", ReadOnly, "The file cannot be opened.", "Check that it is there, and who owns its folder."),
    ("disk i/o error", NoSpace, "The disk refused to read or write.", f"{_NOTHING_LOST} Check the disk."),
    ("not a database", Damaged, "This is not a psc file, or it is damaged.", "Leave it as it is and restore a backup."),
    ("malformed", Damaged, "The file is damaged.", "Leave it as it is and restore the last backup."),
)  # fmt: skip


def as_psc_error(error: Exception) -> PscError | None:
    """Return what the driver's `error` means at the desk, or None when it is a fault of ours (a bad statement)."""
    words = str(error).lower()
    for part, kind, title, remedy in _BY_WORDS:
        if part in words:
            return kind(title, remedy)
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Raise the driver's errors of the outside world (busy, full, read-only, damaged) as psc's own."""
    try:
        yield
    except engine.Error as error:
        known = as_psc_error(error)
        if known is None:
            raise
        raise known from error
