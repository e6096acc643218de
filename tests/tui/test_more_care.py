"""What an assistant does besides the door: who told it, the time kept with @, and what stands where others may read."""

from __future__ import annotations

from psc.clock import wall
from psc.roster.held import held_on
from psc.roster.home import home_contacts_on
from psc.roster.movements import sign_in
from tests.roster.homes import give_contacts
from tests.school import IER, MONDAY, TUESDAY, School, at
from tests.tui.app import driven_school


def two_in(school: School) -> School:
    """Reid in seat 1 and Okafor in seat 2 since 08:48, Khan expected; it is 09:00."""
    for student in (1, 2, 4):
        school.book(student)
    school.clock.moment = at("08:48")
    school.desk("AS2", "other").do(sign_in(1, IER), sign_in(2, IER))
    school.clock.moment = at("09:00")
    return school


def tellers(school: School) -> list[tuple[str, str]]:
    """Return each act that somebody told, and who."""
    found = school.file.rows("SELECT l.act, t.who FROM told t JOIN ledger l ON l.seq = t.seq ORDER BY l.seq")
    return [(name, who) for name, who in found]


async def test_who_told_that_home_was_rung_stands_with_the_call_and_with_nothing_else(school: School) -> None:
    give_contacts(school)
    two_in(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "@", "0855 KB", "enter", "t", "t", "f10")
        assert wall(home_contacts_on(school.file, MONDAY)[1][0].happened, school.file.zone) == "08:55"
        await desk.type("/", "khan", "enter", "i")
        assert [name for name, _ in tellers(school)] == ["tell_home"]


async def test_who_told_of_a_confiscation_stands_with_it_and_with_nothing_else(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "@", "0855 KB", "enter", "g", "c")
        await desk.type("vape", "enter", "seen", "enter", "enter", "safe", "f10")
        assert [one.what for one in held_on(school.file, MONDAY)] == ["vape"]
        await desk.type("/", "khan", "enter", "i")
        assert [name for name, _ in tellers(school)] == ["hold_item"]


async def test_midnight_forgets_who_told(school: School) -> None:
    two_in(school)
    school.book(1, days=(TUESDAY,))
    school.clock.moment = at("23:59")
    async with driven_school(school) as desk:
        await desk.type("@", "KB", "enter")
        school.clock.forward(minutes=1)
        await desk.next_day()
        assert desk.today.kept_told == ""


async def test_lunch_and_medication_happened_when_at_says(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "@", "0855", "enter", "l", "h")
        assert "lunch: hot 08:55" in desk.says
        assert str(school.file.value("SELECT happened FROM lunch")).startswith("2026-11-23T08:55")
        await desk.type("@", "0856", "enter", "g", "m", "inhaler 1230", "enter")
        assert str(school.file.value("SELECT happened FROM held_item")).startswith("2026-11-23T08:56")
        assert desk.today.kept_time is None
