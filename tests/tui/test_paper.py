"""Paper at the keyboard: the log printed, an hour on paper typed back in, and the morning's sheet written by itself."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from psc.errors import NoSpace
from psc.prints.keep import sheets_folder
from psc.roster.movements import movements_of, sign_in
from psc.roster.placements import PlacementType
from psc.tui.screens.paper import PaperPage
from psc.tui.screens.paper_preview import PaperPreview
from psc.tui.screens.printed import PrintedPage
from psc.tui.screens.today import Today
from tests.roster.stories import play, set_clock, told
from tests.school import FRIDAY_BEFORE, IER, MONDAY, School, at
from tests.tui.app import Driver, driven_school

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def after_the_cut(school: School) -> School:
    """Reid is in since 08:48; Okafor and Khan are expected; the power was away until 12:30."""
    for student in (1, 2, 4):
        school.book(student)
    play(school, 1, "08:48 in")
    set_clock(school, "12:30")
    return school


async def press(desk: Driver, *keys: str) -> None:
    """Press keys by their names."""
    await desk.pilot.press(*keys)
    await desk.pilot.pause()


async def grid_of(desk: Driver, keeper: str = "as2") -> PaperPage:
    """Open the grid and say who kept the paper."""
    await desk.type("P", keeper, "enter")
    page = desk.app.screen
    assert isinstance(page, PaperPage)
    return page


async def test_an_hour_on_paper_is_typed_looked_at_and_saved(after_the_cut: School) -> None:
    async with driven_school(after_the_cut, size=(80, 24)) as desk:
        await grid_of(desk)
        # Reid's row: Tab along it, Enter to the start of the next.
        await desk.type("tab", "t1137-1144", "tab", "tab", "3", "tab", "2", "enter")
        await desk.type("down", "0855", "tab", "n1010-1031", "tab", "1210", "enter")
        await desk.type("f10")
        assert isinstance(desk.app.screen, PaperPreview)
        assert "8 new facts for 2 students" in desk.text
        for words in ("+ out 11:37, toilet", "+ back 11:44", "+ check P1: 3 most", "+ left 12:10, lesson"):
            assert words in desk.text
        await desk.type("enter")
        assert isinstance(desk.app.screen, Today)
        assert "8 facts of the paper saved, kept by AS2" in desk.says
        assert told(after_the_cut, 1) == "08:48 in, 11:37 out toilet, 11:44 back"
        assert told(after_the_cut, 2) == "08:55 in, 10:10 out nurse, 10:31 back, 12:10 left lesson"
        assert {one.told for one in movements_of(after_the_cut.file, 2, MONDAY)} == {"AS2"}
        await desk.type("u")
        assert told(after_the_cut, 1) == "08:48 in"
        assert told(after_the_cut, 2) == ""


async def test_who_kept_the_paper_is_asked_first_and_needed(after_the_cut: School) -> None:
    async with driven_school(after_the_cut) as desk:
        await desk.type("P", "enter")
        assert "Nobody has the code" in desk.text
        await desk.type("Una Lowe", "enter")
        assert "kept by Una Lowe" in desk.text
        await desk.type("escape")
        assert isinstance(desk.app.screen, Today)
        await desk.type("P", "escape")
        assert isinstance(desk.app.screen, Today)


async def test_what_cannot_be_so_stands_by_its_cell_and_bars_saving(after_the_cut: School) -> None:
    async with driven_school(after_the_cut, size=(80, 24)) as desk:
        await grid_of(desk)
        await desk.type("tab", "t1175-")
        assert "is not a time" not in desk.text
        await desk.type("enter")
        assert "▲ 11:75 is not a time" in desk.text
        await desk.type("up", "right", "left", "right", "f10", "enter")
        assert "Not saved" in desk.text or "something is wrong" in desk.text
        await desk.type("escape")
        page = desk.app.screen
        assert isinstance(page, PaperPage)
        assert page.grid.cells(1) == {"Out/Back": "t1175-"}
        assert told(after_the_cut, 1) == "08:48 in"


async def test_what_is_recorded_and_typed_again_is_skipped_and_said_so(after_the_cut: School) -> None:
    async with driven_school(after_the_cut) as desk:
        await grid_of(desk)
        await desk.type("0848", "tab", "t0920-0926", "f10")
        assert "= in 08:48: recorded already" in desk.text
        assert "2 new facts for 1 student" in desk.text
        await desk.type("enter")
        assert told(after_the_cut, 1) == "08:48 in, 09:20 out toilet, 09:26 back"


async def test_a_walk_in_on_paper_is_named_and_its_reason_asked(after_the_cut: School) -> None:
    async with driven_school(after_the_cut, size=(80, 24)) as desk:
        page = await grid_of(desk)
        await desk.type("down", "down", "down", "left", "ali", "tab")
        assert "fits several students" in desk.text
        await desk.type("left", "mars", "tab")
        assert "Why did Marsh, Ellie come" in desk.text
        await desk.type("defi", "enter", "0955", "tab", "tab", "1040", "f10")
        assert page.grid.row == ("blank", 0)
        assert "Marsh, Ellie 8C" in desk.text
        assert "Defiance" not in desk.text
        await desk.type("enter")
        row = after_the_cut.row(5)
        assert (row.row.type, row.row.reason) == (PlacementType.REMOVAL, "Defiance")
        assert told(after_the_cut, 5) == "09:55 in, 10:40 left lesson"


async def test_a_walk_in_without_a_reason_is_asked_again_by_enter_on_the_name(after_the_cut: School) -> None:
    async with driven_school(after_the_cut) as desk:
        await grid_of(desk)
        await desk.type("down", "down", "down", "0955", "left", "mars", "tab", "escape")
        assert "say why they are here: Enter on the name" in desk.text
        await desk.type("left", "enter", "time out: upset", "enter", "f10", "enter")
        assert after_the_cut.row(5).row.type is PlacementType.TIME_OUT


async def test_esc_asks_before_what_is_typed_is_given_up(after_the_cut: School) -> None:
    async with driven_school(after_the_cut) as desk:
        page = await grid_of(desk)
        await desk.type("down", "down", "0855", "escape")
        assert page.grid.cells(2) == {}  # the first Esc puts back what the cell held
        await desk.type("0855", "up", "escape")
        assert "1 cell typed and not saved" in desk.text
        await desk.type("enter")
        assert page.grid.cells(2) == {"In": "0855"}
        await desk.type("escape")
        await press(desk, "ctrl+x")
        assert isinstance(desk.app.screen, Today)
        assert told(after_the_cut, 2) == ""


async def test_another_terminal_signs_a_student_in_while_the_grid_is_open(after_the_cut: School) -> None:
    async with driven_school(after_the_cut) as desk:
        page = await grid_of(desk)
        await desk.type("tab", "t1137-1144", "enter", "0901", "down", "0855", "f10")
        assert "4 new facts for 3 students" in desk.text
        after_the_cut.desk("AS2", "other").do(sign_in(2, IER, at=at("09:00")))
        await desk.type("enter")
        assert isinstance(desk.app.screen, PaperPreview)
        assert "crosses what is recorded: in 09:00 by AS2" in desk.text
        assert (told(after_the_cut, 1), told(after_the_cut, 4)) == ("08:48 in", "")
        await desk.type("escape")
        await press(desk, "delete")
        assert page.grid.cells(2) == {}
        await desk.type("f10", "enter")
        assert (told(after_the_cut, 2), told(after_the_cut, 4)) == ("09:00 in", "09:01 in")


async def test_what_is_typed_stays_when_rows_come_and_go_and_the_window_changes(after_the_cut: School) -> None:
    async with driven_school(after_the_cut, size=(80, 24)) as desk:
        page = await grid_of(desk)
        await desk.type("down", "down", "0855")
        after_the_cut.book(10, "P4 P5")
        after_the_cut.file.execute(
            "INSERT INTO retraction (fact, fact_id, reason, happened, recorded, day, seq)"
            " SELECT 'placement', id, 'x', '2026-11-23T12:30:00Z', '2026-11-23T12:30:00Z', '2026-11-23', 1"
            " FROM placement WHERE student_id = 2"
        )
        await desk.tick()
        page.tick()
        await desk.resize(120, 40)
        assert "Novak, Petra" in desk.text
        assert page.grid.cells(2) == {"In": "0855"}
        assert "is no longer on the board" in desk.text
        assert page.grid.cell == (2, "In")


async def test_a_coordinator_is_offered_the_day_and_says_why(after_the_cut: School) -> None:
    after_the_cut.book(1, days=(FRIDAY_BEFORE,))
    async with driven_school(after_the_cut, "CO1") as desk:
        await grid_of(desk)
        assert "Which day" in desk.text
        await desk.type("25 Nov", "enter")
        assert "still to come" in desk.text
        for _ in range(6):
            await desk.type("backspace")
        await desk.type("20 Nov", "enter", "power cut", "enter")
        assert "Fri 20 Nov" in desk.text
        await desk.type("0850", "tab", "tab", "d1450", "f10", "enter")
        assert told(after_the_cut, 1, FRIDAY_BEFORE) == "08:50 in, 14:50 left end of day"


async def test_an_assistant_is_not_asked_for_the_day(after_the_cut: School) -> None:
    async with driven_school(after_the_cut) as desk:
        await grid_of(desk)
        assert "Which day" not in desk.text


async def test_the_alarms_stay_on_the_top_line_over_the_grid(after_the_cut: School) -> None:
    async with driven_school(after_the_cut, size=(80, 24)) as desk:
        await grid_of(desk)
        assert "! 2 find" in desk.text.splitlines()[0]


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (132, 40)])
async def test_every_column_is_in_sight_at_every_size(after_the_cut: School, size: tuple[int, int]) -> None:
    async with driven_school(after_the_cut, size=size) as desk:
        await grid_of(desk)
        heading = desk.text.splitlines()[2]
        assert all(name in heading for name in ("Seat", "Student", "In", "Out/Back", "Left", "P1", "P5"))
        assert all(len(line) <= size[0] for line in desk.text.splitlines())


async def test_a_click_puts_the_cursor_on_a_cell(after_the_cut: School) -> None:
    async with driven_school(after_the_cut, size=(80, 24)) as desk:
        page = await grid_of(desk)
        left = desk.text.splitlines()[2].index("Left")
        await desk.pilot.click("GridView", offset=(left + 1, 3))
        assert page.grid.cell == (2, "Left")
        await desk.type("1210")
        assert page.grid.cells(2) == {"Left": "1210"}


async def test_hostile_text_in_a_cell_is_only_text(after_the_cut: School) -> None:
    after_the_cut.book(9)
    async with driven_school(after_the_cut) as desk:
        await grid_of(desk)
        await desk.type("[", "/", "[", "b", "]", "enter")
        assert "[b]Bold, [/" in desk.text
        await desk.type("f10")
        assert "[/[b] is not a time" in desk.text


async def test_cover_may_print_the_log_and_not_type_it_in(after_the_cut: School) -> None:
    async with driven_school(after_the_cut, "CV1") as desk:
        await desk.type("P")
        assert "not for the role of cover" in desk.says


async def test_p_prints_the_rooms_log_and_says_where_it_is(
    after_the_cut: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr("psc.tui.screens.printed.open_in_browser", opened.append)
    monkeypatch.setattr("psc.tui.screens.printed.no_browser_because", lambda: "")
    async with driven_school(after_the_cut, size=(80, 24)) as desk:
        await desk.type("p")
        assert isinstance(desk.app.screen, PrintedPage)
        path = sheets_folder(after_the_cut.file) / "log-IER-2026-11-23.html"
        assert str(path.name) in desk.text.replace("\n", "").replace(" ", "")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "08:48" in path.read_text(encoding="utf-8")
        assert after_the_cut.file.value("SELECT count(*) FROM ledger WHERE act = 'print_sheet'") == 1
        await desk.type("o")
        assert opened == [path]


async def test_p_prints_every_room_when_all_are_shown(after_the_cut: School) -> None:
    async with driven_school(after_the_cut) as desk:
        await desk.type("0", "p")
        assert "2 A4 pages" in desk.text


async def test_without_a_desktop_the_browser_is_not_offered(
    after_the_cut: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    async with driven_school(after_the_cut) as desk:
        await desk.type("p", "o")
        assert "you sit at another machine" in desk.text


async def test_a_full_disk_is_said_and_the_board_goes_on(
    after_the_cut: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise NoSpace("There is no space to write the sheet.", "Free some space.")

    monkeypatch.setattr("psc.prints.log.keep_sheet", full)
    async with driven_school(after_the_cut) as desk:
        await desk.type("p")
        assert "no space to write the sheet" in desk.says


# By itself


async def _ticked(desk: Driver) -> None:
    await desk.tick()
    await desk.app.workers.wait_for_complete()
    await desk.pilot.pause()


async def test_each_morning_the_logs_of_every_room_are_written_once(school: School) -> None:
    school.book(1)
    async with driven_school(school) as desk:
        await _ticked(desk)
        folder = sheets_folder(school.file)
        assert sorted(path.name for path in folder.iterdir()) == ["log-IER-2026-11-23.html", "log-PSC-2026-11-23.html"]
        assert "Reid, Callum" in (folder / "log-IER-2026-11-23.html").read_text(encoding="utf-8")
        said = desk.says
        (folder / "log-IER-2026-11-23.html").write_text("kept", encoding="utf-8")
        await _ticked(desk)
        assert (folder / "log-IER-2026-11-23.html").read_text(encoding="utf-8") == "kept"
        assert said == ""
    async with driven_school(school, "AS2") as desk:
        await _ticked(desk)
        assert (folder / "log-IER-2026-11-23.html").read_text(encoding="utf-8") == "kept"
    assert school.file.value("SELECT count(*) FROM ledger WHERE act = 'print_sheet'") == 1


async def test_after_the_last_bell_tomorrows_logs_are_there(school: School) -> None:
    set_clock(school, "15:10")
    async with driven_school(school) as desk:
        await _ticked(desk)
    names = sorted(path.name for path in sheets_folder(school.file).iterdir())
    assert names == ["log-IER-evening-before-2026-11-24.html", "log-PSC-evening-before-2026-11-24.html"]


@pytest.mark.parametrize(("clock", "code"), [("05:30", "AS1"), ("08:30", "HY8")])
async def test_nothing_is_written_in_the_night_or_by_who_may_not_print(school: School, clock: str, code: str) -> None:
    set_clock(school, clock)
    async with driven_school(school, code) as desk:
        await _ticked(desk)
    assert list(sheets_folder(school.file).iterdir()) == []


async def test_a_sheet_that_cannot_be_written_is_said_once_and_tried_again(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def full(*_: object, **__: object) -> None:
        tries.append(1)
        raise NoSpace("There is no space to write the sheet.", "Free some space.")

    monkeypatch.setattr("psc.prints.log.keep_sheet", full)
    async with driven_school(school) as desk:
        await _ticked(desk)
        assert "The paper log could not be written" in desk.says
        desk.today.say("")
        await _ticked(desk)
        assert tries == [1]
        school.clock.forward(minutes=2)
        await _ticked(desk)
        assert tries == [1, 1]
        assert desk.says == ""
        monkeypatch.undo()
        monkeypatch.setenv("XDG_DATA_HOME", str(school.path.parent / "data"))
        school.clock.forward(minutes=2)
        await _ticked(desk)
    assert len(list(sheets_folder(school.file).iterdir())) == 2
    assert school.file.value("SELECT count(*) FROM ledger WHERE act = 'print_sheet'") == 1
