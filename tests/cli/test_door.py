"""The acts of the door from the command line: who, when, why, once, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from psc.clock import RunningClock
from psc.database.file import opened

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal


def status(psc: Terminal, number: str) -> Any:
    """Return how a student stands on the board, None when they are not on it."""
    rooms = psc.json("roster")["rooms"]
    return next((one["status"] for room in rooms for one in room["students"] if one["student"] == number), None)


def lines(psc: Terminal) -> int:
    """Return how many lines the ledger has."""
    with opened(psc.path) as file:
        return int(file.value("SELECT count(*) FROM ledger"))


def clock(said: dict[str, str]) -> str:
    """Return what the school's clock showed when an act happened."""
    return datetime.fromisoformat(said["at"]).strftime("%H:%M")


# -- the five acts -------------------------------------------------------------------------------------------------


def test_a_student_in_out_back_away_and_undone(psc: Terminal) -> None:
    acts = [
        (("sign-in", "Khan"), "sign_in", "in"),
        (("out", "Khan", "--reason", "toilet"), "go_out", "out"),
        (("back", "Khan"), "come_back", "in"),
        (("sign-out", "Khan", "--to", "lesson"), "sign_out", "left"),
        (("undo",), "undo", "in"),
    ]
    for words, act, becomes in acts:
        said = psc.json(*words)
        assert list(said) == ["act", "act_id", "at", "student", "status"]
        assert (said["act"], said["student"], said["status"]) == (act, "25025", becomes)
        assert said["at"].startswith("2026-11-23T11:4")
        assert said["at"].endswith("+00:00")
        assert said["act_id"]
        assert status(psc, "25025") == becomes


def test_the_acts_in_words(psc: Terminal) -> None:
    assert psc("sign-in", "Khan", "--at", "1140").out == "Khan, Bilal: ● in since 11:40\n"
    assert psc("out", "Khan", "--reason", "nurse", "--at", "-2").out == "Khan, Bilal: ◐ nurse 2\n"
    assert psc("back", "Khan").out == "Khan, Bilal: ● in since 11:40\n"
    assert psc("undo").out == "Undone: come back. Khan, Bilal: ◐ nurse 2\n"


@pytest.mark.parametrize("who", ["25025", "W823432118025", "khan", "KHAN", "bilal", "Khan, Bilal", "bil kha"])
def test_a_student_is_named_by_number_upn_or_name(psc: Terminal, who: str) -> None:
    assert psc.json("sign-in", who)["student"] == "25025"


@pytest.mark.parametrize("who", ["lukasz", "Łukasz Wójcik", "wojcik luk", "26047"])
def test_a_name_is_found_without_its_accents_and_in_any_order(psc: Terminal, who: str) -> None:
    assert psc.json("out", who, "--reason", "toilet")["student"] == "26047"


@pytest.mark.parametrize(("who", "number"), [("Reid, Callum", "23036"), ("callum reid", "23036"), ("dsouza", "24011")])
def test_a_whole_name_is_enough(psc: Terminal, who: str, number: str) -> None:
    assert psc.json("sign-out", who, "--to", "lesson")["student"] == number


@pytest.mark.parametrize("who", ["mohammed ali", "Ali, Mohammed"])
def test_a_name_that_fits_several_lists_them_and_does_nothing(psc: Terminal, who: str) -> None:
    before = lines(psc)
    told = psc.refused("out", who, "--reason", "toilet", code=2)
    assert "Ali, Mohammed ≈8B Y (25005); Ali, Mohammed ≈8E R (25006)" in told
    assert lines(psc) == before


@pytest.mark.parametrize("who", ["Nobody", "99999", "[/b]old", "%", "'", "\x1b[31m", "' OR 1=1"])
def test_a_student_nobody_knows_is_not_understood(psc: Terminal, who: str) -> None:
    told = psc.refused("sign-in", who, code=2)
    assert "No student fits" in told


@pytest.mark.parametrize("who", ["", "  ", "--", "…"])
def test_no_name_at_all_is_not_understood(psc: Terminal, who: str) -> None:
    assert psc("sign-in", who).code == 2


# -- when ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "happened"),
    [("0844", "08:44"), ("8.44", "08:44"), ("8:44", "08:44"), ("11:43", "11:43"), ("-8", "11:35"), ("P3", "10:30"),
     ("p2", "09:30"), ("now", "11:43")],
)  # fmt: skip
def test_a_time_is_typed_as_staff_type_it(psc: Terminal, typed: str, happened: str) -> None:
    said = psc.json("sign-in", "Khan", "--at", typed)
    assert (clock(said), said["status"]) == (happened, "in")


