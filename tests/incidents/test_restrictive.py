"""Restrictive records: who writes them, what they cannot do without, how they are corrected, reviewed, signed off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from psc.desk.acts import undo
from psc.desk.lending import bar_student
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, PscError, Refused
from psc.incidents.addenda import add_addendum
from psc.incidents.incidents import Adult, Part
from psc.incidents.restriction import Hand, Restriction
from psc.incidents.restrictive import amend_restrictive, restrictive_of, the_restrictive, write_restrictive
from psc.incidents.restrictive_steps import (
    open_restrictive,
    review_restrictive,
    sign_off_restrictive,
    tell_of_restrictive,
)
from psc.overview.incident_parts import NOT_SHOWN
from psc.overview.restrictive import MARKER, open_the_restrictive, restrictive_lines_for
from tests.incidents.restrained import (
    FORCE,
    HELD,
    JO,
    KHAN,
    KIT,
    MAYA,
    OKAFOR,
    REID,
    RUTH,
    give_two_parents,
    incident,
    record,
)
from tests.school import MONDAY, TUESDAY, at

if TYPE_CHECKING:
    from tests.school import School


def test_the_record_says_all_that_was_written_and_counts_whole_minutes(school: School) -> None:
    said = HELD._replace(
        ends=at("10:24") + timedelta(seconds=59), plan="followed", medical="Nurse 10:40", view="He said sorry.",
        witnesses="K. Bose", debrief="At lunch, with R. Okoro",
    )  # fmt: skip
    found = the_restrictive(school.file, record(school, said))
    assert found.now == said
    assert found.now.minutes == 4
    assert (found.first.by, found.first.why) == ("J. Smith", "")


@pytest.mark.parametrize(
    ("starts", "ends", "minutes"),
    [
        # the night on which the clocks go back: 01:30 comes twice
        (datetime(2026, 10, 25, 0, 50, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC), 20),
        # and forward: there is no 01:30
        (datetime(2026, 3, 29, 0, 50, tzinfo=UTC), datetime(2026, 3, 29, 1, 10, tzinfo=UTC), 20),
        (at("10:20"), at("10:20"), 0),
        (at("10:20"), at("10:20") + timedelta(seconds=59), 0),
    ],
)
def test_minutes_are_those_that_passed_whatever_the_clock_shows(starts: datetime, ends: datetime, minutes: int) -> None:
    assert HELD._replace(starts=starts, ends=ends).minutes == minutes


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"type": "hold"}, NotUnderstood),
        ({"plan": "perhaps"}, NotUnderstood),
        ({"ends": at("10:19")}, Refused),
        ({"ends": at("10:31")}, Refused),
        ({"starts": at("10:19") - timedelta(days=1)}, Refused),
        ({"place": " "}, NotUnderstood),
        ({"staff": ()}, NotUnderstood),
        ({"staff": (Hand(None, " ", "held"),)}, NotUnderstood),
        ({"led_up": "\x1b"}, NotUnderstood),
        ({"injuries": ""}, NotUnderstood),
        ({"debrief": "x" * 20_001}, NotUnderstood),
    ],
)
def test_what_is_missing_too_long_or_cannot_be_is_not_saved(
    school: School, changes: dict[str, Any], error: type[PscError]
) -> None:
    one = incident(school)
    with pytest.raises(error):
        school.desk().do(write_restrictive(one, REID, HELD._replace(**changes)))
    assert restrictive_of(school.file, (one,)) == ()


@pytest.mark.parametrize(
    ("by", "adults", "may"),
    [
        ("AS1", (), True),  # who recorded the incident
        ("AS2", (), False),
        ("CO1", (), False),  # a coordinator who was not there reviews
        ("CO1", (Adult(MAYA, "", "witness"),), True),
        ("CV1", (Adult(8, "", "involved"),), True),
        ("HY8", (Adult(4, "", "hurt"),), True),
        ("AD1", (Adult(6, "", "involved"),), False),
    ],
)
def test_it_is_written_by_who_recorded_the_incident_or_was_there(
    school: School, by: str, adults: tuple[Adult, ...], may: bool
) -> None:
    one = incident(school, adults=adults)
    call = write_restrictive(one, REID, HELD)
    if may:
        done = school.desk(by).do(call)
        assert done.students == (REID,)  # and nothing on the other student's record
        assert the_restrictive(school.file, done.value).first.code == by
    else:
        with pytest.raises(NotAllowed):
            school.desk(by).do(call)


def test_it_is_about_a_student_of_the_incident(school: School) -> None:
    one = incident(school)
    with pytest.raises(NotUnderstood):
        school.desk().do(write_restrictive(one, KHAN, HELD))


def test_two_of_one_time_need_a_reason_and_two_of_two_times_do_not(school: School) -> None:
    one = incident(school)
    record(school, of=one)
    with pytest.raises(NeedsReason, match="Smith has written a record"):
        school.desk().do(write_restrictive(one, REID, HELD._replace(starts=at("10:22"))))
    school.desk().do(write_restrictive(one, REID, HELD._replace(starts=at("10:26"), ends=at("10:27"))))
    school.desk().do(write_restrictive(one, OKAFOR, HELD))
    school.desk().do(write_restrictive(one, REID, HELD, override="Seen from the other side"))
    assert [(found.student_id, found.now.minutes) for found in restrictive_of(school.file, (one,))] == [
        (REID, 4), (OKAFOR, 4), (REID, 4), (REID, 1),
    ]  # fmt: skip


def test_its_author_corrects_it_with_a_reason_and_every_version_stays(school: School) -> None:
    one = record(school)
    first = the_restrictive(school.file, one).versions[-1].id
    better = HELD._replace(ends=at("10:25"), staff=(*HELD.staff, Hand(KIT, "K. Bose", "door")))
    with pytest.raises(NeedsReason):
        school.desk().do(amend_restrictive(one, better, " ", seen=first))
    with pytest.raises(NotAllowed):
        school.desk("CO1").do(amend_restrictive(one, better, "No", seen=first))
    school.desk().do(amend_restrictive(one, better, "CCTV", seen=first))
    found = the_restrictive(school.file, one)
    assert [said.restriction for said in found.versions] == [HELD, better]
    with pytest.raises(Refused, match="Smith has amended it"):
        school.desk().do(amend_restrictive(one, HELD, "No", seen=first))


def test_after_a_day_it_is_only_added_to(school: School) -> None:
    one = record(school)
    school.clock.forward(minutes=24 * 60)
    seen = the_restrictive(school.file, one).versions[-1].id
    with pytest.raises(Refused, match="locked"):
        school.desk().do(amend_restrictive(one, HELD, "Late", seen=seen))
    school.desk("CO1").do(add_addendum("restrictive", one, "The nurse saw him again."))
    opened = open_the_restrictive(school.desk("BL1"), one)
    assert [(each.text, each.by) for each in opened.addenda] == [("The nurse saw him again.", "M. Adebayo")]
    assert opened.not_amend.startswith("only who wrote it")


def review(school: School, one: int, by: str = "CO1", text: str = "Read with both adults.") -> None:
    seen = the_restrictive(school.file, one).versions[-1].id
    school.desk(by).do(review_restrictive(one, text, seen=seen))


def sign(school: School, one: int, by: str = "BL1", text: str = "Proportionate.") -> None:
    seen = the_restrictive(school.file, one).versions[-1].id
    school.desk(by).do(sign_off_restrictive(one, text, seen=seen))


def test_a_coordinator_reviews_and_the_behaviour_lead_signs_off(school: School) -> None:
    one = record(school)
    with pytest.raises(Refused, match="Nobody has reviewed it"):
        sign(school, one)
    review(school, one)
    with pytest.raises(NotAllowed):
        sign(school, one, "CO1")
    sign(school, one)
    found = the_restrictive(school.file, one)
    assert [(each.kind, each.by) for each in found.reviews] == [("reviewed", "M. Adebayo"), ("signed off", "R. Okoro")]
    with pytest.raises(Refused, match="signed off"):
        sign(school, one)
    with pytest.raises(Refused, match="signed off"):
        school.desk().do(amend_restrictive(one, HELD, "No", seen=found.versions[-1].id))


def test_a_correction_after_the_review_asks_for_another_one(school: School) -> None:
    one = record(school)
    review(school, one)
    school.clock.forward(minutes=5)
    seen = the_restrictive(school.file, one).versions[-1].id
    school.desk().do(amend_restrictive(one, HELD._replace(injuries="A graze"), "Nurse", seen=seen))
    with pytest.raises(Refused, match="since it was corrected"):
        sign(school, one)
    with pytest.raises(Refused, match="has amended it"):
        school.desk("CO1").do(review_restrictive(one, "Read", seen=seen))
    review(school, one)
    sign(school, one)


@pytest.mark.parametrize(
    ("by", "staff", "adults"),
    [
        ("BL1", HELD.staff, ()),  # who wrote it
        ("AS1", (*HELD.staff, Hand(RUTH, "R. Okoro", "held a leg")), ()),  # who had a hand in it
        ("AS1", HELD.staff, (Adult(RUTH, "", "involved"),)),  # who was involved, says the incident
    ],
)
def test_nobody_reviews_or_signs_off_what_they_had_a_hand_in(
    school: School, by: str, staff: tuple[Hand, ...], adults: tuple[Adult, ...]
) -> None:
    one = record(school, HELD._replace(staff=staff), by=by, of=incident(school, by=by, adults=adults))
    with pytest.raises(NotAllowed, match="had a hand"):
        review(school, one, "BL1")
    review(school, one)
    with pytest.raises(NotAllowed, match="had a hand"):
        sign(school, one)
    opened = open_the_restrictive(school.desk("BL1"), one)
    assert opened.not_sign_off == opened.not_review == "you wrote it, or had a hand in it"


def test_a_hand_that_a_correction_left_out_is_still_a_hand(school: School) -> None:
    one = record(school, HELD._replace(staff=(Hand(RUTH, "R. Okoro", "held"),)))
    seen = the_restrictive(school.file, one).versions[-1].id
    school.desk().do(amend_restrictive(one, HELD, "It was not her", seen=seen))
    review(school, one)
    with pytest.raises(NotAllowed):
        sign(school, one)


def test_a_parent_is_told_or_it_is_withheld_and_the_authority_told(school: School) -> None:
    give_two_parents(school)
    one = record(school)
    lead = school.desk("BL1")
    school.desk().do(tell_of_restrictive(one, "mother", how="phone", outcome="no answer"))
    school.desk().do(tell_of_restrictive(one, "Sagal Jama", how="phone", outcome="told", note="Will come in"))
    for why, who in (("He has hit him", ""), ("", "A. Duty, MASH")):
        with pytest.raises(NotUnderstood):
            lead.do(tell_of_restrictive(one, "father", withheld=why, authority=who))
    withheld = tell_of_restrictive(one, "father", withheld="Risk of serious harm", authority="A. Duty, MASH")
    with pytest.raises(NotAllowed, match="those who lead"):
        school.desk().do(withheld)
    lead.do(withheld)
    told = the_restrictive(school.file, one).told
    assert [(each.contact, each.outcome, each.authority, each.ends) for each in told] == [
        ("mother, Sagal Jama", "no answer", "", False),
        ("mother, Sagal Jama", "told", "", True),
        ("father, Liban Reid", "", "A. Duty, MASH", True),
    ]
    assert school.file.value("SELECT count(*) FROM home_contact") == 2  # the board's record of home has both


def test_a_parent_is_not_told_before_it_happened_nor_in_the_future(school: School) -> None:
    give_two_parents(school)
    one = record(school)
    for when in (at("10:19"), at("10:31")):
        with pytest.raises(Refused):
            school.desk().do(tell_of_restrictive(one, "mother", how="phone", outcome="told", at=when))
    with pytest.raises(NotUnderstood):
        school.desk().do(tell_of_restrictive(one, "uncle", how="phone", outcome="told"))


def test_it_is_undone_while_nothing_stands_on_it(school: School) -> None:
    give_two_parents(school)
    of = incident(school)
    one = record(school, of=of)
    school.desk().do(undo())
    assert restrictive_of(school.file, (of,)) == ()
    with pytest.raises(NotUnderstood):
        the_restrictive(school.file, one)
    two = record(school, of=of)
    school.desk("CO1", "office").do(tell_of_restrictive(two, "mother", how="phone", outcome="told"))
    with pytest.raises(Refused, match="built on"):
        school.desk().do(undo())
    school.desk("CO1", "office").do(undo())
    assert the_restrictive(school.file, two).told == ()
    assert not school.file.value(
        "SELECT count(*) FROM home_contact h WHERE NOT EXISTS"
        " (SELECT 1 FROM retraction r WHERE r.fact = 'home_contact' AND r.fact_id = h.id)"
    )


def test_a_sign_off_is_undone_and_the_record_may_be_corrected_again(school: School) -> None:
    one = record(school)
    review(school, one)
    sign(school, one)
    school.desk("BL1").do(undo())
    assert the_restrictive(school.file, one).sign_off is None
    sign(school, one)


# Who sees it


@pytest.mark.parametrize(
    ("code", "sees"),
    [("AS1", True), ("AS2", False), ("CO1", True), ("HY8", False), ("BL1", True), ("SG1", True), ("AD1", False)],
)
def test_others_see_that_there_is_one_and_nothing_of_it(school: School, code: str, sees: bool) -> None:
    give_two_parents(school)
    of = incident(school)
    one = record(school, of=of)
    desk = school.desk(code)
    (line,) = restrictive_lines_for(school.file, (of,), desk.staff(), MONDAY)[of]
    if sees:
        assert line.words.startswith("restraint, Reid, Callum, 10:20–10:24 (4 min) · parents told 0 of 2")
        assert open_the_restrictive(desk, one).student == "Reid, Callum 10F"
        ((act,),) = school.file.rows("SELECT act FROM ledger ORDER BY seq DESC LIMIT 1")
        assert act == "open_restrictive"
    else:
        assert (line.state, line.words, line.restrictive_id, line.student_id) == ("marker", MARKER, None, None)
        before = school.file.value("SELECT max(seq) FROM ledger")
        with pytest.raises(NotAllowed):
            open_the_restrictive(desk, one)
        assert school.file.value("SELECT max(seq) FROM ledger") == before


def test_what_is_owed_is_said_to_who_may_see_the_record_alone(school: School) -> None:
    of = incident(school)
    (mine,) = restrictive_lines_for(school.file, (of,), school.desk().staff(), TUESDAY)[of]
    assert (mine.state, mine.words) == ("owed", "record of force to be written by Mon 23 Nov, overdue")
    (other,) = restrictive_lines_for(school.file, (of,), school.desk("AS2").staff(), TUESDAY)[of]
    assert other.state == "marker"


def test_a_head_of_year_sees_their_own_students_record_and_not_the_others(school: School) -> None:
    of = incident(school, students=(Part(KHAN, "involved"), Part(REID, "involved")))
    record(school, of=of, student=KHAN)
    record(school, of=of, student=REID)
    lines = restrictive_lines_for(school.file, (of,), school.desk("HY8").staff(), MONDAY)[of]
    assert [line.state for line in lines] == ["recorded", "marker"]


def test_whoever_is_barred_from_one_of_them_opens_none(school: School) -> None:
    one = record(school)
    school.desk("AD1").do(bar_student(MAYA, OKAFOR, "related"))
    with pytest.raises(NotAllowed):
        school.desk("CO1").do(open_restrictive(one))
    school.desk("AD1").do(bar_student(JO, OKAFOR, "related"))
    with pytest.raises(NotAllowed):  # its author as well
        school.desk().do(open_restrictive(one))


def test_who_may_not_see_the_contacts_reads_of_a_parent_and_not_why_it_is_withheld(school: School) -> None:
    give_two_parents(school)
    one = record(school)
    school.desk("BL1").do(tell_of_restrictive(one, "father", withheld="Risk of harm", authority="A. Duty"))
    told = open_the_restrictive(school.desk(), one).record.told[0]
    assert (told.contact, told.authority, "harm" in told.withheld) == ("father", "", False)
    assert open_the_restrictive(school.desk("CO1"), one).record.told[0].withheld == "Risk of harm"


def test_cover_who_was_there_reads_it_without_the_name_of_who_is_not_in_their_rooms(school: School) -> None:
    of = incident(school, adults=(Adult(8, "", "involved"),))
    one = record(school, of=of)
    assert open_the_restrictive(school.desk("CV1"), one).student == NOT_SHOWN


@pytest.mark.parametrize(
    ("type", "account", "contradicts"),
    [
        ("restraint", FORCE, False),
        ("restraint", FORCE._replace(force=False, prevented=True, kept_as="seclusion"), True),
        ("seclusion", FORCE._replace(force=False, prevented=True, kept_as="seclusion"), False),
        ("seclusion", FORCE._replace(prevented=True, kept_as="sanction"), True),
        ("seclusion", FORCE, True),
        ("non-contact", FORCE._replace(force=False), False),
    ],
)
def test_what_the_incident_answered_stands_beside_the_record_and_is_not_changed_by_it(
    school: School, type: str, account: Any, contradicts: bool
) -> None:
    of = incident(school, account)
    one = record(school, HELD._replace(type=type), of=of)
    opened = open_the_restrictive(school.desk(), one)
    assert bool(opened.contradicts) is contradicts
    assert opened.incident.now.kept_as == account.kept_as
    assert ("no force was used" in opened.answered) is not account.force


def test_anything_typed_is_kept_as_it_was_typed(school: School) -> None:
    odd = "[b]held[/] {x} \u202ea <i> \U0001f600 'DROP'\nsecond line"
    said = Restriction._make(HELD)._replace(led_up=odd, staff=(Hand(None, "[b]X", "}{"),))
    found = the_restrictive(school.file, record(school, said)).now
    assert found.led_up == odd.replace("\u202e", "")
    assert found.staff == said.staff
