"""Acts on incidents, notes and statements in any order: what stands, who wrote it and what is found stay right."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from psc.database.search_index import rebuild, unindexed
from psc.desk.acts import undo
from psc.errors import PscError
from psc.flows.merge import merge_students
from psc.incidents.addenda import add_addendum, addenda_of
from psc.incidents.endings import add_to_incident
from psc.incidents.incidents import Account, Adult, Part, amend_incident, incidents_by_id, record_incident
from psc.incidents.notes import amend_note, notes_by_id, write_note, write_restricted_note
from psc.incidents.statements import Taken, Whose, amend_statement, statements_of, take_statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from psc.database.file import File
    from tests.school import School

STUDENTS = (1, 2, 4, 6, 7)
STAFF = ("AS1", "CO1", "SG1")


class Written:
    """What should stand: of each record all its texts, the latest last, and what was added to it."""

    def __init__(self, school: School, seed: int) -> None:
        self.school = school
        self.dice = random.Random(seed)
        self.number = 0
        self.records: dict[int, tuple[str, list[str], list[str]]] = {}
        self.back: dict[str, list[Callable[[], object]]] = {code: [] for code in STAFF}
        """How each act of somebody is taken back, the last last."""
        self.students = list(STUDENTS)
        self.done = 0

    def words(self) -> str:
        """Return words that nobody wrote before."""
        self.number += 1
        return f"word{self.number}x caf\u00e9"

    def id_of(self, noun: str, texts: list[str]) -> tuple[int, int]:
        """Return the record that says something now, and its latest version's id: a merge gives it another."""
        column = {"incident": "behaviour", "note": "text", "statement": "pages"}[noun]
        found = self.school.file.row(
            f"SELECT max({noun}_id), max(id) FROM {noun}_version WHERE {column} LIKE ?", (f"%{texts[-1]}%",)
        )
        assert found is not None
        return found

    def one(self, noun: str) -> tuple[list[str], list[str], int, int] | None:
        """Return some record of a kind: its texts, what was added, its id and its version's."""
        known = [one for one in self.records.values() if one[0] == noun]
        if not known:
            return None
        _, texts, added = self.dice.choice(known)
        return (texts, added, *self.id_of(noun, texts))

    def try_to(self, code: str, call: Any, then: Callable[[], Callable[[], object]]) -> None:
        """Do an act as somebody; where it is refused nothing has changed."""
        try:
            self.school.desk(code).do(call)
        except PscError:
            return
        self.done += 1
        self.back[code].append(then())

    def write(self, code: str) -> None:
        """Write something new."""
        said, noun = self.words(), self.dice.choice(("incident", "note", "shut", "statement"))
        student = self.dice.choice(self.students)
        call: Any
        if noun == "incident":
            parts = [Part(one, self.dice.choice(("involved", "witness"))) for one in self.dice.sample(self.students, 2)]
            call = record_incident(Account("Fighting", said), parts, [Adult(7, "", "witness")])
        elif noun == "statement":
            if (at := self.one("incident")) is None:
                return
            now = self.school.clock.now()
            call = take_statement(at[2], Whose(student_id=student), Taken((said, "more"), now, now))
        elif noun == "shut":
            call = write_restricted_note(student, said)
        else:
            call = write_note(student, said, visibility=self.dice.choice(("room", "year team")))
        kind, number = "note" if noun == "shut" else noun, self.number

        def then() -> Callable[[], object]:
            self.records[number] = (kind, [said], [])
            return lambda: self.records.pop(number)

        self.try_to(code, call, then)

    def amend(self, code: str) -> None:
        """Say something otherwise, now and then with other students, or shut."""
        noun = self.dice.choice(("incident", "note", "statement"))
        if (at := self.one(noun)) is None:
            return
        texts, _, identity, seen = at
        said, now = self.words(), self.school.clock.now()
        call: Any
        if noun == "incident":
            others = [Part(one, "involved") for one in self.dice.sample(self.students, 2)]
            students = others if self.dice.random() < 0.5 else None
            call = amend_incident(identity, Account("Fighting", said), "Wrong", seen=seen, students=students)
        elif noun == "note":
            shut = "restricted" if self.dice.random() < 0.3 else None
            call = amend_note(identity, said, "Wrong", seen=seen, visibility=shut)
        else:
            call = amend_statement(identity, Taken((said,), now, now), "Wrong", seen=seen)

        def then() -> Callable[[], object]:
            texts.append(said)
            return texts.pop

        self.try_to(code, call, then)

    def add(self, code: str) -> None:
        """Add to something, or name somebody else who was there."""
        noun: Any = self.dice.choice(("incident", "note", "statement"))
        if (at := self.one(noun)) is None:
            return
        _, added, identity, _ = at
        said = self.words()
        call: Any = add_addendum(noun, identity, said)
        if noun == "incident" and self.dice.random() < 0.5:
            call = add_to_incident(identity, [Part(self.dice.choice(self.students), "witness")], [], said)

        def then() -> Callable[[], object]:
            added.append(said)
            return lambda: added.remove(said)

        self.try_to(code, call, then)

    def undo(self, code: str) -> None:
        """Take back what somebody did last."""
        try:
            self.school.desk(code).do(undo())
        except PscError:
            return
        self.done += 1
        self.back[code].pop()()

    def merge(self, _: str) -> None:
        """Make two records of students one."""
        if len(self.students) < 4 or self.dice.random() < 0.8:
            return
        old, into = self.dice.sample(self.students, 2)
        old, into = (7, 6) if {6, 7} <= {*self.students} else (old, into)
        self.school.desk("CO1", "office").do(merge_students(old, into))
        self.students.remove(old)

    def step(self) -> None:
        """Do something as somebody, a little later."""
        self.school.clock.forward(minutes=self.dice.choice((0, 1, 3)))
        acts = (self.write, self.write, self.amend, self.amend, self.add, self.undo, self.undo, self.merge)
        self.dice.choice(acts)(self.dice.choice(STAFF))

    def check(self) -> None:
        """Compare what stands with what should."""
        file = self.school.file
        assert unindexed(file) == 0
        incidents = incidents_by_id(file, self.ids("incident"))
        notes = notes_by_id(file, self.ids("note"))
        statements = [one for those in statements_of(file, self.ids("incident")).values() for one in those]
        stands = {
            "incident": [(one.id, [each.account.behaviour for each in one.versions]) for one in incidents],
            "note": [(one.id, [each.text for each in one.versions]) for one in notes],
            "statement": [(one.id, [each.taken.pages[0] for each in one.versions]) for one in statements],
        }
        for noun, found in stands.items():
            which: Any = noun
            addenda = addenda_of(file, which, [identity for identity, _ in found])
            said = [(texts, [each.text for each in addenda.get(identity, ())]) for identity, texts in found]
            wanted = [(texts, added) for kind, texts, added in self.records.values() if kind == noun]
            assert sorted(said) == sorted(wanted)
        for one in incidents:
            assert {part.student_id for part in one.students} <= {*self.students}
            assert len({part.student_id for part in one.students}) == len(one.students)
        assert {one.student_id for one in notes} <= {*self.students}

    def ids(self, noun: str) -> list[int]:
        """Return every id of a kind of record, those taken back among them."""
        return [identity for (identity,) in self.school.file.rows(f"SELECT id FROM {noun}")]


def index(file: File) -> set[tuple[object, ...]]:
    """Return every word and token of the index, with the fact in which it stands."""
    file.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, search_text, instance)")
    return set(
        file.rows("SELECT e.fact, e.fact_id, w.col, w.term FROM temp.words w JOIN search_entry e ON e.id = w.doc")
    )


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_in_whatever_order_stands_and_is_found_as_it_was_said(school: School, seed: int) -> None:
    written = Written(school, seed)
    for _ in range(120):
        written.step()
        written.check()
    assert written.done > 25
    before = index(school.file)
    with school.file.atomic():
        rebuild(school.file)
    assert index(school.file) == before
