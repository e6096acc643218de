"""What the board shows of a student through a day, as a table; and minutes in the room, true to the minute."""

from __future__ import annotations

import pytest

from psc.desk.settings import change_setting
from psc.errors import NotUnderstood, Refused
from psc.flows.walk_in import walk_in
from psc.overview.board import counts
from psc.roster.absences import Absence, mark_absence
from psc.roster.movements import sign_in
from psc.roster.placements import Line, PlacementType
from tests.desk.refusals import refused
from tests.roster.stories import play, set_clock
from tests.school import IER, MONDAY, PSC, TUESDAY, School, at

SANCTIONS = (PlacementType.INTERNAL_EXCLUSION, PlacementType.REMOVAL, PlacementType.INVESTIGATION_HOLD)
SUPPORT = tuple(type for type in PlacementType if type.line is Line.SUPPORT)


def seen(school: School, clock: str, student: int = 1, room: int = IER) -> str:
    """Return what the row says at a time: status, since, reason, and ! when something is due."""
    set_clock(school, clock)
    standing = school.row(student, room).standing
    since = f"{standing.since:%H:%M}" if standing.since else "–"
    return f"{standing.status.value} {since} {standing.reason}".strip() + (" !" if standing.overdue else "")


@pytest.mark.parametrize(
    ("story", "clock", "shown"),
    [
        ("", "08:30", "expected 08:50"),
        ("", "08:54", "expected 08:50"),
        ("", "08:55", "late 08:50 !"),
        ("", "14:50", "late 08:50 !"),
        ("08:40 in", "08:41", "in 08:40"),
        ("09:20 in", "09:20", "in 09:20"),
        ("08:50 in", "14:49:59", "in 08:50"),
        ("08:50 in", "14:50", "due_out 14:50 !"),
        ("08:50 in, 09:00 out toilet", "09:10", "out 09:00 toilet"),
        ("08:50 in, 09:00 out toilet", "09:10:01", "out 09:00 toilet !"),
        ("08:50 in, 09:00 out nurse", "09:30", "out 09:00 nurse"),
        ("08:50 in, 09:00 out nurse", "09:30:01", "out 09:00 nurse !"),
        ("08:50 in, 09:00 out meeting", "14:00", "out 09:00 meeting"),
        ("08:50 in, 14:45 out toilet", "14:52", "out 14:45 toilet"),
        ("08:50 in, 09:00 out toilet, 09:15 back", "09:16", "in 08:50"),
        ("08:50 in, 14:52 left end of day", "14:53", "left 14:52 end of day"),
        ("08:50 in, 10:00 left home: ill", "13:00", "left 10:00 home: ill"),
        ("08:50 in, 10:00 left lesson, 11:30 in", "11:31", "in 11:30"),
        ("08:42 in, 08:45 left lesson", "08:50", "expected 08:50"),
        ("08:42 in, 08:45 left lesson", "08:55", "late 08:50 !"),
    ],
)
def test_a_day_as_the_board_shows_it(school: School, story: str, clock: str, shown: str) -> None:
    school.book(1)
    play(school, 1, story)
    assert seen(school, clock) == shown


@pytest.mark.parametrize(
    ("story", "clock", "shown"),
    [
        ("", "08:55", "late 08:50 !"),
        ("08:50 in", "09:50", "due_out 09:50 !"),
        ("08:50 in, 09:50 left lesson", "09:51", "expected 12:10"),
        ("08:50 in, 09:50 left lesson", "12:14", "expected 12:10"),
        ("08:50 in, 09:50 left lesson", "12:15", "late 12:10 !"),
        ("08:50 in, 09:50 left lesson, 12:10 in", "12:11", "in 12:10"),
        ("08:50 in, 09:50 left lesson, 12:10 in", "13:30", "in 12:10"),
        ("08:50 in, 09:50 left lesson, 12:10 in", "14:50", "due_out 14:50 !"),
        ("08:50 in, 09:50 left lesson, 12:10 in, 14:50 left lesson", "14:51", "left 14:50 lesson"),
        ("12:30 in", "12:31", "in 12:30"),
        ("08:50 in", "12:20", "in 08:50"),
    ],
)
def test_two_runs_of_lessons_in_a_day(school: School, story: str, clock: str, shown: str) -> None:
    """P1, then P4 and P5: lunch between them does not end a run, lessons not placed do."""
    school.book(1, "P1 P4 P5")
    play(school, 1, story)
    assert seen(school, clock) == shown


