"""What is written to teachers: plain text, one message each, whatever anybody typed."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psc.desk.templates import ASKING, DEFAULTS, FEEDBACK
from psc.errors import NotUnderstood
from psc.school.timetable import Lesson
from psc.work.messages import Piece, Writer, asking, became, feedback
from psc.work.sets import Arrival, Kind, Return, WorkSet
from psc.work.teachers import Person, Teacher
from psc.work.typed_return import Typed, read_return, typed_return
from tests.school import TUESDAY, at

LONDON = ZoneInfo("Europe/London")
BOSE = Teacher("KB", (Person("Ms Bose", 7, "k.bose@hillside.example"),))
STRANGER = Teacher("XY", (Person("XY"),))
WRITER = Writer("Ms Smith", "j.smith@hillside.example", "Hillside School")
NOW = at("10:00")


def work(period: str = "P3", *, student: int = 2, subject: str = "Science", code: str = "9y/Sc1") -> WorkSet:
    """Return the work of a lesson of tomorrow, due today at three."""
    hour = {"P1": "08:50", "P3": "11:10", "P5": "13:50"}[period]
    return WorkSet(student, TUESDAY, period, at(hour, TUESDAY), Lesson(period, code, subject, "KB", "S3"), at("15:00"))


def done(share: int, effort: int | None, line: str, *, kind: Kind = Kind.PAPER) -> WorkSet:
    """Return work that was handed in."""
    pack = "SC-9-01" if kind is Kind.PACK else ""
    came = Arrival(1, "Science", "9y/Sc1", "KB", kind, "", "", "", None, "", "", "", 4 if pack else None, pack, NOW)
    return work()._replace(arrival=came, issued=NOW, returned=Return(1, share, effort, line, NOW))


def ask(*pieces: Piece, teacher: Teacher = BOSE, template: str = DEFAULTS[ASKING]) -> str:
    return asking(template, teacher, pieces, WRITER, NOW, LONDON).text


def test_a_teacher_is_asked_for_everything_in_one_message() -> None:
    one = asking(
        DEFAULTS[ASKING],
        BOSE,
        [
            Piece("Amara Okafor, 9B", work("P5", subject="Drama", code="9y/Dr1")),
            Piece("Petra Novak, 9D", work(student=10)),
            Piece("Amara Okafor, 9B", work()),
        ],
        WRITER,
        NOW,
        LONDON,
    )
    assert one.subject == "Work for 3 lessons, please: by Mon 23 Nov 15:00"
    assert one.body.split("\n\n") == [
        "Dear Ms Bose,",
        "students of yours are with us at these times, and we would like them to do what your class does."
        " Could you send us work for 3 lessons, please?",
        "Tue 24 Nov, P3: Science (9y/Sc1)\n"
        "  Petra Novak, 9D: by Mon 23 Nov 15:00\n"
        "  Amara Okafor, 9B: by Mon 23 Nov 15:00\n"
        "Tue 24 Nov, P5: Drama (9y/Dr1)\n"
        "  Amara Okafor, 9B: by Mon 23 Nov 15:00",
        "A link, a file or paper is fine: what is to be done, and which pages."
        " Please send it to j.smith@hillside.example.",
        "Thank you\nMs Smith, Hillside School",
    ]
    assert one.text.startswith(f"To: k.bose@hillside.example\nSubject: {one.subject}\n\nDear")


def test_a_reminder_says_how_often_they_were_asked_and_what_was_due() -> None:
    asked = work()._replace(asked=(at("08:00"), at("09:00")), due=at("09:30"))
    text = ask(Piece("Amara Okafor, 9B", asked))
    assert "Subject: Work for 1 lesson, please: the first was due Mon 23 Nov 09:30" in text
    assert "Amara Okafor, 9B: was due Mon 23 Nov 09:30, asked twice before" in text


def test_the_subject_names_no_student_and_nobody_unknown_is_lost() -> None:
    one = asking(DEFAULTS[ASKING], STRANGER, [Piece("Amara Okafor, 9B", work())], WRITER, NOW, LONDON)
    assert "Okafor" not in one.subject
    assert one.text.startswith("To: XY (not on the staff list)\n")
    assert "Dear XY," in one.body
    assert "Dear colleague," in ask(Piece("Amara Okafor, 9B", work()), teacher=Teacher(""))


def test_a_school_that_leaves_the_list_out_has_it_at_the_end() -> None:
    text = ask(Piece("Amara Okafor, 9B", work()), template="Work, please, {teacher}!")
    assert text.endswith("Work, please, Ms Bose!\n\nTue 24 Nov, P3: Science (9y/Sc1)\n"
                         "  Amara Okafor, 9B: by Mon 23 Nov 15:00\n")  # fmt: skip
    assert text.count("Okafor") == 1


def test_feedback_says_what_became_of_each_piece() -> None:
    one = feedback(
        DEFAULTS[FEEDBACK],
        BOSE,
        [
            Piece("Amara Okafor, 9B", done(80, 3, "Stuck on question 4.")),
            Piece("Petra Novak, 9D", done(0, None, "", kind=Kind.PACK)),
        ],
        WRITER,
    )
    assert one.subject == "Work done in our room, Tue 24 Nov: 2 lessons"
    assert "Amara Okafor, 9B: 80% done, good effort. Stuck on question 4\n" in one.body
    assert "Petra Novak, 9D: 0% done. pack SC-9-01, as no work had come\n" in one.body
    assert became(work()) == ""


NAUGHTY = (
    "[b]Bold[/",
    "{list}",
    "{teacher}",
    "a\nb",
    "\x1b[2J",
    "\u202eevil",
    "x" * 400,
    "Łukasz O’Brien",
    "\r\nBcc: x",
)


@pytest.mark.parametrize("odd", NAUGHTY)
def test_whatever_people_typed_stays_text_on_its_line(odd: str) -> None:
    named = Piece(f"{odd}, 9B", work(subject=odd, code=odd))
    plain = ask(Piece("Amara, 9B", work()))
    odd_teacher = Teacher(odd, (Person(odd),))
    text = asking(DEFAULTS[ASKING], odd_teacher, [named], Writer(odd, odd, odd), NOW, LONDON).text
    assert text.count("\n") == plain.count("\n")
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    returned = done(50, 2, odd)
    told = feedback(DEFAULTS[FEEDBACK], odd_teacher, [Piece(odd, returned)], WRITER).text
    assert all(letter.isprintable() or letter == "\n" for letter in told)


@given(st.text(max_size=500), st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_a_message(template: str, name: str, subject: str) -> None:
    message = asking(template, BOSE, [Piece(name, work(subject=subject))], WRITER, NOW, LONDON)
    assert not any(ord(letter) < 32 and letter != "\n" for letter in message.text)
    assert "\n" not in message.subject


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("8", Typed(80)),
        ("a", Typed(100)),
        ("0", Typed(0)),
        ("8 3", Typed(80, 3)),
        ("83", Typed(80, 3)),
        ("a4 Well done", Typed(100, 4, "Well done")),
        ("85% 2", Typed(85, 2)),
        ("100", Typed(100)),
        ("8 3rd question was hard", Typed(80, None, "3rd question was hard")),
        ("8 3 " + "x" * 500, Typed(80, 3, "x" * 500)),
    ],
)
def test_what_was_handed_in_is_typed_in_a_few_keys(typed: str, means: Typed) -> None:
    assert read_return(typed) == means
    assert read_return(typed_return(*means)) == means


@pytest.mark.parametrize("typed", ["", "x", "85", "120%", "8 5", "10", "half", "-1"])
def test_what_is_no_share_is_told(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        read_return(typed)


def test_due_tomorrow_is_not_late() -> None:
    assert not work().overdue(NOW)
    assert work().overdue(NOW + timedelta(hours=6))
