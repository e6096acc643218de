"""Every form and every page comes back after a lock or a hand-over: the same text, focus and cursor, and it goes on."""

from __future__ import annotations

import asyncio
import importlib
import os
import threading
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from textual.widget import Widget
from textual.widgets import Input, OptionList

from psc.clock import SetClock
from psc.database.file import open_file
from psc.desk import secrets
from psc.desk.secrets import Hidden, PinKey, reset_secret, set_pin
from psc.errors import NoSpace
from psc.flows.programmes import book_programme
from psc.incidents.actions import agree_action
from psc.incidents.evidence import keep_evidence
from psc.incidents.incidents import Account, Part, record_incident
from psc.incidents.investigations import open_investigation
from psc.incidents.notes import write_note
from psc.incidents.restrictive import write_restrictive
from psc.incidents.statements import Taken, Whose, take_statement
from psc.roster.checks import mark_check
from psc.roster.held import Holding, hold_item
from psc.roster.movements import Destination, OutReason, come_back, go_out, sign_in
from psc.roster.open_visits import close_visit
from psc.roster.placements import PlacementType
from psc.roster.raising import raise_referral
from psc.school.provisional import add_provisional
from psc.tui.machine import BoardState
from psc.tui.screens.gate import Gate
from psc.tui.widgets.lines import Lines
from tests.flows.test_programmes import wish
from tests.incidents.restrained import HELD
from tests.roster.homes import give_contacts
from tests.roster.stories import set_clock
from tests.school import FRIDAY_BEFORE, IER, School, at, make_school
from tests.tui.app import Driver, driven_school

RIGHT, PIN = "brick lantern seven", "582914"
NAMES = ("Reid", "Callum", "Okafor", "Amara", "Khan", "Bilal", "O’Brien", "Łukasz", "Marsh", "Novak")
_KEYS = {
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "=": "equals_sign",
    "+": "plus",
    ",": "comma",
    ".": "full_stop",
}


@cache
def _made() -> tuple[Hidden, PinKey]:
    return secrets.hash_passphrase(RIGHT), secrets.pin_key(RIGHT)


def a_day(folder: Path) -> School:
    """Make a day with something on every page, and a PIN for whoever needs one."""
    folder.mkdir()
    for name, content in _day().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch(mode=0o600)
        (folder / name).write_bytes(content)
    path, keys = folder / "hillside.sqlite", folder / "keys"
    return School(path, keys, open_file(path, keys=keys), SetClock(at("10:30")))


@cache
def _day() -> dict[str, bytes]:
    """Live through the day once; each test gets a copy of its files."""
    with TemporaryDirectory() as folder:
        with closing(_lived(Path(folder)).file):
            pass
        return {str(one.relative_to(folder)): one.read_bytes() for one in Path(folder).rglob("*") if one.is_file()}


def _lived(folder: Path) -> School:
    school = make_school(folder)
    school.clock.moment = at("09:00", FRIDAY_BEFORE)
    school.book(5, days=(FRIDAY_BEFORE,))
    school.desk().do(sign_in(5, IER, seat=4))
    set_clock(school, "08:52")
    for student in (1, 2, 4):
        school.book(student)
    one = school.desk()
    one.do(sign_in(1, IER, seat=2))
    one.do(sign_in(2, IER, seat=1))
    school.clock.moment = at("10:12")
    one.do(go_out(school.row(1).row.visit_id or 0, OutReason.TOILET))
    one.do(mark_check(school.placed(2, "P1"), 3))
    one.do(hold_item(2, Holding.LENT, "ruler"))
    said = Account("Fighting", "Pushed by the lockers.", place="Corridor", period="P2")
    incident = one.do(record_incident(said, [Part(1, "involved"), Part(2, "target")], at=at("09:50"))).value
    held = HELD._replace(starts=at("09:51"), ends=at("09:53"))
    one.do(write_restrictive(incident, 1, held))
    for what in ("Mediate", "Speak to the teacher"):
        one.do(agree_action(what, owner_id=1, student_id=1))
    words = Taken(("He pushed me first.", "Then I pushed him."), at("10:00"), at("10:05"))
    one.do(take_statement(1, Whose(1, role="involved"), words))
    one.do(keep_evidence(1, "CCTV", "Camera by the lockers", "Site office"))
    school.desk("CO1").do(take_statement(1, Whose(2, role="target"), words))
    school.desk("CO1").do(open_investigation("The lockers", [1]))
    school.desk("AS2").do(raise_referral(4, PlacementType.INTERNAL_EXCLUSION, "Defiance", "Tue", "Threw a chair."))
    school.desk("CO1").do(book_programme(wish(10)))
    school.desk("CO1").do(add_provisional("Reid", "Calum", 10, "10F"))
    one.do(write_note(4, "Sat on the fence."))
    give_contacts(school)
    hashed, key = _made()
    for code in ("AS1", "AS2", "CO1", "AD1", "SG1", "BL1"):
        school.desk("AD1").do(reset_secret(school.desk(code).staff().id, hashed, temporary=False))
        school.desk(code).do(set_pin(Hidden(key.salt), Hidden(key.seal(PIN))))
    return school


