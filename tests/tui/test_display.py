"""Theme, row spacing and plain letters: a person's own, wherever they sit down."""

from __future__ import annotations

import ast
import os
from itertools import pairwise
from pathlib import Path

import pytest
from rich.cells import cell_len

import psc
from psc.desk.acts import Desk
from psc.desk.preferences import Preferences, preferences_of, set_preference
from psc.overview.glyphs import PLAIN, can_write_signs, in_letters
from psc.roster.movements import OutReason, go_out, sign_in
from tests.cli.terminal import Terminal
from tests.roster.stories import set_clock
from tests.school import IER, School, make_school
from tests.secrets import RIGHT, give_secrets
from tests.tui.app import Driver, driven_school


async def press(desk: Driver, *keys: str) -> None:
    for key in keys:
        await desk.pilot.press(key)
    await desk.pilot.pause()


def busy_room(school: School) -> School:
    """Reid in, Okafor out, Khan to be found, Novak expected."""
    for student in (1, 2, 4):
        school.book(student)
    school.book(10, "P4 P5")
    set_clock(school, "08:50")
    school.desk("AS2", "two").do(sign_in(1, IER), sign_in(2, IER))
    set_clock(school, "09:10")
    school.desk("AS2", "two").do(go_out(school.row(2).row.visit_id or 0, OutReason.TOILET))
    set_clock(school, "09:12")
    return school


async def test_a_theme_follows_the_person_and_nobody_else(school: School) -> None:
    give_secrets(school, "AS2")
    async with driven_school(school) as desk:
        await desk.type("f8")
        assert desk.app.theme == "psc-light"
        assert "theme: light" in desk.says
        await desk.type("f2")
        await desk.answer("AS2")
        await desk.answer(RIGHT)
        assert desk.app.theme == "psc-dark"
    async with driven_school(school) as desk:
        assert desk.app.theme == "psc-light"
    async with driven_school(school, "AS2") as desk:
        assert desk.app.theme == "psc-dark"


async def test_another_terminal_of_the_same_person_follows(school: School) -> None:
    async with driven_school(school) as desk:
        other = school.another()
        try:
            elsewhere = Desk(other, school.clock, "AS1", "two")
            elsewhere.do(set_preference("theme", "cream"))
            elsewhere.do(set_preference("spacing", "roomy"))
        finally:
            other.close()
        await desk.tick()
        assert desk.app.theme == "psc-cream"
        assert desk.app.preferences.spacing == "roomy"


async def test_roomy_rows_have_an_empty_line_between_and_clicks_land(school: School) -> None:
    busy_room(school)
    async with driven_school(school, size=(80, 24)) as desk:
        await press(desk, "f7")
        assert "s spacing: close, next roomy" in desk.says
        await desk.type("s")
        lines = desk.text.splitlines()
        places = [next(n for n, one in enumerate(lines) if name in one) for name in ("Khan", "Okafor", "Reid", "Novak")]
        assert [after - before for before, after in pairwise(places)] == [2, 2, 2]
        await desk.pilot.click("#board", offset=(10, 5))
        assert desk.today.state.current is not None
        assert desk.today.state.current.row.name.startswith("Reid")
        await press(desk, "f7")
        await desk.type("s")
        assert preferences_of(school.file, 1) == Preferences()


async def test_roomy_rows_scroll_with_the_cursor(school: School) -> None:
    for student in range(1, 5):
        school.book(student, "P1 P2")
    school.desk().do(set_preference("spacing", "roomy"))
    async with driven_school(school, size=(60, 9)) as desk:
        await desk.type("end")
        assert desk.today.state.shown[-1].row.name[:8] in desk.text
        await desk.type("home")
        assert desk.today.state.shown[0].row.name[:8] in desk.text


