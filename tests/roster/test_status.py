"""What the board shows of a student through a day, as a table; and minutes in the room, true to the minute."""

from __future__ import annotations

import pytest

from psc.desk.acts import undo
from psc.desk.settings import change_setting
from psc.errors import NotUnderstood, Refused
from psc.flows.walk_in import walk_in
from psc.overview.board import counts
from psc.roster.absences import Absence, mark_absence
from psc.roster.checks import mark_check
from psc.roster.evacuation import EvacuationKind, evacuate
from psc.roster.movements import sign_in
from psc.roster.placements import Line, PeriodState, PlacementType
from psc.roster.sightings import record_sighting
from psc.roster.status import Status
from tests.desk.refusals import refused
from tests.roster.stories import moment_of, play, set_clock
from tests.school import IER, MONDAY, PSC, TUESDAY, School, at

SANCTIONS = (PlacementType.INTERNAL_EXCLUSION, PlacementType.REMOVAL, PlacementType.INVESTIGATION_HOLD)
SUPPORT = tuple(type for type in PlacementType if type.line is Line.SUPPORT)


def seen(school: School, clock: str, student: int = 1, room: int = IER) -> str:
    """Return what the row says at a time: status, since, reason, ! when something is due, and what is known."""
    set_clock(school, clock)
    standing = school.row(student, room).standing
    since = f"{standing.since:%H:%M}" if standing.since else "–"
    known = f" ({standing.known})" if standing.known else ""
    return f"{standing.status.value} {since} {standing.reason}".strip() + (" !" if standing.overdue else "") + known


@pytest.mark.parametrize(
    ("story", "clock", "shown"),
    [
        ("", "08:30", "expected 08:50"),
        ("", "08:54", "expected 08:50"),
        ("", "08:55", "find 08:50 late !"),
        ("", "14:50", "find 08:50 late !"),
        ("08:40 in", "08:41", "in 08:40"),
        ("09:20 in", "09:20", "in 09:20"),
        ("08:50 in", "14:49:59", "in 08:50"),
        ("08:50 in", "14:50", "due_out 14:50 !"),
        ("08:50 in, 09:00 out toilet", "09:10", "out 09:00 toilet"),
        ("08:50 in, 09:00 out toilet", "09:10:01", "find 09:00 toilet !"),
        ("08:50 in, 09:00 out nurse", "09:30", "out 09:00 nurse"),
        ("08:50 in, 09:00 out nurse", "09:30:01", "find 09:00 nurse !"),
        ("08:50 in, 09:00 out meeting", "14:00", "out 09:00 meeting"),
        ("08:50 in, 09:00 out walked out", "09:00", "find 09:00 walked out !"),
        ("08:50 in, 09:00 out walked out, 09:04 back", "09:05", "in 08:50"),
        ("08:50 in, 09:00 out walked out, 09:04 left named adult", "09:05", "left 09:04 named adult"),
        ("08:50 in, 14:45 out toilet", "14:52", "out 14:45 toilet"),
        ("08:50 in, 09:00 out toilet, 09:15 back", "09:16", "in 08:50"),
        ("08:50 in, 14:52 left end of day", "14:53", "left 14:52 end of day"),
        ("08:50 in, 10:00 left home: ill", "13:00", "left 10:00 home: ill"),
        ("08:50 in, 10:00 left lesson, 11:30 in", "11:31", "in 11:30"),
        ("08:42 in, 08:45 left lesson", "08:50", "expected 08:50"),
        ("08:42 in, 08:45 left lesson", "08:55", "find 08:50 late !"),
    ],
)
def test_a_day_as_the_board_shows_it(school: School, story: str, clock: str, shown: str) -> None:
    school.book(1)
    play(school, 1, story)
    assert seen(school, clock) == shown


