"""A fault in the app: what is kept of it, and that nothing is asked what it holds."""

from __future__ import annotations

from typing import NoReturn

import pytest
from textual.worker import WorkerFailed

from psc.database.places import data_folder
from psc.faults import LOG, Fault
from psc.tui.parting import LeavesNoTrace


class Curious:
    """A value that notes when somebody asks what it holds."""

    asked = False

    def __repr__(self) -> str:
        type(self).asked = True
        return "Osei, Kofi"


class Drawn(Exception):
    """An exception that can draw itself."""

    def __rich__(self) -> str:
        return repr(Curious())


def _goes_wrong(error: type[Exception]) -> NoReturn:
    held = Curious()
    raise error(held)


@pytest.mark.parametrize("error", [KeyError, Drawn])
async def test_what_a_fault_s_values_hold_is_never_asked(
    error: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    Curious.asked = False
    app: LeavesNoTrace[int] = LeavesNoTrace()

    async def run() -> None:
        async with app.run_test() as pilot:
            app.call_later(_goes_wrong, error)
            await pilot.pause()

    with pytest.raises(error):  # handed on to tests only
        await run()
    assert app.fault is not None
    assert app.fault.where.startswith("tests/tui/test_parting.py:")
    assert app.return_code == 1
    assert not Curious.asked
    assert error.__name__ in (data_folder() / LOG).read_text()
    assert capsys.readouterr() == ("", "")


async def test_a_worker_s_fault_is_told_as_where_it_arose() -> None:
    app: LeavesNoTrace[int] = LeavesNoTrace()

    async def run() -> None:
        async with app.run_test() as pilot:
            app.run_worker(lambda: _goes_wrong(KeyError), thread=True)
            await pilot.pause(0.05)

    with pytest.raises(WorkerFailed):
        await run()
    assert app.fault is not None
    assert app.fault.where.startswith("tests/tui/test_parting.py:")
    log = (data_folder() / LOG).read_text()
    assert "KeyError" in log
    assert "Osei" not in log


async def test_a_second_fault_is_not_told() -> None:
    firsts: list[Fault | None] = []
    app: LeavesNoTrace[int] = LeavesNoTrace()

    async def run() -> None:
        async with app.run_test() as pilot:
            app.take_fault(KeyError())
            firsts.append(app.fault)
            app.take_fault(ValueError())
            await pilot.pause()

    with pytest.raises(KeyError):
        await run()
    assert firsts == [app.fault]
    assert app.fault is not None
    assert (data_folder() / LOG).read_text().count("psc ") == 1
