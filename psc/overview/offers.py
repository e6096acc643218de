"""What may stand in for work that has not come: the student's own spare work first, then packs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.desk.permissions import reached
from psc.text import fold
from psc.work.packs import Pack, packs_for
from psc.work.sets import Spare, spare_work

if TYPE_CHECKING:
    from datetime import date

    from psc.database.file import File
    from psc.desk.people import Staff
    from psc.overview.work import WorkRow


class Offer(NamedTuple):
    """Spare work, or a pack."""

    words: str
    spare: Spare | None = None
    pack: Pack | None = None


def offers_for(file: File, one: WorkRow, staff: Staff, today: date) -> tuple[Offer, ...]:
    """Return what may be given for a period, the best first; nothing for a student whose work `staff` may not see.

    Spare work of the same subject comes before other spare work, and all of it before a pack: it was made for them.
    """
    student, subject = one.work.student_id, fold(one.work.subject)
    if not reached(file, "see_work", staff, today.isoformat(), (student,)):
        return ()
    spare = sorted(spare_work(file, student), key=lambda each: fold(each.arrival.subject) != subject)
    fitting = packs_for(file, student, one.work.subject, one.year)
    return (
        *(Offer(_spare_words(each), spare=each) for each in spare),
        *(Offer(f"{each.words}{_for_words(each, subject)}", pack=each) for each in fitting),
    )


def _spare_words(spare: Spare) -> str:
    came, day = spare.arrival, spare.day
    return " ".join(
        part for part in ("own", came.subject or came.kind.value, f"of {day:%a} {day.day} {day:%b}") if part
    )


def _for_words(pack: Pack, subject: str) -> str:
    """Return of what subject a pack is, where that is another than the lesson's."""
    return "" if subject and fold(pack.subject) == subject else f", {pack.subject}"
