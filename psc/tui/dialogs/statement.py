"""The form in which a statement is taken: whose it is and how it is taken above, and their own words, page by page.

When it began is filled in as the form opens, and when it ended as it is saved, so that whoever writes down what is said
to them has only the words to type. F8 goes on to another page.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static

from psc.clock import school_day
from psc.desk.people import everyone, who_is
from psc.errors import NeedsReason, PscError
from psc.incidents.statements import (
    ADULT_SAYS,
    MOST_PAGES,
    STUDENT_SAYS,
    Taken,
    Whose,
    amend_statement,
    take_statement,
)
from psc.overview.incident_parts import NOT_SHOWN
from psc.overview.scene import read_when, when_typed
from psc.school.students import find_students
from psc.text import clean, fold, matches, shown
from psc.tui.dialogs.fields import said_yes, yes_or_no
from psc.tui.dialogs.suggesting import SuggestingForm
from psc.tui.literal import literal
from psc.tui.people import STUDENT
from psc.tui.widgets.bar import Bar, Item
from psc.tui.widgets.long_text import LongText

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from textual.app import ComposeResult

    from psc.overview.statements import StatementLine
    from psc.tui.dialogs.suggesting import Choice
    from psc.tui.people import People
    from psc.tui.screens.today import Today

_ROWS = (
    (("whose", "Whose"), ("part", "They were")),
    (("starts", "Begun"), ("ends", "Ended"), ("taken_by", "Taken by")),
    (("place", "Where"), ("support", "Support")),
    (("scribed", "Scribed"), ("read_back", "Read back"), ("why", "Why")),
)
"""The fields row by row, with their labels."""
_HINTS = {
    "whose": "somebody of the incident, another student, a member of staff, or any name",
    "part": "involved, target, witness; of an adult: involved, hurt, witness",
    "starts": "1132, -8, P3 · yesterday 1430 · 20 Nov P2",
    "ends": "left empty: when it is saved",
    "taken_by": "a staff code, or a name; left empty: you",
    "support": "who was there for them; left empty: nobody",
    "scribed": "yes, where somebody else wrote it down for them",
    "read_back": "yes, once it was read back to them and they agreed",
    "why": "why it is amended: what stood there before stays in sight",
}
_BY_NAME = " (by name)"
_TEXT = "words"
_PAGES, _AT, _WHOM = "\tpages", "\tpage", "\twhose"
"""Under which names a draft keeps the other pages, which one was open, and whose it is; no field is called so."""


class StatementForm(SuggestingForm[None]):
    """Enter goes on, F10 saves from any field. `then` is told what was done, in words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f7", "page(-1)", "Page before", show=False, priority=True),
        Binding("f8", "page(1)", "Next page", show=False, priority=True),
    ]
    form = "statement"
    finds = "find_student"
    labels: ClassVar[Mapping[str, str]] = {name: label for row in _ROWS for name, label in row}
    must_choose = frozenset({"part"})

    def __init__(
        self,
        today: Today,
        incident_id: int,
        title: str,
        people: People,
        then: Callable[[str], None],
        *,
        amends: StatementLine | None = None,
    ) -> None:
        super().__init__(today)
        self._incident = incident_id
        self._title_of = title
        self._people = people
        self._then = then
        self._amends = amends
        self._staff = [(one.code, f"{one.code}  {one.short}") for one in everyone(today.desk.file)]
        self._whom: dict[str, Whose] = {}
        """Whom the words mean that were suggested for whose it is."""
        board, said = today, amends.statement.now if amends else None
        zone = board.board.zone
        self._pages: list[str] = list(said.pages) if said else [""]
        self._first_pages = list(self._pages)
        self._page = 0
        self._begin = {
            "whose": amends.whose if amends else "",
            "part": amends.statement.whose.role if amends else "",
            "starts": when_typed(said.starts if said else board.now, board.now, zone),
            "ends": when_typed(said.ends, board.now, zone) if said else "",
            "taken_by": said.taken_by if said else "",
            "place": said.place if said else "",
            "support": said.support if said else "",
            "scribed": said_yes(said.scribed) if said else "no",
            "read_back": said_yes(said.read_back) if said else "no",
        }
        self._moments = {"starts": said.starts, "ends": said.ends} if said else {"starts": board.now.replace(second=0)}
        """The very moments that were meant, as long as nobody types other ones."""

    @property
    def about(self) -> str:
        """The incident; of an amendment, the statement."""
        return f"statement {self._amends.id}" if self._amends else f"incident {self._incident}"

    @property
    def title_words(self) -> str:
        """What it is about."""
        return f"Amend the statement: {self._title_of}" if self._amends else f"Statement: {self._title_of}"

    # Laying it out

    def compose(self) -> ComposeResult:
        """Lay the fields out in rows; all the height that is left is for the words."""
        with Vertical() as box:
            box.border_title = literal(self.title_words)
            box.border_subtitle = "Enter next · Tab · F10 save · Esc"
            for row in _ROWS:
                with Horizontal(classes="row"):
                    for number, (name, label) in enumerate(row):
                        with Horizontal(id=f"row-{name}"):
                            yield Static(literal(label), classes="label second" if number else "label")
                            yield Input(id=name, max_length=400)
            yield OptionList(id="choices")
            yield Static("", id="hint", classes="hint")
            yield Bar(id="pages")
            yield LongText(_TEXT)
            yield Static("", classes="error", id="error")
            yield Bar(id="form-keys")

    def fill(self) -> None:
        """Write what is known; whose it is cannot be amended."""
        super().fill()
        for name, text in self._begin.items():
            self.write(name, text)
        self.query_one("#row-why").display = self._amends is not None
        for name in ("whose", "part"):
            self.field(name).disabled = self._amends is not None
        self.query_one(f"#{_TEXT}", LongText).load_text(self._pages[self._page])
        keys = (Item("F10 save", press="f10", key=3), Item("Esc close", press="escape", key=3))
        self.query_one("#form-keys", Bar).show(keys)
        self._show_pages()
        self.set_focus(self.query_one(f"#{_TEXT}" if self._amends else "#whose"), from_app_focus=True)

    def refilled(self) -> None:
        """Show which page it is."""
        super().refilled()
        self._show_pages()

    @on(events.DescendantFocus)
    def show_hint(self) -> None:
        """Say what fits the field that has the focus."""
        self.query_one("#hint", Static).update(literal(_HINTS.get(self.at, "in their own words")))

    # Pages

    def _show_pages(self) -> None:
        number, of = self._page + 1, len(self._pages)
        items = [Item(f"Page {number} of {of}", bold=True)]
        if self._page:
            items.append(Item("F7 the page before", press="page:-1", key=2))
        if number < of:
            items.append(Item("F8 the next page", press="page:1", key=2))
        elif of < MOST_PAGES:
            items.append(Item("F8 another page", press="page:1", key=2))
        self.query_one("#pages", Bar).show(items)

    def action_page(self, by: int) -> None:
        """Go to the page before, or the next one, which is made where there is none; an empty last one goes again."""
        self._store()
        wanted = self._page + by
        if wanted < 0 or wanted >= MOST_PAGES:
            return
        if wanted == len(self._pages):
            if not clean(self._pages[-1], lines=True):
                self.refuse("This page is empty: there is none after it.")
                return
            self._pages.append("")
        elif by < 0 and self._page == len(self._pages) - 1 and not clean(self._pages[-1], lines=True):
            self._pages.pop()
        self._page = wanted
        area = self.query_one(f"#{_TEXT}", LongText)
        area.load_text(self._pages[wanted])
        area.focus()
        self.refuse("")
        self._show_pages()

    def _store(self) -> None:
        self._pages[self._page] = self.query_one(f"#{_TEXT}", LongText).text

    @on(Bar.Pressed)
    def pressed(self, event: Bar.Pressed) -> None:
        """A click on a key is the key."""
        event.stop()
        if event.press.startswith("page:"):
            self.action_page(int(event.press.removeprefix("page:")))
        elif event.press == "escape":
            self.action_leave()
        else:
            self.take_key(event.press)

    # Drafts

    def _in_fields(self) -> dict[str, str]:
        """What stands on the other pages is typed, too."""
        pages = [*self._pages]
        found = super()._in_fields()
        pages[self._page] = found.get(_TEXT, pages[self._page])
        return {**found, _PAGES: json.dumps([page for page in pages if page.strip()])}

    def settled(self) -> dict[str, str]:
        """Return the other pages, and whose it is where that is a student or one of the staff."""
        whom = self._whom.get(fold(self.field("whose").value), Whose())
        kept = {_PAGES: json.dumps(self._pages), _AT: str(self._page)}
        return {**kept, _WHOM: json.dumps([whom.student_id, whom.staff_id])}

    def settle(self, draft: Mapping[str, str]) -> None:
        """Put the pages in place again, and mean the same person."""
        with suppress(ValueError, TypeError):
            pages = [str(one) for one in json.loads(draft.get(_PAGES, ""))]
            page = int(draft.get(_AT, "0"))
            if pages and 0 <= page < len(pages):
                self._pages, self._page = pages, page
        with suppress(ValueError, TypeError):
            student, staff = json.loads(draft.get(_WHOM, ""))
            if student or staff:
                self._whom[fold(self.field("whose").value)] = Whose(student, staff)

    # Fields

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return what fits in a field."""
        match name:
            case "part":
                return [(one, one) for one in (STUDENT_SAYS if self._is_student() else ADULT_SAYS)]
            case "taken_by" if fold(typed):
                return self._staff
            case "scribed" | "read_back" if fold(typed):
                return [("yes", "yes"), ("no", "no")]
        return ()

    def _suggest(self, name: str, typed: str) -> list[Choice]:
        if name != "whose":
            return super()._suggest(name, typed)
        return self._suggest_whose(typed)

    def _suggest_whose(self, typed: str) -> list[Choice]:
        """Return those of the incident who fit, then other students, then the staff, then the name as it is typed."""
        needle, made = fold(typed), {}
        for person in self._people.named:
            words = shown(f"{person.words} {person.more if person.kind == STUDENT else ''}".strip())
            if person.words != NOT_SHOWN and matches(needle, fold(f"{words} {person.more}")):
                key = person.key[1]
                if person.kind == STUDENT:
                    whose = Whose(student_id=int(key), role=person.role)
                else:
                    staff = key if isinstance(key, int) else None
                    whose = Whose(staff_id=staff, name=person.name, role=person.role)
                made[words] = (whose, f"{words}  {person.role}")
        if needle:
            today = self._today_screen
            taken = {whose.student_id for whose, _ in made.values()} | {whose.staff_id for whose, _ in made.values()}
            for one in find_students(today.desk.file, typed, today.staff, self.day, limit=6):
                words = shown(f"{one.name} {'' if one.apart else one.form}".strip())
                if one.id not in taken:
                    made.setdefault(words, (Whose(student_id=one.id), f"{words}  {one.number}"))
            for adult in everyone(today.desk.file):
                if adult.id not in taken and matches(needle, fold(f"{adult.code} {adult.forename} {adult.surname}")):
                    made.setdefault(adult.short, (Whose(staff_id=adult.id), f"{adult.short}  {adult.code}, staff"))
        self._whom |= {fold(words): whose for words, (whose, _) in made.items()}
        listed = [(words, said) for words, (_, said) in made.items()][:7]
        if needle and all(fold(words) != needle for words in made):
            # Another value than what is typed: Enter is to take the first who fits, and this only where nobody does.
            listed.append((f"{clean(typed)}{_BY_NAME}", f"“{clean(typed)}”: neither a student nor staff"))
        return listed

    def _is_student(self) -> bool:
        whose = self._whom.get(fold(self.field("whose").value))
        return bool(whose and whose.student_id)

    def chosen(self) -> None:
        """No student is chosen by a field of their own."""

    def left(self, name: str) -> None:
        """Fill in what somebody was in the incident."""
        if name != "whose":
            return
        typed = self.field(name).value.removesuffix(_BY_NAME)
        self.write(name, typed)
        self.write("part", self._whom.get(fold(typed), Whose()).role if typed.strip() else "")

    def go_on_from(self, name: str) -> None:
        """From the last field to the words."""
        rows = [one for one in self.labels if self.query_one(f"#row-{one}").display]
        if name == rows[-1]:
            self.query_one(f"#{_TEXT}").focus()
        elif name == "whose" and self.field("part").value:
            self.field("starts").focus()
        else:
            super().go_on_from(name)

    # Saving

    def save(self) -> None:
        """Do the act; an error stands by in plain words and the form keeps everything typed."""
        self._store()
        desk = self._today_screen.desk
        try:
            taken = self._taken()
            if self._amends:
                seen = self._amends.statement.versions[-1].id
                call = amend_statement(self._amends.id, taken, self.field("why").value, seen=seen)
                said = "Amended: what stood there before stays in sight"
            else:
                call = take_statement(self._incident, self._whose(), taken)
                said = f"Statement of {clean(self.field('whose').value)} taken"
            desk.do_patiently(call, id=self._act_id, seconds=2)
        except NeedsReason as need:
            self.refuse(str(need))
            self.field("why").focus()
        except PscError as error:
            self.refuse(str(error))
        else:
            self.dismiss(None)
            self._then(said)

    def _whose(self) -> Whose:
        typed = self.field("whose").value
        role = next((one for one in (*STUDENT_SAYS, *ADULT_SAYS) if one == fold(self.field("part").value)), "witness")
        if known := self._whom.get(fold(typed)):
            return known._replace(role=role)
        if not typed.strip():
            raise self.wrong("whose", "Say whose statement it is.", "Choose somebody, or type a name.")
        named = who_is(self._today_screen.desk.file, typed)
        return Whose(staff_id=named.staff_id, name="" if named.staff_id else named.name, role=role)

    def _taken(self) -> Taken:
        now = self._today_screen.desk.clock.now()
        starts = self._when("starts", now)
        ends = self._when("ends", now, starts)
        return Taken(
            tuple(self._pages),
            starts,
            ends,
            taken_by=self.field("taken_by").value,
            place=self.field("place").value,
            scribed=self._answer("scribed"),
            read_back=self._answer("read_back"),
            support=self.field("support").value,
        )

    def _answer(self, name: str) -> bool:
        try:
            return yes_or_no(self.field(name).value)
        except PscError as error:
            raise self.wrong(name, f"{self.labels[name]}: type yes or no.") from error

    def _when(self, name: str, now: datetime, starts: datetime | None = None) -> datetime:
        """Return a time; an end without a day is one of the day on which it began, and none is now."""
        typed = self.field(name).value.strip()
        if typed == self._begin[name] and name in self._moments:
            return self._moments[name]
        if starts is not None and not typed:
            return now
        zone = self._today_screen.board.zone
        if starts is not None and " " not in typed and (day := school_day(starts, zone)) != school_day(now, zone):
            typed = f"{day.isoformat()} {typed}"
        try:
            return read_when(self._today_screen.desk.file, typed, now)
        except PscError:
            self.field(name).focus()
            raise
