"""The report of an import, and what it costs to load the readers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from psc.importing.report import Report, TooManyBadRows


def test_as_json_has_the_promised_keys() -> None:
    report = Report("students", rows=20, imported=18, updated=1, ignored_columns=["Photo"])
    report.reject(7, "no name")
    report.warn(3, "odd")
    report.finish()
    assert report.as_json() == {
        "imported": 18,
        "updated": 1,
        "unchanged": 0,
        "rejected": [{"line": 7, "reason": "no name"}],
        "warnings": [{"line": 3, "reason": "odd"}],
        "possibly_same": [],
        "to_decide": [],
        "ignored_columns": ["Photo"],
    }


def test_too_many_bad_rows_name_their_lines_and_carry_their_reasons() -> None:
    report = Report("students", rows=20)
    for line in range(9, 2, -1):
        report.reject(line, f"“Khan” is no date {line}")
    with pytest.raises(TooManyBadRows) as refused:
        report.finish()
    assert "7 of 20 rows" in refused.value.title
    assert "lines 3, 4, 5, 6, 7 and more" in refused.value.remedy
    assert "Khan" not in str(refused.value)
    assert refused.value.report.rejected[0].reason == "“Khan” is no date 3"
    assert refused.value.code == "file_refused"


def test_readers_load_without_the_libraries_they_may_need() -> None:
    probe = (
        "import sys\n"
        "from psc.importing import ctf, history, lessons, school, students\n"
        "print([name for name in ('defusedxml', 'stdnum', 'xml') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
