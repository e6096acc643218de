"""`python -m psc` and the `psc` command."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and end with its exit code."""
    # Imports make many objects and no rubbish: collecting during them costs a sixth of the start. Whoever has imported
    # what it needs switches it on again.
    gc.disable()
    from psc import faults, process

    process.keep_private()  # before anything of textual can be imported: it reads the environment then
    faults.watch(faults.say)
    from psc.cli.main import run

    code = run(sys.argv[1:])
    # The file is closed and nothing is left to do: taking the interpreter apart would cost a tenth of a short command.
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
