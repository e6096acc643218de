"""Tampering shows: a walk along the ledger names the first line that does not hold."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from psc.database import ledger
from psc.database.file import open_file
from psc.desk.acts import Desk, undo
from psc.desk.settings import change_setting
from tests.database.raw import unguarded
from tests.roster.stories import play

if TYPE_CHECKING:
    from pathlib import Path

    from tests.school import School


@pytest.fixture
def kept(school: School) -> School:
    """A school with a morning's ledger: 1 the filling, 2 the epoch, 3 a booking, 4 to 7 movements, 8 an undo."""
    school.book(1)
    play(school, 1, "08:50 in, 08:55 out toilet, 08:58 back, 09:01 left lesson")
    school.desk().do(undo())
    assert school.file.value("SELECT max(seq) FROM ledger") == 8
    assert ledger.verify(school.file).whole
    return school


def first_bad(school: School) -> int:
    return ledger.verify(school.file).bad_seq


def test_a_ledger_nobody_touched_holds(kept: School) -> None:
    verdict = ledger.verify(kept.file)
    assert (verdict.lines, verdict.proven, verdict.bad_seq, verdict.reason) == (8, 7, 0, "")


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'AS2'",
        "at = '2026-11-23T08:56:00Z'",
        "role = 'coordinator'",
        "act = 'go_out'",
        "act_id = 'another'",
        "terminal = 'two'",
        "undoes = 4",
        "digest = mac",
        "mac = digest",
    ],
)
def test_an_edited_line_is_named(kept: School, change: str) -> None:
    with unguarded(kept.path) as conn:
        conn.execute(f"UPDATE ledger SET {change} WHERE seq = 6")
    verdict = ledger.verify(kept.file)
    assert (verdict.bad_seq, verdict.proven, verdict.whole) == (6, 4, False)
    assert verdict.reason


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_detail SET json = '{}' WHERE seq = 6",
        "UPDATE ledger_detail SET salt = '' WHERE seq = 6",
        "UPDATE ledger_student SET student_id = 2 WHERE seq = 6",
        "DELETE FROM ledger_student WHERE seq = 6",
        "INSERT INTO ledger_student VALUES (6, 2)",
    ],
)
def test_what_a_line_says_and_whom_it_names_is_held_by_it(kept: School, change: str) -> None:
    with unguarded(kept.path) as conn:
        conn.execute(change)
    assert first_bad(kept) == 6


def test_a_removed_line_is_named(kept: School) -> None:
    with unguarded(kept.path) as conn:
        conn.execute("DELETE FROM ledger WHERE seq = 5")
    assert first_bad(kept) == 5


@pytest.mark.parametrize(("table", "bad"), [("ledger", 5), ("ledger_detail", 5), ("ledger_student", 8)])
def test_lines_moved_up_over_a_removed_one_are_named(kept: School, table: str, bad: int) -> None:
    with unguarded(kept.path) as conn:
        for one in ("ledger", "ledger_student", "ledger_detail") if table == "ledger" else (table,):
            conn.execute(f"DELETE FROM {one} WHERE seq = 5")
            for seq in (6, 7, 8):
                conn.execute(f"UPDATE {one} SET seq = seq - 1 WHERE seq = ?", (seq,))
    assert first_bad(kept) == bad


def test_an_inserted_line_is_named(kept: School) -> None:
    with unguarded(kept.path) as conn:
        for seq in (8, 7, 6):
            conn.execute("UPDATE ledger SET seq = seq + 1 WHERE seq = ?", (seq,))
        conn.execute(
            "INSERT INTO ledger SELECT 6, at, terminal, 'AS2', role, act, 'made up', undoes, digest, mac"
            " FROM ledger WHERE seq = 5"
        )
    assert first_bad(kept) == 6


def test_an_added_line_at_the_end_is_named(kept: School) -> None:
    with unguarded(kept.path) as conn:
        conn.execute(
            "INSERT INTO ledger SELECT 9, at, terminal, actor, role, act, 'made up', NULL, digest, mac"
            " FROM ledger WHERE seq = 7"
        )
    assert first_bad(kept) == 9


def test_two_lines_that_changed_places_are_named(kept: School) -> None:
    with unguarded(kept.path) as conn:
        for table in ("ledger", "ledger_student", "ledger_detail"):
            for was, now in ((5, 99), (6, 5), (99, 6)):
                conn.execute(f"UPDATE {table} SET seq = ? WHERE seq = ?", (now, was))
    assert first_bad(kept) == 5


@pytest.mark.parametrize("last", [7, 5, 0])
def test_a_cut_tail_is_named(kept: School, last: int) -> None:
    with unguarded(kept.path) as conn:
        for table in ("ledger", "ledger_student", "ledger_detail"):
            conn.execute(f"DELETE FROM {table} WHERE seq > ?", (last,))
    assert first_bad(kept) == last + 1