@pytest.mark.parametrize("type", SUPPORT)
def test_support_is_never_late(school: School, type: PlacementType) -> None:
    school.book(1, type=type, room=PSC)
    assert seen(school, "08:54", room=PSC) == "expected 08:50"
    assert seen(school, "10:00", room=PSC) == "expected 08:50 !"
    assert school.row(1, PSC).states(at("16:00"), school.board().settings) == {}


@pytest.mark.parametrize("type", SANCTIONS)
def test_sanctions_and_holds_are_late(school: School, type: PlacementType) -> None:
    school.book(1, type=type)
    assert seen(school, "08:55") == "late 08:50 !"


def test_grace_is_a_setting(school: School) -> None:
    school.desk("AD1").do(change_setting("grace_minutes", 10))
    school.book(1)
    assert seen(school, "08:59") == "expected 08:50"
    assert seen(school, "09:00") == "late 08:50 !"


# -- not here ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "code", "shown"),
    [
        (Absence.ABSENT, "I", "absent 09:10 I"),
        (Absence.NO_SHOW, "", "no_show 09:10"),
        (Absence.CANCELLED, "", "cancelled 09:10"),
    ],
)
def test_only_a_mark_ends_the_wait(school: School, kind: Absence, code: str, shown: str) -> None:
    placement = school.book(1)
    set_clock(school, "09:10")
    school.desk().do(mark_absence(placement, kind, code=code))
    assert seen(school, "14:00") == shown


def test_the_latest_mark_counts(school: School) -> None:
    placement = school.book(1)
    for clock, kind in (("09:10", Absence.NO_SHOW), ("09:20", Absence.ABSENT)):
        set_clock(school, clock)
        school.desk().do(mark_absence(placement, kind))
    assert seen(school, "09:30") == "absent 09:20"


def test_a_student_who_comes_after_all_is_in(school: School) -> None:
    placement = school.book(1)
    set_clock(school, "09:10")
    school.desk().do(mark_absence(placement, Absence.ABSENT, code="L"))
    play(school, 1, "09:40 in")
    assert seen(school, "09:41") == "in 09:40"
    play(school, 1, "10:00 left lesson")
    assert seen(school, "10:01") == "left 10:00 lesson"


def test_who_left_and_does_not_come_to_the_later_lessons_can_be_marked(school: School) -> None:
    placement = school.book(1, "P1 P4")
    play(school, 1, "08:50 in, 09:50 left lesson")
    set_clock(school, "12:20")
    school.desk().do(mark_absence(placement, Absence.NO_SHOW))
    assert seen(school, "12:30") == "no_show 12:20"


@pytest.mark.parametrize("story", ["08:50 in", "08:50 in, 09:00 out walked out"])
def test_who_is_signed_in_is_not_marked_absent(school: School, story: str) -> None:
    placement = school.book(1)
    play(school, 1, story)
    refused(school.desk(), mark_absence(placement, Absence.ABSENT), kind=Refused)


def test_a_mark_is_of_today(school: School) -> None:
    placement = school.book(1, days=(TUESDAY,))
    refused(school.desk(), mark_absence(placement, Absence.ABSENT), kind=NotUnderstood)
    set_clock(school, "08:50", TUESDAY)
    school.desk().do(mark_absence(placement, Absence.ABSENT))
    assert school.row(1).standing.status.value == "absent"
    refused(school.desk(), mark_absence(99, Absence.ABSENT), kind=NotUnderstood)


