"""The tables of the fourth schema: from a referral to a seat, and real lessons' work on the desk.

Work belongs to a student, a day and a period, not to a placement: a booking that is moved, cut short or made again
finds the work that came. What a lesson is stands in the timetable; `work_lesson` keeps what it was before a new
timetable came.
"""

from __future__ import annotations

_TYPES = (
    "removal",
    "internal_exclusion",
    "internal_suspension",
    "readmission",
    "psc_programme",
    "phased_return",
    "alternative_timetable",
    "time_out",
    "regulation",
    "investigation_hold",
    "safeguarding_separation",
    "missed_detention",
    "guest",
)
"""The types of placement, as the table of placements has them too."""


def tables(fact: str) -> str:
    """Return the statements that make them; `fact` is the columns every fact has."""
    types = ", ".join(f"'{one}'" for one in _TYPES)
    day = "TEXT NOT NULL CHECK (on_day GLOB '????-??-??')"
    return f"""
ALTER TABLE confirmation ADD COLUMN adjustment TEXT NOT NULL DEFAULT '';

CREATE TABLE referral (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    place TEXT NOT NULL,
    period TEXT NOT NULL,
    subject TEXT NOT NULL,
    teacher TEXT NOT NULL,
    facts TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    tried TEXT NOT NULL,
    others TEXT NOT NULL,
    adjustment TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ({types})),
    room_id INTEGER REFERENCES room (id),
    asked TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX referral_student ON referral (student_id);
CREATE INDEX referral_day ON referral (day);
CREATE INDEX referral_seq ON referral (seq);
CREATE TABLE referral_decision (
    id INTEGER PRIMARY KEY,
    referral_id INTEGER NOT NULL REFERENCES referral (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('approved', 'changed', 'declined', 'withdrawn')),
    why TEXT NOT NULL,
    reason TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ({types})),
    room_id INTEGER REFERENCES room (id),
    asked TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX referral_decision_referral ON referral_decision (referral_id);
CREATE INDEX referral_decision_seq ON referral_decision (seq);
ALTER TABLE placement ADD COLUMN referral_id INTEGER REFERENCES referral (id);
CREATE INDEX placement_referral ON placement (referral_id) WHERE referral_id IS NOT NULL;
CREATE TABLE waiting (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    room_id INTEGER NOT NULL REFERENCES room (id),
    type TEXT NOT NULL CHECK (type IN ({types})),
    reason TEXT NOT NULL,
    asked TEXT NOT NULL CHECK (asked <> ''),
    referral_id INTEGER REFERENCES referral (id),
    {fact}
) STRICT;
CREATE INDEX waiting_student ON waiting (student_id);
CREATE INDEX waiting_seq ON waiting (seq);
CREATE TABLE waiting_end (
    id INTEGER PRIMARY KEY,
    waiting_id INTEGER NOT NULL REFERENCES waiting (id),
    placement_id INTEGER REFERENCES placement (id),
    why TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX waiting_end_waiting ON waiting_end (waiting_id);
CREATE INDEX waiting_end_seq ON waiting_end (seq);

CREATE TABLE programme (
    id INTEGER PRIMARY KEY,
    placement_id INTEGER NOT NULL REFERENCES placement (id),
    purpose TEXT NOT NULL,
    success TEXT NOT NULL,
    pattern TEXT NOT NULL CHECK (json_valid(pattern)),
    induction_day TEXT NOT NULL CHECK (induction_day GLOB '????-??-??'),
    review_day TEXT NOT NULL CHECK (review_day GLOB '????-??-??' AND review_day >= induction_day),
    until_day TEXT NOT NULL CHECK (until_day GLOB '????-??-??' AND until_day >= review_day),
    {fact}
) STRICT;
CREATE INDEX programme_placement ON programme (placement_id);
CREATE INDEX programme_seq ON programme (seq);
CREATE TABLE programme_step (
    id INTEGER PRIMARY KEY,
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    stage TEXT NOT NULL CHECK (stage IN ('induction', 'review', 'transition')),
    outcome TEXT NOT NULL CHECK (outcome <> ''),
    note TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX programme_step_programme ON programme_step (programme_id);
CREATE INDEX programme_step_seq ON programme_step (seq);
CREATE TABLE adjustment_mark (
    id INTEGER PRIMARY KEY,
    placement_period_id INTEGER NOT NULL REFERENCES placement_period (id),
    given INTEGER NOT NULL CHECK (given IN (0, 1)),
    {fact}
) STRICT;
CREATE INDEX adjustment_mark_period ON adjustment_mark (placement_period_id);
CREATE INDEX adjustment_mark_seq ON adjustment_mark (seq);

CREATE TABLE work_lesson (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    on_day {day},
    period TEXT NOT NULL,
    subject TEXT NOT NULL,
    class_code TEXT NOT NULL,
    teacher TEXT NOT NULL,
    room TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX work_lesson_day ON work_lesson (on_day, student_id);
CREATE INDEX work_lesson_student ON work_lesson (student_id);
CREATE INDEX work_lesson_seq ON work_lesson (seq);
CREATE TABLE work_ask (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    on_day {day},
    period TEXT NOT NULL,
    subject TEXT NOT NULL,
    class_code TEXT NOT NULL,
    teacher TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('copied', 'saved', 'sent', 'asked')),
    {fact}
) STRICT;
CREATE INDEX work_ask_day ON work_ask (on_day, student_id);
CREATE INDEX work_ask_student ON work_ask (student_id);
CREATE INDEX work_ask_seq ON work_ask (seq);
CREATE TABLE pack (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL CHECK (subject <> ''),
    year INTEGER CHECK (year BETWEEN 0 AND 14),
    unit TEXT NOT NULL,
    code TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (code <> ''),
    kept TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE work_arrival (
    id INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES student (id),
    on_day {day},
    period TEXT NOT NULL,
    subject TEXT NOT NULL,
    class_code TEXT NOT NULL,
    teacher TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('link', 'file', 'paper', 'pack')),
    place TEXT NOT NULL,
    task TEXT NOT NULL,
    pages TEXT NOT NULL,
    minutes INTEGER CHECK (minutes > 0),
    adaptation TEXT NOT NULL,
    equipment TEXT NOT NULL,
    return_to TEXT NOT NULL,
    pack_id INTEGER REFERENCES pack (id),
    {fact},
    CHECK ((kind = 'pack') = (pack_id IS NOT NULL))
) STRICT;
CREATE INDEX work_arrival_day ON work_arrival (on_day, student_id);
CREATE INDEX work_arrival_student ON work_arrival (student_id);
CREATE INDEX work_arrival_pack ON work_arrival (pack_id) WHERE pack_id IS NOT NULL;
CREATE INDEX work_arrival_seq ON work_arrival (seq);
CREATE TABLE work_issue (
    id INTEGER PRIMARY KEY,
    arrival_id INTEGER NOT NULL REFERENCES work_arrival (id),
    {fact}
) STRICT;
CREATE INDEX work_issue_arrival ON work_issue (arrival_id);
CREATE INDEX work_issue_seq ON work_issue (seq);
CREATE TABLE work_return (
    id INTEGER PRIMARY KEY,
    arrival_id INTEGER NOT NULL REFERENCES work_arrival (id),
    share INTEGER NOT NULL CHECK (share BETWEEN 0 AND 100),
    effort INTEGER CHECK (effort BETWEEN 1 AND 4),
    line TEXT NOT NULL,
    {fact}
) STRICT;
CREATE INDEX work_return_arrival ON work_return (arrival_id);
CREATE INDEX work_return_seq ON work_return (seq);
CREATE TABLE work_feedback (
    id INTEGER PRIMARY KEY,
    arrival_id INTEGER NOT NULL REFERENCES work_arrival (id),
    how TEXT NOT NULL CHECK (how IN ('copied', 'saved', 'sent')),
    {fact}
) STRICT;
CREATE INDEX work_feedback_arrival ON work_feedback (arrival_id);
CREATE INDEX work_feedback_seq ON work_feedback (seq);
"""
