"""An assistant's day from opening to home time, at the keyboard; checked at the end minute by minute.

A late student, a lost one, a removal, a fire drill, an hour on paper, a hand-over, a correction, somebody going home
ill, and the day's end. The table at the end was written by hand, from the story and not from psc.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.flows.close_day import day_closed
from psc.overview.timeline import marks, timeline
from psc.roster.duty import on_duty
from psc.roster.rota import plan_rota, read_day
from psc.roster.status import Status
from psc.school.rooms import rooms
from psc.tui.screens.paper import PaperPage
from tests.roster.stories import set_clock
from tests.school import IER, MONDAY, School, at
from tests.secrets import RIGHT, give_secrets
from tests.story.minutes import by_hand, by_psc, counted
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from psc.desk.acts import Call
    from tests.tui.app import Driver

REID, OKAFOR, OBRIEN, KHAN, MARSH = 1, 2, 3, 4, 5

BY_HAND = """
Reid:   08:39 in IER, 09:20 out toilet, 09:26 in IER, 10:30 out evacuation, 10:41 in IER, 11:20 out nurse, 11:35 in IER, 14:51 left
Okafor: 08:44 in IER, 09:30 out toilet, 09:44 in IER, 10:30 out evacuation, 10:41 in IER, 11:40 out toilet, 11:46 in IER, 13:40 left
OBrien: 08:47 in IER, 09:51 left
Khan:   09:14 in IER, 10:30 out evacuation, 10:41 in IER, 11:58 left
Marsh:  10:05 in IER, 10:30 out evacuation, 10:41 in IER, 10:51 left
"""  # noqa: E501
MINUTES = {REID: 340, OKAFOR: 265, OBRIEN: 64, KHAN: 153, MARSH: 35}
"""The minutes of each in the room, counted on fingers: Reid 372 from in to out, less 6 toilet, 11 fire, 15 nurse."""
PRESENT = {
    ("Reid", "P1"): 60, ("Reid", "P2"): 60, ("Reid", "P3"): 60, ("Reid", "P4"): 60, ("Reid", "P5"): 60,
    ("Okafor", "P1"): 60, ("Okafor", "P2"): 60, ("Okafor", "P3"): 60, ("Okafor", "P4"): 60, ("Okafor", "P5"): 0,
    ("OBrien", "P1"): 60,
    ("Khan", "P1"): 36, ("Khan", "P2"): 60, ("Khan", "P3"): 48, ("Khan", "P4"): 0, ("Khan", "P5"): 0,
    ("Marsh", "P2"): 45,
}  # fmt: skip
"""Minutes of each period that count: toilet, nurse and fire do; Khan came at 09:14 and went at 11:58."""
BECAME = {
    REID: {"P1": "served", "P2": "served", "P3": "served", "P4": "served", "P5": "served"},
    OKAFOR: {"P1": "served", "P2": "served", "P3": "served", "P4": "served", "P5": "pending"},
    OBRIEN: {"P1": "served"},
    KHAN: {"P1": "not completed", "P2": "served", "P3": "served", "P4": "pending", "P5": "pending"},
    MARSH: {"P2": "served"},
}
"""75% of the minutes and a check of 2: Khan's P1 has neither, his P3 has 48 of 60. Without a check: pending."""
BELLS = {"P1": ("08:50", "09:50"), "P2": ("09:50", "10:50"), "P3": ("11:10", "12:10"), "P4": ("12:10", "13:10"),
         "P5": ("13:50", "14:50")}  # fmt: skip


async def clock(school: School, driver: Driver, hhmm: str) -> None:
    """Let it become a time, and the board notice."""
    set_clock(school, hhmm)
    await driver.tick()


async def go_to(driver: Driver, name: str) -> None:
    """Find a student on the board as an assistant does."""
    await driver.type("/", name, "enter")


def prepare(school: School) -> None:
    """Plan the day as a coordinator does on Friday: who comes, and who looks after the room."""
    for student in (REID, OKAFOR, KHAN):
        school.book(student)
    school.book(OBRIEN, "P1")
    school.file.execute(
        "INSERT INTO contact"
        " (student_id, place, surname, forename, relationship, responsibility, phones, email, language) VALUES"
        " (5, 1, 'Marsh', 'Dee', 'mother', 1, '[\"07700 900001\"]', '', 'English'),"
        " (2, 1, 'Okafor', 'Ngozi', 'mother', 1, '[\"07700 900002\"]', '', 'English')"
    )
    known = rooms(school.file)
    plans: list[Call[int]] = [
        plan_rota(1, MONDAY, read_day("0820-1220 IER, 1220-1250 lunch", known, {})),
        plan_rota(2, MONDAY, read_day("1220-1500 IER", known, {})),
    ]
    school.desk("CO1", "office").do(*plans)


