"""Help for tests of the file: connect to it as somebody with a shell does, past psc; and fill every table."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from psc.database.driver import engine
from psc.database.schema import APPEND_ONLY
from psc.desk.acts import undo
from psc.desk.settings import change_setting
from psc.roster.absences import Absence, mark_absence
from psc.roster.checks import mark_check
from psc.roster.corrections import correct_movement
from psc.roster.keep_apart import keep_apart
from psc.roster.placements import waive_period
from tests.roster.stories import movement_id, play
from tests.school import School, at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def raw(path: Path) -> Iterator[engine.Connection]:
    """Connect without psc, as the command line of SQLite does: no recursive triggers, no foreign keys."""
    conn = engine.connect(str(path), isolation_level=None)
    try:
        conn.execute("PRAGMA recursive_triggers = OFF")
        conn.execute("PRAGMA foreign_keys = OFF")
        yield conn
    finally:
        conn.close()


@contextmanager
def unguarded(path: Path) -> Iterator[engine.Connection]:
    """Connect without psc and with the append-only triggers taken away; they are put back at the end."""
    with raw(path) as conn:
        found = conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in found:
            conn.execute(f"DROP TRIGGER {name}")
        yield conn
        for _, sql in found:
            conn.execute(sql)


def fill_every_table(school: School) -> None:
    """Leave a row in every append-only table."""
    placement = school.book(1)
    absent = school.book(2)
    play(school, 1, "08:52 in, 08:56 out toilet")
    desk, office = school.desk(), school.desk("CO1", "office")
    desk.do(mark_check(school.placed(1, "P1"), 3))
    desk.do(correct_movement(movement_id(school, 1, 0), "Slip", at=at("08:50")))
    desk.do(mark_absence(absent, Absence.ABSENT))
    desk.do(undo())
    desk.do(mark_absence(absent, Absence.NO_SHOW))
    office.do(waive_period(school.placed(1, "P5"), "Exam"))
    office.do(keep_apart(1, 2, "Fight"))
    school.desk("AD1").do(change_setting("grace_minutes", 7))
    seq = school.file.value("SELECT max(seq) FROM ledger")
    school.file.execute(
        "INSERT INTO alert (student_id, kind, text, emergency, happened, recorded, day, seq)"
        " VALUES (1, 'medical', 'Asthma', 1, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', '2026-11-23', ?)",
        (seq,),
    )
    school.file.execute(
        "INSERT INTO import_change (seq, student_id, field, before, after) VALUES (?, 1, 'form', '10E', '10F')", (seq,)
    )
    assert placement
    _fill_the_rest(school, seq, placement)
    assert [table for table in APPEND_ONLY if not school.file.value(f"SELECT count(*) FROM {table}")] == []


def _fourth_rows(placement: int, placed: int) -> dict[str, dict[str, object]]:
    """Return a row for each table of the fourth schema."""
    day = {"student_id": 1, "on_day": "2026-11-23", "period": "P1"}
    lesson = {"subject": "Maths", "class_code": "10x/Ma1", "teacher": "KB"}
    wanted = {"type": "internal_exclusion", "room_id": 1, "reason": "Fighting", "asked": "3 days from Tue"}
    return {
        "referral": {
            "student_id": 1, "place": "Yard", "period": "P1", "subject": "", "teacher": "", "facts": "A fight.",
            "tried": "", "others": "", "adjustment": "", **wanted,
        },
        "referral_decision": {"referral_id": 1, "outcome": "approved", "why": "", **wanted},
        "waiting": {"student_id": 1, **wanted, "referral_id": 1},
        "waiting_end": {"waiting_id": 1, "placement_id": placement, "why": ""},
        "programme": {
            "placement_id": placement, "purpose": "Small steps", "success": "Three lessons a day", "pattern": "[]",
            "induction_day": "2026-11-23", "review_day": "2026-11-30", "until_day": "2026-12-07",
        },
        "programme_step": {"programme_id": 1, "stage": "induction", "outcome": "done", "note": ""},
        "adjustment_mark": {"placement_period_id": placed, "given": 1},
        "work_lesson": {**day, **lesson, "room": "M1"},
        "work_ask": {**day, **lesson, "how": "copied"},
        "work_arrival": {
            **day, **lesson, "kind": "paper", "place": "tray", "task": "", "pages": "", "minutes": 40,
            "adaptation": "", "equipment": "", "return_to": "", "pack_id": None,
        },
        "work_issue": {"arrival_id": 1},
        "work_return": {"arrival_id": 1, "share": 80, "effort": 3, "line": ""},
        "work_feedback": {"arrival_id": 1, "how": "copied"},
    }  # fmt: skip


def _fifth_rows(contact: int) -> dict[str, dict[str, object]]:
    """Return a row for each table of the fifth schema."""
    addenda = {f"{one}_addendum": {f"{one}_id": 1, "text": "More"} for one in ("incident", "statement", "restrictive")}
    times = {"starts": "2026-11-23T09:00:00Z", "ends": "2026-11-23T09:10:00Z", "place": "Yard", "why": ""}
    return {
        "incident": {},
        "incident_version": {
            "incident_id": 1, "place": "Yard", "period": "Break", "room_id": None, "category": "Fighting",
            "severity": 3, "antecedent": "", "behaviour": "A fight.", "consequence": "", "deescalation": "",
            "force": 1, "prevented": 0, "injury": 0, "damage": 0, "searched": 0, "police": 0, "kept_as": "", "why": "",
        },
        "incident_student": {"incident_id": 1, "student_id": 1, "role": "involved"},
        "incident_adult": {"incident_id": 1, "staff_id": 1, "name": "", "role": "witness"},
        "incident_told": {
            "incident_id": 1, "who": "parent", "student_id": 1, "home_contact_id": contact, "name": "mother",
        },
        "incident_end": {"incident_id": 1, "state": "closed", "outcome": "Talked it over"},
        "agreed_action": {
            "incident_id": 1, "student_id": 1, "what": "Ring home", "owner_id": 1, "owner": "", "due_day": "2026-11-24",
        },
        "agreed_action_end": {"agreed_action_id": 1, "outcome": "done", "note": ""},
        "restrictive": {"incident_id": 1, "student_id": 1},
        "restrictive_version": {
            "restrictive_id": 1, "type": "restraint", **times, "staff": "[]", "led_up": "", "deescalation": "",
            "ended_how": "", "injuries": "", "medical": "", "plan": "none", "view": "", "witnesses": "", "debrief": "",
        },
        "restrictive_told": {
            "restrictive_id": 1, "contact": "mother", "home_contact_id": contact, "withheld": "", "authority": "",
        },
        "restrictive_review": {"restrictive_id": 1, "kind": "reviewed", "text": "Read"},
        "statement": {"incident_id": 1, "student_id": 1, "staff_id": None, "name": "", "role": "involved"},
        "statement_version": {
            "statement_id": 1, "taken_by": "J. Smith", **times, "pages": '["He began."]', "scribed": 0, "read_back": 1,
            "support": "",
        },
        "statement_conflict": {"statement_id": 1, "other_id": None, "what": "Who began"},
        "evidence": {
            "incident_id": 1, "kind": "CCTV", "what": "Yard", "kept_where": "Office", "keep_until": "2026-12-23",
        },
        "evidence_end": {"evidence_id": 1, "how": "saved", "note": ""},
        "investigation": {"title": "The yard", "purpose": ""},
        "investigation_incident": {"investigation_id": 1, "incident_id": 1},
        "investigation_event": {"investigation_id": 1, "what": "The bell", "source": "CCTV"},
        "investigation_end": {"investigation_id": 1, "state": "closed", "outcome": "Both began"},
        "note": {"student_id": 1},
        "note_version": {"note_id": 1, "kind": "pastoral", "visibility": "room", "text": "Talked", "why": ""},
        "note_addendum": {"note_id": 1, "text": "More"},
        **addenda,
    }  # fmt: skip


def _fill_the_rest(school: School, seq: int, placement: int) -> None:
    """Put a row in each table of the second schema, whatever act writes it."""
    visit = school.file.value("SELECT id FROM visit LIMIT 1")
    rows: dict[str, dict[str, object]] = {
        "sighting": {"student_id": 1, "told": "on call", "place": ""},
        "confirmation": {"placement_id": placement, "outcome": "confirmed", "reason": ""},
        "suspension": {"student_id": 1, "visit_id": visit, "decided_by": "Head"},
        "duty_mark": {"room_id": 1, "kind": "on", "staff_id": 1, "name": ""},
        "rota_entry": {
            "staff_id": 1, "on_day": "2026-11-23", "starts": "09:00", "ends": "10:00", "kind": "duty", "room_id": 1,
            "note": "",
        },
        "welfare_check": {"visit_id": visit, "state": "settled", "offered": ""},
        "held_item": {
            "student_id": 1, "kind": "phone", "what": "phone", "why": "", "searched_by": "", "kept_where": "envelope",
            "due": "",
        },
        "held_end": {"held_id": 1, "how": "returned", "to_whom": ""},
        "lunch": {"student_id": 1, "room_id": 1, "choice": "hot"},
        "lunch_taken": {"student_id": 1, "taken": 1},
        "home_contact": {"student_id": 1, "contact": "Mother", "how": "phone", "outcome": "told", "note": ""},
        "evacuation": {"kind": "drill"},
        "evacuation_tick": {"evacuation_id": 1, "student_id": 1},
        "evacuation_end": {"evacuation_id": 1},
        "student_event": {
            "student_id": 1, "on_day": "2026-11-23", "starts": "09:00", "ends": "10:00", "kind": "exam", "note": "",
        },
        "day_close": {"note": ""},
        "cover_pass": {"staff_id": 8, "agency": "Fictional Supply", "rooms": "[1]"},
        "delegation": {"staff_id": 4, "year": 9, "from_day": "2026-11-23", "until_day": "2026-11-24"},
        "barred": {"staff_id": 2, "student_id": 1, "why": "Own child"},
        **_fourth_rows(placement, school.placed(1, "P1")),
    }  # fmt: skip
    now = "2026-11-23T09:00:00Z"
    seen = school.file.value("SELECT max(id) FROM home_contact") or 1
    for table, values in {**rows, **_fifth_rows(seen)}.items():
        whole = {**values, "happened": now, "recorded": now, "day": "2026-11-23", "seq": seq}
        marks = ", ".join("?" * len(whole))
        school.file.execute(f"INSERT INTO {table} ({', '.join(whole)}) VALUES ({marks})", list(whole.values()))
    school.file.execute("INSERT INTO told (seq, who) VALUES (?, 'K. Bose')", (seq,))
    school.file.execute("INSERT INTO academic_year (starts, seq) VALUES ('2026-09-01', ?)", (seq,))
    school.file.execute("INSERT INTO template (name, text, seq) VALUES ('home removal', 'Words', ?)", (seq,))
