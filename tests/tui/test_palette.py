"""The palette and the key list: every command can be found by its name."""

from __future__ import annotations

from psc.roster.status import Status
from psc.tui.commands.board import COMMANDS
from tests.school import School, at
from tests.secrets import RIGHT, give_secrets
from tests.tui.app import driven_school


async def test_an_act_is_found_by_name_in_the_palette(school: School) -> None:
    school.book(1)
    school.clock.moment = at("08:52")
    async with driven_school(school) as desk:
        await desk.type("ctrl+p", "sign", " ", "in")
        await desk.app.workers.wait_for_complete()
        await desk.pilot.pause()
        assert "Sign in (i)" in desk.text
        await desk.type("enter")
        await desk.pilot.pause()
        assert desk.row("Reid").status is Status.IN


async def test_the_palette_offers_none_of_the_toolkits_own_commands(school: School) -> None:
    async with driven_school(school) as desk:
        await desk.type("ctrl+p", "screenshot")
        await desk.app.workers.wait_for_complete()
        await desk.pilot.pause()
        assert "Save" not in desk.text


async def test_the_key_list_runs_what_is_chosen_and_says_why_not(school: School) -> None:
    school.book(1)
    school.clock.moment = at("08:52")
    async with driven_school(school) as desk:
        await desk.type("?", "bac")
        assert "Come back  (not out)" in desk.text
        await desk.type("escape", "?", "sign in", "enter")
        await desk.pilot.pause()
        assert desk.row("Reid").status is Status.IN


def test_every_command_has_words_and_a_key_of_its_own() -> None:
    assert len({command.key for command in COMMANDS}) == len(COMMANDS)
    for command in COMMANDS:
        assert command.title
        assert command.help.endswith(".")


def test_the_key_line_shows_at_most_seven_keys() -> None:
    assert sum(1 for command in COMMANDS if command.footer) <= 7


async def test_nobody_named_is_asked_for_a_code_first(school: School) -> None:
    from psc.tui.screens.gate import Gate
    from tests.tui.app import driven

    give_secrets(school, "AS1")
    async with driven(school.path, school.clock, None) as desk:
        assert isinstance(desk.app.screen, Gate)
        assert "Hillside School" in desk.text
        await desk.answer("zz9")
        await desk.answer(RIGHT)
        assert "do not go together" in desk.text
        await desk.type("escape")
        await desk.answer("as1")
        await desk.answer(RIGHT)
        assert "J. Smith · assistant" in desk.text


async def test_the_desk_is_handed_to_somebody_else(school: School) -> None:
    give_secrets(school, "CO1")
    async with driven_school(school) as desk:
        await desk.type("f2")
        assert "your code, or Enter for AS1" in desk.text
        assert "J. Smith · assistant" not in desk.text
        await desk.answer("co1")
        await desk.answer(RIGHT)
        assert "M. Adebayo · coordinator" in desk.text
