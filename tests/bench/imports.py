"""A Common Transfer File of two thousand students, and a year's behaviour: the whole import, and how long the file is
held for it."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, TypeVar

from stdnum.gb import upn

from psc.clock import SetClock
from psc.desk.acts import Desk
from psc.desk.people import SYSTEM, Role
from psc.desk.staff_acts import add_staff
from psc.importing.intake import import_file
from tests.bench.made import pupils
from tests.bench.measure import Result, alone, compared, timed
from tests.bench.place import opened
from tests.bench.records import find_in
from tests.bench.ten_years import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psc.desk.acts import Call, Done
    from tests.bench.made import Pupil
    from tests.bench.place import Place

R = TypeVar("R")

STUDENTS, ROWS = 2_000, 100_000
_HEADINGS = (
    "Event ID,Admission No,Date,Time,Type,Behaviour Type,Activity,Location,Period,Subject,Class,Staff,Recorded By,"
    "Comments,Points,Action,Outcome,Status"
)
_SAID = "the student was asked to settle and did not so moved seat after two warnings in the lesson"
_numbers = count(1)
_SEPTEMBER = 2026


class _Watched(Desk):
    """A desk that notes how long its last act held the file."""

    held = 0.0

    def do(self, call: Call[R], *more: Call[R], id: str = "", told_by: str = "") -> Done[R]:
        """Do an act and note the seconds, the wait for other terminals included."""
        kept: list[Done[R]] = []
        self.held = timed(lambda: kept.append(Desk.do(self, call, *more, id=id, told_by=told_by)))()
        return kept[0]


def imports(place: Place) -> Iterator[Result]:
    """Measure a new school's transfer file, and the same again when everybody is a year older."""
    files = [place.folder / f"823432{n}_CTF_8239999_001.xml" for n in range(2)]
    for years, path in enumerate(files):
        write_ctf(path, pupils(_SEPTEMBER, 0, leavers=0, on_roll=STUDENTS), _SEPTEMBER + years)
    runs = place.runs(5)
    took: list[list[tuple[float, float]]] = [[], []]
    for _ in range(runs):
        with opened(place.empty()) as (file,):
            desk = _Watched(file, SetClock(NOW), SYSTEM.code)
            desk.do(add_staff("CO1", "Maya", "Adebayo", Role.COORDINATOR))
            for times, path in zip(took, files, strict=True):
                whole = timed(partial(import_file, desk, "students", path, emptying=range(7, 12)))()
                times.append((whole, desk.held))
            if len(took[1]) == runs:
                yield find_in(file, "find a student, 2,000 on roll", place.runs(60))
    for name, times in zip(("2,000 students, all new", "2,000 students, a year on"), took, strict=True):
        whole, held = (median(those) for those in zip(*times, strict=True))
        yield Result(f"CTF of {name}", whole, runs, within=3)
        yield Result("  of that, the file held", held, runs, within=1.5)
    yield from behaviour(place)


