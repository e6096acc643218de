"""Lunch: the latest choice, what the kitchen was told, and what a wall never shows."""

from __future__ import annotations

import pytest

from psc.desk.acts import undo
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.overview.meals import late_words, plates
from psc.prints.keep import print_sheet
from psc.prints.kitchen import kitchen_copy, print_kitchen, print_wall, wall_copy
from psc.roster.lunch import Lunch, choose_lunch, last_printed, mark_lunch, needs_of
from tests.roster.stories import play, set_clock
from tests.school import IER, MONDAY, PSC, School


def late(school: School) -> list[str]:
    """Say what the kitchen has not been told."""
    now = school.clock.now()
    return list(late_words(school.board("CO1"), now, last_printed(school.file, MONDAY)))


def three_at_lunch(school: School) -> None:
    """Reid and Okafor are in, Khan is expected; the first two chose."""
    for student in (1, 2, 4):
        school.book(student)
    play(school, 1, "08:48 in")
    play(school, 2, "08:55 in")
    school.desk().do(choose_lunch(1, IER, "hot"), choose_lunch(2, IER, "own from home"))


def test_the_latest_choice_counts_and_undo_brings_back_the_one_before(school: School) -> None:
    three_at_lunch(school)
    school.desk().do(choose_lunch(1, IER, "vegetarian"))
    assert school.row(1).row.care.lunch == Lunch("vegetarian")
    school.desk().do(undo())
    assert school.row(1).row.care.lunch == Lunch("hot")


def test_lunch_is_marked_taken_or_not(school: School) -> None:
    three_at_lunch(school)
    school.desk().do(mark_lunch(1, True))
    assert school.row(1).row.care.lunch == Lunch("hot", taken=True)
    school.desk().do(mark_lunch(1, False))
    assert school.row(1).row.care.lunch == Lunch("hot", taken=False)


def test_what_does_not_fit_is_refused(school: School) -> None:
    three_at_lunch(school)
    with pytest.raises(NotUnderstood, match="what they chose"):
        school.desk().do(choose_lunch(1, IER, " \x07 "))
    with pytest.raises(Refused, match="not in that room"):
        school.desk().do(choose_lunch(1, PSC, "hot"))
    with pytest.raises(Refused, match="not in that room"):
        school.desk().do(choose_lunch(5, IER, "hot"))
    with pytest.raises(NotAllowed):
        school.desk("HY8").do(choose_lunch(1, IER, "hot"))


def test_each_student_is_on_the_list_once_also_when_sent_between_rooms(school: School) -> None:
    three_at_lunch(school)
    school.book(5, "P1 P2")
    school.book(5, "P4 P5", room=PSC)
    found = plates(school.board("CO1"), school.clock.now())
    assert [(one.name, one.choice, one.here) for one in found] == [
        ("Reid, Callum", "hot", True),
        ("Okafor, Amara", "own from home", True),
        ("Khan, Bilal", "", True),
        ("Marsh, Ellie", "", True),
    ]


def test_the_late_list_is_what_changed_since_the_kitchen_sheet_was_printed(school: School) -> None:
    three_at_lunch(school)
    assert late(school) == [], "before the first sheet nothing is late"
    set_clock(school, "10:05")
    print_kitchen(school.desk(), MONDAY)
    assert late(school) == []
    school.desk().do(choose_lunch(4, IER, "hot"))
    school.desk().do(choose_lunch(2, IER, "vegetarian"))
    assert late(school) == ["Okafor, Amara 9B: vegetarian (was own from home)", "Khan, Bilal 8A: hot"]
    print_kitchen(school.desk(), MONDAY)
    assert late(school) == []


def test_a_choice_taken_back_and_a_student_gone_are_late_news_too(school: School) -> None:
    three_at_lunch(school)
    school.desk("AS2", "two").do(choose_lunch(4, IER, "hot"))
    set_clock(school, "08:58")
    print_kitchen(school.desk(), MONDAY)
    school.desk("AS2", "two").do(undo())
    play(school, 1, "10:00 left lesson")
    assert late(school) == ["Khan, Bilal 8A: no choice (was hot)", "Reid, Callum 10F: not here (was hot)"]


def test_who_had_gone_when_the_sheet_was_printed_is_news_only_on_coming_again(school: School) -> None:
    three_at_lunch(school)
    school.book(5, "P4 P5")
    play(school, 1, "09:00 left lesson")
    set_clock(school, "09:05")
    print_kitchen(school.desk(), MONDAY)
    assert late(school) == []
    play(school, 1, "10:00 in")
    assert late(school) == ["Reid, Callum 10F: hot"]


def test_who_has_eaten_and_gone_is_no_news(school: School) -> None:
    three_at_lunch(school)
    print_kitchen(school.desk(), MONDAY)
    school.desk().do(mark_lunch(1, True))
    play(school, 1, "13:50 left lesson")
    assert late(school) == []


def test_only_the_kitchens_own_sheet_counts_as_telling_the_kitchen(school: School) -> None:
    three_at_lunch(school)
    school.desk().do(print_sheet("paper log"))
    print_wall(school.desk(), MONDAY)
    assert last_printed(school.file, MONDAY) is None


def test_the_kitchen_copy_says_all_the_kitchen_needs(school: School) -> None:
    three_at_lunch(school)
    school.file.execute("UPDATE student SET fsm = 1, dietary = 'no nuts <b>' WHERE id = 1")
    board = school.board()
    html = kitchen_copy(board, school.clock.now(), needs_of(school.file, [1, 2, 4]), None)
    row = "<td>Reid, Callum</td><td>10F</td><td>hot</td><td>no nuts &lt;b&gt;</td><td>yes</td>"
    assert row in html
    assert "Khan, Bilal" in html, "who has not chosen is named, to be asked"


def test_the_wall_copy_is_the_same_whoever_has_free_meals_and_names_nobody(school: School) -> None:
    three_at_lunch(school)
    school.desk().do(choose_lunch(4, IER, "free meal, halal"))
    made = set()
    for free in (None, 0, 1):
        school.file.execute("UPDATE student SET fsm = ?, dietary = 'halal' WHERE id IN (1, 4)", (free,))
        made.add(wall_copy(school.board(), school.clock.now()))
    assert len(made) == 1
    html = made.pop()
    for secret in ("Reid", "Callum", "Okafor", "Khan", "10F", "free", "halal", "1001"):
        assert secret not in html
    assert "<td>1</td><td>hot</td>" in html
    assert "<td>–</td><td>other</td>" in html


def test_printed_copies_are_kept_private_and_in_the_ledger(school: School) -> None:
    three_at_lunch(school)
    path = print_kitchen(school.desk(), MONDAY)
    assert (path.name, path.stat().st_mode & 0o777) == ("kitchen-2026-11-23.html", 0o600)
    assert school.file.value("SELECT count(*) FROM ledger WHERE act = 'print_sheet'") == 1
    with pytest.raises(NotAllowed):
        print_kitchen(school.desk("HY8"), MONDAY)
