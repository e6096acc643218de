"""The form in which a referral is approved with changes: what was asked for stands in its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.flows.referrals import decide_referral
from psc.roster.confirmations import AT_THE_DOOR
from psc.roster.placements import PlacementType
from psc.roster.referrals import Outcome, checked
from psc.school.rooms import room_by_code, rooms
from psc.text import one_of
from psc.tui.dialogs.fields import Field, FieldForm, Typed, said_yes, yes_or_no

if TYPE_CHECKING:
    from collections.abc import Callable

    from psc.overview.referrals import Referred
    from psc.school.rooms import Room
    from psc.tui.screens.today import Today

_TYPED = 2_000
"""How much fits a field: what is too long is refused with what was typed, and never cut."""


def changes_form(today: Today, one: Referred, said: Callable[[], str], then: Callable[[str], None]) -> FieldForm:
    """Return the form; `said` tells what became of it."""
    file, referral = today.desk.file, one.referral
    offered = [kind.words for kind in PlacementType if kind not in AT_THE_DOOR]

    def kind(text: str) -> PlacementType:
        words = one_of(text, offered, "type")
        return next(each for each in PlacementType if each.words == words)

    def room(text: str) -> Room | None:
        return room_by_code(file, text) if text.strip() else None

    def save(typed: Typed) -> str:
        values = typed.values
        changed_room: Room | None = values["room"]
        today.desk.do_patiently(
            decide_referral(
                referral.id,
                Outcome.CHANGED,
                values["because"],
                type=values["type"],
                reason=values["reason"],
                room_id=changed_room.id if changed_room else None,
                asked=values["asked"],
                override=typed.why,
                wait=values["wait"],
            ),
            id=typed.act_id,
            seconds=2,
        )
        return said()

    codes = ", ".join(each.code for each in rooms(file))
    fields = (
        Field("type", "Type", referral.type.words, ", ".join(offered[:6]) + " …", kind),
        Field("reason", "Reason", referral.reason, "as on the list of reasons", _line("reason"), longest=_TYPED),
        Field(
            "asked", "When", one.when, "tomorrow · 2 days from Tuesday · Tue P2-P4, Wed", _line("asked"), longest=_TYPED
        ),
        Field("room", "Room", one.room, codes, room),
        Field("because", "Because", "", "why it is changed: whoever asked is shown it", _line("why"), longest=_TYPED),
        Field(
            "wait",
            "Wait if full",
            said_yes(False),
            "yes puts them on the waiting list where no seat is free",
            yes_or_no,
        ),
    )
    title = f"Approve with changes: {one.student.name}"
    return FieldForm(title, fields, save, then, note=f"Asked by {referral.who}.")


def _line(field: str) -> Callable[[str], str]:
    return lambda text: checked(field, text)