def may_give_pin(driver: Driver, *codes: str) -> None:
    """Let staff be such as gave their passphrase here today."""
    for code in codes:
        staff = driver.app.file().value("SELECT id FROM staff WHERE code = ?", (code,))
        driver.app.ring.keys[staff] = _made()[1]


def drawn(driver: Driver) -> str:
    """Return all that any widget of the app could draw, on whichever stack of screens it stands."""
    found: list[str] = []
    for stack in driver.app._screen_stacks.values():
        for screen in stack:
            for widget in screen.walk_children(with_self=True):
                found += [str(getattr(widget, name, "")) for name in ("value", "content", "words", "text", "tooltip")]
                found += [str(getattr(widget, name, "")) for name in ("border_title", "border_subtitle", "placeholder")]
                found.append(str(widget.render()) if isinstance(widget, Widget) else "")
    return "\n".join([*found, driver.text, driver.app.title, driver.app.sub_title, driver.app.clipboard])


class Seen(NamedTuple):
    """What somebody sees of a screen, and where the next key would go."""

    text: str
    focus: str
    selection: Any
    lists: tuple[Any, ...]
    prompt: str
    marked: frozenset[Any]


def seen(driver: Driver) -> Seen:
    """Look at the screen."""
    screen, focus = driver.app.screen, driver.app.focused
    lists = [one.highlighted for one in screen.query(OptionList)] + [one.current for one in screen.query(Lines)]
    prompt = getattr(screen, "prompt", None)
    return Seen(
        driver.text,
        f"{type(focus).__name__} {focus.id if focus else ''}",
        focus.selection if isinstance(focus, Input) else None,
        tuple(lists),
        f"{getattr(prompt, 'title', '')} {getattr(prompt, 'text', '')}",
        driver.today.state.marked,
    )


async def press(driver: Driver, keys: str) -> None:
    """Press keys: words between spaces are keys by name, and 'words in quotes are typed_'."""
    for key in keys.split():
        if key.startswith("'"):
            letters = key[1:].replace("_", " ")
            await driver.pilot.press(*("space" if one == " " else _KEYS.get(one, one) for one in letters))
        else:
            await driver.pilot.press(_KEYS.get(key, key))
    await driver.rest()


class Case(NamedTuple):
    """How to open something and go half way, the key that goes on from there, and who does it."""

    open: str
    then: str
    who: str = "AS1"


