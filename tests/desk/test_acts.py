"""The one way to write: whole or not at all, once however often it is tried, and never without its ledger line."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from psc.database import ledger
from psc.database.driver import engine
from psc.database.file import open_file
from psc.desk import permissions
from psc.desk.acts import ACTS, Call, Desk, Done, Tx, act, undo
from psc.desk.people import Role
from psc.desk.settings import Settings, change_setting, settings_on
from psc.errors import Busy, NotUnderstood, PscError
from psc.roster.keep_apart import keep_apart
from psc.roster.movements import Destination, OutReason, go_out, sign_in, sign_out
from psc.roster.placements import PlacementType, book
from tests.desk.refusals import contents, refused
from tests.roster.stories import play, set_clock, told
from tests.school import FRIDAY_BEFORE, IER, MONDAY, TUESDAY, School

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def own_act() -> Iterator[None]:
    """Let a test add an act of its own, and forget it after."""
    known = dict(ACTS)
    yield
    ACTS.clear()
    ACTS.update(known)


def ledger_lines(school: School) -> int:
    return int(school.file.value("SELECT count(*) FROM ledger"))


# -- the same act id -----------------------------------------------------------------------------------------------


def test_a_repeated_act_id_answers_the_first_result_and_adds_nothing(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    first = school.desk().do(sign_in(1, IER), id="one try")
    before = contents(school.file)
    set_clock(school, "09:30")
    again = school.desk("AS2", "two").do(sign_in(1, IER), id="one try")
    assert (again.value, again.seq, again.at, again.students) == (first.value, first.seq, first.at, (1,))
    assert (first.repeated, again.repeated) == (False, True)
    assert contents(school.file) == before


def test_an_act_id_of_another_act_is_refused(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:50 in")
    school.desk().do(go_out(visit, OutReason.TOILET), id="one try")
    words = refused(school.desk(), sign_out(visit, Destination.LESSON), id="one try", kind=NotUnderstood)
    assert "another act" in words


def test_a_refused_act_may_be_tried_again_under_its_id(school: School) -> None:
    set_clock(school, "08:50")
    refused(school.desk(), sign_in(1, IER), id="one try")
    school.book(1)
    assert not school.desk().do(sign_in(1, IER), id="one try").repeated


def test_a_repeated_undo_takes_back_one_act_only(school: School) -> None:
    school.book(1)
    play(school, 1, "08:50 in, 08:51 out toilet")
    desk = school.desk()
    for _ in range(3):
        assert desk.do(undo(), id="one try").value == "go_out"
    assert told(school, 1) == "08:50 in"


# -- whole or not at all -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("own_act")
def test_an_act_that_raises_leaves_nothing(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    @act("fail_half_way")
    def fail_half_way(tx: Tx) -> None:
        change_setting.run(tx, "grace_minutes", 7)
        tx.add("keep_apart", student_a=1, student_b=2, reason="", until_day="2026-12-01")
        raise ZeroDivisionError

    monkeypatch.setattr(permissions, "PERMISSIONS", {"fail_half_way": {Role.ADMIN: permissions.Scope.ALL}})
    before = contents(school.file)
    with pytest.raises(ZeroDivisionError):
        school.desk("AD1").do(fail_half_way())
    assert contents(school.file) == before
    assert not school.file.conn.in_transaction


def test_one_act_for_several_is_refused_for_all_when_one_is_refused(school: School) -> None:
    for student in (1, 2):
        school.book(student)
    set_clock(school, "08:50")
    refused(school.desk(), sign_in(1, IER), sign_in(2, IER), sign_in(3, IER))
    done = school.desk().do(sign_in(1, IER), sign_in(2, IER))
    assert done.students == (1, 2)
    assert [told(school, student) for student in (1, 2)] == ["08:50 in", "08:50 in"]


def test_only_the_same_act_is_done_for_several(school: School) -> None:
    """Otherwise an assistant's act could carry one along that an assistant may not do."""
    school.book(1)
    set_clock(school, "08:50")
    before = contents(school.file)
    mixed: tuple[Call[Any], ...] = (sign_in(1, IER), change_setting("grace_minutes", 60))
    with pytest.raises((PscError, TypeError, ValueError)):
        school.desk().do(*mixed)
    assert contents(school.file) == before


