"""`psc rota`: the week's rota as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psc.roster.rota import plan_rota, read_day
from psc.school.rooms import rooms
from tests.cli.terminal import Terminal
from tests.school import MONDAY, make_school

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_week_of_the_rota(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    school = make_school(tmp_path)
    entries = read_day("0840-1050 IER, 1300-1330 meeting Y9", rooms(school.file), {})
    school.desk("CO1").do(plan_rota(1, MONDAY, entries))
    school.file.execute("UPDATE school_file SET demo_moment = '2026-11-23T09:00:00Z'")
    school.file.close()
    psc = Terminal(school.path, capsys, monkeypatch)
    assert "J. Smith      08:40–10:50 IER · 13:00–13:30 meeting Y9" in psc("rota").out
    monday = psc.json("rota", "--week", "2026-11-25")["days"][0]
    assert monday["entries"][0] == {
        "staff": "J. Smith", "starts": "08:40", "ends": "10:50", "kind": "duty", "room": "IER", "note": "",
    }  # fmt: skip
    assert monday["not_covered"] == {"IER": "Break–P5", "PSC": "all day"}
    assert psc.json("rota", "--week", "30 Nov")["week"] == "2026-11-30"
    psc.refused("rota", "--week", "soon", code=2)
    assert psc("--as", "AD1", "rota").code == 0
    psc.refused("--as", "KB", "rota", code=3)
