"""Work slips and the desk list: what stands on them, what must not, and that a quarter page stays one."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from psc.desk.lending import bar_student
from psc.errors import NotAllowed
from psc.prints import fonts
from psc.prints.desk_list import desk_list_lines, desk_list_page, desk_list_pdf, read_desk_list
from psc.prints.keep import keep_sheet, print_sheet, sheets_folder
from psc.prints.pdf import Paper, cut, width_of, wrapped
from psc.prints.slip_sheet import size_of, slips_page, slips_pdf
from psc.prints.slips import Slip, read_slips
from psc.roster.absences import Absence, mark_absence
from psc.school.rooms import room_by_id
from psc.work.packs import add_pack
from psc.work.sets import Kind, sets_between
from psc.work.steps import Work, ask_for_work, issue_work, receive_work
from tests.roster.stories import play, set_clock
from tests.school import FRIDAY_BEFORE, IER, MONDAY, PSC, School
from tests.tui.app import driven_school

if TYPE_CHECKING:
    from pathlib import Path

    from psc.desk.acts import Desk
    from psc.prints.desk_list import DeskList

SCIENCE = Work(
    Kind.LINK,
    "https://school.example/science/9?lesson=14",
    "Photosynthesis, questions 1–8",
    pages="44–47",
    minutes=40,
    adaptation="large print",
    equipment="ruler",
    return_to="tray 3",
)


@pytest.fixture
def desks(school: School) -> School:
    """Okafor in seat 1 with a link for Science in P3, Reid with a pack, Novak asked for, Khan not."""
    for student in (1, 2, 4, 10):
        school.book(student, "P2 P3", reason="Fighting, seen by M. Hill")
    desk: Desk = school.desk("CO1")
    desk.do(receive_work(2, MONDAY, "P3", SCIENCE))
    pack = desk.do(add_pack("Mathematics", "MA-10-03", year=10, kept="drawer 2")).value
    desk.do(receive_work(1, MONDAY, "P3", Work(Kind.PACK, "drawer 2", "Fractions"), pack_id=pack))
    desk.do(ask_for_work(10, MONDAY, "P3"))
    play(school, 2, "08:45 in")
    set_clock(school, "09:00")
    return school


def slips_of(
    school: School, *, code: str = "AS1", period: str = "", marked: tuple[tuple[int, str], ...] | None = None
) -> tuple[Slip, ...]:
    """Return the slips of today as somebody prints them."""
    return read_slips(school.desk(code), MONDAY, period=period, marked=marked)


def list_of(school: School, period: str = "P3", *, code: str = "AS1", room: int = IER) -> DeskList:
    """Return the desk list of a period."""
    return read_desk_list(school.desk(code), MONDAY, room_by_id(school.file, room), period)


def text_of(pdf: bytes) -> str:
    """Return what a PDF says, all pages."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_a_slip_says_who_when_what_and_where(desks: School) -> None:
    okafor = next(one for one in slips_of(desks) if one.student_id == 2)
    assert okafor.name == "Okafor, Amara"
    assert okafor.place == "9B · Internal Exclusion Room · seat 1"
    assert okafor.when == "Mon 23 Nov 2026 · P3 · 11:10–12:10"
    assert okafor.lesson == "Science · K. Bose"
    assert dict(okafor.fields) == {
        "What to do": "Photosynthesis, questions 1–8",
        "Where it is": "https://school.example/science/9?lesson=14",
        "Pages": "44–47",
        "Time": "about 40 minutes",
        "For you": "large print",
        "You need": "ruler",
        "Hand in to": "tray 3",
    }


def test_a_pack_names_its_code_and_where_it_is_kept(desks: School) -> None:
    reid = next(one for one in slips_of(desks) if one.student_id == 1)
    assert dict(reid.fields)["Where it is"] == "Pack MA-10-03, kept: drawer 2"
    assert dict(reid.fields)["Hand in to"] == "the adult in the room"


