"""The schema, as the migrations that build it; nothing else changes a table.

Tables are STRICT. *Facts* carry `happened` and `recorded` (UTC), the school `day`, and `seq`, the ledger line of the
act that added them; they are never updated or deleted: a row in `retraction` takes one back. What is edited in place (a
student's details, a room) is not a fact, and says so by having no `seq`.
"""

from __future__ import annotations

from sqlite3 import complete_statement
from typing import TYPE_CHECKING

from sqlite_utils import Database, Migrations

from psc.database import bookings_and_work, incidents_and_story, shared_machine, whole_day

if TYPE_CHECKING:
    from collections.abc import Sequence

APPLICATION_ID = 0x70736331  # "psc1"
LATEST = 5
"""The schema this psc writes: `user_version` of the file."""

migrations = Migrations("psc")

_FIRST_FACTS = (
    "placement",
    "placement_period",
    "visit",
    "movement",
    "seating",
    "period_check",
    "attendance_mark",
    "waiver",
    "keep_apart",
    "alert",
    "retraction",
)
_FIRST_GUARDED = (*_FIRST_FACTS, "ledger", "ledger_student", "ledger_detail", "import_change", "enrolment", "setting")
_SECOND_FACTS = (
    "sighting",
    "confirmation",
    "suspension",
    "duty_mark",
    "rota_entry",
    "welfare_check",
    "held_item",
    "held_end",
    "lunch",
    "lunch_taken",
    "home_contact",
    "evacuation",
    "evacuation_tick",
    "evacuation_end",
    "student_event",
    "day_close",
)
_SECOND_GUARDED = (*_SECOND_FACTS, "told", "academic_year")
_THIRD_FACTS = ("cover_pass", "delegation", "barred")
_THIRD_GUARDED = (*_THIRD_FACTS, "template")
_FOURTH_FACTS = (
    "referral",
    "referral_decision",
    "waiting",
    "waiting_end",
    "programme",
    "programme_step",
    "adjustment_mark",
    "work_lesson",
    "work_ask",
    "work_arrival",
    "work_issue",
    "work_return",
    "work_feedback",
)
_FIFTH_FACTS = (
    "incident",
    "incident_version",
    "incident_student",
    "incident_adult",
    "incident_told",
    "incident_end",
    "incident_addendum",
    "agreed_action",
    "agreed_action_end",
    "restrictive",
    "restrictive_version",
    "restrictive_told",
    "restrictive_review",
    "restrictive_addendum",
    "statement",
    "statement_version",
    "statement_conflict",
    "statement_addendum",
    "evidence",
    "evidence_end",
    "investigation",
    "investigation_incident",
    "investigation_event",
    "investigation_end",
    "note",
    "note_version",
    "note_addendum",
)

FACTS = (*_FIRST_FACTS, *_SECOND_FACTS, *_THIRD_FACTS, *_FOURTH_FACTS, *_FIFTH_FACTS)
"""Every table of facts. An act's undo retracts what it added to these."""

APPEND_ONLY = (*_FIRST_GUARDED, *_SECOND_GUARDED, *_THIRD_GUARDED, *_FOURTH_FACTS, *_FIFTH_FACTS)
"""Every table whose rows nothing may change."""

_FACT = """
    happened TEXT NOT NULL CHECK (happened GLOB '????-??-??T??:??:??Z'),
    recorded TEXT NOT NULL CHECK (recorded GLOB '????-??-??T??:??:??Z'),
    day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
    seq INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED
"""

