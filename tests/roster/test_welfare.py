"""Welfare checks: who is due one, since when, and what is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psc.desk.acts import undo
from psc.desk.settings import change_setting
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.overview.care import checks_due, due_words
from psc.roster.movements import Kind, Movement
from psc.roster.placements import PlacementType
from psc.roster.welfare import alone_since, check_welfare, here_since, welfare_due
from tests.roster.stories import play, set_clock
from tests.school import IER, MONDAY, PSC, School, at


def due(school: School, student: int, clock: str, room: int = IER) -> str:
    """Say what the board says is due for a student at a time."""
    set_clock(school, clock)
    return due_words(school.row(student, room), at(clock))


def two_in(school: School) -> tuple[int, int]:
    """Reid comes at 08:48, Okafor at 08:55; returns their visits."""
    school.book(1)
    school.book(2)
    return play(school, 1, "08:48 in"), play(school, 2, "08:55 in")


def test_a_student_alone_in_the_room_is_due_thirty_minutes_after_coming_in(school: School) -> None:
    school.book(1)
    play(school, 1, "08:48 in")
    assert due(school, 1, "09:17") == ""
    assert due(school, 1, "09:18") == "k due"
    assert due(school, 1, "09:22") == "k due 4"


def test_nobody_is_due_while_two_are_in(school: School) -> None:
    two_in(school)
    assert due(school, 1, "11:00") == ""
    assert checks_due(school.board(), at("11:00")) == ()


def test_who_stays_behind_counts_from_when_the_other_went(school: School) -> None:
    two_in(school)
    play(school, 2, "10:00 out nurse")
    assert due(school, 1, "10:29") == ""
    assert due(school, 1, "10:30") == "k due"
    assert due(school, 2, "10:40") == "", "someone who is out is not due"


def test_company_coming_back_ends_it(school: School) -> None:
    two_in(school)
    play(school, 2, "10:00 out nurse, 10:35 back")
    assert due(school, 1, "10:36") == ""


def test_a_student_in_the_other_room_is_no_company(school: School) -> None:
    school.book(1)
    school.book(2, room=PSC, type=PlacementType.PSC_PROGRAMME)
    play(school, 1, "08:48 in")
    play(school, 2, "08:50 in", room=PSC)
    assert due(school, 1, "09:20") == "k due 2"
    assert due(school, 2, "09:20", PSC) == "k due"


@pytest.mark.parametrize(
    "type",
    [PlacementType.REGULATION, PlacementType.INVESTIGATION_HOLD, PlacementType.SAFEGUARDING_SEPARATION],
)
def test_a_student_held_or_in_regulation_is_due_in_company_too(school: School, type: PlacementType) -> None:
    two_in(school)
    school.book(4, type=type)
    play(school, 4, "09:00 in")
    assert due(school, 4, "09:31") == "k due 1"
    assert due(school, 1, "09:31") == ""


def test_a_check_starts_the_minutes_again(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:48 in")
    set_clock(school, "09:20")
    school.desk().do(check_welfare(visit, "settled", "water"))
    assert school.row(1).row.care.welfare[0].words == "settled, water offered"
    assert due(school, 1, "09:49") == ""
    assert due(school, 1, "09:50") == "k due"


def test_a_check_taken_back_counts_no_more(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:48 in")
    set_clock(school, "09:20")
    school.desk().do(check_welfare(visit, "settled"))
    school.desk().do(undo())
    assert due(school, 1, "09:21") == "k due 3"


def test_who_comes_back_was_seen_at_the_door(school: School) -> None:
    school.book(4, type=PlacementType.REGULATION)
    play(school, 4, "09:00 in, 09:25 out nurse, 09:45 back")
    assert due(school, 4, "09:50") == ""
    assert due(school, 4, "10:15") == "k due"


def test_the_rooms_own_minutes_come_before_the_schools(school: School) -> None:
    school.book(1)
    play(school, 1, "08:48 in")
    school.desk("AD1").do(change_setting("welfare_minutes", 20))
    assert due(school, 1, "09:08") == "k due"
    school.file.execute("UPDATE room SET welfare_minutes = 15 WHERE id = ?", (IER,))
    assert due(school, 1, "09:05") == "k due 2"


def test_a_head_of_year_who_sees_one_student_is_not_told_that_they_are_alone(school: School) -> None:
    two_in(school)  # Okafor is in year 9: the head of year 8 does not see her
    school.book(4)
    play(school, 4, "08:56 in")
    assert checks_due(school.board("HY8"), at("11:00")) == ()


def test_nobody_is_checked_who_was_not_in_the_room(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:48 in, 09:20 out toilet, 09:26 back, 14:50 left end of day")
    for when in ("08:47", "09:22", "14:55"):
        set_clock(school, "15:00")
        with pytest.raises(Refused, match=f"not in the room at {when}"):
            school.desk().do(check_welfare(visit, "settled", at=at(when)))
    school.desk().do(check_welfare(visit, "upset", at=at("09:30")))
    with pytest.raises(Refused, match="has not come yet"):
        school.desk().do(check_welfare(visit, "upset", at=at("15:01")))


def test_words_that_are_not_of_the_list_are_refused(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:48 in")
    with pytest.raises(NotUnderstood, match="settled, upset"):
        school.desk().do(check_welfare(visit, "angry"))
    with pytest.raises(NotUnderstood, match="water"):
        school.desk().do(check_welfare(visit, "settled", "sweets"))
    with pytest.raises(NotAllowed):
        school.desk("HY8").do(check_welfare(visit, "settled"))


def test_a_signing_in_with_a_check_on_it_is_not_undone(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:48 in")
    school.desk("AS2", "two").do(check_welfare(visit, "settled"))
    with pytest.raises(Refused, match="built on"):
        school.desk().do(undo())


def test_both_of_two_people_who_check_at_once_stand(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:48 in")
    school.desk("AS1").do(check_welfare(visit, "settled"))
    school.desk("AS2", "two").do(check_welfare(visit, "upset"))
    assert [(one.state, one.by) for one in school.row(1).row.care.welfare] == [("settled", "AS1"), ("upset", "AS2")]


def moved(visit: int, kind: Kind, clock: int) -> Movement:
    when = at("08:00") + timedelta(minutes=clock)
    return Movement(0, visit, IER, kind, "", when, when, "AS1", visit)


@given(st.lists(st.lists(st.integers(0, 300), min_size=1, max_size=5, unique=True), max_size=5))
def test_alone_is_what_a_minute_by_minute_look_at_the_room_finds(days: list[list[int]]) -> None:
    visits = []
    for number, clocks in enumerate(days, 1):
        kinds = [Kind.IN, *([Kind.OUT, Kind.BACK] * 3)]
        visits.append([moved(number, kind, clock) for kind, clock in zip(kinds, sorted(clocks), strict=False)])

    def inside(minute: int) -> set[int]:
        now = at("08:00") + timedelta(minutes=minute)
        found = set()
        for moves in visits:
            past = [one for one in moves if one.happened <= now]
            if here_since(past):
                found.add(moves[0].visit_id)
        return found

    at_the_end = inside(301)
    expected = {}
    if len(at_the_end) == 1:
        mine = visits[next(iter(at_the_end)) - 1]
        since = 301
        while since and inside(since - 1) == at_the_end and since - 1 >= _minute(mine[-1]):
            since -= 1
        expected = {mine[0].visit_id: at("08:00") + timedelta(minutes=since)}
    assert alone_since(visits) == expected


def _minute(one: Movement) -> int:
    return int((one.happened - at("08:00")).total_seconds() // 60)


def test_the_rule_itself() -> None:
    here, alone, seen = at("09:00"), at("09:10"), at("09:20")
    kind = PlacementType.INTERNAL_EXCLUSION
    assert welfare_due(kind, here, None, seen, 30) is None
    assert welfare_due(kind, None, alone, seen, 30) is None
    assert welfare_due(kind, here, alone, None, 30) == at("09:40")
    assert welfare_due(kind, here, alone, seen, 30) == at("09:50")
    assert welfare_due(PlacementType.REGULATION, here, alone, None, 30) == at("09:30")


def test_a_past_day_shows_nothing_due(school: School) -> None:
    school.book(1)
    play(school, 1, "08:48 in")
    board = school.board("CO1", MONDAY)
    assert checks_due(board, at("09:00") + timedelta(days=1)) == ()
