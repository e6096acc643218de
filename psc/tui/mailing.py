"""Sending a message by mail: the one place that says whether it can be, and does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.errors import Refused

if TYPE_CHECKING:
    from psc.desk.acts import Desk
    from psc.work.messages import Message

NOT_SET_UP = "mail is not set up"


def no_mail_because(desk: Desk, message: Message | None = None) -> str:
    """Say why a message cannot be sent from here, "" when it can."""
    if message is not None and not message.teacher.email:
        return "no e-mail address on the staff list"
    return NOT_SET_UP


def send_mail(desk: Desk, message: Message) -> None:
    """Send a message. Raises `Refused` when it cannot be sent: then nothing was."""
    raise Refused(f"{NOT_SET_UP.capitalize()}.", "Copy the message, or save it as a file.")
