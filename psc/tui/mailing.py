"""Sending mail from the app: the password is asked for once, and the server is spoken to beside the event loop."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from psc.desk.mail_settings import mail_settings
from psc.desk.school_acts import school_name
from psc.errors import PscError
from psc.mail import WrongSecret, find_secret, forget_secret, keep_secret, ready, send
from psc.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import App

    from psc.desk.acts import Desk
    from psc.desk.mail_settings import MailSettings
    from psc.desk.secrets import Hidden
    from psc.mail import Letter, Sent
    from psc.work.messages import Message

_GROUP = "mail"


class Mails(Protocol):
    """A screen at a desk that sends."""

    desk: Desk

    @property
    def app(self) -> App[Any]:
        """The app it is shown by."""

    def say(self, words: str, tone: str = "quiet") -> None:
        """Show words on its line."""


def no_mail_because(screen: Mails, message: Message | None = None) -> str:
    """Say why nothing can be sent from here now, or not this message; "" when it can."""
    if message is not None and not message.teacher.email:
        return "no e-mail address on the staff list"
    if any(one.group == _GROUP and not one.is_finished for one in screen.app.workers):
        return "mail is being sent just now"
    return ready(screen.desk.file)


def send_letters(screen: Mails, letters: Sequence[Letter], then: Callable[[tuple[Sent, ...]], None]) -> None:
    """Send messages, and call `then` with what became of each, in their order, once the server has answered.

    Only what is `sent` in there may be noted as sent. Where nothing was sent at all the screen says why, and `then` is
    not called. The page may be closed or put aside meanwhile: `then` is called all the same, on the event loop.
    """
    if why := no_mail_because(screen):
        screen.say(f"Nothing was sent: {why}.", "alarm")
        return
    _begin(screen, mail_settings(screen.desk.file), letters, then, None)


def _begin(
    screen: Mails,
    settings: MailSettings,
    letters: Sequence[Letter],
    then: Callable[[tuple[Sent, ...]], None],
    secret: Hidden | None,
) -> None:
    school = school_name(screen.desk.file)
    screen.say(f"Sending {counted(len(letters), 'message')} …")
    work = partial(_beside, screen, settings, letters, then, secret, school)
    screen.app.run_worker(work, thread=True, group=_GROUP)


def _beside(
    screen: Mails,
    settings: MailSettings,
    letters: Sequence[Letter],
    then: Callable[[tuple[Sent, ...]], None],
    typed: Hidden | None,
    school: str,
) -> None:
    """Find the password and send, in a thread: a keyring may ask its owner, a server may be slow."""
    app = screen.app
    secret = typed or find_secret(settings)
    if secret is None:
        app.call_from_thread(_ask, screen, settings, letters, then, "")
        return
    try:
        done = send(settings, secret, letters, school=school, now=screen.desk.clock.now())
    except WrongSecret as error:
        forget_secret(settings)
        app.call_from_thread(_ask, screen, settings, letters, then, str(error))
    except PscError as error:
        app.call_from_thread(screen.say, str(error), "alarm")
    else:
        if typed is not None:
            keep_secret(settings, typed)
        app.call_from_thread(then, done)


def _ask(
    screen: Mails,
    settings: MailSettings,
    letters: Sequence[Letter],
    then: Callable[[tuple[Sent, ...]], None],
    wrong: str,
) -> None:
    """Ask for the password; nobody is asked whose page was closed, or put aside, meanwhile."""
    from psc.tui.dialogs.mail_password import MailPassword

    shown: object = screen.app.screen
    if shown is not screen:
        screen.say("Nothing was sent: the password of the school's mail is needed.", "alarm")
        return

    def answered(secret: Hidden | None) -> None:
        if secret is None:
            screen.say("Nothing was sent.")
        else:
            _begin(screen, settings, letters, then, secret)

    screen.say("The password of the school's mail is needed.")
    screen.app.push_screen(MailPassword(settings, wrong), answered)


def told(done: Sequence[Sent]) -> tuple[str, str]:
    """Return what to say of messages that were sent, and its tone: how many, and what went wrong with the first."""
    sent = sum(one.sent for one in done)
    wrong = [one for one in done if one.words]
    if not wrong:
        return f"{counted(sent, 'message')} sent.", "quiet"
    first = f"{wrong[0].letter.to}: {wrong[0].words}"
    more = f" And {len(wrong) - 1} more." if len(wrong) > 1 else ""
    return f"{sent} of {counted(len(done), 'message')} sent. {first}{more}", "alarm"