_TABLES = f"""
CREATE TABLE school_file (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    file_id TEXT NOT NULL,
    school TEXT NOT NULL,
    zone TEXT NOT NULL,
    created TEXT NOT NULL,
    demo_moment TEXT
) STRICT;

CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    terminal TEXT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    act TEXT NOT NULL,
    act_id TEXT NOT NULL UNIQUE,
    undoes INTEGER REFERENCES ledger (seq),
    digest TEXT NOT NULL,
    mac TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_actor ON ledger (actor, terminal, seq);
CREATE INDEX ledger_epoch ON ledger (seq) WHERE act = 'epoch';
CREATE UNIQUE INDEX ledger_undoes ON ledger (undoes) WHERE undoes IS NOT NULL;
CREATE TABLE ledger_student (
    seq INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED,
    student_id INTEGER NOT NULL REFERENCES student (id),
    PRIMARY KEY (student_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_student_seq ON ledger_student (seq);
CREATE TABLE ledger_detail (
    seq INTEGER PRIMARY KEY REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED,
    salt TEXT NOT NULL,
    json TEXT NOT NULL CHECK (json_valid(json))
) STRICT;
CREATE TABLE disposing ("table" TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY ("table", id)) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    value TEXT NOT NULL CHECK (json_valid(value)),
    from_day TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX setting_name ON setting (name, from_day);

CREATE TABLE staff (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (code <> ''),
    title TEXT NOT NULL,
    forename TEXT NOT NULL,
    surname TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('assistant', 'cover', 'coordinator', 'head_of_year', 'behaviour_lead',
        'safeguarding', 'admin', 'teacher')),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE staff_year (
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    year INTEGER NOT NULL CHECK (year BETWEEN 0 AND 14),
    PRIMARY KEY (staff_id, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE student (
    id INTEGER PRIMARY KEY,
    admission_no TEXT UNIQUE CHECK (admission_no <> ''),
    upn TEXT UNIQUE CHECK (upn <> ''),
    former_upn TEXT NOT NULL DEFAULT '',
    surname TEXT NOT NULL,
    forename TEXT NOT NULL,
    legal_surname TEXT NOT NULL DEFAULT '',
    legal_forename TEXT NOT NULL DEFAULT '',
    middle_names TEXT NOT NULL DEFAULT '',
    dob TEXT CHECK (dob GLOB '????-??-??'),
    sex TEXT NOT NULL DEFAULT '',
    house TEXT NOT NULL DEFAULT '',
    sen TEXT NOT NULL DEFAULT '' CHECK (sen IN ('', 'N', 'K', 'E')),
    pupil_premium INTEGER CHECK (pupil_premium IN (0, 1)),
    fsm INTEGER CHECK (fsm IN (0, 1)),
    looked_after INTEGER CHECK (looked_after IN (0, 1)),
    eal INTEGER CHECK (eal IN (0, 1)),
    ethnicity TEXT NOT NULL DEFAULT '',
    dietary TEXT NOT NULL DEFAULT '',
    key_worker_id INTEGER REFERENCES staff (id),
    left_on TEXT CHECK (left_on GLOB '????-??-??'),
    folded TEXT NOT NULL,
    CHECK (surname <> '' OR forename <> '')
) STRICT;
CREATE INDEX student_former_upn ON student (former_upn) WHERE former_upn <> '';
CREATE INDEX student_name ON student (surname, forename);
CREATE TABLE enrolment (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    from_day TEXT NOT NULL CHECK (from_day GLOB '????-??-??'),
    year INTEGER CHECK (year BETWEEN 0 AND 14),
    form TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX enrolment_student ON enrolment (student_id, from_day, id);
CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    place INTEGER NOT NULL,
    surname TEXT NOT NULL,
    forename TEXT NOT NULL,
    relationship TEXT NOT NULL,
    responsibility INTEGER NOT NULL CHECK (responsibility IN (0, 1)),
    phones TEXT NOT NULL CHECK (json_valid(phones)),
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    do_not_contact INTEGER NOT NULL DEFAULT 0 CHECK (do_not_contact IN (0, 1)),
    UNIQUE (student_id, place)
) STRICT;
CREATE TABLE alert (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    emergency INTEGER NOT NULL CHECK (emergency IN (0, 1)),
    {_FACT}
) STRICT;
CREATE INDEX alert_student ON alert (student_id);
CREATE TABLE import_change (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED,
    student_id INTEGER NOT NULL REFERENCES student (id),
    field TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;
CREATE INDEX import_change_student ON import_change (student_id);
CREATE TABLE import_profile (
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    columns TEXT NOT NULL CHECK (json_valid(columns)),
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (code <> ''),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('IER', 'PSC')),
    seats INTEGER NOT NULL CHECK (seats > 0),
    hide_why INTEGER NOT NULL CHECK (hide_why IN (0, 1)),
    meals_in_room INTEGER NOT NULL DEFAULT 1 CHECK (meals_in_room IN (0, 1))
) STRICT;

CREATE TABLE shape (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE UNIQUE) STRICT;
CREATE TABLE bell (
    shape_id INTEGER NOT NULL REFERENCES shape (id),
    year INTEGER NOT NULL CHECK (year BETWEEN 0 AND 14),
    period TEXT NOT NULL,
    starts TEXT NOT NULL CHECK (starts GLOB '??:??'),
    ends TEXT NOT NULL CHECK (ends GLOB '??:??' AND ends > starts),
    PRIMARY KEY (shape_id, year, period)
) STRICT, WITHOUT ROWID;
CREATE TABLE calendar_day (
    day TEXT PRIMARY KEY CHECK (day GLOB '????-??-??'),
    shape_id INTEGER REFERENCES shape (id),
    week TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE class (id INTEGER PRIMARY KEY, code TEXT NOT NULL COLLATE NOCASE UNIQUE) STRICT;
CREATE TABLE class_member (
    student_id INTEGER NOT NULL REFERENCES student (id),
    class_id INTEGER NOT NULL REFERENCES class (id),
    PRIMARY KEY (student_id, class_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE lesson (
    week TEXT NOT NULL,
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    period TEXT NOT NULL,
    class_id INTEGER NOT NULL REFERENCES class (id),
    subject TEXT NOT NULL,
    teacher TEXT NOT NULL,
    room TEXT NOT NULL,
    PRIMARY KEY (class_id, week, weekday, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE placement (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    room_id INTEGER NOT NULL REFERENCES room (id),
    type TEXT NOT NULL CHECK (type IN ('removal', 'internal_exclusion', 'internal_suspension', 'readmission',
        'psc_programme', 'phased_return', 'alternative_timetable', 'time_out', 'regulation', 'investigation_hold',
        'safeguarding_separation', 'missed_detention', 'guest')),
    reason TEXT NOT NULL,
    planned INTEGER NOT NULL CHECK (planned IN (0, 1)),
    sent_by INTEGER REFERENCES staff (id),
    override TEXT NOT NULL DEFAULT '',
    {_FACT}
) STRICT;
CREATE INDEX placement_student ON placement (student_id);
CREATE INDEX placement_seq ON placement (seq);
CREATE TABLE placement_period (
    id INTEGER PRIMARY KEY,
    placement_id INTEGER NOT NULL REFERENCES placement (id),
    on_day TEXT NOT NULL CHECK (on_day GLOB '????-??-??'),
    period TEXT NOT NULL,
    carried_from INTEGER REFERENCES placement_period (id),
    {_FACT}
) STRICT;
CREATE INDEX placement_period_day ON placement_period (on_day, placement_id);
CREATE INDEX placement_period_placement ON placement_period (placement_id, on_day);
CREATE INDEX placement_period_seq ON placement_period (seq);
CREATE INDEX placement_period_carried ON placement_period (carried_from) WHERE carried_from IS NOT NULL;
CREATE TABLE visit (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    room_id INTEGER NOT NULL REFERENCES room (id),
    {_FACT},
    UNIQUE (student_id, day, room_id)
) STRICT;
CREATE INDEX visit_day ON visit (day, room_id);
CREATE INDEX visit_seq ON visit (seq);
CREATE TABLE movement (
    id INTEGER PRIMARY KEY,
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    kind TEXT NOT NULL CHECK (kind IN ('in', 'out', 'back', 'left')),
    reason TEXT NOT NULL DEFAULT '' CHECK ((kind IN ('out', 'left')) = (reason <> '')),
    note TEXT NOT NULL DEFAULT '',
    override TEXT NOT NULL DEFAULT '',
    replaces INTEGER REFERENCES movement (id),
    {_FACT}
) STRICT;
CREATE INDEX movement_visit ON movement (visit_id);
CREATE INDEX movement_in ON movement (visit_id) WHERE kind = 'in';
CREATE INDEX movement_left ON movement (visit_id) WHERE kind = 'left';
CREATE INDEX movement_seq ON movement (seq);
CREATE TABLE seating (
    id INTEGER PRIMARY KEY,
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    seat INTEGER NOT NULL CHECK (seat > 0),
    {_FACT}
) STRICT;
CREATE INDEX seating_visit ON seating (visit_id);
CREATE INDEX seating_seq ON seating (seq);
CREATE TABLE period_check (
    id INTEGER PRIMARY KEY,
    placement_period_id INTEGER NOT NULL REFERENCES placement_period (id),
    mark INTEGER NOT NULL CHECK (mark BETWEEN 0 AND 4),
    {_FACT}
) STRICT;
CREATE INDEX period_check_period ON period_check (placement_period_id);
CREATE INDEX period_check_seq ON period_check (seq);
CREATE TABLE attendance_mark (
    id INTEGER PRIMARY KEY,
    placement_id INTEGER NOT NULL REFERENCES placement (id),
    kind TEXT NOT NULL CHECK (kind IN ('absent', 'no_show', 'cancelled')),
    code TEXT NOT NULL DEFAULT '',
    {_FACT}
) STRICT;
CREATE INDEX attendance_mark_day ON attendance_mark (day, placement_id);
CREATE INDEX attendance_mark_placement ON attendance_mark (placement_id);
CREATE INDEX attendance_mark_seq ON attendance_mark (seq);
CREATE TABLE waiver (
    id INTEGER PRIMARY KEY,
    placement_period_id INTEGER NOT NULL REFERENCES placement_period (id),
    reason TEXT NOT NULL CHECK (reason <> ''),
    {_FACT}
) STRICT;
CREATE INDEX waiver_period ON waiver (placement_period_id);
CREATE INDEX waiver_seq ON waiver (seq);
CREATE TABLE keep_apart (
    id INTEGER PRIMARY KEY,
    student_a INTEGER NOT NULL REFERENCES student (id),
    student_b INTEGER NOT NULL REFERENCES student (id),
    reason TEXT NOT NULL,
    until_day TEXT NOT NULL CHECK (until_day GLOB '????-??-??'),
    {_FACT},
    CHECK (student_a < student_b)
) STRICT;
CREATE INDEX keep_apart_a ON keep_apart (student_a);
CREATE INDEX keep_apart_b ON keep_apart (student_b);
CREATE INDEX keep_apart_seq ON keep_apart (seq);
CREATE INDEX alert_seq ON alert (seq);
CREATE TABLE retraction (
    id INTEGER PRIMARY KEY,
    fact TEXT NOT NULL,
    fact_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    {_FACT},
    UNIQUE (fact, fact_id)
) STRICT;
CREATE INDEX retraction_seq ON retraction (seq);
"""

