"""Adjustments: which was considered, asked before a student with SEND is taken out of lessons, and whether it was given.

Source: the domain notes, section Referral.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NeedsReason, Refused
from psc.school.shapes import shape_of
from psc.school.students import student_by_id
from psc.text import clean, fold

if TYPE_CHECKING:
    from datetime import date

    from psc.database.file import File

QUESTION = "Which adjustment was considered?"
_SEN = {"K": "SEN support", "E": "an education, health and care plan"}
_NONE = frozenset({"none", "none needed", "no", "not needed", "nothing", "na", "n a", "not applicable"})
"""Answers that say nothing without a why."""


def sen_words(file: File, student_id: int) -> str:
    """Return what makes the question due for a student (`SEN support`), "" where nothing does."""
    return _SEN.get(str(file.value("SELECT sen FROM student WHERE id = ?", (student_id,)) or ""), "")


def considered(file: File, student_id: int, answer: str) -> str:
    """Return the answer as psc keeps it; of a student without SEND it may be "".

    Raises `NeedsReason` where it is due and missing, or says *none needed* and not why.
    """
    words, sen = clean(answer), sen_words(file, student_id)
    if not sen:
        return words
    if not words:
        raise NeedsReason(QUESTION, f"The student has {sen}: say which, or “none needed” and why.")
    if fold(words) in _NONE:
        raise NeedsReason(f"{QUESTION} Why was none needed?", f"The student has {sen}: type “none needed: …” and why.")
    return words


def agreed(words: str) -> str:
    """Return an answer as what is to be given: "" for one that says that none was needed."""
    return "" if fold(words).split()[:1] in (["none"], ["no"], ["not"], ["nothing"]) else words


@act("mark_adjustment", resting=())
def mark_adjustment(tx: Tx, placed_id: int, given: bool) -> int:
    """Record whether the adjustment agreed for a student was given in a period; the latest word counts.

    Raises `Refused` for a period that has not begun, or is no longer part of a placement.
    """
    found = tx.file.row(
        "SELECT p.student_id, pp.on_day, pp.period FROM placement_period pp JOIN placement p ON p.id = pp.placement_id"
        f" WHERE pp.id = ? AND {live('placement_period', 'pp')}",
        (placed_id,),
    )
    if found is None:
        raise Refused("That period is no longer part of a placement.", "Look at the board again.")
    student_id, day, name = found
    tx.reach(student_id)
    year = student_by_id(tx.file, student_id, tx.today).year
    period = next((one for one in shape_of(tx.file, tx.today).periods(year) if one.name == name), None)
    begun = period is None or tx.now >= period.start
    if day > tx.today.isoformat() or (day == tx.today.isoformat() and not begun):
        raise Refused(f"{name} has not begun.", "Say it when it has.")
    if day != tx.today.isoformat() and not tx.may_also("correct_before"):
        raise Refused("That period was not today.", "A coordinator can say it of an earlier day.")
    return tx.add("adjustment_mark", placement_period_id=placed_id, given=int(given))


def not_given_on(file: File, day: date) -> frozenset[int]:
    """Return the placed periods of a day in which an agreed adjustment was not given, by their ids."""
    found = file.rows(
        "SELECT a.placement_period_id, a.given FROM placement_period pp JOIN adjustment_mark a"
        f" ON a.placement_period_id = pp.id WHERE pp.on_day = ? AND {live('adjustment_mark', 'a')} ORDER BY a.id",
        (day.isoformat(),),
    )
    latest = dict(found)
    return frozenset(one for one, given in latest.items() if not given)
