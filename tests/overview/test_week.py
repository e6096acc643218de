"""The weeks ahead: seats counted over everybody, names within the reader's reach, closed days saying why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from psc.desk.acts import undo
from psc.errors import NotAllowed
from psc.overview.cells import Tone
from psc.overview.week import Days, Week, read_days, read_week
from psc.overview.week_cells import day_cell, day_line, slot_cell, slot_line
from psc.roster.absences import Absence, mark_absence
from psc.roster.placed import seats_used
from psc.roster.placement_types import PlacementType
from psc.roster.placements import book
from tests.school import IER, MONDAY, PSC, TUESDAY

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.roster.slots import Slot
    from psc.school.rooms import Room
    from tests.school import School

P1, P2 = (TUESDAY, "P1"), (TUESDAY, "P2")


def week(school: School, code: str = "CO1", day: date = MONDAY, today: date = MONDAY) -> Week:
    """Read a week as somebody."""
    return read_week(school.file, day, school.desk(code).staff(), today)


def days(school: School, first: date, last: date, code: str = "CO1") -> Days:
    """Read some days as somebody."""
    return read_days(school.file, first, last, school.desk(code).staff())


def room(plan: Days, room_id: int = IER) -> Room:
    return next(one for one in plan.rooms if one.id == room_id)


def words(plan: Days, slot: Slot, room_id: int = IER) -> str:
    """Return how a lesson's cell reads."""
    return slot_cell(plan, slot, room(plan, room_id), over=False).text


def names(made: Week, slot: Slot, room_id: int = IER) -> list[str]:
    return [one.name for one in made.booked(slot, room(made.plan, room_id))]


def shut(school: School, day: date, note: str) -> None:
    school.file.execute("UPDATE calendar_day SET shape_id = NULL, note = ? WHERE day = ?", (note, day.isoformat()))


def override(school: School, student: int, periods: str, day: date = TUESDAY) -> None:
    """Book somebody although the room is full."""
    slots = [(day, one) for one in periods.split()]
    kind = PlacementType.INTERNAL_EXCLUSION
    school.desk("CO1").do(book(student, IER, kind, "Defiance", slots, override="nowhere else"))


# -- what is counted -----------------------------------------------------------------------------------------------


def test_a_week_has_its_days_lessons_and_seats(school: School) -> None:
    school.book(1, "P1 P2", days=(TUESDAY,))
    school.book(2, "P1", days=(TUESDAY,), room=PSC)
    made = week(school)
    assert [one.on.day for one in made.plan.days] == [23, 24, 25, 26, 27]
    assert made.plan.lessons == ("P1", "P2", "P3", "P4", "P5")
    assert (words(made.plan, P1), words(made.plan, P1, PSC), words(made.plan, (TUESDAY, "P3"))) == ("1/4", "1/3", "0/4")
    assert made.plan.seats(P1).words == "2/7"
    assert made.title == "Mon 23 – Fri 27 Nov 2026 · Week A"


def test_free_full_and_over_differ_in_words_and_in_tone(school: School) -> None:
    for student in (1, 2, 3, 4):
        school.book(student, "P1 P2", days=(TUESDAY,))
    override(school, 5, "P2")
    plan = week(school).plan
    ier = room(plan)
    cells = [slot_cell(plan, (TUESDAY, one), ier, over=False) for one in ("P1", "P2", "P3")]
    assert [(one.text, one.tone) for one in cells] == [("full", Tone.DUE), ("5/4!", Tone.ALARM), ("0/4", Tone.IN)]
    assert slot_cell(plan, P2, ier, over=True) == ("5/4!", Tone.QUIET, "")
    assert slot_line(plan, P2, ier).text == "Tue 24 Nov P2 · IER 5 of 4 booked, 1 over"
    assert slot_line(plan, P1, ier).text == "Tue 24 Nov P1 · IER 4 of 4 booked, full"
    assert slot_line(plan, (TUESDAY, "P3"), None).text == "Tue 24 Nov P3 · all rooms 0 of 7 booked, 7 free"


