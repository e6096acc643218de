"""What stands around the board: the top line, the room line, the line that speaks and asks, the key line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.clock import wall
from psc.overview.care import checks_due, doses_due, homes_to_tell
from psc.overview.cells import count_words, seats_words, top_words
from psc.roster.checks import WORDS
from psc.roster.status import Status
from psc.text import counted
from psc.tui.commands.board import COMMANDS
from psc.tui.machine import Mode
from psc.tui.prompts import Asks, Entry, Prompt
from psc.tui.widgets.bar import Item

if TYPE_CHECKING:
    from psc.school.rooms import Room
    from psc.tui.screens.today import Today


NARROW_BELOW = 70
"""The width below which the top line leaves out what everybody knows: the school."""
_MARGINS = 4
"""The bar's own margins, and a gap that keeps its two ends apart."""


def top_items(today: Today, *, short: bool) -> tuple[list[Item], list[Item]]:
    """Return the two ends of the top line: the day, and who is at the desk with what they should know."""
    end = [Item("DEMO", "alert", bold=True)] if today.desk.file.demo_moment else []
    end += alarm_items(today)
    end += _home_items(today, short=short)
    if today.desk.file.read_only:
        end.append(Item("read-only", "alarm"))
    if today.board.open_before:
        end.append(Item(f"! {today.board.open_before} open from before (O)", "alarm", press="O"))
    staff = today.staff
    width = today.app.size.width
    left = top_words(today.board, today.now, short=short, school=width >= NARROW_BELOW)
    who = f"{staff.short} · {staff.role.words}"
    beside = sum(len(item.text) + 1 for item in end) + _MARGINS
    if len(left) + beside + len(staff.short) > width:  # what is to do needs the room: everybody knows the school
        left = top_words(today.board, today.now, short=short, school=False)
    used = len(left) + beside + len(who)
    return [Item(left)], [*end, Item(who if used <= width else staff.short, press="f2")]


def alarm_items(today: Today) -> list[Item]:
    """Return what must be seen from every screen, over all rooms and without a name."""
    lost = sum(1 for one in today.board.at(today.now) if one.status is Status.FIND)
    items = [Item(f"! {lost} find", "alarm", press="count:find")] if lost else []
    if due := len(checks_due(today.board, today.now)):
        items.append(Item(f"k {due} due", "due", press="care:due"))
    if due := len(doses_due(today.board, today.now)):
        items.append(Item(f"g {due} due", "due", press="care:dose"))
    return items


def _home_items(today: Today, *, short: bool) -> list[Item]:
    """Return how many homes are still owed a word today: no alarm, and no name."""
    owed = len(homes_to_tell(today.board, today.now))
    if not owed:
        return []
    words = f"t {owed} home" if short else f"t {counted(owed, 'home')} to tell"
    only = today.state.only == "home"
    return [Item(f"[{words}]" if only else words, "quiet", press="care:home", bold=only)]


def room_items(today: Today, *, short: bool) -> list[Item]:
    """Return the room line: the room shown, its counts (each a filter), its seats, and the other rooms."""
    room, board = today.room, today.board
    shown = board.at(today.now, room.id if room else None)
    name = (room.code if short else room.name) if room else "All rooms"
    items = [Item(name, bold=True)]
    for count, cell in count_words(board, shown, short=short):
        only = today.state.only == count
        text = f"[{cell.text}]" if only else cell.text
        items.append(Item(text, cell.tone.value, press=f"count:{count}", bold=only))
    if room:
        seats = seats_words(board, room, short=short)
        items.append(Item(seats.text, seats.tone.value))
    return [*items, *(_other_room(today, one) for one in board.rooms if room is None or one.id != room.id)]


def _other_room(today: Today, room: Room) -> Item:
    """Return a room that is not shown: its seats, and an alarm when somebody there is to be found."""
    rows = today.board.at(today.now, room.id)
    lost = sum(1 for one in rows if one.status is Status.FIND)
    words = f"│ {room.code} {today.board.used.get(room.id, 0)} of {room.seats}" + (f" ! {lost}" if lost else "")
    return Item(words, "alarm" if lost else "quiet", press=f"room:{room.code}")


def empty_words(today: Today) -> str:
    """Say why the board is empty, and what to press."""
    if not today.board.rooms:
        return "No rooms yet. An administrator adds them: psc import rooms FILE."
    if today.state.rows:
        return "Nobody on the board fits. Esc shows everyone."
    if not today.board.day.is_open:
        note = f" ({today.board.day.note})" if today.board.day.note else ""
        return f"No school today{note}."
    return "Nobody is placed here today. Press a to add a student."


def says_items(today: Today) -> list[Item]:
    """Return the line that asks while something is asked, and speaks otherwise."""
    if today.prompt is not None:
        return prompt_items(today.prompt)
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
    if today.state.marked:
        items.append(Item(f"{len(today.state.marked)} marked: {today.state.names()}", "alert"))
    items += said_items(today)
    if today.state.text and not today.said[0]:
        items.append(Item(f"found “{today.state.text}” · Esc shows all", "quiet", press="escape"))
    return items


def prompt_items(prompt: Prompt) -> list[Item]:
    """Return a question with its answers, each of which can be clicked."""
    if isinstance(prompt, Entry):
        return [Item(f"{prompt.title}: {prompt.text}▏", bold=True), Item(f"{prompt.hint} · Enter, Esc", "quiet")]
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
