"""A file made by an older psc is brought up to date when it is opened: backed up first, all or nothing."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Migrations

from psc.clock import SetClock
from psc.database import ledger, schema, shared_machine, whole_day
from psc.database.file import File, make_file, open_file
from psc.desk.preferences import preferences_of
from psc.errors import Damaged, NewerFile
from psc.roster.movements import Destination, come_back, sign_out
from psc.roster.sightings import record_sighting
from psc.roster.status import Status
from tests.database.raw import raw
from tests.roster.stories import play, set_clock, told
from tests.school import FRIDAY_BEFORE, PSC, School, at, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from sqlite_utils import Database

NOW = "2026-11-23T08:52:00Z"
FACT = f"'{NOW}', '{NOW}', '2026-11-23'"
MIGRATIONS = (
    schema.m001_first,
    schema.m002_whole_day,
    schema.m003_shared_machine,
    schema.m004_bookings_and_work,
    schema.m005_incidents_and_story,
)


def _older_psc(patch: pytest.MonkeyPatch, version: int) -> None:
    """Make this psc one that knows the first `version` migrations only."""
    older = Migrations("psc")
    for migration in MIGRATIONS[:version]:
        older(name=migration.__name__)(migration)
    patch.setattr(schema, "migrations", older)
    patch.setattr(schema, "LATEST", version)


def _newer_psc(patch: pytest.MonkeyPatch, change: Callable[[Database], object]) -> None:
    """Make this psc one that knows one migration more."""
    newer = Migrations("psc")
    for migration in MIGRATIONS:
        newer(name=migration.__name__)(migration)

    def m_next(db: Database) -> None:
        change(db)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")

    newer()(m_next)
    patch.setattr(schema, "migrations", newer)
    patch.setattr(schema, "LATEST", len(MIGRATIONS) + 1)


def _made_by(monkeypatch: pytest.MonkeyPatch, folder: Path, version: int) -> Path:
    """Make a file of an older schema, closed: the made school, two placements, and one student who came in at 08:52."""
    path, keys = folder / "hillside.sqlite", folder / "keys"
    with monkeypatch.context() as patch:
        _older_psc(patch, version)
        make_file(path, "Hillside School", at("07:00", FRIDAY_BEFORE))
        with closing(open_file(path, keys=keys)) as file:
            with file.atomic():
                fill(file)
            _place_as_the_first_psc_did(file)
            _sign_in_as_the_first_psc_did(file)
            if version > 1:
                _see_a_day_as_the_second_psc_did(file)
            assert file.value("PRAGMA user_version") == version
    return path


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the first schema."""
    return _made_by(monkeypatch, tmp_path, 1)


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the second schema: with a phone in an envelope, a lunch, a sighting and what somebody likes."""
    return _made_by(monkeypatch, tmp_path, 2)


@pytest.fixture(params=[1, 2], ids=["first", "second"])
def older(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of each older schema."""
    return _made_by(monkeypatch, tmp_path, request.param)


def _place_as_the_first_psc_did(file: File) -> None:
    """Write two placements for the whole day, in the first schema's columns, with the ledger line they hang on."""
    seq, mac = ledger.append(
        file, at=at("08:30"), terminal="office", actor="CO1", role="coordinator", act="book", act_id="book",
        detail="{}", students=[1, 2],
    )  # fmt: skip
    for student in (1, 2):
        file.execute(
            "INSERT INTO placement (student_id, room_id, type, reason, planned, override, happened, recorded, day, seq)"
            f" VALUES (?, 1, 'internal_exclusion', 'Defiance', 1, '', {FACT}, ?)",
            [student, seq],
        )
        for period in ("P1", "P2", "P3", "P4", "P5"):
            file.execute(
                "INSERT INTO placement_period (placement_id, on_day, period, happened, recorded, day, seq)"
                f" VALUES (?, '2026-11-23', ?, {FACT}, ?)",
                [student, period, seq],
            )
    ledger.write_anchor(file, seq, mac)


def _sign_in_as_the_first_psc_did(file: File) -> None:
    """Write a visit, its movements and a check, and one movement that was taken back, in the first schema's columns."""
    seq = file.value("SELECT max(seq) FROM ledger")
    columns = "happened, recorded, day, seq"
    for statement in (
        f"INSERT INTO visit (student_id, room_id, {columns}) VALUES (1, 1, {FACT}, :seq)",
        f"INSERT INTO movement (visit_id, kind, {columns}) VALUES (1, 'in', {FACT}, :seq)",
        f"INSERT INTO movement (visit_id, kind, reason, {columns}) VALUES (1, 'out', 'toilet', {FACT}, :seq)",
        f"INSERT INTO retraction (fact, fact_id, reason, {columns}) VALUES ('movement', 2, 'Slip', {FACT}, :seq)",
        f"INSERT INTO seating (visit_id, seat, {columns}) VALUES (1, 3, {FACT}, :seq)",
        f"INSERT INTO period_check (placement_period_id, mark, {columns}) VALUES (1, 4, {FACT}, :seq)",
    ):
        file.execute(statement, {"seq": seq})


