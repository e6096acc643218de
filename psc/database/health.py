"""What `doctor` looks at: engine, file, schema, ledger, backups, and where the file lives. No student is shown."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from psc.database import ledger, schema, search_index
from psc.database.driver import WAL_IS_SAFE, engine, translated
from psc.database.file import check_place, open_file
from psc.database.places import data_folder
from psc.errors import Damaged, PscError
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psc.database.file import File

BACKUP_WANTED_HOURS = 24
"""Hours after which a file without a verified backup is a warning."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `state` is `ok`, `warning` or `bad`."""

    what: str
    state: str
    words: str


def examine(path: Path, now: datetime) -> tuple[list[Finding], PscError | None]:
    """Look a file over. The error is the one to end with: None when nothing is bad."""
    found = [_engine()]
    misplaced: PscError | None = None
    try:
        check_place(path)
        found.append(Finding("place", "ok", str(path)))
    except PscError as error:
        misplaced = error
        found.append(Finding("place", "bad", f"{path}. {error.title} {error.remedy}"))
    try:
        file = open_file(path, wherever=True)
    except PscError as error:
        return [*found, Finding("file", "bad", f"{error.title} {error.remedy}")], error
    try:
        found += list(_inside(file, now))
    finally:
        with suppress(engine.Error):
            file.close()
    bad = next((one for one in found if one.state == "bad" and one.what != "place"), None)
    if bad:
        return found, Damaged(f"{bad.what.capitalize()}: {bad.words}.", "Restore the last good backup.")
    return found, misplaced


def _engine() -> Finding:
    words = f"SQLite {engine.sqlite_version}, {'write-ahead log' if WAL_IS_SAFE else 'truncated journal'}"
    if WAL_IS_SAFE:
        return Finding("engine", "ok", words)
    return Finding("engine", "warning", f"{words}: this SQLite is older than 3.51.3, install the newer driver")


def _inside(file: File, now: datetime) -> Iterator[Finding]:
    yield Finding("file", "ok", f"{'demo, ' if file.demo_moment else ''}schema {schema.LATEST}")
    for what, look in (
        ("settings", _pragmas),
        ("integrity", _integrity),
        ("guards", _guards),
        ("ledger", _ledger),
        ("privacy", _private),
        ("secrets", _secrets),
        ("search", _search),
    ):
        yield _safely(what, look, file)
    yield _backups(file, now)


def _safely(what: str, look: Callable[[File], tuple[str, str]], file: File) -> Finding:
    try:
        with translated():
            return Finding(what, *look(file))
    except PscError as error:
        return Finding(what, "bad", error.title)


def _pragmas(file: File) -> tuple[str, str]:
    expected = {"foreign_keys": 1, "synchronous": 2, "recursive_triggers": 1, "secure_delete": 1, "trusted_schema": 0}
    wrong = [name for name, value in expected.items() if int(file.value(f"PRAGMA {name}")) != value]
    if wrong:
        return "bad", f"not as they should be: {', '.join(wrong)}"
    return "ok", f"journal {file.value('PRAGMA journal_mode')}, foreign keys on, every commit synced"


def _integrity(file: File) -> tuple[str, str]:
    told = [row[0] for row in file.rows("PRAGMA integrity_check(3)")]
    if told != ["ok"]:
        return "bad", "the file is damaged inside"
    if file.rows("PRAGMA foreign_key_check"):
        return "bad", "rows point at rows that are not there"
    return "ok", "whole"


def _guards(file: File) -> tuple[str, str]:
    missing = schema.missing_guards(file)
    return ("bad", f"{len(missing)} append-only guards are missing or changed") if missing else ("ok", "append-only")


def _ledger(file: File) -> tuple[str, str]:
    verdict = ledger.verify(file)
    if not verdict.whole:
        return "bad", f"line {verdict.bad_seq}: {verdict.reason}"
    elsewhere = verdict.lines - verdict.proven
    words = f"{verdict.lines} lines, the chain holds"
    return "ok", words + (f" ({elsewhere} of them chained on another machine)" if elsewhere else "")


def _secrets(file: File) -> tuple[str, str]:
    known = int(file.value("SELECT count(*) FROM secret"))
    if not known:
        return "warning", "made before psc knew passphrases; an administrator sets them: psc init --secrets"
    return "ok", counted(known, "person has a passphrase", "people have a passphrase")


def _search(file: File) -> tuple[str, str]:
    if missing := search_index.unindexed(file):
        return "warning", f"{missing} texts are found by no search: somebody wrote them past psc (see the guide)"
    return "ok", "every text can be found"


def _private(file: File) -> tuple[str, str]:
    """Look whether others can get at the file, or at the folders that hold what psc writes.

    psc makes its own folders private, and leaves alone those it finds.
    """
    if os.name == "nt":
        return "ok", "as the folder's own permissions say"
    if stat.S_IMODE(file.path.stat().st_mode) & 0o077:
        return "warning", "others on this machine can read the file; chmod 600 it"
    for folder in (file.path.parent, file.path.parent / "backups", data_folder(), file.keys):
        open_to = stat.S_IMODE(folder.stat().st_mode) & 0o077 if folder.is_dir() else 0
        if open_to:
            may = "write in" if open_to & 0o022 else "look into"
            return "warning", f"others on this machine can {may} the folder {folder}; chmod 700 it"
    return "ok", "only this account can read it"


def _backups(file: File, now: datetime) -> Finding:
    folder = file.path.parent / "backups"
    kept = list(folder.glob(f"{file.path.stem}-*.sqlite")) if folder.is_dir() else []
    if not kept:
        return Finding("backup", "warning", "none yet")
    newest = max(datetime.fromtimestamp(one.stat().st_mtime, UTC) for one in kept)
    hours = int((now - newest).total_seconds() // 3600)
    state = "warning" if hours > BACKUP_WANTED_HOURS else "ok"
    return Finding("backup", state, f"{len(kept)} kept, the newest {max(0, hours)} hours old")
