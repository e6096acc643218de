"""What stands around the board: the top line, the room line, the line that speaks and asks, the key line."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.cells import cell_len

from psc.clock import wall
from psc.desk.people import Role
from psc.desk.permissions import may
from psc.overview.care import checks_due, doses_due, homes_to_tell
from psc.overview.cells import count_words, duty_forms, seats_words, top_words
from psc.overview.period_end import just_ended
from psc.roster.checks import WORDS
from psc.roster.status import Status
from psc.text import counted, shown
from psc.tui.commands.board import BY_KEY, COMMANDS
from psc.tui.machine import Mode
from psc.tui.prompts import Asks, Entry, Prompt
from psc.tui.widgets.bar import Item

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.overview.board import Board
    from psc.school.rooms import Room
    from psc.tui.screens.today import Today


LOW_BELOW = 20
"""The height below which the line of screens gives its place to a student."""
NARROW_BELOW = 70
"""The width below which the top line leaves out what everybody knows: the school."""
_SENTENCE = re.compile(r"(?<=[a-z0-9][.!?]) (?=[A-Z“])")
_PIECE = re.compile(r"(?<=[,;]) (?=\d)")
_MARGINS = 4
"""The bar's own margins, and a gap that keeps its two ends apart."""


def top_items(today: Today, *, short: bool) -> tuple[list[Item], list[Item]]:
    """Return the two ends of the top line: the day, and who is at the desk with what they should know."""
    end = [Item("DEMO", "alert", bold=True)] if today.desk.file.demo_moment else []
    end += alarm_items(today)
    end += _home_items(today, short=short)
    if today.desk.file.read_only:
        end.append(Item("read-only", "alarm"))
    end += _waiting_items(today, short=short)
    staff = today.staff
    width = today.app.size.width
    left = top_words(today.board, today.now, short=short, school=width >= NARROW_BELOW)
    who = f"{staff.short} · {staff.role.words}"
    # What is to do needs the room: everybody knows the school, then the year and the times of the bells, then the date.
    for words in (short, True):
        if len(left) + _wide_end(end) + len(staff.short) > width:
            left = top_words(today.board, today.now, short=words, school=False)
    while len(left) + _wide_end(end) + len(staff.short) > width and " · " in left:
        left = left.partition(" · ")[2]
    while len(left) + _wide_end(end) + len(staff.short) > width and any(item.tone == "quiet" for item in end):
        end.remove(next(item for item in end if item.tone == "quiet"))
    if len(left) + _wide_end(end) + len(staff.short) > width:
        left = left.partition(",")[0]
    used = len(left) + _wide_end(end) + len(who)
    return [Item(left)], [*end, Item(who if used <= width else staff.short, press="f2")]


def _wide_end(end: Sequence[Item]) -> int:
    """Return the cells that the right end of the top line takes, without who is at the desk."""
    return sum(len(item.text) + 1 for item in end) + _MARGINS


TABS = (("2", "see_week"), ("3", "see_work"), ("5", "see_incidents"), ("6", "find_student"), ("9", "see_settings"))
"""The screens beside the board, each by its key, with the read it needs. The board itself is 1."""


def tab_items(today: Today, current: str = "1") -> list[Item]:
    """Return the screens that the person at the desk may open, each by its key; the one they are on in brackets."""
    shown_tabs = [
        ("1", "Today"),
        *((key, BY_KEY[key].title) for key, act in TABS if key in BY_KEY and may(act, today.staff)),
    ]
    return [
        Item(f"[{key} {words}]" if key == current else f"{key} {words}", "plain" if key == current else "quiet",
             press=key, bold=key == current)
        for key, words in shown_tabs
    ]  # fmt: skip


def tab_keys(today: Today) -> frozenset[str]:
    """Return the keys of the screens that the person at the desk may open."""
    return frozenset(item.press for item in tab_items(today))


def alarm_items(today: Today) -> list[Item]:
    """Return what must be seen from every screen, over all rooms and without a name."""
    return [
        Item(words, "alarm" if words.startswith("!") else "due", bold=True, press=press)
        for press, words in alarms(today.everybody or today.board, today.now).items()
    ]


def alarms(board: Board, now: datetime) -> dict[str, str]:
    """Return the alarms of all rooms in words that name nobody, by the key that leads to each."""
    made = {}
    if board.evacuation and board.evacuation.ended is None:
        made["E"] = f"! EVACUATION {wall(board.evacuation.started, board.zone)} (E)"
    lost = sum(1 for one in board.at(now) if one.status is Status.FIND)
    if lost:
        made["count:find"] = f"! {lost} find"
    if due := len(checks_due(board, now)):
        made["care:due"] = f"k {due} due"
    if due := len(doses_due(board, now)):
        made["care:dose"] = f"g {due} due"
    return made


