"""Sending mail: to a real server on this machine, and to those that are down, slow, open, wrong or lying."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from psc import mail
from psc.desk.mail_settings import (
    MailSettings,
    Security,
    change_mail,
    checked,
    mail_settings,
    typed_port,
    typed_security,
)
from psc.desk.secrets import Hidden
from psc.desk.settings import settings_on, thresholds_on
from psc.errors import NotAllowed, NotUnderstood, Refused
from psc.mail import Letter, NotSent, WrongSecret, find_secret, forget_secret, keep_secret, needs_secret, ready, send
from tests.mail.server import NAME, PASSWORD, running, serving, trust
from tests.school import MONDAY, School, at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psc.mail import Sent

LETTER = Letter(
    "k.bose@school.example", "Work for 3 lessons, please", "Dear Mr Bose,\n\nŁukasz O’Brien 王\n.\nThank you"
)


@pytest.fixture(autouse=True)
def _forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test know what another typed, nor this machine's keyring."""
    monkeypatch.setattr(mail, "_typed", {})
    monkeypatch.setitem(sys.modules, "keyring", None)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the server's certificate."""
    trust(tmp_path, monkeypatch)


def by(
    port: int, security: Security = Security.STARTTLS, server: str = "localhost", sign_in: str = NAME
) -> MailSettings:
    return MailSettings(server, port, security, sign_in, "room@school.example")


def sent(
    settings: MailSettings, *letters: Letter, secret: str = PASSWORD, school: str = "Hillside School"
) -> tuple[Sent, ...]:
    return send(settings, Hidden(secret), letters or (LETTER,), school=school, now=at("10:42"))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", list(Security))
def test_a_message_arrives_as_it_was_written(security: Security) -> None:
    with running(tls=security is Security.TLS) as inbox:
        (done,) = sent(by(inbox.port, security), LETTER._replace(reply_to="ier@school.example"))
    assert done.sent
    assert done.words == ""
    (envelope,), (message,) = inbox.taken, inbox.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == ("room@school.example", ["k.bose@school.example"])
    assert message["From"] == "Hillside School <room@school.example>"
    assert message["Subject"] == LETTER.subject
    assert message["Reply-To"] == "ier@school.example"
    assert message["Date"].datetime == at("10:42")
    assert message["Message-ID"].endswith("@school.example>")
    assert message.get_content().replace("\r\n", "\n") == f"{LETTER.body}\n"
    assert socket.gethostname() not in bytes(message).decode()


@pytest.mark.usefixtures("trusted")
def test_many_go_over_one_connection_in_their_order_and_two_teachers_share_one() -> None:
    letters = [LETTER._replace(to="a@b.example, c@d.example"), *(LETTER._replace(subject=str(n)) for n in range(3))]
    with running() as inbox:
        done = sent(by(inbox.port), *letters)
    assert [one.letter for one in done] == letters
    assert all(one.sent for one in done)
    assert inbox.taken[0].rcpt_tos == ["a@b.example", "c@d.example"]
    assert [one["Subject"] for one in inbox.messages[1:]] == ["0", "1", "2"]


@pytest.mark.usefixtures("trusted")
def test_nothing_that_was_typed_becomes_a_header_or_a_command() -> None:
    evil = "x\r\nBcc: all@school.example\r\n\r\nbody\x00\u202e"
    with running() as inbox:
        done = sent(
            by(inbox.port),
            Letter(
                "k.bose@school.example", evil, f"{evil}\r\n.\r\nMAIL FROM:<evil@x.example>", "x\r\nBcc: a@b.example"
            ),
            Letter("k.bose@school.example\r\nBcc: all@school.example", "s", "b"),
            Letter("evil@x.example>\nRCPT TO:<all@school.example", "s", "b"),
            school=evil,
        )
    assert [one.sent for one in done] == [True, False, False]
    (message,) = inbox.messages
    assert inbox.taken[0].rcpt_tos == ["k.bose@school.example"]
    assert set(message.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version"),
        *("Content-Type", "Content-Transfer-Encoding"),
    } | ({"X-Peer"} & set(message.keys()))
    assert message["Subject"] == "x Bcc: all@school.example body"
    assert "MAIL FROM:<evil@x.example>" in message.get_content()


@pytest.mark.usefixtures("trusted")
def test_without_a_name_nobody_signs_in() -> None:
    with running() as inbox:
        assert sent(by(inbox.port, sign_in=""), secret="")[0].sent


# Servers that are not to be given mail


def refusal(settings: MailSettings, secret: str = PASSWORD) -> str:
    with pytest.raises(NotSent) as caught:
        sent(settings, secret=secret)
    assert PASSWORD not in str(caught.value)
    assert PASSWORD not in repr(caught.value.__context__)
    return str(caught.value)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("secret", ["wrong", "żółć", ""])