def test_a_period_begins_when_it_does_for_that_year(psc: Terminal) -> None:
    psc.refused("out", "Hussain", "--reason", "exam", "--at", "P5", code=3)  # year 11 has P5 at 12:20
    assert "12:20" in psc("out", "Hussain", "--reason", "exam", "--at", "P5").err


@pytest.mark.parametrize("typed", ["1500", "P5", "23.59"])
def test_a_time_still_to_come_is_refused(psc: Terminal, typed: str) -> None:
    before = lines(psc)
    assert "has not come yet" in psc.refused("sign-in", "Khan", "--at", typed, code=3)
    assert lines(psc) == before


def test_a_time_of_yesterday_is_refused(psc: Terminal) -> None:
    psc.refused("sign-in", "Khan", "--at", "-900", code=3)


@pytest.mark.parametrize("typed", ["2500", "0860", "P9", "soon", "8", "2026-11-23"])
def test_a_time_that_is_none_is_not_understood(psc: Terminal, typed: str) -> None:
    psc.refused("sign-in", "Khan", "--at", typed, code=2)


def test_a_time_across_another_movement_is_refused(psc: Terminal) -> None:
    psc.refused("back", "Reid", "--at", "1130", code=3)
    assert status(psc, "23036") == "out"


# -- the same act once ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (("sign-in", "Khan", "--at", "-5"), "25025"),
        (("out", "Marsh", "--reason", "toilet"), "25031"),
        (("back", "Reid"), "23036"),
        (("sign-out", "Okafor", "--to", "lesson"), "24040"),
        (("sign-in", "Taylor, Ethan", "--room", "PSC", "--type", "time out", "--reason", "Upset"), "23042"),
    ],
)
def test_the_same_act_id_twice_is_one_act(psc: Terminal, words: tuple[str, ...], number: str) -> None:
    first = psc.json(*words, "--act-id", "scan-1")
    after = lines(psc)
    again = psc.json(*words, "--act-id", "scan-1")
    assert again == first
    assert (first["act_id"], first["student"]) == ("scan-1", number)
    assert lines(psc) == after
    assert psc(*words, "--act-id", "scan-1").out.endswith("(done before)\n")


def test_undo_with_an_act_id_undoes_once(psc: Terminal) -> None:
    psc("sign-in", "Khan")
    psc("out", "Khan", "--reason", "toilet")
    for _ in range(2):
        assert psc.json("undo", "--act-id", "u1")["status"] == "in"
    assert psc.json("undo", "--act-id", "u2")["status"] == "find"


def test_an_act_id_of_another_act_is_not_understood(psc: Terminal) -> None:
    psc("sign-in", "Khan", "--act-id", "one")
    psc.refused("out", "Khan", "--reason", "toilet", "--act-id", "one", code=2)


def test_an_act_id_of_another_student_is_not_taken_for_done(psc: Terminal) -> None:
    psc("out", "Okafor", "--reason", "toilet", "--act-id", "one")
    psc.refused("out", "Hussain", "--reason", "toilet", "--act-id", "one", code=2)
    assert status(psc, "22021") == "in"


def test_an_act_of_the_time_before_is_told_with_its_own_time(psc: Terminal) -> None:
    first = psc.json("out", "Okafor", "--reason", "toilet", "--at", "-3", "--act-id", "one")
    assert clock(psc.json("out", "Okafor", "--reason", "toilet", "--act-id", "one")) == clock(first) == "11:40"


def test_the_time_told_is_the_time_recorded(psc: Terminal) -> None:
    ticks = count()

    def ticking(clock: RunningClock) -> datetime:
        """A second passes each time the clock is looked at."""
        return datetime(2026, 11, 23, 11, 43, tzinfo=UTC) + timedelta(seconds=next(ticks))

    psc.patch.setattr(RunningClock, "now", ticking)
    told = psc.json("sign-in", "Khan")["at"]
    with opened(psc.path) as file:
        recorded = file.value("SELECT happened FROM movement ORDER BY id DESC LIMIT 1")
    assert datetime.fromisoformat(told) == datetime.fromisoformat(recorded)


# -- why and where to ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("toilet", "toilet"),
        ("t", "toilet"),
        ("NUR", "nurse"),
        ("safe", "safeguarding lead"),
        ("safeguarding lead", "safeguarding lead"),
        ("walked-out", "walked out"),
        ("walked_out", "walked out"),
        ("p", "parent"),
        ("meet", "meeting"),
    ],
)
def test_a_reason_is_named_by_its_beginning(psc: Terminal, typed: str, reason: str) -> None:
    assert psc("out", "Marsh", "--reason", typed).code == 0
    with opened(psc.path) as file:
        assert file.value("SELECT reason FROM movement ORDER BY id DESC LIMIT 1") == reason