CASES = {
    "walk-in, name half typed": Case("a 'nov", "'a"),
    "walk-in, a suggestion chosen": Case("a 'ali down", "enter"),
    "walk-in, reason half typed": Case("a 'nov enter tab 'ups", "'e"),
    "walk-in, cursor moved back": Case("a 'novak left left", "'x"),
    "walk-in, a field just come to": Case("a 'nov enter enter 'defi enter", "'K"),
    "walk-in, refused": Case("a 'nov enter tab f10", "'late"),
    "walk-in, new here on top": Case("a 'ivanova enter '8", "enter"),
    "tell home": Case("/ 'reid enter t down 'n 'no_one", "'x"),
    "tell home, whom": Case("/ 'reid enter t down", "'t"),
    "confiscate": Case("down g c 'vape enter 'in_bag", "'s"),
    "confiscate, refused": Case("down g c 'vape f10", "'why"),
    "new here": Case("N 'ivanova enter 'oleg", "enter"),
    "new here, who is here already": Case("N 'ree backspace backspace 'id", "enter"),
    "keys": Case("question_mark 'se down", "down"),
    "keys, far down": Case("question_mark pagedown pagedown down down", "up"),
    "visits": Case("O enter '15", "'05", "CO1"),
    "correct a fact, asked": Case("down U t '084", "'5"),
    "correct a fact, line": Case("down U down", "x", "CO1"),
    "correct a fact, choice": Case("down U end r", "escape"),
    "another day": Case("<", "<"),
    "day end": Case("e down down", "up"),
    "day end, asked": Case("e end C backspace backspace", "'3", "CO1"),
    "day's times": Case("T", ">", "CO1"),
    "day's times, asked": Case("T T t 'P1_0850", "'-0940", "CO1"),
    "a day's preview": Case("T T c '1130 enter", "f10", "CO1"),
    "kitchen": Case("L down", "l"),
    "kitchen, asked": Case("L l", "'h"),
    "merge": Case("M down", "enter", "CO1"),
    "merge, asked": Case("M enter '10", "'0", "CO1"),
    "paper, keeper half typed": Case("P 'a", "'s2"),
    "paper, a cell half typed": Case("P 'as2 enter down '085", "'5"),
    "paper, a cell just left": Case("P 'as2 enter '0841 down '09 tab", "'t1020-"),
    "paper, wrong": Case("P 'as2 enter '2561 down", "up"),
    "paper, asked to leave": Case("P 'as2 enter '0841 down escape", "enter"),
    "paper, looked at": Case("P 'as2 enter down down '0855 f10", "escape"),
    "printed": Case("p", "escape"),
    "an export under review": Case("6 'reid enter X r k", "space", "BL1"),
    "an export, other words": Case("6 'reid enter X + 'Na", "'n", "BL1"),
    "a sheet for parents, asked": Case("6 'reid enter p 'Ring_on_Fri", "'days", "BL1"),
    "a report for a meeting, asked": Case("6 'reid enter m '14_Oct enter '20", "'_Nov", "BL1"),
    "referral, reason half typed": Case("down r 'tomorrow enter 'de", "'f"),
    "referral, facts half typed": Case("down r 'tomorrow enter enter tab tab tab tab 'Threw_a_ch", "'air"),
    "referral, student half typed": Case("r shift+tab shift+tab shift+tab backspace 'nov", "enter"),
    "incident, when asked": Case("down x", "5"),
    "incident, category half typed": Case("down x enter 'fi", "'gh"),
    "incident, told half way": Case("down x 5 'figh enter 'Threw_a_ch", "'air"),
    "incident, switches": Case("down x enter 'figh enter 'Threw_it tab 3 i", "s"),
    "incident, a second student": Case("down x enter 'figh enter 'Threw_it tab p 'khan enter t 'nov", "enter"),
    "incident, witnesses": Case("down x enter 'figh enter 'Threw_it tab w down", "w"),
    "incident, what it was asked": Case("down x enter 'figh enter 'Threw_it tab f e b 'Words", "'_fell"),
    "incident, refused": Case("down x enter 'figh enter f10", "'Threw_it"),
    "incidents": Case("5 down", "d"),
    "incidents, who or what": Case("5 n 'figh", "'t"),
    "an incident": Case("5 enter down down", "down"),
    "an incident, added to half way": Case("5 enter + 'They_made", "'_up"),
    "an incident, amended half way": Case("5 enter e 'And", "'_then"),
    "an incident, who else half way": Case("5 enter p 'khan enter w 'nov", "enter"),
    "an incident, the lead told": Case("5 enter l 'A._Fi", "'nch"),
    "force, a record": Case("5 enter f down down", "down"),
    "force, told half way": Case("5 enter f t t 'no_answer", "'x"),
    "force, begun half way": Case("5 enter down f r tab '0955 enter enter 'KB enter 'Names", "'_again"),
    "force, refused": Case("5 enter down f r f10", "'0955"),
    "force, corrected half way": Case("5 enter f e tab '0955 tab tab tab 'And", "'_then"),
    "force, reviewed half way": Case("5 enter f r 'Read_with", "'_both", "CO1"),
    "force, withheld half way": Case("5 enter f w enter 'Ha", "'rm", "CO1"),
    "force, counted": Case("F", "down", "CO1"),
    "a statement, whose half typed": Case("5 enter s 're", "'id"),
    "a statement, on its second page": Case(
        "5 enter s 'Hale enter enter enter enter enter enter enter enter enter 'I_saw_it f8 'Nothing_el", "f7"
    ),
    "a statement, refused": Case("5 enter s f10", "'Hale"),
    "a statement, read": Case("5 enter pagedown down down down down enter down", "down"),
    "a statement, amended half way": Case("5 enter pagedown down down down down enter e 'He_ran", "'_off"),
    "evidence, half typed": Case("5 enter v enter 'Camera_fo", "'ur"),
    "investigations": Case("I", "o", "CO1"),
    "an investigation": Case("I enter down down down", "s", "CO1"),
    "an investigation, an event half told": Case("I enter a '0930 tab 'They_me", "'t", "CO1"),
    "two statements, side by side": Case("I enter down down down down down enter =", "down", "CO1"),
    "an incident, to be done half way": Case("5 enter j 'Ring_home enter 'k", "'b"),
    "what is owed": Case("J down", "m"),
    "what is owed, only mine": Case("J m down", "escape"),
    "what is owed, done with a note": Case("J n 'They_shook_ha", "'nds"),
    "what is owed, half typed": Case("J j 'Order_pens enter 'A", "'S1", "CO1"),
    "import": Case("9 left down enter", "enter", "AD1"),
    "import, its file half typed": Case("9 left down enter down enter '/tmp/beh", "'a", "AD1"),
    "referral, refused": Case("down r 'someday f10", "'s"),
    "what waits": Case("Q down", "up", "CO1"),
    "what waits, declined because": Case("Q d 'not_yet", "'x", "CO1"),
    "what waits, changed": Case("Q c tab 'Truancy", "'x", "CO1"),
    "what waits, all of this term": Case("Q f", "f", "CO1"),
    "a referral opened": Case("Q enter down", "down", "CO1"),
    "programmes": Case("G down", "s", "CO1"),
    "a programme": Case("G enter", "c", "CO1"),
    "a programme, half typed": Case("G a 'khan enter tab tab 'calm tab tab 'Tue_P1 tab tab '11_Dec", "ctrl+o", "CO1"),
    "a programme, a change half typed": Case("G c 'Wed_P1 tab tab '9_De", "'c", "CO1"),
    "a programme, a stage noted": Case("G s d 'all_of_us", "'_came", "CO1"),
    "register": Case("R down", "down"),
    "roll": Case("E down", "down"),
    "roll, under way": Case("E d down", "space"),
    "rota": Case("D right", "right"),
    "rota, a day half typed": Case("D enter '8.30-9_IER", "enter", "CO1"),
    "week, cells picked": Case("2 right space space", "space", "CO1"),
    "week, a name": Case("2 tab down", "down", "CO1"),
    "week, the term": Case("2 v down right", "space", "CO1"),
    "week, cancelling half typed": Case("2 tab x 'wh", "'y", "CO1"),
    "week, not served": Case("2 c", "enter", "CO1"),
    "booking, name half typed": Case("2 right space b 'nov", "enter", "CO1"),
    "booking, days half typed": Case("2 b 'nov enter enter enter 'def enter 'three_days", "'_from_wed", "CO1"),
    "new year": Case("escape f4 down", "enter", "AD1"),
    "new year, asked": Case("escape f4 enter '1_Sep", "'_2027", "AD1"),
    "work": Case("3 down right", "plus"),
    "work, marked": Case("3 plus", "escape"),
    "work, a link half typed": Case("3 down enter enter 'l 'vle.exam", "'p"),
    "work, the week": Case("3 m down", "enter"),
    "work, what came": Case("3 down e tab 'in_tr", "'a"),
    "work, owed": Case("3 c down", "d"),
    "work, a message": Case("3 c y", "f"),
    "work, a student’s": Case("down w down", "up"),
    "packs": Case("3 k", "a", "CO1"),
    "note, half typed": Case("down n h 'y 'Saw_her_sister_at_ho", "'me"),
    "note, amended, half typed": Case("ctrl+f 'fence enter e 'Not_", "'so"),
    "a student, the story narrowed by typing": Case("6 'reid enter slash 'ie", "'r", "CO1"),
    "a student, the story narrowed to a kind": Case("6 'reid enter 4 down", "0", "CO1"),
    "a student, an entry of the story": Case("6 'reid enter 4 enter", "escape", "CO1"),
    "a student, alerts, one half typed": Case("6 'reid enter ! a enter 'Sit_near_the_d", "'oor", "SG1"),
    "a student, alerts, ended because": Case("6 'reid enter ! e 'No_longer_so", "'_now", "SG1"),
    "search": Case("ctrl+f 'fen down", "enter", "CO1"),
    "the board, marked": Case("space down", "space"),
    "the board, filtering": Case("/ 're", "'id"),
    "the board, marking checks": Case("c down", "'2"),
    "the board, asked": Case("@ '084", "'9"),
}  # fmt: skip