def test_a_wrong_password_sends_nothing(secret: str) -> None:
    with running() as inbox, pytest.raises(WrongSecret, match="did not take the name and the password"):
        sent(by(inbox.port), secret=secret)
    assert not inbox.taken


@pytest.mark.usefixtures("trusted")
def test_a_server_that_seals_nothing_is_told_nothing() -> None:
    with running(starttls=False) as inbox:
        assert "offers no sealed connection" in refusal(by(inbox.port))
        assert "No sealed connection" in refusal(by(inbox.port, Security.TLS))
    assert not inbox.taken


def test_a_server_that_nobody_vouches_for_is_told_nothing() -> None:
    with running() as inbox:
        assert "could not prove that it is the school's server" in refusal(by(inbox.port))
    with running(tls=True) as inbox:
        assert "could not prove" in refusal(by(inbox.port, Security.TLS))
    assert not inbox.taken


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_none() -> None:
    with running() as inbox:
        assert "could not prove" in refusal(by(inbox.port, server="127.0.0.1"))


def test_a_server_that_is_down_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    assert "nothing answers there" in refusal(by(port))


def test_a_name_that_nobody_has_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "no machine of that name is known" in refusal(by(25, server="smtp.nowhere.example"))


class Speaks(asyncio.Protocol):
    """A server that says what it is told to, whatever it is asked."""

    def __init__(self, first: bytes, every: float = 0) -> None:
        self.first, self.every = first, every

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.first)
        if self.every:
            self._drip()

    def _drip(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(b"x")
            asyncio.get_running_loop().call_later(self.every, self._drip)


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (b"", "did not answer in time"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "it answered"),
        (b"554 go away\r\n", "it answered 554"),
        (b"\xff\xfe" * 9000 + b"\r\n", "it answered"),
    ],
)
def test_what_is_no_mail_server_is_found_out(monkeypatch: pytest.MonkeyPatch, first: bytes, words: str) -> None:
    monkeypatch.setattr(mail, "STEP_SECONDS", 0.15)
    with serving(lambda: Speaks(first)) as port:
        assert words in refusal(by(port))


def test_a_server_that_answers_a_letter_at_a_time_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "WHOLE_SECONDS", 0.15)
    monkeypatch.setattr(mail, "EACH_SECONDS", 0.01)
    with serving(lambda: Speaks(b"220-", every=0.02)) as port:
        assert "No connection" in refusal(by(port))


# Messages that it does not take


@pytest.mark.usefixtures("trusted")
def test_a_recipient_who_is_refused_is_named_and_the_others_get_theirs() -> None:
    with running() as inbox:
        inbox.refuses = {"gone@school.example"}
        done = sent(
            by(inbox.port),
            LETTER._replace(to="gone@school.example"),
            LETTER._replace(to="gone@school.example, k.bose@school.example"),
            LETTER,
            LETTER._replace(to=""),
            LETTER._replace(to="no address"),
        )
    assert [one.sent for one in done] == [False, True, True, False, False]
    assert done[0].words == "The server refused gone@school.example."
    assert done[1].words == "The server refused gone@school.example."
    assert "no e-mail address" in done[3].words
    assert "not an e-mail address" in done[4].words
    assert len(inbox.taken) == 2


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("lie", "words"),
    [
        ({"breaks_off": True}, "it broke the connection"),
        ({"answer": "554 no"}, "it answered 554"),
        ({"answer": "452 full, try later"}, "it answered 452"),
    ],
)
def test_only_what_the_server_has_taken_counts_as_sent(lie: dict[str, Any], words: str) -> None:
    with running() as inbox:
        for name, value in lie.items():
            setattr(inbox, name, value)
        done = sent(by(inbox.port), LETTER, LETTER)
    assert [one.sent for one in done] == [False, False]
    assert words in done[0].words


def test_mail_that_is_not_set_up_says_so(school: School) -> None:
    assert "not set up" in ready(school.file)
    with pytest.raises(Refused, match="not set up"):
        sent(MailSettings())


# The settings


