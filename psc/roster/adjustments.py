"""Adjustments: which was considered before a student with SEND is taken out of lessons.

Source: the domain notes, section Referral.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psc.errors import NeedsReason
from psc.text import clean, fold

if TYPE_CHECKING:
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


_NONE_WAS_NEEDED = re.compile(
    r"(?:none|nothing needed|not needed|not applicable|no need|no adjustment)\b.*"
    r"|(?:no|nothing|n/?a)\s*(?:[:;,.(–—-].*)?",
    re.IGNORECASE | re.DOTALL,
)


def agreed(words: str) -> str:
    """Return an answer as what is to be given: "" for one that says that none was needed.

    `No timed tests` is an adjustment.
    """
    return "" if _NONE_WAS_NEEDED.fullmatch(words.strip()) else words
