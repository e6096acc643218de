"""Asking for a secret: from the terminal without echo, or from one line of standard input; never from anywhere else."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from psc.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

_HOW = "At a terminal psc asks for it; a script gives --secret-stdin and writes it as one line to standard input."


def secret(prompt: str, *, from_stdin: bool) -> str:
    """Return a secret. Raises `Refused` when none was given, or where there is neither a terminal nor a line."""
    typed = _line() if from_stdin else _typed(prompt)
    try:
        typed.encode()
    except UnicodeError:
        typed = ""  # not what a keyboard writes: no passphrase was ever made of it
    if not typed.strip():
        raise Refused("No passphrase was given.", _HOW)
    return typed


def new_passphrase(whose: str, check: Callable[[str], None], *, from_stdin: bool) -> str:
    """Return a new passphrase that passes `check`. At a terminal it is typed twice, and asked again until it is good.

    Raises `Refused`, with the reason, for a line of standard input that is not good enough.
    """
    if from_stdin:
        typed = secret("", from_stdin=True)
        try:
            check(typed)
        except Refused as refused:
            raise Refused(f"The passphrase for {whose}: {refused.title}", refused.remedy) from None
        return typed
    from psc.desk.secrets import RULE, plain

    said = f"A passphrase for {whose}. {RULE}"  # in the prompt: it is for the terminal, wherever the output goes
    while True:
        typed = secret(f"{said}\n  New passphrase: ", from_stdin=False)
        try:
            check(typed)
            if plain(secret("  The same again: ", from_stdin=False)) != plain(typed):
                raise Refused("These two were not the same.", "Type it again, twice.")
        except Refused as refused:
            said = f"  {refused}"
        else:
            return typed


def _line() -> str:
    """Return the next line of standard input."""
    try:
        return sys.stdin.readline() if sys.stdin is not None else ""  # None where standard input is closed
    except ValueError:  # bytes that are no text
        return ""


def _typed(prompt: str) -> str:
    """Return what is typed at the controlling terminal, which shows nothing of it."""
    import getpass
    import warnings

    if os.name == "nt" and not (sys.stdin and sys.stdin.isatty()):
        raise _no_terminal()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would go on to read with an echo
            return getpass.getpass(prompt)
    except (getpass.GetPassWarning, EOFError, OSError):
        raise _no_terminal() from None


def _no_terminal() -> Refused:
    return Refused("psc asks for a passphrase, and there is no terminal to ask at.", _HOW)
