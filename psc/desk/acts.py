"""The one way to write: an act, run by the desk in one transaction, with one line in the ledger.

    @act("sign_out", resting=MOVES)
    def sign_out(tx: Tx, visit_id: int, *, to: str) -> int: ...

    desk.do(sign_out(7, to="lesson"), id=act_id)

Calling an act binds its arguments; the desk runs it. Inside another act, `sign_out.run(tx, ...)` shares that act's
transaction and ledger line.
"""

from __future__ import annotations

import inspect
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeVar

from psc.clock import moment, school_day, stamp, wall
from psc.database import ledger
from psc.database.driver import translated
from psc.database.schema import FACTS
from psc.database.search_index import INDEXED, index_fact
from psc.desk.every_act import know_every_act
from psc.desk.facts import live
from psc.desk.people import SYSTEM, Staff, staff_by_code
from psc.desk.permissions import Scope, scope_of, students_within
from psc.errors import Busy, NotAllowed, NotUnderstood, Refused
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from psc.clock import Clock
    from psc.database.file import File

P = ParamSpec("P")
R = TypeVar("R")

UNDO_WITHIN = timedelta(minutes=10)
"""How long `u` reaches back: long enough for a slip of the hand, short enough that nobody else has built on it."""

ALWAYS_RESTING = frozenset({"merge_students", "correct_student", "correct_fact", "remove_fact", "move_booking"})
"""Acts that bar the undo of what was done before for their students: a merge moves it all, a correction may have taken
the very thing back, and with a booking moves what stands on it."""

STANDS_ON: Mapping[str, tuple[tuple[str, str], ...]] = {
    "held_item": (("held_end", "held_id"),),
    "placement": (
        ("placement_period", "placement_id"),
        ("attendance_mark", "placement_id"),
        ("confirmation", "placement_id"),
        ("programme", "placement_id"),
    ),
    "placement_period": (
        ("period_check", "placement_period_id"),
        ("waiver", "placement_period_id"),
        ("adjustment_mark", "placement_period_id"),
        ("placement_period", "carried_from"),
    ),
    "referral": (("referral_decision", "referral_id"),),
    "waiting": (("waiting_end", "waiting_id"),),
    "programme": (("programme_step", "programme_id"),),
    "work_arrival": (
        ("work_issue", "arrival_id"),
        ("work_return", "arrival_id"),
        ("work_feedback", "arrival_id"),
    ),
    "home_contact": (("incident_told", "home_contact_id"), ("restrictive_told", "home_contact_id")),
    "incident": (
        ("incident_version", "incident_id"),
        ("incident_student", "incident_id"),
        ("incident_adult", "incident_id"),
        ("incident_told", "incident_id"),
        ("incident_end", "incident_id"),
        ("incident_addendum", "incident_id"),
        ("agreed_action", "incident_id"),
        ("restrictive", "incident_id"),
        ("statement", "incident_id"),
        ("evidence", "incident_id"),
        ("investigation_incident", "incident_id"),
    ),
    "agreed_action": (("agreed_action_end", "agreed_action_id"),),
    "restrictive": (
        ("restrictive_version", "restrictive_id"),
        ("restrictive_told", "restrictive_id"),
        ("restrictive_review", "restrictive_id"),
        ("restrictive_addendum", "restrictive_id"),
    ),
    "statement": (
        ("statement_version", "statement_id"),
        ("statement_conflict", "statement_id"),
        ("statement_conflict", "other_id"),
        ("statement_addendum", "statement_id"),
    ),
    "evidence": (("evidence_end", "evidence_id"),),
    "investigation": (
        ("investigation_incident", "investigation_id"),
        ("investigation_event", "investigation_id"),
        ("investigation_end", "investigation_id"),
    ),
    "note": (("note_version", "note_id"), ("note_addendum", "note_id")),
}
"""The facts that say something of another fact, by that one's table, and the column that names it."""

_detail = json.JSONEncoder(default=str, ensure_ascii=False).encode
ACTS: dict[str, Act[Any, Any]] = {}
"""Every act by name."""