@pytest.mark.parametrize(
    ("story", "clock", "shown"),
    [
        ("", "08:55", "find 08:50 late !"),
        ("08:50 in", "09:50", "due_out 09:50 !"),
        ("08:50 in, 09:50 left lesson", "09:51", "expected 12:10"),
        ("08:50 in, 09:50 left lesson", "12:14", "expected 12:10"),
        ("08:50 in, 09:50 left lesson", "12:15", "find 12:10 late !"),
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
def test_sanctions_and_holds_are_to_be_found_when_late(school: School, type: PlacementType) -> None:
    school.book(1, type=type)
    assert seen(school, "08:55") == "find 08:50 late !"


def test_grace_is_a_setting(school: School) -> None:
    school.desk("AD1").do(change_setting("grace_minutes", 10))
    school.book(1)
    assert seen(school, "08:59") == "expected 08:50"
    assert seen(school, "09:00") == "find 08:50 late !"


# -- a student whose place is not known ---------------------------------------------------------------------------


def sight(school: School, clock: str, *, place: str = "", told: str = "", at: str = "", code: str = "AS1") -> None:
    """Have somebody record at a time where student 1 is, or whom they told; `at` is an earlier time it happened."""
    set_clock(school, clock)
    when = moment_of(at) if at else None
    school.desk(code).do(record_sighting(1, place=place, told=told, at=when))


@pytest.mark.parametrize(
    ("story", "quieted", "clock", "shown"),
    [
        ("", "08:58", "14:00", "late 08:50 late (library)"),
        ("", "08:52", "08:54", "expected 08:50"),
        ("", "08:52", "08:55", "late 08:50 late (library)"),
        ("", "08:50", "08:55", "late 08:50 late (library)"),
        ("", "08:49", "08:55", "find 08:50 late !"),  # what was known before the lesson says nothing of it
        ("08:50 in, 09:00 out toilet", "09:12", "09:40", "out 09:00 toilet (library)"),
        ("08:50 in, 09:00 out toilet", "09:05", "09:10", "out 09:00 toilet"),
        ("08:50 in, 09:00 out toilet", "09:05", "09:11", "out 09:00 toilet (library)"),
        ("08:50 in, 09:00 out walked out", "09:01", "09:02", "out 09:00 walked out (library)"),
        ("08:50 in, 09:00 out walked out", "08:59", "09:02", "find 09:00 walked out !"),
    ],
)
def test_only_a_record_since_it_began_quiets_an_alarm(
    school: School, story: str, quieted: str, clock: str, shown: str
) -> None:
    school.book(1)
    play(school, 1, story)
    set_clock(school, max(clock, quieted))
    school.desk().do(record_sighting(1, place="library", at=moment_of(quieted)))
    assert seen(school, clock) == shown


def test_an_alarm_of_later_in_the_day_is_an_alarm_of_its_own(school: School) -> None:
    school.book(1, "P1 P4 P5")
    sight(school, "08:56", told="attendance")
    assert seen(school, "08:57") == "late 08:50 late (told attendance)"
    play(school, 1, "09:05 in, 09:10 out toilet")
    assert seen(school, "09:21") == "find 09:10 toilet !"
    play(school, 1, "09:22 back, 09:30 out walked out")
    assert seen(school, "09:31") == "find 09:30 walked out !"
    sight(school, "09:32", place="with Mr Lee")
    assert seen(school, "09:33") == "out 09:30 walked out (with Mr Lee)"
    play(school, 1, "09:40 back, 09:50 left lesson")
    assert seen(school, "12:14") == "expected 12:10"
    assert seen(school, "12:15") == "find 12:10 late !"


def test_the_latest_record_is_shown_and_taking_it_back_shows_the_one_before(school: School) -> None:
    school.book(1)
    sight(school, "08:56", told="attendance")
    sight(school, "08:58", place="library", code="AS2")
    sight(school, "09:00", told="on call", at="08:57")
    assert seen(school, "09:00") == "late 08:50 late (library)"
    school.desk("AS2").do(undo())
    assert seen(school, "09:00") == "late 08:50 late (told on call)"
    for _ in range(2):
        school.desk().do(undo())
    assert seen(school, "09:00") == "find 08:50 late !"


def test_a_record_of_one_student_quiets_no_other_and_no_other_day(school: School) -> None:
    for student in (1, 2):
        school.book(student, days=(MONDAY, TUESDAY))
    sight(school, "08:56", told="attendance")
    assert seen(school, "08:57", 2) == "find 08:50 late !"
    set_clock(school, "08:57", TUESDAY)
    assert school.row(1).status is Status.FIND


def test_the_allowance_of_a_reason_is_a_setting(school: School) -> None:
    for name, value in (("toilet_minutes", 15), ("way_minutes", 2)):
        school.desk("AD1").do(change_setting(name, value))
    school.book(1)
    play(school, 1, "08:50 in, 09:00 out toilet")
    assert seen(school, "09:15") == "out 09:00 toilet"
    assert seen(school, "09:15:01") == "find 09:00 toilet !"
    play(school, 1, "09:16 back, 09:20 left other room")
    assert seen(school, "09:22", room=PSC) == "expected 09:20 on the way"
    assert seen(school, "09:22:01", room=PSC) == "find 09:20 on the way !"


# -- sent over to the other room ---------------------------------------------------------------------------------


def test_a_student_sent_over_is_on_the_way_for_five_minutes_and_then_to_be_found(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 left other room")
    assert seen(school, "09:00") == "left 09:00 other room"
    assert school.row(1).standing.to_room == PSC
    assert seen(school, "09:05", room=PSC) == "expected 09:00 on the way"
    assert seen(school, "09:05:01", room=PSC) == "find 09:00 on the way !"
    sight(school, "09:06", told="on call")
    assert seen(school, "09:30", room=PSC) == "expected 09:00 on the way (told on call)"
    assert seen(school, "09:30") == "left 09:00 other room"


def test_the_placement_goes_with_a_student_sent_over(school: School) -> None:
    school.book(1, "P1 P2 P4", reason="Truancy")
    play(school, 1, "08:50 in, 09:55 left other room")
    over = school.row(1, PSC).row
    assert [one.period.name for one in over.placed] == ["P2"], "the rest of the run, not what is long after it"
    assert (over.reason, over.type) == ("Truancy", PlacementType.INTERNAL_EXCLUSION)
    play(school, 1, "09:58 in", room=PSC)
    assert seen(school, "10:49", room=PSC) == "in 09:58"
    assert seen(school, "10:50", room=PSC) == "due_out 10:50 !"
    play(school, 1, "10:51 left lesson", room=PSC)
    assert seen(school, "10:52", room=PSC) == "left 10:51 lesson"
    assert seen(school, "10:52") == "expected 12:10"


def test_a_student_sent_over_and_back_has_one_row_a_room(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 left other room")
    play(school, 1, "09:03 in, 09:30 left other room", room=PSC)
    assert seen(school, "09:31") == "expected 09:30 on the way"
    assert seen(school, "09:31", room=PSC) == "left 09:30 other room"
    assert seen(school, "09:36") == "find 09:30 on the way !"
    play(school, 1, "09:37 in")
    assert seen(school, "09:38") == "in 09:37"
    assert seen(school, "09:38", room=PSC) == "left 09:30 other room"
    assert len(school.board().rows) == 2


def test_a_period_begun_here_and_ended_in_the_other_room_is_served(school: School) -> None:
    school.book(1, "P1")
    play(school, 1, "08:50 in, 09:15 left other room")
    play(school, 1, "09:17 in, 09:50 left lesson", room=PSC)
    school.desk().do(mark_check(school.placed(1, "P1", PSC), 3))
    set_clock(school, "10:00")
    settings = school.board().settings
    for room in (IER, PSC):
        assert school.row(1, room).states(at("10:00"), settings) == {"P1": PeriodState.SERVED}
    assert (school.row(1).minutes, school.row(1, PSC).minutes) == (25, 33)


def test_taking_back_a_sending_over_takes_the_other_room_s_row_away(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:00 left other room")
    school.desk().do(undo())
    assert [row.room_id for row in school.board().rows] == [IER]
    assert seen(school, "09:01") == "in 08:50"
    refused(school.desk(), sign_in(1, PSC), kind=Refused)


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
    for student, periods in ((1, "P1"), (2, "P1"), (3, "P1"), (5, "P5"), (6, "P1")):
        school.book(student, periods)
    cancelled = school.book(4, "P1", room=PSC)
    play(school, 1, "08:50 in")
    play(school, 2, "08:50 in, 08:55 out toilet")
    set_clock(school, "09:00")
    school.desk().do(mark_absence(cancelled, Absence.CANCELLED))
    play(school, 6, "09:01 in, 09:02 left lesson")
    shown = school.board().at(school.clock.now(), IER)
    assert counts(shown) == {"find": 1, "out": 1, "evacuated": 0, "in": 1, "expected": 1, "left": 1}
    assert school.board().used[IER] == 2
    assert [one.row.student_id for one in shown] == [3, 2, 1, 5, 6]
    assert counts(school.board().at(school.clock.now(), PSC))["left"] == 1
    school.desk().do(record_sighting(3, place="library"))
    school.desk().do(evacuate(EvacuationKind.DRILL))
    shown = school.board().at(school.clock.now(), IER)
    assert counts(shown) == {"find": 0, "out": 1, "evacuated": 1, "in": 0, "expected": 2, "left": 1}
    assert [one.row.student_id for one in shown] == [2, 1, 3, 5, 6]
    assert school.board().used[IER] == 2


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
