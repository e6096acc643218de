"""Settings: every figure of the rules, with its default, dated from when it holds.

A day is judged by the settings in force on it, so a change of today leaves the past as it was.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.changes import Changed, check_differs, check_fresh, keep_change
from psc.errors import NotUnderstood, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psc.database.file import File


class Settings(NamedTuple):
    """The figures in force on one day. Sources: the domain notes, section Roster."""

    grace_minutes: int = 5
    """Minutes after the start of a period before a student who has not come is late."""
    entered_later_minutes: int = 5
    """Minutes between happened and recorded from which a fact is marked *entered later*."""
    toilet_minutes: int = 10
    """Minutes a toilet pass allows."""
    nurse_minutes: int = 30
    """Minutes with the nurse before somebody asks."""
    way_minutes: int = 5
    """Minutes that the way to another room takes at most."""
    welfare_minutes: int = 30
    """Minutes between welfare checks of a student who is alone, held or in regulation, where the room sets no own."""
    register_close_minutes: int = 30
    """Minutes after the first bell at which the register closes."""
    served_share: int = 75
    """Per cent of a period's minutes a student must be present for it to be served."""
    served_mark: int = 2
    """The lowest period check with which a period is served."""
    keep_apart_days: int = 30
    """Days that a keep-apart pair holds unless said otherwise."""
    quiet_minutes: int = 2
    """Minutes without a key after which the board goes quiet: initials only, and a PIN to go on. Never off."""
    lock_minutes: int = 10
    """Minutes without a key after which the screen is locked whole."""
    visit_seconds: int = 45
    """Seconds without a key after which a short visit to somebody else's desk goes quiet."""
    wait_minutes: int = 15
    """Minutes that nobody can sign in under a code after five wrong answers."""

    work_due_hour: int = 15
    """The hour of the school day before by which a period's work is due."""
    run_warn_days: int = 3
    """School days of internal exclusion on end from which a booking warns."""
    term_warn_days: int = 5
    """Days of internal exclusion in a term from which a student's needs are to be reviewed."""
    term_warn_share: int = 10
    """Per cent of a term's lessons in rooms from which a student's needs are to be reviewed."""
    removals_warn: int = 3
    """Removals from lessons, within the days below, from which a student's needs are to be reviewed."""
    removals_days: int = 10
    """School days over which removals are counted."""
    own_approval_days: int = 2
    """The longest placement, in school days, that a head of year may approve for their own year groups."""
    tried_weeks: int = 6
    """School weeks over which a referral shows what was tried before, from the record."""

    incident_lock_hours: int = 24
    """Hours in which the author may correct what they recorded; after that there are only addenda."""
    incident_late_hours: int = 24
    """Hours after which a record of an incident is marked *entered late*."""
    incident_tell_severity: int = 3
    """The severity from which parents are to be told of an incident, of those involved and its targets."""
    incident_tell_days: int = 0
    """School days within which parents are told of an incident: 0 is the same day."""
    restrictive_record_days: int = 0
    """School days within which the use of force or seclusion is recorded: 0 is the same day."""
    restrictive_tell_days: int = 0
    """School days within which each parent is told of force or seclusion: 0 is the same day."""
    restrictive_review_days: int = 5
    """School days within which the use of force or seclusion is reviewed and signed off."""
    evidence_warn_days: int = 5
    """School days before evidence is no longer kept (CCTV overwritten) from which it stands among what is owed."""
    action_days: int = 5
    """School days within which an agreed action is due, unless said otherwise."""

    def allowed_out(self, reason: str) -> int | None:
        """Return the minutes a student may be out for `reason`: none for walking out, None where no figure is set."""
        return {"toilet": self.toilet_minutes, "nurse": self.nurse_minutes, "walked out": 0}.get(reason)


BOUNDS: Mapping[str, tuple[int, int]] = {
    "served_share": (1, 100),
    "served_mark": (0, 4),
    "quiet_minutes": (1, 5),
    "lock_minutes": (5, 30),
    "visit_seconds": (15, 120),
    "wait_minutes": (5, 120),
    "keep_apart_days": (1, 400),
    "work_due_hour": (7, 23),
    "run_warn_days": (1, 20),
    "term_warn_days": (1, 100),
    "term_warn_share": (1, 100),
    "removals_warn": (1, 50),
    "removals_days": (1, 50),
    "own_approval_days": (0, 45),
    "tried_weeks": (1, 40),
    "incident_lock_hours": (0, 168),
    "incident_late_hours": (1, 168),
    "incident_tell_severity": (1, 5),
    "incident_tell_days": (0, 10),
    "restrictive_record_days": (0, 5),
    "restrictive_tell_days": (0, 5),
    "restrictive_review_days": (1, 20),
    "evidence_warn_days": (0, 20),
    "action_days": (0, 60),
}
"""The least and the most a setting may be, where that is not `ANY`."""
ANY = (0, 1_000)


