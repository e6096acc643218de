"""The week at the keyboard: cells picked and booked, days typed, a full room, two terminals, names, a whole term."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from psc.flows.bookings import carry_periods, move_booking
from psc.overview.week import read_week
from psc.roster.placement_types import PlacementType
from psc.roster.placements import book, placed_periods
from psc.roster.waiting import waiting_list
from psc.tui.dialogs.booking import BookingForm
from psc.tui.dialogs.programme import ProgrammeForm
from psc.tui.screens.today import Today
from psc.tui.screens.week import WeekPage
from psc.tui.widgets.cells import CellGrid
from tests.golden import check_golden
from tests.roster.stories import set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY, School, at
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from psc.roster.slots import Slot

WEDNESDAY = TUESDAY + timedelta(days=1)
THURSDAY = TUESDAY + timedelta(days=2)
NARROW, WIDE = (80, 24), (132, 40)


def page(desk: Driver) -> WeekPage:
    """Return the week's page, wherever it stands."""
    return next(one for one in desk.app.screen_stack if isinstance(one, WeekPage))


def booked(school: School, student: int) -> list[Slot]:
    """Return all slots a student is placed for, by the file."""
    found = school.file.rows("SELECT id FROM placement WHERE student_id = ? ORDER BY id", (student,))
    return [(one.day, one.period) for (placement,) in found for one in placed_periods(school.file, placement)]


def flat(desk: Driver) -> str:
    """Return all that stands on the screen in one line: a sentence in a form goes on in the next."""
    return " ".join(desk.text.replace("│", " ").split())


def colleague(school: School) -> None:
    """Add a second coordinator."""
    school.file.execute(
        "INSERT INTO staff (code, title, forename, surname, email, role)"
        " VALUES ('CO2', '', 'Lena', 'Ford', '', 'coordinator')"
    )


def fill(school: School, periods: str, day: date = TUESDAY, but: int = 0) -> None:
    """Book the four seats of the room for some periods of a day, but for so many."""
    for student in (2, 3, 4, 5)[: 4 - but]:
        school.book(student, periods, days=(day,))


# -- picking and booking -------------------------------------------------------------------------------------------


async def test_cells_that_are_picked_are_booked_and_undone(school: School) -> None:
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "right", "space", "space", "right", "space")
        assert "3 lessons picked on 2 days" in desk.text
        await desk.type("b", "reid", "enter")
        assert "Tue 24 Nov P1–P2; Wed 25 Nov P3: 3 lessons · IER has 4 seats free" in desk.text
        await desk.type("enter", "enter", "def", "enter", "enter")
        assert "Reid, Callum booked in IER: Tue 24 Nov P1–P2; Wed 25 Nov P3 · u undoes" in desk.text
        assert booked(school, 1) == [(TUESDAY, "P1"), (TUESDAY, "P2"), (WEDNESDAY, "P3")]
        assert not page(desk).picked
        await desk.type("u")
        assert booked(school, 1) == []
        await desk.type("u")
        assert "Nothing has been done on this page" in desk.text


async def test_three_days_from_tuesday_are_typed_and_what_needs_a_reason_is_said_before(school: School) -> None:
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "b", "reid", "enter", "enter", "enter", "def", "enter", "three days from Tuesday")
        assert "Tue 24–Thu 26 Nov, all lessons: 15 lessons · IER has 4 seats free" in desk.text
        assert "! 3 internal exclusion days on end" in desk.text
        await desk.type("f10")
        assert isinstance(desk.app.screen, BookingForm)
        assert booked(school, 1) == []
        await desk.type("the head agreed", "f10")
        assert len(booked(school, 1)) == 15
        assert school.file.value("SELECT override FROM placement") == "the head agreed"


async def test_a_closed_day_and_a_room_that_is_none_are_said_at_the_field(school: School) -> None:
    school.file.execute("UPDATE calendar_day SET shape_id = NULL, note = 'Training day' WHERE day = '2026-11-24'")
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "right", "space")
        assert "Tue 24 Nov: Training day." in desk.text
        await desk.type("b", "reid", "enter", "enter", "enter", "def", "enter", "Tue P2", "f10")
        assert "Tue 24 November is not a school day" in flat(desk)
        assert desk.app.focused is not None
        assert desk.app.focused.id == "when"
        await desk.type("shift+tab", "shift+tab", "shift+tab", "x", "f10")
        assert "That is not a room." in desk.text
        assert booked(school, 1) == []


async def test_four_hundred_characters_are_refused_whole_and_stay(school: School) -> None:
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "right", "enter", "reid", "enter")
        form = desk.app.screen
        assert isinstance(form, BookingForm)
        form.field("reason").value = "x" * 401
        await desk.type("f10")
        assert "The reason has 401 characters; 400 fit." in desk.text
        assert len(form.field("reason").value) == 401
        assert booked(school, 1) == []


