"""Students from a file: matched to those known, compared, and written with every change kept."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.clock import school_day
from psc.desk.facts import live
from psc.errors import FileRefused, NeedsReason
from psc.importing.matching import COLUMNS, Index, Known, Question, known_students, old_numbers
from psc.importing.plan import newest_import
from psc.overview.left_open import left_open
from psc.school.alerts import IMPORTED
from psc.school.calendar import academic_year_start
from psc.school.students import folded_name, shown_name
from psc.school.years import first_year, intake_start, year_words
from psc.text import counted, fold

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from psc.database.file import File
    from psc.desk.acts import Tx
    from psc.importing.report import Report
    from psc.importing.students import StudentRecord

_CAN_BE_NOTHING = frozenset(
    {"admission_no", "upn", "dob", "pupil_premium", "fsm", "looked_after", "eal", "key_worker_id"}
)

LEAVERS_UNASKED = 0.05
"""The share of the roll that may be marked as left without the count being typed. Source: domain notes, September."""


@dataclass(slots=True)
class _Change:
    """What becomes of one known student, or of a new one (`known` is None)."""

    known: Known | None
    fields: dict[str, Any]
    enrolment: tuple[int | None, str] | None = None
    medical: str | None = None
    contacts: list[tuple[Any, ...]] | None = None
    returns: bool = False
    from_day: date | None = None
    """From when the year and form hold, where it is not from now."""

    @property
    def settles(self) -> bool:
        """Whether a student who was new here is one of the roll from now on."""
        return self.known is not None and self.known.new_here

    @property
    def empty(self) -> bool:
        told = self.fields or self.enrolment or self.returns or self.settles
        return not told and self.medical is None and self.contacts is None


class _Intake(NamedTuple):
    """The school's first year group, and from when pupils of a primary school's year are in it."""

    first: int | None
    start: date

    def year_of(self, told: int | None) -> int | None:
        """Return the year group a transfer file's pupil comes into."""
        return self.first if self.below(told) else told

    def below(self, told: int | None) -> bool:
        """Say whether a year is below the school's first."""
        return told is not None and self.first is not None and told < self.first


@dataclass
class StudentPlan:
    """A list of students, compared with those known."""

    report: Report
    seen: int
    today: date
    changes: list[_Change] = field(default_factory=list)
    leavers: list[Known] = field(default_factory=list)

    def __str__(self) -> str:
        return "students"

    def leavers_by_year(self) -> dict[int | None, int]:
        """Return how many of each year group would be marked as left."""
        return dict(sorted(Counter(one.year for one in self.leavers).items(), key=lambda item: item[0] or 0))

    def apply(self, tx: Tx) -> None:
        """Write the new and the changed, and mark the leavers."""
        for change in self.changes:
            if change.known is None:
                student_id = _insert(tx, change, change.from_day or academic_year_start(self.today))
            else:
                student_id = change.known.id
                _update(tx, change)
            if change.contacts is not None:
                _contacts(tx, student_id, change.contacts)
        for one in self.leavers:
            tx.file.execute("UPDATE student SET left_on = ? WHERE id = ?", (self.today.isoformat(), one.id))
            _note(tx, one.id, "left_on", "", self.today.isoformat())


