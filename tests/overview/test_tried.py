"""Steps already tried come from the record, in words, and name no other student."""

from __future__ import annotations

from datetime import timedelta

import pytest

from psc.desk.permissions import PERMISSIONS
from psc.errors import NotAllowed
from psc.flows.referrals import decide_referral
from psc.flows.walk_in import walk_in
from psc.overview.referring import prefill
from psc.overview.tried import first_day_back, placed_since, tried
from psc.roster.checks import mark_check
from psc.roster.home import tell_home
from psc.roster.keep_apart import keep_apart
from psc.roster.placements import PlacementType
from psc.roster.raising import raise_referral
from psc.roster.referrals import Outcome
from psc.roster.welfare import check_welfare
from tests.roster.homes import give_contacts
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY, School, at

KHAN = 4


def said(school: School, student: int = KHAN) -> str:
    return "\n".join(tried(school.file, student, school.clock.now().date()))


def test_nothing_on_record_is_said_too(school: School) -> None:
    assert said(school) == "Nothing is on record of the last 6 school weeks."


def test_placements_stand_by_type_with_reasons_and_days(school: School) -> None:
    school.book(KHAN, "P1 P2", days=(FRIDAY_BEFORE, MONDAY), reason="Fighting")
    school.book(KHAN, "P3", room=PSC, type=PlacementType.REGULATION, reason="Overwhelmed in lesson")
    school.book(KHAN, days=(TUESDAY,), type=PlacementType.MISSED_DETENTION, reason="Truancy")
    school.clock.moment = at("15:00")
    lines = tried(school.file, KHAN, MONDAY)
    assert "Internal exclusion, 1 time, 2 days: Fighting (20–23 Nov)" in lines
    assert "Regulation, 1 time, 1 day: Overwhelmed in lesson (23 Nov)" in lines
    assert "Truancy" not in said(school), "what is only booked was not tried yet"


def test_checks_welfare_home_and_keep_apart_are_counted(school: School) -> None:
    give_contacts(school, KHAN)
    school.book(KHAN, "P1 P2")
    visit = play(school, KHAN, "08:52 in")
    set_clock(school, "09:40")
    school.desk().do(check_welfare(visit, "upset"))
    school.desk().do(mark_check(school.placed(KHAN, "P1"), 3))
    school.desk().do(mark_check(school.placed(KHAN, "P1"), 1))
    set_clock(school, "10:00")
    school.desk("CO1").do(tell_home(KHAN, "mother, Sagal Jama", "phone", "no answer"))
    assert "Home tried 1 time and not told, last on 23 Nov at 10:00 (phone)" in said(school)
    school.desk("CO1").do(tell_home(KHAN, "mother, Sagal Jama", "phone", "told"))
    school.desk("CO1").do(keep_apart(KHAN, 1, "Fought with Callum Reid"))
    words = said(school)
    assert "Period checks: 1.0 of 4 over 1 period" in words, "the latest check of a period counts"
    assert "Welfare checks, 1: upset 1" in words
    assert "Home told 1 time, last on 23 Nov at 10:00 (phone)" in words
    assert "To be kept apart from another student until 23 Dec" in words
    for name in ("Reid", "Callum", "Jama", "Sagal"):
        assert name not in words


def test_a_reason_that_names_another_student_is_left_out_whole(school: School) -> None:
    school.book(KHAN, "P1", reason="Hit Amara Okafor")
    school.book(KHAN, "P2", reason="Reid pushed first")
    school.book(KHAN, "P3", reason="Bilal asked for a break")
    words = said(school)
    for name in ("Okafor", "Amara", "Reid"):
        assert name not in words
    assert "Bilal asked for a break" in words, "their own name is their own"
    assert "Internal exclusion, 3 times, 3 days" in words
    assert "Okafor" not in "\n".join(placed_since(school.file, KHAN, MONDAY, MONDAY))


def test_earlier_referrals_stand_there_with_what_became_of_them(school: School) -> None:
    one = (
        school.desk()
        .do(raise_referral(KHAN, PlacementType.INTERNAL_EXCLUSION, "Defiance", "tomorrow", "Threw a chair."))
        .value
    )
    assert "Referred" not in said(school), "it is not decided"
    school.desk("CO1").do(decide_referral(one, Outcome.DECLINED, "Talk first"))
    assert "Referred on 23 Nov for Internal exclusion: declined" in said(school)
    assert "Referred" not in "\n".join(tried(school.file, KHAN, MONDAY, besides=one))


def test_what_was_taken_back_or_lies_too_far_back_was_not_tried(school: School) -> None:
    from psc.desk.acts import undo

    school.book(KHAN, "P1")
    school.desk("CO1", "office").do(undo())
    assert "Internal exclusion" not in said(school)
    school.file.execute("INSERT INTO setting (name, value, from_day, seq) VALUES ('tried_weeks', '1', '2026-09-01', 1)")
    school.book(KHAN, "P1", days=(MONDAY,))
    school.clock.moment = at("09:00", MONDAY + timedelta(days=11))
    assert said(school) == "Nothing is on record of the last 1 school week."
    assert first_day_back(school.file, MONDAY + timedelta(days=11), 1) == MONDAY + timedelta(days=7)


def test_a_removal_counts_with_the_reason_it_was_changed_to(school: School) -> None:
    from psc.roster.confirmations import Outcome as Settled
    from psc.roster.confirmations import settle_removal

    set_clock(school, "09:10")
    school.desk().do(walk_in(KHAN, IER, PlacementType.REMOVAL, "Defiance"))
    placement = school.file.value("SELECT max(id) FROM placement")
    school.desk("CO1").do(settle_removal(placement, Settled.CHANGED, "Fighting"))
    assert "Removal, 1 time, 1 day: Fighting (23 Nov)" in said(school)


def test_a_form_begins_with_the_lesson_that_was_last_under_way(school: School) -> None:
    staff = school.desk().staff()
    set_clock(school, "11:40")
    known = prefill(school.file, 2, staff, school.clock.now())
    assert (known.period, known.place, known.subject, known.teacher) == ("P3", "S3", "Science", "KB")
    set_clock(school, "12:20")
    known = prefill(school.file, 2, staff, school.clock.now())
    assert (known.period, known.subject) == ("P4", "")
    set_clock(school, "08:30")
    assert prefill(school.file, 2, staff, school.clock.now()).period == ""


def test_the_record_is_for_whoever_may_refer_the_student(school: School) -> None:
    for code in ("HY8", "CV1", "AD1"):
        with pytest.raises(NotAllowed):
            prefill(school.file, 2, school.desk(code).staff(), school.clock.now())
    assert set(PERMISSIONS["raise_referral"]) <= set(PERMISSIONS["see_referrals"])


def test_a_term_is_listed_newest_first(school: School) -> None:
    from psc.overview.referrals import all_since

    for student in (4, 5):
        school.desk().do(
            raise_referral(student, PlacementType.INTERNAL_EXCLUSION, "Defiance", "tomorrow", "Threw a chair.")
        )
    every = all_since(school.file, school.desk("CO1").staff(), MONDAY, school.clock.now())
    assert [one.referral.id for one in every] == [2, 1], "newest first"
