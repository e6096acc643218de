"""`psc staff pass`, `psc staff passes`: cover passes from the command line, and what a pass may ask of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psc.database.file import opened

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal

CO = ("--as", "CO1")


def test_a_pass_is_given_with_a_pin_printed_once(hillside: Terminal) -> None:
    said = hillside(*CO, "staff", "pass", "Pat Lewis", "--agency", "Hands On", "--room", "ier")
    assert said.code == 0
    first, last = said.out.splitlines()
    assert first.startswith("Pat Lewis: code C1, PIN ")
    assert first.endswith(", for IER, until the end of today.")
    assert last == "The PIN is not shown again."
    pin = first.partition("PIN ")[2][:6]
    again = hillside(*CO, "staff", "passes")
    assert "C1    Pat Lewis, Hands On" in again.out
    assert "given 09:00 by M. Adebayo" in again.out
    assert pin not in again.out
    with opened(hillside.path) as file:
        assert not file.rows("SELECT 1 FROM ledger_detail WHERE json LIKE ?", (f"%{pin}%",))


def test_passes_as_json(hillside: Terminal) -> None:
    assert hillside.json(*CO, "staff", "passes") == []
    made = hillside.json(*CO, "staff", "pass", "Kim Ode")
    assert len(made.pop("pin")) == 6
    assert made == {
        "code": "C1",
        "name": "Kim Ode",
        "agency": "",
        "rooms": [],
        "given": "2026-11-23T09:00:00+00:00",
        "by": "M. Adebayo",
        "ended": None,
    }
    assert hillside.json(*CO, "staff", "passes") == [made]
    (ended,) = hillside.json("--as", "BL1", "staff", "passes", "--end", "c1")
    assert ended["ended"] == "2026-11-23T09:00:00+00:00"
    assert "ended already" in hillside.refused(*CO, "staff", "passes", "--end", "C1", code=3)


def test_what_does_not_fit_is_said(hillside: Terminal) -> None:
    assert "Whose pass" in hillside.refused(*CO, "staff", "pass", "42", code=2)
    assert "no room" in hillside.refused(*CO, "staff", "pass", "Pat", "--room", "X", code=2)
    assert "No pass of today" in hillside.refused(*CO, "staff", "passes", "--end", "C7", code=2)
    assert "No cover pass was given today." in hillside(*CO, "staff", "passes").out
    for command in (("pass", "Pat"), ("passes",), ("passes", "--end", "C1")):
        assert "assistant may not" in hillside.refused("--as", "AS1", "staff", *command, code=3)


def test_a_pass_asks_for_its_own_rooms_alone(hillside: Terminal) -> None:
    hillside(*CO, "staff", "pass", "Pat Lewis", "--room", "PSC")
    shown = hillside.json("--as", "C1", "roster")
    assert [room["code"] for room in shown["rooms"]] == ["PSC"]
    assert shown["rooms"][0]["students"] == []
    for words in (("roster", "--room", "IER"), ("roster", "--register", "--room", "IER")):
        assert "IER is not on your cover pass." in hillside.refused("--as", "C1", *words, code=3)
    assert hillside.json("--as", "C1", "find", "reid") == []
    walk_in = ("sign-in", "Novak", "--type", "removal", "--reason", "Defiance")
    assert "not on your cover pass" in hillside.refused("--as", "C1", *walk_in, "--room", "IER", code=3)
    assert hillside.json("--as", "C1", *walk_in, "--room", "PSC")["status"] == "in"
    assert hillside.json("--as", "C1", "roster")["rooms"][0]["students"][0]["name"] == "Novak, Petra"


def test_the_pin_of_a_pass_opens_the_command_line_and_no_other_pin_does(real: Terminal) -> None:
    made = real.json(*CO, "staff", "pass", "Pat Lewis")
    cover = replace(real, secret=made["pin"])
    assert cover("--as", "c1", "roster").code == 0
    assert "do not go together" in replace(real, secret="000111").refused("--as", "C1", "roster", code=3)
    assert "A PIN opens nothing" in cover.refused("--as", "AS1", "roster", code=3)
    real(*CO, "staff", "passes", "--end", "C1")
    assert "do not go together" in cover.refused("--as", "C1", "roster", code=3)
