"""`python -m psc` and the `psc` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and return its exit code."""
    from psc.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
