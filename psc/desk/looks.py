"""Looks: reads that leave a line in the ledger, written before anything is shown.

    desk.do_patiently(open_student(student_id, "sheet", why=why))   # then, and only then, read and show

The board, its lists and the emergency text are no looks: they must open when nothing can be written any more.
"""

from __future__ import annotations

from psc.desk.acts import Tx, act
from psc.desk.permissions import reached
from psc.errors import NeedsReason, NotAllowed, Refused
from psc.text import clean

LOOKS = (
    "open_row",
    "open_student",
    "who_viewed",
    "open_incident",
    "open_restrictive",
    "open_restricted_note",
    "open_investigation_file",
)
"""The acts that are looks at one student, or at what several stand in."""
PRINTS = ("print_sheet", "export_student")
"""The acts by which students' names leave psc."""


@act("open_row")
def open_row(tx: Tx, student_id: int, view: str = "") -> None:
    """Open what the board keeps closed of a student of today: reason, alerts, what is held, how they were seen.

    `view` says what else was opened (a referral), for whoever asks who looked.
    """
    tx.reach(student_id)
    if view:
        tx.said.update(view=clean(view))


@act("open_student")
def open_student(tx: Tx, student_id: int, view: str, *, why: str = "") -> bool:
    """Open a student: who they are, alerts, contacts, today. Returns whether they are outside the actor's own reach.

    `view` says what was opened, for whoever asks who looked. A head of year may open a student of another year with a
    reason (the row `open_outside`): raises `NeedsReason` without one, and `NotAllowed` for anybody else's outside.
    """
    today = tx.today.isoformat()
    if reached(tx.file, "open_student", tx.actor, today, (student_id,)):
        outside = False
    elif reached(tx.file, "open_outside", tx.actor, today, (student_id,)):
        outside = True
        if not clean(why):
            raise NeedsReason("This student is outside your years.", "Say why you open them: it is kept.")
    else:
        raise NotAllowed("This student is outside what your role may see.", "Ask a coordinator.")
    if tx.file.value("SELECT merged_into FROM student WHERE id = ?", (student_id,)) is not None:
        raise Refused("This record was merged into another one.", "Find the student again.")
    tx.touch(student_id)
    tx.said.update(view=clean(view), why=clean(why), outside=outside)
    return outside


@act("who_viewed")
def who_viewed(tx: Tx, student_id: int) -> None:
    """Ask who looked at a student, who printed them and who changed something."""
    tx.reach(student_id)


@act("search_records")
def search_records(tx: Tx, digest: str) -> None:
    """Search in what people wrote. `digest` stands for the words that are looked for: they are not kept."""
