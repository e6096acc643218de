"""Help for the tests of importing: put a file down, and say how it was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.errors import FileRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    """Write an export as another system would, line ends as given, and return its path."""
    path = folder / "export.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def refusal(read: Callable[[Path], object], path: Path) -> str:
    """Return the words with which a file is refused as a whole."""
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert refused.value.title
    assert refused.value.remedy
    return str(refused.value)