def test_an_administrator_sets_it_up_and_switches_it_off(school: School) -> None:
    desk = school.desk("AD1")
    set_up = MailSettings(" smtp.school.example ", 0, Security.TLS, NAME, "room@school.example")
    desk.do(change_mail(MailSettings(), set_up))
    stands = mail_settings(school.file)
    assert stands == MailSettings("smtp.school.example", 465, Security.TLS, NAME, "room@school.example")
    assert ready(school.file) == ""
    assert stands.words == "smtp.school.example, port 465, TLS"
    with pytest.raises(Refused, match="Changed meanwhile"):
        desk.do(change_mail(MailSettings(), stands._replace(port=25)))
    with pytest.raises(Refused, match="so already"):
        desk.do(change_mail(stands, stands))
    desk.do(change_mail(stands, MailSettings()))
    assert not mail_settings(school.file).is_set_up
    detail = school.file.rows(
        "SELECT d.json FROM ledger l JOIN ledger_detail d ON d.seq = l.seq WHERE act = 'change_mail' ORDER BY l.seq"
    )
    assert json.loads(detail[0][0])["after"]["server"] == "smtp.school.example"
    assert json.loads(detail[1][0])["before"]["sign_in"] == NAME


def test_the_rules_do_not_see_it(school: School) -> None:
    before = settings_on(school.file, MONDAY), thresholds_on(school.file, MONDAY)
    school.desk("AD1").do(change_mail(MailSettings(), MailSettings("smtp.school.example", sender="a@b.example")))
    assert (settings_on(school.file, MONDAY), thresholds_on(school.file, MONDAY)) == before


@pytest.mark.parametrize("code", ["AS1", "CO1", "HY8", "BL1", "CV1"])
def test_nobody_else_does(school: School, code: str) -> None:
    with pytest.raises(NotAllowed):
        school.desk(code).do(change_mail(MailSettings(), MailSettings("smtp.school.example", sender="a@b.example")))


@pytest.mark.parametrize(
    "settings",
    [
        MailSettings("smtp school", sender="a@b.example"),
        MailSettings("smtp.school.example/x", sender="a@b.example"),
        MailSettings("x" * 300, sender="a@b.example"),
        MailSettings("smtp.school.example", sender="nobody"),
        MailSettings("smtp.school.example", sender="..a@b.example"),
        MailSettings("smtp.school.example", sender="a@b.example\nBcc: c@d.example"),
        MailSettings("smtp.school.example", sender="a@b.example", sign_in="n" * 400),
    ],
)
def test_what_cannot_be_a_server_or_an_address_is_not_saved(settings: MailSettings) -> None:
    with pytest.raises(NotUnderstood):
        checked(settings)


def test_port_and_security_as_they_are_typed() -> None:
    assert (typed_port(""), typed_port(" 587 ")) == (0, 587)
    assert typed_security(" SSL ") is Security.TLS
    for typed in ("0", "65536", "x", "²"):
        with pytest.raises(NotUnderstood):
            typed_port(typed)
    with pytest.raises(NotUnderstood, match="not sealed"):
        typed_security("none")


# The password


def fake_keyring(monkeypatch: pytest.MonkeyPatch, **more: Callable[..., Any]) -> dict[tuple[str, str], str]:
    """Put a keyring in the place of this machine's."""
    kept: dict[tuple[str, str], str] = {}

    class KeyringError(Exception):
        pass

    made: Any = ModuleType("keyring")
    made.get_password = more.get("get", lambda service, name: kept.get((service, name)))
    made.set_password = more.get("set", lambda service, name, secret: kept.update({(service, name): secret}))
    made.errors = SimpleNamespace(KeyringError=KeyringError)
    errors: Any = ModuleType("keyring.errors")
    errors.KeyringError = KeyringError
    monkeypatch.setitem(sys.modules, "keyring", made)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return kept


def test_a_password_is_typed_once_and_forgotten_when_it_is_wrong() -> None:
    settings = by(587)
    assert needs_secret(settings)
    assert find_secret(settings) is None
    assert not keep_secret(settings, Hidden(PASSWORD)), "there is no keyring to keep it"
    found = find_secret(settings)
    assert found
    assert found.value == PASSWORD
    assert PASSWORD not in repr(mail._typed)
    assert find_secret(settings._replace(server="smtp.other.example")) is None, "it is for that server only"
    forget_secret(settings)
    assert find_secret(settings) is None
    free = find_secret(settings._replace(sign_in=""))
    assert free
    assert free.value == ""


def test_a_keyring_keeps_it_over_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = fake_keyring(monkeypatch)
    settings = by(587)
    assert keep_secret(settings, Hidden(PASSWORD))
    assert kept == {("psc mail localhost", NAME): PASSWORD}
    monkeypatch.setattr(mail, "_typed", {})
    found = find_secret(settings)
    assert found
    assert found.value == PASSWORD


def test_a_keyring_that_fails_is_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("locked")

    fake_keyring(monkeypatch, get=fails, set=fails)
    settings = by(587)
    assert find_secret(settings) is None
    assert not keep_secret(settings, Hidden(PASSWORD))
    assert find_secret(settings)
