"""What a terminal of its own does in tests: given a file, its keys, a student, the first number and how many acts.

It waits for a line on its input, so that several begin at once; then sends a student out and takes them back in turn,
and prints the id of each act once the desk has acknowledged it. COUNT 0 goes on until it is killed.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from itertools import count
from pathlib import Path

from psc.clock import SetClock
from psc.database.file import open_file
from psc.desk.acts import Desk
from psc.errors import PscError
from psc.roster.movements import Kind, OutReason, come_back, go_out, movements_of
from tests.school import MONDAY

BRISK = 250


def main(path: str, keys: str, student: int, first: int, acts: int) -> None:
    """Write until told, or killed."""
    print("ready", flush=True)
    sys.stdin.readline()
    file = open_file(Path(path), timeout=BRISK, keys=Path(keys))
    for number in range(first, first + acts) if acts else count(first):
        last = movements_of(file, student, MONDAY)[-1]
        desk = Desk(file, SetClock(last.happened + timedelta(seconds=1)), "AS1", f"writer {student}")
        call = come_back(last.visit_id) if last.kind is Kind.OUT else go_out(last.visit_id, OutReason.TOILET)
        act_id = f"{student}-{number}"
        try:
            desk.do_patiently(call, id=act_id, seconds=60)
        except PscError as said:
            print(f"refused {act_id}: {said}", flush=True)
            return
        print(act_id, flush=True)
    file.close()
    print("closed", flush=True)
