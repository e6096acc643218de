"""The reasons a school offers for a sanction: their words, their order, and the census letters they count under.

A placement keeps the words it was made with: renaming a reason, or switching it off, changes nothing that happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.desk.acts import Tx, act
from psc.desk.changes import check_differs, check_fresh, fields, keep_change
from psc.errors import NotUnderstood, Refused
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psc.database.file import File

REASON_ACTS = ("add_reason", "change_reason")
LONGEST_REASON = 60
CENSUS: Mapping[str, str] = {
    "BU": "bullying",
    "DA": "drugs and alcohol",
    "DB": "persistent disruption",
    "DM": "damage",
    "DS": "abuse over disability",
    "LG": "abuse over sexual orientation or gender",
    "MT": "social media and online",
    "OW": "weapon or prohibited item",
    "PA": "assault on an adult",
    "PP": "assault on a student",
    "RA": "racist abuse",
    "SM": "sexual misconduct",
    "TH": "theft",
    "VA": "verbal abuse of an adult",
    "VP": "verbal abuse of a student",
}
"""The letters of the suspension census. Source: the domain notes, section Referral."""


class Reason(NamedTuple):
    """A reason. `place` is its place in the list, from 1; `census` is "" where the census has no letters for it."""

    id: int
    place: int
    name: str
    census: str
    active: bool

    @property
    def about(self) -> str:
        """The name under which the ledger keeps its changes."""
        return f"reason:{self.id}"


def reasons(file: File) -> tuple[Reason, ...]:
    """Return every reason in order, those switched off too."""
    found = file.rows("SELECT id, place, name, census, active FROM reason ORDER BY place, id")
    return tuple(Reason(one, place, name, census, bool(active)) for one, place, name, census, active in found)


def reason_names(file: File) -> tuple[str, ...]:
    """Return the words of the reasons that are offered, in order."""
    return tuple(one.name for one in reasons(file) if one.active)


@act("add_reason")
def add_reason(tx: Tx, name: str, census: str = "") -> int:
    """Add a reason at the end of the list; returns its id. Raises `Refused` when there is one of that name."""
    words, letters = _checked(tx, 0, name, census)
    cursor = tx.file.execute(
        "INSERT INTO reason (place, name, census) SELECT coalesce(max(place), 0) + 1, ?, ? FROM reason",
        (words, letters),
    )
    made = next(one for one in reasons(tx.file) if one.id == cursor.lastrowid)
    keep_change(tx, made.about, {}, fields(made))
    return made.id


@act("change_reason")
def change_reason(tx: Tx, seen: Reason, becomes: Reason) -> None:
    """Rename a reason, move it, give it other census letters, or switch it off or on, from how it was `seen`.

    Raises `Refused` when somebody changed it meanwhile, for a name there is already, and for the last one offered.
    """
    known = reasons(tx.file)
    stands = next((one for one in known if one.id == seen.id), None)
    if stands is None:
        raise NotUnderstood("There is no such reason.", "Look at the list again.")
    moved = becomes.place != seen.place
    # Another reason that was moved has given this one another place, and changed nothing of it.
    check_fresh(tx, stands.about, seen if moved else seen._replace(place=stands.place), stands)
    words, letters = _checked(tx, seen.id, becomes.name, becomes.census)
    place = min(max(1, becomes.place), len(known)) if moved else stands.place
    made = Reason(stands.id, place, words, letters, becomes.active)
    check_differs(stands, made)
    if not made.active and not any(one.active for one in known if one.id != made.id):
        raise Refused("No reason would be left to choose.", "Add or switch on another first.")
    tx.file.execute(
        "UPDATE reason SET name = ?, census = ?, active = ? WHERE id = ?", (words, letters, int(made.active), made.id)
    )
    if moved:
        order = [one.id for one in known if one.id != made.id]
        order.insert(place - 1, made.id)
        tx.file.conn.executemany(
            "UPDATE reason SET place = ? WHERE id = ?", [(number, one) for number, one in enumerate(order, 1)]
        )
    keep_change(tx, made.about, fields(stands), fields(made))


def _checked(tx: Tx, reason_id: int, name: str, census: str) -> tuple[str, str]:
    """Return a reason's words and letters as psc keeps them. Raises `NotUnderstood` and `Refused`."""
    words, letters = clean(name), clean(census).upper()
    if not words or len(words) > LONGEST_REASON:
        raise NotUnderstood("A reason needs words.", f"{LONGEST_REASON} characters are the most.")
    if ":" in words:
        raise NotUnderstood("A reason has no colon.", "On paper it parts the type from the reason.")
    if letters and letters not in CENSUS:
        raise NotUnderstood(f"The census has no letters “{letters}”.", f"It has {', '.join(CENSUS)}, or none.")
    if any(one.name.casefold() == words.casefold() and one.id != reason_id for one in reasons(tx.file)):
        raise Refused(f"There is a reason “{words}” already.", "Switch that one on, or choose other words.")
    return words, letters