def plan_students(
    file: File,
    records: Sequence[StudentRecord],
    report: Report,
    now: datetime,
    *,
    whole_roll: bool = False,
    leavers: int | None = None,
    clear_empty: bool = False,
    transfer: bool = False,
    emptying: Collection[int] = (),
) -> StudentPlan:
    """Compare a list with the students known, and say in `report` what each row comes to.

    `whole_roll` marks those who are not in the list as left; `leavers` is their count as the user typed it.
    `transfer` is on for a transfer file: a primary school's year comes in as the first year here, from its start.
    `emptying` names the year groups that the user says may be left without anybody. Raises `NeedsReason` when so many
    would leave that the count must be typed and was not, or when a year group would be emptied.
    """
    today = school_day(now, file.zone)
    plan = StudentPlan(report, newest_import(file), today)
    known = known_students(file, today)
    index = Index(known, old_numbers(file))
    intake = _Intake(first_year(file, today) if transfer else None, intake_start(today))
    younger: list[StudentRecord] = []
    staff = _staff_codes(file)
    met: set[int] = set()
    if whole_roll and report.rejected:
        raise FileRefused(
            f"{counted(len(report.rejected), 'row')} cannot be read, so psc cannot tell who is missing from this roll.",
            f"Put line {report.rejected[0].line} right first, or import the list without --whole-roll.",
        )
    for record in records:
        try:
            mine = index.match(record)
        except Question as question:
            report.reject(record.line, str(question))
            met.update(question.students)
            continue
        if mine is not None and mine.id in met:
            report.reject(record.line, "another row of this file is already the same student")
            continue
        change = _compare(mine, record, staff, report, intake, clear_empty=clear_empty)
        for number in ("admission_no", "upn"):  # the number of a record that was merged stays with that record
            if change.fields.get(number) in index.old_numbers:
                del change.fields[number]
        if intake.below(record.year):
            younger.append(record)
        for one in index.new_here(record) if mine is None else ():
            report.possibly(record.line, _new_here_words(one))
            met.add(one.id)
        if mine is None:
            report.imported += 1
        elif change.empty:
            report.unchanged += 1
        else:
            report.updated += 1
        if mine is not None:
            met.add(mine.id)
        if mine is None or not change.empty:
            plan.changes.append(change)
    if younger:
        whole = f"{counted(len(younger), 'pupil')} of a year below this school's first"
        report.warn(younger[0].line, f"{whole}: year {intake.first} from {_day_words(intake.start)}")
    report.finish()
    if whole_roll:
        staying = {one.id for one in known if one.new_here or one.coming}
        plan.leavers = [one for one in known if one.id not in met | staying and one.left_on is None]
        report.leavers = plan.leavers_by_year()
        report.to_decide = _undecided(file, plan)
        _guard_leavers(plan, known, leavers)
    _guard_years(plan, known, emptying)
    return plan


def _new_here_words(one: Known) -> str:
    who = " ".join(part for part in (shown_name(one.fields["surname"], one.fields["forename"]), one.form) if part)
    return f"possibly the same as {who} (new{one.id}), who is new here; if so, merge the two"


def _undecided(file: File, plan: StudentPlan) -> list[str]:
    """Return the leavers with something open, and what."""
    found = left_open(file, (one.id for one in plan.leavers), plan.today)
    return [
        f"{shown_name(one.fields['surname'], one.fields['forename'])} {one.form}".rstrip() + f": {'; '.join(words)}"
        for one in plan.leavers
        if (words := found.get(one.id))
    ]


def _day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _guard_years(plan: StudentPlan, known: Sequence[Known], emptying: Collection[int]) -> None:
    """Refuse to leave a year group without anybody, unless its user says so: more likely a column was shifted.

    Those who leave the roll are guarded by their count; a single student who moves on empties nothing.
    """
    was = {one.id: one.year for one in known if one.left_on is None and not one.new_here}
    becomes = dict(was)
    for number, change in enumerate(plan.changes, 1):
        if change.enrolment:
            becomes[change.known.id if change.known else -number] = change.enrolment[0]
    there = set(becomes.values())
    for year in sorted({year for year in was.values() if year is not None} - there - set(emptying)):
        moved = sum(1 for one, before in was.items() if before == year)
        if moved > 1:
            raise NeedsReason(
                f"Nobody would be left in {year_words(year)}: this file moves all {moved}. Nothing was changed.",
                f"If that is right, say so with --emptying {year}.",
            )


def _guard_leavers(plan: StudentPlan, known: Sequence[Known], typed: int | None) -> None:
    """Ask for the count when more than the set share, or a whole year group, would be marked as left."""
    count = len(plan.leavers)
    on_roll = Counter(one.year for one in known if one.left_on is None and not (one.new_here or one.coming))
    gone = plan.leavers_by_year()
    # Students without a year are no year group.
    emptied = [year for year, number in gone.items() if year is not None and number == on_roll[year]]
    few = count <= sum(on_roll.values()) * LEAVERS_UNASKED and not emptied
    if typed == count or (typed is None and few):
        return
    by_year = ", ".join(f"{year_words(year)}: {number}" for year, number in gone.items())
    raise NeedsReason(
        f"{counted(count, 'student')} would be marked as left ({by_year}). Nothing was changed.",
        f"If that is right, say so with --leavers {count}.",
    )


