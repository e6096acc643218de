"""Events of students: who is at one is neither late nor lost, and what of it counts towards a served period."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, PscError, Refused
from psc.importing.intake import import_file
from psc.overview.cells import now_cell
from psc.roster.absences import Absence, mark_absence
from psc.roster.checks import mark_check
from psc.roster.events import Event, EventKind, cancel_event, event_seconds, events_of, events_on, plan_event
from psc.roster.placements import PlacementType
from psc.roster.status import Status
from psc.roster.typed_events import TypedEvent, typed_event
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, MONDAY, TUESDAY, School, at

if TYPE_CHECKING:
    from pathlib import Path

    from psc.importing.report import Report


THURSDAY, NEXT = MONDAY + timedelta(days=3), MONDAY + timedelta(days=7)


def plan(
    school: School,
    kind: EventKind = EventKind.EXAM,
    starts: str = "11:10",
    ends: str = "12:10",
    *,
    student: int = 1,
    day: date = MONDAY,
) -> int:
    """Note an event, as the coordinator; returns its id."""
    begins, over = time.fromisoformat(starts), time.fromisoformat(ends)
    return school.desk("CO1", "office").do(plan_event(student, day, begins, over, kind, "Hall")).value


def shown(school: School, clock: str, student: int = 1) -> str:
    """Return what the board shows of a student at a time."""
    set_clock(school, clock)
    row = school.row(student)
    return now_cell(school.board(), row, school.clock.now()).text


# -- typed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "exam 1110-1210 Hall, tomorrow",
            TypedEvent(TUESDAY, time(11, 10), time(12, 10), EventKind.EXAM, "Hall"),
        ),
        ("Trip 9.00 to 15.00", TypedEvent(MONDAY, time(9), time(15), EventKind.TRIP, "")),
        ("app 905–1000 Dr Lee's, Thu", TypedEvent(THURSDAY, time(9, 5), time(10), EventKind.APPOINTMENT, "Dr Lee's")),
        ("music 11:10-11:40 , 2026-11-26", TypedEvent(THURSDAY, time(11, 10), time(11, 40), EventKind.MUSIC, "")),
        ("other 1110-1210 Hall, Mon", TypedEvent(NEXT, time(11, 10), time(12, 10), EventKind.OTHER, "Hall")),
    ],
)
def test_an_event_is_typed_on_one_line(text: str, expected: TypedEvent) -> None:
    assert typed_event(text, MONDAY) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not an event"),
        ("exam", "is not an event"),
        ("exam Hall 1110-1210", "is not an event"),
        ("party 1110-1210", "“party” is not a kind of event"),
        ("m 1110-1210", "“m” is not a kind of event"),
        ("exam 1110-1210 Hall, tomorow", "“tomorow” is not a date"),
        ("exam 2510-2610", "“2510” is not a time"),
    ],
)
def test_what_cannot_be_read_is_said_and_never_guessed(text: str, words: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        typed_event(text, MONDAY)
    assert words in str(refused.value)


# -- acts ----------------------------------------------------------------------------------------------------------


def test_an_event_is_noted_cancelled_with_a_reason_and_both_are_undone(school: School) -> None:
    desk = school.desk("CO1", "office")
    event = plan(school)
    desk.do(undo())
    assert events_on(school.file, MONDAY) == {}
    event = plan(school)
    with pytest.raises(NeedsReason):
        desk.do(cancel_event(event, " "))
    desk.do(cancel_event(event, "moved to January"))
    assert events_of(school.file, 1, MONDAY) == ()
    with pytest.raises(Refused, match="cancelled already"):
        desk.do(cancel_event(event, "again"))
    desk.do(undo())
    assert [(one.kind, one.note) for one in events_of(school.file, 1, MONDAY)] == [(EventKind.EXAM, "Hall")]


def test_events_that_cannot_be_are_refused(school: School) -> None:
    plan(school)
    for words, wrong in [
        ("noted already", {}),
        ("ends at 11:00", {"ends": "11:00"}),
        ("That day is over", {"day": FRIDAY_BEFORE}),
        ("not a school day", {"day": MONDAY + timedelta(days=5)}),
    ]:
        with pytest.raises(PscError, match=words):
            plan(school, **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        school.desk("AS1").do(plan_event(1, MONDAY, time(9), time(10), EventKind.EXAM))


# -- what the board shows ------------------------------------------------------------------------------------------


def test_an_expected_student_at_an_event_is_neither_late_nor_lost_and_expected_from_its_end(school: School) -> None:
    school.book(1)
    plan(school, starts="08:30", ends="10:00")
    assert shown(school, "08:40") == "○ exam until 10:00"
    assert shown(school, "09:30") == "○ exam until 10:00"
    assert school.row(1).status is Status.EXPECTED
    assert shown(school, "10:04") == "○ expected P1"
    assert shown(school, "10:05") == "! find, late 5"


def test_an_event_later_in_the_day_quiets_the_alarm_while_it_lasts(school: School) -> None:
    school.book(1)
    plan(school)
    assert shown(school, "09:00") == "! find, late 10"
    assert shown(school, "11:10") == "○ exam until 12:10"
    assert shown(school, "12:20") == "! find, late 10"


def test_a_student_in_the_room_is_due_at_an_event_that_begins(school: School) -> None:
    for student in (1, 2):  # in company, so that no welfare check is due
        school.book(student)
        play(school, student, "08:50 in")
    plan(school)
    assert shown(school, "10:59") == "● in since 08:50"
    assert shown(school, "11:00") == "● in · exam 11:10"
    assert shown(school, "11:10") == "▲ exam since 11:10"
    assert school.row(1).status is Status.DUE_OUT
    play(school, 1, "11:12 out exam")
    assert shown(school, "11:30") == "◐ exam 18"
    play(school, 1, "11:50 back")
    assert shown(school, "11:51") == "● in since 08:50"  # it was over early


def test_a_medical_appointment_is_not_named_in_the_open(school: School) -> None:
    school.book(1)
    plan(school, EventKind.MEDICAL, "08:30", "10:00")
    assert shown(school, "09:00") == "○ appt until 10:00"


# -- what counts as present ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "story", "served"),
    [
        (EventKind.EXAM, "", True),
        (EventKind.MEDICAL, "", True),
        (EventKind.MUSIC, "", True),
        (EventKind.APPOINTMENT, "", True),
        (EventKind.TRIP, "", False),
        (EventKind.OTHER, "", False),
        (EventKind.EXAM, "08:50 in, 11:08 left lesson, 12:11 in", True),
        (EventKind.EXAM, "08:50 in, 11:08 out exam, 12:10 back", True),
        (EventKind.EXAM, "08:50 in, 11:00 left home: ill", False),
        (EventKind.EXAM, "08:50 in, 11:05 out walked out, 12:12 back", False),
        (EventKind.EXAM, "08:50 in, 11:05 out lunch, 12:12 back", False),
        (EventKind.TRIP, "08:50 in", True),  # the trip fell through: they were in the room
    ],
)
def test_a_period_at_an_event_counts_as_present_by_kind_and_by_where_the_student_was(
    school: School, kind: EventKind, story: str, served: bool
) -> None:
    school.book(1)
    plan(school, kind)
    play(school, 1, story)
    set_clock(school, "12:20")
    school.desk().do(mark_check(school.placed(1, "P3"), 3))
    state = school.row(1).states(school.clock.now(), school.board().settings)["P3"]
    assert state.value == ("served" if served else "not completed")


def test_a_student_who_was_absent_from_school_sat_no_exam(school: School) -> None:
    placement = school.book(1)
    plan(school)
    school.desk().do(mark_absence(placement, Absence.ABSENT))
    set_clock(school, "12:20")
    school.desk().do(mark_check(school.placed(1, "P3"), 3))
    assert school.row(1).states(school.clock.now(), school.board().settings)["P3"].value == "not completed"


def test_two_events_at_once_count_once_and_none_beyond_now(school: School) -> None:
    events = [
        Event(n, 1, at(starts), at(ends), EventKind.EXAM, "")
        for n, (starts, ends) in enumerate([("11:10", "11:40"), ("11:20", "12:00")])
    ]
    assert event_seconds((), events, at("13:00"), at("11:10"), at("12:10")) == 50 * 60
    assert event_seconds((), events, at("11:30"), at("11:10"), at("12:10")) == 20 * 60
    assert event_seconds((), events, at("13:00"), at("11:30"), at("11:50")) == 20 * 60


def test_support_types_show_events_too(school: School) -> None:
    school.book(1, type=PlacementType.PSC_PROGRAMME)
    plan(school, starts="08:30", ends="10:00")
    assert shown(school, "09:30") == "○ exam until 10:00"


# -- from a file ---------------------------------------------------------------------------------------------------


def take(school: School, folder: Path, rows: str) -> Report:
    path = folder / "events.csv"
    path.write_text(f"Admission No,Date,Start,End,Kind,Note\n{rows}", encoding="utf-8")
    return import_file(school.desk("AD1"), "events", path, backup=False)


def test_an_exam_season_is_imported_and_again_with_one_change(school: School, tmp_path: Path) -> None:
    rows = "1001,23/11/2026,0900,1030,Mock exam,Hall\n1002,24/11/2026,9:00,10:30,GCSE,Gym\n"
    report = take(school, tmp_path, rows)
    assert (report.imported, report.updated, report.unchanged) == (2, 0, 0)
    report = take(school, tmp_path, rows.replace("10:30", "11:00"))
    assert (report.imported, report.updated, report.unchanged) == (0, 1, 1)
    assert [f"{one.ends:%H:%M}" for one in events_of(school.file, 2, MONDAY)] == ["11:00"]


def test_rows_that_cannot_be_are_rejected_with_their_line_and_days_that_are_over_left_out(
    school: School, tmp_path: Path
) -> None:
    good = "".join(f"1001,{24 + n % 5}/11/2026,{9 + n // 5}:00,{9 + n // 5}:30,exam,\n" for n in range(30))
    bad = "9999,24/11/2026,0900,1000,exam,\n1001,24/11/2026,1000,0900,exam,\n1001,24/11/2026,0900,1000,party,\n"
    report = take(school, tmp_path, f"{good}{bad}1001,20/11/2026,0900,1000,exam,\n")
    assert [one.line for one in report.rejected] == [32, 33, 34]
    assert [one.line for one in report.warnings] == [35]
    assert report.imported == 30