def _see_a_day_as_the_second_psc_did(file: File) -> None:
    """Write what the second schema brought: some of its facts, and a preference, in its columns."""
    seq = file.value("SELECT max(seq) FROM ledger")
    columns = "happened, recorded, day, seq"
    for statement in (
        f"INSERT INTO sighting (student_id, told, place, {columns}) VALUES (2, 'on call', '', {FACT}, :seq)",
        "INSERT INTO held_item (student_id, kind, what, why, searched_by, kept_where,"
        f" {columns}) VALUES (1, 'phone', 'phone', '', '', 'envelope', {FACT}, :seq)",
        f"INSERT INTO lunch (student_id, room_id, choice, {columns}) VALUES (1, 1, 'hot', {FACT}, :seq)",
        "INSERT INTO preference (staff_id, name, value) VALUES (1, 'theme', 'light')",
        "INSERT INTO told (seq, who) VALUES (:seq, 'K. Bose')",
        "INSERT INTO academic_year (starts, seq) VALUES ('2026-09-01', :seq)",
    ):
        file.execute(statement, {"seq": seq})


@pytest.fixture
def upgraded(first: Path) -> Iterator[School]:
    """The file of the first schema as this psc opens it."""
    made = School(first, first.parent / "keys", _opened(first), SetClock(at("09:00")))
    yield made
    made.file.close()


def _opened(path: Path, beside: Path | None = None) -> File:
    """Open a file with the keys of the made school, which stand beside it or beside another."""
    return open_file(path, keys=(beside or path).parent / "keys")


def _backups(path: Path) -> list[Path]:
    folder = path.parent / "backups"
    return list(folder.glob("*before-upgrade*")) if folder.exists() else []


