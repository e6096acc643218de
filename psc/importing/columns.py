"""Which heading is which field. No two systems agree on a name, so each field knows the names it goes by.

The order is the order of preference where a file holds several of them; the first is the one psc asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psc.errors import FileRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_STUDENT = (
    "Admission No, Admission Number, Adno, Adm No, Student ID, Student Number, Pupil ID, Pupil Number, MIS ID,"
    "Arbor Student ID, Arbor ID, External ID, sourcedId, Student Code, Person ID, UPN, Unique Pupil Number, Student"
)
_UPN = "UPN, Unique Pupil Number, Current UPN"
_NUMBER = (
    "Admission No, Admission Number, Adno, Adm No, Student ID, Student Number, Pupil ID, Pupil Number, MIS ID,"
    "Arbor Student ID, Arbor ID, External ID, sourcedId, Student Code, Person ID, Student"
)
_STAFF = (
    "Staff Code, Staff, Teacher, Teacher Code, Teacher/Staff Code, Staff Initials, Teacher Initials, Initials,"
    "Main Teacher, Teacher Name, Staff Name"
)
_CLASS = "Class, Class Code, Class Name, Teaching Group, Group, Group Code, Set, Course Code"
_PERIOD = "Period, Period Name, Lesson, Lesson Name, Slot, Timetable Period"
_WEEK = "Week, Week Letter, Timetable Week, Week No, Cycle Week, Week Name"
_YEARS = "Years, Year Groups, Year Group, Year, NC Years, For Years"
_ROOM = "Room, Room Code, Room Name, Location, Rooming, Site Room"

_NAMES: dict[str, dict[str, str]] = {
    "students": {
        "admission_no": "Admission No, Admission Number, Adno, Adm No, Student ID, Student Number,"
        "Pupil ID, Pupil Number, MIS ID, Arbor Student ID, Arbor ID, External ID, sourcedId, Student Code,"
        "Person ID, ID",
        "upn": "UPN, Unique Pupil Number, Current UPN, Permanent UPN",
        "former_upn": "Former UPN, Previous UPN, Temporary UPN, Old UPN",
        "preferred_surname": "Preferred Surname, Preferred Last Name, Preferred Family Name, Chosen Surname,"
        "Known As Surname",
        "surname": "Surname, Last Name, Family Name, Student Surname, Pupil Surname, Student Last Name",
        "legal_surname": "Legal Surname, Legal Last Name, Legal Family Name",
        "preferred_forename": "Preferred Forename, Preferred First Name, Known As, Preferred Name, Chosen Name,"
        "Preferred Given Name, Known As Forename, Chosen Forename",
        "forename": "Forename, First Name, Given Name, Forenames, Student Forename, Pupil Forename,Student First Name",
        "legal_forename": "Legal Forename, Legal First Name, Legal Given Name",
        "middle_names": "Middle Names, Middle Name, Legal Middle Names",
        "name": "Name, Full Name, Student, Student Name, Pupil Name, Pupil, Preferred Full Name, Surname Forename,"
        "Last Name First Name",
        "dob": "DOB, Date of Birth, Birth Date, Student DOB",
        "sex": "Sex, Gender, Legal Sex",
        "year": "Year, Year Group, NC Year, Yr, Year Taught In, NCyearActual, NC Year Actual, National Curriculum Year,"
        "Actual NC Year, Current Year Group, Curriculum Year, grades",
        "form": "Form, Reg, Reg Group, Registration Form, Registration Group, Tutor Group, Form Group, Form Name,"
        "Tutor Form, Tutor Group Name, Form/Tutor Group, Current Registration Form",
        "house": "House, House Name, House Group, Academic House, House Membership",
        "sen": "SEN, SEN Status, SEN Stage, SENprovision, SEN Provision, SEND, SEND Status, SEN Code,"
        "Current SEN Status, SEN Status Code",
        "pupil_premium": "Pupil Premium, PP, Pupil Premium Indicator, Pupil Premium Eligible,"
        "Pupil Premium Recipient, Pupil Premium Student, PPG, PP Eligible, Disadvantaged",
        "fsm": "FSM, FSM Eligible, Free School Meals, Free School Meal, Free Meals, Eligible for Free Meals,"
        "Free School Meals Eligible, FSM Eligibility, Eligible for FSM, FSM Ever 6, Ever 6, FSM6, FSM Ever6",
        "looked_after": "Looked After, In Care, LAC, CLA, Looked After Child, Child Looked After, In LEA Care,"
        "In LA Care, In Care Indicator, Children Looked After",
        "eal": "EAL, English as an Additional Language, English Additional Language, EAL Status, EAL Indicator",
        "ethnicity": "Ethnicity, Ethnic Group, Ethnicity Code, Ethnic Origin, Ethnicity Description",
        "key_worker": "Key Worker, Keyworker, Key Adult, Named Adult, Key Worker Code",
        "medical": "Medical, Medical Conditions, Medical Condition, Medical Notes, Medical Needs,"
        "Medical Information, Allergies",
        "dietary": "Dietary, Dietary Needs, Dietary Requirements, Dietary Requirement, Diet",
    },
    "staff": {
        "code": "Code, Staff Code, Initials, Staff Initials, Teacher Code, Short Name, Staff ID, Payroll Number",
        "title": "Title, Salutation",
        "forename": "Preferred Forename, Preferred First Name, Known As, Forename, First Name, Given Name,"
        "Legal Forename, Legal First Name",
        "surname": "Preferred Surname, Preferred Last Name, Surname, Last Name, Family Name, Legal Surname,"
        "Legal Last Name",
        "email": "Email, Email Address, Work Email, Main Email, Default Email, Staff Email",
        "role": "Role, psc Role, Staff Role",
        "years": _YEARS,
    },
    "rooms": {
        "code": "Code, Room Code, Room, Short Name",
        "name": "Name, Room Name, Description, Long Name",
        "kind": "Kind, Type, Room Type",
        "seats": "Seats, Capacity, Places, Max Occupancy, Number of Seats",
    },
    "bells": {
        "shape": "Shape, Day Shape, Day Type, Pattern, Bell Schedule",
        "years": _YEARS,
        "period": _PERIOD,
        "starts": "Start, Starts, Start Time, From, Begin, Begins",
        "ends": "End, Ends, End Time, To, Finish, Until",
    },
    "calendar": {
        "day": "Date, Day, Calendar Date, School Date",
        "shape": "Shape, Day Shape, Day Type, Pattern, Bell Schedule",
        "week": _WEEK,
        "note": "Note, Notes, Description, Event, Comment, Comments",
    },
    "timetable": {
        "week": _WEEK,
        "weekday": "Day, Weekday, Day Name, Day of Week, Timetable Day",
        "period": _PERIOD,
        "class_code": _CLASS,
        "subject": "Subject, Subject Name, Course, Course Name, Subject Description",
        "teacher": _STAFF,
        "room": _ROOM,
        "student": _STUDENT,
    },
    "classes": {"class_code": _CLASS, "student": _STUDENT},
    "events": {
        "student": _STUDENT,
        "day": "Date, Day, Event Date, Exam Date",
        "starts": "Start, Starts, Start Time, From, Time, Begin, Begins",
        "ends": "End, Ends, End Time, To, Finish, Until",
        "kind": "Kind, Type, Event Type, Event, Category",
        "note": "Note, Notes, Description, Comment, Comments, Details, Room, Location, Component",
    },
    "packs": {
        "subject": "Subject, Subject Name, Department",
        "year": "Year, Year Group, NC Year, Years, For Year",
        "unit": "Unit, Topic, Title, Name, Unit Name, Description",
        "code": "Code, Pack, Pack Code, Number, Pack Number, Reference",
        "kept": "Kept, Where, Location, Place, Drawer, Link, Kept In",
    },
    "behaviour": {
        "event": "Event ID, Incident ID, Behaviour ID, Record ID, Behaviour Event ID, Behaviour Incident ID,"
        "Incident Number, Incident Reference, Reference, Ref, ID",
        "upn": _UPN,
        "student": _NUMBER,
        "day": "Date, Event Date, Incident Date, Date of Incident, Behaviour Date, Achievement Date, Date Time, Day",
        "at": "Time, Event Time, Incident Time, Time of Incident, At",
        "type": "Type, Event Type, Polarity, Record Type, Kind, Category Type",
        "behaviour": "Behaviour Type, Behaviour, Incident Type, Achievement Type, Category, Behaviour Category,"
        "Event, Event Name, Behaviour Name, Reason, Description",
        "activity": "Activity, Activity Type, During",
        "location": "Location, Place, Where, Site, Room",
        "period": _PERIOD,
        "subject": "Subject, Subject Name, Course, Course Name",
        "class_code": _CLASS,
        "staff": "Staff, Staff Code, Teacher, Teacher Code, Staff Name, Teacher Name, Staff Initials, Adult",
        "recorded_by": "Recorded By, Logged By, Created By, Entered By, Reported By, Recorded by Code",
        "comments": "Comments, Comment, Notes, Note, Details, Narrative, Summary, Incident Details",
        "points": "Points, Behaviour Points, Point Value, Net Points, Score, Achievement Points",
        "action": "Action, Action Taken, Actions, Consequence, Sanction, Award",
        "outcome": "Outcome, Outcomes, Result",
        "status": "Status, State, Resolved, Action Status, Follow Up Status",
    },
    "attendance": {
        "upn": _UPN,
        "student": _NUMBER,
        "day": "Date, Day, Session Date, Mark Date, Attendance Date",
        "half": "Session, AM/PM, Half, Session Name, Registration Session, Mark Session, Part of Day",
        "code": "Code, Mark, Attendance Code, Attendance Mark, Session Code, Registration Code, Register Mark",
        "am": "AM, AM Mark, AM Code, Morning, Morning Mark",
        "pm": "PM, PM Mark, PM Code, Afternoon, Afternoon Mark",
        "late": "Minutes Late, Mins Late, Late Minutes, Lates, Late, Sessions Late, Number of Lates, Late Count",
        "possible": "Possible, Sessions Possible, Possible Sessions, Possible Marks, Total Sessions, Possibles",
        "attended": "Attended, Sessions Attended, Present, Attendances, Attended Sessions, Present Marks, Presents",
        "first": "From, Start, Start Date, From Date, Period Start, Since",
        "last": "To, Until, End, End Date, To Date, Period End, As At",
    },
    "history": {
        "student": _STUDENT,
        "room": _ROOM,
        "type": "Type, Placement Type, Placement, Intervention, Sanction",
        "reason": "Reason, Reason Code, Behaviour Type, Behaviour",
        "day": "Date, Day, Placement Date, Session Date",
        "periods": "Period, Periods, Lesson, Lessons",
        "came": "In, Time In, Signed In, Arrived, Arrival, Arrival Time, In Time",
        "left": "Out, Time Out, Signed Out, Left, Departure, Departure Time, Out Time",
        "checks": "Checks, Period Checks, Check, Marks, Scores",
        "staff": "Staff, Staff Code, Supervisor, On Duty, Recorded By, Adult, Initials",
    },
}

_SURELY_HEADINGS = 2
# Each line is a need; any one field of the line meets it.
_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "students": (
        ("admission_no", "upn"),
        ("surname", "preferred_surname", "legal_surname", "name"),
        ("forename", "preferred_forename", "legal_forename", "name"),
    ),
    "staff": (("code",), ("surname",)),
    "rooms": (("code",), ("name",), ("kind",), ("seats",)),
    "bells": (("shape",), ("period",), ("starts",), ("ends",)),
    "calendar": (("day",), ("shape",)),
    "timetable": (("weekday",), ("period",), ("class_code",)),
    "classes": (("class_code",), ("student",)),
    "events": (("student",), ("day",), ("starts",), ("ends",), ("kind",)),
    "packs": (("subject",), ("code",)),
    "behaviour": (("student", "upn"), ("day",), ("type", "behaviour")),
    "attendance": (("student", "upn"), ("day", "possible"), ("code", "am", "attended")),
    "history": (("student",), ("room",), ("type",), ("day",), ("periods",)),
}


def _key(heading: str) -> str:
    """Return a heading as it is compared: letters and digits only, in one case."""
    return "".join(filter(str.isalnum, heading.casefold()))


def _aliases(names: str) -> tuple[str, ...]:
    """Return the names of a field as they are compared, the preferred first, each once."""
    return tuple(dict.fromkeys(_key(name) for name in names.split(",")))


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where each field of a file stands: its place in the row, the heading it goes by, and the columns nobody reads."""

    places: Mapping[str, int]
    headings: Mapping[str, str]
    ignored: tuple[str, ...]


