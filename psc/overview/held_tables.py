"""Where a student stands in the file: each table that holds something on one, and why the others hold nothing.

A table that is in neither list fails a test: what is new must be given out with the rest, or be said to hold nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

OWN = "student"
"""The ids of the student's record, and of those that were merged into it."""
INCIDENTS = "incident"
"""The ids of the incidents in which they stand."""

HELD: Mapping[str, tuple[str, str]] = {
    # table: (the column that says whose it is, the table that it names)
    "student": ("id", OWN),
    "enrolment": ("student_id", OWN),
    "contact": ("student_id", OWN),
    "class_member": ("student_id", OWN),
    "import_change": ("student_id", OWN),
    "alert": ("student_id", OWN),
    "barred": ("student_id", OWN),
    "keep_apart": ("student_a", OWN),
    "referral": ("student_id", OWN),
    "referral_decision": ("referral_id", "referral"),
    "placement": ("student_id", OWN),
    "placement_period": ("placement_id", "placement"),
    "waiver": ("placement_period_id", "placement_period"),
    "period_check": ("placement_period_id", "placement_period"),
    "adjustment_mark": ("placement_period_id", "placement_period"),
    "attendance_mark": ("placement_id", "placement"),
    "confirmation": ("placement_id", "placement"),
    "waiting": ("student_id", OWN),
    "waiting_end": ("waiting_id", "waiting"),
    "programme": ("placement_id", "placement"),
    "programme_step": ("programme_id", "programme"),
    "visit": ("student_id", OWN),
    "movement": ("visit_id", "visit"),
    "seating": ("visit_id", "visit"),
    "welfare_check": ("visit_id", "visit"),
    "sighting": ("student_id", OWN),
    "suspension": ("student_id", OWN),
    "held_item": ("student_id", OWN),
    "held_end": ("held_id", "held_item"),
    "lunch": ("student_id", OWN),
    "lunch_taken": ("student_id", OWN),
    "home_contact": ("student_id", OWN),
    "evacuation_tick": ("student_id", OWN),
    "student_event": ("student_id", OWN),
    "work_lesson": ("student_id", OWN),
    "work_ask": ("student_id", OWN),
    "work_arrival": ("student_id", OWN),
    "work_issue": ("arrival_id", "work_arrival"),
    "work_return": ("arrival_id", "work_arrival"),
    "work_feedback": ("arrival_id", "work_arrival"),
    "incident": ("id", INCIDENTS),
    "incident_version": ("incident_id", INCIDENTS),
    "incident_student": ("incident_id", INCIDENTS),
    "incident_adult": ("incident_id", INCIDENTS),
    "incident_told": ("incident_id", INCIDENTS),
    "incident_end": ("incident_id", INCIDENTS),
    "incident_addendum": ("incident_id", INCIDENTS),
    "agreed_action": ("incident_id", INCIDENTS),
    "agreed_action_end": ("agreed_action_id", "agreed_action"),
    "restrictive": ("student_id", OWN),
    "restrictive_version": ("restrictive_id", "restrictive"),
    "restrictive_told": ("restrictive_id", "restrictive"),
    "restrictive_review": ("restrictive_id", "restrictive"),
    "restrictive_addendum": ("restrictive_id", "restrictive"),
    "statement": ("incident_id", INCIDENTS),
    "statement_version": ("statement_id", "statement"),
    "statement_conflict": ("statement_id", "statement"),
    "statement_addendum": ("statement_id", "statement"),
    "evidence": ("incident_id", INCIDENTS),
    "evidence_end": ("evidence_id", "evidence"),
    "investigation_incident": ("incident_id", INCIDENTS),
    "investigation": ("id", "investigation"),
    "investigation_event": ("investigation_id", "investigation"),
    "investigation_end": ("investigation_id", "investigation"),
    "note": ("student_id", OWN),
    "note_version": ("note_id", "note"),
    "note_addendum": ("note_id", "note"),
    "behaviour_record": ("student_id", OWN),
    "attendance_session": ("student_id", OWN),
    "attendance_total": ("student_id", OWN),
}
"""What is given out, in the order in which it stands there: behind what it hangs on."""

SHARED: Mapping[str, str] = {
    "keep_apart": "student_b",
    "agreed_action": "student_id",
    "statement": "student_id",
}
"""What holds a student in another column as well: which."""

NOT_OTHERS = ("agreed_action", "incident_told")
"""Those that hang on an incident but, where they name a student, are about that one alone."""

ELSEWHERE: Mapping[str, str] = {
    "ledger": "who looked and who changed something, line by line",
    "ledger_student": "which lines of the ledger are the student's",
    "ledger_detail": "of the lines, what was done and why; the rest of it stands in the records themselves",
    "told": "who had told it, with each record",
    "retraction": "what was taken back and why, with each record",
}
"""What stands in an export in a form of its own."""

LEFT_OUT: Mapping[str, str] = {
    "_sqlite_migrations": "the file's own shape",
    "school_file": "the school",
    "disposing": "empty but while something is disposed of",
    "setting": "rules, which are the same for everybody",
    "staff": "staff, who are named where they did something",
    "staff_year": "staff",
    "import_profile": "how the school's files are read",
    "room": "rooms, which are named where the student was in them",
    "shape": "bells",
    "bell": "bells",
    "calendar_day": "the calendar",
    "class": "classes, which are named where the student is in them",
    "lesson": "the timetable of classes",
    "duty_mark": "staff",
    "rota_entry": "staff",
    "evacuation": "when the alarm went: the student's tick says the rest",
    "evacuation_end": "when the alarm went",
    "day_close": "the school's days",
    "academic_year": "the calendar",
    "preference": "staff",
    "secret": "staff",
    "guess": "staff",
    "draft": "what somebody has not saved: it is no record yet",
    "cover_pass": "staff",
    "delegation": "staff",
    "reason": "words that are offered",
    "template": "words that are offered",
    "pack": "work for everybody, which is named where the student had it",
    "search_entry": "an index of records",
    "search_text": "an index of records",
    "search_text_data": "an index of records",
    "search_text_idx": "an index of records",
    "search_text_docsize": "an index of records",
    "search_text_config": "an index of records",
}
"""What is not given out, and why it need not be."""