SIZES = ((80, 24), (132, 40))


def _chosen() -> list[str]:
    """Return each form and page as it has just been begun and as far on as it goes; `make safety` takes all between."""
    if "PSC_STATES" in os.environ:
        return list(CASES)
    forms: dict[str, list[str]] = {}
    for name in CASES:
        forms.setdefault(name.partition(",")[0], []).append(name)
    return [name for states in forms.values() for name in dict.fromkeys((states[0], states[-1]))]


def _together() -> list[tuple[tuple[int, int], list[str]]]:
    """Return the cases in the order in which they are gone through: some of one person's in one psc, at one size."""
    chosen = _chosen()
    people = dict.fromkeys(CASES[name].who for name in chosen)
    found = []
    for who in people:
        names = [name for name in chosen if CASES[name].who == who]
        found += [names[start : start + 6] for start in range(0, len(names), 6)]
    return [(SIZES[n % 2], names) for n, names in enumerate(found)]


@pytest.mark.parametrize(("size", "names"), _together(), ids=lambda one: one[0] if isinstance(one[0], str) else None)
async def test_it_comes_back_as_it_stood_and_goes_on(tmp_path: Path, size: tuple[int, int], names: list[str]) -> None:
    who = CASES[names[0]].who
    expected: list[tuple[Seen, Seen]] = []
    async with driven_school(a_day(tmp_path / "never left"), who, size=size) as driver:
        for name in names:
            await begin_anew(driver)
            await press(driver, CASES[name].open)
            before = seen(driver)
            await press(driver, CASES[name].then)
            expected.append((before, seen(driver)))
    async with driven_school(a_day(tmp_path / "left"), who, size=size) as driver:
        may_give_pin(driver, who, "AS2")
        for name, (before, after) in zip(names, expected, strict=True):
            await begin_anew(driver)
            await press(driver, CASES[name].open)
            assert seen(driver) == before, name
            stack = [type(one) for one in driver.app.screen_stack]
            typed = [one[1:].replace("_", " ") for one in CASES[name].open.split() if one[0] == "'" and len(one) > 3]

            await driver.type("f12")
            assert nothing_of(driver, (*NAMES, *typed)), name
            await driver.answer(PIN)
            assert [type(one) for one in driver.app.screen_stack] == stack, name
            await stands(driver, before, name)

            if list(CASES).index(name) % 3 == 0:  # both ways of leaving put screens aside alike
                await driver.type("f2")
                await driver.answer("AS2")
                await driver.answer(PIN)
                assert "O. Berg" in driver.text
                await driver.type("f2")
                assert nothing_of(driver, (*NAMES, *typed)), name
                await driver.answer(who)
                await driver.answer(PIN)
                await stands(driver, before, name)

            await press(driver, CASES[name].then)
            await stands(driver, after, name)


