"""The acts of the door, done with the keyboard as an assistant does them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.events import Key

from psc.roster.movements import OutReason, go_out, sign_in
from psc.roster.placements import PlacementType
from psc.roster.sightings import record_sighting
from psc.roster.status import Status
from tests.school import IER, PSC, School, at
from tests.tui.app import driven_school

if TYPE_CHECKING:
    import pytest


def at_half_past_ten(school: School) -> School:
    """Reid in seat 1, Okafor in seat 2, Khan to be found since P1, Novak expected in P4."""
    school.book(1)
    school.book(2)
    school.book(4)
    school.book(10, "P4 P5")
    school.clock.moment = at("08:48")
    school.desk("AS2", "other").do(sign_in(1, IER), sign_in(2, IER))
    school.clock.moment = at("10:30")
    return school


async def test_a_late_student_is_signed_in_with_one_letter_after_finding_them(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        assert "! find, late 100" in desk.text
        await desk.type("/", "khan", "enter", "i")
        assert desk.row("Khan").status is Status.IN
        assert desk.row("Khan").row.seat == 3
        assert "Khan, Bilal signed in 10:30" in desk.says


async def test_a_student_who_came_eight_minutes_ago_gets_the_time_they_came(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "khan", "enter", "@", "-8", "enter")
        assert "at 10:22" in desk.says
        await desk.type("i")
        assert "in since 10:22" in desk.text
        assert "signed in 10:22" in desk.says


async def test_to_the_toilet_and_back(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "o")
        assert "t toilet" in desk.says
        await desk.type("t")
        school.clock.forward(minutes=6)
        await desk.tick()
        assert "◐ toilet 6" in desk.text
        await desk.type("b")
        assert desk.row("Reid").status is Status.IN
        assert desk.row("Reid").minutes == 102


async def test_letters_typed_in_one_burst_land_where_they_belong(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        for key in ("slash", "r", "e", "i", "d", "enter", "o", "n", "b", "o", "t"):
            desk.app.post_message(_key(key))
        await desk.pilot.pause()
        await desk.pilot.pause()
        assert desk.row("Reid").standing.reason == "toilet"
        kinds = [(one.kind.value, one.reason) for one in desk.row("Reid").row.facts.moves]
        assert kinds == [("in", ""), ("out", "nurse"), ("back", ""), ("out", "toilet")]


async def test_letters_typed_before_the_walk_in_form_stands_go_into_its_first_field(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        for key in ("a", "m", "a", "r", "s", "h"):
            desk.app.post_message(_key(key))
        for _ in range(4):
            await desk.pilot.pause()
        assert "Marsh, Ellie  8C  1005" in desk.text


def _key(name: str) -> Key:
    return Key(name, name if len(name) == 1 else {"slash": "/"}.get(name))


async def test_a_walk_in_is_added_within_a_handful_of_keys(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("a", "mars", "enter", "enter", "def", "f10")
        row = desk.row("Marsh")
        assert row.status is Status.IN
        assert (row.row.type, row.row.reason, row.row.seat) == (PlacementType.REMOVAL, "Defiance", 3)
        assert [one.period.name for one in row.row.placed] == ["P2"]
        assert desk.today.state.cursor == (5, IER)
        assert "added and signed in" in desk.says


async def test_a_walk_in_to_a_full_room_asks_for_a_reason_and_keeps_what_was_typed(school: School) -> None:
    at_half_past_ten(school)
    school.book(3, "P2 P3")
    async with driven_school(school) as desk:
        await desk.type("a", "mars", "enter", "enter", "def", "f10")
        assert "is full" in desk.text
        assert "Defiance" in desk.text
        await desk.type("agreed with M Adebayo", "enter")
        assert desk.row("Marsh").status is Status.IN


async def test_a_walk_in_nobody_fits_stays_in_the_form(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("a", "zzz")
        assert "Nobody fits. Enter: “zzz” is new here" in desk.text
        await desk.type("escape", "escape")
        assert desk.app.screen is desk.today


async def test_out_to_a_lesson_names_the_next_lesson(school: School) -> None:
    at_half_past_ten(school)
    school.clock.moment = at("11:20")
    async with driven_school(school) as desk:
        await desk.type("/", "okaf", "enter", "s")
        assert "P3 Science S3 KB" in desk.says
        await desk.type("l")
        assert desk.row("Okafor").status is Status.LEFT
        assert "✓ to lesson 11:20" in desk.text


async def test_going_home_asks_on_what_ground(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "okaf", "enter", "s", "h", "i")
        assert "who" in desk.says, "who decided it is asked"
        await desk.type("Nurse", "enter")
        assert desk.row("Okafor").standing.reason == "home: ill"


async def test_an_expected_student_is_marked_absent(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "khan", "enter", "h", "a")
        assert desk.row("Khan").status is Status.ABSENT
        await desk.type("u")
        assert desk.row("Khan").status is Status.FIND


async def test_checks_are_marked_down_the_column_with_a_digit_and_enter(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("home", "c")
        assert "Check P2" in desk.says
        await desk.type("0", "enter", "3", "enter", "4")
        marks = {one.row.name: [placed.mark for placed in one.row.placed][:2] for one in desk.today.state.rows}
        assert marks["Khan, Bilal"] == [None, 0]
        assert marks["Reid, Callum"] == [None, 3]
        assert marks["Okafor, Amara"] == [None, 4]
        await desk.type("left", "2", "escape", "u")
        assert desk.row("Okafor").row.placed[0].mark is None
        assert desk.row("Okafor").row.placed[1].mark == 4


async def test_a_digit_outside_marking_does_nothing_to_checks(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("4", "3")
        assert all(placed.mark is None for one in desk.today.state.rows for placed in one.row.placed)


async def test_undo_takes_back_the_last_act_only(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "o", "t", "b", "u")
        assert desk.row("Reid").status is Status.OUT
        assert "Undone: come back" in desk.says
        await desk.type("u")
        assert desk.row("Reid").status is Status.IN


async def test_undo_says_who_built_on_it(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "o", "t")
        visit = desk.row("Reid").row.visit_id or 0
        from psc.roster.movements import come_back

        school.desk("AS2", "other").do(come_back(visit))
        await desk.type("u")
        assert "AS2" in desk.says
        assert "come back" in desk.says


async def test_many_are_marked_and_acted_on_together_by_name(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("*")
        assert "2 marked: Reid, Callum; Okafor, Amara" in desk.says
        await desk.type("o")
        assert "Reid, Callum; Okafor, Amara out for" in desk.says
        await desk.type("b")
        assert desk.row("Reid").status is desk.row("Okafor").status is Status.OUT
        await desk.type("u")
        assert desk.row("Reid").status is desk.row("Okafor").status is Status.IN


async def test_a_seat_is_changed_and_a_taken_one_refused(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "g", "4", "enter")
        assert desk.row("Reid").row.seat == 4
        await desk.type("g", "2", "enter")
        assert "Seat 2 is taken" in desk.says


async def test_a_kept_apart_student_comes_in_only_with_a_reason(school: School) -> None:
    at_half_past_ten(school)
    from psc.roster.keep_apart import keep_apart

    school.desk("CO1", "office").do(keep_apart(1, 4, "Fought"))
    async with driven_school(school) as desk:
        await desk.type("/", "khan", "enter", "i")
        assert "kept apart from Reid, Callum" in desk.says
        assert desk.row("Khan").status is Status.FIND
        await desk.type("spoke to both", "enter")
        assert desk.row("Khan").status is Status.IN


async def test_a_time_that_has_not_come_is_refused(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("@", "1430", "enter")
        assert "has not come yet" in desk.says
        await desk.type("@", "half past", "enter")
        assert "not a time psc can read" in desk.says


async def test_pressing_the_same_letter_twice_signs_in_once(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "khan", "enter", "i", "i")
        assert "already signed in" in desk.says
        assert len(desk.row("Khan").row.facts.moves) == 1


async def test_what_another_terminal_did_shows_with_the_cursor_on_the_same_student(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "okaf", "enter")
        place = desk.today.state.index
        other = school.another()
        try:
            from psc.desk.acts import Desk

            Desk(other, school.clock, "AS2", "two").do(go_out(desk.row("Okafor").row.visit_id or 0, OutReason.NURSE))
        finally:
            other.close()
        await desk.tick()
        assert "◐ nurse 0" in desk.text
        assert desk.today.state.cursor == (2, IER)
        assert desk.today.state.index != place


async def test_a_second_terminal_in_the_middle_of_a_write_makes_the_row_wait_and_then_saves(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        other = school.another()
        other.execute("BEGIN IMMEDIATE")
        await desk.type("/", "khan", "enter", "i")
        assert "… saving" in desk.text
        assert desk.row("Khan").status is Status.FIND
        other.execute("ROLLBACK")
        other.close()
        await desk.app.workers.wait_for_complete()
        await desk.pilot.pause()
        assert desk.row("Khan").status is Status.IN
        assert "saving" not in desk.text


async def test_minutes_and_lateness_move_without_a_key(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        school.clock.moment = at("12:16")
        await desk.tick()
        assert "! find, late 6" in desk.text
        assert "P4, 54 min left" in desk.text or "P4 12:10–13:10, 54 min left" in desk.text


async def test_midnight_passes_with_the_board_open(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        from tests.school import TUESDAY

        school.clock.moment = at("00:01", TUESDAY)
        await desk.next_day()
        assert "Nobody is placed here today" in desk.text
        assert "2 open from before" in desk.text


async def test_the_other_room_is_a_key_away_and_all_rooms_stand_together(school: School) -> None:
    at_half_past_ten(school)
    school.book(6, "P2 P3", room=PSC, type=PlacementType.PSC_PROGRAMME, reason="Reading support")
    async with driven_school(school) as desk:
        await desk.type("]")
        assert "Ali, Mohammed" in desk.text
        assert "not yet here" in desk.text
        await desk.type("0")
        assert "All rooms" in desk.text
        assert "Reid, Callum" in desk.text
        await desk.type("[")
        assert "Internal Exclusion Room" in desk.text


async def test_the_counts_filter_by_key_and_by_mouse(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("tab")
        assert [one.row.name for one in desk.today.state.shown] == ["Khan, Bilal"]
        await desk.type("escape")
        line = desk.text.splitlines()[2]
        await desk.pilot.click("#rooms", offset=(line.index("● 2 in"), 0))
        await desk.pilot.pause()
        assert {one.row.name for one in desk.today.state.shown} == {"Reid, Callum", "Okafor, Amara"}


async def test_the_last_letter_of_a_key_can_be_clicked_and_the_space_after_it_cannot(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        line = desk.text.splitlines()[-1]
        last = line.index("a Add") + len("a Add") - 1
        await desk.pilot.click("#keys", offset=(last + 1, 0))
        assert desk.app.screen is desk.today
        await desk.pilot.click("#keys", offset=(last, 0))
        await desk.pilot.pause()
        assert "Add to Internal Exclusion Room" in desk.text


async def test_everything_can_be_done_with_the_mouse_alone(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        lines = desk.text.splitlines()
        row = next(number for number, line in enumerate(lines) if "Reid, Callum" in line)
        await desk.pilot.click("#board", offset=(8, row - 3))
        assert desk.today.state.cursor == (1, IER)
        await desk.pilot.click("#keys", offset=(desk.text.splitlines()[-1].index("o Out"), 0))
        says = next(line for line in desk.text.splitlines() if "t toilet" in line)
        await desk.pilot.click("#says", offset=(says.index("t toilet"), 0))
        await desk.pilot.pause()
        assert desk.row("Reid").standing.reason == "toilet"


async def test_an_assistant_is_told_why_a_coordinators_command_is_not_hers(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("W")
        assert "not for the role of assistant" in desk.says


async def test_a_coordinator_waives_and_carries_a_period(school: School) -> None:
    at_half_past_ten(school)
    school.clock.moment = at("10:55")
    async with driven_school(school, "CO1") as desk:
        await desk.type("/", "khan", "enter", "W", "P1", "enter")
        assert "needs a reason" in desk.says
        await desk.type("at the dentist", "enter")
        assert desk.row("Khan").row.placed[0].waived
        await desk.type("C", "P2 tomorrow P1", "enter")
        assert desk.row("Khan").row.placed[1].carried
        assert desk.row("Khan").row.days == (1, 2)


async def test_a_time_of_today_is_corrected_with_a_word_why(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "U")
        assert "08:48" in desk.text
        await desk.type("t", "0841", "space", "typed", "enter", "escape")
        assert "in since 08:41" in desk.text
        await desk.type("u")
        assert "in since 08:48" in desk.text


async def test_a_time_kept_is_used_once_whatever_the_act(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "khan", "enter", "@", "-20", "enter", "h", "a")
        assert "absent 10:10" in desk.says
        await desk.type("i")
        assert "signed in 10:30" in desk.says


async def test_a_student_who_walked_out_leads_the_board_at_once(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "okaf", "enter", "o", "w")
        assert "! find, walked 0" in desk.text
        assert "! 2 find" in desk.text.splitlines()[0], "the top line of every screen says so, without a name"
        assert desk.row("Okafor").row.key in [one.row.key for one in desk.today.state.shown[:2]]
        await desk.type("b")
        assert desk.row("Okafor").status is Status.IN
        assert "! 1 find" in desk.text.splitlines()[0]


async def test_an_alarm_of_the_other_room_is_seen_from_this_one(school: School) -> None:
    at_half_past_ten(school)
    school.book(5, "P2", room=PSC)
    async with driven_school(school) as desk:
        assert "! 2 find" in desk.text.splitlines()[0]
        assert "│ PSC 0 of 3 ! 1" in desk.text.splitlines()[2]
        await desk.type("]")
        assert "Marsh, Ellie" in desk.text
        assert "! find, late 40" in desk.text


async def test_an_alarm_is_quiet_once_somebody_is_told_of_it(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school, size=(132, 40)) as desk:
        school.desk("AS2", "other").do(record_sighting(4, told="attendance"))
        school.clock.forward(minutes=2)
        desk.today.reload()
        await desk.pilot.pause()
        assert "○ late: attendance" in desk.text
        assert "find" not in desk.text.splitlines()[0]
        assert "! 1 find" not in desk.text


async def test_a_student_sent_over_is_on_the_way_until_the_other_room_has_them(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school, size=(132, 40)) as desk:
        await desk.type("/", "reid", "enter", "s", "r")
        assert desk.row("Reid").status is Status.LEFT
        assert "✓ to PSC 10:30" in desk.text
        await desk.type("]")
        assert "○ on the way 0" in desk.text
        school.clock.forward(minutes=6)
        await desk.tick()
        assert "! find, on way 6" in desk.text
        assert "! 2 find" in desk.text.splitlines()[0]
        await desk.type("/", "reid", "enter", "i")
        assert desk.row("Reid").status is Status.IN
        assert "! 1 find" in desk.text.splitlines()[0]
        await desk.type("u", "[", "u")
        assert desk.row("Reid").status is Status.IN
        assert desk.row("Reid").row.seat == 1


async def test_the_emergency_text_shows_at_once_and_goes_by_itself(school: School) -> None:
    at_half_past_ten(school)
    with school.file.atomic():
        school.file.execute(
            "INSERT INTO alert (student_id, kind, text, emergency, happened, recorded, day, seq) VALUES"
            " (1, 'medical', 'Asthma: inhaler in office', 1, ?, ?, '2026-09-01', 1)",
            ["2026-09-01T08:00:00Z"] * 2,
        )
    async with driven_school(school) as desk:
        assert "◆1" in desk.text
        assert "Asthma" not in desk.text
        await desk.type("/", "reid", "enter", "!")
        assert "Asthma: inhaler in office" in desk.text
        school.clock.forward(seconds=31)
        await desk.tick()
        assert "Asthma" not in desk.text


async def test_the_opened_words_close_after_half_a_minute_and_on_another_student(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school, size=(132, 40)) as desk:
        assert "Defiance" not in desk.text
        await desk.type("enter")
        assert "Defiance" in desk.text
        school.clock.forward(seconds=31)
        await desk.tick()
        assert "Defiance" not in desk.text
        await desk.type("enter", "down")
        assert "Defiance" not in desk.text


async def test_a_visit_left_open_yesterday_waits_for_a_coordinators_decision(school: School) -> None:
    from tests.school import FRIDAY_BEFORE

    school.book(1, days=(FRIDAY_BEFORE,))
    school.clock.moment = at("08:50", FRIDAY_BEFORE)
    school.desk("AS2", "other").do(sign_in(1, IER))
    school.clock.moment = at("08:30")
    async with driven_school(school, "CO1") as desk:
        assert "1 open from before" in desk.text
        await desk.type("O")
        assert "Reid, Callum" in desk.text
        await desk.type("enter", "1505", "enter", "left with mother, not typed", "enter")
        await desk.app.workers.wait_for_complete()
        await desk.pilot.pause()
        assert "open from before" not in desk.text


async def test_a_fault_of_the_file_is_a_sentence_on_the_board(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        school.path.rename(school.path.with_suffix(".moved"))
        await desk.type("/", "khan", "enter", "i")
        assert "moved or removed" in desk.says
        school.path.with_suffix(".moved").rename(school.path)


async def test_a_pass_to_the_safeguarding_lead_is_not_spelt_out_on_the_line_that_speaks(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "o", "s")
        assert "Reid, Callum out: with staff 10:30" in desk.says
        assert "safeguarding" not in desk.text


async def test_undo_names_a_student_once_who_stands_in_two_rooms(school: School) -> None:
    at_half_past_ten(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "s", "r", "]", "i", "u")
        assert "Undone: sign in: Reid, Callum" in desk.says
        assert desk.says.count("Reid, Callum") == 1
