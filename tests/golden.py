"""Text-grid goldens: what a screen or a table looked like when somebody last looked at it and found it right.

`PSC_GOLDENS=update make test` writes them anew; the change then shows in the diff, to be read like any other.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual._context import visible_screen_stack

if TYPE_CHECKING:
    from textual.app import App

FOLDER = Path(__file__).parent / "goldens"


def check_golden(name: str, text: str) -> None:
    """Compare text with the golden of that name."""
    path = FOLDER / f"{name}.txt"
    lines = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    if os.environ.get("PSC_GOLDENS") == "update":
        path.parent.mkdir(exist_ok=True)
        path.write_text(lines, encoding="utf-8")
    assert lines == path.read_text(encoding="utf-8"), f"{name} looks different; PSC_GOLDENS=update writes it anew"


def screen_text(app: App[Any]) -> str:
    """Return what stands on the screen, as text."""
    visible_screen_stack.set(app._background_screens)  # a form is drawn over what stands below it
    return "\n".join(
        "".join(one.text for one in strip if not one.control).rstrip()
        for strip in app.screen._compositor.render_strips()
    )