def test_a_student_placed_twice_uses_one_seat(school: School) -> None:
    school.book(1, "P1", days=(TUESDAY,))
    school.file.execute(
        "INSERT INTO placement (student_id, room_id, type, reason, planned, happened, recorded, day, seq) SELECT"
        " student_id, room_id, type, reason, planned, happened, recorded, day, seq FROM placement WHERE id = 1"
    )
    school.file.execute(
        "INSERT INTO placement_period (placement_id, on_day, period, happened, recorded, day, seq) SELECT"
        " 2, on_day, period, happened, recorded, day, seq FROM placement_period"
    )
    assert words(week(school).plan, P1) == "1/4"
    assert names(week(school), P1) == ["Reid, Callum"]


def test_what_was_taken_back_or_cancelled_uses_no_seat(school: School) -> None:
    school.book(1, "P1", days=(MONDAY,))
    placement = school.book(2, "P1", days=(MONDAY,))
    school.desk("AS1").do(mark_absence(placement, Absence.CANCELLED))
    slot = (MONDAY, "P1")
    assert (words(week(school).plan, slot), names(week(school), slot)) == ("1/4", ["Reid, Callum"])
    school.book(3, "P1", days=(MONDAY,))
    school.desk("CO1", "office").do(undo())
    assert words(week(school).plan, slot) == "1/4"


def test_the_week_and_the_term_count_the_same(school: School) -> None:
    for student, day in ((1, MONDAY), (2, TUESDAY), (3, TUESDAY)):
        school.book(student, "P1 P4", days=(day, day + timedelta(days=7)))
    school.book(4, "P4", days=(TUESDAY,), room=PSC)
    term = days(school, MONDAY - timedelta(days=14), MONDAY + timedelta(days=25))
    stands = {(room, (day, period)): one.used for (room, day, period), one in seats_used(
        school.file, MONDAY, MONDAY + timedelta(days=6)).items()}  # fmt: skip
    assert dict(week(school).plan.used) == stands
    assert {key: count for key, count in term.used.items() if key[1][0] < MONDAY + timedelta(days=7)} == stands


def test_a_closed_day_says_why_and_a_day_past_the_calendar_does_too(school: School) -> None:
    shut(school, TUESDAY, "Training day")
    plan = week(school).plan
    closed = plan.day(TUESDAY)
    assert closed is not None
    assert day_cell(plan, closed, None, over=False) == ("Training day", Tone.QUIET, "")
    assert slot_line(plan, P1, None).text == "Tue 24 Nov: Training day"
    assert slot_cell(plan, P1, None, over=False).text == "–"
    far = week(school, day=date(2027, 7, 1))
    assert {one.closed_words for one in far.plan.days} == {"not in the calendar"}


def test_an_open_saturday_stands_there(school: School) -> None:
    saturday = MONDAY + timedelta(days=5)
    school.file.execute("UPDATE calendar_day SET shape_id = 1 WHERE day = ?", (saturday.isoformat(),))
    assert [one.on.day for one in week(school).plan.days] == [23, 24, 25, 26, 27, 28]
    assert len(week(school, day=MONDAY + timedelta(days=7)).plan.days) == 5


def test_a_day_says_from_its_emptiest_to_its_fullest_lesson(school: School) -> None:
    for student in (1, 2, 3, 4):
        school.book(student, "P1 P2", days=(TUESDAY,))
    school.book(1, "P3 P4 P5", days=(TUESDAY,))
    plan = days(school, MONDAY, MONDAY + timedelta(days=4))
    ier = room(plan)

    def cell(number: int) -> tuple[str, Tone]:
        made = day_cell(plan, plan.days[number], ier, over=False)
        return (made.text, made.tone)

    assert cell(1) == ("1–4/4", Tone.DUE)
    assert cell(0) == ("0/4", Tone.IN)
    assert [one.text.strip() for one in day_line(plan, plan.days[1], ier)] == [
        "Tue 24 Nov · IER", "P1 full", "P2 full", "P3 1/4", "P4 1/4", "P5 1/4",
    ]  # fmt: skip
    override(school, 5, "P1")
    plan = days(school, MONDAY, MONDAY + timedelta(days=4))
    assert cell(1) == ("1–5/4!", Tone.ALARM)