def _everything(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, and the schema itself, read as somebody with a shell does."""
    with raw(file) as conn:
        schemas = conn.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
        names = [name for kind, name, _ in schemas if kind == "table" and not name.startswith("sqlite_")]
        made = {name: conn.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names}
        return {**made, "the schema": schemas}


# -- from an older schema to today's ----------------------------------------------------------------------------------


def test_a_file_of_an_older_schema_is_backed_up_and_upgraded(older: Path) -> None:
    before = _everything(older)
    with closing(_opened(older)) as file:
        assert file.value("PRAGMA user_version") == schema.LATEST == len(MIGRATIONS)
        assert schema.missing_guards(file) == []
        assert file.value("PRAGMA integrity_check") == "ok"
        assert file.rows("PRAGMA foreign_key_check") == []
    (backup,) = _backups(older)
    assert _everything(backup) == before, "the backup is the file as it was"
    after = _everything(older)
    for table in before.keys() - {"the schema", "_sqlite_migrations"}:
        width = len(before[table][0]) if before[table] else 0
        assert [row[:width] for row in after[table]] == before[table], f"{table} keeps every row"


_FOURTH = {"confirmation", "placement"}
"""What the fourth schema has columns for in tables of earlier ones."""


@pytest.mark.parametrize(
    ("version", "changed"), [(1, {"movement", "room", "student", "placement"}), (2, _FOURTH), (3, _FOURTH), (4, set())]
)
def test_an_upgrade_changes_only_the_tables_it_has_columns_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int, changed: set[str]
) -> None:
    path = _made_by(monkeypatch, tmp_path, version)
    before = {name: sql for _, name, sql in _everything(path)["the schema"]}
    _opened(path).close()
    after = {sql for _, _, sql in _everything(path)["the schema"]}
    assert {name for name, sql in before.items() if sql not in after} == changed


def test_an_upgraded_file_is_laid_out_as_a_new_one(older: Path, tmp_path: Path) -> None:
    _opened(older).close()
    make_file(tmp_path / "new.sqlite", "Hillside School", at("07:00", FRIDAY_BEFORE))
    assert _everything(older)["the schema"] == _everything(tmp_path / "new.sqlite")["the schema"]


def test_a_file_of_the_second_schema_brings_its_day_along_and_gains_reasons(second: Path) -> None:
    with closing(_opened(second)) as file:
        assert preferences_of(file, 1).theme == "light"
        assert file.value("SELECT name FROM reason ORDER BY place LIMIT 1") == "Persistent disruption"
        assert file.value("SELECT count(*) FROM secret") == 0, "nobody has a secret that nobody chose"
        made = School(second, second.parent / "keys", file, SetClock(at("09:00")))
        assert made.row(2).status is Status.LATE, "the student reported on call is not to be found"
        play(made, 1, "09:01 out toilet, 09:04 back")
        assert ledger.verify(file).whole


def test_the_day_begun_before_an_upgrade_goes_on_after_it(upgraded: School) -> None:
    row = upgraded.row(1)
    assert (row.status, row.row.seat, row.row.placed[0].mark, told(upgraded, 1)) == (Status.IN, 3, 4, "08:52 in")
    assert upgraded.row(2).status is Status.FIND
    desk = upgraded.desk()
    desk.do(record_sighting(2, told="on call"))
    assert upgraded.row(2).status is Status.LATE
    play(upgraded, 1, "09:01 out toilet, 09:04 back")
    set_clock(upgraded, "09:10")
    desk.do(sign_out(row.row.visit_id or 0, Destination.OTHER_ROOM), told_by="K. Bose")
    assert upgraded.row(1).standing.to_room == PSC
    assert upgraded.row(1, PSC).standing.reason == "on the way"
    assert ledger.verify(upgraded.file).whole


def test_what_the_first_psc_wrote_can_be_rested_on_but_not_rewritten(upgraded: School) -> None:
    upgraded.desk().do(come_back(play(upgraded, 1, "09:00 out nurse")))
    with raw(upgraded.path) as conn, pytest.raises(Exception, match="append-only: movement"):
        conn.execute("UPDATE movement SET to_room_id = 2 WHERE id = 1")


def test_the_backup_made_before_an_upgrade_passes_its_check_and_opens(older: Path) -> None:
    _opened(older).close()
    (backup,) = _backups(older)
    with closing(_opened(backup, older)) as kept:
        assert kept.value("PRAGMA user_version") == schema.LATEST, "it is upgraded in its turn"
        assert kept.value("SELECT count(*) FROM placement") == 2


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_psc_leaves_an_upgraded_file_alone(older: Path, monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    _opened(older).close()
    before = older.read_bytes()
    with monkeypatch.context() as patch:
        _older_psc(patch, version)
        with pytest.raises(NewerFile):
            _opened(older)
    assert older.read_bytes() == before


@pytest.mark.parametrize(
    ("step", "broken"),
    [
        (whole_day, "CREATE TABLE told (again TEXT);"),
        (whole_day, "INSERT INTO told VALUES (1);"),
        (shared_machine, "CREATE TABLE told (again TEXT);"),
    ],
)
def test_an_upgrade_that_stops_half_way_leaves_the_file_as_it_was(
    first: Path, monkeypatch: pytest.MonkeyPatch, step: ModuleType, broken: str
) -> None:
    before = _everything(first)
    laid_out = step.tables
    with monkeypatch.context() as patch:
        patch.setattr(step, "tables", lambda fact: laid_out(fact) + broken)
        with pytest.raises(Exception, match="told"):
            _opened(first)
    assert _everything(first) == before
    with closing(_opened(first)) as file:
        assert file.value("PRAGMA user_version") == schema.LATEST


# -- from today's schema to one that is to come -------------------------------------------------------------------


def test_a_file_of_today_is_backed_up_and_upgraded(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    school.book(1)
    school.file.close()
    _newer_psc(monkeypatch, lambda db: db.executescript("CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;"))
    school.file = open_file(school.path, keys=school.keys)
    assert school.file.value("PRAGMA user_version") == len(MIGRATIONS) + 1
    assert school.file.value("SELECT count(*) FROM extra") == 0
    assert school.file.value("SELECT count(*) FROM placement") == 1
    (backup,) = _backups(school.path)
    monkeypatch.undo()
    kept = open_file(backup, keys=school.keys)
    assert kept.value("PRAGMA user_version") == len(MIGRATIONS)
    assert kept.value("SELECT count(*) FROM placement") == 1
    kept.close()


def test_a_file_of_an_older_schema_goes_through_every_later_one(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _newer_psc(monkeypatch, lambda db: db.executescript("CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;"))
    with closing(_opened(older)) as file:
        assert file.value("PRAGMA user_version") == len(MIGRATIONS) + 1
        assert file.value("SELECT count(*) FROM barred") == file.value("SELECT count(*) FROM extra") == 0
        assert file.value("SELECT count(*) FROM movement") == 2
    assert len(_backups(older)) == 1


def test_an_upgrade_that_fails_at_its_end_leaves_the_file_as_it_was(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.file.close()

    def fails(db: Database) -> None:
        db.executescript("CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;")
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        _newer_psc(patch, fails)
        with pytest.raises(ZeroDivisionError):
            open_file(school.path, keys=school.keys)
    school.file = open_file(school.path, keys=school.keys)
    assert school.file.value("PRAGMA user_version") == len(MIGRATIONS)
    assert school.file.value("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == 0


def test_an_upgrade_that_would_drop_a_guard_is_not_kept(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    school.file.close()
    with monkeypatch.context() as patch:
        _newer_psc(patch, lambda db: db.executescript("DROP TRIGGER movement_no_delete;"))
        with pytest.raises(Damaged, match="unguarded"):
            open_file(school.path, keys=school.keys)
    school.file = open_file(school.path, keys=school.keys)
    assert school.file.value("SELECT count(*) FROM sqlite_schema WHERE name = 'movement_no_delete'") == 1