@pytest.mark.usefixtures("own_act")
def test_an_async_function_is_no_act() -> None:
    async def waits(tx: Tx) -> None:
        tx.said["never"] = True

    with pytest.raises(TypeError, match="cannot wait"):
        act("waits")(waits)
    assert "waits" not in ACTS


@pytest.mark.usefixtures("own_act")
def test_two_acts_do_not_share_a_name() -> None:
    with pytest.raises(ValueError, match="of that name"):
        act("sign_in")(lambda tx: None)


# -- what an act costs ---------------------------------------------------------------------------------------------


def test_an_act_of_the_door_asks_seven_questions_and_writes_once(school: School) -> None:
    school.book(1)
    visit = play(school, 1, "08:50 in, 09:20 out toilet, 09:26 back")
    asked: list[str] = []
    school.file.conn.set_trace_callback(asked.append)
    school.desk().do(go_out(visit, OutReason.TOILET))
    school.file.conn.set_trace_callback(None)
    kinds = [statement.split()[0] for statement in asked]
    # its own: the schema, the act id, who it is, the newest line; of the door: the visit, the student, the movements
    assert kinds.count("SELECT") + kinds.count("PRAGMA") <= 7, asked
    assert (kinds.count("BEGIN"), kinds.count("COMMIT")) == (1, 1)


# -- the ledger line -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["ledger", "ledger_detail", "ledger_student"])
def test_an_act_whose_ledger_line_fails_is_not_done(school: School, table: str) -> None:
    school.book(1)
    set_clock(school, "08:50")
    school.file.execute(
        f"CREATE TRIGGER fails BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no ledger today'); END"
    )
    before = contents(school.file)
    with pytest.raises(engine.Error, match="no ledger today"):
        school.desk().do(sign_in(1, IER), id="one try")
    assert contents(school.file) == before
    school.file.execute("DROP TRIGGER fails")
    assert not school.desk().do(sign_in(1, IER), id="one try").repeated
    assert ledger.verify(school.file).whole


def test_every_act_has_its_line_and_every_fact_its_act(school: School) -> None:
    school.book(1)
    before = ledger_lines(school)
    play(school, 1, "08:50 in, 08:55 out toilet, 08:58 back, 09:50 left lesson")
    school.desk().do(undo())
    school.desk("AD1").do(change_setting("grace_minutes", 7))
    lines = school.file.rows("SELECT actor, role, act FROM ledger WHERE seq > ? ORDER BY seq", (before,))
    moves = [("AS1", "assistant", name) for name in ("sign_in", "go_out", "come_back", "sign_out", "undo")]
    assert lines == [*moves, ("AD1", "admin", "change_setting")]
    for table in ("movement", "visit", "seating", "placement", "placement_period", "retraction", "setting"):
        orphans = f"SELECT count(*) FROM {table} t WHERE NOT EXISTS (SELECT 1 FROM ledger l WHERE l.seq = t.seq)"
        assert school.file.value(orphans) == 0
    touched = "SELECT count(*) FROM ledger_student WHERE student_id = 1 AND seq > ?"
    assert school.file.value(touched, (before,)) == 5


