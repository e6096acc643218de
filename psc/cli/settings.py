"""`psc settings`: the figures of the rules, as they stand today, and changed from a day on."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from psc.clock import school_day
from psc.desk.permissions import scope_of
from psc.desk.settings import Threshold, change_setting, known_setting, meanings, settings_on, thresholds_on
from psc.school.calendar import coming_day

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from psc.cli.context import Context
    from psc.desk.acts import Desk


def settings(context: Context, args: argparse.Namespace) -> int:
    """Do what `psc settings` was asked for."""
    with context.desk() as desk:
        today = school_day(desk.clock.now(), desk.file.zone)
        if args.what == "set":
            return _set(context, desk, args, today)
        scope_of("see_settings", desk.staff())
        every = thresholds_on(desk.file, today)
        meaning = meanings()
        if args.what == "get":
            one = next(each for each in every if each.name == known_setting(args.name))
            context.print(_json(one, meaning[one.name]), _lines(desk, one, meaning[one.name], today))
        else:
            lines = [line for one in every for line in _lines(desk, one, meaning[one.name], today)]
            context.print([_json(one, meaning[one.name]) for one in every], lines)
    return 0


def _json(one: Threshold, meaning: str) -> dict[str, Any]:
    coming = {"from": one.coming[0].isoformat(), "value": one.coming[1]} if one.coming else None
    return {
        "name": one.name,
        "value": one.value,
        "default": one.default,
        "from": one.since.isoformat() if one.since else None,
        "by": one.set_by.by if one.set_by else None,
        "coming": coming,
        "least": one.bounds[0],
        "most": one.bounds[1],
        "meaning": meaning,
    }


def _lines(desk: Desk, one: Threshold, meaning: str, today: date) -> list[str]:
    since = "the default"
    if one.since and one.set_by:
        since = f"since {one.since:%d/%m/%Y}, by {one.set_by.words(today, desk.file.zone)} (default {one.default})"
    told = [f"{one.name} = {one.value}  {since}"]
    if one.coming:
        told.append(f"  from {one.coming[0]:%d/%m/%Y} on it is {one.coming[1]}")
    return [*told, *textwrap.wrap(meaning.replace("*", ""), 78, initial_indent="  ", subsequent_indent="  ")]


def _set(context: Context, desk: Desk, args: argparse.Namespace, today: date) -> int:
    scope_of("change_setting", desk.staff())
    name = known_setting(args.name)
    since = coming_day(args.from_day, today) if args.from_day else today
    was = getattr(settings_on(desk.file, since), name)
    seen = next(one for one in thresholds_on(desk.file, today) if one.name == name)
    desk.do_patiently(change_setting(name, args.value, from_day=since, seen=seen))
    when = "today" if since == today else f"{since:%d/%m/%Y}"
    context.print(
        {"name": name, "value": args.value, "before": was, "from": since.isoformat()},
        [f"{name} is {args.value} from {when} on (was {was}). Earlier days are judged as they were."],
    )
    return 0