async def morning(school: School, desk: Driver) -> None:
    """Opening, arrivals, a late student, a lost one, checks, a removal, a fire drill."""
    assert "planned: J. Smith" in desk.text
    await desk.type("d")
    assert "on duty: J. Smith" in desk.text

    await clock(school, desk, "08:41")
    await go_to(desk, "reid")
    await desk.type("i")
    assert "+ phone in" in desk.says
    await desk.type("+")
    await clock(school, desk, "08:44")
    await go_to(desk, "okafor")
    await desk.type("i")
    await clock(school, desk, "08:47")
    await go_to(desk, "obrien")
    await desk.type("i")

    # Khan is late: an alarm, until the attendance office has been told; then late, and then here.
    await clock(school, desk, "08:56")
    assert "! 1 find" in desk.text.splitlines()[0]
    await go_to(desk, "khan")
    await desk.type("f", "a")
    assert "! 1 find" not in desk.text
    await clock(school, desk, "09:14")
    await desk.type("i")

    await clock(school, desk, "09:20")
    await go_to(desk, "reid")
    await desk.type("o", "t")
    await clock(school, desk, "09:26")
    await desk.type("b")

    # Okafor does not come back from the toilet: found by the fountain, and back.
    await clock(school, desk, "09:30")
    await go_to(desk, "okafor")
    await desk.type("o", "t")
    await clock(school, desk, "09:40")
    assert desk.row("Okafor").status is Status.OUT
    await clock(school, desk, "09:42")
    assert desk.row("Okafor").status is Status.FIND
    await desk.type("f", "w", "by the fountain", "enter")
    assert desk.row("Okafor").status is Status.OUT
    await clock(school, desk, "09:44")
    await desk.type("b")

    await clock(school, desk, "09:49")
    await desk.type("home", "c", "3", "enter", "2", "enter", "4", "enter", "1", "escape")
    await clock(school, desk, "09:51")
    await go_to(desk, "obrien")
    await desk.type("s", "l")

    # Somebody at the door whom nobody planned for; home does not answer; a coordinator confirms.
    await clock(school, desk, "10:05")
    await desk.type("a", "marsh", "enter", "enter", "Defiance", "f10")
    assert "confirm?" in desk.text
    await go_to(desk, "marsh")
    await desk.type("t", "n", "enter")
    async with driven_school(school, "CO1") as office:
        await clock(school, office, "10:20")
        await go_to(office, "marsh")
        await office.type("Y", "c")
    await desk.tick()
    assert "confirm?" not in desk.text

    # The bell rings: everybody out, seen one by one, back.
    await clock(school, desk, "10:30")
    await desk.type("E", "d")
    assert "0 of 4 seen" in desk.text
    await clock(school, desk, "10:34")
    await desk.type("space", "space", "space", "space")
    assert "4 of 4 seen" in desk.text
    await clock(school, desk, "10:41")
    await desk.type("b", "escape")

    await clock(school, desk, "10:49")
    await desk.type("home", "c", "2", "enter", "3", "enter", "3", "enter", "4", "escape")
    await clock(school, desk, "10:51")
    await go_to(desk, "marsh")
    assert desk.row("Marsh").status is Status.DUE_OUT
    await desk.type("s", "l")


async def an_hour_on_paper(school: School, desk: Driver) -> None:
    """From 11:10 the machine is away: Kit Bose keeps the sheet. At 12:12 it is typed in."""
    await clock(school, desk, "12:12")
    await desk.type("P", "KB", "enter")
    for name, cells in {
        "Reid": {"Out/Back": "n1120-1135", "P3": "3"},
        "Okafor": {"Out/Back": "t1140-1146", "P3": "4"},
        "Khan": {"Left": "l1158", "P3": "2"},
    }.items():
        await fill(desk, name, cells)
    await desk.type("f10")
    assert "11:20" in desk.text
    assert "11:58" in desk.text
    await desk.type("enter")


async def fill(desk: Driver, name: str, cells: dict[str, str]) -> None:
    """Type the cells of one row of the sheet, going from cell to cell with the arrows."""
    page = desk.app.screen
    assert isinstance(page, PaperPage)
    row = next(one.key for one in page.paper_rows() if one.name.startswith(name))
    for column, text in cells.items():
        down = page.grid.rows.index(row) - page.grid.rows.index(page.grid.row)
        await desk.type(*["down" if down > 0 else "up"] * abs(down))
        across = page.grid.columns.index(column) - page.grid.columns.index(page.grid.column)
        await desk.type(*["right" if across > 0 else "left"] * abs(across))
        assert page.grid.cell == (row, column)
        await desk.type(text)


