"""Records of any kind, read as fields: what each is called, what it says, and which of it may hold a name.

What a column names (a room, a member of staff) is put in words; whom it names of the other students stays apart, and so
does everything that a person may have typed.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from psc.desk.people import short_name
from psc.overview.audit import viewings
from psc.overview.held_tables import HELD, INCIDENTS, NOT_OTHERS, OWN, SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psc.database.file import File

LOOKED = "ledger"
"""The table under which the lines of the ledger stand."""
_MARKS = ("id", "happened", "recorded", "day", "seq", "import_seq", "folded")


class Leaf(NamedTuple):
    """One field of a record. Only a `text` may hold what a person wrote, and so a name."""

    name: str
    value: str | int
    kind: Literal["plain", "text", "student", "adult"] = "plain"
    """`student`: the name of another student; `adult`: the typed name of an adult who is not on the staff list."""


class Held(NamedTuple):
    """One record. Moments are as the file writes them, UTC; "" where there is none."""

    table: str
    key: str
    """Which of its table: its id, or what stands for it."""
    leaves: tuple[Leaf, ...]
    happened: str = ""
    recorded: str = ""
    by: str = ""
    """Who recorded it, as the board names staff."""
    group: str = ""
    """What it is part of, where a person is to decide about the whole."""
    why: str = ""
    """Why they are to decide about it."""


class Reading:
    """One reading of a student's records: whose ids have been found so far, and how what they name is called."""

    def __init__(self, file: File, student_id: int) -> None:
        self.file = file
        self.student_id = student_id
        self.own = frozenset(
            one for (one,) in file.rows("SELECT id FROM student WHERE ? IN (id, merged_into)", (student_id,))
        )
        self.named: set[int] = set()
        """The other students who stand in what was read so far."""
        self._groups: dict[int, tuple[str, str]] = {}
        staff = file.rows("SELECT id, code, forename, surname FROM staff")
        self._who = {code: short_name(fore, sur) for _, code, fore, sur in staff}
        self._called: dict[str, dict[int, str]] = {
            "student": {one: f"{fore} {sur}".strip() for one, fore, sur in file.rows(_STUDENTS)},
            "staff": {one: f"{fore} {sur} ({code})".strip() for one, code, fore, sur in staff},
            "room": dict(file.rows("SELECT id, name FROM room")),
            "class": dict(file.rows("SELECT id, code FROM class")),
            "pack": dict(file.rows("SELECT id, code || ', ' || subject FROM pack")),
        }
        self._ids: dict[str, list[int]] = {OWN: sorted(self.own)}
        self._ids[INCIDENTS] = self._found(_STANDS_IN, self._ids[OWN])
        self._ids["investigation"] = self._found(_GATHERED, self._ids[INCIDENTS])
        self._witnessed = frozenset(self._found(_ONLY_SAW, self._ids[OWN]))
        self._restricted = frozenset(self._found(_RESTRICTED, []))

    def _found(self, query: str, among: list[int]) -> list[int]:
        return sorted(one for (one,) in self.file.rows(query, {"among": json.dumps(among)}))

    def records(self) -> Iterator[Held]:
        """Yield every record, table by table, then the lines of the ledger that concern the student."""
        for table in HELD:
            yield from self._table(table)
        for number, one in enumerate(viewings(self.file, self.student_id), 1):
            leaves = [Leaf("act", one.what), Leaf("role", one.role)]
            leaves += [Leaf("why", one.why, "text")] if one.why else []
            at = one.at.strftime("%Y-%m-%dT%H:%M:%SZ")
            yield Held(LOOKED, str(number), tuple(leaves), at, at, one.name or one.code)

    def _table(self, table: str) -> Iterator[Held]:
        """Yield what a table holds, with who recorded it, who had told it, and why it was taken back."""
        shape = _Shape.of(self.file, table)
        owner = HELD[table][1]
        params: dict[str, object] = {"owners": json.dumps(self._ids[owner]), "student": json.dumps(self._ids[OWN])}
        for actor, told, back, *values in self.file.rows(_query(table, shape), params):
            row = dict(zip(shape.columns, values, strict=True))
            if table in NOT_OTHERS and row["student_id"] is not None and row["student_id"] not in self.own:
                continue
            if "id" in row and owner != table:
                self._ids.setdefault(table, []).append(row["id"])
            leaves = [*self._leaves(table, shape, row)]
            leaves += [Leaf("told_by", told, "text")] if told else []
            leaves += [Leaf("taken_back", back, "text")] if back else []
            times = str(row.get("happened", "")), str(row.get("recorded", ""))
            by = self._who.get(actor, "" if actor == "system" else actor)
            yield Held(table, _key(row), tuple(leaves), *times, by, *self._group(table, row))
        self._ids.setdefault(table, [])

    def _group(self, table: str, row: Mapping[str, Any]) -> tuple[str, str]:
        """Say what a record is part of that a person is to decide about, and why."""
        if table == "statement" and row["student_id"] not in self.own:
            who = "another student" if row["student_id"] else "an adult"
            self._groups[row["id"]] = f"statement {row['id']}", f"the statement of {who}"
        if table.startswith("statement"):
            return self._groups.get(row["id"] if table == "statement" else row["statement_id"], ("", ""))
        if table.startswith("note"):
            note = row["id"] if table == "note" else row["note_id"]
            return (f"note {note}", "a restricted note") if note in self._restricted else ("", "")
        if table.startswith("investigation"):
            which = row["id"] if table == "investigation" else row["investigation_id"]
            return f"investigation {which}", "an investigation, which may be of others as well"
        incident = row["id"] if table == "incident" else row.get("incident_id")
        if incident in self._witnessed and table.startswith(("incident", "evidence")):
            return f"incident {incident}", "an incident of others, which the student only saw"
        return "", ""

    def _leaves(self, table: str, shape: _Shape, row: Mapping[str, Any]) -> Iterator[Leaf]:
        for name, value in row.items():
            if value in (None, "") or name in _MARKS:
                continue
            named = shape.names.get(name, "")
            if named == "student":
                if value not in self.own:
                    self.named.add(value)
                    yield Leaf("other_student", self._called[named].get(value, "a student"), "student")
            elif named in self._called:
                if words := self._called[named].get(value):
                    yield Leaf(name.removesuffix("_id"), words)
            elif name in shape.nested:
                yield from (self._staff_named(one) for one in _nested(name, json.loads(value)))
            elif isinstance(value, str):
                yield Leaf(name, value, _kind(table, shape, name, value))
            else:
                yield Leaf(name, ("no", "yes")[value] if name in shape.yes and value in (0, 1) else value)

    def _staff_named(self, leaf: Leaf) -> Leaf:
        """Return what stood in a list with a member of staff by name, and a typed name as that of an adult."""
        if leaf.name.endswith("_staff_id") and isinstance(leaf.value, int):
            return Leaf(leaf.name.removesuffix("_id"), self._called["staff"].get(leaf.value, ""))
        return leaf._replace(kind="adult") if leaf.name.endswith("_name") else leaf


