"""An hour on paper typed back in: what each cell may say, and what the act makes of a sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psc.clock import zone
from psc.desk.acts import undo
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.flows.paper import PaperLine, lines_of, read_keeper, read_why, save_paper
from psc.flows.paper_cells import IN, LEFT, OUT, Entered, Known, Sheet, plan_row
from psc.overview.log import cells_of
from psc.roster.keep_apart import keep_apart
from psc.roster.movements import Kind, Movement, check_sequence, in_order, movements_of, sign_in
from psc.roster.placements import PlacementType
from psc.school.shapes import Period
from tests.flows.paper import enter, planned, typed_rows, wrong
from tests.roster.stories import play, set_clock, told
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, School, at

PERIODS = tuple(
    Period(name, at(start), at(end))
    for name, start, end in (("P1", "08:50", "09:50"), ("P2", "09:50", "10:50"), ("P3", "11:10", "12:10"))
)
LONDON = zone("Europe/London")


@pytest.fixture
def noon(school: School) -> School:
    """Reid, Okafor and Khan expected all day; it is 12:30 and nothing has been typed."""
    for student in (1, 2, 4):
        school.book(student)
    set_clock(school, "12:30")
    return school


# The act


def test_an_hour_on_paper_becomes_the_facts_it_says(noon: School) -> None:
    done = enter(
        noon,
        {
            1: {"in": "0848", "out": "t1137-1144 n1205-", "P1": "3", "P2": "-"},
            2: {"in": "8.51", "out": "m 1010 - 1031", "left": "l1210", "P1": "4", "P2": "2", "P3": "0"},
            4: {"in": "901", "left": "1050"},
        },
    )
    assert told(noon, 1) == "08:48 in, 11:37 out toilet, 11:44 back, 12:05 out nurse"
    assert told(noon, 2) == "08:51 in, 10:10 out meeting, 10:31 back, 12:10 left lesson"
    assert told(noon, 4) == "09:01 in, 10:50 left lesson"
    assert done.value == 14
    assert [(one.period.name, one.mark) for one in noon.row(2).row.placed][:4] == [
        ("P1", 4), ("P2", 2), ("P3", 0), ("P4", None),
    ]  # fmt: skip
    assert noon.row(1).row.seat == 1
    assert noon.row(2).row.seat is None


def test_every_fact_names_who_kept_the_paper_and_when_it_was_typed(noon: School) -> None:
    enter(noon, {1: {"in": "0848"}}, kept_by="Mrs Patel, cover")
    (move,) = movements_of(noon.file, 1, MONDAY)
    assert (move.told, move.by, move.happened, move.recorded) == ("Mrs Patel, cover", "AS1", at("08:48"), at("12:30"))


def test_a_sheet_is_one_line_of_the_ledger_and_undone_whole(noon: School) -> None:
    before = noon.file.value("SELECT count(*) FROM ledger")
    enter(noon, {1: {"in": "0848", "P1": "3"}, 2: {"in": "0850"}, 5: {"in": "0955"}}, why="defiance")
    assert noon.file.value("SELECT count(*) FROM ledger") == before + 1
    assert noon.row(5).row.reason == "Defiance"
    assert noon.desk("AS1").do(undo()).value == "enter_paper"
    assert (told(noon, 1), told(noon, 2), told(noon, 5)) == ("", "", "")
    assert noon.row(1).row.placed[0].mark is None
    assert 5 not in {row.student_id for row in noon.board().rows}


def test_the_whole_set_or_nothing(noon: School) -> None:
    plans = planned(noon, {1: {"in": "0848"}, 2: {"in": "0850"}})
    lines = lines_of(typed_rows(noon, {1: {"in": "0848"}, 2: {"in": "0850"}}), plans)
    noon.desk("AS2", "other").do(sign_in(2, IER, at=at("09:00")))
    with pytest.raises(Refused) as refused:
        save_paper(noon.desk(), "AS2", MONDAY, IER, lines)
    assert "Okafor, Amara: At 09:00 that would cross another movement" in str(refused.value)
    assert "Nothing was saved" in str(refused.value)
    assert told(noon, 1) == ""


def test_a_full_room_and_a_keep_apart_pair_do_not_bar_what_happened(noon: School) -> None:
    noon.desk("CO1", "office").do(keep_apart(1, 2, "fight"))
    noon.book(5, "P1 P2")
    enter(
        noon,
        {
            1: {"in": "0848"}, 2: {"in": "0850", "left": "0930"}, 4: {"in": "0851"}, 5: {"in": "0852"},
            3: {"in": "0940", "P2": "2"}, 6: {"in": "1000"},
        },
        why="Fighting",
    )  # fmt: skip
    found = dict(
        noon.file.rows(
            "SELECT v.student_id, m.override FROM movement m JOIN visit v ON v.id = m.visit_id WHERE m.kind = 'in'"
        )
    )
    # Okafor came in to Reid, from whom she is kept apart; Ali came in when the four seats were taken again.
    assert found == {1: "", 2: "from paper", 4: "", 5: "", 3: "", 6: "from paper"}
    assert [one.period.name for one in noon.row(3).row.placed] == ["P1", "P2"]
    assert noon.row(3).row.type is PlacementType.REMOVAL
    assert noon.row(6).row.seat is None


def test_a_walk_in_may_be_of_another_type(noon: School) -> None:
    enter(noon, {5: {"in": "0955"}}, why="time out: needed calm")
    assert (noon.row(5).row.type, noon.row(5).row.reason) == (PlacementType.TIME_OUT, "needed calm")
    assert [one.period.name for one in noon.row(5).row.placed] == ["P2"]


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("def", PlacementType.REMOVAL, "Defiance"),
        ("threw a chair", PlacementType.REMOVAL, "threw a chair"),
        ("regul: overwhelmed", PlacementType.REGULATION, "overwhelmed"),
    ],
)
def test_why_a_walk_in_is_here(text: str, kind: PlacementType, reason: str) -> None:
    assert read_why(text, ("Defiance", "Dangerous behaviour", "Other")) == (kind, reason)


@pytest.mark.parametrize("text", ["", "  ", "time out:", "in: x", "nonsense: x"])
def test_a_walk_in_needs_a_why(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read_why(text, ("Defiance",))


def test_who_kept_the_paper_is_a_code_or_a_name(noon: School) -> None:
    assert read_keeper(noon.file, "as2") == "AS2"
    assert read_keeper(noon.file, " Una  Lowe ") == "Una Lowe"
    for slip in ("", "AS9", "xy"):
        with pytest.raises(NotUnderstood):
            read_keeper(noon.file, slip)


def test_an_earlier_day_is_a_coordinators_and_needs_a_why(noon: School) -> None:
    noon.book(1, "P1 P2 P3 P4 P5", days=(FRIDAY_BEFORE,), room=IER)
    cells = {1: {"in": "0850", "left": "d1450", "P1": "3"}}
    with pytest.raises(NotAllowed):
        enter(noon, cells, day=FRIDAY_BEFORE, because="power cut")
    with pytest.raises(NeedsReason):
        enter(noon, cells, day=FRIDAY_BEFORE, code="CO1")
    enter(noon, cells, day=FRIDAY_BEFORE, code="CO1", because="power cut")
    assert told(noon, 1, FRIDAY_BEFORE) == "08:50 in, 14:50 left end of day"
    board = noon.board("CO1", FRIDAY_BEFORE)
    assert board.rows[0].placed[0].mark == 3
    assert told(noon, 1) == ""


def test_paper_closes_a_visit_that_an_earlier_day_left_open(school: School) -> None:
    school.book(1, days=(FRIDAY_BEFORE,))
    play(school, 1, "08:50 in", day=FRIDAY_BEFORE)
    set_clock(school, "08:30")
    enter(school, {1: {"left": "d1450"}}, day=FRIDAY_BEFORE, code="CO1", because="found the sheet")
    assert told(school, 1, FRIDAY_BEFORE) == "08:50 in, 14:50 left end of day"


def test_cover_may_not_enter_paper(noon: School) -> None:
    with pytest.raises(NotAllowed):
        enter(noon, {1: {"in": "0848"}}, code="CV1")


def test_the_act_refuses_what_no_grid_would_hand_it(noon: School) -> None:
    came = Entered(IN, Kind.IN, "", at("08:48"))
    late = came._replace(at=at("12:31"))
    desk = noon.desk()
    for lines in ([], [PaperLine(1, ())], [PaperLine(1, (came,)), PaperLine(1, (came,))]):
        with pytest.raises(NotUnderstood):
            save_paper(desk, "AS2", MONDAY, IER, lines)
    with pytest.raises(NotUnderstood):
        save_paper(desk, " ", MONDAY, IER, [PaperLine(1, (came,))])
    for line in (PaperLine(1, (late,)), PaperLine(5, (came,)), PaperLine(1, (came,), (("P9", 3),))):
        with pytest.raises(Refused):
            save_paper(desk, "AS2", MONDAY, IER, [line])
    with pytest.raises(Refused):
        save_paper(desk, "AS2", MONDAY + timedelta(days=1), IER, [PaperLine(1, (came,))])
    assert told(noon, 1) == ""


def test_the_same_try_twice_is_one_set(noon: School) -> None:
    lines = lines_of(typed_rows(noon, {1: {"in": "0848"}}), planned(noon, {1: {"in": "0848"}}))
    first = save_paper(noon.desk(), "AS2", MONDAY, IER, lines, id="once")
    again = save_paper(noon.desk(), "AS2", MONDAY, IER, lines, id="once")
    assert (first.repeated, again.repeated, told(noon, 1)) == (False, True, "08:48 in")


def test_a_student_sent_over_to_the_other_room(noon: School) -> None:
    enter(noon, {1: {"in": "0848", "left": "r1010"}})
    assert movements_of(noon.file, 1, MONDAY)[-1].to_room == PSC


# What is recorded already


def test_what_the_sheet_carried_is_not_entered_twice(noon: School) -> None:
    play(noon, 1, "08:48:20 in, 09:20:05 out toilet, 09:26:40 back")
    set_clock(noon, "12:30")
    plan = planned(noon, {1: {"in": "0848", "out": "t0920-0926 n1137-1144"}})[1]
    assert plan.wrong == ()
    assert plan.there == ("in 08:48", "out 09:20, toilet", "back 09:26")
    assert [(one.kind, one.at) for one in plan.moves] == [(Kind.OUT, at("11:37")), (Kind.BACK, at("11:44"))]


def test_only_the_way_back_of_somebody_who_was_out_when_the_screen_went_dark(noon: School) -> None:
    play(noon, 1, "08:48 in, 09:20 out toilet")
    set_clock(noon, "12:30")
    enter(noon, {1: {"out": "-0926"}})
    assert told(noon, 1) == "08:48 in, 09:20 out toilet, 09:26 back"


def test_paper_knows_the_minute_and_the_file_the_second(noon: School) -> None:
    play(noon, 1, "08:48:20 in")
    set_clock(noon, "12:30")
    enter(noon, {1: {"out": "t0848-0855"}})
    assert told(noon, 1) == "08:48 in, 08:48 out toilet, 08:55 back"


def test_a_check_recorded_already_is_left_as_it_is(noon: School) -> None:
    enter(noon, {1: {"in": "0848", "P1": "3"}})
    assert planned(noon, {1: {"P1": "3"}})[1].there == ("P1 3",)
    assert wrong(noon, 1, P1="4") == ["P1: recorded as 3: c on the board changes it"]


# What cannot have been so


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"in_": "1144", "out": "t1137-1150"}, "Out/Back: out 11:37 is before in 11:44"),
        ({"in_": "0848", "out": "t1175-"}, "Out/Back: 11:75 is not a time"),
        ({"in_": "0848", "out": "t1137-1130"}, "Out/Back: back 11:30 is before out 11:37"),
        ({"in_": "0848", "left": "1250"}, "Left: 12:50 is still to come"),
        ({"in_": "0115"}, "In: 01:15 is in the night: 13:15?"),
        ({"in_": "nine"}, "In: nine is not a time"),
        ({"in_": "0848 0900"}, "In: in 09:00 while in since 08:48"),
        ({"out": "t1137-1144"}, "Out/Back: out 11:37, and no time in"),
        ({"left": "1144"}, "Left: left 11:44, and no time in"),
        ({"in_": "0848", "out": "t1137- n1140-1150"}, "Out/Back: out 11:40 while still out since 11:37"),
        ({"in_": "0848", "out": "-1144"}, "Out/Back: back 11:44 without a time out before it"),
        ({"in_": "0848", "left": "1000", "out": "t1137-1144"}, "Out/Back: out 11:37 is after left 10:00"),
        ({"in_": "0848", "left": "h1137"}, "Left: home early asks more than paper says: s on the board"),
        ({"in_": "0848", "out": "v1137-"}, "Out/Back: an evacuation without a time back: E on the board"),
        ({"in_": "0848", "left": "x1137"}, "Left: x is nowhere to go"),
        ({"in_": "0848", "out": "1137-1144"}, "Out/Back: a letter for the reason before 11:37"),
        ({"in_": "0848", "out": "t-1144"}, "Out/Back: t-1144 has no time out"),
        ({"in_": "0848", "out": "toilet"}, "Out/Back: toilet is not letter"),
        ({"in_": "0848", "P1": "5"}, "P1: 5 is not a check: 0 to 4, - for none"),
        ({"in_": "0848", "P5": "3"}, "P5: P5 is still to come"),
        ({"in_": "0848", "seat": "9"}, "Seat: the seats are 1 to 4"),
        ({"seat": "2"}, "Seat: a seat needs a time in"),
    ],
)
def test_a_cell_that_cannot_be_so_says_why(noon: School, cells: dict[str, str], said: str) -> None:
    (found,) = wrong(noon, 1, **cells)
    assert found.startswith(said)


def test_what_crosses_the_record_names_it_and_who_typed_it(noon: School) -> None:
    play(noon, 1, "08:48 in, 11:00 out nurse, 11:20 back", code="AS2")
    set_clock(noon, "12:30")
    crossed = "crosses what is recorded: "
    assert wrong(noon, 1, in_="0841") == [f"In: {crossed}in 08:48 by AS2"]
    assert wrong(noon, 1, out="t0841-0845") == [f"Out/Back: {crossed}in 08:48 by AS2"]
    assert wrong(noon, 1, out="t1105-1110") == [f"Out/Back: {crossed}out 11:00 by AS2"]
    assert wrong(noon, 1, left="1030") == [f"Left: {crossed}out 11:00 by AS2"]
    assert wrong(noon, 1, out="t1010-1015") == []


def test_a_walk_in_needs_a_name_a_time_and_a_why(noon: School) -> None:
    assert [one.words for one in planned(noon, {5: {"in": "0955"}})[5].wrong] == [
        "say why they are here: Enter on the name"
    ]
    assert [one.words for one in planned(noon, {5: {"P1": "3"}}, why="x")[5].wrong] == ["when did they come?"]
    set_clock(noon, "16:00")
    assert [one.words for one in planned(noon, {5: {"in": "1500"}}, why="x")[5].wrong] == ["lessons were over at 15:00"]


def test_two_students_are_not_put_on_one_seat(noon: School) -> None:
    plans = planned(noon, {1: {"in": "0848", "seat": "2"}, 2: {"in": "0850", "seat": "2"}})
    assert (plans[1].wrong, [one.words for one in plans[2].wrong]) == ((), ["seat 2 is taken"])
    gone = planned(noon, {1: {"in": "0848", "seat": "2", "left": "0900"}, 2: {"in": "0910", "seat": "2"}})
    assert [plan.wrong for plan in gone.values()] == [(), ()]
    enter(noon, {1: {"in": "0848", "seat": "2", "left": "0900"}, 2: {"in": "0910", "seat": "2"}})
    assert noon.row(2).row.seat == 2


# Any text


NOON = Sheet(MONDAY, LONDON, at("12:30"))
CELL = st.one_of(st.text(max_size=20), st.text("tnmsepblwvhcdr0123456789-–:. ", max_size=16))


@given(came=CELL, out=CELL, left=CELL, check=CELL, seat=CELL, walk_in=st.booleans())
def test_any_text_is_facts_that_make_sense_or_an_error(
    came: str, out: str, left: str, check: str, seat: str, walk_in: bool
) -> None:
    known = Known(IER, placed=None if walk_in else {"P1": None, "P2": 2})
    plan = plan_row({IN: came, OUT: out, LEFT: left, "P1": check, "Seat": seat}, known, NOON, PERIODS)
    assert all(one.words for one in plan.wrong)
    assert all(one.at <= NOON.now for one in plan.moves)
    if not plan.wrong and plan.moves:
        assert plan.moves[0].kind is Kind.IN


_STEPS = {None: ["in"], "in": ["out", "left"], "out": ["back", "left"], "back": ["out", "left"], "left": ["in"]}


@st.composite
def _days(draw: st.DrawFn) -> tuple[Movement, ...]:
    """Any day of one student in one room, to the second."""
    seconds = sorted(draw(st.lists(st.integers(0, 3 * 3600), max_size=10)))
    moves: list[Movement] = []
    kind = None
    for number, second in enumerate(seconds):
        kind = draw(st.sampled_from(_STEPS[kind]))
        reason = ""
        if kind == "out":
            reason = draw(st.sampled_from(["toilet", "nurse", "safeguarding lead", "walked out", "evacuation"]))
        elif kind == "left":
            reason = draw(st.sampled_from(["lesson", "end of lesson", "other room", "home: ill", "named adult"]))
        when = at("08:40") + timedelta(seconds=second)
        moves.append(Movement(number + 1, 1, IER, Kind(kind), reason, when, when, "AS1", number + 1))
    return in_order(moves)


@given(moves=_days(), marks=st.fixed_dictionaries({"P1": st.integers(0, 4), "P2": st.none()}))
@settings(deadline=None)
def test_what_was_printed_and_is_typed_back_adds_nothing(
    moves: tuple[Movement, ...], marks: dict[str, int | None]
) -> None:
    came, outs, left = cells_of(moves, LONDON)
    cells = {
        IN: " ".join(came),
        OUT: " ".join(f"{letter}{out}-{back}" for letter, out, back in outs),
        LEFT: " ".join(f"{letter}{when}" for letter, when in left),
        **{name: str(mark) for name, mark in marks.items() if mark is not None},
    }
    plan = plan_row(cells, Known(IER, moves, 1, marks), NOON, PERIODS)
    assert (plan.moves, plan.checks, plan.wrong) == ((), (), ())
    assert len(plan.there) == len(moves) + 1


_MINUTES = st.integers(8 * 60 + 45, 12 * 60 + 25).map(lambda minute: f"{minute // 60:02}{minute % 60:02}")
_OUTS = st.lists(
    st.tuples(st.sampled_from("tnmw"), _MINUTES, st.one_of(st.just(""), _MINUTES)).map(
        lambda o: f"{o[0]}{o[1]}-{o[2]}"
    ),
    max_size=2,
).map(" ".join)


@given(
    came=st.lists(_MINUTES, max_size=2).map(" ".join),
    out=_OUTS,
    left=st.one_of(st.just(""), _MINUTES),
    check=st.sampled_from(["", "0", "3", "-"]),
    seat=st.sampled_from(["", "1", "4"]),
    student=st.sampled_from([1, 2, 4]),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_preview_lets_by_the_act_takes_and_nothing_of_it_is_new_again(
    morning: School, came: str, out: str, left: str, check: str, seat: str, student: int
) -> None:
    cells = {student: {"in": came, "out": out, "left": left, "P1": check, "seat": seat}}
    before = told(morning, student)
    plan = planned(morning, cells).get(student)
    if plan is None or plan.wrong or not plan.adds:
        return
    lines = lines_of(typed_rows(morning, cells), {student: plan})
    assert save_paper(morning.desk(), "AS2", MONDAY, IER, lines).value == plan.adds
    check_sequence(movements_of(morning.file, student, MONDAY), LONDON)
    again = planned(morning, {student: {name: text for name, text in cells[student].items() if name != "seat"}})
    assert (again[student].adds, again[student].wrong) == (0, ())
    morning.desk().do(undo())
    assert told(morning, student) == before


@pytest.fixture
def morning(school: School) -> School:
    """Reid in and out with seconds to the minute, Okafor out at the toilet, Khan expected; it is 12:30."""
    for student in (1, 2, 4):
        school.book(student)
    play(school, 1, "08:48:20 in, 09:20:05 out toilet, 09:26:40 back, 11:05:30 left lesson, 11:12:10 in")
    play(school, 2, "08:50 in, 11:37:50 out toilet")
    set_clock(school, "12:30")
    return school
