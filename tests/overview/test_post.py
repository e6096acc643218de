"""Who is written to about work, and about which: the chase list and the day's feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.desk.templates import ASKING, change_template, the_template
from psc.errors import NotAllowed, NotUnderstood
from psc.overview.offers import offers_for
from psc.overview.post import asking_message, feedback_message, outstanding_for, untold_for
from psc.overview.work import WorkRow, work_for
from psc.overview.work_table import read_table, tally
from psc.overview.work_words import signs, told, work_cell
from psc.roster.absences import Absence, mark_absence
from psc.work.packs import add_pack, fallbacks_between
from psc.work.sets import Kind
from psc.work.steps import Work, ask_for_work, issue_work, receive_work, return_work, send_feedback
from psc.work.teachers import teachers
from tests.desk.test_looks import bar
from tests.roster.stories import set_clock
from tests.school import MONDAY, PSC, TUESDAY, at

if TYPE_CHECKING:
    from tests.school import School

OKAFOR, NOVAK, REID = 2, 10, 1
"""Okafor and Novak have Science in P3 on Mondays with KB; the made school has no other lesson."""


def more_lessons(school: School, *lessons: tuple[str, int, str, str, str]) -> None:
    """Give the class 9y/Sc1 other lessons: period, weekday, subject, teacher, room."""
    for week in "AB":
        school.file.conn.executemany(
            "INSERT INTO lesson (period, weekday, subject, teacher, room, class_id, week) VALUES (?, ?, ?, ?, ?, 1, ?)",
            [(*one, week) for one in lessons],
        )


def row(school: School, student: int = OKAFOR, period: str = "P3", code: str = "CO1") -> WorkRow:
    found = work_for(school.file, MONDAY, MONDAY, school.desk(code).staff(), MONDAY)
    return next(one for one in found if (one.work.student_id, one.work.period) == (student, period))


def test_one_entry_a_teacher_whether_by_code_or_by_name(school: School) -> None:
    more_lessons(school, ("P5", 0, "Physics", "Kit Bose", "S3"), ("P1", 1, "Science", "kb", "S3"))
    school.book(OKAFOR, days=(MONDAY, TUESDAY))
    school.book(NOVAK, "P3")
    (to,) = outstanding_for(school.file, school.desk().staff(), at("08:30"))
    assert to.teacher.name == "K. Bose"
    assert [(one.name, one.work.day, one.work.period) for one in to.rows] == [
        ("Novak, Petra", MONDAY, "P3"),
        ("Okafor, Amara", MONDAY, "P3"),
        ("Okafor, Amara", MONDAY, "P5"),
        ("Okafor, Amara", TUESDAY, "P1"),
    ]


def test_what_is_over_absent_or_come_is_not_chased(school: School) -> None:
    school.book(OKAFOR, "P3")
    gone = school.book(NOVAK, "P3")
    staff = school.desk().staff()
    assert len(outstanding_for(school.file, staff, at("08:30"))[0].rows) == 2
    school.desk().do(mark_absence(gone, Absence.ABSENT))
    assert [one.name for one in outstanding_for(school.file, staff, at("08:30"))[0].rows] == ["Okafor, Amara"]
    assert outstanding_for(school.file, staff, at("12:10")) == ()
    school.desk().do(receive_work(OKAFOR, MONDAY, "P3", Work(Kind.PAPER)))
    assert outstanding_for(school.file, staff, at("08:30")) == ()


def test_whom_nobody_can_reach_is_in_the_list_all_the_same(school: School) -> None:
    more_lessons(school, ("P4", 0, "Drama", "XY", "H1"), ("P5", 0, "Art", "", "A1"))
    school.book(OKAFOR)
    found = outstanding_for(school.file, school.desk().staff(), at("08:30"))
    assert {one.teacher.words for one in found} == {"K. Bose", "XY (not on the staff list)", "no teacher named"}
    stranger = next(one for one in found if one.teacher.given == "XY")
    message = asking_message(school.file, stranger, school.desk().staff(), at("08:30"))
    assert "Dear XY," in message.body
    assert "the Internal Exclusion Room" in message.body


def test_feedback_waits_until_the_teacher_has_been_told(school: School) -> None:
    school.book(OKAFOR, "P3")
    set_clock(school, "11:20")
    desk = school.desk()
    came = desk.do(receive_work(OKAFOR, MONDAY, "P3", Work(Kind.PAPER, return_to="tray KB"))).value
    desk.do(issue_work(came))
    assert untold_for(school.file, desk.staff(), at("14:00")) == ()
    desk.do(return_work(came, 80, effort=3, line="Stuck on question 4"))
    (to,) = untold_for(school.file, desk.staff(), at("14:00"))
    body = feedback_message(school.file, to, desk.staff()).body
    assert "Amara Okafor, 9B: 80% done, good effort. Stuck on question 4. it comes back to tray KB" in body
    desk.do(send_feedback([came], "copied"))
    assert untold_for(school.file, desk.staff(), at("14:00")) == ()


def test_the_school_writes_its_own_words_in_paragraphs(school: School) -> None:
    stands = the_template(school.file, ASKING).text
    school.desk("AD1").do(change_template(stands, ASKING, "Hello {teacher}\n\n{list}\n\n{adult}"))
    school.book(OKAFOR, "P3")
    (to,) = outstanding_for(school.file, school.desk().staff(), at("08:30"))
    body = asking_message(school.file, to, school.desk().staff(), at("08:30")).body
    assert body.startswith("Hello K. Bose\n\nMon 23 Nov, P3: Science (9y/Sc1)\n")
    assert body.endswith("\n\nJ. Smith")
    with pytest.raises(NotUnderstood, match="no field"):
        school.desk("AD1").do(change_template(the_template(school.file, ASKING).text, ASKING, "Dear {student}"))


def test_each_sees_the_work_of_their_own_and_no_other(school: School) -> None:
    school.book(OKAFOR, "P3")
    school.book(NOVAK, "P3", room=PSC)
    school.book(3, "P3")
    seen = {
        code: {
            one.name for to in outstanding_for(school.file, school.desk(code).staff(), at("08:30")) for one in to.rows
        }
        for code in ("AS1", "HY8", "BL1")
    }
    assert seen == {"AS1": {"Okafor, Amara", "Novak, Petra"}, "HY8": set(), "BL1": {"Okafor, Amara", "Novak, Petra"}}
    bar(school, "AS1", OKAFOR)
    assert [one.name for to in outstanding_for(school.file, school.desk().staff(), at("08:30")) for one in to.rows] == [
        "Novak, Petra"
    ]
    assert offers_for(school.file, row(school), school.desk().staff(), MONDAY) == ()
    for code in ("AD1", "KB"):
        with pytest.raises(NotAllowed):
            outstanding_for(school.file, school.desk(code).staff(), at("08:30"))
        with pytest.raises(NotAllowed):
            read_table(school.file, [MONDAY], school.desk(code).staff(), MONDAY)


def test_spare_work_is_offered_before_a_pack_and_no_pack_twice(school: School) -> None:
    office = school.desk("CO1")
    for code, subject, year in (("MA-9-01", "Maths", 9), ("SC-X-02", "Science", None), ("SC-9-01", "Science", 9)):
        office.do(add_pack(subject, code, year=year))
    school.book(OKAFOR)
    placed = school.book(OKAFOR, "P3", days=(TUESDAY,))
    office.do(receive_work(OKAFOR, TUESDAY, "P3", Work(Kind.LINK, "vle.example/sc")))
    assert [one.words for one in offers_for(school.file, row(school), office.staff(), MONDAY)] == [
        "SC-9-01",
        "SC-X-02",
        "MA-9-01, Maths",
    ]
    school.file.execute(
        "INSERT INTO retraction (fact, fact_id, reason, happened, recorded, day, seq)"
        " VALUES ('placement', ?, '', '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', '2026-11-23', 1)",
        (placed,),
    )
    offers = offers_for(school.file, row(school), office.staff(), MONDAY)
    assert offers[0].words == "own link of Tue 24 Nov"
    assert offers[0].spare
    pack = offers[1].pack
    assert pack
    office.do(receive_work(OKAFOR, MONDAY, "P3", Work(Kind.PACK), pack_id=pack.id))
    assert [one.words for one in offers_for(school.file, row(school, period="P4"), office.staff(), MONDAY)][1:] == [
        "MA-9-01, Maths",
        "SC-X-02, Science",
    ]
    assert fallbacks_between(school.file, MONDAY, MONDAY) == {"Science": 1}


def test_a_gap_in_the_period_under_way_stands_out(school: School) -> None:
    school.book(OKAFOR)
    table = read_table(school.file, [MONDAY], school.desk().staff(), MONDAY)
    assert table.periods([MONDAY]) == ("P1", "P2", "P3", "P4", "P5")
    assert table.under_way(at("07:00")) == (MONDAY, "P1")
    assert table.under_way(at("10:55")) == (MONDAY, "P3")
    assert table.under_way(at("15:00")) is None
    one = row(school)
    assert work_cell(one, at("11:20"), under_way=True).tone == "alarm"
    assert work_cell(one, at("11:20"), under_way=False).tone == "due"
    assert table.is_over(one, at("12:10"))
    assert not table.is_over(one, at("12:09"))
    assert work_cell(one, at("12:10"), over=True).tone == "quiet"
    assert work_cell(row(school, period="P1"), at("08:30")).text == "– no lesson"
    assert work_cell(None, at("08:30")).text == ""
    assert tally(tuple(table.rows.values()), at("08:30"))[:2] == (0, 5)


def test_a_cell_says_how_far_its_work_has_come(school: School) -> None:
    school.book(OKAFOR)
    school.desk("CO1").do(add_pack("Science", "SC-9-01", kept="drawer 2"))
    desk, known = school.desk(), teachers(school.file, ["KB"])
    set_clock(school, "08:40")

    def words() -> str:
        return " | ".join(told(row(school), known, school.clock.now(), school.file.zone, MONDAY))

    assert words().startswith("P3 Science 9y/Sc1 | K. Bose | ! not asked for, ")
    desk.do(ask_for_work(OKAFOR, MONDAY, "P3"))
    assert "? asked once, 08:40, " in words()
    set_clock(school, "08:45")
    desk.do(ask_for_work(OKAFOR, MONDAY, "P3"))
    assert "? asked twice, last 08:45, " in words()
    came = desk.do(receive_work(OKAFOR, MONDAY, "P3", Work(Kind.PACK, "drawer 2"), pack_id=1)).value
    assert signs(row(school).work) == "F▣"
    assert "F▣ received 08:45 | pack SC-9-01: drawer 2" in words()
    desk.do(return_work(came, 100))
    assert "F✓ handed in 08:45" in words()
    assert "100% done. pack SC-9-01, as no work had come" in words()
