"""What an analyser remembers: plain dictionaries on the object, so that they go with it.

No `lru_cache` on bound methods: cache and object would hold each other, and the garbage collector, which looks at old
objects hardly ever in a web process, would keep an analyser with all its words long after the last one who used it.
"""

from __future__ import annotations

from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(dict[Key, Value]):
    """Values by what they were computed from; emptied when full, since common words are back in no time."""

    __slots__ = ("at_most",)

    def __init__(self, at_most: int) -> None:
        super().__init__()
        self.at_most = at_most

    def keep(self, key: Key, value: Value) -> Value:
        """Remember a value and return it."""
        if len(self) >= self.at_most:
            self.clear()
        self[key] = value
        return value
