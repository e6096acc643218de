"""Acts on staff."""

from __future__ import annotations

from psc.desk.acts import Tx, act
from psc.desk.people import Role
from psc.errors import Refused


@act("add_staff")
def add_staff(tx: Tx, code: str, forename: str, surname: str, role: Role) -> int:
    """Add a member of staff; returns their id. Raises `Refused` when the code is taken."""
    if tx.file.value("SELECT 1 FROM staff WHERE code = ?", (code,)):
        raise Refused(f"The code “{code}” is taken.", "Choose another.")
    cursor = tx.file.execute(
        "INSERT INTO staff (code, title, forename, surname, email, role) VALUES (?, '', ?, ?, '', ?)",
        (code, forename, surname, Role(role).value),
    )
    return int(cursor.lastrowid or 0)
