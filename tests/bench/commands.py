"""The text commands: how long `psc roster` takes whole, and that it never imports the screen's library."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

from psc.desk.place import DEMO_PASSPHRASE
from tests.bench.measure import Said, compared, timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.measure import Told
    from tests.bench.place import Place

_ROSTER = "import sys; from psc.cli.main import run; run(sys.argv[1:]); print('textual' in sys.modules)"


def commands(place: Place) -> Iterator[Told]:
    """Measure a text command against the import of the library that it stands on."""
    floor = timed(partial(_python, "-c", "import sqlite_utils"))
    for name, path in (("the demo", place.demo), ("ten years", place.ten_years)):
        roster = timed(partial(_python, "-m", "psc", "--db", str(path), "roster"))
        yield compared(f"psc roster, {name}", place.runs(15), roster, floor, at_most=1.5)
    signed_on = partial(
        _python, "-m", "psc", "--db", str(place.demo), "--secret-stdin", "roster", typed=DEMO_PASSPHRASE
    )
    yield compared("psc roster, with a secret", place.runs(15), timed(signed_on), floor, at_most=2.2)
    imported = _python("-c", _ROSTER, "--db", str(place.demo), "roster").splitlines()[-1] == "True"
    yield Said("psc roster imports textual", "yes" if imported else "no", "never", not imported)


def _python(*words: str, typed: str = "") -> str:
    return subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True, input=typed).stdout
