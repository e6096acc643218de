"""The chronology: everything of a student, newest first, in as many reads whatever there is, and to each their part."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psc.desk.lending import bar_student
from psc.incidents.actions import agree_action
from psc.incidents.addenda import add_addendum
from psc.incidents.notes import write_note, write_restricted_note
from psc.incidents.statements import Whose, take_statement
from psc.overview.chronology import StoryKind, chronology
from psc.overview.profile import open_profile
from psc.overview.story import GROUPS, StoryEntry, picked
from psc.roster.events import EventKind, plan_event
from psc.roster.held import Holding, hold_item
from psc.roster.home import tell_home
from psc.roster.keep_apart import keep_apart
from psc.roster.placements import PlacementType
from psc.roster.raising import raise_referral
from psc.school.alerts import add_alert
from tests.incidents.restrained import record
from tests.incidents.test_statements import SAID
from tests.overview.test_exposure import suspend
from tests.roster.homes import give_contacts
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, MONDAY, TUESDAY, School, at

if TYPE_CHECKING:
    from collections.abc import Sequence

REID, OKAFOR, KHAN = 1, 2, 4


def told(school: School, code: str = "CO1", student: int = REID, **options: object) -> tuple[StoryEntry, ...]:
    """Return a student's story as somebody has it."""
    staff = school.desk(code).staff()
    return chronology(school.file, student, staff, school.clock.now(), **options)  # type: ignore[arg-type]


def words(story: Sequence[StoryEntry], kind: StoryKind) -> list[str]:
    return [one.words for one in story if one.kind is kind]


def a_life(school: School) -> None:
    """Give Reid something of every kind."""
    lead, one, office = school.desk("SG1"), school.desk(), school.desk("CO1")
    give_contacts(school, REID)
    suspend(school, REID, FRIDAY_BEFORE)
    set_clock(school, "08:30")
    lead.do(add_alert(REID, "strategy", "Sit near the door"))
    school.book(REID)
    school.file.execute(
        "INSERT INTO behaviour_record (student_id, key, on_day, at, type, behaviour, activity, location, period,"
        " subject, class_code, staff, recorded_by, comments, points, action, outcome, status, import_seq)"
        " VALUES (1, 'b1', '2026-11-19', '', 'Negative', 'Defiance', '', 'S3', 'P2', 'Science', '', 'K. Bose', '',"
        " 'Walked out', -2, 'Detention', '', '', 1)"
    )
    for half, code in (("AM", "/"), ("PM", "L")):
        school.file.execute("INSERT INTO attendance_session VALUES (1, '2026-11-18', ?, ?, NULL, 1)", (half, code))
    office.do(plan_event(REID, TUESDAY, at("11:00").time(), at("12:00").time(), EventKind.MUSIC, "drums"))
    office.do(raise_referral(OKAFOR, PlacementType.INTERNAL_EXCLUSION, "Defiance", "tomorrow", "Refused"))
    office.do(raise_referral(REID, PlacementType.INTERNAL_EXCLUSION, "Truancy", "tomorrow", "Not in maths"))
    office.do(keep_apart(REID, OKAFOR, "Fought"))
    play(school, REID, "08:50 in, 09:20 out toilet, 09:30 back")
    held = hold_item(REID, Holding.CONFISCATED, "vape", why="smelt", searched_by="J. Smith", kept_where="safe")
    one.do(held)
    office.do(tell_home(REID, "mother, Sagal Jama", "phone", "told", "calm"))
    record(school)
    incident = school.file.value("SELECT id FROM incident")
    one.do(add_addendum("incident", incident, "He said sorry."))
    one.do(take_statement(incident, Whose(REID, role="involved"), SAID))
    one.do(write_note(REID, "Ate nothing today.\nAsked him twice."))
    office.do(write_note(REID, "Mother is ill", visibility="year team"))
    lead.do(write_restricted_note(REID, "Disclosed something"))
    office.do(agree_action("Ring the school nurse", owner_id=3, student_id=REID))


def test_it_has_something_of_every_kind_newest_first(school: School) -> None:
    a_life(school)
    story = told(school, "SG1")
    kinds = {one.kind for one in story}
    assert kinds == set(StoryKind) - {StoryKind.PROGRAMME}
    assert [one.happened for one in story] == sorted((one.happened for one in story), reverse=True)
    assert len({one.key for one in story}) == len(story)
    assert set().union(*GROUPS.values()) == set(StoryKind), "each kind is picked by a key"
    assert words(story, StoryKind.VISIT) == ["In IER 08:50, still there"]
    assert words(story, StoryKind.BEHAVIOUR) == ["Negative: Defiance · -2 points · P2 Science"]
    assert words(story, StoryKind.ATTENDANCE) == ["Register: PM L late, before the register closed"]
    assert words(story, StoryKind.HOME) == ["Home told (phone): mother, Sagal Jama"]
    assert words(story, StoryKind.SUSPENSION) == ["Suspended: Head decided"]
    assert words(story, StoryKind.HELD) == ["Confiscated: vape"]
    assert words(story, StoryKind.APART) == ["To be kept apart from Okafor, Amara 9B until 23 Dec: Fought"]
    assert next(one.others for one in story if one.kind is StoryKind.APART) == (OKAFOR,)
    assert words(story, StoryKind.RESTRICTIVE) == ["Restraint, 4 minutes · not reviewed"]
    assert words(story, StoryKind.ACTION) == ["Agreed: Ring the school nurse · M. Adebayo, due 30 Nov"]
    assert "Okafor" not in "".join(f"{one.words} {one.more}" for one in story if not one.others)


