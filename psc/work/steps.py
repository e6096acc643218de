"""What is done about the work of a period: asked for, come, changed, given out, handed back, told to its teacher."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, school_day, wall
from psc.desk.acts import Tx, act
from psc.desk.facts import live
from psc.errors import NotUnderstood, Refused
from psc.text import clean
from psc.work.sets import Arrival, Kind, WorkSet, arrival_by_id, sets_between, spare_work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

HOWS = ("copied", "saved", "sent", "asked")
"""How a teacher was asked: a message copied, saved or sent, or somebody asked them."""
TOLD_BACK = ("copied", "saved", "sent")
LONGEST = 400
"""Characters of a title, a link or a line: longer is refused whole, so that nothing is cut unseen."""
LONGEST_WORK = 600
"""Minutes that one piece of work may take."""


_MOVES_WORK = ("change_work", "use_spare_work", "move_booking", "extend_booking", "carry_periods")
"""Acts that put a changed copy in the place of work that came: what was done before them cannot be undone by itself."""


class Work(NamedTuple):
    """What somebody says of work that has come. All but `kind` may be empty."""

    kind: Kind
    place: str = ""
    task: str = ""
    pages: str = ""
    minutes: int | None = None
    adaptation: str = ""
    equipment: str = ""
    return_to: str = ""


_LINK = re.compile(r"https?://[^\s/@:]+\.[^\s/@:]+(?::\d+)?(?:[/?#]\S*)?")


def check_link(typed: str) -> str:
    """Return a link as it is kept: `https://` in front where nothing stands there. Raises `NotUnderstood`."""
    link = clean(typed)
    whole = link if "://" in link else f"https://{link}"
    if not _LINK.fullmatch(whole):
        raise NotUnderstood(
            f"“{link[:60]}” is not a link.", "A link looks like https://school.example/lesson; or choose file or paper."
        )
    return whole


def checked(work: Work) -> Work:
    """Return work with its words cleaned.

    Raises `NotUnderstood` for what is no link, for words that are too long, and for what is no length of time.
    """
    words = {name: clean(value) for name, value in work._asdict().items() if isinstance(value, str) and name != "kind"}
    for name, value in words.items():
        if len(value) > LONGEST:
            raise NotUnderstood(
                f"The {name.replace('_', ' ')} has {len(value)} characters; {LONGEST} fit.",
                "Shorten it: nothing was saved, and what you typed stands.",
            )
    if work.kind is Kind.LINK:
        words["place"] = check_link(words["place"])
    if work.kind is Kind.FILE and not words["place"]:
        raise NotUnderstood("A file needs its name.", "Type the file's name, or choose paper.")
    if work.minutes is not None and not 1 <= work.minutes <= LONGEST_WORK:
        raise NotUnderstood(f"{work.minutes} is not a number of minutes.", f"From 1 to {LONGEST_WORK}, or empty.")
    return Work(work.kind, minutes=work.minutes, **words)


def _set_of(tx: Tx, student_id: int, day: date, period: str) -> WorkSet:
    """Return the set as it stands, and reach its student. Raises `Refused` where they are not placed then."""
    tx.reach(student_id)
    found = next((one for one in sets_between(tx.file, day, day, [student_id]) if one.period == period), None)
    if found is None:
        raise Refused("The student is not placed for that period any more.", "Look at the list again.")
    return found


@act("ask_for_work", resting=())
def ask_for_work(tx: Tx, student_id: int, day: date, period: str, *, how: str = "asked") -> int:
    """Note that the lesson's teacher was asked for work, once more where they were before; returns the note's id.

    Raises `Refused` when work has come already, and where there is no lesson whose teacher could be asked.
    """
    if how not in HOWS:
        raise NotUnderstood(f"“{how}” is not a way to ask.", f"It can be: {', '.join(HOWS)}.")
    one = _set_of(tx, student_id, day, period)
    if one.state.has_work:
        raise Refused(f"Work for {period} is {one.state.value} already.", "Nobody needs to be asked.")
    if one.no_lesson or one.lesson is None:
        raise Refused(f"{period} is {one.no_lesson}: nobody sets work for it.", "Give a pack instead.")
    return tx.add(
        "work_ask",
        student_id=student_id,
        on_day=day.isoformat(),
        period=period,
        subject=one.lesson.subject,
        class_code=one.lesson.class_code,
        teacher=one.lesson.teacher,
        how=how,
    )


@act("receive_work", resting=("receive_work", "issue_work", "return_work", *_MOVES_WORK))
def receive_work(
    tx: Tx,
    student_id: int,
    day: date,
    period: str,
    work: Work,
    *,
    pack_id: int | None = None,
    instead_of: int | None = None,
) -> int:
    """Record that work has come, or that a pack stands in for it; returns the arrival's id.

    What had come before for the period gives way to it only where it is named, `instead_of`, and was not given out:
    the lesson's own work, say, that comes when a pack was ready. Raises `Refused` when work is there that is not named
    (somebody recorded it meanwhile: who and when), when it was given out already, when the pack is not in use, and when
    the student has had that pack before; `NotUnderstood` for what is no link.
    """
    one = _set_of(tx, student_id, day, period)
    if one.issued or one.returned:
        raise Refused(f"Work for {period} has been given out already.", "Hand it back first, or undo giving it out.")
    if one.arrival is not None and one.arrival.id != instead_of:
        what = f"pack {one.arrival.pack}" if one.fallback else one.arrival.kind.value
        raise Refused(
            f"Work for {period} has come already: {what}, {_by_whom(tx, 'work_arrival', one.arrival.id)}.",
            "Look at the list again; it can be changed there.",
        )
    said = checked(work)
    if (pack_id is None) is (said.kind is Kind.PACK):
        raise NotUnderstood("A pack is chosen from the bank.", "Choose one, or say what came instead.")
    if pack_id is not None:
        _check_pack(tx, student_id, pack_id)
    if one.arrival is not None:
        tx.retract_whole("work_arrival", one.arrival.id, "other work came")
    lesson = one.lesson
    return tx.add(
        "work_arrival",
        student_id=student_id,
        on_day=day.isoformat(),
        period=period,
        subject=lesson.subject if lesson else "",
        class_code=lesson.class_code if lesson else "",
        teacher=lesson.teacher if lesson else "",
        pack_id=pack_id,
        **{**said._asdict(), "kind": said.kind.value},
    )


def _check_pack(tx: Tx, student_id: int, pack_id: int) -> None:
    """Raise `Refused` for a pack that is not in use, or that the student has had.

    Source: the domain notes, Work sets.
    """
    pack = tx.file.row("SELECT code, active FROM pack WHERE id = ?", (pack_id,))
    if pack is None or not pack[1]:
        raise Refused("That pack is not in the bank any more.", "Choose another.")
    had = tx.file.row(
        "SELECT on_day, period FROM work_arrival a WHERE student_id = ? AND pack_id = ?"
        f" AND {live('work_arrival', 'a')}",
        (student_id, pack_id),
    )
    if had is not None:
        raise Refused(f"The student has had {pack[0]} before: {had[1]} on {had[0]}.", "Choose another pack.")


def _arrived(tx: Tx, arrival_id: int) -> tuple[Arrival, int, date, str]:
    """Return work that came, whose, and for when, and reach its student. Raises `Refused` when it was taken back."""
    found = arrival_by_id(tx.file, arrival_id)
    if found is None:
        taken = tx.file.value(
            "SELECT max(r.id) FROM retraction r WHERE r.fact = 'work_arrival' AND r.fact_id = ?", (arrival_id,)
        )
        when = f", {_by_whom(tx, 'retraction', taken)}" if taken else ""
        raise Refused(f"That work has been changed or taken back{when}.", "Look at the list again.")
    tx.reach(found[1])
    return found


def _by_whom(tx: Tx, table: str, fact_id: int) -> str:
    """Return who recorded a fact and when, as a refusal says it: `by AS2 at 10:42`, with the day if not today."""
    actor, at = tx.file.row(
        f"SELECT l.actor, l.at FROM {table} f JOIN ledger l ON l.seq = f.seq WHERE f.id = ?", (fact_id,)
    ) or ("somebody", "")
    if not at:
        return f"by {actor}"
    when = moment(at)
    day = school_day(when, tx.file.zone)
    on = "" if day == tx.today else f" on {day:%a} {day.day} {day:%b}"
    return f"by {actor} at {wall(when, tx.file.zone)}{on}"


def _step(tx: Tx, table: str, arrival_id: int) -> int | None:
    """Return the id of what was recorded of some work in a table, None for nothing."""
    found = tx.file.value(f"SELECT max(id) FROM {table} t WHERE arrival_id = ? AND {live(table, 't')}", (arrival_id,))
    return None if found is None else int(found)


@act("change_work", resting=("issue_work", "return_work", *_MOVES_WORK))
def change_work(tx: Tx, arrival_id: int, work: Work) -> int:
    """Say otherwise what came; returns the new arrival's id. What was done with it since goes along."""
    before, *_ = _arrived(tx, arrival_id)
    said = checked(work)
    if (before.kind is Kind.PACK) is not (said.kind is Kind.PACK):
        raise Refused("A pack stays a pack.", "Say that other work has come instead.")
    return tx.amend("work_arrival", arrival_id, "said otherwise", **{**said._asdict(), "kind": said.kind.value})


