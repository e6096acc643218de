"""The end of a period: whose part in it is still to be written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.overview.period_end import EndRow, just_ended, read_period_end
from psc.roster.movements import Destination, sign_in, sign_out
from psc.roster.placements import waive_period
from tests.school import IER, PSC, at

if TYPE_CHECKING:
    from tests.school import School


def _rows(school: School, period: str, room: int | None = None) -> list[EndRow]:
    staff = school.desk("AS1").staff()
    return list(read_period_end(school.file, school.board(), period, school.clock.now(), staff, room))


def _ids(school: School, period: str, room: int | None = None) -> list[int]:
    return [one.one.row.student_id for one in _rows(school, period, room)]


def _visit(school: School) -> int:
    return school.row(1).row.visit_id or 0


def _in_from(school: School, time: str, student: int = 1, room: int = IER) -> None:
    school.clock.moment = at(time)
    school.desk().do(sign_in(student, room))


def test_who_went_before_a_period_began_has_no_part_in_it(school: School) -> None:
    school.book(1, "P1 P3")
    _in_from(school, "08:50")
    school.clock.moment = at("09:30")
    school.desk().do(sign_out(_visit(school), Destination.LESSON))
    school.clock.moment = at("12:10")
    assert _ids(school, "P1") == [1]
    assert _ids(school, "P3") == []
    ended = just_ended(school.board(), at("12:10"))
    assert ended is not None
    assert ended.checks == 0


def test_a_period_let_off_owes_no_check(school: School) -> None:
    school.book(1, "P3")
    _in_from(school, "11:10")
    school.desk("CO1").do(waive_period(school.placed(1, "P3"), "He was ill"))
    school.clock.moment = at("12:10")
    (one,) = _rows(school, "P3")
    assert (one.owes_check, one.done) == (False, True)
    ended = just_ended(school.board(), at("12:10"))
    assert ended is not None
    assert ended.checks == 0


def test_who_was_sent_over_stands_once_where_they_were_last(school: School) -> None:
    school.book(1, "P3")
    _in_from(school, "11:10")
    school.clock.moment = at("11:40")
    school.desk().do(sign_out(_visit(school), Destination.OTHER_ROOM, to_room=PSC))
    _in_from(school, "11:42", room=PSC)
    school.clock.moment = at("12:10")
    assert _ids(school, "P3") == [1]
    assert _ids(school, "P3", PSC) == [1]
    assert _ids(school, "P3", IER) == []
    ended = just_ended(school.board(), at("12:10"))
    assert ended is not None
    assert ended.checks == 1
