"""At the edges of the pages over the board: long words, odd keys, two terminals, narrow screens, who may what."""

from __future__ import annotations

from tests.roster.stories import play
from tests.school import School
from tests.tui.app import driven_school


async def test_a_long_refusal_is_read_to_its_end(school: School) -> None:
    for student in (1, 2, 3):
        school.book(student)
        play(school, student, "08:50 in")
    async with driven_school(school, size=(60, 18)) as driver:
        await driver.type("e", "e")
        words = " ".join(driver.text.split())
        assert "Not everybody has left: Reid, Callum; Okafor, Amara; O’Brien, Łukasz." in words
        assert "Sign them out, or say where they are, first." in words
