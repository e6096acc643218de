"""`psc settings`: the figures of the rules from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal

AD = ("--as", "AD1")


def test_a_figure_is_read_changed_and_read_again(hillside: Terminal) -> None:
    told = hillside.json(*AD, "settings", "get", "grace_minutes")
    assert (told["value"], told["default"], told["from"], told["by"]) == (5, 5, None, None)
    set_ = hillside.json(*AD, "settings", "set", "grace-minutes", "7")
    assert set_ == {"name": "grace_minutes", "value": 7, "before": 5, "from": "2026-11-23"}
    later = hillside.json(*AD, "settings", "set", "grace_minutes", "9", "--from", "tomorrow")
    assert later["from"] == "2026-11-24"
    told = hillside.json(*AD, "settings", "get", "grace_minutes")
    assert (told["value"], told["by"], told["coming"]) == (7, "AD1", {"from": "2026-11-24", "value": 9})
    said = hillside(*AD, "settings", "get", "grace_minutes").out
    assert "grace_minutes = 7  since 23/11/2026, by AD1 09:00 (default 5)" in said
    assert "from 24/11/2026 on it is 9" in said


def test_the_list_has_every_figure_with_its_meaning(hillside: Terminal) -> None:
    told = hillside.json("--as", "CO1", "settings", "list")
    assert len(told) >= 14
    assert all(one["meaning"] and one["least"] <= one["value"] <= one["most"] for one in told)
    assert all(len(line) <= 80 for line in hillside("--as", "BL1", "settings", "list").out.splitlines())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("get", "gracious"), 2),
        (("set", "gracious", "1"), 2),
        (("set", "quiet_minutes", "0"), 2),
        (("set", "quiet_minutes", "two"), 2),
        (("set", "quiet_minutes"), 2),
        (("set", "grace_minutes", "5"), 3),
        (("set", "grace_minutes", "6", "--from", "yesterday"), 3),
        (("set", "grace_minutes", "6", "--from", "whenever"), 2),
        ((), 2),
    ],
)
def test_what_cannot_be_set_is_refused_with_its_exit_code(
    hillside: Terminal, words: tuple[str, ...], code: int
) -> None:
    hillside.refused(*AD, "settings", *words, code=code)


def test_who_may_look_and_who_may_change(hillside: Terminal) -> None:
    for who in ("AS1", "HY8"):
        hillside.refused("--as", who, "settings", "list", code=3)
    for who in ("AS1", "CO1", "BL1"):
        hillside.refused("--as", who, "settings", "set", "grace_minutes", "9", code=3)
