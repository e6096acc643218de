"""psc's own themes. Every text colour stands at 4.5:1 or better on every ground it is drawn on; a test computes it."""

from __future__ import annotations

from textual.theme import Theme

TONES = ("plain", "quiet", "alarm", "out", "due", "in", "expected", "left", "alert")
"""Text colours, by what they say."""
GROUNDS = ("ground", "bar", "cursor", "marked")
"""What text is drawn on: the page, bars and dialogs, the cursor's row, marked rows."""


def _theme(name: str, *, dark: bool, tones: str, grounds: str) -> Theme:
    """Make a theme from its colours, given in the order of `TONES` and `GROUNDS`."""
    tone = dict(zip(TONES, tones.split(), strict=True))
    ground = dict(zip(GROUNDS, grounds.split(), strict=True))
    return Theme(
        name=name,
        dark=dark,
        primary=tone["expected"],
        secondary=tone["alert"],
        warning=tone["due"],
        error=tone["alarm"],
        success=tone["in"],
        accent=tone["out"],
        foreground=tone["plain"],
        background=ground["ground"],
        surface=ground["bar"],
        panel=ground["bar"],
        variables={
            **{f"tone-{name}": colour for name, colour in tone.items()},
            **{f"on-{name}": colour for name, colour in ground.items()},
            "block-cursor-background": ground["cursor"],
            "block-cursor-foreground": tone["plain"],
            "block-cursor-text-style": "bold",
            "input-cursor-background": tone["plain"],
            "input-cursor-foreground": ground["ground"],
            "input-selection-background": ground["cursor"],
            "border": tone["quiet"],
            "border-blurred": tone["quiet"],
            "scrollbar": tone["quiet"],
            "scrollbar-background": ground["bar"],
            "footer-background": ground["bar"],
        },
    )


THEMES = (
    _theme(
        "psc-dark",
        dark=True,
        tones="#e8edf2 #b3bec9 #ffa59c #ffd479 #ffb86b #8fe3a5 #9ecbff #b3bec9 #dcbcff",
        grounds="#11161b #1b242c #24405a #33305a",
    ),
    _theme(
        "psc-light",
        dark=False,
        tones="#1b1f23 #47505a #9c1c12 #664600 #7a3800 #11542a #124a86 #47505a #5b2a86",
        grounds="#fbfaf7 #eceae4 #cfe3f7 #e6dcf5",
    ),
    _theme(
        "psc-cream",
        dark=False,
        tones="#2a2418 #57503f #931b10 #644300 #753600 #12502a #17467a #57503f #58297f",
        grounds="#fdf6e3 #f2e8cc #e2e4c4 #eadfd8",
    ),
    _theme(
        "psc-contrast",
        dark=True,
        tones="#ffffff #ffffff #ffb3ab #ffe066 #ffc680 #7dffa0 #a8d8ff #ffffff #ecccff",
        grounds="#000000 #000000 #003a70 #4a1d70",
    ),
)
"""Every theme; the first is the one psc starts in."""
