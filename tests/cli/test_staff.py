"""`psc staff`: the staff list from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.database.file import opened
from psc.desk.secrets import kept_of, verify

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal

AD = ("--as", "AD1")


def test_the_list_says_who_has_a_passphrase_and_shows_none(hillside: Terminal) -> None:
    told = hillside.json(*AD, "staff", "list")
    assert [one["code"] for one in told] == ["AD1", "AS1", "AS2", "BL1", "CO1", "CV1", "HY8", "KB", "SG1"]
    assert told[6] == {
        "code": "HY8",
        "name": "Sam Hill",
        "role": "head_of_year",
        "years": [8],
        "active": True,
        "passphrase": "none",
    }
    made = hillside.json(*AD, "staff", "reset", "as1")["passphrase"]
    again = hillside(*AD, "staff", "list")
    assert "AS1      Jo Smith                     assistant              temporary passphrase" in again.out
    assert made not in again.out
    assert "argon2" not in again.out
    with opened(hillside.path) as file:
        kept = kept_of(file, 1)
        assert kept is not None
        assert verify(kept.hash, made)
        assert not file.rows("SELECT 1 FROM ledger_detail WHERE json LIKE '%argon2%' OR json LIKE ?", (f"%{made}%",))


def test_somebody_new_is_added_with_a_passphrase_printed_once(hillside: Terminal) -> None:
    said = hillside(*AD, "staff", "add", "AS3=Zoë O’Brien", "--role", "assistant")
    assert said.code == 0
    first, passphrase, last = said.out.splitlines()
    assert first == "Zoë O’Brien (AS3) is on the staff list as assistant."
    assert len(passphrase.strip()) > 15
    assert "this once" in last
    head = hillside.json(*AD, "staff", "add", "HY9=Al Nine", "--role", "head of year", "--years", "9,10")
    assert (head["role"], head["years"]) == ("head_of_year", [9, 10])
    teacher = hillside.json(*AD, "staff", "add", "TT=Tim Teach", "--role", "teacher")
    assert teacher["passphrase"] is None


def test_a_role_is_changed_and_years_go_with_the_head_of_year(hillside: Terminal) -> None:
    assert hillside.json(*AD, "staff", "role", "HY8", "coordinator") == {
        "code": "HY8",
        "role": "coordinator",
        "years": [],
    }
    told = hillside.json(*AD, "staff", "role", "AS2", "head_of_year", "--years", "7-8")
    assert told["years"] == [7, 8]


def test_a_leaver_goes_and_comes_back(hillside: Terminal) -> None:
    assert hillside.json(*AD, "staff", "deactivate", "AS2") == {"code": "AS2", "active": False}
    assert "has left" in hillside(*AD, "staff", "list").out
    assert "AS2" in hillside.refused("--as", "AS2", "roster", code=2)
    assert "left" in hillside.refused(*AD, "staff", "add", "AS2=Al Other", "--role", "assistant", code=3)
    assert hillside.json(*AD, "staff", "reactivate", "AS2")["passphrase"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("deactivate", "AD1"), 3),
        (("deactivate", "BL1"), 3),
        (("role", "BL1", "assistant"), 3),
        (("role", "XX9", "assistant"), 2),
        (("role", "AS1", "boss"), 2),
        (("role", "AS1", "head_of_year"), 2),
        (("add", "AS9", "--role", "assistant"), 2),
        (("add", "AS9=Jo Nine"), 2),
        (("reset", "KB"), 3),
        (("reset", "XX9"), 2),
        (("fire", "AS1"), 2),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_exit_code(
    hillside: Terminal, words: tuple[str, ...], code: int
) -> None:
    hillside.refused(*AD, "staff", *words, code=code)


@pytest.mark.parametrize("who", ["AS1", "CO1", "BL1", "HY8"])
def test_the_staff_list_is_the_administrators(hillside: Terminal, who: str) -> None:
    for words in (
        ("add", "AS9=Jo Nine", "--role", "admin"),
        ("role", who, "admin"),
        ("reset", "AD1"),
        ("deactivate", "AS2"),
        ("reactivate", "AS2"),
    ):
        hillside.refused("--as", who, "staff", *words, code=3)
    assert hillside("--as", who, "staff", "list").code == (0 if who in ("CO1", "BL1") else 3)
