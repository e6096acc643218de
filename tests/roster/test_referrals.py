"""Referrals: raised, decided by somebody else, booked by the same act; every refusal says who, when and what to do."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from psc.desk.acts import Desk, undo
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, Refused
from psc.flows.bookings import cancel_booking
from psc.flows.referrals import decide_referral
from psc.overview.referrals import one_item, to_decide, what_waits
from psc.roster.confirmations import Outcome as Settled
from psc.roster.confirmations import confirmations_on, settle_removal
from psc.roster.keep_apart import keep_apart
from psc.roster.placements import PeriodState, PlacementType
from psc.roster.raising import raise_referral, withdraw_referral
from psc.roster.referrals import Outcome, State, referral_by_id
from psc.roster.waiting import stop_waiting
from tests.desk.refusals import refused
from tests.roster.homes import give_contacts
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY, School, at

if TYPE_CHECKING:
    from psc.desk.acts import Call
    from psc.overview.referrals import Referred

KHAN, MARSH, OKAFOR = 4, 5, 2
"""Two of year 8, whose head of year is HY8, and one of year 9."""


def asking(student: int = KHAN, when: str = "tomorrow", **more: Any) -> Call[int]:
    """Return the referral that most tests begin with."""
    given: dict[str, Any] = {"type": PlacementType.INTERNAL_EXCLUSION, "reason": "Defiance", "facts": "Threw a chair."}
    given |= more
    return raise_referral(student, given.pop("type"), given.pop("reason"), when, given.pop("facts"), **given)


def raised(school: School, code: str = "AS1", student: int = KHAN, when: str = "tomorrow", **more: Any) -> int:
    return int(school.desk(code).do(asking(student, when, **more)).value)


def item(school: School, referral: int, code: str = "CO1") -> Referred:
    return one_item(school.file, referral, school.desk(code).staff(), school.clock.now())


def give_sen(school: School, student: int, sen: str = "K") -> None:
    school.file.execute("UPDATE student SET sen = ? WHERE id = ?", (sen, student))


# Raising


def test_a_referral_keeps_all_that_was_said_of_it(school: School) -> None:
    school.clock.moment = at("11:40")
    one = referral_by_id(
        school.file,
        raised(
            school, when="2 days from tomorrow", facts="Line one\n\n  Line two", tried="Moved  seat",
            others="Two friends", place="S3", period="P3", subject="Science", teacher="kb", room_id=PSC,
        ),
    )  # fmt: skip
    assert (one.student_id, one.by, one.name, one.at, one.day) == (KHAN, "AS1", "J. Smith", at("11:40"), MONDAY)
    assert (one.facts, one.tried, one.others) == ("Line one\n\nLine two", "Moved seat", "Two friends")
    assert (one.place, one.period, one.subject, one.room_id) == ("S3", "P3", "Science", PSC)
    assert one.teacher == "KB", "a code of the staff list, as the list writes it"
    assert one.stage is State.REQUESTED


def test_when_it_is_for_still_means_the_same_days_later(school: School) -> None:
    school.clock.moment = at("14:00", FRIDAY_BEFORE)
    one = raised(school, when="2 days from Tuesday")
    assert referral_by_id(school.file, one).asked == "Tue 24–Wed 25 Nov, all lessons"
    school.clock.moment = at("09:00")
    assert item(school, one).when == "Tue 24–Wed 25 Nov, all lessons"
    assert item(school, one).days == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reason": "x" * 400}, "The reason has 400 characters; 60 fit."),
        ({"place": "x" * 400}, "The place has 400 characters"),
        ({"tried": "x" * 400}, "what was tried has 400 characters"),
        ({"others": "x" * 400}, "who else was involved has 400 characters"),
        ({"teacher": "x" * 400}, "The teacher has 400 characters"),
        ({"facts": "x" * 4_001}, "has 4,001 characters; 4,000 fit."),
        ({"facts": " \n "}, "Say what happened."),
        ({"reason": ""}, "Say why"),
        ({"when": ""}, "Say when and how long"),
        ({"when": "soonish"}, "soonish"),
        ({"when": "Sat"}, "not a school day"),
        ({"type": PlacementType.REMOVAL}, "A removal never waits to be approved."),
        ({"type": PlacementType.TIME_OUT}, "A time out never waits"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(school: School, more: dict[str, Any], said: str) -> None:
    assert said in refused(school.desk(), asking(**more))


def test_facts_of_four_thousand_characters_are_kept_whole(school: School) -> None:
    one = raised(school, facts="x" * 4_000)
    assert len(referral_by_id(school.file, one).facts) == 4_000


def test_a_teacher_who_is_not_on_the_staff_list_is_kept_as_typed(school: School) -> None:
    assert referral_by_id(school.file, raised(school, teacher="Mx Zed, supply")).teacher == "Mx Zed, supply"
    assert referral_by_id(school.file, raised(school, teacher="kit bose")).teacher == "KB"


@pytest.mark.parametrize("sen", ["K", "E"])
def test_of_a_student_with_send_the_adjustment_considered_is_asked(school: School, sen: str) -> None:
    give_sen(school, KHAN, sen)
    assert "Which adjustment was considered?" in refused(school.desk(), asking(), kind=NeedsReason)
    assert "Why was none needed?" in refused(school.desk(), asking(adjustment="None needed."), kind=NeedsReason)
    one = raised(school, adjustment="none needed: the pass was offered")
    assert referral_by_id(school.file, one).adjustment == "none needed: the pass was offered"
    assert referral_by_id(school.file, raised(school, student=OKAFOR)).adjustment == ""


def test_a_head_of_year_refers_own_years_only(school: School) -> None:
    raised(school, "HY8")
    assert "outside" in refused(school.desk("HY8"), asking(OKAFOR), kind=NotAllowed)


def test_who_raised_it_may_undo_it_until_it_is_decided(school: School) -> None:
    one = raised(school)
    school.desk().do(undo())
    assert "taken back" in refused(school.desk("CO1"), decide_referral(one, Outcome.APPROVED), kind=Refused)
    two = raised(school)
    school.desk("CO1").do(decide_referral(two, Outcome.DECLINED, "Talk first"))
    assert "built on" in refused(school.desk(), undo(), kind=Refused)


# Deciding


def test_approving_books_what_was_asked_in_the_same_act(school: School) -> None:
    one = raised(school, when="tomorrow P2-P4", teacher="KB")
    done = school.desk("CO1").do(decide_referral(one, Outcome.APPROVED))
    found = item(school, one)
    assert (found.state, found.room, found.when) == (State.BOOKED, "IER", "Tue 24 Nov P2–P4")
    decision = found.referral.decision
    assert decision is not None
    assert (decision.outcome, decision.by, decision.name) == (Outcome.APPROVED, "CO1", "M. Adebayo")
    row = next(one for one in school.board("CO1", TUESDAY).rows if one.student_id == KHAN)
    assert (row.reason, row.sent_by, row.planned) == ("Defiance", "KB", True)
    assert school.file.value("SELECT count(DISTINCT seq) FROM placement WHERE seq = ?", (done.seq,)) == 1


def test_undoing_an_approval_takes_the_booking_back_too(school: School) -> None:
    one = raised(school)
    desk = school.desk("CO1")
    desk.do(decide_referral(one, Outcome.APPROVED))
    desk.do(undo())
    assert item(school, one).state is State.REQUESTED
    assert not school.board("CO1", TUESDAY).rows


def test_approving_with_changes_books_what_it_was_changed_to_and_keeps_what_was_asked(school: School) -> None:
    one = raised(school, when="3 days from tomorrow")
    desk = school.desk("CO1")
    call = decide_referral(one, Outcome.CHANGED, "One day is enough", asked="tomorrow", reason="Truancy", room_id=PSC)
    desk.do(call)
    found = item(school, one)
    assert (found.state, found.room, found.when) == (State.BOOKED, "PSC", "Tue 24 Nov, all lessons")
    assert found.referral.reason == "Defiance"
    assert found.referral.asked == "Tue 24–Thu 26 Nov, all lessons"
    assert found.referral.stands_as[1] == "Truancy"


def test_a_change_says_why_and_changes_something(school: School) -> None:
    one = raised(school)
    desk = school.desk("CO1")
    changed = decide_referral(one, Outcome.CHANGED, asked="Wed")
    assert "needs a reason" in refused(desk, changed, kind=NeedsReason)
    same = decide_referral(one, Outcome.CHANGED, "Why", asked="tomorrow", room_id=IER, reason="Defiance")
    assert "Nothing is changed." in refused(desk, same, kind=Refused)
    both = decide_referral(one, Outcome.APPROVED, asked="Wed")
    assert "Approve it with changes" in refused(desk, both, kind=NotUnderstood)
    assert "400 characters" in refused(desk, decide_referral(one, Outcome.DECLINED, "x" * 400), kind=NotUnderstood)


def test_declining_needs_a_reason_that_whoever_asked_is_shown(school: School) -> None:
    one = raised(school)
    assert "needs a reason" in refused(school.desk("CO1"), decide_referral(one, Outcome.DECLINED), kind=NeedsReason)
    school.desk("CO1").do(decide_referral(one, Outcome.DECLINED, "Restorative talk first"))
    found = item(school, one, "AS1")
    assert found.state is State.DECLINED
    assert found.referral.decision is not None
    assert found.referral.decision.why == "Restorative talk first"


def test_whoever_refers_does_not_decide_and_is_told_who_raised_it(school: School) -> None:
    one = raised(school, "HY8")
    for outcome, why in ((Outcome.APPROVED, ""), (Outcome.DECLINED, "no")):
        words = refused(school.desk("HY8"), decide_referral(one, outcome, why), kind=Refused)
        assert "S. Hill (HY8) raised this referral on Mon 23 Nov" in words
    two = raised(school, "CO1")
    assert "M. Adebayo (CO1) raised" in refused(school.desk("CO1"), decide_referral(two, Outcome.APPROVED))
    assert item(school, two, "CO1").not_mine.startswith("you raised it")


def test_signing_in_again_elsewhere_or_undoing_makes_nobody_else_of_the_referrer(school: School) -> None:
    one = raised(school, "CO1")
    elsewhere = school.desk("CO1", "another terminal")
    assert "raised this referral" in refused(elsewhere, decide_referral(one, Outcome.APPROVED))
    # A coordinator withdraws it: undone, it is as it was raised, and still the same person's.
    school.desk("CO1").do(withdraw_referral(one, "a slip"))
    school.desk("CO1").do(undo())
    assert "raised this referral" in refused(school.desk("CO1"), decide_referral(one, Outcome.APPROVED))


def test_whoever_told_somebody_else_to_type_it_does_not_decide_it(school: School) -> None:
    one = int(school.desk("AS1").do(asking(), told_by="M. Adebayo").value)
    words = refused(school.desk("CO1"), decide_referral(one, Outcome.APPROVED))
    assert "J. Smith (AS1), told by M. Adebayo raised this referral" in words
    school.desk("BL1").do(decide_referral(one, Outcome.APPROVED))


def test_a_second_decision_is_told_who_decided_and_when(school: School) -> None:
    school.clock.moment = at("11:50")
    one = raised(school)
    school.desk("CO1").do(decide_referral(one, Outcome.DECLINED, "Not yet"))
    school.clock.forward(minutes=3)
    words = refused(school.desk("BL1"), decide_referral(one, Outcome.APPROVED), kind=Refused)
    assert "M. Adebayo (CO1) declined it on Mon 23 Nov at 11:50: Not yet." in words
    assert "M. Adebayo (CO1) declined it" in refused(school.desk(), withdraw_referral(one, "late"), kind=Refused)


def test_of_two_terminals_that_decide_at_once_one_is_told_of_the_other(school: School) -> None:
    one = raised(school)
    said: list[object] = []
    start = threading.Barrier(2)

    def decide(code: str) -> None:
        file = school.another()
        try:
            start.wait()
            said.append(Desk(file, school.clock, code, code).do_patiently(decide_referral(one, Outcome.APPROVED)))
        except Refused as error:
            said.append(str(error))
        finally:
            file.close()

    both = [threading.Thread(target=decide, args=(code,)) for code in ("CO1", "BL1")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    told = [each for each in said if isinstance(each, str)]
    assert len(said) == 2
    assert len(told) == 1
    assert "approved it on Mon 23 Nov" in told[0]
    assert school.file.value("SELECT count(*) FROM placement") == 1


def test_a_head_of_year_approves_own_years_up_to_the_set_days(school: School) -> None:
    short, long, other = raised(school, when="tomorrow, Wed"), raised(school, student=MARSH, when="3 days from Tue"), 0
    other = raised(school, student=OKAFOR)
    desk = school.desk("HY8")
    desk.do(decide_referral(short, Outcome.APPROVED))
    words = refused(desk, decide_referral(long, Outcome.APPROVED), kind=NotAllowed)
    assert "That is 3 school days; a head of year approves up to 2." in words
    assert "A coordinator or the behaviour lead may approve it." in words
    desk.do(decide_referral(long, Outcome.CHANGED, "Two are enough", asked="2 days from Tue"))
    assert "outside" in refused(desk, decide_referral(other, Outcome.APPROVED), kind=NotAllowed)


def test_a_head_of_year_may_decline_what_is_too_long_to_approve(school: School) -> None:
    one = raised(school, when="3 days from tomorrow")
    school.desk("HY8").do(decide_referral(one, Outcome.DECLINED, "Too much"))
    assert item(school, one).state is State.DECLINED


def test_days_that_have_passed_are_not_approved_but_changed(school: School) -> None:
    school.clock.moment = at("12:30")
    one, two = raised(school, when="today P5"), raised(school, student=MARSH, when="tomorrow")
    school.clock.moment = at("14:55")
    assert "Today P5 has passed." in refused(school.desk("CO1"), decide_referral(one, Outcome.APPROVED), kind=Refused)
    school.clock.moment = at("09:00", TUESDAY + timedelta(days=1))
    words = refused(school.desk("CO1"), decide_referral(two, Outcome.APPROVED), kind=Refused)
    assert "24 Nov P1 has passed. Approve it with changes" in words
    school.desk("CO1").do(decide_referral(two, Outcome.CHANGED, "It was too late", asked="tomorrow"))
    assert item(school, two).when == "Thu 26 Nov, all lessons"


def test_what_needs_a_reason_to_be_booked_needs_it_here_too(school: School) -> None:
    school.book(KHAN, "P2", room=PSC, days=(TUESDAY,))
    one = raised(school)
    words = refused(school.desk("CO1"), decide_referral(one, Outcome.APPROVED), kind=NeedsReason)
    assert "Placed in PSC for Tue 24 Nov P2" in words
    school.desk("CO1").do(decide_referral(one, Outcome.APPROVED, override="Agreed with the centre"))
    assert item(school, one).state is State.BOOKED


def test_a_head_of_year_is_not_told_whom_of_another_year_their_student_is_kept_apart_from(school: School) -> None:
    school.desk("CO1").do(keep_apart(KHAN, OKAFOR, "Fight on Friday"))
    school.book(OKAFOR, days=(TUESDAY,))
    one = raised(school)
    words = refused(school.desk("HY8"), decide_referral(one, Outcome.APPROVED), kind=NeedsReason)
    assert "kept apart from a student not shown to you" in words
    assert "Okafor" not in words
    assert "Okafor" in refused(school.desk("CO1"), decide_referral(one, Outcome.APPROVED), kind=NeedsReason)


def test_a_full_room_puts_on_the_waiting_list_when_the_decider_says_so(school: School) -> None:
    for student in (1, 2, 3, 6):
        school.book(student, days=(TUESDAY,))
    one = raised(school)
    words = refused(school.desk("CO1"), decide_referral(one, Outcome.APPROVED), kind=NeedsReason)
    assert "Internal Exclusion Room is full for Tue 24 Nov" in words
    assert "last seat taken by M. Adebayo" in words
    school.desk("CO1").do(decide_referral(one, Outcome.APPROVED, wait=True))
    assert item(school, one).state is State.WAITING
    waits = what_waits(school.file, school.desk("CO1").staff(), school.clock.now())
    assert [each.referral.id for each in waits.for_seat] == [one]
    assert waits.to_decide == ()


def test_whoever_waited_and_is_booked_without_a_word_of_the_referral_is_booked(school: School) -> None:
    for student in (1, 2, 3, 6):
        school.book(student, days=(TUESDAY,))
    one = raised(school)
    school.desk("CO1").do(decide_referral(one, Outcome.APPROVED, wait=True))
    school.book(KHAN, days=(TUESDAY + timedelta(days=1),))
    assert item(school, one).state is State.BOOKED


def test_a_seat_that_is_free_is_booked_though_waiting_was_allowed(school: School) -> None:
    one = raised(school)
    school.desk("CO1").do(decide_referral(one, Outcome.APPROVED, wait=True))
    assert item(school, one).state is State.BOOKED


def test_a_booking_cancelled_or_a_wait_ended_leaves_it_cancelled(school: School) -> None:
    one = raised(school)
    school.desk("CO1").do(decide_referral(one, Outcome.APPROVED))
    (placement,) = referral_by_id(school.file, one).placements
    school.desk("CO1").do(cancel_booking(placement, "Ill"))
    assert item(school, one).state is State.CANCELLED
    for student in (1, 2, 3, 6):
        school.book(student, days=(TUESDAY,))
    two = raised(school, student=MARSH)
    school.desk("CO1").do(decide_referral(two, Outcome.APPROVED, wait=True))
    waiting = referral_by_id(school.file, two).waiting_id
    assert waiting is not None
    school.desk("CO1").do(stop_waiting(waiting, "Settled"))
    assert item(school, two).state is State.CANCELLED


def test_how_a_placement_was_served_is_how_its_referral_ended(school: School) -> None:
    set_clock(school, "08:30")
    one = raised(school, when="today P1-P2")
    school.desk("CO1").do(decide_referral(one, Outcome.APPROVED))
    play(school, KHAN, "08:50 in")
    from psc.roster.checks import mark_check

    set_clock(school, "09:55")
    assert item(school, one).state is State.BOOKED
    school.desk().do(mark_check(school.placed(KHAN, "P1"), 3))
    set_clock(school, "10:51")
    assert item(school, one).state is State.BOOKED, "its last check is still to come"
    school.desk().do(mark_check(school.placed(KHAN, "P2"), 1))
    assert item(school, one).state is State.PART_SERVED
    school.desk().do(mark_check(school.placed(KHAN, "P2"), 2))
    assert item(school, one).state is State.SERVED


@pytest.mark.parametrize(
    ("states", "came", "ended"),
    [
        ([PeriodState.SERVED, PeriodState.WAIVED], True, State.SERVED),
        ([PeriodState.SERVED, PeriodState.NOT_COMPLETED], True, State.PART_SERVED),
        ([PeriodState.NOT_COMPLETED], False, State.NOT_COMPLETED),
        ([PeriodState.CARRIED, PeriodState.SERVED], True, State.SERVED),
        ([], True, State.ATTENDED),
        ([], False, State.DID_NOT_COME),
    ],
)
def test_how_it_ended(states: list[PeriodState], came: bool, ended: State) -> None:
    from psc.overview.referral_ends import ended_as

    assert ended_as(states, came=came) is ended


# Withdrawing


def test_whoever_raised_it_or_a_coordinator_withdraws_it_with_a_reason(school: School) -> None:
    one, two = raised(school), raised(school, student=MARSH)
    assert "needs a reason" in refused(school.desk(), withdraw_referral(one, " "), kind=NeedsReason)
    words = refused(school.desk("AS2"), withdraw_referral(one, "x"), kind=NotAllowed)
    assert "J. Smith (AS1) raised it." in words
    school.desk().do(withdraw_referral(one, "Settled in class"))
    school.desk("CO1").do(withdraw_referral(two, "Twice the same"))
    assert [item(school, each).state for each in (one, two)] == [State.WITHDRAWN, State.WITHDRAWN]


# Who sees what


def test_each_role_sees_its_own_list(school: School) -> None:
    mine, other, placed = raised(school), raised(school, "CO1", OKAFOR), raised(school, "CO1", 1)
    school.book(1)

    def seen(code: str) -> set[int]:
        waits = what_waits(school.file, school.desk(code).staff(), school.clock.now())
        return {one.referral.id for one in waits.to_decide}

    assert seen("CO1") == {mine, other, placed}
    assert seen("HY8") == {mine}
    assert seen("AS1") == {mine, placed}, "what they raised, and the students of today"
    assert seen("AS2") == {placed}
    for code in ("AD1", "CV1"):
        with pytest.raises(NotAllowed):
            seen(code)


def test_a_barred_student_is_in_nobody_s_list_who_is_barred_from_them(school: School) -> None:
    from tests.desk.test_looks import bar

    one = raised(school)
    bar(school, "AS1", KHAN)
    bar(school, "CO1", KHAN)
    for code in ("AS1", "CO1"):
        assert what_waits(school.file, school.desk(code).staff(), school.clock.now()).to_decide == ()
    assert to_decide(school.file, school.desk("CO1").staff(), MONDAY) == 0
    assert "not shown" in refused(school.desk("CO1"), decide_referral(one, Outcome.APPROVED), kind=NotAllowed)


def test_the_count_is_of_those_one_may_decide(school: School) -> None:
    raised(school)
    raised(school, "CO1", OKAFOR)
    counts = {code: to_decide(school.file, school.desk(code).staff(), MONDAY) for code in ("CO1", "BL1", "HY8", "AS1")}
    assert counts == {"CO1": 1, "BL1": 2, "HY8": 1, "AS1": 0}


def test_what_home_was_told_since_stands_with_it(school: School) -> None:
    from psc.overview.referrals import home_said
    from psc.roster.home import tell_home

    give_contacts(school, KHAN)
    school.clock.moment = at("10:00")
    school.desk("CO1").do(tell_home(KHAN, "mother, Sagal Jama", "phone", "told"))
    school.clock.moment = at("10:30")
    one = raised(school)
    zone = school.file.zone
    assert home_said(item(school, one).home, zone, MONDAY) == "home not told yet"
    school.clock.moment = at("10:40")
    school.desk("CO1").do(tell_home(KHAN, "mother, Sagal Jama", "phone", "no answer"))
    assert home_said(item(school, one).home, zone, MONDAY) == "home not told yet: no answer 10:40 (phone) by CO1"
    school.clock.moment = at("11:02")
    school.desk("CO1").do(tell_home(KHAN, "mother, Sagal Jama", "email", "told"))
    assert home_said(item(school, one).home, zone, MONDAY) == "home told 11:02 (email) by CO1"
    assert item(school, one).told


# Removals at the door


def removal(school: School, student: int = KHAN) -> int:
    from psc.flows.walk_in import walk_in

    set_clock(school, "09:10")
    school.desk().do(walk_in(student, IER, PlacementType.REMOVAL, "Defiance", sent_by=7))
    return int(school.file.value("SELECT max(id) FROM placement"))


def test_a_removal_never_waits_and_stands_in_the_list_until_it_is_confirmed(school: School) -> None:
    placement = removal(school)
    assert school.row(KHAN).inside
    (one,) = what_waits(school.file, school.desk("CO1").staff(), school.clock.now()).to_confirm
    assert (one.placement_id, one.student.id, one.sender, one.days) == (placement, KHAN, "K. Bose", 0)
    school.clock.moment = at("09:00", TUESDAY)
    (one,) = what_waits(school.file, school.desk("CO1").staff(), school.clock.now()).to_confirm
    assert one.days == 1, "what nobody confirmed the same day is still there the next"
    school.desk("CO1").do(settle_removal(placement, Settled.CONFIRMED))
    assert what_waits(school.file, school.desk("CO1").staff(), school.clock.now()).to_confirm == ()


def test_confirming_a_removal_of_a_student_with_send_asks_which_adjustment_was_considered(school: School) -> None:
    give_sen(school, KHAN, "E")
    placement = removal(school)
    desk = school.desk("CO1")
    for call in (
        settle_removal(placement, Settled.CONFIRMED),
        settle_removal(placement, Settled.CHANGED, "Fighting"),
        settle_removal(placement, Settled.CONFIRMED, adjustment="none needed"),
    ):
        assert "Which adjustment was considered?" in refused(desk, call, kind=NeedsReason)
    desk.do(settle_removal(placement, Settled.CONFIRMED, adjustment="none needed: the aide was there"))
    assert confirmations_on(school.file, MONDAY)[placement].adjustment == "none needed: the aide was there"


def test_a_removal_that_is_ended_asks_for_no_adjustment(school: School) -> None:
    give_sen(school, KHAN)
    placement = removal(school)
    school.desk("CO1").do(settle_removal(placement, Settled.ENDED, "Back to lessons"))
    assert confirmations_on(school.file, MONDAY)[placement].outcome is Settled.ENDED
