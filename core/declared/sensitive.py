"""Parts of the admin that show what is told of people: who reads there is written down, what they read is not.

An app declares the name under which its addresses are known; `accounts/watch/audit.py` looks at every answer.
"""

from __future__ import annotations

_names: set[str] = set()


def declare(name: str) -> None:
    """Let reading at addresses of this name, or in this namespace, be logged."""
    _names.add(name)


def is_declared(view_name: str) -> bool:
    """Return whether an address of this name shows what is told of people."""
    return view_name in _names or view_name.partition(":")[0] in _names
