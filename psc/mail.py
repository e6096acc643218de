"""Sending mail: by the school's server, over a sealed connection to a server that proves who it is, or not at all.

Nothing here reads or writes the file: whoever sends runs it beside the event loop, and notes as sent what `send` says
the server has taken. What goes wrong is said in a sentence; the secret is in none.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

from psc.desk.mail_settings import MailSettings, Security, check_address, mail_settings
from psc.desk.secrets import Hidden
from psc.errors import NotUnderstood, PscError, Refused
from psc.text import clean, shown

if TYPE_CHECKING:
    import smtplib
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from email.message import EmailMessage

    from psc.database.file import File

STEP_SECONDS, WHOLE_SECONDS, EACH_SECONDS = 20.0, 60.0, 10.0
"""How long one answer of the server may take; how long all of it, and how much longer for each message."""


class Letter(NamedTuple):
    """A message to be sent. `to` is an address, or several parted by commas."""

    to: str
    subject: str
    body: str
    reply_to: str = ""


class Sent(NamedTuple):
    """What became of a message. `sent`: the server has taken it, for all or some; `words` say what went wrong."""

    letter: Letter
    sent: bool
    words: str = ""


class NotSent(PscError):
    """The server did not take it, or is not one that mail is given to."""

    exit_code = 3
    code = "not_sent"


# The secret

_typed: dict[tuple[str, str], Hidden] = {}
"""What was typed since psc was opened, by server and name."""


def ready(file: File) -> str:
    """Say why mail cannot be sent, "" when it can, once the password is known (`needs_secret`)."""
    return "" if mail_settings(file).is_set_up else "mail is not set up (Settings, Mail)"


def needs_secret(settings: MailSettings) -> bool:
    """Say whether the password has to be typed, or looked for in the keyring."""
    return bool(settings.sign_in) and (settings.server, settings.sign_in) not in _typed


def typed_secret(settings: MailSettings) -> Hidden:
    """Return the password that was typed since psc was opened; an empty one where none is needed or known."""
    return _typed.get((settings.server, settings.sign_in), Hidden(""))


def keep_secret(settings: MailSettings, secret: Hidden) -> bool:
    """Keep the password until psc is closed, and in the machine's keyring where there is one; returns whether it is.

    It may take as long as the keyring asks its owner: not for the event loop.
    """
    _typed[settings.server, settings.sign_in] = secret
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return False
    with contextlib.suppress(KeyringError, RuntimeError, OSError):
        keyring.set_password(_service(settings), settings.sign_in, secret.value)
        return True
    return False


def find_secret(settings: MailSettings) -> Hidden | None:
    """Return the password: as it was typed, else from the machine's keyring; None when it has to be typed.

    Without a name to sign in with none is needed, and an empty one is returned. It may take as long as the keyring
    asks its owner: not for the event loop.
    """
    if not needs_secret(settings):
        return typed_secret(settings)
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    with contextlib.suppress(KeyringError, RuntimeError, OSError):
        found = keyring.get_password(_service(settings), settings.sign_in)
        if found:
            return _typed.setdefault((settings.server, settings.sign_in), Hidden(found))
    return None


def forget_secret(settings: MailSettings) -> None:
    """Forget what was typed: the server did not take it. What a keyring has stays until another takes its place."""
    _typed.pop((settings.server, settings.sign_in), None)


def _service(settings: MailSettings) -> str:
    return f"psc mail {settings.server}"


# Sending


class WrongSecret(NotSent):
    """The server did not take the name and the password."""


def send(
    settings: MailSettings, secret: Hidden, letters: Sequence[Letter], *, school: str, now: datetime
) -> tuple[Sent, ...]:
    """Send messages one after the other, and say of each whether the server has taken it.

    Raises `Refused` when mail is not set up, `WrongSecret` when the server does not take the sign-in, and `NotSent`
    when it cannot be reached, cannot prove who it is, or offers no sealed connection: then nothing was sent.
    """
    if not settings.is_set_up:
        raise Refused("Mail is not set up.", "An administrator does it in Settings, Mail.")
    made: list[Sent] = []
    with contextlib.ExitStack() as stack:
        client: smtplib.SMTP | None = None
        for letter in letters:
            try:
                message, to = _message(settings, letter, school, now)
            except NotUnderstood as error:
                made.append(Sent(letter, sent=False, words=str(error)))
                continue
            if client is None:
                client = stack.enter_context(_signed_in(settings, secret, len(letters)))
            made.append(_given(client, letter, message, settings.sender, to))
    return tuple(made)


def _message(
    settings: MailSettings, letter: Letter, school: str, now: datetime
) -> tuple[EmailMessage, tuple[str, ...]]:
    """Return a message as it goes over the wire, and whom it is for. Raises `NotUnderstood` for what is no address.

    Nothing typed can become a header of its own: line breaks and control characters are taken out.
    """
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime, make_msgid

    to = tuple(check_address(one) for one in letter.to.split(",") if one.strip())
    if not to:
        raise NotUnderstood("There is no e-mail address.", "The staff list has it, in Settings, People.")
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(clean(school), addr_spec=settings.sender)
    made["To"] = ", ".join(to)
    made["Subject"] = clean(letter.subject)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain=_domain(settings))
    if letter.reply_to:
        with contextlib.suppress(NotUnderstood):
            made["Reply-To"] = check_address(letter.reply_to)
    body = "\n".join(shown(line) for line in letter.body.splitlines())
    made.set_content(f"{body}\n", cte="quoted-printable")
    return made, to


def _domain(settings: MailSettings) -> str:
    """Return the domain that psc greets the server with: the sender's, never the name of this machine."""
    return settings.sender.rpartition("@")[2]