async def begin_anew(driver: Driver) -> None:
    """Go back to the board as it was when psc had just started, with nothing left of a form."""
    today = driver.today
    today.close_all()
    today.ask(None)
    today.say("")
    today.state = BoardState().with_rows(today.rows()).at(0)
    driver.app.file().execute("DELETE FROM draft")
    await driver.rest()


async def stands(driver: Driver, wanted: Seen, name: str) -> None:
    """Hold the screen against what was seen, once it is drawn; line by line first, so a difference can be read."""
    for _ in range(20):
        if (found := seen(driver)) == wanted:
            return
        await driver.pilot.pause(0.02)
    assert [
        pair for pair in zip(found.text.splitlines(), wanted.text.splitlines(), strict=True) if pair[0] != pair[1]
    ] == [], name
    assert found == wanted, name


def nothing_of(driver: Driver, words: tuple[str, ...]) -> bool:
    """Say that the gate stands there, and nothing of these words is in any widget."""
    everything = drawn(driver)
    assert isinstance(driver.app.screen, Gate)
    assert [one for one in words if one in everything] == []
    return True


async def locked(driver: Driver, who: str = "AS1") -> None:
    """Lock the screen, with a PIN that opens it again."""
    may_give_pin(driver, who)
    await driver.type("f12")


