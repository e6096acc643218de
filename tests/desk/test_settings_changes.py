"""Figures, texts and the school's name: changed from how they were seen, never over somebody else's change."""

from __future__ import annotations

import pytest

from psc.desk.school_acts import change_school, school_name
from psc.desk.settings import (
    BOUNDS,
    Settings,
    Threshold,
    change_setting,
    known_setting,
    meanings,
    settings_on,
    thresholds_on,
)
from psc.desk.templates import DEFAULTS, LONGEST_TEXT, change_template, check_text, filled, templates
from psc.errors import NotAllowed, NotUnderstood, Refused
from tests.desk.refusals import refused
from tests.school import FRIDAY_BEFORE, MONDAY, TUESDAY, School, at


def figure(school: School, name: str = "grace_minutes") -> Threshold:
    return next(one for one in thresholds_on(school.file, MONDAY) if one.name == name)


def test_every_figure_has_words_a_default_and_bounds_it_lies_within(school: School) -> None:
    told = meanings()
    for one in thresholds_on(school.file, MONDAY):
        least, most = one.bounds
        assert told[one.name].endswith(".")
        assert least <= one.default == one.value <= most
        assert one.set_by is None
    assert set(told) == set(Settings._fields) >= set(BOUNDS)


def test_a_figure_says_since_when_by_whom_and_what_comes(school: School) -> None:
    school.clock.moment = at("09:15")
    admin = school.desk("AD1")
    admin.do(change_setting("grace_minutes", 7))
    admin.do(change_setting("grace_minutes", 9, from_day=TUESDAY, seen=figure(school)))
    one = figure(school)
    assert (one.value, one.since, one.coming) == (7, MONDAY, (TUESDAY, 9))
    assert one.set_by is not None
    assert one.set_by.words(MONDAY, school.file.zone) == "AD1 09:15"
    assert settings_on(school.file, TUESDAY).grace_minutes == 9


def test_a_figure_changed_meanwhile_is_not_written_over(school: School) -> None:
    school.clock.moment = at("09:15")
    seen, admin = figure(school), school.desk("AD1")
    admin.do(change_setting("grace_minutes", 7, seen=seen))
    words = refused(admin, change_setting("grace_minutes", 9, seen=seen), kind=Refused)
    assert "Changed meanwhile: AD1 09:15" in words
    assert "so already" in refused(admin, change_setting("grace_minutes", 7, seen=figure(school)), kind=Refused)


def test_a_day_that_is_over_is_judged_as_it_was(school: School) -> None:
    refused(school.desk("AD1"), change_setting("grace_minutes", 7, from_day=FRIDAY_BEFORE), kind=Refused)


@pytest.mark.parametrize(("name", "value"), [("quiet_minutes", 0), ("quiet_minutes", 6), ("served_share", 0)])
def test_what_lies_out_of_bounds_is_refused(school: School, name: str, value: int) -> None:
    refused(school.desk("AD1"), change_setting(name, value), kind=NotUnderstood)


def test_a_setting_is_found_however_it_is_typed() -> None:
    assert known_setting(" Grace minutes") == known_setting("grace-minutes") == "grace_minutes"
    with pytest.raises(NotUnderstood):
        known_setting("gracious")


# -- texts -------------------------------------------------------------------------------------------------------------


def test_psc_brings_a_text_for_each_line_of_need(school: School) -> None:
    assert [one.name for one in templates(school.file)] == list(DEFAULTS)
    for one in templates(school.file):
        check_text(one.text, one.fields)
        words = filled(one.text, dict.fromkeys(one.fields, "x"))
        assert "{" not in words
        assert len(words) <= LONGEST_TEXT


def test_the_newest_text_counts(school: School) -> None:
    admin, name = school.desk("AD1"), "home support"
    admin.do(change_template(DEFAULTS[name], name, "Hello from {adult}:  {student} is in the {room}."))
    found = next(one for one in templates(school.file) if one.name == name)
    assert found.text == "Hello from {adult}: {student} is in the {room}."
    assert found.changed is not None
    assert found.changed.by == "AD1"
    refused(admin, change_template(DEFAULTS[name], name, "Something else."), kind=Refused)


@pytest.mark.parametrize("text", ["", "Hello {name}.", "Hello {student.", "Hello student}.", "{}", "x" * 401])
def test_a_text_that_cannot_be_filled_in_is_refused(school: School, text: str) -> None:
    refused(school.desk("AD1"), change_template(DEFAULTS["home ill"], "home ill", text), kind=NotUnderstood)


def test_what_nothing_is_known_of_stays_a_gap(school: School) -> None:
    assert filled("{adult} of {FORM}: {reason}", {"adult": "[b]Jo[/]", "form": ""}) == "[b]Jo[/] of …: …"


def test_only_an_admin_writes_texts(school: School) -> None:
    for code in ("AS1", "CO1", "BL1"):
        refused(school.desk(code), change_template(DEFAULTS["home ill"], "home ill", "Hello."), kind=NotAllowed)


# -- the school's name -------------------------------------------------------------------------------------------------


def test_the_school_takes_another_name(school: School) -> None:
    admin = school.desk("AD1")
    admin.do(change_school("Hillside School", "  Hillside\tAcademy "))
    assert school_name(school.file) == "Hillside Academy"
    refused(admin, change_school("Hillside School", "Hilltop"), kind=Refused)
    refused(admin, change_school("Hillside Academy", " "), kind=NotUnderstood)
    refused(admin, change_school("Hillside Academy", "x" * 81), kind=NotUnderstood)
