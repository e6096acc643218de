"""A session: somebody who is signed in at this terminal today, and how they stand on the staff list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psc.errors import NotUnderstood

if TYPE_CHECKING:
    from psc.desk.acts import Desk
    from psc.desk.people import Staff


@dataclass
class Session:
    """Somebody who is signed in here today, as they last stood on the staff list."""

    desk: Desk
    staff: Staff

    @property
    def code(self) -> str:
        """Their code, which is also the name of their stack of screens."""
        return self.desk.code

    @property
    def name(self) -> str:
        """How the board names them."""
        return self.staff.short

    @property
    def role(self) -> str:
        """Their role in words."""
        return self.staff.role.words

    @property
    def at_door(self) -> bool:
        """Whether they work the door. Whoever does not only looks in, and the room waits for somebody who does."""
        from psc.desk.permissions import may

        return may("sign_in", self.staff)


def as_they_stand(session: Session) -> Staff:
    """Return somebody as they stand on the staff list now. Raises `NotUnderstood` when they may not sign in."""
    from psc.desk.people import Role

    try:
        staff = session.desk.staff()
    except NotUnderstood:
        if session.staff.role is Role.COVER:
            raise NotUnderstood(f"The pass {session.code} has ended.", "Whoever gave it can give another.") from None
        staff = session.staff._replace(role=Role.TEACHER)
    if staff.role is Role.TEACHER:
        raise NotUnderstood(f"{session.code} can no longer sign in here.", "An administrator can say why.")
    return staff