async def opened(driver: Driver) -> None:
    """Open it again, and let what waits be done."""
    await driver.answer(PIN)
    await driver.app.workers.wait_for_complete()
    await driver.rest()


@pytest.mark.parametrize("name", ["walk-in, a suggestion chosen", "keys, far down", "paper, wrong", "the board, asked"])
async def test_a_terminal_made_smaller_meanwhile_shows_it_at_its_size(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    async with driven_school(a_day(tmp_path / "day"), case.who, size=(132, 40)) as driver:
        await press(driver, case.open)
        before = seen(driver)
        await driver.resize(80, 24)
        expected = seen(driver)
        await driver.resize(132, 40)
        assert seen(driver) == before
        await locked(driver)
        await driver.resize(80, 24)
        await opened(driver)
        after = seen(driver)
        assert (after.focus, after.selection, after.lists) == (expected.focus, expected.selection, expected.lists)
        assert after.text.splitlines()[:3] == expected.text.splitlines()[:3]


async def test_what_another_terminal_did_meanwhile_stands_there(tmp_path: Path) -> None:
    school = a_day(tmp_path / "day")
    async with driven_school(school) as driver:
        await press(driver, "down U down")
        await locked(driver)
        school.desk("AS2", "other").do(come_back(school.row(1).row.visit_id or 0))
        await opened(driver)
        assert "back" in driver.text
        await press(driver, "escape")
        assert driver.row("Reid").status.value == "in"


async def test_the_last_open_visit_closed_meanwhile_is_said(tmp_path: Path) -> None:
    school = a_day(tmp_path / "day")
    async with driven_school(school, "CO1") as driver:
        await press(driver, "O enter '15")
        await locked(driver, "CO1")
        visit = school.file.value("SELECT id FROM visit WHERE student_id = 5")
        late = at("15:05", FRIDAY_BEFORE)
        school.desk("BL1", "other").do(close_visit(visit, late, Destination.END_OF_DAY, "forgotten"))
        await opened(driver)
        assert "closed by now" in driver.text
        await press(driver, "enter enter enter")
        assert driver.app.is_running


async def test_a_role_taken_away_meanwhile_is_said_on_the_page(tmp_path: Path) -> None:
    school = a_day(tmp_path / "day")
    async with driven_school(school, "CO1") as driver:
        await press(driver, "M")
        await locked(driver, "CO1")
        school.file.execute("UPDATE staff SET role = 'admin' WHERE code = 'CO1'")
        await opened(driver)
        await driver.pilot.pause(1.1)
        assert driver.app.is_running


def held_up(monkeypatch: pytest.MonkeyPatch, name: str) -> threading.Event:
    """Let a function wait, in the thread it runs in, until it is told to go on."""
    go = threading.Event()
    module, _, function = name.rpartition(".")
    real = getattr(importlib.import_module(module), function)

    def waits(*args: Any, **kwargs: Any) -> Any:
        go.wait(10)
        return real(*args, **kwargs)

    monkeypatch.setattr(name, waits)
    return go


async def test_a_year_that_is_started_meanwhile_says_so_on_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = held_up(monkeypatch, "psc.tui.screens.year.start_new_year")
    async with driven_school(in_september(tmp_path / "day"), "AD1") as driver:
        await press(driver, "escape f4 down down enter f f10 s")
        assert "making a backup" in driver.text
        await locked(driver, "AD1")
        go.set()
        await driver.app.workers.wait_for_complete()
        await driver.rest()
        assert nothing_of(driver, NAMES)
        await opened(driver)
        assert "is started" in driver.text


def in_september(folder: Path) -> School:
    """Make the day on which the new year can be started."""
    school = a_day(folder)
    school.clock.moment = datetime(2027, 9, 1, 8, 0, tzinfo=UTC)
    return school


async def test_a_year_that_could_not_be_started_says_why_on_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: Any, **__: Any) -> None:
        raise NoSpace("The disk is full.")

    monkeypatch.setattr("psc.tui.screens.year.start_new_year", refuses)
    go = held_up(monkeypatch, "psc.tui.screens.year.start_new_year")
    async with driven_school(in_september(tmp_path / "day"), "AD1") as driver:
        await press(driver, "escape f4 down down enter f f10 s")
        await locked(driver, "AD1")
        go.set()
        await opened(driver)
        assert "The disk is full." in driver.text


