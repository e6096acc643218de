"""Every refusal psc can give: a title that says what happened, a remedy that says what to do.

Neither may hold a secret, nor, where the error can reach a log or a crash report, a student's name: `title` and
`remedy` are shown to the person at the desk only. The exit codes are the contract of the command line.
"""

from __future__ import annotations

from typing import ClassVar


class PscError(Exception):
    """Something psc will not or cannot do, in words for the person at the desk.

    `title` is one sentence on what happened; `remedy` is what to do next. `code` is a short stable name for scripts.
    """

    exit_code: ClassVar[int] = 1
    code: ClassVar[str] = "fault"

    def __init__(self, title: str, remedy: str = "") -> None:
        super().__init__(title, remedy)
        self.title = title
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.title} {self.remedy}".strip()


class NotUnderstood(PscError):
    """What was typed cannot be read, or fits no one or several."""

    exit_code = 2
    code = "not_understood"


class Refused(PscError):
    """A rule or a permission says no."""

    exit_code = 3
    code = "refused"


class NotAllowed(Refused):
    """The person's role, or the scope of it, does not reach this act."""

    code = "not_allowed"


class NeedsReason(Refused):
    """A rule can be overridden here, but only with a reason typed."""

    code = "needs_reason"


class FileRefused(Refused):
    """A file handed over cannot be taken in as a whole."""

    code = "file_refused"


class Busy(PscError):
    """Another terminal is writing; nothing was changed."""

    exit_code = 4
    code = "busy"
    passes: ClassVar[bool] = True
    """Whether the same try can go through a moment later."""


class Overtaken(Busy):
    """Another terminal changed what this act was worked out from: it must be worked out again."""

    passes = False


class Damaged(PscError):
    """The file is not psc's, is damaged, or was changed behind psc's back."""

    exit_code = 5
    code = "damaged"


class NoSpace(PscError):
    """The disk is full; nothing was changed."""

    exit_code = 6
    code = "no_space"


class ReadOnly(PscError):
    """The file or its folder cannot be written."""

    exit_code = 7
    code = "read_only"


class NewerFile(PscError):
    """The file was written by a newer psc."""

    exit_code = 8
    code = "newer_file"
