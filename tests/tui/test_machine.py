"""The board as a plain machine: no app, no file but the one its rows were read from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psc.roster.movements import sign_in
from psc.tui.machine import BoardState, Mode
from tests.school import IER, School, at, make_school

if TYPE_CHECKING:
    from pathlib import Path

    from psc.overview.board import RowNow


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> tuple[RowNow, ...]:
    """Four students of the made school: two in, one to be found, one expected."""
    school = make_school(_folder(tmp_path_factory))
    for student in (1, 2, 4):
        school.book(student)
    school.book(10, "P4 P5")
    school.clock.moment = at("08:48")
    school.desk().do(sign_in(1, IER), sign_in(2, IER))
    school.clock.moment = at("10:30")
    found = _rows(school)
    school.file.close()
    return found


def _folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("machine")


def _rows(school: School) -> tuple[RowNow, ...]:
    return school.board().at(school.clock.now(), IER)


def _names(state: BoardState) -> list[str]:
    return [one.row.name.split(",")[0] for one in state.shown]


def test_the_cursor_stays_on_its_student_when_rows_move(rows: tuple[RowNow, ...]) -> None:
    state = BoardState().with_rows(rows).at(2)
    student = state.cursor
    assert state.with_rows(tuple(reversed(rows))).cursor == student


def test_the_cursor_takes_the_place_of_a_student_who_is_gone(rows: tuple[RowNow, ...]) -> None:
    state = BoardState().with_rows(rows).at(1)
    left = tuple(one for one in rows if one.row.key != state.cursor)
    assert state.with_rows(left).index == 1


def test_a_filter_finds_by_parts_of_words_in_any_order(rows: tuple[RowNow, ...]) -> None:
    state = BoardState().with_rows(rows)
    assert _names(state.filtered("cal rei")) == ["Reid"]
    assert _names(state.filtered("9b")) == ["Okafor"]
    assert _names(state.filtered("zz")) == []
    assert state.filtered("zz").current is None


def test_marks_outlive_a_reload_but_not_their_student(rows: tuple[RowNow, ...]) -> None:
    state = BoardState().with_rows(rows).all_in_marked()
    assert len(state.marked) == 2
    assert len(state.with_rows(rows[:1]).marked) == len({rows[0].row.key} & state.marked)


def test_marking_all_twice_marks_nobody(rows: tuple[RowNow, ...]) -> None:
    assert BoardState().with_rows(rows).all_in_marked().all_in_marked().marked == frozenset()


def test_targets_are_the_marked_rows_else_the_one_under_the_cursor(rows: tuple[RowNow, ...]) -> None:
    state = BoardState().with_rows(rows).at(0)
    assert [one.row.key for one in state.targets()] == [state.cursor]
    assert len(state.all_in_marked().targets()) == 2
    assert BoardState().targets() == ()


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("moved"), st.integers(-20, 20)),
        st.tuples(st.just("filtered"), st.text("reidkhan9[/ ", max_size=4)),
        st.tuples(st.just("narrowed"), st.sampled_from(["", "find", "out", "evacuated", "in", "expected", "left"])),
        st.tuples(st.just("toggled"), st.none()),
        st.tuples(st.just("all_in_marked"), st.none()),
        st.tuples(st.just("rows"), st.integers(0, 4)),
        st.tuples(st.just("entering"), st.sampled_from(list(Mode))),
    ),
    max_size=30,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_whatever_is_pressed_the_cursor_is_on_a_row_that_is_shown(
    rows: tuple[RowNow, ...], steps: list[tuple[str, Any]]
) -> None:
    state = BoardState().with_rows(rows)
    for name, value in steps:
        if name == "rows":
            state = state.with_rows(rows[:value])
        else:
            method = getattr(state, name)
            state = method() if value is None else method(value)
        keys = [one.row.key for one in state.shown]
        assert state.cursor in keys if keys else state.current is None
        assert state.marked <= {one.row.key for one in state.rows}