def _compare(
    mine: Known | None,
    record: StudentRecord,
    staff: dict[str, int],
    report: Report,
    intake: _Intake,
    *,
    clear_empty: bool,
) -> _Change:
    """Return what a row changes of a known student, or all of a new one."""
    told = _told(mine, record, staff, report, clear_empty=clear_empty)
    was = mine.fields if mine else dict.fromkeys(COLUMNS)
    if mine and told.get("upn") == was["former_upn"] and _temporary(told.get("upn")) and not _temporary(was["upn"]):
        del told["upn"]  # an older list: the permanent number stays
    fields = {name: value for name, value in told.items() if mine is None or value != was[name]}
    if mine and "upn" in fields and was["upn"] and "former_upn" not in told:
        fields["former_upn"] = was["upn"]  # a temporary number replaced by the permanent one stays findable
    change = _Change(mine, fields)
    cleared = clear_empty and "year" in record.emptied
    told_year = intake.year_of(record.year)
    if intake.below(record.year):
        if mine and mine.year is not None:  # the school knows better than a primary school's file of long ago
            told_year = mine.year
        else:
            change.from_day = intake.start
    year = told_year if told_year is not None else (mine.year if mine and not cleared else None)
    form = record.form if record.form else (mine.form if mine and not (clear_empty and record.form == "") else "")
    if (year, form) != ((mine.year, mine.form) if mine else (None, "")):
        change.enrolment = (year, form)
    medical = record.medical
    if medical is not None and (medical or clear_empty) and medical != (mine.medical if mine else ""):
        change.medical = medical
    if record.contacts:  # an empty list says nothing and clears nothing
        contacts = [
            (
                *(number, one.surname, one.forename, one.relationship, int(one.responsibility)),
                *(json.dumps(one.phones), one.email, one.language),
            )
            for number, one in enumerate(record.contacts, 1)
        ]
        named = {_who(one) for one in contacts}
        was_told = [one[1:-1] for one in (mine.contacts if mine else []) if not one[-1] or _who(one) in named]
        if [one[1:] for one in contacts] != was_told:
            change.contacts = contacts
    change.returns = bool(mine and mine.left_on)
    return change


def _told(
    mine: Known | None, record: StudentRecord, staff: dict[str, int], report: Report, *, clear_empty: bool
) -> dict[str, Any]:
    """Return the columns a row speaks of, as the file keeps them."""
    told: dict[str, Any] = {}
    for name in COLUMNS:
        if name == "key_worker_id":
            continue
        value = getattr(record, name)
        if name == "dob" and value is not None:
            value = value.isoformat()
        if isinstance(value, bool):
            value = int(value)
        empty = value in (None, "")
        if empty and not (clear_empty and name in record.emptied and name not in ("admission_no", "upn")):
            continue
        told[name] = (None if name in _CAN_BE_NOTHING else "") if empty else value
    if "surname" in told or "forename" in told:  # a name comes whole: a one-word name clears the other half
        told["surname"], told["forename"] = record.surname, record.forename
    if record.shown_from_legal and mine is not None:
        for half in ("surname", "forename"):  # a preferred name that is known stays, unless the file gives another
            from_legal = told.get(half) == (getattr(record, f"legal_{half}") or "")
            if from_legal and mine.fields[half] != mine.fields[f"legal_{half}"]:
                told.pop(half, None)
    if record.key_worker:
        if record.key_worker.lower() in staff:
            told["key_worker_id"] = staff[record.key_worker.lower()]
        else:
            report.warn(record.line, "the key worker is not on the staff list")
    elif clear_empty and "key_worker" in record.emptied:
        told["key_worker_id"] = None
    return told


def _temporary(upn: str | None) -> bool:
    """Say whether a UPN is a temporary one: it ends in a letter."""
    return upn is not None and upn[-1:].isalpha()


def _who(contact: Sequence[Any]) -> tuple[str, str]:
    """Return whom a contact is, however the name is written."""
    return fold(contact[1]), fold(contact[2])


