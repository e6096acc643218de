"""The tables that are made say what the program says, and every command can be told about."""

from __future__ import annotations

import runpy
from collections import Counter
from typing import TYPE_CHECKING

from psc.desk.permissions import PERMISSIONS
from psc.tui.commands.board import COMMANDS
from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = runpy.run_path(str(ROOT / "docs" / "make_tables.py"))


def test_the_tables_are_as_the_program_is() -> None:
    for name, text in SCRIPT["tables"]().items():
        kept = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert kept == text, f"docs/{name} is out of date; `make tables` writes it anew"


def test_check_tells_and_writes_nothing(tmp_path: Path) -> None:
    assert SCRIPT["main"](["--check", "--folder", str(tmp_path)]) == 1
    assert list(tmp_path.iterdir()) == []
    assert SCRIPT["main"](["--folder", str(tmp_path)]) == 0
    assert SCRIPT["main"](["--check", "--folder", str(tmp_path)]) == 0
    (tmp_path / "keys.md").write_text("old", encoding="utf-8")
    assert SCRIPT["main"](["--check", "--folder", str(tmp_path)]) == 1


def test_every_command_has_a_title_and_help() -> None:
    for one in COMMANDS:
        assert one.title, type(one).__name__
        assert len(one.help) > 10, f"{one.title} needs a docstring: its first line is the help"
        assert one.help.endswith("."), f"{one.title}: its help is a sentence"


def test_no_two_commands_share_a_key_or_a_title() -> None:
    for what in ("key", "letter", "title"):
        shared = [name for name, times in Counter(getattr(one, what) for one in COMMANDS).items() if times > 1]
        assert shared == [], what


def test_what_may_be_seen_is_told_in_words() -> None:
    reads = {name for name in PERMISSIONS if name.startswith(("see_", "find_"))}
    assert reads - set(SCRIPT["NOT_ACTS"]) == set()


def test_a_command_asks_for_something_that_is_in_the_permission_table() -> None:
    assert [one.act for one in COMMANDS if one.act and one.act not in PERMISSIONS] == []
