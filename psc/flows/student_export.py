"""A student's export for an access request: prepared, reviewed by a person, then released. The ledger keeps each step.

    prepared = prepare_export(desk, student_id)          # the ledger has it before anything is shown or written
    …a person decides each proposal…
    released = read_release(desk, student_id, review)    # raises while one is undecided
    desk.do_patiently(export_student(…, "released", …))  # before a byte reaches the disk

A review is bound to what stood in the file: what was recorded since is proposed anew, and a decision about words that
have changed holds for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from psc.desk.acts import Tx, act
from psc.errors import NotUnderstood, Refused
from psc.overview.all_held import AllHeld, all_held
from psc.overview.redaction import Decision, Kind, Proposal, proposals, redacted, undecided
from psc.text import clean, counted

if TYPE_CHECKING:
    from datetime import datetime

    from psc.desk.acts import Desk
    from psc.overview.held_reading import Held

PREPARED, RELEASED = "prepared", "released"
LONGEST_WORD, MOST_WORDS = 100, 200
"""Characters of a word that is added to what is looked for, and how many may be."""


class Review(NamedTuple):
    """What a person has decided so far: by the keys of proposals, and the words they want looked for as well."""

    decisions: Mapping[str, Decision] = {}
    added: tuple[str, ...] = ()


class Prepared(NamedTuple):
    """All that is held on a student, and what is to be decided before it may leave psc."""

    held: AllHeld
    proposals: tuple[Proposal, ...]
    review: Review

    @property
    def undecided(self) -> tuple[Proposal, ...]:
        """What nobody has decided yet."""
        return undecided(self.proposals, self.review.decisions)

    def with_review(self, review: Review) -> Prepared:
        """Return the same with another review: words that were added are looked for."""
        found = self.proposals if review.added == self.review.added else proposals(self.held, review.added)
        return Prepared(self.held, found, review)


class Released(NamedTuple):
    """What leaves psc: the records, names taken out, and what was taken out of how many."""

    held: AllHeld
    records: tuple[Held, ...]
    redacted: int
    kept: int
    at: datetime
    by: str


@act("export_student")
def export_student(
    tx: Tx, student_id: int, step: str, counts: Mapping[str, int] | None = None, digest: str = ""
) -> None:
    """Export everything on a student. `step` says whether it is shown to be reviewed, or released into a file.

    `counts` are how many records and how many words taken out; `digest` is that of the files. None of it names anybody.
    """
    if step not in (PREPARED, RELEASED):
        raise NotUnderstood("That is no step of an export.", f"It can be: {PREPARED}, {RELEASED}.")
    tx.reach(student_id)
    tx.said.update(step=step, counts=dict(counts or {}), digest=digest)


def prepare_export(desk: Desk, student_id: int, review: Review | None = None) -> Prepared:
    """Note in the ledger that everything on a student is read, then read it.

    Raises `NotAllowed`, and whatever keeps the ledger from being written: then nothing is read.
    """
    desk.do_patiently(export_student(student_id, PREPARED), seconds=2)
    return read_prepared(desk, student_id, review)


def read_prepared(desk: Desk, student_id: int, review: Review | None = None) -> Prepared:
    """Read it again, once it was prepared. Raises `NotAllowed`."""
    held = all_held(desk.file, student_id, desk.staff(), desk.clock.now())
    decided = review or Review()
    return Prepared(held, proposals(held, decided.added), decided)


def read_release(desk: Desk, student_id: int, review: Review) -> Released:
    """Return what may leave psc as it stands now. Raises `Refused` while anything is undecided."""
    now = read_prepared(desk, student_id, review)
    if left := now.undecided:
        raise Refused(
            f"{counted(len(left), 'proposal is', 'proposals are')} not decided yet: nothing was released.",
            "Decide each; what was recorded since the review has to be decided as well.",
        )
    chosen = [one for one in now.proposals if one.key in review.decisions]
    taken = sum(review.decisions[one.key] is Decision.REDACT for one in chosen)
    records = redacted(now.held, now.proposals, review.decisions)
    return Released(now.held, records, taken, len(chosen) - taken, desk.clock.now(), desk.staff().short)


# The review as a file


def review_text(prepared: Prepared, file_id: str) -> str:
    """Return a review as a JSON file to be filled in: `decision` is to be "redact" or "keep" in each."""
    value = {
        "what": "psc: names to be reviewed before a student's export is released",
        "how": "Write redact or keep into each decision. In words, the same for all proposals with these words."
        " In also, other words to be looked for. Then: psc student export STUDENT --to DIR --reviewed THIS-FILE",
        "school_file": file_id,
        "student": prepared.held.student_id,
        "also": list(prepared.review.added),
        "words": {
            f"{kind.value}: {text}": ""
            for kind, text in dict.fromkeys(one.alike for one in prepared.undecided if one.kind is not Kind.RECORD)
        },
        "proposals": [_proposal_json(one, prepared.review) for one in prepared.proposals],
    }
    return json.dumps(value, ensure_ascii=False, indent=1)


def _proposal_json(one: Proposal, review: Review) -> dict[str, str]:
    return {
        "decision": review.decisions[one.key].value if one.key in review.decisions else "",
        "kind": one.kind.value,
        "words": one.text,
        "context": f"{one.before}[[{one.text}]]{one.after}",
        "looks_like": one.looks,
        "where": f"{one.table} {one.record} {one.field}".strip(),
        "key": one.key,
    }


def read_review(text: str, prepared: Prepared, file_id: str) -> Review:
    """Return what a review file says. Raises `NotUnderstood` for one that is none, or is another student's."""
    try:
        value = json.loads(text)
        decided = {str(one["key"]): str(one["decision"]).strip() for one in value["proposals"]}
        words = {str(name): str(each).strip() for name, each in value["words"].items()}
        also = tuple(word for one in value["also"] if (word := clean(str(one))))
        whose = (value["school_file"], value["student"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotUnderstood("That is no review file of psc.", "Write one first: leave --reviewed out.") from error
    if whose != (file_id, prepared.held.student_id):
        raise NotUnderstood("That review is of another student, or of another file.", "Nothing was released.")
    if len(also) > MOST_WORDS or any(len(one) > LONGEST_WORD for one in also):
        raise NotUnderstood(
            "There is too much in also.", f"It takes {MOST_WORDS} words of at most {LONGEST_WORD} characters."
        )
    found = proposals(prepared.held, also)
    for one in found:
        if not decided.get(one.key) and (same := words.get(f"{one.kind.value}: {one.text}")):
            decided[one.key] = same
    known = {one.value: one for one in Decision}
    if wrong := [each for each in decided.values() if each and each.casefold() not in known]:
        raise NotUnderstood(f"“{wrong[0][:40]}” is no decision.", "Each is redact or keep.")
    return Review({key: known[each.casefold()] for key, each in decided.items() if each}, also)


def decided(prepared: Prepared, chosen: Sequence[Proposal], decision: Decision | None) -> Prepared:
    """Return it with some proposals decided, or undecided again for None."""
    made = dict(prepared.review.decisions)
    for one in chosen:
        if decision is None:
            made.pop(one.key, None)
        else:
            made[one.key] = decision
    return prepared._replace(review=prepared.review._replace(decisions=made))
