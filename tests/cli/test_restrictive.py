"""`psc restrictive`: the term's force and seclusion, counted, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal


def test_a_term_is_counted_as_text_and_as_json(hillside: Terminal) -> None:
    said = hillside("--as", "BL1", "restrictive").out
    assert said.splitlines()[0] == "Force and seclusion, Mon 9 November – Fri 18 December 2026"
    found = hillside.json("--as", "BL1", "restrictive", "--from", "23/11/2026", "--to", "tomorrow")
    assert (found["from"], found["to"], found["uses"], found["students"]) == ("2026-11-23", "2026-11-24", 0, 0)
    assert [one["type"] for one in found["types"]] == ["restraint", "mechanical", "seclusion", "non-contact"]
    assert (found["years"], found["send"]) == ({"shown": [], "left_out": []},) * 2
    assert list(found["due"][0]) == ["what", "in_time", "late", "open"]


def test_days_the_wrong_way_round_and_roles_are_refused(hillside: Terminal) -> None:
    hillside.refused("--as", "BL1", "restrictive", "--from", "23/11/2026", "--to", "20/11/2026", code=2)
    hillside.refused("--as", "AS1", "restrictive", "--from", "nonsense", code=3)
