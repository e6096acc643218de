"""A mail server of the tests' own on this machine, with a certificate made for it."""

from __future__ import annotations

import asyncio
import ssl
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path

PASSWORD = "orchid-nine-lantern"
NAME = "room@school.example"


@cache
def authority() -> trustme.CA:
    """Return who vouches for the server."""
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


def trust(folder: Path, monkeypatch: Any) -> None:
    """Let this process trust that authority, as a school's machine trusts its own."""
    path = folder / "authority.pem"
    authority().cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


@cache
def certificate() -> ssl.SSLContext:
    """Return the server's side of a sealed connection, for the name `localhost`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority().issue_cert("localhost", key_type=trustme.KeyType.ECDSA).configure_cert(context)
    return context


@dataclass
class Inbox:
    """What the server has taken, whom it refuses, and what it was told in the open."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    breaks_off: bool = False
    answer: str = "250 OK"

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages that were taken."""
        return [_read(one) for one in self.taken]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or refuse them."""
        if address in self.refuses:
            return "550 no such mailbox <script>"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message, or seem to."""
        if self.breaks_off:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        elif self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer


def _read(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    return message_from_bytes(envelope.content, policy=default)


def _known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data == LoginPassword(NAME.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def running(*, starttls: bool = True, tls: bool = False) -> Iterator[Inbox]:
    """Run the server: sealed after STARTTLS, from the first byte on, or (neither) not at all."""
    inbox = Inbox()

    def made() -> SMTP:
        return SMTP(
            inbox,
            hostname="mail.school.example",
            tls_context=certificate() if starttls and not tls else None,
            require_starttls=starttls and not tls,
            auth_require_tls=not tls,
            authenticator=_known,
            loop=asyncio.get_running_loop(),
        )

    with serving(made, certificate() if tls else None) as inbox.port:
        yield inbox


@contextmanager
def serving(made: Callable[[], asyncio.Protocol], sealed: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve a protocol on a port of its own in a thread, and yield the port."""
    port: Future[int] = Future()

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0, ssl=sealed)
        stopped = asyncio.Event()
        stops.append(partial(asyncio.get_running_loop().call_soon_threadsafe, stopped.set))
        port.set_result(server.sockets[0].getsockname()[1])
        await stopped.wait()
        server.close()

    stops: list[Callable[[], object]] = []
    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield port.result(timeout=10)
    finally:
        stops[0]()
        thread.join()
