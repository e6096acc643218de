"""Messages saved as text, in the private folder of the sheets: one file a teacher, called after no student."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psc.prints.keep import clear_old, sheets_folder, write_sheet
from psc.text import fold

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from psc.database.file import File
    from psc.work.messages import Message

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_LONGEST = 40


def keep_message(file: File, name: str, message: Message, day: date) -> Path:
    """Write a message whole, 0600, and return where it is; today's of the same name to that teacher gives way.

    Raises `NoSpace` or `ReadOnly` when it cannot be written.
    """
    to = _NOT_PLAIN.sub("-", fold(message.teacher.given))[:_LONGEST].strip("-") or "no-teacher"
    folder = sheets_folder(file)
    clear_old(folder, day)
    return write_sheet(folder / f"{name}-{to}-{day.isoformat()}.txt", message.text)
