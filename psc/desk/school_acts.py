"""The school's own name, as it stands on the top line and on every sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.acts import Tx, act
from psc.desk.changes import check_differs, check_fresh, keep_change
from psc.errors import NotUnderstood
from psc.text import clean

if TYPE_CHECKING:
    from psc.database.file import File

ABOUT = "school"
LONGEST_SCHOOL = 80
"""The longest name that a sheet's heading has room for."""


def school_name(file: File) -> str:
    """Return the school's name as the file has it now; `file.school` is what it was when the file was opened."""
    return str(file.value("SELECT school FROM school_file"))


@act("change_school")
def change_school(tx: Tx, seen: str, name: str) -> None:
    """Give the school another name, from how it was `seen`. Earlier sheets keep the name they were printed with."""
    stands, becomes = school_name(tx.file), clean(name)
    check_fresh(tx, ABOUT, seen, stands)
    if not becomes or len(becomes) > LONGEST_SCHOOL:
        raise NotUnderstood("The school needs a name.", f"{LONGEST_SCHOOL} characters are the most.")
    check_differs(stands, becomes)
    tx.file.execute("UPDATE school_file SET school = ?", (becomes,))
    keep_change(tx, ABOUT, {"school": stands}, {"school": becomes})
