"""Redaction: whose names are found, however they are typed, and that what is decided is what happens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psc.overview.all_held import AllHeld
from psc.overview.held_reading import Held, Leaf
from psc.overview.redaction import Decision, Kind, found_in, names_of, proposals, redacted, undecided
from psc.text import clean, fold

OTHERS = ("Khan", "Bilal", "O’Brien", "Łukasz", "Smith-Jones", "van der Berg", "Will", "Ali", "Li", "王小明", "[/")


def marked(text: str, *names: str) -> str:
    """Return a text with what is found between corners."""
    for start, end in reversed(found_in(text, names_of(names or OTHERS))):
        text = f"{text[:start]}<{text[start:end]}>{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Khan hit him", "<Khan> hit him"),
        ("KHAN, bilal", "<KHAN>, <bilal>"),
        ("Bilal Khan’s phone, Khan's bag", "<Bilal Khan>’s phone, <Khan>'s bag"),
        ("khanate and Bilalwood", "khanate and Bilalwood"),
        ("O'Brien, OBrien, O’BRIEN’S, Brien", "<O'Brien>, <OBrien>, <O’BRIEN>’S, <Brien>"),
        ("Lukasz and ŁUKASZ", "<Lukasz> and <ŁUKASZ>"),
        ("Smith Jones, smith-jones, SmithJones, a smith", "<Smith Jones>, <smith-jones>, <SmithJones>, a <smith>"),
        ("van with der Berg", "van with der <Berg>"),
        ("he will go with Will", "he <will> go with <Will>"),
        ("Mr Khan saw B. Khan and a Khan", "<Mr Khan> saw <B. Khan> and a <Khan>"),
        ("bilal.khan@school.example", "<bilal>.<khan>@school.example"),
        ("li, Li", "<li>, <Li>"),
        ("昨天王小明打了他", "昨天<王小明>打了他"),
        ("said [/ to me", "said <[/> to me"),
        ("Bi\u0301lal, Kha\u0308n", "<Bi\u0301lal>, <Kha\u0308n>"),
        ("_Khan_ (Khan) Khan,Bilal Khan/Bilal", "_<Khan>_ (<Khan>) <Khan>,<Bilal Khan>/<Bilal>"),
        ("", ""),
    ],
)
def test_names_are_found_as_words_however_they_are_typed(text: str, found: str) -> None:
    assert marked(text) == found


def test_a_name_that_is_only_a_common_word_counts_when_it_is_all_there_is() -> None:
    assert marked("the el is al", "Al") == "the el is <al>"
    assert marked("the el is al", "Al Amin") == "the el is al"
    assert marked("J-P, j p and J", "J-P") == "<J-P>, <j p> and J"


def held(*records: Held, others: tuple[str, ...] = OTHERS, own: tuple[str, ...] = ("Reid", "Callum")) -> AllHeld:
    staff = frozenset({("Kit", "Khan")})
    return AllHeld(1, "Callum Reid", "1001", records, frozenset(own), frozenset(others), staff)


def note(text: str, key: str = "1", group: str = "") -> Held:
    return Held(
        "note_version", key, (Leaf("text", text, "text"),), group=group, why="a restricted note" if group else ""
    )


def test_what_looks_like_something_else_is_said_and_proposed_all_the_same() -> None:
    made = proposals(held(note("Mr Khan said will Callum go; Khan"), others=(*OTHERS, "Callum")))
    assert [(one.text, one.looks) for one in made] == [
        ("Mr Khan", "a member of staff"),
        ("will Callum", ""),
        ("Khan", ""),
    ]
    alone = proposals(held(note("will he? Callum!"), others=(*OTHERS, "Callum")))
    assert [(one.text, one.looks) for one in alone] == [
        ("will", "perhaps only a word"),
        ("Callum", "the student’s own name"),
    ]


def test_typed_adults_and_added_words_are_looked_for_too() -> None:
    adult = Held("incident_adult", "1", (Leaf("name", "Mrs Moss from the shop", "adult"),))
    made = proposals(held(adult, note("Moss called his Nan from the shop")), ("nan",))
    assert [(one.kind, one.text) for one in made] == [
        (Kind.ADULT, "Mrs Moss from the shop"),
        (Kind.ADULT, "Moss"),
        (Kind.ADDED, "Nan"),
    ]


def test_nothing_is_released_while_one_is_undecided_and_each_decision_holds_for_its_own_place() -> None:
    whole = held(note("Khan hit Khan"))
    made = proposals(whole)
    first, second = made
    assert undecided(made, {first.key: Decision.REDACT}) == (second,)
    with pytest.raises(ValueError, match="undecided"):
        redacted(whole, made, {first.key: Decision.REDACT})
    done = redacted(whole, made, {first.key: Decision.REDACT, second.key: Decision.KEEP})
    assert done[0].leaves[0].value == "[another student] hit Khan"
    changed = proposals(held(note("Khan hit Khan.")))
    assert undecided(changed, {one.key: Decision.KEEP for one in made}) == changed


def test_a_record_is_withheld_whole_and_what_stands_in_it_needs_no_decision_then() -> None:
    whole = held(note("Khan told me", "1", "note 1"), note("Khan did", "2"))
    of_record, inside, other = made = proposals(whole)
    assert (of_record.kind, inside.group, other.group) == (Kind.RECORD, "note 1", "")
    decisions = {of_record.key: Decision.REDACT, other.key: Decision.KEEP}
    assert not undecided(made, decisions)
    assert [one.leaves[0].value for one in redacted(whole, made, decisions)] == ["[withheld]", "Khan did"]
    assert undecided(made, {of_record.key: Decision.KEEP, other.key: Decision.KEEP}) == (inside,)


_NAME = (
    st.text(st.sampled_from("abkoßłéñİıО王̈'’- "), min_size=2, max_size=12)
    .map(clean)
    .filter(lambda one: len(fold(one)) > 1)
)
_TEXT = st.lists(st.one_of(st.text(max_size=12), st.sampled_from([" ", "’s", "-", ",", "王", "."])), max_size=8)


@settings(max_examples=300)
@given(names=st.lists(_NAME, min_size=1, max_size=4), parts=_TEXT, data=st.data())
def test_no_name_is_left_in_any_text_once_all_is_accepted(
    names: list[str], parts: list[str], data: st.DataObject
) -> None:
    said = [part for one in parts for part in (one, f" {data.draw(st.sampled_from(names))} ")]
    if data.draw(st.booleans()):
        said = [one.upper() for one in said]
    whole = held(note(clean("".join(said), lines=True)), others=tuple(names))
    made = proposals(whole)
    done = redacted(whole, made, {one.key: Decision.REDACT for one in made})
    left = fold(str(done[0].leaves[0].value)).split()
    for name in names:
        folded = fold(name).split()
        assert not any(left[at : at + len(folded)] == folded for at in range(len(left))), (name, left)


@given(st.text(max_size=300))
def test_what_is_kept_stands_as_it_was(text: str) -> None:
    whole = held(note(text))
    made = proposals(whole)
    assert redacted(whole, made, {one.key: Decision.KEEP for one in made})[0].leaves[0].value == text
    assert all(one.before.endswith(text[: one.start][-5:]) and text[one.start : one.end] == one.text for one in made)
