"""Taking a file in: read it, compare it, back the file up, apply it in one short act."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from psc.database.backup import back_up
from psc.errors import NotUnderstood
from psc.importing.attendance import plan_attendance
from psc.importing.behaviour import plan_behaviour
from psc.importing.events import plan_events, read_events
from psc.importing.history import read_history
from psc.importing.history_plan import plan_history
from psc.importing.lessons import read_classes, read_timetable
from psc.importing.packs import plan_packs, read_packs
from psc.importing.plan import Plan, take_in
from psc.importing.progress import Step, unwatched
from psc.importing.school import read_bells, read_calendar, read_rooms, read_staff
from psc.importing.school_plan import (
    plan_bells,
    plan_calendar,
    plan_classes,
    plan_rooms,
    plan_staff,
    plan_timetable,
)
from psc.importing.staging import MirrorPlan
from psc.importing.student_plan import StudentPlan, plan_students
from psc.importing.students import read_students_csv

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from psc.database.file import File
    from psc.desk.acts import Desk
    from psc.importing.progress import Watch
    from psc.importing.report import Report

KINDS = (
    "students",
    "staff",
    "rooms",
    "bells",
    "calendar",
    "timetable",
    "classes",
    "history",
    "events",
    "packs",
    "behaviour",
    "attendance",
)
"""What can be imported."""


def import_file(
    desk: Desk,
    kind: str,
    path: Path,
    *,
    format: str = "",
    profile: str = "",
    whole_roll: bool = False,
    leavers: int | None = None,
    emptying: Collection[int] = (),
    clear_empty: bool = False,
    dry_run: bool = False,
    backup: bool = True,
    watch: Watch = unwatched,
) -> Report:
    """Take a file in and return the report. With `dry_run` nothing is written.

    `format` is `ctf` or `csv`, told from the file's name unless given. `profile` names a remembered mapping of columns;
    after a file went in, its mapping is remembered under that name. `leavers` and `emptying` are what its user typed
    when psc asked: how many leave, which year groups may be left without anybody. `watch` is told of each step and may
    raise `Stopped`: then nothing is written. Raises `FileRefused` for a file that
    cannot be taken in as a whole, `NeedsReason` when the whole roll would lose too many, or a year group everybody.
    """
    from psc.desk.permissions import scope_of

    scope_of("import", desk.staff())
    columns = _remembered(desk.file, kind, profile)
    ctf = format == "ctf" or (not format and path.suffix.lower() == ".xml")
    if whole_roll and (ctf or kind != "students"):
        raise NotUnderstood("Only a list of all students as CSV can be the whole roll.", "A CTF never marks leavers.")
    watch(Step("reading the file"))
    plan = _plan(
        desk.file,
        kind,
        path,
        columns,
        desk.clock.now(),
        ctf=ctf,
        whole_roll=whole_roll,
        leavers=leavers,
        emptying=emptying,
        clear_empty=clear_empty,
        watch=watch,
    )
    report = plan.report
    if isinstance(plan, StudentPlan):
        report.left = len(plan.leavers)
    try:
        if dry_run:
            return report
        if backup and (report.imported or report.updated or report.removed or report.left):
            watch(Step("backing the file up"))
            back_up(desk.file, desk.file.path.parent / "backups", f"before-import-{kind}")
        watch(Step("writing"))
        desk.do_patiently(take_in(plan, profile))
    finally:
        if isinstance(plan, MirrorPlan):
            plan.drop()
    return report


def _plan(
    file: File,
    kind: str,
    path: Path,
    columns: Mapping[str, str] | None,
    now: datetime,
    *,
    ctf: bool,
    whole_roll: bool,
    leavers: int | None,
    emptying: Collection[int],
    clear_empty: bool,
    watch: Watch,
) -> Plan:
    match kind:
        case "students":
            if ctf:
                from psc.importing.ctf import read_ctf

                records, report = read_ctf(path)
            else:
                records, report = read_students_csv(path, columns)
            return plan_students(
                file,
                records,
                report,
                now,
                whole_roll=whole_roll,
                leavers=leavers,
                emptying=emptying,
                clear_empty=clear_empty,
                transfer=ctf,
            )
        case "staff":
            return plan_staff(file, *read_staff(path, columns))
        case "rooms":
            return plan_rooms(file, *read_rooms(path, columns))
        case "bells":
            return plan_bells(file, *read_bells(path, columns), now)
        case "calendar":
            return plan_calendar(file, *read_calendar(path, columns))
        case "timetable":
            return plan_timetable(file, *read_timetable(path, columns))
        case "classes":
            return plan_classes(file, *read_classes(path, columns))
        case "events":
            return plan_events(file, *read_events(path, columns), now)
        case "packs":
            return plan_packs(file, *read_packs(path, columns))
        case "behaviour":
            return plan_behaviour(file, path, columns, now, watch)
        case "attendance":
            return plan_attendance(file, path, columns, now, watch)
        case "history":
            return plan_history(file, *read_history(path, columns), now)
        case _:
            raise NotUnderstood(f"psc does not import “{kind}”.", f"It imports {', '.join(KINDS)}.")


def _remembered(file: File, kind: str, profile: str) -> Mapping[str, str] | None:
    """Return the mapping of columns remembered under that name; a new name has none yet."""
    if not profile:
        return None
    found = file.value("SELECT columns FROM import_profile WHERE kind = ? AND name = ?", (kind, profile))
    return dict(json.loads(found)) if found else None
