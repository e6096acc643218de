"""A student's export from end to end: all of it, nobody else's name, only after review, and the ledger first."""

from __future__ import annotations

import errno
import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psc.desk.acts import undo
from psc.desk.lending import bar_student
from psc.errors import NoSpace, NotAllowed, NotUnderstood, PscError, ReadOnly, Refused
from psc.flows.merge import MOVED, merge_students
from psc.flows.student_export import (
    Review,
    decided,
    export_student,
    prepare_export,
    read_release,
    read_review,
    review_text,
)
from psc.incidents.actions import agree_action
from psc.incidents.addenda import add_addendum
from psc.incidents.incidents import Account, Adult, Part, amend_incident, record_incident, the_incident
from psc.incidents.investigations import add_investigation_event, open_investigation
from psc.incidents.notes import write_note, write_restricted_note
from psc.incidents.statements import Taken, Whose, note_conflict, take_statement
from psc.overview.audit import who_looked
from psc.overview.held_reading import LOOKED
from psc.overview.held_tables import ELSEWHERE, HELD, LEFT_OUT
from psc.overview.redaction import Decision, Kind
from psc.prints.student_file import release, student_file_json, student_file_page, write_new
from psc.roster.keep_apart import keep_apart
from psc.text import fold
from tests.school import at

if TYPE_CHECKING:
    from pathlib import Path

    from psc.flows.student_export import Prepared
    from tests.school import School

REID, OKAFOR, KHAN, NOVAK = 1, 2, 4, 10
TAKEN = Taken(("Khan pushed Amara first", "then O'Brien laughed"), at("08:00"), at("08:10"))


def a_story(school: School) -> int:
    """Let some things be recorded of Reid, most of them with others; returns the incident's id."""
    desk, lead = school.desk("BL1"), school.desk("SG1")
    said = Account("Fight", "Callum and Bilal Khan fought, AMARA watched", place="Corridor", antecedent="khan shouted")
    there = (Part(REID, "involved"), Part(KHAN, "target"), Part(OKAFOR, "witness"))
    adults = (Adult(7, "", "witness"), Adult(None, "Mrs Pym", "hurt"))
    incident = desk.do(record_incident(said, there, adults, at=at("08:05"))).value
    seen = the_incident(school.file, incident).versions[-1].id
    desk.do(amend_incident(incident, said._replace(behaviour="Callum and Bilal fought"), "Wrong name", seen=seen))
    desk.do(add_addendum("incident", incident, "Petra Novak saw it too, Mrs Pym says"))
    first = desk.do(take_statement(incident, Whose(REID, role="involved"), TAKEN)).value
    second = desk.do(take_statement(incident, Whose(KHAN, role="target"), TAKEN._replace(pages=("I did not",)))).value
    desk.do(note_conflict(first, "Khan says he did not", other_id=second))
    desk.do(agree_action("Ring Bilal’s mother", owner_id=5, incident_id=incident))
    found = desk.do(open_investigation("The corridor", [incident], "Who pushed Khan")).value
    desk.do(add_investigation_event(found, "Bilal seen on camera", source="CCTV", at=at("08:04")))
    desk.do(write_note(REID, "Rang home: he was with Łukasz and Ellie Marsh", "contact with home"))
    lead.do(write_restricted_note(REID, "Told me about Petra"))
    lead.do(keep_apart(REID, KHAN, "Since the fight with Bilal"))
    return int(incident)


def accepted(prepared: Prepared, decision: Decision = Decision.REDACT) -> Review:
    return decided(prepared, prepared.proposals, decision).review


def open_records(prepared: Prepared) -> Review:
    """Return a review that takes every name out, and gives every record out."""
    whole = decided(prepared, prepared.proposals, Decision.REDACT)
    return decided(whole, [one for one in whole.proposals if one.kind is Kind.RECORD], Decision.KEEP).review


def words_of(value: Any) -> list[str]:
    """Return all words in a JSON value that somebody may have typed."""
    if isinstance(value, dict):
        return [word for each in value.values() for word in words_of(each)]
    if isinstance(value, list):
        return [word for each in value for word in words_of(each)]
    return fold(value).split() if isinstance(value, str) else []


NAMES = {"okafor", "amara", "obrien", "lukasz", "khan", "bilal", "marsh", "ellie", "novak", "petra"}


