"""What force or seclusion starts, and by when: over weekends, a holiday, an INSET day, and with other settings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk.settings import Settings, change_setting
from psc.incidents.incidents import Part
from psc.incidents.restrictive import the_restrictive, write_restrictive
from psc.incidents.restrictive_clocks import RECORD, REVIEW, TELL, Dues, dues_of, restrictive_clocks
from psc.incidents.restrictive_steps import review_restrictive, sign_off_restrictive, tell_of_restrictive
from psc.school.calendar import days_on
from tests.incidents.restrained import FORCE, HELD, KHAN, OKAFOR, REID, give_two_parents, incident, record
from tests.school import MONDAY, TUESDAY, at

if TYPE_CHECKING:
    from tests.school import School

THURSDAY, FRIDAY, SATURDAY = (MONDAY + timedelta(days=n) for n in (3, 4, 5))
NEXT = MONDAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("day", "settings", "dues"),
    [
        # same day, and five school days over the weekend
        (MONDAY, (0, 0, 5), (MONDAY, MONDAY, NEXT)),
        (FRIDAY, (0, 0, 5), (FRIDAY, FRIDAY, NEXT + timedelta(days=4))),
        # a trip on a Saturday: the same day is that day
        (SATURDAY, (0, 0, 1), (SATURDAY, SATURDAY, NEXT)),
        # one school day on, over the weekend; two
        (FRIDAY, (1, 1, 1), (NEXT, NEXT, NEXT)),
        (FRIDAY, (0, 2, 2), (FRIDAY, NEXT + timedelta(days=1), NEXT + timedelta(days=1))),
        # Tuesday is an INSET day
        (MONDAY, (0, 1, 2), (MONDAY, TUESDAY + timedelta(days=1), THURSDAY)),
        # the last day of the calendar: weekdays count on
        (date(2026, 12, 18), (0, 0, 1), (date(2026, 12, 18), date(2026, 12, 18), date(2026, 12, 21))),
    ],
)
def test_days_are_school_days_and_the_same_day_is_that_day(
    school: School, day: date, settings: tuple[int, int, int], dues: tuple[date, ...]
) -> None:
    if settings == (0, 1, 2):
        school.file.execute(
            "UPDATE calendar_day SET shape_id = NULL, note = 'INSET' WHERE day = ?", (TUESDAY.isoformat(),)
        )
    given = Settings()._replace(**dict(zip((RECORD, TELL, REVIEW), settings, strict=True)))
    assert dues_of(day, given, lambda one, count: days_on(school.file, one, count)) == Dues(*dues)


def test_a_week_of_holiday_is_stepped_over(school: School) -> None:
    week = [(NEXT + timedelta(days=n)).isoformat() for n in range(5)]
    school.file.execute(f"UPDATE calendar_day SET shape_id = NULL WHERE day IN ({', '.join('?' * 5)})", week)
    assert days_on(school.file, FRIDAY, 1) == NEXT + timedelta(days=7)


def clocks(school: School, today: date = MONDAY) -> list[tuple[str, date, bool]]:
    return [(one.what, one.due, one.done) for one in restrictive_clocks(school.file, today)]


def test_the_record_and_the_parents_are_owed_until_somebody_has_written_it(school: School) -> None:
    incident(school, FORCE._replace(force=False))  # nothing is owed of this one
    of = incident(school, students=(Part(OKAFOR, "target"), Part(REID, "involved")))
    assert clocks(school) == [("record of force", MONDAY, False), ("tell each parent of force", MONDAY, False)]
    found = restrictive_clocks(school.file, MONDAY)
    assert {(one.incident_id, one.student_id, one.restrictive_id, one.setting) for one in found} == {
        (of, REID, None, RECORD),
        (of, REID, None, TELL),
    }


def test_seclusion_without_contact_is_owed_too_and_a_sanction_is_not(school: School) -> None:
    alone = FORCE._replace(force=False, prevented=True, kept_as="seclusion")
    incident(school, alone._replace(kept_as="sanction"))
    incident(school, alone._replace(kept_as=""))
    assert clocks(school) == []
    of = incident(school, alone)
    assert clocks(school)[0] == ("record of seclusion", MONDAY, False)
    record(school, HELD._replace(type="seclusion"), of=of)
    assert clocks(school)[0] == ("record of seclusion", MONDAY, True)


def test_force_and_seclusion_in_one_incident_are_two_records(school: School) -> None:
    of = incident(school, FORCE._replace(prevented=True, kept_as="seclusion"))
    assert [what for what, _, _ in clocks(school)] == [
        "record of force", "record of seclusion", "tell each parent of force and seclusion",
    ]  # fmt: skip
    record(school, of=of)
    assert next(what for what, _, done in clocks(school) if not done) == "record of seclusion"
    assert not any("each parent" in what for what, _, _ in clocks(school))
    record(school, HELD._replace(type="seclusion", starts=at("10:25"), ends=at("10:30")), of=of)
    assert [what for what, _, done in clocks(school) if done] == ["record of force", "record of seclusion"]


def test_each_parent_has_a_clock_and_each_is_ended_by_being_told_or_withheld(school: School) -> None:
    give_two_parents(school)
    one = record(school)
    assert clocks(school) == [
        ("record of force", MONDAY, True),
        ("tell mother of force", MONDAY, False),
        ("tell father of force", MONDAY, False),
        ("review the record of force", NEXT, False),
        ("sign off the record of force", NEXT, False),
    ]
    desk = school.desk("BL1")
    desk.do(tell_of_restrictive(one, "mother", how="phone", outcome="message left"))
    assert not clocks(school)[1][2]
    desk.do(tell_of_restrictive(one, "mother", how="phone", outcome="told"))
    desk.do(tell_of_restrictive(one, "aunt", how="phone", outcome="told"))
    desk.do(tell_of_restrictive(one, "father", withheld="Risk of harm", authority="A. Duty"))
    assert [done for _, _, done in clocks(school)] == [True, True, True, False, False]
    seen = the_restrictive(school.file, one).versions[-1].id
    school.desk("CO1").do(review_restrictive(one, "Read", seen=seen))
    assert [done for _, _, done in clocks(school)] == [True, True, True, True, False]
    school.clock.moment = at("09:00", NEXT + timedelta(days=1))
    desk.do(sign_off_restrictive(one, "Right", seen=seen))
    last = restrictive_clocks(school.file, MONDAY)[-1]
    assert (last.done, last.in_time, last.on) == (True, False, NEXT + timedelta(days=1))


def test_somebody_who_must_not_be_contacted_is_no_clock_and_without_a_parent_one_told_is_enough(school: School) -> None:
    school.file.execute(
        "INSERT INTO contact (student_id, place, surname, forename, relationship, responsibility, phones, email,"
        " language, do_not_contact) VALUES (1, 1, 'Reid', 'Liban', 'FAT', 1, '[]', '', '', 1),"
        " (1, 2, 'Ray', 'Kim', 'FOM', 0, '[]', '', '', 0)"
    )
    one = record(school)
    assert clocks(school)[1] == ("tell a parent of force", MONDAY, False)
    school.desk("CO1").do(tell_of_restrictive(one, "Kim Ray", how="phone", outcome="told"))
    assert clocks(school)[1][2]


def test_what_a_foster_carer_is_stands_in_no_list(school: School) -> None:
    school.file.execute(
        "INSERT INTO contact (student_id, place, surname, forename, relationship, responsibility, phones, email,"
        " language, do_not_contact) VALUES (1, 1, 'Ray', 'Kim', 'FOM', 1, '[]', '', '', 0)"
    )
    record(school)
    (tell,) = (one for one in restrictive_clocks(school.file, MONDAY) if one.setting == TELL)
    assert (tell.what, tell.contact) == ("tell a contact of force", "foster mother, Kim Ray")


def test_a_relationship_put_right_by_the_office_does_not_start_the_clock_again(school: School) -> None:
    give_two_parents(school)
    one = record(school)
    school.desk("CO1").do(tell_of_restrictive(one, "mother", how="phone", outcome="told"))
    school.file.execute("UPDATE contact SET relationship = 'STM' WHERE student_id = 1 AND place = 1")
    assert [one.done for one in restrictive_clocks(school.file, MONDAY) if one.setting == TELL] == [True, False]


def test_a_record_written_days_later_was_not_in_time_and_counts_from_the_day_it_happened(school: School) -> None:
    of = incident(school)
    school.clock.moment = at("09:00", TUESDAY)
    record(school, of=of)
    found = restrictive_clocks(school.file, TUESDAY)
    assert (found[0].due, found[0].on, found[0].in_time) == (MONDAY, TUESDAY, False)


def test_a_setting_counts_from_the_day_it_holds_and_days_before_keep_theirs(school: School) -> None:
    incident(school)
    school.clock.moment = at("08:40", TUESDAY)
    school.desk("AD1").do(change_setting(RECORD, 2))
    incident(school, day=TUESDAY)
    dues = [one.due for one in restrictive_clocks(school.file, TUESDAY) if one.setting == RECORD]
    assert dues == [MONDAY, THURSDAY]


def test_each_of_two_students_has_their_own(school: School) -> None:
    give_two_parents(school)
    give_two_parents(school, KHAN)
    of = incident(school, students=(Part(REID, "involved"), Part(KHAN, "involved")))
    record(school, of=of)
    school.desk().do(write_restrictive(of, KHAN, HELD))
    found = restrictive_clocks(school.file, MONDAY)
    assert sorted((one.student_id, one.what) for one in found if one.setting == TELL) == [
        (REID, "tell father of force"), (REID, "tell mother of force"),
        (KHAN, "tell father of force"), (KHAN, "tell mother of force"),
    ]  # fmt: skip