@contextlib.contextmanager
def _signed_in(settings: MailSettings, secret: Hidden, letters: int) -> Iterator[smtplib.SMTP]:
    """Yield a connection that is sealed and signed in. Raises `NotSent` and `WrongSecret`."""
    import smtplib

    clients: list[smtplib.SMTP] = []
    # One slow byte at a time would pass any limit of a single answer.
    clock = threading.Timer(WHOLE_SECONDS + EACH_SECONDS * letters, _cut, (clients,))
    clock.daemon = True
    clock.start()
    try:
        client = _connected(settings, clients)
        _sign_in(client, settings, secret)
        yield client
    finally:
        for one in clients:
            # What the server has taken it has taken, whatever it says to the farewell.
            with contextlib.suppress(smtplib.SMTPException, OSError, ValueError):
                one.quit()
            one.close()
        clock.cancel()


def _connected(settings: MailSettings, clients: list[smtplib.SMTP]) -> smtplib.SMTP:
    """Return a sealed connection; it is among `clients` from its first byte on. Raises `NotSent`."""
    import smtplib
    import ssl

    class Plain(smtplib.SMTP):
        def connect(self, *args: Any, **more: Any) -> tuple[int, bytes]:
            clients.append(self)
            return super().connect(*args, **more)

    class Sealed(smtplib.SMTP_SSL):
        def connect(self, *args: Any, **more: Any) -> tuple[int, bytes]:
            clients.append(self)
            return super().connect(*args, **more)

    context = ssl.create_default_context()
    host, port, greeting = settings.server, settings.port, _domain(settings)
    where = f"{host}, port {port}"
    try:
        if settings.security is Security.TLS:
            return Sealed(host, port, greeting, timeout=STEP_SECONDS, context=context)
        client = Plain(host, port, greeting, timeout=STEP_SECONDS)
        client.starttls(context=context)
        client.ehlo_or_helo_if_needed()
    except smtplib.SMTPNotSupportedError:
        raise NotSent(
            f"{where}, offers no sealed connection.", "Try port 465 with tls, or ask whoever runs it; nothing was sent."
        ) from None
    except ssl.SSLCertVerificationError as error:
        raise NotSent(
            f"{where}, could not prove that it is the school's server: {clean(str(error.verify_message))[:80]}.",
            "Check the server's name, or ask whoever runs it; nothing was sent.",
        ) from None
    except ssl.SSLError:
        raise NotSent(f"No sealed connection to {where}.", "Check port and security; nothing was sent.") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(f"No connection to {where}: {_why(error)}.", "Nothing was sent.") from None
    return client


def _sign_in(client: smtplib.SMTP, settings: MailSettings, secret: Hidden) -> None:
    import smtplib

    if not settings.sign_in:
        return
    try:
        client.login(settings.sign_in, secret.value)
    except (smtplib.SMTPAuthenticationError, UnicodeError):
        raise WrongSecret(
            "The mail server did not take the name and the password.", "Check them; nothing was sent."
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent(f"{settings.server} takes no sign-in.", "Leave the name empty; nothing was sent.") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(f"No sign-in at {settings.server}: {_why(error)}.", "Nothing was sent.") from None


def _cut(clients: Sequence[smtplib.SMTP]) -> None:
    """Break connections that take too long; whoever reads from one is told."""
    import socket

    for one in clients:
        if one.sock is not None:
            with contextlib.suppress(OSError):
                one.sock.shutdown(socket.SHUT_RDWR)


def _given(client: smtplib.SMTP, letter: Letter, message: EmailMessage, sender: str, to: tuple[str, ...]) -> Sent:
    """Give the server one message, and say what became of it."""
    import smtplib

    try:
        refused = client.send_message(message, sender, to)
    except smtplib.SMTPRecipientsRefused as error:
        return Sent(letter, sent=False, words=f"The server refused {', '.join(error.recipients)}.")
    except smtplib.SMTPSenderRefused:
        return Sent(letter, sent=False, words="The server refused the sender's address.")
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return Sent(letter, sent=False, words=f"The server did not take it: {_why(error)}.")
    return Sent(letter, sent=True, words=f"The server refused {', '.join(refused)}." if refused else "")


def _why(error: Exception) -> str:
    """Say what went wrong without the words of the server, which may be anything."""
    import smtplib
    import socket

    match error:
        case smtplib.SMTPResponseException(smtp_code=code):
            return f"it answered {code}"
        case smtplib.SMTPServerDisconnected() if not isinstance(error.__context__, TimeoutError):
            return "it broke the connection"
        case TimeoutError() | smtplib.SMTPServerDisconnected():
            return "it did not answer in time"
        case socket.gaierror():
            return "no machine of that name is known"
        case ConnectionRefusedError():
            return "nothing answers there"
        case smtplib.SMTPException() | ValueError():
            return "it does not answer as a mail server does"
    return "the network broke off"
