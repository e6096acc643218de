"""The tables of the second schema: what a room needs from opening to home time, and a school in September."""

from __future__ import annotations


def tables(fact: str) -> str:
    """Return the statements that make them; `fact` is the columns every fact has."""
    return f"""
ALTER TABLE movement ADD COLUMN to_room_id INTEGER REFERENCES room (id);
ALTER TABLE room ADD COLUMN welfare_minutes INTEGER CHECK (welfare_minutes > 0);
ALTER TABLE student ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0 CHECK (provisional IN (0, 1));
ALTER TABLE student ADD COLUMN merged_into INTEGER REFERENCES student (id);
CREATE INDEX student_folded ON student (folded);

CREATE TABLE told (
    seq INTEGER PRIMARY KEY REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED,
    who TEXT NOT NULL CHECK (who <> '')
) STRICT;

CREATE TABLE sighting (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    told TEXT NOT NULL,
    place TEXT NOT NULL,
    {fact},
    CHECK (told <> '' OR place <> '')
) STRICT;
CREATE INDEX sighting_day ON sighting (day, student_id);
CREATE INDEX sighting_seq ON sighting (seq);
CREATE TABLE confirmation (
    id INTEGER PRIMARY KEY,
    placement_id INTEGER NOT NULL REFERENCES placement (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('confirmed', 'changed', 'ended')),
    reason TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX confirmation_placement ON confirmation (placement_id);
CREATE INDEX confirmation_seq ON confirmation (seq);
CREATE TABLE suspension (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    visit_id INTEGER REFERENCES visit (id),
    decided_by TEXT NOT NULL CHECK (decided_by <> ''),
    {fact}
) STRICT;
CREATE INDEX suspension_student ON suspension (student_id);
CREATE INDEX suspension_day ON suspension (day);
CREATE INDEX suspension_seq ON suspension (seq);

CREATE TABLE duty_mark (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES room (id),
    kind TEXT NOT NULL CHECK (kind IN ('on', 'off')),
    staff_id INTEGER REFERENCES staff (id),
    name TEXT NOT NULL,
    {fact},
    CHECK (staff_id IS NOT NULL OR name <> '')
) STRICT;
CREATE INDEX duty_mark_day ON duty_mark (day, room_id);
CREATE INDEX duty_mark_seq ON duty_mark (seq);
CREATE TABLE rota_entry (
    id INTEGER PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    on_day TEXT NOT NULL CHECK (on_day GLOB '????-??-??'),
    starts TEXT NOT NULL CHECK (starts GLOB '??:??'),
    ends TEXT NOT NULL CHECK (ends GLOB '??:??' AND ends > starts),
    kind TEXT NOT NULL CHECK (kind IN ('duty', 'break', 'meeting', 'other')),
    room_id INTEGER REFERENCES room (id),
    note TEXT NOT NULL,
    {fact},
    CHECK ((kind = 'duty') = (room_id IS NOT NULL))
) STRICT;
CREATE INDEX rota_entry_day ON rota_entry (on_day, staff_id);
CREATE INDEX rota_entry_seq ON rota_entry (seq);

CREATE TABLE welfare_check (
    id INTEGER PRIMARY KEY,
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    state TEXT NOT NULL CHECK (state IN ('settled', 'upset', 'asked for help')),
    offered TEXT NOT NULL CHECK (offered IN ('', 'water', 'food', 'water and food')),
    {fact}
) STRICT;
CREATE INDEX welfare_check_visit ON welfare_check (visit_id);
CREATE INDEX welfare_check_seq ON welfare_check (seq);
CREATE TABLE held_item (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    kind TEXT NOT NULL CHECK (kind IN ('phone', 'confiscated', 'lent', 'medication')),
    what TEXT NOT NULL,
    why TEXT NOT NULL,
    searched_by TEXT NOT NULL,
    kept_where TEXT NOT NULL,
    due TEXT NOT NULL DEFAULT '' CHECK (due = '' OR due GLOB '[0-2][0-9]:[0-5][0-9]'),
    {fact}
) STRICT;
CREATE INDEX held_item_student ON held_item (student_id, day);
CREATE INDEX held_item_day ON held_item (day);
CREATE INDEX held_item_seq ON held_item (seq);
CREATE TABLE held_end (
    id INTEGER PRIMARY KEY,
    held_id INTEGER NOT NULL REFERENCES held_item (id),
    how TEXT NOT NULL CHECK (how IN ('returned', 'passed on', 'given')),
    to_whom TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX held_end_item ON held_end (held_id, day);
CREATE INDEX held_end_seq ON held_end (seq);
CREATE TABLE lunch (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    room_id INTEGER NOT NULL REFERENCES room (id),
    choice TEXT NOT NULL CHECK (choice <> ''),
    {fact}
) STRICT;
CREATE INDEX lunch_day ON lunch (day, student_id);
CREATE INDEX lunch_seq ON lunch (seq);
CREATE TABLE lunch_taken (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    taken INTEGER NOT NULL CHECK (taken IN (0, 1)),
    {fact}
) STRICT;
CREATE INDEX lunch_taken_day ON lunch_taken (day, student_id);
CREATE INDEX lunch_taken_seq ON lunch_taken (seq);
CREATE TABLE home_contact (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    contact TEXT NOT NULL CHECK (contact <> ''),
    how TEXT NOT NULL CHECK (how IN ('phone', 'text', 'email', 'in person')),
    outcome TEXT NOT NULL CHECK (outcome IN ('told', 'no answer', 'message left')),
    note TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX home_contact_day ON home_contact (day, student_id);
CREATE INDEX home_contact_seq ON home_contact (seq);

CREATE TABLE evacuation (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('drill', 'real')),
    {fact}
) STRICT;
CREATE INDEX evacuation_day ON evacuation (day);
CREATE INDEX evacuation_seq ON evacuation (seq);
CREATE TABLE evacuation_tick (
    id INTEGER PRIMARY KEY,
    evacuation_id INTEGER NOT NULL REFERENCES evacuation (id),
    student_id INTEGER NOT NULL REFERENCES student (id),
    {fact}
) STRICT;
CREATE INDEX evacuation_tick_evacuation ON evacuation_tick (evacuation_id, student_id);
CREATE INDEX evacuation_tick_seq ON evacuation_tick (seq);
CREATE TABLE evacuation_end (
    id INTEGER PRIMARY KEY,
    evacuation_id INTEGER NOT NULL REFERENCES evacuation (id),
    {fact}
) STRICT;
CREATE INDEX evacuation_end_evacuation ON evacuation_end (evacuation_id);
CREATE INDEX evacuation_end_seq ON evacuation_end (seq);

CREATE TABLE student_event (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    on_day TEXT NOT NULL CHECK (on_day GLOB '????-??-??'),
    starts TEXT NOT NULL CHECK (starts GLOB '??:??'),
    ends TEXT NOT NULL CHECK (ends GLOB '??:??' AND ends > starts),
    kind TEXT NOT NULL CHECK (kind IN ('exam', 'trip', 'medical', 'music', 'appointment', 'other')),
    note TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX student_event_day ON student_event (on_day, student_id);
CREATE INDEX student_event_seq ON student_event (seq);
CREATE TABLE day_close (
    id INTEGER PRIMARY KEY,
    note TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX day_close_day ON day_close (day);
CREATE INDEX day_close_seq ON day_close (seq);

CREATE TABLE academic_year (
    starts TEXT PRIMARY KEY CHECK (starts GLOB '????-??-??'),
    seq INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE TABLE preference (
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (staff_id, name)
) STRICT, WITHOUT ROWID;
"""