def test_a_mark_of_monday_says_nothing_of_tuesday(school: School) -> None:
    placement = school.book(1, days=(MONDAY, TUESDAY))
    set_clock(school, "09:00")
    school.desk().do(mark_absence(placement, Absence.ABSENT))
    set_clock(school, "08:30", TUESDAY)
    assert school.row(1).standing.status.value == "expected"


def test_the_header_counts_what_the_rows_say(school: School) -> None:
    for student, periods in ((1, "P1"), (2, "P1"), (3, "P1"), (5, "P5")):
        school.book(student, periods)
    cancelled = school.book(4, "P1")
    play(school, 1, "08:50 in")
    play(school, 2, "08:50 in, 08:55 out toilet")
    set_clock(school, "09:00")
    school.desk().do(mark_absence(cancelled, Absence.CANCELLED))
    shown = school.board().at(school.clock.now(), IER)
    assert counts(shown) == {"late": 1, "out": 1, "in": 1, "expected": 1, "left": 1}
    assert school.board().used[IER] == 2
    assert [one.row.student_id for one in shown] == [3, 2, 1, 5, 4]


# -- minutes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "clock", "minutes"),
    [
        ("", "12:00", 0),
        ("08:50 in", "08:50:59", 0),
        ("08:50 in", "08:51", 1),
        ("08:50:30 in", "08:51:29", 0),
        ("08:50 in, 09:50 left lesson", "14:00", 60),
        ("08:40 in", "14:50", 370),  # break and lunch spent in the room count
        ("08:50 in, 10:50 out break, 11:10 back, 13:10 out lunch, 13:50 back", "14:50", 300),
        ("08:50 in, 09:00 out toilet", "09:30", 10),
        ("08:50 in, 09:00 out toilet, 09:07 back", "09:30", 33),
        ("08:50 in, 09:00 out walked out, 09:30 left named adult", "10:00", 10),
        ("08:50 in, 09:50 left lesson, 11:10 in, 11:40 left lesson", "12:00", 90),
        ("08:50:00 in, 09:00:40 out toilet, 09:05:00 back, 09:14:20 left lesson", "10:00", 20),  # seconds summed first
    ],
)
def test_minutes_in_the_room(school: School, story: str, clock: str, minutes: int) -> None:
    school.book(1)
    play(school, 1, story)
    set_clock(school, clock)
    assert school.row(1).minutes == minutes


def test_minutes_are_of_one_room(school: School) -> None:
    school.book(1, "P1")
    school.book(1, "P3", room=PSC)
    play(school, 1, "08:50 in, 09:50 left other room")
    play(school, 1, "11:10 in", room=PSC)
    set_clock(school, "11:30")
    assert (school.row(1).minutes, school.row(1, PSC).minutes) == (60, 20)


def test_minutes_entered_later_count_by_when_they_happened(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 out toilet, 09:06 back", told="11:00")
    assert school.row(1).minutes == 124


def test_a_visit_left_open_does_not_grow_through_the_night(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in")
    set_clock(school, "08:30", TUESDAY)
    row = next(iter(school.board("CO1", MONDAY).at(school.clock.now(), IER)))
    assert row.minutes <= 24 * 60 - (8 * 60 + 50), "at the very most to midnight"


def test_the_board_of_another_connection_shows_what_was_signed_in(school: School) -> None:
    school.book(1)
    other = school.another()
    try:
        before = other.changed_elsewhere()
        play(school, 1, "08:50 in")
        assert other.changed_elsewhere() != before
        school.file, mine = other, school.file
        assert school.row(1).status.value == "in"
        school.file = mine
    finally:
        other.close()


def test_a_walk_in_stays_due_out_until_somebody_says_where_to(school: School) -> None:
    set_clock(school, "09:20")
    school.desk().do(walk_in(1, IER, PlacementType.REMOVAL, "Defiance"))
    assert seen(school, "09:49") == "in 09:20"
    assert seen(school, "11:20") == "due_out 09:50 !"
    refused(school.desk(), sign_in(1, IER), kind=Refused)