_STUDENTS = "SELECT id, forename, surname FROM student"
_AMONG = "(SELECT value FROM json_each(:among))"
_STANDS_IN = f"""
SELECT s.incident_id FROM incident_student s WHERE s.student_id IN {_AMONG} AND (
    NOT EXISTS (SELECT 1 FROM retraction r WHERE r.fact = 'incident_student' AND r.fact_id = s.id)
    OR EXISTS (SELECT 1 FROM retraction r WHERE r.fact = 'incident' AND r.fact_id = s.incident_id))
UNION SELECT incident_id FROM statement WHERE student_id IN {_AMONG}
UNION SELECT incident_id FROM restrictive WHERE student_id IN {_AMONG}
"""
"""The incidents in which somebody stands, or stood until the whole was taken back: not those where they were a slip."""
_ONLY_SAW = f"""
SELECT incident_id FROM incident_student WHERE student_id IN {_AMONG}
GROUP BY incident_id HAVING min(role) = 'witness' AND max(role) = 'witness'
"""
_GATHERED = f"SELECT DISTINCT investigation_id FROM investigation_incident WHERE incident_id IN {_AMONG}"
_RESTRICTED = "SELECT DISTINCT note_id FROM note_version WHERE visibility = 'restricted' AND :among <> ''"


def _query(table: str, shape: _Shape) -> str:
    column = HELD[table][0]
    condition = f"t.{column} IN (SELECT value FROM json_each(:owners))"
    if table in SHARED:
        condition = f"({condition} OR t.{SHARED[table]} IN (SELECT value FROM json_each(:student)))"
    actor, told, back, joins = "''", "''", "''", ""
    if line := next((one for one in ("seq", "import_seq") if one in shape.columns), ""):
        actor, told = "coalesce(l.actor, '')", "coalesce(told.who, '')"
        joins = f" LEFT JOIN ledger l ON l.seq = t.{line} LEFT JOIN told ON told.seq = t.{line}"
    if shape.is_fact:
        back = "iif(r.id IS NULL, '', iif(r.reason = '', 'undone', r.reason))"
        joins += (
            f" LEFT JOIN retraction r ON r.fact = '{table}' AND r.fact_id = t.id LEFT JOIN ledger rl ON rl.seq = r.seq"
        )
        condition += " AND coalesce(rl.act, '') <> 'merge_students'"  # it stands again under the other record
    names = ", ".join(f"t.{name}" for name in shape.columns)
    return f"SELECT {actor}, {told}, {back}, {names} FROM {table} t{joins} WHERE {condition} ORDER BY {shape.order}"


