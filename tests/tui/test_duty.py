"""Duty, told by, and the rota, at the keyboard."""

from __future__ import annotations

from datetime import timedelta

from psc.roster.duty import Duty, confirm_duty, on_duty
from psc.roster.movements import movements_of, sign_in
from psc.roster.rota import entries_between, plan_rota, read_day, typed_day_words
from psc.roster.status import Status
from psc.school.rooms import rooms
from psc.tui.screens.rota import RotaPage
from psc.tui.widgets.lines import Lines
from tests.roster.stories import set_clock
from tests.school import IER, MONDAY, PSC, School, at
from tests.tui.app import Driver, driven_school


def plan(school: School, staff: int, text: str, day: int = 0) -> None:
    """Plan somebody's day of the week, as the coordinator."""
    entries = read_day(text, rooms(school.file), {})
    school.desk("CO1", "office").do(plan_rota(staff, MONDAY + timedelta(days=day), entries))


def on(school: School, clock: str = "", room: int = IER) -> list[str]:
    """Return who is on duty by the file."""
    return [one.name for one in on_duty(school.file, room, at(clock) if clock else school.clock.now())]


def standing(school: School, staff: int, day: int = 0) -> str:
    """Return what is planned for somebody."""
    on_day = MONDAY + timedelta(days=day)
    those = [one.planned for one in entries_between(school.file, on_day, on_day) if one.who.staff_id == staff]
    return typed_day_words(those, rooms(school.file))


async def press(desk: Driver, *keys: str) -> None:
    for key in keys:
        await desk.pilot.press(key)
    await desk.pilot.pause()


# -- duty ----------------------------------------------------------------------------------------------------------


async def test_the_planned_assistant_confirms_with_one_key(school: School) -> None:
    plan(school, 1, "0840-1050 IER")
    set_clock(school, "08:35")
    async with driven_school(school, size=(120, 30)) as desk:
        assert "planned: J. Smith · d confirms" in desk.text
        await desk.type("d")
        assert "on duty: J. Smith" in desk.text
        assert "IER: J. Smith on duty 08:35 · u undoes" in desk.says
        assert on(school) == ["J. Smith"]
        await desk.type("u")
        assert on(school) == []
        assert "planned: J. Smith" in desk.text


async def test_d_twice_asks_and_changes_nothing_by_itself(school: School) -> None:
    plan(school, 1, "0840-1050 IER")
    set_clock(school, "08:45")
    async with driven_school(school) as desk:
        await desk.type("d", "d")
        assert "J. Smith on duty in IER" in desk.says
        assert "l leave" in desk.says
        await desk.type("escape")
        assert on(school) == ["J. Smith"]


async def test_at_a_hand_over_the_one_who_comes_takes_over_in_one_act(school: School) -> None:
    set_clock(school, "08:40")
    school.desk("AS2", "two").do(confirm_duty(IER))
    set_clock(school, "11:12")
    async with driven_school(school) as desk:
        assert "on duty: O. Berg" in desk.text
        await desk.type("@", "1110", "enter", "d")
        assert "t take over" in desk.says
        assert "j join" in desk.says
        await desk.type("t")
        assert on(school, "11:09") == ["O. Berg"]
        assert on(school, "11:10") == ["J. Smith"]
        assert "11:10" in desk.says
        await desk.type("u")
        assert on(school) == ["O. Berg"]


async def test_a_cover_teacher_without_a_code_is_put_on_duty_by_name(school: School) -> None:
    set_clock(school, "09:00")
    async with driven_school(school) as desk:
        await desk.type("d", "o", "Mrs Lowe", "enter")
        assert on(school) == ["Mrs Lowe"]
        await desk.type("d", "o", "kb", "enter")
        assert "K. Bose, with Mrs Lowe on duty in IER" in desk.says
        await desk.type("j")
        assert on(school) == ["Mrs Lowe", "K. Bose"]
        await desk.type("d", "o", "mrs lowe", "enter", "l")
        assert on(school) == ["K. Bose"]
        await desk.type("d", "o", "AS9", "enter")
        assert "Nobody has the code" in desk.says


async def test_somebody_else_at_the_desk_confirms_the_planned_person(school: School) -> None:
    plan(school, 2, "0840-1050 IER")
    set_clock(school, "09:00")
    async with driven_school(school, "CO1") as desk:
        await desk.type("d")
        assert "p O. Berg, as planned" in desk.says
        await desk.type("p")
        assert on(school) == ["O. Berg"]


async def test_another_terminal_that_took_over_meanwhile_is_not_run_over(school: School) -> None:
    set_clock(school, "09:00")
    async with driven_school(school) as desk:
        await desk.type("d")
        other = school.another()
        try:
            from psc.desk.acts import Desk

            Desk(other, school.clock, "AS1", "two").do(confirm_duty(IER, Duty.OVER))
        finally:
            other.close()
        await desk.type("t")
        assert "already" in desk.says
        assert on(school) == ["J. Smith"]