def settings_on(file: File, day: date) -> Settings:
    """Return the settings in force on `day`."""
    found = file.rows("SELECT name, value FROM setting WHERE from_day <= ? ORDER BY from_day, id", (day.isoformat(),))
    known = set(Settings._fields)
    return Settings(**{name: json.loads(value) for name, value in found if name in known})


class Threshold(NamedTuple):
    """One figure as it stands on a day: since when, and who set it; `since` and `set_by` are None for the default.

    `coming` is what it becomes next, and from which day, where somebody has said so already.
    """

    name: str
    default: int
    value: int
    since: date | None
    set_by: Changed | None
    coming: tuple[date, int] | None

    @property
    def words(self) -> str:
        """The name as people say it: `grace minutes`."""
        return self.name.replace("_", " ")

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the most it may be."""
        return BOUNDS.get(self.name, ANY)


def thresholds_on(file: File, day: date) -> tuple[Threshold, ...]:
    """Return every setting as it stands on a day."""
    default = Settings()
    made = {
        name: Threshold(name, getattr(default, name), getattr(default, name), None, None, None)
        for name in Settings._fields
    }
    found = file.rows(
        "SELECT s.name, s.value, s.from_day, l.at, l.actor FROM setting s JOIN ledger l ON l.seq = s.seq"
        " ORDER BY s.from_day, s.id"
    )
    for name, value, from_day, at, by in found:
        if name not in made:
            continue
        since, one = date.fromisoformat(from_day), made[name]
        if since <= day:
            made[name] = one._replace(value=json.loads(value), since=since, set_by=Changed(moment(at), by))
        elif one.coming is None or one.coming[0] == since:
            made[name] = one._replace(coming=(since, json.loads(value)))
    return tuple(made.values())


def meanings() -> Mapping[str, str]:
    """Return what each setting means: the words that stand under it in `Settings`."""
    import ast
    from itertools import pairwise
    from pathlib import Path

    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == Settings.__name__)
    return {
        field.target.id: " ".join(str(after.value.value).split())
        for field, after in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
    }


def known_setting(typed: str) -> str:
    """Return the setting that was typed, spaces or underlines alike. Raises `NotUnderstood`."""
    name = "_".join(typed.lower().replace("-", " ").replace("_", " ").split())
    if name not in set(Settings._fields):
        raise NotUnderstood(f"There is no setting “{typed.strip()}”.", "See the list: psc settings list.")
    return name


@act("change_setting")
def change_setting(
    tx: Tx, name: str, value: int, *, from_day: date | None = None, seen: Threshold | None = None
) -> None:
    """Give a setting a new value from a day on (today unless given). Days before it are judged as they were.

    `seen` is how it stood when the change was typed; raises `Refused` when somebody changed it since, when nothing
    would change, and for a day that is over. Raises `NotUnderstood` for an unknown name or a value out of bounds.
    """
    known_setting(name)
    least, most = BOUNDS.get(name, ANY)
    if not least <= value <= most:
        raise NotUnderstood(f"{name} is a number from {least} to {most}.", "Give minutes, seconds, days or per cent.")
    since = from_day or tx.today
    if since < tx.today:
        raise Refused("A day that is over is judged as it was.", "Change it from today on, or from a later day.")
    about = f"setting:{name}"
    stands = getattr(settings_on(tx.file, since), name)
    if seen is not None:
        check_fresh(tx, about, seen, next(one for one in thresholds_on(tx.file, tx.today) if one.name == name))
        check_differs(stands, value)
    tx.file.execute(
        "INSERT INTO setting (name, value, from_day, seq) VALUES (?, ?, ?, ?)",
        (name, json.dumps(value), since.isoformat(), tx.seq),
    )
    keep_change(tx, about, {"value": stands}, {"value": value, "from": since.isoformat()})