async def test_a_programme_goes_on_in_its_own_form_with_the_student(school: School) -> None:
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "right", "enter", "reid", "enter", "psc", "enter", "psc p", "enter")
        assert "It runs on a weekly pattern, with an end and a review day." in desk.text
        await desk.type("f10")
        assert isinstance(desk.app.screen, ProgrammeForm)
        assert desk.app.screen.field("student").value == "Reid, Callum 10F"
        await desk.type("escape")
        assert isinstance(desk.app.screen, WeekPage)


# -- a full room ---------------------------------------------------------------------------------------------------


async def test_a_student_for_whom_no_seat_is_free_goes_on_the_waiting_list_and_is_booked_from_it(
    school: School,
) -> None:
    fill(school, "P1 P2")
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "right", "space", "b", "reid", "enter", "enter", "enter", "def", "enter")
        assert "IER has no seat free" in desk.text
        assert "full for Tue 24 Nov P1: last seat taken by M. Adebayo 08:30" in flat(desk)
        await desk.type("f4")
        assert "Reid, Callum waits for a seat in IER: Tue 24 Nov P1 · u undoes" in desk.text
        assert "l 1 waiting" in desk.text
        await desk.type("l")
        assert "first free: Mon 23 Nov, all lessons" in desk.text
        school.desk("CO1").do(move_booking(1, [(WEDNESDAY, "P1")], "moved"))
        await desk.tick()
        await desk.pilot.pause(1.1)
        assert "seats are free for it now" in desk.text
        await desk.type("enter", "f10")
        assert "Reid, Callum booked in IER: Tue 24 Nov P1" in desk.text
        assert "Nobody waits" in desk.text
        assert booked(school, 1) == [(TUESDAY, "P1")]


async def test_whoever_is_taken_off_the_list_needs_a_reason(school: School) -> None:
    from psc.roster.waiting import wait_for_seat

    school.desk("CO1").do(wait_for_seat(1, IER, PlacementType.INTERNAL_EXCLUSION, "Defiance", "Tue P1"))
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "l", "x", "enter")
        assert "needs a reason" in desk.text
        await desk.type("moved school", "enter")
        assert waiting_list(school.file, school.desk("CO1").staff(), MONDAY) == ()
        await desk.type("u")
        assert len(waiting_list(school.file, school.desk("CO1").staff(), MONDAY)) == 1


async def test_of_two_on_the_last_seat_one_is_told_who_and_when_and_loses_nothing(school: School) -> None:
    colleague(school)
    fill(school, "P1", but=1)
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "right", "space", "b", "reid", "enter", "enter", "enter", "def", "enter")
        assert "IER has 1 seat free" in desk.text
        set_clock(school, "08:42")
        kind = PlacementType.INTERNAL_EXCLUSION
        school.desk("CO2", "other").do(book(10, IER, kind, "Truancy", [(TUESDAY, "P1")]))
        await desk.type("f10")
        assert "full for Tue 24 Nov P1: last seat taken by L. Ford 08:42" in flat(desk)
        assert [one in desk.text for one in ("Reid, Callum", "Defiance", "Tue 24 Nov P1")] == [True] * 3
        assert booked(school, 1) == []
        await desk.type("nowhere else", "enter")
        assert booked(school, 1) == [(TUESDAY, "P1")]
        assert "5/4!" in desk.text


# -- names ---------------------------------------------------------------------------------------------------------


async def test_a_booking_is_moved_and_a_change_made_meanwhile_is_told(school: School) -> None:
    colleague(school)
    placement = school.book(1, "P1 P2", days=(TUESDAY,))
    async with driven_school(school, "CO1", WIDE) as desk:
        await desk.type("2", "right", "tab", "m", "Wed P1-P2", "enter", "enter", "exam", "f10")
        assert "Wed 25 Nov P1–P2: 2 lessons" in desk.text
        set_clock(school, "08:42")
        school.desk("CO2", "other").do(move_booking(placement, [(THURSDAY, "P1")], "trip"))
        await desk.type("f10")
        assert "Changed meanwhile: L. Ford 08:42. It is now Thu 26 Nov P1." in flat(desk)
        assert "Wed P1-P2" in desk.text
        assert "exam" in desk.text
        assert booked(school, 1) == [(THURSDAY, "P1")]
        await desk.type("f10")
        assert "Reid, Callum moved: IER, Wed 25 Nov P1–P2 · u undoes" in desk.text
        assert booked(school, 1) == [(WEDNESDAY, "P1"), (WEDNESDAY, "P2")]


