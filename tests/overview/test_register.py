"""The register list: what the attendance office is told of the rooms when a register closes."""

from __future__ import annotations

import json
from datetime import time, timedelta
from typing import TYPE_CHECKING

from psc.cli.main import run
from psc.overview.register import Group, closed_between, register_list, sessions_of
from psc.prints.register import register_sheet
from psc.roster.absences import Absence, mark_absence
from psc.roster.events import EventKind, plan_event
from psc.roster.placements import PlacementType
from psc.roster.sightings import record_sighting
from psc.school.shapes import shape_of
from tests.roster.stories import play, set_clock
from tests.school import MONDAY, PSC, School

if TYPE_CHECKING:
    import pytest


def listed(school: School, clock: str) -> dict[str, list[str]]:
    """Return the list at a time: surname, mark and words under each part."""
    set_clock(school, clock)
    made = register_list(school.board("CO1"), school.clock.now())
    assert made is not None
    return {
        group.name: [
            " ".join(filter(None, (one.name.split(",")[0], one.mark_words, one.words))) for one in made.of(group)
        ]
        for group in Group
        if made.of(group)
    }


def morning(school: School) -> School:
    """Six students placed from P1, each of whom the room knows something else of."""
    placements = {student: school.book(student) for student in (1, 2, 4)}
    for student in (3, 5):
        school.book(student, room=PSC, type=PlacementType.PSC_PROGRAMME)
    placements[10] = school.book(10, "P1 P2", room=PSC)
    desk = school.desk("CO1", "office")
    desk.do(plan_event(5, MONDAY, time(8, 40), time(9, 30), EventKind.MEDICAL, "dentist"))
    desk.do(mark_absence(placements[10], Absence.ABSENT, code="I"))
    play(school, 1, "08:48 in")
    play(school, 2, "09:02 in")
    return school


def test_every_student_of_the_first_lesson_stands_in_one_part_with_the_offices_mark(school: School) -> None:
    morning(school)
    assert listed(school, "09:10") == {
        "UNKNOWN": ["Khan late since 08:50"],
        "NOT_COME": ["Novak absent I", "O’Brien not yet here"],
        "EVENT": ["Marsh appointment until 09:30"],
        "PRESENT": ["Okafor L 12 min in since 09:02", "Reid / in since 08:48"],
    }


def test_a_known_place_moves_a_student_from_not_known_to_not_come(school: School) -> None:
    morning(school)
    set_clock(school, "09:05")
    school.desk().do(record_sighting(4, told="attendance"))
    assert "Khan late since 08:50, told attendance" in listed(school, "09:10")["NOT_COME"]


def test_a_walk_in_of_later_is_present_without_a_mark_and_who_is_placed_later_is_not_listed(school: School) -> None:
    school.book(1, "P3")
    school.book(2, "P2")
    play(school, 2, "09:52 in")
    assert listed(school, "10:00") == {"PRESENT": ["Okafor in since 09:52"]}


def test_home_is_left_early_and_to_a_lesson_is_present(school: School) -> None:
    school.book(1)
    school.book(2)
    play(school, 1, "08:50 in, 09:30 left home: ill")
    play(school, 2, "08:50 in, 09:40 left lesson")
    assert listed(school, "10:00") == {"LEFT": ["Reid / home 09:30"], "PRESENT": ["Okafor / to lesson 09:40"]}


def test_the_afternoon_register_starts_after_lunch_with_its_own_mark(school: School) -> None:
    school.book(1)
    school.book(2)
    school.book(4)
    play(school, 1, "08:50 in")
    play(school, 2, "08:50 in, 12:00 left lesson, 14:05 in")
    assert listed(school, "14:20") == {
        "UNKNOWN": ["Khan late since 08:50"],
        "PRESENT": ["Okafor L 15 min in since 14:05", "Reid \\ in since 08:50"],
    }


def test_a_day_has_a_morning_and_after_lunch_an_afternoon(school: School) -> None:
    periods = shape_of(school.file, MONDAY).periods(9)
    told = [(one.name, f"{one.first:%H:%M}", f"{one.closes:%H:%M}") for one in sessions_of(periods, 30)]
    assert told == [("morning", "08:40", "09:10"), ("afternoon", "13:50", "14:20")]
    assert [one.name for one in sessions_of(periods[:4], 30)] == ["morning"]
    assert sessions_of((), 30) == ()


def test_it_is_said_once_when_a_register_closes(school: School) -> None:
    morning(school)
    board = school.board("CO1")
    set_clock(school, "09:10")
    now = school.clock.now()
    words = "Register closed: R lists 1 not known, 2 not come, 1 at an event, 2 present."
    assert closed_between(board, now - timedelta(seconds=1), now) == words
    assert closed_between(board, now, now + timedelta(seconds=1)) == ""
    assert closed_between(board, now, now - timedelta(minutes=5)) == ""


def test_a_closed_day_has_no_register(school: School) -> None:
    saturday = MONDAY + timedelta(days=5)
    assert register_list(school.board("CO1", saturday), school.clock.now()) is None


def test_the_sheet_names_no_reason_and_escapes_what_people_wrote(school: School) -> None:
    school.book(9, reason="Fighting")
    board = school.board("CO1")
    made = register_list(board, school.clock.now())
    assert made is not None
    html = register_sheet(board, made, school.clock.now())
    assert "[b]Bold, [/" in html
    assert "Fighting" not in html
    assert "Monday 23 November 2026" in html


def test_the_command_line_lists_it_as_text_and_json(school: School, capsys: pytest.CaptureFixture[str]) -> None:
    morning(school)
    school.file.execute("UPDATE school_file SET demo_moment = '2026-11-23T09:00:00Z'")  # where nobody need sign on
    words = ["--db", str(school.path), "--as", "CO1"]
    assert run([*words, "roster", "--register", "--date", "2026-11-23"]) == 0
    text = capsys.readouterr().out
    assert "Register list, " in text
    assert max(map(len, text.splitlines())) <= 80
    assert run([*words, "--json", "roster", "--register", "--date", "2026-11-23", "--room", "IER"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert (value["date"], {one["room"] for one in value["students"]}) == ("2026-11-23", {"IER"})
    assert set(value["students"][0]) == {
        "student", "name", "year", "form", "room", "group", "mark", "minutes_late", "known",
    }  # fmt: skip