async def test_nobody_on_duty_is_said_while_students_are_in(school: School) -> None:
    school.book(1)
    set_clock(school, "08:45")
    school.desk().do(sign_in(1, IER))
    async with driven_school(school, size=(120, 30)) as desk:
        assert "nobody on duty · d" in desk.text
        set_clock(school, "15:00")
        await desk.tick()
        assert "nobody on duty" not in desk.text, "the day is over"


async def test_on_a_narrow_screen_duty_stands_where_there_is_room(school: School) -> None:
    for student, periods in ((1, "P1 P2"), (2, "P1"), (3, "P1 P2"), (4, "P5"), (10, "P1 P2")):
        school.book(student, periods) if student != 10 else school.book(student, periods, room=PSC)
    set_clock(school, "08:50")
    school.desk().do(sign_in(1, IER), sign_in(2, IER), sign_in(3, IER))
    set_clock(school, "10:05")
    async with driven_school(school, size=(60, 18)) as desk:
        assert "nobody on duty · d" in desk.text
        await desk.type("d", "t")
        await desk.type("down")
        assert "J. Smith" in desk.text


async def test_a_head_of_year_sees_duty_and_does_not_confirm(school: School) -> None:
    set_clock(school, "09:00")
    async with driven_school(school, "HY8") as desk:
        assert "nobody on duty" in desk.text
        assert "nobody on duty · d" not in desk.text
        await desk.type("d")
        assert "not for the role of head of year" in desk.says


async def test_all_rooms_together_have_no_one_duty(school: School) -> None:
    set_clock(school, "09:00")
    async with driven_school(school) as desk:
        await desk.type("0", "d")
        assert "choose a room" in desk.says


# -- told by -------------------------------------------------------------------------------------------------------


async def test_who_told_it_and_when_go_with_the_next_act(school: School) -> None:
    school.book(4)
    set_clock(school, "09:00")
    async with driven_school(school, size=(160, 50)) as desk:
        await desk.type("@", "0852 kb", "enter")
        assert "at 08:52" in desk.says
        assert "told by K. Bose" in desk.says
        await desk.type("i")
        move = movements_of(school.file, 4, MONDAY)[0]
        assert (f"{move.happened:%H:%M}", move.told, move.by) == ("08:52", "K. Bose", "AS1")
        assert "told by K. Bose" in desk.text, "the day's timeline says so"
        await desk.type("o", "t")
        assert movements_of(school.file, 4, MONDAY)[1].told == "", "it goes with one act"


async def test_told_by_alone_by_code_or_by_name(school: School) -> None:
    school.book(4)
    set_clock(school, "09:00")
    async with driven_school(school) as desk:
        await desk.type("@", "Mr Hall", "enter", "i")
        assert movements_of(school.file, 4, MONDAY)[0].told == "Mr Hall"
        set_clock(school, "09:05")
        await desk.tick()
        await desk.type("@", "-2 hy8", "enter", "o", "n")
        move = movements_of(school.file, 4, MONDAY)[1]
        assert (f"{move.happened:%H:%M}", move.told) == ("09:03", "S. Hill")


async def test_escape_forgets_time_and_teller(school: School) -> None:
    school.book(4)
    set_clock(school, "09:00")
    async with driven_school(school) as desk:
        await desk.type("@", "0852 KB", "enter", "escape")
        assert "told by" not in desk.says
        await desk.type("i")
        move = movements_of(school.file, 4, MONDAY)[0]
        assert (f"{move.happened:%H:%M}", move.told) == ("09:00", "")


async def test_what_is_no_time_and_no_name_is_said(school: School) -> None:
    school.book(4)
    set_clock(school, "09:00")
    async with driven_school(school) as desk:
        for typed, said in (
            ("0860 KB", "“0860”"),
            ("P9", "“P9”"),
            ("XX7", "Nobody has the code"),
            ("half past", "not a time"),
            ("0930", "not come"),
        ):
            await desk.type("@", typed, "enter")
            assert said in desk.says, typed
        await desk.type("i")
        assert movements_of(school.file, 4, MONDAY)[0].told == ""


async def test_a_rule_that_asks_for_a_reason_keeps_who_told_it(school: School) -> None:
    for student in (1, 2, 3, 4):
        school.book(student)
    set_clock(school, "08:50")
    school.desk("AS2", "two").do(sign_in(1, IER), sign_in(2, IER), sign_in(3, IER), sign_in(4, IER))
    from psc.roster.placements import PlacementType, book

    kind = PlacementType.INTERNAL_EXCLUSION
    school.desk("CO1", "office").do(book(5, IER, kind, "Defiance", [(MONDAY, "P1")], override="nowhere else"))
    async with driven_school(school) as desk:
        await desk.type("/", "marsh", "enter", "@", "KB", "enter", "i")
        assert "full" in desk.says
        await desk.type("one chair more", "enter")
        assert desk.row("Marsh").status is Status.IN
        assert movements_of(school.file, 5, MONDAY)[0].told == "K. Bose"


