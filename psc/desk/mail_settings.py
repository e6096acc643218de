"""By which server the school sends mail. No secret is among it: that is in the machine's keyring, or in memory.

It is kept beside the figures of the rules, as one value that is written anew with each change: the newest counts, and
what stood before stays in the file.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.acts import Tx, act
from psc.desk.changes import check_differs, check_fresh, fields, keep_change
from psc.errors import NotUnderstood
from psc.text import clean

if TYPE_CHECKING:
    from psc.database.file import File

ABOUT = "mail"
_NAME = "mail"
"""Under which name it stands among the settings; no figure of the rules is called so."""
LONGEST = 200


class Security(StrEnum):
    """How the way to the server is sealed. Mail that can be read on its way is not offered."""

    STARTTLS = "starttls"
    """Sealed before anything is said of the school or the message (port 587)."""
    TLS = "tls"
    """Sealed from the first byte on (port 465)."""


PORTS = {Security.STARTTLS: 587, Security.TLS: 465}
"""The port each usually has. Source: RFC 8314 and RFC 6409."""


class MailSettings(NamedTuple):
    """How mail is sent. Without a server it is not set up."""

    server: str = ""
    port: int = PORTS[Security.STARTTLS]
    security: Security = Security.STARTTLS
    sign_in: str = ""
    """The name to sign in with; "" where the server asks for none."""
    sender: str = ""
    """The address that messages come from."""

    @property
    def is_set_up(self) -> bool:
        """Whether there is a server to send by."""
        return bool(self.server)

    @property
    def words(self) -> str:
        """`smtp.school.example, port 587, STARTTLS`."""
        return f"{self.server}, port {self.port}, {self.security.upper()}" if self.server else "not set up"


def mail_settings(file: File) -> MailSettings:
    """Return how the school sends mail now."""
    text = file.value("SELECT value FROM setting WHERE name = ? ORDER BY id DESC LIMIT 1", (_NAME,))
    if text is None:
        return MailSettings()
    known = {name: value for name, value in json.loads(text).items() if name in MailSettings._fields}
    made = MailSettings(**known)
    return made._replace(security=Security(made.security))


_SERVER = re.compile(r"(?=.{1,200}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-fA-F:]+:[0-9a-fA-F:.]*")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def check_address(typed: str) -> str:
    """Return an e-mail address as it is kept. Raises `NotUnderstood` for what is none."""
    address = clean(typed)
    if len(address) > LONGEST or not _ADDRESS.fullmatch(address):
        raise NotUnderstood(f"“{address[:60]}” is not an e-mail address.", "It looks like room@school.example.")
    return address


def typed_security(typed: str) -> Security:
    """Read `starttls` or `tls` (`ssl`, as some call it). Raises `NotUnderstood`."""
    word = typed.strip().lower()
    try:
        return Security({"ssl": "tls", "ssl/tls": "tls"}.get(word, word))
    except ValueError:
        raise NotUnderstood("Type starttls or tls.", "Mail that is not sealed on its way is not sent.") from None


def typed_port(typed: str) -> int:
    """Read a port; 0, which is none, where nothing is typed. Raises `NotUnderstood`."""
    word = typed.strip()
    if not word:
        return 0
    if not (word.isascii() and word.isdecimal() and len(word) < 6 and 1 <= int(word) <= 65535):
        raise NotUnderstood(f"“{word[:20]}” is not a port.", "It is usually 587 for starttls, 465 for tls.")
    return int(word)


def checked(settings: MailSettings) -> MailSettings:
    """Return settings with their words cleaned; all empty where there is no server.

    Raises `NotUnderstood` for a server or a sender that cannot be one. Without a port it is the usual one.
    """
    server = clean(settings.server).rstrip(".")
    if not server:
        return MailSettings()
    if not _SERVER.fullmatch(server):
        raise NotUnderstood(f"“{server[:60]}” is not a server's name.", "It looks like smtp.school.example.")
    sign_in = clean(settings.sign_in)
    if len(sign_in) > LONGEST:
        raise NotUnderstood("The name to sign in with is too long.", f"{LONGEST} characters are the most.")
    security = Security(settings.security)
    return MailSettings(server, settings.port or PORTS[security], security, sign_in, check_address(settings.sender))


@act("change_mail")
def change_mail(tx: Tx, seen: MailSettings, becomes: MailSettings) -> None:
    """Say anew how mail is sent, from how it was `seen`; without a server it is not set up any more.

    Raises `Refused` when somebody changed it meanwhile, and when nothing would change; `NotUnderstood` as `checked`.
    """
    stands, made = mail_settings(tx.file), checked(becomes)
    check_fresh(tx, ABOUT, seen, stands)
    check_differs(stands, made)
    tx.file.execute(
        "INSERT INTO setting (name, value, from_day, seq) VALUES (?, ?, ?, ?)",
        (_NAME, json.dumps(made._asdict()), tx.today.isoformat(), tx.seq),
    )
    keep_change(tx, ABOUT, fields(stands), fields(made))