async def test_a_booking_is_made_longer_shorter_and_cancelled_each_with_a_reason(school: School) -> None:
    school.book(1, "P1 P2", days=(TUESDAY,))
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "right", "tab", "e", "Wed P1", "enter", "enter")
        assert "Say why, in a word or two." in desk.text
        await desk.type("more to do", "f10", "f10")
        assert booked(school, 1) == [(TUESDAY, "P1"), (TUESDAY, "P2"), (WEDNESDAY, "P1")]
        await desk.type("s", "Tue P1", "enter", "enough", "f10")
        assert booked(school, 1) == [(TUESDAY, "P1")]
        await desk.type("x")
        assert "Cancel Reid, Callum, Tue 24 Nov P1, because" in desk.text
        await desk.type("enter")
        assert "needs a reason" in desk.text
        await desk.type("solved", "enter")
        assert booked(school, 1) == []
        assert "Reid, Callum: 1 lesson cancelled · u undoes" in desk.text


async def test_the_details_of_a_booking_are_a_look(school: School) -> None:
    school.book(1, "P1 P2", days=(TUESDAY,), reason="Fighting")
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "right")
        assert "Fighting" not in desk.text
        await desk.type("tab", "enter")
        assert "booked by M. Adebayo, Mon 23 Nov 08:30" in desk.text
        assert "Fighting" in desk.text
        assert (
            school.file.value("SELECT act FROM ledger WHERE act <> 'print_sheet' ORDER BY seq DESC LIMIT 1")
            == "open_row"
        )


async def test_all_that_a_student_did_not_serve_is_booked_again_in_one_act(school: School) -> None:
    school.clock.moment = at("08:30", FRIDAY_BEFORE)
    placement = school.book(1, "P4 P5", days=(FRIDAY_BEFORE,))
    set_clock(school, "08:30")
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "c")
        assert "Fri 20 Nov P4–P5 no check" in desk.text
        await desk.type("enter")
        assert "Carry 2 lessons of Reid, Callum to: 2 lessons from Tue 24 Nov" in desk.text
        await desk.type(*["backspace"] * 60, "Fri 13 Nov", "enter")
        assert "Fri 13 Nov▏" in desk.text
        assert "is over" in flat(desk)
        await desk.type(*["backspace"] * 10, "Tue P2-P3", "enter")
        assert "Reid, Callum: 2 lessons carried to Tue 24 Nov P2–P3 · u undoes" in desk.text
        assert "Every period was served, waived or carried." in desk.text
        stands = [(one.day, one.period) for one in placed_periods(school.file, placement)]
        assert stands[2:] == [(TUESDAY, "P2"), (TUESDAY, "P3")]
        await desk.type("u")
        assert len(placed_periods(school.file, placement)) == 2


# -- who may see what ----------------------------------------------------------------------------------------------


async def test_a_head_of_year_looks_and_is_told_why_they_cannot_book(school: School) -> None:
    school.book(1, "P1", days=(TUESDAY,))
    school.book(3, "P1", days=(TUESDAY,))
    async with driven_school(school, "HY8", NARROW) as desk:
        await desk.type("2", "right")
        assert "O’Brien, Łukasz" in desk.text
        assert "Reid" not in desk.text
        assert "and 1 student more whom you do not see" in desk.text
        await desk.type("b")
        assert "book: it is not for the role of head of year." in desk.text
        await desk.type("enter", "x")
        assert "cancel: it is not for the role of head of year." in desk.text


async def test_an_admin_has_numbers_and_no_names(school: School) -> None:
    school.book(1, "P1", days=(TUESDAY,))
    async with driven_school(school, "AD1", NARROW) as desk:
        await desk.type("escape", "2", "right")
        assert "1/4" in desk.text
        assert "1 student, not shown by name" in desk.text
        assert "Reid" not in desk.text


async def test_names_go_at_once_and_the_numbers_stay(school: School) -> None:
    school.book(1, "P1", days=(TUESDAY,))
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "right", "tab", "x", "why")
        assert "Reid" in desk.text
        await desk.type("f9")
        assert isinstance(desk.app.screen, WeekPage)
        assert "Reid" not in desk.text
        assert "1 of 4 booked" in desk.text
        await desk.type("b", "tab")
        assert "names are hidden" in desk.text
        await desk.type("escape", "2", "right", "f9")
        assert "Reid" in desk.text


# -- going about ---------------------------------------------------------------------------------------------------


