"""Riverside Academy, a school that does not exist: its students, its bells and calendar, its timetable."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from names import GROUPS, MEDICAL, NAMED, NICKNAMES, SUBJECTS, Named

YEARS = range(7, 12)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
PERIODS: tuple[str, ...] = ("P1", "P2", "P3", "P4", "P5", "P6")


def rng_for(part: str) -> random.Random:
    """Return random numbers of its own for each part, so that a change to one part leaves the others alone."""
    return random.Random(f"Riverside 2026 {part}")


# Students


@dataclass
class Student:
    """One student as the school's own system knows them."""

    adno: str
    upn: str
    former_upn: str
    surname: str
    forename: str
    legal_surname: str
    legal_forename: str
    middle: str
    year: int
    form: str
    house: str
    born: date
    sex: str
    sen: str
    pupil_premium: bool
    fsm: bool
    in_care: bool
    ethnicity: str
    language: str
    key_worker: str
    medical: str
    band: str = field(init=False)

    def __post_init__(self) -> None:
        """Half a year group is taught together: forms A to C, and D to F."""
        self.band = "x" if self.form[-1] in "ABC" else "y"


def label(student: Student) -> str:
    """Return form and surname, by which the other parts name a student; a curly apostrophe is typed straight."""
    return f"{student.form} {student.surname}".replace("\u2019", "'")


def upn_for(digits: str) -> str:
    """Put the check letter before the twelve digits of a unique pupil number."""
    total = sum(weight * int(digit) for weight, digit in enumerate(digits, start=2))
    return "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23] + digits


def invent_names(rng: random.Random, year: int, taken: set[tuple[str, str]]) -> list[Named]:
    """Fill the forms of a year group to 52 students, the named ones among them."""
    chosen = [named for named in NAMED if named.form[:-1] == str(year)]
    forms = Counter(dict(zip("ABCDEF", (9, 9, 9, 9, 8, 8), strict=True)))
    forms.subtract(named.form[-1] for named in chosen)
    for letter in forms.elements():
        while True:
            group = rng.choices(GROUPS, [group.weight for group in GROUPS])[0]
            sex = rng.choice("FM")
            surname, forename = rng.choice(group.surnames), rng.choice(group.girls if sex == "F" else group.boys)
            if (surname, forename[0]) not in taken:
                break
        taken.add((surname, forename[0]))
        more: dict[str, str] = {}
        if forename in NICKNAMES and rng.random() < 0.6:
            more["legal_forename"], forename = forename, NICKNAMES[forename]
        if rng.random() < 0.02:
            more["legal_surname"] = rng.choice(group.surnames)
        if rng.random() < 0.12:
            more["middle"] = rng.choice(group.girls if sex == "F" else group.boys)
        chosen.append(Named(f"{year}{letter}", surname, forename, sex, group.ethnicity, group.language, more))
    return sorted(chosen, key=lambda named: (named.surname, named.forename, named.form))


def make_students() -> list[Student]:
    """Invent 52 students for each year group."""
    rng = rng_for("students")
    key_workers = ("CO1", "AS1", "AS2", "KB", "SG1", "LE", "YD")
    taken = {(named.surname, named.forename[:1]) for named in NAMED}
    students = []
    for year in YEARS:
        for serial, named in enumerate(invent_names(rng, year, taken), start=1):
            more = named.more
            born = date(2021 - year, 9, 1) + timedelta(days=rng.randrange(365))
            sen = more.get("sen") or rng.choices("NKE", (81, 15, 4))[0]
            fsm = rng.random() < 0.22
            in_care = rng.random() < 0.02
            student = Student(
                adno=f"{33 - year}{serial:03}",
                upn=more.get("upn", upn_for(f"8234321{26 - year:02}{serial:03}")),
                former_upn=upn_for(more["former_upn"]) if "former_upn" in more else "",
                surname=named.surname,
                forename=named.forename,
                legal_surname=more.get("legal_surname", named.surname),
                legal_forename=more.get("legal_forename", named.forename),
                middle=more.get("middle", ""),
                year=year,
                form=named.form,
                house=("Avon", "Severn", "Tamar", "Wye")[serial % 4],
                born=date.fromisoformat(more["born"]) if "born" in more else born,
                sex=named.sex,
                sen=sen,
                pupil_premium=fsm or in_care or rng.random() < 0.08,
                fsm=fsm,
                in_care=in_care,
                ethnicity=named.ethnicity,
                language=named.language,
                key_worker=rng.choice(key_workers) if rng.random() < (0.1 if sen == "N" else 0.6) else "",
                medical=rng.choice(MEDICAL) if rng.random() < 0.08 else "",
            )
            student.key_worker = more.get("key_worker", student.key_worker)
            student.medical = more.get("medical", student.medical)
            students.append(student)
    return students


