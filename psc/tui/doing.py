"""Doing an act from the board: asking for a reason where a rule wants one, waiting where another terminal writes."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING, Any

from psc.clock import wall
from psc.database.file import BRISK, opened
from psc.desk.acts import Desk
from psc.desk.permissions import may
from psc.errors import Busy, NeedsReason, PscError
from psc.tui.commands.things import offer_back, offers
from psc.tui.prompts import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from psc.desk.acts import Call
    from psc.overview.board import RowNow
    from psc.tui.screens.today import Today


def do_act(
    today: Today,
    rows: Sequence[RowNow],
    calls: Callable[[str], list[Call[Any]]],
    said: str,
    *,
    at: datetime | None = None,
    why: str = "",
    then: str = "",
    told: str = "",
) -> None:
    """Do an act for the rows, and say what became of it, with what it opens (`then`).

    `calls` makes the acts, given the reason for going over a rule. A rule that wants such a reason is asked about and
    the act tried again; an act that meets another terminal's is tried again beside the event loop. `told` is who told
    it; unless given, whoever was kept with @.
    """
    made, act_id = calls(why), secrets.token_hex(12)
    if made[0].act.name != "undo":
        told = told or today.take_told()
    try:
        done = today.desk.do(*made, id=act_id, told_by=told)
    except NeedsReason as need:
        again = partial(do_act, today, rows, calls, said, at=at, told=told, then=then)
        today.ask(Entry(need.title, need.remedy, lambda typed: again(why=typed)))
    except Busy:
        today.saving |= {one.row.key for one in rows}
        today.paint()
        today.run_worker(partial(_beside, today, made, act_id, rows, said, at, told, then), thread=True)
    except PscError as error:
        today.refuse(str(error))
    else:
        if done.act == "undo":
            today.reload()
            rows = [one for one in today.board.at(today.now) if one.row.student_id in done.students]
            said = f"undone: {str(done.value).replace('_', ' ')}"
        _done(today, rows, said, at, then)


def _beside(
    today: Today,
    made: list[Call[Any]],
    act_id: str,
    rows: Sequence[RowNow],
    said: str,
    at: datetime | None,
    told: str,
    then: str,
) -> None:
    """Try an act again in a thread, on a connection of its own, while another terminal writes."""
    desk = today.desk
    try:
        with opened(desk.file.path, timeout=BRISK) as file:
            Desk(file, desk.clock, desk.code, desk.terminal).do_patiently(*made, id=act_id, told_by=told)
    except PscError as error:
        today.app.call_from_thread(_not_done, today, rows, str(error))
    else:
        today.app.call_from_thread(_done, today, rows, said, at, then)


def _done(today: Today, rows: Sequence[RowNow], said: str, at: datetime | None, then: str) -> None:
    """Show the board as it is now, and what was done."""
    today.saving -= {one.row.key for one in rows}
    today.state = today.state.unmarked()
    today.reload()
    undoes = " · u undoes" if may("undo", today.staff) else ""
    who = today.named(rows)
    if said.startswith("undone"):
        today.say(f"{said.capitalize()}: {who}" if who else said.capitalize())
    else:
        today.say(f"{who} {said} {wall(at or today.now, today.board.zone)}{undoes}{offers(rows, said)}{then}".lstrip())
        offer_back(today, rows)


def _not_done(today: Today, rows: Sequence[RowNow], words: str) -> None:
    """Say why it could not be done after all."""
    today.saving -= {one.row.key for one in rows}
    today.refuse(words)
