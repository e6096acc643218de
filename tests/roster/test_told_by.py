"""Who told it, and who decided it: kept beside the movement, as clean as every text that people type."""

from __future__ import annotations

from psc.errors import NeedsReason
from psc.roster.movements import Destination, movements_of, sign_in, sign_out
from tests.desk.refusals import refused
from tests.roster.stories import play, set_clock
from tests.school import IER, MONDAY, School


def test_who_told_it_is_kept_clean_beside_the_movement(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    school.desk().do(sign_in(1, IER), told_by="  K\x1b[31m \u202eBose\n")
    (move,) = movements_of(school.file, 1, MONDAY)
    assert (move.told, move.by) == ("K[31m Bose", "AS1")


def test_nobody_told_it_when_only_spaces_are_typed(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    school.desk().do(sign_in(1, IER), told_by=" \t ")
    assert school.file.rows("SELECT who FROM told") == []


def test_the_name_of_who_suspended_is_kept_clean_and_is_a_name(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:50 in")
    home = Destination.HOME_SUSPENDED
    refused(school.desk(), sign_out(visit, home, note=" \u200b "), kind=NeedsReason)
    school.desk().do(sign_out(visit, home, note=" A. Head\x1b[2J "))
    assert school.file.rows("SELECT decided_by FROM suspension") == [("A. Head[2J",)]
    assert school.file.rows("SELECT note FROM movement WHERE kind = 'left'") == [("A. Head[2J",)]