def test_every_table_is_given_out_or_said_to_hold_nothing(school: School) -> None:
    there = {name for (name,) in school.file.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    there -= {"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"}
    listed = [*HELD, *ELSEWHERE, *LEFT_OUT]
    assert len(listed) == len(set(listed))
    assert there - set(listed) == set(), "a table that holds something on a student goes into HELD"
    assert set(listed) - there == set()
    assert {table for table, _, _ in MOVED} <= HELD.keys()
    # and whatever names a student, or a fact of one, is given out: from the file's own foreign keys
    for table in LEFT_OUT:
        named = {row[2] for row in school.file.rows(f'PRAGMA foreign_key_list("{table}")')}
        assert not named & (HELD.keys() - {"investigation"}), table


def test_the_whole_story_is_in_it_and_nobody_elses_name(school: School, tmp_path: Path) -> None:
    a_story(school)
    desk = school.desk("BL1")
    prepared = prepare_export(desk, REID)
    page, told = release(desk, REID, open_records(prepared), tmp_path)
    value = json.loads(told.read_text("utf-8"))
    assert not NAMES & set(words_of(value["records"]))
    assert not any(name in fold(page.read_text("utf-8")).split() for name in NAMES)
    records = value["records"]
    assert [one["behaviour"] for one in records["incident_version"]] == [
        "Callum and [another student] fought, [another student] watched",
        "Callum and [another student] fought",
    ]
    assert [one["other_student"] for one in records["incident_student"] if "other_student" in one] == [
        "[another student]"
    ] * 2
    assert [one["text"] for one in records["incident_addendum"]] == [
        "[another student] saw it too, [another person] says"
    ]
    assert records["incident_adult"][0]["staff"] == "Kit Bose (KB)"
    assert records["incident_adult"][1]["name"] == "[another person]"
    assert [one["pages_1"] for one in records["statement_version"]] == [
        "[another student] pushed [another student] first",
        "I did not",
    ]
    assert records["keep_apart"][0]["reason"] == "Since the fight with [another student]"
    assert len(records["note"]) == 2
    assert len(records["investigation_event"]) == len(records["agreed_action"]) == 1
    assert {one["act"] for one in records[LOOKED]} >= {"record incident", "write note"}
    assert records["student"][0]["surname"] == "Reid"
    assert {page.stat().st_mode & 0o777, told.stat().st_mode & 0o777} == {0o600}
    assert "Content-Security-Policy" in page.read_text("utf-8")
    for name in ("reid", "callum", "1001"):
        assert name not in page.name + told.name


def test_what_is_withheld_whole_is_not_in_it(school: School, tmp_path: Path) -> None:
    a_story(school)
    desk = school.desk("BL1")
    _, told = release(desk, REID, accepted(prepare_export(desk, REID)), tmp_path)
    text = told.read_text("utf-8")
    assert "I did not" not in text
    assert "Told me about" not in text
    assert "Rang home" in text


def test_what_was_taken_back_is_in_it_and_says_so(school: School) -> None:
    desk = school.desk("BL1")
    desk.do(write_note(REID, "A slip of the keyboard"))
    desk.do(undo())
    held = prepare_export(desk, REID).held
    (note,) = held.of("note")
    assert ("taken_back", "undone") in [(leaf.name, leaf.value) for leaf in note.leaves]


def test_nothing_is_released_while_one_is_undecided_and_what_came_since_is_asked_again(
    school: School, tmp_path: Path
) -> None:
    a_story(school)
    desk = school.desk("BL1")
    prepared = prepare_export(desk, REID)
    with pytest.raises(Refused, match="not decided"):
        release(desk, REID, Review(), tmp_path)
    review = open_records(prepared)
    desk.do(write_note(REID, "Bilal again"))
    with pytest.raises(Refused, match="1 proposal is not decided"):
        release(desk, REID, review, tmp_path)
    assert [one for one in tmp_path.iterdir() if one.name.startswith("psc-student")] == []


def test_the_ledger_has_it_before_a_byte_reaches_the_disk(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = school.desk("BL1")
    review = accepted(prepare_export(desk, REID))
    lines = school.file.value("SELECT max(seq) FROM ledger")

    def full(half: Path, path: Path) -> None:
        assert school.file.value("SELECT act FROM ledger WHERE seq = ?", (lines + 1,)) == "export_student"
        if path.suffix == ".json":
            raise OSError(errno.ENOSPC, "full")
        half.rename(path)

    before = sorted(one.name for one in tmp_path.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr("psc.prints.student_file.link_new", full)
        with pytest.raises(NoSpace):
            release(desk, REID, review, tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == before
    tmp_path.chmod(0o500)
    if os.geteuid():  # to root nothing is read-only
        with pytest.raises(ReadOnly):
            release(desk, REID, review, tmp_path)
    tmp_path.chmod(0o700)
    detail = json.loads(school.file.value("SELECT json FROM ledger_detail WHERE seq = ?", (lines + 1,)))
    assert detail["step"] == "released"
    assert set(detail["counts"]) == {"records", "redacted", "kept"}
    assert len(detail["digest"]) == 64
    said = [one.what for one in who_looked(desk, REID).prints]
    assert "export of everything held: released" in said
    assert "export of everything held: prepared" in said


def test_no_file_is_written_over_and_both_are_there_or_none(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    second.write_text("mine")
    with pytest.raises(Refused):
        write_new({first: b"1", second: b"2"})
    assert not first.exists()
    assert second.read_text() == "mine"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b"]
    write_new({first: b"1"})
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


@pytest.mark.parametrize("code", ["AS1", "CO1", "HY8", "SG1", "AD1", "KB", "CV1"])
def test_it_is_the_behaviour_leads_alone(school: School, code: str) -> None:
    with pytest.raises(NotAllowed):
        prepare_export(school.desk(code), REID)
    with pytest.raises(NotAllowed):
        read_release(school.desk(code), REID, Review())


def test_whoever_is_barred_from_anybody_in_it_exports_none_of_it(school: School) -> None:
    a_story(school)
    school.desk("AD1").do(bar_student(5, OKAFOR, "Relative"))
    with pytest.raises(NotAllowed, match="only be exported whole"):
        prepare_export(school.desk("BL1"), REID)
    school.desk("AD1").do(bar_student(5, REID, "Relative"))
    with pytest.raises(NotAllowed):
        prepare_export(school.desk("BL1"), REID)


def test_what_stood_under_a_merged_record_is_in_it_once(school: School) -> None:
    a_story(school)
    school.desk("CO1").do(write_note(OKAFOR, "The same girl"))
    school.desk("CO1", "office").do(merge_students(OKAFOR, NOVAK))
    held = prepare_export(school.desk("BL1"), NOVAK).held
    assert [leaf.value for one in held.of("note_version") for leaf in one.leaves if leaf.name == "text"] == [
        "The same girl"
    ]
    assert {one for one in held.own if one} >= {"Okafor", "Amara", "Novak", "Petra"}
    with pytest.raises(PscError):
        prepare_export(school.desk("BL1"), OKAFOR)


# The review as a file


def test_a_review_file_decides_one_by_one_and_all_alike(school: School) -> None:
    a_story(school)
    desk = school.desk("BL1")
    prepared = prepare_export(desk, REID)
    value = json.loads(review_text(prepared, school.file.file_id))
    assert not read_review(json.dumps(value), prepared, school.file.file_id).decisions
    value["also"] = ["home"]
    for name in value["words"]:
        value["words"][name] = "REDACT"
    for one in value["proposals"]:
        one["decision"] = "keep" if one["kind"] == "record" else ""
    review = read_review(json.dumps(value), prepared, school.file.file_id)
    left = prepared.with_review(review).undecided
    assert {one.text.casefold() for one in left} == {"home"}
    value["words"]["added: home"] = "keep"
    review = read_review(json.dumps(value), prepared, school.file.file_id)
    assert {one.text for one in prepared.with_review(review).undecided} <= {"Home"}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", "[" * 9000, '{"proposals": 1, "words": {}, "also": []}', "\x00", '{"proposals": [{}]}'],
)
def test_what_is_no_review_is_refused(school: School, text: str) -> None:
    prepared = prepare_export(school.desk("BL1"), REID)
    with pytest.raises(NotUnderstood, match="no review file"):
        read_review(text, prepared, school.file.file_id)


def test_a_review_of_another_student_or_with_a_wrong_word_is_refused(school: School) -> None:
    a_story(school)
    desk = school.desk("BL1")
    prepared, other = prepare_export(desk, REID), prepare_export(desk, OKAFOR)
    with pytest.raises(NotUnderstood, match="another student"):
        read_review(review_text(other, school.file.file_id), prepared, school.file.file_id)
    with pytest.raises(NotUnderstood, match="another student"):
        read_review(review_text(prepared, "elsewhere"), prepared, school.file.file_id)
    value = json.loads(review_text(prepared, school.file.file_id))
    value["proposals"][0]["decision"] = "maybe"
    with pytest.raises(NotUnderstood, match="no decision"):
        read_review(json.dumps(value), prepared, school.file.file_id)
    value["also"] = ["x" * 101]
    with pytest.raises(NotUnderstood, match="too much"):
        read_review(json.dumps(value), prepared, school.file.file_id)


def test_a_step_that_is_none_is_refused(school: School) -> None:
    with pytest.raises(NotUnderstood):
        school.desk("BL1").do(export_student(REID, "sold"))


# Any text, any name

_WORDS = st.sampled_from(
    [
        "Khan",
        "khan’s",
        "BILAL",
        "Amara-Okafor",
        "obrien",
        "Łukasz",
        "PETRA",
        "Mr Khan",
        "<b>",
        "[/",
        "\x1b[1m",
        "=1+1",
        "\n",
    ]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(_WORDS, st.text(max_size=20)), min_size=1, max_size=12))
def test_no_other_students_name_is_left_whatever_was_typed(school: School, parts: list[str]) -> None:
    desk = school.desk("BL1")
    typed = " ".join(parts)
    try:
        desk.do(write_note(REID, typed))
    except NotUnderstood:  # nothing but what is not kept
        return
    prepared = prepare_export(desk, REID)
    released = read_release(desk, REID, accepted(prepared))
    value = json.loads(student_file_json(released, school.file.zone))
    assert not NAMES & set(words_of(value["records"]))
    page = student_file_page(released, school.file.zone)
    assert not NAMES & set(fold(page).split())
    assert "<script" not in page
    assert "\x1b" not in page
