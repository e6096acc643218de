"""Short visits to somebody else's desk, and what becomes of a session whose person changes or goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.desk.passes import end_pass, issue_pass
from psc.desk.secrets import hash_passphrase
from psc.roster.evacuation import EvacuationKind, evacuate
from psc.roster.movements import OutReason, go_out, sign_in
from psc.roster.placements import PlacementType
from psc.tui.screens.gate import Gate
from psc.tui.screens.quiet import Quiet
from psc.tui.screens.today import Today
from psc.tui.widgets.bar import Bar
from tests.roster.stories import set_clock
from tests.school import IER, PSC, TUESDAY, School
from tests.secrets import PIN, give_secrets, has_given_passphrase
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from collections.abc import Iterator

CODES = ("AS1", "AS2", "CO1", "HY8", "BL1", "AD1")


@pytest.fixture
def kept(school: School) -> School:
    """Students of years 9 and 10 late at nine, one of year 8 in; everybody with secrets."""
    for student in (1, 2, 3):
        school.book(student)
    set_clock(school, "08:51")
    school.desk("CO1", "office").do(sign_in(3, IER))
    set_clock(school, "09:00")
    give_secrets(school, *CODES)
    return school


def top(driver: Driver) -> str:
    """The top line."""
    return driver.app.screen.query_one("#top", Bar).words


def ended(school: School) -> Iterator[tuple[str, str]]:
    """Return who wrote that a session had ended, and in what words."""
    return iter(
        school.file.rows(
            "SELECT l.actor, json_extract(d.json, '$.asked[0].args[0]') FROM ledger l"
            " JOIN ledger_detail d ON d.seq = l.seq WHERE l.act = 'end_session' ORDER BY l.seq"
        )
    )


async def changes_to(driver: Driver, code: str) -> None:
    """Hand the desk to somebody who has a PIN here today."""
    await driver.type("f2")
    await driver.answer(code)
    await driver.answer(PIN)


# -- alarms on a visit ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["HY8", "AD1", "BL1", "CO1"])
async def test_the_rooms_alarms_count_everybody_whoever_looks(kept: School, code: str) -> None:
    async with driven_school(kept, code) as driver:
        assert "! 2 find" in top(driver)
        assert ("Reid, Callum" in driver.text) == (code in ("BL1", "CO1"))


async def test_cover_for_one_room_sees_the_other_rooms_alarms(kept: School) -> None:
    code = kept.desk("CO1", "office").do(issue_pass("Pat", hash_passphrase(PIN), rooms=[PSC])).value
    async with driven_school(kept, code) as driver:
        assert "! 2 find" in top(driver)
        assert "Reid" not in driver.text


async def test_who_is_barred_from_a_student_still_sees_that_somebody_is_looked_for(kept: School) -> None:
    kept.file.execute(
        "INSERT INTO barred (staff_id, student_id, why, happened, recorded, day, seq)"
        " VALUES (1, 1, 'own child', '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', '2026-11-23', 1)"
    )
    async with driven_school(kept) as driver:
        assert "! 2 find" in top(driver)
        assert "Reid" not in driver.text


async def test_an_alarm_of_somebody_not_seen_says_whom_to_ask(kept: School) -> None:
    async with driven_school(kept, "HY8") as driver:
        driver.today.on_bar_pressed(Bar.Pressed("count:find"))
        await driver.pilot.pause()
        assert "whom you do not see here" in driver.says
        assert driver.today.state.only == ""


async def test_welfare_due_and_evacuation_are_everybodys_alarms(kept: School) -> None:
    kept.book(10, room=PSC, type=PlacementType.REGULATION)
    kept.desk("CO1", "office").do(sign_in(10, PSC))
    kept.clock.forward(minutes=31)
    async with driven_school(kept, "HY8", size=(160, 30)) as driver:
        assert "k 2 due" in top(driver)
        kept.desk("CO1", "office").do(evacuate(EvacuationKind.DRILL))
        kept.clock.forward(minutes=1)
        await driver.tick()
        assert "EVACUATION" in top(driver)


async def test_alarms_of_others_move_with_the_minute_and_other_terminals(kept: School) -> None:
    async with driven_school(kept, "HY8") as driver:
        other = kept.another()
        kept.desk("CO1", "office").do(sign_in(1, IER))
        other.close()
        await driver.tick()
        assert "! 1 find" in top(driver)


# -- short visits -----------------------------------------------------------------------------------------------------


async def test_a_visit_goes_quiet_after_seconds_whenever_it_comes_back(kept: School) -> None:
    async with driven_school(kept, "HY8") as driver:
        has_given_passphrase(driver.app, *CODES)
        await driver.idle(seconds=60)
        assert isinstance(driver.app.screen, Today), "alone at a machine it is no visit"
        await changes_to(driver, "AS1")
        await driver.idle(seconds=60)
        assert isinstance(driver.app.screen, Today), "who works the door is at home"
        await changes_to(driver, "HY8")
        await driver.idle(seconds=46)
        assert isinstance(driver.app.screen, Quiet)


async def test_enter_alone_after_a_visit_is_the_person_at_the_door(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, *CODES)
        await changes_to(driver, "HY8")
        await changes_to(driver, "BL1")
        await driver.type("f2")
        assert "your code, or Enter for AS1, J. Smith" in driver.text
        await driver.type("enter")
        await driver.answer(PIN)
        assert "J. Smith" in top(driver)
        await driver.type("f2")
        assert "or Enter for BL1" in driver.text


async def test_alone_enter_goes_back_to_oneself(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1")
        await driver.type("f2", "enter")
        await driver.answer(PIN)
        assert "J. Smith" in top(driver)


async def test_before_anybody_sat_down_enter_stands_for_nobody(kept: School) -> None:
    async with driven_school(kept, code="") as driver:
        assert "your staff code" in driver.text
        await driver.type("enter", "enter")
        assert isinstance(driver.app.screen, Gate)


async def test_at_somebodys_lock_enter_is_not_for_them_but_for_who_waits(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, *CODES)
        await changes_to(driver, "HY8")
        await driver.type("f12", "f2")
        assert "or Enter for AS1" in driver.text
        await driver.type("escape")
        await driver.answer(PIN)
        assert "S. Hill" in top(driver)


@pytest.mark.parametrize("size", [(60, 18), (80, 24)])
async def test_the_words_of_gate_and_quiet_board_fit(kept: School, size: tuple[int, int]) -> None:
    async with driven_school(kept, size=size) as driver:
        has_given_passphrase(driver.app, *CODES)
        await changes_to(driver, "HY8")
        await driver.idle(seconds=46)
        assert "PIN or passphrase" in driver.text
        assert "Quiet · S. Hill" in driver.text
        assert "F2 somebody else" in " ".join(driver.text.split())
        await driver.type("f2")
        assert "code, or Enter for AS1" in driver.text


# -- a role that changes, a person who goes ---------------------------------------------------------------------------


async def test_a_changed_role_counts_at_the_next_tick(kept: School) -> None:
    async with driven_school(kept) as driver:
        await driver.type("<")
        kept.file.execute("UPDATE staff SET role = 'head_of_year' WHERE code = 'AS1'")
        kept.file.execute("INSERT INTO staff_year VALUES (1, 8)")
        await driver.idle(seconds=1)
        assert isinstance(driver.app.screen, Today)
        assert "Your role is now head of year" in driver.says
        assert "Reid, Callum" not in driver.text
        assert "O’Brien, Łukasz" in driver.text
        await driver.type("i")
        assert "not for the role of head of year" in driver.says
        assert driver.app.session
        assert driver.app.session.role == "head of year"


async def test_a_changed_role_counts_at_the_next_key(kept: School) -> None:
    async with driven_school(kept) as driver:
        other = kept.another()
        other.execute("UPDATE staff SET role = 'admin' WHERE code = 'AS1'")
        other.close()
        await driver.type("i")
        assert "not for the role of admin" in driver.says
        assert "Reid, Callum" not in driver.text


async def test_years_that_are_lent_show_without_a_new_session(kept: School) -> None:
    async with driven_school(kept, "HY8") as driver:
        assert "Okafor" not in driver.text
        kept.file.execute("INSERT INTO staff_year VALUES (4, 9)")
        await driver.idle(seconds=1)
        assert "Okafor" in driver.text


async def test_a_role_changed_while_locked_counts_on_coming_back(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, "AS1")
        await driver.type("f12")
        driver.app.file().execute("UPDATE staff SET role = 'admin' WHERE code = 'AS1'")
        await driver.answer(PIN)
        assert "Reid, Callum" not in driver.text


@pytest.mark.parametrize("change", ["active = 0", "role = 'teacher'"])
async def test_who_may_not_sign_in_any_more_is_stood_up(kept: School, change: str) -> None:
    async with driven_school(kept) as driver:
        await driver.type("a", *"nov")
        kept.file.execute(f"UPDATE staff SET {change} WHERE code = 'AS1'")
        await driver.idle(seconds=1)
        assert isinstance(driver.app.screen, Gate)
        assert "AS1 can no longer sign in here" in driver.text
        assert "nov" not in driver.text
        assert not driver.app.sessions
        assert list(ended(kept)) == [
            ("system" if change == "active = 0" else "AS1", "not allowed any more"),
        ]


async def test_a_pass_that_is_ended_ends_its_session_at_the_next_key(kept: School) -> None:
    code = kept.desk("CO1", "office").do(issue_pass("Pat Lewis", hash_passphrase(PIN))).value
    async with driven_school(kept, code) as driver:
        other = kept.another()
        lead = kept.desk("BL1", "office")
        lead.file = other
        lead.do(end_pass(kept.desk(code).staff().id))
        seq = kept.file.value("SELECT max(seq) FROM ledger")
        await driver.type("i")
        assert isinstance(driver.app.screen, Gate)
        assert "The pass C1 has ended." in driver.text
        assert not kept.file.value("SELECT 1 FROM ledger WHERE seq > ? AND act = 'sign_in'", (seq,))
        lead.do(undo())
        other.close()
        await driver.type(*"c1", "enter")
        await driver.answer(PIN)
        assert "P. Lewis" in top(driver)


async def test_a_session_that_waits_behind_another_ends_without_a_word(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, *CODES)
        await changes_to(driver, "HY8")
        kept.file.execute("UPDATE staff SET active = 0 WHERE code = 'AS1'")
        await driver.idle(seconds=1)
        assert "S. Hill" in top(driver)
        assert list(driver.app.sessions) == ["HY8"]


async def test_a_quiet_board_of_somebody_who_is_gone_gives_way_to_the_gate(kept: School) -> None:
    async with driven_school(kept) as driver:
        has_given_passphrase(driver.app, *CODES)
        await changes_to(driver, "AS2")
        await driver.idle(minutes=2.1)
        assert isinstance(driver.app.screen, Quiet)
        kept.file.execute("UPDATE staff SET active = 0 WHERE code = 'AS1'")
        await driver.idle(seconds=1)
        assert isinstance(driver.app.screen, Quiet), "somebody else's end leaves it"
        kept.file.execute("UPDATE staff SET active = 0 WHERE code = 'AS2'")
        await driver.idle(seconds=1)
        assert isinstance(driver.app.screen, Gate)
        assert "AS2 can no longer sign in here" in driver.text


async def test_a_pass_ends_with_its_day(kept: School) -> None:
    code = kept.desk("CO1", "office").do(issue_pass("Pat Lewis", hash_passphrase(PIN))).value
    async with driven_school(kept, code) as driver:
        set_clock(kept, "00:01", TUESDAY)
        await driver.app.look_at_idle()
        await driver.rest()
        assert isinstance(driver.app.screen, Gate)
        assert list(ended(kept)) == [("system", "midnight")]
        await driver.type(*code, "enter")
        await driver.answer(PIN)
        assert "do not go together" in driver.text


async def test_a_drill_reaches_a_board_that_is_in_initials(kept: School) -> None:
    async with driven_school(kept, "HY8", size=(160, 30)) as driver:
        await driver.type("f9")
        kept.desk("CO1", "office").do(go_out(1, OutReason.TOILET))
        kept.desk("CO1", "office").do(evacuate(EvacuationKind.REAL))
        await driver.tick()
        assert "EVACUATION" in top(driver)
        assert "O’Brien" not in driver.text