async def test_an_act_that_waited_for_another_terminal_is_done_while_nobody_is_there(tmp_path: Path) -> None:
    school = a_day(tmp_path / "day")
    async with driven_school(school) as driver:
        await driver.type("/", "khan", "enter")
        other = school.another()
        other.conn.execute("BEGIN IMMEDIATE")
        await driver.type("i")
        assert driver.today.saving
        await asyncio.to_thread(lambda: None)
        may_give_pin(driver, "AS1")
        driver.app.file().execute("PRAGMA busy_timeout = 5")
        await driver.type("f12")
        other.conn.execute("ROLLBACK")
        await driver.app.workers.wait_for_complete()
        await driver.rest()
        assert nothing_of(driver, NAMES)
        await opened(driver)
        assert "Khan, Bilal signed in" in driver.says
        assert not driver.today.saving
        other.close()


async def test_a_session_that_ended_meanwhile_hears_nothing_of_its_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = held_up(monkeypatch, "psc.tui.screens.year.start_new_year")
    async with driven_school(in_september(tmp_path / "day"), "AD1") as driver:
        await press(driver, "escape f4 down down enter f f10 s")
        await locked(driver, "AD1")
        driver.app.end(driver.app.sessions["AD1"], "midnight")
        await driver.rest()
        go.set()
        await asyncio.sleep(0.3)
        await driver.rest()
        assert driver.app.is_running
        assert nothing_of(driver, NAMES)


async def test_morning_sheets_that_fail_meanwhile_are_said_on_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise NoSpace("The disk is full.")

    monkeypatch.setattr("psc.prints.log.keep_logs", fails)
    go = held_up(monkeypatch, "psc.prints.log.are_kept")
    async with driven_school(a_day(tmp_path / "day")) as driver:
        await driver.tick()
        await locked(driver)
        go.set()
        await opened(driver)
        assert "The paper log could not be written" in driver.says
