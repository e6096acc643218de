"""Commands that set up: a new file, imports, and the look-over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from psc.desk.acts import Desk
from psc.desk.people import SYSTEM, Role
from psc.desk.staff_acts import add_staff, typed_person
from psc.errors import NotUnderstood
from psc.text import clean, counted

if TYPE_CHECKING:
    import argparse

    from psc.cli.context import Context
    from psc.importing.report import Report


def init(context: Context, school: str, admin: str, lead: str) -> int:
    """Make an empty file with its first two people."""
    from psc.clock import SystemClock
    from psc.database.file import make_file, opened

    people = [(*typed_person(admin), Role.ADMIN), (*typed_person(lead), Role.BEHAVIOUR_LEAD)]
    if people[0][0].lower() == people[1][0].lower():
        raise NotUnderstood("Both people have the same code.", "Give each a code of their own.")
    name = clean(school)
    if not name:
        raise NotUnderstood("The school needs a name.", "Give it with --school.")
    context.secret()
    context.secret()
    path = context.path()
    make_file(path, name, datetime.now(UTC))
    try:
        with opened(path) as file:
            desk = Desk(file, SystemClock(), SYSTEM.code)
            desk.do(*[add_staff(code, forename, surname, role) for code, forename, surname, role in people])
    except BaseException:  # a file without people can be used by nobody, nor made again
        path.unlink(missing_ok=True)
        raise
    admin_code = people[0][0]
    context.print(
        {"file": str(path), "school": name},
        [
            f"Made {path} for {name}.",
            "Next, with the school's own files, in this order:",
            *(
                f"  psc --as {admin_code} import {kind} FILE"
                for kind in ("staff", "rooms", "bells", "calendar", "students")
            ),
            *(f"  psc --as {admin_code} import {kind} FILE" for kind in ("timetable", "classes")),
        ],
    )
    return 0


def import_command(context: Context, args: argparse.Namespace) -> int:
    """Take a file in and print the report."""
    from psc.importing.intake import import_file
    from psc.importing.report import TooManyBadRows

    with context.desk() as desk:
        try:
            report = import_file(
                desk,
                args.kind,
                args.file,
                format=args.format,
                profile=args.profile,
                whole_roll=args.whole_roll,
                leavers=args.leavers,
                emptying=args.emptying,
                clear_empty=args.clear_empty,
                dry_run=args.dry_run,
            )
        except TooManyBadRows as refused:
            if not context.json:  # the reasons help to put the file right
                context.print({}, report_lines(refused.report, dry_run=False))
            raise
    context.print(report.as_json(), report_lines(report, dry_run=args.dry_run))
    return 0


def report_lines(report: Report, *, dry_run: bool) -> list[str]:
    """Return an import's report for people."""
    from psc.school.years import year_words

    total = f"{report.kind}: {report.imported} imported, {report.updated} updated, {report.unchanged} unchanged"
    lines = [f"{total}, {len(report.rejected)} rejected" + (f", {report.left} left" if report.left else "")]
    lines += [f"  line {one.line}: {one.reason}" for one in report.rejected[:20]]
    if len(report.rejected) > 20:
        lines.append(f"  and {counted(len(report.rejected) - 20, 'more row')}")
    if report.warnings:
        lines.append(f"{counted(len(report.warnings), 'row')} went in with a warning")
        lines += [f"  line {one.line}: {one.reason}" for one in report.warnings[:10]]
    if report.leavers:
        lines.append("left, by year: " + ", ".join(f"{year_words(one)}: {n}" for one, n in report.leavers.items()))
    if report.possibly_same:
        lines.append(f"{counted(len(report.possibly_same), 'row')} may be somebody who is new here already")
        lines += [f"  line {one.line}: {one.reason}" for one in report.possibly_same]
    if report.to_decide:
        lines.append(f"{counted(len(report.to_decide), 'leaver')} with something open, for a decision")
        lines += [f"  {words}" for words in report.to_decide]
    if report.mapping:
        lines.append("columns: " + ", ".join(f"{field} ← {column}" for field, column in report.mapping.items()))
    if report.ignored_columns:
        lines.append(f"not read: {', '.join(report.ignored_columns)}")
    if dry_run:
        lines.append("Nothing was changed: this was a dry run.")
    return lines


def doctor(context: Context) -> int:
    """Look the file over and print what was found; ends with the exit code of what is bad."""
    from psc import __version__
    from psc.database.health import examine

    found, error = examine(context.path(), datetime.now(UTC))
    signs = {"ok": "✓", "warning": "!", "bad": "✗"}
    context.print(
        {
            "version": __version__,
            "findings": [{"what": one.what, "state": one.state, "words": one.words} for one in found],
        },
        [f"psc {__version__}", *(f"{signs[one.state]} {one.what:<10} {one.words}" for one in found)],
    )
    return error.exit_code if error else 0
