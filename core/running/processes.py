"""What a process that another one starts needs first. Nothing here may need Django to be set up."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable


def set_up() -> None:
    """Prepare a spawned process: Django is loaded, it ends with its parent, which alone hears an interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.join,), daemon=True).start()
    import django

    django.setup()


def _end_after(wait: Callable[[], object]) -> None:
    wait()
    os._exit(1)
