"""Signing on: a code and a secret, five wrong answers, and the lines that the ledger keeps of sessions.

A guess is paid for before it is looked at: the count of wrong answers goes up first, in the file, and a right answer
takes it down again. So neither a second terminal nor a psc that is killed in between wins a free guess. The wait after
five wrong answers is measured by the machine's steady clock, which nobody can set.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment, school_day
from psc.database.driver import translated
from psc.desk import secrets
from psc.desk.acts import Call, Desk, Tx, act
from psc.desk.people import SYSTEM, Role, Staff, staff_by_code
from psc.desk.secrets import Hidden, PinKey
from psc.desk.settings import settings_on
from psc.errors import NoSpace, NotAllowed, NotUnderstood, ReadOnly, Refused

if TYPE_CHECKING:
    from datetime import date

    from psc.clock import Clock
    from psc.database.file import File

FREE_ANSWERS = 5
"""Wrong answers after which nobody signs in under a code until the wait is over. Source: the promises on guessing."""
WRONG = "That code and that answer do not go together."
_AGAIN = "Try again; after five wrong answers you must wait."
BEFORE_SECRETS = "This file was made before psc knew passphrases."
SET_THEM = "An administrator sets them, once: psc init --secrets."


class TooMany(Refused):
    """Too many wrong answers: nothing that is typed is looked at until the wait is over."""

    code = "too_many"


class NotThem(NotAllowed):
    """The secret is not that person's, or there is no such person: one answer for both."""

    code = "not_them"


@dataclass
class Ring:
    """What this psc knows of PINs, in memory only: the key of each person who gave it their passphrase today."""

    day: date | None = None
    keys: dict[int, PinKey] = field(default_factory=dict, repr=False)
    unwritten: dict[tuple[str, str], int] = field(default_factory=dict)
    """Wrong answers that could not be counted in the file, because it cannot be written."""

    def turn_to(self, day: date) -> None:
        """Forget yesterday's keys."""
        if self.day != day:
            self.day = day
            self.keys.clear()


class Guess(NamedTuple):
    """An answer that has been paid for, ready to be looked at away from the file."""

    staff: Staff | None
    who: str
    what: str
    answer: Hidden
    hash: str
    temporary_until: str | None
    pin_salt: str
    pin_seal: str
    pin_key: PinKey | None


class Found(NamedTuple):
    """What came of looking at a guess."""

    right: bool
    pin_key: PinKey | None = None
    rehashed: Hidden | None = None


class Person(NamedTuple):
    """Somebody who has signed on. With `must_change` they first choose a passphrase of their own."""

    staff: Staff
    must_change: bool
    has_pin: bool


def pay(file: File, clock: Clock, code: str, answer: str, ring: Ring) -> Guess:
    """Count an answer as wrong, before anybody looks at it.

    Raises `TooMany` while the wait lasts, and `Refused` for a file of before secrets, and for a PIN that was chosen
    at another terminal since this psc got the passphrase. An unknown code is paid for, and
    waited for, as a known one is.
    """
    if not secrets.has_secrets(file):
        raise Refused(BEFORE_SECRETS, SET_THEM)
    today = school_day(clock.now(), file.zone)
    ring.turn_to(today)
    staff: Staff | None
    try:
        staff = staff_by_code(file, code, today)
    except NotUnderstood:
        staff = None
    kept = secrets.kept_of(file, staff.id) if staff else None
    key = ring.keys.get(staff.id) if staff else None
    if staff is None or kept is None or staff.role is Role.TEACHER:
        return Guess(None, *_paid(file, clock, ring, _bucket(file, code), "passphrase"), Hidden(answer),
                     secrets.nobodys_hash(), None, "", "", None)  # fmt: skip
    # The PIN of somebody whose passphrase was given here today; a cover pass has nothing but a PIN.
    by_pin = secrets.is_pin(answer) and key is not None and bool(kept.pin_seal)
    if by_pin and key is not None and key.salt != kept.pin_salt:
        # Sealed under another key than this psc holds: it could open nothing, and is no wrong answer.
        raise Refused("That PIN was chosen at another terminal.", "Give your passphrase here once.")
    paid = _paid(file, clock, ring, str(staff.id), "pin" if by_pin else "passphrase")
    return Guess(
        staff, *paid, Hidden(answer), kept.hash, kept.temporary_until, kept.pin_salt, kept.pin_seal,
        key if by_pin else None,
    )  # fmt: skip


def _paid(file: File, clock: Clock, ring: Ring, who: str, what: str) -> tuple[str, str]:
    """Count one more wrong answer. Raises `TooMany` when there have been too many already."""
    steady = int(clock.steady())
    wait = settings_on(file, school_day(clock.now(), file.zone)).wait_minutes * 60
    try:
        with translated(), file.atomic():
            known = file.row("SELECT wrong, steady FROM guess WHERE who = ? AND what = ?", (who, what))
            wrong, since = known or (0, steady)
            if steady < since:  # the machine was started anew: the wait begins again with it
                since = 0
                file.execute("UPDATE guess SET steady = 0 WHERE who = ? AND what = ?", (who, what))
            if wrong < FREE_ANSWERS or (what == "passphrase" and steady - since >= wait):
                file.execute(
                    "INSERT INTO guess (who, what, wrong, steady) VALUES (?, ?, 1, ?) ON CONFLICT (who, what)"
                    " DO UPDATE SET wrong = min(wrong + 1, ?), steady = excluded.steady",
                    (who, what, steady, FREE_ANSWERS),
                )
                return who, what
    except (ReadOnly, NoSpace):
        # The room must be seen on the day its disk is full too: then this psc counts on from what the file has.
        wrong = ring.unwritten.get((who, what), 0) + int(
            file.value("SELECT coalesce(max(wrong), 0) FROM guess WHERE who = ? AND what = ?", (who, what))
        )
        if wrong < FREE_ANSWERS:
            ring.unwritten[who, what] = ring.unwritten.get((who, what), 0) + 1
            return who, what
    if what == "pin":
        raise TooMany("Too many wrong answers: this PIN is closed.", "Give your passphrase.")
    raise TooMany(
        "Too many wrong answers under this code.",
        f"Wait {wait // 60} minutes, or ask an administrator for a new passphrase.",
    )