@dataclass
class Tx:
    """One act under way: its transaction, its moment, its actor, and the ledger line it will leave."""

    file: File
    now: datetime
    actor: Staff
    terminal: str
    seq: int
    scope: Scope
    students: set[int] = field(default_factory=set)
    said: dict[str, object] = field(default_factory=dict)
    undoes: int | None = None
    tellers: set[str] = field(default_factory=set)
    """Who had told the facts that this act amends; "" for one that nobody told."""

    @property
    def today(self) -> date:
        """The school day of this moment."""
        return school_day(self.now, self.file.zone)

    def reach(self, student_id: int) -> None:
        """Name a student whom the act touches.

        Raises `NotAllowed` when the actor's scope does not reach them, `Refused` for a record that was merged into
        another: nothing may come under it any more.
        """
        if student_id in self.students:
            return
        condition, params = students_within(self.scope, self.actor, self.today.isoformat())
        merged = self.file.value(
            f"SELECT merged_into IS NOT NULL FROM student WHERE id = :id AND {condition}", {"id": student_id, **params}
        )
        if merged is None and student_id in self.actor.barred:
            raise NotAllowed("This student is not shown to you.", "Ask a colleague to do it.")
        if merged is None:
            raise NotAllowed("This student is outside what your role may change.", f"You reach {self.scope.value}.")
        if merged:
            raise Refused("This record was merged into another one.", "Find the student again; nothing was changed.")
        self.students.add(student_id)

    def touch(self, student_id: int) -> None:
        """Name a student whom an act for the whole school touches: a bar, or a reach, is for acts on one student."""
        self.students.add(student_id)

    def reach_room(self, room_id: int) -> None:
        """Say that the act is done in a room. Raises `NotAllowed` for a room that is not on the actor's cover pass."""
        if self.actor.rooms and room_id not in self.actor.rooms:
            raise NotAllowed("That room is not on your cover pass.", "Ask whoever gave it to you.")

    def may_also(self, name: str) -> bool:
        """Say whether the actor may use another act or read as well (a correction of an earlier day, say)."""
        try:
            scope_of(name, self.actor)
        except NotAllowed:
            return False
        return True

    def add(self, table: str, *, happened: datetime | None = None, day: date | None = None, **values: object) -> int:
        """Add a fact and return its id. It happened now, today, unless said otherwise; it is recorded now."""
        when = happened or self.now
        whole = {
            **values,
            "happened": stamp(when),
            "recorded": stamp(self.now),
            "day": (day or school_day(when, self.file.zone)).isoformat(),
            "seq": self.seq,
        }
        names = ", ".join(whole)
        marks = ", ".join("?" * len(whole))
        cursor = self.file.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(whole.values()))
        return self.indexed(table, int(cursor.lastrowid or 0))

    def indexed(self, table: str, fact_id: int) -> int:
        """Make a fact with words in it findable; returns its id."""
        if table in INDEXED:
            index_fact(self.file, table, fact_id, self.actor.id)
        return fact_id

    def retract(self, table: str, fact_id: int, reason: str) -> None:
        """Take a fact back: it stays in the file, and readers leave it out."""
        self.add("retraction", fact=table, fact_id=fact_id, reason=clean(reason))

    def retract_whole(self, table: str, fact_id: int, reason: str) -> None:
        """Take a fact back with all that stands on it."""
        self.retract(table, fact_id, reason)
        for other, column, identity in self._standing_on(table, fact_id):
            if (other, column) != ("placement_period", "carried_from"):  # a period carried on is owed all the same
                self.retract_whole(other, identity, reason)

    def _standing_on(self, table: str, fact_id: int) -> list[tuple[str, str, int]]:
        """Return the facts that say something of a fact: table, the column that names it, id."""
        return [
            (other, column, identity)
            for other, column in STANDS_ON.get(table, ())
            for (identity,) in self.file.rows(
                f"SELECT id FROM {other} t WHERE {column} = ? AND {live(other, 't')} ORDER BY id", (fact_id,)
            )
        ]

    def amend(self, table: str, fact_id: int, why: str, *, happened: datetime | None = None, **changes: object) -> int:
        """Take a fact back and put a changed copy in its place, recorded now; returns the copy's id.

        Whoever told it stays named. What stands on it goes along: a phone that was returned stays returned when its
        taking is corrected.
        """
        names = [row[1] for row in self.file.rows(f"PRAGMA table_info({table})")]
        row = self.file.row(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", (fact_id,))
        if row is None:
            raise NotUnderstood("There is no such entry.", "Look at the day again.")
        values = dict(zip(names, row, strict=True)) | changes
        when = happened or moment(values["happened"])
        kept = {
            name: value for name, value in values.items() if name not in ("id", "happened", "recorded", "day", "seq")
        }
        day = date.fromisoformat(values["day"])
        standing = self._standing_on(table, fact_id)
        self.tellers.add(self.file.value("SELECT who FROM told WHERE seq = ?", (values["seq"],)) or "")
        self.retract(table, fact_id, why)
        copy = self.add(table, happened=when, day=day, **kept)
        for other, column, identity in standing:
            named: dict[str, Any] = {column: copy}
            self.amend(other, identity, why, **named)
        return copy

    def take_back(self, seq: int, reason: str) -> None:
        """Take back all that the act with ledger line `seq` added, and put again what it had retracted."""
        for table in FACTS:
            if table in ("retraction", "visit"):  # a visit without movements says nothing
                continue
            added = self.file.rows(
                f"SELECT id FROM {table} t WHERE seq = ? AND NOT EXISTS"
                " (SELECT 1 FROM retraction r WHERE r.fact = ? AND r.fact_id = t.id)",
                (seq, table),
            )
            for (fact_id,) in added:
                self.retract(table, fact_id, reason)
        again: dict[tuple[str, int], int] = {}
        # A fact was retracted before those that stand on it: these are told its new id.
        for table, fact_id in self.file.rows("SELECT fact, fact_id FROM retraction WHERE seq = ? ORDER BY id", (seq,)):
            if self.file.value(f"SELECT seq FROM {table} WHERE id = ?", (fact_id,)) != seq:  # its own it only passed by
                again[table, fact_id] = self._put_again(table, fact_id, again)

    def _put_again(self, table: str, fact_id: int, again: Mapping[tuple[str, int], int]) -> int:
        """Put a fact again that had been taken back; `again` gives the new ids of those put again before it."""
        names = [row[1] for row in self.file.rows(f"PRAGMA table_info({table})")]
        named = {
            column: parent
            for parent, others in STANDS_ON.items()
            for other, column in others
            if other == table and column in names
        }
        kept = [name for name in names if name not in ("id", "recorded", "replaces", *named)]
        # It keeps its act's ledger line, so that undoing that act next takes this copy back, and its place among
        # movements of the same minute.
        columns, values = [*kept, "recorded"], [*kept, "?"]
        if "replaces" in names:
            columns, values = [*columns, "replaces"], [*values, "coalesce(replaces, id)"]
        given: list[object] = [stamp(self.now)]
        for column, parent in named.items():
            was = self.file.value(f"SELECT {column} FROM {table} WHERE id = ?", (fact_id,))
            columns, values = [*columns, column], [*values, "?"]
            given.append(again.get((parent, was), was))
        cursor = self.file.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} WHERE id = ?",
            [*given, fact_id],
        )
        return self.indexed(table, int(cursor.lastrowid or 0))


