"""`python -m psc` and the `psc` command."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the command line and return its exit code."""
    # Imports make many objects and no rubbish: collecting during them costs a sixth of the start. Whoever has imported
    # what it needs switches it on again.
    gc.disable()
    from psc.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
