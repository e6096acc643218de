"""Every act there is: for what must know them all, by name, and not only those that were needed so far."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import psc

_LAYERS = ("desk", "school", "roster", "work", "incidents", "overview", "flows")
"""The packages in which acts are written."""


def know_every_act() -> None:
    """Read whatever code has acts, so that `ACTS` names them all.

    Undo takes back the last act that can be undone: one whose code was not read yet would be passed over, and the one
    before it taken back.
    """
    for layer in iter_modules(psc.__path__, "psc."):
        if layer.ispkg and layer.name.removeprefix("psc.") in _LAYERS:
            for module in iter_modules(import_module(layer.name).__path__, f"{layer.name}."):
                import_module(module.name)
