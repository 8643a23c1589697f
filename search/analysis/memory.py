"""Caches of an analyser: plain dictionaries on the object, so that they die with it.

No `lru_cache` on bound methods: cache and object would reference each other, and since the garbage collector rarely
visits old objects in a web process, an analyser and all its words would outlive its last user for a long time.
"""

from __future__ import annotations

from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(dict[Key, Value]):
    """Values by what they were computed from; cleared when full, since common words return quickly."""

    __slots__ = ("at_most",)

    def __init__(self, at_most: int) -> None:
        super().__init__()
        self.at_most = at_most

    def keep(self, key: Key, value: Value) -> Value:
        """Store a value and return it."""
        if len(self) >= self.at_most:
            self.clear()
        self[key] = value
        return value
