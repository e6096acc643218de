"""Things held: what is offered after signing in, what is asked after leaving, and the words for both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.roster.held import Holding, end_holding
from psc.text import counted
from psc.tui.prompts import Choice, Option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psc.overview.board import RowNow
    from psc.roster.held import HeldItem
    from psc.tui.screens.today import Today

OFFERED = " · + phone in · l lunch"
"""What may follow signing in. It costs nothing when ignored."""
_HANDED_BACK = frozenset({Holding.PHONE, Holding.LENT})
"""What goes back by one Enter as a student leaves. The rest needs a decision: g, then r."""


def offers(rows: Sequence[RowNow], said: str) -> str:
    """Return what is offered after an act: to somebody just signed in, the phone's envelope and lunch."""
    return OFFERED if said == "signed in" and len(rows) == 1 else ""


def still_held_words(rows: Sequence[RowNow]) -> str:
    """Say, where anyone may read it, what is held of the students who are leaving; "" for nothing."""
    items = [item for one in rows for item in one.row.care.held]
    if not items:
        return ""
    if len(rows) == 1:
        return f"still held: {', '.join(item.open_words for item in items)}"
    return f"{counted(len(items), 'thing')} still held"


def offer_back(today: Today, rows: Sequence[RowNow]) -> None:
    """Ask once, of students who have just left with their things here, whether those were returned.

    Enter says so; Esc, or going on with anything else, keeps them held.
    """
    gone = {one.row.key for one in rows if one.inside}
    now = [one for one in today.board.at(today.now) if one.row.key in gone and not one.inside]
    items = [item for one in now for item in one.row.care.held]
    back = [item for item in items if item.kind in _HANDED_BACK]
    if not items:
        return
    kept = [item.open_words for item in items if item not in back]
    note = f"still held: {', '.join(kept)} (g r)" if kept and len(now) == 1 else ""
    note = note or (f"{counted(len(kept), 'thing')} more still held (g r)" if kept else "Esc keeps")
    if not back:
        today.say(f"{today.said[0]} · {note}", "out")
        return

    def returned(_: str) -> None:
        calls = [end_holding(item.id, "returned") for item in back]
        today.do(now, lambda _: calls, f"{things(back)} returned")

    title = f"{today.named(now)} left · {things(back)}"
    today.ask(Choice(title, (Option("Enter", "returned", ""),), returned, note, passing=True))


def things(items: Sequence[HeldItem]) -> str:
    """Name some things where anyone may read it: one in words, several by their kinds."""
    if len(items) == 1:
        return items[0].open_words
    kinds = {kind: sum(1 for item in items if item.kind is kind) for kind in Holding}
    names = {Holding.PHONE: "phone", Holding.CONFISCATED: "item", Holding.LENT: "thing lent", Holding.MEDICATION: "due"}
    plurals = {Holding.LENT: "things lent", Holding.MEDICATION: "due"}
    return ", ".join(counted(number, names[kind], plurals.get(kind, "")) for kind, number in kinds.items() if number)
