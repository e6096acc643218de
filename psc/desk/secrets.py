"""Secrets: the passphrase somebody signs in with, and the PIN that opens their own session again.

The file keeps an argon2id hash of the passphrase. A PIN has too few digits to be kept like that: the file has only its
seal under a key that the passphrase yields, and that key is in the memory of the psc that got the passphrase today.
Whoever takes the file away can try passphrases, slowly, and can try no PIN at all.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import stamp
from psc.desk.acts import Tx, act
from psc.desk.people import Role
from psc.errors import Refused
from psc.text import fold

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from psc.database.file import File
    from psc.desk.people import Staff

MEMORY_KIB, ROUNDS = 19 * 1024, 2
"""What one hash costs: 19 MiB, twice over. Source: OWASP's least figures for argon2id; raise them as machines grow."""
LONG_ENOUGH, LEAST = 12, 8
"""Characters that make a passphrase good by themselves, and the least of one that is none of the usual words."""
LONGEST = 200
LEAST_PIN, LONGEST_PIN = 6, 12
RULE = f"Three or four words of your own, {LONG_ENOUGH} characters or more; no names, no words everybody uses."
"""What is said of a passphrase before it is chosen."""
TEMPORARY_DAYS = 7
"""Days that a passphrase which an administrator handed out may wait for its first use."""

_USUAL = frozenset((
    "abc", "abcd", "abcdefgh", "admin", "administrator", "april", "arsenal", "asdfghjkl", "ashley", "assistant",
    "august", "autumn", "banana", "baseball", "batman", "behaviour", "changeme", "charlie", "cheese", "chelsea",
    "classroom", "computer", "cookie", "daniel", "december", "dragon", "england", "everton", "february", "flower",
    "football", "freedom", "friday", "ginger", "headteacher", "hello", "hellohello", "iloveyou", "internet",
    "january", "jessica", "jordan", "july", "june", "letmein", "liverpool", "london", "manchester", "march",
    "master", "michael", "monday", "monkey", "november", "october", "passphrase", "passw0rd", "password",
    "passwort", "pastoral", "pepper", "pokemon", "princess", "qwerty", "qwertyuiop", "reintegration", "saturday",
    "school", "secret", "september", "shadow", "spring", "starwars", "student", "summer", "sunday", "sunshine",
    "superman", "teacher", "test", "testtest", "thomas", "thursday", "tottenham", "trustno", "tuesday", "united",
    "wednesday", "welcome", "whatever", "winter", "zxcvbnm",
))  # fmt: skip
_LEET = str.maketrans("0134578@$!|", "oieastbasil")
_SYLLABLES = [first + then for first in "bdfgklmnprstvz" for then in "aeiou"]


