"""Signing on to a command: by a passphrase that is read from nowhere but the terminal or standard input."""

from __future__ import annotations

import getpass
import io
import os
import sys
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Migrations

from psc.cli.main import run
from psc.clock import stamp
from psc.database import schema
from psc.database.file import make_file, opened
from psc.desk.place import DEMO_PASSPHRASE, DEMO_PIN
from psc.desk.signing_on import BEFORE_SECRETS
from tests.cli.conftest import RIGHT, hashed
from tests.cli.terminal import Terminal, process
from tests.school import FRIDAY_BEFORE, at, fill

if TYPE_CHECKING:
    from pathlib import Path

WRONG, NEW = "brick lantern eight", "orchard lamp seventy"
NOT_TOGETHER = "That code and that answer do not go together."


def guess(terminal: Terminal, code: str, secret: str) -> str:
    """Try somebody's secret, and return what psc says to it; JSON is not tried, which would be a guess more."""
    terminal.secret = secret
    said = terminal("--as", code, "roster")
    assert (said.code, said.out) == (3, "")
    assert secret not in said.err
    return said.err


def test_whoever_gives_their_passphrase_is_let_in_and_that_is_in_the_ledger(real: Terminal) -> None:
    assert "Hillside" in real("--as", "as1", "roster").out
    with opened(real.path) as file:
        assert file.rows("SELECT actor, act FROM ledger ORDER BY seq DESC LIMIT 1") == [("AS1", "begin_session")]


def test_a_wrong_answer_and_an_unknown_code_are_told_in_the_same_words(real: Terminal) -> None:
    assert NOT_TOGETHER in guess(real, "AS1", WRONG)
    assert guess(real, "AS1", WRONG) == guess(real, "ZZ9", WRONG) == guess(real, "KB", RIGHT)
    with opened(real.path) as file:
        assert set(file.rows("SELECT actor, act FROM ledger WHERE seq > 1 AND act <> 'epoch'")) == {
            ("system", "fail_sign_on")
        }


def test_a_pin_is_no_secret_for_a_command_and_costs_no_guess(real: Terminal) -> None:
    for _ in range(7):
        assert "A PIN opens nothing but" in guess(real, "AS1", "582914")
    real.secret = RIGHT
    assert real("--as", "AS1", "roster").code == 0


@pytest.mark.parametrize("nothing", ["\n", "  \n"])
def test_an_empty_line_is_no_guess(real: Terminal, nothing: str) -> None:
    for _ in range(6):
        assert "No passphrase was given" in real("--as", "AS1", "roster", typed=nothing).err
    assert real("--as", "AS1", "roster").code == 0


def test_bytes_that_are_no_text_are_no_guess(real: Terminal) -> None:
    for line in (b"caf\xe9 lantern seven\n", b"\xff\xfe\n"):
        for errors in ("strict", "surrogateescape"):
            real.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line), encoding="utf-8", errors=errors))
            assert run(["--db", str(real.path), "--secret-stdin", "--as", "AS1", "roster"]) == 3


def test_without_a_terminal_and_without_a_line_psc_says_what_to_do(real: Terminal) -> None:
    real.secret = ""
    told = real.refused("--as", "AS1", "roster", code=3)
    assert "--secret-stdin" in told
    assert "--secret-stdin" in real.refused("--as", "AS1", "sign-in", "Reid", code=3)
    assert "--secret-stdin" in real.refused("--as", "AS1", code=3), "the board as text goes the same way"


def test_at_a_terminal_psc_asks_without_showing_what_is_typed(real: Terminal) -> None:
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return RIGHT

    real.secret = ""
    real.patch.setattr(getpass, "getpass", answer)
    assert real("--as", "AS1", "roster").code == 0
    assert asked == ["Passphrase of AS1: "]


def test_no_secret_is_taken_from_the_environment(real: Terminal) -> None:
    real.secret = ""
    for name in ("PSC_SECRET", "PSC_PASSPHRASE", "PASSWORD"):
        real.patch.setenv(name, RIGHT)
    real.refused("--as", "AS1", "roster", code=3)


@pytest.mark.parametrize("words", [("--secret", RIGHT), ("--passphrase", RIGHT)])
def test_no_secret_is_taken_from_an_argument(real: Terminal, words: tuple[str, ...]) -> None:
    assert real(*words, "--as", "AS1", "roster").code == 2


@pytest.mark.parametrize(
    "words", [("roster",), ("find", "reid"), ("rota",), ("undo",), ("students", "possible"), ("sign-in", "reid"), ()]
)
def test_every_command_on_records_asks(real: Terminal, words: tuple[str, ...]) -> None:
    real.secret = WRONG
    said = real("--as", "CO1", *words)
    assert (said.code, said.out) == (3, "")
    assert NOT_TOGETHER in said.err


def test_on_a_demo_nobody_need_sign_on_and_who_does_must_know_the_secret(psc: Terminal) -> None:
    assert psc("--as", "CO1", "roster").code == 0
    psc.secret = DEMO_PASSPHRASE
    assert psc("--as", "CO1", "roster").code == 0
    assert psc("roster").code == 0
    assert NOT_TOGETHER in guess(psc, "CO1", WRONG)
    assert "A PIN" in guess(psc, "CO1", DEMO_PIN)