def test_a_line_turned_into_the_start_of_another_chain_does_not_hide_what_follows(kept: School) -> None:
    """Lines of another machine cannot be proven; nobody may make lines of this machine look like those."""
    with unguarded(kept.path) as conn:
        conn.execute("UPDATE ledger SET act = 'epoch', act_id = '0123456789abcdef-00' WHERE seq = 4")
        conn.execute("UPDATE ledger SET actor = 'AS2' WHERE seq = 6")
    assert first_bad(kept) in (4, 5, 6)


# -- an older file put back ----------------------------------------------------------------------------------------


@pytest.fixture
def rolled_back(kept: School, tmp_path: Path) -> School:
    """The school after somebody put back a copy of the file that is three acts old."""
    copy = tmp_path / "copy"
    kept.file.close()
    shutil.copyfile(kept.path, copy)
    kept.file = open_file(kept.path, keys=kept.keys)
    for value in (6, 7, 8):
        kept.desk("AD1").do(change_setting("grace_minutes", value))
    assert ledger.verify(kept.file).whole
    kept.file.close()
    shutil.copyfile(copy, kept.path)
    kept.file = open_file(kept.path, keys=kept.keys)
    return kept


def test_an_older_copy_of_the_file_put_back_is_named(rolled_back: School) -> None:
    verdict = ledger.verify(rolled_back.file)
    assert (verdict.lines, verdict.bad_seq) == (8, 9)
    assert "older file" in verdict.reason


@pytest.mark.parametrize("acts", [1, 3, 5])
def test_it_still_shows_after_the_acts_that_follow(rolled_back: School, acts: int) -> None:
    for value in range(acts):
        rolled_back.desk("AD1").do(change_setting("toilet_minutes", value))
    assert not ledger.verify(rolled_back.file).whole


# -- what may be missing -------------------------------------------------------------------------------------------


def test_a_detail_that_a_disposal_removed_does_not_break_the_chain(kept: School) -> None:
    with kept.file.atomic():
        kept.file.execute("INSERT INTO disposing VALUES ('ledger_detail', 6)")
        kept.file.execute("DELETE FROM ledger_detail WHERE seq = 6")
        kept.file.execute("DELETE FROM disposing")
    verdict = ledger.verify(kept.file)
    assert (verdict.whole, verdict.proven) == (True, 7)


def test_a_lost_key_starts_a_new_epoch_that_holds(kept: School) -> None:
    ledger.key_path(kept.file).unlink()
    assert ledger.verify(kept.file).whole
    kept.file.close()
    kept.file = kept.another()
    kept.desk("AD1").do(change_setting("grace_minutes", 7))
    kept.desk("AD1").do(change_setting("grace_minutes", 8))
    verdict = ledger.verify(kept.file)
    assert (verdict.lines, verdict.proven, verdict.bad_seq) == (11, 3, 0)
    assert kept.file.value("SELECT count(*) FROM ledger WHERE act = 'epoch'") == 2
    with unguarded(kept.path) as conn:
        conn.execute("UPDATE ledger SET actor = 'AS2' WHERE seq = 10")
    assert first_bad(kept) == 10


def test_on_another_machine_a_new_epoch_begins_and_at_home_again_another(kept: School, tmp_path: Path) -> None:
    away = open_file(kept.path, keys=tmp_path / "other machine")
    try:
        Desk(away, kept.clock, "AD1", "away").do(change_setting("grace_minutes", 7))
        assert ledger.verify(away).proven == 2
        kept.desk("AD1").do(change_setting("grace_minutes", 8))
        home = ledger.verify(kept.file)
        assert (home.lines, home.proven, home.bad_seq) == (12, 9, 0)
    finally:
        away.close()


def test_the_facts_of_the_first_act_of_an_epoch_name_its_line(school: School) -> None:
    done = school.desk("AD1").do(change_setting("grace_minutes", 7))
    assert school.file.value("SELECT seq FROM setting") == done.seq
    assert school.file.value("SELECT act FROM ledger WHERE seq = ?", (done.seq,)) == "change_setting"


def test_a_walk_while_another_terminal_writes_raises_no_false_alarm(
    kept: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other terminal's act comes between any two reads of the walk."""
    other = kept.another()
    desk = Desk(other, kept.clock, "AS1", "two")
    visit = kept.file.value("SELECT id FROM visit")
    acts = iter(range(100))
    rows = kept.file.rows

    def rows_and_an_act(*asked: Any) -> list[tuple[Any, ...]]:
        found = rows(*asked)
        number = next(acts)
        if number < 4:
            desk.do(_move(visit, back=number % 2 == 1))
        return found

    monkeypatch.setattr(kept.file, "rows", rows_and_an_act)
    try:
        verdict = ledger.verify(kept.file)
        assert (verdict.bad_seq, verdict.reason) == (0, "")
    finally:
        other.close()


def _move(visit: int, *, back: bool) -> Any:
    from psc.roster.movements import OutReason, come_back, go_out

    return come_back(visit) if back else go_out(visit, OutReason.TOILET)