class Hidden:
    """Text that must not show: neither in the ledger's detail, nor in an error, nor anywhere by mistake."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "(hidden)"


class PinKey(NamedTuple):
    """What a passphrase yields for the PIN beside it. It lives in memory only, and only until midnight."""

    salt: str
    key: bytes

    def __repr__(self) -> str:
        return "(hidden)"

    def seal(self, pin: str) -> str:
        """Return what the file keeps of a PIN."""
        return hmac.new(self.key, f"psc pin\n{plain(pin)}".encode(), hashlib.sha256).hexdigest()

    def opens(self, pin: str, seal: str) -> bool:
        """Say whether it is the PIN of that seal."""
        return hmac.compare_digest(self.seal(pin), seal)


def plain(text: str) -> str:
    """Return a typed secret as it is hashed: the same letters, whichever keyboard wrote them."""
    return unicodedata.normalize("NFKC", text.strip())


def is_pin(text: str) -> bool:
    """Say whether what was typed is a PIN by its look. No passphrase is made of figures alone."""
    return bool(re.fullmatch(r"[0-9]+", plain(text)))


def check_passphrase(text: str, *, school: str, person: str) -> None:
    """Raise `Refused`, with the reason, for a passphrase that somebody could guess.

    `person` is the name and the code of whom it is for. Long is good; from 8 to 11 characters it may be none of the
    words everybody tries. Names of the school and the person do not count towards its length.
    """
    typed = plain(text)
    if len(typed) > LONGEST:
        raise Refused("That is too long for a passphrase.", f"{LONGEST} characters are the most.")
    if len(typed) < LEAST:
        raise Refused(
            "That is too short for a passphrase.",
            f"Take three or four words, {LONG_ENOUGH} characters or more; {LEAST} if they are unusual.",
        )
    if is_pin(typed):
        raise Refused("A passphrase of figures alone is too easy to try out.", "Put words in it.")
    if len(set(typed.casefold())) < 5:
        raise Refused("That repeats itself: it is too easy to guess.", "Take three or four different words.")
    folded = fold(typed).replace(" ", "")
    rest = folded
    for word in {*fold(school).split(), *fold(person).split()}:
        if len(word) > 2:
            rest = rest.replace(word, "")
    if rest != folded and len(rest) < LEAST:
        raise Refused("That is little more than a name people here know.", "Take words that do not name you.")
    if _usual(typed):
        raise Refused("That is one of the words everybody tries first.", "Take three or four words of your own.")


def _usual(typed: str) -> bool:
    """Say whether it is one of the usual words, whatever figures stand round it or in the place of letters."""
    lowered = typed.casefold()
    without = re.sub(r"[\W_]+", "", lowered)
    for one in {lowered, without, without.translate(_LEET)}:
        core = one.strip("0123456789!?.*#@$%&+-_ ")
        halves = {core, core[: len(core) // 2]} if core[: len(core) // 2] * 2 == core else {core}
        if halves & _USUAL or core.rstrip("s") in _USUAL:
            return True
    return False


def check_pin(pin: str) -> None:
    """Raise `Refused`, with the reason, for what is no PIN or one that everybody tries first."""
    typed = plain(pin)
    if not is_pin(typed) or not LEAST_PIN <= len(typed) <= LONGEST_PIN:
        raise Refused(f"A PIN is {LEAST_PIN} to {LONGEST_PIN} figures.", "Choose another.")
    steps = {int(after) - int(before) for before, after in pairwise(typed)}
    half = len(typed) // 2
    if (len(steps) == 1 and steps <= {-1, 0, 1}) or (half * 2 == len(typed) and typed[:half] == typed[half:]):
        raise Refused("Everybody tries that PIN first.", "Choose figures without a pattern.")


def temporary_passphrase() -> str:
    """Return a passphrase to be read out once: four words that mean nothing, and 55 bits of chance."""
    words = ["".join(secrets.choice(_SYLLABLES) for _ in range(2)) for _ in range(4)]
    return "-".join(words) + f"-{secrets.randbelow(90) + 10}"


def new_pin() -> str:
    """Return a PIN of six figures that nobody would try first."""
    while True:
        pin = f"{secrets.randbelow(1_000_000):06d}"
        try:
            check_pin(pin)
        except Refused:
            continue
        return pin


def hash_passphrase(text: str) -> Hidden:
    """Return the hash to keep of a passphrase. It takes some tens of milliseconds, as it should."""
    return Hidden(_hasher().hash(plain(text)))


def verify(hashed: str, text: str) -> bool:
    """Say whether `text` is the passphrase of that hash, in the time that a hash takes."""
    from argon2.exceptions import VerificationError

    try:
        return _hasher().verify(hashed, plain(text)[: LONGEST + 1])
    except VerificationError:
        return False


def is_outdated(hashed: str) -> bool:
    """Say whether a hash was made when psc still took less trouble over one."""
    return _hasher().check_needs_rehash(hashed)


def nobodys_hash() -> str:
    """Return a hash that no passphrase has: an unknown code is looked at for as long as a known one."""
    salt, tag = secrets.token_urlsafe(12), secrets.token_urlsafe(24)
    chance = [part.replace("-", "a").replace("_", "b") for part in (salt, tag)]
    padded = [f"{part}{'A' * (wanted - len(part))}" for part, wanted in zip(chance, (22, 43), strict=True)]
    return f"$argon2id$v=19$m={MEMORY_KIB},t={ROUNDS},p=1${padded[0]}${padded[1]}"


def pin_key(passphrase: str, salt: str = "") -> PinKey:
    """Return the key under which a PIN is sealed beside this passphrase; a new one unless `salt` is given."""
    from argon2.low_level import Type, hash_secret_raw

    made = salt or secrets.token_hex(16)
    key = hash_secret_raw(
        plain(passphrase).encode(), bytes.fromhex(made), ROUNDS, MEMORY_KIB, parallelism=1, hash_len=32, type=Type.ID
    )
    return PinKey(made, key)


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # 30 ms to import, so only where somebody gives a secret

    return PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1)


class Kept(NamedTuple):
    """What the file keeps of somebody's secrets."""

    hash: str
    temporary_until: str | None
    pin_salt: str
    pin_seal: str

    def __repr__(self) -> str:
        return "(hidden)"


