"""The tables of the third schema: who may sit down at the machine, and what a school may change of psc's own words.

`secret`, `guess` and `draft` are written in place and are no facts: a secret's history would only help whoever guesses.
"""

from __future__ import annotations

_REASONS = (
    ("Persistent disruption", "DB"),
    ("Defiance", ""),
    ("Verbal abuse of student", "VP"),
    ("Verbal abuse of adult", "VA"),
    ("Physical assault on student", "PP"),
    ("Physical assault on adult", "PA"),
    ("Fighting", "PP"),
    ("Bullying", "BU"),
    ("Racist abuse", "RA"),
    ("Homophobic or gender-based abuse", "LG"),
    ("Disability abuse", "DS"),
    ("Sexual misconduct", "SM"),
    ("Drugs or alcohol", "DA"),
    ("Vaping", ""),
    ("Offensive weapon or prohibited item", "OW"),
    ("Damage", "DM"),
    ("Theft", "TH"),
    ("Phone or online", "MT"),
    ("Truancy", ""),
    ("Out of bounds", ""),
    ("Uniform", ""),
    ("Failed removal", ""),
    ("Missed detention", ""),
    ("Dangerous behaviour", ""),
    ("Other", ""),
)
"""The reasons a school begins with, and the letters under which the suspension census counts them, where it does."""


def tables(fact: str) -> str:
    """Return the statements that make them; `fact` is the columns every fact has."""
    reasons = ", ".join(f"({place}, '{name}', '{census}')" for place, (name, census) in enumerate(_REASONS, 1))
    return f"""
CREATE TABLE secret (
    staff_id INTEGER PRIMARY KEY REFERENCES staff (id),
    hash TEXT NOT NULL CHECK (hash GLOB '$argon2id$*'),
    temporary_until TEXT CHECK (temporary_until GLOB '????-??-??T??:??:??Z'),
    pin_salt TEXT NOT NULL DEFAULT '',
    pin_seal TEXT NOT NULL DEFAULT '',
    CHECK ((pin_salt = '') = (pin_seal = ''))
) STRICT;
CREATE TABLE guess (
    who TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('passphrase', 'pin')),
    wrong INTEGER NOT NULL CHECK (wrong >= 0),
    steady INTEGER NOT NULL,
    PRIMARY KEY (who, what)
) STRICT, WITHOUT ROWID;
CREATE TABLE draft (
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    form TEXT NOT NULL,
    about TEXT NOT NULL,
    saved TEXT NOT NULL CHECK (saved GLOB '????-??-??T??:??:??Z'),
    json TEXT NOT NULL CHECK (json_valid(json)),
    PRIMARY KEY (staff_id, form, about)
) STRICT, WITHOUT ROWID;

CREATE TABLE cover_pass (
    id INTEGER PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    agency TEXT NOT NULL,
    rooms TEXT NOT NULL CHECK (json_valid(rooms)),
    {fact}
) STRICT;
CREATE INDEX cover_pass_staff ON cover_pass (staff_id);
CREATE INDEX cover_pass_day ON cover_pass (day);
CREATE INDEX cover_pass_seq ON cover_pass (seq);
CREATE TABLE delegation (
    id INTEGER PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    year INTEGER NOT NULL CHECK (year BETWEEN 0 AND 14),
    from_day TEXT NOT NULL CHECK (from_day GLOB '????-??-??'),
    until_day TEXT NOT NULL CHECK (until_day GLOB '????-??-??' AND until_day >= from_day),
    {fact}
) STRICT;
CREATE INDEX delegation_staff ON delegation (staff_id, until_day);
CREATE INDEX delegation_seq ON delegation (seq);
CREATE TABLE barred (
    id INTEGER PRIMARY KEY,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    student_id INTEGER NOT NULL REFERENCES student (id),
    why TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX barred_staff ON barred (staff_id);
CREATE INDEX barred_student ON barred (student_id);
CREATE INDEX barred_seq ON barred (seq);

CREATE TABLE reason (
    id INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
    census TEXT NOT NULL DEFAULT '' CHECK (census = '' OR census GLOB '[A-Z][A-Z]'),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
INSERT INTO reason (place, name, census) VALUES {reasons};
CREATE TABLE template (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX template_name ON template (name, id);
CREATE INDEX student_key_worker ON student (key_worker_id) WHERE key_worker_id IS NOT NULL;
"""
