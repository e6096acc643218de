"""How an alarm and what is known of a student read on the board, where anybody at the desk can read along."""

from __future__ import annotations

import pytest

from psc.overview.cells import Column, columns_for, now_cell
from psc.roster.sightings import TOLD, record_sighting
from tests.roster.stories import play, set_clock
from tests.school import IER, PSC, School


@pytest.mark.parametrize(
    ("story", "clock", "room"),
    [
        ("", "12:30", IER),
        ("08:50 in, 09:00 out toilet", "09:59", IER),
        ("08:50 in, 09:00 out nurse", "10:50", IER),
        ("08:50 in, 09:00 out walked out", "10:50", IER),
        ("08:50 in, 09:00 left other room", "10:50", PSC),
    ],
)
def test_the_minutes_of_an_alarm_are_never_cut_off(school: School, story: str, clock: str, room: int) -> None:
    school.book(1)
    play(school, 1, story)
    set_clock(school, clock)
    board, one = school.board(), school.row(1, room)
    words = now_cell(board, one, school.clock.now()).text
    assert words.startswith("! find, ")
    for width in (78, 98, 120):
        for shown in (None, *board.rooms):
            assert len(words) <= dict(columns_for(board, shown, width))[Column.NOW], f"{words} at {width}"


@pytest.mark.parametrize("story", ["", "08:50 in, 08:52 out walked out", "08:50 in, 08:52 left other room"])
@pytest.mark.parametrize("told", TOLD)
def test_that_the_safeguarding_lead_was_told_is_not_spelt_out(school: School, story: str, told: str) -> None:
    school.book(1)
    play(school, 1, story)
    set_clock(school, "09:00")
    school.desk().do(record_sighting(1, told=told))
    words = [now_cell(school.board(), one, school.clock.now()).text for one in school.board().at(school.clock.now())]
    assert not any("safeguarding" in one for one in words)
    assert any(f": {'staff' if told == 'safeguarding lead' else told}" in one for one in words)
