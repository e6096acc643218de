"""Every command and every role: exit 3 for exactly those to whom the table gives nothing of it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from psc.cli.main import _COMMANDS
from psc.database.file import opened
from tests.cli.terminal import Terminal
from tests.desk.test_roles import BESIDE, TABLE, written

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = {
    "AS1": "assistant", "CV1": "cover", "CO1": "coordinator", "HY10": "head_of_year", "BL1": "behaviour_lead",
    "SG1": "safeguarding", "AD1": "admin", "AC": "teacher",
}  # fmt: skip
STAFF = "sample_data/staff.csv"

COMMANDS: dict[str, tuple[tuple[str, ...], str]] = {
    "roster": (("roster",), "see_roster"),
    "roster of another day": (("roster", "--date", "tomorrow"), "see_roster"),
    "roster --evacuation": (("roster", "--evacuation"), "see_roll"),
    "roster --register": (("roster", "--register"), "see_roster"),
    "roster --paper": (("roster", "--paper"), "print_log"),
    "rota": (("rota",), "see_rota"),
    "work": (("work",), "see_work"),
    "work --desk": (("work", "--desk"), "print_slips"),
    "work ask": (("work", "ask", "23036", "P4"), "ask_for_work"),
    "work receive": (("work", "receive", "23036", "P4", "--paper", "IER tray"), "receive_work"),
    "work issue": (("work", "issue", "23036", "P4"), "issue_work"),
    "work return": (("work", "return", "23036", "P2", "--share", "80"), "return_work"),
    "week": (("week",), "see_week"),
    "book": (
        ("book", "25031", "--room", "PSC", "--type", "guest", "--reason", "Visit", "--when", "tomorrow", "--dry-run"),
        "book",
    ),
    "incidents": (("incidents",), "see_incidents"),
    "actions": (("actions",), "end_action"),
    "restrictive": (("restrictive",), "see_restrictive_report"),
    "find": (("find", "reid"), "find_student"),
    "student show": (("student", "show", "23036"), "open_student"),
    "student export": (("student", "export", "23036", "--to", "/tmp"), "export_student"),
    "audit who-viewed": (("audit", "who-viewed", "23036"), "who_viewed"),
    "audit verify": (("audit", "verify"), "verify_ledger"),
    "students possible": (("students", "possible"), "merge_students"),
    "students merge": (("students", "merge", "24021", "24020", "--dry-run"), "merge_students"),
    "students new": (("students", "new", "Ling, Bo", "--year", "7"), "add_provisional"),
    "year start": (("year", "start", "--dry-run"), "start_year"),
    "import": (("import", "staff", STAFF, "--dry-run"), "import"),
    "staff list": (("staff", "list"), "see_staff"),
    "staff add": (("staff", "add", "ZZ1=Zoe Zane", "--role", "assistant"), "add_staff"),
    "staff role": (("staff", "role", "AS2", "coordinator"), "change_staff"),
    "staff reset": (("staff", "reset", "AS2"), "reset_secret"),
    "staff deactivate": (("staff", "deactivate", "AS2"), "deactivate_staff"),
    "staff reactivate": (("staff", "reactivate", "AS2"), "reactivate_staff"),
    "settings list": (("settings", "list"), "see_settings"),
    "settings get": (("settings", "get", "grace_minutes"), "see_settings"),
    "settings set": (("settings", "set", "grace_minutes", "6"), "change_setting"),
    "out": (("out", "25031", "--reason", "nurse"), "go_out"),
    "back": (("back", "25031"), "come_back"),
    "sign-out": (("sign-out", "25031", "--to", "lesson"), "sign_out"),
    "sign-in": (("sign-in", "25031"), "sign_in"),
    "refer": (
        ("refer", "23036", "--type", "guest", "--reason", "R", "--facts", "F", "--when", "tomorrow"),
        "raise_referral",
    ),
    "approve": (("approve",), "see_referrals"),
    "approve 3": (("approve", "3", "--decline", "not now"), "decide_referral"),
    "undo": (("undo",), "undo"),
}
"""Each command on a demo file, and the line of the table that says whom it is for."""

APART = {"demo", "init", "doctor", "passphrase"}
"""Commands of nobody's role: they make a file, show no student, or are about one's own passphrase."""


def test_every_command_is_held(psc: Terminal) -> None:
    named = {words[0] for words, _ in COMMANDS.values()}
    assert named | APART == set(_COMMANDS)


@pytest.fixture(scope="module")
def staffed(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo with somebody on cover."""
    path = tmp_path_factory.mktemp("staffed") / "demo.sqlite"
    shutil.copy(demo_file, path)
    with opened(path) as file:
        file.execute(
            "INSERT INTO staff (code, title, forename, surname, email, role)"
            " VALUES ('CV1', '', 'Una', 'Lowe', '', 'cover')"
        )
        file.execute("UPDATE student SET key_worker_id = NULL")
    return path


@pytest.mark.parametrize("code", list(PEOPLE))
def test_a_role_may_use_exactly_its_own_commands(
    staffed: Path, tmp_path: Path, code: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "demo.sqlite"
    shutil.copy(staffed, path)
    terminal = Terminal(path, capsys, monkeypatch)
    for name, (words, line) in COMMANDS.items():
        with opened(path) as file:
            before = file.value("SELECT max(seq) FROM ledger")
        said = terminal("--as", code, *words)
        may = PEOPLE[code] in {role.value for role in written((TABLE | BESIDE)[line])}
        refused = said.code == 3 and "may not do this" in said.err
        assert refused is not may, (name, said)
        if not may:
            assert said.out == ""
            with opened(path) as file:
                assert file.value("SELECT max(seq) FROM ledger") == before, name


def test_a_changed_role_counts_at_the_next_command(psc: Terminal) -> None:
    assert psc("find", "reid").code == 0
    with opened(psc.path) as file:
        file.execute("UPDATE staff SET role = 'admin' WHERE code = 'AS1'")
        file.execute("UPDATE student SET key_worker_id = NULL")
    psc.refused("find", "reid", code=3)
    psc.refused("out", "25031", "--reason", "nurse", code=3)


def test_an_admin_is_shown_no_student_by_any_command_but_the_roll(psc: Terminal) -> None:
    names = [one["name"].partition(",")[0] for one in psc.json("find", "a")]
    roll = COMMANDS["roster --evacuation"]
    for words, _ in (one for one in COMMANDS.values() if one is not roll):
        said = psc("--as", "AD1", *words)
        if words[0] in ("students", "year"):  # names of the roll that an admin keeps, and nothing of their days
            continue
        assert not [name for name in names if name in said.out + said.err], words
