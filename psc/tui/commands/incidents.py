"""Commands of incidents: one recorded from the board, and the page of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.tui.commands.base import Command

if TYPE_CHECKING:
    from psc.tui.screens.today import Today


class RecordIncident(Command):
    """Record an incident with the student under the cursor, or all marked: when, a category, a sentence."""

    title, key, act = "Record an incident", "x", "record_incident"
    shows_names = True

    def run(self, today: Today) -> None:
        """Ask when, then open the form with student, room and period filled in."""
        from psc.tui.incidents import begin_incident
        from psc.tui.people import People, student_person

        people, room = People(), today.room
        for one in today.state.targets():
            row = one.row
            if not row.hidden:
                people = people.added(
                    student_person(row.student_id, row.name, "" if row.apart else row.form, "involved")
                )
                room = room or next((each for each in today.board.rooms if each.id == row.room_id), None)
        begin_incident(today, today, people, room)


class Incidents(Command):
    """Incidents, newest first: what is open, owed, entered late; Enter opens one with all that was added since."""

    title, key, act = "Incidents", "5", "see_incidents"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the page."""
        from psc.tui.screens.incidents import IncidentsPage

        today.app.push_screen(IncidentsPage(today))


class Investigations(Command):
    """Investigations: incidents, statements and evidence gathered on one timeline, to print as one file."""

    title, key, act = "Investigations", "I", "see_investigations"
    shows_names = True

    def run(self, today: Today) -> None:
        """Open the list."""
        from psc.tui.screens.investigations import InvestigationsPage

        today.app.push_screen(InvestigationsPage(today))


INCIDENT_COMMANDS: tuple[Command, ...] = (RecordIncident(), Incidents(), Investigations())
"""The commands of this file."""
