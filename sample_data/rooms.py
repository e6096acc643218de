"""The two rooms of Riverside Academy: what happened in them this term, and what is booked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from school import PERIODS, Student, bells_of, clock, label, rng_for, school_days

ROOMS = (("IER", "Internal Exclusion Room", "IER", 12), ("PSC", "Pastoral Support Centre", "PSC", 10))
TODAY = date(2026, 11, 23)
MOST = {"IER": 9, "PSC": 7}  # students in a room on one day, in what is made up at random

REASONS = {
    "Persistent disruption": 24, "Defiance": 18, "Verbal abuse of adult": 10, "Verbal abuse of student": 8,
    "Fighting": 7, "Physical assault on student": 3, "Bullying": 4, "Racist": 1, "Homophobic or gender-based": 1,
    "Vaping": 5, "Damage": 3, "Theft": 1, "Phone or online": 5, "Truancy": 8, "Out of bounds": 5, "Uniform": 4,
    "Failed removal": 4, "Dangerous behaviour": 3,
}  # fmt: skip
SANCTIONS = {
    "removal": 46,
    "internal_exclusion": 34,
    "missed_detention": 12,
    "readmission": 5,
    "internal_suspension": 3,
}
SUPPORT = {"regulation": ("Sensory break", "Overwhelmed in lesson", "Anxiety support"),
           "time_out": ("Time-out pass used", "Overwhelmed in lesson")}  # fmt: skip


@dataclass
class Row:
    """One student in one room on one day, as planned and, once it has been, as it went."""

    student: Student
    room: str
    kind: str
    reason: str
    day: date
    periods: tuple[str, ...]
    came: int | None = None
    went: int | None = None
    checks: str = ""
    staff: str = "CO1"
    written: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the row as it stands in history.csv."""
        written = self.written or " ".join(self.periods)
        if not self.written and len(self.periods) > 2:
            written = f"{self.periods[0]}-{self.periods[-1]}"
        came, went = ("" if at is None else clock(at) for at in (self.came, self.went))
        return (self.student.adno, self.room, self.kind, self.reason, self.day.isoformat(), written, came, went,
                self.checks, self.staff)  # fmt: skip


@dataclass(frozen=True)
class Programme:
    """A support placement that comes again every week."""

    kind: str
    reason: str
    who: str  # "form surname", or a year group from which somebody is chosen
    weekdays: str
    first: str
    last: str
    begins: date
    ends: date


def _programme(text: str) -> Programme:
    """Read a programme from one line of the list below."""
    kind, reason, who, weekdays, first, last, begins, ends = (part.strip() for part in text.split("|"))
    return Programme(kind, reason, who, weekdays, first, last, date.fromisoformat(begins), date.fromisoformat(ends))


PROGRAMMES = tuple(map(_programme, """\
phased_return         | Phased return       | 9A D'Souza     | 12345 | P1 | P4 | 2026-11-09 | 2026-11-27
alternative_timetable | Part-time college   | 11B Ní Bhriain | 13    | P1 | P6 | 2026-09-14 | 2026-12-11
psc_programme         | Reading support     | 7C Wójcik      | 14    | P3 | P4 | 2026-10-05 | 2026-12-11
psc_programme         | Social skills       | 8B Ali         | 1     | P4 | P4 | 2026-11-02 | 2026-12-11
psc_programme         | Anxiety support     | 10C Nuñez      | 13    | P3 | P5 | 2026-09-21 | 2026-12-04
psc_programme         | Managing anger      | 9C Harris      | 15    | P5 | P6 | 2026-11-02 | 2026-12-11
psc_programme         | Attendance support  | 8F Baker-Lloyd | 1     | P1 | P2 | 2026-10-12 | 2026-12-04
psc_programme         | Bereavement support | 7              | 3     | P2 | P2 | 2026-10-05 | 2026-12-04
psc_programme         | Exam anxiety        | 11             | 25    | P5 | P5 | 2026-11-02 | 2026-12-11
psc_programme         | Catch-up maths      | 8              | 25    | P2 | P3 | 2026-11-02 | 2026-12-11
psc_programme         | Friendship group    | 9              | 4     | P5 | P6 | 2026-11-02 | 2026-12-11
psc_programme         | Catch-up English    | 7              | 25    | P2 | P3 | 2026-09-14 | 2026-10-23
psc_programme         | Self-esteem group   | 9              | 24    | P4 | P4 | 2026-09-14 | 2026-10-23
psc_programme         | Managing anger      | 10             | 24    | P6 | P6 | 2026-09-14 | 2026-10-23
psc_programme         | Reading support     | 8              | 13    | P3 | P4 | 2026-09-07 | 2026-10-23
phased_return         | Phased return       | 10             | 12345 | P1 | P3 | 2026-09-07 | 2026-09-25
phased_return         | Phased return       | 7              | 12345 | P1 | P2 | 2026-09-03 | 2026-09-18
""".splitlines()))  # fmt: skip

