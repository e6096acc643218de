"""Help for tests of acts: an act is refused in words, and a refusal leaves the file as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psc.errors import PscError

if TYPE_CHECKING:
    from psc.database.file import File
    from psc.desk.acts import Call, Desk


def contents(file: File) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    names = [name for (name,) in file.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return {name: file.rows(f'SELECT * FROM "{name}" ORDER BY 1, 2') for name in names}


def refused(desk: Desk, call: Call[Any], *more: Call[Any], kind: type[PscError] = PscError, id: str = "") -> str:
    """Try an act that must be refused as `kind` and leave nothing; returns the words of the refusal."""
    before = contents(desk.file)
    with pytest.raises(kind) as said:
        desk.do(call, *more, id=id)
    assert contents(desk.file) == before
    assert said.value.title
    return str(said.value)
