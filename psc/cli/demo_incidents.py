"""The sample's incidents and what hangs on them, its notes and what was agreed, each written at its own time."""

from __future__ import annotations

import csv
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from psc.clock import SetClock, at_clock
from psc.desk.acts import Desk
from psc.desk.people import everyone
from psc.incidents.actions import agree_action, end_action
from psc.incidents.endings import end_incident
from psc.incidents.evidence import keep_evidence
from psc.incidents.incidents import Account, Adult, Part, record_incident
from psc.incidents.investigations import add_investigation_event, open_investigation
from psc.incidents.notes import write_note, write_restricted_note
from psc.incidents.restriction import Hand, Restriction
from psc.incidents.restrictive import the_restrictive, write_restrictive
from psc.incidents.restrictive_steps import review_restrictive, tell_of_restrictive
from psc.incidents.statements import Taken, Whose, note_conflict, take_statement
from psc.incidents.told import tell_of_incident
from psc.school.rooms import rooms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from psc.database.file import File
    from psc.desk.acts import Call


class DemoIncidents:
    """The acts of a file in order of their times; `until` does those whose time has come."""

    def __init__(self, file: File, path: Path, numbers: Mapping[str, int]) -> None:
        self._file = file
        self._numbers = numbers
        self._staff = {one.code: one.id for one in everyone(file)}
        self._short = {one.code: one.short for one in everyone(file)}
        self._rooms = {room.name: room.id for room in rooms(file)}
        self._made: dict[tuple[str, str], int] = {}
        """What was written, by what it is about: ("incident", "stairs"), ("statement", "stairs 22021") …"""
        with path.open(encoding="utf-8", newline="") as opened:
            self._waiting = list(csv.DictReader(opened))

    def until(self, moment: datetime) -> None:
        """Do what was written up to a moment, by whom and when it was."""
        while self._waiting and (at := self._at(self._waiting[0])) <= moment:
            row = self._waiting.pop(0)
            desk = Desk(self._file, SetClock(at), row["Staff"], "demo")
            done = desk.do(self._call(row, at)).value
            if isinstance(done, int):
                whose = f"{row['About']} {row['Student']}".strip() if row["Act"] != "incident" else row["About"]
                self._made[row["Act"], whose] = done

    def _at(self, row: Mapping[str, str]) -> datetime:
        return self._moment(f"{row['Day']} {row['Time']}", date.min)

    def _moment(self, text: str, day: date) -> datetime:
        """Return the moment of "12:31" on a day, or of "2026-11-19 12:31"."""
        told, _, clock = text.rpartition(" ")
        return at_clock(date.fromisoformat(told) if told else day, time.fromisoformat(clock), self._file.zone)

    def _call(self, row: Mapping[str, str], at: datetime) -> Call[Any]:
        about, who, detail, text = row["About"], row["Student"], row["Detail"], row["Text"]
        incident = self._made.get(("incident", about))
        student = self._numbers.get(who)
        parts = [part.strip() for part in detail.split("," if row["Act"] not in _LISTED else ";")]
        match row["Act"], incident, student:
            case "incident", _, _:
                return self._incident(who, parts, text.split(" / "))
            case "told", int(), int():
                contact, how, outcome = parts
                return tell_of_incident(
                    incident, "parent", student_id=student, contact=contact, how=how, outcome=outcome, note=text
                )
            case "lead", int(), _:
                return tell_of_incident(incident, "safeguarding lead", name=detail)
            case "close", int(), _:
                return end_incident(incident, "closed", text)
            case "evidence", int(), _:
                kind, where, until = parts
                return keep_evidence(incident, kind, text, where, date.fromisoformat(until))
            case "restrictive", int(), int():
                return write_restrictive(incident, student, self._restriction(at.date(), parts, text.split(" / ")))
            case "statement", int(), _:
                whose = Whose(student, None if student else self._staff[who], role=parts[0])
                return take_statement(incident, whose, self._taken(at.date(), parts, text.split(" / ")))
            case "investigation", int(), _:
                title, purpose = text.split(" / ")
                return open_investigation(title, [incident], purpose)
            case other, _, _:
                return self._hanging(other, about, who, parts, text)

    def _hanging(self, act: str, about: str, who: str, parts: list[str], text: str) -> Call[Any]:
        """Return an act on what hangs on an incident, or one that needs none."""
        made, student = self._made, self._numbers.get(who)
        match act, student:
            case "note", int():
                kind, visibility = parts
                return write_note(student, text, kind, visibility)
            case "restricted_note", int():
                return write_restricted_note(student, text, parts[0])
            case "action", int():
                owner, due = parts
                return agree_action(
                    text, owner_id=self._staff[owner], due=date.fromisoformat(due),
                    incident_id=made.get(("incident", about)), student_id=student,
                )  # fmt: skip
            case "action_end", _:
                agreed = next(one for (act, whose), one in made.items() if act == "action" and about in whose)
                return end_action(agreed, "done", text)
            case "restrictive_told", int():
                contact, how, outcome = parts
                return tell_of_restrictive(
                    made["restrictive", f"{about} {who}"], contact, how=how, outcome=outcome, note=text
                )
            case "review", int():
                record = made["restrictive", f"{about} {who}"]
                return review_restrictive(record, text, seen=the_restrictive(self._file, record).versions[-1].id)
            case "conflict", int():
                other = made["statement", f"{about} {self._adno(parts[0])}"]
                return note_conflict(made["statement", f"{about} {who}"], text, other_id=other)
            case "event", _:
                when, source = parts
                opened = made["investigation", about]
                return add_investigation_event(opened, text, source=source, at=self._moment(when, date.min))
            case other, _:
                raise ValueError(f"the sample's incidents have an act psc does not know: {other}")

    def _adno(self, label: str) -> str:
        if label not in self._numbers:
            raise ValueError("the sample's incidents name somebody who is not there")
        return label

    def _incident(self, who: str, parts: list[str], texts: list[str]) -> Call[int]:
        category, severity, place, period, flags, when, adults = parts
        behaviour, antecedent, consequence, *deescalation = [*texts, "", "", ""][:4]
        said: dict[str, Any] = {name.strip(): True for name in flags.split(",") if name.strip()}
        account = Account(
            category, behaviour, place, period, self._rooms.get(place.split(",")[0]), int(severity), antecedent,
            consequence, " ".join(deescalation), **said,
        )  # fmt: skip
        students = [Part(self._numbers[one], role) for one, _, role in (word.partition("=") for word in who.split())]
        there = [
            Adult(self._staff[code.strip()], "", role)
            for code, _, role in (word.partition("=") for word in adults.split(",") if word)
        ]
        return record_incident(account, students, there, at=self._moment(when, date.min))

    def _restriction(self, day: date, parts: list[str], texts: list[str]) -> Restriction:
        kind, starts, ends, place, plan, *staff = parts
        hands = [word.partition("=") for word in "; ".join(staff).split(", ") if "=" in word]
        led_up, tried, ended, injuries, view = texts
        return Restriction(
            kind, self._moment(starts, day), self._moment(ends, day), place,
            tuple(Hand(self._staff[code], self._short[code], role) for code, _, role in hands), led_up, tried, ended,
            injuries, plan=plan, view=view,
        )  # fmt: skip

    def _taken(self, day: date, parts: list[str], pages: list[str]) -> Taken:
        _, starts, ends, place, how, support = parts
        return Taken(
            tuple(pages), self._moment(starts, day), self._moment(ends, day), place=place,
            scribed="scribed" in how, read_back="read back" in how, support=support,
        )  # fmt: skip


_LISTED = frozenset({"incident", "restrictive", "statement", "evidence"})
"""The acts whose details are parted by semicolons, since commas stand in them."""