def test_both_kinds_of_page_say_the_same_and_nothing_private(desks: School) -> None:
    desks.file.execute("UPDATE student SET sen = 'E' WHERE id = 2")
    slips = slips_of(desks)
    pdf, missing = slips_pdf(slips)
    assert not missing
    for words in (slips_page(slips), text_of(pdf)):
        for there in ("Okafor, Amara", "Photosynthesis", "tray 3", "MA-10-03", "about 40 minutes", "Effort", "K. Bose"):
            assert there in words
        for private in ("Fighting", "exclusion,", "SEN", "Novak", "Khan"):
            assert private not in words


def test_no_work_no_slip_and_slips_come_for_a_period_a_room_or_some_students(desks: School) -> None:
    assert [one.student_id for one in slips_of(desks)] == [2, 1]
    assert slips_of(desks, period="P2") == ()
    assert slips_of(desks, marked=((1, "P2"),)) == ()
    assert [one.student_id for one in slips_of(desks, marked=((1, "P3"), (10, "")))] == [1]
    assert read_slips(desks.desk(), MONDAY, room_id=PSC) == ()


def test_whoever_is_known_not_to_come_has_a_slip_only_when_asked_for(desks: School) -> None:
    placement = desks.row(1).row.placement_id
    desks.desk().do(mark_absence(placement, Absence.ABSENT, code="I"))
    assert [one.student_id for one in slips_of(desks)] == [2]
    assert [one.student_id for one in slips_of(desks, marked=((1, ""),))] == [1]
    assert [(one.name, one.state) for one in list_of(desks).rows][-1] == ("Reid, Callum", "absent")


def test_a_student_one_is_barred_from_has_no_slip_and_no_name_on_the_list(desks: School) -> None:
    desks.desk("AD1").do(bar_student(1, 2, "a relative"))
    assert [one.student_id for one in slips_of(desks)] == [1]
    made = list_of(desks)
    assert not made.whole
    assert "Okafor" not in desk_list_page(made)
    assert "Photosynthesis" not in desk_list_page(made)
    with pytest.raises(NotAllowed):
        desks.desk().do(print_sheet("slips", [1, 2]))


@pytest.mark.parametrize(("code", "may"), [("AS1", True), ("CV1", True), ("CO1", True), ("HY8", False), ("BL1", False)])
def test_slips_are_printed_by_whoever_works_the_door(desks: School, code: str, *, may: bool) -> None:
    for sheet in ("slips", "desk list"):
        if may:
            desks.desk(code).do(print_sheet(sheet, [1, 2]))
        else:
            with pytest.raises(NotAllowed):
                desks.desk(code).do(print_sheet(sheet, [1, 2]))


BASE = Slip(
    1,
    "O’Brien, Łukasz",
    "8A · IER · seat 3",
    "Mon 23 Nov 2026 · P3",
    "Science · Mr Bose",
    (("What to do", "Read"), ("Where it is", "On paper"), ("Hand in to", "tray 3")),
    "Mr Bose",
)


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz O’Brien",
        "王 小明",
        "محمد علي",
        "😀 Emoji 👍🏽",
        "evil\u202egnp.exe",
        "<script>alert(1)</script>",
        "[b]x[/",
    ],
)
def test_names_are_only_text(name: str) -> None:
    slip = BASE._replace(name=name, fields=(("What to do", name),))
    html = slips_page([slip])
    assert "<script>" not in html
    assert "\u202e" not in html
    assert "default-src 'none'" in html
    pdf, missing = slips_pdf([slip])
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert missing <= set(name)
    if name.isascii() or name.startswith("Ł"):
        assert name in text_of(pdf)


def test_letters_of_polish_turkish_greek_cyrillic_and_vietnamese_need_no_font_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "_found", lambda: ())
    fonts.drawn.cache_clear()
    names = "Łukasz Żółć-Śńęą, Çağrı İşgüder, Ελλάδα Παπαδόπουλος, Дмитрий Ґалаган, Nguyễn Đặng"
    pdf, missing = slips_pdf([BASE._replace(name=names), BASE._replace(name="王")])
    assert missing == {"王"}, "what no font has is told, and does not stop the sheet"
    assert names.replace(" ", "") in text_of(pdf).replace("\n", "").replace(" ", "")
    fonts.drawn.cache_clear()


