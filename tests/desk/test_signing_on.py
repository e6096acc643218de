"""Signing on: who gets in, five wrong answers, and what neither a restart nor a set clock changes."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from psc.desk import secrets
from psc.desk.secrets import Hidden, change_secret, check_passphrase, check_pin, kept_of, reset_secret, set_pin
from psc.desk.signing_on import WRONG, Ring, TooMany, look_at, pay, settle, sign_on
from psc.errors import NoSpace, PscError, Refused

if TYPE_CHECKING:
    from tests.school import School

RIGHT = "brick lantern seven"
PIN = "582914"


@pytest.fixture
def kept(school: School) -> School:
    """The made school with a passphrase for two of its staff."""
    for code in ("AS1", "AS2"):
        school.desk("AD1").do(
            reset_secret(school.desk(code).staff().id, secrets.hash_passphrase(RIGHT), temporary=False)
        )
    return school


def answered(school: School, code: str, answer: str, ring: Ring | None = None) -> str:
    """Give an answer at the sign-in screen; returns the code of who is in, or the words of the refusal."""
    ring = ring or Ring()
    try:
        guess = pay(school.file, school.clock, code, answer, ring)
        return settle(school.file, school.clock, "one", guess, look_at(guess), ring).staff.code
    except PscError as error:
        return error.title


def lines(school: School, act: str) -> list[tuple[str, str]]:
    """Return who did an act and its detail, from the ledger."""
    return school.file.rows(
        "SELECT l.actor, d.json FROM ledger l JOIN ledger_detail d ON d.seq = l.seq WHERE act = ? ORDER BY l.seq",
        (act,),
    )


def test_an_assistant_signs_in_with_code_and_passphrase(kept: School) -> None:
    assert answered(kept, " as1 ", RIGHT) == "AS1"
    assert [actor for actor, _ in lines(kept, "begin_session")] == ["AS1"]


def test_a_wrong_passphrase_and_an_unknown_code_are_answered_alike(kept: School) -> None:
    assert answered(kept, "AS1", "something else") == WRONG == answered(kept, "XX9", "something else")
    assert answered(kept, "KB", RIGHT) == WRONG, "a teacher, who has no secret"
    details = [detail for _, detail in lines(kept, "fail_sign_on")]
    assert len(details) == 3
    assert "AS1" in details[0]
    assert "XX9" not in details[1], "it might be a passphrase typed in the wrong field"


def test_no_secret_and_no_hash_of_one_reaches_the_ledger(kept: School) -> None:
    ring = Ring()
    answered(kept, "AS1", RIGHT, ring)
    key = ring.keys[1]
    kept.desk().do(set_pin(Hidden(key.salt), Hidden(key.seal(PIN))))
    kept.desk().do(change_secret(secrets.hash_passphrase("another lantern seven")))
    whole = " ".join(text for (text,) in kept.file.rows("SELECT json FROM ledger_detail"))
    assert not any(one in whole for one in (RIGHT, PIN, "argon2", key.salt, key.seal(PIN)))


@pytest.mark.parametrize("code", ["AS1", "XX9"])
def test_five_wrong_answers_lock_out_whoever_comes_next(kept: School, code: str) -> None:
    for _ in range(5):
        assert answered(kept, code, "not this one") == WRONG
    assert answered(kept, code, RIGHT).startswith("Too many wrong answers")
    assert answered(kept, "AS2", RIGHT) == "AS2", "nobody else is locked out"


def test_a_lock_out_holds_in_another_terminal_and_after_a_restart(kept: School) -> None:
    for _ in range(5):
        answered(kept, "AS1", "not this one")
    with closing(kept.another()) as file, pytest.raises(TooMany):
        sign_on(file, kept.clock, "two", "AS1", RIGHT)


def test_a_psc_that_is_killed_while_it_looks_has_used_the_answer_up(kept: School) -> None:
    for _ in range(5):
        pay(kept.file, kept.clock, "AS1", "not this one", Ring())
    assert answered(kept, "AS1", RIGHT).startswith("Too many wrong answers")


@pytest.mark.parametrize("days", [1, -400])
def test_setting_the_machines_clock_shortens_no_wait(kept: School, days: int) -> None:
    for _ in range(5):
        answered(kept, "AS1", "not this one")
    kept.clock.moment += timedelta(days=days)
    assert answered(kept, "AS1", RIGHT).startswith("Too many wrong answers")
    kept.clock.seconds += 15 * 60 - 1
    assert answered(kept, "AS1", RIGHT).startswith("Too many wrong answers")
    kept.clock.seconds += 1
    assert answered(kept, "AS1", RIGHT) == "AS1"


def test_after_the_wait_each_wrong_answer_waits_again(kept: School) -> None:
    for _ in range(5):
        answered(kept, "AS1", "not this one")
    kept.clock.seconds += 15 * 60
    assert answered(kept, "AS1", "nor this one") == WRONG
    assert answered(kept, "AS1", RIGHT).startswith("Too many wrong answers")


def test_starting_the_machine_anew_starts_the_wait_anew(kept: School) -> None:
    kept.clock.seconds = 90_000
    for _ in range(5):
        answered(kept, "AS1", "not this one")
    kept.clock.seconds = 20
    assert answered(kept, "AS1", RIGHT).startswith("Too many wrong answers")
    kept.clock.seconds = 15 * 60
    assert answered(kept, "AS1", RIGHT) == "AS1"


def test_an_administrator_ends_a_lock_out(kept: School) -> None:
    for _ in range(5):
        answered(kept, "AS1", "not this one")
    handed = secrets.temporary_passphrase()
    kept.desk("AD1").do(reset_secret(1, secrets.hash_passphrase(handed)))
    person = sign_on(kept.file, kept.clock, "one", "AS1", handed)
    assert person.must_change


def test_a_right_answer_takes_the_count_back(kept: School) -> None:
    for _ in range(3):
        for _ in range(4):
            answered(kept, "AS1", "not this one")
        assert answered(kept, "AS1", RIGHT) == "AS1"


def test_a_temporary_passphrase_runs_out(kept: School) -> None:
    handed = secrets.temporary_passphrase()
    kept.desk("AD1").do(reset_secret(1, secrets.hash_passphrase(handed)))
    kept.clock.moment += timedelta(days=8)
    assert answered(kept, "AS1", handed) == "That temporary passphrase has run out."


def test_a_pin_works_only_where_the_passphrase_was_given_today(kept: School) -> None:
    ring = Ring()
    answered(kept, "AS1", RIGHT, ring)
    key = ring.keys[1]
    kept.desk().do(set_pin(Hidden(key.salt), Hidden(key.seal(PIN))))
    assert answered(kept, "AS1", PIN, ring) == "AS1"
    assert answered(kept, "AS1", PIN, Ring()) == WRONG, "another psc, or this one started again"
    assert answered(kept, "AS1", RIGHT) == "AS1"
    fresh = Ring()
    answered(kept, "AS1", RIGHT, fresh)
    assert answered(kept, "AS1", PIN, fresh) == "AS1", "the passphrase opens the seal of a PIN chosen before"
    kept.clock.moment += timedelta(days=1)
    assert answered(kept, "AS1", PIN, fresh) == WRONG, "sessions end at midnight"


def test_five_wrong_pins_close_the_pin_and_not_the_passphrase(kept: School) -> None:
    ring = Ring()
    answered(kept, "AS1", RIGHT, ring)
    key = ring.keys[1]
    kept.desk().do(set_pin(Hidden(key.salt), Hidden(key.seal(PIN))))
    for _ in range(5):
        assert answered(kept, "AS1", "111222", ring) == WRONG
    kept.clock.seconds += 3600
    assert "PIN is closed" in answered(kept, "AS1", PIN, ring)
    assert answered(kept, "AS1", RIGHT, ring) == "AS1"
    assert answered(kept, "AS1", PIN, ring) == "AS1", "the passphrase has opened it again"


def test_nothing_in_the_file_lets_anybody_try_pins(kept: School) -> None:
    ring = Ring()
    answered(kept, "AS1", RIGHT, ring)
    key = ring.keys[1]
    kept.desk().do(set_pin(Hidden(key.salt), Hidden(key.seal(PIN))))
    found = kept_of(kept.file, 1)
    assert found is not None
    others = secrets.pin_key("brick lantern eight", found.pin_salt)
    assert key.opens(PIN, found.pin_seal)
    assert not others.opens(PIN, found.pin_seal)


@pytest.mark.usefixtures("full_price")
def test_a_hash_of_weaker_days_is_made_anew_at_the_next_right_answer(kept: School) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(RIGHT)
    kept.file.execute("UPDATE secret SET hash = ? WHERE staff_id = 1", (weak,))
    assert answered(kept, "AS1", RIGHT) == "AS1"
    found = kept_of(kept.file, 1)
    assert found is not None
    assert "m=19456,t=2" in found.hash
    assert answered(kept, "AS1", RIGHT) == "AS1"


@pytest.mark.usefixtures("full_price")
def test_a_hash_costs_what_was_promised() -> None:
    assert secrets.MEMORY_KIB >= 19 * 1024
    assert secrets.ROUNDS >= 2
    assert secrets.hash_passphrase(RIGHT).value.startswith(f"$argon2id$v=19$m={secrets.MEMORY_KIB},t={secrets.ROUNDS}")
    assert not secrets.is_outdated(secrets.nobodys_hash()), "an unknown code takes as long as a known one"


def test_a_file_of_before_secrets_lets_nobody_in(school: School) -> None:
    assert answered(school, "AS1", "") == "This file was made before psc knew passphrases."


@pytest.mark.parametrize(
    "poor",
    ["short", "password", "P4ssw0rd!!", "Summer2026!", "footballfootball", "12345678901234", "aaaaaaaaaaaaaa",
     "Hillside School", "hillside2026", "jo smith as1", "Smith1990", "x" * 201],
)  # fmt: skip
def test_a_poor_passphrase_is_refused_with_the_reason(poor: str) -> None:
    with pytest.raises(Refused) as refused:
        check_passphrase(poor, school="Hillside School", person="Jo Smith AS1")
    assert poor not in str(refused.value) or len(poor) < 6


@pytest.mark.parametrize("good", ["brick lantern seven", "xk7vmq9z", "hillside brick lantern", "żółw i kamień"])
def test_a_good_passphrase_is_taken(good: str) -> None:
    check_passphrase(good, school="Hillside School", person="Jo Smith AS1")


@pytest.mark.parametrize("poor", ["12345", "123456", "654321", "000000", "123123", "58291a", "1234567890123", "٥٨٢٩١٤"])
def test_a_poor_pin_is_refused(poor: str) -> None:
    with pytest.raises(Refused):
        check_pin(poor)


def test_the_same_passphrase_typed_on_another_keyboard_is_the_same(kept: School) -> None:
    kept.desk().do(change_secret(secrets.hash_passphrase("cafe\u0301 lantern seven")))
    assert answered(kept, "AS1", "caf\u00e9 lantern seven") == "AS1"


def test_a_role_that_changed_or_a_leaver_counts_at_once(kept: School) -> None:
    kept.file.execute("UPDATE staff SET active = 0 WHERE code = 'AS1'")
    assert answered(kept, "AS1", RIGHT) == WRONG


def test_a_file_that_cannot_be_written_gives_nobody_who_is_locked_out_more_tries(
    kept: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        answered(kept, "AS1", "not this one")

    def full(_: object) -> None:
        raise NoSpace("The disk is full.")

    monkeypatch.setattr(type(kept.file), "atomic", full)
    assert answered(kept, "AS1", RIGHT).startswith("Too many wrong answers")
    for _ in range(2):
        assert answered(kept, "AS2", "not this one") == WRONG
    assert answered(kept, "AS2", RIGHT) == "AS2", "and everybody else sees the room"
