"""What keys mean while the board asks something, is being filtered, or is having its checks marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psc.roster.checks import WORDS, mark_check
from psc.tui.machine import Mode
from psc.tui.prompts import Asks, Entry

if TYPE_CHECKING:
    from psc.overview.board import Placed
    from psc.tui.screens.today import Today


def handle_prompt(today: Asks, key: str, character: str | None) -> None:
    """Answer the question that stands under the board, or under a page."""
    prompt = today.prompt
    if prompt is None:
        return
    if key == "escape":
        today.prompt = None
        today.say("")
    elif isinstance(prompt, Entry):
        if key == "enter":
            today.prompt = None
            prompt.then(prompt.text.strip())
            today.paint()
        elif key == "backspace":
            today.ask(prompt.rubbed_out())
        elif character and character.isprintable():
            today.ask(prompt.typed(character))
    elif option := prompt.answer("Enter" if key == "enter" else character or ""):
        today.prompt = None
        prompt.then(option.value)
        today.paint()
    elif prompt.passing:
        today.prompt = None
        today.press(key, character)


def handle_typing(today: Today, key: str, character: str | None) -> None:
    """Filter the board by what is typed. Enter or an arrow keeps what was found; Esc shows all again."""
    state = today.state
    if key == "escape":
        today.set_state(state.filtered("").entering(Mode.LIST))
    elif key in ("enter", "down", "up"):
        # One student found is the one meant: the board shows everybody again with the cursor on them.
        found = state.shown
        kept = state.filtered("") if len(found) == 1 else state
        today.set_state(replace(kept, cursor=state.cursor).entering(Mode.LIST))
    elif key == "backspace":
        today.set_state(state.filtered(state.text[:-1]))
    elif character and character.isprintable():
        today.set_state(state.filtered(state.text + character))


def handle_marking(today: Today, key: str) -> None:
    """Mark checks down the column."""
    state = today.state
    if key == "escape":
        today.enter(Mode.LIST)
    elif key in ("enter", "down"):
        _next(today, 1)
    elif key == "up":
        _next(today, -1)
    elif key in ("left", "right"):
        _other_period(today, 1 if key == "right" else -1)
    elif key.isdecimal() and int(key) < len(WORDS):
        _mark(today, int(key))
    elif key == "u":
        today.enter(Mode.LIST)
        today.press("u")
    elif key in ("space", "asterisk"):
        today.set_state(state.toggled() if key == "space" else state.all_in_marked())


def _placed(today: Today, row: object) -> Placed | None:
    """Return the row's placed period that is being marked."""
    placed = () if getattr(row, "hidden", False) else getattr(row, "placed", ())
    return next((one for one in placed if one.period.name == today.state.period), None)


def _mark(today: Today, mark: int) -> None:
    """Give the mark to the marked rows, or to the one under the cursor."""
    rows = tuple(one for one in today.state.targets() if _placed(today, one.row))
    if not rows:
        today.refuse(f"Not placed for {today.state.period}.")
        return
    ids = [placed.id for one in rows if (placed := _placed(today, one.row))]
    at = today.take_time()
    calls = [mark_check(one, mark, at=at) for one in ids]
    today.do(rows, lambda _: calls, f"{today.state.period} {mark} {WORDS[mark]}", at=at)


def _next(today: Today, by: int) -> None:
    """Go to the next row that is placed for the period; past the last one, marking is done."""
    shown = today.state.shown
    place = today.state.index + by
    while 0 <= place < len(shown):
        if _placed(today, shown[place].row):
            today.set_state(today.state.at(place))
            return
        place += by
    if by > 0:
        period = today.state.period
        today.enter(Mode.LIST)
        today.say(f"end of the column {period}")


def _other_period(today: Today, by: int) -> None:
    """Mark another period's column: one that has begun."""
    names: list[str] = []
    for one in today.state.rows:
        for period in one.row.periods:
            if period.is_lesson and period.start <= today.now and period.name not in names:
                names.append(period.name)
    place = names.index(today.state.period) + by if today.state.period in names else 0
    if 0 <= place < len(names):
        today.set_state(replace(today.state, period=names[place]))
