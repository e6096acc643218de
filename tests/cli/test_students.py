"""`psc student show` and `psc audit`: a student opened by who may, who looked, and whether the ledger holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.database.driver import engine
from psc.database.file import opened
from psc.database.schema import guards

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal

REID, OSEI, HARRIS = "23036", "24041", "24021"


def looks(terminal: Terminal) -> list[tuple[str, str]]:
    with opened(terminal.path) as file:
        found = file.rows("SELECT actor, act FROM ledger WHERE act IN ('open_student', 'who_viewed') ORDER BY seq")
    return [(actor, act) for actor, act in found]


def test_a_student_is_shown_with_everything_the_reader_may_see(psc: Terminal) -> None:
    said = psc("student", "show", "Callum Reid").out
    for words in ("Reid, Callum  10F  year 10  23036", "◐ toilet", "Asthma", "mother, Rosie Reid", "out: toilet"):
        assert words in said
    assert looks(psc) == [("AS1", "open_student")]


def test_the_json_has_the_keys_of_the_contract(psc: Terminal) -> None:
    value = psc.json("student", "show", REID)
    assert list(value) == [
        "student", "name", "year", "form", "house", "key_worker", "outside", "today", "alerts", "contacts",
        "not_contacted", "kept_apart", "recorded", "exposure", "chronology",
    ]  # fmt: skip
    assert (value["student"], value["name"], value["outside"]) == (REID, "Reid, Callum", False)
    assert value["today"] == [{"room": "IER", "status": "out", "type": "internal_exclusion"}]
    assert [one["emergency"] for one in value["alerts"]] == [True, False]
    assert list(value["contacts"][0]) == ["name", "relationship", "responsibility", "language", "number", "email"]
    assert value["kept_apart"][0]["until"] == "2026-12-23"
    assert list(value["recorded"][0]) == ["at", "what", "by", "undone"]


def test_whom_home_may_not_ring_is_a_mark_without_a_name(psc: Terminal) -> None:
    with opened(psc.path) as file:
        file.execute(
            "UPDATE contact SET do_not_contact = 1 WHERE place ="
            " (SELECT max(place) FROM contact c WHERE c.student_id = contact.student_id)"
            " AND student_id = (SELECT id FROM student WHERE admission_no = ?)",
            (REID,),
        )
    said = psc("student", "show", REID).out
    assert "× do not contact" in said
    assert "Oakley" not in said
    assert psc.json("student", "show", REID)["not_contacted"] == 1


def test_a_head_of_year_outside_their_years_must_say_why(psc: Terminal) -> None:
    assert "Say why" in psc.refused("--as", "HY8", "student", "show", REID, code=3)
    assert psc.refused("--as", "HY8", "student", "show", REID, "--why", "  ", code=3)
    assert looks(psc) == []
    said = psc("--as", "HY8", "student", "show", REID, "--why", "his brother is mine")
    assert "Outside your years" in said.out
    assert looks(psc) == [("HY8", "open_student")]
    assert psc("--as", "HY10", "student", "show", REID).code == 0


def test_an_assistant_opens_nobody_who_is_not_in_a_room_today(psc: Terminal) -> None:
    with opened(psc.path) as file:
        other = file.value(
            "SELECT admission_no FROM student WHERE key_worker_id IS NULL AND left_on IS NULL AND id NOT IN"
            " (SELECT p.student_id FROM placement p JOIN placement_period pp ON pp.placement_id = p.id"
            " WHERE pp.on_day = '2026-11-23') ORDER BY id LIMIT 1"
        )
    psc.refused("student", "show", other, "--why", "curious", code=3)
    assert psc("--as", "CO1", "student", "show", other).code == 0


def test_a_name_that_fits_several_is_not_opened(psc: Terminal) -> None:
    psc.refused("student", "show", "Ali", code=2)
    psc.refused("student", "show", "Nobody Atall", code=2)
    assert looks(psc) == []


def test_who_viewed_lists_looks_prints_and_acts(psc: Terminal) -> None:
    psc("--as", "HY8", "student", "show", REID, "--why", "his brother is mine")
    psc("--as", "CO1", "roster", "--paper")
    value = psc.json("--as", "BL1", "audit", "who-viewed", REID)
    assert list(value) == ["student", "name", "looks", "prints", "acts"]
    assert [one["who"] for one in value["looks"]] == ["BL1", "HY8"]
    assert value["looks"][1]["why"] == "his brother is mine"
    assert list(value["looks"][0]) == ["at", "who", "name", "role", "what", "why"]
    assert [one["what"] for one in value["prints"]] == ["printed: log"]
    assert value["acts"][0]["what"] == "go out"
    said = psc("--as", "SG1", "audit", "who-viewed", REID, "--from", "23/11/2026").out
    assert "I. Sadiq (HY8), head of year" in said
    assert psc.json("--as", "BL1", "audit", "who-viewed", REID, "--from", "24/11/2026")["acts"] == []


def test_who_viewed_is_not_for_everybody(psc: Terminal) -> None:
    for code in ("AS1", "CO1", "HY10", "AD1"):
        psc.refused("--as", code, "audit", "who-viewed", REID, code=3)
    assert looks(psc) == []


def test_a_ledger_that_holds_is_said_to(psc: Terminal) -> None:
    psc("sign-out", REID, "--to", "lesson")
    said = psc("--as", "AD1", "audit", "verify")
    assert (said.code, said.err) == (0, "")
    assert "The ledger holds" in said.out
    value = psc.json("--as", "BL1", "audit", "verify")
    assert list(value) == ["holds", "lines", "proven"]
    assert value["holds"] is True
    assert value["lines"] > value["proven"] > 0  # the sample was made on another machine


def test_a_ledger_that_was_tampered_with_ends_with_exit_code_5_and_names_the_line(psc: Terminal) -> None:
    psc("sign-out", REID, "--to", "lesson")
    with engine.connect(psc.path) as raw:
        last = raw.execute("SELECT max(seq) FROM ledger").fetchone()[0]
        for name in guards(("ledger",)):
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE ledger SET actor = 'CO1' WHERE seq = ?", (last,))
        for statement in guards(("ledger",)).values():
            raw.execute(statement)
    words = psc.refused("--as", "BL1", "audit", "verify", code=5)
    assert f"line {last}" in words
    assert "Reid" not in words