def test_each_role_has_its_part_and_nothing_else(school: School) -> None:
    a_life(school)
    lead, office, one = told(school, "SG1"), told(school), told(school, "AS1")
    assert {"Ate nothing today.", "Mother is ill", "restricted note: opening it is kept"} == set(
        words(lead, StoryKind.NOTE)
    )
    assert {"Ate nothing today.", "Mother is ill", "restricted note: ask the safeguarding lead"} == set(
        words(office, StoryKind.NOTE)
    )
    assert {"Ate nothing today.", "restricted note: ask the safeguarding lead"} == set(words(one, StoryKind.NOTE))
    assert StoryKind.SUSPENSION not in {each.kind for each in one}
    assert StoryKind.ACTION not in {each.kind for each in one}, "neither theirs nor theirs to see"
    everything = " ".join(f"{each.words} {each.more} {each.by}" for each in (*office, *one))
    assert "Disclosed" not in everything
    # Another assistant was not there: they know that there is a record, and not what the incident says of force.
    other = told(school, "AS2")
    assert words(other, StoryKind.RESTRICTIVE) == ["force or seclusion recorded: restricted"]
    assert not any("orce used" in each.more for each in other)
    assert any("orce used" in each.more for each in one)
    assert StoryKind.STATEMENT not in {each.kind for each in other}


def test_who_may_not_open_the_student_has_nothing_and_who_gave_a_reason_has_no_records(school: School) -> None:
    a_life(school)
    assert told(school, "HY8") == ()
    assert told(school, "KB") == ()
    assert told(school, "AD1") == ()
    open_profile(school.desk("HY8"), REID, "sheet", why="a sibling")
    seen = {one.kind for one in told(school, "HY8", outside=True)}
    assert {StoryKind.VISIT, StoryKind.ALERT, StoryKind.BEHAVIOUR} <= seen
    assert not seen & {StoryKind.INCIDENT, StoryKind.NOTE, StoryKind.STATEMENT, StoryKind.RESTRICTIVE}
    school.clock.moment = at("09:00", TUESDAY)
    assert told(school, "AS1") == (), "not placed in a room today"


def test_whoever_is_barred_has_nothing_and_nobody_else_of_it_by_name(school: School) -> None:
    a_life(school)
    school.desk("AD1").do(bar_student(3, OKAFOR, "a relative"))
    story = told(school)
    assert words(story, StoryKind.APART) == ["To be kept apart from a student not shown to you until 23 Dec: Fought"]
    assert StoryKind.INCIDENT not in {one.kind for one in story}, "she is in it"
    assert all(one.others == () for one in story)
    school.desk("AD1").do(bar_student(3, REID, "a relative"))
    assert told(school) == ()


def test_what_is_taken_back_is_gone(school: School) -> None:
    from psc.desk.acts import undo

    school.book(REID)
    set_clock(school, "08:50")
    play(school, REID, "08:50 in")
    assert words(told(school), StoryKind.VISIT)
    school.desk().do(undo())
    assert not words(told(school), StoryKind.VISIT)


def test_days_and_kinds_can_be_asked_for(school: School) -> None:
    a_life(school)
    whole = told(school, "SG1")
    assert told(school, "SG1", last=FRIDAY_BEFORE) == tuple(one for one in whole if one.happened < at("00:00", MONDAY))
    monday = told(school, "SG1", first=MONDAY, last=MONDAY)
    assert {one.day(school.file.zone) for one in monday} == {MONDAY}
    assert {one.kind for one in told(school, "SG1", kinds={StoryKind.NOTE})} == {StoryKind.NOTE}


def test_it_asks_the_file_as_often_however_much_there_is(school: School) -> None:
    a_life(school)

    def asked() -> int:
        seen: list[str] = []
        school.file.conn.set_trace_callback(seen.append)
        told(school, "SG1")
        school.file.conn.set_trace_callback(None)
        return len(seen)

    before = asked()
    for number in range(5):
        school.clock.forward(minutes=1)
        school.desk().do(write_note(REID, f"Note {number}"))
        school.desk("CO1").do(tell_home(REID, "mother, Sagal Jama", "phone", "no answer"))
        record(school)
    assert asked() <= before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(max_size=40), groups=st.sets(st.sampled_from(list(GROUPS))))
def test_any_text_may_be_looked_for(text: str, groups: set[str]) -> None:
    entries = [
        StoryEntry(at("09:00") + timedelta(minutes=n), at("09:00"), kind, f"[b] {kind} {text}", "", "", None, ("x", n))
        for n, kind in enumerate(StoryKind)
    ]
    haystacks = {one.key: one.haystack for one in entries}
    found = picked(entries, groups, text, haystacks)
    wanted = {kind for name in groups for kind in GROUPS[name]} or set(StoryKind)
    assert {one.kind for one in found} == wanted


@pytest.mark.parametrize(("typed", "found"), [("zolc", True), ("ZOL 9", True), ("olc", False), ("  ", True)])
def test_accents_case_and_order_do_not_matter(typed: str, found: bool) -> None:
    one = StoryEntry(at("09:00"), at("09:00"), StoryKind.NOTE, "9 lives of Żółć", "", "", None, ("note", 1))
    assert bool(picked([one], (), typed, {one.key: one.haystack})) is found


def test_a_suspension_in_the_register_is_an_absence_to_who_sees_no_suspensions(school: School) -> None:
    school.book(REID)
    school.file.conn.executemany(
        "INSERT INTO attendance_session (student_id, on_day, half, code, minutes_late, import_seq)"
        " VALUES (?, ?, ?, 'E', NULL, 1)",
        [(REID, FRIDAY_BEFORE.isoformat(), half) for half in ("AM", "PM")],
    )
    assert "suspended" in words(told(school), StoryKind.ATTENDANCE)[0]
    assert words(told(school, "AS1"), StoryKind.ATTENDANCE) == ["Register: All day absent"]
