"""No read of a student without its line in the permission table.

Every function of psc that reads the file is listed here: it asks for a line of the table; or it works something out for
acts, boards and reads that ask, and is called by no screen, command or sheet; or it shows no student. One that is not
listed fails, and so does one that a screen calls past its line.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import psc
from psc.desk.permissions import PERMISSIONS

ROOT = Path(psc.__file__).parent

ASKS = {
    "desk.passes.passes_on": "see_staff",
    "desk.permissions.reached": "",
    "overview.audit.verified": "verify_ledger",
    "overview.all_held.all_held": "export_student",
    "overview.parent_sheet.read_parent_sheet": "print_parent_sheet",
    "overview.period_end.read_period_end": "see_roster",
    "overview.possibly_same.possibly_same": "merge_students",
    "overview.private.alerts_for": "see_alerts",
    "overview.chronology.chronology": "open_student",
    "overview.exposure.exposure_of": "see_exposure",
    "overview.within.may_see": "",
    "overview.presence.presence_of": "see_attendance",
    "overview.story_records.actions_about": "",
    "school.alerts.standing_alerts": "end_alert",
    "overview.profile.kept_students": "open_student",
    "overview.profile.read_profile": "open_student",
    "overview.profile.within_own_reach": "open_student",
    "overview.offers.offers_for": "see_work",
    "overview.post.outstanding_for": "see_work",
    "overview.post.untold_for": "see_work",
    "overview.read_board.read_board": "see_roster",
    "incidents.reach.reached_incidents": "",
    "overview.actions.actions_overdue": "end_action",
    "overview.actions.done_lately": "end_action",
    "overview.actions.owed_by_all": "end_action",
    "overview.incident_parts.taken_out": "find_student",
    "overview.incident_parts.told_to": "see_contacts",
    "overview.incidents.list_incidents": "see_incidents",
    "overview.incidents.read_incident": "see_incidents",
    "overview.referrals.all_since": "see_referrals",
    "overview.referring.lesson_then": "raise_referral",
    "flows.referrals.full_for": "decide_referral",
    "overview.referrals.one_item": "see_referrals",
    "overview.referrals.open_one": "see_referrals",
    "overview.referring.prefill": "raise_referral",
    "overview.referrals.removals_to_confirm": "see_referrals",
    "overview.referrals.to_decide": "decide_referral",
    "overview.referrals.visible": "see_referrals",
    "overview.referrals.what_waits": "see_referrals",
    "overview.rota.read_week": "see_rota",
    "overview.investigations.investigation_lines_for": "see_investigations",
    "overview.investigations.list_investigations": "see_investigations",
    "overview.investigations.read_investigation": "see_investigations",
    "overview.statements.evidence_lines_for": "see_incidents",
    "overview.statements.read_statement": "see_statements",
    "overview.statements.statement_lines_for": "see_statements",
    "overview.notes.notes_for": "see_notes",
    "overview.notes.read_note": "see_notes",
    "overview.one_booking.booking_lines": "see_roster",
    "overview.one_booking.preview": "see_week",
    "overview.one_booking.the_booking": "see_week",
    "overview.owed.owed_periods": "carry_periods",
    "overview.waiting.read_waiting": "see_week",
    "overview.week.read_days": "see_week",
    "overview.week.read_week": "see_week",
    "overview.to_carry.to_carry": "carry_period",
    "overview.within.events_for": "see_roster",
    "overview.programmes.programmes_of_student": "see_programmes",
    "overview.programmes.programmes_overdue": "step_programme",
    "overview.programmes.read_programmes": "see_programmes",
    "overview.within.held_for": "see_roster",
    "overview.within.named_for": "see_roster",
    "overview.within.open_visits_for": "see_roster",
    "overview.within.stranded_for": "carry_period",
    "overview.within.timeline_for": "see_roster",
    "overview.bookings.bookings_between": "see_week",
    "overview.restrictive.read_restrictive": "see_restrictive",
    "overview.restrictive.restrictive_lines_for": "see_restrictive",
    "overview.restrictive.visible": "see_restrictive",
    "overview.restrictive_report.read_report": "see_restrictive_report",
    "roster.waiting.waiting_list": "see_week",
    "overview.work.work_for": "see_work",
    "overview.work_table.read_table": "see_work",
    "school.contacts.contacts_to_tell": "see_contacts",
    "school.students.find_students": "find_student",
    "school.students.the_student": "find_student",
}
"""What asks, and for which line (of several, the usual one). `reached` is how the others ask."""

INNER = frozenset(
    [
        "overview.audit.viewings",
        "overview.other_names.other_names",
        "incidents.actions.actions_by_id",
        "incidents.actions.actions_of_incidents",
        "incidents.actions.actions_of_student",
        "incidents.actions.actions_where",
        "incidents.addenda.addenda_of",
        "incidents.notes.notes_by_id",
        "incidents.notes.the_note",
        "overview.search_hits.read_hits",
        "incidents.incidents.incidents_between",
        "incidents.incidents.incidents_by_id",
        "incidents.incidents.the_incident",
        "incidents.evidence.evidence_of",
        "incidents.evidence.evidence_with_a_day",
        "incidents.investigations.investigations_by_id",
        "incidents.investigations.investigations_of",
        "incidents.investigations.the_investigation",
        "incidents.reach.is_own",
        "incidents.restrictive.restrictive_between",
        "incidents.restrictive.restrictive_of",
        "incidents.restrictive.restrictive_of_student",
        "incidents.restrictive.the_restrictive",
        "incidents.restrictive_clocks.clocks_of_incidents",
        "incidents.restrictive_clocks.parents_of",
        "incidents.restrictive_clocks.restrictive_clocks",
        "incidents.restrictive_steps.check_apart",
        "overview.restrictive.line_words",
        "incidents.reach.students_of",
        "incidents.statements.conflicts_of",
        "incidents.statements.statements_of",
        "incidents.statements.the_statement",
        "incidents.told.told_of",
        "flows.plan_programme.plan_change_of",
        "flows.plan_programme.plan_wish",
        "roster.movements.movements_since",
        "roster.programmes.ahead",
        "roster.programmes.programme_by_id",
        "roster.programmes.programme_of",
        "roster.programmes.programmes",
        "roster.unwritten.unwritten_programmes",
        "desk.lending.barred_from",
        "flows.change_day.plan_change",
        "flows.merge.preview_merge",
        "flows.merge_records.returning",
        "flows.new_year.plan_year",
        "flows.paper.known_walk_in",
        "importing.attendance.plan_attendance",
        "importing.behaviour.plan_behaviour",
        "importing.events.plan_events",
        "importing.history_plan.plan_history",
        "importing.matching.known_students",
        "importing.matching.old_numbers",
        "importing.plan.students_by_number",
        "importing.school_plan.plan_classes",
        "importing.staging.stage",
        "importing.student_plan.plan_students",
        "overview.care.read_care",
        "overview.incident_parts.adult_words",
        "overview.day_change.affected_by",
        "overview.day_change.lived_periods",
        "overview.left_open.left_open",
        "overview.log.read_told_home",
        "overview.private.alerts_of",
        "overview.exposure.read_exposure",
        "overview.story_reads.asked_of",
        "overview.timeline.timeline",
        "overview.referral_ends.ends_of",
        "overview.tried.placed_since",
        "overview.tried.tried",
        "roster.absences.marks_on",
        "roster.checks.adjustments_missed",
        "roster.adjustments.considered",
        "roster.adjustments.sen_words",
        "roster.checks.adjustments_missed",
        "roster.checks.checks_on",
        "roster.confirmations.confirmations_on",
        "roster.evacuation.evacuation_on",
        "roster.events.events_of",
        "roster.events.events_on",
        "roster.held.held_on",
        "roster.held.still_held",
        "roster.home.home_contacts_on",
        "roster.home.home_contacts_since",
        "roster.keep_apart.kept_apart_from",
        "roster.keep_apart.kept_apart_in",
        "roster.keep_apart.unnamed_to",
        "roster.lunch.last_printed",
        "roster.lunch.lunches_on",
        "roster.lunch.needs_of",
        "roster.movements.expected_here",
        "roster.movements.moved_at",
        "roster.movements.movements_of",
        "roster.movements.movements_on",
        "roster.open_visits.open_visits_before",
        "roster.concerns.clashes",
        "roster.concerns.concerns",
        "roster.concerns.planned_clashes",
        "roster.placed.placed_there",
        "roster.placed.placements_between",
        "roster.placed.slots_of",
        "roster.placed.taken_by",
        "roster.placements.check_not_there",
        "roster.placements.periods_on",
        "roster.placements.placed_ids",
        "roster.placements.placed_periods",
        "flows.referrals.book_waiting",
        "flows.referrals.changed",
        "roster.referrals.decided_words",
        "roster.referrals.referral_by_id",
        "roster.referrals.referrals",
        "roster.referrals.room_of",
        "roster.referrals.wanted_of",
        "roster.referrals.wanted_words",
        "roster.seats.seat_for",
        "roster.seats.seats_taken",
        "roster.sightings.sightings_on",
        "roster.stranded.stranded",
        "roster.visits.movements_in",
        "roster.visits.visit_for",
        "roster.visits.visit_of_movement",
        "roster.welfare.welfare_on",
        "school.attendance.attendance_of",
        "school.attendance.sessions_of",
        "school.attendance.totals_of",
        "school.behaviour.behaviour_of",
        "school.contacts.contacts_of",
        "school.contacts.the_contact",
        "school.namesakes.told_apart",
        "school.provisional.same_name",
        "school.students.student_by_id",
        "school.students.students_by_id",
        "school.students.student_named_whole",
        "school.timetable.lessons_on",
        "work.day.work_on",
        "work.packs.packs_for",
        "work.sets.arrival_by_id",
        "work.sets.sets_between",
        "work.sets.sets_of",
        "work.sets.spare_work",
        "work.slots.slots_between",
    ]
)
"""What is so of everybody: for acts, which reach the student themselves, and for the reads that ask."""

PLAIN = frozenset(
    [
        "flows.plan_programme.half_way",
        "cli.demo.fill",
        "cli.demo_referrals.refer_all",
        "desk.changes.last_changes",
        "desk.changes.who_wrote",
        "desk.drafts.draft_of",
        "desk.drafts.drop_draft",
        "desk.drafts.drop_old_drafts",
        "desk.drafts.keep_draft",
        "desk.lending.lent_to",
        "desk.passes.the_pass",
        "desk.mail_settings.mail_settings",
        "desk.people.everyone",
        "desk.people.staff_by_code",
        "desk.people.who_is",
        "overview.statements.staff_named",
        "desk.place.clock_of",
        "desk.preferences.preferences_of",
        "desk.school_acts.school_name",
        "desk.secrets.check_own",
        "desk.secrets.has_secrets",
        "desk.secrets.kept_of",
        "desk.settings.settings_on",
        "desk.settings.thresholds_on",
        "desk.signing_on.pay",
        "desk.signing_on.settle",
        "desk.signing_on.sign_on",
        "desk.staff_acts.passphrases",
        "desk.staff_acts.people",
        "desk.staff_acts.the_person",
        "desk.templates.templates",
        "desk.templates.the_template",
        "flows.change_bells.coming_times",
        "flows.change_bells.plan_times",
        "flows.change_bells.times_on",
        "flows.change_calendar.calendar_between",
        "flows.change_calendar.last_calendar_change",
        "flows.change_calendar.plan_calendar_change",
        "flows.change_day.changed_days",
        "flows.change_day.last_change",
        "flows.close_day.day_closed",
        "flows.paper.read_keeper",
        "flows.set_up.check_before_secrets",
        "flows.set_up.chosen",
        "flows.set_up.first_secrets",
        "importing.packs.plan_packs",
        "importing.plan.newest_import",
        "mail.ready",
        "importing.school_plan.plan_bells",
        "importing.school_plan.plan_calendar",
        "importing.school_plan.plan_rooms",
        "importing.school_plan.plan_staff",
        "importing.school_plan.plan_timetable",
        "flows.referrals.approval_words",
        "flows.referrals.check_decider",
        "flows.referrals.passed",
        "overview.home_text.home_text",
        "overview.tried.first_day_back",
        "overview.scene.period_at",
        "overview.scene.read_when",
        "roster.typed_booking.lasting",
        "roster.referrals.teacher_known",
        "roster.referrals.teacher_note",
        "overview.post.asking_message",
        "overview.post.feedback_message",
        "overview.read_board.rooms_asked",
        "prints.keep.check_room",
        "prints.keep.keep_sheet",
        "prints.keep.sheets_folder",
        "prints.messages.keep_message",
        "prints.log.are_kept",
        "prints.log.keep_logs",
        "roster.duty.duty_gaps",
        "roster.duty.duty_marks",
        "roster.duty.on_duty",
        "roster.patterns.pattern_slots",
        "roster.placed.seats_used",
        "roster.reasons.reason_names",
        "roster.reasons.reasons",
        "roster.rota.entries_between",
        "roster.rota.week_copied",
        "roster.slots.check_slots",
        "roster.typed_booking.read_wanted",
        "school.bells.bells_of",
        "school.bells.shape_names",
        "incidents.typed_hands.hands_typed",
        "incidents.typed_hands.read_hands",
        "overview.restrictive.not_written_by",
        "overview.restrictive_report.term_or",
        "school.calendar.calendar_day",
        "school.calendar.check_open",
        "school.calendar.days_on",
        "school.calendar.next_school_day",
        "school.calendar.school_day_before",
        "school.calendar.school_days",
        "school.calendar.term_of",
        "school.rooms.room_by_code",
        "school.rooms.room_by_id",
        "school.rooms.rooms",
        "school.shapes.lessons_between",
        "school.shapes.shape_of",
        "school.years.first_year",
        "school.years.years_on_roll",
        "work.packs.fallbacks_between",
        "work.packs.packs",
        "work.sets.coming_days",
        "work.teachers.teachers",
    ]
)
"""What shows no student: staff, days, bells, rooms, numbers of a whole year; what writes what it is given."""

PAST = {
    ("cli.book", "check_not_there"): "the student was found by `the_student`",
    ("cli.book", "concerns"): "the student was found by `the_student`, and nobody barred is named",
    ("cli.door", "movements_of"): "the student was found by `the_student`",
    ("cli.door", "moved_at"): "of the act just done",
    ("cli.door", "periods_on"): "the student was found by `the_student`",
    ("cli.door", "student_by_id"): "whom the act just done reached",
    ("cli.demo_programmes", "unwritten_programmes"): "the sample's own, while it is made",
    ("cli.demo", "students_by_number"): "the sample's own, while it is made",
    ("cli.paper", "read_told_home"): "times for the rows of a board, which asked",
    ("cli.demo_incidents", "the_restrictive"): "the sample: what its own reviewer saw",
    ("cli.year", "plan_year"): "after `scope_of`: start_year",
    ("cli.year", "preview_merge"): "both were found by `the_student`, within merge_students",
    ("cli.year", "student_by_id"): "whom the act just done added",
    ("prints.kitchen", "last_printed"): "choices for the plates of a board, which asked",
    ("prints.kitchen", "needs_of"): "of those whom a board names, after print_kitchen",
    ("prints.log", "read_told_home"): "times for the rows of a board, which asked",
    ("tui.dialogs.change_programme", "plan_change_of"): "of a programme of `read_programmes`",
    ("tui.dialogs.programme", "plan_wish"): "the student was found by `find_students`, within book_programme",
    ("tui.dialogs.new_here", "student_by_id"): "whom the act just done added",
    ("tui.dialogs.people_form", "students_by_id"): "whom the author of a draft had found, within find_student",
    ("tui.incidents", "kept_apart_from"): "of those somebody has just named, and only whether they are already",
    ("tui.dialogs.referral", "considered"): "the student was found by `find_students`",
    ("tui.dialogs.suggesting", "student_by_id"): "whom the author of a draft had found by `find_students`",
    ("tui.screens.deciding", "book_waiting"): "of a line of `what_waits`",
    ("tui.screens.referral", "decided_words"): "of a referral that `open_one` gave",
    ("tui.dialogs.walk_in", "lessons_on"): "the student was found by `find_students`",
    ("tui.dialogs.walk_in", "seats_taken"): "seats are counted over everybody",
    ("tui.screens.day_preview", "plan_change"): "names only those within `named_for`",
    ("tui.screens.kitchen", "last_printed"): "choices for the plates of a board, which asked",
    ("tui.screens.merge", "preview_merge"): "of two within merge_students",
    ("tui.screens.paper", "known_walk_in"): "the student was found by `the_student`",
    ("tui.screens.past", "visit_of_movement"): "an id, of a line of `timeline_for`",
    ("tui.screens.person", "barred_from"): "of a page that opens by see_staff",
    ("tui.screens.person", "student_by_id"): "whom somebody was barred from, by name",
    ("tui.screens.person", "student_named_whole"): "whom the administrator names in full",
    ("tui.screens.year", "plan_year"): "opens by the command of start_year",
}
"""Screens, commands and sheets that call an inner read all the same, and why they may."""


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of psc, parsed, by its name without `psc.`."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(ROOT.rglob("*.py"))
    }


def reads() -> dict[str, ast.FunctionDef]:
    """Return every public function that is handed the file, by its full name."""
    return {
        f"{module}.{node.name}": node
        for module, tree in modules().items()
        if not module.startswith("database.")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        for argument in (*node.args.args, *node.args.kwonlyargs)
        if argument.annotation and ast.unparse(argument.annotation) in ("File", "File | None")
    }


def test_every_read_is_listed_once() -> None:
    found = set(reads())
    assert not ASKS.keys() & INNER
    assert not ASKS.keys() & PLAIN
    assert not INNER & PLAIN
    listed = ASKS.keys() | INNER | PLAIN
    assert found - listed == set(), "a read without a line: say here which line of the table it asks for"
    assert listed - found == set(), "listed, and no longer there"


def test_what_asks_is_told_who_looks_and_asks_for_its_line() -> None:
    found = reads()
    for name, line in ASKS.items():
        node = found[name]
        given = {ast.unparse(one.annotation) for one in node.args.args if one.annotation}
        assert "Staff" in given, name
        told = ast.unparse(node)
        asked = {"scope_of", "reached", "students_for", "_sees", "students_within", "may_see", ".sees", "actions_for"}
        assert any(f"{one}(" in told for one in asked), name
        assert not line or line in PERMISSIONS, name
        assert not line or line in told or f"'{line}'" in told or "_sees(" in told, name


def test_no_screen_command_or_sheet_reads_past_the_lines() -> None:
    short = {name.rpartition(".")[2]: name for name in INNER}
    past = set()
    for module, tree in modules().items():
        if not module.startswith(("tui.", "cli.", "prints.")):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                source = node.module.removeprefix("psc.")
                past |= {
                    (module, one.name)
                    for one in node.names
                    if one.name in short and short[one.name].startswith(source + ".")
                }
    assert past == set(PAST)


def test_no_screen_and_no_command_asks_the_file_itself() -> None:
    asking = {
        module
        for module, tree in modules().items()
        if module.startswith(("tui.", "cli.", "prints."))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("rows", "row", "value")
        and f".{ast.unparse(node.value)}".endswith((".file", "._file"))
    }
    assert asking <= {"cli.demo"}