def test_a_pass_to_the_safeguarding_lead_is_not_spelt_out(psc: Terminal) -> None:
    psc("out", "Marsh", "--reason", "safeguarding lead")
    assert "safeguarding" not in psc("roster").out


@pytest.mark.parametrize(
    ("typed", "words"),
    [("lesson", "to lesson"), ("l", "to lesson"), ("end of d", "end of day"), ("home: ill", "home"),
     ("named", "to named adult")],
)  # fmt: skip
def test_a_destination_is_named_by_its_beginning(psc: Terminal, typed: str, words: str) -> None:
    assert f"✓ {words} 11:4" in psc("sign-out", "Marsh", "--to", typed, "--note", "Nurse Lee").out


@pytest.mark.parametrize("typed", ["other room", "other-room", "o"])
def test_a_student_sent_over_is_on_the_way_to_the_other_room(psc: Terminal, typed: str) -> None:
    assert psc("sign-out", "Okafor", "--to", typed).out == "Okafor, Amara: ○ on the way 0\n"
    rooms = {room["code"]: room["students"] for room in psc.json("roster")["rooms"]}
    shown = {code: next(one for one in rows if one["student"] == "24040") for code, rows in rooms.items()}
    assert {code: one["status"] for code, one in shown.items()} == {"IER": "left", "PSC": "expected"}
    assert shown["PSC"]["reason"] == shown["IER"]["reason"], "the placement goes along"
    assert "✓ to PSC 11:4" in psc("roster").out
    assert psc.json("sign-in", "Okafor", "--room", "PSC")["status"] == "in"
    assert psc.json("undo")["status"] == "expected"
    assert psc.json("undo")["status"] == "in"


def test_a_suspension_is_not_opened_without_the_head_s_name(psc: Terminal) -> None:
    before = lines(psc)
    assert "Only the head may suspend" in psc.refused("sign-out", "Marsh", "--to", "home: suspended", code=3)
    assert lines(psc) == before


@pytest.mark.parametrize(
    "words",
    [
        ("out", "Marsh", "--reason", "bored"),
        ("out", "Marsh", "--reason", ""),
        ("sign-out", "Marsh", "--to", "end"),
        ("sign-out", "Marsh", "--to", "home"),
        ("sign-out", "Marsh", "--to", "to calm down"),
        ("sign-in", "Taylor, Ethan", "--room", "IER", "--type", "internal", "--reason", "Defiance"),
        ("sign-in", "Taylor, Ethan", "--room", "IER", "--type", "holiday", "--reason", "Defiance"),
    ],
)
def test_a_reason_that_fits_none_or_several_lists_them(psc: Terminal, words: tuple[str, ...]) -> None:
    assert "It can be: " in psc.refused(*words, code=2)


# -- walk-ins ------------------------------------------------------------------------------------------------------


def test_a_walk_in_needs_room_type_and_reason(psc: Terminal) -> None:
    who = ("sign-in", "Taylor, Ethan")
    assert "--room, --type and --reason" in psc.refused(*who, code=2)
    for words in (
        ("--type", "removal"),
        ("--type", "removal", "--room", "IER"),
        ("--type", "removal", "--reason", "X"),
    ):
        psc.refused(*who, *words, code=2)
    psc.refused(*who, "--room", "IER", code=3)
    assert status(psc, "23042") is None


def test_a_walk_in_is_placed_for_the_rest_of_the_lesson(psc: Terminal) -> None:
    said = psc.json("sign-in", "Taylor, Ethan", "--room", "psc", "--type", "removal", "--reason", "Defiance")
    assert (said["act"], said["student"], said["status"]) == ("walk_in", "23042", "in")
    room = psc.json("roster", "--room", "PSC")["rooms"][0]
    row = next(one for one in room["students"] if one["student"] == "23042")
    assert (row["type"], row["reason"], row["seat"], row["days"]) == ("removal", "Defiance", 6, 1)
    undone = psc.json("undo")
    assert (undone["student"], undone["status"]) == ("23042", None)
    assert status(psc, "23042") is None


def test_a_student_kept_apart_comes_in_with_a_reason_only(psc: Terminal) -> None:
    words = ("sign-in", "Taylor, Ethan", "--room", "IER", "--type", "removal", "--reason", "Defiance")
    assert "kept apart from Reid, Callum" in psc.refused(*words, code=3)
    assert psc.json(*words, code=3)["code"] == "needs_reason"
    assert psc.json(*words, "--override", "The head asked")["status"] == "in"