async def test_plain_letters_stand_everywhere_and_every_line_keeps_its_width(school: School) -> None:
    give_secrets(school, "AS2")
    busy_room(school)
    async with driven_school(school, size=(132, 40)) as desk:
        signs = desk.text
        assert "● in since 08:50" in signs
        await press(desk, "f7")
        await desk.type("g")
        letters = desk.text
        for words in ("+ in since 08:50", "o toilet 2", "! find, late 22", ". expected P4", "o 1 out"):
            assert words in letters
        assert len(letters.splitlines()) == len(signs.splitlines())
        for keys in (("question_mark",), ("escape",), ("a",), ("escape",), ("enter",), ("D",), ("escape",), ("at",)):
            await press(desk, *keys)
            drawn = {character for character in desk.text if not character.isascii()}
            assert drawn <= set("O’BrienŁukasz"), (keys, drawn)
        await press(desk, "escape")
        await desk.type("f2")
        await desk.answer("AS2")
        await desk.answer(RIGHT)
        assert "● in since 08:50" in desk.text, "the next person has signs"


async def test_names_keep_their_own_letters(school: School) -> None:
    school.book(3)
    school.desk().do(set_preference("glyphs", "letters"))
    async with driven_school(school) as desk:
        assert "O'Brien, Łukasz" in desk.text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
async def test_a_read_only_file_lets_the_theme_change_for_now(school: School) -> None:
    school.file.close()
    school.path.chmod(0o400)
    try:
        async with driven_school(school) as desk:
            await desk.type("f8")
            assert desk.app.theme == "psc-light"
            assert "only until you leave" in desk.says
    finally:
        school.path.chmod(0o600)


async def test_a_choice_that_cannot_be_kept_holds_for_now(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    from psc.errors import ReadOnly

    async with driven_school(school) as desk:

        def no(*_: object, **__: object) -> None:
            raise ReadOnly("The file cannot be written.", "")

        monkeypatch.setattr(desk.today.desk, "do_patiently", no)
        await desk.type("f8")
        assert desk.app.theme == "psc-light"
        assert "only until you leave" in desk.says
        school.desk("AS2", "two").do(set_preference("theme", "cream"))
        await desk.tick()
        assert desk.app.theme == "psc-light", "somebody else's choice changes nothing here"


# -- the letters themselves ----------------------------------------------------------------------------------------


def _drawn() -> set[str]:
    """Return every character beyond ASCII in the strings of what draws: not in its docstrings."""
    root = Path(psc.__file__).parent
    found: set[str] = set()
    for path in [
        path for part in ("tui", "overview", "roster", "desk", "flows", "cli") for path in (root / part).rglob("*.py")
    ]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        bodies = [one.body for one in ast.walk(tree) if isinstance(one, ast.Module | ast.ClassDef | ast.FunctionDef)]
        documented = {id(one.value) for body in bodies for one in body if isinstance(one, ast.Expr)}
        for one in ast.walk(tree):
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in documented:
                found |= {character for character in one.value if not character.isascii()}
    return found


def test_every_sign_that_psc_draws_has_a_letter() -> None:
    assert _drawn() - set(PLAIN) == set()


def test_a_letter_is_plain_and_as_wide_as_its_sign() -> None:
    for sign, letter in PLAIN.items():
        assert letter.isascii()
        assert cell_len(sign) == cell_len(letter) == 1, sign


def test_the_signs_of_a_status_stay_apart() -> None:
    statuses = "●◐○✓▲▣!"
    assert len({in_letters(one) for one in statuses}) == len(statuses)


@pytest.mark.parametrize(
    ("encoding", "can"), [("utf-8", True), ("latin-1", False), ("ascii", False), ("nonsense", False)]
)
def test_an_encoding_can_write_the_signs_or_not(encoding: str, can: bool) -> None:
    assert can_write_signs(encoding) is can


def test_the_text_board_is_in_letters_where_signs_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    school = busy_room(make_school(tmp_path))
    school.file.execute("UPDATE school_file SET demo_moment = '2026-11-23T09:12:00Z'")
    school.file.close()
    psc_ = Terminal(school.path, capsys, monkeypatch)
    assert "● in since 08:50" in psc_("roster").out
    monkeypatch.setattr("psc.overview.glyphs.can_write_signs", lambda _: False)
    out = psc_("roster").out
    assert "+ in since 08:50" in out
    assert "●" not in out
    assert psc_.json("rota")["week"] == "2026-11-23"
    assert "nobody is planned" in psc_("rota").out