async def test_undo_takes_nobodys_word_and_leaves_it_for_the_next_act(school: School) -> None:
    school.book(4)
    set_clock(school, "09:00")
    async with driven_school(school) as desk:
        await desk.type("i", "@", "KB", "enter", "u")
        assert "told by K. Bose" in desk.says
        await desk.type("i")
        assert movements_of(school.file, 4, MONDAY)[0].told == "K. Bose"
        assert school.file.value("SELECT count(*) FROM told") == 1


async def test_a_walk_in_keeps_who_told_it(school: School) -> None:
    set_clock(school, "09:00")
    async with driven_school(school) as desk:
        await desk.type("@", "Mr Hall", "enter", "a", "1005", "enter", "enter", "defiance", "f10")
        assert movements_of(school.file, 5, MONDAY)[0].told == "Mr Hall"


# -- the rota ------------------------------------------------------------------------------------------------------


async def test_a_coordinator_types_a_day_as_one_line(school: School) -> None:
    async with driven_school(school, "CO1", size=(80, 24)) as desk:
        await desk.type("D")
        page = desk.app.screen
        assert isinstance(page, RotaPage)
        await desk.type("enter", "0840-1050 IER, 1050-1110 break", "enter")
        assert standing(school, 1) == "0840-1050 IER, 1050-1110 break"
        assert "08:40–10:50 IER · 10:50–11:10 break" in desk.text
        await desk.type("right", "down", "enter", "P1-P2 PSC", "enter")
        assert standing(school, 2, 1) == "0850-1050 PSC"
        await desk.type("u")
        assert standing(school, 2, 1) == ""
        await desk.type("escape")
        assert desk.app.screen is desk.today
        assert "planned: J. Smith" in desk.text


async def test_what_is_wrong_is_said_and_what_was_typed_stays(school: School) -> None:
    async with driven_school(school, "CO1", size=(80, 24)) as desk:
        await desk.type("D", "enter", "0840-1050 IRE", "enter")
        assert "“IRE”" in desk.text
        assert "0840-1050 IRE▏" in desk.text
        await desk.type("backspace", "backspace", "ER", "enter")
        assert standing(school, 1) == "0840-1050 IER"


async def test_a_cell_planned_meanwhile_is_shown_before_it_is_replaced(school: School) -> None:
    async with driven_school(school, "CO1", size=(100, 30)) as desk:
        await desk.type("D", "enter", "P1 IER")
        plan(school, 1, "1300-1330 meeting Y9")
        await desk.type("enter")
        assert "It now says: 1300-1330 meeting Y9" in desk.text
        await desk.type("enter")
        assert standing(school, 1) == "0850-0950 IER"


async def test_the_week_stands_side_by_side_on_a_wide_screen(school: School) -> None:
    plan(school, 1, "0840-1050 IER")
    plan(school, 1, "0840-1050 PSC", day=4)
    async with driven_school(school, size=(132, 40)) as desk:
        await desk.type("D")
        row = next(one for one in desk.text.splitlines() if one.startswith(" J. Smith"))
        assert "08:40–10:50 IER" in row
        assert "08:40–10:50 PSC" in row
        assert "Nobody is planned for" in desk.text
        await desk.resize(80, 24)
        assert "[Mon 23]" in desk.text


async def test_weeks_go_on_and_back_and_last_week_is_copied(school: School) -> None:
    plan(school, 1, "0840-1050 IER")
    async with driven_school(school, "CO1", size=(80, 24)) as desk:
        await desk.type("D", "]")
        assert "30 Nov" in desk.text
        await press(desk, "equals_sign")
        assert standing(school, 1, 7) == "0840-1050 IER"
        await press(desk, "equals_sign")
        assert "Nothing to copy" in desk.text
        await desk.type("[", "[")
        await desk.type("enter")
        assert "That day is over" in desk.text


async def test_somebody_else_comes_onto_the_rota_by_their_code(school: School) -> None:
    async with driven_school(school, "CO1", size=(80, 24)) as desk:
        await desk.type("D", "a", "kb", "enter")
        assert desk.app.screen.query_one(Lines).current == 7
        await desk.type("enter", "P1 IER", "enter")
        assert standing(school, 7) == "0850-0950 IER"
        await desk.type("a", "zz", "enter")
        assert "Nobody has the code" in desk.text


_PRINTED = (
    "SELECT count(*) FROM ledger l JOIN ledger_detail d ON d.seq = l.seq WHERE act = 'print_sheet'"
    " AND json_extract(d.json, '$.sheet') NOT LIKE 'log%'"
)
"""Counts the sheets that were printed by hand: the morning's logs are written by themselves."""


async def test_an_assistant_reads_and_prints_and_does_not_plan(school: School) -> None:
    plan(school, 1, "0840-1050 IER")
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("D", "enter")
        assert "planned by a coordinator" in desk.text
        assert "a add" not in desk.text
        await desk.type("p")
        assert "To print, open in a browser:" in desk.text
        sheets = list(school.path.parent.glob("data/psc/sheets/*/rota-*.html"))
        assert len(sheets) == 1
        assert sheets[0].stat().st_mode & 0o777 == 0o600
        assert school.file.value(_PRINTED) == 1