def test_a_line_says_who_did_what_when_at_which_terminal_and_a_detail_what_was_asked(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    done = school.desk("AS2", "two").do(sign_in(1, IER, seat=2), id="one try")
    line = school.file.row("SELECT at, terminal, actor, role, act, act_id FROM ledger WHERE seq = ?", (done.seq,))
    assert line == ("2026-11-23T08:50:00Z", "two", "AS2", "assistant", "sign_in", "one try")
    detail = school.file.value("SELECT json FROM ledger_detail WHERE seq = ?", (done.seq,))
    assert '"seat": 2' in detail
    assert "Reid" not in detail


# -- settings ------------------------------------------------------------------------------------------------------


def test_a_setting_holds_from_its_day_on(school: School) -> None:
    office = school.desk("AD1")
    office.do(change_setting("grace_minutes", 10, from_day=TUESDAY))
    office.do(change_setting("toilet_minutes", 7))
    found = [settings_on(school.file, day) for day in (FRIDAY_BEFORE, MONDAY, TUESDAY)]
    assert found == [Settings(), Settings(toilet_minutes=7), Settings(toilet_minutes=7, grace_minutes=10)]


def test_the_later_change_of_one_day_counts_and_the_earlier_stays_in_the_file(school: School) -> None:
    for value in (10, 15):
        school.desk("AD1").do(change_setting("grace_minutes", value))
    assert settings_on(school.file, MONDAY).grace_minutes == 15
    assert school.file.value("SELECT count(*) FROM setting") == 2


def test_an_unknown_setting_is_not_understood(school: School) -> None:
    refused(school.desk("AD1"), change_setting("gracious_minutes", 1), kind=NotUnderstood)


def test_how_long_a_pair_is_kept_apart_is_a_setting(school: School) -> None:
    school.desk("AD1").do(change_setting("keep_apart_days", 3))
    school.desk("CO1").do(keep_apart(1, 2, "Fight"))
    assert school.file.value("SELECT until_day FROM keep_apart") == (MONDAY + timedelta(days=3)).isoformat()


# -- two terminals -------------------------------------------------------------------------------------------------


@dataclass
class Watched(Desk):
    """A desk that says when it has been told that the file is busy."""

    told_busy: threading.Event = field(default_factory=threading.Event)

    def do(self, call: Call[Any], *more: Call[Any], id: str = "", told_by: str = "") -> Done[Any]:
        try:
            return super().do(call, *more, id=id, told_by=told_by)
        except Busy:
            self.told_busy.set()
            raise


def test_while_another_terminal_writes_an_act_is_busy_and_leaves_nothing(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    other = open_file(school.path, timeout=20, keys=school.keys)
    desk = Desk(other, school.clock, "AS1", "two")
    try:
        with school.file.atomic():
            with pytest.raises(Busy) as said:
                desk.do(sign_in(1, IER))
            assert "Another terminal" in str(said.value)
            with pytest.raises(Busy):
                desk.do_patiently(sign_in(1, IER), seconds=0.1)
        assert told(school, 1) == ""
        desk.do(sign_in(1, IER))
    finally:
        other.close()
    assert told(school, 1) == "08:50 in"


def test_who_waits_gets_through_once_the_other_has_finished(school: School) -> None:
    school.book(1)
    set_clock(school, "08:50")
    told_busy, done = threading.Event(), []

    def wait_and_sign_in() -> None:
        file = open_file(school.path, timeout=20, keys=school.keys)
        try:
            desk = Watched(file, school.clock, "AS1", "two", told_busy)
            done.append(desk.do_patiently(sign_in(1, IER), seconds=30))
        finally:
            file.close()

    waiting = threading.Thread(target=wait_and_sign_in)
    with school.file.atomic():
        waiting.start()
        assert told_busy.wait(30)
    waiting.join(30)
    assert [(one.act, one.repeated) for one in done] == [("sign_in", False)]
    assert told(school, 1) == "08:50 in"


def test_an_act_of_the_other_terminal_counts_at_once(school: School) -> None:
    other = school.another()
    try:
        coordinator = Desk(other, school.clock, "CO1", "two")
        coordinator.do(book(1, IER, PlacementType.REMOVAL, "Defiance", [(MONDAY, "P1")]))
        play(school, 1, "08:50 in")
        assert ledger.verify(other).whole
    finally:
        other.close()
