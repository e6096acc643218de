"""The paper log: a room's day on one A4 page, for when the screen is dark or the pen is quicker.

It carries what is recorded already, and room to write the rest. No reason, alert or type stands on it: it lies on a
desk where students stand.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from psc.overview.cells import cut
from psc.overview.log import make_log, read_told_home
from psc.prints.keep import PART, keep_sheet, part_of, room_part, sheets_folder
from psc.prints.page import page, paragraph, text
from psc.roster.checks import WORDS
from psc.roster.letters import EVACUATION_LETTER, HOME_LETTER, LEFT_LETTERS, OUT_LETTERS
from psc.roster.movements import OutReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from psc.database.file import File
    from psc.overview.board import Board
    from psc.overview.log import Log, LogRow
    from psc.school.rooms import Room

_WIDTHS = {"Seat": 10, "Student": 48, "Form": 12, "Until": 23, "In": 15, "Out – back": 0, "Left": 19, "Home told": 20}
"""Millimetres of each column of the page; what is over is the Out – back column's."""
_CHECK_WIDTH = 8
_TALLEST, _LOWEST = 9.0, 4.5
_ROOM_FOR_ROWS = 130.0
"""Millimetres that an A4 page on its side leaves for rows, under the heading and over the small print."""

_STYLE = """<style>
.log { table-layout: fixed; } .log td, .log th { padding: 0 1mm; vertical-align: middle; overflow: hidden; }
.log th { white-space: nowrap; } .log td { font-size: 9.5pt; line-height: 1.1; }
.log .one { white-space: nowrap; text-overflow: ellipsis; }
.log .mark { text-align: center; } .log .many { line-height: 1.05; }
.log .time { font-variant-numeric: tabular-nums; }
</style>"""


def log_name(room: Room) -> str:
    """Return the name of a room's log as a file: its code, where that can stand in one."""
    return f"log-{room_part(room)}"


def keep_logs(file: File, board: Board, shown: Sequence[Room], now: datetime, *, eve: bool = False) -> list[Path]:
    """Keep the logs of rooms as private pages, and return where they are. `eve` marks those made the day before.

    Raises `NoSpace` or `ReadOnly`.
    """
    day = board.day.day
    told = read_told_home(file, day)
    return [
        keep_sheet(
            file,
            part_of(f"{log_name(room)}{EVE if eve else ''}", board),
            day,
            log_sheet(make_log(board, room, now, told)),
        )
        for room in shown
    ]


EVE = "-evening-before"
"""What marks the page that was made the evening before its day."""


def are_kept(file: File, board: Board, *, eve: bool) -> bool:
    """Say whether every room's log of the day is there: made that day, or with `eve` the evening before."""
    folder, mark = sheets_folder(file), EVE if eve else ""
    return all((folder / f"{log_name(room)}{mark}-{board.day.day.isoformat()}.html").exists() for room in board.rooms)


def log_sheet(log: Log) -> str:
    """Return the page as HTML."""
    heading = f"{log.school} · {log.room.name}"
    kept = f"{day_words(log)} · as recorded at {log.at} · Paper kept by: ______________________________"
    periods = " · ".join(f"{name} {times}" for name, times in log.periods) or "no lessons today"
    parts = [paragraph(kept), paragraph(periods), *([] if log.whole else [paragraph(PART)]), _STYLE, _table(log)]
    return page(
        heading, parts, foot=f"{legend()} Typed in afterwards with P on the board; then shred this sheet.", wide=True
    )


def day_words(log: Log) -> str:
    """Return `Mon 23 Nov 2026 · Week A`."""
    day = f"{log.day:%a} {log.day.day} {log.day:%b} {log.day:%Y}"
    return f"{day} · Week {log.week}" if log.week else day


def legend() -> str:
    """Say what the letters and digits mean."""
    outs = ", ".join(f"{letter} {_shown(reason)}" for letter, reason in OUT_LETTERS.items())
    lefts = ", ".join(f"{letter} {place}" for letter, place in LEFT_LETTERS.items())
    checks = ", ".join(f"{mark} {word}" for mark, word in enumerate(WORDS))
    return (
        f"Out – back: letter and times, as t 11:37–11:44: {outs}, {EVACUATION_LETTER} evacuation."
        f" Left: {lefts}, {HOME_LETTER} home early. Checks: {checks}."
    )


def _shown(reason: OutReason) -> str:
    return "with staff" if reason is OutReason.SAFEGUARDING else reason.value


