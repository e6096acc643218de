"""Writing years of facts fast: rows gathered in memory, with a ledger whose chain holds."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from psc.database import ledger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from psc.database.file import File

TERMINAL = "bench"

_FACT = ("happened", "recorded", "day", "seq")
_TABLES = {
    "ledger": ("seq", "at", "terminal", "actor", "role", "act", "act_id", "undoes", "digest", "mac"),
    "ledger_detail": ("seq", "salt", "json"),
    "ledger_student": ("seq", "student_id"),
    "placement": ("id", "student_id", "room_id", "type", "reason", "planned", *_FACT),
    "placement_period": ("id", "placement_id", "on_day", "period", *_FACT),
    "visit": ("id", "student_id", "room_id", *_FACT),
    "movement": ("id", "visit_id", "kind", "reason", "note", "replaces", *_FACT),
    "seating": ("id", "visit_id", "seat", *_FACT),
    "period_check": ("id", "placement_period_id", "mark", *_FACT),
    "attendance_mark": ("id", "placement_id", "kind", "code", *_FACT),
    "retraction": ("id", "fact", "fact_id", "reason", *_FACT),
}
"""The tables written in bulk and their columns, each after those it refers to."""


class Bulk:
    """Rows that wait to go into a file, and its ledger's chain as far as it has been worked out."""

    def __init__(self, file: File, begun: datetime) -> None:
        """Begin a new file's ledger: its first act brings the chain key about."""
        self.first, self._mac = ledger.append(
            file, at=begun, terminal=TERMINAL, actor="system", role="system", act="import", act_id="0", detail="{}"
        )
        self._file = file
        self._key = ledger.key_path(file).read_bytes()
        self._seq = self.first
        self._ids = dict.fromkeys(_TABLES, 0)
        self._random = random.Random(2016)
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _TABLES}

    def next_id(self, table: str) -> int:
        """Return the id that a fact to come will have."""
        self._ids[table] += 1
        return self._ids[table]

    def act(self, name: str, at: str, actor: str, role: str, students: Iterable[int], detail: str) -> int:
        """Add the ledger line of an act and return its number."""
        self._seq += 1
        touched = tuple(students)
        salt = self._random.randbytes(16).hex()
        act_id = self._random.randbytes(12).hex()
        line = ledger.Line(self._seq, at, TERMINAL, actor, role, name, act_id, None, ledger.digest(salt, detail))
        self._mac = line.chained(self._key, self._mac, touched)
        self._rows["ledger"].append((line.seq, at, TERMINAL, actor, role, name, act_id, None, line.digest, self._mac))
        self._rows["ledger_detail"].append((line.seq, salt, detail))
        self._rows["ledger_student"] += [(line.seq, student) for student in touched]
        return line.seq

    def add(self, table: str, *values: object) -> None:
        """Add a fact: its own columns, then happened, recorded, day and seq."""
        self._rows[table].append(values)

    def flush(self) -> None:
        """Write what waits, inside the transaction that is open."""
        for table, columns in _TABLES.items():
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            self._file.conn.executemany(sql, self._rows[table])
            self._rows[table].clear()

    def anchor(self) -> None:
        """Note the newest line outside the file, once it is committed."""
        ledger.write_anchor(self._file, self._seq, self._mac)
