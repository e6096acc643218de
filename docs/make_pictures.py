"""Draw the pictures of the README and the guide from the demo: `python docs/make_pictures.py`."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

from psc.cli.demo import MOMENT, build
from psc.clock import SetClock
from psc.tui.app import PscApp

FOLDER = Path(__file__).parent / "pictures"
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)

PICTURES = (
    ("board", "AS1", (132, 22), "psc-dark", "down down"),
    ("board-light", "AS1", (132, 22), "psc-light", "down down"),
    ("walk-in", "AS1", (80, 24), "psc-dark", "a h o w e l l s"),
    ("checks", "AS1", (80, 24), "psc-dark", "down down c"),
    ("roll", "AS1", (80, 24), "psc-dark", "E"),
    ("week", "CO1", (132, 22), "psc-dark", "2"),
    ("work", "AS1", (132, 22), "psc-dark", "3"),
    ("referrals", "CO1", (80, 24), "psc-dark", "Q"),
    ("incident", "AS1", (100, 26), "psc-dark", "down down x enter"),
    ("student", "CO1", (132, 32), "psc-dark", "6 r e i d enter"),
    ("force", "BL1", (100, 30), "psc-dark", "5 down down enter f"),
    ("to-be-done", "CO1", (100, 14), "psc-dark", "J"),
    (
        "paper",
        "AS1",
        (80, 24),
        "psc-dark",
        "P A S 1 enter down down down down down down 0 9 1 5 tab t 1 0 0 1 minus 1 0 0 4",
    ),
)
"""Name, who is at the desk, size, theme, and the keys pressed before the picture is taken."""


async def take(path: Path, code: str, size: tuple[int, int], theme: str, keys: str) -> str:
    """Run the app on the demo, press the keys, and return the picture as SVG."""
    app = PscApp(path, None, SetClock(MOMENT))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.sit_down(code)
        await pilot.pause()
        await app.workers.wait_for_complete()
        app.theme = theme
        for key in keys.split():
            await pilot.press(key)
        await pilot.pause()
        # No picture may fetch a font from elsewhere: the reader's own monospace font draws it.
        return _FONTS.sub("", app.export_screenshot(title="psc"))


def main() -> int:
    """Draw every picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        demo = Path(folder) / "demo.sqlite"
        build(demo)
        for name, code, size, theme, keys in PICTURES:
            picture = asyncio.run(take(demo, code, size, theme, keys))
            (FOLDER / f"{name}.svg").write_text(picture, encoding="utf-8")
            print(f"docs/pictures/{name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
