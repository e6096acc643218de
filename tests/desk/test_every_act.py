"""Every act is known by name before one is undone, whatever has been used so far."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import psc


def _can_be_undone() -> set[str]:
    """Return the names of all acts that can be undone, as the code has them, without running it."""
    return {
        made.args[0].value
        for file in Path(psc.__file__).parent.rglob("*.py")
        for each in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(each, ast.FunctionDef)
        for made in each.decorator_list
        if isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id == "act"
        if any(one.arg == "resting" for one in made.keywords)
        if isinstance(made.args[0], ast.Constant) and isinstance(made.args[0].value, str)
    }


def test_every_act_that_can_be_undone_is_known() -> None:
    code = (
        "from psc.desk.every_act import know_every_act\nknow_every_act()\n"
        "from psc.desk.acts import ACTS\nprint(*ACTS)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert set(done.stdout.split()) >= _can_be_undone()
    assert len(_can_be_undone()) > 50
