"""What becomes of a placed period: served, pending, not completed, waived, carried; its check; and day n of m."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from psc.desk.settings import change_setting
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.flows.walk_in import walk_in
from psc.roster.checks import mark_check
from psc.roster.corrections import correct_movement
from psc.roster.keep_apart import keep_apart
from psc.roster.placements import PlacementType, book, carry_period, placed_periods, waive_period
from tests.desk.refusals import refused
from tests.roster.stories import moment_of, movement_id, play, set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY, School, at

REMOVAL = PlacementType.REMOVAL
WEDNESDAY = MONDAY + timedelta(days=2)
SATURDAY = MONDAY + timedelta(days=5)


def becomes(school: School, period: str, clock: str = "15:00", student: int = 1) -> str:
    """Return what has become of a period at a time of the clock's day."""
    board = school.board("CO1", school.clock.now().date())
    row = next(one for one in board.rows if one.student_id == student)
    now = moment_of(clock, school.clock.now().date())
    return board.now(row, now).states(now, board.settings)[period].value


@pytest.mark.parametrize(
    ("story", "mark", "state"),
    [
        ("08:50 in, 09:50 left lesson", 4, "served"),
        ("08:50 in, 09:50 left lesson", 2, "served"),
        ("08:50 in, 09:50 left lesson", 1, "not completed"),
        ("08:50 in, 09:50 left lesson", 0, "not completed"),
        ("08:50 in, 09:50 left lesson", None, "pending"),
        ("", None, "pending"),
        ("", 4, "not completed"),
        ("08:50 in, 09:35 left lesson", 2, "served"),  # 45 of 60 minutes are 75 %
        ("08:50 in, 09:34:59 left lesson", 2, "not completed"),
        ("09:05 in, 09:50 left lesson", 2, "served"),
        ("09:05:01 in, 09:50 left lesson", 2, "not completed"),
        ("08:40 in, 09:34 left lesson", 2, "not completed"),  # minutes before the bell are not the period's
        ("09:05 in, 10:30 left lesson", 2, "served"),
        ("09:06 in, 10:30 left lesson", 2, "not completed"),
        ("08:50 in, 08:55 out toilet, 09:25 back, 09:50 left lesson", 2, "served"),
        ("08:50 in, 08:55 out nurse, 09:25 back, 09:50 left lesson", 2, "served"),
        ("08:50 in, 08:55 out safeguarding lead, 09:25 back, 09:50 left lesson", 2, "served"),
        ("08:50 in, 08:55 out exam, 09:25 back, 09:50 left lesson", 2, "served"),
        ("08:50 in, 08:55 out meeting, 09:50 left lesson", 2, "served"),
        ("08:50 in, 08:55 out parent, 09:50 left lesson", 2, "served"),
        ("08:50 in, 08:55 out walked out, 09:25 back, 09:50 left lesson", 4, "not completed"),
        ("08:50 in, 08:55 out walked out, 09:10 back, 09:50 left lesson", 2, "served"),
        ("08:50 in, 08:55 out break, 09:11 back, 09:50 left lesson", 2, "not completed"),
        ("08:50 in, 09:05 left lesson, 09:20 in, 09:50 left lesson", 2, "served"),
        ("08:50 in, 09:04 left lesson, 09:20 in, 09:50 left lesson", 2, "not completed"),
    ],
)
def test_a_period_of_a_sanction(school: School, story: str, mark: int | None, state: str) -> None:
    """P1 is from 08:50 to 09:50: 45 minutes and a check of 2 serve it."""
    school.book(1, "P1")
    play(school, 1, story)
    set_clock(school, "10:00" if story.endswith("09:50 left lesson") else "10:30")
    if mark is not None:
        school.desk().do(mark_check(school.placed(1, "P1"), mark))
    assert becomes(school, "P1") == state