class Call(NamedTuple, Generic[R]):
    """An act with its arguments, ready for the desk."""

    act: Act[Any, R]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Act(NamedTuple, Generic[P, R]):
    """A named change. `resting` names the acts that build on it and so bar its undo; None: it cannot be undone."""

    name: str
    run: Callable[Concatenate[Tx, P], R]
    resting: frozenset[str] | None
    afterwards: Callable[[Tx], None] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Call[R]:
        """Bind the arguments."""
        return Call(self, args, kwargs)


def act(
    name: str, *, resting: Iterable[str] | None = None, afterwards: Callable[[Tx], None] | None = None
) -> Callable[[Callable[Concatenate[Tx, P], R]], Act[P, R]]:
    """Make an act of a function. Its name is its line in the permission table, the ledger and the palette."""

    def made(function: Callable[Concatenate[Tx, P], R]) -> Act[P, R]:
        if inspect.iscoroutinefunction(function):
            raise TypeError(f"{name}: an act runs inside a transaction and cannot wait")
        if name in ACTS:
            raise ValueError(f"{name}: there is an act of that name")
        ACTS[name] = Act(name, function, None if resting is None else frozenset(resting), afterwards)
        return ACTS[name]

    return made


class Done(NamedTuple, Generic[R]):
    """What the desk answers: the act is on the disk. `repeated` when this act id had been done before."""

    act: str
    act_id: str
    seq: int
    at: datetime
    students: tuple[int, ...]
    value: R
    repeated: bool = False


