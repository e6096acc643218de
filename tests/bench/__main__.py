"""`python -m tests.bench`: measure what psc promises of its speed and print one table. It gates nothing."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.commands import commands
from tests.bench.imports import imports
from tests.bench.measure import heading, lines
from tests.bench.paint import paints
from tests.bench.place import Place
from tests.bench.records import acts, boards, finds, openings
from tests.bench.screens import screens
from tests.bench.searches import searches
from tests.bench.stories import stories
from tests.bench.weeks import weeks
from tests.bench.work import work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.bench.measure import Told

BENCHES: Mapping[str, Callable[[Place], Iterator[Told]]] = {
    "commands": commands,
    "acts": acts,
    "boards": boards,
    "finds": finds,
    "openings": openings,
    "imports": imports,
    "paints": paints,
    "screens": screens,
    "stories": stories,
    "searches": searches,
    "weeks": weeks,
    "work": work,
}
"""Every benchmark by the name that `--only` takes."""

_BESIDE = Path(__file__).resolve().parents[3]


def main() -> None:
    """Run the benchmarks and print the table as it comes about."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=BENCHES, metavar="NAME", help=f"run one: {', '.join(BENCHES)}")
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    parser.add_argument(
        "--dir", type=Path, default=_BESIDE, help="a folder on the disk to measure (beside the repository)"
    )
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="psc-bench-", dir=args.dir) as folder:
        place = Place(Path(folder), args.quick)
        place.settle()
        print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} processors; in {args.dir}")
        print("Medians of runs taken in turn with their floor, side by side. “×15” is the count of runs.\n")
        print("\n".join(heading()))
        for name in [args.only] if args.only else BENCHES:
            for told in BENCHES[name](place):
                print("\n".join(lines(told)), flush=True)
    print("\nThe suite has a promise of its own, three minutes on two processors: see `time make test`.")


if __name__ == "__main__":
    main()
