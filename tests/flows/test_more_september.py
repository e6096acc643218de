"""More of September: what a data manager and a room meet between the old list and the new one."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest

from psc.database.schema import FACTS
from psc.desk.acts import undo
from psc.desk.facts import live
from psc.errors import Overtaken, Refused
from psc.flows.merge import preview_merge
from psc.flows.new_year import plan_year
from psc.flows.walk_in import walk_in
from psc.importing import intake
from psc.importing.intake import import_file
from psc.overview.timeline import timeline
from psc.roster.checks import mark_check
from psc.roster.confirmations import Outcome, settle_removal
from psc.roster.corrections import correct_movement
from psc.roster.evacuation import EvacuationKind, bring_back, evacuate, tick_roll
from psc.roster.events import EventKind, plan_event
from psc.roster.held import Holding, end_holding, held_on, hold_item
from psc.roster.home import tell_home
from psc.roster.keep_apart import keep_apart
from psc.roster.lunch import choose_lunch, mark_lunch
from psc.roster.movements import Destination, OutReason, go_out, sign_out
from psc.roster.open_visits import close_visit, open_visits_before
from psc.roster.placements import PlacementType, book
from psc.roster.sightings import record_sighting
from psc.roster.welfare import check_welfare
from psc.school.students import find_students, student_by_id
from tests.desk.refusals import contents
from tests.flows.test_merge import MARSH, NOVAK, merge, newcomer
from tests.flows.test_september import START, THIRD, UPN, ctf, moment, stands, start, take
from tests.flows.test_september import july as july
from tests.importing.files import write
from tests.roster.stories import movement_id, play, set_clock, told
from tests.school import IER, MONDAY, PSC, TUESDAY, at

if TYPE_CHECKING:
    from tests.school import School


def test_the_new_year_seven_comes_into_year_seven_after_everybody_has_gone_up(july: School) -> None:
    july.clock.moment = moment(START, "09:00")
    start(july)
    july.clock.moment = moment(date(2027, 9, 2), "09:00")
    take(july, ctf((UPN, "Ling", "Bo", 6), ("N823432119002", "Ray", "Ann", 7)), format="ctf")
    came = [one for (one,) in july.file.rows("SELECT id FROM student WHERE surname IN ('Ling', 'Ray')")]
    assert [stands(july, one, THIRD) for one in came] == [(7, ""), (7, "")]


def test_a_file_that_still_uses_the_number_of_a_merged_record_reaches_the_one_that_stays(school: School) -> None:
    merge(school, MARSH, NOVAK)
    entries = write(school.path.parent, "Adno,Date,Start,End,Kind\n1005,24/11/2026,09:00,10:00,exam\n")
    import_file(school.desk("AD1"), "events", entries, backup=False)
    assert school.file.rows("SELECT student_id FROM student_event") == [(NOVAK,)]


def test_one_event_named_by_two_numbers_of_a_student_is_noted_once(school: School) -> None:
    merge(school, MARSH, NOVAK)
    lines = "1005,24/11/2026,09:00,10:00,exam\n1010,24/11/2026,09:00,10:00,exam\n" + "".join(
        f"1001,24/11/2026,{hour:02}:00,{hour:02}:30,exam\n" for hour in range(1, 20)
    )
    entries = write(school.path.parent, f"Adno,Date,Start,End,Kind\n{lines}")
    report = import_file(school.desk("AD1"), "events", entries, backup=False)
    assert (report.imported, [bad.line for bad in report.rejected]) == (20, [3])


def test_an_import_worked_out_before_a_merge_is_not_applied_after_it(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    def merge_meanwhile(*_: Any) -> None:
        merge(school, MARSH, NOVAK)

    monkeypatch.setattr(intake, "back_up", merge_meanwhile)
    changed = write(school.path.parent, "Adno,Surname,Forename,Year,Form\n1005,Marsh,Ellie,8,8E\n")
    with pytest.raises(Overtaken, match="merged two records"):
        import_file(school.desk("AD1"), "students", changed)
    assert not school.file.value("SELECT 1 FROM enrolment WHERE form = '8E'")


def test_nothing_comes_under_a_record_that_another_terminal_has_merged(school: School) -> None:
    new = newcomer(school)
    merge(school, new, NOVAK)
    before = contents(school.file)
    for call in (
        walk_in(new, PSC, PlacementType.REMOVAL, "Defiance", until="P5"),
        record_sighting(new, place="library"),
        keep_apart(new, MARSH, "fight"),
    ):
        with pytest.raises(Refused, match="merged into another"):
            school.desk("CO1", "two").do(call)
    assert contents(school.file) == before


def test_what_was_corrected_before_a_merge_stays_in_sight_after_it(school: School) -> None:
    new = newcomer(school)
    set_clock(school, "09:20")
    school.desk().do(correct_movement(movement_id(school, new, 0), "typed late", at=at("08:50")))
    before = [one._replace(id=0) for one in timeline(school.file, new, MONDAY)]
    merge(school, new, NOVAK)
    assert [one._replace(id=0) for one in timeline(school.file, NOVAK, MONDAY)] == before
    assert [one.undone for one in before] == [None, "typed late"]


def test_the_latest_check_counts_whichever_record_it_was_typed_for(school: School) -> None:
    new = newcomer(school, "08:50")
    school.book(NOVAK, "P1 P2")
    set_clock(school, "09:00")
    school.desk().do(mark_check(school.placed(new, "P1"), 1))
    set_clock(school, "09:30")
    school.desk().do(mark_check(school.placed(NOVAK, "P1"), 4))
    merge(school, new, NOVAK)
    assert {one.period.name: one.mark for one in school.row(NOVAK).row.placed}["P1"] == 4


def test_a_number_typed_under_either_record_still_reaches_the_adult(school: School) -> None:
    new = newcomer(school)
    for student, phones, email in ((NOVAK, '["0161 1"]', ""), (new, '["0161 1", "07700 2"]', "eva@example.org")):
        school.file.execute(
            "INSERT INTO contact VALUES (NULL, ?, 1, 'Novak', 'Eva', 'M', 1, ?, ?, '', 0)", (student, phones, email)
        )
    merge(school, new, NOVAK)
    rows = school.file.rows("SELECT student_id, phones, email FROM contact")
    assert rows == [(NOVAK, '["0161 1", "07700 2"]', "eva@example.org")]
    kept = school.file.rows("SELECT student_id FROM import_change WHERE field = 'contacts' ORDER BY student_id")
    assert kept == [(NOVAK,), (new,)]


def test_somebody_who_left_and_came_back_is_on_the_roll_after_the_merge(school: School) -> None:
    school.file.execute("UPDATE student SET left_on = '2026-10-20' WHERE id = ?", (NOVAK,))
    new = newcomer(school)
    assert preview_merge(school.file, new, NOVAK, school.clock.now()).words[-1] == "and puts them back on the roll"
    merge(school, new, NOVAK)
    found = find_students(school.file, "novak", school.desk().staff(), MONDAY)
    assert [(one.id, one.year) for one in found] == [(NOVAK, 9)]
    assert student_by_id(school.file, NOVAK, date(2026, 10, 1)).form == "9D"


def test_namesakes_placed_for_after_the_old_year_are_told_apart(july: School) -> None:
    july.desk("CO1").do(book(6, IER, PlacementType.INTERNAL_EXCLUSION, "Defiance", [(THIRD, "P1")]))
    july.clock.moment = moment(START, "09:00")
    plan = plan_year(july.file, july.clock.now(), START)
    assert [one.name for one in plan.bookings] == ["Ali, Mohammed ≈7B"]


def test_namesakes_are_told_apart_by_year_while_they_have_no_form(july: School) -> None:
    july.clock.moment = moment(START, "09:00")
    july.file.execute(
        "INSERT INTO enrolment (student_id, from_day, year, form, seq) VALUES (7, '2027-01-04', 8, '8E', 1)"
    )
    start(july)
    alis = find_students(july.file, "ali", july.desk().staff(), THIRD)
    assert [one.words for one in alis] == ["Ali, Mohammed ≈Y8 (1006)", "Ali, Mohammed ≈Y9 (1007)"]
    july.desk("CO1").do(book(6, IER, PlacementType.INTERNAL_EXCLUSION, "Defiance", [(THIRD, "P1")]))
    assert [row.name for row in july.board(day=THIRD).rows] == ["Ali, Mohammed ≈Y8"]


def test_everything_of_a_newcomer_s_days_is_there_once_after_the_merge(school: School) -> None:
    """Counted fact by fact: what stood under both records before stands under the one that stays."""
    new = newcomer(school)
    desk, office = school.desk(), school.desk("CO1", "office")
    visit = school.row(new).row.visit_id or 0
    held = desk.do(hold_item(new, Holding.PHONE)).value
    desk.do(hold_item(new, Holding.LENT, "ruler"))
    desk.do(choose_lunch(new, IER, "hot"))
    desk.do(check_welfare(visit, "settled"))
    office.do(keep_apart(new, MARSH, "fight"))
    office.do(plan_event(new, MONDAY, time(13, 50), time(14, 20), EventKind.EXAM))
    office.do(settle_removal(school.row(new).row.placement_id, Outcome.CONFIRMED))
    school.file.execute("INSERT INTO contact VALUES (NULL, ?, 1, 'Nowak', 'Ewa', 'M', 1, '[\"1\"]', '', '', 0)", (new,))
    desk.do(tell_home(new, "Ewa Nowak", "phone", "no answer"))
    set_clock(school, "09:30")
    drill = desk.do(evacuate(EvacuationKind.DRILL)).value
    desk.do(tick_roll(drill, new))
    set_clock(school, "09:35")
    desk.do(bring_back(drill))
    desk.do(mark_check(school.placed(new, "P1"), 3))
    desk.do(end_holding(held, "returned"))
    set_clock(school, "13:30")
    desk.do(mark_lunch(new, taken=True))
    desk.do(sign_out(visit, Destination.END_OF_DAY))

    def standing() -> dict[str, int]:
        return {
            table: int(school.file.value(f"SELECT count(*) FROM {table} t WHERE {live(table, 't')}"))
            for table in FACTS
            if table not in ("visit", "retraction")
        }

    before, day = standing(), [one._replace(id=0) for one in timeline(school.file, new, MONDAY)]
    row = school.row(new)
    set_clock(school, "08:10", TUESDAY)
    merge(school, new, NOVAK)
    assert standing() == before
    assert [one._replace(id=0) for one in timeline(school.file, NOVAK, MONDAY)] == day
    set_clock(school, "13:30")
    after = school.row(NOVAK)
    assert (after.minutes, after.status, after.home_owed) == (row.minutes, row.status, row.home_owed)
    assert after.states(school.clock.now(), school.board().settings) == row.states(
        school.clock.now(), school.board().settings
    )
    assert [one.what for one in held_on(school.file, MONDAY)] == ["ruler"]


def test_a_visit_left_open_over_midnight_goes_along_with_a_merge_of_the_next_day(school: School) -> None:
    new = newcomer(school)
    school.book(NOVAK, days=(TUESDAY,))
    play(school, NOVAK, "09:00 in", day=TUESDAY)
    merge(school, new, NOVAK)
    (left,) = open_visits_before(school.file, TUESDAY)
    assert (left.student_id, left.day) == (NOVAK, MONDAY)
    close = close_visit(left.visit_id, at("14:50"), Destination.END_OF_DAY, "forgot")
    school.desk("CO1").do(close)
    assert told(school, NOVAK) == "08:55 in, 14:50 left end of day"
    assert told(school, NOVAK, TUESDAY) == "09:00 in"


def test_acts_after_a_merge_are_undone_and_those_before_it_are_not(school: School) -> None:
    new = newcomer(school)
    merge(school, new, NOVAK)
    desk = school.desk()
    for call in (go_out(school.row(NOVAK).row.visit_id or 0, OutReason.TOILET), record_sighting(NOVAK, place="hall")):
        desk.do(call)
        desk.do(undo())
    assert told(school, NOVAK) == "08:55 in"
    with pytest.raises(Refused, match="built on"):
        desk.do(undo())
