"""What the process itself must not leave behind, whatever it was started with.

This imports nothing of psc, and nothing else that could be told to write down what people type before it has run.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress


def keep_private() -> None:
    """Make everything this process writes its account's alone, and switch off what would write by itself.

    Textual logs keys, takes pictures of the screen and presses keys when variables of the environment say so; asyncio
    in its debugging shows the values its tasks hold. A core dump is all of memory, in a file. Called again, it changes
    nothing more.
    """
    for name in [one for one in os.environ if one.upper().startswith("TEXTUAL")]:
        del os.environ[name]
    os.environ.pop("PYTHONASYNCIODEBUG", None)
    os.umask(0o077)
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if (dumping := sys.modules.get("faulthandler")) is not None:  # loaded only where somebody switched it on
        dumping.disable()


def collect_rubbish() -> None:
    """Collect rubbish again, for who has imported what it needs: `main` had switched that off.

    What is there by then stays until the end, so it is set aside: walking it again and again would cost a short command
    a tenth of its time, and the app a stutter. Called again, it does nothing: rubbish that was set aside would stay.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