# The columns that make a row unique: an INSERT OR REPLACE that hits one would delete the first row unseen where
# recursive triggers are off, so a guard before the insert refuses it.
_KEYS = {
    "ledger": (("seq",), ("act_id",), ("undoes",)),
    "ledger_student": (("student_id", "seq"),),
    "ledger_detail": (("seq",),),
    "visit": (("id",), ("student_id", "day", "room_id")),
    "retraction": (("id",), ("fact", "fact_id")),
    "told": (("seq",),),
    "academic_year": (("starts",),),
}


def guards(tables: Sequence[str] = APPEND_ONLY) -> dict[str, str]:
    """Return the append-only triggers of some tables, of all unless given, name to statement."""
    made = {}
    for table in tables:
        keys = _KEYS.get(table, (("id",),))
        own = "seq" if table in ("ledger_student", "academic_year") else keys[0][0]
        taken = " OR ".join(
            f"EXISTS (SELECT 1 FROM {table} WHERE " + " AND ".join(f"{c} = NEW.{c}" for c in key) + ")" for key in keys
        )
        refuse = f"SELECT RAISE(ABORT, 'append-only: {table}')"
        made[f"{table}_no_update"] = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refuse}; END"
        made[f"{table}_no_delete"] = (
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT EXISTS "
            f"(SELECT 1 FROM disposing WHERE \"table\" = '{table}' AND id = OLD.{own}) BEGIN {refuse}; END"
        )
        made[f"{table}_no_replace"] = (
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} BEGIN {refuse}; END"
        )
    return made