def map_columns(kind: str, header: tuple[str, ...], profile: Mapping[str, str] | None = None) -> ColumnMap:
    """Find each field's column, by the remembered `profile` (field → heading) first, then by the names it goes by.

    A column serves one field only. Raises `FileRefused`, saying what is missing, when a needed field has none.
    """
    keys = [_key(heading) for heading in header]
    free = {key: place for place, key in reversed(list(enumerate(keys))) if key}
    places: dict[str, int] = {}
    remembered = {field: _key(heading) for field, heading in (profile or {}).items() if field in _NAMES[kind]}
    for field, key in remembered.items():
        if key in free:
            places[field] = free.pop(key)
    for field, names in _NAMES[kind].items():
        found = next((key for key in _aliases(names) if key in free), None)
        if field not in places and found is not None:
            places[field] = free.pop(found)
    _refuse_missing(kind, header, places)
    used = set(places.values())
    return ColumnMap(
        places={field: places[field] for field in _NAMES[kind] if field in places},
        headings={field: header[places[field]] for field in _NAMES[kind] if field in places},
        ignored=tuple(_label(place, heading) for place, heading in enumerate(header) if place not in used),
    )


def _label(place: int, heading: str) -> str:
    """Return how an unread column is named: by its heading, or by its place when it has none."""
    return heading or f"column {place + 1}, which has no heading"


def _refuse_missing(kind: str, header: Iterable[str], places: Mapping[str, int]) -> None:
    """Refuse a file that lacks a needed field.

    The headings are shown only when two of them are known: a first line that is none may hold a student's name.
    """
    if len(places) < _SURELY_HEADINGS:
        raise FileRefused(
            f"The file has no header: its first line is not the headings of a {kind} file.",
            f"Put a line of headings first, such as {', '.join(_own_name(kind, need[0]) for need in _NEEDS[kind])}.",
        )
    missing = [need for need in _NEEDS[kind] if not any(field in places for field in need)]
    if missing:
        wanted = "; ".join(" or ".join(_own_name(kind, field) for field in need) for need in missing)
        raise FileRefused(
            f"A {kind} file needs a column for: {wanted}.",
            f"Headings found: {', '.join(filter(None, header))}. Export it with that column, or map one to it.",
        )


def _own_name(kind: str, field: str) -> str:
    """Return psc's own heading for a field."""
    return _NAMES[kind][field].split(",")[0]