async def test_rooms_weeks_and_terms(school: School) -> None:
    school.book(9, "P1", days=(TUESDAY,), room=PSC)
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "right", "]")
        assert "PSC 1 of 3 booked" in desk.text
        assert "[b]Bold, [/" in desk.text
        await desk.type("0")
        assert "all rooms 1 of 7 booked" in desk.text
        await desk.type("left", "left")
        assert "Mon 16 – Fri 20 Nov 2026 · Week B" in desk.text
        await desk.type("pagedown", "t", "v", "down")
        assert page(desk).on == MONDAY + timedelta(days=7)
        await desk.type("space", "enter")
        assert len(page(desk).picked) == 5
        await desk.type("escape", "escape")
        assert isinstance(desk.app.screen, WeekPage)
        await desk.type("escape")
        assert isinstance(desk.app.screen, Today)


async def test_what_is_over_is_not_picked(school: School) -> None:
    async with driven_school(school, "CO1", NARROW) as desk:
        set_clock(school, "10:00")
        await desk.tick()
        await desk.type("2", "up", "up", "space")
        assert "That is over." in desk.text
        assert not page(desk).picked


async def test_the_mouse_chooses_a_cell_books_it_and_opens_the_names_of_a_full_one(school: School) -> None:
    fill(school, "P2")
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2")
        await desk.pilot.click(CellGrid, offset=(20, 3))
        assert page(desk).slot == (TUESDAY, "P3")
        await desk.pilot.click("#keys", offset=(3, 0))
        assert page(desk).picked == {(TUESDAY, "P3")}
        await desk.type("escape")
        await desk.pilot.click(CellGrid, offset=(20, 2), times=2)
        assert page(desk).naming
        await desk.pilot.click(CellGrid, offset=(20, 3), times=2)
        await desk.pilot.pause()
        assert isinstance(desk.app.screen, BookingForm)
        assert desk.app.screen.field("when").value == "Tue 24 Nov P3"


def a_full_term(school: School) -> None:
    """Make a term of September to December with twelve seats, all of them booked, and a week of holiday."""
    many = school.file.conn.executemany
    school.file.execute("UPDATE room SET seats = 12 WHERE id = ?", (IER,))
    days = [date(2026, 9, 1) + timedelta(days=number) for number in range(109)]
    school.file.execute("DELETE FROM calendar_day")
    many(
        "INSERT INTO calendar_day VALUES (?, ?, ?, ?)",
        [
            (day.isoformat(), None, "", "Half-term")
            if date(2026, 10, 26) <= day <= date(2026, 10, 30)
            else (day.isoformat(), 1 if day.weekday() < 5 else None, "AB"[day.isocalendar()[1] % 2], "")
            for day in days
        ],
    )
    many(
        "INSERT INTO student (id, surname, forename, folded) VALUES (?, ?, '', ?)",
        [(n, f"S{n}", f"s{n}") for n in (11, 12)],
    )
    stamp = ("2026-09-01T08:00:00Z", "2026-09-01T08:00:00Z", "2026-09-01", 1)
    many(
        "INSERT INTO placement (id, student_id, room_id, type, reason, planned, happened, recorded, day, seq)"
        " VALUES (?, ?, 1, 'internal_exclusion', 'Defiance', 1, ?, ?, ?, ?)",
        [(student, student, *stamp) for student in range(1, 13)],
    )
    many(
        "INSERT INTO placement_period (placement_id, on_day, period, happened, recorded, day, seq)"
        " SELECT ?, day, ?, ?, ?, ?, ? FROM calendar_day WHERE shape_id IS NOT NULL",
        [(student, f"P{period}", *stamp) for student in range(1, 13) for period in range(1, 6)],
    )


async def test_a_term_of_twelve_seats_all_booked(school: School) -> None:
    a_full_term(school)
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2")
        assert len(read_week(school.file, MONDAY, school.desk("CO1").staff(), MONDAY).booked((MONDAY, "P1"))) == 12
        assert "12 of 12 booked, full" in desk.text
        await desk.type("v")
        check_golden("80x24-term", desk.text)
        for _ in range(6):
            await desk.type("up")
        assert page(desk).on == date(2026, 10, 12)
        assert "P1 full" in desk.text


async def test_periods_that_somebody_carried_while_the_reason_was_typed_are_told(school: School) -> None:
    set_clock(school, "08:30", FRIDAY_BEFORE)
    placement = school.book(1, "P1 P2", days=(FRIDAY_BEFORE,))
    first, second = (one.id for one in placed_periods(school.file, placement))
    set_clock(school, "09:00", MONDAY)
    async with driven_school(school, "CO1", NARROW) as desk:
        await desk.type("2", "c", "enter", *["backspace"] * 60, *"Tue P1, Wed P1", "enter")
        assert "more than a day longer" in desk.text
        carried = carry_periods([first, second], [(TUESDAY, "P3"), (WEDNESDAY, "P3")], override="x")
        school.desk("BL1", "two").do(carried)
        await desk.type(*"agreed", "enter")
        assert "carried already" in desk.text
        assert "agreed" in desk.text
