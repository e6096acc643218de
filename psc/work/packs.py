"""The pack bank: work that is ready when a lesson's own has not come. Every use of one is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from psc.desk.acts import Tx, act
from psc.desk.changes import check_differs, check_fresh, keep_change
from psc.desk.facts import live
from psc.errors import NotUnderstood, Refused
from psc.text import clean, fold

if TYPE_CHECKING:
    from datetime import date

    from psc.database.file import File

LONGEST = 400


class Pack(NamedTuple):
    """One pack. `year` is None where it fits any year group; `kept` is where it is: a drawer, a folder, a link."""

    id: int
    subject: str
    year: int | None
    unit: str
    code: str
    kept: str
    active: bool = True
    used: int = 0
    """How many times it stood in for a lesson's own work."""

    @property
    def about(self) -> str:
        """The name under which the ledger keeps its changes."""
        return f"pack:{self.id}"

    @property
    def words(self) -> str:
        """As it is offered: `MA-7-03 Fractions (drawer 2)`."""
        return " ".join(part for part in (self.code, self.unit, f"({self.kept})" if self.kept else "") if part)


_PACKS = (
    "SELECT id, subject, year, unit, code, kept, active,"
    f" (SELECT count(*) FROM work_arrival a WHERE a.pack_id = pack.id AND {live('work_arrival', 'a')}) FROM pack"
)


def packs(file: File) -> tuple[Pack, ...]:
    """Return every pack, by subject, year and code."""
    found: list[tuple[Any, ...]] = file.rows(f"{_PACKS} ORDER BY subject, year IS NULL, year, code")
    return tuple(Pack(*row)._replace(active=bool(row[6])) for row in found)


def packs_for(file: File, student_id: int, subject: str, year: int | None) -> tuple[Pack, ...]:
    """Return the packs that may stand in for a lesson, the best first: none that the student has had.

    Those of the subject and year come first, then of the subject for any year, then of other subjects of the year,
    then any.
    """
    had = {
        pack
        for (pack,) in file.rows(
            f"SELECT pack_id FROM work_arrival a WHERE student_id = ? AND pack_id IS NOT NULL"
            f" AND {live('work_arrival', 'a')}",
            (student_id,),
        )
    }
    wanted = fold(subject)

    def place(one: Pack) -> tuple[object, ...]:
        same, fits = bool(wanted) and fold(one.subject) == wanted, one.year in (None, year)
        return (not fits, not same, one.year is None, one.used, one.code)

    return tuple(sorted((one for one in packs(file) if one.active and one.id not in had), key=place))


def _checked(tx: Tx, pack: Pack) -> Pack:
    """Return a pack with its words cleaned.

    Raises `NotUnderstood` without subject or code, `Refused` for the code of another pack.
    """
    made = pack._replace(
        subject=clean(pack.subject), unit=clean(pack.unit), code=clean(pack.code), kept=clean(pack.kept)
    )
    if not made.subject or not made.code:
        raise NotUnderstood("A pack needs a subject and a code.", "The code is what stands on its cover.")
    for name in ("subject", "unit", "code", "kept"):
        if len(getattr(made, name)) > LONGEST:
            raise NotUnderstood(f"The {name} is longer than {LONGEST} characters.", "Shorten it.")
    if made.year is not None and not 0 <= made.year <= 14:
        raise NotUnderstood(f"There is no year {made.year}.", "Leave it empty for any year.")
    if tx.file.value("SELECT 1 FROM pack WHERE code = ? AND id <> ?", (made.code, made.id)):
        raise Refused(f"There is a pack {made.code} already.", "Each pack has a code of its own.")
    return made


def fallbacks_between(file: File, first: date, last: date) -> dict[str, int]:
    """Return how many times a pack stood in for a lesson's own work from `first` to `last`, by the lesson's subject.

    A period without a lesson counts under "". Source: the domain notes, Work sets: every fallback is counted.
    """
    found: list[tuple[str, int]] = file.rows(
        f"SELECT subject, count(*) FROM work_arrival a WHERE pack_id IS NOT NULL AND on_day BETWEEN ? AND ?"
        f" AND {live('work_arrival', 'a')} GROUP BY subject ORDER BY count(*) DESC, subject",
        (first.isoformat(), last.isoformat()),
    )
    return dict(found)


@act("add_pack")
def add_pack(tx: Tx, subject: str, code: str, *, year: int | None = None, unit: str = "", kept: str = "") -> int:
    """Put a pack into the bank and return its id. Raises `Refused` for a code that another pack has."""
    made = _checked(tx, Pack(0, subject, year, unit, code, kept))
    cursor = tx.file.execute(
        "INSERT INTO pack (subject, year, unit, code, kept) VALUES (?, ?, ?, ?, ?)",
        (made.subject, made.year, made.unit, made.code, made.kept),
    )
    keep_change(tx, f"pack:{cursor.lastrowid}", {}, _told(made))
    return int(cursor.lastrowid or 0)


PACK_ACTS = ("add_pack", "change_pack")
"""The acts that change what the bank says of a pack."""


@act("change_pack")
def change_pack(tx: Tx, seen: Pack, becomes: Pack) -> None:
    """Change a pack, or take it out of use (`active`).

    Raises `Refused` when somebody changed it since it was `seen`, and when nothing would change.
    """
    stands = next((one for one in packs(tx.file) if one.id == seen.id), None)
    if stands is None:
        raise Refused("There is no such pack.", "Look at the list again.")
    about = seen.about
    made = _checked(tx, becomes._replace(id=seen.id))
    check_fresh(tx, about, _told(seen), _told(stands))
    check_differs(_told(stands), _told(made))
    tx.file.execute(
        "UPDATE pack SET subject = ?, year = ?, unit = ?, code = ?, kept = ?, active = ? WHERE id = ?",
        (made.subject, made.year, made.unit, made.code, made.kept, int(made.active), seen.id),
    )
    keep_change(tx, about, _told(stands), _told(made))


def _told(pack: Pack) -> dict[str, object]:
    """Return what of a pack is edited."""
    return {name: value for name, value in pack._asdict().items() if name not in ("id", "used")}
