"""The form of a change of a programme: another pattern from a day on, another review, another end."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from psc.flows.plan_programme import Change, Plan, plan_change_of
from psc.flows.programmes import change_programme
from psc.school.calendar import long_day
from psc.tui.dialogs.pattern_form import PatternForm, typed_as

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from psc.desk.acts import Call
    from psc.overview.programmes import ProgrammeNow
    from psc.tui.dialogs.suggesting import Choice
    from psc.tui.screens.today import Today


class ChangeForm(PatternForm):
    """A change of a programme: another pattern from a day on, another review, another end."""

    form = "change programme"
    labels: ClassVar[Mapping[str, str]] = {
        "pattern": "Each week",
        "first": "From",
        "review": "Review",
        "until": "Until",
        "why": "Why *",
        "override": "All the same?",
    }
    placeholders: ClassVar[Mapping[str, str]] = {
        "first": "the day another pattern begins; left empty: today",
        "why": "why it is changed",
        "override": "why it is booked all the same",
    }

    def __init__(self, today: Today, then: Callable[[str], None], one: ProgrammeNow, *, why: str = "") -> None:
        self._one = one
        self._first_why = why
        super().__init__(today, then, student=one.student)

    @property
    def about(self) -> str:
        """Which programme."""
        return str(self._one.programme.placement_id)

    @property
    def title_words(self) -> str:
        """Whose it is."""
        return f"Change: {self._one.student.name}"

    def fill(self) -> None:
        """Write down how it stands."""
        stands = self._one.programme.now
        self.write("pattern", stands.pattern.words)
        self.write("review", typed_as(stands.review))
        self.write("until", typed_as(stands.until))
        self.write("why", self._first_why)
        self.query_one("#row-override").display = False
        self.query_one("#choices").can_focus = False
        self._offered = ()
        self.field("pattern").focus()
        self.field("pattern").action_select_all()  # it had the focus before there was anything to select
        self.read()

    def suggest(self, name: str, typed: str) -> Sequence[Choice]:
        """Return nothing: everything is typed."""
        return ()

    def chosen(self) -> None:
        """Nothing follows: the student is who it is."""

    def settle(self, draft: Mapping[str, str]) -> None:
        """Leave the student who it is."""
        super().settle(draft)
        self._student = self._one.student

    def asked(self) -> Change:
        """Return what is to be other. Raises `NotUnderstood`."""
        stands = self._one.programme.now
        pattern = self.typed_pattern()
        since = self.typed_day("first")
        review, until = self.typed_day("review"), self.typed_end(since or self.day)
        other = pattern != stands.pattern or since is not None
        return Change(
            pattern if other else None,
            since,
            None if review in (None, stands.review) else review,
            None if until == stands.until else until,
        )

    def plan(self) -> Plan:
        """Return what the change comes to."""
        today, one, change = self._today_screen, self._one.programme, self.asked()
        return plan_change_of(today.desk.file, one, change, today.now, self.day, today.staff.barred, self._left_out)

    def words(self, plan: Plan) -> list[str]:
        """Say when the review is."""
        return [*super().words(plan), f"Review {long_day(plan.review)}."]

    def call(self, why: str) -> Call[int]:
        """Return the change."""
        reason = self.typed()["why"]
        if not reason:
            raise self.wrong("why", "Changing a programme needs a reason.", "Say why.")
        version = self._one.programme.now.id
        return change_programme(version, self.asked(), reason, leave_out=sorted(self._left_out), override=why)

    def said(self) -> str:
        """Say what was changed."""
        return f"{self._one.student.name}: changed; {self._plan.words if self._plan else ''}".rstrip("; ")
