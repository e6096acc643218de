"""Where psc works and where it does not, and who can read what it writes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import process
from tests.secrets import RIGHT

if TYPE_CHECKING:
    from tests.cli.terminal import Terminal


@pytest.fixture
def synced(psc: Terminal, tmp_path: Path) -> Terminal:
    """A terminal on a file that somebody has moved into a folder that a cloud copies."""
    folder = tmp_path / "OneDrive - Riverside"
    folder.mkdir(mode=0o700)
    psc.path = Path(shutil.move(psc.path, folder / "demo.sqlite"))
    return psc


@pytest.mark.parametrize("words", [("roster",), ("sign-in", "Khan"), ("find", "Khan"), ()])
def test_a_file_in_a_synced_folder_is_refused_with_what_to_do(synced: Terminal, words: tuple[str, ...]) -> None:
    told = synced.refused(*words, code=3)
    assert "“OneDrive - Riverside” is copied to a cloud service" in told
    assert "move the file" in told
    assert "backups" in told
    assert [one.name for one in synced.path.parent.iterdir()] == ["demo.sqlite"]


def test_the_demo_is_not_replaced_there(synced: Terminal) -> None:
    before = synced.path.read_bytes()
    assert "cloud" in synced.refused("demo", "--no-app", code=3)
    assert synced.path.read_bytes() == before


def test_doctor_looks_at_it_all_the_same_and_ends_with_3(synced: Terminal) -> None:
    said = synced("--json", "doctor")
    assert said.code == 3
    found = {one["what"]: one for one in said.json["findings"]}
    assert found["place"]["state"] == "bad"
    assert "move the file" in found["place"]["words"]
    assert found["integrity"]["state"] == found["ledger"]["state"] == "ok"


def test_pages_are_not_written_into_such_a_folder(psc: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox" / "logs"
    folder.mkdir(parents=True)
    told = psc.refused("roster", "--paper", "--to", str(folder), code=3)
    assert "“Dropbox” is copied to a cloud service" in told
    assert list(folder.iterdir()) == []
    (tmp_path / "logs").mkdir()
    assert psc("roster", "--paper", "--to", str(tmp_path / "logs")).code == 0


@pytest.mark.parametrize(("mode", "may"), [(0o755, "look into"), (0o777, "write in"), (0o700, "")])
def test_doctor_warns_of_a_folder_that_others_can_get_into(psc: Terminal, tmp_path: Path, mode: int, may: str) -> None:
    psc.path.chmod(0o600)
    tmp_path.chmod(mode)
    (found,) = [one for one in psc("--json", "doctor").json["findings"] if one["what"] == "privacy"]
    tmp_path.chmod(0o700)
    assert found["state"] == ("warning" if may else "ok")
    assert may in found["words"]


# -- modes -----------------------------------------------------------------------------------------------------------

WATCHED = """
import os, stat, sys

os.umask(0)
WATCHED, FOUND = sys.argv[1], set()

def look(folder=None):
    for one in os.scandir(folder or WATCHED):
        try:
            mode = stat.S_IMODE(one.stat(follow_symlinks=False).st_mode)
        except FileNotFoundError:
            continue
        if mode & 0o077:
            FOUND.add(f"{mode:o} {one.path}")
        if one.is_dir(follow_symlinks=False):
            look(one.path)

busy = False
EVENTS = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.chmod", "os.truncate", "os.scandir", "import"}

def hook(event, told):
    # Before each of these, what the one before has made is there to be seen as it was made.
    global busy
    if event in EVENTS and not busy:
        busy = True
        try:
            look()
        finally:
            busy = False

sys.addaudithook(hook)
NEVER = os.umask
os.umask = lambda mask: NEVER(0)  # that psc asks for another is a second net, and not looked at here

from psc.cli.main import run

for words in WORDS:
    code = run([word.replace("HERE", WATCHED) for word in words.split()])
    if code:
        sys.exit(f"{words}: {code}")
from datetime import date
from pathlib import Path
from psc import faults
from psc.database.file import opened
from psc.prints.keep import check_room, keep_sheet

with opened(Path(WATCHED, "demo/demo.sqlite")) as file:
    check_room(file)
    keep_sheet(file, "kitchen", date(2026, 11, 23), "<p>Names</p>")
faults.note(ValueError())
look()
print(*sorted(FOUND), sep="\\n")
"""
SET_UP = "--as AD1 --secret-stdin --db HERE/school/deep/psc.sqlite import"
COMMANDS = [
    "demo --no-app --db HERE/demo/demo.sqlite",
    "--db HERE/demo/demo.sqlite sign-in Khan",
    "--db HERE/demo/demo.sqlite roster --paper --to HERE/demo",
    "--secret-stdin --db HERE/school/deep/psc.sqlite init --school Riverside --admin AD1=Sam_Hill --lead BL1=Ruth_Orr",
    *(f"{SET_UP} {kind} SAMPLE/{kind}.csv" for kind in ("staff", "rooms", "bells", "calendar", "students")),
    "--db HERE/school/deep/psc.sqlite doctor",
]


def test_everything_psc_makes_is_for_its_own_account_from_the_first_byte(tmp_path: Path) -> None:
    from psc.cli.context import sample_folder

    here = tmp_path / "here"
    here.mkdir()
    words = [one.replace("SAMPLE", str(sample_folder())) for one in COMMANDS]
    env = {**os.environ, "XDG_DATA_HOME": str(here / "data" / "home")}
    typed = "\n".join([RIGHT, "another lantern seven", *[RIGHT] * 5, ""])
    done = process(str(here), code=WATCHED.replace("WORDS", repr(words)), env=env, typed=typed)
    assert done.returncode == 0, done.stderr
    made = {str(one.relative_to(here)) for one in here.rglob("*")}
    assert {"demo/demo.sqlite", "school/deep/psc.sqlite", "school/deep/backups"} <= made
    assert {"data/home/psc/keys", "data/home/psc/faults.log"} <= made
    assert any(one.startswith("demo/psc-log") and one.endswith(".html") for one in made), made
    assert any(one.startswith("school/deep/backups/") for one in made)
    assert any(one.endswith("kitchen-2026-11-23.html") for one in made)
    assert done.stdout.splitlines()[-1] == "", done.stdout.splitlines()[-5:]
