"""The page of what everybody owes, by keys alone: done where it stands, or where it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.flows.walk_in import walk_in
from psc.incidents.actions import actions_by_id, agree_action, end_action
from psc.incidents.incidents import Account, Part, record_incident
from psc.incidents.told import told_of
from psc.roster.placements import PlacementType
from psc.tui.screens.actions import ActionsPage
from psc.tui.screens.incident import IncidentPage
from tests.golden import check_golden
from tests.roster.homes import give_contacts
from tests.school import FRIDAY_BEFORE, IER, MONDAY, TUESDAY, at
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from tests.school import School
    from tests.tui.app import Driver

REID, OKAFOR = 1, 2
AS1, AS2, CO1 = 1, 2, 3
FIGHT = Account("Fighting", "Callum pushed Amara by the lockers.", place="Corridor", severity=2)
BOTH = (Part(REID, "involved"), Part(OKAFOR, "target"))


def some(school: School) -> dict[str, int]:
    """Let something be overdue, something be somebody else's, and something be done."""
    school.clock.moment = at("10:00", FRIDAY_BEFORE)
    desk = school.desk("CO1", "office")
    incident = school.desk().do(record_incident(FIGHT, BOTH)).value
    made = {"incident": incident}
    for name, what, owner, due in (
        ("late", "Mediate", CO1, FRIDAY_BEFORE),
        ("soon", "Write to the bus company", CO1, TUESDAY),
        ("theirs", "Ask for the phone back", AS2, MONDAY),
        ("done", "Ring the form tutor", AS1, MONDAY),
    ):
        made[name] = desk.do(agree_action(what, owner_id=owner, due=due, incident_id=incident)).value
    school.clock.moment = at("08:30")
    school.desk().do(end_action(made["done"], "done", "She knows"))
    return made


def said(desk: Driver) -> str:
    """Return what stands on the screen without its line breaks."""
    return " ".join(desk.text.split())


async def test_it_lists_mine_first_and_does_what_the_line_calls_for_and_takes_it_back(school: School) -> None:
    made = some(school)
    async with driven_school(school, "CO1", (80, 24)) as desk:
        await desk.app.workers.wait_for_complete()
        await desk.rest()
        assert "1 overdue (J)" in desk.text
        await desk.type("J")
        check_golden("80x24-actions", desk.text)
        await desk.type("enter")
        assert "Done: Mediate · u undoes" in desk.text
        end = actions_by_id(school.file, [made["late"]])[made["late"]].end
        assert end is not None
        assert (end.outcome, end.by) == ("done", "M. Adebayo")
        assert "overdue (J)" not in desk.text
        await desk.type("u")
        assert actions_by_id(school.file, [made["late"]])[made["late"]].open
        school.clock.forward(minutes=1)
        await desk.type("up", "n", "Both agreed", "enter")
        await desk.type("x", "enter")
        assert "needs a reason" in desk.text
        await desk.type("d")
        assert "Done in the last 30 days" in desk.text
        assert "done today 08:31, M. Adebayo · “Both agreed”" in said(desk)
        await desk.type("down")
        assert "done today 08:30, J. Smith · “She knows”" in said(desk)
        await desk.type("enter", "escape")
        assert isinstance(desk.app.screen, ActionsPage)
        await desk.type("escape")
        assert "Callum" not in desk.text


async def test_it_is_narrowed_to_mine_and_to_what_is_overdue(school: School) -> None:
    some(school)
    async with driven_school(school, "CO1", (132, 40)) as desk:
        await desk.type("J", "m")
        assert "Write to the bus company" in desk.text
        assert "phone back" not in desk.text
        await desk.type("o")
        assert "Mediate" in desk.text
        assert "bus company" not in desk.text
        await desk.type("enter")
        assert "Nothing of that is owed. Esc shows all again." in desk.text
        await desk.type("escape")
        assert "phone back" in desk.text


async def test_a_parent_is_told_from_the_line_and_the_incident_is_opened_from_it(school: School) -> None:
    give_contacts(school)
    school.book(REID)
    incident = school.desk().do(record_incident(FIGHT._replace(severity=3), (Part(REID, "involved"),))).value
    async with driven_school(school, "AS1", (80, 24)) as desk:
        await desk.type("J")
        assert "Tell a parent: Fighting, today" in desk.text
        await desk.type("enter", "n", "enter")
        assert "tried 1 time" not in desk.text
        assert "still to be told" in desk.text
        await desk.type("enter")
        assert "no answer" in desk.text
        await desk.type("t", "enter")
        assert [one.outcome for one in told_of(school.file, [incident])[incident]] == ["no answer", "told"]
        assert "Nothing is owed that you may see." in desk.text
        await desk.type("escape", "u")
        await desk.type("J", "i")
        assert len(told_of(school.file, [incident])[incident]) == 1
        assert isinstance(desk.app.screen, IncidentPage)
        assert school.file.value("SELECT act FROM ledger ORDER BY seq DESC LIMIT 1") == "open_incident"


async def test_home_and_a_removal_of_today_are_settled_from_it(school: School) -> None:
    give_contacts(school)
    removal = walk_in(REID, IER, PlacementType.REMOVAL, "Defiance")
    school.clock.forward(minutes=30)
    school.desk().do(removal)
    async with driven_school(school, "CO1", (80, 24)) as desk:
        await desk.type("J")
        assert "Confirm the removal" in desk.text
        while "Enter told home" not in desk.text:
            await desk.type("down")
        await desk.type("enter", "t", "enter")
        assert "home told" in desk.text
        await desk.type("enter", "c")
        assert "Reid, Callum: removal confirmed · u undoes" in desk.text
        assert "Nothing is owed that you may see." in desk.text


@pytest.mark.parametrize("code", ["CV1", "AD1"])
async def test_whoever_owes_something_has_the_page_without_names_they_may_not_see(school: School, code: str) -> None:
    incident = school.desk().do(record_incident(FIGHT, BOTH)).value
    owner = school.desk(code).staff().id
    action = school.desk("CO1").do(agree_action("Write it up", owner_id=owner, incident_id=incident)).value
    school.clock.forward(minutes=1)
    async with driven_school(school, code, (80, 24)) as desk:
        await desk.type("1", "J")  # an administrator begins in the settings
        assert "Write it up" in desk.text
        assert "Reid" not in desk.text
        assert "Okafor" not in desk.text
        await desk.type("enter")
        assert not actions_by_id(school.file, [action])[action].open


async def test_one_is_agreed_that_is_about_nobody(school: School) -> None:
    async with driven_school(school, "CO1", (80, 24)) as desk:
        await desk.type("J")
        assert "Nothing is owed that you may see." in desk.text
        await desk.type("j", "Order new pens", "enter", "CO1", "enter", "f10")
        assert "Order new pens" in desk.text
        assert "only mine" in desk.text
    due = school.file.value("SELECT due_day FROM agreed_action")
    assert due == (MONDAY + timedelta(days=7)).isoformat()


async def test_part_of_a_name_and_enter_is_the_member_of_staff_and_another_name_is_taken_as_it_is(
    school: School,
) -> None:
    async with driven_school(school, "CO1", (80, 24)) as desk:
        await desk.type("J", "j", "Order new pens", "enter", "smi", "enter", "f10")
        await desk.type("j", "Ring the museum", "enter", "smi", "up", "enter", "f10")
        assert "Ring the museum" in desk.text
    found = school.file.rows("SELECT owner_id, owner FROM agreed_action ORDER BY id")
    assert found == [(AS1, ""), (None, "smi")]
