"""The tables of the fifth schema: incidents and what hangs on them, notes, what a school's system knows, and search.

What somebody writes has an identity and versions: `incident` and `incident_version`. The latest version that stands
counts, every version stays, and each after the first says why. Who was there hangs on the identity.

`search_entry` and `search_text` are an index and no facts: they can be made anew from the records at any time. The rows
of `behaviour_record` and of attendance mirror the school's own system and follow it.
"""

from __future__ import annotations

_ADDED_TO = ("incident", "statement", "restrictive", "note")
_YES = "INTEGER NOT NULL CHECK ({0} IN (0, 1))"


def _yes(*names: str) -> str:
    return "\n    ".join(f"{name} {_YES.format(name)}," for name in names)


def tables(fact: str) -> str:
    """Return the statements that make them; `fact` is the columns every fact has."""
    moment = "GLOB '????-??-??T??:??:??Z'"
    day = "GLOB '????-??-??'"
    addenda = "".join(
        f"""
CREATE TABLE {one}_addendum (
    id INTEGER PRIMARY KEY,
    {one}_id INTEGER NOT NULL REFERENCES {one} (id),
    text TEXT NOT NULL CHECK (text <> ''),
    {fact}
) STRICT;
CREATE INDEX {one}_addendum_of ON {one}_addendum ({one}_id);
CREATE INDEX {one}_addendum_seq ON {one}_addendum (seq);
"""
        for one in _ADDED_TO
    )
    return f"""
CREATE TABLE incident (
    id INTEGER PRIMARY KEY,
    {fact}
) STRICT;
CREATE INDEX incident_seq ON incident (seq);
CREATE TABLE incident_version (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL REFERENCES incident (id),
    place TEXT NOT NULL,
    period TEXT NOT NULL,
    room_id INTEGER REFERENCES room (id),
    category TEXT NOT NULL CHECK (category <> ''),
    severity INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 5),
    antecedent TEXT NOT NULL,
    behaviour TEXT NOT NULL CHECK (behaviour <> ''),
    consequence TEXT NOT NULL,
    deescalation TEXT NOT NULL,
    {_yes("force", "prevented", "injury", "damage", "searched", "police")}
    kept_as TEXT NOT NULL CHECK (kept_as IN ('', 'seclusion', 'sanction', 'neither')),
    why TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX incident_version_incident ON incident_version (incident_id);
CREATE INDEX incident_version_day ON incident_version (day);
CREATE INDEX incident_version_seq ON incident_version (seq);
CREATE TABLE incident_student (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL REFERENCES incident (id),
    student_id INTEGER NOT NULL REFERENCES student (id),
    role TEXT NOT NULL CHECK (role IN ('involved', 'target', 'witness')),
    {fact}
) STRICT;
CREATE INDEX incident_student_incident ON incident_student (incident_id);
CREATE INDEX incident_student_student ON incident_student (student_id);
CREATE INDEX incident_student_seq ON incident_student (seq);
CREATE TABLE incident_adult (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL REFERENCES incident (id),
    staff_id INTEGER REFERENCES staff (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('involved', 'hurt', 'witness')),
    {fact},
    CHECK (staff_id IS NOT NULL OR name <> '')
) STRICT;
CREATE INDEX incident_adult_incident ON incident_adult (incident_id);
CREATE INDEX incident_adult_staff ON incident_adult (staff_id) WHERE staff_id IS NOT NULL;
CREATE INDEX incident_adult_seq ON incident_adult (seq);
CREATE TABLE incident_told (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL REFERENCES incident (id),
    who TEXT NOT NULL CHECK (who IN ('parent', 'safeguarding lead')),
    student_id INTEGER REFERENCES student (id),
    home_contact_id INTEGER REFERENCES home_contact (id),
    name TEXT NOT NULL,
    {fact},
    CHECK ((who = 'parent') = (home_contact_id IS NOT NULL)),
    CHECK (who <> 'parent' OR student_id IS NOT NULL)
) STRICT;
CREATE INDEX incident_told_incident ON incident_told (incident_id);
CREATE INDEX incident_told_student ON incident_told (student_id) WHERE student_id IS NOT NULL;
CREATE INDEX incident_told_contact ON incident_told (home_contact_id) WHERE home_contact_id IS NOT NULL;
CREATE INDEX incident_told_seq ON incident_told (seq);
CREATE TABLE incident_end (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL REFERENCES incident (id),
    state TEXT NOT NULL CHECK (state IN ('closed', 'reopened')),
    outcome TEXT NOT NULL CHECK (outcome <> ''),
    {fact}
) STRICT;
CREATE INDEX incident_end_incident ON incident_end (incident_id);
CREATE INDEX incident_end_seq ON incident_end (seq);
CREATE TABLE agreed_action (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER REFERENCES incident (id),
    student_id INTEGER REFERENCES student (id),
    what TEXT NOT NULL CHECK (what <> ''),
    owner_id INTEGER REFERENCES staff (id),
    owner TEXT NOT NULL,
    due_day TEXT NOT NULL CHECK (due_day {day}),
    {fact},
    CHECK (owner_id IS NOT NULL OR owner <> '')
) STRICT;
CREATE INDEX agreed_action_incident ON agreed_action (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX agreed_action_student ON agreed_action (student_id) WHERE student_id IS NOT NULL;
CREATE INDEX agreed_action_owner ON agreed_action (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX agreed_action_seq ON agreed_action (seq);
CREATE TABLE agreed_action_end (
    id INTEGER PRIMARY KEY,
    agreed_action_id INTEGER NOT NULL REFERENCES agreed_action (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'dropped')),
    note TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX agreed_action_end_of ON agreed_action_end (agreed_action_id);
CREATE INDEX agreed_action_end_seq ON agreed_action_end (seq);

CREATE TABLE restrictive (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL REFERENCES incident (id),
    student_id INTEGER NOT NULL REFERENCES student (id),
    {fact}
) STRICT;
CREATE INDEX restrictive_incident ON restrictive (incident_id);
CREATE INDEX restrictive_student ON restrictive (student_id);
CREATE INDEX restrictive_seq ON restrictive (seq);
CREATE TABLE restrictive_version (
    id INTEGER PRIMARY KEY,
    restrictive_id INTEGER NOT NULL REFERENCES restrictive (id),
    type TEXT NOT NULL CHECK (type IN ('restraint', 'mechanical', 'seclusion', 'non-contact')),
    starts TEXT NOT NULL CHECK (starts {moment}),
    ends TEXT NOT NULL CHECK (ends {moment} AND ends >= starts),
    place TEXT NOT NULL CHECK (place <> ''),
    staff TEXT NOT NULL CHECK (json_valid(staff)),
    led_up TEXT NOT NULL,
    deescalation TEXT NOT NULL,
    ended_how TEXT NOT NULL,
    injuries TEXT NOT NULL,
    medical TEXT NOT NULL,
    plan TEXT NOT NULL CHECK (plan IN ('none', 'followed', 'not followed', 'not known')),
    view TEXT NOT NULL,
    witnesses TEXT NOT NULL,
    debrief TEXT NOT NULL,
    why TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX restrictive_version_of ON restrictive_version (restrictive_id);
CREATE INDEX restrictive_version_day ON restrictive_version (day);
CREATE INDEX restrictive_version_seq ON restrictive_version (seq);
CREATE TABLE restrictive_told (
    id INTEGER PRIMARY KEY,
    restrictive_id INTEGER NOT NULL REFERENCES restrictive (id),
    contact TEXT NOT NULL CHECK (contact <> ''),
    home_contact_id INTEGER REFERENCES home_contact (id),
    withheld TEXT NOT NULL,
    authority TEXT NOT NULL,
    {fact},
    CHECK ((home_contact_id IS NULL) = (withheld <> '')),
    CHECK ((withheld <> '') = (authority <> ''))
) STRICT;
CREATE INDEX restrictive_told_of ON restrictive_told (restrictive_id);
CREATE INDEX restrictive_told_contact ON restrictive_told (home_contact_id) WHERE home_contact_id IS NOT NULL;
CREATE INDEX restrictive_told_seq ON restrictive_told (seq);
CREATE TABLE restrictive_review (
    id INTEGER PRIMARY KEY,
    restrictive_id INTEGER NOT NULL REFERENCES restrictive (id),
    kind TEXT NOT NULL CHECK (kind IN ('reviewed', 'signed off')),
    text TEXT NOT NULL CHECK (text <> ''),
    {fact}
) STRICT;
CREATE INDEX restrictive_review_of ON restrictive_review (restrictive_id);
CREATE INDEX restrictive_review_seq ON restrictive_review (seq);

CREATE TABLE statement (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL REFERENCES incident (id),
    student_id INTEGER REFERENCES student (id),
    staff_id INTEGER REFERENCES staff (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('involved', 'target', 'hurt', 'witness')),
    {fact},
    CHECK ((student_id IS NOT NULL) + (staff_id IS NOT NULL) + (name <> '') = 1)
) STRICT;
CREATE INDEX statement_incident ON statement (incident_id);
CREATE INDEX statement_student ON statement (student_id) WHERE student_id IS NOT NULL;
CREATE INDEX statement_seq ON statement (seq);
CREATE TABLE statement_version (
    id INTEGER PRIMARY KEY,
    statement_id INTEGER NOT NULL REFERENCES statement (id),
    taken_by TEXT NOT NULL CHECK (taken_by <> ''),
    starts TEXT NOT NULL CHECK (starts {moment}),
    ends TEXT NOT NULL CHECK (ends {moment} AND ends >= starts),
    place TEXT NOT NULL,
    pages TEXT NOT NULL CHECK (json_valid(pages) AND json_array_length(pages) > 0),
    {_yes("scribed", "read_back")}
    support TEXT NOT NULL,
    why TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX statement_version_of ON statement_version (statement_id);
CREATE INDEX statement_version_seq ON statement_version (seq);
CREATE TABLE statement_conflict (
    id INTEGER PRIMARY KEY,
    statement_id INTEGER NOT NULL REFERENCES statement (id),
    other_id INTEGER REFERENCES statement (id),
    what TEXT NOT NULL CHECK (what <> ''),
    {fact}
) STRICT;
CREATE INDEX statement_conflict_of ON statement_conflict (statement_id);
CREATE INDEX statement_conflict_other ON statement_conflict (other_id) WHERE other_id IS NOT NULL;
CREATE INDEX statement_conflict_seq ON statement_conflict (seq);
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL REFERENCES incident (id),
    kind TEXT NOT NULL CHECK (kind IN ('CCTV', 'photograph', 'message', 'object', 'document', 'other')),
    what TEXT NOT NULL CHECK (what <> ''),
    kept_where TEXT NOT NULL,
    keep_until TEXT CHECK (keep_until {day}),
    {fact}
) STRICT;
CREATE INDEX evidence_incident ON evidence (incident_id);
CREATE INDEX evidence_until ON evidence (keep_until) WHERE keep_until IS NOT NULL;
CREATE INDEX evidence_seq ON evidence (seq);
CREATE TABLE evidence_end (
    id INTEGER PRIMARY KEY,
    evidence_id INTEGER NOT NULL REFERENCES evidence (id),
    how TEXT NOT NULL CHECK (how IN ('saved', 'returned', 'passed on', 'destroyed', 'lost')),
    note TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX evidence_end_of ON evidence_end (evidence_id);
CREATE INDEX evidence_end_seq ON evidence_end (seq);
CREATE TABLE investigation (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL CHECK (title <> ''),
    purpose TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX investigation_seq ON investigation (seq);
CREATE TABLE investigation_incident (
    id INTEGER PRIMARY KEY,
    investigation_id INTEGER NOT NULL REFERENCES investigation (id),
    incident_id INTEGER NOT NULL REFERENCES incident (id),
    {fact}
) STRICT;
CREATE INDEX investigation_incident_of ON investigation_incident (investigation_id);
CREATE INDEX investigation_incident_incident ON investigation_incident (incident_id);
CREATE INDEX investigation_incident_seq ON investigation_incident (seq);
CREATE TABLE investigation_event (
    id INTEGER PRIMARY KEY,
    investigation_id INTEGER NOT NULL REFERENCES investigation (id),
    what TEXT NOT NULL CHECK (what <> ''),
    source TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX investigation_event_of ON investigation_event (investigation_id);
CREATE INDEX investigation_event_seq ON investigation_event (seq);
CREATE TABLE investigation_end (
    id INTEGER PRIMARY KEY,
    investigation_id INTEGER NOT NULL REFERENCES investigation (id),
    state TEXT NOT NULL CHECK (state IN ('closed', 'reopened')),
    outcome TEXT NOT NULL CHECK (outcome <> ''),
    {fact}
) STRICT;
CREATE INDEX investigation_end_of ON investigation_end (investigation_id);
CREATE INDEX investigation_end_seq ON investigation_end (seq);

CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    {fact}
) STRICT;
CREATE INDEX note_student ON note (student_id);
CREATE INDEX note_seq ON note (seq);
CREATE TABLE note_version (
    id INTEGER PRIMARY KEY,
    note_id INTEGER NOT NULL REFERENCES note (id),
    kind TEXT NOT NULL CHECK (kind IN ('pastoral', 'contact with home', 'listening support', 'home visit',
        'medication given', 'reward')),
    visibility TEXT NOT NULL CHECK (visibility IN ('room', 'year team', 'restricted')),
    text TEXT NOT NULL CHECK (text <> ''),
    why TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX note_version_of ON note_version (note_id);
CREATE INDEX note_version_day ON note_version (day);
CREATE INDEX note_version_seq ON note_version (seq);
{addenda}
CREATE TABLE behaviour_record (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    key TEXT NOT NULL CHECK (key <> ''),
    on_day TEXT NOT NULL CHECK (on_day {day}),
    at TEXT NOT NULL CHECK (at = '' OR at GLOB '[0-2][0-9]:[0-5][0-9]'),
    type TEXT NOT NULL,
    behaviour TEXT NOT NULL,
    activity TEXT NOT NULL,
    location TEXT NOT NULL,
    period TEXT NOT NULL,
    subject TEXT NOT NULL,
    class_code TEXT NOT NULL,
    staff TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    comments TEXT NOT NULL,
    points INTEGER,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status TEXT NOT NULL,
    import_seq INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX behaviour_record_key ON behaviour_record (student_id, key);
CREATE INDEX behaviour_record_day ON behaviour_record (student_id, on_day);
CREATE TABLE attendance_session (
    student_id INTEGER NOT NULL REFERENCES student (id),
    on_day TEXT NOT NULL CHECK (on_day {day}),
    half TEXT NOT NULL CHECK (half IN ('AM', 'PM')),
    code TEXT NOT NULL CHECK (code <> ''),
    minutes_late INTEGER CHECK (minutes_late >= 0),
    import_seq INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (student_id, on_day, half)
) STRICT, WITHOUT ROWID;
CREATE TABLE attendance_total (
    student_id INTEGER NOT NULL REFERENCES student (id),
    from_day TEXT NOT NULL CHECK (from_day {day}),
    until_day TEXT NOT NULL CHECK (until_day {day} AND until_day >= from_day),
    possible INTEGER NOT NULL CHECK (possible >= 0),
    attended INTEGER NOT NULL CHECK (attended BETWEEN 0 AND possible),
    late INTEGER CHECK (late >= 0),
    import_seq INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (student_id, from_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_entry (
    id INTEGER PRIMARY KEY,
    fact TEXT NOT NULL,
    fact_id INTEGER NOT NULL,
    UNIQUE (fact, fact_id)
) STRICT;
CREATE VIRTUAL TABLE search_text USING fts5 (
    words, who, content='', contentless_delete=1, prefix='1 2 3 4 5', tokenize="unicode61 remove_diacritics 0"
);
"""
