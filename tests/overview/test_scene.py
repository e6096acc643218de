"""When something was, as people type it, which period that is, and who was in the room then."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from psc.clock import zone
from psc.errors import NotUnderstood, Refused
from psc.overview.scene import period_at, read_when, there_then, when_typed
from psc.roster.movements import OutReason, go_out, sign_in
from psc.school.calendar import past_day
from tests.school import FRIDAY_BEFORE, IER, MONDAY, at

if TYPE_CHECKING:
    from tests.school import School


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("now", at("11:40")),
        ("", at("11:40")),
        ("1132", at("11:32")),
        ("-8", at("11:32")),
        ("P2", at("09:50")),
        ("fri p3", at("11:10", FRIDAY_BEFORE)),
        ("Friday 1430", at("14:30", FRIDAY_BEFORE)),
        ("20 Nov 14:30", at("14:30", FRIDAY_BEFORE)),
        ("Fri 20 Nov 14.30", at("14:30", FRIDAY_BEFORE)),
        ("20/11/2026 1430", at("14:30", FRIDAY_BEFORE)),
        ("yesterday 0900", at("09:00", MONDAY - timedelta(days=1))),
        ("24 Nov 0900", at("09:00", date(2025, 11, 24))),
    ],
)
def test_a_time_is_read_with_a_day_before_it_or_without(school: School, typed: str, meant: datetime) -> None:
    assert read_when(school.file, typed, at("11:40")) == meant


@pytest.mark.parametrize("typed", ["1141", "P4", "tomorrow 0900", "24/11/2026 0900"])
def test_what_is_still_to_come_is_refused(school: School, typed: str) -> None:
    with pytest.raises(Refused, match="still to come"):
        read_when(school.file, typed, at("11:40"))


@pytest.mark.parametrize(
    "typed", ["2561", "someday 0900", "yesterday -8", "yesterday now", "fri", "P9", "\x1b[2J", "[b"]
)
def test_what_is_no_time_is_refused_in_words(school: School, typed: str) -> None:
    with pytest.raises(NotUnderstood):
        read_when(school.file, typed, at("11:40"))


@given(days=some.integers(0, 1_500), minutes=some.integers(0, 24 * 60 - 1))
def test_a_moment_is_written_as_it_would_be_typed(days: int, minutes: int) -> None:
    now = at("23:59")
    when = at("00:00", MONDAY - timedelta(days=days)) + timedelta(minutes=minutes)
    london = zone("Europe/London")
    typed = when_typed(when, now, london)
    day, _, time = typed.rpartition(" ")
    here = when.astimezone(london)
    assert (past_day(day, MONDAY) if day else MONDAY, time) == (here.date(), f"{here:%H:%M}")


def test_the_period_is_that_of_the_year_or_of_any(school: School) -> None:
    assert period_at(school.file, at("11:20")) == "P3"
    assert period_at(school.file, at("11:20"), 8) == "P3"
    assert period_at(school.file, at("07:20")) == ""
    assert period_at(school.file, at("11:20", MONDAY - timedelta(days=1))) == ""


def test_whoever_was_in_the_room_then_was_there_and_nobody_else(school: School) -> None:
    for student in (1, 2, 4):
        school.book(student)
    school.clock.moment = at("08:52")
    school.desk().do(sign_in(1, IER))
    school.clock.moment = at("09:20")
    school.desk().do(sign_in(2, IER))
    school.clock.moment = at("10:00")
    visit = school.row(1).row.visit_id or 0
    school.desk().do(go_out(visit, OutReason.TOILET))

    def there(hhmm: str, code: str = "AS1") -> list[str]:
        return [row.name for row in there_then(school.board(code), IER, at(hhmm))]

    assert there("08:51") == []
    assert there("09:00") == ["Reid, Callum"]
    assert there("09:30") == ["Okafor, Amara", "Reid, Callum"]
    assert there("10:05") == ["Okafor, Amara"], "out is not in the room"
    assert there_then(school.board(), 2, at("09:30")) == ()