@pytest.mark.parametrize(("left", "state"), [("09:42:30", "served"), ("09:42:29", "not completed")])
def test_a_removal_decided_half_way_owes_the_rest(school: School, left: str, state: str) -> None:
    """From 09:20 to 09:50 are 30 minutes; 22 and a half are 75 % of them."""
    set_clock(school, "09:20")
    school.desk().do(walk_in(1, IER, REMOVAL, "Defiance"))
    play(school, 1, f"{left} left lesson")
    school.desk().do(mark_check(school.placed(1, "P1"), 2))
    assert becomes(school, "P1") == state


def test_a_removal_typed_later_counts_from_when_it_was_decided(school: School) -> None:
    set_clock(school, "09:45")
    school.desk().do(walk_in(1, IER, REMOVAL, "Defiance", at=at("09:20")))
    play(school, 1, "09:50 left lesson")
    school.desk().do(mark_check(school.placed(1, "P1"), 2))
    assert becomes(school, "P1") == "served"


def test_a_period_is_ahead_until_its_bell(school: School) -> None:
    school.book(1, "P1 P2")
    play(school, 1, "08:50 in")
    school.desk().do(mark_check(school.placed(1, "P1"), 4))
    assert (becomes(school, "P1", "09:49:59"), becomes(school, "P1", "09:50")) == ("ahead", "served")
    assert becomes(school, "P2", "09:50") == "ahead"


def test_break_belongs_to_no_period(school: School) -> None:
    school.book(1, "P2 P3")
    play(school, 1, "10:50 in, 11:10 left lesson")
    for period in ("P2", "P3"):
        school.desk().do(mark_check(school.placed(1, period), 4))
    assert (becomes(school, "P2"), becomes(school, "P3")) == ("not completed", "not completed")


def test_a_period_booked_when_it_was_over_is_not_served_by_nobody(school: School) -> None:
    set_clock(school, "10:00")
    try:
        school.book(1, "P1")
    except Refused:
        return
    school.desk().do(mark_check(school.placed(1, "P1"), 4))
    assert becomes(school, "P1") != "served"


def test_the_day_is_judged_by_the_settings_in_force_on_it(school: School) -> None:
    school.book(1, "P1", days=(MONDAY, TUESDAY))
    office = school.desk("AD1")
    office.do(change_setting("served_share", 50, from_day=TUESDAY))
    office.do(change_setting("served_mark", 1, from_day=TUESDAY))
    for day, state in ((MONDAY, "not completed"), (TUESDAY, "served")):
        play(school, 1, "08:50 in, 09:20 left lesson", day=day)
        school.desk().do(mark_check(school.placed(1, "P1"), 1))
        assert becomes(school, "P1") == state
    set_clock(school, "09:00", MONDAY)
    assert becomes(school, "P1") == "not completed"


def test_a_corrected_time_changes_what_becomes_of_the_period(school: School) -> None:
    school.book(1, "P1")
    play(school, 1, "09:10 in, 09:50 left lesson")
    school.desk().do(mark_check(school.placed(1, "P1"), 3))
    assert becomes(school, "P1") == "not completed"
    school.desk().do(correct_movement(movement_id(school, 1, 0), "Slip", at=at("08:50")))
    assert becomes(school, "P1") == "served"


# -- checks --------------------------------------------------------------------------------------------------------


def test_the_latest_check_counts(school: School) -> None:
    school.book(1, "P1")
    play(school, 1, "08:50 in")
    for code, mark in (("AS1", 1), ("AS2", 3)):
        school.desk(code).do(mark_check(school.placed(1, "P1"), mark))
    assert school.row(1).row.placed[0].mark == 3
    assert school.file.value("SELECT count(*) FROM period_check") == 2


@pytest.mark.parametrize("mark", [-1, 5, 99])
def test_a_check_is_0_to_4(school: School, mark: int) -> None:
    school.book(1, "P1")
    set_clock(school, "09:00")
    refused(school.desk(), mark_check(school.placed(1, "P1"), mark), kind=NotUnderstood)


