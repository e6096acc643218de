"""Programme life on a file: booked by a pattern, changed, stepped through, ended; what clashes, what comes too late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from psc.desk.acts import undo
from psc.desk.lending import bar_student
from psc.errors import NeedsReason, NotAllowed, NotUnderstood, PscError, Refused
from psc.flows.plan_programme import Change, Plan, Wish, plan_wish
from psc.flows.programmes import book_programme, change_programme
from psc.overview.programmes import programmes_overdue, read_programmes
from psc.roster.patterns import read_pattern
from psc.roster.placement_types import PlacementType
from psc.roster.placements import placed_periods
from psc.roster.programmes import Programme, Stage, programme_by_id, programmes, step_programme
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, MONDAY, PSC, TUESDAY, School, at

LAST = date(2026, 12, 18)
"""The last day of the school's calendar."""


def day(number: int, month: int = 12) -> date:
    return date(2026, month, number)


def wish(student: int = 3, pattern: str = "Tue P1-P2, Thu P3", **other: Any) -> Wish:
    """A programme of three weeks from Tuesday on."""
    made = Wish(
        student, PSC, PlacementType.PSC_PROGRAMME, "Settling into lessons", "In 9 of 10 lessons", read_pattern(pattern),
        TUESDAY, day(11),
    )  # fmt: skip
    return made._replace(**other)


def booked(school: School, **other: Any) -> int:
    return school.desk("CO1").do(book_programme(wish(**other))).value


def stands(school: School, version: int) -> Programme:
    return programme_by_id(school.file, version)


def periods(school: School, version: int) -> str:
    """Return a programme's periods: `24.11 P1 P2; 26.11 P3`."""
    made: dict[date, list[str]] = {}
    for one in placed_periods(school.file, stands(school, version).placement_id):
        made.setdefault(one.day, []).append(one.period)
    return "; ".join(f"{on.day}.{on.month} {' '.join(sorted(names))}" for on, names in sorted(made.items()))


def plan(school: School, asked: Wish) -> Plan:
    now = school.clock.now()
    return plan_wish(school.file, asked, now, now.date(), frozenset())


def refused(school: School, asked: Wish) -> str:
    with pytest.raises(PscError) as error:
        school.desk("CO1").do(book_programme(asked))
    assert school.file.value("SELECT count(*) FROM programme") == 0
    return str(error.value)


def test_a_pattern_becomes_periods_and_the_days_are_chosen(school: School) -> None:
    version = booked(school)
    assert periods(school, version) == ("24.11 P1 P2; 26.11 P3; 1.12 P1 P2; 3.12 P3; 8.12 P1 P2; 10.12 P3")
    one = stands(school, version).now
    assert (one.since, one.induction, one.review, one.until) == (TUESDAY, TUESDAY, day(3), day(11))
    assert (one.purpose, one.success, one.pattern.words) == (
        "Settling into lessons", "In 9 of 10 lessons", "Tue P1–P2, Thu P3",
    )  # fmt: skip
    assert school.board("CO1", TUESDAY).rows[0].reason == "Settling into lessons"


