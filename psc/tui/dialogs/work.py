"""What came for a period, in full: link or file, the task, how long it takes, what is needed, where it goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from psc.errors import NotUnderstood, PscError
from psc.school.calendar import day_words
from psc.tui.dialogs.fields import Field, FieldForm, Typed, whole_number
from psc.work.sets import Kind
from psc.work.steps import Work, change_work, check_link, receive_work

if TYPE_CHECKING:
    from psc.desk.acts import Call, Desk
    from psc.overview.work import WorkRow
    from psc.work.sets import Arrival

_LONGEST = 2000
"""Characters that a field takes: more than are kept, so that what is too long is refused and never cut unseen."""


class WorkForm(FieldForm):
    """Says what came for a period, or says otherwise what had come."""

    form = "work"

    def __init__(self, desk: Desk, one: WorkRow, then: Callable[[str], None]) -> None:
        work, came = one.work, one.work.arrival
        pack = came is not None and came.kind is Kind.PACK
        # The lesson's own work may still come when a pack is ready; once the pack is given out it stays.
        ready = pack and work.issued is None and work.returned is None

        def save(typed: Typed) -> str:
            said = dict(typed.values)
            stays = pack and said.get("kind", Kind.PACK) is Kind.PACK
            if stays and came is not None:
                said |= {"kind": Kind.PACK, "place": came.place}
            changes = came is not None and (stays or not pack)
            call: Call[Any] = (
                change_work(came.id, Work(**said))
                if changes and came is not None
                else receive_work(*work.key, Work(**said), instead_of=came.id if came else None)
            )
            desk.do_patiently(call, id=typed.act_id, seconds=2)
            return "saved" if changes else f"received, {said['kind'].value}"

        when = day_words(work.day, desk.clock.now().astimezone(desk.file.zone).date())
        title = f"{one.name} · {work.period} {work.subject} · {when}"
        note = f"Pack {came.pack}: it stays a pack. What it asks for is said here." if pack and came else ""
        if ready and came:
            note = f"Pack {came.pack} is ready. Say paper, link or file where the lesson’s own work came after all."
        super().__init__(title, _fields(one)[2 if pack and not ready else 0 :], save, then, note=note)
        self._about = f"{work.student_id} {work.day} {work.period} {came.id if came else ''}".rstrip()

    @property
    def about(self) -> str:
        """Whose work, and for which period."""
        return self._about

    def _typed(self) -> Typed | None:
        """Read the fields; a link that is none is said where it was typed."""
        typed = super()._typed()
        if typed is None or typed.values.get("kind") is not Kind.LINK:
            return typed
        try:
            check_link(typed.values["place"])
        except PscError as error:
            self.refuse(str(error))
            self.query_one("#place").focus()
            return None
        return typed


def _fields(one: WorkRow) -> list[Field]:
    came = one.work.arrival
    minutes = str(came.minutes or "") if came else ""
    return [
        Field("kind", "Came as *", came.kind.value if came else "paper", "p paper, l link, f file", _kind_for(came)),
        _field("place", "Where", came.place if came else "", "the link, the file’s name, or the tray"),
        _field("task", "Task", came.task if came else "", "what is to be done"),
        _field("pages", "Pages", came.pages if came else "", "40-42, ex. 3"),
        Field("minutes", "Minutes", minutes, "how long it should take", _minutes),
        _field("adaptation", "Adapted", came.adaptation if came else "", "larger print, a scaffold, fewer questions"),
        _field("equipment", "Needs", came.equipment if came else "", "a calculator, a laptop, headphones"),
        _field("return_to", "Back to", came.return_to if came else "", "where it goes when it is done: pigeonhole KB"),
    ]


def _field(name: str, label: str, value: str, hint: str) -> Field:
    return Field(name, label, value, hint, longest=_LONGEST)


def _kind_for(came: Arrival | None) -> Callable[[str], Kind]:
    """Return how a kind is read: where a pack is ready, `pack` leaves it so."""
    ready = came is not None and came.kind is Kind.PACK
    return lambda text: Kind.PACK if ready and text.strip().lower() == Kind.PACK.value else _kind(text)


def _kind(text: str) -> Kind:
    """Read what work came as, by its word or the first letter. Raises `NotUnderstood`."""
    typed = text.strip().lower()
    for kind in (Kind.PAPER, Kind.LINK, Kind.FILE):
        if typed and kind.value.startswith(typed):
            return kind
    raise NotUnderstood("Work comes as paper, link or file.", "Type its first letter; p on the page gives a pack.")


def _minutes(text: str) -> int | None:
    return whole_number(text) if text.strip() else None
