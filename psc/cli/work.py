"""`psc work`: how far the work of each period of a day has come, and the acts on one period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.cli.show import local
from psc.clock import school_day, typed_day
from psc.desk.permissions import scope_of
from psc.errors import NotUnderstood, Refused
from psc.overview.cells import Cell, cut, fitted
from psc.overview.glyphs import FALLBACK, work_glyph
from psc.overview.work import work_for
from psc.school.calendar import day_words
from psc.school.students import the_student
from psc.text import counted
from psc.work.sets import Kind, State
from psc.work.states import state_words
from psc.work.teachers import teachers

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from psc.cli.context import Context
    from psc.desk.acts import Call, Desk
    from psc.overview.work import WorkRow
    from psc.work.teachers import Teacher


def work(context: Context, args: argparse.Namespace) -> int:
    """List the work of a day, or do one act on the work of one student's period.

    Raises `Refused` for a period for which the student is not placed, and for work that has not come.
    """
    with context.desk() as desk:
        now = desk.clock.now()
        today = school_day(now, desk.file.zone)
        day = typed_day(args.date, today)
        if args.what:
            return _act(context, desk, args, day, today)
        rows = work_for(desk.file, day, day, desk.staff(), today)
        known = teachers(desk.file, {one.work.teacher for one in rows})
        zone = desk.file.zone
    context.print([_json(one, zone) for one in rows], [*work_text(rows, known, now, zone)] or [_nothing(day, today)])
    return 0


def _nothing(day: date, today: date) -> str:
    return f"Nobody is placed for a lesson {day_words(day, today)}."


def shown_state(one: WorkRow) -> str:
    """Return the state of a period's work as machines are told it: `fallback` while a pack stands in for it."""
    state = one.work.state
    return "fallback" if work_glyph(state, fallback=one.work.fallback) == FALLBACK else state.value


def _json(one: WorkRow, zone: ZoneInfo) -> dict[str, Any]:
    """Return a period's work as the command line's contract has it."""
    return {
        "student": one.number,
        "name": one.plain_name,
        "period": one.work.period,
        "subject": one.work.subject,
        "class": one.work.lesson.class_code if one.work.lesson else "",
        "teacher": one.work.teacher,
        "state": shown_state(one),
        "due": local(one.work.due, zone),
        "chased": one.work.chased,
    }


_WIDTHS = (3, 17, 4, 12, 13, 15)
"""Of period, student, form, subject, teacher and state; when it is due takes what is left of 80."""


def work_text(rows: Sequence[WorkRow], known: Mapping[str, Teacher], now: datetime, zone: ZoneInfo) -> list[str]:
    """Return the list in lines of 80 characters; `!` stands by what is overdue, and below who is not on the list."""
    if not rows:
        return []
    back = sum(one.work.state.is_back for one in rows)
    owed = sum(not one.work.state.has_work for one in rows)
    packs = sum(one.work.fallback for one in rows)
    counts = f"{back} of {len(rows)} handed in, {owed} without work, {counted(packs, 'pack')}"
    unknown = sorted({teacher.words for given, teacher in known.items() if given and not teacher.known})
    return [
        counts,
        "",
        _line(("", "Student", "Form", "Subject", "Teacher", "Work"), "Due"),
        *(_row(one, known[one.work.teacher], now, zone) for one in rows),
        *(["", *(f"Teacher: {words}" for words in unknown)] if unknown else []),
    ]


def _line(cells: Sequence[str], due: str) -> str:
    return " ".join([*(cut(text, width) for text, width in zip(cells, _WIDTHS, strict=True)), due]).rstrip()


def _row(one: WorkRow, teacher: Teacher, now: datetime, zone: ZoneInfo) -> str:
    work = one.work
    words = state_words(work.state, fallback=work.fallback, no_work=work.no_lesson)
    if work.chased:
        words = f"asked ×{work.chased + 1}" if work.state is State.REQUESTED else words
    due = "" if work.state.has_work else f"{work.due.astimezone(zone):%H:%M}{'!' if work.overdue(now) else ''}"
    if due and school_day(work.due, zone) != work.day:
        due = f"{work.due.astimezone(zone):%a} {due}"
    name = fitted(Cell(one.name, tail=one.apart), _WIDTHS[1])
    who = "" if work.no_lesson else teacher.name + ("" if teacher.known or not teacher.people else " ?")
    state = f"{work_glyph(work.state, fallback=work.fallback)} {words}"
    return _line((work.period, name, one.form, work.subject or work.no_lesson, who, state), due)


_ACTS = {"ask": "ask_for_work", "receive": "receive_work", "issue": "issue_work", "return": "return_work"}


def _act(context: Context, desk: Desk, args: argparse.Namespace, day: date, today: date) -> int:
    scope_of(_ACTS[args.what], desk.staff())
    student = the_student(desk.file, args.student, desk.staff(), today, act="see_work")

    def found() -> WorkRow:
        every = work_for(desk.file, day, day, desk.staff(), today)
        wanted = args.period.strip().casefold()
        for one in every:
            if one.work.student_id == student.id and one.work.period.casefold() == wanted:
                return one
        raise Refused(
            f"{student.name} is not placed for {args.period} {day_words(day, today)}.", "See the list with: psc work."
        )

    done = desk.do_patiently(_call(desk, args, found()), id=args.act_id)
    after = found()
    value = {
        "act": done.act,
        "act_id": done.act_id,
        "at": local(done.at, desk.file.zone),
        "student": after.number,
        "status": shown_state(after),
    }
    said = state_words(after.work.state, fallback=after.work.fallback, no_work=after.work.no_lesson)
    again = " (done before)" if done.repeated else ""
    context.print(value, [f"{after.name}, {after.work.period} {after.work.subject}: {said}{again}"])
    return 0


def _call(desk: Desk, args: argparse.Namespace, one: WorkRow) -> Call[Any]:
    """Return the act that the words stand for."""
    from psc.work import steps

    key = one.work.key
    match args.what:
        case "ask":
            return steps.ask_for_work(*key, how="asked")
        case "receive":
            said, pack_id = _came(desk, args)
            stands = one.work.arrival.id if args.instead and one.work.arrival else None
            return steps.receive_work(*key, said, pack_id=pack_id, instead_of=stands)
        case what:
            if one.work.arrival is None:
                raise Refused(f"No work has come for {one.work.period}.", "Say what came with: psc work receive.")
            if what == "issue":
                return steps.issue_work(one.work.arrival.id)
            return steps.return_work(one.work.arrival.id, args.share, effort=args.effort, line=args.line)


def _came(desk: Desk, args: argparse.Namespace) -> tuple[Any, int | None]:
    """Return what came, as the options say it, and the id of the pack where it is one."""
    from psc.work.packs import packs
    from psc.work.steps import Work

    given = {Kind(name): getattr(args, name) for name in Kind if getattr(args, name) is not None}
    if len(given) != 1:
        raise NotUnderstood("Say what came, one thing.", "Give --link, --file, --paper or --pack.")
    ((kind, place),) = given.items()
    if kind is not Kind.PACK:
        return Work(kind, place, task=args.task), None
    for pack in packs(desk.file):
        if pack.code.casefold() == place.strip().casefold():
            return Work(kind, pack.kept, task=pack.unit), pack.id
    raise NotUnderstood(f"There is no pack {place.strip()}.", "The code is what stands on its cover.")