@dataclass
class Desk:
    """Where acts are done: one file, one person, one terminal, one clock."""

    file: File
    clock: Clock
    code: str
    terminal: str = "cli"

    def staff(self) -> Staff:
        """Return the person at the desk, read afresh, so that a changed role counts at once."""
        if self.code == SYSTEM.code:
            return SYSTEM
        return staff_by_code(self.file, self.code, school_day(self.clock.now(), self.file.zone))

    def do(self, call: Call[R], *more: Call[R], id: str = "", told_by: str = "") -> Done[R]:
        """Do an act, or the same act for several, in one transaction with one ledger line.

        With several, `value` is what the last returned. `id` names the try: the same id again answers what was done
        the first time. `told_by` is who told it to the person at the desk: a member of staff, or a typed name. Raises
        `Busy` when another terminal holds the file longer than the connection's timeout, any `PscError` of the act
        itself, and in each case nothing was written.
        """
        act_id = id or secrets.token_hex(12)
        name = call.act.name
        if any(one.act.name != name for one in more):
            raise ValueError(f"{name}: one act for several, not several acts")
        if name == "undo":  # which may be of an act whose code nobody has needed yet
            know_every_act()
        with translated():
            self.file.check_same()
            with self.file.atomic():
                self.file.check_schema()
                if (known := self._known(act_id, name)) is not None:
                    return known
                actor = self.staff()
                now = self.clock.now()
                head = ledger.head(self.file)
                tx = Tx(self.file, now, actor, self.terminal, head.next_seq, scope_of(name, actor))
                for one in (call, *more):
                    value = one.act.run(tx, *one.args, **one.kwargs)
                asked = [{"args": one.args, **one.kwargs} for one in (call, *more)]
                detail = _detail({"asked": asked, "value": value, **tx.said})
                seq, mac = ledger.append(
                    self.file,
                    at=now,
                    terminal=self.terminal,
                    actor=actor.code,
                    role=actor.role.value,
                    act=name,
                    act_id=act_id,
                    detail=detail,
                    students=sorted(tx.students),
                    undoes=tx.undoes,
                    after=head,
                )
                if not told_by and len(tx.tellers) == 1:  # whoever told it still did once it is corrected
                    told_by = next(iter(tx.tellers))
                if told := clean(told_by):
                    self.file.execute("INSERT INTO told (seq, who) VALUES (?, ?)", (seq, told))
        ledger.write_anchor(self.file, seq, mac)
        return Done(name, act_id, seq, now, tuple(sorted(tx.students)), value)

    def do_patiently(
        self, call: Call[R], *more: Call[R], id: str = "", seconds: float = 10, told_by: str = ""
    ) -> Done[R]:
        """Do an act, trying again for up to `seconds` while other terminals write. For where waiting is no harm."""
        act_id = id or secrets.token_hex(12)
        until = time.monotonic() + seconds
        while True:
            try:
                return self.do(call, *more, id=act_id, told_by=told_by)
            except Busy as busy:
                if not busy.passes or time.monotonic() > until:
                    raise
                time.sleep(0.01 + secrets.randbelow(20) / 1000)

    def _known(self, act_id: str, name: str) -> Done[Any] | None:
        found = self.file.row("SELECT seq, at, act FROM ledger WHERE act_id = ?", (act_id,))
        if found is None:
            return None
        seq, at, was = found
        if was != name:
            raise NotUnderstood("That act id belongs to another act.", "Give each act an id of its own.")
        stored = self.file.value("SELECT json FROM ledger_detail WHERE seq = ?", (seq,))
        students = self.file.rows("SELECT student_id FROM ledger_student WHERE seq = ? ORDER BY student_id", (seq,))
        value = json.loads(stored)["value"] if stored else None
        return Done(was, act_id, seq, moment(at), tuple(student for (student,) in students), value, repeated=True)


@act("undo")
def undo(tx: Tx) -> str:
    """Take back the actor's own last undoable act at this terminal, whole, and return that act's name.

    Raises `Refused` when there is none within `UNDO_WITHIN`, or when a later act rests on it.
    """
    names = [name for name, known in ACTS.items() if known.resting is not None]
    found = tx.file.row(
        "SELECT seq, act, at FROM ledger l WHERE actor = ? AND terminal = ? AND at >= ?"
        f" AND act IN ({', '.join('?' * len(names))})"
        " AND NOT EXISTS (SELECT 1 FROM ledger u WHERE u.undoes = l.seq) ORDER BY seq DESC LIMIT 1",
        (tx.actor.code, tx.terminal, stamp(tx.now - UNDO_WITHIN), *names),
    )
    if found is None:
        raise Refused(
            "There is nothing of yours to undo in the last 10 minutes.",
            "An older slip is corrected with U, not undone.",
        )
    seq, name, _ = found
    resting = sorted({*(ACTS[name].resting or ()), *ALWAYS_RESTING})
    later = tx.file.row(
        "SELECT l.act, l.actor, l.at FROM ledger_student mine JOIN ledger_student theirs"
        " ON theirs.student_id = mine.student_id AND theirs.seq > mine.seq JOIN ledger l ON l.seq = theirs.seq"
        f" WHERE mine.seq = ? AND l.act IN ({', '.join('?' * len(resting))})"
        " AND NOT EXISTS (SELECT 1 FROM ledger u WHERE u.undoes = l.seq) ORDER BY l.seq LIMIT 1",
        (seq, *resting),
    )
    if later is not None:
        what, who, at = later
        clock = wall(moment(at), tx.file.zone)
        raise Refused(
            f"Your “{name.replace('_', ' ')}” has been built on: “{what.replace('_', ' ')}” by {who} at {clock}.",
            "That one must be undone first, or the time corrected.",
        )
    for (student_id,) in tx.file.rows("SELECT student_id FROM ledger_student WHERE seq = ?", (seq,)):
        if student_id in tx.actor.barred and scope_of(name, tx.actor) is not Scope.ROLL:
            raise NotAllowed("A student whom that was about is not shown to you.", "Ask a colleague to do it.")
        tx.students.add(student_id)
    tx.undoes = seq
    tx.take_back(seq, "undone")
    if (afterwards := ACTS[name].afterwards) is not None:
        afterwards(tx)
    return str(name)
