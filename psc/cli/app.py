"""Opening the full-screen app; without a terminal, its board as text."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psc.cli.context import Context


def open_app(context: Context) -> int:
    """Open the app on the file and return its exit code. Without a terminal the board is printed instead."""
    path = context.path()
    if (
        not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
        or os.environ.get("TERM") == "dumb"
    ):
        from psc.cli.show import roster

        return roster(context, "", "")
    if not path.exists():  # the app begins with setting one up
        from psc.database.places import check_new_place

        check_new_place(path)
    from psc.tui.app import run_app

    return run_app(path, context.code)
