"""The week's rota: typed as one line a day, planned whole, copied, undone, and read against the day's periods."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psc.desk.acts import undo
from psc.desk.people import Role, staff_by_code
from psc.errors import NotAllowed, NotUnderstood, Overtaken, PscError, Refused
from psc.overview.rota import not_covered, read_week, week_text
from psc.prints.rota import rota_sheet
from psc.roster.rota import (
    Planned,
    RotaKind,
    entries_between,
    monday_of,
    plan_rota,
    planned_at,
    read_day,
    typed_day_words,
    week_copied,
)
from psc.school.rooms import Room
from tests.desk.refusals import refused
from tests.roster.stories import set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY, School, at

ROOMS = (Room(IER, "IER", "Internal", "IER", 4, True, True), Room(PSC, "PSC", "Pastoral", "PSC", 3, False, True))
PERIODS = {"P1": ("08:50", "09:50"), "P2": ("09:50", "10:50"), "Break": ("10:50", "11:10"), "P3": ("11:10", "12:10")}


def day_of(text: str) -> tuple[Planned, ...]:
    return read_day(text, ROOMS, PERIODS)


def standing(school: School, staff: int = 1, day: date = MONDAY) -> str:
    """Return what stands for somebody on a day, as it is typed."""
    those = [one.planned for one in entries_between(school.file, day, day) if one.who.staff_id == staff]
    return typed_day_words(those, ROOMS)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0840-1050 IER, 1050-1110 break", "0840-1050 IER, 1050-1110 break"),
        ("8.40 - 10:50 ier; 1300-1330 Meeting Y9", "0840-1050 IER, 1300-1330 meeting Y9"),
        ("P1-P2 psc, P3 IER new students", "0850-1050 PSC, 1110-1210 IER new students"),
        ("1300-1330 lunch, 0900–0930 duty IER", "0900-0930 IER, 1300-1330 lunch"),
        ("0900-0930 other first aid", "0900-0930 other first aid"),
        ("", ""),
        (" , ,", ""),
    ],
)
def test_a_day_is_typed_as_one_line(typed: str, read: str) -> None:
    assert typed_day_words(day_of(typed), ROOMS) == read


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0840-1050 IRE", "“IRE”"),
        ("0840-1050", "“0840-1050” is not understood"),
        ("0840 IER", "until when"),
        ("P9 IER", "“P9” is neither a time nor a period"),
        ("0860-0900 IER", "“0860” is not a time"),
        ("0900-2500 IER", "“2500” is not a time"),
        ("1050-0840 IER", "ends before it begins"),
        ("0900-0900 break", "ends before it begins"),
        ("0840-1050 IER, 1040-1100 break", "overlap"),
        ("nobody", "“nobody” is not understood"),
    ],
)
def test_what_is_not_understood_is_said_with_the_piece_it_stands_in(typed: str, said: str) -> None:
    with pytest.raises(PscError) as error:
        day_of(typed)
    assert said in str(error.value)


NOTES = st.from_regex(r"[A-Za-z0-9 '&]{0,20}", fullmatch=True).map(lambda text: " ".join(text.split()))


@given(
    st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=10, unique=True),
    st.lists(st.tuples(st.sampled_from(RotaKind), st.sampled_from([IER, PSC]), NOTES), min_size=5, max_size=5),
)
def test_a_day_shown_is_typed_back_the_same(minutes: list[int], what: list[tuple[RotaKind, int, str]]) -> None:
    edges = [f"{one // 60:02}:{one % 60:02}" for one in sorted(minutes)]
    planned = tuple(
        Planned(starts, ends, kind, room if kind is RotaKind.DUTY else None, note)
        for starts, ends, (kind, room, note) in zip(edges[::2], edges[1::2], what, strict=False)
    )
    assert day_of(typed_day_words(planned, ROOMS)) == planned


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(NotUnderstood, Refused):
        day_of(text)


def test_planning_a_day_again_replaces_it_and_undo_puts_it_back(school: School) -> None:
    desk = school.desk("CO1")
    desk.do(plan_rota(1, MONDAY, day_of("0840-1050 IER")))
    desk.do(plan_rota(1, MONDAY, day_of("0840-1210 PSC, 1210-1240 lunch")))
    assert standing(school) == "0840-1210 PSC, 1210-1240 lunch"
    desk.do(undo())
    assert standing(school) == "0840-1050 IER"
    desk.do(undo())
    assert standing(school) == ""


def test_undo_does_not_mix_with_what_somebody_else_planned_since(school: School) -> None:
    mine, theirs = school.desk("CO1"), school.desk("BL1", "two")
    mine.do(plan_rota(1, MONDAY, day_of("0840-0950 IER")))
    mine.do(plan_rota(1, MONDAY, day_of("1110-1210 IER")))
    theirs.do(plan_rota(1, MONDAY, day_of("1300-1330 meeting")))
    assert "planned again since" in refused(mine, undo(), kind=Refused)
    theirs.do(undo())
    mine.do(undo())
    assert standing(school) == "0840-0950 IER"


def test_two_planning_the_same_day_the_second_is_told(school: School) -> None:
    mine, theirs = school.desk("CO1"), school.desk("BL1", "two")
    theirs.do(plan_rota(1, MONDAY, day_of("0840-0950 IER"), seen=()))
    assert "Somebody else" in refused(mine, plan_rota(1, MONDAY, day_of("P1 PSC"), seen=()), kind=Overtaken)
    assert standing(school) == "0840-0950 IER"


def test_impossible_plans_are_refused_and_leave_nothing(school: School) -> None:
    desk = school.desk("CO1")
    refused(desk, plan_rota(1, MONDAY, [Planned("10:00", "09:00", RotaKind.BREAK)]), kind=Refused)
    refused(desk, plan_rota(99, MONDAY, day_of("P1 IER")), kind=NotUnderstood)
    refused(desk, plan_rota(1, MONDAY, [Planned("09:00", "10:00", RotaKind.DUTY, 99)]), kind=NotUnderstood)
    assert "over" in refused(desk, plan_rota(1, FRIDAY_BEFORE, day_of("P1 IER")), kind=Refused)
    saturday = MONDAY + timedelta(days=5)
    assert "closed" in refused(desk, plan_rota(1, saturday, day_of("P1 IER")), kind=Refused)
    refused(school.desk("AS1"), plan_rota(1, MONDAY, day_of("P1 IER")), kind=NotAllowed)


def test_an_inset_day_may_have_meetings(school: School) -> None:
    saturday = MONDAY + timedelta(days=5)
    school.desk("CO1").do(plan_rota(1, saturday, day_of("0900-1000 meeting training")))
    assert standing(school, day=saturday) == "0900-1000 meeting training"


def test_a_week_is_copied_without_closed_days_and_over_nothing(school: School) -> None:
    desk = school.desk("CO1")
    for number in range(5):
        desk.do(plan_rota(1, MONDAY + timedelta(days=number), day_of("P1 IER")))
    next_monday = MONDAY + timedelta(days=7)
    desk.do(plan_rota(1, next_monday, day_of("P2 PSC")))
    school.file.execute(
        "UPDATE calendar_day SET shape_id = NULL WHERE day = ?", ((next_monday + timedelta(1)).isoformat(),)
    )
    calls = week_copied(school.file, MONDAY, next_monday, MONDAY)
    assert len(calls) == 3
    desk.do(*calls)
    assert [standing(school, day=next_monday + timedelta(days=number)) for number in range(5)] == [
        "0950-1050 PSC", "", "0850-0950 IER", "0850-0950 IER", "0850-0950 IER",
    ]  # fmt: skip
    desk.do(undo())
    assert standing(school, day=next_monday + timedelta(days=3)) == ""
    assert week_copied(school.file, TUESDAY, MONDAY - timedelta(days=7), MONDAY) == []


def test_who_is_planned_at_a_moment(school: School) -> None:
    desk = school.desk("CO1")
    desk.do(plan_rota(1, MONDAY, day_of("P1-P2 IER, Break break")))
    entries = entries_between(school.file, MONDAY, MONDAY)

    def named(clock: str, room: int = IER) -> list[str]:
        return [one.name for one in planned_at(entries, room, at(clock), school.file.zone)]

    assert named("08:49") == []
    assert named("08:50") == ["J. Smith"]
    assert named("10:49") == ["J. Smith"]
    assert named("10:50") == []
    assert named("09:00", PSC) == []


def test_gaps_of_cover_are_named_by_period(school: School) -> None:
    desk = school.desk("CO1")
    desk.do(plan_rota(1, MONDAY, day_of("0830-1030 IER, 1110-1450 IER")))
    desk.do(plan_rota(2, MONDAY, day_of("1030-1045 IER")))
    week = read_week(school.file, MONDAY, desk.staff())
    covered = dict(not_covered(week))
    assert covered["IER"][0] == "Mon P2–Break", "ten minutes of P2 and all of break have nobody"
    assert covered["PSC"][0] == "Mon all day"
    assert covered["IER"][1] == "Tue all day"
    desk.do(plan_rota(2, MONDAY, day_of("1030-1110 IER")))
    assert dict(not_covered(read_week(school.file, MONDAY, desk.staff())))["IER"][0] == "Tue all day"


def test_the_rota_lists_assistants_and_whoever_has_something(school: School) -> None:
    desk = school.desk("CO1")
    assert [one.name for one in read_week(school.file, MONDAY, desk.staff()).people] == [
        "J. Smith",
        "O. Berg",
        "U. Lowe",
    ]
    desk.do(plan_rota(7, MONDAY, day_of("P1 PSC")))
    assert read_week(school.file, MONDAY, desk.staff()).people[-1].name == "K. Bose"
    school.file.execute("UPDATE staff SET active = 0 WHERE id = 7")
    assert read_week(school.file, MONDAY, desk.staff()).people[-1].name == "K. Bose", "they were planned all the same"
    with pytest.raises(NotAllowed):
        read_week(school.file, MONDAY, staff_by_code(school.file, "AS1")._replace(role=Role.TEACHER))


def test_the_sheet_for_the_wall_escapes_what_was_typed(school: School) -> None:
    desk = school.desk("CO1")
    desk.do(plan_rota(1, MONDAY, day_of("P1 IER <b>x</b>, P2 meeting Y9")))
    html = rota_sheet(read_week(school.file, MONDAY, desk.staff()))
    assert "08:50–09:50 IER &lt;b&gt;x&lt;/b&gt;<br>09:50–10:50 meeting Y9" in html
    assert "landscape" in html
    assert "Nobody is planned for" in html


@pytest.mark.parametrize("width", [60, 80, 132])
def test_the_text_keeps_within_the_width(school: School, width: int) -> None:
    desk = school.desk("CO1")
    desk.do(plan_rota(1, MONDAY, day_of("P1 IER, P2 meeting about the new reporting lines, P3 PSC with the new ones")))
    lines = week_text(read_week(school.file, MONDAY, desk.staff()), width)
    assert all(len(one) <= width for one in lines)
    assert any("J. Smith" in one for one in lines)


@pytest.mark.parametrize(("day", "monday"), [(0, 0), (4, 0), (5, 7), (6, 7)])
def test_a_weekend_looks_at_the_week_to_come(day: int, monday: int) -> None:
    assert monday_of(MONDAY + timedelta(days=day)) == MONDAY + timedelta(days=monday)


def test_the_board_knows_who_is_planned_soon(school: School) -> None:
    school.desk("CO1").do(plan_rota(1, MONDAY, day_of("P1 IER")))
    set_clock(school, "08:25")
    board = school.board()
    assert [one.name for one in board.planned_duty(IER, at("08:25"))] == ["J. Smith"]
    assert board.planned_duty(IER, at("08:15")) == ()
    assert board.planned_duty(IER, at("09:50")) == ()