def behaviour(place: Place) -> Iterator[Result]:
    """Measure a hundred thousand rows of behaviour against a plain insert of the same file, each as a whole process."""
    path = place.folder / "behaviour.csv"
    write_behaviour(path, ROWS, STUDENTS)
    made = place.empty()
    with opened(made) as (file,):
        desk = Desk(file, SetClock(NOW), SYSTEM.code)
        ctf = place.folder / "823432_CTF_behaviour.xml"
        write_ctf(ctf, pupils(_SEPTEMBER, 0, leavers=0, on_roll=STUDENTS), _SEPTEMBER)
        import_file(desk, "students", ctf, backup=False)
        file.execute("UPDATE student SET admission_no = id")
    held: list[float] = []

    def ours() -> float:
        copy = place.copy(made)
        with opened(copy) as (file,):
            desk = _Watched(file, SetClock(NOW), SYSTEM.code)
            took = timed(partial(import_file, desk, "behaviour", path))()
            held.append(desk.held)
        return took

    def again() -> float:
        copy = place.copy(made)
        with opened(copy) as (file,):
            desk = Desk(file, SetClock(NOW), SYSTEM.code)
            import_file(desk, "behaviour", path, backup=False)
            return timed(partial(import_file, desk, "behaviour", path))()

    def plain() -> float:
        target = place.folder / f"plain-{next(_numbers)}.sqlite"
        command = [str(Path(sys.executable).parent / "sqlite-utils"), "insert", str(target), "behaviour", str(path)]
        run = partial(subprocess.run, [*command, "--csv", "--no-detect-types"], check=True, capture_output=True)
        took = timed(run)()
        target.unlink()
        return took

    runs = place.runs(5)
    note = "the floor is a process of its own, which starts in a third of a second; ours has nothing to start"
    yield compared("behaviour of 100,000 rows, all new", runs, ours, plain, at_most=1, note=note)
    yield Result("  of that, the file held", median(held), len(held), within=1.5)
    yield alone("  the same again, nothing changed", max(3, runs // 2), again)


def write_behaviour(path: Path, rows: int, students: int) -> None:
    """Write what a school's system exports of a year: an event a row, comments and all."""
    chance = random.Random(1926)
    words = _SAID.split()
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(_HEADINGS.split(","))
        for number in range(rows):
            day = date(2026, 1, 1) + timedelta(days=chance.randrange(300))
            write((
                number + 1, 1 + chance.randrange(students), f"{day:%d/%m/%Y}",
                f"{chance.randrange(8, 16):02}:{chance.randrange(60):02}", chance.choice(("Behaviour", "Achievement")),
                chance.choice(("Disruption", "Defiance", "Homework", "Effort")), "Lesson", chance.choice(("M1", "S2")),
                f"P{chance.randrange(1, 6)}", chance.choice(("Maths", "English")), f"9x/Ma{chance.randrange(4)}", "KB",
                "KB", " ".join(chance.choices(words, k=14)), chance.randrange(1, 5), "Detention", "Served", "Resolved",
            ))  # fmt: skip


def write_ctf(path: Path, students: list[Pupil], september: int) -> None:
    """Write a transfer file of these students as they are in an academic year."""
    root = ET.Element("CTfile")
    _tell(ET.SubElement(root, "Header"), DocumentName="Common Transfer File", DateTime=f"{september}-11-20T16:05:00")
    data = ET.SubElement(root, "CTFpupilData")
    for one in students:
        _pupil(ET.SubElement(data, "Pupil"), one, september)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _tell(parent: ET.Element, **values: object) -> ET.Element:
    for name, value in values.items():
        ET.SubElement(parent, name).text = str(value)
    return parent


def _pupil(pupil: ET.Element, one: Pupil, september: int) -> None:
    surname, forename = one.name
    number = f"8234321{one.began % 100:02}{one.id % 1000:03}"
    born = date(one.began - 11, 1 + one.id % 12, 1 + one.id % 28)
    _tell(pupil, UPN=upn.calc_check_digit(number) + number, Surname=surname, Forename=forename, DOB=born, Sex="F")
    basics = _tell(ET.SubElement(pupil, "BasicDetails"), NCyearActual=one.year(september), Ethnicity="WBRI")
    _tell(ET.SubElement(ET.SubElement(basics, "Languages"), "Type"), MotherTongue="true", Language="ENG")
    if one.id % 5 == 0:
        spell = ET.SubElement(ET.SubElement(pupil, "SENhistory"), "SEN")
        _tell(spell, StartDate="2024-09-02", SENprovision="K")
    contacts = ET.SubElement(pupil, "Contacts")
    for order, kind in enumerate(("MOT", "FAT"), start=1):
        contact = ET.SubElement(contacts, "Contact")
        _tell(contact, Order=order, Surname=surname, Forename="Sam", Relationship=kind, Responsibility="true")
        phone = ET.SubElement(ET.SubElement(contact, "Phones"), "Phone")
        _tell(phone, PhoneNo=f"07700 900{one.id % 1000:03}")
