"""What a person likes the screen to be is theirs, kept once, and never in anybody's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psc.desk.acts import undo
from psc.desk.preferences import CHOICES, Preferences, preferences_of, set_preference
from psc.errors import NotUnderstood, Refused
from psc.tui.themes import THEMES
from tests.desk.refusals import refused

if TYPE_CHECKING:
    from tests.school import School


def test_whoever_has_chosen_nothing_has_the_first_of_each(school: School) -> None:
    assert preferences_of(school.file, 1) == Preferences("dark", "close", "signs")


@pytest.mark.parametrize("code", ["AS1", "CV1", "CO1", "HY8", "BL1", "AD1", "KB"])
def test_everybody_keeps_their_own(school: School, code: str) -> None:
    desk = school.desk(code)
    desk.do(set_preference("theme", "cream"))
    desk.do(set_preference("spacing", "roomy"))
    desk.do(set_preference("theme", "light"))
    assert preferences_of(school.file, desk.staff().id) == Preferences("light", "roomy", "signs")
    assert preferences_of(school.file, 2) == Preferences()


def test_a_choice_there_is_not_is_refused(school: School) -> None:
    assert "“pink”" in refused(school.desk(), set_preference("theme", "pink"), kind=NotUnderstood)
    refused(school.desk(), set_preference("font", "large"), kind=NotUnderstood)


def test_what_a_newer_psc_kept_is_left_alone(school: School) -> None:
    school.file.execute("INSERT INTO preference VALUES (1, 'theme', 'sepia'), (1, 'font', 'large')")
    assert preferences_of(school.file, 1) == Preferences()


def test_undo_passes_over_a_choice(school: School) -> None:
    school.desk().do(set_preference("theme", "cream"))
    refused(school.desk(), undo(), kind=Refused)


def test_going_on_comes_round(school: School) -> None:
    worn = Preferences()
    for _ in CHOICES["theme"]:
        worn = worn._replace(theme=worn.next("theme"))
    assert worn == Preferences()


def test_every_theme_of_the_app_can_be_chosen() -> None:
    assert [f"psc-{name}" for name in CHOICES["theme"]] == [theme.name for theme in THEMES]
