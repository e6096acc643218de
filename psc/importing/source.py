"""The bytes of a file handed over: taken whole, within a size, and known by their digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psc.errors import FileRefused

if TYPE_CHECKING:
    from pathlib import Path

SIZE_CAP = 64 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_PDF = b"%PDF"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes and their SHA-256 in hexadecimal, by which the ledger knows which file it was."""

    data: bytes
    digest: str


def take(path: Path) -> Source:
    """Return the bytes of the file at `path`; refuse what is empty, too big, or plainly another kind of file."""
    try:
        if not path.is_file():
            raise FileRefused("There is no file of that name.", "Check the name and the folder.")
        with path.open("rb") as stream:
            data = stream.read(SIZE_CAP + 1)
    except (OSError, ValueError) as fault:
        raise FileRefused(
            "The file cannot be opened.", "Check that you may read it and that it is not in use."
        ) from fault
    if not data:
        raise FileRefused("The file is empty (0 bytes).", "Export it again, and look at its size before importing.")
    if len(data) > SIZE_CAP:
        raise FileRefused(
            f"The file is larger than {SIZE_CAP // 1024 // 1024} MB.", "Export fewer years or fewer columns at a time."
        )
    _refuse_other_kinds(data)
    return Source(data, hashlib.sha256(data).hexdigest())


def _refuse_other_kinds(data: bytes) -> None:
    """Refuse workbooks, archives and PDFs by the bytes they begin with, whatever the file is called."""
    if data.startswith(_ZIP):
        if b"[Content_Types].xml" in data or b"xl/" in data:
            raise FileRefused("This is an Excel workbook.", "Open it in Excel and save it as CSV (UTF-8).")
        raise FileRefused("This is a zip archive.", "Unpack it, and import the file inside.")
    if data.startswith(_OLD_OFFICE):
        raise FileRefused("This is an old Excel workbook.", "Open it in Excel and save it as CSV (UTF-8).")
    if data.startswith(_PDF):
        raise FileRefused("This is a PDF.", "Export the same list as CSV.")