def _table(log: Log) -> str:
    count = len(log.rows) + log.spare
    height = max(_LOWEST, min(_TALLEST, _ROOM_FOR_ROWS / max(count, 1)))
    before, after = list(_WIDTHS)[:-1], list(_WIDTHS)[-1:]
    widths = [_WIDTHS[name] for name in before] + [_CHECK_WIDTH] * len(log.lessons) + [_WIDTHS[name] for name in after]
    columns = "".join(f'<col style="width: {wide}mm">' if wide else "<col>" for wide in widths)
    heads = "".join(f'<th scope="col">{text(name)}</th>' for name in (*before, *log.lessons, *after))
    rows = [*(_row(log, one) for one in log.rows), *([_empty(log)] * log.spare)]
    body = "\n".join(f'<tr style="height: {height:.1f}mm">{row}</tr>' for row in rows)
    top = f"<colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead>"
    # Two lines of times fit a row, so that a busy day grows no row and the page stays one.
    small = f"<style>.log .many {{ font-size: {min(9.0, height * 1.25):.1f}pt; }}</style>"
    return f'{small}<table class="log">{top}<tbody>\n{body}</tbody></table>'


def _row(log: Log, one: LogRow) -> str:
    cells = [
        ("mark", str(one.seat or "")),
        ("one", one.row.name),
        ("one", one.row.form),
        ("one", one.until),
        ("time" if len(one.came) < 2 else "many time", _apart(one.came)),
        (
            "time" if len(one.outs) < 4 else "many time",
            _apart(f"{letter}\u00a0{out}–{back}" for letter, out, back in one.outs),
        ),
        ("time" if len(one.left) < 2 else "many time", _apart(f"{letter}\u00a0{at}" for letter, at in one.left)),
        *(("mark", one.check_words(period)) for period in log.lessons),
        ("one time", one.home_told),
    ]
    return "".join(f'<td class="{kind}">{text(words)}</td>' for kind, words in cells)


def _apart(words: Iterable[str]) -> str:
    """Join times with wide spaces; a letter stands off its time, since l and 1 look alike in print."""
    return "\u2003".join(words)


def _empty(log: Log) -> str:
    return "<td></td>" * (len(_WIDTHS) + len(log.lessons))


# As text, for a plain printer or a screen reader

_TEXT_WIDTHS = {"Seat": 4, "Student": 16, "Form": 4, "Until": 7, "In": 5, "Out-back": 12, "Left": 6}
_TOLD_WIDTH = 5


def log_lines(log: Log, width: int = 80) -> list[str]:
    """Return the log as plain text, at most `width` wide; what does not fit in a cell goes on below it."""
    widths = _text_widths(log, width)
    made = [*wrap(f"{log.school} · {log.room.name} · {day_words(log)} · as recorded at {log.at}", width)]
    made += wrap(" · ".join(f"{name} {times}" for name, times in log.periods) or "no lessons today", width)
    made += ["Paper kept by: ____________________", ""]
    made.append(_joined([*_TEXT_WIDTHS, *map(_number, log.lessons), "Home"], widths))
    for one in log.rows:
        checks = [one.check_words(period) for period in log.lessons]
        cells = [str(one.seat or ""), one.row.name, one.row.form, one.until]
        made += _text_row([*cells, one.came_words, one.out_words, one.left_words, *checks, one.home_told], widths)
    made += [_joined(["_" * wide for wide in widths], widths)] * log.spare
    return [*made, "", *wrap(legend(), width)]


def _text_widths(log: Log, width: int) -> list[int]:
    """Return the width of each column: what a wide line has to spare goes to the names, then to Out-back."""
    widths = dict(_TEXT_WIDTHS)
    checks = [len(_number(period)) for period in log.lessons]
    spare = width - sum(wide + 1 for wide in widths.values()) - sum(wide + 1 for wide in checks) - _TOLD_WIDTH
    for name, most in (("Student", 26), ("Until", 9), ("Out-back", 40)):
        more = max(0, min(spare, most - widths[name]))
        widths[name] += more
        spare -= more
    widths["Student"] += min(0, spare)
    return [*widths.values(), *checks, _TOLD_WIDTH]


def _number(period: str) -> str:
    """Return a lesson's heading over a column as narrow as a mark: `3` for P3."""
    return period[1:]


def _text_row(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Yield one row, on as many lines as its fullest cell of times needs."""
    both = zip(cells, widths, strict=True)
    whole = [[cell] if number < 4 else wrap(cell, wide) or [""] for number, (cell, wide) in enumerate(both)]
    for line in range(max(len(cell) for cell in whole)):
        yield _joined([cell[line] if line < len(cell) else "" for cell in whole], widths)


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    return " ".join(cut(cell, wide) for cell, wide in zip(cells, widths, strict=True)).rstrip()


def log_json(log: Log) -> dict[str, Any]:
    """Return the log as the command line's contract has it."""
    return {
        "code": log.room.code,
        "name": log.room.name,
        "periods": [{"name": name, "times": times} for name, times in log.periods],
        "students": [
            {
                "student": one.row.admission_no,
                "name": one.row.plain_name,
                "form": one.row.form,
                "seat": one.seat,
                "until": one.until,
                "in": list(one.came),
                "out": [{"reason": letter, "out": out, "back": back or None} for letter, out, back in one.outs],
                "left": [{"to": letter, "at": at} for letter, at in one.left],
                "checks": dict(one.checks),
                "home_told": one.home_told or None,
            }
            for one in log.rows
        ],
        "empty_rows": log.spare,
    }
