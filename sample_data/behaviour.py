"""What the school's own system has of the term up to 20 November: behaviour events and the register."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from school import Student, calendar_rows, rng_for

BEHAVIOUR_HEADER = (
    "Event ID,Admission No,UPN,Date,Time,Type,Behaviour Type,Activity,Location,Period,Subject,Class,Staff,Recorded By,"
    "Comments,Points,Action,Outcome,Status"
)
ATTENDANCE_HEADER = "Admission No,Date,AM,PM"
LAST = date(2026, 11, 20)
REGISTER_FROM = date(2026, 11, 9)
EVENTS = 1_400

_BAD = (
    ("Disruption to learning", 1, "Talked over the teacher after two reminders", "Moved seat"),
    ("Homework not done", 1, "Homework not handed in", "Detention 20 minutes"),
    ("Defiance", 2, "Refused to begin the task", "Detention 40 minutes"),
    ("Late to lesson", 1, "Seven minutes late, no note", "Break detention"),
    ("Mobile phone", 2, "Phone out in the lesson", "Phone kept at reception"),
    ("Uniform", 1, "No blazer, again", "Note to the tutor"),
    ("Unkind words", 3, "Unkind words to another student at the end of the lesson", "Head of year informed"),
    ("Truancy from lesson", 3, "Not in the lesson, found in the library", "Detention 60 minutes"),
)
_GOOD = (
    ("Effort", 1, "Worked hard for the whole lesson", "Postcard home"),
    ("Helping others", 1, "Helped a new student find every room", ""),
    ("Homework of merit", 2, "Homework well beyond what was asked", "Shown to the class"),
    ("Kindness", 2, "Stayed behind to put the chairs up", ""),
)
_PLACES = {"Lesson": "Classroom", "Break": "Yard", "Lunch": "Dining hall", "Corridor": "Main stairs"}
_STARTS = {"P1": 525, "P2": 585, "P3": 645, "P4": 705, "P5": 800, "P6": 860}


def _days(first: date, last: date) -> list[date]:
    found = [(date.fromisoformat(row[0]), row[1]) for row in calendar_rows()]
    return [day for day, shape in found if shape and first <= day <= last]


def behaviour_rows(students: Sequence[Student], timetable: Sequence[Sequence[str]]) -> Iterator[tuple[object, ...]]:
    """Yield the events, a few students with many, most with one or none; two rows awkward as real ones are."""
    chance = rng_for("behaviour")
    days = _days(date(2026, 9, 3), LAST)
    weights = [chance.paretovariate(1.1) for _ in students]
    made = []
    for _ in range(EVENTS):
        student = chance.choices(students, weights)[0]
        day = chance.choice(days)
        lessons = [row for row in timetable if row[3].startswith(f"{student.year}{student.band}/")]
        lesson = chance.choice(lessons)
        good = chance.random() < 0.3
        kind, points, said, action = chance.choice(_GOOD if good else _BAD)
        activity = "Lesson" if good else chance.choice(("Lesson", "Lesson", "Lesson", "Break", "Lunch", "Corridor"))
        within = activity == "Lesson"
        minute = _STARTS[lesson[2]] + chance.randrange(55) if within else 650 + chance.randrange(20)
        made.append((
            student.adno, student.upn if chance.random() < 0.9 else "", day, f"{minute // 60:02}:{minute % 60:02}",
            "Achievement" if good else "Behaviour", kind, activity, lesson[6] if within else _PLACES[activity],
            lesson[2] if within else "", lesson[4] if within else "", lesson[3] if within else "",
            lesson[5], lesson[5], said, points if good else -points, action,
            "" if good else chance.choice(("Served", "Served", "Not attended")),
            "" if good else chance.choice(("Resolved", "Resolved", "Open")),
        ))  # fmt: skip
    made.sort(key=lambda row: (row[2], row[3], row[0]))
    for number, row in enumerate(made):
        yield (f"BM{40_000 + number}", *row[:2], f"{row[2]:%d/%m/%Y}", *row[3:])


def attendance_rows(students: Sequence[Student], came: Collection[tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    """Yield two weeks of the register, a row a student and day; `came` has who was in a room on which day."""
    chance = rng_for("attendance")
    days = _days(REGISTER_FROM, LAST)
    for student in students:
        away = min(0.5, 0.03 * chance.paretovariate(1.3))
        late = min(0.4, 0.02 * chance.paretovariate(1.2))
        ill: date | None = None
        for day in days:
            seen = (student.adno, day.isoformat()) in came
            if ill and day <= ill and not seen:
                yield student.adno, f"{day:%d/%m/%Y}", "I", "I"
                continue
            if chance.random() < away and not seen:
                code = chance.choices(("I", "N", "M", "O", "C", "V"), (8, 3, 2, 2, 1, 1))[0]
                ill = day + timedelta(days=chance.randrange(3)) if code == "I" else None
                yield student.adno, f"{day:%d/%m/%Y}", code, "\\" if code == "M" else code
                continue
            hour = chance.random()
            code = "/" if seen or hour >= late else "U" if hour < late / 5 else "L"
            yield student.adno, f"{day:%d/%m/%Y}", code, "\\"
