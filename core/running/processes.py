"""Setup of a spawned process. Nothing here may require Django to be set up."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable


def set_up() -> None:
    """Prepare a spawned process: load Django, end with its parent, and leave interrupts to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.join,), daemon=True).start()
    import django

    django.setup()


def _end_after(wait: Callable[[], object]) -> None:
    wait()
    os._exit(1)
