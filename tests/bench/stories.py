"""A student with 2,000 entries behind them: opened from the list, read line by line, narrowed by a letter."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from psc.clock import SetClock, school_day, stamp
from psc.database import ledger
from psc.desk.people import staff_by_code
from psc.overview.chronology import chronology
from psc.overview.read_board import read_board
from psc.tui.app import PscApp
from tests.bench.measure import alone, timed
from tests.bench.paper import Drawn, on_paper
from tests.bench.place import opened
from tests.bench.screens import told_drawn
from tests.bench.ten_years import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psc.database.file import File
    from tests.bench.measure import Told
    from tests.bench.place import Place

ENTRIES = 2_000
WHO = "BL1"
_WORDS = [
    "walked",
    "out",
    "of",
    "lesson",
    "refused",
    "spoke",
    "to",
    "home",
    "calm",
    "corridor",
    "phone",
    "late",
    "work",
    "meeting",
    "settled",
    "upset",
    "asked",
]


def stories(place: Place) -> Iterator[Told]:
    """Measure the story of a student with ten years of school, and 2,000 entries, behind them."""
    path = place.in_use(place.ten_years)
    with opened(path) as (file,):
        staff = staff_by_code(file, WHO)
        row = read_board(file, school_day(NOW, file.zone), staff).rows[0]
        with file.atomic():
            _fill(file, row.student_id, ENTRIES - len(chronology(file, row.student_id, staff, NOW)))
        found = chronology(file, row.student_id, staff, NOW)
        if len(found) < ENTRIES:
            raise RuntimeError(f"{len(found)} entries, not {ENTRIES}")
        yield alone(
            f"chronology of {len(found):,} read",
            place.runs(30),
            timed(lambda: chronology(file, row.student_id, staff, NOW)),
        )
    yield from asyncio.run(_measured(path, row.admission_no, place.runs(30)))


async def _measured(path: Path, number: str, runs: int) -> list[Told]:
    app = PscApp(path, None, SetClock(NOW))
    openings: list[Drawn] = []
    async with on_paper(app) as desk:
        await desk.cause(lambda: app.sit_down(WHO), "Seat")
        await app.workers.wait_for_complete()
        await desk.press("6")
        for letter in number:
            await desk.press(letter)
        for _ in range(runs + 1):
            openings.append(await desk.press("enter", "behaviour"))
            await desk.press("escape", number)
        await desk.press("enter")
        moves, pages, letters = [], [], []
        for _ in range(runs + 1):
            moves.append(await desk.press("down"))
        for _ in range(runs + 1):
            pages.append(await desk.press("pagedown"))
        await desk.press("slash")
        for _ in range(runs + 1):
            letters.append(await desk.press("c", "Find: c"))
            await desk.press("backspace")
        kinds = []
        await desk.press("escape")
        for _ in range(runs + 1):
            kinds.append(await desk.press("7", "[behaviour]"))
            await desk.press("7")
    return [
        told_drawn("student with 2,000 entries opened", runs, Drawn.middle(openings[1:]), within=0.200),
        told_drawn("cursor move in the story", runs, Drawn.middle(moves[1:]), within=0.020),
        told_drawn("page of the story", runs, Drawn.middle(pages[1:]), within=0.100),
        told_drawn("story narrowed by a letter", runs, Drawn.middle(letters[1:]), within=0.075),
        told_drawn("story narrowed to a kind", runs, Drawn.middle(kinds[1:]), within=0.075),
    ]


def _fill(file: File, student: int, entries: int) -> None:
    """Give a student entries of the kinds that there are many of, over five years."""
    chance = random.Random(1815)
    seq, _ = ledger.append(
        file,
        at=NOW,
        terminal="bench",
        actor="CO1",
        role="coordinator",
        act="import",
        act_id="a long story",
        detail="{}",
    )
    many = file.conn.executemany
    begun = datetime(2021, 9, 1, 8, tzinfo=UTC)
    when = [begun + timedelta(minutes=chance.randrange(5 * 365 * 24 * 60)) for _ in range(entries)]
    facts = [(stamp(at), stamp(at), stamp(at)[:10], seq) for at in when]
    said = [" ".join(chance.choices(_WORDS, k=12)) for _ in when]
    notes, homes, marks = entries // 5, entries // 10, entries // 5
    first = file.value("SELECT coalesce(max(id), 0) FROM note") + 1
    fact = "happened, recorded, day, seq"
    many(
        f"INSERT INTO note (id, student_id, {fact}) VALUES (?, ?, ?, ?, ?, ?)",
        [(first + n, student, *facts[n]) for n in range(notes)],
    )
    many(
        f"INSERT INTO note_version (note_id, kind, visibility, text, why, {fact})"
        " VALUES (?, 'pastoral', 'room', ?, '', ?, ?, ?, ?)",
        [(first + n, said[n], *facts[n]) for n in range(notes)],
    )
    many(
        f"INSERT INTO home_contact (student_id, contact, how, outcome, note, {fact})"
        " VALUES (?, 'mother, A. Name', 'phone', 'told', ?, ?, ?, ?, ?)",
        [(student, said[n], *facts[n]) for n in range(notes, notes + homes)],
    )
    days = sorted({at.date() for at in when[notes + homes :]})[:marks]
    many(
        "INSERT INTO attendance_session VALUES (?, ?, 'AM', 'I', NULL, ?)",
        [(student, day.isoformat(), seq) for day in days],
    )
    many(
        "INSERT INTO behaviour_record (student_id, key, on_day, at, type, behaviour, activity, location, period,"
        " subject, class_code, staff, recorded_by, comments, points, action, outcome, status, import_seq)"
        " VALUES (?, ?, ?, ?, 'Negative', ?, '', 'S3', 'P2', 'Science', '', 'K. Bose', '', ?, -1, '', '', '', ?)",
        [
            (student, str(n), stamp(when[n])[:10], f"{when[n]:%H:%M}", said[n][:20], said[n], seq)
            for n in range(notes + homes, entries)
        ],
    )