def _bucket(file: File, code: str) -> str:
    """Return under what an unknown code is counted: so little of it that a secret typed there by mistake is lost."""
    told = hashlib.sha256(f"{file.file_id}\n{code.strip().casefold()}".encode()).hexdigest()
    return f"unknown {told[:4]}"


def look_at(guess: Guess, *, with_pin: bool = True) -> Found:
    """Say whether an answer is right. It takes its time and touches no file: run it beside the event loop.

    A right passphrase yields the key of the PIN beside it; not `with_pin` for a command, which is over before a PIN
    could be of use, and saves the time of another hash.
    """
    answer = guess.answer.value
    if guess.pin_key is not None:
        return Found(guess.pin_key.opens(answer, guess.pin_seal), guess.pin_key)
    if not secrets.verify(guess.hash, answer) or guess.staff is None:
        return Found(False)
    rehashed = secrets.hash_passphrase(answer) if secrets.is_outdated(guess.hash) else None
    if not with_pin or (guess.staff.role is Role.COVER and secrets.is_pin(answer)):
        return Found(True, None, rehashed)
    return Found(True, secrets.pin_key(answer, guess.pin_salt), rehashed)


def settle(
    file: File, clock: Clock, terminal: str, guess: Guess, found: Found, ring: Ring, *, again: bool = False
) -> Person:
    """Write down what came of a guess, and return who signed on; `again` for a session of theirs that was locked.

    Raises `NotThem` for a wrong answer, and `Refused` for a temporary passphrase that has run out.
    """
    staff = guess.staff
    if not found.right or staff is None:
        _noted(Desk(file, clock, SYSTEM.code, terminal), fail_sign_on(staff.code if staff else "", guess.what))
        raise NotThem(WRONG, _AGAIN)
    if guess.temporary_until is not None and moment(guess.temporary_until) < clock.now():
        raise Refused("That temporary passphrase has run out.", "Ask an administrator for a new one.")
    if found.pin_key is not None:
        ring.keys[staff.id] = found.pin_key
    ring.unwritten.pop((guess.who, guess.what), None)
    desk = Desk(file, clock, staff.code, terminal)
    _noted(desk, (reopen_session if again else begin_session)(guess.who, guess.what, found.rehashed))
    return Person(staff, guess.temporary_until is not None, bool(guess.pin_seal))


def sign_on(file: File, clock: Clock, terminal: str, code: str, answer: str) -> Person:
    """Sign on in one go, for a command. Raises `NotThem`, `TooMany`, `Refused`."""
    ring = Ring()
    guess = pay(file, clock, code, answer, ring)
    return settle(file, clock, terminal, guess, look_at(guess, with_pin=False), ring)


def _noted(desk: Desk, call: Call[None]) -> None:
    """Write a line of the ledger where it can be written: a full disk keeps nobody from seeing the room."""
    try:
        desk.do_patiently(call, seconds=2)
    except (ReadOnly, NoSpace):
        return


def _right(tx: Tx, who: str, what: str, rehashed: Hidden | None) -> None:
    """Take the wrong answers back to none, the passphrase's PINs with them, and keep a hash of today's strength."""
    tx.file.execute("DELETE FROM guess WHERE who = ? AND ? IN (what, 'passphrase')", (who, what))
    if rehashed is not None:
        tx.file.execute("UPDATE secret SET hash = ? WHERE staff_id = ?", (rehashed.value, tx.actor.id))


@act("begin_session")
def begin_session(tx: Tx, who: str, what: str, rehashed: Hidden | None = None) -> None:
    """Somebody has sat down at the desk."""
    _right(tx, who, what, rehashed)


@act("reopen_session")
def reopen_session(tx: Tx, who: str, what: str, rehashed: Hidden | None = None) -> None:
    """Somebody has come back to their own session that was quiet or locked."""
    _right(tx, who, what, rehashed)


@act("fail_sign_on")
def fail_sign_on(tx: Tx, code: str, what: str) -> None:
    """A wrong answer was given, under that code; an unknown code is not kept: it may be a secret typed too soon."""


@act("lock_session")
def lock_session(tx: Tx, why: str) -> None:
    """A session was locked: after minutes without a key, by a key, for a hand-over, or because the machine slept."""


@act("end_session")
def end_session(tx: Tx, why: str, code: str = "") -> None:
    """A session has ended: its person has left, the day has, or they may not sign in any more.

    `code` says whose, where they are nobody any more and psc itself writes the line.
    """
