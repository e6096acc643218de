"""A week at the keyboard: a referral is decided, three days are booked, and every Science lesson has its own work.

Asked for, chased, come, given out, handed back, and told to its teacher; on the Tuesday a removal at P2 has work too.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from psc.roster.placements import placed_periods
from psc.tui.screens.chase import ChasePage
from psc.tui.screens.work import WorkPage
from psc.work.sets import State, WorkSet, sets_between
from tests.roster.stories import set_clock
from tests.school import MONDAY, TUESDAY, School
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    import pytest

SCIENTIST, MARSH = 2, 5
WEDNESDAY, THURSDAY = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2)
DAYS = (TUESDAY, WEDNESDAY, THURSDAY)


def prepare(school: School) -> None:
    """Give the class Science at P3 on the other days too, and its teacher an address."""
    school.file.conn.executemany(
        "INSERT INTO lesson (week, weekday, period, class_id, subject, teacher, room)"
        " VALUES (?, ?, 'P3', 1, 'Science', 'KB', 'S3')",
        [(week, day) for week in "AB" for day in (1, 2, 3)],
    )
    school.file.execute("UPDATE staff SET email = 'k.bose@hillside.example' WHERE code = 'KB'")


def work(school: School, day: date) -> WorkSet:
    """Return the work of a day's Science."""
    return next(one for one in sets_between(school.file, day, day, [SCIENTIST]) if one.period == "P3")


async def refer(school: School) -> None:
    """An assistant refers the student on Monday, from the board."""
    async with driven_school(school, "AS1") as desk:
        await desk.type("r", *"okafor", "enter", "enter")
        form = desk.app.screen
        for field, words in {
            "asked": "three days from Tuesday",
            "reason": "Defiance",
            "facts": "Walked out of Science twice and would not come back.",
        }.items():
            widget = form.query_one(f"#{field}")
            if hasattr(widget, "value"):
                widget.value = words
            else:
                widget.text = words  # type: ignore[attr-defined]
        await desk.type("f10")
        assert "Okafor" in desk.text
        assert school.file.value("SELECT count(*) FROM referral") == 1, desk.text


async def approve(school: School) -> None:
    """A coordinator finds it in the list of what waits, and approves it."""
    async with driven_school(school, "CO1") as desk:
        assert "1 referral waits" in desk.text
        await desk.type("Q", "a")
        assert "3 internal exclusion days on end" in desk.text
        await desk.type(*"Agreed with the head of year", "enter")
        assert school.file.value("SELECT count(*) FROM placement") == 1, desk.text
        placed = placed_periods(school.file, 1)
        assert {one.day for one in placed} == set(DAYS)
        assert len(placed) == 15


async def chase(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """The teacher is written to once for all three lessons, and once more."""
    copied: list[str] = []
    async with driven_school(school, "CO1") as desk:
        monkeypatch.setattr(desk.app, "copy_to_clipboard", copied.append)
        for _ in range(2):
            await desk.type("3", "c")
            assert isinstance(desk.app.screen, ChasePage)
            await desk.type("y", "c", "escape", "escape", "escape")
    assert len(copied) == 2
    assert copied[0].count("Science") >= 3
    assert [(one.state, one.chased) for day in DAYS if (one := work(school, day))] == [(State.REQUESTED, 1)] * 3


async def a_day(school: School, day: date) -> None:
    """The work comes, the student comes, and at the bell the work goes back."""
    set_clock(school, "08:45", day)
    async with driven_school(school, "AS1") as desk:
        await desk.type("/", *"okafor", "enter", "i")
        await desk.type("3")
        await desk.type(*["right"] * _steps(desk, "P3"), "enter", "p")
        assert work(school, day).state is State.RECEIVED, desk.text
        await desk.type("enter")
        assert work(school, day).state is State.ISSUED, desk.text
        await desk.type("escape")
        set_clock(school, "12:10", day)
        await desk.tick()
        assert "P3 ended" in desk.says
        await desk.type("z", "3", "8", "4")
        assert work(school, day).state is State.RETURNED, desk.text


def _steps(desk: Driver, period: str) -> int:
    """Return how many steps right of the cursor a period's column is."""
    names = ("P1", "P2", "P3", "P4", "P5")
    page = desk.app.screen
    assert isinstance(page, WorkPage)
    return names.index(period) - names.index(str(page.cells.column))


async def test_a_week_from_a_referral_to_the_teacher_s_feedback(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(school)
    set_clock(school, "10:00", MONDAY)
    await refer(school)
    await approve(school)
    await chase(school, monkeypatch)
    for day in DAYS:
        await a_day(school, day)
    copied: list[str] = []
    async with driven_school(school, "AS1") as desk:
        monkeypatch.setattr(desk.app, "copy_to_clipboard", copied.append)
        await desk.type("3", "f", "y", "c")
    assert "80" in copied[0]
    assert [work(school, day).state for day in DAYS][-1] is State.SENT_BACK
