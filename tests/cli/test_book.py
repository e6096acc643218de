"""`psc book` and `psc week`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal

WHOLE = ("--room", "PSC", "--type", "guest", "--reason", "Visit")


def test_a_dry_run_says_what_it_comes_to_and_changes_nothing(hillside: Terminal) -> None:
    words = ("--as", "CO1", "book", "1005", "--room", "PSC", "--type", "internal_ex", "--reason", "x", "--dry-run")
    said = hillside(*words, "--when", "three days from Tue")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0] == "Marsh, Ellie, PSC: Tue 24–Thu 26 Nov, all lessons"
    assert "4 internal exclusion days on end" in said.out
    told = hillside.json(*words, "--when", "three days from Tue")
    assert list(told) == ["student", "room", "type", "periods", "concerns"]
    assert (told["student"], told["room"], told["type"]) == ("1005", "PSC", "internal_exclusion")
    assert told["periods"][0] == {"date": "2026-11-24", "period": "P1"}
    assert [one["kind"] for one in told["concerns"]] == ["run", "share"]
    assert hillside.json(*words, "--when", "three days from Tue") == told


def test_a_booking_is_one_act_however_often_it_is_tried(hillside: Terminal) -> None:
    words = ("--as", "CO1", "book", "1005", *WHOLE, "--when", "Tue P2-P3", "--act-id", "from-a-script")
    told = hillside.json(*words)
    assert list(told) == ["act", "act_id", "at", "student", "status", "periods", "concerns"]
    assert (told["act"], told["act_id"], told["student"], told["concerns"]) == ("book", "from-a-script", "1005", [])
    again = hillside(*words)
    assert (again.code, again.out) == (0, "Marsh, Ellie: booked in PSC, Tue 24 Nov P2–P3 (done before)\n")
    hillside.refused("--as", "CO1", "book", "1008", *WHOLE, "--when", "Tue", "--act-id", "from-a-script", code=2)


def test_what_needs_a_reason_is_said_and_one_goes_over_it(hillside: Terminal) -> None:
    for number in ("1003", "1004", "1006"):
        hillside("--as", "CO1", "book", number, *WHOLE, "--when", "Thu P3")
    words = ("--as", "CO1", "book", "1005", *WHOLE, "--when", "Thu P3")
    assert "full for Thu 26 Nov P3: last seat taken by M. Adebayo" in hillside.refused(*words, code=3)
    over = hillside.json(*words, "--override", "The head asked")
    assert [one["kind"] for one in over["concerns"]] == ["full"]


def test_where_the_room_is_full_one_waits(hillside: Terminal) -> None:
    free = hillside.json("--as", "CO1", "book", "1003", *WHOLE, "--when", "Thu P3", "--wait")
    assert free["act"] == "book"
    for number in ("1004", "1006"):
        hillside("--as", "CO1", "book", number, *WHOLE, "--when", "Thu P3")
    words = ("--as", "CO1", "book", "1005", *WHOLE, "--when", "Thu P3", "--wait", "--act-id", "once")
    assert hillside(*words).out == "Marsh, Ellie: waits for a seat in PSC, Thu 26 Nov P3\n"
    assert hillside.json(*words)["act"] == "wait_for_seat"


def test_what_cannot_be_booked_is_a_sentence(hillside: Terminal) -> None:
    words = ("--as", "CO1", "book", "1005", *WHOLE)
    assert "The next is Mon 30 November" in hillside.refused(*words, "--when", "Sat", code=3)
    assert "three days from Tuesday" in hillside.refused(*words, "--when", "sometime", code=2)
    hillside.refused(*words, "--when", "Tue", "--override", "x" * 401, code=2)
    hillside.refused("--as", "CO1", "book", "1005", "--room", "PSC", "--reason", "x", "--when", "Tue", code=2)
    wrong = ("--as", "CO1", "book", "1005", "--room", "PSC", "--reason", "x", "--when", "Tue", "--type", "detention")
    assert "internal_exclusion" in hillside.refused(*wrong, code=2)


def test_the_seats_of_the_days_to_come(hillside: Terminal) -> None:
    hillside("--as", "CO1", "book", "1005", *WHOLE, "--when", "Thu P3")
    said = hillside("--as", "AS1", "week", "--from", "Thu", "--days", "2")
    lines = said.out.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert lines[-4:] == [
        "PSC  Pastoral Support Centre, 3 seats: used in each lesson",
        "                 P1     P2     P3     P4     P5",
        "Thu 26 Nov      0/3    0/3    1/3    0/3    0/3",
        "Fri 27 Nov      0/3    0/3    0/3    0/3    0/3",
    ]
    told = hillside.json("--as", "AS1", "week", "--from", "Thu", "--days", "1")
    assert len(told) == 10
    assert told[7] == {"room": "PSC", "date": "2026-11-26", "period": "P3", "seats": 3, "used": 1, "free": 2}
    hillside.refused("week", "--days", "0", code=2)
    assert hillside("week", "--from", "1 Aug 2030").out == "There is no school then.\n"