def _insert(tx: Tx, change: _Change, from_day: date) -> int:
    fields = {name: value for name, value in change.fields.items() if value is not None}
    folded = folded_name(*(fields.get(name, "") for name in ("surname", "forename", "legal_surname", "legal_forename")))
    whole = {**fields, "folded": folded}
    cursor = tx.file.execute(
        f"INSERT INTO student ({', '.join(whole)}) VALUES ({', '.join('?' * len(whole))})", list(whole.values())
    )
    student_id = int(cursor.lastrowid or 0)
    year, form = change.enrolment or (None, "")
    _enrol(tx, student_id, from_day, year, form)
    if change.medical:
        tx.add("alert", student_id=student_id, kind="medical", text=change.medical, emergency=1)
    return student_id


def _update(tx: Tx, change: _Change) -> None:
    known = change.known
    if known is None:
        return
    if change.fields:
        names = {**known.fields, **change.fields}
        folded = folded_name(
            *(names[name] or "" for name in ("surname", "forename", "legal_surname", "legal_forename"))
        )
        whole = {**change.fields, "folded": folded}
        tx.file.execute(
            f"UPDATE student SET {', '.join(f'{name} = ?' for name in whole)} WHERE id = ?", [*whole.values(), known.id]
        )
        for name, value in change.fields.items():
            _note(tx, known.id, name, known.fields[name], value)
    if change.returns:
        tx.file.execute("UPDATE student SET left_on = NULL WHERE id = ?", (known.id,))
        _note(tx, known.id, "left_on", known.left_on, "")
    if change.settles:
        tx.file.execute("UPDATE student SET provisional = 0 WHERE id = ?", (known.id,))
        _note(tx, known.id, "provisional", 1, 0)
    if change.enrolment:
        # A year and form that were prepared for a day to come change from that day, not before it.
        start = max((change.from_day or tx.today).isoformat(), known.enrolled_from)
        _enrol(tx, known.id, date.fromisoformat(start), *change.enrolment)
        _note(
            tx, known.id, "year and form", f"{known.year} {known.form}", f"{change.enrolment[0]} {change.enrolment[1]}"
        )
    if change.medical is not None:
        standing = tx.file.rows(
            f"SELECT id FROM alert a WHERE student_id = ? AND kind = 'medical' AND {IMPORTED} AND {live('alert', 'a')}",
            (known.id,),
        )
        for (alert_id,) in standing:
            tx.retract("alert", alert_id, "a newer import says otherwise")
        if change.medical:
            tx.add("alert", student_id=known.id, kind="medical", text=change.medical, emergency=1)


def _enrol(tx: Tx, student_id: int, from_day: date, year: int | None, form: str) -> None:
    tx.file.execute(
        "INSERT INTO enrolment (student_id, from_day, year, form, seq) VALUES (?, ?, ?, ?, ?)",
        (student_id, from_day.isoformat(), year, form, tx.seq),
    )


def _contacts(tx: Tx, student_id: int, contacts: Sequence[tuple[Any, ...]]) -> None:
    """Replace the contacts, keeping who must not be contacted, named or not: a file does not know that."""
    columns = "place, surname, forename, relationship, responsibility, phones, email, language, do_not_contact"
    stood = tx.file.rows(f"SELECT {columns} FROM contact WHERE student_id = ? ORDER BY place", (student_id,))
    barred = {_who(one): one for one in stood if one[-1]}
    named = {_who(one) for one in contacts}
    now = [(*one[1:], int(_who(one) in barred)) for one in contacts]
    now += [one[1:] for who, one in barred.items() if who not in named]
    if stood:
        before, after = (json.dumps(several, ensure_ascii=False) for several in ([one[1:] for one in stood], now))
        _note(tx, student_id, "contacts", before, after)
    tx.file.execute("DELETE FROM contact WHERE student_id = ?", (student_id,))
    tx.file.conn.executemany(
        f"INSERT INTO contact (student_id, {columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(student_id, place, *one) for place, one in enumerate(now, 1)],
    )


def _note(tx: Tx, student_id: int, name: str, before: object, after: object) -> None:
    """Keep what an import changed of a student who was here."""
    tx.file.execute(
        "INSERT INTO import_change (seq, student_id, field, before, after) VALUES (?, ?, ?, ?, ?)",
        (tx.seq, student_id, name, "" if before is None else str(before), "" if after is None else str(after)),
    )


def _staff_codes(file: File) -> dict[str, int]:
    return {code.lower(): staff_id for staff_id, code in file.rows("SELECT id, code FROM staff")}
