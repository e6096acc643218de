"""What is done about a restrictive record: it is opened, parents are told, it is reviewed and signed off.

Each parent is told the same day. Where that would likely do significant harm it is withheld, and the local authority is
told instead. Whoever had a hand in it does not review it and does not sign it off. Source: the domain notes, Incidents.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from psc.desk.acts import Tx, act
from psc.desk.permissions import Scope, reached
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.incidents.incidents import LONGEST, the_incident, when_happened
from psc.incidents.restrictive import Restrictive, check_seen, reach_restrictive
from psc.roster.home import add_home_contact
from psc.school.contacts import the_contact
from psc.text import check_length

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.desk.people import Staff


@act("open_restrictive")
def open_restrictive(tx: Tx, restrictive_id: int) -> None:
    """Open a record of force or seclusion: a look, noted before it is read."""
    found = reach_restrictive(tx, restrictive_id)
    tx.said.update(view=f"record of force or seclusion {found.id}")


@act("tell_of_restrictive", resting=())
def tell_of_restrictive(
    tx: Tx,
    restrictive_id: int,
    contact: str,
    *,
    how: str = "",
    outcome: str = "",
    note: str = "",
    withheld: str = "",
    authority: str = "",
    at: datetime | None = None,
) -> int:
    """Record that a parent was told of force or seclusion, or tried to be; or that it was withheld; returns its id.

    `how`, `outcome` and `note` are those of `tell_home`, whose record it makes too. `withheld` says why a parent is not
    told (it would likely do significant harm) and `authority` who of the local authority was told instead: that is not
    decided by who is there only as the author, or as one who was. Raises `NotUnderstood` for what is missing, and for
    somebody who is not one contact of the student's who may be told; `Refused` for the future, and before it began.
    """
    found = reach_restrictive(tx, restrictive_id)
    when = when_happened(tx, at)
    if when < found.now.starts:
        raise Refused("That is before it happened.", "Look at both times; nothing was saved.")
    whom = _whom(tx, found.student_id, contact)
    why, who = check_length(withheld, "reason"), check_length(authority, "name", 100)
    if not why and not who:
        home = add_home_contact(tx, found.student_id, whom, how, outcome, check_length(note, "note"), when)
        return tx.add(
            "restrictive_told",
            restrictive_id=restrictive_id,
            contact=whom,
            home_contact_id=home,
            withheld="",
            authority="",
            happened=when,
        )
    if tx.scope is Scope.OWN:
        raise NotAllowed(
            "Whether a parent is not told is for those who lead.", "Ask the behaviour lead or the safeguarding lead."
        )
    if how or outcome or note:
        raise NotUnderstood("It was told, or it was withheld.", "Leave out the one or the other.")
    if not why:
        raise NotUnderstood("Say why it is withheld.", "Only where telling would likely do significant harm.")
    if not who:
        raise NotUnderstood("Say who of the local authority was told.", "Where a parent is not told, they are.")
    return tx.add(
        "restrictive_told",
        restrictive_id=restrictive_id,
        contact=whom,
        home_contact_id=None,
        withheld=why,
        authority=who,
        happened=when,
    )


def _whom(tx: Tx, student_id: int, contact: str) -> str:
    try:
        return the_contact(tx.file, student_id, contact).words
    except NotUnderstood as wrong:
        if reached(tx.file, "see_contacts", tx.actor, tx.today.isoformat(), (student_id,)):
            raise
        # The sentence names the contacts, which not everybody who was there may see.
        raise NotUnderstood(wrong.title, "Ask a coordinator whom the school rings.") from None


@act("review_restrictive", resting=("sign_off_restrictive",))
def review_restrictive(tx: Tx, restrictive_id: int, text: str, *, seen: int) -> int:
    """Review a record of force or seclusion, with what was found; returns the review's id.

    Raises what `check_apart` and `check_seen` do.
    """
    found = _to_judge(tx, restrictive_id, seen)
    if found.sign_off is not None:
        raise Refused(f"It is signed off already, by {found.sign_off.by}.", "Add an addendum instead.")
    return _judge(tx, restrictive_id, "reviewed", text)


@act("sign_off_restrictive", resting=())
def sign_off_restrictive(tx: Tx, restrictive_id: int, text: str, *, seen: int) -> int:
    """Sign a record of force or seclusion off, once it was reviewed as it stands; returns the sign-off's id.

    Raises what `review_restrictive` does, and `Refused` while nobody has reviewed what it says now.
    """
    found = _to_judge(tx, restrictive_id, seen)
    if found.sign_off is not None:
        raise Refused(f"It is signed off already, by {found.sign_off.by}.", "Nothing is left to do.")
    if found.review is None:
        since = " since it was corrected" if found.reviews else ""
        raise Refused(f"Nobody has reviewed it{since}.", "Review it first.")
    return _judge(tx, restrictive_id, "signed off", text)


def _to_judge(tx: Tx, restrictive_id: int, seen: int) -> Restrictive:
    found = reach_restrictive(tx, restrictive_id)
    check_apart(tx.file, found, tx.actor)
    check_seen(tx, found, seen)
    return found


def _judge(tx: Tx, restrictive_id: int, kind: str, text: str) -> int:
    words = check_length(text, "review", LONGEST, lines=True)
    if not words:
        raise NotUnderstood("Say what you found.", "A sentence is enough: it is kept with your name.")
    return tx.add("restrictive_review", restrictive_id=restrictive_id, kind=kind, text=words)


def check_apart(file: File, found: Restrictive, staff: Staff) -> None:
    """Raise `NotAllowed` for who wrote a record, and who had a hand in what it records, in any of its versions."""
    hands = {one.staff_id for said in found.versions for one in said.restriction.staff}
    hands |= {one.staff_id for one in the_incident(file, found.incident_id).adults if one.role == "involved"}
    if found.first.code.casefold() == staff.code.casefold() or staff.id in hands:
        raise NotAllowed("You wrote it, or had a hand in what it records.", "Somebody else of your role looks at it.")
