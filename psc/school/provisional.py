"""Students who are *new here*: at the door before any file of the school's has brought them.

They are placed and signed in like anybody. An import that names them by a number makes them one of the roll; one that
brings somebody of the same name leaves it to a person to say whether they are the same, and to merge the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.acts import Tx, act
from psc.desk.permissions import reached
from psc.errors import NeedsReason, NotUnderstood, Refused
from psc.school.students import folded_name, student_by_id
from psc.school.years import YEARS
from psc.text import clean, fold

if TYPE_CHECKING:
    from psc.database.file import File


def _gone(tx: Tx) -> None:
    """Take a student whose adding was undone off the roll; the record itself stays."""
    for student_id in tx.students:
        tx.file.execute(
            "UPDATE student SET left_on = ? WHERE id = ? AND provisional AND left_on IS NULL",
            (tx.today.isoformat(), student_id),
        )


@act(
    "add_provisional",
    resting=("walk_in", "book", "sign_in", "keep_apart", "plan_event", "record_sighting", "enter_paper", "tell_home"),
    afterwards=_gone,
)
def add_provisional(
    tx: Tx,
    surname: str,
    forename: str,
    year: int | None = None,
    form: str = "",
    *,
    admission_no: str = "",
    override: str = "",
) -> int:
    """Add a student who is new here; returns psc's id. An import will bring the rest.

    Raises `NotUnderstood` without a name or for a year no school has, `Refused` when the admission number is another's,
    and `NeedsReason` when a student of that very name is on roll and `override` is empty.
    """
    last, first, group, number = clean(surname), clean(forename), clean(form), clean(admission_no)
    if not last:
        last, first = first, ""  # a one-word name stands as the surname
    if not last:
        raise NotUnderstood("A student needs a name.", "Type the surname and the forename.")
    if year is not None and year not in YEARS:
        raise NotUnderstood(f"Year {year} is not a year group.", "Type 7 to 13, or leave it empty.")
    if number and tx.file.value("SELECT 1 FROM student WHERE admission_no = ?", (number,)):
        raise Refused("That admission number is another student's.", "Find them by it, or leave the number empty.")
    if not override and (here := same_name(tx.file, last, first)):
        seen = reached(tx.file, "find_student", tx.actor, tx.today.isoformat(), here[:1])
        words = student_by_id(tx.file, here[0], tx.today).words if seen else "Somebody of that name"
        raise NeedsReason(f"{words} is here already.", "If this is somebody else, say how you know.")
    whole = {
        "surname": last,
        "forename": first,
        "admission_no": number or None,
        "provisional": 1,
        "folded": folded_name(last, first, "", ""),
    }
    cursor = tx.file.execute(
        f"INSERT INTO student ({', '.join(whole)}) VALUES ({', '.join('?' * len(whole))})", list(whole.values())
    )
    student_id = int(cursor.lastrowid or 0)
    tx.file.execute(
        "INSERT INTO enrolment (student_id, from_day, year, form, seq) VALUES (?, ?, ?, ?, ?)",
        (student_id, tx.today.isoformat(), year, _as_written(tx.file, group), tx.seq),
    )
    tx.students.add(student_id)
    return student_id


def _as_written(file: File, form: str) -> str:
    """Return a form as the school writes it, where it has one of that name: `8d` is 8D."""
    known = file.value("SELECT form FROM enrolment WHERE form = ? COLLATE NOCASE ORDER BY id DESC LIMIT 1", (form,))
    return str(known) if known else form


def same_name(file: File, surname: str, forename: str) -> tuple[int, ...]:
    """Return the students on roll who go by this very name, accents and case ignored, oldest record first."""
    wanted = (fold(surname), fold(forename))
    folded = " ".join(part for part in wanted if part)
    found = file.rows(
        "SELECT id, surname, forename FROM student WHERE folded >= ? AND folded < ? AND left_on IS NULL ORDER BY id",
        (folded, folded + "\U0010ffff"),
    )
    return tuple(student for student, last, first in found if (fold(last), fold(first)) == wanted)


def typed_name(text: str) -> tuple[str, str]:
    """Return (surname, forename) of a name as it was typed to look for somebody: `Ling, Bo`, `bo ling` or `Ling`.

    Nobody types capitals to look somebody up, so a name without any gets them.
    """
    words = clean(text)
    words = words.title() if words.islower() else words
    if "," in words:
        last, _, first = words.partition(",")
        return last.strip(), first.strip()
    first, _, last = words.rpartition(" ")
    return last, first