def test_a_fortnight_s_pattern_and_what_no_day_has(school: School) -> None:
    version = booked(school, pattern="A: Tue P1; B: Thu P2, P9")
    assert periods(school, version) == "24.11 P1; 3.12 P2; 8.12 P1"
    assert plan(school, wish(4, "Thu P9, P2")).said == ("No lesson there: Thu P9.",)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"purpose": " "}, "needs its purpose"),
        ({"success": ""}, "needs its success criteria"),
        ({"purpose": "x" * 401}, "401 characters; 400 fit"),
        ({"type": PlacementType.REMOVAL}, "Removal is no programme"),
        ({"first": FRIDAY_BEFORE}, "First day: Fri 20 November 2026 is too early"),
        ({"until": day(4, 1) + timedelta(days=365)}, "End: Mon 4 January 2027 is outside the school's calendar"),
        ({"until": date(2026, 12, 19)}, "End: Sat 19 December 2026 is outside"),
        ({"review": date(2026, 12, 15)}, "out of order"),
        ({"induction": day(10), "review": day(2)}, "out of order"),
        ({"first": day(14)}, "comes before the first day"),
        ({"pattern": "Tue P9"}, "No period is left"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_nothing_is_booked(
    school: School, other: dict[str, Any], says: str
) -> None:
    assert says in refused(school, wish(**other))
    assert school.file.value("SELECT count(*) FROM placement") == 0


def test_days_without_school_are_moved_and_said(school: School) -> None:
    closed = day(4)
    school.file.execute("UPDATE calendar_day SET shape_id = NULL, note = 'INSET' WHERE day = ?", (closed.isoformat(),))
    asked = wish(first=date(2026, 11, 28), review=closed)
    assert plan(school, asked).said == (
        "First day: no school on Sat 28 November, so Mon 30 November.",
        "Review: no school on Fri 4 December (INSET), so Mon 7 December.",
    )
    one = stands(school, school.desk("CO1").do(book_programme(asked)).value).now
    assert (one.since, one.review) == (date(2026, 11, 30), day(7))


def test_today_begins_with_what_has_not_begun(school: School) -> None:
    set_clock(school, "09:10")
    version = booked(school, first=MONDAY, pattern="Mon P1-P2", until=date(2026, 11, 30))
    assert periods(school, version) == "23.11 P2; 30.11 P1 P2"


def test_clashes_are_told_and_left_out_or_gone_over(school: School) -> None:
    school.book(3, "P2 P3", days=(TUESDAY,))
    school.book(3, "P3", room=PSC, days=(day(3),), type=PlacementType.REGULATION)
    found = plan(school, wish())
    assert found.clashing == ((TUESDAY, "P2"),)
    assert found.said == ("Placed in PSC already: Thu 3 Dec P3. Left as it is.",)
    with pytest.raises(NeedsReason) as need:
        school.desk("CO1").do(book_programme(wish()))
    assert "Placed in IER for Tue 24 Nov P2" in str(need.value)
    assert "leave out what clashes" in str(need.value)

    left_out = school.desk("CO1").do(book_programme(wish(), leave_out=found.clashing)).value
    assert periods(school, left_out).startswith("24.11 P1; 26.11 P3; 1.12 P1 P2; 8.12")
    school.desk("CO1").do(undo())
    over = school.desk("CO1").do(book_programme(wish(), override="agreed with the head of year")).value
    assert periods(school, over).startswith("24.11 P1 P2; 26.11 P3")


def test_a_full_room_is_told(school: School) -> None:
    for student in (1, 2, 4):
        school.book(student, "P1", room=PSC, days=(TUESDAY,), type=PlacementType.REGULATION)
    with pytest.raises(NeedsReason, match=r"full for Tue 24 Nov P1: last seat taken by M. Adebayo"):
        booked(school)


def test_only_a_coordinator_books_and_nobody_past_a_bar(school: School) -> None:
    for code in ("AS1", "HY8", "BL1", "AD1"):
        with pytest.raises(NotAllowed):
            school.desk(code).do(book_programme(wish()))
    version = booked(school)
    school.desk("AD1").do(bar_student(3, 3, "related"))
    for call in (book_programme(wish()), step_programme(version, Stage.INDUCTION, "done")):
        with pytest.raises(NotAllowed, match="not shown to you"):
            school.desk("CO1").do(call)
    assert seen(school, "CO1") == []


# Changing


def test_another_pattern_makes_the_periods_ahead_anew_and_leaves_the_past(school: School) -> None:
    version = booked(school)
    kept = {one.day: one.id for one in placed_periods(school.file, stands(school, version).placement_id)}
    set_clock(school, "09:00", TUESDAY)
    change = Change(pattern=read_pattern("Tue P2-P3, Fri P1"), since=day(1))
    newer = school.desk("CO1").do(change_programme(version, change, "ready for more")).value
    assert periods(school, newer) == "24.11 P1 P2; 26.11 P3; 1.12 P2 P3; 4.12 P1; 8.12 P2 P3; 11.12 P1"
    after = {one.day: one.id for one in placed_periods(school.file, stands(school, newer).placement_id)}
    assert after[TUESDAY] == kept[TUESDAY]
    one = stands(school, newer)
    assert [each.pattern.words for each in one.versions] == ["Tue P1–P2, Thu P3", "Tue P2–P3, Fri P1"]
    assert one.pattern_on(TUESDAY).words == "Tue P1–P2, Thu P3"
    school.desk("CO1").do(undo())
    assert periods(school, version) == "24.11 P1 P2; 26.11 P3; 1.12 P1 P2; 3.12 P3; 8.12 P1 P2; 10.12 P3"
    assert len(stands(school, version).versions) == 1


def test_another_end_drops_or_adds_and_touches_nothing_between(school: School) -> None:
    version = booked(school)
    gone = placed_periods(school.file, stands(school, version).placement_id)[2]
    school.file.execute(
        "INSERT INTO retraction (fact, fact_id, reason, happened, recorded, day, seq) SELECT 'placement_period', ?, '',"
        " happened, recorded, day, seq FROM placement LIMIT 1",
        (gone.id,),
    )
    longer = school.desk("CO1").do(change_programme(version, Change(until=day(15)), "one more week")).value
    assert periods(school, longer) == "24.11 P1 P2; 1.12 P1 P2; 3.12 P3; 8.12 P1 P2; 10.12 P3; 15.12 P1 P2"
    shorter = school.desk("CO1").do(change_programme(longer, Change(until=day(4)), "doing well")).value
    assert periods(school, shorter) == "24.11 P1 P2; 1.12 P1 P2; 3.12 P3"


def test_a_change_needs_a_reason_and_something_to_change(school: School) -> None:
    version = booked(school)
    desk = school.desk("CO1")
    with pytest.raises(NeedsReason, match="needs a reason"):
        desk.do(change_programme(version, Change(until=day(15)), " "))
    with pytest.raises(Refused, match="so already"):
        desk.do(change_programme(version, Change(), "why not"))
    with pytest.raises(Refused, match="would come after the end"):
        desk.do(change_programme(version, Change(until=day(1)), "shorter"))
    with pytest.raises(Refused, match="No period would be left"):
        desk.do(change_programme(version, Change(pattern=read_pattern("Tue P9")), "odd"))


def test_a_change_that_comes_too_late_is_told_who_was_first(school: School) -> None:
    version = booked(school)
    set_clock(school, "10:42")
    school.desk("CO1", "office").do(change_programme(version, Change(review=day(7)), "meeting moved"))
    set_clock(school, "10:50")
    for call in (
        change_programme(version, Change(until=day(15)), "longer"),
        step_programme(version, Stage.INDUCTION, "done"),
    ):
        with pytest.raises(Refused, match=r"Changed meanwhile: CO1 10:42"):
            school.desk("CO1").do(call)


# Stages


def test_a_programme_goes_through_its_stages(school: School) -> None:
    version = booked(school)
    desk = school.desk("BL1")
    with pytest.raises(Refused, match="induction comes before"):
        desk.do(step_programme(version, Stage.REVIEW, "continues", "fine"))
    set_clock(school, "09:00", TUESDAY)
    desk.do(step_programme(version, Stage.INDUCTION, "done"))
    with pytest.raises(Refused, match=r"recorded already: done \(BL1 09:00\)"):
        desk.do(step_programme(version, Stage.INDUCTION, "done"))
    with pytest.raises(NotUnderstood, match="needs a note"):
        desk.do(step_programme(version, Stage.REVIEW, "continues"))
    with pytest.raises(NotUnderstood, match="no outcome of a review"):
        desk.do(step_programme(version, Stage.REVIEW, "fine", "fine"))
    set_clock(school, "09:00", day(3))
    desk.do(step_programme(version, Stage.REVIEW, "continues", "Asks for help now.", on=day(2)))
    with pytest.raises(Refused, match="yet to come"):
        desk.do(step_programme(version, Stage.TRANSITION, "back to lessons", on=day(4)))
    set_clock(school, "09:00", day(8))
    assert desk.do(step_programme(version, Stage.TRANSITION, "back to lessons")).value == 2  # P2 today, P3 on Thursday
    assert periods(school, version).endswith("3.12 P3; 8.12 P1")
    told = [(one.stage.value, one.outcome, one.day, one.made.by) for one in stands(school, version).steps]
    assert told == [
        ("induction", "done", TUESDAY, "BL1"),
        ("review", "continues", day(2), "BL1"),
        ("transition", "back to lessons", day(8), "BL1"),
    ]
    with pytest.raises(Refused, match="has ended: back to lessons"):
        desk.do(step_programme(version, Stage.TRANSITION, "back to lessons"))
    with pytest.raises(Refused, match="has ended"):
        school.desk("CO1").do(change_programme(version, Change(until=day(15)), "longer"))
    desk.do(undo())
    assert periods(school, version).endswith("8.12 P1 P2; 10.12 P3")


@pytest.mark.parametrize(("outcome", "says"), [("on to ", "On to what"), ("home", "no outcome"), ("on to", "On to")])
def test_a_transition_says_to_what(school: School, outcome: str, says: str) -> None:
    version = booked(school)
    with pytest.raises(NotUnderstood, match=says):
        school.desk("CO1").do(step_programme(version, Stage.TRANSITION, outcome))
    school.desk("CO1").do(step_programme(version, Stage.TRANSITION, "on to college, two days a week"))
    assert programmes(school.file, since=TUESDAY) == ()
    assert len(programmes(school.file, since=MONDAY)) == 1


# Reading


def test_the_list_counts_what_was_attended_and_puts_the_overdue_first(school: School) -> None:
    booked(school, student=3)
    late = booked(school, student=4, pattern="Wed P1", review=day(2))
    school.desk("CO1").do(step_programme(late, Stage.INDUCTION, "done"))
    play(school, 3, "08:50 in, 09:20 out nurse, 09:40 back, 09:50 left", room=PSC, day=TUESDAY)
    set_clock(school, "12:00", day(4))
    found = read_programmes(school.file, school.desk("BL1").staff(), school.clock.now()).running
    assert [(one.student.surname, one.due, one.progress.words) for one in found] == [
        ("O’Brien", "induction 8 days over", "1 of 6"),
        ("Khan", "review 2 days over", "0 of 2"),
    ]
    assert programmes_overdue(school.file, school.desk("BL1").staff(), day(4)) == 2
    assert programmes_overdue(school.file, school.desk("HY8").staff(), day(4)) == 0
    assert programmes_overdue(school.file, school.desk("BL1").staff(), TUESDAY) == 0


def seen(school: School, code: str) -> list[str]:
    found = read_programmes(school.file, school.desk(code).staff(), school.clock.now())
    listed = [*(one.student for one in found.running), *(one.student for one in found.unwritten)]
    return [one.surname for one in (*listed, *(one.student for one in found.ended))]


def test_who_sees_whose_programme(school: School) -> None:
    booked(school, student=3)  # year 8
    ended = booked(school, student=1)  # year 10
    school.desk("CO1").do(step_programme(ended, Stage.TRANSITION, "back to lessons"))
    school.book(8, "P1", room=PSC, type=PlacementType.PHASED_RETURN, reason="Phased return")
    assert seen(school, "CO1") == ["O’Brien", "Priyanka", "Reid"]
    assert seen(school, "HY8") == ["O’Brien"]
    assert seen(school, "AS1") == ["Priyanka"]  # who is in a room today
    for code in ("CV1", "AD1"):
        with pytest.raises(NotAllowed):
            seen(school, code)
    school.file.execute("UPDATE student SET key_worker_id = 7 WHERE id = 3")
    assert seen(school, "KB") == ["O’Brien"]


def test_what_runs_with_nothing_written_down_can_be_written_down(school: School) -> None:
    placement = school.book(
        8,
        "P1 P2",
        room=PSC,
        type=PlacementType.PHASED_RETURN,
        days=(FRIDAY_BEFORE, TUESDAY, day(1)),
        reason="Part time",
    )
    (bare,) = read_programmes(school.file, school.desk("CO1").staff(), school.clock.now()).unwritten
    placed = bare.placed
    assert (placed.pattern.words, placed.first, placed.until) == ("Tue P1–P2", FRIDAY_BEFORE, day(1))
    asked = wish(
        student=8, type=PlacementType.PHASED_RETURN, pattern="Tue P1-P3", first=placed.first, until=day(8),
        review=FRIDAY_BEFORE, placement_id=placement,
    )  # fmt: skip
    version = school.desk("CO1").do(book_programme(asked)).value
    assert periods(school, version) == "20.11 P1 P2; 24.11 P1 P2 P3; 1.12 P1 P2 P3; 8.12 P1 P2 P3"
    assert stands(school, version).placement_id == placement
    assert stands(school, version).now.review == FRIDAY_BEFORE
    with pytest.raises(Refused, match="written down already"):
        school.desk("CO1").do(book_programme(asked))
    with pytest.raises(Refused, match="another one by now"):
        school.desk("CO1").do(book_programme(asked._replace(student_id=1)))


def test_a_booking_taken_back_takes_its_programme_along(school: School) -> None:
    booked(school)
    school.clock.moment = at("08:35")
    school.desk("CO1").do(undo())
    assert programmes(school.file, since=MONDAY) == ()