async def afternoon(school: School, desk: Driver) -> None:
    """A correction, a hand-over, lunch, somebody going home ill, and the day's end."""
    # The first line of the morning was two minutes out: Reid was there when the door was opened.
    await clock(school, desk, "12:15")
    await go_to(desk, "reid")
    await desk.type("U", "home", "t", "0839", "space", "he stood at the door", "enter")
    assert "× 08:41" in desk.text
    await desk.type("escape")

    await clock(school, desk, "12:20")
    await desk.type("f2")
    await desk.answer("as2")
    await desk.answer(RIGHT)
    assert "O. Berg" in desk.text.splitlines()[0]
    await desk.type("d", "t")
    await clock(school, desk, "12:30")
    await go_to(desk, "reid")
    await desk.type("l", "h")

    await clock(school, desk, "13:05")
    await desk.type("home", "c", "2", "enter", "2", "escape")
    await clock(school, desk, "13:40")
    await go_to(desk, "okafor")
    await desk.type("s", "h", "i", "Nurse Lee, her mother comes", "enter")
    assert desk.row("Okafor").home_owed
    await desk.type("t", "t", "enter")
    assert not desk.row("Okafor").home_owed

    await clock(school, desk, "14:49")
    await go_to(desk, "reid")
    await desk.type("c", "3", "escape")

    # The day's end in one pass: out, the phone back, a home that has not been told, then closed.
    await clock(school, desk, "14:51")
    await desk.type("e")
    assert "Still here, or to be found: 1" in desk.text
    await desk.type("s")
    assert "Held: 1" in desk.text
    await desk.type("r", "r")
    assert "Homes to tell: 1" in desk.text
    await desk.type("enter")
    await clock(school, desk, "14:55")
    await desk.type("t", "enter", "e")
    assert "Homes to tell: none" in desk.text
    assert "Khan, Bilal" in desk.text
    await desk.type("e")
    assert "closed 14:55 by AS2" in desk.text


async def test_an_assistants_day_from_opening_to_home_time(school: School) -> None:
    prepare(school)
    give_secrets(school, "AS2")
    set_clock(school, "08:20")
    async with driven_school(school, size=(120, 40)) as desk:
        await morning(school, desk)
    # An hour without the machine; then it is there again.
    async with driven_school(school, size=(120, 40)) as desk:
        await an_hour_on_paper(school, desk)
        await afternoon(school, desk)
    set_clock(school, "15:30")
    check_minute_by_minute(school)
    check_what_became_of_it(school)


def check_minute_by_minute(school: School) -> None:
    """Hold every minute of every student against the table."""
    board = school.board("CO1")
    table = by_hand(BY_HAND)
    names = dict(zip(table, (REID, OKAFOR, OBRIEN, KHAN, MARSH), strict=True))
    for name, student in names.items():
        made = by_psc(board, student)
        assert {minute: word for minute, word in made.items() if word != table[name][minute]} == {}, name
        assert counted(table[name], "IER")[0] == MINUTES[student]
        assert school.row(student).minutes == MINUTES[student]
    for (name, period), minutes in PRESENT.items():
        start, end = BELLS[period]
        decided = max(start, "10:05") if name == "Marsh" else start
        assert counted(table[name], "IER", decided, end)[1] == minutes, (name, period)


def check_what_became_of_it(school: School) -> None:
    """Hold periods, homes, duty, the paper, the correction and the closing against the story."""
    board, now = school.board("CO1"), school.clock.now()
    for student, states in BECAME.items():
        assert {name: state.value for name, state in school.row(student).states(now, board.settings).items()} == states
        assert not school.row(student).home_owed
        assert not school.row(student).row.care.held
    assert {one.row.student_id: one.status.value for one in board.at(now)} == {
        REID: "left", OKAFOR: "left", OBRIEN: "left", KHAN: "left", MARSH: "left",
    }  # fmt: skip
    assert school.row(OKAFOR).standing.reason == "home: ill"

    told = {(one.words, one.told, f"{one.recorded:%H:%M}") for one in timeline(school.file, REID, MONDAY)}
    assert {("out: nurse", "KB", "12:12"), ("back", "KB", "12:12")} <= told
    first, second = (one for one in timeline(school.file, REID, MONDAY) if one.what == "in")
    assert (f"{first.happened:%H:%M}", first.undone) == ("08:39", None)
    assert (f"{second.happened:%H:%M}", second.undone, second.undone_by) == ("08:41", "he stood at the door", "AS1")
    assert "entered later, 12:15" in marks(first, board.settings, board.zone)

    who = {clock: [one.name for one in on_duty(school.file, IER, at(clock))] for clock in ("08:19", "08:20", "12:19")}
    assert who == {"08:19": [], "08:20": ["J. Smith"], "12:19": ["J. Smith"]}
    assert [one.name for one in on_duty(school.file, IER, at("12:20"))] == ["O. Berg"]
    closed = day_closed(school.file, MONDAY)
    assert closed is not None
    assert (closed.by, f"{closed.at:%H:%M}") == ("AS2", "14:55")
    assert school.file.value("SELECT count(*) FROM ledger WHERE act = 'enter_paper'") == 1
