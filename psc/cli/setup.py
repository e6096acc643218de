"""Commands that set up: a new file, imports, and the look-over."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from psc.errors import NotUnderstood

if TYPE_CHECKING:
    import argparse
    from typing import TextIO

    from psc.cli.context import Context
    from psc.desk.people import Role
    from psc.flows.set_up import Newcomer
    from psc.importing.progress import Step, Watch


def init(context: Context, school: str, admin: str, lead: str) -> int:
    """Make an empty file with its first two people, who choose their passphrases before there is a file."""
    from psc.cli.secrets import ask_first
    from psc.clock import SystemClock
    from psc.database.places import check_new_place
    from psc.desk.people import Role
    from psc.flows.set_up import check_two, school_name, set_up

    wanted = {"--school": school, "--admin": admin, "--lead": lead}
    if missing := [option for option, given in wanted.items() if not given]:
        raise NotUnderstood(f"A new file needs {', '.join(missing)}.", "See psc init --help.")
    name = school_name(school)
    people = [_person(admin, Role.ADMIN), _person(lead, Role.BEHAVIOUR_LEAD)]
    check_two(*people)
    path = context.path()
    check_new_place(path)
    set_up(path, name, ask_first(context, name, people), SystemClock())
    admin_code = people[0].code
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


def _person(told: str, role: Role) -> Newcomer:
    from psc.flows.set_up import newcomer

    code, found, name = told.partition("=")
    if not (found and code.strip() and name.strip()):
        raise NotUnderstood(f"“{told}” does not name a person.", "Write CODE=NAME, as in AD1=Sam Hill.")
    return newcomer(code, name, role)


def import_command(context: Context, args: argparse.Namespace) -> int:
    """Take a file in and print the report."""
    from psc.importing.intake import import_file
    from psc.importing.progress import unwatched
    from psc.importing.report import TooManyBadRows
    from psc.importing.report_words import report_lines

    watched = sys.stderr.isatty() and not context.json
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
                watch=_progress(sys.stderr) if watched else unwatched,
            )
        except TooManyBadRows as refused:
            if not context.json:  # the reasons help to put the file right
                context.print({}, report_lines(refused.report, dry_run=False))
            raise
        finally:
            if watched:
                sys.stderr.write("\r\x1b[K")
    context.print(report.as_json(), report_lines(report, dry_run=args.dry_run))
    return 0


def _progress(out: TextIO) -> Watch:
    """Return what writes each step over the last on one line."""

    def watch(step: Step) -> None:
        out.write(f"\r\x1b[K{step.said}  (Ctrl+C stops, and takes nothing in)")
        out.flush()

    return watch


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