# -- who stands there by name --------------------------------------------------------------------------------------


def test_who_is_booked_stands_with_type_and_day_n_of_m(school: School) -> None:
    school.book(1, "P1 P2", days=(MONDAY, TUESDAY))
    one = week(school).booked(P1)[0]
    assert (one.name, one.form, one.type.words, one.days) == ("Reid, Callum", "10F", "Internal exclusion", (2, 2))


def test_namesakes_are_told_apart(school: School) -> None:
    school.book(6, "P1", days=(TUESDAY,))
    assert names(week(school), P1) == ["Ali, Mohammed ≈7B"]


def test_a_head_of_year_sees_their_own_years_by_name_and_the_rest_as_a_number(school: School) -> None:
    school.book(1, "P1", days=(TUESDAY,))
    school.book(3, "P1", days=(TUESDAY,))
    made = week(school, "HY8")
    assert (words(made.plan, P1), names(made, P1), made.unnamed(P1)) == ("2/4", ["O’Brien, Łukasz"], 1)


def test_an_admin_sees_numbers_and_no_name(school: School) -> None:
    school.book(1, "P1", days=(TUESDAY,))
    made = week(school, "AD1")
    assert (words(made.plan, P1), names(made, P1), made.unnamed(P1)) == ("1/4", [], 1)


def test_cover_sees_the_students_placed_today_and_the_rooms_of_the_pass(school: School) -> None:
    school.book(1, "P1", days=(MONDAY, TUESDAY))
    school.book(2, "P1", days=(TUESDAY,))
    made = week(school, "CV1")
    assert (words(made.plan, P1), names(made, P1), made.unnamed(P1)) == ("2/4", ["Reid, Callum"], 1)
    staff = school.desk("CV1").staff()._replace(rooms=frozenset({PSC}))
    assert [one.code for one in read_week(school.file, MONDAY, staff, MONDAY).plan.rooms] == ["PSC"]


def test_whoever_is_barred_keeps_the_seat_and_loses_the_name(school: School) -> None:
    school.book(1, "P1", days=(TUESDAY,))
    school.book(2, "P1", days=(TUESDAY,))
    staff = school.desk("CO1").staff()._replace(barred=frozenset({1}))
    made = read_week(school.file, MONDAY, staff, MONDAY)
    assert names(made, P1) == ["Okafor, Amara", "not shown to you"]
    hidden = made.booked(P1)[1]
    assert (hidden.form, hidden.placement_id, hidden.placed_id, made.unnamed(P1)) == ("", 0, 0, 0)


def test_a_teacher_sees_no_week(school: School) -> None:
    with pytest.raises(NotAllowed):
        week(school, "KB")
    with pytest.raises(NotAllowed):
        days(school, MONDAY, TUESDAY, "KB")


# -- few queries ---------------------------------------------------------------------------------------------------


def test_a_week_is_a_handful_of_queries_however_many_are_booked(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = type(school.file).rows

    def counts(self: File, sql: str, *more: Any) -> list[Any]:
        asked.append(sql)
        return real(self, sql, *more)

    monkeypatch.setattr(type(school.file), "rows", counts)

    def queries() -> int:
        staff = school.desk("CO1").staff()
        asked.clear()
        read_week(school.file, MONDAY, staff, MONDAY)
        return len(asked)

    school.book(1, "P1", days=(TUESDAY,))
    few = queries()
    for student in (2, 3, 4):
        school.book(student, days=(TUESDAY, TUESDAY + timedelta(days=1)))
    assert queries() == few <= 9
