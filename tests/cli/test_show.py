"""`psc roster` and `psc find`: the board of any day, and students however they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from psc.database.file import opened

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal

STUDENT = {
    "student": str,
    "name": str,
    "year": int,
    "form": str,
    "type": str,
    "reason": str,
    "status": str,
    "since": str | None,
    "seat": int | None,
    "day": int,
    "days": int,
    "minutes": int,
    "checks": dict,
    "work": dict,
    "alerts": list,
}
STATUSES = {
    "expected", "late", "find", "in", "out", "due_out", "left", "absent", "no_show", "cancelled", "evacuated",
}  # fmt: skip


def _people(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for room in board["rooms"] for one in room["students"]]


def test_the_board_as_json_has_the_keys_and_types_of_the_contract(psc: Terminal) -> None:
    board = psc.json("roster")
    assert list(board) == ["date", "school_day", "week", "period", "rooms"]
    assert [type(board[key]) for key in board] == [str, bool, str, str, list]
    for room in board["rooms"]:
        assert list(room) == ["code", "name", "seats", "used", "students"]
        assert [type(room[key]) for key in room] == [str, str, int, int, list]
    assert len(_people(board)) == 15
    for one in _people(board):
        for key in one:
            assert isinstance(one[key], STUDENT[key]), (key, one)
        assert one["status"] in STATUSES
        assert all(period.startswith("P") and 0 <= mark <= 4 for period, mark in one["checks"].items())
        assert list(one["work"]) == ["returned", "of"]
        assert all(isinstance(kind, str) for kind in one["alerts"])


def test_a_student_of_the_board_has_every_key_of_the_contract(psc: Terminal) -> None:
    assert [list(one) for one in _people(psc.json("roster"))] == [list(STUDENT)] * 15


def test_alerts_are_kinds_and_never_words(psc: Terminal) -> None:
    said = psc("--json", "roster").out
    assert "medical" in said
    assert "inhaler" not in said


def test_one_room_alone(psc: Terminal) -> None:
    assert [room["code"] for room in psc.json("roster", "--room", "psc")["rooms"]] == ["PSC"]
    assert "Internal Exclusion Room" not in psc("roster", "--room", "PSC").out
    assert "IER, PSC" in psc.refused("roster", "--room", "Gym", code=2)


def test_reasons_stay_off_the_text_of_a_room_that_hides_them(psc: Terminal) -> None:
    assert "Verbal abuse" not in psc("roster", "--room", "IER").out
    assert "Anxiety support" in psc("roster", "--room", "PSC").out


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_the_text_keeps_within_the_width(psc: Terminal, width: int) -> None:
    psc.patch.setenv("COLUMNS", str(width))
    out = psc("roster").out
    assert all(cell_len(line) <= width for line in out.splitlines())
    assert "Khan, Bilal" in out


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("", "2026-11-23"),
        ("today", "2026-11-23"),
        ("yesterday", "2026-11-22"),
        ("tomorrow", "2026-11-24"),
        ("2026-11-20", "2026-11-20"),
        ("23/11/2026", "2026-11-23"),
        ("9/12/2026", "2026-12-09"),
        ("20 Nov", "2026-11-20"),
        ("20 november 2026", "2026-11-20"),
    ],
)
def test_a_day_is_typed_as_staff_type_it(psc: Terminal, typed: str, day: str) -> None:
    assert psc.json("roster", "--date", typed)["date"] == day


@pytest.mark.parametrize("typed", ["31/02/2026", "11/23/2026", "soon", "Monday week", "0905", "29 Feb"])
def test_a_day_that_is_none_is_not_understood(psc: Terminal, typed: str) -> None:
    psc.refused("roster", "--date", typed, code=2)


def test_a_past_day_is_shown_as_it_ended(psc: Terminal) -> None:
    board = psc.json("roster", "--date", "2026-11-20")
    assert (board["school_day"], board["week"]) == (True, "B")
    assert {one["status"] for one in _people(board)} <= {"left", "find", "expected", "due_out"}
    assert any(one["status"] == "left" and one["minutes"] > 60 for one in _people(board))


def test_a_day_to_come_is_shown_as_it_is_planned(psc: Terminal) -> None:
    board = psc.json("roster", "--date", "tomorrow")
    assert board["school_day"]
    assert {one["status"] for one in _people(board)} == {"expected"}
    reid = next(one for one in _people(board) if one["student"] == "23036")
    assert (reid["day"], reid["days"], reid["minutes"], reid["seat"]) == (3, 3, 0, None)


def test_a_weekend_is_no_school_day_and_has_nobody(psc: Terminal) -> None:
    board = psc.json("roster", "--date", "yesterday")
    assert (board["school_day"], board["period"], _people(board)) == (False, None, [])
    assert [room["code"] for room in board["rooms"]] == ["IER", "PSC"]
    out = psc("roster", "--date", "yesterday").out
    assert "no school today" in out
    assert out.count("Nobody is placed here today.") == 2


def test_a_day_outside_the_calendar_is_no_school_day(psc: Terminal) -> None:
    assert psc.json("roster", "--date", "2031-01-06")["school_day"] is False


def test_a_visit_that_an_earlier_day_left_open_is_said(hillside: Terminal) -> None:
    hillside("sign-in", "1001")
    with opened(hillside.path) as file:
        file.execute("UPDATE school_file SET demo_moment = '2026-11-24T08:30:00Z'")
    assert "1 visit of the last 30 days never signed out" in hillside("roster").out


def test_a_head_of_year_sees_their_own_years(psc: Terminal) -> None:
    assert {one["year"] for one in _people(psc.json("--as", "HY7", "roster"))} == {7}


@pytest.mark.parametrize("code", ["AD1", "LD"])
def test_who_may_not_see_the_board_is_told_so(psc: Terminal, code: str) -> None:
    psc.refused("--as", code, "roster", code=3)
    assert psc.json("--as", code, "roster", code=3)["code"] == "not_allowed"


# -- find ----------------------------------------------------------------------------------------------------------


def _numbers(psc: Terminal, *words: str) -> list[str]:
    return [one["student"] for one in psc.json("find", *words)]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (("lukasz",), "26047"),
        (("ŁUKASZ",), "26047"),
        (("wojcik", "lu"), "26047"),
        (("nunez",), "23028"),
        (("Nuñez",), "23028"),
        (("obrien",), "26034"),
        (("o'brien",), "26034"),
        (("O’Brien", "saoirse"), "26034"),
        (("dsouza",), "24011"),
        (("bhriain", "ni"), "22035"),
        (("celik",), "26050"),
        (("baker", "lloyd"), "25007"),
        (("lloyd-baker",), "25007"),
        (("reid", "cal"), "23036"),
        (("cal", "reid"), "23036"),
        (("cal reid",), "23036"),
        (("23036",), "23036"),
        (("B823432116036",), "23036"),
        (("b823432116036",), "23036"),
    ],
)
def test_a_student_is_found_whatever_the_accents_order_and_apostrophes(
    psc: Terminal, typed: tuple[str, ...], number: str
) -> None:
    assert number in _numbers(psc, *typed)


def test_a_form_finds_its_students_by_name(psc: Terminal) -> None:
    found = psc.json("find", "8A")
    assert {one["form"] for one in found} == {"8A"}
    assert len(found) > 3
    assert [one["name"].casefold() for one in found] == sorted(one["name"].casefold() for one in found)


def test_the_legal_name_finds_the_student_too(psc: Terminal) -> None:
    assert [one["name"] for one in psc.json("find", "eleanor marsh")] == ["Marsh, Ellie"]


def test_found_students_as_json_have_the_keys_of_the_contract(psc: Terminal) -> None:
    assert psc.json("find", "khan", "bilal") == [{"student": "25025", "name": "Khan, Bilal", "year": 8, "form": "8A"}]


def test_found_students_as_text(psc: Terminal) -> None:
    assert psc("find", "khan bilal").out.split() == ["25025", "Khan,", "Bilal", "8A"]


@pytest.mark.parametrize("typed", ["zzz", "", "%", "_", "[/", "' OR 1=1 --"])
def test_nobody_fits(psc: Terminal, typed: str) -> None:
    said = psc("find", typed)
    assert (said.code, said.out) == (0, "No student fits.\n")
    assert psc.json("find", typed) == []


def test_names_that_look_like_markup_are_printed_as_they_are(hillside: Terminal) -> None:
    assert "[b]Bold, [/" in hillside("find", "bold").out


def test_control_characters_never_reach_the_terminal(hillside: Terminal) -> None:
    with opened(hillside.path) as file:  # as an older psc, or another hand, may have written it
        file.execute("UPDATE student SET surname = 'Re\x1b[31mid\u202e' WHERE id = 1")
    for words in (("find", "1001"), ("roster",), ("sign-in", "1001")):
        said = hillside(*words).out
        assert not set(said) & {"\x1b", "\u202e"}, words


@pytest.mark.parametrize("code", ["AD1", "LD"])
def test_who_may_not_look_students_up_is_told_so(psc: Terminal, code: str) -> None:
    psc.refused("--as", code, "find", "khan", code=3)


def test_psc_alone_without_a_terminal_prints_the_board(psc: Terminal) -> None:
    said = psc()
    assert (said.code, said.err) == (0, "")
    assert said.out == psc("roster").out
