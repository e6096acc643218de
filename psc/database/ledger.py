"""The ledger: one line for each act, chained with a key that is not in the file.

Each line's `mac` is an HMAC over the line and the mac before it. The line holds no personal text: what changed, and
why, stands in `ledger_detail`, and only its salted digest is chained, so that a disposal can remove the detail and the
chain still holds. The key and an *anchor* (the newest line written here) live in the per-user data folder, so that
editing, removing, reordering or putting back an older file shows. A cut of the lines after the last anchor, or someone
with a shell on this account, does not show.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import stamp
from psc.database.places import make_folder, make_private
from psc.errors import ReadOnly

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from psc.database.file import File

_KEY_BYTES = 32
EPOCH = "epoch"
"""The act of a line that starts a chain under a new key: the file's first line, or the first on another machine."""


_in_chain = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


class Line(NamedTuple):
    """One line of the ledger, without its detail."""

    seq: int
    at: str
    terminal: str
    actor: str
    role: str
    act: str
    act_id: str
    undoes: int | None
    digest: str

    def chained(self, key: bytes, before: str, students: Iterable[int]) -> str:
        """Return the mac of this line after the line whose mac is `before`."""
        said = [
            self.seq,
            self.at,
            self.terminal,
            self.actor,
            self.role,
            self.act,
            self.act_id,
            self.undoes,
            self.digest,
        ]
        text = _in_chain([before, *said, sorted(students)])
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class Head(NamedTuple):
    """The newest line as the transaction that is open sees it. `ours`: the chain goes on under this machine's key."""

    seq: int
    mac: str
    ours: bool

    @property
    def next_seq(self) -> int:
        """The number the next act's line will get, so that its facts can name it."""
        return self.seq + (1 if self.ours else 2)


def digest(salt: str, detail: str) -> str:
    """Return the salted digest of a line's detail."""
    return hashlib.sha256(f"{salt}\n{detail}".encode()).hexdigest()


def append(
    file: File,
    *,
    at: datetime,
    terminal: str,
    actor: str,
    role: str,
    act: str,
    act_id: str,
    detail: str,
    students: Iterable[int] = (),
    undoes: int | None = None,
    after: Head | None = None,
) -> tuple[int, str]:
    """Write the next line, inside the transaction that is open, and return its (seq, mac).

    `detail` is JSON; `after` is the head where this transaction has asked for it already. A file without a key on this
    machine gets one, and an *epoch* line that starts the new chain.
    """
    key = _key(file)
    seq, before, ours = after or head(file)
    if not ours:
        name = f"{fingerprint(key)}-{secrets.token_hex(8)}"
        line = Line(seq + 1, stamp(at), terminal, "system", "system", EPOCH, name, None, digest("", "{}"))
        seq, before = _write(file, key, line, "", (), "", "{}")
    salt = secrets.token_hex(16)
    line = Line(seq + 1, stamp(at), terminal, actor, role, act, act_id, undoes, digest(salt, detail))
    return _write(file, key, line, before, tuple(students), salt, detail)


def head(file: File) -> Head:
    """Return the newest line. Asked inside the transaction that writes the next one."""
    key = _key(file)
    found = file.row(
        "SELECT seq, mac, (SELECT act_id FROM ledger WHERE act = 'epoch' ORDER BY seq DESC LIMIT 1)"
        " FROM ledger ORDER BY seq DESC LIMIT 1"
    )
    if found is None:
        return Head(0, "", ours=False)
    seq, mac, epoch = found
    return Head(seq, mac, ours=str(epoch or "").partition("-")[0] == fingerprint(key))


def fingerprint(key: bytes) -> str:
    """Return what an epoch line says of its key: enough to know it again, nothing to forge with."""
    return hashlib.sha256(b"psc chain key\n" + key).hexdigest()[:16]


def _write(
    file: File, key: bytes, line: Line, before: str, students: tuple[int, ...], salt: str, detail: str
) -> tuple[int, str]:
    mac = line.chained(key, before, students)
    file.execute(
        "INSERT INTO ledger (seq, at, terminal, actor, role, act, act_id, undoes, digest, mac)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (line.seq, line.at, line.terminal, line.actor, line.role, line.act, line.act_id, line.undoes, line.digest, mac),
    )
    file.execute("INSERT INTO ledger_detail (seq, salt, json) VALUES (?, ?, ?)", (line.seq, salt, detail))
    if students:
        file.conn.executemany(
            "INSERT INTO ledger_student (seq, student_id) VALUES (?, ?)", [(line.seq, student) for student in students]
        )
    return line.seq, mac


def key_path(file: File) -> Path:
    """Return where this machine keeps the file's chain key."""
    return file.keys / f"{file.file_id}.key"


def anchor_path(file: File) -> Path:
    """Return where this machine keeps the newest line it has written to the file."""
    return file.keys / f"{file.file_id}.anchor"


