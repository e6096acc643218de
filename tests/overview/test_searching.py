"""Search finds what was written, by any of its words, and nothing that the reader may not see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psc.database.search_index import rebuild
from psc.desk.acts import undo
from psc.errors import NotAllowed
from psc.incidents.addenda import add_addendum
from psc.incidents.incidents import Account, Adult, Part, amend_incident, record_incident, the_incident
from psc.incidents.notes import amend_note, the_note, write_note, write_restricted_note
from psc.incidents.statements import Taken, Whose, take_statement
from psc.overview.search_hits import Piece, snippet
from psc.overview.searching import MOST, Found, note_search, query_words, search_records
from psc.text import clean, fold
from tests.desk.test_looks import bar
from tests.overview.test_who_sees_whom import cover_pass
from tests.school import IER, make_school

if TYPE_CHECKING:
    from tests.school import School

REID, OKAFOR, KHAN = 1, 2, 4
WORDS = [
    "badger",
    "otter",
    "heron",
    "stoat",
    "lynx",
    "civet",
    "marten",
    "vole",
    "newt",
    "toad",
    "shrew",
    "weasel",
    "polecat",
    "ferret",
    "mink",
    "genet",
    "okapi",
]


@pytest.fixture
def told(school: School) -> School:
    """A school in which somebody wrote one word of every kind of text; Reid is in the room today."""
    school.book(REID)
    cover_pass(school, IER)
    co, safe = school.desk("CO1"), school.desk("SG1")
    school.desk("AS1").do(write_note(KHAN, "A badger."))
    co.do(write_note(REID, "An otter."))
    heron = co.do(write_note(REID, "A heron.", "pastoral", "year team")).value
    co.do(write_note(OKAFOR, "A stoat."))
    shut = safe.do(write_restricted_note(REID, "A lynx.")).value
    safe.do(add_addendum("note", shut, "A civet."))
    both = (Part(REID, "involved"), Part(KHAN, "target"))
    seen = co.do(record_incident(Account("Fighting", "A marten."), both)).value
    co.do(add_addendum("incident", seen, "A vole."))
    now = school.clock.now()
    said = co.do(take_statement(seen, Whose(student_id=KHAN, role="target"), Taken(("A", "newt."), now, now))).value
    co.do(add_addendum("statement", said, "A toad."))
    school.desk("AS2").do(record_incident(Account("Defiance", "A shrew."), (Part(OKAFOR, "involved"),)))
    co.do(write_note(REID, "A weasel."))
    co.do(undo())
    was = co.do(write_note(REID, "A polecat.")).value
    co.do(amend_note(was, "A ferret.", "Looked again", seen=the_note(school.file, was).now.id))
    co.do(add_addendum("note", heron, "A mink."))
    there = [Adult(1, "", "witness")]
    was = co.do(record_incident(Account("Truancy", "A genet."), (Part(OKAFOR, "involved"),), there)).value
    latest = the_incident(school.file, was).versions[-1].id
    co.do(amend_incident(was, Account("Truancy", "An okapi."), "Looked again", seen=latest))
    return school


def find(school: School, code: str, text: str) -> Found:
    return search_records(school.desk(code), text)


def found_by(school: School, code: str) -> set[str]:
    """Return the words that somebody finds; of each the hit must be the only one, and say nothing of another."""
    found = set()
    for word in WORDS:
        answer = find(school, code, word)
        assert len(answer.hits) <= 1
        assert not answer.more
        if answer.hits:
            found.add(word)
            assert answer.hits[0].shut or word in answer.hits[0].text
    return found


STANDS = {*WORDS} - {"weasel", "polecat", "genet"}
"""What was not taken back, or said otherwise since."""
SHUT = {"lynx", "civet"}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        # What they wrote or were there at, and whoever is in the room today: no statement, nothing of the year team.
        ("AS1", {"badger", "otter", "ferret", "marten", "vole", "okapi"}),
        ("AS2", {"otter", "ferret", "marten", "vole", "shrew"}),
        ("CV1", {"otter", "ferret"}),
        ("CO1", STANDS - SHUT),
        ("HY8", {"badger", "marten", "vole", "newt", "toad"}),
        ("BL1", STANDS),
        ("SG1", STANDS),
    ],
)
def test_each_role_finds_what_it_may_see_and_nothing_else(told: School, code: str, words: set[str]) -> None:
    assert found_by(told, code) == words
    # The tokens only spare the asking: with none, and with wrong ones, nothing more is found.
    with told.file.atomic():
        rebuild(told.file)
    assert found_by(told, code) == words
    everything = find(told, code, "a")
    assert len(everything.hits) == len(words)
    assert not everything.more


@pytest.mark.parametrize("code", ["AD1", "KB"])
def test_others_find_nothing_at_all(told: School, code: str) -> None:
    with pytest.raises(NotAllowed):
        find(told, code, "otter")


def test_nobody_finds_what_is_written_of_a_student_they_are_barred_from(told: School) -> None:
    bar(told, "SG1", KHAN)
    assert found_by(told, "SG1") == STANDS - {"badger", "marten", "vole", "newt", "toad"}
    bar(told, "AS1", KHAN)
    assert found_by(told, "AS1") == {"otter", "ferret", "okapi"}


def test_a_restricted_note_is_found_without_a_word_of_it(told: School) -> None:
    (hit,) = find(told, "BL1", "lynx").hits
    assert (hit.shut, hit.text, hit.head, hit.about) == (True, "", "", "Reid, Callum")


def test_a_note_that_becomes_restricted_is_found_by_nobody_else_any_more(told: School) -> None:
    safe = told.desk("SG1")
    note = safe.do(write_note(REID, "A dingo.")).value
    told.desk("CO1").do(add_addendum("note", note, "A jackal."))
    assert find(told, "CO1", "jackal").hits
    told.clock.forward(minutes=1)
    latest = the_note(told.file, note).now.id
    safe.do(amend_note(note, "A dingo.", "Not for all", seen=latest, visibility="restricted"))
    for code in ("CO1", "AS1"):
        assert not [word for word in ("dingo", "jackal") if find(told, code, word).hits]
    assert all(find(told, "SG1", word).hits[0].shut for word in ("dingo", "jackal"))


def test_whoever_is_not_shown_to_the_reader_has_no_name_there(told: School) -> None:
    both = (Part(REID, "involved"), Part(OKAFOR, "target"))
    told.desk("CV1").do(record_incident(Account("Bullying", "A gecko."), both))
    (hit,) = find(told, "CV1", "gecko").hits
    assert hit.about == "Reid, Callum · a student not shown to you"


def test_more_speaks_only_of_what_may_be_shown(school: School) -> None:
    desk = school.desk("SG1")
    for number in range(MOST):
        desk.do(write_note(REID, f"dog {number}"))
    desk.do(write_restricted_note(REID, "dog hidden"))
    ours = find(school, "CO1", "dog")
    assert (len(ours.hits), ours.more) == (MOST, False)
    assert ours.hits[0].text == f"dog {MOST - 1}"
    theirs = find(school, "SG1", "dog")
    assert (len(theirs.hits), theirs.more) == (MOST, True)


def test_a_search_is_noted_by_a_digest_and_narrowing_it_is_not_noted_again(told: School) -> None:
    def lines() -> list[str]:
        details = "SELECT d.json FROM ledger l JOIN ledger_detail d ON d.seq = l.seq WHERE l.act = 'search_records'"
        return [one for (one,) in told.file.rows(details)]

    desk, noted = told.desk("CO1"), ""
    for text in ("", " .", "o", "ot", "otter", "otter ph", "phone otters"):
        noted = search_records(desk, text, noted).noted
    assert len(lines()) == 1
    noted = search_records(desk, "heron", noted).noted
    assert len(lines()) == 2
    noted = note_search(desk, "heron mi", noted, settled=True)
    note_search(desk, "heron mi", noted, settled=True)
    assert len(lines()) == 3
    assert "otter" not in "".join(lines())


def test_words_are_found_whatever_their_accents_case_and_apostrophes(school: School) -> None:
    school.desk().do(write_note(REID, "Łukasz said: DON’T touch O'Brien's café; ½ of it is 日本."))
    for text in ("lukasz", "dont", "don't", "obrien", "CAFE", "café ŁUK", "1 2", "日", "日本", "bri"):
        assert bool(find(school, "CO1", text).hits) is (text != "bri"), text


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> School:
    return make_school(tmp_path_factory.mktemp("wide"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(min_size=1, max_size=120), query=st.text(max_size=60))
def test_any_text_is_found_by_its_own_words_and_no_query_fails(wide: School, text: str, query: str) -> None:
    desk = wide.desk("CO1")
    if clean(text, lines=True):
        note = desk.do(write_note(REID, text)).value
        if query_words(text):
            assert note in [one.id for one in search_records(desk, text).hits]
    search_records(desk, query)
    search_records(desk, f'"{query}" OR * AND ^ NEAR({query}) -who : s1')


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.lists(st.text(max_size=8), max_size=4), st.integers(10, 80))
def test_a_snippet_is_a_piece_of_the_text_and_says_truly_what_was_found(
    text: str, asked: list[str], width: int
) -> None:
    text = clean(text, lines=True)
    words = query_words(" ".join([*asked, *text.split()[-2:]]))
    pieces = snippet(text, words, width)
    whole = "".join(one.text for one in pieces)
    assert len(whole) <= width
    assert "\n" not in whole
    assert whole.strip("…") in text.replace("\n", " ").replace("…", "…") or "…" in text
    for one in pieces:
        parts = fold(one.text).split()
        assert not one.found or any(word.startswith(part) or part.startswith(word) for part in parts for word in words)
    if words and any(each.startswith(word) for word in words for each in fold(text).split()) and width > 30:
        assert any(one.found for one in pieces)


def test_a_snippet_shows_what_was_found_as_it_was_written() -> None:
    text = "Quite some time before lunch she said that\nDON’T was what Łukasz heard, and nothing else happened."
    assert snippet(text, ("dont", "luk"), 60) == (
        Piece("…", found=False),
        Piece("she said that ", found=False),
        Piece("DON’T", found=True),
        Piece(" was what ", found=False),
        Piece("Łuk", found=True),
        Piece("asz heard, and nothing els…", found=False),
    )
