"""Every role at every key of the board: refused by its role exactly where the table gives it nothing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from psc.cli.demo import MOMENT
from psc.clock import SetClock
from psc.database.file import opened
from psc.tui.commands.board import COMMANDS
from psc.tui.going import go_to_room
from psc.tui.machine import BoardState
from psc.tui.screens.gate import Gate
from tests.desk.test_roles import BESIDE, TABLE, written
from tests.tui.app import driven, driven_school

if TYPE_CHECKING:
    from pathlib import Path

    from tests.school import School
    from tests.tui.app import Driver

PEOPLE = {
    "AS1": "assistant", "CV1": "cover", "CO1": "coordinator", "HY10": "head_of_year", "BL1": "behaviour_lead",
    "SG1": "safeguarding", "AD1": "admin",
}  # fmt: skip
ELSEWHERE = {"f2", "f12", "ctrl+q", "ctrl+l", "ctrl+p"}
"""Keys that leave the board to somebody else: they are everybody's, and tried where they are told of."""


@pytest.fixture(scope="module")
def staffed(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo with somebody on cover, and nobody's key worker."""
    path = tmp_path_factory.mktemp("staffed") / "demo.sqlite"
    shutil.copy(demo_file, path)
    with opened(path) as file:
        file.execute(
            "INSERT INTO staff (code, title, forename, surname, email, role)"
            " VALUES ('CV1', '', 'Una', 'Lowe', '', 'cover')"
        )
        file.execute("UPDATE student SET key_worker_id = NULL")
    return path


def lines_of(desk: Driver) -> int:
    """Return how many lines the ledger has."""
    return int(desk.today.desk.file.value("SELECT max(seq) FROM ledger"))


async def clear_away(desk: Driver) -> None:
    """Go back to the board as it was: nothing over it, nothing asked, nobody marked, one room."""
    today = desk.today
    if desk.app.screen is not today:
        today.close_all()
        await desk.pilot.pause()
    today.prompt, today.kept_time, today.kept_told, today.said = None, None, "", ("", "plain")
    go_to_room(today, today.board.rooms[0])
    today.set_state(BoardState().with_rows(today.state.rows).at(0))
    await desk.pilot.pause()


@pytest.mark.parametrize("code", list(PEOPLE))
async def test_a_role_may_use_exactly_its_own_keys(staffed: Path, tmp_path: Path, code: str) -> None:
    path = tmp_path / "demo.sqlite"
    shutil.copy(staffed, path)
    table = TABLE | BESIDE
    async with driven(path, SetClock(MOMENT), code) as desk:
        for command in COMMANDS:
            if command.key in ELSEWHERE:
                continue
            await clear_away(desk)
            before = lines_of(desk)
            desk.today.press(command.key, command.key if len(command.key) == 1 else None)
            await desk.pilot.pause()
            said = desk.today.said[0]
            may = not command.act or PEOPLE[code] in {role.value for role in written(table[command.act])}
            assert ("it is not for the role of" in said) is not may, (command.title, said)
            if not may:
                assert desk.app.screen is desk.today, command.title
                assert desk.today.prompt is None, command.title
                assert lines_of(desk) == before, command.title


async def test_an_admin_is_shown_no_student_by_any_key_but_the_roll(staffed: Path, tmp_path: Path) -> None:
    path = tmp_path / "demo.sqlite"
    shutil.copy(staffed, path)
    async with driven(path, SetClock(MOMENT), "BL1") as lead:
        names = {row.name.partition(",")[0] for row in lead.today.board.rows}
    assert len(names) > 10
    async with driven(path, SetClock(MOMENT), "AD1", size=(132, 40)) as desk:
        # Names of the roll that an admin keeps, and nothing of their days.
        roll = {"E", "M", "f4", "N"}
        for command in COMMANDS:
            if command.key in ELSEWHERE | roll:
                continue
            await clear_away(desk)
            desk.today.press(command.key, command.key if len(command.key) == 1 else None)
            await desk.pilot.pause()
            assert not [name for name in names if name in desk.text], command.title


async def test_an_admin_who_changes_the_day_is_told_how_many_it_touches_and_not_whom(school: School) -> None:
    school.book(1, "P4 P5")
    school.clock.forward(minutes=60)
    async with driven_school(school, "AD1") as desk:
        await desk.type("escape", "T", "T", "c", "1130", "enter")
        assert "1 student is touched" in desk.text
        assert "1 of them not shown to you" in desk.text
        assert "Reid" not in desk.text


async def test_a_role_changed_at_another_terminal_counts_at_the_next_key(school: School) -> None:
    school.book(1)
    school.book(3)
    school.clock.forward(minutes=30)
    async with driven_school(school) as desk:
        assert "Reid" in desk.text
        school.file.execute("UPDATE staff SET role = 'head_of_year' WHERE code = 'AS1'")
        school.file.execute("INSERT INTO staff_year VALUES (1, 8)")
        before = lines_of(desk)
        await desk.type("i")
        assert "not for the role of head of year" in desk.text
        assert "Reid" not in desk.text
        assert lines_of(desk) == before
        school.file.execute("UPDATE staff SET role = 'assistant' WHERE code = 'AS1'")
        await desk.type("i")
        assert "signed in" in desk.text


async def test_whoever_has_no_work_here_any_more_sees_nobody_from_the_next_key_on(school: School) -> None:
    school.book(1)
    async with driven_school(school) as desk:
        await desk.type("6", "reid")
        assert "Reid" in desk.text
        school.file.execute("UPDATE staff SET active = 0 WHERE code = 'AS1'")
        await desk.type("x")
        assert isinstance(desk.app.screen, Gate)
        assert "Reid" not in desk.text
        assert "AS1 can no longer sign in here" in desk.text
        await desk.type("i", "enter")
        assert "Reid" not in desk.text


async def test_a_page_obeys_a_changed_role_too(school: School) -> None:
    school.book(1)
    async with driven_school(school, "CO1") as desk:
        await desk.type("6", "reid", "enter")
        assert "Key worker" in desk.text
        school.file.execute("UPDATE staff SET role = 'admin' WHERE code = 'CO1'")
        await desk.type("down")
        assert "Reid" not in desk.text


async def test_a_student_one_is_barred_from_is_a_seat_on_the_board_and_nothing_else(school: School) -> None:
    from tests.desk.test_looks import bar
    from tests.roster.stories import play

    school.book(1)
    school.book(2)
    play(school, 1, "08:50 in")
    bar(school, "AS1", 1)
    async with driven_school(school, size=(132, 40)) as desk:
        before = lines_of(desk)
        assert "not shown to you" in desk.text
        for key in ("o", "s", "k", "+", "g", "t", "U", "V", "enter", "space", "!", "f", "l"):
            go_to_room(desk.today, desk.today.room, (1, 1))
            await desk.type(key)
            assert "this student is not shown to you" in desk.says, key
            assert desk.today.prompt is None
        await desk.type("*", "escape")
        for words in ("Reid", "10F", "Defiance"):
            assert words not in desk.text
        assert lines_of(desk) == before
        await desk.type("E")
        assert "Reid, Callum" in desk.text


async def test_cover_begins_in_the_room_of_their_pass(school: School) -> None:
    school.book(1)
    school.book(2, room=2)
    school.file.execute(
        "INSERT INTO cover_pass (staff_id, agency, rooms, happened, recorded, day, seq)"
        " VALUES (8, 'Bright', '[2]', '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z', '2026-11-23', 1)"
    )
    async with driven_school(school, "CV1") as desk:
        assert "Okafor" in desk.text
        await desk.type("[")
        assert "Okafor" in desk.text
        assert "Reid" not in desk.text
