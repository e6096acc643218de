"""An incident begun from wherever somebody is, and what saving one brings: the record of force, and keeping apart."""

from __future__ import annotations

import secrets
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

from psc.clock import school_day, wall
from psc.desk.permissions import may
from psc.desk.settings import settings_on
from psc.errors import PscError
from psc.incidents.actions import agree_action
from psc.overview.scene import read_when
from psc.roster.keep_apart import keep_apart, kept_apart_from
from psc.text import counted
from psc.tui.people import STUDENT, People, student_person, students_named
from psc.tui.prompts import Choice, Entry, Option

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psc.desk.acts import Call
    from psc.incidents.incidents import Account
    from psc.school.rooms import Room
    from psc.school.students import Student
    from psc.tui.people import Person
    from psc.tui.prompts import Asks
    from psc.tui.screens.today import Today

_AGO = (("Enter", "now", 0), ("5", "5 min ago", 5), ("1", "10 min ago", 10), ("2", "20 min ago", 20))
"""When it happened, by one key. Source: the domain notes, Incidents."""
_OTHER = "o"
_WHEN_HINT = "1132, -8, P3 · yesterday 1430 · 20 Nov P2"
COORDINATORS = "coordinators"
"""Who decides whether students are kept apart, where whoever writes the incident may not."""


def begin_incident(today: Today, behind: Asks, people: People, room: Room | None) -> None:
    """Ask when it happened, then open the form; `behind` is the board, or a page, that asks and speaks."""
    told, kept = today.take_told(), today.take_time()

    def opened(at: datetime) -> None:
        from psc.tui.dialogs.incident import IncidentForm

        today.app.push_screen(
            IncidentForm(today, partial(_recorded, today, behind), at=at, room=room, people=people, told=told)
        )

    def typed(text: str) -> None:
        try:
            opened(read_when(today.desk.file, text, today.desk.clock.now()))
        except PscError as error:
            behind.say(str(error), "alarm")
            behind.ask(Entry("When was it", _WHEN_HINT, typed, text=text))

    def chosen(answer: str) -> None:
        if answer == _OTHER:
            behind.ask(Entry("When was it", _WHEN_HINT, typed))
        else:
            from datetime import timedelta

            opened(today.desk.clock.now() - timedelta(minutes=int(answer)))

    if kept is not None:
        opened(kept)
        return
    whom = students_named(people.named)
    options = (*(Option(letter, words, str(ago)) for letter, words, ago in _AGO), Option(_OTHER, "other time", _OTHER))
    behind.ask(Choice(f"Incident{f', {whom}' if whom else ''}: when", (*options, Option("n", "", "0")), chosen))


def of_students(students: Sequence[Student]) -> People:
    """Return students as an incident begins with them: all involved, until somebody says otherwise."""
    people = People()
    for one in students:
        people = people.added(student_person(one.id, one.name, "" if one.apart else one.form, "involved"))
    return people


# What saving brings


def _recorded(today: Today, behind: Asks, incident: int, at: datetime, account: Account, people: People) -> None:
    """Say what was recorded, then offer what it calls for."""
    undoes = " · u undoes" if may("undo", today.staff) and behind is today else ""
    settings = settings_on(today.desk.file, today.board.day.day)
    tell = " · parents to be told (5, Enter, t)" if account.severity >= settings.incident_tell_severity else ""
    who = students_named(people.named)
    said = f"{who}: {account.category} {wall(at, today.board.zone)} recorded{tell}{undoes}"
    behind.say(said)
    apart = partial(offer_apart, today, behind, incident, account.category, people)
    if account.needs_restrictive:
        from psc.tui.screens.restrictive import TELL_TODAY, begin_record

        def recorded(_: int, words: str) -> None:
            behind.say(f"{words}: {TELL_TODAY}{undoes}")

        begin_record(today, behind, incident, recorded, closed=apart)
    else:
        apart()


def pairs_of(people: People) -> tuple[tuple[Person, Person], ...]:
    """Return the students who may have to be kept apart: the involved from each other, and from each target."""
    students = [one for one in people.named if one.kind == STUDENT and one.role in ("involved", "target")]
    return tuple(pair for pair in combinations(students, 2) if any(one.role == "involved" for one in pair))


def offer_apart(today: Today, behind: Asks, incident: int, category: str, people: People) -> bool:
    """Offer to keep students apart; who may not decide that is offered to ask the coordinators.

    Returns whether there was anything to offer.
    """
    file = today.desk.file
    day = school_day(today.now, file.zone)
    apart = {
        (one.key[1], each.other)
        for one in people.named
        if one.kind == STUDENT
        for each in kept_apart_from(file, int(one.key[1]), day)
    }
    pairs = [pair for pair in pairs_of(people) if (pair[0].key[1], pair[1].key[1]) not in apart]
    decides = may("keep_apart", today.staff)
    if not pairs or not (decides or may("agree_action", today.staff)):
        return False
    said = behind.said[0].removesuffix(" · u undoes")

    def chosen(letter: str) -> None:
        wanted = pairs if letter == "y" else [pairs[int(letter) - 1]]
        if decides:
            calls: list[Call[Any]] = [
                keep_apart(int(one.key[1]), int(other.key[1]), f"Incident: {category}"[:200]) for one, other in wanted
            ]
            done = "to be kept apart"
        else:
            words = "; ".join(pair_words(pair) for pair in wanted)
            calls = [
                agree_action(f"Decide whether to keep apart: {words}"[:400], owner=COORDINATORS, incident_id=incident)
            ]
            done = "the coordinators are asked, as an agreed action"
        try:
            today.desk.do_patiently(*calls, id=secrets.token_hex(12), seconds=2)
        except PscError as error:
            behind.say(str(error), "alarm")
            return
        today.reload()
        behind.say(f"{'; '.join(pair_words(pair) for pair in wanted)}: {done}")

    if len(pairs) == 1:
        options: tuple[Option[str], ...] = (Option("y", "yes", "y"),)
    else:
        each = (Option(str(number), pair_words(pair), str(number)) for number, pair in enumerate(pairs[:9], 1))
        options = (Option("y", "all of them", "y"), *each)
    whom = pair_words(pairs[0]) if len(pairs) == 1 else counted(len(pairs), "pair")
    days = settings_on(file, day).keep_apart_days
    ask = f"Keep apart for {days} days" if decides else "Ask the coordinators to keep apart"
    first = f"{said}. " if said else ""
    behind.ask(Choice(f"{first}{ask}: {whom}", options, chosen, note="any other key: no", passing=True))
    return True


def pair_words(pair: tuple[Person, Person]) -> str:
    """Return two students as one line names them."""
    return f"{pair[0].words} – {pair[1].words}"
