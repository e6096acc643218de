"""Nothing acknowledged is lost and nothing is half done: terminals are killed as they write, and eight write at once.

`make safety` runs these at full size (PSC_KILLS, PSC_ACTS).
"""

from __future__ import annotations

import os
import random
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from psc.database import ledger
from psc.database.file import make_file, open_file
from psc.database.schema import LATEST
from psc.roster.movements import OutReason, come_back, go_out, movements_of
from tests.beginner import begin
from tests.roster.stories import play
from tests.school import IER, MONDAY, PSC, School, at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

KILLS = int(os.environ.get("PSC_KILLS", "20"))
ACTS = int(os.environ.get("PSC_ACTS", "25"))
TERMINALS = 8
_WRITES = "import sys; from tests.database.writer import main; main(*sys.argv[1:3], *map(int, sys.argv[3:]))"
_OPENS = (
    "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
    "from psc.clock import SetClock; from psc.database.file import open_file; from psc.desk.acts import Desk\n"
    "from psc.desk.settings import change_setting\n"
    "print('ready', flush=True); sys.stdin.readline()\n"
    "file = open_file(Path(sys.argv[1]), keys=Path(sys.argv[2]))\n"
    "desk = Desk(file, SetClock(datetime(2026, 11, 23, 8, tzinfo=UTC)), 'system', sys.argv[3])\n"
    "print(desk.do_patiently(change_setting('grace_minutes', int(sys.argv[3])), seconds=60).act)\n"
    "file.close()\n"
)


class Terminal:
    """A process of its own, which says that it is ready and waits until it is told to go."""

    def __init__(self, code: str, *words: object) -> None:
        read, told = os.pipe()
        heard, write = os.pipe()
        self.process = begin(code, [str(word) for word in words], os.environ, read, write)
        os.close(read)
        os.close(write)
        self.tell, self.hear = os.fdopen(told, "w"), os.fdopen(heard)
        assert self.hear.readline() == "ready\n"

    def go(self) -> None:
        self.tell.write("go\n")
        self.tell.flush()

    def rest(self) -> list[str]:
        """Return what it still says until it ends; a line cut short by a kill was not said."""
        said = self.hear.read()
        self.process.wait()
        return said.splitlines() if said.endswith("\n") else said.splitlines()[:-1]

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.tell.close()
        self.hear.close()


@contextmanager
def terminals(code: str, *words: tuple[object, ...]) -> Iterator[list[Terminal]]:
    made: list[Terminal] = []
    try:
        for one in words:
            made.append(Terminal(code, *one))
        yield made
    finally:
        for terminal in made:
            terminal.end()


def writers(school: School, *students: int, first: int = 1, acts: int = 0) -> AbstractContextManager[list[Terminal]]:
    """Begin a terminal for each student, that writes; with no number of acts, until it is killed."""
    return terminals(_WRITES, *((school.path, school.keys, one, first, acts) for one in students))


def whole(file: Any) -> None:
    """Hold the file against what must always be true of it."""
    assert file.value("PRAGMA integrity_check") == "ok"
    assert file.rows("PRAGMA foreign_key_check") == []
    verdict = ledger.verify(file)
    assert verdict.whole, f"line {verdict.bad_seq}: {verdict.reason}"
    moves = "l.act IN ('go_out', 'come_back')"
    assert file.value(f"SELECT count(*) FROM ledger l WHERE {moves}") == file.value(
        f"SELECT count(*) FROM movement m JOIN ledger l ON l.seq = m.seq WHERE {moves}"
    )
    assert file.value("SELECT count(*) FROM movement WHERE seq NOT IN (SELECT seq FROM ledger)") == 0


def written(file: Any) -> dict[str, int]:
    """Return, for each act id, how many movements it left."""
    return dict(
        file.rows(
            "SELECT l.act_id, count(m.id) FROM ledger l LEFT JOIN movement m ON m.seq = l.seq"
            " WHERE l.act IN ('go_out', 'come_back') GROUP BY l.seq"
        )
    )


@pytest.fixture
def morning(school: School) -> School:
    """The school with eight students in its two rooms, closed by this process."""
    for student in range(1, TERMINALS + 1):
        room = IER if student <= 4 else PSC
        school.file.execute("UPDATE room SET seats = 4")
        school.book(student, "P1", room=room)
        play(school, student, "08:50 in", room=room)
    school.file.close()
    return school


