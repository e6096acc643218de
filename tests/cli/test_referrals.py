"""`psc refer`, `psc approve`: raised, listed, decided; text and JSON; refused with the exit codes of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal

NEW = ("--type", "internal_excl", "--reason", "Defiance", "--facts", "Threw a chair.", "--when", "2 days from Wed")


def test_a_referral_is_raised_with_the_lesson_of_the_timetable(psc: Terminal) -> None:
    said = psc.json("refer", "24035", *NEW, "--period", "P3", "--adjustment", "none needed: seen by the SENCo")
    assert said["act"] == "raise_referral"
    assert (said["student"], said["state"], said["type"]) == ("24035", "requested", "internal_exclusion")
    assert said["when"] == "Wed 25–Thu 26 Nov, all lessons"
    assert (said["room"], said["raised_by"], said["home_told"], said["note"]) == ("IER", "AS1", False, "")
    assert f"{said['referral']:>4}  Novak, Petra" in psc("--as", "CO1", "approve").out


def test_a_teacher_who_is_not_on_the_staff_is_said_and_kept(psc: Terminal) -> None:
    said = psc("refer", "24006", *NEW, "--teacher", "ZZ9")
    assert said.code == 0
    assert "Butler, Arthur: referral 4, Internal exclusion (Defiance), Wed 25–Thu 26 Nov, all lessons, IER." in said.out
    assert "No one on the staff list is called “ZZ9”: kept as typed." in said.out


def test_the_same_act_id_twice_is_one_referral(psc: Terminal) -> None:
    first = psc.json("refer", "24006", *NEW, "--act-id", "once")
    again = psc("refer", "24006", *NEW, "--act-id", "once")
    assert "(done before)" in again.out
    assert psc.json("refer", "24006", *NEW, "--act-id", "once")["referral"] == first["referral"]
    psc.refused("refer", "24027", *NEW, "--act-id", "once", code=2)


def test_what_waits_is_listed_oldest_first(psc: Terminal) -> None:
    found = psc.json("--as", "CO1", "approve")
    assert [(one["waits"], one["name"], one["school_days"]) for one in found] == [
        ("decision", "Qureshi, Aisha", 1),
        ("decision", "Yılmaz, Ömer", 0),
        ("confirmation", "Marsh, Ellie", 0),
    ]
    assert "Referrals to decide: none" in psc("--as", "HY10", "approve").out
    assert [one["name"] for one in psc.json("--as", "HY8", "approve")] == ["Yılmaz, Ömer", "Marsh, Ellie"]


def test_a_referral_is_approved_changed_or_declined(psc: Terminal) -> None:
    said = psc("--as", "CO1", "approve", "2", "--override", "Agreed with the head of year")
    assert said.out.strip() == "Qureshi, Aisha: booked in IER, Wed 25–Thu 26 Nov, all lessons."
    changed = psc.json("--as", "CO1", "approve", "3", "--change", "Begin with one", "--when", "Thu P2")
    assert (changed["state"], changed["when"], changed["why"]) == ("booked", "Thu 26 Nov P2", "Begin with one")
    again = psc.refused("--as", "BL1", "approve", "3", "--decline", "no", code=3)
    assert "M. Adebayo (CO1) approved it with changes on Mon 23 Nov at 11:43: Begin with one." in again


def test_declining_says_why(psc: Terminal) -> None:
    said = psc.json("--as", "HY9", "approve", "2", "--decline", "Talk first")
    assert (said["state"], said["decided_by"], said["why"]) == ("declined", "HY9", "Talk first")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--as", "AS1", "refer", "25051", *NEW), 3, "Which adjustment was considered?"),
        (("refer", "24006", *NEW[:-1], "Saturday"), 3, "is not a school day"),
        (("refer", "24006", "--type", "removal", *NEW[2:]), 2, "is not a type psc knows"),
        (("refer", "24006", *NEW, "--place", "x" * 400), 2, "The place has 400 characters; 60 fit."),
        (("refer", "24006", *NEW, "--room", "X9"), 2, "There is no room"),
        (("--as", "CO1", "approve", "99"), 2, "There is no referral 99."),
        (("--as", "CO1", "approve", "--decline", "no"), 2, "Which referral?"),
        (("--as", "CO1", "approve", "2", "--when", "Thu"), 2, "Say why it is changed."),
        (
            ("--as", "CO1", "approve", "2", "--decline", "no", "--change", "so"),
            2,
            "It is declined or changed, not both.",
        ),
        (("--as", "SG1", "approve", "3"), 3, "may not do this"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    psc: Terminal, words: tuple[str, ...], code: int, said: str
) -> None:
    assert said in psc.refused(*words, code=code)
