"""The board and its lists as each role has them: own years, a cover pass's rooms, students not shown, alerts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from psc.errors import NotAllowed
from psc.flows.close_day import close_day
from psc.flows.walk_in import walk_in
from psc.overview.board import NOT_SHOWN, counts
from psc.overview.cells import text_lines
from psc.overview.day_end import day_end
from psc.overview.meals import counts_of, plates
from psc.overview.profile import open_profile
from psc.overview.read_board import read_board
from psc.overview.register import register_list
from psc.overview.roll import roll
from psc.overview.within import events_for, held_for, open_visits_for, stranded_for, timeline_for
from psc.prints.kitchen import print_kitchen
from psc.prints.log import keep_logs
from psc.roster.evacuation import EvacuationKind, evacuate, tick_roll
from psc.roster.held import Holding, hold_item
from psc.roster.keep_apart import keep_apart
from psc.roster.lunch import choose_lunch
from psc.roster.movements import Destination, sign_in, sign_out
from psc.roster.placements import PlacementType
from psc.school.students import find_students
from tests.desk.refusals import refused
from tests.desk.test_looks import bar
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, TUESDAY

if TYPE_CHECKING:
    from pathlib import Path

    from psc.desk.people import Staff
    from tests.school import School

REID, OKAFOR, OBRIEN, KHAN = 1, 2, 3, 4


def alert(school: School, student: int, kind: str, text: str, *, emergency: bool = False) -> None:
    school.file.execute(
        "INSERT INTO alert (student_id, kind, text, emergency, happened, recorded, day, seq)"
        " VALUES (?, ?, ?, ?, '2026-11-20T08:00:00Z', '2026-11-20T08:00:00Z', '2026-11-20', 1)",
        (student, kind, text, int(emergency)),
    )


def shown_alerts(school: School, code: str) -> dict[int, list[str]]:
    return {row.student_id: [one.text for one in row.alerts] for row in school.board(code).rows}


def cover_pass(school: School, *rooms: int) -> None:
    school.file.execute(
        "INSERT INTO cover_pass (staff_id, agency, rooms, happened, recorded, day, seq)"
        " VALUES (8, 'Bright', ?, '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z', '2026-11-23', 1)",
        (json.dumps(rooms),),
    )


def lend(school: School, year: int, first: str, last: str) -> None:
    school.file.execute(
        "INSERT INTO delegation (staff_id, year, from_day, until_day, happened, recorded, day, seq)"
        " VALUES (4, ?, ?, ?, '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z', '2026-11-23', 1)",
        (year, first, last),
    )


# -- alerts ----------------------------------------------------------------------------------------------------------


def test_alerts_go_to_those_who_may_see_them_and_the_emergency_text_to_whoever_has_the_row(school: School) -> None:
    for student in (REID, OBRIEN):
        school.book(student)
        alert(school, student, "medical", "EpiPen in office", emergency=True)
        alert(school, student, "family", "A long story")
    both, urgent = ["EpiPen in office", "A long story"], ["EpiPen in office"]
    assert shown_alerts(school, "AS1") == {REID: both, OBRIEN: both}
    assert shown_alerts(school, "BL1") == {REID: both, OBRIEN: both}
    assert shown_alerts(school, "CV1") == {REID: urgent, OBRIEN: urgent}
    assert shown_alerts(school, "HY8") == {OBRIEN: both}


def test_an_assistant_sees_the_alerts_of_those_placed_today_and_of_others_the_emergency_text(school: School) -> None:
    school.book(REID, days=(TUESDAY,))
    alert(school, REID, "medical", "EpiPen in office", emergency=True)
    alert(school, REID, "family", "A long story")
    staff = school.desk().staff()
    [row] = read_board(school.file, TUESDAY, staff, today=MONDAY).rows
    assert [one.text for one in row.alerts] == ["EpiPen in office"]
    school.book(REID, room=PSC)
    assert all(len(row.alerts) == 2 for row in read_board(school.file, TUESDAY, staff, today=MONDAY).rows)


def test_the_roll_has_no_alerts(school: School) -> None:
    school.book(REID)
    alert(school, REID, "family", "A long story")
    for code in ("AS1", "AD1", "CV1"):
        [row] = read_board(school.file, MONDAY, school.desk(code).staff(), read="see_roll").rows
        assert row.alerts == ()


def test_a_key_worker_on_cover_sees_all_alerts_of_their_own_student(school: School) -> None:
    for student in (REID, OKAFOR):
        school.book(student)
        alert(school, student, "family", "A long story")
    school.file.execute("UPDATE student SET key_worker_id = 8 WHERE id = ?", (REID,))
    assert shown_alerts(school, "CV1") == {REID: ["A long story"], OKAFOR: []}


# -- own years, lent years, a pass's rooms -----------------------------------------------------------------------------


def test_a_head_of_year_s_counts_are_of_their_years_and_the_seats_of_everybody(school: School) -> None:
    for student in (REID, OKAFOR, OBRIEN, KHAN):
        school.book(student)
    play(school, REID, "08:50 in")
    play(school, OBRIEN, "08:50 in")
    board = school.board("HY8")
    assert counts(board.at(school.clock.now()))["in"] == 1
    assert board.used == {IER: 2}
    assert not board.whole
    assert school.board("CO1").whole


def test_a_lent_year_is_on_the_board_on_its_days(school: School) -> None:
    school.book(REID, days=(MONDAY, TUESDAY))
    lend(school, 10, MONDAY.isoformat(), MONDAY.isoformat())
    assert [row.student_id for row in school.board("HY8").rows] == [REID]
    set_clock(school, "08:00", TUESDAY)
    assert school.board("HY8", TUESDAY).rows == ()


def test_a_cover_pass_is_for_its_rooms(school: School) -> None:
    school.book(REID, "P1 P2", room=IER)
    school.book(REID, "P3", room=PSC)
    school.book(OKAFOR, room=IER)
    cover_pass(school, PSC)
    assert [row.key for row in school.board("CV1").rows] == [(REID, PSC)]
    assert [one.id for one in find_students(school.file, "r", school.desk("CV1").staff(), MONDAY)] == [REID]
    set_clock(school, "08:50")
    cover = school.desk("CV1")
    assert "pass" in refused(cover, sign_in(REID, IER), kind=NotAllowed)
    refused(cover, sign_in(OKAFOR, IER), kind=NotAllowed)
    assert "pass" in refused(cover, walk_in(KHAN, IER, PlacementType.REMOVAL, "Defiance"), kind=NotAllowed)
    cover.do(walk_in(KHAN, PSC, PlacementType.REMOVAL, "Defiance"))


def test_a_pass_reaches_a_student_who_is_sent_over_to_its_room(school: School) -> None:
    school.book(REID)
    cover_pass(school, PSC)
    visit = play(school, REID, "08:50 in")
    assert school.board("CV1").rows == ()
    set_clock(school, "09:00")
    school.desk().do(sign_out(visit, Destination.OTHER_ROOM, to_room=PSC))
    assert [row.key for row in school.board("CV1").rows] == [(REID, PSC)]
    school.desk("CV1").do(sign_in(REID, PSC))


def test_what_is_listed_beside_the_board_is_of_the_students_one_may_see(school: School) -> None:
    set_clock(school, "08:40", FRIDAY_BEFORE)
    for student in (REID, OBRIEN):
        school.book(student, days=(FRIDAY_BEFORE,))
        play(school, student, "08:50 in", day=FRIDAY_BEFORE)
        school.desk().do(hold_item(student, Holding.PHONE))
    set_clock(school, "09:00")

    def lists(staff: Staff) -> tuple[set[int], set[int]]:
        visits = open_visits_for(school.file, MONDAY, staff)
        return {one.student_id for one in visits}, {one.student_id for one in held_for(school.file, MONDAY, staff)}

    assert lists(school.desk("CO1").staff()) == ({REID, OBRIEN}, {REID, OBRIEN})
    assert lists(school.desk("HY8").staff()) == ({OBRIEN}, {OBRIEN})
    head, file = school.desk("HY8").staff(), school.file
    assert timeline_for(file, REID, FRIDAY_BEFORE, head, MONDAY) == ()
    assert timeline_for(file, OBRIEN, FRIDAY_BEFORE, head, MONDAY) != ()
    assert not events_for(file, REID, MONDAY, head)
    assert not stranded_for(file, MONDAY, head, MONDAY)
    with pytest.raises(NotAllowed):
        open_visits_for(file, MONDAY, school.desk("AD1").staff())
    with pytest.raises(NotAllowed):
        timeline_for(file, REID, FRIDAY_BEFORE, school.desk("AD1").staff(), MONDAY)


# -- barred ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def barred(school: School) -> School:
    """Reid sits in the room, known in every way there is; the assistant is barred from him, and Okafor is there too."""
    school.book(REID, reason="Fighting")
    school.book(OKAFOR)
    alert(school, REID, "medical", "EpiPen in office", emergency=True)
    play(school, REID, "08:50 in")
    play(school, OKAFOR, "08:55 in")
    desk = school.desk("CO1")
    desk.do(hold_item(REID, Holding.CONFISCATED, "vape", why="found", searched_by="CO1", kept_where="safe"))
    desk.do(choose_lunch(REID, IER, "hot"))
    desk.do(keep_apart(REID, KHAN, "Fought"))
    bar(school, "AS1", REID)
    return school


def test_a_student_one_is_barred_from_is_a_seat_and_no_more(barred: School) -> None:
    board = barred.board("AS1")
    now = barred.clock.now()
    row = next(row for row in board.rows if row.student_id == REID)
    assert (row.name, row.seat, row.hidden) == (NOT_SHOWN, 1, True)
    assert counts(board.at(now))["in"] == 2
    assert board.used == {IER: 2}
    text = "\n".join(text_lines(board, now, 132, list(board.rooms)))
    assert text.count(NOT_SHOWN) == 1
    for word in ("Reid", "Callum", "10F", "Fighting", "EpiPen", "◆1", "vape"):
        assert word not in text
    assert "Reid" not in repr(board)
    assert "EpiPen" not in repr(board)
    assert "Fighting" not in repr(board)
    assert "vape" not in repr(board)


def test_every_list_made_of_the_board_keeps_the_count_and_leaves_the_name_out(barred: School) -> None:
    board, now = barred.board("AS1"), barred.clock.now()
    made = register_list(board, now)
    assert made is not None
    assert {one.name for one in made.entries} == {NOT_SHOWN, "Okafor, Amara"}
    assert all(one.form == one.words == one.mark == "" for one in made.entries if one.name == NOT_SHOWN)
    assert counts_of(plates(board, now)) == (("hot", 1),)
    end = day_end(board, now, held_for(barred.file, MONDAY, barred.desk().staff()), None)
    assert [one.row.name for one in end.here] == [NOT_SHOWN, "Okafor, Amara"]
    assert end.held == ()


def test_nothing_is_done_with_them_but_on_the_evacuation_roll(barred: School) -> None:
    desk = barred.desk()
    staff = desk.staff()
    visit = barred.file.value("SELECT id FROM visit WHERE student_id = ?", (REID,))
    words = refused(desk, sign_out(visit, Destination.LESSON), kind=NotAllowed)
    assert "not shown to you" in words
    assert find_students(barred.file, "reid", staff, MONDAY) == ()
    assert timeline_for(barred.file, REID, MONDAY, staff, MONDAY) == ()
    running = desk.do(evacuate(EvacuationKind.DRILL)).value
    desk.do(tick_roll(running, REID))
    everybody = roll(read_board(barred.file, MONDAY, staff, read="see_roll"), barred.clock.now())
    assert {one.name for one in everybody} == {"Reid, Callum", "Okafor, Amara"}
    from psc.desk.acts import undo

    desk.do(undo())
    assert desk.do(undo()).value == "evacuate"


def test_who_is_kept_apart_from_them_is_refused_without_their_name(barred: School) -> None:
    set_clock(barred, "09:00")
    words = refused(barred.desk(), walk_in(KHAN, IER, PlacementType.REMOVAL, "Defiance"))
    assert "a student not shown to you" in words
    assert "Reid" not in words
    bar(barred, "CO1", REID)
    [pair] = open_profile(barred.desk("CO1"), KHAN, "sheet").apart or ()
    assert pair.name == "a student not shown to you"


def test_the_day_is_not_closed_while_they_are_in_and_they_are_not_named(barred: School) -> None:
    words = refused(barred.desk(), close_day())
    assert NOT_SHOWN in words
    assert "Reid" not in words


def test_a_sheet_made_without_everybody_says_so_and_leaves_the_whole_one_where_it_is(barred: School) -> None:
    now = barred.clock.now()
    whole = keep_logs(barred.file, barred.board("CO1"), barred.board("CO1").rooms[:1], now)
    part = keep_logs(barred.file, barred.board("AS1"), barred.board("AS1").rooms[:1], now)
    assert [path.name for path in whole + part] == ["log-IER-2026-11-23.html", "log-IER-part-2026-11-23.html"]
    assert "Reid" in whole[0].read_text()
    told = part[0].read_text()
    assert NOT_SHOWN in told
    assert "Not everybody is on this page" in told
    assert not [word for word in ("Reid", "10F", "08:50") if f">{word}" in told]


def test_the_kitchen_s_copy_says_of_whom_it_must_ask_again(barred: School) -> None:
    barred.file.execute("UPDATE student SET dietary = 'No nuts', fsm = 1 WHERE id = ?", (REID,))
    told = print_kitchen(barred.desk(), MONDAY).read_text()
    assert "No nuts" not in told
    assert "ask for another" in told
    assert "No nuts" in print_kitchen(barred.desk("CO1"), MONDAY).read_text()


def test_a_head_of_year_s_own_child_stays_on_the_board_of_their_year(school: School) -> None:
    school.book(OBRIEN)
    bar(school, "HY8", OBRIEN)
    assert [row.name for row in school.board("HY8").rows] == [NOT_SHOWN]


def test_a_bar_that_was_taken_back_bars_no_more(school: School) -> None:
    school.book(REID)
    bar(school, "AS1", REID)
    school.file.execute(
        "INSERT INTO retraction (fact, fact_id, reason, happened, recorded, day, seq)"
        " VALUES ('barred', 1, 'left', '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z', '2026-11-23', 1)"
    )
    assert [row.name for row in school.board().rows] == ["Reid, Callum"]


def test_a_printed_log_names_in_the_ledger_whoever_stands_on_it(barred: School, tmp_path: Path) -> None:
    from psc.prints.keep import print_sheet

    done = barred.desk().do(print_sheet("log", barred.board("AS1").named()))
    assert done.students == (OKAFOR,)
    refused(barred.desk(), print_sheet("log", (REID,)), kind=NotAllowed)
    refused(barred.desk("HY8"), print_sheet("log", (OKAFOR,)), kind=NotAllowed)