# The sanctions that the demo needs, and what is booked ahead: form and surname, type, reason, days, periods, written.
BOOKED = (
    ("8A Khan", "internal_exclusion", "Verbal abuse", "23 24", "P1 P6", ""),
    ("10F Reid", "internal_exclusion", "Fighting", "20 23 24", "P1 P5", ""),
    ("9D Novak", "internal_exclusion", "Truancy", "23", "P1 P6", ""),
    ("9B Okafor", "internal_exclusion", "Defiance", "23 24", "P1 P6", ""),
    ("11A Hussain", "internal_exclusion", "Persistent disruption", "23", "P1 P6", ""),
    ("7E Ward", "internal_exclusion", "Uniform", "23", "P5 P5", ""),
    ("9B Osei", "internal_exclusion", "Phone", "23", "P1 P2", "P1-P2"),
    ("11C Wijesekara Mudiyanselage Thirunavukkarasu", "missed_detention", "Missed detention", "24", "P6 P6", ""),
    ("9F Featherington-Cholmondeley", "internal_exclusion", "Vaping", "24 25", "P1 P6", ""),
    ("10B Taylor", "internal_exclusion", "Fighting", "25 26 27", "P1 P6", ""),
    ("8E Ali", "internal_exclusion", "Out of bounds", "26", "P1 P3", ""),
    ("7F Çelik", "readmission", "Dangerous behaviour", "26", "P1 P6", ""),
    ("10E Taylor", "internal_exclusion", "Phone or online", "27", "P4 P6", ""),
)


def span(first: str, last: str) -> tuple[str, ...]:
    """Return the periods from one to another."""
    return PERIODS[PERIODS.index(first) : PERIODS.index(last) + 1]


