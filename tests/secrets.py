"""Secrets for the made school's staff: one passphrase and one PIN, hashed once for all tests of a process."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from psc.desk import secrets
from psc.desk.secrets import Hidden, PinKey, reset_secret, set_pin

if TYPE_CHECKING:
    from psc.tui.app import PscApp
    from tests.school import School

RIGHT, PIN = "brick lantern seven", "582914"


@cache
def _made() -> tuple[Hidden, PinKey]:
    return secrets.hash_passphrase(RIGHT), secrets.pin_key(RIGHT)


def give_secrets(school: School, *codes: str) -> None:
    """Give staff the passphrase and the PIN."""
    hashed, key = _made()
    for code in codes:
        school.desk("AD1").do(reset_secret(school.desk(code).staff().id, hashed, temporary=False))
        school.desk(code).do(set_pin(Hidden(key.salt), Hidden(key.seal(PIN))))


def has_given_passphrase(app: PscApp, *codes: str) -> None:
    """Let staff be such as gave their passphrase at this terminal today: their PIN opens their session."""
    for code in codes:
        app.ring.keys[app.file().value("SELECT id FROM staff WHERE code = ?", (code,))] = _made()[1]
