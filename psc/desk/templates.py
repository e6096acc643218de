"""What is said to home and written to teachers, in the school's own words, filled in for a student or a teacher.

The texts that psc brings stand here; one that a school writes is kept in the file, and the newest counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from psc.clock import moment
from psc.desk.acts import Tx, act
from psc.desk.changes import Changed, check_differs, check_fresh, keep_change
from psc.errors import NotUnderstood
from psc.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psc.database.file import File

FIELDS: Mapping[str, str] = {
    "student": "the student’s first name",
    "form": "their form",
    "reason": "why they are in the room",
    "period": "the period they came from",
    "room": "the room’s name",
    "until": "until when they stay",
    "adult": "who is speaking",
}
"""What a text said to home may name in braces, and what stands there when it is read out."""

MESSAGE_FIELDS: Mapping[str, str] = {
    "teacher": "whom it is written to",
    "lessons": "how many lessons it is about",
    "list": "the lessons, one by one",
    "reply": "where work is sent to",
    "adult": "who is writing",
    "school": "the school’s name",
}
"""What a message to a teacher may name in braces."""

ASKING, FEEDBACK = "message asking for work", "message with feedback"

DEFAULTS: Mapping[str, str] = {
    "home removal": (
        "Hello, it is {adult} from school. {student} is safe and well. It did not go well in {period} today: {reason}."
        " So {student} came to the {room}, until {until}. Please talk it over at home; tomorrow is a fresh start."
    ),
    "home internal exclusion": (
        "Hello, it is {adult} from school. {student} is working in the {room} until {until}, because of this:"
        " {reason}. An adult is there all day and helps with the work. We would like to hear how {student} sees it."
    ),
    "home support": (
        "Hello, it is {adult} from school. {student} is spending some time in the {room} until {until}. It is not a"
        " punishment: it is there to help. Is there anything at home that we should know, or could do?"
    ),
    "home ill": (
        "Hello, it is {adult} from school. {student} in {form} is not well and should go home. They are with an adult"
        " in the {room}. Who can come for {student}, and when?"
    ),
    ASKING: (
        "Dear {teacher},\n\nstudents of yours are working in our room, and we would like them to do what your class is"
        " doing. Could you send us work for {lessons}, please?\n\n{list}\n\nA link, a file or paper is fine: what is to"
        " be done, and which pages. Please send it to {reply}.\n\nThank you\n{adult}, {school}"
    ),
    FEEDBACK: (
        "Dear {teacher},\n\nthis is what your students did with us in {lessons} of yours.\n\n{list}\n\nThank you for"
        " helping them to keep up.\n{adult}, {school}"
    ),
}
"""The texts that psc brings, by name."""

LONGEST_TEXT = 400
"""The longest text: what is read out on the telephone is short, and has to stand on a small screen. A message, too."""

_FIELD = re.compile(r"\{([^{}]*)\}")


class Template(NamedTuple):
    """A text by its name. `changed` is None for psc's own."""

    name: str
    text: str
    changed: Changed | None = None

    @property
    def about(self) -> str:
        """The name under which the ledger keeps its changes."""
        return f"template:{self.name}"

    @property
    def fields(self) -> Mapping[str, str]:
        """What it may name in braces, and what stands there."""
        return MESSAGE_FIELDS if self.name in (ASKING, FEEDBACK) else FIELDS


def templates(file: File) -> tuple[Template, ...]:
    """Return every template with the text that counts."""
    made = {name: Template(name, text) for name, text in DEFAULTS.items()}
    found = file.rows(
        "SELECT t.name, t.text, l.at, l.actor FROM template t JOIN ledger l ON l.seq = t.seq ORDER BY t.id"
    )
    for name, text, at, by in found:
        if name in made:
            made[name] = Template(name, text, Changed(moment(at), by))
    return tuple(made.values())


def the_template(file: File, name: str) -> Template:
    """Return the template of that name. Raises `NotUnderstood`."""
    for one in templates(file):
        if one.name == name:
            return one
    raise NotUnderstood(f"There is no template “{name}”.", f"There are: {', '.join(DEFAULTS)}.")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its fields filled in. What nothing is known of stays a gap that can be seen: `…`."""
    return _FIELD.sub(lambda found: values.get(found[1].strip().lower()) or "…", text)


def check_text(text: str, fields: Mapping[str, str] = FIELDS) -> None:
    """Raise `NotUnderstood` for an empty text, one that is too long, a field there is not, or a stray brace."""
    if not text:
        raise NotUnderstood("There is no text.", "Write what is said.")
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood(f"That is {len(text)} characters; {LONGEST_TEXT} are the most.", "Say it shorter.")
    known = ", ".join(f"{{{name}}}" for name in fields)
    for name in _FIELD.findall(text):
        if name.strip().lower() not in fields:
            raise NotUnderstood(f"There is no field {{{name}}}.", f"There are {known}.")
    if set("{}") & set(_FIELD.sub("", text)):
        raise NotUnderstood("A brace stands alone.", f"Write a field in two: {known}.")


@act("change_template")
def change_template(tx: Tx, seen: str, name: str, text: str) -> None:
    """Write a template anew, from the text that was `seen`. Raises `Refused` when somebody changed it meanwhile."""
    stands = the_template(tx.file, name)
    becomes = clean(text, lines=stands.fields is MESSAGE_FIELDS)  # a message is written, and keeps its paragraphs
    check_fresh(tx, stands.about, seen, stands.text)
    check_text(becomes, stands.fields)
    check_differs(stands.text, becomes)
    tx.file.execute("INSERT INTO template (name, text, seq) VALUES (?, ?, ?)", (name, becomes, tx.seq))
    keep_change(tx, stands.about, {"text": stands.text}, {"text": becomes})