def _home_items(today: Today, *, short: bool) -> list[Item]:
    """Return how many homes are still owed a word today: no alarm, and no name."""
    owed = len(homes_to_tell(today.board, today.now))
    if not owed:
        return []
    words = f"t {owed} home" if short else f"t {counted(owed, 'home')} to tell"
    only = today.state.only == "home"
    return [Item(f"[{words}]" if only else words, "quiet", press="care:home", bold=only)]


def _waiting_items(today: Today, *, short: bool) -> list[Item]:
    """Return what waits for a decision, each with the key that leads to it."""
    items = []
    if before := today.board.open_before:
        items.append(Item(f"! {before} open from before (O)", "alarm", press="O"))
    if stranded := today.board.stranded:
        items.append(Item(f"{stranded} to decide (T)", "quiet", press="T"))
    if waiting := today.board.referrals:
        words = f"{waiting}" if short else counted(waiting, "referral")
        items.append(Item(f"{words} {'waits' if waiting == 1 else 'wait'} (Q)", "quiet", press="Q"))
    if late := today.programmes_overdue:
        words = f"{late}" if short else counted(late, "programme")
        items.append(Item(f"{words} overdue (G)", "quiet", press="G"))
    if undone := today.actions_overdue:
        words = f"{undone}" if short else counted(undone, "action")
        items.append(Item(f"{words} overdue (J)", "quiet", press="J"))
    return items


def room_items(today: Today, *, short: bool) -> list[Item]:
    """Return the room line: the room shown, its counts (each a filter), its seats, and the other rooms."""
    room, board = today.room, today.board
    rows = board.at(today.now, room.id if room else None)
    name = (room.code if short else room.name) if room else "All rooms"
    items = [Item(name, bold=True)]
    for count, cell in count_words(board, rows, short=short):
        only = today.state.only == count
        text = f"[{cell.text}]" if only else cell.text
        items.append(Item(text, cell.tone.value, press=f"count:{count}", bold=only))
    if room:
        seats = seats_words(board, room, short=short)
        items.append(Item(seats.text, seats.tone.value))
    return [*items, *(_other_room(today, one) for one in board.rooms if room is None or one.id != room.id)]


def with_duty(today: Today, rooms: list[Item], says: list[Item]) -> tuple[list[Item], list[Item]]:
    """Return the room line with who is on duty, and what stands at the end of the line that speaks.

    The longest words that fit into the room line stand there, before the other rooms; where none do, the line below the
    board has them, as long as it asks nothing and leaves room.
    """
    if today.room is None:
        return rooms, []
    key = "d" if may("confirm_duty", today.staff) else ""
    forms = duty_forms(today.board, today.room, today.now, key=key)
    items = [Item(cell.text, cell.tone.value, press=key) for cell in forms]
    width = today.app.size.width - 2
    used = _wide(rooms)
    for item in items:
        if used + _wide([item]) <= width:
            place = next((number for number, one in enumerate(rooms) if one.press.startswith("room:")), len(rooms))
            return [*rooms[:place], item, *rooms[place:]], []
    if today.prompt is None and today.state.mode is Mode.LIST:
        return rooms, [next((item for item in items if _wide(says) + _wide([item]) <= width), Item(""))]
    return rooms, []


def _wide(items: Sequence[Item]) -> int:
    """Return the cells that items take on a bar, each with the gap after it."""
    return sum(cell_len(shown(item.text)) + 2 for item in items)


def _other_room(today: Today, room: Room) -> Item:
    """Return a room that is not shown: its seats, and an alarm when somebody there is to be found."""
    rows = today.board.at(today.now, room.id)
    lost = sum(1 for one in rows if one.status is Status.FIND)
    words = f"│ {room.code} {today.board.used.get(room.id, 0)} of {room.seats}" + (f" ! {lost}" if lost else "")
    return Item(words, "alarm" if lost else "quiet", press=f"room:{room.code}")


def empty_words(today: Today) -> str:
    """Say why the board is empty, and what to press."""
    if not may("see_roster", today.staff):
        return f"The rooms are not for the role of {today.staff.role.words}. ? lists what is."
    if not today.board.rooms:
        return "No rooms yet. An administrator adds them: psc import rooms FILE."
    if today.state.rows:
        return "Nobody on the board fits. Esc shows everyone."
    if not today.board.day.is_open:
        note = f" ({today.board.day.note})" if today.board.day.note else ""
        after = today.board.next_day
        return f"No school today{note}." + (
            f" The next school day is {after:%A} {after.day} {after:%B}." if after else ""
        )
    nobody = "Nobody of your years" if today.staff.role is Role.HEAD_OF_YEAR else "Nobody"
    add = " Press a to add a student." if may("walk_in", today.staff) else ""
    return f"{nobody} is placed here today.{add}"


