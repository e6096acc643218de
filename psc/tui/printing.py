"""Printing from the app: the sheet is noted in the ledger, written to the private folder, and said where it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from psc.errors import PscError
from psc.prints.keep import keep_sheet, print_sheet
from psc.tui.prompts import Asks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from psc.desk.acts import Desk


class Prints(Asks, Protocol):
    """A screen at a desk."""

    desk: Desk


def print_out(
    screen: Prints,
    name: str,
    day: date,
    html: str,
    *,
    part: str = "",
    students: Sequence[int] = (),
    pdf: Callable[[], tuple[bytes, frozenset[str]]] | None = None,
) -> None:
    """Keep a sheet called `name` (and `part`, of several) and say how to print it. What goes wrong is said, too.

    `students` are those who stand on it by name. `pdf` makes the same sheet as PDF, with the letters that no font of
    this machine has: it is kept beside the other one.
    """
    called = (f"{name}-{part}" if part else name).replace(" ", "-")
    try:
        screen.desk.do_patiently(print_sheet(name, students), seconds=2)
        path = keep_sheet(screen.desk.file, called, day, html)
        made, missing = pdf() if pdf else (b"", frozenset[str]())
        if made:
            keep_sheet(screen.desk.file, called, day, made)
    except PscError as error:
        screen.say(str(error), "alarm")
        return
    where = str(path).replace(str(Path.home()), "~", 1)
    if missing:
        screen.say(f"Some letters are in no font here: print from a browser, not the PDF: {where}")
    else:
        screen.say(f"To print, open in a browser{', or the .pdf beside it' if made else ''}: {where}")
