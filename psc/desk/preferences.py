"""What a person likes the screen to be: theme, row spacing and glyphs. They follow them from terminal to terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psc.desk.acts import Tx, act
from psc.errors import NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psc.database.file import File

CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": ("dark", "light", "cream", "contrast"),
    "spacing": ("close", "roomy"),
    "glyphs": ("signs", "letters"),
}
"""Every preference with what it can be; the first is what it is for somebody who has chosen nothing."""


class Preferences(NamedTuple):
    """One person's choices. `roomy` rows have an empty line between them; `letters` stand where a font lacks signs."""

    theme: str = CHOICES["theme"][0]
    spacing: str = CHOICES["spacing"][0]
    glyphs: str = CHOICES["glyphs"][0]

    def next(self, name: str) -> str:
        """Return what comes after the present choice of one of them; after the last, the first."""
        choices = CHOICES[name]
        return choices[(choices.index(getattr(self, name)) + 1) % len(choices)]


def preferences_of(file: File, staff_id: int) -> Preferences:
    """Return a member of staff's choices; what this psc does not know is as if nothing had been chosen."""
    found = file.rows("SELECT name, value FROM preference WHERE staff_id = ?", (staff_id,))
    return Preferences(**{name: value for name, value in found if value in CHOICES.get(name, ())})


@act("set_preference")
def set_preference(tx: Tx, name: str, value: str) -> str:
    """Keep a choice of the person at the desk; returns it. Raises `NotUnderstood` for one there is not."""
    if value not in CHOICES.get(name, ()):
        known = "; ".join(f"{one}: {', '.join(choices)}" for one, choices in CHOICES.items())
        raise NotUnderstood(f"There is no {name} “{value}”.", f"There are {known}.")
    tx.file.execute(
        "INSERT INTO preference (staff_id, name, value) VALUES (?, ?, ?)"
        " ON CONFLICT (staff_id, name) DO UPDATE SET value = excluded.value",
        (tx.actor.id, name, value),
    )
    return value
