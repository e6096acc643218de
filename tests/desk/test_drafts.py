"""Drafts: for their author alone, in place, cleaned, for a week, and never an error to whoever types."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psc.database.driver import engine
from psc.desk.drafts import KEPT_FOR, LONGEST, draft_of, drop_draft, drop_old_drafts, keep_draft
from tests.school import School, at, make_school

if TYPE_CHECKING:
    from pathlib import Path

JO, OLA = 1, 2
NOW = at("09:14")


def kept(school: School) -> list[tuple[object, ...]]:
    """Return every draft there is, whoever its author."""
    return school.file.rows("SELECT staff_id, form, about FROM draft ORDER BY 1, 2, 3")


def test_a_draft_is_its_authors_alone(school: School) -> None:
    assert keep_draft(school.file, JO, "tell home", "student 1", {"note": "no answer"}, NOW)
    assert draft_of(school.file, OLA, "tell home", "student 1") is None
    assert draft_of(school.file, JO, "tell home", "student 2") is None
    assert draft_of(school.file, JO, "confiscate", "student 1") is None
    drop_draft(school.file, OLA, "tell home", "student 1")
    found = draft_of(school.file, JO, "tell home", "student 1")
    assert found
    assert found.typed == {"note": "no answer"}
    assert found.saved == NOW


def test_the_newest_stands_whichever_terminal_wrote_it(school: School) -> None:
    other = school.another()
    keep_draft(school.file, JO, "new here", "", {"surname": "Iva"}, NOW)
    keep_draft(other, JO, "new here", "", {"surname": "Ivanova"}, NOW + timedelta(seconds=1))
    assert len(kept(school)) == 1
    found = draft_of(school.file, JO, "new here", "")
    assert found
    assert found.typed == {"surname": "Ivanova"}
    drop_draft(school.file, JO, "new here", "")
    drop_draft(other, JO, "new here", "")
    assert not kept(school)
    other.close()


def test_a_draft_is_no_act(school: School) -> None:
    before = school.file.value("SELECT max(seq) FROM ledger")
    keep_draft(school.file, JO, "new here", "", {"surname": "Iva"}, NOW)
    drop_draft(school.file, JO, "new here", "")
    assert school.file.value("SELECT max(seq) FROM ledger") == before


def test_after_a_week_it_is_gone(school: School) -> None:
    keep_draft(school.file, JO, "new here", "", {"surname": "Iva"}, NOW - KEPT_FOR - timedelta(seconds=1))
    keep_draft(school.file, OLA, "new here", "", {"surname": "Iva"}, NOW - KEPT_FOR + timedelta(seconds=1))
    drop_old_drafts(school.file, NOW)
    assert kept(school) == [(OLA, "new here", "")]


def test_it_says_when_it_was_kept_as_people_do(school: School) -> None:
    keep_draft(school.file, JO, "new here", "", {"surname": "Iva"}, NOW)
    found = draft_of(school.file, JO, "new here", "")
    assert found
    assert found.when(at("11:00"), school.file.zone) == "09:14"
    assert found.when(at("11:00") + timedelta(days=1), school.file.zone) == "Mon 23 Nov 09:14"


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=40), max_size=4))
def test_whatever_was_typed_is_kept_clean(tmp_path_factory: pytest.TempPathFactory, typed: dict[str, str]) -> None:
    school = SCHOOL.setdefault(0, make_school(tmp_path_factory.mktemp("drafts"))) if not SCHOOL else SCHOOL[0]
    assert keep_draft(school.file, JO, "any", "", {name: text for name, text in typed.items() if _fits(name)}, NOW)
    found = draft_of(school.file, JO, "any", "")
    assert found
    assert not any(ord(one) < 32 and one != "\n" for text in found.typed.values() for one in text)


SCHOOL: dict[int, School] = {}


def _fits(name: str) -> bool:
    return name.isascii()


def test_it_holds_no_more_than_its_limit(school: School) -> None:
    keep_draft(school.file, JO, "any", "", {"one": "x" * (LONGEST - 1), "two": "yyy", "three": "z"}, NOW)
    found = draft_of(school.file, JO, "any", "")
    assert found
    assert sum(map(len, found.typed.values())) == LONGEST
    assert (found.typed["two"], found.typed["three"]) == ("y", "")


def test_what_somebody_made_of_the_row_is_no_error(school: School) -> None:
    keep_draft(school.file, JO, "any", "", {"one": "x"}, NOW)
    for json in ("[1, 2]", "7", '"text"', "null"):
        school.file.execute("UPDATE draft SET json = ?", (json,))
        assert draft_of(school.file, JO, "any", "") is None
    school.file.execute("UPDATE draft SET json = ?", ('{"one": 7, "two": null}',))
    found = draft_of(school.file, JO, "any", "")
    assert found
    assert found.typed == {"one": "7", "two": "None"}


def test_another_terminal_that_writes_just_now_is_no_error(school: School) -> None:
    school.file.execute("PRAGMA busy_timeout = 10")
    other = school.another()
    other.conn.execute("BEGIN IMMEDIATE")
    assert not keep_draft(school.file, JO, "any", "", {"one": "x"}, NOW)
    drop_draft(school.file, JO, "any", "")
    drop_old_drafts(school.file, NOW)
    other.conn.execute("ROLLBACK")
    assert keep_draft(school.file, JO, "any", "", {"one": "x"}, NOW)
    other.close()


def test_a_full_disk_is_no_error(school: School) -> None:
    pages = school.file.value("PRAGMA page_count")
    school.file.execute(f"PRAGMA max_page_count = {pages}")
    assert not keep_draft(school.file, JO, "any", "", {"one": "x" * LONGEST}, NOW)
    assert draft_of(school.file, JO, "any", "") is None


def test_a_file_that_cannot_be_written_is_no_error(school: School, tmp_path: Path) -> None:
    school.file.execute("PRAGMA query_only = ON")
    assert not keep_draft(school.file, JO, "any", "", {"one": "x"}, NOW)
    assert draft_of(school.file, JO, "any", "") is None


def test_a_fault_of_ours_is_not_swallowed(school: School) -> None:
    school.file.execute("DROP TABLE draft")
    with pytest.raises(engine.Error):
        keep_draft(school.file, JO, "any", "", {"one": "x"}, NOW)
