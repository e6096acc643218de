"""Opening a page in the machine's browser, where there is a screen to show it on."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def no_browser_because() -> str:
    """Say why a page cannot be opened here, "" when it can."""
    if os.environ.get("SSH_CONNECTION"):
        return "you sit at another machine"
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "this terminal has no desktop"
    return ""


def open_in_browser(path: Path) -> None:
    """Open a page. In a process of its own: what a browser says must not be drawn over the app."""
    subprocess.Popen(
        [sys.executable, "-m", "webbrowser", "-t", path.as_uri()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
