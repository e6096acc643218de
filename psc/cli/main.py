"""The parser, and what becomes of every error: one sentence, what to do, and the exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from psc import __version__
from psc.cli.context import Context
from psc.errors import NotUnderstood, PscError
from psc.text import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

STOPPED = 130


class _Parser(argparse.ArgumentParser):
    """A parser that raises psc's own error, so that `--json` covers it, and guesses no shortened option."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        raise NotUnderstood(f"{message[:1].upper()}{message[1:]}.", f"See {self.prog} --help.")


def parser(words: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """Return the command line, whole; or, given the words typed, with only the commands named among them.

    Each command costs a little of the start, and a command line names one.
    """
    top = _Parser(
        prog="psc", description="The room board of a school's Pastoral Support Centre and Internal Exclusion Room."
    )
    top.add_argument("--version", action="version", version=f"psc {__version__}")
    top.add_argument("--db", metavar="FILE", help="the file; else PSC_DB, else the one in your data folder")
    top.add_argument("--as", dest="code", metavar="CODE", help="the code of the member of staff who is at the desk")
    top.add_argument("--json", action="store_true", help="print one JSON value instead of text")
    top.add_argument("--secret-stdin", action="store_true", help="read the secret from one line of standard input")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    for name, (says, options) in _COMMANDS.items():
        if words is None or name in words:
            options(commands.add_parser(name, help=says))
    return top


def _demo(command: argparse.ArgumentParser) -> None:
    command.add_argument("--db", dest="own_db", metavar="FILE", help="where to put it")
    command.add_argument("--no-app", action="store_true", help="only make the file and print its path")


def _init(command: argparse.ArgumentParser) -> None:
    command.add_argument("--school", default="", metavar="NAME")
    command.add_argument("--admin", default="", metavar="CODE=NAME", help="who keeps the file: AD1=Sam Hill")
    command.add_argument("--lead", default="", metavar="CODE=NAME", help="the behaviour lead")
    command.add_argument(
        "--secrets", action="store_true", help="a file made before passphrases: give the first two theirs, once"
    )


def _import(command: argparse.ArgumentParser) -> None:
    kinds = "students staff rooms bells calendar timetable classes history events packs behaviour attendance"
    command.add_argument("kind", choices=kinds.split())
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--format", choices=("ctf", "csv"), default="", help="told from the file's name unless given")
    command.add_argument(
        "--profile", default="", metavar="NAME", help="remember the columns under this name, or use those remembered"
    )
    command.add_argument("--whole-roll", action="store_true", help="this is every student: mark the others as left")
    command.add_argument("--leavers", type=int, metavar="COUNT", help="how many that will be, when psc asks")
    command.add_argument(
        "--emptying", type=int, action="append", default=[], metavar="YEAR", help="may be left empty, when psc asks"
    )
    command.add_argument("--clear-empty", action="store_true", help="an empty cell clears what is known")
    command.add_argument("--dry-run", action="store_true", help="report, and change nothing")


def _roster(command: argparse.ArgumentParser) -> None:
    command.add_argument("--date", default="", metavar="D", help="today unless given")
    command.add_argument("--room", default="", metavar="R")
    command.add_argument("--evacuation", action="store_true", help="the evacuation roll: who must be accounted for")
    command.add_argument("--register", action="store_true", help="the list for the attendance office, as it stands now")
    command.add_argument("--paper", action="store_true", help="the room's log, to print and write on")
    command.add_argument("--to", type=Path, metavar="DIR", help="with --paper: write each room's A4 page there")


def _act(command: argparse.ArgumentParser) -> None:
    command.add_argument("--act-id", default="", metavar="ID", help="the same id twice is one act")


def _of_student(command: argparse.ArgumentParser) -> None:
    command.add_argument("student", metavar="STUDENT", help="admission number, UPN, or a name that fits one student")
    command.add_argument("--at", default="", metavar="TIME", help="0844, -8 (minutes ago) or P3; now unless given")
    _act(command)


def _sign_in(command: argparse.ArgumentParser) -> None:
    _of_student(command)
    command.add_argument("--room", default="", metavar="R")
    command.add_argument("--seat", type=int, metavar="N")
    command.add_argument(
        "--type", default="", metavar="T", help="for a student whom nobody planned for: removal, time_out …"
    )
    command.add_argument("--reason", default="", metavar="R")
    command.add_argument(
        "--override", default="", metavar="WHY", help="go over a full room or a keep-apart pair, and say why"
    )


def _out(command: argparse.ArgumentParser) -> None:
    _of_student(command)
    command.add_argument("--reason", required=True, metavar="R", help="toilet, nurse, meeting …")


def _sign_out(command: argparse.ArgumentParser) -> None:
    _of_student(command)
    command.add_argument("--to", required=True, metavar="DEST", help="lesson, end of day, other room …")
    command.add_argument("--to-room", default="", metavar="R", help="which other room, where there are several")
    command.add_argument("--note", default="", metavar="TEXT", help="the adult they go to, or who decided")


def _work(command: argparse.ArgumentParser) -> None:
    command.add_argument("--date", default="", metavar="D", help="today unless given")
    command.add_argument("--desk", action="store_true", help="the desk list of a period, to print")
    command.add_argument("--slips", action="store_true", help="with --to: write a slip a student and period")
    command.add_argument("--room", default="", metavar="R", help="with --desk, --slips: one room")
    command.add_argument("--period", default="", metavar="P", help="with --desk, --slips: one lesson")
    command.add_argument("--to", type=Path, metavar="DIR", help="with --desk, --slips: write the pages there")
    what = command.add_subparsers(dest="what", metavar="WHAT", parser_class=_Parser)
    made = {
        name: what.add_parser(name, help=says)
        for name, says in (
            ("ask", "the lesson's teacher was asked for it, or asked again"),
            ("receive", "it has come: a link, a file, on paper, or a pack stands in for it"),
            ("issue", "the student was given it"),
            ("return", "it was handed in"),
        )
    }
    for act in made.values():
        act.add_argument("student", metavar="STUDENT", help="admission number, UPN, or a name that fits one student")
        act.add_argument("period", metavar="PERIOD", help="P3")
        act.add_argument("--date", default=argparse.SUPPRESS, metavar="D", help="today unless given")
        _act(act)
    came = made["receive"]
    came.add_argument("--link", metavar="LINK")
    came.add_argument("--file", metavar="NAME", help="the name of a file")
    came.add_argument("--paper", metavar="WHERE", help="on paper: the tray it lies in")
    came.add_argument("--pack", metavar="CODE", help="a pack of the bank")
    came.add_argument("--instead", action="store_true", help="put it in the place of what had come")
    came.add_argument("--task", default="", metavar="TEXT")
    back = made["return"]
    back.add_argument("--share", type=int, required=True, metavar="N", help="how much was done, 0 to 100")
    back.add_argument("--effort", type=int, metavar="N", help="1 to 4")
    back.add_argument("--line", default="", metavar="TEXT", help="one line to the teacher")


def _refer(command: argparse.ArgumentParser) -> None:
    command.add_argument("student", metavar="STUDENT", help="admission number, UPN, or a name that fits one student")
    command.add_argument("--type", required=True, metavar="T", help="internal_exclusion, phased_return …")
    command.add_argument("--reason", required=True, metavar="R")
    command.add_argument("--facts", required=True, metavar="TEXT", help="what happened")
    command.add_argument("--when", required=True, metavar="W", help="tomorrow, 2 days from Tuesday, Tue P2-P4 …")
    for name, what in (
        ("room", "the room asked for; the usual one for the type unless given"),
        ("tried", "what was tried already, beside what is on record"),
        ("others", "who else was involved"),
        ("adjustment", "which adjustment was considered: needed for a student with SEND"),
        ("place", "where it happened"),
        ("period", "in which lesson: P3"),
        ("subject", "its subject; that of --period today unless given"),
        ("teacher", "its teacher, a code or a name; that of --period today unless given"),
    ):
        command.add_argument(f"--{name}", default="", metavar=name[0].upper(), help=what)
    _act(command)


def _approve(command: argparse.ArgumentParser) -> None:
    command.add_argument("number", nargs="?", type=int, metavar="NUMBER", help="the referral; without it, what waits")
    command.add_argument("--decline", default="", metavar="WHY")
    command.add_argument("--change", default="", metavar="WHY", help="approve with changes: why")
    for name in ("type", "reason", "when", "room"):
        command.add_argument(f"--{name}", default="", metavar=name[0].upper(), help="with --change: instead")
    command.add_argument("--override", default="", metavar="WHY", help="go over what needs a reason, and say why")
    command.add_argument("--wait", action="store_true", help="where the room is full: on the waiting list")
    _act(command)


def _incidents(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--from", dest="since", default="", metavar="D", help="from this day on; a fortnight unless given"
    )
    command.add_argument("--to", dest="until", default="", metavar="D", help="to this day")


def _actions(command: argparse.ArgumentParser) -> None:
    command.add_argument("--mine", action="store_true", help="only what you owe")
    command.add_argument("--overdue", action="store_true", help="only what was due before today")
    command.add_argument("--done", action="store_true", help="what was done in the last 30 days, by whom and when")


def _find(command: argparse.ArgumentParser) -> None:
    command.add_argument("text", nargs="+", metavar="TEXT")


def _student(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(dest="what", metavar="WHAT", required=True, parser_class=_Parser)
    show = what.add_parser("show", help="open a student: who they are, alerts, contacts, today; the ledger keeps it")
    show.add_argument("student", metavar="STUDENT", help="admission number, UPN, or a name that fits one student")
    show.add_argument("--why", default="", metavar="TEXT", help="why you open a student outside your years")
    export = what.add_parser("export", help="everything held on a student, for an access request, after a review")
    export.add_argument("student", metavar="STUDENT", help="admission number, UPN, or a name that fits one student")
    export.add_argument("--to", type=Path, metavar="DIR", help="the folder it is written into")
    export.add_argument("--reviewed", type=Path, metavar="FILE", help="the review, filled in: releases the export")


def _audit(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(dest="what", metavar="WHAT", required=True, parser_class=_Parser)
    viewed = what.add_parser("who-viewed", help="who looked at a student, printed them, changed something")
    viewed.add_argument("student", metavar="STUDENT", help="admission number, UPN, or a name that fits one student")
    viewed.add_argument("--from", dest="since", default="", metavar="D", help="from this day on")
    what.add_parser("verify", help="walk the ledger's chain; exit 5 when it does not hold")


def _students(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(dest="what", metavar="WHAT", required=True, parser_class=_Parser)
    new = what.add_parser("new", help="add a student who is new here, before any file brings them")
    new.add_argument("name", metavar="NAME", help="Surname, Forename")
    new.add_argument("--year", type=int, metavar="N")
    new.add_argument("--form", default="", metavar="FORM")
    new.add_argument("--number", default="", metavar="NUMBER", help="the admission number, if it is known")
    new.add_argument("--override", default="", metavar="WHY", help="there is one of that name: say how this is another")
    what.add_parser("possible", help="students who are new here, and records that are possibly the same")
    merge = what.add_parser("merge", help="make two records of one student one; it cannot be undone")
    merge.add_argument("old", metavar="STUDENT", help="the record that goes: a number, new57, or a name")
    merge.add_argument("into", metavar="INTO", help="the record that stays")
    merge.add_argument("--dry-run", action="store_true", help="say what would move, and change nothing")


def _year(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(dest="what", metavar="WHAT", required=True, parser_class=_Parser)
    start = what.add_parser("start", help="move the whole school on, after a backup; it cannot be undone")
    start.add_argument("--date", default="", metavar="D", help="its first day; 1 September unless given")
    start.add_argument("--top-year", type=int, metavar="N", help="the year that leaves; the highest unless given")
    start.add_argument(
        "--head", action="append", default=[], metavar="CODE=YEARS", help="HY8=keep, HY8=follow or HY8=9,10; ALL=keep"
    )
    start.add_argument("--leave", action="append", default=[], metavar="STUDENT", help="leaves all the same; or: all")
    start.add_argument("--stay", action="append", default=[], metavar="STUDENT", help="stays on roll")
    start.add_argument("--dry-run", action="store_true", help="say what would become of everybody, and change nothing")


def _rota(command: argparse.ArgumentParser) -> None:
    command.add_argument("--week", default="", metavar="D", help="any day of the week; this week unless given")


def _book(command: argparse.ArgumentParser) -> None:
    command.add_argument("student", metavar="STUDENT", help="admission number, UPN, or a name that fits one student")
    command.add_argument("--room", required=True, metavar="R")
    command.add_argument("--type", required=True, metavar="T", help="internal_exclusion, readmission, guest …")
    command.add_argument("--reason", required=True, metavar="R")
    command.add_argument(
        "--when", required=True, metavar="WHEN", help="three days from Tuesday; Tue P2-P4, Wed; today P3"
    )
    command.add_argument("--override", default="", metavar="WHY", help="go over what needs a reason, and say why")
    command.add_argument("--wait", action="store_true", help="where the room is full, put them on its waiting list")
    command.add_argument("--dry-run", action="store_true", help="say what it comes to, and change nothing")
    _act(command)


def _week(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from", dest="since", default="", metavar="D", help="today unless given")
    command.add_argument("--days", type=int, default=5, metavar="N", help="how many school days; 5 unless given")


def _staff(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(dest="what", metavar="WHAT", required=True, parser_class=_Parser)
    what.add_parser("list", help="everybody, and whether they have a passphrase")
    add = what.add_parser("add", help="add somebody; prints a temporary passphrase, once")
    add.add_argument("person", metavar="CODE=NAME", help="AS3=Jo Smith")
    add.add_argument("--role", required=True, metavar="R", help="assistant, coordinator, head_of_year …")
    add.add_argument("--years", default="", metavar="YEARS", help="a head of year's years: 8, or 8,9, or 7-9")
    role = what.add_parser("role", help="give somebody another role; it counts from their next act")
    role.add_argument("whom", metavar="CODE")
    role.add_argument("role", metavar="R")
    role.add_argument("--years", metavar="YEARS", help="their years; as they are unless given")
    for name, says in (
        ("reset", "give somebody a new temporary passphrase, printed once"),
        ("deactivate", "somebody has left: they can no longer sign in"),
        ("reactivate", "somebody who had left is back; prints a temporary passphrase, once"),
    ):
        what.add_parser(name, help=says).add_argument("whom", metavar="CODE")
    given = what.add_parser("pass", help="give cover a pass for today; prints its code and PIN, once")
    given.add_argument("name", metavar="NAME", help="Pat Lewis")
    given.add_argument("--agency", default="", metavar="A", help="who sent them")
    given.add_argument("--room", action="append", default=[], metavar="R", help="every room unless given")
    passes = what.add_parser("passes", help="the cover passes of today, and who gave them")
    passes.add_argument("--end", default="", metavar="CODE", help="end this one now")


def _restrictive(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from", dest="since", default="", metavar="D", help="the first day of its term unless given")
    command.add_argument("--to", dest="until", default="", metavar="D", help="the last day of its term unless given")


def _settings(command: argparse.ArgumentParser) -> None:
    what = command.add_subparsers(dest="what", metavar="WHAT", required=True, parser_class=_Parser)
    what.add_parser("list", help="every figure of the rules, since when and by whom")
    get = what.add_parser("get", help="one figure")
    get.add_argument("name", metavar="NAME")
    change = what.add_parser("set", help="change a figure from a day on")
    change.add_argument("name", metavar="NAME")
    change.add_argument("value", metavar="VALUE", type=int)
    change.add_argument("--from", dest="from_day", default="", metavar="D", help="today unless given")


def _no_options(_: argparse.ArgumentParser) -> None:
    pass


_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "demo": ("a fresh file with the sample school and a day in progress", _demo),
    "init": ("make an empty file for a school", _init),
    "passphrase": ("change your own passphrase", _no_options),
    "import": ("take in a file of the school's", _import),
    "roster": ("the board of a day", _roster),
    "rota": ("who is planned for duty, break and meetings in a week", _rota),
    "week": ("the seats used and free in the days to come", _week),
    "book": ("place a student ahead of time", _book),
    "sign-in": ("a student has come into the room", _sign_in),
    "out": ("a student goes out and will be back", _out),
    "back": ("a student is back", _of_student),
    "sign-out": ("a student leaves the room", _sign_out),
    "undo": ("take back your own last act at this terminal", _act),
    "work": ("the work of each period of a day, and what becomes of it", _work),
    "refer": ("ask for a student to be placed; somebody else decides", _refer),
    "approve": ("what waits; a referral approved, changed or declined", _approve),
    "incidents": ("what happened, newest first", _incidents),
    "actions": ("what everybody owes, yours first", _actions),
    "restrictive": ("force and seclusion over a term, counted; no names", _restrictive),
    "find": ("students by name, form or number", _find),
    "student": ("one student, opened", _student),
    "audit": ("who looked at a student, and whether the ledger holds", _audit),
    "students": ("students who are new here, and two records of one student made one", _students),
    "year": ("start a new academic year", _year),
    "staff": ("who is on the staff list: add, change role, new passphrase, let go; cover passes", _staff),
    "settings": ("the figures of the rules", _settings),
    "doctor": ("look the file over", _no_options),
}
"""Every command: what it is for, and its options."""


def run(words: Sequence[str]) -> int:
    """Run one command line and return the exit code. No traceback ever reaches the person."""
    as_json = "--json" in words
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a glyph shows a question mark instead of a crash
            stream.reconfigure(errors="replace")
    try:
        return _run(words)
    except PscError as error:
        _say(error.code, error.title, error.remedy, as_json=as_json)
        return error.exit_code
    except KeyboardInterrupt:
        _say("stopped", "Stopped.", "What was not finished was not saved.", as_json=as_json)
        return STOPPED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 — the last net: a fault of ours is a sentence, not a traceback with names
        from psc import faults

        _say("fault", faults.note(error).sentence, "Nothing half done was saved.", as_json=as_json)
        return 1


def _say(code: str, title: str, remedy: str, *, as_json: bool) -> None:
    """Print an error to standard error, as text or as JSON."""
    if as_json:
        print(
            json.dumps({"error": {"code": code, "title": title, "remedy": remedy}}, ensure_ascii=False), file=sys.stderr
        )
    else:
        print(shown(f"psc: {title} {remedy}").rstrip(), file=sys.stderr)


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    """Read the words; what only the whole command line can answer (help, a wrong command) is asked of that."""
    if not {"-h", "--help"} & set(words):
        with suppress(NotUnderstood):
            return parser(words).parse_args(words)
    return parser().parse_args(words)


def _run(words: Sequence[str]) -> int:
    # Imports stand where they are used: each command starts with what it needs and no more.
    args = _parsed(words)
    context = Context(getattr(args, "own_db", None) or args.db, args.code, args.json, args.secret_stdin)
    match args.command:
        case None:
            from psc.cli.app import open_app

            return open_app(context)
        case "demo":
            from psc.cli.demo import demo

            return demo(context, no_app=args.no_app)
        case "init" if args.secrets:
            from psc.cli.secrets import first_secrets

            return first_secrets(context, args.admin, args.lead)
        case "passphrase":
            from psc.cli.secrets import passphrase

            return passphrase(context)
        case "init":
            from psc.cli.setup import init

            return init(context, args.school, args.admin, args.lead)
        case "import":
            from psc.cli.setup import import_command

            return import_command(context, args)
        case "doctor":
            from psc.cli.setup import doctor

            return doctor(context)
        case "roster" if (args.paper or args.to) and (args.evacuation or args.register):
            raise NotUnderstood("One sheet at a time.", "Give one of --paper, --register and --evacuation.")
        case "roster" if args.paper or args.to:
            from psc.cli.paper import paper

            return paper(context, args.date, args.room, args.to, asked=args.paper)
        case "roster":
            if args.evacuation or args.register:
                from psc.cli import sheets

                if args.evacuation and (args.register or args.date or args.room):
                    raise NotUnderstood("The roll is of this moment and of every room.", "Give --evacuation alone.")
                if args.evacuation:
                    return sheets.evacuation_roll(context)
                return sheets.register(context, args.date, args.room)
            from psc.cli.show import roster

            return roster(context, args.date, args.room)
        case "student":
            from psc.cli.students import show

            if args.what == "export":
                from psc.cli.student_export import export

                return export(context, args.student, args.to, args.reviewed)
            return show(context, args.student, args.why)
        case "audit":
            from psc.cli.students import audit

            return audit(context, args)
        case "staff" if args.what in ("pass", "passes"):
            from psc.cli import passes

            if args.what == "pass":
                return passes.give(context, args.name, args.agency, args.room)
            return passes.list_passes(context, args.end)
        case "students":
            from psc.cli.year import students

            return students(context, args)
        case "year":
            from psc.cli.year import start

            return start(context, args)
        case "staff":
            from psc.cli.staff import staff

            return staff(context, args)
        case "settings":
            from psc.cli.settings import settings

            return settings(context, args)
        case "rota":
            from psc.cli.rota import rota

            return rota(context, args.week)
        case "work" if args.desk or args.slips:
            from psc.cli import work_sheets

            if args.what or (args.desk and args.slips):
                raise NotUnderstood("One thing at a time.", "Give --desk or --slips alone.")
            return (work_sheets.desk_lists if args.desk else work_sheets.slips)(context, args)
        case "work" if not args.what and (args.room or args.period or args.to):
            raise NotUnderstood("--room, --period and --to go with a sheet.", "Give --desk or --slips.")
        case "work":
            from psc.cli.work import work

            return work(context, args)
        case "book":
            from psc.cli.book import run as book

            return book(context, args)
        case "week":
            from psc.cli.book import week

            return week(context, args.since, args.days)
        case "refer" | "approve":
            from psc.cli import referrals

            return (referrals.refer if args.command == "refer" else referrals.approve)(context, args)
        case "incidents" | "actions":
            from psc.cli import incidents

            return (incidents.incidents if args.command == "incidents" else incidents.actions)(context, args)
        case "restrictive":
            from psc.cli.restrictive import restrictive

            return restrictive(context, args.since, args.until)
        case "find":
            from psc.cli.show import find

            return find(context, " ".join(args.text))
        case _:
            from psc.cli import door

            return door.run(context, args)
