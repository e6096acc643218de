"""Make the tables of the guide from the program: keys, permissions and settings.

python docs/make_tables.py           writes them beside this file
python docs/make_tables.py --check   writes nothing; exits 1 when a table is out of date
"""

from __future__ import annotations

import argparse
import re
import sys
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import psc
from psc.desk import settings
from psc.desk.acts import ACTS
from psc.desk.people import Role
from psc.desk.permissions import PERMISSIONS, Scope
from psc.desk.settings import Settings
from psc.roster.letters import LEFT_LETTERS, OUT_LETTERS
from psc.roster.sightings import TOLD
from psc.tui.commands.board import COMMANDS
from psc.tui.commands.care import LUNCH_LETTERS
from psc.tui.commands.leave import HOME_LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MADE = "<!-- Made by docs/make_tables.py: change the program, then run it again (make tables). -->"

NOT_ACTS = {
    "see_roster": "See the board of a day, in the app and with `psc roster`.",
    "find_student": "Find a student by name, form or number.",
    "see_contacts": "See whom of a student’s home to ring.",
    "see_profile": "See who a student is, their day, and what is kept of them; seen by opening them: `open_student`.",
    "see_alerts": "See a student’s alerts, strategies and keep-apart pairs.",
    "see_emergency": "See the emergency text of a student’s alerts, at once and unasked.",
    "see_day": "See the times of a day, and who changed them.",
    "verify_ledger": "Have the ledger’s chain walked, with `psc audit verify`.",
    "open_outside": "Open a student beyond the reach of `open_student`, with a reason that the ledger keeps.",
    "see_staff": "See the staff list, and who has a passphrase; never a passphrase.",
    "see_settings": "See the figures of the rules, rooms, bell times, calendar, reasons and texts.",
    "see_week": "See the week ahead: seats used and free; names only of students the reader may see.",
    "see_packs": "See the pack bank.",
    "see_work": "See the work of each period: what is needed, who was asked, what came and what became of it.",
    "see_referrals": "See referrals; whoever raised one sees that one besides.",
    "see_programmes": "See programmes: purpose, success criteria, stages.",
    "print_slips": "Print work slips and the desk list of a period.",
    "see_rota": "See the rota: who is on duty, where and when.",
    "see_roll": "See the evacuation roll: everybody in the rooms and where they were last.",
    "print_log": "Print a sheet with the names of students of the rooms: paper log, register list.",
    "print_wall": "Print lunch for the wall, which names nobody.",
    "print_kitchen": "Print the kitchen’s copy of lunch, with dietary needs and free meals.",
    "see_incidents": "See incidents, with their addenda and earlier versions.",
    "see_statements": "See the statements taken of an incident.",
    "see_restrictive": "See the record of force or seclusion; others see that there is one.",
    "see_restrictive_report": "See a term’s counts of force and seclusion; no names.",
    "see_investigations": "See investigations: what was gathered, and what came of it.",
    "see_notes": "See notes, but for restricted ones.",
    "see_restricted_notes": "See restricted notes; others see that there is one, and whom to ask.",
    "see_exposure": "See how much of the year a student has spent in rooms.",
    "see_behaviour": "See what the school’s own system has of a student’s behaviour.",
    "see_attendance": "See a student’s attendance and punctuality.",
    "see_suspensions": "See when a student was suspended, and what comes of it.",
    "see_actions": "See what is owed and by whom; what somebody owes themselves they always see.",
    "print_parent_sheet": "Print the sheet for a student’s parents.",
    "print_meeting_report": "Print a student’s story between two days, for a meeting.",
    "print_investigation": "Print an investigation as one file.",
    "write_restricted_note": "Write a note that only the safeguarding lead and the behaviour lead see.",
    "correct_before": "Correct, or add a check to, a day before today.",
}
"""What each line of the permission table is that is no act; acts say it themselves, in their docstrings."""

SCOPES = {
    Scope.ALL: "all",
    Scope.OWN_YEARS: "own years",
    Scope.TODAY: "today’s rooms",
    Scope.OWN: "own",
    Scope.OWN_AND_TODAY: "own, today’s rooms",
    Scope.ROLL: "all",
}
"""How far a permission reaches, in as few words as a table has room for."""

ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
"""The roles that people have."""


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def keys() -> str:
    """Return the page of keys."""
    rows = [
        (f"`{one.letter}`", one.title, one.help, "no" if not one.footer else "yes", who(one.act)) for one in COMMANDS
    ]
    return f"""{MADE}

# Keys of the board

`?` in the app shows this list with what can be used just now; type part of a word to search it, Enter runs the command.
How the keys work together is told in [Today](guide/today.md), [The whole day](guide/whole-day.md) and
[Incidents](guide/incidents.md).

{table(("Key", "Command", "What it does", "On the bottom line", "For"), rows)}

Also: the arrows, Page Up, Page Down, Home and End move along the list. Esc takes one step back: what was kept with `@`,
then the opened pane, then the marks, then the filter. Ctrl+C never closes anything; it says how to leave.

What opens over the board (the roll, the rota, the day’s end …) shows its own keys in its last line; Esc goes back.

## Letters that answer a question

After `o`, why the student goes out:

{table(("Letter", "Reason"), letters(OUT_LETTERS))}

The same letters stand on the paper log.

After `s`, where the student goes; `h` is home early, and asks why:

{table(("Letter", "Where to"), letters(LEFT_LETTERS))}

After `s` and `h`, why the student goes home early:

{table(("Letter", "Reason"), letters(HOME_LETTERS))}

After `f`, whom you told; `w` is where the student is, in words:

{table(("Letter", "Told"), letters({told[0]: told for told in TOLD}))}

After `l`, what the student has for lunch; `w` is something else, in words:

{table(("Letter", "Lunch"), letters(LUNCH_LETTERS))}
"""


