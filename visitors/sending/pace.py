"""How often one network may send what is stored with files and answered by mail: counted in memory, forgotten at once.

The proxy slows down single addresses. This is for sites without one, and for senders with many addresses of one network.
A network that is not known is not counted: behind a proxy that hides it, all visitors would be one.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from django.http import HttpRequest

from core.network import network_of

MOST, SECONDS = 30, 60 * 60
"""As many as a class or a training course sends in an hour."""

NETWORKS_MOST = 10_000
"""Networks remembered; above it the one that was counted longest ago is forgotten."""

_sent: dict[str, deque[float]] = {}
_lock = threading.Lock()


def is_too_fast(request: HttpRequest) -> bool:
    """Count a form that is about to be stored; return whether its network has sent too many."""
    network = network_of(request)
    if not network:
        return False
    now = time.monotonic()
    with _lock:
        times = _sent.pop(network, None) or deque(maxlen=MOST)
        while times and times[0] < now - SECONDS:
            times.popleft()
        is_full = len(times) >= MOST
        if not is_full:
            times.append(now)
        # The newest last: what is forgotten first is what rests longest.
        _sent[network] = times
        while len(_sent) > NETWORKS_MOST:
            del _sent[next(iter(_sent))]
    return is_full