def test_a_full_room_takes_one_more_with_a_reason_only(hillside: Terminal) -> None:
    for student in ("1001", "1002", "1003", "1004"):
        hillside("sign-in", student)
    assert hillside.json("sign-in", "1005", code=3)["code"] == "needs_reason"
    assert "is full: 4 of 4 seats" in hillside.refused("sign-in", "1005", code=3)
    assert hillside.json("sign-in", "1005", "--override", "Nowhere else")["status"] == "in"
    room = hillside.json("roster", "--room", "IER")["rooms"][0]
    assert (room["used"], room["seats"]) == (5, 4)
    assert next(one["seat"] for one in room["students"] if one["student"] == "1005") is None


def test_a_seat_is_asked_for(hillside: Terminal) -> None:
    hillside("sign-in", "1001", "--seat", "3")
    seats = {one["student"]: one["seat"] for one in hillside.json("roster")["rooms"][0]["students"]}
    assert seats["1001"] == 3
    hillside.refused("sign-in", "1002", "--seat", "3", code=3)
    hillside.refused("sign-in", "1002", "--seat", "9", code=2)
    hillside.refused("sign-in", "1002", "--seat", "x", code=2)


def test_a_student_expected_in_two_rooms_asks_which(psc: Terminal) -> None:
    psc("sign-in", "Ward", "--room", "PSC", "--type", "time out", "--reason", "Upset")
    psc("sign-out", "Ward", "--to", "lesson")
    assert "IER and PSC" in psc.refused("sign-in", "Ward", code=2)


def test_an_unknown_room_names_the_rooms(psc: Terminal) -> None:
    assert "IER, PSC" in psc.refused("sign-in", "Khan", "--room", "XYZ", code=2)


# -- what the door refuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("sign-in", "Okafor"),
        ("sign-in", "Reid"),
        ("sign-in", "Khan", "--room", "PSC"),
        ("out", "Khan", "--reason", "toilet"),
        ("out", "Reid", "--reason", "nurse"),
        ("back", "Okafor"),
        ("back", "Osei"),
        ("sign-out", "Osei", "--to", "lesson"),
        ("sign-out", "Khan", "--to", "lesson"),
    ],
)
def test_an_act_that_does_not_fit_is_refused_and_changes_nothing(psc: Terminal, words: tuple[str, ...]) -> None:
    before = lines(psc)
    psc.refused(*words, code=3)
    assert lines(psc) == before


def test_a_repeated_sign_in_from_a_scanner_has_a_code_of_its_own(psc: Terminal) -> None:
    assert psc.json("sign-in", "Okafor", code=3)["code"] == "already_in"


def test_only_one_s_own_act_is_undone(psc: Terminal) -> None:
    psc("sign-in", "Khan")
    psc.refused("--as", "CO1", "undo", code=3)
    assert status(psc, "25025") == "in"
    assert psc.json("--as", "as1", "undo")["status"] == "find"


def test_an_act_that_another_built_on_is_not_undone(psc: Terminal) -> None:
    psc("sign-in", "Khan")
    psc("--as", "CO1", "out", "Khan", "--reason", "toilet")
    assert "by CO1" in psc.refused("undo", code=3)


def test_with_nothing_to_undo_nothing_is_undone(hillside: Terminal) -> None:
    hillside.refused("undo", code=3)


@pytest.mark.parametrize("code", ["HY8", "BL1", "AD1"])
def test_a_role_without_the_door_may_not_act_there(psc: Terminal, code: str) -> None:
    before = lines(psc)
    assert psc("--as", code, "sign-in", "25025").code == 3
    assert psc("--as", code, "sign-out", "24040", "--to", "lesson").code == 3
    assert lines(psc) == before


def test_a_stopped_act_is_not_half_done(psc: Terminal) -> None:
    def stop(*args: object, **told: object) -> None:
        raise KeyboardInterrupt

    before = lines(psc)
    with psc.patch.context() as patch:
        patch.setattr("psc.desk.acts.ledger.append", stop)
        assert psc("sign-in", "Khan").code == 130
    assert (lines(psc), status(psc, "25025")) == (before, "find")


def test_a_student_on_the_way_is_signed_in_where_they_were_sent(psc: Terminal) -> None:
    psc("sign-out", "Okafor", "--to", "other room")
    assert psc.json("sign-in", "Okafor")["status"] == "in"
    rooms = {room["code"]: room["students"] for room in psc.json("roster")["rooms"]}
    statuses = {code: one["status"] for code, rows in rooms.items() for one in rows if one["student"] == "24040"}
    assert statuses == {"IER": "left", "PSC": "in"}