def test_arabic_is_joined_and_turned_round() -> None:
    assert fonts.in_order("Ali 12") == "Ali 12"
    assert fonts.in_order("محمد") == "ﺪﻤﺤﻣ"
    assert fonts.in_order("لا") == "ﻻ"
    assert fonts.in_order("Year 9: שלום 12 x") == "Year 9: םולש 12 x"


@pytest.mark.parametrize("filled", [1, 3, 7])
def test_texts_of_400_characters_shrink_and_stay_on_their_quarter(filled: int) -> None:
    words = ("These words go on. " * 30)[:400]
    link = ("https://school.example/" + "abcdefghij" * 40)[:400]
    long = BASE._replace(fields=tuple((f"Field {number}", link if number == 1 else words) for number in range(filled)))
    pdf, _ = slips_pdf([long] * 4)
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    said = "".join(text_of(pdf).split())
    assert said.count("".join(words.split())) == 4 * max(1, filled - 1), "nothing is cut"
    assert said.count(link) == (4 if filled > 1 else 0)


def test_four_slips_are_a_page_and_five_are_two() -> None:
    assert slips_page([BASE] * 4).count('class="page"') == 1
    assert slips_page([BASE] * 5).count('class="page"') == 2
    assert [len(PdfReader(BytesIO(slips_pdf([BASE] * many)[0])).pages) for many in (1, 4, 5, 9)] == [1, 1, 2, 3]


def test_short_words_are_large() -> None:
    assert size_of(BASE, lambda words, size, width, bold: len(wrapped(words, size, width, bold=bold))) == 10


def test_lines_keep_within_their_width() -> None:
    for line in wrapped("Some words and Averyveryverylongwordindeed " * 5, 10, 40):
        assert width_of(line, 10) <= 40
    assert width_of(cut("A name that is far too long for it", 10, 30), 10) <= 30
    assert cut("short", 10, 30) == "short"


def test_the_same_slips_make_the_same_file() -> None:
    assert slips_pdf([BASE]) == slips_pdf([BASE])
    assert b"Okafor" not in slips_pdf([BASE._replace(name="Okafor, Amara")])[0], (
        "no name in what the file says of itself"
    )


# The desk list


def test_gaps_lead_the_list_and_say_whom_to_ask(desks: School) -> None:
    made = list_of(desks)
    assert made.title == "Internal Exclusion Room, P3 11:10–12:10, Mon 23 Nov 2026"
    assert made.counts == "4 students, 2 without work."
    assert [(one.seat, one.name, one.sign, one.state) for one in made.rows] == [
        ("–", "Khan, Bilal", "–", "needed"),
        ("–", "Novak, Petra", "?", "requested"),
        ("1", "Okafor, Amara", "▣", "received"),
        ("–", "Reid, Callum", "F▣", "received"),
    ]
    assert made.rows[0].work == "nothing yet: no lesson, give a pack"
    assert made.rows[1].work == "nothing yet, asked once: K. Bose (S3)"
    assert made.rows[2].work == (
        "Photosynthesis, questions 1–8 · https://school.example/science/9?lesson=14 · pages 44–47"
    )


def test_a_list_follows_the_state_and_names_no_reason(desks: School) -> None:
    arrival = next(one.arrival for one in sets_between(desks.file, MONDAY, MONDAY, [2]) if one.period == "P3")
    assert arrival
    desks.desk().do(issue_work(arrival.id))
    made = list_of(desks)
    assert next(one.state for one in made.rows if one.name.startswith("Okafor")) == "issued"
    for words in (desk_list_page(made), text_of(desk_list_pdf(made)[0]), "\n".join(desk_list_lines(made))):
        assert "Fighting" not in words
        assert "Okafor" in words
        assert "S3" in words