def student_cells(student: Student) -> tuple[object, ...]:
    """Return a student as a row of the school's own export."""
    s = student
    sen = {"N": "N", "K": "K - SEN Support", "E": "E - EHC Plan"}[s.sen]
    flags = ("NY"[flag] for flag in (s.pupil_premium, s.fsm, s.in_care, s.language != "ENG"))
    return (
        s.adno, s.upn, s.former_upn, s.surname, s.forename, s.legal_surname, s.legal_forename, s.middle, s.year, s.form,
        s.house, f"{s.born:%d/%m/%Y}", s.sex, sen, *flags, s.ethnicity, s.key_worker, s.medical,
    )  # fmt: skip


# The school day and year

_MORNING = "Reg 08:35 08:45,P1 08:45 09:30,P2 09:30 10:15,Break 10:15 10:30,P3 10:30 11:20,P4 11:20 12:20,"
_EARLY = (
    "Reg 08:35 08:45,P1 08:45 09:20,P2 09:20 09:55,Break 09:55 10:10,"
    "P3 10:10 10:45,P4 10:45 11:20,P5 11:20 11:50,P6 11:50 12:20"
)
BELLS = {
    ("Normal", "7-9"): _MORNING + "Lunch 12:20 13:00,P5 13:00 14:00,P6 14:00 15:00",
    ("Normal", "10-11"): _MORNING + "P5 12:20 13:20,Lunch 13:20 14:00,P6 14:00 15:00",
    ("Early close", "7-9"): _EARLY,
    ("Early close", "10-11"): _EARLY,
}
CLOSED = (  # The first that fits gives the note.
    ("2026-09-01", "2026-09-02", "INSET"),
    ("2026-10-26", "2026-10-30", "Half-term"),
    ("2026-12-25", "2026-12-25", "Bank holiday: Christmas Day"),
    ("2026-12-28", "2026-12-28", "Bank holiday: Boxing Day (substitute)"),
    ("2027-01-01", "2027-01-01", "Bank holiday: New Year's Day"),
    ("2026-12-21", "2026-12-31", "Christmas holiday"),
    ("2027-01-04", "2027-01-04", "INSET"),
    ("2027-02-15", "2027-02-19", "Half-term"),
    ("2027-03-26", "2027-03-26", "Bank holiday: Good Friday"),
    ("2027-03-29", "2027-03-29", "Bank holiday: Easter Monday"),
    ("2027-03-30", "2027-04-09", "Easter holiday"),
    ("2027-05-03", "2027-05-03", "Bank holiday: early May"),
    ("2027-05-31", "2027-05-31", "Bank holiday: spring"),
    ("2027-06-01", "2027-06-04", "Half-term"),
    ("2027-07-20", "2027-07-21", "INSET"),
    ("2027-07-22", "2027-07-23", "Summer holiday"),
)
NOTES = {
    "2026-09-03": "Autumn term begins; this short week and the next are both Week A",
    "2026-12-18": "Autumn term ends, school closes at 12:20",
    "2027-01-05": "Spring term begins",
    "2027-03-25": "Spring term ends",
    "2027-04-12": "Summer term begins",
    "2027-07-19": "Summer term ends",
}


def minute(text: str) -> int:
    """Return the minutes since midnight of a time such as 08:45."""
    return int(text[:2]) * 60 + int(text[3:])


def clock(minutes: int) -> str:
    """Return minutes since midnight as a time such as 08:45."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def bells_of(year: int) -> dict[str, tuple[int, int]]:
    """Return start and end of each period of a normal day for a year group."""
    rows = (row.split() for row in BELLS["Normal", "7-9" if year <= 9 else "10-11"].split(","))
    return {period: (minute(start), minute(end)) for period, start, end in rows}


def calendar_rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield date, shape, week letter and note of every weekday of the school year."""
    letter, monday = "A", date(2026, 9, 7)
    for offset in range((date(2027, 7, 23) - date(2026, 9, 1)).days + 1):
        day = date(2026, 9, 1) + timedelta(days=offset)
        if day.weekday() > 4:
            continue
        iso = day.isoformat()
        closed = next((note for first, last, note in CLOSED if first <= iso <= last), "")
        if closed:
            yield iso, "", "", closed
            continue
        if day - timedelta(days=day.weekday()) > monday:  # the first open day of a new week
            monday = day - timedelta(days=day.weekday())
            letter = "B" if letter == "A" else "A"
        yield iso, "Early close" if iso == "2026-12-18" else "Normal", letter, NOTES.get(iso, "")