def test_nothing_acknowledged_is_lost_when_terminals_are_killed(morning: School) -> None:
    chance = random.Random(20261123)
    acknowledged: set[str] = set()
    tried = 0
    for kill in range(KILLS):
        student = kill % TERMINALS + 1
        with writers(morning, student, first=1000 * kill + 1) as (one,):
            one.go()
            said = [one.hear.readline().strip() for _ in range(chance.randrange(1, 12))]
            _a_moment(chance)
            one.process.kill()
            said += one.rest()
        assert said[0] == f"{student}-{1000 * kill + 1}"
        assert not any(line.startswith("refused") for line in said), said[-1]
        acknowledged.update(said)
        tried += len(said)
        file = open_file(morning.path, keys=morning.keys)
        try:
            whole(file)
            found = written(file)
        finally:
            file.close()
        assert acknowledged - set(found) == set(), "an acknowledged act is gone"
        assert set(found.values()) == {1}, "an act was done twice or by half"
        assert len(set(found) - acknowledged) <= kill + 1, "at most one act of each kill was under way"
    assert tried == len(acknowledged) >= KILLS


def _a_moment(chance: random.Random) -> None:
    """Let the writer come to any point within an act before it is killed: no sleep, which would end on a tick."""
    for _ in range(chance.randrange(40_000)):
        pass


def test_the_same_act_id_after_a_kill_makes_it_exactly_one(morning: School) -> None:
    """Whether or not the killed terminal had got its last try to the disk, doing it over leaves it there once."""
    chance = random.Random(7)
    number = 1
    for _ in range(max(4, KILLS // 5)):
        with writers(morning, 1, first=number) as (one,):
            one.go()
            one.hear.readline()
            _a_moment(chance)
            one.process.kill()
            number += 1 + len(one.rest())
        morning.file = open_file(morning.path, keys=morning.keys)
        try:
            last = movements_of(morning.file, 1, MONDAY)[-1]
            morning.clock.moment = last.happened + timedelta(seconds=1)
            under_way = go_out(last.visit_id, OutReason.TOILET) if number % 2 else come_back(last.visit_id)
            there = f"1-{number}" in written(morning.file)
            assert morning.desk().do(under_way, id=f"1-{number}").repeated is there
            whole(morning.file)
            assert written(morning.file) == {f"1-{one}": 1 for one in range(1, number + 1)}
        finally:
            morning.file.close()
        number += 1


def test_eight_terminals_at_once_lose_nothing_and_refuse_nothing(morning: School) -> None:
    students = range(1, TERMINALS + 1)
    with writers(morning, *students, acts=ACTS) as all_of_them:
        for one in all_of_them:
            one.go()
        for student, one in zip(students, all_of_them, strict=True):
            assert one.rest() == [*(f"{student}-{number}" for number in range(1, ACTS + 1)), "closed"]
    file = open_file(morning.path, keys=morning.keys)
    try:
        whole(file)
        assert written(file) == {f"{s}-{n}": 1 for s in students for n in range(1, ACTS + 1)}
        assert len(file.rows("SELECT DISTINCT at FROM ledger WHERE act = 'epoch'")) == 1
    finally:
        file.close()


def test_eight_terminals_open_a_new_file_at_once_and_find_one_key(tmp_path: Path) -> None:
    """Nobody has written to the file yet: the key, its folder and the first line are made by whoever is first."""
    path, keys = tmp_path / "school.sqlite", tmp_path / "keys"
    make_file(path, "Hillside School", at("08:00"))
    with terminals(_OPENS, *((path, keys, number) for number in range(TERMINALS))) as all_of_them:
        for one in all_of_them:
            one.go()
        said = [one.rest() for one in all_of_them]
    assert said == [["change_setting"]] * TERMINALS
    assert sorted(one.suffix for one in keys.iterdir()) == [".anchor", ".key"]
    file = open_file(path, keys=keys)
    try:
        verdict = ledger.verify(file)
        assert (verdict.lines, verdict.proven, verdict.bad_seq) == (TERMINALS + 1, TERMINALS + 1, 0)
        assert file.value("PRAGMA user_version") == LATEST
        assert {one for (one,) in file.rows("SELECT value FROM setting")} == {str(n) for n in range(TERMINALS)}
    finally:
        file.close()