def missing_guards(db: Database) -> list[str]:
    """Return the append-only triggers that the file lacks or that were changed, by name."""
    standing = dict(db.conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall())
    return [name for name, sql in guards().items() if standing.get(name) != sql]


def _lay_out(db: Database, script: str) -> None:
    """Run a script within the migration's transaction: sqlite-utils would look for each statement's end by letters."""
    statement = ""
    for part in script.split(";"):
        statement += f"{part};"
        if complete_statement(statement):
            if part.strip():
                db.execute(statement)
            statement = ""


@migrations()
def m001_first(db: Database) -> None:
    """Lay out the first schema."""
    _lay_out(db, _TABLES)
    for statement in guards(_FIRST_GUARDED).values():
        db.execute(statement)
    db.execute("PRAGMA user_version = 1")


@migrations()
def m002_whole_day(db: Database) -> None:
    """Add what a whole day in the room, and a school in September, are kept in."""
    _lay_out(db, whole_day.tables(_FACT.rstrip()))
    for statement in guards(_SECOND_GUARDED).values():
        db.execute(statement)
    db.execute("PRAGMA user_version = 2")


@migrations()
def m003_shared_machine(db: Database) -> None:
    """Add what a machine that many hands use needs: secrets, drafts, passes, and the school's own words."""
    _lay_out(db, shared_machine.tables(_FACT.rstrip()))
    for statement in guards(_THIRD_GUARDED).values():
        db.execute(statement)
    db.execute("PRAGMA user_version = 3")


@migrations()
def m004_bookings_and_work(db: Database) -> None:
    """Add what a week is planned with: referrals, waiting, programmes; and the work of each period."""
    _lay_out(db, bookings_and_work.tables(_FACT.rstrip()))
    for statement in guards(_FOURTH_FACTS).values():
        db.execute(statement)
    db.execute("PRAGMA user_version = 4")


@migrations()
def m005_incidents_and_story(db: Database) -> None:
    """Add incidents with all that hangs on them, notes, what the school's system knows, and the search in them."""
    _lay_out(db, incidents_and_story.tables(_FACT.rstrip()))
    for statement in guards(_FIFTH_FACTS).values():
        db.execute(statement)
    db.execute("PRAGMA user_version = 5")