def kept_of(file: File, staff_id: int) -> Kept | None:
    """Return what the file keeps of somebody's secrets, None for somebody who has none and so cannot sign in."""
    row = file.row("SELECT hash, temporary_until, pin_salt, pin_seal FROM secret WHERE staff_id = ?", (staff_id,))
    return Kept(*row) if row else None


def has_secrets(file: File) -> bool:
    """Say whether anybody has a secret: a file made before psc knew secrets has none, and opens for nobody."""
    return bool(file.value("SELECT EXISTS (SELECT 1 FROM secret)"))


def check_own(file: File, staff: Staff, passphrase: str) -> None:
    """Raise `Refused` when this passphrase is not good enough for that person at this school."""
    person = f"{staff.forename} {staff.surname} {staff.code}"
    check_passphrase(passphrase, school=file.school, person=person)


@act("change_secret")
def change_secret(tx: Tx, hashed: Hidden) -> None:
    """Give the person at the desk a new passphrase. Their PIN goes: it was sealed under the old one.

    Raises `Refused` for a cover pass.
    """
    _check_no_pass(tx, tx.actor.id)
    _keep(tx, tx.actor.id, hashed, None)


@act("set_pin")
def set_pin(tx: Tx, salt: Hidden, seal: Hidden) -> None:
    """Keep the seal of a new PIN for the person at the desk. Raises `Refused` where they have no passphrase."""
    if tx.actor.role is Role.COVER or kept_of(tx.file, tx.actor.id) is None:
        raise Refused("A PIN stands beside a passphrase.", "Choose a passphrase first.")
    tx.file.execute(
        "UPDATE secret SET pin_salt = ?, pin_seal = ? WHERE staff_id = ?", (salt.value, seal.value, tx.actor.id)
    )


@act("reset_secret")
def reset_secret(tx: Tx, staff_id: int, hashed: Hidden, *, temporary: bool = True) -> None:
    """Give somebody a new passphrase, and forget wrong answers under their code.

    A temporary one must be changed the first time it is used, within `TEMPORARY_DAYS`. Raises `Refused` for a teacher,
    who is only named in psc, for a cover pass, and for somebody who is no longer active.
    """
    found = tx.file.row("SELECT role, active FROM staff WHERE id = ?", (staff_id,))
    if found is None or not found[1]:
        raise Refused("Nobody active has that code.", "Make them active first.")
    _check_no_pass(tx, staff_id)
    if found[0] == Role.TEACHER.value:
        raise Refused("A teacher is named in psc and does not sign in.", "Give them another role first.")
    until = stamp(tx.now + timedelta(days=TEMPORARY_DAYS)) if temporary else None
    _keep(tx, staff_id, hashed, until)
    tx.file.execute("DELETE FROM guess WHERE who = ?", (str(staff_id),))


def _check_no_pass(tx: Tx, staff_id: int) -> None:
    """Raise `Refused` for a cover pass: it has the PIN it was given with, and nothing else."""
    if tx.file.value("SELECT 1 FROM cover_pass WHERE staff_id = ?", (staff_id,)):
        raise Refused("A cover pass has its own PIN.", "A coordinator or the behaviour lead gives a new pass.")


def _keep(tx: Tx, staff_id: int, hashed: Hidden, until: str | None) -> None:
    tx.file.execute(
        "INSERT INTO secret (staff_id, hash, temporary_until) VALUES (?, ?, ?) ON CONFLICT (staff_id) DO UPDATE SET"
        " hash = excluded.hash, temporary_until = excluded.temporary_until, pin_salt = '', pin_seal = ''",
        (staff_id, hashed.value, until),
    )