def _key(file: File) -> bytes:
    """Return the chain key of this machine for the file, made the first time."""
    if file.chain_key is not None:
        return file.chain_key
    path = key_path(file)
    with suppress(FileNotFoundError):
        if len(known := path.read_bytes()) == _KEY_BYTES:
            file.chain_key = known
            return known
    try:
        make_folder(file.keys)
        key = secrets.token_bytes(_KEY_BYTES)
        _replace(path, key)
    except OSError as error:
        raise ReadOnly("psc's own data folder cannot be written.", "Nothing was changed; check that folder.") from error
    file.chain_key = key
    return key


def _replace(path: Path, content: bytes) -> None:
    """Write a small private file whole or not at all; it is on the disk when this returns."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(2)}")
    make_private(fresh)
    try:
        with fresh.open("r+b") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


_ANCHOR_BYTES = 80
"""An anchor is always as long, so that one write of it replaces another whole: there is no half of one to find."""


def write_anchor(file: File, seq: int, mac: str) -> None:
    """Note the newest line outside the file, after its commit. A later line that another terminal noted stays."""
    # A missed anchor weakens the proof by one line and must not fail an act that is on the disk already.
    with suppress(OSError, ValueError):
        handle = _anchor_handle(file)
        os.lseek(handle, 0, os.SEEK_SET)
        found = os.read(handle, _ANCHOR_BYTES)
        if found and found != file.anchored:
            noted, its_mac = found.decode("ascii").split()
            # An anchor that the file contradicts is evidence (an older file was put back): it is kept.
            if int(noted) > seq or file.value("SELECT mac FROM ledger WHERE seq = ?", (int(noted),)) != its_mac:
                return
        file.anchored = f"{seq} {mac}\n".rjust(_ANCHOR_BYTES).encode("ascii")
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, file.anchored)


def _anchor_handle(file: File) -> int:
    """Return the open anchor file: opening it anew would cost a third of an act. One that was removed is made again."""
    if file.anchor_handle is not None and os.fstat(file.anchor_handle).st_nlink == 0:
        os.close(file.anchor_handle)
        file.anchor_handle = None
    if file.anchor_handle is None:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        file.anchor_handle = os.open(anchor_path(file), flags, 0o600)
    return file.anchor_handle


class Verdict(NamedTuple):
    """What a walk along the chain found. `bad_seq` is the first line that does not hold, 0 for none."""

    lines: int
    proven: int
    bad_seq: int
    reason: str

    @property
    def whole(self) -> bool:
        """Whether every line holds."""
        return self.bad_seq == 0


def verify(file: File) -> Verdict:
    """Walk the whole chain.

    Lines chained under another machine's key count as lines but not as proven: their order and details are checked,
    their macs cannot be.
    """
    path = key_path(file)
    key = path.read_bytes() if path.exists() else b""
    # The anchor first, then all reads as of one moment: other terminals may write meanwhile.
    anchor = anchor_path(file)
    noted = anchor.read_text(encoding="ascii").split() if anchor.exists() else []
    file.conn.execute("BEGIN")
    try:
        found = file.rows("SELECT seq, student_id FROM ledger_student")
        details = {seq: (salt, text) for seq, salt, text in file.rows("SELECT seq, salt, json FROM ledger_detail")}
        rows = file.rows(
            "SELECT seq, at, terminal, actor, role, act, act_id, undoes, digest, mac FROM ledger ORDER BY seq"
        )
    finally:
        file.conn.execute("COMMIT")
    students: dict[int, list[int]] = {}
    for seq, student in found:
        students.setdefault(seq, []).append(student)
    before, ours, proven, foreign = "", False, 0, 0
    anchored = int(noted[0]) if len(noted) == 2 and noted[0].isdigit() else 0

    def bad(seq: int, reason: str) -> Verdict:
        return Verdict(len(rows), proven, seq, reason)

    for number, (*said, mac) in enumerate(rows, 1):
        line = Line(*said)
        if line.seq != number:
            return bad(number, "a line is missing")
        if line.seq in details and digest(*details[line.seq]) != line.digest:
            return bad(line.seq, "its detail was changed")
        if line.act == EPOCH:
            before, ours = "", line.act_id.partition("-")[0] == fingerprint(key)
            foreign = 0 if ours else line.seq
        if ours:
            if not hmac.compare_digest(line.chained(key, before, students.get(line.seq, ())), mac):
                return bad(line.seq, "it was changed, or put in another place")
            proven += 1
        elif key and line.seq == anchored:
            return bad(foreign or line.seq, "this machine wrote the lines that follow, under its own key")
        before = mac
    if anchor.exists() and not anchored:
        return bad(len(rows), "this machine's note of the newest line cannot be read")
    if anchored:
        if anchored > len(rows):
            return bad(len(rows) + 1, "lines at the end are gone, or an older file was put back")
        if rows[anchored - 1][-1] != noted[1]:
            return bad(anchored, "it is not the line this machine wrote")
    return Verdict(len(rows), proven, 0, "")
