"""Facts cannot be rewritten, in any of SQL's ways to do so, on any table of facts, through any connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psc.database.driver import engine
from psc.database.schema import APPEND_ONLY, guards
from tests.database.raw import fill_every_table, raw
from tests.school import School, make_school

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One school for the module: no attack may change it, so none meets the traces of another."""
    made = make_school(tmp_path_factory.mktemp("filled"))
    fill_every_table(made)
    yield made
    made.file.close()


def columns(conn: Any, table: str) -> tuple[list[str], list[str]]:
    """Return a table's columns, and those of its primary key."""
    found = conn.execute(f"PRAGMA table_info({table})").fetchall()
    return [row[1] for row in found], [row[1] for row in found if row[5]]


def attacks(conn: Any, table: str) -> dict[str, str]:
    """Return every way to change or remove rows of a table."""
    names, key = columns(conn, table)
    rest = [name for name in names if name not in key] or names
    # Two tables have no rowid.
    own = {"ledger_student": "seq", "academic_year": "starts"}.get(table, "rowid")
    whole, where = ", ".join(names), f"{own} = (SELECT max({own}) FROM {table})"
    after, before = f"{key[0]} + 1000", f"{key[0]} - 1"
    if table == "academic_year":  # its key is a day
        after, before = f"date({key[0]}, '+1 year')", f"date({key[0]}, '-1 year')"
    copied = f"SELECT {whole} FROM {table} WHERE {where}"
    changed = ", ".join(f"{name} = excluded.{name}" for name in rest)
    return {
        "update of a row": f"UPDATE {table} SET {rest[0]} = {rest[0]} WHERE {where}",
        "update of the whole table": f"UPDATE {table} SET {rest[-1]} = {rest[-1]}",
        "update of the key": f"UPDATE {table} SET {key[0]} = {after} WHERE {where}",
        "update or replace": f"UPDATE OR REPLACE {table} SET {key[0]} = {before} WHERE {where}",
        "update or ignore": f"UPDATE OR IGNORE {table} SET {rest[-1]} = {rest[-1]} WHERE {where}",
        "delete of a row": f"DELETE FROM {table} WHERE {where}",
        "delete of the whole table": f"DELETE FROM {table}",
        "insert or replace": f"INSERT OR REPLACE INTO {table} ({whole}) {copied}",
        "replace into": f"REPLACE INTO {table} ({whole}) {copied}",
        "insert or ignore": f"INSERT OR IGNORE INTO {table} ({whole}) {copied}",
        "upsert": f"INSERT INTO {table} ({whole}) {copied} ON CONFLICT DO UPDATE SET {changed}",
        "upsert that does nothing": f"INSERT INTO {table} ({whole}) {copied} ON CONFLICT DO NOTHING",
    }


def rows(conn: Any, table: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
    return found


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_attack_changes_a_table_of_facts(filled: School, table: str) -> None:
    ours = filled.file.conn
    with raw(filled.path) as theirs:
        for conn in (ours, theirs):
            before = rows(conn, table)
            assert before
            for name, statement in attacks(conn, table).items():
                with pytest.raises(engine.Error, match=f"append-only: {table}"):
                    conn.execute(statement)
                assert rows(conn, table) == before, name


# The columns beside the primary key that are unique: a row put in over one of them would push out the first.
UNIQUE = [
    ("visit", "student_id, day, room_id"),
    ("retraction", "fact, fact_id"),
    ("ledger", "act_id"),
    ("ledger", "undoes"),
]


@pytest.mark.parametrize(("table", "unique"), UNIQUE)
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT"])
def test_a_row_under_a_new_number_does_not_push_out_the_first(
    filled: School, table: str, unique: str, verb: str
) -> None:
    with raw(filled.path) as conn:
        names, key = columns(conn, table)
        fresh = {key[0]: "9999", "act_id": "'fresh'", "undoes": "undoes"}
        if unique == "act_id":
            fresh |= {"act_id": "act_id", "undoes": "NULL"}
        chosen = ", ".join(fresh.get(name, name) for name in names)
        where = f"{unique.split(', ')[0]} IS NOT NULL"
        before = rows(conn, table)
        statement = f"{verb} INTO {table} SELECT {chosen} FROM {table} WHERE {where} LIMIT 1"
        try:
            with pytest.raises(engine.Error):
                conn.execute(statement)
            assert rows(conn, table) == before
        finally:
            _restore(filled, table, before)


def _restore(filled: School, table: str, before: list[tuple[Any, ...]]) -> None:
    """Put the table back as it was, should an attack have gone through, so that it fails one test only."""
    with raw(filled.path) as conn:
        if rows(conn, table) == before:
            return
        guard = [name for name in guards() if name.startswith(f"{table}_no_")]
        for name in guard:
            conn.execute(f"DROP TRIGGER {name}")
        conn.execute(f"DELETE FROM {table}")
        conn.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(before[0]))})", before)
        for name in guard:
            conn.execute(guards()[name])


def test_every_unique_key_of_a_table_of_facts_is_known_to_this_test(filled: School) -> None:
    found = set()
    for table in APPEND_ONLY:
        for _, name, unique, origin, _ in filled.file.rows(f"PRAGMA index_list({table})"):
            if unique and origin != "pk":
                parts = [row[2] for row in filled.file.rows(f"PRAGMA index_info({name})")]
                found.add((table, ", ".join(parts)))
    assert found == set(UNIQUE)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_disposal_removes_the_rows_it_names_and_no_others(school: School, table: str) -> None:
    fill_every_table(school)
    own = "seq" if table.startswith("ledger") or table in ("told", "academic_year") else "id"
    with raw(school.path) as conn:
        before = rows(conn, table)
        (named,) = conn.execute(f"SELECT max({own}) FROM {table}").fetchone()
        other = "movement" if table != "movement" else "visit"
        conn.execute("BEGIN")
        conn.execute("INSERT INTO disposing VALUES (?, ?)", (other, named))
        with pytest.raises(engine.Error, match="append-only"):
            conn.execute(f"DELETE FROM {table} WHERE {own} = ?", (named,))
        conn.execute("INSERT INTO disposing VALUES (?, ?)", (table, named))
        with pytest.raises(engine.Error, match="append-only"):
            conn.execute(f"UPDATE {table} SET {own} = {own} WHERE {own} = ?", (named,))
        conn.execute(f"DELETE FROM {table} WHERE {own} = ?", (named,))
        conn.execute("DELETE FROM disposing")
        conn.execute("COMMIT")
        kept = rows(conn, table)
        assert kept == [row for row in before if row in kept]
        assert conn.execute(f"SELECT count(*) FROM {table} WHERE {own} = ?", (named,)).fetchone() == (0,)
        if kept:
            with pytest.raises(engine.Error, match="append-only"):
                conn.execute(f"DELETE FROM {table}")


def test_the_guards_that_should_stand_do_stand(school: School) -> None:
    standing = dict(school.file.rows("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
    assert standing == guards()
    assert len(standing) == 3 * len(APPEND_ONLY)
