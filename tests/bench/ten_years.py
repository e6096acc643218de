"""A file with ten years behind it, and one with nothing but the same day: `python -m tests.bench.ten_years FILE`.

Ten whole academic years and this one so far: 2,500 students of whom 300 are on roll, 80,000 visits of two rooms with
all that goes with them, a ledger whose chain holds, and sixty students placed today. The same every time, but for the
file's own id and key.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from psc.clock import SetClock, school_day, stamp
from psc.database import ledger
from psc.database.file import make_file, open_file
from psc.desk.acts import Desk
from psc.desk.people import SYSTEM
from psc.desk.place import DEMO_PASSPHRASE
from psc.desk.secrets import hash_passphrase, reset_secret
from tests.bench.bulk import Bulk
from tests.bench.day import SIZE, fill_day
from tests.bench.made import lay_out, pupils, school_days, september_of
from tests.bench.past import live_through

if TYPE_CHECKING:
    from psc.database.file import File

NOW = datetime(2026, 11, 23, 11, 43, tzinfo=UTC)
"""A Monday in P3."""
WHO = "AS1"
"""Who signs in, with the demo's passphrase."""
YEARS, VISITS, LEAVERS, ON_ROLL = 10, 80_000, 2_200, 300


def ten_year_file(path: Path, now: datetime = NOW) -> None:
    """Make the file with ten years behind it, and sixty students placed on the school day of `now`."""
    _make(path, now, YEARS, VISITS)


def one_day_file(path: Path, now: datetime = NOW) -> None:
    """Make a file that holds the same sixty students and their day, and nothing before it."""
    _make(path, now, 0, 0)


def _make(path: Path, now: datetime, back: int, visits: int) -> None:
    make_file(path, "Hillside School", now, demo_moment=stamp(now))
    file = open_file(path)
    try:
        file.execute("PRAGMA synchronous = OFF")  # while it is made: nothing is lost if it must be made again
        file.execute("PRAGMA cache_size = -200000")
        _fill(file, now, back, visits)
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        file.close()


def _fill(file: File, now: datetime, back: int, visits: int) -> None:
    today = school_day(now, file.zone)
    september = september_of(today)
    septembers = range(september - back, september + 1)
    days = [day for year in septembers for day in school_days(year)]
    if today not in days:
        raise ValueError(f"{today} is no school day of the made school")
    everyone = pupils(september, YEARS, leavers=LEAVERS, on_roll=ON_ROLL)
    sixty = everyone[-ON_ROLL:][:: ON_ROLL // SIZE]
    begun = datetime(septembers[0], 9, 1, 7, tzinfo=UTC)
    with file.atomic():
        bulk = Bulk(file, begun)
        lay_out(file, everyone if back else sixty, septembers, begun, bulk.first)
        passed = [day for day in days if day < today]
        if visits:
            live_through(file, bulk, everyone, passed, visits, frozenset(one.id for one in sixty))
    bulk.anchor()
    fill_day(file, sixty, now, passed[-1], days[len(passed) + 1 :])
    staff = file.value("SELECT id FROM staff WHERE code = ?", (WHO,))
    Desk(file, SetClock(now), SYSTEM.code).do(reset_secret(staff, hash_passphrase(DEMO_PASSPHRASE), temporary=False))


def main() -> None:
    """Make the file and say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ten_years", description=ten_year_file.__doc__)
    parser.add_argument("file", type=Path)
    path = parser.parse_args().file
    begun = time.perf_counter()
    ten_year_file(path)
    print(f"made {path} in {time.perf_counter() - begun:.0f} s, {path.stat().st_size / 1e6:.0f} MB")
    file = open_file(path)
    tables = ("student", "placement", "placement_period", "visit", "movement", "seating", "period_check", "retraction")
    for table in (*tables, "ledger", "ledger_student"):
        print(f"{file.value(f'SELECT count(*) FROM {table}'):>9,} {table}")
    print(f"rows that refer to nothing: {len(file.rows('PRAGMA foreign_key_check'))}; {ledger.verify(file)}")
    file.close()


if __name__ == "__main__":
    main()
