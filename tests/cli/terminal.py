"""Help for tests of the command line: run one as a person or a script would, and hold what it said."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psc.cli.main import run
from psc.text import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The error that stands as JSON on standard error, its form checked."""
        told = json.loads(self.err)
        assert list(told) == ["error"]
        assert list(told["error"]) == ["code", "title", "remedy"]
        assert all(isinstance(part, str) for part in told["error"].values())
        assert told["error"]["title"]
        found: dict[str, str] = told["error"]
        return found


@dataclass
class Terminal:
    """A place to type commands about one file."""

    path: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch
    secret: str = ""
    """What is written to standard input for every command, with `--secret-stdin`; several lines where it asks twice."""

    def __call__(self, *words: str, typed: str = "", db: bool = True) -> Said:
        """Run a command line, `typed` waiting on standard input; `--db` is put before it."""
        self.capture.readouterr()
        before = [*(("--db", str(self.path)) if db else ()), *(("--secret-stdin",) if self.secret else ())]
        self.patch.setattr(sys, "stdin", io.StringIO(typed or (f"{self.secret}\n" if self.secret else "")))
        code = run([*before, *words])
        told = self.capture.readouterr()
        return Said(code, told.out, told.err)

    def json(self, *words: str, code: int = 0) -> Any:
        """Run a command line with `--json` that must end with `code`; return its value, or its error."""
        said = self("--json", *words)
        assert said.code == code, said
        if code:
            assert said.out == ""
            return said.error
        assert said.err == ""
        return said.json

    def refused(self, *words: str, code: int) -> str:
        """Run a command line that must end with `code`; return its sentence, which text and JSON share."""
        said = self(*words)
        assert (said.code, said.out) == (code, ""), said
        assert said.err.startswith("psc: ")
        assert "Traceback" not in said.err
        told = self("--json", *words)
        assert (told.code, told.out) == (code, "")
        sentence = f"{told.error['title']} {told.error['remedy']}".rstrip()
        assert shown(said.err.removesuffix("\n")) == shown(f"psc: {sentence}")
        return sentence


def process(
    *words: str, env: Mapping[str, str], code: str = "", typed: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `psc` as a process of its own, or Python with `code`; nothing of it is a terminal."""
    command = [sys.executable, "-c", code, *words] if code else [sys.executable, "-m", "psc", *words]
    return subprocess.run(
        command,
        env=dict(env),
        input=typed,
        stdin=subprocess.DEVNULL if typed is None else None,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,  # so that there is no controlling terminal either
    )
