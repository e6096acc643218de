from __future__ import annotations

import gc
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

from psc.desk import secrets
from tests.school import School, make_school

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# How long an example takes is the machine's affair, and no test is about it.
examples.register_profile("psc", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("psc")

FULL_PRICE = (secrets.MEMORY_KIB, secrets.ROUNDS)
"""What a hash costs in psc itself."""
# Hundreds of tests give secrets that are looked at: only those of the price itself, and real processes, pay it.
secrets.MEMORY_KIB, secrets.ROUNDS = 8, 1


def pytest_collection_finish() -> None:
    """Look for garbage more seldom, and not among what stays: a sixth of the time went into that."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture
def full_price(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a hash cost what it costs in psc."""
    monkeypatch.setattr(secrets, "MEMORY_KIB", FULL_PRICE[0])
    monkeypatch.setattr(secrets, "ROUNDS", FULL_PRICE[1])


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test's chain keys and files away from the person who runs it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("PSC_DB", raising=False)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    made = make_school(tmp_path)
    yield made
    made.file.close()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, built once; tests that write to it copy it first."""
    from psc.cli.demo import build

    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        # Real processes open it as well, and a PIN's key is made at the price it costs there.
        patch.setattr(secrets, "MEMORY_KIB", FULL_PRICE[0])
        patch.setattr(secrets, "ROUNDS", FULL_PRICE[1])
        build(folder / "demo.sqlite")
    return folder / "demo.sqlite"


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path) -> Path:
    """A demo of the test's own. Nothing has it open, so that it may be copied as a file."""
    copy = tmp_path / "demo.sqlite"
    shutil.copy(demo_file, copy)
    return copy