class Term:
    """Builds the history: first what is fixed, then what fills the rooms, then how each of the days went."""

    def __init__(self, students: Sequence[Student]) -> None:
        """Start with empty rooms."""
        self.rng = rng_for("history")
        self.students = students
        self.by_name = {label(student): student for student in reversed(students)}
        self.days = [day for day in school_days() if day < TODAY]
        self.rows: list[Row] = []
        self.busy: set[tuple[str, date]] = set()
        self.count: Counter[tuple[str, date]] = Counter()
        self.excluded: defaultdict[str, list[int]] = defaultdict(list)  # days of a student, as numbers of school days
        self.latest: dict[tuple[str, str], int] = {}  # the last day of a student with each type

    def add(self, row: Row) -> None:
        """Keep a row, and the place it takes."""
        self.rows.append(row)
        self.busy.add((row.student.adno, row.day))
        self.count[row.room, row.day] += 1

    def add_fixed(self) -> None:
        """Add the bookings by name and the weekly programmes."""
        for name, kind, reason, days, ends, written in BOOKED:
            student = self.by_name[name]
            for number in days.split():
                day = date(2026, 11, int(number))
                head = f"HY{student.year}" if kind == "internal_exclusion" else "CO1"
                self.add(Row(student, "IER", kind, reason, day, span(*ends.split()), staff=head, written=written))
        taken = {name for name, *_ in BOOKED} | {"8C Marsh"}
        for programme in PROGRAMMES:
            if programme.who.isdigit():
                year = int(programme.who)
                free = [s for s in self.students if s.year == year and label(s) not in taken]
                student = self.rng.choices(free, [1 if s.sen == "N" else 3 for s in free])[0]
            else:
                student = self.by_name[programme.who]
            taken.add(label(student))
            for day in school_days():
                if programme.begins <= day <= programme.ends and str(day.weekday() + 1) in programme.weekdays:
                    periods = span(programme.first, programme.last)
                    self.add(Row(student, "PSC", programme.kind, programme.reason, day, periods))

    def fill(self) -> None:
        """Add sanctions and short support until each day so far has the students such a room has."""
        named = [student for name, student in self.by_name.items() if name in {"8C Marsh", *(row[0] for row in BOOKED)}]
        often = self.rng.sample([student for student in self.students if student not in named], 44) + named
        weights = [self.rng.choice((1, 1, 2, 2, 3, 5)) for _ in often]
        for number, day in enumerate(self.days):
            target = self.rng.randint(5, 8)
            while self.count["IER", day] < target:
                student = self.rng.choices(often, weights)[0]
                if not (student in named and day >= date(2026, 11, 9)):
                    self.sanction(student, number)
            target = self.rng.randint(4, 6)
            while self.count["PSC", day] < target:
                student, kind = self.rng.choice(self.students), self.rng.choice(tuple(SUPPORT))
                if (student.adno, day) not in self.busy and label(student) != "8C Marsh":
                    periods = (self.rng.choice(PERIODS),)
                    self.add(Row(student, "PSC", kind, self.rng.choice(SUPPORT[kind]), day, periods))

    def sanction(self, student: Student, number: int) -> None:
        """Place a student in the exclusion room from one school day on, if there is room and enough time has passed."""
        kind = self.rng.choices(tuple(SANCTIONS), tuple(SANCTIONS.values()))[0]
        reason = self.rng.choices(tuple(REASONS), tuple(REASONS.values()))[0]
        length, periods = 1, PERIODS
        if kind == "removal":
            start = self.rng.randrange(6)
            periods = PERIODS[start : start + self.rng.choice((1, 1, 1, 2))]
        elif kind == "missed_detention":
            reason, periods = "Missed detention", PERIODS[-self.rng.choice((1, 1, 2)) :]
        elif kind == "internal_exclusion":
            length = self.rng.choice((1, 1, 1, 1, 2, 2, 3))
            periods = PERIODS if length > 1 else self.rng.choice((PERIODS, PERIODS, PERIODS[:4], PERIODS[2:]))
        elif kind == "internal_suspension":
            length = 2
        days = self.days[number : number + length]
        if len(days) < length or any(
            (student.adno, day) in self.busy or self.count["IER", day] >= MOST["IER"] for day in days
        ):
            return
        if number - self.latest.get((student.adno, kind), -2) < 2:
            return  # two days running would read as one placement
        if kind in ("internal_exclusion", "internal_suspension"):
            if any(abs(number - earlier) < 8 for earlier in self.excluded[student.adno]):
                return
            self.excluded[student.adno] += range(number, number + length)
        self.latest[student.adno, kind] = number
        for day in days:
            self.add(Row(student, "IER", kind, reason, day, periods))

    def happen(self, row: Row) -> None:
        """Say how one past day went: when they came and went, and what was recorded for each period."""
        rng, bells = self.rng, bells_of(row.student.year)
        row.staff = rng.choice(("AS1", "AS1", "AS2", "CO1") if row.room == "IER" else ("AS2", "AS2", "AS1", "CO1"))
        start, end = bells[row.periods[0]][0], bells[row.periods[-1]][1]
        if rng.random() < 0.03 and row.kind != "removal" and label(row.student) != "10F Reid":
            return  # never came
        if row.kind in ("removal", "regulation", "time_out"):
            row.came = start + rng.randint(4, 28)
        elif rng.random() < 0.1:
            row.came = start + rng.randint(6, 25)
        else:
            row.came = start + rng.randint(-5 if row.periods[0] == "P1" else 0, 4)
        row.went = end - (rng.randint(2, 5) if rng.random() < 0.15 else 0)
        if row.kind in ("regulation", "time_out"):
            row.went = min(end, row.came + rng.randint(8, 30))
        weights = (3, 8, 20, 38, 31) if row.room == "IER" else (1, 5, 18, 40, 36)
        row.checks = " ".join(str(rng.choices(range(5), weights)[0]) for _ in row.periods)
        if row.day == date(2026, 11, 20) and label(row.student) == "10F Reid":
            row.came, row.went, row.checks = (
                start - 3,
                end,
                "3 2 3 2 3",
            )  # the first of the demo's three days was served

    def finished(self) -> list[Row]:
        """Return all rows in the order of the days."""
        self.add_fixed()
        self.fill()
        self.rows.sort(key=lambda row: (row.day, row.room, PERIODS.index(row.periods[0]), row.student.adno))
        for row in self.rows:
            if row.day < TODAY:
                self.happen(row)
        return self.rows
