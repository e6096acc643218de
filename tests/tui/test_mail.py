"""Mail from the app: set up, tried, and its password typed once and written nowhere."""

from __future__ import annotations

import sys
from asyncio import sleep
from typing import TYPE_CHECKING

import pytest

from psc import mail
from psc.desk.mail_settings import MailSettings, change_mail, mail_settings
from psc.mail import Letter, Sent
from psc.tui.dialogs.mail_password import MailPassword
from psc.tui.mailing import no_mail_because, send_letters, told
from psc.tui.screens.settings import SettingsPage
from tests.mail.server import NAME, PASSWORD, running, trust
from tests.tui.app import driven_school
from tests.tui.test_settings import go_to, open_line, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.school import School
    from tests.tui.app import Driver


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the tests' server, know no password, and leave this machine's keyring alone."""
    trust(tmp_path, monkeypatch)
    monkeypatch.setattr(mail, "_typed", {})
    monkeypatch.setitem(sys.modules, "keyring", None)


async def until_sent(desk: Driver) -> None:
    """Wait until the server has answered."""
    for _ in range(1_000):
        if not any(one.group == "mail" and not one.is_finished for one in desk.app.workers):
            break
        await sleep(0.003)
    await desk.rest()


async def test_an_administrator_sets_mail_up_and_sends_themselves_a_test(school: School) -> None:
    school.file.execute("UPDATE staff SET email = 'b.ames@school.example' WHERE code = 'AD1'")
    async with driven_school(school, "AD1", size=(80, 24)) as desk:
        with running() as inbox:
            await go_to(desk, "Mail")
            assert "not set up" in desk.text
            await open_line(desk, "server")
            for field, typed in (("server", "localhost"), ("port", str(inbox.port)), ("sign_in", NAME)):
                await write(desk, field, typed)
            await desk.type("f10")
            assert "address" in desk.text, "there is no sender yet"
            await write(desk, "sender", NAME)
            await desk.type("f10")
            assert mail_settings(school.file).port == inbox.port

            await open_line(desk, "test")
            await until_sent(desk)
            assert isinstance(desk.app.screen, MailPassword)
            await desk.type(*"wrong", "enter")
            await until_sent(desk)
            assert "The mail server did not take the name" in desk.text
            await desk.type(*PASSWORD, "enter")
            await until_sent(desk)
            assert isinstance(desk.app.screen, SettingsPage)
            assert "The server has taken it: look at b.ames@school.example." in desk.text
            assert "known until psc is closed" in desk.text

            await open_line(desk, "test")
            await until_sent(desk)
            assert [one["To"] for one in inbox.messages] == ["b.ames@school.example"] * 2
        await open_line(desk, "test")  # the server is down now
        await until_sent(desk)
        assert "nothing answers there" in desk.text
    written = [path.read_bytes() for path in school.path.parent.rglob("*") if path.is_file()]
    assert len(written) > 1
    assert not any(PASSWORD.encode() in one for one in written)


async def test_what_was_sent_is_told_also_once_the_page_is_closed(school: School) -> None:
    done: list[tuple[Sent, ...]] = []
    async with driven_school(school, "CO1", size=(80, 24)) as desk:
        await go_to(desk, "Mail")
        await open_line(desk, "server")
        assert "an administrator changes this" in desk.text
        page = desk.app.screen
        assert isinstance(page, SettingsPage)
        send_letters(page, [], done.append)
        assert "mail is not set up" in desk.text
        with running() as inbox:
            settings = MailSettings("localhost", inbox.port, sender=NAME)
            school.desk("AD1").do(change_mail(MailSettings(), settings))
            send_letters(page, [Letter("k.bose@school.example", "Work", "Please")], done.append)
            assert "is being sent" in no_mail_because(page)
            await desk.type("escape")
            await until_sent(desk)
            assert [one.sent for one in done[0]] == [True]
            assert len(inbox.taken) == 1


async def test_a_teacher_is_asked_by_mail_and_only_what_the_server_took_is_noted(school: School) -> None:
    school.file.execute("UPDATE staff SET email = lower(code) || '@school.example'")
    school.book(10, "P3")
    asked = "SELECT how FROM work_ask"
    async with driven_school(school, "CO1") as desk:
        with running() as inbox:
            settings = MailSettings("localhost", inbox.port, sender=NAME)
            school.desk("AD1").do(change_mail(MailSettings(), settings))
            inbox.refuses = {"kb@school.example"}
            await desk.type("3", "c", "Y", "m")
            await until_sent(desk)
            assert "The server refused kb@school.example." in desk.text
            assert school.file.rows(asked) == []
            inbox.refuses = set()
            await desk.type("y", "m")
            await until_sent(desk)
            assert "1 message sent, and noted." in desk.text
            assert school.file.rows(asked) == [("sent",)]
            (message,) = inbox.messages
            assert (message["To"], message["Reply-To"]) == ("kb@school.example", "co1@school.example")
            assert "Petra Novak" in message.get_content()
            assert "Novak" not in message["Subject"]


def test_what_went_wrong_first_is_said_and_how_much_more() -> None:
    letter = Letter("a@b.example", "s", "b")
    good, bad = Sent(letter, sent=True), Sent(letter, sent=False, words="The server refused a@b.example.")
    assert told([good]) == ("1 message sent.", "quiet")
    assert told([good, bad, bad]) == (
        "1 of 3 messages sent. a@b.example: The server refused a@b.example. And 1 more.",
        "alarm",
    )
