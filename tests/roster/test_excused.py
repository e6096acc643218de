"""A period for which no work came, or an adjustment was not given, cannot fail on its check."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.errors import NotAllowed, Refused
from psc.roster.adjustments import agreed
from psc.roster.checks import mark_adjustment, mark_check
from psc.roster.placements import waive_period
from psc.work.sets import Kind
from psc.work.steps import Work, receive_work
from tests.roster.stories import moment_of, play
from tests.school import MONDAY, TUESDAY, at

if TYPE_CHECKING:
    from tests.school import School

REID, OKAFOR = 1, 2
FRIDAY_LAST = MONDAY - timedelta(days=10)
PAPER = Work(Kind.PAPER, "tray")


def became(school: School, period: str = "P1", student: int = REID, clock: str = "15:00") -> str:
    board = school.board("CO1", school.clock.now().date())
    row = next(one for one in board.rows if one.student_id == student)
    now = moment_of(clock, board.day.day)
    return board.now(row, now).states(now, board.settings)[period].value


def came(school: School, student: int, period: str, hhmm: str) -> None:
    school.clock.moment = at(hhmm, school.clock.now().date())
    school.desk().do(receive_work(student, school.clock.now().date(), period, PAPER))


def lived(school: School, mark: int | None, periods: str = "P1 P2") -> None:
    """Let Reid sit in the room all morning, with a mark for P1."""
    school.book(REID, periods)
    play(school, REID, "08:50 in, 10:50 left lesson")
    school.clock.moment = at("10:51")
    if mark is not None:
        school.desk().do(mark_check(school.placed(REID, "P1"), mark))


def used_last_week(school: School) -> None:
    """Let the school have recorded work before this day."""
    now = school.clock.moment
    school.clock.moment = at("08:00", FRIDAY_LAST)
    school.book(OKAFOR, "P1", days=(FRIDAY_LAST,))
    school.desk().do(receive_work(OKAFOR, FRIDAY_LAST, "P1", PAPER))
    school.clock.moment = now


def test_in_a_school_that_does_not_record_its_work_a_low_mark_fails_as_ever(school: School) -> None:
    lived(school, 1)
    assert became(school) == "not completed"


def test_without_work_a_low_mark_does_not_fail(school: School) -> None:
    used_last_week(school)
    lived(school, 0)
    assert became(school) == "served"


def test_without_work_whoever_was_not_there_has_not_served_and_no_check_is_pending(school: School) -> None:
    used_last_week(school)
    lived(school, None)
    assert became(school) == "pending"
    school.book(OKAFOR, "P1")
    school.desk().do(mark_check(school.placed(OKAFOR, "P1"), 4))
    assert became(school, student=OKAFOR) == "not completed"


def test_with_work_on_the_desk_a_low_mark_fails(school: School) -> None:
    used_last_week(school)
    school.book(REID, "P1 P2")
    came(school, REID, "P1", "08:40")
    play(school, REID, "08:50 in, 10:50 left lesson")
    school.clock.moment = at("10:51")
    school.desk().do(mark_check(school.placed(REID, "P1"), 1), mark_check(school.placed(REID, "P2"), 1))
    assert (became(school, "P1"), became(school, "P2")) == ("not completed", "served")


def test_work_that_came_when_the_period_was_over_came_for_nothing(school: School) -> None:
    used_last_week(school)
    lived(school, 1)
    came(school, REID, "P1", "10:52")
    assert became(school) == "served"


def test_on_the_first_day_only_what_ended_after_the_first_work_came_is_let_off(school: School) -> None:
    school.book(OKAFOR, "P2")
    school.book(REID, "P1 P2")
    play(school, REID, "08:50 in, 10:50 left lesson")
    came(school, OKAFOR, "P2", "10:00")
    school.clock.moment = at("10:51")
    school.desk().do(mark_check(school.placed(REID, "P1"), 1), mark_check(school.placed(REID, "P2"), 1))
    assert (became(school, "P1"), became(school, "P2")) == ("not completed", "served")


def test_a_school_that_has_long_stopped_recording_is_judged_as_one_that_never_did(school: School) -> None:
    used_last_week(school)
    later = FRIDAY_LAST + timedelta(days=32)  # a Tuesday
    school.clock.moment = at("08:00", later)
    school.book(REID, "P1", days=(later,))
    play(school, REID, "08:50 in, 09:50 left lesson", day=later)
    school.clock.moment = at("10:00", later)
    school.desk().do(mark_check(school.placed(REID, "P1"), 1))
    assert became(school) == "not completed"


def test_an_adjustment_that_was_not_given_lets_a_low_mark_pass_until_it_is_said_otherwise(school: School) -> None:
    lived(school, 1)
    placed = school.placed(REID, "P1")
    school.desk().do(mark_adjustment(placed, False))
    assert became(school) == "served"
    school.desk().do(mark_adjustment(placed, True))
    assert became(school) == "not completed"
    school.desk().do(undo())
    assert became(school) == "served"


def test_nobody_says_of_a_period_ahead_that_its_adjustment_was_missed(school: School) -> None:
    school.book(REID, "P1", days=(MONDAY, TUESDAY))
    with pytest.raises(Refused, match="P1 has not begun"):
        school.desk().do(mark_adjustment(school.placed(REID, "P1"), False))
    with pytest.raises(NotAllowed):
        school.desk("HY8").do(mark_adjustment(school.placed(REID, "P1"), False))


def test_the_board_counts_work_handed_in_and_shows_who_has_nothing_to_do(school: School) -> None:
    school.book(REID, "P1 P2 P3 Reg")
    row = school.row(REID)
    assert row.work_done == (0, 3)
    assert row.gap(at("08:45")) is None, "not in the room yet"
    play(school, REID, "08:45 in")
    row = school.row(REID)
    gap = row.gap(at("08:45"))
    assert gap is not None
    assert gap.period.name == "P1"
    assert row.gap(at("08:39")) is None
    came(school, REID, "P1", "08:46")
    assert school.row(REID).gap(at("08:50")) is None
    school.clock.moment = at("15:00")
    school.desk("CO1").do(waive_period(school.placed(REID, "P2"), "trip"))
    assert school.row(REID).work_done == (0, 2)


def test_a_barred_reader_is_told_nothing_of_the_work(school: School) -> None:
    from psc.desk.lending import bar_student
    from psc.overview.cells import Column, cell

    school.book(REID, "P1")
    came(school, REID, "P1", "08:40")
    school.desk("AD1").do(bar_student(1, REID, "a nephew"))
    board = school.board("AS1")
    one = board.at(school.clock.now())[0]
    assert one.work_done == (0, 0)
    assert cell(Column.WORK, board, one, school.clock.now()).text == ""


def test_an_adjustment_may_begin_with_no() -> None:
    for words in ("No timed tests", "Not beside the door", "Nothing read aloud", "Larger print"):
        assert agreed(words) == words
    for words in ("", "None", "none needed: he asked", "No: he asked", "Not needed", "n/a", "Nothing needed, he said"):
        assert agreed(words) == ""