@pytest.mark.parametrize("rows", [0, 4, 12, 30])
def test_a_list_is_one_a4_page(desks: School, rows: int) -> None:
    made = list_of(desks)
    long = made.rows[2]._replace(name="Featherstonehaugh-Cholmondeley, Alexandrina", work="x y " * 35)
    pdf, _ = desk_list_pdf(made._replace(rows=(long,) * rows))
    assert len(PdfReader(BytesIO(pdf)).pages) == 1


def test_the_text_keeps_within_its_width(desks: School) -> None:
    assert all(len(line) <= 60 for line in desk_list_lines(list_of(desks), 60))


def test_a_table_that_is_longer_goes_on_with_its_headings() -> None:
    paper = Paper("Long")
    paper.table(
        10, 10, (30, 60), ("Number", "Words"), [(str(number), "words\nmore") for number in range(80)], 10, bottom=280
    )
    pages = [page.extract_text() for page in PdfReader(BytesIO(paper.made())).pages]
    assert len(pages) > 1
    assert all("Number" in page for page in pages)


# Where they are kept


def test_pdf_and_text_are_private_and_go_after_a_week(school: School) -> None:
    old = FRIDAY_BEFORE.replace(day=13)
    gone = [keep_sheet(school.file, "slips-IER", old, made) for made in (b"%PDF", "<html>")]
    gone.append(sheets_folder(school.file) / f"message-KB-{old.isoformat()}.txt")
    gone[-1].touch()
    (stays := sheets_folder(school.file) / "mine.txt").touch()
    path = keep_sheet(school.file, "slips-IER", MONDAY, b"%PDF")
    assert path.name == "slips-IER-2026-11-23.pdf"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any(one.exists() for one in gone)
    assert stays.exists()


def test_neither_the_board_nor_the_slips_as_html_load_the_pdf_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, psc.prints.slip_sheet, psc.prints.desk_list, psc.mail;"
         "psc.prints.slip_sheet.slips_page([]);"
         "print(sorted({'reportlab', 'PIL', 'smtplib', 'keyring'} & set(sys.modules)))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs a browser that prints")
@pytest.mark.skipif(not os.environ.get("PSC_BROWSER"), reason="slow: make safety")
def test_a_browser_prints_four_to_a_page(tmp_path: Path) -> None:
    words = ("Wide Words GO ON. " * 30)[:400]
    long = BASE._replace(fields=tuple((f"Field {number}", words) for number in range(7)))
    page, made = tmp_path / "slips.html", tmp_path / "slips.pdf"
    page.write_text(slips_page([BASE, long, BASE, long, BASE]), encoding="utf-8")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path}", f"--print-to-pdf={made}", page.as_uri()],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    reader = PdfReader(made)
    assert len(reader.pages) == 2
    said = "".join(reader.pages[0].extract_text().split())
    assert said.count("".join(words.split())) == 14


async def test_the_work_screen_prints_slips_and_the_desk_list(desks: School) -> None:
    async with driven_school(desks, "AS1", size=(80, 24)) as desk:
        await desk.type("3", "right", "P")
        assert "slips of P2" in desk.text, "of the period under the cursor"
        await desk.type("p")
        assert "no work has come for that yet" in desk.text
        await desk.type("P", "d")
        assert "To print, open in a browser, or the .pdf beside it" in desk.text
        await desk.type("P", "l")
    kept = [path for path in sheets_folder(desks.file).iterdir() if not path.name.startswith("log-")]
    made = {path.name: path.read_bytes() for path in kept}
    assert set(made) == {
        f"{name}-2026-11-23.{kind}" for name in ("slips-IER", "desk-list-IER-P2") for kind in ("html", "pdf")
    }
    assert b"Okafor, Amara" in made["slips-IER-2026-11-23.html"]
    printed = desks.file.rows(
        "SELECT json_extract(d.json, '$.sheet'), group_concat(s.student_id) FROM ledger l"
        " JOIN ledger_detail d ON d.seq = l.seq JOIN ledger_student s ON s.seq = l.seq"
        " WHERE act = 'print_sheet' AND json_extract(d.json, '$.sheet') NOT LIKE 'log%' GROUP BY l.seq"
    )
    assert printed == [("slips", "1,2"), ("desk list", "1,2,4,10")]
