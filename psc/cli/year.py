"""Commands of September: a new academic year, students who are new here, two records of one student."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.clock import school_day, typed_day
from psc.errors import NotUnderstood
from psc.flows.merge import merge_students, preview_merge
from psc.flows.new_year import (
    NewYear,
    Pupil,
    check_decided,
    plan_year,
    start_new_year,
    summary,
    typed_years,
    usual_start,
)
from psc.overview.possibly_same import Pair, possibly_same
from psc.school.provisional import add_provisional, typed_name
from psc.school.students import student_by_id, the_student
from psc.text import counted

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from psc.cli.context import Context
    from psc.desk.acts import Desk


def students(context: Context, args: argparse.Namespace) -> int:
    """Do what `psc students` was asked for."""
    with context.desk() as desk:
        today = school_day(desk.clock.now(), desk.file.zone)
        if args.what == "new":
            return _new(context, desk, args, today)
        if args.what == "possible":
            pairs = possibly_same(desk.file, desk.staff(), today)
            context.print(
                [_pair_json(one) for one in pairs], [_pair_line(one) for one in pairs] or ["Nobody is waiting."]
            )
            return 0
        old, into = (the_student(desk.file, one, desk.staff(), today, act="merge_students") for one in _both(args))
        seen = preview_merge(desk.file, old.id, into.id, desk.clock.now())
        if not args.dry_run:
            desk.do_patiently(merge_students(old.id, into.id))
    what = ", ".join(seen.words) or "nothing"
    value = {"student": old.number, "into": into.number, "moved": dict(seen.counts), "merged": not args.dry_run}
    done = f"{old.words} into {into.words}: {what}."
    last = "Nothing was changed: this was a dry run." if args.dry_run else "Merged; the old record leads to the new."
    context.print(value, [done, last])
    return 0


def _both(args: argparse.Namespace) -> tuple[str, str]:
    return args.old, args.into


def _new(context: Context, desk: Desk, args: argparse.Namespace, today: date) -> int:
    surname, forename = typed_name(args.name)
    call = add_provisional(
        surname, forename, args.year, args.form, admission_no=args.number, override=args.override.strip()
    )
    one = student_by_id(desk.file, desk.do_patiently(call).value, today)
    context.print(
        {"student": one.number, "name": one.plain_name, "year": one.year, "form": one.form},
        [f"{one.words} is new here: placed and signed in by name, or by {one.number}."],
    )
    return 0


def _pair_line(pair: Pair) -> str:
    if pair.into is None:
        return f"{pair.old.words}: no record of that name yet"
    return f"{pair.old.words}: possibly {pair.into.words}, {pair.why}"


def _pair_json(pair: Pair) -> dict[str, Any]:
    into = pair.into
    return {"student": pair.old.number, "into": into.number if into else None, "why": pair.why}


def start(context: Context, args: argparse.Namespace) -> int:
    """Start the academic year, or with `--dry-run` say what it comes to."""
    from psc.desk.permissions import scope_of

    with context.desk() as desk:
        scope_of("start_year", desk.staff())
        now = desk.clock.now()
        today = school_day(now, desk.file.zone)
        starts = typed_day(args.date, today) if args.date else usual_start(today)
        first = plan_year(desk.file, now, starts, top=args.top_year)
        choices: dict[str, Any] = {
            "top": args.top_year,
            "heads": _heads(first, args.head),
            "stay": _leavers(desk, args.stay, today, first),
            "leave": _leavers(desk, args.leave, today, first),
        }
        plan = plan_year(desk.file, now, starts, **choices)
        lines = _lines(plan)
        if args.dry_run:
            context.print(_json(plan, backup=None), [*lines, "Nothing was changed: this was a dry run."])
            return 0
        if not context.json and (plan.undecided or plan.unasked):
            context.print({}, lines)  # what is to be decided
        check_decided(plan)
        _, kept = start_new_year(desk, starts, **choices)
    context.print(_json(plan, backup=str(kept)), [*lines, f"Done. A backup was made before it: {kept}"])
    return 0


def _lines(plan: NewYear) -> list[str]:
    lines = summary(plan)
    waiting = [one for one in plan.leavers if one.open]
    if waiting:
        lines += ["", f"{counted(len(waiting), 'leaver')} with something open (--leave or --stay):"]
        lines += [f"  {one.name} {one.form}: {'; '.join(one.open)} – {_said(one)}" for one in waiting]
    if plan.heads:
        lines += ["", "Heads of year (--head CODE=keep, follow, or the years):"]
    for head in plan.heads:
        now = "" if head.chosen is None else f" → {_years(head.chosen)}"
        lines.append(f"  {head.code} {head.name}: {_years(head.years)}{now or ' – not decided'}")
    if plan.bookings:
        lines += ["", "Placed for after the old year's end, and left as they are for those who stay:"]
        lines += [f"  {one.name}: {counted(one.periods, 'period')} from {one.first:%d/%m/%Y}" for one in plan.bookings]
    if plan.new_here:
        lines += ["", f"{counted(len(plan.new_here), 'student')} still new here: {'; '.join(plan.new_here)}"]
    if plan.open_before:
        lines += ["", f"{counted(plan.open_before, 'visit')} of earlier days never signed out: a coordinator decides."]
    return lines


def _said(one: Pupil) -> str:
    return {True: "stays", False: "leaves", None: "not decided"}[one.stays]


def _years(years: frozenset[int]) -> str:
    return ", ".join(str(year) for year in sorted(years)) or "none"


def _json(plan: NewYear, *, backup: str | None) -> dict[str, Any]:
    return {
        "starts": plan.starts.isoformat(),
        "up": {str(year): number for year, number in plan.up_by_year().items()},
        "leaving": sum(1 for one in plan.leavers if not one.stays),
        "by_file": plan.by_file,
        "undecided": len(plan.undecided),
        "heads": {one.code: None if one.chosen is None else sorted(one.chosen) for one in plan.heads},
        "started": backup is not None,
        "backup": backup,
    }


def _heads(plan: NewYear, told: list[str]) -> dict[str, frozenset[int]]:
    """Read `HY8=keep`, `HY8=follow`, `HY8=9,10`; `ALL` stands for everybody, and a code beside it counts first."""
    chosen: dict[str, frozenset[int]] = {}
    codes = {one.code.upper(): one for one in plan.heads}
    for words in sorted(told, key=lambda one: not one.upper().startswith("ALL=")):
        code, sign, years = words.partition("=")
        if not sign or (code.upper() not in codes and code.upper() != "ALL"):
            raise NotUnderstood(f"“{words}” names no head of year.", "Write HY8=keep, HY8=follow or HY8=9,10.")
        for one in codes.values() if code.upper() == "ALL" else [codes[code.upper()]]:
            chosen[one.code] = typed_years(years, one.years, one.follow)
    return chosen


def _leavers(desk: Desk, told: list[str], today: date, plan: NewYear) -> list[int]:
    """Return the ids of the leavers named; `all` stands for everybody who has something open."""
    found: list[int] = []
    for text in told:
        if text.strip().lower() == "all":
            found += [one.id for one in plan.leavers if one.open]
        else:
            found.append(the_student(desk.file, text, desk.staff(), today, act="start_year").id)
    return found