def test_a_period_is_checked_once_it_has_begun(school: School) -> None:
    school.book(1, "P1 P2")
    set_clock(school, "09:49:59")
    assert "P2 has not begun" in refused(school.desk(), mark_check(school.placed(1, "P2"), 2), kind=Refused)
    set_clock(school, "09:50")
    school.desk().do(mark_check(school.placed(1, "P2"), 2))
    assert school.row(1).row.placed[1].mark == 2


def test_the_check_is_for_the_period_under_way_or_the_last_that_began(school: School) -> None:
    school.book(1, "P1 P2 P5")
    due = []
    for clock in ("08:49", "08:50", "10:55", "13:00", "14:59"):
        set_clock(school, clock)
        placed = school.row(1).check_due(school.clock.now())
        due.append(placed.period.name if placed else "")
    assert due == ["", "P1", "P2", "P2", "P5"]


@pytest.mark.parametrize("code", ["AS1", "CO1"])
def test_tomorrows_period_cannot_be_checked_today(school: School, code: str) -> None:
    placement = school.book(1, "P1", days=(TUESDAY,))
    tomorrow = placed_periods(school.file, placement)[0].id
    refused(school.desk(code), mark_check(tomorrow, 2), kind=Refused)


def test_an_earlier_day_is_checked_by_a_coordinator_only(school: School) -> None:
    placement = school.book(1, "P1")
    play(school, 1, "08:50 in, 09:50 left lesson")
    owed = placed_periods(school.file, placement)[0].id
    set_clock(school, "08:30", TUESDAY)
    refused(school.desk(), mark_check(owed, 2), kind=Refused)
    school.desk("CO1").do(mark_check(owed, 2))
    set_clock(school, "15:00", MONDAY)
    assert becomes(school, "P1") == "served"


def test_a_period_that_is_no_longer_placed_is_not_checked(school: School) -> None:
    refused(school.desk(), mark_check(99, 2), kind=Refused)


# -- carried and waived --------------------------------------------------------------------------------------------


def _unserved(school: School) -> tuple[int, int]:
    """Place a student on Monday P1, who does not come; returns the placement and the placed period."""
    placement = school.book(1, "P1 P2")
    return placement, placed_periods(school.file, placement)[0].id


def test_a_period_is_waived_with_a_reason(school: School) -> None:
    _, owed = _unserved(school)
    set_clock(school, "15:00")
    office = school.desk("CO1")
    refused(office, waive_period(owed, " "), kind=NeedsReason)
    office.do(waive_period(owed, "Exam"))
    assert (becomes(school, "P1"), becomes(school, "P2")) == ("waived", "pending")
    refused(office, waive_period(owed, "Again"), kind=Refused)


def test_a_period_is_carried_to_a_later_slot(school: School) -> None:
    _, owed = _unserved(school)
    set_clock(school, "15:00")
    office = school.desk("CO1")
    carried = office.do(carry_period(owed, TUESDAY, "P3")).value
    assert becomes(school, "P1") == "carried"
    refused(office, carry_period(owed, TUESDAY, "P4"), kind=Refused)
    play(school, 1, "11:10 in, 12:10 left lesson", day=TUESDAY)
    school.desk().do(mark_check(carried, 2))
    assert becomes(school, "P3") == "served"
    set_clock(school, "15:00", MONDAY)
    assert becomes(school, "P1") == "carried"


@pytest.mark.parametrize(
    ("day", "period", "kind"),
    [
        (MONDAY, "P5", Refused),
        (FRIDAY_BEFORE, "P1", Refused),
        (SATURDAY, "P1", Refused),
        (TUESDAY, "P6", NotUnderstood),
        (TUESDAY, "P2", Refused),  # placed for it already
    ],
)
def test_a_period_is_carried_to_a_free_period_of_a_later_school_day(
    school: School, day: date, period: str, kind: type[Refused | NotUnderstood]
) -> None:
    _, owed = _unserved(school)
    school.book(1, "P2", room=PSC, days=(TUESDAY,))
    set_clock(school, "15:00")
    refused(school.desk("CO1"), carry_period(owed, day, period), kind=kind)