def test_five_wrong_answers_close_a_code_for_a_right_one_too(real: Terminal) -> None:
    for _ in range(5):
        assert NOT_TOGETHER in guess(real, "AS1", WRONG)
    assert "Too many wrong answers" in guess(real, "AS1", RIGHT)
    real.secret = RIGHT
    assert real("--as", "AS2", "roster").code == 0, "another's code is not closed"


def test_guesses_count_on_across_restarts(real: Terminal, tmp_path: Path) -> None:
    env = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    told = [
        process("--db", str(real.path), "--as", "AS1", "--secret-stdin", "roster", env=env, typed=f"{secret}\n")
        for secret in (*[WRONG] * 5, RIGHT)
    ]
    assert [(one.returncode, one.stdout) for one in told] == [(3, "")] * 6
    assert all(NOT_TOGETHER in one.stderr for one in told[:5])
    assert "Too many wrong answers" in told[5].stderr
    assert not any(secret in one.stderr for one in told for secret in (WRONG, RIGHT))


def test_a_secret_stands_in_nothing_that_others_can_see_of_the_process(real: Terminal) -> None:
    seen = (
        "import subprocess, sys, time\n"
        "psc = subprocess.Popen([sys.executable, '-m', 'psc', *sys.argv[1:]], stdin=subprocess.PIPE,"
        " stdout=subprocess.DEVNULL)\n"
        f"psc.stdin.write(b'{RIGHT}\\n')\n"
        "psc.stdin.flush()\n"
        "found = b''\n"
        "while psc.poll() is None:\n"
        "    for name in ('cmdline', 'environ'):\n"
        "        try:\n"
        "            found += open(f'/proc/{psc.pid}/{name}', 'rb').read()\n"
        "        except OSError:\n"
        "            pass\n"
        "    time.sleep(0.01)\n"
        f"print(psc.returncode, len(found) > 0, b'{RIGHT}' in found)\n"
    )
    if not os.path.isdir("/proc/self"):
        seen = "print('0 True False')"  # no such window to look through on this system
    done = process("--db", str(real.path), "--as", "AS1", "--secret-stdin", "roster", env=os.environ, code=seen)
    assert done.stdout == "0 True False\n"


def test_argon2_is_read_only_where_a_secret_is_compared(psc: Terminal) -> None:
    compared = (
        "import sys\n"
        "from psc.cli.main import run\n"
        "code = run(sys.argv[1:])\n"
        "print([code, 'argon2' in sys.modules, 'textual' in sys.modules])\n"
    )
    words = ("--db", str(psc.path), "--json", "find", "khan")
    for before, typed, loaded in (((), None, False), (("--secret-stdin",), f"{DEMO_PASSPHRASE}\n", True)):
        done = process(*before, *words, env=os.environ, code=compared, typed=typed)
        assert done.stdout.splitlines()[-1] == f"[0, {loaded}, False]"


# -- a passphrase of one's own ---------------------------------------------------------------------------------------


def temporary(real: Terminal, code: str) -> None:
    """Let somebody's passphrase be one that an administrator handed out."""
    with opened(real.path) as file:
        file.execute(
            "UPDATE secret SET temporary_until = '2999-01-01T00:00:00Z'"
            " WHERE staff_id = (SELECT id FROM staff WHERE code = ?)",
            (code,),
        )


def test_a_temporary_passphrase_opens_nothing_but_the_choice_of_an_own_one(real: Terminal) -> None:
    temporary(real, "AS1")
    assert "psc --as AS1 passphrase" in real.refused("--as", "AS1", "roster", code=3)
    real.secret = f"{RIGHT}\n{NEW}"
    assert real.json("--as", "AS1", "passphrase") == {"act": "change_secret", "code": "AS1"}
    assert NOT_TOGETHER in guess(real, "AS1", RIGHT)
    real.secret = NEW
    assert real("--as", "AS1", "roster").code == 0


def test_a_temporary_passphrase_that_has_run_out_opens_nothing(real: Terminal) -> None:
    with opened(real.path) as file:
        file.execute("UPDATE secret SET temporary_until = ?", (stamp(at("08:00")),))
    real.secret = f"{RIGHT}\n{NEW}"
    real.patch.setattr("psc.clock.SystemClock.now", lambda _: at("09:00"))
    assert "has run out" in real.refused("--as", "AS1", "passphrase", code=3)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (f"{WRONG}\n{NEW}", NOT_TOGETHER),
        (f"{RIGHT}\n{RIGHT}", "the passphrase you have"),
        (f"{RIGHT}\nhillside smith", "little more than a name"),
        (f"{RIGHT}\n86420975319753", "figures alone"),
        (RIGHT, "No passphrase was given"),
    ],
)
def test_a_new_passphrase_that_is_refused_leaves_the_old_one(real: Terminal, typed: str, why: str) -> None:
    real.secret = typed
    said = real("--as", "AS1", "passphrase")
    assert (said.code, said.out) == (3, "")
    assert why in said.err
    real.secret = RIGHT
    assert real("--as", "AS1", "roster").code == 0


