"""The style sheet that keeps what it has worked out gives every widget what Textual itself would give it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.css.stylesheet import Stylesheet

from psc.cli.demo import MOMENT
from psc.clock import SetClock
from psc.tui.styles import KeptStyles
from tests.tui.app import Driver, driven

if TYPE_CHECKING:
    from pathlib import Path

    from textual.dom import DOMNode


def given(node: DOMNode) -> tuple[dict[str, Any], ...]:
    """Return the styles of a widget, and of each of its parts by name."""
    parts = {name: dict(node.get_component_styles(name).base._rules) for name in node._get_component_classes()}
    marks = ("hover_style", "focus_within", "order_style", "odd_or_even")
    return dict(node.styles.base._rules), parts, {name: getattr(node, f"_has_{name}") for name in marks}


def differing(driver: Driver) -> list[DOMNode]:
    """Return the widgets to which Textual's own style sheet gives anything else."""
    plain = Stylesheet(variables=driver.app.get_css_variables())
    plain.source = driver.app.stylesheet.source.copy()
    plain.parse()
    found = []
    for screen in driver.app.screen_stack:
        for node in screen.walk_children(with_self=True):
            before = given(node)
            plain.apply(node)
            if given(node) != before:
                found.append(node)
    return found


async def test_every_widget_has_the_styles_that_textual_works_out(demo: Path) -> None:
    async with driven(demo, SetClock(MOMENT), size=(132, 40)) as driver:
        assert isinstance(driver.app.stylesheet, KeptStyles)
        for keys in (["down"], ["a", "nov"], ["enter", "tab"], ["escape", "ctrl+x"], ["?"], ["escape", "P"], ["f9"]):
            await driver.type(*keys)
            assert differing(driver) == [], keys
        driver.app.theme = "psc-light"
        await driver.rest()
        assert differing(driver) == []
        await driver.type("f9", "escape", "escape", "f12", "x")
        assert differing(driver) == []
