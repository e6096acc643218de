"""Every text colour is readable on every ground it is drawn on, in every theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from psc.tui.themes import GROUNDS, THEMES, TONES

if TYPE_CHECKING:
    from textual.theme import Theme


def _luminance(colour: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [part / 255 for part in colour.rgb]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(Color.parse(one)), _luminance(Color.parse(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_pair_reaches_four_and_a_half_to_one(theme: Theme, tone: str, ground: str) -> None:
    ratio = _contrast(theme.variables[f"tone-{tone}"], theme.variables[f"on-{ground}"])
    assert ratio >= 4.5, f"{tone} on {ground}: {ratio:.2f}"


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_high_contrast_theme_and_the_plain_text_reach_seven_to_one(theme: Theme) -> None:
    assert _contrast(theme.variables["tone-plain"], theme.variables["on-ground"]) >= 7