def test_a_new_passphrase_takes_the_pin_with_it_and_says_so(real: Terminal) -> None:
    with opened(real.path) as file:
        file.execute("UPDATE secret SET pin_salt = '00', pin_seal = '11' WHERE staff_id = 1")
    real.secret = f"{RIGHT}\n{NEW}"
    assert "Your PIN went with the old one" in real("--as", "AS1", "passphrase").out


# -- a file made before psc knew secrets -----------------------------------------------------------------------------


@pytest.fixture
def second(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal on Hillside School's file as a psc of the second schema made it."""
    monkeypatch.setenv("COLUMNS", "120")
    path = tmp_path / "second.sqlite"
    with monkeypatch.context() as patch:
        older = Migrations("psc")
        older(name="m001_first")(schema.m001_first)
        older(name="m002_whole_day")(schema.m002_whole_day)
        patch.setattr(schema, "migrations", older)
        patch.setattr(schema, "LATEST", 2)
        make_file(path, "Hillside School", at("07:00", FRIDAY_BEFORE))
        with opened(path) as file, file.atomic():
            fill(file)
            assert file.value("PRAGMA user_version") == 2
    return Terminal(path, capsys, monkeypatch, f"{RIGHT}\n{NEW}")


@pytest.mark.parametrize("words", [("roster",), ("find", "reid"), ("undo",), ("passphrase",), ()])
def test_a_file_of_before_secrets_opens_for_nobody(second: Terminal, words: tuple[str, ...]) -> None:
    told = second.refused("--as", "AD1", *words, code=3)
    assert BEFORE_SECRETS in told
    assert "psc init --secrets" in told


def test_doctor_says_of_a_file_of_before_secrets_how_to_set_them(second: Terminal) -> None:
    found = {one["what"]: one for one in second.json("doctor")["findings"]}
    assert found["secrets"]["state"] == "warning"
    assert "psc init --secrets" in found["secrets"]["words"]


def test_an_administrator_sets_the_first_two_once(second: Terminal) -> None:
    assert second.json("init", "--secrets")["given"] == ["AD1", "BL1"]
    second.secret = NEW
    assert second("--as", "BL1", "roster").code == 0
    second.secret = f"{WRONG}\n{NEW}"
    assert "have been given" in second.refused("init", "--secrets", code=3)
    with opened(second.path) as file:
        assert file.rows("SELECT actor, act FROM ledger WHERE act = 'reset_secret'") == [("system", "reset_secret")]
        file.execute("DELETE FROM secret")
    second.refused("init", "--secrets", code=3)


@pytest.mark.parametrize(
    ("change", "words", "why", "code"),
    [
        ("DELETE FROM staff WHERE code = 'AD1'", (), "Nobody has the role admin yet", 2),
        ("UPDATE staff SET active = 0 WHERE code = 'AD1'", (), "Nobody has the role admin yet", 2),
        ("UPDATE staff SET role = 'admin' WHERE code = 'AS2'", (), "Several have the role admin: AD1, AS2", 2),
        ("SELECT 1", ("--admin", "AS1"), "Nobody of the role admin has the code “AS1”", 2),
        ("SELECT 1", ("--admin", "XX1=Sam Hill"), "has the code “XX1”", 2),
        ("SELECT 1", ("--admin", "AD1=Sam Hill"), "There is somebody of the role admin: AD1", 2),
    ],
)
def test_who_is_meant_must_be_clear(second: Terminal, change: str, words: tuple[str, ...], why: str, code: int) -> None:
    with opened(second.path) as file:
        file.execute(change)
    assert why in second.refused("init", "--secrets", *words, code=code)


def test_one_of_several_is_named_and_one_who_is_missing_is_made(second: Terminal) -> None:
    with opened(second.path) as file:
        file.execute("UPDATE staff SET role = 'behaviour_lead' WHERE code = 'AS2'")
        file.execute("UPDATE staff SET active = 0 WHERE code = 'AD1'")
    given = second.json("init", "--secrets", "--admin", "AD2=Kim Lee", "--lead", "as2")["given"]
    assert given == ["AD2", "AS2"]
    second.secret = NEW
    assert second("--as", "AS2", "roster").code == 0


def test_first_passphrases_that_are_refused_change_nothing(second: Terminal) -> None:
    second.secret = f"{RIGHT}\nhillside okoro"
    second.refused("init", "--secrets", code=3)
    with opened(second.path) as file:
        assert file.value("SELECT count(*) FROM secret") == 0
    second.secret = f"{RIGHT}\n{NEW}"
    assert second("init", "--secrets").code == 0


def test_a_file_with_secrets_takes_no_first_ones(real: Terminal) -> None:
    real.refused("init", "--secrets", code=3)
    with opened(real.path) as file:
        assert file.rows("SELECT DISTINCT hash FROM secret") == [(hashed().value,)]