@act("use_spare_work", resting=("issue_work", "return_work", *_MOVES_WORK))
def use_spare_work(tx: Tx, arrival_id: int, day: date, period: str) -> int:
    """Use work for a period that came for one its student is not placed for any more; returns its new id."""
    arrival, student_id, _, _ = _arrived(tx, arrival_id)
    if arrival_id not in {one.arrival.id for one in spare_work(tx.file, student_id)}:
        raise Refused("That work is in use for another period.", "Look at the list again.")
    if _set_of(tx, student_id, day, period).state.has_work:
        raise Refused(f"There is work for {period} already.", "Nothing was changed.")
    return tx.amend("work_arrival", arrival.id, "used for another period", on_day=day.isoformat(), period=period)


@act("issue_work", resting=("return_work", *_MOVES_WORK))
def issue_work(tx: Tx, arrival_id: int) -> int:
    """Record that a student was given their work. Raises `Refused` when they were already."""
    _, _, _, period = _arrived(tx, arrival_id)
    if _step(tx, "work_issue", arrival_id) is not None:
        raise Refused(f"The work for {period} has been given out already.", "Nothing was changed.")
    return tx.add("work_issue", arrival_id=arrival_id)


@act("return_work", resting=("send_feedback", "return_work", *_MOVES_WORK))
def return_work(tx: Tx, arrival_id: int, share: int, *, effort: int | None = None, line: str = "") -> int:
    """Record what was handed in: the share done (0-100), effort (1-4), one line to the teacher; returns its id.

    Said again, it replaces what was said. Work that nobody noted as given out counts as given out now. Raises
    `NotUnderstood` for figures that are out of bounds, or a line over 400 characters.
    """
    _arrived(tx, arrival_id)
    words = clean(line)
    if not 0 <= share <= 100 or (effort is not None and not 1 <= effort <= 4):
        raise NotUnderstood("The share is from 0 to 100, effort from 1 to 4.", "Type it again.")
    if len(words) > LONGEST:
        raise NotUnderstood(f"The line has {len(words)} characters; {LONGEST} fit.", "Shorten it.")
    if _step(tx, "work_issue", arrival_id) is None:
        tx.add("work_issue", arrival_id=arrival_id)
    if (before := _step(tx, "work_return", arrival_id)) is not None:
        tx.retract("work_return", before, "said again")
        if (told := _step(tx, "work_feedback", arrival_id)) is not None:  # the teacher is to hear what it says now
            tx.retract("work_feedback", told, "said again")
    return tx.add("work_return", arrival_id=arrival_id, share=share, effort=effort, line=words)


@act("send_feedback", resting=())
def send_feedback(tx: Tx, arrival_ids: Sequence[int], how: str) -> int:
    """Note that teachers were told what became of their work; returns how many pieces that was news of.

    Raises `Refused` for work that was not handed in.
    """
    if how not in TOLD_BACK:
        raise NotUnderstood(f"“{how}” is not a way to tell them.", f"It can be: {', '.join(TOLD_BACK)}.")
    told = 0
    for arrival_id in arrival_ids:
        _arrived(tx, arrival_id)
        if _step(tx, "work_return", arrival_id) is None:
            raise Refused("That work has not been handed in.", "Nothing was noted.")
        if _step(tx, "work_feedback", arrival_id) is None:
            tx.add("work_feedback", arrival_id=arrival_id, how=how)
            told += 1
    return told