def school_days() -> list[date]:
    """Return the days on which the school is open to students."""
    return [date.fromisoformat(iso) for iso, shape, _week, _note in calendar_rows() if shape]


# The timetable: sixty lessons a fortnight for each half of a year group

_LOWER = (
    "English 8,Maths 8,Science 8,History 4,Geography 4,French 5,PE 5,Art 3,Music 3,Drama 2,Computing 3,"
    "Design and Technology 4,Religious Education 3"
)
_UPPER = "English 10,Maths 10,Science 12,PE 4,Religious Education 3,PSHE 2,"
LESSONS = {
    "lower x": _LOWER,
    "lower y": _LOWER.replace("French", "Spanish"),
    "upper x": _UPPER + "Geography 6,French 5,Art 8",
    "upper y": _UPPER + "History 6,Spanish 5,Computing 8",
}
FIXED = {("10y", 0): "English", ("10y", 1): "Maths", ("10y", 3): "History", ("8x", 3): "Science"}
TAUGHT_BY = {("8x", "Science"): "LE S3"}


def share_out_teachers(groups: Sequence[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """Give each teaching group and subject its teacher and room."""
    taught, turn = {}, Counter[str]()
    for group in groups:
        for subject in lessons_of(group):
            staff = SUBJECTS[subject][1]
            teacher, room = TAUGHT_BY.get((group, subject), staff[turn[subject] % len(staff)]).split()
            turn[subject] += 1
            taught[group, subject] = (teacher, room)
    return taught


def lessons_of(group: str) -> dict[str, int]:
    """Return how many lessons a fortnight a teaching group has in each subject."""
    key = f"{'lower' if int(group[:-1]) <= 9 else 'upper'} {group[-1]}"
    return {subject: int(count) for subject, count in (item.rsplit(" ", 1) for item in LESSONS[key].split(","))}


def timetable_rows() -> list[tuple[str, str, str, str, str, str, str]]:
    """Place all lessons so that no teacher is needed twice at one time, by swapping lessons until all fits."""
    rng = rng_for("timetable")
    groups = [f"{year}{band}" for year in YEARS for band in "xy"]
    taught = share_out_teachers(groups)
    grid = {}
    for group in groups:
        lessons = [subject for subject, count in lessons_of(group).items() for _ in range(count)]
        fixed = {slot: subject for (owner, slot), subject in FIXED.items() if owner == group}
        for subject in fixed.values():
            lessons.remove(subject)
        rng.shuffle(lessons)
        grid[group] = [fixed[slot] if slot in fixed else lessons.pop() for slot in range(60)]

    def cost(group: str, slot: int) -> int:
        """Count what is wrong with a lesson: its teacher is elsewhere, or the subject comes twice that day."""
        subject, first = grid[group][slot], slot - slot % 6
        teacher = taught[group, subject]
        clashes = sum(taught[other, grid[other][slot]] == teacher for other in groups if other != group)
        return 10 * clashes + grid[group][first : first + 6].count(subject) - 1

    movable = [(group, slot) for group in groups for slot in range(60) if (group, slot) not in FIXED]
    for _ in range(60):
        for group, slot in movable:
            before = cost(group, slot)
            other = rng.randrange(60)
            if not before or (group, other) in FIXED:
                continue
            before += cost(group, other)
            week = grid[group]
            week[slot], week[other] = week[other], week[slot]
            if cost(group, slot) + cost(group, other) > before:
                week[slot], week[other] = week[other], week[slot]
    rows = []
    for slot in range(60):
        for group in groups:
            subject = grid[group][slot]
            place = ("AB"[slot // 30], DAYS[slot // 6 % 5], PERIODS[slot % 6])
            rows.append((*place, f"{group}/{SUBJECTS[subject][0]}1", subject, *taught[group, subject]))
    if len({(row[:3], row[5]) for row in rows}) < len(rows):
        raise RuntimeError("a teacher is needed in two rooms at once: change the seed or the lessons")
    return rows
