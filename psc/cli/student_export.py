"""`psc student export`: everything held on one student, in two steps with a person's review between them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from psc.cli.paper import folder_for_sheets
from psc.clock import school_day
from psc.errors import NotUnderstood
from psc.flows.student_export import Prepared, prepare_export, read_review, review_text
from psc.prints.student_file import release, write_new
from psc.school.students import the_student
from psc.text import counted

if TYPE_CHECKING:
    from pathlib import Path

    from psc.cli.context import Context

LARGEST = 50_000_000
"""Bytes of a review file: more is none."""


def export(context: Context, text: str, to: Path | None, reviewed: Path | None) -> int:
    """Write the proposals to be reviewed; or, with the reviewed file, release the export. Neither is written over."""
    folder = folder_for_sheets(to)
    if folder is None:
        raise NotUnderstood("An export is files.", "Say where they go: --to DIR.")
    with context.desk() as desk:
        file = desk.file
        today = school_day(desk.clock.now(), file.zone)
        student = the_student(file, text, desk.staff(), today, act="export_student")
        prepared = prepare_export(desk, student.id)
        if reviewed is None:
            path = folder / f"psc-student-review-{today.isoformat()}-{_number(prepared)}.json"
            write_new({path: review_text(prepared, file.file_id).encode("utf-8", "replace")})
            return _said_review(context, prepared, path)
        review = read_review(_read(reviewed), prepared, file.file_id)
        files = release(desk, student.id, review, folder)
    value = {"released": True, "proposals": len(prepared.proposals), "files": [str(path) for path in files]}
    said = ["Released. Read it through before it leaves the school: a nickname is found by nobody else."]
    context.print(value, [*said, *(f"Written: {path}" for path in files)])
    return 0


def _number(prepared: Prepared) -> str:
    """Return what tells one review from another, without saying whose it is."""
    from hashlib import sha256

    return sha256(" ".join(one.key for one in prepared.proposals).encode()).hexdigest()[:8]


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise NotUnderstood("That is no review file of psc.", "It is too large.")
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NotUnderstood("The review file cannot be read.", "Give the file that psc wrote, filled in.") from error


def _said_review(context: Context, prepared: Prepared, path: Path) -> int:
    counts = Counter(one.kind.value for one in prepared.proposals)
    value = {
        "released": False,
        "records": len(prepared.held.records),
        "proposals": len(prepared.proposals),
        "kinds": dict(counts),
        "files": [str(path)],
    }
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items())) or "none"
    said = [
        f"Nothing is released yet. {counted(len(prepared.held.records), 'record')}; to be decided: {kinds}.",
        f"Written: {path}",
        "It holds names: keep it locked away. Write redact or keep into each, then give it with --reviewed.",
    ]
    context.print(value, said)
    return 0
