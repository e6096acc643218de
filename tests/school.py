"""A small made school for tests: Hillside School, a Monday in November, two rooms and ten students."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from psc.clock import SetClock
from psc.database.file import File, make_file, open_file
from psc.desk.acts import Desk
from psc.overview.read_board import read_board
from psc.roster.placements import PlacementType, book
from psc.school.students import folded_name

if TYPE_CHECKING:
    from psc.overview.board import Board, RowNow

MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
FRIDAY_BEFORE = MONDAY - timedelta(days=3)
BELLS = (
    ("Reg", "08:40", "08:50"),
    ("P1", "08:50", "09:50"),
    ("P2", "09:50", "10:50"),
    ("Break", "10:50", "11:10"),
    ("P3", "11:10", "12:10"),
    ("P4", "12:10", "13:10"),
    ("Lunch", "13:10", "13:50"),
    ("P5", "13:50", "14:50"),
)
STAFF = (
    (1, "AS1", "Jo", "Smith", "assistant"),
    (2, "AS2", "Ola", "Berg", "assistant"),
    (3, "CO1", "Maya", "Adebayo", "coordinator"),
    (4, "HY8", "Sam", "Hill", "head_of_year"),
    (5, "BL1", "Ruth", "Okoro", "behaviour_lead"),
    (6, "AD1", "Ben", "Ames", "admin"),
    (7, "KB", "Kit", "Bose", "teacher"),
    (8, "CV1", "Una", "Lowe", "cover"),
    (9, "SG1", "Ada", "Finch", "safeguarding"),
)
STUDENTS = (
    (1, "1001", "Reid", "Callum", 10, "10F"),
    (2, "1002", "Okafor", "Amara", 9, "9B"),
    (3, "1003", "O’Brien", "Łukasz", 8, "8A"),
    (4, "1004", "Khan", "Bilal", 8, "8A"),
    (5, "1005", "Marsh", "Ellie", 8, "8C"),
    (6, "1006", "Ali", "Mohammed", 7, "7B"),
    (7, "1007", "Ali", "Mohammed", 7, "7E"),
    (8, "1008", "Priyanka", "", 11, "11E"),
    (9, "1009", "[b]Bold", "[/", 9, "9C"),
    (10, "1010", "Novak", "Petra", 9, "9D"),
)
IER, PSC = 1, 2


def at(hhmm: str, day: date = MONDAY) -> datetime:
    """Return the moment the school's clock shows `hhmm`; November is on Greenwich time."""
    return datetime.combine(day, datetime.strptime(hhmm, "%H:%M").time(), UTC)


@dataclass
class School:
    """The made school: its file, its clock, and desks for its staff."""

    path: Path
    keys: Path
    file: File
    clock: SetClock

    def desk(self, code: str = "AS1", terminal: str = "one") -> Desk:
        """Return somebody's desk at a terminal of this process."""
        return Desk(self.file, self.clock, code, terminal)

    def another(self) -> File:
        """Open the file once more, as a second terminal does."""
        return open_file(self.path, keys=self.keys)

    def book(
        self,
        student: int,
        periods: str = "P1 P2 P3 P4 P5",
        *,
        room: int = IER,
        type: PlacementType = PlacementType.INTERNAL_EXCLUSION,
        days: tuple[date, ...] = (MONDAY,),
        reason: str = "Defiance",
        override: str = "",
    ) -> int:
        """Book a student, as the coordinator; returns the placement's id."""
        slots = [(day, period) for day in days for period in periods.split()]
        return self.desk("CO1", "office").do(book(student, room, type, reason, slots, override=override)).value

    def board(self, code: str = "AS1", day: date = MONDAY) -> Board:
        """Read the board of a day as somebody."""
        return read_board(self.file, day, self.desk(code).staff())

    def row(self, student: int, room: int = IER) -> RowNow:
        """Return a student's row as it stands now."""
        board = self.board("CO1", self.clock.now().date())
        return next(one for one in board.at(self.clock.now(), room) if one.row.student_id == student)

    def placed(self, student: int, period: str, room: int = IER) -> int:
        """Return the id of a student's placed period of today."""
        return next(one.id for one in self.row(student, room).row.placed if one.period.name == period)


def make_school(folder: Path, *, now: str = "08:30") -> School:
    """Make the school in a folder; the clock stands at `now` on the Monday."""
    path, keys = folder / "hillside.sqlite", folder / "keys"
    path.touch(mode=0o600)
    path.write_bytes(_made())
    return School(path, keys, open_file(path, keys=keys), SetClock(at(now)))


@cache
def _made() -> bytes:
    """Make the school's file once; laying out the tables takes longer than most tests. Nothing has been done in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hillside.sqlite"
        make_file(path, "Hillside School", at("07:00", FRIDAY_BEFORE))
        with closing(open_file(path, keys=path.parent / "keys")) as file, file.atomic():
            fill(file)
        return path.read_bytes()


def fill(file: File) -> None:
    """Put staff, rooms, bells, calendar and students in place, without the importers."""
    many = file.conn.executemany
    many("INSERT INTO staff (id, code, title, forename, surname, email, role) VALUES (?, ?, '', ?, ?, '', ?)", STAFF)
    many("INSERT INTO staff_year (staff_id, year) VALUES (?, ?)", [(4, 8)])
    many(
        "INSERT INTO room (id, code, name, kind, seats, hide_why) VALUES (?, ?, ?, ?, ?, ?)",
        [(IER, "IER", "Internal Exclusion Room", "IER", 4, 1), (PSC, "PSC", "Pastoral Support Centre", "PSC", 3, 0)],
    )
    many("INSERT INTO shape (id, name) VALUES (?, ?)", [(1, "Normal")])
    many("INSERT INTO bell VALUES (1, ?, ?, ?, ?)", [(year, *bell) for year in range(7, 12) for bell in BELLS])
    days = [MONDAY + timedelta(days=n) for n in range(-14, 26)]
    many(
        "INSERT INTO calendar_day VALUES (?, ?, ?, '')",
        [
            (day.isoformat(), 1 if day.weekday() < 5 else None, "A" if day.isocalendar()[1] % 2 == 0 else "B")
            for day in days
        ],
    )
    many(
        "INSERT INTO student (id, admission_no, surname, forename, folded) VALUES (?, ?, ?, ?, ?)",
        [(one, number, last, first, folded_name(last, first, "", "")) for one, number, last, first, _, _ in STUDENTS],
    )
    file.execute(
        "INSERT INTO ledger (seq, at, terminal, actor, role, act, act_id, digest, mac)"
        " VALUES (1, '2026-09-01T08:00:00Z', 'test', 'system', 'system', 'fill', 'fill', '', '')"
    )
    many(
        "INSERT INTO enrolment (student_id, from_day, year, form, seq) VALUES (?, '2026-09-01', ?, ?, 1)",
        [(one, year, form) for one, _, _, _, year, form in STUDENTS],
    )
    many("INSERT INTO class (id, code) VALUES (?, ?)", [(1, "9y/Sc1")])
    many("INSERT INTO class_member (student_id, class_id) VALUES (?, ?)", [(2, 1), (10, 1)])
    many(
        "INSERT INTO lesson (week, weekday, period, class_id, subject, teacher, room)"
        " VALUES (?, 0, 'P3', 1, 'Science', 'KB', 'S3')",
        [("A",), ("B",)],
    )
