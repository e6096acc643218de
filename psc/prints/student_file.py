"""A student's export as files: a page for people (HTML), and the same as JSON. Only what was released stands in it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any

from psc.clock import moment, school_day, wall
from psc.database.file import link_new
from psc.errors import NoSpace, ReadOnly, Refused
from psc.flows.student_export import RELEASED, Released, export_student, read_release
from psc.overview.held_reading import LOOKED
from psc.overview.held_tables import HELD
from psc.prints.page import heading, page, paragraph, table
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from psc.desk.acts import Desk
    from psc.flows.student_export import Review
    from psc.overview.held_reading import Held

_LONG = 60
"""Characters from which a record's fields stand below each other instead of in a row."""
_WIDEST = 7
"""Columns of a table that still fit a page."""
NOT_IN_IT = (
    "Not in it: what nobody has saved yet, and records of others in which this student may be mentioned by name without"
    " standing in them. What was taken back or corrected stands here as well, and says so."
)


def release(desk: Desk, student_id: int, review: Review, folder: Path) -> tuple[Path, Path]:
    """Write a reviewed export into a folder as HTML and JSON, and return where they are.

    The ledger has counts and digest before a byte is written. No file is ever written over. Raises `Refused` while
    anything is undecided, `NoSpace` or `ReadOnly` when they cannot be written: then neither is there.
    """
    released = read_release(desk, student_id, review)
    where = desk.file.zone
    html = student_file_page(released, where).encode("utf-8", "replace")
    told = student_file_json(released, where).encode("utf-8", "replace")
    digest = sha256(html + told).hexdigest()
    counts = {"records": len(released.records), "redacted": released.redacted, "kept": released.kept}
    desk.do_patiently(export_student(student_id, RELEASED, counts, digest), seconds=2)
    called = f"psc-student-export-{school_day(released.at, where).isoformat()}-{digest[:8]}"
    first, second = write_new({folder / f"{called}.html": html, folder / f"{called}.json": told})
    return first, second


def write_new(files: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write files that are not there yet, 0600, all or none, each whole before it has its name."""
    building = {path: path.parent / f".{path.name}.{secrets.token_hex(4)}" for path in files}
    named: list[Path] = []
    try:
        for path, made in files.items():
            handle = os.open(building[path], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as opened:
                opened.write(made)
                opened.flush()
                os.fsync(opened.fileno())
        for path, half in building.items():
            link_new(half, path)
            named.append(path)
    except (OSError, Refused) as error:
        for path in named:
            with contextlib.suppress(OSError):
                path.unlink()
        if isinstance(error, Refused):
            raise
        if error.errno == 28:  # ENOSPC
            raise NoSpace("There is no space to write it.", "Free some space on this machine's disk.") from error
        raise ReadOnly("It cannot be written.", f"Check who owns the folder {next(iter(files)).parent}.") from error
    finally:
        for half in building.values():
            with contextlib.suppress(OSError):
                half.unlink()
    return tuple(named)


def title_of(name: str) -> str:
    """Return the heading of a table: `restrictive_told` is `Restrictive told`."""
    words = _TITLES.get(name, name.replace("_", " "))
    return f"{words[:1].upper()}{words[1:]}"


_TITLES = {
    "student": "the student",
    "enrolment": "year and form",
    "class_member": "classes",
    "import_change": "changes by the school's files",
    "barred": "staff who have nothing to do with the student",
    "behaviour_record": "behaviour, from the school's system",
    "attendance_session": "attendance, from the school's system",
    "attendance_total": "attendance in total, from the school's system",
    "home_contact": "told at home",
    LOOKED: "who looked, printed and changed something",
}


def _said(released: Released, where: ZoneInfo) -> str:
    day = school_day(released.at, where)
    return (
        f"Made {day:%d/%m/%Y} {wall(released.at, where)} by {released.by}."
        f" {counted(released.redacted, 'place')} taken out after review."
    )


# For people


def student_file_page(released: Released, where: ZoneInfo) -> str:
    """Return it as one HTML file without outside assets."""
    held = released.held
    parts = [paragraph(_said(released, where)), paragraph(NOT_IN_IT)]
    for name in (*HELD, LOOKED):
        records = [one for one in released.records if one.table == name]
        if records:
            parts.append(heading(f"{title_of(name)} ({len(records)})"))
            parts += _shown(records, where)
    empty = ", ".join(title_of(name).lower() for name in HELD if not held.of(name))
    parts += [heading("Nothing is held of"), paragraph(empty or "no kind of record")]
    foot = "It holds personal data: keep it locked away, and shred it after use."
    return page(f"What is held on {held.name} {held.number}".strip(), parts, foot=foot)


def _shown(records: Sequence[Held], where: ZoneInfo) -> Iterator[str]:
    """Yield short records as tables, long ones field by field."""
    rows = [_fields(one, where) for one in records]
    for long, some in groupby(rows, key=_is_long):
        if long:
            for one in some:
                yield table(("", ""), list(one.items()), widths=(22, 78))
                yield "<p></p>"
            continue
        every = list(some)
        names = list(dict.fromkeys(name for one in every for name in one))
        if len(names) > _WIDEST:
            yield table(("", ""), [pair for one in every for pair in [*one.items(), ("", "")]], widths=(22, 78))
        else:
            yield table(names, [[one.get(name, "") for name in names] for one in every])


def _is_long(fields: Mapping[str, str]) -> bool:
    return len(fields) > _WIDEST or any(len(words) > _LONG or "\n" in words for words in fields.values())


def _fields(one: Held, where: ZoneInfo) -> dict[str, str]:
    made = {"when": _when(one.happened, where)} if one.happened else {}
    made |= {leaf.name.replace("_", " "): _value(leaf.value, where) for leaf in one.leaves}
    if one.by:
        made["recorded by"] = one.by
    if one.recorded and one.recorded != one.happened:
        made["recorded"] = _when(one.recorded, where)
    return made


def _value(value: str | int, where: ZoneInfo) -> str:
    words = str(value)
    if len(words) == 20 and words.endswith("Z") and words[4] == words[7] == "-":
        return _when(words, where)
    return words


def _when(text: str, where: ZoneInfo) -> str:
    try:
        at = moment(text)
    except ValueError:
        return text
    return f"{school_day(at, where):%d/%m/%Y} {wall(at, where)}"


# For machines


def student_file_json(released: Released, where: ZoneInfo) -> str:
    """Return it as JSON: the records by table; moments are ISO 8601 with offset."""
    held = released.held
    value: dict[str, Any] = {
        "made": released.at.astimezone(where).isoformat(),
        "by": released.by,
        "student": held.number,
        "name": held.name,
        "redacted": released.redacted,
        "not_in_it": NOT_IN_IT,
        "records": {
            name: [_json(one, where) for one in released.records if one.table == name] for name in (*HELD, LOOKED)
        },
    }
    return json.dumps(value, ensure_ascii=False, indent=1)


def _json(one: Held, where: ZoneInfo) -> dict[str, object]:
    made: dict[str, object] = {"id": one.key}
    if one.happened:
        made["happened"] = moment(one.happened).astimezone(where).isoformat()
    if one.recorded:
        made["recorded"] = moment(one.recorded).astimezone(where).isoformat()
    if one.by:
        made["by"] = one.by
    for leaf in one.leaves:
        made[leaf.name if leaf.name not in made else f"{leaf.name}_"] = leaf.value
    return made