def says_items(today: Today) -> list[Item]:
    """Return the line that asks while something is asked, and speaks otherwise."""
    items, veil = _says(today), today.veil
    return items if veil is None else [replace(item, text=veil.over(item.text)) for item in items]


def _says(today: Today) -> list[Item]:
    prompt = today.prompt
    if prompt is not None:
        if today.veil and isinstance(prompt, Entry):
            prompt = replace(prompt, text=today.veil.over_typed(prompt.text))
        return prompt_items(prompt)
    if today.state.mode is Mode.FILTER:
        found = counted(len(today.state.shown), "student")
        return [Item(f"Find: {today.state.text}▏", bold=True), Item(f"{found} · Enter, Esc", "quiet")]
    if today.state.mode is Mode.MARKING:
        marks = [Item(f"{mark} {word}", press=str(mark), key=1) for mark, word in enumerate(WORDS)]
        hint = Item("Enter next · ← → period · Esc", "quiet", press="escape")
        return [Item(f"Check {today.state.period}:", bold=True), *marks, hint, *said_items(today)]
    return _quiet_items(today)


def _quiet_items(today: Today) -> list[Item]:
    """Return what the line says when nothing is asked: a time kept, who is marked, what was done."""
    items = []
    if today.kept_time:
        items.append(Item(f"at {wall(today.kept_time, today.board.zone)}", "out", bold=True))
    if today.kept_told:
        items.append(Item(f"told by {today.kept_told}", "out", bold=True))
    if today.state.marked:
        items.append(Item(f"{len(today.state.marked)} marked: {today.state.names()}", "alert"))
    items += said_items(today)
    items += _bell_items(today)
    if today.names_hidden and not today.said[0]:
        items.append(Item("names are hidden · F9 shows them", "quiet", press="f9"))
    if today.state.text and not today.said[0]:
        found = "found" if today.state.shown else "nobody on the board fits"
        items.append(Item(f"{found} “{today.state.text}” · Esc shows all", "quiet", press="escape"))
        if not today.state.shown and may("add_provisional", today.staff):
            items.append(Item("N new here", press="N", key=1))
    return items


def _bell_items(today: Today) -> list[Item]:
    """Return what the period that has just ended leaves to do here, and the key that leads through it."""
    ended = just_ended(today.board, today.now, today.room.id if today.room else None)
    if ended is None or (today.said[1] != "quiet" and today.said[0]) or not may("mark_check", today.staff):
        return []
    to_do = ended.checks or ended.works
    return [
        Item(ended.words(today.now), "due" if to_do or ended.due_out else "quiet"),
        *([Item("z end of the period", press="z", key=1)] if to_do else []),
    ]


def prompt_items(prompt: Prompt) -> list[Item]:
    """Return a question with its answers, each of which can be clicked."""
    if isinstance(prompt, Entry):
        # An item each piece of a list and each sentence of a hint, so that what is long goes on in the next line.
        typed = _PIECE.split(f"{prompt.title.rstrip('.')}: {prompt.text}▏")
        hint = _SENTENCE.split(f"{prompt.hint} · Enter, Esc")
        return [*(Item(one, bold=True) for one in typed), *(Item(one, "quiet") for one in hint)]
    answers = [
        Item(
            f"{one.letter} {one.words}",
            press=one.letter.lower() if len(one.letter) > 1 else one.letter,
            key=len(one.letter),
        )
        for one in prompt.options
        if one.words
    ]
    note = [Item(prompt.note, "quiet")] if prompt.note else []
    return [Item(f"{prompt.title}:", bold=True), *answers, *note, Item("Esc", "quiet", press="escape")]


def said_items(asks: Asks) -> list[Item]:
    """Return what was said last."""
    words, tone = asks.said
    return [Item(words, tone)] if words else []


def key_items(today: Today) -> list[Item]:
    """Return the key line: the commands of the door, those that cannot be used now in a quiet colour."""
    items = []
    for command in COMMANDS:
        if command.footer:
            usable = not command.why_not(today)
            words = f"{command.letter} {command.footer}"
            items.append(Item(words, "plain" if usable else "quiet", press=command.key, key=int(usable)))
    return items
