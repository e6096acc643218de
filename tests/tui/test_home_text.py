"""What to say to home stands on the form that tells home."""

from __future__ import annotations

import pytest

from psc.desk.templates import DEFAULTS, change_template
from psc.flows.walk_in import walk_in
from psc.roster.placements import PlacementType
from tests.roster.stories import play, set_clock
from tests.school import IER, PSC, School
from tests.tui.app import driven_school

SMALL = (80, 24)


async def test_a_removal_is_told_with_the_period_the_reason_and_until_when(school: School) -> None:
    set_clock(school, "10:00")
    school.desk().do(walk_in(1, IER, PlacementType.REMOVAL, "Defiance", until="P3"))
    async with driven_school(school, size=SMALL) as desk:
        await desk.type("t")
        flat = " ".join(desk.text.replace("│", " ").split())
        assert "“Hello, it is Jo Smith from school. Callum is safe and well." in flat
        assert "It did not go well in P2 today: Defiance." in flat
        assert "until the end of P3." in flat
        assert "F10 save" in desk.text
        for label in ("How", "Outcome", "Note"):
            assert label in desk.text


async def test_the_schools_own_words_are_read_out_as_they_stand(school: School) -> None:
    text = "Good day, {student} [b]{reason}[/b] {form}."
    school.desk("AD1").do(change_template(DEFAULTS["home internal exclusion"], "home internal exclusion", text))
    school.book(1)
    play(school, 1, "08:50 in")
    async with driven_school(school, size=SMALL) as desk:
        await desk.type("t")
        assert "“Good day, Callum [b]Defiance[/b] 10F.”" in desk.text


async def test_support_is_told_as_support(school: School) -> None:
    school.book(1, room=PSC, type=PlacementType.TIME_OUT)
    set_clock(school, "09:00")
    play(school, 1, "08:50 in", room=PSC)
    async with driven_school(school, size=SMALL) as desk:
        await desk.type("]", "t")
        assert "It is not a punishment" in " ".join(desk.text.replace("│", " ").split())


@pytest.mark.parametrize("kind", [PlacementType.SAFEGUARDING_SEPARATION, PlacementType.INVESTIGATION_HOLD])
async def test_what_is_neither_sanction_nor_support_has_no_text(school: School, kind: PlacementType) -> None:
    school.book(1, type=kind)
    play(school, 1, "08:50 in")
    async with driven_school(school, size=SMALL) as desk:
        await desk.type("t")
        assert "Tell home" in desk.text
        assert "Hello, it is" not in desk.text


async def test_nobody_reads_out_that_a_student_is_safe_who_has_not_come(school: School) -> None:
    school.book(1)
    set_clock(school, "09:10")
    async with driven_school(school, size=SMALL) as desk:
        await desk.type("t")
        assert "Tell home" in desk.text
        assert "Hello, it is" not in desk.text


async def test_home_ill_asks_who_can_come(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 09:30 left home: ill")
    async with driven_school(school, size=SMALL) as desk:
        await desk.type("t")
        assert "Who can come for Callum" in " ".join(desk.text.replace("│", " ").split())
