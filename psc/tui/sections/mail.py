"""Mail: by which server the school sends it, and a test that it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.desk.changes import last_changes
from psc.desk.mail_settings import (
    ABOUT,
    MailSettings,
    Security,
    change_mail,
    check_address,
    mail_settings,
    typed_port,
    typed_security,
)
from psc.desk.staff_acts import the_person
from psc.mail import Letter, Sent, needs_secret
from psc.overview.cells import Tone
from psc.text import clean
from psc.tui.dialogs.fields import Field, FieldForm, Typed
from psc.tui.mailing import send_letters, told
from psc.tui.sections.base import Section
from psc.tui.widgets.lines import Line, line

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mail(Section):
    """How messages to staff are sent, where they are not copied or saved."""

    title, act = "Mail", "change_mail"

    def read(self) -> None:
        """Read it."""
        self._mail = mail_settings(self.file)
        self._changed = last_changes(self.file, ("change_mail",)).get(ABOUT)

    def lines(self, width: int) -> Sequence[Line]:
        """Return the server, from whom mail comes, and the test."""
        made = [Line((("Server     ", Tone.PLAIN), (f"{self._mail.words}  ", Tone.PLAIN), self._by()), "server")]
        if not self._mail.is_set_up:
            words = (
                "Until then messages to teachers are copied or saved, and sent by hand. Enter sets it up: the server's"
                " name, and the address that messages come from."
            )
            return [*made, line(""), *self.wrapped(words, min(100, width), "")]
        made.append(line(f"From       {self._mail.sender}"))
        if self._mail.sign_in:
            known = "asked for when it is needed" if needs_secret(self._mail) else "known until psc is closed"
            made += [line(f"Signs in   {self._mail.sign_in}"), line(f"Password   {known}", Tone.QUIET)]
        return [*made, line(""), Line((("Send a test message to myself", Tone.PLAIN),), "test")]

    def _by(self) -> tuple[str, Tone]:
        return (self.by(self._changed), Tone.QUIET)

    def open(self, key: object) -> None:
        """Open the form, or send the test."""
        if why := self.why_not():
            self.page.refuse(f"Mail: {why}.")
        elif key == "test":
            self._test()
        else:
            self._form()

    def _form(self) -> None:
        seen = self._mail

        def save(typed: Typed) -> str:
            becomes = MailSettings(**typed.values)
            self.desk.do_patiently(change_mail(seen, becomes), id=typed.act_id, seconds=2)
            return "Saved. Send yourself a test message." if becomes.server else "Mail is not sent any more."

        fields = [
            Field("server", "Server *", seen.server, "such as smtp.school.example; empty: no mail is sent", clean),
            Field("security", "Security *", seen.security, "starttls or tls: mail is never sent unsealed", _security),
            Field("port", "Port", str(seen.port), "empty: 587 for starttls, 465 for tls", typed_port),
            Field("sign_in", "Signs in as", seen.sign_in, "empty: the server asks for no name", clean),
            Field("sender", "From *", seen.sender, "the address that messages come from", _address),
        ]
        note = "The password is not typed here: it is asked for when mail is sent, and never kept in the file."
        self.show(FieldForm("Mail", fields, save, self.page.done, note=note))

    def _test(self) -> None:
        person = the_person(self.file, self.desk.code)
        if not person.email:
            self.page.refuse("The staff list has no e-mail address of yours: see People.")
            return
        body = "This is a test message from psc. Mail from the rooms can be sent."

        def then(done: tuple[Sent, ...]) -> None:
            words, tone = told(done)
            self.page.say(words if tone == "alarm" else f"The server has taken it: look at {person.email}.", tone)

        send_letters(self.page, [Letter(person.email, "Test message from psc", body)], then)


def _security(text: str) -> Security:
    return typed_security(text) if text.strip() else Security.STARTTLS


def _address(text: str) -> str:
    return check_address(text) if text.strip() else ""