def test_carrying_makes_a_placement_more_than_a_day_longer_only_with_a_reason(school: School) -> None:
    placement = school.book(1, "P1 P2 P3")
    owed = [one.id for one in placed_periods(school.file, placement)]
    set_clock(school, "15:00")
    office = school.desk("CO1", "office")
    office.do(carry_period(owed[0], TUESDAY, "P1"))
    assert "more than a day longer" in refused(office, carry_period(owed[1], WEDNESDAY, "P1"), kind=NeedsReason)
    office.do(carry_period(owed[1], TUESDAY, "P2"))
    office.do(carry_period(owed[2], WEDNESDAY, "P1", override="agreed with the head of year"))


@pytest.mark.parametrize("code", ["AS1", "CV1", "HY8", "AD1"])
def test_only_a_coordinator_or_the_lead_carries_or_waives(school: School, code: str) -> None:
    _, owed = _unserved(school)
    refused(school.desk(code), waive_period(owed, "Exam"), kind=NotAllowed)
    refused(school.desk(code), carry_period(owed, TUESDAY, "P3"), kind=NotAllowed)


def test_day_n_of_m_with_carrying_and_waiving(school: School) -> None:
    placement = school.book(1, "P1 P2", days=(MONDAY, TUESDAY))
    owed = {(one.day, one.period): one.id for one in placed_periods(school.file, placement)}
    office = school.desk("CO1", "office")

    def days() -> list[tuple[int, int]]:
        found = []
        for day in (MONDAY, TUESDAY, WEDNESDAY):
            found += [row.days for row in school.board("CO1", day).rows]
        return found

    assert days() == [(1, 2), (2, 2)]
    assert "not over yet" in refused(office, carry_period(owed[MONDAY, "P1"], WEDNESDAY, "P1"))
    set_clock(school, "15:00")
    office.do(carry_period(owed[MONDAY, "P1"], WEDNESDAY, "P1"))
    assert days() == [(1, 3), (2, 3), (3, 3)]
    office.do(waive_period(owed[TUESDAY, "P1"], "Exam"))
    assert days() == [(1, 3), (2, 3), (3, 3)], "Tuesday still owes P2"
    office.do(waive_period(owed[TUESDAY, "P2"], "Exam"))
    assert [one for one in days() if one[0]][-1] == (2, 2)


# -- booking -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slots", "kind"),
    [
        ([], NotUnderstood),
        ([(SATURDAY, "P1")], Refused),
        ([(MONDAY, "P6")], NotUnderstood),
        ([(MONDAY, "P1")], Refused),  # placed there already
        ([(MONDAY, "P5")], NeedsReason),  # placed elsewhere
        ([(MONDAY, "P3")], NeedsReason),  # full
        ([(MONDAY, "P4"), (MONDAY, "P4")], Refused),  # the same twice
    ],
)
def test_what_cannot_be_booked(school: School, slots: list[tuple[date, str]], kind: type[Refused]) -> None:
    school.book(1, "P1", room=PSC)
    school.book(1, "P5", room=IER)
    for student in (2, 3, 4):
        school.book(student, "P3", room=PSC)
    refused(school.desk("CO1"), book(1, PSC, REMOVAL, "Defiance", slots), kind=kind)


def test_a_full_room_is_booked_over_with_a_reason(school: School) -> None:
    for student in (2, 3, 4):
        school.book(student, "P3", room=PSC)
    school.desk("CO1").do(book(1, PSC, REMOVAL, "Defiance", [(MONDAY, "P3")], override="The head asked"))
    assert len(school.board().at(school.clock.now(), PSC)) == 4


def test_a_student_kept_apart_is_booked_with_a_reason_only(school: School) -> None:
    school.desk("CO1").do(keep_apart(1, 2, "Fight on Friday"))
    school.book(1, "P1")
    refused(school.desk("CO1"), book(2, IER, REMOVAL, "Fighting", [(MONDAY, "P1")]), kind=NeedsReason)