def _key(row: Mapping[str, Any]) -> str:
    parts = (row.get(name) for name in ("on_day", "from_day", "half", "class_id"))
    return str(row["id"]) if "id" in row else " ".join(str(part) for part in parts if part)


def _kind(table: str, shape: _Shape, name: str, value: str) -> Literal["plain", "text", "adult"]:
    if table in ("incident_adult", "statement") and name == "name":
        return "adult"
    return "plain" if table == "student" or name in shape.listed or _TIME.fullmatch(value) else "text"


_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?|\d\d:\d\d")


def _nested(name: str, value: object) -> Iterator[Leaf]:
    """Yield a list or an object of the file as fields of their own."""
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value, 1)
        for part, inner in parts:
            yield from _nested(f"{name}_{part}", inner)
    elif value not in (None, ""):
        yield Leaf(name, value if isinstance(value, int) else str(value), "plain" if isinstance(value, int) else "text")


class _Shape(NamedTuple):
    """What the file says of a table."""

    columns: tuple[str, ...]
    names: Mapping[str, str]
    """The columns that name something: what they name."""
    listed: frozenset[str]
    """Those that hold one of psc's own words."""
    nested: frozenset[str]
    yes: frozenset[str]
    order: str
    """The columns that put rows in order."""

    @property
    def is_fact(self) -> bool:
        """Say whether its rows are facts, which may be taken back."""
        return {"id", "happened", "seq"} <= set(self.columns)

    @classmethod
    def of(cls, file: File, table: str) -> _Shape:
        made = str(file.value("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)))
        columns = tuple(row[1] for row in file.rows(f"PRAGMA table_info({table})"))
        return cls(
            columns,
            {row[3]: row[2] for row in file.rows(f"PRAGMA foreign_key_list({table})")},
            frozenset(re.findall(r"CHECK \((\w+) IN \('", made)),
            frozenset(re.findall(r"json_valid\((\w+)\)", made)),
            frozenset(re.findall(r"CHECK \((\w+) IN \(0, 1\)", made)),
            "t.rowid" if "WITHOUT ROWID" not in made else f"t.{columns[0]}, t.{columns[1]}",
        )
