"""What is written down of two of the programmes that run: one has its review overdue, the other's is to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from school import Student, label

# Form and surname | room | type | each week | from | until | review | what it is for | how everybody will know.
PROGRAMMES = """\
10C Nuñez|PSC|psc_programme|Mon P3-P5, Wed P3-P5|2026-09-21|2026-12-04|2026-11-18|Ways to stay calm when a room is loud, and to ask for a break before it is too much|Uses the break card in four lessons of five; stays a whole week of maths; says so himself
9A D'Souza|PSC|phased_return|Mon-Fri P1-P4|2026-11-09|2026-11-27|2026-11-26|Back in school after a long illness, one lesson more at a time|Five days running without going home early; joins science and art in the afternoons
"""  # noqa: E501


def programme_rows(students: Sequence[Student]) -> Iterator[tuple[str, ...]]:
    """Yield the programmes with admission numbers for names."""
    by_name = {label(student): student.adno for student in reversed(students)}
    for line in PROGRAMMES.splitlines():
        name, *rest = line.split("|")
        yield by_name[name], *rest