def letters(named: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the rows of a table of letters."""
    return [(f"`{letter}`", str(value)) for letter, value in named.items()]


def who(act: str) -> str:
    """Return who may use a command, in words."""
    if not act:
        return "everyone"
    return ", ".join(role.words for role in ROLES if role in PERMISSIONS.get(act, {}))


def permissions() -> str:
    """Return the page of permissions."""
    headings = ("", *(role.words for role in ROLES))
    rows = [
        (f"`{name}`", *(SCOPES[reach[role]] if role in reach else "–" for role in ROLES))
        for name, reach in PERMISSIONS.items()
    ]
    told = "\n".join(f"- `{name}`: {meaning(name)}" for name in PERMISSIONS)
    return f"""{MADE}

# Who may do what

What is not in the table is not allowed. The role is read again at every act, so a changed role counts at once. A role
says nothing about whether somebody is who they say they are: see *What stands between a code and the file* in
[For the technician](guide/technician.md).

{table(headings, rows)}

*all*: every student. *own years*: students of the year groups named for that person in the staff list.
*today’s rooms*: students who are placed in a room today; with a cover pass, in a room on it, or sent to one. Years lent
to somebody count on the days they are lent for. *own*: what somebody recorded or owes themselves; of incidents and what
hangs on them also those they were at. *own, today’s rooms*: either.

Beside what the table says:

- A key worker has `find_student`, `see_contacts`, `see_alerts` and `open_student` for their own students whatever
  their role, today or not.
- Whoever is barred from a student reaches them by nothing in the table but the evacuation roll (`see_roll`,
  `evacuate`, `tick_roll`, `bring_back`). On the board their seat is taken and counted, as *not shown to you*.
- An incident is reached by each of its students; whoever is barred from one of them reaches it not at all. Of its other
  students those beyond `find_student` are *a student not shown to you*.
- What is corrected is corrected by its author, within `incident_lock_hours`; after that there are addenda.
- The seats of a room are counted over everybody, and the term’s force and seclusion over the whole school. Every other
  count is of what one may see.

## What each one is

{told}
"""


def meaning(name: str) -> str:
    """Return the first sentence of what an act or a read is, without what it returns to the code that calls it.

    The table of permissions may name an act before there is one.
    """
    if name in NOT_ACTS:
        return NOT_ACTS[name]
    if name not in ACTS:
        return "Nothing in this version does this yet."
    told = " ".join(cleandoc(ACTS[name].run.__doc__ or "").split("\n\n")[0].split())
    return re.split(r"[.;] (?:Raises|Returns|returns) ", told)[0].rstrip(".") + "."


def settings_page() -> str:
    """Return the page of settings."""
    said = settings.meanings()
    rows = [(f"`{name}`", str(default), said[name]) for name, default in Settings()._asdict().items()]
    return f"""{MADE}

# Settings

The figures of the rules. A day is judged by the settings in force on it, so that a change would leave the past as it
was. An administrator changes one in Settings (`9`, Rules) or with `psc settings set`, from a day on.

{table(("Setting", "Default", "Meaning"), rows)}
"""


def tables() -> dict[str, str]:
    """Return every page that is made, by its name."""
    for module in walk_packages(psc.__path__, "psc."):  # acts come to be known when their module is imported
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return {"keys.md": keys(), "permissions.md": permissions(), "settings.md": settings_page()}


def main(words: Sequence[str]) -> int:
    """Write the pages, or with `--check` say which are out of date."""
    parser = argparse.ArgumentParser(prog="python docs/make_tables.py", description="Make the tables of the guide.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a table is out of date")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent, help="where the pages are")
    args = parser.parse_args(words)
    stale = []
    for name, text in tables().items():
        path = args.folder / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not args.check:
            path.write_text(text, encoding="utf-8", newline="\n")
    if stale:
        print(f"{'Out of date' if args.check else 'Written'}: {', '.join(stale)}")
    return 1 if stale and args.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
