"""Care, where two people or two days meet: who is alone since when, whose check is refused, whose phone is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.errors import Refused
from psc.roster.duty import Duty, confirm_duty, on_duty
from psc.roster.held import Holding, end_holding, held_on, hold_item
from psc.roster.welfare import check_welfare
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, School, at

if TYPE_CHECKING:
    from datetime import datetime


def two(school: School) -> tuple[int, int]:
    """Reid and Okafor are in since 08:48; returns their visits."""
    for student in (1, 2):
        school.book(student)
    return play(school, 1, "08:48 in"), play(school, 2, "08:48 in")


def alone(school: School) -> datetime | None:
    """Say since when Reid is alone."""
    return school.row(1).row.care.alone


def test_who_leaves_while_out_had_gone_before(school: School) -> None:
    two(school)
    play(school, 2, "09:20 out nurse")
    set_clock(school, "09:40")
    assert alone(school) == at("09:20")
    play(school, 2, "09:41 left end of day")
    set_clock(school, "09:50")
    assert alone(school) == at("09:20"), "Reid has been alone for half an hour: the check is due"
    assert school.row(1).seen_by == at("09:50")


def test_who_was_in_another_room_all_day_kept_nobody_company(school: School) -> None:
    two(school)
    school.book(4, room=PSC)
    play(school, 4, "08:50 in, 09:10 left lesson", room=PSC)
    play(school, 2, "09:00 out nurse, 09:05 back, 09:15 left lesson")
    set_clock(school, "09:20")
    assert alone(school) == at("09:15")


def test_a_check_of_several_names_the_one_who_was_not_there(school: School) -> None:
    first, second = two(school)
    play(school, 2, "09:20 out nurse")
    set_clock(school, "09:30")
    with pytest.raises(Refused, match=r"Okafor, Amara was not in the room at 09:30.*went out at 09:20"):
        school.desk().do(check_welfare(first, "settled"), check_welfare(second, "settled"))
    assert school.file.value("SELECT count(*) FROM welfare_check") == 0


def test_undoing_a_return_does_not_hold_a_phone_twice(school: School) -> None:
    two(school)
    phone = school.desk("AS1").do(hold_item(1, Holding.PHONE)).value
    school.desk("AS1").do(end_holding(phone, "returned"))
    school.clock.forward(minutes=1)
    school.desk("AS2", "two").do(hold_item(1, Holding.PHONE))
    with pytest.raises(Refused, match="taken in again"):
        school.desk("AS1").do(undo())
    assert len(held_on(school.file, MONDAY)) == 1


def test_a_phone_held_since_friday_says_so(school: School) -> None:
    school.clock.moment = at("14:10", FRIDAY_BEFORE)
    phone = school.desk().do(hold_item(1, Holding.PHONE)).value
    two(school)
    with pytest.raises(Refused, match=r"since Fri 20 Nov 14:10"):
        school.desk().do(hold_item(1, Holding.PHONE))
    set_clock(school, "09:00")
    school.desk().do(end_holding(phone, "returned"))
    assert held_on(school.file, MONDAY) == ()


def test_what_ended_on_another_day_says_when(school: School) -> None:
    school.clock.moment = at("14:10", FRIDAY_BEFORE)
    phone = school.desk().do(hold_item(1, Holding.PHONE)).value
    school.desk().do(end_holding(phone, "returned"))
    set_clock(school, "09:00")
    with pytest.raises(Refused, match=r"Already returned, Fri 20 Nov 14:10 by AS1"):
        school.desk("AS2", "two").do(end_holding(phone, "returned"))


def on(school: School) -> list[str]:
    """Name who is on duty in the room now."""
    return [one.name for one in on_duty(school.file, IER, school.clock.now())]


def test_undoing_a_hand_over_does_not_bring_back_whom_a_later_one_replaced(school: School) -> None:
    school.desk("AS2", "two").do(confirm_duty(IER))
    school.clock.forward(minutes=5)
    school.desk("AS1").do(confirm_duty(IER, Duty.OVER))
    school.clock.forward(minutes=1)
    school.desk("CO1", "office").do(confirm_duty(IER, Duty.OVER, name="Mrs Patel"))
    with pytest.raises(Refused, match="confirmed again since"):
        school.desk("AS1").do(undo())
    assert on(school) == ["Mrs Patel"]
    school.desk("CO1", "office").do(undo())
    assert on(school) == ["J. Smith"]
    school.desk("AS1").do(undo())
    assert on(school) == ["O. Berg"]


def test_a_cover_teacher_without_a_code_takes_over_in_the_middle_of_a_lesson(school: School) -> None:
    school.desk("AS1").do(confirm_duty(IER, at=at("08:25")))
    set_clock(school, "09:20")
    school.desk("AS1").do(confirm_duty(IER, Duty.OVER, name="Una  Singh"))
    assert on(school) == ["Una Singh"]
    with pytest.raises(Refused, match="on duty in Internal Exclusion Room already"):
        school.desk("AS1").do(confirm_duty(IER, name="una singh"))
    assert [one.name for one in on_duty(school.file, IER, at("09:19"))] == ["J. Smith"]
